#include "agents/risk/dynamic_solution.hpp"

#include "agents/risk/dynamic_modules.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/infinity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace venturi {

namespace {

struct Node {
    double at = 0;  // in (0, 1)
    double weight = 0;
};

constexpr std::size_t quadrature_nodes = 24;

// Of an integral, and between which times it is taken.
constexpr double negligible = 1e-14;
constexpr double least_time = 1e-290;
constexpr double most_time = 1e290;

// Gauss–Legendre on [0, 1]: zeros of the Legendre polynomial by Newton's method.
std::array<Node, quadrature_nodes> gauss_legendre() {
    std::array<Node, quadrature_nodes> nodes{};
    constexpr double n = quadrature_nodes;
    for (std::size_t i = 0; i < quadrature_nodes; ++i) {
        double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (n + 0.5));
        double slope = 0;
        for (int step = 0; step < 20; ++step) {
            double before = 1;
            double value = x;
            for (double k = 2; k <= n; k += 1)
                before = std::exchange(value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
            slope = n * (x * value - before) / (x * x - 1);
            x -= value / slope;
        }
        nodes[i] = {(1 - x) / 2, 1 / ((1 - x * x) * slope * slope)};
    }
    return nodes;
}

}  // namespace

DynamicSolution::DynamicSolution(std::vector<Part> parts, SolvedFaultTree frame)
    : parts_(std::move(parts)), frame_(std::move(frame)) {}

std::optional<DynamicSolution> DynamicSolution::solve(const DynamicTree& tree, const ChainOptions& options,
                                                      ChainRefusal& refusal) {
    refusal = ChainRefusal::none;
    expect_sound(tree);
    DynamicModules split = split_into_modules(tree, options.stop);
    std::vector<Part> parts;
    ChainOptions left = options;  // for all chains together
    for (DynamicTree& module : split.modules) {
        if (module.gates.empty() && !(module.leaves[module.top].repair_rate > 0)) {
            parts.emplace_back(module.leaves[module.top].life);
            continue;
        }
        auto chain = DynamicChain::explore(DynamicSemantics(std::move(module)), left, refusal);
        if (!chain) return {};
        left.states -= std::min(left.states, chain->size());
        left.bytes -= std::min(left.bytes, chain->bytes());
        parts.emplace_back(std::move(*chain));
    }
    auto frame = venturi::solve(split.frame, {.bytes = options.bytes, .stop = options.stop});
    if (!frame) {
        refusal = ChainRefusal::too_large;
        return {};
    }
    return DynamicSolution(std::move(parts), std::move(*frame));
}

std::size_t DynamicSolution::chain_count() const {
    return static_cast<std::size_t>(std::count_if(parts_.begin(), parts_.end(), [](const Part& part) {
        return std::holds_alternative<DynamicChain>(part);
    }));
}

std::size_t DynamicSolution::state_count() const {
    std::size_t count = 0;
    for (const Part& part : parts_)
        if (const auto* chain = std::get_if<DynamicChain>(&part)) count += chain->size();
    return count;
}

std::optional<std::vector<ProbabilityPair>> DynamicSolution::part_probabilities(
    std::span<const double> times, const PassageLimits& limits) const {
    std::vector<ProbabilityPair> found(times.size() * parts_.size());
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        if (const auto* life = std::get_if<LeafLife>(&parts_[p])) {
            for (std::size_t t = 0; t < times.size(); ++t)
                found[t * parts_.size() + p] = {failure_probability(*life, times[t]),
                                                survival_probability(*life, times[t])};
            continue;
        }
        const auto curve = std::get<DynamicChain>(parts_[p]).passage().progress(times, limits);
        if (!curve) return {};
        for (std::size_t t = 0; t < times.size(); ++t)
            found[t * parts_.size() + p] = {(*curve)[t].probability(), std::min((*curve)[t].elsewhere, 1.0)};
    }
    return found;
}

std::optional<std::vector<ProbabilityPair>> DynamicSolution::top_probabilities(
    std::span<const double> times, const PassageLimits& limits) const {
    // All times at once, for a chain goes through them together, but not more than memory holds easily.
    constexpr std::size_t most_pairs = std::size_t{1} << 22;
    const std::size_t at_once = std::max<std::size_t>(1, most_pairs / parts_.size());
    EvaluationScratch scratch;
    std::vector<ProbabilityPair> found;
    for (std::size_t first = 0; first < times.size(); first += at_once) {
        stop_if_requested(limits.stop);
        const auto some = times.subspan(first, std::min(at_once, times.size() - first));
        const auto probabilities = part_probabilities(some, limits);
        if (!probabilities) return {};
        for (std::size_t t = 0; t < some.size(); ++t) {
            const auto row = std::span(*probabilities).subspan(t * parts_.size(), parts_.size());
            found.push_back(frame_.probability_pair(row, scratch));
        }
    }
    return found;
}

std::optional<std::vector<double>> DynamicSolution::unreliability(std::span<const double> times,
                                                                  const PassageLimits& limits) const {
    const auto pairs = top_probabilities(times, limits);
    if (!pairs) return {};
    std::vector<double> found;
    for (const ProbabilityPair& pair : *pairs) found.push_back(std::min(pair.happens, 1.0));
    return found;
}

// A tree of sure and unsure parts fails surely if and only if it does where the unsure are given a chance of
// a half: then the probability that it doesn't is 0 exactly, or a sum of numbers that are not small.
std::optional<bool> DynamicSolution::fails_surely(const PassageLimits& limits) const {
    std::vector<double> chances;
    for (const Part& part : parts_) {
        if (const auto* life = std::get_if<LeafLife>(&part)) {
            const double chance = failure_probability(*life, infinity);
            chances.push_back(chance > 0 && chance < 1 ? 0.5 : chance);
            continue;
        }
        const FirstPassage& passage = std::get<DynamicChain>(part).passage();
        if (!passage.is_certain()) {
            const auto eventual = passage.eventual_probability(limits);
            if (!eventual) return {};
            chances.push_back(*eventual > 0 ? 0.5 : 0.0);
        } else {
            chances.push_back(1);
        }
    }
    EvaluationScratch scratch;
    return frame_.probability_pair(chances, scratch).fails_to == 0;
}

std::optional<double> DynamicSolution::last_time(const PassageLimits& limits) const {
    const auto is_over = [&](double time) -> std::optional<bool> {
        const auto pairs = top_probabilities(std::span(&time, 1), limits);
        if (!pairs) return {};
        return pairs->front().fails_to < 1e-13;
    };
    double time = 1;
    auto over = is_over(time);
    const double factor = over && *over ? 0.25 : 4;
    while (over && *over == (factor < 1) && time > 1e-300 && time < 1e300) {
        time *= factor;
        over = is_over(time);
    }
    if (!over) return {};
    return factor < 1 ? time * 4 : time;
}

std::optional<double> DynamicSolution::mean_time_to_failure(const PassageLimits& limits) const {
    if (parts_.size() == 1)
        if (const auto* chain = std::get_if<DynamicChain>(&parts_.front()))
            return chain->passage().mean(limits);
    const auto surely = fails_surely(limits);
    if (!surely) return {};
    if (!*surely) return infinity;
    const auto last = last_time(limits);
    if (!last) return {};
    // Panels that double: whatever scales the parts have, the reliability is smooth in each. From around that
    // time down until nothing is left that matters, and up until what is to come doesn't: with a heavy tail,
    // most of the mean is beyond all but 1e-13 of the failures.
    constexpr int panels_below = 60;
    constexpr int panels_above = 6;
    double end = std::ldexp(*last, panels_above);
    double start = std::ldexp(*last, -panels_below);
    auto middle = integral(start, panels_below + panels_above, limits);
    if (!middle) return {};
    double sum = middle->integral;
    double reliability = middle->at_end;
    while (start > negligible * sum && start > least_time) {
        start = std::ldexp(start, -panels_below);
        const auto below = integral(start, panels_below, limits);
        if (!below) return {};
        sum += below->integral;
    }
    sum += start;
    const double longest = longest_scale();
    while (reliability > 0 && (end < longest || end * reliability > negligible * sum)) {
        if (!(end < most_time)) return {};
        const auto above = integral(end, panels_above, limits);
        if (!above) return {};
        sum += above->integral;
        reliability = above->at_end;
        end = std::ldexp(end, panels_above);
    }
    return sum;
}

std::optional<DynamicSolution::Panels> DynamicSolution::integral(double start, int panels,
                                                                 const PassageLimits& limits) const {
    const auto nodes = gauss_legendre();
    std::vector<double> times;
    std::vector<double> weights;
    for (int panel = 0; panel < panels; ++panel) {
        const double width = std::ldexp(start, panel);
        for (const Node& node : nodes) {
            times.push_back(width + node.at * width);
            weights.push_back(node.weight * width);
        }
    }
    times.push_back(std::ldexp(start, panels));
    const auto pairs = top_probabilities(times, limits);
    if (!pairs) return {};
    Panels found{.at_end = pairs->back().fails_to};
    for (std::size_t i = 0; i < weights.size(); ++i) found.integral += weights[i] * (*pairs)[i].fails_to;
    return found;
}

double DynamicSolution::longest_scale() const {
    struct Scale {
        double operator()(const ExponentialLife& life) const { return life.rate > 0 ? 1 / life.rate : 0; }
        double operator()(const ErlangLife& life) const {
            return life.rate > 0 ? life.phases / life.rate : 0;
        }
        double operator()(const WeibullLife& life) const { return life.scale; }
        double operator()(const LogNormalLife& life) const {
            return std::exp(life.mean + life.stddev * life.stddev);
        }
        double operator()(const FailedAtStart&) const { return 0; }
        double operator()(const NeverFails&) const { return 0; }
    };
    double longest = 0;
    for (const Part& part : parts_) {
        if (const auto* life = std::get_if<LeafLife>(&part)) {
            longest = std::max(longest, std::visit(Scale{}, *life));
            continue;
        }
        const std::vector<double>& rates = std::get<DynamicChain>(part).passage().matrix().rates;
        if (!rates.empty()) longest = std::max(longest, 1 / *std::min_element(rates.begin(), rates.end()));
    }
    return longest;
}

}  // namespace venturi
