#include "analysis/program/shown_progress.hpp"

#include "analysis/report/terminal.hpp"

#include <unistd.h>
#include <utility>

namespace venturi {

ShownProgress::ShownProgress(const Streams& streams, ProgressStyle style, std::string things)
    : bar_(streams.err, style, columns_of(STDERR_FILENO), std::move(things)) {}

std::function<void(const Progress&)> ShownProgress::hook() {
    return [this](const Progress& progress) {
        last_ = progress;
        bar_.update(progress);
    };
}

void ShownProgress::finish(bool is_done) {
    if (is_done) last_.total = last_.completed;
    bar_.finish(last_);
}

}  // namespace venturi
