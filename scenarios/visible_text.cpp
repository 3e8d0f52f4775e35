#include "scenarios/visible_text.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace venturi {

namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;

bool is_plain_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}

std::string escape_of(std::uint32_t code_point) {
    switch (code_point) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        default:
            if (code_point < 0x100) return fmt::format("\\x{:02x}", code_point);
            if (code_point < 0x10000) return fmt::format("\\u{:04x}", code_point);
            return fmt::format("\\U{:08x}", code_point);
    }
}

std::string escaped_but(std::string_view text, std::uint32_t kept) {
    std::string safe;
    safe.reserve(text.size());
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const char* const begin = at;
        if (is_plain_ascii(*at)) {
            safe += *at++;
            continue;
        }
        const auto point = Utf8::decode(at, end);
        if (!boost::locale::utf::is_valid_codepoint(point)) {
            at = begin + 1;
            safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(*begin));
        } else if (point != kept && is_invisible_command(point)) {
            safe += escape_of(point);
        } else {
            safe.append(begin, at);
        }
    }
    return safe;
}

}  // namespace

bool is_invisible_command(std::uint32_t code_point) {
    if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0)) return true;
    if (code_point == 0x2028 || code_point == 0x2029) return true;
    if (code_point >= 0x202A && code_point <= 0x202E) return true;
    if (code_point >= 0x2066 && code_point <= 0x2069) return true;
    return (code_point >= 0xFDD0 && code_point <= 0xFDEF) || (code_point & 0xFFFE) == 0xFFFE;
}

std::string visible(std::string_view text) {
    constexpr std::uint32_t none = 0x110000;
    return escaped_but(text, none);
}

std::string visible_lines(std::string_view text) {
    return escaped_but(text, '\n');
}

}  // namespace venturi
