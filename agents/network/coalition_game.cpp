#include "agents/network/coalition_game.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

void expect_players(std::size_t players) {
    if (players < 1 || players > most_coalition_players)
        throw std::invalid_argument("a coalition game has " + std::to_string(players)
                                    + " players; it can have 1 to " + std::to_string(most_coalition_players));
}

void expect_value(std::size_t coalition, double value) {
    if (!std::isfinite(value))
        throw std::invalid_argument("the value of coalition " + std::to_string(coalition) + " is "
                                    + std::to_string(value) + "; it is finite");
    if (coalition == 0 && value != 0)
        throw std::invalid_argument("the value of nobody is " + std::to_string(value) + "; it is 0");
}

std::size_t players_of(std::span<const double> values) {
    if (values.size() < 2 || !std::has_single_bit(values.size()))
        throw std::invalid_argument("there are " + std::to_string(values.size())
                                    + " values of coalitions; there are 2 to the number of players");
    const auto players = static_cast<std::size_t>(std::countr_zero(values.size()));
    expect_players(players);
    for (std::size_t coalition = 0; coalition < values.size(); ++coalition)
        expect_value(coalition, values[coalition]);
    return players;
}

/// A player's marginal contributions, summed over coalitions of each size. Sums of a size are weighted alike:
/// so integers stay exact until the end.
using SumsBySize = std::array<double, most_coalition_players>;

SumsBySize marginal_sums(std::span<const double> values, std::size_t player) {
    const std::size_t own = std::size_t{1} << player;
    SumsBySize sums = {};
    for (std::size_t coalition = 0; coalition < values.size(); ++coalition)
        if ((coalition & own) == 0)
            sums[static_cast<std::size_t>(std::popcount(coalition))] +=
                values[coalition | own] - values[coalition];
    return sums;
}

}  // namespace

std::vector<double> coalition_values(std::size_t players, const CharacteristicFunction& value) {
    expect_players(players);
    std::vector<double> result(std::size_t{1} << players);
    for (std::size_t coalition = 0; coalition < result.size(); ++coalition) {
        result[coalition] = value(static_cast<std::uint32_t>(coalition));
        expect_value(coalition, result[coalition]);
    }
    return result;
}

void shapley_value(std::span<const double> values, std::span<double> into) {
    const std::size_t players = players_of(values);
    if (into.size() != players)
        throw std::invalid_argument("there is room for " + std::to_string(into.size()) + " players, of "
                                    + std::to_string(players));
    for (std::size_t player = 0; player < players; ++player) {
        const SumsBySize sums = marginal_sums(values, player);
        double coalitions = 1;  // of this size among the others
        double sum = 0;
        for (std::size_t size = 0; size < players; ++size) {
            sum += sums[size] / coalitions;
            coalitions = coalitions * static_cast<double>(players - 1 - size) / static_cast<double>(size + 1);
        }
        into[player] = sum / static_cast<double>(players);
    }
}

std::vector<double> shapley_value(std::span<const double> values) {
    std::vector<double> result(players_of(values));
    shapley_value(values, result);
    return result;
}

std::vector<double> banzhaf_value(std::span<const double> values) {
    const std::size_t players = players_of(values);
    std::vector<double> result;
    for (std::size_t player = 0; player < players; ++player) {
        const SumsBySize sums = marginal_sums(values, player);
        result.push_back(std::accumulate(sums.begin(), sums.end(), 0.0)
                         / (static_cast<double>(values.size()) / 2));
    }
    return result;
}

CharacteristicFunction weighted_voting(std::vector<double> weights, double quota) {
    return [weights = std::move(weights), quota](std::uint32_t coalition) {
        double sum = 0;
        for (std::size_t i = 0; i < weights.size(); ++i)
            if (coalition >> i & 1U) sum += weights[i];
        return sum >= quota ? 1.0 : 0.0;
    };
}

void share(SharingRule rule, std::span<const double> values, std::span<double> into) {
    if (rule == SharingRule::shapley) return shapley_value(values, into);
    const std::size_t players = players_of(values);
    double all = 0;
    for (std::size_t i = 0; i < players; ++i) all += values[std::size_t{1} << i];
    for (std::size_t i = 0; i < players; ++i)
        into[i] = rule == SharingRule::proportional && all > 0
                      ? values.back() * (values[std::size_t{1} << i] / all)
                      : values.back() / static_cast<double>(players);
}

std::vector<double> shares(SharingRule rule, std::span<const double> contributions,
                           const CharacteristicFunction& value) {
    const std::size_t players = contributions.size();
    expect_players(players);
    double all = 0;
    for (std::size_t i = 0; i < players; ++i) {
        if (!std::isfinite(contributions[i]) || contributions[i] < 0)
            throw std::invalid_argument("the contribution of player " + std::to_string(i) + " is "
                                        + std::to_string(contributions[i])
                                        + "; it is finite and not negative");
        all += contributions[i];
    }
    if (rule == SharingRule::shapley) return shapley_value(coalition_values(players, value));
    const std::uint32_t everybody = (1U << players) - 1;
    const double whole = value(everybody);
    expect_value(everybody, whole);
    std::vector<double> result(players, whole / static_cast<double>(players));
    if (rule == SharingRule::proportional && all > 0)
        for (std::size_t i = 0; i < players; ++i) result[i] = whole * (contributions[i] / all);
    return result;
}

}  // namespace venturi
