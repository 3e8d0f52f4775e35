#include "analysis/program/topics.hpp"

#include "agents/measure.hpp"
#include "agents/network/measures.hpp"
#include "analysis/optimiser/world_objective.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/statistics/observables.hpp"
#include "analysis/statistics/restricted_mean.hpp"
#include "scenarios/documentation.hpp"
#include "scenarios/library.hpp"
#include "scenarios/parameter_use.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace venturi {

namespace {

constexpr std::string_view any_name = "NAME";

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('.') + 1);
}

std::vector<std::string_view> parts_of(std::string_view path) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t point = path.find('.');
        parts.push_back(path.substr(0, point));
        if (point == std::string_view::npos) return parts;
        path.remove_prefix(point + 1);
    }
}

// Whether a path ends as written, any name standing for NAME, or NAME left out.
bool ends_as(std::string_view path, std::string_view written, bool leave_names_out) {
    std::vector<std::string_view> parts = parts_of(path);
    if (leave_names_out) std::erase(parts, any_name);
    const std::vector<std::string_view> wanted = parts_of(written);
    if (wanted.size() > parts.size()) return false;
    return std::equal(wanted.rbegin(), wanted.rend(), parts.rbegin(),
                      [](std::string_view want, std::string_view part) {
                          return part == want || (part == any_name && !want.empty());
                      });
}

// The rules about the use of the parameters at a path, in words.
std::string use_text(std::string_view path) {
    std::string text;
    for (const UseOfParameters& use : uses_of_parameters())
        if (is_about(use, path)) text += fmt::format("{}{}", text.empty() ? "" : "; and ", use.read_where);
    return text;
}

void add_parameters(std::vector<Topic>& topics) {
    Scenario standard;
    for (const ParameterRow& row : parameter_table(settable_tree(standard))) {
        Topic topic{.kind = TopicKind::parameter, .name = row.path, .meaning = row.meaning};
        if (!row.unit.empty()) topic.facts.emplace_back("unit", row.unit);
        topic.facts.emplace_back("legal", row.legal);
        topic.facts.emplace_back("plausible", row.plausible.empty() ? "all that is legal" : row.plausible);
        topic.facts.emplace_back("default", row.default_value);
        topic.facts.emplace_back("source", row.source);
        const std::string use = use_text(row.path);
        if (!use.empty()) topic.facts.emplace_back("read where", use);
        topic.facts.emplace_back("takes effect", row.takes == Takes::effect_at_start_only
                                                     ? "at the start of a history only"
                                                     : "at once, also by an intervention");
        topics.push_back(std::move(topic));
    }
}

void add_groups(std::vector<Topic>& topics, const Group& group, const std::string& path) {
    for (const Member& member : group.members) {
        std::string name =
            path.empty() ? std::string(member.name()) : fmt::format("{}.{}", path, member.name());
        if (const auto* const inner = std::get_if<Group>(&member.value)) {
            topics.push_back(
                {.kind = TopicKind::group, .name = name, .meaning = std::string(inner->meaning)});
            add_groups(topics, *inner, name);
        } else if (const auto* const collection = std::get_if<Collection>(&member.value)) {
            topics.push_back(
                {.kind = TopicKind::group, .name = name, .meaning = std::string(collection->meaning)});
            add_groups(topics, collection->sample().group, fmt::format("{}.{}", name, any_name));
        }
    }
}

// What a condition may watch, and whether of a group: facts of a measure, and of the observable made of it.
void add_condition(Topic& topic, const MeasureDescription& measure) {
    topic.facts.emplace_back("condition", fmt::format("when: {{measure: {}, below: ...}}, or above; it is "
                                                      "looked at after every event",
                                                      measure.name));
    topic.facts.emplace_back("by group", measure.of_startups ? "yes: when: {measure: NAME, group: NAME, ...}"
                                                             : "no: it is of the world");
    topic.older_name = measure.older_name;
    if (!topic.older_name.empty()) topic.facts.emplace_back("older name", topic.older_name);
}

Topic observable_topic(std::string name, std::string_view meaning, Dimension dimension, std::string what) {
    Topic topic{.kind = TopicKind::observable, .name = std::move(name), .meaning = std::string(meaning)};
    topic.facts.emplace_back("unit", unit_of(dimension));
    topic.facts.emplace_back("what", std::move(what));
    topic.facts.emplace_back("used by", "summary.csv, ensemble.nc, --json, --until, published figures");
    if (const std::optional<Measure> measure = Measure::find(topic.name))
        add_condition(topic, measure->description());
    return topic;
}

void add_observables(std::vector<Topic>& topics) {
    for (const Observable& one : scalar_observables())
        topics.push_back(observable_topic(one.name, one.meaning, one.dimension,
                                          "one number of each history, at its horizon"));
    for (const Observable& one : series_observables())
        topics.push_back(observable_topic(one.name, one.meaning, one.dimension,
                                          "a series: one number of each history at each point of the grid of "
                                          "'run.observe_every'"));
    for (const Observable& one : pooled_observables())
        topics.push_back(
            observable_topic(one.name, one.meaning, one.dimension,
                             fmt::format("a value of each company that has it, of all histories together; "
                                         "{0}.median and {0}.mean name its median and mean",
                                         one.name)));
    topics.push_back(observable_topic(
        std::string(survival_observable), "share of companies that are alive at an age", Dimension::share,
        "a curve over age, in months, of all companies of all histories (Kaplan "
        "and Meier)"));
    Topic restricted{.kind = TopicKind::observable,
                     .name = std::string(restricted_mean_observable),
                     .meaning = "mean time that a company lives, up to the horizon"};
    restricted.facts = {{"unit", std::string(unit_of(Dimension::duration))},
                        {"what", "the area under the survival curve of all companies of all histories"},
                        {"used by",
                         "--until, published figures, compare, groups.csv; branch, sweep, sensitivity "
                         "and select: of each history's companies"}};
    topics.push_back(std::move(restricted));
}

void add_measures(std::vector<Topic>& topics) {
    for (const MeasureDescription& measure : measures()) {
        Topic topic{.kind = TopicKind::measure,
                    .name = std::string(measure.name),
                    .meaning = std::string(measure.meaning)};
        topic.facts.emplace_back("unit", unit_of(measure.dimension));
        topic.facts.emplace_back("used by", "an intervention's 'when'");
        add_condition(topic, measure);
        topics.push_back(std::move(topic));
    }
}

void add_objectives(std::vector<Topic>& topics) {
    for (const WorldObjective& objective : objectives_of_companies()) {
        Topic topic{.kind = TopicKind::objective, .name = objective.name, .meaning = objective.meaning};
        topic.facts.emplace_back("unit", unit_of(objective.dimension));
        topic.facts.emplace_back(
            "used by", "venturi optimise --objective and --subject-to, venturi gradient --objective");
        if (const std::optional<Measure> measure = Measure::find(objective.name))
            topic.facts.emplace_back("not that of",
                                     fmt::format("conditions and series, whose {} is of the whole world: {}",
                                                 objective.name, measure->description().meaning));
        topics.push_back(std::move(topic));
    }
}

void add_vertex_measures(std::vector<Topic>& topics) {
    for (const VertexMeasure& measure : vertex_measures())
        topics.push_back({.kind = TopicKind::vertex_measure,
                          .name = std::string(measure.name),
                          .meaning = std::string(measure.meaning),
                          .facts = {{"used by", "venturi network --measure"}}});
}

void add_commands(std::vector<Topic>& topics, const CommandLine& program) {
    std::vector<Topic> options;
    for (const CommandDescription& command : program.commands()) {
        topics.push_back({.kind = TopicKind::command,
                          .name = command.name,
                          .meaning = command.meaning,
                          .facts = {{"usage", fmt::format("venturi {} --help", command.name)}}});
        for (const OptionDescription& option : command.options)
            options.push_back({.kind = TopicKind::option,
                               .name = fmt::format("{} {}", command.name, option.name),
                               .meaning = option.meaning,
                               .facts = {{"takes", option.takes_value ? "a value" : "no value"}}});
    }
    std::move(options.begin(), options.end(), std::back_inserter(topics));
}

// What an option of the run sets, and so shares its range and default with.
void name_parameters_of_options(std::vector<Topic>& topics) {
    for (Topic& topic : topics)
        for (const auto& [option, parameter] :
             {std::pair{" --trajectories", "run.trajectories"}, {" --seed", "run.seed"}})
            if (topic.kind == TopicKind::option && topic.name.ends_with(option)
                && !topic.name.starts_with("risk "))
                topic.facts.emplace_back("sets", parameter);
}

// A path with the names that it has in a scenario, as those of the pattern: startups.NAME.count.
bool is_of_pattern(std::string_view path, std::string_view pattern) {
    const auto parts = parts_of(path);
    return parts.size() == parts_of(pattern).size() && ends_as(pattern, path, false);
}

}  // namespace

std::string_view name_of(TopicKind kind) {
    constexpr std::array<std::string_view, 8> names = {"group of parameters",
                                                       "parameter",
                                                       "observable",
                                                       "measure",
                                                       "objective",
                                                       "measure of a network's vertices",
                                                       "command",
                                                       "option"};
    return names.at(static_cast<std::size_t>(kind));
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns) {
    const std::size_t width = std::max<std::size_t>(columns, indent + 30) - indent;
    std::string result;
    while (!text.empty()) {
        std::size_t end = text.size();
        if (end > width) {
            end = text.rfind(' ', width);
            if (end == std::string_view::npos || end == 0) end = std::min(text.find(' '), text.size());
        }
        result += fmt::format("{:{}}{}\n", "", indent, text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return result;
}

std::string summary_text(const Topic& topic, std::size_t columns) {
    return fmt::format("  {}\n{}", topic.name, wrapped(topic.meaning, 6, columns));
}

std::vector<Topic> all_topics(const CommandLine& program) {
    std::vector<Topic> topics;
    Scenario standard;
    add_groups(topics, settable_tree(standard), {});
    add_parameters(topics);
    add_observables(topics);
    add_measures(topics);
    add_objectives(topics);
    add_vertex_measures(topics);
    add_commands(topics, program);
    name_parameters_of_options(topics);
    return topics;
}

std::vector<Topic> topics_of(const std::vector<Topic>& topics, TopicKind kind) {
    std::vector<Topic> found;
    for (const Topic& topic : topics)
        if (topic.kind == kind) found.push_back(topic);
    return found;
}

std::vector<Topic> find_topics(const std::vector<Topic>& topics, std::string_view name) {
    const auto all_that = [&topics](auto&& fits) {
        std::vector<Topic> found;
        for (const Topic& topic : topics)
            if (fits(topic)) found.push_back(topic);
        return found;
    };
    const auto is_parameter = [](const Topic& topic) {
        return topic.kind == TopicKind::parameter || topic.kind == TopicKind::group;
    };
    std::vector<Topic> found = all_that([name](const Topic& topic) {
        return topic.name == name || (!name.empty() && topic.older_name == name)
               || (topic.kind == TopicKind::option
                   && (topic.name.ends_with(fmt::format(" {}", name))
                       || topic.name.ends_with(fmt::format(" --{}", name))));
    });
    // Of an observable that conditions watch too there is one thing to tell.
    if (std::ranges::find(found, TopicKind::observable, &Topic::kind) != found.end())
        std::erase_if(found, [](const Topic& topic) { return topic.kind == TopicKind::measure; });
    for (const bool leave_names_out : {false, true})
        if (found.empty())
            found = all_that([&](const Topic& topic) {
                return is_parameter(topic) && last_part(topic.name) == last_part(name)
                       && ends_as(topic.name, name, leave_names_out);
            });
    if (found.empty() && (name.ends_with(".median") || name.ends_with(".mean")))
        found = all_that([whole = name.substr(0, name.rfind('.'))](const Topic& topic) {
            return topic.kind == TopicKind::observable && topic.name == whole;
        });
    return found;
}

std::string nearest_topic(const std::vector<Topic>& topics, const std::string& name) {
    std::vector<std::string> names;
    for (const Topic& topic : topics) {
        names.push_back(topic.name);
        if (!topic.older_name.empty()) names.push_back(topic.older_name);
    }
    if (std::string nearest = nearest_name(name, names); !nearest.empty()) return nearest;
    std::vector<std::string> ends;
    for (const std::string& each : names)
        ends.emplace_back(each.find(' ') != std::string::npos ? each.substr(each.find(' ') + 1)
                                                              : std::string(last_part(each)));
    const std::string nearest = nearest_name(std::string(last_part(name)), ends);
    const auto found = std::find(ends.begin(), ends.end(), nearest);
    return found == ends.end() ? std::string{} : names[static_cast<std::size_t>(found - ends.begin())];
}

std::vector<Topic> members_of(const std::vector<Topic>& topics, const Topic& group) {
    std::vector<Topic> members;
    for (const Topic& topic : topics) {
        if (topic.kind != TopicKind::parameter && topic.kind != TopicKind::group) continue;
        std::string_view rest = topic.name;
        if (!rest.starts_with(group.name + ".")) continue;
        rest.remove_prefix(group.name.size() + 1);
        if (rest.starts_with(std::string(any_name) + ".")) rest.remove_prefix(any_name.size() + 1);
        if (rest.find('.') == std::string_view::npos) members.push_back(topic);
    }
    return members;
}

void add_uses(Topic& topic, std::span<const std::filesystem::path> library_folders) {
    if (topic.kind != TopicKind::parameter && topic.kind != TopicKind::observable) return;
    std::string uses;
    for (const LibraryEntry& entry : list_library(library_folders)) {
        if (!entry.problem.empty()) continue;
        Scenario scenario = load_scenario(entry.file.string(), library_folders);
        std::string said;
        if (topic.kind == TopicKind::parameter) {
            const Group tree = settable_tree(scenario);
            const std::vector<LeafPath> leaves = leaves_of(tree);
            for (const WrittenParameter& written : scenario.written) {
                if (!is_of_pattern(written.path, topic.name)) continue;
                const auto leaf =
                    std::find_if(leaves.begin(), leaves.end(),
                                 [&written](const LeafPath& each) { return each.path == written.path; });
                if (leaf != leaves.end()) said += (said.empty() ? "" : ", ") + leaf_text(*leaf->leaf);
            }
        } else {
            const auto is_of = [&topic](const Published& figure) {
                return figure.observable == topic.name || figure.observable.starts_with(topic.name + ".");
            };
            const auto figures = std::count_if(scenario.published.begin(), scenario.published.end(), is_of);
            if (figures > 0) said = fmt::format("{}", figures);
        }
        if (!said.empty()) uses += fmt::format("{}{} {}", uses.empty() ? "" : "; ", entry.name, said);
    }
    if (uses.empty()) return;
    topic.facts.emplace_back(topic.kind == TopicKind::parameter ? "in library" : "published", uses);
}

}  // namespace venturi
