#include "analysis/report/text_width.hpp"

#include "scenarios/visible_text.hpp"

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace venturi {

namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;
using CodePoint = boost::locale::utf::code_point;

struct CodePointBlock {
    CodePoint first;
    CodePoint last;
};

// Unicode 15, general categories Mn, Me and Cf, in the scripts a name is likely to use.
constexpr std::array<CodePointBlock, 13> zero_width = {{{0x0300, 0x036F},
                                                        {0x0483, 0x0489},
                                                        {0x0591, 0x05BD},
                                                        {0x0610, 0x061A},
                                                        {0x064B, 0x065F},
                                                        {0x1AB0, 0x1AFF},
                                                        {0x1DC0, 0x1DFF},
                                                        {0x200B, 0x200F},
                                                        {0x20D0, 0x20FF},
                                                        {0xFE00, 0xFE0F},
                                                        {0xFE20, 0xFE2F},
                                                        {0xFEFF, 0xFEFF},
                                                        {0xE0100, 0xE01EF}}};

// Unicode 15, EastAsianWidth.txt, classes W and F, neighbouring ranges joined.
constexpr std::array<CodePointBlock, 15> double_width = {{{0x1100, 0x115F},
                                                          {0x231A, 0x231B},
                                                          {0x2329, 0x232A},
                                                          {0x23E9, 0x23EC},
                                                          {0x2E80, 0x303E},
                                                          {0x3041, 0x4DBF},
                                                          {0x4E00, 0xA4CF},
                                                          {0xA960, 0xA97F},
                                                          {0xAC00, 0xD7A3},
                                                          {0xF900, 0xFAFF},
                                                          {0xFE10, 0xFE19},
                                                          {0xFE30, 0xFE6F},
                                                          {0xFF00, 0xFF60},
                                                          {0x1F300, 0x1F9FF},
                                                          {0x20000, 0x3FFFD}}};

bool in_any(std::span<const CodePointBlock> blocks, CodePoint point) {
    return std::any_of(blocks.begin(), blocks.end(), [point](const CodePointBlock& block) {
        return point >= block.first && point <= block.last;
    });
}

/// A character of a text and the bytes it takes; `valid` is false for a byte that is no UTF-8.
struct Character {
    CodePoint point;
    std::string_view bytes;
    bool valid;
};

Character first_character(std::string_view text) {
    const char* position = text.data();
    const CodePoint point = Utf8::decode(position, text.data() + text.size());
    if (!boost::locale::utf::is_valid_codepoint(point)) return {0, text.substr(0, 1), false};
    return {point, text.substr(0, static_cast<std::size_t>(position - text.data())), true};
}

std::size_t width_of(const Character& character) {
    if (!character.valid) return 1;
    if (in_any(zero_width, character.point)) return 0;
    return in_any(double_width, character.point) ? 2 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const Character character = first_character(text);
        width += width_of(character);
        text.remove_prefix(character.bytes.size());
    }
    return width;
}

std::string printable(std::string_view text) {
    std::string safe;
    while (!text.empty()) {
        const Character character = first_character(text);
        const bool kept = character.valid && !is_invisible_command(character.point);
        safe += kept ? character.bytes : std::string_view("\uFFFD");
        text.remove_prefix(character.bytes.size());
    }
    return safe;
}

std::string padded(std::string_view text, std::size_t width, Alignment alignment) {
    const std::size_t used = display_width(text);
    const std::string blanks(used < width ? width - used : 0, ' ');
    return alignment == Alignment::left ? std::string(text) + blanks : blanks + std::string(text);
}

}  // namespace venturi
