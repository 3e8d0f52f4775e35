// How often do 95% intervals of rare events and of sensitivity indices hold what is known exactly?
#include "tests/coverage/positive_number.hpp"
#include "tests/coverage/rare_events.hpp"
#include "tests/coverage/sensitivity_indices.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>

int main(int argc, char** argv) {
    try {
        const std::string_view what = argc > 1 ? argv[1] : "all";
        if (argc > 3 || (what != "rare" && what != "sensitivity" && what != "all"))
            throw std::invalid_argument("usage: venturi_exact_coverage [rare|sensitivity|all [REPETITIONS]]");
        const std::uint64_t repetitions = argc > 2 ? venturi::tests::positive_number(argv[2]) : 2000;
        if (what != "sensitivity") venturi::cover_rare_events(repetitions);
        if (what == "all") fmt::print("\n");
        if (what != "rare") venturi::cover_sensitivity_indices(repetitions);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return EXIT_FAILURE;
    }
}
