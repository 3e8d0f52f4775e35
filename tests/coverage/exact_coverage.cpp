// How often do 95% intervals of rare events and of sensitivity indices hold what is known exactly?
#include "tests/coverage/rare_events.hpp"
#include "tests/coverage/sensitivity_indices.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace {

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0)
        throw std::invalid_argument(fmt::format("'{}' is no positive whole number", text));
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::string_view what = argc > 1 ? argv[1] : "all";
        if (argc > 3 || (what != "rare" && what != "sensitivity" && what != "all"))
            throw std::invalid_argument("usage: venturi_exact_coverage [rare|sensitivity|all [REPETITIONS]]");
        const std::uint64_t repetitions = argc > 2 ? number(argv[2]) : 2000;
        if (what != "sensitivity") venturi::cover_rare_events(repetitions);
        if (what == "all") fmt::print("\n");
        if (what != "rare") venturi::cover_sensitivity_indices(repetitions);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return EXIT_FAILURE;
    }
}
