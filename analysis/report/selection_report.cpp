#include "analysis/report/selection_report.hpp"

#include "analysis/report/build_information.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/quantity_text.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

Json text_or_nothing(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

/// In the observable's own sign.
Moments signed_moments(std::span<const double> values, bool least) {
    Moments moments;
    for (const double value : values)
        if (std::isfinite(value)) moments.add(least ? -value : value);
    return moments;
}

std::string outcome_of(DesignFate fate, bool is_reached, SelectionMethod method) {
    switch (fate) {
        case DesignFate::in_the_running:
            return method == SelectionMethod::ocba && is_reached ? "behind" : "in the running";
        case DesignFate::eliminated:
            return "eliminated";
        case DesignFate::failed:
            return "failed";
        case DesignFate::without_value:
            return "nothing to look at";
    }
    return {};
}

/// Student's t of pairs, where differences of shares stay between −1 and 1.
Finding difference_finding(const PairedDifferences& pairs, Dimension dimension) {
    Finding finding{.value = pairs.count > 0 ? pairs.mean : not_known, .dimension = dimension};
    if (pairs.count < 2) return finding;
    const auto count = static_cast<double>(pairs.count);
    const double reach = student_critical_value(0.95, count - 1) * std::sqrt(pairs.variance / count);
    finding.interval = {pairs.mean - reach, pairs.mean + reach};
    if (dimension == Dimension::share)
        finding.interval = {std::max(finding.interval.low, -1.0), std::min(finding.interval.high, 1.0)};
    return finding;
}

/// A share's difference is in percentage points.
std::string behind_text(const Finding& difference) {
    const bool is_share = difference.dimension == Dimension::share;
    const double unit = is_share ? 100 : 1;
    if (std::isnan(difference.value)) return "–";
    return interval_text(
               {unit * difference.value, unit * difference.interval.low, unit * difference.interval.high},
               is_share ? Dimension::number : difference.dimension)
           + (is_share ? " points" : "");
}

std::string indifference_text(const SelectionResults& results) {
    const bool is_share = results.observable.dimension == Dimension::share;
    const double value = results.standing.indifference;
    std::string text = is_share ? quantity_text(100 * value, Dimension::number) + " points"
                                : quantity_text(value, results.observable.dimension);
    if (results.rule.relative)
        text +=
            fmt::format(" ({:g}% of the largest mean at the first look)", 100 * results.rule.indifference);
    return text;
}

std::string probability_text(double probability) {
    return fmt::format("{:.4g}%", 100 * probability);
}

/// Where the best or whoever is left beside it has no value in many trajectories.
std::string gaps_text(const SelectionResults& results) {
    for (const SelectionRow& row : results.rows) {
        if (row.is_out || 10 * row.values >= 9 * row.trajectories) continue;
        return fmt::format(
            "{} of the {} trajectories of {} have no {}: its mean is of the others, and candidates are\n"
            "held against each other where both have one\n",
            row.trajectories - row.values, row.trajectories, row.name, results.observable.name);
    }
    return {};
}

std::string outcome_text(const SelectionRow& row) {
    if (row.outcome == "failed") return "failed: " + row.reason;
    if (!row.is_out) return row.outcome;
    return fmt::format("{} at {}", row.outcome, row.trajectories);
}

int rank_of(const SelectionRow& row) {
    if (row.outcome == "best") return 0;
    if (row.outcome == "tied") return 1;
    if (row.outcome == "failed") return 5;
    if (row.outcome == "nothing to look at") return 4;
    return row.is_out ? 3 : 2;
}

}  // namespace

SelectionResults results_of(const std::vector<Variant>& designs, const std::vector<Replay>& replays,
                            const TrajectoryObservable& observable, const SelectionOptions& options,
                            const SelectionOutcome& outcome) {
    const SequentialSelection& selection = outcome.selection;
    const SelectionStanding& standing = selection.standing();
    SelectionResults results{.title = designs.front().scenario.title,
                             .observable = observable,
                             .rule = options.rule,
                             .least = options.least,
                             .seed = static_cast<std::uint64_t>(designs.front().scenario.run.seed),
                             .settings = replays.front().settings,
                             .standing = standing,
                             .interrupted = outcome.interrupted,
                             .rows = {}};
    for (std::size_t design = 0; design < designs.size(); ++design) {
        const DesignCourse& course = selection.courses()[design];
        const Moments moments = signed_moments(selection.values(design), options.least);
        SelectionRow row{.design = design,
                         .name = designs[design].name,
                         .outcome = outcome_of(course.fate, standing.is_reached(), options.rule.method),
                         .mean = {.value = not_known, .dimension = observable.dimension},
                         .standard_error = moments.count() > 1 ? moments.standard_error() : not_known,
                         .difference = {.value = not_known, .dimension = observable.dimension},
                         .trajectories = selection.values(design).size(),
                         .values = moments.count(),
                         .is_out = course.fate != DesignFate::in_the_running,
                         .heavy_tailed = moments.count() > 1 && tail_of(moments).heavy};
        if (moments.count() > 0) row.mean = mean_finding(moments, observable.dimension, Counting::none);
        if (course.beaten_by) row.beaten_by = designs[*course.beaten_by].name;
        if (standing.best == design) row.outcome = "best";
        if (std::ranges::find(standing.tied, design) != standing.tied.end()) row.outcome = "tied";
        if (standing.best && standing.best != design) {
            PairedDifferences pairs =
                paired_differences(selection.values(design), selection.values(*standing.best));
            if (options.least) pairs.mean = -pairs.mean;
            row.difference = difference_finding(pairs, observable.dimension);
        }
        const auto failure = std::ranges::find(outcome.failures, design, &SelectionFailure::design);
        if (failure != outcome.failures.end()) {
            row.reason = fmt::format("trajectory {}: {}", failure->trajectory, failure->reason);
            row.replay = replay_command(replays.at(design), failure->trajectory);
        }
        results.rows.push_back(std::move(row));
    }
    const double sign = options.least ? 1 : -1;
    std::ranges::stable_sort(results.rows, {}, [sign](const SelectionRow& row) {
        const double mean =
            std::isnan(row.mean.value) ? std::numeric_limits<double>::infinity() : sign * row.mean.value;
        return std::tuple(rank_of(row), row.is_out ? -static_cast<double>(row.trajectories) : 0.0, mean);
    });
    return results;
}

TerminalTable selection_table(const SelectionResults& results, std::size_t most) {
    TerminalTable table{
        .title = fmt::format("the {} {}", results.least ? "smallest" : "largest", results.observable.name),
        .columns = {{"candidate", Alignment::left},
                    {"mean [95%]"},
                    {"less the best [95%]"},
                    {"trajectories"},
                    {"", Alignment::left}},
        .rows = {}};
    for (std::size_t i = 0; i < std::min(most, results.rows.size()); ++i) {
        const SelectionRow& row = results.rows[i];
        const Emphasis emphasis = row.outcome == "best"     ? Emphasis::strong
                                  : row.outcome == "failed" ? Emphasis::bad
                                  : row.is_out              ? Emphasis::faint
                                                            : Emphasis::none;
        const std::string mean =
            std::isnan(row.mean.value)
                ? "–"
                : interval_text({row.mean.value, row.mean.interval.low, row.mean.interval.high},
                                results.observable.dimension);
        table.rows.push_back({TableCell(row.name, emphasis), TableCell(mean, emphasis),
                              TableCell(behind_text(row.difference), emphasis),
                              TableCell(fmt::format("{}", row.trajectories), emphasis),
                              TableCell(outcome_text(row), emphasis)});
    }
    return table;
}

std::string verdict_text(const SelectionResults& results) {
    const SelectionStanding& standing = results.standing;
    if (!standing.best) return {};
    const SelectionRow& best = results.rows.front();
    const std::string asked = probability_text(results.rule.probability);
    const std::string sort = results.rule.method == SelectionMethod::ocba ? ", as estimated" : "";
    std::string text;
    if (standing.is_reached()) {
        text =
            fmt::format("best: {}, with a probability of {}{}: no other is better by {} or more\n", best.name,
                        probability_text(standing.probability), sort, indifference_text(results));
    } else {
        text = fmt::format(
            "not decided: {} is ahead after {} trajectories, with a probability of {}{}, not the {} asked "
            "for\nthat no other is better by {} or more\n",
            best.name, standing.lived, probability_text(standing.probability), sort, asked,
            indifference_text(results));
        if (!results.interrupted)
            text +=
                "what decides sooner: more --trajectories, a larger --indifference, a lower --probability\n";
    }
    for (const SelectionRow& row : results.rows)
        if (row.outcome == "tied")
            text += fmt::format("{} gave the same in each of {} trajectories\n", row.name, row.trajectories);
    const std::uint64_t equal = standing.lived * results.rows.size();
    if (10 * equal > 11 * standing.work)
        text += fmt::format(
            "{} trajectories in all, where {} each would have been {}: {:.2g} times as many\n", standing.work,
            standing.lived, equal, static_cast<double>(equal) / static_cast<double>(standing.work));
    text += gaps_text(results);
    const bool is_heavy = std::ranges::any_of(
        results.rows, [](const SelectionRow& row) { return row.heavy_tailed && !row.is_out; });
    if (is_heavy)
        text +=
            "a few large values decide this mean: the probability may be lower than it says; a median or a "
            "share has no such trouble\n";
    return text;
}

std::string name_of(SelectionMethod method) {
    return method == SelectionMethod::ocba ? "ocba" : "kim_nelson";
}

std::string name_of(SelectionEnd end, SelectionMethod method) {
    switch (end) {
        case SelectionEnd::under_way:
            return "interrupted";
        case SelectionEnd::one_left:
            return method == SelectionMethod::ocba ? "probability_reached" : "one_left";
        case SelectionEnd::ties_left:
            return "ties_left";
        case SelectionEnd::budget_spent:
            return "budget_spent";
        case SelectionEnd::none_left:
            return "none_left";
        case SelectionEnd::nothing_to_look_at:
            return "nothing_to_look_at";
    }
    return {};
}

std::string selection_csv(const SelectionResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title :
         {"candidate", "outcome", "observable", "unit", "mean", "lower_95", "upper_95", "standard_error",
          "difference", "difference_lower_95", "difference_upper_95", "trajectories", "values",
          "eliminated_at", "beaten_by", "heavy_tailed", "reason", "replay"})
        csv.text(title);
    csv.end_row();
    for (const SelectionRow& row : results.rows) {
        csv.text(row.name)
            .text(row.outcome)
            .text(results.observable.name)
            .text(udunits_of(results.observable.dimension));
        for (const double value :
             {row.mean.value, row.mean.interval.low, row.mean.interval.high, row.standard_error,
              row.difference.value, row.difference.interval.low, row.difference.interval.high})
            csv.number(value);
        csv.whole(static_cast<std::int64_t>(row.trajectories)).whole(static_cast<std::int64_t>(row.values));
        if (row.is_out)
            csv.whole(static_cast<std::int64_t>(row.trajectories));
        else
            csv.missing();
        csv.text(row.beaten_by).text(row.heavy_tailed ? "true" : "false").text(row.reason).text(row.replay);
        csv.end_row();
    }
    return text;
}

Dataset selection_dataset(const SelectionResults& results) {
    constexpr std::array<std::string_view, 3> statistics = {"value", "lower_95", "upper_95"};
    const std::string unit(udunits_of(results.observable.dimension));
    Dataset dataset;
    dataset.attributes = {{"title", results.title},
                          {"source", "Venturi " + build_information().version},
                          {"seed", static_cast<std::int64_t>(results.seed)},
                          {"observable", results.observable.name},
                          {"best_is", std::string(results.least ? "least" : "most")},
                          {"method", name_of(results.rule.method)},
                          {"ending", name_of(results.standing.end, results.rule.method)}};
    dataset.axes = {{"candidate", results.rows.size()}, {"statistic", statistics.size()}};
    const auto labels = [&](const char* name, const char* meaning, std::string SelectionRow::*member) {
        std::vector<std::string> values;
        for (const SelectionRow& row : results.rows) values.push_back(row.*member);
        dataset.variables.push_back({name, {"candidate"}, "", meaning, std::move(values)});
    };
    labels("candidate", "the best first, then who stayed longest", &SelectionRow::name);
    dataset.variables.push_back({"statistic",
                                 {"statistic"},
                                 "",
                                 "value and the ends of its 95% interval",
                                 std::vector<std::string>(statistics.begin(), statistics.end())});
    labels("outcome", "what became of the candidate", &SelectionRow::outcome);
    labels("beaten_by", "who sent it out; empty where nobody did", &SelectionRow::beaten_by);
    const auto banded = [&](const char* name, const std::string& meaning, Finding SelectionRow::*member) {
        std::vector<double> values;
        for (const SelectionRow& row : results.rows) {
            const Finding& finding = row.*member;
            values.insert(values.end(), {finding.value, finding.interval.low, finding.interval.high});
        }
        dataset.variables.push_back({name, {"candidate", "statistic"}, unit, meaning, std::move(values)});
    };
    banded("mean", std::string(results.observable.meaning) + ", mean over trajectories", &SelectionRow::mean);
    banded("difference", "the candidate less the best, mean over trajectories that both have",
           &SelectionRow::difference);
    std::vector<double> standard_errors;
    std::vector<double> left;
    std::vector<std::int64_t> trajectories;
    std::vector<std::int64_t> values;
    std::vector<std::int64_t> heavy;
    for (const SelectionRow& row : results.rows) {
        standard_errors.push_back(row.standard_error);
        left.push_back(row.is_out ? static_cast<double>(row.trajectories) : not_known);
        trajectories.push_back(static_cast<std::int64_t>(row.trajectories));
        values.push_back(static_cast<std::int64_t>(row.values));
        heavy.push_back(row.heavy_tailed ? 1 : 0);
    }
    dataset.variables.push_back(
        {"standard_error", {"candidate"}, unit, "standard error of the mean", std::move(standard_errors)});
    dataset.variables.push_back(
        {"trajectories", {"candidate"}, "1", "trajectories that it lived", std::move(trajectories)});
    dataset.variables.push_back({"values",
                                 {"candidate"},
                                 "1",
                                 "trajectories in which there was something to look at",
                                 std::move(values)});
    dataset.variables.push_back({"eliminated_at",
                                 {"candidate"},
                                 "1",
                                 "trajectories after which it was out; missing where it never was",
                                 std::move(left)});
    dataset.variables.push_back({"heavy_tailed",
                                 {"candidate"},
                                 "1",
                                 "1 where a few large values decide the mean, else 0",
                                 std::move(heavy)});
    const auto number = [&](const char* name, const std::string& of, const char* meaning, double value) {
        dataset.variables.push_back({name, {}, of, meaning, std::vector<double>{value}});
    };
    number("probability", "1", "that no other candidate is better by the indifference",
           results.standing.probability);
    number("probability_asked", "1", "the probability that was asked for", results.rule.probability);
    number("indifference", unit, "a difference that is not worth finding", results.standing.indifference);
    return dataset;
}

Json selection_json(const SelectionResults& results) {
    const SelectionStanding& standing = results.standing;
    Json json = {{"best", standing.best ? Json(results.rows.front().name) : Json(nullptr)},
                 {"probability", standing.probability},
                 {"probability_asked", results.rule.probability},
                 {"reached", standing.is_reached()},
                 {"guaranteed", results.rule.method == SelectionMethod::kim_nelson && standing.is_reached()},
                 {"ending", name_of(standing.end, results.rule.method)},
                 {"method", name_of(results.rule.method)},
                 {"observable", results.observable.name},
                 {"unit", udunits_of(results.observable.dimension)},
                 {"best_is", results.least ? "least" : "most"},
                 {"indifference", number_or_infinity(standing.indifference)},
                 {"tied", Json::array()},
                 {"trajectories_of_the_best", standing.lived},
                 {"trajectories_in_all", standing.work},
                 {"candidates", Json::array()}};
    for (const SelectionRow& row : results.rows) {
        if (row.outcome == "tied") json["tied"].push_back(row.name);
        json["candidates"].push_back(
            {{"name", row.name},
             {"outcome", row.outcome},
             {"mean", number_or_infinity(row.mean.value)},
             {"confidence_interval", ends_or_infinity(row.mean.interval)},
             {"difference", number_or_infinity(row.difference.value)},
             {"difference_confidence_interval", ends_or_infinity(row.difference.interval)},
             {"trajectories", row.trajectories},
             {"values", row.values},
             {"eliminated_at", row.is_out ? Json(row.trajectories) : Json(nullptr)},
             {"beaten_by", text_or_nothing(row.beaten_by)},
             {"heavy_tailed", row.heavy_tailed},
             {"reason", text_or_nothing(row.reason)},
             {"replay", text_or_nothing(row.replay)}});
    }
    return json;
}

}  // namespace venturi
