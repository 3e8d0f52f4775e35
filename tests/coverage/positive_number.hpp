// What the programs here are told on their command lines.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace venturi::tests {

/// Throws std::invalid_argument where the text is no positive whole number.
[[nodiscard]] inline std::uint64_t positive_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0)
        throw std::invalid_argument(fmt::format("'{}' is no positive whole number", text));
    return value;
}

}  // namespace venturi::tests
