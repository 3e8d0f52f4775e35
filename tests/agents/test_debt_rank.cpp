#include "agents/network/debt_rank.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

/// Barucca's three banks, each of which owes the next.
DistressSystem three_lenders() {
    return {.equity = {1, 3, 3}, .obligations = {{0, 1, 4}, {1, 2, 3}, {2, 0, 2}}};
}

/// Each has lent the other half of its equity.
DistressSystem lending_pair() {
    return {.equity = {10, 10}, .obligations = {{0, 1, 5}, {1, 0, 5}}};
}

DistressSystem random_lenders(std::uint32_t trial, std::size_t nodes, double most) {
    Stream stream({.seed = 77, .trajectory = trial, .agent = 2, .purpose = 9});
    const auto uniform = [&] { return unit_uniform(stream.next_word()); };
    DistressSystem system;
    for (std::size_t i = 0; i < nodes; ++i) system.equity.push_back(0.5 + uniform());
    for (std::uint32_t i = 0; i < nodes; ++i)
        for (std::uint32_t j = 0; j < nodes; ++j)
            if (i != j && uniform() < 0.3) system.obligations.push_back({i, j, most * uniform()});
    return system;
}

}  // namespace

TEST_CASE("A bank's default costs the three banks their published debt rank") {
    const std::vector<double> all(3, 1);
    const double expected[] = {7.0 / 9, 5.0 / 9, 6.0 / 9};
    for (std::size_t bank = 0; bank < 3; ++bank) {
        std::vector<double> shock(3, 0);
        shock[bank] = 1;
        const Distress distress = debt_rank(three_lenders(), shock);
        CHECK(distress.level == all);
        CHECK(std::abs(distress.rank - expected[bank]) <= 1e-15);
    }
}

TEST_CASE("The debt ranks of the table of contagion examples are found") {
    const std::string name = std::string(VENTURI_SOURCE_FOLDER) + "/../shared/data/contagion_examples.csv";
    std::ifstream file(name);
    if (!file) {
        WARN("skipped: there is no " << name);
        return;
    }
    std::size_t rows = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("DebtRank", 0) != 0) continue;
        const std::string of_bank = "default of bank ";
        const std::string value = "DebtRank=";
        std::vector<double> shock(3, 0);
        shock.at(std::stoul(line.substr(line.find(of_bank) + of_bank.size()))) = 1;
        const double expected = std::stod(line.substr(line.find(value) + value.size()));
        CAPTURE(line);
        CHECK(std::abs(debt_rank(three_lenders(), shock).rank - expected) <= 1e-12);
        ++rows;
    }
    CHECK(rows == 3);
}

TEST_CASE("Distress goes around a circle once by debt rank, and to the end by the differential one") {
    const std::vector<double> shock = {0.2, 0};
    const Distress once = debt_rank(lending_pair(), shock);
    // 1 loses half of 0.2, and 0 half of that: 0 has handed on and doesn't again.
    CHECK(once.level[0] == Approx(0.25).epsilon(1e-15));
    CHECK(once.level[1] == Approx(0.1).epsilon(1e-15));
    CHECK(once.rank == Approx(0.5 * 0.35 - 0.5 * 0.2).epsilon(1e-14));
    CHECK(once.steps == 2);
    // h0 = 0.2 + h1 / 2, h1 = h0 / 2.
    const Distress ever = differential_debt_rank(lending_pair(), shock);
    CHECK(ever.level[0] == Approx(0.8 / 3).epsilon(1e-15));
    CHECK(ever.level[1] == Approx(0.4 / 3).epsilon(1e-15));
    CHECK(ever.rank == Approx(0.1).epsilon(1e-14));
    CHECK(ever.settled);
    const Distress cut_off = differential_debt_rank(lending_pair(), shock, 2);
    CHECK_FALSE(cut_off.settled);
    CHECK(cut_off.level[0] == Approx(0.25).epsilon(1e-15));
}

TEST_CASE("All who are distressed at first hand on what they had at first") {
    // 0 hits 1 in the same step in which 1 hits 2: 2 feels 1's first distress only, as it hands on once.
    const DistressSystem chain{.equity = {1, 1, 1}, .obligations = {{0, 1, 0.5}, {1, 2, 0.5}}};
    const std::vector<double> shock = {0.4, 0.4, 0};
    const Distress once = debt_rank(chain, shock);
    CHECK(once.level[1] == Approx(0.6).epsilon(1e-15));
    CHECK(once.level[2] == Approx(0.2).epsilon(1e-15));
    CHECK(differential_debt_rank(chain, shock).level[2] == Approx(0.3).epsilon(1e-15));
}

TEST_CASE("A loan above a lender's equity takes no more than its equity with it") {
    const DistressSystem lender{.equity = {1, 2}, .obligations = {{0, 1, 3}, {0, 1, 3}}, .value = {1, 1}};
    // By debt rank the loans, 6 in all, count as 2; by the differential one as they are, until nothing is
    // left.
    const std::vector<double> shock = {0.25, 0};
    CHECK(debt_rank(lender, shock).level[1] == 0.25);
    CHECK(differential_debt_rank(lender, shock).level[1] == 0.75);
    CHECK(differential_debt_rank(lender, std::vector<double>{0.5, 0}).level[1] == 1);
    // What a node is worth is taken as given: the lender's loss is half of all.
    CHECK(debt_rank(lender, shock).rank == 0.125);
}

TEST_CASE("Where nobody loses all, differential distress solves linear equations") {
    for (std::uint32_t trial = 0; trial < 20; ++trial) {
        const DistressSystem system = random_lenders(trial, 12, 0.1);
        std::vector<double> shock(12, 0);
        shock[trial % 12] = 0.3;
        const Distress distress = differential_debt_rank(system, shock);
        std::vector<double> expected = shock;
        for (const Obligation& each : system.obligations)
            expected[each.creditor] +=
                each.amount / system.equity[each.creditor] * distress.level[each.debtor];
        for (std::size_t i = 0; i < 12; ++i) {
            REQUIRE(distress.level[i] < 1);
            CHECK(std::abs(distress.level[i] - expected[i]) <= 1e-14);
        }
        // Who hands on once hands on less.
        const Distress once = debt_rank(system, shock);
        CHECK(once.rank > 0);
        CHECK(once.rank <= distress.rank + 1e-15);
    }
}

TEST_CASE("A greater shock leaves nobody less distressed by differential debt rank") {
    for (std::uint32_t trial = 0; trial < 30; ++trial) {
        const DistressSystem system = random_lenders(100 + trial, 10, 0.6);
        std::vector<double> shock(10, 0.05);
        const Distress before = differential_debt_rank(system, shock);
        shock[trial % 10] = 0.5;
        const Distress after = differential_debt_rank(system, shock);
        for (std::size_t i = 0; i < 10; ++i) {
            CHECK(after.level[i] >= before.level[i] - 1e-14);
            CHECK(after.level[i] <= 1);
        }
        CHECK(after.level[trial % 10] >= 0.5);
    }
}

TEST_CASE("Distress of a system that makes no sense is refused by name") {
    const auto refusal = [](DistressSystem system, std::vector<double> shock) {
        std::string first = "accepted";
        try {
            static_cast<void>(debt_rank(system, shock));
        } catch (const std::invalid_argument& error) {
            first = error.what();
        }
        std::string second = "accepted";
        try {
            static_cast<void>(differential_debt_rank(system, shock));
        } catch (const std::invalid_argument& error) {
            second = error.what();
        }
        CHECK(first == second);
        return first;
    };
    CHECK(refusal(lending_pair(), {0, 1}) == "accepted");
    CHECK_THAT(refusal(lending_pair(), {0, 1.5}), Contains("the shock of node 1 is 1.5"));
    CHECK_THAT(refusal(lending_pair(), {0}), Contains("1 shocks for 2 nodes"));
    CHECK_THAT(refusal({.equity = {1, 0}}, {0, 1}), Contains("the equity of node 1 is 0"));
    CHECK_THAT(refusal({.equity = {1, 1}, .value = {-1, 1}}, {0, 1}), Contains("the value of node 0 is -1"));
    CHECK_THAT(refusal({.equity = {1, 1}, .value = {1}}, {0, 1}), Contains("1 values for 2 nodes"));
    CHECK_THAT(refusal({.equity = {1, 1}, .obligations = {{0, 0, 1}}}, {0, 1}), Contains("to itself"));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THAT(refusal({.equity = {nan, 1}}, {0, 1}), Contains("the equity of node 0 is nan"));
}
