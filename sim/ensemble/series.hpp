// One accumulator for each point of an observation grid.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/mergeable.hpp"

#include <cstddef>
#include <vector>

namespace venturi {

/// An accumulator for each point in time (month, quarter) at which trajectories are looked at. Shape: points.
template <Mergeable Accumulator>
class Series {
  public:
    /// Every point starts as a copy of `empty`.
    explicit Series(std::size_t points, const Accumulator& empty = Accumulator{}) : points_(points, empty) {}

    [[nodiscard]] std::size_t points() const { return points_.size(); }

    [[nodiscard]] Accumulator& operator[](std::size_t point) { return points_[point]; }
    [[nodiscard]] const Accumulator& operator[](std::size_t point) const { return points_[point]; }

    [[nodiscard]] auto begin() const { return points_.begin(); }
    [[nodiscard]] auto end() const { return points_.end(); }

    /// Point by point; both must have as many points, or ContractViolation is thrown.
    void merge(const Series& other) {
        expects(points() == other.points(), "series merge only over the same observation grid");
        for (std::size_t point = 0; point < points(); ++point) points_[point].merge(other.points_[point]);
    }

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.points_);
    }

    friend bool operator==(const Series&, const Series&) = default;

  private:
    std::vector<Accumulator> points_;
};

}  // namespace venturi
