#include "analysis/statistics/regression_tree.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace venturi {

namespace {

using Members = std::vector<std::size_t>;

double mean_result(std::span<const double> results, const Members& members) {
    double sum = 0;
    for (const std::size_t point : members) sum += results[point];
    return sum / static_cast<double>(members.size());
}

double squares_about_mean(std::span<const double> results, const Members& members) {
    const double mean = mean_result(results, members);
    double squares = 0;
    for (const std::size_t point : members) squares += (results[point] - mean) * (results[point] - mean);
    return squares;
}

/// Names in the order of their mean result among the members; those without a member last.
std::vector<double> ranks_of_names(const BoxColumn& column, std::span<const double> results,
                                   const Members& members) {
    std::vector<double> sums(column.names);
    std::vector<double> counts(column.names);
    for (const std::size_t point : members) {
        sums[static_cast<std::size_t>(column.values[point])] += results[point];
        counts[static_cast<std::size_t>(column.values[point])] += 1;
    }
    std::vector<std::size_t> order(column.names);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto mean = [&](std::size_t name) {
        return counts[name] > 0 ? sums[name] / counts[name] : std::numeric_limits<double>::infinity();
    };
    std::ranges::stable_sort(order,
                             [&](std::size_t one, std::size_t other) { return mean(one) < mean(other); });
    std::vector<double> ranks(column.names);
    for (std::size_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = static_cast<double>(rank);
    return ranks;
}

struct Split {
    TreeNode::Question question = {};
    double gain = 0;
    Members left = {};
    Members right = {};
};

/// The best question to one input; a gain of 0 where there is none.
Split best_split(const BoxColumn& column, std::size_t number, std::span<const double> results,
                 const Members& members, const TreeLimits& limits) {
    const bool named = column.names > 0;
    const std::vector<double> ranks =
        named ? ranks_of_names(column, results, members) : std::vector<double>{};
    const auto key = [&](std::size_t point) {
        return named ? ranks[static_cast<std::size_t>(column.values[point])] : column.values[point];
    };
    Members order = members;
    std::ranges::stable_sort(order,
                             [&](std::size_t one, std::size_t other) { return key(one) < key(other); });
    double all = 0;
    for (const std::size_t point : order) all += results[point];
    const auto count = static_cast<double>(order.size());
    double sum = 0;
    Split best;
    std::size_t taken = 0;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        sum += results[order[i]];
        if (key(order[i]) == key(order[i + 1])) continue;
        if (i + 1 < limits.least_points || order.size() - i - 1 < limits.least_points) continue;
        const double left = static_cast<double>(i + 1);
        const double gain = sum * sum / left + (all - sum) * (all - sum) / (count - left) - all * all / count;
        if (gain <= best.gain) continue;
        best.gain = gain;
        taken = i + 1;
        best.question = {.column = number,
                         .at_most = (key(order[i]) + key(order[i + 1])) / 2,
                         .names = {},
                         .left = 0,
                         .right = 0};
    }
    if (best.gain <= 0) return best;
    if (named) {
        for (std::size_t name = 0; name < column.names; ++name)
            best.question.names.push_back(ranks[name] <= best.question.at_most);
        best.question.at_most = 0;
    }
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(taken);
    best.left.assign(order.begin(), middle);
    best.right.assign(middle, order.end());
    return best;
}

class TreeGrower {
  public:
    TreeGrower(std::span<const BoxColumn> columns, std::span<const double> results, const TreeLimits& limits)
        : columns_(columns), results_(results), limits_(limits) {}

    std::size_t grow(const Members& members, std::size_t depth, double least_gain) {
        const std::size_t number = nodes_.size();
        nodes_.push_back({.question = {}, .points = members.size(), .mean = mean_result(results_, members)});
        if (depth == 0) return number;
        Split best;
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            Split split = best_split(columns_[column], column, results_, members, limits_);
            if (split.gain > best.gain) best = std::move(split);
        }
        if (best.gain <= least_gain) return number;
        best.question.left = grow(best.left, depth - 1, least_gain);
        best.question.right = grow(best.right, depth - 1, least_gain);
        nodes_[number].question = std::move(best.question);
        return number;
    }

    [[nodiscard]] std::vector<TreeNode> nodes() && { return std::move(nodes_); }

  private:
    std::span<const BoxColumn> columns_;
    std::span<const double> results_;
    const TreeLimits& limits_;
    std::vector<TreeNode> nodes_ = {};
};

}  // namespace

std::vector<TreeNode> regression_tree(std::span<const BoxColumn> columns, std::span<const double> results,
                                      const TreeLimits& limits) {
    expects(!results.empty(), "a tree is grown from points");
    for (const BoxColumn& column : columns)
        expects(column.values.size() == results.size(), "each input has a value at every point");
    Members all(results.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    TreeGrower grower(columns, results, limits);
    (void)grower.grow(all, limits.depth, limits.least_gain * squares_about_mean(results, all));
    return std::move(grower).nodes();
}

double explained_by(const std::vector<TreeNode>& tree, std::span<const double> results) {
    Members all(results.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const double whole = squares_about_mean(results, all);
    double between = 0;
    for (const TreeNode& node : tree)
        if (!node.question)
            between += static_cast<double>(node.points) * std::pow(node.mean - tree.front().mean, 2);
    return whole > 0 ? between / whole : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace venturi
