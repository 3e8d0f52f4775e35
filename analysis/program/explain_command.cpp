// venturi explain: what a parameter, an observable, a measure, a command or an option is.
#include "analysis/program/command_line.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/topics.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/problem.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct ExplainOptions {
    std::string name;
    bool json = false;
};

std::string topic_text(const Topic& topic, std::size_t columns) {
    std::string text = fmt::format("{} ({})\n", topic.name, name_of(topic.kind));
    text += wrapped(topic.meaning, 2, columns);
    for (const auto& [what, said] : topic.facts) {
        constexpr std::size_t label = 16;
        std::string lines = wrapped(said, label, columns);
        lines.replace(2, std::min(what.size() + 1, label - 2), (what + ":").substr(0, label - 2));
        text += lines;
    }
    return text;
}

Json topic_json(const Topic& topic) {
    Json facts = Json::object();
    for (const auto& [what, said] : topic.facts) facts[what] = said;
    return {{"name", topic.name},
            {"kind", name_of(topic.kind)},
            {"meaning", topic.meaning},
            {"facts", std::move(facts)}};
}

[[noreturn]] void fail_to_find(const std::string& name, const std::vector<Topic>& topics) {
    const std::string nearest = nearest_topic(topics, name);
    throw InputError(
        fmt::format("there is nothing called {}{}\n  legal here: a parameter, an observable, a "
                    "measure, a command or an option; venturi explain lists the topics",
                    in_quotes(name), nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest)));
}

void list_topics(const std::vector<Topic>& topics, bool json, std::size_t columns, std::ostream& out) {
    // Groups of parameters stand for what is in them.
    const auto is_shown = [](const Topic& topic) {
        return topic.kind == TopicKind::command
               || (topic.kind == TopicKind::group && topic.name.find('.') == std::string::npos);
    };
    if (json) {
        Json list = Json::array();
        for (const Topic& topic : topics)
            list.push_back({{"name", topic.name}, {"kind", name_of(topic.kind)}, {"meaning", topic.meaning}});
        out << Json{{"topics", std::move(list)}}.dump(2) << '\n';
        return;
    }
    out << "Groups of parameters, and commands. Every parameter below a group, every observable, measure and "
           "option has an entry too:\nventuri explain NAME, where the last part of a path will do; venturi "
           "list "
           "parameters|observables|measures|objectives\n\n";
    for (const Topic& topic : topics)
        if (is_shown(topic)) out << summary_text(topic, columns);
}

void explain(const CommandLine& program, const ExplainOptions& options, const Streams& streams) {
    const std::vector<Topic> topics = all_topics(program);
    const std::size_t columns = columns_of(STDOUT_FILENO);
    if (options.name.empty()) return list_topics(topics, options.json, columns, streams.out);
    std::vector<Topic> found = find_topics(topics, options.name);
    if (found.empty()) fail_to_find(options.name, topics);
    for (Topic& topic : found) add_uses(topic, library_folders());
    if (options.json) {
        Json list = Json::array();
        for (const Topic& topic : found) list.push_back(topic_json(topic));
        streams.out << Json{{"name", options.name}, {"topics", std::move(list)}}.dump(2) << '\n';
        return;
    }
    bool is_first = true;
    for (const Topic& topic : found) {
        if (!std::exchange(is_first, false)) streams.out << '\n';
        streams.out << topic_text(topic, columns);
        if (topic.kind != TopicKind::group) continue;
        for (const Topic& member : members_of(topics, topic)) streams.out << summary_text(member, columns);
    }
}

}  // namespace

void add_explain_command(CommandLine& program, const Streams& streams, ExitCode&) {
    auto options = std::make_shared<ExplainOptions>();
    const Command command = program.add_command(
        "explain", "Explain a parameter, an observable, a measure, a command or an option");
    command.option("NAME", options->name,
                   "its name; of a path the last part will do. The topics where left out");
    command.flag("--json", options->json, "print one JSON object");
    command.notes(
        "\nExamples:\n"
        "  venturi explain finance.raising.attempts   meaning, unit, range, default, source, use\n"
        "  venturi explain mix.technology             the end of a path will do\n"
        "  venturi explain technology.optimiser       a group, and what is in it\n"
        "  venturi explain share_exited               an observable\n"
        "  venturi explain --json -- --until          an option");
    command.action([&program, options, streams] { explain(program, *options, streams); });
}

}  // namespace venturi
