// Networks whose measures are known: published ones, simple shapes, and random ones for comparison with brute
// force.
#pragma once

#include "agents/network/network.hpp"
#include "sim/random/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi::testing {

/// The marriages of 15 families of Florence about 1430 (Padgett & Ansell, American Journal of Sociology 98,
/// 1259, 1993).
[[nodiscard]] inline Network florentine_families() {
    return {.directed = false,
            .vertices = 15,
            .edges = {{0, 1, 1},  {1, 5, 1},  {1, 6, 1},  {1, 7, 1},  {1, 8, 1},   {1, 9, 1},  {2, 3, 1},
                      {2, 4, 1},  {2, 5, 1},  {3, 4, 1},  {3, 11, 1}, {4, 6, 1},   {4, 11, 1}, {6, 7, 1},
                      {7, 12, 1}, {8, 13, 1}, {8, 12, 1}, {9, 10, 1}, {11, 12, 1}, {12, 14, 1}},
            .names = {"Acciaiuoli", "Medici", "Castellani", "Peruzzi", "Strozzi", "Barbadori", "Ridolfi",
                      "Tornabuoni", "Albizzi", "Salviati", "Pazzi", "Bischeri", "Guadagni", "Ginori",
                      "Lamberteschi"}};
}

/// The friendships of a karate club before it split (Zachary, Journal of Anthropological Research 33, 452,
/// 1977), weighted by the contexts in which two members met.
[[nodiscard]] inline Network karate_club() {
    return {
        .directed = false,
        .vertices = 34,
        .edges = {{0, 1, 4},   {0, 2, 5},   {0, 3, 3},   {0, 4, 3},   {0, 5, 3},   {0, 6, 3},   {0, 7, 2},
                  {0, 8, 2},   {0, 10, 2},  {0, 11, 3},  {0, 12, 1},  {0, 13, 3},  {0, 17, 2},  {0, 19, 2},
                  {0, 21, 2},  {0, 31, 2},  {1, 2, 6},   {1, 3, 3},   {1, 7, 4},   {1, 13, 5},  {1, 17, 1},
                  {1, 19, 2},  {1, 21, 2},  {1, 30, 2},  {2, 3, 3},   {2, 7, 4},   {2, 8, 5},   {2, 9, 1},
                  {2, 13, 3},  {2, 27, 2},  {2, 28, 2},  {2, 32, 2},  {3, 7, 3},   {3, 12, 3},  {3, 13, 3},
                  {4, 6, 2},   {4, 10, 3},  {5, 6, 5},   {5, 10, 3},  {5, 16, 3},  {6, 16, 3},  {8, 30, 3},
                  {8, 32, 3},  {8, 33, 4},  {9, 33, 2},  {13, 33, 3}, {14, 32, 3}, {14, 33, 2}, {15, 32, 3},
                  {15, 33, 4}, {18, 32, 1}, {18, 33, 2}, {19, 33, 1}, {20, 32, 3}, {20, 33, 1}, {22, 32, 2},
                  {22, 33, 3}, {23, 25, 5}, {23, 27, 4}, {23, 29, 3}, {23, 32, 5}, {23, 33, 4}, {24, 25, 2},
                  {24, 27, 3}, {24, 31, 2}, {25, 31, 7}, {26, 29, 4}, {26, 33, 2}, {27, 33, 4}, {28, 31, 2},
                  {28, 33, 2}, {29, 32, 4}, {29, 33, 2}, {30, 32, 3}, {30, 33, 3}, {31, 32, 4}, {31, 33, 4},
                  {32, 33, 5}}};
}

/// The club that each member went to after the split.
[[nodiscard]] inline std::vector<std::uint32_t> clubs_after_the_split() {
    return {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0,
            0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
}

/// Vertices 0, 1, ..., each joined to the next.
[[nodiscard]] inline Network path_network(std::uint32_t vertices, bool directed = false) {
    Network network{.directed = directed, .vertices = vertices};
    for (std::uint32_t i = 0; i + 1 < vertices; ++i) network.edges.push_back({i, i + 1, 1});
    return network;
}

/// The same, with the last joined to the first.
[[nodiscard]] inline Network cycle_network(std::uint32_t vertices, bool directed = false) {
    Network network = path_network(vertices, directed);
    network.edges.push_back({vertices - 1, 0, 1});
    return network;
}

/// Vertex 0 joined to all others.
[[nodiscard]] inline Network star_network(std::uint32_t vertices) {
    Network network{.vertices = vertices};
    for (std::uint32_t i = 1; i < vertices; ++i) network.edges.push_back({0, i, 1});
    return network;
}

[[nodiscard]] inline Network complete_network(std::uint32_t vertices) {
    Network network{.vertices = vertices};
    for (std::uint32_t i = 0; i < vertices; ++i)
        for (std::uint32_t j = i + 1; j < vertices; ++j) network.edges.push_back({i, j, 1});
    return network;
}

/// The vertices of one behind those of the other, with no edge between.
[[nodiscard]] inline Network side_by_side(const Network& one, const Network& other) {
    Network network = one;
    network.vertices += other.vertices;
    const auto behind = static_cast<std::uint32_t>(one.vertices);
    for (const NetworkEdge& edge : other.edges)
        network.edges.push_back({edge.source + behind, edge.target + behind, edge.weight});
    return network;
}

/// Each pair is joined with the same probability, in each direction by itself where directed. Weights are 1,
/// 2, 3 or 4, so that sums of them are exact and often equal.
[[nodiscard]] inline Network random_network(std::uint32_t vertices, double probability, bool directed,
                                            std::uint64_t seed) {
    Network network{.directed = directed, .vertices = vertices};
    Stream stream({.seed = seed});
    for (std::uint32_t i = 0; i < vertices; ++i)
        for (std::uint32_t j = directed ? 0 : i + 1; j < vertices; ++j) {
            const std::uint64_t word = stream.next_word();
            if (i != j && unit_uniform(word) < probability)
                network.edges.push_back({i, j, static_cast<double>(1 + word % 4)});
        }
    return network;
}

}  // namespace venturi::testing
