// Which parameters an observable depends on: screening of many, then the parts of its variance that a few of
// them bring, apart from that of luck.
#pragma once

#include "analysis/experiments/design.hpp"
#include "analysis/experiments/design_run.hpp"
#include "analysis/statistics/elementary_effects.hpp"
#include "analysis/statistics/replicated_sobol_indices.hpp"
#include "analysis/statistics/trajectory_value.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace venturi {

/// A parameter that is not moved, and why.
struct UnmovedParameter {
    std::string path;
    std::string why;
    friend bool operator==(const UnmovedParameter&, const UnmovedParameter&) = default;
};

/// What a sensitivity analysis moves and what it leaves.
struct SensitivityFactors {
    std::vector<DesignFactor> factors;
    std::vector<UnmovedParameter> unread;  ///< of those that match: nothing in the scenario reads them
    std::vector<UnmovedParameter> without_range;
};

/// The parameters whose path matches one of the globs (`*` stands for any text, `?` for a character), over
/// their plausible ranges or as `over` says (see `read_factor`), and those of `over` besides; without globs
/// those of `over` alone, without either all. Throws ScenarioError where `over` is wrong or a glob matches
/// nothing.
[[nodiscard]] SensitivityFactors sensitivity_factors(const Scenario& scenario,
                                                     const std::vector<std::string>& globs,
                                                     const std::vector<std::string>& over,
                                                     const std::string& option = "--parameters");

/// How both stages are run. Base points and paths have trajectories of their own: number j has j · R to
/// j · R + R − 1, the same at all of its places.
struct SensitivityRun {
    std::uint64_t replications = 4;  ///< R, trajectories at each place
    int threads = 0;
    const StopRequest* stop = nullptr;
    std::function<void(const Progress&)> progress = {};  ///< in trajectories
    const Journal* journal = nullptr;                    ///< of paths, or base points
};

/// A world that failed in a stage, and its settings.
struct FailedPlace {
    TrajectoryFailure failure;
    std::vector<std::string> settings;  ///< "path=value" each
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.failure);
        visit(self.settings);
    }

    friend bool operator==(const FailedPlace&, const FailedPlace&) = default;
};

/// What is common to both stages.
struct StageOutcome {
    std::size_t whole = 0;  ///< paths, or base points
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;  ///< trajectories
    std::uint64_t events = 0;
    std::vector<FailedPlace> failures = {};  ///< the first of them, most_failures_told at most
    Ending ending = Ending::finished;
};

struct Screening {
    StageOutcome stage;
    std::vector<std::vector<ElementaryEffect>> effects;  ///< by observable and factor
};

/// Elementary effects of all factors. Whole paths are kept of an interrupted run.
[[nodiscard]] Screening run_screening(const Scenario& base, const std::vector<DesignFactor>& factors,
                                      const std::vector<TrajectoryObservable>& observables, std::size_t paths,
                                      const SensitivityRun& run);

/// The factors that matter most, by their number and in their order: ranked by mu_star over that of the
/// largest, for the observable where this is most. Factors that changed nothing at all are never among them.
[[nodiscard]] std::vector<std::size_t> most_influential(const Screening& screening, std::size_t most);

struct VarianceShares {
    StageOutcome stage;
    std::vector<ReplicatedIndices> observables;
};

/// Sobol indices of the factors, others as in the scenario; scrambled Sobol points. Whole base points are
/// kept of an interrupted run; none gives no indices. The same bits on any number of threads.
[[nodiscard]] VarianceShares run_variance_shares(const Scenario& base,
                                                 const std::vector<DesignFactor>& factors,
                                                 const std::vector<TrajectoryObservable>& observables,
                                                 std::size_t base_points, const SensitivityRun& run);

/// Bytes that both stages take beside the worlds.
[[nodiscard]] double bytes_of_sensitivity(double factors, double kept, double observables, double paths,
                                          double base_points, double replications);

}  // namespace venturi
