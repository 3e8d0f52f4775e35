#include "scenarios/risk/galileo_syntax.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <utility>

namespace venturi {
namespace {

bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Walks through a text and knows where it is; columns count characters, not bytes.
class Reader {
  public:
    Reader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

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

void check_text(std::string_view text, const std::string& name) {
    Reader place(text, name);
    const auto* next = text.begin();
    while (next != text.end()) {
        const auto* const start = next;
        const boost::locale::utf::code_point character =
            boost::locale::utf::utf_traits<char>::decode(next, text.end());
        if (!boost::locale::utf::is_valid_codepoint(character))
            place.fail(place.position(), "not a text file: invalid UTF-8", "Galileo's text format in UTF-8");
        if (character < 0x20 && !is_white(static_cast<char>(character)))
            place.fail(place.position(), fmt::format("not a text file: control character {:#04x}", character),
                       "Galileo's text format in UTF-8");
        place.skip(static_cast<std::size_t>(next - start));
    }
}

bool ends_word(std::string_view word, std::string_view rest) {
    const char c = rest.front();
    // "pand<=" is one word, "pdep=0.4" is three.
    const bool is_equals = c == '=' && !word.ends_with('<');
    return is_white(c) || c == ';' || c == '"' || is_equals || rest.starts_with("//")
           || rest.starts_with("/*");
}

GalileoWord take_quoted(Reader& reader) {
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
void skip_blank(Reader& reader) {
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

std::vector<GalileoStatement> split_galileo(std::string_view text, const std::string& name,
                                            const GalileoLimits& limits) {
    if (text.size() > limits.bytes)
        throw ScenarioError(Problem{.position = {.file = name},
                                    .message = fmt::format("{} bytes are too many for a tree", text.size()),
                                    .legal = fmt::format("at most {} bytes", limits.bytes)});
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    check_text(text, name);

    std::vector<GalileoStatement> statements;
    GalileoStatement statement;
    Reader reader(text, name);
    for (skip_blank(reader); !reader.at_end(); skip_blank(reader)) {
        if (reader.front() == ';') {
            reader.skip(1);
            if (!statement.empty()) statements.push_back(std::exchange(statement, {}));
        } else if (reader.front() == '"') {
            statement.push_back(take_quoted(reader));
        } else if (reader.front() == '=') {
            statement.push_back(
                {.kind = GalileoWord::Kind::equals, .text = "=", .position = reader.position()});
            reader.skip(1);
        } else {
            GalileoWord word{.position = reader.position()};
            word.text = reader.take_while_not(ends_word);
            statement.push_back(std::move(word));
        }
    }
    if (!statement.empty())
        reader.fail(
            statement.front().position,
            fmt::format("the statement that begins with {} has no end", in_quotes(statement.front().text)),
            "a semicolon after each statement");
    return statements;
}

}  // namespace venturi
