// venturi reproduce: a result made again from its manifest, and compared file by file.
#include "analysis/program/branch_experiment.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/compare_experiment.hpp"
#include "analysis/program/decision_experiment.hpp"
#include "analysis/program/discover_experiment.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/gradient_experiment.hpp"
#include "analysis/program/influence_experiment.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/rare_experiment.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/run_experiment.hpp"
#include "analysis/program/select_experiment.hpp"
#include "analysis/program/sensitivity_experiment.hpp"
#include "analysis/program/sweep_experiment.hpp"
#include "analysis/report/build_information.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/terminal_table.hpp"
#include "scenarios/network/text_file.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

struct ReproduceCommand {
    std::string result;
    std::string output;
    int threads = 0;
    bool quiet = false;
    bool json = false;
};

/// What became of the file of a result since it was written.
enum class Kept : std::uint8_t { not_looked_at, unchanged, changed, missing };
constexpr std::array<std::string_view, 4> kept_names = {"–", "the same", "changed since", "missing"};

/// A file of the result, as the manifest has it and as it came out now; nothing where it is in one alone.
struct FileComparison {
    std::string name;
    std::optional<FileDigest> expected;
    std::optional<FileDigest> found;
    Kept kept = Kept::not_looked_at;  ///< beside the manifest

    [[nodiscard]] bool is_reproduced() const { return expected == found; }
    [[nodiscard]] bool is_kept() const { return kept != Kept::changed && kept != Kept::missing; }
    [[nodiscard]] bool same() const { return is_reproduced() && is_kept(); }
};

struct Reproduction {
    ResultFiles files;
    std::uint64_t tried = 0;
    bool interrupted = false;
};

std::filesystem::path manifest_path(const std::string& result) {
    std::error_code ignored;
    const std::filesystem::path path = result;
    return std::filesystem::is_directory(path, ignored) ? path / manifest_file_name : path;
}

ScenarioError as_error(const ManifestError& error, const std::string& path) {
    return ScenarioError(Problem{
        .position = {.file = path},
        .message = error.what(),
        .legal = error.legal().empty()
                     ? "a results folder of venturi run, compare, select, branch, sweep, sensitivity, "
                       "discover, optimise, gradient or influence, or its manifest.json"
                     : error.legal()});
}

Manifest load_manifest(const std::filesystem::path& path) {
    constexpr std::uintmax_t most_bytes = std::uintmax_t{16} << 20;
    try {
        return read_manifest(read_text_file(path, most_bytes));
    } catch (const ManifestError& error) {
        throw as_error(error, path.string());
    }
}

// How many histories of each ensemble were tried; where the manifest doesn't say it, of the only one.
std::vector<std::uint64_t> tried_by_ensemble(const Manifest& manifest, std::uint64_t tried) {
    const std::string name = "trajectories_by_ensemble";
    if (!manifest.reached.contains(name)) return {tried};
    std::vector<std::uint64_t> counts;
    for (const Json& count : manifest.reached.at(name)) counts.push_back(count_in(count, name));
    return counts;
}

// The command whose result it is; throws InputError where results of it are not made again.
std::string maker_of(const Manifest& manifest, const std::filesystem::path& path) {
    constexpr std::array<std::string_view, 11> known = {"run",       "compare",  "select",      "rare",
                                                        "branch",    "sweep",    "sensitivity", "discover",
                                                        "influence", "optimise", "gradient"};
    const Json& settings = manifest.settings;
    if (settings.contains("command") && !settings.at("command").is_string())
        throw InputError(path.string() + ": the manifest's settings lack what decides the result");
    std::string maker = settings.value("command", "run");
    if (std::ranges::find(known, maker) == known.end())
        throw InputError(fmt::format("{}: results of '{}' are not made again\n  legal here: those of {}",
                                     path.string(), visible(maker), fmt::join(known, ", ")));
    return maker;
}

// How many trajectories a manifest of this maker asks of its scenario; nothing where that is for others to
// say.
std::optional<std::uint64_t> asked_of(const Manifest& manifest, const Scenario& scenario,
                                      const std::string& maker) {
    const auto trajectories = static_cast<std::uint64_t>(scenario.run.trajectories);
    const Json& settings = manifest.settings;
    // A sensitivity analysis and an optimiser have trajectories of their own, a discovery none.
    if (maker == "sensitivity" || maker == "discover" || maker == "optimise" || maker == "gradient")
        return std::nullopt;
    // A sweep lives them in every point of its design.
    if (maker == "sweep" && settings.contains("points"))
        return trajectories * count_under(settings, "points");
    return trajectories;
}

// The whole scenario is in the manifest; whatever file it came from may have changed since.
Scenario scenario_of(const Manifest& manifest, const std::filesystem::path& path) {
    const std::string maker = maker_of(manifest, path);
    Scenario scenario = read_scenario(manifest.scenario.dump(), path, library_folders());
    const std::uint64_t most = asked_of(manifest, scenario, maker).value_or(manifest.trajectories_requested);
    if (static_cast<std::uint64_t>(scenario.run.seed) != manifest.seed
        || most != manifest.trajectories_requested
        || manifest.trajectories_completed + manifest.trajectories_failed > most)
        throw contradiction_in(path.string());
    return scenario;
}

ProgressStyle style_of(const ReproduceCommand& command) {
    return command.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO);
}

Reproduction reproduce_run(const Manifest& manifest, Scenario scenario, const ReproduceCommand& command,
                           const StopRequest& stop, const Streams& streams) {
    const std::uint64_t tried = manifest.trajectories_completed + manifest.trajectories_failed;
    const RunExperiment experiment{.scenario = std::move(scenario),
                                   .settings = texts_in(manifest.settings, "set"),
                                   .keep = {.trajectories = manifest.files.contains("trajectories.csv"),
                                            .companies = manifest.files.contains("companies.csv")},
                                   .compare_published = manifest.files.contains("published.csv"),
                                   .threads = command.threads,
                                   .enough = {},
                                   .tried = tried_by_ensemble(manifest, tried)};
    const bool sound = !experiment.tried->empty() && experiment.tried->front() == tried
                       && std::ranges::all_of(*experiment.tried, [&](std::uint64_t trajectories) {
                              return trajectories <= manifest.trajectories_requested;
                          });
    if (!sound) throw contradiction_in(command.result);
    const RunOutcome outcome = run_experiment(experiment, stop, style_of(command), streams);
    if (outcome.tried != *experiment.tried)
        return {.files = {}, .tried = outcome.tried.front(), .interrupted = true};
    return {.files = files_of(experiment, outcome), .tried = tried};
}

Reproduction reproduce_influence(const Manifest& manifest, Scenario scenario, const ReproduceCommand& command,
                                 const StopRequest& stop, const Streams& streams) {
    const std::uint64_t tried = manifest.trajectories_completed + manifest.trajectories_failed;
    InfluenceExperiment experiment{.scenario = std::move(scenario),
                                   .settings = texts_in(manifest.settings, "set"),
                                   .options = {.at = number_in(manifest.settings, "at"),
                                               .delays = numbers_in(manifest.settings, "delays")},
                                   .threads = command.threads};
    const auto& delays = experiment.options.delays;
    const auto drawn = std::ranges::find(delays, number_in(manifest.settings, "draw_delay"));
    const bool sound = !delays.empty() && drawn != delays.end() && delays.front() > 0
                       && std::ranges::adjacent_find(delays, std::greater_equal<>()) == delays.end()
                       && experiment.options.at >= 0 && has_loop(experiment.scenario);
    if (!sound) throw contradiction_in(command.result);
    experiment.drawn = static_cast<std::size_t>(drawn - delays.begin());
    experiment.scenario.run.trajectories = static_cast<std::int64_t>(tried);
    const InfluenceOutcome outcome = run_experiment(experiment, stop, style_of(command), streams);
    if (outcome.completed + outcome.failed != tried)
        return {.files = {}, .tried = outcome.completed + outcome.failed, .interrupted = true};
    return {.files = files_of(experiment, outcome), .tried = tried};
}

Reproduction reproduce_compare(const Manifest& manifest, const ReproduceCommand& command,
                               const StopRequest& stop, const Streams& streams) {
    const std::uint64_t tried = manifest.trajectories_completed + manifest.trajectories_failed;
    CompareDesign design;
    // Results of versions that knew of none say nothing of it.
    if (!manifest.settings.contains("controls") || !flag_in(manifest.settings, "controls"))
        design.controls = Controls::without;
    for (const Json& variant : member_in(manifest.settings, "variants")) {
        const std::string place = fmt::format("variants[{}].", design.variants.size());
        design.variants.push_back(
            {.name = text_in(variant, "name", place + "name"),
             .scenario = read_scenario(member_in(variant, "resolved", place + "resolved").dump(),
                                       command.result, library_folders())});
        design.scenarios.push_back(text_in(variant, "scenario", place + "scenario"));
        design.settings.push_back(texts_in(variant, "set", place + "set"));
    }
    const auto same_grid = [&](const Variant& variant) {
        const RunSettings& base = design.variants.front().scenario.run;
        return variant.scenario.run.horizon == base.horizon
               && variant.scenario.run.observe_every == base.observe_every;
    };
    const bool sound =
        design.variants.size() > 1 && std::ranges::all_of(design.variants, same_grid)
        && static_cast<std::uint64_t>(design.variants.front().scenario.run.seed) == manifest.seed;
    if (!sound) throw contradiction_in(command.result);
    design.variants.front().scenario.run.trajectories = static_cast<std::int64_t>(tried);
    const ComparisonOutcome outcome =
        run_experiment(design, command.threads, stop, style_of(command), streams);
    if (outcome.completed + outcome.failed != tried)
        return {.files = {}, .tried = outcome.completed + outcome.failed, .interrupted = true};
    return {.files = files_of(design, results_of(design.variants, outcome.result)), .tried = tried};
}

Reproduction reproduce_select(const Manifest& manifest, const ReproduceCommand& command,
                              const StopRequest& stop, const Streams& streams) {
    const SelectDesign design = select_design_of(manifest, command.result);
    const SelectionOutcome outcome =
        run_experiment(design, command.threads, stop, style_of(command), streams);
    const std::uint64_t lived = outcome.selection.standing().lived;
    if (outcome.interrupted) return {.files = {}, .tried = lived, .interrupted = true};
    return {.files = files_of(design, results_of(design, outcome)), .tried = lived};
}

Reproduction reproduce_rare(const Manifest& manifest, Scenario scenario, const ReproduceCommand& command,
                            const StopRequest& stop, const Streams& streams) {
    const std::uint64_t tried = manifest.trajectories_completed + manifest.trajectories_failed;
    const RareEventDesign design = rare_design_of(manifest.settings, std::move(scenario),
                                                  manifest.trajectories_requested, tried, command.result);
    const MultilevelEstimate estimate =
        run_experiment(design, command.threads, stop, style_of(command), streams);
    if (estimate.ending == MultilevelEnding::interrupted)
        return {.files = {}, .tried = estimate.replications.size() * design.copies, .interrupted = true};
    const auto settings = texts_in(manifest.settings, "set");
    return {.files = files_of(design, settings, estimate), .tried = tried};
}

Reproduction reproduce_branch(const Manifest& manifest, Scenario scenario, const ReproduceCommand& command,
                              const StopRequest& stop, const Streams& streams) {
    const std::uint64_t tried = manifest.trajectories_completed + manifest.trajectories_failed;
    BranchExperiment experiment =
        branch_experiment_of(manifest.settings, std::move(scenario), command.result);
    experiment.design.scenario.run.trajectories = static_cast<std::int64_t>(tried);
    const BranchOutcome outcome =
        run_experiment(experiment, command.threads, stop, style_of(command), streams);
    if (outcome.completed + outcome.failed != tried)
        return {.files = {}, .tried = outcome.completed + outcome.failed, .interrupted = true};
    return {.files = files_of(experiment, outcome), .tried = tried};
}

Reproduction reproduce_sweep(const Manifest& manifest, const Scenario& scenario,
                             const ReproduceCommand& command, const StopRequest& stop,
                             const Streams& streams) {
    const Json& settings = manifest.settings;
    const auto kind = std::ranges::find(design_kind_names, text_in(settings, "design"));
    if (kind == design_kind_names.end()) throw contradiction_in(command.result);
    SweepExperiment experiment{.base = scenario,
                               .over = texts_in(settings, "over"),
                               .kind = static_cast<DesignKind>(kind - design_kind_names.begin()),
                               .points = static_cast<std::size_t>(count_under(settings, "points")),
                               .replay = {.scenario = text_in(settings, "scenario"),
                                          .seed = manifest.seed,
                                          .settings = texts_in(settings, "set")}};
    for (const Json& name : settings.at("observables")) {
        const auto observable = find_trajectory_observable(name.get<std::string>());
        if (!observable) throw contradiction_in(command.result);
        experiment.observables.push_back(*observable);
    }
    make_design(experiment, command.threads);
    const Json& reached = manifest.reached;
    const std::uint64_t whole = count_under(reached, "whole_points");
    const auto asked = static_cast<std::uint64_t>(scenario.run.trajectories);
    // Of earlier ones each point that was there was whole.
    const std::uint64_t lived =
        reached.contains("whole_trajectories") ? count_under(reached, "whole_trajectories") : asked;
    const bool sound =
        whole <= experiment.design.points && !experiment.observables.empty()
        && (lived == asked || (lived > 0 && lived < asked && lived % trajectories_per_block == 0));
    if (!sound) throw contradiction_in(command.result);
    // Of an interrupted sweep the first points, or trajectories, are made again, and all points are listed.
    SweepExperiment made = experiment;
    made.design.points = static_cast<std::size_t>(whole);
    made.base.run.trajectories = static_cast<std::int64_t>(lived);
    const DesignOutcome outcome = run_experiment(made, command.threads, stop, style_of(command), streams);
    const std::uint64_t tried = outcome.completed + outcome.failed;
    if (outcome.ending == Ending::interrupted && whole > 0)
        return {.files = {}, .tried = tried, .interrupted = true};
    return {.files = files_of(experiment, outcome), .tried = tried};
}

Reproduction reproduce_sensitivity(const Manifest& manifest, Scenario scenario,
                                   const ReproduceCommand& command, const StopRequest& stop,
                                   const Streams& streams) {
    const SensitivityExperiment experiment =
        sensitivity_experiment_of(manifest, std::move(scenario), command.threads, command.result);
    const SensitivityOutcome outcome =
        run_experiment(experiment, command.threads, stop, style_of(command), streams);
    const std::uint64_t tried = outcome.completed() + outcome.failed();
    if (outcome.ending() == Ending::interrupted) return {.files = {}, .tried = tried, .interrupted = true};
    return {.files = files_of(results_of(experiment, outcome)), .tried = tried};
}

Reproduction reproduce_discovery(const Manifest& manifest, Scenario scenario,
                                 const ReproduceCommand& command) {
    const DiscoverExperiment experiment =
        discover_experiment_of(manifest, std::move(scenario), manifest_path(command.result));
    return {.files = files_of(experiment, run_experiment(experiment))};
}

Reproduction reproduce_optimise(const Manifest& manifest, Scenario scenario, const ReproduceCommand& command,
                                const StopRequest& stop, const Streams& streams) {
    if (is_decision(manifest)) {
        const DecisionExperiment experiment =
            decision_experiment_of(manifest, std::move(scenario), command.result);
        const DecisionOutcome outcome =
            run_experiment(experiment, command.threads, stop, style_of(command), streams);
        const std::uint64_t tried = outcome.found.forward_runs + outcome.measured.forward_runs;
        if (outcome.interrupted) return {.files = {}, .tried = tried, .interrupted = true};
        return {.files = files_of(experiment, outcome), .tried = tried};
    }
    const OptimiseExperiment experiment =
        optimise_experiment_of(manifest, std::move(scenario), command.result);
    const OptimiseOutcome outcome =
        run_experiment(experiment, command.threads, stop, style_of(command), streams);
    const std::uint64_t tried = outcome.forward_runs();
    if (outcome.interrupted) return {.files = {}, .tried = tried, .interrupted = true};
    return {.files = files_of(experiment, outcome), .tried = tried};
}

Reproduction reproduce_gradient(const Manifest& manifest, Scenario scenario, const ReproduceCommand& command,
                                const StopRequest& stop, const Streams& streams) {
    const GradientExperiment experiment =
        gradient_experiment_of(manifest, std::move(scenario), command.result);
    const GradientOutcome outcome =
        run_experiment(experiment, command.threads, stop, style_of(command), streams);
    if (outcome.interrupted) return {.files = {}, .tried = outcome.forward_runs(), .interrupted = true};
    return {.files = files_of(experiment, outcome), .tried = outcome.forward_runs()};
}

Reproduction reproduce_files(const Manifest& manifest, const Scenario& scenario,
                             const ReproduceCommand& command, const StopRequest& stop,
                             const Streams& streams) {
    try {
        const std::string made_by = maker_of(manifest, command.result);
        if (made_by == "run") return reproduce_run(manifest, scenario, command, stop, streams);
        if (made_by == "compare") return reproduce_compare(manifest, command, stop, streams);
        if (made_by == "select") return reproduce_select(manifest, command, stop, streams);
        if (made_by == "rare") return reproduce_rare(manifest, scenario, command, stop, streams);
        if (made_by == "branch") return reproduce_branch(manifest, scenario, command, stop, streams);
        if (made_by == "sweep") return reproduce_sweep(manifest, scenario, command, stop, streams);
        if (made_by == "sensitivity")
            return reproduce_sensitivity(manifest, scenario, command, stop, streams);
        if (made_by == "gradient") return reproduce_gradient(manifest, scenario, command, stop, streams);
        if (made_by == "optimise") return reproduce_optimise(manifest, scenario, command, stop, streams);
        if (made_by == "discover") return reproduce_discovery(manifest, scenario, command);
        return reproduce_influence(manifest, scenario, command, stop, streams);
    } catch (const ManifestError& error) {
        throw as_error(error, command.result);
    } catch (const Json::exception&) {
        throw InputError(command.result + ": the manifest's settings lack what decides the result");
    }
}

std::vector<FileComparison> compared(const FileDigests& expected, const FileDigests& found,
                                     const std::map<std::string, Kept>& kept) {
    std::set<std::string> names;
    for (const auto& [name, digest] : expected) names.insert(name);
    for (const auto& [name, digest] : found) names.insert(name);
    const auto in = [](const FileDigests& digests, const std::string& name) {
        const auto place = digests.find(name);
        return place == digests.end() ? std::nullopt : std::optional(place->second);
    };
    std::vector<FileComparison> files;
    files.reserve(names.size());
    for (const std::string& name : names) {
        const auto place = kept.find(name);
        files.push_back({.name = name,
                         .expected = in(expected, name),
                         .found = in(found, name),
                         .kept = place == kept.end() ? Kept::not_looked_at : place->second});
    }
    return files;
}

// A manifest may have been sent without its files; a folder should have them all.
Kept kept_beside(const std::filesystem::path& folder, const std::string& name, const FileDigest& expected,
                 bool is_folder) {
    if (std::filesystem::path(name).filename() != name) return Kept::not_looked_at;
    std::error_code ignored;
    const std::filesystem::file_status status = std::filesystem::symlink_status(folder / name, ignored);
    if (!std::filesystem::exists(status)) return is_folder ? Kept::missing : Kept::not_looked_at;
    if (!std::filesystem::is_regular_file(status)
        || std::filesystem::file_size(folder / name, ignored) != expected.bytes)
        return Kept::changed;
    return digest_of_file(folder / name) == expected ? Kept::unchanged : Kept::changed;
}

std::map<std::string, Kept> kept_files(const std::filesystem::path& manifest, const FileDigests& files,
                                       const std::string& result) {
    std::error_code ignored;
    const bool is_folder = std::filesystem::is_directory(result, ignored);
    std::map<std::string, Kept> kept;
    for (const auto& [name, digest] : files)
        kept[name] = kept_beside(manifest.parent_path(), name, digest, is_folder);
    return kept;
}

// Whatever may make other bits of the same scenario and seed.
std::vector<std::string> warnings_of(const BuildInformation& then, const BuildInformation& now) {
    std::vector<std::string> warnings;
    const auto compare = [&](const char* what, const std::string& before, const std::string& here) {
        if (before != here)
            warnings.push_back(fmt::format("the {} was {} and is {}", what, visible(before), here));
    };
    compare("version", then.version, now.version);
    compare("commit", then.commit, now.commit);
    compare("compiler", then.compiler, now.compiler);
    compare("machine", then.machine, now.machine);
    if (then.state == "changed" || now.state == "changed")
        warnings.emplace_back("the source had changes that are in no commit");
    return warnings;
}

Json kept_json(Kept kept) {
    return kept == Kept::not_looked_at ? Json() : Json(kept_names[static_cast<std::size_t>(kept)]);
}

void print_json(const std::filesystem::path& path, const std::vector<FileComparison>& files, bool same,
                const std::vector<std::string>& warnings, const std::string& folder, const Streams& streams) {
    const auto sha256_or_null = [](const std::optional<FileDigest>& digest) {
        return digest ? Json(digest->sha256) : Json();
    };
    Json json = {{"manifest", path.string()}, {"same", same}, {"files", Json::object()}};
    for (const FileComparison& file : files)
        json["files"][file.name] = {{"same", file.same()},
                                    {"in_the_folder", kept_json(file.kept)},
                                    {"expected_sha256", sha256_or_null(file.expected)},
                                    {"found_sha256", sha256_or_null(file.found)}};
    json["warnings"] = warnings;
    if (!folder.empty()) json["results_directory"] = folder;
    streams.out << json_text(json);
}

std::string in_words(const FileComparison& file) {
    if (file.is_reproduced()) return "the same";
    if (!file.found) return "not made now";
    return file.expected ? "differs" : "not in the manifest";
}

void print_text(const std::vector<FileComparison>& files, bool same, const std::string& folder,
                const Streams& streams) {
    TerminalTable table{.title = "",
                        .columns = {{"file", Alignment::left},
                                    {"made again", Alignment::left},
                                    {"in the folder", Alignment::left}},
                        .rows = {}};
    for (const FileComparison& file : files)
        table.rows.push_back({file.name,
                              {in_words(file), file.is_reproduced() ? Emphasis::good : Emphasis::bad},
                              {std::string(kept_names[static_cast<std::size_t>(file.kept)]),
                               file.is_kept() ? Emphasis::none : Emphasis::bad}});
    const bool is_reproduced = std::ranges::all_of(files, &FileComparison::is_reproduced);
    streams.out << table_text(table, colour_of(STDOUT_FILENO))
                << (same ? "\nreproduced: every file has the same bytes\n"
                    : is_reproduced
                        ? "\nreproduced, but the folder has other files than were written into it\n"
                        : "\nnot reproduced: files differ\n");
    if (!folder.empty()) streams.out << fmt::format("results in {}\n", visible(folder));
}

// A discovery that lies elsewhere now sees its sweep from there.
void find_sweep_from(const std::filesystem::path& folder, const std::filesystem::path& manifest_file,
                     Manifest& manifest) {
    if (maker_of(manifest, manifest_file) != "discover") return;
    const std::filesystem::path sweep =
        manifest_file.parent_path() / text_in(manifest.settings, sweep_of_discovery);
    manifest.settings[sweep_of_discovery] = seen_from(folder, sweep);
}

ExitCode reproduce(const ReproduceCommand& command, const Streams& streams) {
    const std::filesystem::path path = manifest_path(command.result);
    Manifest manifest = load_manifest(path);
    const Scenario scenario = scenario_of(manifest, path);
    const std::map<std::string, Kept> kept = kept_files(path, manifest.files, command.result);
    const InterruptListener interrupt;
    std::unique_ptr<ResultFolder> folder;
    if (!command.output.empty()) folder = open_result_folder(command.output, {});
    const std::vector<std::string> warnings = warnings_of(manifest.build, build_information());
    for (const std::string& warning : warnings) streams.err << "warning: " << warning << '\n';
    if (!command.quiet) {
        const std::string what = maker_of(manifest, path) == "discover"
                                     ? "a discovery"
                                     : fmt::format("{} trajectories", manifest.trajectories_completed);
        streams.err << fmt::format("{}: {}, seed {}\n", visible(scenario.title), what, manifest.seed);
    }

    const Reproduction again = reproduce_files(manifest, scenario, command, interrupt.request(), streams);
    if (again.interrupted)
        throw EarlyEnd(interrupt.exit_code(ExitCode::failure),
                       fmt::format("interrupted after {} trajectories; nothing was compared", again.tried));
    const std::vector<FileComparison> files = compared(manifest.files, digests_of(again.files), kept);
    const bool same = std::ranges::all_of(files, &FileComparison::same);

    ExitCode code = ExitCode::success;
    std::string written;
    if (folder) {
        manifest.build = build_information();
        find_sweep_from(folder->final_path(), path, manifest);
        const Publication publication = publish_result(*folder, again.files, manifest);
        code = say_where(publication, streams);
        written = publication.path.string();
    }
    if (command.json)
        print_json(path, files, same, warnings, written, streams);
    else if (!command.quiet)
        print_text(files, same, written, streams);
    return same ? code : ExitCode::failure;
}

constexpr const char* reproduce_notes = R"(
The manifest of a result holds its whole scenario, its seed and how many trajectories were complete, so that a
run that was interrupted, or ended at a precision, is made again as it was. A discovery is made again from the
results of its sweep, which have to be the same, and to lie where they lay, seen from it. Every file is compared
by its SHA-256. Another version, compiler or machine may give other bits, and is warned of. Exit code 0: every
file has the same bytes; 1: one differs.

Examples:
  venturi reproduce results/seed_cohort
  venturi reproduce results/seed_cohort/manifest.json --output results/again
  venturi reproduce results/foundation_model_lab_influence --quiet && echo the same
  venturi reproduce results/seed_cohort --json | jq '.files | map_values(.same)')";

}  // namespace

void add_reproduce_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<ReproduceCommand>();
    const Command command = program.add_command("reproduce", "Make a result again, and compare every file");
    command.option("RESULT", options->result, "a results folder, or its manifest.json").required();
    command.option("--output", options->output,
                   "keep what is made in this results directory (default: it is only compared)");
    command
        .option("--threads", options->threads,
                "threads (default: one for each core); the results do not depend on it")
        .within(0, 1024);
    command.flag("--quiet", options->quiet, "no progress, no table");
    command.flag("--json", options->json, "print one JSON object instead of the table");
    command.notes(reproduce_notes);
    command.action([options, streams, &code] { code = reproduce(*options, streams); });
}

}  // namespace venturi
