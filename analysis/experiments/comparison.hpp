// Variants of a scenario side by side: every history is lived once in each, with the same luck.
#pragma once

#include "analysis/experiments/climate_control.hpp"
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/controlled_means.hpp"
#include "analysis/statistics/findings.hpp"
#include "analysis/statistics/simultaneous_band.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/moments.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

/// A scenario under a name of its own.
struct Variant {
    std::string name;
    Scenario scenario;
};

/// One number of each trajectory, in the base and in a variant: of trajectories in which both have it.
struct PairedMoments {
    Moments base;
    Moments changed;
    Moments difference;

    void add(double before, double after);
    void merge(const PairedMoments& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.base);
        visit(self.changed);
        visit(self.difference);
    }

    friend bool operator==(const PairedMoments&, const PairedMoments&) = default;
};

/// What the change made of each company that is founded in both worlds, matched by group and number. Shares
/// of these companies, one a trajectory.
struct Fates {
    Moments rescued;  ///< dead by the horizon in the base, not so in the variant
    Moments doomed;   ///< the other way about
    std::uint64_t matched = 0;
    std::uint64_t alone = 0;  ///< companies that were founded in one of the two worlds alone

    void merge(const Fates& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.rescued);
        visit(self.doomed);
        visit(self.matched);
        visit(self.alone);
    }

    friend bool operator==(const Fates&, const Fates&) = default;
};

/// A group of startups that both worlds have, where each has several: of trajectories in which both have
/// founded companies of it.
struct PairedGroup {
    std::string group;
    std::uint32_t base = 0;                 ///< its number in the base
    std::uint32_t changed = 0;              ///< and in the variant
    std::vector<PairedMoments> means = {};  ///< by group observable

    void merge(const PairedGroup& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.means);
    }

    friend bool operator==(const PairedGroup&, const PairedGroup&) = default;
};

/// Whether differences are taken less luck.
enum class Controls : std::uint8_t { without, with };

/// A variant against the base.
struct PairedCohort {
    PairedCohort(const WorldParameters& base, const WorldParameters& changed,
                 Controls controls = Controls::without);

    std::vector<PairedMoments> scalars;  ///< by scalar observable
    std::vector<PairedMoments> series;   ///< by series observable, at the horizon
    std::vector<PairedGroup> groups;     ///< in the base's order
    Fates fates;
    /// Of `controlled_observables`, in their order; of nothing without controls.
    ControlledMeans controlled;
    ClimateWeights base_climate = {};  ///< what the climate's luck counts in the base
    ClimateWeights changed_climate = {};
    /// Numbers of the companies in the base and in the variant that are each other's match.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> matches;

    void merge(const PairedCohort& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.scalars);
        visit(self.series);
        visit(self.groups);
        visit(self.fates);
        visit(self.controlled);
    }

    friend bool operator==(const PairedCohort&, const PairedCohort&) = default;
};

/// Adds a trajectory that both have run to the horizon.
void add_pair(const CohortModel& base, const CohortModel& changed, PairedCohort& pair);

/// A scalar that is the mean over the companies that were founded of a value that each has.
struct ControlledObservable {
    std::string_view name;
    double (*of_company)(const Startup<PlainDraws>& company) = nullptr;
};

/// Those whose differences are taken less luck.
[[nodiscard]] std::span<const ControlledObservable> controlled_observables();

/// Adds the differences of these in a trajectory that both have run to the horizon, where both worlds have
/// summed up their luck, with the difference of its sums, each a mean over the companies of its world, and
/// with that of the climate's luck, as it counts in each of the two. Which companies are founded is known
/// before there is any luck, so that these have mean 0 too.
void add_controls(const CohortModel& base, const CohortModel& changed, std::uint64_t trajectory,
                  PairedCohort& pair);

/// Everything that is folded; the base first among the cohorts.
struct ComparisonStatistics {
    ComparisonStatistics(const ObservationGrid& grid, const std::vector<Variant>& variants,
                         Controls controls = Controls::without);

    std::vector<CohortStatistics> cohorts;  ///< by variant
    std::vector<PairedCohort> pairs;        ///< by variant but for the base

    void merge(const ComparisonStatistics& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.cohorts);
        visit(self.pairs);
    }

    friend bool operator==(const ComparisonStatistics&, const ComparisonStatistics&) = default;
};

using ComparisonOutcome = EnsembleOutcome<ComparisonStatistics>;

/// Runs every trajectory of the first variant's run in all variants in turn. A trajectory that throws in one
/// of them is left out in all, and the reason begins with that variant's name. The grid, the seed and the
/// number of trajectories are the base's. Throws std::invalid_argument as `make_setup` does,
/// ContractViolation without a variant beside the base.
[[nodiscard]] ComparisonOutcome run_comparison(const std::vector<Variant>& variants, int threads,
                                               const EnsembleHooks<ComparisonStatistics>& hooks,
                                               Controls controls = Controls::without);

/// One observable in the base and in a variant. What is not known is NaN.
struct ObservableDifference {
    std::string observable;  ///< as `observable_names` has it, or "restricted_mean_survival"
    Dimension dimension = Dimension::number;
    std::string statistic;  ///< "mean", "median"
    double base = 0;
    double changed = 0;
    double difference = 0;   ///< changed − base, less controls where there are any
    Interval interval = {};  ///< 95%, of the difference
    double standard_error = 0;
    bool has_controls = false;
    /// How many times the variance of the difference is smaller than that of independent runs; infinite where
    /// the difference is the same in all trajectories and the values are not.
    double variance_reduction = 0;
    double p_value = 0;
    double holm_p_value = 0;  ///< adjusted for all observables of the variant, or of all its groups
    double benjamini_hochberg_p_value = 0;  ///< the same

    /// Whether there is an effect: holds for all observables of a variant together with probability 95%.
    [[nodiscard]] bool is_significant() const { return holm_p_value < 0.05; }
};

/// Of variant `variant` (1 or above): every observable that both have. Scalars and series at the horizon by
/// Student's t of the differences of trajectories, of `controlled_observables` less controls where luck was
/// summed up and there are trajectories enough; means and medians of pooled values, survival at the
/// horizon and restricted mean survival time by the jackknife of the difference over groups of trajectories.
/// Of those named alone, where some are: the adjustment is then for these.
[[nodiscard]] std::vector<ObservableDifference> differences(const ComparisonStatistics& statistics,
                                                            std::size_t variant,
                                                            std::span<const std::string> named = {});

inline constexpr std::string_view log_rank_observable = "log_rank";

/// What a variant differs in of one group of startups.
struct GroupDifferences {
    std::string group;
    std::vector<ObservableDifference> rows = {};
};

/// Of variant `variant`, of each group of startups that both worlds have, where each has several: the group
/// observables by Student's t of the differences of trajectories; survival at the horizon, restricted mean
/// survival time and the log-rank test by the jackknife of the difference. Of the test, "base" is how many
/// deaths of a company of the variant are expected if both sides had the same hazard, and "changed" how many
/// were seen (Mantel 1966). Adjusted for all rows of all groups together. Of those named alone, where some
/// are.
[[nodiscard]] std::vector<GroupDifferences> group_differences(const ComparisonStatistics& statistics,
                                                              std::size_t variant,
                                                              std::span<const std::string> named = {});

/// Survival of the variant minus that of the base at each month of age, with a simultaneous 95% band. Shape:
/// months + 1; the first is 0 by definition.
[[nodiscard]] CurveBand survival_difference(const ComparisonStatistics& statistics, std::size_t variant);

}  // namespace venturi
