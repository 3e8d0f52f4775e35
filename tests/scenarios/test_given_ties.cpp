// Ties that a scenario gives: in its own words, from a file, and what is wrong with them.
#include "agents/partnership/network_state.hpp"
#include "agents/world.hpp"
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

using namespace venturi;
using namespace venturi::test;
using Catch::Matchers::Contains;

namespace {

constexpr const char* world = R"(
title: Given ties
market:
  segments:
    software: {}
finance:
  rounds:
    series_a: {}
startups:
  founders: {count: 3, segment: software, inside: five_advantages, founded: 1 month}
  outlines: {count: 2, segment: software}
investors:
  funds: {count: 2}
partners:
  universities: {kind: university, count: 2}
)";

Scenario scenario_with(const std::string& ties, const std::filesystem::path& file = "given.yaml") {
    return read_scenario(world + ties, file);
}

std::string error_of(const std::string& ties) {
    try {
        static_cast<void>(scenario_with(ties));
    } catch (const ScenarioError& error) {
        return error.what();
    }
    return "none";
}

// Partners of that world: three startups, two investors, two universities.
double trust_between(const World<PlainDraws>& run, std::uint32_t one, std::uint32_t other) {
    const std::uint32_t tie = tie_between(run, one, other);
    return tie == no_record ? -1 : run.ties[tie].trust;
}

World<PlainDraws> founded(Scenario scenario) {
    scenario.world.partnership.ties.meetings = 0;
    World<PlainDraws> run(make_setup(scenario.world));
    run.reset(PlainDraws(FastVariates(1, 0)));
    run.run_until(1.001);
    return run;
}

}  // namespace

TEST_CASE("Given ties are there from the day on which both ends are") {
    const Scenario scenario = scenario_with(
        "ties:\n"
        "  - [founders/1, universities/2]\n"
        "  - {between: [funds/1, founders/3], trust: 70%}\n"
        "  - [founders/1, founders/2]\n");
    REQUIRE(scenario.world.ties.size() == 3);
    const World<PlainDraws> run = founded(scenario);
    CHECK(run.ties.in_use() == 3);
    CHECK(trust_between(run, 0, 6) == scenario.world.partnership.trust.initial);
    CHECK(trust_between(run, 2, 3) == 0.7);
    CHECK(trust_between(run, 0, 1) == scenario.world.partnership.trust.initial);
    CHECK(run.network.formed == 3);
}

TEST_CASE("Given ties may be an edge list or GraphML beside the scenario, with trust as weights") {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "ties.csv") << "source,target,trust\nfounders/1,universities/1,0.25\n"
                                                 "founders/2,funds/2,0.5\n";
    std::ofstream(folder.path() / "ties.graphml")
        << "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph edgedefault=\"undirected\">"
           "<node id=\"founders/3\"/><node id=\"universities/2\"/>"
           "<edge source=\"founders/3\" target=\"universities/2\"/></graph></graphml>";
    const Scenario scenario = scenario_with("ties:\n  - {file: ties.csv}\n  - {file: ties.graphml}\n",
                                            folder.path() / "given.yaml");
    const World<PlainDraws> run = founded(scenario);
    CHECK(run.ties.in_use() == 3);
    CHECK(trust_between(run, 0, 5) == 0.25);
    CHECK(trust_between(run, 1, 4) == 0.5);
    CHECK(trust_between(run, 2, 6) == scenario.world.partnership.trust.initial);
}

TEST_CASE("What is wrong in a file of ties is said with that file's name and line") {
    const TemporaryFolder folder;
    const auto error_with = [&](const std::string& text) {
        std::ofstream(folder.path() / "ties.csv") << text;
        try {
            static_cast<void>(scenario_with("ties:\n  - {file: ties.csv}\n", folder.path() / "given.yaml"));
        } catch (const ScenarioError& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    CHECK_THAT(error_with("source,target\nfounders/1,founders/2\nfounders/1,nobody/1\n"),
               Contains("ties.csv:3:1: ") && Contains("nobody/1"));
    CHECK_THAT(error_with("source,target,trust\nfounders/1,universities/1,-0.25\n"),
               Contains("ties.csv:2:1: ") && Contains("trust"));
    CHECK_THAT(error_with("source,target,trust\nfounders/1,universities/1,x\nfounders/2,universities/1,1\n"),
               Contains("ties.csv:2:27: the weight 'x' is not a number"));
    CHECK_THAT(error_with("founders/1,founders/2\nfounders/2,founders/1\n"),
               Contains("ties.csv:2:1: ") && Contains("there again") && !Contains("--parallel"));
}

TEST_CASE("Nothing is shown of a file of ties that names no partner") {
    const TemporaryFolder folder;
    const auto error_with = [&](const std::string& text) {
        std::ofstream(folder.path() / "ties.csv", std::ios::binary) << text;
        try {
            static_cast<void>(scenario_with("ties:\n  - {file: ties.csv}\n", folder.path() / "given.yaml"));
        } catch (const ScenarioError& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    const std::string refusal =
        (folder.path() / "ties.csv").string()
        + ": is no file of ties: nothing in it names a partner of this world\n"
          "  legal here: source,target or source,target,trust, with partners by group and number; groups: founders, "
          "outlines, funds, universities";
    for (const std::string& text :
         {std::string("root:x:0:0:root:/root:/bin/sh\n"), std::string("ssh-rsa AAAAB3 me@home\n"),
          std::string("a b 1\nb c x\n"), std::string("one,two\ntwo,three\n"),
          std::string("xfounders/1,founders/x\n"), std::string("<html><founders/></html>"),
          std::string("a\tb\x01\n"), std::string("bad \xFF bytes\n")}) {
        CAPTURE(text);
        CHECK(error_with(text) == refusal);
    }
    // One that does is a file of ties, and what is wrong in it is quoted.
    CHECK_THAT(error_with("founders/1 universities/1 1\nfounders/2 universities/1 much\n"),
               Contains("ties.csv:2:27: the weight 'much' is not a number"));
    CHECK_THAT(error_with("foundrs/1,universities/1\n"), Contains("did you mean 'founders/1'"));
    CHECK_THAT(error_with(""), Contains("ties.csv: holds no edges"));
}

TEST_CASE("A pipe instead of a file of ties is refused before anybody waits for it") {
    const TemporaryFolder folder;
    REQUIRE(::mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
    CHECK_THROWS_WITH(scenario_with("ties:\n  - {file: fifo}\n", folder.path() / "given.yaml"),
                      Contains("fifo: is not a regular file"));
}

TEST_CASE("A scenario with given ties, written out in full, loads to the same ties") {
    const Scenario scenario = scenario_with("ties:\n  - {between: [founders/2, funds/1], trust: 12.5%}\n");
    const Scenario again = read_scenario(resolved_scenario(scenario).dump(), "again.yaml");
    CHECK(again.world.ties == scenario.world.ties);
    CHECK(scenario_schema()["properties"].contains("ties"));
}

TEST_CASE("What is wrong with a given tie is said with its place and what was meant") {
    CHECK_THAT(
        error_of("ties:\n  - [founders/4, universities/1]\n"),
        Contains("given.yaml:17:5") && Contains("there is no 'founders/4'") && Contains("founders/1 to 3"));
    CHECK_THAT(error_of("ties:\n  - [foundrs/1, universities/1]\n"), Contains("did you mean 'founders/1'"));
    CHECK_THAT(error_of("ties:\n  - [outlines/1, universities/1]\n"), Contains("there is no 'outlines/1'"));
    CHECK_THAT(error_of("ties:\n  - [funds/1, universities/1]\n"), Contains("must be a startup"));
    CHECK_THAT(error_of("ties:\n  - [founders/1, founders/1]\n"), Contains("itself"));
    CHECK_THAT(error_of("ties:\n  - {between: [founders/1, funds/1], trust: 170%}\n"), Contains("trust"));
    CHECK_THAT(error_of("ties:\n  - [founders/1]\n"), Contains("between two partners"));
    CHECK_THAT(error_of("ties: founders/1\n"), Contains("needs a list"));
    CHECK_THAT(error_of("ties:\n  - {file: nowhere.csv}\n"), Contains("nowhere.csv"));
    CHECK_THAT(error_of("ties:\n  - {betwen: [founders/1, funds/1]}\n"), Contains("did you mean 'between'"));
    const Scenario twice = scenario_with("ties:\n  - [founders/1, funds/1]\n  - [funds/1, founders/1]\n");
    CHECK_THROWS_WITH(make_setup(twice.world), Contains("given twice"));
}
