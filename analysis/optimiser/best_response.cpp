#include "analysis/optimiser/best_response.hpp"

#include "sim/random/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace venturi::optimiser {

namespace {

/// Another one for each round, so that no round sees the luck of another.
std::uint64_t seed_of_round(std::uint64_t seed, std::uint32_t round) {
    constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max() - 2;
    return word_at({.seed = seed, .trajectory = round, .agent = nobody, .purpose = 0}, 0);
}

void expect_sound(const BestResponseOptions& options) {
    if (!(options.damping > 0 && options.damping <= 1))
        throw std::invalid_argument("the damping of best responses lies above 0 and at most at 1");
    if (options.rounds == 0 || options.answer_steps == 0)
        throw std::invalid_argument("an equilibrium is looked for in at least one round of one step");
}

}  // namespace

Equilibrium find_equilibrium(const SymmetricGame& game, const BestResponseOptions& options) {
    expect_sound(options);
    Equilibrium found;
    found.start = options.start.size() == 0 ? game.set.centre() : options.start;
    if (!game.set.contains(found.start))
        throw std::invalid_argument("the start lies outside the set of legal decisions");
    found.decision = found.start;
    bool any_moved = false;
    const double budget = options.budget / options.rounds;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        if (options.stop != nullptr && options.stop->requested()) {
            found.ending = Ending::stopped;
            return found;
        }
        const OptimisationResult answer = best_answer(game, found.decision,
                                                      {.answer = options.answer,
                                                       .budget = budget,
                                                       .seed = seed_of_round(options.seed, round),
                                                       .steps = options.answer_steps,
                                                       .stop = options.stop});
        found.forward_runs += answer.forward_runs;
        if (answer.ending == Ending::stopped) {
            found.ending = Ending::stopped;
            return found;
        }
        any_moved = any_moved || answer.ending != Ending::nothing_moves;
        const double part = options.damping
                            * factor_at(options.schedule, round,
                                        static_cast<double>(round) / static_cast<double>(options.rounds));
        const Vector from = to_coordinates(game.set, Coordinates::log_ratio, found.decision);
        const Vector to = to_coordinates(game.set, Coordinates::log_ratio, answer.decision);
        Iteration row = answer.log.front();
        row.step = round;
        row.learning_rate = part;
        row.forward_runs = found.forward_runs;
        found.decision =
            from_coordinates(game.set, Coordinates::log_ratio, found.decision, from + part * (to - from));
        found.log.push_back(std::move(row));
        if (options.observer) options.observer(found.log.back());
    }
    if (!any_moved) found.ending = Ending::nothing_moves;
    return found;
}

OptimisationResult best_answer(const SymmetricGame& game, const Vector& others,
                               const AnswerOptions& options) {
    Problem problem = game.against(others);
    return optimise(problem, {.method = options.answer,
                              .start = others,
                              .budget = options.budget,
                              .seed = options.seed,
                              .steps = options.steps,
                              .stop = options.stop});
}

}  // namespace venturi::optimiser
