#include "agents/risk/event_probabilities.hpp"
#include "agents/risk/event_sequences.hpp"
#include "agents/risk/risk_model.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "tests/agents/truth_table.hpp"
#include "tests/scenarios/open_psa_models.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::open_psa_models;

constexpr double rounding = 1e-14;

// P of a formula over independent events a, b and c.
constexpr double p_a = 0.75;
constexpr double p_b = 0.25;
constexpr double p_c = 0.125;
double formula_probability(const std::string& formula) {
    const std::string house =
        "<define-house-event name=\"on\"><constant value=\"true\"/></define-house-event>\n"
        "<define-house-event name=\"off\"/>\n";
    return top_probability(read(tree_of("<define-gate name=\"top\">" + formula + "</define-gate>\n"
                                        + event("a", p_a) + event("b", p_b) + event("c", p_c) + house))
                               .model,
                           "top");
}

double expression_value(const std::string& expression, double mission_time = 8760) {
    const RiskModelReading reading =
        read("<opsa-mef><model-data><define-parameter name=\"x\">" + expression
             + "</define-parameter><define-parameter name=\"rate\" unit=\"hours-1\"><float value=\"1e-4\"/>"
               "</define-parameter></model-data></opsa-mef>");
    return EventProbabilities(reading.model, mission_time, {}, {reading.model.parameters[0].expression})
        .value_of(reading.model.parameters[0].expression);
}

std::vector<std::vector<std::string>> rows_of(const std::string& file) {
    std::ifstream stream(file);
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(stream, line);  // names of columns
    while (std::getline(stream, line)) {
        std::vector<std::string> fields(1);
        for (const char c : line) {
            if (c == ',')
                fields.emplace_back();
            else
                fields.back() += c;
        }
        rows.push_back(fields);
    }
    return rows;
}

const std::string shared = std::string(VENTURI_SOURCE_FOLDER) + "/../shared";
bool has_shared() {
    return std::filesystem::exists(shared + "/models/open_psa");
}

RiskModelReading read_shared(const std::vector<std::string>& names, const OpenPsaOptions& options = {}) {
    std::vector<std::filesystem::path> files;
    for (const std::string& name : names) files.emplace_back(shared + "/models/open_psa/" + name);
    return read_open_psa(files, options);
}

}  // namespace

TEST_CASE("Every connective of the format means what it says", "[risk]") {
    const std::string a = R"(<basic-event name="a"/>)";
    const std::string b = R"(<event name="b"/>)";
    const std::string c = R"(<event name="c" type="basic-event"/>)";
    const double two_of_three = p_a * p_b * (1 - p_c) + p_a * (1 - p_b) * p_c + (1 - p_a) * p_b * p_c;
    const double all = p_a * p_b * p_c;
    const double odd =
        p_a * (1 - p_b) * (1 - p_c) + (1 - p_a) * p_b * (1 - p_c) + (1 - p_a) * (1 - p_b) * p_c + all;
    const std::vector<std::pair<std::string, double>> cases = {
        {a, p_a},
        {R"(<house-event name="on"/>)", 1},
        {R"(<event name="off"/>)", 0},
        {R"(<constant value="true"/>)", 1},
        {"<not>" + a + "</not>", 1 - p_a},
        {"<not><not>" + a + "</not></not>", p_a},
        {"<and>" + b + "<not><not>" + a + "</not></not></and>", p_a * p_b},
        {"<and>" + a + b + c + "</and>", all},
        {"<or>" + a + b + "</or>", 1 - (1 - p_a) * (1 - p_b)},
        {"<nand>" + a + b + c + "</nand>", 1 - all},
        {"<nor>" + a + b + "</nor>", (1 - p_a) * (1 - p_b)},
        {"<xor>" + a + b + c + "</xor>", odd},
        {"<iff>" + a + b + "</iff>", p_a * p_b + (1 - p_a) * (1 - p_b)},
        // It associates: true where an even number of three are false.
        {"<iff>" + a + b + c + "</iff>", odd},
        {"<imply>" + a + b + "</imply>", 1 - p_a * (1 - p_b)},
        {"<atleast min=\"2\">" + a + b + c + "</atleast>", two_of_three + all},
        {"<cardinality min=\"2\" max=\"2\">" + a + b + c + "</cardinality>", two_of_three},
        {"<cardinality min=\"0\" max=\"1\">" + a + b + c + "</cardinality>", 1 - two_of_three - all},
        {"<and>" + a + "<or>" + b + "<not><and>" + a + c + "</and></not></or></and>",
         p_a * (1 - (1 - p_b) * p_c)},
        {"<or><constant value=\"false\"/>" + a + "</or>", p_a},
        {"<and>" + a + "<house-event name=\"on\"/><not><house-event name=\"off\"/></not></and>", p_a},
    };
    for (const auto& [formula, expected] : cases) {
        CAPTURE(formula);
        CHECK(formula_probability(formula) == Approx(expected).epsilon(rounding));
    }
}

TEST_CASE("Expressions are read with their arguments in order", "[risk]") {
    const std::vector<std::pair<std::string, double>> cases = {
        {R"(<float value="1.5e-3"/>)", 1.5e-3},
        {R"(<float value="+.5"/>)", 0.5},
        {R"(<int value="-42"/>)", -42},
        {R"(<bool value="true"/>)", 1},
        {R"(<pi/>)", std::acos(-1.0)},
        {R"(<system-mission-time/>)", 24},
        {R"(<parameter name="rate"/>)", 1e-4},
        {R"(<parameter name="rate" unit="hours-1"/>)", 1e-4},
        {R"(<sub><int value="7"/><int value="2"/><int value="1"/></sub>)", 4},
        {R"(<div><int value="1"/><int value="8"/></div>)", 0.125},
        {R"(<pow><int value="2"/><int value="3"/></pow>)", 8},
        {R"(<ite><lt><int value="1"/><int value="2"/></lt><int value="3"/><int value="4"/></ite>)", 3},
        {R"(<switch><case><bool value="false"/><int value="1"/></case><int value="2"/></switch>)", 2},
        {R"(<switch><case><bool value="true"/><int value="1"/></case><int value="2"/></switch>)", 1},
        {R"(<exponential><parameter name="rate"/><system-mission-time/></exponential>)", -std::expm1(-24e-4)},
        {R"(<histogram><int value="0"/><bin><int value="1"/><int value="4"/></bin></histogram>)", 4},
        {R"(<test-initiating-event name="nowhere"/>)", 0},
        {R"(<test-functional-event name="nowhere" state="on"/>)", 0},
    };
    for (const auto& [expression, expected] : cases) {
        CAPTURE(expression);
        CHECK(expression_value(expression, 24) == Approx(expected).epsilon(rounding));
    }
    // Every operation is known to the reader by the name that the table gives it.
    for (const OperationRule& rule : operation_rules()) {
        if (rule.operation < Operation::neg || rule.operation == Operation::choose
            || rule.operation == Operation::histogram)
            continue;
        CAPTURE(rule.name);
        const std::string name(rule.name);
        std::string text = "<" + name + ">";
        for (std::uint32_t i = 0; i < rule.least; ++i) text += R"(<float value="0.75"/>)";
        CHECK(std::isfinite(expression_value(text + "</" + name + ">")));
    }
}

TEST_CASE("A model with a little of everything is read as it is meant", "[risk]") {
    const RiskModelReading reading = read(whole_model());
    const RiskModel& model = reading.model;
    CHECK(model.name == "plant");
    CHECK(reading.warnings.empty());
    CHECK(top_gates(model).size() == 1);
    const double v1 = 0.2;  // the mean of 0.1 and 0.3, in bins of one width
    const double v3 = -std::expm1(-1e-5 * 8760);
    const double stuck = v1 * (1 - v3) + (1 - v1) * v3;
    CHECK(top_probability(model, "pumps.stuck") == Approx(stuck).epsilon(rounding));
    const SequenceSet set = sequences_of(model, 0, 8760);
    REQUIRE(set.sequences.size() == 2);
    CHECK(probability_of(set.sequences[0], truth_table::probability) == Approx(1 - stuck).epsilon(rounding));
    // By the branch, and past it; both weighed by the rule of the sequence.
    CHECK(probability_of(set.sequences[1], truth_table::probability)
          == Approx(0.02 * stuck + 0.01 * 0.02).epsilon(rounding));
    CHECK(event_probabilities(model, 5).back() == Approx(0.1 * 0.01).epsilon(rounding));
}

TEST_CASE("Private names are seen from inside, and by their path", "[risk]") {
    const std::string text = tree_of(R"(
<define-gate name="top"><and><gate name="inner.g"/><event name="e"/></and></define-gate>
<define-basic-event name="e"><float value="0.5"/></define-basic-event>
<define-component name="inner" role="private">
  <define-gate name="g"><or><event name="e"/><event name="deeper.e"/><event name="open"/></or></define-gate>
  <define-basic-event name="e"><float value="0.25"/></define-basic-event>
  <define-basic-event name="secret"><float value="0.5"/></define-basic-event>
  <define-basic-event name="open" role="public"><parameter name="p"/></define-basic-event>
  <define-parameter name="p"><parameter name="T.inner.deeper.p"/></define-parameter>
  <define-component name="deeper">
    <define-gate name="up"><and><event name="secret"/><event name="e"/></and></define-gate>
    <define-basic-event name="e"><float value="0.125"/></define-basic-event>
    <define-parameter name="p"><float value="0"/></define-parameter>
  </define-component>
</define-component>
<define-gate name="from-outside"><and><event name="T.inner.e"/><event name="open"/></and></define-gate>)");
    const RiskModel model = read(text).model;
    // The inner e, not the outer.
    CHECK(top_probability(model, "top") == Approx(0.5 * (1 - 0.75 * 0.875)).epsilon(rounding));
    CHECK(find_gate(model, "T.inner.g"));
    CHECK(top_probability(model, "T.inner.deeper.up") == Approx(0.5 * 0.125).epsilon(rounding));
    CHECK(model.basic_events[1].name == "T.inner.e");
    CHECK(model.basic_events[3].name == "open");
    CHECK(problem_of(tree_of(R"(<define-gate name="top"><event name="hidden"/></define-gate>
<define-component name="c" role="private">
<define-basic-event name="hidden"><float value="0.1"/></define-basic-event></define-component>)"))
          == "3:25 the event 'hidden' is not defined");
    CHECK(problem_of(tree_of(R"(<define-component name="c"><define-basic-event name="e"/></define-component>
<define-component name="d"><define-basic-event name="e"/></define-component>)"))
          == "4:28 the name 'e' is defined twice, first as a basic-event at plant.xml:3:28");
    CHECK(
        problem_of(
            R"(<opsa-mef><model-data><define-basic-event name="e" role="private"/></model-data></opsa-mef>)")
        == "1:23 an element outside of all containers can't be private to one");
}

TEST_CASE("Factors without a level follow each other", "[risk]") {
    const auto greek = [](const std::string& factors) {
        const RiskModel model =
            read(
                tree_of(R"(<define-gate name="top"><and><event name="a"/><event name="b"/></and></define-gate>
<define-CCF-group name="g" model="MGL">
<members><basic-event name="a"/><basic-event name="b"/><basic-event name="c"/></members>
<distribution><float value="0.1"/></distribution><factors>)"
                        + factors + "</factors></define-CCF-group>"))
                .model;
        return event_probabilities(model, 1);
    };
    const std::string low = "<float value=\"0.2\"/></factor>";
    const std::string high = "<float value=\"0.5\"/></factor>";
    const std::vector<double> stated = greek("<factor level=\"3\">" + high + "<factor level=\"2\">" + low);
    CHECK(greek("<factor>" + low + "<factor>" + high) == stated);
    CHECK(greek("<factor level=\"2\">" + low + "<factor>" + high) == stated);
    // All three together: ρ_2 ρ_3 Q.
    CHECK(stated.back() == Approx(0.2 * 0.5 * 0.1).epsilon(rounding));
}

TEST_CASE("A model is put together from several files in any order", "[risk]") {
    const test::TemporaryFolder folder;
    const std::filesystem::path tree = folder.write(
        "tree.xml",
        tree_of(R"(<define-gate name="top"><and><event name="a"/><event name="b"/></and></define-gate>)"));
    const std::filesystem::path data =
        folder.write("data.xml", "<opsa-mef name=\"m\"><model-data>" + event("a", 0.5) + event("b", 0.25)
                                     + "</model-data></opsa-mef>");
    for (const auto& files : {std::vector{tree, data}, std::vector{data, tree}}) {
        const RiskModelReading reading = read_open_psa(files);
        CHECK(top_probability(reading.model, "top") == 0.125);
        CHECK(reading.model.name == "m");
    }
    CHECK_THROWS_AS(read_open_psa(std::vector{tree}), ScenarioError);
    CHECK_THROWS_AS(read_open_psa(std::vector{tree, data, data}), ScenarioError);
    CHECK_THROWS_AS(read_open_psa(std::vector<std::filesystem::path>{}), ScenarioError);
    CHECK_THROWS_AS(read_open_psa(std::vector{folder.path()}), ScenarioError);
    CHECK_THROWS_AS(read_open_psa(std::vector{folder.path() / "absent.xml"}), ScenarioError);
    try {
        static_cast<void>(read_open_psa(std::vector{data, tree, data}));
    } catch (const ScenarioError& error) {
        CHECK(error.problems().front().position.file == data.string());
    }
}

TEST_CASE("Models of the exchange format have the probabilities that another program finds", "[risk]") {
    if (!has_shared()) {
        WARN("the shared models are not here");
        return;
    }
    const std::map<std::string, std::string> files = {{"TwoTrain", "TwoTrain/two_train.xml"},
                                                      {"SmallTree", "SmallTree/SmallTree.xml"},
                                                      {"Theatre", "Theatre/theatre.xml"},
                                                      {"ThreeMotor", "ThreeMotor/three_motor.xml"}};
    std::size_t checked = 0;
    for (const auto& row : rows_of(shared + "/oracles/open_psa_models.csv")) {
        CAPTURE(row[0]);
        const RiskModel model = read_shared({files.at(row[0])}).model;
        CHECK(model.basic_events.size() == std::stoul(row[3]));
        CHECK(model.house_events.size() == std::stoul(row[4]));
        CHECK(top_probability(model, row[1]) == Approx(std::stod(row[6])).epsilon(1e-9));
        ++checked;
    }
    CHECK(checked == 4);
    const std::map<std::string, std::string> groups = {{"beta_factor", "core/beta_factor_ccf.xml"},
                                                       {"alpha_factor", "core/alpha_factor_ccf.xml"},
                                                       {"beta_factor TwoTrain", "TwoTrain/common_cause.xml"}};
    for (const auto& row : rows_of(shared + "/oracles/open_psa_common_cause.csv")) {
        CAPTURE(row[0]);
        const RiskModel model = read_shared({groups.at(row[0])}).model;
        CHECK(top_probability(model, "TopEvent") == Approx(std::stod(row[1])).epsilon(1e-9));
    }
}

TEST_CASE("All sequences of the shared event trees have the probabilities that another program finds",
          "[risk]") {
    if (!has_shared()) {
        WARN("the shared models are not here");
        return;
    }
    const std::map<std::string, std::vector<std::string>> files = {
        {"bcd", {"EventTrees/bcd.xml"}},
        {"gas_leak_reactive", {"EventTrees/gas_leak/gas_leak_reactive.xml"}},
        {"gas_leak", {"EventTrees/gas_leak/gas_leak.xml", "EventTrees/gas_leak/gas_leak_reactive.xml"}},
        {"three_motor", {"ThreeMotor/event_tree.xml", "ThreeMotor/three_motor.xml"}}};
    std::map<std::string, double> computed;
    for (const auto& [name, of_model] : files) {
        const RiskModel model = read_shared(of_model).model;
        for (std::uint32_t i = 0; i < model.event_trees.initiating_events.size(); ++i)
            for (const ReachedSequence& each : sequences_of(model, i, 8760).sequences)
                computed[name + "," + model.event_trees.initiating_events[i].name + ","
                         + model.event_trees.sequences[each.sequence].name] =
                    probability_of(each, truth_table::probability);
    }
    std::size_t checked = 0;
    for (const auto& row : rows_of(shared + "/oracles/open_psa_event_trees.csv")) {
        const std::string key = row[0] + "," + row[1] + "," + row[2];
        CAPTURE(key);
        REQUIRE(computed.contains(key));
        CHECK(computed[key] == Approx(std::stod(row[3])).epsilon(1e-9));
        ++checked;
    }
    CHECK(checked == 35);
    CHECK(computed.size() == 35);
}

TEST_CASE("The uncertainty of a small tree is that which another program samples", "[risk]") {
    if (!has_shared()) {
        WARN("the shared models are not here");
        return;
    }
    const RiskModel model = read_shared({"SmallTree/SmallTree.xml"}).model;
    const EventProbabilities probabilities(model, 8760);
    constexpr std::uint32_t trials = 20'000;
    double sum = 0;
    double squares = 0;
    for (std::uint32_t trial = 0; trial < trials; ++trial) {
        const std::vector<double> p = probabilities.sample({.seed = 1, .trial = trial}).probabilities;
        // (e1 and e2) or (e3 and e4)
        const double top = 1 - (1 - p[0] * p[1]) * (1 - p[2] * p[3]);
        sum += top;
        squares += top * top;
    }
    const auto row = rows_of(shared + "/oracles/open_psa_uncertainty.csv").front();
    const double mean = sum / trials;
    const double error = std::sqrt((squares / trials - mean * mean) / trials);
    // Its own mean comes with an interval of ±4.2e-5 at 95%.
    const double its_error = 4.2e-5 / 1.96;
    CHECK(mean == Approx(std::stod(row[2])).margin(4 * std::hypot(error, its_error)));
    CHECK(std::stod(row[1]) == Approx(top_probability(model, "top")).epsilon(1e-9));
}
