#include "scenarios/risk/open_psa.hpp"
#include "tests/scenarios/open_psa_models.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::open_psa_models;
using Catch::Matchers::Contains;

const std::string xi = R"( xmlns:xi="http://www.w3.org/2001/XInclude")";

std::string model(const std::string& content) {
    return "<opsa-mef" + xi + ">\n" + content + "\n</opsa-mef>";
}

const std::string tree =
    R"(<define-fault-tree name="T"><define-gate name="top">)"
    R"(<or><basic-event name="A"/><basic-event name="B"/></or></define-gate></define-fault-tree>)";

// Reads the files of a folder in the order of their names.
class Files {
  public:
    Files& with(const std::string& name, const std::string& text) {
        paths_.emplace_back(folder_.write(name, text));
        return *this;
    }

    [[nodiscard]] RiskModelReading read() const { return read_open_psa(paths_); }

    // The first problem without the folder: "main.xml:2:1: ...".
    [[nodiscard]] std::string problem() const {
        try {
            static_cast<void>(read());
        } catch (const ScenarioError& error) {
            std::string text = to_text(error.problems().front());
            const std::string prefix = folder_.path().string() + "/";
            for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
                text.erase(at, prefix.size());
            return text;
        }
        return "none";
    }

  private:
    test::TemporaryFolder folder_;
    std::vector<std::filesystem::path> paths_;
};

}  // namespace

TEST_CASE("A model includes a file that is named beside it, as if it stood there", "[risk]") {
    const std::string data = model("<model-data>" + event("A", 0.1) + event("B", 0.2) + "</model-data>");
    for (const std::string include :
         {R"(<xi:include href="data.xml"/>)", R"(<xi:include href="./x/../data.xml" parse="xml"/>)",
          R"(<include file="data.xml"/>)",
          R"(<include xmlns="http://www.w3.org/2001/XInclude" href="data.xml"/>)"}) {
        CAPTURE(include);
        Files files;
        files.with("main.xml", model(tree + include)).with("data.xml", data);
        CHECK(top_probability(files.read().model, "top") == Approx(0.28));
        // In any order.
        Files reversed;
        reversed.with("data.xml", data).with("main.xml", model(tree + include));
        CHECK(top_probability(reversed.read().model, "top") == Approx(0.28));
    }
}

TEST_CASE("A part of a model is included where it stands", "[risk]") {
    Files files;
    files
        .with("main.xml", model(R"(<define-fault-tree name="T">
<define-gate name="top"><or><basic-event name="A"/><xi:include href="parts/formula.xml"/></or></define-gate>
<xi:include href="parts/private.xml"/>
</define-fault-tree>
<model-data>)" + event("A", 0.1) + "</model-data>"))
        .with("parts/formula.xml", R"(<and><basic-event name="B"/><basic-event name="C"/></and>)")
        .with("parts/private.xml", "<define-component" + xi + R"( name="inner"><xi:include href="c.xml"/>)"
                                       + event("B", 0.5) + "</define-component>")
        .with("parts/c.xml", event("C", 0.4));
    const RiskModelReading reading = files.read();
    CHECK(top_probability(reading.model, "top") == Approx(1 - 0.9 * 0.8));
    // What is said of it names its own file.
    const Problem problem = reading.source.problem(
        {.element = ModelDefect::Element::basic_event, .index = 0, .message = "here", .legal = {}});
    CHECK(problem.position.file.ends_with("c.xml"));
}

TEST_CASE("Nothing is included that was not named, twice, in part, or in a circle", "[risk]") {
    const std::string data = model("<model-data>" + event("A", 0.1) + "</model-data>");
    const auto one = [&](const std::string& include) {
        return Files().with("main.xml", model(include)).with("data.xml", data).problem();
    };
    CHECK_THAT(one(R"(<xi:include href="other.xml"/>)"),
               Catch::StartsWith("main.xml:2:1: 'other.xml' is not among the files that are read"));
    CHECK_THAT(one(R"(<xi:include href="/etc/passwd"/>)"), Contains("'/etc/passwd' is not among the files"));
    CHECK_THAT(one(R"(<xi:include href="http://example.org/data.xml"/>)"),
               Contains("is not among the files"));
    CHECK_THAT(one(R"(<xi:include href="file:data.xml"/>)"), Contains("is not among the files"));
    CHECK_THAT(one(R"(<xi:include href="../data.xml"/>)"), Contains("is not among the files"));
    CHECK_THAT(one(R"(<xi:include/>)"), Contains("'xi:include' names no file"));
    CHECK_THAT(one(R"(<xi:include href="data.xml" xpointer="x"/>)"), Contains("with 'xpointer'"));
    CHECK_THAT(one(R"(<xi:include href="data.xml" parse="text"/>)"), Contains("with 'parse'"));
    CHECK_THAT(one(R"(<xi:include href="data.xml"><xi:fallback/></xi:include>)"), Contains("holds nothing"));
    CHECK_THAT(one(R"(<other:include href="data.xml"/>)"), Contains("does not stand for XInclude"));
    CHECK_THAT(one(R"(<xi:include href="main.xml"/>)"),
               Contains("main.xml:2:1: files include each other in a circle"));
    CHECK_THAT(one("<xi:include href=\"data.xml\"/>\n<xi:include href=\"data.xml\"/>"),
               Contains("main.xml:3:1: 'data.xml' is included twice, first at main.xml:2:1"));
    CHECK_THAT(Files()
                   .with("a.xml", model(R"(<xi:include href="b.xml"/>)"))
                   .with("b.xml", model(R"(<xi:include href="c.xml"/>)"))
                   .with("c.xml", model(R"(<xi:include href="b.xml"/>)"))
                   .problem(),
               Contains("is included twice"));
    CHECK_THAT(Files()
                   .with("a.xml", model(R"(<xi:include href="b.xml"/>)"))
                   .with("b.xml", model(R"(<xi:include href="c.xml"/>)"))
                   .with("c.xml", model(R"(<xi:include href="a.xml"/>)"))
                   .problem(),
               Contains("files include each other in a circle"));
    CHECK_THAT(Files()
                   .with("main.xml", model(tree + R"(<xi:include href="page.xml"/>)"))
                   .with("page.xml", "<html/>")
                   .problem(),
               Catch::StartsWith("page.xml:1:1: the element of this file can't stand where it is included"));
    CHECK(problem_of("<opsa-mef><include file=\"other.xml\"/></opsa-mef>")
          == "1:11 'other.xml' is not among the files that are read, and no other is opened");
}

TEST_CASE("Files that include each other are no deeper than one may be", "[risk]") {
    const auto nested = [](std::size_t depth, const std::string& inside) {
        std::string text = inside;
        for (std::size_t i = 0; i < depth; ++i) text = "<not>" + text + "</not>";
        return text;
    };
    Files files;
    files.with("main.xml", model("<define-fault-tree name=\"T\"><define-gate name=\"top\">"
                                 + nested(150, R"(<xi:include href="more.xml"/>)")
                                 + "</define-gate></define-fault-tree>"));
    files.with("more.xml", nested(150, R"(<constant value="true"/>)"));
    CHECK_THAT(files.problem(), Contains("more than 200 levels of nesting, with the file that is included"));
}

TEST_CASE("Texts that are no files include each other by their names", "[risk]") {
    const std::string data = model("<model-data>" + event("A", 0.1) + event("B", 0.2) + "</model-data>");
    const RiskModelReading reading = parse_open_psa(
        {{"a/main.xml", model(tree + R"(<xi:include href="../data.xml"/>)")}, {"data.xml", data}});
    CHECK(top_probability(reading.model, "top") == Approx(0.28));
    CHECK_THROWS_AS(parse_open_psa(std::vector<NamedText>{}), ScenarioError);
}
