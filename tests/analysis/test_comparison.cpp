#include "analysis/experiments/comparison.hpp"
#include "analysis/report/variant_report.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <regex>
#include <string>
#include <vector>

using namespace venturi;

namespace {

Variant small_cohort(const std::string& name, std::vector<std::string> settings) {
    settings.insert(settings.begin(),
                    {"run.trajectories=80", "startups.founders.count=12", "run.horizon=60 months"});
    return {.name = name, .scenario = load_with_settings("seed_cohort", settings)};
}

const ObservableDifference& named_row(const std::vector<ObservableDifference>& rows,
                                      const std::string& name) {
    return *std::ranges::find(rows, name, &ObservableDifference::observable);
}

// Numbers of the first match and those after it, from a place in a text on.
std::vector<double> numbers_in(const std::string& text, const std::regex& pattern) {
    std::vector<double> numbers;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
        for (std::size_t group = 1; group < match->size(); ++group)
            numbers.push_back(std::stod((*match)[group].str()));
    return numbers;
}

ComparisonOutcome compared(const std::vector<Variant>& variants, int threads = 0) {
    return run_comparison(variants, threads, {});
}

}  // namespace

TEST_CASE("what nothing was changed in differs in nothing", "[comparison]") {
    const ComparisonOutcome outcome = compared({small_cohort("base", {}), small_cohort("same", {})});
    CHECK(outcome.completed == 80);
    CHECK(outcome.result.cohorts[0] == outcome.result.cohorts[1]);
    const auto rows = differences(outcome.result, 1);
    CHECK(rows.size() > 50);
    for (const ObservableDifference& row : rows) {
        INFO(row.observable);
        CHECK(row.difference == 0);
        CHECK_FALSE(row.is_significant());
    }
    const Fates& fates = outcome.result.pairs[0].fates;
    CHECK(fates.matched == 80 * 12);
    CHECK(fates.alone == 0);
    CHECK(fates.rescued.maximum() == 0);
    CHECK(fates.doomed.maximum() == 0);
}

TEST_CASE("each side of a comparison is the run that it would be alone, on any number of threads",
          "[comparison]") {
    const std::vector<Variant> variants = {small_cohort("base", {}),
                                           small_cohort("cold", {"environment.climate.initial=cold"})};
    const ComparisonOutcome one = compared(variants, 1);
    CHECK(one.result == compared(variants, 2).result);
    for (std::size_t i = 0; i < variants.size(); ++i)
        CHECK(one.result.cohorts[i] == run_cohort(variants[i].scenario, {}).result);
}

TEST_CASE("who spends twice as much dies sooner, and pairs say so with fewer histories", "[comparison]") {
    const ComparisonOutcome outcome =
        compared({small_cohort("base", {}),
                  small_cohort("spending",
                               {"startups.founders.burn={log_normal: {median: $102k/month, spread: 0.3}}"})});
    const auto rows = differences(outcome.result, 1);
    const ObservableDifference& dead = named_row(rows, "share_dead");
    CHECK(dead.difference == Approx(dead.changed - dead.base).margin(1e-12));
    CHECK(dead.difference > 0);
    CHECK(dead.is_significant());
    CHECK(dead.variance_reduction > 1);
    // All companies are founded by the horizon, so that shares of the dead are those of the matched.
    const Fates& fates = outcome.result.pairs[0].fates;
    CHECK(fates.doomed.mean() - fates.rescued.mean() == Approx(dead.difference).margin(1e-12));
    const ObservableDifference& lifetime = named_row(rows, "restricted_mean_survival");
    CHECK(lifetime.difference < 0);
    const CurveBand band = survival_difference(outcome.result, 1);
    REQUIRE(band.value.size() == 61);
    CHECK(band.value.front() == 0);
    CHECK(band.value.back() == Approx(named_row(rows, "survival").difference).margin(1e-12));
    CHECK(band.interval.back().contains(band.value.back()));
}

TEST_CASE("companies that one world lacks are counted, not matched", "[comparison]") {
    const ComparisonOutcome outcome =
        compared({small_cohort("base", {}), small_cohort("more", {"startups.founders.count=15"})});
    CHECK(outcome.result.pairs[0].fates.matched == 80 * 12);
    CHECK(outcome.result.pairs[0].fates.alone == 80 * 3);
}

TEST_CASE("the picture's lower panel is the difference, its band that of the results", "[comparison]") {
    const std::vector<Variant> variants = {
        small_cohort("base", {}), small_cohort("cold", {"environment.climate.initial=cold"}),
        small_cohort("dear", {"startups.founders.burn={log_normal: {median: $102k/month, spread: 0.3}}"})};
    const ComparisonOutcome outcome = compared(variants);
    const VariantResults results = results_of(variants, outcome.result);
    const std::string svg = survival_of_variants_svg(results);
    CHECK(is_well_formed(svg));
    for (const char* text :
         {">Difference from base<", ">percentage points<", ">cold − base<", ">dear − base<",
          ">95% simultaneous band<", "in percentage points; a 95% simultaneous band"})
        CHECK_THAT(svg, Catch::Contains(text));
    const std::string lower = svg.substr(svg.find(">Difference from base<"));
    CHECK(occurrences(svg, "class=\"line\"") == 5);
    CHECK(occurrences(lower, "class=\"line\"") == 2);
    REQUIRE(occurrences(lower, "class=\"band\"") == 2);
    // A variant has one colour in both panels.
    CHECK(occurrences(lower, "fill=\"#009E73\"") == 2);
    CHECK(occurrences(lower, "stroke=\"#0072B2\"") == 0);
    // From two ticks of the lower axis, what a height means.
    const std::vector<double> ticks =
        numbers_in(lower, std::regex("y=\"([0-9.]+)\" text-anchor=\"end\">(-?[0-9.]+)<"));
    REQUIRE(ticks.size() >= 4);
    const double from = ticks[0] - 4.5;
    const double points_a_pixel = (ticks[ticks.size() - 1] - ticks[1]) / (ticks[ticks.size() - 2] - ticks[0]);
    const auto points = [&](double height) { return ticks[1] + (height - from) * points_a_pixel; };
    std::smatch polygon;
    REQUIRE(std::regex_search(lower, polygon, std::regex("class=\"band\"[^>]*points=\"([^\"]+)\"")));
    const std::vector<double> corners = numbers_in(polygon[1].str(), std::regex("([0-9.]+),([0-9.]+)"));
    // The upper edge goes to the horizon, the lower one back from there.
    const std::size_t half = corners.size() / 2;
    REQUIRE(corners[half - 2] == corners[half]);
    const Interval& at_horizon = results.survival[0].interval.back();
    const double precision = std::abs(points_a_pixel) * 0.02;
    CHECK(points(corners[half - 1]) == Approx(100 * at_horizon.high).margin(precision));
    CHECK(points(corners[half + 1]) == Approx(100 * at_horizon.low).margin(precision));
    const auto line = lower.find("class=\"line\"");
    const std::string curve = lower.substr(line, lower.find('>', line) - line);
    const std::vector<double> heights = numbers_in(curve, std::regex("[0-9.]+,([0-9.]+)"));
    CHECK(points(heights.back()) == Approx(100 * results.survival[0].value.back()).margin(precision));
}

TEST_CASE("venturi compare writes a folder and prints JSON", "[comparison][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const Answer answer =
        ask({"compare", "seed_cohort", "--with", "environment.climate.initial=cold", "--trajectories", "20",
             "--set", "run.horizon=24 months", "--json", "--quiet", "--output", folder});
    REQUIRE(answer.code == ExitCode::success);
    CHECK(answer.err.empty());
    const auto json = nlohmann::json::parse(answer.out);
    REQUIRE(json["differences"].size() > 50);
    for (const auto& row : json["differences"]) {
        CHECK(row["variant"] == "environment.climate.initial=cold");
        for (const char* key : {"observable", "base", "value", "difference", "confidence_interval",
                                "variance_reduction", "significant"})
            CHECK(row.contains(key));
        CHECK(row["confidence_interval"].size() == 2);
    }
    // Some are not founded by then.
    const std::uint64_t matched = json["fates"][0]["companies_matched"];
    CHECK(matched > 0);
    CHECK(json["fates"][0]["companies_alone"] == 2 * (20 * 100 - matched));
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json", "results.csv",
                                      "survival.svg"});
    const Answer again = ask({"reproduce", folder, "--quiet", "--json"});
    CHECK(again.code == ExitCode::success);
}

TEST_CASE("a result is no stream", "[program]") {
    const Answer answer = ask({"run", "seed_cohort", "--output", "-"});
    CHECK(answer.code == ExitCode::bad_input);
    CHECK(answer.err.find("a result is a folder") != std::string::npos);
}

TEST_CASE("venturi compare says what it can't compare", "[comparison][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto refused = [&](std::vector<std::string> arguments, const std::string& why) {
        arguments.insert(arguments.end(), {"--output", folder});
        const Answer answer = ask(std::move(arguments));
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(why) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder));
    };
    refused({"compare", "seed_cohort"}, "nothing to compare the base with");
    refused({"compare", "seed_cohort", "--with", "enviroment.climate.initial=cold"}, "--with:1:1");
    refused({"compare", "seed_cohort", "--with", "run.horizon=12 months"}, "compared at the same months");
    refused({"compare", "seed_cohort", "seed_cohrt"}, "seed_cohort");
    refused({"compare", "seed_cohort", "--with", "environment.climate.initial=cold", "--trajectories", "0"},
            "--trajectories");
}
