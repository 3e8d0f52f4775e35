#include "agents/network/clearing.hpp"
#include "sim/infinity.hpp"
#include "sim/random/stream.hpp"
#include "tests/allocation_counter.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

/// A chain of three banks, each of which owes the next; with the fraction of outside assets that a shock
/// leaves. Barucca's exercise: debts outside are senior.
ClearingSystem three_banks(double shock) {
    return {.assets = {20 * (1 - shock), 20 * (1 - shock), 10 * (1 - shock)},
            .senior_debt = {17, 18, 8},
            .obligations = {{0, 1, 4}, {1, 2, 3}, {2, 0, 2}}};
}

/// A lends to B, B to C, C to A.
ClearingSystem circle_of_halves(double a, double b, double c) {
    return {.assets = {1 - a, 1 - b, 1 - c}, .obligations = {{1, 0, 0.5}, {2, 1, 0.5}, {0, 2, 0.5}}};
}

/// Nobody has anything, each owes the other.
ClearingSystem penniless_pair(double assets = 0, double amount = 1) {
    return {.assets = {assets, assets}, .obligations = {{0, 1, amount}, {1, 0, amount}}};
}

std::vector<double> numbers(const std::string& text) {
    std::vector<double> result;
    std::istringstream cells(text);
    for (std::string cell; std::getline(cells, cell, ';');)
        if (!cell.empty()) result.push_back(std::stod(cell));
    return result;
}

/// Of "1/2" or "3".
double fraction(const std::string& text) {
    const std::size_t stroke = text.find('/');
    return std::stod(text) / (stroke == std::string::npos ? 1 : std::stod(text.substr(stroke + 1)));
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char letter : line) {
        if (letter == '"')
            quoted = !quoted;
        else if (letter == ',' && !quoted)
            cells.emplace_back();
        else if (letter != '\r')
            cells.back() += letter;
    }
    return cells;
}

class Chance {
  public:
    explicit Chance(std::uint32_t trajectory)
        : stream_({.seed = 20'260'611, .trajectory = trajectory, .agent = 1, .purpose = 3}) {}
    double uniform(double low, double high) { return low + (high - low) * unit_uniform(stream_.next_word()); }
    std::uint32_t below(std::size_t count) {
        return static_cast<std::uint32_t>(unit_uniform(stream_.next_word()) * static_cast<double>(count));
    }

  private:
    Stream stream_;
};

/// Some `degree` obligations of each node; assets and senior debt such that a share of nodes is in trouble.
ClearingSystem random_system(std::size_t nodes, double degree, Chance& chance) {
    ClearingSystem system{
        .assets = std::vector<double>(nodes), .senior_debt = std::vector<double>(nodes), .obligations = {}};
    const double richness = chance.uniform(0, 2);
    for (std::size_t i = 0; i < nodes; ++i) {
        system.assets[i] = richness * chance.uniform(0, 1);
        system.senior_debt[i] = chance.uniform(0, 1) < 0.5 ? 0 : chance.uniform(0, 1);
    }
    const auto obligations = static_cast<std::size_t>(degree * static_cast<double>(nodes));
    while (system.obligations.size() < obligations) {
        const Obligation each{chance.below(nodes), chance.below(nodes), chance.uniform(0, 1)};
        if (each.debtor != each.creditor) system.obligations.push_back(each);
    }
    return system;
}

std::vector<double> owed_by(const ClearingSystem& system) {
    std::vector<double> owed(system.assets.size());
    for (const Obligation& each : system.obligations) owed[each.debtor] += each.amount;
    return owed;
}

std::vector<double> received(const ClearingSystem& system, const std::vector<double>& payments) {
    const std::vector<double> owed = owed_by(system);
    std::vector<double> result(owed.size());
    for (const Obligation& each : system.obligations)
        result[each.creditor] += each.amount * payments[each.debtor] / owed[each.debtor];
    return result;
}

/// The map whose fixed points are the clearing vectors.
std::vector<double> paid_in_turn(const ClearingSystem& system, const DefaultCosts& costs,
                                 const std::vector<double>& payments) {
    const std::vector<double> owed = owed_by(system);
    const std::vector<double> receipts = received(system, payments);
    std::vector<double> result(owed.size());
    for (std::size_t i = 0; i < owed.size(); ++i) {
        const double senior = system.senior_debt.empty() ? 0 : system.senior_debt[i];
        if (system.assets[i] + receipts[i] - senior - owed[i] >= -1e-13 * (senior + owed[i]))
            result[i] = owed[i];
        else
            result[i] = std::clamp(
                costs.asset_recovery * system.assets[i] + costs.receipt_recovery * receipts[i] - senior, 0.0,
                owed[i]);
    }
    return result;
}

std::vector<double> iterated(const ClearingSystem& system, const DefaultCosts& costs,
                             std::vector<double> payments) {
    for (int i = 0; i < 20'000; ++i) {
        std::vector<double> next = paid_in_turn(system, costs, payments);
        if (next == payments) break;
        payments = std::move(next);
    }
    return payments;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

void check_is(const std::vector<double>& found, const std::vector<double>& expected) {
    CHECK(largest_difference(found, expected) <= 1e-12);
}

}  // namespace

TEST_CASE("Three banks clear their debts as worked out by hand, whatever the shock") {
    const Clearing calm = greatest_clearing(three_banks(0));
    check_is(calm.payments, {4, 3, 2});
    check_is(calm.equity, {1, 3, 3});
    CHECK(calm.rounds == 0);

    const Clearing shaken = greatest_clearing(three_banks(0.12));
    check_is(shaken.payments, {2.6, 2.2, 2});
    check_is(shaken.recovery, {0.65, 2.2 / 3, 1});
    check_is(shaken.equity, {-1.4, -0.8, 1});
    CHECK(shaken.round == std::vector<std::uint32_t>{1, 2, 0});

    const Clearing shattered = greatest_clearing(three_banks(0.15));
    check_is(shattered.payments, {0.5, 0, 0.5});
    check_is(shattered.equity, {-3.5, -3.5, -1.5});
    CHECK(shattered.rounds == 3);

    const Clearing ruined = greatest_clearing(three_banks(0.2));
    check_is(ruined.payments, {0, 0, 0});
    check_is(ruined.equity, {-5, -5, -2});
}

TEST_CASE("A debtor without means pays what it has, and its creditor bears the rest") {
    const auto pair = [](double assets) {
        return ClearingSystem{.assets = {assets, 0}, .obligations = {{0, 1, 100}}};
    };
    check_is(greatest_clearing(pair(40)).recovery, {0.4, 1});
    check_is(greatest_clearing(pair(40)).equity, {-60, 40});
    check_is(greatest_clearing(pair(150)).payments, {100, 0});
    check_is(greatest_clearing(pair(150)).equity, {50, 100});
}

TEST_CASE("The payments of all published clearing examples are found to the last digits") {
    const std::string name =
        std::string(VENTURI_SOURCE_FOLDER) + "/../shared/oracles/networks/clearing_examples.csv";
    std::ifstream file(name);
    if (!file) {
        WARN("skipped: there is no " << name);
        return;
    }
    const std::map<std::string, ClearingSystem> systems = {
        {"barucca_exercise2_shock10pct", three_banks(0.1)},
        {"barucca_shock_0", three_banks(0)},
        {"barucca_shock_5", three_banks(0.05)},
        {"barucca_shock_12", three_banks(0.12)},
        {"barucca_shock_15", three_banks(0.15)},
        {"neva_cycle_shockA2", circle_of_halves(2, 0, 0)},
        {"neva_cycle_shock_A1.2_B1.1_C1.3", circle_of_halves(1.2, 1.1, 1.3)},
        {"eisenberg_noe_nonunique_e0", penniless_pair()}};
    std::size_t rows = 0;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = cells_of(line);
        REQUIRE(cells.size() == 8);
        CAPTURE(line);
        REQUIRE(systems.contains(cells[0]));
        const Clearing clearing = greatest_clearing(systems.at(cells[0]));
        const auto node = static_cast<std::size_t>(std::stoul(cells[1]));
        CHECK(std::abs(clearing.owed.at(node) - fraction(cells[2])) <= 1e-12);
        CHECK(std::abs(clearing.payments.at(node) - std::stod(cells[4])) <= 1e-12);
        CHECK(std::abs(clearing.equity.at(node) - std::stod(cells[6])) <= 1e-12);
        CHECK((clearing.round.at(node) != 0) == (cells[7] == "1"));
        ++rows;
    }
    CHECK(rows == 23);
}

TEST_CASE("The table of contagion examples has these payments, recoveries and equities") {
    const std::string name = std::string(VENTURI_SOURCE_FOLDER) + "/../shared/data/contagion_examples.csv";
    std::ifstream file(name);
    if (!file) {
        WARN("skipped: there is no " << name);
        return;
    }
    const std::map<std::string, ClearingSystem> by_hand = {
        {"L=[[0,100],[0,0]] e=40;0", {.assets = {40, 0}, .obligations = {{0, 1, 100}}}},
        {"L=[[0,100],[0,0]] e=150;0", {.assets = {150, 0}, .obligations = {{0, 1, 100}}}},
        {"mutual 100/100", penniless_pair(0, 100)}};
    std::size_t rows = 0;
    for (std::string line; std::getline(file, line);) {
        const std::vector<std::string> cells = cells_of(line);
        const bool barucca = cells[0].rfind("Barucca", 0) == 0;
        if (!barucca && cells[0] != "hand-solvable") continue;
        CAPTURE(line);
        const ClearingSystem system =
            barucca ? three_banks(std::stod(cells[2].substr(std::string("uniform shock ").size())))
                    : by_hand.at(cells[1]);
        const Clearing clearing = greatest_clearing(system);
        std::vector<double> payments = numbers(cells[5]);
        std::vector<double> recovery = numbers(cells[6]);
        recovery.resize(system.assets.size(), 1);  // left empty where nothing is owed
        check_is(clearing.payments, payments);
        check_is(clearing.recovery, recovery);
        if (barucca) check_is(clearing.equity, numbers(cells[4]));
        ++rows;
    }
    CHECK(rows == 8);
}

TEST_CASE("Two who owe each other and have nothing may pay in full or not at all") {
    check_is(greatest_clearing(penniless_pair()).payments, {1, 1});
    const Clearing least = least_clearing(penniless_pair());
    check_is(least.payments, {0, 0});
    check_is(least.equity, {-1, -1});  // the owners have nothing either way; here creditors lose all
    CHECK(least.round == std::vector<std::uint32_t>{1, 1});
    // A cent of their own is enough to leave one answer only.
    check_is(least_clearing(penniless_pair(0.01)).payments, {1, 1});
}

TEST_CASE("The least payments leave in a circle what must be paid") {
    // 1 owes a senior 1 that only 0's asset can pay: so 0's payments go around once at least. 3 and 4 hang
    // on.
    const ClearingSystem system{.assets = {1, 0, 0, 5, 0},
                                .senior_debt = {0, 1, 0, 0, 0},
                                .obligations = {{0, 1, 4}, {1, 2, 3}, {2, 0, 3}, {3, 4, 2}}};
    check_is(greatest_clearing(system).payments, {4, 3, 3, 2, 0});
    const Clearing least = least_clearing(system);
    check_is(least.payments, {1, 0, 0, 2, 0});
    check_is(least.recovery, {0.25, 0, 0, 1, 1});
    CHECK(largest_difference(paid_in_turn(system, {}, least.payments), least.payments) <= 1e-15);
    // With an uneven circle, where what goes around is no node's whole debt.
    const ClearingSystem uneven{.assets = {0, 0, 0},
                                .obligations = {{0, 1, 1}, {0, 2, 2}, {1, 0, 1}, {2, 0, 2}}};
    check_is(greatest_clearing(uneven).payments, {3, 1, 2});
    check_is(least_clearing(uneven).payments, {0, 0, 0});
}

TEST_CASE("Creditors are paid by the rules of bankruptcy in any system") {
    ClearingSolver solver;
    std::size_t defaults = 0;
    std::size_t nothing = 0;
    for (std::uint32_t trial = 0; trial < 300; ++trial) {
        Chance chance(trial);
        const ClearingSystem system = random_system(2 + chance.below(20), chance.uniform(0.5, 4), chance);
        const Clearing& clearing = solver.greatest(system);
        const std::vector<double> receipts = received(system, clearing.payments);
        double left = 0;
        for (std::size_t i = 0; i < receipts.size(); ++i) {
            const double means = system.assets[i] + receipts[i] - system.senior_debt[i];
            CHECK(clearing.payments[i] <= clearing.owed[i]);
            // Limited liability: nobody pays more than there is.
            CHECK(clearing.payments[i] <= std::max(means, 0.0) + 1e-13);
            // Absolute priority: owners keep nothing unless debts are paid in full.
            CHECK((clearing.payments[i] == clearing.owed[i]
                   || clearing.payments[i] >= std::max(means, 0.0) - 1e-13));
            CHECK(std::abs(clearing.equity[i] - (means - clearing.owed[i])) <= 1e-12);
            CHECK((clearing.round[i] != 0) == (clearing.equity[i] < -1e-12));
            defaults += clearing.round[i] != 0;
            nothing += clearing.owed[i] > 0 && clearing.payments[i] == 0;
            left += clearing.equity[i] + clearing.owed[i] - clearing.payments[i] + system.senior_debt[i]
                    - system.assets[i];
        }
        CHECK(std::abs(left) <= 1e-12);  // money is neither made nor lost
    }
    CHECK(defaults > 300);  // the systems are in all sorts of trouble
    CHECK(nothing > 30);
}

TEST_CASE("Both clearing vectors are where patient iteration from above and from below ends") {
    const DefaultCosts costs[] = {{1, 1}, {0.7, 0.9}, {0, 0}, {0.5, 1}};
    ClearingSolver solver;
    std::size_t apart = 0;
    for (std::uint32_t trial = 0; trial < 200; ++trial) {
        Chance chance(1000 + trial);
        const ClearingSystem system = random_system(2 + chance.below(12), chance.uniform(0.5, 3), chance);
        const DefaultCosts& each = costs[trial % 4];
        CAPTURE(trial);
        const std::vector<double> greatest = solver.greatest(system, each).payments;
        CHECK(largest_difference(greatest, iterated(system, each, owed_by(system))) <= 1e-11);
        const std::vector<double> least = solver.least(system, each).payments;
        const std::vector<double> nobody(system.assets.size(), 0);
        CHECK(largest_difference(least, iterated(system, each, nobody)) <= 1e-11);
        apart += largest_difference(greatest, least) > 1e-3;
    }
    CHECK(apart >= 5);  // costs of default often leave more than one answer
}

TEST_CASE("Circles without equity are found among other debts, and emptied") {
    // Each system has a circle of its own whose nodes owe nobody else; others owe the circle or each other.
    for (std::uint32_t trial = 0; trial < 50; ++trial) {
        Chance chance(2000 + trial);
        ClearingSystem system = random_system(8, 2, chance);
        const auto first = static_cast<std::uint32_t>(system.assets.size());
        const std::uint32_t length = 2 + chance.below(6);
        const double amount = chance.uniform(0.1, 3);
        for (std::uint32_t i = 0; i < length; ++i) {
            system.assets.push_back(0);
            system.senior_debt.push_back(0);
            system.obligations.push_back({first + i, first + (i + 1) % length, amount});
        }
        CAPTURE(trial);
        const Clearing greatest = greatest_clearing(system);
        const Clearing least = least_clearing(system);
        const std::vector<double> nobody(system.assets.size(), 0);
        CHECK(largest_difference(greatest.payments, iterated(system, {}, owed_by(system))) <= 1e-11);
        CHECK(largest_difference(least.payments, iterated(system, {}, nobody)) <= 1e-11);
        CHECK(greatest.payments[first] == Approx(amount));
        CHECK(least.payments[first] == 0);
    }
}

TEST_CASE("Who has more assets makes nobody poorer") {
    for (std::uint32_t trial = 0; trial < 100; ++trial) {
        Chance chance(3000 + trial);
        ClearingSystem system = random_system(10, 2.5, chance);
        const DefaultCosts costs{.asset_recovery = chance.uniform(0, 1),
                                 .receipt_recovery = chance.uniform(0, 1)};
        const Clearing before = greatest_clearing(system, costs);
        system.assets[chance.below(10)] += chance.uniform(0, 1);
        const Clearing after = greatest_clearing(system, costs);
        for (std::size_t i = 0; i < 10; ++i) {
            CHECK(after.payments[i] >= before.payments[i] - 1e-13);
            CHECK(after.equity[i] >= before.equity[i] - 1e-12);
        }
    }
}

TEST_CASE("Costs of default are borne by creditors and bring further defaults") {
    // 0 has 3 of 4; 1 lives on what 0 pays.
    const ClearingSystem system{.assets = {3, 0.5, 0}, .obligations = {{0, 1, 4}, {1, 2, 3.4}}};
    CHECK(greatest_clearing(system).round == std::vector<std::uint32_t>{1, 0, 0});
    const DefaultCosts costs{.asset_recovery = 0.5, .receipt_recovery = 0.8};
    const Clearing costly = greatest_clearing(system, costs);
    check_is(costly.payments, {1.5, 0.5 * 0.5 + 0.8 * 1.5, 0});
    CHECK(costly.round == std::vector<std::uint32_t>{1, 2, 0});
    check_is(costly.equity, {-2.5, 1.45 - 3.4, 1.45});
    // Two who can pay each other if both do, and can't if neither does: Rogers & Veraart's two answers.
    const ClearingSystem pair = penniless_pair(0.25);
    check_is(greatest_clearing(pair, costs).payments, {1, 1});
    const double alone = 0.125 / (1 - 0.8);  // p = 0.5 · 0.25 + 0.8 p
    check_is(least_clearing(pair, costs).payments, {alone, alone});
    CHECK(least_clearing(pair, costs).round == std::vector<std::uint32_t>{1, 1});
}

TEST_CASE("Obligations between the same two are added, and those over nothing change nothing") {
    const ClearingSystem whole{.assets = {1, 0, 0}, .obligations = {{0, 1, 3}, {0, 2, 1}}};
    const ClearingSystem parts{.assets = {1, 0, 0},
                               .obligations = {{0, 1, 1}, {2, 1, 0}, {0, 2, 1}, {0, 1, 2}}};
    CHECK(greatest_clearing(whole).equity == greatest_clearing(parts).equity);
    check_is(greatest_clearing(parts).equity, {-3, 0.75, 0.25});
}

TEST_CASE("Assets below zero are a senior debt") {
    const ClearingSystem below{.assets = {-1, 2}, .obligations = {{1, 0, 3}, {0, 1, 2}}};
    const ClearingSystem senior{.assets = {0, 2}, .senior_debt = {1, 0}, .obligations = below.obligations};
    const DefaultCosts costs{.asset_recovery = 0.25, .receipt_recovery = 0.5};
    CHECK(greatest_clearing(below, costs).payments == greatest_clearing(senior, costs).payments);
    // A debt outside the system alone can ruin who owes nothing inside.
    const Clearing outside = greatest_clearing({.assets = {-1, 1}, .obligations = {}});
    CHECK(outside.round == std::vector<std::uint32_t>{1, 0});
    check_is(outside.equity, {-1, 1});
}

TEST_CASE("Circles that lose next to nothing are solved exactly") {
    // Everybody defaults, and of each dollar that goes around, one in a hundred thousand leaves.
    for (const std::size_t length : {2, 40, 200}) {
        ClearingSystem system{.assets = std::vector<double>(length, 0.5e-5), .obligations = {}};
        system.assets.push_back(0);
        for (std::uint32_t i = 0; i < length; ++i) {
            system.obligations.push_back({i, (i + 1) % static_cast<std::uint32_t>(length), 1 - 1e-5});
            system.obligations.push_back({i, static_cast<std::uint32_t>(length), 1e-5});
        }
        CAPTURE(length);
        const Clearing clearing = greatest_clearing(system);
        // p = 0.5e-5 + (1 - 1e-5) p; the equations lose five digits.
        for (std::size_t i = 0; i < length; ++i) CHECK(std::abs(clearing.payments[i] - 0.5) <= 1e-10);
        CHECK(clearing.rounds == 1);
    }
}

TEST_CASE("Among entangled defaulters those under water pay nothing, and others by the equations") {
    // Slow enough for equations; node 0 has a senior debt that its receipts don't cover at first.
    for (std::uint32_t trial = 0; trial < 40; ++trial) {
        Chance chance(4000 + trial);
        ClearingSystem system{.assets = std::vector<double>(6), .obligations = {}};
        for (std::uint32_t i = 0; i < 5; ++i) {
            system.assets[i] = chance.uniform(-1e-3, 1e-3);
            for (std::uint32_t j = 0; j < 5; ++j)
                if (i != j) system.obligations.push_back({i, j, chance.uniform(0, 1)});
            system.obligations.push_back({i, 5, 0.02});
        }
        CAPTURE(trial);
        const Clearing clearing = greatest_clearing(system);
        CHECK(largest_difference(clearing.payments, iterated(system, {}, owed_by(system))) <= 1e-10);
        CHECK(largest_difference(paid_in_turn(system, {}, clearing.payments), clearing.payments) <= 1e-13);
    }
}

TEST_CASE("A closed circle of defaulters that owes outside a little runs dry as far as it must") {
    // Nobody outside owes them or is owed: were all to pay something, the equations would have no solution.
    std::size_t dry = 0;
    for (std::uint32_t trial = 0; trial < 20; ++trial) {
        Chance chance(6000 + trial);
        ClearingSystem system{.assets = {}, .obligations = {}};
        double sum = 0;
        for (std::uint32_t i = 0; i < 5; ++i) {
            system.assets.push_back(chance.uniform(-0.02, 0.01));
            sum += system.assets.back();
            for (std::uint32_t j = 0; j < 5; ++j)
                if (i != j) system.obligations.push_back({i, j, chance.uniform(0, 0.5)});
        }
        if (sum > -0.005) continue;
        ClearingSystem netted = system;  // the map of the test wants assets that are not below zero
        netted.senior_debt.assign(5, 0);
        for (std::size_t i = 0; i < 5; ++i) {
            netted.senior_debt[i] = std::max(-system.assets[i], 0.0);
            netted.assets[i] = std::max(system.assets[i], 0.0);
        }
        CAPTURE(trial);
        const Clearing clearing = greatest_clearing(system);
        CHECK(largest_difference(clearing.payments, iterated(netted, {}, owed_by(netted))) <= 1e-12);
        dry += std::count(clearing.payments.begin(), clearing.payments.end(), 0.0) > 0;
    }
    CHECK(dry >= 10);
}

TEST_CASE("Hundreds of entangled defaulters pay what the equations say") {
    for (std::uint32_t trial = 0; trial < 6; ++trial) {
        Chance chance(7000 + trial);
        ClearingSystem system = random_system(400, 4, chance);
        for (double& each : system.assets) each *= 0.2;
        const DefaultCosts costs{.asset_recovery = 1, .receipt_recovery = trial % 2 == 0 ? 1 : 0.9};
        const Clearing clearing = greatest_clearing(system, costs);
        CAPTURE(trial);
        CHECK(largest_difference(clearing.payments, iterated(system, costs, owed_by(system))) <= 1e-12);
        CHECK(std::count(clearing.round.begin(), clearing.round.end(), 0U) < 300);
    }
}

TEST_CASE("Defaults run down a long chain a round at a time") {
    constexpr std::uint32_t length = 20'000;
    ClearingSystem system{.assets = std::vector<double>(length, 0), .obligations = {}};
    system.assets[0] = 1;
    for (std::uint32_t i = 0; i + 1 < length; ++i) system.obligations.push_back({i, i + 1, 2});
    const Clearing clearing = greatest_clearing(system);
    CHECK(clearing.rounds == length - 1);
    CHECK(clearing.round[length - 2] == length - 1);
    CHECK(clearing.payments[length - 2] == 1);
    CHECK(clearing.equity[length - 1] == 1);
}

TEST_CASE("A solver that has cleared a system clears one of its size without taking memory") {
    Chance chance(5000);
    std::vector<ClearingSystem> systems;
    for (int i = 0; i < 20; ++i) systems.push_back(random_system(60, 3, chance));
    ClearingSolver solver;
    static_cast<void>(solver.greatest(systems[0]));
    const std::size_t before = venturi::testing::allocations();
    std::size_t rounds = 0;
    for (const ClearingSystem& system : systems) rounds += solver.greatest(system, {0.9, 0.9}).rounds;
    const std::size_t after = venturi::testing::allocations();
    CHECK(after == before);
    CHECK(rounds > 20);
    // And what it has solved before leaves no trace.
    CHECK(solver.greatest(systems[3]).payments == greatest_clearing(systems[3]).payments);
}

TEST_CASE("A system of obligations that makes no sense is refused by name") {
    const auto refusal = [](std::vector<double> assets, std::vector<double> senior, Obligation obligation,
                            DefaultCosts costs = {}) {
        try {
            static_cast<void>(greatest_clearing({assets, senior, {{0, 1, 1}, obligation}}, costs));
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(refusal({1, 1}, {}, {1, 0, 1}) == "accepted");
    CHECK_THAT(refusal({1, 1}, {}, {1, 0, -2}),
               Contains("obligation 1, of node 1 to node 0") && Contains("-2"));
    CHECK_THAT(refusal({1, 1}, {}, {1, 0, nan}), Contains("obligation 1") && Contains("nan"));
    CHECK_THAT(refusal({1, 1}, {}, {1, 1, 1}), Contains("to itself"));
    CHECK_THAT(refusal({1, 1}, {}, {1, 2, 1}), Contains("to node 2") && Contains("there are 2"));
    CHECK_THAT(refusal({1, infinity}, {}, {1, 0, 1}), Contains("assets of node 1") && Contains("inf"));
    CHECK_THAT(refusal({1, 1}, {1, -3}, {1, 0, 1}), Contains("senior debt of node 1") && Contains("-3"));
    CHECK_THAT(refusal({1, 1}, {1}, {1, 0, 1}), Contains("1 senior debts for 2 nodes"));
    CHECK_THAT(refusal({1, 1}, {}, {1, 0, 1}, {1.5, 1}), Contains("asset_recovery is 1.5"));
    CHECK_THAT(refusal({1, 1}, {}, {1, 0, 1}, {1, nan}), Contains("receipt_recovery is nan"));
}
