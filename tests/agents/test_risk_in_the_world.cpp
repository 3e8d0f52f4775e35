// The risk tree of a startup in its world: what incidents do, whom they reach, and the exact cases that hold
// where hazards are constant.
#include "agents/insurer/surplus.hpp"
#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/risk_events.hpp"
#include "agents/risk/risk_planning.hpp"
#include "sim/infinity.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

/// A leaf with a constant hazard that cannot be prevented, is not announced, and costs almost nothing.
RiskLeafParameters plain_leaf(const std::string& name, const std::string& under, double rate) {
    RiskLeafParameters leaf;
    leaf.name = name;
    leaf.under = under;
    leaf.rate = rate;
    leaf.most = 1;
    leaf.harm.severity = {.median = 1e-3, .spread = 1, .tail_from = 1};
    leaf.lead = 0;
    leaf.preventable = 0;
    return leaf;
}

RiskGateParameters plain_gate(const std::string& name, const std::string& under, RiskGateKind kind,
                              std::int64_t needs = 1) {
    RiskGateParameters gate;
    gate.name = name;
    gate.under = under;
    gate.kind = kind;
    gate.needs = needs;
    return gate;
}

/// A lone organisation with a tree of constant hazards: the top is a two out of three, or a priority-and, or
/// a leaf with a part of its own.
WorldParameters constant_hazards(const Distribution& repair) {
    WorldParameters world = lone_organisation();
    world.risk.gates = {plain_gate("top", "top", RiskGateKind::any),
                        plain_gate("voting", "top", RiskGateKind::at_least, 2),
                        plain_gate("ordered", "top", RiskGateKind::in_order),
                        plain_gate("either", "ordered", RiskGateKind::any)};
    world.risk.leaves = {plain_leaf("a", "voting", 0.03), plain_leaf("b", "voting", 0.05),
                         plain_leaf("c", "voting", 0.02), plain_leaf("d", "ordered", 0.06),
                         plain_leaf("e", "either", 0.03), plain_leaf("f", "either", 0.02)};
    for (RiskLeafParameters& leaf : world.risk.leaves) leaf.repair = repair;
    // So many responders that nothing waits, and each at the pace of one.
    world.risk.management.responder_pay = 1e-3;
    return world;
}

/// √n times the Kolmogorov–Smirnov distance between times, of which those beyond `horizon` are not seen, and
/// a law given at the sorted times.
template <class Law>
double distance_from(std::vector<double> times, double horizon, Law&& law) {
    std::sort(times.begin(), times.end());
    const auto n = static_cast<double>(times.size());
    std::vector<double> seen;
    for (const double time : times)
        if (time <= horizon) seen.push_back(time);
    const std::vector<double> probabilities = law(seen);
    double distance = 0;
    for (std::size_t i = 0; i < seen.size(); ++i)
        distance = std::max({distance, probabilities[i] - static_cast<double>(i) / n,
                             static_cast<double>(i + 1) / n - probabilities[i]});
    return distance * std::sqrt(n);
}

std::vector<double> first_crises(const WorldParameters& parameters, double horizon,
                                 std::uint32_t trajectories) {
    World<PlainDraws> world(make_setup(parameters));
    std::vector<double> times;
    for (std::uint32_t i = 0; i < trajectories; ++i) {
        world.reset(PlainDraws(FastVariates(1985, i)));
        world.run_until(horizon);
        times.push_back(world.organisations[0].risk.tally.first_crisis);
    }
    return times;
}

/// Twenty lone organisations that spend much on insurance, each with two insurable leaves of constant
/// hazards; one insurer whose opinion of them never changes.
WorldParameters insured_world() {
    WorldParameters world = lone_organisation();
    world.startups[0].count = 20;
    world.startups[0].mix.risk = 0.5;
    world.risk.gates = {plain_gate("top", "top", RiskGateKind::any)};
    world.risk.leaves = {plain_leaf("small", "top", 0.1), plain_leaf("large", "top", 0.03)};
    world.risk.leaves[0].harm.severity = {.median = 20000, .spread = 1, .tail_from = 1};
    world.risk.leaves[1].harm.severity = {
        .median = 80000, .spread = 1.5, .tail_from = 0.9, .tail_shape = 0.4};
    for (RiskLeafParameters& leaf : world.risk.leaves) {
        leaf.insurable = true;
        leaf.repair = Constant{0};
    }
    world.culture.risk.gain = 0;
    world.insurers = {{.name = "insurer",
                       .count = 1,
                       .surplus = 1e12,
                       .loading = 0,
                       .deductible = 10000,
                       .limit = 500000,
                       .credibility = 1e12,
                       .refuses_above = 1e9}};
    return world;
}

/// What an insurer has earned less what it has paid, at the end of each of many histories.
Sample profits(const WorldParameters& parameters, double horizon, std::uint32_t trajectories) {
    World<PlainDraws> world(make_setup(parameters));
    Sample profit;
    for (std::uint32_t i = 0; i < trajectories; ++i) {
        world.reset(PlainDraws(FastVariates(1903, i)));
        world.run_until(horizon);
        const Insurer& insurer = world.insurers[0];
        REQUIRE(insurer.policies == world.startups.size());
        profit.add(insurer.premiums(horizon, parameters.insurers[0].surplus) - insurer.claims);
    }
    return profit;
}

}  // namespace

TEST_CASE("With constant hazards the first crisis comes when the Markov chain of the tree says", "[long]") {
    constexpr double horizon = 60;
    for (const Distribution& repair : {Distribution(Constant{1e9}), Distribution(Exponential{4})}) {
        const WorldParameters parameters = constant_hazards(repair);
        DynamicTree tree = tree_of(parameters.risk);
        if (std::holds_alternative<Constant>(repair))
            for (DynamicLeaf& leaf : tree.leaves) leaf.repair_rate = 0;
        ChainRefusal refusal = ChainRefusal::none;
        const auto chain = DynamicChain::explore(DynamicSemantics(tree), {}, refusal);
        REQUIRE(chain.has_value());
        const std::vector<double> times = first_crises(parameters, horizon, 500);
        const auto seen =
            std::count_if(times.begin(), times.end(), [](double time) { return time <= horizon; });
        CAPTURE(seen);
        CHECK(seen > 250);
        // Above 1.95 with probability 0.001 where the law is this (Kolmogorov 1933).
        CHECK(distance_from(
                  times, horizon,
                  [&](const std::vector<double>& at) { return chain->passage().probability(at).value(); })
              < 1.95);
    }
}

TEST_CASE("Without a loading an insurer earns nothing on average, whatever layers it covers", "[long]") {
    WorldParameters plain = insured_world();
    const Sample profit = profits(plain, 48, 150);
    CHECK(std::abs(profit.z_of_mean(0)) < 4);
    // With a loading of a half it earns half of what it pays.
    plain.insurers[0].loading = 0.5;
    CHECK(profits(plain, 48, 60).z_of_mean(0) > 4);
    // Learning from claims moves premiums from insured to insured, and its own profit not at all.
    WorldParameters learning = insured_world();
    learning.insurers[0].credibility = 2;
    CHECK(std::abs(profits(learning, 48, 150).z_of_mean(0)) < 4);
}

TEST_CASE("An insurer without a surplus is ruined as often as Takacs's ballot theorem says", "[long]") {
    constexpr double horizon = 24;
    WorldParameters parameters = insured_world();
    parameters.insurers[0].surplus = 0;
    parameters.insurers[0].loading = 0.6;
    World<PlainDraws> world(make_setup(parameters));
    const PolicyTerms terms = policy_terms(parameters.insurers[0]);
    const std::vector<InsuredPeril> perils = {{0.1 * 12, Severity(parameters.risk.leaves[0].harm.severity)},
                                              {0.03 * 12, Severity(parameters.risk.leaves[1].harm.severity)}};
    const MixedClaimPayment claim(perils, terms);
    const double claims = 20 * claim.rate() / 12;
    const SurplusProcess process{.premium_rate = 1.6 * claims * claim.mean(), .claim_rate = claims};
    const Interval exact = ruin_without_reserve_within(horizon, process, claim, 4096);
    REQUIRE(exact.high - exact.low < 0.01);
    Sample ruined;
    for (std::uint32_t i = 0; i < 600; ++i) {
        world.reset(PlainDraws(FastVariates(1967, i)));
        world.run_until(horizon);
        ruined.add(world.insurers[0].ruined ? 1 : 0);
        for (const auto& inside : world.organisations)
            REQUIRE(inside.risk.policy.holds() != world.insurers[0].ruined);
    }
    const double middle = (exact.low + exact.high) / 2;
    CAPTURE(exact.low, exact.high, ruined.mean());
    CHECK(std::abs(ruined.mean() - middle)
          < 4 * std::sqrt(middle * (1 - middle) / 600) + (exact.high - exact.low) / 2);
}

TEST_CASE("An incident costs, and shakes customers, brand, trust and culture, as its parameters say") {
    World<PlainDraws> world = world_of(advantages_setup(), 65, 0);
    const RiskParameters& risk = world.parameters.risk;
    std::size_t leaks = 0;
    std::size_t incidents = 0;
    for (;;) {
        const auto next = world.calendar.peek();
        if (!next || next->time > 50) break;
        const Event event = *next->event;
        if (event.what != Happening::risk_stirs) {
            world.step(50);
            continue;
        }
        const double now = next->time;
        const auto& startup = world.startups[event.who];
        const auto& inside = world.inside(startup);
        const RiskTally tally = inside.risk.tally;
        std::vector<std::uint32_t> counts;
        std::vector<bool> warned;
        for (const auto& leaf : leaves_of(world, inside)) {
            counts.push_back(leaf.incidents);
            warned.push_back(leaf.warned);
        }
        const DataStock before = inside.data.stock();
        const double brand = inside.standing.brand;
        const double trust = inside.risk.trust.at(now);
        const double culture = inside.culture.intensity(Advantage::risk, now);
        const double cash = startup.cash.balance(now);
        const double accounts = startup.customers.accounts();
        const double bridged = startup.bridged;
        world.step(50);
        const RiskTally& after = inside.risk.tally;
        if (after.incidents == tally.incidents) {
            CHECK(after.cost == tally.cost);
            CHECK(inside.standing.brand == brand);
            continue;
        }
        REQUIRE(after.incidents == tally.incidents + 1);
        ++incidents;
        const double cost = after.cost - tally.cost;
        CHECK(cost > 0);
        CHECK(startup.cash.balance(now)
              == Approx(cash - cost + after.paid_by_insurers - tally.paid_by_insurers + startup.bridged
                        - bridged)
                     .epsilon(1e-9));
        if (after.crises != tally.crises) continue;  // a crisis has effects of its own
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (leaves_of(world, inside)[i].incidents == counts[i]) continue;
            const RiskLeafParameters& leaf = risk.leaves[i];
            const double weight = (1 - world.parameters.culture.risk.gain * culture)
                                  * (warned[i] ? 1 - risk.management.warned_saving : 1);
            CHECK(after.warned == tally.warned + (warned[i] ? 1 : 0));
            CHECK(inside.standing.brand
                  == Approx(brand * (1 - leaf.harm.brand_lost * weight)).epsilon(1e-12));
            CHECK(inside.risk.trust.at(now)
                  == Approx(trust * (1 - risk.contagion.trust_lost * weight)).epsilon(1e-12));
            CHECK(inside.culture.intensity(Advantage::risk, now)
                  == Approx(culture * (1 - world.parameters.culture.incident_loss * weight)).epsilon(1e-12));
            CHECK(startup.customers.accounts()
                  == accounts - std::floor(leaf.harm.customers_lost * weight * accounts));
            const bool leak = leaf.damage == Damage::data;
            leaks += leak ? 1 : 0;
            const double lost = leak ? leaf.damage_share * weight * (1 - world.parameters.data.backup) : 0;
            CHECK(inside.data.stock().tokens == Approx(before.tokens * (1 - lost)).epsilon(1e-12));
        }
    }
    CHECK(leaks > 5);
    CHECK(incidents > 40);
}

TEST_CASE("What has failed is repaired by as many responders as are paid, one after the other") {
    WorldParameters parameters = lone_organisation();
    parameters.risk.gates = {plain_gate("top", "top", RiskGateKind::any)};
    for (int i = 0; i < 6; ++i)
        parameters.risk.leaves.push_back(plain_leaf("leaf_" + std::to_string(i), "top", 0.5));
    for (RiskLeafParameters& leaf : parameters.risk.leaves) leaf.repair = Constant{1};
    // Founders repair alone: nobody is paid for it.
    parameters.startups[0].mix.risk = 0;
    parameters.risk.management.founders_pace = 1;
    World<PlainDraws> world = world_of(make_setup(parameters), 8, 0);
    while (world.step(60)) {
        const auto& inside = world.organisations[0];
        REQUIRE(inside.risk.response.in_service() <= 1);
        const auto failed = [&] {
            std::uint32_t count = 0;
            for (std::uint32_t i = 0; i < 6; ++i)
                count += world.setup().risk.semantics.failed(risk_state(world, inside), i) ? 1 : 0;
            return count;
        };
        REQUIRE(inside.risk.response.present() == failed());
    }
    const RiskTally& tally = world.organisations[0].risk.tally;
    CHECK(tally.repairs > 30);
    // One after the other, so at one a month at most; and whoever waits makes it longer than a month each.
    CHECK(tally.repairs <= 60);
    CHECK(tally.repair_time / tally.repairs > 1.2);
}

TEST_CASE("A precursor that is found in time makes the incident cost less") {
    WorldParameters parameters = lone_organisation();
    parameters.startups[0].count = 10;
    parameters.risk.gates = {plain_gate("top", "top", RiskGateKind::any)};
    parameters.risk.leaves = {plain_leaf("leaf", "top", 0.2)};
    parameters.risk.leaves[0].repair = Constant{0};
    parameters.risk.leaves[0].lead = 2;
    parameters.risk.leaves[0].visible = 0.8;
    parameters.culture.risk.gain = 0;
    World<PlainDraws> world(make_setup(parameters));
    Sample warned;
    Sample expected;
    for (std::uint32_t i = 0; i < 60; ++i) {
        world.reset(PlainDraws(FastVariates(17, i)));
        while (world.step(72)) {
        }
        double of_all = 0;
        double all = 0;
        for (const auto& inside : world.organisations) {
            of_all += inside.risk.tally.warned;
            all += inside.risk.tally.incidents;
        }
        warned.add(of_all / all);
        // A race of exponentials: detection at its rate against the incident after a mean lead of two months.
        // Risk culture, which speeds detection, differs little from company to company and moves slowly.
        double in_time = 0;
        for (const auto& inside : world.organisations) {
            const double rate = detection_rate(world, inside);
            in_time += 0.8 * rate * 2 / (1 + rate * 2) / static_cast<double>(world.organisations.size());
        }
        expected.add(in_time);
    }
    // Precursors cannot come before the founding or the last incident, which cuts leads: fewer than the race
    // has it.
    CAPTURE(warned.mean(), expected.mean());
    CHECK(warned.mean() < expected.mean());
    CHECK(warned.mean() > 0.6 * expected.mean());
}

TEST_CASE("A failure puts stress on those who share an investor, and on their market") {
    WorldParameters parameters = lone_organisation();
    parameters.startups[0].count = 4;
    World<PlainDraws> world = world_of(make_setup(parameters), 3, 0);
    world.run_until(1);
    // The investor of the first two, and one of the third alone.
    const auto one = world.graph.add({AgentKind::investor, 0});
    const auto other = world.graph.add({AgentKind::investor, 1});
    for (const std::uint32_t startup : {0U, 1U})
        world.graph.connect(one, world.startups[startup].vertex, {.kind = Relation::Kind::stake});
    world.graph.connect(other, world.startups[2].vertex, {.kind = Relation::Kind::stake});
    const ContagionParameters& contagion = world.parameters.risk.contagion;
    shuts_down(world, 0);
    const auto stress = [&](std::uint32_t startup) { return stress_of(world, world.startups[startup]); };
    CHECK(stress(1) == Approx(contagion.by_investors + contagion.by_market).epsilon(1e-12));
    CHECK(stress(2) == Approx(contagion.by_market).epsilon(1e-12));
    CHECK(stress(3) == Approx(contagion.by_market).epsilon(1e-12));
    const double partners = driver_factor(world, world.startups[1], RiskDriver::partners)
                            / driver_factor(world, world.startups[3], RiskDriver::partners);
    CHECK(partners > 1.01);
    world.run_until(1 + contagion.fades);
    CHECK(stress(2) == Approx(contagion.by_market / std::exp(1.0)).epsilon(1e-9));
}

TEST_CASE("Prevention goes where a dollar buys most, and without error nowhere else") {
    WorldParameters parameters = lone_organisation();
    parameters.risk.gates = {plain_gate("top", "top", RiskGateKind::any)};
    parameters.risk.leaves = {plain_leaf("dear", "top", 0.1), plain_leaf("cheap", "top", 0.1),
                              plain_leaf("hopeless", "top", 0.1)};
    parameters.risk.leaves[0].harm.severity.median = 1e6;
    parameters.risk.leaves[1].harm.severity.median = 1e5;
    parameters.risk.leaves[2].harm.severity.median = 1e6;
    parameters.risk.leaves[0].preventable = 0.8;
    parameters.risk.leaves[1].preventable = 0.8;
    parameters.risk.management.assessment_error = 0;
    World<PlainDraws> world = world_of(make_setup(parameters), 5, 0);
    world.run_until(0.01);
    const auto& inside = world.organisations[0];
    const auto leaves = leaves_of(std::as_const(world), inside);
    const double money = parameters.risk.management.prevention_share * inside.budgets.of(Advantage::risk);
    CHECK(leaves[0].prevention.flow + leaves[1].prevention.flow == Approx(money).epsilon(1e-9));
    CHECK(leaves[2].prevention.flow == 0);
    // Where both are spent on, the next dollar buys as much on either: values are ten to one, scales the
    // same.
    const double life = prevention_life(prevention_of(parameters.risk, parameters.risk.leaves[0]));
    const double scale = parameters.risk.management.prevention_scale / life;
    if (leaves[1].prevention.flow > 0)
        CHECK(leaves[0].prevention.flow - leaves[1].prevention.flow
              == Approx(scale * std::log(10)).epsilon(1e-6));
    else
        CHECK(leaves[0].prevention.flow <= scale * std::log(10) * (1 + 1e-9));
}

TEST_CASE("Prevention that takes a hazard off wholly is planned anew as though there were none") {
    WorldParameters parameters = lone_organisation();
    parameters.risk.gates = {plain_gate("top", "top", RiskGateKind::any)};
    parameters.risk.leaves = {plain_leaf("dear", "top", 0.1), plain_leaf("cheap", "top", 0.1)};
    parameters.risk.leaves[0].harm.severity.median = 1e6;
    parameters.risk.leaves[1].harm.severity.median = 1e5;
    for (RiskLeafParameters& leaf : parameters.risk.leaves) leaf.preventable = 1;
    parameters.risk.management.assessment_error = 0;
    World<PlainDraws> world = world_of(make_setup(parameters), 5, 0);
    world.run_until(0.01);
    const auto leaves = leaves_of(world, world.organisations[0]);
    const PreventionParameters prevention = prevention_of(parameters.risk, parameters.risk.leaves[0]);
    for (auto& leaf : leaves) leaf.prevention = {.amount = 1e12, .since = world.now()};
    REQUIRE(hazard_left(prevention, leaves[0].prevention.at(prevention, world.now())) == 0);
    REQUIRE(value_of(leaf_hazard(world, world.startups[0], 0)) == 0);
    CHECK(value_of(unprevented_hazard(world, world.startups[0], 0)) == 0.1);
    // Both are spent on, and the next dollar buys as much on either: values are ten to one, scales the same.
    const double scale = prevention.scale / prevention_life(prevention);
    const double money = 3 * scale * std::log(10);
    plan_prevention(world, 0, money);
    CHECK(leaves[0].prevention.flow == Approx(2 * scale * std::log(10)).epsilon(1e-12));
    CHECK(leaves[1].prevention.flow == Approx(scale * std::log(10)).epsilon(1e-12));
}

TEST_CASE("A tree that is none is refused with the name of what is wrong") {
    const auto refused = [](auto&& change) {
        WorldParameters parameters = constant_hazards(Constant{1});
        change(parameters.risk);
        try {
            (void)make_setup(parameters);
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    using Catch::Matchers::Contains;
    CHECK(refused([](RiskParameters&) {}).empty());
    CHECK_THAT(refused([](RiskParameters& risk) { risk.gates[0].under = "voting"; }),
               Contains("no gate is the top"));
    CHECK_THAT(refused([](RiskParameters& risk) { risk.gates[1].under = "voting"; }),
               Contains("one top only"));
    CHECK_THAT(refused([](RiskParameters& risk) { risk.gates[2].under = "either"; }), Contains("circle"));
    CHECK_THAT(refused([](RiskParameters& risk) { risk.gates[1].needs = 4; }), Contains("only 3 inputs"));
    CHECK_THAT(refused([](RiskParameters& risk) { risk.leaves[0].name = "top"; }), Contains("already"));
    CHECK_THAT(refused([](RiskParameters& risk) {
                   risk.leaves[3].under = risk.leaves[4].under;
                   risk.leaves.pop_back();
                   risk.leaves.erase(risk.leaves.begin() + 3, risk.leaves.end());
               }),
               Contains("risk.gates.either: no leaf and no gate is under it"));
}

TEST_CASE("Complete contingency plans shorten repairs by what they say they do") {
    WorldParameters parameters = lone_organisation();
    parameters.risk.gates = {plain_gate("top", "top", RiskGateKind::any)};
    parameters.risk.leaves = {plain_leaf("leaf", "top", 0.5)};
    parameters.risk.leaves[0].repair = Constant{2};
    RiskManagementParameters& management = parameters.risk.management;
    management.responder_pay = 1e-3;
    management.contingency_gain = 0.75;
    // So little spending completes them, and at once.
    management.contingency_scale = 1e-6;
    management.contingency_pace = 1e3;
    World<PlainDraws> world = world_of(make_setup(parameters), 9, 0);
    world.keep_notices();
    world.run_until(40);
    std::size_t repairs = 0;
    for (const Notice& notice : world.notices) {
        if (notice.kind != Notice::Kind::repaired || notice.time < 3) continue;
        ++repairs;
        // Responders are whole people, of whom there are millions here.
        CHECK(notice.amount == Approx(2 * (1 - 0.75)).epsilon(1e-5));
    }
    CHECK(repairs > 5);
}

TEST_CASE("Claims raise the premium at renewal, and too many end in a refusal") {
    WorldParameters parameters = insured_world();
    parameters.startups[0].count = 1;
    InsurerGroupParameters& terms = parameters.insurers[0];
    terms.credibility = 1;
    terms.refuses_above = 2;
    World<PlainDraws> world = world_of(make_setup(parameters), 10, 0);
    world.run_until(0.5);
    const auto& startup = world.startups[0];
    RiskRegister& risk = world.organisations[0].risk;
    REQUIRE(risk.policy.holds());
    const double before = risk.policy.premium / risk.policy.cover;
    // As the tree had it so far, and one claim more.
    risk.seen = {.claims = 1.5, .exposure = 0.5};
    CHECK(best_quote(world, startup).premium == Approx(before * 2.5 / 1.5).epsilon(1e-9));
    risk.seen = {.claims = 2.1, .exposure = 0.5};
    CHECK(best_quote(world, startup).insurer == InsurancePolicy::nobody);
}

TEST_CASE("Investors who are willing and able bridge a company over an incident, and nobody else does") {
    for (const double odds : {50.0, -50.0}) {
        WorldParameters parameters = lone_organisation();
        parameters.startups[0].seed_round = Constant{5e5};
        parameters.investors.resize(1);
        parameters.investors[0].name = "fund";
        parameters.investors[0].count = 1;
        parameters.investors[0].fund_size = Constant{1e8};
        parameters.risk.bridge.odds = odds;
        World<PlainDraws> world = world_of(make_setup(parameters), 11, 0);
        world.run_until(1);
        world.graph.connect(world.investors[0].vertex, world.startups[0].vertex,
                            {.kind = Relation::Kind::stake});
        const auto& startup = world.startups[0];
        const double cash = startup.cash.balance(1);
        const double available = world.investors[0].available;
        REQUIRE(startup.cash.runway(1) < parameters.risk.bridge.runway);
        ask_for_bridge(world, 0);
        const double brought = odds > 0 ? -parameters.risk.bridge.months * startup.cash.flow() : 0.0;
        CHECK(startup.bridged == Approx(brought).margin(1e-9));
        CHECK(startup.cash.balance(1) == Approx(cash + brought).epsilon(1e-12));
        CHECK(world.investors[0].available == Approx(available - brought).epsilon(1e-12));
        CHECK(startup.cap_table.classes().size() == (odds > 0 ? 2 : 1));
        if (odds > 0) {
            const PreferredClass& bridge = startup.cap_table.classes().back();
            const double price = bridge.invested / bridge.shares;
            const PreferredClass& seed = startup.cap_table.classes().front();
            CHECK(
                price
                == Approx((1 - parameters.risk.bridge.discount) * seed.invested / seed.shares).epsilon(1e-9));
        }
    }
}
