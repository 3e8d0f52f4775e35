// Text for terminals and files whose locale knows ASCII alone.
#pragma once

#include <string>
#include <string_view>

namespace venturi {

/// The text in ASCII, for people: dashes, quotes, arrows, rules and signs as those of ASCII that are meant
/// (– is -, ± is +/-, ∞ is inf), Latin letters without their accents, and ? for the rest.
[[nodiscard]] std::string ascii_text(std::string_view text);

/// JSON in ASCII that says the same: beyond ASCII it has characters in strings alone, where they become
/// \uXXXX.
[[nodiscard]] std::string ascii_json(std::string_view json);

}  // namespace venturi
