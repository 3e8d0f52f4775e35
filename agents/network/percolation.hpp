// Bond percolation: each edge of a network is open or closed by chance, and what can be reached over open
// edges is what an infection, a rumour or a failure reaches where each contact passes it on independently.
//
// Whether edge e is open in a trial is draw e of the trial's address: a higher probability opens further
// edges and closes none, and an outbreak reaches exactly the component that its seeds are in.
#pragma once

#include "agents/network/network.hpp"
#include "sim/random/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace venturi {

/// The parts into which a network falls when only open edges are kept.
struct Percolation {
    std::vector<std::uint32_t> component = {};  ///< of each vertex; numbered by their first vertices
    std::vector<std::size_t> sizes = {};        ///< of the components, in vertices
    std::size_t largest = 0;                    ///< the largest of the sizes; 0 where there are no vertices
};

/// Each edge of an undirected network is open with probability `transmissibility` (in [0, 1]), independently;
/// 1 gives the components of the network itself. O(vertices + edges). Throws std::invalid_argument where the
/// network is directed or the probability is none.
[[nodiscard]] Percolation bond_percolation(const Network& network, double transmissibility,
                                           const StreamAddress& address);

/// An outbreak in generations.
struct Outbreak {
    static constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> generation = {};  ///< of each vertex: 0 for the seeds; `never` if not reached
    std::size_t size = 0;                        ///< vertices reached, seeds included
};

/// The epidemic of Reed and Frost (1928; Abbey, "An examination of the Reed–Frost theory of epidemics", Human
/// Biology 24 (1952)) on a network: who is infected in one generation infects each susceptible neighbour
/// along an arc in the next with probability `transmissibility` (in [0, 1]), independently, and is then
/// immune. On an undirected network it reaches the components of the seeds in `bond_percolation` of the same
/// address. Also the final size of an epidemic in continuous time where each infectious period is equally
/// long, T long: transmissibility 1 − exp(−rate · T). O(vertices + edges). Throws std::invalid_argument where
/// a seed is no vertex or the probability is none.
[[nodiscard]] Outbreak reed_frost_outbreak(const NetworkGraph& graph, std::span<const std::uint32_t> seeds,
                                           double transmissibility, const StreamAddress& address);

/// The share z of a large population that a large outbreak reaches, by z = 1 − exp(−R z): the largest root,
/// right to 1e-14; 0 for R ≤ 1. R ≥ 0 is how many a case infects on average at first. Kermack and McKendrick,
/// "A contribution to the mathematical theory of epidemics", Proceedings of the Royal Society A 115 (1927).
/// On G(n, c/n) with transmissibility T, R = c T; it is also the share of the giant component of G(n, c/n), R
/// = c (Erdős and Rényi, "On the evolution of random graphs" (1960)), and so the probability that an outbreak
/// from one seed becomes large. Throws std::invalid_argument where R is negative or no number.
[[nodiscard]] double final_size(double reproduction_number);

}  // namespace venturi
