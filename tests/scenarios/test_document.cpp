#include "scenarios/document.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace venturi;
using Catch::Matchers::Contains;
using NodeKind = DocumentNode::Kind;

namespace {

Problem problem_of(const std::string& text) {
    try {
        static_cast<void>(parse_document(text, "a.yaml"));
    } catch (const ScenarioError& error) {
        return error.problems().front();
    }
    FAIL("the text was taken for a document");
    throw std::logic_error("unreachable");
}

Problem problem_of_file(const std::filesystem::path& file) {
    try {
        static_cast<void>(load_document(file));
    } catch (const ScenarioError& error) {
        return error.problems().front();
    }
    FAIL("the file was taken for a document");
    throw std::logic_error("unreachable");
}

std::string repeated(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

}  // namespace

TEST_CASE("a document is a tree in which every node knows its place") {
    const DocumentNode root =
        parse_document("# a comment\nfinance:\n  seed: $2.5M\n  terms: [1, '2', ~]\nempty:\n", "a.yaml");
    REQUIRE(root.kind == NodeKind::map);
    REQUIRE(root.keys.size() == 2);
    CHECK(root.keys[0].text == "finance");
    CHECK(root.keys[0].position == SourcePosition{"a.yaml", 2, 1});
    const DocumentNode& finance = root.items[0];
    REQUIRE(finance.find("seed") != nullptr);
    CHECK(finance.find("seed")->text == "$2.5M");
    CHECK(finance.find("seed")->position == SourcePosition{"a.yaml", 3, 9});
    const DocumentNode& terms = *finance.find("terms");
    REQUIRE(terms.items.size() == 3);
    CHECK(terms.items[1].text == "2");
    CHECK(terms.items[2].kind == NodeKind::nothing);
    CHECK(root.find("empty")->kind == NodeKind::nothing);
    CHECK(root.find("seed") == nullptr);
}

TEST_CASE("columns count characters and survive a byte order mark and carriage returns") {
    const DocumentNode root = parse_document("\xEF\xBB\xBF{é: 1, b: 2}\r\n", "a.yaml");
    CHECK(root.keys[1].text == "b");
    CHECK(root.keys[1].position == SourcePosition{"a.yaml", 1, 8});
    const DocumentNode lines = parse_document("a: é\r\nb: ü # ö\r\nc: [ä, x]\r\n", "a.yaml");
    CHECK(lines.find("c")->items[1].position == SourcePosition{"a.yaml", 3, 8});
}

TEST_CASE("JSON is read as YAML, with its escapes") {
    const DocumentNode root = parse_document(R"({"a": "\u00e9\n\"", "b": [1, null, true]})", "a.json");
    CHECK(root.find("a")->text == "é\n\"");
    CHECK(root.find("b")->items[1].kind == NodeKind::nothing);
    CHECK(root.find("b")->items[2].text == "true");
}

TEST_CASE("what is no file is refused by name") {
    const test::TemporaryFolder folder;
    CHECK(problem_of_file(folder.path()).message == "is a directory; a scenario is a YAML file");
    CHECK(problem_of_file(folder.path()).position == SourcePosition{folder.path().string()});
    CHECK(problem_of_file(folder.path() / "none.yaml").message == "no such file");
    CHECK(problem_of_file("/dev/zero").message == "is not a regular file");
    CHECK(problem_of_file(folder.write("empty.yaml", "")).message == "is empty");
    CHECK(problem_of_file(folder.write("comment.yaml", "# nothing\n")).message == "is empty");
    const Problem large = problem_of_file(folder.write("large.yaml", repeated("a: 12345\n", 1200000)));
    CHECK(large.message == "10800000 bytes are too many for a scenario");
    CHECK(large.legal == "at most 4194304 bytes");
}

TEST_CASE("what is no text is refused at the place where it stops being text") {
    CHECK(problem_of(std::string("a: 1\nb: \0", 9)).message
          == "not a text file: a control character, U+0000");
    CHECK(problem_of(std::string("a: 1\nb: \0", 9)).position == SourcePosition{"a.yaml", 2, 4});
    CHECK(problem_of("\x7F"
                     "ELF\x02\x01\x01")
              .message
          == "not a text file: a control character, U+007F");
    CHECK(problem_of("a: \xFF\xFE").message == "not a text file: invalid UTF-8");
    CHECK(problem_of("a: \xFF\xFE").position == SourcePosition{"a.yaml", 1, 4});
    CHECK(problem_of("a: \xC3").message == "not a text file: invalid UTF-8");
    CHECK(problem_of("a: \xED\xA0\x80").message == "not a text file: invalid UTF-8");
}

TEST_CASE(
    "what would command a terminal or break XML is refused where it stands, written out or as an escape") {
    struct Unfit {
        std::string bytes;
        std::string said;
    };
    for (const Unfit& unfit :
         std::vector<Unfit>{{"\x1B", "a control character, U+001B"},
                            {"\x7F", "a control character, U+007F"},
                            {"\xC2\x9B", "a control character, U+009B"},
                            {"\xE2\x80\xAE", "a sign that turns the direction of text, U+202E"},
                            {"\xE2\x81\xA7", "a sign that turns the direction of text, U+2067"},
                            {"\xEF\xBF\xBE", "no character of XML, U+FFFE"}}) {
        CAPTURE(unfit.said);
        const Problem problem = problem_of("a: 1\nb: é" + unfit.bytes + "x\n");
        CHECK(problem.message == "not a text file: " + unfit.said);
        CHECK(problem.position == SourcePosition{"a.yaml", 2, 5});
    }
    for (const Unfit& escape :
         std::vector<Unfit>{{"\\e", "a control character, U+001B"},
                            {"\\a", "a control character, U+0007"},
                            {"\\r", "a control character, U+000D"},
                            {"\\x00", "a control character, U+0000"},
                            {"\\u009b", "a control character, U+009B"},
                            {"\\u202e", "a sign that turns the direction of text, U+202E"},
                            {"\\uFFFE", "no character of XML, U+FFFE"}}) {
        CAPTURE(escape.bytes);
        const Problem value = problem_of("a: 1\nb: [x, \"y" + escape.bytes + "\"]\n");
        CHECK(value.message == "a text with " + escape.said);
        CHECK(value.position == SourcePosition{"a.yaml", 2, 8});
        CHECK(problem_of("\"" + escape.bytes + "\": 1\n").position == SourcePosition{"a.yaml", 1, 1});
    }
    CHECK(parse_document("a: \"x\\n\\ty\"\r\nb: |\r\n  1\r\n", "a.yaml").find("a")->text == "x\n\ty");
    // U+200D joins the parts of an emoji; what is no error is not to be refused.
    CHECK_NOTHROW(parse_document("a: \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB\n", "a.yaml"));
}

TEST_CASE("a key given twice is refused with both lines") {
    const Problem problem = problem_of("a: 1\nb: 2\na: 3\n");
    CHECK(problem.message == "a key is given twice, first in line 1 and again in line 3");
    CHECK(problem.position == SourcePosition{"a.yaml", 3, 1});
}

TEST_CASE("anchors, aliases, tags, odd keys and second documents are refused") {
    CHECK_THAT(problem_of("a: &x 1\nb: *x\n").message, Contains("an anchor (&name) is not allowed"));
    CHECK(problem_of("a: 1\nb: &x [1]\n").position.line == 2);
    CHECK_THAT(problem_of("a: *x\n").message, Contains("anchor is not defined"));
    CHECK_THAT(problem_of("a: !!int 3\n").message, Contains("a tag (!name) is not allowed"));
    CHECK_THAT(problem_of("? [a, b]\n: 1\n").message, Contains("a key must be a name"));
    CHECK_THAT(problem_of("~: 1\n").message, Contains("a key must be a name"));
    CHECK_THAT(problem_of("a: 1\n---\nb: 2\n").message, Contains("more than one YAML document"));
    CHECK_THAT(problem_of("a: [1, 2\nb: 3\n").message, Contains("not YAML that can be read"));
}

TEST_CASE("a quote that is never closed is refused where it opens") {
    for (const std::string quote : {"'", "\""}) {
        CAPTURE(quote);
        const Problem open = problem_of("b: 1\na: " + quote + "x\nc: 2\n");
        CHECK(open.message == "a quote is opened here and never closed");
        CHECK(open.position == SourcePosition{"a.yaml", 2, 4});
    }
    CHECK(parse_document("a: 'it''s'\nb: \"q\\\"\"\n", "a.yaml").find("b")->text == "q\"");
    CHECK(parse_document("a: |\n  'x\nb: it's\n", "a.yaml").find("b")->text == "it's");
}

TEST_CASE("a billion laughs are refused before the first") {
    std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(alias + ", ", 9)
                + alias + "]\n";
    }
    const Problem problem = problem_of(text);
    CHECK_THAT(problem.message, Contains("an anchor (&name) is not allowed"));
    CHECK(problem.position.line == 1);
}

TEST_CASE("depth and number of values are bounded, whatever brings them") {
    constexpr int many = 200000;
    for (const std::string unit : {"[", "{", "- ", "[{", "{a: ", "x: [", "- - ", "? "}) {
        CAPTURE(unit);
        CHECK_THROWS_AS(parse_document(repeated(unit, many), "a.yaml"), ScenarioError);
    }
    CHECK_THAT(problem_of(repeated("- ", 100) + "1").message, Contains("more than 40 levels of nesting"));
    CHECK_THAT(problem_of(repeated("- a\n", 100001)).message, Contains("more than 100000 values"));
    CHECK_NOTHROW(parse_document(repeated("- a\n", 50000), "a.yaml"));
}
