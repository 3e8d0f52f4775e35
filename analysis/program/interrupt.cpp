#include "analysis/program/interrupt.hpp"

#include <csignal>

namespace venturi {

namespace {

// A signal handler reaches nothing but what is static.
StopRequest& the_request() {
    static StopRequest request;
    return request;
}

extern "C" void on_signal(int signal) {
    the_request().request();
    std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptListener::InterruptListener() {
    the_request();
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

InterruptListener::~InterruptListener() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

const StopRequest& InterruptListener::request() const {
    return the_request();
}

}  // namespace venturi
