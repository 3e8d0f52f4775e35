// One past, several futures: each history is lived up to a month, and goes on from there in each of its
// futures, by copying the world.
#pragma once

#include "analysis/experiments/comparison.hpp"
#include "analysis/statistics/settled_variance.hpp"
#include "analysis/statistics/trajectory_value.hpp"
#include "scenarios/branch.hpp"
#include "sim/ensemble/jackknife.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// A future under a name of its own. The first of a design changes nothing: it is as it was.
struct Future {
    std::string name;
    BranchChanges changes;
};

struct BranchDesign {
    Scenario scenario;
    std::vector<Future> futures;      ///< at least the first
    std::vector<double> months;       ///< at which histories branch, ascending, before the horizon; one where
                                      ///< there is more than one future
    std::uint64_t continuations = 0;  ///< of each past and future, with luck of their own; 0 or ≥ 2
    std::vector<TrajectoryObservable> outcomes;  ///< whose variance is split
};

/// What is folded. The cohorts are the futures in which each history's own luck goes on.
struct BranchStatistics {
    explicit BranchStatistics(const BranchDesign& design);

    ComparisonStatistics futures;
    /// By month, future and outcome, the last fastest; empty without continuations.
    std::vector<Grouped<SettledVariance>> settled;

    void merge(const BranchStatistics& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.futures);
        visit(self.settled);
    }

    friend bool operator==(const BranchStatistics&, const BranchStatistics&) = default;
};

using BranchOutcome = EnsembleOutcome<BranchStatistics>;

/// The futures as variants of the scenario, to be reported as a comparison's are.
[[nodiscard]] std::vector<Variant> variants_of(const BranchDesign& design);

/// Runs every trajectory of the scenario's run to each month of the design, and from there in each future:
/// once with the luck that the history has anyway, so that a future in which nothing changes is the history
/// to the bit, and `continuations` times with other luck (agents/other_luck.hpp), of which the k-th is the
/// same in all futures and months. A trajectory that throws in one of them is left out in all, and the reason
/// begins with that future's name. Throws std::invalid_argument as `make_setup` does, ContractViolation where
/// the design is none.
[[nodiscard]] BranchOutcome run_branches(const BranchDesign& design, int threads,
                                         const EnsembleHooks<BranchStatistics>& hooks);

/// How the variance of an outcome at the horizon splits at a month.
[[nodiscard]] VarianceSplit split_at(const BranchDesign& design, const BranchStatistics& statistics,
                                     std::size_t month, std::size_t future, std::size_t outcome);

}  // namespace venturi
