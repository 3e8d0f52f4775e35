// Networks from GraphML.
#include "scenarios/network/graphml.hpp"
#include "scenarios/network/network_file.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

NetworkReading read(const std::string& text, const NetworkOptions& options = {}) {
    NetworkReading reading = parse_graphml(text, "net.graphml", options);
    expect_sound(reading.network);
    return reading;
}

std::vector<Problem> problems_of(const std::string& text, const NetworkOptions& options = {}) {
    try {
        static_cast<void>(parse_graphml(text, "net.graphml", options));
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    return {};
}

Problem only_problem_of(const std::string& text, const NetworkOptions& options = {}) {
    const std::vector<Problem> problems = problems_of(text, options);
    REQUIRE(problems.size() == 1);
    return problems.front();
}

// A graph of `inside`, which begins in line 4, with keys for weights (w) and names (n).
std::string graph(const std::string& inside, const std::string& direction = "undirected") {
    return R"(<graphml xmlns="http://graphml.graphdrawing.org/xmlns">)"
           R"(<key id="w" for="edge" attr.name="weight" attr.type="double"/>)"
           "\n"
           R"(<key id="n" for="node" attr.name="label" attr.type="string"/>)"
           "\n<graph edgedefault=\""
           + direction + "\">\n" + inside + "\n</graph></graphml>\n";
}

std::string edge(const std::string& source, const std::string& target, const std::string& weight = {}) {
    return R"(<edge source=")" + source + R"(" target=")" + target + "\">"
           + (weight.empty() ? "" : R"(<data key="w">)" + weight + "</data>") + "</edge>\n";
}

const std::string abc = R"(<node id="a"/><node id="b"/><node id="c"/>)"
                        "\n";

}  // namespace

TEST_CASE("A graph in GraphML is the network that it describes") {
    const NetworkReading reading = read(R"(<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <key id="d1" for="edge" attr.name="amount" attr.type="double" />
  <key id="d0" for="node" attr.name="wealth" attr.type="long" />
  <graph edgedefault="directed">
    <desc>Who owes whom</desc>
    <edge source="b" target="a"><data key="d1">2.5</data></edge>
    <node id="a"><data key="d0">10</data></node>
    <node id="b" />
    <node id="alone" />
    <edge source="a" target="b" directed="true"><data key="d1"> 4 <!-- more --></data></edge>
  </graph>
</graphml>)");
    CHECK(reading.network.directed);
    CHECK(reading.weighted);
    CHECK(reading.warnings.empty());
    CHECK(reading.network.names == std::vector<std::string>{"a", "b", "alone"});
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{1, 0, 2.5}, {0, 1, 4}});
}

TEST_CASE("Vertices of GraphML go by their labels, and by their ids where labels are not unique") {
    const auto labelled = [](const std::string& one, const std::string& other) {
        return graph(R"(<node id="n0"><data key="n">)" + one + R"(</data></node><node id="n1"><data key="n">)"
                     + other + R"(</data></node><node id="n2"/>)");
    };
    CHECK(read(labelled("Tom &amp; Co", "<![CDATA[<b>]]>")).network.names
          == std::vector<std::string>{"Tom & Co", "<b>", "n2"});
    const NetworkReading twins = read(labelled("Tom", "Tom"));
    CHECK(twins.network.names == std::vector<std::string>{"n0", "n1", "n2"});
    REQUIRE(twins.warnings.size() == 1);
    CHECK(twins.warnings.front().value == "Tom");
    // A label that is another vertex's id is no name of its own either.
    CHECK(read(labelled("n2", "Tom")).network.names == std::vector<std::string>{"n0", "n1", "n2"});
}

TEST_CASE("Weights of GraphML have a default, or all edges have one, or none has") {
    CHECK(read(graph(abc + edge("a", "b", "3") + edge("b", "c", "-1"))).network.edges
          == std::vector<NetworkEdge>{{0, 1, 3}, {1, 2, -1}});
    const NetworkReading without = read(graph(abc + edge("a", "b") + edge("b", "c")));
    CHECK_FALSE(without.weighted);
    CHECK(without.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {1, 2, 1}});
    const Problem some = only_problem_of(graph(abc + edge("a", "b", "3") + edge("b", "c")));
    CHECK(some.position.line == 6);
    CHECK_THAT(some.message, Contains("without a weight"));
    CHECK(read(R"(<graphml><key id="w" for="all" attr.name="weight"><default>0.5</default></key>)"
               R"(<graph edgedefault="undirected">)"
               + abc + edge("a", "b", "3") + edge("b", "c") + "</graph></graphml>")
              .network.edges
          == std::vector<NetworkEdge>{{0, 1, 3}, {1, 2, 0.5}});
}

TEST_CASE("Weights of GraphML may be under several keys of one name, for each type of number") {
    const std::string text =
        R"(<graphml><key id="d0" for="edge" attr.name="weight" attr.type="double"/>)"
        R"(<key id="d1" for="edge" attr.name="weight" attr.type="long"/><key id="d2" for="edge" attr.name="amount"/>)"
        R"(<graph edgedefault="undirected">)"
        + abc
        + R"(<edge source="a" target="b"><data key="d1">3</data><data key="d2">9</data></edge>)"
          R"(<edge source="b" target="c"><data key="d0">0.5</data></edge>)";
    CHECK(read(text + "</graph></graphml>").network.edges
          == std::vector<NetworkEdge>{{0, 1, 3}, {1, 2, 0.5}});
    const std::string two =
        R"(<edge source="a" target="c"><data key="d1">3</data><data key="d0">9</data></edge></graph></graphml>)";
    CHECK_THAT(only_problem_of(text + two).message, Contains("a second 'weight' of one element"));
}

TEST_CASE("A weight in GraphML that can't be one is refused where it stands") {
    for (const std::string weight : {"x", "nan", "INF", "1e999", "1 2"}) {
        INFO(weight);
        const Problem problem = only_problem_of(graph(abc + edge("a", "b", weight)));
        CHECK(problem.position.line == 5);
        CHECK(problem.position.column == 29);
        CHECK(problem.value == weight);
    }
    const NetworkOptions obligations{.directed = true, .obligations = true};
    CHECK_THAT(only_problem_of(graph(abc + edge("a", "b", "-1"), "directed"), obligations).message,
               Contains("'-1' is negative"));
}

TEST_CASE("An edge of GraphML to a vertex that isn't there is refused with the nearest that is") {
    const Problem dangling =
        only_problem_of(graph(R"(<node id="Medici"/><node id="Strozzi"/>)" + edge("Medici", "Strozi")));
    CHECK(dangling.value == "Strozi");
    CHECK(dangling.nearest == "Strozzi");
    CHECK_THAT(dangling.message, Contains("the target of an edge, 'Strozi', is no node"));
    CHECK_THAT(only_problem_of(graph(abc + R"(<edge source="a"/>)")).message, Contains("without a target"));
}

TEST_CASE("Loops and edges that are there again are refused in GraphML as in a list of edges") {
    CHECK_THAT(only_problem_of(graph(abc + edge("b", "b"))).message, Contains("'b' to itself"));
    const std::string turned = abc + edge("a", "b") + edge("b", "a");
    CHECK_THAT(only_problem_of(graph(turned)).message,
               Contains("from 'b' to 'a' is there again") && Contains("line 5"));
    CHECK(read(graph(turned, "directed")).network.edges.size() == 2);
    CHECK(problems_of(graph(abc + edge("a", "b") + edge("a", "b"), "directed")).size() == 1);
}

TEST_CASE("Vertices of GraphML have an id each, and no two the same") {
    CHECK_THAT(only_problem_of(graph(R"(<node id="a"/><node id="a"/>)")).message,
               Contains("the node 'a' is there twice"));
    CHECK_THAT(only_problem_of(graph("<node/>")).message, Contains("without an id"));
}

TEST_CASE("What has no meaning in a network is refused in GraphML by its own name") {
    const auto message = [](const std::string& text) { return only_problem_of(text).message; };
    CHECK_THAT(message(graph(abc + R"(<hyperedge><endpoint node="a"/></hyperedge>)")), Contains("hyperedge"));
    CHECK_THAT(message(graph(R"(<node id="a"><port name="p"/></node>)")), Contains("port"));
    CHECK_THAT(message(graph(abc + R"(<edge source="a" target="b" sourceport="p"/>)")), Contains("port"));
    CHECK_THAT(message(graph(R"(<node id="a"><graph edgedefault="directed"/></node>)")),
               Contains("within <node>"));
    CHECK_THAT(
        message(R"(<graphml><graph edgedefault="directed"/><graph edgedefault="directed"/></graphml>)"),
        Contains("a second graph"));
}

TEST_CASE("A direction that GraphML doesn't state or doesn't have is asked for") {
    CHECK_THAT(only_problem_of("<graphml><graph/></graphml>").message, Contains("no edgedefault"));
    const Problem mistyped = only_problem_of(graph(abc, "direcetd"));
    CHECK(mistyped.nearest == "directed");
    CHECK(mistyped.position == SourcePosition{.file = "net.graphml", .line = 3, .column = 1});
    CHECK_THAT(only_problem_of(graph(abc), {.directed = true}).message, Contains("no direction"));
}

TEST_CASE("Unknown elements of GraphML are refused with the nearest known ones") {
    const Problem element = only_problem_of(graph(R"(<nodee id="a"/>)"));
    CHECK(element.nearest == "node");
    // What other programs add in a name space of their own is none of ours.
    CHECK(read(graph(R"(<y:Shape>round</y:Shape><node id="a"/>)")).network.vertices == 1);
}

TEST_CASE("Data under keys that GraphML does not declare are passed over with one warning") {
    const NetworkReading reading =
        read(R"(<graphml><graph edgedefault="directed"><node id="n0"><data key="labels">:Page</data></node>)"
             R"(<node id="n1"><data key="labels">:Page</data><data key="title">two</data></node>)"
             R"(<edge source="n0" target="n1"><data key="label">LINK</data></edge></graph></graphml>)");
    CHECK(reading.network.vertices == 2);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 1}});
    CHECK_FALSE(reading.weighted);
    REQUIRE(reading.warnings.size() == 1);
    CHECK_THAT(reading.warnings.front().message,
               Contains("'labels', 'title', 'label'") && Contains("4 in all"));
    // But what is called a weight is one.
    const NetworkReading weighted =
        read(R"(<graphml><graph edgedefault="directed"><node id="a"/><node id="b"/>)"
             R"(<edge source="a" target="b"><data key="weight">2.5</data></edge></graph></graphml>)");
    CHECK(weighted.network.edges == std::vector<NetworkEdge>{{0, 1, 2.5}});
    CHECK(weighted.warnings.size() == 1);
}

TEST_CASE("Weights of GraphML are found under keys that others have made") {
    const auto with_key = [](const std::string& key) {
        return "<graphml>" + key
               + R"(<graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>)"
                 R"(<edge source="a" target="b"><data key="w">2</data></edge>)"
                 R"(<edge source="b" target="c"><data key="w">5</data></edge></graph></graphml>)";
    };
    const std::vector<NetworkEdge> edges = {{0, 1, 2}, {1, 2, 5}};
    const NetworkReading capital =
        read(with_key(R"(<key id="w" for="edge" attr.name="Weight" attr.type="double"/>)"));
    CHECK(capital.network.edges == edges);
    CHECK(capital.warnings.empty());
    CHECK(capital.understood == "GraphML: 'Weight' as weight; 2 edges, weighted, undirected");
    const NetworkReading misplaced = read(with_key(R"(<key id="w" for="node" attr.name="weight"/>)"));
    CHECK(misplaced.network.edges == edges);
    REQUIRE(misplaced.warnings.size() == 1);
    CHECK_THAT(misplaced.warnings.front().message, Contains("'w' is declared for 'node'"));
    const std::string other = with_key(R"(<key id="w" for="edge" attr.name="strength"/>)");
    CHECK_FALSE(read(other).weighted);
    CHECK(read(other, {.weight = "strength"}).network.edges == edges);
    CHECK(read(other, {.weight = "w"}).network.edges == edges);
    CHECK_FALSE(
        read(with_key(R"(<key id="w" for="edge" attr.name="weight"/>)"), {.weight = "none"}).weighted);
    const Problem absent = only_problem_of(other, {.weight = "strenght"});
    CHECK(absent.nearest == "strength");
    CHECK(read(with_key(R"(<key id="weight" for="edge"/>)")).warnings.size() == 1);  // of w, not declared
}

TEST_CASE("An edge without direction among others is two arcs, and a debt is refused by its id") {
    const std::string mixed =
        abc + R"(<edge id="e7" source="a" target="b"/><edge source="b" target="c" directed="false"/>)";
    const NetworkReading reading = read(graph(mixed, "directed"));
    CHECK(reading.network.directed);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {1, 2, 1}, {2, 1, 1}});
    CHECK_THAT(reading.understood,
               Contains("1 edge without a direction, the first in line 5, read as two arcs"));
    const std::string other =
        abc + R"(<edge source="a" target="b" directed="true"/><edge source="b" target="c"/>)";
    CHECK(read(graph(other)).network.edges == reading.network.edges);
    const std::string debts =
        abc + R"(<edge source="a" target="b"/><edge id="e7" source="b" target="c" directed="false"/>)";
    CHECK_THAT(only_problem_of(graph(debts, "directed"), {.obligations = true}).message,
               Contains("the edge 'e7' has no direction"));
    // All of one kind, whatever the default.
    CHECK_FALSE(
        read(graph(abc + R"(<edge source="a" target="b" directed="false"/>)", "directed")).network.directed);
    CHECK(read(graph(abc + R"(<edge source="a" target="b" directed="true"/>)")).network.directed);
}

TEST_CASE("Names of GraphML that would steer a terminal are refused where they stand") {
    const auto named = [](const std::string& name) {
        return graph(R"(<node id="a"/><node id="b"><data key="n">)" + name + "</data></node>");
    };
    for (const std::string name : {"x&#x9b;31m", "x&#x202e;", "x\xC2\x9B"}) {
        INFO(name);
        const Problem problem = only_problem_of(named(name));
        CHECK(problem.position == SourcePosition{.file = "net.graphml", .line = 4, .column = 28});
        CHECK_THAT(problem.message, Contains("U+"));
    }
    CHECK(read(named("two\n lines")).network.names.back() == "two lines");
}

TEST_CASE("GraphML in UTF-16 is the same network") {
    const std::string text = graph(abc + edge("a", "b", "2"));
    std::string bytes = "\xFF\xFE";
    for (const char c : text) {
        bytes += c;
        bytes += '\0';
    }
    CHECK(read(bytes).network.edges == std::vector<NetworkEdge>{{0, 1, 2}});
}

TEST_CASE("A document that is no GraphML is refused") {
    CHECK(only_problem_of("<opsa-mef/>").message == "the document is not GraphML: its element is another");
    CHECK_THAT(only_problem_of("<graphml/>").message, Contains("holds no <graph>"));
    CHECK_THAT(only_problem_of("<graphml>").message, Contains("not well-formed"));
    CHECK_THAT(only_problem_of("").message, Contains("XML"));
    CHECK_THAT(only_problem_of(R"(<!DOCTYPE g [<!ENTITY x "y">]><graphml/>)").message,
               Contains("declarations in the document type"));
    CHECK_THAT(only_problem_of(graph(R"(<node id="&x;"/>)")).message, Contains("unknown entity '&x;'"));
}

TEST_CASE("A network of GraphML may be without edges, and without vertices") {
    CHECK(read(graph("")).network.vertices == 0);
    const NetworkReading one = read(graph(R"(<node id="a"/>)"));
    CHECK(one.network.vertices == 1);
    CHECK(one.network.edges.empty());
    CHECK_FALSE(one.weighted);
}

TEST_CASE("GraphML over a limit is refused") {
    CHECK_THAT(only_problem_of(graph(abc), {.limits = {.vertices = 2}}).message, Contains("more than 2"));
    CHECK_THAT(
        only_problem_of(graph(abc + edge("a", "b") + edge("b", "c")), {.limits = {.edges = 1}}).message,
        Contains("more than 1 edges"));
    CHECK_THAT(only_problem_of(graph(abc), {.limits = {.xml_nodes = 5}}).message, Contains("more than 5"));
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += edge("x", "y");
    CHECK(problems_of(graph(many)).size() == ProblemList::most_reported);
}

TEST_CASE("A name in GraphML keeps its blanks, and one that is drawn in several lines is in one") {
    const auto name_of_label = [](const std::string& label) {
        return parse_graphml(
                   "<graphml><key id=\"k\" for=\"node\" attr.name=\"label\"/><graph edgedefault=\"directed\">"
                   "<node id=\"n0\"><data key=\"k\">"
                       + label + "</data></node></graph></graphml>",
                   "net.graphml")
            .network.names.front();
    };
    CHECK(name_of_label(" A  b ") == " A  b ");
    CHECK(name_of_label("\n  A\n  b\n") == "A b");
    CHECK(name_of_label("<!-- c --> A") == " A");
    CHECK(name_of_label("   ") == "n0");
    CHECK(name_of_label("\n\n") == "n0");
}

TEST_CASE("GraphML in ISO 8859-1 is read once, whoever reads it") {
    const std::string text =
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><graphml><graph edgedefault=\"directed\">"
        "<node id=\"gr\xF6\xDF"
        "e\"/></graph></graphml>";
    const std::vector<std::string> names = {
        "gr\xC3\xB6\xC3\x9F"
        "e"};
    CHECK(parse_graphml(text, "net.graphml").network.names == names);
    CHECK(parse_network(text, "net.graphml").network.names == names);
}
