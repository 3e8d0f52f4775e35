// What everyone, one alone, and each for itself would do, and what the race costs, as table, file and JSON.
#pragma once

#include "analysis/optimiser/world_race.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace venturi {

/// The three mixes side by side: shares, what the objective is where all have them, and what one company
/// gains that leaves.
[[nodiscard]] TerminalTable race_table(const WorldProblem& problem, const MixRace& race);
/// What it costs, in words; lines.
[[nodiscard]] std::string race_text(const WorldProblem& problem, const MixRace& race);
/// A row for each mix and number: shares by stage, value, gains with intervals.
[[nodiscard]] std::string race_csv(const WorldProblem& problem, const MixRace& race);
[[nodiscard]] nlohmann::ordered_json race_json(const WorldProblem& problem, const MixRace& race);

/// The certificate of an equilibrium: what a company could still gain by leaving it, as far as was found.
[[nodiscard]] std::string deviation_text(const WorldProblem& problem, const Deviation& deviation);
[[nodiscard]] nlohmann::ordered_json deviation_json(const WorldProblem& problem, const Deviation& deviation);

/// {"gain", "standard_error", "confidence_interval"}.
[[nodiscard]] nlohmann::ordered_json gain_json(const MixGain& gain);

}  // namespace venturi
