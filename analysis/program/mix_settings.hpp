// What is asked of a scenario's mix, by a search or for a gradient, as a manifest has it.
#pragma once

#include "analysis/report/manifest.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace venturi {

/// Of an experiment with `replay`, `group`, `objective`, `aversion`, `who` and `by_stage`.
template <class Experiment>
[[nodiscard]] nlohmann::ordered_json mix_settings_json(const Experiment& experiment, const char* command) {
    return {{"command", command},
            {"scenario", std::filesystem::path(experiment.replay.scenario).filename().string()},
            {"set", experiment.replay.settings},
            {"group", experiment.group},
            {"objective", experiment.objective},
            {"aversion", experiment.aversion},
            {"who", experiment.who},
            {"by_stage", experiment.by_stage}};
}

/// The inverse. Throws what the JSON library throws where something is missing or of another kind.
template <class Experiment>
void read_mix_settings(const Manifest& manifest, Experiment& experiment) {
    const nlohmann::ordered_json& settings = manifest.settings;
    experiment.replay = {.scenario = settings.at("scenario").template get<std::string>(),
                         .seed = manifest.seed,
                         .settings = settings.at("set").template get<std::vector<std::string>>()};
    settings.at("group").get_to(experiment.group);
    settings.at("objective").get_to(experiment.objective);
    settings.at("aversion").get_to(experiment.aversion);
    settings.at("who").get_to(experiment.who);
    settings.at("by_stage").get_to(experiment.by_stage);
}

}  // namespace venturi
