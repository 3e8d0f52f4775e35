// The commands that only read and write scenarios: check, schema, new.
#include "agents/world.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/output_file.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/scenario_request.hpp"
#include "analysis/program/standard_streams.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/terminal_table.hpp"
#include "analysis/report/whole_file.hpp"
#include "scenarios/citations.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/scenario_warnings.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>
#include <utility>
#include <vector>

namespace venturi {

namespace {

using Json = nlohmann::ordered_json;

ExitCode check_scenario(const std::string& file, bool strict, bool json, const Streams& streams) {
    Json answer = {{"file", file}, {"valid", true}, {"problems", Json::array()}, {"warnings", Json::array()}};
    std::string text;
    Failure failure{.code = ExitCode::bad_input, .text = {}, .problems = {}};
    try {
        const Scenario scenario = load_with_settings(file, {});
        (void)make_setup(scenario.world, scenario.interventions);
        const std::vector<ScenarioWarning> warnings = warnings_of(scenario);
        if (strict && !warnings.empty()) throw ScenarioError(as_problems(warnings));
        answer["title"] = scenario.title;
        answer["warnings"] = warnings_json(scenario);
        if (!json)
            for (const ScenarioWarning& warning : warnings)
                streams.err << "warning: " << to_text(warning) << '\n';
        text = fmt::format("{}: a valid scenario, '{}'", visible(file), visible(scenario.title));
    } catch (const ScenarioError& error) {
        failure.problems = error.problems();
        text = error.what();
    } catch (const std::invalid_argument& error) {
        failure.problems = {{.position = {file, 0, 0}, .message = error.what()}};
        text = to_text(failure.problems.front());
    }
    const bool valid = failure.problems.empty();
    answer["valid"] = valid;
    if (!valid) answer.update(failure_json(failure));
    if (json)
        streams.out << json_text(answer);
    else
        (valid ? streams.out : streams.err) << text << '\n';
    return valid ? ExitCode::success : ExitCode::bad_input;
}

ExitCode write_new(const std::string& file, const std::string& from, bool overwrite, bool json,
                   const Streams& streams) {
    const OutputFile target("FILE", file.empty() ? "-" : file, overwrite);
    const std::string text =
        scenario_template(load_with_settings(from, {}), citations_of(from, library_folders()));
    if (json && target.is_standard_output()) {
        streams.out << json_text({{"scenario", text}});
        return ExitCode::success;
    }
    const ExitCode code = target.write(text, streams);
    if (target.is_standard_output()) return code;
    if (json)
        streams.out << json_text({{"file", file}});
    else
        streams.out << fmt::format("wrote {}; run it with: venturi run {}\n", visible(file), visible(file));
    return code;
}

}  // namespace

void add_check_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    struct Options {
        std::string file;
        bool strict = false;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    const Command command = program.add_command("check", "Say what is wrong with a scenario file");
    command.option("FILE", options->file, "a scenario file, or the name of a library scenario").required();
    command.flag("--json", options->json, "print one JSON object");
    command.flag("--strict", options->strict,
                 "take warnings for errors: settings that nothing reads, values that are not plausible");
    command.notes("\nExample:\n  venturi check my_world.yaml");
    command.action([options, streams, &code] {
        code = check_scenario(options->file, options->strict, options->json, streams);
    });
}

void add_schema_command(CommandLine& program, const Streams& streams, ExitCode&) {
    const Command command =
        program.add_command("schema", "Print the JSON Schema of scenario files, for editors");
    auto json = std::make_shared<bool>(true);
    command.flag("--json", *json, "accepted as everywhere; the schema is JSON in any case");
    command.notes(
        "\nExample:\n  venturi schema > venturi.schema.json\n"
        "  # then, as the first line of a scenario, for editors with a YAML language server:\n"
        "  # yaml-language-server: $schema=venturi.schema.json");
    command.action([json, streams] {
        set_content(streams.out, Content::json);
        streams.out << json_text(scenario_schema());
    });
}

void add_new_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    struct Options {
        std::string file;
        std::string from = "seed_cohort";
        bool overwrite = false;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    const Command command = program.add_command("new", "Write a commented scenario with every parameter");
    command.option("FILE", options->file, "the file to write; standard output where left out");
    command.option("--from", options->from,
                   "the scenario whose values it begins with (default: seed_cohort)");
    add_overwrite_option(command, options->overwrite);
    command.flag("--json", options->json,
                 "print one JSON object: the file's name, or the scenario's text where there is none");
    command.notes("\nExample:\n  venturi new my_world.yaml && venturi run my_world.yaml");
    command.action([options, streams, &code] {
        code = write_new(options->file, options->from, options->overwrite, options->json, streams);
    });
}

}  // namespace venturi
