// What ended a command, told to people and to programs.
#pragma once

#include "analysis/program/program.hpp"
#include "scenarios/problem.hpp"

#include <nlohmann/json_fwd.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

struct Failure {
    ExitCode code = ExitCode::failure;
    std::string text;               ///< for people, of one or more lines
    std::vector<Problem> problems;  ///< the same in parts; at least one
};

/// Of an exception that ended `command`. Memory that ran out, here or in a thread, is told as such, with what
/// would take less.
[[nodiscard]] Failure failure_of(const std::exception_ptr& thrown, std::string_view command);

/// JSON as commands print it: indented, with a line feed at its end. Bytes that are not UTF-8, as a path may
/// have, become U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

/// {"file", "line", "column", "message", "value", "legal", "nearest"}: texts are empty and numbers 0 where
/// there is nothing to say. What is not UTF-8 becomes U+FFFD.
[[nodiscard]] nlohmann::ordered_json problem_json(const Problem& problem);

/// {"error": {"exit_code", and all of the first problem}, "problems": [...]}.
[[nodiscard]] nlohmann::ordered_json failure_json(const Failure& failure);

/// The parts of a text that is written as `to_text(Problem)` or InputError has it.
[[nodiscard]] Problem problem_of_text(std::string_view text);

}  // namespace venturi
