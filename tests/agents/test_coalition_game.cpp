#include "agents/network/coalition_game.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

std::vector<double> shapley(std::size_t players, const CharacteristicFunction& value) {
    return shapley_value(coalition_values(players, value));
}

std::vector<double> banzhaf(std::size_t players, const CharacteristicFunction& value) {
    return banzhaf_value(coalition_values(players, value));
}

void check_is(const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::abs(found[i] - expected[i]) <= 1e-13);
}

std::vector<double> random_values(std::size_t players, std::uint32_t trial) {
    Stream stream({.seed = 5, .trajectory = trial, .agent = 8, .purpose = 1});
    std::vector<double> values(std::size_t{1} << players, 0);
    for (std::size_t i = 1; i < values.size(); ++i) values[i] = 2 * unit_uniform(stream.next_word()) - 1;
    return values;
}

/// By the definition: over all orders in which players come.
std::vector<double> averaged_over_orders(std::size_t players, const std::vector<double>& values) {
    std::vector<std::size_t> order(players);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> sums(players, 0);
    double orders = 0;
    do {
        std::size_t coalition = 0;
        for (const std::size_t player : order) {
            const std::size_t joined = coalition | std::size_t{1} << player;
            sums[player] += values[joined] - values[coalition];
            coalition = joined;
        }
        ++orders;
    } while (std::next_permutation(order.begin(), order.end()));
    for (double& sum : sums) sum /= orders;
    return sums;
}

}  // namespace

TEST_CASE("The one right glove is worth four times a left one") {
    // 0 has a right glove, 1 and 2 have left ones; a pair is worth 1.
    const CharacteristicFunction pairs = [](std::uint32_t coalition) {
        return (coalition & 1U) != 0 && (coalition & 6U) != 0 ? 1.0 : 0.0;
    };
    check_is(shapley(3, pairs), {4.0 / 6, 1.0 / 6, 1.0 / 6});
    check_is(banzhaf(3, pairs), {3.0 / 4, 1.0 / 4, 1.0 / 4});
}

TEST_CASE("Aircraft share each length of runway among those that need it") {
    // Littlechild & Owen (1973): each pays its part of every step up to its own.
    const std::vector<double> needs = {1, 2, 2.5, 4, 7, 7, 11};
    const CharacteristicFunction cost = [&](std::uint32_t coalition) {
        double longest = 0;
        for (std::size_t i = 0; i < needs.size(); ++i)
            if (coalition >> i & 1U) longest = std::max(longest, needs[i]);
        return longest;
    };
    std::vector<double> expected;
    double paid = 0;
    double before = 0;
    for (std::size_t i = 0; i < needs.size(); ++i) {
        paid += (needs[i] - before) / static_cast<double>(needs.size() - i);
        before = needs[i];
        expected.push_back(paid);
    }
    check_is(shapley(needs.size(), cost), expected);
}

TEST_CASE("Who all are needed share alike, and nobody else gets anything") {
    for (const std::uint32_t needed : {0b1U, 0b10110U, 0b11111U, 0b01010U}) {
        const CharacteristicFunction unanimous = [&](std::uint32_t coalition) {
            return (coalition & needed) == needed ? 1.0 : 0.0;
        };
        const double partners = std::popcount(needed);
        std::vector<double> shapley_expected(5, 0);
        std::vector<double> banzhaf_expected(5, 0);
        for (std::size_t i = 0; i < 5; ++i)
            if (needed >> i & 1U) {
                shapley_expected[i] = 1 / partners;
                banzhaf_expected[i] = std::pow(0.5, partners - 1);
            }
        check_is(shapley(5, unanimous), shapley_expected);
        check_is(banzhaf(5, unanimous), banzhaf_expected);
    }
}

TEST_CASE("A veto in the Security Council is worth a hundred seats without one") {
    // Five permanent members with 7 votes, ten others with 1, and 39 needed.
    std::vector<double> weights(15, 1);
    std::fill(weights.begin(), weights.begin() + 5, 7);
    const CharacteristicFunction vote = weighted_voting(weights, 39);
    const std::vector<double> power = shapley(15, vote);
    const std::vector<double> swings = banzhaf(15, vote);
    for (std::size_t i = 0; i < 15; ++i) {
        CHECK(std::abs(power[i] - (i < 5 ? 421.0 / 2145 : 4.0 / 2145)) <= 1e-15);
        CHECK(swings[i] == (i < 5 ? 848.0 : 84.0) / 16384);
    }
}

TEST_CASE("The Shapley value is the average over all orders of arrival") {
    for (std::uint32_t trial = 0; trial < 6; ++trial) {
        const std::size_t players = 1 + trial;
        const std::vector<double> values = random_values(players, trial);
        check_is(shapley_value(values), averaged_over_orders(players, values));
    }
}

TEST_CASE(
    "The Shapley value shares out the whole, adds up over games, and gives a dummy what it makes alone") {
    for (std::uint32_t trial = 0; trial < 10; ++trial) {
        const std::size_t players = 2 + trial;
        std::vector<double> first = random_values(players, 100 + trial);
        const std::vector<double> second = random_values(players, 200 + trial);
        // The last player adds 0.75 to whatever there is.
        const std::size_t last = std::size_t{1} << (players - 1);
        for (std::size_t i = 0; i < last; ++i) first[i | last] = first[i] + 0.75;
        const std::vector<double> of_first = shapley_value(first);
        const std::vector<double> of_second = shapley_value(second);
        CHECK(std::abs(of_first.back() - 0.75) <= 1e-14);
        CHECK(std::abs(banzhaf_value(first).back() - 0.75) <= 1e-14);
        CHECK(std::abs(std::accumulate(of_second.begin(), of_second.end(), 0.0) - second.back()) <= 1e-13);
        std::vector<double> both = first;
        std::vector<double> of_both = of_first;
        for (std::size_t i = 0; i < both.size(); ++i) both[i] += 2 * second[i];
        for (std::size_t i = 0; i < players; ++i) of_both[i] += 2 * of_second[i];
        check_is(shapley_value(both), of_both);
    }
}

TEST_CASE("Players who can stand in for each other get the same") {
    std::vector<double> values = random_values(6, 300);
    const auto exchanged = [](std::size_t coalition) {  // players 1 and 4
        const std::size_t differ = (coalition >> 1 ^ coalition >> 4) & 1U;
        return coalition ^ (differ << 1 | differ << 4);
    };
    const std::vector<double> original = values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = original[i] + original[exchanged(i)];
    const std::vector<double> power = shapley_value(values);
    CHECK(std::abs(power[1] - power[4]) <= 1e-15);
    CHECK(std::abs(power[1] - power[2]) > 1e-3);
    const std::vector<double> swings = banzhaf_value(values);
    CHECK(std::abs(swings[1] - swings[4]) <= 1e-15);
}

TEST_CASE("Partners share a joint project by each rule, and the shares are the whole") {
    // Skills that complement each other: the square of what is put in.
    const std::vector<double> contributions = {1, 2, 5};
    const CharacteristicFunction project = [&](std::uint32_t coalition) {
        double sum = 0;
        for (std::size_t i = 0; i < 3; ++i)
            if (coalition >> i & 1U) sum += contributions[i];
        return sum * sum;
    };
    check_is(shares(SharingRule::equal, contributions, project), {64.0 / 3, 64.0 / 3, 64.0 / 3});
    check_is(shares(SharingRule::proportional, contributions, project), {8, 16, 40});
    // Each keeps its own square and half of what two make beyond theirs, 2 a b: a (a + b + c) as well.
    check_is(shares(SharingRule::shapley, contributions, project), {8, 16, 40});
    // Where one can do all alone, a rule that asks for contributions alone isn't the same.
    const CharacteristicFunction lead = [](std::uint32_t coalition) {
        return (coalition & 1U) != 0 ? 9.0 + std::popcount(coalition) : 0.0;
    };
    check_is(shares(SharingRule::proportional, contributions, lead), {1.5, 3, 7.5});
    check_is(shares(SharingRule::shapley, contributions, lead), {11, 0.5, 0.5});
    check_is(shares(SharingRule::proportional, std::vector<double>{0, 0}, lead), {5.5, 5.5});

    for (const SharingRule rule : {SharingRule::equal, SharingRule::proportional, SharingRule::shapley})
        for (std::uint32_t trial = 0; trial < 11; ++trial) {
            const std::size_t players = 1 + trial;
            const std::vector<double> values = random_values(players, 400 + trial);
            std::vector<double> brought(players);
            for (std::size_t i = 0; i < players; ++i) brought[i] = 0.1 + static_cast<double>(i % 3);
            const std::vector<double> all =
                shares(rule, brought, [&](std::uint32_t coalition) { return values[coalition]; });
            CHECK(std::abs(std::accumulate(all.begin(), all.end(), 0.0) - values.back()) <= 1e-12);
        }
}

TEST_CASE("A coalition game that makes no sense is refused by name") {
    const CharacteristicFunction size = [](std::uint32_t coalition) {
        return static_cast<double>(std::popcount(coalition));
    };
    CHECK_THROWS_WITH(coalition_values(0, size), Contains("0 players"));
    CHECK_THROWS_WITH(coalition_values(21, size), Contains("21 players"));
    CHECK_THROWS_WITH(coalition_values(2, [](std::uint32_t) { return 2.0; }), Contains("nobody is 2"));
    CHECK_THROWS_WITH(shapley_value(std::vector<double>{0, 1, 2}), Contains("3 values"));
    CHECK_THROWS_WITH(banzhaf_value(std::vector<double>{0}), Contains("1 values"));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(shapley_value(std::vector<double>{0, 1, nan, 1}), Contains("coalition 2 is nan"));
    const auto negative = std::vector<double>{1, -1};
    CHECK_THROWS_WITH(shares(SharingRule::equal, negative, size), Contains("player 1 is -1"));
    CHECK_THROWS_WITH(shares(SharingRule::shapley, {}, size), Contains("0 players"));
    const auto two = std::vector<double>{1, 1};
    CHECK_THROWS_WITH(shares(SharingRule::equal, two, [&](std::uint32_t) { return nan; }),
                      Contains("coalition 3 is nan"));
}
