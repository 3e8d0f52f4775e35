// A selection as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/selection.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/selection_report.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// The candidates, the base first, what each was made of, and what is asked of them.
struct SelectDesign {
    std::vector<Variant> candidates;
    std::vector<std::string> scenarios;              ///< as named on the command line, by candidate
    std::vector<std::vector<std::string>> settings;  ///< "path=value" each, by candidate
    /// What each has beyond the first one's settings; nothing where it is a scenario of its own. By
    /// candidate.
    std::vector<std::optional<std::vector<std::string>>> changes;
    TrajectoryObservable observable;
    SelectionRule rule;
    bool least = false;
    std::vector<std::string> warnings = {};                           ///< what was said of candidates
    std::uint64_t looks = std::numeric_limits<std::uint64_t>::max();  ///< at most
};

/// Throws InputError, naming the option, where no observable has the name.
[[nodiscard]] TrajectoryObservable observable_of_option(const std::string& option, const std::string& name);

/// A stop keeps the last look.
[[nodiscard]] SelectionOutcome run_experiment(const SelectDesign& design, int threads,
                                              const StopRequest& stop, ProgressStyle style,
                                              const Streams& streams, const Journal* journal = nullptr);

[[nodiscard]] SelectionResults results_of(const SelectDesign& design, const SelectionOutcome& outcome);

/// What the manifest says of it beside the first one's scenario; and back. A candidate that is the first one
/// with changes is written as these alone, since there may be thousands.
[[nodiscard]] nlohmann::ordered_json settings_of(const SelectDesign& design);
[[nodiscard]] SelectDesign select_design_of(const Manifest& manifest, const std::string& file);

/// The files of its result but for the manifest: the same bytes for the same candidates, seed and version.
[[nodiscard]] ResultFiles files_of(const SelectDesign& design, const SelectionResults& results);

}  // namespace venturi
