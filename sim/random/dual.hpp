// A number that knows its derivative with respect to the decision variables: forward-mode differentiation.
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>

namespace venturi {

/// value + ε·derivative, with the derivative a vector of `Size` partial derivatives.
template <std::size_t Size>
struct Dual {
    static constexpr std::size_t size = Size;
    double value = 0;
    std::array<double, Size> derivative{};

    constexpr Dual() = default;
    constexpr Dual(double constant)
        : value(constant) {}  // NOLINT(google-explicit-constructor): a constant is a dual

    /// The decision variable number `index` at `value`.
    [[nodiscard]] static constexpr Dual variable(double value, std::size_t index) {
        Dual result(value);
        result.derivative[index] = 1;
        return result;
    }

    friend constexpr bool operator==(const Dual&, const Dual&) = default;

    constexpr Dual& operator+=(const Dual& other) { return *this = *this + other; }
    constexpr Dual& operator-=(const Dual& other) { return *this = *this - other; }
    constexpr Dual& operator*=(const Dual& other) { return *this = *this * other; }
    constexpr Dual& operator/=(const Dual& other) { return *this = *this / other; }

    friend constexpr Dual operator-(const Dual& a) { return a.map(-a.value, -1); }
    friend constexpr Dual operator+(const Dual& a, const Dual& b) {
        return combine(a.value + b.value, a, 1, b, 1);
    }
    friend constexpr Dual operator-(const Dual& a, const Dual& b) {
        return combine(a.value - b.value, a, 1, b, -1);
    }
    friend constexpr Dual operator*(const Dual& a, const Dual& b) {
        return combine(a.value * b.value, a, b.value, b, a.value);
    }
    friend constexpr Dual operator/(const Dual& a, const Dual& b) {
        const double quotient = a.value / b.value;
        return combine(quotient, a, 1 / b.value, b, -quotient / b.value);
    }
    // With a plain number, whose derivative is zero, half the work.
    friend constexpr Dual operator+(const Dual& a, double b) { return a.map(a.value + b, 1); }
    friend constexpr Dual operator+(double a, const Dual& b) { return b + a; }
    friend constexpr Dual operator-(const Dual& a, double b) { return a.map(a.value - b, 1); }
    friend constexpr Dual operator-(double a, const Dual& b) { return b.map(a - b.value, -1); }
    friend constexpr Dual operator*(const Dual& a, double b) { return a.map(a.value * b, b); }
    friend constexpr Dual operator*(double a, const Dual& b) { return b * a; }
    friend constexpr Dual operator/(const Dual& a, double b) { return a.map(a.value / b, 1 / b); }
    friend constexpr Dual operator/(double a, const Dual& b) {
        const double quotient = a / b.value;
        return b.map(quotient, -quotient / b.value);
    }

    friend Dual exp(const Dual& a) {
        const double result = std::exp(a.value);
        return a.map(result, result);
    }
    friend Dual log(const Dual& a) { return a.map(std::log(a.value), 1 / a.value); }
    friend Dual sqrt(const Dual& a) {
        const double root = std::sqrt(a.value);
        return a.map(root, 0.5 / root);
    }

    /// f(value), given f(value) and f′(value): the chain rule.
    [[nodiscard]] constexpr Dual map(double image, double slope) const {
        Dual result(image);
        for (std::size_t i = 0; i < Size; ++i) result.derivative[i] = slope * derivative[i];
        return result;
    }

  private:
    static constexpr Dual combine(double value, const Dual& a, double by_a, const Dual& b, double by_b) {
        Dual result(value);
        for (std::size_t i = 0; i < Size; ++i)
            result.derivative[i] = by_a * a.derivative[i] + by_b * b.derivative[i];
        return result;
    }
};

/// The plain number in a scalar, whatever it knows besides.
[[nodiscard]] constexpr double value_of(double scalar) {
    return scalar;
}
template <std::size_t Size>
[[nodiscard]] constexpr double value_of(const Dual<Size>& scalar) {
    return scalar.value;
}

/// sum += factor · term, in one pass over the derivatives.
constexpr void add_scaled(double& sum, double factor, double term) {
    sum += factor * term;
}
template <std::size_t Size>
constexpr void add_scaled(Dual<Size>& sum, double factor, const Dual<Size>& term) {
    sum.value += factor * term.value;
    for (std::size_t i = 0; i < Size; ++i) sum.derivative[i] += factor * term.derivative[i];
}

/// What the quantities that a decision moves are computed in: double, or a dual number.
template <class T>
concept Scalar = std::copyable<T> && requires(T a, T other, double b) {
    { a + other } -> std::convertible_to<T>;
    { a* b } -> std::convertible_to<T>;
    { a / other } -> std::convertible_to<T>;
    { value_of(a) } -> std::convertible_to<double>;
};

}  // namespace venturi
