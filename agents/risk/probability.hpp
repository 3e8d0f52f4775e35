#pragma once

namespace venturi {

/// Whether a number may be a probability; NaN may not.
inline bool is_probability(double value) {
    return value >= 0 && value <= 1;
}

}  // namespace venturi
