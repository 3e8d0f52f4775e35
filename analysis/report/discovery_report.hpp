// What a discovery has to say, as text, files, a picture and JSON.
#pragma once

#include "analysis/experiments/discovery.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace venturi {

/// "share_dead > 80%".
[[nodiscard]] std::string condition_text(const OutcomeCondition& condition);

/// A row for each parameter: whether and how the box restricts it, and how firmly.
[[nodiscard]] std::string discovered_box_csv(const SweptPoints& swept, const Discovery& discovery);
/// A row for each box on the way, from all points on.
[[nodiscard]] std::string peeling_csv(const Discovery& discovery);
/// The tree, a line for each of its nodes.
[[nodiscard]] std::string tree_lines(const SweptPoints& swept, const Discovery& discovery,
                                     const OutcomeCondition& condition);
/// The points and the box over the two parameters whose restriction is the most certain. There are two or
/// more.
[[nodiscard]] std::string discovered_box_svg(const SweptPoints& swept, const Discovery& discovery,
                                             const OutcomeCondition& condition);
/// The parameters that the box restricts; no rows where chance explains every restriction.
[[nodiscard]] TerminalTable discovered_box_table(const SweptPoints& swept, const Discovery& discovery);
/// Coverage and density of the box, and at points that resamples lack. Lines.
[[nodiscard]] std::string firmness_text(const SweptPoints& swept, const Discovery& discovery);

/// "where", "box", "coverage", "density", "tree" and what belongs to them.
[[nodiscard]] nlohmann::ordered_json discovery_json(const SweptPoints& swept, const Discovery& discovery,
                                                    const OutcomeCondition& condition);

}  // namespace venturi
