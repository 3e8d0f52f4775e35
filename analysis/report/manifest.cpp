#include "analysis/report/manifest.hpp"

#include "sim/contract.hpp"

#include <stdexcept>

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

BuildInformation build_of(const Json& manifest) {
    // The first versions did not say what they were built of.
    const Json told = manifest.value("build", Json::object());
    return {.version = manifest.at("version").get<std::string>(),
            .commit = told.value("commit", "unknown"),
            .state = told.value("state", "unknown"),
            .compiler = told.value("compiler", "unknown"),
            .machine = told.value("machine", "unknown")};
}

Ending ending_called(const std::string& name) {
    for (const Ending ending :
         {Ending::finished, Ending::precision_reached, Ending::interrupted, Ending::failed})
        if (name_of(ending) == name) return ending;
    throw std::invalid_argument("the manifest tells of an ending that is not known");
}

}  // namespace

FileDigests digests_of(const ResultFiles& files) {
    FileDigests digests;
    for (const auto& [name, bytes] : files) digests[name] = {bytes.size(), sha256(bytes)};
    return digests;
}

Manifest read_manifest(std::string_view text) {
    if (!files_listed(text)) throw std::invalid_argument("this is no manifest of Venturi's");
    try {
        const Json json = Json::parse(text);
        Manifest manifest{.build = build_of(json),
                          .seed = json.at("seed").get<std::uint64_t>(),
                          .trajectories_requested = json.at("trajectories_requested").get<std::uint64_t>(),
                          .trajectories_completed = json.at("trajectories_completed").get<std::uint64_t>(),
                          .trajectories_failed = json.value("trajectories_failed", std::uint64_t{0}),
                          .failures = json.value("failures", Json::array()),
                          .ending = ending_called(json.at("ending").get<std::string>()),
                          .settings = json.at("settings"),
                          .scenario = json.at("scenario"),
                          .files = {}};
        for (const auto& [name, digest] : json.at("files").items())
            manifest.files[name] = {digest.at("bytes").get<std::uint64_t>(),
                                    digest.at("sha256").get<std::string>()};
        return manifest;
    } catch (const Json::exception&) {
        throw std::invalid_argument("the manifest lacks what a manifest has, or has it in another form");
    }
}

std::string manifest_text(const Manifest& manifest) {
    const Json json = {
        {"program", program_name},
        {"version", manifest.build.version},
        {"build",
         {{"commit", manifest.build.commit},
          {"state", manifest.build.state},
          {"compiler", manifest.build.compiler},
          {"machine", manifest.build.machine}}},
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
