#include "analysis/report/terminal_table.hpp"

#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace venturi {

namespace {

constexpr std::string_view gap = "  ";

// Select Graphic Rendition parameters of ECMA-48.
std::string_view ansi_code(Emphasis emphasis) {
    switch (emphasis) {
        case Emphasis::none:
            return "";
        case Emphasis::strong:
            return "1";
        case Emphasis::faint:
            return "2";
        case Emphasis::good:
            return "32";
        case Emphasis::bad:
            return "31";
    }
    return "";
}

std::string emphasised(const std::string& text, Emphasis emphasis, Colour colour) {
    if (colour == Colour::none || emphasis == Emphasis::none || text.empty()) return text;
    return fmt::format("\x1b[{}m{}\x1b[0m", ansi_code(emphasis), text);
}

TerminalTable made_printable(TerminalTable table) {
    table.title = printable(table.title);
    for (TableColumn& column : table.columns) column.title = printable(column.title);
    for (auto& row : table.rows) {
        expects(row.size() <= table.columns.size(),
                "a row of a table has no more cells than there are columns");
        for (TableCell& cell : row) cell.text = printable(cell.text);
    }
    return table;
}

std::vector<std::size_t> widths_of(const TerminalTable& table) {
    std::vector<std::size_t> widths;
    for (const TableColumn& column : table.columns) widths.push_back(display_width(column.title));
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], display_width(row[i].text));
    }
    return widths;
}

// Blanks are kept outside the colour codes, and left out after the last text of the line.
std::string line_of(const std::vector<TableCell>& row, const std::vector<TableColumn>& columns,
                    const std::vector<std::size_t>& widths, Colour colour) {
    std::string line;
    std::string blanks;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - display_width(row[i].text), ' ');
        const bool left = columns[i].alignment == Alignment::left;
        if (!left) blanks += space;
        if (!row[i].text.empty()) {
            line += blanks + emphasised(row[i].text, row[i].emphasis, colour);
            blanks.clear();
        }
        if (left) blanks += space;
        blanks += gap;
    }
    return line + '\n';
}

std::vector<TableCell> title_cells(const std::vector<TableColumn>& columns) {
    std::vector<TableCell> cells;
    cells.reserve(columns.size());
    for (const TableColumn& column : columns) cells.emplace_back(column.title, Emphasis::faint);
    return cells;
}

std::string rule(const std::vector<std::size_t>& widths, Colour colour) {
    std::size_t total = widths.empty() ? 0 : (widths.size() - 1) * gap.size();
    for (const std::size_t width : widths) total += width;
    std::string line;
    for (std::size_t i = 0; i < total; ++i) line += "─";
    return emphasised(line, Emphasis::faint, colour) + '\n';
}

}  // namespace

std::string table_text(const TerminalTable& given, Colour colour) {
    const TerminalTable table = made_printable(given);
    const std::vector<std::size_t> widths = widths_of(table);
    std::string text;
    if (!table.title.empty()) text += emphasised(table.title, Emphasis::strong, colour) + '\n';
    text += line_of(title_cells(table.columns), table.columns, widths, colour);
    text += rule(widths, colour);
    for (const auto& row : table.rows) text += line_of(row, table.columns, widths, colour);
    return text;
}

}  // namespace venturi
