// Where the program's words go: full disks, closed descriptors, readers that leave, and other locales.
#include "analysis/program/standard_streams.hpp"
#include "analysis/report/ascii_text.hpp"
#include "analysis/report/terminal_table.hpp"
#include "tests/analysis/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

using Arguments = std::vector<std::string>;

/// One of each command, with files of its own.
std::vector<Arguments> commands(const std::filesystem::path& folder) {
    put_file(folder / "edges.csv", "a,b\nb,c\n");
    put_file(folder / "tree.dft",
             "toplevel \"t\";\n\"t\" and \"a\" \"b\";\n\"a\" lambda=1;\n\"b\" lambda=2;\n");
    const std::string result = (folder / "result").string();
    return {
        {"list"},
        {"schema"},
        {"new"},
        {"check", "seed_cohort"},
        {"trace", "seed_cohort", "--set", "run.horizon=12 months"},
        {"network", (folder / "edges.csv").string()},
        {"risk", (folder / "tree.dft").string(), "--time", "1"},
        {"run", "seed_cohort", "--trajectories", "2", "--set", "run.horizon=6 months", "--output", result},
        {"--version"},
        {"--help"}};
}

bool is_ascii_alone(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & '\x80') == 0; });
}

}  // namespace

TEST_CASE("no command that writes into a full disk says that all is well") {
    if (!std::filesystem::exists("/dev/full")) {
        WARN("no /dev/full on this system: not tested");
        return;
    }
    const ScratchFolder scratch;
    for (const Arguments& arguments : commands(scratch.path())) {
        INFO(arguments.front());
        const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
        Process process(arguments, {.out = full, .err = Process::into_file});
        CHECK(process.wait() == 1);
        CHECK_THAT(process.err(), Contains("cannot write to standard output: No space left on device"));
        ::close(full);
    }
}

TEST_CASE("no command whose output is closed says that all is well") {
    const ScratchFolder scratch;
    for (const Arguments& arguments : commands(scratch.path())) {
        INFO(arguments.front());
        Process process(arguments, {.out = Process::closed, .err = Process::into_file});
        CHECK(process.wait() == 1);
        CHECK_THAT(process.err(), Contains("cannot write to standard output: Bad file descriptor"));
    }
}

TEST_CASE("of a reader who has gone nothing is said, and the exit code tells") {
    const ScratchFolder scratch;
    for (const Arguments& arguments : commands(scratch.path())) {
        INFO(arguments.front());
        const int pipe = pipe_without_reader();
        Process process(arguments, {.out = pipe, .err = Process::into_file});
        CHECK(process.wait() == 141);
        CHECK_THAT(process.err(), !Contains("cannot write"));
        ::close(pipe);
    }
}

TEST_CASE("a run goes on to its end when nobody reads its progress any more") {
    const ScratchFolder scratch;
    for (const bool is_closed : {false, true}) {
        const int pipe = pipe_without_reader();
        const auto result = scratch.path() / (is_closed ? "closed" : "left");
        Process process({"run", "seed_cohort", "--trajectories", "64", "--set", "run.horizon=6 months",
                         "--output", result.string()},
                        {.out = Process::into_file, .err = is_closed ? Process::closed : pipe});
        CHECK(process.wait() == 0);
        CHECK(std::filesystem::exists(result / "manifest.json"));
        ::close(pipe);
    }
}

TEST_CASE("a closed standard output is never taken for a file that is opened later") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    Process process({"run", "seed_cohort", "--trajectories", "2", "--set", "run.horizon=6 months", "--output",
                     result.string()},
                    {.out = Process::closed, .err = Process::closed});
    CHECK(process.wait() == 1);
    const std::string summary = content_of(result / "summary.csv");
    CHECK(summary.rfind("observable,month,statistic,value,unit\n", 0) == 0);
    CHECK(summary.find("trajectories/s") == std::string::npos);
}

TEST_CASE("where the locale knows ASCII alone, nothing else is printed") {
    const ScratchFolder scratch;
    for (const Arguments& arguments : commands(scratch.path())) {
        if (arguments.front() == "new") continue;  // a file, which stays what it is
        INFO(arguments.front());
        Process process(
            arguments,
            {.out = Process::into_file, .err = Process::into_file, .environment = {{"LC_ALL", "C"}}});
        CHECK(process.wait() == 0);
        CHECK(is_ascii_alone(process.out()));
        CHECK(is_ascii_alone(process.err()));
        CHECK_FALSE(process.out().empty());
    }
}

TEST_CASE("JSON says the same in ASCII as in UTF-8") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "edges.csv", "Zoë,会社\n会社,🚀\n");
    const auto answer = [&](const char* locale) {
        Process process(
            {"network", (scratch.path() / "edges.csv").string(), "--measure", "degree", "--json"},
            {.out = Process::into_file, .err = Process::into_file, .environment = {{"LC_ALL", locale}}});
        CHECK(process.wait() == 0);
        return process.out();
    };
    const std::string ascii = answer("C");
    CHECK(is_ascii_alone(ascii));
    CHECK_FALSE(is_ascii_alone(answer("C.UTF-8")));
    const auto json = nlohmann::json::parse(ascii);
    CHECK(json.contains("Zoë"));
    CHECK(json.contains("🚀"));
    CHECK(json == nlohmann::json::parse(answer("C.UTF-8")));
}

TEST_CASE("signs have their likes in ASCII") {
    CHECK(ascii_text("plain") == "plain");
    CHECK(ascii_text("3 ± 1 – ∞ ─── ‘x’ … Zoë → 2·10⁹ ≤ µ")
          == "3 +/- 1 - inf --- 'x' ... Zoe -> 2.10^9 <= u");
    CHECK(ascii_text("会") == "?");
    CHECK(ascii_text("a\xFF"
                     "b")
          == "a?b");
    CHECK(ascii_json("\"é🚀\"") == "\"\\u00e9\\ud83d\\ude80\"");
    CHECK(nlohmann::json::parse(ascii_json("\"é🚀会\"")) == "é🚀会");
}

TEST_CASE("a table that is wider than the terminal becomes a block for each row") {
    const TerminalTable table{
        .title = "Seed cohort",
        .columns = {{"observable", Alignment::left}, {"simulated"}, {"published"}},
        .rows = {{"survival, 5 years", "48.1%", "49.0%"}, {"rounds", "2 ± 1"}, {"∞", "", "1"}}};
    CHECK(table_text(table, Colour::none, {.ascii = false, .columns = 39})
          == table_text(table, Colour::none, {.ascii = false, .columns = 0}));
    CHECK(table_text(table, Colour::none, {.ascii = true, .columns = 20})
          == "Seed cohort\n"
             "--------------------\n"
             "survival, 5 years\n"
             "  simulated: 48.1%\n"
             "  published: 49.0%\n"
             "rounds\n"
             "  simulated: 2 +/- 1\n"
             "inf\n"
             "  published: 1\n");
}

TEST_CASE("in a terminal of 20 columns no line of a list of short names is wider") {
    Process process({"network", "/dev/stdin"}, {.out = Process::into_file, .err = Process::into_file});
    CHECK(process.wait() == 2);  // a device is no file of edges
    const ScratchFolder scratch;
    put_file(scratch.path() / "edges.csv", "a,b\nb,c\n");
    Process narrow(
        {"network", (scratch.path() / "edges.csv").string(), "--measure", "degree,strength,closeness"},
        {.out = Process::into_file, .err = Process::into_file, .environment = {{"COLUMNS", "20"}}});
    CHECK(narrow.wait() == 0);
    std::size_t width = 0;
    std::size_t widest = 0;
    for (const char c : narrow.out()) {
        width = c == '\n' ? 0 : width + ((c & '\xC0') != '\x80' ? 1U : 0U);
        widest = std::max(widest, width);
    }
    CHECK(widest <= 24);
    CHECK(widest > 0);
}
