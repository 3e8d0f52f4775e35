#include "analysis/report/rare_event_report.hpp"

#include "analysis/report/build_information.hpp"
#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t levels_shown = 8;
constexpr std::size_t levels_drawn = 100;  // and kept in experiment.nc

std::string short_number(double value) {
    return std::isnan(value) ? "–" : fmt::format("{:.3g}", value);
}

// What a level is of the observable.
double value_at(const RareCondition& condition, double level) {
    return condition.is_upward() ? level : -level;
}

std::string threshold_text(const RareCondition& condition) {
    return fmt::format("{} {} {}", condition.observable.name, sign_of(condition.bound),
                       print_quantity(condition.threshold, condition.observable.dimension));
}

std::string_view word_of(RareMoment moment) {
    return moment == RareMoment::ever ? "ever" : "at_the_end";
}

// 12,345, and from a million on 12.3 million.
std::string many_text(double number) {
    constexpr double million = 1e6;
    return number < million ? quantity_text(std::round(number), Dimension::count)
                            : fmt::format("{:.3g} million", number / million);
}

double saving_of(const MultilevelEstimate& estimate) {
    return estimate.crude_events() / static_cast<double>(estimate.events);
}

constexpr std::array<std::string_view, 3> statistics_of_level = {"value", "lower_95", "upper_95"};

void add_way(Dataset& dataset, const RareEventDesign& design, const MultilevelEstimate& estimate) {
    const RareCondition& condition = design.condition;
    const std::string unit(udunits_of(condition.observable.dimension));
    std::vector<double> levels;
    std::vector<double> probabilities;
    for (const LevelProbability& step : way_to_the_event(estimate, levels_drawn)) {
        levels.push_back(value_at(condition, step.level));
        probabilities.insert(probabilities.end(), {step.probability, step.interval.low, step.interval.high});
    }
    dataset.axes.push_back({"level", levels.size()});
    dataset.variables.push_back({"level",
                                 {"level"},
                                 unit,
                                 "level on the way to the event, a value of the observable",
                                 std::move(levels)});
    dataset.variables.push_back({"probability_beyond_level",
                                 {"level", "statistic"},
                                 "1",
                                 "probability to get past the level, mean over replications",
                                 std::move(probabilities)});
}

void add_steps(Dataset& dataset, const RareEventDesign& design, const MultilevelEstimate& estimate) {
    std::size_t steps = 0;
    for (const MultilevelReplication& replication : estimate.replications)
        steps = std::max(steps, replication.steps.size());
    const std::size_t places = estimate.replications.size() * steps;
    std::vector<double> beyond(places, std::numeric_limits<double>::quiet_NaN());
    std::vector<double> passed = beyond;
    std::vector<double> probability = beyond;
    std::vector<std::int64_t> numbers;
    std::vector<double> estimates;
    for (std::size_t row = 0; row < estimate.replications.size(); ++row) {
        const MultilevelReplication& replication = estimate.replications[row];
        numbers.push_back(replication.number);
        estimates.push_back(replication.probability);
        double so_far = 1;
        for (std::size_t step = 0; step < replication.steps.size(); ++step) {
            const LevelStep& told = replication.steps[step];
            so_far *= static_cast<double>(told.passed) / told.copies;
            const std::size_t place = row * steps + step;
            if (std::isfinite(told.level)) beyond[place] = value_at(design.condition, told.level);
            passed[place] = told.passed;
            probability[place] = so_far;
        }
    }
    std::vector<std::int64_t> order;
    for (std::size_t step = 0; step < steps; ++step) order.push_back(static_cast<std::int64_t>(step + 1));
    dataset.axes.push_back({"replication", numbers.size()});
    dataset.axes.push_back({"step", steps});
    dataset.variables.push_back(
        {"replication", {"replication"}, "1", "number of the replication", std::move(numbers)});
    dataset.variables.push_back({"step", {"step"}, "1", "number of the step", std::move(order)});
    dataset.variables.push_back({"probability_of_replication",
                                 {"replication"},
                                 "1",
                                 "the replication's estimate of the probability",
                                 std::move(estimates)});
    dataset.variables.push_back({"beyond",
                                 {"replication", "step"},
                                 std::string(udunits_of(design.condition.observable.dimension)),
                                 "the step's level, a value of the observable; missing for the event itself",
                                 std::move(beyond)});
    dataset.variables.push_back(
        {"passed", {"replication", "step"}, "1", "copies that got past it", std::move(passed)});
    dataset.variables.push_back({"probability_so_far",
                                 {"replication", "step"},
                                 "1",
                                 "the replication's estimate of the probability to do so",
                                 std::move(probability)});
}

}  // namespace

std::string condition_text(const RareEventDesign& design) {
    return fmt::format("{} {} {}", threshold_text(design.condition),
                       design.moment == RareMoment::ever ? "in some month up to" : "at",
                       print_quantity(design.by, Dimension::duration));
}

std::string probability_text(double probability, const Interval& interval) {
    return fmt::format("{} [{}, {}]", short_number(probability), short_number(interval.low),
                       short_number(interval.high));
}

std::string_view name_of(SplittingMethod method) {
    return method == SplittingMethod::adaptive ? "adaptive" : "fixed-effort";
}

std::string_view word_of(MultilevelEnding ending) {
    constexpr std::array<std::string_view, 3> names = {"finished", "budget_spent", "interrupted"};
    return names[static_cast<std::size_t>(ending)];
}

TerminalTable way_table(const RareEventDesign& design, const MultilevelEstimate& estimate) {
    TerminalTable table{.title = "How likely histories are to come so near",
                        .columns = {{"", Alignment::left}, {"probability [95%]"}},
                        .rows = {}};
    const RareCondition& condition = design.condition;
    for (const LevelProbability& step : way_to_the_event(estimate, levels_shown))
        table.rows.push_back(
            {TableCell(
                 fmt::format("{} {} {}", condition.observable.name, condition.is_upward() ? ">" : "<",
                             quantity_text(value_at(condition, step.level), condition.observable.dimension)),
                 Emphasis::faint),
             TableCell(short_number(step.probability), Emphasis::faint)});
    table.rows.push_back(
        {TableCell(condition_text(design), Emphasis::strong),
         TableCell(probability_text(estimate.probability, estimate.interval), Emphasis::strong)});
    return table;
}

std::string work_text(const MultilevelEstimate& estimate) {
    std::string text = fmt::format("{} events in {} histories of {} replications",
                                   many_text(static_cast<double>(estimate.events)), estimate.histories,
                                   estimate.replications.size());
    if (const double crude = estimate.crude_events(); !std::isnan(crude))
        text +=
            fmt::format("; crude Monte Carlo would need {} for as short an interval: {:.3g} times as many",
                        many_text(crude), saving_of(estimate));
    return text + '\n';
}

std::vector<std::string> rare_event_notes(const RareEventDesign& design, const MultilevelEstimate& estimate) {
    std::vector<std::string> notes;
    const std::size_t replications = estimate.replications.size();
    if (estimate.ending == MultilevelEnding::budget_spent)
        notes.push_back(fmt::format("the budget of {} events is spent: {} of {} replications are whole",
                                    design.budget, replications, design.replications));
    if (replications == 1)
        notes.emplace_back("one replication says nothing of its error: there is no interval");
    if (replications > 1 && estimate.reached == 0)
        notes.emplace_back(
            "it was not seen: the upper bound is what independent histories without it leave open; more "
            "--trajectories lower it, and levels.csv says how near they came");
    else if (replications > 1 && estimate.reached < replications - estimate.reached)
        notes.push_back(fmt::format(
            "only {} of {} replications reached it: the interval rests on few; give more --trajectories",
            estimate.reached, replications));
    if (estimate.probability == 1)
        notes.emplace_back("it held in every history: it is not rare");
    else if (saving_of(estimate) < 1)
        notes.emplace_back("it is not rare: a plain run says as much for less");
    return notes;
}

std::string rare_results_csv(const RareEventDesign& design, const MultilevelEstimate& estimate) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"observable", "bound", "threshold", "unit", "moment", "month", "method",
                              "probability", "lower_95", "upper_95", "standard_error", "replications",
                              "reached", "copies", "histories", "events", "crude_histories", "crude_events"})
        csv.text(title);
    csv.end_row();
    const RareCondition& condition = design.condition;
    csv.text(condition.observable.name)
        .text(sign_of(condition.bound))
        .number(condition.threshold)
        .text(udunits_of(condition.observable.dimension))
        .text(word_of(design.moment))
        .number(design.by)
        .text(name_of(design.method))
        .number(estimate.probability)
        .number(estimate.interval.low)
        .number(estimate.interval.high)
        .number(estimate.standard_error)
        .whole(static_cast<std::int64_t>(estimate.replications.size()))
        .whole(estimate.reached)
        .whole(design.copies)
        .whole(static_cast<std::int64_t>(estimate.histories))
        .whole(static_cast<std::int64_t>(estimate.events))
        .number(estimate.crude_histories())
        .number(estimate.crude_events())
        .end_row();
    return text;
}

std::string levels_csv(const RareEventDesign& design, const MultilevelEstimate& estimate) {
    std::string text;
    CsvWriter<std::string> csv(text);
    csv.text("replication").text("step").text("beyond").text("copies").text("passed").text("probability");
    csv.end_row();
    for (const MultilevelReplication& replication : estimate.replications) {
        double probability = 1;
        std::int64_t number = 0;
        for (const LevelStep& step : replication.steps) {
            probability *= static_cast<double>(step.passed) / step.copies;
            csv.whole(replication.number).whole(++number);
            if (std::isfinite(step.level))
                csv.number(value_at(design.condition, step.level));
            else
                csv.missing();
            csv.whole(step.copies).whole(step.passed).number(probability).end_row();
        }
    }
    return text;
}

Dataset rare_event_dataset(const RareEventDesign& design, const MultilevelEstimate& estimate) {
    const RareCondition& condition = design.condition;
    Dataset dataset;
    dataset.attributes = {{"title", design.scenario.title},
                          {"source", "Venturi " + build_information().version},
                          {"seed", design.scenario.run.seed},
                          {"condition", condition_text(design)},
                          {"method", std::string(name_of(design.method))}};
    dataset.axes = {{"statistic", statistics_of_level.size()}};
    dataset.variables.push_back(
        {"statistic",
         {"statistic"},
         "",
         "mean over replications and the ends of its 95% interval",
         std::vector<std::string>(statistics_of_level.begin(), statistics_of_level.end())});
    const auto number = [&](const char* name, std::string unit, const char* meaning, double value,
                            std::vector<Attribute> attributes = {}) {
        dataset.variables.push_back(
            {name, {}, std::move(unit), meaning, std::vector<double>{value}, std::move(attributes)});
    };
    const auto whole = [&](const char* name, const char* meaning, std::uint64_t value) {
        dataset.variables.push_back(
            {name, {}, "1", meaning, std::vector<std::int64_t>{static_cast<std::int64_t>(value)}});
    };
    dataset.variables.push_back(
        {"probability",
         {"statistic"},
         "1",
         "probability of the event",
         std::vector<double>{estimate.probability, estimate.interval.low, estimate.interval.high}});
    number("standard_error", "1", "standard error of the probability", estimate.standard_error);
    number("threshold", std::string(udunits_of(condition.observable.dimension)),
           "the number that the condition holds the observable against", condition.threshold,
           {{"observable", std::string(condition.observable.name)},
            {"bound", std::string(sign_of(condition.bound))},
            {"moment", std::string(word_of(design.moment))}});
    number("month", "month", "the last month in which the condition is looked at", design.by);
    whole("reached", "replications in which the event happened", estimate.reached);
    whole("copies", "copies at each step of a replication", design.copies);
    whole("histories", "histories begun or copied", estimate.histories);
    whole("events", "events simulated", estimate.events);
    number("crude_histories", "1", "independent histories that tell as much", estimate.crude_histories());
    number("crude_events", "1", "events of these", estimate.crude_events());
    add_way(dataset, design, estimate);
    add_steps(dataset, design, estimate);
    return dataset;
}

std::string way_svg(const RareEventDesign& design, const std::vector<std::string>& settings,
                    const MultilevelEstimate& estimate) {
    const RareCondition& condition = design.condition;
    const WorldObservable& observable = condition.observable;
    LinePlot plot;
    plot.title = fmt::format("{}: {}", design.scenario.title, condition_text(design));
    plot.subtitle = fmt::format("{} splitting, {} {} of {} copies, seed {}{}",
                                design.method == SplittingMethod::adaptive ? "Adaptive" : "Fixed-effort",
                                estimate.replications.size(),
                                estimate.replications.size() == 1 ? "replication" : "replications",
                                design.copies, design.scenario.run.seed, changed_settings_text(settings));
    const std::string_view unit = unit_of(observable.dimension);
    const bool says_unit = unit == "1" || unit.empty() || observable.dimension == Dimension::share
                           || observable.dimension == Dimension::money;
    plot.x = {
        .label = says_unit ? std::string(observable.name) : fmt::format("{} ({})", observable.name, unit),
        .dimension = observable.dimension};
    plot.y = {.label = "probability (logarithmic)", .high = 1, .is_logarithmic = true};
    PlotLine line{.name = fmt::format("histories that ever get {} the level",
                                      condition.is_upward() ? "above" : "below"),
                  .x = {},
                  .y = {},
                  .band_name = estimate.replications.size() > 1 ? "95% interval" : ""};
    for (const LevelProbability& step : way_to_the_event(estimate, levels_drawn)) {
        line.x.push_back(value_at(condition, step.level));
        line.y.push_back(step.probability);
        line.low.push_back(step.interval.low);
        line.high.push_back(step.interval.high);
    }
    if (!line.x.empty()) plot.lines.push_back(std::move(line));
    // What was not seen has no place on a logarithmic axis but for its upper bound.
    const bool seen = estimate.probability > 0;
    plot.points.push_back(
        {.name =
             seen ? fmt::format("the event: {} [95%]",
                                probability_text(estimate.probability, estimate.interval))
                  : fmt::format("the event was not seen: at most {}", short_number(estimate.interval.high)),
         .x = {condition.threshold},
         .y = {seen ? estimate.probability : estimate.interval.high},
         .low = {estimate.interval.low},
         .high = {estimate.interval.high}});
    return line_plot_svg(plot);
}

Json rare_event_json(const RareEventDesign& design, const MultilevelEstimate& estimate) {
    const RareCondition& condition = design.condition;
    Json way = Json::array();
    for (const LevelProbability& step : way_to_the_event(estimate, levels_shown))
        way.push_back({{"beyond", number_or_null(value_at(condition, step.level))},
                       {"probability", number_or_null(step.probability)}});
    Json failures = Json::array();
    for (const ReplicationFailure& failure : estimate.failures)
        failures.push_back({{"replication", failure.replication}, {"reason", failure.reason}});
    return {{"condition", condition_text(design)},
            {"observable", condition.observable.name},
            {"bound", sign_of(condition.bound)},
            {"threshold", condition.threshold},
            {"unit", udunits_of(condition.observable.dimension)},
            {"moment", word_of(design.moment)},
            {"month", design.by},
            {"probability", number_or_null(estimate.probability)},
            {"confidence_interval", ends_or_null(estimate.interval)},
            {"standard_error", number_or_null(estimate.standard_error)},
            {"work", estimate.events},
            {"crude_work", number_or_null(estimate.crude_events())},
            {"work_saved", number_or_null(saving_of(estimate))},
            {"method", name_of(design.method)},
            {"copies", design.copies},
            {"replications_requested", design.replications},
            {"replications", estimate.replications.size()},
            {"replications_that_reached_it", estimate.reached},
            {"histories", estimate.histories},
            {"crude_histories", number_or_null(estimate.crude_histories())},
            {"failures", std::move(failures)},
            {"ending", word_of(estimate.ending)},
            {"levels", std::move(way)},
            {"notes", rare_event_notes(design, estimate)}};
}

}  // namespace venturi
