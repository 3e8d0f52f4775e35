#include "agents/talent/graded_workforce.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>

namespace {

using namespace venturi;
using venturi::testing::fourth_moment_of_poisson;
using venturi::testing::Sample;

// Small linear systems, well conditioned.
constexpr double solved = 1e-13;

// Juniors and seniors: of the first a fifth is promoted a step and a fifth leaves, of the second a fifth
// leaves.
SteppedWorkforceOptions two_grades() {
    Eigen::Matrix2d transitions;
    transitions << 0.6, 0.2,  //
        0, 0.8;
    return {.transitions = transitions, .recruits_per_step = 10, .recruits_split = Eigen::Vector2d(1, 0)};
}

// Three grades of a young company, months.
ReviewedWorkforceOptions three_grades() {
    Eigen::Matrix3d review;
    review << 0.60, 0.30, 0.00,  //
        0.05, 0.70, 0.20,        //
        0.00, 0.10, 0.80;
    return {.hire_rate = Eigen::Vector3d(0.8, 0.3, 0.05),
            .leave_rate = Eigen::Vector3d(0.03, 0.02, 0),
            .review = review,
            .review_interval = 6};
}

std::string refusal(const std::function<void()>& attempt) {
    try {
        attempt();
    } catch (const std::invalid_argument& problem) {
        return problem.what();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("juniors and seniors who move once a step stand where the hand calculation puts them",
          "[workforce]") {
    const SteppedWorkforce workforce(two_grades());
    // 10 = 0.4 n₁ and 0.2 n₁ = 0.2 n₂.
    const Eigen::VectorXd stocks = workforce.stationary_stocks();
    CHECK(stocks.isApprox(Eigen::Vector2d(25, 25), solved));
    // A junior stays 1 / 0.4 steps, and half of them become seniors, for 1 / 0.2 steps.
    Eigen::Matrix2d times;
    times << 2.5, 2.5,  //
        0, 5;
    CHECK(workforce.mean_time_in_grades().isApprox(times, solved));
    CHECK(workforce.mean_tenures().isApprox(Eigen::Vector2d(5, 5), solved));
    CHECK(workforce.mean_tenure() == Approx(5).epsilon(solved));
    CHECK(workforce.promotions(stocks)[0] == Approx(5).epsilon(solved));
    CHECK(workforce.wastage(stocks).isApprox(Eigen::Vector2d(5, 5), solved));
    // From an empty firm: 10, then 10 + 6 and 2, then 10 + 9.6 and 3.2 + 1.6.
    CHECK(workforce.expected_stocks(Eigen::Vector2d::Zero(), 0) == Eigen::Vector2d::Zero());
    CHECK(workforce.expected_stocks(Eigen::Vector2d::Zero(), 1).isApprox(Eigen::Vector2d(10, 0), solved));
    CHECK(workforce.expected_stocks(Eigen::Vector2d::Zero(), 2).isApprox(Eigen::Vector2d(16, 2), solved));
    CHECK(workforce.expected_stocks(Eigen::Vector2d::Zero(), 3).isApprox(Eigen::Vector2d(19.6, 4.8), solved));
}

TEST_CASE("stocks that move once a step settle, and then as many leave as come", "[workforce]") {
    Eigen::Matrix3d transitions;
    transitions << 0.70, 0.20, 0.00,  //
        0.05, 0.75, 0.10,             //
        0.00, 0.10, 0.85;
    const SteppedWorkforce workforce({.transitions = transitions,
                                      .recruits_per_step = 7,
                                      .recruits_split = Eigen::Vector3d(0.7, 0.2, 0.1)});
    const Eigen::VectorXd stocks = workforce.stationary_stocks();
    CHECK(workforce.expected_stocks(stocks, 1).isApprox(stocks, solved));
    // The largest row sum is 0.95: after 700 steps 0.95⁷⁰⁰ < 1e-15 of where they began is left.
    CHECK(workforce.expected_stocks(Eigen::Vector3d(100, 0, 3), 700).isApprox(stocks, solved));
    CHECK(workforce.wastage(stocks).sum() == Approx(7).epsilon(solved));
    CHECK(stocks.sum() == Approx(7 * workforce.mean_tenure()).epsilon(solved));
    CHECK((workforce.moves(stocks).rowwise().sum() + workforce.wastage(stocks)).isApprox(stocks, solved));
    CHECK(workforce.mean_time_in_grades().rowwise().sum().isApprox(workforce.mean_tenures(), solved));
}

TEST_CASE("one grade keeps people for one over the rate of leaving", "[workforce]") {
    const SteppedWorkforce stepped({.transitions = Eigen::MatrixXd::Constant(1, 1, 0.9),
                                    .recruits_per_step = 3,
                                    .recruits_split = Eigen::VectorXd::Ones(1)});
    CHECK(stepped.mean_tenure() == Approx(10).epsilon(solved));
    CHECK(stepped.stationary_stocks()[0] == Approx(30).epsilon(solved));
    CHECK(stepped.promotions(stepped.stationary_stocks()).size() == 0);
    const ReviewedWorkforce reviewed({.hire_rate = Eigen::VectorXd::Constant(1, 3),
                                      .leave_rate = Eigen::VectorXd::Constant(1, 0.1),
                                      .review = Eigen::MatrixXd::Ones(1, 1),
                                      .review_interval = 6});
    CHECK(reviewed.mean_tenure() == Approx(10).epsilon(solved));
    CHECK(reviewed.mean_stocks()[0] == Approx(30).epsilon(solved));
    // Who leaves only at reviews, with probability q: 1 / q intervals but for half of the first.
    const ReviewedWorkforce at_reviews({.hire_rate = Eigen::VectorXd::Constant(1, 3),
                                        .leave_rate = Eigen::VectorXd::Zero(1),
                                        .review = Eigen::MatrixXd::Constant(1, 1, 0.8),
                                        .review_interval = 6});
    CHECK(at_reviews.mean_tenure() == Approx(6 * (1 / 0.2 - 0.5)).epsilon(solved));
}

TEST_CASE("juniors and seniors reviewed each month stand where the hand calculation puts them",
          "[workforce]") {
    // Half of the juniors leave within a month, of the seniors none: before a review
    // n₁ = ½ (½ n₁) + 1.5 and n₂ = (¼ n₁ + ½ n₂) + 1.
    const double leave = std::log(2.0);
    Eigen::Matrix2d review;
    review << 0.5, 0.25,  //
        0, 0.5;
    const ReviewedWorkforce workforce({.hire_rate = Eigen::Vector2d(3 * leave, 1),
                                       .leave_rate = Eigen::Vector2d(leave, 0),
                                       .review = review,
                                       .review_interval = 1});
    CHECK(workforce.stocks_before_review().isApprox(Eigen::Vector2d(2, 3), solved));
    CHECK(workforce.stocks_after_review().isApprox(Eigen::Vector2d(1, 2), solved));
    CHECK(workforce.promotions()[0] == Approx(0.5).epsilon(solved));
    CHECK(workforce.dismissals().isApprox(Eigen::Vector2d(0.5, 1.5), solved));
    CHECK(workforce.leavers().isApprox(Eigen::Vector2d(3 * leave - 1, 0), solved));
    // From 1 towards 3, and in a straight line from 2 to 3.
    CHECK(workforce.mean_stocks().isApprox(Eigen::Vector2d(3 - 1 / leave, 2.5), solved));
    CHECK(workforce.stocks_since_review(0.5).isApprox(Eigen::Vector2d(3 - std::sqrt(2.0), 2.5), solved));
    // A senior stays for two reviews in the mean, the first after half a month.
    CHECK(workforce.mean_tenures()[1] == Approx(1.5).epsilon(solved));
}

TEST_CASE("what is hired leaves or is let go, and Little's law agrees with the way of a person",
          "[workforce]") {
    const ReviewedWorkforceOptions options = three_grades();
    const ReviewedWorkforce workforce(options);
    const double hires = options.hire_rate.sum();
    CHECK(workforce.leavers().sum() + workforce.dismissals().sum() == Approx(hires).epsilon(solved));
    CHECK(workforce.mean_tenure() == Approx(workforce.mean_stocks().sum() / hires).epsilon(solved));
    // The same, grade by grade.
    const Eigen::MatrixXd times = workforce.mean_time_in_grades();
    CHECK((times.transpose() * options.hire_rate).isApprox(workforce.mean_stocks(), solved));
    CHECK(times.rowwise().sum().isApprox(workforce.mean_tenures(), solved));
    // Each grade's balance: hires and who moves in, against leavers, dismissals and who moves out.
    const Eigen::VectorXd in = options.hire_rate + workforce.moves().colwise().sum().transpose();
    const Eigen::VectorXd out =
        workforce.leavers() + workforce.dismissals() + workforce.moves().rowwise().sum();
    CHECK(in.isApprox(out, solved));
    CHECK(workforce.stocks_since_review(0).isApprox(workforce.stocks_after_review(), solved));
    CHECK(workforce.stocks_since_review(6).isApprox(workforce.stocks_before_review(), solved));
    // The mean over an interval by Simpson's rule; its error is (μh)⁴ / 180 of what decays, h = 0.01.
    Eigen::VectorXd mean = Eigen::Vector3d::Zero();
    for (int i = 0; i < 600; i += 2)
        mean += 0.01 / 3 / 6
                * (workforce.stocks_since_review(i * 0.01) + 4 * workforce.stocks_since_review((i + 1) * 0.01)
                   + workforce.stocks_since_review((i + 2) * 0.01));
    CHECK(mean.isApprox(workforce.mean_stocks(), 1e-12));
    // Reviews settle: the largest row sum is 0.95, and 0.95⁷⁰⁰ < 1e-15.
    CHECK(workforce.stocks_after_reviews(Eigen::Vector3d(50, 0, 2), 700)
              .isApprox(workforce.stocks_after_review(), solved));
    CHECK(workforce.stocks_after_reviews(workforce.stocks_after_review(), 1)
              .isApprox(workforce.stocks_after_review(), solved));
}

TEST_CASE("who leaves only at reviews moves as in discrete time", "[workforce]") {
    ReviewedWorkforceOptions options = three_grades();
    options.leave_rate.setZero();
    const ReviewedWorkforce reviewed(options);
    const double recruits = 6 * options.hire_rate.sum();
    const SteppedWorkforce stepped({.transitions = options.review,
                                    .recruits_per_step = recruits,
                                    .recruits_split = options.hire_rate / options.hire_rate.sum()});
    const Eigen::VectorXd stocks = stepped.stationary_stocks();
    CHECK(reviewed.stocks_before_review().isApprox(stocks, solved));
    CHECK((6 * reviewed.promotions()).isApprox(stepped.promotions(stocks), solved));
    CHECK((6 * reviewed.dismissals()).isApprox(stepped.wastage(stocks), solved));
    CHECK(reviewed.leavers().isZero());
    // Hired half an interval before the first review, in the mean, rather than at once.
    CHECK(reviewed.mean_tenures().isApprox(6 * (stepped.mean_tenures() - Eigen::Vector3d::Constant(0.5)),
                                           solved));
    // An attrition that is almost none makes almost no difference. It takes μ E[τ²] / 2 of the mean tenure,
    // and E[τ²] / 2 ≤ 126 E[τ], where nobody has more than 6 / 0.05 + 6 months to come in the mean; √3 for
    // three grades.
    options.leave_rate.setConstant(1e-9);
    const ReviewedWorkforce almost(options);
    const double slack = 1e-9 * 126 * std::sqrt(3.0);
    CHECK(almost.mean_tenures().isApprox(reviewed.mean_tenures(), slack));
    CHECK(almost.mean_stocks().isApprox(reviewed.mean_stocks(), slack));
}

TEST_CASE("reviews that keep everybody where they are leave each grade to itself, as M/M/∞", "[workforce]") {
    ReviewedWorkforceOptions options = three_grades();
    options.leave_rate = Eigen::Vector3d(0.03, 0.02, 0.5);
    options.review.setIdentity();
    const ReviewedWorkforce workforce(options);
    const Eigen::VectorXd stocks = options.hire_rate.cwiseQuotient(options.leave_rate);
    CHECK(workforce.stocks_before_review().isApprox(stocks, solved));
    CHECK(workforce.stocks_after_review().isApprox(stocks, solved));
    CHECK(workforce.mean_stocks().isApprox(stocks, solved));
    CHECK(workforce.mean_tenures().isApprox(options.leave_rate.cwiseInverse(), solved));
    CHECK(workforce.leavers().isApprox(options.hire_rate, solved));
    CHECK(workforce.dismissals().isZero());
    CHECK(workforce.promotions().isZero());
}

TEST_CASE("persons who are hired, leave and are reviewed one by one stand and move as expected",
          "[workforce][long]") {
    const ReviewedWorkforceOptions options = three_grades();
    const ReviewedWorkforce workforce(options);
    constexpr int grades = 3;
    constexpr int reviews = 160;  // to come before the one that is watched
    const double interval = options.review_interval;
    const double watched = reviews * interval;

    // Of the start, an empty firm, is left by then below 1e-3 of a standard error, or this would be no test.
    constexpr int firms = 4000;
    const Eigen::VectorXd bias =
        workforce.stocks_after_reviews(Eigen::Vector3d::Zero(), reviews) - workforce.stocks_after_review();
    REQUIRE(bias.cwiseAbs().maxCoeff()
            < 1e-3 * std::sqrt(workforce.stocks_after_review().minCoeff() / firms));

    struct Firm {
        std::array<double, grades> before{};
        std::array<double, grades> after{};
        std::array<double, grades - 1> promoted{};
        double dismissed = 0;
    };
    std::array<Sample, grades> before;
    std::array<Sample, grades> after;
    std::array<Sample, grades - 1> promoted;
    Sample dismissed;
    std::array<Sample, grades> tenure;
    for (std::uint32_t trajectory = 0; trajectory < firms; ++trajectory) {
        PlainDraws draws(FastVariates(1991, trajectory));
        DrawSource hiring{.agent = 0, .purpose = 0};
        DrawSource leaving{.agent = 0, .purpose = 1};
        DrawSource reviewing{.agent = 0, .purpose = 2};
        Firm firm;
        for (int entry = 0; entry < grades; ++entry) {
            double hired = draws.exponential(hiring, options.hire_rate[entry]);
            for (; hired < watched; hired += draws.exponential(hiring, options.hire_rate[entry])) {
                int grade = entry;
                double now = hired;
                for (auto next = static_cast<int>(std::floor(hired / interval)) + 1;; ++next) {
                    const double review = next * interval;
                    const double leaves = now + draws.exponential(leaving, options.leave_rate[grade]);
                    if (leaves < review) {
                        now = leaves;
                        break;
                    }
                    now = review;
                    const Eigen::VectorXd row = options.review.row(grade);
                    const std::array<double, grades + 1> weights = {row[0], row[1], row[2], 1 - row.sum()};
                    const auto to = static_cast<int>(draws.choice(reviewing, std::span(weights)));
                    if (next == reviews) {
                        firm.before[static_cast<std::size_t>(grade)] += 1;
                        if (to == grades)
                            firm.dismissed += 1;
                        else
                            firm.after[static_cast<std::size_t>(to)] += 1;
                        if (to == grade + 1 && to < grades)
                            firm.promoted[static_cast<std::size_t>(grade)] += 1;
                    }
                    if (to == grades) break;
                    grade = to;
                }
                tenure[static_cast<std::size_t>(entry)].add(now - hired);
            }
        }
        for (std::size_t g = 0; g < grades; ++g) {
            before[g].add(firm.before[g]);
            after[g].add(firm.after[g]);
        }
        for (std::size_t g = 0; g + 1 < grades; ++g) promoted[g].add(firm.promoted[g]);
        dismissed.add(firm.dismissed);
    }
    for (std::size_t g = 0; g < grades; ++g) {
        INFO("grade " << g);
        const auto i = static_cast<Eigen::Index>(g);
        const double expected_before = workforce.stocks_before_review()[i];
        const double expected_after = workforce.stocks_after_review()[i];
        CHECK(std::abs(before[g].z_of_mean(expected_before)) < 4);
        CHECK(std::abs(after[g].z_of_mean(expected_after)) < 4);
        CHECK(std::abs(before[g].z_of_variance(expected_before, fourth_moment_of_poisson(expected_before)))
              < 4);
        CHECK(std::abs(after[g].z_of_variance(expected_after, fourth_moment_of_poisson(expected_after))) < 4);
        CHECK(std::abs(tenure[g].z_of_mean(workforce.mean_tenures()[i])) < 4);
        if (g + 1 < grades) CHECK(std::abs(promoted[g].z_of_mean(interval * workforce.promotions()[i])) < 4);
    }
    CHECK(std::abs(dismissed.z_of_mean(interval * workforce.dismissals().sum())) < 4);
}

TEST_CASE("a workforce that can't be is refused, and its grade named", "[workforce]") {
    const auto stepped = [](auto&& change) {
        return refusal([&] {
            SteppedWorkforceOptions options = two_grades();
            change(options);
            const SteppedWorkforce workforce(options);
        });
    };
    using Stepped = SteppedWorkforceOptions;
    CHECK(stepped([](Stepped&) {}) == "nothing");
    CHECK(stepped([](Stepped& o) { o.transitions(1, 1) = 1; })
          == "grade 1: whoever is there can never leave for good");
    CHECK(stepped([](Stepped& o) { o.transitions(0, 1) = 0.5; })
          == "grade 0: the transition probabilities sum to more than 1");
    CHECK(stepped([](Stepped& o) { o.recruits_per_step = -1; })
          == "recruits per step are a number of at least 0");
    CHECK(stepped([](Stepped& o) { o.recruits_split[1] = 0.1; }) == "the shares of the recruits sum to 1");
    CHECK(stepped([](Stepped& o) { o.recruits_split << 1.5, -0.5; })
          == "grade 1: the share of the recruits is a number of at least 0");
    CHECK(stepped([](Stepped& o) { o.recruits_split = Eigen::Vector3d(1, 0, 0); })
          == "a workforce has a share of the recruits and a row of transitions for each grade");

    const auto reviewed = [](auto&& change) {
        return refusal([&] {
            ReviewedWorkforceOptions options = three_grades();
            change(options);
            const ReviewedWorkforce workforce(options);
        });
    };
    using Reviewed = ReviewedWorkforceOptions;
    CHECK(reviewed([](Reviewed&) {}) == "nothing");
    CHECK(reviewed([](Reviewed& o) { o.review.row(2) << 0, 0, 1; })
          == "grade 2: whoever is there can never leave for good");
    CHECK(reviewed([](Reviewed& o) { o.review(0, 2) = 0.5; })
          == "grade 0: the transition probabilities sum to more than 1");
    CHECK(reviewed([](Reviewed& o) { o.leave_rate[1] = -0.1; })
          == "grade 1: the leave rate is a number of at least 0");
    CHECK(reviewed([](Reviewed& o) { o.hire_rate[0] = std::numeric_limits<double>::quiet_NaN(); })
          == "grade 0: the hire rate is a number of at least 0");
    CHECK(reviewed([](Reviewed& o) { o.review_interval = 0; }) == "the interval between reviews is above 0");
    CHECK(reviewed([](Reviewed& o) { o.leave_rate = Eigen::Vector2d(0.1, 0.1); })
          == "a workforce has a hire rate, a leave rate and a row of the review for each grade");
    // Nobody is hired, and nobody is there.
    ReviewedWorkforceOptions nobody = three_grades();
    nobody.hire_rate.setZero();
    CHECK(ReviewedWorkforce(nobody).mean_stocks().isZero());
    CHECK(ReviewedWorkforce(nobody).mean_tenure() == 0);
}
