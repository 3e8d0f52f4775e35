// An observable of one's own: what a company that dies had raised, in a library scenario.
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/findings.hpp"
#include "scenarios/scenario.hpp"

#include <array>
#include <cstdio>
#include <filesystem>

using namespace venturi;

namespace {

// Pooled: a value of each company that has one, of all companies of all histories.
void raised_before_death(const PlainWorld& world, PooledValues& values) {
    for (const auto& company : world.startups)
        if (is_dead(company.status)) values.add(company.raised());
}

// A series: one number at each month of a history.
double months_since_last_round(const PlainWorld& world) {
    double months = 0;
    double living = 0;
    for (const auto& company : world.startups) {
        if (!is_alive(company.status)) continue;
        months += world.now() - company.rounds.back().time;
        ++living;
    }
    return months / living;  // NaN where nobody lives: left out
}

}  // namespace

int main() {
    const std::array<std::filesystem::path, 1> library = {VENTURI_LIBRARY};
    Scenario scenario = load_scenario("seed_cohort", library);
    scenario.run.trajectories = 200;
    CohortOptions options;
    options.observables = observables_with(
        {pooled_observable("raised_before_death", Dimension::money, "money that a dead company had raised",
                           raised_before_death),
         series_observable("months_since_last_round", Dimension::duration,
                           "months since the last round of a living company", months_since_last_round)});
    const CohortOutcome outcome = run_cohort(scenario, options);
    // Found as the built-in ones are, with an interval of the same kind.
    const auto tell = [&](const char* name, double month) {
        const auto found = find_statistic(outcome.result, grid_of(scenario), name, month);
        std::printf("%-28s %12.4g [%.4g, %.4g]\n", name, found->value, found->interval.low,
                    found->interval.high);
        return found->interval.low <= found->value && found->value <= found->interval.high;
    };
    const bool sound = tell("raised_before_death.median", 0) && tell("raised_before_death.mean", 0)
                       && tell("months_since_last_round", 12) && tell("months_since_last_round", 60)
                       && tell("share_dead", 0);
    return sound ? 0 : 1;
}
