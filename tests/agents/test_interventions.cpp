#include "sim/parameter.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

Intervention at(double month, std::vector<Setting> settings) {
    return {.name = "timed", .at = month, .when = {}, .settings = std::move(settings)};
}

Intervention when(const Condition& condition, std::vector<Setting> settings) {
    return {.name = "conditional", .at = {}, .when = condition, .settings = std::move(settings)};
}

std::vector<double> times_of_interventions(const World<PlainDraws>& world) {
    std::vector<double> times;
    for (const Notice& notice : world.notices)
        if (notice.kind == Notice::Kind::intervention) times.push_back(notice.time);
    return times;
}

// Every leaf's value as text, with its place, for comparing two sets of parameters leaf by leaf.
class Values {
  public:
    void number(double& value, const Description&) { values.push_back(std::to_string(value)); }
    void whole(std::int64_t& value, const Description&) { values.push_back(std::to_string(value)); }
    void flag(bool& value, const Description&) { values.push_back(std::to_string(value)); }
    template <class Enum>
    void choice(Enum& value, const Description&, std::span<const std::string_view>) {
        values.push_back(std::to_string(static_cast<int>(value)));
    }
    void distribution(Distribution& value, const Description&) {
        values.push_back(std::to_string(value.index()) + " " + std::to_string(mean(value)));
    }
    void reference(std::string& value, const Description&, std::string_view) { values.push_back(value); }
    template <class Group>
    void group(std::string_view, std::string_view, Group& members) {
        describe(members, *this);
    }
    template <class Element>
    void collection(std::string_view, std::string_view, std::vector<Element>& elements) {
        for (Element& element : elements) describe(element, *this);
    }
    std::vector<std::string> values;
};

std::vector<std::string> values_of(WorldParameters parameters) {
    Values visit;
    describe(parameters, visit);
    return visit.values;
}

}  // namespace

TEST_CASE("A parameter set by its number is that parameter and no other") {
    const WorldParameters parameters = eventful_setup()->parameters;
    const std::vector<std::string> before = values_of(parameters);
    for (std::size_t leaf = 0; leaf < before.size(); ++leaf) {
        WorldParameters changed = parameters;
        SetByIndex set(leaf, 1);
        describe(changed, set);
        std::vector<std::string> after = values_of(changed);
        after[leaf] = before[leaf];
        REQUIRE(after == before);
    }
    World<PlainDraws> world(make_setup(parameters));
    world.set_parameter({leaf_number(parameters, "market.segments.health.churn"), 0.123});
    CHECK(world.parameters.market.segments[1].churn == 0.123);
    world.set_parameter({leaf_number(parameters, "finance.rounds.C.success_odds"), -2});
    CHECK(world.parameters.finance.rounds[2].success_odds == -2);
    world.set_parameter({leaf_number(parameters, "environment.climate.warm.spending"), 0.9});
    CHECK(world.parameters.environment.climate.warm.spending == 0.9);
    world.set_parameter({leaf_number(parameters, "finance.terms.seniority"), 0});
    CHECK(world.parameters.finance.terms.seniority == Seniority::stacked);
    world.set_parameter({leaf_number(parameters, "finance.raising.attempts"), 5});
    CHECK(world.parameters.finance.raising.attempts == 5);
    world.set_parameter({leaf_number(parameters, "finance.exits.premium"), 2});
    CHECK(mean(world.parameters.finance.exits.premium) == 2);
    world.set_parameter({leaf_number(parameters, "investors.small_funds.largest_cheque"), 0.33});
    CHECK(world.parameters.investors[1].largest_cheque == 0.33);
    CHECK(world.parameters.investors[0].largest_cheque == parameters.investors[0].largest_cheque);
}

TEST_CASE(
    "An intervention at a month comes at that month, before anything else then, and goes with the "
    "trajectory") {
    const WorldParameters parameters = lone_startup();
    const std::size_t climate_spending = leaf_number(parameters, "environment.climate.normal.spending");
    // Half the spending from month 12 on: $480,000 last 16 months.
    World<PlainDraws> world(make_setup(parameters, {at(12, {{climate_spending, 0.5}})}));
    world.keep_notices();
    for (int trajectory = 0; trajectory < 2; ++trajectory) {
        world.reset(PlainDraws(FastVariates(1, 0)));
        CHECK(world.startups[0].cash.flow() == 0);
        world.run_until(11.999);
        CHECK(world.startups[0].cash.flow() == Approx(-6e4));
        world.run_until(12);
        CHECK(world.startups[0].cash.flow() == Approx(-3e4));
        world.run_until(100);
        CHECK(times_of_interventions(world) == std::vector<double>{12});
        CHECK(world.startups[0].ended == Approx(28).epsilon(1e-9));
    }
    // At the instant at which cash would be gone, it comes first.
    World<PlainDraws> just_in_time(make_setup(parameters, {at(20, {{climate_spending, 0.5}})}));
    just_in_time.run_until(19.5);
    CHECK(just_in_time.startups[0].status == Status::building);
}

TEST_CASE("An intervention on a condition comes once, as soon as the condition is met") {
    const WorldParameters parameters = cohort(80);
    const std::size_t shutdown = leaf_number(parameters, "finance.exits.shutdown");
    for (const Condition& condition : {Condition{Measure::named("bankruptcies"), Crossing::above, 5},
                                       Condition{Measure::named("share_alive"), Crossing::below, 0.8},
                                       Condition{Measure::named("rounds"), Crossing::above, 12},
                                       Condition{Measure::named("revenue"), Crossing::above, 2e5},
                                       Condition{Measure::named("founded"), Crossing::above, 40.5},
                                       Condition{Measure::named("month"), Crossing::above, 33}}) {
        const auto setup = make_setup(parameters, {when(condition, {{shutdown, 0.05}})});
        World<PlainDraws> world(setup);
        world.keep_notices();
        world.reset(PlainDraws(FastVariates(8, 1)));
        const auto met = [&] {
            const double value = world.measure(condition.measure);
            return condition.crossing == Crossing::above ? value > condition.level : value < condition.level;
        };
        while (!met()) {
            REQUIRE(world.parameters.finance.exits.shutdown == parameters.finance.exits.shutdown);
            REQUIRE(world.step(120));
        }
        const double month = world.now();
        REQUIRE(world.step(120));
        CHECK(world.now() == month);
        CHECK(world.parameters.finance.exits.shutdown == 0.05);
        world.run_until(120);
        CHECK(times_of_interventions(world) == std::vector<double>{month});
    }
}

TEST_CASE("A condition that is never met changes nothing") {
    const WorldParameters parameters = cohort(30);
    const std::size_t shutdown = leaf_number(parameters, "finance.exits.shutdown");
    World<PlainDraws> plain = world_of(make_setup(parameters), 8, 2);
    World<PlainDraws> waiting = world_of(
        make_setup(parameters, {when({Measure::named("listings"), Crossing::above, 1000}, {{shutdown, 9}})}),
        8, 2);
    plain.run_until(90);
    waiting.run_until(90);
    CHECK(digest_of(plain) == digest_of(waiting));
}

TEST_CASE("Setup refuses what cannot be run, and says what is wrong") {
    const auto refused = [](const WorldParameters& parameters, std::vector<Intervention> interventions,
                            const std::string& part) {
        CHECK_THROWS_WITH(make_setup(parameters, std::move(interventions)), Catch::Contains(part));
    };
    const WorldParameters good = cohort(5);
    CHECK_NOTHROW(make_setup(good));
    WorldParameters bad = good;
    bad.startups[0].segment = "softwear";
    refused(bad, {}, "there is no market segment 'softwear'");
    bad = good;
    bad.finance.rounds.resize(16);
    refused(bad, {}, "at most 15 rounds");
    bad = good;
    bad.finance.rounds[1].lowest_dilution = 0.5;
    refused(bad, {}, "finance.rounds.B: lowest_dilution is above highest_dilution");
    bad = good;
    bad.finance.terms.seed_dilution = 0.95;
    refused(bad, {}, "leave nothing to the founders");
    const std::size_t highest = leaf_number(good, "finance.rounds.A.highest_dilution");
    refused(good, {at(3, {{highest, 0.95}})}, "leave nothing");
    Intervention both = at(3, {});
    both.when = Condition{};
    refused(good, {both}, "interventions.timed: give either 'at' or 'when'");
    CHECK_THROWS_AS(make_setup(bad), std::invalid_argument);
}
