// What searches for the best investment mix gain from equal shares with few histories, over seeds, on luck
// that none has seen; what five times as many gain from the scenario's own mix, and a mix for each stage over
// that. Prints the tables of analysis/README.md.
#include "analysis/optimiser/world_evaluation.hpp"
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

constexpr std::uint64_t measured_seed = 1000;

MixRows rows_of_mix(const MixRows& mix, std::size_t rows) {
    MixRows all = mix;
    all.resize(rows, mix.back());
    return all;
}

/// What one search finds, measured on fresh luck that is the same for all, so that they can be compared.
struct Found {
    MixGain over_start = {};
    MixRows mix = {};
};

Found found_by(const WorldProblem& problem, const MixSearchOptions& options, std::uint64_t check) {
    MixSearchResult found = search_mix(problem, options);
    const MixGain gain = measure_mix(problem, found, {}, check, measured_seed).over_start;
    return {.over_start = gain, .mix = std::move(found.mix)};
}

void print_mix(const MixRows& mix) {
    for (const InvestmentMix& row : mix) {
        fmt::print(" (");
        for (const double share : normalised(row)) fmt::print(" {:.1f}%", 100 * share);
        fmt::print(" )");
    }
    fmt::print("\n");
    std::fflush(stdout);
}

/// The gains of a search with few histories over equal shares, over seeds, and as parts of the best known.
/// All are measured together, on the same fresh luck.
void measure(const WorldProblem& problem, const std::string& scenario, const MixSearchOptions& method,
             const char* name, std::uint64_t seeds, std::uint64_t check, double best) {
    std::vector<WorldTrial> trials{{.mix = equal_shares(1)}};
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        MixSearchOptions options = method;
        options.seed = seed;
        trials.push_back({.mix = search_mix(problem, options).mix});
    }
    const WorldEvaluation seen = evaluate(
        problem, trials, {.trajectories = check, .first = first_measured_trajectory, .seed = measured_seed});
    Moments gains;
    double smallest = seen.gains[1].mean;
    double largest = smallest;
    for (std::size_t i = 1; i < trials.size(); ++i) {
        gains.add(seen.gains[i].mean);
        smallest = std::min(smallest, seen.gains[i].mean);
        largest = std::max(largest, seen.gains[i].mean);
    }
    const double spread = seeds > 1 ? gains.standard_error() * std::sqrt(static_cast<double>(seeds)) : 0;
    fmt::print("| {} | {} | {} | {:.3f} | {:.0f}% | {:.3f} ({:.0f}%) | {:.3f} to {:.3f} | {:.3f} |\n",
               scenario, name, method.budget, gains.mean(), 100 * gains.mean() / best, spread,
               100 * spread / best, smallest, largest, seen.gains[1].standard_error);
    std::fflush(stdout);
}

/// From the scenario's own mix, constant and by stage, and the one over the other on the same luck.
void measure_from_usual(const WorldProblem& problem, const std::string& scenario, std::uint64_t budget,
                        std::uint64_t check) {
    const MixRows usual = problem.mix();
    const Found constant =
        found_by(problem, {.start = rows_of_mix(usual, 1), .budget = 5 * budget, .seed = 11}, check);
    fmt::print("{}, from its own mix, {} forward runs: {:.3f} [{:.3f}, {:.3f}]:", scenario, 5 * budget,
               constant.over_start.gain, constant.over_start.interval.low, constant.over_start.interval.high);
    print_mix(constant.mix);
    const std::size_t stages = problem.stages().size();
    // From the constant one that was found: the same runs again, for its twenty numbers or so.
    for (const std::uint64_t times : {5U, 20U}) {
        const Found staged = found_by(problem,
                                      {.world = {.rows = stages},
                                       .start = rows_of_mix(constant.mix, stages),
                                       .budget = times * budget,
                                       .step = 0.5,
                                       .seed = 12},
                                      2 * check);
        fmt::print(
            "{}, a mix for each of {} stages over that, {} further forward runs: {:.4f} [{:.4f}, {:.4f}]:",
            scenario, stages, times * budget, staged.over_start.gain, staged.over_start.interval.low,
            staged.over_start.interval.high);
        print_mix(staged.mix);
    }
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
        std::vector<std::string> scenarios = {"foundation_model_lab", "customer_service"};
        if (arguments.size() > 4) scenarios = {arguments[4]};
        // Of named searches that alone, without a long one to compare with.
        const std::vector<std::string> only(
            arguments.begin() + std::min<std::ptrdiff_t>(5, std::ssize(arguments)), arguments.end());
        for (const std::string& name : scenarios) {
            Scenario scenario = load_scenario((library / (name + ".yaml")).string(), std::span(&library, 1));
            scenario.run.horizon = 72;
            const WorldProblem problem(scenario, {.group = 0, .objective = log_proceeds_objective()});
            // The best that is known: a long search's.
            Found best{.over_start = {.gain = std::nan("")}};
            if (only.empty()) {
                best = found_by(problem,
                                {.descent = {.estimator = "spsa_controls"},
                                 .start = equal_shares(1),
                                 .budget = 25 * budget,
                                 .seed = 101},
                                check);
                fmt::print("{}, {} forward runs from equal shares: {:.3f} ± {:.3f}:", name, 25 * budget,
                           best.over_start.gain, best.over_start.standard_error);
                print_mix(best.mix);
            }
            fmt::print(
                "\n| scenario | search | forward runs | mean gain | of the best known | standard deviation "
                "over "
                "seeds | from, to | standard error of a gain |\n|---|---|---|---|---|---|---|---|\n");
            const MixSearchOptions from_equal{.start = equal_shares(1), .budget = budget};
            const auto with = [&](MixSearchMethod method, const MixDescent& descent = {}) {
                MixSearchOptions options = from_equal;
                options.method = method;
                options.descent = descent;
                options.step = usual_step(descent);
                return options;
            };
            const std::vector<std::pair<const char*, MixSearchOptions>> searches = {
                {"gradient", with(MixSearchMethod::gradient)},
                {"gradient, without controls",
                 with(MixSearchMethod::gradient, {.estimator = "log_ratio_steps"})},
                {"gradient, Adam", with(MixSearchMethod::gradient, {.rule = "adam"})},
                {"each company its own step",
                 with(MixSearchMethod::gradient, {.estimator = "company_exploration_controls"})},
                {"SPSA", with(MixSearchMethod::gradient, {.estimator = "spsa"})},
                {"SPSA with controls", with(MixSearchMethod::gradient, {.estimator = "spsa_controls"})},
                {"Nelder and Mead", with(MixSearchMethod::nelder_mead)},
                {"random, with halving", with(MixSearchMethod::random_search)},
                {"response surface", with(MixSearchMethod::response_surface)}};
            for (const auto& [title, options] : searches)
                if (only.empty() || std::ranges::find(only, title) != only.end())
                    measure(problem, name, options, title, seeds, check, best.over_start.gain);
            fmt::print("\n");
            if (only.empty()) measure_from_usual(problem, name, budget, check);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
