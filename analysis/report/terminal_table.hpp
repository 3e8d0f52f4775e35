// A table of text for the terminal, in columns of fixed width.
#pragma once

#include "analysis/report/terminal.hpp"
#include "analysis/report/text_width.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

enum class Emphasis : std::uint8_t { none, strong, faint, good, bad };

struct TableColumn {
    std::string title;
    Alignment alignment = Alignment::right;
};

struct TableCell {
    TableCell(std::string text_, Emphasis emphasis_ = Emphasis::none)
        : text(std::move(text_)), emphasis(emphasis_) {}
    TableCell(const char* text_) : text(text_) {}

    std::string text;
    Emphasis emphasis = Emphasis::none;
};

struct TerminalTable {
    std::string title;  ///< none where empty
    std::vector<TableColumn> columns;
    std::vector<std::vector<TableCell>>
        rows;  ///< a row may end early, and must not be longer than the columns
};

/// The table as lines that each end in a line feed: title, column titles, a rule, rows. Columns stand two
/// blanks apart and are as wide as their widest text; no line ends in blanks. Control characters are made
/// harmless. Where that is wider than the limits' columns, each row is a block of lines instead: the first
/// cell, and below it each other column's title with its cell.
[[nodiscard]] std::string table_text(const TerminalTable& table, Colour colour,
                                     const TextLimits& limits = text_limits());

}  // namespace venturi
