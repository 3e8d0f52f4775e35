// The `venturi` program, asked as from the command line.
#pragma once

#include "analysis/program/program.hpp"

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

struct Answer {
    ExitCode code;
    std::string out;
    std::string err;
};

inline Answer ask(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code = run_program(std::move(arguments), {out, err});
    return {code, out.str(), err.str()};
}

inline std::vector<std::string> with(std::vector<std::string> arguments,
                                     std::initializer_list<std::string> more) {
    arguments.insert(arguments.end(), more);
    return arguments;
}

inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace venturi
