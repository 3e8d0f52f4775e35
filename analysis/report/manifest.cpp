#include "analysis/report/manifest.hpp"

#include "sim/contract.hpp"

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view program_name = "venturi";
constexpr int indentation = 2;

Json files_json(const FileDigests& files) {
    Json json = Json::object();
    for (const auto& [name, digest] : files)
        json[name] = {{"bytes", digest.bytes}, {"sha256", digest.sha256}};
    return json;
}

}  // namespace

std::string manifest_text(const Manifest& manifest) {
    const Json json = {
        {"program", program_name},
        {"version", manifest.version},
        {"seed", manifest.seed},
        {"trajectories_requested", manifest.trajectories_requested},
        {"trajectories_completed", manifest.trajectories_completed},
        {"trajectories_failed", manifest.trajectories_failed},
        {"failures", manifest.failures},
        {"ending", name_of(manifest.ending)},
        {"checksum", combined_sha256(manifest.files)},
        {"files", files_json(manifest.files)},
        {"settings", manifest.settings},
        {"scenario", manifest.scenario},
    };
    return json.dump(indentation, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<std::vector<std::string>> files_listed(std::string_view manifest_text) {
    const Json json = Json::parse(manifest_text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto program = json.find("program");
    const auto files = json.find("files");
    if (program == json.end() || *program != program_name) return std::nullopt;
    if (files == json.end() || !files->is_object()) return std::nullopt;
    std::vector<std::string> names = {std::string(manifest_file_name)};
    for (const auto& [name, digest] : files->items()) names.push_back(name);
    return names;
}

}  // namespace venturi
