#include "analysis/report/terminal.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace venturi {

namespace {

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

std::optional<std::size_t> columns_in_environment() {
    const std::string_view text = environment("COLUMNS");
    std::size_t columns = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
    if (error != std::errc{} || end != text.data() + text.size() || columns == 0) return std::nullopt;
    return columns;
}

std::optional<std::size_t> known_columns(int descriptor) {
    if (const auto columns = columns_in_environment()) return columns;
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
}

TextLimits& limits_of_process() {
    static TextLimits limits;
    return limits;
}

}  // namespace

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

bool is_capable_terminal(int descriptor) {
    const std::string_view terminal = environment("TERM");
    return is_terminal(descriptor) && !terminal.empty() && terminal != "dumb";
}

Colour colour_of(int descriptor) {
    return is_capable_terminal(descriptor) && environment("NO_COLOR").empty() ? Colour::ansi : Colour::none;
}

std::size_t columns_of(int descriptor) {
    constexpr std::size_t usual = 80;
    return known_columns(descriptor).value_or(usual);
}

bool is_utf8_locale() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        std::string locale(environment(name));
        if (locale.empty()) continue;
        std::ranges::transform(locale, locale.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
    return false;
}

TextLimits text_limits_of(int descriptor) {
    return {.ascii = !is_utf8_locale(), .columns = known_columns(descriptor).value_or(0)};
}

const TextLimits& text_limits() {
    return limits_of_process();
}

void set_text_limits(const TextLimits& limits) {
    limits_of_process() = limits;
}

}  // namespace venturi
