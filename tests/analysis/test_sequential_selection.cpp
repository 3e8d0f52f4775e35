// How often a selection is right where it is known who is best: the slippage configuration, in which all
// others are worse by the indifference exactly, is the hardest.
#include "analysis/statistics/sequential_selection.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

using namespace venturi;

namespace {

using Noise = std::function<double(std::mt19937_64&)>;

/// Designs whose values share a part of their noise, of mean 0 and variance 1.
struct SelectionCase {
    std::vector<double> means;  ///< the best first
    double correlation = 0;
    Noise noise;
    SelectionRule rule;
};

struct SelectionTally {
    int correct = 0;
    int reached = 0;
    double work = 0;
    double probability = 0;  ///< sum of what was said
};

double normal_noise(std::mt19937_64& random) {
    return std::normal_distribution<double>()(random);
}
double exponential_noise(std::mt19937_64& random) {
    return std::exponential_distribution<double>()(random) - 1;
}
/// Nine in ten are the same, so that first stages see little of the variance.
double rare_noise(std::mt19937_64& random) {
    return (std::bernoulli_distribution(0.1)(random) ? 0.9 : -0.1) / 0.3;
}

SequentialSelection selected(const SelectionCase& each, std::mt19937_64& random) {
    SequentialSelection selection(each.means.size(), each.rule);
    std::vector<double> common;
    while (!selection.work().empty()) {
        for (const SelectionWork& work : selection.work()) {
            while (common.size() < work.first + work.count) common.push_back(each.noise(random));
            std::vector<double> values;
            for (std::uint64_t n = work.first; n < work.first + work.count; ++n)
                values.push_back(each.means[work.design] + std::sqrt(each.correlation) * common[n]
                                 + std::sqrt(1 - each.correlation) * each.noise(random));
            selection.take(work.design, values);
        }
        selection.look();
    }
    return selection;
}

SelectionTally tallied(const SelectionCase& each, int repetitions, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    SelectionTally tally;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        const SelectionStanding standing = selected(each, random).standing();
        tally.correct += standing.best == std::size_t{0} ? 1 : 0;
        tally.reached += standing.is_reached() ? 1 : 0;
        tally.work += static_cast<double>(standing.work) / repetitions;
        tally.probability += standing.probability;
    }
    return tally;
}

std::vector<double> slippage(std::size_t designs, double gap) {
    std::vector<double> means(designs, 0.0);
    means.front() = gap;
    return means;
}

SelectionRule rule_of(double indifference, std::uint64_t budget = 1'000'000) {
    return {.probability = 0.95, .indifference = indifference, .relative = false, .budget = budget};
}

/// Three standard errors below a share of 95%.
double lower_limit(int repetitions) {
    return 0.95 - 3 * std::sqrt(0.95 * 0.05 / repetitions);
}

}  // namespace

TEST_CASE("the best is selected as often as is said", "[select][long]") {
    struct Case {
        const char* name;
        std::size_t designs;
        double correlation;
        Noise noise;
    };
    constexpr int repetitions = 1000;
    for (const Case& each : {Case{"two normal", 2, 0, normal_noise}, Case{"five normal", 5, 0, normal_noise},
                             Case{"five normal, paired", 5, 0.8, normal_noise},
                             Case{"five exponential", 5, 0, exponential_noise},
                             Case{"five exponential, paired", 5, 0.8, exponential_noise},
                             Case{"five of rare events", 5, 0, rare_noise}}) {
        INFO(each.name);
        const double gap = 0.25 * std::sqrt(1 - each.correlation);
        const SelectionTally tally = tallied({.means = slippage(each.designs, gap),
                                              .correlation = each.correlation,
                                              .noise = each.noise,
                                              .rule = rule_of(gap)},
                                             repetitions, 11);
        CHECK(tally.reached == repetitions);
        CHECK(tally.correct / static_cast<double>(repetitions) >= lower_limit(repetitions));
    }
}

TEST_CASE("the best of very many passes the screening", "[select][long]") {
    constexpr int repetitions = 200;
    // All but one alike: the screening can do least.
    const SelectionTally slipped = tallied(
        {.means = slippage(100, 0.4), .correlation = 0.5, .noise = normal_noise, .rule = rule_of(0.4)},
        repetitions, 12);
    CHECK(slipped.correct / static_cast<double>(repetitions) >= lower_limit(repetitions));
    // Means that are spread out, as designs of a space are.
    std::vector<double> spread;
    for (int i = 0; i < 400; ++i) spread.push_back(-0.02 * i);
    spread.front() = 0.1;
    const SelectionTally tally =
        tallied({.means = spread, .correlation = 0.5, .noise = normal_noise, .rule = rule_of(0.1)}, 40, 13);
    CHECK(tally.correct / 40.0 >= lower_limit(40));
}

TEST_CASE("common random numbers save what they take from the variance of differences", "[select]") {
    const auto work_at = [](double correlation) {
        return tallied({.means = slippage(5, 0.1),
                        .correlation = correlation,
                        .noise = normal_noise,
                        .rule = rule_of(0.1)},
                       20, 14)
            .work;
    };
    const double apart = work_at(0);
    CHECK(work_at(0.9) == Approx(0.1 * apart).epsilon(0.3));
    // Rinott's two stages, which know no pairs and no early end.
    const double h = rinott_constant(5, 32, 0.95);
    CHECK(apart < 0.7 * 5 * (h / 0.1) * (h / 0.1));
}

TEST_CASE("what is much worse than the indifference goes at once", "[select]") {
    const SelectionTally tally =
        tallied({.means = {1, 0}, .correlation = 0, .noise = normal_noise, .rule = rule_of(0.001)}, 200, 19);
    CHECK(tally.correct == 200);
    // Kim and Nelson's boundary alone is met at h² S² / (2 δ): some 5,000 of each.
    CHECK(tally.work < 2 * 128);
}

TEST_CASE("a budget that is spent too soon says what was reached, and is right at least so often",
          "[select]") {
    constexpr int repetitions = 400;
    for (const std::uint64_t budget : {64U, 160U}) {
        const SelectionTally tally = tallied({.means = slippage(3, 0.15),
                                              .correlation = 0,
                                              .noise = normal_noise,
                                              .rule = rule_of(0.15, budget)},
                                             repetitions, 15);
        CHECK(tally.reached < repetitions / 2);
        const double said = tally.probability / repetitions;
        const double was = tally.correct / static_cast<double>(repetitions);
        CHECK(said < 0.95);
        CHECK(was >= said - 3 * std::sqrt(was * (1 - was) / repetitions));
    }
}

TEST_CASE("OCBA takes less where means are spread, and is right as often as it estimates", "[select]") {
    std::vector<double> means;
    for (int i = 0; i < 10; ++i) means.push_back(-0.25 * i);
    const auto at = [&](SelectionMethod method) {
        SelectionRule rule = rule_of(0.1, 4000);
        rule.method = method;
        return tallied({.means = means, .correlation = 0.5, .noise = normal_noise, .rule = rule}, 400, 16);
    };
    const SelectionTally ocba = at(SelectionMethod::ocba);
    const SelectionTally full = at(SelectionMethod::kim_nelson);
    CHECK(ocba.reached == 400);
    CHECK(ocba.correct / 400.0 >= lower_limit(400));
    CHECK(full.correct / 400.0 >= lower_limit(400));
    CHECK(ocba.work < full.work);
}

TEST_CASE("designs that are the same are tied, not told apart", "[select]") {
    std::mt19937_64 random(17);
    SequentialSelection selection(3, rule_of(0.1, 100'000));
    while (!selection.work().empty()) {
        std::vector<double> values;
        for (std::uint64_t n = 0; n < selection.work().front().count; ++n)
            values.push_back(normal_noise(random));
        for (const SelectionWork& work : selection.work()) {
            std::vector<double> own = values;
            if (work.design == 1)
                for (double& value : own) value -= 1;
            selection.take(work.design, own);
        }
        selection.look();
    }
    const SelectionStanding& standing = selection.standing();
    CHECK(standing.end == SelectionEnd::ties_left);
    CHECK(standing.best == std::size_t{0});
    CHECK(standing.tied == std::vector<std::size_t>{2});
    CHECK(standing.probability == 0.95);
    CHECK(standing.lived == evidence_of_a_tie);
    CHECK(selection.courses()[1].fate == DesignFate::eliminated);
    CHECK(selection.courses()[1].left_at == selection_first_stage);
}

TEST_CASE("who fails or has nothing to look at is out, and the others go on", "[select]") {
    const double none = std::numeric_limits<double>::quiet_NaN();
    SequentialSelection selection(4, rule_of(0.5, 100'000));
    std::mt19937_64 random(18);
    while (!selection.work().empty()) {
        for (const SelectionWork& work : selection.work()) {
            if (work.design == 3 && work.first > 0) {
                selection.fail(3);
                continue;
            }
            std::vector<double> values;
            for (std::uint64_t n = 0; n < work.count; ++n)
                values.push_back(work.design == 2 ? none
                                                  : static_cast<double>(work.design == 0) * 0.6
                                                        + normal_noise(random) * 3);
            selection.take(work.design, values);
        }
        selection.look();
    }
    CHECK(selection.standing().best == std::size_t{0});
    CHECK(selection.standing().is_reached());
    CHECK(selection.courses()[2].fate == DesignFate::without_value);
    CHECK(selection.courses()[2].left_at == evidence_of_a_tie);
    CHECK(selection.courses()[3].fate == DesignFate::failed);
    CHECK(selection.courses()[3].left_at == selection_first_stage);

    SequentialSelection empty(2, rule_of(0.5, 64));
    while (!empty.work().empty()) {
        for (const SelectionWork& work : empty.work())
            empty.take(work.design, std::vector<double>(work.count, none));
        empty.look();
    }
    CHECK(empty.standing().end == SelectionEnd::nothing_to_look_at);
    CHECK_FALSE(empty.standing().best);

    SequentialSelection gone(2, rule_of(0.5, 64));
    gone.fail(0);
    gone.fail(1);
    gone.look();
    CHECK(gone.standing().end == SelectionEnd::none_left);
}

TEST_CASE("a relative indifference waits for something that it is a part of", "[select]") {
    SelectionRule rule = rule_of(0.01, 96);
    rule.relative = true;
    SequentialSelection selection(2, rule);
    selection.take(0, std::vector<double>(32, 0.0));
    selection.take(1, std::vector<double>(32, 0.0));
    selection.look();
    CHECK(selection.standing().indifference == 0);
    selection.take(0, std::vector<double>(32, -8.0));
    selection.take(1, std::vector<double>(32, 4.0));
    selection.look();
    CHECK(selection.standing().indifference == Approx(0.04));
}

TEST_CASE("looks depend on the count alone", "[select]") {
    CHECK(next_selection_look(0, 1000) == 32);
    CHECK(next_selection_look(32, 1000) == 64);
    CHECK(next_selection_look(256, 1000) == 288);
    CHECK(next_selection_look(512, 1000) == 576);
    CHECK(next_selection_look(992, 1000) == 1000);
    CHECK(next_selection_look(0, 20) == 20);
    CHECK_THROWS_AS(SequentialSelection(1, rule_of(0.1)), ContractViolation);
    CHECK_THROWS_AS(SequentialSelection(2, rule_of(0)), ContractViolation);
    CHECK_THROWS_AS(SequentialSelection(2, rule_of(0.1, 9)), ContractViolation);
}

// For analysis/README.md: venturi_tests "[select_table]", some minutes.
TEST_CASE("the table of how often selections are right", "[.][long][select_table]") {
    const Noise log_normal_noise = [](std::mt19937_64& random) {
        const double e = std::exp(1.0);
        return (std::lognormal_distribution<double>()(random) - std::sqrt(e)) / std::sqrt(e * (e - 1));
    };
    struct OfRanking {
        const char* name;
        Noise noise;
        double correlation;
    };
    constexpr int repetitions = 4000;
    for (const OfRanking& kind :
         {OfRanking{"normal", normal_noise, 0}, OfRanking{"normal, correlation 0.8", normal_noise, 0.8},
          OfRanking{"exponential", exponential_noise, 0},
          OfRanking{"exponential, correlation 0.8", exponential_noise, 0.8},
          OfRanking{"rare events", rare_noise, 0}, OfRanking{"log-normal", log_normal_noise, 0}})
        for (const std::size_t designs : {2U, 5U, 10U, 50U})
            for (const double gap : {0.1, 0.5}) {
                const int times = designs > 10 ? repetitions / 8 : repetitions;
                if (designs > 10 && gap < 0.5) continue;
                const SelectionTally tally = tallied({.means = slippage(designs, gap),
                                                      .correlation = kind.correlation,
                                                      .noise = kind.noise,
                                                      .rule = rule_of(gap)},
                                                     times, 21);
                const double h = rinott_constant(designs, 32, 0.95) / gap;
                const double rinott = std::max(32.0, std::ceil(h * h)) * static_cast<double>(designs);
                WARN(kind.name << ", " << designs << " designs, gap " << gap << ": right "
                               << 100.0 * tally.correct / times << "%, trajectories " << tally.work
                               << ", Rinott " << rinott);
            }
}
