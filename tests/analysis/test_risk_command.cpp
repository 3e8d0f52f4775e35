// venturi risk, as from the command line: files of trees, and a startup's own.
#include "analysis/experiments/risk_file.hpp"
#include "analysis/report/activity_display.hpp"
#include "analysis/report/risk_file_report.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

using Json = nlohmann::ordered_json;

std::string written(const ScratchFolder& scratch, const std::string& name, const std::string& text) {
    const std::filesystem::path file = scratch.path() / name;
    std::ofstream(file) << text;
    return file.string();
}

Json answer_of(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "risk");
    arguments.emplace_back("--json");
    const Answer answer = ask(std::move(arguments));
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    return Json::parse(answer.out);
}

std::vector<std::string> joined(std::vector<std::string> some, const std::vector<std::string>& others) {
    some.insert(some.end(), others.begin(), others.end());
    return some;
}

constexpr const char* pumps = R"(
top: no_water
gates:
  no_water: {or: [power_lost, both_pumps]}
  both_pumps: {and: [pump_a, pump_b]}
events:
  power_lost: 0.01
  pump_a: 0.1
  pump_b: 20%
)";

std::filesystem::path shared(const std::string& path) {
    return std::filesystem::path(VENTURI_SOURCE_FOLDER) / ".." / "shared" / path;
}

// Rows of a table of values, by column.
std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<std::vector<std::string>> rows;
    std::string line;
    std::getline(stream, line);
    while (std::getline(stream, line)) {
        std::vector<std::string> row;
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

TEST_CASE("A static tree of our own form is analysed as by hand") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "pumps.yaml", pumps);
    const Json json = answer_of({file, "--list", "5"});
    // 1 − (1 − 0.01)(1 − 0.02).
    const double exact = 0.01 + 0.02 - 0.01 * 0.02;
    CHECK(json["top_probability"].get<double>() == Approx(exact).epsilon(1e-14));
    CHECK(json["minimal_cut_sets"] == 2);
    CHECK(json["rare_event_approximation"].get<double>() == Approx(0.03).epsilon(1e-14));
    CHECK(json["min_cut_upper_bound"].get<double>() == Approx(exact).epsilon(1e-14));
    CHECK(json["listed_cut_sets"][0]["events"] == Json({"pump_a", "pump_b"}));
    for (const Json& event : json["importance"])
        if (event["event"] == "pump_a") {
            CHECK(event["birnbaum"].get<double>() == Approx(0.2 * 0.99).epsilon(1e-14));
            CHECK(event["fussell_vesely"].get<double>() == Approx(0.02 / 0.03).epsilon(1e-14));
        }
    const Answer text = ask({"risk", file});
    CHECK(text.code == ExitCode::success);
    CHECK_THAT(text.out, Contains("probability: 0.0298") && Contains("cut sets: 2") && Contains("pump_b"));
}

TEST_CASE("A dynamic tree is solved exactly, and simulated beside it where that is wanted") {
    const ScratchFolder scratch;
    const std::string file =
        written(scratch, "cold.dft", "toplevel \"S\";\nS csp A B;\nA lambda=0.5;\nB lambda=0.25 dorm=0;\n");
    const Json json = answer_of({file, "--time", "3", "--simulate", "20000"});
    // A sum of two exponential times.
    const double exact = 1 - (0.5 * std::exp(-0.25 * 3) - 0.25 * std::exp(-0.5 * 3)) / 0.25;
    CHECK(json["mean_time_to_failure"].get<double>() == Approx(6).epsilon(1e-12));
    CHECK(json["unreliability"].get<double>() == Approx(exact).epsilon(1e-10));
    // The interval has 99%; this seed is one of the others in a hundred at most.
    const Json interval = json["simulated"]["unreliability_interval"];
    CHECK(interval[0].get<double>() < exact);
    CHECK(interval[1].get<double>() > exact);
    CHECK(interval[1].get<double>() - interval[0].get<double>() < 0.03);
    // Never is written as a word: JSON has no infinity.
    const std::string never =
        written(scratch, "never.dft", "toplevel \"P\";\nP pand A B;\nA lambda=1;\nB lambda=1;\n");
    CHECK(answer_of({never})["mean_time_to_failure"] == "inf");
}

TEST_CASE("What the top can't do without has an infinite reduction worth, and comes first") {
    const ScratchFolder scratch;
    // P(top) = 0.5 · (1 − 0.9 · 0.8) = 0.14; without a it is 0.
    const std::string file = written(scratch, "worth.yaml",
                                     "top: t\ngates:\n  t: {and: [a, either]}\n  either: {or: [b, c]}\n"
                                     "events:\n  b: 0.1\n  c: 0.2\n  a: 0.5\n");
    const Json json = answer_of({file});
    CHECK(json["top_probability"].get<double>() == Approx(0.14).epsilon(1e-14));
    for (const Json& event : json["importance"]) {
        if (event["event"] == "a")
            CHECK(event["risk_reduction_worth"] == "inf");
        else
            CHECK(event["risk_reduction_worth"].get<double>() >= 1);
    }
    const std::string text = ask({"risk", file}).out;
    const std::string table = text.substr(text.find("events that matter most"));
    CHECK_THAT(table, Contains("∞"));
    CHECK(table.find("\na ") < table.find("\nc "));
    // Of a top that can't happen there are no shares: no numbers, not zeros.
    const Json never = answer_of(
        {written(scratch, "never.yaml", "top: t\ngates:\n  t: {and: [a, b]}\nevents:\n  a: 0\n  b: 0.5\n")});
    CHECK(never["top_probability"] == 0);
    CHECK(never["importance"][0]["risk_achievement_worth"] == "inf");
    CHECK(never["importance"][0]["criticality"].is_null());
    CHECK(never["importance"][1]["fussell_vesely"].is_null());
}

TEST_CASE("As many trials are simulated as are asked for, and intervals say what they are") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "pumps.yaml", pumps);
    const Json json = answer_of({file, "--simulate", "100"});
    CHECK(json["simulated"]["trials"] == 100);
    CHECK(json["level"] == 0.99);
    CHECK_THAT(ask({"risk", file, "--simulate", "100"}).out,
               Contains("of 100 trials") && Contains("99% interval"));
    const std::string dynamic =
        written(scratch, "pair.dft", "toplevel \"S\";\nS csp A B;\nA lambda=0.5;\nB lambda=0.25 dorm=0;\n");
    const Json histories = answer_of({dynamic, "--time", "3", "--simulate", "100"})["simulated"];
    CHECK(histories["trajectories"] == 100);
    CHECK(histories["unreliability_trajectories"] == 100);
    CHECK(histories["level"] == 0.99);
}

TEST_CASE("Numbers of cut sets beyond 2^53 are exact, and text in JSON") {
    const ScratchFolder scratch;
    std::string gates = "top: t\ngates:\n  t: {and: [";
    std::string pairs;
    std::string events = "events:\n";
    for (int i = 0; i < 200; ++i) {
        gates += (i == 0 ? "g" : ", g") + std::to_string(i);
        pairs +=
            "  g" + std::to_string(i) + ": {or: [a" + std::to_string(i) + ", b" + std::to_string(i) + "]}\n";
        for (const char* side : {"a", "b"}) events += "  " + (side + std::to_string(i)) + ": 0.9\n";
    }
    const Json json = answer_of({written(scratch, "pairs.yaml", gates + "]}\n" + pairs + events)});
    CHECK(json["minimal_cut_sets"]
          == "1606938044258990275541962092341162602522202993782792835301376");  // 2^200
    CHECK(json["cut_sets_by_order"].size() == 201);
    CHECK(json["cut_sets_by_order"][200] == json["minimal_cut_sets"]);
    CHECK(json["cut_sets_by_order"][199] == 0);
    const Answer text = ask({"risk", (scratch.path() / "pairs.yaml").string()});
    CHECK_THAT(text.out, Contains("minimal cut sets: about 1.607e60\n")
                             && Contains("by number of events: about 1.607e60 of 200\n"));
}

TEST_CASE("Numbers of cut sets are read by people up to 60 digits, and rounded above") {
    const auto power_of_two = [](std::size_t exponent) {
        std::vector<std::uint64_t> digits(exponent / 64 + 1, 0);
        digits.back() = std::uint64_t{1} << (exponent % 64);
        return SetCount(digits);
    };
    CHECK(readable(SetCount(0)) == "0");
    CHECK(readable(power_of_two(100)) == "1267650600228229401496703205376");
    CHECK(readable(power_of_two(199)) == "803469022129495137770981046170581301261101496891396417650688");
    CHECK(readable(power_of_two(200)) == "about 1.607e60");
    CHECK(readable(power_of_two(300)) == "about 2.037e90");
    CHECK(readable(power_of_two(209)) == "about 8.228e62");
    // 10^61 − 1.
    CHECK(readable(SetCount(std::vector<std::uint64_t>{11529215046068469759U, 7626447661401876602U,
                                                       1695461137871974930U, 1593U}))
          == "about 1.000e61");
}

TEST_CASE("Nine repaired inputs in their order are solved, the mean among it") {
    const ScratchFolder scratch;
    std::string text = "toplevel \"T\";\n\"T\" pand";
    for (int i = 0; i < 9; ++i) text += " \"E" + std::to_string(i) + "\"";
    text += ";\n";
    for (int i = 0; i < 9; ++i) text += "\"E" + std::to_string(i) + "\" lambda=0.5 repair=0.4;\n";
    const Json json = answer_of({written(scratch, "nine.dft", text), "--time", "1"});
    CHECK(json["unreliability"].get<double>() == Approx(1.92498855e-10).epsilon(1e-8));
    CHECK(json["mean_time_to_failure"].get<double>() == Approx(20'314'780.45).epsilon(1e-9));
    CHECK_FALSE(json.contains("simulated"));
}

TEST_CASE("A rate beyond all others has an answer") {
    const ScratchFolder scratch;
    const Json fast = answer_of({written(scratch, "fast.dft",
                                         "toplevel \"A\";\n\"A\" pand \"B\" \"C\";\n\"B\" lambda=1e30;\n"
                                         "\"C\" lambda=0.4;\n"),
                                 "--time", "1"});
    CHECK(fast["unreliability"].get<double>() == Approx(-std::expm1(-0.4)).epsilon(1e-10));
}

TEST_CASE("Where nothing is exact, histories end at a bound that is told", "[long]") {
    const ScratchFolder scratch;
    // A spare that is repaired thousands of times before a log-normal life of any length is over.
    const std::string file =
        written(scratch, "spread.yaml",
                "top: t\ngates:\n  t: {priority_and: [x, y]}\n  y: {spare: [p, q, r]}\n"
                "  s: {sequence: [x, p]}\nevents:\n  x: {weibull: {shape: 2, scale: 3 years}}\n"
                "  p: {rate: 1 per year, repair: 2 days}\n  q: {mean: 2 years, dormancy: 30%}\n"
                "  r: {log_normal: {median: 2 years, spread: 12}}\n");
    const Json json = answer_of({file, "--time", "1 year"});
    CHECK(json["unreliability"].is_null());
    CHECK(json["simulated"]["unreliability_trajectories"] == 100'000);
    CHECK(json["simulated"]["unreliability_interval"][1].get<double>() < 0.01);
    CHECK(json["simulated"]["undecided"].get<int>() > 0);
    CHECK(json["simulated"]["mean_time_to_failure"].is_null());
    CHECK(json["simulated"]["mean_time_to_failure_interval"][0].get<double>() > 12);
    CHECK(json["simulated"]["mean_time_to_failure_interval"][1] == "inf");
    std::string notes;
    for (const Json& note : json["notes"]) notes += note.get<std::string>();
    CHECK_THAT(notes, Contains("events"));
}

TEST_CASE("It is said in which unit a time is, what a probability is of, and what is not had") {
    const ScratchFolder scratch;
    // Down with μ repairs a month: (λ / (λ + μ)) (1 − e^(−(λ + μ) t)); failed by t: 1 − e^(−λt).
    const std::string repaired = written(scratch, "repaired.yaml",
                                         "top: down\ngates:\n  down: {or: [pump, spare]}\nevents:\n"
                                         "  pump: {rate: 2 per year, repair: 1 month}\n  spare: 0\n");
    const Json json = answer_of({repaired, "--time", "12"});
    const double rate = 2.0 / 12;
    CHECK(json["top_probability"].get<double>()
          == Approx(rate / (rate + 1) * (1 - std::exp(-(rate + 1) * 12))).epsilon(1e-9));
    CHECK(json["top_probability_is_that_it"] == "stands failed at the mission time");
    CHECK(json["unreliability"].get<double>() == Approx(1 - std::exp(-2)).epsilon(1e-9));
    CHECK(json["time_unit"] == "month");
    const std::filesystem::path picture = scratch.path() / "repaired.svg";
    const std::string text = ask({"risk", repaired, "--time", "12", "--svg", picture.string()}).out;
    CHECK_THAT(text, Contains("mean time to failure: 6 months"));
    CHECK_THAT(text, Contains("unreliability: that it has failed by then"));
    CHECK_THAT(text_of(picture), Contains("has failed by then"));
    const std::string dynamic = written(scratch, "spare.dft",
                                        "toplevel \"T\";\n\"T\" wsp \"A\" \"B\";\n"
                                        "\"A\" lambda=0.5 dorm=0;\n\"B\" lambda=0.5 dorm=0;\n");
    const Answer answer = ask({"risk", dynamic, "--time", "1", "--list", "5"});
    CHECK(answer.code == ExitCode::success);
    CHECK_THAT(answer.err, Contains("--list: cut sets"));
    CHECK_THAT(answer.out, Contains("mean time to failure: 4\n"));
    CHECK(answer_of({dynamic, "--time", "1"})["top_probability_is_that_it"]
          == "has failed by the mission time");
    CHECK_THAT(ask({"risk", "healthcare"}).err, Contains("--startup founders/3"));
    CHECK(ask({"risk", "healthcare"}).code == ExitCode::bad_input);
}

TEST_CASE("An option that says nothing of what is asked is refused") {
    const ScratchFolder scratch;
    const std::string file = written(scratch, "pumps.yaml", pumps);
    for (const std::vector<std::string>& option : std::vector<std::vector<std::string>>{
             {"--set", "a=0.9"}, {"--month", "3"}, {"--strict"}, {"--trajectory", "0"}, {"--more", "$1k"}}) {
        const Answer answer = ask(joined({"risk", file}, option));
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains(option.front() + ": is asked of a startup's tree"));
    }
    const std::vector<std::string> startup = {"risk",       "healthcare", "--startup",
                                              "founders/3", "--month",    "24"};
    for (const std::vector<std::string>& option :
         std::vector<std::vector<std::string>>{{"--time", "3"},
                                               {"--list", "3"},
                                               {"--no-importance"},
                                               {"--simulate", "9"},
                                               {"--top", "crisis"}}) {
        const Answer answer = ask(joined(startup, option));
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains(option.front() + ": is asked of files of trees"));
    }
    // The seed is that of the history.
    const Answer of_seed = ask(with(startup, {"--json", "--seed", "7"}));
    REQUIRE(of_seed.code == ExitCode::success);
    CHECK(Json::parse(of_seed.out)["seed"] == 7);
    CHECK(Json::parse(ask(with(startup, {"--json"})).out)["seed"] == 2024);
}

TEST_CASE("An analysis that is asked to stop ends with what it has, and says so") {
    const ScratchFolder scratch;
    const std::filesystem::path file = written(scratch, "pumps.yaml", pumps);
    const RiskFile read = read_risk_file(std::span(&file, 1), std::nullopt);
    StopRequest stop;
    stop.request();
    RiskFileRequest request;
    request.fault_tree.stop = &stop;
    const RiskFileAnalysis analysis = analyse(read, request);
    CHECK(analysis.interrupted);
    CHECK_FALSE(analysis.tops.front().analysis->probability);
    CHECK_THAT(risk_file_text(read, analysis, Colour::none), Contains("interrupted"));
    CHECK(risk_file_json(read, analysis)["interrupted"] == true);
}

TEST_CASE("A line says what a long analysis is at, as far as there is room") {
    CHECK(activity_line({"solving the tree", 0, 0}, 12, 80) == "solving the tree  12 s  (Ctrl-C stops)");
    CHECK(activity_line({"simulating trials", 45, 100}, 70, 80)
          == "simulating trials  45%  1 min 10 s  (Ctrl-C stops)");
    CHECK(activity_line({"simulating trials", 45, 100}, 70, 30) == "simulating trials  45%");
}

TEST_CASE("A tree with rates is static at a time and dynamic over time") {
    const ScratchFolder scratch;
    const std::string file =
        written(scratch, "rates.yaml",
                "top: both\ngates:\n  both: {and: [a, b]}\nevents:\n  a: {rate: 0.1 per month}\n"
                "  b: {rate: 0.1 per month}\n");
    const double failed = -std::expm1(-1.2);
    const Json json = answer_of({file, "--time", "1 year"});
    CHECK(json["top_probability"].get<double>() == Approx(failed * failed).epsilon(1e-12));
    CHECK(json["unreliability"].get<double>() == Approx(failed * failed).epsilon(1e-10));
    CHECK(json["mean_time_to_failure"].get<double>() == Approx(15).epsilon(1e-9));
}

TEST_CASE("The picture of a file's tree is well-formed and names its events") {
    const ScratchFolder scratch;
    const std::filesystem::path picture = scratch.path() / "pumps.svg";
    REQUIRE(ask({"risk", written(scratch, "pumps.yaml", pumps), "--svg", picture.string()}).code
            == ExitCode::success);
    const std::string svg = text_of(picture);
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains("power_lost") && Contains("both_pumps"));
    // Without a time there is no probability, and no column for one; rates have their unit.
    const std::string file =
        written(scratch, "spare.yaml",
                "top: t\ngates:\n  t: {spare: [a, b]}\nevents:\n"
                "  a: {rate: 0.5 per month}\n  b: {rate: 0.25 per month, dormancy: 0}\n");
    const std::filesystem::path untimed = scratch.path() / "untimed.svg";
    REQUIRE(ask({"risk", file, "--svg", untimed.string()}).code == ExitCode::success);
    const std::string rates = text_of(untimed);
    CHECK_THAT(rates, Contains("rate 0.5 per month") && !Contains(">has failed by then<")
                          && !Contains(">criticality<"));
    const std::filesystem::path timed = scratch.path() / "timed.svg";
    REQUIRE(ask({"risk", file, "--time", "3", "--svg", timed.string()}).code == ExitCode::success);
    CHECK_THAT(text_of(timed), Contains(">has failed by then<") && !Contains(">criticality<"));
}

TEST_CASE("Bad input ends with 2 and says where it is wrong and what is legal") {
    const ScratchFolder scratch;
    struct Case {
        std::string name;
        std::string text;
        std::string message;
    };
    const std::vector<Case> cases = {
        {"undefined.yaml", "top: a\ngates:\n  a: {or: [pump]}\nevents:\n  pumps: 0.1\n", "pumps"},
        {"cycle.yaml", "top: a\ngates:\n  a: {or: [b]}\n  b: {or: [a]}\n", "b"},
        {"probability.yaml", "top: a\nevents:\n  a: 1.2\n", "1.2"},
        {"open.xml", "<opsa-mef><define-fault-tree name=\"f\">", "open.xml"},
        {"gate.dft", "toplevel \"A\";\nA andd B;\nB lambda=1;\n", "andd"},
        {"rate.dft", "toplevel \"A\";\nA or B;\nB lambda=-1;\n", "lambda"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        const Answer answer = ask({"risk", written(scratch, one.name, one.text)});
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.out.empty());
        CHECK_THAT(answer.err, Contains(one.name + ":") && Contains(one.message));
    }
    CHECK(ask({"risk", "/nowhere/at/all.xml"}).code == ExitCode::bad_input);
    const std::string file = written(scratch, "pumps.yaml", pumps);
    CHECK_THAT(ask({"risk", file, "--time", "soon"}).err, Contains("--time 'soon'"));
    CHECK(ask({"risk", file, "--time", "-1"}).code == ExitCode::bad_input);
    CHECK(ask({"risk", file, "--simulate", "0"}).code == ExitCode::bad_input);
}

TEST_CASE("A top that is chosen is taken with the model's substitutions, and a gate below one is refused") {
    const ScratchFolder scratch;
    const auto event = [](const std::string& name, const std::string& probability) {
        return "<define-basic-event name=\"" + name + "\"><float value=\"" + probability
               + "\"/></define-basic-event>";
    };
    const auto trains = [&](const std::string& substitution) {
        return "<opsa-mef><define-fault-tree name=\"T\">"
               "<define-gate name=\"both\"><and><gate name=\"one\"/><gate name=\"two\"/></and></define-gate>"
               "<define-gate name=\"one\"><or><event name=\"v1\"/><event name=\"p1\"/></or></define-gate>"
               "<define-gate name=\"two\"><or><event name=\"v2\"/><event name=\"p2\"/></or></define-gate>"
               "<define-gate name=\"valves\"><or><event name=\"v1\"/><event name=\"v2\"/></or></define-gate>"
               + event("v1", "0.5") + event("v2", "0.5") + event("p1", "0.7") + event("p2", "0.7")
               + "</define-fault-tree>" + substitution + "</opsa-mef>";
    };
    const std::string with_rule =
        written(scratch, "rule.xml",
                trains("<define-substitution><hypothesis><and><basic-event name=\"v1\"/><basic-event "
                       "name=\"v2\"/></and></hypothesis><target><constant value=\"false\"/></target>"
                       "</define-substitution>"));
    const std::string without = written(scratch, "plain.xml", trains(""));
    const auto probability = [](const std::string& file, const std::string& top) {
        const Json json = answer_of({file, "--top", top});
        CHECK(json["top"] == top);
        return json["top_probability"].get<double>();
    };
    CHECK(probability(without, "both") == Approx(0.7225).epsilon(1e-14));
    CHECK(probability(without, "valves") == Approx(0.75).epsilon(1e-14));
    CHECK(probability(without, "one") == Approx(0.85).epsilon(1e-14));
    // Never both valves: one and the other's pump, or both pumps; and one of the two valves.
    CHECK(probability(with_rule, "both") == Approx(2 * 0.25 * 0.7 + 0.25 * 0.49).epsilon(1e-14));
    CHECK(probability(with_rule, "valves") == Approx(0.5).epsilon(1e-14));
    CHECK(answer_of({with_rule})["tops"].size() == 2);
    const Answer below = ask({"risk", with_rule, "--top", "one"});
    CHECK(below.code == ExitCode::bad_input);
    CHECK(below.out.empty());
    CHECK_THAT(below.err, Contains("--top: 'one' is under another gate, and the substitutions of this model "
                                   "hold for its tops only")
                              && Contains("both") && Contains("valves"));
}

TEST_CASE("A startup's own tree is shown with what more money would buy, and drawn") {
    const ScratchFolder scratch;
    const std::filesystem::path picture = scratch.path() / "tree.svg";
    const std::vector<std::string> question = {"risk",       "healthcare", "--startup",
                                               "founders/3", "--month",    "24"};
    const Answer text = ask(with(question, {"--svg", picture.string()}));
    INFO(text.err);
    REQUIRE(text.code == ExitCode::success);
    CHECK_THAT(text.out, Contains("medical accident") && Contains("crisis (any of)") && Contains("$100k more")
                             && Contains("one history (seed") && Contains("trajectory 0"));
    CHECK(is_well_formed(text_of(picture)));
    const Answer answer = ask(with(question, {"--json", "--more", "$1M"}));
    REQUIRE(answer.code == ExitCode::success);
    const Json json = Json::parse(answer.out);
    double spent = 0;
    double loss = 0;
    for (const Json& leaf : json["leaves"]) {
        spent += leaf["share_of_more"].get<double>();
        loss += leaf["expected_loss_per_month"].get<double>();
        CHECK(leaf["hazard_per_month_after"].get<double>() <= leaf["hazard_per_month"].get<double>());
    }
    CHECK(spent == Approx(1e6).epsilon(1e-9));
    CHECK(json["expected_loss_per_month"].get<double>() == Approx(loss).epsilon(1e-9));
    CHECK(json["more"]["expected_loss_per_month_after"].get<double>() < loss);
    CHECK(json["more"]["crises_per_month_after"].get<double>() < json["crises_per_month"].get<double>());
    // What was changed is said wherever it may be shown without the command.
    const std::vector<std::string> changed = with(
        question, {"--set", "risk.management.response_share=20%", "--svg", picture.string(), "--overwrite"});
    const std::string caption = "; with risk.management.response_share=20%";
    CHECK_THAT(text.out, !Contains("; with"));
    CHECK_THAT(ask(changed).out, Contains(caption));
    CHECK_THAT(text_of(picture), Contains(caption) && Contains("not at risk now"));
    CHECK(Json::parse(ask(with(changed, {"--json"})).out)["settings"]
          == Json::array({"risk.management.response_share=20%"}));
    // Whoever asks for what is not there is told.
    CHECK_THAT(ask({"risk", "healthcare", "--startup", "founders/99"}).err,
               Contains("founders/1 to founders/20"));
    CHECK_THAT(ask({"risk", "seed_cohort", "--startup", "founders/1", "--month", "30"}).err,
               Contains("outline"));
    CHECK_THAT(ask({"risk", "healthcare", "--startup", "founders/1", "--month", "900"}).err,
               Contains("ends at month"));
}

TEST_CASE(
    "Published values of dynamic trees come out of the command, exactly and within simulation's interval") {
    const std::filesystem::path table = shared("oracles/dynamic_trees.csv");
    if (!std::filesystem::exists(table)) {
        WARN("the shared tables are absent");
        return;
    }
    std::size_t exact = 0;
    std::size_t outside = 0;
    const auto rows = rows_of(table);
    for (const std::vector<std::string>& row : rows) {
        CAPTURE(row);
        std::vector<std::string> question = {shared("models/dynamic/" + row[0]).string(), "--simulate",
                                             "4000"};
        const bool mean = row[1] == "MTTF";
        if (!mean) question.insert(question.end(), {"--time", row[2]});
        const Json json = answer_of(question);
        const Json value = json[mean ? "mean_time_to_failure" : "unreliability"];
        const double expected = std::stod(row[3]);
        if (value == "inf") {
            CHECK(std::isinf(expected));
            ++exact;
        } else if (!value.is_null()) {
            // Ten digits are printed.
            CHECK(value.get<double>() == Approx(expected).epsilon(1e-8).margin(1e-12));
            ++exact;
        }
        const Json interval =
            json["simulated"][mean ? "mean_time_to_failure_interval" : "unreliability_interval"];
        const auto bound = [&](int i) { return interval[i] == "inf" ? INFINITY : interval[i].get<double>(); };
        outside += expected < bound(0) - 1e-12 || expected > bound(1) + 1e-12 ? 1 : 0;
    }
    CHECK(exact == rows.size());
    // Of 46 intervals of 99%, more than three miss with probability 0.001.
    CHECK(outside <= 3);
}
