// Signals: what is complete is kept, and the exit code tells which it was.
#include "analysis/report/piece_file.hpp"
#include "tests/analysis/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// So long that no machine ends it before the first tenth is told of and the signal has come.
std::vector<std::string> long_run(const std::filesystem::path& result) {
    return {"run",   "seed_cohort",           "--trajectories", "40000",
            "--set", "run.horizon=24 months", "--output",       result.string()};
}

}  // namespace

TEST_CASE("Ctrl-C, a hang-up and a polite kill keep what is whole, and tell apart", "[long]") {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        INFO("signal " << signal);
        const ScratchFolder scratch;
        Process process(long_run(scratch.path() / "result"));
        REQUIRE(process.says("%"));
        process.send(signal);
        CHECK(process.wait() == 128 + signal);
        CHECK_THAT(process.err(), Contains("interrupted: the results hold the"));
        const auto manifest = nlohmann::json::parse(content_of(scratch.path() / "result" / "manifest.json"));
        CHECK(manifest["ending"] == "interrupted");
        CHECK(manifest["trajectories_completed"] >= 4000);
        CHECK(manifest["trajectories_completed"] < 6000);
        CHECK(names_in(scratch.path()) == std::vector<std::string>{"result", "result.unfinished"});
        // And what was kept is made again as it was.
        Process again({"reproduce", (scratch.path() / "result").string(), "--quiet"});
        CHECK(again.wait() == 0);
    }
}

TEST_CASE("An interrupted sweep holds all points with as many trajectories, and is made again", "[long]") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    Process process({"sweep", "seed_cohort", "--over", "finance.raising.attempts=1..9:9", "--observables",
                     "share_dead", "--trajectories", "4000", "--set", "run.horizon=24 months", "--output",
                     result.string()});
    REQUIRE(process.says("10%"));
    process.send(SIGINT);
    CHECK(process.wait() == 130);
    CHECK_THAT(process.err(), Contains("of 4000 trajectories that all 9 points have"));
    CHECK_THAT(process.err(), Contains("go on with it: venturi sweep --resume"));
    const auto manifest = nlohmann::json::parse(content_of(result / "manifest.json"));
    CHECK(manifest["ending"] == "interrupted");
    CHECK(manifest["reached"]["whole_points"] == 9);
    const std::uint64_t lived = manifest["reached"]["whole_trajectories"];
    CHECK(lived >= 320);
    CHECK(lived < 4000);
    CHECK(lived % 32 == 0);
    CHECK(manifest["trajectories_completed"] == 9 * lived);
    Process again({"reproduce", result.string(), "--quiet"});
    CHECK(again.wait() == 0);
}

TEST_CASE("Interrupted branches hold whole pasts, and are made again", "[long]") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    Process process({"branch", "seed_cohort", "--at", "12 months", "--with", "finance.raising.attempts=1",
                     "--continuations", "3", "--trajectories", "8000", "--set", "run.horizon=24 months",
                     "--output", result.string()});
    REQUIRE(process.says("10%"));
    process.send(SIGINT);
    CHECK(process.wait() == 130);
    CHECK_THAT(process.err(), Contains("interrupted: the results hold the"));
    const auto manifest = nlohmann::json::parse(content_of(result / "manifest.json"));
    CHECK(manifest["ending"] == "interrupted");
    CHECK(manifest["trajectories_completed"] >= 800);
    CHECK(manifest["trajectories_completed"] < 8000);
    Process again({"reproduce", result.string(), "--quiet"});
    CHECK(again.wait() == 0);
}

TEST_CASE("An interrupted search gives the best mix so far with its interval, and is made again", "[long]") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    Process process({"optimise", "customer_service", "--budget", "6000", "--trajectories", "8", "--set",
                     "run.horizon=24 months", "--set", "startups.founders.count=4", "--start", "equal",
                     "--output", result.string()});
    // After ten steps of 64 histories, in a search of a hundred.
    REQUIRE(process.says("10%"));
    process.send(SIGINT);
    CHECK(process.wait() == 130);
    CHECK_THAT(process.err(), Contains("interrupted: the results hold the mix that is the best after"));
    CHECK_THAT(process.out(), Contains("over the start"));
    const auto manifest = nlohmann::json::parse(content_of(result / "manifest.json"));
    CHECK(manifest["ending"] == "interrupted");
    CHECK(manifest["settings"]["steps"] >= 1);
    CHECK(manifest["settings"]["check"] == 32);
    CHECK(manifest["trajectories_completed"] < 6000);
    CHECK_THAT(content_of(result / "mix.csv"), Contains("technology,0.2,"));
    Process again({"reproduce", result.string(), "--quiet"});
    CHECK(again.wait() == 0);
}

TEST_CASE("a terminal that says twice that it closes does not end what is being kept") {
    const ScratchFolder scratch;
    Process process(long_run(scratch.path() / "result"));
    REQUIRE(process.says("%"));
    process.send(SIGHUP);
    process.send(SIGHUP);
    CHECK(process.wait() == 129);
    CHECK(std::filesystem::exists(scratch.path() / "result" / "manifest.json"));
}

TEST_CASE("a run that was told to ignore hang-ups does") {
    const ScratchFolder scratch;
    const auto previous = std::signal(SIGHUP, SIG_IGN);  // as nohup does; inherited
    auto arguments = long_run(scratch.path() / "result");
    arguments[3] = "20000";
    Process process(arguments);
    std::signal(SIGHUP, previous);
    REQUIRE(process.says("trajectories"));
    process.send(SIGHUP);
    CHECK(process.wait() == 0);
}

TEST_CASE("the second of two runs into one folder says so before it starts, also of one that stands still") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    Process first(long_run(result));
    REQUIRE(first.says("trajectories"));
    Process second(long_run(result));
    CHECK(second.wait() == 2);
    CHECK_THAT(second.err(), Contains("another run is writing there (process "));
    CHECK_THAT(second.err(), !Contains("trajectories"));
    first.send(SIGKILL);
    CHECK(first.wait() == 128 + SIGKILL);
    // What it left is hidden, and goes with the next run, which nothing holds up.
    PieceFile::remove(scratch.path() / "result.unfinished");
    CHECK(names_in(scratch.path()).size() == 2);
    auto arguments = long_run(result);
    arguments[3] = "2";
    Process third(arguments);
    CHECK(third.wait() == 0);
    CHECK(names_in(scratch.path()) == std::vector<std::string>{"result"});
}
