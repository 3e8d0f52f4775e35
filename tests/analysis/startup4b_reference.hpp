// What STARTUP-4B is worth, by numerical integration: it has no closed form.
#pragma once

#include "analysis/problems/startup4_path.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace venturi::testing {

/// E[discounted payoff]. The value of a stage as a function of cash solves V′ = −k V + a V₊(c + R) + g V₋(c),
/// V(0) = 0, with k the sum of rates: on a grid of `step` (which divides all injections), with straight lines
/// between its points, again and again until setbacks change nothing.
inline double startup4b_on_grid(const problems::Startup4Rates& rates, double step) {
    constexpr double most_cash = 400;  // e^(−k c) is below 1e-9 there
    const auto points = static_cast<std::size_t>(std::lround(most_cash / step)) + 1;
    std::array<std::vector<double>, 4> value;
    for (auto& each : value) each.assign(points, 0);
    const auto offset = [&](std::size_t stage) {
        return static_cast<std::size_t>(std::lround(problems::startup4::injection[stage] / step));
    };
    for (int round = 0; round < 500; ++round) {
        double change = 0;
        for (std::size_t s = 4; s-- > 0;) {
            const auto& clocks = rates.rate[s];
            const double k = clocks[0] + clocks[1] + clocks[2] + clocks[3];
            const double keeps = std::exp(-k * step);
            // ∫ over a cell of e^(−k (end − x)) times a line that is 1 at one end and 0 at the other.
            const double whole = (1 - keeps) / k;
            const double upper = (1 - whole / step) / k;
            const double lower = whole - upper;
            const auto inflow = [&](std::size_t j) {
                const double up =
                    s == 3 ? rates.exit_value : value[s + 1][std::min(j + offset(s + 1), points - 1)];
                return clocks[0] * up + (s == 0 ? 0 : clocks[2] * value[s - 1][j]);
            };
            double here = 0;
            double in = inflow(0);
            for (std::size_t j = 1; j < points; ++j) {
                const double next = inflow(j);
                here = keeps * here + lower * in + upper * next;
                change = std::max(change, std::abs(here - value[s][j]));
                value[s][j] = here;
                in = next;
            }
        }
        if (change < 1e-11) break;
    }
    return value[0][offset(0)];
}

/// The same without its error of second order in the step.
inline double startup4b_value(const problems::Startup4Mix& mix, bool with_setback = true) {
    const problems::Startup4Rates rates = problems::startup4_rates(mix, with_setback);
    return (4 * startup4b_on_grid(rates, 0.01) - startup4b_on_grid(rates, 0.02)) / 3;
}

/// Its gradient by the mix of each stage, by central differences without their error of second order.
inline std::array<double, 20> startup4b_gradient(const problems::Startup4Mix& mix, bool with_setback = true) {
    std::array<double, 20> gradient{};
    for (std::size_t k = 0; k < 20; ++k) {
        const auto difference = [&](double h) {
            problems::Startup4Mix more = mix;
            problems::Startup4Mix less = mix;
            more[k / 5][k % 5] += h;
            less[k / 5][k % 5] -= h;
            return (startup4b_value(more, with_setback) - startup4b_value(less, with_setback)) / (2 * h);
        };
        gradient[k] = (4 * difference(2e-3) - difference(4e-3)) / 3;
    }
    return gradient;
}

}  // namespace venturi::testing
