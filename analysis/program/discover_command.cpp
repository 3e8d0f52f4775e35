// venturi discover: under which parameters of a sweep something happens.
#include "analysis/experiments/design.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/sweep_experiment.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/csv_reader.hpp"
#include "analysis/report/csv_writer.hpp"
#include "analysis/report/line_plot.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/statistics/prim.hpp"
#include "analysis/statistics/regression_tree.hpp"
#include "analysis/statistics/trajectory_value.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct DiscoverCommand {
    std::string results;
    std::string where;
    double density = 0;
    std::int64_t resamples = 200;
    std::string output;
    bool quiet = false;
    bool json = false;
};

/// "share_dead > 0.8".
struct OutcomeCondition {
    TrajectoryObservable observable;
    std::string relation;
    double threshold = 0;

    [[nodiscard]] bool holds(double value) const {
        if (relation == ">") return value > threshold;
        if (relation == ">=") return value >= threshold;
        if (relation == "<") return value < threshold;
        return value <= threshold;
    }
};

/// The points of a sweep that have a result, and what was seen there.
struct SweptPoints {
    std::vector<DesignColumn> columns;
    BoxData data;  ///< `happened` by the condition
    std::vector<double> results;
    std::size_t without = 0;  ///< points that have none
    std::string scenario;     ///< title
};

std::string without_ends(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

OutcomeCondition read_condition(const std::string& text, const std::vector<std::string>& seen) {
    const std::size_t sign = text.find_first_of("<>");
    const std::string legal = "OBSERVABLE > VALUE, with >, >=, < or <=, such as \"share_dead > 80%\"";
    if (sign == std::string::npos || without_ends(text.substr(0, sign)).empty())
        throw InputError(
            fmt::format("--where {}: it is no condition\n  legal here: {}", in_quotes(text), legal));
    OutcomeCondition condition;
    condition.relation = text.substr(sign, text.size() > sign + 1 && text[sign + 1] == '=' ? 2 : 1);
    const std::string name = without_ends(text.substr(0, sign));
    if (std::ranges::find(seen, name) == seen.end()) {
        const std::string nearest = nearest_name(name, seen);
        throw InputError(fmt::format(
            "--where {}: the sweep did not look at {}{}\n  legal here: {}", in_quotes(text), in_quotes(name),
            nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest), listed(seen)));
    }
    condition.observable = find_trajectory_observable(name).value();
    const std::string value = without_ends(text.substr(sign + condition.relation.size()));
    const Dimension dimension = condition.observable.dimension;
    try {
        condition.threshold =
            parse_quantity(value, dimension, dimension == Dimension::share ? between(0, 1) : Range{});
    } catch (const QuantityError& error) {
        throw InputError(
            fmt::format("--where {}: {}\n  legal here: {}", in_quotes(text), error.what(), error.legal()));
    }
    return condition;
}

std::string whole_text(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        throw InputError(fmt::format(
            "{}: there is no such file\n  legal here: a results folder of venturi sweep", file.string()));
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) throw InputError(fmt::format("{}: it can't be read", file.string()));
    return text;
}

/// The sweep's design, made again from what its manifest says.
SweepExperiment experiment_in(const std::filesystem::path& folder) {
    const std::string file = (folder / manifest_file_name).string();
    try {
        const Manifest manifest = read_manifest(whole_text(file));
        if (manifest.settings.value("command", "run") != "sweep")
            throw InputError(
                fmt::format("{}: this is no result of a sweep\n  legal here: a results folder of venturi "
                            "sweep",
                            folder.string()));
        const auto kind = manifest.settings.at("design").get<std::string>();
        const auto found = std::ranges::find(design_kind_names, kind);
        if (found == design_kind_names.end()) throw InputError(file + ": the manifest contradicts itself");
        SweepExperiment experiment{.base = read_scenario(manifest.scenario.dump(), file, library_folders()),
                                   .over = manifest.settings.at("over").get<std::vector<std::string>>(),
                                   .kind = static_cast<DesignKind>(found - design_kind_names.begin()),
                                   .points = manifest.settings.at("points").get<std::size_t>()};
        make_design(experiment, 1);
        return experiment;
    } catch (const ManifestError& error) {
        throw InputError(fmt::format("{}: {}", file, error.what()));
    } catch (const Json::exception&) {
        throw InputError(file + ": the manifest's settings lack what decides the design");
    }
}

/// What the sweep saw of each observable at each point, from results.csv.
struct SeenMeans {
    CsvTable table;
    std::vector<std::string> observables;
};

SeenMeans means_in(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "results.csv";
    try {
        SeenMeans seen{.table = read_csv(whole_text(file)), .observables = {}};
        const std::size_t observable = seen.table.column("observable");
        for (const auto& row : seen.table.rows)
            if (std::ranges::find(seen.observables, row[observable]) == seen.observables.end()
                && find_trajectory_observable(row[observable]))
                seen.observables.push_back(row[observable]);
        return seen;
    } catch (const CsvError& error) {
        throw InputError(fmt::format("{}: {}", file.string(), error.what()));
    }
}

double number_of(const std::string& text, const std::string& file) {
    if (text.empty()) return std::nan("");
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end != text.c_str() + text.size())
        throw InputError(fmt::format("{}: {} is no number", file, in_quotes(text)));
    return value;
}

SweptPoints swept_points(const SweepExperiment& experiment, const SeenMeans& seen,
                         const OutcomeCondition& condition, const std::string& folder) {
    SweptPoints swept{
        .columns = experiment.design.columns(), .data = {}, .results = {}, .scenario = experiment.base.title};
    for (const DesignColumn& column : swept.columns)
        swept.data.columns.push_back({.values = {}, .names = column.names.size()});
    const std::string file = folder + "/results.csv";
    try {
        const std::size_t point_column = seen.table.column("point");
        const std::size_t observable = seen.table.column("observable");
        const std::size_t mean = seen.table.column("mean");
        for (const auto& row : seen.table.rows) {
            if (row[observable] != condition.observable.name) continue;
            const double point = number_of(row[point_column], file);
            if (!(point >= 0) || point >= static_cast<double>(experiment.design.points)
                || point != std::floor(point))
                throw InputError(
                    fmt::format("{}: the design has no point {}", file, in_quotes(row[point_column])));
            const double value = number_of(row[mean], file);
            if (std::isnan(value)) {
                ++swept.without;
                continue;
            }
            const auto at = experiment.design.point(static_cast<std::size_t>(point));
            for (std::size_t column = 0; column < swept.columns.size(); ++column)
                swept.data.columns[column].values.push_back(at[column]);
            swept.results.push_back(value);
            swept.data.happened.push_back(condition.holds(value));
        }
    } catch (const CsvError& error) {
        throw InputError(fmt::format("{}: {}", file, error.what()));
    }
    const auto hits = std::ranges::count(swept.data.happened, true);
    if (swept.results.empty()) throw InputError(folder + ": no point of the sweep has a result");
    if (hits == 0 || hits == std::ranges::ssize(swept.data.happened)) {
        const auto [least, most] = std::ranges::minmax(swept.results);
        throw InputError(
            fmt::format("--where: it holds at {} of the {} points\n  legal here: a value between {} and {}, "
                        "which are the least "
                        "and the most of {}",
                        hits == 0 ? "none" : "all", swept.results.size(),
                        quantity_text(least, condition.observable.dimension),
                        quantity_text(most, condition.observable.dimension), condition.observable.name));
    }
    return swept;
}

std::string side_text(const DesignColumn& column, const BoxSide& side, const BoxSide& whole) {
    if (!column.names.empty()) {
        std::string text;
        for (std::size_t name = 0; name < column.names.size(); ++name)
            if (side.allowed[name] && whole.allowed[name])
                text += (text.empty() ? "" : ", ") + column.names[name];
        return text;
    }
    const std::string low = quantity_text(side.range.low, column.dimension);
    const std::string high = quantity_text(side.range.high, column.dimension);
    if (side.range.low <= whole.range.low) return "at most " + high;
    if (side.range.high >= whole.range.high) return "at least " + low;
    return low + " to " + high;
}

/// What has been found.
struct Discovery {
    FoundBox found;
    BoxStability stability;
    std::vector<TreeNode> tree;
    double explained = 0;
};

std::string condition_text(const OutcomeCondition& condition) {
    return fmt::format("{} {} {}", condition.observable.name, condition.relation,
                       quantity_text(condition.threshold, condition.observable.dimension));
}

std::string box_csv(const SweptPoints& swept, const Discovery& discovery) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title :
         {"parameter", "restricted", "low", "high", "values", "p_value", "restricted_in_resamples",
          "low_lower_90", "low_upper_90", "high_lower_90", "high_upper_90"})
        csv.text(title);
    csv.end_row();
    const Box& whole = discovery.found.trajectory.front();
    for (std::size_t column = 0; column < swept.columns.size(); ++column) {
        const BoxSide& side = discovery.found.box.sides[column];
        const bool named = !swept.columns[column].names.empty();
        csv.text(swept.columns[column].path).text(side.restricted ? "yes" : "no");
        if (named)
            csv.missing().missing().text(side_text(swept.columns[column], side, whole.sides[column]));
        else
            csv.number(side.range.low).number(side.range.high).missing();
        csv.number(side.p_value).number(discovery.stability.restricted[column]);
        for (const Interval& ends : {discovery.stability.low[column], discovery.stability.high[column]}) {
            if (named)
                csv.missing().missing();
            else
                csv.number(ends.low).number(ends.high);
        }
        csv.end_row();
    }
    return text;
}

std::string peeling_csv(const Discovery& discovery) {
    std::string text;
    CsvWriter<std::string> csv(text);
    for (const char* title : {"step", "points", "coverage", "density", "restricted"}) csv.text(title);
    csv.end_row();
    for (std::size_t step = 0; step < discovery.found.trajectory.size(); ++step) {
        const Box& box = discovery.found.trajectory[step];
        csv.whole(static_cast<std::int64_t>(step))
            .whole(static_cast<std::int64_t>(box.points))
            .number(box.coverage())
            .number(box.density())
            .whole(std::ranges::count(box.sides, true, &BoxSide::restricted));
        csv.end_row();
    }
    return text;
}

std::string question_text(const SweptPoints& swept, const TreeNode::Question& question) {
    const DesignColumn& column = swept.columns[question.column];
    if (column.names.empty())
        return fmt::format("{} at most {}?", column.path, quantity_text(question.at_most, column.dimension));
    std::string names;
    for (std::size_t name = 0; name < column.names.size(); ++name)
        if (question.names[name]) names += (names.empty() ? "" : " or ") + column.names[name];
    return fmt::format("{} is {}?", column.path, names);
}

void append_tree(std::string& text, const SweptPoints& swept, const Discovery& discovery, Dimension dimension,
                 std::size_t number, const std::string& indent, const std::string& answer) {
    const TreeNode& node = discovery.tree[number];
    text +=
        fmt::format("{}{}{} in {} points", indent, answer, quantity_text(node.mean, dimension), node.points);
    if (!node.question) {
        text += '\n';
        return;
    }
    text += fmt::format("; {}\n", question_text(swept, *node.question));
    append_tree(text, swept, discovery, dimension, node.question->left, indent + "  ", "yes: ");
    append_tree(text, swept, discovery, dimension, node.question->right, indent + "  ", "no:  ");
}

std::string tree_lines(const SweptPoints& swept, const Discovery& discovery,
                       const OutcomeCondition& condition) {
    std::string text =
        fmt::format("mean {}, by a tree that explains {} of its variance between points:\n",
                    condition.observable.name, quantity_text(discovery.explained, Dimension::share));
    append_tree(text, swept, discovery, condition.observable.dimension, 0, "  ", "");
    return text;
}

/// The two parameters whose restriction is the most certain; one that isn't restricted where there is one.
std::array<std::size_t, 2> shown_columns(const Discovery& discovery) {
    std::vector<std::size_t> order(discovery.found.box.sides.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t column) {
        const BoxSide& side = discovery.found.box.sides[column];
        return side.restricted ? side.p_value : 2.0;
    });
    return {order[0], order[1]};
}

std::string box_svg(const SweptPoints& swept, const Discovery& discovery, const OutcomeCondition& condition) {
    const auto [across, up] = shown_columns(discovery);
    const auto place = [&](std::size_t column, double value) {
        return swept.columns[column].names.empty() ? value : value + 1;
    };
    LinePlot plot;
    plot.title = fmt::format("{}: where {}", swept.scenario, condition_text(condition));
    plot.subtitle =
        fmt::format("{} of the cases are in the box (coverage), {} of the points in it are cases (density)",
                    quantity_text(discovery.found.box.coverage(), Dimension::share),
                    quantity_text(discovery.found.box.density(), Dimension::share));
    const auto axis = [&](std::size_t column) {
        const DesignColumn& shown = swept.columns[column];
        std::string label = shown.path;
        for (std::size_t name = 0; name < shown.names.size(); ++name)
            label += fmt::format("{}{}: {}", name == 0 ? " (" : ", ", name + 1, shown.names[name]);
        return PlotAxis{.label = shown.names.empty() ? label : label + ")",
                        .dimension = shown.dimension,
                        .low = {},
                        .high = {}};
    };
    plot.x = axis(across);
    plot.y = axis(up);
    PlotPoints cases{.name = condition_text(condition), .x = {}, .y = {}};
    PlotPoints others{.name = "not so", .x = {}, .y = {}};
    for (std::size_t point = 0; point < swept.data.points(); ++point) {
        PlotPoints& kind = swept.data.happened[point] ? cases : others;
        kind.x.push_back(place(across, swept.data.columns[across].values[point]));
        kind.y.push_back(place(up, swept.data.columns[up].values[point]));
    }
    // The empty kind between them has the colour that is too near to the first.
    plot.points = {std::move(cases), {.name = {}, .x = {}, .y = {}}, std::move(others)};
    const auto ends = [&](std::size_t column) {
        const BoxSide& side = discovery.found.box.sides[column];
        if (swept.columns[column].names.empty()) return side.range;
        Interval allowed = {1e300, -1e300};
        for (std::size_t name = 0; name < side.allowed.size(); ++name) {
            if (!side.allowed[name]) continue;
            allowed.low = std::min(allowed.low, static_cast<double>(name) + 0.8);
            allowed.high = std::max(allowed.high, static_cast<double>(name) + 1.2);
        }
        return allowed;
    };
    const Interval x = ends(across);
    const Interval y = ends(up);
    plot.lines.push_back({.name = "the box",
                          .x = {x.low, x.high, x.high, x.low, x.low},
                          .y = {y.low, y.low, y.high, y.high, y.low}});
    return line_plot_svg(plot);
}

TerminalTable box_table(const SweptPoints& swept, const Discovery& discovery) {
    TerminalTable table{.title = {},
                        .columns = {{"parameter", Alignment::left},
                                    {"in the box", Alignment::left},
                                    {"chance"},
                                    {"in resamples"}},
                        .rows = {}};
    const Box& whole = discovery.found.trajectory.front();
    for (std::size_t column = 0; column < swept.columns.size(); ++column) {
        const BoxSide& side = discovery.found.box.sides[column];
        if (!side.restricted) continue;
        table.rows.push_back(
            {TableCell(swept.columns[column].path),
             TableCell(side_text(swept.columns[column], side, whole.sides[column]), Emphasis::strong),
             TableCell(side.p_value < 0.001 ? "below 0.1%" : quantity_text(side.p_value, Dimension::share)),
             TableCell(quantity_text(discovery.stability.restricted[column], Dimension::share))});
    }
    return table;
}

Json interval_or_null(const Interval& interval) {
    const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    return {number(interval.low), number(interval.high)};
}

Json tree_json(const SweptPoints& swept, const Discovery& discovery, std::size_t number) {
    const TreeNode& node = discovery.tree[number];
    Json json = {{"points", node.points}, {"mean", node.mean}};
    if (!node.question) return json;
    json["question"] = question_text(swept, *node.question);
    json["yes"] = tree_json(swept, discovery, node.question->left);
    json["no"] = tree_json(swept, discovery, node.question->right);
    return json;
}

Json discovery_json(const SweptPoints& swept, const Discovery& discovery, const OutcomeCondition& condition) {
    const Box& box = discovery.found.box;
    Json sides = Json::array();
    for (std::size_t column = 0; column < swept.columns.size(); ++column) {
        const BoxSide& side = box.sides[column];
        if (!side.restricted) continue;
        Json json = {{"parameter", swept.columns[column].path}};
        if (swept.columns[column].names.empty()) {
            json["low"] = side.range.low;
            json["high"] = side.range.high;
            json["low_interval_90"] = interval_or_null(discovery.stability.low[column]);
            json["high_interval_90"] = interval_or_null(discovery.stability.high[column]);
        } else {
            Json values = Json::array();
            for (std::size_t name = 0; name < side.allowed.size(); ++name)
                if (side.allowed[name]) values.push_back(swept.columns[column].names[name]);
            json["values"] = std::move(values);
        }
        json["p_value"] = side.p_value;
        json["restricted_in_resamples"] = discovery.stability.restricted[column];
        sides.push_back(std::move(json));
    }
    return {
        {"where", condition_text(condition)},
        {"points", swept.data.points()},
        {"points_without_result", swept.without},
        {"cases", box.all_hits},
        {"box", std::move(sides)},
        {"coverage", box.coverage()},
        {"density", box.density()},
        {"density_of_all", static_cast<double>(box.all_hits) / static_cast<double>(swept.data.points())},
        {"points_in_box", box.points},
        {"resamples", discovery.stability.resamples},
        {"coverage_out_of_resample_90", interval_or_null(discovery.stability.coverage)},
        {"density_out_of_resample_90", interval_or_null(discovery.stability.density)},
        {"tree", tree_json(swept, discovery, 0)},
        {"tree_explains", std::isfinite(discovery.explained) ? Json(discovery.explained) : Json(nullptr)}};
}

std::string range_or_dash(const Interval& interval) {
    if (!std::isfinite(interval.low)) return "–";
    return fmt::format("{} to {}", quantity_text(interval.low, Dimension::share),
                       quantity_text(interval.high, Dimension::share));
}

void print_discovery(const SweptPoints& swept, const Discovery& discovery, const OutcomeCondition& condition,
                     const std::string& folder, const Streams& streams) {
    const Box& box = discovery.found.box;
    streams.out << fmt::format("{} at {} of {} points\n\n", condition_text(condition), box.all_hits,
                               swept.data.points());
    const TerminalTable table = box_table(swept, discovery);
    if (table.rows.empty())
        streams.out << "no box is denser than chance would have it\n";
    else
        streams.out << table_text(table, colour_of(STDOUT_FILENO));
    streams.out << fmt::format(
        "\ncoverage {}, density {} (of all points {}); at points that a resample lacks, 90% of {} resamples: "
        "coverage "
        "{}, density {}\n\n{}",
        quantity_text(box.coverage(), Dimension::share), quantity_text(box.density(), Dimension::share),
        quantity_text(static_cast<double>(box.all_hits) / static_cast<double>(swept.data.points()),
                      Dimension::share),
        discovery.stability.resamples, range_or_dash(discovery.stability.coverage),
        range_or_dash(discovery.stability.density), visible_lines(tree_lines(swept, discovery, condition)));
    if (swept.without > 0)
        streams.out << fmt::format("\n{} points have no result and are left out\n", swept.without);
    streams.out << fmt::format("\nresults in {}\n", visible(folder));
}

ExitCode discover(const DiscoverCommand& command, const Streams& streams) {
    const std::filesystem::path source = command.results;
    const SweepExperiment experiment = experiment_in(source);
    const SeenMeans seen = means_in(source);
    const OutcomeCondition condition = read_condition(command.where, seen.observables);
    const SweptPoints swept = swept_points(experiment, seen, condition, command.results);
    const auto folder = open_result_folder(command.output, source.lexically_normal().string() + "_discover");
    const BoxSearch search{.least_density = command.density};
    Discovery discovery{
        .found = find_box(swept.data, search),
        .stability = box_stability(swept.data, search, static_cast<std::size_t>(command.resamples),
                                   static_cast<std::uint64_t>(experiment.base.run.seed)),
        .tree = regression_tree(swept.data.columns, swept.results,
                                {.least_points = std::max<std::size_t>(5, swept.results.size() / 20)})};
    discovery.explained = explained_by(discovery.tree, swept.results);
    ResultFiles files = {{"box.csv", box_csv(swept, discovery)},
                         {"peeling.csv", peeling_csv(discovery)},
                         {"tree.txt", tree_lines(swept, discovery, condition)}};
    if (swept.columns.size() > 1) files["box.svg"] = box_svg(swept, discovery, condition);
    const Publication publication =
        publish_result(*folder, files,
                       Manifest{.build = build_information(),
                                .seed = static_cast<std::uint64_t>(experiment.base.run.seed),
                                .settings = {{"command", "discover"},
                                             {"results", source.filename().string()},
                                             {"where", command.where},
                                             {"density", command.density},
                                             {"resamples", command.resamples}},
                                .scenario = resolved_scenario(experiment.base),
                                .files = {}});
    const ExitCode code = say_where(publication, streams);
    if (command.json) {
        Json json = {{"version", build_information().version}, {"title", experiment.base.title}};
        json.update(discovery_json(swept, discovery, condition));
        json["results_directory"] = publication.path.string();
        streams.out << json_text(json);
    } else if (!command.quiet) {
        print_discovery(swept, discovery, condition, publication.path.string(), streams);
    }
    return code;
}

constexpr const char* discover_notes = R"(
The points of a sweep at which the condition holds are cases. A box of parameters is sought that holds many of
the cases (coverage) and little else (density), by peeling and pasting (PRIM); restrictions that chance explains
are left out. The points are drawn again with replacement, and the search done anew, to see how firm the box is. A
small regression tree over the same points says how the observable's mean goes with the parameters. Best after
--design sobol or latin with some hundred points.

Files: box.csv, peeling.csv (every box on the way), tree.txt, box.svg, manifest.json.

Examples:
  venturi sweep seed_cohort --over finance.exits.offers=0/year..1/year --over finance.raising.attempts=1..9 \
    --design sobol --points 256 --trajectories 50
  venturi discover results/seed_cohort_sweep --where "share_dead > 60%"
  venturi discover results/seed_cohort_sweep --where "share_exited >= 0.3" --density 0.9 --json)";

}  // namespace

void add_discover_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<DiscoverCommand>();
    const Command command = program.add_command(
        "discover", "Under which parameters of a sweep something happens: boxes and a tree");
    command.option("RESULTS", options->results, "a results folder of venturi sweep").required();
    command.option("--where", options->where, "what is to happen: \"OBSERVABLE > VALUE\"").required();
    command.option("--density", options->density, "take the largest box so dense (default: the best of both)")
        .within(0.0, 1.0);
    command.option("--resamples", options->resamples, "how often the search is done anew (default: 200)")
        .within(std::int64_t{10}, std::int64_t{10'000});
    command.option("--output", options->output, meaning_of_output("RESULTS_discover"));
    command.flag("--quiet", options->quiet, "no table");
    command.flag("--json", options->json, "print the result as JSON");
    command.notes(discover_notes);
    command.action([options, streams, &code] { code = discover(*options, streams); });
}

}  // namespace venturi
