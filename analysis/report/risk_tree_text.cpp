#include "analysis/report/risk_tree_text.hpp"

#include "analysis/report/text_width.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <array>

namespace venturi {

namespace {

constexpr std::string_view ellipsis = "\u2026";

// Advances of DejaVu Sans 2.37 from the blank to the tilde, thousandths of the font's size.
constexpr std::array<int, 95> ascii_advances = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};

// The bytes of the first character with the marks that stand on it; `text` is valid UTF-8 and not empty.
std::string_view first_character(std::string_view text) {
    const auto continues = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    const auto character_end = [&](std::size_t at) {
        do ++at;
        while (continues(at));
        return at;
    };
    std::size_t end = character_end(0);
    while (end < text.size()) {
        const std::size_t next = character_end(end);
        if (display_width(text.substr(end, next - end)) > 0) break;
        end = next;
    }
    return text.substr(0, end);
}

// Of one character, in shares of the font's size. Beyond ASCII an em for a column or two: few are wider.
double advance(std::string_view character) {
    const auto first = static_cast<unsigned char>(character.front());
    if (first >= 0x20 && first < 0x7F) return 1e-3 * ascii_advances[first - 0x20U];
    return display_width(character) == 0 ? 0 : 1.05;
}

double width_of_printable(std::string_view text, double font_size) {
    double width = 0;
    while (!text.empty()) {
        const std::string_view character = first_character(text);
        width += advance(character);
        text.remove_prefix(character.size());
    }
    return font_size * width;
}

// The longest beginning that fits, at least one character.
std::string_view fitting_beginning(std::string_view text, double width, double font_size) {
    std::size_t end = first_character(text).size();
    double used = font_size * advance(text.substr(0, end));
    while (end < text.size()) {
        const std::string_view character = first_character(text.substr(end));
        used += font_size * advance(character);
        if (used > width) break;
        end += character.size();
    }
    return text.substr(0, end);
}

/// A word, or a part of one that is too wide for a line.
struct Piece {
    std::string text;
    bool begins_word = true;
};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What of a word goes into the line; a few letters alone would look lost in the next, and a hyphen joins the
// two.
std::string_view fitting_part(std::string_view word, double width, double font_size) {
    if (width_of_printable(word, font_size) <= width) return word;
    const double for_hyphen = font_size * advance("-");
    std::string_view part = fitting_beginning(word, width - for_hyphen, font_size);
    constexpr std::size_t fewest = 3;
    const std::size_t rest = word.size() - part.size();
    const bool letters = std::ranges::all_of(word, is_letter);
    if (letters && rest < fewest && part.size() > 2 * fewest) part.remove_suffix(fewest - rest);
    return part;
}

std::vector<Piece> pieces(std::string_view text, double width, double font_size) {
    std::vector<Piece> found;
    while (true) {
        const std::size_t begin = text.find_first_not_of(' ');
        if (begin == std::string_view::npos) return found;
        text.remove_prefix(begin);
        std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        for (bool begins = true; !word.empty(); begins = false) {
            const std::string_view part = fitting_part(word, width, font_size);
            word.remove_prefix(part.size());
            const bool hyphened = !word.empty() && is_letter(part.back()) && is_letter(word.front());
            found.push_back({std::string(part) + (hyphened ? "-" : ""), begins});
        }
    }
}

std::string with_ellipsis(std::string_view line, double width, double font_size) {
    const double left = width - width_of_printable(ellipsis, font_size);
    if (width_of_printable(line, font_size) > left) line = fitting_beginning(line, left, font_size);
    return std::string(line.substr(0, line.find_last_not_of(" -") + 1)).append(ellipsis);
}

}  // namespace

double text_pixels(std::string_view text, double font_size) {
    return width_of_printable(printable(text), font_size);
}

std::vector<std::string> fitted_lines(std::string_view text, double width, double font_size,
                                      std::size_t most_lines) {
    expects(most_lines > 0, "text is fitted into a line at least");
    const std::string safe = printable(text);
    const double blank = font_size * advance(" ");
    std::vector<std::string> lines;
    double used = 0;
    for (const auto& [piece, begins_word] : pieces(safe, width, font_size)) {
        const double needed = width_of_printable(piece, font_size);
        if (!lines.empty() && begins_word && used + blank + needed <= width) {
            lines.back().append(" ").append(piece);
            used += blank + needed;
        } else if (lines.size() == most_lines) {
            lines.back() = with_ellipsis(lines.back(), width, font_size);
            break;
        } else {
            lines.push_back(piece);
            used = needed;
        }
    }
    return lines;
}

}  // namespace venturi
