#include "agents/risk/risk_model.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "tests/scenarios/open_psa_models.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::open_psa_models;

}  // namespace

TEST_CASE("What is wrong is said with its place", "[risk]") {
    const std::string e = event("e", 0.5);
    const auto gate = [&](const std::string& formula) {
        return problem_of(tree_of("<define-gate name=\"top\">\n" + formula + "</define-gate>\n" + e));
    };
    CHECK(gate(R"(<event name="e"/>)") == "none");
    CHECK(gate(R"(<event name="f"/>)") == "4:1 the event 'f' is not defined");
    CHECK(gate(R"(<gate name="e"/>)") == "4:1 'e' is a basic-event, not a gate");
    CHECK(gate(R"(<event name="e" type="house-event"/>)") == "4:1 'e' is a basic-event, not a house-event");
    CHECK(gate(R"(<event name="e" type="thing"/>)") == "4:1 unknown type 'thing' of event");
    CHECK(gate(R"(<event nam="e"/>)") == "4:1 unknown attribute 'nam' of 'event'");
    CHECK(gate(R"(<event/>)") == "4:1 'event' has no attribute 'name'");
    CHECK(gate(R"(<xnor><event name="e"/><event name="e"/></xnor>)") == "4:1 unknown connective 'xnor'");
    CHECK(gate(R"(<and><event name="e"/></and>)") == "4:1 'and' with 1 argument");
    CHECK(gate(R"(<not/>)") == "4:1 'not' with 0 arguments");
    CHECK(gate(R"(<imply><event name="e"/><event name="e"/><event name="e"/></imply>)")
          == "4:1 'imply' with 3 arguments");
    CHECK(gate(R"(<atleast min="3"><event name="e"/><event name="top"/></atleast>)")
          == "4:1 'atleast' with min '3' of 2 arguments");
    CHECK(gate(R"(<atleast min="two"><event name="e"/><event name="e"/></atleast>)")
          == "4:1 'atleast' with min 'two' of 2 arguments");
    CHECK(gate(R"(<atleast><event name="e"/><event name="e"/></atleast>)")
          == "4:1 'atleast' has no attribute 'min'");
    CHECK(gate(R"(<cardinality min="2" max="1"><event name="e"/><event name="e"/></cardinality>)")
          == "4:1 'cardinality' with min 2 above max 1");
    CHECK(gate(R"(<constant value="maybe"/>)") == "4:1 'maybe' is no constant");
    CHECK(gate(R"(<event name="e"/>text)") == "3:1 text in 'define-gate', where only elements can stand");
    CHECK(gate(R"(<event name="e"/><event name="e"/>)") == "3:1 the gate 'top' holds 2 formulas");
    CHECK(gate(R"(<or><event name="e"/><not><gate name="top"/></not></or>)")
          == "3:1 gates depend on themselves: top -> top");
    CHECK(gate(R"(<event name="e">&unknown;</event>)")
          == "4:1 text in 'event', where only elements can stand");
    CHECK(gate(R"(<event name="&unknown;"/>)") == "4:1 unknown entity 'unknown'");
    CHECK(gate(R"(<event name="e" name="e"/>)") == "4:1 the attribute 'name' is given twice");

    const auto expression = [&](const std::string& text) {
        return problem_of(tree_of("<define-basic-event name=\"e\">\n" + text + "</define-basic-event>\n"));
    };
    CHECK(expression(R"(<float value="0.5"/>)") == "none");
    CHECK(expression(R"(<float value="1.5"/>)") == "3:1 the basic event 'e' has the probability 1.5");
    CHECK(expression(R"(<float value="-0.5"/>)") == "3:1 the basic event 'e' has the probability -0.5");
    CHECK(expression(R"(<float value="half"/>)") == "4:1 'half' is no float");
    CHECK(expression(R"(<float value="1e999"/>)") == "4:1 '1e999' is no float");
    CHECK(expression(R"(<float value="nan"/>)") == "4:1 'nan' is no float");
    CHECK(expression(R"(<int value="1.5"/>)") == "4:1 '1.5' is no int");
    CHECK(expression(R"(<bool value="1"/>)") == "4:1 '1' is no bool");
    CHECK(expression(R"(<add><float value="1"/></add>)") == "4:1 'add' with 1 argument");
    CHECK(expression(R"(<exponential><float value="1"/></exponential>)")
          == "4:1 'exponential' with 1 argument");
    CHECK(expression(R"(<periodic-test><pi/><pi/><pi/></periodic-test>)")
          == "4:1 'periodic-test' with 3 arguments");
    CHECK(expression(R"(<histogram><pi/></histogram>)") == "4:1 'histogram' with 1 argument");
    CHECK(expression(R"(<histogram><pi/><bin><pi/></bin></histogram>)")
          == "4:1 'histogram' with 2 arguments");
    CHECK(expression(R"(<exponential><float value="-1"/><float value="1"/></exponential>)")
          == "4:1 the basic event 'e' depends on 'exponential' outside its domain");
    CHECK(expression(R"(<parameter name="p"/>)") == "4:1 the parameter 'p' is not defined");
    CHECK(expression(R"(<expnential/>)") == "4:1 unknown expression 'expnential'");
    CHECK(expression(R"(<extern-function name="f"/>)")
          == "4:1 'extern-function' is not supported: it would run code that is not the model's");
    CHECK(expression(R"(<system-mission-time unit="years"/>)") == "4:1 the mission time is not in 'years'");
}

TEST_CASE("Parameters say what is wrong with them", "[risk]") {
    const auto parameters = [](const std::string& text) {
        return problem_of("<opsa-mef><model-data>\n" + text + "</model-data></opsa-mef>");
    };
    CHECK(parameters(
              R"(<define-parameter name="p" unit="hours"><parameter name="q" unit="years"/></define-parameter>
<define-parameter name="q" unit="hours"><pi/></define-parameter>)")
          == "2:41 the parameter 'q' is not in 'years'");
    CHECK(parameters(R"(<define-parameter name="p" unit="furlongs"><pi/></define-parameter>)")
          == "2:1 unknown unit 'furlongs'");
    CHECK(parameters(R"(<define-parameter name="p"><parameter name="q"/></define-parameter>
<define-parameter name="q"><neg><parameter name="p"/></neg></define-parameter>)")
          == "2:1 parameters depend on themselves: p -> q -> p");
    CHECK(parameters(R"(<define-parameter name="p"><pi/></define-parameter>
<define-parameter name="p"><pi/></define-parameter>)")
          == "3:1 the name 'p' is defined twice, first as a parameter at plant.xml:2:1");
    CHECK(parameters(R"(<define-parameter name="p"/>)") == "2:1 'define-parameter' holds 0 expressions");
    // Nothing uses it, but it is wrong whatever would.
    CHECK(
        parameters(
            R"(<define-parameter name="p"><uniform-deviate><pi/><int value="1"/></uniform-deviate></define-parameter>)")
        == "2:28 the parameter 'p' depends on 'uniform-deviate' outside its domain");
    CHECK(parameters(R"(<define-gate name="g"><constant value="true"/></define-gate>)")
          == "2:1 unknown element 'define-gate' in 'model-data'");
}

TEST_CASE("Common cause groups say what is wrong with them", "[risk]") {
    const auto group = [](const std::string& model, const std::string& rest) {
        return problem_of("<opsa-mef>\n<define-CCF-group name=\"g\" model=\"" + model + "\">\n"
                          "<members><basic-event name=\"a\"/><basic-event name=\"b\"/></members>\n" + rest
                          + "</define-CCF-group>\n</opsa-mef>");
    };
    const std::string q = "<distribution><float value=\"0.1\"/></distribution>\n";
    const auto factor = [](const std::string& level, const std::string& value) {
        return "<factor" + (level.empty() ? "" : " level=\"" + level + "\"") + "><float value=\"" + value
               + "\"/></factor>";
    };
    CHECK(group("beta-factor", q + factor("2", "0.1")) == "none");
    CHECK(group("beta-factor", q + factor("", "0.1")) == "none");
    CHECK(group("alpha-factor", q + "<factors>" + factor("2", "0.1") + factor("1", "0.9") + "</factors>")
          == "none");
    CHECK(group("gamma-factor", q + factor("2", "0.1"))
          == "2:1 unknown model 'gamma-factor' of common cause");
    CHECK(group("beta-factor", factor("2", "0.1")) == "2:1 a common cause group with 0 distributions");
    CHECK(group("beta-factor", q) == "2:1 the common cause group 'g' has no factor");
    CHECK(group("beta-factor", q + factor("1", "0.1")) == "5:1 a factor of level '1'");
    CHECK(group("MGL", q + factor("1", "0.1")) == "5:1 a factor of level '1'");
    CHECK(group("MGL", q + factor("2", "1.1"))
          == "2:1 the common cause group 'g': a factor is a conditional probability and can't be above 1");
    CHECK(group("alpha-factor", q + factor("3", "0.1")) == "5:1 a factor of level '3'");
    CHECK(group("alpha-factor", q + factor("2", "0.1"))
          == "2:1 the common cause group 'g' has no factor of level 1, but one of level 2");
    CHECK(group("phi-factor", q + factor("1", "0.9"))
          == "2:1 the common cause group 'g': phi factors do not sum to 1");
    CHECK(group("beta-factor", q + factor("2", "0.1") + factor("2", "0.1")) == "5:48 two factors of level 2");
    CHECK(problem_of(tree_of(R"(<define-CCF-group name="g" model="beta-factor">
<members><basic-event name="a"/><basic-event name="a"/></members>
<distribution><float value="0.1"/></distribution><factor><float value="0.1"/></factor></define-CCF-group>)"))
          == "3:1 the common cause group 'g' has the member 'a' twice");
}

TEST_CASE("Event trees say what is wrong with them", "[risk]") {
    const auto tree = [](const std::string& branches, const std::string& state,
                         const std::string& rest = {}) {
        return problem_of(
            "<opsa-mef>\n<define-initiating-event name=\"i\" event-tree=\"t\"/>\n"
            "<define-event-tree name=\"t\">\n<define-functional-event name=\"f\"/>"
            "<define-functional-event name=\"g\"/><define-sequence name=\"s\"/>\n"
            + branches + "<initial-state>\n" + state + "</initial-state>\n</define-event-tree>\n" + rest
            + "</opsa-mef>");
    };
    const std::string end = R"(<sequence name="s"/>)";
    const auto fork = [](const std::string& event, const std::string& branch) {
        return "<fork functional-event=\"" + event + "\"><path state=\"on\">" + branch + "</path></fork>";
    };
    CHECK(tree("", end) == "none");
    CHECK(tree("", fork("f", fork("g", end))) == "none");
    CHECK(tree("", fork("g", fork("f", end)))
          == "3:1 't' asks a functional event after itself or one that is defined later");
    CHECK(tree("", fork("f", fork("f", end)))
          == "3:1 't' asks a functional event after itself or one that is defined later");
    const std::string branch = "<define-branch name=\"b\">" + fork("f", end) + "</define-branch>";
    CHECK(tree(branch, R"(<branch name="b"/>)") == "none");
    CHECK(tree(branch, fork("g", R"(<branch name="b"/>)"))
          == "3:1 't' asks a functional event after itself or one that is defined later");
    CHECK(tree(R"(<define-branch name="b"><branch name="b"/></define-branch>)", end)
          == "3:1 branches lead to themselves: b -> b");
    CHECK(tree("", "") == "5:1 'initial-state' does not end in a fork, a sequence or a branch");
    CHECK(tree("", end + end) == "6:1 'sequence' before the end of 'initial-state'");
    CHECK(tree("", R"(<sequence name="r"/>)") == "6:1 the sequence 'r' is not defined");
    CHECK(tree("", R"(<branch name="r"/>)") == "6:1 the branch of this tree 'r' is not defined");
    CHECK(tree("", fork("h", end)) == "6:1 the functional event of this tree 'h' is not defined");
    CHECK(tree("", R"(<fork functional-event="f"/>)") == "6:1 a fork without a path");
    CHECK(tree("", R"(<rule name="r"/>)" + end) == "6:1 the rule 'r' is not defined");
    CHECK(tree("", R"(<event-tree name="t"/>)" + end)
          == "3:1 a link to an event tree on the way, where only a sequence can go on in another tree");
    CHECK(
        tree("", R"(<rule name="r"/>)" + end, R"(<define-rule name="r"><event-tree name="t"/></define-rule>)")
        == "3:1 a link to an event tree on the way, where only a sequence can go on in another tree");
    CHECK(tree("", end, R"(<define-rule name="r"><rule name="r"/></define-rule>)")
          == "8:1 rules call themselves: r -> r");
    CHECK(tree(R"(<define-sequence name="l"><event-tree name="t"/></define-sequence>)",
               R"(<sequence name="l"/>)")
          == "3:1 event trees link to themselves: t -> t");
    CHECK(tree("", R"(<set-house-event name="h"><constant value="true"/></set-house-event>)" + end)
          == "6:1 the house-event 'h' is not defined");
    CHECK(tree("", R"(<set-parameter name="p" direction="backward"><pi/></set-parameter>)" + end)
          == "6:1 an instruction that acts 'backward' is not supported");
    CHECK(tree("", R"(<if><pi/></if>)" + end) == "6:1 'if' with 1 part");
    CHECK(tree("", R"(<collect-formula/>)" + end) == "6:1 'collect-formula' holds 0 formulas");
    CHECK(tree("", R"(<colect-formula/>)" + end)
          == "6:1 unknown element 'colect-formula' in 'initial-state'");
    CHECK(problem_of(R"(<opsa-mef><define-event-tree name="t"/></opsa-mef>)")
          == "1:11 the event tree 't' has no initial state");
    CHECK(problem_of(R"(<opsa-mef><define-alignment name="a"/></opsa-mef>)")
          == "1:11 'define-alignment' is not supported, here: each phase is a model of its own");
    CHECK(problem_of(R"(<opsa-mef><include file="f.xml"/></opsa-mef>)")
          == "1:11 'f.xml' is not among the files that are read, and no other is opened");
}

TEST_CASE("A name that was refused is not found afterwards, however often it is declared", "[risk]") {
    // Of each kind: a private name, and then two public ones that clash with its path.
    const auto thrice = [](const std::string& element, const std::string& first,
                           const std::string& more = {}) {
        return problems_of("<opsa-mef>\n<define-fault-tree name=\"t\">\n" + first + "<" + element
                           + " name=\"x\"/>\n<" + element + " name=\"x\"/>\n<" + element + " name=\"x\"/>\n"
                           + more + "</define-fault-tree>\n</opsa-mef>");
    };
    const std::string gate =
        "<define-gate name=\"x\" role=\"private\"><constant value=\"true\"/></define-gate>\n";
    for (const std::string element : {"define-basic-event", "define-house-event", "define-gate"}) {
        CAPTURE(element);
        const std::vector<Problem> problems = thrice(element, gate);
        std::size_t clashes = 0;
        for (const Problem& problem : problems)
            if (problem.message.find("the name 'x' is defined twice, first as a gate at plant.xml:3:1") == 0)
                ++clashes;
        CHECK(clashes == 3);
    }
    const std::string parameter =
        "<define-parameter name=\"x\" role=\"private\"><float value=\"1\"/></define-parameter>\n";
    CHECK(thrice("define-parameter", parameter).size() == 3);
    // The public name that was refused stands for nothing.
    CHECK(problem_of(
              "<opsa-mef>\n<define-fault-tree name=\"t\">\n" + gate
              + "<define-basic-event name=\"x\"/>\n</define-fault-tree>\n<define-fault-tree name=\"u\">\n"
                "<define-gate name=\"top\"><event name=\"x\"/></define-gate></define-fault-tree></opsa-mef>")
          == "4:1 the name 'x' is defined twice, first as a gate at plant.xml:3:1");
    const std::string group =
        "<define-component name=\"c\" role=\"private\"><define-CCF-group name=\"x\" "
        "model=\"MGL\"/></define-component>\n";
    CHECK_FALSE(thrice("define-CCF-group model=\"MGL\"", group).empty());
    // Members of groups are declared last, and find what bears their names.
    CHECK_FALSE(thrice("define-basic-event", gate,
                       "<define-CCF-group name=\"g\" model=\"MGL\"><members><basic-event name=\"x\"/>"
                       "<basic-event name=\"y\"/></members></define-CCF-group>\n")
                    .empty());
}

TEST_CASE("Names and values of a model can be shown as they are", "[risk]") {
    for (const std::string name : {"a&#27;b", "a&#x9b;b",
                                   "a\xC2\x9B"
                                   "b",
                                   "a\xE2\x80\xAE"
                                   "b",
                                   "a\xE2\x81\xA7"
                                   "b",
                                   "a\x7F"
                                   "b"}) {
        CAPTURE(name);
        const std::string problem = problem_of(tree_of("<define-basic-event name=\"" + name + "\"/>"));
        CHECK(problem.find("3:1 ") == 0);
    }
    CHECK(problem_of(tree_of("<define-basic-event name=\"a&#x202e;b\"/>"))
          == "3:1 the attribute 'name' has a sign that turns the direction of text (U+202E)");
    CHECK(problem_of(tree_of("<define-basic-event name=\"a&#xFFFE;b\"/>")) == "3:1 unknown entity '#xFFFE'");
    CHECK(problem_of(tree_of("<define-basic-event name=\"a\xEF\xBF\xBE\"/>"))
          == "3:28 not a text file: character 0xfffe");
}

TEST_CASE("Suggestions name what was probably meant", "[risk]") {
    const std::vector<Problem> problems = problems_of(tree_of(
        R"(<define-gate name="top"><or><event name="valve1"/><event name="pomp1"/></or></define-gate>
<define-gaet name="x"/>)"
        + event("pump1", 0.1) + event("valve1", 0.1)));
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].nearest == "pump1");
    CHECK(problems[1].nearest == "define-gate");
    CHECK(problems[1].value == "define-gaet");
}

TEST_CASE("Probabilities may be missing where only what combines is asked for", "[risk]") {
    const std::string text =
        tree_of(R"(<define-gate name="top"><or><event name="a"/><event name="b"/></or></define-gate>
<define-basic-event name="a"/>
<define-basic-event name="b"/>
<define-basic-event name="unused"/>)");
    const std::vector<Problem> problems = problems_of(text);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].message == "the basic event 'a' has no probability");
    CHECK(problems[1].position.line == 5);
    const RiskModelReading reading = read(text, {.probabilities_required = false});
    CHECK(fault_tree_of(reading.model, 0).basic_events.size() == 3);
    CHECK_THROWS_AS(fault_tree_of(reading.model, 0, 1), RiskModelError);
    try {
        static_cast<void>(fault_tree_of(reading.model, 0, 1));
    } catch (const RiskModelError& error) {
        CHECK(to_text(reading.source.problem(error.defect()))
              == "plant.xml:4:1: the basic event 'a' has no probability");
    }
}

TEST_CASE("What is never used is a warning", "[risk]") {
    const RiskModelReading reading = read(R"(<opsa-mef>
<define-fault-tree name="T"><define-gate name="top"><or><event name="a"/><event name="a"/></or></define-gate>
<define-basic-event name="a"><float value="0.5"/></define-basic-event>
<define-basic-event name="idle"/>
<define-house-event name="empty"/>
<define-parameter name="p"><pi/></define-parameter>
<define-CCF-group name="group" model="beta-factor"><members><basic-event name="x"/><basic-event name="y"/></members>
<distribution><float value="0.1"/></distribution><factor><float value="0.1"/></factor></define-CCF-group>
</define-fault-tree>
<define-rule name="r"><block/></define-rule>
<define-initiating-event name="i"/>
<define-event-tree name="t"><define-functional-event name="f"/><define-sequence name="s"/><define-sequence name="u"/>
<define-branch name="b"><sequence name="s"/></define-branch><initial-state><sequence name="s"/></initial-state></define-event-tree>
</opsa-mef>)");
    std::vector<std::string> messages;
    for (const Problem& warning : reading.warnings) messages.push_back(warning.message);
    CHECK(messages
          == std::vector<std::string>{
              "a formula has the same argument twice", "the basic event 'idle' is never used",
              "the house event 'empty' is never used", "the parameter 'p' is never used",
              "the common cause group 'group' is never used", "the basic event 'x' is never used",
              "the basic event 'y' is never used", "the rule 'r' is never used",
              "the initiating event 'i' is never used", "the event tree 't' is never used",
              "the branch 'b' is never used", "the functional event 'f' is never used",
              "the sequence 'u' is never used"});
    CHECK(reading.warnings[1].position == SourcePosition{.file = "plant.xml", .line = 4, .column = 1});
}
