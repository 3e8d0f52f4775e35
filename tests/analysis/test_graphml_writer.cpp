// Networks written as GraphML.
#include "analysis/report/graphml_writer.hpp"
#include "scenarios/network/graphml.hpp"
#include "sim/infinity.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

Network read_back(const std::string& text) {
    const NetworkReading reading = parse_graphml(text, "written.graphml");
    CHECK(reading.warnings.empty());
    return reading.network;
}

}  // namespace

TEST_CASE("A network that is written as GraphML reads back as itself") {
    for (const bool directed : {false, true}) {
        const Network network{.directed = directed,
                              .vertices = 4,
                              .edges = {{1, 0, 0.1}, {0, 2, -3e-100}, {2, 1, 1.0 / 3}},
                              .names = {"Medici", "Strozzi", "n-7", "alone"}};
        const Network back = read_back(graphml_text(network));
        CHECK(back.directed == directed);
        CHECK(back.names == network.names);
        CHECK(back.edges == network.edges);
    }
    const Network numbered{.vertices = 2, .edges = {{0, 1}}};
    CHECK(read_back(graphml_text(numbered)).names == std::vector<std::string>{"0", "1"});
    CHECK(read_back(graphml_text(Network{})).vertices == 0);
}

TEST_CASE("Names that can't be ids of GraphML become labels") {
    const Network network{
        .vertices = 3, .edges = {{0, 1}}, .names = {"Tom & <Jerry>", "the \"old\" bank", "M\xC3\xBCller"}};
    const std::string text = graphml_text(network);
    CHECK_THAT(text, Contains("<node id=\"n1\"><data key=\"label\">the &quot;old&quot; bank</data>"));
    CHECK(read_back(text).names == network.names);
    const Network blanks{.vertices = 3, .names = {" a", "b ", "c  d"}};
    CHECK(read_back(graphml_text(blanks)).names == blanks.names);
    // As are names that are not different.
    CHECK_THAT(graphml_text({.vertices = 2, .names = {"a", "a"}}),
               Contains("id=\"n1\"><data key=\"label\">a<"));
}

TEST_CASE("What is known of vertices and edges is written as GraphML's data, each with its type") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const Network network{.vertices = 3, .edges = {{0, 1, 2}, {1, 2, 4.5}}, .names = {"a", "b", "c"}};
    const std::vector<GraphmlColumn> of_vertices = {{"score", std::vector<double>{0.1, nan, infinity}},
                                                    {"club", std::vector<std::string>{"x", "<y>", ""}}};
    const std::vector<GraphmlColumn> of_edges = {{"rank", std::vector<std::int64_t>{7, -8}}};
    const std::string text = graphml_text(network, of_vertices, of_edges);
    CHECK_THAT(text, Contains(R"(<key id="v0" for="node" attr.name="score" attr.type="double"/>)"));
    CHECK_THAT(text, Contains(R"(<key id="v1" for="node" attr.name="club" attr.type="string"/>)"));
    CHECK_THAT(text, Contains(R"(<key id="e0" for="edge" attr.name="rank" attr.type="long"/>)"));
    CHECK_THAT(text, Contains(R"(<node id="a"><data key="v0">0.1</data><data key="v1">x</data></node>)"));
    CHECK_THAT(text, Contains(R"(<node id="b"><data key="v1">&lt;y&gt;</data></node>)"));
    CHECK_THAT(text, Contains(R"(<node id="c"><data key="v0">Infinity</data></node>)"));
    CHECK_THAT(text, Contains(R"(<edge source="b" target="c"><data key="weight">4.5</data>)"
                              R"(<data key="e0">-8</data></edge>)"));
    CHECK(read_back(text).edges == network.edges);
}

TEST_CASE("Columns that don't fit a network are not written as GraphML") {
    const Network network{.vertices = 2, .edges = {{0, 1}}};
    const std::vector<double> two = {1, 2};
    const auto written = [&](const std::vector<GraphmlColumn>& columns) {
        return graphml_text(network, columns);
    };
    CHECK_THROWS_WITH(written({{"x", std::vector<double>{1}}}),
                      Contains("'x' has 1 values where there are 2"));
    CHECK_THROWS_WITH(written({{"x", two}, {"x", two}}), Contains("two columns 'x'"));
    CHECK_THROWS_WITH(written({{"label", two}}), Contains("'label'"));
    CHECK_THROWS_WITH(
        graphml_text(network, {}, std::vector<GraphmlColumn>{{"weight", std::vector<double>{1}}}),
        Contains("'weight'"));
}

TEST_CASE("Written GraphML has no ports and no nested graphs, and as many digits as a number needs") {
    // The last needs seventeen.
    const std::vector<double> weights = {0.1,  1.0 / 3, 0.52197802197802201,
                                         1e23, 1e-100,  0.30000000000000004};
    Network network{.vertices = 7};
    for (std::uint32_t i = 0; i < 6; ++i) network.edges.push_back({i, i + 1, weights[i]});
    const std::vector<GraphmlColumn> columns = {
        {"score", std::vector<double>{0.1, 1.0 / 3, 2, 3, 4, 5, 6.02214076e23}}};
    const std::string text = graphml_text(network, columns);
    CHECK(read_back(text).edges == network.edges);
    CHECK_THAT(text, Contains("0.30000000000000004") && Contains("0.3333333333333333") && !Contains("port"));
    CHECK(text.find("<graph ") == text.rfind("<graph "));
}
