// What searches for the best investment mix gain from equal shares with few histories, over seeds, on luck
// that none has seen. Prints the table of analysis/README.md.
#include "analysis/optimiser/world_mix_search.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/moments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace venturi;

std::uint64_t argument(std::span<char*> arguments, std::size_t place, std::uint64_t otherwise) {
    return arguments.size() > place ? std::strtoull(arguments[place], nullptr, 10) : otherwise;
}

void measure(const WorldProblem& problem, const std::string& scenario, MixSearchMethod method,
             const char* name, std::uint64_t budget, std::uint64_t seeds, std::uint64_t check) {
    Moments gains;
    double smallest = 0;
    double largest = 0;
    double error = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const MixSearchResult found =
            search_mix(problem, {.method = method, .start = equal_shares(1), .budget = budget, .seed = seed});
        // All on the same fresh luck, so that they can be compared.
        const MixGain gain = measure_mix(problem, found, {}, check, 1000).over_equal_shares;
        gains.add(gain.gain);
        smallest = seed == 1 ? gain.gain : std::min(smallest, gain.gain);
        largest = seed == 1 ? gain.gain : std::max(largest, gain.gain);
        error = gain.standard_error;
    }
    const double spread = seeds > 1 ? gains.standard_error() * std::sqrt(static_cast<double>(seeds)) : 0;
    fmt::print("| {} | {} | {} | {:.3f} | {:.3f} | {:.3f} to {:.3f} | {:.3f} |\n", scenario, name, budget,
               gains.mean(), spread, smallest, largest, error);
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** values) {
    try {
        const std::span arguments(values, static_cast<std::size_t>(count));
        const std::uint64_t seeds = argument(arguments, 1, 10);
        const std::uint64_t check = argument(arguments, 2, 100);
        const std::uint64_t budget = argument(arguments, 3, 96);
        const std::filesystem::path library =
            std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
        fmt::print(
            "| scenario | search | forward runs | mean gain | standard deviation over seeds | from, to | "
            "standard error of a gain |\n|---|---|---|---|---|---|---|\n");
        for (const char* name : {"foundation_model_lab", "customer_service"}) {
            Scenario scenario =
                load_scenario((library / (std::string(name) + ".yaml")).string(), std::span(&library, 1));
            scenario.run.horizon = 72;
            const WorldProblem problem(scenario, {.group = 0, .objective = log_proceeds_objective()});
            for (const auto& [method, title] : {std::pair{MixSearchMethod::gradient, "gradient"},
                                                {MixSearchMethod::nelder_mead, "Nelder and Mead"},
                                                {MixSearchMethod::random_search, "random, with halving"},
                                                {MixSearchMethod::response_surface, "response surface"}})
                measure(problem, name, method, title, budget, seeds, check);
            measure(problem, name, MixSearchMethod::gradient, "gradient", 40 * budget, 1, check);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
