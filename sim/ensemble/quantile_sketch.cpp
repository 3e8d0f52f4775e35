#include "sim/ensemble/quantile_sketch.hpp"

#include "sim/contract.hpp"
#include "sim/infinity.hpp"

#include <algorithm>
#include <cmath>

namespace venturi {
namespace {

constexpr double smallest_magnitude = std::numeric_limits<double>::min();

}  // namespace

void QuantileSketch::Bins::cover(std::int32_t low, std::int32_t high) {
    if (counts.empty()) {
        lowest = low;
        counts.assign(static_cast<std::size_t>(high - low) + 1, 0);
        return;
    }
    if (low < lowest) {
        counts.insert(counts.begin(), static_cast<std::size_t>(lowest - low), 0);
        lowest = low;
    }
    const auto size = static_cast<std::size_t>(high - lowest) + 1;
    if (high >= lowest && size > counts.size()) counts.resize(size, 0);
}

void QuantileSketch::Bins::add(std::int32_t key, std::uint64_t weight) {
    const auto place =
        static_cast<std::size_t>(static_cast<std::int64_t>(key) - lowest);  // wraps where below
    if (place >= counts.size()) [[unlikely]] {
        cover(key, key);
        counts[static_cast<std::size_t>(key - lowest)] += weight;
        return;
    }
    counts[place] += weight;
}

void QuantileSketch::Bins::merge(const Bins& other) {
    if (other.counts.empty()) return;
    cover(other.lowest, other.lowest + static_cast<std::int32_t>(other.counts.size()) - 1);
    const auto shift = static_cast<std::size_t>(other.lowest - lowest);
    for (std::size_t bin = 0; bin < other.counts.size(); ++bin) counts[shift + bin] += other.counts[bin];
}

QuantileSketch::QuantileSketch(double relative_error)
    : relative_error_(relative_error), log_growth_(std::log1p(2 * relative_error / (1 - relative_error))) {
    expects(relative_error >= 1e-4 && relative_error < 1,
            "the relative error of a quantile sketch is from 1e-4 to below 1");
}

std::int32_t QuantileSketch::key_of(double magnitude) const {
    return static_cast<std::int32_t>(std::ceil(std::log(magnitude) / log_growth_));
}

void QuantileSketch::add(double value, std::uint64_t weight) {
    expects(!std::isnan(value), "a quantile sketch takes no NaN");
    if (weight == 0) return;
    value += 0.0;  // −0 becomes 0, so that the extremes do not depend on the order
    count_ += weight;
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
    if (std::isinf(value)) {
        (value > 0 ? plus_infinities_ : minus_infinities_) += weight;
    } else if (value >= smallest_magnitude) {
        positive_.add(key_of(value), weight);
    } else if (value <= -smallest_magnitude) {
        negative_.add(key_of(-value), weight);
    } else {
        zeros_ += weight;
    }
}

void QuantileSketch::merge(const QuantileSketch& other) {
    expects(relative_error_ == other.relative_error_,
            "quantile sketches merge only at the same relative error");
    count_ += other.count_;
    zeros_ += other.zeros_;
    minus_infinities_ += other.minus_infinities_;
    plus_infinities_ += other.plus_infinities_;
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
    negative_.merge(other.negative_);
    positive_.merge(other.positive_);
}

QuantileSketch::Place QuantileSketch::place_of(std::uint64_t rank) const {
    if (rank < minus_infinities_) return {.value = -infinity};
    rank -= minus_infinities_;
    for (std::size_t bin = negative_.counts.size(); bin-- > 0;) {
        const std::uint64_t size = negative_.counts[bin];
        if (rank < size) return {-1, negative_.lowest + static_cast<std::int32_t>(bin), 0, rank, size};
        rank -= size;
    }
    if (rank < zeros_) return {.value = 0};
    rank -= zeros_;
    for (std::size_t bin = 0; bin < positive_.counts.size(); ++bin) {
        const std::uint64_t size = positive_.counts[bin];
        if (rank < size) return {1, positive_.lowest + static_cast<std::int32_t>(bin), 0, rank, size};
        rank -= size;
    }
    return {.value = infinity};
}

double QuantileSketch::quantile(double q) const {
    expects(q >= 0 && q <= 1, "a quantile is asked for at a share from 0 to 1");
    if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
    const std::uint64_t last = count_ - 1;
    const std::uint64_t rank = std::min(last, static_cast<std::uint64_t>(q * static_cast<double>(last)));
    if (rank == 0) return minimum_;
    if (rank == last) return maximum_;
    const Place place = place_of(rank);
    if (place.direction == 0) return place.value;
    const double middle = std::exp(place.key * log_growth_) * (1 - relative_error_);  // 2 γ^key / (γ + 1)
    return std::clamp(place.direction * middle, minimum_, maximum_);
}

double QuantileSketch::interpolated_quantile(double q) const {
    expects(q >= 0 && q <= 1, "a quantile is asked for at a share from 0 to 1");
    if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
    return interpolated_at(q * static_cast<double>(count_ - 1));
}

double QuantileSketch::interpolated_at(double exact_rank) const {
    if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
    expects(exact_rank >= 0 && exact_rank <= static_cast<double>(count_ - 1),
            "a rank is from 0 to below the number of observations");
    const std::uint64_t rank = std::min(count_ - 1, static_cast<std::uint64_t>(exact_rank));
    const Place place = place_of(rank);
    if (place.direction == 0) return place.value;
    const double within = static_cast<double>(place.before) + (exact_rank - static_cast<double>(rank)) + 0.5;
    const double share = std::min(1.0, within / static_cast<double>(place.size));
    const double exponent = place.direction > 0 ? place.key - 1 + share : place.key - share;
    return std::clamp(place.direction * std::exp(exponent * log_growth_), minimum_, maximum_);
}

double QuantileSketch::count_up_to(double value) const {
    expects(!std::isnan(value), "a quantile sketch takes no NaN");
    if (value >= maximum_) return static_cast<double>(count_);
    if (value < minimum_ || value == -infinity)
        return value < minimum_ ? 0 : static_cast<double>(minus_infinities_);
    std::uint64_t below = minus_infinities_;
    // Of the bins of one sign, those up to the exponent of `magnitude`, or those from it on.
    const auto part_of = [this](const Bins& bins, double magnitude, bool upwards) {
        const double exponent = std::log(magnitude) / log_growth_;
        double sum = 0;
        for (std::size_t bin = 0; bin < bins.counts.size(); ++bin) {
            const double top = bins.lowest + static_cast<double>(bin);  // its exponents: top − 1 to top
            const double up_to = std::clamp(exponent - (top - 1), 0.0, 1.0);
            sum += static_cast<double>(bins.counts[bin]) * (upwards ? up_to : 1 - up_to);
        }
        return sum;
    };
    if (value <= -smallest_magnitude) return static_cast<double>(below) + part_of(negative_, -value, false);
    for (const std::uint64_t size : negative_.counts) below += size;
    if (value >= 0) below += zeros_;
    if (value < smallest_magnitude) return static_cast<double>(below);
    return static_cast<double>(below) + part_of(positive_, value, true);
}

double QuantileSketch::hill_index(std::uint64_t largest) const {
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    if (largest == 0 || largest >= count_ || plus_infinities_ > 0) return undefined;
    const Place threshold = place_of(count_ - 1 - largest);
    if (threshold.direction <= 0) return undefined;
    double sum = 0;  // of ln(value / threshold) / ln γ
    std::uint64_t left = largest;
    for (std::size_t bin = positive_.counts.size(); left > 0 && bin-- > 0;) {
        const std::uint64_t taken = std::min(left, positive_.counts[bin]);
        sum += static_cast<double>(taken)
               * (positive_.lowest + static_cast<double>(bin) - static_cast<double>(threshold.key));
        left -= taken;
    }
    return sum > 0 ? static_cast<double>(largest) / (sum * log_growth_) : undefined;
}

}  // namespace venturi
