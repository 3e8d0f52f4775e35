#include "sim/exponential_decay.hpp"
#include "sim/relaxation.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <type_traits>

using namespace venturi;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

static_assert(std::is_trivially_copyable_v<Relaxation<>>);
static_assert(std::is_trivially_copyable_v<Relaxation<Dual<3>>>);

/// x and ∫ x dt by the classical Runge–Kutta method on dx/dt = rate (target − x).
struct Integrated {
    double value;
    double integral = 0;

    Integrated(double start, double target, double rate, double duration) : value(start) {
        constexpr int steps = 4000;
        const double h = duration / steps;
        const auto slope = [&](double x) { return rate * (target - x); };
        for (int i = 0; i < steps; ++i) {
            const double k1 = slope(value);
            const double k2 = slope(value + h / 2 * k1);
            const double k3 = slope(value + h / 2 * k2);
            const double k4 = slope(value + h * k3);
            integral += h * (value + h / 6 * (k1 + k2 + k3));
            value += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
    }
};

}  // namespace

TEST_CASE("exponential decay and its integrals are right to the last bits, however small or large",
          "[relaxation]") {
    // Against long double, by the series where the formula would cancel.
    for (int exponent = -60; exponent <= 20; ++exponent) {
        for (const double mantissa : {1.0, 1.3, 1.9}) {
            const double rate = 0.7;
            const double time = std::ldexp(mantissa, exponent) / rate;
            const long double x = static_cast<long double>(rate) * time;
            long double lost_integral = 0;
            if (x < 0.1L) {
                long double term = x / 2;
                for (int k = 3; k < 20; ++k, term *= -x / (k - 1)) lost_integral += term;
            } else {
                lost_integral = 1 + std::expm1(-x) / x;
            }
            lost_integral *= time;
            const ExponentialDecay decay = exponential_decay(rate, time);
            constexpr double bits = 4 * std::numeric_limits<double>::epsilon();
            INFO("x = " << static_cast<double>(x));
            // The product x itself is rounded, and e^−x magnifies that by x.
            CHECK(decay.remaining
                  == Approx(static_cast<double>(std::exp(-x)))
                         .epsilon(bits * (1 + static_cast<double>(x)))
                         .margin(0));
            CHECK(decay.lost == Approx(static_cast<double>(-std::expm1(-x))).epsilon(bits).margin(0));
            CHECK(decay.integral_of_remaining
                  == Approx(static_cast<double>(-std::expm1(-x) / rate)).epsilon(bits).margin(0));
            CHECK(decay.integral_of_lost
                  == Approx(static_cast<double>(lost_integral)).epsilon(bits).margin(0));
        }
    }
    const ExponentialDecay still = exponential_decay(0, 5);
    CHECK(still.remaining == 1);
    CHECK(still.lost == 0);
    CHECK(still.integral_of_remaining == 5);
    CHECK(still.integral_of_lost == 0);
    const ExponentialDecay for_ever = exponential_decay(0.5, never);
    CHECK(for_ever.remaining == 0);
    CHECK(for_ever.lost == 1);
    CHECK(for_ever.integral_of_remaining == 2);
    CHECK(for_ever.integral_of_lost == never);
    CHECK(exponential_decay(0, never).remaining == 1);
}

TEST_CASE("a relaxation solves its differential equation", "[relaxation]") {
    for (const double start : {0.0, 0.4, 0.9, -3.0}) {
        for (const double rate : {0.0, 1e-3, 0.08, 2.0}) {
            const Relaxation x(start, 0.7, rate, 10);
            CHECK(x.at(10) == start);
            for (const double duration : {0.5, 6.0, 40.0}) {
                // The method's error is at most about (rate h)⁴ rate·duration / 120, with h = duration /
                // 4000.
                const double relaxes = rate * duration;
                const double slack = 4000 * std::numeric_limits<double>::epsilon()
                                     + std::pow(relaxes / 4000, 4) * relaxes / 120;
                const Integrated exact(start, 0.7, rate, duration);
                CHECK(x.at(10 + duration) == Approx(exact.value).epsilon(slack).margin(slack));
                CHECK(x.integral(10, 10 + duration)
                      == Approx(exact.integral).epsilon(slack).margin(slack * duration));
            }
        }
    }
}

TEST_CASE("a relaxation that settles half-way goes on as if it had not", "[relaxation]") {
    const Relaxation straight(0.1, 0.8, 0.05, 3);
    Relaxation settled = straight;
    for (const double stop : {3.0, 5.5, 20.0}) settled.relax_to(stop, 0.8, 0.05);
    constexpr double rounding = 1e-15;
    for (const double time : {20.0, 33.0, 150.0}) {
        CHECK(settled.at(time) == Approx(straight.at(time)).epsilon(rounding));
        CHECK(settled.integral(20, time) == Approx(straight.integral(20, time)).epsilon(4 * rounding));
        CHECK(straight.integral(3, 20) + straight.integral(20, time)
              == Approx(straight.integral(3, time)).epsilon(4 * rounding));
    }
    CHECK(settled.reaches(0.7) == Approx(straight.reaches(0.7)).epsilon(4 * rounding));
}

TEST_CASE("a relaxation that is told of a target, a rate or a jump goes on from where it stands",
          "[relaxation]") {
    Relaxation x(0.2, 1.0, 0.1, 0);
    x.relax_to(5, 0, 0.3);
    const double at_change = 1 - 0.8 * std::exp(-0.5);
    CHECK(x.at(5) == Approx(at_change).epsilon(1e-15));
    CHECK(x.at(8) == Approx(at_change * std::exp(-0.9)).epsilon(1e-15));
    x.jump(8, 0.6);
    CHECK(x.at(8) == 0.6);
    CHECK(x.at(10) == Approx(0.6 * std::exp(-0.6)).epsilon(1e-15));
    CHECK(x.target() == 0);
    CHECK(x.rate() == 0.3);
    CHECK(x.since() == 8);
    CHECK_THROWS_AS(x.relax_to(9, 1, -0.1), ContractViolation);
    CHECK_THROWS_AS(Relaxation(0.0, 1.0, -1, 0), ContractViolation);
}

TEST_CASE("a relaxation reaches a level when it is there, and no level beyond its target", "[relaxation]") {
    for (const double start : {0.0, 0.9}) {
        const Relaxation x(start, 0.5, 0.07, 4);
        for (const double time : {4.0, 4.001, 9.0, 60.0})
            CHECK(x.reaches(x.at(time)) == Approx(time).epsilon(1e-13));
        CHECK(x.reaches(0.5) == never);
        CHECK(x.reaches(start < 0.5 ? 0.6 : 0.4) == never);
        CHECK(x.reaches(start < 0.5 ? -0.1 : 1.0) == never);
    }
    const Relaxation settled(0.5, 0.5, 0.07, 4);
    CHECK(settled.reaches(0.5) == 4);
    CHECK(settled.reaches(0.4) == never);
    CHECK(settled.at(1e9) == 0.5);
    const Relaxation still(0.2, 0.5, 0, 4);
    CHECK(still.reaches(0.2) == 4);
    CHECK(still.reaches(0.3) == never);
    CHECK(still.at(1e9) == 0.2);
    // Never past the target, and there in the end.
    const Relaxation fast(0.1, 0.3, 5, 0);
    CHECK(fast.at(1e3) == 0.3);
    CHECK(fast.at(never) == 0.3);
}

TEST_CASE("a relaxation of dual numbers carries the weights of its beginning and its target",
          "[relaxation]") {
    using Number = Dual<2>;
    const Relaxation<Number> x(Number::variable(0.2, 0), Number::variable(0.9, 1), 0.1, 0);
    const double left = std::exp(-0.7);
    CHECK(x.at(7).value == Approx(Relaxation(0.2, 0.9, 0.1, 0).at(7)).epsilon(1e-15));
    CHECK(x.at(7).derivative[0] == Approx(left).epsilon(1e-15));
    CHECK(x.at(7).derivative[1] == Approx(1 - left).epsilon(1e-15));
    CHECK(x.integral(0, 7).derivative[0] == Approx((1 - left) / 0.1).epsilon(1e-14));
    CHECK(x.integral(0, 7).derivative[1] == Approx(7 - (1 - left) / 0.1).epsilon(1e-14));
}
