#include "agents/risk/truncated_diagram.hpp"

#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t no_entry = ~std::uint32_t{0};
constexpr std::size_t smallest_table = std::size_t{1} << 12;
constexpr std::size_t largest_cache = std::size_t{1} << 20;
constexpr std::uint64_t steps_between_looks = std::uint64_t{1} << 16;  // at whether a stop is requested
constexpr double reuse = 4;  // by how much coarser than asked for a result may be that is used again

// The finaliser of Steele, Lea and Flood's SplitMix (2014), over a product with odd constants.
std::size_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    std::uint64_t x = a * 0x9E3779B97F4A7C15U ^ b * 0xC2B2AE3D27D4EB4FU ^ c * 0x165667B19E3779F9U;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>(x ^ x >> 31);
}

}  // namespace

TruncatedDiagrams::TruncatedDiagrams(std::vector<double> probabilities, std::size_t nodes,
                                     const StopRequest* stop)
    : probabilities_(std::move(probabilities)),
      buckets_(smallest_table, no_entry),
      cache_(smallest_table),
      most_nodes_(std::min<std::size_t>(nodes, std::size_t{1} << 31)),
      stop_(stop) {
    nodes_.push_back({no_entry, {}, {}, no_entry, 1, 0});
}

void TruncatedDiagrams::allow(std::uint64_t steps) {
    most_steps_ = steps_ + steps;
    exhausted_ = false;
}

DiagramEdge TruncatedDiagrams::variable(std::uint32_t variable) {
    return make(variable, DiagramEdge::always(), DiagramEdge::never());
}

std::size_t TruncatedDiagrams::count_nodes(DiagramEdge edge, std::size_t most) const {
    std::vector<std::uint32_t> found = {edge.node()};
    for (std::size_t i = 0; i < found.size() && found.size() <= most; ++i) {
        if (found[i] == 0) continue;
        for (const std::uint32_t next : {nodes_[found[i]].high.node(), nodes_[found[i]].low.node()})
            if (std::find(found.begin(), found.end(), next) == found.end()) found.push_back(next);
    }
    return found.size();
}

std::vector<DiagramEdge> TruncatedDiagrams::implied_literals(DiagramEdge edge) {
    // A literal as 2 · variable + complemented. Functions are true along either of their branches, so that
    // they imply what both do; never, which implies anything, has no entry.
    using Literals = std::vector<std::uint32_t>;
    std::map<std::uint32_t, Literals> found = {{DiagramEdge::always().code(), {}}};
    std::vector<DiagramEdge> open = {edge};
    const auto branch = [&](DiagramEdge next, std::uint32_t literal) {
        Literals literals = found.at(next.code());
        literals.push_back(literal);
        return literals;
    };
    while (!open.empty()) {
        const DiagramEdge at = open.back();
        if (at == DiagramEdge::never() || found.contains(at.code())) {
            open.pop_back();
            continue;
        }
        const std::uint32_t variable = top_variable(at);
        const DiagramEdge high = child(at, variable, true);
        const DiagramEdge low = child(at, variable, false);
        bool ready = true;
        for (const DiagramEdge next : {high, low}) {
            if (next == DiagramEdge::never() || found.contains(next.code())) continue;
            open.push_back(next);
            ready = false;
        }
        if (!ready) continue;
        open.pop_back();
        if (high == DiagramEdge::never()) {
            found[at.code()] = branch(low, 2 * variable + 1);
        } else if (low == DiagramEdge::never()) {
            found[at.code()] = branch(high, 2 * variable);
        } else {
            // Of the deepest variable first, as all are.
            const Literals& a = found.at(high.code());
            const Literals& b = found.at(low.code());
            Literals common;
            std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common),
                                  std::greater<>{});
            found[at.code()] = std::move(common);
        }
    }
    std::vector<DiagramEdge> literals;
    if (edge == DiagramEdge::never()) return literals;
    for (const std::uint32_t literal : found.at(edge.code())) {
        const DiagramEdge positive = variable(literal / 2);
        literals.push_back(literal % 2 == 1 ? !positive : positive);
    }
    std::sort(literals.begin(), literals.end(),
              [](DiagramEdge a, DiagramEdge b) { return a.code() < b.code(); });
    return literals;
}

TruncatedFunction TruncatedDiagrams::conjunction(DiagramEdge f, DiagramEdge g, double cut_off) {
    cut_off_ = cut_off;
    return join(f, g, 1);
}

TruncatedFunction TruncatedDiagrams::disjunction(DiagramEdge f, DiagramEdge g, double cut_off) {
    const TruncatedFunction neither = conjunction(!f, !g, cut_off);
    return {!neither.edge, neither.added, neither.lost};
}

TruncatedFunction TruncatedDiagrams::join(DiagramEdge f, DiagramEdge g, double reach) {
    if (f == DiagramEdge::never() || g == DiagramEdge::never() || f == !g) return {};
    if (f == DiagramEdge::always() || f == g) return {g};
    if (g == DiagramEdge::always()) return {f};
    if (f.code() > g.code()) std::swap(f, g);

    const bool f_is_rarer = probability(f) < probability(g);
    const double true_at_most = probability(f_is_rarer ? f : g);
    const double false_at_most = probability(f_is_rarer ? !g : !f);
    if (reach * std::min(true_at_most, false_at_most) < cut_off_) {
        if (true_at_most <= false_at_most) return {DiagramEdge::never(), true_at_most, 0};
        return {f_is_rarer ? f : g, 0, false_at_most};
    }

    const std::size_t place = mix(f.code(), g.code(), 0);
    {
        const Entry& entry = cache_[place & (cache_.size() - 1)];
        if (entry.f == f.code() && entry.g == g.code()) {
            const bool exact = entry.lost == 0 && entry.added == 0;
            if (exact || static_cast<double>(entry.tolerance) * reach <= reuse * cut_off_)
                return {entry.edge, entry.lost, entry.added};
        }
    }
    if (steps_ >= most_steps_ || nodes_.size() >= most_nodes_) exhausted_ = true;
    if (exhausted_) return {};
    if (++steps_ % steps_between_looks == 0) stop_if_requested(stop_);

    const std::uint32_t variable = std::min(top_variable(f), top_variable(g));
    const double p = probabilities_[variable];
    // Low first: of a variable that seldom happens it is the likelier, and its results will be used again.
    const TruncatedFunction low = join(child(f, variable, false), child(g, variable, false), reach * (1 - p));
    const TruncatedFunction high = join(child(f, variable, true), child(g, variable, true), reach * p);
    if (exhausted_) return {};
    const TruncatedFunction result{make(variable, high.edge, low.edge), p * high.lost + (1 - p) * low.lost,
                                   p * high.added + (1 - p) * low.added};
    cache_[place & (cache_.size() - 1)] = {
        f.code(), g.code(), result.edge, static_cast<float>(cut_off_ / reach), result.lost, result.added};
    return result;
}

DiagramEdge TruncatedDiagrams::child(DiagramEdge edge, std::uint32_t variable, bool high) const {
    const Node& node = nodes_[edge.node()];
    if (node.variable != variable) return edge;
    const DiagramEdge next = high ? node.high : node.low;
    return edge.complemented() ? !next : next;
}

std::uint32_t& TruncatedDiagrams::bucket_of(std::uint32_t variable, DiagramEdge high, DiagramEdge low) {
    return buckets_[mix(variable, high.code(), low.code()) & (buckets_.size() - 1)];
}

DiagramEdge TruncatedDiagrams::make(std::uint32_t variable, DiagramEdge high, DiagramEdge low) {
    if (high == low) return high;
    const bool complemented = high.complemented();
    if (complemented) {
        high = !high;
        low = !low;
    }
    for (std::uint32_t i = bucket_of(variable, high, low); i != no_entry; i = nodes_[i].next)
        if (nodes_[i].variable == variable && nodes_[i].high == high && nodes_[i].low == low)
            return {i, complemented};
    if (nodes_.size() > buckets_.size()) rehash();
    std::uint32_t& bucket = bucket_of(variable, high, low);
    const double p = probabilities_[variable];
    nodes_.push_back({variable, high, low, bucket, p * probability(high) + (1 - p) * probability(low),
                      p * probability(!high) + (1 - p) * probability(!low)});
    bucket = static_cast<std::uint32_t>(nodes_.size() - 1);
    return {bucket, complemented};
}

void TruncatedDiagrams::rehash() {
    std::fill(buckets_.begin(), buckets_.end(), no_entry);
    while (buckets_.size() < nodes_.size()) buckets_.resize(4 * buckets_.size(), no_entry);
    for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
        std::uint32_t& bucket = bucket_of(nodes_[i].variable, nodes_[i].high, nodes_[i].low);
        nodes_[i].next = std::exchange(bucket, i);
    }
    // The cache grows with the table; what it held is found again or made again.
    if (cache_.size() < std::min(buckets_.size(), largest_cache))
        cache_.assign(std::min(buckets_.size(), largest_cache), {});
}

void TruncatedDiagrams::collect(std::span<DiagramEdge* const> roots) {
    std::vector<bool> live(nodes_.size());
    std::vector<std::uint32_t> open = {0};
    for (const DiagramEdge* root : roots) open.push_back(root->node());
    while (!open.empty()) {
        const std::uint32_t i = open.back();
        open.pop_back();
        if (live[i]) continue;
        live[i] = true;
        open.push_back(nodes_[i].high.node());
        open.push_back(nodes_[i].low.node());
    }
    std::vector<std::uint32_t> renumbered(nodes_.size());
    const auto renumber = [&](DiagramEdge edge) {
        return DiagramEdge(renumbered[edge.node()], edge.complemented());
    };
    // Children come before their parents, so that they have been renumbered.
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        if (!live[i]) continue;
        renumbered[i] = kept;
        Node node = nodes_[i];
        node.high = renumber(node.high);
        node.low = renumber(node.low);
        nodes_[kept++] = node;
    }
    nodes_.resize(kept);
    for (DiagramEdge* root : roots) *root = renumber(*root);
    std::fill(cache_.begin(), cache_.end(), Entry{});
    rehash();
}

}  // namespace venturi
