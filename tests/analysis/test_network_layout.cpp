// Where the vertices of a drawn network stand: none over another, neighbours near each other, nothing random.
#include "agents/network/random_networks.hpp"
#include "analysis/report/network_layout.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <vector>

namespace venturi::network_layout {
namespace {

using Catch::Matchers::Contains;

constexpr StreamAddress address{.seed = 1, .trajectory = 0, .agent = 0, .purpose = 0};

double distance(const Point& a, const Point& b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

std::vector<double> same_radii(const Network& network, double radius) {
    return std::vector<double>(network.vertices, radius);
}

// The least that two discs are apart.
double closest(const NetworkLayout& layout, const std::vector<double>& radii) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < radii.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            least = std::min(least, distance(layout.centres[i], layout.centres[j]) - radii[i] - radii[j]);
    return least;
}

bool all_inside(const NetworkLayout& layout, const std::vector<double>& radii) {
    constexpr double rounding = 1e-9;
    for (std::size_t i = 0; i < radii.size(); ++i) {
        const Point& at = layout.centres[i];
        if (at.x - radii[i] < -rounding || at.x + radii[i] > layout.width + rounding
            || at.y - radii[i] < -rounding || at.y + radii[i] > layout.height + rounding)
            return false;
    }
    return true;
}

Network path_of(std::uint32_t vertices) {
    Network network{.vertices = vertices};
    for (std::uint32_t i = 0; i + 1 < vertices; ++i) network.edges.push_back({i, i + 1});
    return network;
}

// Two groups in which everyone is tied to everyone, and one edge between them.
Network two_cliques(std::uint32_t size) {
    Network network{.vertices = 2 * size};
    for (std::uint32_t i = 0; i < 2 * size; ++i)
        for (std::uint32_t j = 0; j < i; ++j)
            if (i / size == j / size) network.edges.push_back({j, i});
    network.edges.push_back({0, size});
    return network;
}

// Grown by preferential attachment, so with hubs as in a world.
Network with_hubs(std::size_t vertices, std::size_t edges_each) {
    return preferential_attachment({.vertices = vertices, .edges_per_newcomer = edges_each}, address);
}

TEST_CASE("in a drawn network of three hundred no disc touches another and all are inside") {
    const Network network = with_hubs(300, 3);
    std::vector<double> radii(300);
    for (const NetworkEdge& edge : network.edges)
        for (const auto end : {edge.source, edge.target}) radii[end] += 1;
    for (double& radius : radii) radius = 4 + 1.5 * std::sqrt(radius);
    const LayoutOptions options{.width = 1300, .gap = 5};
    const NetworkLayout layout = lay_out(network, radii, options);
    CHECK(closest(layout, radii) >= options.gap);
    CHECK(all_inside(layout, radii));
    CHECK(layout.width <= options.width);
    CHECK(layout.height <= layout.width);
}

TEST_CASE("discs that are far too large for their area are moved apart all the same") {
    const Network network = with_hubs(60, 2);
    const auto radii = same_radii(network, 40);
    const NetworkLayout layout = lay_out(network, radii, {.width = 200, .gap = 3, .area_per_vertex = 100});
    CHECK(closest(layout, radii) >= 3);
    CHECK(all_inside(layout, radii));
}

TEST_CASE("the same network is drawn at the same places") {
    const Network network = with_hubs(80, 2);
    const auto radii = same_radii(network, 5);
    CHECK(lay_out(network, radii).centres == lay_out(network, radii).centres);
}

TEST_CASE("those who are tied to each other are drawn near each other") {
    constexpr std::uint32_t size = 12;
    const Network network = two_cliques(size);
    const NetworkLayout layout = lay_out(network, same_radii(network, 5));
    double within = 0;                                         // the largest distance in a group
    double between = std::numeric_limits<double>::infinity();  // the least distance of two from both
    for (std::uint32_t i = 0; i < 2 * size; ++i)
        for (std::uint32_t j = 0; j < i; ++j) {
            const double apart = distance(layout.centres[i], layout.centres[j]);
            if (i / size == j / size)
                within = std::max(within, apart);
            else if (i % size != 0 && j % size != 0)
                between = std::min(between, apart);
        }
    CHECK(within < between);
}

TEST_CASE("a path is drawn from left to right, and its ends are farthest apart") {
    const Network network = path_of(20);
    const NetworkLayout layout = lay_out(network, same_radii(network, 5));
    const auto& at = layout.centres;
    const double whole = distance(at.front(), at.back());
    for (std::size_t i = 0; i < at.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) CHECK(distance(at[i], at[j]) <= whole);
    CHECK(layout.height < layout.width / 2);
    const double direction = at.back().x - at.front().x;
    for (std::size_t i = 0; i + 1 < at.size(); ++i) CHECK((at[i + 1].x - at[i].x) * direction > 0);
}

TEST_CASE("a hub stands in the middle of those that are tied to it alone") {
    Network network{.vertices = 41};
    for (std::uint32_t i = 0; i < 40; ++i) network.edges.push_back({40, i});
    const NetworkLayout layout = lay_out(network, same_radii(network, 5));
    Point mean;
    double farthest = 0;
    for (std::size_t i = 0; i < 40; ++i) {
        mean.x += layout.centres[i].x / 40;
        mean.y += layout.centres[i].y / 40;
        farthest = std::max(farthest, distance(layout.centres[i], layout.centres[40]));
    }
    CHECK(distance(mean, layout.centres[40]) < 0.1 * farthest);
}

TEST_CASE("components are drawn side by side, the largest first, and lone vertices below in rows") {
    Network network{.vertices = 18};
    for (std::uint32_t i = 6; i + 1 < 10; ++i) network.edges.push_back({i, i + 1});   // 4 vertices
    for (std::uint32_t i = 10; i + 1 < 18; ++i) network.edges.push_back({i, i + 1});  // 8 vertices
    const NetworkLayout layout = lay_out(network, same_radii(network, 5), {.width = 700, .gap = 4});
    const auto right_of = [&](std::size_t first, std::size_t last) {
        double right = 0;
        for (std::size_t i = first; i < last; ++i) right = std::max(right, layout.centres[i].x + 5);
        return right;
    };
    const auto left_of = [&](std::size_t first, std::size_t last) {
        double left = 1e9;
        for (std::size_t i = first; i < last; ++i) left = std::min(left, layout.centres[i].x - 5);
        return left;
    };
    CHECK(left_of(10, 18) == Approx(0).margin(1e-9));
    CHECK(left_of(6, 10) == Approx(right_of(10, 18) + 5 * 4));
    CHECK(left_of(0, 6) == Approx(0).margin(1e-9));
    double lowest = 0;  // of what is tied
    for (std::size_t i = 6; i < 18; ++i) lowest = std::max(lowest, layout.centres[i].y + 5);
    CHECK(layout.centres[0].y - 5 == Approx(lowest + 5 * 4));
    for (std::size_t i = 0; i + 1 < 6; ++i) {
        CHECK(layout.centres[i + 1].x - layout.centres[i].x == Approx(10 + 2 * 4));
        CHECK(layout.centres[i + 1].y == layout.centres[i].y);
    }
}

TEST_CASE("small components stand below each other where there is room beside a large one") {
    Network network = with_hubs(60, 2);
    for (std::uint32_t i = 60; i < 72; i += 2) network.edges.push_back({i, i + 1});
    network.vertices = 72;
    const auto radii = same_radii(network, 5);
    const NetworkLayout layout = lay_out(network, radii, {.width = 700, .gap = 4});
    double right = 0;
    double bottom = 0;
    for (std::size_t i = 0; i < 60; ++i) {
        right = std::max(right, layout.centres[i].x + 5);
        bottom = std::max(bottom, layout.centres[i].y + 5);
    }
    REQUIRE(right < 600);
    CHECK(layout.height == Approx(bottom));
    CHECK(layout.width <= 700);
    std::set<double> heights;
    for (std::size_t i = 60; i < 72; i += 2) {
        CHECK(layout.centres[i].x > right);
        heights.insert(std::round(layout.centres[i].y));
    }
    CHECK(heights.size() > 1);
    CHECK(closest(layout, radii) >= 4);
}

TEST_CASE("where a row of lone vertices is full the next begins below it") {
    const Network network{.vertices = 5};
    const NetworkLayout layout = lay_out(network, same_radii(network, 5), {.width = 30, .gap = 2});
    const std::vector<Point> expected = {{5, 5}, {19, 5}, {5, 19}, {19, 19}, {5, 33}};
    CHECK(layout.centres == expected);
    CHECK(layout.width == 24);
    CHECK(layout.height == 38);
}

TEST_CASE("weights and directions of edges don't change where vertices stand") {
    Network network = path_of(7);
    const NetworkLayout layout = lay_out(network, same_radii(network, 5));
    network.directed = true;
    for (NetworkEdge& edge : network.edges) edge.weight = 0.01 * edge.target;
    CHECK(lay_out(network, same_radii(network, 5)).centres == layout.centres);
}

TEST_CASE("a network of nobody takes no room") {
    const NetworkLayout layout = lay_out({}, {});
    CHECK(layout.centres.empty());
    CHECK(layout.width == 0);
    CHECK(layout.height == 0);
}

TEST_CASE("a layout says what is wrong with what it is given") {
    const Network network = path_of(3);
    const std::vector<double> two(2, 5.0);
    const std::vector<double> with_none = {5, 0, 5};
    const auto three = same_radii(network, 5);
    CHECK_THROWS_WITH(lay_out(network, two), "there are 2 radii for 3 vertices");
    CHECK_THROWS_WITH(lay_out(network, with_none), "a radius is 0: legal is a finite number above 0");
    CHECK_THROWS_WITH(lay_out(network, three, {.width = -1}), Contains("width is -1"));
    CHECK_THROWS_WITH(lay_out(network, three, {.gap = -2}), Contains("gap is -2"));
    CHECK_THROWS_WITH(lay_out(network, three, {.area_per_vertex = 0}), Contains("area per vertex is 0"));
    CHECK_THROWS_AS(lay_out(Network{.vertices = 3, .edges = {{1, 1}}}, three), std::invalid_argument);
}

}  // namespace
}  // namespace venturi::network_layout
