// What the program says of settings that can hardly be meant, and of options that are wrong.
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace venturi {
namespace {

using Catch::Matchers::Contains;

std::vector<std::string> short_run(const std::filesystem::path& folder) {
    return {"run",     "seed_cohort", "--trajectories",
            "16",      "--set",       "run.horizon=12 months",
            "--quiet", "--output",    (folder / "result").string()};
}

std::filesystem::path written(const ScratchFolder& folder, const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder.path() / name;
    std::ofstream(file) << text;
    return file;
}

TEST_CASE("a setting that nothing reads is warned of once and changes no byte of the results") {
    const ScratchFolder one;
    const ScratchFolder other;
    REQUIRE(ask(short_run(one.path())).code == ExitCode::success);
    const Answer answer = ask(with(short_run(other.path()), {"--set", "startups.founders.mix.technology=60%",
                                                             "--set", "startups.founders.mix.data=5%"}));
    CHECK(answer.code == ExitCode::success);
    CHECK_THAT(answer.err, Contains("warning: nothing in this scenario reads what is set here")
                               && Contains("startups.founders.mix.technology")
                               && Contains("startups.founders.mix.data"));
    CHECK(answer.err.find("warning", 10) == std::string::npos);
    CHECK(text_of(one.path() / "result" / "summary.csv") == text_of(other.path() / "result" / "summary.csv"));
    CHECK(text_of(one.path() / "result" / "ensemble.nc").size()
          == text_of(other.path() / "result" / "ensemble.nc").size());
}

TEST_CASE("with strict, warnings are errors") {
    const ScratchFolder scratch;
    for (const char* setting : {"startups.founders.mix.technology=90%", "finance.raising.attempts=12"}) {
        CAPTURE(setting);
        const Answer loose = ask(with(short_run(scratch.path()), {"--set", setting}));
        CHECK(loose.code == ExitCode::success);
        CHECK_THAT(loose.err, Contains("warning: "));
        const Answer strict = ask(with(short_run(scratch.path()), {"--strict", "--set", setting}));
        CHECK(strict.code == ExitCode::bad_input);
        CHECK_THAT(strict.err, Contains("--set:1:1: '"));
        CHECK(ask({"trace", "seed_cohort", "--strict", "--set", setting}).code == ExitCode::bad_input);
    }
    CHECK(ask(with(short_run(scratch.path()), {"--strict", "--set", "finance.raising.attempts=3"}))
              .err.empty());
}

TEST_CASE("check tells warnings, as text, as JSON and as errors") {
    const ScratchFolder scratch;
    const std::string odd =
        written(scratch, "odd.yaml", "extends: seed_cohort\nfinance: {raising: {attempts: 12}}\n").string();
    const Answer text = ask({"check", odd});
    CHECK(text.code == ExitCode::success);
    CHECK_THAT(text.err, Contains("odd.yaml:2:31: 'finance.raising.attempts' is 12"));
    const auto json = nlohmann::json::parse(ask({"check", odd, "--json"}).out);
    CHECK(json["valid"] == true);
    REQUIRE(json["warnings"].size() == 1);
    CHECK(json["warnings"][0]["places"][0]["line"] == 2);
    const Answer strict = ask({"check", odd, "--json", "--strict"});
    CHECK(strict.code == ExitCode::bad_input);
    CHECK(nlohmann::json::parse(strict.out)["problems"].size() == 1);
    CHECK(ask({"check", "seed_cohort", "--strict"}).code == ExitCode::success);
}

TEST_CASE("JSON of a command that warns holds what it printed") {
    const ScratchFolder scratch;
    const std::vector<std::string> odd = {"--json", "--set", "finance.raising.attempts=12", "--set",
                                          "startups.founders.mix.technology=0.5"};
    const auto with_odd = [&](std::vector<std::string> question) {
        question.insert(question.end(), odd.begin(), odd.end());
        return question;
    };
    for (const std::vector<std::string>& question :
         {with_odd(short_run(scratch.path())), with_odd({"trace", "seed_cohort"})}) {
        const Answer answer = ask(question);
        INFO(answer.err);
        REQUIRE(answer.code == ExitCode::success);
        const auto json = nlohmann::json::parse(answer.out);
        REQUIRE(json["warnings"].size() == 2);
        for (const auto& warning : json["warnings"])
            CHECK_THAT(answer.err, Contains("warning: " + warning.get<std::string>() + "\n"));
        CHECK_THAT(json["warnings"][0].get<std::string>() + json["warnings"][1].get<std::string>(),
                   Contains("'finance.raising.attempts' is 12") && Contains("mix.technology"));
    }
    const Answer none = ask(with(short_run(scratch.path()), {"--json"}));
    CHECK(nlohmann::json::parse(none.out)["warnings"].empty());
}

TEST_CASE("the value of an option is told under the option's name") {
    const Answer none = ask({"run", "seed_cohort", "--trajectories", "0"});
    CHECK(none.code == ExitCode::bad_input);
    CHECK_THAT(none.err, Contains("--trajectories: '0' is out of range")
                             && Contains("legal here: between 1 and 4294967295"));
    CHECK(none.err.find("--set") == std::string::npos);
    CHECK_THAT(ask({"run", "seed_cohort", "--seed", "-4"}).err, Contains("--seed: '-4' is out of range"));
    CHECK_THAT(ask({"run", "seed_cohort", "--seed", "1.5"}).err, Contains("--seed: '1.5' is not whole"));
    CHECK_THAT(ask({"run", "seed_cohort", "--seed", "2.000"}).err,
               Contains("--seed: '2.000' is ambiguous: 2 or 2,000"));
    CHECK_THAT(ask({"run", "seed_cohort", "--until", "share_exited=2.000"}).err,
               Contains("'2.000' is ambiguous: 2 or 2,000"));
    CHECK_THAT(ask({"risk", VENTURI_SOURCE_FOLDER "/examples/service_lost.yaml", "--time", "1.500"}).err,
               Contains("'1.500' is ambiguous: 1.5 or 1,500; the mission time is in months"));
    CHECK_THAT(ask({"trace", "seed_cohort", "--seed", ""}).err, Contains("--seed: has no value"));
    CHECK_THAT(ask({"influence", "customer_service", "--trajectories", "0"}).err,
               Contains("--trajectories: '0' is out of range"));
    CHECK_THAT(ask({"run", "seed_cohort", "--set", "run.horizon=0"}).err,
               Contains("--set:1:13: 'run.horizon': '0' is out of range"));
}

TEST_CASE("a mix of zeros is refused, and a group of nobody is told") {
    const std::string zeros =
        "startups: {founders: {mix: {technology: 0, data: 0, talent: 0, partnership: 0, risk: 0}}}\n";
    const ScratchFolder scratch;
    const std::string mix = written(scratch, "mix.yaml", "extends: customer_service\n" + zeros).string();
    const Answer refused = ask({"check", mix});
    CHECK(refused.code == ExitCode::bad_input);
    CHECK_THAT(refused.err, Contains("startups.founders.mix: no share is above 0"));
    const Answer nobody = ask(with(short_run(scratch.path()), {"--set", "startups.founders.count=0"}));
    CHECK(nobody.code == ExitCode::success);
    CHECK_THAT(nobody.err, Contains("no startup is ever founded"));
}

TEST_CASE("a pipe or a device is refused before it is opened, wherever a file is named") {
    const ScratchFolder scratch;
    const std::filesystem::path pipe = scratch.path() / "pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    const std::string extends = written(scratch, "extends.yaml", "extends: ./pipe\n").string();
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"check", pipe.string()},
                                               {"check", extends},
                                               {"run", "/dev/zero"},
                                               {"risk", pipe.string()},
                                               {"new", "--from", pipe.string()}}) {
        CAPTURE(arguments.back());
        const Answer answer = ask(arguments);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains("is not a regular file"));
    }
}

TEST_CASE("of a file that is no scenario nothing is repeated") {
    const ScratchFolder scratch;
    const std::string secret = "hunter2-and-more";
    for (const std::string& text :
         {"root:" + secret + ":0:0\n", "- " + secret + "\n",
          "user: x\npassword: " + secret + "\n" + secret + ": 1\nhost: y\n", secret + ": 1\n",
          "tytle: 1\n" + secret + ": 1\n", "run: {a: 1}\nx: {" + secret + ": 1, " + secret + ": 2}\n",
          "a: *" + secret + "\n", "%YAML " + secret + "\n---\na: 1\n", "a: !" + secret + " 1\n",
          "{" + secret + "\n", "\"" + secret + "\n", secret + "\tx: [\n"}) {
        const std::string file = written(scratch, "foreign.yaml", text).string();
        const std::string extends = written(scratch, "mine.yaml", "extends: foreign.yaml\n").string();
        CAPTURE(text);
        for (const std::string& named : {file, extends}) {
            const Answer answer = ask({"check", named});
            CHECK(answer.code == ExitCode::bad_input);
            CHECK(answer.err.find(secret) == std::string::npos);
            CHECK(answer.out.find(secret) == std::string::npos);
        }
    }
}

}  // namespace
}  // namespace venturi
