// What the columns of a table of edges are, as the table as a whole shows.
#pragma once

#include "scenarios/network/delimited_text.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// What a column holds in the rows behind the first.
struct ColumnSurvey {
    std::size_t empty = 0;
    std::size_t numbers = 0;   ///< finite ones
    std::size_t decimals = 0;  ///< those of them that have a point
    std::size_t whole = 0;     ///< those of digits alone
    std::size_t directed = 0;  ///< the word, in any case
    std::size_t undirected = 0;
};

/// A table seen once from beginning to end.
struct TableSurvey {
    std::vector<DelimitedField> first = {};    ///< the first row
    std::vector<DelimitedField> heading = {};  ///< as in DelimitedRows
    std::vector<std::string> head = {};        ///< lines of comment above all rows
    std::size_t first_byte = 0;
    std::size_t rows = 0;       ///< behind the first
    std::size_t narrowest = 0;  ///< fewest fields of these
    std::size_t widest = 0;
    std::vector<ColumnSurvey> columns = {};      ///< the first 64
    std::vector<std::string> first_column = {};  ///< where there are about as many rows as columns
    std::size_t zeros_on_diagonal = 0;  ///< rows, the first among them, with 0 in the column of their number
    bool counts_rows = false;           ///< the first column is 1, 2, ... behind the first row
    /// Whether what would be names of ends in the first row is in these columns further down too, or what
    /// begins as they do.
    bool names_recur = false;
    bool stems_recur = false;
    std::size_t comments = 0;
    std::size_t hash_rows = 0;
    bool has_word_between = false;
    bool has_empty_between = false;
};

/// Reads all rows. Problems with quotes are added.
[[nodiscard]] TableSurvey survey_of(const SourceText& source, const TableForm& form, FileProblems& problems);

/// Which fields of a row make an edge.
struct EdgeColumns {
    bool has_header = false;         ///< names of columns are known
    bool header_is_comment = false;  ///< and the first row is none of them
    std::size_t width = 0;           ///< fields of a row
    std::size_t source = 0;
    std::size_t target = 1;
    std::optional<std::size_t> weight = {};
    std::optional<std::size_t> type = {};  ///< says `Directed` or `Undirected`, at least in some rows
    bool directed = false;                 ///< where there is no type
    bool direction_is_open = true;         ///< the file doesn't say it
    std::string understood = {};           ///< in words
    std::vector<std::string> remarks = {};
};

/// Decides by names, and by what columns hold. Throws ScenarioError where the table is of another kind, where
/// it may be understood in two ways, or where options name what isn't there.
[[nodiscard]] EdgeColumns edge_columns_of(const TableSurvey& survey, const TableForm& form,
                                          const NetworkOptions& options, FileProblems& problems);

}  // namespace venturi
