// A scenario: which world is run, how, what happens to it, and what published figures it is held against.
// Start here for reading one.
#pragma once

#include "agents/intervention.hpp"
#include "agents/world_parameters.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/run_settings.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

/// What a published figure is for: what a model was fitted to can't speak for it.
enum class PublishedRole : std::uint8_t { calibration, validation };
inline constexpr std::array<std::string_view, 2> published_role_names{"calibration", "validation"};

/// A figure from a publication that a run is compared with.
struct Published {
    std::string name;             ///< of the figure; its observable and month where none is given
    std::string observable;       ///< as runs name it
    std::optional<double> month;  ///< where the observable is a series
    double value = 0;             ///< in the units of `dimension`
    Dimension dimension = Dimension::number;
    std::optional<std::pair<double, double>> interval;  ///< published bounds of the value
    std::string source;
    PublishedRole role = PublishedRole::validation;
    /// The path and the value of each parameter that is other than in the scenario where this figure is
    /// measured; to be applied with apply_setting(path + "=" + value).
    std::vector<std::pair<std::string, std::string>> set;

    friend bool operator==(const Published&, const Published&) = default;
};

/// A parameter that somebody set: the scenario file itself (not those that it extends), an intervention in
/// it, or an option.
struct WrittenParameter {
    std::string path;
    SourcePosition position;
    std::optional<double> value = {};  ///< that an intervention gives it, as SetByIndex takes it
    bool changes = true;               ///< what it would be without
    std::string given = {};            ///< the value that an option gives it, as written
    std::string dropped = {};          ///< what options before that one gave it: "--set run.seed=4"

    friend bool operator==(const WrittenParameter&, const WrittenParameter&) = default;
};

/// Everything that a scenario file says.
struct Scenario {
    std::string title;
    std::string description;
    std::filesystem::path file;
    RunSettings run;
    WorldParameters world;
    std::vector<Intervention> interventions;
    std::vector<Published> published;
    std::vector<WrittenParameter> written;
};

/// Reads a scenario with all that it extends. `name` is the path of a file, or the name of a scenario in one
/// of the folders. Throws ScenarioError with every problem that was found.
[[nodiscard]] Scenario load_scenario(const std::string& name,
                                     std::span<const std::filesystem::path> library_folders = {});

/// Reads a scenario from text; `file` stands for it in messages, and what it extends is sought next to that.
[[nodiscard]] Scenario read_scenario(std::string_view text, const std::filesystem::path& file,
                                     std::span<const std::filesystem::path> library_folders = {});

/// Sets one parameter of the world or the run by `path=value`, as `--set` on the command line does; `option`
/// is where messages say that it stands. Throws ScenarioError and leaves the scenario as it was where that is
/// wrong.
void apply_setting(Scenario& scenario, std::string_view setting, std::string_view option = "--set");

/// Sets one parameter by an option of its own, such as `--trajectories`, whose name messages have in place of
/// the parameter's. Throws ScenarioError and leaves the scenario as it was where the value is wrong.
void apply_option(Scenario& scenario, std::string_view option, std::string_view path, std::string_view value);

/// The scenario written out in full, as JSON that loads to the same scenario.
[[nodiscard]] nlohmann::ordered_json resolved_scenario(const Scenario& scenario);

/// Shows that scenario_template wrote a file.
inline constexpr std::string_view first_line_of_template =
    "# A scenario: everything not said here keeps its default, so that any line may go.";

/// A commented scenario file with every parameter, its value in `scenario`, meaning and source: what stands
/// beside the value in the file that sets it (see citations.hpp), else where the default comes from. Says
/// nothing of the scenario's interventions and published figures.
[[nodiscard]] std::string scenario_template(Scenario scenario = {},
                                            const std::map<std::string, std::string>& citations = {});

/// The JSON Schema (draft 2020-12) of scenario files.
[[nodiscard]] nlohmann::ordered_json scenario_schema();

}  // namespace venturi
