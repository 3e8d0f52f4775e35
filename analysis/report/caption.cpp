#include "analysis/report/caption.hpp"

#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace venturi {

std::string changed_settings_text(const std::vector<std::string>& settings) {
    constexpr std::size_t widest = 100;
    if (settings.empty()) return {};
    std::string text = "; with " + settings.front();
    std::size_t told = 1;
    while (told < settings.size() && display_width(text + settings[told]) < widest)
        text += ", " + settings[told++];
    if (told < settings.size()) text += fmt::format(" and {} more", settings.size() - told);
    return text;
}

}  // namespace venturi
