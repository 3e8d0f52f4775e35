// How good a model a training run gives: the loss of a language model of N parameters trained on D tokens,
// the best N and D that a budget of compute buys, and what becomes of both where tokens must be repeated.
//
// Losses are cross-entropies in nats per token, compute is in floating-point operations (FLOP).
#pragma once

namespace venturi {

/// L(N, D) = E + A / N^α + B / D^β: Hoffmann et al., "Training compute-optimal large language models" (2022),
/// arXiv:2203.15556, eq. 2 ("approach 3"). All positive.
struct ScalingLaw {
    double irreducible_loss = 0;       ///< E: the entropy of text
    double parameter_coefficient = 0;  ///< A
    double parameter_exponent = 0;     ///< α
    double token_coefficient = 0;      ///< B
    double token_exponent = 0;         ///< β
};

/// As printed in Hoffmann et al. (2022), eq. 10. Rounding the exponents, from 0.3392 and 0.2849, moved the
/// optimum for Chinchilla's compute from 59 to 93 tokens per parameter; their other two approaches say 20.
inline constexpr ScalingLaw hoffmann_2022_law{.irreducible_loss = 1.69,
                                              .parameter_coefficient = 406.4,
                                              .parameter_exponent = 0.34,
                                              .token_coefficient = 410.7,
                                              .token_exponent = 0.28};

/// The same form refitted to data read off the figures of Hoffmann et al.: Besiroglu, Erdil, Barnett and You,
/// "Chinchilla scaling: a replication attempt" (2024), arXiv:2404.10102. The one to use by default.
inline constexpr ScalingLaw besiroglu_2024_law{.irreducible_loss = 1.8172,
                                               .parameter_coefficient = 482.01,
                                               .parameter_exponent = 0.3478,
                                               .token_coefficient = 2085.43,
                                               .token_exponent = 0.3658};

/// Fitted on C4 with equal exponents: Muennighoff et al., "Scaling data-constrained language models" (2023),
/// arXiv:2305.16264, appendix A, which gives e^0.6254804, e^6.255414, e^7.3049974 and 0.3526596. The law that
/// their constants of repetition were fitted with.
inline constexpr ScalingLaw muennighoff_2023{.irreducible_loss = 1.8691437,
                                             .parameter_coefficient = 520.82495,
                                             .parameter_exponent = 0.3526596,
                                             .token_coefficient = 1487.7161,
                                             .token_exponent = 0.3526596};

/// How a run spends its compute.
struct Allocation {
    double parameters = 0;  ///< N > 0
    double tokens = 0;      ///< D > 0, seen in training, repeated ones as often as they are seen
};

/// C = 6 N D, in FLOP: a forward pass takes 2 operations per parameter and token, a backward pass 4. Kaplan
/// et al., "Scaling laws for neural language models" (2020), arXiv:2001.08361, section 2.1.
[[nodiscard]] double training_compute(const Allocation& allocation);

/// L(N, D), of tokens that are all seen once.
[[nodiscard]] double training_loss(const ScalingLaw& law, const Allocation& allocation);

/// The N and D with 6 N D = `compute` > 0 at which the loss is least. There α A / N^α = β B / D^β, the
/// derivative of the loss in log N, so that with G = (α A / β B)^(1 / (α + β))
///
///     N = G (C / 6)^(β / (α + β)),   D = (C / 6)^(α / (α + β)) / G:   Hoffmann et al. (2022), eq. 4.
[[nodiscard]] Allocation compute_optimal(const ScalingLaw& law, double compute);

/// The loss there, E + (1 + α / β) A G^−α (C / 6)^(−α β / (α + β)).
[[nodiscard]] double compute_optimal_loss(const ScalingLaw& law, double compute);

/// The least compute that reaches `loss`, the inverse of `compute_optimal_loss`; infinity where `loss` is not
/// above the irreducible one.
[[nodiscard]] double compute_for_loss(const ScalingLaw& law, double loss);

/// The N for which D = `tokens` is compute-optimal, G (G D)^(β / α): Muennighoff et al. (2023), eq. 15.
[[nodiscard]] double compute_optimal_parameters(const ScalingLaw& law, double tokens);

/// How fast repetition wears out; never where both are infinite.
struct RepetitionLaw {
    double token_repeats = 0;      ///< R*_D > 0: all repeats together are worth at most so many fresh passes
    double parameter_repeats = 0;  ///< R*_N > 0: the same for parameters beyond what the tokens can teach
};

/// Muennighoff et al. (2023), section 3.1 and appendix A: 182 runs of up to 9 billion parameters.
inline constexpr RepetitionLaw muennighoff_2023_repetition{.token_repeats = 15.39, .parameter_repeats = 5.31};

/// What `used` of something is worth of which only `unique` > 0 is new: U + U R* (1 − exp(−(used / U − 1) /
/// R*)), and `used` itself where that does not exceed U. Muennighoff et al. (2023), eqs. 5 and 6. Never above
/// U (1 + R*).
[[nodiscard]] double effective_amount(double used, double unique, double repeats);

/// L(N', D') with effective parameters and tokens in place of N and D where only `unique_tokens` > 0 are new;
/// parameters are in excess above those that are compute-optimal for the unique tokens. Muennighoff et al.
/// (2023), eq. 14. Repetition is at worst useless here, while some of their runs, one of 44 epochs among
/// them, ended worse for it.
[[nodiscard]] double repeated_loss(const ScalingLaw& law, const RepetitionLaw& repetition,
                                   const Allocation& allocation, double unique_tokens);

/// How a run spends its compute where tokens are short.
struct ConstrainedAllocation {
    double parameters = 0;
    double tokens = 0;  ///< seen in training
    double epochs = 0;  ///< passes over the unique tokens; below 1 where not all are used
    double loss = 0;
};

/// The N and D with 6 N D = `compute` at which `repeated_loss` is least. It is `compute_optimal` to the bit
/// where the tokens suffice for that. Where they don't, the loss is convex in log N (log D' is concave in log
/// D, and log N' in log N), its slope is positive where all unique tokens are used once and negative where
/// parameters are not in excess, and the root between the two is found by the method of Alefeld, Potra and
/// Shi (1995).
[[nodiscard]] ConstrainedAllocation constrained_allocation(const ScalingLaw& law,
                                                           const RepetitionLaw& repetition, double compute,
                                                           double unique_tokens);

/// Months in which better algorithms halve the compute that a given loss takes, 2012 to 2023; 95%
/// interval 4.5 to 14.3. Ho et al., "Algorithmic progress in language models" (2024), arXiv:2403.05812.
inline constexpr double algorithmic_doubling_months = 8.4;

/// By how much compute counts for more after `months` of algorithmic progress: 2^(months / doubling_months).
[[nodiscard]] double algorithmic_efficiency(double months,
                                            double doubling_months = algorithmic_doubling_months);

}  // namespace venturi
