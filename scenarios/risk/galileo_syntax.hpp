// Galileo's text format, as text: statements that end with semicolons, each of words with their places. What
// the words mean is in galileo.hpp.
#pragma once

#include "scenarios/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A word of a statement: a name in quotes, a bare word, or an equals sign.
struct GalileoWord {
    enum class Kind : std::uint8_t { quoted, bare, equals };
    Kind kind = Kind::bare;
    std::string text = {};  ///< without its quotes
    SourcePosition position = {};
};

/// The words before a semicolon.
struct GalileoStatement {
    std::vector<GalileoWord> words = {};  ///< never empty
    bool shares_line = false;             ///< begins on the line on which the one before it ends
    bool has_end = true;                  ///< of the last one only: whether it has its semicolon
};

/// A text in statements, with what was passed over in it.
struct GalileoText {
    std::vector<GalileoStatement> statements = {};
    std::vector<Problem> warnings = {};
};

/// How much text there may be.
struct GalileoLimits {
    std::uintmax_t bytes = std::uintmax_t{16} << 20;
};

/// Splits a text into statements. Comments run from // to the end of the line and from /* to */. An equals
/// sign stands alone but for those of `pand<=` and `por<=`. A quote too many before a semicolon is a warning.
/// Throws ScenarioError where the text is too long, is not UTF-8 or has control characters or signs that turn
/// its direction, and where a quote or a comment is never closed.
[[nodiscard]] GalileoText split_galileo(std::string_view text, const std::string& name,
                                        const GalileoLimits& limits = {});

}  // namespace venturi
