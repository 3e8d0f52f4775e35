#include "analysis/report/terminal.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace venturi {

namespace {

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

}  // namespace

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

Colour colour_of(int descriptor) {
    const std::string_view terminal = environment("TERM");
    const bool capable = is_terminal(descriptor) && !terminal.empty() && terminal != "dumb";
    return capable && environment("NO_COLOR").empty() ? Colour::ansi : Colour::none;
}

std::size_t columns_of(int descriptor) {
    constexpr std::size_t usual = 80;
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
    return size.ws_col;
}

}  // namespace venturi
