// Networks from lists of edges, and what vertices have from tables.
#include "scenarios/network/edge_list.hpp"
#include "scenarios/network/network_file.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <limits>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;
using test::TemporaryFolder;

namespace {

NetworkReading read(const std::string& text, const NetworkOptions& options = {}) {
    NetworkReading reading = parse_edge_list(text, "list.csv", options);
    expect_sound(reading.network);
    return reading;
}

std::vector<Problem> problems_of(const std::string& text, const NetworkOptions& options = {}) {
    try {
        static_cast<void>(parse_edge_list(text, "list.csv", options));
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

std::vector<std::string> names_of(const NetworkReading& reading) {
    return reading.network.names;
}

}  // namespace

TEST_CASE("A list of edges is the network that it lists") {
    const NetworkReading reading = read("u,v,weight\nMedici,Ridolfi,3\nStrozzi,Ridolfi,1.5\n");
    CHECK_FALSE(reading.network.directed);
    CHECK(reading.weighted);
    CHECK(reading.warnings.empty());
    CHECK(names_of(reading) == std::vector<std::string>{"Medici", "Ridolfi", "Strozzi"});
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 3}, {2, 1, 1.5}});
    CHECK(read("a,b\n", {.directed = true}).network.directed);
}

TEST_CASE("A list of edges reads the same whatever separates its columns and ends its lines") {
    const std::vector<NetworkEdge> edges = {{0, 1, 2.5}, {1, 2, -1}};
    for (const std::string text :
         {"a,b,2.5\nb,c,-1\n", "a;b;2.5\nb;c;-1", "a\tb\t2.5\r\nb\tc\t-1\r\n", "a b 2.5\nb  c\t-1\n",
          "\xEF\xBB\xBF"
          "a,b,2.5\n\n# a comment\n  # another, indented\nb , c , -1 \n",
          "\"a\",\"b\",\"2.5\"\nb,\"c\" ,-1\n", "source,target,weight\na,b,+2.5\nb,c,-1e0\n"}) {
        INFO(text);
        const NetworkReading reading = read(text);
        CHECK(reading.network.edges == edges);
        CHECK(names_of(reading) == std::vector<std::string>{"a", "b", "c"});
    }
}

TEST_CASE("A vertex in quotes may have a comma, a quote or a comment's sign in its name") {
    const NetworkReading reading =
        read("\"Strozzi, of Florence\",\"the \"\"old\"\" bank\",1\n\"#7\",M\xC3\xBCller,2\n");
    CHECK(names_of(reading)
          == std::vector<std::string>{"Strozzi, of Florence", "the \"old\" bank", "#7", "M\xC3\xBCller"});
}

TEST_CASE("A first line is a header where nobody would take it for an edge") {
    CHECK(read("from,to\na,b\n").network.vertices == 2);
    CHECK(read("Source;Target\na;b\n").network.vertices == 2);
    CHECK(read("bank,counterparty,amount\na,b,1\n").network.vertices == 2);
    CHECK(read("follower,followed\na,b\n").network.vertices == 2);
    // Two columns of other names are an edge.
    CHECK(read("bank,counterparty\na,b\n").network.vertices == 4);
    // What begins as a number was meant for one, or for one that is missing.
    const Problem mistyped = only_problem_of("a,b,1O\nb,c,2\n");
    CHECK(mistyped.position == SourcePosition{.file = "list.csv", .line = 1, .column = 5});
    CHECK(mistyped.value == "1O");
    for (const std::string missing : {"NA", "NaN", "null", "None", "n/a"}) {
        INFO(missing);
        CHECK(only_problem_of("a,b," + missing + "\nb,c,2\n").position.line == 1);
    }
    CHECK_THAT(only_problem_of("a,b,\nb,c,2\n").message, Contains("without a weight"));
}

TEST_CASE("A first line that may be a header or an edge is asked about") {
    for (const std::string text :
         {"source,target\nsource,a\n", "a,b,flow\nb,c,2\n", "p,q,z\na,b,1\n", "v,w\n1,2\n"}) {
        INFO(text);
        const Problem problem = only_problem_of(text);
        CHECK(problem.position.line == 1);
        CHECK_THAT(problem.legal, Contains("--header"));
    }
    CHECK(read("source,target\nsource,a\n", {.header = HeaderRow::no}).network.vertices == 3);
    CHECK(read("source,target\nsource,a\n", {.header = HeaderRow::yes}).network.vertices == 2);
    CHECK(read("x,y,z\na,b,1\n", {.weight = "z", .header = HeaderRow::yes}).network.edges
          == std::vector<NetworkEdge>{{0, 1, 1}});
    // A second header is none.
    CHECK(only_problem_of("u,v,weight\nu,v,weight\n").position.line == 1);
    // Weak pairs are names of vertices where more of their kind are.
    CHECK(read("v1,v2\nv3,v4\n").network.vertices == 4);
    CHECK(read("u,v\nv,w\n").network.vertices == 3);
    CHECK(read("v0,v1\n").network.vertices == 2);
    CHECK(read("v1,v2\n7,8\n").network.vertices == 2);
}

TEST_CASE("An edge without weight weighs one") {
    const NetworkReading reading = read("a b\nb c\n");
    CHECK_FALSE(reading.weighted);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {1, 2, 1}});
}

TEST_CASE("Columns that describe an edge are ignored, and it is said so") {
    const NetworkReading reading = read("source,target,weight,type\na,b,2,loan\nb,c,3,bond\n");
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 2}, {1, 2, 3}});
    CHECK(reading.understood
          == "header: source, target, weight, type ignored; 2 edges, weighted, undirected");
    CHECK(read("1 2 5 1082008561\n1 3 4 1082008562\n").understood
          == "no header: columns 1 and 2 are ends, column 3 the weight, 1 ignored; 2 edges, weighted, undirected");
}

TEST_CASE("An edge from a vertex to itself is refused where it stands") {
    const Problem problem = only_problem_of("a,b,1\n b ,b,2\n");
    CHECK(problem.position == SourcePosition{.file = "list.csv", .line = 2, .column = 2});
    CHECK_THAT(problem.message, Contains("'b' to itself"));
}

TEST_CASE("An edge that is listed again is refused, in either order where edges have no direction") {
    const Problem same = only_problem_of("a,b\nb,c\na,b\n");
    CHECK(same.position.line == 3);
    CHECK_THAT(same.message,
               Contains("from 'a' to 'b'") && Contains("first at line 1") && !Contains("opposite"));
    const Problem turned = only_problem_of("a,b\nb,c\nb,a\n");
    CHECK(turned.position.line == 3);
    CHECK_THAT(turned.message, Contains("from 'b' to 'a'") && Contains("opposite order"));
    CHECK(read("a,b\nb,c\nb,a\n", {.directed = true}).network.edges.size() == 3);
    CHECK(only_problem_of("a,b\nb,a\na,b\n", {.directed = true}).position.line == 3);
    CHECK(problems_of("a,b\nb,a\na,b\n").size() == 2);
}

TEST_CASE("A weight of an edge is a finite number, and of an obligation no negative one") {
    for (const std::string weight :
         {"nan", "inf", "-inf", "1e999", "x", "1,5", "1.5.2", "0x10", "--1", "+-1"}) {
        INFO(weight);
        const Problem problem = only_problem_of("a;b;1\nb;c;" + weight + "\n");
        CHECK(problem.position == SourcePosition{.file = "list.csv", .line = 2, .column = 5});
        CHECK(problem.value == weight);
        CHECK_THAT(problem.legal, Contains("finite number"));
    }
    CHECK(read("a,b,-2\n").network.edges.front().weight == -2);
    CHECK(only_problem_of("a,b,1e-999\n").message == "the weight '1e-999' is too near to 0");
    CHECK(read("a,b,0e-999\n").network.edges.front().weight == 0);
    const Problem negative = only_problem_of("a,b,-2\n", {.directed = true, .obligations = true});
    CHECK_THAT(negative.message, Contains("'-2' is negative"));
    CHECK_THAT(negative.legal, Contains("at least 0"));
    CHECK(read("a,b,0\n", {.directed = true, .obligations = true}).network.edges.front().weight == 0);
}

TEST_CASE("A line with too few or too many fields for its list of edges is refused") {
    CHECK_THAT(only_problem_of("a,b,1\nb\n").message, Contains("one field, 'b'") && Contains("commas"));
    CHECK_THAT(only_problem_of("a,b,1\nb,c\n").message, Contains("without a weight"));
    CHECK_THAT(only_problem_of("a,b,1\nb,c,\n").message, Contains("without a weight"));
    CHECK_THAT(only_problem_of("a,b\nb,c,3\n").message, Contains("a third field, '3'"));
    CHECK_THAT(only_problem_of("a,b\n,c\n").message, Contains("first end"));
    CHECK_THAT(only_problem_of("a,b\nc,\"\"\n").message, Contains("second end"));
}

TEST_CASE("Quotes that are wrong in a list of edges are found in their own line") {
    const Problem open = only_problem_of("a,b\n\"c,d\ne,f\n");
    CHECK(open.position == SourcePosition{.file = "list.csv", .line = 2, .column = 1});
    CHECK_THAT(open.message, Contains("not closed"));
    const Problem after = only_problem_of("a,b\n\"c\"x,d\n");
    CHECK(after.position == SourcePosition{.file = "list.csv", .line = 2, .column = 4});
}

TEST_CASE("All problems of a list of edges are told together, up to a number") {
    const std::vector<Problem> problems = problems_of("a,b,1\nc,c,1\nb,a,x\nd,e\n");
    REQUIRE(problems.size() == 4);
    CHECK_THAT(problems[0].message, Contains("'c' to itself"));
    CHECK_THAT(problems[1].message, Contains("there again"));
    CHECK_THAT(problems[2].message, Contains("'x' is not a number"));
    CHECK_THAT(problems[3].message, Contains("without a weight"));
    std::string many = "a,b,1\n";
    for (int i = 0; i < 100'000; ++i) many += "a,b,x\n";
    CHECK(problems_of(many).size() == ProblemList::most_reported);
}

TEST_CASE("A list without edges is no network") {
    for (const std::string text : {"", "\n\n", "# nothing\n", "source,target\n", "u,v,weight\n"}) {
        INFO(text);
        CHECK_THAT(only_problem_of(text).message, Contains("holds no edges"));
    }
}

TEST_CASE("A list of edges that is no text or too large is refused") {
    CHECK_THAT(only_problem_of(std::string("a,b\nc\0,d\n", 9)).message, Contains("not a text file"));
    CHECK(only_problem_of("a,b\nc,\xFF\n").position
          == SourcePosition{.file = "list.csv", .line = 2, .column = 3});
    CHECK_THAT(only_problem_of("a,b\rc,d\n").message, Contains("carriage return"));
    CHECK_THAT(only_problem_of("a,b\nb,c\n", {.limits = {.edges = 1}}).message,
               Contains("more than 1 edges"));
    CHECK_THAT(only_problem_of("a,b\nb,c\n", {.limits = {.vertices = 2}}).message,
               Contains("more than 2 vertices"));
    const TemporaryFolder folder;
    const auto file = folder.path() / "large.csv";
    std::ofstream(file) << "a,b\nb,c\n";
    CHECK(load_edge_list(file).network.vertices == 3);
    CHECK_THROWS_WITH(load_edge_list(file, {.limits = {.bytes = 7}}), Contains("8 bytes are too many"));
    CHECK_THROWS_WITH(load_edge_list(folder.path() / "absent.csv"), Contains("no such file"));
    CHECK_THROWS_WITH(load_edge_list(folder.path()), Contains("is a directory"));
}

TEST_CASE("The karate club is read from its list of edges") {
    const std::filesystem::path file =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "../shared/oracles/networks/karate_edges.csv";
    if (!std::filesystem::exists(file)) {
        WARN("skipped: no " << file);
        return;
    }
    const NetworkReading reading = load_network(file);
    CHECK(reading.network.vertices == 34);
    CHECK(reading.network.edges.size() == 78);
    double total = 0;
    for (const NetworkEdge& edge : reading.network.edges) total += edge.weight;
    CHECK(total == 231);
}

TEST_CASE("A file tells by what it begins with which format it has") {
    CHECK(network_format_of("a,b\n", "a.csv") == NetworkFormat::table);
    CHECK(network_format_of("\n <graphml/>", "b.csv") == NetworkFormat::graphml);
    CHECK(network_format_of("", "c.graphml") == NetworkFormat::graphml);
    CHECK(network_format_of("", "d.txt") == NetworkFormat::table);
    CHECK(network_format_of("a,b\n", "e.graphml") == NetworkFormat::table);
    CHECK(network_format_of("Creator \"x\"\ngraph [ ]", "f.txt") == NetworkFormat::gml);
    CHECK(network_format_of("graph,theory\n", "f.gml") == NetworkFormat::table);
    CHECK(network_format_of("% from a book\n*Vertices 2\n", "g.txt") == NetworkFormat::pajek);
    CHECK(network_format_of("%%MatrixMarket matrix", "h.txt") == NetworkFormat::matrix_market);
    CHECK(network_format_of("a knows b\n", "i.SIF") == NetworkFormat::interactions);
    CHECK(parse_network("\xEF\xBB\xBF\n <graphml><graph edgedefault='directed'/></graphml>", "b.csv")
              .network.directed);
}

TEST_CASE("Assets of vertices are read by name, and whoever is not named has none") {
    const Network network = read("a,b,1\nb,c,1\n").network;
    const VertexAssets both =
        parse_vertex_assets("name,assets,senior debt\nc,5,2\na,1.5,0\n", "x.csv", network);
    CHECK(both.assets == std::vector<double>{1.5, 0, 5});
    CHECK(both.senior_debt == std::vector<double>{0, 0, 2});
    CHECK(parse_vertex_assets("b,7\n", "x.csv", network).assets == std::vector<double>{0, 7, 0});
}

TEST_CASE("Assets of a few vertices are written in a line") {
    const Network network = read("a,b=c,1\nb=c,d,1\n").network;
    CHECK(vertex_assets_of("d=3,b=c=1.5", "--clear", network).assets == std::vector<double>{0, 1.5, 3});
    CHECK_THROWS_WITH(vertex_assets_of("d=3,a", "--clear", network),
                      Contains("--clear:1:5: 'a' gives no vertex its assets"));
    CHECK_THROWS_WITH(vertex_assets_of("d=-3", "--clear", network), Contains("--clear:1:3:"));
    CHECK_THROWS_WITH(vertex_assets_of("", "--clear", network), Contains("vertex=assets"));
}

TEST_CASE("Assets that belong to nobody or can't be are refused together") {
    const Network network = read("Medici,Strozzi,1\n").network;
    try {
        static_cast<void>(parse_vertex_assets("Medci,1\nStrozzi,-2\nStrozzi,x\nMedici\n", "x.csv", network));
        FAIL("these assets can't be read");
    } catch (const ScenarioError& error) {
        REQUIRE(error.problems().size() == 5);
        CHECK(error.problems()[0].nearest == "Medici");
        CHECK(error.problems()[1].position == SourcePosition{.file = "x.csv", .line = 2, .column = 9});
        CHECK_THAT(error.problems()[2].message, Contains("'Strozzi' is there twice"));
        CHECK(error.problems()[3].value == "x");
        CHECK_THAT(error.problems()[4].message, Contains("1 field"));
    }
}
