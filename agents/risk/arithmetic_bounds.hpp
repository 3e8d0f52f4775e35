// Bounds on a top event's probability from those of what it is made of: cheap, and wide where arguments share
// events.
#pragma once

#include "agents/risk/normal_form.hpp"
#include "sim/ensemble/interval.hpp"

#include <span>

namespace venturi {

/// Bounds from those of the arguments, node by node, in time linear in the form's size times its variables;
/// `probabilities`, shape: as form.variables. With arguments' bounds [a_i, b_i], i of n:
///
/// - all: max(0, Σ a_i − n + 1) ≤ P ≤ min b_i, and any: max a_i ≤ P ≤ min(1, Σ b_i), whatever the dependence
///   (Fréchet, "Généralisations du théorème des probabilités totales", Fundamenta Mathematicae 25 (1935));
/// - all: P ≥ Π a_i, and any: P ≤ 1 − Π (1 − b_i), where arguments have no variable in both polarities, so
/// that they
///   are associated (Esary, Proschan and Walkup, "Association of random variables, with applications", Annals
///   of Mathematical Statistics 38 (1967); for coherent systems Esary and Proschan, Technometrics 5 (1963));
/// - both with equality among groups of arguments that have no variable in common.
[[nodiscard]] Interval arithmetic_bounds(const NormalForm& form, std::span<const double> probabilities);

}  // namespace venturi
