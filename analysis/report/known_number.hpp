// Numbers in JSON, which knows neither NaN nor infinity.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <nlohmann/json_fwd.hpp>

namespace venturi {

/// null where it is not finite.
[[nodiscard]] nlohmann::ordered_json number_or_null(double value);

/// [low, high], each null where it is not finite.
[[nodiscard]] nlohmann::ordered_json ends_or_null(const Interval& interval);

/// "inf" and "-inf" where it is infinite, null where it is no number.
[[nodiscard]] nlohmann::ordered_json number_or_infinity(double value);
[[nodiscard]] nlohmann::ordered_json ends_or_infinity(const Interval& interval);

}  // namespace venturi
