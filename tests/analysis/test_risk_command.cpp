// venturi risk, as from the command line: files of trees, and a startup's own.
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

using Json = nlohmann::json;

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

TEST_CASE("A startup's own tree is shown with what more money would buy, and drawn") {
    const ScratchFolder scratch;
    const std::filesystem::path picture = scratch.path() / "tree.svg";
    const std::vector<std::string> question = {"risk",       "healthcare", "--startup",
                                               "founders/3", "--month",    "24"};
    const Answer text = ask(with(question, {"--svg", picture.string()}));
    INFO(text.err);
    REQUIRE(text.code == ExitCode::success);
    CHECK_THAT(text.out,
               Contains("medical accident") && Contains("crisis (any of)") && Contains("$100k more"));
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
