#include "sim/random/distribution.hpp"
#include "sim/random/draws.hpp"
#include "sim/random/stream.hpp"
#include "sim/random/ziggurat.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

using namespace venturi;

namespace {

// Names next to each other in every field, and at the edges of the fields.
template <class Visit>
void visit_neighbouring_names(Visit&& visit) {
    constexpr std::array<std::uint64_t, 5> seeds = {0, 1, 2, std::uint64_t{1} << 32, ~std::uint64_t{0}};
    constexpr std::array<std::uint32_t, 4> trajectories = {0, 1, 2, 0xffffffff};
    constexpr std::array<std::uint32_t, 4> agents = {0, 1, 2, 0xffffffff};
    constexpr std::array<std::uint16_t, 4> purposes = {0, 1, 2, purpose_limit - 1};
    constexpr std::array<std::uint64_t, 9> draws = {0,          1,           2,           3,          4,
                                                    0xffffffff, 0x100000000, 0x1ffffffff, 0x200000000};
    for (const std::uint64_t seed : seeds)
        for (const std::uint32_t trajectory : trajectories)
            for (const std::uint32_t agent : agents)
                for (const std::uint16_t purpose : purposes)
                    for (const std::uint64_t draw : draws)
                        visit(StreamAddress{seed, trajectory, agent, purpose}, draw);
}

}  // namespace

TEST_CASE("a stream reads the words that the draws' names stand for", "[random]") {
    const StreamAddress address{.seed = 42, .trajectory = 7, .agent = 11, .purpose = 3};
    Stream stream(address);
    for (std::uint64_t n = 0; n < 1000; ++n) {
        REQUIRE(stream.drawn() == n);
        REQUIRE(stream.next_word() == word_at(address, n));
    }
}

TEST_CASE("different names stand for different words", "[random]") {
    std::set<std::uint64_t> words;
    std::size_t names = 0;
    visit_neighbouring_names([&](const StreamAddress& address, std::uint64_t draw) {
        words.insert(word_at(address, draw));
        ++names;
    });
    // Among so few words of 64 bits a chance meeting has probability 2e-13.
    REQUIRE(words.size() == names);
}

TEST_CASE("a name can be read back from Philox's counter and key, field by field", "[random]") {
    visit_neighbouring_names([](const StreamAddress& address, std::uint64_t draw) {
        constexpr std::uint32_t longest_retry = 255;
        for (const std::uint32_t retry : {0U, 1U, longest_retry}) {
            const std::uint64_t block = draw >> 1;
            const PhiloxCounter counter = detail::counter_of(address, block, retry);
            const PhiloxKey key = detail::key_of(address);
            const bool same = (std::uint64_t{counter[1] & 0xfffU} << 32 | counter[0]) == block
                              && (counter[1] >> 12 & 0xffU) == retry && counter[1] >> 20 == address.purpose
                              && counter[2] == address.agent && counter[3] == address.trajectory
                              && (std::uint64_t{key[1]} << 32 | key[0]) == address.seed;
            REQUIRE(same);
        }
    });
}

TEST_CASE("a stream's purpose lies below the limit", "[random]") {
    REQUIRE_NOTHROW(Stream({.seed = 1, .purpose = purpose_limit - 1}));
    REQUIRE_THROWS_AS(Stream({.seed = 1, .purpose = purpose_limit}), ContractViolation);
}

TEST_CASE("an engine gives its own word, then retries that are no other draw's words", "[random]") {
    const StreamAddress address{.seed = 5, .trajectory = 1, .agent = 2, .purpose = 3};
    std::set<std::uint64_t> words;
    for (std::uint64_t n = 0; n < 100; ++n) {
        DrawEngine engine(address, n, word_at(address, n));
        REQUIRE(engine() == word_at(address, n));
        words.insert(word_at(address, n));
        for (int retry = 0; retry < 50; ++retry) words.insert(engine());
    }
    REQUIRE(words.size() == 100 * 51);
}

TEST_CASE("an engine that is asked without end says so", "[random]") {
    const StreamAddress address{.seed = 5};
    DrawEngine engine(address, 0, 0);
    for (int word = 0; word < 511; ++word) engine();
    REQUIRE_THROWS_AS(engine(), ContractViolation);
}

TEST_CASE("a rejected variate does not shift the draws after it", "[random]") {
    const StreamAddress address{.seed = 12, .trajectory = 3, .agent = 4, .purpose = 5};
    const PlainDraws draws_by_name(FastVariates(address.seed, address.trajectory));
    const std::array<Distribution, 3> made_by_rejection = {Exponential{1}, Gamma{0.4, 2}, LogNormal{1, 2}};
    for (const Distribution& distribution : made_by_rejection) {
        Stream stream(address);
        std::size_t different = 0;
        for (std::uint32_t n = 0; n < 5000; ++n) {
            // Draw n alone, without any before it.
            DrawSource source{.agent = address.agent, .purpose = address.purpose, .next = n};
            PlainDraws draws = draws_by_name;
            const double alone = draws.sample(source, distribution);
            if (sample(distribution, stream) != alone || source.next != n + 1) ++different;
        }
        REQUIRE(different == 0);
        REQUIRE(stream.drawn() == 5000);
    }
    // About 1.1% of exponentials need more than one word, so the draws above did reject.
    std::size_t rejected = 0;
    for (std::uint64_t n = 0; n < 5000; ++n) {
        const detail::LayerPoint point = detail::layer_point(word_at(address, n));
        rejected += point.x < detail::exponential_layers.edge[point.layer + 1] ? 0 : 1;
    }
    REQUIRE(rejected > 20);
}

TEST_CASE("an agent, a purpose or a draw more changes no other agent's stream", "[random]") {
    // Two agents who draw in turns; in the other world a third joins in, the second has a new purpose, and
    // the first draws twice as often for one of its purposes.
    const auto run = [](bool busier) {
        PlainDraws draws(FastVariates(77, 5));
        DrawSource first_hires{.agent = 0, .purpose = 0};
        DrawSource first_sells{.agent = 0, .purpose = 1};
        DrawSource second_hires{.agent = 1, .purpose = 0};
        DrawSource second_dreams{.agent = 1, .purpose = 9};
        DrawSource third_hires{.agent = 2, .purpose = 0};
        std::vector<double> seen;
        for (int round = 0; round < 500; ++round) {
            if (busier) {
                draws.exponential(third_hires, 0.1 * (round + 1));
                draws.sample(second_dreams, Gamma{0.3, 1});
                draws.normal(first_sells, 0, 1);
            }
            draws.uniform(first_sells);
            seen.push_back(draws.exponential(first_hires, 2));
            seen.push_back(draws.normal(second_hires, 1, 3));
        }
        return seen;
    };
    REQUIRE(run(false) == run(true));
}

TEST_CASE("uniforms stay inside their interval at both ends", "[random]") {
    constexpr std::uint64_t all = ~std::uint64_t{0};
    REQUIRE(unit_uniform(0) == 0.0);
    REQUIRE(unit_uniform(all) < 1.0);
    REQUIRE(open_uniform(0) > 0.0);
    REQUIRE(open_uniform(all) < 1.0);
}
