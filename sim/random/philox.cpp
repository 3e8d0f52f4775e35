#include "sim/random/philox.hpp"

namespace venturi {

namespace {

// Constants of Philox4x32, table 2 of Salmon et al. (2011).
constexpr std::uint64_t multiplier_0 = 0xD2511F53;
constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
constexpr std::uint32_t weyl_0 = 0x9E3779B9;
constexpr std::uint32_t weyl_1 = 0xBB67AE85;
constexpr int rounds = 10;

}  // namespace

// One body, compiled for the wider vector units too and chosen once when the program loads.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) \
    && !defined(__SANITIZE_ADDRESS__)
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
void philox_blocks(const PhiloxCounter& counter, const PhiloxKey& key,
                   std::array<std::uint64_t, 2 * philox_lanes>& words) {
    // One 64-bit lane per 32-bit word: the shape that vector units multiply without shuffling.
    using Wide = std::array<std::uint64_t, philox_lanes>;
    Wide a;
    Wide b;
    Wide c;
    Wide d;
    for (std::size_t lane = 0; lane < philox_lanes; ++lane) {
        a[lane] = counter[0] + lane;
        b[lane] = counter[1];
        c[lane] = counter[2];
        d[lane] = counter[3];
    }
    std::uint32_t key_0 = key[0];
    std::uint32_t key_1 = key[1];
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t lane = 0; lane < philox_lanes; ++lane) {
            const std::uint64_t product_0 = (a[lane] & 0xFFFFFFFFU) * multiplier_0;
            const std::uint64_t product_1 = (c[lane] & 0xFFFFFFFFU) * multiplier_1;
            a[lane] = (product_1 >> 32) ^ b[lane] ^ key_0;
            b[lane] = product_1 & 0xFFFFFFFFU;
            c[lane] = (product_0 >> 32) ^ d[lane] ^ key_1;
            d[lane] = product_0 & 0xFFFFFFFFU;
        }
        key_0 += weyl_0;
        key_1 += weyl_1;
    }
    for (std::size_t lane = 0; lane < philox_lanes; ++lane) {
        words[2 * lane] = a[lane] | b[lane] << 32;
        words[2 * lane + 1] = c[lane] | d[lane] << 32;
    }
}

}  // namespace venturi
