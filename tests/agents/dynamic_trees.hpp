// Dynamic fault trees for tests: written down one node after another, or drawn at random.
#pragma once

#include "agents/risk/dynamic_tree.hpp"

#include <cstdint>
#include <initializer_list>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace dynamic_trees {

/// Leaves first, then gates; the last gate is the top unless another is named.
class Tree {
  public:
    std::uint32_t leaf(venturi::LeafLife life, double dormancy = 1, double repair_rate = 0) {
        if (!tree_.gates.empty()) throw std::logic_error("leaves come first");
        tree_.leaves.push_back({"leaf " + std::to_string(tree_.leaves.size()), life, dormancy, repair_rate});
        return static_cast<std::uint32_t>(tree_.leaves.size() - 1);
    }
    std::uint32_t leaf(double rate, double dormancy = 1, double repair_rate = 0) {
        return leaf(venturi::ExponentialLife{rate}, dormancy, repair_rate);
    }
    std::uint32_t gate(venturi::DynamicConnective connective, std::vector<std::uint32_t> inputs) {
        tree_.gates.push_back({.name = "gate " + std::to_string(tree_.gates.size()),
                               .connective = connective,
                               .inputs = std::move(inputs)});
        const auto node = static_cast<std::uint32_t>(tree_.leaves.size() + tree_.gates.size() - 1);
        if (!venturi::is_constraint(connective)) tree_.top = node;
        return node;
    }
    std::uint32_t all(std::vector<std::uint32_t> inputs) {
        return gate(venturi::DynamicConnective::conjunction, std::move(inputs));
    }
    std::uint32_t any(std::vector<std::uint32_t> inputs) {
        return gate(venturi::DynamicConnective::disjunction, std::move(inputs));
    }
    std::uint32_t at_least(std::uint32_t minimum, std::vector<std::uint32_t> inputs) {
        const std::uint32_t node = gate(venturi::DynamicConnective::at_least, std::move(inputs));
        tree_.gates.back().minimum = minimum;
        return node;
    }
    std::uint32_t in_order(std::vector<std::uint32_t> inputs,
                           venturi::Simultaneity together = venturi::Simultaneity::inclusive) {
        const std::uint32_t node = gate(venturi::DynamicConnective::priority_and, std::move(inputs));
        tree_.gates.back().simultaneity = together;
        return node;
    }
    std::uint32_t before(std::vector<std::uint32_t> inputs,
                         venturi::Simultaneity together = venturi::Simultaneity::inclusive) {
        const std::uint32_t node = gate(venturi::DynamicConnective::priority_or, std::move(inputs));
        tree_.gates.back().simultaneity = together;
        return node;
    }
    std::uint32_t spare(std::vector<std::uint32_t> inputs) {
        return gate(venturi::DynamicConnective::spare, std::move(inputs));
    }
    std::uint32_t depends(std::vector<std::uint32_t> inputs, double probability = 1) {
        const std::uint32_t node = gate(venturi::DynamicConnective::dependency, std::move(inputs));
        tree_.gates.back().probability = probability;
        return node;
    }
    std::uint32_t sequence(std::vector<std::uint32_t> inputs) {
        return gate(venturi::DynamicConnective::sequence, std::move(inputs));
    }
    std::uint32_t exclusion(std::vector<std::uint32_t> inputs) {
        return gate(venturi::DynamicConnective::exclusion, std::move(inputs));
    }

    [[nodiscard]] const venturi::DynamicTree& top(std::uint32_t node) {
        tree_.top = node;
        return tree_;
    }
    [[nodiscard]] const venturi::DynamicTree& operator*() const { return tree_; }

  private:
    venturi::DynamicTree tree_;
};

/// What a random tree may have in it.
struct Ingredients {
    int leaves = 5;
    int gates = 5;
    bool chances = true;  ///< dependencies with a probability, leaves that fail at the start
    bool repair = true;
    bool phases = true;  ///< Erlang leaves
};

using Draws = std::mt19937_64;

inline int draw_to(Draws& draws, int count) {
    return static_cast<int>(draws() % static_cast<std::uint64_t>(count));
}

inline venturi::DynamicTree random_tree(Draws& draws, const Ingredients& with) {
    Tree tree;
    const double rates[] = {0.5, 1, 2};
    const double dormancies[] = {0, 0.5, 1};
    for (int i = 0; i < with.leaves; ++i) {
        const double dormancy = dormancies[draw_to(draws, 3)];
        const double rate = rates[draw_to(draws, 3)];
        const double repair = with.repair && draw_to(draws, 3) == 0 ? 1.5 : 0;
        const int kind = draw_to(draws, 12);
        if (with.chances && kind == 0)
            tree.leaf(venturi::FailedAtStart{0.3}, dormancy, repair);
        else if (kind == 1)
            tree.leaf(venturi::NeverFails{});
        else if (with.phases && kind == 2)
            tree.leaf(venturi::ErlangLife{2 * rate, 2}, dormancy, repair);
        else
            tree.leaf(rate, dormancy, repair);
    }
    std::vector<std::uint32_t> nodes;  // with an output
    for (int i = 0; i < with.leaves; ++i) nodes.push_back(static_cast<std::uint32_t>(i));
    const auto pick = [&](int count) {
        std::vector<std::uint32_t> picked;
        while (static_cast<int>(picked.size()) < count) {
            // Late nodes more often, so that trees are deep.
            const auto back = static_cast<std::size_t>(draw_to(draws, static_cast<int>(nodes.size())));
            const auto at = draw_to(draws, 2) == 0 ? nodes.size() - 1 - back / 2 : back;
            bool is_new = true;
            for (const std::uint32_t node : picked) is_new = is_new && node != nodes[at];
            if (is_new) picked.push_back(nodes[at]);
        }
        return picked;
    };
    for (int i = 0; i < with.gates; ++i) {
        const int count = 2 + draw_to(draws, 2);
        const auto together =
            draw_to(draws, 2) == 0 ? venturi::Simultaneity::inclusive : venturi::Simultaneity::exclusive;
        switch (draw_to(draws, 11)) {
            case 0:
                nodes.push_back(tree.all(pick(count)));
                break;
            case 1:
            case 2:
                nodes.push_back(tree.any(pick(count)));
                break;
            case 3:
                nodes.push_back(tree.at_least(2, pick(3)));
                break;
            case 4:
                nodes.push_back(tree.in_order(pick(count), together));
                break;
            case 5:
                nodes.push_back(tree.before(pick(count), together));
                break;
            case 6:
            case 7:
                nodes.push_back(tree.spare(pick(count)));
                break;
            case 8:
                tree.depends(pick(count), with.chances && draw_to(draws, 2) == 0 ? 0.4 : 1);
                break;
            case 9:
                tree.sequence(pick(2));
                break;
            default:
                tree.exclusion(pick(2));
                break;
        }
    }
    nodes.push_back(tree.any({nodes.back(), nodes[nodes.size() / 2]}));
    return *tree;
}

/// Two or three copies of a random module under one gate, beside another leaf; sometimes a trigger outside
/// that they share, or a spare.
inline venturi::DynamicTree random_copies(Draws& draws, bool repair) {
    Tree tree;
    const int copies = 2 + draw_to(draws, 2);
    const double rates[] = {0.5, 1, 2};
    std::vector<std::vector<std::uint32_t>> leaves(static_cast<std::size_t>(copies));
    for (int kind = 0; kind < 3; ++kind) {
        const double rate = rates[draw_to(draws, 3)];
        const double dormancy = draw_to(draws, 3) / 2.0;
        const double repair_rate = repair && draw_to(draws, 2) == 0 ? 1.5 : 0;
        for (auto& copy : leaves) copy.push_back(tree.leaf(rate, dormancy, repair_rate));
    }
    const auto alone = tree.leaf(1.0);
    const auto shared = tree.leaf(1.5, 0.5);
    const Draws recipe = draws;
    const int shape = draw_to(draws, 3);
    std::vector<std::uint32_t> modules;
    for (const auto& copy : leaves) {
        Draws steps = recipe;
        std::vector<std::uint32_t> nodes = copy;
        for (int i = 0; i < 2; ++i) {
            const auto one = nodes[nodes.size() - 1 - static_cast<std::size_t>(draw_to(steps, 2))];
            const auto two = nodes[static_cast<std::size_t>(draw_to(steps, 2))];
            if (one == two) continue;
            switch (draw_to(steps, 5)) {
                case 0:
                    nodes.push_back(tree.all({one, two}));
                    break;
                case 1:
                    nodes.push_back(tree.any({one, two}));
                    break;
                case 2:
                    nodes.push_back(tree.in_order({one, two}));
                    break;
                case 3:
                    nodes.push_back(tree.before({one, two}));
                    break;
                default:
                    nodes.push_back(tree.spare({one, two}));
                    break;
            }
        }
        if (shape == 0) tree.depends({copy[0], copy[1]}, 0.5);
        if (shape == 1) nodes.push_back(tree.spare({nodes.back(), shared}));
        modules.push_back(tree.any({nodes.back(), copy[2]}));
    }
    if (shape == 2) {
        std::vector<std::uint32_t> fall = {alone};
        for (const auto& copy : leaves) fall.push_back(copy[0]);
        tree.depends(fall, 0.5);
    }
    const auto some = tree.at_least(static_cast<std::uint32_t>(1 + draw_to(draws, copies)), modules);
    if (draw_to(draws, 2) == 0)
        tree.in_order({some, alone});
    else
        tree.all({alone, some});
    return *tree;
}

}  // namespace dynamic_trees
