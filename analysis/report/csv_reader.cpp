#include "analysis/report/csv_reader.hpp"

#include <algorithm>
#include <utility>

namespace venturi {

std::size_t CsvTable::column(std::string_view title) const {
    const auto found = std::ranges::find(titles, title);
    if (found == titles.end()) throw CsvError("there is no column '" + std::string(title) + "'");
    return static_cast<std::size_t>(found - titles.begin());
}

CsvTable read_csv(std::string_view text) {
    CsvTable table;
    std::vector<std::string> row;
    std::string field;
    bool quoted = false;
    std::size_t line = 1;
    const auto end_row = [&] {
        row.push_back(std::exchange(field, {}));
        if (table.titles.empty()) {
            table.titles = std::exchange(row, {});
            return;
        }
        if (row.size() != table.titles.size())
            throw CsvError("line " + std::to_string(line) + " has " + std::to_string(row.size())
                           + " fields, where there are " + std::to_string(table.titles.size()) + " titles");
        table.rows.push_back(std::exchange(row, {}));
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
                field += '"';
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                field += c;
            }
        } else if (c == '"' && field.empty()) {
            quoted = true;
        } else if (c == ',') {
            row.push_back(std::exchange(field, {}));
        } else if (c == '\n') {
            if (!field.empty() && field.back() == '\r') field.pop_back();
            end_row();
            ++line;
        } else {
            field += c;
        }
    }
    if (quoted) throw CsvError("a quote is open at the end");
    if (!field.empty() || !row.empty()) end_row();
    if (table.titles.empty()) throw CsvError("it is empty");
    return table;
}

}  // namespace venturi
