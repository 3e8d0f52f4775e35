// Ctrl-C as a request to stop.
#pragma once

#include "sim/ensemble/stop_request.hpp"

namespace venturi {

/// While it lives, SIGINT and SIGTERM set its request; a second one ends the program at once, as if nobody
/// listened. One at a time.
class InterruptListener {
  public:
    InterruptListener();
    ~InterruptListener();
    InterruptListener(const InterruptListener&) = delete;
    InterruptListener& operator=(const InterruptListener&) = delete;
    InterruptListener(InterruptListener&&) = delete;
    InterruptListener& operator=(InterruptListener&&) = delete;

    [[nodiscard]] const StopRequest& request() const;
};

}  // namespace venturi
