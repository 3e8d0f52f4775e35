// The `venturi` program: one command each in a file of its own.
#pragma once

#include "scenarios/scenario.hpp"

#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace venturi {

/// What the program tells the shell.
enum class ExitCode : int { success = 0, failure = 1, bad_input = 2, interrupted = 130 };

/// Input that a person can put right; the program ends with `bad_input`.
class InputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Where a command writes.
struct Streams {
    std::ostream& out;  ///< results
    std::ostream& err;  ///< progress and errors
};

/// Runs the program as from the command line; `arguments` without the program's name.
[[nodiscard]] ExitCode run_program(std::vector<std::string> arguments, const Streams& streams);

/// The folders in which library scenarios are sought: that of $VENTURI_LIBRARY, where set, the source's, the
/// installed.
[[nodiscard]] std::vector<std::filesystem::path> library_folders();

/// Loads a scenario by path or library name, and applies `path=value` settings in order.
[[nodiscard]] Scenario load_with_settings(const std::string& name, const std::vector<std::string>& settings);

// Each adds a command to the program and, where it is the one asked for, runs it and sets `code`.
void add_run_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_influence_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_network_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_risk_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_trace_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_check_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_schema_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_new_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_list_command(CLI::App& program, const Streams& streams, ExitCode& code);
void add_explain_command(CLI::App& program, const Streams& streams, ExitCode& code);

}  // namespace venturi
