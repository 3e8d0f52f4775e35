// In which numbers a decision is moved: its own, free directions of them, or log-ratios of shares.
#pragma once

#include "analysis/optimiser/feasible_set.hpp"

#include <cstdint>
#include <string_view>

namespace venturi::optimiser {

/// Kinds of coordinates y of a decision x.
enum class Coordinates : std::uint8_t {
    /// y = x: of an objective that is defined beyond its feasible set.
    ambient,
    /// x = x₀ + B y with an orthonormal basis B of the directions that keep the sums of shares.
    flat,
    /// Shares are low + (1 − Σ low) softmax(B y), isometric log-ratios (Egozcue and others, "Isometric
    /// logratio
    /// transformations for compositional data analysis", Mathematical Geology 35, 2003); numbers of a box
    /// with two
    /// finite ends low + (high − low) / (1 + e^−y), with one low + e^y or high − e^y, and else y.
    log_ratio,
};

/// "flat", "log_ratio", "ambient"; throws std::invalid_argument where it is none of them.
[[nodiscard]] Coordinates coordinates_named(std::string_view name);

/// How many coordinates there are.
[[nodiscard]] Index number_of(const FeasibleSet& set, Coordinates kind);

/// The coordinates of a decision; flat ones are relative to it and 0. For log-ratios a share at its lower
/// bound counts as 1e-9 above it. Throws std::invalid_argument where shares have upper bounds and log-ratios
/// are asked for.
[[nodiscard]] Vector to_coordinates(const FeasibleSet& set, Coordinates kind, const Vector& decision);

/// The decision with these coordinates; flat ones are relative to `origin`.
[[nodiscard]] Vector from_coordinates(const FeasibleSet& set, Coordinates kind, const Vector& origin,
                                      const Vector& coordinates);

/// ∂x / ∂y at a decision, dimension × coordinates: gradients by y are its transpose times those by x.
[[nodiscard]] DenseMatrix jacobian(const FeasibleSet& set, Coordinates kind, const Vector& decision);

}  // namespace venturi::optimiser
