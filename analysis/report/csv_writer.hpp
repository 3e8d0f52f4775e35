// Comma-separated values, as pandas, R and spreadsheets read them.
#pragma once

#include "analysis/report/dataset.hpp"

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace venturi {

/// Whatever takes bytes: a string, a FileWriter.
template <class Sink>
concept ByteSink = requires(Sink sink, std::string_view bytes) {
    sink.append(bytes);
};

/// Appends a field of text, in quotes where it holds a comma, a quote or a line break, or has blanks at its
/// ends (RFC 4180, section 2).
void append_csv_text(std::string& row, std::string_view text);

/// Appends the shortest decimal number that reads back as the same double; "inf" and "-inf" as they are. NaN
/// gives an empty field, which pandas and R both read as missing.
void append_csv_number(std::string& row, double number);

/// Writes rows field by field into a sink that must outlive it. Rows end in a line feed alone, which every
/// reader of RFC 4180 takes.
template <ByteSink Sink>
class CsvWriter {
  public:
    explicit CsvWriter(Sink& sink) : sink_(&sink) {}

    CsvWriter& text(std::string_view field) {
        separate();
        append_csv_text(row_, field);
        return *this;
    }
    CsvWriter& number(double field) {
        separate();
        append_csv_number(row_, field);
        return *this;
    }
    CsvWriter& whole(std::int64_t field) {
        separate();
        row_ += std::to_string(field);
        return *this;
    }
    CsvWriter& missing() {
        separate();
        return *this;
    }
    void end_row() {
        row_ += '\n';
        sink_->append(std::string_view(row_));
        row_.clear();
        first_ = true;
    }

  private:
    void separate() {
        if (!first_) row_ += ',';
        first_ = false;
    }

    Sink* sink_;
    std::string row_;
    bool first_ = true;
};

/// The tidy table `observable,month,statistic,value,unit`, one line per row in the order given.
[[nodiscard]] std::string summary_csv(std::span<const SummaryRow> rows);

}  // namespace venturi
