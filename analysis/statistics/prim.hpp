// The box of inputs in which something happens.
#pragma once

#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// One input at every point: numbers, or the indices of names.
struct BoxColumn {
    std::vector<double> values;
    std::size_t names = 0;  ///< how many there are; 0 where values are numbers
};

/// Inputs, and of each point whether it happened there.
struct BoxData {
    std::vector<BoxColumn> columns;
    std::vector<bool> happened;

    [[nodiscard]] std::size_t points() const { return happened.size(); }
};

/// What a box asks of one input.
struct BoxSide {
    bool restricted = false;
    Interval range = {};             ///< of numbers, ends included
    std::vector<bool> allowed = {};  ///< by name
    double p_value = 1;              ///< of the restriction, see find_box

    [[nodiscard]] bool contains(const BoxColumn& column, double value) const {
        if (column.names > 0) return allowed[static_cast<std::size_t>(value)];
        return range.contains(value);
    }
};

struct Box {
    std::vector<BoxSide> sides;  ///< by column
    std::size_t points = 0;      ///< in it
    std::size_t hits = 0;        ///< of these, where it happened
    std::size_t all_hits = 0;    ///< of all points

    [[nodiscard]] bool contains(const BoxData& data, std::size_t point) const;
    /// The part of all that happened which happened in the box.
    [[nodiscard]] double coverage() const {
        return static_cast<double>(hits) / static_cast<double>(all_hits);
    }
    /// The part of the points in the box at which it happened.
    [[nodiscard]] double density() const { return static_cast<double>(hits) / static_cast<double>(points); }
};

struct BoxSearch {
    double peel = 0.05;           ///< the part of a box's points that a peel takes, at least one
    double least_support = 0.05;  ///< the part of all points that a box keeps
    double least_density = 0;     ///< the largest box with so much; 0: the one with the largest F₁
};

/// A box, and those on the way to it.
struct FoundBox {
    Box box;
    std::vector<Box> trajectory;  ///< by peeling alone, from all points on
};

/// The patient rule induction method of Friedman and Fisher, "Bump hunting in high-dimensional data",
/// Statistics and Computing 9 (1999): from the box of all points the face is peeled off whose loss raises the
/// density most for each point that goes, and so on. Of these boxes the one with the largest harmonic mean of
/// coverage and density is taken, or the largest with the density asked for; points are pasted back at each
/// face while the density does not fall. Then restrictions go that chance explains: whose binomial p-value of
/// the box's density, against that of the box without them, is above 5%, the least certain first (Bryant and
/// Lempert, Technological Forecasting and Social Change 77, 2010). Throws ContractViolation unless shapes
/// agree and it happened somewhere.
[[nodiscard]] FoundBox find_box(const BoxData& data, const BoxSearch& search = {});

/// How a box holds up when the points are drawn again with replacement.
struct BoxStability {
    std::vector<double> restricted;  ///< by column: the part of resamples whose box restricts it
    std::vector<Interval> low;       ///< by column: the middle 90% of the lower ends, where it is restricted
    std::vector<Interval> high;
    Interval coverage = {};  ///< the middle 90%, at the points that a resample has not
    Interval density = {};
    std::size_t resamples = 0;  ///< in which it happened
};
[[nodiscard]] BoxStability box_stability(const BoxData& data, const BoxSearch& search, std::size_t resamples,
                                         std::uint64_t seed);

}  // namespace venturi
