// The value of one operation, given those of its arguments: what an ExpressionEvaluator is made of.
#pragma once

#include "agents/risk/expression.hpp"

#include <span>

namespace venturi {

/// Of an operation that is no leaf (constants, parameters, times and tests) and no deviate. The number of
/// arguments is legal; not a number where one of them is not, or is outside of the operation's domain.
[[nodiscard]] double value_of_operation(Operation operation, std::span<const double> arguments);

/// Of a deviate: its mean, or, where `draws` is not null, the draw of that trial. `deviate` names it among
/// others.
[[nodiscard]] double value_of_deviate(Operation operation, std::span<const double> arguments,
                                      ExpressionIndex deviate, const DeviateDraws* draws);

}  // namespace venturi
