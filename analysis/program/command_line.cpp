#include "analysis/program/command_line.hpp"

#include "analysis/program/program.hpp"
#include "scenarios/problem.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <type_traits>
#include <utility>

namespace venturi {

namespace {

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

// CLI11 says of an option given too often "--seed: At Most 1 required but received 2"; empty where it
// doesn't.
std::string repeated_option(std::string_view text) {
    constexpr std::string_view before = ": At Most 1 required but received ";
    const std::size_t at = text.find(before);
    if (at == std::string_view::npos) return {};
    const std::string_view times = text.substr(at + before.size());
    return fmt::format("{}: given {}\n  legal here: once", text.substr(0, at),
                       times == "2" ? std::string("twice") : fmt::format("{} times", times));
}

// An option that is to be explained is taken for one of the command that explains; empty where it is none.
std::string hint_to_explain(const CLI::App& program, const std::string& written) {
    const std::vector<CLI::App*> asked = program.get_subcommands();
    if (asked.empty() || asked.front()->get_name() != "explain") return {};
    const bool is_option = std::ranges::any_of(program.get_subcommands({}), [&](const CLI::App* command) {
        return command->get_option_no_throw(written) != nullptr;
    });
    if (!is_option) return {};
    return fmt::format("; to have it explained: venturi explain -- {}, or venturi explain {}", written,
                       written.substr(2));
}

// What CLI11 says of a mistake, with the option that was meant.
InputError input_error_of(const CLI::ParseError& error, const CLI::App& program) {
    std::string text = error.what();
    if (const std::string twice = repeated_option(text); !twice.empty()) return InputError(twice);
    std::vector<std::string> options;
    for (const CLI::App* command : program.get_subcommands())
        for (const CLI::Option* option : command->get_options())
            if (!option->get_lnames().empty()) options.push_back("--" + option->get_lnames().front());
    for (const std::string& option : options)
        if (text.starts_with(option + ": ")) return InputError(text);  // says what is legal itself
    const std::size_t dashes = text.find("--");
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && dashes != std::string::npos) {
        const std::string written = text.substr(dashes, text.find_first_of(" =", dashes) - dashes);
        text = fmt::format("there is no option '{}' here", written);
        if (const std::string hint = hint_to_explain(program, written); !hint.empty())
            text += hint;
        else if (const std::string nearest = nearest_name(written, options); !nearest.empty())
            text += fmt::format(" — did you mean '{}'?", nearest);
        text += fmt::format("\n  legal here: {}", listed(options));
    } else {
        text += "; run with --help for more";
    }
    return InputError(text);
}

}  // namespace

const CommandOption& CommandOption::required() const {
    option_->required();
    return *this;
}

template <class Number>
const CommandOption& CommandOption::within(Number least, Number most) const {
    option_->check(CLI::Range(least, most));
    if constexpr (std::is_floating_point_v<Number>)  // which is in every range by its comparisons
        option_->check([=](const std::string& text) {
            return text.find_first_of("nN") == std::string::npos
                       ? std::string()
                       : fmt::format("{} is no number; legal here: {:g} to {:g}", text, least, most);
        });
    return *this;
}

const CommandOption& CommandOption::one_value_each() const {
    option_->allow_extra_args(false);
    return *this;
}

const CommandOption& CommandOption::separated_by(char separator) const {
    option_->delimiter(separator);
    return *this;
}

const CommandOption& CommandOption::excludes(const std::string& option) const {
    option_->excludes(option);
    return *this;
}

const CommandOption& CommandOption::needs(const CommandOption& other) const {
    option_->needs(other.option_);
    return *this;
}

template <class Value>
CommandOption Command::option(const std::string& name, Value& value, const std::string& meaning) const {
    return CommandOption(*command_->add_option(name, value, meaning));
}

void Command::flag(const std::string& name, bool& value, const std::string& meaning) const {
    command_->add_flag(name, value, meaning);
}

void Command::notes(const std::string& text) const {
    command_->footer(text);
}

std::vector<std::string> Command::given() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : command_->get_options())
        if (option->count() > 0 && option->get_name().starts_with("--")) names.push_back(option->get_name());
    return names;
}

void Command::action(std::function<void()> run) const {
    command_->callback(std::move(run));
}

template const CommandOption& CommandOption::within(int, int) const;
template const CommandOption& CommandOption::within(std::int64_t, std::int64_t) const;
template const CommandOption& CommandOption::within(std::uint64_t, std::uint64_t) const;
template const CommandOption& CommandOption::within(double, double) const;

using Text = std::string;
template CommandOption Command::option(const Text&, Text&, const Text&) const;
template CommandOption Command::option(const Text&, std::optional<Text>&, const Text&) const;
template CommandOption Command::option(const Text&, std::vector<Text>&, const Text&) const;
template CommandOption Command::option(const Text&, int&, const Text&) const;
template CommandOption Command::option(const Text&, std::int64_t&, const Text&) const;
template CommandOption Command::option(const Text&, std::uint32_t&, const Text&) const;
template CommandOption Command::option(const Text&, std::uint64_t&, const Text&) const;
template CommandOption Command::option(const Text&, double&, const Text&) const;

CommandLine::CommandLine(const std::string& name, const std::string& meaning, const std::string& notes,
                         const std::string& version)
    : program_(std::make_unique<CLI::App>(meaning, name)) {
    program_->footer(notes);
    program_->require_subcommand(1);
    program_->set_version_flag("--version", version);
}

CommandLine::~CommandLine() = default;

Command CommandLine::add_command(const std::string& name, const std::string& meaning) {
    return Command(*program_->add_subcommand(name, meaning));
}

bool CommandLine::run(std::vector<std::string> arguments, std::ostream& out) {
    arguments_ = arguments;
    check_command_name(*program_, arguments);
    try {
        std::ranges::reverse(arguments);  // as CLI11 takes them
        program_->parse(arguments);
        return true;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success))
            throw input_error_of(error, *program_);
        program_->exit(error, out, out);  // help or version
        return false;
    }
}

std::vector<CommandDescription> CommandLine::commands() const {
    std::vector<CommandDescription> result;
    for (const CLI::App* command : program_->get_subcommands([](const CLI::App*) { return true; })) {
        CommandDescription described{
            .name = command->get_name(), .meaning = command->get_description(), .options = {}};
        for (const CLI::Option* option : command->get_options())
            if (option->get_name().starts_with("--"))
                described.options.push_back({.name = option->get_name(),
                                             .meaning = option->get_description(),
                                             .takes_value = option->get_expected_min() != 0});
        result.push_back(std::move(described));
    }
    return result;
}

}  // namespace venturi
