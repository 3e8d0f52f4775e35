// Tables as text: comma-separated values as in RFC 4180, or the same with semicolons, tabs or blanks.
#pragma once

#include "scenarios/network/network_draft.hpp"
#include "scenarios/risk/source_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

struct DelimitedField {
    std::string text;      ///< without quotes, and without blanks at the ends where there were none
    std::size_t byte = 0;  ///< where it begins
};

/// The rows of a table one after another. What separates fields is the first of tab, semicolon and comma that
/// stands outside of quotes in the first row, and runs of blanks where none does. Rows are lines, which may
/// end in CR LF; empty lines and those that begin with # are passed over. A field may stand in quotes, which
/// are doubled inside; unlike in RFC 4180 it can't go on in the next line, so that a quote that was
/// forgotten is found where it is missing.
class DelimitedRows {
  public:
    /// Both must outlive the rows. Throws ScenarioError where the source is not text.
    DelimitedRows(const SourceText& source, FileProblems& problems);

    /// Reads a row into `fields`, using its memory again; false where there is none any more. Adds a problem
    /// and goes on with the next row where quotes are wrong.
    bool next(std::vector<DelimitedField>& fields);

    /// Of the row that was read last.
    [[nodiscard]] std::size_t byte() const { return row_; }

    /// What stands between fields, in words: "commas".
    [[nodiscard]] std::string_view separator_name() const;

  private:
    bool split(std::size_t begin, std::size_t end, std::vector<DelimitedField>& fields);

    const SourceText* source_;
    FileProblems* problems_;
    std::size_t at_ = 0;
    std::size_t row_ = 0;
    char separator_ = '\0';  // not known yet
};

/// Whether a field of a first row may be meant for a number, so that the row is no header: empty, or
/// beginning with a digit, a sign or a point, or a word for what is not finite.
[[nodiscard]] bool begins_as_number(std::string_view text);

/// In ASCII letters only.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace venturi
