#include "scenarios/citations.hpp"
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace venturi;
using Catch::Matchers::Contains;
using venturi::test::TemporaryFolder;

TEST_CASE("a value is cited by what stands beside it in the file that sets it last") {
    const TemporaryFolder folder;
    folder.write("base.yaml",
                 "market:\n"
                 "  segments:\n"
                 "    # a survey of 2020\n"
                 "    software:\n"
                 "      size: 900   # counted\n"
                 "      price: $2k/month\n"
                 "environment: {wage_rise: 3%}\n");
    const std::string child =
        folder.write("child.yaml",
                     "extends: base.yaml\n"
                     "market: {segments: {software: {size: 800}}}  # recounted # twice\n"
                     "finance:\n"
                     "  # two lines,\n"
                     "  # one thought\n"
                     "  raising: {quality_effect: 0.5, attempts: 3}\n");
    const auto citations = citations_of(child);
    CHECK(citations.at("market.segments.software.size") == "child.yaml: recounted # twice");
    CHECK(citations.at("market.segments.software.price") == "base.yaml: a survey of 2020");
    CHECK(citations.at("environment.wage_rise") == "set by base.yaml");
    CHECK(citations.at("finance.raising.attempts") == "child.yaml: two lines, one thought");
    CHECK(citations.count("finance.raising.leanest") == 0);

    const Scenario scenario = load_scenario(child);
    const std::string text = scenario_template(scenario, citations);
    CHECK_THAT(text, Contains("source: child.yaml: two lines, one thought"));
    CHECK_THAT(text, Contains("legal: at least 0 and at most 1000000000; source: child.yaml: recounted")
                         || Contains("source: child.yaml: recounted # twice"));
    // A default keeps the source of its description.
    CHECK_THAT(text, Contains("source: Cooley Venture Financing Report Q1 2026"));
    const Scenario again = read_scenario(text, "again.yaml");
    CHECK(again.world.market.segments.front().size == 800);
}

TEST_CASE("every group of a library scenario is cited in a new file that begins with it") {
    const std::filesystem::path library = std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios/library";
    const auto folders = std::span(&library, 1);
    const std::string text =
        scenario_template(load_scenario("ecosystem", folders), citations_of("ecosystem", folders));
    CHECK_THAT(text, Contains("ecosystem.yaml: mean of Sultan, Farley and Lehmann 1990"));
    CHECK_THAT(text, Contains("source: customer_service.yaml: a16z 2020: AI companies often"));
    // Of a second group of a kind, whose meanings are not told again, the citation stands beside the value.
    CHECK_THAT(text, Contains("count: 40") && Contains("knowledge: 45%  # source: ecosystem.yaml: assumed"));
}

// The text of a new file that begins with a scenario.
static std::string new_from(const std::string& name, std::span<const std::filesystem::path> folders) {
    return scenario_template(load_scenario(name, folders), citations_of(name, folders));
}

TEST_CASE("a new file that begins with a new file is the same again") {
    const std::filesystem::path library = std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios/library";
    const auto folders = std::span(&library, 1);
    const TemporaryFolder folder;
    std::size_t scenarios = 0;
    for (const auto& entry : std::filesystem::directory_iterator(library)) {
        if (entry.path().extension() != ".yaml") continue;
        ++scenarios;
        CAPTURE(entry.path());
        const std::string first = new_from(entry.path().string(), folders);
        const std::string second = new_from(folder.write("a.yaml", first), folders);
        const std::string third = new_from(folder.write("b.yaml", second), folders);
        CHECK(second == first);
        CHECK(third == first);
    }
    CHECK(scenarios > 3);
}

TEST_CASE("of a new file's comments only the source is a citation") {
    const TemporaryFolder folder;
    const std::string own = folder.write("own.yaml",
                                         "finance:\n"
                                         "  raising:\n"
                                         "    attempts: 4  # counted\n");
    std::string text = new_from(own, {});
    const auto replace = [&text](std::string_view what, std::string_view by) {
        const std::size_t at = text.find(what);
        REQUIRE(at != std::string::npos);
        text.replace(at, what.size(), by);
    };
    // What is changed afterwards is the file's, with what is said of it there.
    replace("  wage_rise: 3.5%", "  wage_rise: 4%");
    replace("  horizon: 120 months", "  horizon: 108 months  # long enough");
    const auto citations = citations_of(folder.write("mine.yaml", text));
    CHECK(citations
          == std::map<std::string, std::string>{{"finance.raising.attempts", "own.yaml: counted"},
                                                {"environment.wage_rise", "set by mine.yaml"},
                                                {"run.horizon", "mine.yaml: long enough"}});
}

TEST_CASE("a citation that was taken for one before comes out of what surrounds it") {
    const TemporaryFolder folder;
    const std::string file = folder.write(
        "c.yaml",
        "finance:\n"
        "  raising:\n"
        "    # attempts of a company legal: at least 1; source: b.yaml: attempts\n"
        "    # of a company legal: at least 1; source: a.yaml: counted; read at the start only;\n"
        "    # read at the start only\n"
        "    attempts: 4\n");
    CHECK(citations_of(file).at("finance.raising.attempts") == "a.yaml: counted");
}
