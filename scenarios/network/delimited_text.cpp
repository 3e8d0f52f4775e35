#include "scenarios/network/delimited_text.hpp"

#include "scenarios/network/text_file.hpp"

#include <algorithm>

namespace venturi {

namespace {

constexpr char blank = ' ';

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Outside of quotes; each sign is worth looking for in the whole row before the next is.
char separator_of(std::string_view row) {
    for (const char separator : {'\t', ';', ','}) {
        bool quoted = false;
        for (const char c : row) {
            if (c == '"') quoted = !quoted;
            if (c == separator && !quoted) return separator;
        }
    }
    return blank;
}

}  // namespace

DelimitedRows::DelimitedRows(const SourceText& source, FileProblems& problems)
    : source_(&source), problems_(&problems) {
    expect_text(source);
}

std::string_view DelimitedRows::separator_name() const {
    switch (separator_) {
        case '\t':
            return "tabs";
        case ';':
            return "semicolons";
        case ',':
            return "commas";
        default:
            return "blanks";
    }
}

bool DelimitedRows::next(std::vector<DelimitedField>& fields) {
    const std::string_view text = source_->text();
    while (at_ < text.size()) {
        const std::size_t line_end = std::min(text.find('\n', at_), text.size());
        std::size_t begin = at_;
        std::size_t end = line_end;
        at_ = line_end + 1;
        while (end > begin && (text[end - 1] == '\r' || text[end - 1] == ' ')) --end;
        while (begin < end && text[begin] == ' ') ++begin;
        const std::string_view row = text.substr(begin, end - begin);
        const bool is_empty = std::all_of(row.begin(), row.end(), is_blank);
        if (is_empty || row.starts_with('#')) continue;
        if (separator_ == '\0') separator_ = separator_of(row);
        row_ = begin;
        const std::size_t lonely = row.find('\r');
        if (lonely != std::string_view::npos) {
            problems_->add(begin + lonely, {.position = {},
                                            .message = "a carriage return within a line",
                                            .legal = "lines that end in LF or CR LF"});
            continue;
        }
        if (split(begin, end, fields)) return true;
    }
    return false;
}

bool DelimitedRows::split(std::size_t begin, std::size_t end, std::vector<DelimitedField>& fields) {
    const std::string_view text = source_->text();
    const auto refuse = [&](std::size_t byte, std::string message) {
        problems_->add(byte, {.position = {},
                              .message = std::move(message),
                              .legal = "\"a name\", with quotes inside doubled: \"the \"\"old\"\" bank\""});
        return false;
    };
    const auto skip_blanks = [&](std::size_t from) {
        while (from < end && (text[from] == ' ' || (separator_ != '\t' && text[from] == '\t'))) ++from;
        return from;
    };
    std::size_t count = 0;
    std::size_t at = begin;
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
                if (quote >= end) return refuse(at, "the quotes are not closed in this line");
                field.text += text.substr(from, quote - from);
                from = quote + 1;
                if (from >= end || text[from] != '"') break;
                field.text += '"';
                ++from;
            }
            at = skip_blanks(from);
            const bool ends = at >= end || text[at] == separator_ || (separator_ == blank && at > from);
            if (!ends) return refuse(at, "text after the quotes that close a field");
        } else {
            std::size_t stop = at;
            while (stop < end && text[stop] != separator_ && !(separator_ == blank && is_blank(text[stop])))
                ++stop;
            std::size_t last = stop;
            while (last > at && is_blank(text[last - 1])) --last;
            field.text.assign(text.substr(at, last - at));
            at = separator_ == blank ? skip_blanks(stop) : stop;
        }
        if (at >= end) break;
        if (separator_ != blank) ++at;  // and, after the last separator, an empty field
    }
    fields.resize(count);
    return true;
}

bool begins_as_number(std::string_view text) {
    const std::string lower = lower_case(text);
    return text.empty() || std::string_view("0123456789+-.").find(text.front()) != std::string_view::npos
           || lower == "nan" || lower == "inf" || lower == "infinity";
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

}  // namespace venturi
