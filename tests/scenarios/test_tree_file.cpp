#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/fault_tree.hpp"
#include "scenarios/risk/tree_file.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace venturi;

constexpr double days_per_month = 365.25 / 12;

TreeContents parse(const std::string& text) {
    return parse_tree_file(text, "tree.yaml");
}

FaultTree fixed(const std::string& text) {
    const TreeContents contents = parse(text);
    REQUIRE(contents.fault_tree.has_value());
    expect_sound(*contents.fault_tree);
    return *contents.fault_tree;
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

/// Of `formula` over a, b and c: bit 4a + 2b + c says whether it holds.
std::vector<bool> truths_of(const std::string& formula) {
    const FaultTree tree = fixed("top: " + formula + "\nevents: {a: 0.5, b: 0.5, c: 0.5}");
    std::vector<bool> table;
    for (unsigned i = 0; i < 8; ++i)
        table.push_back(evaluate(tree, {(i & 4) != 0, (i & 2) != 0, (i & 1) != 0}));
    return table;
}

template <class Function>
std::vector<bool> table_of(Function function) {
    std::vector<bool> table;
    for (unsigned i = 0; i < 8; ++i) table.push_back(function((i & 4) != 0, (i & 2) != 0, (i & 1) != 0));
    return table;
}

DynamicLeaf leaf_of(const std::string& event) {
    const TreeContents contents = parse("top: {spare: [a, x]}\nevents:\n  a: 1 per year\n  x: " + event);
    REQUIRE(contents.dynamic_tree.has_value());
    expect_sound(*contents.dynamic_tree);
    return contents.dynamic_tree->leaves[1];
}

}  // namespace

TEST_CASE("each static connective of the file means what its name says") {
    CHECK(truths_of("{and: [a, b, c]}") == table_of([](bool a, bool b, bool c) { return a && b && c; }));
    CHECK(truths_of("{or: [a, b, c]}") == table_of([](bool a, bool b, bool c) { return a || b || c; }));
    CHECK(truths_of("{nand: [a, b, c]}") == table_of([](bool a, bool b, bool c) { return !(a && b && c); }));
    CHECK(truths_of("{nor: [a, b, c]}") == table_of([](bool a, bool b, bool c) { return !(a || b || c); }));
    CHECK(truths_of("{xor: [a, b, c]}")
          == table_of([](bool a, bool b, bool c) { return (int{a} + int{b} + int{c}) % 2 == 1; }));
    CHECK(truths_of("{at_least: 2, of: [a, b, c]}")
          == table_of([](bool a, bool b, bool c) { return int{a} + int{b} + int{c} >= 2; }));
    CHECK(truths_of("{between: [1, 2], of: [a, b, c]}") == table_of([](bool a, bool b, bool c) {
              return int{a} + int{b} + int{c} >= 1 && int{a} + int{b} + int{c} <= 2;
          }));
    CHECK(truths_of("{not: a}") == table_of([](bool a, bool, bool) { return !a; }));
    CHECK(truths_of("{not: [a]}") == table_of([](bool a, bool, bool) { return !a; }));
    CHECK(truths_of("-a") == table_of([](bool a, bool, bool) { return !a; }));
    CHECK(truths_of("{imply: [a, b]}") == table_of([](bool a, bool b, bool) { return !a || b; }));
    CHECK(truths_of("{iff: [a, b]}") == table_of([](bool a, bool b, bool) { return a == b; }));
    CHECK(truths_of("{or: [{and: [a, -b]}, {not: {or: [a, c]}}]}")
          == table_of([](bool a, bool b, bool c) { return (a && !b) || !(a || c); }));
}

TEST_CASE("gates name formulas, stand in any order, and house events are set") {
    const FaultTree tree = fixed(
        "top: lost\n"
        "gates:\n"
        "  lost: {or: [other, both]}\n"
        "  other: -on\n"
        "  both: {and: [a, b, on]}\n"
        "events: {a: 1%, b: 0.25, on: true, off: false}\n");
    REQUIRE(tree.gates.size() == 3);
    CHECK(tree.gates[tree.top.index].name == "lost");
    REQUIRE(tree.basic_events.size() == 2);
    CHECK(tree.basic_events[0].name == "a");
    CHECK(tree.basic_events[0].probability == 0.01);
    CHECK(tree.basic_events[1].probability == 0.25);
    CHECK(evaluate(tree, {true, true}));
    CHECK_FALSE(evaluate(tree, {true, false}));
}

TEST_CASE("each dynamic connective of the file is that of the model") {
    struct Row {
        std::string formula;
        DynamicConnective connective;
        Simultaneity simultaneity = Simultaneity::inclusive;
        double probability = 1;
    };
    const std::vector<Row> rows{
        {"{priority_and: [a, b]}", DynamicConnective::priority_and},
        {"{priority_and: [a, b], simultaneity: inclusive}", DynamicConnective::priority_and},
        {"{priority_and: [a, b], simultaneity: exclusive}", DynamicConnective::priority_and,
         Simultaneity::exclusive},
        {"{priority_or: [a, b], simultaneity: exclusive}", DynamicConnective::priority_or,
         Simultaneity::exclusive},
        {"{spare: [a, b]}", DynamicConnective::spare},
        {"{sequence: [a, b]}", DynamicConnective::sequence},
        {"{mutual_exclusion: [a, b]}", DynamicConnective::exclusion},
        {"{functional_dependency: [a, b]}", DynamicConnective::dependency},
        {"{functional_dependency: [a, b], probability: 40%}", DynamicConnective::dependency,
         Simultaneity::inclusive, 0.4},
    };
    for (const Row& row : rows) {
        CAPTURE(row.formula);
        const TreeContents contents = parse("top: t\ngates:\n  g: " + row.formula
                                            + "\n  t: {or: [a, {and: [a, b]}]}\nevents: {a: 3/year, b: 0.2}");
        CHECK_FALSE(contents.fault_tree.has_value());
        REQUIRE(contents.dynamic_tree.has_value());
        const DynamicGate& gate = contents.dynamic_tree->gates[0];
        CHECK(gate.name == "g");
        CHECK(gate.connective == row.connective);
        CHECK(gate.simultaneity == row.simultaneity);
        CHECK(gate.probability == row.probability);
        CHECK(gate.inputs == std::vector<std::uint32_t>{0, 1});
    }
}

TEST_CASE("a house event of a dynamic tree has failed at the start, or never") {
    const TreeContents contents =
        parse("top: {priority_and: [on, off, a]}\nevents: {on: true, off: false, a: 1/year}");
    REQUIRE(contents.dynamic_tree.has_value());
    CHECK(std::get<FailedAtStart>(contents.dynamic_tree->leaves[0].life).probability == 1);
    CHECK(std::get<FailedAtStart>(contents.dynamic_tree->leaves[1].life).probability == 0);
}

TEST_CASE("an event's quantities are in months, whatever the unit they are written in") {
    const auto life = [](const std::string& event) { return leaf_of(event).life; };
    CHECK(std::get<ExponentialLife>(life("0.5 per year")).rate == 0.5 / 12);
    CHECK(std::get<ExponentialLife>(life("once every 18 months")).rate == 1.0 / 18);
    CHECK(std::get<ExponentialLife>(life("{rate: 2/month}")).rate == 2);
    CHECK(std::get<ExponentialLife>(life("{mean: 2 years}")).rate == 1.0 / 24);
    CHECK(std::get<FailedAtStart>(life("{probability: 1%}")).probability == 0.01);
    CHECK(std::get<FailedAtStart>(life("0")).probability == 0);
    CHECK(std::get<WeibullLife>(life("{weibull: {shape: 1.5, scale: 2 years}}")).scale == 24);
    CHECK(std::get<WeibullLife>(life("{weibull: {shape: 1.5, scale: 2 years}}")).shape == 1.5);
    CHECK(std::get<LogNormalLife>(life("{log_normal: {median: 6 months, spread: 0.5}}")).mean == std::log(6));
    CHECK(std::get<LogNormalLife>(life("{log_normal: {median: 6 months, spread: 0.5}}")).stddev == 0.5);
    CHECK(std::get<ErlangLife>(life("{erlang: {phases: 3, rate: 2/month}}")).rate == 2);
    CHECK(std::get<ErlangLife>(life("{erlang: {phases: 3, mean: 6 months}}")).rate
          == Approx(0.5).epsilon(1e-15));
    CHECK(std::get<ErlangLife>(life("{erlang: {phases: 3, mean: 6 months}}")).phases == 3);

    CHECK(leaf_of("{rate: 1/year, repair: 3 days}").repair_rate == Approx(days_per_month / 3).epsilon(1e-15));
    CHECK(leaf_of("{rate: 1/year, repair: 2/month}").repair_rate == 2);
    CHECK(leaf_of("{rate: 1/year}").repair_rate == 0);
    CHECK(leaf_of("{rate: 1/year, dormancy: 30%}").dormancy == 0.3);
    CHECK(leaf_of("{rate: 1/year}").dormancy == 1);
}

TEST_CASE("a file gives the models that can hold its tree") {
    struct Row {
        std::string top;
        std::string event;
        bool fixed;
        bool dynamic;
    };
    const std::vector<Row> rows{
        {"{and: [a, b]}", "0.1", true, false},
        {"{and: [a, b]}", "1/year", true, true},
        {"{at_least: 1, of: [a, b]}", "{probability: 0.1, repair: 3 days}", true, true},
        {"{xor: [a, b]}", "1/year", true, false},
        {"{and: [a, -b]}", "1/year", true, false},
        {"-a", "1/year", true, false},
        {"{spare: [a, b]}", "1/year", false, true},
        {"{priority_and: [a, b]}", "0.1", false, true},
        // Repair of a Weibull life has no closed form.
        {"{and: [a, b]}", "{weibull: {shape: 2, scale: 3 years}, repair: 3 days}", false, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.top, row.event);
        const TreeContents contents =
            parse("top: " + row.top + "\nevents:\n  a: " + row.event + "\n  b: 0.5");
        CHECK(contents.fault_tree.has_value() == row.fixed);
        CHECK(contents.dynamic_tree.has_value() == row.dynamic);
        CHECK(contents.event_lives.size() == (row.fixed ? 2 : 0));
    }
}

TEST_CASE("a static tree at a time has each event's probability of being down then") {
    const TreeContents contents = parse(
        "top: {or: [a, b, c, d]}\n"
        "events: {a: 2/month, b: {rate: 2/month, repair: 3/month}, c: 0.25, d: {probability: 0.5, repair: "
        "1/month}}");
    const auto at = [&](double time) {
        std::vector<double> values;
        const FaultTree tree = fault_tree_at(contents, time);
        for (const BasicEvent& event : tree.basic_events) values.push_back(event.probability);
        return values;
    };
    const std::vector<double> half_a_month = at(0.5);
    CHECK(half_a_month[0] == Approx(1 - std::exp(-1.0)).epsilon(1e-15));
    CHECK(half_a_month[1] == Approx(0.4 * (1 - std::exp(-2.5))).epsilon(1e-15));
    CHECK(half_a_month[2] == 0.25);
    CHECK(half_a_month[3] == Approx(0.5 * std::exp(-0.5)).epsilon(1e-15));
    CHECK(at(0) == std::vector<double>{0, 0, 0.25, 0.5});
    CHECK(at(std::numeric_limits<double>::infinity()) == std::vector<double>{1, 0.4, 0.25, 0});
}

TEST_CASE("what is wrong with a tree file is said with its place, what is legal, and what was meant") {
    struct Row {
        std::string text;
        std::string said;
    };
    const std::string events = "\nevents: {a: 0.1, b: 0.2, c: 1/year}";
    const std::vector<Row> rows{
        {"[1, 2]", "tree.yaml:1:1: 'tree' needs a map, not a list"},
        {"gates: {g: a}" + events, "tree.yaml:1:1: 'top' is missing"},
        {"top: a\ngate: {}" + events, "tree.yaml:2:1: unknown key 'gate' in 'tree' — did you mean 'gates'?"},
        {"top: pump_A\ngates: {pump_a: a}" + events,
         "tree.yaml:1:6: 'pump_A' isn't defined — did you mean 'pump_a'?"},
        {"top: [a]" + events, "tree.yaml:1:6: 'top' needs a formula, not a list"},
        {"top: '-'" + events, "tree.yaml:1:6: an empty name in 'top'"},
        {"top: {adn: [a, b]}" + events,
         "tree.yaml:1:7: unknown connective 'adn' in 'top' — did you mean 'and'?"},
        {"top: {}" + events, "tree.yaml:1:6: 'top' has no connective"},
        {"top: {and: [a], or: [b]}" + events, "tree.yaml:1:17: 'top' has both 'and' and 'or'"},
        {"top: {and: a}" + events, "tree.yaml:1:12: 'and' in 'top' needs a list of inputs: the text 'a'"},
        {"top: {and: []}" + events, "tree.yaml:1:6: 'and' of a formula written in place has 0 inputs"},
        {"top: {and: [a], probability: 0.4}" + events, "tree.yaml:1:17: unknown key 'probability' in 'top'"},
        {"top: {imply: [a]}" + events,
         "tree.yaml:1:6: 'imply' of a formula written in place has 1 input\n  legal "
         "here: 2 inputs"},
        {"top: {not: [a, b]}" + events,
         "tree.yaml:1:6: 'not' of a formula written in place has 2 inputs\n  legal "
         "here: 1 input"},
        {"top: {at_least: 2}" + events,
         "tree.yaml:1:6: 'at_least' in 'top' needs a list of inputs: 'of' is missing"},
        {"top: {at_least: x, of: [a]}" + events, "tree.yaml:1:17: 'at_least': 'x' is not a number"},
        {"top: {at_least: 3, of: [a, b]}" + events,
         "tree.yaml:1:6: a formula written in place needs 3 of 2 inputs"},
        {"top: {between: 2, of: [a, b]}" + events, "tree.yaml:1:16: 'between' in 'top' needs two numbers"},
        {"top: {between: [2, 1], of: [a, b]}" + events,
         "tree.yaml:1:6: a formula written in place needs 2 to 1 of 2"},
        {"top: {priority_and: [a, b], simultaneity: inclusiv}" + events,
         "tree.yaml:1:43: 'simultaneity' can't be 'inclusiv' — did you mean 'inclusive'?"},
        {"top: a\ngates:\n  f: {functional_dependency: [a, b], probability: 1.5}" + events,
         "tree.yaml:3:51: 'probability': '1.5' is out of range"},
        {"top: g\ngates:\n  g: {or: [a, h]}\n  h: {and: [b, g]}" + events,
         "tree.yaml:4:16: a cycle: 'g' → 'h' → 'g'"},
        {"top: g\ngates: {g: -g}" + events, "tree.yaml:2:12: a cycle: 'g' → 'g'"},
        {"top: a\ngates: {a: b}" + events, "tree.yaml:3:10: 'a' is defined twice, first in line 2"},
        {"top: a\ngates: {-x: b}" + events, "tree.yaml:2:9: '-x' can't be a name in 'gates'"},
        {"top: {spare: [a, a]}" + events, "tree.yaml:1:18: 'a' stands twice in 'spare' of a formula"},
        {"top: {spare: [a, -b]}" + events, "tree.yaml:1:18: a complement can't stand in a tree with 'spare'"},
        {"top: {spare: [a, {nor: [b]}]}" + events,
         "tree.yaml:1:18: 'nor' of a formula written in place can't stand"},
        {"top: g\ngates:\n  g: {sequence: [a, b]}" + events,
         "tree.yaml:1:6: 'g' is a constraint: it can't be the top"},
        {"top: a\nevents: {a: 1.5}",
         "tree.yaml:2:13: 'a': '1.5' is out of range\n  legal here: a probability"},
        {"top: a\nevents: {a: -1/year}",
         "tree.yaml:2:13: 'a': '-1/year' is out of range\n  legal here: a rate"},
        {"top: a\nevents: {a: 3 days}", "tree.yaml:2:13: 'a': '3 days' is neither a probability nor a rate"},
        {"top: a\nevents: {a: [1]}", "tree.yaml:2:13: 'a' needs a probability, a rate or a map, not a list"},
        {"top: a\nevents: {a: ~}", "tree.yaml:2:10: 'a' needs a probability, a rate or a map, not nothing"},
        {"top: a\nevents: {a: {}}", "tree.yaml:2:13: it isn't said how 'a' fails"},
        {"top: a\nevents: {a: {rate: 1/year, mean: 2 years}}",
         "tree.yaml:2:13: 'a' has both 'rate' and 'mean'"},
        {"top: a\nevents: {a: {rat: 1/year}}", "tree.yaml:2:13: it isn't said how 'a' fails"},
        {"top: a\nevents: {a: {rate: 2}}", "tree.yaml:2:20: 'rate': '2' has no unit of time"},
        {"top: a\nevents: {a: {rate: 1/year, dormancy: 2}}",
         "tree.yaml:2:38: 'dormancy': '2' is out of range"},
        {"top: a\nevents: {a: {rate: 1/year, repair: 0.5}}",
         "tree.yaml:2:36: 'a' can't be repaired in '0.5'"},
        {"top: a\nevents: {a: {rate: 1/year, repair: 0 days}}",
         "tree.yaml:2:36: 'a' can't be repaired in '0 days'"},
        {"top: a\nevents: {a: {mean: 0 days}}", "tree.yaml:2:20: 'mean': '0 days' is out of range"},
        {"top: a\nevents: {a: {weibull: {shape: 2}}}", "tree.yaml:2:23: 'scale' is missing in 'weibull'"},
        {"top: a\nevents: {a: {weibull: {shape: 0, scale: 1 year}}}",
         "tree.yaml:2:31: 'shape': '0' is out of range"},
        {"top: a\nevents: {a: {erlang: {phases: 2}}}", "tree.yaml:2:22: an Erlang life needs its phases and"},
        {"top: a\nevents: {a: {erlang: {phases: 300, mean: 1 year}}}",
         "tree.yaml:2:31: 'phases': '300' is out of"},
        {"top: a\nevents: {a: 1e101/month}", "tree.yaml:2:13: 'a': '1e101/month' is out of range"},
        {"top: a\nevents: {a: {erlang: {phases: 2, mean: 1e-102 months}}}",
         "tree.yaml:2:22: the life of 'a' can't be computed with\n  legal here: rates of at most 1e+100"},
        {"top: a\nevents: {a: {log_normal: {median: 2 years, spread: 40}}}",
         "tree.yaml:2:26: the life of 'a' can't be computed with"},
        {"top: a\nevents: {a: {weibull: {shape: 0.001, scale: 2 years}}}",
         "tree.yaml:2:23: the life of 'a' can't be computed with"},
        {"top: {a: 1}", "tree.yaml:1:7: unknown connective"},
        {"secret", "tree.yaml:1:1: is no tree: one text, and no map of names\n"},
        {"password: secret", "tree.yaml:1:1: is no tree: it has none of top, gates, events\n"},
        {"top: a\nevents: {\"a\xC2\x9B\": 0.1}", "tree.yaml:"},
        {"top: a\nevents: {\"a\xE2\x80\xAE\": 0.1}", "tree.yaml:"},
        {"top: -a\nevents: {a: {weibull: {shape: 2, scale: 1 year}, repair: 1 day}}",
         "tree.yaml:2:10: 'a' is repaired, in a tree with complements"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK_THAT(to_text(problems_of(row.text).front()), Catch::StartsWith(row.said));
    }
}

TEST_CASE("what the top does not need is a warning") {
    const TreeContents contents = parse("top: a\ngates:\n  g: {or: [b]}\nevents: {a: 0.1, b: 0.2}");
    REQUIRE(contents.warnings.size() == 2);
    CHECK(to_text(contents.warnings[0])
          == "tree.yaml:3:3: 'g' isn't used: the top event doesn't depend on it");
    CHECK(contents.warnings[1].value == "b");
}

TEST_CASE("a file is read from disk, and a missing one refused") {
    const test::TemporaryFolder folder;
    const std::string file = folder.write("tree.yaml", "top: a\nevents: {a: 0.1}");
    CHECK(load_tree_file(file).fault_tree->basic_events.size() == 1);
    CHECK_THROWS_AS(load_tree_file(folder.path() / "none.yaml"), ScenarioError);
}

TEST_CASE("whatever a tree file says, it is a sound tree or a problem with a place in it") {
    const std::array<std::string, 2> seeds{
        "top: t\ngates:\n  t: {or: [u, {at_least: 2, of: [a, b, c]}, -d]}\n  u: {between: [1, 2], of: [a, b, "
        "{not: c}]}\n"
        "events:\n  a: 0.01\n  b: {rate: 0.5 per year, repair: 3 days}\n  c: true\n"
        "  d: {erlang: {phases: 3, mean: 2 years}}\n",
        "top: t\ngates:\n  t: {or: [u, {spare: [a, b, c]}]}\n  u: {priority_and: [a, b], simultaneity: "
        "exclusive}\n"
        "  s: {sequence: [a, d]}\n  f: {functional_dependency: [d, a, c], probability: 40%}\n"
        "events:\n  a: 1/year\n  b: {mean: 2 years, dormancy: 0.3, repair: 1 day}\n"
        "  c: {weibull: {shape: 2, scale: 3 years}}\n  d: {log_normal: {median: 2 years, spread: 0.5}}\n"};
    const std::array<std::string, 22> pieces{
        "-", "a",     "t",  "{and: [a]}", "xor", "0",      "-1",  "1e308 years", "~",           "true", "[",
        "}", "spare", ": ", "nan",        "\n",  "1/year", "300", "sequence",    "1e-320/year", "{}",   "'"};
    std::mt19937 random(11);
    const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    std::size_t trees = 0;
    constexpr int rounds = 4000;
    for (int round = 0; round < rounds; ++round) {
        std::string text = seeds[below(seeds.size())];
        for (std::size_t edits = 1 + below(2); edits > 0; --edits) {
            const std::size_t at = below(text.size() + 1);
            const std::size_t kind = below(4);
            if (kind == 0) text.erase(at, below(4));
            if (kind == 1) text.insert(at, pieces[below(pieces.size())]);
            if (kind >= 2) {
                // In place of a whole word: what comes out is YAML more often.
                const std::size_t start = text.find_first_of(" [", at);
                if (start == std::string::npos) continue;
                const std::size_t end = text.find_first_of(",]}\n", start + 1);
                text.replace(start + 1, end == std::string::npos ? end : end - start - 1,
                             pieces[below(pieces.size())]);
            }
        }
        try {
            const TreeContents contents = parse(text);
            if (contents.fault_tree) CHECK_NOTHROW(expect_sound(*contents.fault_tree));
            if (contents.dynamic_tree) CHECK_NOTHROW(expect_sound(*contents.dynamic_tree));
            if (contents.fault_tree) CHECK_NOTHROW(fault_tree_at(contents, 1));
            const bool has_model = contents.fault_tree || contents.dynamic_tree;
            CHECK(has_model);
            ++trees;
        } catch (const ScenarioError& error) {
            const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
            for (const Problem& problem : error.problems()) {
                CHECK(problem.position.file == "tree.yaml");
                CHECK(problem.position.line <= lines);
                CHECK_FALSE(problem.message.empty());
            }
        }
    }
    // Neither is rare, so that both are tried.
    CHECK(trees > rounds / 20);
    CHECK(trees < rounds * 19 / 20);
}
