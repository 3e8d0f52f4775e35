// What can be measured of a world is described once: found by name, read of all and by group, and watched by
// conditions.
#include "agents/measure.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

TEST_CASE("Every measure is found by its name, and says what it is") {
    std::set<std::string_view> names;
    for (std::size_t place = 0; place < measures().size(); ++place) {
        const MeasureDescription& one = measures()[place];
        INFO(one.name);
        CHECK(names.insert(one.name).second);
        CHECK_FALSE(one.meaning.empty());
        REQUIRE(Measure::find(one.name));
        CHECK(Measure::named(one.name).place == place);
        CHECK(Measure::named(one.name).description().name == one.name);
        CHECK((one.dimension != Dimension::share || one.levels().high == 1));
        if (one.older_name.empty()) continue;
        CHECK(names.insert(one.older_name).second);
        CHECK(Measure::named(one.older_name).place == place);
    }
    CHECK(Measure::named("month") == Measure{});
    CHECK(Measure::named("alive") == Measure::named("living"));
    CHECK(Measure::named("alive_share") == Measure::named("share_alive"));
    for (const char* nobody : {"", "Living", "alive_shar", "survival"}) {
        CHECK_FALSE(Measure::find(nobody));
        CHECK_THROWS_AS(Measure::named(nobody), std::invalid_argument);
    }
}

TEST_CASE("What is measured of companies is what they are, counted one by one") {
    World<PlainDraws> world = world_of(make_setup(eventful_setup()->parameters), 5, 1);
    world.run_until(60);
    const auto groups = static_cast<std::uint32_t>(world.parameters.startups.size());
    for (std::uint32_t group = 0; group <= groups; ++group) {
        const std::optional<std::uint32_t> of = group < groups ? std::optional(group) : std::nullopt;
        const auto measured = [&](std::string_view name) { return world.measure(Measure::named(name), of); };
        const auto sum_of = [&](auto&& get) {
            double sum = 0;
            for (const Startup<PlainDraws>& startup : world.startups)
                if (startup.status != Status::unfounded && (!of || startup.group == *of))
                    sum += static_cast<double>(get(startup));
            return sum;
        };
        const auto with = [&](Status status) {
            return sum_of([status](const auto& startup) { return startup.status == status ? 1.0 : 0.0; });
        };
        const double founded = sum_of([](const auto&) { return 1.0; });
        const double living = with(Status::building) + with(Status::selling);
        REQUIRE(founded > 0);
        CHECK(measured("founded") == founded);
        CHECK(measured("living") == living);
        CHECK(measured("bankruptcies") == with(Status::bankrupt));
        CHECK(measured("shutdowns") == with(Status::shut_down));
        CHECK(measured("acquisitions") == with(Status::acquired));
        CHECK(measured("listings") == with(Status::listed));
        CHECK(measured("share_alive") == living / founded);
        CHECK(measured("share_bankrupt") == with(Status::bankrupt) / founded);
        CHECK(measured("share_shut_down") == with(Status::shut_down) / founded);
        CHECK(measured("share_acquired") == with(Status::acquired) / founded);
        CHECK(measured("share_listed") == with(Status::listed) / founded);
        CHECK(measured("share_dead") == (with(Status::bankrupt) + with(Status::shut_down)) / founded);
        CHECK(measured("share_exited") == (with(Status::acquired) + with(Status::listed)) / founded);
        CHECK(measured("deaths") == measured("failures"));
        CHECK(measured("rounds") == sum_of([](const auto& startup) { return startup.follow_on_rounds(); }));
        CHECK(measured("raised_per_company")
              == Approx(sum_of([](const auto& startup) { return startup.raised(); }) / founded));
        CHECK(measured("revenue")
              == Approx(sum_of([&](const auto& startup) { return world.revenue_of(startup); })));
        CHECK(measured("month") == 60);
        CHECK(measured("dry_powder") == world.measure(Measure::named("dry_powder")));
    }
}

TEST_CASE("Groups of startups that are modelled inside are measured alone") {
    World<PlainDraws> world = world_of(advantages_setup(), 3, 1);
    world.run_until(30);
    const auto groups = static_cast<std::uint32_t>(world.parameters.startups.size());
    std::size_t told_apart = 0;
    for (const MeasureDescription& one : measures()) {
        INFO(one.name);
        const Measure measure = Measure::named(one.name);
        const double all = world.measure(measure);
        double least = std::numeric_limits<double>::infinity();
        double most = -least;
        for (std::uint32_t group = 0; group < groups; ++group) {
            const double alone = world.measure(measure, group);
            if (!one.of_startups) CHECK((alone == all || (std::isnan(alone) && std::isnan(all))));
            if (alone != all && !std::isnan(alone)) ++told_apart;
            least = std::fmin(least, alone);
            most = std::fmax(most, alone);
        }
        // A mean or a share of all lies between those of the groups; a sum is no less than any of them.
        if (!one.of_startups || std::isnan(all)) continue;
        const double rounding = 1e-12 * std::abs(all);
        CHECK(least <= all + rounding);
        if (one.dimension == Dimension::share) CHECK(most >= all - rounding);
    }
    CHECK(told_apart > 40);
}

TEST_CASE("A condition on any measure is met at the first event after which it is true") {
    const auto plain = make_setup(advantages_setup()->parameters);
    for (const MeasureDescription& one : measures()) {
        INFO(one.name);
        const Measure measure = Measure::named(one.name);
        World<PlainDraws> world = world_of(plain, 3, 2);
        world.run_until(1);
        const double early = world.measure(measure);
        world.run_until(24);
        const double late = world.measure(measure);
        if (std::isnan(late) || late == early) continue;  // nothing to wait for here
        const bool rises = std::isnan(early) || late > early;
        const double level = std::isnan(early) ? late - 1 : (early + late) / 2;
        const Condition condition{measure, rises ? Crossing::above : Crossing::below, level, std::nullopt};
        const auto is_met = [&](const World<PlainDraws>& at) {
            const double value = at.measure(measure);
            return rises ? value > level : value < level;
        };
        World<PlainDraws> expected = world_of(plain, 3, 2);
        do REQUIRE(expected.step(24));
        while (!is_met(expected));
        Intervention warm{.name = "warm",
                          .at = {},
                          .when = condition,
                          .settings = {},
                          .climate = Climate::warm,
                          .lasts = {}};
        World<PlainDraws> watched = world_of(make_setup(plain->parameters, {warm}), 3, 2);
        while (!watched.held_climate) REQUIRE(watched.step(25));
        CHECK(watched.now() == expected.now());
    }
}

TEST_CASE("Where there is nothing to measure no condition is met") {
    WorldParameters parameters = cohort(5);
    parameters.startups[0].founded = Constant{12};
    for (const Crossing crossing : {Crossing::above, Crossing::below}) {
        const double level = crossing == Crossing::above ? 0 : 1.5;
        Intervention warm{.name = "warm",
                          .at = {},
                          .when = Condition{Measure::named("share_alive"), crossing, level, std::nullopt},
                          .settings = {},
                          .climate = Climate::warm,
                          .lasts = {}};
        World<PlainDraws> world = world_of(make_setup(parameters, {warm}), 1, 1);
        while (!world.held_climate) REQUIRE(world.step(24));
        CHECK(world.now() == 12);
    }
}
