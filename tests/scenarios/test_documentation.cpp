#include "scenarios/binding.hpp"
#include "scenarios/distribution_form.hpp"
#include "scenarios/documentation.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"
#include "tests/scenarios/small_world.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <regex>

using namespace venturi;
using namespace venturi::test;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

void read_into(SmallWorld& world, const std::string& text) {
    Group tree = parameter_tree(world);
    ProblemList problems;
    read_group(tree, parse_document(text, "a.yaml"), problems);
    problems.throw_if_any();
}

Json resolved(SmallWorld world) {
    SmallWorld standard;
    return resolved_group(parameter_tree(world), parameter_tree(standard));
}

SmallWorld unusual_world() {
    SmallWorld world;
    world.money = {.round = 1e6 / 3,
                   .burn = 1e5 / 7,
                   .pause = 420 / 30.4375,
                   .offers = 1.0 / 18,
                   .volatility = 0.1 + 0.2};
    world.mood = Mood::nervous;
    world.shocks = false;
    world.probability = 1.0 / 3;
    world.leader = "a";
    world.companies = {
        {.name = "a", .count = 9, .cash = Constant{1e6 / 3}, .rooms = {{"x", 0.1}, {"y", 1.0 / 7}}}};
    for (const Distribution& law : std::vector<Distribution>{
             Uniform{1e6 / 3, 2e6}, Triangular{1, 1e6 / 3, 1e7}, Normal{1e6 / 3, 1.0 / 3},
             LogNormal{1e6 / 3, 1.0 / 3}, Exponential{1e6 / 3}, Gamma{1.0 / 3, 1e6 / 3},
             Weibull{1.0 / 3, 1e6 / 3}, Pareto{1.0 / 3, 1e6 / 3}})
        world.companies.push_back(
            {.name = "b" + std::to_string(law.index()), .count = 1, .cash = law, .rooms = {}});
    return world;
}

Company named(std::string name) {
    Company company;
    company.name = std::move(name);
    return company;
}

void check_same(const SmallWorld& left, const SmallWorld& right) {
    CHECK(left.money.round == right.money.round);
    CHECK(left.money.burn == right.money.burn);
    CHECK(left.money.pause == right.money.pause);
    CHECK(left.money.offers == right.money.offers);
    CHECK(left.money.volatility == right.money.volatility);
    CHECK(left.mood == right.mood);
    CHECK(left.shocks == right.shocks);
    CHECK(left.leader == right.leader);
    CHECK(left.probability == right.probability);
    REQUIRE(left.companies.size() == right.companies.size());
    for (std::size_t i = 0; i < left.companies.size(); ++i) {
        CHECK(left.companies[i].name == right.companies[i].name);
        CHECK(left.companies[i].count == right.companies[i].count);
        CHECK(left.companies[i].cash == right.companies[i].cash);
        REQUIRE(left.companies[i].rooms.size() == right.companies[i].rooms.size());
        for (std::size_t j = 0; j < left.companies[i].rooms.size(); ++j)
            CHECK(left.companies[i].rooms[j].share == right.companies[i].rooms[j].share);
    }
}

}  // namespace

TEST_CASE("resolved parameters read back to the same bits") {
    const SmallWorld world = unusual_world();
    SmallWorld again;
    read_into(again, resolved(world).dump(2));
    check_same(world, again);
    CHECK(resolved(again) == resolved(world));
}

TEST_CASE("resolved parameters say which elements of the defaults are gone, and keep the order") {
    SmallWorld standard;
    standard.companies = {named("a"), named("b"), named("c")};
    SmallWorld world;
    world.companies = {named("c"), named("d"), named("a")};
    const Json text = resolved_group(parameter_tree(world), parameter_tree(standard));
    CHECK(text["companies"]["b"].is_null());
    read_into(standard, text.dump());
    REQUIRE(standard.companies.size() == 3);
    CHECK(standard.companies[0].name == "c");
    CHECK(standard.companies[1].name == "d");
    CHECK(standard.companies[2].name == "a");
}

TEST_CASE("the parameter table has a row for every parameter") {
    SmallWorld world;
    const std::vector<ParameterRow> rows = parameter_table(parameter_tree(world));
    REQUIRE(rows.size() == 12);
    CHECK(rows[0].path == "money.round");
    CHECK(rows[0].unit == "USD");
    CHECK(rows[0].default_value == "$2.5M");
    CHECK(rows[0].legal == "above $0");
    CHECK(rows[0].plausible == "between $500k and $5M");
    CHECK(rows[0].meaning == "cash raised in a round");
    CHECK(rows[0].source == "a table of 2015");
    CHECK(rows[5].path == "mood");
    CHECK(rows[5].legal == "calm, nervous");
    CHECK(rows[7].path == "companies.NAME.count");
    CHECK(rows[8].default_value == "{log_normal: {median: $2M, spread: 0.5}}");
    CHECK(rows[9].path == "companies.NAME.rooms.NAME.share");
    CHECK(rows[9].plausible.empty());
    CHECK(rows[10].legal == "a name in companies");
}

TEST_CASE("the commented template explains every parameter and reads back to the same values") {
    SmallWorld world = unusual_world();
    const std::string text = commented_yaml(parameter_tree(world));
    CHECK_THAT(text, Contains("# cash raised in a round\n  # legal: above $0; source: a table of 2015"));
    SmallWorld again;
    read_into(again, text);
    check_same(world, again);

    SmallWorld standard;
    const std::string standard_text = commented_yaml(parameter_tree(standard));
    CHECK_THAT(standard_text, Contains("# NAME:") && Contains("#   count: 3"));
    const Group tree = parameter_tree(standard);
    for (const LeafPath& each : leaves_of(tree))
        CHECK_THAT(standard_text, Contains(std::string(each.leaf->description.meaning)));
    SmallWorld empty;
    read_into(empty, standard_text);
    check_same(standard, empty);
}

TEST_CASE("the schema describes every parameter, forbids all else, and refers only to what it defines") {
    SmallWorld world;
    const Json schema = group_schema(parameter_tree(world));
    const Json definitions = quantity_definitions();
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["properties"]["mood"]["enum"] == Json({"calm", "nervous"}));
    CHECK(schema["properties"]["probability"]["minimum"] == 0);
    CHECK(schema["properties"]["probability"]["maximum"] == 1);
    const Json& round = schema["properties"]["money"]["properties"]["round"];
    CHECK(round["$ref"] == "#/$defs/money");
    CHECK(round["default"] == "$2.5M");
    CHECK_THAT(round["description"].get<std::string>(),
               Contains("cash raised in a round") && Contains("above $0") && Contains("a table of 2015"));
    const Json& company = schema["properties"]["companies"]["additionalProperties"]["anyOf"][0];
    CHECK(company["additionalProperties"] == false);
    CHECK(company["properties"]["cash"]["$ref"] == "#/$defs/money_distribution");
    CHECK(company["properties"]["rooms"]["additionalProperties"]["anyOf"][0]["properties"].contains("share"));

    const std::string text = schema.dump() + definitions.dump();
    const std::regex reference(R"re("\$ref":"#/\$defs/([a-z_]+)")re");
    int references = 0;
    for (std::sregex_iterator match(text.begin(), text.end(), reference), end; match != end;
         ++match, ++references)
        CHECK(definitions.contains((*match)[1].str()));
    CHECK(references > 20);
    for (const DistributionForm& form : distribution_forms())
        CHECK(definitions["money_distribution"]["anyOf"][1]["properties"].contains(form.name));
}

TEST_CASE("the forms of distributions stand in the order of their alternatives") {
    const std::vector<Distribution> all{Constant{3},  Uniform{1, 2},   Triangular{1, 2, 3},
                                        Normal{1, 2}, LogNormal{1, 2}, Exponential{3},
                                        Gamma{1, 2},  Weibull{1, 2},   Pareto{1, 2}};
    REQUIRE(distribution_forms().size() == std::variant_size_v<Distribution>);
    for (const Distribution& law : all) {
        const DistributionForm& form = distribution_forms()[law.index()];
        CHECK(form.fields.size() == values_of(law).size());
        CHECK(form.make(values_of(law)) == law);
    }
}
