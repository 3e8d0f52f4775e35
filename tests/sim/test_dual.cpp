#include "sim/random/dual.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>

using venturi::Dual;
using venturi::Scalar;
using venturi::value_of;

namespace {

// A function of two variables that uses every operation, with numbers and duals on either side.
template <Scalar Number>
Number everything(const Number& x, const Number& y) {
    using std::exp;
    using std::log;
    using std::sqrt;
    Number z = (x + y) * (x - y) / (x * x + y);
    z += exp(-x) * 2.0 - 3.0 * log(y);
    z -= sqrt(x * y) / 4.0 + 5.0 / y;
    z *= 1.0 - x / 7.0;
    z /= y + 1.0;
    return z - 0.5 + (0.25 + x);
}

}  // namespace

TEST_CASE("a dual number's derivative is that of central differences", "[dual]") {
    for (const double x : {0.3, 1.0, 2.7}) {
        for (const double y : {0.2, 1.0, 4.0}) {
            const auto dual = everything(Dual<2>::variable(x, 0), Dual<2>::variable(y, 1));
            constexpr double h = 1e-5;
            REQUIRE(dual.value == Approx(everything(x, y)).epsilon(1e-15).margin(1e-15));
            REQUIRE(dual.derivative[0]
                    == Approx((everything(x + h, y) - everything(x - h, y)) / (2 * h))
                           .epsilon(1e-7)
                           .margin(1e-8));
            REQUIRE(dual.derivative[1]
                    == Approx((everything(x, y + h) - everything(x, y - h)) / (2 * h))
                           .epsilon(1e-7)
                           .margin(1e-8));
        }
    }
}

TEST_CASE("a constant's derivative is zero, a variable's is one in its own direction", "[dual]") {
    const Dual<3> constant = 4.0;
    const auto variable = Dual<3>::variable(4.0, 1);
    for (std::size_t i = 0; i < 3; ++i) {
        REQUIRE(constant.derivative[i] == 0);
        REQUIRE(variable.derivative[i] == (i == 1 ? 1 : 0));
    }
    REQUIRE(value_of(variable) == 4.0);
    REQUIRE(value_of(4.0) == 4.0);
}
