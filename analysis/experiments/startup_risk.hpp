// The risk tree of one startup at one moment of its world, looked at from outside: how likely its leaves and
// gates are, which matter, and what more money would buy.
#pragma once

#include "agents/world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// A leaf, with the startup's state as it stands. Rates are per month, as everywhere.
struct LeafRisk {
    double hazard = 0;          ///< per month, with what is prevented
    double unavailability = 0;  ///< part of the time in which it is failed; 1 where it is failed now
    double birnbaum = 0;        ///< importance for the top, see risk/importance.hpp
    double criticality = 0;     ///< part of the top's probability that goes through it
    double loss = 0;            ///< expected, dollars per month: its incidents, and its part in crises
    double prevention = 0;      ///< stock of prevention, dollars
    bool failed = false;
    bool idle = false;            ///< its driver, or its rate, is zero now: it can't fail as things stand
    std::uint32_t incidents = 0;  ///< so far
    double cost = 0;              ///< of them, dollars
    double share_of_more = 0;     ///< of the extra money, dollars
    double hazard_after = 0;      ///< per month, with it
};

struct GateRisk {
    double unavailability = 0;  ///< of its event; a priority-and counts as an and
    bool failed = false;
};

/// Order of leaves and gates: that of the parameters.
struct StartupRisk {
    std::vector<LeafRisk> leaves = {};
    std::vector<GateRisk> gates = {};
    double top_unavailability = 0;
    double crises = 0;  ///< expected, per month: Σ Birnbaum importance · frequency of the leaf (Vesely 1970)
    double crises_after = 0;  ///< with the extra money
    double loss = 0;          ///< expected, dollars per month
    double loss_after = 0;
    /// Probability of a crisis within a year if hazards stay as they are and all works at first, by the
    /// Markov chain of the tree with its orders and repairs; none where that has too many states.
    std::optional<double> crisis_within_a_year = {};
};

/// Looks at the tree of a living startup that has an inside, and at what `more` ≥ 0 dollars of prevention,
/// spent now where they buy most, would change. Nothing about the world's future is touched.
[[nodiscard]] StartupRisk look_at_risk(World<PlainDraws>& world, std::uint32_t startup, double more);

}  // namespace venturi
