// Decisions beyond the mix with the best mean: statistics, constraints, parameters, several scenarios.
#include "analysis/optimiser/world_decision_search.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/program/objective_text.hpp"
#include "analysis/report/mix_report.hpp"
#include "scenarios/problem.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

std::vector<std::string> deciding(const std::string& scenario, const std::filesystem::path& result,
                                  const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"optimise", scenario,
                                          "--seed",   "11",
                                          "--quiet",  "--json",
                                          "--output", result.string(),
                                          "--set",    "run.horizon=18 months",
                                          "--set",    "startups.founders.count=6"};
    const std::vector<std::pair<std::string, std::string>> usual = {{"--check", "8"}, {"--flatness", "0"}};
    for (const auto& [option, value] : usual)
        if (std::ranges::find(more, option) == more.end()) arguments.insert(arguments.end(), {option, value});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

Json answer_of(const Answer& answer) {
    INFO(answer.err);
    REQUIRE(!answer.out.empty());
    return Json::parse(answer.out);
}

WorldQuestion question_of(const std::string& scenario, const std::vector<std::string>& settings) {
    return {.scenarios = {{scenario, load_with_settings(scenario, settings)}}, .group = "founders"};
}

}  // namespace

TEST_CASE("Statistics and constraints are read as they are written") {
    CHECK(read_statistic("--objective", "proceeds").statistic.is_mean());
    CHECK(read_statistic("--objective", " mean of proceeds").of == "proceeds");
    CHECK(read_statistic("--objective", "median of raised").statistic.level == 0.5);
    const StatisticText quantile = read_statistic("--objective", "quantile 10% of log_proceeds ");
    CHECK(quantile.statistic == RangeStatistic{RangeStatistic::Kind::quantile, 0.1});
    CHECK(quantile.of == "log_proceeds");
    CHECK(read_statistic("--objective", "cvar 0.05 of raised").statistic.kind
          == RangeStatistic::Kind::tail_mean);
    const WorldConstraint constraint = constraint_named("--subject-to", "cvar 5% of raised >= $1.5M", 1);
    CHECK(constraint.at_least);
    CHECK(constraint.bound == 1.5e6);
    CHECK(text_of(constraint) == "cvar 5% of raised >= $1.5M");
    CHECK_FALSE(constraint_named("--subject-to", "share_dead<=30%", 1).at_least);
    CHECK(constraint_named("--subject-to", "survival ≥ 60%", 1).excess(0.5) == Approx(0.1));
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"quantil 10% of proceeds", "did you mean 'quantile'?"},
        {"quantile of proceeds", "is no statistic"},
        {"quantile 100% of proceeds", "0.0001% to 99.9999%"},
        {"quantile ten of proceeds", "quantile ten of proceeds"},
        {"worst proceeds", "is no objective"}};
    for (const auto& [text, told] : wrong)
        CHECK_THROWS_WITH(read_statistic("--objective", text), Contains(told));
    const std::vector<std::pair<std::string, std::string>> no_constraints = {
        {"survival > 60%", "is no constraint"},
        {"survival >= 160%", "from 0% to 100%"},
        {"survival >= lots", "--subject-to 'survival >= lots'"},
        {"survivl >= 60%", "did you mean 'survival'?"}};
    for (const auto& [text, told] : no_constraints)
        CHECK_THROWS_WITH(constraint_named("--subject-to", text, 1), Contains(told));
}

TEST_CASE(
    "What the worst of one scenario brings is what the mean of it does, and both what evaluation says") {
    const WorldQuestion question =
        question_of("customer_service", {"run.horizon=24 months", "startups.founders.count=6", "run.seed=3"});
    const WorldDecisionObjective objective(question, {.threads = 2});
    const optimiser::Vector equal = optimiser::Vector::Constant(5, 0.2);
    const optimiser::Outcomes seen = objective.outcomes(equal, {.seed = 3, .first = 4, .count = 5});
    const WorldProblem problem = problem_of(question, 0, {});
    const WorldEvaluation known =
        evaluate(problem, {{.mix = equal_shares(1)}}, {.trajectories = 5, .first = 4, .seed = 3});
    REQUIRE(seen.values.rows() == 5);
    for (std::size_t t = 0; t < 5; ++t)
        CHECK(seen.values(static_cast<optimiser::Index>(t), 0) == Approx(known.values[0][t]));
    // The gradients are those of the mix's own estimator.
    const optimiser::OutcomeGradients gradients =
        objective.estimate(equal, {.seed = 3, .first = 0, .count = 24});
    const WorldGradient own = estimate(problem, equal_shares(1), {.run = {.trajectories = 24, .seed = 3}});
    CHECK(gradients.forward_runs == 192);
    for (optimiser::Index t = 0; t < 24; ++t)
        for (optimiser::Index share = 0; share < 5; ++share)
            CHECK(gradients.gradients[0](t, share) * 0.2
                  == Approx(own.of_trajectories[static_cast<std::size_t>(5 * t + share)]).margin(1e-9));
}

TEST_CASE("A parameter is decided between its bounds, and the one that holds it is told of") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    // Who is patient with failing lives longer: the fewer attempts the better for survival is known from
    // sweeps.
    const std::vector<std::string> asked = {
        "--objective", "survival", "--over", "finance.raising.attempts=1..9", "--budget", "40",
        "--check",     "30",       "--set",  "run.horizon=36 months"};
    const Answer answer = ask(deciding("seed_cohort", result, asked));
    const Json json = answer_of(answer);
    CHECK(answer.code == ExitCode::success);
    CHECK_FALSE(json.contains("mix"));
    const Json& attempts = json["parameters"]["finance.raising.attempts"];
    CHECK(attempts["low"] == 1);
    CHECK(attempts["high"] == 9);
    CHECK(attempts["at_bound"] == (attempts["best"] == 1 ? "low" : attempts["best"] == 9 ? "high" : ""));
    CHECK(json["gain_confidence_interval"][1].get<double>() >= 0);
    CHECK(json["forward_runs"].get<int>() <= 40);
    for (const char* name : {"decision.csv", "path.csv", "path.svg", "best.yaml", "manifest.json"})
        CHECK(std::filesystem::exists(result / name));
    const Scenario best = load_with_settings((result / "best.yaml").string(), {});
    CHECK(best.world.finance.raising.attempts == attempts["best"].get<int>());
    // What it was found with can be read there, and is not repeated.
    CHECK_THAT(text_of(result / "best.yaml"), Contains("#   --set run.horizon=36 months\n"));
    CHECK_THAT(answer.err, !Contains("beyond the bounds"));
    const Answer beyond = ask(
        deciding("seed_cohort", result,
                 {"--objective", "survival", "--over", "finance.raising.attempts=6..9", "--budget", "40"}));
    CHECK_THAT(beyond.err,
               Contains("finance.raising.attempts is 2 in the scenario, beyond the bounds of --over: "
                        "the search starts at 6"));
    CHECK(answer_of(beyond)["parameters"]["finance.raising.attempts"]["start"] == 6);
}

TEST_CASE("How flat a decision is along each of its numbers is measured and drawn") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const std::vector<std::string> asked = {
        "--objective", "survival", "--over", "finance.raising.attempts=1..9", "--budget",   "40",
        "--check",     "30",       "--set",  "run.horizon=36 months",         "--flatness", "12"};
    const Json json = answer_of(ask(deciding("seed_cohort", result, asked)));
    const Json& flat = json["as_good_within_a_standard_error"]["finance.raising.attempts"];
    const double best = json["parameters"]["finance.raising.attempts"]["best"];
    CHECK(flat[0].get<double>() <= best);
    CHECK(flat[1].get<double>() >= best);
    CHECK(flat[0].get<double>() >= 1);
    CHECK(flat[1].get<double>() <= 9);
    // Whole numbers from bound to bound, each once and not the best: six or seven of nine.
    const std::string csv = text_of(result / "flatness.csv");
    const auto rows = std::ranges::count(csv, '\n') - 1;
    CHECK((rows == 6 || rows == 7));
    CHECK_THAT(csv, !Contains(fmt::format("attempts,{},", best)));
    CHECK_THAT(text_of(result / "flatness.svg"), Contains("How flat the optimum is")
                                                     && Contains("finance.raising.attempts")
                                                     && Contains("the best"));
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
}

TEST_CASE("A range is as good as the best up to the first value that is worse by more than its error") {
    const Interval range = flat_range_around(
        5, {{9, 0.2, 0.1}, {8, -0.3, 0.1}, {7, -0.05, 0.1}, {6, 0.1, 0.1}, {3, -0.2, 0.1}, {1, 0.5, 0.1}});
    CHECK(range.low == 5);
    CHECK(range.high == 7);
    CHECK(flat_range_around(5, {}).high == 5);
}

TEST_CASE("A method is found by its name") {
    // Of each of them: another's place in the list is none of its own.
    const auto names = mix_search_method_names();
    REQUIRE(names.size() == 5);
    CHECK(mix_search_method_named("gradient") == MixSearchMethod::gradient);
    CHECK(mix_search_method_named("spsa") == MixSearchMethod::gradient);
    CHECK(mix_search_method_named("nelder_mead") == MixSearchMethod::nelder_mead);
    CHECK(mix_search_method_named("random_search") == MixSearchMethod::random_search);
    CHECK(mix_search_method_named("response_surface") == MixSearchMethod::response_surface);
    // What is decided beside a mix is looked for by the method that was asked for: their first points differ.
    const ScratchFolder scratch;
    std::set<std::string> paths;
    for (const char* method : {"nelder_mead", "random_search", "response_surface"}) {
        const Answer answer =
            ask(deciding("customer_service", scratch.path() / method,
                         {"--objective", "median of raised", "--method", method, "--budget", "64"}));
        INFO(answer.err);
        CHECK(answer.code != ExitCode::bad_input);
        paths.insert(text_of(scratch.path() / method / "path.csv"));
    }
    CHECK(paths.size() == 3);
}

TEST_CASE("Decisions are the same on any number of threads, and venturi reproduce makes them again") {
    const ScratchFolder scratch;
    const std::vector<std::vector<std::string>> questions = {
        {"--objective", "median of raised", "--budget", "16"},
        {"--subject-to", "survival >= 60%", "--flatness", "8", "--budget", "26"},
        {"--over", "finance.raising.attempts=1..4", "--robust", "environment.climate.initial=cold",
         "--budget", "44", "--subject-to", "survival >= 50%"},
        {"--objective", "cvar 20% of raised", "--method", "random_search", "--budget", "48"}};
    for (const std::vector<std::string>& each : questions) {
        const auto one = scratch.path() / "one";
        const auto three = scratch.path() / "three";
        const Answer first = ask(with(deciding("customer_service", one, each), {"--threads", "1"}));
        const Answer second = ask(with(deciding("customer_service", three, each), {"--threads", "3"}));
        INFO(first.err);
        CHECK(first.code != ExitCode::bad_input);
        for (const char* name : {"decision.csv", "path.csv", "path.svg", "best.yaml"})
            CHECK(text_of(one / name) == text_of(three / name));
        const Answer again = ask({"reproduce", one.string(), "--json", "--quiet", "--threads", "2"});
        INFO(again.out << again.err);
        CHECK(again.code == ExitCode::success);
    }
    // What can't have been is refused.
    const auto one = scratch.path() / "one";
    const Json sound = Json::parse(text_of(one / "manifest.json"));
    const std::vector<std::pair<std::string, Json>> changes = {
        {"start", {0.5, 0.5}}, {"start", {0, 0, 0, 0, 0}}, {"who", "equilibrium"}, {"method", "luck"}};
    for (const auto& [key, value] : changes) {
        Json wrong = sound;
        wrong["settings"][key] = value;
        put_file(one / "manifest.json", wrong.dump());
        INFO(key << ": " << value);
        CHECK(ask({"reproduce", one.string(), "--quiet"}).code == ExitCode::bad_input);
    }
}

TEST_CASE(
    "The worst of several scenarios is no better than any of them, and weights say which hold it back") {
    const ScratchFolder scratch;
    const std::vector<std::string> shock = {
        "--robust", "environment.climate.initial=cold", "--objective", "raised", "--budget", "72"};
    const Json worst = answer_of(ask(deciding("customer_service", scratch.path() / "worst", shock)));
    REQUIRE(worst["scenarios"].size() == 2);
    double least = worst["scenarios"][0]["value"];
    double weights = 0;
    for (const Json& scenario : worst["scenarios"]) {
        least = std::min(least, scenario["value"].get<double>());
        weights += scenario["weight"].get<double>();
    }
    CHECK(worst["value"].get<double>() == Approx(least));
    CHECK(weights == Approx(1));
    CHECK(worst["scenarios"][1]["scenario"] == "environment.climate.initial=cold");
    std::vector<std::string> alike = shock;
    alike.insert(alike.end(), {"--robust-by", "mean"});
    const Json mean = answer_of(ask(deciding("customer_service", scratch.path() / "mean", alike)));
    CHECK(
        mean["value"].get<double>()
        == Approx((mean["scenarios"][0]["value"].get<double>() + mean["scenarios"][1]["value"].get<double>())
                  / 2));
}

TEST_CASE("A constraint that no mix meets, and what nothing moves, are told of") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer answer =
        ask(deciding("customer_service", result,
                     {"--subject-to", "survival >= 100%", "--set", "finance.exits.offers=0/month", "--set",
                      "finance.exits.listing=0/month", "--budget", "26"}));
    CHECK(answer.code == ExitCode::failure);
    const Json json = answer_of(answer);
    CHECK(json["constraints"][0]["met"] == false);
    CHECK(json["constraints"][0]["excess"].get<double>()
          == Approx(1 - json["constraints"][0]["value"].get<double>()));
    CHECK_THAT(answer.err, Contains("'survival >= 100%' is not met")
                               && Contains("percentage points too little")
                               && Contains("there is nothing to optimise"));
    // Where most companies come to nothing no low quantile moves.
    const Answer low = ask(
        deciding("customer_service", result, {"--objective", "quantile 5% of proceeds", "--budget", "16"}));
    CHECK(low.code == ExitCode::failure);
    CHECK_THAT(low.err, Contains("another quantile"));
    CHECK(answer_of(low)["gain"] == 0);
}

TEST_CASE("A constraint that a few histories can't tell is not known to be met, and that is no success") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const auto asked = [&](const std::string& bound) {
        return ask(deciding(
            "customer_service", result,
            {"--subject-to", "survival >= " + bound, "--set", "run.horizon=48 months", "--budget", "26"}));
    };
    const Json free = answer_of(asked("1%"));
    const Json& met = free["constraints"][0];
    CHECK(met["verdict"] == "met");
    CHECK(met["met"] == true);
    REQUIRE(met["confidence_interval"][1].get<double>() < 0.99);
    // At the estimate itself nothing can be told.
    const Answer near = asked(met["value"].dump());
    CHECK(near.code == ExitCode::failure);
    const Json constraint = answer_of(near)["constraints"][0];
    CHECK(constraint["verdict"] == "not known");
    CHECK(constraint["met"].is_null());
    CHECK(constraint["confidence_interval"][0] < constraint["bound"]);
    CHECK(constraint["confidence_interval"][1] > constraint["bound"]);
    CHECK_THAT(near.err, Contains("is not known to be met"));
    const Answer beyond = asked("99%");
    CHECK(beyond.code == ExitCode::failure);
    CHECK(answer_of(beyond)["constraints"][0]["verdict"] == "not met");
}

TEST_CASE("A mean that a heavy tail decides is warned of, and its median is not") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer heavy = ask(
        deciding("customer_service", result, {"--budget", "8", "--check", "24", "--objective", "raised"}));
    const Json json = answer_of(heavy);
    CHECK(json["tail_index"].get<double>() > 0);
    CHECK_THAT(heavy.err, Contains("(Hill)") && Contains("utility") && Contains("quantile"));
    const Answer median = ask(deciding(
        "customer_service", result, {"--budget", "8", "--check", "24", "--objective", "median of raised"}));
    CHECK_THAT(median.err, !Contains("(Hill)"));
    CHECK(answer_of(median)["objective"] == "median of raised");
}

TEST_CASE("Mistakes in asking for a decision are bad input, with what is legal") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes = {
        {{"--objective", "quantile 10% of proceds"}, "did you mean 'proceeds'?"},
        {{"--subject-to", "survival"}, "is no constraint"},
        {{"--over", "finance.raising.attempts=9..1"}, "from a lower value to a higher one"},
        {{"--over", "finance.raising.attempts=1,2"}, "low..high"},
        {{"--over", "finance.raising.attempts=1..9:3"}, "low..high"},
        {{"--over", "finance.raising.attempt=1..9"}, "did you mean"},
        {{"--over", "finance.raising.attempts=-1..9"}, "finance.raising.attempts"},
        {{"--over", "run.horizon=12 months..24 months"}, "is no part of the world"},
        {{"--over", "startups.founders.mix=simplex"}, "is moved already"},
        {{"--over", "startups.founders.mix.technology=10%..20%"}, "is moved already"},
        {{"--keep-mix"}, "nothing is left to be decided"},
        {{"--over", "startups.founders.count=10..20"}, "nothing that they decide"},
        {{"--objective", "cvar 1e-300% of raised"}, "0.0001% to 99.9999%"},
        {{"--robust", "environment.climate.initial=hot"}, "--robust"},
        {{"--subject-to", "survival >= 60%", "--rule", "adam"}, "--rule is without effect"},
        {{"--subject-to", "survival >= 60%", "--budget", "12"}, "13 and above"},
        {{"--subject-to", "survival >= 60%", "--who", "equilibrium"}, "legal here: everyone or one"},
        {{"--subject-to", "survival >= 60%", "--method", "random_search"}, "legal here: gradient"},
        {{"--robust", "no_such_world"}, "no_such_world"},
        {{"--robust", "seed_cohort"}, "seed_cohort: startups.founders: a mix is read where"},
        {{"--robust", "seed_cohort", "--robust-by", "best"}, "legal here: worst, mean"},
        {{"--keep-mix", "--who", "one", "--over", "finance.raising.attempts=1..9"}, "legal here: everyone"}};
    for (const auto& [more, told] : mistakes) {
        const Answer answer = ask(deciding("customer_service", result, more));
        INFO(told << "\n" << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains(told));
        CHECK_FALSE(std::filesystem::exists(result));
    }
    // What the scenario does not read moves nothing.
    CHECK_THAT(ask(deciding("seed_cohort", result, {"--over", "startups.founders.mix=simplex"})).err,
               Contains("moves nothing in this scenario"));
}
