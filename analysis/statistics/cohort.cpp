#include "analysis/statistics/cohort.hpp"

#include "analysis/statistics/restricted_mean.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace venturi {

namespace {

std::size_t months_in(double horizon) {
    return static_cast<std::size_t>(std::max(std::ceil(horizon), 1.0));
}

}  // namespace

SurvivalCounts no_survival(const ObservationGrid& grid) {
    return {months_in(grid.horizon), 1};
}

void observe_survival(const PlainWorld& world, const Startup<PlainDraws>& company, SurvivalCounts& survival) {
    // A company that lives, or was sold or listed, is censored when it was last seen as one.
    const double until = is_alive(company.status) ? world.now() : company.ended;
    survival.add(until - company.founded, is_dead(company.status) ? Observed::event : Observed::censored);
}

void observe_survival(const PlainWorld& world, SurvivalCounts& survival) {
    for (const auto& company : world.startups)
        if (company.status != Status::unfounded) observe_survival(world, company, survival);
}

double survival_at_horizon(const PlainWorld& world, const ObservationGrid& grid) {
    SurvivalCounts counts = no_survival(grid);
    observe_survival(world, counts);
    return counts.survival(counts.cells());
}

double restricted_mean_to_horizon(const PlainWorld& world, const ObservationGrid& grid) {
    SurvivalCounts counts = no_survival(grid);
    observe_survival(world, counts);
    return restricted_mean(counts);
}

std::size_t ObservationGrid::points() const {
    return static_cast<std::size_t>(std::ceil(horizon / step - 1e-9)) + 1;
}

double ObservationGrid::month(std::size_t point) const {
    return std::min(static_cast<double>(point) * step, horizon);
}

ObservationGrid grid_of(const Scenario& scenario) {
    return {.horizon = scenario.run.horizon, .step = scenario.run.observe_every};
}

CohortStatistics::CohortStatistics(const ObservationGrid& grid, const WorldParameters& world, KeptRows keep,
                                   std::shared_ptr<const ObservableSet> observed)
    : observables(std::move(observed)),
      scalars(observables->of(ObservableKind::scalar).size()),
      pooled(observables->of(ObservableKind::pooled).size(), Grouped<PooledValues>(PooledValues{})),
      series(observables->of(ObservableKind::series).size(), Series<Moments>(grid.points())),
      survival(no_survival(grid)),
      groups(no_group_results(world, no_survival(grid))),
      valuations(Histogram::logarithmic(1e5, 1e11, 60)),
      keeps(keep) {
    for (const Observable& observable : observables->of(ObservableKind::distribution)) {
        categories.push_back(observable.categories(world));
        distributions.emplace_back(categories.back().size());
    }
}

void CohortStatistics::merge(const CohortStatistics& other) {
    trajectories += other.trajectories;
    for (std::size_t i = 0; i < scalars.size(); ++i) scalars[i].merge(other.scalars[i]);
    for (std::size_t i = 0; i < pooled.size(); ++i) pooled[i].merge(other.pooled[i]);
    for (std::size_t i = 0; i < series.size(); ++i) series[i].merge(other.series[i]);
    for (std::size_t i = 0; i < distributions.size(); ++i) distributions[i].merge(other.distributions[i]);
    survival.merge(other.survival);
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].merge(other.groups[i]);
    valuations.merge(other.valuations);
    rows.insert(rows.end(), other.rows.begin(), other.rows.end());
    companies.insert(companies.end(), other.companies.begin(), other.companies.end());
}

CohortModel::CohortModel(std::shared_ptr<const WorldSetup> setup, const ObservationGrid& grid,
                         std::uint64_t seed, const StopRequest* stop,
                         std::shared_ptr<const ObservableSet> observables)
    : world_(std::move(setup)), grid_(grid), seed_(seed), stop_(stop), observables_(std::move(observables)) {}

std::uint64_t CohortModel::simulate(std::uint64_t trajectory, CohortStatistics& into) {
    const std::uint64_t events = live(trajectory);
    // Only now, so that a trajectory that is given up leaves nothing behind.
    observe(trajectory, into);
    return events;
}

std::uint64_t CohortModel::live(std::uint64_t trajectory) {
    begin(trajectory);
    return live_on();
}

void CohortModel::begin(std::uint64_t trajectory) {
    world_.reset(PlainDraws(FastVariates(seed_, static_cast<std::uint32_t>(trajectory))));
    seen_.clear();
    next_point_ = 0;
}

void CohortModel::live_until(double month) {
    for (; next_point_ < grid_.points() && grid_.month(next_point_) <= month; ++next_point_) {
        stop_if_requested(stop_);
        world_.run_until(grid_.month(next_point_));
        for (const Observable& series : observables_->of(ObservableKind::series))
            seen_.push_back(series.measure(world_));
    }
    world_.run_until(month);
}

std::uint64_t CohortModel::live_on() {
    live_until(grid_.horizon);
    scalars_.clear();
    for (const Observable& observable : observables_->of(ObservableKind::scalar))
        scalars_.push_back(observable.measure(world_));
    return world_.delivered();
}

void CohortModel::observe(std::uint64_t trajectory, CohortStatistics& into) {
    auto value_seen = seen_.begin();
    for (std::size_t point = 0; point < grid_.points(); ++point)
        for (std::size_t i = 0; i < into.series.size(); ++i, ++value_seen)
            if (!std::isnan(*value_seen)) into.series[i][point].add(*value_seen);
    ++into.trajectories;
    for (std::size_t i = 0; i < scalars_.size(); ++i)
        if (!std::isnan(scalars_[i])) into.scalars[i].add(scalars_[i]);
    if (into.keeps.trajectories)
        into.rows.push_back({.trajectory = trajectory,
                             .values = scalars_,
                             .survival = survival_at_horizon(world_, grid_),
                             .series = seen_});
    if (into.keeps.companies) add_company_rows(world_, trajectory, into.companies);
    for (std::size_t i = 0; i < into.pooled.size(); ++i)
        observables_->of(ObservableKind::pooled)[i].collect(world_, into.pooled[i].of(trajectory));
    for (std::size_t i = 0; i < into.distributions.size(); ++i) {
        Series<Moments>& distribution = into.distributions[i];
        if (distribution.points() == 0) continue;
        counts_.assign(distribution.points(), 0);
        observables_->of(ObservableKind::distribution)[i].fill(world_, counts_);
        for (std::size_t category = 0; category < counts_.size(); ++category)
            distribution[category].add(counts_[category]);
    }
    observe_survival(world_, into.survival.of(trajectory));
    observe_groups(world_, trajectory, into.groups);
    for (const auto& company : world_.startups)
        if (company.status != Status::unfounded) into.valuations.add(company.highest_valuation);
}

std::span<const double> CohortModel::series_at_horizon() const {
    return std::span(seen_).last(observables_->of(ObservableKind::series).size());
}

bool has_observations(const Series<Moments>& series) {
    return std::any_of(series.begin(), series.end(),
                       [](const Moments& moments) { return moments.count() > 0; });
}

CohortOutcome run_cohort(const Scenario& scenario, const CohortOptions& options) {
    const ObservationGrid grid = grid_of(scenario);
    const auto setup = make_setup(scenario.world, scenario.interventions);
    const auto seed = static_cast<std::uint64_t>(scenario.run.seed);
    return run_ensemble(
        EnsembleOptions{.trajectories = static_cast<std::uint64_t>(scenario.run.trajectories),
                        .first = 0,
                        .threads = options.threads,
                        .on_failure = OnFailure::keep},
        CohortStatistics(grid, scenario.world, options.keep, options.observables),
        [&] { return CohortModel(setup, grid, seed, options.hooks.stop, options.observables); },
        options.hooks);
}

}  // namespace venturi
