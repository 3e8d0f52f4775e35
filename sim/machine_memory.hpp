// How much memory there is to be used.
#pragma once

#include <cstdint>
#include <string>

namespace venturi {

/// Bytes that this process can hope to have: those of the machine, or fewer where a control group (cgroup v1
/// or v2) or the process's own limit (ulimit -v) allows fewer. Without what others use of it.
[[nodiscard]] std::uint64_t usable_memory();

/// `bytes` as a person writes them: 4.6 GB, of 10⁹ bytes each.
[[nodiscard]] std::string memory_text(double bytes);

}  // namespace venturi
