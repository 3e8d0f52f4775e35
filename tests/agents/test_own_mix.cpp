#include "agents/startup/own_mix.hpp"
#include "agents/startup/planning_events.hpp"
#include "sim/contract.hpp"
#include "tests/agents/worlds.hpp"
#include "tests/allocation_counter.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace venturi;
using namespace venturi::testing;
using Catch::Matchers::Contains;

namespace {

constexpr double horizon = 72;

const InvestmentMix all_in_data = {.technology = 0, .data = 1, .talent = 0, .partnership = 0, .risk = 0};
const InvestmentMix all_in_risk = {.technology = 0, .data = 0, .talent = 0, .partnership = 0, .risk = 1};

World<PlainDraws> lived(const std::shared_ptr<const WorldSetup>& setup) {
    World<PlainDraws> world = world_of(setup, 3, 5);
    world.run_until(horizon);
    return world;
}

std::string refusal_of(const WorldParameters& parameters) {
    try {
        static_cast<void>(make_setup(parameters));
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "no refusal";
}

// The part of its budgets that a company has for data.
double part_for_data(const World<PlainDraws>& world, std::uint32_t organisation) {
    double sum = 0;
    const auto& budgets = world.organisations[organisation].budgets;
    for (const double budget : budgets.advantage) sum += budget;
    return budgets.of(Advantage::data) / sum;
}

}  // namespace

TEST_CASE("A company that is given the mix of its group lives as it would have") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        if (!setup->interventions.empty()) continue;  // they change mixes that nobody has of its own
        CAPTURE(name);
        const std::uint64_t usual = digest_of(lived(setup));
        World<PlainDraws> world = world_of(setup, 3, 5);
        std::vector<std::vector<InvestmentMix>> rows;
        for (std::uint32_t group = 0; group < setup->parameters.startups.size(); ++group) {
            rows.push_back(mix_rows_of(setup->parameters, group));
            if (setup->parameters.startups[group].inside == Inside::five_advantages)
                give_own_mixes(world, group, [&rows](std::size_t) { return std::span(rows.back()); });
        }
        world.run_until(horizon);
        CHECK(digest_of(world) == usual);
    }
}

TEST_CASE("Rows that all say what the mix says change nothing, and the last row goes on") {
    const WorldParameters parameters = advantages_setup()->parameters;
    const std::uint64_t usual = digest_of(lived(make_setup(parameters)));
    WorldParameters changed = parameters;
    for (StartupGroupParameters& group : changed.startups)
        for (const char* stage : {"B", "seed"}) group.mix_by_stage.push_back({stage, group.mix});
    CHECK(digest_of(lived(make_setup(changed))) == usual);
    // What stages without rows of their own have is the row of the stage before, and first of all the mix.
    const auto rows_of = [](WorldParameters world, std::vector<StageMix> rows) {
        world.startups[0].mix_by_stage = std::move(rows);
        std::vector<double> data;
        for (const InvestmentMix& row : mix_rows_of(world, 0)) data.push_back(row.data);
        return data;
    };
    const double usually = parameters.startups[0].mix.data;
    CHECK(rows_of(parameters, {}) == std::vector<double>{usually});
    CHECK(rows_of(parameters, {{"B", all_in_risk}, {"A", all_in_data}})
          == std::vector<double>{usually, 1, 0, 0, 0, 0});
    CHECK(rows_of(parameters, {{"seed", all_in_data}}) == std::vector<double>{1, 1, 1, 1, 1, 1});
}

TEST_CASE("A company spends by the row of the stage at which it is") {
    WorldParameters parameters = advantages_setup()->parameters;
    // Everybody raises, from early on.
    parameters.finance.raising.expected_revenue = 1;
    parameters.finance.raising.runway_trigger = 60;
    parameters.finance.raising.duration = Constant{5};
    for (RoundParameters& round : parameters.finance.rounds) {
        round.success_odds = 50;
        round.median_pre_money = 1e7;
    }
    parameters.investors[0].fund_size = Constant{1e12};
    for (StartupGroupParameters& group : parameters.startups)
        group.mix_by_stage = {{"A", all_in_data}, {"C", all_in_risk}};
    const auto setup = make_setup(parameters);
    World<PlainDraws> world = world_of(setup, 8, 1);
    std::size_t seen[3] = {0, 0, 0};
    for (double month = 0.5; month <= 96; month += 0.5) {
        world.run_until(month);
        for (std::uint32_t i = 0; i < world.organisations.size(); ++i) {
            const Startup<PlainDraws>& startup = world.startups[world.organisations[i].startup];
            // Budgets are those of the last planning.
            if (!is_alive(startup.status) || startup.rounds.back().time >= world.organisations[i].planned)
                continue;
            const std::size_t rounds = startup.follow_on_rounds();
            const std::size_t which = rounds == 0 ? 0 : rounds < 3 ? 1 : 2;
            ++seen[which];
            const double expected = which == 0 ? shares_of<double>(parameters.startups[startup.group].mix)[1]
                                    : which == 1 ? 1.0
                                                 : 0.0;
            REQUIRE(part_for_data(world, i) == Approx(expected).margin(1e-12));
        }
    }
    CAPTURE(seen[0]);
    CAPTURE(seen[1]);
    CAPTURE(seen[2]);
    for (const std::size_t times : seen) CHECK(times > 20);
}

TEST_CASE("A mix of its own is one company's alone, goes on in a copy, and is forgotten at the next reset") {
    const auto setup = make_setup(advantages_setup()->parameters);
    World<PlainDraws> world = world_of(setup, 4, 2);
    const std::uint32_t startup = world.organisations[3].startup;
    give_own_mix(world, startup, std::span(&all_in_data, 1));
    world.run_until(12);
    World<PlainDraws> copy = world;
    world.run_until(30);
    copy.run_until(30);
    CHECK(digest_of(copy) == digest_of(world));
    for (std::uint32_t i = 0; i < world.organisations.size(); ++i) {
        const Startup<PlainDraws>& each = world.startups[world.organisations[i].startup];
        if (each.status == Status::unfounded) continue;
        const double usual = shares_of<double>(setup->parameters.startups[each.group].mix)[1];
        CHECK(part_for_data(world, i) == Approx(i == 3 ? 1.0 : usual));
    }
    world.reset(PlainDraws(FastVariates(3, 5)));
    world.run_until(horizon);
    CHECK(digest_of(world) == digest_of(lived(setup)));
}

TEST_CASE("Interventions set the mix of a stage, for companies that have none of their own") {
    WorldParameters parameters = lone_organisation();
    parameters.startups[0].mix_by_stage = {{"seed", all_in_risk}};
    const auto leaf = [&](std::string_view path) { return leaf_number(parameters, path); };
    const Intervention turn = {.name = "turn",
                               .at = 6.0,
                               .when = {},
                               .settings = {{leaf("startups.founders.mix_by_stage.seed.data"), 1.0},
                                            {leaf("startups.founders.mix_by_stage.seed.risk"), 0.0}}};
    const auto setup = make_setup(parameters, {turn});
    World<PlainDraws> world = world_of(setup, 1, 1);
    world.run_until(5.9);
    CHECK(part_for_data(world, 0) == 0);
    world.run_until(24);
    CHECK(part_for_data(world, 0) == 1);
    world.reset(PlainDraws(FastVariates(1, 1)));
    give_own_mix(world, 0, std::span(&all_in_risk, 1));
    world.run_until(24);
    CHECK(part_for_data(world, 0) == 0);
}

TEST_CASE("Own mixes take no memory from history to history") {
    const auto setup = make_setup(advantages_setup()->parameters);
    World<PlainDraws> world(setup);
    const std::vector<InvestmentMix> rows(4, all_in_data);
    const auto run = [&](std::uint32_t trajectory) {
        world.reset(PlainDraws(FastVariates(4, trajectory)));
        for (std::uint32_t group : {0U, 1U})
            give_own_mixes(world, group, [&rows](std::size_t) { return std::span(rows); });
        world.run_until(horizon);
    };
    for (std::uint32_t i = 0; i < 6; ++i) run(i);
    const std::size_t before = allocations();
    for (std::uint32_t i = 6; i-- > 0;) run(i);
    CHECK(allocations() == before);
}

TEST_CASE("Mixes that are none are refused") {
    WorldParameters parameters = advantages_setup()->parameters;
    const InvestmentMix nothing = {.technology = 0, .data = 0, .talent = 0, .partnership = 0, .risk = 0};
    parameters.startups[0].mix_by_stage = {{"A", nothing}};
    CHECK_THAT(refusal_of(parameters), Contains("startups.founders.mix_by_stage.A: no share is above 0"));
    parameters.startups[0].mix_by_stage = {{"series_z", all_in_data}};
    CHECK_THAT(refusal_of(parameters),
               Contains("startups.founders.mix_by_stage: there is no stage 'series_z'"));
    World<PlainDraws> world = world_of(advantages_setup(), 4, 2);
    const std::uint32_t inside = world.organisations[0].startup;
    CHECK_THROWS_AS(give_own_mix(world, inside, std::span(&nothing, 1)), ContractViolation);
    CHECK_THROWS_AS(give_own_mix(world, inside, std::span<const InvestmentMix>{}), ContractViolation);
    InvestmentMix negative = all_in_data;
    negative.risk = -0.1;
    CHECK_THROWS_AS(give_own_mix(world, inside, std::span(&negative, 1)), ContractViolation);
    const auto outline = static_cast<std::uint32_t>(world.startups.size() - 1);
    REQUIRE_FALSE(world.startups[outline].has_inside());
    CHECK_THROWS_AS(give_own_mix(world, outline, std::span(&all_in_data, 1)), ContractViolation);
    CHECK_THROWS_AS(give_own_mix(world, 100000, std::span(&all_in_data, 1)), ContractViolation);
}
