#include "analysis/report/activity_display.hpp"

#include "analysis/report/progress_bar.hpp"
#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>

namespace venturi {

std::string activity_line(const TreeActivity::State& state, double seconds, std::size_t columns) {
    std::string line = state.what == nullptr ? "reading" : state.what;
    const auto add = [&](const std::string& part) {
        if (display_width(line) + 2 + display_width(part) < columns) line += "  " + part;
    };
    if (state.total > 0) {
        const double share =
            std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total));
        add(fmt::format("{:.0f}%", 100 * share));
    }
    add(elapsed_text(seconds));
    add("(Ctrl-C stops)");
    return line;
}

ActivityDisplay::ActivityDisplay(const TreeActivity& activity, std::ostream& stream, bool enabled,
                                 std::size_t columns)
    : activity_(activity), stream_(stream), columns_(columns) {
    if (enabled) thread_ = std::thread([this] { show(); });
}

ActivityDisplay::~ActivityDisplay() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    end_.notify_one();
    thread_.join();
    // Blanks in place of a code that erases: any terminal knows them.
    if (drawn_) stream_ << '\r' << std::string(columns_ > 0 ? columns_ - 1 : 0, ' ') << '\r' << std::flush;
}

void ActivityDisplay::show() {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds first{1000};
    constexpr std::chrono::milliseconds next{500};
    const auto start = Clock::now();
    std::size_t width = 0;
    std::unique_lock lock(mutex_);
    while (!end_.wait_for(lock, drawn_ ? next : first, [this] { return ended_; })) {
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        const std::string line = activity_line(activity_.state(), seconds, columns_);
        const std::size_t now = display_width(line);
        stream_ << '\r' << line << std::string(width > now ? width - now : 0, ' ') << std::flush;
        width = now;
        drawn_ = true;
    }
}

}  // namespace venturi
