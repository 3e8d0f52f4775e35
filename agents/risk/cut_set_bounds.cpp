#include "agents/risk/cut_set_bounds.hpp"

#include "agents/risk/cut_set_listing.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace venturi {

namespace {

using VariableKind = CutSets::Variable::Kind;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();  // nothing as a share of nothing
constexpr std::size_t between_looks = std::size_t{1} << 16;             // nodes

/// Probabilities of literals by variable; parts' are the sums over their sets, known once a sweep reaches
/// them.
std::vector<double> literal_probabilities(const CutSets& sets, std::span<const double> event_probabilities) {
    expects(event_probabilities.size() == sets.basic_event_count(), "one probability for each basic event");
    for (const double p : event_probabilities) expects(p >= 0 && p <= 1, "probabilities are in [0, 1]");
    std::vector<double> result;
    for (const CutSets::Variable& variable : sets.variables()) {
        const double p =
            variable.kind == VariableKind::literal ? event_probabilities[variable.literal.event] : 0;
        result.push_back(variable.literal.negated ? 1 - p : p);
    }
    return result;
}

/// The sum over the sets of every node of the products of their literals' weights.
void sum_products(const CutSets& sets, std::span<const double> weights, const StopRequest* stop,
                  std::vector<double>& sums) {
    sums.resize(sets.nodes().size());
    sums[0] = 0;
    sums[1] = 1;
    for (std::size_t i = 2; i < sums.size(); ++i) {
        if (i % between_looks == 0) stop_if_requested(stop);
        const CutSets::Node& node = sets.nodes()[i];
        const CutSets::Variable& variable = sets.variables()[node.variable];
        const double weight = variable.kind == VariableKind::literal ? weights[node.variable]
                                                                     : sums[sets.parts()[variable.part]];
        sums[i] = weight * sums[node.with] + sums[node.without];
    }
}

/// Of the whole family's sum, what comes from the sets with each literal: the weight times the derivative, by
/// one sweep from the root. Shape: as the tree's basic_events, literals that aren't negated only.
std::vector<double> sum_by_event(const CutSets& sets, std::span<const double> weights,
                                 std::span<const double> sums, const StopRequest* stop) {
    std::vector<double> reach(sets.nodes().size(), 0.0);  // derivative of the whole by the node's sum
    std::vector<double> result(sets.basic_event_count(), 0.0);
    reach[sets.root()] = 1;
    for (std::size_t i = reach.size(); i-- > 2;) {
        if (i % between_looks == 0) stop_if_requested(stop);
        const CutSets::Node& node = sets.nodes()[i];
        const CutSets::Variable& variable = sets.variables()[node.variable];
        const double by_variable = reach[i] * sums[node.with];
        reach[node.without] += reach[i];
        if (variable.kind == VariableKind::literal) {
            reach[node.with] += reach[i] * weights[node.variable];
            if (!variable.literal.negated)
                result[variable.literal.event] += by_variable * weights[node.variable];
        } else {
            const std::uint32_t part = sets.parts()[variable.part];
            reach[node.with] += reach[i] * sums[part];
            reach[part] += by_variable;
        }
    }
    return result;
}

/// The sets that are more probable than one half: all of them, or nothing if they are more than `at_most`.
std::optional<std::vector<ListedCutSet>> probable_sets(const CutSets& sets,
                                                       std::span<const double> event_probabilities,
                                                       std::size_t at_most, const StopRequest* stop) {
    auto probable = list_cut_sets(sets, event_probabilities,
                                  {.least_probability = 0.5, .number = at_most + 1, .stop = stop});
    if (probable.size() > at_most) return std::nullopt;
    return probable;
}

/// −Σ log(1 − P(C)) over all sets, by the logarithms of the probable ones and the power series of the others.
/// `use(k, weights, sums)` is called with every term's sums: weights and sums are of the k-th powers of
/// probabilities, probable sets among them.
template <class Use>
double sum_of_logarithms(const CutSets& sets, std::span<const double> event_probabilities,
                         std::span<const ListedCutSet> probable, const StopRequest* stop, Use use) {
    // The others are at most one half each, so that S_(k + 1) <= S_k / 2 and what follows S_k / k is at most
    // S_k / (k + 1): below 2^−60 of the whole after as many terms, if not sooner.
    constexpr int most_terms = 60;
    constexpr double negligible = 0x1p-56;
    double total = 0;
    for (const ListedCutSet& set : probable) total -= std::log1p(-set.probability);
    const std::vector<double> literals = literal_probabilities(sets, event_probabilities);
    std::vector<double> weights = literals;
    std::vector<double> sums;
    for (int k = 1; k <= most_terms; ++k) {
        sum_products(sets, weights, stop, sums);
        double power_sum = sums[sets.root()];
        for (const ListedCutSet& set : probable) power_sum -= std::pow(set.probability, k);
        total += power_sum / k;
        use(k, std::span<const double>(weights), std::span<const double>(sums));
        if (power_sum / (k + 1) <= negligible * std::min(total, 1.0)) break;
        for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= literals[i];
    }
    return total;
}

}  // namespace

double rare_event_approximation(const CutSets& sets, std::span<const double> event_probabilities,
                                const StopRequest* stop) {
    std::vector<double> sums;
    sum_products(sets, literal_probabilities(sets, event_probabilities), stop, sums);
    return sums[sets.root()];
}

double min_cut_upper_bound(const CutSets& sets, std::span<const double> event_probabilities,
                           const StopRequest* stop) {
    // A product of more factors below one half than this is nothing beside 1.
    const auto probable = probable_sets(sets, event_probabilities, 64, stop);
    if (!probable) return 1;
    const auto ignore = [](int, std::span<const double>, std::span<const double>) {};
    return -std::expm1(-sum_of_logarithms(sets, event_probabilities, *probable, stop, ignore));
}

std::vector<double> fussell_vesely(const CutSets& sets, std::span<const double> event_probabilities,
                                   const StopRequest* stop) {
    const std::vector<double> weights = literal_probabilities(sets, event_probabilities);
    std::vector<double> sums;
    sum_products(sets, weights, stop, sums);
    std::vector<double> result = sum_by_event(sets, weights, sums, stop);
    const double all = sums[sets.root()];
    for (double& share : result) share = all > 0 ? share / all : undefined;
    return result;
}

std::optional<std::vector<double>> fussell_vesely_of_bounds(const CutSets& sets,
                                                            std::span<const double> event_probabilities,
                                                            const StopRequest* stop) {
    const auto probable = probable_sets(sets, event_probabilities, 1000, stop);
    if (!probable) return std::nullopt;
    std::vector<double> logarithms(sets.basic_event_count(), 0.0);
    const double all =
        sum_of_logarithms(sets, event_probabilities, *probable, stop,
                          [&](int k, std::span<const double> weights, std::span<const double> sums) {
                              const std::vector<double> terms = sum_by_event(sets, weights, sums, stop);
                              for (std::size_t i = 0; i < terms.size(); ++i) logarithms[i] += terms[i] / k;
                              for (const ListedCutSet& set : *probable)
                                  for (const EventLiteral& literal : set.literals)
                                      if (!literal.negated)
                                          logarithms[literal.event] -= std::pow(set.probability, k) / k;
                          });
    for (const ListedCutSet& set : *probable)
        for (const EventLiteral& literal : set.literals)
            if (!literal.negated) logarithms[literal.event] -= std::log1p(-set.probability);
    for (double& share : logarithms) share = all > 0 ? std::expm1(-share) / std::expm1(-all) : undefined;
    return logarithms;
}

}  // namespace venturi
