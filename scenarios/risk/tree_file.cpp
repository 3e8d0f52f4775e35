#include "scenarios/risk/tree_file.hpp"

#include "scenarios/binding.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/risk/keyword_hint.hpp"
#include "scenarios/risk/life_limits.hpp"
#include "scenarios/risk/tree_draft.hpp"
#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace venturi {
namespace {

using Kind = DocumentNode::Kind;

struct ConnectiveKey {
    std::string_view key;
    std::variant<Connective, DynamicConnective> connective;
    std::string_view example;
};

constexpr std::array<ConnectiveKey, 16> connective_keys{{
    {"and", Connective::conjunction, "{and: [a, b]}"},
    {"or", Connective::disjunction, "{or: [a, b]}"},
    {"at_least", Connective::at_least, "{at_least: 2, of: [a, b, c]}"},
    {"between", Connective::between, "{between: [1, 2], of: [a, b, c]}"},
    {"not", Connective::negation, "{not: a}"},
    {"xor", Connective::exclusive_or, "{xor: [a, b]}"},
    {"nand", Connective::not_and, "{nand: [a, b]}"},
    {"nor", Connective::not_or, "{nor: [a, b]}"},
    {"imply", Connective::implication, "{imply: [a, b]}"},
    {"iff", Connective::equivalence, "{iff: [a, b]}"},
    {"priority_and", DynamicConnective::priority_and, "{priority_and: [a, b]}"},
    {"priority_or", DynamicConnective::priority_or, "{priority_or: [a, b]}"},
    {"spare", DynamicConnective::spare, "{spare: [a, b]}"},
    {"functional_dependency", DynamicConnective::dependency, "{functional_dependency: [trigger, a, b]}"},
    {"sequence", DynamicConnective::sequence, "{sequence: [a, b]}"},
    {"mutual_exclusion", DynamicConnective::exclusion, "{mutual_exclusion: [a, b]}"},
}};

const ConnectiveKey* find_connective(std::string_view key) {
    const auto* const found = std::find_if(connective_keys.begin(), connective_keys.end(),
                                           [key](const ConnectiveKey& each) { return each.key == key; });
    return found == connective_keys.end() ? nullptr : found;
}

std::vector<std::string> names_of_connectives() {
    std::vector<std::string> names;
    for (const ConnectiveKey& each : connective_keys) names.emplace_back(each.key);
    return names;
}

// The keys that a connective may have beside itself.
std::vector<std::string> keys_with(const ConnectiveKey& connective) {
    std::vector<std::string> keys{std::string(connective.key)};
    if (connective.key == "at_least" || connective.key == "between") keys.emplace_back("of");
    if (connective.key.starts_with("priority")) keys.emplace_back("simultaneity");
    if (connective.key == "functional_dependency") keys.emplace_back("probability");
    return keys;
}

bool is_element_name(std::string_view text) {
    const auto is_part = [](char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & '\x80') != 0;
        return is_letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    };
    return !text.empty() && text.front() != '-' && text != "true" && text != "false"
           && std::all_of(text.begin(), text.end(), is_part) && !unfit_for_name(text);
}

class TreeReader {
  public:
    explicit TreeReader(ProblemList& problems) : problems_(problems) {}

    TreeDraft read(const DocumentNode& map) {
        const std::vector<std::string> keys{"top", "gates", "events"};
        const bool has_no_key = std::none_of(
            keys.begin(), keys.end(), [&map](const std::string& key) { return map.find(key) != nullptr; });
        if (map.kind == Kind::text || (map.kind == Kind::map && has_no_key)) {
            // Whatever it is, none of it is shown.
            problems_.add({.position = map.position,
                           .message = map.kind == Kind::text
                                          ? "is no tree: one text, and no map of names"
                                          : fmt::format("is no tree: it has none of {}", listed(keys)),
                           .legal =
                               "a map with top, gates and events; names that end in .dft and .xml are other "
                               "formats"});
            return {};
        }
        if (!check_keys(map, "tree", keys, problems_)) return {};
        if (const DocumentNode* const top = map.find("top"))
            draft_.top = read_formula(*top, "top");
        else
            add(map, "'top' is missing", "top: the name of a gate or an event");
        if (const DocumentNode* const gates = named_elements(map, "gates"))
            for (std::size_t i = 0; i < gates->items.size(); ++i) read_gate(gates->keys[i], gates->items[i]);
        if (const DocumentNode* const events = named_elements(map, "events"))
            for (std::size_t i = 0; i < events->items.size(); ++i)
                read_event(events->keys[i], events->items[i]);
        return std::move(draft_);
    }

  private:
    void add(const DocumentNode& node, std::string message, std::string legal) {
        problems_.add({.position = node.position,
                       .message = std::move(message),
                       .value = node.text,
                       .legal = std::move(legal)});
    }

    // The map of names to elements under a key; null, and a problem where there is something else.
    const DocumentNode* named_elements(const DocumentNode& map, std::string_view key) {
        const DocumentNode* const node = map.find(key);
        if (node == nullptr || node->kind == Kind::nothing) return nullptr;
        if (node->kind != Kind::map) {
            add(*node, fmt::format("'{}' needs a map of names, not {}", key, describe_kind(*node)),
                "NAME: what it is");
            return nullptr;
        }
        for (const DocumentNode::Key& name : node->keys)
            if (!is_element_name(name.text))
                problems_.add(
                    {.position = name.position,
                     .message = fmt::format("{} can't be a name in '{}'", in_quotes(name.text), key),
                     .value = name.text,
                     .legal = "letters, digits, underscores, hyphens and dots, no hyphen first"});
        return node;
    }

    // Formulas.

    DraftArgument read_formula(const DocumentNode& node, std::string_view place) {
        DraftArgument argument{.position = node.position};
        if (node.kind == Kind::text) {
            argument.complemented = node.text.starts_with('-');
            argument.name = node.text.substr(argument.complemented ? 1 : 0);
            if (argument.name.empty()) add(node, fmt::format("an empty name in '{}'", place), "a name");
            return argument;
        }
        if (node.kind != Kind::map) {
            add(node, fmt::format("'{}' needs a formula, not {}", place, describe_kind(node)),
                "a name, or a map such as {and: [a, b]}");
            return argument;
        }
        DraftGate gate;
        if (!read_connective(node, place, gate)) return argument;
        argument.formula = draft_.elements.size();
        draft_.elements.push_back({.position = node.position, .content = std::move(gate)});
        return argument;
    }

    void read_gate(const DocumentNode::Key& name, const DocumentNode& node) {
        DraftGate gate{.connective = Connective::same};
        if (node.kind == Kind::map) {
            if (!read_connective(node, name.text, gate)) return;
        } else {
            gate.arguments.push_back(read_formula(node, name.text));
        }
        draft_.elements.push_back({name.text, name.position, std::move(gate)});
    }

    bool read_connective(const DocumentNode& map, std::string_view place, DraftGate& gate) {
        const ConnectiveKey* connective = nullptr;
        std::size_t found = 0;
        for (std::size_t i = 0; i < map.keys.size(); ++i)
            if (const ConnectiveKey* const each = find_connective(map.keys[i].text)) {
                if (connective != nullptr) {
                    problems_.add({.position = map.keys[i].position,
                                   .message = fmt::format("'{}' has both '{}' and '{}'", place,
                                                          connective->key, each->key),
                                   .value = map.keys[i].text,
                                   .legal = "one connective; another stands in a formula of its own"});
                    return false;
                }
                connective = each;
                found = i;
            }
        const std::vector<std::string> names = names_of_connectives();
        if (connective == nullptr) {
            if (map.keys.empty())
                add(map, fmt::format("'{}' has no connective", place), listed(names));
            else
                problems_.add({.position = map.keys.front().position,
                               .message = fmt::format("unknown connective {} in '{}'",
                                                      in_quotes(map.keys.front().text), place),
                               .value = map.keys.front().text,
                               .legal = listed(names),
                               .nearest = keyword_hint(map.keys.front().text, names)});
            return false;
        }
        if (!check_keys(map, place, keys_with(*connective), problems_)) return false;
        gate.connective = connective->connective;
        return read_options(map, *connective, place, gate)
               && read_inputs(map, *connective, map.items[found], place, gate);
    }

    bool read_options(const DocumentNode& map, const ConnectiveKey& connective, std::string_view place,
                      DraftGate& gate) {
        if (const DocumentNode* const node = map.find("simultaneity")) {
            constexpr std::array<std::string_view, 2> names{"inclusive", "exclusive"};
            const auto choice = read_choice(*node, "simultaneity", names, problems_);
            if (!choice) return false;
            gate.simultaneity = *choice == 0 ? Simultaneity::inclusive : Simultaneity::exclusive;
        }
        if (const DocumentNode* const node = map.find("probability")) {
            const auto chance =
                read_quantity(*node, "probability", Dimension::share, between(0, 1), problems_);
            if (!chance) return false;
            gate.probability = *chance;
        }
        const DocumentNode& value = *map.find(connective.key);
        if (connective.key == "at_least") return read_count(value, "at_least", gate.minimum);
        if (connective.key != "between") return true;
        if (value.kind != Kind::list || value.items.size() != 2) {
            add(value, fmt::format("'between' in '{}' needs two numbers", place),
                std::string(connective.example));
            return false;
        }
        const bool low = read_count(value.items[0], "between", gate.minimum);
        return read_count(value.items[1], "between", gate.maximum) && low;
    }

    bool read_count(const DocumentNode& node, std::string_view name, std::int64_t& count) {
        constexpr double most = 1e9;
        const auto value = read_quantity(node, name, Dimension::count, between(0, most), problems_);
        if (value) count = static_cast<std::int64_t>(*value);
        return value.has_value();
    }

    bool read_inputs(const DocumentNode& map, const ConnectiveKey& connective, const DocumentNode& value,
                     std::string_view place, DraftGate& gate) {
        const bool is_counted = connective.key == "at_least" || connective.key == "between";
        const DocumentNode* const inputs = is_counted ? map.find("of") : &value;
        if (connective.key == "not" && value.kind != Kind::list) {
            gate.arguments.push_back(read_formula(value, place));
            return true;
        }
        if (inputs == nullptr || inputs->kind != Kind::list) {
            const std::string found = inputs == nullptr ? "'of' is missing" : describe_kind(*inputs);
            add(inputs == nullptr ? map : *inputs,
                fmt::format("'{}' in '{}' needs a list of inputs: {}", connective.key, place, found),
                std::string(connective.example));
            return false;
        }
        for (const DocumentNode& input : inputs->items) gate.arguments.push_back(read_formula(input, place));
        return true;
    }

    // Events.

    void read_event(const DocumentNode::Key& name, const DocumentNode& node) {
        std::optional<DraftEvent> event;
        if (node.kind == Kind::text)
            event = read_short_event(name.text, node);
        else if (node.kind == Kind::map)
            event = read_event_map(name.text, node);
        else
            add(node,
                fmt::format("'{}' needs a probability, a rate or a map, not {}", name.text,
                            describe_kind(node)),
                legal_events());
        // What is wrong has been said: the event stays, so that its name is known.
        draft_.elements.push_back({name.text, name.position, event.value_or(DraftEvent{})});
    }

    static std::string legal_events() {
        return "0.01, 1%, 0.5 per year, true, false, or a map with one of probability, rate, mean, erlang, "
               "weibull, log_normal";
    }

    std::optional<DraftEvent> read_short_event(const std::string& name, const DocumentNode& node) {
        DraftEvent event;
        if (node.text == "true" || node.text == "false") {
            event.house = node.text == "true";
            return event;
        }
        const auto quantity = read_any_quantity(node, name, problems_);
        if (!quantity) return std::nullopt;
        const bool is_probability =
            quantity->dimension == Dimension::number || quantity->dimension == Dimension::share;
        if (!is_probability && quantity->dimension != Dimension::rate) {
            add(node, fmt::format("'{}': {} is neither a probability nor a rate", name, in_quotes(node.text)),
                legal_events());
            return std::nullopt;
        }
        if (quantity->value < 0 || quantity->value > (is_probability ? 1 : most_rate)) {
            add(node, fmt::format("'{}': {} is out of range", name, in_quotes(node.text)),
                is_probability ? "a probability between 0 and 1"
                               : "a rate of at least 0, and at most 1e100 per month");
            return std::nullopt;
        }
        if (is_probability)
            event.leaf.life = FailedAtStart{quantity->value};
        else
            event.leaf.life = ExponentialLife{quantity->value};
        return event;
    }

    std::optional<DraftEvent> read_event_map(const std::string& name, const DocumentNode& map) {
        const std::vector<std::string> lives{"probability", "rate",    "mean",
                                             "erlang",      "weibull", "log_normal"};
        std::vector<std::string> keys = lives;
        keys.insert(keys.end(), {"repair", "dormancy"});
        if (!check_keys(map, name, keys, problems_)) return std::nullopt;
        std::vector<std::string_view> given;
        for (const std::string& life : lives)
            if (map.find(life) != nullptr) given.push_back(life);
        if (given.size() != 1) {
            add(map,
                given.empty() ? fmt::format("it isn't said how '{}' fails", name)
                              : fmt::format("'{}' has both '{}' and '{}'", name, given[0], given[1]),
                fmt::format("one of {}", listed(lives)));
            return std::nullopt;
        }
        DraftEvent event;
        const DocumentNode& life = *map.find(given.front());
        bool has_life = read_life(given.front(), life, event.leaf.life);
        if (const std::string limits = limits_of(event.leaf.life); has_life && !limits.empty()) {
            add(life, fmt::format("the life of '{}' can't be computed with", name), limits);
            has_life = false;
        }
        return read_spare_and_repair(name, map, event.leaf) && has_life ? std::optional(event) : std::nullopt;
    }

    bool read_spare_and_repair(const std::string& name, const DocumentNode& map, DynamicLeaf& leaf) {
        bool legal = true;
        if (const DocumentNode* const node = map.find("dormancy")) {
            const auto dormancy =
                read_quantity(*node, "dormancy", Dimension::share, between(0, 1), problems_);
            legal = dormancy.has_value();
            leaf.dormancy = dormancy.value_or(1);
        }
        const DocumentNode* const node = map.find("repair");
        if (node == nullptr) return legal;
        const auto repair = read_any_quantity(*node, "repair", problems_);
        if (!repair) return false;
        const bool is_duration = repair->dimension == Dimension::duration;
        const double rate = is_duration ? 1 / repair->value : repair->value;
        if ((!is_duration && repair->dimension != Dimension::rate) || !(rate > 0) || !(rate <= most_rate)) {
            add(*node, fmt::format("'{}' can't be repaired in {}", name, in_quotes(node->text)),
                "a mean duration above 0 (3 days) or a rate above 0 (2 per week), of at most 1e100 per "
                "month");
            return false;
        }
        leaf.repair_rate = rate;
        return legal;
    }

    bool read_life(std::string_view key, const DocumentNode& node, LeafLife& life) {
        if (key == "probability") {
            const auto value = read_quantity(node, key, Dimension::share, between(0, 1), problems_);
            if (value) life = FailedAtStart{*value};
            return value.has_value();
        }
        if (key == "rate" || key == "mean") {
            const auto rate = read_rate(key, node);
            if (rate) life = ExponentialLife{*rate};
            return rate.has_value();
        }
        if (key == "erlang") return read_erlang(node, life);
        return key == "weibull" ? read_weibull(node, life) : read_log_normal(node, life);
    }

    std::optional<double> read_rate(std::string_view key, const DocumentNode& node) {
        if (key == "rate") return read_quantity(node, key, Dimension::rate, at_least(0), problems_);
        const auto mean = read_quantity(node, key, Dimension::duration, above(0), problems_);
        if (!mean) return std::nullopt;
        if (std::isfinite(1 / *mean)) return 1 / *mean;
        add(node, fmt::format("'{}' is too short", key), "a duration above 1e-308 months");
        return std::nullopt;
    }

    bool read_erlang(const DocumentNode& node, LeafLife& life) {
        constexpr double most_phases = 255;
        const std::vector<std::string> keys{"phases", "mean", "rate"};
        if (!check_keys(node, "erlang", keys, problems_)) return false;
        const bool has_mean = node.find("mean") != nullptr;
        if (node.find("phases") == nullptr || has_mean == (node.find("rate") != nullptr)) {
            add(node, "an Erlang life needs its phases and its mean or the rate of each phase",
                "{phases: 3, mean: 2 years}");
            return false;
        }
        const auto phases = read_quantity(*node.find("phases"), "phases", Dimension::count,
                                          between(1, most_phases), problems_);
        const std::string_view key = has_mean ? "mean" : "rate";
        const auto rate = read_rate(key, *node.find(key));
        if (!phases || !rate) return false;
        // A mean this short has no rate of its phases.
        const double of_phase =
            std::min(has_mean ? *rate * *phases : *rate, std::numeric_limits<double>::max());
        life = ErlangLife{of_phase, static_cast<std::uint32_t>(*phases)};
        return true;
    }

    // Two values of a life, both above 0.
    std::optional<std::pair<double, double>> read_pair(
        const DocumentNode& node, std::string_view life,
        const std::array<std::pair<std::string_view, Dimension>, 2>& fields) {
        const std::vector<std::string> keys{std::string(fields[0].first), std::string(fields[1].first)};
        if (!check_keys(node, life, keys, problems_)) return std::nullopt;
        std::array<std::optional<double>, 2> values;
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (const DocumentNode* const value = node.find(fields[i].first))
                values[i] = read_quantity(*value, fields[i].first, fields[i].second, above(0), problems_);
            else
                add(node, fmt::format("'{}' is missing in '{}'", fields[i].first, life), listed(keys));
        if (!values[0] || !values[1]) return std::nullopt;
        return std::pair(*values[0], *values[1]);
    }

    bool read_weibull(const DocumentNode& node, LeafLife& life) {
        const auto values =
            read_pair(node, "weibull", {{{"shape", Dimension::number}, {"scale", Dimension::duration}}});
        if (values) life = WeibullLife{.scale = values->second, .shape = values->first};
        return values.has_value();
    }

    bool read_log_normal(const DocumentNode& node, LeafLife& life) {
        const auto values =
            read_pair(node, "log_normal", {{{"median", Dimension::duration}, {"spread", Dimension::number}}});
        if (values) life = LogNormalLife{.mean = std::log(values->first), .stddev = values->second};
        return values.has_value();
    }

    ProblemList& problems_;
    TreeDraft draft_;
};

}  // namespace

TreeContents read_tree(const DocumentNode& map, ProblemList& problems) {
    const TreeDraft draft = TreeReader(problems).read(map);
    problems.throw_if_any();
    return assemble(draft, problems);
}

TreeContents parse_tree_file(std::string_view text, const std::string& name) {
    ProblemList problems;
    return read_tree(parse_document(text, name), problems);
}

TreeContents load_tree_file(const std::filesystem::path& file) {
    ProblemList problems;
    return read_tree(load_document(file), problems);
}

}  // namespace venturi
