// A rare event as an experiment: what decides its files, and the files.
#pragma once

#include "analysis/experiments/rare_event.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/progress_bar.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// Reads "OBSERVABLE < x", with <, <=, > or >= and x in the observable's unit or as a plain number. Throws
/// InputError where that is none, nothing of that name can be read off a world while it runs, or the
/// condition can't hold or can't fail to.
[[nodiscard]] RareCondition parse_rare_condition(const std::string& text);

/// Throws InputError, with the nearest legal name.
[[nodiscard]] SplittingMethod parse_splitting_method(const std::string& text);

/// Runs replications until they are done, the budget is spent, or a stop is requested.
[[nodiscard]] MultilevelEstimate run_experiment(const RareEventDesign& design, int threads,
                                                const StopRequest& stop, ProgressStyle style,
                                                const Streams& streams, const Journal* journal = nullptr);

/// The files of its result but for the manifest: the same bytes for the same design, seed and version.
/// `settings` are what the scenario was changed by, "path=value" each.
[[nodiscard]] ResultFiles files_of(const RareEventDesign& design, const std::vector<std::string>& settings,
                                   const MultilevelEstimate& estimate);

/// What decides the numbers, and was written: for a manifest.
[[nodiscard]] nlohmann::ordered_json rare_settings_json(const RareEventDesign& design,
                                                        const std::string& condition);
/// The design that settings of a manifest name, of this scenario; `histories` is the effort that was asked
/// for, `tried` how much of it came to an end. Throws Json::exception where something is missing, InputError
/// where it can't be; `file` is the manifest's.
[[nodiscard]] RareEventDesign rare_design_of(const nlohmann::ordered_json& settings, Scenario scenario,
                                             std::uint64_t histories, std::uint64_t tried,
                                             const std::string& file);

}  // namespace venturi
