// Where the vertices of a drawn network stand: those that are tied near each other, none over another, pieces
// that hang together side by side. Lengths are in pixels.
#pragma once

#include "agents/network/network.hpp"

#include <span>
#include <vector>

namespace venturi::network_layout {

struct Point {
    double x = 0;
    double y = 0;

    friend bool operator==(const Point&, const Point&) = default;
};

struct LayoutOptions {
    double width = 1300;            ///< of the whole, wherever the pieces fit into it
    double gap = 6;                 ///< between two discs, at least
    double area_per_vertex = 3600;  ///< of a piece, at most, square pixels
    std::size_t steps = 500;        ///< of the forces, at most
};

/// Centres of the vertices' discs. All discs lie from 0 to `width` and from 0 to `height`.
struct NetworkLayout {
    std::vector<Point> centres = {};  ///< shape: vertices
    double width = 0;
    double height = 0;
};

/// Lays out a sound network whose vertices are discs of these radii, shape: vertices. Each component is laid
/// out by forces: vertices repel each other in proportion to one more than their numbers of edges over their
/// distance, and edges pull in proportion to their length (Jacomy, Venturini, Heymann and Bastian, PLoS ONE
/// 9(6), 2014, "ForceAtlas2"), with Barnes and Hut's approximation of far vertices and Hu's adaptive steps
/// (Mathematica Journal 10, 2005), from a beginning that the network alone decides. Then it is turned so that
/// it is widest from left to right, evened out, made wider and scaled, and discs that overlap are moved
/// apart. Components are packed, the largest first, each as high up as there is room; vertices without edges
/// stand in rows below. A step takes O(vertices · log vertices + edges). Nothing is drawn at random; weights
/// and directions are ignored. Throws std::invalid_argument where the network isn't sound, there isn't a
/// radius for each vertex, or a radius or option isn't positive and finite (a gap: not negative).
[[nodiscard]] NetworkLayout lay_out(const Network& network, std::span<const double> radii,
                                    const LayoutOptions& options = {});

}  // namespace venturi::network_layout
