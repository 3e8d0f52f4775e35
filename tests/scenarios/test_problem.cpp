#include "scenarios/problem.hpp"
#include "scenarios/visible_text.hpp"

#include <catch2/catch.hpp>

using namespace venturi;
using Catch::Matchers::Contains;

TEST_CASE("the distance between names counts letters that were added, lost, changed or swapped") {
    CHECK(edit_distance("volatility", "volatility") == 0);
    CHECK(edit_distance("volitility", "volatility") == 1);
    CHECK(edit_distance("volaitlity", "volatility") == 1);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("a name is suggested only where it is near enough to have been meant") {
    const std::vector<std::string> names{"volatility", "seed_round", "burn"};
    CHECK(nearest_name("volitility", names) == "volatility");
    CHECK(nearest_name("seedround", names) == "seed_round");
    CHECK(nearest_name("brun", names) == "burn");
    CHECK(nearest_name("quality", names).empty());
    CHECK(nearest_name("x", names).empty());
    CHECK(nearest_name(std::string(100000, 'a'), names).empty());
}

TEST_CASE("a problem says where, what, what is legal and what was probably meant") {
    const Problem problem{.position = {"seed.yaml", 12, 9},
                          .message = "unknown parameter 'volitility' in 'finance'",
                          .value = "volitility",
                          .legal = "a, b, c",
                          .nearest = "volatility"};
    CHECK(to_text(problem)
          == "seed.yaml:12:9: unknown parameter 'volitility' in 'finance' — did you mean 'volatility'?\n"
             "  legal here: a, b, c");
    CHECK(to_text(Problem{.position = {"seed.yaml"}, .message = "is empty"}) == "seed.yaml: is empty");
}

TEST_CASE("problems are reported together, by line, twenty at most") {
    ProblemList problems;
    CHECK_NOTHROW(problems.throw_if_any());
    for (int line = 25; line >= 1; --line)
        problems.add({.position = {"a.yaml", line, 1}, .message = "wrong"});
    problems.add({.position = {"a.yaml", 3, 1}, .message = "wrong"});
    try {
        problems.throw_if_any();
        FAIL("nothing was thrown");
    } catch (const ScenarioError& error) {
        REQUIRE(error.problems().size() == 20);
        for (int line = 1; line <= 20; ++line)
            CHECK(error.problems()[static_cast<std::size_t>(line - 1)].position.line == line);
        CHECK_THAT(error.what(), Contains("and 5 more"));
    }
}

TEST_CASE("a text from a file is shown short, without control characters, and never cut within a letter") {
    CHECK(in_quotes("burn") == "'burn'");
    CHECK(in_quotes("a\x1B[31m\n") == "'a\\x1b[31m\\n'");
    std::string long_text = "a";
    for (int i = 0; i < 100; ++i) long_text += "é";
    const std::string shown = in_quotes(long_text);
    CHECK(shown.size() < 70);
    CHECK_THAT(shown, Catch::Matchers::EndsWith("é...'"));
}

TEST_CASE("what would command a terminal is shown as an escape, and text of any script as it is") {
    CHECK(visible("Zoë's 会社 🚀") == "Zoë's 会社 🚀");
    CHECK(visible("a\x1B[2J\r\n\tb") == "a\\x1b[2J\\r\\n\\tb");
    CHECK(visible("\xC2\x9B"
                  "2J")
          == "\\x9b2J");  // C1: a control sequence in one character
    CHECK(visible("a\u202Etxt.exe\u2066") == "a\\u202etxt.exe\\u2066");  // bidirectional
    CHECK(visible("\uFFFE\u2028") == "\\ufffe\\u2028");
    CHECK(visible("\xFF\xC3") == "\\xff\\xc3");
    CHECK(visible(visible("\x1B")) == visible("\x1B"));
    CHECK(visible_lines("one\ntwo\r") == "one\ntwo\\r");
}

TEST_CASE("neither a file's name nor a value reaches a message with its control characters") {
    const Problem problem{.position = {.file = "evil\x1B]0;title\x07.yaml", .line = 3, .column = 1},
                          .message = "unknown parameter 'a\u202Eb'",
                          .legal = "x\x1B[0m",
                          .nearest = "c\rd"};
    CHECK(to_text(problem)
          == "evil\\x1b]0;title\\x07.yaml:3:1: unknown parameter 'a\\u202eb' — did you mean 'c\\rd'?\n"
             "  legal here: x\\x1b[0m");
}
