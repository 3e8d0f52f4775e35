// How many bytes have been allocated: what a value takes is what its copy allocates.
#pragma once

#include <cstddef>

namespace venturi::testing {

/// By operator new, in this program so far, whether freed since or not.
[[nodiscard]] std::size_t allocated_bytes();

}  // namespace venturi::testing
