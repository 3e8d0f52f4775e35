// Which inputs of a model matter at all, by moving one at a time from many places.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// Paths through the unit cube on which each step moves one input. An input may have several coordinates,
/// which are moved together.
struct ElementaryEffectDesign {
    std::vector<std::size_t> coordinates;  ///< of each input
    std::size_t paths = 0;
    std::vector<double> places;      ///< shape: paths × (inputs + 1) × all coordinates
    std::vector<std::size_t> moved;  ///< shape: paths × inputs; which input each step moves
    std::vector<double> signs;       ///< the same: +1 where the input's first coordinate goes up, else −1

    [[nodiscard]] std::size_t inputs() const { return coordinates.size(); }
    [[nodiscard]] std::size_t width() const;
    /// Place `step` of a path; 0 is where it begins.
    [[nodiscard]] std::span<const double> place(std::size_t path, std::size_t step) const;
};

/// How far each step goes, in units of the input's range.
inline constexpr double elementary_step = 2.0 / 3;

/// Random paths on the grid of four levels 0, 1/3, 2/3, 1: Morris, "Factorial sampling plans for preliminary
/// computational experiments", Technometrics 33 (1991), with p = 4 and Δ = 2/3. Throws ContractViolation
/// without a path or an input.
[[nodiscard]] ElementaryEffectDesign elementary_effect_design(std::size_t paths,
                                                              std::vector<std::size_t> coordinates,
                                                              std::uint64_t seed);

/// What an input does to a result, for its whole range: (result after − before) / Δ, over paths.
struct ElementaryEffect {
    double mu_star = 0;  ///< mean of the effects' sizes: Campolongo, Cariboni and Saltelli, Environ. Model.
                         ///< Softw. 22 (2007)
    double mu = 0;       ///< mean of the effects; of an input of several coordinates by its first one
    double sigma = 0;    ///< their standard deviation: interactions and curvature, with the noise
    double noise = 0;    ///< root mean square standard error of one effect, from replications; NaN where none
    std::size_t effects = 0;  ///< of so many paths; a path without a result there has none
    std::size_t missing = 0;  ///< such paths
    /// Of mu_star over all paths, whatever results in the range of those that are known the missing ones
    /// were.
    Interval mu_star_bounds = {};
    bool changes = false;  ///< whether the result moved at all, in any replication
};

/// Of a model that was asked at every place `replications` times with the same luck at all places of a path.
/// Shape of `results`: paths × (inputs + 1) × replications; NaN where there is none. Paths may be fewer than
/// the design's: the first.
[[nodiscard]] std::vector<ElementaryEffect> elementary_effects(const ElementaryEffectDesign& design,
                                                               std::span<const double> results,
                                                               std::size_t replications);

}  // namespace venturi
