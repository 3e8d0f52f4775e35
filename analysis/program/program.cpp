#include "analysis/program/program.hpp"

#include "analysis/program/command_line.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/standard_streams.hpp"
#include "analysis/report/build_information.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <new>
#include <ostream>
#include <system_error>
#include <utility>

namespace venturi {

namespace {

constexpr const char* examples = R"(
Examples:
  venturi run seed_cohort                          run a scenario of the library
  venturi run my_world.yaml --trajectories 5000    run one of your own, longer
  venturi run seed_cohort --compare-published      hold it against published tables
  venturi trace seed_cohort --trajectory 7         one company's story
  venturi compare seed_cohort --with finance.raising.attempts=5   what a change does, under the same luck
  venturi select seed_cohort my_world.yaml --best share_alive   the best of several, with a stated probability
  venturi optimise foundation_model_lab              where the next dollar should go: the best mix
  venturi branch seed_cohort --at "every 12 months" --continuations 8   how much was decided when
  venturi influence foundation_model_lab           what feeds what inside a company, measured and drawn
  venturi network families.csv --measure all       a network's measures, or who can pay whom
  venturi reproduce results/seed_cohort            run a result again, and compare every file
  venturi new my_world.yaml                        begin a scenario of your own
  venturi explain finance.raising.attempts         what a parameter, an observable or an option is

Exit codes: 0 success; 2 bad input; 3 complete, but not written where it was asked for: the message says where
it is; 129, 130, 143 ended by SIGHUP, Ctrl-C, SIGTERM (what is complete is kept); 141 whoever read the output
has gone; 1 anything else, such as a full disk.

With --json a command prints one JSON object on standard output whatever happens: its answer, or
{"error": {"message", "file", "line", "column", "value", "legal", "nearest", ...}, "problems": [...]}. Colours,
widths and characters follow NO_COLOR, TERM, COLUMNS and the locale (LC_ALL, LC_CTYPE, LANG).)";

void add_commands(CommandLine& program, const Streams& streams, ExitCode& code) {
    add_run_command(program, streams, code);
    add_network_command(program, streams, code);
    add_risk_command(program, streams, code);
    add_trace_command(program, streams, code);
    add_compare_command(program, streams, code);
    add_select_command(program, streams, code);
    add_branch_command(program, streams, code);
    add_sweep_command(program, streams, code);
    add_sensitivity_command(program, streams, code);
    add_discover_command(program, streams, code);
    add_optimise_command(program, streams, code);
    add_gradient_command(program, streams, code);
    add_influence_command(program, streams, code);
    add_reproduce_command(program, streams, code);
    add_check_command(program, streams, code);
    add_schema_command(program, streams, code);
    add_new_command(program, streams, code);
    add_list_command(program, streams, code);
    add_explain_command(program, streams, code);
}

ExitCode run_or_throw(std::vector<std::string> arguments, const Streams& streams) {
    CommandLine program("venturi", "Venturi simulates cohorts of startups: funded, growing, failing, sold.",
                        examples, version_text(build_information()));
    ExitCode code = ExitCode::success;
    add_commands(program, streams, code);
    return program.run(std::move(arguments), streams.out) ? code : ExitCode::success;
}

bool asks_for_json(const std::vector<std::string>& arguments) {
    return std::ranges::find(arguments, "--json") != arguments.end();
}

ExitCode tell(const Failure& failure, bool json, const Streams& streams) {
    streams.err << failure.text << '\n';
    if (json) streams.out << json_text(failure_json(failure));
    return failure.code;
}

// A command has done its work only when its output has arrived. Of a reader that went away nothing is said.
ExitCode after_output(ExitCode code, const Streams& streams) {
    const int error = error_of(streams.out);
    if (error == 0) return code;
    if (error != EPIPE)
        streams.err << fmt::format("venturi: cannot write to standard output: {}\n",
                                   std::generic_category().message(error));
    const bool was_well = code == ExitCode::success || code == ExitCode::elsewhere;
    if (!was_well) return code;
    return error == EPIPE ? ExitCode::broken_pipe : ExitCode::failure;
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

InputError::InputError(const std::string& text) : std::runtime_error(visible_lines(text)) {}

InputError contradiction_in(const std::string& file) {
    return InputError(file + ": the manifest contradicts itself");
}

ExitCode run_program(std::vector<std::string> arguments, const Streams& streams) {
    const bool json = asks_for_json(arguments);
    const std::string command = arguments.empty() ? "" : arguments.front();
    if (json) set_content(streams.out, Content::json);
    try {
        arguments = with_begun_arguments(std::move(arguments));
        return after_output(run_or_throw(std::move(arguments), streams), streams);
    } catch (...) {
        try {
            return after_output(tell(failure_of(std::current_exception(), command), json, streams), streams);
        } catch (const std::bad_alloc&) {
            streams.err << "venturi: out of memory\n";
            return ExitCode::failure;
        }
    }
}

}  // namespace venturi
