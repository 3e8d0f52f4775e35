#include "agents/risk/dynamic_simulation.hpp"
#include "agents/risk/fault_tree.hpp"
#include "scenarios/risk/galileo.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

const std::filesystem::path shared = std::string(VENTURI_SOURCE_FOLDER) + "/../shared";

TreeContents parse(const std::string& text) {
    return parse_galileo(text, "tree.dft");
}

DynamicTree dynamic(const std::string& text) {
    const TreeContents contents = parse(text);
    REQUIRE(contents.dynamic_tree.has_value());
    return *contents.dynamic_tree;
}

std::vector<Problem> problems_of(const std::string& text) {
    try {
        static_cast<void>(parse(text));
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    FAIL("taken for a tree: " << text);
    return {};
}

const DynamicLeaf& leaf(const DynamicTree& tree, const std::string& name) {
    const auto found = std::find_if(tree.leaves.begin(), tree.leaves.end(),
                                    [&](const DynamicLeaf& each) { return each.name == name; });
    REQUIRE(found != tree.leaves.end());
    return *found;
}

const DynamicGate& gate(const DynamicTree& tree, const std::string& name) {
    const auto found = std::find_if(tree.gates.begin(), tree.gates.end(),
                                    [&](const DynamicGate& each) { return each.name == name; });
    REQUIRE(found != tree.gates.end());
    return *found;
}

std::vector<std::string> inputs(const DynamicTree& tree, const std::string& name) {
    std::vector<std::string> names;
    for (const std::uint32_t node : gate(tree, name).inputs) names.push_back(tree.name(node));
    return names;
}

template <class Life>
Life life(const DynamicTree& tree, const std::string& name) {
    REQUIRE(std::holds_alternative<Life>(leaf(tree, name).life));
    return std::get<Life>(leaf(tree, name).life);
}

}  // namespace

TEST_CASE("a Galileo file is statements in any order, with quoted and bare names and two kinds of comments") {
    const DynamicTree tree = dynamic(
        "// a plant\n"
        "/* its top\n   event */ toplevel \"The plant\";\n"
        "Pump\tlambda = 0.5; Valve lambda=1/4 // a ratio\n dorm=.3;\n"
        "\"The plant\" or Pump\n  \"Valve\" F'/*x*/;;\n"
        "F' and Pump Valve;");
    CHECK(tree.name(tree.top) == "The plant");
    CHECK(gate(tree, "The plant").connective == DynamicConnective::disjunction);
    CHECK(inputs(tree, "The plant") == std::vector<std::string>{"Pump", "Valve", "F'"});
    CHECK(gate(tree, "F'").connective == DynamicConnective::conjunction);
    CHECK(life<ExponentialLife>(tree, "Pump").rate == 0.5);
    CHECK(life<ExponentialLife>(tree, "Valve").rate == 0.25);
    CHECK(leaf(tree, "Valve").dormancy == 0.3);
    CHECK(leaf(tree, "Pump").dormancy == 1);
}

TEST_CASE("every kind of gate has its connective, and inclusive is what a bare priority gate is") {
    struct Row {
        std::string kind;
        DynamicConnective connective;
        Simultaneity simultaneity = Simultaneity::inclusive;
        std::uint32_t minimum = 0;
        double probability = 1;
    };
    using enum DynamicConnective;
    const std::vector<Row> rows{
        {"and", conjunction},
        {"or", disjunction},
        {"2of3", at_least, Simultaneity::inclusive, 2},
        {"vot3", at_least, Simultaneity::inclusive, 3},
        {"pand", priority_and},
        {"pand-incl", priority_and},
        {"pand<=", priority_and},
        {"pand-excl", priority_and, Simultaneity::exclusive},
        {"pand<", priority_and, Simultaneity::exclusive},
        {"por", priority_or},
        {"por-incl", priority_or},
        {"por<=", priority_or},
        {"por-excl", priority_or, Simultaneity::exclusive},
        {"por<", priority_or, Simultaneity::exclusive},
        {"wsp", spare},
        {"csp", spare},
        {"hsp", spare},
        {"spare", spare},
        {"seq", sequence},
        {"mutex", exclusion},
        {"fdep", dependency},
        {"pdep=0.4", dependency, Simultaneity::inclusive, 0, 0.4},
        {"pdep = 2/5", dependency, Simultaneity::inclusive, 0, 0.4},
    };
    for (const Row& row : rows) {
        CAPTURE(row.kind);
        const DynamicTree tree =
            dynamic("toplevel T; T or A G; G " + row.kind + " A B C; A lambda=1; B lambda=1; C lambda=1;");
        CHECK(gate(tree, "G").connective == row.connective);
        CHECK(gate(tree, "G").simultaneity == row.simultaneity);
        CHECK(gate(tree, "G").minimum == row.minimum);
        CHECK(gate(tree, "G").probability == row.probability);
        CHECK(inputs(tree, "G") == std::vector<std::string>{"A", "B", "C"});
        // A constraint has no output, so that T is over A alone.
        CHECK(inputs(tree, "T").size() == (is_constraint(row.connective) ? 1 : 2));
    }
}

TEST_CASE("a basic event's attributes say how it fails, waits and is repaired") {
    const DynamicTree tree = dynamic(
        "toplevel T; T pand A B C D E F;\n"
        "A lambda=2 repair=3;\n"
        "B phases=3 lambda=4 dorm=0;\n"
        "C rate=4 shape=1.5;\n"
        "D mean=-1 stddev=0.3;\n"
        "E prob=0.25 dorm=1;\n"
        "F lambda=2e-1 res=0.25 cov=0.75 repl=1;");
    CHECK(life<ExponentialLife>(tree, "A").rate == 2);
    CHECK(leaf(tree, "A").repair_rate == 3);
    CHECK(life<ErlangLife>(tree, "B").rate == 4);
    CHECK(life<ErlangLife>(tree, "B").phases == 3);
    CHECK(leaf(tree, "B").dormancy == 0);
    CHECK(life<WeibullLife>(tree, "C").scale == 4);
    CHECK(life<WeibullLife>(tree, "C").shape == 1.5);
    CHECK(life<LogNormalLife>(tree, "D").mean == -1);
    CHECK(life<LogNormalLife>(tree, "D").stddev == 0.3);
    CHECK(life<FailedAtStart>(tree, "E").probability == 0.25);
    CHECK(life<ExponentialLife>(tree, "F").rate == 0.2 * (1 - 0.25));
}

TEST_CASE("a tree without dynamic gates is a static one too, and only that where nothing has a time") {
    const TreeContents both = parse("toplevel T; T 2of3 A B C; A lambda=2; B prob=0.3; C rate=1 shape=2;");
    REQUIRE(both.fault_tree.has_value());
    REQUIRE(both.dynamic_tree.has_value());
    CHECK(both.event_lives.size() == 3);
    const FaultTree later = fault_tree_at(both, 0.5);
    CHECK(later.basic_events[0].probability == -std::expm1(-2 * 0.5));
    CHECK(later.basic_events[1].probability == 0.3);
    CHECK(later.basic_events[2].probability == Approx(-std::expm1(-0.25)).epsilon(1e-15));
    const TreeContents fixed = parse("toplevel T; T and A B; A prob=0.1; B prob=0.2;");
    REQUIRE(fixed.fault_tree.has_value());
    CHECK(fixed.fault_tree->basic_events[1].probability == 0.2);
    CHECK_FALSE(fixed.dynamic_tree.has_value());
    CHECK_FALSE(parse("toplevel T; T pand A B; A lambda=1; B prob=0.2;").fault_tree.has_value());
}

TEST_CASE(
    "the kind of a spare gate gives the dormancy that its spares don't state, and a stated one counts") {
    const DynamicTree cold = dynamic("toplevel T; T csp A B C; A lambda=1; B lambda=1; C lambda=1 dorm=0.4;");
    CHECK(leaf(cold, "A").dormancy == 1);
    CHECK(leaf(cold, "B").dormancy == 0);
    CHECK(leaf(cold, "C").dormancy == 0.4);
    const DynamicTree hot = dynamic("toplevel T; T hsp A B C; A lambda=1; B lambda=1; C lambda=1 dorm=0.4;");
    CHECK(leaf(hot, "B").dormancy == 1);
    CHECK(leaf(hot, "C").dormancy == 0.4);

    const auto warnings =
        parse("toplevel T; T csp A B C;\nA lambda=1; B lambda=1; C lambda=1 dorm=0.4;").warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(to_text(warnings[0])
              .starts_with("tree.dft:1:23: 'C' has dorm=0.4, which counts, though 'T' is a cold"));
    CHECK(parse("toplevel T; T wsp A C; A lambda=1; C lambda=1 dorm=0.4;").warnings.empty());
    CHECK(parse("toplevel T; T csp A C; A lambda=1; C lambda=1 dorm=0;").warnings.empty());
    CHECK(parse("toplevel T; T hsp A C; A lambda=1; C lambda=1 dorm=1;").warnings.empty());
}

TEST_CASE("what the top does not depend on is a warning, and a trigger outside it is none") {
    const TreeContents contents = parse(
        "toplevel T;\nT and A B;\nF fdep R B;\nG or R X;\nH seq X Y;\n"
        "A lambda=1; B lambda=1; R lambda=1;\nX lambda=1; Y lambda=1;");
    std::vector<std::string> unused;
    for (const Problem& warning : contents.warnings) unused.push_back(warning.value);
    CHECK(unused == std::vector<std::string>{"G", "H", "X", "Y"});
    CHECK(contents.warnings[0].position == SourcePosition{"tree.dft", 4, 1});
}

TEST_CASE("a constraint over gates of its own is used where these are over events of the top") {
    const std::string events = "A lambda=1; B lambda=1; C lambda=1; D lambda=1;";
    CHECK(parse("toplevel T; T and A B C D; S seq G H; G or A C; H or B D;" + events).warnings.empty());
    CHECK(parse("toplevel T; T and A B C; S mutex G H; G and A B; H and C D;" + events).warnings.empty());
    // The same over events that the top has nothing to do with.
    std::vector<std::string> unused;
    for (const Problem& warning :
         parse("toplevel T; T and A B; S seq G H; G or C; H or D;" + events).warnings)
        unused.push_back(warning.value);
    CHECK(unused == std::vector<std::string>{"S", "G", "H", "C", "D"});
}

TEST_CASE("a dependency may hang in the tree as an input; a sequence there is pointed out") {
    CHECK(parse("toplevel T; T or A F; F fdep A B; A lambda=1; B lambda=1;").warnings.empty());
    const auto warnings = parse("toplevel T; T or A S; S seq A B; A lambda=1; B lambda=1;").warnings;
    REQUIRE(warnings.size() == 1);
    CHECK(to_text(warnings[0])
              .starts_with("tree.dft:1:20: 'S' is a constraint: as an input of 'T' it is ignored"));
}

TEST_CASE("what is wrong with a Galileo file is said with its place, what is legal, and what was meant") {
    struct Row {
        std::string text;
        std::string said;
    };
    const std::string events = " A lambda=1; B lambda=1; C lambda=1;";
    const std::vector<Row> rows{
        {"", "tree.dft: is empty\n"},
        {" // nothing\n", "tree.dft: is empty\n"},
        {"T and A B;" + events, "tree.dft: the top event isn't named"},
        {"toplevel T; toplevel T; T and A B;" + events,
         "tree.dft:1:13: the top event is named twice, first in line 1"},
        {"toplevel T U; T and A B;" + events, "tree.dft:1:1: 'toplevel' needs one name"},
        {"toplevel T;\nT and A Bb;" + events, "tree.dft:2:9: 'Bb' isn't defined"},
        {"toplevel Tap;\nTop and A B;" + events, "tree.dft:1:10: 'Tap' isn't defined — did you mean 'Top'?"},
        {"toplevel T;\nT and A B;\nT or A B;" + events,
         "tree.dft:3:1: 'T' is defined twice, first in line 2"},
        {"toplevel T;\nT and A B;\n A or B C;" + events,
         "tree.dft:3:12: 'A' is defined twice, first in line 3"},
        {"toplevel T; T pnd A B;" + events, "tree.dft:1:15: 'pnd' is no kind of gate\n  legal here: and"},
        {"toplevel T; T fdpe A B;" + events,
         "tree.dft:1:15: 'fdpe' is no kind of gate — did you mean 'fdep'?"},
        {"toplevel T; T 2of4 A B C;" + events, "tree.dft:1:15: 'T' has 3 inputs, not 4\n  legal here: 2of3"},
        {"toplevel T; T 4of3 A B C;" + events,
         "tree.dft:1:13: 'T' needs 4 of 3 inputs\n  legal here: 1 to 3"},
        {"toplevel T; T vot0 A B C;" + events, "tree.dft:1:13: 'T' needs 0 of 3 inputs"},
        {"toplevel T; T and;" + events,
         "tree.dft:1:13: 'and' of 'T' has 0 inputs\n  legal here: 1 or more inputs"},
        {"toplevel A; F fdep A;" + events, "tree.dft:1:13: 'functional dependency' of 'F' has 1 input\n"},
        {"toplevel T; T wsp A B A;" + events, "tree.dft:1:23: 'A' stands twice in 'spare' of 'T'"},
        {"toplevel T;\n\"T\" and \"A\" \"G\"; G or H; H or T B;" + events,
         "tree.dft:2:31: a cycle: 'T' → 'G' → 'H' → 'T'"},
        {"toplevel T; T or T;" + events, "tree.dft:1:18: a cycle: 'T' → 'T'"},
        {"toplevel S; S seq A B;" + events, "tree.dft:1:10: 'S' is a constraint: it can't be the top event"},
        {"toplevel A; S seq A B; F fdep S C;" + events,
         "tree.dft:1:31: 'S' is a constraint and has no output"},
        {"toplevel T; T or F; F fdep A B;" + events, "tree.dft:1:13: 'or' of 'T' has 0 inputs"},
        {"toplevel A; F pdep A B;" + events, "tree.dft:1:15: 'pdep' needs its probability"},
        {"toplevel A; F pdep=1.5 A B;" + events,
         "tree.dft:1:20: '1.5' is no probability\n  legal here: 0 to 1"},
        {"toplevel A; A lambda=-1;",
         "tree.dft:1:22: 'lambda' can't be '-1'\n  legal here: a number of at least 0"},
        {"toplevel A; A lambda=1e308;",
         "tree.dft:1:22: 'lambda' can't be '1e308'\n  legal here: a number of at least 0, and at most 1e100"},
        {"toplevel A; A mean=0 stddev=40;", "tree.dft:1:13: the life of 'A' can't be computed with"},
        {"toplevel A; A mean=750 stddev=1;", "tree.dft:1:13: the life of 'A' can't be computed with"},
        {"toplevel A; A rate=1 shape=0.001;", "tree.dft:1:13: the life of 'A' can't be computed with"},
        {"toplevel A; A lambda=nan;", "tree.dft:1:22: 'lambda' can't be 'nan'"},
        {"toplevel A; A lambda=1e999;", "tree.dft:1:22: 'lambda' can't be '1e999'"},
        {"toplevel A; A lambda=1/0;", "tree.dft:1:22: 'lambda' can't be '1/0'"},
        {"toplevel A; A lambda=1 dorm=2;", "tree.dft:1:29: 'dorm' can't be '2'\n  legal here: 0 to 1"},
        {"toplevel A; A prob=1.01;", "tree.dft:1:20: 'prob' can't be '1.01'"},
        {"toplevel A; A lambda=1 repair=-2;", "tree.dft:1:31: 'repair' can't be '-2'"},
        {"toplevel A; A lambda=1 phases=1.5;", "tree.dft:1:31: 'phases' can't be '1.5'"},
        {"toplevel A; A lambda=1 phases=256;", "tree.dft:1:31: 'phases' can't be '256'"},
        {"toplevel A; A rate=1 shape=0;", "tree.dft:1:28: 'shape' can't be '0'"},
        {"toplevel A; A lamda=1;", "tree.dft:1:15: unknown attribute 'lamda' — did you mean 'lambda'?"},
        {"toplevel A; A lambda=1 lambda=2;", "tree.dft:1:24: 'lambda' is given twice"},
        {"toplevel A; A dorm=1;", "tree.dft:1:13: 'A' fails in no way that can be told"},
        {"toplevel A; A shape=1;", "tree.dft:1:13: 'A' fails in no way that can be told"},
        {"toplevel A; A lambda=1 prob=0.5;", "tree.dft:1:13: 'A' fails in no way that can be told"},
        {"toplevel A; A lambda=1 cov=0.5 res=0.2;", "tree.dft:1:13: 'A' has failures that are neither"},
        {"toplevel A; A lambda=1 phases=2 res=0.2;", "tree.dft:1:13: 'A' has transient failures and no"},
        {"toplevel A; A lambda=1 repl=3;", "tree.dft:1:29: 'repl' can't be '3'"},
        {"toplevel A; A lambda=;", "tree.dft:1:15: what follows 'A' can't be read"},
        {"toplevel A; A lambda=1 2;", "tree.dft:1:24: what follows '1' can't be read"},
        {"toplevel A;\nA;", "tree.dft:2:1: nothing is said of 'A'"},
        {"toplevel A; A lambda=1", "tree.dft:1:13: the statement that begins with 'A' has no end"},
        {"toplevel \"A;\nA lambda=1;", "tree.dft:1:10: a quote is opened here and not closed on its line"},
        {"toplevel \"\"; A lambda=1;", "tree.dft:1:10: an empty name"},
        {"toplevel A; /* A lambda=1;", "tree.dft:1:13: a comment is opened here and never closed"},
        {"param x; toplevel A; A lambda=x;", "tree.dft:1:1: 'x' is a parameter without a value"},
        {"toplevel A; A lambda=1;\n\"é\" lambda=\x01;",
         "tree.dft:2:12: not a text file: a control character (U+0001)"},
        {"toplevel A; A lambda=\xFF;", "tree.dft:1:22: not a text file: invalid UTF-8"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK_THAT(to_text(problems_of(row.text).front()), Catch::StartsWith(row.said));
    }
}

TEST_CASE("a spare gate has at most 255 inputs") {
    const auto text = [](int inputs) {
        std::string gate = "toplevel T; T wsp";
        std::string leaves;
        for (int i = 0; i < inputs; ++i) {
            gate += " A" + std::to_string(i);
            leaves += "A" + std::to_string(i) + " lambda=1;";
        }
        return gate + ";" + leaves;
    };
    CHECK_NOTHROW(expect_sound(dynamic(text(255))));
    CHECK_THAT(
        to_text(problems_of(text(256)).front()),
        Catch::StartsWith("tree.dft:1:13: 'spare' of 'T' has 256 inputs\n  legal here: 1 to 255 inputs"));
}

TEST_CASE("all problems of a file are reported together, by line") {
    const auto problems = problems_of("toplevel T;\nT and A B C;\nA lambda=-1;\nB prob=2;\nC lamda=3;");
    REQUIRE(problems.size() == 3);
    for (int i = 0; i < 3; ++i) CHECK(problems[static_cast<std::size_t>(i)].position.line == 3 + i);
}

TEST_CASE("a file that is none, or too large, is refused by name") {
    const test::TemporaryFolder folder;
    const auto problem_of = [](const std::filesystem::path& file, const GalileoLimits& limits = {}) {
        try {
            static_cast<void>(load_galileo(file, limits));
        } catch (const ScenarioError& error) {
            return error.problems().front();
        }
        FAIL("the file was taken for a tree");
        throw std::logic_error("unreachable");
    };
    CHECK(problem_of(folder.path() / "none.dft").message == "no such file");
    CHECK(problem_of(folder.path()).message == "is a directory; a tree is a text file");
    CHECK(problem_of("/dev/zero").message == "is not a regular file");
    const std::string small = folder.write("a.dft", "toplevel A; A lambda=1;");
    CHECK(problem_of(small, {.bytes = 10}).message == "23 bytes are too many for a tree");
    CHECK(load_galileo(small).fault_tree->basic_events.size() == 1);
}

TEST_CASE("a chain of many gates is read without recursion, and a cycle through all of it is found") {
    constexpr int gates = 20'000;
    std::string chain = "toplevel G0; A lambda=1;";
    for (int i = 0; i < gates; ++i)
        chain += "G" + std::to_string(i) + " or G" + std::to_string(i + 1) + " A;";
    const std::string last = "G" + std::to_string(gates);
    CHECK(dynamic(chain + last + " and A;").gates.size() == gates + 1);
    const auto problems = problems_of(chain + last + " and G0;");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].message, Contains("a cycle: 'G0' → 'G1' → ") && Contains("... → 'G0'"));
}

TEST_CASE("whatever the bytes of a Galileo file, they are a sound tree or a problem with a place in it") {
    const std::string seed =
        "toplevel \"T\"; // top\n\"T\" and \"P\" S V;\n\"P\" pand-excl A B; S wsp A B C;\nV 2of3 A B C;\n"
        "Q seq A C; M mutex B C; F fdep A B; D pdep=0.4 B C; /* x */\n"
        "A lambda=2 dorm=0.3 repair=1; B rate=4 shape=4; C lambda=3 phases=2;\n";
    const std::array<std::string, 20> pieces{";",     "\"",    "=",      "//",   "/*", "*/",       "T",
                                             "A",     "pand<", "seq",    "csp",  "0",  "-1",       "1e400",
                                             "2of3 ", "vot2 ", "lambda", "\xC3", "é",  "toplevel "};
    std::mt19937 random(7);
    const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    std::size_t trees = 0;
    for (int round = 0; round < 6000; ++round) {
        std::string text = seed;
        for (std::size_t edits = 1 + below(2); edits > 0; --edits) {
            const std::size_t at = below(text.size() + 1);
            if (below(3) == 0)
                text.erase(at, below(4));
            else if (below(2) == 0)
                text.insert(at, pieces[below(pieces.size())]);
            else if (!text.empty())
                text.insert(at, text.substr(below(text.size()), below(20)));
        }
        try {
            const TreeContents contents = parse(text);
            if (contents.fault_tree) CHECK_NOTHROW(expect_sound(*contents.fault_tree));
            if (contents.dynamic_tree) CHECK_NOTHROW(expect_sound(*contents.dynamic_tree));
            const bool has_model = contents.fault_tree || contents.dynamic_tree;
            CHECK(has_model);
            ++trees;
        } catch (const ScenarioError& error) {
            const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
            for (const Problem& problem : error.problems()) {
                CHECK(problem.position.file == "tree.dft");
                CHECK(problem.position.line <= lines);
                CHECK_FALSE(problem.message.empty());
            }
        }
    }
    // Neither is rare, so that both are tried.
    CHECK(trees > 300);
    CHECK(trees < 5700);
}

TEST_CASE("every dynamic tree of the shared collection is read, and simulated to its known value") {
    const std::filesystem::path oracle = shared / "oracles" / "dynamic_trees.csv";
    if (!std::filesystem::exists(oracle)) {
        WARN("skipped: " << oracle.string() << " is not there");
        return;
    }
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(shared / "models" / "dynamic")) {
        if (entry.path().extension() != ".dft") continue;
        CAPTURE(entry.path().string());
        REQUIRE(load_galileo(entry.path()).dynamic_tree.has_value());
        ++files;
    }
    CHECK(files > 0);

    std::ifstream rows(oracle);
    std::string row;
    std::getline(rows, row);  // names of columns
    std::size_t values = 0;
    while (std::getline(rows, row)) {
        std::istringstream fields(row);
        std::string model;
        std::string measure;
        std::string time;
        std::string expected_text;
        std::getline(fields, model, ',');
        std::getline(fields, measure, ',');
        std::getline(fields, time, ',');
        std::getline(fields, expected_text, ',');
        CAPTURE(row);
        const double expected = std::strtod(expected_text.c_str(), nullptr);
        const DynamicTree tree = *load_galileo(shared / "models" / "dynamic" / model).dynamic_tree;
        DynamicSimulationOptions options{.trajectories = 8000, .seed = 3, .level = 0.99};
        if (measure == "MTTF") {
            const DynamicSimulation simulation = simulate(tree, options);
            CHECK(simulation.mean_interval.contains(expected));
            CHECK(std::isinf(simulation.mean_time_to_failure) == std::isinf(expected));
        } else {
            options.times = {std::strtod(time.c_str(), nullptr)};
            options.until_failure = false;
            CHECK(simulate(tree, options).unreliability[0].interval.contains(expected));
        }
        ++values;
    }
    CHECK(values > 40);
}
