// Choice among many with weights that move: O(log n) to change a weight and to choose.
#pragma once

#include "sim/contract.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace venturi {

/// Weights ≥ 0 at places 0 … n − 1 and the sums of a binary tree over them. Each sum is computed anew from
/// its two children, so no rounding error builds up however often weights change.
class WeightTree {
  public:
    /// All weights zero, keeping the memory.
    void reset(std::size_t places) {
        leaves_ = std::bit_ceil(std::max<std::size_t>(places, 1));
        sums_.assign(2 * leaves_, 0.0);
    }

    [[nodiscard]] double total() const { return sums_[1]; }
    [[nodiscard]] double weight(std::size_t place) const { return sums_[leaves_ + place]; }

    void set(std::size_t place, double weight) {
        expects(weight >= 0, "a weight is a number, and not negative");
        std::size_t i = leaves_ + place;
        sums_[i] = weight;
        for (i /= 2; i > 0; i /= 2) sums_[i] = sums_[2 * i] + sums_[2 * i + 1];
    }

    /// The place in which the point `at` of [0, total) falls: a place with weight, as long as there is one.
    [[nodiscard]] std::size_t find(double at) const {
        std::size_t i = 1;
        while (i < leaves_) {
            i *= 2;
            // To the right where the point lies there, and never into a half without weight.
            if (at >= sums_[i] && sums_[i + 1] > 0) {
                at -= sums_[i];
                ++i;
            }
        }
        return i - leaves_;
    }

  private:
    std::size_t leaves_ = 1;
    std::vector<double> sums_ = {0.0, 0.0};
};

}  // namespace venturi
