#include "analysis/program/optimise_experiment.hpp"

#include "analysis/program/descent_options.hpp"
#include "analysis/program/mix_settings.hpp"
#include "analysis/report/optimum_report.hpp"
#include "analysis/report/race_report.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>
#include <span>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

// What is measured after a stop, in a second or so.
constexpr std::uint64_t hurried_check = 32;

InputError unknown_name(const std::string& option, const std::string& what, const std::string& name,
                        const std::vector<std::string>& legal) {
    const std::string nearest = nearest_name(name, legal);
    return InputError(fmt::format("{} '{}': there is no such {}{}\n  legal here: {}", option, name, what,
                                  nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                  listed(legal)));
}

void expect_known(const std::string& option, const std::string& what, const std::string& name,
                  const std::vector<std::string>& legal) {
    if (std::ranges::find(legal, name) == legal.end()) throw unknown_name(option, what, name, legal);
}

MixSearchMethod method_of(const OptimiseExperiment& experiment) {
    return experiment.who == "equilibrium" ? MixSearchMethod::equilibrium
                                           : mix_search_method_named(experiment.method);
}

class SearchProgress {
  public:
    SearchProgress(ProgressStyle style, const Streams& streams, std::uint64_t budget, const char* things)
        : bar_(streams.err, style, columns_of(STDERR_FILENO), things),
          reporter_(budget, [this](const Progress& progress) {
              last_ = progress;
              bar_.update(progress);
          }) {}
    void update(double runs) { reporter_.update(static_cast<std::uint64_t>(runs), 0); }
    void finish(std::uint64_t runs) {
        reporter_.finish(runs, 0);
        bar_.finish(last_);
    }

  private:
    ProgressBar bar_;
    Progress last_ = {};
    ProgressReporter reporter_;
};

template <class Work>
auto with_bar(ProgressStyle style, const Streams& streams, const char* things, Work work) {
    ProgressBar bar(streams.err, style, columns_of(STDERR_FILENO), things);
    Progress last;
    auto result = work([&](const Progress& progress) {
        last = progress;
        bar.update(progress);
    });
    bar.finish(last);
    return result;
}

std::array<double, 5> shares_named(const std::string& option, const std::string& text) {
    std::array<double, 5> shares{};
    std::array<bool, 5> is_there{};
    std::size_t at = 0;
    while (at <= text.size()) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, end - at);
        const std::size_t equals = part.find('=');
        if (equals == std::string::npos)
            throw InputError(
                fmt::format("{} '{}': '{}' is no share\n  legal here: scenario, equal, or shares such as "
                            "technology=40%,data=15%,talent=25%,partnership=10%,risk=10%",
                            option, text, part));
        const std::string name = part.substr(0, equals);
        expect_known(option, "share", name, share_names());
        const auto place =
            static_cast<std::size_t>(std::ranges::find(share_names(), name) - share_names().begin());
        if (std::exchange(is_there[place], true))
            throw InputError(fmt::format("{} '{}': '{}' is there twice", option, text, name));
        try {
            shares[place] = parse_quantity(part.substr(equals + 1), Dimension::share);
        } catch (const std::exception& error) {
            throw InputError(fmt::format("{} '{}': {}: {}", option, text, name, error.what()));
        }
        if (!(shares[place] >= 0))
            throw InputError(
                fmt::format("{} '{}': {} is negative\n  legal here: 0 and above", option, text, name));
        at = end + 1;
    }
    if (std::ranges::all_of(shares, [](double share) { return share == 0; }))
        throw InputError(fmt::format("{} '{}': no share is above 0", option, text));
    if (!std::isfinite(std::accumulate(shares.begin(), shares.end(), 0.0)))
        throw InputError(fmt::format(
            "{} '{}': the sum of the shares is beyond all numbers\n  legal here: shares such as 40%", option,
            text));
    return shares;
}

std::size_t rows_of_mix(const OptimiseExperiment& experiment, const WorldProblem& problem) {
    return experiment.by_stage ? problem.stages().size() : 1;
}

/// What a search does not say of those that decide for themselves; left out where it is interrupted.
void look_at_race(const OptimiseExperiment& experiment, MixSearchOptions search, ProgressStyle style,
                  const Streams& streams, OptimiseOutcome& outcome) {
    if (experiment.who == "equilibrium" && !outcome.found.answer.empty()) {
        Deviation deviation =
            with_bar(style, streams, "trajectories in which one leaves", [&](auto progress) {
                return measure_deviation(*outcome.problem, outcome.found.mix, outcome.found.answer,
                                         search.world, std::max<std::uint64_t>(experiment.check / 2, 2),
                                         search.seed, progress);
            });
        outcome.interrupted = deviation.ending == Ending::interrupted;
        if (!outcome.interrupted) outcome.deviation = std::move(deviation);
    }
    if (experiment.who != "compare") return;
    // The searches of one alone and of the equilibrium, each with the budget.
    SearchProgress progress(style, streams, 2 * experiment.budget, "forward runs of the race");
    double before = 0;
    double last = 0;
    MixRace race = run_race(*outcome.problem, outcome.found, search, experiment.check,
                            [&](const optimiser::Iteration& step) {
                                if (step.forward_runs < last) before += last;
                                last = step.forward_runs;
                                progress.update(before + last);
                            });
    progress.finish(race.forward_runs);
    outcome.interrupted = race.interrupted;
    if (!race.interrupted && race.completed > 0) outcome.race = std::move(race);
}

/// What is to be known of the optimum beside the mix, where all have it; left out where it is interrupted.
void look_around(const OptimiseExperiment& experiment, const MixSearchOptions& search, ProgressStyle style,
                 const Streams& streams, OptimiseOutcome& outcome) {
    if (experiment.who == "one") return;
    if (experiment.price > 0) {
        ShadowPrice price = with_bar(style, streams, "trajectories of a dollar more", [&](auto progress) {
            return measure_shadow_price(experiment.scenario, *outcome.problem, outcome.found.mix,
                                        search.world, experiment.price, search.seed, progress);
        });
        outcome.interrupted = price.ending == Ending::interrupted;
        if (outcome.interrupted) return;
        outcome.price = std::move(price);
    }
    if (experiment.sensitivity == 0) return;
    OptimumSensitivityOptions options = sensitivity_options_of(experiment);
    options.search.world.threads = search.world.threads;
    options.search.world.stop = search.world.stop;
    options.search.world.journal = search.world.journal;
    SearchProgress progress(
        style, streams,
        runs_of_optimum_sensitivity(uncertain_parameters(experiment.scenario, options.globs).size(), options),
        "forward runs of other worlds");
    options.progress = [&](std::uint64_t done, std::uint64_t) { progress.update(static_cast<double>(done)); };
    OptimumSensitivity sensitivity =
        optimum_sensitivity(experiment.scenario, outcome.problem->question(), outcome.found.mix, options);
    progress.finish(sensitivity.forward_runs);
    outcome.interrupted = sensitivity.interrupted;
    if (!outcome.interrupted) outcome.sensitivity = std::move(sensitivity);
}

}  // namespace

std::vector<std::string> who_names() {
    return {"everyone", "one", "equilibrium", "compare"};
}

std::uint32_t group_with_mix(const Scenario& scenario, const std::string& name) {
    std::vector<std::string> with_inside;
    for (const StartupGroupParameters& group : scenario.world.startups)
        if (group.inside == Inside::five_advantages && group.count > 0) with_inside.push_back(group.name);
    if (with_inside.empty())
        throw InputError(
            "no group of startups in this scenario reads an investment mix: they have no inside\n  legal "
            "here: a "
            "scenario with 'inside: five_advantages', such as foundation_model_lab or customer_service");
    const std::string wanted = name.empty() ? with_inside.front() : name;
    expect_known("--group", "group of startups with an inside", wanted, with_inside);
    const auto& groups = scenario.world.startups;
    return static_cast<std::uint32_t>(std::ranges::find(groups, wanted, &StartupGroupParameters::name)
                                      - groups.begin());
}

WorldObjective objective_named(const std::string& name, double aversion, const std::string& option) {
    if (name == "crra_proceeds") return crra_proceeds_objective(aversion);
    if (auto objective = find_world_objective(name)) return *objective;
    std::vector<std::string> names = world_objective_names();
    names.emplace_back("crra_proceeds");
    throw unknown_name(option, "objective", name, names);
}

MixRows mix_rows_named(const std::string& option, const std::string& text, const WorldProblem& problem,
                       std::size_t rows) {
    if (text == "equal") return equal_shares(rows);
    if (text == "scenario") {
        MixRows mix = problem.mix();
        if (rows == 1 && mix.size() > 1)
            throw InputError(
                fmt::format("{} 'scenario': the scenario has a mix for each stage\n  legal here: with "
                            "--by-stage, or equal, or shares",
                            option));
        // Its last row is for all stages from there on.
        mix.resize(rows, mix.back());
        return rows_of_shares(shares_of_rows(mix));
    }
    return MixRows(rows, mix_of_shares(normalised(mix_of_shares(shares_named(option, text)))));
}

std::string note_of_sum(const std::string& option, const std::string& text) {
    if (text == "equal" || text == "scenario") return "";
    const std::array<double, 5> shares = shares_named(option, text);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    // What is written with a few digits sums to 1 within them.
    if (std::abs(sum - 1) < 1e-3) return "";
    return fmt::format("{} '{}': shares sum to {:.4g}%; taken in proportion", option, text, 100 * sum);
}

std::optional<MixRows> rows_of_manifest(const std::vector<double>& shares) {
    constexpr std::size_t of_row = 5;
    if (shares.empty() || shares.size() % of_row != 0) return std::nullopt;
    for (std::size_t first = 0; first < shares.size(); first += of_row) {
        const std::span row(shares.data() + first, of_row);
        const bool sound = std::ranges::all_of(row, [](double share) { return share >= 0 && share <= 1; })
                           && std::ranges::any_of(row, [](double share) { return share > 0; });
        if (!sound) return std::nullopt;
    }
    return rows_of_shares(shares);
}

std::unique_ptr<WorldProblem> problem_of(const OptimiseExperiment& experiment) {
    try {
        return std::make_unique<WorldProblem>(
            experiment.scenario,
            MixQuestion{.group = group_with_mix(experiment.scenario, experiment.group),
                        .objective = objective_named(experiment.objective, experiment.aversion),
                        .who = experiment.who == "one" ? WhoDecides::one : WhoDecides::everyone});
    } catch (const std::invalid_argument& error) {
        throw InputError(error.what());
    }
}

MixSearchOptions search_options_of(const OptimiseExperiment& experiment) {
    return {.method = method_of(experiment),
            .descent = experiment.descent,
            .world = {.rows = experiment.start.size(),
                      .floor = experiment.floor,
                      .step_length = experiment.step_length},
            .start = experiment.start,
            .budget = experiment.budget,
            .trajectories = experiment.trajectories,
            .step = experiment.step,
            .seed = experiment.replay.seed,
            .steps = experiment.steps};
}

OptimumSensitivityOptions sensitivity_options_of(const OptimiseExperiment& experiment) {
    return {.globs = experiment.uncertain,
            .parameters = experiment.sensitivity,
            .budget = std::max<std::uint64_t>(experiment.budget / 5, 8 * experiment.start.size()),
            .check = std::max<std::uint64_t>(experiment.check / 4, 2),
            .search = search_options_of(experiment)};
}

OptimiseOutcome run_experiment(const OptimiseExperiment& experiment, int threads, const StopRequest& stop,
                               ProgressStyle style, const Streams& streams, const Journal* journal) {
    OptimiseOutcome outcome{.problem = problem_of(experiment)};
    if ((experiment.who == "equilibrium" || experiment.who == "compare")
        && !outcome.problem->question().objective.of_company)
        throw InputError(fmt::format(
            "--who {}: the objective is of the whole world, not of a company\n  legal here: everyone",
            experiment.who));
    MixSearchOptions search = search_options_of(experiment);
    search.world.threads = threads;
    search.world.stop = &stop;
    std::optional<WorldJournal> kept;
    if (journal != nullptr) search.world.journal = &kept.emplace(*journal);
    {
        SearchProgress progress(style, streams, experiment.budget, "forward runs");
        search.observer = [&](const optimiser::Iteration& step) { progress.update(step.forward_runs); };
        try {
            outcome.found = search_mix(*outcome.problem, search);
        } catch (const std::invalid_argument& error) {
            throw InputError(fmt::format("--budget: {}", error.what()));
        }
        progress.finish(outcome.found.forward_runs);
    }
    outcome.interrupted = outcome.found.ending == optimiser::Ending::stopped;
    if (outcome.interrupted && outcome.found.log.empty()) return outcome;
    WorldMixOptions measured = search.world;
    std::uint64_t check = experiment.check;
    if (outcome.interrupted) {
        measured.stop = nullptr;
        measured.journal = nullptr;  // of a mix that is not the last
        check = std::min(check, hurried_check);
    }
    outcome.measured = with_bar(style, streams, "fresh trajectories", [&](auto progress) {
        return measure_mix(*outcome.problem, outcome.found, measured, check, search.seed, progress);
    });
    if (outcome.measured.ending == Ending::interrupted) outcome.interrupted = true;
    if (!outcome.interrupted && experiment.flatness > 0)
        outcome.flatness = with_bar(style, streams, "trajectories around the best mix", [&](auto progress) {
            return measure_flatness(*outcome.problem, outcome.found.mix, measured, experiment.flatness,
                                    search.seed, progress);
        });
    if (!outcome.interrupted && experiment.has_answer)
        look_at_race(experiment, search, style, streams, outcome);
    if (!outcome.interrupted) look_around(experiment, search, style, streams, outcome);
    if (stop.requested()) outcome.interrupted = true;
    return outcome;
}

MixResults results_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome) {
    return {.problem = *outcome.problem,
            .found = outcome.found,
            .measured = outcome.measured,
            .flatness = outcome.flatness,
            .floor = experiment.floor,
            .title = experiment.scenario.title,
            .group = experiment.group,
            .settings = experiment.replay.settings};
}

ResultFiles files_of(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome) {
    const MixResults results = results_of(experiment, outcome);
    ResultFiles files{{"mix.csv", mix_csv(results)},
                      {"path.csv", path_csv(results)},
                      {"path.svg", path_svg(results)},
                      {"best.yaml", best_scenario_yaml(results, experiment.replay.scenario)}};
    if (outcome.race) files["race.csv"] = race_csv(*outcome.problem, *outcome.race);
    if (outcome.price) files["price.csv"] = price_csv(*outcome.price);
    if (outcome.sensitivity)
        files["sensitivity.csv"] = sensitivity_csv(*outcome.problem, *outcome.sensitivity);
    if (outcome.flatness.empty()) return files;
    files["flatness.csv"] = flatness_csv(results);
    files["flatness.svg"] = flatness_svg(results);
    return files;
}

Json search_settings_json(const OptimiseExperiment& experiment) {
    Json settings = mix_settings_json(experiment, "optimise");
    settings.update({{"method", experiment.method},
                     {"floor", experiment.floor},
                     {"step", experiment.step},
                     {"step_length", experiment.step_length},
                     {"budget", experiment.budget},
                     {"trajectories", experiment.trajectories}});
    return settings;
}

OptimiseExperiment searched_experiment_of(const Manifest& manifest, Scenario scenario,
                                          const std::string& file) {
    const Json& settings = manifest.settings;
    const auto count = [&](const char* name) { return count_under(settings, name); };
    OptimiseExperiment experiment{
        .scenario = std::move(scenario),
        .method = text_in(settings, "method"),
        .floor = number_in(settings, "floor"),
        .step = number_in(settings, "step"),
        .step_length = number_in(settings, "step_length"),
        .budget = count("budget"),
        .trajectories = static_cast<std::uint32_t>(std::min<std::uint64_t>(count("trajectories"), 1'000'000)),
        .check = count("check"),
        .flatness = count("flatness"),
        .steps = count("steps")};
    read_mix_settings(manifest, experiment);
    const auto is_among = [](const std::vector<std::string>& names, const std::string& name) {
        return std::ranges::find(names, name) != names.end();
    };
    const bool sound =
        is_among(mix_search_method_names(), experiment.method) && is_among(who_names(), experiment.who)
        && experiment.floor >= 0 && experiment.floor < 0.2 && experiment.step >= 1e-3
        && experiment.step <= 100 && experiment.step_length >= 1e-3 && experiment.step_length <= 10
        && experiment.aversion >= 0 && experiment.aversion <= 100 && experiment.budget > 0
        && experiment.check >= 2 && std::max(experiment.check, experiment.flatness) <= 1'000'000;
    if (!sound) throw contradiction_in(file);
    return experiment;
}

Json settings_json(const OptimiseExperiment& experiment, const OptimiseOutcome& outcome) {
    Json settings = search_settings_json(experiment);
    settings.update({{"descent", descent_json(experiment.descent)},
                     {"start", shares_of_rows(experiment.start)},
                     {"check", outcome.measured.completed + outcome.measured.failed},
                     {"flatness", outcome.flatness.empty() ? 0 : experiment.flatness},
                     {"steps", outcome.found.log.size()},
                     {"price", outcome.price ? experiment.price : 0},
                     {"sensitivity", outcome.sensitivity ? experiment.sensitivity : 0},
                     {"uncertain", experiment.uncertain},
                     {"race", outcome.deviation.has_value() || outcome.race.has_value()}});
    return settings;
}

OptimiseExperiment optimise_experiment_of(const Manifest& manifest, Scenario scenario,
                                          const std::string& file) {
    const Json& settings = manifest.settings;
    const auto count_or_none = [&](const char* name) {
        return settings.contains(name) ? count_under(settings, name) : 0;
    };
    OptimiseExperiment experiment = searched_experiment_of(manifest, std::move(scenario), file);
    experiment.price = count_or_none("price");
    experiment.sensitivity = count_or_none("sensitivity");
    experiment.uncertain = settings.value("uncertain", std::vector<std::string>{});
    experiment.has_answer = settings.value("race", false);
    // Results of earlier versions knew one way to go.
    try {
        if (settings.contains("descent")) experiment.descent = descent_of_json(settings.at("descent"));
    } catch (const std::invalid_argument&) {
        throw contradiction_in(file);
    }
    const auto start = rows_of_manifest(numbers_in(settings, "start"));
    if (!start || experiment.price > 1'000'000 || experiment.sensitivity > 100) throw contradiction_in(file);
    experiment.start = *start;
    if (experiment.start.size() != rows_of_mix(experiment, *problem_of(experiment)))
        throw contradiction_in(file);
    return experiment;
}

}  // namespace venturi
