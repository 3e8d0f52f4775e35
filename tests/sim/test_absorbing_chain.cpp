#include "sim/absorbing_chain.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

using namespace venturi;

TEST_CASE("a gambler who plays until one of two ends stays as long as is known", "[chain]") {
    // Fair, with 1 to 4 coins of 5: visits to j from i are 2 min(i, j) (5 − max(i, j)) / 5, and the game
    // takes i (5 − i) rounds (Feller, An Introduction to Probability Theory I, ch. XIV).
    Eigen::Matrix4d step = Eigen::Matrix4d::Zero();
    for (int i = 0; i < 3; ++i) step(i, i + 1) = step(i + 1, i) = 0.5;
    const AbsorbingChain gambler(step, "purse");
    const Eigen::MatrixXd visits = gambler.expected_visits();
    const Eigen::VectorXd rounds = gambler.total_reward(Eigen::Vector4d::Ones());
    for (int i = 1; i <= 4; ++i) {
        for (int j = 1; j <= 4; ++j)
            CHECK(visits(i - 1, j - 1)
                  == Approx(2.0 * std::min(i, j) * (5 - std::max(i, j)) / 5).epsilon(1e-14));
        CHECK(rounds[i - 1] == Approx(i * (5 - i)).epsilon(1e-14));
    }
    CHECK(gambler.exits() == Eigen::Vector4d(0.5, 0, 0, 0.5));
    const Eigen::VectorXd rates = gambler.visit_rates(Eigen::Vector4d(1, 2, 0, 0));
    CHECK(rates.isApprox(visits.transpose() * Eigen::Vector4d(1, 2, 0, 0), 1e-14));
    // What comes goes.
    CHECK(rates.dot(gambler.exits()) == Approx(3).epsilon(1e-14));
}

TEST_CASE("a chain that cannot be left, or has no probabilities, is refused by name", "[chain]") {
    const auto chain = [](double a, double b, double c, double d) {
        Eigen::Matrix2d matrix;
        matrix << a, b, c, d;
        return AbsorbingChain(matrix, "station");
    };
    CHECK_NOTHROW(chain(0, 1, 0, 0.5));
    CHECK_THROWS_WITH(chain(0.5, 0, 0, 1), "station 1: whoever is there can never leave for good");
    CHECK_THROWS_WITH(chain(0, 1, 1, 0), "station 0: whoever is there can never leave for good");
    CHECK_THROWS_WITH(chain(0, 0.5, 0.7, 0.4), "station 1: the transition probabilities sum to more than 1");
    CHECK_THROWS_WITH(chain(-0.1, 0.5, 0, 0), "station 0: a transition probability is negative or no number");
    CHECK_THROWS_AS(chain(0, std::numeric_limits<double>::quiet_NaN(), 0, 0), std::invalid_argument);
    CHECK_THROWS_AS(AbsorbingChain(Eigen::MatrixXd::Zero(2, 3), "station"), std::invalid_argument);
    CHECK_THROWS_AS(AbsorbingChain(Eigen::MatrixXd(), "station"), std::invalid_argument);
    // 0.1 + 0.2 + 0.7 is not 1 to the last bit, and no way out.
    Eigen::Matrix3d rounded;
    rounded << 0.1, 0.2, 0.7, 0.7, 0.2, 0.1, 0.2, 0.1, 0.7;
    CHECK_THROWS_AS(AbsorbingChain(rounded, "station"), std::invalid_argument);
}
