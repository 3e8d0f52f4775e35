#include "scenarios/documentation.hpp"
#include "scenarios/library.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/scenario.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view base = R"(title: A base
description: From which others start
run: {trajectories: 200, seed: 7, horizon: 10 years}
market:
  segments:
    software: {size: 9000}
startups:
  founders: {count: 40, segment: software, burn: {uniform: {low: $40k/month, high: $90k/month}}}
finance:
  rounds:
    series_a: {median_pre_money: $13.1M}
    series_b: {median_pre_money: $36.9M}
interventions:
  - name: winter
    at: 24 months
    set: {environment.climate.warm_to_normal: 0.5/month}
  - name: rescue
    when: {measure: alive_share, below: 50%}
    set:
      finance.rounds.series_b.success_odds: 2
      finance: {terms: {seniority: pari_passu}}
published:
  - {observable: survival, month: 5 years, value: 48%, interval: [46%, 50%], source: a table, role: calibration}
  - {name: cold A, observable: months_to_a, value: 774 days, source: another,
     set: {environment.climate.initial: cold, startups.founders.burn: {constant: $50k/month}}}
)";

std::size_t index_of(Scenario& scenario, std::string_view path) {
    const Group tree = parameter_tree(scenario.world);
    for (const LeafPath& each : leaves_of(tree))
        if (each.path == path) return each.leaf->index;
    FAIL("no parameter " << path);
    return 0;
}

}  // namespace

TEST_CASE("a scenario file says which world is run, how, and what happens to it") {
    Scenario scenario = read_scenario(base, "base.yaml");
    CHECK(scenario.title == "A base");
    CHECK(scenario.description == "From which others start");
    CHECK(scenario.file == "base.yaml");
    CHECK(scenario.run == RunSettings{.trajectories = 200, .seed = 7, .horizon = 120, .observe_every = 1});
    REQUIRE(scenario.world.startups.size() == 1);
    CHECK(scenario.world.startups[0].count == 40);
    CHECK(scenario.world.startups[0].segment == "software");
    CHECK(scenario.world.startups[0].burn == Distribution(Uniform{40e3, 90e3}));
    REQUIRE(scenario.world.finance.rounds.size() == 2);
    CHECK(scenario.world.finance.rounds[1].name == "series_b");
    CHECK(scenario.world.finance.rounds[1].median_pre_money == 36.9e6);
}

TEST_CASE("interventions are resolved to the numbers of their parameters") {
    Scenario scenario = read_scenario(base, "base.yaml");
    REQUIRE(scenario.interventions.size() == 2);
    const Intervention& winter = scenario.interventions[0];
    CHECK(winter.name == "winter");
    CHECK(winter.at == 24.0);
    CHECK_FALSE(winter.when);
    REQUIRE(winter.settings.size() == 1);
    CHECK(winter.settings[0].parameter == index_of(scenario, "environment.climate.warm_to_normal"));
    CHECK(winter.settings[0].value == 0.5);

    const Intervention& rescue = scenario.interventions[1];
    CHECK_FALSE(rescue.at);
    REQUIRE(rescue.when);
    CHECK(rescue.when->measure == Measure::named("share_alive"));
    CHECK(rescue.when->crossing == Crossing::below);
    CHECK(rescue.when->level == 0.5);
    REQUIRE(rescue.settings.size() == 2);
    for (const Setting& setting : rescue.settings) {
        SetByIndex setter(setting.parameter, setting.value);
        describe(scenario.world, setter);
    }
    CHECK(scenario.world.finance.rounds[1].success_odds == 2);
    CHECK(scenario.world.finance.rounds[0].success_odds == RoundParameters{}.success_odds);
    CHECK(scenario.world.finance.terms.seniority == Seniority::pari_passu);
}

TEST_CASE("the level of a condition is written in the unit of what it watches") {
    const auto level_of = [](const std::string& when) {
        const Scenario scenario = read_scenario(
            "interventions: [{name: x, when: {" + when + "}, set: {environment.wage_rise: 3%}}]", "a.yaml");
        return scenario.interventions.at(0).when->level;
    };
    CHECK(level_of("measure: month, above: 2 years") == 24);
    CHECK(level_of("measure: alive, below: 10") == 10);
    CHECK(level_of("measure: revenue, above: $1M/month") == 1e6);
    CHECK(level_of("measure: climate, below: normal") == 1);
    CHECK(level_of("measure: climate, below: 0.5") == 0.5);
    CHECK_THROWS_WITH(level_of("measure: revenue, above: 1000"), Contains("'1000' has no unit of time"));
    CHECK_THROWS_WITH(level_of("measure: alive_share, above: 1.2"), Contains("between 0% and 100%"));
    CHECK_THROWS_WITH(level_of("measure: deaths, above: -1"), Contains("at least 0"));
    CHECK(level_of("measure: cash, below: $3M") == 3e6);
    CHECK(level_of("measure: training_optimisation, below: -0.5") == -0.5);
}

TEST_CASE("an intervention can hold the climate, last for a time, and wait for a group") {
    const std::string text =
        "extends: seed_cohort\n"
        "startups: {repeat_founders: {count: 4, segment: software}}\n"
        "interventions:\n"
        "  - {name: winter, at: 30 months, climate: cold, for: 2 years}\n"
        "  - name: help\n"
        "    when: {measure: alive_share, group: repeat_founders, below: 50%}\n"
        "    for: 6 months\n"
        "    set: {finance.raising.attempts: 3}\n";
    const std::array<std::filesystem::path, 1> library{VENTURI_SOURCE_FOLDER "/scenarios/library"};
    const Scenario scenario = read_scenario(text, "a.yaml", library);
    REQUIRE(scenario.interventions.size() == 2);
    const Intervention& winter = scenario.interventions[0];
    CHECK(winter.climate == Climate::cold);
    CHECK(winter.lasts == 24.0);
    CHECK(winter.settings.empty());
    const Intervention& help = scenario.interventions[1];
    CHECK_FALSE(help.climate);
    CHECK(help.lasts == 6.0);
    REQUIRE(help.when);
    CHECK(help.when->group == 1U);
    // Written out in full it is read back as it was.
    const auto resolved = resolved_scenario(scenario);
    CHECK(resolved["interventions"][0]["for"] == "24 months");
    CHECK(resolved["interventions"][0]["climate"] == "cold");
    CHECK(resolved["interventions"][1]["when"]["group"] == "repeat_founders");
    const Scenario again = read_scenario(resolved.dump(), "again.yaml");
    REQUIRE(again.interventions.size() == 2);
    CHECK(again.interventions[0].climate == Climate::cold);
    CHECK(again.interventions[0].lasts == 24.0);
    CHECK(again.interventions[1].when->group == 1U);
    CHECK(resolved_scenario(again) == resolved);
}

TEST_CASE("published figures keep their unit, their source and where they were measured") {
    const Scenario scenario = read_scenario(base, "base.yaml");
    REQUIRE(scenario.published.size() == 2);
    const Published& survival = scenario.published[0];
    CHECK(survival.name == "survival at month 5 years");
    CHECK(survival.observable == "survival");
    CHECK(survival.month == 60.0);
    CHECK(survival.value == 0.48);
    CHECK(survival.dimension == Dimension::share);
    CHECK(survival.interval == std::pair{0.46, 0.5});
    CHECK(survival.role == PublishedRole::calibration);
    const Published& cold = scenario.published[1];
    CHECK(cold.name == "cold A");
    CHECK(cold.value == 774 / 30.4375);
    CHECK(cold.role == PublishedRole::validation);
    REQUIRE(cold.set.size() == 2);
    Scenario changed = scenario;
    for (const auto& [path, value] : cold.set) apply_setting(changed, path + "=" + value);
    CHECK(changed.world.environment.climate.initial == InitialClimate::cold);
    CHECK(changed.world.startups[0].burn == Distribution(Constant{50e3}));
    CHECK(scenario.world.startups[0].burn == Distribution(Uniform{40e3, 90e3}));
}

TEST_CASE("a file that extends another changes what it names and inherits the rest") {
    const test::TemporaryFolder folder;
    folder.write("base.yaml", base);
    const std::string file = folder.write("deeper/child.yaml", R"(extends: ../base.yaml
title: A child
run: {seed: 8}
startups: {founders: {count: 60}, scientists: {segment: software}}
finance: {rounds: {series_b: ~, series_c: {}}}
interventions:
  - {name: rescue, at: 3 years, set: {environment.wage_rise: 0}}
  - {name: later, at: 4 years, set: {environment.wage_rise: 1%}}
published: ~
)");
    const Scenario scenario = load_scenario(file);
    CHECK(scenario.title == "A child");
    CHECK(scenario.description == "From which others start");
    CHECK(scenario.file == file);
    CHECK(scenario.run == RunSettings{.trajectories = 200, .seed = 8, .horizon = 120, .observe_every = 1});
    REQUIRE(scenario.world.startups.size() == 2);
    CHECK(scenario.world.startups[0].count == 60);
    CHECK(scenario.world.startups[0].burn == Distribution(Uniform{40e3, 90e3}));
    REQUIRE(scenario.world.finance.rounds.size() == 2);
    CHECK(scenario.world.finance.rounds[1].name == "series_c");
    REQUIRE(scenario.interventions.size() == 3);
    CHECK(scenario.interventions[0].name == "winter");
    CHECK(scenario.interventions[1].name == "rescue");
    CHECK(scenario.interventions[1].at == 36.0);
    CHECK_FALSE(scenario.interventions[1].when);
    CHECK(scenario.interventions[2].name == "later");
    CHECK(scenario.published.empty());
}

TEST_CASE("scenarios of the library go by name") {
    const test::TemporaryFolder folder;
    folder.write("library/base_world.yaml", base);
    folder.write("library/broken.yaml", "title: [");
    folder.write("library/notes.txt", "not a scenario");
    folder.write("second/base_world.yaml", "title: Hidden by the first folder's");
    const std::vector<std::filesystem::path> folders{folder.path() / "library", folder.path() / "second",
                                                     folder.path() / "none"};
    CHECK(load_scenario("base_world", folders).title == "A base");
    const std::string child = folder.write("child.yaml", "extends: base_world\nrun: {seed: 2}\n");
    CHECK(load_scenario(child, folders).world.startups.size() == 1);
    CHECK_THROWS_WITH(load_scenario("baseworld", folders), Contains("there is no scenario 'baseworld'")
                                                               && Contains("did you mean 'base_world'?")
                                                               && Contains("base_world, broken"));
    CHECK_THROWS_WITH(load_scenario(folder.write("c.yaml", "extends: base_wrld"), folders),
                      Contains("c.yaml:1:10: there is no scenario 'base_wrld' — did you mean 'base_world'?"));

    const std::vector<LibraryEntry> entries = list_library(folders);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].name == "base_world");
    CHECK(entries[0].title == "A base");
    CHECK(entries[0].problem.empty());
    CHECK(entries[1].name == "broken");
    CHECK_THAT(entries[1].problem, Contains("broken.yaml"));
}

TEST_CASE("a setting from the command line changes one parameter") {
    Scenario scenario = read_scenario(base, "base.yaml");
    apply_setting(scenario, "finance.rounds.series_a.median_pre_money=$20M");
    apply_setting(scenario, "run.trajectories=1e4");
    apply_setting(scenario, "startups.founders.burn={log_normal: {median: $50k/month, spread: 0.4}}");
    apply_setting(scenario, "environment.climate.initial = warm");
    CHECK(scenario.world.finance.rounds[0].median_pre_money == 20e6);
    CHECK(scenario.run.trajectories == 10000);
    CHECK(scenario.world.startups[0].burn == Distribution(LogNormal{50e3, 0.4}));
    CHECK(scenario.world.environment.climate.initial == InitialClimate::warm);
}

TEST_CASE("a wrong setting says so and changes nothing") {
    Scenario scenario = read_scenario(base, "base.yaml");
    const Json before = resolved_scenario(scenario);
    const auto error_of = [&scenario](const std::string& setting) -> std::string {
        try {
            apply_setting(scenario, setting);
        } catch (const ScenarioError& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK_THAT(
        error_of("finance.rounds.series_a.median_pre_mony=$20M"),
        Contains("--set:1:1: unknown parameter 'finance.rounds.series_a.median_pre_mony' — did you mean "
                 "'finance.rounds.series_a.median_pre_money'?\n  legal here: in 'finance.rounds.series_a': ")
            && Contains(", median_pre_money, "));
    CHECK_THAT(error_of("run.seed=-1"), Contains("--set:1:10: 'run.seed': '-1' is out of range"));
    CHECK_THAT(error_of("run.horizon=12"), Contains("--set:1:13:") && Contains("'12' has no unit"));
    CHECK_THAT(error_of("run.horizon="), Contains("--set:1:13: 'run.horizon' has no value"));
    CHECK_THAT(error_of("run.horizon"),
               Contains("--set:1:1: 'run.horizon' is no setting") && Contains("path=value"));
    CHECK_THAT(error_of("=3"), Contains("is no setting"));
    CHECK_THAT(error_of("run.trajectories=0"), Contains("between 1 and 4294967295"));
    CHECK_THAT(error_of("startups.founders.segment=hardware"), Contains("no such name in 'market.segments'"));
    CHECK_THAT(error_of("run.seed=[1"), Contains("--set:1:"));
    CHECK(resolved_scenario(scenario) == before);
}

TEST_CASE("a resolved scenario loads to the same scenario") {
    const Scenario scenario = read_scenario(base, "base.yaml");
    const Json resolved = resolved_scenario(scenario);
    const Scenario again = read_scenario(resolved.dump(2), "resolved.json");
    CHECK(resolved_scenario(again) == resolved);
    CHECK(again.run == scenario.run);
    CHECK(again.published == scenario.published);
    REQUIRE(again.interventions.size() == 2);
    CHECK(again.interventions[1].settings[1].parameter == scenario.interventions[1].settings[1].parameter);
    CHECK(again.interventions[1].when->level == 0.5);
    CHECK(again.world.startups[0].burn == scenario.world.startups[0].burn);
}

TEST_CASE("texts that are hard to write survive in a resolved scenario") {
    Scenario scenario;
    scenario.title = "a: 'b' \"c\" # {d} \n é \t - ~";
    const Scenario again = read_scenario(resolved_scenario(scenario).dump(), "resolved.json");
    CHECK(again.title == scenario.title);
}

TEST_CASE("the template loads to the defaults and names every parameter") {
    const std::string text = scenario_template();
    const Scenario scenario = read_scenario(text, "template.yaml");
    Json written = resolved_scenario(scenario);
    Json standard = resolved_scenario(Scenario{});
    for (const char* const key : {"title", "description"}) {
        written.erase(key);
        standard.erase(key);
    }
    CHECK(written == standard);
    Scenario defaults;
    for (const ParameterRow& row : parameter_table(parameter_tree(defaults.world))) {
        CAPTURE(row.path);
        CHECK_THAT(text, Contains(row.path.substr(row.path.rfind('.') + 1) + ": " + row.default_value));
        CHECK_FALSE(row.meaning.empty());
        CHECK_FALSE(row.source.empty());
    }
}

TEST_CASE("the schema covers every parameter of the world and the run") {
    const Json schema = scenario_schema();
    CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    CHECK(schema["additionalProperties"] == false);
    for (const std::string key : {"extends", "title", "description", "run", "interventions", "published"})
        CHECK(schema["properties"].contains(key));
    Scenario defaults;
    for (const ParameterRow& row : parameter_table(parameter_tree(defaults.world))) {
        CAPTURE(row.path);
        const Json* node = &schema;
        for (std::string rest = row.path; !rest.empty();) {
            const std::string name = rest.substr(0, rest.find('.'));
            rest = name.size() == rest.size() ? std::string{} : rest.substr(name.size() + 1);
            node =
                name == "NAME" ? &(*node)["additionalProperties"]["anyOf"][0] : &(*node)["properties"][name];
        }
        REQUIRE(node->contains("description"));
        CHECK_THAT((*node)["description"].get<std::string>(), Contains(row.meaning) && Contains(row.source));
    }
    CHECK(Json::parse(schema.dump()) == schema);
}

TEST_CASE("a mix may have a row for each funding stage, which files that extend it change one by one") {
    const test::TemporaryFolder folder;
    const std::string below = folder.write("below.yaml", base);
    const std::string rows = folder.write("rows.yaml", R"(extends: below.yaml
startups:
  founders:
    mix_by_stage:
      seed: {technology: 60%, data: 10%}
      series_b: {risk: 40%}
)");
    const std::string changed = folder.write("changed.yaml", R"(extends: rows.yaml
startups: {founders: {mix_by_stage: {seed: {data: 30%}, series_b: ~}}}
)");
    const Scenario scenario = load_scenario(rows);
    const StartupGroupParameters& founders = scenario.world.startups[0];
    REQUIRE(founders.mix_by_stage.size() == 2);
    CHECK(founders.mix_by_stage[0].mix.technology == 0.6);
    CHECK(founders.mix_by_stage[0].mix.talent == InvestmentMix{}.talent);
    CHECK(founders.mix_by_stage[1].name == "series_b");
    CHECK(founders.mix_by_stage[1].mix.risk == 0.4);
    const Scenario again = read_scenario(resolved_scenario(scenario).dump(), "again.json");
    CHECK(resolved_scenario(again) == resolved_scenario(scenario));
    CHECK(again.world.startups[0].mix_by_stage[1].mix.risk == 0.4);
    Scenario less = load_scenario(changed);
    REQUIRE(less.world.startups[0].mix_by_stage.size() == 1);
    CHECK(less.world.startups[0].mix_by_stage[0].mix.technology == 0.6);
    CHECK(less.world.startups[0].mix_by_stage[0].mix.data == 0.3);
    apply_setting(less, "startups.founders.mix_by_stage.seed.risk=50%");
    CHECK(less.world.startups[0].mix_by_stage[0].mix.risk == 0.5);
    CHECK_THROWS_WITH(apply_setting(less, "startups.founders.mix_by_stage.series_a.risk=50%"),
                      Contains("unknown parameter"));
}
