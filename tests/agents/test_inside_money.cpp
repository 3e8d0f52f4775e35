// Where the money of a startup that is modelled inside goes.
#include "agents/startup/planning_events.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

/// What a startup spends at present, item by item, dollars per month.
std::array<double, 11> outlays(const World<PlainDraws>& world, const Organisation<PlainDraws>& inside) {
    const TrainingRun& run = inside.technology.run;
    const bool training = inside.technology.stage == TechnologyStage::training;
    double pay = 0;
    for (std::size_t role = 0; role < roles; ++role)
        pay += inside.workforce.pay_units(world.parameters.talent.career, static_cast<Role>(role))
               * inside.market_pay[role] * inside.pay_premium * inside.raises;
    return {pay,
            inside.recruiting,
            inside.training,
            inside.campaigns,
            inside.tools,
            inside.purchases,
            training ? run.data_money : 0.0,
            training ? run.cost / run.duration : 0.0,
            inside.budgets.of(Advantage::partnership),
            inside.precautions,
            inside.risk.policy.premium};
}

double sum(const std::array<double, 11>& items) {
    double total = 0;
    for (const double item : items) total += item;
    return total;
}

double income(const World<PlainDraws>& world, const Startup<PlainDraws>& startup) {
    return revenue(world, startup) * market_of(world, startup).gross_margin;
}

}  // namespace

TEST_CASE(
    "Cash flows by what is earned less what staff, runs, data and the other budgets cost, after every "
    "event") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 43, 0);
        while (world.step(36)) {
            for (const auto& startup : world.startups) {
                if (!startup.has_inside() || !is_alive(startup.status)) continue;
                const std::array<double, 11> spent = outlays(world, world.inside(startup));
                for (const double item : spent) REQUIRE(item >= 0);
                const double earned = income(world, startup);
                REQUIRE(std::abs(startup.cash.flow() - (earned - sum(spent)))
                        <= 1e-12 * (earned + sum(spent)));
            }
        }
    }
}

TEST_CASE(
    "The cash of a company with five advantages is what it raised and earned, less what it spent and what "
    "incidents cost") {
    struct Book {
        double earned = 0;
        double spent = 0;
    };
    World<PlainDraws> world = world_of(advantages_setup(), 43, 1);
    std::vector<Book> books(world.startups.size());
    double since = 0;
    std::vector<double> earning(books.size(), 0.0);
    std::vector<double> spending(books.size(), 0.0);
    std::size_t incidents = 0;
    while (world.step(48)) {
        const double months = world.now() - since;
        since = world.now();
        for (std::size_t i = 0; i < books.size(); ++i) {
            const auto& startup = world.startups[i];
            if (!startup.has_inside()) continue;
            books[i].earned += earning[i] * months;
            books[i].spent += spending[i] * months;
            const bool alive = is_alive(startup.status);
            const auto& inside = world.inside(startup);
            earning[i] = alive ? income(world, startup) : 0.0;
            spending[i] = alive ? sum(outlays(world, inside)) : 0.0;
            if (!alive) continue;
            const double turnover = startup.raised() + books[i].earned + books[i].spent;
            REQUIRE(std::abs(startup.cash.balance(since)
                             - (startup.raised() + books[i].earned - books[i].spent - inside.risk.tally.cost
                                + inside.risk.tally.paid_by_insurers))
                    <= 1e-9 * turnover);
        }
    }
    for (const auto& inside : world.organisations) incidents += inside.risk.tally.incidents;
    CHECK(incidents > 5);
}

TEST_CASE("A planning shares out all that is to be spent, by the mix") {
    std::size_t plannings = 0;
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 43, 2);
        for (;;) {
            const auto next = world.calendar.peek();
            if (!next || next->time > 36) break;
            const Event event = *next->event;
            if (event.what != Happening::plans) {
                world.step(36);
                continue;
            }
            const auto& planning = world.inside(world.startups[event.who]);
            const std::uint32_t staff = planning.workforce.headcount();
            world.step(36);
            ++plannings;
            const auto& startup = world.startups[event.who];
            const auto& inside = world.inside(startup);
            const StartupGroupParameters& group = world.parameters.startups[startup.group];
            const TalentParameters& talent = world.parameters.talent;
            const double all = planned_spending(world, startup) + group.reinvestment * income(world, startup);
            double budgets = inside.budgets.marketing;
            for (const double budget : inside.budgets.advantage) budgets += budget;
            REQUIRE(budgets == Approx(all).epsilon(1e-14));
            const std::array<double, 5> mix = group.mix.shares();
            const double technology = inside.budgets.of(Advantage::technology);
            for (std::size_t i = 0; i < advantages; ++i)
                REQUIRE(inside.budgets.advantage[i] * mix[0] == Approx(technology * mix[i]).epsilon(1e-14));
            // Each budget in turn is what it pays for.
            const auto pay = payroll_budgets(world, inside);
            REQUIRE(pay[0] + pay[1] + inside.compute_money == Approx(technology).epsilon(1e-14));
            REQUIRE(pay[2] + inside.purchases + inside.tools
                    == Approx(inside.budgets.of(Advantage::data)).epsilon(1e-14));
            REQUIRE(pay[3] + inside.campaigns == Approx(inside.budgets.marketing).epsilon(1e-14));
            // Pay above the market takes what recruiters and training leave, where there is staff to pay and
            // nobody has been laid off meanwhile.
            double market_pay = 0;
            for (std::size_t role = 0; role < roles; ++role)
                market_pay += inside.market_pay[role]
                              * inside.workforce.pay_units(talent.career, static_cast<Role>(role));
            if (market_pay > talent.engineer.pay * world.wages && inside.workforce.headcount() == staff)
                REQUIRE(market_pay * (inside.pay_premium - 1) + inside.recruiting + inside.training
                        == Approx(inside.budgets.of(Advantage::talent)).epsilon(1e-9));
        }
    }
    CHECK(plannings > 500);
}

TEST_CASE("What has no share of the mix is not spent on") {
    const auto world_without = [](double InvestmentMix::*share) {
        WorldParameters parameters = lone_organisation();
        parameters.startups[0].mix.*share = 0;
        World<PlainDraws> world = world_of(make_setup(parameters), 43, 3);
        world.run_until(20);
        return world;
    };
    {
        World<PlainDraws> world = world_without(&InvestmentMix::technology);
        const auto& inside = world.organisations[0];
        CHECK(inside.compute_money == 0);
        CHECK(inside.workforce.paid_of(Role::researcher) == 0);
        CHECK(inside.workforce.paid_of(Role::engineer) == 0);
        CHECK(inside.technology.trained_compute == 0);
        CHECK(inside.technology.runs_finished > 0);
    }
    {
        World<PlainDraws> world = world_without(&InvestmentMix::data);
        const auto& inside = world.organisations[0];
        CHECK(inside.tools == 0);
        CHECK(inside.purchases == 0);
        CHECK(inside.workforce.paid_of(Role::data) == 0);
    }
    {
        World<PlainDraws> world = world_without(&InvestmentMix::talent);
        const auto& inside = world.organisations[0];
        CHECK(inside.recruiting == 0);
        CHECK(inside.training == 0);
        CHECK(inside.pay_premium == 1);
    }
    {
        World<PlainDraws> world = world_without(&InvestmentMix::partnership);
        CHECK(world.organisations[0].budgets.of(Advantage::partnership) == 0);
    }
    {
        World<PlainDraws> world = world_without(&InvestmentMix::risk);
        CHECK(world.organisations[0].budgets.of(Advantage::risk) == 0);
    }
}
