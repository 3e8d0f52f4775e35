#include "analysis/statistics/controlled_means.hpp"
#include "sim/dense_systems.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"

#include <Eigen/Core>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using namespace venturi;

namespace {

constexpr std::size_t controls_in_cases = 5;
constexpr std::size_t rows_of_observation = 20;

struct Row {
    std::array<double, 2> values{};
    std::array<double, controls_in_cases> controls{};
};

// Of a company: what the first value is follows two of the controls, beside noise of its own and of the
// observation; the second follows none. Means are 0.3 and −1. Some rows have no luck at all.
std::vector<Row> drawn_observation(std::mt19937_64& random) {
    std::normal_distribution<double> normal;
    std::bernoulli_distribution has_luck(0.6);
    const double shared = 0.1 * normal(random);
    std::vector<Row> rows(rows_of_observation);
    for (Row& row : rows) {
        if (has_luck(random))
            for (double& each : row.controls) each = normal(random);
        row.values = {0.3 + row.controls[0] - 0.5 * row.controls[1] + 0.5 * normal(random) + shared,
                      -1 + normal(random) + shared};
    }
    return rows;
}

Row mean_of(const std::vector<Row>& rows) {
    Row mean;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < mean.values.size(); ++i)
            mean.values[i] += row.values[i] / static_cast<double>(rows.size());
        for (std::size_t i = 0; i < mean.controls.size(); ++i)
            mean.controls[i] += row.controls[i] / static_cast<double>(rows.size());
    }
    return mean;
}

void add(ControlledMeans& means, std::uint64_t number, const std::vector<Row>& rows) {
    for (const Row& row : rows) means.add_row(number, row.values, row.controls);
    const Row mean = mean_of(rows);
    means.add(number, mean.values, mean.controls);
}

// Least squares with the ridge, row by row, of all observations but those of two folds.
std::vector<double> plain_coefficients(const std::vector<std::vector<Row>>& observations, std::size_t value,
                                       std::size_t but, std::size_t and_but) {
    Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(controls_in_cases, controls_in_cases);
    Eigen::VectorXd products = Eigen::VectorXd::Zero(controls_in_cases);
    double rows = 0;
    for (std::size_t t = 0; t < observations.size(); ++t) {
        if (t % ControlledMeans::folds == but || t % ControlledMeans::folds == and_but) continue;
        for (const Row& row : observations[t]) {
            const Eigen::Map<const Eigen::VectorXd> x(row.controls.data(), controls_in_cases);
            if (x.isZero(0)) continue;
            rows += 1;
            squares += x * x.transpose();
            products += row.values[value] * x;
        }
    }
    for (Eigen::Index i = 0; i < squares.rows(); ++i) squares(i, i) += 30 * squares(i, i) / rows;
    const Eigen::VectorXd solved = solve(squares, products);
    return {solved.begin(), solved.end()};
}

double less(const Row& mean, std::size_t value, const std::vector<double>& coefficients) {
    double left = mean.values[value];
    for (std::size_t i = 0; i < coefficients.size(); ++i) left -= coefficients[i] * mean.controls[i];
    return left;
}

}  // namespace

TEST_CASE("controlled means are those of a regression for each fold, written out", "[controlled_means]") {
    std::mt19937_64 random(11);
    std::vector<std::vector<Row>> observations;
    ControlledMeans means(2, controls_in_cases);
    for (std::uint64_t t = 0; t < 29; ++t)
        add(means, t, observations.emplace_back(drawn_observation(random)));
    const std::vector<ControlledMean> found = means.means();
    REQUIRE(found.size() == 2);
    for (std::size_t value = 0; value < 2; ++value) {
        Moments all;
        bool has_controls = false;
        for (std::size_t fold = 0; fold < ControlledMeans::folds; ++fold) {
            // The slope of the others' values on what is explained of them, within 0 and 1.
            std::vector<double> explained;
            std::vector<double> values;
            for (std::size_t t = 0; t < observations.size(); ++t) {
                const std::size_t other = t % ControlledMeans::folds;
                if (other == fold) continue;
                const Row mean = mean_of(observations[t]);
                values.push_back(mean.values[value]);
                explained.push_back(
                    values.back() - less(mean, value, plain_coefficients(observations, value, fold, other)));
            }
            Moments of_explained;
            for (const double each : explained) of_explained.add(each);
            double products = 0;
            double squares = 0;
            for (std::size_t i = 0; i < values.size(); ++i) {
                products += values[i] * (explained[i] - of_explained.mean());
                squares += std::pow(explained[i] - of_explained.mean(), 2);
            }
            const double part = std::clamp(products / squares, 0.0, 1.0);
            has_controls = has_controls || part > 0;
            std::vector<double> used = plain_coefficients(observations, value, fold, fold);
            for (double& each : used) each *= part;
            for (std::size_t t = fold; t < observations.size(); t += ControlledMeans::folds)
                all.add(less(mean_of(observations[t]), value, used));
        }
        CHECK(found[value].count == 29);
        CHECK(found[value].mean == Approx(all.mean()).epsilon(1e-9));
        CHECK(found[value].standard_error == Approx(all.standard_error()).epsilon(1e-9));
        CHECK(found[value].has_controls == has_controls);
    }
    CHECK(found[0].has_controls);
}

TEST_CASE(
    "controls leave a known mean where it is, its interval covers it, and is shorter where luck explains",
    "[controlled_means]") {
    std::mt19937_64 random(12);
    constexpr int repetitions = 2000;
    constexpr std::uint64_t observations = 40;
    const std::array<double, 2> truth = {0.3, -1};
    std::array<Moments, 2> estimates;
    std::array<Moments, 2> squared_errors;
    std::array<Moments, 2> squared_errors_without;
    std::array<int, 2> covered{};
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        ControlledMeans means(2, controls_in_cases);
        std::array<Moments, 2> plain;
        for (std::uint64_t t = 0; t < observations; ++t) {
            const std::vector<Row> rows = drawn_observation(random);
            add(means, t, rows);
            for (std::size_t value = 0; value < 2; ++value) plain[value].add(mean_of(rows).values[value]);
        }
        const std::vector<ControlledMean> found = means.means();
        for (std::size_t value = 0; value < 2; ++value) {
            const double reach = student_critical_value(0.95, observations - 1) * found[value].standard_error;
            estimates[value].add(found[value].mean);
            covered[value] += std::abs(found[value].mean - truth[value]) <= reach ? 1 : 0;
            squared_errors[value].add(std::pow(found[value].standard_error, 2));
            squared_errors_without[value].add(std::pow(plain[value].standard_error(), 2));
        }
    }
    for (std::size_t value = 0; value < 2; ++value) {
        CAPTURE(value);
        CHECK(std::abs(estimates[value].mean() - truth[value]) < 4 * estimates[value].standard_error());
        // Four standard errors of a share of 2,000.
        CHECK(covered[value] > (0.95 - 4 * std::sqrt(0.05 * 0.95 / repetitions)) * repetitions);
        // What is said of the error is true: the variance of the estimates, good to √(2 / 2,000).
        CHECK(squared_errors[value].mean() == Approx(estimates[value].variance()).epsilon(0.13));
    }
    // Of a row 0.6 · (1 + 0.25) + 0.25 without, 0.25 with; a twentieth of it, and 0.01 that rows share.
    CHECK(squared_errors_without[0].mean() == Approx((1.0 / 20 + 0.01) / 40).epsilon(0.05));
    CHECK(squared_errors[0].mean() < 1.15 * (0.25 / 20 + 0.01) / 40);
    CHECK(squared_errors[0].mean() > (0.25 / 20 + 0.01) / 40);
    // Where there is nothing to explain, next to nothing is lost.
    CHECK(squared_errors[1].mean() < 1.02 * squared_errors_without[1].mean());
}

TEST_CASE("controlled means are merged from parts, and there are none of few observations",
          "[controlled_means]") {
    // Whole numbers, so that sums are exact in any order.
    std::mt19937_64 random(13);
    std::uniform_int_distribution<int> whole(-3, 3);
    ControlledMeans all(2, controls_in_cases);
    ControlledMeans first(2, controls_in_cases);
    ControlledMeans second(2, controls_in_cases);
    for (std::uint64_t t = 0; t < least_observations_of_controls; ++t) {
        CHECK(all.means().empty());
        Row row;
        for (double& each : row.values) each = whole(random);
        for (double& each : row.controls) each = whole(random);
        for (ControlledMeans* means : {&all, t < 10 ? &first : &second}) {
            means->add_row(t, row.values, row.controls);
            means->add(t, row.values, row.controls);
        }
    }
    first.merge(second);
    CHECK(first == all);
    CHECK(all.means().size() == 2);
}

TEST_CASE("what rows share is taken off with the coefficient that it has", "[controlled_means]") {
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal;
    constexpr double slope = 0.4;
    constexpr int repetitions = 60;
    Moments estimates;
    Moments reductions;
    int covered = 0;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        ControlledMeans with(2, controls_in_cases, 1);
        ControlledMeans without(2, controls_in_cases);
        for (std::uint64_t t = 0; t < 60; ++t) {
            const double shared = normal(random);
            std::vector<Row> rows = drawn_observation(random);
            for (Row& row : rows) row.values[0] += slope * shared;
            for (const Row& row : rows) {
                with.add_row(t, row.values, row.controls);
                without.add_row(t, row.values, row.controls);
            }
            const Row mean = mean_of(rows);
            std::array<double, controls_in_cases + 1> controls{};
            std::ranges::copy(mean.controls, controls.begin());
            controls.back() = shared;
            with.add(t, mean.values, controls);
            without.add(t, mean.values, mean.controls);
        }
        const std::vector<ControlledMean> found = with.means();
        const std::vector<ControlledMean> plain = without.means();
        REQUIRE(found.size() == 2);
        estimates.add(found[0].mean);
        reductions.add(std::pow(plain[0].standard_error / found[0].standard_error, 2));
        covered += std::abs(found[0].mean - 0.3) <= student_critical_value(0.95, 59) * found[0].standard_error
                       ? 1
                       : 0;
        // The second value has nothing to do with it: little is taken off by chance.
        CHECK(found[1].standard_error < 1.1 * plain[1].standard_error);
    }
    CHECK(std::abs(estimates.mean() - 0.3) < 4 * estimates.standard_error());
    // Without it the variance of an observation is 0.1² + 0.5² / 20 + 0.4² = 0.18, with it 0.0225.
    CHECK(reductions.mean() > 4);
    // Four standard errors of a share of 60 below 95%.
    CHECK(covered >= 50);
}
