// How work without parts ends early.
#pragma once

#include "sim/ensemble/stop_request.hpp"

#include <stdexcept>

namespace venturi {

/// Thrown by work that has no result where it is stopped; what was made before remains sound.
class Stopped : public std::runtime_error {
  public:
    Stopped() : std::runtime_error("stopped on request") {}
};

/// Throws Stopped where a stop has been requested; `stop` may be null.
inline void stop_if_requested(const StopRequest* stop) {
    if (stop != nullptr && stop->requested()) throw Stopped();
}

}  // namespace venturi
