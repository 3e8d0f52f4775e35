#include "agents/risk/deep_recursion.hpp"

#include <exception>
#include <pthread.h>

namespace venturi::detail {

namespace {

struct Call {
    const std::function<void()>* work = nullptr;
    std::exception_ptr failure = nullptr;
};

extern "C" void* run_call(void* argument) {
    auto& call = *static_cast<Call*>(argument);
    try {
        (*call.work)();
    } catch (...) {
        call.failure = std::current_exception();
    }
    return nullptr;
}

}  // namespace

// std::thread can't be told how large its stack is to be. Pages that are not reached take no memory.
void run_with_stack(std::size_t bytes, const std::function<void()>& work) {
    Call call{.work = &work};
    pthread_attr_t attributes{};
    pthread_t thread{};
    bool started = pthread_attr_init(&attributes) == 0;
    if (started) {
        started = pthread_attr_setstacksize(&attributes, bytes) == 0
                  && pthread_create(&thread, &attributes, run_call, &call) == 0;
        pthread_attr_destroy(&attributes);
    }
    if (!started) throw NoRoomForStack("there is no memory for a deep recursion");
    pthread_join(thread, nullptr);
    if (call.failure) std::rethrow_exception(call.failure);
}

}  // namespace venturi::detail
