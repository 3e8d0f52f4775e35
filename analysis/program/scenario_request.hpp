// Which scenario a command runs, with what settings, and what is said about those.
#pragma once

#include "analysis/program/program.hpp"
#include "scenarios/scenario.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace venturi {

/// An option that stands for a parameter of the run.
struct OptionSetting {
    std::string option;  ///< --trajectories
    std::string path;    ///< run.trajectories
    std::string value;
};

struct ScenarioRequest {
    std::string name;                         ///< a path, or a name of the library
    std::vector<std::string> settings = {};   ///< path=value, in order
    std::vector<OptionSetting> options = {};  ///< after those
    bool strict = false;                      ///< warnings are errors
};

/// Adds `--set` and `--strict` to a command.
void add_setting_options(const Command& command, std::vector<std::string>& settings, bool& strict);

/// Loads what is asked for. Warnings are printed to `streams.err`; where they are errors, throws
/// ScenarioError with all of them.
[[nodiscard]] Scenario load_scenario(const ScenarioRequest& request, const Streams& streams);

/// The warnings of a scenario as a JSON list of {message, places}.
[[nodiscard]] nlohmann::ordered_json warnings_json(const Scenario& scenario);

/// The same as a list of texts, each as it was printed but for the word before it.
[[nodiscard]] nlohmann::ordered_json warning_texts_json(const Scenario& scenario);

}  // namespace venturi
