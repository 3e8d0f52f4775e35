#include "agents/risk/dynamic_tree.hpp"

#include "agents/risk/probability.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <type_traits>

namespace venturi {

namespace {

constexpr std::uint32_t not_ranked = std::numeric_limits<std::uint32_t>::max();

// P(Poisson(mean) ≥ phases), without cancellation on either side of the mean.
double erlang_probability(const ErlangLife& life, double age) {
    const double mean = life.rate * age;
    if (!(mean > 0)) return 0;
    if (std::isinf(mean)) return 1;
    const double phases = life.phases;
    const double first_beyond = std::exp(phases * std::log(mean) - mean - std::lgamma(phases + 1));
    if (mean < phases) {
        double term = first_beyond;
        double sum = term;
        for (double k = phases + 1; term > sum * 1e-18; k += 1) {
            term *= mean / k;
            sum += term;
        }
        return sum;
    }
    double term = first_beyond;
    double below = 0;
    for (double k = phases; k > 0; k -= 1) {
        term *= k / mean;
        below += term;
    }
    return std::max(1 - below, 0.0);
}

// P(Poisson(mean) < phases): a sum of positive terms, from the largest down where they fall that way.
double erlang_survival(const ErlangLife& life, double age) {
    const double mean = life.rate * age;
    if (!(mean > 0)) return 1;
    if (mean < life.phases) return 1 - erlang_probability(life, age);
    const double phases = life.phases;
    double term = std::exp((phases - 1) * std::log(mean) - mean - std::lgamma(phases));
    double sum = 0;
    for (double k = phases - 1; k >= 0 && term > 0; k -= 1) {
        sum += term;
        term *= k / mean;
    }
    return sum;
}

struct FailureProbability {
    double age;

    double operator()(const ExponentialLife& life) const {
        return life.rate > 0 ? -std::expm1(-life.rate * age) : 0.0;
    }
    double operator()(const ErlangLife& life) const { return erlang_probability(life, age); }
    double operator()(const WeibullLife& life) const {
        return -std::expm1(-std::pow(age / life.scale, life.shape));
    }
    double operator()(const LogNormalLife& life) const {
        if (!(age > 0)) return 0;
        return std::erfc((life.mean - std::log(age)) / (life.stddev * std::numbers::sqrt2)) / 2;
    }
    double operator()(const FailedAtStart& life) const { return life.probability; }
    double operator()(const NeverFails&) const { return 0; }
};

struct SurvivalProbability {
    double age;

    double operator()(const ExponentialLife& life) const {
        return life.rate > 0 ? std::exp(-life.rate * age) : 1.0;
    }
    double operator()(const ErlangLife& life) const { return erlang_survival(life, age); }
    double operator()(const WeibullLife& life) const {
        return std::exp(-std::pow(age / life.scale, life.shape));
    }
    double operator()(const LogNormalLife& life) const {
        if (!(age > 0)) return 1;
        return std::erfc((std::log(age) - life.mean) / (life.stddev * std::numbers::sqrt2)) / 2;
    }
    double operator()(const FailedAtStart& life) const { return 1 - life.probability; }
    double operator()(const NeverFails&) const { return 1; }
};

bool is_finite_and_not_negative(double value) {
    return std::isfinite(value) && value >= 0;
}
struct ExpectSoundLife {
    void operator()(const ExponentialLife& life) const {
        expects(is_finite_and_not_negative(life.rate), "a leaf's rate is finite and not negative");
    }
    void operator()(const ErlangLife& life) const {
        expects(is_finite_and_not_negative(life.rate), "a leaf's rate is finite and not negative");
        expects(life.phases >= 1 && life.phases <= 255, "an Erlang leaf has 1 to 255 phases");
    }
    void operator()(const WeibullLife& life) const {
        expects(std::isfinite(life.scale) && life.scale > 0, "a Weibull leaf's scale is finite and above 0");
        expects(std::isfinite(life.shape) && life.shape > 0, "a Weibull leaf's shape is finite and above 0");
    }
    void operator()(const LogNormalLife& life) const {
        expects(std::isfinite(life.mean), "a log-normal leaf's mean is finite");
        expects(std::isfinite(life.stddev) && life.stddev > 0,
                "a log-normal leaf's stddev is finite and above 0");
    }
    void operator()(const FailedAtStart& life) const {
        expects(is_probability(life.probability), "a leaf's probability is in [0, 1]");
    }
    void operator()(const NeverFails&) const {}
};

void expect_sound_leaf(const DynamicLeaf& leaf) {
    std::visit(ExpectSoundLife{}, leaf.life);
    expects(is_probability(leaf.dormancy), "a leaf's dormancy is in [0, 1]");
    expects(is_finite_and_not_negative(leaf.repair_rate), "a leaf's repair rate is finite and not negative");
}

bool has_output(const DynamicTree& tree, std::uint32_t node) {
    return tree.is_leaf(node) || !is_constraint(tree.gate(node).connective);
}

void expect_sound_gate(const DynamicTree& tree, const DynamicGate& gate) {
    for (const std::uint32_t input : gate.inputs)
        expects(input < tree.node_count(), "an input of a gate is a node of the tree");
    const auto counted = static_cast<std::size_t>(std::count_if(
        gate.inputs.begin(), gate.inputs.end(), [&](std::uint32_t node) { return has_output(tree, node); }));
    if (is_constraint(gate.connective)) {
        expects(counted == gate.inputs.size(), "no input of a constraint is a constraint");
        expects(counted >= 1, "a constraint has an input");
    } else {
        expects(counted >= 1, "a gate has an input that has an output");
    }
    if (gate.connective == DynamicConnective::dependency) {
        expects(counted >= 2, "a dependency has a trigger and a dependent");
        expects(is_probability(gate.probability), "a dependency's probability is in [0, 1]");
    }
    if (gate.connective == DynamicConnective::at_least)
        expects(gate.minimum >= 1 && gate.minimum <= counted, "a k-of-n gate has 1 ≤ k ≤ n");
    if (gate.connective == DynamicConnective::spare) {
        std::vector<std::uint32_t> sorted = gate.inputs;
        std::sort(sorted.begin(), sorted.end());
        expects(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(),
                "an input stands once in a spare gate");
        expects(gate.inputs.size() <= 255, "a spare gate has at most 255 inputs");
    }
}

// Longest way down to a leaf by node, constraints 0; `not_ranked` for gates on or above a cycle. Gates are
// taken once all their inputs are ranked (Kahn 1962).
std::vector<std::uint32_t> ranks(const DynamicTree& tree) {
    std::vector<std::uint32_t> rank(tree.node_count(), 0);
    std::vector<std::size_t> open_inputs(tree.node_count(), 0);
    std::vector<std::vector<std::uint32_t>> users(tree.node_count());
    std::vector<std::uint32_t> ready(tree.leaves.size());
    std::iota(ready.begin(), ready.end(), 0U);
    for (std::size_t g = 0; g < tree.gates.size(); ++g) {
        const std::uint32_t node = tree.gate_node(g);
        if (!has_output(tree, node)) continue;
        rank[node] = not_ranked;
        for (const std::uint32_t input : tree.gates[g].inputs) {
            if (!has_output(tree, input)) continue;
            users[input].push_back(node);
            ++open_inputs[node];
        }
    }
    while (!ready.empty()) {
        const std::uint32_t node = ready.back();
        ready.pop_back();
        for (const std::uint32_t user : users[node]) {
            if (--open_inputs[user] > 0) continue;
            rank[user] = 0;
            for (const std::uint32_t input : tree.gate(user).inputs)
                if (has_output(tree, input)) rank[user] = std::max(rank[user], rank[input] + 1);
            ready.push_back(user);
        }
    }
    return rank;
}

}  // namespace

double failure_probability(const LeafLife& life, double age) {
    expects(age >= 0, "an age is not negative");
    return std::visit(FailureProbability{age}, life);
}

double survival_probability(const LeafLife& life, double age) {
    expects(age >= 0, "an age is not negative");
    return std::visit(SurvivalProbability{age}, life);
}

bool is_memoryless_in_phases(const LeafLife& life) {
    return !std::holds_alternative<WeibullLife>(life) && !std::holds_alternative<LogNormalLife>(life);
}

void expect_sound(const DynamicTree& tree) {
    for (const DynamicLeaf& leaf : tree.leaves) expect_sound_leaf(leaf);
    for (const DynamicGate& gate : tree.gates) expect_sound_gate(tree, gate);
    expects(tree.top < tree.node_count(), "the top is a node of the tree");
    expects(has_output(tree, tree.top), "the top is no constraint");
    const std::vector<std::uint32_t> rank = ranks(tree);
    expects(std::find(rank.begin(), rank.end(), not_ranked) == rank.end(), "gates form no cycle");
}

std::vector<std::uint32_t> gates_by_rank(const DynamicTree& tree) {
    const std::vector<std::uint32_t> rank = ranks(tree);
    std::vector<std::uint32_t> order;
    for (std::size_t g = 0; g < tree.gates.size(); ++g)
        if (has_output(tree, tree.gate_node(g))) order.push_back(tree.gate_node(g));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t left, std::uint32_t right) { return rank[left] < rank[right]; });
    return order;
}

}  // namespace venturi
