// The probability of what hardly ever happens to a world, and the command that asks for it.
#include "analysis/experiments/rare_event.hpp"
#include "analysis/report/csv_reader.hpp"
#include "analysis/statistics/cohort.hpp"
#include "sim/ensemble/moments.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/netcdf_file.hpp"
#include "tests/analysis/process.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

// In a market of few accounts, so that there are fewer events.
RareEventDesign few_companies(const std::string& count, double by, const std::string& observable, Bound bound,
                              double threshold) {
    return {.scenario = load_with_settings(
                "seed_cohort", {"startups.founders.count=" + count, "market.segments.software.size=400",
                                "run.horizon=60 months", "run.seed=5"}),
            .condition = {.observable = find_world_observable(observable).value(),
                          .bound = bound,
                          .threshold = threshold},
            .by = by};
}

/// The share of independent histories in which the condition holds.
Moments crude_run(const RareEventDesign& design, std::uint64_t histories) {
    RareWorlds worlds(make_setup(design.scenario.world, design.scenario.interventions), design, nullptr);
    RareWorlds::State state = worlds.state();
    Moments share;
    for (std::uint32_t i = 0; i < histories; ++i) {
        worlds.begin(state, {.seed = 99, .trajectory = i});
        share.add(worlds.rise(state, std::numeric_limits<double>::max()) == infinity ? 1 : 0);
    }
    return share;
}

std::vector<std::string> rare_run(const std::filesystem::path& result, const std::string& condition) {
    return {"run",
            "seed_cohort",
            "--rare",
            condition,
            "--trajectories",
            "200",
            "--set",
            "run.horizon=48 months",
            "--set",
            "startups.founders.count=8",
            "--quiet",
            "--json",
            "--output",
            result.string()};
}

}  // namespace

TEST_CASE("Splitting of whole worlds agrees with a long crude run", "[rare][long]") {
    // All of six companies dead within five years; half the companies sold; much revenue in any month.
    const std::vector<RareEventDesign> designs = {
        few_companies("6", 60, "share_dead", Bound::at_least, 1),
        few_companies("6", 60, "living", Bound::below, 1),
        few_companies("6", 60, "share_exited", Bound::at_least, 0.5),
        few_companies("6", 36, "revenue", Bound::above, 40e3)};
    for (std::size_t i = 0; i < designs.size(); ++i) {
        RareEventDesign design = designs[i];
        if (i == 3) design.moment = RareMoment::ever;
        const Moments crude = crude_run(design, 3000);
        for (const SplittingMethod method : {SplittingMethod::adaptive, SplittingMethod::fixed_effort}) {
            design.method = method;
            const MultilevelEstimate estimate = run_rare_event(design, 0, {});
            CAPTURE(i, crude.mean(), crude.standard_error(), estimate.probability, estimate.standard_error);
            REQUIRE(estimate.failures.empty());
            CHECK(crude.mean() > 0.003);
            CHECK(std::abs(estimate.probability - crude.mean())
                  < 3.5 * std::hypot(estimate.standard_error, crude.standard_error()));
            CHECK(estimate.standard_error < 0.4 * estimate.probability);
        }
    }
}

TEST_CASE("A condition at the horizon is on the number that a run has for it", "[rare]") {
    const RareEventDesign design = few_companies("6", 60, "share_dead", Bound::at_least, 0.5);
    RareWorlds worlds(make_setup(design.scenario.world, design.scenario.interventions), design, nullptr);
    RareWorlds::State state = worlds.state();
    CohortModel model(make_setup(design.scenario.world, design.scenario.interventions),
                      grid_of(design.scenario), 99, nullptr);
    std::size_t index = 0;
    while (scalar_observables()[index].name != "share_dead") ++index;
    for (std::uint32_t i = 0; i < 20; ++i) {
        model.live(i);
        worlds.begin(state, {.seed = 99, .trajectory = i});
        const double level = worlds.rise(state, std::numeric_limits<double>::max());
        CHECK((level == infinity) == (model.scalars()[index] >= 0.5));
    }
}

TEST_CASE("Companies that are still to be founded count against a rare condition", "[rare]") {
    const RareEventDesign all_dead = few_companies("6", 60, "share_dead", Bound::at_least, 1);
    const RareEventDesign none_left = few_companies("6", 60, "living", Bound::below, 1);
    const RareEventDesign few_alive = few_companies("6", 60, "share_alive", Bound::at_most, 0);
    const RareEventDesign little_cash = few_companies("6", 60, "cash", Bound::below, 1e6);
    World<PlainDraws> world(make_setup(all_dead.scenario.world, {}));
    world.reset(PlainDraws(FastVariates(1, 0)));
    REQUIRE(world.tallies.founded == 0);
    CHECK(nearness(all_dead.condition, world) == 0);
    CHECK(nearness(none_left.condition, world) == -6);
    CHECK(nearness(few_alive.condition, world) == -1);
    CHECK(nearness(little_cash.condition, world) == -infinity);
    world.run_until(60);
    REQUIRE(world.tallies.founded == 6);
    const auto alive = static_cast<double>(world.tallies.alive());
    CHECK(nearness(none_left.condition, world) == -alive);
    CHECK(nearness(few_alive.condition, world) == Approx(-alive / 6));
    CHECK(nearness(little_cash.condition, world) > -infinity);
}

TEST_CASE("An effort is divided into replications", "[rare]") {
    CHECK(effort_of(20) == SplittingEffort{.copies = 10, .replications = 2});
    CHECK(effort_of(1000) == SplittingEffort{.copies = 50, .replications = 20});
    CHECK(effort_of(1'000'000) == SplittingEffort{.copies = 500, .replications = 2000});
}

TEST_CASE("run --rare tells the probability, its interval and the work, the same on any number of threads",
          "[rare]") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const auto arguments = rare_run(result, "share_dead >= 100%");
    const Answer one = ask(with(arguments, {"--threads", "1"}));
    INFO(one.err << one.out);
    REQUIRE(one.code == ExitCode::success);
    const Json json = Json::parse(one.out);
    CHECK(json["probability"] > 0);
    CHECK(json["probability"] < 0.1);
    REQUIRE(json["confidence_interval"].size() == 2);
    CHECK(json["confidence_interval"][0] < json["probability"]);
    CHECK(json["confidence_interval"][1] > json["probability"]);
    CHECK(json["work"] > 1000);
    CHECK(json["crude_work"] > 0);
    CHECK(json["ending"] == "finished");
    CHECK(json["month"] == 48);
    CHECK(names_in(result)
          == std::vector<std::string>{"experiment.nc", "levels.csv", "levels.svg", "manifest.json",
                                      "results.csv"});
    const std::string levels = content_of(result / "levels.csv");
    CHECK(levels.starts_with("replication,step,beyond,copies,passed,probability\n"));

    Json again = Json::parse(ask(with(arguments, {"--threads", "3"})).out);
    again["seconds"] = json["seconds"];
    CHECK(again == json);
    CHECK(content_of(result / "levels.csv") == levels);

    const Answer reproduced = ask({"reproduce", result.string(), "--json", "--quiet"});
    INFO(reproduced.out << reproduced.err);
    CHECK(reproduced.code == ExitCode::success);
    CHECK(Json::parse(reproduced.out)["same"] == true);
}

TEST_CASE("experiment.nc of a rare event says what its tables say, and its picture has a logarithmic axis",
          "[rare]") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask(rare_run(result, "living < 1")).code == ExitCode::success);
    const CsvTable table = read_csv(content_of(result / "results.csv"));
    const NetcdfFile file(content_of(result / "experiment.nc"));
    const auto cell = [&](const char* column) { return std::stod(table.rows.front()[table.column(column)]); };
    CHECK(file.numbers("probability")
          == std::vector<double>{cell("probability"), cell("lower_95"), cell("upper_95")});
    for (const char* name : {"standard_error", "threshold", "month", "reached", "copies", "histories",
                             "events", "crude_histories", "crude_events"})
        CHECK(file.numbers(name) == std::vector<double>{cell(name)});
    CHECK(file.text(file.variable("threshold"), "observable") == "living");
    CHECK(file.text(file.variable("threshold"), "bound") == "<");
    CHECK(file.text(NC_GLOBAL, "condition") == "living < 1 at 48 months");
    CHECK(file.text(NC_GLOBAL, "Conventions") == "CF-1.10");

    const CsvTable levels = read_csv(content_of(result / "levels.csv"));
    const std::size_t steps = file.axis_size("step");
    CHECK(static_cast<double>(file.axis_size("replication")) == cell("replications"));
    std::size_t known = 0;
    for (const double passed : file.numbers("passed")) known += std::isnan(passed) ? 0 : 1;
    CHECK(known == levels.rows.size());
    for (const auto& row : levels.rows) {
        const auto number = [&](const char* column) { return std::stod(row[levels.column(column)]); };
        const std::vector<double> replications = file.numbers("replication");
        const auto place = static_cast<std::size_t>(std::ranges::find(replications, number("replication"))
                                                    - replications.begin());
        const std::size_t at = place * steps + static_cast<std::size_t>(number("step")) - 1;
        CHECK(file.numbers("passed")[at] == number("passed"));
        CHECK(file.numbers("probability_so_far")[at] == number("probability"));
        const bool is_event = row[levels.column("beyond")].empty();
        CHECK((is_event ? std::isnan(file.numbers("beyond")[at])
                        : file.numbers("beyond")[at] == number("beyond")));
    }
    // Nearer is less likely, and each lies in its interval.
    const std::vector<double> way = file.numbers("probability_beyond_level");
    const std::vector<double> level = file.numbers("level");
    REQUIRE(way.size() == 3 * level.size());
    REQUIRE(level.size() > 2);
    for (std::size_t i = 0; i < level.size(); ++i) {
        CHECK(way[3 * i + 1] <= way[3 * i]);
        CHECK(way[3 * i] <= way[3 * i + 2]);
        if (i > 0) CHECK(level[i] < level[i - 1]);
        if (i > 0) CHECK(way[3 * i] <= way[3 * (i - 1)]);
    }

    const std::string svg = content_of(result / "levels.svg");
    CHECK(is_well_formed(svg));
    for (const char* text : {">probability (logarithmic)<", ">living<", ">1<",
                             "Adaptive splitting, 20 replications of 10 copies",
                             ": living &lt; 1 at 48 months<", "with run.horizon=48 months", ">the event: "})
        CHECK_THAT(svg, Contains(text));
    CHECK_THAT(svg, !Contains("nan") && !Contains("inf\""));
}

TEST_CASE("run --rare stops at its budget, says so, and can be made again", "[rare]") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const auto arguments = rare_run(result, "share_dead >= 100%");
    const Json whole = Json::parse(ask(arguments).out);
    const std::string budget = std::to_string(whole["work"].get<std::uint64_t>() / 3);
    const Answer answer = ask(with(arguments, {"--budget", budget}));
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    CHECK(json["ending"] == "budget_spent");
    CHECK(json["replications"] < whole["replications"]);
    CHECK_THAT(answer.err, Contains("the budget of " + budget + " events is spent"));
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);

    const ScratchFolder other;
    const Answer nothing =
        ask(with(rare_run(other.path() / "result", "share_dead >= 100%"), {"--budget", "10"}));
    CHECK(nothing.code == ExitCode::failure);
    CHECK_THAT(nothing.err, Contains("spent before a replication was whole"));
    CHECK(names_in(other.path()).empty());
}

TEST_CASE("run --rare gives what was never seen an upper bound, and says so of what always is", "[rare]") {
    const ScratchFolder scratch;
    const Answer never = ask(rare_run(scratch.path() / "never", "deaths > 8"));
    INFO(never.err);
    REQUIRE(never.code == ExitCode::success);
    const Json json = Json::parse(never.out);
    CHECK(json["probability"] == 0);
    CHECK(json["confidence_interval"][0] == 0);
    // 200 independent histories without it.
    CHECK(json["confidence_interval"][1].get<double>() == Approx(1 - std::pow(0.025, 1.0 / 200)));
    CHECK(json["crude_work"].is_null());
    CHECK_THAT(never.err, Contains("it was not seen"));
    const std::string svg = content_of(scratch.path() / "never" / "levels.svg");
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains(">the event was not seen: at most 0.0183<") && !Contains("nan"));

    const Answer always = ask(rare_run(scratch.path() / "always", "founded > 0"));
    REQUIRE(always.code == ExitCode::success);
    CHECK(Json::parse(always.out)["probability"] == 1);
    CHECK(Json::parse(always.out)["confidence_interval"][1] == 1);
    CHECK_THAT(always.err, Contains("it is not rare"));
    CHECK(is_well_formed(content_of(scratch.path() / "always" / "levels.svg")));
    CHECK(ask({"reproduce", (scratch.path() / "always").string(), "--quiet"}).code == ExitCode::success);
}

TEST_CASE("run --rare has a table with the way to the event", "[rare]") {
    const ScratchFolder scratch;
    const Answer answer = ask({"run", "seed_cohort", "--rare", "living<1", "--by", "4 years", "--method",
                               "fixed-effort", "--trajectories", "200", "--set", "startups.founders.count=6",
                               "--output", (scratch.path() / "result").string()});
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    CHECK_THAT(answer.out, Contains("living < 1 at 48 months"));
    CHECK_THAT(answer.out, Contains("crude Monte Carlo would need"));
    CHECK_THAT(answer.err, Contains("20 replications of 10 copies"));
}

TEST_CASE("run --rare says what is wrong with what it was asked", "[rare]") {
    const ScratchFolder scratch;
    const auto answer_to = [&](const std::string& condition, std::initializer_list<std::string> more = {}) {
        const Answer answer = ask(with(rare_run(scratch.path() / "result", condition), more));
        INFO(condition << ": " << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(names_in(scratch.path()).empty());
        return answer.err;
    };
    CHECK_THAT(answer_to("shara_dead > 0.9"), Contains("did you mean 'share_dead'"));
    CHECK_THAT(answer_to("survival < 0.1"), Contains("known at the end of a run alone"));
    CHECK_THAT(answer_to("exit_value.median > 1"), Contains("known at the end of a run alone"));
    CHECK_THAT(answer_to("living"), Contains("there is no <, <=, > or >= in it"));
    CHECK_THAT(answer_to("living = 0"), Contains("there is no <"));
    CHECK_THAT(answer_to(""), Contains("there is no <"));
    CHECK_THAT(answer_to("living <"), Contains("nothing on the right"));
    CHECK_THAT(answer_to("< 1"), Contains("nothing on the left"));
    CHECK_THAT(answer_to("living < nan"), Contains("legal here"));
    CHECK_THAT(answer_to("living < inf"), Contains("legal here"));
    CHECK_THAT(answer_to("living << 1"), Contains("legal here"));
    CHECK_THAT(answer_to("living < $1M"), Contains("legal here"));
    CHECK_THAT(answer_to("revenue < 3 months"), Contains("legal here"));
    CHECK_THAT(answer_to("share_dead > 1.2"), Contains("never holds"));
    CHECK_THAT(answer_to("share_dead > 100%"), Contains("never holds"));
    CHECK_THAT(answer_to("share_dead >= 0"), Contains("always holds"));
    CHECK_THAT(answer_to("staff < 5"), Contains("nobody in this scenario has the observable 'staff'"));
    CHECK_THAT(answer_to("living < 1", {"--by", "0"}), Contains("above 0"));
    CHECK_THAT(answer_to("living < 1", {"--by", "-3"}), Contains("above 0"));
    CHECK_THAT(answer_to("living < 1", {"--by", "$3"}), Contains("legal here"));
    CHECK_THAT(answer_to("living < 1", {"--budget", "0"}), Contains("a number of events"));
    CHECK_THAT(answer_to("living < 1", {"--method", "adaptiv"}), Contains("did you mean 'adaptive'"));
    CHECK_THAT(answer_to("living < 1", {"--until", "share_dead=1%"}), Contains("--until"));
    CHECK_THAT(answer_to("living < 1", {"--companies"}), Contains("--companies"));
    const auto without = [&](std::initializer_list<std::string> options) {
        const Answer answer = ask(with(
            {"run", "seed_cohort", "--quiet", "--output", (scratch.path() / "result").string()}, options));
        CHECK(answer.code == ExitCode::bad_input);
        return answer.err;
    };
    CHECK_THAT(without({"--ever"}), Contains("--rare"));
    CHECK_THAT(without({"--by", "3"}), Contains("--rare"));
    CHECK_THAT(without({"--budget", "3"}), Contains("--rare"));
    CHECK_THAT(without({"--rare", "living < 1", "--trajectories", "19"}), Contains("20 or more"));
    CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("Ctrl-C keeps the replications of a rare event that are whole", "[rare][long]") {
    const ScratchFolder scratch;
    Process process({"run", "seed_cohort", "--rare", "share_dead > 70%", "--trajectories", "6000", "--set",
                     "run.horizon=36 months", "--set", "startups.founders.count=20", "--output",
                     (scratch.path() / "result").string()});
    REQUIRE(process.says("of 20 replications"));
    process.send(SIGINT);
    CHECK(process.wait() == 128 + SIGINT);
    CHECK_THAT(process.err(), Contains("replications that were whole"));
    const auto manifest = Json::parse(content_of(scratch.path() / "result" / "manifest.json"));
    CHECK(manifest["ending"] == "interrupted");
    CHECK(manifest["trajectories_completed"] > 0);
    CHECK(manifest["trajectories_completed"] < 6000);
    Process again({"reproduce", (scratch.path() / "result").string(), "--quiet"});
    CHECK(again.wait() == 0);
}
