// What is known about the terminal behind a file descriptor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace venturi {

enum class Colour : std::uint8_t { none, ansi };

/// Whether a person's terminal stands behind the descriptor, rather than a file or another program.
[[nodiscard]] bool is_terminal(int descriptor);

/// Colour on a terminal, unless NO_COLOR is set to anything but an empty text (https://no-color.org) or TERM
/// is `dumb` or not set.
[[nodiscard]] Colour colour_of(int descriptor);

/// Whether lines can be drawn again and text be coloured: a terminal whose TERM is set and not `dumb`.
[[nodiscard]] bool is_capable_terminal(int descriptor);

/// Width in characters: $COLUMNS where it is a whole number above 0, else that of the terminal, else 80.
[[nodiscard]] std::size_t columns_of(int descriptor);

/// Whether the environment's locale encodes text in UTF-8, by the first of LC_ALL, LC_CTYPE and LANG that is
/// set. Where it is not so, or none is set, ASCII alone is safe.
[[nodiscard]] bool is_utf8_locale();

/// What text for people must keep to.
struct TextLimits {
    bool ascii = false;       ///< no characters beyond ASCII
    std::size_t columns = 0;  ///< 0: any width, as in a file
};

/// Of the descriptor and the environment: no width where neither a terminal nor $COLUMNS gives one.
[[nodiscard]] TextLimits text_limits_of(int descriptor);

/// What tables keep to in this process: nothing, unless the program has said so at its start.
[[nodiscard]] const TextLimits& text_limits();
void set_text_limits(const TextLimits& limits);

}  // namespace venturi
