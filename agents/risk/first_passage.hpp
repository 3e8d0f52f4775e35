// When a Markov chain in continuous time first reaches its target: the distribution of that time, its mean,
// and whether it comes at all. All results are sums of products of positive numbers, so that they have their
// relative precision even where they are very small, or very large.
#pragma once

#include "sim/ensemble/stop_request.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// n states and the target, which is number n. Rows are sparse; rates are above 0, none leads from a state to
/// itself.
struct RateMatrix {
    std::vector<std::size_t> starts = {0};  ///< n + 1: row i is [starts[i], starts[i + 1])
    std::vector<std::uint32_t> targets = {};
    std::vector<double> rates = {};  ///< per unit of time

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(starts.size() - 1); }
};

/// What a solution may cost before it is given up: multiplications, some 1e8 to 1e9 a second.
struct PassageLimits {
    double work = 2e10;
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// How likely the target has been reached, and how likely not: sums of their own, so that each is right to
/// rounding of itself where it is small.
struct PassageProgress {
    double arrived = 0;
    double elsewhere = 0;

    [[nodiscard]] double probability() const {
        return elsewhere < 0.5 ? 1 - elsewhere : std::min(arrived, 1.0);
    }
};

class FirstPassage {
  public:
    /// `initial` is the probability of each state at time zero: n, with the rest of 1 at the target. Throws
    /// ContractViolation where shapes differ, or a number is negative or none.
    FirstPassage(RateMatrix matrix, std::vector<double> initial);

    /// Of the chain; where some rates are so large that their sums would not fit a double, 2^-32 of them.
    [[nodiscard]] const RateMatrix& matrix() const { return matrix_; }

    /// P(target reached by time t) for each of `times`, in [0, infinity]; right to 1e-11 of itself. Nothing
    /// where that takes more work than allowed.
    ///
    /// By uniformisation (Jensen 1953; weights from the mode outwards as in Fox & Glynn, "Computing Poisson
    /// probabilities", Communications of the ACM 31 (1988) 440); once the distribution over the states that
    /// are left doesn't change any more, by its constant loss; small stiff chains by repeated squaring.
    ///
    /// Neither a rate nor a time is too large: where the product doesn't fit a double, either there are few
    /// states and it is solved by squaring, or it is refused. Memory: 128 MiB at most, beside the chain.
    [[nodiscard]] std::optional<std::vector<double>> probability(std::span<const double> times,
                                                                 const PassageLimits& limits = {}) const;
    /// The same with what has not arrived.
    [[nodiscard]] std::optional<std::vector<PassageProgress>> progress(
        std::span<const double> times, const PassageLimits& limits = {}) const;

    /// P(target is ever reached). Nothing as above.
    [[nodiscard]] std::optional<double> eventual_probability(const PassageLimits& limits = {}) const;

    /// Whether the target is sure to be reached: by the shape of the chain, not by numbers.
    [[nodiscard]] bool is_certain() const { return certain_; }

    /// E(time to the target); infinity where it may never be reached. States are eliminated one by one
    /// without a subtraction: Grassmann, Taksar & Heyman, "Regenerative analysis and steady state
    /// distributions for Markov chains", Operations Research 33 (1985) 1107; of chains too entangled for that
    /// cycles are summed (return_cycles.hpp), or they are stepped until their loss is constant. Nothing as
    /// above, or where the mean doesn't fit a double.
    [[nodiscard]] std::optional<double> mean(const PassageLimits& limits = {}) const;

  private:
    /// Expected sum of `reward` per unit of time (n) until the target, or a state that can't reach it.
    [[nodiscard]] std::optional<double> initial_total(const std::vector<double>& reward,
                                                      const PassageLimits& limits) const;

    RateMatrix matrix_;  // rates divided by time_unit_
    std::vector<double> initial_;
    double time_unit_ = 1;
    double at_target_ = 0;                // at time zero
    std::vector<std::uint8_t> hopeless_;  // by state: can't reach the target
    bool certain_ = true;
};

}  // namespace venturi
