// Boost.Graph has layouts too, and both fall short: fruchterman_reingold_force_directed_layout holds vertices
// in a box and lines up on its sides those that press against it (13 of 300 in a network with hubs, in 1.6 s
// for our 0.05 s), and kamada_kawai_spring_layout wants a connected graph and takes O(n³).
#include "analysis/report/network_layout.hpp"

#include "agents/network/cohesion.hpp"
#include "sim/infinity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace venturi::network_layout {

namespace {

Point operator+(const Point& a, const Point& b) {
    return {a.x + b.x, a.y + b.y};
}
Point operator-(const Point& a, const Point& b) {
    return {a.x - b.x, a.y - b.y};
}
Point operator*(double factor, const Point& a) {
    return {factor * a.x, factor * a.y};
}
double length(const Point& a) {
    return std::sqrt(a.x * a.x + a.y * a.y);
}

void check_layout(const Network& network, std::span<const double> radii, const LayoutOptions& options) {
    expect_sound(network);
    if (radii.size() != network.vertices)
        throw std::invalid_argument(
            fmt::format("there are {} radii for {} vertices", radii.size(), network.vertices));
    const auto expect_positive = [](std::string_view name, double value) {
        if (!(value > 0 && std::isfinite(value)))
            throw std::invalid_argument(
                fmt::format("{} is {}: legal is a finite number above 0", name, value));
    };
    for (const double radius : radii) expect_positive("a radius", radius);
    expect_positive("the width", options.width);
    expect_positive("the area per vertex", options.area_per_vertex);
    if (!(options.gap >= 0 && std::isfinite(options.gap)))
        throw std::invalid_argument(
            fmt::format("the gap is {}: legal is a finite number of at least 0", options.gap));
}

/// A component of two vertices or more, by itself.
struct Piece {
    std::vector<std::uint32_t> vertices = {};                 ///< of the network
    std::vector<std::vector<std::uint32_t>> neighbours = {};  ///< places among `vertices`
    std::vector<double> radii = {};
    std::vector<Point> points = {};

    [[nodiscard]] std::size_t size() const { return vertices.size(); }
    // How strongly a vertex repels.
    [[nodiscard]] double mass(std::size_t i) const { return 1 + static_cast<double>(neighbours[i].size()); }
};

std::vector<Piece> pieces_of(const Network& network, std::span<const double> radii) {
    const Components components = weak_components(network);
    std::vector<Piece> pieces(components.count());
    std::vector<std::uint32_t> place(network.vertices);
    for (std::uint32_t i = 0; i < network.vertices; ++i) {
        Piece& piece = pieces[components.of_vertex[i]];
        place[i] = static_cast<std::uint32_t>(piece.size());
        piece.vertices.push_back(i);
        piece.radii.push_back(radii[i]);
    }
    for (Piece& piece : pieces) piece.neighbours.resize(piece.size());
    for (const NetworkEdge& edge : network.edges) {
        Piece& piece = pieces[components.of_vertex[edge.source]];
        piece.neighbours[place[edge.source]].push_back(place[edge.target]);
        piece.neighbours[place[edge.target]].push_back(place[edge.source]);
    }
    std::ranges::stable_sort(pieces, std::greater{}, &Piece::size);
    return pieces;
}

// Breadth first from the vertex with the most neighbours, so that a beginning in this order is untangled.
std::vector<std::uint32_t> order_from_hub(const Piece& piece) {
    const auto hub = std::ranges::max_element(piece.neighbours, {}, &std::vector<std::uint32_t>::size);
    std::vector<std::uint32_t> order = {static_cast<std::uint32_t>(hub - piece.neighbours.begin())};
    std::vector<bool> reached(piece.size(), false);
    reached[order.front()] = true;
    for (std::size_t next = 0; next < order.size(); ++next)
        for (const std::uint32_t neighbour : piece.neighbours[order[next]])
            if (!reached[neighbour]) {
                reached[neighbour] = true;
                order.push_back(neighbour);
            }
    return order;
}

// Point i of Vogel's sunflower, in which each has the same area around it (Mathematical Biosciences 44,
// 1979).
Point sunflower(std::size_t i) {
    const double turn = std::numbers::pi * (3 - std::sqrt(5.0)) * static_cast<double>(i);
    const double radius = std::sqrt(static_cast<double>(i) + 0.5);
    return {radius * std::cos(turn), radius * std::sin(turn)};
}

void begin(Piece& piece) {
    piece.points.resize(piece.size());
    const std::vector<std::uint32_t> order = order_from_hub(piece);
    for (std::size_t i = 0; i < order.size(); ++i) piece.points[order[i]] = 10.0 * sunflower(i);
}

// ---- forces

/// A square of the plane, and what is in it: four smaller squares, or one point, or several in one place.
struct Square {
    Point corner;
    double side = 0;
    double mass = 0;
    Point centre = {};              ///< of mass
    std::uint32_t first_child = 0;  ///< index of the first of four; 0 where there are none
};

/// Barnes and Hut's tree (Nature 324, 1986) over points with masses.
class MassTree {
  public:
    MassTree(const Piece& piece) {
        Point low = piece.points.front();
        Point high = low;
        for (const Point& point : piece.points) {
            low = {std::min(low.x, point.x), std::min(low.y, point.y)};
            high = {std::max(high.x, point.x), std::max(high.y, point.y)};
        }
        const double side = std::max({high.x - low.x, high.y - low.y, 1e-9}) * 1.0001;
        squares_.reserve(3 * piece.size());
        squares_.push_back({.corner = low, .side = side});
        for (std::size_t i = 0; i < piece.size(); ++i) insert(piece.points[i], piece.mass(i));
    }

    // The repulsion per unit of its mass on a point: Σ mass · (away from it) / distance².
    [[nodiscard]] Point repulsion(const Point& at) const {
        Point force;
        waiting_.assign(1, 0);
        while (!waiting_.empty()) {
            const Square& square = squares_[waiting_.back()];
            waiting_.pop_back();
            if (!(square.mass > 0)) continue;
            const Point away = at - square.centre;
            const double distance_squared = away.x * away.x + away.y * away.y;
            constexpr double openness = 0.8;  // side over distance of what is taken for one point
            if (square.first_child != 0
                && square.side * square.side > openness * openness * distance_squared) {
                for (std::uint32_t child = 0; child < 4; ++child)
                    waiting_.push_back(square.first_child + child);
            } else if (distance_squared > 0) {
                force = force + (square.mass / distance_squared) * away;
            }
        }
        return force;
    }

  private:
    static constexpr double smallest = 1e-6;  // of a square's side: points in one place are not parted

    static std::uint32_t quarter(const Square& square, const Point& point) {
        const double half = square.side / 2;
        return (point.x >= square.corner.x + half ? 1U : 0U) + (point.y >= square.corner.y + half ? 2U : 0U);
    }

    void split(std::uint32_t index) {
        const Square square = squares_[index];
        const auto first = static_cast<std::uint32_t>(squares_.size());
        const double half = square.side / 2;
        for (std::uint32_t i = 0; i < 4; ++i)
            squares_.push_back({.corner = {square.corner.x + (i % 2 == 1 ? half : 0),
                                           square.corner.y + (i / 2 == 1 ? half : 0)},
                                .side = half});
        squares_[index].first_child = first;
        Square& child = squares_[first + quarter(square, square.centre)];
        child.mass = square.mass;
        child.centre = square.centre;
    }

    void insert(const Point& point, double mass) {
        std::uint32_t index = 0;
        while (true) {
            if (squares_[index].mass > 0 && squares_[index].first_child == 0
                && squares_[index].side > smallest)
                split(index);
            Square& square = squares_[index];
            const double sum = square.mass + mass;
            square.centre = square.centre + (mass / sum) * (point - square.centre);
            const bool is_empty = !(square.mass > 0);
            square.mass = sum;
            if (is_empty || square.first_child == 0) return;
            index = square.first_child + quarter(square, point);
        }
    }

    std::vector<Square> squares_;
    mutable std::vector<std::uint32_t> waiting_;
};

std::vector<Point> forces_on(const Piece& piece, double strength) {
    const MassTree tree(piece);
    std::vector<Point> forces(piece.size());
    for (std::size_t i = 0; i < piece.size(); ++i) {
        forces[i] = strength * piece.mass(i) * tree.repulsion(piece.points[i]);
        for (const std::uint32_t neighbour : piece.neighbours[i])
            forces[i] = forces[i] + (piece.points[neighbour] - piece.points[i]);
    }
    return forces;
}

// Every vertex goes a step along its force; steps get longer while the forces fall, and shorter where they
// rise (Hu, 2005).
void settle(Piece& piece, std::size_t steps) {
    constexpr double strength = 100;  // of repulsion: sets the unit of length only
    constexpr double cooling = 0.9;
    double step = 10;
    double before = std::numeric_limits<double>::infinity();
    int progress = 0;
    for (std::size_t i = 0; i < steps && step > 0.01; ++i) {
        const std::vector<Point> forces = forces_on(piece, strength);
        double energy = 0;
        for (std::size_t v = 0; v < piece.size(); ++v) {
            const double force = length(forces[v]);
            energy += force * force;
            // Not beyond where a vertex of that many edges would overshoot its place.
            if (force > 0)
                piece.points[v] =
                    piece.points[v] + (std::min(step, force / piece.mass(v)) / force) * forces[v];
        }
        if (energy < before) {
            if (++progress >= 5) {
                progress = 0;
                step /= cooling;
            }
        } else {
            progress = 0;
            step *= cooling;
        }
        before = energy;
    }
}

// ---- from forces to pixels

Point mean_of(const std::vector<Point>& points) {
    Point sum;
    for (const Point& point : points) sum = sum + point;
    return (1 / static_cast<double>(points.size())) * sum;
}

// Turns the axis along which the points are spread most into the horizontal.
void turn_level(std::vector<Point>& points) {
    const Point mean = mean_of(points);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (Point& point : points) {
        point = point - mean;
        xx += point.x * point.x;
        xy += point.x * point.y;
        yy += point.y * point.y;
    }
    const double angle = std::atan2(2 * xy, xx - yy) / 2;
    const double cosine = std::cos(angle);
    const double sine = std::sin(angle);
    for (Point& point : points)
        point = {cosine * point.x + sine * point.y, cosine * point.y - sine * point.x};
}

// Forces crowd the middle of a network and leave its rim empty. Vertices keep their directions from the
// middle, and their order by distance, but go half way to where the disc would be evenly filled.
void even_out(std::vector<Point>& points) {
    std::vector<std::uint32_t> order(points.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return length(points[i]); });
    const double rim = length(points[order.back()]);
    if (!(rim > 0)) return;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        Point& point = points[order[rank]];
        const double distance = length(point);
        if (!(distance > 0)) continue;
        const double even =
            rim * std::sqrt((static_cast<double>(rank) + 0.5) / static_cast<double>(points.size()));
        point = ((distance + even) / 2 / distance) * point;
    }
}

/// The smallest upright rectangle around discs.
struct Extent {
    Point low;
    Point high;

    [[nodiscard]] double width() const { return high.x - low.x; }
    [[nodiscard]] double height() const { return high.y - low.y; }
};

Extent extent_of(const std::vector<Point>& points, const std::vector<double>& radii) {
    Extent extent{{infinity, infinity}, {-infinity, -infinity}};
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& point = points[i];
        const double radius = radii[i];
        extent.low = {std::min(extent.low.x, point.x - radius), std::min(extent.low.y, point.y - radius)};
        extent.high = {std::max(extent.high.x, point.x + radius), std::max(extent.high.y, point.y + radius)};
    }
    return extent;
}

// Makes a piece wider and less high, where it isn't wide anyway: pictures are wider than high.
void widen(std::vector<Point>& points) {
    constexpr double wide = 1.6;
    constexpr double most = 1.4;
    const Extent extent = extent_of(points, std::vector<double>(points.size(), 0.0));
    if (!(extent.width() > 0)) return;
    const double stretch = std::clamp(wide * extent.height() / extent.width(), 1.0, most);
    for (Point& point : points) point = {std::sqrt(stretch) * point.x, point.y / std::sqrt(stretch)};
}

double mean_edge_length(const Piece& piece) {
    double sum = 0;
    double ends = 0;
    for (std::size_t i = 0; i < piece.size(); ++i)
        for (const std::uint32_t neighbour : piece.neighbours[i]) {
            sum += length(piece.points[neighbour] - piece.points[i]);
            ++ends;
        }
    return sum / ends;
}

// To the area that so many vertices get, no wider than the whole. Few vertices would have long edges: these
// get no longer than in larger pieces.
void scale(Piece& piece, const LayoutOptions& options) {
    const Extent extent = extent_of(piece.points, std::vector<double>(piece.size(), 0.0));
    if (!(extent.width() > 0)) return;
    const double area = options.area_per_vertex * static_cast<double>(piece.size());
    const double longest_edges =
        std::sqrt(options.area_per_vertex) * (0.7 + static_cast<double>(piece.size()) / 30);
    const double factor = std::min(std::sqrt(area / (extent.width() * extent.height())),
                                   longest_edges / mean_edge_length(piece));
    // What is too wide gets its area in height.
    const double across = std::min(factor, options.width / extent.width());
    const double down = std::min(factor * factor / across, 4 * across);
    for (Point& point : piece.points) point = {across * point.x, down * point.y};
}

// Moves each two that overlap apart, one pair after the other. Returns whether there were any.
bool push_apart(Piece& piece, double gap) {
    constexpr double more = 0.1;  // than just to touch, or the last of a crowd would take long
    const double cell = 2 * std::ranges::max(piece.radii) + gap;
    const auto number = [&](double at) { return static_cast<std::int64_t>(std::floor(at / cell)); };
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::uint32_t>> cells;
    std::vector<std::pair<std::int64_t, std::int64_t>> cell_of;
    for (std::uint32_t i = 0; i < piece.size(); ++i) {
        cell_of.emplace_back(number(piece.points[i].x), number(piece.points[i].y));
        cells[cell_of.back()].push_back(i);
    }
    bool moved = false;
    const auto push = [&](std::uint32_t i, std::uint32_t j) {
        Point apart = piece.points[j] - piece.points[i];
        const double least = piece.radii[i] + piece.radii[j] + gap;
        const double distance = length(apart);
        if (distance >= least) return;
        moved = true;
        // In one place: any direction, a different one for each pair.
        if (!(distance > 0)) apart = sunflower(i + j + 1);
        const Point shift = ((least + more - distance) / 2 / length(apart)) * apart;
        piece.points[i] = piece.points[i] - shift;
        piece.points[j] = piece.points[j] + shift;
    };
    for (std::uint32_t i = 0; i < piece.size(); ++i)
        for (std::int64_t column = -1; column <= 1; ++column)
            for (std::int64_t row = -1; row <= 1; ++row) {
                const auto found = cells.find({cell_of[i].first + column, cell_of[i].second + row});
                if (found == cells.end()) continue;
                for (const std::uint32_t j : found->second)
                    if (j > i) push(i, j);
            }
    return moved;
}

// Where pushing alone gets stuck in a crowd, all are spread a little: that ends, since distances grow.
void separate(Piece& piece, double gap) {
    for (std::size_t round = 1; push_apart(piece, gap); ++round)
        if (round % 100 == 0)
            for (Point& point : piece.points) point = 1.02 * point;
}

// Those that were moved apart may reach beyond the width; most fit when they are brought together and moved
// again.
void separate_within(Piece& piece, const LayoutOptions& options) {
    separate(piece, options.gap);
    for (int attempt = 0; attempt < 10; ++attempt) {
        const double width = extent_of(piece.points, piece.radii).width();
        if (width <= options.width) return;
        for (Point& point : piece.points) point.x *= 0.98 * options.width / width;
        separate(piece, options.gap);
    }
}

void settle_piece(Piece& piece, const LayoutOptions& options) {
    begin(piece);
    settle(piece, options.steps);
    turn_level(piece.points);
    even_out(piece.points);
    widen(piece.points);
    scale(piece, options);
    separate_within(piece, options);
}

/// Rectangles side by side, each as high up, and then as far left, as there is room.
class Packing {
  public:
    Packing(double width, double gap) : width_(width), gap_(gap) {}

    // The upper left corner of the next.
    Point place(double width, double height) {
        Point best{0, this->height() > 0 ? this->height() + gap_ : 0};
        for (const double top : tops_)
            for (const double left : lefts_) {
                const bool is_better = top < best.y || (top == best.y && left < best.x);
                if (is_better && is_free({left, top}, width, height)) best = {left, top};
            }
        placed_.push_back({best, {best.x + width, best.y + height}});
        tops_.insert(best.y + height + gap_);
        lefts_.insert(best.x + width + gap_);
        return best;
    }
    [[nodiscard]] double width() const {
        return farthest([](const Extent& one) { return one.high.x; });
    }
    [[nodiscard]] double height() const {
        return farthest([](const Extent& one) { return one.high.y; });
    }

  private:
    template <class Side>
    [[nodiscard]] double farthest(Side side) const {
        double far = 0;
        for (const Extent& one : placed_) far = std::max(far, side(one));
        return far;
    }
    [[nodiscard]] bool is_free(const Point& corner, double width, double height) const {
        constexpr double rounding = 1e-9;
        if (corner.x + width > width_ + rounding) return false;
        return std::ranges::none_of(placed_, [&](const Extent& other) {
            return corner.x < other.high.x + gap_ - rounding
                   && other.low.x < corner.x + width + gap_ - rounding
                   && corner.y < other.high.y + gap_ - rounding
                   && other.low.y < corner.y + height + gap_ - rounding;
        });
    }

    double width_;
    double gap_;
    std::vector<Extent> placed_;
    std::set<double> tops_ = {0};
    std::set<double> lefts_ = {0};
};

/// Rows from left to right, the first at `top`.
class Rows {
  public:
    Rows(double width, double gap, double top) : width_(width), gap_(gap), top_(top), bottom_(top) {}

    // The upper left corner of the next square.
    Point place(double side) {
        const bool is_full = right_ > 0 && right_ + gap_ + side > width_;
        if (is_full) {
            top_ = bottom_ + gap_;
            right_ = 0;
        }
        const Point corner{right_ > 0 ? right_ + gap_ : 0, top_};
        right_ = corner.x + side;
        bottom_ = std::max(bottom_, top_ + side);
        widest_ = std::max(widest_, right_);
        return corner;
    }
    [[nodiscard]] double width() const { return widest_; }
    [[nodiscard]] double height() const { return bottom_; }

  private:
    double width_;
    double gap_;
    double top_;
    double bottom_;
    double right_ = 0;
    double widest_ = 0;
};

}  // namespace

NetworkLayout lay_out(const Network& network, std::span<const double> radii, const LayoutOptions& options) {
    check_layout(network, radii, options);
    NetworkLayout layout{.centres = std::vector<Point>(network.vertices)};
    std::vector<Piece> pieces = pieces_of(network, radii);
    const auto first_alone = std::ranges::find(pieces, std::size_t{1}, &Piece::size);
    Packing packing(options.width, 5 * options.gap);
    for (auto piece = pieces.begin(); piece != first_alone; ++piece) {
        settle_piece(*piece, options);
        const Extent extent = extent_of(piece->points, piece->radii);
        const Point corner = packing.place(extent.width(), extent.height());
        for (std::size_t i = 0; i < piece->size(); ++i)
            layout.centres[piece->vertices[i]] = piece->points[i] - extent.low + corner;
    }
    const double top = packing.height() > 0 ? packing.height() + 5 * options.gap : 0;
    Rows rows(options.width, 2 * options.gap, top);
    for (auto piece = first_alone; piece != pieces.end(); ++piece) {
        const double radius = piece->radii.front();
        layout.centres[piece->vertices.front()] = rows.place(2 * radius) + Point{radius, radius};
    }
    layout.width = std::max(packing.width(), rows.width());
    layout.height = first_alone == pieces.end() ? packing.height() : rows.height();
    return layout;
}

}  // namespace venturi::network_layout
