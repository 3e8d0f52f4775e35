// A sweep as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/design_run.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

enum class DesignKind : std::uint8_t { grid, latin, sobol };
inline constexpr std::array<std::string_view, 3> design_kind_names{"grid", "latin", "sobol"};

struct SweepExperiment {
    Scenario base;
    std::vector<std::string> over;  ///< as given
    DesignKind kind = DesignKind::grid;
    std::size_t points = 0;  ///< of a design that is no grid
    Design design = {};
    std::vector<TrajectoryObservable> observables = {};
    Replay replay = {};
};

/// Makes `design` of the other members. Throws ScenarioError where `over` is wrong, InputError where the
/// design is, or takes more memory than there is on so many threads.
void make_design(SweepExperiment& experiment, int threads);

/// Lives the points. A stop keeps those that are whole.
[[nodiscard]] DesignOutcome run_experiment(const SweepExperiment& experiment, int threads,
                                           const StopRequest& stop, ProgressStyle style,
                                           const Streams& streams, const Journal* journal = nullptr);

/// The files of its result but for the manifest.
[[nodiscard]] ResultFiles files_of(const SweepExperiment& experiment, const DesignOutcome& outcome);

}  // namespace venturi
