// venturi optimise where more is asked than the mix with the best mean: what is printed and written of it.
#pragma once

#include "analysis/program/decision_experiment.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/search_end.hpp"

#include <string>
#include <vector>

namespace venturi {

/// What the command line says beside the experiment itself.
struct DecisionCommand {
    std::string start;                     ///< as mix_rows_named takes it
    std::string budget;                    ///< as budget_named takes it
    std::vector<std::string> robust = {};  ///< scenarios, or path=value
    bool strict = false;
    SearchRun run = {};
};

/// Whether an objective and these options ask for more than optimise_experiment.hpp knows.
[[nodiscard]] bool asks_for_decision(const std::string& objective, const DecisionText& text,
                                     const std::vector<std::string>& robust);

/// Runs the experiment, whose `asked` and `text` are there, and tells what came of it.
[[nodiscard]] ExitCode optimise_decision(DecisionExperiment experiment, const DecisionCommand& command,
                                         const Streams& streams);

}  // namespace venturi
