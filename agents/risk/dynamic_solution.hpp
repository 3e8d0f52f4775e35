// The exact solution of a dynamic fault tree: how likely its top has failed by a time, and how long that
// takes on average. Modules are solved on their own (leaves by the distribution of their life, the rest by a
// Markov chain) and joined by the exact probability of the static tree over them.
#pragma once

#include "agents/risk/dynamic_chain.hpp"
#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/exact_probability.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace venturi {

class DynamicSolution {
  public:
    /// Nothing, with the reason in `refusal`, where the modules' chains exceed the limits, or a life that is
    /// not made of exponential phases stands in a module with others; such a tree is left to simulation.
    /// Throws ContractViolation as `expect_sound` does.
    [[nodiscard]] static std::optional<DynamicSolution> solve(const DynamicTree& tree,
                                                              const ChainOptions& options,
                                                              ChainRefusal& refusal);

    /// P(the top's first failure is at or before t) for each of `times`, each in [0, infinity]; right to
    /// 1e-10 of itself. Nothing where that takes more work than allowed.
    [[nodiscard]] std::optional<std::vector<double>> unreliability(std::span<const double> times,
                                                                   const PassageLimits& limits = {}) const;

    /// Mean time to the top's first failure; infinity where the top may never fail. Of one module by its
    /// chain, to 1e-12 of itself; of more as the integral of the reliability, to 1e-9, however heavy its
    /// tail. Nothing where that takes more work than allowed, or the mean is above 1e290.
    [[nodiscard]] std::optional<double> mean_time_to_failure(const PassageLimits& limits = {}) const;

    /// Modules that are chains, not leaves.
    [[nodiscard]] std::size_t chain_count() const;
    /// States of all chains.
    [[nodiscard]] std::size_t state_count() const;

  private:
    using Part = std::variant<LeafLife, DynamicChain>;

    DynamicSolution(std::vector<Part> parts, SolvedFaultTree frame);

    /// Of each part, for each time: times.size() × parts.size().
    [[nodiscard]] std::optional<std::vector<ProbabilityPair>> part_probabilities(
        std::span<const double> times, const PassageLimits& limits) const;
    /// The top's failure and its complement at each time.
    [[nodiscard]] std::optional<std::vector<ProbabilityPair>> top_probabilities(
        std::span<const double> times, const PassageLimits& limits) const;
    /// Whether the top is sure to fail; not by numbers, which are rounded.
    [[nodiscard]] std::optional<bool> fails_surely(const PassageLimits& limits) const;
    /// A time by which all but 1e-13 of the top's failures have come.
    [[nodiscard]] std::optional<double> last_time(const PassageLimits& limits) const;
    struct Panels {
        double integral = 0;  ///< of the reliability
        double at_end = 0;    ///< the reliability itself
    };
    /// From `start` to where it has doubled so many times.
    [[nodiscard]] std::optional<Panels> integral(double start, int panels, const PassageLimits& limits) const;
    /// The longest that one of the parts makes wait, by its slowest rate.
    [[nodiscard]] double longest_scale() const;

    std::vector<Part> parts_;
    SolvedFaultTree frame_;
};

}  // namespace venturi
