// Estimators of STARTUP-4's and 4B's gradient against the exact one, what they cost, and how near to the best
// mix optimisers come with them. Prints the tables of analysis/README.md.
#include "analysis/optimiser/optimise.hpp"
#include "analysis/problems/startup4_exact.hpp"
#include "analysis/problems/startup4_objective.hpp"
#include "tests/analysis/startup4b_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::optimiser;
using namespace venturi::problems;

constexpr std::uint32_t block = 100'000;
constexpr double best_by_stage = 82.2713765799339;  // tests/analysis/test_optimise.cpp

Vector exact_gradient(bool with_setback, bool by_stage) {
    Startup4Mix mix;
    for (auto& row : mix) row.fill(0.2);
    Vector gradient(20);
    if (with_setback) {
        const std::array<double, 20> found = testing::startup4b_gradient(mix);
        gradient = Eigen::Map<const Vector>(found.data(), 20);
    } else {
        Startup4Model<Dual<20>>::Mix variables;
        for (std::size_t s = 0; s < 4; ++s)
            for (std::size_t i = 0; i < 5; ++i) variables[s][i] = Dual<20>::variable(0.2, 5 * s + i);
        const Dual<20> value = startup4_value(Startup4Model<Dual<20>>(variables));
        gradient = Eigen::Map<const Vector>(value.derivative.data(), 20);
    }
    if (by_stage) return gradient;
    Vector shared = Vector::Zero(5);
    for (Index s = 0; s < 4; ++s) shared += gradient.segment(5 * s, 5);
    return shared;
}

// Block by block, so that memory does not limit the number of repetitions.
GradientEstimate estimate_in_blocks(const GradientEstimator& estimator, Problem& problem,
                                    std::uint32_t repetitions) {
    GradientEstimate sum;
    const std::uint32_t blocks = std::max(1U, repetitions / block);
    for (std::uint32_t number = 0; number < blocks; ++number) {
        GradientEstimate part = estimate_gradient(estimator, problem, problem.set().centre(),
                                                  {.seed = 7, .first = number * block, .count = block});
        if (number == 0) {
            sum = part;
            continue;
        }
        sum.gradient += part.gradient;
        sum.covariance += part.covariance;
        sum.forward_runs += part.forward_runs;
    }
    sum.gradient /= blocks;
    sum.covariance /= static_cast<double>(blocks) * blocks;
    return sum;
}

void print_estimators(std::uint32_t repetitions) {
    fmt::print(
        "| | d | estimator | largest abs(z) | forward runs a gradient | W / abs(gradient)² | SPSA's W over "
        "it |\n"
        "|---|---|---|---|---|---|---|\n");
    for (const bool with_setback : {false, true}) {
        for (const bool by_stage : {false, true}) {
            Problem problem{Startup4Objective{.with_setback = with_setback, .by_stage = by_stage}};
            const Vector exact = exact_gradient(with_setback, by_stage);
            double of_spsa = 0;
            const auto row = [&](const std::string& name, const GradientEstimator& estimator, bool unbiased,
                                 std::uint32_t count) {
                const GradientEstimate estimate = estimate_in_blocks(estimator, problem, count);
                const double work = estimate.work_normalised_variance();
                if (of_spsa == 0) of_spsa = work;
                const double z = ((estimate.gradient - exact).array() / estimate.standard_errors().array())
                                     .abs()
                                     .maxCoeff();
                const double blocks = std::max(1U, count / block);
                fmt::print("| {} | {} | {} | {} | {:.3g} | {:.3g} | {:.3g} |\n",
                           with_setback ? "STARTUP-4B" : "STARTUP-4", exact.size(), name,
                           unbiased ? fmt::format("{:.2f}", z) : std::string("biased"),
                           estimate.forward_runs / (blocks * block), work / exact.squaredNorm(),
                           of_spsa / work);
                std::fflush(stdout);
            };
            row("SPSA, step 0.02",
                SimultaneousPerturbation{.step = 0.02, .coordinates = Coordinates::ambient}, false, block);
            row("central differences, step 0.02",
                CentralDifferences{.step = 0.02, .coordinates = Coordinates::ambient}, false, block);
            row("parameter exploration, spread 0.02",
                ParameterExploration{.spread = 0.02, .coordinates = Coordinates::ambient}, false, block);
            for (const OwnGradient& own : problem.own_gradients())
                row(own.name, OwnEstimator{own.name}, true, repetitions);
        }
    }
}

double value_by_stage(const Vector& decision) {
    Startup4Model<double>::Mix mix;
    for (std::size_t s = 0; s < 4; ++s)
        for (std::size_t i = 0; i < 5; ++i) mix[s][i] = decision[static_cast<Index>(5 * s + i)];
    return startup4_value(Startup4Model<double>(mix));
}

void print_optimisers() {
    constexpr std::array<double, 4> budgets = {100, 500, 2000, 20'000};
    fmt::print("\n| STARTUP-4, d = 20: median gap of 21 seeds |");
    for (const double budget : budgets) fmt::print(" {:g} runs |", budget);
    fmt::print("\n|---|---|---|---|---|\n");
    const auto row = [&](const std::string& name, auto method_for) {
        fmt::print("| {} |", name);
        for (const double budget : budgets) {
            std::vector<double> gaps;
            for (std::uint64_t seed = 1; seed <= 21; ++seed) {
                Problem problem{Startup4Objective{}};
                try {
                    const auto found =
                        optimise(problem, {.method = method_for(budget), .budget = budget, .seed = seed});
                    gaps.push_back(1 - value_by_stage(found.decision) / best_by_stage);
                } catch (const std::invalid_argument&) {  // the budget is too small for it
                    break;
                }
            }
            std::sort(gaps.begin(), gaps.end());
            fmt::print(" {} |",
                       gaps.empty() ? std::string("–") : fmt::format("{:.2g}%", 100 * gaps[gaps.size() / 2]));
            std::fflush(stdout);
        }
        fmt::print("\n");
    };
    const auto descent = [](const GradientEstimator& estimator, const Rule& rule, StepMap map,
                            std::uint32_t repetitions) {
        return [=](double) -> Method {
            return GradientMethod{
                .estimator = estimator, .rule = rule, .map = map, .repetitions = repetitions};
        };
    };
    row("one-step survival, mirror descent",
        descent(OwnEstimator{"one_step_survival"}, GradientDescent{.learning_rate = 0.05}, StepMap::mirror,
                1));
    row("one-step survival, projected gradient",
        descent(OwnEstimator{"one_step_survival"}, GradientDescent{.learning_rate = 0.003},
                StepMap::projection, 1));
    row("one-step survival, Adam in log-ratios",
        descent(OwnEstimator{"one_step_survival"}, Adam{.learning_rate = 0.2}, StepMap::log_ratio, 1));
    row("likelihood ratio, Adam in log-ratios",
        descent(OwnEstimator{"likelihood_ratio"}, Adam{.learning_rate = 0.2}, StepMap::log_ratio, 4));
    row("SPSA of length 1, Adam in log-ratios",
        descent(SimultaneousPerturbation{.step = 1, .coordinates = Coordinates::log_ratio},
                Adam{.learning_rate = 0.2}, StepMap::log_ratio, 4));
    row("Nelder and Mead", [](double budget) -> Method {
        return NelderMead{.repetitions = static_cast<std::uint32_t>(std::max(1.0, budget / 100))};
    });
    row("random search with halving", [](double) -> Method { return RandomSearch{.points = 16}; });
    row("quadratic response surface", [](double) -> Method { return ResponseSurface{}; });
    fmt::print("| equal shares |");
    for (std::size_t i = 0; i < budgets.size(); ++i)
        fmt::print(" {:.2g}% |", 100 * (1 - value_by_stage(Vector::Constant(20, 0.2)) / best_by_stage));
    fmt::print("\n");
}

std::uint32_t repetitions_of(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < block || value > 1U << 30)
        throw std::invalid_argument(
            fmt::format("'{}' is no number of repetitions from {} to {}", text, block, 1U << 30));
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc > 2) throw std::invalid_argument("usage: venturi_gradients [REPETITIONS]");
        print_estimators(argc > 1 ? repetitions_of(argv[1]) : 10'000'000);
        print_optimisers();
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return EXIT_FAILURE;
    }
}
