// What a startup makes of its risks at a planning: it assesses its tree, as well as it can, and divides the
// risk budget between prevention, monitoring, plans, responders and insurance.
#pragma once

#include "agents/insurer/insurer_events.hpp"
#include "agents/risk/importance.hpp"
#include "agents/risk/prevention.hpp"
#include "agents/risk/risk_drivers.hpp"
#include "agents/risk/risk_events.hpp"
#include "agents/risk/risk_plan.hpp"
#include "agents/risk/risk_scratch.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// Part of the working time that controls take, see RiskManagementParameters::attention.
template <class Draws>
[[nodiscard]] double attention_of_controls(const World<Draws>& world, const Organisation<Draws>& inside) {
    constexpr double unit = 1000;  // dollars per month and head
    const double heads = std::max<double>(inside.workforce.headcount(), 1);
    return world.parameters.risk.management.attention * value_of(inside.budgets.of(Advantage::risk)) / heads
           / unit;
}

/// What an incident is expected to cost in all, dollars: money, and a year's gross profit of the accounts
/// that go.
template <class Draws>
[[nodiscard]] double expected_harm(const World<Draws>& world, const Startup<Draws>& startup,
                                   const HarmParameters& harm) {
    const double yearly = 12 * revenue(world, startup);
    return Severity(harm.severity).mean() + harm.turnover_share * yearly
           + harm.customers_lost * yearly * market_of(world, startup).gross_margin;
}

/// Probability that a leaf with a hazard is failed when looked at: that of a component that is repaired in
/// `repair` months on average; 1 where it is failed now.
[[nodiscard]] inline double unavailability_of(double hazard, double repair, bool failed) {
    return failed ? 1.0 : hazard * repair / (1 + hazard * repair);
}

/// Assesses the tree of a startup: into the world's scratch go each leaf's hazard, unavailability and
/// importance for the top. `judged(leaf, hazard)` is what the assessor takes a hazard to be. `leaves` and
/// `state` are the startup's.
template <class Draws, class Judged>
void assess_tree(World<Draws>& world, const Startup<Draws>& startup, Judged&& judged) {
    const Organisation<Draws>& inside = world.inside(startup);
    const auto& parameters = world.parameters.risk.leaves;
    const RiskPlan& plan = world.setup().risk;
    RiskScratch& scratch = world.risk_scratch;
    const auto state = risk_state(world, inside);
    // An empty tree has one leaf that is no risk of anybody's.
    scratch.hazards.assign(plan.leaf_count(), 0);
    scratch.probabilities.assign(plan.leaf_count(), 0);
    scratch.importance.resize(plan.leaf_count());
    for (std::uint32_t i = 0; i < parameters.size(); ++i) {
        scratch.hazards[i] = judged(i, value_of(leaf_hazard(world, startup, i)));
        scratch.probabilities[i] = unavailability_of(scratch.hazards[i], mean(parameters[i].repair),
                                                     plan.semantics.failed(state, i));
    }
    importance(plan.assessed, scratch.probabilities, scratch.evaluation, scratch.importance);
}

/// What a leaf's incidents cost on average, and what their part in crises does: dollars per month, given its
/// hazard and its Birnbaum importance.
template <class Draws>
[[nodiscard]] double loss_rate(const World<Draws>& world, const Startup<Draws>& startup, std::uint32_t leaf,
                               double hazard, double birnbaum) {
    const RiskParameters& risk = world.parameters.risk;
    const DynamicTree& tree = world.setup().risk.semantics.tree();
    double harm = expected_harm(world, startup, risk.leaves[leaf].harm);
    if (!tree.is_leaf(tree.top)) {
        const RiskGateParameters& top = risk.gates[tree.top - tree.leaves.size()];
        if (top.harmful) harm += birnbaum * expected_harm(world, startup, top.harm);
    }
    return hazard * harm;
}

/// Where prevention goes: the startup judges each leaf's hazard, with an error that risk culture makes
/// smaller, and spends by importance per dollar.
template <class Draws>
void plan_prevention(World<Draws>& world, std::uint32_t index, double money) {
    const Startup<Draws>& startup = world.startups[index];
    const Organisation<Draws>& inside = world.inside(startup);
    const RiskParameters& risk = world.parameters.risk;
    RiskScratch& scratch = world.risk_scratch;
    const double now = world.now();
    const auto leaves = leaves_of(world, inside);
    const double error =
        assessment_error(risk.management.assessment_error, world.parameters.culture.risk.gain,
                         value_of(inside.culture.intensity(Advantage::risk, now)));
    assess_tree(world, startup, [&](std::uint32_t i, double hazard) {
        const PreventionParameters prevention = prevention_of(risk, risk.leaves[i]);
        // Without what is prevented already, since the flow is chosen anew.
        const double left = hazard_left(prevention, leaves[i].prevention.at(prevention, now));
        const double unprevented = left > 0 ? hazard / left : value_of(unprevented_hazard(world, startup, i));
        return unprevented * world.draws.log_normal(leaves[i].judgement, typename Draws::Scalar(1.0), error);
    });
    scratch.targets.clear();
    for (std::uint32_t i = 0; i < leaves.size(); ++i)
        scratch.targets.push_back(
            steady_flow(prevention_of(risk, risk.leaves[i]),
                        loss_rate(world, startup, i, scratch.hazards[i], scratch.importance[i].birnbaum)));
    scratch.weights.assign(leaves.size(), 0);
    spread_prevention(scratch.targets, money, scratch.weights);
    for (std::size_t i = 0; i < leaves.size(); ++i)
        leaves[i].prevention.feed(prevention_of(risk, risk.leaves[i]), now, scratch.weights[i]);
}

/// The risk budget at work from now on.
template <class Draws>
void plan_risk(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    const RiskManagementParameters& management = world.parameters.risk.management;
    const double budget = value_of(inside.budgets.of(Advantage::risk));
    RiskRegister& risk = inside.risk;
    const double now = world.now();
    plan_prevention(world, index, management.prevention_share * budget);
    const double monitoring = management.monitoring_share * budget;
    risk.monitoring = monitoring / (monitoring + management.monitoring_scale);
    const double plans = management.contingency_share * budget;
    risk.plan.relax_to(now, plans / (plans + management.contingency_scale), management.contingency_pace);
    risk.trust.relax_to(now, 1, world.parameters.risk.contagion.trust_recovers);
    const double responders = management.response_share * budget / (management.responder_pay * world.wages);
    risk.responders = static_cast<std::uint32_t>(std::max(std::floor(responders), 1.0));
    risk.response_pace = std::max(responders / risk.responders, management.founders_pace);
    at_response(world, inside, [&](auto site) { risk.response.fill(site); });
    renew_policy(world, index, management.insurance_share * budget);
}

}  // namespace venturi
