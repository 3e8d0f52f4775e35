#include "scenarios/text_encoding.hpp"

#include "scenarios/problem.hpp"
#include "scenarios/visible_text.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace venturi {

namespace {

namespace utf = boost::locale::utf;

constexpr std::string_view mark_of_utf8 = "\xEF\xBB\xBF";

[[noreturn]] void fail(SourcePosition position, std::string message) {
    throw ScenarioError(Problem{
        .position = std::move(position), .message = std::move(message), .legal = "text in UTF-8 or UTF-16"});
}

enum class Encoding { utf8, utf16_little, utf16_big, utf32, latin1 };

// Whether the name of an encoding in an XML declaration is that of ISO 8859-1, in any case.
bool declares_latin1(std::string_view text) {
    if (!text.starts_with("<?xml")) return false;
    std::string declaration(text.substr(0, std::min(text.find("?>"), std::size_t{200})));
    for (char& c : declaration)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const std::size_t encoding = declaration.find("encoding");
    return encoding != std::string::npos
           && (declaration.find("iso-8859-1\"", encoding) != std::string::npos
               || declaration.find("iso-8859-1'", encoding) != std::string::npos
               || declaration.find("latin1", encoding) != std::string::npos);
}

Encoding encoding_of(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv)) return Encoding::utf32;
    if (bytes.starts_with("\xFF\xFE"sv)) return Encoding::utf16_little;
    if (bytes.starts_with("\xFE\xFF"sv)) return Encoding::utf16_big;
    if (bytes.starts_with(mark_of_utf8)) return Encoding::utf8;
    if (bytes.size() >= 4) {
        const auto zero = [&](std::size_t i) { return bytes[i] == '\0'; };
        if (!zero(0) && zero(1) && !zero(2) && zero(3)) return Encoding::utf16_little;
        if (zero(0) && !zero(1) && zero(2) && !zero(3)) return Encoding::utf16_big;
    }
    return declares_latin1(bytes) ? Encoding::latin1 : Encoding::utf8;
}

std::u16string units_of(std::string_view bytes, bool big_endian) {
    std::u16string units(bytes.size() / 2, u'\0');
    for (std::size_t i = 0; i < units.size(); ++i) {
        const auto first = static_cast<unsigned char>(bytes[2 * i]);
        const auto second = static_cast<unsigned char>(bytes[2 * i + 1]);
        units[i] = static_cast<char16_t>(big_endian ? first << 8 | second : second << 8 | first);
    }
    return units;
}

// The place behind a text that was read so far.
SourcePosition end_of(const std::string& text, const std::string& name) {
    const std::size_t line_start = text.rfind('\n') + 1;  // 0 where there is none
    const auto lines = std::count(text.begin(), text.end(), '\n');
    const auto characters = std::count_if(text.begin() + static_cast<std::ptrdiff_t>(line_start), text.end(),
                                          [](char c) { return (c & '\xC0') != '\x80'; });
    return {.file = name, .line = static_cast<int>(lines) + 1, .column = static_cast<int>(characters) + 1};
}

std::string from_utf16(std::string_view bytes, bool big_endian, const std::string& name) {
    const std::u16string units = units_of(bytes, big_endian);
    std::string text;
    text.reserve(units.size() + units.size() / 8);
    auto at = units.begin();
    if (at != units.end() && *at == u'\xFEFF') ++at;
    while (at != units.end()) {
        const auto character = utf::utf_traits<char16_t>::decode(at, units.end());
        if (!utf::is_valid_codepoint(character))
            fail(end_of(text, name), "not a text file: half of a character of UTF-16");
        utf::utf_traits<char>::encode(character, std::back_inserter(text));
    }
    if (bytes.size() % 2 != 0) fail(end_of(text, name), "not a text file: UTF-16 of an odd number of bytes");
    return text;
}

std::string from_latin1(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    for (const char c : bytes)
        utf::utf_traits<char>::encode(static_cast<unsigned char>(c), std::back_inserter(text));
    return text;
}

bool is_line_separator(char32_t character) {
    return character == 0x2028 || character == 0x2029;
}

}  // namespace

std::string utf8_text(std::string bytes, const std::string& name) {
    switch (encoding_of(bytes)) {
        case Encoding::utf16_little:
            return from_utf16(bytes, false, name);
        case Encoding::utf16_big:
            return from_utf16(bytes, true, name);
        case Encoding::utf32:
            fail({.file = name}, "the file is in UTF-32, which is not read");
        case Encoding::latin1:
            return from_latin1(bytes);
        case Encoding::utf8:
            break;
    }
    if (bytes.starts_with(mark_of_utf8)) bytes.erase(0, mark_of_utf8.size());
    return bytes;
}

std::optional<UnfitCharacter> unfit_for_name(std::string_view text) {
    const auto* at = text.data();
    const auto* const end = at + text.size();
    while (at != end) {
        if (*at >= ' ' && *at != '\x7F') {  // of ASCII, which needs no decoding
            ++at;
            continue;
        }
        const auto byte = static_cast<std::size_t>(at - text.data());
        const char32_t character = utf::utf_traits<char>::decode(at, end);
        const auto found = [&](std::string_view kind) { return UnfitCharacter{byte, character, kind}; };
        if (!utf::is_valid_codepoint(character)) return found("no character of UTF-8");
        if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return found("a control character");
        if ((character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069))
            return found("a sign that turns the direction of text");
        if (is_line_separator(character)) return found("a separator of lines");
        if (character == 0xFFFE || character == 0xFFFF) return found("no character of XML");
        // Whatever is refused to terminals and pictures: a name that was written is read as itself.
        if (is_invisible_command(character)) return found("no character of Unicode");
    }
    return std::nullopt;
}

std::optional<UnfitCharacter> unfit_for_text(std::string_view text) {
    for (std::size_t begin = 0;;) {
        std::optional<UnfitCharacter> unfit = unfit_for_name(text.substr(begin));
        if (!unfit) return std::nullopt;
        unfit->byte += begin;
        const char32_t found = unfit->character;
        const bool returns = found == '\r' && text.substr(unfit->byte).starts_with("\r\n");
        const bool separates = is_line_separator(found);
        if (found != '\t' && found != '\n' && !returns && !separates) return unfit;
        begin = unfit->byte + (separates ? std::string_view("\u2028").size() : 1);
    }
}

std::string without_unfit(std::string_view text) {
    std::string result;
    while (const auto unfit = unfit_for_name(text)) {
        result += text.substr(0, unfit->byte);
        result += ' ';
        const auto* at = text.data() + unfit->byte;
        const auto* const begin = at;
        utf::utf_traits<char>::decode(at, text.data() + text.size());
        text.remove_prefix(unfit->byte + static_cast<std::size_t>(std::max<std::ptrdiff_t>(at - begin, 1)));
    }
    return result += text;
}

}  // namespace venturi
