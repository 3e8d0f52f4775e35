#include "analysis/program/select_experiment.hpp"

#include "analysis/program/shown_progress.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/report/selection_picture.hpp"
#include "analysis/report/variant_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace venturi {

namespace {

SelectionOptions options_of(const SelectDesign& design) {
    SelectionOptions options;
    options.rule = design.rule;
    options.least = design.least;
    options.looks = design.looks;
    return options;
}

}  // namespace

TrajectoryObservable observable_of_option(const std::string& option, const std::string& name) {
    if (const auto observable = find_trajectory_observable(name)) return *observable;
    const std::vector<std::string> names = observable_names();
    const std::string nearest = nearest_name(name, names);
    throw InputError(fmt::format("{}: there is no observable '{}'{}\n  legal here: {}", option, name,
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(names)));
}

SelectionOutcome run_experiment(const SelectDesign& design, int threads, const StopRequest& stop,
                                ProgressStyle style, const Streams& streams, const Journal* journal) {
    ShownProgress progress(streams, style);
    SelectionOptions options = options_of(design);
    options.threads = threads;
    options.stop = &stop;
    options.journal = journal;
    options.progress = progress.hook();
    SelectionOutcome outcome = run_selection(design.candidates, design.observable, options);
    // It is done, whatever the budget was.
    progress.finish(!outcome.interrupted);
    return outcome;
}

SelectionResults results_of(const SelectDesign& design, const SelectionOutcome& outcome) {
    std::vector<Replay> replays;
    for (std::size_t i = 0; i < design.candidates.size(); ++i)
        replays.push_back({.scenario = design.scenarios[i],
                           .seed = static_cast<std::uint64_t>(design.candidates.front().scenario.run.seed),
                           .settings = design.settings[i]});
    return results_of(design.candidates, replays, design.observable, options_of(design), outcome);
}

nlohmann::ordered_json settings_of(const SelectDesign& design) {
    nlohmann::ordered_json candidates = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < design.candidates.size(); ++i) {
        candidates.push_back({{"name", design.candidates[i].name},
                              {"scenario", design.scenarios[i]},
                              {"set", design.settings[i]}});
        if (design.changes[i])
            candidates.back()["changes"] = *design.changes[i];
        else
            candidates.back()["resolved"] = resolved_scenario(design.candidates[i].scenario);
    }
    return {{"command", "select"},
            {"best", design.observable.name},
            {"least", design.least},
            {"method", name_of(design.rule.method)},
            {"probability", design.rule.probability},
            {"indifference", design.rule.indifference},
            {"relative", design.rule.relative},
            {"candidates", std::move(candidates)}};
}

SelectDesign select_design_of(const Manifest& manifest, const std::string& file) {
    const nlohmann::ordered_json& settings = manifest.settings;
    SelectDesign design;
    const Scenario base = read_scenario(manifest.scenario.dump(), file, library_folders());
    for (const auto& candidate : settings.at("candidates")) {
        Variant variant{.name = text_in(candidate, "name"), .scenario = base};
        if (candidate.contains("changes")) {
            design.changes.emplace_back(texts_in(candidate, "changes"));
            for (const std::string& change : *design.changes.back()) apply_setting(variant.scenario, change);
        } else {
            design.changes.emplace_back();
            variant.scenario = read_scenario(candidate.at("resolved").dump(), file, library_folders());
        }
        design.candidates.push_back(std::move(variant));
        design.scenarios.push_back(text_in(candidate, "scenario"));
        design.settings.push_back(texts_in(candidate, "set"));
    }
    const auto observable = find_trajectory_observable(text_in(settings, "best"));
    const std::string method = text_in(settings, "method");
    design.least = flag_in(settings, "least");
    design.looks = count_under(manifest.reached, "looks");
    design.rule = {.method = method == "ocba" ? SelectionMethod::ocba : SelectionMethod::kim_nelson,
                   .probability = number_in(settings, "probability"),
                   .indifference = number_in(settings, "indifference"),
                   .relative = flag_in(settings, "relative"),
                   .budget = manifest.trajectories_requested};
    const double guess = 1 / static_cast<double>(design.candidates.size());
    const bool sound =
        design.candidates.size() > 1 && observable && (method == "ocba" || method == "kim_nelson")
        && design.rule.probability > guess && design.rule.probability < 1 && design.rule.indifference > 0
        && design.rule.budget >= smallest_selection_budget && design.looks > 0
        && static_cast<std::uint64_t>(design.candidates.front().scenario.run.seed) == manifest.seed;
    if (!sound) throw contradiction_in(file);
    for (const Variant& candidate : design.candidates)
        if (candidate.scenario.run.horizon != design.candidates.front().scenario.run.horizon)
            throw contradiction_in(file);
    design.observable = *observable;
    return design;
}

ResultFiles files_of(const SelectDesign& design, const SelectionResults& results) {
    return {{"design.csv", design_csv(design.candidates, design.settings)},
            {"results.csv", selection_csv(results)},
            {"selection.svg", selection_svg(results)},
            {"experiment.nc", netcdf_bytes(selection_dataset(results))}};
}

}  // namespace venturi
