// Critical values: how many standard errors a confidence interval reaches to each side.
#pragma once

namespace venturi {

/// z with P(|Z| ≤ z) = `level` for a standard normal Z. Throws ContractViolation unless 0 < level < 1.
[[nodiscard]] double normal_critical_value(double level);

/// t with P(|T| ≤ t) = `level` for Student's T with `degrees_of_freedom` > 0, which need not be whole.
[[nodiscard]] double student_critical_value(double level, double degrees_of_freedom);

/// P(|T| > |t|) for Student's T: the two-sided p-value. 0 for an infinite t, NaN for NaN.
[[nodiscard]] double student_p_value(double t, double degrees_of_freedom);

/// e with P(sup over low ≤ u ≤ high of |B(u)| / √(u (1 − u)) ≤ e) ≈ `level` for a Brownian bridge B: the
/// critical value of Nair's equal precision band. The tail is the approximation of Miller and Siegmund,
///
///     4 φ(e) / e + φ(e) (e − 1 / e) log(high (1 − low) / (low (1 − high))),
///
/// "Maximally selected chi square statistics", Biometrics 38 (1982); Nair, Technometrics 26 (1984).
/// Needs 0 < low ≤ high < 1. Never below the pointwise value.
[[nodiscard]] double equal_precision_critical_value(double level, double low, double high);

}  // namespace venturi
