#include "analysis/report/risk_file_report.hpp"

#include "analysis/report/known_number.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/counted.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

// Events shown in the table of those that matter most.
constexpr std::size_t most_events_shown = 12;

std::string number(double value) {
    return fmt::format("{:.6g}", value);
}
std::string bounds_text(const Interval& interval, double level) {
    return fmt::format("({:g}% interval [{:.6g}, {:.6g}])", 100 * level, interval.low, interval.high);
}

// A ratio with what division by nothing makes of it.
std::string ratio_text(double value) {
    if (std::isnan(value)) return "–";
    if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
    return fmt::format("{:.4g}", value);
}

std::string notes_text(const std::vector<std::string>& notes) {
    std::string text;
    for (const std::string& note : notes) text += fmt::format("  note: {}\n", note);
    return text;
}

std::string literal_name(const FaultTree& tree, const EventLiteral& literal) {
    return (literal.negated ? "not " : "") + tree.basic_events[literal.event].name;
}

// A length of time with the file's unit, where it has one.
std::string duration_text(const RiskFile& file, const std::string& time) {
    switch (file.format) {
        case RiskFormat::open_psa:
            return time + " hours";
        case RiskFormat::yaml:
            return time + " months";
        case RiskFormat::galileo:
            break;
    }
    return time;
}

std::string time_text(const RiskFile& file, double time) {
    const std::string text = fmt::format("{:g}", time);
    return file.format == RiskFormat::galileo ? "time " + text : duration_text(file, text);
}

std::string simulation_text(const SimulatedProbability& simulated, double level) {
    return fmt::format("  simulated: {} of {} trials, {} {}\n", simulated.happened, simulated.trials,
                       number(simulated.estimate), bounds_text(simulated.interval, level));
}

// How many sets there are of so many events: the lowest orders, where there are many.
std::string orders_text(const std::vector<SetCount>& by_order) {
    constexpr std::size_t most_shown = 12;
    std::string orders;
    std::size_t shown = 0;
    for (std::size_t order = 0; order < by_order.size(); ++order) {
        if (by_order[order] == SetCount(0)) continue;
        if (++shown > most_shown) {
            orders += fmt::format(", and others of up to {}", by_order.size() - 1);
            break;
        }
        orders += fmt::format("{}{} of {}", orders.empty() ? "" : ", ", readable(by_order[order]), order);
    }
    return orders.empty() ? "" : fmt::format("\n    by number of events: {}", orders);
}

std::string cut_set_text(const FaultTree& tree, const CutSetSummary& sets, bool coherent) {
    std::string text =
        fmt::format("  minimal {}: {}", coherent ? "cut sets" : "cut sets (p-cuts: the tree isn't coherent)",
                    sets.count ? readable(*sets.count) : "not counted");
    if (sets.by_order) text += orders_text(*sets.by_order);
    text += fmt::format("\n    rare-event approximation {}, min-cut upper bound {}\n",
                        number(sets.rare_event), number(sets.min_cut_upper_bound));
    for (const ListedCutSet& set : sets.listed) {
        std::string names;
        for (const EventLiteral& literal : set.literals)
            names += (names.empty() ? "" : ", ") + literal_name(tree, literal);
        text += fmt::format("    {:>12}  {}\n", number(set.probability), names);
    }
    return text;
}

// What the top can't do without comes first, then what alone makes it possible, then by criticality.
std::vector<std::size_t> by_criticality(const StaticTreeAnalysis& analysis) {
    std::vector<std::size_t> order(analysis.importance.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t i) {
        const Importance& one = analysis.importance[i];
        return std::tuple(std::isinf(one.risk_reduction_worth), std::isinf(one.risk_achievement_worth),
                          std::isnan(one.criticality) ? 0.0 : one.criticality);
    });
    return order;
}

TerminalTable importance_table(const FaultTree& tree, const StaticTreeAnalysis& analysis) {
    TerminalTable table{.title = "  events that matter most",
                        .columns = {{"event", Alignment::left},
                                    {"probability"},
                                    {"Birnbaum"},
                                    {"criticality"},
                                    {"diagnostic"},
                                    {"achievement worth"},
                                    {"reduction worth"},
                                    {"Fussell-Vesely"}},
                        .rows = {}};
    const auto text = [](double value) { return ratio_text(value); };
    for (const std::size_t i : by_criticality(analysis)) {
        if (table.rows.size() == most_events_shown) break;
        const Importance& one = analysis.importance[i];
        if (one.birnbaum == 0) continue;
        const bool has_sets = analysis.cut_sets && !analysis.cut_sets->fussell_vesely.empty();
        table.rows.push_back(
            {TableCell(tree.basic_events[i].name), TableCell(text(tree.basic_events[i].probability)),
             TableCell(text(one.birnbaum)), TableCell(text(one.criticality)), TableCell(text(one.diagnostic)),
             TableCell(text(one.risk_achievement_worth)), TableCell(text(one.risk_reduction_worth)),
             TableCell(has_sets ? text(analysis.cut_sets->fussell_vesely[i]) : "–")});
    }
    return table;
}

std::string top_text(const TopAnalysis& top, Colour colour) {
    const StaticTreeAnalysis& analysis = *top.analysis;
    std::string text = fmt::format("top event {}\n", top.name);
    if (analysis.probability)
        text += fmt::format("  probability: {:.10g}\n", *analysis.probability);
    else if (analysis.bounds)
        text += fmt::format("  too large to be solved; certainly between {} and {}\n",
                            number(analysis.bounds->lower), number(analysis.bounds->upper));
    if (analysis.simulated) text += simulation_text(*analysis.simulated, analysis.level);
    if (analysis.weighted)
        text += fmt::format("  simulated with weights, {} trials: {} {}{}\n", analysis.weighted->trials,
                            number(analysis.weighted->estimate),
                            bounds_text(analysis.weighted->interval, analysis.level),
                            analysis.weighted->believable ? "" : ", which may well be wrong");
    if (analysis.uncertainty) {
        const TopUncertainty& uncertain = *analysis.uncertainty;
        text +=
            fmt::format("  with uncertain parameters: mean {} {}, deviation {}, 5% {}, median {}, 95% {}\n",
                        number(uncertain.mean), bounds_text(uncertain.mean_interval, 0.95),
                        number(uncertain.standard_deviation), number(uncertain.quantiles[0]),
                        number(uncertain.quantiles[9]), number(uncertain.quantiles[18]));
    }
    if (analysis.cut_sets) text += cut_set_text(*top.fault_tree, *analysis.cut_sets, analysis.coherent);
    text += notes_text(analysis.notes);
    if (!analysis.importance.empty()) text += table_text(importance_table(*top.fault_tree, analysis), colour);
    return text;
}

// Of a mean, the largest of so many observations should be a small part.
bool has_heavy_tail(const Moments& times) {
    constexpr double large_part = 0.1;
    return times.count() >= 100
           && times.maximum() > large_part * times.mean() * static_cast<double>(times.count());
}

std::string followed_text(const RiskFile& file, const DynamicSimulation& followed, double level) {
    std::string text = fmt::format("  simulated mean time to failure, {} histories: ", followed.trajectories);
    if (std::isnan(followed.mean_time_to_failure))
        return text
               + fmt::format("at least {} {}\n", duration_text(file, number(followed.mean_interval.low)),
                             bounds_text(followed.mean_interval, level));
    text += fmt::format("{} {}\n", duration_text(file, number(followed.mean_time_to_failure)),
                        bounds_text(followed.mean_interval, level));
    if (has_heavy_tail(followed.failure_times))
        text += fmt::format(
            "  warning: the longest history alone is {:.0f}% of that mean; its tail is so heavy that the "
            "interval\n  can't be relied on. The median is {}.\n",
            100 * followed.failure_times.maximum() / followed.failure_times.mean()
                / static_cast<double>(followed.failure_times.count()),
            duration_text(file, number(followed.distribution.quantile(0.5))));
    return text;
}

std::string dynamic_text(const RiskFile& file, const RiskFileAnalysis& all) {
    const DynamicTreeAnalysis& analysis = *all.dynamic_tree;
    std::string text;
    const bool is_solved = analysis.mean_time_to_failure || analysis.unreliability || !analysis.interrupted;
    if (analysis.refusal == ChainRefusal::none && !is_solved)
        text += "  as a dynamic tree: interrupted before it was solved\n";
    else if (analysis.refusal == ChainRefusal::none)
        text += fmt::format("  as a dynamic tree, exactly ({} states)\n", analysis.states);
    else
        text += fmt::format("  as a dynamic tree: {}\n", describe(analysis.refusal));
    if (analysis.mean_time_to_failure)
        text += fmt::format("  mean time to failure: {}\n",
                            duration_text(file, fmt::format("{:.10g}", *analysis.mean_time_to_failure)));
    if (analysis.unreliability)
        text += fmt::format("  unreliability at {}: {:.10g}\n", time_text(file, *all.time),
                            *analysis.unreliability);
    if (analysis.simulated)
        for (const SimulatedUnreliability& at : analysis.simulated->unreliability)
            text += fmt::format("  simulated unreliability at {}, {} histories: {} {}\n",
                                time_text(file, at.time), analysis.simulated->trajectories,
                                number(at.estimate), bounds_text(at.interval, analysis.level));
    if (analysis.split)
        text += fmt::format("  by importance splitting: {} {}\n", number(analysis.split->estimate),
                            bounds_text(analysis.split->interval, analysis.level));
    if (analysis.followed) text += followed_text(file, *analysis.followed, analysis.level);
    return text + notes_text(analysis.notes);
}

template <class Value>
Json optional_json(const std::optional<Value>& value) {
    return value ? number_or_infinity(*value) : Json(nullptr);
}

// Text above 2^53, for most readers of JSON take numbers for doubles.
Json count_json(const SetCount& count) {
    constexpr std::uint64_t most = std::uint64_t{1} << 53;
    const auto small = count.small();
    if (small && *small <= most) return *small;
    return decimal(count);
}

Json importance_json(const FaultTree& tree, const StaticTreeAnalysis& analysis) {
    Json list = Json::array();
    for (std::size_t i = 0; i < analysis.importance.size(); ++i) {
        const Importance& one = analysis.importance[i];
        const bool has_sets = analysis.cut_sets && !analysis.cut_sets->fussell_vesely.empty();
        list.push_back({{"event", tree.basic_events[i].name},
                        {"probability", tree.basic_events[i].probability},
                        {"birnbaum", one.birnbaum},
                        {"criticality", number_or_infinity(one.criticality)},
                        {"diagnostic", number_or_infinity(one.diagnostic)},
                        {"risk_achievement_worth", number_or_infinity(one.risk_achievement_worth)},
                        {"risk_reduction_worth", number_or_infinity(one.risk_reduction_worth)},
                        {"fussell_vesely", has_sets ? number_or_infinity(analysis.cut_sets->fussell_vesely[i])
                                                    : Json(nullptr)}});
    }
    return list;
}

void add_cut_sets(Json& json, const FaultTree& tree, const std::optional<CutSetSummary>& sets) {
    json["minimal_cut_sets"] = sets && sets->count ? count_json(*sets->count) : Json(nullptr);
    if (!sets) return;
    if (sets->by_order) {
        json["cut_sets_by_order"] = Json::array();
        for (const SetCount& count : *sets->by_order) json["cut_sets_by_order"].push_back(count_json(count));
    }
    json["rare_event_approximation"] = sets->rare_event;
    json["min_cut_upper_bound"] = sets->min_cut_upper_bound;
    if (sets->listed.empty()) return;
    json["listed_cut_sets"] = Json::array();
    for (const ListedCutSet& set : sets->listed) {
        Json events = Json::array();
        for (const EventLiteral& literal : set.literals) events.push_back(literal_name(tree, literal));
        json["listed_cut_sets"].push_back({{"probability", set.probability}, {"events", events}});
    }
}

Json uncertainty_json(const TopUncertainty& uncertain) {
    return {{"trials", uncertain.trials},
            {"mean", uncertain.mean},
            {"mean_interval", ends_or_infinity(uncertain.mean_interval)},
            {"standard_deviation", uncertain.standard_deviation},
            {"error_factor", number_or_infinity(uncertain.error_factor)},
            {"spread_factor", number_or_infinity(uncertain.spread_factor)},
            {"quantiles", uncertain.quantiles}};
}

Json top_json(const TopAnalysis& top) {
    const StaticTreeAnalysis& analysis = *top.analysis;
    Json json{{"top", top.name}};
    json["top_probability"] = optional_json(analysis.probability);
    if (analysis.bounds)
        json["bounds"] = {{"lower", analysis.bounds->lower}, {"upper", analysis.bounds->upper}};
    if (analysis.simulated || analysis.weighted) json["level"] = analysis.level;
    if (analysis.simulated)
        json["simulated"] = {{"trials", analysis.simulated->trials},
                             {"happened", analysis.simulated->happened},
                             {"estimate", analysis.simulated->estimate},
                             {"interval", ends_or_infinity(analysis.simulated->interval)}};
    if (analysis.weighted)
        json["simulated_with_weights"] = {{"trials", analysis.weighted->trials},
                                          {"estimate", analysis.weighted->estimate},
                                          {"standard_error", analysis.weighted->standard_error},
                                          {"interval", ends_or_infinity(analysis.weighted->interval)},
                                          {"believable", analysis.weighted->believable}};
    json["coherent"] = analysis.probability ? Json(analysis.coherent) : Json(nullptr);
    add_cut_sets(json, *top.fault_tree, analysis.cut_sets);
    if (analysis.uncertainty) json["uncertainty"] = uncertainty_json(*analysis.uncertainty);
    if (!analysis.importance.empty()) json["importance"] = importance_json(*top.fault_tree, analysis);
    if (!analysis.notes.empty()) json["notes"] = analysis.notes;
    return json;
}

void add_dynamic(Json& json, const DynamicTreeAnalysis& analysis) {
    json["mean_time_to_failure"] = optional_json(analysis.mean_time_to_failure);
    json["unreliability"] = optional_json(analysis.unreliability);
    json["states"] = analysis.states;
    if (analysis.refusal != ChainRefusal::none) json["not_exact_because"] = describe(analysis.refusal);
    if (!analysis.notes.empty()) json["notes"] = analysis.notes;
    if (!analysis.simulated && !analysis.followed) return;
    json["simulated"] = {{"level", analysis.level}};
    if (analysis.followed) {
        const DynamicSimulation& followed = *analysis.followed;
        json["simulated"]["trajectories"] = followed.trajectories;
        json["simulated"]["mean_time_to_failure"] = number_or_infinity(followed.mean_time_to_failure);
        json["simulated"]["mean_time_to_failure_interval"] = ends_or_infinity(followed.mean_interval);
        json["simulated"]["undecided"] = followed.undecided;
        json["simulated"]["heavy_tail"] = has_heavy_tail(followed.failure_times);
    }
    if (analysis.simulated) {
        const SimulatedUnreliability& at = analysis.simulated->unreliability.front();
        json["simulated"]["unreliability_trajectories"] = analysis.simulated->trajectories;
        json["simulated"]["unreliability"] = number_or_infinity(at.estimate);
        json["simulated"]["unreliability_interval"] = ends_or_infinity(at.interval);
    }
    if (analysis.split)
        json["simulated"]["splitting"] = {
            {"unreliability", number_or_infinity(analysis.split->estimate)},
            {"standard_error", number_or_infinity(analysis.split->standard_error)},
            {"interval", ends_or_infinity(analysis.split->interval)}};
}

RiskPictureKind picture_kind(Connective connective, std::size_t arguments) {
    switch (connective) {
        case Connective::conjunction:
            return RiskPictureKind::conjunction;
        case Connective::disjunction:
            return RiskPictureKind::disjunction;
        case Connective::at_least:
            return RiskPictureKind::at_least;
        case Connective::negation:
            return RiskPictureKind::negation;
        case Connective::exclusive_or:
            return RiskPictureKind::exclusive_or;
        case Connective::same:
            return arguments == 1 ? RiskPictureKind::disjunction : RiskPictureKind::other;
        default:
            return RiskPictureKind::other;
    }
}
const char* short_name(Connective connective) {
    switch (connective) {
        case Connective::not_and:
            return "nand";
        case Connective::not_or:
            return "nor";
        case Connective::implication:
            return "imply";
        case Connective::equivalence:
            return "iff";
        case Connective::between:
            return "card";
        default:
            return "gate";
    }
}
RiskPictureKind picture_kind(DynamicConnective connective) {
    switch (connective) {
        case DynamicConnective::conjunction:
            return RiskPictureKind::conjunction;
        case DynamicConnective::disjunction:
            return RiskPictureKind::disjunction;
        case DynamicConnective::at_least:
            return RiskPictureKind::at_least;
        case DynamicConnective::priority_and:
            return RiskPictureKind::priority_and;
        case DynamicConnective::priority_or:
            return RiskPictureKind::priority_or;
        case DynamicConnective::spare:
            return RiskPictureKind::spare;
        case DynamicConnective::dependency:
            return RiskPictureKind::functional_dependency;
        case DynamicConnective::sequence:
            return RiskPictureKind::sequence;
        case DynamicConnective::exclusion:
            return RiskPictureKind::mutual_exclusion;
    }
    return RiskPictureKind::other;
}

// Of the rates and times in a file: "per month", "months".
struct TimeUnit {
    const char* one;
    const char* per;
    const char* many;
};
TimeUnit time_unit(RiskFormat format) {
    switch (format) {
        case RiskFormat::open_psa:
            return {"hour", "per hour", "hours"};
        case RiskFormat::yaml:
            return {"month", "per month", "months"};
        case RiskFormat::galileo:
            break;
    }
    return {"of the file", "per unit of time", "units of time"};
}

std::string life_text(const DynamicLeaf& leaf, const TimeUnit& unit) {
    struct Text {
        TimeUnit unit;

        std::string operator()(const ExponentialLife& life) const {
            return fmt::format("rate {:g} {}", life.rate, unit.per);
        }
        std::string operator()(const ErlangLife& life) const {
            return fmt::format("{} phases of rate {:g} {}", life.phases, life.rate, unit.per);
        }
        std::string operator()(const WeibullLife& life) const {
            return fmt::format("Weibull, scale {:g} {}, shape {:g}", life.scale, unit.many, life.shape);
        }
        std::string operator()(const LogNormalLife& life) const {
            return fmt::format("log-normal, median {:g} {}, spread {:g}", std::exp(life.mean), unit.many,
                               life.stddev);
        }
        std::string operator()(const FailedAtStart& life) const {
            return fmt::format("at the start with {:g}", life.probability);
        }
        std::string operator()(const NeverFails&) const { return "never of itself"; }
    };
    std::string text = std::visit(Text{unit}, leaf.life);
    if (leaf.dormancy != 1) text += fmt::format(", dormancy {:g}", leaf.dormancy);
    if (leaf.repair_rate > 0) text += fmt::format(", repair rate {:g} {}", leaf.repair_rate, unit.per);
    return text;
}

void draw_static(RiskTreePicture& picture, const TopAnalysis& top) {
    const FaultTree& tree = *top.fault_tree;
    const auto events = static_cast<std::uint32_t>(tree.basic_events.size());
    const auto gates = static_cast<std::uint32_t>(tree.gates.size());
    for (std::uint32_t i = 0; i < events; ++i) {
        RiskPictureNode node{.name = tree.basic_events[i].name,
                             .probability = tree.basic_events[i].probability};
        if (!top.analysis->importance.empty()) {
            const double criticality = top.analysis->importance[i].criticality;
            if (!std::isnan(criticality)) node.importance = std::clamp(criticality, 0.0, 1.0);
        }
        picture.nodes.push_back(std::move(node));
    }
    // Constants and complements are nodes of their own, made as they are met.
    picture.nodes.resize(events + gates);
    const auto node_of = [&](const FaultTreeArgument& argument) {
        std::uint32_t node =
            argument.kind == FaultTreeArgument::Kind::gate ? events + argument.index : argument.index;
        if (argument.kind == FaultTreeArgument::Kind::constant) {
            node = static_cast<std::uint32_t>(picture.nodes.size());
            picture.nodes.push_back({.name = argument.index == 1 ? "always" : "never",
                                     .probability = static_cast<double>(argument.index)});
        }
        if (argument.complemented) {
            picture.nodes.push_back({.kind = RiskPictureKind::negation, .children = {node}});
            node = static_cast<std::uint32_t>(picture.nodes.size() - 1);
        }
        return node;
    };
    for (std::uint32_t i = 0; i < gates; ++i) {
        const FaultTreeGate& gate = tree.gates[i];
        std::vector<std::uint32_t> children;
        for (const FaultTreeArgument& argument : gate.arguments) children.push_back(node_of(argument));
        RiskPictureNode& node = picture.nodes[events + i];
        node.name = gate.name;
        node.kind = picture_kind(gate.connective, gate.arguments.size());
        node.minimum = gate.minimum;
        if (node.kind == RiskPictureKind::other) node.kind_name = short_name(gate.connective);
        node.children = std::move(children);
    }
    picture.top = node_of(tree.top);
    if (top.analysis->probability)
        picture.nodes[picture.top].probability = std::min(*top.analysis->probability, 1.0);
}

void draw_dynamic(RiskTreePicture& picture, const DynamicTree& tree, const RiskFileAnalysis& analysis,
                  const TimeUnit& unit) {
    for (const DynamicLeaf& leaf : tree.leaves) {
        RiskPictureNode node{.name = leaf.name, .note = life_text(leaf, unit)};
        if (analysis.time) node.probability = failure_probability(leaf.life, *analysis.time);
        picture.nodes.push_back(std::move(node));
    }
    for (const DynamicGate& gate : tree.gates) {
        RiskPictureNode node{
            .name = gate.name, .kind = picture_kind(gate.connective), .minimum = gate.minimum};
        // A constraint has no output: as an input it says nothing, and may close a circle.
        for (const std::uint32_t input : gate.inputs)
            if (tree.is_leaf(input) || !is_constraint(tree.gate(input).connective))
                node.children.push_back(input);
        picture.nodes.push_back(std::move(node));
    }
    picture.top = tree.top;
    if (analysis.dynamic_tree && analysis.dynamic_tree->unreliability)
        picture.nodes[picture.top].probability = std::min(*analysis.dynamic_tree->unreliability, 1.0);
}

}  // namespace

std::string risk_file_text(const RiskFile& file, const RiskFileAnalysis& analysis, Colour colour) {
    std::string text = counted(analysis.gates, "gate") + ", " + counted(analysis.events, "event");
    if (analysis.time) text += fmt::format("; at {}", time_text(file, *analysis.time));
    text += "\n\n";
    for (const TopAnalysis& top : analysis.tops) text += top_text(top, colour) + "\n";
    if (analysis.dynamic_tree) text += dynamic_text(file, analysis);
    if (analysis.dynamic_tree && analysis.dynamic_tree->unreliability && !analysis.tops.empty())
        text +=
            "  probability: that it stands failed at that time; unreliability: that it has failed by then, "
            "be it\n"
            "  repaired since\n";
    if (!analysis.sequences.empty()) {
        TerminalTable table{.title = "sequences of event trees, given the initiating event",
                            .columns = {{"initiating event", Alignment::left},
                                        {"sequence", Alignment::left},
                                        {"probability"}},
                            .rows = {}};
        for (const SequenceProbability& one : analysis.sequences)
            table.rows.push_back({TableCell(one.initiating_event), TableCell(one.sequence),
                                  TableCell(fmt::format("{:.10g}", one.probability))});
        text += table_text(table, colour);
    }
    text += notes_text(analysis.notes);
    if (analysis.interrupted) text += "interrupted: what had not been found by then is left out\n";
    return text;
}

Json risk_file_json(const RiskFile& file, const RiskFileAnalysis& analysis) {
    constexpr std::array formats = {"open_psa", "galileo", "yaml"};
    Json json{{"format", formats[static_cast<std::size_t>(file.format)]},
              {"gates", analysis.gates},
              {"events", analysis.events},
              {"mission_time", optional_json(analysis.time)}};
    if (analysis.tops.size() == 1) json.update(top_json(analysis.tops.front()));
    if (analysis.tops.size() > 1) {
        json["tops"] = Json::array();
        for (const TopAnalysis& top : analysis.tops) json["tops"].push_back(top_json(top));
    }
    if (analysis.dynamic_tree) {
        if (analysis.tops.empty())
            json["top_probability"] = optional_json(analysis.dynamic_tree->unreliability);
        // With repair the two differ.
        json["top_probability_is_that_it"] =
            analysis.tops.empty() ? "has failed by the mission time" : "stands failed at the mission time";
        json["time_unit"] = time_unit(file.format).one;
        add_dynamic(json, *analysis.dynamic_tree);
    }
    if (!analysis.sequences.empty()) {
        json["event_trees"] = Json::array();
        for (const SequenceProbability& one : analysis.sequences)
            json["event_trees"].push_back({{"initiating_event", one.initiating_event},
                                           {"sequence", one.sequence},
                                           {"probability", one.probability}});
    }
    if (!analysis.notes.empty()) json["event_tree_notes"] = analysis.notes;
    if (analysis.interrupted) json["interrupted"] = true;
    json["warnings"] = Json::array();
    for (const Problem& problem : file.warnings()) json["warnings"].push_back(to_text(problem));
    return json;
}

RiskTreePicture risk_file_picture(const RiskFile& file, const RiskFileAnalysis& analysis) {
    RiskTreePicture picture;
    const auto* contents = std::get_if<TreeContents>(&file.contents);
    if (contents != nullptr && contents->dynamic_tree) {
        picture.title = contents->dynamic_tree->name(contents->dynamic_tree->top);
        draw_dynamic(picture, *contents->dynamic_tree, analysis, time_unit(file.format));
        picture.headings.probability = "has failed by then";
    } else {
        expects(!analysis.tops.empty(), "there is a tree to be drawn");
        picture.title = analysis.tops.front().name;
        draw_static(picture, analysis.tops.front());
    }
    picture.headings.importance = "criticality";
    if (analysis.time) picture.subtitle = fmt::format("at {}", time_text(file, *analysis.time));
    if (analysis.time && contents != nullptr && contents->dynamic_tree)
        picture.subtitle += "; probabilities are of having failed by then, be it repaired since";
    return picture;
}

}  // namespace venturi
