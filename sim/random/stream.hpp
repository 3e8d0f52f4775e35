// Addressed randomness: a draw is named by (seed, trajectory, agent, purpose, n), and Philox turns the name
// into bits. Nothing is consumed, so no draw depends on any other having been made.
#pragma once

#include "sim/contract.hpp"
#include "sim/random/philox.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace venturi {

/// Whose draws, and for what: everything in a draw's name but its number.
struct StreamAddress {
    std::uint64_t seed = 0;
    std::uint32_t trajectory = 0;
    std::uint32_t agent = 0;
    std::uint16_t purpose = 0;  ///< below `purpose_limit`

    friend bool operator==(const StreamAddress&, const StreamAddress&) = default;
};

inline constexpr std::uint16_t purpose_limit = 1U << 12;

// How a name is laid out in Philox's 128-bit counter and 64-bit key. The map is one to one: two draws with
// different names never share a block.
//
//   key     = seed
//   word 0  = low 32 bits of the block number
//   word 1  = purpose (12 bits) | retry (8 bits) | high 12 bits of the block number
//   word 2  = agent,  word 3 = trajectory
//
// Draw n owns word n mod 2 of block n div 2 (retry 0), and, for variates made by rejection, as many blocks
// numbered n with retry 1, 2, ... as it needs. So each variate counts as one draw, whatever it used.
namespace detail {

[[nodiscard]] inline PhiloxKey key_of(const StreamAddress& address) {
    return {static_cast<std::uint32_t>(address.seed), static_cast<std::uint32_t>(address.seed >> 32)};
}

[[nodiscard]] inline PhiloxCounter counter_of(const StreamAddress& address, std::uint64_t block,
                                              std::uint32_t retry) {
    return {static_cast<std::uint32_t>(block),
            std::uint32_t{address.purpose} << 20 | retry << 12 | static_cast<std::uint32_t>(block >> 32),
            address.agent, address.trajectory};
}

}  // namespace detail

/// The 64-bit word of draw `n`.
[[nodiscard]] inline std::uint64_t word_at(const StreamAddress& address, std::uint64_t n) {
    return philox_block(detail::counter_of(address, n >> 1, 0), detail::key_of(address))[n & 1];
}

/// A uniform random bit generator that lasts for one variate: first the draw's own word, then its retries.
class DrawEngine {
  public:
    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    /// `address` must outlive the engine.
    DrawEngine(const StreamAddress& address, std::uint64_t n, std::uint64_t first_word)
        : address_(&address), n_(n), first_word_(first_word) {}

    result_type operator()() {
        if (used_++ == 0) [[likely]]
            return first_word_;
        return retry();
    }

  private:
    [[gnu::noinline]] result_type retry() {
        const std::uint32_t extra = used_ - 2;
        const std::uint32_t block = extra / 2 + 1;
        expects(block < 256, "a variate needs fewer than 511 words");
        return philox_block(detail::counter_of(*address_, n_, block), detail::key_of(*address_))[extra & 1];
    }

    const StreamAddress* address_;
    std::uint64_t n_;
    std::uint64_t first_word_;
    std::uint32_t used_ = 0;
};

/// A reader of one address in order, which makes its words many blocks at a time. For whoever draws a lot
/// from one purpose (arrivals at a station); agents with few draws keep a `DrawSource`. Same words as
/// `word_at`.
class Stream {
  public:
    /// Throws ContractViolation where the purpose is not below `purpose_limit`.
    explicit Stream(const StreamAddress& address) : address_(address) {
        expects(address.purpose < purpose_limit, "a stream's purpose lies below the limit");
    }

    [[nodiscard]] const StreamAddress& address() const { return address_; }
    [[nodiscard]] std::uint64_t drawn() const { return first_ + position_ - words_.size(); }

    /// The word of the next draw.
    std::uint64_t next_word() {
        if (position_ == words_.size()) refill();
        return words_[position_++];
    }

    /// An engine for the next draw, for Boost.Random's distributions.
    DrawEngine next_draw() {
        const std::uint64_t word = next_word();
        return {address_, drawn() - 1, word};
    }

  private:
    [[gnu::noinline]] void refill() {
        philox_blocks(detail::counter_of(address_, first_ / 2, 0), detail::key_of(address_), words_);
        first_ += words_.size();
        position_ = 0;
    }

    StreamAddress address_;
    std::uint64_t first_ = 0;  // the draw after the last one in `words_`
    std::size_t position_ = 2 * philox_lanes;
    std::array<std::uint64_t, 2 * philox_lanes> words_;
};

/// A uniform double in [0, 1) from the upper 53 bits of a word.
[[nodiscard]] inline double unit_uniform(std::uint64_t word) {
    return static_cast<double>(word >> 11) * 0x1p-53;
}

/// A uniform double in (0, 1): never 0, so that its logarithm is finite.
[[nodiscard]] inline double open_uniform(std::uint64_t word) {
    return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}

}  // namespace venturi
