// What each of several partners brings to what they make together, and ways to share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace venturi {

/// What a coalition makes by itself, in any unit; player i is in it where bit i is set. 0 for nobody.
using CharacteristicFunction = std::function<double(std::uint32_t coalition)>;

inline constexpr std::size_t most_coalition_players = 20;

/// Of all coalitions, in the order of their bits: 2^players values. Throws std::invalid_argument, with a
/// message that names the value, where there are not 1 to 20 players, a value is not finite or nobody makes
/// something.
[[nodiscard]] std::vector<double> coalition_values(std::size_t players, const CharacteristicFunction& value);

/// The Shapley value of each player: its marginal contribution v(S + i) - v(S), averaged over all orders in
/// which players may come. φ_i = Σ_S |S|! (n - |S| - 1)! / n! · (v(S + i) - v(S)) over S without i. Shapley
/// (1953), "A value for n-person games", Contributions to the Theory of Games II.
///
/// `values` as from `coalition_values`; throws std::invalid_argument where these are not 2^1 to 2^20 finite
/// values that begin with 0. O(players · 2^players).
[[nodiscard]] std::vector<double> shapley_value(std::span<const double> values);

/// The same without allocating. Shape of `into`: players, or std::invalid_argument is thrown.
void shapley_value(std::span<const double> values, std::span<double> into);

/// The Banzhaf value of each player: its marginal contribution averaged over all coalitions of the others,
/// Σ_S (v(S + i) - v(S)) / 2^(n - 1). Doesn't sum to the whole. Banzhaf (1965), "Weighted voting doesn't
/// work", Rutgers Law Review 19. Throws as `shapley_value`.
[[nodiscard]] std::vector<double> banzhaf_value(std::span<const double> values);

/// 1 for coalitions whose weights sum to the quota or more, else 0.
[[nodiscard]] CharacteristicFunction weighted_voting(std::vector<double> weights, double quota);

enum class SharingRule {
    equal,         ///< to each the same
    proportional,  ///< to contributions; to each the same where nobody contributes
    shapley,       ///< the Shapley value
};

/// What each player gets of values.back() by a rule, without allocating; contributions are what each makes
/// alone, which must not be negative. `values` as from `coalition_values`. Shape of `into`: players.
void share(SharingRule rule, std::span<const double> values, std::span<double> into);

/// What each of contributions.size() players gets of what they make together, value(all). The sum is the
/// whole to 1e-12 of the largest value of a coalition. Only the Shapley value asks what smaller coalitions
/// make.
///
/// Throws std::invalid_argument where a contribution is negative or not finite, and as `coalition_values`.
[[nodiscard]] std::vector<double> shares(SharingRule rule, std::span<const double> contributions,
                                         const CharacteristicFunction& value);

}  // namespace venturi
