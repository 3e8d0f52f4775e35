#include "analysis/program/gradient_experiment.hpp"

#include "analysis/optimiser/gradient_estimator.hpp"
#include "analysis/optimiser/world_mix_objective.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/program/mix_settings.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/statistics/controlled_means.hpp"
#include "scenarios/counted.hpp"
#include "sim/dense_systems.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* reference_estimator = "central_differences_controls";

/// The length of a generic estimator's steps, in log-ratios.
constexpr double generic_length = 1;

WorldRun run_of(const GradientExperiment& experiment, std::uint64_t trajectories, std::uint64_t first,
                bool controls, int threads, const StopRequest& stop) {
    return {.trajectories = trajectories,
            .first = first,
            .seed = experiment.replay.seed,
            .controls = controls,
            .threads = threads,
            .stop = &stop};
}

template <class Estimate>
WorldGradient with_progress(ProgressStyle style, const Streams& streams, const std::string& things,
                            Estimate estimate_it) {
    ProgressBar bar(streams.err, style, columns_of(STDERR_FILENO), things);
    Progress last;
    WorldGradient gradient = estimate_it([&](const Progress& progress) {
        last = progress;
        bar.update(progress);
    });
    bar.finish(last);
    return gradient;
}

/// Of an estimator that needs outcomes alone: the same gradient by five log-ratios of each row.
WorldGradient generic_gradient(const GradientExperiment& experiment, const WorldProblem& problem, int threads,
                               const StopRequest& stop) {
    const WorldMixObjective objective(
        problem, {.rows = experiment.at.size(), .floor = 0, .threads = threads, .stop = &stop});
    optimiser::Problem asked(objective);
    constexpr auto log_ratio = optimiser::Coordinates::log_ratio;
    const optimiser::GradientEstimator estimator =
        optimiser::ParameterExploration{.spread = generic_length, .coordinates = log_ratio};
    WorldGradient gradient{.rows = experiment.at.size()};
    const std::size_t size = share_names().size() * experiment.at.size();
    gradient.is_dead.assign(experiment.at.size(), false);
    const optimiser::Vector point = decision_of(experiment.at);
    optimiser::GradientEstimate found;
    try {
        found = optimiser::estimate_gradient(
            estimator, asked, point,
            {.seed = experiment.replay.seed, .count = static_cast<std::uint32_t>(experiment.trajectories)});
    } catch (const Stopped&) {
        gradient.ending = Ending::interrupted;
        return gradient;
    }
    found = optimiser::in_coordinates(found, asked.set(), point, log_ratio);
    const optimiser::DenseMatrix& basis = asked.set().tangent_basis();
    const optimiser::Vector by_shares = basis * found.gradient;
    const optimiser::DenseMatrix covariance = product(product(basis, found.covariance), basis.transpose());
    const double reach = student_critical_value(0.95, static_cast<double>(experiment.trajectories) - 1);
    for (std::size_t i = 0; i < size; ++i) {
        const auto at = static_cast<optimiser::Index>(i);
        const double error = std::sqrt(covariance(at, at));
        gradient.gradient.push_back(by_shares[at]);
        gradient.standard_errors.push_back(error);
        gradient.intervals.push_back({by_shares[at] - reach * error, by_shares[at] + reach * error});
    }
    gradient.work_normalised_variance = found.work_normalised_variance();
    gradient.failed = objective.tally().failed;
    gradient.first_failure = objective.tally().first_failure;
    gradient.completed = experiment.trajectories - std::min(gradient.failed, experiment.trajectories);
    gradient.forward_runs = static_cast<std::uint64_t>(std::llround(found.forward_runs));
    return gradient;
}

EstimatedGradient estimated(const GradientExperiment& experiment, const WorldProblem& problem,
                            const std::string& name, int threads, const StopRequest& stop,
                            ProgressStyle style, const Streams& streams) {
    if (const EstimatorOfNoWorld* const none = find_estimator_of_no_world(name))
        return {.name = name, .meaning = std::string(none->meaning), .why_not = std::string(none->reason)};
    const NamedWorldEstimator* const how = find_world_estimator(name);
    if (how == nullptr) {
        EstimatedGradient result{
            .name = name,
            .meaning = "a mix of its own for each trajectory, log-ratios normal around the point",
            .length = generic_length};
        result.gradient = with_progress(style, streams, "trajectories of " + name, [&](const auto&) {
            return generic_gradient(experiment, problem, threads, stop);
        });
        return result;
    }
    EstimatedGradient result{.name = name,
                             .meaning = std::string(how->meaning),
                             .length = how->length,
                             .is_of_all = how->estimator != WorldEstimator::company_exploration};
    if (how->steps == MixSteps::flat && how->length > longest_flat_step(experiment.at)) {
        result.why_not = fmt::format("a share is nearer than {} to 0", how->length);
        return result;
    }
    if (!result.is_of_all && !problem.question().objective.of_company) {
        result.why_not = "the objective is of the whole world, not of companies";
        return result;
    }
    const bool takes_steps = how->estimator != WorldEstimator::likelihood_ratio;
    if (!takes_steps) {
        const std::string why_not = why_no_likelihood_ratio(problem, experiment.at.size());
        if (!why_not.empty()) {
            result.why_not = "not offered by this world, because " + why_not;
            return result;
        }
    }
    result.gradient = with_progress(style, streams, "trajectories of " + name, [&](auto progress) {
        WorldGradientOptions options{
            .estimator = how->estimator,
            .steps = how->steps,
            .length = takes_steps ? how->length : 1,
            .run = run_of(experiment, experiment.trajectories, 0, how->controls, threads, stop)};
        options.asked = experiment.asked;
        options.run.progress = progress;
        return estimate(problem, experiment.at, options);
    });
    return result;
}

GradientBias bias_of(const WorldGradient& gradient, const WorldGradient& reference) {
    GradientBias bias;
    for (std::size_t i = 0; i < gradient.gradient.size(); ++i) {
        bias.bias.push_back(gradient.gradient[i] - reference.gradient[i]);
        bias.standard_errors.push_back(std::hypot(gradient.standard_errors[i], reference.standard_errors[i]));
    }
    return bias;
}

/// Whether a few trajectories decide a mean: fewer than 25 times their squared skewness (Cochran).
bool is_decided_by_few(const WorldGradient& gradient) {
    const std::size_t size = gradient.gradient.size();
    for (std::size_t i = 0; i < size; ++i) {
        Moments moments;
        for (std::size_t t = i; t < gradient.of_trajectories.size(); t += size)
            moments.add(gradient.of_trajectories[t]);
        if (moments.count() > 2
            && static_cast<double>(moments.count()) < 25 * moments.skewness() * moments.skewness())
            return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> gradient_estimator_names() {
    std::vector<std::string> names = mix_estimator_names();
    names.emplace_back(likelihood_ratio_estimator);
    for (const EstimatorOfNoWorld& each : estimators_of_no_world()) names.emplace_back(each.name);
    return names;
}

std::uint64_t GradientOutcome::forward_runs() const {
    std::uint64_t runs = reference ? reference->forward_runs : 0;
    for (const EstimatedGradient& each : all) runs += each.gradient.forward_runs;
    return runs;
}

std::uint64_t GradientOutcome::failed() const {
    std::uint64_t count = reference ? reference->failed : 0;
    for (const EstimatedGradient& each : all) count += each.gradient.failed;
    return count;
}

std::string GradientOutcome::first_failure() const {
    for (const EstimatedGradient& each : all)
        if (each.gradient.failed > 0) return each.gradient.first_failure;
    return reference ? reference->first_failure : std::string();
}

GradientOutcome run_experiment(const GradientExperiment& experiment, int threads, const StopRequest& stop,
                               ProgressStyle style, const Streams& streams) {
    OptimiseExperiment asked{.scenario = experiment.scenario,
                             .group = experiment.group,
                             .objective = experiment.objective,
                             .aversion = experiment.aversion,
                             .who = experiment.who,
                             .method = "gradient"};
    GradientOutcome outcome{.problem = problem_of(asked)};
    for (const std::string& name : experiment.estimators) {
        outcome.all.push_back(estimated(experiment, *outcome.problem, name, threads, stop, style, streams));
        const WorldGradient& gradient = outcome.all.back().gradient;
        if (gradient.ending != Ending::interrupted) continue;
        outcome.interrupted = true;
        // Of several only whole ones are kept, so that all have the same trajectories.
        if (gradient.completed < 2 || outcome.all.size() > 1) outcome.all.pop_back();
        return outcome;
    }
    if (experiment.reference == 0) return outcome;
    const NamedWorldEstimator& how = *find_world_estimator(reference_estimator);
    outcome.reference_length = step_length_at(how, experiment.at, how.length);
    if (!(outcome.reference_length > 1e-3)) return outcome;
    WorldGradient reference =
        with_progress(style, streams, "trajectories of the reference", [&](auto progress) {
            WorldGradientOptions options{.steps = MixSteps::flat,
                                         .length = outcome.reference_length,
                                         .run = run_of(experiment, experiment.reference,
                                                       first_measured_trajectory, true, threads, stop)};
            options.run.progress = progress;
            return estimate(*outcome.problem, experiment.at, options);
        });
    outcome.interrupted = reference.ending == Ending::interrupted;
    if (outcome.interrupted || reference.completed == 0) return outcome;
    for (EstimatedGradient& each : outcome.all)
        if (each.is_of_all && each.why_not.empty()) each.bias = bias_of(each.gradient, reference);
    outcome.reference = std::move(reference);
    return outcome;
}

std::vector<std::string> gradient_warnings(const GradientExperiment& experiment,
                                           const GradientOutcome& outcome) {
    std::vector<std::string> warnings;
    if (experiment.trajectories < 30)
        warnings.push_back(
            fmt::format("{} are few: intervals suppose that their mean is near normal, and with fewer "
                        "than {} controls are left out",
                        counted(experiment.trajectories, "trajectory"), least_observations_of_controls));
    const auto rows = row_names(*outcome.problem, experiment.at.size());
    const auto names = component_names(rows);
    for (std::size_t row = 0; row < experiment.at.size(); ++row)
        for (std::size_t share = 0; share < share_names().size(); ++share)
            if (normalised(experiment.at[row])[share] == 0)
                warnings.push_back(fmt::format(
                    "{} is 0: log-ratio steps leave it there, and say nothing of what more of it would bring",
                    names[row * share_names().size() + share]));
    if (experiment.reference > 0 && !outcome.reference && !outcome.interrupted)
        warnings.emplace_back(
            "no bias can be told: a share is next to 0, so that there is no room for flat steps");
    std::vector<std::string> decided_by_few;
    for (const EstimatedGradient& each : outcome.all) {
        if (!each.why_not.empty()) continue;
        const WorldGradient& gradient = each.gradient;
        for (std::size_t row = 0; row < gradient.is_dead.size(); ++row)
            if (gradient.is_dead[row])
                warnings.push_back(
                    fmt::format("{}: a dead path: no step{} ever changed what a history came to, so that its "
                                "0 is no estimate",
                                each.name, rows[row].empty() ? "" : " in the mix of " + rows[row]));
        if (is_decided_by_few(gradient)) decided_by_few.push_back(each.name);
        if (!each.bias) continue;
        for (std::size_t i = 0; i < each.bias->bias.size(); ++i)
            if (std::abs(each.bias->bias[i]) > 3 * each.bias->standard_errors[i])
                warnings.push_back(fmt::format(
                    "{}: the component {} is {:.1f} standard errors from long central differences: {}",
                    each.name, names[i], each.bias->bias[i] / each.bias->standard_errors[i],
                    each.name == likelihood_ratio_estimator
                        ? "what the mix does to whole people and money is missing from it"
                        : "its steps are too long here for it to be the derivative"));
    }
    if (!decided_by_few.empty())
        warnings.push_back(fmt::format(
            "{}: a few trajectories decide a component (fewer than 25 times their squared skewness): "
            "its interval is mostly too short",
            fmt::join(decided_by_few, ", ")));
    return warnings;
}

ResultFiles files_of(const GradientExperiment& experiment, const GradientOutcome& outcome) {
    const auto rows = row_names(*outcome.problem, experiment.at.size());
    std::string gradients;
    CsvWriter csv(gradients);
    csv.text("estimator").text("stage").text("share").text("at").text("gradient").text("standard_error");
    csv.text("low").text("high").text("bias").text("standard_error_of_bias").end_row();
    const auto add = [&](const std::string& name, const WorldGradient& gradient,
                         const std::optional<GradientBias>& bias) {
        for (std::size_t i = 0; i < gradient.gradient.size(); ++i) {
            const std::size_t row = i / share_names().size();
            const std::size_t share = i % share_names().size();
            csv.text(name).text(rows[row]).text(share_names()[share]);
            csv.number(normalised(experiment.at[row])[share]);
            csv.number(gradient.gradient[i]).number(gradient.standard_errors[i]);
            csv.number(gradient.intervals[i].low).number(gradient.intervals[i].high);
            if (bias)
                csv.number(bias->bias[i]).number(bias->standard_errors[i]);
            else
                csv.missing().missing();
            csv.end_row();
        }
    };
    std::string estimators;
    CsvWriter costs(estimators);
    costs.text("estimator").text("meaning").text("work_normalised_variance").text("forward_runs");
    costs.text("trajectories").text("failed").text("step_length").text("reason").end_row();
    const auto add_costs = [&](const EstimatedGradient& each) {
        costs.text(each.name).text(each.meaning);
        if (each.why_not.empty()) {
            costs.number(each.gradient.work_normalised_variance);
            costs.whole(static_cast<std::int64_t>(each.gradient.forward_runs));
            costs.whole(static_cast<std::int64_t>(each.gradient.completed));
            costs.whole(static_cast<std::int64_t>(each.gradient.failed));
        } else {
            costs.missing().missing().missing().missing();
        }
        if (each.length > 0)
            costs.number(each.length);
        else
            costs.missing();
        costs.text(each.why_not).end_row();
    };
    for (const EstimatedGradient& each : outcome.all) {
        if (each.why_not.empty()) add(each.name, each.gradient, each.bias);
        add_costs(each);
    }
    if (outcome.reference) {
        add("reference", *outcome.reference, std::nullopt);
        add_costs(
            {.name = "reference",
             .meaning = "flat steps with luck of their own, less explained luck: what biases are against",
             .length = outcome.reference_length,
             .gradient = *outcome.reference});
    }
    return {{"gradient.csv", gradients}, {"estimators.csv", estimators}};
}

Json settings_json(const GradientExperiment& experiment, const GradientOutcome& outcome) {
    Json estimators = Json::array();
    std::uint64_t trajectories = experiment.trajectories;
    for (const EstimatedGradient& each : outcome.all) {
        estimators.push_back(each.name);
        if (each.gradient.ending == Ending::interrupted)
            trajectories = each.gradient.completed + each.gradient.failed;
    }
    Json settings = mix_settings_json(experiment, "gradient");
    settings.update({{"at", shares_of_rows(experiment.at)},
                     {"estimators", std::move(estimators)},
                     {"trajectories", trajectories},
                     {"asked", std::max(experiment.trajectories, experiment.asked)},
                     {"reference", outcome.reference ? experiment.reference : 0}});
    return settings;
}

GradientExperiment gradient_experiment_of(const Manifest& manifest, Scenario scenario,
                                          const std::string& file) {
    const Json& settings = manifest.settings;
    GradientExperiment experiment{.scenario = std::move(scenario),
                                  .estimators = texts_in(settings, "estimators"),
                                  .trajectories = count_under(settings, "trajectories"),
                                  .reference = count_under(settings, "reference"),
                                  .asked = count_under(settings, "asked")};
    read_mix_settings(manifest, experiment);
    const auto rows = rows_of_manifest(numbers_in(settings, "at"));
    const auto names = gradient_estimator_names();
    const bool sound = rows && (experiment.who == "everyone" || experiment.who == "one")
                       && experiment.trajectories >= 2 && experiment.trajectories <= 10'000'000
                       && experiment.reference <= 10'000'000 && experiment.aversion <= 100
                       && experiment.aversion >= 0 && std::isfinite(experiment.aversion)
                       && std::ranges::all_of(experiment.estimators, [&](const std::string& name) {
                              return std::ranges::find(names, name) != names.end();
                          });
    if (!sound) throw contradiction_in(file);
    experiment.at = *rows;
    return experiment;
}

}  // namespace venturi
