// The commands that look for the best investment mix, and their gradient.
#include "analysis/optimiser/world_journal.hpp"
#include "analysis/optimiser/world_mix_objective.hpp"
#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/report/mix_report.hpp"
#include "scenarios/problem.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<std::string> small_world = {"--set", "run.horizon=36 months", "--set",
                                              "startups.founders.count=6"};

std::vector<std::string> optimising(const std::filesystem::path& result,
                                    const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"optimise", "customer_service", "--seed",       "11",
                                          "--quiet",  "--output",         result.string()};
    arguments.insert(arguments.end(), small_world.begin(), small_world.end());
    const std::vector<std::pair<std::string, std::string>> usual = {
        {"--start", "equal"}, {"--check", "8"}, {"--flatness", "0"}, {"--price", "0"}};
    for (const auto& [option, value] : usual)
        if (std::ranges::find(more, option) == more.end()) arguments.insert(arguments.end(), {option, value});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

double sum_of(const Json& mix) {
    double sum = 0;
    for (const auto& share : mix) sum += share.get<double>();
    return sum;
}

}  // namespace

TEST_CASE("venturi optimise finds a better mix within its budget, and says how sure that is") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer answer = ask(
        optimising(result, {"--budget", "96", "--objective", "log_proceeds", "--json", "--flatness", "4"}));
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    CHECK(sum_of(json["mix"]) == Approx(1));
    CHECK(json["mix"].size() == 5);
    CHECK(sum_of(json["start"]) == Approx(1));
    CHECK(json["forward_runs"] == 96);
    CHECK(json["forward_runs_of_measurement"] == 24);
    CHECK(json["gain"] == json["gain_over_equal_shares"]);  // from where it began
    CHECK(json["gain_confidence_interval"][0] < json["gain"]);
    CHECK(json["gain_confidence_interval"][1] > json["gain"]);
    CHECK(json["ending"] == "budget_spent");
    CHECK(json["as_good_within_a_standard_error"].size() == 5);
    for (const char* name :
         {"mix.csv", "path.csv", "path.svg", "flatness.csv", "flatness.svg", "best.yaml", "manifest.json"})
        CHECK(std::filesystem::exists(result / name));
    // The scenario that it has written has the mix.
    const Scenario best = load_with_settings((result / "best.yaml").string(), {});
    CHECK(best.world.startups.at(0).mix.technology == json["mix"]["technology"].get<double>());
    // A search from there has nothing to gain but noise.
    CHECK(text_of(result / "path.csv").find("0,0,16,") != std::string::npos);
}

TEST_CASE(
    "venturi optimise gives the same bytes on any number of threads, and venturi reproduce makes them "
    "again") {
    const ScratchFolder scratch;
    const auto one = scratch.path() / "one";
    const auto three = scratch.path() / "three";
    REQUIRE(ask(optimising(one, {"--budget", "32", "--threads", "1"})).code == ExitCode::success);
    REQUIRE(ask(optimising(three, {"--budget", "32", "--threads", "3"})).code == ExitCode::success);
    for (const char* name : {"mix.csv", "path.csv", "path.svg", "best.yaml"})
        CHECK(text_of(one / name) == text_of(three / name));
    for (const char* method : {"nelder_mead", "random_search", "response_surface"}) {
        INFO(method);
        REQUIRE(ask(optimising(three, {"--budget", "48", "--method", method})).code == ExitCode::success);
        const Answer again = ask({"reproduce", three.string(), "--json", "--quiet", "--threads", "2"});
        INFO(again.out << again.err);
        CHECK(again.code == ExitCode::success);
        CHECK(Json::parse(again.out)["same"] == true);
    }
    const Answer again = ask({"reproduce", one.string(), "--json", "--quiet"});
    CHECK(again.code == ExitCode::success);
    // The scenario's own shares sum to 1 but for rounding, and others to 1 after it.
    for (const char* start : {"scenario", "technology=39%,data=1%,talent=29%,partnership=18%,risk=15%"}) {
        INFO(start);
        REQUIRE(ask(optimising(three, {"--budget", "16", "--start", start})).code == ExitCode::success);
        CHECK(ask({"reproduce", three.string(), "--quiet"}).code == ExitCode::success);
    }
    // What can't have been is refused.
    const Json sound = Json::parse(text_of(one / "manifest.json"));
    const std::vector<std::pair<std::string, Json>> changes = {
        {"start", {0.5, 0.5}},
        {"start", {0, 0, 0, 0, 0}},
        {"who", "nobody"},
        {"method", "luck"},
        {"floor", 0.5},
        {"budget", 0},
        {"step", 1e308},
        {"check", 1},
        {"price", 1'000'000'000'000},
        {"sensitivity", 1'000},
        {"descent", {{"estimator", "luck"}, {"rule", "adam"}, {"map", "mirror"}}}};
    for (const auto& [key, value] : changes) {
        Json wrong = sound;
        wrong["settings"][key] = value;
        put_file(one / "manifest.json", wrong.dump());
        INFO(key << ": " << value);
        CHECK(ask({"reproduce", one.string(), "--quiet"}).code == ExitCode::bad_input);
    }
}

TEST_CASE("A mix for each stage, one that a single company decides, and an equilibrium are found too") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer staged = ask(optimising(result, {"--by-stage", "--budget", "64", "--json"}));
    INFO(staged.err);
    REQUIRE(staged.code == ExitCode::success);
    const Json json = Json::parse(staged.out);
    CHECK(json["mix"].contains("seed"));
    CHECK(json["mix"].size() > 1);
    CHECK(sum_of(json["mix"]["seed"]) == Approx(1));
    CHECK(load_with_settings((result / "best.yaml").string(), {}).world.startups.at(0).mix_by_stage.size()
          == json["mix"].size());
    CHECK(ask(optimising(result, {"--who", "one", "--budget", "16"})).code == ExitCode::success);
}

TEST_CASE("An equilibrium comes with what one company gains that leaves it") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer race = ask(
        optimising(result, {"--who", "equilibrium", "--budget", "32", "--objective", "raised", "--json"}));
    INFO(race.err);
    REQUIRE(race.code == ExitCode::success);
    const Json json = Json::parse(race.out);
    CHECK(json["forward_runs"] == 32);
    const Json& leaving = json["one_that_leaves"];
    // So few small companies may all raise what they would have raised: see test_world_race.cpp.
    CHECK(leaving["confidence_interval"][0] <= leaving["gain"]);
    CHECK(leaving["confidence_interval"][1] >= leaving["gain"]);
    CHECK(leaving["forward_runs"] == 4 * 5);  // half of the check, four that leave beside none
    CHECK(sum_of(leaving["answer"]) == Approx(1));
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
}

TEST_CASE(
    "What everyone, one alone, and each for itself do is told side by side, with the cost of the race") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer answer =
        ask(optimising(result, {"--who", "compare", "--budget", "32", "--objective", "raised", "--json"}));
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    for (const char* who : {"everyone", "one", "equilibrium"}) {
        CHECK(sum_of(json["race"][who]["mix"]) == Approx(1));
        CHECK(json["race"][who]["one_that_leaves"]["forward_runs"] == 4 * 5);
        CHECK(json["race"][who]["over_start"]["standard_error"] >= 0);
    }
    // Of the same mixes on the same luck: values differ by what the paired gains do, but for controls.
    CHECK(json["race"]["everyone"]["mix"] == json["mix"]);
    CHECK(json["race"]["cost_of_the_race"]["confidence_interval"][0]
          < json["race"]["cost_of_the_race"]["gain"]);
    CHECK(json["race"]["forward_runs"] == 2 * 32 + 8);
    CHECK_THAT(text_of(result / "race.csv"), Contains("everyone,gain_over_equilibrium,"));
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
    CHECK_THAT(ask(optimising(result, {"--who", "compare", "--objective", "share_alive"})).err,
               Contains("of the whole world"));
}

TEST_CASE("Any estimator goes with any rule and any map from the command line") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const std::vector<std::vector<std::string>> ways = {
        {"--estimator", "spsa", "--rule", "adam", "--map", "mirror"},
        {"--estimator", "company_exploration", "--rule", "sgd", "--map", "log_ratio"},
        {"--estimator", "central_differences", "--rule", "momentum", "--map", "projection"},
        {"--estimator", "parameter_exploration", "--rule", "adamw", "--map", "log_ratio"},
        {"--method", "spsa", "--rule", "normalised", "--map", "projection"}};
    for (const auto& way : ways) {
        INFO(way[1] << " " << way[3]);
        const Answer answer =
            ask(optimising(result, with(way, {"--budget", "16", "--check", "2", "--json"})));
        INFO(answer.err);
        REQUIRE(answer.code == ExitCode::success);
        const Json json = Json::parse(answer.out);
        CHECK(sum_of(json["mix"]) == Approx(1));
        CHECK(json["mix"] != json["start"]);
        for (const Json& share : json["mix"]) CHECK(share.get<double>() >= 0.01 - 1e-9);
    }
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
}

TEST_CASE("A dollar more has a price, and the optimum's sensitivity is measured where it is asked for") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const Answer answer = ask(optimising(result, {"--budget", "32", "--price", "4", "--sensitivity", "1",
                                                  "--uncertain", "finance.exits.offers*", "--json"}));
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    const Json& price = json["price_of_a_dollar"];
    CHECK(price["forward_runs"] == 8);
    CHECK(price["dollars_of_company"] > 0);
    const Json& sensitivity = json["sensitivity"];
    CHECK(sensitivity["screened"] >= 2);
    CHECK(sensitivity["parameters"].size() == 1);
    for (const Json& parameter : sensitivity["parameters"]) {
        CHECK(parameter["ends"].size() == 2);
        for (const Json& end : parameter["ends"]) CHECK(sum_of(end["mix"]) == Approx(1));
    }
    CHECK(std::filesystem::exists(result / "price.csv"));
    CHECK(std::filesystem::exists(result / "sensitivity.csv"));
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
}

TEST_CASE("venturi gradient prints each estimator with interval, cost and work-normalised variance") {
    std::vector<std::string> arguments = {
        "gradient",    "customer_service", "--estimator", "all",   "--trajectories", "4",
        "--objective", "raised",           "--at",        "equal", "--quiet",        "--json"};
    arguments.insert(arguments.end(), small_world.begin(), small_world.end());
    const Answer answer = ask(arguments);
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    CHECK(json["estimators"].size() == 12);
    std::vector<std::string> of_no_world;
    for (const Json& each : json["estimators"]) {
        INFO(each["name"]);
        if (each.contains("reason")) {
            of_no_world.push_back(each["name"]);
            CHECK_THAT(each["reason"].get<std::string>(), Contains("not offered by this world, because"));
            CHECK(each.size() == 3);  // with its meaning, and no number
            continue;
        }
        CHECK(each["gradient"].size() == 5);
        double size = 1;
        for (const auto& component : each["gradient"]) size += std::abs(component.get<double>());
        CHECK(std::abs(sum_of(each["gradient"])) < 1e-9 * size);  // by log-ratios
        CHECK(each["work_normalised_variance"].get<double>() > 0);
        const auto name = each["name"].get<std::string>();
        const bool is_of_two = name.find("exploration") != std::string::npos || name.starts_with("spsa")
                               || name == "likelihood_ratio";
        CHECK(each["step_length"].is_null() == (name == "likelihood_ratio"));
        CHECK(each["forward_runs"] == (is_of_two ? 8 : 32));
        for (const auto& [share, interval] : each["confidence_intervals"].items())
            CHECK(interval[0].get<double>() <= each["gradient"][share].get<double>());
    }
    CHECK(of_no_world == std::vector<std::string>{"weak_derivative", "one_step_survival"});
    CHECK(ask(with(arguments, {"--threads", "1"})).out == ask(with(arguments, {"--threads", "3"})).out);
    CHECK_THAT(
        ask({"gradient", "customer_service", "--trajectories", "2", "--set", "run.horizon=6 months"}).out,
        Contains("technology") && Contains("forward runs"));
}

TEST_CASE(
    "venturi gradient leaves files, tells biases with their errors, and warns where an assumption fails") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    std::vector<std::string> arguments = {
        "gradient",       "customer_service",
        "--estimator",    "log_ratio_steps_controls,company_exploration,spsa",
        "--trajectories", "4",
        "--reference",    "4",
        "--at",           "technology=60%,data=10%,talent=10%,partnership=10%,risk=10%",
        "--json",         "--output",
        result.string()};
    arguments.insert(arguments.end(), small_world.begin(), small_world.end());
    const Answer answer = ask(arguments);
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    CHECK(json["estimators"][0]["bias"].size() == 5);
    CHECK(json["estimators"][0]["bias_standard_errors"]["technology"] > 0);
    CHECK_FALSE(json["estimators"][1].contains("bias"));  // of its own effect
    const std::string told = json["assumptions_that_fail"].dump();
    CHECK_THAT(told, Contains("4 trajectories are few"));
    for (const char* name : {"gradient.csv", "estimators.csv", "manifest.json"})
        CHECK(std::filesystem::exists(result / name));
    CHECK_THAT(text_of(result / "gradient.csv"), Contains("reference,,technology,"));
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
    const Answer at_edge =
        ask({"gradient", "customer_service", "--trajectories", "2", "--reference", "2", "--set",
             "run.horizon=6 months", "--at", "technology=50%,data=50%", "--quiet", "--json"});
    CHECK_THAT(at_edge.out, Contains("talent is 0") && Contains("there is no room for flat steps"));
    Json wrong = Json::parse(text_of(result / "manifest.json"));
    wrong["settings"]["estimators"] = {"luck"};
    put_file(result / "manifest.json", wrong.dump());
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::bad_input);
}

TEST_CASE("A best mix beyond what is plausible is warned of, and none within it") {
    const WorldProblem problem(
        load_with_settings("customer_service", {}),
        {.group = 0, .objective = find_world_objective("log_proceeds").value(), .who = WhoDecides::everyone});
    CHECK(implausible_shares(problem, equal_shares(1)).empty());
    const auto told = implausible_shares(problem, {mix_of_shares({0.96, 0.01, 0.01, 0.01, 0.01})});
    REQUIRE(told.size() == 5);
    CHECK(told.front()
          == "the best mix has 96.0% of technology: shares from 2.00% to 70.0% are plausible, and the model was never "
             "held against others");
}

TEST_CASE("An objective that no mix moves is not optimised, and that is said") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    // Where nobody is bought or listed there are no proceeds.
    const Answer answer = ask(optimising(result, {"--set", "finance.exits.offers=0/month", "--set",
                                                  "finance.exits.listing=0/month", "--budget", "32"}));
    CHECK(answer.code == ExitCode::failure);
    CHECK_THAT(answer.err, Contains("nothing to optimise"));
    CHECK_THAT(text_of(result / "mix.csv"), Contains("technology,0.2,0.2"));
}

TEST_CASE("Mistakes in asking for a mix are bad input, with what is legal") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes = {
        {{"--objective", "log_proceds"}, "did you mean 'log_proceeds'?"},
        {{"--who", "everybody"}, "did you mean 'everyone'?"},
        {{"--method", "gradients"}, "did you mean 'gradient'?"},
        {{"--start", "technology=0,data=0,talent=0,partnership=0,risk=0"}, "no share is above 0"},
        {{"--start", "tecnology=1"}, "did you mean 'technology'?"},
        {{"--start", "technology=40%,technology=60%"}, "is there twice"},
        {{"--start", "technology"}, "is no share"},
        {{"--start", "technology=-10%"}, "technology"},
        {{"--floor", "20%"}, "legal here"},
        {{"--floor", "lots"}, "--floor 'lots'"},
        {{"--budget", "7"}, "8 and above"},
        {{"--budget", "some"}, "96, 2000, 30 s, 5 min"},
        {{"--budget", "-5"}, "--budget '-5'"},
        {{"--group", "founder"}, "did you mean 'founders'?"},
        {{"--who", "equilibrium", "--method", "random_search"}, "legal here: gradient"},
        {{"--who", "equilibrium", "--rule", "adam"}, "neither --estimator nor --rule"},
        {{"--estimator", "spa"}, "did you mean 'spsa'?"},
        {{"--sensitivity", "1", "--uncertain", "finance.nothing"},
         "--uncertain: 'finance.nothing' matches no parameter"},
        {{"--rule", "adm"}, "did you mean 'adam'?"},
        {{"--map", "simplex"}, "legal here: log_ratio"},
        {{"--step", "nan"}, "legal here: 0.001 to 100"},
        {{"--objective", "crra_proceeds", "--aversion", "-nan"}, "--aversion"},
        {{"--aversion", "2"}, "with --objective crra_proceeds"},
        {{"--uncertain", "finance.*"}, "with --sensitivity 5"},
        {{"--robust-by", "mean"}, "with --robust FILE"},
        {{"--start", "technology=1e308,data=1e308,talent=1e308"}, "beyond all numbers"},
        {{"--method", "nelder_mead", "--map", "mirror"}, "knows no gradient"},
        {{"--who", "one", "--objective", "share_alive"}, "of the whole world"}};
    for (const auto& [more, told] : mistakes) {
        const Answer answer = ask(optimising(result, more));
        INFO(told << "\n" << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains(told));
        CHECK_FALSE(std::filesystem::exists(result));
    }
    CHECK_THAT(ask({"optimise", "seed_cohort"}).err,
               Contains("no inside") && Contains("foundation_model_lab"));
    CHECK(ask({"optimise", "seed_cohort"}).code == ExitCode::bad_input);
    const Answer of_no_world = ask({"gradient", "customer_service", "--estimator", "weak_derivative"});
    CHECK(of_no_world.code == ExitCode::bad_input);
    CHECK_THAT(of_no_world.err,
               Contains("not offered by this world, because") && Contains("legal here: all, "));
    CHECK(ask({"optimise", "customer_service", "--estimator", "likelihood_ratio"}).code
          == ExitCode::bad_input);
    CHECK_THAT(ask({"gradient", "customer_service", "--estimator", "likelihood"}).err,
               Contains("legal here: all"));
}

TEST_CASE("The measurement of a mix beside itself is zero, and of one that is worse is negative") {
    const Scenario scenario =
        load_with_settings("customer_service", {"run.horizon=36 months", "startups.founders.count=6"});
    const WorldProblem problem(scenario, {.group = 0, .objective = log_proceeds_objective()});
    MixSearchResult found;
    found.start = equal_shares(1);
    found.mix = equal_shares(1);
    const MixMeasurement none = measure_mix(problem, found, {}, 6, 3);
    CHECK(none.over_start.gain == 0);
    CHECK(none.over_equal_shares.interval.low == 0);
    CHECK(none.completed == 6);
    CHECK(none.forward_runs == 18);
}

TEST_CASE("From equal shares 96 histories find most of what there is to gain, in every seed", "[long]") {
    const Scenario scenario = load_with_settings("customer_service", {"run.horizon=72 months"});
    const WorldProblem problem(scenario, {.group = 0, .objective = log_proceeds_objective()});
    for (const std::uint64_t seed : {11U, 12U, 13U}) {
        MixSearchOptions options{.start = equal_shares(1), .budget = 96, .seed = seed};
        const MixSearchResult found = search_mix(problem, options);
        const MixMeasurement measured = measure_mix(problem, found, {}, 60, seed);
        INFO(seed << ": " << measured.over_start.gain << " ± " << measured.over_start.standard_error);
        CHECK(found.forward_runs <= 96);
        // 85% of the best gain known, 0.41, within four standard errors.
        CHECK(measured.over_start.gain > 0.85 * 0.41 - 4 * measured.over_start.standard_error);
        CHECK(measured.over_start.interval.low > 0);
    }
}

TEST_CASE("What was lived of a search is not lived again, wherever it was stopped") {
    const Scenario scenario =
        load_with_settings("customer_service", {"run.horizon=24 months", "startups.founders.count=4"});
    const WorldProblem problem(scenario, {.group = 0, .objective = find_world_objective("raised").value()});
    MixSearchOptions options{.start = equal_shares(1), .budget = 96, .trajectories = 2, .seed = 3};
    const auto found_and_measured = [&](WorldJournal* journal) {
        options.world.journal = journal;
        const MixSearchResult found = search_mix(problem, options);
        const MixMeasurement measured = measure_mix(problem, found, options.world, 20, 3);
        const auto flatness = measure_flatness(problem, found.mix, options.world, 2, 3);
        std::vector<double> numbers = shares_of_rows(found.mix);
        numbers.insert(numbers.end(), {measured.value, measured.over_start.gain, measured.standard_error});
        for (const FlatnessPoint& point : flatness) numbers.push_back(point.loss.gain);
        return numbers;
    };
    const std::vector<double> whole = found_and_measured(nullptr);
    JournalPieces pieces;
    std::size_t kept = 0;
    const Journal journal{.find = [&](const std::string& name) -> std::optional<std::string> {
                              const auto found = pieces.find(name);
                              if (found == pieces.end()) return std::nullopt;
                              return found->second;
                          },
                          .keep =
                              [&](JournalPieces more) {
                                  ++kept;
                                  pieces.merge(more);
                              }};
    WorldJournal first(journal);
    CHECK(found_and_measured(&first) == whole);
    const JournalPieces all = pieces;
    CHECK(kept == all.size());
    REQUIRE(all.size() > 8);
    kept = 0;
    WorldJournal second(journal);
    CHECK(found_and_measured(&second) == whole);
    CHECK(kept == 0);
    // Without the last of the measurement, and without the middle of the search.
    pieces.erase(std::prev(pieces.end()));
    pieces.erase(std::next(pieces.begin(), 3));
    WorldJournal third(journal);
    CHECK(found_and_measured(&third) == whole);
    CHECK(kept == 2);
    CHECK(pieces == all);
    pieces.begin()->second = "nonsense";
    WorldJournal fourth(journal);
    CHECK_THROWS_AS(found_and_measured(&fourth), BytesError);
}

TEST_CASE("A start whose shares do not sum to 100% is told") {
    const ScratchFolder scratch;
    const auto told = [&](const std::string& start) {
        return ask(optimising(scratch.path() / "result", {"--start", start, "--budget", "8"})).err;
    };
    CHECK_THAT(told("technology=30%,data=30%"), Contains("shares sum to 60%; taken in proportion"));
    CHECK_THAT(told("technology=60%,data=40%"), !Contains("in proportion"));
    CHECK_THAT(told("technology=33.33%,data=33.33%,talent=33.33%"), !Contains("in proportion"));
    CHECK_THAT(ask({"gradient", "customer_service", "--at", "technology=4,data=4", "--trajectories", "2",
                    "--set", "run.horizon=6 months", "--quiet"})
                   .err,
               Contains("shares sum to 800%"));
}

TEST_CASE("Stages that no company came to are said to be so, and have no best shares") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const std::vector<std::string> asked = {"--by-stage",  "--set",      "run.horizon=9 months",
                                            "--objective", "raised",     "--budget",
                                            "96",          "--flatness", "2"};
    const Answer answer = ask(with(optimising(result, asked), {"--json"}));
    INFO(answer.err);
    const Json json = Json::parse(answer.out);
    const auto& never = json["stages_never_reached"];
    REQUIRE(never.size() >= 2);
    const std::string last = never.back();
    CHECK(json["mix"].contains(last));
    for (const Json& each : json["at_floor"]) CHECK_FALSE(each.get<std::string>().starts_with(last + "."));
    CHECK_FALSE(json["as_good_within_a_standard_error"].contains(last + ".technology"));
    CHECK_THAT(text_of(result / "mix.csv"), Contains(last + ",technology,0.2,,,,false,0\n"));
    CHECK_THAT(text_of(result / "path.svg"), !Contains("Stage " + last));
    std::vector<std::string> loud = optimising(result, asked);
    std::erase(loud, "--quiet");
    CHECK_THAT(ask(loud).out, Contains("no company came to") && Contains("no company came this far"));
}

TEST_CASE("Errors under --json have the value and what is legal where the text has them") {
    const auto problem_of = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"optimise", "customer_service", "--json"});
        const Answer answer = ask(more);
        CHECK(answer.code == ExitCode::bad_input);
        return Json::parse(answer.out)["error"];
    };
    const Json who = problem_of({"--who", "everone"});
    CHECK(who["value"] == "everone");
    CHECK(who["file"] == "--who");
    CHECK_THAT(who["legal"].get<std::string>(), Contains("everyone"));
    CHECK(who["nearest"] == "everyone");
    const Json budget = problem_of({"--budget", "some"});
    CHECK(budget["value"] == "some");
    CHECK_THAT(budget["legal"].get<std::string>(), Contains("96"));
    const Json method = problem_of({"--method", "nelder_mead", "--map", "mirror"});
    CHECK(method["value"] == "nelder_mead");
    CHECK_THAT(method["message"].get<std::string>(), Contains("knows no gradient"));
    const Json objective = problem_of({"--objective", "worst proceeds"});
    CHECK(objective["value"] == "worst proceeds");
    const Json over = problem_of({"--over", "finance.raising.attempts=5..5"});
    CHECK_THAT(over["message"].get<std::string>(), Contains("from 5 to itself leaves nothing to vary"));
    CHECK_THAT(over["legal"].get<std::string>(), Contains("low below high"));
    CHECK(problem_of({"--uncertain", "finance.*"})["file"] == "--uncertain");
}
