// What splitting has to say of a rare event, as a table, files and JSON.
#pragma once

#include "analysis/experiments/rare_event.hpp"
#include "analysis/report/dataset.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// "share_dead > 95% at 60 months", "living < 1 in some month up to 60 months".
[[nodiscard]] std::string condition_text(const RareEventDesign& design);

/// "3.57e-06 [3.41e-06, 3.73e-06]"; what is not known is "–".
[[nodiscard]] std::string probability_text(double probability, const Interval& interval);

/// `adaptive`, `fixed-effort`.
[[nodiscard]] std::string_view name_of(SplittingMethod method);
/// `finished`, `budget_spent`, `interrupted`.
[[nodiscard]] std::string_view name_of(MultilevelEnding ending);

/// The way to the event: how likely histories are to get so near, and last the event with its interval.
[[nodiscard]] TerminalTable way_table(const RareEventDesign& design, const MultilevelEstimate& estimate);

/// Events simulated, and what crude Monte Carlo would need for as short an interval; a line.
[[nodiscard]] std::string work_text(const MultilevelEstimate& estimate);

/// What a reader has to know to trust the numbers, each a sentence: too few replications reached the event,
/// it is not rare, the budget is spent.
[[nodiscard]] std::vector<std::string> rare_event_notes(const RareEventDesign& design,
                                                        const MultilevelEstimate& estimate);

/// One row: the condition, its probability, the work.
[[nodiscard]] std::string rare_results_csv(const RareEventDesign& design, const MultilevelEstimate& estimate);

/// A row for each step of each replication: the level as a value of the observable, how many copies there
/// were and how many got past it, and the probability to do so. The last step is the event; it has no value.
[[nodiscard]] std::string levels_csv(const RareEventDesign& design, const MultilevelEstimate& estimate);

/// The event's probability, the way to it over `level` with intervals, and each replication's steps over
/// `replication` and `step`, as levels.csv has them: NaN from where a replication has no more steps.
[[nodiscard]] Dataset rare_event_dataset(const RareEventDesign& design, const MultilevelEstimate& estimate);

/// The way to the event as a picture: the probability to get past each level, with its interval, and the
/// event. `settings` are what the scenario was changed by, "path=value" each.
[[nodiscard]] std::string way_svg(const RareEventDesign& design, const std::vector<std::string>& settings,
                                  const MultilevelEstimate& estimate);

/// "probability", "confidence_interval", "work" and what belongs to them.
[[nodiscard]] nlohmann::ordered_json rare_event_json(const RareEventDesign& design,
                                                     const MultilevelEstimate& estimate);

}  // namespace venturi
