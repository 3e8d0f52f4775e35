#include "analysis/optimiser/feasible_set.hpp"

#include "sim/contract.hpp"
#include "sim/infinity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace venturi::optimiser {

namespace {

void expect_points(const Simplex& shares) {
    if (shares.size() == 0) throw std::invalid_argument("a mix has at least one share");
    if (shares.high.size() != shares.size())
        throw std::invalid_argument("a mix has as many upper bounds as lower ones");
    for (Index i = 0; i < shares.size(); ++i)
        if (!(shares.low[i] >= 0 && shares.low[i] <= shares.high[i] && shares.high[i] <= 1))
            throw std::invalid_argument(
                fmt::format("bounds of share {} are [{:g}, {:g}]; legal is 0 ≤ low ≤ high ≤ 1", i + 1,
                            shares.low[i], shares.high[i]));
    // Bounds that add up to 1 but for rounding leave a point.
    if (shares.low.sum() > 1 + 1e-12)
        throw std::invalid_argument(
            fmt::format("lower bounds of shares add up to {:g}: no mix meets them all, which takes at most 1",
                        shares.low.sum()));
    if (shares.high.sum() < 1 - 1e-12)
        throw std::invalid_argument(fmt::format(
            "upper bounds of shares add up to {:g}: no mix meets them all, which takes at least 1",
            shares.high.sum()));
}

void expect_points(const Box& box) {
    if (box.high.size() != box.size())
        throw std::invalid_argument("a box has as many upper bounds as lower ones");
    for (Index i = 0; i < box.size(); ++i)
        if (!(box.low[i] <= box.high[i] && box.low[i] < infinity && box.high[i] > -infinity))
            throw std::invalid_argument(
                fmt::format("bounds of number {} are [{:g}, {:g}], between which there is none", i + 1,
                            box.low[i], box.high[i]));
}

// Vectors that are orthonormal and orthogonal to (1, ..., 1): Helmert's contrasts.
DenseMatrix contrasts(Index size) {
    DenseMatrix basis = DenseMatrix::Zero(size, size - 1);
    for (Index k = 0; k + 1 < size; ++k) {
        const auto ones = static_cast<double>(k + 1);
        const double length = std::sqrt(ones * (ones + 1));
        basis.col(k).head(k + 1).setConstant(1 / length);
        basis(k + 1, k) = -ones / length;
    }
    return basis;
}

// Between which neighbours of the sorted `kinks` a falling or rising sum of shares crosses 1: the index of
// the upper one.
template <class Exceeds>
std::size_t crossing(const std::vector<double>& kinks, Exceeds exceeds) {
    return static_cast<std::size_t>(std::partition_point(kinks.begin(), kinks.end(), exceeds)
                                    - kinks.begin());
}

Vector project_shares(const Simplex& shares, const Vector& point) {
    const Index n = shares.size();
    const Vector v =
        point.array() - point.maxCoeff();  // large numbers would lose the digits of their differences
    std::vector<double> kinks;
    kinks.reserve(2 * static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) {
        kinks.push_back(v[i] - shares.high[i]);
        kinks.push_back(v[i] - shares.low[i]);
    }
    std::sort(kinks.begin(), kinks.end());
    const auto at = [&](double shift) {
        return Vector((v.array() - shift).max(shares.low.array()).min(shares.high.array()));
    };
    const std::size_t upper = crossing(kinks, [&](double shift) { return at(shift).sum() >= 1; });
    const double left = upper == 0 ? kinks.front() : kinks[upper - 1];
    const double right = upper == kinks.size() ? kinks.back() : kinks[upper];
    // Between two kinks the sum is a straight line.
    double rest = 1;
    double free_sum = 0;
    double free = 0;
    for (Index i = 0; i < n; ++i) {
        if (v[i] - shares.low[i] <= left) {
            rest -= shares.low[i];
        } else if (v[i] - shares.high[i] >= right) {
            rest -= shares.high[i];
        } else {
            free_sum += v[i];
            ++free;
        }
    }
    return at(free > 0 ? (free_sum - rest) / free : left);
}

Vector entropy_project_shares(const Simplex& shares, const Vector& log_weights) {
    const Index n = shares.size();
    const Vector w = log_weights.array() - log_weights.maxCoeff();
    std::vector<double> kinks;  // of the logarithm of the factor
    for (Index i = 0; i < n; ++i) {
        if (shares.low[i] > 0) kinks.push_back(std::log(shares.low[i]) - w[i]);
        kinks.push_back(std::log(shares.high[i]) - w[i]);
    }
    std::sort(kinks.begin(), kinks.end());
    const auto at = [&](double log_factor) {
        return Vector((w.array() + log_factor).exp().max(shares.low.array()).min(shares.high.array()));
    };
    const std::size_t upper = crossing(kinks, [&](double log_factor) { return at(log_factor).sum() < 1; });
    const double left = upper == 0 ? -infinity : kinks[upper - 1];
    const double right = upper == kinks.size() ? infinity : kinks[upper];
    double rest = 1;
    double free = 0;
    for (Index i = 0; i < n; ++i) {
        if (shares.low[i] > 0 && std::log(shares.low[i]) - w[i] >= right) {
            rest -= shares.low[i];
        } else if (std::log(shares.high[i]) - w[i] <= left) {
            rest -= shares.high[i];
        } else {
            free += std::exp(w[i]);
        }
    }
    if (free > 0 && rest > 0) return at(std::log(rest / free));
    return at(std::isfinite(left) ? left : right);
}

}  // namespace

Simplex simplex(Index size, double floor) {
    return {Vector::Constant(size, floor), Vector::Ones(size)};
}

FeasibleSet::FeasibleSet(std::vector<Block> blocks) : blocks_(std::move(blocks)) {
    if (blocks_.empty()) throw std::invalid_argument("a decision has at least one number");
    for (const Block& block : blocks_) {
        std::visit([](const auto& each) { expect_points(each); }, block);
        const Index size = std::visit([](const auto& each) { return each.size(); }, block);
        dimension_ += size;
        free_ += std::holds_alternative<Simplex>(block) ? size - 1 : size;
    }
    basis_ = DenseMatrix::Zero(dimension_, free_);
    Index row = 0;
    Index column = 0;
    for (const Block& block : blocks_) {
        const DenseMatrix part = std::holds_alternative<Simplex>(block)
                                     ? contrasts(std::get<Simplex>(block).size())
                                     : DenseMatrix(DenseMatrix::Identity(std::get<Box>(block).size(),
                                                                         std::get<Box>(block).size()));
        basis_.block(row, column, part.rows(), part.cols()) = part;
        row += part.rows();
        column += part.cols();
    }
}

bool FeasibleSet::has_caps() const {
    return std::any_of(blocks_.begin(), blocks_.end(), [](const Block& block) {
        const auto* shares = std::get_if<Simplex>(&block);
        // A cap of 1, or of what the others' floors leave, is none.
        return shares != nullptr
               && (shares->high.array() < 1 - (shares->low.sum() - shares->low.array()) - 1e-12).any();
    });
}

Vector FeasibleSet::centre() const {
    Vector point(dimension_);
    Index at = 0;
    for (const Block& block : blocks_) {
        if (const auto* shares = std::get_if<Simplex>(&block)) {
            point.segment(at, shares->size()).setConstant(1 / static_cast<double>(shares->size()));
            at += shares->size();
            continue;
        }
        const Box& box = std::get<Box>(block);
        for (Index i = 0; i < box.size(); ++i, ++at) {
            const bool low = std::isfinite(box.low[i]);
            const bool high = std::isfinite(box.high[i]);
            point[at] = low && high ? (box.low[i] + box.high[i]) / 2
                        : low       ? box.low[i]
                        : high      ? box.high[i]
                                    : 0;
        }
    }
    return project(*this, point);
}

bool FeasibleSet::contains(const Vector& decision, double tolerance) const {
    if (decision.size() != dimension_ || !decision.allFinite()) return false;
    Index at = 0;
    for (const Block& block : blocks_) {
        const bool inside = std::visit(
            [&](const auto& each) {
                const auto part = decision.segment(at, each.size());
                return (part.array() >= each.low.array() - tolerance).all()
                       && (part.array() <= each.high.array() + tolerance).all();
            },
            block);
        if (!inside) return false;
        if (const auto* shares = std::get_if<Simplex>(&block))
            if (std::abs(decision.segment(at, shares->size()).sum() - 1) > tolerance) return false;
        at += std::visit([](const auto& each) { return each.size(); }, block);
    }
    return true;
}

double FeasibleSet::reach(const Vector& decision, const Vector& direction, double limit) const {
    double reach = limit;
    Index at = 0;
    for (const Block& block : blocks_) {
        std::visit(
            [&](const auto& each) {
                for (Index i = 0; i < each.size(); ++i, ++at) {
                    const double room = direction[at] > 0   ? each.high[i] - decision[at]
                                        : direction[at] < 0 ? each.low[i] - decision[at]
                                                            : 0;
                    if (direction[at] != 0) reach = std::min(reach, std::max(0.0, room / direction[at]));
                }
            },
            block);
    }
    return reach;
}

Vector project(const FeasibleSet& set, const Vector& point) {
    expects(point.size() == set.dimension() && point.allFinite(),
            "a point to project has the set's dimension and is finite");
    Vector nearest(point.size());
    Index at = 0;
    for (const Block& block : set.blocks()) {
        if (const auto* shares = std::get_if<Simplex>(&block)) {
            nearest.segment(at, shares->size()) = project_shares(*shares, point.segment(at, shares->size()));
            at += shares->size();
        } else {
            const Box& box = std::get<Box>(block);
            nearest.segment(at, box.size()) =
                point.segment(at, box.size()).cwiseMax(box.low).cwiseMin(box.high);
            at += box.size();
        }
    }
    return nearest;
}

Vector entropy_project(const FeasibleSet& set, const Vector& log_weights) {
    expects(log_weights.size() == set.dimension() && log_weights.allFinite(),
            "weights to project have the set's dimension and finite logarithms");
    Vector nearest(log_weights.size());
    Index at = 0;
    for (const Block& block : set.blocks()) {
        if (const auto* shares = std::get_if<Simplex>(&block)) {
            nearest.segment(at, shares->size()) =
                entropy_project_shares(*shares, log_weights.segment(at, shares->size()));
            at += shares->size();
        } else {
            const Box& box = std::get<Box>(block);
            nearest.segment(at, box.size()) =
                log_weights.segment(at, box.size()).cwiseMax(box.low).cwiseMin(box.high);
            at += box.size();
        }
    }
    return nearest;
}

}  // namespace venturi::optimiser
