// The fold of an ensemble: a tree of merges that is fixed by the trajectories' indices alone.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/bytes.hpp"
#include "sim/ensemble/mergeable.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// A leaf of the tree: so many consecutive trajectories are added to one accumulator, in order. A constant of
/// the result: with another number the bits differ.
inline constexpr std::uint64_t trajectories_per_block = 32;

/// Folds blocks first_block, first_block + 1, ... that are pushed in this order.
///
/// The tree is dyadic: node (l, i) holds blocks i 2^l to (i + 1) 2^l − 1 and is node (l − 1, 2i) merged with
/// node (l − 1, 2i + 1), in any run that reaches it. What is kept is the shortest list of whole nodes, at
/// most 2 log₂(blocks) + 2 of them, as in a binary counter. So neighbouring slices of an ensemble, folded in
/// different places and appended, give the bits of one fold over both.
template <Mergeable Accumulator>
class FoldTree {
  public:
    FoldTree() requires std::default_initializable<Accumulator> : FoldTree(Accumulator{}) {}

    /// `empty` is what a fold of nothing gives.
    explicit FoldTree(const Accumulator& empty, std::uint64_t first_block = 0)
        : empty_(empty), first_(first_block), next_(first_block) {}

    /// Takes in the next block.
    void push(const Accumulator& block) {
        append_node(block, 0, next_);
        ++next_;
    }

    /// Takes in a fold that starts where this one ends; throws ContractViolation where it does not.
    void append(const FoldTree& other) {
        expects(other.first_ == next_, "a fold is continued by the one that starts at its end");
        for (std::size_t node = 0; node < other.size_; ++node) {
            append_node(other.nodes_[node].sum, other.nodes_[node].level, other.nodes_[node].index);
        }
        next_ = other.next_;
    }

    /// The merge of all nodes held, the youngest first as they are smallest. Changes nothing.
    [[nodiscard]] Accumulator result() const {
        if (size_ == 0) return empty_;
        Accumulator sum = nodes_[size_ - 1].sum;
        for (std::size_t node = size_ - 1; node-- > 0;) {
            Accumulator older = nodes_[node].sum;
            older.merge(sum);
            sum = std::move(older);
        }
        return sum;
    }

    /// What another fold of the same start needs to go on from here, in parts: how many nodes there are, read
    /// before them, and each of nodes 0 to nodes_in_use() − 1.
    template <class Self, class Visit>
    static void visit_size(Self& self, Visit& visit) {
        visit(self.next_);
        visit(self.size_);
        if constexpr (!std::is_const_v<Self>) self.make_nodes();
    }
    template <class Self, class Visit>
    static void visit_node(Self& self, std::size_t node, Visit& visit) {
        visit(self.nodes_[node].index);
        visit(self.nodes_[node].level);
        visit(self.nodes_[node].sum);
    }

    [[nodiscard]] std::size_t nodes_in_use() const { return size_; }
    /// The nodes from this one on may be others than at the last call of `forget_changes`.
    [[nodiscard]] std::size_t first_changed_node() const { return first_changed_; }
    void forget_changes() { first_changed_ = size_; }

    [[nodiscard]] std::uint64_t first_block() const { return first_; }
    /// The block that would be pushed next.
    [[nodiscard]] std::uint64_t next_block() const { return next_; }
    /// How many accumulators are held in memory.
    [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

  private:
    struct Node {
        std::uint64_t index;
        unsigned level;
        Accumulator sum;
    };

    void make_nodes() {
        constexpr std::size_t most = 2 * std::numeric_limits<std::uint64_t>::digits + 2;
        if (size_ > most) throw BytesError("more nodes than a fold has");
        nodes_.assign(size_, Node{0, 0, empty_});
    }

    void append_node(const Accumulator& sum, unsigned level, std::uint64_t index) {
        if (size_ == nodes_.size()) {
            nodes_.push_back({index, level, sum});
        } else {  // a node left by an earlier merge: its memory is used again
            nodes_[size_].index = index;
            nodes_[size_].level = level;
            nodes_[size_].sum = sum;
        }
        ++size_;
        while (size_ >= 2 && siblings(nodes_[size_ - 2], nodes_[size_ - 1])) {
            Node& left = nodes_[size_ - 2];
            left.sum.merge(nodes_[size_ - 1].sum);
            left.index /= 2;
            ++left.level;
            --size_;
        }
        first_changed_ = std::min(first_changed_, size_ - 1);
    }

    [[nodiscard]] static bool siblings(const Node& left, const Node& right) {
        return left.level == right.level && left.index % 2 == 0 && right.index == left.index + 1;
    }

    Accumulator empty_;
    std::uint64_t first_;
    std::uint64_t next_;
    std::size_t size_ = 0;  // nodes in use
    std::size_t first_changed_ = 0;
    std::vector<Node> nodes_;
};

}  // namespace venturi
