// Text of others made fit for a terminal: names of files, values and titles can neither command it nor lie.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace venturi {

/// Whether a character does something to a screen instead of standing on it: the control characters C0, DEL
/// and C1, bidirectional embeddings, overrides and isolates, line and paragraph separators, and what Unicode
/// says is no character (U+FFFE, which XML forbids too, and its like).
[[nodiscard]] bool is_invisible_command(std::uint32_t code_point);

/// The text in one line, with such characters as escapes (\n, \x1b, \u202e) and bytes that are not UTF-8 as
/// \xff. What is escaped once stays as it is.
[[nodiscard]] std::string visible(std::string_view text);

/// The same for text of several lines: its line feeds stay.
[[nodiscard]] std::string visible_lines(std::string_view text);

}  // namespace venturi
