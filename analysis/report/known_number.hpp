// Numbers in JSON, which knows neither NaN nor infinity.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <nlohmann/json_fwd.hpp>

namespace venturi {

/// null where it is not finite.
[[nodiscard]] nlohmann::ordered_json number_or_null(double value);

/// [low, high], each null where it is not finite.
[[nodiscard]] nlohmann::ordered_json ends_or_null(const Interval& interval);

}  // namespace venturi
