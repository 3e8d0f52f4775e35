#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/paired.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

using namespace venturi;

TEST_CASE("the jackknife of a paired difference of means is that of the mean difference", "[paired]") {
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal;
    Grouped<Moments> base;
    Grouped<Moments> changed;
    Grouped<Moments> shifted;
    Grouped<Moments> apart;
    for (std::uint64_t trajectory = 0; trajectory < 320; ++trajectory) {
        const double luck = normal(random);
        const double effect = 0.3 + 0.1 * normal(random);
        base.of(trajectory).add(luck);
        changed.of(trajectory).add(luck + effect);
        shifted.of(trajectory).add(luck + 1);
        apart.of(trajectory).add(effect);
    }
    const auto difference = [](const Paired<Moments>& pair) {
        return pair.changed.mean() - pair.base.mean();
    };
    const JackknifeEstimate estimate = paired(base, changed).jackknife(difference);
    const JackknifeEstimate expected = apart.jackknife([](const Moments& moments) { return moments.mean(); });
    CHECK(estimate.value == Approx(expected.value).epsilon(1e-12));
    CHECK(estimate.standard_error == Approx(expected.standard_error).epsilon(1e-9));
    // What both have in common is no error.
    CHECK(paired(base, shifted).jackknife(difference).standard_error == Approx(0).margin(1e-12));
}

TEST_CASE("a group without trajectories is none of a pair's", "[paired]") {
    Grouped<Moments> base;
    Grouped<Moments> changed;
    for (std::uint64_t trajectory = 0; trajectory < 5; ++trajectory) {
        base.of(trajectory).add(static_cast<double>(trajectory));
        changed.of(trajectory).add(1);
    }
    const auto difference = [](const Paired<Moments>& pair) {
        return pair.changed.mean() - pair.base.mean();
    };
    CHECK(paired(base, changed).jackknife(difference).groups == 5);
}

TEST_CASE("p-values of Student's t turn its critical values round", "[critical_value]") {
    for (const double level : {0.5, 0.9, 0.95, 0.999})
        for (const double degrees : {1.0, 4.5, 31.0})
            CHECK(student_p_value(student_critical_value(level, degrees), degrees)
                  == Approx(1 - level).epsilon(1e-9));
    CHECK(student_p_value(0, 3) == Approx(1));
    CHECK(student_p_value(-2, 10) == student_p_value(2, 10));
    // With one degree of freedom T is Cauchy: P(|T| > 1) = 1/2.
    CHECK(student_p_value(1, 1) == Approx(0.5));
    CHECK(student_p_value(std::numeric_limits<double>::infinity(), 3) == 0);
    CHECK(std::isnan(student_p_value(std::numeric_limits<double>::quiet_NaN(), 3)));
}
