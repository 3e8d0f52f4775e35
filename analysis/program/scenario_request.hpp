// Which scenario a command runs, with what settings, and what is said about those.
#pragma once

#include "analysis/program/program.hpp"
#include "scenarios/scenario.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <set>
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
    std::vector<std::string> settings = {};   ///< path=value of --set, in order
    std::vector<OptionSetting> options = {};  ///< after those and `with`
    bool strict = false;                      ///< warnings are errors
    std::vector<std::string> with = {};       ///< path=value of --with, after the settings
    const char* with_option = "--with";       ///< what that option is called here
};

/// What has been said of scenarios that are read one after the other: each place of a warning is told once.
class ToldWarnings {
  public:
    /// Prints what is new of a scenario's warnings to `streams.err`.
    void tell(const Scenario& scenario, const Streams& streams);

    /// What was told, as it was printed but for the word before it.
    [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

  private:
    std::set<std::string> places_;
    std::vector<std::string> texts_;
};

/// Which scenario is asked for and how it is lived, as commands that live one have it.
struct ScenarioOptions {
    std::string scenario;
    std::vector<std::string> settings = {};
    bool strict = false;
    std::optional<std::string> seed = {};
    int threads = 0;

    [[nodiscard]] ScenarioRequest request() const;
};

/// Adds `SCENARIO` to a command, which needs it.
void add_scenario_argument(const Command& command, ScenarioOptions& options);
/// Adds `--seed`, `--threads`, `--set` and `--strict`.
void add_scenario_options(const Command& command, ScenarioOptions& options);

/// Adds `--set` and `--strict` to a command.
void add_setting_options(const Command& command, std::vector<std::string>& settings, bool& strict);

/// Loads what is asked for. Warnings are printed to `streams.err`; where they are errors, throws
/// ScenarioError with all of them.
[[nodiscard]] Scenario load_scenario(const ScenarioRequest& request, const Streams& streams);

/// The same for one of several scenarios.
[[nodiscard]] Scenario load_scenario(const ScenarioRequest& request, const Streams& streams,
                                     ToldWarnings& told);

/// The warnings of a scenario as a JSON list of {message, places}.
[[nodiscard]] nlohmann::ordered_json warnings_json(const Scenario& scenario);

/// The same as a list of texts, each as it was printed but for the word before it.
[[nodiscard]] nlohmann::ordered_json warning_texts_json(const Scenario& scenario);

}  // namespace venturi
