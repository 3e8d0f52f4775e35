// A file that a command was asked to write, such as --csv FILE.
#pragma once

#include "analysis/program/program.hpp"

#include <string>
#include <string_view>

namespace venturi {

/// Checked before the work that fills it, and written after that:
///
///     const OutputFile csv("--csv", options.csv, options.overwrite);
///     ... long work ...
///     code = csv.write(text, streams, code);
///
/// `-` and `/dev/stdout` are the standard output.
class OutputFile {
  public:
    /// Without a file where `path` is empty. Throws InputError where the file is there already and is not to
    /// be overwritten, or can't be written.
    OutputFile(std::string option, std::string path, bool overwrite);

    [[nodiscard]] bool is_asked_for() const { return !path_.empty(); }
    /// Whether the bytes go where a command prints: it then prints nothing else.
    [[nodiscard]] bool is_standard_output() const { return path_ == "-" || path_ == "/dev/stdout"; }

    /// Writes the file; where that can't be any more, beside it or into the folder for temporary files, and
    /// says so. Gives `code`, or ExitCode::elsewhere in place of success. Does nothing where no file was
    /// asked for. Throws ResultError where nothing can be written anywhere.
    [[nodiscard]] ExitCode write(std::string_view bytes, const Streams& streams,
                                 ExitCode code = ExitCode::success) const;

  private:
    std::string option_;
    std::string path_;
    bool overwrite_;
};

/// Adds --overwrite, which `OutputFile` asks for.
void add_overwrite_option(const Command& command, bool& overwrite);

}  // namespace venturi
