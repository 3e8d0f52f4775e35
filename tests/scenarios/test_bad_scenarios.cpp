// Files that people and programs get wrong: each gets an answer with the place, the value and what is legal.
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace venturi;
using Catch::Matchers::Contains;
using venturi::test::TemporaryFolder;

namespace {

std::vector<Problem> problems_of(const std::string& text) {
    try {
        static_cast<void>(read_scenario(text, "a.yaml"));
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    return {};
}

Problem problem_of(const std::string& text) {
    const std::vector<Problem> problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    return problems.front();
}

std::string error_of_file(const std::string& file) {
    try {
        static_cast<void>(load_scenario(file));
    } catch (const ScenarioError& error) {
        return error.what();
    }
    return "no error";
}

const std::string segment = "market: {segments: {software: {}}}\n";

}  // namespace

TEST_CASE("no file, a directory, an empty file and binary garbage are each told apart") {
    const TemporaryFolder folder;
    CHECK_THAT(error_of_file((folder.path() / "none.yaml").string()), Contains("there is no scenario"));
    CHECK_THAT(error_of_file(folder.path().string()), Contains("is a directory; a scenario is a YAML file"));
    const std::string empty = folder.write("empty.yaml", "");
    CHECK(error_of_file(empty) == empty + ": is empty\n  legal here: a YAML map of names to values");
    std::string garbage;
    for (int i = 0; i < 4096; ++i) garbage += static_cast<char>((i * 7919 + 104729) % 251);
    CHECK_THAT(error_of_file(folder.write("garbage.yaml", garbage)), Contains("not a text file"));
    CHECK_THAT(error_of_file(folder.write("list.yaml", "- a\n- b\n")),
               Contains("list.yaml:1:1: a scenario is a map of names to values, not a list"));
}

TEST_CASE("ten megabytes of YAML are refused by their size") {
    const TemporaryFolder folder;
    std::string text = "title: x\n";
    while (text.size() < 10'000'000)
        text += "# 0123456789012345678901234567890123456789012345678901234567890123456789\n";
    CHECK_THAT(error_of_file(folder.write("large.yaml", text)),
               Contains("bytes are too many for a scenario") && Contains("at most 4194304 bytes"));
}

TEST_CASE("a billion laughs are refused at the first anchor") {
    const TemporaryFolder folder;
    std::string text = "title: &a [x, x, x, x, x, x, x, x, x, x]\n";
    std::string before = "a";
    for (const std::string name : {"b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}) {
        text += name + ": &" + name + " [";
        for (int i = 0; i < 9; ++i) text += "*" + before + ", ";
        text += "*" + before + "]\n";
        before = name;
    }
    const std::string file = folder.write("laughs.yaml", text);
    CHECK_THAT(error_of_file(file), Contains(file + ":1:8: an anchor (&name) is not allowed"));
}

TEST_CASE("files that extend each other in a circle are refused with the circle") {
    const TemporaryFolder folder;
    const std::string first = folder.write("first.yaml", "extends: second.yaml\n");
    const std::string second = folder.write("second.yaml", "title: x\nextends: ./third.yaml\n");
    const std::string third = folder.write("third.yaml", "extends: first.yaml\n");
    CHECK(error_of_file(first)
          == third + ":1:10: 'extends' goes in a circle: " + first + " -> " + second + " -> " + third + " -> "
                 + first + "\n  legal here: a file that does not extend this one");
    const std::string itself = folder.write("itself.yaml", "extends: itself.yaml\n");
    CHECK_THAT(error_of_file(itself), Contains(itself + " -> " + itself));
}

TEST_CASE("a long chain and a missing base are refused where they are named") {
    const TemporaryFolder folder;
    for (int i = 0; i < 20; ++i)
        folder.write("chain" + std::to_string(i) + ".yaml",
                     "extends: chain" + std::to_string(i + 1) + ".yaml\n");
    CHECK_THAT(error_of_file((folder.path() / "chain0.yaml").string()),
               Contains("chain15.yaml:1:10: more than 16 files extend each other"));
    folder.write("base.yaml", "title: x\n");
    CHECK_THAT(error_of_file(folder.write("child.yaml", "title: y\nextends: bas.yaml\n")),
               Contains("child.yaml:2:10: 'extends' names a file that is not there")
                   && Contains("did you mean 'base.yaml'?"));
    CHECK_THAT(error_of_file(folder.write("child.yaml", "extends: [a.yaml]\n")),
               Contains("'extends' needs one name, not a list"));
    CHECK_THAT(error_of_file(folder.write("child.yaml", "extends: ./\n")), Contains("is a directory"));
}

TEST_CASE("values that can't be are refused with what can") {
    const Problem nan = problem_of("finance:\n  raising:\n    quality_effect: .nan\n");
    CHECK(nan.position == SourcePosition{"a.yaml", 3, 21});
    CHECK(nan.message == "'finance.raising.quality_effect': '.nan' is not a finite number");
    CHECK(nan.value == ".nan");
    CHECK_FALSE(nan.legal.empty());

    const Problem money = problem_of("finance:\n  rounds:\n    series_a: {median_pre_money: -$2M}\n");
    CHECK(money.position == SourcePosition{"a.yaml", 3, 34});
    CHECK(money.message == "'finance.rounds.series_a.median_pre_money': '-$2M' is out of range");
    CHECK(money.value == "-$2M");
    CHECK(money.legal == "above $0");

    const Problem probability = problem_of("finance: {terms: {participating: 1.2}}\n");
    CHECK(probability.position == SourcePosition{"a.yaml", 1, 34});
    CHECK(probability.value == "1.2");
    CHECK(probability.legal == "between 0% and 100%");

    const Problem unit = problem_of("environment: {climate: {cold_to_normal: 0.5}}\n");
    CHECK(unit.position == SourcePosition{"a.yaml", 1, 41});
    CHECK(unit.message == "'environment.climate.cold_to_normal': '0.5' has no unit of time");
    CHECK_THAT(unit.legal, Contains("0.5/month, 3/year, 24%/year"));

    const Problem trajectories = problem_of("run:\n  trajectories: 0\n");
    CHECK(trajectories.position == SourcePosition{"a.yaml", 2, 17});
    CHECK(trajectories.value == "0");
    CHECK(trajectories.legal == "between 1 and 4294967295");
    CHECK(problem_of("run: {trajectories: 10.5}").message == "'run.trajectories': '10.5' is not whole");
    CHECK(problem_of("run: {horizon: 0}").legal == "above 0 months and at most 1200 months");
}

TEST_CASE("a misspelt key is refused with the nearest name and all that are legal") {
    const Problem problem = problem_of("finance:\n  exits:\n    salvaje: 0.4\n");
    CHECK(problem.position == SourcePosition{"a.yaml", 3, 5});
    CHECK(problem.message == "unknown parameter 'salvaje' in 'finance.exits'");
    CHECK(problem.nearest == "salvage");
    CHECK_THAT(problem.legal, Contains("revenue_multiple, salvage, offers"));
    const Problem top = problem_of("finances: {}\n");
    CHECK(top.message == "unknown key 'finances'");
    CHECK(top.nearest == "finance");
    CHECK_THAT(top.legal, Contains("extends, title, description, ties, interventions, published, run"));
}

TEST_CASE("a file with none of a scenario's keys is no scenario, and what is nearly one is a slip") {
    const Problem other = problem_of("services: {web: 1}\n");
    CHECK(other.message == "this is no scenario: none of its keys is one of a scenario's");
    CHECK(other.position == SourcePosition{"a.yaml", 1, 1});
    const std::vector<Problem> slips = problems_of("tytle: x\nservices: 1\nmarkets: {}\n");
    REQUIRE(slips.size() == 2);
    CHECK(slips[0].message == "unknown key 'tytle'");
    CHECK(slips[0].nearest == "title");
    CHECK(slips[1].nearest == "market");
    // Beside a key of a scenario's, every other is named.
    CHECK(problem_of("title: x\nservices: 1\n").message == "unknown key 'services'");
}

TEST_CASE("all mistakes of a file are reported together, by line") {
    const std::vector<Problem> problems = problems_of(R"(titel: x
run: {trajectories: 0}
finance: {terms: {participating: 1.2}}
startups: {seed: {segment: hardware}}
interventions:
  - {name: winter, at: 2, set: {finance.terms.seed_pool: 3%}}
published:
  - {value: x}
)");
    REQUIRE(problems.size() == 9);
    std::vector<int> lines;
    for (const Problem& problem : problems) lines.push_back(problem.position.line);
    CHECK(lines == std::vector{1, 2, 3, 4, 6, 6, 8, 8, 8});
}

TEST_CASE("an intervention that can't be is refused") {
    const auto problem_with = [](const std::string& entry) {
        return problem_of(segment + "startups: {seed: {segment: software}}\ninterventions:\n  - {" + entry
                          + "}\n");
    };
    const std::string set = "set: {environment.wage_rise: 3%}";
    CHECK_THAT(problem_with("name: x, at: 2 years, set: {environment.climate.initial: cold}").message,
               Contains("it takes effect at the start of a trajectory only"));
    CHECK_THAT(problem_with("name: x, at: 2 years, set: {finance.raising.duration: 3 months}").message,
               Contains("it is a distribution"));
    CHECK_THAT(
        problem_with("name: x, at: 2 years, set: {finance.raising.duration: {constant: 3 months}}").message,
        Contains("it is a distribution"));
    CHECK(problem_with("name: x, at: 2 years, set: {environment.wage_ris: 3%}").nearest
          == "environment.wage_rise");
    CHECK(problem_with("name: x, at: 2 years, set: {environment.wage_rise: 300%}").legal
          == "between -50% and 100%");
    CHECK_THAT(problem_with("name: x, " + set).message, Contains("needs either 'at' or 'when'"));
    CHECK_THAT(problem_with("name: x, at: 2 years, when: {measure: alive, below: 3}, " + set).message,
               Contains("needs either 'at' or 'when'"));
    CHECK_THAT(problem_with("name: x, at: 2 years").message, Contains("sets nothing"));
    CHECK_THAT(problem_with("name: x, at: 2 years, set: {}").message,
               Contains("'set' needs a map of parameters"));
    CHECK_THAT(problem_with("at: 2 years, " + set).message, Contains("needs a name"));
    CHECK(problem_with("name: x, at: -2 years, " + set).legal == "at least 0 months");
    CHECK(problem_with("name: x, att: 2 years, when: {measure: alive, below: 3}, " + set).nearest == "at");
    CHECK(problem_with("name: x, when: {measure: aliv, below: 3}, " + set).nearest == "alive");
    CHECK_THAT(problem_with("name: x, when: {measure: alive}, " + set).message, Contains("above or below"));
    CHECK_THAT(problem_with("name: x, when: {measure: alive, below: 3, above: 2}, " + set).message,
               Contains("above or below"));
    // For a time, a climate, and a group.
    CHECK(problem_with("name: x, at: 1 year, for: 0 months, " + set).legal == "above 0 months");
    CHECK_THAT(problem_with("name: x, at: 1 year, for: long, " + set).message, Contains("'for': 'long'"));
    CHECK(problem_with("name: x, at: 1 year, fro: 2 months, " + set).nearest == "for");
    CHECK(problem_with("name: x, at: 1 year, climate: clod").nearest == "cold");
    CHECK(problem_with("name: x, at: 1 year, climate: stationary").legal == "cold, normal, warm");
    CHECK(problem_with("name: x, when: {measure: alive, group: sede, below: 3}, " + set).nearest == "seed");
    CHECK(problem_with("name: x, when: {measure: alive, group: funds, below: 3}, " + set).legal == "seed");
    const Problem no_group =
        problem_with("name: x, when: {measure: climate, group: seed, below: warm}, " + set);
    CHECK(no_group.message == "'climate' is of the world, and not of a group");
    CHECK_THAT(no_group.legal, Contains("with a group: those of 'venturi list measures'"));
    CHECK(problem_with("name: x, at: 1 year, " + set + "}\n  - {name: x, at: 2 years, " + set).message
          == "'x' is the name of two entries of 'interventions', the first in line 4");
    CHECK(problem_of("interventions: {name: x}\n").message == "'interventions' needs a list, not a map");
    CHECK(problem_of("interventions: [3]\n").message == "'interventions' needs a map, not the text '3'");
}

TEST_CASE("a published figure that can't be is refused") {
    const auto problem_with = [](const std::string& entry) {
        return problem_of("published:\n  - {" + entry + "}\n");
    };
    CHECK(problem_with("observable: x, value: 3").message == "a published figure needs 'source'");
    CHECK(problem_with("observable: x, source: y").message == "a published figure needs 'value'");
    CHECK(problem_with("value: 3, source: y").message == "a published figure needs 'observable'");
    CHECK_THAT(problem_with("observable: x, source: y, value: many").message, Contains("'value': 'many'"));
    CHECK(problem_with("observable: x, source: y, value: 3, month: $5").message
          == "'month': '$5' is not a time");
    CHECK(problem_with("observable: x, source: y, value: 3, month: -5").legal
          == "at least 0: 60, 60 months or 5 years");
    CHECK(problem_with("observable: x, source: y, value: 3, role: proof").legal == "calibration, validation");
    CHECK(problem_with("observable: x, source: y, value: 3, interval: [4, 2]").legal
          == "interval: [low, high]");
    CHECK(problem_with("observable: x, source: y, value: 3, interval: 4").legal == "interval: [low, high]");
    CHECK_THAT(problem_with("observable: x, source: y, value: 3, interval: [1, 4%]").message,
               Contains("'%' after the number"));
    CHECK(problem_with("observable: x, source: y, value: 3, set: {environment.wage_ris: 3%}").nearest
          == "environment.wage_rise");
    CHECK(problem_with("observable: x, source: y, value: 3, set: {environment.wage_rise: 3 years}").value
          == "3 years");
    CHECK(problem_with("observable: x, source: y, valu: 3, value: 3").nearest == "value");
}

TEST_CASE("a startup's segment must be there") {
    const Problem wrong = problem_of(segment + "startups:\n  seed: {segment: sofware}\n");
    CHECK(wrong.position == SourcePosition{"a.yaml", 3, 19});
    CHECK(wrong.message == "'startups.seed.segment' can't be 'sofware': no such name in 'market.segments'");
    CHECK(wrong.nearest == "software");
    CHECK(problem_of(segment + "startups: {seed: {}}").message == "'startups.seed.segment' is not said");
}

TEST_CASE("a mix of a stage that there is not names those that there are") {
    const std::string text = segment
                             + "finance: {rounds: {series_a: {}, series_b: {}}}\n"
                               "startups:\n"
                               "  founders:\n"
                               "    segment: software\n"
                               "    mix_by_stage:\n"
                               "      seed: {technology: 40%}\n"
                               "      series_q: {risk: 20%}\n";
    const Problem problem = problem_of(text);
    CHECK(problem.message == "unknown funding stage 'series_q' in 'startups.founders.mix_by_stage'");
    CHECK(problem.position.line == 8);
    CHECK(problem.value == "series_q");
    CHECK(problem.legal == "seed, series_a, series_b");
    CHECK(problem.nearest == "series_a");
    const Problem share = problem_of(segment
                                     + "startups: {founders: {segment: software, mix_by_stage: "
                                       "{seed: {technolgy: 40%}}}}\n");
    CHECK(share.nearest == "technology");
}
