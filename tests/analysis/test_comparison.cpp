#include "analysis/experiments/comparison.hpp"
#include "analysis/report/variant_report.hpp"
#include "analysis/statistics/group_results.hpp"
#include "analysis/statistics/log_rank.hpp"
#include "analysis/statistics/restricted_mean.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/netcdf_file.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
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

TEST_CASE("who spends twice as much dies sooner, and pairs say so with fewer histories",
          "[comparison][long]") {
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

TEST_CASE("by group each side is the run that it would be alone, and what was changed in one moves that one",
          "[comparison]") {
    // Two groups; companies of the second spend twice as much in one variant.
    Variant base = small_cohort("base", {});
    base.scenario.world.startups.push_back(base.scenario.world.startups.front());
    base.scenario.world.startups.back().name = "others";
    Variant dear = base;
    dear.name = "dear";
    dear.scenario.world.startups.back().burn = LogNormal{120'000, 0.3};
    const std::vector<Variant> variants = {base, dear, base};
    const ComparisonOutcome outcome = compared(variants);
    for (std::size_t changed : {1U, 2U}) {
        const auto groups = group_differences(outcome.result, changed);
        REQUIRE(groups.size() == 2);
        const CohortOutcome one = run_cohort(base.scenario, {});
        const CohortOutcome other = run_cohort(variants[changed].scenario, {});
        for (std::size_t group = 0; group < 2; ++group) {
            INFO(groups[group].group);
            CHECK(groups[group].group == variants[0].scenario.world.startups[group].name);
            for (std::size_t i = 0; i < group_observables().size(); ++i) {
                const auto& row = named_row(groups[group].rows, std::string(group_observables()[i].name));
                CHECK(row.base == Approx(one.result.groups[group].means[i].mean()).margin(1e-12));
                CHECK(row.changed == Approx(other.result.groups[group].means[i].mean()).margin(1e-12));
            }
            const auto& lifetime = named_row(groups[group].rows, "restricted_mean_survival");
            CHECK(lifetime.base == Approx(restricted_mean(one.result.groups[group].survival.total())));
            CHECK(lifetime.changed == Approx(restricted_mean(other.result.groups[group].survival.total())));
            const auto& test = named_row(groups[group].rows, "log_rank");
            const LogRank deaths = log_rank(one.result.groups[group].survival.total(),
                                            other.result.groups[group].survival.total());
            const auto companies = static_cast<double>(other.result.groups[group].survival.total().count());
            CHECK(test.changed == Approx(deaths.observed / companies));
            CHECK(test.base == Approx(deaths.expected / companies));
            if (changed == 2)
                for (const ObservableDifference& row : groups[group].rows)
                    CHECK(row.difference == Approx(0).margin(1e-12));
        }
    }
    const auto groups = group_differences(outcome.result, 1);
    CHECK(groups[1].group == "others");
    CHECK(named_row(groups[1].rows, "share_dead").is_significant());
    CHECK(named_row(groups[1].rows, "share_dead").difference > 0);
    CHECK(named_row(groups[1].rows, "log_rank").difference > 0);
    CHECK(named_row(groups[1].rows, "log_rank").is_significant());
    CHECK(named_row(groups[1].rows, "restricted_mean_survival").difference < 0);
    CHECK_FALSE(named_row(groups[0].rows, "share_dead").is_significant());
}

TEST_CASE("of independent lives the jackknife has the log-rank test's own variance", "[comparison]") {
    const Variant variant{.name = "two groups",
                          .scenario = load_with_settings("ecosystem", {"run.horizon=60 months"})};
    const ComparisonStatistics nothing(grid_of(variant.scenario), {variant, variant});
    std::mt19937_64 generator(12);
    std::exponential_distribution<double> lifetime(1.0 / 40);
    constexpr int repetitions = 40;
    double by_jackknife = 0;
    double by_test = 0;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        ComparisonStatistics statistics = nothing;
        for (std::uint64_t trajectory = 0; trajectory < 320; ++trajectory)
            for (std::size_t side : {0U, 1U}) {
                const double life = lifetime(generator);
                statistics.cohorts[side]
                    .groups[0]
                    .survival.of(trajectory)
                    .add(std::min(life, 60.0), life < 60 ? Observed::event : Observed::censored);
            }
        const auto rows = group_differences(statistics, 1)[0].rows;
        const ObservableDifference& row = named_row(rows, "log_rank");
        const LogRank test = log_rank(statistics.cohorts[0].groups[0].survival.total(),
                                      statistics.cohorts[1].groups[0].survival.total());
        by_jackknife += std::pow(320 * row.standard_error, 2);
        by_test += std::pow(test.observed - test.expected, 2) / test.statistic;
    }
    // A variance of 32 groups is known to √(2 / 31) of itself, 25%, and the mean of 40 to 4%.
    CHECK(by_jackknife == Approx(by_test).epsilon(4 * std::sqrt(2.0 / 31 / repetitions)));
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
    const std::string svg = survival_of_variants_svg(results, {"run.horizon=24 months"});
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
    // Some are not founded by then, in either world: they are in none alone.
    const std::uint64_t matched = json["fates"][0]["companies_matched"];
    CHECK(matched > 0);
    CHECK(matched < 20 * 100);
    CHECK(json["fates"][0]["companies_alone"] == 0);
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json", "results.csv",
                                      "survival.svg"});
    const Answer again = ask({"reproduce", folder, "--quiet", "--json"});
    CHECK(again.code == ExitCode::success);
}

TEST_CASE("venturi compare leaves controls away where it is asked to, and makes such a result again",
          "[comparison][program]") {
    const ScratchFolder scratch;
    std::vector<nlohmann::json> rows;
    for (const bool with : {true, false}) {
        const std::string folder = (scratch.path() / (with ? "with" : "without")).string();
        std::vector<std::string> words = {
            "compare",        "seed_cohort", "--with", "environment.climate.initial=cold",
            "--trajectories", "30",          "--json", "--quiet",
            "--output",       folder};
        if (!with) words.emplace_back("--no-controls");
        const Answer answer = ask(words);
        REQUIRE(answer.code == ExitCode::success);
        const auto json = nlohmann::json::parse(answer.out);
        for (const auto& row : json["differences"])
            if (row["observable"] == "share_exited") rows.push_back(row);
        CHECK(ask({"reproduce", folder, "--quiet", "--json"}).code == ExitCode::success);
    }
    REQUIRE(rows.size() == 2);
    CHECK(rows[0]["base"] == rows[1]["base"]);
    CHECK(rows[0]["value"] == rows[1]["value"]);
    CHECK(rows[0]["difference"] != rows[1]["difference"]);
    CHECK(rows[1]["difference"].get<double>()
          == Approx(rows[1]["value"].get<double>() - rows[1]["base"].get<double>()));
}

TEST_CASE("venturi compare tells of groups, in a file, JSON and on request a table",
          "[comparison][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const std::vector<std::string> words = {"compare",        "ecosystem",
                                            "--with",         "environment.climate.initial=cold",
                                            "--trajectories", "6",
                                            "--set",          "startups.service.count=6",
                                            "--set",          "startups.health.count=5",
                                            "--set",          "startups.makers.count=4",
                                            "--set",          "run.horizon=24 months",
                                            "--output",       folder};
    const Answer told = ask(with(words, {"--by-group"}));
    REQUIRE(told.code == ExitCode::success);
    for (const char* text : {"=cold against ecosystem: health", "restricted_mean_survival", "log_rank"})
        CHECK_THAT(told.out, Catch::Contains(text));
    CHECK_THAT(content_of(folder + "/groups.csv"),
               Catch::StartsWith("variant,group,observable,statistic,unit,base,value,")
                   && Catch::Contains("\nenvironment.climate.initial=cold,makers,log_rank,"));
    CHECK(ask({"reproduce", folder, "--quiet"}).code == ExitCode::success);
    const std::string arrays = content_of(folder + "/experiment.nc");
    const Answer untold = ask(with(words, {"--json"}));
    const auto json = nlohmann::json::parse(untold.out);
    REQUIRE(json["groups"].size() >= 3 * 14);
    // The arrays say the same, over variant, group and statistic.
    const NetcdfFile file(arrays);
    const std::vector<std::string> groups = file.labels("group");
    for (const auto& row : json["groups"]) {
        if (row["difference"].is_null()) continue;
        const std::string name = row["observable"].get<std::string>() + "_difference_by_group";
        CAPTURE(name);
        CHECK(file.axes(name.c_str()) == std::vector<std::string>{"variant", "group", "statistic"});
        const auto group = static_cast<std::size_t>(std::ranges::find(groups, row["group"].get<std::string>())
                                                    - groups.begin());
        CHECK(file.numbers(name.c_str())[(groups.size() + group) * 3] == row["difference"].get<double>());
    }
    CHECK(json["groups"][0]["group"] == "service");
    CHECK(json["groups"][0]["confidence_interval"].size() == 2);
    CHECK_THAT(ask(words).out, !Catch::Contains("against ecosystem: health"));
}

TEST_CASE("venturi compare tells each warning once, and by the option that was used",
          "[comparison][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const Answer answer = ask({"compare", "seed_cohort", "--set", "finance.raising.attempts=12", "--with",
                               "talent.recruiter_share=10%", "--trajectories", "2", "--set",
                               "run.horizon=12 months", "--json", "--quiet", "--output", folder});
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    CHECK(occurrences(answer.err, "'finance.raising.attempts' is 12") == 1);
    CHECK_THAT(answer.err, Catch::Contains("--set:1:1: 'finance.raising.attempts' is 12"));
    CHECK_THAT(answer.err, Catch::Contains("--with:1:1: 'talent.recruiter_share' is set"));
    CHECK(occurrences(answer.err, "warning: ") == nlohmann::json::parse(answer.out)["warnings"].size());
    const Answer twice = ask({"compare", "seed_cohort", "--set", "finance.raising.attempts=2", "--with",
                              "finance.raising.attempts=3", "--trajectories", "2", "--set",
                              "run.horizon=12 months", "--quiet", "--output", folder});
    CHECK_THAT(twice.err, Catch::Contains("--with:1:1: 'finance.raising.attempts' is 3")
                              && Catch::Contains("--set finance.raising.attempts=2"));
}

TEST_CASE("a result is no stream", "[program]") {
    const Answer answer = ask({"run", "seed_cohort", "--output", "-"});
    CHECK(answer.code == ExitCode::bad_input);
    CHECK(answer.err.find("a result is a folder") != std::string::npos);
}

TEST_CASE("venturi compare goes on without a variant of which there is no world, and says so",
          "[comparison][program]") {
    const ScratchFolder scratch;
    const auto result = (scratch.path() / "result").string();
    const auto impossible = scratch.path() / "impossible.yaml";
    std::ofstream(impossible) << "extends: seed_cohort\nfinance: {rounds: {series_b: {lowest_dilution: 19%, "
                                 "highest_dilution: 18%}}}\n";
    std::vector<std::string> asked = {"compare",
                                      "seed_cohort",
                                      impossible.string(),
                                      "--set",
                                      "run.horizon=12 months",
                                      "--set",
                                      "startups.founders.count=4",
                                      "--trajectories",
                                      "4",
                                      "--output",
                                      result,
                                      "--json",
                                      "--quiet"};
    const Answer alone = ask(asked);
    CHECK(alone.code == ExitCode::bad_input);
    CHECK(alone.out.find("impossible: there is no world of it") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(result));
    asked.insert(asked.end(), {"--with", "finance.raising.attempts=4"});
    const Answer beside = ask(asked);
    CHECK(beside.code == ExitCode::failure);
    const auto json = nlohmann::json::parse(beside.out);
    CHECK(json["variants_failed"].size() == 1);
    CHECK(json["variants_failed"][0]["variant"] == "impossible");
    CHECK(json["differences"].size() > 10);
    CHECK(beside.err.find("lowest_dilution is above highest_dilution") != std::string::npos);
    CHECK(ask({"compare", "seed_cohort", "--with", "run.seed=7", "--output", result}).code
          == ExitCode::bad_input);
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
    refused({"compare", "seed_cohort", "--with", "environment.climate.initial=cold", "--by-group"},
            "the base has one group of startups alone");
    refused({"compare", "ecosystem", "seed_cohort", "--by-group", "--set", "run.horizon=24 months", "--set",
             "run.observe_every=6 months"},
            "no variant has several groups");
    refused({"compare", "seed_cohort", "--with", "environment.climate.initial=cold", "--trajectories", "0"},
            "--trajectories");
}

TEST_CASE("what is taken less luck is a mean over companies, and the same bits on any number of threads",
          "[comparison]") {
    const std::vector<Variant> variants = {small_cohort("base", {}),
                                           small_cohort("cold", {"environment.climate.initial=cold"})};
    const ComparisonOutcome one = run_comparison(variants, 1, {}, Controls::with);
    CHECK(one.result == run_comparison(variants, 2, {}, Controls::with).result);
    const ComparisonOutcome plain = compared(variants);
    for (std::size_t i = 0; i < variants.size(); ++i) CHECK(one.result.cohorts[i] == plain.result.cohorts[i]);
    const auto rows = differences(one.result, 1);
    const auto rows_without = differences(plain.result, 1);
    REQUIRE(rows.size() == rows_without.size());
    std::size_t controlled = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ObservableDifference& with = rows[i];
        const ObservableDifference& without = rows_without[i];
        INFO(with.observable);
        CHECK_FALSE(without.has_controls);
        CHECK(std::isnan(with.base) == std::isnan(without.base));
        if (!with.has_controls) {
            CHECK((with.difference == without.difference || std::isnan(without.difference)));
            continue;
        }
        ++controlled;
        CHECK(with.base == without.base);
        CHECK(with.changed == without.changed);
        // What was taken off is chance: no more than four errors of what is without it.
        CHECK(std::abs(with.difference - without.difference) < 4 * without.standard_error);
        CHECK(with.standard_error < 1.1 * without.standard_error);
    }
    CHECK(controlled >= 5);
    CHECK(named_row(rows, "share_exited").standard_error
          < named_row(rows_without, "share_exited").standard_error);

    // The mean over companies of what each has is the scalar.
    CohortModel model(make_setup(variants[0].scenario.world, {}), grid_of(variants[0].scenario), 5);
    (void)model.live(3);
    for (const ControlledObservable& each : controlled_observables()) {
        INFO(each.name);
        double sum = 0;
        for (const auto& company : model.world().startups)
            if (company.status != Status::unfounded) sum += each.of_company(company);
        const auto scalar = std::ranges::find(scalar_observables(), each.name, &Observable::name);
        REQUIRE(scalar != scalar_observables().end());
        CHECK(sum / static_cast<double>(model.world().tallies.founded)
              == Approx(model.scalars()[static_cast<std::size_t>(scalar - scalar_observables().begin())]));
    }
}

TEST_CASE(
    "of two worlds with one law and luck of their own, differences less luck are 0 as often as they say",
    "[comparison][long]") {
    const Variant base = small_cohort("base", {});
    const auto setup = make_setup(base.scenario.world, {});
    const ObservationGrid grid = grid_of(base.scenario);
    constexpr int repetitions = 100;
    constexpr std::uint64_t trajectories = 40;
    CohortModel one(setup, grid, 21);
    CohortModel other(setup, grid, 22);
    for (CohortModel* model : {&one, &other}) model->changeable_world().sum_luck();
    const std::size_t values = controlled_observables().size();
    std::vector<Moments> estimates(values);
    std::vector<int> covered(values);
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        PairedCohort pair(base.scenario.world, base.scenario.world, Controls::with);
        // The climates of the two are luck apart too.
        pair.base_climate = pair.changed_climate =
            climate_weights(base.scenario.world.environment.climate, {}, grid.horizon);
        for (std::uint64_t t = 0; t < trajectories; ++t) {
            const std::uint64_t trajectory = static_cast<std::uint64_t>(repetition) * trajectories + t;
            for (CohortModel* model : {&one, &other}) {
                (void)model->live(trajectory);
                model->changeable_world().sum_luck_so_far();
            }
            add_controls(one, other, trajectory, pair);
        }
        const std::vector<ControlledMean> found = pair.controlled.means();
        REQUIRE(found.size() == values);
        for (std::size_t i = 0; i < values; ++i) {
            estimates[i].add(found[i].mean);
            const double reach = student_critical_value(0.95, trajectories - 1) * found[i].standard_error;
            covered[i] += std::abs(found[i].mean) <= reach ? 1 : 0;
        }
    }
    for (std::size_t i = 0; i < values; ++i) {
        INFO(controlled_observables()[i].name << ", covered " << covered[i] << " of 100");
        CHECK(std::abs(estimates[i].mean()) <= 4 * estimates[i].standard_error());
        // Four standard errors of a share of 100 below 95%.
        CHECK(covered[i] >= 87);
    }
}

TEST_CASE("the climate's luck counts as much as of what is seen it decides", "[comparison]") {
    ClimateParameters chain;
    // A state that is left at rate r from the end of which on nothing is seen: (1 - exp(-r t)) / r.
    chain.normal_to_cold = 0;
    chain.normal_to_warm = 0;
    chain.cold_to_normal = 0.05;
    chain.warm_to_normal = 0.1;
    constexpr double horizon = 60;
    const ClimateWeights free = climate_weights(chain, {}, horizon);
    const auto expected = [](double rate, double from, double to) {
        // The mean over the half-year of what is left.
        const auto integral = [rate](double t) {
            return t / rate - (1 - std::exp(-rate * t)) / (rate * rate);
        };
        return (integral(to) - integral(from)) / (to - from);
    };
    for (std::size_t period = 0; period < free.size(); ++period) {
        CAPTURE(period);
        const double begin = 6 * static_cast<double>(period);
        if (begin >= horizon) {
            CHECK(free[period] == ClimateLuck::Change{});
            continue;
        }
        // Euler's steps are a tenth of a month.
        CHECK(free[period][0] == Approx(-expected(0.05, horizon - begin - 6, horizon - begin)).epsilon(0.02));
        CHECK(free[period][1] == Approx(expected(0.1, horizon - begin - 6, horizon - begin)).epsilon(0.02));
    }
    // What is held from month 12 on is known: only what comes before counts, and nothing after.
    Intervention winter;
    winter.name = "winter";
    winter.at = 12;
    winter.climate = Climate::cold;
    const ClimateWeights held = climate_weights(chain, {winter}, horizon);
    CHECK(held[0][1] > held[1][1]);
    CHECK(held[1][1] > 0);
    for (std::size_t period = 2; period < held.size(); ++period) CHECK(held[period] == ClimateLuck::Change{});
    // For a year: what follows counts as it did.
    winter.lasts = 12;
    const ClimateWeights passing = climate_weights(chain, {winter}, horizon);
    for (std::size_t period = 4; period < passing.size(); ++period) CHECK(passing[period] == free[period]);
    CHECK(passing[3][1] < free[3][1]);
}

TEST_CASE("a winter's difference is less uncertain for the climate that it covers", "[comparison][long]") {
    Variant base = small_cohort("base", {});
    Variant winter = base;
    winter.name = "winter";
    winter.scenario.interventions.push_back({.name = "winter", .at = 6, .when = {}, .settings = {}});
    winter.scenario.interventions.back().climate = Climate::cold;
    winter.scenario.interventions.back().lasts = 24;
    const std::vector<Variant> variants = {base, winter};
    const ComparisonStatistics found = run_comparison(variants, 2, {}, Controls::with).result;
    const PairedCohort& pair = found.pairs.front();
    // In the base what the winter will hold counts most, in the variant it is held.
    CHECK(pair.base_climate[1][1] > 2 * pair.changed_climate[1][1]);
    // Alike in both worlds it is no control.
    const std::vector<Variant> alike = {base, small_cohort("other", {"finance.raising.attempts=4"})};
    const ComparisonStatistics same = run_comparison(alike, 2, {}, Controls::with).result;
    CHECK(same.pairs.front().base_climate == same.pairs.front().changed_climate);
}
