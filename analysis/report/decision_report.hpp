// What a search for the best decision has to say, as tables, files, pictures and JSON.
#pragma once

#include "analysis/optimiser/world_decision_search.hpp"
#include "analysis/optimiser/world_question.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace venturi {

/// A search that has ended: what was asked, found and measured. Refers to its parts.
struct DecisionResults {
    const WorldQuestion& question;
    const DecisionSearchResult& found;
    const DecisionMeasurement& measured;
    const std::vector<DecisionFlatnessPoint>& flatness;
    std::vector<std::string> stages = {};       ///< of the mix's rows, where there are several
    std::vector<std::string> constraints = {};  ///< as texts
    std::string title = {};
    std::vector<std::string> settings = {};  ///< "path=value" each, for captions
};

/// The range of a number of the decision that is as good within a standard error, between its bounds.
[[nodiscard]] Interval flat_range_of(const DecisionResults& results, std::size_t number);
/// Whether it is a share of a stage that no company came to with the best decision.
[[nodiscard]] bool is_of_stage_never_reached(const DecisionResults& results, std::size_t number);

/// A row for each number of the decision: at the start, the best, and which bound holds it.
[[nodiscard]] TerminalTable decision_table(const DecisionResults& results);
/// A row for each constraint: its value, whether it is met and binds, and its price. No rows where there are
/// none.
[[nodiscard]] TerminalTable constraint_table(const DecisionResults& results);
/// A row for each scenario, where there are several.
[[nodiscard]] TerminalTable scenario_table(const DecisionResults& results);
/// The aim and its gains, in words; lines.
[[nodiscard]] std::string aim_text(const DecisionResults& results);
/// What a person should know before trusting the result, a line each: an aim or a constraint that nothing
/// moves, constraints that are not met, a mean with a heavy tail.
[[nodiscard]] std::vector<std::string> decision_warnings(const DecisionResults& results);
/// Of the mean of an objective with such a tail; empty where there is nothing to say.
[[nodiscard]] std::string tail_warning(const std::string& objective, const TailIndex& tail);

[[nodiscard]] std::string decision_csv(const DecisionResults& results);
[[nodiscard]] std::string constraints_csv(const DecisionResults& results);
[[nodiscard]] std::string scenarios_csv(const DecisionResults& results);
/// A row for each step or point that was looked at.
[[nodiscard]] std::string decision_path_csv(const DecisionResults& results);
/// The numbers on the way, each as a part of its range, above; beneath, the aim.
[[nodiscard]] std::string decision_path_svg(const DecisionResults& results);

/// A scenario that `extends` another by the best decision: `base` is a path or a library's name.
[[nodiscard]] std::string best_decision_yaml(const DecisionResults& results, const std::string& base);

/// "mix", "parameters", "gain", "gain_confidence_interval", "constraints", ... as the command prints them.
[[nodiscard]] nlohmann::ordered_json decision_json(const DecisionResults& results);

}  // namespace venturi
