#include "analysis/report/decision_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/quantity_text.hpp"
#include "scenarios/counted.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;
using optimiser::Index;

/// A number of the decision, at the start and at the end.
struct NumberOfDecision {
    DecidedNumber of;
    double start;
    double best;
    bool is_known = true;  ///< or else a share of a stage that no company came to

    // A share comes near to its floor and never reaches it; what lies within a hundredth of a range counts.
    [[nodiscard]] double slack() const { return of.is_share ? 0.02 * of.low : 0.01 * (of.high - of.low); }
    [[nodiscard]] bool at_low() const {
        return is_known && (!of.is_share || of.low > 0) && best <= of.low + slack();
    }
    [[nodiscard]] bool at_high() const { return !of.is_share && best >= of.high - slack(); }
    [[nodiscard]] const char* bound() const { return at_low() ? "low" : at_high() ? "high" : ""; }
    [[nodiscard]] double part(double value) const {
        return of.is_share ? value : (value - of.low) / (of.high - of.low);
    }
};

std::vector<NumberOfDecision> numbers_in(const DecisionResults& results) {
    std::vector<NumberOfDecision> numbers;
    Index place = 0;
    for (const DecidedNumber& of : numbers_of(results.question.decision, results.stages)) {
        const auto shown = [&](double value) { return of.whole ? std::round(value) : value; };
        numbers.push_back({of, shown(results.found.start[place]), shown(results.found.decision[place]),
                           !is_of_stage_never_reached(results, static_cast<std::size_t>(place))});
        ++place;
    }
    return numbers;
}

Dimension dimension_of_aim(const DecisionResults& results) {
    return results.question.aim.of.dimension;
}

std::string measured_text(const Measured& measured, Dimension dimension) {
    return interval_with_units_text({measured.value, measured.interval.low, measured.interval.high},
                                    dimension);
}

/// By how much a bound is looser, in the price that is printed.
struct PriceUnit {
    double size;
    const char* name;
};

PriceUnit price_unit(Dimension dimension) {
    switch (dimension) {
        case Dimension::share:
            return {0.01, "percentage point"};
        case Dimension::money:
        case Dimension::money_per_month:
            return {1e6, "$1M"};
        case Dimension::duration:
            return {1, "month"};
        default:
            return {1, "1"};
    }
}

Json measured_json(const Measured& measured) {
    return {{"value", number_or_null(measured.value)},
            {"standard_error", number_or_null(measured.standard_error)},
            {"confidence_interval", ends_or_null(measured.interval)}};
}

const char* robust_name(const WorldQuestion& question) {
    return question.robust_by == RobustBy::worst ? "worst" : "mean";
}

/// What the aim is of, in words; where it is no mean, it is none over companies.
std::string meaning_of(const WorldAim& aim) {
    constexpr std::string_view of_a_mean = ", the mean over companies";
    std::string meaning = aim.of.meaning;
    if (!aim.statistic.is_mean() && meaning.ends_with(of_a_mean))
        meaning.replace(meaning.size() - of_a_mean.size(), of_a_mean.size(), ", over all companies");
    return meaning;
}

void add_at_path(Json& tree, const std::string& path, const std::string& value) {
    Json* at = &tree;
    std::size_t begin = 0;
    for (std::size_t end = path.find('.'); end != std::string::npos; end = path.find('.', begin)) {
        at = &(*at)[path.substr(begin, end - begin)];
        begin = end + 1;
    }
    (*at)[path.substr(begin)] = value;
}

void append_yaml(std::string& text, const Json& tree, const std::string& indent) {
    for (const auto& [name, value] : tree.items()) {
        if (value.is_object()) {
            text += fmt::format("{}{}:\n", indent, name);
            append_yaml(text, value, indent + "  ");
        } else if (value.is_number()) {
            text += fmt::format("{}{}: {}\n", indent, name, value.get<double>());
        } else {
            text += fmt::format("{}{}: {}\n", indent, name, value.dump());
        }
    }
}

/// The mix's shares as an object; by stage where there are several rows.
Json mix_of_decision(const DecisionResults& results, const optimiser::Vector& decision) {
    Json json = Json::object();
    const auto numbers = numbers_of(results.question.decision, results.stages);
    const std::size_t rows = results.question.decision.rows;
    for (std::size_t i = 0; i < rows * share_names().size(); ++i) {
        Json& row = rows == 1 ? json : json[results.stages[i / share_names().size()]];
        row[share_names()[i % share_names().size()]] = decision[static_cast<Index>(i)];
    }
    return json;
}

}  // namespace

bool is_of_stage_never_reached(const DecisionResults& results, std::size_t number) {
    const std::size_t row = number / share_names().size();
    const std::vector<std::uint64_t>& companies_at = results.measured.companies_at;
    return results.question.decision.rows > 1 && row < companies_at.size() && companies_at[row] == 0;
}

Interval flat_range_of(const DecisionResults& results, std::size_t number) {
    const DecidedNumber of = numbers_of(results.question.decision, results.stages)[number];
    const double best = results.found.decision[static_cast<Index>(number)];
    std::vector<GainOfValue> tried;
    for (const DecisionFlatnessPoint& point : results.flatness)
        if (point.number == number)
            tried.push_back({point.value, point.gain.value, point.gain.standard_error});
    const Interval range = flat_range_around(of.whole ? std::round(best) : best, std::move(tried));
    return {std::max(range.low, std::min(best, of.low)), std::min(range.high, std::max(best, of.high))};
}

TerminalTable decision_table(const DecisionResults& results) {
    TerminalTable table{
        .title = "Decision", .columns = {{"number", Alignment::left}, {"start"}, {"best"}}, .rows = {}};
    if (!results.flatness.empty())
        table.columns.push_back({"as good within a standard error", Alignment::left});
    table.columns.push_back({"", Alignment::left});
    std::size_t place = 0;
    for (const NumberOfDecision& number : numbers_in(results)) {
        std::vector<TableCell> cells{
            number.of.name, quantity_text(number.start, number.of.dimension),
            number.is_known ? TableCell(quantity_text(number.best, number.of.dimension), Emphasis::strong)
                            : TableCell("–")};
        const std::size_t at = place++;
        if (!results.flatness.empty()) {
            const Interval range = flat_range_of(results, at);
            cells.emplace_back(number.is_known
                                   ? fmt::format("{} to {}", quantity_text(range.low, number.of.dimension),
                                                 quantity_text(range.high, number.of.dimension))
                                   : "–");
        }
        if (!number.is_known) cells.emplace_back("no company came this far");
        if (number.at_low())
            cells.emplace_back(number.of.is_share ? "held by the floor" : "held by its lower bound");
        else if (number.at_high())
            cells.emplace_back("held by its upper bound");
        table.rows.push_back(std::move(cells));
    }
    return table;
}

TerminalTable constraint_table(const DecisionResults& results) {
    TerminalTable table{.title = "Constraints",
                        .columns = {{"constraint", Alignment::left},
                                    {"with the best"},
                                    {"at 95%", Alignment::left},
                                    {"a looser bound would bring", Alignment::left}},
                        .rows = {}};
    for (std::size_t i = 0; i < results.constraints.size(); ++i) {
        const MeasuredConstraint& constraint = results.measured.constraints[i];
        const Dimension dimension = results.question.constraints[i].aim.of.dimension;
        const PriceUnit unit = price_unit(dimension);
        std::string price;
        if (constraint.binds && std::isfinite(constraint.price.value))
            price = fmt::format("{} for one {} more",
                                interval_with_units_text({constraint.price.value * unit.size,
                                                          constraint.price.interval.low * unit.size,
                                                          constraint.price.interval.high * unit.size},
                                                         dimension_of_aim(results)),
                                unit.name);
        table.rows.push_back({results.constraints[i], measured_text(constraint.value, dimension),
                              constraint.verdict != Verdict::met ? name_of(constraint.verdict)
                              : constraint.binds                 ? "met, and binds"
                                                                 : "met, with room",
                              constraint.binds ? price : "nothing"});
    }
    return table;
}

TerminalTable scenario_table(const DecisionResults& results) {
    TerminalTable table{
        .title = fmt::format("Scenarios, of which the {} counts", robust_name(results.question)),
        .columns = {{"scenario", Alignment::left}, {"with the best"}, {"over the start"}, {"weight"}},
        .rows = {}};
    const Dimension dimension = dimension_of_aim(results);
    for (std::size_t i = 0; i < results.question.scenarios.size() && results.question.scenarios.size() > 1;
         ++i) {
        const MeasuredScenario& scenario = results.measured.scenarios[i];
        table.rows.push_back({results.question.scenarios[i].name, measured_text(scenario.value, dimension),
                              measured_text(scenario.over_start, dimension),
                              quantity_text(scenario.weight, Dimension::share)});
    }
    return table;
}

std::string aim_text(const DecisionResults& results) {
    const DecisionMeasurement& measured = results.measured;
    const Dimension dimension = dimension_of_aim(results);
    std::string text = fmt::format(
        "{} ({}){}: {} with the best decision\n  over the start          {}\n", results.question.aim.name(),
        meaning_of(results.question.aim),
        results.question.scenarios.size() > 1 ? fmt::format(
            ", the {} of {} scenarios", robust_name(results.question), results.question.scenarios.size())
                                              : "",
        measured_text(measured.value, dimension), measured_text(measured.over_start, dimension));
    if (results.question.decision.moves_mix())
        text += fmt::format("  over equal shares       {}\n",
                            measured_text(measured.over_equal_shares, dimension));
    return text
           + fmt::format("paired differences with 95% intervals, over {} that the search has never seen\n",
                         counted(measured.completed, "trajectory"));
}

std::string tail_warning(const std::string& objective, const TailIndex& tail) {
    if (!tail.is_heavy()) return "";
    return fmt::format(
        "the tail of '{}' has an index of {:.2g} ± {:.1g} (Hill): {}, and its interval is not to be "
        "believed; "
        "the top 1% of companies hold {} of the sum. Rather ask for a utility (log_proceeds, or "
        "crra_proceeds with --aversion) or a quantile ('median of {}', 'quantile 90% of {}')",
        objective, tail.index, 1.96 * tail.standard_error,
        tail.may_lack_mean() ? "its mean may not exist"
        : tail.index <= 2    ? "its mean has no variance"
                             : "whether its mean has a variance can't be told",
        quantity_text(tail.top_share, Dimension::share), objective, objective);
}

std::vector<std::string> decision_warnings(const DecisionResults& results) {
    std::vector<std::string> warnings;
    for (const MovedStart& each :
         starts_moved_to_bounds(results.question.decision, results.question.scenarios.front().scenario))
        warnings.push_back(
            fmt::format("{} is {:.6g} in the scenario, beyond the bounds of --over: the search starts at "
                        "{:.6g}, and gains are over that",
                        each.path, each.own, each.start));
    if (!results.found.aim_is_moved)
        warnings.push_back(fmt::format(
            "no step in what is decided ever changed '{}' in a history: there is nothing to optimise{}",
            results.question.aim.name(),
            results.question.aim.statistic.kind == RangeStatistic::Kind::quantile
                ? "; where most companies come to the same, another quantile may tell them apart"
                : ""));
    for (std::size_t i = 0; i < results.constraints.size(); ++i) {
        const MeasuredConstraint& constraint = results.measured.constraints[i];
        const WorldConstraint& bounded = results.question.constraints[i];
        const Dimension dimension = bounded.aim.of.dimension;
        const bool is_moved = results.found.constraint_is_moved[i];
        const auto off = [&] {
            const double by = std::abs(constraint.excess);
            return dimension == Dimension::share ? fmt::format("{:.3g} percentage points", 100 * by)
                                                 : quantity_text(by, dimension);
        };
        const char* const beyond = bounded.at_least ? "too little" : "too much";
        if (constraint.verdict == Verdict::not_known)
            warnings.push_back(
                fmt::format("'{}' is not known to be met: it is {}, by the estimate {}, and the 95% interval "
                            "has the bound "
                            "in it; a larger --check tells better, a tighter bound leaves room",
                            results.constraints[i], measured_text(constraint.value, dimension),
                            constraint.excess > 0   ? fmt::format("{} {}", off(), beyond)
                            : constraint.excess < 0 ? fmt::format("{} to spare", off())
                                                    : "on the bound"));
        else if (constraint.verdict == Verdict::not_met)
            warnings.push_back(fmt::format("'{}' is not met: it is {}, {} {}; {}", results.constraints[i],
                                           measured_text(constraint.value, dimension), off(), beyond,
                                           !is_moved ? "nothing that is decided moves it"
                                           : std::isnan(constraint.price.value)
                                               ? "that is the least violation that the search came to"
                                               : "on the search's own histories it was met, which a "
                                                 "larger --budget would tell better"));
        else if (!is_moved)
            warnings.push_back(
                fmt::format("'{}' is met, and nothing that is decided moves it", results.constraints[i]));
    }
    // The logarithm of whatever has a tail has none to speak of.
    const WorldObjective& of = results.question.aim.of;
    if (results.question.aim.statistic.is_mean()
        && (of.dimension == Dimension::money || of.name == "crra_proceeds")) {
        std::string heavy = tail_warning(of.name, results.measured.tail);
        if (!heavy.empty()) warnings.push_back(std::move(heavy));
    }
    return warnings;
}

std::string decision_csv(const DecisionResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("number").text("start").text("best").text("low").text("high").text("at_bound").end_row();
    for (const NumberOfDecision& number : numbers_in(results)) {
        csv.text(number.of.name).number(number.start);
        if (number.is_known)
            csv.number(number.best);
        else
            csv.missing();
        csv.number(number.of.low).number(number.of.high).text(number.bound()).end_row();
    }
    return text;
}

std::string constraints_csv(const DecisionResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("constraint").text("bound").text("value").text("standard_error").text("low").text("high");
    csv.text("excess").text("met");
    csv.text("binds").text("price").text("price_standard_error").end_row();
    for (std::size_t i = 0; i < results.constraints.size(); ++i) {
        const MeasuredConstraint& constraint = results.measured.constraints[i];
        csv.text(results.constraints[i]).number(results.question.constraints[i].bound);
        csv.number(constraint.value.value).number(constraint.value.standard_error);
        csv.number(constraint.value.interval.low).number(constraint.value.interval.high);
        csv.number(constraint.excess);
        if (constraint.verdict == Verdict::not_known)
            csv.missing();
        else
            csv.text(constraint.verdict == Verdict::met ? "true" : "false");
        csv.text(constraint.binds ? "true" : "false");
        csv.number(constraint.price.value).number(constraint.price.standard_error).end_row();
    }
    return text;
}

std::string scenarios_csv(const DecisionResults& results) {
    std::string text;
    CsvWriter csv(text);
    csv.text("scenario").text("value").text("standard_error").text("over_start");
    csv.text("over_start_standard_error").text("weight").end_row();
    for (std::size_t i = 0; i < results.question.scenarios.size(); ++i) {
        const MeasuredScenario& scenario = results.measured.scenarios[i];
        csv.text(results.question.scenarios[i].name);
        csv.number(scenario.value.value).number(scenario.value.standard_error);
        csv.number(scenario.over_start.value).number(scenario.over_start.standard_error);
        csv.number(scenario.weight).end_row();
    }
    return text;
}

std::string decision_path_csv(const DecisionResults& results) {
    std::string text;
    CsvWriter csv(text);
    const bool in_each = results.question.is_worst_of_several();
    const auto columns = [&](const char* of) {
        for (const std::string& constraint : results.constraints)
            for (std::size_t s = 0; s < (in_each ? results.question.scenarios.size() : 1); ++s)
                csv.text(fmt::format("{} of {}{}", of, constraint,
                                     in_each ? " in " + results.question.scenarios[s].name : ""));
    };
    csv.text("step").text("forward_runs").text("value").text("standard_error").text("gradient_norm");
    csv.text("step_length");
    columns("excess");
    columns("price");
    for (const DecidedNumber& number : numbers_of(results.question.decision, results.stages))
        csv.text(number.name);
    csv.end_row();
    for (const optimiser::Iteration& step : results.found.log) {
        csv.whole(static_cast<std::int64_t>(step.step)).number(step.forward_runs).number(step.value);
        csv.number(step.value_error).number(step.gradient_norm).number(step.learning_rate);
        for (const double excess : step.constraint_values) csv.number(excess);
        for (const double price : step.multipliers) csv.number(price);
        for (const double number : step.decision) csv.number(number);
        csv.end_row();
    }
    return text;
}

std::string decision_path_svg(const DecisionResults& results) {
    const PlotAxis runs{
        .label = "forward runs", .low = 0, .high = static_cast<double>(results.found.forward_runs)};
    LinePlot parts{
        .title = "The way to the best decision",
        .subtitle = results.title + changed_settings_text(results.settings),
        .x = runs,
        .y = {
            .label = "share, or part of the range between bounds", .dimension = Dimension::share, .low = 0}};
    // As many as can be told apart: those that have moved furthest.
    constexpr std::size_t most_lines = 8;
    std::vector<NumberOfDecision> numbers = numbers_in(results);
    std::vector<std::size_t> order(numbers.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto moved = [&](std::size_t i) {
        return std::abs(numbers[i].part(numbers[i].best) - numbers[i].part(numbers[i].start));
    };
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return moved(a) > moved(b); });
    if (order.size() > most_lines) {
        order.resize(most_lines);
        parts.subtitle +=
            fmt::format("; the {} of {} numbers that moved furthest", most_lines, numbers.size());
    }
    std::ranges::sort(order);
    for (const std::size_t i : order) {
        PlotLine line{.name = numbers[i].of.name, .x = {}, .y = {}};
        double before = 0;
        for (const optimiser::Iteration& step : results.found.log) {
            line.x.push_back(before);
            line.y.push_back(numbers[i].part(step.decision[static_cast<Index>(i)]));
            before = step.forward_runs;
        }
        line.x.push_back(static_cast<double>(results.found.forward_runs));
        line.y.push_back(numbers[i].part(results.found.decision[static_cast<Index>(i)]));
        parts.lines.push_back(std::move(line));
    }
    const Measured& measured = results.measured.value;
    return two_panels_svg(parts, objective_on_the_way(results.found.log, runs,
                                                      {.label = results.question.aim.name(),
                                                       .dimension = dimension_of_aim(results)},
                                                      measured.value, measured.interval));
}

std::string best_decision_yaml(const DecisionResults& results, const std::string& base) {
    std::string text =
        fmt::format("# The best decision for {} that was found from {} forward runs.\n{}extends: {}\n",
                    results.question.aim.name(), results.found.forward_runs,
                    settings_comment(results.settings), Json(base).dump());
    Json tree = Json::object();
    const WorldDecision& decision = results.question.decision;
    if (decision.moves_mix())
        tree["startups"][results.question.group][decision.rows == 1 ? "mix" : "mix_by_stage"] =
            mix_of_decision(results, results.found.decision);
    for (const std::string& setting : factor_settings_in(decision, results.found.decision)) {
        const std::size_t equals = setting.find('=');
        add_at_path(tree, setting.substr(0, equals), setting.substr(equals + 1));
    }
    append_yaml(text, tree, "");
    return text;
}

Json decision_json(const DecisionResults& results) {
    const DecisionMeasurement& measured = results.measured;
    Json json = {{"objective", results.question.aim.name()}};
    const WorldDecision& decision = results.question.decision;
    if (decision.moves_mix()) {
        json["mix"] = mix_of_decision(results, results.found.decision);
        json["start"] = mix_of_decision(results, results.found.start);
    }
    Json parameters = Json::object();
    Json bound = Json::array();
    const auto numbers = numbers_in(results);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const NumberOfDecision& number = numbers[i];
        if (number.at_low() || number.at_high()) bound.push_back(number.of.name);
        if (i < decision.rows * share_names().size()) continue;
        parameters[number.of.name] = {{"start", number.start},
                                      {"best", number.best},
                                      {"low", number.of.low},
                                      {"high", number.of.high},
                                      {"at_bound", number.bound()}};
    }
    if (!parameters.empty()) json["parameters"] = std::move(parameters);
    json["at_bound"] = std::move(bound);
    if (decision.rows > 1) {
        Json stages = Json::array();
        for (std::size_t row = 0; row < decision.rows; ++row)
            if (is_of_stage_never_reached(results, row * share_names().size()))
                stages.push_back(results.stages[row]);
        json["stages_never_reached"] = std::move(stages);
    }
    if (!results.flatness.empty()) {
        Json flat = Json::object();
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const Interval range = flat_range_of(results, i);
            if (numbers[i].is_known) flat[numbers[i].of.name] = {range.low, range.high};
        }
        json["as_good_within_a_standard_error"] = std::move(flat);
    }
    json["value"] = number_or_null(measured.value.value);
    json["standard_error"] = number_or_null(measured.value.standard_error);
    json["gain"] = number_or_null(measured.over_start.value);
    json["gain_confidence_interval"] = ends_or_null(measured.over_start.interval);
    if (decision.moves_mix()) {
        json["gain_over_equal_shares"] = number_or_null(measured.over_equal_shares.value);
        json["gain_over_equal_shares_confidence_interval"] =
            ends_or_null(measured.over_equal_shares.interval);
    }
    Json constraints = Json::array();
    for (std::size_t i = 0; i < results.constraints.size(); ++i) {
        const MeasuredConstraint& constraint = measured.constraints[i];
        Json each = {{"constraint", results.constraints[i]},
                     {"bound", results.question.constraints[i].bound}};
        each.update(measured_json(constraint.value));
        each.update(
            {{"excess", number_or_null(constraint.excess)},
             {"verdict", name_of(constraint.verdict)},
             {"met", constraint.verdict == Verdict::not_known ? Json(nullptr)
                                                              : Json(constraint.verdict == Verdict::met)},
             {"binds", constraint.binds},
             {"price", number_or_null(constraint.price.value)},
             {"price_standard_error", number_or_null(constraint.price.standard_error)},
             {"price_confidence_interval", ends_or_null(constraint.price.interval)}});
        constraints.push_back(std::move(each));
    }
    if (!constraints.empty()) json["constraints"] = std::move(constraints);
    if (results.question.scenarios.size() > 1) {
        json["robust_by"] = robust_name(results.question);
        Json scenarios = Json::array();
        for (std::size_t i = 0; i < results.question.scenarios.size(); ++i) {
            const MeasuredScenario& scenario = measured.scenarios[i];
            Json each = {{"scenario", results.question.scenarios[i].name}};
            each.update(measured_json(scenario.value));
            each.update({{"gain", number_or_null(scenario.over_start.value)},
                         {"gain_confidence_interval", ends_or_null(scenario.over_start.interval)},
                         {"weight", number_or_null(scenario.weight)}});
            scenarios.push_back(std::move(each));
        }
        json["scenarios"] = std::move(scenarios);
    }
    json["tail_index"] = number_or_null(measured.tail.index);
    json["tail_index_standard_error"] = number_or_null(measured.tail.standard_error);
    json["forward_runs"] = results.found.forward_runs;
    json["forward_runs_of_measurement"] = measured.forward_runs;
    Json notes = Json::array();
    for (const std::string& warning : decision_warnings(results)) notes.push_back(warning);
    json["notes"] = std::move(notes);
    return json;
}

}  // namespace venturi
