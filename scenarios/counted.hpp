// Numbers of things, in words.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace venturi {

/// `1 edge`, `2 edges`, `2 trajectories`: `what` is one of them, its plural a regular one.
[[nodiscard]] inline std::string counted(std::uint64_t count, std::string_view what) {
    if (count == 1) return fmt::format("1 {}", what);
    if (what.ends_with('y') && !what.ends_with("ey") && !what.ends_with("ay"))
        return fmt::format("{} {}ies", count, what.substr(0, what.size() - 1));
    return fmt::format("{} {}s", count, what);
}

}  // namespace venturi
