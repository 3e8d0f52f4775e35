// Ctrl-C, a hang-up and a polite kill as requests to stop.
#pragma once

#include "analysis/program/program.hpp"
#include "sim/ensemble/stop_request.hpp"

namespace venturi {

/// While it lives, SIGINT, SIGTERM and SIGHUP set its request; a second SIGINT or SIGTERM ends the program at
/// once, as if nobody listened. A signal that the program was started without (`nohup`, a job in the
/// background) stays ignored. One at a time.
class InterruptListener {
  public:
    InterruptListener();
    ~InterruptListener();
    InterruptListener(const InterruptListener&) = delete;
    InterruptListener& operator=(const InterruptListener&) = delete;
    InterruptListener(InterruptListener&&) = delete;
    InterruptListener& operator=(InterruptListener&&) = delete;

    [[nodiscard]] const StopRequest& request() const;

    /// 128 + the number of the signal that came; `otherwise` where none did.
    [[nodiscard]] ExitCode exit_code(ExitCode otherwise = ExitCode::success) const;
};

}  // namespace venturi
