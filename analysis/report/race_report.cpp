#include "analysis/report/race_report.hpp"

#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/quantity_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

std::string text_of_gain(const WorldProblem& problem, const MixGain& gain) {
    return interval_with_units_text({gain.gain, gain.interval.low, gain.interval.high},
                                    problem.question().objective.dimension);
}

std::string with_stage(const std::string& row, const std::string& name, std::string_view between) {
    return row.empty() ? name : row + std::string(between) + name;
}

}  // namespace

TerminalTable race_table(const WorldProblem& problem, const MixRace& race) {
    TerminalTable table{.title = "The race", .columns = {{"", Alignment::left}}, .rows = {}};
    for (const char* name : race_entry_names) table.columns.push_back({name});
    const auto rows = row_names(problem, race.columns.front().mix.size());
    for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t share = 0; share < share_names().size(); ++share) {
            std::vector<TableCell> cells{with_stage(rows[row], share_names()[share], ": ")};
            for (const RaceColumn& column : race.columns)
                cells.emplace_back(quantity_text(normalised(column.mix[row])[share], Dimension::share));
            table.rows.push_back(std::move(cells));
        }
    const auto add = [&](const char* title, auto cell) {
        std::vector<TableCell> cells{title};
        for (const RaceColumn& column : race.columns) cells.emplace_back(cell(column));
        table.rows.push_back(std::move(cells));
    };
    const Dimension dimension = problem.question().objective.dimension;
    add("where all have it",
        [&](const RaceColumn& column) { return quantity_text(column.value, dimension); });
    add("over the start", [&](const RaceColumn& column) { return text_of_gain(problem, column.over_start); });
    add("one that leaves gains",
        [&](const RaceColumn& column) { return text_of_gain(problem, column.leaving.gain); });
    return table;
}

std::string race_text(const WorldProblem& problem, const MixRace& race) {
    return fmt::format(
        "the cost of the race, everyone's mix over the equilibrium's where all have it: {}\n"
        "everyone: best if all have the same; one: a company's best answer to the scenario's mix, which it "
        "leaves "
        "alone;\nequilibrium: where leaving brings nothing that was found. {} forward runs of two further "
        "searches "
        "and an answer, {} of this comparison\n",
        text_of_gain(problem, race.cost), race.forward_runs, race.forward_runs_of_measurement);
}

std::string race_csv(const WorldProblem& problem, const MixRace& race) {
    std::string text;
    CsvWriter csv(text);
    csv.text("mix").text("number").text("value").text("standard_error").text("low").text("high").end_row();
    const auto rows = row_names(problem, race.columns.front().mix.size());
    const auto add_gain = [&](const char* mix, const char* name, const MixGain& gain) {
        csv.text(mix).text(name).number(gain.gain).number(gain.standard_error);
        csv.number(gain.interval.low).number(gain.interval.high).end_row();
    };
    for (std::size_t entry = 0; entry < race.columns.size(); ++entry) {
        const char* const mix = race_entry_names[entry];
        const RaceColumn& column = race.columns[entry];
        for (std::size_t row = 0; row < rows.size(); ++row)
            for (std::size_t share = 0; share < share_names().size(); ++share) {
                csv.text(mix).text(with_stage(rows[row], share_names()[share], "."));
                csv.number(normalised(column.mix[row])[share]).missing().missing().missing().end_row();
            }
        csv.text(mix).text("value_where_all_have_it").number(column.value).number(column.standard_error);
        csv.missing().missing().end_row();
        add_gain(mix, "gain_over_start", column.over_start);
        add_gain(mix, "gain_of_one_that_leaves", column.leaving.gain);
    }
    add_gain("everyone", "gain_over_equilibrium", race.cost);
    return text;
}

nlohmann::ordered_json gain_json(const MixGain& gain) {
    return {{"gain", number_or_null(gain.gain)},
            {"standard_error", number_or_null(gain.standard_error)},
            {"confidence_interval", ends_or_null(gain.interval)}};
}

nlohmann::ordered_json race_json(const WorldProblem& problem, const MixRace& race) {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (std::size_t entry = 0; entry < race.columns.size(); ++entry) {
        const RaceColumn& column = race.columns[entry];
        json[race_entry_names[entry]] = {{"mix", mix_json(problem, column.mix)},
                                         {"value", number_or_null(column.value)},
                                         {"standard_error", number_or_null(column.standard_error)},
                                         {"over_start", gain_json(column.over_start)},
                                         {"one_that_leaves", deviation_json(problem, column.leaving)}};
    }
    json["cost_of_the_race"] = gain_json(race.cost);
    json["forward_runs"] = race.forward_runs;
    json["forward_runs_of_measurement"] = race.forward_runs_of_measurement;
    return json;
}

std::string deviation_text(const WorldProblem& problem, const Deviation& deviation) {
    return fmt::format(
        "a company that leaves it alone, for the best answer that was found, gains {}\n"
        "(in its own {}; {} fresh trajectories, {} companies in each, one by one)\n{}",
        text_of_gain(problem, deviation.gain), problem.question().objective.name, deviation.completed,
        std::min<std::uint64_t>(leavers_of_trajectory, problem.companies()),
        deviation.gain.interval.low > 0
            ? "so this is no equilibrium yet: a larger --budget follows it further\n"
            : "");
}

nlohmann::ordered_json deviation_json(const WorldProblem& problem, const Deviation& deviation) {
    nlohmann::ordered_json json = gain_json(deviation.gain);
    json["answer"] = mix_json(problem, deviation.answer);
    json["forward_runs"] = deviation.forward_runs;
    return json;
}

}  // namespace venturi
