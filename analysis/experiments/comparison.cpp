#include "analysis/experiments/comparison.hpp"

#include "analysis/statistics/group_results.hpp"
#include "analysis/statistics/log_rank.hpp"
#include "analysis/statistics/multiple_testing.hpp"
#include "analysis/statistics/restricted_mean.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/paired.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>

namespace venturi {

namespace {

constexpr double not_there = std::numeric_limits<double>::quiet_NaN();

double squared(double value) {
    return value * value;
}

/// How many times independent runs would have needed: the sum of the two variances over the variance of the
/// difference.
double reduction_of(double base_error, double changed_error, double difference_error) {
    const double apart = squared(base_error) + squared(changed_error);
    if (apart == 0) return not_there;
    return apart / squared(difference_error);
}

/// The numbers of a group's companies in a world: its first, and how many there are.
struct Companies {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

std::optional<Companies> companies_of(const WorldParameters& world, const std::string& group) {
    std::uint32_t first = 0;
    for (const StartupGroupParameters& each : world.startups) {
        const auto count = static_cast<std::uint32_t>(each.count);
        if (each.name == group) return Companies{first, count};
        first += count;
    }
    return std::nullopt;
}

void add_fates(const PlainWorld& base, const PlainWorld& changed, PairedCohort& pair) {
    std::uint64_t matched = 0;
    std::uint64_t rescued = 0;
    std::uint64_t doomed = 0;
    for (const auto& [before, after] : pair.matches) {
        const Status was = base.startups[before].status;
        const Status is = changed.startups[after].status;
        if (was == Status::unfounded || is == Status::unfounded) continue;
        ++matched;
        if (is_dead(was) && !is_dead(is)) ++rescued;
        if (!is_dead(was) && is_dead(is)) ++doomed;
    }
    pair.fates.matched += matched;
    const auto founded_in = [](const PlainWorld& world) {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            world.startups, [](const auto& startup) { return startup.status != Status::unfounded; }));
    };
    pair.fates.alone += founded_in(base) + founded_in(changed) - 2 * matched;
    if (matched == 0) return;
    pair.fates.rescued.add(static_cast<double>(rescued) / static_cast<double>(matched));
    pair.fates.doomed.add(static_cast<double>(doomed) / static_cast<double>(matched));
}

template <std::size_t rounds>
double has_raised(const Startup<PlainDraws>& company) {
    return company.follow_on_rounds() >= rounds ? 1 : 0;
}

template <Status status>
double has_status(const Startup<PlainDraws>& company) {
    return company.status == status ? 1 : 0;
}

constexpr auto with_controls = std::to_array<ControlledObservable>({
    {"share_raised_round_2", has_raised<1>},
    {"share_raised_round_3", has_raised<2>},
    {"share_raised_round_4", has_raised<3>},
    {"share_raised_round_5", has_raised<4>},
    {"share_exited",
     [](const Startup<PlainDraws>& company) { return has_exited(company.status) ? 1.0 : 0.0; }},
    {"share_acquired", has_status<Status::acquired>},
    {"share_listed", has_status<Status::listed>},
    {"share_dead", [](const Startup<PlainDraws>& company) { return is_dead(company.status) ? 1.0 : 0.0; }},
    {"share_bankrupt", has_status<Status::bankrupt>},
    {"share_shut_down", has_status<Status::shut_down>},
    {"share_alive", [](const Startup<PlainDraws>& company) { return is_alive(company.status) ? 1.0 : 0.0; }},
    {"share_unicorn",
     [](const Startup<PlainDraws>& company) {
         return company.highest_valuation >= unicorn_valuation ? 1.0 : 0.0;
     }},
    {"rounds_per_company",
     [](const Startup<PlainDraws>& company) { return static_cast<double>(company.follow_on_rounds()); }},
    {"raised_per_company", [](const Startup<PlainDraws>& company) { return company.raised(); }},
    {"proceeds_per_company", [](const Startup<PlainDraws>& company) { return company.proceeds; }},
});

/// Where each of these stands among the scalars.
const std::vector<std::size_t>& places_of_controlled() {
    static const std::vector<std::size_t> places = [] {
        std::vector<std::size_t> found;
        for (const ControlledObservable& each : with_controls) {
            const auto scalar = std::ranges::find(scalar_observables(), each.name, &Observable::name);
            found.push_back(static_cast<std::size_t>(scalar - scalar_observables().begin()));
        }
        return found;
    }();
    return places;
}

/// The sums of luck of a world, each a mean over the companies that were founded; to be taken off or added.
void add_mean_luck(const PlainWorld& world, double sign, std::span<double> means) {
    const double each = sign / static_cast<double>(world.tallies.founded);
    for (const LuckSums& luck : world.luck)
        for (std::size_t i = 0; i < LuckSums::count; ++i) means[i] += each * luck.sums[i];
}

class ComparisonModel {
  public:
    ComparisonModel(const std::vector<Variant>& variants,
                    const std::vector<std::shared_ptr<const WorldSetup>>& setups, Controls controls,
                    const StopRequest* stop)
        : variants_(&variants) {
        const Scenario& base = variants.front().scenario;
        for (const auto& setup : setups) {
            models_.emplace_back(setup, grid_of(base), static_cast<std::uint64_t>(base.run.seed), stop);
            if (controls == Controls::with) models_.back().changeable_world().sum_luck();
        }
    }

    std::uint64_t simulate(std::uint64_t trajectory, ComparisonStatistics& into) {
        // All of them first, so that a stop on the way leaves nothing of this trajectory behind.
        std::uint64_t events = 0;
        for (std::size_t i = 0; i < models_.size(); ++i) events += live(i, trajectory);
        for (std::size_t i = 0; i < models_.size(); ++i) models_[i].observe(trajectory, into.cohorts[i]);
        for (CohortModel& model : models_) model.changeable_world().sum_luck_so_far();
        for (std::size_t i = 1; i < models_.size(); ++i) {
            add_pair(models_.front(), models_[i], into.pairs[i - 1]);
            add_controls(models_.front(), models_[i], trajectory, into.pairs[i - 1]);
        }
        return events;
    }

  private:
    std::uint64_t live(std::size_t variant, std::uint64_t trajectory) {
        try {
            return models_[variant].live(trajectory);
        } catch (const Stopped&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            throw std::runtime_error((*variants_)[variant].name + ": " + error.what());
        }
    }

    const std::vector<Variant>* variants_;
    std::vector<CohortModel> models_;
};

/// A row whose statistics are known; its p-value from Student's t.
ObservableDifference row_of(std::string observable, Dimension dimension, std::string statistic, double base,
                            double changed, double difference, double error, double degrees_of_freedom,
                            double reduction) {
    ObservableDifference row{.observable = std::move(observable),
                             .dimension = dimension,
                             .statistic = std::move(statistic),
                             .base = base,
                             .changed = changed,
                             .difference = difference,
                             .interval = {not_there, not_there},
                             .standard_error = error,
                             .variance_reduction = reduction,
                             .p_value = not_there};
    if (std::isnan(error) || std::isnan(difference) || !(degrees_of_freedom > 0)) return row;
    const double reach = student_critical_value(0.95, degrees_of_freedom) * error;
    row.interval = {difference - reach, difference + reach};
    // A difference of shares lies between −1 and 1.
    if (dimension == Dimension::share)
        row.interval = {std::max(row.interval.low, -1.0), std::min(row.interval.high, 1.0)};
    row.p_value = error > 0         ? student_p_value(difference / error, degrees_of_freedom)
                  : difference == 0 ? 1.0
                                    : 0.0;
    return row;
}

void add_trajectory_row(std::vector<ObservableDifference>& rows, std::string_view name, Dimension dimension,
                        const PairedMoments& pairs) {
    const std::uint64_t count = pairs.difference.count();
    if (count == 0) return;
    rows.push_back(row_of(std::string(name), dimension, "mean", pairs.base.mean(), pairs.changed.mean(),
                          pairs.difference.mean(), count < 2 ? not_there : pairs.difference.standard_error(),
                          static_cast<double>(count) - 1,
                          count < 2
                              ? not_there
                              : reduction_of(pairs.base.standard_error(), pairs.changed.standard_error(),
                                             pairs.difference.standard_error())));
}

/// Of the row that was added last, where it is of the same trajectories.
void take_controls_off(std::vector<ObservableDifference>& rows, const PairedMoments& pairs,
                       const ControlledMean& less) {
    if (!less.has_controls || less.count != pairs.difference.count()) return;
    // A difference that is the same in all trajectories owes nothing to luck.
    if (pairs.difference.standard_error() == 0) return;
    ObservableDifference& row = rows.back();
    row = row_of(
        std::move(row.observable), row.dimension, std::move(row.statistic), row.base, row.changed, less.mean,
        less.standard_error, static_cast<double>(less.count) - 1,
        reduction_of(pairs.base.standard_error(), pairs.changed.standard_error(), less.standard_error));
    row.has_controls = true;
}

template <class Accumulator, class Statistic>
void add_pooled_row(std::vector<ObservableDifference>& rows, std::string name, Dimension dimension,
                    std::string statistic, const Grouped<Accumulator>& base,
                    const Grouped<Accumulator>& changed, Statistic of) {
    const auto three = paired(base, changed).jackknife_each([&](const Paired<Accumulator>& pair) {
        const double before = of(pair.base);
        const double after = of(pair.changed);
        return std::vector<double>{before, after, after - before};
    });
    if (std::isnan(three[2].value)) return;
    rows.push_back(
        row_of(std::move(name), dimension, std::move(statistic), three[0].value, three[1].value,
               three[2].value, three[2].standard_error, static_cast<double>(three[2].groups) - 1,
               reduction_of(three[0].standard_error, three[1].standard_error, three[2].standard_error)));
}

void add_survival_rows(std::vector<ObservableDifference>& rows, const Grouped<SurvivalCounts>& base,
                       const Grouped<SurvivalCounts>& changed) {
    add_pooled_row(rows, std::string(survival_observable), Dimension::share, "at the horizon", base, changed,
                   [](const SurvivalCounts& counts) { return counts.survival(counts.cells()); });
    add_pooled_row(rows, std::string(restricted_mean_observable), Dimension::duration, "mean", base, changed,
                   restricted_mean);
}

/// The log-rank test's deaths, those seen in the variant against those expected if both sides had the same
/// hazard, for each of its companies. Its own variance is that of independent lives; the jackknife's knows
/// that companies share worlds and both sides their luck.
void add_log_rank_row(std::vector<ObservableDifference>& rows, const Grouped<SurvivalCounts>& base,
                      const Grouped<SurvivalCounts>& changed) {
    const auto three = paired(base, changed).jackknife_each([](const Paired<SurvivalCounts>& pair) {
        const LogRank test = log_rank(pair.base, pair.changed);
        const auto companies = static_cast<double>(pair.changed.count());
        return std::vector<double>{test.expected / companies, test.observed / companies,
                                   (test.observed - test.expected) / companies};
    });
    if (std::isnan(three[2].value)) return;
    rows.push_back(row_of(std::string(log_rank_observable), Dimension::share, "deaths expected and seen",
                          three[0].value, three[1].value, three[2].value, three[2].standard_error,
                          static_cast<double>(three[2].groups) - 1, not_there));
}

void keep_named(std::vector<ObservableDifference>& rows, std::span<const std::string> named) {
    if (named.empty()) return;
    std::erase_if(rows, [named](const ObservableDifference& row) {
        return std::ranges::find(named, row.observable) == named.end();
    });
}

/// For all of them together.
void adjust(std::span<ObservableDifference* const> rows) {
    std::vector<double> p_values;
    for (const ObservableDifference* row : rows) p_values.push_back(row->p_value);
    const std::vector<double> by_holm = holm(p_values);
    const std::vector<double> by_discoveries = benjamini_hochberg(p_values);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i]->holm_p_value = by_holm[i];
        rows[i]->benjamini_hochberg_p_value = by_discoveries[i];
    }
}

/// A group in a world's results; none where that has no results by group.
const GroupResults* results_of_group(const CohortStatistics& cohort, std::uint32_t group) {
    return group < cohort.groups.size() ? &cohort.groups[group] : nullptr;
}

}  // namespace

void add_pair(const CohortModel& base, const CohortModel& changed, PairedCohort& pair) {
    for (std::size_t i = 0; i < pair.scalars.size(); ++i)
        pair.scalars[i].add(base.scalars()[i], changed.scalars()[i]);
    for (std::size_t i = 0; i < pair.series.size(); ++i)
        pair.series[i].add(base.series_at_horizon()[i], changed.series_at_horizon()[i]);
    for (PairedGroup& group : pair.groups) {
        if (base.world().group_tallies[group.base].founded == 0
            || changed.world().group_tallies[group.changed].founded == 0)
            continue;
        for (std::size_t i = 0; i < group.means.size(); ++i) {
            const Measure measure = group_observables()[i].measure;
            group.means[i].add(base.world().measure(measure, group.base),
                               changed.world().measure(measure, group.changed));
        }
    }
    add_fates(base.world(), changed.world(), pair);
}

std::span<const ControlledObservable> controlled_observables() {
    return with_controls;
}

void add_controls(const CohortModel& base, const CohortModel& changed, std::uint64_t trajectory,
                  PairedCohort& pair) {
    const PlainWorld& before = base.world();
    const PlainWorld& after = changed.world();
    if (before.luck.empty() || after.luck.empty()) return;
    if (before.tallies.founded == 0 || after.tallies.founded == 0) return;
    std::array<double, with_controls.size()> values{};
    std::array<double, LuckSums::count> controls{};
    for (const auto& [number, other] : pair.matches) {
        const Startup<PlainDraws>& was = before.startups[number];
        const Startup<PlainDraws>& is = after.startups[other];
        if (was.status == Status::unfounded || is.status == Status::unfounded) continue;
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = with_controls[i].of_company(is) - with_controls[i].of_company(was);
        for (std::size_t i = 0; i < controls.size(); ++i)
            controls[i] = after.luck[other].sums[i] - before.luck[number].sums[i];
        pair.controlled.add_row(trajectory, values, controls);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t place = places_of_controlled()[i];
        values[i] = changed.scalars()[place] - base.scalars()[place];
    }
    std::array<double, LuckSums::count + 1> of_all{};
    add_mean_luck(after, 1, of_all);
    add_mean_luck(before, -1, of_all);
    of_all.back() = weighted_luck(after.climate_luck, pair.changed_climate)
                    - weighted_luck(before.climate_luck, pair.base_climate);
    pair.controlled.add(trajectory, values, of_all);
}

void PairedMoments::add(double before, double after) {
    if (std::isnan(before) || std::isnan(after)) return;
    base.add(before);
    changed.add(after);
    difference.add(after - before);
}

void PairedMoments::merge(const PairedMoments& other) {
    base.merge(other.base);
    changed.merge(other.changed);
    difference.merge(other.difference);
}

void PairedGroup::merge(const PairedGroup& other) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i].merge(other.means[i]);
}

void Fates::merge(const Fates& other) {
    rescued.merge(other.rescued);
    doomed.merge(other.doomed);
    matched += other.matched;
    alone += other.alone;
}

PairedCohort::PairedCohort(const WorldParameters& base, const WorldParameters& changed, Controls controls)
    : scalars(scalar_observables().size()),
      series(series_observables().size()),
      controlled(controls == Controls::with ? with_controls.size() : 0,
                 controls == Controls::with ? LuckSums::count : 0, controls == Controls::with ? 1 : 0) {
    for (const StartupGroupParameters& group : base.startups) {
        const std::optional<Companies> before = companies_of(base, group.name);
        const std::optional<Companies> after = companies_of(changed, group.name);
        if (!before || !after) continue;
        for (std::uint32_t number = 0; number < std::min(before->count, after->count); ++number)
            matches.emplace_back(before->first + number, after->first + number);
    }
    if (base.startups.size() < 2 || changed.startups.size() < 2) return;
    for (std::size_t before = 0; before < base.startups.size(); ++before)
        for (std::size_t after = 0; after < changed.startups.size(); ++after)
            if (base.startups[before].name == changed.startups[after].name)
                groups.push_back({.group = base.startups[before].name,
                                  .base = static_cast<std::uint32_t>(before),
                                  .changed = static_cast<std::uint32_t>(after),
                                  .means = std::vector<PairedMoments>(group_observables().size())});
}

void PairedCohort::merge(const PairedCohort& other) {
    for (std::size_t i = 0; i < scalars.size(); ++i) scalars[i].merge(other.scalars[i]);
    for (std::size_t i = 0; i < series.size(); ++i) series[i].merge(other.series[i]);
    for (std::size_t i = 0; i < groups.size(); ++i) groups[i].merge(other.groups[i]);
    fates.merge(other.fates);
    controlled.merge(other.controlled);
}

ComparisonStatistics::ComparisonStatistics(const ObservationGrid& grid, const std::vector<Variant>& variants,
                                           Controls controls) {
    for (const Variant& variant : variants) {
        cohorts.emplace_back(grid, variant.scenario.world, KeptRows{});
        if (cohorts.size() == 1) continue;
        const Scenario& base = variants.front().scenario;
        pairs.emplace_back(base.world, variant.scenario.world, controls);
        if (controls == Controls::without) continue;
        const auto weights_in = [&](const Scenario& scenario) {
            return climate_weights(scenario.world.environment.climate, scenario.interventions, grid.horizon);
        };
        pairs.back().base_climate = weights_in(base);
        pairs.back().changed_climate = weights_in(variant.scenario);
    }
}

void ComparisonStatistics::merge(const ComparisonStatistics& other) {
    for (std::size_t i = 0; i < cohorts.size(); ++i) cohorts[i].merge(other.cohorts[i]);
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].merge(other.pairs[i]);
}

ComparisonOutcome run_comparison(const std::vector<Variant>& variants, int threads,
                                 const EnsembleHooks<ComparisonStatistics>& hooks, Controls controls) {
    expects(variants.size() > 1, "a comparison has a variant beside the base");
    const Scenario& base = variants.front().scenario;
    std::vector<std::shared_ptr<const WorldSetup>> setups;
    for (const Variant& variant : variants)
        setups.push_back(make_setup(variant.scenario.world, variant.scenario.interventions));
    return run_ensemble(
        EnsembleOptions{.trajectories = static_cast<std::uint64_t>(base.run.trajectories),
                        .first = 0,
                        .threads = threads,
                        .on_failure = OnFailure::keep},
        ComparisonStatistics(grid_of(base), variants, controls),
        [&] { return ComparisonModel(variants, setups, controls, hooks.stop); }, hooks);
}

std::vector<ObservableDifference> differences(const ComparisonStatistics& statistics, std::size_t variant,
                                              std::span<const std::string> named) {
    const CohortStatistics& base = statistics.cohorts.front();
    const CohortStatistics& changed = statistics.cohorts.at(variant);
    const PairedCohort& pair = statistics.pairs.at(variant - 1);
    std::vector<ObservableDifference> rows;
    const std::vector<ControlledMean> controlled = pair.controlled.means();
    for (std::size_t i = 0; i < pair.scalars.size(); ++i) {
        add_trajectory_row(rows, scalar_observables()[i].name, scalar_observables()[i].dimension,
                           pair.scalars[i]);
        const auto place = std::ranges::find(places_of_controlled(), i) - places_of_controlled().begin();
        if (place < std::ssize(controlled))
            take_controls_off(rows, pair.scalars[i], controlled[static_cast<std::size_t>(place)]);
    }
    add_survival_rows(rows, base.survival, changed.survival);
    for (std::size_t i = 0; i < base.pooled.size(); ++i) {
        const Observable& observable = pooled_observables()[i];
        const std::string name(observable.name);
        add_pooled_row(rows, name + ".mean", observable.dimension, "mean", base.pooled[i], changed.pooled[i],
                       [](const PooledValues& values) { return values.moments.mean(); });
        add_pooled_row(rows, name + ".median", observable.dimension, "median", base.pooled[i],
                       changed.pooled[i],
                       [](const PooledValues& values) { return values.sketch.interpolated_quantile(0.5); });
    }
    for (std::size_t i = 0; i < pair.series.size(); ++i)
        add_trajectory_row(rows, series_observables()[i].name, series_observables()[i].dimension,
                           pair.series[i]);
    keep_named(rows, named);
    std::vector<ObservableDifference*> all;
    for (ObservableDifference& row : rows) all.push_back(&row);
    adjust(all);
    return rows;
}

std::vector<GroupDifferences> group_differences(const ComparisonStatistics& statistics, std::size_t variant,
                                                std::span<const std::string> named) {
    const PairedCohort& pair = statistics.pairs.at(variant - 1);
    std::vector<GroupDifferences> groups;
    for (const PairedGroup& each : pair.groups) {
        GroupDifferences& group = groups.emplace_back(GroupDifferences{.group = each.group});
        for (std::size_t i = 0; i < each.means.size(); ++i) {
            const Observable& observable = group_observables()[i].described();
            add_trajectory_row(group.rows, observable.name, observable.dimension, each.means[i]);
        }
        const GroupResults* base = results_of_group(statistics.cohorts.front(), each.base);
        const GroupResults* changed = results_of_group(statistics.cohorts.at(variant), each.changed);
        if (base != nullptr && changed != nullptr) {
            add_survival_rows(group.rows, base->survival, changed->survival);
            add_log_rank_row(group.rows, base->survival, changed->survival);
        }
        keep_named(group.rows, named);
    }
    std::vector<ObservableDifference*> all;
    for (GroupDifferences& group : groups)
        for (ObservableDifference& row : group.rows) all.push_back(&row);
    adjust(all);
    return groups;
}

CurveBand survival_difference(const ComparisonStatistics& statistics, std::size_t variant) {
    const auto pairs = paired(statistics.cohorts.front().survival, statistics.cohorts.at(variant).survival);
    const auto curve_of = [](const Paired<SurvivalCounts>& pair) {
        const std::vector<SurvivalPoint> before = pair.base.curve();
        const std::vector<SurvivalPoint> after = pair.changed.curve();
        std::vector<double> curve(before.size());
        for (std::size_t i = 0; i < curve.size(); ++i) curve[i] = after[i].survival - before[i].survival;
        return curve;
    };
    return simultaneous_band(curve_of(pairs.total()), pairs.deletions(curve_of));
}

}  // namespace venturi
