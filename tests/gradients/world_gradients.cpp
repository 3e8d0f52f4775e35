// Work-normalised variance of the estimators of a world's gradient in the investment mix, relative to central
// differences at a flat step of 0.04 with the same luck on both sides, and what is seen of their bias.
#include "analysis/optimiser/world_gradient.hpp"
#include "scenarios/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace venturi;

struct Method {
    std::string name;
    WorldEstimator estimator = WorldEstimator::central_differences;
    MixSteps steps = MixSteps::flat;
    double length = 0.04;
    bool controls = false;
};

std::vector<Method> methods() {
    constexpr auto central = WorldEstimator::central_differences;
    constexpr auto exploration = WorldEstimator::company_exploration;
    return {
        {"central differences, flat step .04", central, MixSteps::flat, 0.04, false},
        {"the same, .02", central, MixSteps::flat, 0.02, false},
        {"each company its own mix, flat .04", exploration, MixSteps::flat, 0.04, false},
        {"flat .04 with controls", central, MixSteps::flat, 0.04, true},
        {"log-ratio steps of length 1", central, MixSteps::log_ratio, 1, false},
        {"log-ratio steps of length 1 with controls", central, MixSteps::log_ratio, 1, true},
        {"log-ratio steps of length 2 with controls", central, MixSteps::log_ratio, 2, true},
        {"each company its own mix, log-ratio 1", exploration, MixSteps::log_ratio, 1, false},
        {"each company its own mix, log-ratio 1 with controls", exploration, MixSteps::log_ratio, 1, true},
    };
}

WorldGradient measured(const WorldProblem& problem, const Method& method, std::uint64_t trajectories) {
    WorldGradientOptions options{
        .estimator = method.estimator, .steps = method.steps, .length = method.length};
    // What explores lives two worlds and not eight: as many worlds in all.
    options.run.trajectories =
        method.estimator == WorldEstimator::company_exploration ? 4 * trajectories : trajectories;
    options.run.controls = method.controls;
    return estimate(problem, problem.mix(), options);
}

/// (estimate − reference)ᵀ Σ⁻¹ (…) would need independent luck; here the two share it, so that the standard
/// errors together are more than enough: the largest distance in their units.
double largest_distance(const WorldGradient& one, const WorldGradient& reference) {
    double largest = 0;
    for (std::size_t i = 0; i < one.gradient.size(); ++i)
        largest = std::max(largest, std::abs(one.gradient[i] - reference.gradient[i])
                                        / std::hypot(one.standard_errors[i], reference.standard_errors[i]));
    return largest;
}

const std::filesystem::path library = std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";

void measure(const std::string& scenario, std::uint64_t trajectories, std::uint64_t longer) {
    for (const WorldObjective& objective : {log_proceeds_objective(), survival_objective()}) {
        Scenario described = load_scenario(scenario, std::span(&library, 1));
        described.run.horizon = 72;
        const WorldProblem problem(described, {.objective = objective});
        fmt::print("\n{}, {}: {} trajectories, flat steps {} times that\n", scenario, objective.name,
                   trajectories, longer);
        fmt::print("{:<52} {:>9} {:>8} {:>7}  {}\n", "", "W", "rel. W", "|z|", "gradient ± standard error");
        WorldGradient reference;
        for (const Method& method : methods()) {
            const bool is_reference = reference.gradient.empty();
            const WorldGradient gradient =
                measured(problem, method, is_reference ? longer * trajectories : trajectories);
            if (is_reference) reference = gradient;
            fmt::print("{:<52} {:>9.3g} {:>8.3f} {:>7.1f} ", method.name, gradient.work_normalised_variance,
                       gradient.work_normalised_variance / reference.work_normalised_variance,
                       is_reference ? 0.0 : largest_distance(gradient, reference));
            for (std::size_t i = 0; i < gradient.gradient.size(); ++i)
                fmt::print(" {:.4f} ± {:.4f}", gradient.gradient[i], gradient.standard_errors[i]);
            fmt::print("\n");
            std::fflush(stdout);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const std::vector<std::string> given(arguments + 1, arguments + count);
        const auto number = [&given](std::size_t place, std::uint64_t usual) {
            return given.size() > place ? std::stoull(given[place]) : usual;
        };
        const std::uint64_t trajectories = number(0, 400);
        const std::uint64_t longer = number(1, 2);
        std::vector<std::string> scenarios = {"foundation_model_lab", "customer_service"};
        if (given.size() > 2) scenarios.assign(given.begin() + 2, given.end());
        for (const std::string& scenario : scenarios) measure(scenario, trajectories, longer);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
