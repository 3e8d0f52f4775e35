// The `venturi` program as its users meet it: commands, exit codes, and what is said of bad input.
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace venturi {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

std::vector<std::string> short_run(const fs::path& folder) {
    return {"run",     "seed_cohort", "--trajectories",
            "40",      "--set",       "run.horizon=48 months",
            "--quiet", "--output",    (folder / "result").string()};
}

TEST_CASE("a run writes a whole results folder and says nothing when quiet") {
    const ScratchFolder scratch;
    const Answer answer = ask(with(short_run(scratch.path()), {"--keep-trajectories"}));
    REQUIRE(answer.code == ExitCode::success);
    CHECK(answer.out.empty());
    CHECK(answer.err.empty());
    for (const char* file :
         {"manifest.json", "summary.csv", "ensemble.nc", "trajectories.csv", "survival.svg"})
        CHECK(fs::exists(scratch.path() / "result" / file));
    const auto manifest = nlohmann::json::parse(text_of(scratch.path() / "result" / "manifest.json"));
    CHECK(manifest["trajectories_completed"] == 40);
    CHECK(manifest["ending"] == "finished");
    std::istringstream rows(text_of(scratch.path() / "result" / "trajectories.csv"));
    std::size_t lines = 0;
    for (std::string line; std::getline(rows, line);) ++lines;
    CHECK(lines == 41);
}

TEST_CASE("the same run gives the same files to the byte, whatever the number of threads") {
    const ScratchFolder one;
    const ScratchFolder three;
    REQUIRE(ask(with(short_run(one.path()), {"--threads", "1"})).code == ExitCode::success);
    REQUIRE(ask(with(short_run(three.path()), {"--threads", "3"})).code == ExitCode::success);
    for (const char* file : {"manifest.json", "summary.csv", "ensemble.nc", "survival.svg"})
        CHECK(text_of(one.path() / "result" / file) == text_of(three.path() / "result" / file));
}

TEST_CASE("The option json prints one object with the terms in full") {
    const ScratchFolder scratch;
    const Answer answer = ask(with(short_run(scratch.path()), {"--json"}));
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["trajectories_completed"] == 40);
    CHECK(json["observables"]["scalars"]["share_exited"]["confidence_interval"].size() == 2);
    CHECK(json["observables"]["survival"].size() == 5);
}

TEST_CASE("a run stops when the interval is narrow enough, and the files say so") {
    const ScratchFolder scratch;
    const Answer answer =
        ask({"run", "seed_cohort", "--trajectories", "5000", "--set", "run.horizon=24 months", "--quiet",
             "--json", "--until", "share_dead=5%", "--output", (scratch.path() / "result").string()});
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["ending"] == "precision_reached");
    CHECK(json["trajectories_completed"] < 5000);
    const auto& dead = json["observables"]["scalars"]["share_dead"];
    const double half =
        (dead["confidence_interval"][1].get<double>() - dead["confidence_interval"][0].get<double>()) / 2;
    CHECK(half <= 0.05 * dead["mean"].get<double>());
}

TEST_CASE("an earlier result is replaced, and a folder with anything else in it is not touched") {
    const ScratchFolder scratch;
    REQUIRE(ask(short_run(scratch.path())).code == ExitCode::success);
    REQUIRE(ask(short_run(scratch.path())).code == ExitCode::success);
    std::ofstream(scratch.path() / "result" / "notes.txt") << "mine";
    const Answer refused = ask(short_run(scratch.path()));
    CHECK(refused.code == ExitCode::bad_input);
    CHECK(text_of(scratch.path() / "result" / "notes.txt") == "mine");
    CHECK_FALSE(refused.err.empty());
}

TEST_CASE("an output folder that cannot be written is found before the run") {
    const Answer answer = ask({"run", "seed_cohort", "--quiet", "--output", "/proc/nowhere/result"});
    CHECK(answer.code == ExitCode::bad_input);
    CHECK(answer.err.find("/proc") != std::string::npos);
}

TEST_CASE("mistakes on the command line are bad input, and the answer names what is legal") {
    struct Mistake {
        std::vector<std::string> arguments;
        std::string said;
    };
    const std::vector<Mistake> mistakes = {
        {{"run", "seed_cohrt"}, "seed_cohort"},
        {{"run", "seed_cohort", "--trajectories", "0"}, "0"},
        {{"run", "seed_cohort", "--trajectories", "many"}, "many"},
        {{"run", "seed_cohort", "--set", "finance.raising.atempts=3"}, "attempts"},
        {{"run", "seed_cohort", "--set", "finance.exits.reserve=nan"}, "nan"},
        {{"run", "seed_cohort", "--set", "market.segments.software.churn=2"}, "month"},
        {{"run", "seed_cohort", "--until", "share_exitd=1%"}, "share_exited"},
        {{"run", "seed_cohort", "--until", "share_exited=-1"}, "half-width"},
        {{"run", "ecosystem", "--until", "people_moved[a -> b]=1"}, "no such category in this scenario"},
        {{"run", "seed_cohort", "--threads", "-3"}, "-3"},
        {{"trace", "seed_cohort", "--trajectory", "-1"}, "-1"},
        {{"trace", "seed_cohort", "--company", "founders/0"}, "founders/1"},
        {{"walk"}, "walk"},
    };
    for (const Mistake& mistake : mistakes) {
        const Answer answer = ask(mistake.arguments);
        INFO(mistake.arguments.back() << ": " << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find(mistake.said) != std::string::npos);
        CHECK(answer.out.empty());
    }
}

TEST_CASE("a run does not wait for what no company has, and writes nothing") {
    const ScratchFolder scratch;
    const std::string folder = (scratch.path() / "result").string();
    for (const std::string name : {"exit_value.median", "months_to_exit", "business_expansion"}) {
        const Answer answer =
            ask({"run", "seed_cohort", "--trajectories", "3", "--set", "run.horizon=12 months", "--set",
                 "finance.exits.offers=0/month", "--set", "finance.exits.listing=0/month", "--until",
                 name + "=5%", "--output", folder});
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find("--until '" + name
                              + "': no company of any history has it by the horizon; nothing was "
                                "written")
              != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(folder));
    }
    const Answer lived =
        ask({"run", "seed_cohort", "--trajectories", "300", "--set", "run.horizon=24 months", "--until",
             "restricted_mean_survival=10%", "--json", "--quiet", "--output", folder});
    INFO(lived.err);
    REQUIRE(lived.code == ExitCode::success);
    const auto json = nlohmann::json::parse(lived.out);
    CHECK(json["ending"] == "precision_reached");
    const auto mean = json["observables"]["restricted_mean_survival"];
    CHECK(mean["unit"] == "month");
    CHECK(mean["mean"] < 24);
    CHECK(mean["mean"] > 12);
    CHECK(mean["confidence_interval"][0] < mean["mean"]);
    CHECK(mean["mean"] < mean["confidence_interval"][1]);
}

TEST_CASE("every command has help with an example") {
    for (const char* command : {"run", "trace", "influence", "check", "schema", "new", "list"}) {
        const Answer answer = ask({command, "--help"});
        INFO(command);
        CHECK(answer.code == ExitCode::success);
        CHECK(answer.out.find(std::string("venturi ") + command) != std::string::npos);
        CHECK(answer.out.find("Example") != std::string::npos);
    }
}

TEST_CASE("a story begins with the founding and can be read as a table") {
    const ScratchFolder scratch;
    const fs::path csv = scratch.path() / "story.csv";
    const Answer answer = ask({"trace", "seed_cohort", "--trajectory", "7", "--csv", csv.string()});
    REQUIRE(answer.code == ExitCode::success);
    CHECK(answer.out.find("founded with a seed round") != std::string::npos);
    const std::string table = text_of(csv);
    CHECK(table.rfind("month,company,event,amount,detail,text\n", 0) == 0);
    CHECK(table.find(",founded,") != std::string::npos);
    CHECK(ask({"trace", "seed_cohort", "--trajectory", "7"}).out == answer.out);
}

TEST_CASE("a new scenario is valid, runs, and is not overwritten") {
    const ScratchFolder scratch;
    const std::string file = (scratch.path() / "mine.yaml").string();
    REQUIRE(ask({"new", file}).code == ExitCode::success);
    CHECK(ask({"check", file}).code == ExitCode::success);
    CHECK(ask({"new", file}).code == ExitCode::bad_input);
    CHECK(
        ask({"run", file, "--trajectories", "2", "--quiet", "--output", (scratch.path() / "result").string()})
            .code
        == ExitCode::success);
}

TEST_CASE("a broken scenario is checked with its line, column and what was meant") {
    const ScratchFolder scratch;
    const fs::path file = scratch.path() / "broken.yaml";
    std::ofstream(file) << "extends: seed_cohort\nfinance:\n  raising:\n    atempts: 3\n";
    const Answer answer = ask({"check", file.string(), "--json"});
    CHECK(answer.code == ExitCode::bad_input);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["valid"] == false);
    CHECK(json["problems"][0]["line"] == 4);
    CHECK(json["problems"][0]["column"] == 5);
    CHECK(json["problems"][0]["nearest"] == "attempts");
}

TEST_CASE("the library is listed, and every scenario in it is valid") {
    const auto json = nlohmann::json::parse(ask({"list", "--json"}).out);
    REQUIRE(json["scenarios"].size() >= 1);
    for (const auto& scenario : json["scenarios"]) {
        INFO(scenario["name"]);
        CHECK(scenario["problem"] == "");
        CHECK(ask({"check", scenario["name"].get<std::string>()}).code == ExitCode::success);
    }
}

TEST_CASE("a new scenario as JSON is one object with the text that is printed without") {
    const std::string text = ask({"new", "--from", "customer_service"}).out;
    const auto json = nlohmann::json::parse(ask({"new", "--from", "customer_service", "--json"}).out);
    CHECK(json == nlohmann::json{{"scenario", text}});
    const ScratchFolder scratch;
    const std::string file = (scratch.path() / "mine.yaml").string();
    CHECK(nlohmann::json::parse(ask({"new", file, "--from", "customer_service", "--json"}).out)
          == nlohmann::json{{"file", file}});
    CHECK(text_of(file) == text);
}

TEST_CASE("an option that is given twice is told so") {
    const auto said = [](const std::vector<std::string>& arguments) {
        const Answer answer = ask(arguments);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.out.empty());
        return answer.err;
    };
    CHECK_THAT(said({"run", "seed_cohort", "--trajectories", "5", "--trajectories", "6"}),
               Contains("--trajectories: given twice\n  legal here: once\n"));
    CHECK_THAT(said({"new", "--from", "a", "--from", "b", "--from", "c"}),
               Contains("--from: given 3 times\n  legal here: once\n"));
}

TEST_CASE("what is set twice draws one warning with all of it, of which the last counts") {
    const ScratchFolder scratch;
    const auto set = [&](const std::vector<std::string>& settings) {
        std::vector<std::string> arguments = with(short_run(scratch.path()), {"--json"});
        for (const std::string& each : settings) {
            arguments.emplace_back("--set");
            arguments.push_back("finance.raising.attempts=" + each);
        }
        return arguments;
    };
    const Answer answer = ask(set({"4", "3"}));
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    REQUIRE(json["warnings"].size() == 1);
    CHECK(json["warnings"][0]
          == "of what is given to a parameter the last counts\n  --set:1:1: 'finance.raising.attempts' is 3, "
             "and not as said before: --set finance.raising.attempts=4");
    CHECK(answer.err == "warning: " + json["warnings"][0].get<std::string>() + "\n");
    CHECK_THAT(ask(set({"4", "5", "3", "3"})).err,
               Contains("as said before: --set finance.raising.attempts=4, --set "
                        "finance.raising.attempts=5\n"));
    CHECK(ask(set({"3", "3"})).err.empty());
    const Answer strict = ask(with(set({"4", "3"}), {"--strict"}));
    CHECK(strict.code == ExitCode::bad_input);
    CHECK_THAT(strict.err, Contains("'finance.raising.attempts' is 3, and not as said before"));
    CHECK_THAT(ask(with(short_run(scratch.path()), {"--set", "run.trajectories=30"})).err,
               Contains("  --trajectories: 'run.trajectories' is 40, and not as said before: --set "
                        "run.trajectories=30\n"));
}

TEST_CASE("a value that is not there is told at its key") {
    const ScratchFolder scratch;
    const fs::path file = scratch.path() / "empty.yaml";
    std::ofstream(file) << "extends: seed_cohort\nrun:\n  horizon:\n\n  seed: 3\n";
    const auto json = nlohmann::json::parse(ask({"check", file.string(), "--json"}).out);
    REQUIRE(json["problems"].size() == 1);
    CHECK(json["problems"][0]["line"] == 3);
    CHECK(json["problems"][0]["column"] == 3);
}

}  // namespace
}  // namespace venturi
