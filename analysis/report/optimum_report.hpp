// What is to be known of a best mix beside the mix: what a dollar more would bring, and how it moves with
// what nobody knows well.
#pragma once

#include "analysis/experiments/optimum_sensitivity.hpp"
#include "analysis/optimiser/world_variants.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace venturi {

[[nodiscard]] std::string price_text(const WorldProblem& problem, const ShadowPrice& price);
[[nodiscard]] std::string price_csv(const ShadowPrice& price);
[[nodiscard]] nlohmann::ordered_json price_json(const ShadowPrice& price);

/// A row for each end of each parameter: its effect, how far the best mix moves, and what keeping the old one
/// loses.
[[nodiscard]] TerminalTable sensitivity_table(const WorldProblem& problem, const MixRows& mix,
                                              const OptimumSensitivity& sensitivity);
[[nodiscard]] std::string sensitivity_csv(const WorldProblem& problem, const OptimumSensitivity& sensitivity);
[[nodiscard]] nlohmann::ordered_json sensitivity_json(const WorldProblem& problem,
                                                      const OptimumSensitivity& sensitivity);

}  // namespace venturi
