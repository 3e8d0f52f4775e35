#include "analysis/program/program.hpp"

#include <iostream>
#include <string>
#include <vector>

int main(int count, char** arguments) {
    const std::vector<std::string> given(arguments + 1, arguments + count);
    return static_cast<int>(venturi::run_program(given, {std::cout, std::cerr}));
}
