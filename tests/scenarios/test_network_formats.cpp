// Networks in the formats of others: each is understood as a whole or refused, and never becomes another
// network. The values are small enough to be checked by hand; strengths of the first network, 3, 2, 8 and 5,
// are also those of networkx.
#include "scenarios/network/network_file.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

NetworkReading read(const std::string& text, const NetworkOptions& options = {},
                    const std::string& name = "net.txt") {
    NetworkReading reading = parse_network(text, name, options);
    expect_sound(reading.network);
    return reading;
}

std::vector<Problem> problems_of(const std::string& text, const NetworkOptions& options = {},
                                 const std::string& name = "net.txt") {
    try {
        static_cast<void>(parse_network(text, name, options));
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    return {};
}

Problem only_problem_of(const std::string& text, const NetworkOptions& options = {},
                        const std::string& name = "net.txt") {
    const std::vector<Problem> problems = problems_of(text, options, name);
    INFO(text);
    REQUIRE(problems.size() == 1);
    return problems.front();
}

// Empty, or blanks that nobody can see.
constexpr const char* nameless = "a vertex without a name";

// A triangle of 1, 2 and 3, and 4 at 3.
void check_first_network(const NetworkReading& reading, const std::vector<std::string>& names) {
    CHECK(reading.network.names == names);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {0, 2, 2}, {1, 2, 1}, {2, 3, 5}});
    CHECK(reading.weighted);
    CHECK_FALSE(reading.network.directed);
}

const std::vector<std::string> from_one = {"1", "2", "3", "4"};
const std::vector<std::string> from_zero = {"0", "1", "2", "3"};
const std::vector<NetworkEdge> triangle = {{0, 1, 1}, {0, 2, 1}, {1, 2, 1}};

}  // namespace

TEST_CASE("A list of KONECT is read by what its first line says") {
    const std::string edges = "1 2 1\n1 3 2\n2 3 1\n3 4 5\n";
    const NetworkReading reading = read("% sym positive\n% 4 4 4\n" + edges);
    check_first_network(reading, from_one);
    CHECK_THAT(reading.understood, Contains("KONECT, sym positive"));
    CHECK(read("% asym unweighted\n1 2\n2 3\n").network.directed);
    CHECK_FALSE(read("% sym unweighted\n1 2 1 1082008561\n2 3 1 1082008562\n").weighted);
    CHECK_THAT(only_problem_of("% bip unweighted\n1 1\n1 2\n").message, Contains("bipartite"));
}

TEST_CASE("A list of networkx has its attributes in dictionaries") {
    check_first_network(read("0 1 {'weight': 1.0, 'kind': 'a'}\n0 2 {'weight': 2.0, 'kind': 'b'}\n"
                             "1 2 {'weight': 1.0, 'kind': 'a'}\n2 3 {'weight': 5.0, 'kind': 'b'}\n"),
                        from_zero);
    check_first_network(read("0,1,{'weight': 1}\n0,2,{'w': [1, {2: 3}], 'weight': 2}\n"
                             "1,2,{\"it's\": 'a}b', 'weight': 1}\n2,3,{'weight': 5, 'x': None}\n"),
                        from_zero);
    CHECK(read("a b {}\nb c {}\n").understood
          == "networkx's list with dictionaries; 2 edges, unweighted, undirected");
    CHECK(read("a b {'cost': 2.5}\n", {.weight = "cost"}).network.edges
          == std::vector<NetworkEdge>{{0, 1, 2.5}});
    CHECK_THAT(only_problem_of("a b {'cost': 2.5}\n", {.weight = "csot"}).nearest, Contains("cost"));
    CHECK(only_problem_of("a b {'weight': 1}\nb c {}\n").position.line == 2);
    CHECK(only_problem_of("a b {'weight': 1}\nb c {'weight' 1}\n").position.column == 5);
    CHECK(only_problem_of("a b {'weight': 'x'}\nb c {'weight': 1}\n").position.column == 16);
    CHECK_THAT(only_problem_of("a b c {}\n").message, Contains("3 names"));
}

TEST_CASE("Headers are known by the names that other programs write") {
    for (const std::string header :
         {"node_1,node_2", "FromNodeId,ToNodeId", "source,target", "Source,Target", "from,to", "src,dst",
          "u,v", "i,j", "V1,V2", ":START_ID,:END_ID", "_start,_end", ":START_ID(Person),:END_ID(Person)",
          "Source Node,Target Node", "protein1,protein2", "from_id,to_id", "\"x\",\"y\"",
          "source_id,target_id", "person_a,person_b"}) {
        INFO(header);
        const NetworkReading reading = read(header + "\n0,1\n0,2\n1,2\n");
        CHECK(reading.network.edges == triangle);
        CHECK_FALSE(reading.weighted);
    }
    // In another order than source, target, weight.
    const NetworkReading by_name =
        read("id,weight,target,source\n7,1,1,0\n8,2,2,0\n9,3,2,1\n", {.directed = true});
    CHECK(by_name.network.names == std::vector<std::string>{"0", "1", "2"});
    CHECK(by_name.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {0, 2, 2}, {1, 2, 3}});
    CHECK(read("id,source,target\n0,a,b\n1,b,c\n2,c,d\n3,d,a\n").understood
          == "header: id ignored, source, target; 4 edges, unweighted, undirected");
    // Who owes is the source, wherever the column stands.
    const NetworkReading debts = read("lender,borrower,amount\nbank,firm,5\n", {.obligations = true});
    CHECK(name_of(debts.network, debts.network.edges.front().source) == "firm");
}

TEST_CASE("A header of other words is known by the numbers below it") {
    const NetworkReading reading = read("person,friend\n0,1\n0,2\n1,2\n");
    CHECK(reading.network.edges == triangle);
    CHECK_THAT(reading.understood, Contains("header: person as source, friend as target"));
    const NetworkReading asked =
        read("id,person,friend\n7,0,1\n8,0,2\n9,1,2\n", {.weight = "none", .header = HeaderRow::yes});
    CHECK(asked.network.edges == triangle);
}

TEST_CASE("A header without one of the ends, or of vertices, is refused") {
    CHECK_THAT(only_problem_of("source,id\na,b\n").message, Contains("without a column for the other end"));
    CHECK_THAT(only_problem_of("Id,Label\n1,Ann\n2,Bob\n").message, Contains("a table of vertices"));
    CHECK(problems_of("source,target,weight\na,b,1\na,c\n").size() == 1);
    CHECK(problems_of("source,target,weight\na,b,1,5\n").size() == 1);  // a decimal comma
}

TEST_CASE("The table of Gephi's edges says which have a direction") {
    const std::string header = "Source,Target,Type,Id,Label,timeset,Weight\n";
    const auto rows = [](const std::string& type, const std::string& last) {
        return "1,2," + type + ",0,,,1.0\n1,3," + type + ",1,,,2.0\n2,3," + type + ",2,,,1.0\n3,4," + last
               + ",3,,,5.0\n";
    };
    const NetworkReading reading = read(header + rows("Undirected", "Undirected"));
    check_first_network(reading, from_one);
    CHECK_THAT(reading.understood, Contains("Type as direction") && Contains("timeset ignored"));
    CHECK(read(header + rows("Directed", "Directed")).network.directed);
    const NetworkReading mixed = read(header + rows("Directed", "Undirected"));
    CHECK(mixed.network.directed);
    CHECK(mixed.network.edges.size() == 5);
    CHECK_THAT(mixed.understood, Contains("1 edge without a direction, the first in line 5"));
    CHECK_THAT(only_problem_of(header + rows("Undirected", "Undirected"), {.directed = true}).message,
               Contains("no direction"));
}

TEST_CASE("A type of Gephi's that is neither directed nor undirected is refused where others are one") {
    const auto list = [](const std::string& last) {
        return "Source,Target,Type\nA,B,Directed\nB,C,undirected\nC,D," + last + "\n";
    };
    for (const std::string odd : {"Mutual", "", "-", "Bogus"}) {
        const Problem problem = only_problem_of(list(odd));
        CHECK(problem.position == SourcePosition{.file = "net.txt", .line = 4, .column = 5});
        CHECK_THAT(problem.message, Contains("the type of an edge is '" + odd + "', in column 3"));
        CHECK(problem.value == odd);
        CHECK(problem.legal == "Directed, Undirected");
    }
    CHECK(only_problem_of(list("Direced")).nearest == "Directed");
    CHECK(only_problem_of("Source,Target,Type\nA,B,Directed\nB,C,Directed\nC,D,Mutual\n").value == "Mutual");
    const NetworkReading reading = read(list("DIRECTED"));
    CHECK(reading.network.directed);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {1, 2, 1}, {2, 1, 1}, {2, 3, 1}});
    // A column of other types says nothing of it.
    const NetworkReading kinds = read("Source,Target,Type\nA,B,friend\nB,C,\n");
    CHECK_FALSE(kinds.network.directed);
    CHECK_THAT(kinds.understood, Contains("Type ignored"));
    CHECK_THAT(only_problem_of("Source,Target,Type,EdgeType\nA,B,Directed,Undirected\n").message,
               Contains("'EdgeType' says which edges have a direction, and so does a column before it"));
}

TEST_CASE("A weight out of the range in which sums and products stay numbers is refused in every format") {
    const auto check = [](const std::string& before, const std::string& behind, const std::string& name) {
        INFO(before);
        for (const std::string weight : {"1e308", "-2e100", "1e-320", "1e-400", "-1e-101", "0.0e5000"}) {
            const std::vector<Problem> problems = problems_of(before + weight + behind, {}, name);
            if (weight == "0.0e5000") {
                CHECK(problems.empty());
                continue;
            }
            REQUIRE(problems.size() == 1);
            const bool is_far = weight == "1e308" || weight == "-2e100";
            CHECK(problems.front().message
                  == "the weight '" + weight + "' is too " + (is_far ? "far from 0" : "near to 0"));
            CHECK(problems.front().value == weight);
            CHECK(problems.front().legal == "0, or from 1e-100 to 1e100 (with either sign)");
            CHECK(problems.front().position.line >= 1);
        }
        for (const std::string weight : {"1e100", "-1e100", "1e-100", "0", "0e-400"})
            CHECK(problems_of(before + weight + behind, {}, name).empty());
    };
    check("a,b,1\nb,c,", "\n", "net.txt");
    check(",A,B,C\nA,0,1,0\nB,0,0,1\nC,", ",0,0\n", "net.txt");
    check("a b {'weight': ", "}\n", "net.txt");
    check("% sym weighted\n1 2 ", "\n", "net.txt");
    check("*Vertices 2\n*Edges\n1 2 ", "\n", "net.txt");
    check("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 ", "\n", "net.txt");
    check("graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 weight ", " ] ]", "net.txt");
    check(R"(<graphml><key id="w" for="edge" attr.name="weight" attr.type="double"/>)"
          R"(<graph edgedefault="undirected"><node id="a"/><node id="b"/><edge source="a" target="b">)"
          R"(<data key="w">)",
          "</data></edge></graph></graphml>", "net.txt");
    CHECK(only_problem_of("a,b,1\nb,c,1e308\n").position
          == SourcePosition{.file = "net.txt", .line = 2, .column = 5});
    CHECK(only_problem_of("a,b,1\nb,c,inf\n").legal == "a finite number, such as 2.5");
    const NetworkReading reading = read("a,b,1\n");
    CHECK(parse_vertex_assets("a,1e100\nb,1e-100,0\n", "assets.csv", reading.network).assets
          == std::vector<double>{1e100, 1e-100});
    try {
        static_cast<void>(parse_vertex_assets("a,1e101\nb,3,1e-400\n", "assets.csv", reading.network));
        FAIL("the assets were read");
    } catch (const ScenarioError& error) {
        REQUIRE(error.problems().size() == 2);
        CHECK(error.problems()[0].message == "the assets are '1e101': too far from 0");
        CHECK(error.problems()[0].legal == "0, or from 1e-100 to 1e100");
        CHECK(error.problems()[1].message == "the senior debt is '1e-400': too near to 0");
        CHECK(error.problems()[1].position == SourcePosition{.file = "assets.csv", .line = 2, .column = 5});
    }
}

TEST_CASE("A list of SNAP has its header and its direction in comments") {
    const NetworkReading reading = read(
        "# Directed graph (each unordered pair of nodes is saved once): web.txt\n"
        "# Nodes: 3 Edges: 3\n# FromNodeId\tToNodeId\n0\t1\n0\t2\n1\t2\n");
    CHECK(reading.network.directed);
    CHECK(reading.network.edges == triangle);
    CHECK_THAT(
        reading.understood,
        Contains(
            "header in a comment: FromNodeId as source, ToNodeId as target; 3 edges, unweighted, directed"));
    CHECK_FALSE(read("# Undirected graph: x.txt\n0\t1\n0\t2\n").network.directed);
}

TEST_CASE("A name may begin with #, and what is a comment shows") {
    const NetworkReading tags = read("#ai,ml,3\n#data,ml,2\nml,#ai,1\nml,python,4\n");
    CHECK(tags.network.names == std::vector<std::string>{"#ai", "ml", "#data", "python"});
    CHECK(tags.network.edges == std::vector<NetworkEdge>{{0, 1, 3}, {2, 1, 2}, {1, 0, 1}, {1, 3, 4}});
    CHECK_THAT(tags.understood, Contains("2 lines with # at the beginning of a name"));
    const NetworkReading passed = read("#ai,ml,3\n#data,ml,2\nml,#ai,1\nml,python,4\n", {.comment = "#"});
    CHECK(passed.network.edges.size() == 2);
    CHECK_THAT(passed.understood, Contains("2 lines of comment"));
    CHECK(read("#a,#b\n#b,#c\n").network.edges.size() == 2);
    CHECK(read("# a b\nc d\n").network.edges.size() == 1);
    CHECK(read("# b\nc d\n", {.comment = "none"}).network.edges.size() == 2);
    CHECK(read("#tags and weights\n#ai,ml,3\nx,y,2\n").network.edges.size() == 2);
    CHECK(read("#source\ttarget\na\tb\n").network.edges.size() == 1);
    CHECK(read("a,b,1\n#end\n").network.edges.size() == 1);
    CHECK_THAT(only_problem_of("a,b,1\n#c,d\n").legal, Contains("source,target"));
}

TEST_CASE("An adjacency matrix with names is the network that it describes") {
    const NetworkReading directed = read(";A;B\nA;0;4.3\nB;1.4;0\n");
    CHECK(directed.network.directed);
    CHECK(directed.network.names == std::vector<std::string>{"A", "B"});
    CHECK(directed.network.edges == std::vector<NetworkEdge>{{0, 1, 4.3}, {1, 0, 1.4}});
    CHECK(directed.understood == "adjacency matrix of 2 names; 2 edges, weighted, directed");
    // As write.table of R writes it: without a corner.
    const NetworkReading symmetric = read("\"A\" \"B\" \"C\"\n\"A\" 0 1 1\n\"B\" 1 0 1\n\"C\" 1 1 0\n");
    CHECK(symmetric.network.edges == triangle);
    CHECK_FALSE(symmetric.weighted);
    CHECK_FALSE(symmetric.network.directed);
    CHECK(read(",A,B\nB,2,\nA,,3\n", {.loops = LoopEdges::refuse}).network.edges
          == std::vector<NetworkEdge>{{1, 0, 2}, {0, 1, 3}});
    CHECK(only_problem_of(",A,B\nA,0,x\nB,1,0\n").position.column == 5);
    CHECK_THAT(only_problem_of(",A,B\nA,1,2\nB,2,0\n").message, Contains("'A' to itself"));
    CHECK_THAT(only_problem_of("0,1,2\n1,0,5\n2,3,0\n").message, Contains("or a list of edges"));
    CHECK_THAT(only_problem_of("0 1 0 1\n1 0 1 0\n0 1 0 1\n1 0 1 0\n").message,
               Contains("an adjacency matrix?"));
    CHECK_THAT(only_problem_of(",P,Q\nA,1,0\nB,0,1\n").message, Contains("empty field"));
}

TEST_CASE("A list of whole numbers that looks like a matrix is read as what options say") {
    const std::string list = "1,2,3\n2,3,4\n3,4,5\n";
    const Problem problem = only_problem_of(list);
    CHECK_THAT(problem.message, Contains("or a list of edges"));
    CHECK(problem.legal
          == "--header no for a list of edges; --header yes, or an empty field in the corner, for a matrix");
    for (const std::string weight : {"", "3"}) {
        const NetworkReading reading = read(list, {.weight = weight, .header = HeaderRow::no});
        CHECK(reading.network.names == from_one);
        CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 3}, {1, 2, 4}, {2, 3, 5}});
        CHECK(reading.weighted);
        CHECK(reading.understood
              == "no header: columns 1 and 2 are ends, column 3 the weight; 3 edges, weighted, undirected");
    }
    CHECK_FALSE(read(list, {.weight = "none", .header = HeaderRow::no}).weighted);
    const NetworkReading matrix = read(list, {.loops = LoopEdges::drop, .header = HeaderRow::yes});
    CHECK(matrix.network.names == std::vector<std::string>{"2", "3"});
    CHECK(matrix.network.edges == std::vector<NetworkEdge>{{0, 1, 4}});
    // A matrix with names can't be without a header.
    for (const std::string text :
         {";A;B\nA;0;4.3\nB;1.4;0\n", "x;A;B\nA;0;4.3\nB;1.4;0\n", "A B C\nA 0 1 1\nB 1 0 1\nC 1 1 0\n"}) {
        const Problem without = only_problem_of(text, {.header = HeaderRow::no});
        CHECK_THAT(without.message,
                   Contains("--header no: the first line has the names of an adjacency matrix"));
        CHECK(without.legal == "--header yes, or no --header");
        CHECK(without.position.line == 1);
    }
    CHECK(read("x,1,2\n1,5,4\n2,3,9\n", {.header = HeaderRow::no}).network.edges
          == std::vector<NetworkEdge>{{0, 1, 2}, {1, 2, 4}, {3, 4, 9}});
}

TEST_CASE("A column of weights or a header is not asked for where columns have no names") {
    const auto check = [](const std::string& text, const std::string& format, const std::string& name) {
        const Problem problem = only_problem_of(text, {.weight = "cost"}, name);
        CHECK(problem.message == "--weight 'cost': " + format + " has no columns or attributes with names");
        CHECK(problem.value == "cost");
        CHECK_THAT(problem.legal, Contains("none"));
        CHECK_FALSE(read(text, {.weight = "none"}, name).weighted);
    };
    check(";A;B\nA;0;4.3\nB;1.4;0\n", "an adjacency matrix", "net.txt");
    check("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 5\n", "the Matrix Market's format",
          "net.txt");
    check("% sym positive\n1 2 5\n2 3 4\n", "a list of KONECT", "net.txt");
    check("a pp b c\n", "Cytoscape's list of interactions", "net.sif");
    check("*Vertices 2\n*Edges\n1 2 5\n", "Pajek's format", "net.txt");
    const std::string konect = "% sym positive\n1 2 5\n2 3 4\n";
    CHECK(read(konect, {.weight = "3"}).network.edges == std::vector<NetworkEdge>{{0, 1, 5}, {1, 2, 4}});
    CHECK_THAT(only_problem_of(konect, {.header = HeaderRow::yes}).message,
               Contains("--header yes: a list of KONECT"));
    CHECK(read(konect, {.header = HeaderRow::no}).network.edges.size() == 2);
    CHECK_THAT(only_problem_of("a b {'weight': 1}\n", {.header = HeaderRow::yes}).message,
               Contains("--header yes: networkx's list"));
}

TEST_CASE("A key that is there twice is refused rather than read once") {
    const auto gml = [](const std::string& node, const std::string& edge) {
        return "graph [ directed 1\nnode [ id 0 " + node + " ]\nnode [ id 1 ]\nedge [ source 0 target 1 "
               + edge + " ]\n]\n";
    };
    const auto check = [](const std::string& text, const std::string& message, int line, int column) {
        INFO(text);
        const Problem problem = only_problem_of(text);
        CHECK_THAT(problem.message, Contains(message));
        CHECK(problem.position == SourcePosition{.file = "net.txt", .line = line, .column = column});
    };
    check("graph [ directed 1\ndirected 0\nnode [ id 0 ] node [ id 1 ] edge [ source 0 target 1 ] ]",
          "directed is there twice", 2, 10);
    check(gml("label \"a\" label \"b\"", ""), "'label' is there twice in a node", 2, 23);
    check(gml("", "weight 3 weight 4"), "'weight' is there twice in an edge", 4, 35);
    check(gml("", "Target 1"), "'Target' is there twice in an edge", 4, 26);
    check(gml("", "value 1 value 1"), "'value' is there twice in an edge", 4, 34);
    // Lists, as networkx writes them, are nobody's weights.
    CHECK(read(gml("weight 1 weight 2 kind 1 kind 2", "kind 1 kind 2 label \"x\" label \"y\"")).network.edges
          == std::vector<NetworkEdge>{{0, 1, 1}});
    check("*Vertices 2\n1 \"a\"\n1 \"b\"\n*Edges\n1 2\n", "the vertex 1 is there twice", 3, 1);
    check("*Vertices 2\n1 \"a\"\n2 \"b\n*Edges\n1 2\n", "the quotes are not closed in this line", 3, 3);
    check("a b {'weight': 3, \"weight\": 4}\n", "the key 'weight' is there twice in a dictionary", 1, 19);
    check("a b {'weight': 3, 'k': 4, 'k': 4}\n", "the key 'k' is there twice in a dictionary", 1, 27);
}

TEST_CASE("A network of Pajek has arcs with a direction and edges without") {
    const std::string vertices = "*Vertices 4\n1 \"Ann Lee\" 0.1 0.2 0.5\n2 Bob\n3 \"Eve\"\n4 \"Dan\"\n";
    const NetworkReading undirected =
        read("% from a book\r\n" + vertices + "*Edges\n1 2 1\n1 3 2.0 c Blue\n2 3 1\n3 4 5\n");
    check_first_network(undirected, {"Ann Lee", "Bob", "Eve", "Dan"});
    const NetworkReading mixed =
        read("*Network N\n" + vertices + "*Arcs\n1 2\n*Edges\n3 4\n*arcslist\n2 3 4\n");
    CHECK(mixed.network.directed);
    CHECK(mixed.network.edges
          == std::vector<NetworkEdge>{{0, 1, 1}, {2, 3, 1}, {3, 2, 1}, {1, 2, 1}, {1, 3, 1}});
    CHECK(read("*Vertices 2\n*Edges\n1 2\n").network.names == std::vector<std::string>{"1", "2"});
    CHECK(only_problem_of("*Vertices 2\n*Edges\n1 3\n").position
          == SourcePosition{.file = "net.txt", .line = 3, .column = 3});
    CHECK_THAT(only_problem_of("*Vertices 2\n*Matrix\n0 1\n1 0\n").message,
               Contains("'*Matrix' of Pajek's format is not read"));
    CHECK_THAT(only_problem_of("*Vertices 3\n*Edges :1\n1 2\n*Edges :2\n2 3\n").message,
               Contains("a second relation"));
}

TEST_CASE("A graph in GML is the network that it describes") {
    const std::string text = R"(Creator "Mark Newman"
graph
[
  directed 0
  node [ id 1 label "Ann &amp; Co" graphics [ x 1.0 y 2.0 ] ]
  node [ id 2 label "Bob" ]  # a comment
  node [ id 3 label "Eve" ]
  node [ id 4 label "Dan" ]
  edge [ source 1 target 2 value 1 ]
  edge [ source 1 target 3 value 2 ]
  edge [ source 2 target 3 value 1 ]
  edge [ source 3 target 4 value 5 ]
]
)";
    const NetworkReading reading = read(text);
    check_first_network(reading, {"Ann & Co", "Bob", "Eve", "Dan"});
    CHECK_THAT(reading.understood, Contains("GML: value as weight"));
    CHECK(read("graph [ directed 1 node [ id 0 ] node [ id 1 ] edge [ source 1 target 0 ] ]").network.edges
          == std::vector<NetworkEdge>{{1, 0, 1}});
    CHECK(only_problem_of("graph [\nnode [ id 0 ]\nedge [ source 0 target 7 ] ]").position.line == 3);
    CHECK_THAT(only_problem_of("graph [ node [ id 0 ]").message, Contains("not closed"));
    CHECK_THAT(only_problem_of("graph [ node [ id 0 label \"x ] ]").message, Contains("not closed"));
    CHECK_THAT(only_problem_of("graph [ node [ id 0 ] node [ id 0 ] ]").message, Contains("there twice"));
}

TEST_CASE("A matrix in coordinates of the Matrix Market is a network of its indices") {
    const NetworkReading reading = read(
        "%%MatrixMarket matrix coordinate real symmetric\n% comment\n4 4 4\n2 1 1\n3 1 2\n3 2 1\n4 3 5\n");
    CHECK(reading.network.names == from_one);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{1, 0, 1}, {2, 0, 2}, {2, 1, 1}, {3, 2, 5}});
    CHECK_FALSE(reading.network.directed);
    const NetworkReading pattern = read("%%MatrixMarket matrix coordinate pattern general\n3 3 1\n1 3\n");
    CHECK(pattern.network.vertices == 3);
    CHECK(pattern.network.directed);
    CHECK_FALSE(pattern.weighted);
    CHECK_THAT(only_problem_of("%%MatrixMarket matrix coordinate pattern general\n3 4 1\n1 3\n").message,
               Contains("not square"));
    CHECK_THAT(only_problem_of("%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 3\n").message,
               Contains("says that it has 2"));
    CHECK_THAT(only_problem_of("%%MatrixMarket matrix array real general\n1 1\n2\n").message,
               Contains("dense"));
}

TEST_CASE("Interactions of Cytoscape go from their sources to their targets") {
    const NetworkReading reading = read("a pp b c\nb pd c\nalone\n", {}, "x.sif");
    CHECK(reading.network.names == std::vector<std::string>{"a", "b", "c", "alone"});
    CHECK(reading.network.edges == triangle);
    CHECK(read("Ann Lee\tknows\tBob\n", {}, "x.sif").network.names.front() == "Ann Lee");
    // Tabs at the end of a line, with which spreadsheets fill it up, are no vertices without a name.
    const NetworkReading filled = read("a\tpp\tb\t\t\nc\t\t\t\nb\tpp\tc\t\n", {}, "x.sif");
    CHECK(filled.network.names == std::vector<std::string>{"a", "b", "c"});
    CHECK(filled.network.edges == std::vector<NetworkEdge>{{0, 1, 1}, {1, 2, 1}});
    CHECK_THAT(only_problem_of("a\tpp\t\n", {}, "x.sif").message, Contains("without a target"));
    const Problem between = only_problem_of("a\tpp\tb\t\tc\n", {}, "x.sif");
    CHECK(between.message == nameless);
    CHECK(between.position == SourcePosition{.file = "x.sif", .line = 1, .column = 8});
    CHECK(only_problem_of("\tpp\tb\n", {}, "x.sif").message == nameless);
    CHECK(only_problem_of("a pp\n", {}, "x.sif").position.line == 1);
    // The same without its name is no list of edges.
    CHECK_THAT(only_problem_of("a pp b\nb pd c\n").legal, Contains(".sif"));
}

TEST_CASE("Formats that are not read are refused by their names") {
    const std::vector<std::pair<std::string, std::string>> formats = {
        {"{\"nodes\": []}", "JSON"},
        {"digraph G {\n a -> b\n}", "Graphviz"},
        {"graph{a--b}", "Graphviz"},
        {"dl n=2\nformat=edgelist1\ndata:\n1 2\n", "UCINET"},
        {"nodedef>name VARCHAR\na\nedgedef>node1,node2\na,b\n", "GUESS"},
        {"@nodes\nlabel\n1\n@arcs\n", "LEMON"},
        {"LEDA.GRAPH\nstring\n", "LEDA"},
        {"c a comment\np edge 2 1\ne 1 2\n", "DIMACS"},
        {"# a\nb 1.0\n# b\nc 2.0\n", "LGL"},
        {"# a\nb\n# b\nc\n", "LGL"},
        {"1 a\n2 b\n#\n1 2\n", "Trivial Graph Format"},
        {"#script.py\n# GMT Thu\n#\na b\nb c\n", "adjacency list of networkx"},
        {"<gexf/>", "GEXF"}};
    for (const auto& [text, name] : formats) {
        INFO(text);
        CHECK_THAT(only_problem_of(text).message, Contains(name));
    }
}

TEST_CASE("A table that would be another network is refused") {
    CHECK_THAT(only_problem_of("a 1.5\nb 2.0\n").message, Contains("numbers with a point"));
    CHECK_THAT(only_problem_of("a b 1,5\nb c 2,5\n").message, Contains("decimal comma"));
    CHECK_THAT(only_problem_of("a b x\nb c y\n").message, Contains("holds no weights"));
    CHECK(problems_of("a b c d\nb d\nc\n").size() >= 1);  // an adjacency list
    CHECK(read("a b x\nb c y\n", {.weight = "none"}).network.edges.size() == 2);
}

TEST_CASE("The column of weights may be named, and is asked for where it doesn't show") {
    const std::string text = "source,target,flow,year\na,b,2,1990\nb,c,3,1991\n";
    const Problem asked = only_problem_of(text);
    CHECK_THAT(asked.message, Contains("'flow'"));
    CHECK_THAT(asked.legal, Contains("--weight flow") && Contains("--weight none"));
    CHECK(read(text, {.weight = "Flow"}).network.edges == std::vector<NetworkEdge>{{0, 1, 2}, {1, 2, 3}});
    CHECK_FALSE(read(text, {.weight = "none"}).weighted);
    CHECK(read(text, {.weight = "year"}).network.edges.front().weight == 1990);
    CHECK(only_problem_of(text, {.weight = "flwo"}).nearest == "flow");
    CHECK(read("a b 7 2\n", {.weight = "4"}).network.edges.front().weight == 2);
    CHECK_THAT(only_problem_of("source,target,count,score\na,b,1,2\n").legal,
               Contains("--weight count, --weight score"));
    CHECK_FALSE(read("source,target,weight\na,b,\nb,c,\n").weighted);
    CHECK_THAT(only_problem_of(text, {.weight = "source"}).message, Contains("an end of the edges"));
}

TEST_CASE("Parallel edges and loops become what is asked for") {
    const std::string text = "a,b,1\nb,a,4\na,b,2\nb,c,1\nc,c,9\n";
    CHECK(problems_of(text).size() == 3);
    const auto edges = [&](ParallelEdges parallel) {
        return read(text, {.parallel = parallel, .loops = LoopEdges::drop}).network.edges;
    };
    CHECK(edges(ParallelEdges::sum) == std::vector<NetworkEdge>{{0, 1, 7}, {1, 2, 1}});
    CHECK(edges(ParallelEdges::max) == std::vector<NetworkEdge>{{0, 1, 4}, {1, 2, 1}});
    CHECK(edges(ParallelEdges::first) == std::vector<NetworkEdge>{{0, 1, 1}, {1, 2, 1}});
    const NetworkReading directed =
        read(text, {.directed = true, .parallel = ParallelEdges::sum, .loops = LoopEdges::drop});
    CHECK(directed.network.edges == std::vector<NetworkEdge>{{0, 1, 3}, {1, 0, 4}, {1, 2, 1}});
    CHECK_THAT(directed.understood, Contains("1 loop dropped; 1 parallel edge added"));
    // Without weights the sum counts edges.
    const std::string twice =
        R"(<graphml><graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>)"
        R"(<edge source="a" target="b"/><edge source="a" target="b"/><edge source="b" target="c"/></graph></graphml>)";
    const NetworkReading counted = read(twice, {.parallel = ParallelEdges::sum});
    CHECK(counted.weighted);
    CHECK(counted.network.edges == std::vector<NetworkEdge>{{0, 1, 2}, {1, 2, 1}});
    CHECK_FALSE(read(twice, {.parallel = ParallelEdges::first}).weighted);
    CHECK_THAT(only_problem_of(twice).legal, Contains("--parallel sum, max or first"));
    // Debts add up.
    CHECK(read("a,b,4\na,b,3\nb,a,1\n", {.obligations = true}).network.edges
          == std::vector<NetworkEdge>{{0, 1, 7}, {1, 0, 1}});
    CHECK(problems_of("a,b,4\na,b,3\n", {.obligations = true, .parallel = ParallelEdges::refuse}).size()
          == 1);
}

TEST_CASE("Edges in both orders that weigh differently have a direction") {
    const NetworkReading reading = read("a,b,3\nb,a,1\nb,c,2\nc,b,2\n");
    CHECK(reading.network.directed);
    CHECK(reading.network.edges == std::vector<NetworkEdge>{{0, 1, 3}, {1, 0, 1}, {1, 2, 2}, {2, 1, 2}});
    CHECK_THAT(reading.understood, Contains("weighted, directed; edges have a direction, since 2 pairs"));
    CHECK(problems_of("a,b,3\nb,a,3\n").size() == 1);         // one edge twice, or two
    CHECK(problems_of("a,b,3\nb,a,1\na,b,3\n").size() == 2);  // as arcs too, one is there twice
    CHECK_FALSE(read("a,b,3\nb,a,1\n", {.parallel = ParallelEdges::max}).network.directed);
    CHECK(problems_of("% sym positive\n1 2 3\n2 1 1\n").size() == 1);
}

TEST_CASE("Tables in UTF-16 are read, and names that would steer a terminal are not") {
    std::string bytes = "\xFF\xFE";
    for (const char c : std::string("source,target\n0,1\n0,2\n1,2\n")) {
        bytes += c;
        bytes += '\0';
    }
    CHECK(read(bytes).network.edges == triangle);
    const Problem problem = only_problem_of("a,b,1\na,c\xEF\xBF\xBE,1\n");
    CHECK(problem.position == SourcePosition{.file = "net.txt", .line = 2, .column = 3});
    CHECK_THAT(problem.message, Contains("U+FFFE"));
    CHECK_THAT(only_problem_of("a\xC2\x9B,b,1\n").message, Contains("U+009B"));
    CHECK_THAT(only_problem_of("a,\xE2\x80\xAE"
                               "b,1\n")
                   .message,
               Contains("U+202E"));
    CHECK_THAT(only_problem_of("\"a\tb\",c,1\n").message, Contains("U+0009"));
    CHECK_THAT(only_problem_of("a\x1B[31m,b,1\n").message, Contains("character 0x1b"));
    CHECK_THAT(only_problem_of("source,target,x\xC2\x9B\na,b,c\n").message, Contains("U+009B"));
}

TEST_CASE("Where each edge is written is told where it is asked for") {
    const NetworkReading reading = read("source,target\n\na,b\n  b,c\n", {.with_places = true});
    REQUIRE(reading.places.size() == 2);
    CHECK(reading.places[0].line == 3);
    CHECK(reading.places[1].line == 4);
    CHECK(reading.places[1].column == 3);
}

TEST_CASE("A pipe is refused as a network before anybody waits for it") {
    const test::TemporaryFolder folder;
    const auto pipe = folder.path() / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(load_network(pipe), Contains("is not a regular file"));
    CHECK_THROWS_WITH(load_network("/dev/null"), Contains("is not a regular file"));
    CHECK_THROWS_WITH(load_vertex_assets(pipe, {}), Contains("is not a regular file"));
}

TEST_CASE("Where other programs read a file otherwise, it is read as its format says") {
    const auto graphml = [](const std::string& keys, const std::string& graph, const std::string& edges) {
        return "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">" + keys + "<graph " + graph
               + "><node id=\"a\"/><node id=\"b\"/><node id=\"c\"/>" + edges + "</graph></graphml>";
    };
    const std::vector<NetworkEdge> both = {{0, 1, 2.5}, {1, 2, 4}};
    // A default is a number as its key is.
    CHECK(read(graphml("<key id=\"w\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\">"
                       "<default>2.5</default></key>",
                       "edgedefault=\"undirected\"",
                       "<edge source=\"a\" target=\"b\"/>"
                       "<edge source=\"b\" target=\"c\"><data key=\"w\">4</data></edge>"),
               {}, "net.graphml")
              .network.edges
          == both);
    // Two keys may have one name, for whole numbers and for others.
    CHECK(read(graphml("<key id=\"i\" for=\"edge\" attr.name=\"weight\" attr.type=\"int\"/>"
                       "<key id=\"d\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>",
                       "edgedefault=\"undirected\"",
                       "<edge source=\"a\" target=\"b\"><data key=\"d\">2.5</data></edge>"
                       "<edge source=\"b\" target=\"c\"><data key=\"i\">4</data></edge>"),
               {}, "net.graphml")
              .network.edges
          == both);
    // What an edge says of its direction goes before what is said of all.
    CHECK_FALSE(read(graphml("", "edgedefault=\"directed\"",
                             "<edge source=\"a\" target=\"b\" directed=\"false\"/>"
                             "<edge source=\"b\" target=\"c\" directed=\"false\"/>"),
                     {}, "net.graphml")
                    .network.directed);
    // In Pajek's *Arcslist all numbers are vertices, and the order of the sections means nothing.
    const std::string vertices = "*Vertices 4\n1 a\n2 b\n3 c\n4 d\n";
    CHECK(read(vertices + "*Arcslist\n1 2 3 4\n").network.edges
          == std::vector<NetworkEdge>{{0, 1, 1}, {0, 2, 1}, {0, 3, 1}});
    CHECK(read(vertices + "*Arcs\n2 3 5\n*Edges\n1 2 2\n").network.edges
          == std::vector<NetworkEdge>{{1, 2, 5}, {0, 1, 2}, {1, 0, 2}});
    CHECK(read(vertices + "*Edges\n1 2 2\n*Arcs\n2 3 5\n").network.edges
          == std::vector<NetworkEdge>{{0, 1, 2}, {1, 0, 2}, {1, 2, 5}});
    // Numbers of GML may have nothing behind their point, and stand in quotes.
    for (const auto& [written, weight] : {std::pair{"1.E+16", 1e16}, {"\"7.5\"", 7.5}})
        CHECK(read("graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight "
                   + std::string(written) + " ] ]")
                  .network.edges
              == std::vector<NetworkEdge>{{0, 1, weight}});
}

TEST_CASE("No vertex is without a name, whatever the format") {
    CHECK(only_problem_of("a,\" \"\nb,a\n").message == nameless);
    CHECK(only_problem_of("\" \",b,1\nb,c,2\n").position == SourcePosition{"net.txt", 1, 1});
    CHECK(only_problem_of("x,\"  \",b\n\"  \",0,1\nb,1,0\n").message == nameless);
    CHECK(only_problem_of("graph [ node [ id \"\" ] node [ id 1 ] ]").message == "a node without an id");
    // Where a format has numbers or ids besides, these are the names.
    const NetworkReading pajek = read("*Vertices 2\n1 \" \"\n2 \"b\"\n*Edges\n1 2\n");
    CHECK(pajek.network.names == std::vector<std::string>{"1", "b"});
    const NetworkReading gml = read("graph [ node [ id 7 label \" \" ] node [ id 8 label \"b\" ] ]");
    CHECK(gml.network.names == std::vector<std::string>{"7", "b"});
}

TEST_CASE("Nothing is shown of a file whose first line is no edge") {
    for (const std::string text : {"root:x:0:0:root:/root:/bin/sh\nlist:x:38:38:Mailing List:/var\n",
                                   "hunter2\n", "hunter2\na b\nb c\n"}) {
        const Problem problem = only_problem_of(text);
        CHECK(problem.message == "the first line has one field, and an edge has two ends");
        CHECK(problem.value.empty());
        CHECK(problem.position.line == 1);
    }
    // Of one that begins as a list of edges, what is wrong is quoted.
    CHECK(only_problem_of("a b\nb c\nhunter\n").message
          == "one field, 'hunter', where fields are separated by blanks; an edge has two ends");
    CHECK(only_problem_of("<html><body/></html>").message
          == "the document is not GraphML: its element is another");
    CHECK(problems_of("<graphml><grpah/></graphml>").back().message == "unknown element <grpah>");
}