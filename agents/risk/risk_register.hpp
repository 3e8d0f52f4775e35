// What one startup knows of its risks and does about them: the state of its tree's leaves, its plans, its
// responders, its insurance. Plain memory, as everything inside a startup.
#pragma once

#include "agents/event.hpp"
#include "agents/insurer/premium.hpp"
#include "agents/risk/prevention.hpp"
#include "sim/calendar.hpp"
#include "sim/pooled_station.hpp"
#include "sim/random/draws.hpp"
#include "sim/relaxation.hpp"

#include <cstdint>
#include <limits>
#include <type_traits>

namespace venturi {

/// What is next about a leaf that works. Candidates come at a constant rate that no hazard exceeds; each is
/// an incident with the probability hazard / that rate, at the state of that instant (Lewis and Shedler
/// 1979), and a false alarm otherwise. A precursor comes some time before, and may be found in time.
enum class LeafStage : std::uint8_t { precursor, detection, candidate };

template <Scalar Number>
struct RiskLeafState {
    double next = std::numeric_limits<double>::infinity();  ///< month of what is next
    double candidate = std::numeric_limits<double>::infinity();
    double bound = 0;            ///< rate of candidates, per month
    PreventionStock prevention;  ///< dollars
    DrawSource arrival;
    DrawSource decision;
    DrawSource severity;
    DrawSource warning;
    DrawSource judgement;
    DrawSource mending;
    std::uint32_t incidents = 0;
    std::uint32_t candidates = 0;
    double cost = 0;  ///< of its incidents so far, dollars
    LeafStage stage = LeafStage::candidate;
    bool warned = false;
};

/// A leaf that waits for repair or is being repaired.
struct Repair {
    std::uint32_t leaf = 0;
    double work = 0;   ///< months of one responder, at pace 1
    double since = 0;  ///< month of the incident
};

/// Insurance of one startup. Loss above the deductible and up to the limit is paid, times the cover.
struct InsurancePolicy {
    static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t insurer = nobody;
    double cover = 0;    ///< part of the layer that is insured
    double premium = 0;  ///< dollars per month, for that part
    double since = 0;    ///< month of the last settlement of premium and exposure
    double renewal = 0;  ///< month from which the next planning renews it

    [[nodiscard]] bool holds() const { return insurer != nobody; }
};

/// What has been so far, of one startup.
struct RiskTally {
    std::uint32_t incidents = 0;
    std::uint32_t warned = 0;    ///< incidents of which it was warned
    std::uint32_t warnings = 0;  ///< false alarms included
    std::uint32_t crises = 0;    ///< times that the top event has happened
    std::uint32_t repairs = 0;
    std::uint32_t claims = 0;
    std::uint32_t bridges = 0;
    double cost = 0;              ///< of incidents, gross, dollars
    double paid_by_insurers = 0;  ///< dollars
    double premiums = 0;          ///< up to the last settlement, dollars
    double repair_time = 0;       ///< from incident to repair, months in all
    double first_crisis = std::numeric_limits<double>::infinity();  ///< month
    double last = -1e9;                                             ///< month of the last incident
    double doubt = 0;  ///< of investors right after it, in units of an incident that nothing softened
};

struct RiskRegister {
    std::uint32_t first_leaf = 0;  ///< in the world's leaves
    std::uint32_t first_byte = 0;  ///< of its tree's state
    Relaxation<double> stress;     ///< from failures nearby
    Relaxation<double> trust;      ///< of partners, in [0, 1]
    Relaxation<double> plan;       ///< how complete contingency plans are, in [0, 1]
    double monitoring = 0;         ///< part of the fastest pace of detection
    std::uint32_t responders = 1;
    double response_pace = 1;
    double expected_rate = 0;  ///< of insured incidents, as reckoned at the last renewal, per month
    PooledStation<Repair> response;
    InsurancePolicy policy;
    ClaimBelief seen{0, 0};  ///< what insurers have seen: claims, and how many the tree let them expect
    RiskTally tally;
    DrawSource bridge;
    DrawSource crisis_severity;
};

static_assert(std::is_trivially_copyable_v<RiskRegister>);

}  // namespace venturi
