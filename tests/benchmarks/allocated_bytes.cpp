#include "tests/benchmarks/allocated_bytes.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> allocated{0};

}  // namespace

std::size_t venturi::testing::allocated_bytes() {
    return allocated.load(std::memory_order_relaxed);
}

// In a file of their own, so that no caller sees through them.
void* operator new(std::size_t bytes) {
    allocated.fetch_add(bytes, std::memory_order_relaxed);
    if (void* memory = std::malloc(bytes)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
