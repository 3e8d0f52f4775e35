#include "analysis/optimiser/range_statistic.hpp"

#include "scenarios/quantity.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

bool is_left_out(const WeightedOutcome& outcome, std::uint32_t groups, std::uint32_t left_out) {
    return groups > 0 && outcome.trajectory % groups == left_out;
}

double quantile_of(std::span<const WeightedOutcome> outcomes, double level, double total,
                   std::uint32_t groups, std::uint32_t left_out) {
    const double wanted = level * total;
    double below = 0;
    double place_before = 0;
    const WeightedOutcome* before = nullptr;
    for (const WeightedOutcome& outcome : outcomes) {
        if (is_left_out(outcome, groups, left_out)) continue;
        const double place = below + outcome.weight / 2;
        if (place >= wanted) {
            if (before == nullptr || !(place > place_before)) return outcome.value;
            const double part = (wanted - place_before) / (place - place_before);
            return before->value + part * (outcome.value - before->value);
        }
        below += outcome.weight;
        place_before = place;
        before = &outcome;
    }
    return before->value;
}

double tail_mean_of(std::span<const WeightedOutcome> outcomes, double level, double total,
                    std::uint32_t groups, std::uint32_t left_out) {
    const double wanted = level * total;
    double below = 0;
    double sum = 0;
    for (const WeightedOutcome& outcome : outcomes) {
        if (is_left_out(outcome, groups, left_out)) continue;
        const double part = std::min(outcome.weight, wanted - below);
        sum += part * outcome.value;
        below += part;
        if (below >= wanted) break;
    }
    return sum / wanted;
}

}  // namespace

std::string prefix_of(const RangeStatistic& statistic) {
    switch (statistic.kind) {
        case RangeStatistic::Kind::mean:
            return "";
        case RangeStatistic::Kind::quantile:
            return statistic.level == 0.5
                       ? "median of "
                       : fmt::format("quantile {} of ", print_quantity(statistic.level, Dimension::share));
        case RangeStatistic::Kind::tail_mean:
            return fmt::format("cvar {} of ", print_quantity(statistic.level, Dimension::share));
    }
    return "";
}

void sort_outcomes(std::vector<WeightedOutcome>& outcomes) {
    std::ranges::sort(outcomes, [](const WeightedOutcome& a, const WeightedOutcome& b) {
        return a.value != b.value ? a.value < b.value : a.trajectory < b.trajectory;
    });
}

double value_of(const RangeStatistic& statistic, std::span<const WeightedOutcome> outcomes,
                std::uint32_t groups, std::uint32_t left_out) {
    double total = 0;
    double sum = 0;
    for (const WeightedOutcome& outcome : outcomes) {
        if (is_left_out(outcome, groups, left_out)) continue;
        total += outcome.weight;
        sum += outcome.weight * outcome.value;
    }
    if (!(total > 0)) return std::numeric_limits<double>::quiet_NaN();
    switch (statistic.kind) {
        case RangeStatistic::Kind::mean:
            return sum / total;
        case RangeStatistic::Kind::quantile:
            return quantile_of(outcomes, statistic.level, total, groups, left_out);
        case RangeStatistic::Kind::tail_mean:
            return tail_mean_of(outcomes, statistic.level, total, groups, left_out);
    }
    return sum / total;
}

CutOff cut_off_of(const RangeStatistic& statistic, std::span<const WeightedOutcome> outcomes) {
    if (statistic.is_mean() || outcomes.empty()) return {-infinity, infinity, 1};
    double total = 0;
    for (const WeightedOutcome& outcome : outcomes) total += outcome.weight;
    const double level = statistic.level;
    expects(level > 0 && level < 1, "a level lies between 0 and 1");
    if (statistic.kind == RangeStatistic::Kind::tail_mean)
        return {-infinity, quantile_of(outcomes, level, total, 0, 0), 1 / level};
    const double reach = std::min({0.1, level / 2, (1 - level) / 2});
    return {quantile_of(outcomes, level - reach, total, 0, 0),
            quantile_of(outcomes, level + reach, total, 0, 0), 1 / (2 * reach)};
}

TailIndex tail_index_of(std::span<const WeightedOutcome> sorted) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    TailIndex tail{unknown, unknown, unknown};
    if (sorted.size() < 50) return tail;
    double sum = 0;
    for (const WeightedOutcome& outcome : sorted) sum += outcome.value;
    double top = 0;
    for (const WeightedOutcome& outcome : sorted.last(std::max<std::size_t>(1, sorted.size() / 100)))
        top += outcome.value;
    if (sum > 0 && sorted.front().value >= 0) tail.top_share = top / sum;
    const auto positive = static_cast<std::size_t>(
        std::ranges::count_if(sorted, [](const WeightedOutcome& each) { return each.value > 0; }));
    if (positive < 40) return tail;
    // Of those above 0 it is no more than a quarter: the others are no tail.
    const std::size_t count = std::min(std::max<std::size_t>(10, sorted.size() / 20), positive / 4);
    const double threshold = sorted[sorted.size() - 1 - count].value;
    double logs = 0;
    for (const WeightedOutcome& outcome : sorted.last(count)) logs += std::log(outcome.value / threshold);
    if (!(logs > 0)) return tail;
    tail.index = static_cast<double>(count) / logs;
    tail.standard_error = tail.index / std::sqrt(static_cast<double>(count));
    return tail;
}

}  // namespace venturi
