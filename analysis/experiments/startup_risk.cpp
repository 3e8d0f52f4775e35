#include "analysis/experiments/startup_risk.hpp"

#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/risk_planning.hpp"
#include "sim/contract.hpp"

#include <numeric>
#include <span>

namespace venturi {

namespace {

// Hazards of all leaves if each had `extra` dollars of prevention more.
std::vector<double> hazards_with(const World<PlainDraws>& world, const Startup<PlainDraws>& startup,
                                 std::span<const double> extra) {
    const Organisation<PlainDraws>& inside = world.inside(startup);
    const RiskParameters& risk = world.parameters.risk;
    const auto leaves = leaves_of(world, inside);
    std::vector<double> hazards(leaves.size());
    for (std::uint32_t i = 0; i < leaves.size(); ++i) {
        const PreventionParameters prevention = prevention_of(risk, risk.leaves[i]);
        const double stock = leaves[i].prevention.at(prevention, world.now());
        // What prevention has removed wholly stays away.
        const double left = hazard_left(prevention, stock);
        hazards[i] = left > 0
                         ? leaf_hazard(world, startup, i) / left * hazard_left(prevention, stock + extra[i])
                         : 0.0;
    }
    return hazards;
}

struct Assessment {
    std::vector<double> unavailability;
    std::vector<Importance> importance;
    double top = 0;
    double crises = 0;
    std::vector<double> losses;
};

Assessment assess(World<PlainDraws>& world, const Startup<PlainDraws>& startup,
                  std::span<const double> hazards) {
    assess_tree(world, startup, [&](std::uint32_t leaf, double) { return hazards[leaf]; });
    RiskScratch& scratch = world.risk_scratch;
    Assessment found{.unavailability = scratch.probabilities,
                     .importance = scratch.importance,
                     .losses = std::vector<double>(hazards.size())};
    found.top = world.setup().risk.assessed.probability(scratch.probabilities, scratch.evaluation);
    for (std::uint32_t i = 0; i < hazards.size(); ++i) {
        // How often a leaf fails: its hazard while it works.
        const double frequency = hazards[i] * (1 - found.unavailability[i]);
        found.crises += found.importance[i].birnbaum * frequency;
        found.losses[i] = loss_rate(world, startup, i, frequency, found.importance[i].birnbaum);
    }
    return found;
}

double gate_unavailability(const FaultTree& tree, std::uint32_t gate, std::span<const double> probabilities) {
    FaultTree below = tree;
    below.top = {FaultTreeArgument::Kind::gate, false, gate};
    const auto solved = solve(below);
    EvaluationScratch scratch;
    // It is a part of a tree that was solved.
    return solved ? solved->probability(probabilities, scratch) : 0;
}

std::optional<double> crisis_within(const World<PlainDraws>& world, std::span<const double> hazards,
                                    double months) {
    DynamicTree tree = world.setup().risk.semantics.tree();
    for (std::size_t i = 0; i < hazards.size(); ++i) tree.leaves[i].life = ExponentialLife{hazards[i]};
    ChainRefusal refusal = ChainRefusal::none;
    constexpr std::size_t states = 300'000;
    const auto chain = DynamicChain::explore(DynamicSemantics(std::move(tree)), {.states = states}, refusal);
    if (!chain) return std::nullopt;
    const auto probability = chain->passage().probability(std::span(&months, 1));
    return probability ? std::optional(probability->front()) : std::nullopt;
}

double sum(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

StartupRisk look_at_risk(World<PlainDraws>& world, std::uint32_t index, double more) {
    const Startup<PlainDraws>& startup = world.startups[index];
    expects(is_alive(startup.status) && startup.has_inside(), "a living startup that is modelled inside");
    const Organisation<PlainDraws>& inside = world.inside(startup);
    const RiskParameters& risk = world.parameters.risk;
    const auto leaves = leaves_of(world, inside);
    std::vector<double> extra(leaves.size(), 0.0);
    const std::vector<double> hazards = hazards_with(world, startup, extra);
    const Assessment now = assess(world, startup, hazards);

    std::vector<PreventionTarget> targets;
    for (std::uint32_t i = 0; i < leaves.size(); ++i) {
        const PreventionParameters prevention = prevention_of(risk, risk.leaves[i]);
        const double stock = leaves[i].prevention.at(prevention, world.now());
        const double left = hazard_left(prevention, stock);
        targets.push_back(one_payment(prevention, left > 0 ? now.losses[i] / left : 0.0, stock));
    }
    spread_prevention(targets, more, extra);
    const std::vector<double> hazards_after = hazards_with(world, startup, extra);
    const Assessment after = assess(world, startup, hazards_after);

    const auto state = risk_state(std::as_const(world), inside);
    const DynamicSemantics& semantics = world.setup().risk.semantics;
    StartupRisk found{.top_unavailability = now.top,
                      .crises = now.crises,
                      .crises_after = after.crises,
                      .loss = sum(now.losses),
                      .loss_after = sum(after.losses),
                      .crisis_within_a_year = crisis_within(world, hazards, 12)};
    for (std::uint32_t i = 0; i < leaves.size(); ++i)
        found.leaves.push_back(
            {.hazard = hazards[i],
             .unavailability = now.unavailability[i],
             .birnbaum = now.importance[i].birnbaum,
             .criticality = now.importance[i].criticality,
             .loss = now.losses[i],
             .prevention = leaves[i].prevention.at(prevention_of(risk, risk.leaves[i]), world.now()),
             .failed = semantics.failed(state, i),
             .idle = !(driver_factor(std::as_const(world), startup, risk.leaves[i].driver) > 0)
                     || !(risk.leaves[i].rate > 0),
             .incidents = leaves[i].incidents,
             .cost = leaves[i].cost,
             .share_of_more = extra[i],
             .hazard_after = hazards_after[i]});
    const FaultTree tree = assessed_tree(semantics.tree());
    for (std::uint32_t gate = 0; gate < risk.gates.size(); ++gate)
        found.gates.push_back({.unavailability = gate_unavailability(tree, gate, now.unavailability),
                               .failed = semantics.failed(state, semantics.tree().gate_node(gate))});
    return found;
}

}  // namespace venturi
