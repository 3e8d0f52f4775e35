#include "analysis/problems/newsvendor.hpp"

#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace venturi::problems {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::Repetitions;
using optimiser::Vector;

namespace {

double demand_at(double u) {
    return std::sqrt(std::pow(1 - u, -1.0 / 20) - 1);
}

double demand(const Repetitions& repetitions, std::uint32_t r) {
    const InversionVariates variates(repetitions.seed, repetitions.first + r);
    DrawSource source;
    return demand_at(variates.uniform(source));
}

double profit(double bought, double wanted) {
    return Newsvendor::price * std::min(wanted, bought) + Newsvendor::salvage * std::max(bought - wanted, 0.0)
           - Newsvendor::cost * bought;
}

OutcomeGradients pathwise_profit_gradients(const Vector& decision, const Repetitions& repetitions) {
    OutcomeGradients found{.outcomes = {DenseMatrix(Index{repetitions.count}, 1)},
                           .gradients = {DenseMatrix(Index{repetitions.count}, 1)},
                           .forward_runs = static_cast<double>(repetitions.count)};
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const double wanted = demand(repetitions, r);
        found.outcomes.values(r, 0) = profit(decision[0], wanted);
        found.gradients[0](r, 0) =
            (wanted > decision[0] ? Newsvendor::price : Newsvendor::salvage) - Newsvendor::cost;
    }
    return found;
}

}  // namespace

optimiser::FeasibleSet Newsvendor::feasible_set() const {
    return optimiser::FeasibleSet({optimiser::Box{Vector::Zero(1), Vector::Constant(1, infinity)}});
}

optimiser::Outcomes Newsvendor::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    optimiser::Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
    for (std::uint32_t r = 0; r < repetitions.count; ++r)
        outcomes.values(r, 0) =
            profit(decisions(0, decisions.cols() == 1 ? 0 : Index{r}), demand(repetitions, r));
    return outcomes;
}

std::vector<optimiser::OwnGradient> Newsvendor::gradients() const {
    return {{.name = "pathwise", .unbiased = true, .estimate = pathwise_profit_gradients}};
}

double newsvendor_profit(double bought) {
    const auto unsold = [](double x) { return std::pow(1 + x * x, -20); };
    const double sold = boost::math::quadrature::gauss_kronrod<double, 31>::integrate(unsold, 0.0, bought);
    return (Newsvendor::price - Newsvendor::salvage) * sold
           - (Newsvendor::cost - Newsvendor::salvage) * bought;
}

}  // namespace venturi::problems
