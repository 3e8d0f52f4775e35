#include "sim/ensemble/histogram.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace venturi {

Histogram Histogram::linear(double low, double high, std::size_t bins) {
    expects(std::isfinite(low) && std::isfinite(high - low) && low < high && bins > 0,
            "a histogram needs finite edges, low < high, and a bin");
    return {Spacing::linear, low, high, bins};
}

Histogram Histogram::logarithmic(double low, double high, std::size_t bins) {
    expects(low > 0 && std::isfinite(high) && low < high && bins > 0,
            "a logarithmic histogram needs 0 < low < high, finite, and a bin");
    return {Spacing::logarithmic, low, high, bins};
}

Histogram::Histogram(Spacing spacing, double low, double high, std::size_t bins)
    : spacing_(spacing),
      origin_(spacing == Spacing::linear ? low : std::log(low)),
      scale_(static_cast<double>(bins) / ((spacing == Spacing::linear ? high : std::log(high)) - origin_)),
      edges_(bins + 1),
      counts_(bins, 0) {
    for (std::size_t edge = 0; edge <= bins; ++edge) {
        const double place = origin_ + static_cast<double>(edge) / scale_;
        edges_[edge] = spacing == Spacing::linear ? place : std::exp(place);
    }
    edges_.front() = low;
    edges_.back() = high;
    const bool rising =
        std::adjacent_find(edges_.begin(), edges_.end(), std::greater_equal<>{}) == edges_.end();
    expects(std::isfinite(scale_) && rising, "the edges of a histogram are too close to each other");
}

std::size_t Histogram::bin_of(double value) const {
    const double place = ((spacing_ == Spacing::linear ? value : std::log(value)) - origin_) * scale_;
    auto bin = std::min(static_cast<std::size_t>(std::max(place, 0.0)), bins() - 1);
    while (value < edges_[bin]) --bin;  // rounding next to an edge: the edges decide
    while (value >= edges_[bin + 1]) ++bin;
    return bin;
}

void Histogram::add(double value, std::uint64_t weight) {
    expects(!std::isnan(value), "a histogram takes no NaN");
    if (value < edges_.front()) {
        below_ += weight;
    } else if (value >= edges_.back()) {
        above_ += weight;
    } else {
        counts_[bin_of(value)] += weight;
    }
}

void Histogram::merge(const Histogram& other) {
    expects(edges_ == other.edges_, "histograms merge only over the same edges");
    below_ += other.below_;
    above_ += other.above_;
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) counts_[bin] += other.counts_[bin];
}

std::uint64_t Histogram::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), below_ + above_);
}

double Histogram::density(std::size_t bin) const {
    const std::uint64_t all = total();
    if (all == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(count(bin)) / static_cast<double>(all) / (edge(bin + 1) - edge(bin));
}

}  // namespace venturi
