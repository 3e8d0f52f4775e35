#include "agents/risk/probability_bounds.hpp"

#include "agents/risk/arithmetic_bounds.hpp"
#include "agents/risk/bit_parallel_simulation.hpp"
#include "agents/risk/normal_form.hpp"
#include "agents/risk/truncated_diagram.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace venturi {

namespace {

using Node = NormalForm::Node;

// Of probabilities: they are sums of positive products, at most three roundings for each variable on a path.
constexpr double rounding = 1e-11;
// Bounds that are as close as this differ by rounding alone.
constexpr double same = 1e-14;
// A module's complement is taken from 1, so that it must not be small.
constexpr double too_likely = 0.999;
constexpr double first_cut_off = 1e-4;
constexpr std::uint64_t exact_work = 50'000;  // worth trying before anything is left out
constexpr double next_cut_off = 0.01;         // of the last, where the steps suffice
constexpr double last_share = 0.9;  // of the steps left that a solution may take, and of these be expected to
constexpr double least_ratio = 0.8;  // a cut-off nearer to the last is not worth it
// Circumstances and what they are made from: larger diagrams don't pay.
constexpr std::size_t small_size = 150;
constexpr std::uint64_t small_work = 2000;
// Diagrams are joined by recursion, as deep as there are variables; a form with more has arithmetic bounds
// only.
constexpr std::size_t most_variables = 20'000;

// How a form is gone about.
struct Approach {
    ArgumentOrder order = ArgumentOrder::largest_first;
    bool circumstances = true;  // whether functions are made for these alone
};

// One form, gone about in one way: bounds for any cut-off.
class TruncatedSolution {
  public:
    TruncatedSolution(const NormalForm& form, std::span<const double> probabilities, const Approach& approach,
                      const BoundOptions& options, std::uint64_t steps)
        : form_(form),
          positions_(variable_positions(form, approach.order)),
          diagrams_(in_order(probabilities, positions_), options.nodes, options.stop),
          most_nodes_(options.nodes),
          circumstance_steps_(steps) {
        circumstances_.assign(form_.nodes.size(), DiagramEdge::always());
        if (approach.circumstances) find_circumstances();
    }

    [[nodiscard]] std::uint64_t steps() const { return diagrams_.steps(); }
    /// Of the bounds that `solve` gave last.
    [[nodiscard]] double gap() const { return lost_ + added_; }

    /// Nothing where `steps` or the nodes do not suffice.
    std::optional<Interval> solve(double cut_off, std::uint64_t steps) {
        cut_off_ = cut_off;
        lost_ = 0;
        added_ = 0;
        functions_.assign(form_.nodes.size(), DiagramEdge::never());
        collect();
        diagrams_.allow(steps);
        uses_.assign(form_.nodes.size(), 0);
        for (const std::uint32_t argument : form_.arguments) ++uses_[argument];
        for (std::size_t n = 0; n <= form_.top && !diagrams_.exhausted(); ++n) make_function(n);
        if (diagrams_.exhausted()) return {};
        const double p = diagrams_.probability(functions_[form_.top]);
        if (gap() == 0) return Interval{p, p};
        return Interval{std::max(0.0, p - added_ - rounding * p), std::min(1.0, p + lost_ + rounding * p)};
    }

  private:
    static std::vector<double> in_order(std::span<const double> probabilities,
                                        const std::vector<std::uint32_t>& positions) {
        std::vector<double> ordered(probabilities.size());
        for (std::size_t v = 0; v < positions.size(); ++v) ordered[positions[v]] = probabilities[v];
        return ordered;
    }

    // Work that is given up where it grows.
    std::optional<DiagramEdge> small(bool both, DiagramEdge f, DiagramEdge g) {
        if (diagrams_.steps() >= circumstance_steps_) return {};
        diagrams_.allow(std::min(small_work, circumstance_steps_ - diagrams_.steps()));
        const TruncatedFunction joined =
            both ? diagrams_.conjunction(f, g, 0) : diagrams_.disjunction(f, g, 0);
        if (diagrams_.exhausted() || diagrams_.count_nodes(joined.edge, small_size) > small_size) return {};
        return joined.edge;
    }
    DiagramEdge small_conjunction(DiagramEdge f, DiagramEdge g) {
        return small(true, f, g).value_or(diagrams_.probability(f) <= diagrams_.probability(g) ? f : g);
    }
    DiagramEdge small_disjunction(DiagramEdge f, DiagramEdge g) {
        if (const auto joined = small(false, f, g)) return *joined;
        // What both have in common is still true wherever one of them is.
        DiagramEdge common = DiagramEdge::always();
        const std::vector<DiagramEdge> literals = diagrams_.implied_literals(g);
        for (const DiagramEdge literal : diagrams_.implied_literals(f))
            if (std::find(literals.begin(), literals.end(), literal) != literals.end())
                common = small_conjunction(common, literal);
        return common;
    }

    [[nodiscard]] DiagramEdge literal(const Node& node) {
        const DiagramEdge edge = diagrams_.variable(positions_[node.variable]);
        return node.complemented ? !edge : edge;
    }

    // circumstances_[n] is true wherever node n can make a difference to the top; all diagrams are small.
    void find_circumstances() {
        // From the leaves: what is true wherever a node is.
        std::vector<DiagramEdge> wider(form_.nodes.size());
        for (std::size_t n = 0; n <= form_.top; ++n) {
            const Node& node = form_.nodes[n];
            if (node.kind == Node::Kind::literal) {
                wider[n] = literal(node);
                continue;
            }
            const bool all = node.kind == Node::Kind::all;
            wider[n] = all ? DiagramEdge::always() : DiagramEdge::never();
            for (const std::uint32_t argument : form_.arguments_of(node))
                wider[n] = all ? small_conjunction(wider[n], wider[argument])
                               : small_disjunction(wider[n], wider[argument]);
        }
        // From the top: where the node above matters and, under an `all`, the other arguments may hold.
        std::fill(circumstances_.begin(), circumstances_.end(), DiagramEdge::never());
        circumstances_[form_.top] = DiagramEdge::always();
        for (std::size_t n = form_.top + std::size_t{1}; n-- > 0;) {
            const Node& node = form_.nodes[n];
            const auto arguments = form_.arguments_of(node);
            std::vector<DiagramEdge> others(arguments.size(), circumstances_[n]);
            if (node.kind == Node::Kind::all) {
                for (std::size_t i = 1; i < arguments.size(); ++i)
                    others[i] = small_conjunction(others[i - 1], wider[arguments[i - 1]]);
                DiagramEdge behind = DiagramEdge::always();
                for (std::size_t i = arguments.size(); i-- > 1;) {
                    behind = small_conjunction(behind, wider[arguments[i]]);
                    others[i - 1] = small_conjunction(others[i - 1], behind);
                }
            }
            for (std::size_t i = 0; i < arguments.size(); ++i) {
                DiagramEdge& there = circumstances_[arguments[i]];
                there = small_disjunction(there, others[i]);
            }
        }
    }

    DiagramEdge both(DiagramEdge f, DiagramEdge g) { return account(diagrams_.conjunction(f, g, cut_off_)); }
    DiagramEdge either(DiagramEdge f, DiagramEdge g) {
        return account(diagrams_.disjunction(f, g, cut_off_));
    }
    DiagramEdge account(const TruncatedFunction& function) {
        lost_ += function.lost;
        added_ += function.added;
        return function.edge;
    }

    // functions_[n] is the node's function in its circumstances and never elsewhere, but for what was lost
    // and added on the way. What is lost anywhere is lost to the top at most once, for nodes are monotone in
    // each other.
    void make_function(std::size_t n) {
        const Node& node = form_.nodes[n];
        if (node.kind == Node::Kind::literal) {
            functions_[n] = literal(node);
            return;
        }
        const DiagramEdge here = circumstances_[n];
        const auto arguments = form_.arguments_of(node);
        std::vector<std::uint32_t> sorted(arguments.begin(), arguments.end());
        const bool all = node.kind == Node::Kind::all;
        // Diagrams grow from the lowest variables upwards.
        std::stable_sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
            return diagrams_.top_variable(functions_[a]) > diagrams_.top_variable(functions_[b]);
        });
        DiagramEdge result = all ? here : DiagramEdge::never();
        for (const std::uint32_t argument : sorted) {
            const DiagramEdge function = functions_[argument];
            if (all)
                result = both(result, function);
            else
                result = either(result, circumstances_[argument] == here ? function : both(function, here));
        }
        functions_[n] = result;
        for (const std::uint32_t argument : arguments)
            if (--uses_[argument] == 0) functions_[argument] = DiagramEdge::never();
        if (diagrams_.size() > collect_above_) collect();
    }

    void collect() {
        std::vector<DiagramEdge*> roots;
        for (DiagramEdge& edge : functions_) roots.push_back(&edge);
        for (DiagramEdge& edge : circumstances_) roots.push_back(&edge);
        diagrams_.collect(roots);
        // Not again at once where most of it is in use.
        collect_above_ = diagrams_.size() + (most_nodes_ - std::min(most_nodes_, diagrams_.size())) / 2;
    }

    const NormalForm& form_;
    std::vector<std::uint32_t> positions_;
    TruncatedDiagrams diagrams_;
    std::size_t most_nodes_;
    std::size_t collect_above_ = 0;
    std::uint64_t circumstance_steps_;  // for all of them
    std::vector<DiagramEdge> functions_;
    std::vector<DiagramEdge> circumstances_;
    std::vector<std::uint32_t> uses_;
    double cut_off_ = 0;
    double lost_ = 0;
    double added_ = 0;
};

struct Bounded {
    Interval interval;
    std::uint64_t steps = 0;
};

double gap_of(const Interval& interval) {
    return interval.high - interval.low;
}
void narrow(Interval& interval, const Interval& other) {
    interval = {std::max(interval.low, other.low), std::min(interval.high, other.high)};
}

// To a relative gap, with so many steps at most.
Bounded bound_form(const NormalForm& form, std::span<const double> probabilities, double relative_gap,
                   const BoundOptions& options, std::uint64_t steps) {
    stop_if_requested(options.stop);
    Bounded result{arithmetic_bounds(form, probabilities)};
    if (gap_of(result.interval) <= same * result.interval.high) {
        result.interval.high = result.interval.low;
        return result;
    }
    const auto satisfied = [&] { return gap_of(result.interval) <= relative_gap * result.interval.high; };
    if (form.variables.size() > most_variables || satisfied()) return result;

    // Solves once more, with `most` steps at most; gives those that it took, or nothing where they don't
    // suffice.
    const auto solve = [&](TruncatedSolution& solution, double cut_off,
                           std::uint64_t most) -> std::optional<std::uint64_t> {
        const std::uint64_t before = solution.steps();
        const std::optional<Interval> bounds = solution.solve(cut_off, most);
        const std::uint64_t used = solution.steps() - before;
        result.steps += used;
        if (!bounds) return {};
        if (gap_of(*bounds) == 0)
            result.interval = *bounds;
        else
            narrow(result.interval, *bounds);
        return used;
    };
    const auto left = [&] { return steps - std::min(steps, result.steps); };

    TruncatedSolution plain(form, probabilities, {.circumstances = false}, options, 0);
    solve(plain, 0, std::min(left(), exact_work));
    if (satisfied()) return result;
    // Of several approaches the one with the least work for its gap is gone on with.
    std::optional<TruncatedSolution> best;
    double least = std::numeric_limits<double>::infinity();
    std::uint64_t last = 0;
    for (const ArgumentOrder order : {ArgumentOrder::largest_first, ArgumentOrder::smallest_first}) {
        for (const bool circumstances : {false, true}) {
            TruncatedSolution solution(form, probabilities, {order, circumstances}, options, left() / 8);
            result.steps += solution.steps();
            const auto used = solve(solution, first_cut_off, left());
            if (satisfied()) return result;
            const double product = static_cast<double>(used.value_or(0)) * solution.gap();
            if (!used || product >= least) continue;
            best.emplace(std::move(solution));
            least = product;
            last = std::max<std::uint64_t>(*used, 1);
        }
    }
    if (!best) return result;

    // Steps grow about as a power of the cut-off, which says what cut-off the steps left will suffice for. If
    // they did not, the power was higher.
    double cut_off = first_cut_off;
    double power = 0.3;
    while (!satisfied()) {
        const double most = last_share * static_cast<double>(left());
        const double affordable = last_share * most / static_cast<double>(last);
        const double ratio = std::max(next_cut_off, std::pow(affordable, -1 / power));
        if (!(ratio < least_ratio)) break;
        const auto used = solve(*best, cut_off * ratio, static_cast<std::uint64_t>(most));
        if (!used) {
            power *= 2;
            continue;
        }
        cut_off *= ratio;
        power = std::max(0.02,
                         std::log(static_cast<double>(*used) / static_cast<double>(last)) / -std::log(ratio));
        last = *used;
    }
    return result;
}

// The modules of a tree, from the lowest to the top.
class ModularBounds {
  public:
    ModularBounds(const FaultTree& tree, const BoundOptions& options)
        : tree_(tree), options_(options), bounds_(tree.gates.size()) {
        const std::vector<bool> modular = find_modules(tree);
        for (const std::uint32_t gate : gates_in_order(tree))
            if (modular[gate] || gate == tree.top.index) modules_.push_back(gate);
        is_module_ = modular;
    }

    Bounded solve() {
        // First all with little work; then what is left is shared by those that did not come out exact.
        const std::uint64_t little = options_.steps / 50 / modules_.size();
        std::vector<std::uint64_t> share(tree_.gates.size(), little);
        pass(share);
        std::vector<std::uint32_t> hard;
        for (const std::uint32_t gate : modules_)
            if (hard_[gate]) hard.push_back(gate);
        if (!hard.empty() && steps_ < options_.steps) {
            std::fill(share.begin(), share.end(), little);
            const std::uint64_t left = options_.steps - steps_;
            for (const std::uint32_t gate : hard) share[gate] = std::max(little, left / hard.size());
            pass(share);
        }
        return {bounds_[tree_.top.index], steps_};
    }

  private:
    void pass(const std::vector<std::uint64_t>& share) {
        hard_.resize(tree_.gates.size());
        for (const std::uint32_t gate : modules_) {
            // What came out exact stays so.
            if (done_.size() == tree_.gates.size() && done_[gate]) continue;
            bound_module(gate, share[gate]);
        }
        done_.assign(tree_.gates.size(), false);
        for (const std::uint32_t gate : modules_) done_[gate] = gap_of(bounds_[gate]) == 0;
    }

    void bound_module(std::uint32_t gate, std::uint64_t steps) {
        const auto stands_alone = [&](std::uint32_t below, Polarity polarity) {
            return is_module_[below] && (polarity != Polarity::both || gap_of(bounds_[below]) == 0)
                   && (polarity == Polarity::positive || bounds_[below].high < too_likely);
        };
        const NormalForm form = normal_form(tree_, gate, stands_alone);
        // In which polarity a variable that has a range occurs: in one only.
        std::vector<bool> used(form.nodes.size());
        for (const std::uint32_t argument : form.arguments) used[argument] = true;
        used[form.top] = true;
        std::vector<bool> falling(form.variables.size());
        for (std::size_t n = 0; n < form.nodes.size(); ++n)
            if (used[n] && form.nodes[n].kind == Node::Kind::literal && form.nodes[n].complemented)
                falling[form.nodes[n].variable] = true;
        // At one end of the variables' ranges the module is least likely, at the other most.
        const auto end_of_ranges = [&](bool high) {
            std::vector<double> ends;
            for (std::size_t v = 0; v < form.variables.size(); ++v) {
                const auto [is_gate, index] = form.variables[v];
                if (!is_gate)
                    ends.push_back(tree_.basic_events[index].probability);
                else
                    ends.push_back(high != falling[v] ? bounds_[index].high : bounds_[index].low);
            }
            return ends;
        };
        const std::vector<double> low = end_of_ranges(false);
        const std::vector<double> high = end_of_ranges(true);
        // A module below another is better exact, so that the other has no ranges.
        const double gap = gate == tree_.top.index ? options_.relative_gap : 0;
        Interval found;
        if (low == high) {
            const Bounded bounded = bound_form(form, low, gap, options_, steps);
            steps_ += bounded.steps;
            found = bounded.interval;
            hard_[gate] = gap_of(found) > options_.relative_gap * found.high;
        } else {
            const Bounded least = bound_form(form, low, gap, options_, steps / 2);
            const Bounded most = bound_form(form, high, gap, options_, steps / 2);
            steps_ += least.steps + most.steps;
            found = {least.interval.low, most.interval.high};
            hard_[gate] = gap_of(least.interval) + gap_of(most.interval) > options_.relative_gap * found.high;
        }
        bounds_[gate] = found;
    }

    const FaultTree& tree_;
    const BoundOptions& options_;
    std::vector<Interval> bounds_;
    std::vector<std::uint32_t> modules_;
    std::vector<bool> is_module_;
    std::vector<bool> hard_;
    std::vector<bool> done_;
    std::uint64_t steps_ = 0;
};

}  // namespace

ProbabilityBounds bound_probability(const FaultTree& tree, const BoundOptions& options) {
    expect_sound(tree);
    if (tree.top.kind == FaultTreeArgument::Kind::gate && !tree.top.complemented) {
        const Bounded bounded = ModularBounds(tree, options).solve();
        return {bounded.interval.low * (1 - rounding), std::min(1.0, bounded.interval.high * (1 + rounding)),
                bounded.steps};
    }
    // A complement, an event or a constant as a gate.
    FaultTree topped = tree;
    topped.gates.push_back({.connective = Connective::same, .arguments = {tree.top}});
    topped.top = {FaultTreeArgument::Kind::gate, false, static_cast<std::uint32_t>(topped.gates.size() - 1)};
    return bound_probability(topped, options);
}

}  // namespace venturi
