#include "analysis/program/run_experiment.hpp"

#include "analysis/program/shown_progress.hpp"
#include "analysis/report/cohort_report.hpp"
#include "analysis/report/company_table.hpp"
#include "analysis/report/comparison_report.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/group_report.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "scenarios/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace venturi {

namespace {

CohortOutcome run_with_progress(const Scenario& scenario, CohortOptions cohort, ProgressStyle style,
                                const Streams& streams) {
    ShownProgress progress(streams, style);
    cohort.hooks.progress = progress.hook();
    CohortOutcome outcome = run_cohort(scenario, cohort);
    progress.finish();
    return outcome;
}

void sort_as_published(std::vector<Comparison>& comparisons, const Scenario& scenario) {
    const auto place = [&](const Comparison& comparison) {
        return std::find_if(
            scenario.published.begin(), scenario.published.end(),
            [&](const Published& figure) { return figure.name == comparison.published.name; });
    };
    std::stable_sort(comparisons.begin(), comparisons.end(),
                     [&](const Comparison& a, const Comparison& b) { return place(a) < place(b); });
}

std::string trajectories_csv(const CohortStatistics& statistics) {
    std::string text;
    CsvWriter<std::string> csv(text);
    csv.text("trajectory");
    for (const Observable& observable : statistics.observables->of(ObservableKind::scalar))
        csv.text(observable.name);
    csv.text(survival_observable);
    csv.end_row();
    for (const TrajectoryRow& row : statistics.rows) {
        csv.whole(static_cast<std::int64_t>(row.trajectory));
        for (const double value : row.values) csv.number(value);
        csv.number(row.survival);
        csv.end_row();
    }
    return text;
}

}  // namespace

RunOutcome run_experiment(const RunExperiment& experiment, const StopRequest& stop, ProgressStyle style,
                          const Streams& streams, const RunObserver& observer, const Journal* journal) {
    const auto started = std::chrono::steady_clock::now();
    const Scenario& scenario = experiment.scenario;
    std::optional<CohortOutcome> main;
    std::vector<Comparison> comparisons;
    std::vector<std::uint64_t> tried;
    bool any_failed = false;
    std::uint64_t trajectories = 0;
    std::uint64_t events = 0;
    const auto groups =
        experiment.compare_published ? comparison_groups(scenario) : std::vector<ComparisonGroup>{{}};
    for (const ComparisonGroup& group : groups) {
        if (experiment.tried && tried.size() == experiment.tried->size()) break;
        Scenario changed = with_overrides(scenario, group);
        if (experiment.tried)
            changed.run.trajectories = static_cast<std::int64_t>((*experiment.tried)[tried.size()]);
        observer.begins(changed, group);
        CohortOptions cohort{
            .threads = experiment.threads, .keep = main ? KeptRows{} : experiment.keep, .hooks = {}};
        cohort.hooks.stop = &stop;
        const Journal part =
            journal == nullptr ? Journal{} : journal->part(fmt::format("ensemble {}", tried.size()));
        if (journal != nullptr) cohort.hooks.journal = &part;
        if (!main) cohort.hooks.enough = experiment.enough;
        CohortOutcome outcome = run_with_progress(changed, std::move(cohort), style, streams);
        tried.push_back(outcome.completed + outcome.failed);
        trajectories += outcome.completed;
        events += outcome.events;
        if (outcome.failed > 0) {
            any_failed = true;
            observer.failed(changed, group, outcome);
        }
        const bool stopped = outcome.ending == Ending::interrupted;
        if (experiment.compare_published && outcome.completed > 0)
            for (Comparison& comparison : compare(scenario, group, outcome.result, grid_of(changed)))
                comparisons.push_back(std::move(comparison));
        if (!main) main = std::move(outcome);
        if (stopped || main->completed == 0) break;
    }
    sort_as_published(comparisons, scenario);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    return {.main = *std::move(main),
            .comparisons = std::move(comparisons),
            .tried = std::move(tried),
            .any_failed = any_failed,
            .seconds = seconds,
            .trajectories = trajectories,
            .events = events};
}

ResultFiles files_of(const RunExperiment& experiment, const RunOutcome& outcome) {
    const Scenario& scenario = experiment.scenario;
    const CohortStatistics& statistics = outcome.main.result;
    const ObservationGrid grid = grid_of(scenario);
    ResultFiles files;
    files["summary.csv"] = summary_csv(summary_rows(statistics, grid, scenario.world));
    files["ensemble.nc"] = netcdf_bytes(cohort_dataset(statistics, grid, scenario));
    files["survival.svg"] = survival_picture_of(statistics, scenario, experiment.settings);
    if (experiment.keep.trajectories) files["trajectories.csv"] = trajectories_csv(statistics);
    if (!statistics.groups.empty()) files["groups.csv"] = groups_csv(statistics);
    if (experiment.keep.companies)
        files["companies.csv"] = companies_csv(statistics.companies, scenario.world);
    if (!outcome.comparisons.empty()) files["published.csv"] = comparison_csv(outcome.comparisons);
    return files;
}

}  // namespace venturi
