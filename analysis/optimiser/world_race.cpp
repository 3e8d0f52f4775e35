#include "analysis/optimiser/world_race.hpp"

#include "analysis/optimiser/best_response.hpp"
#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_runner.hpp"
#include "analysis/optimiser/world_trajectories.hpp"
#include "analysis/optimiser/world_variants.hpp"
#include "sim/ensemble/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr std::uint64_t runs_of_exploration = 2;
constexpr std::uint64_t usual_rounds = 12;
constexpr std::uint64_t steps_of_answer = 1;
// Of the equilibrium's first round, and of an answer's first step.
constexpr double damping = 0.5;

/// Of a descent along a company's own effect, which takes `steps` of this budget.
optimiser::GradientMethod own_descent(const MixSearchOptions& options, double step, double budget,
                                      std::uint64_t steps) {
    const double repetitions = budget / static_cast<double>(steps * runs_of_exploration);
    return {
        .estimator = optimiser::OwnEstimator{own_steps_estimator},
        .rule = NormalisedMomentum{.learning_rate = step * std::sqrt(static_cast<double>(options.world.rows)),
                                   .momentum = 0.5},
        .map = optimiser::StepMap::log_ratio,
        .schedule = optimiser::CosineSchedule{},
        .repetitions = static_cast<std::uint32_t>(std::clamp(repetitions, 1.0, 1e6))};
}

double budget_of_answer(std::uint64_t budget) {
    return std::max(static_cast<double>(budget) / 4,
                    static_cast<double>(steps_of_answer * runs_of_exploration));
}

optimiser::Vector feasible_start(const MixRows& rows, const optimiser::FeasibleSet& set) {
    const optimiser::Vector decision = decision_of(rows);
    return set.contains(decision) ? decision : optimiser::project(set, decision);
}

MixGain mix_gain_of(const WorldGain& gain) {
    return {.gain = gain.mean, .standard_error = gain.standard_error, .interval = gain.interval};
}

/// A trajectory in which none leaves, and those in which one does.
struct LeftTrajectory {
    struct Leaver {
        double difference = 0;
        std::vector<double> controls = {};

        template <class Self, class Visit>
        static void visit_members(Self& self, Visit& visit) {
            visit(self.difference);
            visit(self.controls);
        }
    };
    std::vector<Leaver> leavers;
    std::uint64_t events = 0;
    WorldOutcome all = {};
    WorldOutcome without = {};

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.leavers);
        visit(self.events);
    }
};

}  // namespace

MixSearchResult search_answer(const WorldProblem& problem, const MixRows& others,
                              const MixSearchOptions& options) {
    const WorldProblem alone = problem.decided_by(WhoDecides::one);
    WorldMixOptions world = options.world;
    world.rest = others;
    const WorldMixObjective objective(alone, world);
    const optimiser::FeasibleSet set = objective.feasible_set();
    const optimiser::Vector start = feasible_start(others, set);
    optimiser::Problem asked(objective);
    const auto budget = static_cast<double>(options.budget);
    const optimiser::OptimisationResult found =
        optimiser::optimise(asked, {.method = own_descent(options, options.step, budget, steps_of_answer),
                                    .start = start,
                                    .budget = budget,
                                    .seed = options.seed,
                                    .steps = steps_of_answer,
                                    .stop = options.world.stop,
                                    .observer = options.observer});
    const bool moves = found.ending != optimiser::Ending::nothing_moves;
    return {.start = rows_of(start),
            .mix = rows_of(moves ? found.decision : start),
            .log = found.log,
            .forward_runs = static_cast<std::uint64_t>(std::llround(found.forward_runs)),
            .ending = found.ending,
            .tally = objective.tally()};
}

MixSearchResult search_equilibrium(const WorldProblem& problem, const MixSearchOptions& options) {
    const WorldProblem alone = problem.decided_by(WhoDecides::one);
    const WorldMixObjective objective(alone, options.world);
    const optimiser::SymmetricGame game{.set = objective.feasible_set(),
                                        .against = [&](const optimiser::Vector& others) {
                                            return optimiser::Problem(objective.against(rows_of(others)));
                                        }};
    const double for_answer = budget_of_answer(options.budget);
    const double for_rounds = static_cast<double>(options.budget) - for_answer;
    if (for_rounds < static_cast<double>(runs_of_exploration))
        throw std::invalid_argument("a budget this small has no room for a round and an answer");
    // Each round with 16 forward runs at least, if it can be.
    const auto rounds = static_cast<std::uint32_t>(
        std::clamp<double>(std::floor(for_rounds / 16), 1, static_cast<double>(usual_rounds)));
    const optimiser::Vector start = feasible_start(options.start, game.set);
    // As far in all as a search for everyone goes: half as many steps as long, whichever their number.
    const double step = options.step * 6 / std::max<double>(rounds, 6) / damping;
    optimiser::Equilibrium found =
        optimiser::find_equilibrium(game, {.answer = own_descent(options, step, for_rounds / rounds, 1),
                                           .rounds = rounds,
                                           .damping = damping,
                                           .start = start,
                                           .budget = for_rounds,
                                           .seed = options.seed,
                                           .stop = options.world.stop,
                                           .observer = options.observer});
    MixSearchResult result{.start = rows_of(start), .mix = rows_of(found.decision), .log = found.log};
    result.ending = found.ending;
    if (found.ending == optimiser::Ending::nothing_moves) result.mix = result.start;
    if (found.ending == optimiser::Ending::budget_spent) {
        const optimiser::OptimisationResult answer = optimiser::best_answer(
            game, decision_of(result.mix),
            {.answer = own_descent(options, damping * options.step, for_answer, steps_of_answer),
             .budget = for_answer,
             .seed = options.seed,
             .stop = options.world.stop});
        found.forward_runs += answer.forward_runs;
        if (answer.ending == optimiser::Ending::stopped)
            result.ending = answer.ending;
        else
            result.answer = rows_of(answer.decision);
    }
    result.forward_runs = static_cast<std::uint64_t>(std::llround(found.forward_runs));
    result.tally = objective.tally();
    return result;
}

Deviation measure_deviation(const WorldProblem& problem, const MixRows& others, const MixRows& answer,
                            const WorldMixOptions& world, std::uint64_t trajectories, std::uint64_t seed,
                            const std::function<void(const Progress&)>& progress) {
    const std::size_t companies = problem.companies();
    const std::size_t leaving = std::min<std::size_t>(leavers_of_trajectory, companies);
    const auto live = [&](WorldRunner& runner, std::uint64_t trajectory, LeftTrajectory& row) {
        runner.live(
            seed, trajectory, [&](std::size_t) -> std::span<const InvestmentMix> { return others; },
            world.stop, row.all);
        row.events = row.all.events;
        row.leavers.clear();
        for (std::size_t k = 0; k < leaving; ++k) {
            // Neighbours by number leave in trajectories that follow each other, so that all have their turn.
            const std::size_t leaver = (trajectory + k * companies / leaving) % companies;
            if (std::isnan(row.all.values[leaver])) continue;
            runner.live(
                seed, trajectory,
                [&](std::size_t company) -> std::span<const InvestmentMix> {
                    return company == leaver ? answer : others;
                },
                world.stop, row.without);
            row.events += row.without.events;
            LeftTrajectory::Leaver& left = row.leavers.emplace_back();
            left.difference = row.without.values[leaver] - row.all.values[leaver];
            const auto before = row.all.controls_of(leaver);
            const auto after = row.without.controls_of(leaver);
            for (std::size_t i = 0; i < luck_controls; ++i) left.controls.push_back(after[i] - before[i]);
        }
        if (row.leavers.empty()) throw std::runtime_error("there is nothing to see of the objective");
    };
    SplitControls fit(luck_controls);
    struct Seen {
        std::size_t fold = 0;
        std::vector<LeftTrajectory::Leaver> leavers;
    };
    std::vector<Seen> seen;
    std::uint64_t worlds = 0;
    const LivedWorlds lived =
        live_worlds<LeftTrajectory>(problem,
                                    {.trajectories = trajectories,
                                     .first = first_measured_trajectory,
                                     .seed = seed,
                                     .threads = world.threads,
                                     .stop = world.stop,
                                     .progress = progress,
                                     .journal = world.journal},
                                    live, [&](std::uint64_t trajectory, const LeftTrajectory& row) {
                                        const std::size_t fold = SplitControls::fold_of(trajectory);
                                        for (const auto& each : row.leavers)
                                            fit.add(fold, each.difference, each.controls);
                                        seen.push_back({fold, row.leavers});
                                        worlds += 1 + row.leavers.size();
                                    });
    std::vector<std::vector<double>> coefficients;
    for (std::size_t fold = 0; fold < SplitControls::folds; ++fold)
        coefficients.push_back(fit.coefficients(fold));
    std::vector<double> gains;
    for (const Seen& each : seen) {
        double mean = 0;
        for (const auto& leaver : each.leavers) {
            double difference = leaver.difference;
            for (std::size_t i = 0; i < luck_controls; ++i)
                difference -= coefficients[each.fold][i] * leaver.controls[i];
            mean += difference / static_cast<double>(each.leavers.size());
        }
        gains.push_back(mean);
    }
    return {.others = others,
            .answer = answer,
            .gain = gain_of_differences(gains),
            .completed = lived.completed,
            .failed = lived.failed,
            .first_failure = lived.first_failure,
            .forward_runs = worlds,
            .ending = lived.ending};
}

MixRace run_race(const WorldProblem& problem, const MixSearchResult& everyone,
                 const MixSearchOptions& options, std::uint64_t trajectories,
                 const std::function<void(const optimiser::Iteration&)>& observer) {
    MixRace race{.start = everyone.start};
    const auto add = [&](const MixSearchResult& search) {
        race.forward_runs += search.forward_runs;
        race.failed += search.tally.failed;
        if (race.first_failure.empty()) race.first_failure = search.tally.first_failure;
        race.interrupted = race.interrupted || search.ending == optimiser::Ending::stopped;
        return !race.interrupted;
    };
    MixSearchOptions search = options;
    search.observer = observer;
    search.steps = std::numeric_limits<std::uint64_t>::max();
    MixRows usual = problem.mix();
    usual.resize(options.world.rows, usual.back());
    const MixSearchResult one = search_answer(problem, usual, search);
    if (!add(one)) return race;
    const MixSearchResult equilibrium = search_equilibrium(problem, search);
    if (!add(equilibrium)) return race;
    MixSearchOptions quarter = search;
    quarter.budget = static_cast<std::uint64_t>(budget_of_answer(options.budget));
    quarter.step = damping * options.step;
    const MixSearchResult answer = search_answer(problem, everyone.mix, quarter);
    if (!add(answer)) return race;

    const WorldRun run{.trajectories = trajectories,
                       .first = first_measured_trajectory,
                       .seed = options.seed,
                       .threads = options.world.threads,
                       .stop = options.world.stop,
                       .journal = options.world.journal};
    const std::array<const MixRows*, 3> mixes = {&everyone.mix, &one.mix, &equilibrium.mix};
    const auto take = [&](const auto& measured) {
        race.forward_runs_of_measurement += measured.forward_runs;
        race.failed += measured.failed;
        if (race.first_failure.empty()) race.first_failure = measured.first_failure;
        race.interrupted = race.interrupted || measured.ending == Ending::interrupted;
        return !race.interrupted && measured.completed > 0;
    };
    const WorldEvaluation over_start = evaluate(
        problem, {{.mix = race.start}, {.mix = *mixes[0]}, {.mix = *mixes[1]}, {.mix = *mixes[2]}}, run);
    if (!take(over_start)) return race;
    const WorldEvaluation over_equilibrium =
        evaluate(problem, {{.mix = equilibrium.mix}, {.mix = everyone.mix}}, run);
    if (!take(over_equilibrium)) return race;
    race.completed = over_start.completed;
    race.cost = mix_gain_of(over_equilibrium.gains[1]);
    const std::array<std::pair<const MixRows*, const MixRows*>, 3> leaving = {
        std::pair{&everyone.mix, &answer.mix},
        {&usual, &one.mix},
        {&equilibrium.mix, equilibrium.answer.empty() ? &equilibrium.mix : &equilibrium.answer}};
    for (std::size_t entry = 0; entry < race.columns.size(); ++entry) {
        RaceColumn& column = race.columns[entry];
        column.mix = *mixes[entry];
        Moments values;
        for (const double value : over_start.values[entry + 1]) values.add(value);
        column.value = values.mean();
        column.standard_error = values.count() > 1 ? values.standard_error() : std::nan("");
        column.over_start = mix_gain_of(over_start.gains[entry + 1]);
        column.leaving =
            measure_deviation(problem, *leaving[entry].first, *leaving[entry].second, options.world,
                              std::max<std::uint64_t>(trajectories / 2, 2), options.seed);
        if (!take(column.leaving)) return race;
    }
    return race;
}

}  // namespace venturi
