#include "analysis/report/svg_text.hpp"

#include "analysis/report/text_width.hpp"

#include <algorithm>
#include <cmath>

namespace venturi {

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : printable(text)) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

double fitted_font_size(std::string_view text, double room, double usual) {
    constexpr double least = 9;
    constexpr double widths_of_a_character = 0.52;
    const double needed = widths_of_a_character * static_cast<double>(display_width(text));
    return needed * usual <= room ? usual : std::max(least, std::floor(10 * room / needed) / 10);
}

}  // namespace venturi
