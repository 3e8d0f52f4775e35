// Means, quantiles and means of tails, their derivatives, and how heavy a tail is.
#include "analysis/optimiser/range_statistic.hpp"
#include "sim/random/draws.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace venturi;

namespace {

using Kind = RangeStatistic::Kind;

std::vector<WeightedOutcome> outcomes_of(const std::vector<double>& values) {
    std::vector<WeightedOutcome> outcomes;
    std::uint32_t trajectory = 0;
    for (const double value : values) outcomes.push_back({value, 1, trajectory++});
    sort_outcomes(outcomes);
    return outcomes;
}

/// Uniform numbers, each transformed.
template <class Transform>
std::vector<double> drawn(std::uint32_t count, Transform transform) {
    std::vector<double> values;
    for (std::uint32_t i = 0; i < count; ++i) {
        const InversionVariates variates(17, i);
        DrawSource source;
        values.push_back(transform(variates.uniform(source)));
    }
    return values;
}

}  // namespace

TEST_CASE("Statistics of a handful of outcomes are what one counts by hand") {
    const auto outcomes = outcomes_of({5, 1, 4, 2, 3});
    CHECK(value_of({}, outcomes) == 3);
    CHECK(value_of({Kind::quantile, 0.5}, outcomes) == 3);
    CHECK(value_of({Kind::quantile, 0.1}, outcomes) == 1);  // the middle of the first's own fifth
    CHECK(value_of({Kind::quantile, 0.2}, outcomes) == Approx(1.5));
    CHECK(value_of({Kind::tail_mean, 0.4}, outcomes) == Approx(1.5));
    CHECK(value_of({Kind::tail_mean, 0.3}, outcomes) == Approx((1 + 0.5 * 2) / 1.5));
    // Without every third trajectory, beginning with the first: 5 and 2 go.
    CHECK(value_of({}, outcomes, 3, 0) == Approx((1 + 4 + 3) / 3.0));
    CHECK(value_of({Kind::quantile, 0.5}, outcomes, 3, 0) == 3);
    CHECK(std::isnan(value_of({}, outcomes, 1, 0)));
}

TEST_CASE("Weights count as so many outcomes") {
    std::vector<WeightedOutcome> weighted{{1, 2, 0}, {3, 1, 1}};
    CHECK(value_of({}, weighted) == Approx(5 / 3.0));
    CHECK(value_of({Kind::tail_mean, 2 / 3.0}, weighted) == 1);
    CHECK(prefix_of({Kind::quantile, 0.1}) == "quantile 10% of ");
    CHECK(prefix_of({Kind::tail_mean, 0.05}) == "cvar 5% of ");
    CHECK(prefix_of({}).empty());
}

TEST_CASE("The mean of what is cut off moves as the statistic does") {
    // Outcomes scale · (exponential): all quantiles, and what is made of them, move in proportion.
    const std::uint32_t count = 4000;
    const auto exponentials = drawn(count, [](double u) { return -std::log(u); });
    for (const RangeStatistic& statistic :
         {RangeStatistic{Kind::quantile, 0.5}, RangeStatistic{Kind::quantile, 0.1},
          RangeStatistic{Kind::tail_mean, 0.2}, RangeStatistic{}}) {
        CAPTURE(prefix_of(statistic));
        const double h = 1e-4;
        const auto cut = cut_off_of(statistic, outcomes_of(exponentials));
        double up = 0;
        double down = 0;
        for (const double value : exponentials) {
            up += cut((1 + h) * value) / count;
            down += cut((1 - h) * value) / count;
        }
        const double derivative = (up - down) / (2 * h);
        const double exact = value_of(statistic, outcomes_of(exponentials));
        // Of a quantile the mean of its neighbours, which lie on a curve that is nearly straight.
        CHECK(derivative == Approx(exact).epsilon(statistic.kind == Kind::quantile ? 0.03 : 1e-3));
    }
}

TEST_CASE("Hill's index is that of a Pareto tail, and warns of those without a variance") {
    for (const double index : {0.8, 1.5, 4.0}) {
        const auto outcomes = outcomes_of(drawn(20000, [&](double u) { return std::pow(u, -1 / index); }));
        const TailIndex tail = tail_index_of(outcomes);
        CAPTURE(index, tail.index, tail.standard_error);
        CHECK(std::abs(tail.index - index) < 4 * tail.standard_error);
        CHECK(tail.is_heavy() == (index < 2));
        CHECK(tail.may_lack_mean() == (index < 1));
        CHECK(tail.top_share > 0);
    }
    // Shares have no tail, and few outcomes tell nothing.
    CHECK(std::isnan(tail_index_of(outcomes_of(std::vector<double>(100, 1.0))).index));
    CHECK(std::isnan(tail_index_of(outcomes_of({1, 2, 3})).index));
    CHECK_FALSE(tail_index_of(outcomes_of({1, 2, 3})).is_heavy());
    // Where nearly all are 0, the largest quarter of those that are not are the tail.
    const auto mostly_nothing =
        drawn(8000, [](double u) { return u < 0.02 ? std::pow(u / 0.02, -1.0) : 0.0; });
    const TailIndex rare = tail_index_of(outcomes_of(mostly_nothing));
    CHECK(std::abs(rare.index - 1) < 4 * rare.standard_error);
    CHECK(rare.standard_error < 0.25);
}
