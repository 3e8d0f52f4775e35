// Text as it is written into SVG.
#pragma once

#include <string>
#include <string_view>

namespace venturi {

/// Text for an element or a quoted attribute of XML 1.0, whose special characters become entities. What XML
/// has no place for (control characters, U+FFFE and U+FFFF, bytes that are not UTF-8) becomes U+FFFD, as do
/// bidirectional overrides, which would make a name read as another.
[[nodiscard]] std::string escaped(std::string_view text);

/// The font size, in pixels, of a line of sans-serif text that has `room` pixels: the usual one, or a smaller
/// one where the text would not fit otherwise (what was set may be long), but never one that can't be read.
[[nodiscard]] double fitted_font_size(std::string_view text, double room, double usual = 14);

}  // namespace venturi
