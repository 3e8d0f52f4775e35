#include "analysis/report/caption.hpp"

#include "analysis/report/text_width.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace venturi {

std::string changed_settings_text(const std::vector<std::string>& settings, std::size_t widest) {
    if (settings.empty()) return {};
    std::string text = "; with " + settings.front();
    std::size_t told = 1;
    while (told < settings.size() && display_width(text + settings[told]) < widest)
        text += ", " + settings[told++];
    if (told < settings.size()) text += fmt::format(" and {} more", settings.size() - told);
    return text;
}

std::string with_settings(std::string caption, const std::vector<std::string>& settings) {
    constexpr std::size_t line = 150;
    constexpr std::size_t least = 40;
    const std::size_t taken = std::min(display_width(caption), line - least);
    return caption += changed_settings_text(settings, std::min<std::size_t>(line - taken, 100));
}

std::string settings_comment(const std::vector<std::string>& settings) {
    std::string text;
    for (const std::string& setting : settings) text += fmt::format("#   --set {}\n", visible(setting));
    return text.empty() ? text : "# Found with settings that are not repeated here:\n" + text;
}

}  // namespace venturi
