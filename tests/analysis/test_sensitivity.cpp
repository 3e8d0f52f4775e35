#include "analysis/experiments/sensitivity.hpp"
#include "analysis/report/sensitivity_report.hpp"
#include "analysis/report/tornado_picture.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;

namespace {

Scenario few_startups(std::vector<std::string> more = {}) {
    more.insert(more.begin(),
                {"startups.founders.count=6", "run.horizon=24 months", "run.observe_every=12 months"});
    return load_with_settings("seed_cohort", more);
}

std::vector<TrajectoryObservable> watched(const std::vector<std::string>& names) {
    std::vector<TrajectoryObservable> observables;
    for (const std::string& name : names) observables.push_back(find_trajectory_observable(name).value());
    return observables;
}

bool holds(const std::vector<UnmovedParameter>& parameters, const std::string& path) {
    return std::ranges::find(parameters, path, &UnmovedParameter::path) != parameters.end();
}

std::vector<std::string> small_study(const std::string& folder) {
    return {"sensitivity", "seed_cohort",
            "--set",       "startups.founders.count=6",
            "--set",       "run.horizon=24 months",
            "--set",       "run.observe_every=12 months",
            "--json",      "--quiet",
            "--output",    folder};
}

}  // namespace

TEST_CASE("every parameter is moved, unread or without a range, and mixes are one", "[sensitivity]") {
    const Scenario scenario = few_startups();
    const SensitivityFactors found = sensitivity_factors(scenario, {}, {});
    CHECK(found.factors.size() + found.unread.size() + found.without_range.size()
          == movable_paths(scenario).size());
    CHECK(found.factors.size() > 30);
    CHECK(holds(found.unread, "talent.recruiter_share"));
    CHECK(holds(found.without_range, "startups.founders.burn"));
    for (const DesignFactor& factor : found.factors) {
        INFO(factor.path);
        CHECK_FALSE(factor.path.starts_with("run."));
        CHECK(factor.range.low < factor.range.high);
        // What a range allows a scenario takes.
        for (const double place : {0.0, 0.5, 1.0}) {
            const std::vector<double> at(factor.coordinates(), place);
            const Design design = design_at({factor}, at);
            Scenario set = scenario;
            for (const std::string& setting : design.settings(0)) CHECK_NOTHROW(apply_setting(set, setting));
        }
    }
    const SensitivityFactors some = sensitivity_factors(
        few_startups({"startups.founders.inside=five_advantages"}),
        {"startups.founders.mix", "finance.raising.*"}, {"finance.raising.attempts=2..3"});
    CHECK(some.factors.front().path == "finance.raising.attempts");
    CHECK(some.factors.front().range == Interval{2, 3});
    CHECK(std::ranges::count(some.factors, std::string("finance.raising.attempts"), &DesignFactor::path)
          == 1);
    CHECK(std::ranges::count_if(some.factors, &DesignFactor::is_mix) == 1);
    CHECK(sensitivity_factors(scenario, {}, {"finance.raising.attempts=2..3"}).factors.size() == 1);
    CHECK_THROWS_AS(sensitivity_factors(scenario, {"finence.*"}, {}), ScenarioError);
}

TEST_CASE("what a parameter alone decides is all of the variance, however much luck there is",
          "[sensitivity]") {
    // How many companies are founded is up to their number, and to when luck has them founded, not to the
    // climate.
    const Scenario scenario = few_startups();
    const auto factors = sensitivity_factors(
        scenario, {},
        {"startups.founders.count=2..40", "environment.climate.cold_to_normal=0.1/month..0.5/month"});
    const auto observables = watched({"founded", "share_dead"});
    const SensitivityRun run{.replications = 2, .threads = 2};
    const Screening screening = run_screening(scenario, factors.factors, observables, 4, run);
    CHECK(screening.stage.whole == 4);
    CHECK(screening.stage.completed == 4 * 3 * 2);
    // Each of the range's 39 values more founds a company more, or nearly: some are founded later.
    CHECK(screening.effects[0][0].mu > 10);
    CHECK(screening.effects[0][1].mu_star == 0);
    const VarianceShares shares = run_variance_shares(scenario, factors.factors, observables, 32, run);
    CHECK(shares.stage.whole == 32);
    const ReplicatedIndices& founded = shares.observables[0];
    CHECK(founded.share_of_inputs() > 0.7);
    // 32 base points: a relative standard error of some 20%.
    CHECK(founded.inputs[0].total == Approx(1).margin(0.6));
    CHECK(founded.inputs[1].total == 0);
    CHECK(founded.inputs[1].first == 0);
}

TEST_CASE("screening and indices are the same bits on any number of threads", "[sensitivity]") {
    const Scenario scenario = few_startups();
    const auto factors = sensitivity_factors(
        scenario, {}, {"finance.raising.attempts=1..9", "finance.exits.offers=0/month..0.1/month"});
    const auto observables = watched({"share_dead", "rounds_per_company"});
    const auto with_threads = [&](int threads) {
        const SensitivityRun run{.replications = 3, .threads = threads};
        const Screening screening = run_screening(scenario, factors.factors, observables, 5, run);
        const VarianceShares shares = run_variance_shares(scenario, factors.factors, observables, 8, run);
        std::vector<double> numbers;
        for (const auto& effects : screening.effects)
            for (const ElementaryEffect& effect : effects)
                numbers.insert(numbers.end(), {effect.mu, effect.mu_star, effect.sigma, effect.noise});
        for (const ReplicatedIndices& each : shares.observables) {
            numbers.insert(numbers.end(), {each.mean, each.input_variance, each.noise_variance});
            for (const ReplicatedIndex& index : each.inputs)
                numbers.insert(numbers.end(), {index.first, index.total});
        }
        return fmt::format("{}", fmt::join(numbers, " "));
    };
    CHECK(with_threads(1) == with_threads(3));
}

TEST_CASE("the most influential are ranked by their part of the largest effect, of any observable",
          "[sensitivity]") {
    Screening screening;
    const auto effect = [](double mu_star, bool changes) {
        return ElementaryEffect{.mu_star = mu_star, .changes = changes};
    };
    screening.effects = {{effect(10, true), effect(1, true), effect(0, false), effect(3, true)},
                         {effect(0.1, true), effect(5, true), effect(0, false), effect(1, true)}};
    CHECK(most_influential(screening, 2) == std::vector<std::size_t>{0, 1});
    CHECK(most_influential(screening, 10) == std::vector<std::size_t>{0, 1, 3});
    CHECK(most_influential({}, 3).empty());
}

TEST_CASE("worlds that fail give bounds, and are told with their replay", "[sensitivity]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    std::vector<std::string> arguments =
        with(small_study(folder), {"--over", "startups.founders.mix.data=0%,0.001%,0.002%,50%,100%", "--over",
                                   "finance.exits.offers=0/month..0.2/month", "--observables", "share_exited",
                                   "--base-points", "16", "--paths", "4", "--trajectories", "2", "--set",
                                   "startups.founders.inside=five_advantages"});
    for (const char* share : {"technology", "talent", "partnership", "risk"})
        arguments.insert(arguments.end(), {"--set", std::string("startups.founders.mix.") + share + "=0"});
    const Answer answer = ask(arguments);
    CHECK(answer.code == ExitCode::failure);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["trajectories_failed"] > 0);
    REQUIRE(json["indices"].size() == 2);
    for (const auto& index : json["indices"]) {
        CHECK(index["missing"] > 0);
        CHECK(index["total_bounds"][0] < index["total_bounds"][1]);
    }
    // And so of the screening: each path that touches a failed world lacks effects, which are counted.
    std::size_t missing = 0;
    for (const auto& effect : json["screening"]) {
        CHECK(effect["effects"].get<int>() + effect["missing"].get<int>() == 4);
        missing += effect["missing"].get<std::size_t>();
        if (effect["missing"] == 0) continue;
        CHECK(effect["mu_star_bounds"][0] < effect["mu_star_bounds"][1]);
    }
    CHECK(missing > 0);
    CHECK_THAT(content_of(folder + "/screening.csv"),
               Catch::Contains("noise,paths,missing,mu_star_least,mu_star_most\n"));
    REQUIRE_FALSE(json["failures"].empty());
    const std::string replay = json["failures"][0]["replay"];
    CHECK(replay.find("--set startups.founders.mix.data=0%") != std::string::npos);
    CHECK(answer.err.find("told as bounds") != std::string::npos);
}

TEST_CASE("venturi sensitivity writes a folder and prints JSON", "[sensitivity]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const Answer answer =
        ask(with(small_study(folder), {"--parameters", "finance.exits.*,talent.hiring.*", "--observables",
                                       "share_exited,share_dead", "--base-points", "8", "--paths", "3",
                                       "--keep", "3", "--trajectories", "2"}));
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    REQUIRE(json["indices"].size() == 3 * 2);
    for (const auto& index : json["indices"])
        for (const char* key : {"parameter", "observable", "first", "first_confidence_interval", "total",
                                "total_confidence_interval"})
            CHECK(index.contains(key));
    CHECK(json["variance"].size() == 2);
    CHECK(json["unread"].size() > 5);
    for (const auto& unread : json["unread"])
        CHECK(std::ranges::none_of(
            json["indices"], [&](const auto& index) { return index["parameter"] == unread["parameter"]; }));
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json", "results.csv",
                                      "screening.csv", "tornado_share_dead.svg", "tornado_share_exited.svg",
                                      "variance.csv"});
    CHECK(is_well_formed(content_of(folder + "/tornado_share_exited.svg")));
    CHECK(content_of(folder + "/design.csv").find("talent.hiring.screening,,,,unread,") != std::string::npos);
}

TEST_CASE("venturi sensitivity says what it can't do, and writes nothing", "[sensitivity]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto refused = [&](const std::vector<std::string>& more, const std::string& why) {
        std::vector<std::string> arguments = small_study(folder);
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Answer answer = ask(arguments);
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(why) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder));
    };
    refused({"--parameters", "finance.exits.ofers"}, "did you mean 'finance.exits.offers'");
    refused({"--parameters", "*a*b*c*d*e*f*g*"}, "stars");
    refused({"--parameters", "talent.*"}, "no parameter to move");
    refused({"--over", "finance.raising.attempts=1..9:3"}, "the whole range");
    refused({"--over", "finance.raising.attempts=9..1"}, "from a lower value");
    refused({"--observables", "nothing"}, "no such observable");
    refused({"--base-points", "0"}, "--base-points");
    refused({"--trajectories", "1"}, "--trajectories");
}

TEST_CASE("Wherever the two ends of dilution are taken from their plausible ranges, there is a world") {
    const SensitivityFactors found =
        sensitivity_factors(few_startups(), {"finance.rounds.*est_dilution"}, {});
    const auto range_of = [&](const std::string& path) {
        const auto at = std::ranges::find(found.factors, path, &DesignFactor::path);
        REQUIRE(at != found.factors.end());
        return at->range;
    };
    for (const char* round : {"series_a", "series_b", "series_c", "series_d"}) {
        INFO(round);
        const std::string path = fmt::format("finance.rounds.{}.", round);
        CHECK(range_of(path + "lowest_dilution").high <= range_of(path + "highest_dilution").low);
    }
}

TEST_CASE("What --set gives is left as it is, unless it is asked for by name") {
    const ScratchFolder scratch;
    const auto analysed = [&](const std::string& parameters) {
        return ask({"sensitivity",    "seed_cohort",
                    "--set",          "run.horizon=12 months",
                    "--set",          "startups.founders.count=4",
                    "--set",          "finance.raising.attempts=2",
                    "--observables",  "share_dead",
                    "--parameters",   parameters,
                    "--paths",        "2",
                    "--base-points",  "4",
                    "--trajectories", "2",
                    "--output",       (scratch.path() / "result").string(),
                    "--json",         "--quiet"});
    };
    const Answer by_glob = analysed("finance.raising.*");
    INFO(by_glob.err);
    CHECK(by_glob.out.find("it is given by --set") != std::string::npos);
    CHECK(analysed("finance.raising.attempts").out.find("it is given by --set") == std::string::npos);
}

TEST_CASE("what no index is known of has a picture that says why", "[sensitivity]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    // Nobody is sold or listed: what moves deaths moves no exit.
    const Answer answer = ask(with(
        small_study(folder), {"--over", "finance.exits.shutdown=0/month..0.1/month", "--observables",
                              "share_dead,share_exited", "--base-points", "4", "--paths", "4", "--set",
                              "finance.exits.offers=0/month", "--set", "finance.exits.listing=0/month"}));
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const std::string svg = content_of(folder + "/tornado_share_exited.svg");
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Catch::Contains(">Nothing is drawn: it was the same in all histories<"));
    CHECK(svg.find("class=\"bar\"") == std::string::npos);
}

TEST_CASE("what is screened out though missing effects might have kept it is named", "[sensitivity]") {
    const Scenario base;
    const std::vector<TrajectoryObservable> observables = watched({"share_dead"});
    SensitivityFactors factors;
    for (const char* path : {"a.large", "b.small", "c.doubtful"})
        factors.factors.push_back({.path = path, .columns = {{.path = path}}});
    Screening screening;
    const auto effect = [](double mu_star, std::size_t missing, double most) {
        return ElementaryEffect{.mu_star = mu_star,
                                .effects = 10 - missing,
                                .missing = missing,
                                .mu_star_bounds = {mu_star / 2, most},
                                .changes = true};
    };
    screening.effects = {{effect(4, 0, 4), effect(1, 1, 2), effect(1, 5, 6)}};
    const std::vector<std::size_t> kept = {0};
    const VarianceShares shares;
    const Replay replay;
    const SensitivityResults results{.base = base,
                                     .factors = factors,
                                     .observables = observables,
                                     .screening = screening,
                                     .kept = kept,
                                     .shares = shares,
                                     .replications = 2,
                                     .replay = replay};
    const std::string text = missing_effects_text(results);
    CHECK_THAT(text,
               Catch::Contains("screening: 6 of 30 elementary effects on share_dead touch a place without a "
                               "result, and are left out\n"));
    CHECK_THAT(text, Catch::Contains("c.doubtful: 5 of its 10 effects, 12.5% to 150% of the largest"));
    CHECK(text.find("b.small") == std::string::npos);
}

TEST_CASE("a tornado has two bars a parameter, the largest on top", "[sensitivity]") {
    TornadoPicture picture{.title = "What matters", .axis = "part of the variance"};
    picture.bars.push_back({.name = "small & plain",
                            .first = 0.1,
                            .first_interval = {0, 0.2},
                            .total = 0.2,
                            .total_interval = {0.1, 0.3}});
    picture.bars.push_back({.name = "large",
                            .first = 0.5,
                            .first_interval = {0.4, 0.6},
                            .total = std::nan(""),
                            .total_interval = {std::nan(""), std::nan("")}});
    picture.bars.push_back({.name = "largest", .first = 0.5, .total = 0.7});
    const std::string svg = tornado_svg(picture);
    CHECK(is_well_formed(svg));
    CHECK(occurrences(svg, "class=\"bar\"") == 5);
    CHECK(svg.find(">largest<") < svg.find(">small &amp; plain<"));
    CHECK(svg.find(">small &amp; plain<") < svg.find(">large<"));
    for (int i = 0; i < 30; ++i) picture.bars.push_back({.name = fmt::format("bar {}", i), .total = 0.01});
    CHECK(tornado_svg(picture).find("and 13 more") != std::string::npos);
}
