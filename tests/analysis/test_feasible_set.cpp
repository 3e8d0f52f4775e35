#include "analysis/optimiser/coordinates.hpp"
#include "analysis/optimiser/feasible_set.hpp"
#include "analysis/optimiser/random_point.hpp"
#include "sim/infinity.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

using namespace venturi;
using namespace venturi::optimiser;

namespace {

FeasibleSet mixes(Index size, double floor = 0) {
    return FeasibleSet({simplex(size, floor)});
}

Vector vector_of(const std::vector<double>& numbers) {
    return Eigen::Map<const Vector>(numbers.data(), static_cast<Index>(numbers.size()));
}

// Two simplices, one with bounds, and intervals of each kind.
FeasibleSet product() {
    Simplex bounded = simplex(4, 0.05);
    bounded.high = vector_of({0.3, 0.9, 0.5, 0.4});
    return FeasibleSet(
        {simplex(3), bounded,
         Box{vector_of({-1, 0, -infinity, -infinity}), vector_of({2, infinity, 5, infinity})}});
}

Vector wild_point(const FeasibleSet& set, std::uint32_t number) {
    // Beyond the set on all sides.
    return 3 * (random_point(set, 7, number) - random_point(set, 8, number)) + random_point(set, 9, number);
}

}  // namespace

TEST_CASE("A mix is projected onto the simplex as quadratic programming does") {
    // oracles/simplex_projection.csv: v, then its projection.
    struct Case {
        std::vector<double> from;
        std::vector<double> to;
    };
    const std::vector<Case> cases = {
        {{0.5, 0.5, 0.5, 0.5, 0.5}, {0.2, 0.2, 0.2, 0.2, 0.2}},
        {{1, 0, 0, 0, 0}, {1, 0, 0, 0, 0}},
        {{0.9, 0.8, -0.1, 0.3, 0.1}, {0.55, 0.45, 0, 0, 0}},
        {{2, 1, 0.5, -1, 0}, {1, 0, 0, 0, 0}},
        {{0.3, 0.25, 0.2, 0.15, 0.1}, {0.3, 0.25, 0.2, 0.15, 0.1}},
        {{10, 9.9, 0, 0, 0}, {0.55, 0.45, 0, 0, 0}},
        {{-1, -2, -3, -4, -5}, {1, 0, 0, 0, 0}},
        {{0.4, 0.3, 0.2, 0.2, 0.1}, {0.36, 0.26, 0.16, 0.16, 0.06}},
        {{1'000'000, 999'999.5, 0, 0, 0}, {0.75, 0.25, 0, 0, 0}},
    };
    const FeasibleSet set = mixes(5);
    for (const Case& each : cases) {
        const Vector projected = project(set, vector_of(each.from));
        CHECK((projected - vector_of(each.to)).cwiseAbs().maxCoeff() < 1e-14);
    }
}

TEST_CASE("A projection is the nearest point: no step from it into the set comes nearer") {
    const FeasibleSet set = product();
    for (std::uint32_t number = 0; number < 200; ++number) {
        const Vector point = wild_point(set, number);
        const Vector nearest = project(set, point);
        REQUIRE(set.contains(nearest));
        // (point − nearest) · (other − nearest) ≤ 0 for all points of a convex set.
        for (std::uint32_t other = 0; other < 20; ++other)
            REQUIRE((point - nearest).dot(random_point(set, 10, other) - nearest) < 1e-9);
        REQUIRE((project(set, nearest) - nearest).cwiseAbs().maxCoeff() < 1e-12);
    }
}

TEST_CASE("A projection in relative entropy is the point of least entropy from the weights") {
    const FeasibleSet set = product();
    for (std::uint32_t number = 0; number < 200; ++number) {
        const Vector logs = wild_point(set, number);
        const Vector nearest = entropy_project(set, logs);
        REQUIRE(set.contains(nearest));
        // Bregman: Σ (log w − log x*) (y − x*) ≤ 0 over the shares, here where no share of x* is 0.
        for (std::uint32_t other = 0; other < 20; ++other) {
            const Vector y = random_point(set, 10, other);
            double sum = 0;
            for (Index i = 0; i < 7; ++i) sum += (logs[i] - std::log(nearest[i])) * (y[i] - nearest[i]);
            REQUIRE(sum < 1e-9);
        }
    }
    // Without bounds that bind it is the normalised weights, however large.
    const Vector weights =
        entropy_project(mixes(3), vector_of({1000, 1000 + std::log(2.0), 1000 + std::log(5.0)}));
    CHECK((weights - vector_of({1.0 / 8, 2.0 / 8, 5.0 / 8})).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("Bounds that leave no mix are refused in words") {
    const auto refuses = [](const Block& block, const std::string& words) {
        CHECK_THROWS_WITH(FeasibleSet({block}), Catch::Contains(words));
    };
    refuses(simplex(5, 0.21), "lower bounds of shares add up to 1.05");
    refuses(Simplex{vector_of({0, 0}), vector_of({0.4, 0.5})}, "upper bounds of shares add up to 0.9");
    refuses(Simplex{vector_of({0.5, 0}), vector_of({0.4, 1})}, "bounds of share 1 are [0.5, 0.4]");
    refuses(Simplex{vector_of({-0.1, 0}), vector_of({1, 1})}, "0 ≤ low ≤ high ≤ 1");
    refuses(Simplex{}, "at least one share");
    refuses(Box{vector_of({2}), vector_of({1})}, "bounds of number 1 are [2, 1]");
    refuses(Box{vector_of({NAN}), vector_of({1})}, "between which there is none");
    CHECK_THROWS_WITH(FeasibleSet(std::vector<Block>{}), Catch::Contains("at least one number"));
    // One point is a set.
    CHECK((mixes(5, 0.2).centre() - Vector::Constant(5, 0.2)).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("The centre lies in the set, and a reach ends on its border") {
    const FeasibleSet set = product();
    CHECK(set.contains(set.centre()));
    CHECK(set.dimension() == 11);
    CHECK(set.free_directions() == 9);
    CHECK(set.has_caps());
    CHECK_FALSE(mixes(4, 0.1).has_caps());
    const DenseMatrix gram = set.tangent_basis().transpose() * set.tangent_basis();
    CHECK((gram - DenseMatrix::Identity(9, 9)).cwiseAbs().maxCoeff() < 1e-14);
    for (std::uint32_t number = 0; number < 50; ++number) {
        const Vector point = random_point(set, 11, number);
        REQUIRE(set.contains(point));
        const Vector direction =
            set.tangent_basis() * set.tangent_basis().transpose() * (random_point(set, 12, number) - point);
        const double reach = set.reach(point, direction, 1e6);
        REQUIRE(set.contains(point + reach * direction));
        // Beyond it the number that has met its bound is out by 1e-5 or more.
        const double least = direction.cwiseAbs().minCoeff();
        if (reach < 1e6) REQUIRE_FALSE(set.contains(point + (reach + 1e-5 / least) * direction));
    }
}

TEST_CASE("Log-ratios go there and back, and their derivatives are those of central differences") {
    const FeasibleSet set(
        {simplex(5, 0.02), simplex(3),
         Box{vector_of({-1, 0, -infinity, -infinity}), vector_of({2, infinity, 5, infinity})}});
    for (std::uint32_t number = 0; number < 50; ++number) {
        const Vector decision = random_point(set, 13, number);
        const Vector y = to_coordinates(set, Coordinates::log_ratio, decision);
        REQUIRE(y.size() == set.free_directions());
        const auto at = [&](const Vector& coordinates) {
            return from_coordinates(set, Coordinates::log_ratio, decision, coordinates);
        };
        REQUIRE((at(y) - decision).cwiseAbs().maxCoeff() < 1e-8);
        const DenseMatrix slopes = jacobian(set, Coordinates::log_ratio, decision);
        for (Index k = 0; k < y.size(); ++k) {
            const Vector step = 1e-5 * Vector::Unit(y.size(), k);
            const Vector difference = (at(y + step) - at(y - step)) / 2e-5;
            REQUIRE((difference - slopes.col(k)).cwiseAbs().maxCoeff() < 1e-7);
        }
        // However far one goes, one stays within.
        REQUIRE(set.contains(at(100 * y)));
    }
    CHECK_THROWS_WITH(to_coordinates(product(), Coordinates::log_ratio, product().centre()),
                      Catch::Contains("mirror or projection"));
    CHECK_THROWS_WITH(coordinates_named("polar"), Catch::Contains("flat, log_ratio and ambient"));
}
