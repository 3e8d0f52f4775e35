// Where the parts of an influence picture stand: nodes, arrows, labels. Lengths are in pixels.
#pragma once

#include "analysis/report/influence_picture.hpp"

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace venturi::influence_layout {

struct Point {
    double x = 0;
    double y = 0;
};
[[nodiscard]] inline Point operator+(const Point& a, const Point& b) {
    return {a.x + b.x, a.y + b.y};
}
[[nodiscard]] inline Point operator-(const Point& a, const Point& b) {
    return {a.x - b.x, a.y - b.y};
}
[[nodiscard]] inline Point operator*(double factor, const Point& a) {
    return {factor * a.x, factor * a.y};
}
[[nodiscard]] inline double length(const Point& a) {
    return std::hypot(a.x, a.y);
}
[[nodiscard]] inline Point quarter_turn(const Point& a) {
    return {-a.y, a.x};
}

struct Box {
    Point centre;
    double width = 0;
    double height = 0;

    /// Whether a point lies inside, or outside by less than `margin`.
    [[nodiscard]] bool contains(const Point& point, double margin) const {
        return std::abs(point.x - centre.x) < width / 2 + margin
               && std::abs(point.y - centre.y) < height / 2 + margin;
    }
};

/// A cubic Bézier curve.
struct Curve {
    std::array<Point, 4> control;

    /// The polar form; equal arguments give the point there.
    [[nodiscard]] Point polar(double r, double s, double t) const {
        std::array<Point, 4> points = control;
        std::size_t left = 3;
        for (const double at : {r, s, t}) {
            for (std::size_t i = 0; i < left; ++i) points[i] = (1 - at) * points[i] + at * points[i + 1];
            --left;
        }
        return points[0];
    }
    [[nodiscard]] Point at(double t) const { return polar(t, t, t); }

    /// The part between two parameters.
    [[nodiscard]] Curve part(double from, double to) const {
        return {{at(from), polar(from, from, to), polar(from, to, to), at(to)}};
    }
};

/// From one point to another, bowed to its right by `bend` times its length.
[[nodiscard]] Curve bowed_curve(const Point& from, const Point& to, double bend);

/// Where `holds` changes, which it does once between the two.
template <class Predicate>
[[nodiscard]] double boundary(double where_true, double where_false, Predicate holds) {
    for (int halving = 0; halving < 40; ++halving) {
        const double middle = (where_true + where_false) / 2;
        (holds(middle) ? where_true : where_false) = middle;
    }
    return where_true;
}

inline constexpr double narrowest_picture = 1200;
inline constexpr double side_margin = 24;
inline constexpr double node_line_height = 16;
inline constexpr double label_line_height = 14;

/// The lines in which a node's name is written.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view name);

/// What is written beside an arrow, and where.
struct Label {
    std::vector<std::string> lines;
    double stroke_width = 0;  ///< of its arrow
    Box box = {};
};

/// A picture's parts in their places, in the order of its nodes and arrows.
struct Scene {
    double width = narrowest_picture;
    double height = 0;
    double top = 0;  ///< below title and legend
    std::vector<Box> nodes;
    std::vector<Curve> curves;  ///< the visible parts, from box to box
    std::vector<Label> labels;
};

/// Everything in its place below `top`. `labels` are those of the arrows, with boxes still to be found. The
/// picture is one that can be drawn, see `influence_svg`.
[[nodiscard]] Scene laid_out(const InfluencePicture& picture, std::vector<Label> labels, double top);

}  // namespace venturi::influence_layout
