#include "agents/network/centrality.hpp"
#include "agents/network/measures.hpp"
#include "sim/ensemble/stopped.hpp"
#include "tests/agents/measured_networks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

using Row = std::map<std::string, std::string>;

// The rows of a published table by its columns; none where it is not here.
std::vector<Row> published(const std::string& file) {
    std::ifstream table(std::string(VENTURI_SOURCE_FOLDER) + "/../shared/oracles/networks/" + file);
    const auto cells = [](std::string text) {
        // Lines end in the manner of DOS.
        if (text.ends_with('\r')) text.pop_back();
        std::vector<std::string> result;
        std::istringstream stream(text);
        for (std::string cell; std::getline(stream, cell, ',');) result.push_back(cell);
        return result;
    };
    std::string line;
    if (!std::getline(table, line)) {
        WARN("the table " << file << " is not here: its figures are not compared");
        return {};
    }
    const std::vector<std::string> columns = cells(line);
    std::vector<Row> rows;
    while (std::getline(table, line)) {
        const std::vector<std::string> values = cells(line);
        REQUIRE(values.size() == columns.size());
        for (Row& row = rows.emplace_back(); const std::string& column : columns)
            row[column] = values[row.size()];
    }
    return rows;
}

// Under what name a column of the tables is among ours.
std::string our_name(const std::string& column) {
    const std::map<std::string, std::string> others = {
        {"betweenness_normalized", "betweenness"},           {"eigenvector_l2", "eigenvector"},
        {"eigenvector_weighted_l2", "eigenvector_weighted"}, {"pagerank_0.85", "pagerank"},
        {"pagerank_weighted_0.85", "pagerank_weighted"},     {"burt_constraint", "constraint"}};
    const auto at = others.find(column);
    return at == others.end() ? column : at->second;
}

std::size_t vertex_named(const Network& network, const std::string& name) {
    std::size_t i = 0;
    while (i < network.vertices && name_of(network, i) != name) ++i;
    REQUIRE(i < network.vertices);
    return i;
}

void check_published_vertices(const Network& network, const std::string& file) {
    const std::vector<Row> rows = published(file);
    if (rows.empty()) return;
    REQUIRE(rows.size() == network.vertices);
    REQUIRE(rows.front().size() == 18);
    for (const auto& [column, ignored] : rows.front()) {
        if (column == "node") continue;
        CAPTURE(column);
        const std::vector<double> values = vertex_measures_named(our_name(column)).front().of(network);
        for (const Row& row : rows) {
            const std::size_t vertex = vertex_named(network, row.at("node"));
            CAPTURE(vertex);
            CHECK(values[vertex] == Approx(std::stod(row.at(column))).margin(1e-9).epsilon(0));
        }
    }
}

void check_published_edges(const Network& network, const std::string& file) {
    const std::vector<Row> rows = published(file);
    if (rows.empty()) return;
    REQUIRE(rows.size() == network.edges.size());
    const std::vector<double> values = edge_betweenness(network);
    for (const Row& row : rows) {
        const auto u = static_cast<std::uint32_t>(vertex_named(network, row.at("u")));
        const auto v = static_cast<std::uint32_t>(vertex_named(network, row.at("v")));
        const auto at =
            std::find_if(network.edges.begin(), network.edges.end(), [&](const NetworkEdge& edge) {
                return std::minmax(edge.source, edge.target) == std::minmax(u, v);
            });
        REQUIRE(at != network.edges.end());
        CHECK(values[static_cast<std::size_t>(at - network.edges.begin())]
              == Approx(std::stod(row.at("edge_betweenness_normalized"))).margin(1e-9).epsilon(0));
    }
}

double figure(const Network& network, std::string_view name) {
    for (const NetworkMeasure& measure : network_measures())
        if (measure.name == name) return measure.of(network);
    FAIL("there is no such measure: " << name);
    return 0;
}

}  // namespace

TEST_CASE("every measure of the families of Florence is the published one", "[network]") {
    check_published_vertices(florentine_families(), "florentine_centrality.csv");
    check_published_edges(florentine_families(), "florentine_edge_betweenness.csv");
    CHECK(vertex_measures_named("degree").front().of(florentine_families())[1] == 6);
}

TEST_CASE("every measure of the karate club is the published one", "[network]") {
    check_published_vertices(karate_club(), "karate_centrality.csv");
    check_published_edges(karate_club(), "karate_edge_betweenness.csv");
    CHECK(vertex_measures_named("strength").front().of(karate_club())[0] == 42);
}

TEST_CASE("measures are asked for by name, in any order, or all at once", "[network]") {
    const std::vector<VertexMeasure> some = vertex_measures_named("pagerank,degree");
    REQUIRE(some.size() == 2);
    CHECK(some[0].name == "pagerank");
    CHECK(some[1].name == "degree");
    CHECK(some[1].cost == MeasureCost::near_linear);
    CHECK(vertex_measures_named("closeness").front().cost == MeasureCost::all_pairs);
    CHECK(vertex_measures_named("all").size() == vertex_measures().size());
    using Catch::Contains;
    CHECK_THROWS_WITH(vertex_measures_named("degree,fame"),
                      Contains("\"fame\"") && Contains("all, degree, "));
    CHECK_THROWS_AS(vertex_measures_named(""), std::invalid_argument);
    CHECK_THROWS_AS(vertex_measures_named("degree,"), std::invalid_argument);
    CHECK_THROWS_AS(vertex_measures_named("degree, strength"), std::invalid_argument);
}

TEST_CASE("every measure has a name of its own, says what it means, and fits any network", "[network]") {
    std::set<std::string_view> names;
    for (const VertexMeasure& measure : vertex_measures()) {
        CAPTURE(measure.name);
        CHECK(names.insert(measure.name).second);
        CHECK(measure.meaning.size() > 10);
        for (const bool directed : {false, true}) {
            CHECK(measure.of({.directed = directed}).empty());
            CHECK(measure.of({.directed = directed, .vertices = 1}).size() == 1);
            CHECK(measure.of(random_network(30, 0.1, directed, 71)).size() == 30);
        }
    }
    for (const NetworkMeasure& measure : network_measures()) {
        CAPTURE(measure.name);
        CHECK(names.insert(measure.name).second);
        CHECK(measure.meaning.size() > 5);
        CHECK_NOTHROW(measure.of({}));
        CHECK(std::isfinite(measure.of(random_network(30, 0.1, true, 71))));
    }
}

TEST_CASE("what takes vertices times edges, or many passes over them, hears a stop", "[network]") {
    const Network network = random_network(30, 0.2, false, 71);
    StopRequest stop;
    for (const VertexMeasure& measure : vertex_measures())
        CHECK(measure.of(network, &stop).size() == network.vertices);
    stop.request();
    const std::set<std::string_view> of_passes = {"eigenvector",       "eigenvector_weighted", "pagerank",
                                                  "pagerank_weighted", "clustering",           "triangles",
                                                  "constraint",        "effective_size"};
    for (const VertexMeasure& measure : vertex_measures()) {
        if (measure.cost != MeasureCost::all_pairs && !of_passes.contains(measure.name)) continue;
        CAPTURE(measure.name);
        CHECK_THROWS_AS(measure.of(network, &stop), Stopped);
        if (measure.by_weights) CHECK_THROWS_AS(measure.by_weights(network, &stop), Stopped);
    }
    for (const NetworkMeasure& measure : network_measures())
        if (measure.cost == MeasureCost::all_pairs) {
            CAPTURE(measure.name);
            CHECK_THROWS_AS(measure.of(network, &stop), Stopped);
        }
}

TEST_CASE("a cycle of three with a tail has these measures", "[network]") {
    const Network network{.directed = true, .vertices = 4, .edges = {{0, 1}, {1, 2}, {2, 0}, {2, 3}}};
    const auto of = [&](std::string_view name) { return vertex_measures_named(name).front().of(network); };
    using Vector = std::vector<double>;
    CHECK(of("degree") == Vector{2, 2, 3, 1});
    CHECK(of("in_degree") == Vector{1, 1, 1, 1});
    CHECK(of("out_degree") == Vector{1, 1, 2, 0});
    CHECK(of("eccentricity") == Vector{3, 2, 2, 0});
    CHECK(of("betweenness_raw") == Vector{1, 2, 3, 0});
    CHECK(of("triangles") == Vector{1, 1, 1, 0});
    CHECK(of("core_number") == Vector{2, 2, 2, 1});
    CHECK(of("articulation_point") == Vector{0, 0, 1, 0});
    CHECK(of("component") == Vector{0, 0, 0, 0});
    CHECK(of("strong_component") == Vector{0, 0, 0, 1});
    CHECK(figure(network, "density") == Approx(1 / 3.0));
    CHECK(figure(network, "components") == 1);
    CHECK(figure(network, "strong_components") == 2);
    CHECK(figure(network, "largest_component") == 1);
    CHECK(figure(network, "bridges") == 1);
    CHECK(figure(network, "transitivity") == Approx(0.6));
    CHECK(figure(network, "mean_clustering") == Approx((1 + 1 + 1 / 3.0) / 4));
    CHECK(figure(network, "diameter") == 3);
    CHECK(figure(network, "mean_distance") == Approx(15.0 / 9));
    CHECK(figure(network, "efficiency") == Approx((4 + 4 / 2.0 + 1 / 3.0) / 12));
    // Sources' out-degrees 1, 1, 2, 2; all targets have one edge that arrives.
    CHECK(std::isnan(figure(network, "degree_assortativity")));
    CHECK(figure(karate_club(), "degree_assortativity") == Approx(-0.47561).margin(0.000005));
    CHECK(figure(karate_club(), "density") == Approx(78.0 / 561));
}
