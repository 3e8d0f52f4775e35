// A stochastic activity network: how long a project takes whose activities take exponential times, and what
// it costs to make them faster. Problem SAN-1 of the library of simulation optimisation problems (SimOpt),
// after Avramidis and Wilson, "Integrated variance reduction strategies for simulation", Operations Research
// 44(2), 1996.
#pragma once

#include "analysis/optimiser/problem.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace venturi::problems {

/// To be made small: E[T(θ)] + Σ 1 / θᵢ, with T the longest path from the first node to the last and θᵢ the
/// mean of activity i.
struct ActivityNetwork {
    static constexpr std::size_t nodes = 9;
    /// From node to node, counted from 0; each goes to a later one.
    static constexpr std::array<std::array<std::size_t, 2>, 13> arcs = {{{0, 1},
                                                                         {0, 2},
                                                                         {1, 2},
                                                                         {1, 3},
                                                                         {1, 5},
                                                                         {2, 5},
                                                                         {3, 4},
                                                                         {3, 6},
                                                                         {4, 5},
                                                                         {4, 7},
                                                                         {5, 8},
                                                                         {6, 7},
                                                                         {7, 8}}};
    double least_mean = 0.01;

    [[nodiscard]] optimiser::FeasibleSet feasible_set() const;
    [[nodiscard]] optimiser::Goal goal() const { return optimiser::Goal::minimise; }
    [[nodiscard]] optimiser::Outcomes outcomes(const optimiser::DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const;
    /// "pathwise": ∂T / ∂θᵢ = Tᵢ / θᵢ on the longest path, controlled by the times themselves.
    [[nodiscard]] std::vector<optimiser::OwnGradient> gradients() const;
};

/// The objective exactly, as the mean time to absorption of the Markov chain whose states are the activities
/// done: Kulkarni and Adlakha, "Markov and Markov-regenerative PERT networks", Operations Research 34(5),
/// 1986.
[[nodiscard]] double activity_network_value(const optimiser::Vector& means);

}  // namespace venturi::problems
