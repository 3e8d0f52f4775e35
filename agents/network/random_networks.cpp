#include "agents/network/random_networks.hpp"

#include "sim/random/ziggurat.hpp"

#include <boost/random/uniform_int_distribution.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace venturi {

namespace {

// Of vertices, and of edges: both are numbered by 32 bits.
constexpr std::uint64_t most_numbered = std::numeric_limits<std::uint32_t>::max();

std::string text_of(double number) {
    std::ostringstream text;
    text << number;
    return text.str();
}

void expect_probability(const char* name, double probability) {
    if (!(probability >= 0 && probability <= 1))
        throw std::invalid_argument(std::string(name) + " is " + text_of(probability)
                                    + "; a probability lies between 0 and 1");
}

void expect_countable(const char* name, std::size_t count) {
    if (count > most_numbered)
        throw std::invalid_argument(std::string(name) + " is " + std::to_string(count) + "; at most "
                                    + std::to_string(most_numbered) + " can be numbered");
}

// A whole number from 0 up to and without `end`, which is positive.
std::uint64_t uniform_below(std::uint64_t end, Stream& stream) {
    DrawEngine engine = stream.next_draw();
    return boost::random::uniform_int_distribution<std::uint64_t>(0, end - 1)(engine);
}

// So many different whole numbers below `end`, sorted. Draws are repeated until there are enough, never more
// than are missing, so that no set is preferred; fast while they are at most half of all. (A hash table,
// which needs no repetition, takes six times as long for a million.)
std::vector<std::uint64_t> distinct_below(std::uint64_t end, std::size_t count, Stream& stream) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(count);
    while (numbers.size() < count) {
        while (numbers.size() < count) numbers.push_back(uniform_below(end, stream));
        std::sort(numbers.begin(), numbers.end());
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    }
    return numbers;
}

NetworkEdge edge_between(std::uint64_t source, std::uint64_t target) {
    return {static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(target), 1};
}

// The earlier vertices that a vertex may be joined with: from `first` up to and without `end`.
struct Row {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
};

// Joins each vertex with each in its row with the same probability. The number of pairs from one that is
// joined to the next is geometric, an exponential variate rounded down. Boost's sorted_erdos_renyi_iterator
// does the same for G(n, p) alone, but forms 1 − p, which a small p does not survive, and can't take p = 1.
template <class RowOf>
void join_each(std::size_t vertices, double probability, const RowOf& row_of, Stream& stream,
               std::vector<NetworkEdge>& edges) {
    if (!(probability > 0)) return;
    const double rate = -std::log1p(-probability);  // infinite for probability 1: never a pair is skipped
    const auto pairs_skipped = [&] { return std::floor(sample_unit_exponential(stream.next_draw()) / rate); };
    double skip = pairs_skipped();
    for (std::size_t vertex = 0; vertex < vertices; ++vertex) {
        const Row row = row_of(vertex);
        std::uint64_t next = row.first;
        while (skip < static_cast<double>(row.end - next)) {
            next += static_cast<std::uint64_t>(skip);
            edges.push_back(edge_between(vertex, next));
            if (edges.size() > most_numbered)
                throw std::invalid_argument("the network has more edges than can be numbered, "
                                            + std::to_string(most_numbered));
            ++next;
            skip = pairs_skipped();
        }
        skip -= static_cast<double>(row.end - next);
    }
}

// Where the community of each vertex begins.
std::vector<std::size_t> beginnings(std::span<const std::size_t> sizes) {
    std::vector<std::size_t> all;
    std::size_t begin = 0;
    for (const std::size_t size : sizes) {
        all.insert(all.end(), size, begin);
        begin += size;
    }
    return all;
}

std::size_t checked_total(std::span<const std::size_t> sizes) {
    std::size_t total = 0;
    for (const std::size_t size : sizes) {
        expect_countable("the size of a community", size);
        total += size;
        expect_countable("the number of vertices", total);
    }
    return total;
}

// The pairs that vertices are joined in, for a graph that is being rewired.
class JoinedPairs {
  public:
    explicit JoinedPairs(std::size_t vertices) : degree_(vertices, 0) {}

    void reserve(std::size_t pairs) { keys_.reserve(pairs); }
    void join(std::uint64_t one, std::uint64_t other) {
        keys_.insert(key_of(one, other));
        ++degree_[one];
        ++degree_[other];
    }
    void part(std::uint64_t one, std::uint64_t other) {
        keys_.erase(key_of(one, other));
        --degree_[one];
        --degree_[other];
    }
    [[nodiscard]] bool joined(std::uint64_t one, std::uint64_t other) const {
        return keys_.contains(key_of(one, other));
    }
    [[nodiscard]] std::size_t degree(std::uint64_t vertex) const { return degree_[vertex]; }

  private:
    static std::uint64_t key_of(std::uint64_t one, std::uint64_t other) {
        return std::min(one, other) << 32 | std::max(one, other);
    }

    std::unordered_set<std::uint64_t> keys_;
    std::vector<std::size_t> degree_;
};

}  // namespace

Network preferential_attachment(const PreferentialAttachmentOptions& options, const StreamAddress& address) {
    const std::size_t m = options.edges_per_newcomer;
    const double attractiveness = options.initial_attractiveness;
    if (m < 1) throw std::invalid_argument("edges_per_newcomer is 0; a newcomer brings at least one edge");
    if (options.vertices <= m)
        throw std::invalid_argument("vertices is " + std::to_string(options.vertices)
                                    + "; for a newcomer with " + std::to_string(m)
                                    + " edges there must be at least " + std::to_string(m + 1));
    if (!(attractiveness > 0 && std::isfinite(attractiveness)))
        throw std::invalid_argument("initial_attractiveness is " + text_of(attractiveness)
                                    + "; it is positive and finite");
    expect_countable("the number of vertices", options.vertices);
    const double edge_count = static_cast<double>(options.vertices - m) * static_cast<double>(m)
                              + static_cast<double>(m) * static_cast<double>(m - 1) / 2;
    if (edge_count > static_cast<double>(most_numbered))
        throw std::invalid_argument("the network would have more edges than can be numbered, "
                                    + std::to_string(most_numbered));

    Network network{.directed = options.directed, .vertices = options.vertices, .edges = {}, .names = {}};
    network.edges.reserve(static_cast<std::size_t>(edge_count));
    Stream stream(address);
    std::vector<std::size_t> chosen_by(options.vertices,
                                       options.vertices);  // the last newcomer that chose it
    for (std::size_t newcomer = 1; newcomer < options.vertices; ++newcomer) {
        if (newcomer <= m) {
            for (std::size_t target = 0; target < newcomer; ++target)
                network.edges.push_back(edge_between(newcomer, target));
            continue;
        }
        // The targets of edges hold each vertex as often as its in-degree says. In-degrees are those before
        // this newcomer.
        const std::size_t before = network.edges.size();
        const double of_edges = static_cast<double>(before);
        const double total = of_edges + attractiveness * static_cast<double>(newcomer);
        while (network.edges.size() < before + m) {
            const bool by_edge = unit_uniform(stream.next_word()) * total < of_edges;
            const std::uint64_t target = by_edge ? network.edges[uniform_below(before, stream)].target
                                                 : uniform_below(newcomer, stream);
            // Without replacement: who was chosen already is drawn again.
            if (chosen_by[target] == newcomer) continue;
            chosen_by[target] = newcomer;
            network.edges.push_back(edge_between(newcomer, target));
        }
    }
    return network;
}

std::vector<std::uint64_t> arrivals(const Network& network) {
    std::vector<std::uint64_t> count(network.vertices, 0);
    for (const NetworkEdge& edge : network.edges) ++count.at(edge.target);
    return count;
}

Network independent_edges(const IndependentEdgesOptions& options, const StreamAddress& address) {
    expect_countable("the number of vertices", options.vertices);
    expect_probability("probability", options.probability);
    Network network{.directed = false, .vertices = options.vertices, .edges = {}, .names = {}};
    Stream stream(address);
    join_each(
        options.vertices, options.probability,
        [](std::size_t vertex) {
            return Row{0, vertex};
        },
        stream, network.edges);
    return network;
}

Network fixed_edge_count(const FixedEdgeCountOptions& options, const StreamAddress& address) {
    const std::uint64_t n = options.vertices;
    expect_countable("the number of vertices", n);
    expect_countable("the number of edges", options.edges);
    const std::uint64_t pairs = n < 2 ? 0 : n % 2 == 0 ? n / 2 * (n - 1) : (n - 1) / 2 * n;
    if (options.edges > pairs)
        throw std::invalid_argument("edges is " + std::to_string(options.edges) + "; " + std::to_string(n)
                                    + " vertices have room for at most " + std::to_string(pairs));
    // Boost's erdos_renyi_iterator may draw an edge twice. Of the edges and the gaps the fewer are drawn.
    Stream stream(address);
    const bool draws_gaps = options.edges > pairs / 2;
    const std::vector<std::uint64_t> drawn =
        distinct_below(pairs, draws_gaps ? pairs - options.edges : options.edges, stream);

    Network network{.directed = false, .vertices = options.vertices, .edges = {}, .names = {}};
    network.edges.reserve(options.edges);
    std::uint64_t vertex = 0;
    std::uint64_t row_begins = 0;  // number of the first pair whose larger end is `vertex`
    const auto join = [&](std::uint64_t pair) {
        while (pair >= row_begins + vertex) row_begins += vertex++;
        network.edges.push_back(edge_between(vertex, pair - row_begins));
    };
    if (!draws_gaps) {
        for (const std::uint64_t pair : drawn) join(pair);
        return network;
    }
    auto gap = drawn.begin();
    for (std::uint64_t pair = 0; pair < pairs; ++pair) {
        if (gap != drawn.end() && *gap == pair)
            ++gap;
        else
            join(pair);
    }
    return network;
}

Network small_world(const SmallWorldOptions& options, const StreamAddress& address) {
    const std::size_t n = options.vertices;
    expect_countable("the number of vertices", n);
    expect_probability("rewiring", options.rewiring);
    if (options.degree < 2 || options.degree % 2 != 0 || options.degree >= n)
        throw std::invalid_argument("degree is " + std::to_string(options.degree)
                                    + "; on a ring it is even, at least 2, and less than the number of "
                                      "vertices, "
                                    + std::to_string(n));
    const std::size_t half = options.degree / 2;
    if (half > most_numbered / n)
        throw std::invalid_argument("the network would have more edges than can be numbered, "
                                    + std::to_string(most_numbered));

    Network network{.directed = false, .vertices = n, .edges = {}, .names = {}};
    network.edges.reserve(n * half);
    JoinedPairs pairs(n);
    pairs.reserve(n * half);
    for (std::size_t distance = 1; distance <= half; ++distance) {
        for (std::size_t source = 0; source < n; ++source) {
            const std::size_t target = (source + distance) % n;
            network.edges.push_back(edge_between(source, target));
            pairs.join(source, target);
        }
    }
    // Boost's small_world_iterator looks at neighbours on the ring only, and may make an edge twice.
    Stream stream(address);
    for (NetworkEdge& edge : network.edges) {
        if (!(unit_uniform(stream.next_word()) < options.rewiring)) continue;
        if (pairs.degree(edge.source) == n - 1) continue;
        std::uint64_t target = edge.source;
        while (target == edge.source || pairs.joined(edge.source, target)) target = uniform_below(n, stream);
        pairs.part(edge.source, edge.target);
        pairs.join(edge.source, target);
        edge = edge_between(edge.source, target);
    }
    return network;
}

Network planted_communities(const PlantedCommunitiesOptions& options, const StreamAddress& address) {
    const std::size_t vertices = checked_total(options.sizes);
    expect_probability("inside", options.inside);
    expect_probability("between", options.between);
    Network network{.directed = false, .vertices = vertices, .edges = {}, .names = {}};
    const std::vector<std::size_t> begin = beginnings(options.sizes);
    Stream stream(address);
    join_each(
        vertices, options.inside,
        [&](std::size_t vertex) {
            return Row{begin[vertex], vertex};
        },
        stream, network.edges);
    join_each(
        vertices, options.between,
        [&](std::size_t vertex) {
            return Row{0, begin[vertex]};
        },
        stream, network.edges);
    return network;
}

std::vector<std::uint32_t> planted_community(std::span<const std::size_t> sizes) {
    std::vector<std::uint32_t> all;
    all.reserve(checked_total(sizes));
    for (std::size_t community = 0; community < sizes.size(); ++community)
        all.insert(all.end(), sizes[community], static_cast<std::uint32_t>(community));
    return all;
}

}  // namespace venturi
