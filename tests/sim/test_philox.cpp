#include "sim/random/philox.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

using venturi::philox_block;
using venturi::philox_blocks;
using venturi::philox_lanes;
using venturi::PhiloxCounter;
using venturi::PhiloxKey;
using venturi::PhiloxWords;

TEST_CASE("Philox4x32-10 gives Random123's known answers", "[random]") {
    // kat_vectors of the Random123 distribution, lines "philox4x32 10".
    constexpr std::uint32_t all = 0xffffffff;
    REQUIRE(philox_block({0, 0, 0, 0}, {0, 0}) == PhiloxWords{0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c});
    REQUIRE(philox_block({all, all, all, all}, {all, all})
            == PhiloxWords{0x41c83b0e408f276d, 0x6d5451fda20bc7c6});
    REQUIRE(philox_block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0})
            == PhiloxWords{0x94fdccebd16cfe09, 0x24126ea15001e420});
}

TEST_CASE("many Philox blocks at once are the blocks one by one", "[random]") {
    const std::array<PhiloxKey, 3> keys = {{{0, 0}, {0xa4093822, 0x299f31d0}, {0xffffffff, 0xffffffff}}};
    const std::array<PhiloxCounter, 4> counters = {
        {{0, 0, 0, 0},
         {0x243f6a80, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xffffffff - philox_lanes + 1, 0xffffffff, 0xffffffff, 0xffffffff},
         {0x80000000, 1, 2, 0x80000000}}};
    for (const PhiloxKey& key : keys) {
        for (const PhiloxCounter& counter : counters) {
            std::array<std::uint64_t, 2 * philox_lanes> words{};
            philox_blocks(counter, key, words);
            for (std::size_t lane = 0; lane < philox_lanes; ++lane) {
                PhiloxCounter own = counter;
                own[0] += static_cast<std::uint32_t>(lane);
                REQUIRE(philox_block(own, key) == PhiloxWords{words[2 * lane], words[2 * lane + 1]});
            }
        }
    }
}
