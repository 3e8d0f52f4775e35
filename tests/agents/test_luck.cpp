#include "agents/environment/climate.hpp"
#include "agents/finance/luck_events.hpp"
#include "agents/luck.hpp"
#include "scenarios/scenario.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr double horizon = 72;

World<LedgerDraws> observed_world(const std::shared_ptr<const WorldSetup>& setup, std::uint64_t seed,
                                  std::uint32_t trajectory) {
    World<LedgerDraws> world(setup);
    world.reset(LedgerDraws(PlainDraws(FastVariates(seed, trajectory))));
    return world;
}

// Over all stages.
double sum_of(const LuckLedger& ledger, std::size_t startup, LuckKind kind, LuckWeight weight) {
    double sum = 0;
    for (std::size_t stage = 0; stage < LuckLedger::stages; ++stage)
        sum += ledger.sum(startup, kind, stage, weight);
    return sum;
}

std::shared_ptr<const WorldSetup> scenario_setup(const std::string& name) {
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    Scenario scenario = load_scenario(name, std::span(&library, 1));
    return make_setup(std::move(scenario.world), std::move(scenario.interventions));
}

// Sums of each kind and weight over all companies, and over the stages, weighted by their number and one by
// one.
struct Controls {
    std::array<std::array<Sample, luck_weights>, luck_kinds> plain;
    std::array<Sample, luck_kinds> by_stage;
    std::array<std::array<Sample, LuckLedger::stages>, luck_kinds> in_stage;

    void add(const World<LedgerDraws>& world) {
        const LuckLedger& ledger = world.draws.observer();
        const std::size_t companies = world.startups.size();
        for (std::size_t k = 0; k < luck_kinds; ++k) {
            const auto kind = static_cast<LuckKind>(k);
            for (std::size_t w = 0; w < luck_weights; ++w) {
                double sum = 0;
                for (std::size_t i = 0; i < companies; ++i)
                    sum += sum_of(ledger, i, kind, static_cast<LuckWeight>(w));
                plain[k][w].add(sum);
            }
            double weighted = 0;
            for (std::size_t stage = 0; stage < LuckLedger::stages; ++stage) {
                double sum = 0;
                for (std::size_t i = 0; i < companies; ++i)
                    sum += ledger.sum(i, kind, stage, LuckWeight::one);
                in_stage[k][stage].add(sum);
                weighted += static_cast<double>(stage) * sum;
            }
            by_stage[k].add(weighted);
        }
    }
};

// Standard errors from 0; 0 where nothing ever happened.
double z_of(const Sample& sample) {
    return sample.variance() > 0 ? sample.z_of_mean(0) : 0.0;
}

}  // namespace

TEST_CASE("A world whose luck is observed has the history of one whose luck isn't") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> plain = world_of(setup, 6, 4);
        World<LedgerDraws> observed = observed_world(setup, 6, 4);
        for (const double month : {20.0, 45.0, horizon}) {
            plain.run_until(month);
            observed.run_until(month);
            tell_luck_so_far(observed);
            REQUIRE(digest_of(observed) == digest_of(plain));
        }
        CHECK(observed.delivered() == plain.delivered());
    }
}

TEST_CASE("The luck of a clock is the times that it rang less its integrated hazard") {
    WorldParameters parameters = lone_startup();
    parameters.startups[0].seed_round = Constant{1e9};
    parameters.finance.exits.offers = 0.25;
    parameters.finance.exits.offers_by_round = 0;
    parameters.finance.exits.salvage = 0.5;
    parameters.finance.exits.reserve = 1e9;  // none is taken
    parameters.startups[0].improvements = 0.5;
    parameters.startups[0].improvement_by_spending = 0;
    parameters.startups[0].improvement_step = 0.1;
    const auto setup = make_setup(parameters);
    World<LedgerDraws> world = observed_world(setup, 2, 3);
    constexpr double months = 40;
    world.run_until(months);
    tell_luck_so_far(world);
    const LuckLedger& ledger = world.draws.observer();
    const double improvements = std::round(world.startups[0].quality / 0.1);
    REQUIRE(improvements > 5);
    CHECK(sum_of(ledger, 0, LuckKind::improvement, LuckWeight::one)
          == Approx(improvements - 0.5 * months).margin(1e-9));
    const double offers = world.startups[0].source(Purpose::premium).next;
    REQUIRE(offers > 3);
    CHECK(sum_of(ledger, 0, LuckKind::offer, LuckWeight::one) == Approx(offers - 0.25 * months).margin(1e-9));
    // None can be taken, and so nothing is left to luck in that.
    CHECK(sum_of(ledger, 0, LuckKind::acquisition, LuckWeight::one) == Approx(0).margin(1e-6));
    CHECK(sum_of(ledger, 0, LuckKind::raise, LuckWeight::one) == 0);
}

TEST_CASE("The luck of a shutdown in each state has mean zero, and the variance of its hazard") {
    WorldParameters parameters = lone_startup();
    parameters.startups[0].seed_round = Constant{1e9};
    parameters.finance.exits.shutdown = 0.05;
    const auto setup = make_setup(parameters);
    Sample luck;
    double hazard_lived = 0;
    constexpr std::uint32_t trajectories = 4000;
    for (std::uint32_t i = 0; i < trajectories; ++i) {
        World<LedgerDraws> world = observed_world(setup, 11, i);
        world.run_until(24);
        tell_luck_so_far(world);
        luck.add(sum_of(world.draws.observer(), 0, LuckKind::shutdown, LuckWeight::one));
        const bool dead = is_dead(world.startups[0].status);
        hazard_lived += 0.05 * (dead ? world.startups[0].ended : 24.0) / trajectories;
        if (i == 0 && dead) CHECK(luck.values()[0] == Approx(1 - 0.05 * world.startups[0].ended));
    }
    CHECK(std::abs(luck.z_of_mean(0)) < 4);
    // The variance of a compensated Poisson clock is the expected hazard that was lived.
    CHECK(luck.variance() == Approx(hazard_lived).epsilon(0.1));
}

TEST_CASE("Luck has mean zero, however it is weighed", "[long]") {
    for (const char* name : {"foundation_model_lab", "customer_service", "seed_cohort"}) {
        const auto setup = scenario_setup(name);
        World<LedgerDraws> world(setup);
        Controls controls;
        constexpr std::uint32_t trajectories = 150;
        for (std::uint32_t i = 0; i < trajectories; ++i) {
            world.reset(LedgerDraws(PlainDraws(FastVariates(2026, i))));
            world.run_until(horizon);
            tell_luck_so_far(world);
            controls.add(world);
        }
        CAPTURE(name);
        for (std::size_t k = 0; k < luck_kinds; ++k) {
            CAPTURE(luck_kind_names[k]);
            for (std::size_t w = 0; w < luck_weights; ++w) {
                CAPTURE(luck_weight_names[w]);
                CHECK(std::abs(z_of(controls.plain[k][w])) < 4);
            }
            CHECK(std::abs(z_of(controls.by_stage[k])) < 4);
            for (const Sample& in_stage : controls.in_stage[k]) CHECK(std::abs(z_of(in_stage)) < 4);
            const auto kind = static_cast<LuckKind>(k);
            // Nobody is listed early, and a cohort in outline has no incidents: all else is seen.
            if (kind != LuckKind::listing && (kind != LuckKind::incident || world.organisations.size() > 0))
                CHECK(controls.plain[k][0].variance() > 0);
        }
    }
}

TEST_CASE("A world that sums up luck has the history of one that doesn't") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        World<PlainDraws> plain = world_of(setup, 6, 4);
        World<PlainDraws> summing(setup);
        summing.sum_luck();
        summing.reset(PlainDraws(FastVariates(6, 4)));
        REQUIRE(summing.luck.size() == summing.startups.size());
        for (const double month : {20.0, 45.0, horizon}) {
            plain.run_until(month);
            summing.run_until(month);
            summing.sum_luck_so_far();
            REQUIRE(summing.delivered() == plain.delivered());
            REQUIRE(summing.startups.size() == plain.startups.size());
            for (std::size_t i = 0; i < plain.startups.size(); ++i) {
                CHECK(summing.startups[i].status == plain.startups[i].status);
                CHECK(summing.startups[i].raised() == plain.startups[i].raised());
                CHECK(summing.startups[i].ended == plain.startups[i].ended);
            }
        }
        CHECK(plain.luck.empty());
    }
}

TEST_CASE("The luck that a world sums up is, without a weight, that of the ledger, and has mean 0") {
    for (const std::string& name : {std::string("seed_cohort"), std::string("customer_service")}) {
        CAPTURE(name);
        const auto setup = scenario_setup(name);
        World<PlainDraws> summing(setup);
        summing.sum_luck();
        std::array<Sample, LuckSums::count> sums;
        for (std::uint32_t trajectory = 0; trajectory < 150; ++trajectory) {
            summing.reset(PlainDraws(FastVariates(9, trajectory)));
            summing.run_until(horizon);
            summing.sum_luck_so_far();
            std::array<double, LuckSums::count> of_all{};
            for (const LuckSums& luck : summing.luck)
                for (std::size_t i = 0; i < of_all.size(); ++i) of_all[i] += luck.sums[i];
            for (std::size_t i = 0; i < of_all.size(); ++i) sums[i].add(of_all[i]);
            if (trajectory > 2) continue;
            World<LedgerDraws> observed = observed_world(setup, 9, trajectory);
            observed.run_until(horizon);
            tell_luck_so_far(observed);
            for (std::size_t i = 0; i < summing.luck.size(); ++i)
                for (std::size_t kind = 0; kind < LuckSums::kinds.size(); ++kind)
                    CHECK(summing.luck[i].sums[kind * luck_weights]
                          == Approx(
                                 sum_of(observed.draws.observer(), i, LuckSums::kinds[kind], LuckWeight::one))
                                 .margin(1e-9));
        }
        // Beyond four standard errors in 1 of 16,000, and there are 46 of them.
        for (std::size_t i = 0; i < sums.size(); ++i) {
            CAPTURE(i, sums[i].mean());
            CHECK(std::abs(z_of(sums[i])) < 4);
        }
    }
}

TEST_CASE("The luck of the climate is its changes less what was expected of them") {
    WorldParameters parameters = lone_startup();
    parameters.environment.climate = ClimateParameters{};
    const auto law = stationary_law(parameters.environment.climate);
    // From then on cold ends sooner, and normal turns warm more often.
    WorldParameters other = parameters;
    other.environment.climate.cold_to_normal = 0.2;
    other.environment.climate.normal_to_warm = 0.1;
    constexpr double turn = 40.5;
    World<PlainDraws> world(make_setup(parameters));
    world.sum_luck();
    std::size_t changes = 0;
    for (std::uint32_t trajectory = 0; trajectory < 20; ++trajectory) {
        world.reset(PlainDraws(FastVariates(5, trajectory)));
        // By hand, event by event.
        const auto is = [](Climate now, Climate climate) { return now == climate ? 1.0 : 0.0; };
        std::array<double, 2> by_hand = {is(world.own_climate, Climate::cold) - law[0],
                                         is(world.own_climate, Climate::warm) - law[2]};
        const auto live_to = [&](double month) {
            while (true) {
                const double from = world.now();
                const Climate was = world.own_climate;
                const auto drift = expected_change(world.parameters.environment.climate, was);
                const bool came = world.step(month);
                if (!came) world.run_until(month);
                const double passed = world.now() - from;
                by_hand[0] +=
                    is(world.own_climate, Climate::cold) - is(was, Climate::cold) - drift[0] * passed;
                by_hand[1] +=
                    is(world.own_climate, Climate::warm) - is(was, Climate::warm) - drift[1] * passed;
                changes += was != world.own_climate ? 1 : 0;
                if (!came) return;
            }
        };
        live_to(turn);
        world.parameters.environment.climate = other.environment.climate;
        world.refresh();
        live_to(horizon);
        world.sum_luck_so_far();
        std::array<double, 2> told{};
        for (const ClimateLuck::Change& period : world.climate_luck.sums)
            for (std::size_t i = 0; i < told.size(); ++i) told[i] += period[i];
        CHECK(told[0] == Approx(by_hand[0]).margin(1e-9));
        CHECK(told[1] == Approx(by_hand[1]).margin(1e-9));
    }
    CHECK(changes > 20);
}

TEST_CASE("The luck of the climate has mean zero in each period, whatever interventions hold") {
    WorldParameters parameters = lone_startup();
    parameters.environment.climate = ClimateParameters{};
    Intervention winter;
    winter.name = "winter";
    winter.at = 10;
    winter.climate = Climate::cold;
    winter.lasts = 24;
    World<PlainDraws> world(make_setup(parameters, {winter}));
    world.sum_luck();
    std::array<std::array<Sample, 2>, ClimateLuck::periods> sums;
    for (std::uint32_t trajectory = 0; trajectory < 2000; ++trajectory) {
        world.reset(PlainDraws(FastVariates(8, trajectory)));
        world.run_until(horizon);
        world.sum_luck_so_far();
        for (std::size_t period = 0; period < sums.size(); ++period)
            for (std::size_t i = 0; i < 2; ++i) sums[period][i].add(world.climate_luck.sums[period][i]);
    }
    for (std::size_t period = 0; period < sums.size(); ++period) {
        CAPTURE(period);
        // Half-years beyond the horizon have none.
        const bool is_lived = static_cast<double>(period) * ClimateLuck::months_of_period < horizon;
        for (const Sample& sample : sums[period]) {
            CHECK((sample.variance() > 0) == is_lived);
            CHECK(std::abs(z_of(sample)) < 4);
        }
    }
}
