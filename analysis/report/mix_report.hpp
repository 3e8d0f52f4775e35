// What a search for the best investment mix has to say, as tables, files, pictures and JSON.
#pragma once

#include "analysis/optimiser/optimise.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/terminal_table.hpp"
#include "sim/ensemble/interval.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace venturi {

/// A search that has ended: what was asked, found and measured. Refers to its parts.
struct MixResults {
    const WorldProblem& problem;
    const MixSearchResult& found;
    const MixMeasurement& measured;
    const std::vector<FlatnessPoint>& flatness;
    double floor = 0;
    std::string title = {};
    std::string group = {};
    std::vector<std::string> settings = {};  ///< "path=value" each, for captions
};

/// The gain of leaving the best value of a number for another.
struct GainOfValue {
    double value;
    double gain;
    double standard_error;
};

/// The range around the best value in which leaving it costs no more than its standard error, as far as
/// values were tried.
[[nodiscard]] Interval flat_range_around(double best, std::vector<GainOfValue> tried);

/// "technology", "data", "talent", "partnership", "risk".
[[nodiscard]] const std::vector<std::string>& share_names();

/// The stages of a mix's rows; one that is empty where there is one row for good.
[[nodiscard]] std::vector<std::string> row_names(const WorldProblem& problem, std::size_t rows);

/// A name for each share of each of such rows: "stage.share", or "share" where there is one row for good.
[[nodiscard]] std::vector<std::string> component_names(const std::vector<std::string>& rows);

/// The stages that no company came to with the best mix, as far as was measured: nothing is known of their
/// rows.
[[nodiscard]] std::vector<std::string> stages_never_reached(const MixResults& results);

/// What a reader of the best scenario would be warned of: shares of a mix beyond what is plausible, each as
/// `startups.founders.mix.technology` would be told; empty where there is none.
[[nodiscard]] std::vector<std::string> implausible_shares(const WorldProblem& problem, const MixRows& mix);

/// A row for each share: at the start, the best, the range that costs no more than a standard error, and
/// whether the floor binds.
[[nodiscard]] TerminalTable mix_table(const MixResults& results);

/// The objective and its gains, in words; lines.
[[nodiscard]] std::string gains_text(const MixResults& results);

/// A row for each update or point that was looked at.
[[nodiscard]] std::string path_csv(const MixResults& results);
/// The mixes: row, share, start, best, low, high.
[[nodiscard]] std::string mix_csv(const MixResults& results);
/// What each share's change costs.
[[nodiscard]] std::string flatness_csv(const MixResults& results);

/// What a search saw of its objective at each point, with 95% intervals, and the best as measured since.
/// `runs` is the axis of forward runs, of which the best stands at the end.
[[nodiscard]] LinePlot objective_on_the_way(const std::vector<optimiser::Iteration>& log,
                                            const PlotAxis& runs, const PlotAxis& objective, double measured,
                                            const Interval& interval);

/// Shares on the way, a panel for each row; beneath, the objective.
[[nodiscard]] std::string path_svg(const MixResults& results);
/// The gain of leaving the best mix along each share, with 95% bands; a panel for each row.
[[nodiscard]] std::string flatness_svg(const MixResults& results);

/// A scenario that `extends` another by the best mix: `base` is a path or a library's name.
[[nodiscard]] std::string best_scenario_yaml(const MixResults& results, const std::string& base);

/// A mix as an object of shares; by stage where there are several rows.
[[nodiscard]] nlohmann::ordered_json mix_json(const WorldProblem& problem, const MixRows& rows);
/// "mix", "gain", "gain_confidence_interval", ... as the command prints them.
[[nodiscard]] nlohmann::ordered_json mix_results_json(const MixResults& results);

}  // namespace venturi
