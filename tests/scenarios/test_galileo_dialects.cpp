#include "scenarios/risk/galileo.hpp"
#include "scenarios/risk/keyword_hint.hpp"
#include "tests/agents/truth_table.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

std::vector<Problem> problems_of(const std::string& text) {
    try {
        static_cast<void>(parse_galileo(text, "tree.dft"));
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    return {};
}

std::string first_problem(const std::string& text) {
    const std::vector<Problem> problems = problems_of(text);
    return problems.empty() ? "none" : to_text(problems.front());
}

double at_one(const TreeContents& contents) {
    return truth_table::probability(fault_tree_at(contents, 1));
}

}  // namespace

TEST_CASE("a quote too many before a semicolon is passed over with a warning", "[risk]") {
    const std::string lives = "\"A\" lambda=1;\n\"B\" lambda=2;\n";
    for (const std::string slip : {"\"B\"\";", "\"B\" \";", "\"B\"\"  ;\r", "B\";"}) {
        CAPTURE(slip);
        const TreeContents contents =
            parse_galileo("toplevel \"T\";\n\"T\" or \"A\" " + slip + "\n" + lives, "tree.dft");
        CHECK(at_one(contents) == Approx(1 - std::exp(-3)));
        REQUIRE(contents.warnings.size() == 1);
        CHECK(contents.warnings[0].position.line == 2);
        CHECK_THAT(contents.warnings[0].message, Contains("a quote too many"));
    }
    // Other statements of the line are read.
    const TreeContents contents =
        parse_galileo("toplevel \"T\"; \"T\" or \"A\" \"B\"\"; \"A\" lambda=1; \"B\" lambda=2;", "tree.dft");
    CHECK(at_one(contents) == Approx(1 - std::exp(-3)));
    CHECK(contents.warnings.size() == 1);
    // A name may hold a semicolon, and a quote elsewhere is no slip of this kind.
    CHECK(first_problem("toplevel \"; a\";\n\"; a\" lambda=1;") == "none");
    CHECK_THAT(first_problem("toplevel \"A;\nA lambda=1;"), Contains("a quote is opened here"));
}

TEST_CASE("what follows a semicolon on its line and is no statement is passed over with a warning",
          "[risk]") {
    const std::string lives = "\"A\" lambda=1;\n\"B\" lambda=2;\n";
    for (const std::string remark :
         {"\"C\";", "a remark", "see the report", "- - -", "\"C\"", "the pumps, both"}) {
        CAPTURE(remark);
        const TreeContents contents =
            parse_galileo("toplevel \"T\";\n\"T\" or \"A\" \"B\"; " + remark + "\n" + lives, "tree.dft");
        CHECK(at_one(contents) == Approx(1 - std::exp(-3)));
        REQUIRE(contents.warnings.size() == 1);
        CHECK(contents.warnings[0].position == SourcePosition{"tree.dft", 2, 17});
        CHECK_THAT(contents.warnings[0].message, Contains("what follows the semicolon is passed over"));
    }
    // At the end of a file, too.
    CHECK(parse_galileo("toplevel A; A lambda=1; that is all", "tree.dft").warnings.size() == 1);
    const TreeContents bracket = parse_galileo("toplevel A;\nA lambda=1;\n]\n", "tree.dft");
    REQUIRE(bracket.warnings.size() == 1);
    CHECK(bracket.warnings[0].position == SourcePosition{"tree.dft", 3, 1});
    CHECK_THAT(bracket.warnings[0].message, Contains("the last semicolon is passed over: ']'"));
    // A statement may begin there, and go on in the next line.
    CHECK(parse_galileo("toplevel T; T or\nA B; A lambda=1; \"B\"\nlambda=2;", "tree.dft").warnings.empty());
    // What is nearly a statement is not passed over, nor is what stands in a line of its own.
    CHECK_THAT(first_problem("toplevel A; A lambda=1; F fdpe A B\nB lambda=1;"),
               Contains("'fdpe' is no kind"));
    CHECK_THAT(first_problem("toplevel A; A lambda=1; B C D;"), Contains("'C' is no kind of gate"));
    CHECK_THAT(first_problem("toplevel A;\nremark\nA lambda=1;"), Contains("'A' is no kind of gate"));
}

TEST_CASE("words of newer dialects are named as such, and no word of another meaning is suggested",
          "[risk]") {
    const std::string events = "\nA lambda=1; B lambda=1;";
    for (const std::string word : {"rdep", "sand", "ru", "ru_f", "ru_nd", "2insp4", "insp3", "insp", "3rep2",
                                   "spare-claim-after-repair", "pand-excl-rep-any"}) {
        CAPTURE(word);
        const std::vector<Problem> problems = problems_of("toplevel T;\nT " + word + " A B;" + events);
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].position == SourcePosition{"tree.dft", 2, 3});
        CHECK_THAT(problems[0].message, Contains("newer") && Contains("it is not read here"));
        CHECK(problems[0].nearest.empty());
    }
    for (const std::string word : {"xor", "nor", "nand", "not", "xnor", "inhibit"}) {
        CAPTURE(word);
        const Problem problem = problems_of("toplevel T;\nT " + word + " A B;" + events).front();
        CHECK_THAT(problem.message, Contains("of other formats"));
        CHECK(problem.nearest.empty());
    }
    for (const std::string attribute :
         {"aph=\"x.bcg\"", "interval=2", "prio=1", "maintain=1", "pdep-bdmp=0.5"}) {
        CAPTURE(attribute);
        const Problem problem = problems_of("toplevel A;\nA lambda=1 " + attribute + ";").front();
        CHECK(problem.position == SourcePosition{"tree.dft", 2, 12});
        CHECK_THAT(problem.message, Contains("it is not read here"));
        CHECK(problem.nearest.empty());
    }
    CHECK_THAT(first_problem("DFTCALC\ntoplevel T; T and A B;" + events),
               Contains("'toplevel' is in a statement that begins with 'DFTCALC'"));
}

TEST_CASE("a tree with parameters is refused once for each of them", "[risk]") {
    const std::vector<Problem> problems =
        problems_of("param x;\nparam y;\ntoplevel T;\nT and A B;\nA lambda=x;\nB lambda=2*y dorm=0;");
    REQUIRE(problems.size() == 2);
    CHECK_THAT(problems[0].message, Contains("'x' is a parameter without a value"));
    CHECK(problems[1].position.line == 2);
}

TEST_CASE("a hint is the one word that is nearest, or none", "[risk]") {
    const std::vector<std::string> words{"and", "pand", "or", "por", "csp", "wsp", "hsp", "fdep", "lambda"};
    CHECK(keyword_hint("lamda", words) == "lambda");
    CHECK(keyword_hint("andd", words) == "and");
    CHECK(keyword_hint("fdpe", words) == "fdep");
    CHECK(keyword_hint("pnd", words).empty());
    CHECK(keyword_hint("dsp", words).empty());
    CHECK(keyword_hint("quorum", words).empty());
}

TEST_CASE("what pages of a drawing a tree has makes no difference", "[risk]") {
    const TreeContents contents = parse_galileo("toplevel A; page 1 A; A lambda=1;", "tree.dft");
    CHECK(at_one(contents) == Approx(1 - std::exp(-1)));
    REQUIRE(contents.warnings.size() == 1);
    CHECK_THAT(contents.warnings[0].message, Contains("'page' is passed over"));
}

TEST_CASE("older names of priority gates are read", "[risk]") {
    for (const std::string word : {"pand-inc", "por-inc", "pand-ex", "por-ex"}) {
        CAPTURE(word);
        const TreeContents contents =
            parse_galileo("toplevel T; T " + word + " A B; A lambda=1; B lambda=1;", "tree.dft");
        REQUIRE(contents.dynamic_tree.has_value());
        const DynamicGate& gate = contents.dynamic_tree->gates.front();
        CHECK(gate.simultaneity
              == (word.ends_with("inc") ? Simultaneity::inclusive : Simultaneity::exclusive));
        CHECK(
            gate.connective
            == (word.starts_with("pand") ? DynamicConnective::priority_and : DynamicConnective::priority_or));
    }
}

TEST_CASE("of a file that is no Galileo tree no line is shown", "[risk]") {
    for (const std::string text :
         {"root:x:0:0:root:/root:/bin/bash\nsecret:x:1:1::/:/bin/sh\n", "secret", "secret;",
          "int secret() { return 7; }", "-----BEGIN secret KEY-----\nMIIE=\n"}) {
        CAPTURE(text);
        const std::vector<Problem> problems = problems_of(text);
        REQUIRE(problems.size() == 1);
        CHECK_THAT(to_text(problems[0]), Contains("is no tree in Galileo's text format"));
        CHECK_THAT(to_text(problems[0]), !Contains("secret") && !Contains("root") && !Contains("MIIE"));
    }
}

TEST_CASE("no control character, turn of direction or non-character gets into a Galileo tree", "[risk]") {
    for (const std::string character : {"\x1B", "\x07", "\x7F", "\xC2\x9B", "\xE2\x80\xAE", "\xE2\x81\xA6",
                                        "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
        CAPTURE(character);
        const std::string text = "toplevel \"a\";\n\"é" + character + "a\" lambda=1;";
        CHECK_THAT(first_problem(text), Catch::StartsWith("tree.dft:2:3: not a text file: "));
        CHECK_THAT(first_problem(text), !Contains(character));
    }
}
