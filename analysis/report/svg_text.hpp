// Text as it is written into SVG.
#pragma once

#include <string>
#include <string_view>

namespace venturi {

/// Text for an element or a quoted attribute of XML 1.0, whose special characters become entities and which
/// has no place for control characters: they become U+FFFD.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace venturi
