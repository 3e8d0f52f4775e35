// A small tree of questions that tells large values of a result from small ones.
#pragma once

#include "analysis/statistics/prim.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// A node: a question to an input and the two nodes below it, or a leaf.
struct TreeNode {
    struct Question {
        std::size_t column = 0;
        double at_most = 0;            ///< of a number: it goes left where it is no more than this
        std::vector<bool> names = {};  ///< of a name: it goes left where it is one of these
        std::size_t left = 0;          ///< the node's number; the right one follows all of the left
        std::size_t right = 0;
    };
    std::optional<Question> question = {};
    std::size_t points = 0;
    double mean = 0;  ///< of the result
};

struct TreeLimits {
    std::size_t depth = 3;
    std::size_t least_points = 5;  ///< of a leaf
    double least_gain = 0.01;      ///< the part of the whole sum of squares that a question explains
};

/// Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984): each question is the one
/// that leaves the least sum of squares; names are ordered by their mean result, which is exact (section
/// 8.8). The first node is the root. Throws ContractViolation unless shapes agree and there is a point.
[[nodiscard]] std::vector<TreeNode> regression_tree(std::span<const BoxColumn> columns,
                                                    std::span<const double> results,
                                                    const TreeLimits& limits = {});

/// The part of the results' sum of squares that the leaves' means explain; NaN where results do not vary.
[[nodiscard]] double explained_by(const std::vector<TreeNode>& tree, std::span<const double> results);

}  // namespace venturi
