#include "analysis/report/sensitivity_report.hpp"

#include "analysis/report/caption.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/tornado_picture.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

bool has_indices(const SensitivityResults& results) {
    return !results.shares.observables.empty() && results.shares.stage.whole > 0;
}

const std::string& kept_path(const SensitivityResults& results, std::size_t input) {
    return results.factors.factors[results.kept[input]].path;
}

bool ever_changes(const SensitivityResults& results, std::size_t factor) {
    return std::ranges::any_of(results.screening.effects,
                               [&](const auto& effects) { return effects[factor].changes; });
}

bool is_kept(const SensitivityResults& results, std::size_t factor) {
    return std::ranges::find(results.kept, factor) != results.kept.end();
}

/// Of the factors that were moved: what became of each.
std::string_view role_of(const SensitivityResults& results, std::size_t factor) {
    if (is_kept(results, factor)) return "indices";
    return ever_changes(results, factor) ? "screened out" : "without effect";
}

std::string share_text(double value, const Interval& interval) {
    return interval_text({value, interval.low, interval.high}, Dimension::share);
}

std::string lines_of(std::string_view head, const std::vector<UnmovedParameter>& parameters) {
    std::string text;
    if (parameters.empty()) return text;
    text += fmt::format("{} ({}):\n", head, parameters.size());
    constexpr std::size_t most_lines = 12;
    for (std::size_t i = 0; i < std::min(parameters.size(), most_lines); ++i)
        text += fmt::format("  {}: {}\n", parameters[i].path, parameters[i].why);
    if (parameters.size() > most_lines)
        text += fmt::format("  and {} more, in design.csv\n", parameters.size() - most_lines);
    return text;
}

std::string ends_text(const DesignFactor& factor, bool upper) {
    const DesignColumn& column = factor.columns.front();
    if (factor.is_mix()) return upper ? "100%" : "0%";
    return column.text(upper ? factor.range.high : factor.range.low);
}

/// Why an observable has no index of any parameter; empty where it has one.
std::string why_no_index(const ReplicatedIndices& found) {
    if (std::ranges::any_of(found.inputs, [](const ReplicatedIndex& index) {
            return std::isfinite(index.first) || std::isfinite(index.total);
        }))
        return {};
    if (found.points == 0 || found.input_variance > 0)
        return "no base point has a result at all of its places";
    if (found.input_variance == 0 && found.noise_variance == 0) return "it was the same in all histories";
    return "that the parameters move it at all can't be told from luck with so few base points";
}

std::string values_text(const DesignFactor& factor) {
    if (factor.is_mix()) return "simplex";
    if (!factor.listed) return {};
    std::string text;
    for (const std::vector<double>& level : factor.levels)
        text += (text.empty() ? "" : ", ") + factor.columns.front().text(level.front());
    return text;
}

}  // namespace

TerminalTable indices_table(const SensitivityResults& results, std::size_t observable) {
    const ReplicatedIndices& found = results.shares.observables.at(observable);
    TerminalTable table{
        .title = results.observables[observable].name,
        .columns = {{"parameter", Alignment::left}, {"alone [95%]"}, {"with its interactions [95%]"}},
        .rows = {}};
    const bool bounded =
        std::ranges::any_of(found.inputs, [](const ReplicatedIndex& index) { return index.missing > 0; });
    if (bounded) table.columns.push_back({"whatever is missing was"});
    std::vector<std::size_t> order(found.inputs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t one, std::size_t other) {
        return found.inputs[one].total > found.inputs[other].total;
    });
    for (const std::size_t input : order) {
        const ReplicatedIndex& index = found.inputs[input];
        const bool certain = index.total_interval.low > 0;
        std::vector<TableCell> row = {
            TableCell(kept_path(results, input), certain ? Emphasis::strong : Emphasis::none),
            TableCell(share_text(index.first, index.first_interval)),
            TableCell(share_text(index.total, index.total_interval))};
        if (bounded)
            row.emplace_back(fmt::format("{} to {}", quantity_text(index.total_bounds.low, Dimension::share),
                                         quantity_text(index.total_bounds.high, Dimension::share)));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string variance_text(const SensitivityResults& results, std::size_t observable) {
    const ReplicatedIndices& found = results.shares.observables.at(observable);
    const Dimension dimension = results.observables[observable].dimension;
    std::string text = fmt::format(
        "mean {}; parameters move it by {} (standard deviation), luck moves one history by {}: {} of a "
        "history's variance is the parameters'\n",
        quantity_text(found.mean, dimension),
        quantity_text(std::sqrt(std::max(found.input_variance, 0.0)), dimension),
        quantity_text(std::sqrt(found.noise_variance), dimension),
        quantity_text(found.share_of_inputs(), Dimension::share));
    if (!(found.input_variance_interval.low > 0))
        text += "that the parameters move it at all can't be told from luck with so few base points\n";
    std::size_t missing = 0;
    for (const ReplicatedIndex& index : found.inputs) missing = std::max(missing, index.missing);
    if (missing > 0)
        text += fmt::format(
            "{} of {} base points lack a result: indices are of the others, and bounds hold for any results "
            "in the range of those that are known\n",
            missing, results.shares.stage.whole);
    return text;
}

std::string missing_effects_text(const SensitivityResults& results) {
    std::string text;
    for (std::size_t each = 0; each < results.observables.size(); ++each) {
        const std::vector<ElementaryEffect>& effects = results.screening.effects[each];
        std::size_t all = 0;
        std::size_t missing = 0;
        double largest = 0;
        for (const ElementaryEffect& effect : effects) {
            all += effect.effects + effect.missing;
            missing += effect.missing;
            if (effect.mu_star > largest) largest = effect.mu_star;
        }
        if (missing == 0) continue;
        text += fmt::format(
            "screening: {} of {} elementary effects on {} touch a place without a result, and are left out\n",
            missing, all, results.observables[each].name);
        // Where what is missing could make one that stays count as much as those that go on.
        double least_kept = std::numeric_limits<double>::infinity();
        for (const std::size_t factor : results.kept)
            if (std::isfinite(effects[factor].mu_star))
                least_kept = std::min(least_kept, effects[factor].mu_star);
        std::vector<UnmovedParameter> doubtful;
        for (std::size_t factor = 0; factor < effects.size(); ++factor) {
            const ElementaryEffect& effect = effects[factor];
            if (is_kept(results, factor) || effect.missing == 0 || !(effect.mu_star_bounds.high > least_kept))
                continue;
            doubtful.push_back(
                {results.factors.factors[factor].path,
                 fmt::format("{} of its {} effects, {} to {} of the largest", effect.missing,
                             effect.effects + effect.missing,
                             quantity_text(effect.mu_star_bounds.low / largest, Dimension::share),
                             quantity_text(effect.mu_star_bounds.high / largest, Dimension::share))});
        }
        text += lines_of("screened out, though what is missing might have kept them", doubtful);
    }
    return text;
}

std::string left_out_text(const SensitivityResults& results) {
    std::string text;
    std::vector<UnmovedParameter> screened;
    std::vector<UnmovedParameter> idle;
    for (std::size_t factor = 0; factor < results.factors.factors.size(); ++factor) {
        if (is_kept(results, factor)) continue;
        if (!ever_changes(results, factor)) {
            idle.push_back({results.factors.factors[factor].path,
                            "is read, and moved none of the observables in any history"});
            continue;
        }
        double part = 0;
        for (const auto& effects : results.screening.effects) {
            double largest = 0;
            for (const ElementaryEffect& effect : effects)
                if (effect.mu_star > largest) largest = effect.mu_star;
            if (largest > 0) part = std::max(part, effects[factor].mu_star / largest);
        }
        screened.push_back({results.factors.factors[factor].path,
                            fmt::format("moved an observable by {} of what the most influential one does, "
                                        "and stays as in the scenario",
                                        quantity_text(part, Dimension::share))});
    }
    text += lines_of("screened out", screened);
    text += lines_of("without effect", idle);
    text += lines_of("nothing in the scenario reads these", results.factors.unread);
    text += lines_of("not moved", results.factors.without_range);
    return text;
}

std::string indices_csv(const SensitivityResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"parameter", "observable", "first", "first_lower_95", "first_upper_95", "total",
                              "total_lower_95", "total_upper_95", "first_least", "first_most", "total_least",
                              "total_most", "base_points", "missing"})
        csv.text(title);
    csv.end_row();
    if (!has_indices(results)) return text;
    for (std::size_t each = 0; each < results.observables.size(); ++each)
        for (std::size_t input = 0; input < results.kept.size(); ++input) {
            const ReplicatedIndex& index = results.shares.observables[each].inputs[input];
            csv.text(kept_path(results, input)).text(results.observables[each].name);
            for (const double value :
                 {index.first, index.first_interval.low, index.first_interval.high, index.total,
                  index.total_interval.low, index.total_interval.high, index.first_bounds.low,
                  index.first_bounds.high, index.total_bounds.low, index.total_bounds.high})
                csv.number(value);
            csv.whole(static_cast<std::int64_t>(results.shares.stage.whole))
                .whole(static_cast<std::int64_t>(index.missing));
            csv.end_row();
        }
    return text;
}

std::string screening_csv(const SensitivityResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"parameter", "observable", "unit", "mu_star", "mu", "sigma", "noise", "paths",
                              "missing", "mu_star_least", "mu_star_most"})
        csv.text(title);
    csv.end_row();
    for (std::size_t each = 0; each < results.observables.size(); ++each)
        for (std::size_t factor = 0; factor < results.factors.factors.size(); ++factor) {
            const ElementaryEffect& effect = results.screening.effects[each][factor];
            csv.text(results.factors.factors[factor].path)
                .text(results.observables[each].name)
                .text(udunits_of(results.observables[each].dimension))
                .number(effect.mu_star)
                .number(effect.mu)
                .number(effect.sigma)
                .number(effect.noise)
                .whole(static_cast<std::int64_t>(effect.effects))
                .whole(static_cast<std::int64_t>(effect.missing))
                .number(effect.mu_star_bounds.low)
                .number(effect.mu_star_bounds.high);
            csv.end_row();
        }
    return text;
}

std::string variance_csv(const SensitivityResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title :
         {"observable", "unit", "mean", "parameter_variance", "parameter_variance_lower_95",
          "parameter_variance_upper_95", "noise_variance", "share_of_parameters"})
        csv.text(title);
    csv.end_row();
    if (!has_indices(results)) return text;
    for (std::size_t each = 0; each < results.observables.size(); ++each) {
        const ReplicatedIndices& found = results.shares.observables[each];
        csv.text(results.observables[each].name)
            .text(udunits_of(results.observables[each].dimension))
            .number(found.mean)
            .number(found.input_variance)
            .number(found.input_variance_interval.low)
            .number(found.input_variance_interval.high)
            .number(found.noise_variance)
            .number(found.share_of_inputs());
        csv.end_row();
    }
    return text;
}

std::string factors_csv(const SensitivityResults& results) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"parameter", "low", "high", "values", "role", "why"}) csv.text(title);
    csv.end_row();
    for (std::size_t factor = 0; factor < results.factors.factors.size(); ++factor) {
        const DesignFactor& moved = results.factors.factors[factor];
        csv.text(moved.path)
            .text(ends_text(moved, false))
            .text(ends_text(moved, true))
            .text(values_text(moved))
            .text(role_of(results, factor))
            .text("");
        csv.end_row();
    }
    for (const auto& [role, parameters] : {std::pair{"unread", &results.factors.unread},
                                           std::pair{"without range", &results.factors.without_range}})
        for (const UnmovedParameter& parameter : *parameters) {
            csv.text(parameter.path).text("").text("").text("").text(role).text(parameter.why);
            csv.end_row();
        }
    return text;
}

Dataset sensitivity_dataset(const SensitivityResults& results) {
    constexpr std::array<std::string_view, 3> statistics = {"value", "lower_95", "upper_95"};
    Dataset dataset;
    std::vector<std::string> paths;
    for (std::size_t input = 0; input < results.kept.size(); ++input)
        paths.push_back(kept_path(results, input));
    std::vector<std::string> moved;
    for (const DesignFactor& factor : results.factors.factors) moved.push_back(factor.path);
    std::vector<std::string> names;
    for (const TrajectoryObservable& observable : results.observables) names.push_back(observable.name);
    const bool indexed = has_indices(results) && !paths.empty();
    dataset.axes = {{"observable", names.size()}, {"moved", moved.size()}, {"statistic", statistics.size()}};
    if (indexed) dataset.axes.push_back({"parameter", paths.size()});
    dataset.variables.push_back({"observable", {"observable"}, "", "what is looked at", names});
    dataset.variables.push_back({"moved", {"moved"}, "", "parameters that were screened", moved});
    dataset.variables.push_back({"statistic",
                                 {"statistic"},
                                 "",
                                 "estimate and the ends of its 95% interval",
                                 std::vector<std::string>(statistics.begin(), statistics.end())});
    const auto screened = [&](const char* name, double ElementaryEffect::*member, const char* meaning) {
        std::vector<double> values;
        for (const auto& effects : results.screening.effects)
            for (const ElementaryEffect& effect : effects) values.push_back(effect.*member);
        // Each observable has a unit of its own.
        dataset.variables.push_back({name, {"observable", "moved"}, "", meaning, std::move(values)});
    };
    screened("mu_star", &ElementaryEffect::mu_star,
             "mean size of elementary effects, in the observable's unit");
    screened("sigma", &ElementaryEffect::sigma, "their standard deviation");
    screened("noise", &ElementaryEffect::noise, "standard error of one effect");
    std::vector<std::int64_t> missing;
    std::vector<double> least;
    std::vector<double> most;
    for (const auto& effects : results.screening.effects)
        for (const ElementaryEffect& effect : effects) {
            missing.push_back(static_cast<std::int64_t>(effect.missing));
            least.push_back(effect.mu_star_bounds.low);
            most.push_back(effect.mu_star_bounds.high);
        }
    dataset.variables.push_back({"missing_effects",
                                 {"observable", "moved"},
                                 "1",
                                 "elementary effects that touch a place without a result",
                                 std::move(missing)});
    dataset.variables.push_back({"mu_star_least",
                                 {"observable", "moved"},
                                 "",
                                 "least mu_star, whatever the missing effects were",
                                 std::move(least)});
    dataset.variables.push_back({"mu_star_most", {"observable", "moved"}, "", "most of it", std::move(most)});
    if (!indexed) return dataset;
    dataset.variables.push_back({"parameter", {"parameter"}, "", "parameters with indices", paths});
    const auto parts = [&](const char* name, const char* meaning, double ReplicatedIndex::*value,
                           Interval ReplicatedIndex::*interval) {
        std::vector<double> values;
        for (const ReplicatedIndices& each : results.shares.observables)
            for (const ReplicatedIndex& index : each.inputs)
                values.insert(values.end(), {index.*value, (index.*interval).low, (index.*interval).high});
        dataset.variables.push_back(
            {name, {"observable", "parameter", "statistic"}, "1", meaning, std::move(values)});
    };
    parts("first_order", "part of the variance of the expectation that the parameter brings alone",
          &ReplicatedIndex::first, &ReplicatedIndex::first_interval);
    parts("total", "part of the variance of the expectation that it brings with all its interactions",
          &ReplicatedIndex::total, &ReplicatedIndex::total_interval);
    std::vector<double> of_parameters;
    for (const ReplicatedIndices& each : results.shares.observables)
        of_parameters.push_back(each.share_of_inputs());
    dataset.variables.push_back({"share_of_parameters",
                                 {"observable"},
                                 "1",
                                 "part of one history's variance that parameters bring; the rest is luck",
                                 std::move(of_parameters)});
    return dataset;
}

ResultFiles tornado_pictures(const SensitivityResults& results) {
    ResultFiles files;
    if (!has_indices(results)) return files;
    for (std::size_t each = 0; each < results.observables.size(); ++each) {
        const ReplicatedIndices& found = results.shares.observables[each];
        std::string name = results.observables[each].name;
        std::ranges::replace(name, '.', '_');
        const std::string file = "tornado_" + name + ".svg";
        TornadoPicture picture{
            .title =
                fmt::format("{}: what {} depends on", results.base.title, results.observables[each].name),
            .subtitle = with_settings(
                fmt::format("{} base points of {} trajectories, seed {}; parameters bring {} of a history's "
                            "variance, luck the rest",
                            results.shares.stage.whole, results.replications, results.base.run.seed,
                            quantity_text(found.share_of_inputs(), Dimension::share)),
                results.replay.settings),
            .axis = "part of the variance that the parameters bring"};
        if (const std::string why = why_no_index(found); !why.empty()) {
            LinePlot nothing{.title = picture.title, .subtitle = picture.subtitle, .x = {}, .y = {}};
            nothing.if_empty = "Nothing is drawn: " + why;
            files[file] = line_plot_svg(nothing);
            continue;
        }
        for (std::size_t input = 0; input < results.kept.size(); ++input) {
            const ReplicatedIndex& index = found.inputs[input];
            picture.bars.push_back({.name = kept_path(results, input),
                                    .first = index.first,
                                    .first_interval = index.first_interval,
                                    .total = index.total,
                                    .total_interval = index.total_interval});
        }
        files[file] = tornado_svg(picture);
    }
    return files;
}

Json sensitivity_json(const SensitivityResults& results) {
    Json json = {{"indices", Json::array()}, {"variance", Json::array()}, {"screening", Json::array()}};
    if (has_indices(results))
        for (std::size_t each = 0; each < results.observables.size(); ++each) {
            const ReplicatedIndices& found = results.shares.observables[each];
            for (std::size_t input = 0; input < results.kept.size(); ++input) {
                const ReplicatedIndex& index = found.inputs[input];
                json["indices"].push_back({{"parameter", kept_path(results, input)},
                                           {"observable", results.observables[each].name},
                                           {"first", number_or_null(index.first)},
                                           {"first_confidence_interval", ends_or_null(index.first_interval)},
                                           {"first_bounds", ends_or_null(index.first_bounds)},
                                           {"total", number_or_null(index.total)},
                                           {"total_confidence_interval", ends_or_null(index.total_interval)},
                                           {"total_bounds", ends_or_null(index.total_bounds)},
                                           {"missing", index.missing}});
            }
            json["variance"].push_back(
                {{"observable", results.observables[each].name},
                 {"unit", udunits_of(results.observables[each].dimension)},
                 {"mean", number_or_null(found.mean)},
                 {"parameter_variance", number_or_null(found.input_variance)},
                 {"parameter_variance_confidence_interval", ends_or_null(found.input_variance_interval)},
                 {"noise_variance", number_or_null(found.noise_variance)},
                 {"share_of_parameters", number_or_null(found.share_of_inputs())}});
        }
    for (std::size_t each = 0; each < results.observables.size(); ++each)
        for (std::size_t factor = 0; factor < results.factors.factors.size(); ++factor) {
            const ElementaryEffect& effect = results.screening.effects[each][factor];
            json["screening"].push_back({{"parameter", results.factors.factors[factor].path},
                                         {"observable", results.observables[each].name},
                                         {"mu_star", number_or_null(effect.mu_star)},
                                         {"mu", number_or_null(effect.mu)},
                                         {"sigma", number_or_null(effect.sigma)},
                                         {"noise", number_or_null(effect.noise)},
                                         {"effects", effect.effects},
                                         {"missing", effect.missing},
                                         {"mu_star_bounds", ends_or_null(effect.mu_star_bounds)}});
        }
    Json screened = Json::array();
    Json idle = Json::array();
    for (std::size_t factor = 0; factor < results.factors.factors.size(); ++factor)
        if (!is_kept(results, factor))
            (ever_changes(results, factor) ? screened : idle).push_back(results.factors.factors[factor].path);
    json["screened_out"] = std::move(screened);
    json["without_effect"] = std::move(idle);
    for (const auto& [name, parameters] : {std::pair{"unread", &results.factors.unread},
                                           std::pair{"without_range", &results.factors.without_range}}) {
        Json list = Json::array();
        for (const UnmovedParameter& parameter : *parameters)
            list.push_back({{"parameter", parameter.path}, {"why", parameter.why}});
        json[name] = std::move(list);
    }
    return json;
}

Json sensitivity_failures(const SensitivityResults& results) {
    Json list = Json::array();
    for (const auto& [stage, outcome] :
         {std::pair{"screening", &results.screening.stage}, std::pair{"indices", &results.shares.stage}})
        for (const FailedPlace& place : outcome->failures) {
            if (list.size() >= most_failures_told) break;
            Replay replay = results.replay;
            replay.settings.insert(replay.settings.end(), place.settings.begin(), place.settings.end());
            list.push_back({{"trajectory", place.failure.trajectory},
                            {"stage", stage},
                            {"reason", place.failure.reason},
                            {"replay", replay_command(replay, place.failure.trajectory)}});
        }
    return list;
}

}  // namespace venturi
