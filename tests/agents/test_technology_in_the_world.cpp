// The cycle of technical work of a startup in the world.
#include "agents/technology/technology_events.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

/// Delivers events up to `month` and calls `see(event, before)` after each that is this startup's and changes
/// the stage of its work.
template <class See>
void follow_stages(World<PlainDraws>& world, double month, See&& see) {
    for (;;) {
        const auto next = world.calendar.peek();
        if (!next || next->time > month) break;
        const Event event = *next->event;
        const bool moves = event.what == Happening::technology_moves_on || event.what == Happening::run_fails;
        const Technology before = moves ? world.inside(world.startups[event.who]).technology : Technology{};
        world.step(month);
        if (moves) see(event, before);
    }
}

/// Reducible loss in the application that the next model can be expected to have, by the scaling law and the
/// noisy quadratic model themselves.
double expected_loss(const World<PlainDraws>& world, const Organisation<PlainDraws>& inside, double compute,
                     double tokens, double mistuning) {
    const ScalingLaw& law = world.setup().law;
    const OptimiserParameters& optimiser = world.parameters.technology.optimiser;
    const double base = inside.technology.base_loss;
    const double before = compute_for_loss(law, base);
    const double known = compute_optimal(law, before).tokens;
    const double attainable = std::min(
        base,
        constrained_allocation(law, muennighoff_2023_repetition, before + compute, known + tokens).loss);
    const double noise =
        optimiser.gradient_noise * (1 + optimiser.noise_by_junk * (1 - inside.data.stock().quality));
    const double share = attained_share(
        world.setup().optimiser,
        {.learning_rate = world.setup().best_learning_rate * std::exp(mistuning),
         .momentum = optimiser.momentum,
         .batch_size = noise > 0 ? optimiser.batch / noise : std::numeric_limits<double>::infinity()},
        static_cast<std::uint64_t>(optimiser.iterations));
    // Of what the model has seen in general a part counts here, and all of the company's own data.
    const double reached = base + share * (attainable - base);
    Allocation allocation = compute_optimal(law, compute_for_loss(law, reached));
    const SegmentParameters& segment =
        world.parameters.market.segments[world.startups[inside.startup].segment];
    allocation.tokens = segment.transfer * allocation.tokens + tokens;
    return training_loss(law, allocation) - law.irreducible_loss;
}

/// Checks every choice of a bottleneck in a world up to `month`, and counts what was chosen.
void check_bottlenecks(World<PlainDraws>& world, double month, std::array<std::size_t, 3>& found) {
    follow_stages(world, month, [&](const Event& event, const Technology& before) {
        if (before.stage != TechnologyStage::evaluating) return;
        const auto& inside = world.inside(world.startups[event.who]);
        const TechnologyParameters& parameters = world.parameters.technology;
        const Technology& technology = inside.technology;
        const double dollars =
            inside.compute_money * (world.now() - technology.money_since + mean(parameters.training));
        const double efficiency = std::exp2(world.now() / parameters.frontier.efficiency_doubling)
                                  * std::exp(-technology.lag.at(world.now()));
        const double compute = dollars / world.compute_price * parameters.flop_per_dollar * efficiency;
        const DataStock& stock = inside.data.stock();
        const double tokens = stock.tokens * stock.quality
                              * std::exp2(-stock.age(world.now()) / world.parameters.data.half_life);
        const double mistuning = technology.mistuning;
        const std::array<double, 3> losses = {
            expected_loss(world, inside, 1.25 * compute, tokens, mistuning),
            expected_loss(world, inside, compute, 1.25 * tokens, mistuning),
            expected_loss(world, inside, compute, tokens, mistuning / 1.25)};
        const auto chosen = static_cast<std::size_t>(technology.bottleneck);
        ++found[chosen];
        // Where two are as good but for rounding, either is right.
        REQUIRE(losses[chosen] <= *std::min_element(losses.begin(), losses.end()) * (1 + 1e-12));
    });
}

}  // namespace

TEST_CASE("Technical work goes round: evaluating, tuning, training, and adopting where that is worth it") {
    using Stage = TechnologyStage;
    std::set<std::array<Stage, 2>> seen;
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 71, 0);
        follow_stages(world, 40, [&](const Event& event, const Technology& before) {
            const Technology& after = world.inside(world.startups[event.who]).technology;
            seen.insert({before.stage, after.stage});
            switch (before.stage) {
                case Stage::evaluating:
                    REQUIRE(after.stage == Stage::tuning);
                    break;
                case Stage::tuning:
                    REQUIRE(after.stage == Stage::training);
                    break;
                case Stage::training: {
                    const bool better =
                        after.base_loss < before.deployed_loss || after.mistuning < before.deployed_mistuning;
                    const bool failed = event.what == Happening::run_fails;
                    REQUIRE(after.stage == (better && !failed ? Stage::adopting : Stage::evaluating));
                    REQUIRE(after.runs_finished + after.runs_failed
                            == before.runs_finished + before.runs_failed + 1);
                    break;
                }
                case Stage::adopting:
                    REQUIRE(after.stage == Stage::evaluating);
                    REQUIRE(after.deployed_loss == before.base_loss);
                    break;
            }
        });
    }
    CHECK(seen.size() == 5);
}

TEST_CASE("The story of a company tells of its work in the order in which it is done") {
    World<PlainDraws> world = world_of(make_setup(lone_organisation()), 72, 0);
    world.keep_notices();
    world.run_until(80);
    using Kind = Notice::Kind;
    std::vector<Kind> work;
    for (const Notice& notice : world.notices)
        for (const Kind kind : {Kind::bottleneck, Kind::tuned, Kind::run_started, Kind::run_finished,
                                Kind::run_failed, Kind::adopted})
            if (notice.kind == kind) work.push_back(kind);
    REQUIRE(work.size() > 50);
    REQUIRE(work[0] == Kind::bottleneck);
    for (std::size_t i = 1; i < work.size(); ++i) {
        const Kind before = work[i - 1];
        const bool follows =
            before == Kind::bottleneck     ? work[i] == Kind::tuned
            : before == Kind::tuned        ? work[i] == Kind::run_started
            : before == Kind::run_started  ? work[i] == Kind::run_finished || work[i] == Kind::run_failed
            : before == Kind::run_finished ? work[i] == Kind::adopted || work[i] == Kind::bottleneck
                                           : work[i] == Kind::bottleneck;
        REQUIRE(follows);
    }
}

TEST_CASE("The bottleneck is what a quarter more of would lower the loss most") {
    std::array<std::size_t, 3> found{};
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 73, 1);
        check_bottlenecks(world, 48, found);
    }
    CHECK(found[0] + found[1] + found[2] > 500);
    // Compute for almost nothing: then it is skill while learning rates are far off, and data where there are
    // none to speak of, in the open model either.
    WorldParameters parameters = lone_organisation();
    parameters.technology.flop_per_dollar *= 1e4;
    World<PlainDraws> mistuned = world_of(make_setup(parameters), 73, 2);
    check_bottlenecks(mistuned, 60, found);
    parameters.technology.open_gap = 2.5;
    parameters.data.initial_tokens = 1e9;
    World<PlainDraws> starved = world_of(make_setup(parameters), 73, 2);
    check_bottlenecks(starved, 60, found);
    for (const std::size_t times : found) CHECK(times > 0);
}

TEST_CASE("What runs cost adds up to the compute budget, failures and moves to data included") {
    WorldParameters parameters = lone_organisation();
    parameters.standing.planning_interval = 1e6;
    parameters.technology.run_failures = 0.2;
    World<PlainDraws> world = world_of(make_setup(parameters), 74, 0);
    const auto& inside = world.organisations[0];
    double spent = 0;
    double since = 0;
    double per_month = 0;
    std::size_t runs = 0;
    std::size_t finished = 0;
    while (world.step(300)) {
        spent += per_month * (world.now() - since);
        since = world.now();
        const Technology& technology = inside.technology;
        const bool training = technology.stage == TechnologyStage::training;
        per_month = training ? technology.run.cost / technology.run.duration + technology.run.data_money : 0;
        const std::size_t ended = technology.runs_finished + technology.runs_failed;
        if (ended == runs) continue;
        runs = ended;
        // What has been budgeted so far has been spent, or is put aside for the next run.
        const double aside = inside.compute_money * (world.now() - technology.money_since);
        REQUIRE(spent + aside == Approx(inside.compute_money * world.now()).epsilon(1e-9));
        if (technology.runs_finished > finished) REQUIRE(std::abs(aside) < 1e-9 * spent);
        finished = technology.runs_finished;
    }
    CHECK(inside.technology.runs_failed > 5);
    CHECK(inside.technology.runs_finished > 30);
}

TEST_CASE("Tuning brings the learning rate nearer the best, and a new architecture has to be tuned anew") {
    std::size_t renewed = 0;
    World<PlainDraws> world = world_of(advantages_setup(), 75, 0);
    const OptimiserParameters& optimiser = world.parameters.technology.optimiser;
    for (std::uint32_t trajectory = 0; trajectory < 30; ++trajectory) {
        world.reset(PlainDraws(FastVariates(75, trajectory)));
        follow_stages(world, 40, [&](const Event& event, const Technology& before) {
            if (before.stage != TechnologyStage::tuning) return;
            const auto& inside = world.inside(world.startups[event.who]);
            const Technology& after = inside.technology;
            REQUIRE_FALSE(after.new_architecture);
            const double from =
                before.new_architecture ? std::max(before.mistuning, optimiser.mistuning) : before.mistuning;
            if (before.new_architecture && before.mistuning < 0.7 * optimiser.mistuning) {
                ++renewed;
                CHECK(after.mistuning > before.mistuning);
            }
            REQUIRE(after.mistuning >= optimiser.mistuning_floor);
            REQUIRE(after.mistuning < from);
            const double skill = (inside.workforce.skill[static_cast<std::size_t>(Role::researcher)]
                                  + inside.workforce.skill[static_cast<std::size_t>(Role::engineer)])
                                 / 2;
            // Lessons and money only help.
            REQUIRE(
                std::log((from - optimiser.mistuning_floor) / (after.mistuning - optimiser.mistuning_floor))
                >= optimiser.tuning_gain * skill * (1 - 1e-9));
        });
    }
    CHECK(renewed > 0);
}

TEST_CASE("A product whose model stands still goes stale as the frontier moves") {
    WorldParameters parameters = lone_organisation();
    parameters.environment.frontier_advances = 0.3;
    parameters.environment.frontier_step = 0;
    parameters.technology.evaluation = Constant{1e6};
    World<PlainDraws> world = world_of(make_setup(parameters), 76, 0);
    world.run_until(0);
    double quality = world.startups[0].quality;
    double frontier = world.frontier_loss;
    std::size_t advances = 0;
    while (world.step(60)) {
        if (world.frontier_loss == frontier) {
            REQUIRE(world.startups[0].quality == quality);
            continue;
        }
        ++advances;
        CHECK(world.frontier_loss < frontier);
        CHECK(world.startups[0].quality < quality);
        frontier = world.frontier_loss;
        quality = world.startups[0].quality;
    }
    CHECK(advances > 5);
}

TEST_CASE("Nobody is better than by how much a model can be better, or worse") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 77, 0);
        const double range = world.parameters.technology.quality_range;
        for (int month = 1; month <= 48; ++month) {
            world.run_until(month);
            for (const auto& startup : world.startups) {
                if (!startup.has_inside() || !is_alive(startup.status)) continue;
                const auto& inside = world.inside(startup);
                REQUIRE(std::abs(startup.quality - inside.features) <= range * (1 + 1e-12));
                REQUIRE(inside.technology.attained >= 0);
                REQUIRE(inside.technology.attained <= 1);
                REQUIRE(inside.technology.base_loss > world.setup().law.irreducible_loss);
                REQUIRE(inside.technology.base_loss <= inside.technology.trained_loss);
            }
        }
    }
}
