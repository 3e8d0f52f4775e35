#include "agents/risk/dynamic_symmetry.hpp"

#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace venturi {

namespace {

using Node = std::uint32_t;

// Of pairs of parts compared, and of constraints about them.
constexpr std::size_t most_looks = 200'000'000;

bool is_static(DynamicConnective connective) {
    return connective == DynamicConnective::conjunction || connective == DynamicConnective::disjunction
           || connective == DynamicConnective::at_least;
}

// What a leaf is, as numbers that can be compared.
std::vector<double> leaf_numbers(const DynamicLeaf& leaf) {
    std::vector<double> numbers = {static_cast<double>(leaf.life.index()), leaf.dormancy, leaf.repair_rate};
    std::visit(
        [&](const auto& life) {
            using Life = std::decay_t<decltype(life)>;
            if constexpr (std::is_same_v<Life, ExponentialLife>) numbers.insert(numbers.end(), {life.rate});
            if constexpr (std::is_same_v<Life, ErlangLife>)
                numbers.insert(numbers.end(), {life.rate, static_cast<double>(life.phases)});
            if constexpr (std::is_same_v<Life, WeibullLife>)
                numbers.insert(numbers.end(), {life.scale, life.shape});
            if constexpr (std::is_same_v<Life, LogNormalLife>)
                numbers.insert(numbers.end(), {life.mean, life.stddev});
            if constexpr (std::is_same_v<Life, FailedAtStart>)
                numbers.insert(numbers.end(), {life.probability});
        },
        leaf.life);
    return numbers;
}

// Finds copies. All of a tree's relations are looked up by node here.
class CopyFinder {
  public:
    CopyFinder(const DynamicTree& tree, const StopRequest* stop)
        : tree_(tree), stop_(stop), users_(tree.node_count()) {
        for (std::size_t g = 0; g < tree.gates.size(); ++g) {
            const Node node = tree.gate_node(g);
            if (is_constraint(tree.gates[g].connective)) {
                constraints_.push_back(node);
                constraint_inputs_ += tree.gates[g].inputs.size();
                continue;
            }
            for (const Node input : inputs(node)) users_[input].push_back(node);
        }
        order_ = gates_by_rank(tree);
        place_.assign(tree.node_count(), 0);
        for (std::size_t i = 0; i < order_.size(); ++i) place_[order_[i]] = i;
        repairable_ = std::any_of(tree.leaves.begin(), tree.leaves.end(),
                                  [](const DynamicLeaf& leaf) { return leaf.repair_rate > 0; });
        classify();
    }

    /// The nodes of a copy in an order that corresponds; constraints inside come last.
    struct Copy {
        std::vector<Node> own;     // under the copy's root and nowhere else
        std::vector<Node> shared;  // spares outside
        std::vector<Node> inner_constraints;
    };

    std::optional<std::pair<Copy, Copy>> match(Node left, Node right) {
        if (left == right || kind_[left] != kind_[right] || left == tree_.top || right == tree_.top)
            return {};
        looks_ += users_[left].size() + constraint_inputs_;
        if (looks_ > most_looks) return {};
        stop_if_requested(stop_);
        if (users_[left] != users_[right]) return {};
        for (const Node user : users_[left])
            if (!is_static(tree_.gate(user).connective)) return {};
        std::map<Node, Node> forth;
        if (!map_together(left, right, forth)) return {};
        std::pair<Copy, Copy> copies;
        std::set<Node> own_left;
        std::set<Node> own_right;
        for (const Node node : visit(left)) {
            if (forth.at(node) == node) {
                copies.first.shared.push_back(node);
                copies.second.shared.push_back(node);
                continue;
            }
            copies.first.own.push_back(node);
            copies.second.own.push_back(forth.at(node));
            own_left.insert(node);
            if (!own_right.insert(forth.at(node)).second) return {};
        }
        if (!is_closed(left, own_left) || !is_closed(right, own_right)) return {};
        for (const Node node : own_left)
            if (own_right.contains(node)) return {};
        if (!constraints_agree(copies, own_left, own_right, forth)) return {};
        if (!copies.first.shared.empty() && (repairable_ || !only_spares_are_shared(copies.first, own_left)))
            return {};
        if (!spares_keep_order(copies)) return {};
        return copies;
    }

    /// Whether dependencies with outside triggers list what belongs to the copies side by side.
    bool lists_side_by_side(const std::vector<Copy>& copies) const {
        std::set<Node> all;
        for (const Copy& copy : copies) all.insert(copy.own.begin(), copy.own.end());
        return std::all_of(constraints_.begin(), constraints_.end(), [&](Node constraint) {
            const auto& nodes = tree_.gate(constraint).inputs;
            if (tree_.gate(constraint).connective != DynamicConnective::dependency || all.contains(nodes[0]))
                return true;
            int runs = 0;
            for (std::size_t i = 1; i < nodes.size(); ++i)
                runs += all.contains(nodes[i]) && (i == 1 || !all.contains(nodes[i - 1])) ? 1 : 0;
            return runs <= 1;
        });
    }

    const std::vector<Node>& order() const { return order_; }
    std::vector<Node> inputs(Node gate) const {
        std::vector<Node> found;
        for (const Node input : tree_.gate(gate).inputs)
            if (tree_.is_leaf(input) || !is_constraint(tree_.gate(input).connective)) found.push_back(input);
        return found;
    }

  private:
    // Numbers nodes by what is below them; the same number where it looks the same.
    void classify() {
        kind_.assign(tree_.node_count(), 0);
        std::map<std::vector<double>, Node> leaf_kinds;
        for (Node leaf = 0; leaf < tree_.leaves.size(); ++leaf)
            kind_[leaf] = leaf_kinds.try_emplace(leaf_numbers(tree_.leaves[leaf]), leaf).first->second;
        using GateKey = std::tuple<DynamicConnective, std::uint32_t, Simultaneity, std::vector<Node>>;
        std::map<GateKey, Node> gate_kinds;
        for (const Node node : order_) {
            const DynamicGate& gate = tree_.gate(node);
            std::vector<Node> below;
            for (const Node input : inputs(node)) below.push_back(kind_[input]);
            if (is_static(gate.connective)) std::sort(below.begin(), below.end());
            kind_[node] =
                gate_kinds.try_emplace({gate.connective, gate.minimum, gate.simultaneity, below}, node)
                    .first->second;
        }
    }

    // Inputs of and, or and k-of-n in an order that copies have in common.
    std::vector<Node> ordered_inputs(Node gate) const {
        std::vector<Node> found = inputs(gate);
        if (is_static(tree_.gate(gate).connective))
            std::stable_sort(found.begin(), found.end(), [&](Node a, Node b) { return kind_[a] < kind_[b]; });
        return found;
    }

    bool map_together(Node left, Node right, std::map<Node, Node>& forth) {
        std::vector<std::pair<Node, Node>> open = {{left, right}};
        while (!open.empty()) {
            const auto [one, other] = open.back();
            open.pop_back();
            if (kind_[one] != kind_[other] || ++looks_ > most_looks) return false;
            stop_if_requested(stop_);
            const auto [place, is_new] = forth.try_emplace(one, other);
            if (!is_new && place->second != other) return false;
            if (!is_new || tree_.is_leaf(one)) continue;
            const std::vector<Node> below_one = ordered_inputs(one);
            const std::vector<Node> below_other = ordered_inputs(other);
            for (std::size_t i = 0; i < below_one.size(); ++i)
                open.emplace_back(below_one[i], below_other[i]);
        }
        return true;
    }

    std::vector<Node> visit(Node root) const {
        std::vector<Node> found;
        std::set<Node> seen;
        std::vector<Node> stack = {root};
        while (!stack.empty()) {
            const Node node = stack.back();
            stack.pop_back();
            if (!seen.insert(node).second) continue;
            found.push_back(node);
            if (tree_.is_leaf(node)) continue;
            const std::vector<Node> below = ordered_inputs(node);
            stack.insert(stack.end(), below.rbegin(), below.rend());
        }
        return found;
    }

    bool is_closed(Node root, const std::set<Node>& own) const {
        return std::all_of(own.begin(), own.end(), [&](Node node) {
            return node == root || std::all_of(users_[node].begin(), users_[node].end(), [&](Node user) {
                       return own.contains(user);
                   });
        });
    }

    bool constraints_agree(std::pair<Copy, Copy>& copies, const std::set<Node>& own_left,
                           const std::set<Node>& own_right, const std::map<Node, Node>& forth) const {
        std::vector<std::pair<const DynamicGate*, std::vector<Node>>> mirrored;
        std::vector<Node> in_right;
        bool some_from_outside = false;
        for (const Node constraint : constraints_) {
            const DynamicGate& gate = tree_.gate(constraint);
            const auto count_in = [&](const std::set<Node>& own) {
                return std::count_if(gate.inputs.begin(), gate.inputs.end(),
                                     [&](Node node) { return own.contains(node); });
            };
            const auto left = count_in(own_left);
            const auto right = count_in(own_right);
            if (left == 0 && right == 0) continue;
            if (left == std::ssize(gate.inputs)) {
                std::vector<Node> image;
                for (const Node node : gate.inputs) image.push_back(forth.at(node));
                mirrored.emplace_back(&gate, image);
                copies.first.inner_constraints.push_back(constraint);
            } else if (right == std::ssize(gate.inputs)) {
                in_right.push_back(constraint);
            } else {
                if (!is_mirrored_from_outside(gate, own_left, own_right, forth)) return false;
                some_from_outside = true;
            }
        }
        if (mirrored.size() != in_right.size()) return false;
        for (std::size_t i = 0; i < mirrored.size(); ++i) {
            const DynamicGate& gate = tree_.gate(in_right[i]);
            if (gate.connective != mirrored[i].first->connective
                || gate.probability != mirrored[i].first->probability || gate.inputs != mirrored[i].second)
                return false;
        }
        copies.second.inner_constraints = in_right;
        const bool touched = some_from_outside || !mirrored.empty();
        return !(some_from_outside && !mirrored.empty()) && !(touched && !copies.first.shared.empty());
    }

    static bool is_mirrored_from_outside(const DynamicGate& gate, const std::set<Node>& own_left,
                                         const std::set<Node>& own_right, const std::map<Node, Node>& forth) {
        if (gate.connective != DynamicConnective::dependency) return false;
        if (own_left.contains(gate.inputs[0]) || own_right.contains(gate.inputs[0])) return false;
        std::vector<Node> images;
        std::vector<Node> present;
        for (const Node node : std::span(gate.inputs).subspan(1)) {
            if (own_left.contains(node)) images.push_back(forth.at(node));
            if (own_right.contains(node)) present.push_back(node);
        }
        return images == present;
    }

    bool touched_by_constraint(Node node) const {
        return std::any_of(constraints_.begin(), constraints_.end(), [&](Node constraint) {
            const auto& nodes = tree_.gate(constraint).inputs;
            return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
        });
    }

    // Each shared node is a spare, apart from all others, or inside one.
    bool only_spares_are_shared(const Copy& copy, const std::set<Node>& own) const {
        const std::set<Node> shared(copy.shared.begin(), copy.shared.end());
        for (const Node node : shared) {
            if (touched_by_constraint(node) || node == tree_.top) return false;
            const bool inside = std::all_of(users_[node].begin(), users_[node].end(),
                                            [&](Node user) { return shared.contains(user); });
            if (inside) continue;
            for (const Node user : users_[node])
                if (tree_.gate(user).connective != DynamicConnective::spare || shared.contains(user))
                    return false;
            for (const Node user : users_[node])
                if (own.contains(user) && inputs(user)[0] == node) return false;
            // Nobody else may use a part of it.
            const std::vector<Node> below = visit(node);
            const std::set<Node> parts(below.begin(), below.end());
            if (!is_closed(node, parts)) return false;
        }
        return true;
    }

    // Spare gates of a copy claim in the same order as their counterparts.
    bool spares_keep_order(const std::pair<Copy, Copy>& copies) const {
        std::vector<std::pair<std::size_t, std::size_t>> places;
        for (std::size_t i = 0; i < copies.first.own.size(); ++i) {
            const Node node = copies.first.own[i];
            if (tree_.is_leaf(node) || tree_.gate(node).connective != DynamicConnective::spare) continue;
            places.emplace_back(place_[node], place_[copies.second.own[i]]);
        }
        std::sort(places.begin(), places.end());
        return std::is_sorted(places.begin(), places.end(),
                              [](const auto& a, const auto& b) { return a.second < b.second; });
    }

    const DynamicTree& tree_;
    const StopRequest* stop_;
    std::size_t looks_ = 0;
    std::vector<std::vector<Node>> users_;  // by node
    std::vector<Node> order_;
    std::vector<std::size_t> place_;  // in that order, by node
    std::vector<Node> constraints_;
    std::size_t constraint_inputs_ = 0;
    std::vector<Node> kind_;
    bool repairable_ = false;
};

void append_bytes(const DynamicSemantics& semantics, Node node, std::vector<std::uint32_t>& bytes) {
    bytes.push_back(node);
    const auto memory = semantics.memory(node);
    for (std::uint32_t i = 0; i < memory.count; ++i) bytes.push_back(memory.first + i);
}

}  // namespace

DynamicSymmetry::DynamicSymmetry(const DynamicSemantics& semantics, const StopRequest* stop) {
    CopyFinder finder(semantics.tree(), stop);
    std::set<Node> grouped;
    for (const Node gate : finder.order()) {
        if (!is_static(semantics.tree().gate(gate).connective)) continue;
        const std::vector<Node> inputs = finder.inputs(gate);
        for (std::size_t first = 0; first < inputs.size(); ++first) {
            stop_if_requested(stop);
            if (grouped.contains(inputs[first])) continue;
            std::vector<Node> group = {inputs[first]};
            std::vector<CopyFinder::Copy> copies;
            for (std::size_t other = first + 1; other < inputs.size(); ++other) {
                if (grouped.contains(inputs[other])) continue;
                const auto pair = finder.match(inputs[first], inputs[other]);
                if (!pair) continue;
                if (copies.empty()) copies.push_back(pair->first);
                copies.push_back(pair->second);
                group.push_back(inputs[other]);
            }
            if (group.size() < 2 || !finder.lists_side_by_side(copies)) continue;
            grouped.insert(group.begin(), group.end());
            Blocks blocks;
            blocks.copies = copies.size();
            for (const CopyFinder::Copy& copy : copies) {
                for (const Node node : copy.own) append_bytes(semantics, node, blocks.bytes);
                for (const Node node : copy.inner_constraints) append_bytes(semantics, node, blocks.bytes);
            }
            blocks.length = blocks.bytes.size() / blocks.copies;
            groups_.push_back(std::move(group));
            blocks_.push_back(std::move(blocks));
        }
    }
}

void DynamicSymmetry::sort_copies(DynamicSemantics::State state) const {
    for (const Blocks& blocks : blocks_) {
        const auto at = [&](std::size_t copy, std::size_t i) -> std::uint8_t& {
            return state[blocks.bytes[copy * blocks.length + i]];
        };
        const auto is_before = [&](std::size_t left, std::size_t right) {
            for (std::size_t i = 0; i < blocks.length; ++i)
                if (at(left, i) != at(right, i)) return at(left, i) < at(right, i);
            return false;
        };
        // By insertion: copies are few, and nearly sorted after one event.
        for (std::size_t copy = 1; copy < blocks.copies; ++copy)
            for (std::size_t place = copy; place > 0 && is_before(place, place - 1); --place)
                for (std::size_t i = 0; i < blocks.length; ++i) std::swap(at(place, i), at(place - 1, i));
    }
}

void DynamicSymmetry::count_like(DynamicSemantics::ConstState sorted, std::span<std::uint32_t> counts) const {
    std::fill(counts.begin(), counts.end(), 1U);
    for (const Blocks& blocks : blocks_) {
        for (std::size_t copy = blocks.copies - 1; copy > 0; --copy) {
            const auto mine = std::span(blocks.bytes).subspan(copy * blocks.length, blocks.length);
            const auto before = std::span(blocks.bytes).subspan((copy - 1) * blocks.length, blocks.length);
            if (!std::equal(mine.begin(), mine.end(), before.begin(),
                            [&](std::uint32_t one, std::uint32_t two) { return sorted[one] == sorted[two]; }))
                continue;
            for (std::size_t i = 0; i < blocks.length; ++i)
                if (mine[i] < counts.size()) counts[before[i]] += std::exchange(counts[mine[i]], 0U);
        }
    }
}

}  // namespace venturi
