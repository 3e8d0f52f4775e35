// A sign of life while something runs whose end can't be foreseen.
#pragma once

#include "analysis/report/progress_bar.hpp"

#include <condition_variable>
#include <cstddef>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>

namespace venturi {

/// While it lives, a terminal shows what is being done and for how long, once that takes longer than a
/// second, and is left clean at the end. Says nothing in a log. Nobody else writes on the stream meanwhile.
class BusyLine {
  public:
    /// `doing` as a person would say it: "reading plant.xml".
    BusyLine(std::ostream& stream, ProgressStyle style, const std::string& doing, std::size_t columns = 80);
    ~BusyLine();
    BusyLine(const BusyLine&) = delete;
    BusyLine& operator=(const BusyLine&) = delete;
    BusyLine(BusyLine&&) = delete;
    BusyLine& operator=(BusyLine&&) = delete;

  private:
    void watch();

    std::ostream* stream_;
    std::string doing_;
    std::size_t columns_;
    std::mutex mutex_;
    std::condition_variable ended_changed_;
    bool ended_ = false;
    std::jthread watcher_;
};

/// "counting cut sets  12 s", of which `doing` is cut so that it is shorter than `columns`.
[[nodiscard]] std::string busy_text(const std::string& doing, double seconds, std::size_t columns);

}  // namespace venturi
