#include "analysis/optimiser/coordinates.hpp"

#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace venturi::optimiser {

namespace {

void expect_no_caps(const FeasibleSet& set) {
    if (set.has_caps())
        throw std::invalid_argument(
            "log-ratios keep shares above their lower bounds alone; with upper bounds use mirror or "
            "projection");
}

double box_number(double low, double high, double y) {
    const bool bounded_below = std::isfinite(low);
    const bool bounded_above = std::isfinite(high);
    if (bounded_below && bounded_above) return low + (high - low) / (1 + std::exp(-y));
    if (bounded_below) return low + std::exp(y);
    if (bounded_above) return high - std::exp(y);
    return y;
}

double box_coordinate(double low, double high, double x) {
    const bool bounded_below = std::isfinite(low);
    const bool bounded_above = std::isfinite(high);
    constexpr double least = 1e-9;
    if (bounded_below && bounded_above) {
        if (high == low) return 0;
        const double part = std::clamp((x - low) / (high - low), least, 1 - least);
        return std::log(part / (1 - part));
    }
    if (bounded_below) return std::log(std::max(x - low, least));
    if (bounded_above) return std::log(std::max(high - x, least));
    return x;
}

double box_slope(double low, double high, double x) {
    const bool bounded_below = std::isfinite(low);
    const bool bounded_above = std::isfinite(high);
    if (bounded_below && bounded_above) return high == low ? 0 : (x - low) * (high - x) / (high - low);
    if (bounded_below) return x - low;
    if (bounded_above) return x - high;
    return 1;
}

/// Calls of_mix(shares, first number, first free direction, its part of the tangent basis) for each mix, and
/// of_number(low, high, number, free direction) for each number between bounds.
template <class OfMix, class OfNumber>
void for_each_part(const FeasibleSet& set, OfMix of_mix, OfNumber of_number) {
    Index at = 0;
    Index free = 0;
    for (const Block& block : set.blocks()) {
        if (const auto* const shares = std::get_if<Simplex>(&block)) {
            const Index size = shares->size();
            of_mix(*shares, at, free, set.tangent_basis().block(at, free, size, size - 1));
            at += size;
            free += size - 1;
            continue;
        }
        const Box& box = std::get<Box>(block);
        for (Index i = 0; i < box.size(); ++i) of_number(box.low[i], box.high[i], at++, free++);
    }
}

}  // namespace

Coordinates coordinates_named(std::string_view name) {
    if (name == "ambient") return Coordinates::ambient;
    if (name == "flat") return Coordinates::flat;
    if (name == "log_ratio") return Coordinates::log_ratio;
    throw std::invalid_argument(
        fmt::format("there are no coordinates '{}'; legal are flat, log_ratio and ambient", name));
}

Index number_of(const FeasibleSet& set, Coordinates kind) {
    return kind == Coordinates::ambient ? set.dimension() : set.free_directions();
}

Vector to_coordinates(const FeasibleSet& set, Coordinates kind, const Vector& decision) {
    expects(decision.size() == set.dimension(), "a decision has the set's dimension");
    if (kind == Coordinates::ambient) return decision;
    Vector coordinates = Vector::Zero(set.free_directions());
    if (kind == Coordinates::log_ratio) {
        expect_no_caps(set);
        for_each_part(
            set,
            [&](const Simplex& shares, Index at, Index free, const auto& basis) {
                const Vector above = (decision.segment(at, shares.size()) - shares.low).cwiseMax(1e-9);
                const Vector logs = above.array().log();
                coordinates.segment(free, basis.cols()) = basis.transpose() * logs;
            },
            [&](double low, double high, Index at, Index free) {
                coordinates[free] = box_coordinate(low, high, decision[at]);
            });
    }
    return coordinates;
}

Vector from_coordinates(const FeasibleSet& set, Coordinates kind, const Vector& origin,
                        const Vector& coordinates) {
    expects(coordinates.size() == number_of(set, kind), "there is a number for each coordinate");
    if (kind == Coordinates::ambient) return coordinates;
    if (kind == Coordinates::flat) return origin + set.tangent_basis() * coordinates;
    expect_no_caps(set);
    Vector decision(set.dimension());
    for_each_part(
        set,
        [&](const Simplex& shares, Index at, Index free, const auto& basis) {
            const Vector logs = basis * coordinates.segment(free, basis.cols());
            const Vector weights = (logs.array() - logs.maxCoeff()).exp();
            decision.segment(at, shares.size()) =
                shares.low + (1 - shares.low.sum()) / weights.sum() * weights;
        },
        [&](double low, double high, Index at, Index free) {
            decision[at] = box_number(low, high, coordinates[free]);
        });
    return decision;
}

DenseMatrix jacobian(const FeasibleSet& set, Coordinates kind, const Vector& decision) {
    if (kind == Coordinates::ambient) return DenseMatrix::Identity(set.dimension(), set.dimension());
    if (kind == Coordinates::flat) return set.tangent_basis();
    expect_no_caps(set);
    DenseMatrix derivatives = DenseMatrix::Zero(set.dimension(), set.free_directions());
    for_each_part(
        set,
        [&](const Simplex& shares, Index at, Index free, const auto& basis) {
            const double rest = 1 - shares.low.sum();
            if (!(rest > 0)) return;
            const Vector above = decision.segment(at, shares.size()) - shares.low;
            DenseMatrix slope = above.asDiagonal();
            slope -= above * above.transpose() / rest;
            derivatives.block(at, free, basis.rows(), basis.cols()) = slope * basis;
        },
        [&](double low, double high, Index at, Index free) {
            derivatives(at, free) = box_slope(low, high, decision[at]);
        });
    return derivatives;
}

}  // namespace venturi::optimiser
