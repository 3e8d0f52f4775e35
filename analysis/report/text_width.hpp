// How wide text is on a terminal, and text made safe to print there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace venturi {

enum class Alignment : std::uint8_t { left, right };

/// Columns that UTF-8 text takes on a terminal: none for combining marks, two for East Asian wide characters
/// and emoji, one for the rest; bytes that are not UTF-8 count one each.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text with control characters, bidirectional overrides, what is no character and bytes that are not
/// UTF-8 replaced by U+FFFD, so that a name from a file can neither break a table nor command a terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// The text with blanks on one side, up to `width` columns; longer text is left as it is.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width, Alignment alignment);

}  // namespace venturi
