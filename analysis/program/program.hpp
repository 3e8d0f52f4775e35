// The `venturi` program: one command each in a file of its own.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <vector>

namespace venturi {

class Command;
class CommandLine;
struct Scenario;

/// What the program tells the shell. After a signal it is 128 + its number, as if the signal had ended the
/// program; what was complete by then is kept.
enum class ExitCode : int {
    success = 0,
    failure = 1,
    bad_input = 2,
    elsewhere = 3,      ///< complete, but a file or folder could not be written where it was asked for
    hung_up = 129,      ///< SIGHUP
    interrupted = 130,  ///< SIGINT
    broken_pipe = 141,  ///< whoever read the output has gone (SIGPIPE)
    terminated = 143,   ///< SIGTERM
};

/// Input that a person can put right; the program ends with `bad_input`. The text is as `to_text(Problem)`
/// writes it: `--option 'value': what is wrong — did you mean 'name'?` and, on a second line, `  legal
/// here:`. Control characters in it become escapes.
class InputError : public std::runtime_error {
  public:
    explicit InputError(const std::string& text);
};

/// Of a manifest whose parts no result of this program has together.
[[nodiscard]] InputError contradiction_in(const std::string& file);

/// A command ends before its answer, with a code of its own: on a request to stop before anything was whole.
class EarlyEnd : public std::runtime_error {
  public:
    EarlyEnd(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}

    [[nodiscard]] ExitCode code() const { return code_; }

  private:
    ExitCode code_;
};

/// Where a command writes.
struct Streams {
    std::ostream& out;  ///< results
    std::ostream& err;  ///< progress and errors
};

/// Runs the program as from the command line; `arguments` without the program's name. Throws nothing: what
/// goes wrong is told on `err`, and with --json as one object {"error": ...} on `out` too.
[[nodiscard]] ExitCode run_program(std::vector<std::string> arguments, const Streams& streams);

/// The folders in which library scenarios are sought: that of $VENTURI_LIBRARY, where set, the source's, the
/// installed.
[[nodiscard]] std::vector<std::filesystem::path> library_folders();

/// Loads a scenario by path or library name, and applies `path=value` settings in order.
[[nodiscard]] Scenario load_with_settings(const std::string& name, const std::vector<std::string>& settings);

// Each adds a command to the program and, where it is the one asked for, runs it and sets `code`.
void add_run_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_compare_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_select_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_branch_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_sweep_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_sensitivity_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_discover_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_optimise_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_gradient_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_influence_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_network_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_reproduce_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_risk_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_trace_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_check_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_schema_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_new_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_list_command(CommandLine& program, const Streams& streams, ExitCode& code);
void add_explain_command(CommandLine& program, const Streams& streams, ExitCode& code);

}  // namespace venturi
