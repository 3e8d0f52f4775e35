#include "analysis/report/optimum_report.hpp"

#include "analysis/report/csv_writer.hpp"
#include "analysis/report/known_number.hpp"
#include "analysis/report/mix_report.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/race_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <utility>

namespace venturi {

namespace {

std::string with_interval(const WorldProblem& problem, const MixGain& gain) {
    return interval_with_units_text({gain.gain, gain.interval.low, gain.interval.high},
                                    problem.question().objective.dimension);
}

/// The share that moves most, in words.
std::string largest_move(const WorldProblem& problem, const MixRows& from, const MixRows& to) {
    const auto rows = row_names(problem, to.size());
    double largest = 0;
    std::string text = "–";
    for (std::size_t row = 0; row < rows.size(); ++row)
        for (std::size_t share = 0; share < share_names().size(); ++share) {
            const double before = normalised(from[row])[share];
            const double after = normalised(to[row])[share];
            if (std::abs(after - before) <= largest) continue;
            largest = std::abs(after - before);
            text =
                fmt::format("{}{}{} {} → {}", rows[row], rows[row].empty() ? "" : ": ", share_names()[share],
                            quantity_text(before, Dimension::share), quantity_text(after, Dimension::share));
        }
    return text;
}

}  // namespace

std::string price_text(const WorldProblem& problem, const ShadowPrice& price) {
    return fmt::format(
        "a dollar more at the start: $1M more for each company brings {}\n"
        "(from seed rounds {} smaller and larger, {} a company between the two; {} fresh trajectories)\n",
        with_interval(problem, price.of_million), quantity_text(price.part, Dimension::share),
        quantity_text(price.more_money, Dimension::money), price.completed);
}

std::string price_csv(const ShadowPrice& price) {
    std::string text;
    CsvWriter csv(text);
    csv.text("number").text("value").text("standard_error").text("low").text("high").end_row();
    const auto add = [&](const char* name, const MixGain& gain) {
        csv.text(name).number(gain.gain).number(gain.standard_error);
        csv.number(gain.interval.low).number(gain.interval.high).end_row();
    };
    csv.text("dollars_of_company").number(price.more_money).missing().missing().missing().end_row();
    add("gain", price.gain);
    add("gain_of_one_million", price.of_million);
    return text;
}

nlohmann::ordered_json price_json(const ShadowPrice& price) {
    return {{"part_of_seed_round", price.part},
            {"dollars_of_company", number_or_null(price.more_money)},
            {"gain", gain_json(price.gain)},
            {"gain_of_one_million", gain_json(price.of_million)},
            {"forward_runs", price.forward_runs}};
}

TerminalTable sensitivity_table(const WorldProblem& problem, const MixRows& mix,
                                const OptimumSensitivity& sensitivity) {
    TerminalTable table{.title = "The best mix where a parameter is at an end of its plausible range",
                        .columns = {{"parameter", Alignment::left},
                                    {"at"},
                                    {"objective changes by"},
                                    {"most moved", Alignment::left},
                                    {"mix moves by"},
                                    {"lost by the old mix"}},
                        .rows = {}};
    for (const ParameterShift& shift : sensitivity.parameters)
        for (const ShiftedOptimum& end : shift.ends)
            table.rows.push_back({shift.path, end.value, with_interval(problem, end.effect),
                                  largest_move(problem, mix, end.mix),
                                  quantity_text(end.distance, Dimension::share),
                                  with_interval(problem, end.loss)});
    return table;
}

std::string sensitivity_csv(const WorldProblem& problem, const OptimumSensitivity& sensitivity) {
    std::string text;
    CsvWriter csv(text);
    csv.text("parameter").text("value").text("effect").text("effect_error").text("mix_moves_by");
    csv.text("lost_by_old_mix").text("standard_error").text("low").text("high");
    const std::size_t size =
        sensitivity.parameters.empty() ? 0 : sensitivity.parameters.front().ends[0].mix.size();
    const auto rows = size == 0 ? std::vector<std::string>{} : row_names(problem, size);
    for (const std::string& name : component_names(rows)) csv.text(name);
    csv.end_row();
    for (const ParameterShift& shift : sensitivity.parameters)
        for (const ShiftedOptimum& end : shift.ends) {
            csv.text(shift.path).text(end.value).number(end.effect.gain).number(end.effect.standard_error);
            csv.number(end.distance).number(end.loss.gain).number(end.loss.standard_error);
            csv.number(end.loss.interval.low).number(end.loss.interval.high);
            for (const double share : shares_of_rows(end.mix)) csv.number(share);
            csv.end_row();
        }
    return text;
}

nlohmann::ordered_json sensitivity_json(const WorldProblem& problem, const OptimumSensitivity& sensitivity) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const ParameterShift& shift : sensitivity.parameters) {
        nlohmann::ordered_json ends = nlohmann::ordered_json::array();
        for (const ShiftedOptimum& end : shift.ends)
            ends.push_back({{"value", end.value},
                            {"effect", gain_json(end.effect)},
                            {"mix", mix_json(problem, end.mix)},
                            {"mix_moves_by", end.distance},
                            {"lost_by_old_mix", gain_json(end.loss)}});
        list.push_back({{"parameter", shift.path}, {"meaning", shift.meaning}, {"ends", std::move(ends)}});
    }
    return {{"parameters", std::move(list)},
            {"screened", sensitivity.screened},
            {"refused", sensitivity.refused},
            {"forward_runs", sensitivity.forward_runs}};
}

}  // namespace venturi
