// How often do 95% intervals hold what they are about? Runs a small cohort under many seeds, and prints a
// table.
#include "analysis/statistics/findings.hpp"
#include "scenarios/scenario.hpp"
#include "tests/coverage/known_distributions.hpp"
#include "tests/coverage/positive_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace venturi;

constexpr std::uint64_t reference_seed = 1'000'000'007;  // far from those that are judged
constexpr double horizon = 48;                           // months

struct Measured {
    std::string observable;
    std::optional<double> month = {};
};

// What a run's first table shows, the means beside the medians, and series that count what is rare.
std::vector<Measured> measured() {
    std::vector<Measured> all;
    for (const char* name : {"days_round_1_to_2.median",
                             "dilution_round_2.median",
                             "pre_money_round_2.median",
                             "pre_money_round_4.median",
                             "exit_value.median",
                             "months_to_exit.median",
                             "pre_money_round_3.median",
                             "days_round_2_to_3.median",
                             "months_to_death.median",
                             "founders_share.median",
                             "highest_valuation.median",
                             "days_round_1_to_2.mean",
                             "dilution_round_2.mean",
                             "exit_value.mean",
                             "months_to_exit.mean",
                             "founders_share.mean",
                             "highest_valuation.mean",
                             "share_raised_round_2",
                             "share_raised_round_3",
                             "share_raised_round_4",
                             "share_exited",
                             "share_listed",
                             "share_bankrupt",
                             "share_shut_down",
                             "share_alive",
                             "share_unicorn",
                             "rounds_per_company",
                             "raised_per_company",
                             "proceeds_per_company"})
        all.push_back({name});
    for (const double age : {3.0, 12.0, 24.0, 36.0}) all.push_back({"survival", age});
    return all;
}

/// What becomes of the intervals of one observable.
struct Tally {
    std::uint64_t held = 0;
    std::uint64_t below = 0;  ///< intervals that lie below the true value
    std::uint64_t above = 0;
    std::uint64_t unknown = 0;  ///< without a value, or without either end
    std::uint64_t one_sided = 0;
    std::uint64_t warned = 0;
    std::vector<double> widths;  ///< over the true value, of those with two ends
};

void judge(Tally& tally, const std::optional<Finding>& finding, double truth) {
    const Interval interval = finding ? finding->interval : Interval{NAN, NAN};
    if (!finding || (std::isnan(interval.low) && std::isnan(interval.high))) {
        ++tally.unknown;
        return;
    }
    const bool below = interval.high < truth;  // false where the end is not known
    const bool above = interval.low > truth;
    tally.below += below;
    tally.above += above;
    tally.held += !below && !above;
    if (std::isnan(interval.low) || std::isnan(interval.high))
        ++tally.one_sided;
    else
        tally.widths.push_back(2 * interval.half_width() / std::abs(truth));
}

bool is_warned_of(const CohortStatistics& statistics, const std::string& name) {
    const auto& scalars = scalar_observables();
    for (std::size_t i = 0; i < scalars.size(); ++i)
        if (scalars[i].name == name && scalars[i].dimension != Dimension::share)
            return tail_of(statistics.scalars[i]).heavy;
    const auto& pooled = pooled_observables();
    for (std::size_t i = 0; i < pooled.size(); ++i)
        if (std::string(pooled[i].name) + ".mean" == name) return tail_of(statistics.pooled[i].total()).heavy;
    return false;
}

CohortOutcome simulate(Scenario scenario, std::uint64_t seed, std::uint64_t trajectories) {
    scenario.run.seed = static_cast<decltype(scenario.run.seed)>(seed);
    scenario.run.trajectories = static_cast<decltype(scenario.run.trajectories)>(trajectories);
    return run_cohort(scenario, {});
}

double median(std::vector<double> values) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void print(const std::vector<Measured>& observables, const std::vector<double>& truth,
           const std::vector<Tally>& tallies, std::uint64_t trajectories, std::uint64_t seeds) {
    fmt::print("\n{} trajectories, {} seeds\n\n", trajectories, seeds);
    fmt::print(
        "| observable | true | held | too low | too high | width / true | one end | none | warned of |\n"
        "|---|---|---|---|---|---|---|---|---|\n");
    for (std::size_t i = 0; i < observables.size(); ++i) {
        const Tally& tally = tallies[i];
        const auto given = static_cast<double>(seeds - tally.unknown);
        const auto percent = [&](std::uint64_t count, double of) {
            return of == 0 ? "–" : fmt::format("{:.1f}%", 100 * static_cast<double>(count) / of);
        };
        const std::string age =
            observables[i].month ? fmt::format(" to month {:g}", *observables[i].month) : std::string();
        fmt::print("| {}{} | {:.4g} | {} | {} | {} | {:.3g} | {} | {} | {} |\n", observables[i].observable,
                   age, truth[i], percent(tally.held, given), percent(tally.below, given),
                   percent(tally.above, given), median(tally.widths), percent(tally.one_sided, given),
                   percent(tally.unknown, static_cast<double>(seeds)),
                   percent(tally.warned, static_cast<double>(seeds)));
    }
    std::fflush(stdout);
}

void cover(std::uint64_t seeds, std::uint64_t startups, std::uint64_t reference) {
    const std::vector<std::filesystem::path> library = {VENTURI_SOURCE_FOLDER "/scenarios/library"};
    Scenario scenario = load_scenario("seed_cohort", library);
    apply_setting(scenario, fmt::format("startups.founders.count={}", startups));
    apply_setting(scenario, fmt::format("run.horizon={} months", horizon));
    const ObservationGrid grid = grid_of(scenario);
    const std::vector<Measured> observables = measured();

    const CohortOutcome large = simulate(scenario, reference_seed, reference);
    std::vector<double> truth;
    for (const Measured& each : observables)
        truth.push_back(find_statistic(large.result, grid, each.observable, each.month)->value);
    fmt::print("{}, {} startups, {:g} months; true values from {} trajectories\n", scenario.title, startups,
               horizon, reference);
    for (const std::uint64_t trajectories : {20, 100}) {
        std::vector<Tally> tallies(observables.size());
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const CohortOutcome outcome = simulate(scenario, seed, trajectories);
            for (std::size_t i = 0; i < observables.size(); ++i) {
                const auto finding =
                    find_statistic(outcome.result, grid, observables[i].observable, observables[i].month);
                judge(tallies[i], finding, truth[i]);
                tallies[i].warned += is_warned_of(outcome.result, observables[i].observable);
            }
        }
        print(observables, truth, tallies, trajectories, seeds);
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc > 4) throw std::invalid_argument("usage: venturi_coverage [SEEDS [STARTUPS [REFERENCE]]]");
        cover_known_distributions(argc > 1 ? 10 * venturi::tests::positive_number(argv[1]) : 4000);
        fmt::print("\n");
        cover(argc > 1 ? venturi::tests::positive_number(argv[1]) : 420,
              argc > 2 ? venturi::tests::positive_number(argv[2]) : 10,
              argc > 3 ? venturi::tests::positive_number(argv[3]) : 200'000);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return EXIT_FAILURE;
    }
}
