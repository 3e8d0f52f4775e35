#include "analysis/report/caption.hpp"

#include "analysis/report/text_width.hpp"
#include "scenarios/visible_text.hpp"

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

std::string settings_comment(const std::vector<std::string>& settings) {
    std::string text;
    for (const std::string& setting : settings) text += fmt::format("#   --set {}\n", visible(setting));
    return text.empty() ? text : "# Found with settings that are not repeated here:\n" + text;
}

}  // namespace venturi
