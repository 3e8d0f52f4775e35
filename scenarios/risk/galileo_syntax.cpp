#include "scenarios/risk/galileo_syntax.hpp"

#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace venturi {
namespace {

bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Walks through a text and knows where it is; columns count characters, not bytes.
class CharacterReader {
  public:
    CharacterReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

    [[nodiscard]] bool at_end() const { return next_ == text_.size(); }
    [[nodiscard]] char front() const { return text_[next_]; }
    [[nodiscard]] bool starts_with(std::string_view prefix) const {
        return text_.substr(next_).starts_with(prefix);
    }
    [[nodiscard]] SourcePosition position() const { return {file_, line_, column_}; }

    void skip(std::size_t bytes) {
        for (const char c : text_.substr(next_, bytes)) {
            ++next_;
            if (c == '\n') {
                ++line_;
                column_ = 1;
            } else if ((c & '\xC0') != '\x80') {
                ++column_;
            }
        }
    }

    [[nodiscard]] std::string_view rest_of_line() const {
        return text_.substr(next_, text_.find('\n', next_) - next_);
    }

    /// The character before; a line feed at the beginning.
    [[nodiscard]] char before() const { return next_ == 0 ? '\n' : text_[next_ - 1]; }

    /// The text up to `end`, which is skipped too; false, and nothing is taken, where there is none.
    bool take_until(std::string_view end, std::string_view& taken) {
        const std::size_t found = text_.find(end, next_);
        if (found == std::string_view::npos) return false;
        taken = text_.substr(next_, found - next_);
        skip(taken.size() + end.size());
        return true;
    }

    template <class Stops>
    std::string_view take_while_not(Stops stops) {
        const std::size_t start = next_;
        std::size_t end = start;
        while (end < text_.size() && !stops(text_.substr(start, end - start), text_.substr(end))) ++end;
        skip(end - start);
        return text_.substr(start, end - start);
    }

    [[noreturn]] void fail(SourcePosition position, std::string message, std::string legal = {}) const {
        throw ScenarioError(Problem{
            .position = std::move(position), .message = std::move(message), .legal = std::move(legal)});
    }

  private:
    std::string_view text_;
    std::string file_;
    std::size_t next_ = 0;
    int line_ = 1;
    int column_ = 1;
};

// What may stand between names may stand nowhere else either: all of a statement can reach a message.
void check_text(std::string_view text, const std::string& name) {
    CharacterReader place(text, name);
    std::size_t begin = 0;
    while (const auto unfit = unfit_for_name(text.substr(begin))) {
        const std::size_t byte = begin + unfit->byte;
        if (!is_white(text[byte])) {
            place.skip(byte);
            constexpr char32_t last_character = 0x10FFFF;
            place.fail(place.position(),
                       unfit->character > last_character
                           ? std::string("not a text file: invalid UTF-8")
                           : fmt::format("not a text file: {} (U+{:04X})", unfit->kind,
                                         static_cast<std::uint32_t>(unfit->character)),
                       "Galileo's text format in UTF-8");
        }
        begin = byte + 1;
    }
}

bool ends_word(std::string_view word, std::string_view rest) {
    const char c = rest.front();
    // "pand<=" is one word, "pdep=0.4" is three.
    const bool is_equals = c == '=' && !word.ends_with('<');
    return is_white(c) || c == ';' || c == '"' || is_equals || rest.starts_with("//")
           || rest.starts_with("/*");
}

// Whether a quote, where the reader is, opens no name: the semicolon follows, and the quote stands right
// behind a name or is the last of its line.
bool is_stray_quote(const CharacterReader& reader) {
    const std::string_view line = reader.rest_of_line().substr(1);
    const std::size_t next = line.find_first_not_of(" \t\r");
    if (next == std::string_view::npos || line[next] != ';') return false;
    return !is_white(reader.before()) || line.find('"') == std::string_view::npos;
}

GalileoWord take_quoted(CharacterReader& reader) {
    GalileoWord word{.kind = GalileoWord::Kind::quoted, .position = reader.position()};
    reader.skip(1);
    std::string_view name;
    if (!reader.take_until("\"", name) || name.find('\n') != std::string_view::npos)
        reader.fail(word.position, "a quote is opened here and not closed on its line", "\"name\"");
    if (name.empty()) reader.fail(word.position, "an empty name", "\"name\"");
    word.text = name;
    return word;
}

// Skips white space and comments.
void skip_blank(CharacterReader& reader) {
    std::string_view comment;
    while (!reader.at_end()) {
        if (is_white(reader.front())) {
            reader.skip(1);
        } else if (reader.starts_with("//")) {
            static_cast<void>(
                reader.take_while_not([](auto, std::string_view rest) { return rest[0] == '\n'; }));
        } else if (reader.starts_with("/*")) {
            const SourcePosition start = reader.position();
            reader.skip(2);
            if (!reader.take_until("*/", comment))
                reader.fail(start, "a comment is opened here and never closed", "/* comment */");
        } else {
            return;
        }
    }
}

}  // namespace

GalileoText split_galileo(std::string_view text, const std::string& name, const GalileoLimits& limits) {
    if (text.size() > limits.bytes)
        throw ScenarioError(Problem{.position = {.file = name},
                                    .message = fmt::format("{} bytes are too many for a tree", text.size()),
                                    .legal = fmt::format("at most {} bytes", limits.bytes)});
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    check_text(text, name);

    GalileoText result;
    GalileoStatement statement;
    int last_line = 0;  // of the last semicolon
    CharacterReader reader(text, name);
    for (skip_blank(reader); !reader.at_end(); skip_blank(reader)) {
        const SourcePosition position = reader.position();
        if (reader.front() == ';') {
            reader.skip(1);
            if (!statement.words.empty()) result.statements.push_back(std::exchange(statement, {}));
            last_line = position.line;
            continue;
        }
        if (reader.front() == '"' && is_stray_quote(reader)) {
            result.warnings.push_back({.position = position,
                                       .message = "a quote too many before the semicolon is passed over",
                                       .value = "\"",
                                       .legal = "a quote on either side of a name"});
            reader.skip(1);
            continue;
        }
        if (statement.words.empty()) statement.shares_line = position.line == last_line;
        if (reader.front() == '"') {
            statement.words.push_back(take_quoted(reader));
        } else if (reader.front() == '=') {
            statement.words.push_back({.kind = GalileoWord::Kind::equals, .text = "=", .position = position});
            reader.skip(1);
        } else {
            statement.words.push_back(
                {.text = std::string(reader.take_while_not(ends_word)), .position = position});
        }
    }
    if (!statement.words.empty()) {
        statement.has_end = false;
        result.statements.push_back(std::move(statement));
    }
    return result;
}

}  // namespace venturi
