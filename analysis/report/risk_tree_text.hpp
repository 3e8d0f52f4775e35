// Names of a risk tree cut into lines that fit a place of given width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// How wide a line of text stands, pixels, in DejaVu Sans of `font_size` pixels, the widest of the fonts that
/// a picture asks for. Control characters and bytes that are not UTF-8 count as the U+FFFD that replaces
/// them.
[[nodiscard]] double text_pixels(std::string_view text, double font_size);

/// The words of a text in `most_lines` lines or fewer, none wider than `width` pixels. Words that are wider
/// are broken; what does not fit into the last line is left out, and an ellipsis says so. Printable
/// (text_width.hpp); no lines where there are no words. Throws ContractViolation if `most_lines` is zero.
[[nodiscard]] std::vector<std::string> fitted_lines(std::string_view text, double width, double font_size,
                                                    std::size_t most_lines);

}  // namespace venturi
