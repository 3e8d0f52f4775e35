#include "analysis/statistics/sobol_indices.hpp"

#include "analysis/statistics/bootstrap.hpp"
#include "analysis/statistics/scrambled_sobol.hpp"
#include "sim/contract.hpp"
#include "sim/random/stream.hpp"

#include <limits>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t resamples = 1000;
constexpr double tail = 0.025;  // of intervals of 95%

/// Responses as the sums need them, so that a resample only adds up.
class Responses {
  public:
    explicit Responses(const SobolResponses& responses)
        : points_(responses.first.size()),
          inputs_(responses.mixed.size()),
          first_(responses.first),
          second_(responses.second),
          mixed_(responses.mixed) {
        double mean = 0;
        for (std::size_t i = 0; i < points_; ++i) mean += (first_[i] + second_[i]) / 2;
        mean /= static_cast<double>(points_);
        for (double& value : first_) value -= mean;
        for (double& value : second_) value -= mean;
        for (std::vector<double>& values : mixed_)
            for (double& value : values) value -= mean;
    }

    [[nodiscard]] std::size_t points() const { return points_; }
    [[nodiscard]] std::size_t inputs() const { return inputs_; }

    /// Indices of the points with these weights: first and total, by input.
    void indices(std::span<const double> weights, std::vector<double>& first,
                 std::vector<double>& total) const {
        double count = 0;
        double sum = 0;
        double squares = 0;
        for (std::size_t i = 0; i < points_; ++i) {
            count += weights[i];
            sum += weights[i] * (first_[i] + second_[i]);
            squares += weights[i] * (first_[i] * first_[i] + second_[i] * second_[i]);
        }
        const double mean = sum / (2 * count);
        const double variance = squares / (2 * count) - mean * mean;
        for (std::size_t input = 0; input < inputs_; ++input) {
            const std::vector<double>& mixed = mixed_[input];
            double products = 0;
            double differences = 0;
            for (std::size_t i = 0; i < points_; ++i) {
                const double change = mixed[i] - first_[i];
                products += weights[i] * second_[i] * change;
                differences += weights[i] * change * change;
            }
            constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
            first[input] = variance > 0 ? products / count / variance : unknown;
            total[input] = variance > 0 ? differences / (2 * count) / variance : unknown;
        }
    }

  private:
    std::size_t points_;
    std::size_t inputs_;
    std::vector<double> first_;
    std::vector<double> second_;
    std::vector<std::vector<double>> mixed_;
};

}  // namespace

std::vector<double> SobolDesign::mixed(std::size_t point, std::size_t input) const {
    const auto begin = first.begin() + static_cast<std::ptrdiff_t>(point * inputs);
    std::vector<double> coordinates(begin, begin + static_cast<std::ptrdiff_t>(inputs));
    coordinates.at(input) = second.at(point * inputs + input);
    return coordinates;
}

SobolDesign sobol_design(std::size_t points, std::size_t inputs, std::uint64_t seed) {
    expects(points > 0, "a design has a point");
    expects(inputs >= 1 && inputs <= 500, "a design has 1 to 500 inputs");
    const std::vector<double> both = ScrambledSobol(2 * inputs, seed).points(points);
    SobolDesign design{.points = points, .inputs = inputs, .first = {}, .second = {}};
    design.first.reserve(points * inputs);
    design.second.reserve(points * inputs);
    for (std::size_t i = 0; i < both.size(); ++i)
        (i % (2 * inputs) < inputs ? design.first : design.second).push_back(both[i]);
    return design;
}

std::vector<SobolIndex> sobol_indices(const SobolResponses& responses) {
    const std::size_t points = responses.first.size();
    expects(points >= 2 && responses.second.size() == points,
            "both samples have the same points, two at least");
    for (const std::vector<double>& mixed : responses.mixed)
        expects(mixed.size() == points, "there is a mixed point for each point and input");
    const Responses centred(responses);
    const std::size_t inputs = centred.inputs();
    std::vector<double> first(inputs);
    std::vector<double> total(inputs);
    std::vector<double> weights(points, 1);
    centred.indices(weights, first, total);
    std::vector<SobolIndex> indices(inputs);
    for (std::size_t input = 0; input < inputs; ++input) {
        indices[input].first = first[input];
        indices[input].total = total[input];
    }

    std::vector<std::vector<double>> firsts(inputs);
    std::vector<std::vector<double>> totals(inputs);
    constexpr StreamAddress address{.seed = 2, .trajectory = 0, .agent = 0, .purpose = 0};
    for_each_resample(points, resamples, address, [&](std::span<const std::size_t> drawn) {
        count_drawn(drawn, weights);
        centred.indices(weights, first, total);
        for (std::size_t input = 0; input < inputs; ++input) {
            firsts[input].push_back(first[input]);
            totals[input].push_back(total[input]);
        }
    });
    for (std::size_t input = 0; input < inputs; ++input) {
        indices[input].first_interval = percentile_interval(std::move(firsts[input]), tail);
        indices[input].total_interval = percentile_interval(std::move(totals[input]), tail);
    }
    return indices;
}

}  // namespace venturi
