// Tables as text: comma-separated values as in RFC 4180, or the same with semicolons, tabs, bars or blanks.
#pragma once

#include "scenarios/network/network_draft.hpp"
#include "scenarios/risk/source_text.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

struct DelimitedField {
    std::string text;      ///< without quotes, and without blanks at the ends where there were none
    std::size_t byte = 0;  ///< where it begins
};

/// What shows only of a table as a whole.
struct TableForm {
    /// The first of tab, semicolon, comma and bar that stands outside of quotes in every row (a bar only
    /// where blanks do not); a blank, for runs of blanks and tabs, where none does but every row has several
    /// fields between blanks; and otherwise the first that the first row has.
    char separator = ' ';
    std::size_t width = 0;     ///< fields of the first row that doesn't begin with #
    std::string comment = {};  ///< as in NetworkOptions
    std::size_t rows = 0;      ///< but for those that begin with # and a name
};

/// `comment` as in NetworkOptions. Throws ScenarioError where the source is not text.
[[nodiscard]] TableForm table_form_of(const SourceText& source, std::string_view comment);

/// What stands between fields, in words: "commas".
[[nodiscard]] std::string_view separator_name(char separator);

/// The rows of a table one after another. Rows are lines, which may end in CR LF; empty ones are passed over.
/// A field may stand in quotes, which are doubled inside; unlike in RFC 4180 it can't go on in the next line,
/// so that a quote that was forgotten is found where it is missing.
///
/// Comments are lines that begin with #, % or // and a blank. A # with a name behind it may begin the name of
/// a vertex: such lines are rows where they have as many fields as the others, and comments where they stand
/// above all rows, or are no rows since they have one field. Where the form says what lines of comment begin
/// with, they are those and no others.
class DelimitedRows {
  public:
    /// All must outlive the rows.
    DelimitedRows(const SourceText& source, const TableForm& form, FileProblems& problems);

    /// Reads a row into `fields`, using its memory again; false where there is none any more. Adds a problem
    /// and goes on with the next row where quotes are wrong.
    bool next(std::vector<DelimitedField>& fields);

    /// Of the row that was read last.
    [[nodiscard]] std::size_t byte() const { return row_; }

    [[nodiscard]] std::size_t comments() const { return comments_; }    ///< that were passed over
    [[nodiscard]] std::size_t hash_rows() const { return hash_rows_; }  ///< rows that begin with #
    /// The fields of the last comment above all rows that has as many as the rows; empty where none has.
    [[nodiscard]] const std::vector<DelimitedField>& heading() const { return heading_; }
    /// All lines of comment above all rows, without their ends.
    [[nodiscard]] const std::vector<std::string_view>& head() const { return head_; }
    /// Whether a comment of one word, or of none, stands between rows.
    [[nodiscard]] bool has_word_between() const { return word_between_; }
    [[nodiscard]] bool has_empty_between() const { return empty_between_; }

  private:
    bool passes_over(std::size_t begin, std::size_t end, std::vector<DelimitedField>& fields);
    void note_comment(std::size_t begin, std::size_t end);

    const SourceText* source_;
    const TableForm* form_;
    FileProblems* problems_;
    std::size_t at_ = 0;
    std::size_t row_ = 0;
    std::size_t rows_ = 0;
    std::size_t comments_ = 0;
    std::size_t hash_rows_ = 0;
    bool word_pending_ = false;
    bool empty_pending_ = false;
    bool word_between_ = false;
    bool empty_between_ = false;
    std::vector<DelimitedField> heading_;
    std::vector<std::string_view> head_;
};

/// Whether a field of a first row may be meant for a number, so that the row is no header: empty, or
/// beginning with a digit, a sign or a point, or a word for what is not finite or is missing.
[[nodiscard]] bool begins_as_number(std::string_view text);

}  // namespace venturi
