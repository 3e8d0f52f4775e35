// What a selection of the best design has to say, as a table, files and JSON.
#pragma once

#include "analysis/experiments/selection.hpp"
#include "analysis/report/dataset.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/findings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// One design, in the observable's own sign. What is not known is NaN.
struct SelectionRow {
    std::size_t design = 0;
    std::string name;
    std::string outcome;        ///< "best", "tied", "in the running", "eliminated", "failed", ...
    Finding mean = {};          ///< with its 95% interval
    double standard_error = 0;  ///< of the mean
    Finding difference = {};    ///< of the design less the best, in pairs, with its own 95% interval
    std::uint64_t trajectories = 0;
    std::uint64_t values = 0;  ///< trajectories in which there was something to look at
    bool is_out = false;
    bool heavy_tailed = false;  ///< see `tail_of`
    std::string beaten_by = {};
    std::string reason = {};  ///< why it failed, and the command that shows it
    std::string replay = {};
};

struct SelectionResults {
    std::string title;
    TrajectoryObservable observable;
    SelectionRule rule;
    bool least = false;
    std::uint64_t seed = 0;
    std::vector<std::string> settings;  ///< of all designs, "path=value" each
    SelectionStanding standing;
    bool interrupted = false;
    std::vector<SelectionRow> rows;  ///< the best first, then who stayed longest
};

/// `replays` shows how a trajectory of each design is told again; by design.
[[nodiscard]] SelectionResults results_of(const std::vector<Variant>& designs,
                                          const std::vector<Replay>& replays,
                                          const TrajectoryObservable& observable,
                                          const SelectionOptions& options, const SelectionOutcome& outcome);

/// The first rows, `most` of them at most.
[[nodiscard]] TerminalTable selection_table(const SelectionResults& results, std::size_t most);

/// Who is best, how sure that is, and what it took. Lines.
[[nodiscard]] std::string verdict_text(const SelectionResults& results);

/// "under_way" and so on, for files.
[[nodiscard]] std::string name_of(SelectionEnd end, SelectionMethod method);
[[nodiscard]] std::string name_of(SelectionMethod method);

/// A row for each design, in order of rank.
[[nodiscard]] std::string selection_csv(const SelectionResults& results);

/// What the rows of `selection_csv` have, over `candidate` in order of rank, and how sure the selection is.
[[nodiscard]] Dataset selection_dataset(const SelectionResults& results);

/// "best", "probability" and all else that is known.
[[nodiscard]] nlohmann::ordered_json selection_json(const SelectionResults& results);

}  // namespace venturi
