// A second reading of dynamic fault trees for tests, as plain as can be: without repair, chances or phases. A
// state is the moment at which each node failed and what each spare gate uses; gates look at those times.
// Chains are dense.
#pragma once

#include "agents/risk/dynamic_tree.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <unsupported/Eigen/MatrixFunctions>
#include <utility>
#include <vector>

namespace dynamic_trees {

class PlainChain {
  public:
    explicit PlainChain(const venturi::DynamicTree& tree) : tree_(tree) {
        find(start());
        for (std::size_t state = 0; state < states_.size(); ++state) {
            const State from = states_[state];
            for (std::uint32_t leaf = 0; leaf < tree_.leaves.size(); ++leaf) {
                const double rate = rate_of(from, leaf);
                if (rate == 0) continue;
                const std::size_t to = find(after(from, leaf));
                if (to != state) moves_.push_back({state, to, rate});
            }
        }
        const auto n = static_cast<Eigen::Index>(states_.size());
        generator_ = Eigen::MatrixXd::Zero(n, n);
        for (const Move& move : moves_) {
            if (is_over(move.from)) continue;
            const auto from = static_cast<Eigen::Index>(move.from);
            generator_(from, static_cast<Eigen::Index>(move.to)) += move.rate;
            generator_(from, from) -= move.rate;
        }
    }

    [[nodiscard]] std::size_t size() const { return states_.size(); }

    /// P(the top has failed by `time`); right to some 1e-13.
    [[nodiscard]] double unreliability(double time) const {
        const Eigen::MatrixXd transitions = (generator_ * time).exp();
        double sum = 0;
        for (std::size_t state = 0; state < states_.size(); ++state)
            if (is_over(state)) sum += transitions(0, static_cast<Eigen::Index>(state));
        return sum;
    }

    [[nodiscard]] double mean_time_to_failure() const {
        const auto n = static_cast<Eigen::Index>(states_.size());
        if (is_over(0)) return 0;
        std::vector<char> reaches(states_.size(), 0);
        for (bool again = true; again;) {
            again = false;
            for (std::size_t state = 0; state < states_.size(); ++state) {
                if (reaches[state] != 0) continue;
                reaches[state] = static_cast<char>(is_over(state) || leads_to(state, reaches));
                again = again || reaches[state] != 0;
            }
        }
        std::vector<char> seen(states_.size(), 0);
        seen[0] = 1;
        for (const Move& move : moves_)  // states are numbered as found: each after one that leads to it
            if (seen[move.from] != 0 && !is_over(move.from)) seen[move.to] = 1;
        Eigen::MatrixXd equations = -generator_;
        Eigen::VectorXd ones = Eigen::VectorXd::Ones(n);
        for (std::size_t state = 0; state < states_.size(); ++state) {
            const auto i = static_cast<Eigen::Index>(state);
            if (seen[state] != 0 && reaches[state] == 0) return std::numeric_limits<double>::infinity();
            if (!is_over(state) && reaches[state] != 0) continue;
            equations.row(i).setZero();
            equations(i, i) = 1;
            ones(i) = 0;
        }
        return equations.partialPivLu().solve(ones)(0);
    }

  private:
    using Node = std::uint32_t;
    static constexpr int never = std::numeric_limits<int>::max();

    struct State {
        std::vector<int> failed_at;  // by node; `never` where it works
        std::vector<int> uses;       // by node: position of the input a spare gate uses
        bool operator<(const State& other) const {
            return std::tie(failed_at, uses) < std::tie(other.failed_at, other.uses);
        }
    };
    struct Move {
        std::size_t from;
        std::size_t to;
        double rate;
    };

    [[nodiscard]] bool leads_to(std::size_t state, const std::vector<char>& where) const {
        return std::any_of(moves_.begin(), moves_.end(),
                           [&](const Move& move) { return move.from == state && where[move.to] != 0; });
    }
    [[nodiscard]] bool is_over(std::size_t state) const {
        return states_[state].failed_at[tree_.top] != never;
    }
    [[nodiscard]] bool counts(Node node) const {
        return tree_.is_leaf(node) || !venturi::is_constraint(tree_.gate(node).connective);
    }
    [[nodiscard]] std::vector<Node> inputs(Node gate) const {
        std::vector<Node> found;
        for (const Node input : tree_.gate(gate).inputs)
            if (counts(input)) found.push_back(input);
        return found;
    }

    [[nodiscard]] State start() const {
        State state;
        state.failed_at.assign(tree_.node_count(), never);
        state.uses.assign(tree_.node_count(), -1);
        for (const Node gate : venturi::gates_by_rank(tree_)) {
            if (tree_.gate(gate).connective != venturi::DynamicConnective::spare) continue;
            if (!take_next(state, gate)) state.failed_at[gate] = 0;
        }
        for (const Node gate : venturi::gates_by_rank(tree_)) notice(state, gate, 0);
        return state;
    }

    [[nodiscard]] bool is_taken(const State& state, Node input) const {
        for (const Node gate : venturi::gates_by_rank(tree_)) {
            if (tree_.gate(gate).connective != venturi::DynamicConnective::spare) continue;
            if (state.failed_at[gate] == never && state.uses[gate] >= 0
                && inputs(gate)[static_cast<std::size_t>(state.uses[gate])] == input)
                return true;
        }
        return false;
    }

    [[nodiscard]] bool take_next(State& state, Node gate) const {
        const std::vector<Node> choices = inputs(gate);
        for (std::size_t i = 0; i < choices.size(); ++i)
            if (state.failed_at[choices[i]] == never && !is_taken(state, choices[i])) {
                state.uses[gate] = static_cast<int>(i);
                return true;
            }
        return false;
    }

    void notice(State& state, Node gate, int now) const {
        if (state.failed_at[gate] != never) return;
        const std::vector<Node> in = inputs(gate);
        std::vector<int> at;
        for (const Node input : in) at.push_back(state.failed_at[input]);
        const auto failures = std::count_if(at.begin(), at.end(), [](int t) { return t != never; });
        const bool strict = tree_.gate(gate).simultaneity == venturi::Simultaneity::exclusive;
        bool fails = false;
        switch (tree_.gate(gate).connective) {
            case venturi::DynamicConnective::conjunction:
                fails = failures == std::ssize(at);
                break;
            case venturi::DynamicConnective::disjunction:
                fails = failures > 0;
                break;
            case venturi::DynamicConnective::at_least:
                fails = failures >= tree_.gate(gate).minimum;
                break;
            case venturi::DynamicConnective::priority_and:
                fails = failures == std::ssize(at);
                for (std::size_t i = 1; i < at.size(); ++i)
                    fails = fails && (strict ? at[i - 1] < at[i] : at[i - 1] <= at[i]);
                break;
            case venturi::DynamicConnective::priority_or:
                fails = at[0] != never;
                for (std::size_t i = 1; i < at.size(); ++i)
                    fails = fails && (strict ? at[0] < at[i] : at[0] <= at[i]);
                break;
            case venturi::DynamicConnective::spare:
                if (at[static_cast<std::size_t>(state.uses[gate])] != never) fails = !take_next(state, gate);
                break;
            default:
                break;
        }
        if (fails) state.failed_at[gate] = now;
    }

    // The node fails in a moment of its own, unless that breaks a sequence or an exclusion.
    [[nodiscard]] bool strike(State& state, Node node) const {
        State next = state;
        int now = 1;
        for (const int t : state.failed_at)
            if (t != never) now = std::max(now, t + 1);
        next.failed_at[node] = now;
        for (const Node gate : venturi::gates_by_rank(tree_)) notice(next, gate, now);
        for (const venturi::DynamicGate& gate : tree_.gates) {
            if (gate.connective == venturi::DynamicConnective::sequence)
                for (std::size_t i = 0; i < gate.inputs.size(); ++i)
                    for (std::size_t j = i + 1; j < gate.inputs.size(); ++j)
                        if (next.failed_at[gate.inputs[j]] == now && next.failed_at[gate.inputs[i]] == never)
                            return false;
            if (gate.connective == venturi::DynamicConnective::exclusion)
                for (std::size_t i = 0; i < gate.inputs.size(); ++i)
                    for (std::size_t j = 0; j < gate.inputs.size(); ++j)
                        if (i != j && next.failed_at[gate.inputs[i]] == now
                            && next.failed_at[gate.inputs[j]] != never)
                            return false;
        }
        state = next;
        return true;
    }

    [[nodiscard]] State after(State state, Node leaf) const {
        (void)strike(state, leaf);
        for (bool again = true; again;) {
            again = false;
            for (const venturi::DynamicGate& gate : tree_.gates) {
                if (gate.connective != venturi::DynamicConnective::dependency) continue;
                if (state.failed_at[gate.inputs[0]] == never) continue;
                for (std::size_t i = 1; i < gate.inputs.size(); ++i)
                    if (state.failed_at[gate.inputs[i]] == never)
                        again = strike(state, gate.inputs[i]) || again;
            }
        }
        return state;
    }

    [[nodiscard]] bool is_active(const State& state, Node node) const {
        bool is_used = false;
        for (const Node gate : venturi::gates_by_rank(tree_)) {
            const std::vector<Node> in = inputs(gate);
            for (std::size_t i = 0; i < in.size(); ++i) {
                if (in[i] != node) continue;
                is_used = true;
                const bool on = tree_.gate(gate).connective != venturi::DynamicConnective::spare
                                || state.uses[gate] == static_cast<int>(i)
                                || (state.uses[gate] < 0 && i == 0);
                if (on && is_active(state, gate)) return true;
            }
        }
        return !is_used;
    }

    [[nodiscard]] double rate_of(const State& state, Node leaf) const {
        const auto* life = std::get_if<venturi::ExponentialLife>(&tree_.leaves[leaf].life);
        if (life == nullptr || state.failed_at[leaf] != never) return 0;
        State trial = state;
        if (!strike(trial, leaf)) return 0;
        return life->rate * (is_active(state, leaf) ? 1 : tree_.leaves[leaf].dormancy);
    }

    // Times count by their order only.
    std::size_t find(State state) {
        std::vector<int> times;
        for (const int t : state.failed_at)
            if (t != never) times.push_back(t);
        std::sort(times.begin(), times.end());
        times.erase(std::unique(times.begin(), times.end()), times.end());
        for (int& t : state.failed_at)
            if (t != never)
                t = 1 + static_cast<int>(std::lower_bound(times.begin(), times.end(), t) - times.begin());
        const auto [place, is_new] = numbers_.try_emplace(state, states_.size());
        if (is_new) states_.push_back(state);
        return place->second;
    }

    const venturi::DynamicTree& tree_;
    std::map<State, std::size_t> numbers_;
    std::vector<State> states_;
    std::vector<Move> moves_;
    Eigen::MatrixXd generator_;
};

}  // namespace dynamic_trees
