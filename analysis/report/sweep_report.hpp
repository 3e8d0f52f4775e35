// What a sweep over a design has to say, as tables, files, pictures and JSON.
#pragma once

#include "analysis/experiments/design_run.hpp"
#include "analysis/report/dataset.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/findings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// A sweep that has run.
struct SweepResults {
    const Scenario& base;
    const Design& design;
    bool is_grid = true;
    const std::vector<TrajectoryObservable>& observables;
    const DesignOutcome& outcome;
    const Replay& replay;  ///< of the base
};

/// The mean of an observable in a point, with its 95% interval; NaN where no trajectory has it.
[[nodiscard]] Finding finding_at(const SweepResults& results, std::size_t point, std::size_t observable);

/// The command that tells the first failed history of a point again; empty where none failed.
[[nodiscard]] std::string replay_at(const SweepResults& results, std::size_t point);

/// A row for each point that was lived, up to 40.
[[nodiscard]] TerminalTable sweep_table(const SweepResults& results);

/// A row for each point: its number, its values, how many trajectories are complete and how many failed, the
/// first reason, and the command that replays it.
[[nodiscard]] std::string design_csv(const SweepResults& results);

/// A row for each point and observable: point, values, observable, unit, mean, ends of its 95% interval,
/// standard error, trajectories, failed.
[[nodiscard]] std::string sweep_csv(const SweepResults& results);

/// Every observable over point and statistic, with the values of parameters as coordinates of points. Of a
/// grid over an axis for each parameter (for each mix, whose shares are coordinates of it) and statistic; NaN
/// where a point was not lived.
[[nodiscard]] Dataset sweep_dataset(const SweepResults& results);

/// Of a grid over one parameter the response of each observable, over two a heat map of each; of any other
/// design each observable against each parameter, up to `most_pictures_of_sweep`. By name of the file.
inline constexpr std::size_t most_pictures_of_sweep = 24;
[[nodiscard]] ResultFiles sweep_pictures(const SweepResults& results);

/// How many of them there would be beyond these.
[[nodiscard]] std::size_t pictures_left_out(const SweepResults& results);

/// "points", a list of objects.
[[nodiscard]] nlohmann::ordered_json sweep_json(const SweepResults& results);

}  // namespace venturi
