#include "scenarios/binding.hpp"
#include "tests/scenarios/small_world.hpp"

#include <catch2/catch.hpp>

using namespace venturi;
using namespace venturi::test;
using Catch::Matchers::Contains;

namespace {

std::vector<Problem> read_into(SmallWorld& world, const std::string& text) {
    Group tree = parameter_tree(world);
    ProblemList problems;
    read_group(tree, parse_document(text, "a.yaml"), problems);
    try {
        problems.throw_if_any();
    } catch (const ScenarioError& error) {
        return error.problems();
    }
    return {};
}

Problem problem_of(const std::string& text) {
    SmallWorld world;
    const std::vector<Problem> problems = read_into(world, text);
    REQUIRE(problems.size() == 1);
    return problems.front();
}

Distribution cash_of(const std::string& text) {
    SmallWorld world;
    REQUIRE(read_into(world, "companies: {a: {cash: " + text + "}}").empty());
    return world.companies.at(0).cash;
}

// The values of all leaves, whatever their kind, in order.
std::vector<double> values_of_all(SmallWorld& world) {
    std::vector<double> values;
    const Group tree = parameter_tree(world);
    for (const LeafPath& each : leaves_of(tree)) {
        const LeafTarget& target = each.leaf->target;
        if (const auto* const number = std::get_if<double*>(&target)) values.push_back(**number);
        if (const auto* const whole = std::get_if<std::int64_t*>(&target))
            values.push_back(static_cast<double>(**whole));
        if (const auto* const flag = std::get_if<bool*>(&target)) values.push_back(**flag ? 1 : 0);
        if (const auto* const choice = std::get_if<ChoiceTarget>(&target))
            values.push_back(static_cast<double>(choice->get()));
        if (const auto* const law = std::get_if<Distribution*>(&target)) values.push_back(mean(**law));
        if (std::holds_alternative<ReferenceTarget>(target)) values.push_back(0);
    }
    return values;
}

}  // namespace

TEST_CASE("a map sets the parameters that it names and no other") {
    SmallWorld world;
    REQUIRE(read_into(world, R"(
money: {round: $13.1M, pause: 420 days, offers: 24%/year}
mood: nervous
shocks: no
probability: 40%
)")
                .empty());
    CHECK(world.money.round == 13.1e6);
    CHECK(world.money.pause == 420 / 30.4375);
    CHECK(world.money.offers == 0.02);
    CHECK(world.money.burn == 120e3);
    CHECK(world.mood == Mood::nervous);
    CHECK_FALSE(world.shocks);
    CHECK(world.probability == 0.4);
}

TEST_CASE("an empty group changes nothing") {
    SmallWorld world;
    CHECK(read_into(world, "money:\ncompanies:\n").empty());
    CHECK(world.money.round == 2.5e6);
}

TEST_CASE("a collection grows by new names and shrinks by null, and elements that stay keep their place") {
    SmallWorld world;
    REQUIRE(read_into(world, "companies: {a: {count: 1}, b: {rooms: {lab: {share: 50%}, desk: {}}}, c: {}}")
                .empty());
    REQUIRE(world.companies.size() == 3);
    CHECK(world.companies[0].count == 1);
    CHECK(world.companies[1].rooms.at(0).share == 0.5);
    CHECK(world.companies[1].rooms.at(1).share == 0.25);

    REQUIRE(
        read_into(world, "companies: {d: {count: 7}, a: ~, c: {count: 8}, b: {rooms: {lab: ~}}}").empty());
    REQUIRE(world.companies.size() == 3);
    CHECK(world.companies[0].name == "d");
    CHECK(world.companies[0].count == 7);
    CHECK(world.companies[1].name == "c");
    CHECK(world.companies[1].count == 8);
    CHECK(world.companies[2].name == "b");
    REQUIRE(world.companies[2].rooms.size() == 1);
    CHECK(world.companies[2].rooms[0].name == "desk");

    // Not all are named: the order stays.
    REQUIRE(read_into(world, "companies: {b: {count: 9}, e: {}}").empty());
    REQUIRE(world.companies.size() == 4);
    CHECK(world.companies[2].name == "b");
    CHECK(world.companies[2].count == 9);
    CHECK(world.companies[3].name == "e");
}

TEST_CASE("an unknown key is a problem with the nearest name and all that are legal") {
    const Problem problem = problem_of("money:\n  volitility: 0.3\n");
    CHECK(problem.position == SourcePosition{"a.yaml", 2, 3});
    CHECK(problem.message == "unknown parameter 'volitility' in 'money'");
    CHECK(problem.value == "volitility");
    CHECK(problem.nearest == "volatility");
    CHECK(problem.legal == "round, burn, pause, offers, volatility");
    CHECK(problem_of("companies: {a: {rooms: {lab: {shar: 1}}}}").message
          == "unknown parameter 'shar' in 'companies.a.rooms.lab'");
    CHECK(problem_of("moneys: {}").nearest == "money");
    CHECK(problem_of("companies: {b: ~}").message == "unknown name to remove 'b' in 'companies'");
}

TEST_CASE("a value of the wrong kind, dimension or range is a problem at its place") {
    CHECK(problem_of("money: {round: 2}").message == "'money.round': '2' has no unit");
    CHECK(problem_of("money: {round: 2}").position == SourcePosition{"a.yaml", 1, 16});
    CHECK(problem_of("money: {round: -$2M}").message == "'money.round': '-$2M' is out of range");
    CHECK(problem_of("money: {round: -$2M}").legal == "above $0");
    CHECK(problem_of("probability: 1.2").message == "'probability': '1.2' is out of range");
    CHECK(problem_of("probability: 1.2").legal == "between 0% and 100%");
    CHECK(problem_of("money: {volatility: .nan}").message
          == "'money.volatility': '.nan' is not a finite number");
    CHECK(problem_of("money: {round: [1]}").message == "'money.round' needs one value, not a list");
    CHECK(problem_of("money: {round: }").message == "'money.round' has no value");
    CHECK(problem_of("money: 3").message == "'money' needs a map of parameters, not the text '3'");
    CHECK(problem_of("companies: [a]").message == "'companies' needs a map of names, not a list");
    CHECK(problem_of("companies: {a: 3}").message
          == "'companies.a' needs a map of parameters, not the text '3'");
    CHECK(problem_of("companies: {A b: {}}").message == "'A b' can't be a name in 'companies'");
    CHECK(problem_of("companies: {a: {count: 1.5}}").message == "'companies.a.count': '1.5' is not whole");
    CHECK(problem_of("mood: nervus").nearest == "nervous");
    CHECK(problem_of("mood: nervus").legal == "calm, nervous");
    CHECK(problem_of("shocks: maybe").legal == "yes or no");
    CHECK_THAT(problem_of("money: {round: $1,000}").message,
               Contains("unknown parameter '000'") && Contains("must stand in quotes"));
}

TEST_CASE("a distribution is a quantity or one of the named forms") {
    CHECK(cash_of("$2M") == Distribution(Constant{2e6}));
    CHECK(cash_of("{constant: $2M}") == Distribution(Constant{2e6}));
    CHECK(cash_of("{uniform: {low: $1M, high: $2M}}") == Distribution(Uniform{1e6, 2e6}));
    CHECK(cash_of("{triangular: {high: $3M, low: $1M, mode: $2M}}")
          == Distribution(Triangular{1e6, 2e6, 3e6}));
    CHECK(cash_of("{normal: {mean: $2M, deviation: $300k}}") == Distribution(Normal{2e6, 3e5}));
    CHECK(cash_of("{log_normal: {median: $2M, spread: 0.5}}") == Distribution(LogNormal{2e6, 0.5}));
    CHECK(cash_of("{exponential: {mean: $2M}}") == Distribution(Exponential{2e6}));
    CHECK(cash_of("{gamma: {shape: 2, mean: $2M}}") == Distribution(Gamma{2, 2e6}));
    CHECK(cash_of("{weibull: {shape: 1.5, scale: $2M}}") == Distribution(Weibull{1.5, 2e6}));
    CHECK(cash_of("{pareto: {tail_index: 2.5, minimum: $1M}}") == Distribution(Pareto{2.5, 1e6}));
}

TEST_CASE("a distribution that makes no sense is a problem") {
    const auto problem_with = [](const std::string& cash) {
        return problem_of("companies: {a: {cash: " + cash + "}}");
    };
    CHECK(problem_with("{lognormal: {median: $2M, spread: 1}}").nearest == "log_normal");
    CHECK_THAT(problem_with("{lognormal: {median: $2M, spread: 1}}").legal,
               Contains("constant, uniform, triangular"));
    CHECK(problem_with("{uniform: {low: $2M}}").message == "'high' is missing in 'companies.a.cash.uniform'");
    CHECK(problem_with("{uniform: {low: $2M, high: $1M}}").legal == "low < high");
    CHECK(problem_with("{uniform: {low: -$2M, high: $1M}}").legal == "at least $0");
    CHECK(problem_with("{triangular: {low: $1M, mode: $5M, high: $2M}}").legal
          == "low < high, and mode between them");
    CHECK(problem_with("{normal: {mean: $1M, deviation: 0}}").legal == "above $0");
    CHECK(problem_with("{log_normal: {median: 0, spread: 1}}").legal == "above $0");
    CHECK(problem_with("{log_normal: {median: $1M, spread: $1}}").legal == "a number: 0.3, -2, 1e-3");
    CHECK(problem_with("{gamma: {shape: 0, mean: $1M}}").legal == "above 0");
    CHECK(problem_with("{normal: {mean: $1M, deviation: $1, median: $1}}").message
          == "unknown key 'median' in 'companies.a.cash.normal'");
    CHECK_THAT(problem_with("{uniform: {}, normal: {}}").message,
               Contains("needs one value or one distribution"));
    CHECK_THAT(problem_with("[1, 2]").message, Contains("needs one value, not a list"));
    CHECK_THAT(problem_with("{uniform: 3}").message, Contains("needs a map, not the text '3'"));
}

TEST_CASE("a leaf's index is the one by which a running world is changed") {
    SmallWorld world;
    REQUIRE(read_into(world, "companies: {a: {rooms: {x: {}, y: {}}}, b: {}, c: {rooms: {z: {}}}}").empty());
    const std::vector<double> before = values_of_all(world);
    const Group tree = parameter_tree(world);
    const std::vector<LeafPath> leaves = leaves_of(tree);
    REQUIRE(leaves.size() == 18);
    REQUIRE(before.size() == leaves.size());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        CAPTURE(leaves[i].path);
        CHECK(leaves[i].leaf->index == i);
        SmallWorld changed = world;
        // Another value than before, and legal for a flag and a choice.
        const double value = before[i] == 1 ? 0 : 1;
        SetByIndex setter(leaves[i].leaf->index, value);
        describe(changed, setter);
        const std::vector<double> after = values_of_all(changed);
        const bool is_name = std::holds_alternative<ReferenceTarget>(leaves[i].leaf->target);
        for (std::size_t j = 0; j < after.size(); ++j)
            CHECK(after[j] == (i == j && !is_name ? value : before[j]));
    }
}

TEST_CASE("a parameter is found by its path, and a wrong path leads to the nearest") {
    SmallWorld world;
    REQUIRE(read_into(world, "companies: {alpha: {}, beta: {}}").empty());
    const Group tree = parameter_tree(world);
    const auto problem_at = [&tree](std::string_view path) {
        ProblemList problems;
        CHECK(find_leaf(tree, path, {"--set", 1, 1}, problems) == nullptr);
        try {
            problems.throw_if_any();
        } catch (const ScenarioError& error) {
            return error.problems().front();
        }
        return Problem{};
    };
    ProblemList none;
    const Leaf* const count = find_leaf(tree, "companies.beta.count", {}, none);
    REQUIRE(count != nullptr);
    CHECK(std::get<std::int64_t*>(count->target) == &world.companies[1].count);
    CHECK(none.empty());

    CHECK(problem_at("money.volitility").nearest == "money.volatility");
    CHECK(problem_at("money.volitility").legal == "in 'money': round, burn, pause, offers, volatility");
    CHECK(problem_at("volatility").nearest == "money.volatility");
    CHECK(problem_at("companies.volatility").nearest == "money.volatility");
    CHECK(problem_at("companies.gamma.count").legal == "in 'companies': alpha, beta");
    CHECK(problem_at("money").message == "'money' is a group of parameters, not one");
    CHECK(problem_at("").legal == "money, mood, shocks, companies, leader, probability");
    CHECK(problem_at("money.").legal == "in 'money': round, burn, pause, offers, volatility");
    CHECK(problem_at("zebra").nearest.empty());
}

TEST_CASE("an intervention's value is read by the kind of its parameter") {
    SmallWorld world;
    world.companies.resize(1);
    world.companies[0].name = "a";
    const Group tree = parameter_tree(world);
    const auto setting = [&tree](const std::string& path, const std::string& value, ProblemList& problems) {
        const Leaf* const leaf = find_leaf(tree, path, {"a.yaml", 1, 1}, problems);
        REQUIRE(leaf != nullptr);
        return read_setting(*leaf, path, parse_document(value, "a.yaml"), problems);
    };
    ProblemList problems;
    CHECK(setting("money.round", "$3M", problems) == 3e6);
    CHECK(setting("mood", "nervous", problems) == 1.0);
    CHECK(setting("shocks", "no", problems) == 0.0);
    CHECK(problems.empty());
    CHECK_FALSE(setting("companies.a.count", "4", problems));
    CHECK_FALSE(setting("companies.a.cash", "$4M", problems));
    CHECK_FALSE(setting("leader", "a", problems));
    CHECK_FALSE(setting("money.round", "0", problems));
    CHECK_THROWS_WITH(problems.throw_if_any(),
                      Contains("an intervention can't set 'companies.a.count': it takes effect at the start")
                          && Contains("an intervention can't set 'companies.a.cash': it is a distribution")
                          && Contains("an intervention can't set 'leader': it is a name")
                          && Contains("'money.round': '0' is out of range"));
}

TEST_CASE("a reference must name an element that is there") {
    SmallWorld world;
    REQUIRE(read_into(world, "companies: {alpha: {}, beta: {}}\nleader: betta").empty());
    const auto problems_now = [&world] {
        ProblemList problems;
        check_references(
            parameter_tree(world),
            [](const std::string& path) {
                return SourcePosition{path, 2, 9};
            },
            problems);
        return problems;
    };
    CHECK_THROWS_WITH(
        problems_now().throw_if_any(),
        "leader:2:9: 'leader' can't be 'betta': no such name in 'companies' — did you mean 'beta'?\n"
        "  legal here: alpha, beta");
    world.leader = "";
    CHECK_THROWS_WITH(problems_now().throw_if_any(), Contains("'leader' is not said"));
    world.leader = "beta";
    CHECK(problems_now().empty());
}
