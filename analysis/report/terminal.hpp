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

/// Width in characters; 80 where it is not known.
[[nodiscard]] std::size_t columns_of(int descriptor);

}  // namespace venturi
