#include "analysis/experiments/selection.hpp"
#include "analysis/report/csv_reader.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/netcdf_file.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;

namespace {

Variant candidate_of(const std::string& name, std::vector<std::string> settings) {
    settings.insert(settings.begin(), {"startups.founders.count=12", "run.horizon=60 months"});
    return {.name = name, .scenario = load_with_settings("seed_cohort", settings)};
}

const std::string more_burn = "startups.founders.burn={log_normal: {median: $102k/month, spread: 0.3}}";
const std::string little_more_burn =
    "startups.founders.burn={log_normal: {median: $51.5k/month, spread: 0.3}}";

const std::string most_burn = "startups.founders.burn={log_normal: {median: $204k/month, spread: 0.3}}";

std::vector<std::string> small_selection(const std::string& folder) {
    return {"select",
            "seed_cohort",
            "--with",
            more_burn,
            "--with",
            most_burn + "; environment.climate.initial=cold",
            "--best",
            "share_dead",
            "--least",
            "--set",
            "startups.founders.count=12",
            "--set",
            "run.horizon=48 months",
            "--trajectories",
            "200",
            "--output",
            folder};
}

}  // namespace

TEST_CASE("the values of a selection are those of each candidate's own run, on any number of threads",
          "[select]") {
    const std::vector<Variant> designs = {candidate_of("base", {}), candidate_of("spending", {more_burn})};
    const TrajectoryObservable observable = *find_trajectory_observable("share_dead");
    SelectionOptions options;
    options.rule.budget = 96;
    options.rule.indifference = 1e-6;
    options.rule.relative = false;
    options.threads = 1;
    const SelectionOutcome one = run_selection(designs, observable, options);
    options.threads = 3;
    const SelectionOutcome three = run_selection(designs, observable, options);
    REQUIRE(one.looks == three.looks);
    CHECK(one.events == three.events);
    for (std::size_t i = 0; i < designs.size(); ++i) {
        CHECK(std::ranges::equal(one.selection.values(i), three.selection.values(i)));
        Scenario scenario = designs[i].scenario;
        scenario.run.trajectories = static_cast<std::int64_t>(one.selection.values(i).size());
        const CohortOutcome alone = run_cohort(scenario, {.keep = {.trajectories = true}});
        for (std::size_t n = 0; n < alone.result.rows.size(); ++n)
            CHECK(alone.result.rows[n].values[observable.index] == one.selection.values(i)[n]);
    }
    // The least is the most of the negatives.
    options.least = true;
    const SelectionOutcome least = run_selection(designs, observable, options);
    CHECK(least.selection.values(0).front() == -one.selection.values(0).front());
    // So many looks are all that were made.
    options.looks = 1;
    CHECK(run_selection(designs, observable, options).selection.values(0).size() == 32);
}

TEST_CASE("a stop keeps the last look", "[select]") {
    const std::vector<Variant> designs = {candidate_of("base", {}), candidate_of("cold", {little_more_burn})};
    SelectionOptions options;
    options.rule.budget = 100'000;
    options.rule.indifference = 1e-9;
    options.rule.relative = false;
    StopRequest stop;
    options.stop = &stop;
    options.progress = [&](const Progress& progress) {
        if (progress.completed > 160) stop.request();
    };
    const SelectionOutcome outcome = run_selection(designs, *find_trajectory_observable("survival"), options);
    CHECK(outcome.interrupted);
    CHECK(outcome.looks >= 2);
    CHECK(outcome.selection.values(0).size() == outcome.looks * 32);
    CHECK(outcome.selection.values(1).size() == outcome.looks * 32);
}

TEST_CASE("a candidate that throws is out, with its trajectory and reason", "[select]") {
    std::vector<Variant> designs = {candidate_of("base", {}), candidate_of("spending", {more_burn}),
                                    candidate_of("broken", {})};
    // A scenario's reader lets nobody ask for this.
    designs[2].scenario.world.startups[0].seed_round = Constant{std::numeric_limits<double>::infinity()};
    SelectionOptions options;
    options.rule.budget = 64;
    const SelectionOutcome outcome =
        run_selection(designs, *find_trajectory_observable("share_dead"), options);
    REQUIRE(outcome.failures.size() == 1);
    CHECK(outcome.failures[0].design == 2);
    CHECK_FALSE(outcome.failures[0].reason.empty());
    CHECK(outcome.selection.courses()[2].fate == DesignFate::failed);
    CHECK(outcome.selection.standing().best.has_value());
}

TEST_CASE("venturi select finds the best, writes a folder and prints JSON", "[select][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const Answer answer = ask(with(small_selection(folder), {"--json", "--quiet", "--threads", "1"}));
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["best"] == "seed_cohort");
    CHECK(json["probability"] == 0.95);
    CHECK(json["reached"] == true);
    CHECK(json["guaranteed"] == true);
    REQUIRE(json["candidates"].size() == 3);
    CHECK(json["candidates"][0]["outcome"] == "best");
    CHECK(json["candidates"][0]["eliminated_at"].is_null());
    CHECK(json["candidates"][1]["outcome"] == "eliminated");
    CHECK(json["candidates"][1]["beaten_by"].is_string());
    CHECK(json["candidates"][1]["difference"] > 0);
    CHECK(names_in(folder)
          == std::vector<std::string>{"design.csv", "experiment.nc", "manifest.json", "results.csv",
                                      "selection.svg"});
    CHECK(is_well_formed(text_of(folder + "/selection.svg")));
    CHECK(ask({"reproduce", folder, "--quiet", "--json", "--threads", "3"}).code == ExitCode::success);

    const Answer told = ask(small_selection((scratch.path() / "told").string()));
    CHECK(told.code == ExitCode::success);
    CHECK(told.out.find("best: seed_cohort, with a probability of 95%") != std::string::npos);
    for (const char* name : {"results.csv", "design.csv", "selection.svg", "experiment.nc"})
        CHECK(text_of(folder + "/" + name) == text_of(scratch.path() / "told" / name));
}

TEST_CASE("experiment.nc of a selection says what its results.csv says", "[select][program]") {
    const ScratchFolder scratch;
    REQUIRE(ask(with(small_selection((scratch.path() / "out").string()), {"--quiet"})).code
            == ExitCode::success);
    const CsvTable table = read_csv(content_of(scratch.path() / "out" / "results.csv"));
    const NetcdfFile file(content_of(scratch.path() / "out" / "experiment.nc"));
    REQUIRE(file.axis_size("candidate") == table.rows.size());
    CHECK(file.axes("mean") == std::vector<std::string>{"candidate", "statistic"});
    CHECK(file.labels("statistic") == std::vector<std::string>{"value", "lower_95", "upper_95"});
    for (const char* name : {"candidate", "outcome", "beaten_by"})
        for (std::size_t row = 0; row < table.rows.size(); ++row)
            CHECK(file.labels(name)[row] == table.rows[row][table.column(name)]);
    const auto same = [&](const char* variable, const char* column, std::size_t stride, std::size_t offset) {
        const std::vector<double> values = file.numbers(variable);
        REQUIRE(values.size() == stride * table.rows.size());
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            const std::string& text = table.rows[row][table.column(column)];
            const double value = values[stride * row + offset];
            INFO(variable << " " << row << ": " << text);
            CHECK((text.empty() ? std::isnan(value) : std::stod(text) == value));
        }
    };
    const std::vector<std::pair<const char*, std::vector<const char*>>> banded = {
        {"mean", {"mean", "lower_95", "upper_95"}},
        {"difference", {"difference", "difference_lower_95", "difference_upper_95"}}};
    for (const auto& [variable, columns] : banded)
        for (std::size_t offset = 0; offset < columns.size(); ++offset)
            same(variable, columns[offset], columns.size(), offset);
    for (const char* name : {"standard_error", "trajectories", "values", "eliminated_at"})
        same(name, name, 1, 0);
    CHECK(file.text(NC_GLOBAL, "Conventions") == "CF-1.10");
    CHECK(file.text(NC_GLOBAL, "observable") == "share_dead");
    CHECK(file.text(NC_GLOBAL, "best_is") == "least");
    CHECK(file.text(file.variable("mean"), "units") == "1");
    CHECK(file.numbers("probability").front() == 0.95);
}

TEST_CASE("the picture of a selection has its candidates' whole names, and what was set for all",
          "[select][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const Answer answer =
        ask({"select", "seed_cohort", "--with",
             "finance.raising.attempts=4; startups.founders.burn={log_normal: {median: $102k/month, spread: "
             "0.3}}",
             "--best", "survival", "--trajectories", "40", "--set", "startups.founders.count=12", "--set",
             "run.horizon=24 months", "--output", folder});
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const std::string svg = text_of(folder + "/selection.svg");
    CHECK(is_well_formed(svg));
    for (const char* text :
         {">finance.raising.attempts=4,<", ">startups.founders.burn={log_normal: {median: $102k/month,<",
          ">spread: 0.3}}<", "; with startups.founders.count=12, run.horizon=24 months<"})
        CHECK_THAT(svg, Catch::Contains(text));
    CHECK(svg.find("…") == std::string::npos);
    CHECK_THAT(answer.out,
               Catch::Contains("survival: the mean of what each history has; run and compare pool the "
                               "companies of all histories\n"));
}

TEST_CASE("venturi select says what it did not reach", "[select][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const std::vector<std::string> close = {
        "select",     "seed_cohort",           "--with",   little_more_burn, "--best",
        "share_dead", "--indifference",        "0.0001",   "--set",          "startups.founders.count=12",
        "--set",      "run.horizon=48 months", "--output", folder,           "--trajectories"};
    const Answer answer = ask(with(close, {"40"}));
    CHECK(answer.code == ExitCode::success);
    CHECK(answer.out.find("not decided: ") != std::string::npos);
    CHECK(answer.out.find("not the 95% asked for") != std::string::npos);
    const auto json = nlohmann::json::parse(ask(with(close, {"40", "--json", "--quiet"})).out);
    CHECK(json["reached"] == false);
    CHECK(json["guaranteed"] == false);
    CHECK(json["ending"] == "budget_spent");
    CHECK(json["probability"] < 0.95);
    CHECK(ask({"reproduce", folder, "--quiet"}).code == ExitCode::success);
    const auto estimated =
        nlohmann::json::parse(ask(with(close, {"64", "--json", "--quiet", "--method", "ocba"})).out);
    CHECK(estimated["method"] == "ocba");
    CHECK(estimated["guaranteed"] == false);
}

TEST_CASE("venturi select says what it can't do", "[select][program]") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "out").string();
    const auto refused = [&](std::vector<std::string> arguments, const std::string& why) {
        arguments.insert(arguments.begin(), "select");
        arguments.insert(arguments.end(), {"--output", folder});
        const Answer answer = ask(std::move(arguments));
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(why) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder));
    };
    const std::vector<std::string> two = {"seed_cohort", "--with", "environment.climate.initial=cold"};
    const std::vector<std::string> good = with(two, {"--best", "share_dead"});
    refused({"seed_cohort", "--best", "share_dead"}, "one candidate alone");
    refused(two, "--best");
    refused(with(two, {"--best", "share_deed"}), "did you mean 'share_dead'");
    refused({"seed_cohort", "seed_cohort", "--best", "share_dead"},
            "'seed_cohort 2' is 'seed_cohort' in every parameter, and is left out");
    refused({"seed_cohort", "seed_cohort", "--best", "share_dead"}, "one candidate alone");
    refused({"seed_cohort", "--with", "enviroment.climate.initial=cold", "--best", "share_dead"},
            "--with:1:1");
    refused({"seed_cohort", "--with", " ; ", "--best", "share_dead"}, "changes nothing");
    refused({"seed_cohort", "seed_cohrt", "--best", "share_dead"}, "seed_cohort");
    refused({"seed_cohort", "--with", "run.horizon=12 months", "--best", "share_dead"}, "at the same month");
    for (const char* probability : {"1.2", "120%", "100%", "0", "-0.5", "0.5", "50%", "nan", "much"})
        refused(with(good, {"--probability", probability}), "above 50.0%, which is a guess among 2");
    for (const char* indifference : {"0", "0%", "-1%", "-0.1", "nan", "inf", "", "%", "little"})
        refused(with(good, {"--indifference", indifference}), "a difference above 0");
    refused(with(good, {"--method", "kim_nelsen"}), "did you mean 'kim_nelson'");
    refused(with(good, {"--trajectories", "5"}), "nothing is decided on so few");
    refused(with(good, {"--trajectories", "0"}), "--trajectories");
    refused(with(good, {"--trajectories", "1000000000000"}), "--trajectories");
    // Nobody is modelled inside there.
    refused(with(two, {"--best", "business_expansion", "--trajectories", "10"}),
            "no company of any candidate has it");
}
