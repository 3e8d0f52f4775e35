#include "analysis/report/terminal_table.hpp"

#include "analysis/report/ascii_text.hpp"
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

TerminalTable made_printable(TerminalTable table, bool ascii) {
    const auto fit = [&](const std::string& text) {
        return ascii ? ascii_text(printable(text)) : printable(text);
    };
    table.title = fit(table.title);
    for (TableColumn& column : table.columns) column.title = fit(column.title);
    for (auto& row : table.rows) {
        expects(row.size() <= table.columns.size(),
                "a row of a table has no more cells than there are columns");
        for (TableCell& cell : row) cell.text = fit(cell.text);
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

std::size_t total_of(const std::vector<std::size_t>& widths) {
    std::size_t total = widths.empty() ? 0 : (widths.size() - 1) * gap.size();
    for (const std::size_t width : widths) total += width;
    return total;
}

std::string rule(std::size_t width, Colour colour, bool ascii) {
    std::string line;
    for (std::size_t i = 0; i < width; ++i) line += ascii ? "-" : "─";
    return emphasised(line, Emphasis::faint, colour) + '\n';
}

// A row where there is no room for columns: its first cell, and the others below it by their titles.
std::string block_of(const std::vector<TableCell>& row, const std::vector<TableColumn>& columns,
                     Colour colour) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].text.empty() && i > 0) continue;
        const std::string cell = emphasised(row[i].text, row[i].emphasis, colour);
        if (i == 0)
            text += cell + '\n';
        else if (columns[i].title.empty())
            text += fmt::format("  {}\n", cell);
        else
            text += fmt::format("  {}: {}\n", emphasised(columns[i].title, Emphasis::faint, colour), cell);
    }
    return text;
}

}  // namespace

std::string table_text(const TerminalTable& given, Colour colour, const TextLimits& limits) {
    const TerminalTable table = made_printable(given, limits.ascii);
    const std::vector<std::size_t> widths = widths_of(table);
    const std::size_t total = total_of(widths);
    const bool fits = limits.columns == 0 || total <= limits.columns;
    std::string text;
    if (!table.title.empty()) text += emphasised(table.title, Emphasis::strong, colour) + '\n';
    if (fits) text += line_of(title_cells(table.columns), table.columns, widths, colour);
    text += rule(fits ? total : limits.columns, colour, limits.ascii);
    for (const auto& row : table.rows)
        text += fits ? line_of(row, table.columns, widths, colour) : block_of(row, table.columns, colour);
    return text;
}

}  // namespace venturi
