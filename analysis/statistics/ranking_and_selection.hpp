// Constants and bounds of ranking and selection: how long to look before the best of several designs is
// known. The largest mean is best throughout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// h² of the fully sequential procedure of Kim and Nelson, "A fully sequential procedure for
/// indifference-zone selection in simulation", ACM TOMACS 11 (2001), with c = 1: h² = 2 η f, where
/// η = ½ ((2 β)^(−2 / f) − 1). `error` is β, the probability with which one other design may push the best
/// out: (1 − P*) / (k − 1) of k designs under common random numbers; f the degrees of freedom of the variance
/// of a pair's differences. Throws ContractViolation unless 0 < β < ½ and f > 0.
[[nodiscard]] double kim_nelson_h_squared(double error, double degrees_of_freedom);

/// The β that belongs to an h² ≥ 0: ½ (1 + h² / f)^(−f / 2), 0 where h² is infinite.
[[nodiscard]] double kim_nelson_error(double h_squared, double degrees_of_freedom);

/// Differences of two designs, trajectory by trajectory.
struct PairedDifferences {
    std::uint64_t count = 0;
    double mean = 0;
    double variance = 0;  ///< Σ (d − mean)² / (n − 1); 0 below two
};

/// `left` less `right`, of trajectories in which both have a finite value. The shorter of both counts.
[[nodiscard]] PairedDifferences paired_differences(std::span<const double> left,
                                                   std::span<const double> right);

/// The h² at which Kim and Nelson's boundary would be met: 2 n δ (D + δ / 2) / S² for a design that is D ≥ 0
/// ahead after n trajectories. What is ahead by this is kept and the other one goes where it is above their
/// h². Infinite where the difference is positive and never varied; 0 where D < 0.
[[nodiscard]] double kim_nelson_evidence(const PairedDifferences& ahead, double indifference);

/// How far a design may lie behind another one and stay in the subset that holds the best with probability 1
/// − α: t S / √n; Nelson, Swann, Goldsman and Song, "Simple procedures for selecting the best simulated
/// system when the number of alternatives is large", Operations Research 49 (2001), with the differences' own
/// variance, since common random numbers tie designs, and no indifference taken off, so that the best itself
/// stays. Infinite below two pairs.
[[nodiscard]] double screening_distance(const PairedDifferences& differences, double quantile);

/// The t above: of 1 − α / (k − 1) (Bonferroni) of Student's t. `error` is α / (k − 1).
[[nodiscard]] double screening_quantile(double error, double degrees_of_freedom);

/// The error that belongs to the difference as it is: P(T > D √n / S). 1 below two pairs; where the
/// difference never varied, 0 if it is positive, else 1.
[[nodiscard]] double screening_error(const PairedDifferences& ahead);

/// h of Rinott's two-stage procedure (Communications in Statistics A7, 1978), with which a design is looked
/// at max(n₀, ⌈(h S / δ)²⌉) times: the h with
///
///     ∫ (∫ Φ(h / √(f (1 / x + 1 / y))) χ(x) dx)^(k − 1) χ(y) dy = P*,    χ the density of χ² with f = n₀
///     − 1.
///
/// What procedures without pairing are measured by. Throws ContractViolation unless k ≥ 2, n₀ ≥ 3 and 1 / k <
/// P* < 1.
[[nodiscard]] double rinott_constant(std::size_t designs, std::size_t first_stage, double probability);

/// A design whose observations are independent and normal.
struct NormalDesign {
    double mean = 0;
    double deviation = 1;     ///< above 0
    double observations = 1;  ///< above 0; need not be whole
};

/// The probability that the design with the largest mean also has the largest sample mean, designs being
/// independent: ∫ φ(z) Π Φ((d + z s_b) / s_i) dz, with d the gap and s standard errors.
[[nodiscard]] double probability_of_correct_selection(std::span<const NormalDesign> designs);

/// Parts of a computing budget, which sum to 1, for designs of these means and standard deviations: N_i / N_j
/// = (σ_i d_j / (σ_j d_i))², and of the best σ_b √(Σ N_i² / σ_i²). Chen, Lin, Yücesan and Chick, "Simulation
/// budget allocation for further enhancing the efficiency of ordinal optimization", Discrete Event Dynamic
/// Systems 10 (2000). Throws ContractViolation unless there are two designs, one of them best alone.
[[nodiscard]] std::vector<double> ocba_allocation(std::span<const double> means,
                                                  std::span<const double> deviations);

/// The same where designs are compared pair by pair under common random numbers, on the trajectories that
/// both have: N_i in proportion to (S_i / d_i)², S_i the deviation of the difference from the best and d_i
/// the gap, which makes all the ways of a wrong selection equally unlikely; the best has as many as any of
/// the others. `gaps` and `deviations` are of the others alone; the last part is that of the best. Throws
/// ContractViolation unless gaps are positive and some deviation is.
[[nodiscard]] std::vector<double> paired_ocba_allocation(std::span<const double> gaps,
                                                         std::span<const double> deviations);

}  // namespace venturi
