#include "agents/risk/common_cause.hpp"
#include "agents/risk/event_probabilities.hpp"
#include "agents/risk/risk_model.hpp"
#include "sim/contract.hpp"
#include "tests/agents/truth_table.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Model = CommonCauseModel;

constexpr double rounding = 1e-14;

double binomial(std::size_t n, std::size_t k) {
    return std::round(
        std::exp(std::lgamma(double(n) + 1) - std::lgamma(double(k) + 1) - std::lgamma(double(n - k) + 1)));
}

// What a member fails with: the sum over all sets that it is in.
double share_of_a_member(const std::vector<double>& fractions) {
    double sum = 0;
    for (std::size_t k = 1; k <= fractions.size(); ++k)
        sum += binomial(fractions.size() - 1, k - 1) * fractions[k - 1];
    return sum;
}

// A model of one gate over a group whose members fail with probability `q`.
struct GroupModel {
    RiskModel model;

    explicit GroupModel(Model kind, std::uint32_t members, double q, const std::vector<double>& factors,
                        const ModelGate& gate) {
        CommonCauseGroup group{.name = "group", .model = kind};
        for (std::uint32_t i = 0; i < members; ++i) {
            model.basic_events.push_back({.name = "e" + std::to_string(i + 1)});
            group.members.push_back(i);
        }
        group.distribution = number(q);
        for (const double factor : factors) group.factors.push_back(number(factor));
        model.common_cause_groups.push_back(group);
        model.gates.push_back(gate);
        model.gates.back().name = "top";
        for (std::uint32_t i = 0; i < members; ++i)
            model.gates.back().arguments.push_back({.kind = FormulaArgument::Kind::basic_event, .index = i});
    }
    ExpressionIndex number(double value) {
        model.expressions.push_back({.value = value});
        return static_cast<ExpressionIndex>(model.expressions.size() - 1);
    }
    [[nodiscard]] double top() const { return truth_table::probability(fault_tree_of(model, 0, 1)); }
};

std::string defect(const RiskModel& model) {
    const std::vector<ModelDefect> defects = defects_of(model, 1);
    return defects.empty() ? "" : defects.front().message;
}

}  // namespace

TEST_CASE("However failures are shared out, a member fails as often as before", "[risk]") {
    for (std::size_t n = 2; n <= 7; ++n) {
        CAPTURE(n);
        CHECK(share_of_a_member(level_fractions(Model::beta_factor, n, std::array{0.2}))
              == Approx(1).epsilon(rounding));
        std::vector<double> greek;
        std::vector<double> alpha{3};
        for (std::size_t k = 2; k <= n; ++k) {
            greek.push_back(0.1 + 0.1 * double(k % 5));
            alpha.push_back(1.0 / double(k));
        }
        CHECK(share_of_a_member(level_fractions(Model::multiple_greek_letter, n, greek))
              == Approx(1).epsilon(rounding));
        CHECK(share_of_a_member(level_fractions(Model::alpha_factor, n, alpha))
              == Approx(1).epsilon(rounding));
        // Levels that are left out are as good as 0.
        greek.pop_back();
        alpha.pop_back();
        CHECK(share_of_a_member(level_fractions(Model::multiple_greek_letter, n, greek))
              == Approx(1).epsilon(rounding));
        CHECK(share_of_a_member(level_fractions(Model::alpha_factor, n, alpha))
              == Approx(1).epsilon(rounding));
    }
}

TEST_CASE("Four members by Greek letters, as the exchange format writes them out", "[risk]") {
    const double beta = 0.1;
    const double gamma = 0.2;
    const double delta = 0.3;
    const std::vector<double> q =
        level_fractions(Model::multiple_greek_letter, 4, std::array{beta, gamma, delta});
    CHECK(q[0] == Approx(1 - beta).epsilon(rounding));
    CHECK(q[1] == Approx(beta * (1 - gamma) / 3).epsilon(rounding));
    CHECK(q[2] == Approx(beta * gamma * (1 - delta) / 3).epsilon(rounding));
    CHECK(q[3] == Approx(beta * gamma * delta).epsilon(rounding));
}

TEST_CASE("Alpha factors are shares of failure events, of any scale", "[risk]") {
    // Three members, α = (0.7, 0.2, 0.1): Σ i α_i = 1.4, so 0.7 / 1.4, 2 · 0.2 / (2 · 1.4) and 3 · 0.1 / 1.4.
    const std::vector<double> q = level_fractions(Model::alpha_factor, 3, std::array{0.7, 0.2, 0.1});
    CHECK(q[0] == Approx(0.5).epsilon(rounding));
    CHECK(q[1] == Approx(1.0 / 7).epsilon(rounding));
    CHECK(q[2] == Approx(3.0 / 14).epsilon(rounding));
    const std::vector<double> scaled = level_fractions(Model::alpha_factor, 3, std::array{70.0, 20.0, 10.0});
    for (std::size_t k = 0; k < 3; ++k) CHECK(scaled[k] == Approx(q[k]).epsilon(rounding));
    // The same model by Greek letters: of a member's failures, the share with two or more, and so on.
    const double two_or_more = 2 * q[1] + q[2];
    const std::vector<double> greek =
        level_fractions(Model::multiple_greek_letter, 3, std::array{two_or_more, q[2] / two_or_more});
    for (std::size_t k = 0; k < 3; ++k) CHECK(greek[k] == Approx(q[k]).epsilon(rounding));
}

TEST_CASE("With two members all models are the beta factor", "[risk]") {
    const std::vector<double> beta = level_fractions(Model::beta_factor, 2, std::array{0.2});
    const auto same = [&](const std::vector<double>& other) {
        for (std::size_t k = 0; k < 2; ++k) CHECK(other[k] == Approx(beta[k]).epsilon(rounding));
    };
    same(level_fractions(Model::multiple_greek_letter, 2, std::array{0.2}));
    same(level_fractions(Model::phi_factor, 2, std::array{0.8, 0.2}));
    // 2 α_2 / (α_1 + 2 α_2) = 0.2 where α_1 = 8 α_2.
    same(level_fractions(Model::alpha_factor, 2, std::array{8.0, 1.0}));
}

TEST_CASE("Sets that fail together come by size and in order", "[risk]") {
    using Sets = std::vector<std::vector<std::uint32_t>>;
    CHECK(sets_failing_together(Model::multiple_greek_letter, 3, 2)
          == Sets{{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}});
    CHECK(sets_failing_together(Model::alpha_factor, 3, 2) == Sets{{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}});
    CHECK(sets_failing_together(Model::beta_factor, 3, 1) == Sets{{0}, {1}, {2}, {0, 1, 2}});
    for (std::size_t n = 2; n <= 9; ++n) {
        CHECK(number_of_sets(Model::multiple_greek_letter, n, n - 1) == (std::size_t{1} << n) - 1);
        CHECK(sets_failing_together(Model::alpha_factor, n, n).size() == (std::size_t{1} << n) - 1);
    }
    CHECK(number_of_sets(Model::phi_factor, 16, 16) == 65'535);
    CHECK(number_of_sets(Model::phi_factor, 17, 17) == most_common_cause_events + 1);
    CHECK(number_of_sets(Model::phi_factor, 100'000, 100'000) == most_common_cause_events + 1);
    CHECK_THROWS_AS(sets_failing_together(Model::phi_factor, 17, 17), ContractViolation);
}

TEST_CASE("All of a group fail at once by the common cause, or one by one", "[risk]") {
    const double q = 0.1;
    const double beta = 0.2;
    for (std::uint32_t n = 2; n <= 5; ++n) {
        const GroupModel all(Model::beta_factor, n, q, {beta}, {.connective = Connective::conjunction});
        const double alone = (1 - beta) * q;
        CHECK(all.top() == Approx(beta * q + (1 - beta * q) * std::pow(alone, n)).epsilon(1e-13));
        const GroupModel any(Model::beta_factor, n, q, {beta}, {.connective = Connective::disjunction});
        CHECK(any.top() == Approx(1 - (1 - beta * q) * std::pow(1 - alone, n)).epsilon(1e-13));
    }
}

TEST_CASE("Two of three by alpha factors, from the sets themselves", "[risk]") {
    const GroupModel group(Model::alpha_factor, 3, 0.1, {0.7, 0.2, 0.1},
                           {.connective = Connective::at_least, .minimum = 2});
    // No pair and not all three fail together, and at most one alone.
    const double one = 0.1 * 0.5;
    const double two = 0.1 / 7;
    const double three = 0.1 * 3 / 14;
    const double at_most_one_alone = std::pow(1 - one, 3) + 3 * one * std::pow(1 - one, 2);
    CHECK(group.top() == Approx(1 - std::pow(1 - two, 3) * (1 - three) * at_most_one_alone).epsilon(1e-13));
    const std::vector<IndependentEvent> events = independent_events(group.model);
    REQUIRE(events.size() == 7);
    CHECK(events[0].name == "[e1]");
    CHECK(events[4].name == "[e1 e3]");
    CHECK(events[4].basic_events == std::vector<std::uint32_t>{0, 2});
    CHECK(event_probabilities(group.model, 1)[6] == Approx(three).epsilon(rounding));
}

TEST_CASE("Events without a group keep their place and their probability", "[risk]") {
    GroupModel group(Model::beta_factor, 2, 0.1, {0.2}, {.connective = Connective::conjunction});
    group.model.basic_events.push_back({.name = "apart", .probability = group.number(0.3)});
    group.model.gates.front().arguments.push_back({.kind = FormulaArgument::Kind::basic_event, .index = 2});
    const std::vector<IndependentEvent> events = independent_events(group.model);
    REQUIRE(events.size() == 4);
    CHECK(events[0].name == "apart");
    CHECK(events[0].group == IndependentEvent::no_group);
    CHECK(events[3].name == "[e1 e2]");
    CHECK(group.top() == Approx(0.3 * (0.02 + 0.98 * 0.08 * 0.08)).epsilon(1e-13));
}

TEST_CASE("Each group has its own factors", "[risk]") {
    GroupModel two(Model::beta_factor, 4, 0.1, {0.2}, {.connective = Connective::conjunction});
    RiskModel& model = two.model;
    model.common_cause_groups.push_back(
        {.name = "other", .members = {2, 3}, .distribution = two.number(0.5), .factors = {two.number(0.4)}});
    model.common_cause_groups.front().members = {0, 1};
    const double first = 0.02 + 0.98 * 0.08 * 0.08;
    const double second = 0.2 + 0.8 * 0.3 * 0.3;
    CHECK(two.top() == Approx(first * second).epsilon(1e-13));
}

TEST_CASE("Factors of no such model are found", "[risk]") {
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    CHECK(defect_of_factors(Model::beta_factor, std::array{0.5}).empty());
    CHECK_FALSE(defect_of_factors(Model::beta_factor, std::array{1.5}).empty());
    CHECK_FALSE(defect_of_factors(Model::beta_factor, std::array{-0.5}).empty());
    CHECK_FALSE(defect_of_factors(Model::beta_factor, std::array{not_a_number}).empty());
    CHECK_FALSE(defect_of_factors(Model::multiple_greek_letter, std::array{0.5, 1.1}).empty());
    CHECK(defect_of_factors(Model::alpha_factor, std::array{5.0, 3.0}).empty());
    CHECK_FALSE(defect_of_factors(Model::alpha_factor, std::array{0.0, 0.0}).empty());
    CHECK(defect_of_factors(Model::phi_factor, std::array{0.7, 0.2, 0.1}).empty());
    CHECK_FALSE(defect_of_factors(Model::phi_factor, std::array{0.7, 0.2}).empty());
    CHECK_THROWS_AS(level_fractions(Model::beta_factor, 1, std::array{0.5}), ContractViolation);
    CHECK_THROWS_AS(level_fractions(Model::alpha_factor, 2, std::array{0.5, 0.3, 0.2}), ContractViolation);
    CHECK_THROWS_AS(level_fractions(Model::phi_factor, 2, std::array{0.5, 0.3}), ContractViolation);
}

TEST_CASE("Groups that are none are found", "[risk]") {
    const ModelGate gate{.connective = Connective::conjunction};
    CHECK(defect(GroupModel(Model::beta_factor, 3, 0.1, {0.2}, gate).model).empty());
    CHECK(defect(GroupModel(Model::beta_factor, 1, 0.1, {0.2}, gate).model)
          == "the common cause group 'group' has fewer than two members");
    CHECK(defect(GroupModel(Model::beta_factor, 3, 0.1, {0.2, 0.3}, gate).model)
          == "the common cause group 'group' has more factors than its model and members can use");
    CHECK(defect(GroupModel(Model::beta_factor, 3, 0.1, {}, gate).model)
          == "the common cause group 'group' has no factor");
    CHECK(defect(GroupModel(Model::beta_factor, 3, 0.1, {1.2}, gate).model)
          == "the common cause group 'group': a factor is a conditional probability and can't be above 1");
    CHECK(defect(GroupModel(Model::beta_factor, 3, 1.5, {0.2}, gate).model)
          == "the common cause group 'group' has the probability 1.2000000000000002");
    GroupModel twice(Model::beta_factor, 3, 0.1, {0.2}, gate);
    twice.model.common_cause_groups.front().members = {0, 1, 1};
    CHECK(defect(twice.model) == "the common cause group 'group' has the member 'e2' twice");
    CHECK_THROWS_AS(fault_tree_of(twice.model, 0), RiskModelError);
    GroupModel two(Model::beta_factor, 3, 0.1, {0.2}, gate);
    two.model.common_cause_groups.push_back(two.model.common_cause_groups.front());
    two.model.common_cause_groups.back().name = "other";
    CHECK(defect(two.model) == "the common cause group 'other' has the member 'e1' of the group 'group'");
    GroupModel large(Model::phi_factor, 17, 0.1, std::vector<double>(17, 1.0 / 17), gate);
    CHECK(defect(large.model)
          == "the common cause group 'group' makes more than 65536 sets of members that fail together");
}

TEST_CASE("An uncertain group is drawn as a whole, trial by trial", "[risk]") {
    GroupModel group(Model::beta_factor, 2, 0.1, {0.2}, {.connective = Connective::conjunction});
    RiskModel& model = group.model;
    const ExpressionIndex low = group.number(0.05);
    const ExpressionIndex high = group.number(0.15);
    model.expressions.push_back({.operation = Operation::uniform_deviate, .arguments = {low, high}});
    model.common_cause_groups.front().distribution =
        static_cast<ExpressionIndex>(model.expressions.size() - 1);
    const EventProbabilities probabilities(model, 1);
    CHECK(probabilities.is_uncertain());
    double sum = 0;
    constexpr std::uint32_t trials = 1000;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const SampledProbabilities drawn = probabilities.sample({.seed = 3, .trial = trial});
        CHECK(drawn.truncated == 0);
        // Alone 0.8 Q and together 0.2 Q of the one Q of this trial.
        CHECK(drawn.probabilities[0] == drawn.probabilities[1]);
        CHECK(drawn.probabilities[0] == Approx(4 * drawn.probabilities[2]).epsilon(1e-13));
        CHECK(drawn.probabilities
              == sample_event_probabilities(model, 1, {.seed = 3, .trial = trial}).probabilities);
        sum += drawn.probabilities[2] / 0.2;
    }
    // Uniform on [0.05, 0.15]: a deviation of 0.1 / √12.
    CHECK(sum / trials == Approx(0.1).margin(4 * 0.1 / std::sqrt(12.0 * trials)));
    CHECK(probabilities.at_mean()[2] == Approx(0.02).epsilon(rounding));
}

TEST_CASE("Probabilities that are drawn outside of [0, 1] are moved to its ends, and counted", "[risk]") {
    RiskModel model;
    model.expressions = {{.value = 0.9}, {.value = 0.2}};
    model.expressions.push_back({.operation = Operation::normal_deviate, .arguments = {0, 1}});
    model.basic_events = {{.name = "e", .probability = 2}, {.name = "same", .probability = 2}};
    const EventProbabilities probabilities(model, 1);
    std::size_t truncated = 0;
    constexpr std::uint32_t trials = 2000;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const SampledProbabilities drawn = probabilities.sample({.seed = 9, .trial = trial});
        CHECK((drawn.probabilities[0] >= 0 && drawn.probabilities[0] <= 1));
        CHECK((drawn.truncated == 0 || drawn.truncated == 2));
        if (drawn.truncated > 0) CHECK(drawn.probabilities == std::vector<double>{1, 1});
        truncated += drawn.truncated / 2;
    }
    // Above 1 is half a deviation above the mean: 0.3085 of all. Below 0 is 4.5 deviations away.
    const double share = 0.5 * std::erfc(0.5 / std::sqrt(2.0));
    CHECK(static_cast<double>(truncated)
          == Approx(share * trials).margin(4 * std::sqrt(share * (1 - share) * trials)));
}

TEST_CASE("A rate that is drawn below 0 is an error, not a probability", "[risk]") {
    RiskModel model;
    model.expressions = {{.value = 0.1}, {.value = 1}};
    model.expressions.push_back({.operation = Operation::normal_deviate, .arguments = {0, 1}});
    model.expressions.push_back({.operation = Operation::mission_time});
    model.expressions.push_back({.operation = Operation::exponential, .arguments = {2, 3}});
    model.basic_events.push_back({.name = "pump", .probability = 4});
    const EventProbabilities probabilities(model, 10);
    CHECK(probabilities.at_mean().front() == Approx(1 - std::exp(-1.0)).epsilon(rounding));
    std::string message;
    for (std::uint32_t trial = 0; trial < 100 && message.empty(); ++trial) {
        try {
            static_cast<void>(probabilities.sample({.seed = 1, .trial = trial}));
        } catch (const RiskModelError& error) {
            message = error.what();
            CHECK(error.defect().index == 4);
            CHECK(error.defect().legal == "a rate and a time of 0 or more");
        }
    }
    CHECK(message == "the basic event 'pump' depends on 'exponential' outside its domain");
}

TEST_CASE("A probability that is not known is missed only where it is wanted", "[risk]") {
    RiskModel model;
    model.expressions = {{.value = 0.5}};
    model.basic_events = {{.name = "known", .probability = 0}, {.name = "unknown"}};
    model.gates.push_back(
        {.name = "top", .arguments = {{.kind = FormulaArgument::Kind::basic_event, .index = 0}}});
    CHECK(truth_table::probability(fault_tree_of(model, 0, 1)) == 0.5);
    CHECK_THROWS_WITH(event_probabilities(model, 1), "the basic event 'unknown' has no probability");
    CHECK(defects_of(model, 1, false).empty());
    CHECK(defects_of(model, 1).size() == 1);
    model.gates.front().arguments.front().index = 1;
    CHECK_THROWS_AS(fault_tree_of(model, 0, 1), RiskModelError);
    CHECK(fault_tree_of(model, 0).basic_events.size() == 2);
}
