#include "analysis/report/startup_risk_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr double year = 12;

const RiskParameters& parameters_of(const World<PlainDraws>& world) {
    return world.parameters.risk;
}
const DynamicTree& tree_in(const World<PlainDraws>& world) {
    return world.setup().risk.semantics.tree();
}

std::string in_words(std::string name) {
    std::ranges::replace(name, '_', ' ');
    return name;
}

std::string dollars(double amount) {
    return quantity_text(amount, Dimension::money);
}
std::string a_year(double per_month) {
    return fmt::format("{:.3g}", per_month * year);
}
std::string share_text(double value) {
    return quantity_text(value, Dimension::share);
}

// Nothing has no parts.
std::string part_text(double part) {
    return std::isnan(part) ? "–" : fmt::format("{:.2g}", part);
}

// Part of the expected loss, the measure by which leaves are compared.
double part_of_loss(const StartupRisk& risk, const LeafRisk& leaf) {
    return risk.loss > 0 ? leaf.loss / risk.loss : 0;
}

std::string joins(const RiskGateParameters& gate, std::size_t inputs) {
    switch (gate.kind) {
        case RiskGateKind::any:
            return "any of";
        case RiskGateKind::all:
            return "all of";
        case RiskGateKind::at_least:
            return fmt::format("{} of {}", gate.needs, inputs);
        case RiskGateKind::in_order:
            return "in order";
    }
    return {};
}

// Why a leaf can't fail as things stand.
std::string why_idle(const World<PlainDraws>& world, std::uint32_t leaf) {
    const RiskLeafParameters& parameters = parameters_of(world).leaves[leaf];
    if (!(parameters.rate > 0)) return "its rate is 0 in this scenario";
    switch (parameters.driver) {
        case RiskDriver::load:
        case RiskDriver::exposure:
        case RiskDriver::complaints:
            return "not at risk now: there are no customers yet";
        case RiskDriver::compliance:
            return "not at risk: its market is not regulated";
        default:
            return fmt::format(
                "not at risk now: its driver, {}, is at zero",
                in_words(std::string(risk_driver_names[static_cast<std::size_t>(parameters.driver)])));
    }
}

// The tree as indented lines: its gates, and below each what it is over.
void write_tree(const World<PlainDraws>& world, const StartupRisk& risk, std::uint32_t node, int depth,
                std::string& text) {
    const DynamicTree& tree = tree_in(world);
    const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
    const auto leaf_count = static_cast<std::uint32_t>(tree.leaves.size());
    if (node < leaf_count) {
        const LeafRisk& leaf = risk.leaves[node];
        text += fmt::format("{:<44}{:>9}{}\n", indent + in_words(tree.name(node)),
                            share_text(leaf.unavailability),
                            leaf.failed ? "  failed, under repair"
                            : leaf.idle ? "  " + why_idle(world, node)
                                        : "");
        return;
    }
    const GateRisk& gate = risk.gates[node - leaf_count];
    const auto& inputs = tree.gate(node).inputs;
    text += fmt::format("{:<44}{:>9}{}\n",
                        fmt::format("{}{} ({})", indent, in_words(tree.name(node)),
                                    joins(parameters_of(world).gates[node - leaf_count], inputs.size())),
                        share_text(gate.unavailability), gate.failed ? "  happening" : "");
    for (const std::uint32_t input : inputs) write_tree(world, risk, input, depth + 1, text);
}

TerminalTable leaf_table(const World<PlainDraws>& world, const StartupRiskSubject& subject,
                         const StartupRisk& risk) {
    TerminalTable table{.title = "Leaves, by what they are expected to cost",
                        .columns = {{"leaf", Alignment::left},
                                    {"driver", Alignment::left},
                                    {"a year"},
                                    {"failed"},
                                    {"Birnbaum"},
                                    {"criticality"},
                                    {"loss a month"},
                                    {"so far"},
                                    {fmt::format("of {} more", dollars(subject.more))},
                                    {"then a year"}},
                        .rows = {}};
    std::vector<std::uint32_t> order(risk.leaves.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, std::greater<>(), [&](std::uint32_t i) { return risk.leaves[i].loss; });
    for (const std::uint32_t i : order) {
        const LeafRisk& leaf = risk.leaves[i];
        const RiskLeafParameters& parameters = parameters_of(world).leaves[i];
        table.rows.push_back(
            {TableCell(in_words(parameters.name), leaf.failed ? Emphasis::bad : Emphasis::none),
             TableCell(in_words(std::string(risk_driver_names[static_cast<std::size_t>(parameters.driver)])),
                       Emphasis::faint),
             TableCell(a_year(leaf.hazard)), TableCell(share_text(leaf.unavailability)),
             TableCell(fmt::format("{:.2g}", leaf.birnbaum)), TableCell(part_text(leaf.criticality)),
             TableCell(dollars(leaf.loss), Emphasis::strong), TableCell(fmt::format("{}", leaf.incidents)),
             leaf.share_of_more > 0 ? TableCell(dollars(leaf.share_of_more), Emphasis::good) : TableCell("–"),
             TableCell(a_year(leaf.hazard_after))});
    }
    return table;
}

RiskPictureKind picture_kind(RiskGateKind kind) {
    switch (kind) {
        case RiskGateKind::any:
            return RiskPictureKind::disjunction;
        case RiskGateKind::all:
            return RiskPictureKind::conjunction;
        case RiskGateKind::at_least:
            return RiskPictureKind::at_least;
        case RiskGateKind::in_order:
            return RiskPictureKind::priority_and;
    }
    return RiskPictureKind::other;
}

std::string what_more_buys(const StartupRiskSubject& subject, const StartupRisk& risk) {
    return fmt::format(
        "{} more for prevention, spent where it buys most, would lower the expected loss from {} to {} "
        "a month, and crises from {} to {} a year.",
        dollars(subject.more), dollars(risk.loss), dollars(risk.loss_after), a_year(risk.crises),
        a_year(risk.crises_after));
}

}  // namespace

std::string startup_risk_text(const World<PlainDraws>& world, const StartupRiskSubject& subject,
                              const StartupRisk& risk, Colour colour) {
    std::string text = fmt::format(
        "The risk tree of {} at month {:g}, and how likely each event stands at such a time\n"
        "This is one history (seed {}, trajectory {}){}; in others the startup stands elsewhere.\n\n",
        subject.company, subject.month, subject.seed, subject.trajectory,
        visible(changed_settings_text(subject.settings)));
    if (risk.leaves.empty()) return text + "Nothing can go wrong in this scenario: its tree is empty.\n";
    write_tree(world, risk, tree_in(world).top, 0, text);
    text += '\n' + table_text(leaf_table(world, subject, risk), colour) + '\n';
    text += fmt::format("Crises expected: {} a year", a_year(risk.crises));
    if (risk.crisis_within_a_year)
        text += fmt::format("; probability of one within a year, if all works at first and hazards stay: {}",
                            share_text(*risk.crisis_within_a_year));
    text += ".\n" + what_more_buys(subject, risk) + '\n';
    return text;
}

Json startup_risk_json(const World<PlainDraws>& world, const StartupRiskSubject& subject,
                       const StartupRisk& risk) {
    Json json{{"company", subject.company},
              {"month", subject.month},
              {"seed", subject.seed},
              {"trajectory", subject.trajectory},
              {"settings", subject.settings}};
    json["top_probability"] = risk.top_unavailability;
    json["crises_per_month"] = risk.crises;
    json["crisis_within_a_year"] =
        risk.crisis_within_a_year ? Json(*risk.crisis_within_a_year) : Json(nullptr);
    json["expected_loss_per_month"] = risk.loss;
    json["leaves"] = Json::array();
    for (std::size_t i = 0; i < risk.leaves.size(); ++i) {
        const LeafRisk& leaf = risk.leaves[i];
        const RiskLeafParameters& parameters = parameters_of(world).leaves[i];
        json["leaves"].push_back(
            {{"name", parameters.name},
             {"under", parameters.under},
             {"driver", risk_driver_names[static_cast<std::size_t>(parameters.driver)]},
             {"hazard_per_month", leaf.hazard},
             {"probability", leaf.unavailability},
             {"failed", leaf.failed},
             {"birnbaum", leaf.birnbaum},
             {"criticality", std::isnan(leaf.criticality) ? Json(nullptr) : Json(leaf.criticality)},
             {"driver_is_zero", leaf.idle},
             {"expected_loss_per_month", leaf.loss},
             {"prevention", leaf.prevention},
             {"incidents", leaf.incidents},
             {"cost", leaf.cost},
             {"share_of_more", leaf.share_of_more},
             {"hazard_per_month_after", leaf.hazard_after}});
    }
    json["gates"] = Json::array();
    for (std::size_t i = 0; i < risk.gates.size(); ++i) {
        const RiskGateParameters& parameters = parameters_of(world).gates[i];
        json["gates"].push_back({{"name", parameters.name},
                                 {"under", parameters.under},
                                 {"kind", risk_gate_names[static_cast<std::size_t>(parameters.kind)]},
                                 {"probability", risk.gates[i].unavailability},
                                 {"failed", risk.gates[i].failed}});
    }
    json["more"] = {{"dollars", subject.more},
                    {"expected_loss_per_month_after", risk.loss_after},
                    {"crises_per_month_after", risk.crises_after}};
    return json;
}

RiskTreePicture startup_risk_picture(const World<PlainDraws>& world, const StartupRiskSubject& subject,
                                     const StartupRisk& risk) {
    const DynamicTree& tree = tree_in(world);
    RiskTreePicture picture{
        .title = fmt::format("What can go wrong at {}, month {:g}, in history {} of seed {}{}",
                             subject.company, subject.month, subject.trajectory, subject.seed,
                             changed_settings_text(subject.settings)),
        .subtitle = risk.leaves.empty() ? "Nothing: the tree is empty." : what_more_buys(subject, risk),
        .headings = {.name = "leaf",
                     .probability = "failed at such a time",
                     .importance = "part of the expected loss",
                     .note = "rate, loss"}};
    if (risk.leaves.empty()) {
        picture.nodes.push_back({.name = "nothing"});
        return picture;
    }
    for (std::uint32_t i = 0; i < risk.leaves.size(); ++i) {
        const LeafRisk& leaf = risk.leaves[i];
        picture.nodes.push_back({.name = in_words(parameters_of(world).leaves[i].name),
                                 .kind = RiskPictureKind::leaf,
                                 .probability = leaf.unavailability,
                                 .importance = part_of_loss(risk, leaf),
                                 .failed = leaf.failed,
                                 .note = leaf.idle ? why_idle(world, i)
                                                   : fmt::format("{} a year, {} a month", a_year(leaf.hazard),
                                                                 dollars(leaf.loss))});
    }
    for (std::size_t i = 0; i < risk.gates.size(); ++i) {
        const RiskGateParameters& parameters = parameters_of(world).gates[i];
        picture.nodes.push_back({.name = in_words(parameters.name),
                                 .kind = picture_kind(parameters.kind),
                                 .minimum = static_cast<std::uint32_t>(parameters.needs),
                                 .children = tree.gates[i].inputs,
                                 .probability = risk.gates[i].unavailability,
                                 .failed = risk.gates[i].failed});
    }
    picture.top = tree.top;
    return picture;
}

}  // namespace venturi
