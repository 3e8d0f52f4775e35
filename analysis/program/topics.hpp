// Everything that has a name and a meaning: parameters and their groups, observables, measures, objectives,
// commands, options.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

class CommandLine;

enum class TopicKind : std::uint8_t {
    group,
    parameter,
    observable,
    measure,         ///< of worlds, for an intervention's 'when'
    objective,       ///< of companies, for venturi optimise; those of the world are measures
    vertex_measure,  ///< of a network's vertices, for venturi network
    command,
    option,
};

/// The kind in words: "group of parameters", "observable".
[[nodiscard]] std::string_view name_of(TopicKind kind);

/// Something that can be explained. Elements of collections stand as NAME: `startups.NAME.count`.
struct Topic {
    TopicKind kind = TopicKind::parameter;
    std::string name;
    std::string meaning;
    std::vector<std::pair<std::string, std::string>> facts = {};  ///< what is said besides: "unit", "1/month"
    std::string older_name = {};                                  ///< that finds it too
};

/// All topics, by kind and in the order of their description. `program` has all commands.
[[nodiscard]] std::vector<Topic> all_topics(const CommandLine& program);

/// Those of a kind.
[[nodiscard]] std::vector<Topic> topics_of(const std::vector<Topic>& topics, TopicKind kind);

/// Those that a text may name: the one of that name; else all whose path ends so, with any names in place of
/// NAME; else nothing. `run --until` is an option of one command, `--until` of all that have it.
[[nodiscard]] std::vector<Topic> find_topics(const std::vector<Topic>& topics, std::string_view name);

/// The name that was probably meant; empty where none is near.
[[nodiscard]] std::string nearest_topic(const std::vector<Topic>& topics, const std::string& name);

/// The parameters and groups right below a group.
[[nodiscard]] std::vector<Topic> members_of(const std::vector<Topic>& topics, const Topic& group);

/// The text in lines of at most `columns` characters, each behind the indent and with a line feed.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns);

/// Name and meaning, on two lines or more.
[[nodiscard]] std::string summary_text(const Topic& topic, std::size_t columns);

/// Adds to the facts of a parameter its values in the scenarios of the folders that set it, and to those of
/// an observable the scenarios that have a published figure of it.
void add_uses(Topic& topic, std::span<const std::filesystem::path> library_folders);

}  // namespace venturi
