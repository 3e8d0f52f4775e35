// Counts what the test program takes from the free store, to show what allocates nothing.
#pragma once

#include <cstddef>

namespace venturi::testing {

/// How often memory was taken by any form of operator new since the program began, on all threads.
[[nodiscard]] std::size_t allocations();

}  // namespace venturi::testing
