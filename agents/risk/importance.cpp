#include "agents/risk/importance.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace venturi {

namespace {

/// P(top | an event) and P(top | its complement).
using Outside = ProbabilityPair;

ProbabilityPair value(std::span<const ProbabilityPair> nodes, DiagramEdge edge) {
    const ProbabilityPair plain = nodes[edge.node()];
    return edge.complemented() ? ProbabilityPair{plain.fails_to, plain.happens} : plain;
}

// Of a − b for two probabilities with complements: near 1 the complements tell them apart.
double difference(const ProbabilityPair& a, const ProbabilityPair& b) {
    return a.happens + b.happens > 1 ? b.fails_to - a.fails_to : a.happens - b.happens;
}

/// P(top) where a function with these probabilities decides.
double with(const ProbabilityPair& function, const Outside& outside) {
    return function.happens * outside.happens + function.fails_to * outside.fails_to;
}

/// Sums over ranges of the variables of a module, without a subtraction: ranges to the end by where they
/// begin, others as a tree of partial sums, of which an addition and a look-up touch O(log n).
class RangeSums {
  public:
    RangeSums(std::vector<double>& room, std::size_t size) : sums_(room), size_(size) {
        sums_.assign(3 * size + 1, 0);
    }

    void add_from(std::size_t first, double amount) { sums_[2 * size_ + first] += amount; }
    void add(std::size_t first, std::size_t end, double amount) {
        for (first += size_, end += size_; first < end; first /= 2, end /= 2) {
            if (first % 2 == 1) sums_[first++] += amount;
            if (end % 2 == 1) sums_[--end] += amount;
        }
    }

    /// `visit(i, sum)` for all from the first.
    template <class Visit>
    void for_each(const Visit& visit) const {
        double to_end = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            to_end += sums_[2 * size_ + i];
            double sum = to_end;
            for (std::size_t k = i + size_; k > 0; k /= 2) sum += sums_[k];
            visit(i, sum);
        }
    }

  private:
    std::vector<double>& sums_;
    std::size_t size_;
};

/// The sweep from the top through the nodes of one module.
class ModuleSweep {
  public:
    ModuleSweep(const SolvedFaultTree& tree, const SolvedFaultTree::Module& module, const Outside& outside,
                double outside_birnbaum, EvaluationScratch& scratch)
        : tree_(tree),
          module_(module),
          outside_(outside),
          outside_birnbaum_(outside_birnbaum),
          scratch_(scratch),
          passing_(scratch.passing, module.end_variable - module.first_variable) {}

    /// Fills `outside` and `birnbaum` of the module's variables.
    void run(const StopRequest* stop) {
        for (std::uint32_t i = module_.first_variable; i < module_.end_variable; ++i) {
            scratch_.outside[i] = {0, 0};
            scratch_.birnbaum[i] = 0;
        }
        for (std::uint32_t i = module_.first_node; i < module_.end_node; ++i) scratch_.reach[i] = {0, 0};
        pass(module_.root, {1, 0}, module_.first_variable,
             with(value(scratch_.nodes, module_.root), outside_));
        constexpr std::uint32_t between_looks = 1U << 16;
        for (std::uint32_t end = module_.end_node; end > module_.first_node;) {
            stop_if_requested(stop);
            const std::uint32_t begin = end - std::min(end - module_.first_node, between_looks);
            while (end > begin) visit(--end);
        }
        passing_.for_each([&](std::size_t i, double sum) {
            scratch_.outside[module_.first_variable + i].happens += sum;
            scratch_.outside[module_.first_variable + i].fails_to += sum;
        });
    }

  private:
    // `reach` of a node: the probability that a path of events takes from the top to it, the node standing
    // for itself (happens) or, after an odd number of complemented edges, for its complement (fails_to).
    void visit(std::uint32_t index) {
        const ProbabilityPair reach = scratch_.reach[index];
        if (reach.happens == 0 && reach.fails_to == 0) return;
        const DiagramNode& node = tree_.nodes()[index];
        const ProbabilityPair variable = scratch_.variables[node.variable];
        const ProbabilityPair high = scratch_.nodes[node.high.node()];
        const ProbabilityPair low = value(scratch_.nodes, node.low);
        const double if_high = decided(reach, high);
        const double if_low = decided(reach, low);
        scratch_.outside[node.variable].happens += if_high;
        scratch_.outside[node.variable].fails_to += if_low;
        scratch_.birnbaum[node.variable] +=
            (reach.happens - reach.fails_to) * difference(high, low) * outside_birnbaum_;
        const auto both = [](double p, const ProbabilityPair& of) {
            return ProbabilityPair{p * of.happens, p * of.fails_to};
        };
        pass(node.high, both(variable.happens, reach), node.variable + 1, variable.happens * if_high);
        pass(node.low, both(variable.fails_to, reach), node.variable + 1, variable.fails_to * if_low);
    }

    /// P(top and a path that reaches `function`).
    [[nodiscard]] double decided(const ProbabilityPair& reach, const ProbabilityPair& function) const {
        const ProbabilityPair complement{function.fails_to, function.happens};
        return reach.happens * with(function, outside_) + reach.fails_to * with(complement, outside_);
    }

    /// Along an edge, which asks nothing of the variables from `first` to the one that it leads to: `amount`
    /// is P(top and a path along it).
    void pass(DiagramEdge edge, ProbabilityPair reach, std::uint32_t first, double amount) {
        if (edge.constant()) return passing_.add_from(first - module_.first_variable, amount);
        const std::uint32_t end = tree_.nodes()[edge.node()].variable;
        if (first < end && amount > 0)
            passing_.add(first - module_.first_variable, end - module_.first_variable, amount);
        if (edge.complemented()) std::swap(reach.happens, reach.fails_to);
        scratch_.reach[edge.node()].happens += reach.happens;
        scratch_.reach[edge.node()].fails_to += reach.fails_to;
    }

    const SolvedFaultTree& tree_;
    const SolvedFaultTree::Module& module_;
    Outside outside_;
    double outside_birnbaum_;
    EvaluationScratch& scratch_;
    RangeSums passing_;
};

// Something of nothing is infinite, nothing of nothing is no number.
double ratio(double part, double whole) {
    if (whole != 0) return part / whole;
    return part > 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
}

Importance importance_of(double p, double top, const Outside& given, double birnbaum) {
    return {.birnbaum = birnbaum,
            .criticality = ratio(p * birnbaum, top),
            .diagnostic = ratio(p * given.happens, top),
            .risk_achievement_worth = ratio(given.happens, top),
            .risk_reduction_worth = ratio(top, given.fails_to)};
}

}  // namespace

void importance(const SolvedFaultTree& tree, std::span<const double> event_probabilities,
                EvaluationScratch& scratch, std::span<Importance> result, const StopRequest* stop) {
    expects(result.size() == tree.basic_event_count(), "every basic event has an importance");
    const double top = tree.probability(event_probabilities, scratch);
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = importance_of(event_probabilities[i], top, {top, top}, 0);

    scratch.reach.resize(tree.nodes().size());
    scratch.outside.resize(tree.variables().size());
    scratch.birnbaum.resize(tree.variables().size());
    scratch.variable_of_module.assign(tree.modules().size(), UINT32_MAX);
    for (std::uint32_t i = 0; i < tree.variables().size(); ++i) {
        const SolvedFaultTree::Variable variable = tree.variables()[i];
        if (variable.kind == SolvedFaultTree::Variable::Kind::module)
            scratch.variable_of_module[variable.index] = i;
    }
    for (std::size_t i = tree.modules().size(); i-- > 0;) {
        const SolvedFaultTree::Module& module = tree.modules()[i];
        // A module stands between what is outside it and its variables, by the chain rule.
        Outside outside{1, 0};
        double birnbaum = 1;
        if (const std::uint32_t variable = scratch.variable_of_module[i]; variable != UINT32_MAX) {
            outside = scratch.outside[variable];
            birnbaum = scratch.birnbaum[variable];
        } else if (i + 1 < tree.modules().size()) {
            continue;  // of a module that turned out to be constant
        }
        ModuleSweep(tree, module, outside, birnbaum, scratch).run(stop);
        for (std::uint32_t j = module.first_variable; j < module.end_variable; ++j) {
            const SolvedFaultTree::Variable variable = tree.variables()[j];
            if (variable.kind != SolvedFaultTree::Variable::Kind::basic_event) continue;
            result[variable.index] = importance_of(event_probabilities[variable.index], top,
                                                   scratch.outside[j], scratch.birnbaum[j]);
        }
    }
}

}  // namespace venturi
