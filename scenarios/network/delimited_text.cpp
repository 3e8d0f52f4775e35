#include "scenarios/network/delimited_text.hpp"

#include "scenarios/network/text_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace venturi {

namespace {

constexpr char blank = ' ';
constexpr std::array<char, 4> separators = {'\t', ';', ',', '|'};

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/// A line without blanks at its ends (but for tabs at its end, which separate) and without its CR.
struct Line {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The line at `at`, which moves behind it; false where there is none that isn't empty.
bool next_line(std::string_view text, std::size_t& at, Line& line) {
    while (at < text.size()) {
        const std::size_t line_end = std::min(text.find('\n', at), text.size());
        line = {at, line_end};
        at = line_end + 1;
        while (line.end > line.begin && (text[line.end - 1] == '\r' || text[line.end - 1] == ' ')) --line.end;
        while (line.begin < line.end && text[line.begin] == ' ') ++line.begin;
        const std::string_view row = text.substr(line.begin, line.end - line.begin);
        if (!std::all_of(row.begin(), row.end(), is_blank)) return true;
    }
    return false;
}

enum class Sign { none, comment, hash };

// What a line begins with: a sign of comments, or a # that a name may begin with.
Sign sign_of(std::string_view row, std::string_view comment) {
    if (comment == "none") return Sign::none;
    if (!comment.empty()) return row.starts_with(comment) ? Sign::comment : Sign::none;
    for (const std::string_view sign : {"#", "%", "//"}) {
        if (!row.starts_with(sign)) continue;
        const std::string_view rest = row.substr(sign.size());
        if (rest.empty() || is_blank(rest.front()) || rest.front() == sign.front() || rest.front() == '!')
            return Sign::comment;
    }
    return row.starts_with('#') ? Sign::hash : Sign::none;
}

/// Why a row can't be split.
struct SplitError {
    std::size_t byte = 0;
    const char* message = nullptr;
};

std::optional<SplitError> split(std::string_view text, Line line, char separator,
                                std::vector<DelimitedField>& fields) {
    const std::size_t end = line.end;
    const auto skip_blanks = [&](std::size_t from) {
        while (from < end && (text[from] == ' ' || (separator != '\t' && text[from] == '\t'))) ++from;
        return from;
    };
    std::size_t count = 0;
    std::size_t at = line.begin;
    while (true) {
        at = skip_blanks(at);
        if (count == fields.size()) fields.emplace_back();
        DelimitedField& field = fields[count++];
        field.byte = at;
        field.text.clear();
        if (at < end && text[at] == '"') {
            std::size_t from = at + 1;
            while (true) {
                const std::size_t quote = text.find('"', from);
                if (quote >= end) return SplitError{at, "the quotes are not closed in this line"};
                field.text += text.substr(from, quote - from);
                from = quote + 1;
                if (from >= end || text[from] != '"') break;
                field.text += '"';
                ++from;
            }
            at = skip_blanks(from);
            const bool ends = at >= end || text[at] == separator || (separator == blank && at > from);
            if (!ends) return SplitError{at, "text after the quotes that close a field"};
        } else {
            std::size_t stop = at;
            while (stop < end && text[stop] != separator && !(separator == blank && is_blank(text[stop])))
                ++stop;
            std::size_t last = stop;
            while (last > at && is_blank(text[last - 1])) --last;
            field.text.assign(text.substr(at, last - at));
            at = separator == blank ? skip_blanks(stop) : stop;
        }
        if (at >= end) break;
        if (separator != blank) ++at;  // and, after the last separator, an empty field
    }
    fields.resize(count);
    return std::nullopt;
}

/// Which separators rows have.
struct Separators {
    std::size_t rows = 0;
    std::size_t spaced = 0;                     // rows with several fields between blanks
    std::array<std::size_t, 4> rows_with = {};  // each of `separators`
    std::size_t first_of_all = 4;               // that stands in the first row
    Line first_row = {};

    void add(std::string_view text, Line line) {
        const std::string_view row = text.substr(line.begin, line.end - line.begin);
        std::array<bool, 4> has = {};
        bool quoted = false;
        bool spaced_out = false;
        for (const char c : row) {
            if (c == '"') quoted = !quoted;
            if (quoted) continue;
            switch (c) {
                case '\t':
                    has[0] = true;
                    break;
                case ';':
                    has[1] = true;
                    break;
                case ',':
                    has[2] = true;
                    break;
                case '|':
                    has[3] = true;
                    break;
                default:
                    break;
            }
            if (is_blank(c)) spaced_out = true;
        }
        for (std::size_t i = 0; i < has.size(); ++i) rows_with[i] += has[i] ? 1 : 0;
        spaced += spaced_out ? 1 : 0;
        if (rows++ > 0) return;
        first_row = line;
        first_of_all = static_cast<std::size_t>(std::find(has.begin(), has.end(), true) - has.begin());
    }

    [[nodiscard]] char best() const {
        for (std::size_t i = 0; i < separators.size(); ++i)
            if (rows > 0 && rows_with[i] == rows && (separators[i] != '|' || spaced < rows))
                return separators[i];
        if (spaced == rows || first_of_all == separators.size()) return blank;
        return separators[first_of_all];
    }
};

}  // namespace

TableForm table_form_of(const SourceText& source, std::string_view comment) {
    expect_text(source);
    const std::string_view text = source.text();
    Separators plain;
    Separators hashed;  // of rows that begin with # and a name, where there are no others
    std::size_t at = 0;
    for (Line line; next_line(text, at, line);) {
        const Sign sign = sign_of(text.substr(line.begin, line.end - line.begin), comment);
        if (sign == Sign::comment) continue;
        (sign == Sign::hash ? hashed : plain).add(text, line);
    }
    const Separators& all = plain.rows > 0 ? plain : hashed;
    TableForm form{.separator = all.best(), .width = 0, .comment = std::string(comment), .rows = all.rows};
    std::vector<DelimitedField> fields;
    if (all.rows > 0 && !split(text, all.first_row, form.separator, fields)) form.width = fields.size();
    return form;
}

std::string_view separator_name(char separator) {
    switch (separator) {
        case '\t':
            return "tabs";
        case ';':
            return "semicolons";
        case ',':
            return "commas";
        case '|':
            return "bars";
        default:
            return "blanks";
    }
}

DelimitedRows::DelimitedRows(const SourceText& source, const TableForm& form, FileProblems& problems)
    : source_(&source), form_(&form), problems_(&problems) {}

bool DelimitedRows::next(std::vector<DelimitedField>& fields) {
    const std::string_view text = source_->text();
    for (Line line; next_line(text, at_, line);) {
        if (passes_over(line.begin, line.end, fields)) continue;
        row_ = line.begin;
        const std::size_t lonely = text.substr(line.begin, line.end - line.begin).find('\r');
        if (lonely != std::string_view::npos) {
            problems_->add(line.begin + lonely, {.position = {},
                                                 .message = "a carriage return within a line",
                                                 .legal = "lines that end in LF or CR LF"});
            continue;
        }
        if (const auto error = split(text, line, form_->separator, fields)) {
            problems_->add(error->byte,
                           {.position = {},
                            .message = error->message,
                            .legal = "\"a name\", with quotes inside doubled: \"the \"\"old\"\" bank\""});
            continue;
        }
        ++rows_;
        word_between_ = word_between_ || word_pending_;
        empty_between_ = empty_between_ || empty_pending_;
        return true;
    }
    return false;
}

bool DelimitedRows::passes_over(std::size_t begin, std::size_t end, std::vector<DelimitedField>& fields) {
    const std::string_view text = source_->text();
    const Sign sign = sign_of(text.substr(begin, end - begin), form_->comment);
    if (sign == Sign::none) return false;
    if (sign == Sign::hash) {
        const bool is_whole = !split(text, {begin, end}, form_->separator, fields);
        const bool is_row = is_whole && (fields.size() == form_->width || (rows_ > 0 && fields.size() > 1));
        if (is_row) ++hash_rows_;
        if (is_row) return false;
    }
    note_comment(begin, end);
    return true;
}

void DelimitedRows::note_comment(std::size_t begin, std::size_t end) {
    const std::string_view text = source_->text();
    ++comments_;
    std::size_t from = begin;
    while (from < end && (is_blank(text[from]) || text[from] == '#' || text[from] == '%')) ++from;
    const std::string_view words = text.substr(from, end - from);
    if (rows_ > 0) {
        empty_pending_ = empty_pending_ || words.empty();
        word_pending_ =
            word_pending_ || (!words.empty() && words.find_first_of(" \t") == std::string_view::npos);
        return;
    }
    head_.push_back(text.substr(begin, end - begin));
    std::vector<DelimitedField> fields;
    for (const char separator : {form_->separator, '\t', blank}) {
        const bool is_whole = !split(text, {from, end}, separator, fields);
        if (!is_whole || fields.size() != form_->width || fields.size() < 2) continue;
        heading_ = std::move(fields);
        return;
    }
}

bool begins_as_number(std::string_view text) {
    const std::string lower = lower_case(text);
    constexpr auto words =
        std::to_array<std::string_view>({"nan", "inf", "infinity", "na", "n/a", "null", "none", "nil"});
    return text.empty() || std::string_view("0123456789+-.").find(text.front()) != std::string_view::npos
           || std::find(words.begin(), words.end(), lower) != words.end();
}

}  // namespace venturi
