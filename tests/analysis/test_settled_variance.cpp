// The split of a variance into what was settled and what was luck, first where it is known exactly.
#include "analysis/statistics/settled_variance.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/random/distribution.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace venturi;

namespace {

/// A walk of independent steps of variance 1: of `steps` of them `settled` are the past's, and the variance
/// of where it ends is settled to that part.
Grouped<SettledVariance> walks(std::uint64_t seed, std::uint64_t pasts, int settled, int steps,
                               std::size_t continuations) {
    Grouped<SettledVariance> groups;
    for (std::uint64_t past = 0; past < pasts; ++past) {
        Stream stream(
            {.seed = seed, .trajectory = static_cast<std::uint32_t>(past), .agent = 0, .purpose = 0});
        const auto walk = [&stream](int count) {
            double sum = 0;
            for (int step = 0; step < count; ++step) sum += sample(Normal{}, stream);
            return sum;
        };
        const double begun = walk(settled);
        std::vector<double> ends;
        for (std::size_t k = 0; k < continuations; ++k) ends.push_back(begun + walk(steps - settled));
        groups.of(past).add(ends);
    }
    return groups;
}

}  // namespace

TEST_CASE("of a random walk's end as much is settled as steps have been taken", "[branch]") {
    constexpr std::uint64_t pasts = 4000;
    constexpr int steps = 10;
    for (const int settled : {0, 3, 9, 10})
        for (const std::size_t continuations : {2, 5}) {
            CAPTURE(settled, continuations);
            const VarianceSplit split = split_of(walks(7, pasts, settled, steps, continuations));
            CHECK(split.pasts == pasts);
            const double luck = steps - settled;
            const double n = static_cast<double>(continuations);
            // Four standard errors: both are functions of variances of normals, with known degrees of
            // freedom.
            const double luck_error = luck * std::sqrt(2 / (static_cast<double>(pasts) * (n - 1)));
            const double between = settled + luck / n;
            const double settled_error =
                std::hypot(between * std::sqrt(2 / (static_cast<double>(pasts) - 1)), luck_error / n);
            CHECK(split.luck.value == Approx(luck).margin(4 * luck_error + 1e-9));
            CHECK(split.settled.value == Approx(settled).margin(4 * settled_error));
            CHECK(split.share.value
                  == Approx(settled / 10.0).margin(4 * (settled_error + luck_error) / steps));
            for (const SettledPart& part : {split.settled, split.luck, split.share}) {
                CHECK(part.interval.low >= 0);
                CHECK(part.interval.low <= part.interval.high);
            }
            CHECK(split.share.interval.high <= 1);
        }
}

TEST_CASE("the intervals of a split hold what it is as often as they say", "[branch]") {
    constexpr int repetitions = 400;
    int luck = 0;
    int settled = 0;
    int share = 0;
    for (int i = 0; i < repetitions; ++i) {
        const VarianceSplit split = split_of(walks(100 + static_cast<std::uint64_t>(i), 160, 2, 5, 4));
        luck += split.luck.interval.contains(3);
        settled += split.settled.interval.contains(2);
        share += split.share.interval.contains(0.4);
    }
    // 95% with a standard error of 1.1%: four of them either way, and variances are skewed.
    for (const int covered : {luck, settled, share}) {
        CHECK(covered >= 0.905 * repetitions);
        CHECK(covered <= 0.995 * repetitions);
    }
}

TEST_CASE("what is missing is left out, and what can't be known is not said", "[branch]") {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    SettledVariance some;
    some.add(std::array{1.0, missing, 3.0});
    some.add(std::array{missing, 2.0});
    CHECK(some.pasts() == 1);
    CHECK(some.luck() == 2);
    CHECK(std::isnan(some.settled()));
    some.add(std::array{5.0, 5.0, 5.0});
    // Means 2 and 5: variance 4.5, less half of 2 / 2.
    CHECK(some.settled() == Approx(4.5 - 0.5));
    CHECK(some.luck() == 1);
    Grouped<SettledVariance> constant;
    for (std::uint64_t past = 0; past < 40; ++past) constant.of(past).add(std::array{2.0, 2.0});
    const VarianceSplit split = split_of(constant);
    CHECK(split.luck.value == 0);
    CHECK(std::isnan(split.share.value));
    CHECK(std::isnan(split.share.interval.low));
    CHECK(split_of(Grouped<SettledVariance>{}).pasts == 0);
    // All means are the same by chance: the unbiased value is below 0, and nothing can be said of its error.
    Grouped<SettledVariance> balanced;
    for (std::uint64_t past = 0; past < 40; ++past) balanced.of(past).add(std::array{0.0, 2.0});
    const VarianceSplit none = split_of(balanced);
    CHECK(none.settled.value == Approx(-1));
    CHECK(std::isnan(none.settled.interval.high));
    CHECK(none.share.value == 0);
    CHECK(std::isnan(none.share.interval.high));
}
