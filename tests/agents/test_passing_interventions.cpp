// Interventions that last for a time: afterwards things are as they would have been.
#include "sim/parameter.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

Intervention in_force(double from, std::optional<double> lasts, std::vector<Setting> settings,
                      std::optional<Climate> climate = {}) {
    return {.name = "passing",
            .at = from,
            .when = {},
            .settings = std::move(settings),
            .climate = climate,
            .lasts = lasts};
}

/// What `spending` in a normal climate is after each month.
std::vector<double> spending_by_month(const std::vector<Intervention>& interventions, double start = 1) {
    WorldParameters parameters = quiet_world();
    parameters.environment.climate.normal.spending = start;
    World<PlainDraws> world(make_setup(parameters, interventions));
    std::vector<double> seen;
    for (double month = 0; month < 8; ++month) {
        world.run_until(month);
        seen.push_back(world.parameters.environment.climate.normal.spending);
    }
    return seen;
}

std::size_t spending_leaf() {
    return leaf_number(quiet_world(), "environment.climate.normal.spending");
}

Intervention spends(double value, double from, std::optional<double> lasts = {}) {
    return in_force(from, lasts, {{spending_leaf(), value}});
}

struct Turn {
    double time;
    double climate;
    friend bool operator==(const Turn&, const Turn&) = default;
};

/// Every change of the climate that is seen, up to the month.
std::vector<Turn> turns_of_climate(const std::shared_ptr<const WorldSetup>& setup, double month) {
    World<PlainDraws> world = world_of(setup, 5, 2);
    world.keep_notices();
    world.run_until(month);
    std::vector<Turn> turns;
    for (const Notice& notice : world.notices)
        if (notice.kind == Notice::Kind::climate) turns.push_back({notice.time, notice.amount});
    return turns;
}

/// A cohort whose climate turns every few months.
WorldParameters restless_climate() {
    WorldParameters parameters = cohort(20);
    ClimateParameters& climate = parameters.environment.climate;
    climate.cold_to_normal = climate.warm_to_normal = 0.2;
    climate.normal_to_cold = climate.normal_to_warm = 0.1;
    return parameters;
}

}  // namespace

TEST_CASE("A parameter set for a time is afterwards what it was before") {
    CHECK(spending_by_month({spends(0.5, 2, 3)}) == std::vector<double>{1, 1, 0.5, 0.5, 0.5, 1, 1, 1});
    // Set twice in one, the later of the two counts, and both go.
    CHECK(spending_by_month({in_force(2, 3, {{spending_leaf(), 0.4}, {spending_leaf(), 0.5}})}, 0.9)
          == std::vector<double>{0.9, 0.9, 0.5, 0.5, 0.5, 0.9, 0.9, 0.9});
    World<PlainDraws> world(make_setup(quiet_world(), {spends(0.5, 2, 3)}));
    world.keep_notices();
    world.run_until(10);
    REQUIRE(world.notices.size() == 2);
    CHECK((world.notices[0].time == 2 && world.notices[0].detail == 0));
    CHECK((world.notices[1].time == 5 && world.notices[1].detail == 1));
}

TEST_CASE("Of two interventions that overlap the later counts while both last, and then the other") {
    // The later ends first: back to the earlier one, and then to what was.
    CHECK(spending_by_month({spends(0.5, 1, 6), spends(0.7, 3, 2)})
          == std::vector<double>{1, 0.5, 0.5, 0.7, 0.7, 0.5, 0.5, 1});
    // The earlier ends first: nothing is seen of that, and nothing of it comes back.
    CHECK(spending_by_month({spends(0.5, 1, 4), spends(0.7, 3, 4)})
          == std::vector<double>{1, 0.5, 0.5, 0.7, 0.7, 0.7, 0.7, 1});
    // The order in which they are written is none in which they begin.
    CHECK(spending_by_month({spends(0.7, 3, 4), spends(0.5, 1, 4)})
          == std::vector<double>{1, 0.5, 0.5, 0.7, 0.7, 0.7, 0.7, 1});
    // One for good below: it is what there would be. One for good above: it stays.
    CHECK(spending_by_month({spends(0.9, 1), spends(0.5, 3, 2)})
          == std::vector<double>{1, 0.9, 0.9, 0.5, 0.5, 0.9, 0.9, 0.9});
    CHECK(spending_by_month({spends(0.5, 1, 4), spends(0.9, 3)})
          == std::vector<double>{1, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9});
    // One follows on the other without a gap.
    CHECK(spending_by_month({spends(0.5, 1, 2), spends(0.7, 3, 2)})
          == std::vector<double>{1, 0.5, 0.5, 0.7, 0.7, 1, 1, 1});
    // Three, of which the middle one goes first.
    CHECK(spending_by_month({spends(0.5, 1, 6), spends(0.6, 2, 2), spends(0.7, 3, 2)})
          == std::vector<double>{1, 0.5, 0.6, 0.7, 0.7, 0.5, 0.5, 1});
}

TEST_CASE("A parameter of any kind can be kept and put back") {
    WorldParameters parameters = eventful_setup()->parameters;
    for (const char* path :
         {"market.segments.health.churn", "finance.raising.attempts", "finance.terms.seniority",
          "finance.exits.premium", "data.flywheel", "startups.founders.founded"}) {
        CAPTURE(path);
        std::size_t leaf = 0;
        try {
            leaf = leaf_number(parameters, path);
        } catch (const std::invalid_argument&) {
            continue;
        }
        const ParameterValue before = parameter_value(parameters, leaf);
        SetByIndex set(leaf, 1);
        describe(parameters, set);
        const ParameterValue changed = parameter_value(parameters, leaf);
        set_parameter_value(parameters, leaf, before);
        CHECK(parameter_value(parameters, leaf) == before);
        set_parameter_value(parameters, leaf, changed);
        CHECK(parameter_value(parameters, leaf) == changed);
    }
}

TEST_CASE("A climate that is held goes on behind it, to the bit") {
    const WorldParameters parameters = restless_climate();
    const auto undisturbed = turns_of_climate(make_setup(parameters), 120);
    const auto held = turns_of_climate(make_setup(parameters, {in_force(30, 24, {}, Climate::cold)}), 120);
    // With parameters changed and put back as well: a clock whose rate stays is not touched.
    const std::size_t churn = leaf_number(parameters, "market.segments.software.churn");
    const auto changed =
        turns_of_climate(make_setup(parameters, {in_force(30, 24, {{churn, 0.2}}, Climate::cold)}), 120);
    CHECK(changed == held);
    // What is seen from outside: at any time outside the 24 months the same climate since the same instant.
    const auto climate_at = [](const std::vector<Turn>& turns, double time) {
        Turn last{-1, -1};
        for (const Turn& turn : turns)
            if (turn.time <= time) last = turn;
        return last.climate;
    };
    std::size_t inside = 0;
    for (const Turn& turn : undisturbed) {
        if (turn.time >= 30 && turn.time <= 54)
            ++inside;
        else
            CHECK(std::ranges::find(held, turn) != held.end());
    }
    REQUIRE(inside > 2);
    REQUIRE(undisturbed.size() > inside + 6);
    for (const Turn& turn : held) {
        if (turn.time == 30 || turn.time == 54) continue;
        CHECK((turn.time < 30 || turn.time > 54));
        CHECK(std::ranges::find(undisturbed, turn) != undisturbed.end());
    }
    for (double time = 30; time < 54; time += 0.5) CHECK(climate_at(held, time) == 0);
    for (double time = 54; time < 120; time += 0.5)
        CHECK(climate_at(held, time) == climate_at(undisturbed, time));
}

TEST_CASE("A world that nothing of a held climate has reached is the same to the bit afterwards") {
    WorldParameters parameters = restless_climate();
    parameters.investors.clear();  // their funds follow the climate
    parameters.startups[0].founded = Uniform{60, 70};
    // The other world has an intervention that does nothing, so that both count as many events.
    World<PlainDraws> undisturbed = world_of(make_setup(parameters, {in_force(30, 24, {})}), 5, 2);
    World<PlainDraws> held = world_of(make_setup(parameters, {in_force(30, 24, {}, Climate::cold)}), 5, 2);
    undisturbed.run_until(29);
    held.run_until(29);
    CHECK(digest_of(held) == digest_of(undisturbed));
    std::size_t differ = 0;
    for (double month = 30; month < 54; ++month) {
        undisturbed.run_until(month);
        held.run_until(month);
        CHECK(held.climate == Climate::cold);
        CHECK(held.own_climate == undisturbed.climate);
        if (undisturbed.climate != Climate::cold) ++differ;
    }
    CHECK(differ > 3);
    for (double month = 54; month <= 140; month += 2) {
        undisturbed.run_until(month);
        held.run_until(month);
        REQUIRE(digest_of(held) == digest_of(undisturbed));
    }
    CHECK(held.tallies.founded == 20);
}

TEST_CASE("Of two climates that are held the later counts; one without an end is held for good") {
    const auto seen = [](const std::vector<Intervention>& interventions) {
        World<PlainDraws> world(make_setup(quiet_world(), interventions));
        std::vector<Climate> climates;
        for (double month = 0; month < 7; ++month) {
            world.run_until(month);
            climates.push_back(world.climate);
        }
        return climates;
    };
    using enum Climate;
    CHECK(seen({in_force(1, 4, {}, cold), in_force(2, 2, {}, warm)})
          == std::vector{normal, cold, warm, warm, cold, normal, normal});
    CHECK(seen({in_force(1, 2, {}, cold), in_force(2, {}, {}, warm)})
          == std::vector{normal, cold, warm, warm, warm, warm, warm});
    CHECK(seen({in_force(1, {}, {}, warm), in_force(3, 2, {}, cold)})
          == std::vector{normal, warm, warm, cold, cold, warm, warm});
}

TEST_CASE("A held climate does to companies what the climate does") {
    // Half the spending in a cold climate: $1.2M at $60,000, six months of it at $30,000.
    WorldParameters parameters = lone_startup();
    parameters.environment.climate.cold.spending = 0.5;
    World<PlainDraws> world(make_setup(parameters, {in_force(6, 6, {}, Climate::cold)}));
    world.run_until(6);
    CHECK(world.startups[0].cash.flow() == Approx(-3e4));
    world.run_until(12);
    CHECK(world.startups[0].cash.flow() == Approx(-6e4));
    world.run_until(100);
    CHECK(world.startups[0].ended == Approx(23).epsilon(1e-9));
}

TEST_CASE("A world that is copied while an intervention is in force goes on as the original does") {
    const WorldParameters parameters = restless_climate();
    const std::size_t shutdown = leaf_number(parameters, "finance.exits.shutdown");
    const auto setup = make_setup(parameters, {in_force(10, 20, {{shutdown, 0.1}}, Climate::cold)});
    World<PlainDraws> trunk = world_of(setup, 5, 3);
    trunk.run_until(20);
    World<PlainDraws> branch = trunk;
    trunk.run_until(80);
    branch.run_until(80);
    CHECK(digest_of(branch) == digest_of(trunk));
    CHECK(branch.parameters.finance.exits.shutdown == parameters.finance.exits.shutdown);
    // And so does one that is used again for another trajectory while it was in force.
    World<PlainDraws> again = world_of(setup, 5, 3);
    again.run_until(20);
    again.reset(PlainDraws(FastVariates(5, 3)));
    again.run_until(80);
    CHECK(digest_of(again) == digest_of(trunk));
}

TEST_CASE("An intervention on a condition lasts from when it is met") {
    const WorldParameters parameters = cohort(60);
    const std::size_t shutdown = leaf_number(parameters, "finance.exits.shutdown");
    Intervention help{.name = "help",
                      .at = {},
                      .when = Condition{Measure::named("share_alive"), Crossing::below, 0.9},
                      .settings = {{shutdown, 0.0}},
                      .climate = {},
                      .lasts = 7.0};
    World<PlainDraws> world = world_of(make_setup(parameters, {help}), 8, 1);
    world.keep_notices();
    world.run_until(120);
    std::vector<double> times;
    for (const Notice& notice : world.notices)
        if (notice.kind == Notice::Kind::intervention) times.push_back(notice.time);
    REQUIRE(times.size() == 2);
    CHECK(times[1] == times[0] + 7);
    CHECK(world.parameters.finance.exits.shutdown == parameters.finance.exits.shutdown);
    for (const auto& startup : world.startups)
        if (startup.status == Status::shut_down)
            CHECK((startup.ended <= times[0] || startup.ended >= times[1]));
}

TEST_CASE("A condition of a group looks at that group alone") {
    const auto setup = eventful_setup();
    const auto groups = static_cast<std::uint32_t>(setup->parameters.startups.size());
    World<PlainDraws> world = world_of(make_setup(setup->parameters), 5, 1);
    for (double month = 0; month <= 90; month += 3) {
        world.run_until(month);
        for (const Measure measure :
             {Measure::named("founded"), Measure::named("living"), Measure::named("bankruptcies"),
              Measure::named("shutdowns"), Measure::named("acquisitions"), Measure::named("listings"),
              Measure::named("rounds"), Measure::named("revenue")}) {
            double sum = 0;
            for (std::uint32_t group = 0; group < groups; ++group) sum += world.measure(measure, group);
            REQUIRE(sum == Approx(world.measure(measure)));
        }
        for (std::uint32_t group = 0; group < groups; ++group) {
            double founded = 0;
            double alive = 0;
            for (const auto& startup : world.startups) {
                if (startup.group != group || startup.status == Status::unfounded) continue;
                ++founded;
                if (is_alive(startup.status)) ++alive;
            }
            REQUIRE(world.measure(Measure::named("founded"), group) == founded);
            const double share = world.measure(Measure::named("share_alive"), group);
            REQUIRE((founded > 0 ? share == alive / founded : std::isnan(share)));
        }
    }
    // The last group's condition is met when that group's share is, and not when everybody's is.
    const std::uint32_t last = groups - 1;
    Intervention by_group{.name = "by group",
                          .at = {},
                          .when = Condition{Measure::named("share_alive"), Crossing::below, 0.75, last},
                          .settings = {},
                          .climate = Climate::warm,
                          .lasts = {}};
    World<PlainDraws> watched = world_of(make_setup(setup->parameters, {by_group}), 5, 1);
    while (!watched.held_climate) REQUIRE(watched.step(200));
    CHECK(watched.measure(Measure::named("share_alive"), last) < 0.75);
    World<PlainDraws> before = world_of(make_setup(setup->parameters), 5, 1);
    while (!(before.measure(Measure::named("share_alive"), last) < 0.75)) REQUIRE(before.step(200));
    CHECK(before.now() == watched.now());
}

TEST_CASE("Setup refuses an intervention that lasts for no time, or looks at no group") {
    const WorldParameters parameters = cohort(5);
    CHECK_THROWS_WITH(make_setup(parameters, {in_force(3, 0, {}, Climate::cold)}),
                      Catch::Contains("interventions.passing: it lasts for a time above 0"));
    Intervention of_group{.name = "x",
                          .at = {},
                          .when = Condition{Measure::named("living"), Crossing::below, 3, 1},
                          .settings = {},
                          .climate = Climate::cold,
                          .lasts = {}};
    CHECK_THROWS_WITH(make_setup(parameters, {of_group}), Catch::Contains("no such group"));
    of_group.when = Condition{Measure::named("climate"), Crossing::below, 1, 0};
    CHECK_THROWS_WITH(make_setup(parameters, {of_group}), Catch::Contains("nothing to measure of it"));
    // What is left when one that lasts has passed must be right, too.
    const std::size_t lowest = leaf_number(parameters, "finance.rounds.A.lowest_dilution");
    const std::size_t highest = leaf_number(parameters, "finance.rounds.A.highest_dilution");
    CHECK_NOTHROW(
        make_setup(parameters, {in_force(3, {}, {{highest, 0.5}}), in_force(4, {}, {{lowest, 0.45}})}));
    CHECK_THROWS_WITH(
        make_setup(parameters, {in_force(3, 9, {{highest, 0.5}}), in_force(4, {}, {{lowest, 0.45}})}),
        Catch::Contains("lowest_dilution is above highest_dilution"));
}
