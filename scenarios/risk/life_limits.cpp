#include "scenarios/risk/life_limits.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <variant>

namespace venturi {
namespace {

constexpr double most_logarithm = 300 * std::numbers::ln10;  // of a mean

struct LimitsOf {
    std::string operator()(const ExponentialLife& life) const { return of_rate(life.rate); }
    std::string operator()(const ErlangLife& life) const { return of_rate(life.rate); }
    std::string operator()(const WeibullLife& life) const {
        if (std::log(life.scale) + std::lgamma(1 + 1 / life.shape) <= most_logarithm) return {};
        return "a shape that isn't so near to 0 that the mean, scale × Γ(1 + 1 / shape), is above 1e300";
    }
    std::string operator()(const LogNormalLife& life) const {
        const double half_variance = life.stddev * life.stddev / 2;
        if (std::abs(life.mean) + half_variance <= most_logarithm) return {};
        return fmt::format(
            "a median and a spread whose mean, median × exp(spread² / 2), is below 1e300: a spread "
            "below {:.0f}, say",
            std::floor(std::sqrt(2 * most_logarithm)) - 1);
    }
    std::string operator()(const FailedAtStart&) const { return {}; }
    std::string operator()(const NeverFails&) const { return {}; }

  private:
    static std::string of_rate(double rate) {
        return rate <= most_rate ? std::string{} : fmt::format("rates of at most {:g}", most_rate);
    }
};

}  // namespace

std::string limits_of(const LeafLife& life) {
    return std::visit(LimitsOf{}, life);
}

}  // namespace venturi
