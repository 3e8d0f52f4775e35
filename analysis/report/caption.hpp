// What the captions of pictures and tables have in common.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// Which settings were changed, "path=value" each: "; with finance.raising.attempts=3, a.b=1 and 2 more", as
/// many as fit into some hundred characters, the first of them always. Nothing where none was.
[[nodiscard]] std::string changed_settings_text(const std::vector<std::string>& settings,
                                                std::size_t widest = 100);

/// A caption that ends in them: as many as leave it short enough for one line of a picture.
[[nodiscard]] std::string with_settings(std::string caption, const std::vector<std::string>& settings);

/// The same, all of them, as comment lines at the head of a scenario that was found with them and does not
/// repeat them.
[[nodiscard]] std::string settings_comment(const std::vector<std::string>& settings);

}  // namespace venturi
