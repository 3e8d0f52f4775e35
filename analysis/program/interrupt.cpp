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
    (void)std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptListener::InterruptListener() {
    the_request();
    (void)std::signal(SIGINT, on_signal);
    (void)std::signal(SIGTERM, on_signal);
}

InterruptListener::~InterruptListener() {
    (void)std::signal(SIGINT, SIG_DFL);
    (void)std::signal(SIGTERM, SIG_DFL);
}

const StopRequest& InterruptListener::request() const {
    return the_request();
}

}  // namespace venturi
