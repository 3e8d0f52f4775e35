// A comparison as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/comparison.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "analysis/report/variant_report.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <string>
#include <vector>

namespace venturi {

/// The variants, the base first, and what each was made of.
struct CompareDesign {
    std::vector<Variant> variants;
    std::vector<std::string> scenarios;              ///< as named on the command line, by variant
    std::vector<std::vector<std::string>> settings;  ///< "path=value" each, by variant
    std::vector<std::string> warnings = {};          ///< what was said of them
    /// Those of which there is no world, with the reason: they are left out.
    struct Impossible {
        std::string name;
        std::string reason;
        Replay replay;
    };
    std::vector<Impossible> impossible = {};
    Controls controls = Controls::with;
};

/// Runs every trajectory of the base's run in all variants. A stop keeps what was complete.
[[nodiscard]] ComparisonOutcome run_experiment(const CompareDesign& design, int threads,
                                               const StopRequest& stop, ProgressStyle style,
                                               const Streams& streams, const Journal* journal = nullptr);

/// The files of its result but for the manifest: the same bytes for the same variants, seed and version.
[[nodiscard]] ResultFiles files_of(const CompareDesign& design, const VariantResults& results);

}  // namespace venturi
