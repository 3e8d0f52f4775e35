// Trees of each format, small enough for a value by hand.
#include "agents/risk/dynamic_solution.hpp"
#include "scenarios/risk/galileo.hpp"
#include "scenarios/risk/tree_file.hpp"
#include "tests/agents/truth_table.hpp"
#include "tests/scenarios/open_psa_models.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <string>

namespace {

using namespace venturi;

double unreliability(const TreeContents& contents, double time) {
    REQUIRE(contents.dynamic_tree.has_value());
    ChainRefusal refusal = ChainRefusal::none;
    const auto solution = DynamicSolution::solve(*contents.dynamic_tree, {}, refusal);
    REQUIRE(solution.has_value());
    return solution->unreliability(std::array{time})->front();
}

double of_galileo(const std::string& text, double time) {
    return unreliability(parse_galileo(text, "tree.dft"), time);
}

double of_yaml(const std::string& text, double months) {
    return unreliability(parse_tree_file(text, "tree.yaml"), months);
}

// The static tree at a time.
double at(const TreeContents& contents, double time) {
    return truth_table::probability(fault_tree_at(contents, time));
}

double mean_time(const std::string& text) {
    ChainRefusal refusal = ChainRefusal::none;
    const auto solution = DynamicSolution::solve(*parse_galileo(text, "tree.dft").dynamic_tree, {}, refusal);
    return solution.value().mean_time_to_failure().value();
}

}  // namespace

TEST_CASE("Galileo trees have the values that are found by hand", "[risk]") {
    const double t = 0.7;
    const auto e = [](double x) { return std::exp(x); };
    // In series, rates add.
    CHECK(of_galileo("toplevel T; T or A B; A lambda=1; B lambda=2;", t) == Approx(1 - e(-3 * t)));
    // Two of three alike: 3p² − 2p³.
    const double p = 1 - e(-0.5 * t);
    CHECK(of_galileo("toplevel T; T 2of3 A B C; A lambda=.5; B lambda=1/2; C lambda=5e-1;", t)
          == Approx(3 * p * p - 2 * p * p * p));
    // A cold spare: the sum of two lives.
    const std::string cold = "toplevel T; T csp A B; A lambda=1; B lambda=1;";
    CHECK(of_galileo(cold, t) == Approx(1 - e(-t) * (1 + t)));
    CHECK(mean_time(cold) == Approx(2));
    // A warm one: the first failure at the rate 1.5, the second at 1.
    CHECK(of_galileo("toplevel T; T wsp A B; A lambda=1 dorm=0; B lambda=1 dorm=0.5;", t)
          == Approx(1 - 3 * e(-t) + 2 * e(-1.5 * t)));
    // In order: the integral of the first's density, while the second follows in time.
    CHECK(of_galileo("toplevel T; T pand A B; A lambda=1; B lambda=2;", t)
          == Approx((1 - e(-3 * t)) / 3 - e(-2 * t) * (1 - e(-t))));
    // One chance in five for both dependents, which do not fail by themselves.
    CHECK(of_galileo("toplevel T; T and A B; D pdep=0.2 E A B; A lambda=0; B lambda=0; E lambda=1;", t)
          == Approx(0.2 * (1 - e(-t))));
    // An Erlang life of two phases, and a Weibull one of the scale 2 and the shape 3.
    CHECK(of_galileo("toplevel T; T and A; A lambda=1 phases=2;", t) == Approx(1 - e(-t) * (1 + t)));
    CHECK(of_galileo("toplevel T; T and A; A rate=2 shape=3;", t) == Approx(1 - e(-std::pow(t / 2, 3))));
}

TEST_CASE("Trees in our own form have the values that are found by hand", "[risk]") {
    const auto e = [](double x) { return std::exp(x); };
    const auto probability = [](const std::string& text) {
        return at(parse_tree_file(text, "tree.yaml"), 0);
    };
    CHECK(probability("top: {and: [a, -b]}\nevents: {a: 10%, b: 0.2}") == Approx(0.08));
    CHECK(probability("top: {at_least: 2, of: [a, b, c]}\nevents: {a: 0.1, b: 0.2, c: 0.3}")
          == Approx(0.1 * 0.2 * 0.7 + 0.1 * 0.8 * 0.3 + 0.9 * 0.2 * 0.3 + 0.1 * 0.2 * 0.3));
    CHECK(probability("top: {xor: [a, b]}\nevents: {a: 0.1, b: 0.2}") == Approx(0.1 * 0.8 + 0.9 * 0.2));
    // A machine that fails every year and is down for a month: λ / (λ + μ) (1 − exp(−(λ + μ) t)).
    const double both = 1.0 / 12 + 1;
    CHECK(at(parse_tree_file("top: a\nevents: {a: {mean: 1 year, repair: 1/month}}", "tree.yaml"), 3)
          == Approx(1.0 / 12 / both * (1 - e(-3 * both))));
    CHECK(of_yaml("top: {spare: [a, b]}\nevents: {a: 1/month, b: {rate: 1/month, dormancy: 0%}}", 2)
          == Approx(1 - e(-2) * 3));
    CHECK(of_yaml("top: {priority_or: [a, b]}\nevents: {a: 1/month, b: 2/month}", 2)
          == Approx((1 - e(-6)) / 3));
}

TEST_CASE("Models of the exchange format have the values that are found by hand", "[risk]") {
    using namespace open_psa_models;
    const auto top = [](const std::string& text) { return top_probability(read(text).model, "top", 100); };
    const auto gate = [](const std::string& formula) {
        return "<define-gate name=\"top\">" + formula + "</define-gate>\n";
    };
    const std::string events = event("a", 0.1) + event("b", 0.2) + event("c", 0.3);
    CHECK(top(tree_of(gate(R"(<or><event name="a"/><and><event name="b"/><event name="c"/></and></or>)")
                      + events))
          == Approx(1 - 0.9 * 0.94));
    CHECK(top(tree_of(gate(R"(<and><event name="a"/><not><event name="b"/></not></and>)") + events))
          == Approx(0.08));
    // A rate of 0.002 an hour for 100 hours.
    CHECK(top(tree_of(
              gate(R"(<event name="x"/>)")
              + R"(<define-basic-event name="x"><exponential><parameter name="rate"/><system-mission-time/>)"
                R"(</exponential></define-basic-event>)"
                R"(<define-parameter name="rate" unit="hours-1"><float value="0.002"/></define-parameter>)"))
          == Approx(1 - std::exp(-0.2)));
    // Of two pumps that fail with 0.1, a fifth of all failures takes both: 0.02 + 0.98 * 0.08².
    CHECK(top(tree_of(
              gate(R"(<and><event name="p"/><event name="q"/></and>)")
              + R"(<define-CCF-group name="pumps" model="beta-factor"><members><basic-event name="p"/>)"
                R"(<basic-event name="q"/></members><distribution><float value="0.1"/></distribution>)"
                R"(<factors><factor level="2"><float value="0.2"/></factor></factors></define-CCF-group>)"))
          == Approx(0.02 + 0.98 * 0.08 * 0.08));
}

TEST_CASE("A model in UTF-16 has the value of the same model in UTF-8", "[risk]") {
    using namespace open_psa_models;
    const std::string text =
        tree_of("<define-gate name=\"top\"><or><event name=\"a\"/><event name=\"b\"/></or></define-gate>\n"
                + event("a", 0.1) + event("b", 0.2));
    CHECK(top_probability(read(text).model, "top") == Approx(0.28));
    for (const bool big_endian : {false, true}) {
        std::string wide = big_endian ? "\xFE\xFF" : "\xFF\xFE";
        for (const char c : text) wide += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
        CHECK(top_probability(read(wide).model, "top") == Approx(0.28));
    }
}
