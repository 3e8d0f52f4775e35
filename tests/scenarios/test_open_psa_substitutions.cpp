#include "scenarios/risk/open_psa.hpp"
#include "tests/scenarios/open_psa_models.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace {

using namespace venturi;
using namespace venturi::open_psa_models;
using Catch::Matchers::Contains;

// Two trains, each of a valve and a pump.
std::string trains(const std::string& substitutions) {
    return "<opsa-mef><define-fault-tree name=\"T\">\n"
           "<define-gate name=\"top\"><and><gate name=\"one\"/><gate name=\"two\"/></and></define-gate>\n"
           "<define-gate name=\"one\"><or><event name=\"v1\"/><event name=\"p1\"/></or></define-gate>\n"
           "<define-gate name=\"two\"><or><event name=\"v2\"/><event name=\"p2\"/></or></define-gate>\n"
           + event("v1", 0.5) + event("v2", 0.5) + event("p1", 0.7) + event("p2", 0.7)
           + "</define-fault-tree>\n<model-data>" + event("backup", 0.6) + "</model-data>\n" + substitutions
           + "</opsa-mef>";
}

std::string substitution(const std::string& hypothesis, const std::string& target,
                         const std::string& more = {}) {
    return "<define-substitution" + more + "><hypothesis>" + hypothesis + "</hypothesis><target>" + target
           + "</target></define-substitution>\n";
}

const std::string valves = R"(<and><basic-event name="v1"/><basic-event name="v2"/></and>)";
const std::string pumps = R"(<and><basic-event name="p1"/><basic-event name="p2"/></and>)";
const std::string never = R"(<constant value="false"/>)";
const std::string backup = R"(<basic-event name="backup"/>)";

double top(const std::string& substitutions) {
    return top_probability(read(trains(substitutions)).model, "top");
}

}  // namespace

TEST_CASE("Delete terms and recovery rules hold together with each top", "[risk]") {
    // Both trains fail: 0.85 * 0.85. Of that, both valves: a quarter. Otherwise one valve and the other pump,
    // or no valve and both pumps.
    CHECK(top({}) == Approx(0.7225));
    CHECK(top(substitution(valves, never)) == Approx(2 * 0.25 * 0.7 + 0.25 * 0.49));
    // Both pumps fail in 0.49, of which four tenths, without the backup's failure, are mended.
    CHECK(top(substitution(pumps, backup)) == Approx(0.7225 - 0.49 * 0.4));
    // Both rules: without both valves, 2 * 0.25 * (0.7 * 0.3 + 0.49 * 0.6) + 0.25 * 0.49 * 0.6.
    const std::string both = substitution(valves, never, R"( name="valves" type="delete-terms")")
                             + substitution(pumps, backup, R"( name="pumps" type="recovery-rule")");
    CHECK(top(both) == Approx(0.5 * (0.21 + 0.294) + 0.0735));
    // Pairwise exclusive events, as the format writes them.
    const std::string group = R"(<atleast min="2"><basic-event name="v1"/><basic-event name="v2"/>)"
                              R"(<basic-event name="p1"/></atleast>)";
    // The first valve alone, or the first pump alone, with the second pump, which is not in the group.
    CHECK(top(substitution(group, never)) == Approx(0.5 * 0.5 * 0.3 * 0.7 + 0.5 * 0.5 * 0.7 * 0.7));
    CHECK(top(substitution(valves, R"(<constant value="true"/>)")) == Approx(0.7225));
}

TEST_CASE("Substitutions are said, and gates below the tops are as they were", "[risk]") {
    const RiskModelReading reading = read(trains(substitution(valves, never)));
    CHECK(reading.constraints.size() == 1);
    REQUIRE(reading.warnings.size() == 2);  // the backup isn't used
    CHECK_THAT(reading.warnings[1].message, Contains("1 substitution: what contradicts it is taken out"));
    CHECK(reading.warnings[1].position.line == 12);
    CHECK(top_gates(reading.model).size() == 1);
    CHECK(top_probability(reading.model, "one") == Approx(0.85));
}

TEST_CASE("What a substitution can't be is said with its place", "[risk]") {
    const auto problem = [](const std::string& text) { return problem_of(trains(text)); };
    CHECK_THAT(problem("<define-substitution><hypothesis>" + valves + "</hypothesis>\n<source>" + backup
                       + "</source><target>" + backup + "</target></define-substitution>"),
               Catch::StartsWith("13:1 a substitution with a source is not supported, here"));
    CHECK(problem("<define-substitution/>") == "12:1 a substitution with 0 hypothesis parts and 0 targets");
    CHECK(problem(substitution(R"(<gate name="one"/>)", never)) == "12:22 a hypothesis over gates");
    CHECK(problem(substitution(R"(<or><event name="one"/><event name="v2"/></or>)", never))
          == "12:22 a hypothesis over gates");
    CHECK_THAT(problem(substitution(valves, R"(<gate name="one"/>)")), Contains("neither a basic event nor"));
    CHECK_THAT(problem(substitution(valves, R"(<basic-event name="none"/>)")),
               Contains("'none' is not defined"));
    CHECK_THAT(problem(substitution(valves, backup + never)), Contains("'target' holds 2 events"));
    CHECK_THAT(problem(substitution(valves + pumps, never)), Contains("'hypothesis' holds 2 formulas"));
    CHECK_THAT(problem(substitution(valves, backup, R"( type="delete-terms")")),
               Contains("target is not false"));
    CHECK_THAT(problem(substitution(valves, never, R"( type="recovery-rule")")),
               Contains("target is a constant"));
    CHECK_THAT(problem(substitution(valves, backup, R"( type="exchange-event")")),
               Contains("without a source"));
    CHECK_THAT(problem(substitution(valves, backup, R"( type="exchange")")),
               Contains("unknown type 'exchange'"));
    CHECK_THAT(
        problem(substitution(valves, never, R"( name="a")") + substitution(pumps, never, R"( name="a")")),
        Contains("the substitution 'a' is defined twice"));
    CHECK_THAT(problem(substitution(valves, never) + R"(<define-initiating-event name="i"/>)"),
               Contains("substitutions in a model with event trees are not supported, here"));
    CHECK_THAT(
        problem(
            R"(<define-alignment name="a"><define-phase name="p" time-fraction="1"/></define-alignment>)"),
        Catch::StartsWith("12:1 'define-alignment' is not supported, here"));
}
