// What a command line may hold. Light to include: CLI11 is read and compiled by command_line.cpp alone.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace venturi {

/// An option, to be told more about. Lives as long as its command line.
class CommandOption {
  public:
    explicit CommandOption(CLI::Option& option) : option_(&option) {}

    const CommandOption& required() const;
    /// Takes a number from `least` to `most`. For int, int64_t, uint64_t and double.
    template <class Number>
    const CommandOption& within(Number least, Number most) const;
    /// Takes one value each time it is given, not all words up to the next option.
    const CommandOption& one_value_each() const;
    /// Takes several values with this character between them.
    const CommandOption& separated_by(char separator) const;
    /// Can't be given together with an option that was added before.
    const CommandOption& excludes(const std::string& option) const;
    /// Can only be given together with the other.
    const CommandOption& needs(const CommandOption& other) const;

  private:
    CLI::Option* option_;
};

/// A command, to be given its options. What values are written to has to live until it has run.
class Command {
  public:
    explicit Command(CLI::App& command) : command_(&command) {}

    /// `name` is `--name`, or `NAME` where it goes by its place. For texts, lists of texts, numbers, and
    /// std::optional of a text.
    template <class Value>
    CommandOption option(const std::string& name, Value& value, const std::string& meaning) const;
    void flag(const std::string& name, bool& value, const std::string& meaning) const;
    /// What --help says at its end.
    void notes(const std::string& text) const;
    /// The options that the arguments hold, "--name" each; to be asked when the command runs.
    [[nodiscard]] std::vector<std::string> given() const;
    /// What it does once all options have their values.
    void action(std::function<void()> run) const;

  private:
    CLI::App* command_;
};

struct OptionDescription {
    std::string name;  ///< --name
    std::string meaning;
    bool takes_value = true;
};

struct CommandDescription {
    std::string name;
    std::string meaning;
    std::vector<OptionDescription> options;  ///< those with dashes
};

/// The program's command line: commands, each with options.
class CommandLine {
  public:
    CommandLine(const std::string& name, const std::string& meaning, const std::string& notes,
                const std::string& version);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine(CommandLine&&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    CommandLine& operator=(CommandLine&&) = delete;

    Command add_command(const std::string& name, const std::string& meaning);

    /// Reads the arguments, without the program's name, and runs the command that they name. False where they
    /// ask for help or the version, which is then printed to `out`. Throws InputError where they can't be
    /// understood, with the nearest legal name.
    bool run(std::vector<std::string> arguments, std::ostream& out);

    [[nodiscard]] std::vector<CommandDescription> commands() const;

    /// Those that are being run.
    [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }

  private:
    std::unique_ptr<CLI::App> program_;
    std::vector<std::string> arguments_;
};

}  // namespace venturi
