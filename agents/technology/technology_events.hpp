// The cycle of technical work: evaluate, find the bottleneck, tune, train, adopt; and breakthroughs.
#pragma once

#include "agents/startup/inside_events.hpp"
#include "agents/technology/noisy_quadratic.hpp"
#include "agents/technology/scaling_law.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace venturi {

/// No model has more effective compute behind it than this, FLOP: far more than any computer will do, and the
/// loss over the irreducible one can still be told from rounding. Growth, prices and times that are legal
/// would otherwise lead to infinity.
inline constexpr double most_compute = 1e75;

/// ln of the algorithmic efficiency of the world outside, relative to month 0: it grows at a constant rate,
/// and no further than to `most_compute`.
template <class Draws>
[[nodiscard]] double frontier_efficiency(const World<Draws>& world) {
    return std::min(std::log(2.0) / world.parameters.technology.frontier.efficiency_doubling * world.now(),
                    std::log(most_compute));
}

/// The frontier's effective compute at its latest model, and that model's loss.
template <class Draws>
void release_frontier_model(World<Draws>& world, double growth) {
    const ModelFrontierParameters& frontier = world.parameters.technology.frontier;
    world.frontier_scale = std::min(world.frontier_scale * growth, most_compute);
    world.frontier_compute = std::min(
        frontier.compute * world.frontier_scale * std::exp(frontier_efficiency(world)), most_compute);
    world.frontier_loss = compute_optimal_loss(world.setup().law, world.frontier_compute);
}

/// Takes e^-`by` of the reducible loss.
template <class Draws>
[[nodiscard]] double reduced(const World<Draws>& world, double loss, double by) {
    const double irreducible = world.setup().law.irreducible_loss;
    return irreducible + (loss - irreducible) * std::exp(-by);
}

/// The loss of the best model that anyone can begin from.
template <class Draws>
[[nodiscard]] double open_model_loss(const World<Draws>& world) {
    return reduced(world, world.frontier_loss, -world.parameters.technology.open_gap);
}

/// Gap of a loss to the frontier, see `gap_to_frontier`.
template <class Draws>
[[nodiscard]] double gap_of(const World<Draws>& world, double loss) {
    return gap_to_frontier(loss, world.frontier_loss, world.setup().law.irreducible_loss);
}

/// Tokens that a run can learn from: old data count less.
template <class Draws>
[[nodiscard]] double fresh_tokens(const World<Draws>& world, const Organisation<Draws>& inside) {
    const DataStock& stock = inside.data.stock();
    return stock.clean() * std::exp2(-stock.age(world.now()) / world.parameters.data.half_life);
}

/// The effective compute of the compute-optimal model of a loss.
[[nodiscard]] inline double compute_behind(const ScalingLaw& law, double loss) {
    return std::min(compute_for_loss(law, loss), most_compute);
}

/// Reducible loss, in the application, of a model of a given loss in general: it is taken for
/// compute-optimal, and of the tokens that it has seen only a part counts there, joined by `own` tokens that
/// are all of the application.
[[nodiscard]] inline double reducible_loss_in_application(const ScalingLaw& law, double loss, double transfer,
                                                          double own) {
    Allocation allocation = compute_optimal(law, compute_behind(law, loss));
    allocation.tokens = transfer * allocation.tokens + own;
    return training_loss(law, allocation) - law.irreducible_loss;
}

/// Gap to the frontier in the application, where the frontier's model has no data of its own.
template <class Draws>
[[nodiscard]] double gap_in_application(const World<Draws>& world, const Startup<Draws>& startup, double loss,
                                        double own_tokens) {
    const ScalingLaw& law = world.setup().law;
    const double transfer = market_of(world, startup).transfer;
    return std::log(reducible_loss_in_application(law, loss, transfer, own_tokens)
                    / reducible_loss_in_application(law, world.frontier_loss, transfer, 0));
}

/// Gap of the model in the product, mistuning included.
template <class Draws>
[[nodiscard]] double product_gap(const World<Draws>& world, const Startup<Draws>& startup) {
    const Technology& technology = world.inside(startup).technology;
    return gap_in_application(world, startup, technology.deployed_loss, technology.deployed_tokens)
           + world.parameters.technology.deployment_loss * technology.deployed_mistuning;
}

/// What the model in the product adds to its quality, or takes from it.
template <class Draws>
[[nodiscard]] double model_quality(const World<Draws>& world, const Startup<Draws>& startup) {
    const TechnologyParameters& parameters = world.parameters.technology;
    return quality_of_gap(product_gap(world, startup), market_of(world, startup).tolerated_gap,
                          parameters.quality_slope, parameters.quality_range);
}

/// ln of own algorithmic efficiency, relative to month 0 of the world outside.
template <class Draws>
[[nodiscard]] double own_efficiency(const World<Draws>& world, const Organisation<Draws>& inside) {
    return frontier_efficiency(world) - inside.technology.lag.at(world.now());
}

/// Loss that training on could reach at best: a model of `base_loss` whose compute and tokens, were it
/// compute-optimal, are joined by `compute` more and `tokens` new ones.
template <class Draws>
[[nodiscard]] double attainable_loss(const World<Draws>& world, double base_loss, double compute,
                                     double tokens) {
    const ScalingLaw& law = world.setup().law;
    const double before = compute_behind(law, base_loss);
    const double known = compute_optimal(law, before).tokens;
    return std::min(
        base_loss,
        constrained_allocation(law, muennighoff_2023_repetition, before + compute, known + tokens).loss);
}

/// Share of the attainable loss that a run reaches at a learning rate that is off by e^deviation.
template <class Draws>
[[nodiscard]] double attained_by_run(const World<Draws>& world, const Organisation<Draws>& inside,
                                     double deviation) {
    const OptimiserParameters& optimiser = world.parameters.technology.optimiser;
    const double junk = 1 - inside.data.stock().quality;
    const double noise = optimiser.gradient_noise * (1 + optimiser.noise_by_junk * junk);
    return attained_share(
        world.setup().optimiser,
        {.learning_rate = world.setup().best_learning_rate * std::exp(deviation),
         .momentum = optimiser.momentum,
         .batch_size = noise > 0 ? optimiser.batch / noise : std::numeric_limits<double>::infinity()},
        static_cast<std::uint64_t>(optimiser.iterations));
}

/// Money for the next run: what the technology budget has put aside since the last, and will during the run.
template <class Draws>
[[nodiscard]] double run_money(const World<Draws>& world, const Organisation<Draws>& inside, double months) {
    return inside.compute_money * (world.now() - inside.technology.money_since + months);
}

/// Effective compute that money buys now.
template <class Draws>
[[nodiscard]] double bought_compute(const World<Draws>& world, const Organisation<Draws>& inside,
                                    double dollars) {
    return std::min(dollars / world.compute_price * world.parameters.technology.flop_per_dollar
                        * std::exp(own_efficiency(world, inside)),
                    most_compute);
}

/// What limits the next model: the one of which a quarter more would lower its expected gap in the
/// application most.
template <class Draws>
[[nodiscard]] Bottleneck find_bottleneck(const World<Draws>& world, const Organisation<Draws>& inside) {
    constexpr double more = 1.25;
    const Technology& technology = inside.technology;
    const double months = mean(world.parameters.technology.training);
    const double compute = bought_compute(world, inside, run_money(world, inside, months));
    const double tokens = fresh_tokens(world, inside);
    const double share = attained_by_run(world, inside, technology.mistuning);
    const ScalingLaw& law = world.setup().law;
    const double transfer = market_of(world, world.startups[inside.startup]).transfer;
    // The gap grows with the reducible loss, and the frontier is the same for all three.
    const auto left = [&](double with_compute, double with_tokens, double with_share) {
        const double attainable = attainable_loss(world, technology.base_loss, with_compute, with_tokens);
        const double loss = technology.base_loss + with_share * (attainable - technology.base_loss);
        return reducible_loss_in_application(law, loss, transfer, with_tokens);
    };
    const double by_compute = -left(compute * more, tokens, share);
    const double by_data = -left(compute, tokens * more, share);
    const double by_skill =
        -left(compute, tokens, attained_by_run(world, inside, technology.mistuning / more));
    if (by_skill >= by_compute && by_skill >= by_data) return Bottleneck::skill;
    return by_data > by_compute ? Bottleneck::data : Bottleneck::compute;
}

/// Begins a stage of the cycle; returns the months that it will take.
template <class Draws>
double enter_stage(World<Draws>& world, Organisation<Draws>& inside, TechnologyStage stage,
                   const Distribution& duration, double pace = 1) {
    inside.technology.stage = stage;
    const double months =
        std::max(world.draws.sample(inside.source(Purpose::technology_time), duration), 0.0) / pace;
    set_inside_timer(world, inside, InsideTimer::technology, Happening::technology_moves_on,
                     world.now() + months);
    return months;
}

template <class Draws>
void begin_evaluation(World<Draws>& world, Organisation<Draws>& inside) {
    enter_stage(world, inside, TechnologyStage::evaluating, world.parameters.technology.evaluation);
}

/// What customers said since the last time shows how to better the model: each e-fold of fresh batches takes
/// the same share off its reducible loss, once the model has been tuned.
template <class Draws>
void study_feedback(World<Draws>& world, Organisation<Draws>& inside) {
    Technology& technology = inside.technology;
    const double found = world.parameters.technology.feedback_gain
                         * std::log1p(inside.feedback_stocked - technology.feedback_seen);
    technology.feedback_seen = inside.feedback_stocked;
    technology.optimisation += found;
    technology.optimised += found;
}

template <class Draws>
void finish_evaluation(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    Technology& technology = inside.technology;
    technology.base_loss = std::min(technology.base_loss, open_model_loss(world));
    study_feedback(world, inside);
    technology.bottleneck = find_bottleneck(world, inside);
    world.tell(Notice::Kind::bottleneck, index, static_cast<double>(technology.bottleneck),
               gap_of(world, technology.base_loss));
    const double hands = working(world, inside, Role::engineer) + working(world, inside, Role::researcher);
    constexpr double team = 10;
    enter_stage(world, inside, TechnologyStage::tuning, world.parameters.technology.tuning,
                std::clamp(std::sqrt(hands / team), 0.5, 2.0));
}

/// Rate at which a run fails: engineers of twice the skill halve it.
template <class Draws>
[[nodiscard]] double run_failure_hazard(const World<Draws>& world, const Organisation<Draws>& inside) {
    const double skill = inside.workforce.skill[static_cast<std::size_t>(Role::engineer)];
    return world.parameters.technology.run_failures / std::max(skill, 0.1);
}

/// In data/data_events.hpp.
template <class Draws>
void update_batches(World<Draws>& world, Organisation<Draws>& inside);

/// What is paid for compute and data follows a run's beginning and end.
template <class Draws>
void follow_run(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    follow_revenue(world, index);
    update_batches(world, inside);
}

template <class Draws>
void start_run(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    Technology& technology = inside.technology;
    const double months =
        enter_stage(world, inside, TechnologyStage::training, world.parameters.technology.training);
    TrainingRun& run = technology.run;
    run = {};
    run.begun = world.now();
    run.duration = months;
    run.cost = run_money(world, inside, months);
    run.saved = world.now() - technology.money_since;
    technology.money_since = world.now() + months;
    const double moved = technology.bottleneck == Bottleneck::data ? world.parameters.technology.tilt : 0.0;
    run.data_money = months > 0 ? moved * run.cost / months : 0;
    run.cost *= 1 - moved;
    // What partners have lent since the last run and will during this one costs nothing.
    run.compute = bought_compute(world, inside, run.cost + inside.flows.compute * (run.saved + months));
    run.tokens = fresh_tokens(world, inside);
    start_inside_clock(world, inside, inside.run_failure, Purpose::run_failure, InsideTimer::run_failure,
                       Happening::run_fails, typename Draws::Scalar(run_failure_hazard(world, inside)));
    world.tell(Notice::Kind::run_started, index, run.cost, run.compute);
}

/// Tuning takes a part off the excess of mistuning; where skill is the bottleneck, the money moved there
/// takes off more. A new architecture is adopted first, and has to be tuned anew.
template <class Draws>
void finish_tuning(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    const OptimiserParameters& optimiser = world.parameters.technology.optimiser;
    Technology& technology = inside.technology;
    const bool adopts = technology.new_architecture;
    if (adopts) technology.mistuning = std::max(technology.mistuning, optimiser.mistuning);
    technology.new_architecture = false;
    const double skill = (inside.workforce.skill[static_cast<std::size_t>(Role::researcher)]
                          + inside.workforce.skill[static_cast<std::size_t>(Role::engineer)])
                         / 2;
    const double lesson =
        std::max(gap_of(world, technology.deployed_loss) - gap_of(world, technology.trained_loss), 0.0);
    const double push =
        1 + optimiser.tuning_by_runs * lesson
        + (technology.bottleneck == Bottleneck::skill ? world.parameters.technology.tilt : 0.0);
    technology.mistuning = optimiser.mistuning_floor
                           + (technology.mistuning - optimiser.mistuning_floor)
                                 * std::exp(-optimiser.tuning_gain * skill * push);
    technology.base_loss = reduced(world, technology.base_loss, technology.optimisation);
    technology.optimisation = 0;
    world.tell(Notice::Kind::tuned, index, technology.mistuning, adopts ? 1 : 0);
    start_run(world, index, inside);
    follow_run(world, index, inside);
}

template <class Draws>
void finish_run(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    Technology& technology = inside.technology;
    update_inside_clock(world, inside, inside.run_failure, InsideTimer::run_failure, Happening::run_fails,
                        typename Draws::Scalar(0.0));
    const double deviation =
        world.draws.normal(inside.source(Purpose::learning_rate), 0.0, technology.mistuning);
    technology.attained = attained_by_run(world, inside, deviation);
    const double attainable =
        attainable_loss(world, technology.base_loss, technology.run.compute, technology.run.tokens);
    technology.trained_loss =
        technology.base_loss + technology.attained * (attainable - technology.base_loss);
    technology.trained_compute += technology.run.compute;
    technology.base_tokens = technology.run.tokens;
    ++technology.runs_finished;
    const CareerParameters& career = world.parameters.talent.career;
    for (const Role role : {Role::researcher, Role::engineer}) {
        double& skill = inside.workforce.skill[static_cast<std::size_t>(role)];
        skill += career.project_gain * std::max(career.best_skill - skill, 0.0);
    }
    world.tell(Notice::Kind::run_finished, index, technology.trained_loss, technology.attained);
    technology.run = {};
    technology.base_loss = std::min(technology.base_loss, technology.trained_loss);
    if (technology.base_loss < technology.deployed_loss
        || technology.mistuning < technology.deployed_mistuning
        || technology.base_tokens > technology.deployed_tokens) {
        constexpr double team = 10;
        enter_stage(world, inside, TechnologyStage::adopting, world.parameters.technology.adoption,
                    std::clamp(std::sqrt(working(world, inside, Role::engineer) / team), 0.5, 2.0));
    } else {
        begin_evaluation(world, inside);
    }
    follow_run(world, index, inside);
}

template <class Draws>
void adopt_model(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    Technology& technology = inside.technology;
    technology.deployed_loss = technology.base_loss;
    technology.deployed_mistuning = technology.mistuning;
    technology.deployed_tokens = technology.base_tokens;
    begin_evaluation(world, inside);
    update_quality(world, index);
    world.tell(Notice::Kind::adopted, index, value_of(relative_quality(world, world.startups[index])),
               product_gap(world, world.startups[index]));
    update_startup(world, index);
}

/// A stage of the cycle is over.
template <class Draws>
void technology_moves_on(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    switch (inside.technology.stage) {
        case TechnologyStage::evaluating:
            return finish_evaluation(world, index, inside);
        case TechnologyStage::tuning:
            return finish_tuning(world, index, inside);
        case TechnologyStage::training:
            return finish_run(world, index, inside);
        case TechnologyStage::adopting:
            return adopt_model(world, index, inside);
    }
}

/// What the run has cost so far is lost; the rest of its money is put aside for the next.
template <class Draws>
void run_fails(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    Technology& technology = inside.technology;
    inside.run_failure.ring(world.draws, world.now());
    const double done =
        technology.run.duration > 0 ? (world.now() - technology.run.begun) / technology.run.duration : 0;
    world.tell(Notice::Kind::run_failed, index, done * technology.run.cost, 0);
    ++technology.runs_failed;
    technology.money_since = world.now() - (1 - done) * technology.run.saved;
    technology.run = {};
    begin_evaluation(world, inside);
    follow_run(world, index, inside);
}

/// Hazard of breakthroughs: grows with the root of the number of senior researchers, and with technology
/// culture.
template <class Draws>
[[nodiscard]] DriftingHazard<typename Draws::Scalar> breakthrough_hazard(const World<Draws>& world,
                                                                         const Organisation<Draws>& inside) {
    using Scalar = typename Draws::Scalar;
    constexpr double team = 10;
    const double seniors = inside.workforce.count(Role::researcher, Level::senior);
    const Scalar base(world.parameters.technology.breakthroughs * std::sqrt(seniors / team));
    return drifting_hazard(base, Scalar(world.parameters.culture.technology.gain),
                           inside.culture.of(Advantage::technology), world.now());
}

/// A better architecture: efficiency jumps, and the next tuning adopts it.
template <class Draws>
void breaks_through(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    Technology& technology = inside.technology;
    inside.breakthrough.ring(world.draws, world.now());
    const double gain = std::max(world.draws.sample(inside.source(Purpose::breakthrough_gain),
                                                    world.parameters.technology.breakthrough_gain),
                                 0.0);
    technology.lag.jump(world.now(), technology.lag.at(world.now()) - gain);
    technology.new_architecture = true;
    ++technology.breakthroughs;
    inside.culture.jump(Advantage::technology, world.now(),
                        world.parameters.culture.breakthrough_pride * gain);
    start_inside_clock(world, inside, inside.breakthrough, Purpose::breakthrough, InsideTimer::breakthrough,
                       Happening::breaks_through, breakthrough_hazard(world, inside));
    world.tell(Notice::Kind::breakthrough, index, std::exp(gain), 0);
}

/// Research and spillover from now on: the lag behind the world outside follows d lag / dt = g − s · lag − r
/// − Σ κ (lag − a partner's lag), with g the growth outside, s the spillover from what is published, κ the
/// spillover along a tie to a partner who is ahead, both quickened by partnership culture, r our own
/// research.
template <class Draws>
void update_research(World<Draws>& world, Organisation<Draws>& inside) {
    const TechnologyParameters& parameters = world.parameters.technology;
    const CultureParameters& culture = world.parameters.culture;
    Technology& technology = inside.technology;
    constexpr double team = 10;
    const double now = world.now();
    const double model = std::exp(-std::max(gap_of(world, technology.base_loss), 0.0));
    technology.research_pace =
        parameters.research
        * std::pow(working(world, inside, Role::researcher) / team, parameters.research_by_people)
        * lift(culture.technology.gain, value_of(inside.culture.intensity(Advantage::technology, now)))
        * (1 + parameters.research_by_model * model);
    const double openness = value_of(inside.culture.intensity(Advantage::partnership, now));
    const double spillover = parameters.spillover * lift(culture.partnership.gain, openness);
    const double growth = std::log(2.0) / parameters.frontier.efficiency_doubling;
    // Without spillover the lag grows in a straight line, which so slow a relaxation is but for rounding.
    const double absorbed = lift(culture.partnership.gain, openness) * inside.flows.knowledge;
    const double pace = std::max(spillover + absorbed, 1e-9);
    const double from = lift(culture.partnership.gain, openness) * inside.flows.knowledge_from;
    technology.lag.relax_to(now, (growth - technology.research_pace + from) / pace, pace);
}

/// The technology of a startup at its founding: an open model, tuned by nobody yet.
template <class Draws>
void found_technology(World<Draws>& world, std::uint32_t index, Organisation<Draws>& inside) {
    Technology& technology = inside.technology;
    technology = {};
    technology.base_loss = open_model_loss(world);
    technology.trained_loss = technology.base_loss;
    technology.deployed_loss = technology.base_loss;
    technology.mistuning = world.parameters.technology.optimiser.mistuning;
    technology.deployed_mistuning = technology.mistuning;
    technology.money_since = world.now();
    technology.lag = Relaxation<double>(0, 0, 0, world.now());
    start_inside_clock(world, inside, inside.breakthrough, Purpose::breakthrough, InsideTimer::breakthrough,
                       Happening::breaks_through, breakthrough_hazard(world, inside));
    inside.run_failure.start(world.draws, inside.source(Purpose::run_failure), world.now(),
                             typename Draws::Scalar(0.0));
    begin_evaluation(world, inside);
    update_quality(world, index);
}

}  // namespace venturi
