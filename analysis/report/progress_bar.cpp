#include "analysis/report/progress_bar.hpp"

#include "analysis/report/quantity_text.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr double seconds_between_drawings = 0.1;
constexpr double seconds_to_first_log_line = 10;
constexpr std::size_t bar_width = 24;

// How many of `parts` equal parts are done; multiplied before it is divided, so that whole parts come out
// whole.
double parts_done(const Progress& progress, double parts) {
    if (progress.total == 0) return 0;
    return std::min(parts,
                    static_cast<double>(progress.completed) * parts / static_cast<double>(progress.total));
}

bool is_done(const Progress& progress) {
    return progress.total > 0 && progress.completed >= progress.total;
}

std::string bar(const Progress& progress) {
    const auto full = static_cast<std::size_t>(parts_done(progress, static_cast<double>(bar_width)));
    std::string text;
    for (std::size_t i = 0; i < bar_width; ++i) text += i < full ? "█" : "░";
    return text;
}

std::string percent(const Progress& progress) {
    return fmt::format("{:3.0f}%", std::floor(parts_done(progress, 100)));
}

std::string count_text(std::uint64_t count) {
    return quantity_text(static_cast<double>(count), Dimension::count);
}

std::string counted(const Progress& progress, std::string_view things) {
    if (progress.total == 0) return fmt::format("{} {}", count_text(progress.completed), things);
    return fmt::format("{} of {} {}", count_text(progress.completed), count_text(progress.total), things);
}

std::string per_second(std::uint64_t count, double seconds) {
    struct Prefix {
        double unit;
        std::string_view letter;
    };
    constexpr std::array<Prefix, 3> prefixes = {{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
    const double rate = static_cast<double>(count) / seconds;
    for (const Prefix& prefix : prefixes) {
        if (rate >= prefix.unit)
            return quantity_text(rate / prefix.unit, Dimension::number) + std::string(prefix.letter);
    }
    return quantity_text(rate, Dimension::number);
}

std::string rate(const Progress& progress) {
    const std::uint64_t now = progress.completed - progress.earlier;
    if (progress.seconds <= 0 || now == 0) return {};
    return per_second(now, progress.seconds) + "/s";
}

std::string event_rate(const Progress& progress) {
    const std::uint64_t now = progress.events - progress.earlier_events;
    if (progress.seconds <= 0 || now == 0) return {};
    return per_second(now, progress.seconds) + " events/s";
}

// The time left at the mean rate so far; the time taken where nothing is left or the end is not known.
std::string time(const Progress& progress) {
    if (progress.total == 0 || is_done(progress)) return "after " + elapsed_text(progress.seconds);
    const std::uint64_t now = progress.completed - progress.earlier;
    if (progress.seconds <= 0 || now == 0) return {};
    const auto left = static_cast<double>(progress.total - progress.completed);
    return elapsed_text(progress.seconds * left / static_cast<double>(now)) + " left";
}

std::string joined(const std::vector<std::string>& parts) {
    std::string line;
    for (const std::string& part : parts) {
        if (part.empty()) continue;
        if (!line.empty()) line += "  ";
        line += part;
    }
    return line;
}

}  // namespace

ProgressStyle progress_style_of(int descriptor) {
    return is_capable_terminal(descriptor) ? ProgressStyle::redrawn_line : ProgressStyle::deciles;
}

std::string elapsed_text(double seconds) {
    constexpr double longest = 3.6e9;  // a million hours
    const auto whole = static_cast<std::int64_t>(std::ceil(std::clamp(seconds, 0.0, longest)));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string progress_line(const Progress& progress, std::size_t columns, std::string_view things) {
    const bool known = progress.total > 0;
    enum Part : std::size_t { the_bar, the_percent, the_count, the_rate, the_event_rate, the_time };
    std::vector<std::string> parts = {known ? bar(progress) : "", known ? percent(progress) : "",
                                      counted(progress, things),  rate(progress),
                                      event_rate(progress),       time(progress)};
    for (const Part least : {the_event_rate, the_bar, the_rate, the_count, the_time, the_percent}) {
        if (display_width(joined(parts)) < columns) break;
        parts[least].clear();
    }
    return joined(parts);
}

std::string progress_log_line(const Progress& progress, std::string_view things) {
    return joined({progress.total > 0 ? percent(progress) : "", counted(progress, things), rate(progress),
                   event_rate(progress), time(progress)});
}

ProgressBar::ProgressBar(std::ostream& stream, ProgressStyle style, std::size_t columns, std::string things)
    : stream_(&stream), style_(style), columns_(columns), things_(std::move(things)) {}

ProgressBar::~ProgressBar() {
    if (line_open_) *stream_ << '\n' << std::flush;
}

void ProgressBar::update(const Progress& progress) {
    switch (style_) {
        case ProgressStyle::silent:
            return;
        case ProgressStyle::deciles:
            return log_if_due(progress);
        case ProgressStyle::redrawn_line:
            if (!line_open_ || progress.seconds >= drawn_at_ + seconds_between_drawings) redraw(progress);
            return;
    }
}

void ProgressBar::finish(const Progress& progress) {
    if (style_ == ProgressStyle::deciles) log_if_due(progress);
    if (style_ != ProgressStyle::redrawn_line) return;
    redraw(progress);
    *stream_ << '\n' << std::flush;
    line_open_ = false;
}

void ProgressBar::redraw(const Progress& progress) {
    // Carriage return, the line, and ECMA-48's "erase to the end of the line".
    *stream_ << '\r' << progress_line(progress, columns_, things_) << "\x1b[K" << std::flush;
    line_open_ = true;
    drawn_at_ = progress.seconds;
}

void ProgressBar::log_if_due(const Progress& progress) {
    const int decile = static_cast<int>(parts_done(progress, 10));
    const bool time_doubled = progress.seconds >= std::max(seconds_to_first_log_line, 2 * drawn_at_);
    if (progress.total > 0 ? decile <= printed_decile_ : !time_doubled) return;
    *stream_ << progress_log_line(progress, things_) << '\n' << std::flush;
    printed_decile_ = decile;
    drawn_at_ = progress.seconds;
}

}  // namespace venturi
