#include "analysis/program/scenario_request.hpp"

#include "analysis/program/command_line.hpp"
#include "analysis/program/failure.hpp"
#include "scenarios/scenario_warnings.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace venturi {

using Json = nlohmann::ordered_json;

ScenarioRequest ScenarioOptions::request() const {
    ScenarioRequest asked{.name = scenario, .settings = settings, .options = {}, .strict = strict};
    if (seed) asked.options.push_back({"--seed", "run.seed", *seed});
    return asked;
}

void add_scenario_argument(const Command& command, ScenarioOptions& options) {
    command.option("SCENARIO", options.scenario, "a scenario file, or the name of a library scenario")
        .required();
}

void add_scenario_options(const Command& command, ScenarioOptions& options) {
    command.option("--seed", options.seed, "the seed (default: the scenario's)");
    command
        .option("--threads", options.threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    add_setting_options(command, options.settings, options.strict);
}

void add_setting_options(const Command& command, std::vector<std::string>& settings, bool& strict) {
    command
        .option("--set", settings, "set a parameter of the scenario: path=value; may be given several times")
        .one_value_each();
    command.flag("--strict", strict,
                 "take warnings for errors: settings that nothing reads, values that are not plausible");
}

void ToldWarnings::tell(const Scenario& scenario, const Streams& streams) {
    for (ScenarioWarning warning : warnings_of(scenario)) {
        std::erase_if(warning.places,
                      [this](const Problem& place) { return !places_.insert(to_text(place)).second; });
        if (warning.places.empty()) continue;
        texts_.push_back(to_text(warning));
        streams.err << "warning: " << texts_.back() << '\n';
    }
}

Scenario load_scenario(const ScenarioRequest& request, const Streams& streams) {
    ToldWarnings told;
    return load_scenario(request, streams, told);
}

Scenario load_scenario(const ScenarioRequest& request, const Streams& streams, ToldWarnings& told) {
    Scenario scenario = load_with_settings(request.name, request.settings);
    for (const std::string& setting : request.with) apply_setting(scenario, setting, request.with_option);
    for (const OptionSetting& setting : request.options)
        apply_option(scenario, setting.option, setting.path, setting.value);
    if (request.strict) {
        const std::vector<ScenarioWarning> warnings = warnings_of(scenario);
        if (!warnings.empty()) throw ScenarioError(as_problems(warnings));
    }
    told.tell(scenario, streams);
    return scenario;
}

Json warning_texts_json(const Scenario& scenario) {
    Json list = Json::array();
    for (const ScenarioWarning& warning : warnings_of(scenario)) list.push_back(to_text(warning));
    return list;
}

Json warnings_json(const Scenario& scenario) {
    Json list = Json::array();
    for (const ScenarioWarning& warning : warnings_of(scenario)) {
        Json places = Json::array();
        for (const Problem& place : warning.places) places.push_back(problem_json(place));
        list.push_back({{"message", warning.message}, {"places", std::move(places)}});
    }
    return list;
}

}  // namespace venturi
