// --resume: an experiment that was killed or interrupted goes on, to the bits of one that never was.
#include "analysis/report/piece_file.hpp"
#include "analysis/report/result_error.hpp"
#include "tests/analysis/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

using Words = std::vector<std::string>;

Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// Every file of a result by name, but for the manifest, which tells how often it was interrupted.
std::vector<std::string> files_of_result(const std::filesystem::path& folder) {
    std::vector<std::string> files;
    for (const std::string& name : names_in(folder)) files.push_back(name + '\n' + content_of(folder / name));
    return files;
}

/// Kills an experiment that takes seconds, after its first, interrupts what goes on from there, and holds the
/// end against one that was never stopped. A machine on which it takes less than a second sees that it ends
/// alike.
void check_that_it_goes_on(const Words& experiment) {
    const ScratchFolder scratch;
    const Process::Surroundings here{.folder = scratch.path()};
    const auto unfinished = scratch.path() / "result.unfinished";

    Process first(with(experiment, {"--output", "result", "--threads", "1", "--quiet"}), here);
    while (first.is_running() && !std::filesystem::exists(unfinished)) ::usleep(1000);
    first.send(SIGKILL);
    if (first.wait() == 0) WARN("it was over before it could be killed");

    const Words resume = {experiment[0], "--resume", "result", "--threads", "2", "--json"};
    if (std::filesystem::exists(unfinished)) {
        Process second(resume, here);
        ::usleep(300'000);
        second.send(SIGINT);
        if (second.wait() != 0)
            CHECK_THAT(second.err(),
                       Contains("go on with it: venturi " + experiment[0] + " --resume result"));
    }
    if (std::filesystem::exists(unfinished)) {
        Process third(resume, here);
        CHECK(third.wait() == 0);
        INFO(third.err());
    }
    CHECK_FALSE(std::filesystem::exists(unfinished));

    Process whole(with(experiment, {"--output", "whole", "--quiet"}), here);
    REQUIRE(whole.wait() == 0);
    CHECK(files_of_result(scratch.path() / "result") == files_of_result(scratch.path() / "whole"));
}

}  // namespace

// Each of 2 to 5 seconds.
TEST_CASE("A run that was killed and then interrupted goes on to the same bits", "[long][resume]") {
    check_that_it_goes_on({"run", "seed_cohort", "--trajectories", "320", "--companies"});
}
TEST_CASE("A comparison that was killed and then interrupted goes on to the same bits", "[long][resume]") {
    check_that_it_goes_on(
        {"compare", "seed_cohort", "--with", "environment.climate.initial=cold", "--trajectories", "160"});
}
TEST_CASE("Branches that were killed and then interrupted go on to the same bits", "[long][resume]") {
    check_that_it_goes_on(
        {"branch", "seed_cohort", "--at", "24 months", "--continuations", "4", "--trajectories", "96"});
}
TEST_CASE("A sweep that was killed and then interrupted goes on to the same bits", "[long][resume]") {
    check_that_it_goes_on({"sweep", "seed_cohort", "--over", "finance.raising.attempts=1..3:3",
                           "--observables", "share_dead", "--trajectories", "150"});
}
TEST_CASE("A sensitivity analysis that was killed and then interrupted goes on to the same bits",
          "[long][resume]") {
    check_that_it_goes_on({"sensitivity", "seed_cohort", "--parameters", "finance.raising.*", "--observables",
                           "share_dead", "--paths", "8", "--base-points", "8", "--keep", "3",
                           "--trajectories", "4"});
}
TEST_CASE("A selection that was killed and then interrupted goes on to the same bits", "[long][resume]") {
    const std::string winter =
        (std::filesystem::path(VENTURI_SOURCE_FOLDER) / "examples/funding_winter.yaml").string();
    check_that_it_goes_on({"select", "seed_cohort", winter, "--best", "share_alive", "--indifference",
                           "0.0005", "--trajectories", "160"});
}
TEST_CASE("A rare event that was killed and then interrupted goes on to the same bits", "[long][resume]") {
    check_that_it_goes_on({"run", "seed_cohort", "--rare", "share_dead > 85%", "--trajectories", "240"});
}
TEST_CASE("An influence analysis that was killed and then interrupted goes on to the same bits",
          "[long][resume]") {
    check_that_it_goes_on({"influence", "foundation_model_lab", "--trajectories", "32"});
}

TEST_CASE("A search for a mix that was killed and then interrupted goes on to the same bits",
          "[long][resume]") {
    check_that_it_goes_on({"optimise", "customer_service", "--set", "run.horizon=72 months", "--start",
                           "equal", "--budget", "96", "--check", "40", "--flatness", "4", "--price", "8",
                           "--seed", "11"});
}

TEST_CASE("So does a search for a decision", "[long][resume]") {
    check_that_it_goes_on({"optimise", "customer_service", "--set", "run.horizon=72 months", "--start",
                           "equal", "--subject-to", "survival >= 1%", "--budget", "104", "--check", "80",
                           "--flatness", "8", "--seed", "11"});
}

TEST_CASE("What can't be gone on with is said, and nothing is touched", "[resume]") {
    const ScratchFolder scratch;
    const Process::Surroundings here{.folder = scratch.path()};
    const auto said_by = [&](const Words& words) {
        Process process(words, here);
        CHECK(process.wait() == 2);
        return process.err();
    };
    CHECK_THAT(said_by({"compare", "--resume", "nowhere"}),
               Contains("there is no nowhere.unfinished to go on"));
    put_file(scratch.path() / "text.unfinished", "not a database");
    CHECK_THAT(said_by({"compare", "--resume", "text"}), Contains("text.unfinished"));
    put_file(scratch.path() / "empty.unfinished", "");
    CHECK_THAT(said_by({"compare", "--resume", "empty/"}), Contains("empty.unfinished"));
    CHECK(content_of(scratch.path() / "text.unfinished") == "not a database");
    std::filesystem::create_symlink("text.unfinished", scratch.path() / "link.unfinished");
    CHECK_THAT(said_by({"compare", "--resume", "link"}), Contains("not a file"));

    Process run({"run", "seed_cohort", "--trajectories", "4", "--output", "done", "--quiet"}, here);
    REQUIRE(run.wait() == 0);
    CHECK_THAT(said_by({"run", "--resume", "done"}), Contains("the result there lacks nothing"));

    // One that was begun here, by hand.
    const auto begin = [&](const std::string& origin) {
        (void)PieceFile::begin(scratch.path() / "begun.unfinished",
                               {{"begun/arguments", R"(["run","seed_cohort","--trajectories","40"])"},
                                {"begun/origin", origin}});
    };
    begin("{}");
    CHECK_THAT(said_by({"compare", "--resume", "begun"}), Contains("it was begun by venturi run"));
    CHECK_THAT(said_by({"run", "--resume", "begun", "--seed", "3"}),
               Contains("'--seed' was decided when it was begun"));
    CHECK_THAT(said_by({"run", "--resume", "begun", "--output", "x"}),
               Contains("was begun with the version"));
    begin("no JSON");
    CHECK_THAT(said_by({"run", "--resume", "begun", "--json"}), Contains("holds nothing to go on with"));
    // It is in nobody's way but where its own place is named.
    CHECK_THAT(said_by({"run", "seed_cohort", "--trajectories", "4", "--output", "begun"}),
               Contains("begun.unfinished holds another experiment"));
    CHECK(std::filesystem::exists(scratch.path() / "begun.unfinished"));
}

TEST_CASE("Pieces are kept whole by name, the last of a name counts", "[resume]") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "pieces";
    const std::string bytes("\0\1'\xff", 4);
    {
        PieceFile file = PieceFile::begin(path, {{"a", "first"}});
        file.keep({{"a", bytes}, {"'; DROP TABLE piece; --", ""}});
    }
    const PieceFile file = PieceFile::open(path);
    CHECK(file.find("a") == bytes);
    CHECK(file.find("'; DROP TABLE piece; --") == "");
    CHECK(file.find("b") == std::nullopt);
    CHECK_THROWS_AS(PieceFile::open(scratch.path() / "none"), ResultError);
    CHECK_THROWS_AS(PieceFile::begin(scratch.path(), {}), ResultError);
}
