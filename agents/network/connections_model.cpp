#include "agents/network/connections_model.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

constexpr double rounding = 1e-12;
constexpr std::size_t most_players = 6;

using Pair = std::pair<std::uint32_t, std::uint32_t>;

void expect_sound_model(const ConnectionsModel& model) {
    if (!(model.decay > 0 && model.decay < 1))
        throw std::invalid_argument("decay is " + std::to_string(model.decay)
                                    + "; it lies between 0 and 1, both excluded");
    if (!std::isfinite(model.cost) || model.cost < 0)
        throw std::invalid_argument("cost is " + std::to_string(model.cost)
                                    + "; it is finite and not negative");
}

void expect_sound_pair(const Network& network, const ConnectionsModel& model) {
    expect_sound_model(model);
    expect_sound(network);
    if (network.directed) throw std::invalid_argument("the connections model has undirected networks only");
}

using Neighbours = std::vector<std::vector<std::uint32_t>>;

Neighbours neighbours_of(const Network& network) {
    Neighbours result(network.vertices);
    for (const NetworkEdge& edge : network.edges) {
        result[edge.source].push_back(edge.target);
        result[edge.target].push_back(edge.source);
    }
    return result;
}

/// Utilities of single players, by a search from them; keeps its memory from one to the next. By hand and not
/// Boost's search, which would need a copy of the graph for each edge that is tried.
class UtilitySearch {
  public:
    UtilitySearch(const Neighbours& neighbours, const ConnectionsModel& model)
        : neighbours_(neighbours), model_(model), seen_(neighbours.size()) {}

    /// Of a player, were its edge with `toggled` dropped where it is there, or added where it isn't.
    double of(std::uint32_t player, std::optional<std::uint32_t> toggled = {}) {
        std::fill(seen_.begin(), seen_.end(), 0);
        seen_[player] = 1;
        reached_.clear();
        bool adds = toggled.has_value();
        for (const std::uint32_t each : neighbours_[player]) {
            if (each == toggled)
                adds = false;
            else
                reach(each);
        }
        if (adds) reach(*toggled);
        // The player has been seen: so its other edges matter to nothing that is found from here on.
        double utility = -model_.cost * static_cast<double>(reached_.size());
        double worth = model_.decay;
        for (std::size_t begin = 0; begin < reached_.size(); worth *= model_.decay) {
            const std::size_t end = reached_.size();
            utility += worth * static_cast<double>(end - begin);
            for (; begin < end; ++begin)
                for (const std::uint32_t each : neighbours_[reached_[begin]]) reach(each);
        }
        return utility;
    }

  private:
    void reach(std::uint32_t player) {
        if (seen_[player]) return;
        seen_[player] = 1;
        reached_.push_back(player);
    }

    const Neighbours& neighbours_;
    ConnectionsModel model_;
    std::vector<char> seen_;
    std::vector<std::uint32_t> reached_;
};

/// Whether two whose edge is there keep it, or whose edge isn't there do without.
bool is_content(bool joined, double gain, double other_gain) {
    if (joined) return gain <= rounding && other_gain <= rounding;
    return std::max(gain, other_gain) <= rounding || std::min(gain, other_gain) < -rounding;
}

// A network of a few players as a number, with a bit for each pair.
using Code = std::uint32_t;

std::vector<Pair> pairs_of(std::uint32_t players) {
    std::vector<Pair> result;
    for (std::uint32_t i = 0; i < players; ++i)
        for (std::uint32_t j = i + 1; j < players; ++j) result.emplace_back(i, j);
    return result;
}

Network decoded(Code code, std::size_t players, const std::vector<Pair>& pairs) {
    Network result{.vertices = players};
    for (std::size_t k = 0; k < pairs.size(); ++k)
        if (code >> k & 1U) result.edges.push_back({pairs[k].first, pairs[k].second});
    return result;
}

using Utilities = std::array<double, most_players>;

Utilities utilities_of(Code code, std::uint32_t players, const std::vector<Pair>& pairs,
                       const ConnectionsModel& model) {
    std::array<std::uint32_t, most_players> neighbours = {};  // as sets of bits
    for (std::size_t k = 0; k < pairs.size(); ++k)
        if (code >> k & 1U) {
            neighbours[pairs[k].first] |= 1U << pairs[k].second;
            neighbours[pairs[k].second] |= 1U << pairs[k].first;
        }
    Utilities result = {};
    for (std::uint32_t i = 0; i < players; ++i) {
        result[i] = -model.cost * std::popcount(neighbours[i]);
        std::uint32_t seen = 1U << i;
        double worth = model.decay;
        for (std::uint32_t ring = neighbours[i]; ring != 0; worth *= model.decay) {
            result[i] += worth * std::popcount(ring);
            seen |= ring;
            std::uint32_t next = 0;
            for (std::uint32_t j = 0; j < players; ++j)
                if (ring >> j & 1U) next |= neighbours[j];
            ring = next & ~seen;
        }
    }
    return result;
}

/// One network of each sort among the codes, the least; `codes` holds all namings of whatever it holds.
std::vector<UnnamedNetwork> without_names(const std::vector<Code>& codes, std::uint32_t players,
                                          const std::vector<Pair>& pairs) {
    std::vector<char> seen(std::size_t{1} << pairs.size(), 0);
    std::vector<UnnamedNetwork> result;
    for (const Code code : codes) {
        if (seen[code]) continue;
        UnnamedNetwork sort{.network = decoded(code, players, pairs)};
        std::array<std::uint32_t, most_players> name = {};
        std::iota(name.begin(), name.begin() + players, 0U);
        do {
            Code renamed = 0;
            for (std::size_t k = 0; k < pairs.size(); ++k) {
                if (!(code >> k & 1U)) continue;
                const auto [low, high] = std::minmax(name[pairs[k].first], name[pairs[k].second]);
                // Pairs stand in the order of their lower ends: before those of `low` are those of all below.
                renamed |= 1U << (low * players - low * (low + 1) / 2 + high - low - 1);
            }
            if (seen[renamed]) continue;
            seen[renamed] = 1;
            ++sort.namings;
        } while (std::next_permutation(name.begin(), name.begin() + players));
        result.push_back(std::move(sort));
    }
    return result;
}

}  // namespace

std::vector<double> connections_utilities(const Network& network, const ConnectionsModel& model) {
    expect_sound_pair(network, model);
    const Neighbours neighbours = neighbours_of(network);
    UtilitySearch utility(neighbours, model);
    std::vector<double> result;
    for (std::uint32_t i = 0; i < network.vertices; ++i) result.push_back(utility.of(i));
    return result;
}

double connections_welfare(const Network& network, const ConnectionsModel& model) {
    const std::vector<double> utilities = connections_utilities(network, model);
    return std::accumulate(utilities.begin(), utilities.end(), 0.0);
}

bool is_pairwise_stable(const Network& network, const ConnectionsModel& model) {
    const std::vector<double> now = connections_utilities(network, model);
    const Neighbours neighbours = neighbours_of(network);
    UtilitySearch utility(neighbours, model);
    std::vector<char> joined(network.vertices);
    for (std::uint32_t i = 0; i < network.vertices; ++i) {
        std::fill(joined.begin(), joined.end(), 0);
        for (const std::uint32_t j : neighbours[i]) joined[j] = 1;
        for (std::uint32_t j = i + 1; j < network.vertices; ++j)
            if (!is_content(joined[j], utility.of(i, j) - now[i], utility.of(j, i) - now[j])) return false;
    }
    return true;
}

ConnectionsShape efficient_shape(std::size_t players, const ConnectionsModel& model) {
    expect_sound_model(model);
    const double indirect = model.decay * model.decay;
    if (model.cost < model.decay - indirect) return ConnectionsShape::complete;
    if (model.cost < model.decay + (static_cast<double>(players) - 2) * indirect / 2)
        return ConnectionsShape::star;
    return ConnectionsShape::empty;
}

Network network_of_shape(ConnectionsShape shape, std::size_t players) {
    Network result{.vertices = players};
    if (shape == ConnectionsShape::empty) return result;
    const auto n = static_cast<std::uint32_t>(players);
    const std::uint32_t hubs = shape == ConnectionsShape::star ? 1 : n;
    for (std::uint32_t i = 0; i < hubs; ++i)
        for (std::uint32_t j = i + 1; j < n; ++j) result.edges.push_back({i, j});
    return result;
}

ConnectionsCensus connections_census(std::size_t players, const ConnectionsModel& model) {
    expect_sound_model(model);
    if (players < 1 || players > most_players)
        throw std::invalid_argument("there are " + std::to_string(players)
                                    + " players; all networks are tried for 1 to 6");
    const auto n = static_cast<std::uint32_t>(players);
    const std::vector<Pair> pairs = pairs_of(n);
    const std::size_t networks = std::size_t{1} << pairs.size();
    std::vector<Utilities> utilities(networks);
    std::vector<double> welfare(networks);
    for (Code code = 0; code < networks; ++code) {
        utilities[code] = utilities_of(code, n, pairs, model);
        welfare[code] = std::accumulate(utilities[code].begin(), utilities[code].end(), 0.0);
    }
    const double greatest = *std::max_element(welfare.begin(), welfare.end());
    std::vector<Code> efficient;
    std::vector<Code> stable;
    for (Code code = 0; code < networks; ++code) {
        if (welfare[code] >= greatest - rounding) efficient.push_back(code);
        bool content = true;
        for (std::size_t k = 0; content && k < pairs.size(); ++k) {
            const auto [i, j] = pairs[k];
            const Utilities& other = utilities[code ^ (Code{1} << k)];
            content =
                is_content(code >> k & 1U, other[i] - utilities[code][i], other[j] - utilities[code][j]);
        }
        if (content) stable.push_back(code);
    }
    return {.greatest_welfare = greatest,
            .efficient = without_names(efficient, n, pairs),
            .stable = without_names(stable, n, pairs)};
}

}  // namespace venturi
