#include "agents/risk/cut_set_bounds.hpp"
#include "agents/risk/minimal_cut_sets.hpp"
#include "agents/risk/prime_implicants.hpp"
#include "sim/contract.hpp"
#include "tests/agents/small_fault_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

namespace {

using namespace venturi;
using namespace small_fault_trees;

constexpr double rounding = 1.2e-16;  // half a unit in the last place of 1, and some

/// Set by set: the sum of probabilities and of −log(1 − P), over all sets and over those with each event.
struct SetBySet {
    double sum = 0;
    double logarithms = 0;
    std::vector<double> sum_by_event;
    std::vector<double> logarithms_by_event;
    std::size_t probable = 0;  // above one half
};

SetBySet set_by_set(const std::set<LiteralSet>& sets, const std::vector<double>& probabilities) {
    SetBySet result;
    result.sum_by_event.assign(probabilities.size(), 0);
    result.logarithms_by_event.assign(probabilities.size(), 0);
    for (const LiteralSet& set : sets) {
        double p = 1;
        for (const EventLiteral& literal : set)
            p *= literal.negated ? 1 - probabilities[literal.event] : probabilities[literal.event];
        result.sum += p;
        result.logarithms -= std::log1p(-p);
        result.probable += p >= 0.5 ? 1 : 0;
        for (const EventLiteral& literal : set) {
            if (literal.negated) continue;
            result.sum_by_event[literal.event] += p;
            result.logarithms_by_event[literal.event] -= std::log1p(-p);
        }
    }
    return result;
}

}  // namespace

TEST_CASE("Two trains: the bounds of four sets by hand") {
    // Either train fails by its valve (0.5) or its pump (0.7), and both must: 0.85^2 = 0.7225 exactly.
    const FaultTree tree = conjunction_of_groups(2, 2, 0);
    const std::vector<double> probabilities = {0.5, 0.7, 0.5, 0.7};
    const auto sets = minimal_cut_sets_of_unsolved(tree);
    REQUIRE(sets);
    CHECK(rare_event_approximation(*sets, probabilities) == Approx(0.25 + 0.35 + 0.35 + 0.49).epsilon(1e-15));
    CHECK(min_cut_upper_bound(*sets, probabilities) == Approx(1 - 0.75 * 0.65 * 0.65 * 0.51).epsilon(1e-15));
    const std::vector<double> shares = fussell_vesely(*sets, probabilities);
    CHECK(shares[0] == Approx((0.25 + 0.35) / 1.44).epsilon(1e-15));
    CHECK(shares[3] == Approx((0.35 + 0.49) / 1.44).epsilon(1e-15));
    const auto by_bounds = fussell_vesely_of_bounds(*sets, probabilities);
    REQUIRE(by_bounds);
    CHECK((*by_bounds)[2] == Approx((1 - 0.75 * 0.65) / (1 - 0.75 * 0.65 * 0.65 * 0.51)).epsilon(1e-15));
}

TEST_CASE("What is summed over the graph is what is summed set by set") {
    std::mt19937_64 random(7);
    std::size_t compared = 0;
    std::size_t probable = 0;
    for (int repetition = 0; repetition < 600; ++repetition) {
        const std::uint32_t blocks = 1 + repetition % 3;
        const bool coherent = repetition % 2 == 0;
        const FaultTree tree = random_tree(random, blocks, 9 / blocks, 15 / blocks, coherent);
        const auto solution = solve(tree);
        REQUIRE(solution);
        const auto sets = coherent ? minimal_cut_sets(*solution) : prime_implicants(*solution);
        REQUIRE(sets);
        std::vector<double> probabilities;
        for (std::size_t i = 0; i < tree.basic_events.size(); ++i) {
            const double u = std::ldexp(static_cast<double>(random() >> 11), -53);
            probabilities.push_back(repetition % 4 == 0 ? u * u * u : u);
        }
        const std::set<LiteralSet> all = all_sets(*sets);
        const SetBySet expected = set_by_set(all, probabilities);
        CAPTURE(repetition, all.size());
        // A path of at most 18 nodes, twice a rounding at each, and a rounding for each set summed; a power
        // series repeats that in each of its terms, whose sum is no larger, and subtracts what is probable.
        const double path = (2 * 18 + static_cast<double>(all.size())) * rounding;
        CHECK(rare_event_approximation(*sets, probabilities) == Approx(expected.sum).epsilon(path));
        CHECK(min_cut_upper_bound(*sets, probabilities)
              == Approx(-std::expm1(-expected.logarithms)).epsilon(4 * path));
        const std::vector<double> shares = fussell_vesely(*sets, probabilities);
        const auto of_bounds = fussell_vesely_of_bounds(*sets, probabilities);
        REQUIRE(of_bounds);
        for (std::size_t i = 0; i < probabilities.size(); ++i) {
            if (expected.sum == 0) {
                CHECK(std::isnan(shares[i]));
                CHECK(std::isnan((*of_bounds)[i]));
                continue;
            }
            CHECK(shares[i] == Approx(expected.sum_by_event[i] / expected.sum).epsilon(3 * path));
            const double share_of_bounds =
                std::expm1(-expected.logarithms_by_event[i]) / std::expm1(-expected.logarithms);
            CHECK((*of_bounds)[i] == Approx(share_of_bounds).epsilon(8 * path));
        }
        compared += all.size();
        probable += expected.probable;
    }
    CHECK(compared > 1500);
    CHECK(probable > 100);
}

TEST_CASE("The bounds are above the exact probability, one below the other") {
    std::mt19937_64 random(8);
    double closest = 1;
    for (int repetition = 0; repetition < 400; ++repetition) {
        const bool coherent = repetition % 2 == 0;
        const FaultTree tree = random_tree(random, 1 + repetition % 2, 4, 8, coherent);
        const std::vector<bool> table = truth_table(tree);
        std::vector<double> probabilities;
        for (std::size_t i = 0; i < tree.basic_events.size(); ++i)
            probabilities.push_back(std::ldexp(static_cast<double>(random() >> 11), -53));
        const double exact = probability(table, probabilities);
        const auto solution = solve(tree);
        REQUIRE(solution);
        const auto sets = minimal_cut_sets(*solution);
        REQUIRE(sets);
        const double rare = rare_event_approximation(*sets, probabilities);
        const double bound = min_cut_upper_bound(*sets, probabilities);
        // 256 outcomes summed, of which the exact value has the roundings.
        const double slack = 256 * rounding;
        CAPTURE(repetition, coherent);
        CHECK(bound >= exact * (1 - slack));
        CHECK(rare >= bound * (1 - slack));
        if (exact > 0 && exact < 1) closest = std::min(closest, bound / exact - 1);
        const auto primes = prime_implicants(*solution);
        REQUIRE(primes);
        CHECK(rare_event_approximation(*primes, probabilities) >= exact * (1 - slack));
    }
    CHECK(std::abs(closest) <= 256 * rounding);  // equality: a tree of one set
}

TEST_CASE("For prime implicants that exclude each other the product is no bound") {
    FaultTree tree;
    tree.basic_events = {{.name = "a", .probability = 0.5}, {.name = "b", .probability = 0.5}};
    tree.gates = {{.connective = Connective::exclusive_or, .arguments = {event(0), event(1)}}};
    tree.top = gate(0);
    const auto primes = prime_implicants(*solve(tree));
    REQUIRE(primes);
    const std::vector<double> halves = {0.5, 0.5};
    CHECK(min_cut_upper_bound(*primes, halves) == Approx(1 - 0.75 * 0.75).epsilon(1e-15));  // below 1/2
    CHECK(rare_event_approximation(*primes, halves) == 0.5);
    // Of "a and not b" only a is blamed, not b.
    CHECK(fussell_vesely(*primes, halves) == std::vector<double>{0.5, 0.5});
}

TEST_CASE("Small probabilities keep their digits") {
    const FaultTree tree = conjunction_of_groups(3, 2, 0);
    const auto sets = minimal_cut_sets_of_unsolved(tree);
    REQUIRE(sets);
    const std::vector<double> tiny(6, 1e-30);
    CHECK(rare_event_approximation(*sets, tiny) == Approx(8e-90).epsilon(1e-14));
    CHECK(min_cut_upper_bound(*sets, tiny) == Approx(8e-90).epsilon(1e-14));
    CHECK(fussell_vesely(*sets, tiny)[0] == Approx(0.5).epsilon(1e-14));
    CHECK((*fussell_vesely_of_bounds(*sets, tiny))[0] == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("Certain and likely sets are multiplied, not summed") {
    // 2^3 sets: each of probability p^3.
    const FaultTree tree = conjunction_of_groups(3, 2, 0);
    const auto sets = minimal_cut_sets_of_unsolved(tree);
    REQUIRE(sets);
    CHECK(min_cut_upper_bound(*sets, std::vector<double>(6, 1.0)) == 1);
    CHECK(fussell_vesely_of_bounds(*sets, std::vector<double>(6, 1.0)) == std::vector<double>(6, 1.0));
    CHECK(min_cut_upper_bound(*sets, std::vector<double>(6, 0.0)) == 0);
    // Nothing has no shares.
    const std::vector<double> impossible(6, 0.0);
    const std::vector<double> shares = fussell_vesely(*sets, impossible);
    CHECK(std::all_of(shares.begin(), shares.end(), [](double share) { return std::isnan(share); }));
    const auto of_bounds = fussell_vesely_of_bounds(*sets, impossible);
    REQUIRE(of_bounds);
    CHECK(std::all_of(of_bounds->begin(), of_bounds->end(), [](double share) { return std::isnan(share); }));
    for (const double p : {0.999999, 0.9, 0.8, 0.79, 0.5}) {
        const double cube = p * p * p;
        CHECK(1 - min_cut_upper_bound(*sets, std::vector<double>(6, p))
              == Approx(std::pow(1 - cube, 8)).margin(20 * rounding));
    }
    // One set certain, the others impossible: nothing else is left of the whole.
    CHECK(min_cut_upper_bound(*sets, std::vector<double>{1, 0, 1, 0, 1, 0}) == 1);
}

TEST_CASE("Where very many sets are likely the bound is 1") {
    const FaultTree tree = conjunction_of_groups(10, 4, 0);  // 4^10 sets
    const auto sets = minimal_cut_sets_of_unsolved(tree);
    REQUIRE(sets);
    const std::vector<double> likely(40, 0.99);
    CHECK(min_cut_upper_bound(*sets, likely) == 1);
    CHECK_FALSE(fussell_vesely_of_bounds(*sets, likely));
    CHECK(fussell_vesely(*sets, likely)[0] == Approx(0.25).epsilon(1e-13));
    CHECK_THROWS_AS(min_cut_upper_bound(*sets, std::vector<double>(39, 0.1)), ContractViolation);
    CHECK_THROWS_AS(rare_event_approximation(*sets, std::vector<double>(40, -0.1)), ContractViolation);
    CHECK_THROWS_AS(fussell_vesely(*sets, std::vector<double>(41, 0.1)), ContractViolation);
}
