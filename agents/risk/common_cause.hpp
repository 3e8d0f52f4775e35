// Common cause: components that are not independent because one cause can take several of them. A group's
// members are each replaced by a disjunction of independent events, one for every set of members that can
// fail together. Mosleh et al., "Guidelines on modeling common-cause failures in probabilistic risk
// assessment", NUREG/CR-5485 (1998); the Open-PSA Model Exchange Format, "Common Cause Groups".
#pragma once

#include "agents/risk/expression.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace venturi {

enum class CommonCauseModel : std::uint8_t {
    beta_factor,            ///< one factor β: of failures of a member, the share that takes all of them
    multiple_greek_letter,  ///< ρ_2, ρ_3, ...: probability that at least k fail, given that at least k − 1 do
    alpha_factor,           ///< α_1, α_2, ...: of failure events, the share that takes exactly k; any scale
    phi_factor,             ///< φ_1, φ_2, ...: q_k / Q themselves, below; they sum to 1
};

/// Basic events that can fail together.
struct CommonCauseGroup {
    std::string name = {};
    CommonCauseModel model = CommonCauseModel::beta_factor;
    std::vector<std::uint32_t> members = {};    ///< basic events, two or more; each of one group only
    ExpressionIndex distribution = 0;           ///< the probability Q that a given member fails
    std::vector<ExpressionIndex> factors = {};  ///< in the order of `CommonCauseModel`; levels left out are 0
};

/// The most independent events that a group, and all groups of a model together, may be expanded into.
inline constexpr std::size_t most_common_cause_events = 1U << 16;
inline constexpr std::size_t most_common_cause_events_of_model = 1U << 20;

/// The level of the first factor: n for beta_factor, 2 for multiple_greek_letter, 1 for the others.
[[nodiscard]] std::size_t first_level(CommonCauseModel model, std::size_t members);

/// How many members fail together at most, given that many factors: 1 where there are none.
[[nodiscard]] std::size_t highest_level(CommonCauseModel model, std::size_t members, std::size_t factors);

/// What is wrong with the values of factors, in words; empty where they are good: none negative or not a
/// number, β and ρ at most 1, α not all 0, φ with sum 1 (to 1e-9).
[[nodiscard]] std::string defect_of_factors(CommonCauseModel model, std::span<const double> factors);

/// q_k / Q for k = 1 ... n (shape: `members`): the probability of the independent event that takes a given
/// set of k members, relative to that of a member's failing. With C = binomial(n − 1, k − 1):
///
///     beta_factor            1 − β for k = 1, β for k = n, 0 between
///     multiple_greek_letter  (ρ_2 ... ρ_k) (1 − ρ_(k+1)) / C
///     alpha_factor           k α_k / (C Σ_i i α_i)
///     phi_factor             φ_k
///
/// so that Σ_k C q_k = Q, but for phi_factor: the format gives its factors directly and asks that Σ_k φ_k =
/// 1, which with three or more members makes a member's probability larger than Q. Throws ContractViolation
/// where `members` < 2 or factors are too many or not good.
[[nodiscard]] std::vector<double> level_fractions(CommonCauseModel model, std::size_t members,
                                                  std::span<const double> factors);

/// The sets of members that fail together: all of 1 to `highest_level` of `members`, for beta_factor those of
/// 1 and of all. By size, and in the order of members. Throws ContractViolation where they are more than
/// `most_common_cause_events`.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> sets_failing_together(CommonCauseModel model,
                                                                            std::size_t members,
                                                                            std::size_t factors);

/// How many they are, up to most_common_cause_events + 1.
[[nodiscard]] std::size_t number_of_sets(CommonCauseModel model, std::size_t members, std::size_t factors);

}  // namespace venturi
