#include "agents/market/weight_tree.hpp"
#include "sim/contract.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace venturi;

TEST_CASE("A point falls in the place whose stretch of the total it lies in") {
    WeightTree tree;
    tree.reset(5);
    tree.set(0, 1);
    tree.set(2, 2);
    tree.set(4, 4);
    CHECK(tree.total() == 7);
    CHECK(tree.find(0) == 0);
    CHECK(tree.find(0.99) == 0);
    CHECK(tree.find(1) == 2);
    CHECK(tree.find(2.99) == 2);
    CHECK(tree.find(3) == 4);
    CHECK(tree.find(6.99) == 4);
    CHECK(tree.find(7) == 4);  // where rounding carries the point to the end
    tree.set(4, 0);
    CHECK(tree.total() == 3);
    CHECK(tree.find(3) == 2);
    tree.reset(5);
    CHECK(tree.total() == 0);
    CHECK(tree.weight(2) == 0);
}

TEST_CASE("A tree of one place, or none, is a tree") {
    WeightTree tree;
    CHECK(tree.total() == 0);
    tree.reset(0);
    CHECK(tree.total() == 0);
    tree.reset(1);
    tree.set(0, 3);
    CHECK(tree.total() == 3);
    CHECK(tree.find(2) == 0);
}

TEST_CASE("A weight is a number and not negative") {
    WeightTree tree;
    tree.reset(3);
    CHECK_THROWS_AS(tree.set(1, -1), ContractViolation);
    CHECK_THROWS_AS(tree.set(1, std::numeric_limits<double>::quiet_NaN()), ContractViolation);
}

TEST_CASE("After any changes the sums are those of the weights, and only places with weight are found") {
    constexpr std::size_t places = 37;
    Stream stream(StreamAddress{.seed = 7, .trajectory = 0, .agent = 0, .purpose = 1});
    WeightTree tree;
    tree.reset(places);
    std::vector<double> weights(places, 0.0);
    for (int change = 0; change < 20000; ++change) {
        const auto place = static_cast<std::size_t>(unit_uniform(stream.next_word()) * places);
        // Weights over thirty orders of magnitude, where differences would leave their rounding behind; a
        // third zero.
        const double u = unit_uniform(stream.next_word());
        const double weight = u < 1.0 / 3 ? 0.0 : std::pow(10.0, 45 * u - 30);
        tree.set(place, weight);
        weights[place] = weight;
        double sum = 0;
        for (const double one : weights) sum += one;
        REQUIRE(tree.total() == Approx(sum).epsilon(1e-14));
        if (sum > 0) REQUIRE(weights[tree.find(unit_uniform(stream.next_word()) * tree.total())] > 0);
    }
}

TEST_CASE("Places are found in proportion to their weights") {
    constexpr std::size_t draws = 200000;
    const std::vector<double> weights = {3, 0, 1, 5, 0.5, 0, 2};
    WeightTree tree;
    tree.reset(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) tree.set(i, weights[i]);
    std::vector<double> counts(weights.size(), 0.0);
    Stream stream(StreamAddress{.seed = 7, .trajectory = 0, .agent = 0, .purpose = 2});
    for (std::size_t i = 0; i < draws; ++i)
        ++counts[tree.find(unit_uniform(stream.next_word()) * tree.total())];
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double share = weights[i] / tree.total();
        CHECK(std::abs(counts[i] - share * draws) <= 4 * std::sqrt(share * (1 - share) * draws));
    }
}
