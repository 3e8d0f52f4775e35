// Games whose equilibrium and common optimum are known exactly.
#include "analysis/optimiser/best_response.hpp"
#include "sim/random/draws.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace venturi;
using namespace venturi::optimiser;

namespace {

/// Tullock, "Efficient rent seeking", in Buchanan, Tollison and Tullock, Toward a Theory of the Rent-Seeking
/// Society, 1980, on a simplex: `players` of one dollar each, which goes into a contest for a prize V, won
/// with the probability of one's part of all that is spent on it, into production worth a √y, or is kept. V
/// x/Σx + a √y + z, with noise on each part. In equilibrium x = V (n − 1)/n² and y = a²/4; together they had
/// better spend nothing on the contest.
struct Contest {
    double others = 0;  ///< what each of the others spends on it
    double players = 5;
    double prize = 1;
    double production = 1;
    double noise = 0;
    bool all_alike = false;  ///< all decide as one: the others spend what this one does

    static constexpr double floor = 0.01;

    [[nodiscard]] FeasibleSet feasible_set() const { return FeasibleSet({simplex(3, floor)}); }
    [[nodiscard]] double value(const Vector& x) const {
        const double rest = (players - 1) * (all_alike ? x[0] : others);
        return prize * x[0] / (x[0] + rest) + production * std::sqrt(x[1]) + x[2];
    }
    [[nodiscard]] Vector slope(const Vector& x) const {
        const double rest = (players - 1) * others;
        const double contest = all_alike ? 0 : prize * rest / ((x[0] + rest) * (x[0] + rest));
        return Vector{{contest, production / (2 * std::sqrt(x[1])), 1}};
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            const Vector x = decisions.col(decisions.cols() == 1 ? 0 : Index{r});
            outcomes.values(r, 0) = value(x) + luck(repetitions, r).dot(x);
        }
        return outcomes;
    }
    [[nodiscard]] std::vector<OwnGradient> gradients() const {
        return {{.name = "pathwise",
                 .unbiased = true,
                 .estimate = [self = *this](const Vector& decision, const Repetitions& repetitions) {
                     DenseMatrix rows(Index{repetitions.count}, 3);
                     for (std::uint32_t r = 0; r < repetitions.count; ++r)
                         rows.row(r) = (self.slope(decision) + luck(repetitions, r, self.noise)).transpose();
                     return OutcomeGradients{.outcomes = self.outcomes(decision, repetitions),
                                             .gradients = {rows},
                                             .forward_runs = static_cast<double>(repetitions.count)};
                 }}};
    }

  private:
    [[nodiscard]] static Vector luck(const Repetitions& repetitions, std::uint32_t number, double size) {
        const InversionVariates variates(repetitions.seed, repetitions.first + number);
        DrawSource source;
        Vector luck(3);
        for (double& each : luck) each = size * variates.standard_normal(source);
        return luck;
    }
    [[nodiscard]] Vector luck(const Repetitions& repetitions, std::uint32_t number) const {
        return luck(repetitions, number, noise);
    }
};

SymmetricGame contest_of(double noise) {
    return {.set = Contest{}.feasible_set(), .against = [noise](const Vector& others) {
                return Problem(Contest{.others = others[0], .noise = noise});
            }};
}

/// Cournot's, of firms that sell at the price 10 − Σ q and produce at 1 a piece: each sells 9/(n + 1), and
/// together they would sell 9/(2 n) each.
struct Firm {
    double others = 0;
    double firms = 4;

    [[nodiscard]] FeasibleSet feasible_set() const {
        return FeasibleSet({Box{Vector::Constant(1, 0.0), Vector::Constant(1, 9.0)}});
    }
    [[nodiscard]] Outcomes outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
        Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
        for (Index r = 0; r < outcomes.values.rows(); ++r) {
            const double quantity = decisions(0, decisions.cols() == 1 ? 0 : r);
            outcomes.values(r, 0) = quantity * (9 - quantity - (firms - 1) * others);
        }
        return outcomes;
    }
};

GradientMethod by_gradient(double step, std::uint32_t repetitions) {
    return {.estimator = OwnEstimator{"pathwise"},
            .rule = NormalisedMomentum{.learning_rate = step, .momentum = 0.5},
            .repetitions = repetitions};
}

}  // namespace

TEST_CASE("Damped best response finds a contest's equilibrium, and ascent the common optimum beside it") {
    const SymmetricGame game = contest_of(0);
    // Without noise steps need not have a length of their own.
    const GradientMethod whole_answer{.estimator = OwnEstimator{"pathwise"},
                                      .rule = GradientDescent{.learning_rate = 3}};
    const Equilibrium found = find_equilibrium(game, {.answer = whole_answer,
                                                      .answer_steps = 40,
                                                      .rounds = 30,
                                                      .schedule = ConstantSchedule{},
                                                      .budget = 1200,
                                                      .seed = 3});
    CHECK(found.forward_runs == 1200);
    CHECK(found.log.size() == 30);
    CHECK(found.decision[0] == Approx(0.16).epsilon(0.01));
    CHECK(found.decision[1] == Approx(0.25).epsilon(0.01));
    CHECK(found.decision.sum() == Approx(1));

    // Nothing is left to gain by leaving it: a deviation's gain is of the second order.
    const OptimisationResult answer =
        best_answer(game, found.decision, {.answer = whole_answer, .budget = 200});
    const Contest alone{.others = found.decision[0]};
    CHECK(alone.value(answer.decision) - alone.value(found.decision) < 1e-3);
    // Where all spend too little on the contest, there is, with c = 0.02 of each of n − 1 others: the best
    // answer is √(V (n − 1) c) − (n − 1) c.
    const Vector together{{0.02, 0.25, 0.73}};
    const OptimisationResult tempted = best_answer(game, together, {.answer = whole_answer, .budget = 400});
    const Contest tempting{.others = together[0]};
    CHECK(tempted.decision[0] == Approx(std::sqrt(0.08) - 0.08).epsilon(0.01));
    CHECK(tempting.value(tempted.decision) - tempting.value(together) > 0.3);

    Problem common(Contest{.all_alike = true});
    const OptimisationResult best =
        optimise(common, {.method = whole_answer, .start = found.start, .budget = 2000});
    CHECK(best.decision[0] < 0.02);
    // The cost of the race: what all could keep, 0.16 less the floor.
    const Contest all{.all_alike = true};
    CHECK(all.value(best.decision) - all.value(found.decision) == Approx(0.15).margin(0.01));
}

TEST_CASE("Under noise rounds average, and the certificate's interval holds what is left to gain") {
    constexpr double noise = 0.5;
    const SymmetricGame game = contest_of(noise);
    double distance = 0;
    int covered = 0;
    constexpr int seeds = 20;
    for (int seed = 1; seed <= seeds; ++seed) {
        const Equilibrium found = find_equilibrium(game, {.answer = by_gradient(1, 8),
                                                          .rounds = 100,
                                                          .damping = 0.5,
                                                          .budget = 800,
                                                          .seed = static_cast<std::uint64_t>(seed)});
        distance += std::abs(found.decision[0] - 0.16) / seeds;
        const OptimisationResult answer =
            best_answer(game, found.decision, {.answer = by_gradient(0.3, 8), .budget = 160});
        Problem alone = game.against(found.decision);
        const Gain left = measure_gain(alone, answer.decision, found.decision, fresh_repetitions(1, 200));
        const Contest exact{.others = found.decision[0]};
        const double truth = exact.value(answer.decision) - exact.value(found.decision);
        if (left.interval.low <= truth && truth <= left.interval.high) ++covered;
    }
    CHECK(distance < 0.03);
    CHECK(covered >= 16);  // of 20 at 95%: fewer has a probability of 0.3%
}

TEST_CASE("Firms find Cournot's quantities where all go half of the way to their answers, not all of it") {
    const SymmetricGame game{.set = Firm{}.feasible_set(), .against = [](const Vector& others) {
                                 return Problem(Firm{.others = others[0]});
                             }};
    const GradientMethod whole_answer{
        .estimator = CentralDifferences{.step = 1e-3, .coordinates = Coordinates::log_ratio},
        .rule = Adam{.learning_rate = 0.5}};
    BestResponseOptions options{.answer = whole_answer,
                                .answer_steps = 60,
                                .rounds = 25,
                                .damping = 0.5,
                                .schedule = ConstantSchedule{},
                                .start = Vector::Constant(1, 1.0),
                                .budget = 25 * 120};
    const Equilibrium found = find_equilibrium(game, options);
    CHECK(found.decision[0] == Approx(9.0 / 5).epsilon(0.01));
    // Each answers 3/2 as far on the other side: undamped they only swing.
    options.damping = 1;
    CHECK(std::abs(find_equilibrium(game, options).decision[0] - 9.0 / 5) > 0.5);
    // Another start, the same end.
    options.damping = 0.5;
    options.start = Vector::Constant(1, 6.0);
    CHECK(find_equilibrium(game, options).decision[0] == Approx(9.0 / 5).epsilon(0.01));
}

TEST_CASE("A game's search is the same for the same seed, stops when asked, and refuses what is none") {
    const SymmetricGame game = contest_of(0.5);
    BestResponseOptions options{.answer = by_gradient(1, 4), .rounds = 10, .budget = 40, .seed = 5};
    const Equilibrium one = find_equilibrium(game, options);
    const Equilibrium again = find_equilibrium(game, options);
    CHECK(one.decision == again.decision);
    options.seed = 6;
    CHECK(find_equilibrium(game, options).decision != one.decision);

    StopRequest stop;
    options.stop = &stop;
    options.observer = [&](const Iteration& round) {
        if (round.step == 2) stop.request();
    };
    const Equilibrium stopped = find_equilibrium(game, options);
    CHECK(stopped.ending == Ending::stopped);
    CHECK(stopped.log.size() == 3);
    CHECK(stopped.decision != stopped.start);

    options = {.answer = by_gradient(1, 4), .rounds = 10, .budget = 30};
    CHECK_THROWS_AS(find_equilibrium(game, options), std::invalid_argument);  // too few for a step a round
    options = {.answer = by_gradient(1, 4), .damping = 1.5};
    CHECK_THROWS_AS(find_equilibrium(game, options), std::invalid_argument);
    options = {.answer = by_gradient(1, 4), .rounds = 0};
    CHECK_THROWS_AS(find_equilibrium(game, options), std::invalid_argument);
    options = {.answer = by_gradient(1, 4), .start = Vector{{0.5, 0.5, 0.5}}};
    CHECK_THROWS_AS(find_equilibrium(game, options), std::invalid_argument);
}
