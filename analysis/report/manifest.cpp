#include "analysis/report/manifest.hpp"

#include "scenarios/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view program_name = "venturi";
constexpr int indentation = 2;
// A scenario's parameters are some six deep. JSON is copied and written by calls within calls.
constexpr std::size_t deepest = 64;

// Whether brackets outside of texts stand within each other more than `deepest` times.
bool is_too_deep(std::string_view json) {
    std::size_t depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_text && c == '\\') ++i;
        if (c == '"') in_text = !in_text;
        if (in_text) continue;
        if ((c == '{' || c == '[') && ++depth > deepest) return true;
        if ((c == '}' || c == ']') && depth > 0) --depth;
    }
    return false;
}

Json files_json(const FileDigests& files) {
    Json json = Json::object();
    for (const auto& [name, digest] : files)
        json[name] = {{"bytes", digest.bytes}, {"sha256", digest.sha256}};
    return json;
}

BuildInformation build_of(const Json& manifest) {
    // The first versions did not say what they were built of.
    const Json told = manifest.value("build", Json::object());
    return {.version = text_in(manifest, "version"),
            .commit = told.value("commit", "unknown"),
            .state = told.value("state", "unknown"),
            .compiler = told.value("compiler", "unknown"),
            .machine = told.value("machine", "unknown")};
}

Ending ending_called(const std::string& name) {
    for (const Ending ending :
         {Ending::finished, Ending::precision_reached, Ending::interrupted, Ending::failed})
        if (name_of(ending) == name) return ending;
    throw ManifestError("the manifest tells of an ending that is not known",
                        "ending: finished, precision_reached, interrupted, failed");
}

std::string_view shown(std::string_view name, std::string_view path) {
    return path.empty() ? name : path;
}

ManifestError wrong_type(std::string_view name, std::string_view what) {
    return ManifestError(fmt::format("the manifest's '{}' is not {}", name, what),
                         fmt::format("{}: {}", name, what));
}

template <class Value>
std::vector<Value> list_in(const Json& object, std::string_view name, std::string_view path,
                           bool (Json::*is_one)() const noexcept, std::string_view what) {
    const Json& list = member_in(object, name, path);
    const bool is_right = list.is_array() && std::ranges::all_of(list, [&](const Json& element) {
                              return (element.*is_one)();
                          });
    if (!is_right) throw wrong_type(shown(name, path), what);
    return list.get<std::vector<Value>>();
}

const Json& object_in(const Json& json, std::string_view name) {
    const Json& object = member_in(json, name);
    if (!object.is_object()) throw wrong_type(name, "an object");
    return object;
}

FileDigests files_in(const Json& json) {
    FileDigests files;
    for (const auto& [name, digest] : json.at("files").items())
        files[name] = {count_under(digest, "bytes"), text_in(digest, "sha256")};
    if (files.empty())
        throw ManifestError("the manifest's 'files' names no file", "files: what the result has");
    if (text_in(json, "checksum") != combined_sha256(files))
        throw ManifestError("the manifest's 'checksum' is not that of its 'files'",
                            "checksum: as it was written, with the files as they were");
    return files;
}

// Earlier manifests have how far a result came among what was asked for.
void take_reached_out_of_settings(Manifest& manifest) {
    if (!manifest.settings.is_object()) return;
    for (const auto* name :
         {"looks", "trajectories_by_ensemble", "whole_base_points", "whole_paths", "whole_points"}) {
        const auto found = manifest.settings.find(name);
        if (found == manifest.settings.end()) continue;
        manifest.reached[name] = *found;
        manifest.settings.erase(name);
    }
}

}  // namespace

FileDigests digests_of(const ResultFiles& files) {
    FileDigests digests;
    for (const auto& [name, bytes] : files) digests[name] = {bytes.size(), sha256(bytes)};
    return digests;
}

std::uint64_t count_in(const Json& value, std::string_view name) {
    // What is written with a sign, a point or an exponent, or beyond 64 bits, is of another type.
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    throw ManifestError(
        fmt::format("the manifest's '{}' is not a whole number of at least 0", name),
        fmt::format("{}: a whole number from 0 to {}", name, std::numeric_limits<std::uint64_t>::max()));
}

const Json& member_in(const Json& object, std::string_view name, std::string_view path) {
    const std::string key(name);
    if (object.is_object())
        if (const auto found = object.find(key); found != object.end()) return *found;
    throw ManifestError(fmt::format("the manifest lacks '{}'", shown(name, path)),
                        fmt::format("{}: as it was written", shown(name, path)));
}

std::uint64_t count_under(const Json& object, std::string_view name, std::string_view path) {
    return count_in(member_in(object, name, path), shown(name, path));
}

double number_in(const Json& object, std::string_view name, std::string_view path) {
    const Json& number = member_in(object, name, path);
    if (!number.is_number()) throw wrong_type(shown(name, path), "a number");
    return number.get<double>();
}

std::vector<double> numbers_in(const Json& object, std::string_view name, std::string_view path) {
    return list_in<double>(object, name, path, &Json::is_number, "a list of numbers");
}

bool flag_in(const Json& object, std::string_view name, std::string_view path) {
    const Json& flag = member_in(object, name, path);
    if (!flag.is_boolean()) throw wrong_type(shown(name, path), "true or false");
    return flag.get<bool>();
}

std::string text_in(const Json& object, std::string_view name, std::string_view path) {
    const Json& text = member_in(object, name, path);
    if (!text.is_string()) throw wrong_type(shown(name, path), "a text");
    return text.get<std::string>();
}

std::vector<std::string> texts_in(const Json& object, std::string_view name, std::string_view path) {
    return list_in<std::string>(object, name, path, &Json::is_string, "a list of texts");
}

Manifest read_manifest(std::string_view text) {
    if (!files_listed(text)) throw ManifestError("this is no manifest of Venturi's");
    try {
        const Json json = Json::parse(text);
        Manifest manifest{.build = build_of(json),
                          .seed = count_under(json, "seed"),
                          .trajectories_requested = count_under(json, "trajectories_requested"),
                          .trajectories_completed = count_under(json, "trajectories_completed"),
                          // The first versions did not know of any.
                          .trajectories_failed = json.contains("trajectories_failed")
                                                     ? count_under(json, "trajectories_failed")
                                                     : 0,
                          .failures = json.value("failures", Json::array()),
                          .ending = ending_called(text_in(json, "ending")),
                          .settings = object_in(json, "settings"),
                          .reached = json.value("reached", Json::object()),
                          .scenario = object_in(json, "scenario"),
                          .files = files_in(json)};
        if (!manifest.failures.is_array()) throw wrong_type("failures", "a list");
        if (!manifest.reached.is_object())
            throw ManifestError("the manifest's 'reached' is not an object", "reached: an object");
        take_reached_out_of_settings(manifest);
        return manifest;
    } catch (const Json::exception&) {
        throw ManifestError("the manifest lacks what a manifest has, or has it in another form");
    }
}

std::string manifest_text(const Manifest& manifest) {
    Json json = {
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
    };
    if (!manifest.reached.empty()) json["reached"] = manifest.reached;
    json["scenario"] = manifest.scenario;
    return json.dump(indentation, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<std::vector<std::string>> files_listed(std::string_view manifest_text) {
    if (is_too_deep(manifest_text)) return std::nullopt;
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

std::string why_kept(std::string_view earlier_manifest, std::string_view new_manifest) {
    try {
        const Manifest earlier = read_manifest(earlier_manifest);
        const Manifest mine = read_manifest(new_manifest);
        if (earlier.build.version != mine.build.version)
            return fmt::format("is of version {}", visible(earlier.build.version));
        if (earlier.settings.value("command", "run") != mine.settings.value("command", "run"))
            return "is of another command";
        if (earlier.seed != mine.seed) return "has another seed";
        if (earlier.trajectories_requested != mine.trajectories_requested)
            return "has another number of trajectories";
        if (earlier.settings != mine.settings || earlier.scenario != mine.scenario)
            return "has other settings";
        if (earlier.trajectories_completed + earlier.trajectories_failed
            > mine.trajectories_completed + mine.trajectories_failed)
            return "holds more of the same";
        return {};
    } catch (const std::exception&) {
        return "is not understood";
    }
}

}  // namespace venturi
