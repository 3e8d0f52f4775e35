// An ensemble of worlds, folded into what is observed of them.
#pragma once

#include "analysis/statistics/company_rows.hpp"
#include "analysis/statistics/group_results.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/histogram.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/series.hpp"
#include "sim/ensemble/survival.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// When a world is looked at.
struct ObservationGrid {
    double horizon = 0;  ///< months
    double step = 1;     ///< months

    [[nodiscard]] std::size_t points() const;
    /// The month of a point; the last is the horizon.
    [[nodiscard]] double month(std::size_t point) const;
};

/// What one trajectory showed.
struct TrajectoryRow {
    std::uint64_t trajectory = 0;
    std::vector<double> values;       ///< in the order of the run's scalar observables
    double survival = 0;              ///< of its own companies to the horizon; see `survival_at_horizon`
    std::vector<double> series = {};  ///< in the order of the series observables, point by point of the grid
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.trajectory);
        visit(self.values);
        visit(self.survival);
        visit(self.series);
    }

    friend bool operator==(const TrajectoryRow&, const TrajectoryRow&) = default;
};

/// What is kept of every trajectory, beside what is folded: memory grows with them.
struct KeptRows {
    bool trajectories = false;
    bool companies = false;
    friend bool operator==(const KeptRows&, const KeptRows&) = default;
};

/// Everything that is folded, of the trajectories that did not fail; mergeable. Memory does not depend on the
/// number of trajectories unless rows are kept.
struct CohortStatistics {
    CohortStatistics(const ObservationGrid& grid, const WorldParameters& world, KeptRows keeps,
                     std::shared_ptr<const ObservableSet> observed = built_in_observables());

    void merge(const CohortStatistics& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.trajectories);
        visit(self.scalars);
        visit(self.pooled);
        visit(self.series);
        visit(self.distributions);
        visit(self.survival);
        visit(self.groups);
        visit(self.valuations);
        visit(self.rows);
        visit(self.companies);
    }

    friend bool operator==(const CohortStatistics&, const CohortStatistics&) = default;

    std::shared_ptr<const ObservableSet> observables;  ///< what was looked at; the vectors are in its order
    std::uint64_t trajectories = 0;                    ///< folded
    std::vector<Moments> scalars;                      ///< by scalar observable
    std::vector<Grouped<PooledValues>> pooled;         ///< by pooled observable
    std::vector<Series<Moments>> series;               ///< by series observable
    std::vector<Series<Moments>> distributions;        ///< by distribution observable and category
    std::vector<std::vector<std::string>> categories;  ///< their names in this world, the same
    Grouped<SurvivalCounts>
        survival;  ///< by age in months; a company that is sold or listed is censored then
    std::vector<GroupResults> groups;  ///< of startups, where there are several
    Histogram valuations;              ///< highest valuation of each company, dollars
    KeptRows keeps;
    std::vector<TrajectoryRow> rows;    ///< in order, where they are kept
    std::vector<CompanyRow> companies;  ///< the same
};

/// Counts of survival by month of age up to the grid's horizon, with nothing seen.
[[nodiscard]] SurvivalCounts no_survival(const ObservationGrid& grid);

/// Adds the age at which a founded company of a world was last seen, and whether it died then.
void observe_survival(const PlainWorld& world, const Startup<PlainDraws>& company, SurvivalCounts& survival);

/// The same of each that was founded.
void observe_survival(const PlainWorld& world, SurvivalCounts& survival);

/// Kaplan–Meier survival of the companies of one world to the grid's horizon; NaN where none was founded.
[[nodiscard]] double survival_at_horizon(const PlainWorld& world, const ObservationGrid& grid);

/// How long they live in the mean, up to the horizon; NaN where none of them is seen that long.
[[nodiscard]] double restricted_mean_to_horizon(const PlainWorld& world, const ObservationGrid& grid);

/// A TrajectoryModel: a world that is reset and run, and observed.
class CohortModel {
  public:
    /// A stop ends a trajectory at the next point of the grid, where one is given.
    CohortModel(std::shared_ptr<const WorldSetup> setup, const ObservationGrid& grid, std::uint64_t seed,
                const StopRequest* stop = nullptr,
                std::shared_ptr<const ObservableSet> observables = built_in_observables());

    /// Returns the number of events.
    std::uint64_t simulate(std::uint64_t trajectory, CohortStatistics& into);

    // The same in two steps, for whoever looks at several worlds before anything is added.

    /// Runs a trajectory to its horizon; returns the number of events.
    std::uint64_t live(std::uint64_t trajectory);
    // Or in more, for whoever changes something on the way. A model is a value: a copy that has begun goes on
    // as the original does.

    /// Places a trajectory at month 0.
    void begin(std::uint64_t trajectory);
    /// Lives on up to a month, of the grid or between, and observes on the way.
    void live_until(double month);
    /// Lives on to the horizon; returns the number of events.
    std::uint64_t live_on();

    /// Adds what was seen of it.
    void observe(std::uint64_t trajectory, CohortStatistics& into);

    // Of the trajectory that was run last.
    [[nodiscard]] const PlainWorld& world() const { return world_; }  ///< at the horizon
    [[nodiscard]] PlainWorld& changeable_world() { return world_; }
    [[nodiscard]] std::span<const double> scalars() const { return scalars_; }
    [[nodiscard]] std::span<const double> series_at_horizon() const;
    [[nodiscard]] const ObservationGrid& grid() const { return grid_; }
    [[nodiscard]] const ObservableSet& observables() const { return *observables_; }

  private:
    PlainWorld world_;
    ObservationGrid grid_;
    std::uint64_t seed_;
    const StopRequest* stop_;
    std::shared_ptr<const ObservableSet> observables_;
    std::vector<double> seen_;    // of all series, point by point
    std::size_t next_point_ = 0;  // that is not yet seen
    std::vector<double> scalars_;
    std::vector<double> counts_;  // of one distribution
};

/// Whether any history had something to look at: a series of the inside has not, where nobody is modelled
/// inside.
[[nodiscard]] bool has_observations(const Series<Moments>& series);

using CohortOutcome = EnsembleOutcome<CohortStatistics>;

/// How a scenario's ensemble is run, beyond what the scenario says.
struct CohortOptions {
    int threads = 0;
    KeptRows keep = {};
    /// What is looked at; see `observables_with` for some of one's own.
    std::shared_ptr<const ObservableSet> observables = built_in_observables();
    EnsembleHooks<CohortStatistics> hooks = {};
};

/// The grid of a scenario's run.
[[nodiscard]] ObservationGrid grid_of(const Scenario& scenario);

/// Runs the ensemble of a scenario; a trajectory that throws is left out and told of. Throws
/// std::invalid_argument as `make_setup` does, and TrajectoryError where memory runs out.
[[nodiscard]] CohortOutcome run_cohort(const Scenario& scenario, const CohortOptions& options);

}  // namespace venturi
