// How far a run is: a bar on a terminal, a line per ten per cent in a log.
#pragma once

#include "sim/ensemble/progress.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace venturi {

enum class ProgressStyle : std::uint8_t {
    redrawn_line,  ///< one line, drawn again and again
    deciles,       ///< a line per ten per cent; without a known total, a line whenever the time has doubled
    silent,
};

/// `redrawn_line` on a terminal that can draw a line again, `deciles` elsewhere.
[[nodiscard]] ProgressStyle progress_style_of(int descriptor);

/// "8 s", "2 min 05 s", "1 h 12 min".
[[nodiscard]] std::string elapsed_text(double seconds);

/// "███░░░  45%  45,000 of 100,000 trajectories  12.3k/s  4.1M events/s  4 s left", without a line feed.
/// Parts are left out, the least important first, until it is shorter than `columns`. `things` is what is
/// counted, in the plural.
[[nodiscard]] std::string progress_line(const Progress& progress, std::size_t columns,
                                        std::string_view things = "trajectories");

/// The same without a bar, for a log.
[[nodiscard]] std::string progress_log_line(const Progress& progress,
                                            std::string_view things = "trajectories");

/// Shows a run's progress on a stream that outlives it. For one thread at a time.
class ProgressBar {
  public:
    ProgressBar(std::ostream& stream, ProgressStyle style, std::size_t columns = 80,
                std::string things = "trajectories");
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    ProgressBar(ProgressBar&&) = delete;
    ProgressBar& operator=(ProgressBar&&) = delete;

    /// Shows `progress` where it is time to: at most ten times a second on a terminal.
    void update(const Progress& progress);

    /// Shows how the run ended and leaves the line, so that what is printed next starts on its own.
    void finish(const Progress& progress);

  private:
    void redraw(const Progress& progress);
    void log_if_due(const Progress& progress);

    std::ostream* stream_;
    ProgressStyle style_;
    std::size_t columns_;
    std::string things_;
    bool line_open_ = false;
    double drawn_at_ = 0;  // seconds of the last drawing, or of the last log line
    int printed_decile_ = 0;
};

}  // namespace venturi
