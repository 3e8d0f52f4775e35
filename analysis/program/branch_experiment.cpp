#include "analysis/program/branch_experiment.hpp"

#include "analysis/program/shown_progress.hpp"
#include "analysis/report/branch_report.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/report/variant_report.hpp"
#include "analysis/statistics/observables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 5> headline_outcomes = {
    "share_dead", "share_exited", "share_raised_round_3", "rounds_per_company", "proceeds_per_company"};

}  // namespace

BranchOutcome run_experiment(const BranchExperiment& experiment, int threads, const StopRequest& stop,
                             ProgressStyle style, const Streams& streams, const Journal* journal) {
    ShownProgress progress(streams, style);
    const auto hooks = ensemble_hooks<BranchStatistics>(stop, journal, progress);
    BranchOutcome outcome = run_branches(experiment.design, threads, hooks);
    progress.finish();
    return outcome;
}

ResultFiles files_of(const BranchExperiment& experiment, const BranchOutcome& outcome) {
    const BranchDesign& design = experiment.design;
    const std::vector<Variant> variants = variants_of(design);
    const VariantResults results = results_of(variants, outcome.result.futures, experiment.named);
    const SettledResults settled = settled_results(design, outcome.result);
    Dataset dataset = comparison_dataset(results, grid_of(design.scenario));
    add_settled(dataset, settled);
    // What is set for all is set for the unchanged future too.
    std::vector<std::vector<std::string>> settings = experiment.with;
    for (std::vector<std::string>& each : settings)
        each.insert(each.begin(), experiment.settings.begin(), experiment.settings.end());
    ResultFiles files{{"design.csv", design_csv(variants, settings)},
                      {"experiment.nc", netcdf_bytes(dataset)},
                      {"survival.svg", survival_of_variants_svg(results, experiment.settings)}};
    if (design.futures.size() > 1) files.emplace("results.csv", differences_csv(results));
    std::string groups = group_differences_csv(results);
    if (!groups.empty()) files.emplace("groups.csv", std::move(groups));
    if (design.continuations > 0) files.emplace("settled.csv", settled_csv(settled));
    if (design.continuations > 0 && design.months.size() > 1)
        files.emplace("settled.svg", settled_svg(settled, experiment.settings));
    return files;
}

Json settings_json(const BranchExperiment& experiment) {
    const BranchDesign& design = experiment.design;
    Json futures = Json::array();
    for (std::size_t i = 0; i < design.futures.size(); ++i) {
        futures.push_back({{"name", design.futures[i].name},
                           {"with", experiment.with[i]},
                           {"changes", resolved_branch(design.futures[i].changes, design.scenario)}});
    }
    return {{"command", "branch"},
            {"scenario", std::filesystem::path(experiment.scenario).filename().string()},
            {"set", experiment.settings},
            {"at", design.months},
            {"continuations", design.continuations},
            {"observables", experiment.named},
            {"futures", std::move(futures)}};
}

BranchExperiment branch_experiment_of(const Json& settings, Scenario scenario, const std::string& name) {
    BranchExperiment experiment{.design = {.scenario = std::move(scenario),
                                           .futures = {},
                                           .months = numbers_in(settings, "at"),
                                           .continuations = count_under(settings, "continuations"),
                                           .outcomes = {}},
                                .scenario = text_in(settings, "scenario"),
                                .settings = texts_in(settings, "set"),
                                .with = {},
                                .named = texts_in(settings, "observables")};
    BranchDesign& design = experiment.design;
    design.outcomes = outcomes_named(experiment.named);
    if (design.months.empty() || !std::ranges::is_sorted(design.months) || !(design.months.front() >= 0)
        || !(design.months.back() < design.scenario.run.horizon) || design.continuations == 1)
        throw contradiction_in(name);
    for (const Json& future : settings.at("futures")) {
        const Json& changes = future.at("changes");
        Future read{.name = text_in(future, "name"), .changes = {}};
        if (!changes.at("interventions").empty())
            read.changes = read_branch(changes.dump(), name, design.scenario, design.months.front());
        design.futures.push_back(std::move(read));
        experiment.with.push_back(texts_in(future, "with"));
    }
    if (design.futures.empty() || !design.futures.front().changes.is_empty()
        || (design.futures.size() > 1 && design.months.size() > 1))
        throw contradiction_in(name);
    return experiment;
}

std::vector<TrajectoryObservable> outcomes_named(const std::vector<std::string>& names) {
    std::vector<TrajectoryObservable> outcomes;
    const auto add = [&outcomes](std::string_view name) {
        auto found = find_trajectory_observable(name);
        if (!found) return false;
        // A pooled name alone is its mean.
        if (found->kind == TrajectoryObservable::Kind::pooled_mean && !found->name.ends_with(".mean"))
            found->name += ".mean";
        const bool is_new =
            std::ranges::find(outcomes, found->name, &TrajectoryObservable::name) == outcomes.end();
        if (is_new) outcomes.push_back(std::move(*found));
        return true;
    };
    for (const std::string& name : names) {
        if (add(name)) continue;
        const std::vector<std::string> legal = observable_names();
        const std::string nearest = nearest_name(name, legal);
        throw InputError(fmt::format(
            "--observables: there is no observable {}{}\n  legal here: {}", in_quotes(name),
            nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest), fmt::join(legal, ", ")));
    }
    if (!names.empty()) return outcomes;
    for (const std::string_view name : headline_outcomes) add(name);
    for (const Observable& scalar : scalar_observables()) add(scalar.name);
    add(survival_observable);
    return outcomes;
}

}  // namespace venturi
