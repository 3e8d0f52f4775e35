#include "analysis/report/busy_line.hpp"

#include "analysis/report/text_width.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <ostream>
#include <system_error>
#include <utility>

namespace venturi {

BusyLine::BusyLine(std::ostream& stream, ProgressStyle style, const std::string& doing, std::size_t columns)
    : stream_(&stream), doing_(printable(doing)), columns_(columns) {
    if (style != ProgressStyle::redrawn_line) return;
    try {
        watcher_ = std::jthread([this] { watch(); });
    } catch (const std::system_error&) {
        // No thread for it, no sign of life: the work itself may do with fewer.
    }
}

BusyLine::~BusyLine() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    ended_changed_.notify_all();
    if (watcher_.joinable()) watcher_.join();
}

void BusyLine::watch() {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    bool drawn = false;
    std::unique_lock lock(mutex_);
    while (!ended_changed_.wait_for(lock, std::chrono::seconds{1}, [this] { return ended_; })) {
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        *stream_ << '\r' << busy_text(doing_, seconds, columns_) << "\x1b[K" << std::flush;
        drawn = true;
    }
    if (drawn) *stream_ << "\r\x1b[K" << std::flush;
}

std::string busy_text(const std::string& doing, double seconds, std::size_t columns) {
    const std::string time = elapsed_text(seconds);
    std::string shown = doing;
    while (!shown.empty() && display_width(shown) + 2 + display_width(time) >= columns) {
        // Whole characters: bytes 10xxxxxx continue what another has begun.
        while (shown.size() > 1 && (static_cast<unsigned char>(shown.back()) & 0xC0U) == 0x80U)
            shown.pop_back();
        shown.pop_back();
    }
    return shown.empty() ? time : fmt::format("{}  {}", shown, time);
}

}  // namespace venturi
