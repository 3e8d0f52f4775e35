// What the captions of pictures and tables have in common.
#pragma once

#include <string>
#include <vector>

namespace venturi {

/// Which settings were changed, "path=value" each: "; with finance.raising.attempts=3, a.b=1 and 2 more", as
/// many as fit into some hundred characters, the first of them always. Nothing where none was.
[[nodiscard]] std::string changed_settings_text(const std::vector<std::string>& settings);

}  // namespace venturi
