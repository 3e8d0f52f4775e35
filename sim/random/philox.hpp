// Philox4x32-10, the counter-based generator behind every draw.
//
// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). One block is the
// library's (Random123); many consecutive blocks at once are ours, written so that the compiler uses vector
// multiplications. Both are integer arithmetic, so every machine gives the same bits.
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace venturi {

using PhiloxKey = std::array<std::uint32_t, 2>;
using PhiloxCounter = std::array<std::uint32_t, 4>;

/// The two 64-bit words of one Philox block.
using PhiloxWords = std::array<std::uint64_t, 2>;

/// The 128 bits named by a counter and a key.
[[nodiscard]] inline PhiloxWords philox_block(const PhiloxCounter& counter, const PhiloxKey& key) {
    const r123::Philox4x32::ctr_type block =
        r123::Philox4x32{}(r123::Philox4x32::ctr_type{{counter[0], counter[1], counter[2], counter[3]}},
                           r123::Philox4x32::key_type{{key[0], key[1]}});
    return {std::uint64_t{block[0]} | std::uint64_t{block[1]} << 32,
            std::uint64_t{block[2]} | std::uint64_t{block[3]} << 32};
}

/// How many consecutive blocks `philox_blocks` makes in one call.
inline constexpr std::size_t philox_lanes = 16;

/// The words of `philox_lanes` consecutive blocks: `counter`, then the same with its first word one higher,
/// and so on. The first word of `counter` must not overflow within the call.
void philox_blocks(const PhiloxCounter& counter, const PhiloxKey& key,
                   std::array<std::uint64_t, 2 * philox_lanes>& words);

}  // namespace venturi
