// Games among equals: all have the same decisions and the same interest, and what one gets depends on what
// the others do. Nobody gains by leaving an equilibrium alone; all together may gain by leaving it.
//
//     const SymmetricGame game{.set = set, .against = [](const Vector& others) { return Problem{...}; }};
//     const Equilibrium found = find_equilibrium(game, {.answer = {.repetitions = 8}, .budget = 960});
//     const OptimisationResult answer = best_answer(game, found.decision, {.budget = 240, .seed = 7});
//     Problem alone = game.against(found.decision);
//     measure_gain(alone, answer.decision, found.decision, fresh_repetitions(7, 400));  // what is left to
//     gain
#pragma once

#include "analysis/optimiser/optimise.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace venturi::optimiser {

struct SymmetricGame {
    FeasibleSet set;
    /// What one player decides while all others have `others`: a problem on `set`, to be maximised or
    /// minimised by its goal.
    std::function<Problem(const Vector& others)> against;
};

/// Damped best response. In each round one player's answer to what all have is looked for, from there on, and
/// all go a part of the way to it in log-ratios: the relaxation of Uryasev and Rubinstein, "On relaxation
/// algorithms in computation of noncooperative equilibria", IEEE Transactions on Automatic Control 39(6),
/// 1994. An answer of one step of given length is the best one within that distance to a linear model of what
/// is gained: with such short ones rounds are cheap, and noise is averaged over rounds.
struct BestResponseOptions {
    GradientMethod answer = {};            ///< `repetitions` for each gradient
    std::uint64_t answer_steps = 1;        ///< of a descent, in each round
    std::uint32_t rounds = 12;             ///< which share the budget
    double damping = 0.5;                  ///< the part of the way in the first round, in (0, 1]
    Schedule schedule = CosineSchedule{};  ///< of that part, over rounds
    Vector start = {};                     ///< of all; the set's centre where it is empty
    double budget = 1000;                  ///< forward runs
    std::uint64_t seed = 1;
    const StopRequest* stop = nullptr;
    std::function<void(const Iteration&)> observer = nullptr;  ///< called after each round
};

struct Equilibrium {
    Vector decision;
    Vector start;
    /// A row for each round: what all had, the mean and gradient's norm that the answer's first step saw
    /// there, and in the place of a learning rate the part of the way that was gone.
    std::vector<Iteration> log;
    double forward_runs = 0;
    Ending ending = Ending::budget_spent;
};

/// Each round has luck of its own. Throws std::invalid_argument, with what is legal, where the start lies
/// outside the set, the budget is too small for a step in each round, shares have upper bounds, or an option
/// lies outside its range. The same bits for the same game and options.
[[nodiscard]] Equilibrium find_equilibrium(const SymmetricGame& game, const BestResponseOptions& options);

struct AnswerOptions {
    GradientMethod answer = {};
    double budget = 1000;
    std::uint64_t seed = 1;
    std::uint64_t steps = std::numeric_limits<std::uint64_t>::max();
    const StopRequest* stop = nullptr;
};

/// One player's answer to what the others have, looked for from there on. What it gains is a lower bound of
/// what a player could gain by leaving the others, and is to be measured on fresh luck.
[[nodiscard]] OptimisationResult best_answer(const SymmetricGame& game, const Vector& others,
                                             const AnswerOptions& options);

}  // namespace venturi::optimiser
