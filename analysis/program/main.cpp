#include "analysis/program/program.hpp"
#include "analysis/program/standard_streams.hpp"

#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

// Where memory runs out in a place that can't throw, the last word is still a word.
[[noreturn]] void say_why_and_end() {
    const char* message = "venturi: ended by an error in the program\n";
    try {
        if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        message = "venturi: out of memory\n";
    } catch (...) {
        // As it is.
    }
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message, std::strlen(message));
    ::_exit(static_cast<int>(venturi::ExitCode::failure));
}

}  // namespace

int main(int count, char** arguments) {
    std::set_terminate(say_why_and_end);
    venturi::StandardStreams standard;
    const std::vector<std::string> given(arguments + 1, arguments + count);
    return static_cast<int>(venturi::run_program(given, standard.streams()));
}
