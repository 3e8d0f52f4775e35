#include "analysis/optimiser/world_mix_search.hpp"

#include "analysis/optimiser/world_race.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t shares_of_row = 5;
// Updates that a budget is made to last for, as far as it does.
constexpr std::uint64_t usual_updates = 6;

constexpr const char* parameter_exploration = "parameter_exploration";

struct NamedMethod {
    std::string_view name;
    MixSearchMethod method;
};

constexpr std::array<NamedMethod, 5> named_methods = {
    {{"gradient", MixSearchMethod::gradient},
     {"spsa", MixSearchMethod::gradient},
     {"nelder_mead", MixSearchMethod::nelder_mead},
     {"random_search", MixSearchMethod::random_search},
     {"response_surface", MixSearchMethod::response_surface}}};

optimiser::GradientEstimator estimator_of(const MixSearchOptions& options) {
    const std::string& name = options.descent.estimator;
    constexpr auto log_ratio = optimiser::Coordinates::log_ratio;
    if (name == parameter_exploration)
        return optimiser::ParameterExploration{.spread = options.world.step_length, .coordinates = log_ratio};
    return optimiser::OwnEstimator{name.empty() ? common_steps_estimator : name};
}

/// Forward runs of a trajectory for a gradient.
std::uint64_t runs_of_gradient(const MixSearchOptions& options) {
    const std::string& name = options.descent.estimator;
    if (name == parameter_exploration) return 2;
    const NamedWorldEstimator* const named =
        find_world_estimator(name.empty() ? common_steps_estimator : name);
    if (named == nullptr) throw std::invalid_argument("there is no estimator '" + name + "'");
    return forward_runs_of_trajectory(named->estimator, options.world.rows);
}

std::uint32_t trajectories_of(const MixSearchOptions& options) {
    if (options.trajectories > 0) return options.trajectories;
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        options.budget / (usual_updates * runs_of_gradient(options)), 1, 1'000'000));
}

optimiser::Rule rule_of(const MixSearchOptions& options) {
    if (options.descent.rule != "normalised")
        return optimiser::rule_named(options.descent.rule, options.step);
    // Steps have a length of their own: how steep an objective is says nothing of how far its best mix is.
    return NormalisedMomentum{
        .learning_rate = options.step * std::sqrt(static_cast<double>(options.world.rows)), .momentum = 0.5};
}

optimiser::Method method_of(const MixSearchOptions& options) {
    if (const auto direct = direct_method(options.method, options.step, options.budget, options.trajectories))
        return *direct;
    return optimiser::GradientMethod{.estimator = estimator_of(options),
                                     .rule = rule_of(options),
                                     .map = optimiser::step_map_named(options.descent.map),
                                     .schedule = optimiser::CosineSchedule{},
                                     .repetitions = trajectories_of(options)};
}

/// Shares no lower than the floor, near those that were given.
MixRows above_floor(const MixRows& rows, const optimiser::FeasibleSet& set) {
    const optimiser::Vector decision = decision_of(rows);
    return set.contains(decision) ? rows_of(decision) : rows_of(optimiser::project(set, decision));
}

MixGain reversed(const WorldGain& gain) {
    return {.gain = -gain.mean,
            .standard_error = gain.standard_error,
            .interval = {-gain.interval.high, -gain.interval.low}};
}

}  // namespace

std::optional<optimiser::Method> direct_method(MixSearchMethod method, double step, std::uint64_t budget,
                                               std::uint32_t trajectories) {
    switch (method) {
        case MixSearchMethod::nelder_mead:
            return optimiser::NelderMead{.size = step, .repetitions = trajectories > 0 ? trajectories : 4};
        case MixSearchMethod::random_search:
            return optimiser::RandomSearch{.points = budget < 64 ? 8U : 16U};
        case MixSearchMethod::response_surface:
            return optimiser::ResponseSurface{.radius = step, .rounds = budget < 100 ? 1U : 2U};
        case MixSearchMethod::gradient:
        case MixSearchMethod::equilibrium:
            break;
    }
    return std::nullopt;
}

std::vector<std::string> mix_search_method_names() {
    std::vector<std::string> names;
    for (const NamedMethod& each : named_methods) names.emplace_back(each.name);
    return names;
}

MixSearchMethod mix_search_method_named(std::string_view name) {
    const auto found = std::ranges::find(named_methods, name, &NamedMethod::name);
    expects(found != named_methods.end(), "a method of search has one of its names");
    return found->method;
}

std::vector<std::string> mix_estimator_names() {
    std::vector<std::string> names;
    for (const NamedWorldEstimator& each : named_world_estimators()) names.emplace_back(each.name);
    names.emplace_back(parameter_exploration);
    return names;
}

std::vector<std::string> mix_rule_names() {
    return {"normalised", "sgd", "momentum", "adam", "adamw"};
}

std::vector<std::string> mix_map_names() {
    return {"log_ratio", "mirror", "projection"};
}

double usual_step(const MixDescent& descent) {
    const bool of_shares = descent.map == "projection";
    if (descent.rule == "normalised") return of_shares ? 0.3 : 1;
    if (descent.rule == "adam" || descent.rule == "adamw") return of_shares ? 0.15 : 0.5;
    // What multiplies the gradient suits a utility whose gradient is some tenths.
    const double first = of_shares ? 0.3 : descent.map == "mirror" ? 0.5 : 3;
    return descent.rule == "momentum" ? first / 3 : first;
}

std::optional<std::uint64_t> least_budget_of_points(MixSearchMethod method, std::uint64_t coordinates,
                                                    std::uint32_t trajectories) {
    switch (method) {
        case MixSearchMethod::nelder_mead:
            return (coordinates + 1) * (trajectories > 0 ? trajectories : 4);
        case MixSearchMethod::random_search:
            return std::uint64_t{8} * 3;
        case MixSearchMethod::response_surface:
            return 3 * (1 + coordinates + coordinates * (coordinates + 1) / 2) / 2 + 1;
        case MixSearchMethod::gradient:
        case MixSearchMethod::equilibrium:
            break;
    }
    return std::nullopt;
}

std::uint64_t least_budget(const MixSearchOptions& options) {
    const std::uint64_t coordinates = (shares_of_row - 1) * options.world.rows;
    // A round of an equilibrium, and an answer of three steps to it.
    if (options.method == MixSearchMethod::equilibrium) return 8;
    return least_budget_of_points(options.method, coordinates, options.trajectories)
        .value_or(std::max<std::uint64_t>(options.trajectories, 1) * runs_of_gradient(options));
}

MixSearchResult search_mix(const WorldProblem& problem, const MixSearchOptions& options) {
    expects(options.start.size() == options.world.rows, "a start has the rows of the mix");
    if (options.method == MixSearchMethod::equilibrium) return search_equilibrium(problem, options);
    const WorldMixObjective objective(problem, options.world);
    const optimiser::FeasibleSet set = objective.feasible_set();
    MixSearchResult result{.start = above_floor(options.start, set)};
    optimiser::Problem asked(objective);
    const optimiser::OptimisationResult found =
        optimiser::optimise(asked, {.method = method_of(options),
                                    .start = decision_of(result.start),
                                    .budget = static_cast<double>(options.budget),
                                    .seed = options.seed,
                                    .steps = options.steps,
                                    .stop = options.world.stop,
                                    .observer = options.observer});
    // Where nothing moves the mix there is none better, not even by the last digit.
    result.mix = found.ending == optimiser::Ending::nothing_moves ? result.start : rows_of(found.decision);
    result.log = found.log;
    result.forward_runs = static_cast<std::uint64_t>(std::llround(found.forward_runs));
    result.ending = found.ending;
    result.tally = objective.tally();
    return result;
}

MixMeasurement measure_mix(const WorldProblem& problem, const MixSearchResult& found,
                           const WorldMixOptions& world, std::uint64_t trajectories, std::uint64_t seed,
                           const std::function<void(const Progress&)>& progress) {
    const WorldEvaluation seen = evaluate(problem,
                                          {{.mix = found.mix, .rest = world.rest},
                                           {.mix = found.start, .rest = world.rest},
                                           {.mix = equal_shares(found.mix.size()), .rest = world.rest}},
                                          {.trajectories = trajectories,
                                           .first = first_measured_trajectory,
                                           .seed = seed,
                                           .threads = world.threads,
                                           .stop = world.stop,
                                           .progress = progress,
                                           .journal = world.journal});
    Moments values;
    for (const double value : seen.values.front()) values.add(value);
    MixMeasurement measured{.companies_at = seen.companies_at,
                            .completed = seen.completed,
                            .failed = seen.failed,
                            .first_failure = seen.first_failure,
                            .forward_runs = seen.forward_runs,
                            .ending = seen.ending};
    if (seen.completed == 0) return measured;
    measured.value = values.mean();
    measured.standard_error = values.count() > 1 ? values.standard_error() : std::nan("");
    measured.over_start = reversed(seen.gains[1]);
    measured.over_equal_shares = reversed(seen.gains[2]);
    return measured;
}

std::vector<FlatnessPoint> measure_flatness(const WorldProblem& problem, const MixRows& mix,
                                            const WorldMixOptions& world, std::uint64_t trajectories,
                                            std::uint64_t seed,
                                            const std::function<void(const Progress&)>& progress) {
    constexpr std::array<double, 6> factors = {0.25, 0.5, 0.75, 1.5, 2, 4};
    std::vector<FlatnessPoint> points;
    std::vector<WorldTrial> trials{{.mix = mix, .rest = world.rest}};
    for (std::size_t row = 0; row < mix.size(); ++row)
        for (std::size_t share = 0; share < shares_of_row; ++share)
            for (const double factor : factors) {
                const std::array<double, shares_of_row> before = normalised(mix[row]);
                const double moved = before[share] * factor;
                if (moved >= 1 || before[share] >= 1) continue;
                std::array<double, shares_of_row> after = before;
                for (double& each : after) each *= (1 - moved) / (1 - before[share]);
                after[share] = moved;
                trials.push_back({.mix = mix, .rest = world.rest});
                trials.back().mix[row] = mix_of_shares(after);
                points.push_back({.row = row, .share = share, .factor = factor, .value = moved});
            }
    const WorldEvaluation seen = evaluate(problem, trials,
                                          {.trajectories = trajectories,
                                           .first = first_measured_trajectory,
                                           .seed = seed,
                                           .threads = world.threads,
                                           .stop = world.stop,
                                           .progress = progress,
                                           .journal = world.journal});
    if (seen.ending == Ending::interrupted || seen.completed == 0) return {};
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i].loss = {.gain = seen.gains[i + 1].mean,
                          .standard_error = seen.gains[i + 1].standard_error,
                          .interval = seen.gains[i + 1].interval};
    return points;
}

MixRows equal_shares(std::size_t rows) {
    constexpr double share = 1.0 / shares_of_row;
    return MixRows(rows, mix_of_shares({share, share, share, share, share}));
}

}  // namespace venturi
