// What a failure does in the network of a world: obligations that are cleared, trust that is lost, and whom
// it brings down.
#include "agents/finance/finance_events.hpp"
#include "scenarios/scenario.hpp"
#include "tests/agents/network_worlds.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

/// A world at month 0 with so many startups, nobody tied, each with so much cash.
World<PlainDraws> startups_with(std::initializer_list<double> cash) {
    WorldParameters parameters = network_world(static_cast<std::int64_t>(cash.size()));
    parameters.partnership.ties.meetings = 0;
    World<PlainDraws> world = world_of(make_setup(parameters), 60, 0);
    world.run_until(0);
    std::uint32_t i = 0;
    for (const double money : cash) world.startups[i++].cash = CashAccount(money, 0);
    return world;
}

/// A tie on which the first owes the second.
std::uint32_t owes(World<PlainDraws>& world, std::uint32_t debtor, std::uint32_t creditor, double amount) {
    form_tie(world, debtor, creditor, false, 0.5);
    const std::uint32_t record = tie_between(world, debtor, creditor);
    world.ties[record].owed = amount;
    world.ties[record].debtor = 0;
    return record;
}

/// A project of startups that are tied to the first of them, with shares that are fair.
JointProject project_of(const World<PlainDraws>& world, std::vector<std::uint32_t> members,
                        std::vector<double> shares, double value) {
    JointProject project;
    project.size = static_cast<std::uint8_t>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
        project.members[i] = members[i];
        project.ties[i] = i == 0 ? no_record : tie_between(world, members[0], members[i]);
        project.share[i] = shares[i];
        project.fair[i] = shares[i];
    }
    project.value = value;
    return project;
}

double cash_of(const World<PlainDraws>& world, std::uint32_t startup) {
    return world.startups[startup].cash.balance(world.now());
}

}  // namespace

TEST_CASE("A failed startup pays what it has, and its creditor bears the rest") {
    // The two-firm case that can be solved by hand: 40 of 100 are paid.
    World<PlainDraws> world = startups_with({40, 0.5e6});
    owes(world, 0, 1, 100);
    shuts_down(world, 0);
    CHECK(cash_of(world, 1) == 0.5e6 + 40);
    CHECK(world.network.owed_at_failure == 100);
    CHECK(world.network.unpaid == 60);
    CHECK(world.network.cascades[0] == 1);
    CHECK(all_ties(world).empty());
    CHECK(is_alive(world.startups[1].status));
}

TEST_CASE("What survivors owe to a failed startup falls due, and who cannot pay it fails too") {
    // 0 fails with nothing. 1 owes it 100 and has 30: it fails, and with it falls due what it owes 2: 50. So
    // 1 pays 30 · 100/150 = 20 to 0's estate and 10 to 2. 3 owes 0 a hundred and pays.
    World<PlainDraws> world = startups_with({0, 30, 1000, 1000});
    owes(world, 1, 0, 100);
    owes(world, 1, 2, 50);
    owes(world, 3, 0, 100);
    runs_out_of_cash(world, 0);
    CHECK(world.startups[1].status == Status::bankrupt);
    CHECK(cash_of(world, 2) == Approx(1010).epsilon(1e-12));
    CHECK(cash_of(world, 3) == Approx(900).epsilon(1e-12));
    CHECK(world.network.cascades[1] == 1);
    CHECK(world.network.defaults_by_contagion == 1);
    CHECK(world.tallies.bankruptcies == 2);
    CHECK(world.network.owed_at_failure == 150);
    CHECK(world.network.unpaid == Approx(120).epsilon(1e-12));
}

TEST_CASE("A circle of debts is cleared at once, as by Eisenberg and Noe") {
    // 0 owes 1, 1 owes 2, 2 owes 0, a hundred each. 0 fails with 20, 2 cannot pay its hundred without what 1
    // owes it, and when 2 fails that falls due; 1 has enough with what it gets. Payments: 2 gets 100 and pays
    // 100 of its 110; 0 has 120, and pays its 100.
    World<PlainDraws> world = startups_with({20, 150, 10});
    owes(world, 0, 1, 100);
    owes(world, 1, 2, 100);
    owes(world, 2, 0, 100);
    shuts_down(world, 0);
    CHECK(world.startups[2].status == Status::bankrupt);
    CHECK(is_alive(world.startups[1].status));
    CHECK(cash_of(world, 0) == Approx(20).epsilon(1e-12));
    CHECK(cash_of(world, 1) == Approx(150).epsilon(1e-12));
    CHECK(cash_of(world, 2) == Approx(10).epsilon(1e-12));
    CHECK(world.network.unpaid == Approx(0).margin(1e-9));
}

TEST_CASE("Clearing moves money and makes none: what all have together stays") {
    World<PlainDraws> world = startups_with({7, 300, 40, 900, 15, 60});
    owes(world, 1, 0, 200);
    owes(world, 2, 0, 90);
    owes(world, 2, 3, 70);
    owes(world, 4, 2, 55);
    owes(world, 0, 5, 400);
    owes(world, 5, 4, 30);
    double before = 0;
    for (std::uint32_t i = 0; i < 6; ++i) before += cash_of(world, i);
    shuts_down(world, 0);
    double after = 0;
    for (std::uint32_t i = 0; i < 6; ++i) after += cash_of(world, i);
    CHECK(after == Approx(before).epsilon(1e-12));
    CHECK(world.startups[2].status == Status::bankrupt);
    CHECK(world.startups[4].status == Status::bankrupt);
    CHECK(world.network.cascades[2] == 1);
}

TEST_CASE("Members guarantee the advance of a project whose lead fails") {
    // The lead has 40 of an advance of 100; the two members bear the missing 60 by their shares.
    World<PlainDraws> world = startups_with({1e6, 1e6, 1e6});
    form_tie(world, 0, 1, false, 0.5);
    form_tie(world, 0, 2, false, 0.5);
    const JointProject project =
        project_of(world, {0, 1, 2}, {0.4, 0.4, 0.2}, 100 / world.parameters.partnership.projects.advance);
    begin_project(world, project);
    world.startups[0].cash = CashAccount(40, 0);
    shuts_down(world, 0);
    CHECK(cash_of(world, 1) == Approx(1e6 - 40).epsilon(1e-12));
    CHECK(cash_of(world, 2) == Approx(1e6 - 20).epsilon(1e-12));
    CHECK(world.projects.in_use() == 0);
    CHECK(world.network.projects_broken_off == 1);
}

TEST_CASE("A guarantor that fails by its call owes it like its other debts") {
    // The lead has nothing of an advance of 100; the member has 50, and owes 50 to another beside the call: a
    // third of both is paid.
    World<PlainDraws> world = startups_with({1e6, 1e6, 1e6});
    form_tie(world, 0, 1, false, 0.5);
    owes(world, 1, 2, 50);
    const JointProject project =
        project_of(world, {0, 1}, {0.5, 0.5}, 100 / world.parameters.partnership.projects.advance);
    begin_project(world, project);
    world.startups[0].cash = CashAccount(0, 0);
    world.startups[1].cash = CashAccount(50, 0);
    shuts_down(world, 0);
    CHECK(world.startups[1].status == Status::bankrupt);
    CHECK(cash_of(world, 2) == Approx(1e6 + 50.0 / 3).epsilon(1e-12));
    CHECK(cash_of(world, 1) == 0);
    CHECK(world.network.cascades[1] == 1);
}

TEST_CASE("When a project is broken off the lead gives back the advance, and members what it cannot") {
    for (const double money : {1e6, 40.0}) {
        World<PlainDraws> world = startups_with({1e6, 1e6, 1e6});
        form_tie(world, 0, 1, false, 0.5);
        form_tie(world, 0, 2, false, 0.5);
        const JointProject project = project_of(world, {0, 1, 2}, {0.2, 0.6, 0.2},
                                                100 / world.parameters.partnership.projects.advance);
        begin_project(world, project);
        world.startups[0].cash = CashAccount(money, 0);
        break_off_project(world, world.ties[project.ties[1]].project);
        const double missing = std::max(100 - money, 0.0);
        CHECK(cash_of(world, 0) == Approx(std::max(money - 100, 0.0)).margin(1e-9));
        CHECK(cash_of(world, 1) == Approx(1e6 - 0.75 * missing).epsilon(1e-12));
        CHECK(cash_of(world, 2) == Approx(1e6 - 0.25 * missing).epsilon(1e-12));
        CHECK(world.projects.in_use() == 0);
    }
}

TEST_CASE("A project whose last member has left is over") {
    World<PlainDraws> world = startups_with({1e6, 1e6});
    form_tie(world, 0, 1, false, 0.5);
    const JointProject project = project_of(world, {0, 1}, {0.5, 0.5}, 1000);
    const double advance = world.parameters.partnership.projects.advance * 1000;
    begin_project(world, project);
    CHECK(cash_of(world, 0) == Approx(1e6 + advance).epsilon(1e-12));
    shuts_down(world, 1);
    CHECK(cash_of(world, 0) == Approx(1e6).epsilon(1e-12));
    CHECK(world.projects.in_use() == 0);
    CHECK(world.network.projects_broken_off == 1);
}

TEST_CASE("A project pays its members by contract, after the term, and costs them by contract") {
    World<PlainDraws> world = startups_with({1e6, 1e6});
    world.parameters.partnership.projects.milestone = Constant{1};
    world.parameters.partnership.projects.milestones = 2;
    world.parameters.partnership.projects.learning = 0;
    form_tie(world, 0, 1, false, 0.5);
    const JointProject project = project_of(world, {0, 1}, {0.7, 0.3}, 1000);
    begin_project(world, project);
    const double all = world.parameters.partnership.projects.cost * 1000;
    world.run_until(1.5);
    CHECK(world.network.project_cost == Approx(all / 2).epsilon(1e-12));
    CHECK(world.network.project_revenue == Approx(300).epsilon(1e-12));
    world.run_until(3.9);
    CHECK(world.network.projects_finished == 1);
    CHECK(world.network.project_cost == Approx(all).epsilon(1e-12));
    CHECK(world.network.project_revenue == Approx(1000).epsilon(1e-12));
    CHECK(world.projects.in_use() == 1);
    world.run_until(4.1);
    CHECK(world.network.project_revenue == Approx(1000).epsilon(1e-12));  // moved, not made
    CHECK(world.projects.in_use() == 0);
}

TEST_CASE("A contract shares by the rule in so far as the lead is fair, and sums to the whole") {
    World<PlainDraws> world = startups_with({1e6, 1e6, 1e6});
    for (std::uint32_t i = 1; i < 3; ++i) form_tie(world, 0, i, false, 0.5);
    world.partners[0].brings = {0.9, 0, 0, 0.1};
    world.partners[1].brings = {0, 0.8, 0, 0.1};
    world.partners[2].brings = {0, 0.8, 0, 0.1};
    JointProject project = find_members(world, 0);
    REQUIRE(project.size == 3);
    const auto contract = [&](double fairness, SharingRule rule) {
        world.parameters.startups[0].cooperation.fairness = fairness;
        world.parameters.partnership.projects.sharing = rule;
        JointProject made = project;
        make_contract(world, made);
        double sum = 0;
        for (std::size_t i = 0; i < made.size; ++i) sum += made.share[i];
        CHECK(sum == Approx(1).epsilon(1e-12));
        return made;
    };
    const JointProject fair = contract(1, SharingRule::shapley);
    for (std::size_t i = 0; i < 3; ++i) CHECK(fair.share[i] == Approx(fair.fair[i]).epsilon(1e-12));
    CHECK(fair.share[1] == Approx(fair.share[2]).epsilon(1e-12));
    CHECK(fair.share[0] > fair.share[1]);
    const JointProject equal = contract(1, SharingRule::equal);
    for (std::size_t i = 0; i < 3; ++i) CHECK(equal.share[i] == Approx(1.0 / 3).epsilon(1e-12));
    const JointProject greedy = contract(0, SharingRule::shapley);
    CHECK(greedy.share[0] > fair.share[0]);
    CHECK(greedy.share[1] < fair.share[1]);
    // v(0) = ((0.9 + 0.1) / 4)² and so on: what the members could do alone is all that they get.
    const double whole = worth_of(world, std::span<const std::uint32_t>(project.members.data(), 3), 7);
    CHECK(greedy.share[1] == Approx(std::pow(0.9 / 4, 2) / whole).epsilon(1e-12));
}

TEST_CASE(
    "The partners of a failed startup's partners trust each other less, and its partners are stressed") {
    World<PlainDraws> world = startups_with({1e6, 1e6, 1e6, 1e6});
    form_tie(world, 0, 1, false, 0.5);
    form_tie(world, 1, 2, false, 0.5);
    form_tie(world, 2, 3, false, 0.5);
    world.parameters.partnership.trust.lost_by_failure_nearby = 0.2;
    shuts_down(world, 0);
    CHECK(world.ties[tie_between(world, 1, 2)].trust == Approx(0.5 * 0.8).epsilon(1e-12));
    CHECK(world.ties[tie_between(world, 2, 3)].trust == 0.5);
    CHECK(world.organisations[1].risk.stress.at(0) == world.parameters.risk.contagion.by_partners);
    CHECK(world.organisations[2].risk.stress.at(0) == 0);
    CHECK(world.segments[0].stress.at(0) == world.parameters.risk.contagion.by_market);
}

TEST_CASE("A startup that is sold pays what it owes, and is paid") {
    World<PlainDraws> world = startups_with({1e6, 1e6, 1e6});
    owes(world, 0, 1, 1000);
    owes(world, 2, 0, 500);
    exit_startup(world, 0, Status::acquired, 1e7);
    CHECK(cash_of(world, 1) == 1e6 + 1000);
    CHECK(cash_of(world, 2) == 1e6 - 500);
    CHECK(all_ties(world).empty());
    CHECK(world.network.cascades[0] == 0);
}

namespace {

std::filesystem::path library() {
    return std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
}

/// Six startups with customers, incidents and rounds, each in a market of its own, where labour is boundless
/// and money is not scarce: they meet nowhere but in the network.
WorldParameters strangers() {
    const std::filesystem::path folder = library();
    WorldParameters world =
        load_scenario((folder / "customer_service.yaml").string(), std::span(&folder, 1)).world;
    const StartupGroupParameters group = world.startups[0];
    const SegmentParameters segment = world.market.segments.back();
    world.startups.clear();
    world.market.segments.clear();
    for (int i = 0; i < 6; ++i) {
        world.startups.push_back(group);
        world.startups.back().name = "group" + std::to_string(i);
        world.startups.back().segment = "segment" + std::to_string(i);
        world.startups.back().count = 1;
        world.market.segments.push_back(segment);
        world.market.segments.back().name = "segment" + std::to_string(i);
    }
    world.investors[0].fund_size = Constant{1e15};
    world.investors[0].largest_cheque = 1;
    world.insurers.clear();
    world.risk.contagion.by_investors = 0;
    world.talent.boundless = true;
    world.talent.hiring.poaching = 0;
    world.partners.push_back(plain_partners("universities", PartnerGroupKind::university, 3));
    world.partners.push_back(plain_partners("industry", PartnerGroupKind::industry, 4));
    world.partners[0].graduates = 1;
    world.partners[1].assets = Constant{1e6};
    world.partners[1].failure = 0.02;
    world.partners[1].people = 20;
    world.partnership.ties.meetings = 1;
    world.partnership.projects.proposals = 1;
    return world;
}

void switch_off(NetworkCouplings& couplings) {
    couplings = {.knowledge = 0,
                 .data = 0,
                 .compute = 0,
                 .customers = 0,
                 .projects = 0,
                 .obligations = 0,
                 .trust = 0,
                 .people = 0};
}

std::uint64_t fate_of(const World<PlainDraws>& world, std::size_t startup) {
    Digest digest;
    digest_startup(world, world.startups[startup], digest);
    return digest.value();
}

}  // namespace

TEST_CASE("With all couplings off a startup lives to the bit as if it were alone in the world", "[long]") {
    WorldParameters parameters = strangers();
    switch_off(parameters.partnership.couplings);
    const auto together = make_setup(parameters);
    std::uint64_t ties = 0;
    int deaths = 0;
    for (const std::size_t kept : {0, 3, 5}) {
        WorldParameters alone = parameters;
        for (std::size_t i = 0; i < 6; ++i)
            if (i != kept) alone.startups[i].count = 0;
        alone.partners.clear();
        const auto setup = make_setup(alone);
        for (std::uint32_t trajectory = 0; trajectory < 6; ++trajectory) {
            World<PlainDraws> crowded = world_of(together, 61, trajectory);
            World<PlainDraws> lonely = world_of(setup, 61, trajectory);
            for (const double month : {1.0, 12.0, 60.0, 120.0}) {
                crowded.run_until(month);
                lonely.run_until(month);
                REQUIRE(fate_of(crowded, kept) == fate_of(lonely, 0));
            }
            ties += crowded.network.formed;
            deaths += is_dead(lonely.startups[0].status) ? 1 : 0;
        }
    }
    // There was something to be uncoupled from.
    CHECK(ties > 200);
    CHECK(deaths > 3);
}

TEST_CASE("Each coupling by itself changes a startup's life") {
    const WorldParameters parameters = strangers();
    WorldParameters off = parameters;
    switch_off(off.partnership.couplings);
    const auto lives = [](const WorldParameters& world) {
        World<PlainDraws> run = world_of(make_setup(world), 62, 0);
        run.run_until(60);
        return digest_of_startups(run);
    };
    // Through poaching people can come from partners.
    off.talent.hiring.poaching = 0.15;
    const std::uint64_t without = lives(off);
    for (double NetworkCouplings::*one :
         {&NetworkCouplings::knowledge, &NetworkCouplings::data, &NetworkCouplings::compute,
          &NetworkCouplings::customers, &NetworkCouplings::projects, &NetworkCouplings::obligations,
          &NetworkCouplings::trust, &NetworkCouplings::people}) {
        WorldParameters with = off;
        with.partnership.couplings.*one = 1;
        CHECK(lives(with) != without);
    }
}

namespace {

/// Thirty startups that share nothing but partners: markets of their own, a climate that stands still.
WorldParameters thirty_neighbours() {
    WorldParameters world = strangers();
    const StartupGroupParameters group = world.startups[0];
    SegmentParameters segment = world.market.segments[0];
    segment.size /= 10;  // so small that half of them fail
    segment.rivals /= 10;
    world.startups.clear();
    world.market.segments.clear();
    for (int i = 0; i < 30; ++i) {
        world.startups.push_back(group);
        world.startups.back().name = "group" + std::to_string(i);
        world.startups.back().segment = "segment" + std::to_string(i);
        world.startups.back().mix.partnership = 0.25;
        world.market.segments.push_back(segment);
        world.market.segments.back().name = "segment" + std::to_string(i);
    }
    EnvironmentParameters& environment = world.environment;
    environment.climate.initial = InitialClimate::normal;
    environment.climate.normal_to_cold = 0;
    environment.climate.normal_to_warm = 0;
    environment.compute_price_cuts = 0;
    environment.frontier_advances = 0;
    environment.wage_rise_spread = 0;
    world.partners.clear();
    world.partners.push_back(plain_partners("industry", PartnerGroupKind::industry, 10));
    world.partners[0].assets = Constant{1e6};
    world.partners[0].failure = 0.01;
    world.partners[0].appetite = 9;
    world.partners[0].reliability = 0.85;
    world.partnership.ties.rivalry = 0;
    world.partnership.ties.meetings = 2;
    world.partnership.projects.proposals = 0.15;
    // A dense network, and investors who do not soon forget.
    world.risk.contagion.by_partners = 2;
    world.risk.contagion.stress_effect = 1;
    world.risk.contagion.fades = 12;
    return world;
}

struct Failures {
    Sample number;
    double independent = 0;  ///< variance of the number if startups failed independently: Σ p (1 − p)
};

Failures failures_of(const WorldParameters& parameters, std::uint32_t histories) {
    World<PlainDraws> world(make_setup(parameters));
    std::vector<double> failed(30);
    Failures seen;
    for (std::uint32_t history = 0; history < histories; ++history) {
        world.reset(PlainDraws(FastVariates(7, history)));
        world.run_until(48);
        double number = 0;
        for (std::size_t i = 0; i < failed.size(); ++i) {
            const double one = is_dead(world.startups[i].status) ? 1 : 0;
            failed[i] += one / histories;
            number += one;
        }
        seen.number.add(number);
    }
    for (const double p : failed) seen.independent += p * (1 - p);
    return seen;
}

}  // namespace

TEST_CASE("With couplings on failures cluster; with all off they are independent", "[long]") {
    constexpr std::uint32_t histories = 100;
    const WorldParameters on = thirty_neighbours();
    WorldParameters off = on;
    switch_off(off.partnership.couplings);
    const Failures coupled = failures_of(on, histories);
    const Failures alone = failures_of(off, histories);
    // The logarithm of the variance of a sum of thirty lives has a standard error near √(2 / (n − 1)).
    const double error = std::sqrt(2.0 / (histories - 1));
    CHECK(std::abs(std::log(alone.number.variance() / alone.independent)) < 3 * error);
    CHECK(std::log(coupled.number.variance() / alone.number.variance()) > 3 * std::sqrt(2.0) * error);
    CHECK(std::log(coupled.number.variance() / coupled.independent) > 3 * error);
}
