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
        // Nothing in these worlds is a decision variable yet, so the score is that of a constant.
        CHECK(scored.draws.score() == std::array<double, 5>{});
    }
}

TEST_CASE("In a world no draw is made twice") {
    World<RecordingDraws<PlainDraws>> world(eventful_setup());
    world.reset(RecordingDraws<PlainDraws>(PlainDraws(FastVariates(13, 5))));
    world.run_until(80);
    std::set<std::tuple<std::uint32_t, std::uint16_t, std::uint32_t>> names;
    for (const RecordedDraw& draw : world.draws.recorded()) {
        REQUIRE(std::isfinite(draw.value));
        REQUIRE(names.emplace(draw.source.agent, draw.source.purpose, draw.source.next).second);
    }
    CHECK(names.size() > world.startups.size() * 10);
}

TEST_CASE("Draws by inversion, and their mirror images, give the same laws as plain draws") {
    const auto setup = make_setup(cohort(30));
    World<PlainDraws> plain(setup);
    World<InversionDraws> inverted(setup);
    constexpr std::array<Measure, 4> measures = {Measure::alive, Measure::rounds, Measure::shutdowns,
                                                 Measure::acquisitions};
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
