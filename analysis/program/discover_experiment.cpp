#include "analysis/program/discover_experiment.hpp"

#include "analysis/report/csv_reader.hpp"
#include "analysis/report/discovery_report.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/quantity_text.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* means_name = "results.csv";

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

DesignKind design_kind_called(const std::string& name, const std::string& file) {
    const auto found = std::ranges::find(design_kind_names, name);
    if (found == design_kind_names.end()) throw contradiction_in(file);
    return static_cast<DesignKind>(found - design_kind_names.begin());
}

/// The sweep's design, made again from what a manifest says of it.
SweepExperiment sweep_of(const Json& told, Scenario base, const std::string& file) {
    SweepExperiment sweep{.base = std::move(base),
                          .over = texts_in(told, "over"),
                          .kind = design_kind_called(text_in(told, "design"), file),
                          .points = static_cast<std::size_t>(count_under(told, "points"))};
    // Discoveries of earlier versions don't say it.
    if (told.contains("set")) sweep.replay.settings = texts_in(told, "set");
    make_design(sweep, 1);
    return sweep;
}

/// A sweep that left a folder, and what its results.csv was then.
struct LeftSweep {
    SweepExperiment experiment;
    FileDigest means;
};

LeftSweep sweep_in(const std::filesystem::path& folder) {
    const std::string file = (folder / manifest_file_name).string();
    try {
        const Manifest manifest = read_manifest(whole_text(file));
        if (manifest.settings.value("command", "run") != "sweep")
            throw InputError(
                fmt::format("{}: this is no result of a sweep\n  legal here: a results folder of venturi "
                            "sweep",
                            folder.string()));
        const auto means = manifest.files.find(means_name);
        if (means == manifest.files.end()) throw ManifestError(fmt::format("it lists no {}", means_name));
        return {
            .experiment = sweep_of(manifest.settings,
                                   read_scenario(manifest.scenario.dump(), file, library_folders()), file),
            .means = means->second};
    } catch (const ManifestError& error) {
        throw InputError(fmt::format("{}: {}{}", file, error.what(),
                                     error.legal().empty() ? "" : "\n  legal here: " + error.legal()));
    } catch (const Json::exception&) {
        throw InputError(file + ": the manifest's settings lack what decides the design");
    }
}

/// What the sweep saw of each observable at each point.
struct SeenMeans {
    CsvTable table;
    std::vector<std::string> observables;
};

SeenMeans means_in(const std::string& text, const std::filesystem::path& file) {
    try {
        SeenMeans seen{.table = read_csv(text), .observables = {}};
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

double number_in_cell(const std::string& text, const std::string& file) {
    if (text.empty()) return std::nan("");
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (end != text.c_str() + text.size())
        throw InputError(fmt::format("{}: {} is no number", file, in_quotes(text)));
    return value;
}

SweptPoints swept_points(const SweepExperiment& experiment, const SeenMeans& seen,
                         const OutcomeCondition& condition, const std::string& folder) {
    SweptPoints swept{.columns = experiment.design.columns(),
                      .data = {},
                      .results = {},
                      .scenario = experiment.base.title,
                      .settings = experiment.replay.settings};
    for (const DesignColumn& column : swept.columns)
        swept.data.columns.push_back({.values = {}, .names = column.names.size()});
    const std::string file = folder + "/results.csv";
    try {
        const std::size_t point_column = seen.table.column("point");
        const std::size_t observable = seen.table.column("observable");
        const std::size_t mean = seen.table.column("mean");
        for (const auto& row : seen.table.rows) {
            if (row[observable] != condition.observable.name) continue;
            const double point = number_in_cell(row[point_column], file);
            if (!(point >= 0) || point >= static_cast<double>(experiment.design.points)
                || point != std::floor(point))
                throw InputError(
                    fmt::format("{}: the design has no point {}", file, in_quotes(row[point_column])));
            const double value = number_in_cell(row[mean], file);
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

/// The text of the sweep's results.csv that a result was discovered in, and no other.
std::string expected_means(const std::filesystem::path& means, const FileDigest& expected,
                           const std::filesystem::path& manifest) {
    const std::string legal =
        "  legal here: the sweep's folder as it was, at the same place beside this result; venturi reproduce "
        "makes it again from its manifest";
    std::error_code error;
    if (!std::filesystem::is_regular_file(means, error))
        throw InputError(fmt::format("{}: it was discovered in {}, which is missing\n{}", manifest.string(),
                                     in_quotes(means.string()), legal));
    std::string text;
    if (std::filesystem::file_size(means, error) == expected.bytes) text = whole_text(means);
    if (FileDigest{text.size(), sha256(text)} != expected)
        throw InputError(fmt::format("{}: it was discovered in {}, which has changed since\n{}",
                                     manifest.string(), in_quotes(means.string()), legal));
    return text;
}

DiscoverExperiment experiment_of(DiscoverRequest request, const std::filesystem::path& results,
                                 SweepExperiment sweep, const std::string& text) {
    const SeenMeans seen = means_in(text, results / means_name);
    OutcomeCondition condition = read_condition(request.where, seen.observables);
    SweptPoints swept = swept_points(sweep, seen, condition, results.string());
    return {.request = std::move(request),
            .results = results,
            .sweep = std::move(sweep),
            .means = {text.size(), sha256(text)},
            .condition = std::move(condition),
            .swept = std::move(swept)};
}

}  // namespace

DiscoverExperiment discover_experiment_in(const std::filesystem::path& results, DiscoverRequest request) {
    // A folder's name may end in a slash.
    const std::filesystem::path folder = results.has_filename() ? results : results.parent_path();
    LeftSweep sweep = sweep_in(folder);
    const std::string text = whole_text(folder / means_name);
    // What was found in other numbers than the sweep's could never be made again, and would bear its name.
    if (FileDigest{text.size(), sha256(text)} != sweep.means)
        throw InputError(fmt::format(
            "{}: it has changed since the sweep wrote it: its SHA-256 is another than in the manifest\n"
            "  legal here: the file as it was; venturi reproduce {} --output FOLDER makes it again",
            (folder / means_name).string(), shell_quoted(folder.string())));
    return experiment_of(std::move(request), folder, std::move(sweep.experiment), text);
}

Discovery run_experiment(const DiscoverExperiment& experiment) {
    return search_box(experiment.swept, {.density = experiment.request.density,
                                         .resamples = experiment.request.resamples,
                                         .seed = static_cast<std::uint64_t>(experiment.sweep.base.run.seed)});
}

ResultFiles files_of(const DiscoverExperiment& experiment, const Discovery& discovery) {
    const SweptPoints& swept = experiment.swept;
    ResultFiles files = {{"box.csv", discovered_box_csv(swept, discovery)},
                         {"peeling.csv", peeling_csv(discovery)},
                         {"tree.txt", tree_lines(swept, discovery, experiment.condition)}};
    if (swept.columns.size() > 1)
        files["box.svg"] = discovered_box_svg(swept, discovery, experiment.condition);
    return files;
}

std::string seen_from(const std::filesystem::path& folder, const std::filesystem::path& seen) {
    std::error_code error;
    const std::filesystem::path relative = std::filesystem::relative(seen, folder, error);
    return (relative.empty() ? std::filesystem::absolute(seen) : relative).generic_string();
}

Json settings_json(const DiscoverExperiment& experiment, const std::filesystem::path& result_folder) {
    const SweepExperiment& sweep = experiment.sweep;
    return {{"command", "discover"},
            {"results", experiment.results.lexically_normal().filename().string()},
            {sweep_of_discovery, seen_from(result_folder, experiment.results)},
            {"results_file",
             {{"name", means_name}, {"bytes", experiment.means.bytes}, {"sha256", experiment.means.sha256}}},
            {"sweep",
             {{"set", sweep.replay.settings},
              {"over", sweep.over},
              {"design", design_kind_names[static_cast<std::size_t>(sweep.kind)]},
              {"points", sweep.points}}},
            {"where", experiment.request.where},
            {"density", experiment.request.density},
            {"resamples", experiment.request.resamples}};
}

DiscoverExperiment discover_experiment_of(const Manifest& manifest, Scenario scenario,
                                          const std::filesystem::path& file) {
    const Json& settings = manifest.settings;
    const DiscoverRequest request{.where = text_in(settings, "where"),
                                  .density = number_in(settings, "density"),
                                  .resamples = static_cast<std::size_t>(count_under(settings, "resamples"))};
    if (!(request.density >= 0 && request.density <= 1) || request.resamples < fewest_discovery_resamples
        || request.resamples > most_discovery_resamples)
        throw contradiction_in(file.string());
    // Links are followed before "..": it was seen from where the folder is, whatever its name here.
    const std::filesystem::path results =
        std::filesystem::weakly_canonical(file.parent_path() / text_in(settings, sweep_of_discovery));
    const Json& told = member_in(settings, "results_file");
    const FileDigest expected{count_under(told, "bytes"), text_in(told, "sha256")};
    SweepExperiment sweep = sweep_of(member_in(settings, "sweep"), std::move(scenario), file.string());
    const std::string text = expected_means(results / means_name, expected, file);
    return experiment_of(request, results, std::move(sweep), text);
}

}  // namespace venturi
