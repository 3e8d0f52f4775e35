// A line on a terminal that says what a long computation is at.
#pragma once

#include "analysis/experiments/tree_activity.hpp"

#include <condition_variable>
#include <cstddef>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>

namespace venturi {

/// "solving the tree  45%  12 s  (Ctrl-C stops)", shorter than `columns`.
[[nodiscard]] std::string activity_line(const TreeActivity::State& state, double seconds,
                                        std::size_t columns);

/// While it lives, shows an activity on a stream that outlives it and that nobody else writes to; from the
/// first second on, twice a second, from a thread of its own: so that the computation need not call it. The
/// line is gone when it ends.
class ActivityDisplay {
  public:
    /// Shows nothing unless `enabled`: on a terminal.
    ActivityDisplay(const TreeActivity& activity, std::ostream& stream, bool enabled,
                    std::size_t columns = 80);
    ~ActivityDisplay();
    ActivityDisplay(const ActivityDisplay&) = delete;
    ActivityDisplay& operator=(const ActivityDisplay&) = delete;
    ActivityDisplay(ActivityDisplay&&) = delete;
    ActivityDisplay& operator=(ActivityDisplay&&) = delete;

  private:
    void show();

    const TreeActivity& activity_;
    std::ostream& stream_;
    std::size_t columns_;
    bool drawn_ = false;
    bool ended_ = false;
    std::mutex mutex_;
    std::condition_variable end_;
    std::thread thread_;
};

}  // namespace venturi
