// The encoding of a text from people we do not know, and which of its characters may stand in a name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace venturi {

/// The bytes of a file as text in UTF-8, without a byte order mark. They are taken for UTF-16 where they
/// begin with its mark, in either order, or where every other one of the first four is zero, as in XML that
/// begins with `<?`; for ISO 8859-1 where an XML declaration says so; and for UTF-8 otherwise, which is not
/// checked here. `name` stands for the file in messages. Throws ScenarioError, with line and column, where
/// UTF-16 has half of a character, and where the file is in UTF-32.
[[nodiscard]] std::string utf8_text(std::string bytes, const std::string& name);

/// What a name in UTF-8 must not hold, since it would reach terminals and XML as it is.
struct UnfitCharacter {
    std::size_t byte = 0;  ///< where in the name
    char32_t character = 0;
    std::string_view kind = {};  ///< in words: "a control character"
};

/// The first control character (U+0000 to U+001F, U+007F to U+009F), sign that turns the direction of text
/// (U+202A to U+202E, U+2066 to U+2069), separator of lines (U+2028, U+2029) or character that no XML or no
/// text may hold (U+FFFE, U+FFFF and their like, halves of UTF-16) of a text in UTF-8: all that
/// visible_text.hpp doesn't show. Empty where there is none.
[[nodiscard]] std::optional<UnfitCharacter> unfit_for_name(std::string_view text);

/// As for a name, of a text that may have tabs and several lines, each with or without a carriage return.
[[nodiscard]] std::optional<UnfitCharacter> unfit_for_text(std::string_view text);

/// The text in one line with a blank in place of each character that is unfit for a name: fit for a message.
[[nodiscard]] std::string without_unfit(std::string_view text);

}  // namespace venturi
