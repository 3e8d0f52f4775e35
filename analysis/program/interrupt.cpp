#include "analysis/program/interrupt.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>

namespace venturi {

namespace {

constexpr std::array<int, 3> heard_signals = {SIGINT, SIGTERM, SIGHUP};

// A signal handler reaches nothing but what is static.
StopRequest& the_request() {
    static StopRequest request;
    return request;
}

std::atomic<int>& the_signal() {
    static std::atomic<int> signal = 0;
    return signal;
}

std::array<struct sigaction, heard_signals.size()>& earlier_actions() {
    static std::array<struct sigaction, heard_signals.size()> actions{};
    return actions;
}

extern "C" void on_signal(int signal) {
    int none = 0;
    the_signal().compare_exchange_strong(none, signal);
    the_request().request();
    // The next Ctrl-C or SIGTERM ends the program; a terminal that closes may tell us more than once.
    for (const int heard : {SIGINT, SIGTERM}) {
        struct sigaction now {};
        if (sigaction(heard, nullptr, &now) == 0 && now.sa_handler == on_signal)
            (void)std::signal(heard, SIG_DFL);
    }
}

}  // namespace

InterruptListener::InterruptListener() {
    the_request();
    the_signal();
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;  // a file that is being read goes on
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < heard_signals.size(); ++i) {
        struct sigaction& earlier = earlier_actions()[i];
        sigaction(heard_signals[i], nullptr, &earlier);
        if (earlier.sa_handler != SIG_IGN) sigaction(heard_signals[i], &action, nullptr);
    }
}

InterruptListener::~InterruptListener() {
    for (std::size_t i = 0; i < heard_signals.size(); ++i)
        sigaction(heard_signals[i], &earlier_actions()[i], nullptr);
}

const StopRequest& InterruptListener::request() const {
    return the_request();
}

ExitCode InterruptListener::exit_code(ExitCode otherwise) const {
    switch (the_signal().load()) {
        case SIGINT:
            return ExitCode::interrupted;
        case SIGTERM:
            return ExitCode::terminated;
        case SIGHUP:
            return ExitCode::hung_up;
        default:
            return otherwise;
    }
}

}  // namespace venturi
