// Portfolios and bets whose best mix is known: Kelly, Markowitz, Rockafellar and Uryasev.
#pragma once

#include "analysis/optimiser/problem.hpp"

#include <cstdint>
#include <vector>

namespace venturi::problems {

/// Mean logarithm of wealth after a bet of a part f on what comes with `probability` and pays `odds` to 1:
/// the best is p − (1 − p) / odds. Kelly, "A new interpretation of information rate", Bell System Technical
/// Journal 35, 1956.
struct KellyBet {
    double probability = 0.6;
    double odds = 1;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;  ///< "pathwise"
};

/// Mean logarithm of what a mix of bets on all horses pays: the best mix is their probabilities, whatever the
/// odds.
struct HorseRace {
    optimiser::Vector probabilities;
    optimiser::Vector odds;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;  ///< "pathwise"
};

/// Assets with normal returns.
struct NormalReturns {
    optimiser::Vector mean;
    optimiser::DenseMatrix covariance;
};

/// Variance of a mix of assets, to be made small: the mean of ((r − mean)·w)².
struct LeastVariance {
    NormalReturns returns;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Goal goal() const { return optimiser::Goal::minimise; }
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;  ///< "pathwise"
};

/// Mean return over a riskless one less half the square of the difference to its mean, of holdings that need
/// not add up to one: in proportion to the best of them is the mix of tangency (Markowitz 1952, Tobin 1958).
struct MeanVariance {
    NormalReturns returns;
    double riskless = 0;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;  ///< "pathwise"
};

/// Conditional value at risk of a mix's loss by the exact reformulation CVaR = min over a of a + E[(loss −
/// a)⁺] / (1 − level), with a one more number of the decision: Rockafellar and Uryasev, "Optimization of
/// conditional value-at-risk", Journal of Risk 2(3), 2000. Either the least CVaR with a mean return of at
/// least `bound`, or the highest mean return with a CVaR of at most `bound`.
struct TailRisk {
    enum class Aim : std::uint8_t { least_risk, highest_return };

    NormalReturns returns;
    double level = 0.95;
    Aim aim = Aim::least_risk;
    double bound = 0;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Goal goal() const {
        return aim == Aim::least_risk ? optimiser::Goal::minimise : optimiser::Goal::maximise;
    }
    [[nodiscard]] optimiser::Index constraints() const { return 1; }
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;  ///< "pathwise"
};

}  // namespace venturi::problems
