#include "scenarios/scenario.hpp"

#include "scenarios/binding.hpp"
#include "scenarios/chain.hpp"
#include "scenarios/documentation.hpp"
#include "scenarios/resolved.hpp"
#include "scenarios/sections.hpp"
#include "scenarios/visible_text.hpp"
#include "scenarios/written_parameters.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace venturi {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view meaning_of_run = "how often, how long and from which seed the world is run";

const std::array<std::string, 6> keys_besides_parameters{"extends", "title",         "description",
                                                         "ties",    "interventions", "published"};

void read_title(const DocumentNode& root, const std::string& key, std::string& target,
                ProblemList& problems) {
    const DocumentNode* const node = root.find(key);
    if (node == nullptr) return;
    if (node->kind == DocumentNode::Kind::text)
        target = node->text;
    else
        problems.add({.position = node->position,
                      .message = fmt::format("'{}' needs a text, not {}", key, describe_kind(*node)),
                      .legal = "a text"});
}

// Where the parameter at a path was last written; else the last file as a whole.
SourcePosition position_in(const std::vector<ChainFile>& files, std::string_view path) {
    for (std::size_t i = files.size(); i-- > 0;) {
        const DocumentNode* node = &files[i].root;
        for (std::string_view rest = path; node != nullptr && !rest.empty();) {
            const std::size_t point = std::min(rest.find('.'), rest.size());
            node = node->find(rest.substr(0, point));
            rest.remove_prefix(std::min(rest.size(), point + 1));
        }
        if (node != nullptr) return node->position;
    }
    return {.file = files.back().path.string()};
}

// Whether a file looks like a scenario: one of its keys is a scenario's. Nothing of one that doesn't is
// repeated in the message, as it may be anybody's, but for keys that are nearly a scenario's: slips of the
// pen.
bool is_scenario(const DocumentNode& root, const Group& tree, ProblemList& problems) {
    const bool is_text = root.kind == DocumentNode::Kind::text;
    if (root.kind != DocumentNode::Kind::map) {
        problems.add({.position = root.position,
                      .message = fmt::format("a scenario is a map of names to values, not {}",
                                             is_text ? "a text" : describe_kind(root)),
                      .legal = "title: my world"});
        return false;
    }
    std::vector<std::string> legal(keys_besides_parameters.begin(), keys_besides_parameters.end());
    for (std::string& name : names_of(tree)) legal.push_back(std::move(name));
    const auto is_legal = [&legal](const DocumentNode::Key& key) {
        return std::ranges::find(legal, key.text) != legal.end();
    };
    if (root.keys.empty() || std::ranges::any_of(root.keys, is_legal)) return true;
    bool has_slip = false;
    for (const DocumentNode::Key& key : root.keys) {
        const std::string nearest = nearest_name(key.text, legal);
        if (nearest.empty()) continue;
        has_slip = true;
        problems.add({.position = key.position,
                      .message = fmt::format("unknown key {}", in_quotes(key.text)),
                      .value = key.text,
                      .legal = listed(legal),
                      .nearest = nearest});
    }
    if (has_slip) return false;
    problems.add({.position = root.position,
                  .message = "this is no scenario: none of its keys is one of a scenario's",
                  .legal = listed(legal)});
    return false;
}

// Rows of mixes are of stages that there are: it can be told only when all rounds are read.
void check_stages(const WorldParameters& world, const std::vector<ChainFile>& files, ProblemList& problems) {
    const std::vector<std::string> stages = funding_stages(world);
    for (const StartupGroupParameters& group : world.startups)
        for (const StageMix& stage : group.mix_by_stage) {
            if (std::ranges::find(stages, stage.name) != stages.end()) continue;
            const std::string path = fmt::format("startups.{}.mix_by_stage", group.name);
            problems.add(
                {.position = position_in(files, fmt::format("{}.{}", path, stage.name)),
                 .message = fmt::format("unknown funding stage {} in '{}'", in_quotes(stage.name), path),
                 .value = stage.name,
                 .legal = listed(stages),
                 .nearest = nearest_name(stage.name, stages)});
        }
}

Scenario read_chain(const std::vector<ChainFile>& files) {
    Scenario scenario;
    scenario.file = files.back().path;
    ProblemList problems;
    std::vector<NamedEntry> interventions;
    std::vector<NamedEntry> published;
    const DocumentNode* ties = nullptr;  // the last file's: a list of ties is given as a whole
    Scenario extended;
    for (const ChainFile& file : files) {
        if (&file == &files.back()) extended = scenario;
        if (!is_scenario(file.root, settable_tree(scenario), problems)) continue;
        read_title(file.root, "title", scenario.title, problems);
        read_title(file.root, "description", scenario.description, problems);
        Group tree = settable_tree(scenario);
        read_group(tree, file.root, problems, keys_besides_parameters);
        if (const DocumentNode* const list = file.root.find("ties")) ties = list;
        if (const DocumentNode* const list = file.root.find("interventions"))
            merge_entries(interventions, *list, "interventions", name_of_intervention, problems);
        if (const DocumentNode* const list = file.root.find("published"))
            merge_entries(published, *list, "published", name_of_published, problems);
    }
    check_references(
        settable_tree(scenario), [&files](const std::string& path) { return position_in(files, path); },
        problems);
    check_stages(scenario.world, files, problems);
    if (ties != nullptr) scenario.world.ties = read_given_ties(*ties, scenario.world, problems);
    std::vector<WrittenParameter> by_interventions;
    scenario.interventions =
        read_interventions(interventions, parameter_tree(scenario.world), by_interventions, problems);
    scenario.published = read_published(published, scenario, problems);
    problems.throw_if_any();
    scenario.written = written_in(files.back().root, settable_tree(scenario), settable_tree(extended));
    for (WrittenParameter& parameter : by_interventions)
        if (parameter.position.file == files.back().path.string())
            scenario.written.push_back(std::move(parameter));
    return scenario;
}

}  // namespace

Group settable_tree(Scenario& scenario) {
    Group tree = parameter_tree(scenario.world);
    tree.members.insert(tree.members.begin(), {parameter_tree(scenario.run, "run", meaning_of_run)});
    return tree;
}

Scenario load_scenario(const std::string& name, std::span<const std::filesystem::path> library_folders) {
    const std::filesystem::path file = locate_scenario(name, library_folders);
    return read_chain(load_chain({file, load_document(file)}, library_folders));
}

Scenario read_scenario(std::string_view text, const std::filesystem::path& file,
                       std::span<const std::filesystem::path> library_folders) {
    return read_chain(load_chain({file, parse_document(text, file.string())}, library_folders));
}

namespace {

constexpr std::string_view blank = " \t\r\n";

std::string_view without_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    text.remove_suffix(text.size() - std::min(text.find_last_not_of(blank) + 1, text.size()));
    return text;
}

// What options gave a parameter, the last one last: "--set run.seed=4, --set run.seed=3".
std::string all_given(const WrittenParameter& written) {
    if (written.given.empty()) return {};
    const bool by_path = written.position.line > 0;  // --set, and what is like it
    return fmt::format("{}{}{} {}{}{}", written.dropped, written.dropped.empty() ? "" : ", ",
                       written.position.file, by_path ? written.path : "", by_path ? "=" : "", written.given);
}

// Sets the parameter at a path. `place` is where the path stands, `value_column` where the value does, and
// `name` what messages call the parameter.
void set_parameter(Scenario& scenario, const std::string& path, std::string_view value,
                   const SourcePosition& place, int value_column, std::string_view name) {
    SourcePosition value_place{place.file, place.line, value_column};
    ProblemList problems;
    Scenario changed = scenario;
    const Group tree = settable_tree(changed);
    if (const Leaf* const leaf = find_leaf(tree, path, place, problems)) {
        if (value.find_first_not_of(blank) == std::string_view::npos)
            problems.add({.position = value_place,
                          .message = fmt::format("'{}' has no value", name),
                          .legal = legal_text(*leaf)});
        else
            read_leaf(*leaf, name, parse_document(value, place.file, {}, value_column), problems);
    }
    check_references(
        tree, [&](const std::string&) { return value_place; }, problems);
    problems.throw_if_any();
    // What was written there before is no more.
    WrittenParameter written{.path = path, .position = place, .given = visible(without_blanks(value))};
    for (const WrittenParameter& before : changed.written)
        if (before.path == path && !before.value)
            written.dropped = before.given == written.given ? before.dropped : all_given(before);
    std::erase_if(changed.written, [&path](const WrittenParameter& parameter) {
        return parameter.path == path && !parameter.value;
    });
    changed.written.push_back(std::move(written));
    scenario = std::move(changed);
}

}  // namespace

void apply_setting(Scenario& scenario, std::string_view setting, std::string_view option) {
    const SourcePosition place{.file = std::string(option), .line = 1, .column = 1};
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos || equals == 0)
        throw ScenarioError(Problem{.position = place,
                                    .message = fmt::format("{} is no setting", in_quotes(setting)),
                                    .value = std::string(setting),
                                    .legal = "path=value, such as run.horizon=10 years"});
    const std::string path(without_blanks(setting.substr(0, equals)));
    set_parameter(scenario, path, setting.substr(equals + 1), place, static_cast<int>(equals) + 2, path);
}

void apply_option(Scenario& scenario, std::string_view option, std::string_view path,
                  std::string_view value) {
    try {
        set_parameter(scenario, std::string(path), value,
                      {.file = std::string(option), .line = 1, .column = 1}, 1, option);
        scenario.written.back().position = {.file = std::string(option)};
    } catch (const ScenarioError& error) {
        // An option is one value: it has no lines, and needs its name but once.
        std::vector<Problem> problems = error.problems();
        for (Problem& problem : problems) {
            problem.position = {.file = std::string(option)};
            const std::string named = fmt::format("'{}'", option);
            if (problem.message.starts_with(named + ": "))
                problem.message.erase(0, named.size() + 2);
            else if (problem.message.starts_with(named + " "))
                problem.message.erase(0, named.size() + 1);
        }
        throw ScenarioError(std::move(problems));
    }
}

Json resolved_scenario(const Scenario& scenario) {
    Scenario source = scenario;
    Scenario standard;
    Json result = {{"title", source.title}, {"description", source.description}};
    result.update(resolved_group(settable_tree(source), settable_tree(standard)));
    result["ties"] = resolved_given_ties(source.world.ties);
    result["interventions"] = resolved_interventions(source.interventions, parameter_tree(source.world));
    result["published"] = resolved_published(source.published);
    return result;
}

std::string scenario_template(Scenario scenario, const std::map<std::string, std::string>& citations) {
    constexpr std::string_view head =
        "# Units: $2.5M, $120k/month, 18 months, 420 days, 0.5/month, 24%/year, 24%.\n"
        "# A parameter that is drawn may be a distribution: {uniform: {low: 1, high: 2}}, {triangular: "
        "...},\n"
        "# {normal: ...}, {log_normal: ...}, {exponential: ...}, {gamma: ...}, {weibull: ...}, {pareto: "
        "...}.\n"
        "# extends: seed_cohort    # another file, or a scenario of the library, that this one changes\n"
        "title: My world\n"
        "description: What it is about\n";
    constexpr std::string_view tail =
        "\n# Ties that are there from the day on which both ends are.\n"
        "ties: []\n"
        "  # - [group/1, group/2]\n"
        "  # - {between: [group/1, group/3], trust: 70%}\n"
        "  # - {file: ties.csv}        # an edge list or GraphML, whose weights are trust\n"
        "\n# What happens to the world at a time or under a condition.\n"
        "interventions: []\n"
        "  # - name: winter\n"
        "  #   at: 24 months          # or  when: {measure: NAME, group: NAME, below: 50%}\n"
        "  #   for: 12 months         # for good where it is not said\n"
        "  #   climate: cold          # or  set: {group.parameter: value}, or both\n"
        "\n# Published figures that runs are compared with.\n"
        "published: []\n"
        "  # - observable: NAME\n"
        "  #   month: 60\n"
        "  #   value: 50%\n"
        "  #   source: where it is published\n";
    const auto citation_of = [&citations](const std::string& path) {
        const auto found = citations.find(path);
        return found == citations.end() ? std::nullopt : std::optional(found->second);
    };
    return fmt::format("{}\n{}{}{}", first_line_of_template, head,
                       commented_yaml(settable_tree(scenario), citation_of), tail);
}

Json scenario_schema() {
    Scenario standard;
    Json parameters = group_schema(settable_tree(standard));
    Json properties = {
        {"extends",
         {{"type", "string"},
          {"minLength", 1},
          {"description",
           "the scenario that this one changes: a path relative to this file, or the name of a "
           "library scenario"}}},
        {"title", {{"type", "string"}, {"description", "the name of the scenario, for people"}}},
        {"description", {{"type", "string"}, {"description", "what the scenario is about"}}},
    };
    properties.update(parameters["properties"]);
    properties["ties"] = given_ties_schema();
    properties["interventions"] = interventions_schema();
    properties["published"] = published_schema();
    return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
            {"title", "Venturi scenario"},
            {"type", "object"},
            {"properties", properties},
            {"additionalProperties", false},
            {"$defs", quantity_definitions()}};
}

}  // namespace venturi
