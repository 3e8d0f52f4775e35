// venturi list: the scenarios of the library, and everything else that has a name.
#include "analysis/program/command_line.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/topics.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/text_width.hpp"
#include "scenarios/library.hpp"
#include "scenarios/problem.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view scenarios = "scenarios";

constexpr std::array<std::pair<std::string_view, TopicKind>, 7> lists{
    {{"parameters", TopicKind::parameter},
     {"observables", TopicKind::observable},
     {"measures", TopicKind::measure},
     {"measures", TopicKind::vertex_measure},
     {"objectives", TopicKind::objective},
     {"commands", TopicKind::command},
     {"options", TopicKind::option}}};

void list_scenarios(bool json, const Streams& streams) {
    const auto entries = list_library(library_folders());
    if (json) {
        Json answer = {{"scenarios", Json::array()}};
        for (const LibraryEntry& entry : entries)
            answer["scenarios"].push_back({{"name", entry.name},
                                           {"title", entry.title},
                                           {"description", entry.description},
                                           {"file", entry.file.string()},
                                           {"problem", entry.problem}});
        streams.out << answer.dump(2) << '\n';
        return;
    }
    const std::size_t columns = columns_of(STDOUT_FILENO);
    for (const LibraryEntry& entry : entries) {
        const bool whole = entry.problem.empty();
        streams.out << fmt::format("{}: {}\n", printable(entry.name),
                                   printable(whole ? entry.title : entry.problem));
        std::string description = entry.description;
        std::replace(description.begin(), description.end(), '\n', ' ');
        if (whole) streams.out << wrapped(printable(description), 4, columns);
    }
}

void list_topics(const std::vector<Topic>& topics, std::string_view what, bool json, const Streams& streams) {
    if (json) {
        Json list = Json::array();
        for (const Topic& topic : topics) {
            Json facts = Json::object();
            for (const auto& [name, said] : topic.facts) facts[name] = said;
            list.push_back({{"name", topic.name}, {"meaning", topic.meaning}, {"facts", std::move(facts)}});
        }
        streams.out << Json{{std::string(what), std::move(list)}}.dump(2) << '\n';
        return;
    }
    const std::size_t columns = columns_of(STDOUT_FILENO);
    for (const Topic& topic : topics) {
        streams.out << topic.name << '\n' << wrapped(topic.meaning, 4, columns);
        for (const auto& [name, said] : topic.facts)
            if (name == "unit" || name == "default"
                || (topic.kind == TopicKind::measure && (name == "by group" || name == "older name"))
                || (name == "used by" && topic.kind != TopicKind::observable))
                streams.out << wrapped(fmt::format("{}: {}", name, said), 4, columns);
    }
}

void list(const CommandLine& program, const std::string& what, bool json, const Streams& streams) {
    if (what.empty() || what == scenarios) return list_scenarios(json, streams);
    std::vector<std::string> names{std::string(scenarios)};
    std::vector<Topic> listed_topics;
    const std::vector<Topic> topics = all_topics(program);
    for (const auto& [name, kind] : lists) {
        if (names.back() != name) names.emplace_back(name);
        if (what != name) continue;
        const std::vector<Topic> of_kind = topics_of(topics, kind);
        listed_topics.insert(listed_topics.end(), of_kind.begin(), of_kind.end());
    }
    if (!listed_topics.empty()) return list_topics(listed_topics, what, json, streams);
    const std::string nearest = nearest_name(what, names);
    throw InputError(fmt::format("there is no list of {}{}\n  legal here: {}", in_quotes(what),
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(names)));
}

}  // namespace

void add_list_command(CommandLine& program, const Streams& streams, ExitCode&) {
    struct Options {
        std::string what;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    const Command command = program.add_command(
        "list", "Show the scenarios of the library, or all parameters, observables, measures, options");
    command.option("WHAT", options->what,
                   "scenarios (where left out), parameters, observables, measures, commands or options");
    command.flag("--json", options->json, "print one JSON object");
    command.notes(
        "\nExamples:\n  venturi list\n  venturi list observables\n  venturi list parameters --json");
    command.action([&program, options, streams] { list(program, options->what, options->json, streams); });
}

}  // namespace venturi
