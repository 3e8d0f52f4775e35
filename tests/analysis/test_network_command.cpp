// venturi network, as from the command line.
#include "agents/network/centrality.hpp"
#include "agents/network/measures.hpp"
#include "analysis/experiments/network_analysis.hpp"
#include "scenarios/network/network_file.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

using Json = nlohmann::ordered_json;

std::string written(const ScratchFolder& scratch, const std::string& name, const std::string& text) {
    const std::filesystem::path file = scratch.path() / name;
    std::ofstream(file) << text;
    return file.string();
}

Answer ask_network(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "network");
    return ask(std::move(arguments));
}

std::string output_of(std::vector<std::string> arguments) {
    const Answer answer = ask_network(std::move(arguments));
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    return answer.out;
}

Json json_of(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return Json::parse(output_of(std::move(arguments)));
}

std::string refusal_of(std::vector<std::string> arguments) {
    const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    const Answer answer = ask_network(std::move(arguments));
    CHECK(answer.code == ExitCode::bad_input);
    if (json)
        CHECK(Json::parse(answer.out).contains("error"));
    else
        CHECK(answer.out.empty());
    return answer.err;
}

// Marriages between Florentine families: Padgett & Ansell, American Journal of Sociology 98, 1259 (1993).
constexpr const char* florentine = R"(source,target
Acciaiuoli,Medici
Medici,Barbadori
Medici,Ridolfi
Medici,Tornabuoni
Medici,Albizzi
Medici,Salviati
Castellani,Peruzzi
Castellani,Strozzi
Castellani,Barbadori
Peruzzi,Strozzi
Peruzzi,Bischeri
Strozzi,Ridolfi
Strozzi,Bischeri
Ridolfi,Tornabuoni
Tornabuoni,Guadagni
Albizzi,Ginori
Albizzi,Guadagni
Salviati,Pazzi
Bischeri,Guadagni
Guadagni,Lamberteschi
)";

// A, B and C of Barucca et al., "Network valuation in financial systems", Mathematical Finance 30 (2020).
constexpr const char* three_banks = "debtor,creditor,amount\nA,B,4\nB,C,3\nC,A,2\n";

}  // namespace

TEST_CASE("The Medici are the most central of the Florentine families") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "florentine.csv", florentine);
    const Json json = json_of({file, "--measure", "degree,betweenness,closeness,clustering"});
    CHECK(json.size() == 15);
    CHECK(json.begin().key() == "Acciaiuoli");  // in the order of the file
    const Json medici = json["Medici"];
    CHECK(medici.size() == 4);
    CHECK(medici["degree"] == 6);
    CHECK(medici["betweenness"].get<double>() == Approx(0.521978021978022).epsilon(1e-12));
    CHECK(medici["closeness"].get<double>() == Approx(0.56).epsilon(1e-12));
    CHECK(medici["clustering"].get<double>() == Approx(1.0 / 15).epsilon(1e-12));
    CHECK(json["Strozzi"]["degree"] == 4);
    CHECK(json["Pazzi"]["betweenness"] == 0);
    // The largest by the first measure stand first.
    const std::string text = output_of({file, "--measure", "betweenness,degree"});
    CHECK(text.find("Medici") < text.find("Guadagni"));
    CHECK(text.find("Guadagni") < text.find("Albizzi"));
    CHECK(text.find("Albizzi") < text.find("Pazzi"));
    CHECK_THAT(text, Contains("0.521978"));
    const std::string top = output_of({file, "--measure", "betweenness", "--top", "2"});
    CHECK_THAT(top, Contains("Guadagni") && !Contains("Albizzi") && Contains("and 13 more"));
}

TEST_CASE("Without a word about which, one object of a network has all measures of each vertex") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "florentine.csv", florentine);
    const Json all = json_of({file});
    CHECK(all == json_of({file, "--measure", "all"}));
    CHECK(all["Medici"].size() == vertex_measures().size());
    CHECK(all["Medici"]["core_number"] == 2);
    CHECK(all["Medici"]["constraint"].get<double>() == Approx(0.20987654320987653).epsilon(1e-12));
    CHECK(all["Acciaiuoli"]["eccentricity"] == 4);
}

TEST_CASE("A network is summarised where nothing else is asked") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "florentine.csv", florentine);
    CHECK_THAT(output_of({file}), Contains("vertices") && Contains("mean_degree") && Contains("2.66667")
                                      && Contains("fewer than 50 vertices"));
    const Json summary = json_of({file, "--summary"});
    CHECK(summary["vertices"] == 15);
    CHECK(summary["edges"] == 20);
    CHECK(summary["components"] == 1);
    CHECK(summary["diameter"] == 5);
    CHECK(summary["density"].get<double>() == Approx(20 / 105.0).epsilon(1e-14));
    CHECK(summary["mean_degree"].get<double>() == Approx(40 / 15.0).epsilon(1e-14));
    // 3 triangles among 47 paths of two edges.
    CHECK(summary["transitivity"].get<double>() == Approx(9 / 47.0).epsilon(1e-14));
    CHECK(summary["degree_exponent"].is_null());
    CHECK_FALSE(summary.contains("strong_components"));
    CHECK(json_of({file, "--summary", "--directed"})["strong_components"] == 15);
    const std::string both = output_of({file, "--summary", "--measure", "degree"});
    CHECK_THAT(both, Contains("mean_degree") && Contains("Medici"));
}

TEST_CASE("The degrees of a network with many vertices have an exponent") {
    const ScratchFolder scratch;
    // Each vertex is joined with the one at half its number: a tree whose degrees are 1, 2 and 3.
    std::string edges;
    for (int i = 2; i <= 400; ++i) edges += std::to_string(i) + "," + std::to_string(i / 2) + "\n";
    const std::string file = written(scratch, "tree.csv", edges);
    const Json exponent = json_of({file, "--summary"})["degree_exponent"];
    CHECK(exponent["vertices"].get<int>() >= 50);
    CHECK(exponent["exponent"].get<double>() > 1);
    CHECK_THAT(output_of({file}), Contains("an exponential law is"));
}

TEST_CASE("A network that falls apart is measured as a whole, and its components are told apart") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "two.csv", "a,b\nb,c\nx,y\n");
    const Json json = json_of({file, "--measure", "component,closeness"});
    CHECK(json["a"]["component"] == json["c"]["component"]);
    CHECK(json["a"]["component"] != json["x"]["component"]);
    // One of four others, at a distance of 1.
    CHECK(json["x"]["closeness"].get<double>() == Approx(0.25).epsilon(1e-14));
    CHECK(json_of({file, "--summary"})["components"] == 2);
}

TEST_CASE("A network without edges or vertices has measures where they mean something") {
    const ScratchFolder scratch;
    const std::string one =
        written(scratch, "one.graphml",
                R"(<graphml><graph edgedefault="undirected"><node id="a"/></graph></graphml>)");
    const Json json = json_of({one, "--measure", "all"});
    CHECK(json.size() == 1);
    CHECK(json["a"]["degree"] == 0);
    CHECK(json["a"]["constraint"].is_null());
    CHECK_THAT(output_of({one}), Contains("—"));
    const std::string none =
        written(scratch, "none.graphml", R"(<graphml><graph edgedefault="undirected"/></graphml>)");
    CHECK(json_of({none, "--measure", "degree"}) == Json::object());
    CHECK(json_of({none, "--summary"})["vertices"] == 0);
    CHECK(json_of({none, "--summary"})["density"].is_null());
}

TEST_CASE("Banks that owe each other pay what they can") {
    const ScratchFolder scratch;
    const std::string debts = written(scratch, "debts.csv", three_banks);
    // Assets after a shock of a tenth, and senior debts.
    const std::string assets =
        written(scratch, "assets.csv", "name,assets,senior\nA,18,17\nB,18,18\nC,9,8\n");
    const Json json = json_of({debts, "--clear", assets});
    CHECK(json["A"]["owed"] == 4);
    CHECK(json["A"]["payment"].get<double>() == Approx(3).epsilon(1e-12));
    CHECK(json["A"]["recovery"].get<double>() == Approx(0.75).epsilon(1e-12));
    CHECK(json["A"]["equity"].get<double>() == Approx(-1).epsilon(1e-12));
    CHECK(json["A"]["default_round"] == 1);
    CHECK(json["B"]["payment"].get<double>() == Approx(3).epsilon(1e-12));
    CHECK(json["B"]["default_round"] == 0);
    CHECK(json["C"]["equity"].get<double>() == Approx(2).epsilon(1e-12));
    CHECK_THAT(output_of({debts, "--clear", assets}), Contains("1 of 3 default, in 1 round; 8 of 9 owed"));
}

TEST_CASE("Assets may be given where they are asked for, and whoever isn't named has none") {
    const ScratchFolder scratch;
    const std::string debt = written(scratch, "debt.csv", "A,B,100\n");
    const Json json = json_of({debt, "--clear", "A=40", "--measure", "out_degree"});
    CHECK(json["A"]["payment"].get<double>() == Approx(40).epsilon(1e-12));
    CHECK(json["B"]["equity"].get<double>() == Approx(40).epsilon(1e-12));
    CHECK(json["A"]["out_degree"] == 1);
    CHECK(json["B"]["out_degree"] == 0);  // debts have a direction
    // Without weights each debt is one, which is said.
    const Answer plain = ask_network({written(scratch, "plain.csv", "A,B\n"), "--clear", "A=1"});
    CHECK(plain.code == ExitCode::success);
    CHECK_THAT(plain.err, Contains("no weights"));
}

TEST_CASE("The default of a bank distresses those whom it owes") {
    const ScratchFolder scratch;
    const std::string debts = written(scratch, "debts.csv", three_banks);
    const std::string assets = written(scratch, "assets.csv", "A,20,17\nB,20,18\nC,10,8\n");
    const Json all = json_of({debts, "--clear", assets, "--debt-rank", "all"});
    CHECK(all["A"]["debt_rank"].get<double>() == Approx(7 / 9.0).epsilon(1e-12));
    CHECK(all["B"]["debt_rank"].get<double>() == Approx(5 / 9.0).epsilon(1e-12));
    CHECK(all["C"]["debt_rank"].get<double>() == Approx(6 / 9.0).epsilon(1e-12));
    const Json one = json_of({debts, "--clear", assets, "--debt-rank", "A"});
    for (const char* name : {"A", "B", "C"}) CHECK(one[name]["distress"] == 1);
    CHECK_THAT(output_of({debts, "--clear", assets, "--debt-rank", "A"}), Contains("debt rank: 0.777778"));
    CHECK_THAT(refusal_of({debts, "--clear", "A=1,B=20,C=20", "--debt-rank", "B"}),
               Contains("the equity of 'A' is -1") && Contains("above 0"));
    CHECK_THAT(refusal_of({debts, "--debt-rank", "A"}), Contains("--clear"));
    CHECK_THAT(refusal_of({debts, "--clear", assets, "--debt-rank", "D"}), Contains("no vertex 'D'"));
    CHECK_THAT(refusal_of({debts, "--clear", written(scratch, "nobody.csv", "")}),
               Contains("nobody.csv") && Contains("holds no assets"));
}

TEST_CASE("Betweenness from all vertices as pivots is exact") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "florentine.csv", florentine);
    const Json exact = json_of({file, "--measure", "betweenness"});
    const Json all = json_of({file, "--measure", "betweenness", "--pivots", "15"});
    CHECK(all["Medici"]["betweenness"].get<double>()
          == Approx(exact["Medici"]["betweenness"].get<double>()).epsilon(1e-12));
    CHECK(all["Medici"]["betweenness_standard_error"] == 0);
    const Json some = json_of({file, "--measure", "betweenness", "--pivots", "5", "--seed", "3"});
    CHECK(some["Medici"]["betweenness_standard_error"] > 0);
    CHECK(some == json_of({file, "--measure", "betweenness", "--pivots", "5", "--seed", "3"}));
    CHECK(some != json_of({file, "--measure", "betweenness", "--pivots", "5", "--seed", "4"}));
    CHECK_THAT(refusal_of({file, "--measure", "degree", "--pivots", "5"}), Contains("--pivots"));
}

TEST_CASE("A measured network is written as GraphML and read again") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "florentine.csv", florentine);
    const std::string graphml = (scratch.path() / "out.graphml").string();
    static_cast<void>(output_of({file, "--measure", "degree,betweenness", "--graphml", graphml}));
    CHECK_THAT(text_of(graphml),
               Contains(R"(<node id="Medici"><data key="v0">6</data><data key="v1">0.5219780219780)"));
    const Network one = load_network(file).network;
    const Network other = load_network(graphml).network;
    CHECK(one.names == other.names);
    CHECK(one.edges == other.edges);
    CHECK(json_of({graphml, "--measure", "all"}) == json_of({file, "--measure", "all"}));
    const Answer nowhere = ask_network({file, "--measure", "degree", "--graphml", "/no/such/folder/x"});
    CHECK(nowhere.code == ExitCode::bad_input);
    CHECK_THAT(nowhere.err, Contains("/no/such/folder/x"));
}

TEST_CASE("What can't be asked of a network is refused with what is legal") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "florentine.csv", florentine);
    CHECK_THAT(refusal_of({file, "--measure", "degree,betweeness"}),
               Contains("no measure 'betweeness'") && Contains("did you mean 'betweenness'?")
                   && Contains("legal here: all, degree"));
    CHECK_THAT(refusal_of({written(scratch, "bad.csv", "a,b,1\nb,b,2\nc,d,x\n")}),
               Contains("bad.csv:2:1") && Contains("bad.csv:3:5"));
    CHECK_THAT(refusal_of({(scratch.path() / "absent.csv").string()}), Contains("no such file"));
    CHECK_THAT(refusal_of({written(scratch, "debts.csv", "a,b,-1\n"), "--clear", "a=1"}),
               Contains("debts.csv:1:5") && Contains("negative"));
    CHECK_THAT(refusal_of({written(scratch, "debt.csv", "bank,fund,1\nfund,x,2\n"), "--clear", "bnk=1"}),
               Contains("--clear:1:1") && Contains("did you mean 'bank'?"));
    CHECK_THAT(refusal_of({file, "--summary", "--measure", "degree", "--json"}), Contains("--summary"));
    const std::string undirected = written(
        scratch, "u.graphml", R"(<graphml><graph edgedefault="undirected"><node id="a"/></graph></graphml>)");
    CHECK_THAT(refusal_of({undirected, "--clear", "a=1"}), Contains("no direction"));
}

TEST_CASE("What weights are is asked for where they differ and a measure may go by them") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "square.csv", "a,b,1\nb,d,2\na,c,2\nc,d,1\nd,e,1\n");
    CHECK_THAT(refusal_of({file, "--measure", "degree,betweenness,constraint"}),
               Contains("betweenness, constraint") && Contains("--weights-are distances"));
    CHECK_THAT(refusal_of({file, "--json"}), Contains("--weights-are"));
    CHECK_THAT(refusal_of({file, "--distances-from", "a"}), Contains("--weights-are"));
    CHECK_THAT(refusal_of({file, "--measure", "closeness", "--weights-are", "distance"}),
               Contains("did you mean 'distances'?"));
    CHECK(json_of({file, "--measure", "degree,strength"})["a"]["strength"] == 3);
    const auto answer = [&](const std::string& weights) {
        return ask_network(
            {file, "--measure", "betweenness_raw,closeness", "--weights-are", weights, "--json"});
    };
    // Two paths of length 3 lead from a to d; e is one further.
    const Answer distances = answer("distances");
    CHECK_THAT(distances.err, Contains("betweenness_raw, closeness: the length of an edge is its weight"));
    const Json by_distance = Json::parse(distances.out);
    CHECK(by_distance["b"]["betweenness_raw"].get<double>() == Approx(1));
    CHECK(by_distance["a"]["closeness"].get<double>() == Approx(4.0 / (1 + 2 + 3 + 4)));
    // With strengths the path over b has the length 1 + 1/2, that over c too.
    const Json by_strength = Json::parse(answer("strengths").out);
    CHECK(by_strength["b"]["betweenness_raw"].get<double>() == Approx(1));
    CHECK(by_strength["a"]["closeness"].get<double>() == Approx(4.0 / (1 + 0.5 + 1.5 + 2.5)));
    const Answer ignored = answer("ignored");
    CHECK_THAT(ignored.err, Contains("weights are ignored"));
    CHECK(Json::parse(ignored.out)["a"]["closeness"].get<double>() == Approx(4.0 / (1 + 1 + 2 + 3)));
    CHECK(json_of({file, "--distances-from", "a", "--weights-are", "distances"})["e"]["distance"] == 4);
    CHECK(json_of({file, "--summary", "--weights-are", "distances"})["diameter"] == 4);
    CHECK(json_of({file, "--summary"})["diameter"] == 3);
}

TEST_CASE("Constraint goes by the strengths of ties, and distances are none") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "ties.csv", "a,b,1\nb,c,2\na,c,3\n");
    const Json json = json_of({file, "--measure", "constraint", "--weights-are", "strengths"});
    CHECK(json["a"]["constraint"].get<double>() == Approx(0.55 * 0.55 + 121.0 / 144).epsilon(1e-14));
    CHECK(json["b"]["constraint"].get<double>() == Approx(1.3780555555555556).epsilon(1e-14));
    CHECK(json["c"]["constraint"].get<double>() == Approx(0.8402777777777778).epsilon(1e-14));
    CHECK_THAT(refusal_of({file, "--measure", "constraint", "--weights-are", "distances"}),
               Contains("constraint goes by the strengths"));
    const Answer all = ask_network({file, "--measure", "all", "--weights-are", "distances", "--json"});
    CHECK_THAT(all.err, Contains("left out: constraint, effective_size"));
    CHECK_FALSE(Json::parse(all.out)["a"].contains("constraint"));
}

TEST_CASE("Weights that can't be lengths are named with their file and line") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "signed.csv", "source,target,weight\na,b,1\nb,c,-3\n");
    CHECK_THAT(refusal_of({file, "--measure", "betweenness", "--weights-are", "distances"}),
               Contains("signed.csv:3:1: ") && Contains("from 'b' to 'c' has the weight -3"));
    CHECK_THAT(refusal_of({file, "--measure", "pagerank_weighted"}),
               Contains("signed.csv:3:1: ") && Contains("at least 0"));
    const std::string zero = written(scratch, "zero.csv", "a,b,0\nb,c,2\n");
    CHECK_THAT(refusal_of({zero, "--measure", "closeness", "--weights-are", "strengths"}),
               Contains("zero.csv:1:1: "));
    CHECK(ask_network({zero, "--measure", "pagerank_weighted"}).code == ExitCode::success);
}

TEST_CASE("Weights that make no difference need no word, and a word that changes nothing is warned of") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "families.csv", "a,b,1\nb,c,1\n");
    CHECK(ask_network({file, "--measure", "betweenness"}).code == ExitCode::success);
    CHECK_THAT(ask_network({file, "--measure", "betweenness", "--weights-are", "strengths"}).err,
               Contains("changes nothing: all edges"));
    const std::string weighted = written(scratch, "weighted.csv", "a,b,1\nb,c,2\n");
    CHECK_THAT(ask_network({weighted, "--measure", "degree", "--weights-are", "strengths"}).err,
               Contains("changes nothing of what is asked"));
}

TEST_CASE("Eigenvector centrality of a directed network without cycles is said to be zero") {
    const ScratchFolder scratch;
    const std::string tree = written(scratch, "tree.csv", "a,b\na,c\nb,d\n");
    const Answer directed = ask_network({tree, "--directed", "--measure", "eigenvector", "--json"});
    CHECK(Json::parse(directed.out)["d"]["eigenvector"] == 0);
    CHECK_THAT(directed.err, Contains("eigenvector: is zero for every vertex"));
    CHECK_THAT(ask_network({tree, "--measure", "eigenvector"}).err, !Contains("is zero"));
    const std::string cycle = written(scratch, "cycle.csv", "a,b\nb,a\nb,c\n");
    CHECK_THAT(ask_network({cycle, "--directed", "--measure", "eigenvector"}).err, !Contains("is zero"));
}

TEST_CASE("A measure that does not converge is left out, and the others are there") {
    const Network network{.directed = false, .vertices = 2, .edges = {{0, 1, 1}}, .names = {"a", "b"}};
    NetworkRequest request{.measures = measures_called({"degree", "eigenvector", "harmonic"})};
    request.measures[1].of = [](const Network&, const StopRequest*) -> std::vector<double> {
        throw NoConvergence("after 20000 products");
    };
    const NetworkAnalysis analysis = analyse(network, request);
    REQUIRE(analysis.columns.size() == 2);
    CHECK(analysis.columns[0].name == "degree");
    CHECK(analysis.columns[1].name == "harmonic");
    CHECK(analysis.warnings
          == std::vector<std::string>{
              "eigenvector: left out, since its iteration did not converge on this network"});
    CHECK(analysis.left_out.empty());
}

TEST_CASE("Weights that differ as much as weights may have all measures") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "steep.csv", "a,b,1e-100\nb,c,1e-100\na,c,1e100\n");
    const Json json =
        json_of({file, "--weights-are", "strengths", "--measure", "degree,eigenvector_weighted,strength"});
    CHECK(json["a"]["degree"] == 2);
    CHECK(json["c"]["strength"] == 1e100);
    CHECK(json["b"]["strength"] == 2e-100);
    CHECK(json["a"]["eigenvector_weighted"].get<double>() == Approx(std::sqrt(0.5)).epsilon(1e-12));
    CHECK(json["b"]["eigenvector_weighted"].get<double>() == Approx(0).margin(1e-12));
    CHECK_THAT(refusal_of({written(scratch, "far.csv", "A,B,1e308\nB,C,1e308\nA,C,1e308\n"), "--json"}),
               Contains("far.csv:1:5: the weight '1e308' is too far from 0")
                   && Contains("0, or from 1e-100 to 1e100"));
}

TEST_CASE("The network command says in a line how a file was understood") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "edges.csv", "id,source,target\n0,a,b\n1,b,c\n2,c,d\n3,d,a\n");
    CHECK_THAT(ask_network({file, "--measure", "degree"}).err,
               Contains("edges.csv: header: id ignored, source, target; 4 edges, unweighted, undirected\n"));
}

TEST_CASE("Options say what weights, headers, comments, parallel edges and loops of a file are") {
    const ScratchFolder scratch;
    const std::string file =
        written(scratch, "calls.csv", "source,target,minutes\na,b,2\na,b,3\nc,c,1\nb,c,4\n");
    CHECK_THAT(refusal_of({file, "--measure", "strength"}), Contains("--weight minutes"));
    const Json json = json_of(
        {file, "--measure", "strength", "--weight", "minutes", "--parallel", "sum", "--loops", "drop"});
    CHECK(json["a"]["strength"] == 5);
    CHECK(json["c"]["strength"] == 4);
    CHECK_THAT(refusal_of({file, "--weight", "minutes"}),
               Contains("calls.csv:3:1") && Contains("--parallel") && Contains("--loops"));
    CHECK_THAT(refusal_of({file, "--parallel", "summ"}), Contains("did you mean 'sum'?"));
    CHECK_THAT(refusal_of({file, "--loops", "keep"}), Contains("legal here: refuse, drop"));
    const std::string tags = written(scratch, "tags.csv", "#ai,ml,3\n#data,ml,2\nml,#ai,1\nml,python,4\n");
    CHECK(json_of({tags, "--measure", "strength"})["ml"]["strength"] == 10);
    CHECK(json_of({tags, "--comment", "#", "--measure", "strength"})["ml"]["strength"] == 5);
    const std::string flow = written(scratch, "flow.csv", "source,target\nsource,target\n");
    CHECK(json_of({flow, "--header", "yes", "--measure", "degree"}).size() == 2);
    CHECK_THAT(refusal_of({flow, "--header", "no", "--measure", "degree"}), Contains("there again"));
    // Of what is no table they say nothing.
    const std::string pajek = written(scratch, "a.net", "*Vertices 2\n1 \"a\"\n2 \"b\"\n*Edges\n1 2\n");
    CHECK_THAT(refusal_of({pajek, "--header", "no"}), Contains("--header says how a table is read"));
    CHECK_THAT(refusal_of({pajek, "--comment", "#"}), Contains("--comment says how a table is read"));
    const std::string graphml =
        written(scratch, "a.graphml",
                "<graphml><graph edgedefault=\"undirected\"><node id=\"a\"/></graph></graphml>");
    CHECK_THAT(refusal_of({graphml, "--header", "yes"}), Contains("legal here: no --header"));
}

TEST_CASE("Debts between the same two add up") {
    const ScratchFolder scratch;
    const std::string debts = written(scratch, "debts.csv", "a,b,4\na,b,3\nb,a,1\n");
    const Json json = json_of({debts, "--clear", "a=5,b=0"});
    CHECK(json["a"]["owed"] == 7);
    CHECK(json["b"]["owed"] == 1);
    // a has 5 and is paid 1: it pays 6 of 7.
    CHECK(json["a"]["payment"].get<double>() == Approx(6).epsilon(1e-12));
}

TEST_CASE("A network's analysis that is stopped keeps what is complete and tells what isn't") {
    const Network network{.directed = true, .vertices = 2, .edges = {{0, 1, 1}}, .names = {"a", "b"}};
    StopRequest stop;
    NetworkRequest request{.measures = measures_called({"degree", "closeness"}), .stop = &stop};
    CHECK(analyse(network, request).left_out.empty());
    CHECK(analyse(network, request).columns.size() == 2);
    stop.request();
    const NetworkAnalysis stopped = analyse(network, request);
    CHECK(stopped.left_out == std::vector<std::string>{"degree", "closeness"});
    CHECK(stopped.columns.empty());
}

TEST_CASE("The help of the network command names its measures") {
    const Answer answer = ask_network({"--help"});
    CHECK(answer.code == ExitCode::success);
    CHECK_THAT(answer.out, Contains("--clear") && Contains("Examples:") && Contains("core_number"));
}
