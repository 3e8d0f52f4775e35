#include "agents/risk/arithmetic_bounds.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace venturi {

namespace {

using Node = NormalForm::Node;

constexpr std::size_t most_support_bits = std::size_t{1} << 31;

// Which variables nodes depend on, and in which polarity: two rows of bits a node.
class Supports {
  public:
    explicit Supports(const NormalForm& form)
        : words_((form.variables.size() + 63) / 64), bits_(2 * words_ * form.nodes.size()) {
        for (std::size_t n = 0; n < form.nodes.size(); ++n) {
            const Node& node = form.nodes[n];
            if (node.kind == Node::Kind::literal)
                row(n, node.complemented)[node.variable / 64] |= std::uint64_t{1} << node.variable % 64;
            for (const std::uint32_t argument : form.arguments_of(node))
                for (const bool complemented : {false, true})
                    for (std::size_t w = 0; w < words_; ++w)
                        row(n, complemented)[w] |= row(argument, complemented)[w];
        }
    }
    [[nodiscard]] std::size_t words() const { return words_; }
    [[nodiscard]] std::span<std::uint64_t> row(std::size_t node, bool complemented) {
        return std::span(bits_).subspan((2 * node + complemented) * words_, words_);
    }

  private:
    std::size_t words_;
    std::vector<std::uint64_t> bits_;
};

// Arguments that share variables, directly or by others, and what is known of all (or any) of them.
struct Group {
    std::vector<std::uint64_t> positive;
    std::vector<std::uint64_t> negative;
    std::vector<std::uint32_t> arguments;

    void take_in(std::uint32_t argument, Supports& supports) {
        positive.resize(supports.words());
        negative.resize(supports.words());
        for (std::size_t w = 0; w < supports.words(); ++w) {
            positive[w] |= supports.row(argument, false)[w];
            negative[w] |= supports.row(argument, true)[w];
        }
        arguments.push_back(argument);
    }
    [[nodiscard]] bool associated() const {
        for (std::size_t w = 0; w < positive.size(); ++w)
            if ((positive[w] & negative[w]) != 0) return false;
        return true;
    }
};

std::vector<Group> groups_of(std::span<const std::uint32_t> arguments, Supports& supports) {
    // Trees of positions of arguments, one for each group: Tarjan's disjoint sets.
    std::vector<std::size_t> parent(arguments.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root_of = [&](std::size_t i) {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    };
    constexpr std::size_t nobody = ~std::size_t{0};
    std::vector<std::size_t> owner(64 * supports.words(), nobody);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        for (std::size_t w = 0; w < supports.words(); ++w) {
            std::uint64_t left = supports.row(arguments[i], false)[w] | supports.row(arguments[i], true)[w];
            for (; left != 0; left &= left - 1) {
                std::size_t& first = owner[64 * w + static_cast<std::size_t>(std::countr_zero(left))];
                if (first == nobody) first = i;
                parent[root_of(i)] = root_of(first);
            }
        }
    }
    std::vector<Group> groups;
    std::vector<std::size_t> group_of(arguments.size(), nobody);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::size_t& group = group_of[root_of(i)];
        if (group == nobody) {
            group = groups.size();
            groups.emplace_back();
        }
        groups[group].take_in(arguments[i], supports);
    }
    return groups;
}

// P(a or b) of independent events, without a difference that would lose digits.
double either_of(double a, double b) {
    return a + b * (1 - a);
}

Interval all_of(const Group& group, const std::vector<Interval>& bounds) {
    double excess = 1;
    double product = 1;
    double least = 1;
    for (const std::uint32_t argument : group.arguments) {
        excess += bounds[argument].low - 1;
        product *= bounds[argument].low;
        least = std::min(least, bounds[argument].high);
    }
    excess -= std::numeric_limits<double>::epsilon() * static_cast<double>(group.arguments.size());
    // Of one argument its own bounds, to the bit.
    if (group.arguments.size() == 1) return bounds[group.arguments.front()];
    return {std::max({0.0, excess, group.associated() ? product : 0.0}), least};
}

Interval any_of(const Group& group, const std::vector<Interval>& bounds) {
    double sum = 0;
    double independent = 0;
    double largest = 0;
    for (const std::uint32_t argument : group.arguments) {
        sum += bounds[argument].high;
        independent = either_of(independent, bounds[argument].high);
        largest = std::max(largest, bounds[argument].low);
    }
    return {largest, std::min({1.0, sum, group.associated() ? independent : 1.0})};
}

}  // namespace

Interval arithmetic_bounds(const NormalForm& form, std::span<const double> probabilities) {
    expects(probabilities.size() == form.variables.size(), "there is a probability for each variable");
    // Where the supports would be too large, all arguments of a node count as one group that is not
    // associated.
    const bool known = 2 * form.nodes.size() * form.variables.size() < most_support_bits;
    std::optional<Supports> supports;
    if (known) supports.emplace(form);
    std::vector<Interval> bounds(form.nodes.size());
    for (std::size_t n = 0; n < form.nodes.size(); ++n) {
        const Node& node = form.nodes[n];
        if (node.kind == Node::Kind::literal) {
            const double p = probabilities[node.variable];
            bounds[n] = node.complemented ? Interval{1 - p, 1 - p} : Interval{p, p};
            continue;
        }
        const bool any = node.kind == Node::Kind::any;
        const auto arguments = form.arguments_of(node);
        std::vector<Group> groups;
        if (known)
            groups = groups_of(arguments, *supports);
        else
            groups.push_back({{1}, {1}, {arguments.begin(), arguments.end()}});
        Interval result = any ? Interval{0, 0} : Interval{1, 1};
        for (const Group& group : groups) {
            const Interval own = any ? any_of(group, bounds) : all_of(group, bounds);
            result = any ? Interval{either_of(result.low, own.low), either_of(result.high, own.high)}
                         : Interval{result.low * own.low, result.high * own.high};
        }
        bounds[n] = result;
    }
    return bounds[form.top];
}

}  // namespace venturi
