// The loop of advantages, measured: arrows that must act do, arrows that are cut don't.
#include "analysis/experiments/influence.hpp"
#include "analysis/report/influence_report.hpp"
#include "sim/contract.hpp"
#include "tests/agents/worlds.hpp"
#include "tests/allocation_counter.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// Six companies with money enough that they are all there at the end, in a small market.
Scenario six_companies() {
    Scenario scenario;
    scenario.title = "Six companies";
    scenario.run.trajectories = 64;
    scenario.run.seed = 11;
    scenario.run.horizon = 36;
    scenario.world = testing::cohort(6);
    // Nothing goes wrong: incidents touch brand and customers.
    scenario.world.risk.leaves.clear();
    scenario.world.risk.gates.clear();
    SegmentParameters& segment = scenario.world.market.segments[0];
    segment.size = 1500;
    segment.adopted_at_start = 0.1;
    segment.rivals = 40;
    StartupGroupParameters& group = scenario.world.startups[0];
    group.inside = Inside::five_advantages;
    group.founded = Uniform{0, 3};
    group.seed_round = Constant{1e8};
    group.burn = Constant{2e5};
    group.launch = Uniform{3, 6};
    scenario.world.finance.exits.shutdown = 0;
    scenario.world.finance.exits.offers = 0;
    return scenario;
}

constexpr std::size_t after_3_months = 0;
constexpr std::size_t after_12_months = 1;
const InfluenceOptions options{.at = 24, .delays = {3, 12}};

InfluenceStatistics measured(const Scenario& scenario, int threads = 0) {
    return run_influence(scenario, options, threads).result;
}

// What most tests look at.
const InfluenceStatistics& of_six_companies() {
    static const InfluenceStatistics statistics = measured(six_companies());
    return statistics;
}

std::size_t arrow_between(LoopNode tail, LoopNode head) {
    const auto found = std::ranges::find_if(
        loop_arrows, [&](const LoopArrow& arrow) { return arrow.tail == tail && arrow.head == head; });
    REQUIRE(found != loop_arrows.end());
    return static_cast<std::size_t>(found - loop_arrows.begin());
}

Scenario with_settings(Scenario scenario, const std::vector<std::string>& settings) {
    for (const std::string& setting : settings) apply_setting(scenario, setting);
    return scenario;
}

}  // namespace

TEST_CASE("What must help helps: twelve months after a push its effect is there, and is positive", "[long]") {
    const InfluenceStatistics& statistics = of_six_companies();
    CHECK(statistics.skipped == 0);
    const std::vector<LoopArrow> sure = {
        {LoopNode::company_culture, LoopNode::brand_value},
        {LoopNode::brand_value, LoopNode::strategy},
        {LoopNode::strategy, LoopNode::market_positioning},
        {LoopNode::market_positioning, LoopNode::marketing},
        {LoopNode::application, LoopNode::business_expansion},
        {LoopNode::feedback_optimisation, LoopNode::pretrained_model},
        {LoopNode::pretrained_model, LoopNode::model_training},
        {LoopNode::customer_feedback, LoopNode::feedback_optimisation},
        {LoopNode::talent_development, LoopNode::technology_innovation},
        {LoopNode::technology_innovation, LoopNode::innovation_culture},
        {LoopNode::innovation_culture, LoopNode::company_culture},
    };
    for (const auto& [tail, head] : sure) {
        INFO(loop_node_names[static_cast<std::size_t>(tail)]
             << " to " << loop_node_names[static_cast<std::size_t>(head)]);
        const Moments& response = statistics.response(arrow_between(tail, head), after_12_months);
        CHECK(response.count() > 55);
        CHECK(is_distinguishable(response));
        CHECK(response.mean() > 4 * response.standard_error());
    }
}

TEST_CASE("Where a company plans every three months, positioning and strategy answer as their laws say",
          "[long]") {
    // One meeting lies within any three months. There positioning goes the part 1 − e^(−pace · 3) of the way
    // to strategy, and strategy the same part, at its pace, of strategy_by_brand of the way that brand went.
    const StandingParameters standing = six_companies().world.standing;
    REQUIRE(standing.planning_interval == 3);
    const InfluenceStatistics& statistics = of_six_companies();
    const auto part = [](double pace) { return -std::expm1(-3 * pace); };
    const Moments& positioning =
        statistics.response(arrow_between(LoopNode::strategy, LoopNode::market_positioning), after_3_months);
    REQUIRE(positioning.count() == 64);
    CHECK(positioning.minimum() == Approx(part(standing.positioning_pace)).epsilon(1e-12));
    CHECK(positioning.maximum() == Approx(part(standing.positioning_pace)).epsilon(1e-12));
    // An incident before the meeting takes a part of the brand, and so of what was pushed: never more than
    // all.
    const Moments& strategy =
        statistics.response(arrow_between(LoopNode::brand_value, LoopNode::strategy), after_3_months);
    const double full = standing.strategy_by_brand * part(standing.strategy_pace);
    CHECK(strategy.maximum() == Approx(full).epsilon(1e-12));
    CHECK(strategy.minimum() > 0);
}

TEST_CASE("An arrow that is cut has no effect at all") {
    struct Cut {
        LoopArrow arrow;
        std::vector<std::string> settings;
    };
    const std::vector<Cut> cuts = {
        {{LoopNode::brand_value, LoopNode::strategy}, {"standing.strategy_by_brand=0"}},
        {{LoopNode::marketing, LoopNode::customer_feedback},
         {"data.flywheel=false", "data.feedback_batches=0"}},
        {{LoopNode::customer_feedback, LoopNode::feedback_optimisation}, {"technology.feedback_gain=0"}},
        {{LoopNode::company_culture, LoopNode::brand_value},
         {"standing.brand_by_culture=0", "standing.brand_by_accounts=0"}},
    };
    Scenario scenario = six_companies();
    for (const Cut& cut : cuts) scenario = with_settings(scenario, cut.settings);
    const InfluenceStatistics statistics = measured(scenario);
    for (const Cut& cut : cuts) {
        INFO(loop_node_names[static_cast<std::size_t>(cut.arrow.tail)]);
        const Moments& response =
            statistics.response(arrow_between(cut.arrow.tail, cut.arrow.head), after_12_months);
        CHECK(response.count() > 55);
        CHECK(response.minimum() == 0);
        CHECK(response.maximum() == 0);
        CHECK_FALSE(is_distinguishable(response));
    }
    // What was not cut still acts.
    CHECK(is_distinguishable(statistics.response(
        arrow_between(LoopNode::strategy, LoopNode::market_positioning), after_12_months)));
}

TEST_CASE("The same influences are measured on any number of threads", "[long]") {
    const Scenario scenario = with_settings(six_companies(), {"run.trajectories=40"});
    CHECK(measured(scenario, 1) == measured(scenario, 2));
}

TEST_CASE("Where nobody is there to push the trajectory is counted as skipped") {
    Scenario scenario = six_companies();
    scenario.world.startups[0].founded = Constant{30};
    const InfluenceStatistics statistics = measured(scenario);
    CHECK(statistics.skipped == 64);
    for (const Moments& response : statistics.responses) CHECK(response.count() == 0);
    CHECK(influence_picture_of(statistics, options, 0, scenario).arrows.empty());
}

TEST_CASE("A push against its bound tells nothing, and a company that has ended tells no more") {
    const auto brand_to_strategy = arrow_between(LoopNode::brand_value, LoopNode::strategy);
    const Scenario full_brand =
        with_settings(six_companies(),
                      {"run.trajectories=32", "standing.brand_at_founding=1", "standing.brand_pace=0/month"});
    CHECK(measured(full_brand).response(brand_to_strategy, after_3_months).count() == 0);
    // Five of a hundred are shut down each month, whatever their quality and revenue.
    const Scenario mortal = with_settings(
        six_companies(), {"run.trajectories=64", "finance.exits.shutdown_quality_effect=0",
                          "finance.exits.shutdown_revenue_effect=0", "finance.exits.shutdown=0.05/month"});
    const InfluenceStatistics statistics = measured(mortal);
    const auto early = static_cast<double>(statistics.response(brand_to_strategy, after_3_months).count());
    const auto late = static_cast<double>(statistics.response(brand_to_strategy, after_12_months).count());
    const auto pushed = static_cast<double>(64 - statistics.skipped);
    const auto surviving = [](double months) { return std::exp(-0.05 * months); };
    const auto tolerance = [&](double share) { return 4 * std::sqrt(pushed * share * (1 - share)); };
    CHECK(early == Approx(pushed * surviving(3)).margin(tolerance(surviving(3))));
    CHECK(late == Approx(pushed * surviving(12)).margin(tolerance(surviving(12))));
}

TEST_CASE("A warmed-up measurement of influences allocates nothing") {
    const Scenario scenario = six_companies();
    InfluenceModel model(make_setup(scenario.world), options, 3);
    InfluenceStatistics statistics(options.delays.size());
    for (std::uint64_t i = 0; i < 4; ++i) model.simulate(i, statistics);
    const std::size_t before = testing::allocations();
    for (std::uint64_t i = 4; i-- > 0;) model.simulate(i, statistics);
    CHECK(testing::allocations() == before);
}

TEST_CASE("Delays that are none are refused") {
    const auto setup = make_setup(six_companies().world);
    const auto make = [&](InfluenceOptions wrong) { InfluenceModel(setup, std::move(wrong), 1); };
    CHECK_THROWS_AS(make({.at = 24, .delays = {}}), ContractViolation);
    CHECK_THROWS_AS(make({.at = 24, .delays = {0, 3}}), ContractViolation);
    CHECK_THROWS_AS(make({.at = 24, .delays = {6, 3}}), ContractViolation);
    CHECK_THROWS_AS(make({.at = 24, .delays = {3, 3}}), ContractViolation);
    CHECK_THROWS_AS(make({.at = -1, .delays = {3}}), ContractViolation);
}

TEST_CASE("The table of influences marks what cannot be told from zero, and the picture dashes it") {
    const Scenario scenario =
        with_settings(six_companies(), {"run.trajectories=32", "standing.strategy_by_brand=0"});
    const InfluenceStatistics statistics = measured(scenario);
    const TerminalTable table = influence_table(statistics, options, after_12_months);
    REQUIRE(table.rows.size() == loop_arrows.size());
    const auto& cut = table.rows[arrow_between(LoopNode::brand_value, LoopNode::strategy)];
    CHECK(cut[1].text == "· 0 [0, 0]");
    CHECK(cut[1].emphasis == Emphasis::faint);
    const auto& acting = table.rows[arrow_between(LoopNode::strategy, LoopNode::market_positioning)];
    CHECK(acting[0].text == "strategy → market positioning");
    CHECK(acting[1].text == "0.362 [0.362, 0.362]");
    // Both are pushed by 0.15, so a push moves a push's part of the strength.
    const LoopArrow arrow{LoopNode::customer_feedback, LoopNode::feedback_optimisation};
    CHECK(standardised(0.02, arrow) == Approx(0.02 * 5 / 0.1));
    CHECK(table.columns.back().title == "standardised, 12 months");
    REQUIRE(acting.size() == 4);
    const Moments& late =
        statistics.response(arrow_between(LoopNode::strategy, LoopNode::market_positioning), after_12_months);
    CHECK(std::stod(acting[3].text) == Approx(late.mean()).margin(0.005));
    const InfluencePicture picture = influence_picture_of(statistics, options, after_3_months, scenario);
    CHECK(picture.nodes.size() == loop_nodes);
    CHECK(picture.arrows.size() == loop_arrows.size());
    const std::string svg = influence_svg(picture);
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains("brand value to strategy: 0 [0, 0], not distinguishable from zero"));
    CHECK_THAT(
        svg,
        Contains("strategy to market positioning: 0.362 [0.362, 0.362]; 0.362 pushes of the head for each "
                 "push of the tail<"));
}

namespace {

std::vector<std::string> short_measurement(const std::filesystem::path& folder) {
    return {"influence",
            "customer_service",
            "--trajectories",
            "4",
            "--at",
            "18",
            "--delays",
            "1,2 months",
            "--quiet",
            "--output",
            (folder / "result").string()};
}

}  // namespace

TEST_CASE("The command influence writes its files whole, the same on any number of threads") {
    const ScratchFolder one;
    const ScratchFolder two;
    const Answer answer = ask(with(short_measurement(one.path()), {"--threads", "1"}));
    REQUIRE(answer.code == ExitCode::success);
    CHECK(answer.out.empty());
    CHECK(answer.err.empty());
    REQUIRE(ask(with(short_measurement(two.path()), {"--threads", "2"})).code == ExitCode::success);
    for (const char* file : {"manifest.json", "influence.csv", "influence.svg", "influence.dot"}) {
        CHECK_FALSE(text_of(one.path() / "result" / file).empty());
        CHECK(text_of(one.path() / "result" / file) == text_of(two.path() / "result" / file));
    }
    CHECK(names_in(one.path() / "result").size() == 4);
    std::istringstream rows(text_of(one.path() / "result" / "influence.csv"));
    std::string line;
    std::getline(rows, line);
    CHECK(line
          == "tail,head,tail_unit,head_unit,delay_months,strength,lower_95,upper_95,pairs,distinguishable,"
             "standardised_strength");
    std::size_t lines = 0;
    while (std::getline(rows, line)) ++lines;
    CHECK(lines == 2 * loop_arrows.size());
    const auto manifest = nlohmann::json::parse(text_of(one.path() / "result" / "manifest.json"));
    CHECK(manifest["settings"]["delays"] == std::vector<double>{1, 2});
    CHECK(manifest["trajectories_completed"] == 4);
    CHECK_THAT(text_of(one.path() / "result" / "influence.svg"), Contains("2 months later"));
}

TEST_CASE("The command influence can draw another delay, and print one JSON object") {
    const ScratchFolder scratch;
    const Answer answer = ask(with(short_measurement(scratch.path()),
                                   {"--json", "--draw-delay", "1", "--set", "data.flywheel=false"}));
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["nodes"].size() == loop_nodes);
    REQUIRE(json["arrows"].size() == loop_arrows.size());
    CHECK(json["arrows"][0]["tail"] == "high-quality data");
    REQUIRE(json["arrows"][0]["responses"].size() == 2);
    const auto& response = json["arrows"][0]["responses"][1];
    CHECK(response["delay_months"] == 2);
    if (response["strength"].is_number())
        CHECK(response["standardised_strength"].get<double>()
              == Approx(standardised(response["strength"].get<double>(), loop_arrows[0])));
    CHECK_THAT(text_of(scratch.path() / "result" / "influence.svg"), Contains("1 month later"));
    CHECK_THAT(text_of(scratch.path() / "result" / "influence.svg"), Contains("; with data.flywheel=false<"));
}

TEST_CASE("Delays of the command influence may go past the scenario's horizon") {
    const ScratchFolder scratch;
    CHECK(ask(with(short_measurement(scratch.path()), {"--set", "run.horizon=18 months"})).code
          == ExitCode::success);
}

TEST_CASE("Mistakes in asking for influences are bad input, and the answer names what is legal") {
    struct Mistake {
        std::vector<std::string> arguments;
        std::string said;
    };
    const std::vector<Mistake> mistakes = {
        {{"seed_cohort"}, "five_advantages"},
        {{"customer_servise"}, "customer_service"},
        {{"customer_service", "--trajectories", "0"}, "between 1"},
        {{"customer_service", "--at", "-1"}, "between month 0"},
        {{"customer_service", "--at", "121"}, "month 120"},
        {{"customer_service", "--at", "soon"}, "soon"},
        {{"customer_service", "--at", "nan"}, "number of months"},
        {{"customer_service", "--at", "0", "--trajectories", "1"}, "alive"},
        {{"customer_service", "--delays", ""}, "number of months"},
        {{"customer_service", "--delays", "3,,6"}, "number of months"},
        {{"customer_service", "--delays", "6,3"}, "3,6,12"},
        {{"customer_service", "--delays", "0,3"}, "above 0"},
        {{"customer_service", "--delays", "-3"}, "above 0"},
        {{"customer_service", "--delays", "1e9"}, "1200"},
        {{"customer_service", "--draw-delay", "5"}, "did you mean 6?"},
        {{"customer_service", "--threads", "-3"}, "-3"},
        {{"customer_service", "--set", "standing.strategy_by_brnd=0"}, "strategy_by_brand"},
    };
    for (const Mistake& mistake : mistakes) {
        const ScratchFolder scratch;
        std::vector<std::string> arguments = {"influence"};
        arguments.insert(arguments.end(), mistake.arguments.begin(), mistake.arguments.end());
        const Answer answer =
            ask(with(arguments, {"--quiet", "--output", (scratch.path() / "out").string()}));
        INFO(mistake.arguments.back() << ": " << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(mistake.said) != std::string::npos);
        CHECK(answer.out.empty());
        CHECK(names_in(scratch.path()).empty());
    }
}
