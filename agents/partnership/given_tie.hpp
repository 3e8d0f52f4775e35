// Ties that a scenario gives: there from the day on which both ends are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

struct WorldParameters;

/// A tie between two partners by name: a group and a number in it, from 1, as `universities/3`.
struct GivenTie {
    std::string one;
    std::string other;
    std::optional<double> trust = {};  ///< in [0, 1]; otherwise that of new ties

    friend bool operator==(const GivenTie&, const GivenTie&) = default;
};

/// One end of a given tie, by the indices that partners have in a world.
struct GivenTieEnd {
    std::uint32_t partner = 0;
    std::uint32_t other = 0;
    double trust = -1;  ///< below 0: that of new ties

    friend bool operator==(const GivenTieEnd&, const GivenTieEnd&) = default;
};

/// Does nothing where a tie by itself is as it should be; throws std::invalid_argument like the next.
void expect_legal(const WorldParameters& parameters, const GivenTie& tie);

/// Each given tie from both of its ends, in the order of partners. Throws std::invalid_argument, with a
/// message for the user, where a name is that of nobody in the network, neither end is a startup with an
/// inside, a tie joins somebody to itself or is given twice, or a trust is outside [0, 1].
[[nodiscard]] std::vector<GivenTieEnd> ends_of_given_ties(const WorldParameters& parameters);

}  // namespace venturi
