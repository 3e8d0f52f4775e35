#include "analysis/experiments/rare_event.hpp"

#include "agents/other_luck.hpp"
#include "analysis/statistics/observables.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace venturi {

namespace {

std::uint32_t unfounded_in(const PlainWorld& world) {
    return static_cast<std::uint32_t>(world.startups.size() - world.tallies.founded);
}

// Of the companies founded so far, among scalars.
bool is_share_of_companies(const WorldObservable& observable) {
    return observable.name.starts_with("share_");
}

double nearness_of_share(double share, const PlainWorld& world, bool upward) {
    if (world.startups.empty()) return -infinity;
    const auto all = static_cast<double>(world.startups.size());
    const auto founded = static_cast<double>(world.tallies.founded);
    // 0 of 0 founded so far.
    const double number = founded > 0 ? share * founded : 0;
    return upward ? number / all : -(number + all - founded) / all;
}

PlainDraws draws_of(const Luck& luck) {
    return PlainDraws(FastVariates(luck.seed, luck.trajectory));
}

// The probability to get above a level in one replication.
double probability_above(const MultilevelReplication& replication, double level) {
    double log_before = 0;
    double level_before = -infinity;
    for (const LevelStep& step : replication.steps) {
        if (step.passed == 0) return step.level <= level ? 0 : std::exp(log_before);
        const double log_after = log_before + std::log(static_cast<double>(step.passed) / step.copies);
        if (step.level > level) {
            if (!std::isfinite(level_before) || !std::isfinite(step.level)) return std::exp(log_before);
            const double part = (level - level_before) / (step.level - level_before);
            return std::exp(log_before + part * (log_after - log_before));
        }
        log_before = log_after;
        level_before = step.level;
    }
    return std::exp(log_before);
}

}  // namespace

std::optional<WorldObservable> find_world_observable(std::string_view name) {
    const auto found = built_in_observables()->find(name);
    if (found && (found->kind == ObservableKind::scalar || found->kind == ObservableKind::series)) {
        const Observable& observable = built_in_observables()->at(*found);
        return WorldObservable{observable.name, observable.dimension, observable.meaning, observable.measure};
    }
    return std::nullopt;
}

std::vector<std::string> world_observable_names() {
    std::vector<std::string> names;
    for (const Observable& scalar : scalar_observables()) names.push_back(scalar.name);
    for (const Observable& series : series_observables()) names.push_back(series.name);
    return names;
}

std::string_view sign_of(Bound bound) {
    constexpr std::array<std::string_view, 4> signs = {"<", "<=", ">", ">="};
    return signs[static_cast<std::size_t>(bound)];
}

bool RareCondition::holds(double value) const {
    switch (bound) {
        case Bound::below:
            return value < threshold;
        case Bound::at_most:
            return value <= threshold;
        case Bound::above:
            return value > threshold;
        case Bound::at_least:
            return value >= threshold;
    }
    return false;
}

SplittingEffort effort_of(std::uint64_t histories) {
    expects(histories >= fewest_split_histories, "an effort can be divided into replications");
    constexpr std::uint64_t replications_wanted = 20;
    const auto copies = std::clamp<std::uint64_t>(histories / replications_wanted, 10, 500);
    return {.copies = static_cast<std::uint32_t>(copies),
            .replications = static_cast<std::uint32_t>(histories / copies)};
}

double nearness(const RareCondition& condition, const PlainWorld& world) {
    const bool upward = condition.is_upward();
    const double value = condition.observable.measure(world);
    if (is_share_of_companies(condition.observable)) return nearness_of_share(value, world, upward);
    if (std::isnan(value)) return -infinity;
    if (upward) return value;
    const std::uint32_t unfounded = unfounded_in(world);
    if (condition.observable.name == "living") return -(value + unfounded);
    return unfounded > 0 ? -infinity : -value;
}

RareWorlds::RareWorlds(std::shared_ptr<const WorldSetup> setup, const RareEventDesign& design,
                       const StopRequest* stop)
    : setup_(std::move(setup)),
      condition_(design.condition),
      moment_(design.moment),
      grid_{.horizon = design.by, .step = design.scenario.run.observe_every},
      stop_(stop) {}

void RareWorlds::begin(State& state, const Luck& luck) {
    state.world.reset(draws_of(luck));
    // What happens at month 0 belongs to it, as in a run.
    run(state, 0);
    state.point = 0;
}

void RareWorlds::renew(State& state, const Luck& luck) const {
    continue_with_other_luck(state.world, draws_of(luck));
}

double RareWorlds::level_of(const State& state) const {
    const bool at_the_end = state.point + 1 == grid_.points();
    if ((at_the_end || moment_ == RareMoment::ever)
        && condition_.holds(condition_.observable.measure(state.world)))
        return infinity;
    return at_the_end ? -infinity : nearness(condition_, state.world);
}

void RareWorlds::run(State& state, double month) {
    const std::uint64_t before = state.world.delivered();
    state.world.run_until(month);
    events_ += state.world.delivered() - before;
}

double RareWorlds::rise(State& state, double level) {
    for (;;) {
        const double here = level_of(state);
        if (here > level || state.point + 1 == grid_.points()) return here;
        stop_if_requested(stop_);
        ++state.point;
        run(state, grid_.month(state.point));
    }
}

bool has_values(const RareEventDesign& design, const StopRequest* stop) {
    constexpr std::uint32_t histories = 20;
    PlainWorld world(make_setup(design.scenario.world, design.scenario.interventions));
    const ObservationGrid grid{.horizon = design.by, .step = design.scenario.run.observe_every};
    for (std::uint32_t history = 0; history < histories; ++history) {
        world.reset(draws_of({static_cast<std::uint64_t>(design.scenario.run.seed), history}));
        for (std::size_t point = 0; point < grid.points(); ++point) {
            stop_if_requested(stop);
            world.run_until(grid.month(point));
            if (!std::isnan(design.condition.observable.measure(world))) return true;
        }
    }
    return false;
}

MultilevelEstimate run_rare_event(const RareEventDesign& design, int threads, const RareEventHooks& hooks) {
    const auto setup = make_setup(design.scenario.world, design.scenario.interventions);
    const MultilevelOptions options{.method = design.method,
                                    .copies = design.copies,
                                    .replications = design.replications,
                                    .killed = design.method == SplittingMethod::adaptive ? 0.25 : 0.6,
                                    .budget = design.budget,
                                    .seed = static_cast<std::uint64_t>(design.scenario.run.seed),
                                    .threads = threads,
                                    .stop = hooks.stop,
                                    .progress = hooks.progress,
                                    .journal = hooks.journal};
    return split_levels(options, [&] { return RareWorlds(setup, design, hooks.stop); });
}

std::vector<LevelProbability> way_to_the_event(const MultilevelEstimate& estimate, std::size_t most) {
    std::vector<double> heights;
    for (const MultilevelReplication& replication : estimate.replications)
        for (const LevelStep& step : replication.steps)
            if (std::isfinite(step.level) && step.passed > 0) heights.push_back(step.level);
    std::sort(heights.begin(), heights.end());
    heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
    std::uint64_t histories = 0;
    for (const MultilevelReplication& replication : estimate.replications)
        histories += replication.whole_histories;
    std::vector<LevelProbability> way;
    const std::size_t shown = std::min(most, heights.size());
    for (std::size_t i = 0; i < shown; ++i) {
        // The lowest, the highest, and evenly between.
        const std::size_t place = shown == 1 ? heights.size() - 1 : i * (heights.size() - 1) / (shown - 1);
        std::vector<double> probabilities;
        Moments moments;
        for (const MultilevelReplication& replication : estimate.replications) {
            probabilities.push_back(probability_above(replication, heights[place]));
            moments.add(probabilities.back());
        }
        const auto trials = static_cast<double>(std::max<std::uint64_t>(histories, probabilities.size()));
        way.push_back({heights[place], moments.mean(), replications_interval(probabilities, trials)});
    }
    return way;
}

}  // namespace venturi
