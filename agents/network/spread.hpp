// What spreads along the arcs of a network in time: infections (SI and SIR), and failures or adoptions that
// come when enough neighbours have gone before. Spread by independent chances per edge, without time, is in
// percolation.hpp.
#pragma once

#include "agents/network/network.hpp"
#include "sim/random/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace venturi {

enum class InfectiousPeriod : std::uint8_t {
    exponential,  ///< of mean 1 / recovery_rate: the Markov process
    fixed,        ///< 1 / recovery_rate long
};

enum class ContactRate : std::uint8_t {
    alike,      ///< every arc passes the infection on at `infection_rate`
    by_weight,  ///< at `infection_rate` times the arc's weight, which is then ≥ 0
};

struct EpidemicOptions {
    std::vector<std::uint32_t> first_infected = {};  ///< at time 0
    double infection_rate = 1;  ///< β ≥ 0, per arc and unit of time while its source is infectious
    double recovery_rate = 0;   ///< γ ≥ 0, per unit of time; 0: never, which is the SI model
    InfectiousPeriod infectious_period = InfectiousPeriod::exponential;
    ContactRate contact_rate = ContactRate::alike;
    double horizon = std::numeric_limits<double>::infinity();  ///< ≥ 0: what comes later is not simulated
};

/// The history of an epidemic. Shapes: one number a vertex; infinity for what doesn't come by the horizon.
struct Epidemic {
    std::vector<double> infected_at = {};
    std::vector<double> recovered_at = {};
    std::size_t size = 0;  ///< vertices that were infected, the first among them
};

/// Susceptible, infectious, recovered: an infected vertex passes the infection on along each of its arcs
/// after an exponential time, if it hasn't recovered by then, and is immune once it has. Kermack and
/// McKendrick (1927), on a network: Kiss, Miller, Simon, "Mathematics of Epidemics on Networks" (2017),
/// chapter 6 and appendix A.
///
/// The infectious period of vertex v is draw 2v of the address, and the delay of edge e draw 2e + 1, whatever
/// the rates: a higher infection rate or a further edge (at the end of the list) makes no infection later.
/// The address must not be the one that the network itself was drawn from. O(arcs · log arcs) for those of
/// infected vertices. Throws std::invalid_argument on options out of range.
[[nodiscard]] Epidemic epidemic(const NetworkGraph& graph, const EpidemicOptions& options,
                                const StreamAddress& address);

struct EpidemicCounts {
    double time = 0;
    std::size_t susceptible = 0;
    std::size_t infectious = 0;
    std::size_t recovered = 0;
};

/// How many vertices are in which state at the times given, in any order, up to the horizon; what happens at
/// a time has happened. O((vertices + times) · log vertices).
[[nodiscard]] std::vector<EpidemicCounts> counts_over_time(const Epidemic& epidemic,
                                                           std::span<const double> times);

enum class ThresholdKind : std::uint8_t {
    fraction,  ///< of the neighbours: Watts
    count,     ///< of the neighbours: Granovetter
};

/// A cascade in rounds.
struct Cascade {
    static constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> round =
        {};                  ///< in which a vertex failed: 0 for the first; `never` if it didn't
    std::size_t size = 0;    ///< vertices that failed, the first among them
    std::size_t rounds = 0;  ///< after the first in which any failed
};

/// A vertex fails (or adopts, or riots) for good as soon as the fraction, or the number, of the failed among
/// those that have an arc to it reaches its threshold; all that are due fail at once, in a round. Round 0 is
/// that of `first_failed` and of those whose threshold is at most 0. To whom no arc comes never fails by a
/// fraction above 0. What fails in the end doesn't depend on the order. `thresholds`: one number a vertex,
/// which may be infinite. O(vertices + arcs). Throws std::invalid_argument where there is not one threshold a
/// vertex, one is no number, or a first one is no vertex.
///
/// Sources: Watts, "A simple model of global cascades on random networks", PNAS 99 (2002); Granovetter,
/// "Threshold models of collective behavior", American Journal of Sociology 83 (1978).
[[nodiscard]] Cascade threshold_cascade(const NetworkGraph& graph, std::span<const double> thresholds,
                                        std::span<const std::uint32_t> first_failed,
                                        ThresholdKind kind = ThresholdKind::fraction);

/// How many vulnerable vertices (those that fail when one neighbour has) are further neighbours of the vertex
/// at the end of a random arc, where that is vulnerable itself and counts for none otherwise: Σ k (k − 1)
/// over the vulnerable / Σ k over all, k the degree. Above 1, in a large random network with the same
/// degrees, one failure can bring down a share of the whole; below, it can't (Watts (2002), equation 5).
/// `thresholds`: fractions. Throws std::invalid_argument where the network is directed, has no edges, or
/// there is not one threshold a vertex.
[[nodiscard]] double cascade_reproduction_number(const Network& network, std::span<const double> thresholds);

}  // namespace venturi
