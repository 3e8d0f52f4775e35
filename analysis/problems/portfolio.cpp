#include "analysis/problems/portfolio.hpp"

#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace venturi::problems {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::Outcomes;
using optimiser::Repetitions;
using optimiser::Vector;

namespace {

double uniform_of(const Repetitions& repetitions, std::uint32_t r) {
    const InversionVariates variates(repetitions.seed, repetitions.first + r);
    DrawSource source;
    return variates.uniform(source);
}

/// Standard normals in pairs of opposite sign: repetitions 2 n and 2 n + 1 mirror each other.
DenseMatrix standard_normals(const Repetitions& repetitions, Index size) {
    DenseMatrix normals(Index{repetitions.count}, size);
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const std::uint32_t number = repetitions.first + r;
        const InversionVariates variates(repetitions.seed, number / 2, number % 2 == 1);
        DrawSource source;
        for (Index i = 0; i < size; ++i) normals(r, i) = variates.standard_normal(source);
    }
    return normals;
}

// repetitions × assets.
DenseMatrix drawn_returns(const NormalReturns& returns, const Repetitions& repetitions) {
    const DenseMatrix root = returns.covariance.llt().matrixL();
    DenseMatrix drawn = standard_normals(repetitions, returns.mean.size()) * root.transpose();
    drawn.rowwise() += returns.mean.transpose();
    return drawn;
}

/// Outcomes and gradients from what one repetition gives: `each(decision, row)` returns values and slopes by
/// column.
struct Sample {
    Vector values;       // 1 + constraints
    DenseMatrix slopes;  // dimension × (1 + constraints)
};

template <class Each>
OutcomeGradients sampled(const DenseMatrix& decisions, const Repetitions& repetitions, Index columns,
                         Each each) {
    OutcomeGradients found{
        .outcomes = {DenseMatrix(Index{repetitions.count}, columns)},
        .gradients = std::vector<DenseMatrix>(static_cast<std::size_t>(columns),
                                              DenseMatrix(Index{repetitions.count}, decisions.rows())),
        .forward_runs = static_cast<double>(repetitions.count)};
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const Vector decision = decisions.col(decisions.cols() == 1 ? 0 : Index{r});
        const Sample sample = each(decision, r);
        found.outcomes.values.row(r) = sample.values.transpose();
        for (Index k = 0; k < columns; ++k)
            found.gradients[static_cast<std::size_t>(k)].row(r) = sample.slopes.col(k).transpose();
    }
    return found;
}

// Each of these has the same shape: what repetitions give at decisions, with gradients.
OutcomeGradients live(const KellyBet& bet, const DenseMatrix& decisions, const Repetitions& repetitions) {
    return sampled(decisions, repetitions, 1, [&](const Vector& decision, std::uint32_t r) {
        const double gain = uniform_of(repetitions, r) < bet.probability ? bet.odds : -1;
        const double wealth = 1 + decision[0] * gain;
        return Sample{Vector::Constant(1, std::log(wealth)), DenseMatrix::Constant(1, 1, gain / wealth)};
    });
}

OutcomeGradients live(const HorseRace& race, const DenseMatrix& decisions, const Repetitions& repetitions) {
    return sampled(decisions, repetitions, 1, [&](const Vector& decision, std::uint32_t r) {
        double left = uniform_of(repetitions, r) * race.probabilities.sum();
        Index winner = 0;
        while (winner + 1 < race.probabilities.size() && left >= race.probabilities[winner])
            left -= race.probabilities[winner++];
        return Sample{Vector::Constant(1, std::log(decision[winner] * race.odds[winner])),
                      Vector(Vector::Unit(decision.size(), winner) / decision[winner])};
    });
}

OutcomeGradients live(const LeastVariance& portfolio, const DenseMatrix& decisions,
                      const Repetitions& repetitions) {
    const DenseMatrix returns = drawn_returns(portfolio.returns, repetitions);
    return sampled(decisions, repetitions, 1, [&](const Vector& decision, std::uint32_t r) {
        const Vector off = returns.row(r).transpose() - portfolio.returns.mean;
        const double move = off.dot(decision);
        return Sample{Vector::Constant(1, move * move), Vector(2 * move * off)};
    });
}

OutcomeGradients live(const MeanVariance& portfolio, const DenseMatrix& decisions,
                      const Repetitions& repetitions) {
    const DenseMatrix returns = drawn_returns(portfolio.returns, repetitions);
    return sampled(decisions, repetitions, 1, [&](const Vector& decision, std::uint32_t r) {
        const Vector excess = returns.row(r).transpose().array() - portfolio.riskless;
        const Vector off = returns.row(r).transpose() - portfolio.returns.mean;
        const double move = off.dot(decision);
        return Sample{Vector::Constant(1, excess.dot(decision) - move * move / 2),
                      Vector(excess - move * off)};
    });
}

OutcomeGradients live(const TailRisk& portfolio, const DenseMatrix& decisions,
                      const Repetitions& repetitions) {
    const DenseMatrix returns = drawn_returns(portfolio.returns, repetitions);
    return sampled(decisions, repetitions, 2, [&](const Vector& decision, std::uint32_t r) {
        const Index assets = returns.cols();
        const double gain = returns.row(r).dot(decision.head(assets));
        const double threshold = decision[assets];
        const bool beyond = -gain > threshold;
        const double risk = threshold + (beyond ? (-gain - threshold) / (1 - portfolio.level) : 0);
        Vector by_risk = Vector::Zero(assets + 1);
        by_risk[assets] = 1 - (beyond ? 1 / (1 - portfolio.level) : 0);
        if (beyond) by_risk.head(assets) = -returns.row(r).transpose() / (1 - portfolio.level);
        Vector by_gain = Vector::Zero(assets + 1);
        by_gain.head(assets) = returns.row(r).transpose();
        Sample sample{Vector(2), DenseMatrix(assets + 1, 2)};
        if (portfolio.aim == TailRisk::Aim::least_risk) {
            sample.values << risk, portfolio.bound - gain;
            sample.slopes << by_risk, -by_gain;
        } else {
            sample.values << gain, risk - portfolio.bound;
            sample.slopes << by_gain, by_risk;
        }
        return sample;
    });
}

template <class AnyObjective>
std::vector<optimiser::OwnGradient> pathwise_of(const AnyObjective& objective) {
    const auto estimate = [objective](const Vector& decision, const Repetitions& repetitions) {
        return live(objective, decision, repetitions);
    };
    return {{.name = "pathwise", .unbiased = true, .estimate = estimate}};
}

}  // namespace

optimiser::FeasibleSet KellyBet::feasible_set() const {
    // All of it can be lost, which no logarithm survives.
    return optimiser::FeasibleSet({optimiser::Box{Vector::Zero(1), Vector::Constant(1, 0.999)}});
}
Outcomes KellyBet::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    return live(*this, decisions, repetitions).outcomes;
}
std::vector<optimiser::OwnGradient> KellyBet::gradients() const {
    return pathwise_of(*this);
}

optimiser::FeasibleSet HorseRace::feasible_set() const {
    return optimiser::FeasibleSet({optimiser::simplex(probabilities.size())});
}
Outcomes HorseRace::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    return live(*this, decisions, repetitions).outcomes;
}
std::vector<optimiser::OwnGradient> HorseRace::gradients() const {
    return pathwise_of(*this);
}

optimiser::FeasibleSet LeastVariance::feasible_set() const {
    return optimiser::FeasibleSet({optimiser::simplex(returns.mean.size())});
}
Outcomes LeastVariance::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    return live(*this, decisions, repetitions).outcomes;
}
std::vector<optimiser::OwnGradient> LeastVariance::gradients() const {
    return pathwise_of(*this);
}

optimiser::FeasibleSet MeanVariance::feasible_set() const {
    const Index size = returns.mean.size();
    return optimiser::FeasibleSet(
        {optimiser::Box{Vector::Constant(size, -infinity), Vector::Constant(size, infinity)}});
}
Outcomes MeanVariance::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    return live(*this, decisions, repetitions).outcomes;
}
std::vector<optimiser::OwnGradient> MeanVariance::gradients() const {
    return pathwise_of(*this);
}

optimiser::FeasibleSet TailRisk::feasible_set() const {
    return optimiser::FeasibleSet(
        {optimiser::simplex(returns.mean.size()),
         optimiser::Box{Vector::Constant(1, -infinity), Vector::Constant(1, infinity)}});
}
Outcomes TailRisk::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    return live(*this, decisions, repetitions).outcomes;
}
std::vector<optimiser::OwnGradient> TailRisk::gradients() const {
    return pathwise_of(*this);
}

}  // namespace venturi::problems
