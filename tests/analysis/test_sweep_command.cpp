#include "analysis/report/heat_map.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/netcdf_file.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;

namespace {

std::vector<std::string> small_sweep(const std::string& folder) {
    return {"sweep",          "seed_cohort",
            "--trajectories", "20",
            "--set",          "startups.founders.count=6",
            "--set",          "run.horizon=24 months",
            "--json",         "--quiet",
            "--output",       folder};
}

}  // namespace

TEST_CASE("venturi sweep writes a folder and prints JSON, alike on any number of threads", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto swept = [&](const std::string& threads) {
        return ask(with(small_sweep(folder), {"--over", "finance.raising.attempts=1..5:3", "--over",
                                              "environment.climate.initial=cold,warm", "--observables",
                                              "share_dead,revenue", "--threads", threads}));
    };
    const Answer answer = swept("1");
    REQUIRE(answer.code == ExitCode::success);
    CHECK(answer.err.empty());
    const auto json = nlohmann::json::parse(answer.out);
    REQUIRE(json["points"].size() == 6);
    CHECK(json["points"][1]["parameters"]["environment.climate.initial"] == "warm");
    CHECK(json["points"][5]["parameters"]["finance.raising.attempts"] == 5);
    for (const auto& point : json["points"]) {
        CHECK(point["trajectories"] == 20);
        CHECK(point["failed"] == 0);
        CHECK(point["observables"]["share_dead"]["confidence_interval"].size() == 2);
    }
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "heat_revenue.svg",
                                      "heat_share_dead.svg", "manifest.json", "results.csv"});
    const std::string results = content_of(folder + "/results.csv");
    CHECK(
        results.starts_with("point,finance.raising.attempts,environment.climate.initial,observable,unit,mean,"
                            "lower_95,upper_95,standard_error,trajectories,failed\n0,1,cold,share_dead,1,"));
    CHECK(std::count(results.begin(), results.end(), '\n') == 1 + 6 * 2);
    const auto manifest = nlohmann::json::parse(content_of(folder + "/manifest.json"));
    CHECK(ask({"reproduce", folder, "--quiet", "--json"}).code == ExitCode::success);
    REQUIRE(swept("3").code == ExitCode::success);
    CHECK(nlohmann::json::parse(content_of(folder + "/manifest.json"))["checksum"] == manifest["checksum"]);
}

TEST_CASE("the file of a grid has a dimension for each parameter, of another design points", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto swept = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words = with(small_sweep(folder), {"--observables", "share_dead"});
        words.insert(words.end(), more.begin(), more.end());
        REQUIRE(ask(words).code == ExitCode::success);
        return content_of(folder + "/experiment.nc");
    };
    using VariableNames = std::vector<std::string>;
    {
        const NetcdfFile file(swept({"--over", "environment.climate.initial=cold,warm", "--over",
                                     "finance.exits.offers=0/month..0.2/month:3"}));
        CHECK(file.axes("share_dead")
              == VariableNames{"parameter_environment_climate_initial", "parameter_finance_exits_offers",
                               "statistic"});
        CHECK(file.axes("trajectories")
              == VariableNames{"parameter_environment_climate_initial", "parameter_finance_exits_offers"});
        const auto offers = file.numbers("parameter_finance_exits_offers");
        REQUIRE(offers.size() == 3);
        CHECK(offers[1] == Approx(0.1));
        CHECK(file.text(file.variable("parameter_finance_exits_offers"), "units") == "month-1");
        CHECK(file.labels("parameter_environment_climate_initial") == VariableNames{"cold", "warm"});
        // The fifth point, as results.csv has it.
        const std::string results = content_of(folder + "/results.csv");
        const std::size_t row = results.find("\n4,warm,0.1,share_dead,1,");
        REQUIRE(row != std::string::npos);
        CHECK(file.numbers("share_dead")[4 * 3] == std::stod(results.substr(row + 26)));
        CHECK(file.axis_size("statistic") == 3);
    }
    {
        const NetcdfFile file(swept({"--over", "startups.founders.mix=simplex:2", "--set",
                                     "startups.founders.inside=five_advantages"}));
        CHECK(file.axes("share_dead") == VariableNames{"parameter_startups_founders_mix", "statistic"});
        CHECK(file.axes("parameter_startups_founders_mix_data")
              == VariableNames{"parameter_startups_founders_mix"});
        CHECK(file.axis_size("parameter_startups_founders_mix") == 15);
    }
    {
        const NetcdfFile file(
            swept({"--over", "finance.raising.attempts=1..9", "--design", "latin", "--points", "4"}));
        CHECK(file.axes("share_dead") == VariableNames{"point", "statistic"});
        CHECK(file.axes("parameter_finance_raising_attempts") == VariableNames{"point"});
    }
}

TEST_CASE("a sweep over one parameter draws its response, over a mix each share's", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    REQUIRE(ask(with(small_sweep(folder), {"--over", "finance.exits.offers=0/month..0.2/month:3",
                                           "--observables", "share_exited"}))
                .code
            == ExitCode::success);
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json",
                                      "response_share_exited.svg", "results.csv"});
    CHECK(is_well_formed(content_of(folder + "/response_share_exited.svg")));
    REQUIRE(ask(with(small_sweep(folder),
                     {"--over", "startups.founders.mix=simplex", "--design", "sobol", "--points", "4",
                      "--observables", "share_exited", "--set", "startups.founders.inside=five_advantages"}))
                .code
            == ExitCode::success);
    CHECK(names_in(folder).size() == 4 + 5);
}

TEST_CASE("a point that fails is a row with its reason and replay", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    std::vector<std::string> arguments = with(
        small_sweep(folder), {"--over", "startups.founders.mix.data=0%,100%", "--observables", "share_dead"});
    for (const char* share : {"technology", "talent", "partnership", "risk"})
        arguments.insert(arguments.end(), {"--set", std::string("startups.founders.mix.") + share + "=0"});
    const Answer answer = ask(arguments);
    CHECK(answer.code == ExitCode::failure);
    const auto json = nlohmann::json::parse(answer.out);
    REQUIRE(json["points"].size() == 2);
    CHECK(json["points"][0]["failed"] == 20);
    CHECK(json["points"][0]["observables"]["share_dead"]["mean"].is_null());
    const std::string replay = json["points"][0]["replay"];
    CHECK(replay.starts_with("venturi trace seed_cohort --seed 2018 --set"));
    CHECK(replay.ends_with("--set startups.founders.mix.data=0% --trajectory 0"));
    CHECK(json["points"][1]["failed"] == 0);
    CHECK(content_of(folder + "/design.csv").find("no share is above 0") != std::string::npos);
    // Of two points that fail alike the reason is told once.
    const Answer two = ask(with(arguments, {"--over", "finance.raising.attempts=3,4"}));
    CHECK_THAT(two.err, Catch::Contains(
                            "40 of 80 histories failed and are left out of their points:\n  points 0, 1: "));
    const std::size_t told = two.err.find("no share is above 0");
    CHECK(told != std::string::npos);
    CHECK(two.err.find("no share is above 0", told + 1) == std::string::npos);
}

TEST_CASE("venturi sweep says what it can't do, and writes nothing", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto refused = [&](const std::vector<std::string>& more, const std::string& why) {
        std::vector<std::string> arguments = small_sweep(folder);
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Answer answer = ask(arguments);
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(why) != std::string::npos);
        CHECK(nlohmann::json::parse(answer.out).contains("error"));
        CHECK_FALSE(std::filesystem::exists(folder));
    };
    const std::string attempts = "finance.raising.attempts=1..9:3";
    refused({}, "nothing to move");
    refused({"--over", "finance.raising.atempts=1..9:3"}, "did you mean");
    refused({"--over", "environment.climate.initial=cold..warm:2"}, "no number");
    refused({"--over", "finance.raising.attempts=3,3"}, "twice");
    refused({"--over", "finance.raising.attempts=1..9:0"}, "0 values");
    refused({"--over", "finance.raising.attempts=9..1:3"}, "from a lower value");
    refused({"--over", "finance.raising.attempts=1..9"}, "how many values");
    refused({"--over", attempts, "--design", "latin"}, "takes the whole range");
    refused({"--over", attempts, "--design", "sobel"}, "did you mean 'sobol'");
    refused({"--over", attempts, "--points", "8"}, "a grid has as many points");
    refused({"--over", "finance.raising.attempts=1..9", "--design", "latin", "--points", "0"}, "--points");
    refused({"--over", attempts, "--observables", "share_daed"}, "did you mean 'share_dead'");
    refused({"--over", attempts, "--observables", "share_dead,share_dead"}, "twice");
    refused({"--over", "finance.exits.offers=0/month..1/month:100000", "--over",
             "finance.terms.participating=0%..100%:100000"},
            "of memory");
    refused({"--over", "startups.founders.count=1..1000000000:2"}, "");
    refused({"--strict", "--over", "talent.recruiter_share=10%,20%"}, "is not read");
}

TEST_CASE("a value that is not plausible draws a warning, or an error", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const std::vector<std::string> arguments =
        with(small_sweep(folder), {"--over", "finance.raising.attempts=1..9:3", "--over",
                                   "environment.climate.initial=cold,warm", "--observables", "share_dead"});
    const Answer answer = ask(arguments);
    CHECK(answer.code == ExitCode::success);
    CHECK(answer.err.find("warning: these values are outside the range that is plausible")
          != std::string::npos);
    CHECK(answer.err.find("--over: 'finance.raising.attempts' is 9: plausible is") != std::string::npos);
    CHECK(answer.err.find("is 1:") == std::string::npos);
    CHECK(nlohmann::json::parse(answer.out)["warnings"].size() == 1);
    const Answer strict = ask(with(arguments, {"--strict"}));
    CHECK(strict.code == ExitCode::bad_input);
    CHECK(strict.err.find("is 9: plausible") != std::string::npos);
}

TEST_CASE("pictures of a sweep name its settings, its choices, and what they leave out", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto drawn = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words = small_sweep(folder);
        words.insert(words.end(), more.begin(), more.end());
        const Answer answer = ask(words);
        INFO(answer.err);
        REQUIRE(answer.code == ExitCode::success);
        return answer;
    };
    drawn({"--over", "environment.climate.initial=cold,warm", "--observables", "share_dead"});
    const std::string response = content_of(folder + "/response_share_dead.svg");
    CHECK(is_well_formed(response));
    for (const char* text : {">cold<", ">warm<", ">environment.climate.initial<", "; 95% intervals",
                             "; with startups.founders.count=6, run.horizon=24 months"})
        CHECK_THAT(response, Catch::Contains(text));
    // What was not tried has no place.
    CHECK(response.find(">normal<") == std::string::npos);
    // Small cells have no room for intervals.
    drawn({"--over", "finance.raising.attempts=1..9:9", "--over",
           "finance.exits.offers=0.01/month..0.1/month:9", "--observables", "share_dead"});
    const std::string heat = content_of(folder + "/heat_share_dead.svg");
    CHECK(heat.find("95% intervals") == std::string::npos);
    CHECK_THAT(heat, Catch::Contains("; with startups.founders.count=6"));
}

TEST_CASE("a sweep says that it stops at so many pictures, and what a mean is of", "[sweep]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    std::vector<std::string> arguments = small_sweep(folder);
    std::erase(arguments, "--quiet");
    std::erase(arguments, "--json");
    arguments.insert(arguments.end(),
                     {"--design", "latin", "--points", "2", "--over", "startups.founders.mix=simplex",
                      "--set", "startups.founders.inside=five_advantages", "--observables",
                      "share_dead,share_exited,share_alive,survival,restricted_mean_survival"});
    const Answer answer = ask(arguments);
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    CHECK_THAT(answer.err, Catch::Contains("24 pictures are drawn, 1 more are not; results.csv has all"));
    // Four tables and files beside the pictures.
    CHECK(names_in(folder).size() == 24 + 4);
    CHECK_THAT(answer.out,
               Catch::Contains("survival, restricted_mean_survival: means of what each history has; "
                               "run and compare pool the companies of all histories"));
}

TEST_CASE("a parameter that nothing reads draws a warning", "[sweep]") {
    const ScratchFolder scratch;
    std::vector<std::string> arguments =
        with(small_sweep((scratch.path() / "out").string()),
             {"--over", "talent.recruiter_share=10%,20%", "--observables", "share_dead"});
    const Answer answer = ask(arguments);
    CHECK(answer.code == ExitCode::success);
    CHECK(answer.err.find("is not read") != std::string::npos);
    CHECK(nlohmann::json::parse(answer.out)["warnings"].size() == 1);
}

TEST_CASE("a heat map has a cell for each value, and hatches those without", "[sweep]") {
    const HeatMap map{.title = "a <b>",
                      .x = {"columns", {"1", "2"}},
                      .y = {"rows", {"low", "high"}},
                      .value_label = "value",
                      .dimension = Dimension::share,
                      .values = {0.1, 0.2, 0.3, std::nan("")},
                      .low = {0.05, 0.1, 0.2, std::nan("")},
                      .high = {0.15, 0.3, 0.4, std::nan("")}};
    const std::string svg = heat_map_svg(map);
    CHECK(is_well_formed(svg));
    const auto count = [&](const std::string& text) {
        std::size_t found = 0;
        for (std::size_t at = svg.find(text); at != std::string::npos; at = svg.find(text, at + 1)) ++found;
        return found;
    };
    CHECK(count("class=\"cell\"") == 4);
    CHECK(count("url(#nothing)") == 1);
    // An interval of a share need not lie around it.
    CHECK(count("10.0% to 30.0%") == 1);
    CHECK(count("20.0% to 40.0%") == 1);
    // An interval is spoken of where one is written, and not where cells are too small for it.
    HeatMap named = map;
    named.subtitle = "means";
    named.interval_name = "95% intervals";
    CHECK(heat_map_svg(named).find(">means; 95% intervals<") != std::string::npos);
    CHECK(heat_map_svg(named, {.width = 340, .height = 240}).find("95% intervals") == std::string::npos);
    HeatMap wrong = map;
    wrong.values.pop_back();
    CHECK_THROWS_AS(heat_map_svg(wrong), ContractViolation);
}
