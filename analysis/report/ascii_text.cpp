#include "analysis/report/ascii_text.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace venturi {

namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;

struct Substitute {
    std::uint32_t first;
    std::uint32_t last;
    std::string_view text;
};

// By code point; of two that fit, the first.
constexpr auto substitutes = std::to_array<Substitute>({
    {0x00A0, 0x00A0, " "},      {0x00A7, 0x00A7, "section "}, {0x00B0, 0x00B0, " degrees"},
    {0x00B1, 0x00B1, "+/-"},    {0x00B2, 0x00B2, "^2"},       {0x00B3, 0x00B3, "^3"},
    {0x00B5, 0x00B5, "u"},      {0x00B7, 0x00B7, "."},        {0x00AB, 0x00AB, "<<"},
    {0x00BB, 0x00BB, ">>"},     {0x00C0, 0x00C5, "A"},        {0x00C6, 0x00C6, "AE"},
    {0x00C7, 0x00C7, "C"},      {0x00C8, 0x00CB, "E"},        {0x00CC, 0x00CF, "I"},
    {0x00D1, 0x00D1, "N"},      {0x00D7, 0x00D7, "x"},        {0x00D2, 0x00D8, "O"},
    {0x00D9, 0x00DC, "U"},      {0x00DD, 0x00DD, "Y"},        {0x00DF, 0x00DF, "ss"},
    {0x00E0, 0x00E5, "a"},      {0x00E6, 0x00E6, "ae"},       {0x00E7, 0x00E7, "c"},
    {0x00E8, 0x00EB, "e"},      {0x00EC, 0x00EF, "i"},        {0x00F1, 0x00F1, "n"},
    {0x00F7, 0x00F7, "/"},      {0x00F2, 0x00F8, "o"},        {0x00F9, 0x00FC, "u"},
    {0x00FD, 0x00FF, "y"},      {0x0300, 0x036F, ""},         {0x0394, 0x0394, "delta"},
    {0x03A3, 0x03A3, "sum"},    {0x03B1, 0x03B1, "alpha"},    {0x03B2, 0x03B2, "beta"},
    {0x03BB, 0x03BB, "lambda"}, {0x03BC, 0x03BC, "mu"},       {0x03C3, 0x03C3, "sigma"},
    {0x2002, 0x200A, " "},      {0x2010, 0x2015, "-"},        {0x2018, 0x201B, "'"},
    {0x201C, 0x201F, "\""},     {0x2022, 0x2022, "*"},        {0x2026, 0x2026, "..."},
    {0x202F, 0x202F, " "},      {0x2070, 0x2070, "^0"},       {0x2074, 0x2074, "^4"},
    {0x2075, 0x2075, "^5"},     {0x2076, 0x2076, "^6"},       {0x2077, 0x2077, "^7"},
    {0x2078, 0x2078, "^8"},     {0x2079, 0x2079, "^9"},       {0x207B, 0x207B, "^-"},
    {0x2190, 0x2190, "<-"},     {0x2191, 0x2191, "^"},        {0x2192, 0x2192, "->"},
    {0x2193, 0x2193, "v"},      {0x2194, 0x2194, "<->"},      {0x2211, 0x2211, "sum"},
    {0x2212, 0x2212, "-"},      {0x221A, 0x221A, "sqrt"},     {0x221E, 0x221E, "inf"},
    {0x2227, 0x2227, "and"},    {0x2228, 0x2228, "or"},       {0x2248, 0x2248, "~"},
    {0x2260, 0x2260, "!="},     {0x2264, 0x2264, "<="},       {0x2265, 0x2265, ">="},
    {0x2500, 0x2501, "-"},      {0x2502, 0x2503, "|"},        {0x2504, 0x259F, "#"},
    {0x25A0, 0x25FF, "*"},      {0xFFFD, 0xFFFD, "?"},
});

std::string_view substitute_of(std::uint32_t point) {
    const auto found = std::ranges::find_if(
        substitutes, [&](const Substitute& each) { return each.first <= point && point <= each.last; });
    return found == substitutes.end() ? std::string_view("?") : found->text;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; });
}

// Passes each character beyond ASCII to `append`; of bytes that are not UTF-8, U+FFFD.
template <class Append>
std::string translated(std::string_view text, Append append) {
    if (is_ascii(text)) return std::string(text);
    std::string result;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        if ((static_cast<unsigned char>(*at) & 0x80U) == 0) {
            result += *at++;
            continue;
        }
        const char* const begin = at;
        std::uint32_t point = Utf8::decode(at, end);
        if (!boost::locale::utf::is_valid_codepoint(point)) {
            at = begin + 1;
            point = 0xFFFD;
        }
        append(result, point);
    }
    return result;
}

}  // namespace

std::string ascii_text(std::string_view text) {
    return translated(text, [](std::string& result, std::uint32_t point) { result += substitute_of(point); });
}

std::string ascii_json(std::string_view json) {
    return translated(json, [](std::string& result, std::uint32_t point) {
        if (point < 0x10000) {
            result += fmt::format("\\u{:04x}", point);
            return;
        }
        // A pair of surrogates, as in UTF-16 (RFC 8259, section 7).
        const std::uint32_t rest = point - 0x10000;
        result += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
    });
}

}  // namespace venturi
