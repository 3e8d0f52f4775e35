// Power laws of whole numbers, such as degrees: fitting one to the tail of a sample, and asking whether it is
// believable. After Clauset, Shalizi, Newman, "Power-law distributions in empirical data", SIAM Review 51
// (2009), called CSN here.
#pragma once

#include "sim/ensemble/stop_request.hpp"
#include "sim/random/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// Hurwitz's zeta function ζ(s, q) = Σ (q + k)^−s over k = 0, 1, 2, ..., for s > 1 and q > 0; right to some
/// 1e-14 of itself. Euler–Maclaurin summation (NIST Digital Library of Mathematical Functions, 25.11.5);
/// Boost.Math has Riemann's, which is ζ(s, 1). Throws std::invalid_argument on arguments out of range.
[[nodiscard]] double hurwitz_zeta(double s, double q);

/// The law P(X = x) = x^−exponent / ζ(exponent, smallest) of the whole numbers x ≥ smallest.
struct PowerLaw {
    double exponent = 2;         ///< α > 1
    std::uint64_t smallest = 1;  ///< at least 1
};

/// P(X ≥ x); 1 where x is at most `smallest`. Throws std::invalid_argument on a law out of range.
[[nodiscard]] double tail_probability(const PowerLaw& law, std::uint64_t x);

/// Draws from a power law by inversion, one uniform u in [0, 1) each, monotone in u. Values beyond 2^53 are
/// given as 2^53.
class PowerLawSampler {
  public:
    /// Throws std::invalid_argument on a law out of range.
    explicit PowerLawSampler(const PowerLaw& law);

    [[nodiscard]] std::uint64_t operator()(double u) const;

  private:
    PowerLaw law_;
    std::vector<double> tail_;  // P(X ≥ smallest + i)
};

/// A power law fitted to the part of a sample that is at least `law.smallest`.
struct PowerLawFit {
    PowerLaw law = {};
    double standard_error = 0;   ///< of the exponent, by the observed information; for a given `smallest`
    std::size_t tail_count = 0;  ///< how many values the fit is to
    double log_likelihood = 0;   ///< of those values
    double distance = 0;  ///< of Kolmogorov and Smirnov: largest |share of values ≤ x − P(X ≤ x)|
};

/// The exponent of greatest likelihood for a smallest value that is given, exactly (CSN's equation B.8, not
/// the approximation 3.7). Values in any order; those below `smallest` play no part. Throws
/// std::invalid_argument where `smallest` is 0 or fewer than two different values are at least `smallest`.
[[nodiscard]] PowerLawFit fit_power_law(std::span<const std::uint64_t> values, std::uint64_t smallest);

struct PowerLawOptions {
    std::size_t least_tail = 10;        ///< a tail of fewer values is not considered; at least 2
    const StopRequest* stop = nullptr;  ///< throws Stopped where it asks for that
};

/// With the smallest value, among those in the sample, that makes the distance smallest (CSN, section 3.3);
/// of several the least. Throws std::invalid_argument where no tail has `least_tail` values of which two
/// differ.
[[nodiscard]] PowerLawFit fit_power_law(std::span<const std::uint64_t> values,
                                        const PowerLawOptions& options = {});

struct PowerLawTest {
    std::uint64_t trials = 0;
    double p_value = 0;  ///< share of the trials that are at least as far from their fits as the sample
    double standard_error = 0;  ///< of p_value, by the binomial law: at most 1/(2 √trials)
};

struct PowerLawTestOptions {
    std::uint64_t trials = 1000;  ///< at least 1
    PowerLawOptions fit = {};
};

/// Could the sample come from the power law that was fitted to it? In each trial a sample of the same size is
/// drawn, values from the law with the tail's share and from the sample's values below `smallest` otherwise,
/// and fitted anew, `smallest` and all (CSN, section 4.1). A small p-value (CSN take 0.1) says no; a large
/// one says that the sample is too small to tell, or yes. `fit` is fit_power_law(values, options.fit). Trial
/// i draws from `address` with i added to the trajectory. Throws as fit_power_law does.
[[nodiscard]] PowerLawTest test_power_law(std::span<const std::uint64_t> values, const PowerLawFit& fit,
                                          const StreamAddress& address,
                                          const PowerLawTestOptions& options = {});

/// Which of two laws fits the tail better, and whether the difference is more than chance.
struct PowerLawComparison {
    double log_likelihood_ratio = 0;  ///< R > 0: the power law is likelier
    double standardised = 0;          ///< R / (σ √n)
    double p_value = 1;               ///< chance of an |R| as large if both were equally far from the truth
};

/// Against an exponential law of the whole numbers ≥ fit.law.smallest (geometric, of greatest likelihood), by
/// the test of Vuong, "Likelihood ratio tests for model selection and non-nested hypotheses", Econometrica 57
/// (1989), as in CSN's appendix C. `values` are those of the fit.
[[nodiscard]] PowerLawComparison compare_with_exponential(std::span<const std::uint64_t> values,
                                                          const PowerLawFit& fit);

}  // namespace venturi
