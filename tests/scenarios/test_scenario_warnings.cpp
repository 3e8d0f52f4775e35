// What is legal and can hardly be meant: each warning with a case that draws it and a near one that doesn't.
#include "scenarios/scenario.hpp"
#include "scenarios/scenario_warnings.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

const std::filesystem::path library = std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios/library";

Scenario read(const std::string& text) {
    return read_scenario(text, "a.yaml", std::span(&library, 1));
}

std::vector<ScenarioWarning> warnings(const std::string& text,
                                      const std::vector<std::string>& settings = {}) {
    Scenario scenario = read(text);
    for (const std::string& setting : settings) apply_setting(scenario, setting);
    return warnings_of(scenario);
}

ScenarioWarning one_warning(const std::string& text, const std::vector<std::string>& settings = {}) {
    const std::vector<ScenarioWarning> found = warnings(text, settings);
    REQUIRE(found.size() == 1);
    return found.front();
}

const std::string seed = "extends: seed_cohort\n";

}  // namespace

TEST_CASE("no scenario of the library draws a warning") {
    for (const auto& entry : std::filesystem::directory_iterator(library)) {
        if (entry.path().extension() != ".yaml") continue;
        const Scenario scenario = load_scenario(entry.path().string(), std::span(&library, 1));
        CAPTURE(entry.path().string());
        for (const ScenarioWarning& warning : warnings_of(scenario)) FAIL_CHECK(to_text(warning));
        CHECK_FALSE(scenario.written.empty());
    }
}

TEST_CASE("parameters that nothing reads are named in one warning, with their places") {
    const ScenarioWarning warning =
        one_warning(seed + "startups:\n  founders:\n    mix: {technology: 0.6, data: 0.1}\n"
                           "partnership: {ties: {meetings: 2/month}}\n");
    CHECK(warning.message == "nothing in this scenario reads what is set here");
    REQUIRE(warning.places.size() == 3);
    CHECK(warning.places[0].value == "partnership.ties.meetings");
    CHECK(warning.places[1].value == "startups.founders.mix.technology");
    CHECK(warning.places[1].position == SourcePosition{"a.yaml", 4, 23});
    CHECK(to_text(warning.places[1])
          == "a.yaml:4:23: 'startups.founders.mix.technology' is set, and read only where the group has "
             "'inside: five_advantages'");
    CHECK(warnings("extends: customer_service\nstartups: {founders: {mix: {technology: 0.6}}}\n").empty());
    // To its present value, it is set in vain and harms nobody: as in a file with every parameter.
    CHECK(warnings(seed + "startups: {founders: {mix: {technology: 50%}}}\n").empty());
}

TEST_CASE("what an option or an intervention sets in vain is named too") {
    const ScenarioWarning by_option = one_warning(seed, {"startups.founders.mix.technology=60%"});
    REQUIRE(by_option.places.size() == 1);
    CHECK(by_option.places.front().position.file == "--set");
    CHECK(warnings(seed, {"startups.founders.compute_share=20%"}).empty());
    // Set twice, it is told once.
    CHECK(one_warning(seed + "culture: {erosion: 0.02/month}\n", {"culture.erosion=0.04/month"}).places.size()
          == 1);

    const std::string entry = "interventions:\n  - {name: x, at: 1 year, set: {";
    const ScenarioWarning by_intervention = one_warning(seed + entry + "startups.founders.mix.data: 30%}}\n");
    REQUIRE(by_intervention.places.size() == 1);
    CHECK(by_intervention.places.front().position == SourcePosition{"a.yaml", 3, 61});
    CHECK(warnings(seed + entry + "startups.founders.price_factor: 1.2}}\n").empty());
    // An intervention may also be what makes a setting count.
    CHECK(
        warnings(seed
                 + "environment: {compute_price_cuts: 0, compute_price_cut: 10%}\n"
                   "interventions: [{name: x, at: 1 year, set: {environment.compute_price_cuts: 3/year}}]\n")
            .empty());
    CHECK(warnings(seed + "environment: {compute_price_cuts: 0, compute_price_cut: 10%}\n").size() == 1);
}

TEST_CASE("what a file extends answers for itself") {
    // Customer service without an inside: what that file says of technology and the rest is unread now.
    CHECK(warnings("extends: customer_service\nstartups: {founders: {inside: outline}}\n").empty());
}

TEST_CASE("a value outside its plausible range is named with the range") {
    const ScenarioWarning warning =
        one_warning(seed + "finance:\n  raising: {attempts: 12}\n", {"finance.exits.revenue_multiple=200"});
    CHECK(warning.message == "these values are outside the range that is plausible");
    REQUIRE(warning.places.size() == 2);
    CHECK(to_text(warning.places[0])
          == "a.yaml:3:23: 'finance.raising.attempts' is 12: plausible is between 1 and 5");
    CHECK_THAT(warning.places[1].message,
               Contains("'finance.exits.revenue_multiple' is 200: plausible is between 3 and 20"));
    CHECK(warnings(seed + "finance: {raising: {attempts: 5}}\n").empty());
    CHECK(warnings(seed, {"finance.exits.revenue_multiple=20"}).empty());

    const ScenarioWarning drawn = one_warning(seed + "startups: {founders: {burn: $60/month}}\n");
    CHECK_THAT(drawn.places.front().message, Contains("on average is $60/month"));
    CHECK(warnings(seed + "startups: {founders: {burn: $60k/month}}\n").empty());

    CHECK(one_warning(seed
                      + "interventions: [{name: x, at: 1 year, set: {finance.exits.revenue_multiple: 50}}]\n")
              .places.size()
          == 1);
    CHECK(
        warnings(seed + "interventions: [{name: x, at: 1 year, set: {finance.exits.revenue_multiple: 15}}]\n")
            .empty());
}

TEST_CASE("a world in which nobody is founded says so") {
    const std::vector<ScenarioWarning> nobody = warnings("title: nobody\n");
    REQUIRE(nobody.size() == 1);
    CHECK_THAT(to_text(nobody.front()), Contains("no startup is ever founded"));
    const std::vector<ScenarioWarning> none = warnings(seed + "startups: {founders: {count: 0}}\n");
    REQUIRE(none.size() == 2);
    CHECK_THAT(to_text(none[0]), Contains("'startups.founders.count' is 0: plausible is between 1 and 1000"));
    CHECK_THAT(to_text(none[1]), Contains("no startup is ever founded"));
    CHECK(warnings(seed + "startups: {founders: {count: 1}}\n").empty());
}

TEST_CASE("an intervention after the horizon is named, one before it is not") {
    const std::string entry = "run: {horizon: 2 years}\ninterventions: [{name: winter, at: ";
    const std::string set = ", set: {environment.wage_rise: 2%}}]\n";
    CHECK(one_warning(seed + entry + "30 months" + set).places.front().message
          == "'winter' comes after 30 months, and a history ends after 24 months");
    CHECK(warnings(seed + entry + "24 months" + set).empty());
}

TEST_CASE("warnings make problems of the same places where they are not wanted") {
    const std::vector<ScenarioWarning> found =
        warnings(seed + "finance: {raising: {attempts: 12}}\nculture: {erosion: 0.02/month}\n");
    REQUIRE(found.size() == 2);
    CHECK(as_problems(found).size() == 2);
    CHECK(to_text(found[1]) == found[1].message + "\n  " + to_text(found[1].places.front()));
}
