// The risk tree of a startup, alive: precursors and warnings, incidents, what they cost, crises, and repair.
#pragma once

#include "agents/insurer/insurer_events.hpp"
#include "agents/investor/bridge_events.hpp"
#include "agents/risk/contagion_events.hpp"
#include "agents/risk/dynamic_semantics.hpp"
#include "agents/risk/risk_drivers.hpp"
#include "agents/risk/risk_plan.hpp"
#include "agents/risk/risk_register.hpp"
#include "agents/startup/inside_events.hpp"
#include "agents/talent/talent_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace venturi {

/// The leaves of a startup's tree, in the order of the parameters.
template <class Draws>
[[nodiscard]] std::span<RiskLeafState<typename Draws::Scalar>> leaves_of(World<Draws>& world,
                                                                         const Organisation<Draws>& inside) {
    return {world.risk_leaves.data() + inside.risk.first_leaf, world.parameters.risk.leaves.size()};
}
template <class Draws>
[[nodiscard]] std::span<const RiskLeafState<typename Draws::Scalar>> leaves_of(
    const World<Draws>& world, const Organisation<Draws>& inside) {
    return {world.risk_leaves.data() + inside.risk.first_leaf, world.parameters.risk.leaves.size()};
}

/// The state of a startup's tree, as DynamicSemantics keeps it.
template <class Draws>
[[nodiscard]] std::span<std::uint8_t> risk_state(World<Draws>& world, const Organisation<Draws>& inside) {
    return {world.risk_states.data() + inside.risk.first_byte, world.setup().risk.semantics.state_bytes()};
}
template <class Draws>
[[nodiscard]] std::span<const std::uint8_t> risk_state(const World<Draws>& world,
                                                       const Organisation<Draws>& inside) {
    return {world.risk_states.data() + inside.risk.first_byte, world.setup().risk.semantics.state_bytes()};
}

/// A tree of a world takes no chances of its own.
inline constexpr auto certain_outcome = [](double probability) { return probability >= 1; };

/// Has the startup's next risk event at the earliest of what is next about its leaves.
template <class Draws>
void schedule_risk(World<Draws>& world, Organisation<Draws>& inside) {
    double next = std::numeric_limits<double>::infinity();
    for (const auto& leaf : leaves_of(world, inside)) next = std::min(next, leaf.next);
    set_inside_timer(world, inside, InsideTimer::risk, Happening::risk_stirs, next);
}

/// Draws when the next candidate of a leaf comes and how long before it a precursor does.
template <class Draws>
void await_candidate(World<Draws>& world, RiskLeafState<typename Draws::Scalar>& leaf,
                     const RiskLeafParameters& parameters) {
    using Scalar = typename Draws::Scalar;
    const double now = world.now();
    leaf.bound = parameters.rate * parameters.most;
    leaf.warned = false;
    leaf.stage = LeafStage::precursor;
    leaf.candidate = std::numeric_limits<double>::infinity();
    leaf.next = leaf.candidate;
    if (!(leaf.bound > 0)) return;
    leaf.candidate = now + world.draws.exponential(leaf.arrival, Scalar(leaf.bound));
    const double lead = parameters.lead * world.draws.unit_exponential(leaf.warning);
    leaf.next = std::max(leaf.candidate - lead, now);
}

/// How fast a precursor is found at present, per month.
template <class Draws>
[[nodiscard]] double detection_rate(const World<Draws>& world, const Organisation<Draws>& inside) {
    const double culture = value_of(inside.culture.intensity(Advantage::risk, world.now()));
    return inside.risk.monitoring * (1 + culture) / world.parameters.risk.management.detection_delay;
}

/// The culture that an incident erodes beside that of risk.
[[nodiscard]] constexpr Advantage shaken_culture(RiskDriver driver) {
    switch (driver) {
        case RiskDriver::data_governance:
        case RiskDriver::compliance:
            return Advantage::data;
        case RiskDriver::key_people:
        case RiskDriver::load:
            return Advantage::talent;
        case RiskDriver::partners:
            return Advantage::partnership;
        case RiskDriver::obsolescence:
        case RiskDriver::competition:
            return Advantage::technology;
        default:
            return Advantage::risk;
    }
}

/// Customers, brand, the trust of partners and the confidence of investors, as an incident leaves them;
/// `weight` is what is left of its force.
template <class Draws>
void lose_standing(World<Draws>& world, std::uint32_t index, const HarmParameters& harm, double weight) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    const ContagionParameters& contagion = world.parameters.risk.contagion;
    const double now = world.now();
    RiskRegister& risk = inside.risk;
    inside.standing.brand *= 1 - harm.brand_lost * weight;
    risk.tally.doubt = risk.tally.doubt * std::exp(-(now - risk.tally.last) / contagion.doubt_fades)
                       + harm.brand_lost * weight;
    risk.tally.last = now;
    risk.trust.jump(now, risk.trust.at(now) * (1 - contagion.trust_lost * weight));
    lower_trust_of_all(world, startup.organisation,
                       world.parameters.partnership.trust.lost_by_incident * weight);
    const auto lost = static_cast<std::uint32_t>(harm.customers_lost * weight * startup.customers.accounts());
    if (lost == 0) return;
    Segment<Draws>& segment = world.segments[startup.segment];
    startup.customers.lose(world.draws, now, lost);
    segment.rivals.join(world.draws, now, lost);
    schedule_departure(world, index);
}

/// What an incident costs, gross: a draw of its severity, and a share of a year's revenue.
template <class Draws>
[[nodiscard]] double gross_cost(World<Draws>& world, const Startup<Draws>& startup,
                                const HarmParameters& harm, double weight, DrawSource& source) {
    return weight
           * (Severity(harm.severity).sample(world.draws, source)
              + harm.turnover_share * 12 * revenue(world, startup));
}

/// What an incident takes beside.
template <class Draws>
void suffer_damage(World<Draws>& world, std::uint32_t index, const RiskLeafParameters& leaf, double weight) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    switch (leaf.damage) {
        case Damage::nothing:
            return;
        case Damage::data:
            inside.data.incident(leaf.damage_share * weight, world.parameters.data.backup);
            return;
        case Damage::person:
            lose_key_person(world, index);
            return;
        case Damage::product:
            inside.features = inside.features - leaf.damage_share * weight;
            update_quality(world, index);
            return;
    }
}

/// The station at which failed leaves wait for a responder.
template <class Draws>
struct ResponseSite {
    RecordPool<StationRecord<Repair>>& records;
    InsideScheduler<Draws>& scheduler;
    Draws& draws;
    StationRules rules;
};

template <class Draws, class Use>
decltype(auto) at_response(World<Draws>& world, const Organisation<Draws>& inside, Use&& use) {
    const RiskManagementParameters& management = world.parameters.risk.management;
    InsideScheduler<Draws> scheduler{world, inside.startup, Happening::repair_station, 0};
    const double left = 1 - management.contingency_gain * inside.risk.plan.at(world.now());
    return use(
        ResponseSite<Draws>{world.repairs,
                            scheduler,
                            world.draws,
                            {.servers = inside.risk.responders, .pace = inside.risk.response_pace / left}});
}

/// A leaf has failed: it costs, damages, erodes, and waits for repair.
template <class Draws>
void incident_happens(World<Draws>& world, std::uint32_t index, std::uint32_t which) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    const RiskParameters& parameters = world.parameters.risk;
    const RiskLeafParameters& leaf = parameters.leaves[which];
    auto& state = leaves_of(world, inside)[which];
    RiskTally& tally = inside.risk.tally;
    const double now = world.now();
    const double weight =
        softening(world, inside) * (state.warned ? 1 - parameters.management.warned_saving : 1.0);
    const double cost = gross_cost(world, startup, leaf.harm, weight, state.severity);
    const double paid = leaf.insurable ? claim(world, index, cost, which) : 0;
    startup.cash.deposit(now, paid - cost);
    ++tally.incidents;
    ++state.incidents;
    if (state.warned) ++tally.warned;
    tally.cost += cost;
    state.cost += cost;
    world.tell(Notice::Kind::incident, index, cost, which);
    lose_standing(world, index, leaf.harm, weight);
    const double loss = world.parameters.culture.incident_loss * weight;
    inside.culture.erode(Advantage::risk, now, loss);
    if (const Advantage shaken = shaken_culture(leaf.driver); shaken != Advantage::risk)
        inside.culture.erode(shaken, now, loss);
    suffer_damage(world, index, leaf, weight);
    const double work = std::max(world.draws.sample(state.mending, leaf.repair), 0.0);
    at_response(world, inside, [&](auto site) { inside.risk.response.arrive(site, {which, work, now}); });
}

/// The event of a gate that is an incident of its own.
template <class Draws>
void gate_happens(World<Draws>& world, std::uint32_t index, std::uint32_t gate) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    const DynamicTree& tree = world.setup().risk.semantics.tree();
    const RiskGateParameters& parameters = world.parameters.risk.gates[gate];
    const double now = world.now();
    RiskTally& tally = inside.risk.tally;
    double cost = 0;
    if (parameters.harmful) {
        const double weight = softening(world, inside);
        cost = gross_cost(world, startup, parameters.harm, weight, inside.risk.crisis_severity);
        startup.cash.deposit(now, -cost);
        tally.cost += cost;
        lose_standing(world, index, parameters.harm, weight);
        for (const Advantage shaken : {Advantage::talent, Advantage::risk})
            inside.culture.erode(shaken, now, world.parameters.culture.incident_loss * weight);
    }
    if (tree.gate_node(gate) != tree.top) return;
    ++tally.crises;
    tally.first_crisis = std::min(tally.first_crisis, now);
    const ContagionParameters& contagion = world.parameters.risk.contagion;
    add_stress(world.segments[startup.segment].stress, now, stress_on_market(world, startup.segment),
               contagion.fades);
    world.tell(Notice::Kind::crisis, index, cost, 0);
}

/// A leaf fails, and with it the gates that follow from it.
template <class Draws>
void leaf_fails(World<Draws>& world, std::uint32_t index, std::uint32_t leaf) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    const DynamicSemantics& semantics = world.setup().risk.semantics;
    const auto state = risk_state(world, inside);
    auto& before = world.risk_scratch.before;
    before.assign(state.begin(), state.end());
    semantics.fail(state, leaf, certain_outcome);
    const auto nodes = static_cast<std::uint32_t>(semantics.tree().node_count());
    const auto leaf_count = static_cast<std::uint32_t>(semantics.tree().leaves.size());
    for (std::uint32_t node = next_change(semantics, before, state, 0); node < nodes;
         node = next_change(semantics, before, state, node + 1)) {
        if (!semantics.failed(state, node)) continue;
        if (node < leaf_count)
            incident_happens(world, index, node);
        else
            gate_happens(world, index, node - leaf_count);
    }
    ask_for_bridge(world, index);
}

/// What is next about a leaf: a precursor shows, it is found, or the candidate comes, which is an incident or
/// isn't.
template <class Draws>
void leaf_stirs(World<Draws>& world, std::uint32_t index, std::uint32_t which) {
    using Scalar = typename Draws::Scalar;
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    RiskLeafState<Scalar>& leaf = leaves_of(world, inside)[which];
    const double now = world.now();
    switch (leaf.stage) {
        case LeafStage::precursor: {
            const double delay = world.draws.unit_exponential(leaf.warning) / detection_rate(world, inside);
            const bool visible =
                world.draws.uniform(leaf.warning) < world.parameters.risk.leaves[which].visible;
            const double found = visible ? now + delay : std::numeric_limits<double>::infinity();
            leaf.stage = found < leaf.candidate ? LeafStage::detection : LeafStage::candidate;
            leaf.next = std::min(leaf.candidate, found);
            return;
        }
        case LeafStage::detection:
            leaf.warned = true;
            ++inside.risk.tally.warnings;
            leaf.stage = LeafStage::candidate;
            leaf.next = leaf.candidate;
            world.tell(Notice::Kind::warning, index, 0, which);
            return;
        case LeafStage::candidate: {
            ++leaf.candidates;
            const bool works = !world.setup().risk.semantics.failed(risk_state(world, inside), which);
            const Scalar hazard = works ? leaf_hazard(world, startup, which) : Scalar(0.0);
            // Drawn whatever comes of it, so that decisions stay coupled.
            const bool happens = world.draws.bernoulli(leaf.decision, hazard / leaf.bound);
            if constexpr (ObservesLuck<Draws>)
                detail::tell_incident(world, index, value_of(hazard) / leaf.bound, happens);
            if (happens) leaf_fails(world, index, which);
            // The world's leaves may not have moved, but a reference taken before is not to be relied on.
            await_candidate(world, leaves_of(world, world.inside(world.startups[index]))[which],
                            world.parameters.risk.leaves[which]);
            return;
        }
    }
}

template <class Draws>
void risk_stirs(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    const std::uint32_t incidents = inside.risk.tally.incidents;
    const auto leaves = leaves_of(world, inside);
    for (std::uint32_t i = 0; i < leaves.size(); ++i)
        if (leaves[i].next <= world.now()) leaf_stirs(world, index, i);
    schedule_risk(world, inside);
    if (inside.risk.tally.incidents != incidents) update_startup(world, index);
}

/// A repair is finished.
template <class Draws>
void repair_station(World<Draws>& world, const Event& event) {
    Organisation<Draws>& inside = world.inside(world.startups[event.who]);
    const auto departure = at_response(
        world, inside, [&](auto site) { return inside.risk.response.handle(site, station_event(event)); });
    const Repair& repair = departure.job;
    const DynamicSemantics& semantics = world.setup().risk.semantics;
    semantics.repair(risk_state(world, inside), repair.leaf, certain_outcome);
    ++inside.risk.tally.repairs;
    inside.risk.tally.repair_time += world.now() - repair.since;
    world.tell(Notice::Kind::repaired, event.who, world.now() - repair.since, repair.leaf);
}

/// To be called when rates may have been changed from outside: candidates are drawn anew where their rate is
/// another.
template <class Draws>
void update_risk_rates(World<Draws>& world, Organisation<Draws>& inside) {
    const auto& parameters = world.parameters.risk.leaves;
    const auto leaves = leaves_of(world, inside);
    for (std::size_t i = 0; i < leaves.size(); ++i)
        if (leaves[i].bound != parameters[i].rate * parameters[i].most)
            await_candidate(world, leaves[i], parameters[i]);
    schedule_risk(world, inside);
}

/// The register of a startup at its founding: everything works, nothing is prevented or planned yet.
template <class Draws>
void found_risk(World<Draws>& world, Organisation<Draws>& inside) {
    const std::uint32_t address = world.startups[inside.startup].address;
    RiskRegister& risk = inside.risk;
    const double now = world.now();
    const auto source = [&](Purpose purpose, std::size_t offset = 0) {
        return DrawSource{address, static_cast<std::uint16_t>(static_cast<std::size_t>(purpose) + offset)};
    };
    world.setup().risk.semantics.begin(risk_state(world, inside), certain_outcome);
    risk.stress = Relaxation<double>(0, 0, 0, now);
    risk.trust = Relaxation<double>(1, 1, world.parameters.risk.contagion.trust_recovers, now);
    risk.plan = Relaxation<double>(0, 0, 0, now);
    risk.response = PooledStation<Repair>(address, static_cast<std::uint16_t>(Purpose::response));
    risk.response.restart_statistics(now);
    risk.bridge = source(Purpose::bridge);
    risk.crisis_severity = source(Purpose::crisis_severity);
    const auto leaves = leaves_of(world, inside);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        auto& leaf = leaves[i];
        leaf = {};
        leaf.prevention.since = now;
        constexpr std::size_t sources = 6;
        leaf.arrival = source(Purpose::risk_leaves, sources * i);
        leaf.decision = source(Purpose::risk_leaves, sources * i + 1);
        leaf.severity = source(Purpose::risk_leaves, sources * i + 2);
        leaf.warning = source(Purpose::risk_leaves, sources * i + 3);
        leaf.judgement = source(Purpose::risk_leaves, sources * i + 4);
        leaf.mending = source(Purpose::risk_leaves, sources * i + 5);
        await_candidate(world, leaf, world.parameters.risk.leaves[i]);
    }
    schedule_risk(world, inside);
}

/// A startup that has ended: nobody repairs any more, and its policy lapses.
template <class Draws>
void close_risk(World<Draws>& world, Organisation<Draws>& inside) {
    at_response(world, inside, [&](auto site) { inside.risk.response.close(site, [](const Repair&) {}); });
    end_policy(world, inside);
    for (auto& leaf : leaves_of(world, inside)) leaf.next = std::numeric_limits<double>::infinity();
}

}  // namespace venturi
