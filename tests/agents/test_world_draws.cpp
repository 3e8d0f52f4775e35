// What stands behind a world's draws is a choice: each policy runs the same world.
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <tuple>

using namespace venturi;
using namespace venturi::testing;

TEST_CASE("Draws that sum a score or keep a record give the trajectory of plain draws to the bit") {
    for (const auto& [name, setup] : all_worlds()) {
        CAPTURE(name);
        const FastVariates variates(13, 4);
        World<PlainDraws> plain(setup);
        World<ScoreDraws<5>> scored(setup);
        World<RecordingDraws<PlainDraws>> recorded(setup);
        plain.reset(PlainDraws(variates));
        scored.reset(ScoreDraws<5>(variates));
        recorded.reset(RecordingDraws<PlainDraws>(PlainDraws(variates)));
        for (const double month : {20.0, 60.0, 100.0}) {
            plain.run_until(month);
            scored.run_until(month);
            recorded.run_until(month);
            REQUIRE(digest_of(scored) == digest_of(plain));
            REQUIRE(digest_of(recorded) == digest_of(plain));
        }
        // The decision variables are the shares of the mix: without an inside nothing hangs on them.
        if (plain.organisations.empty()) CHECK(scored.draws.score() == std::array<double, 5>{});
    }
}

TEST_CASE("In a world no draw is made twice") {
    for (const auto& setup : {eventful_setup(), advantages_setup()}) {
        World<RecordingDraws<PlainDraws>> world(setup);
        world.reset(RecordingDraws<PlainDraws>(PlainDraws(FastVariates(13, 5))));
        world.run_until(80);
        std::set<std::tuple<std::uint32_t, std::uint16_t, std::uint32_t>> names;
        for (const RecordedDraw& draw : world.draws.recorded()) {
            REQUIRE(std::isfinite(draw.value));
            REQUIRE(names.emplace(draw.source.agent, draw.source.purpose, draw.source.next).second);
        }
        CHECK(names.size() > world.startups.size() * 10);
    }
}

TEST_CASE("The score of the mix is a martingale: its mean is 0, though it is not", "[long]") {
    World<ScoreDraws<5>> world(advantages_setup());
    constexpr std::uint32_t trajectories = 400;
    std::array<Sample, 5> scores;
    for (std::uint32_t i = 0; i < trajectories; ++i) {
        world.reset(ScoreDraws<5>(FastVariates(1990, i)));
        world.run_until(30);
        // Clocks that have not rung by now are seen up to now.
        world.refresh();
        for (std::size_t k = 0; k < 5; ++k) {
            REQUIRE(std::isfinite(world.draws.score()[k]));
            scores[k].add(world.draws.score()[k]);
        }
    }
    for (std::size_t k = 0; k < 5; ++k) {
        CAPTURE(advantage_names[k]);
        CAPTURE(scores[k].mean());
        CAPTURE(std::sqrt(scores[k].variance()));
        CHECK(std::abs(scores[k].z_of_mean(0)) < 4);
        CHECK(scores[k].variance() > 1);
    }
}

TEST_CASE("The score of data that are bought is that of a Poisson stream in its rate") {
    // Nothing else hangs on the mix here: nobody is hired or leaves, nothing leaks or breaks through.
    WorldParameters parameters = lone_organisation();
    parameters.standing.planning_interval = 1e6;
    parameters.technology.tilt = 0;
    parameters.technology.breakthroughs = 0;
    for (RoleParameters* role : {&parameters.talent.researcher, &parameters.talent.engineer,
                                 &parameters.talent.data, &parameters.talent.business}) {
        role->applications = 0;
        role->turnover = 0;
    }
    constexpr double months = 2;
    World<ScoreDraws<5>> world(make_setup(parameters));
    std::array<Sample, 5> scores;
    double bought = 0;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        world.reset(ScoreDraws<5>(FastVariates(1993, i)));
        world.run_until(months);
        world.refresh();
        bought = world.organisations[0].purchases / parameters.data.batch_price * months;
        for (std::size_t k = 0; k < 5; ++k) scores[k].add(world.draws.score()[k]);
    }
    // With N bought of an expected Λ it is (N − Λ) d ln Λ / d share, for shares that are divided by their
    // sum.
    const std::array<double, 5> mix = parameters.startups[0].mix.shares();
    double sum = 0;
    for (const double share : mix) sum += share;
    for (std::size_t k = 0; k < 5; ++k) {
        CAPTURE(advantage_names[k]);
        const double slope = (k == static_cast<std::size_t>(Advantage::data) ? 1 / mix[k] : 0.0) - 1 / sum;
        CHECK(std::abs(scores[k].z_of_mean(0)) < 4);
        CHECK(std::abs(scores[k].z_of_variance(slope * slope * bought,
                                               std::pow(slope, 4) * fourth_moment_of_poisson(bought)))
              < 4);
    }
}

TEST_CASE("Where the people of a role have all been hired, a score stays a number") {
    WorldParameters parameters = advantages_setup()->parameters;
    for (RoleParameters* role : {&parameters.talent.researcher, &parameters.talent.engineer,
                                 &parameters.talent.data, &parameters.talent.business}) {
        role->looking = 3;
        role->entry = 0.3;
    }
    for (const double poaching : {0.0, 0.5}) {
        parameters.talent.hiring.poaching = poaching;
        World<ScoreDraws<5>> world(make_setup(parameters));
        std::size_t emptied = 0;
        for (std::uint32_t i = 0; i < 20; ++i) {
            world.reset(ScoreDraws<5>(FastVariates(1991, i)));
            while (world.step(40))
                for (const auto& pool : world.pools) emptied += pool.available() == 0 ? 1 : 0;
            for (const double score : world.draws.score()) REQUIRE(std::isfinite(score));
        }
        CHECK(emptied > 1000);
    }
}

TEST_CASE("Where an advantage has no share, its score is still a number") {
    for (double InvestmentMix::*share :
         {&InvestmentMix::technology, &InvestmentMix::data, &InvestmentMix::talent,
          &InvestmentMix::partnership, &InvestmentMix::risk}) {
        WorldParameters parameters = advantages_setup()->parameters;
        for (StartupGroupParameters& group : parameters.startups) group.mix.*share = 0;
        World<ScoreDraws<5>> world(make_setup(parameters));
        world.reset(ScoreDraws<5>(FastVariates(1992, 0)));
        world.run_until(40);
        world.refresh();
        for (const double score : world.draws.score()) CHECK(std::isfinite(score));
    }
}

TEST_CASE("Only the ratios of the mix matter, so its score along the mix itself is 0") {
    World<ScoreDraws<5>> world(make_setup(lone_organisation()));
    world.reset(ScoreDraws<5>(FastVariates(1990, 0)));
    world.run_until(60);
    const std::array<double, 5> mix = world.parameters.startups[0].mix.shares();
    double along = 0;
    double size = 0;
    for (std::size_t k = 0; k < 5; ++k) {
        along += mix[k] * world.draws.score()[k];
        size += std::abs(mix[k] * world.draws.score()[k]);
    }
    REQUIRE(size > 1);
    // Euler: budgets are homogeneous of degree 0 in the mix. Thousands of terms cancel.
    CHECK(std::abs(along) < 1e-9 * size);
}

TEST_CASE("Draws by inversion, and their mirror images, give the same laws as plain draws", "[long]") {
    const auto setup = make_setup(cohort(30));
    World<PlainDraws> plain(setup);
    World<InversionDraws> inverted(setup);
    const std::array<Measure, 4> measures = {Measure::named("living"), Measure::named("rounds"),
                                             Measure::named("shutdowns"), Measure::named("acquisitions")};
    std::array<Sample, 4> mirrored_differences;
    std::array<Sample, 4> differences;
    for (std::uint32_t i = 0; i < 150; ++i) {
        plain.reset(PlainDraws(FastVariates(14, i)));
        plain.run_until(72);
        for (const bool mirrored : {false, true}) {
            inverted.reset(InversionDraws(InversionVariates(15, i, mirrored)));
            inverted.run_until(72);
            auto& into = mirrored ? mirrored_differences : differences;
            for (std::size_t m = 0; m < measures.size(); ++m)
                into[m].add(inverted.measure(measures[m]) - plain.measure(measures[m]));
        }
    }
    for (std::size_t m = 0; m < measures.size(); ++m) {
        CHECK(std::abs(differences[m].z_of_mean(0)) < 4);
        CHECK(std::abs(mirrored_differences[m].z_of_mean(0)) < 4);
    }
}

TEST_CASE(
    "Mirrored trajectories are antithetic: where one company starts rich, its mirror image starts poor") {
    WorldParameters parameters = lone_startup();
    parameters.startups[0].seed_round = LogNormal{1.2e6, 0.7};
    World<InversionDraws> world(make_setup(parameters));
    for (std::uint32_t i = 0; i < 20; ++i) {
        std::array<double, 2> seeds{};
        for (const bool mirrored : {false, true}) {
            world.reset(InversionDraws(InversionVariates(16, i, mirrored)));
            world.run_until(0);
            seeds[mirrored ? 1 : 0] = world.startups[0].rounds[0].amount;
        }
        CHECK(std::sqrt(seeds[0] * seeds[1]) == Approx(1.2e6).epsilon(1e-9));
    }
}
