#include "analysis/report/csv_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

bool needs_quotes(std::string_view text) {
    if (text.empty()) return false;
    return text.find_first_of(",\"\r\n") != std::string_view::npos || text.front() == ' '
           || text.back() == ' ';
}

}  // namespace

void append_csv_text(std::string& row, std::string_view text) {
    if (!needs_quotes(text)) {
        row += text;
        return;
    }
    row += '"';
    for (const char c : text) {
        if (c == '"') row += '"';
        row += c;
    }
    row += '"';
}

void append_csv_number(std::string& row, double number) {
    if (std::isnan(number)) return;
    std::array<char, 32> digits{};  // the longest shortest double has 24 characters
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    row.append(digits.data(), end);
}

std::string summary_csv(std::span<const SummaryRow> rows) {
    std::string table;
    CsvWriter csv(table);
    for (const char* title : {"observable", "month", "statistic", "value", "unit"}) csv.text(title);
    csv.end_row();
    for (const SummaryRow& row : rows) {
        csv.text(row.observable);
        csv.number(row.month.value_or(std::numeric_limits<double>::quiet_NaN()));
        csv.text(row.statistic).number(row.value).text(row.unit).end_row();
    }
    return table;
}

}  // namespace venturi
