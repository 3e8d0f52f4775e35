#include "analysis/statistics/scrambled_sobol.hpp"

#include "sim/contract.hpp"
#include "sim/random/stream.hpp"

#include <boost/random/sobol.hpp>

namespace venturi {

namespace {

constexpr int digits = 32;

/// Owen's scrambling of one coordinate.
std::uint32_t scrambled(std::uint32_t word, std::uint64_t seed, std::uint32_t dimension) {
    std::uint32_t result = 0;
    for (int digit = 0; digit < digits; ++digit) {
        const int shift = digits - 1 - digit;
        // The digits before this one, which name its bit together with its place.
        const std::uint64_t before = digit == 0 ? 0 : word >> (shift + 1);
        const StreamAddress name{
            .seed = seed, .trajectory = static_cast<std::uint32_t>(digit), .agent = dimension, .purpose = 0};
        const auto turned = static_cast<std::uint32_t>(word_at(name, before) >> 63);
        result |= (((word >> shift) & 1U) ^ turned) << shift;
    }
    return result;
}

}  // namespace

ScrambledSobol::ScrambledSobol(std::size_t dimensions, std::uint64_t seed)
    : dimensions_(dimensions), seed_(seed) {
    expects(dimensions >= 1 && dimensions <= 1000, "Sobol's sequence is made for 1 to 1000 dimensions");
}

std::vector<double> ScrambledSobol::points(std::size_t count) const {
    boost::random::sobol_engine<std::uint32_t, digits> sequence(dimensions_);
    std::vector<double> all(count * dimensions_);
    // The library leaves out the point at the origin, without which 2^m points are no net.
    std::size_t next = 0;
    for (std::size_t point = 0; point < count; ++point)
        for (std::size_t dimension = 0; dimension < dimensions_; ++dimension) {
            const std::uint32_t word = point == 0 ? 0 : sequence();
            const std::uint32_t spread = scrambled(word, seed_, static_cast<std::uint32_t>(dimension));
            all[next++] = (static_cast<double>(spread) + 0.5) * 0x1p-32;
        }
    return all;
}

}  // namespace venturi
