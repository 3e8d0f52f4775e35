#include "analysis/program/program.hpp"

#include "analysis/report/result_error.hpp"
#include "scenarios/problem.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <ostream>

namespace venturi {

namespace {

constexpr const char* examples = R"(
Examples:
  venturi run seed_cohort                          run a scenario of the library
  venturi run my_world.yaml --trajectories 5000    run one of your own, longer
  venturi run seed_cohort --compare-published      hold it against published tables
  venturi trace seed_cohort --trajectory 7         one company's story
  venturi influence foundation_model_lab           what feeds what inside a company, measured and drawn
  venturi network families.csv --measure all       a network's measures, or who can pay whom
  venturi new my_world.yaml                        begin a scenario of your own
  venturi explain finance.raising.attempts         what a parameter, an observable or an option is

Exit codes: 0 success, 2 bad input, 130 interrupted (what is complete is kept), 1 anything else.)";

// CLI11 says of an unknown command only that one is needed.
void check_command_name(const CLI::App& program, const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments.front().starts_with('-')) return;
    std::vector<std::string> names;
    for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
    if (std::ranges::find(names, arguments.front()) != names.end()) return;
    const std::string nearest = nearest_name(arguments.front(), names);
    throw InputError(fmt::format("there is no command '{}'{}\n  legal here: {}", arguments.front(),
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(names)));
}

ExitCode parse_and_run(CLI::App& program, std::vector<std::string> arguments, const Streams& streams,
                       ExitCode& code) {
    try {
        std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
        program.parse(arguments);
        return code;
    } catch (const CLI::ParseError& error) {
        return program.exit(error, streams.out, streams.err) == 0 ? ExitCode::success : ExitCode::bad_input;
    }
}

}  // namespace

std::vector<std::filesystem::path> library_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* chosen = std::getenv("VENTURI_LIBRARY")) folders.emplace_back(chosen);
    folders.emplace_back(VENTURI_LIBRARY_IN_SOURCE);
    // Where `cmake --install` puts it, whatever the prefix: beside the program.
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) folders.push_back(program.parent_path().parent_path() / "share/venturi/library");
    folders.emplace_back(VENTURI_LIBRARY_INSTALLED);
    return folders;
}

Scenario load_with_settings(const std::string& name, const std::vector<std::string>& settings) {
    Scenario scenario = load_scenario(name, library_folders());
    for (const std::string& setting : settings) apply_setting(scenario, setting);
    return scenario;
}

ExitCode run_program(std::vector<std::string> arguments, const Streams& streams) {
    CLI::App program("Venturi simulates cohorts of startups: funded, growing, failing, sold.", "venturi");
    program.footer(examples);
    program.require_subcommand(1);
    program.set_version_flag("--version", std::string("venturi ") + VENTURI_VERSION);
    ExitCode code = ExitCode::success;
    add_run_command(program, streams, code);
    add_network_command(program, streams, code);
    add_risk_command(program, streams, code);
    add_trace_command(program, streams, code);
    add_influence_command(program, streams, code);
    add_check_command(program, streams, code);
    add_schema_command(program, streams, code);
    add_new_command(program, streams, code);
    add_list_command(program, streams, code);
    add_explain_command(program, streams, code);
    try {
        check_command_name(program, arguments);
        return parse_and_run(program, std::move(arguments), streams, code);
    } catch (const ScenarioError& error) {
        streams.err << error.what() << '\n';
        return ExitCode::bad_input;
    } catch (const InputError& error) {
        streams.err << "venturi: " << error.what() << '\n';
        return ExitCode::bad_input;
    } catch (const std::invalid_argument& error) {
        streams.err << "venturi: " << error.what() << '\n';
        return ExitCode::bad_input;
    } catch (const std::exception& error) {
        streams.err << "venturi: " << error.what() << '\n';
        return ExitCode::failure;
    }
}

}  // namespace venturi
