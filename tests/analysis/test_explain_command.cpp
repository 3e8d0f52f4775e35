// venturi explain and venturi list: what everything is that has a name.
#include "agents/measure.hpp"
#include "agents/network/measures.hpp"
#include "analysis/statistics/observables.hpp"
#include "tests/analysis/ask.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>

namespace venturi {
namespace {

using Catch::Matchers::Contains;

std::string told(const std::vector<std::string>& names) {
    std::vector<std::string> arguments{"explain"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    const Answer answer = ask(arguments);
    CAPTURE(names.front(), answer.err);
    CHECK(answer.code == ExitCode::success);
    CHECK(answer.err.empty());
    return answer.out;
}

TEST_CASE("a parameter is explained with meaning, unit, ranges, default, source and use") {
    const std::string text = told({"finance.raising.expected_revenue"});
    CHECK_THAT(text, Contains("finance.raising.expected_revenue (parameter)"));
    CHECK_THAT(text, Contains("revenue that investors expect at the first round after the seed"));
    CHECK_THAT(text, Contains("USD/month"));
    CHECK_THAT(text, Contains("above $0/month"));
    CHECK_THAT(text, Contains("between $10k/month and $500k/month"));
    CHECK_THAT(text, Contains("$60k/month"));
    CHECK_THAT(text, Contains("assumed"));
    CHECK_THAT(text, Contains("seed_cohort $36.4k/month"));
    CHECK_THAT(told({"startups.founders.mix.technology"}),
               Contains("startups.NAME.mix.technology (parameter)") && Contains("five_advantages'"));
}

TEST_CASE("the end of a path will do, and what it may mean is all told") {
    CHECK_THAT(told({"attempts"}), Contains("finance.raising.attempts (parameter)"));
    CHECK_THAT(told({"mix.technology"}), Contains("startups.NAME.mix.technology (parameter)"));
    CHECK_THAT(told({"startups.mix.technology"}), Contains("startups.NAME.mix.technology (parameter)"));
    const auto json = nlohmann::json::parse(told({"compute_share", "--json"}));
    REQUIRE(json["topics"].size() == 2);
    CHECK(json["topics"][0]["name"] == "technology.compute_share");
    CHECK(json["topics"][1]["name"] == "startups.NAME.compute_share");
    CHECK(json["topics"][1]["facts"]["read where"]
          == "the group has startups; and the group has 'inside: outline'");
}

TEST_CASE("a group is explained with what is in it") {
    const std::string text = told({"technology.optimiser"});
    CHECK_THAT(text, Contains("technology.optimiser (group of parameters)")
                         && Contains("technology.optimiser.momentum")
                         && Contains("momentum of the optimiser"));
    CHECK_THAT(told({"startups"}), Contains("startups.NAME.count") && Contains("startups.NAME.mix"));
}

TEST_CASE("observables, measures, commands and options are explained") {
    CHECK_THAT(told({"share_exited"}), Contains("share_exited (observable)") && Contains("one number of each")
                                           && Contains("seed_cohort"));
    CHECK_THAT(told({"survival"}), Contains("survival (observable)"));
    // What is of a company to one command and of the world to another is told for both.
    const std::string rounds = told({"rounds"});
    CHECK_THAT(rounds, Contains("rounds (observable)") && Contains("rounds after the seed so far"));
    CHECK_THAT(rounds, Contains("rounds (objective)") && Contains("the mean over companies")
                           && Contains("of the whole world"));
    CHECK_THAT(told({"crra_proceeds"}), Contains("venturi optimise --objective"));
    CHECK_THAT(told({"days_round_1_to_2.median"}), Contains("days_round_1_to_2 (observable)"));
    CHECK_THAT(told({"shutdowns"}), Contains("shutdowns (measure)") && Contains("'when'"));
    CHECK_THAT(told({"share_alive"}), Contains("share_alive (observable)") && Contains("by group:"));
    CHECK_THAT(told({"trace"}), Contains("trace (command)"));
    CHECK_THAT(told({"until"}), Contains("run --until (option)"));
    CHECK_THAT(told({"--", "--until"}), Contains("run --until (option)"));
    CHECK_THAT(told({"run --trajectories"}), Contains("run.trajectories"));
}

TEST_CASE("a name that is nothing's is refused with the nearest") {
    const Answer slip = ask({"explain", "finance.raising.atempts"});
    CHECK(slip.code == ExitCode::bad_input);
    CHECK(slip.out.empty());
    CHECK_THAT(slip.err, Contains("did you mean 'finance.raising.attempts'?"));
    CHECK_THAT(ask({"explain", "share_exitd"}).err, Contains("did you mean 'share_exited'?"));
    CHECK_THAT(ask({"explain", "atempts"}).err, Contains("did you mean 'finance.raising.attempts'?"));
    CHECK(ask({"explain", "xyzzyxyzzyxyzzy"}).err.find("did you mean") == std::string::npos);
}

TEST_CASE("without a name the topics are listed, and a list has all of a kind") {
    CHECK_THAT(told({"--json"}), Contains("\"finance.raising.attempts\""));
    CHECK_THAT(told({"--"}), Contains("technology\n") && Contains("training runs, research"));
    const Answer observables = ask({"list", "observables", "--json"});
    REQUIRE(observables.code == ExitCode::success);
    const auto json = nlohmann::json::parse(observables.out);
    CHECK(json["observables"].size()
          == scalar_observables().size() + series_observables().size() + pooled_observables().size()
                 + 2);  // survival, and its restricted mean
    CHECK_THAT(ask({"list", "parameters"}).out,
               Contains("finance.raising.attempts\n    attempts for the same"));
    CHECK_THAT(ask({"list", "measures"}).out, Contains("alive_share"));
    CHECK_THAT(ask({"list", "observable"}).err, Contains("did you mean 'observables'?"));
    CHECK_THAT(ask({"list"}).out,
               Contains("seed_cohort: Seed cohort\n    Companies that raise a seed round"));
}

TEST_CASE("a measure of a network's vertices is explained, and told apart from one of 'when'") {
    const auto json = nlohmann::json::parse(told({"betweenness", "--json"}));
    REQUIRE(json["topics"].size() == 1);
    CHECK(json["topics"][0]["kind"] == "measure of a network's vertices");
    CHECK(json["topics"][0]["meaning"]
          == "share of the pairs of others whose shortest paths pass through, in [0, 1]");
    CHECK(json["topics"][0]["facts"] == nlohmann::json{{"used by", "venturi network --measure"}});
    const auto measures =
        nlohmann::json::parse(ask({"list", "measures", "--json"}).out)["measures"].get<nlohmann::json>();
    std::size_t of_networks = 0;
    for (const auto& measure : measures)
        if (measure["facts"]["used by"] == "venturi network --measure") ++of_networks;
    CHECK(of_networks == vertex_measures().size());
    CHECK(measures.size() == vertex_measures().size() + venturi::measures().size());
    for (const VertexMeasure& measure : vertex_measures())
        CHECK_THAT(told({std::string(measure.name)}), Contains("(measure of a network's vertices)"));
    CHECK_THAT(ask({"list", "measures"}).out, Contains("used by: venturi network --measure")
                                                  && Contains("used by: an intervention's 'when'"));
    CHECK_THAT(ask({"explain", "betweeness"}).err, Contains("did you mean 'betweenness'?"));
}

TEST_CASE("an option that explain takes for its own is told how to be explained") {
    const Answer answer = ask({"explain", "--until"});
    CHECK(answer.code == ExitCode::bad_input);
    CHECK_THAT(answer.err,
               Contains("there is no option '--until' here; to have it explained: venturi explain "
                        "-- --until, or venturi explain until\n"));
    // Where it is none of any command, or of another, nothing is to be explained.
    CHECK(ask({"explain", "--untli"}).err.find("to have it") == std::string::npos);
    CHECK(ask({"list", "--until"}).err.find("to have it") == std::string::npos);
}

}  // namespace
}  // namespace venturi
