#include "scenarios/binding.hpp"
#include "scenarios/network/network_file.hpp"
#include "scenarios/network/text_file.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/sections.hpp"
#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;
using Kind = DocumentNode::Kind;

const std::array<std::string, 3> tie_keys{"between", "trust", "file"};
constexpr const char* legal_tie =
    "[group/1, group/2], {between: [group/1, group/2], trust: 70%}, or {file: ties.csv}";

std::vector<std::string> groups_of(const WorldParameters& world) {
    std::vector<std::string> groups;
    for (const auto& group : world.startups) groups.push_back(group.name);
    for (const auto& group : world.investors) groups.push_back(group.name);
    for (const auto& group : world.partners) groups.push_back(group.name);
    return groups;
}

// The name with the group that was probably meant, where there is no such group.
std::string nearest_partner(const WorldParameters& world, const std::string& name) {
    const std::vector<std::string> groups = groups_of(world);
    const std::size_t slash = std::min(name.rfind('/'), name.size());
    const std::string group = name.substr(0, slash);
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) return {};
    const std::string nearest = nearest_name(group, groups);
    return nearest.empty() ? std::string{} : nearest + (slash < name.size() ? name.substr(slash) : "/1");
}

void add_tie(const WorldParameters& world, const GivenTie& tie, const SourcePosition& position,
             std::vector<GivenTie>& ties, ProblemList& problems) {
    try {
        expect_legal(world, tie);
        ties.push_back(tie);
    } catch (const std::invalid_argument& error) {
        std::string nearest = nearest_partner(world, tie.one);
        if (nearest.empty()) nearest = nearest_partner(world, tie.other);
        problems.add({.position = position, .message = error.what(), .nearest = nearest});
    }
}

void read_pair(const WorldParameters& world, const DocumentNode& pair, std::optional<double> trust,
               std::vector<GivenTie>& ties, ProblemList& problems) {
    const bool two = pair.kind == Kind::list && pair.items.size() == 2 && pair.items[0].kind == Kind::text
                     && pair.items[1].kind == Kind::text;
    if (!two) {
        problems.add({.position = pair.position,
                      .message = fmt::format("a tie is between two partners, not {}", describe_kind(pair)),
                      .legal = legal_tie});
        return;
    }
    add_tie(world, {pair.items[0].text, pair.items[1].text, trust}, pair.position, ties, problems);
}

// Whether a text names one of the world's groups as ties do, with a number: founders/1.
bool names_a_partner(std::string_view text, const WorldParameters& world) {
    const auto is_in_name = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '/';
    };
    const auto names = [&](const std::string& group) {
        const std::string beginning = group + "/";
        for (std::size_t at = text.find(beginning); at != std::string_view::npos;
             at = text.find(beginning, at + 1)) {
            const std::size_t end = at + beginning.size();
            const bool is_number = end < text.size() && text[end] >= '0' && text[end] <= '9';
            if (is_number && (at == 0 || !is_in_name(text[at - 1]))) return true;
        }
        return false;
    };
    const std::vector<std::string> groups = groups_of(world);
    return std::any_of(groups.begin(), groups.end(), names);
}

void read_ties(const WorldParameters& world, const std::string& bytes, const std::string& file,
               std::vector<GivenTie>& ties, ProblemList& problems) {
    const NetworkReading reading =
        parse_network(bytes, file, {.parallel = ParallelEdges::refuse, .with_places = true});
    for (std::size_t i = 0; i < reading.network.edges.size(); ++i) {
        const NetworkEdge& edge = reading.network.edges[i];
        GivenTie tie{name_of(reading.network, edge.source), name_of(reading.network, edge.target)};
        if (reading.weighted) tie.trust = edge.weight;
        const EdgePlace place = reading.places[i];
        add_tie(world, tie, {.file = file, .line = place.line, .column = place.column}, ties, problems);
    }
}

// An edge list or GraphML, beside the scenario; its weights are trust.
void read_file(const WorldParameters& world, const DocumentNode& node, std::vector<GivenTie>& ties,
               ProblemList& problems) {
    if (node.kind != Kind::text || node.text.empty()) {
        problems.add({.position = node.position,
                      .message = fmt::format("'file' needs the name of a file, not {}", describe_kind(node)),
                      .legal = legal_tie});
        return;
    }
    const std::string file = (std::filesystem::path(node.position.file).parent_path() / node.text).string();
    ProblemList found;
    std::string bytes;
    std::string text;
    try {
        bytes = read_text_file(file, NetworkLimits{}.bytes);
        text = utf8_text(bytes, file);
        read_ties(world, bytes, file, ties, found);
    } catch (const ScenarioError& error) {
        found.add(error.problems());
    }
    if (found.empty()) return;
    if (!text.empty() && !names_a_partner(text, world)) {
        // Whatever it is, none of it is shown.
        problems.add({.position = {.file = file},
                      .message = "is no file of ties: nothing in it names a partner of this world",
                      .legal = fmt::format("source,target or source,target,trust, with partners by group and "
                                           "number; groups: {}",
                                           listed(groups_of(world)))});
        return;
    }
    for (Problem problem : found.all()) {
        // What options of a command would do is no help here.
        if (problem.legal.find("--") != std::string::npos)
            problem.legal = "source,target or source,target,trust, each tie once";
        problems.add(std::move(problem));
    }
}

void read_tie(const WorldParameters& world, const DocumentNode& entry, std::vector<GivenTie>& ties,
              ProblemList& problems) {
    if (entry.kind != Kind::map) return read_pair(world, entry, std::nullopt, ties, problems);
    if (!check_keys(entry, "ties", tie_keys, problems)) return;
    const DocumentNode* const ends = entry.find("between");
    const DocumentNode* const file = entry.find("file");
    const DocumentNode* const trust = entry.find("trust");
    if ((ends == nullptr) == (file == nullptr) || (file != nullptr && trust != nullptr)) {
        problems.add(
            {.position = entry.position,
             .message = "a tie needs either 'between' or 'file', and with a file no trust of its own",
             .legal = legal_tie});
        return;
    }
    if (file != nullptr) return read_file(world, *file, ties, problems);
    const auto value = trust == nullptr
                           ? std::nullopt
                           : read_quantity(*trust, "trust", Dimension::share, between(0, 1), problems);
    if (trust == nullptr || value) read_pair(world, *ends, value, ties, problems);
}

}  // namespace

std::vector<GivenTie> read_given_ties(const DocumentNode& list, const WorldParameters& world,
                                      ProblemList& problems) {
    std::vector<GivenTie> ties;
    if (list.kind == Kind::nothing) return ties;
    if (list.kind != Kind::list) {
        problems.add({.position = list.position,
                      .message = fmt::format("'ties' needs a list, not {}", describe_kind(list)),
                      .legal = legal_tie});
        return ties;
    }
    for (const DocumentNode& entry : list.items) read_tie(world, entry, ties, problems);
    return ties;
}

Json resolved_given_ties(const std::vector<GivenTie>& ties) {
    Json list = Json::array();
    for (const GivenTie& tie : ties) {
        Json entry = {{"between", {tie.one, tie.other}}};
        if (tie.trust) entry["trust"] = print_quantity(*tie.trust, Dimension::share);
        list.push_back(std::move(entry));
    }
    return list;
}

Json given_ties_schema() {
    const Json pair = {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 2}, {"maxItems", 2}};
    const Json described = {{"type", "object"},
                            {"properties", {{"between", pair}, {"trust", {{"$ref", "#/$defs/share"}}}}},
                            {"required", Json::array({"between"})},
                            {"additionalProperties", false}};
    const Json file = {{"type", "object"},
                       {"properties", {{"file", {{"type", "string"}, {"minLength", 1}}}}},
                       {"required", Json::array({"file"})},
                       {"additionalProperties", false}};
    return {{"type", {"array", "null"}},
            {"description", "ties that are there from the day on which both ends are, by group and number"},
            {"items", {{"oneOf", Json::array({pair, described, file})}}}};
}

}  // namespace venturi
