// What is made of a distribution of outcomes: its mean, a quantile, or the mean of its worst part. Each is a
// mean of quantiles over a range of probabilities, whose derivatives are those of the mean of outcomes that
// are cut off at the ends of the range.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// `tail_mean` is the conditional value at risk: the mean of the lowest part `level` of outcomes.
struct RangeStatistic {
    enum class Kind : std::uint8_t { mean, quantile, tail_mean };

    Kind kind = Kind::mean;
    double level = 1;  ///< in (0, 1); nothing to the mean

    [[nodiscard]] bool is_mean() const { return kind == Kind::mean; }
    friend bool operator==(const RangeStatistic&, const RangeStatistic&) = default;
};

/// "", "median of ", "quantile 10% of ", "cvar 5% of ": what stands before the name of what it is of.
[[nodiscard]] std::string prefix_of(const RangeStatistic& statistic);

/// An outcome with a weight, and the trajectory that it is of.
struct WeightedOutcome {
    double value = 0;
    double weight = 1;
    std::uint32_t trajectory = 0;
};

/// Sorts by value.
void sort_outcomes(std::vector<WeightedOutcome>& outcomes);

/// The statistic of sorted outcomes, those of trajectories t with t mod `groups` = `left_out` apart (none
/// where `groups` is 0). A quantile lies on straight lines between outcomes, each at the middle of its own
/// weight (Hyndman and Fan, American Statistician 50, 1996, definition 5); of a tail's mean the outcome at
/// the edge counts in part. NaN where no weight is left.
[[nodiscard]] double value_of(const RangeStatistic& statistic, std::span<const WeightedOutcome> outcomes,
                              std::uint32_t groups = 0, std::uint32_t left_out = 0);

/// Outcomes are cut off at `low` and `high`, and what is left counts `scale` times: the derivative of its
/// mean is the mean of the derivatives of all quantiles between both, times their part of the range. So of
/// the mean of the worst part it is the exact derivative (Rockafellar and Uryasev, Journal of Risk 2(3),
/// 2000), and of a quantile the mean over those of the probabilities around its own.
struct CutOff {
    double low;
    double high;
    double scale;

    [[nodiscard]] double operator()(double value) const {
        return scale * (value < low ? low : value > high ? high : value);
    }
};

/// By sorted outcomes. Of a quantile the range goes half way to the nearer end of 0 to 1, and no further than
/// a tenth.
[[nodiscard]] CutOff cut_off_of(const RangeStatistic& statistic, std::span<const WeightedOutcome> outcomes);

/// How heavy the upper tail of outcomes is.
struct TailIndex {
    double index = 0;           ///< Hill's estimate; NaN with fewer than 40 outcomes above 0
    double standard_error = 0;  ///< index / √k, of k outcomes as though they came singly
    double top_share = 0;       ///< the part of the sum that the largest hundredth holds

    /// Whether a mean's variance can't be relied on to exist: 2 or below, or not to be told from it by 95%.
    [[nodiscard]] bool is_heavy() const { return index - 1.96 * standard_error <= 2; }
    /// Whether not even the mean can: the same of 1.
    [[nodiscard]] bool may_lack_mean() const { return index - 1.96 * standard_error <= 1; }
};

/// By the largest twentieth of outcomes, but no more than a quarter of those above 0, whatever their weights:
/// Hill, "A simple general approach to inference about the tail of a distribution", Annals of Statistics 3,
/// 1975. The index is NaN where the tail has no spread.
[[nodiscard]] TailIndex tail_index_of(std::span<const WeightedOutcome> sorted);

}  // namespace venturi
