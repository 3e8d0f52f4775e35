// Comma-separated values, read back.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// Thrown where a text is no table. what() says why, with the line.
class CsvError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A table with a row of titles.
struct CsvTable {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows;  ///< each as long as the titles

    /// The number of a column; throws CsvError where there is none.
    [[nodiscard]] std::size_t column(std::string_view title) const;
};

/// Reads RFC 4180, with line feeds or CR LF, quotes where there are any. Throws CsvError where a quote is
/// open at the end, a row is longer or shorter than the titles, or there are no titles.
[[nodiscard]] CsvTable read_csv(std::string_view text);

}  // namespace venturi
