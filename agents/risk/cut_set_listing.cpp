#include "agents/risk/cut_set_listing.hpp"

#include "agents/risk/deep_recursion.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace venturi {

namespace {

/// −log2 of a probability in units of 2^−40. Integers, so that sums of costs are equal where the products
/// are, in whichever order they are taken.
using Cost = std::int64_t;
constexpr double cost_unit = 0x1p-40;
constexpr Cost impossible = Cost{1} << 61;

Cost cost_of(double probability) {
    return probability > 0 ? static_cast<Cost>(std::llround(-std::log2(probability) / cost_unit))
                           : impossible;
}

Cost sum(Cost a, Cost b) {
    return std::min(a + b, impossible);
}

using Order = std::uint64_t;
constexpr Order unlimited = std::numeric_limits<std::uint32_t>::max();
constexpr Order no_set = unlimited + 1;  // least order of a family without sets

double probability_of(const EventLiteral& literal, std::span<const double> event_probabilities) {
    const double p = event_probabilities[literal.event];
    return literal.negated ? 1 - p : p;
}

/// Rankings of the sets of nodes, each as far as it was asked for. Where a node's sets are ranked, those of
/// the chain of its `without` children are too, so that a set costs memory for each of its literals and not
/// for each node on its path.
class Rankings {
  public:
    Rankings(const CutSets& sets, std::span<const double> event_probabilities, Order most_literals)
        : sets_(sets), rankings_(1) {
        const auto cost = [&](const EventLiteral& literal) {
            return cost_of(probability_of(literal, event_probabilities));
        };
        const auto one = [](const EventLiteral&) { return Order{1}; };
        const auto least = [](auto a, auto b) { return std::min(a, b); };
        const auto greatest = [](auto a, auto b) { return std::max(a, b); };
        const auto joined = [](Order a, Order b) { return std::min(a + b, no_set); };
        least_cost_ = node_values(sets, impossible, Cost{0}, cost, least, sum);
        least_order_ = node_values(sets, no_set, Order{0}, one, least, joined);
        greatest_order_ = node_values(sets, Order{0}, Order{0}, one, greatest, joined);
        for (const CutSets::Variable& variable : sets.variables())
            costs_.push_back(variable.kind == CutSets::Variable::Kind::literal ? cost(variable.literal) : 0);
        top_ = ranking_of(sets.root(), most_literals);
    }

    /// Where a ranked set is found.
    struct Rank {
        Cost cost = 0;
        std::uint32_t order = 0;
        std::uint32_t source = 0;  // number of a chain's source; of a product, rank of the part's set
        std::uint32_t rank = 0;    // in the source's ranking, of a product in that of the others
    };

    /// The whole family's set of that rank, from 0; null if it has no more.
    const Rank* top(std::uint32_t rank) { return find(top_, rank); }

    [[nodiscard]] std::vector<EventLiteral> literals(std::uint32_t rank) const {
        std::vector<EventLiteral> result;
        collect(top_, rank, result);
        std::sort(result.begin(), result.end());
        return result;
    }

    [[nodiscard]] Order greatest_order() const { return greatest_order_[sets_.root()]; }

  private:
    enum class Kind : std::uint8_t {
        chain,   // the sets of a node: of each node of its chain, those with the variable
        product  // the sets of a node with the variable, which stands for a part
    };

    /// A node of a chain: its sets with the variable are those of a ranking, and the literal, if it is one.
    struct Source {
        std::uint32_t node = 0;
        std::uint32_t ranking = 0;
    };

    struct Ranking {
        Kind kind = Kind::chain;
        std::uint32_t node = 0;
        Order most_literals = 0;
        std::vector<Source> sources = {};  // of a product: the part and the others
        std::vector<Rank> open = {};       // a heap, the best first
        std::vector<Rank> ranks = {};
    };

    // As a rank, in `open`: a chain from the node `source` on, of which no set is better than `cost`.
    static constexpr std::uint32_t unexplored = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t nothing = 0;  // the ranking without sets

    /// Of the sets of a node that leave room for `others` literals within the limit.
    std::uint32_t ranking_of(std::uint32_t node, Order most_literals, Order others = 0) {
        if (least_order_[node] + others > most_literals) return nothing;
        if (most_literals != unlimited) most_literals -= others;
        return ranking_of(Kind::chain, node, most_literals);
    }

    std::uint32_t ranking_of(Kind kind, std::uint32_t node, Order most_literals) {
        // A limit that excludes nothing is no limit: such rankings are shared.
        if (greatest_order_[node] <= most_literals) most_literals = unlimited;
        const std::uint64_t key =
            most_literals << 32 | std::uint64_t{node} << 1 | static_cast<std::uint64_t>(kind);
        const auto made = static_cast<std::uint32_t>(rankings_.size());
        const auto [found, is_new] = numbers_.try_emplace(key, made);
        if (is_new) {
            rankings_.push_back({.kind = kind, .node = node, .most_literals = most_literals});
            if (kind == Kind::chain)
                put(rankings_.back(), {least_cost_[node], 0, node, unexplored});
            else
                open_product(rankings_.back());
        }
        return found->second;
    }

    const Rank* find(std::uint32_t number, std::uint32_t rank) {
        Ranking& ranking = rankings_[number];  // a deque: stays where it is
        while (ranking.ranks.size() <= rank && !ranking.open.empty())
            ranking.kind == Kind::chain ? extend_chain(ranking) : extend_product(ranking);
        return rank < ranking.ranks.size() ? &ranking.ranks[rank] : nullptr;
    }

    void extend_chain(Ranking& ranking) {
        const Rank best = take(ranking);
        if (best.rank == unexplored) {
            explore(ranking, best.source);
            return;
        }
        ranking.ranks.push_back(best);
        put_source(ranking, best.source, best.rank + 1);
    }

    void explore(Ranking& ranking, std::uint32_t chain_node) {
        const auto source = static_cast<std::uint32_t>(ranking.sources.size());
        ranking.sources.push_back({.node = chain_node, .ranking = nothing});
        if (chain_node == 1) {
            put(ranking, {0, 0, source, 0});
            return;
        }
        const CutSets::Node& node = sets_.nodes()[chain_node];
        ranking.sources[source].ranking = with_variable(chain_node, ranking.most_literals);
        put_source(ranking, source, 0);
        if (least_order_[node.without] <= ranking.most_literals)
            put(ranking, {least_cost_[node.without], 0, node.without, unexplored});
    }

    std::uint32_t with_variable(std::uint32_t node, Order most_literals) {
        const CutSets::Node& split = sets_.nodes()[node];
        if (!is_part(node)) return ranking_of(split.with, most_literals, 1);
        const Order least = least_order_[split.with] + least_order_[part_of(node)];
        return least > most_literals ? nothing : ranking_of(Kind::product, node, most_literals);
    }

    void put_source(Ranking& ranking, std::uint32_t source, std::uint32_t rank) {
        const Source from = ranking.sources[source];
        if (from.node == 1) return;  // the empty set was its only one
        if (const Rank* found = find(from.ranking, rank)) {
            const bool part = is_part(from.node);
            const Cost cost = part ? 0 : costs_[sets_.nodes()[from.node].variable];
            put(ranking, {sum(found->cost, cost), found->order + (part ? 0 : 1), source, rank});
        }
    }

    void open_product(Ranking& ranking) {
        const std::uint32_t others = sets_.nodes()[ranking.node].with;
        const std::uint32_t part = part_of(ranking.node);
        ranking.sources = {{part, ranking_of(part, ranking.most_literals, least_order_[others])},
                           {others, ranking_of(others, ranking.most_literals, least_order_[part])}};
        put_pair(ranking, 0, 0);
    }

    // The pair (i, j) is followed by (i, j + 1), and (i, 0) by (i + 1, 0) too, so that each comes once and
    // after a better one.
    void extend_product(Ranking& ranking) {
        const Rank best = take(ranking);
        put_pair(ranking, best.source, best.rank + 1);
        if (best.rank == 0) put_pair(ranking, best.source + 1, 0);
        if (best.order <= ranking.most_literals) ranking.ranks.push_back(best);
    }

    void put_pair(Ranking& ranking, std::uint32_t part_rank, std::uint32_t rank) {
        const Rank* part = find(ranking.sources[0].ranking, part_rank);
        const Rank* others = find(ranking.sources[1].ranking, rank);
        if (part != nullptr && others != nullptr)
            put(ranking, {sum(part->cost, others->cost), part->order + others->order, part_rank, rank});
    }

    // For heaps, whose front is the last of this order: by cost, then fewer literals, then in a fixed order.
    static bool after(const Rank& a, const Rank& b) {
        if (a.cost != b.cost) return a.cost > b.cost;
        if (a.order != b.order) return a.order > b.order;
        const bool known_a = a.rank != unexplored;
        const bool known_b = b.rank != unexplored;
        if (known_a != known_b) return known_a;
        return a.source != b.source ? a.source > b.source : a.rank > b.rank;
    }

    static void put(Ranking& ranking, const Rank& rank) {
        ranking.open.push_back(rank);
        std::push_heap(ranking.open.begin(), ranking.open.end(), after);
    }

    static Rank take(Ranking& ranking) {
        std::pop_heap(ranking.open.begin(), ranking.open.end(), after);
        const Rank best = ranking.open.back();
        ranking.open.pop_back();
        return best;
    }

    void collect(std::uint32_t number, std::uint32_t rank, std::vector<EventLiteral>& result) const {
        for (;;) {
            const Ranking& ranking = rankings_[number];
            const Rank& chosen = ranking.ranks[rank];
            if (ranking.kind == Kind::product) {
                collect(ranking.sources[0].ranking, chosen.source, result);
                number = ranking.sources[1].ranking;
            } else {
                const Source& source = ranking.sources[chosen.source];
                if (source.node == 1) return;
                if (!is_part(source.node)) result.push_back(variable_of(source.node).literal);
                number = source.ranking;
            }
            rank = chosen.rank;
        }
    }

    [[nodiscard]] const CutSets::Variable& variable_of(std::uint32_t node) const {
        return sets_.variables()[sets_.nodes()[node].variable];
    }
    [[nodiscard]] bool is_part(std::uint32_t node) const {
        return variable_of(node).kind == CutSets::Variable::Kind::part;
    }
    [[nodiscard]] std::uint32_t part_of(std::uint32_t node) const {
        return sets_.parts()[variable_of(node).part];
    }

    const CutSets& sets_;
    std::vector<Cost> costs_;                                   // by variable
    std::vector<Cost> least_cost_;                              // by node
    std::vector<Order> least_order_;                            // by node
    std::vector<Order> greatest_order_;                         // by node
    std::deque<Ranking> rankings_;                              // the first has no sets
    std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  // of rankings by limit, node and kind
    std::uint32_t top_ = 0;
};

}  // namespace

namespace {

std::vector<ListedCutSet> listed_within(const CutSets& sets, std::span<const double> event_probabilities,
                                        const ListingLimits& limits) {
    Rankings rankings(sets, event_probabilities, limits.most_literals);
    // A rounded cost may be wrong by half a unit for each literal.
    const Cost dearest = limits.least_probability > 0 ? cost_of(limits.least_probability) + 1
                                                            + static_cast<Cost>(rankings.greatest_order())
                                                      : impossible;
    std::vector<ListedCutSet> listed;
    for (std::uint32_t rank = 0; listed.size() < limits.number; ++rank) {
        if (rank % 64 == 0) stop_if_requested(limits.stop);
        const Rankings::Rank* next = rankings.top(rank);
        if (next == nullptr || next->cost > dearest) break;
        ListedCutSet set{.probability = 1, .literals = rankings.literals(rank)};
        for (const EventLiteral& literal : set.literals)
            set.probability *= probability_of(literal, event_probabilities);
        if (set.probability >= limits.least_probability) listed.push_back(std::move(set));
    }
    std::sort(listed.begin(), listed.end(), [](const ListedCutSet& a, const ListedCutSet& b) {
        if (a.probability != b.probability) return a.probability > b.probability;
        if (a.literals.size() != b.literals.size()) return a.literals.size() < b.literals.size();
        return a.literals < b.literals;
    });
    return listed;
}

}  // namespace

std::vector<ListedCutSet> list_cut_sets(const CutSets& sets, std::span<const double> event_probabilities,
                                        const ListingLimits& limits) {
    expects(event_probabilities.size() == sets.basic_event_count(), "one probability for each basic event");
    for (const double p : event_probabilities) expects(p >= 0 && p <= 1, "probabilities are in [0, 1]");
    expects(limits.least_probability >= 0 && limits.least_probability <= 1,
            "a least probability is in [0, 1]");
    // A ranking asks for those of what is below it.
    return with_levels(2 * sets.variables().size(),
                       [&] { return listed_within(sets, event_probabilities, limits); });
}

}  // namespace venturi
