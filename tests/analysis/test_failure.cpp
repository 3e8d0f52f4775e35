// What ended a command, told to people and, with --json, to programs.
#include "analysis/program/failure.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <sys/resource.h>
#include <system_error>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

template <class Error>
Failure failure_by(const Error& error, std::string_view command) {
    return failure_of(std::make_exception_ptr(error), command);
}

}  // namespace

TEST_CASE("a text in the form of all messages comes apart into its parts") {
    const Problem of_option = problem_of_text(
        "--until 'share_exitd=1%': there is no such observable — did you mean "
        "'share_exited'?\n  legal here: share_exited, share_dead");
    CHECK(of_option.position.file == "--until");
    CHECK(of_option.value == "share_exitd=1%");
    CHECK(of_option.message == "there is no such observable");
    CHECK(of_option.nearest == "share_exited");
    CHECK(of_option.legal == "share_exited, share_dead");

    CHECK(problem_of_text("--month 30: too late").value == "30");
    CHECK(problem_of_text("--json prints one object: of the vertices").position.file.empty());
    CHECK(problem_of_text("there is no company 'a: b'").message == "there is no company 'a: b'");

    // As to_text writes them.
    const Problem problem{.position = {.file = "--at"}, .message = "no", .legal = "3", .nearest = "at"};
    CHECK(problem_of_text(to_text(problem)) == problem);
}

TEST_CASE("with --json whoever fails prints one object with the error") {
    const ScratchFolder scratch;
    const auto file = [&](const char* name, const char* text) {
        put_file(scratch.path() / name, text);
        return (scratch.path() / name).string();
    };
    const std::string broken =
        file("broken.yaml", "extends: seed_cohort\nfinance:\n  raising:\n    atempts: 3\n");
    const std::string dft = file("broken.dft", "toplevel \"t\";\n\"t\" nand \"a\";\n\"a\" lambda=1;\n");
    const std::string edges = file("edges.csv", "a,b,1\nb,c,heavy\n");
    const std::string noise = file("noise.json", "root:x:0:0:secret");
    struct Failing {
        std::vector<std::string> arguments;
        std::string field;
        std::string said;
    };
    const std::vector<Failing> commands = {
        {{"run", broken}, "nearest", "attempts"},
        {{"run", "seed_cohrt"}, "nearest", "seed_cohort"},
        {{"run", "seed_cohort", "--until", "share_exitd=1%"}, "nearest", "share_exited"},
        {{"run", "seed_cohort", "--trajectores", "3"}, "nearest", "--trajectories"},
        {{"run", "seed_cohort", "--output", "/proc/nowhere/result"}, "message", "/proc"},
        {{"trace", "seed_cohort", "--company", "founders/0"}, "message", "founders/1"},
        {{"trace", "seed_cohort", "--set", "finance.raising.atempts=3"}, "nearest", "attempts"},
        {{"influence", "foundation_model_lab", "--draw-delay", "4"}, "value", "4"},
        {{"influence", broken}, "nearest", "attempts"},
        {{"network", edges}, "file", "edges.csv"},
        {{"network", edges, "--measure", "betweeness"}, "message", "betweeness"},
        {{"risk", dft, "--time", "soon"}, "value", "soon"},
        {{"risk", "nowhere.dft"}, "file", "nowhere.dft"},
        {{"check", broken}, "nearest", "attempts"},
        {{"new", "--from", "seed_cohrt"}, "nearest", "seed_cohort"},
        {{"reproduce", noise}, "file", "noise.json"},
        {{"reproduce", "nowhere"}, "message", "no such file"},
        {{"walk"}, "message", "walk"},
        {{"list", "--lng"}, "value", ""},
    };
    for (const Failing& failing : commands) {
        const Answer answer = ask(with(failing.arguments, {"--json"}));
        INFO(failing.arguments[0] << ' ' << failing.arguments.back() << ": " << answer.out << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        const Json json = Json::parse(answer.out);
        REQUIRE(json.contains("error"));
        const Json& error = json["error"];
        CHECK(error["exit_code"] == 2);
        for (const char* field : {"message", "file", "value", "legal", "nearest"})
            CHECK(error[field].is_string());
        CHECK(error["line"].is_number());
        CHECK(error["column"].is_number());
        CHECK_FALSE(error["message"].get<std::string>().empty());
        CHECK_THAT(error[failing.field].get<std::string>(), Contains(failing.said));
        CHECK(json["problems"][0]["message"] == error["message"]);
        CHECK_THAT(answer.out + answer.err, !Contains("secret"));
    }
    const Json located = Json::parse(ask({"run", broken, "--json"}).out);
    CHECK(located["error"]["line"] == 4);
    CHECK(located["error"]["column"] == 5);
}

TEST_CASE("memory that runs out is told as such wherever it does, with what would take less") {
    const Failure here = failure_by(std::bad_alloc(), "risk");
    CHECK(here.code == ExitCode::failure);
    CHECK_THAT(here.text, Contains("out of memory") && Contains("--no-cut-sets") && !Contains("bad_alloc"));
    CHECK(here.problems.front().message == "out of memory");
    for (const char* experiment :
         {"run", "compare", "branch", "sweep", "sensitivity", "select", "discover", "influence"}) {
        INFO(experiment);
        CHECK_THAT(failure_by(std::bad_alloc(), experiment).text, !Contains("a smaller input"));
    }

    // Within a trajectory, on another thread.
    std::exception_ptr nested;
    try {
        try {
            throw std::bad_alloc();
        } catch (...) {
            std::throw_with_nested(TrajectoryError(5, "std::bad_alloc"));
        }
    } catch (...) {
        nested = std::current_exception();
    }
    CHECK_THAT(failure_of(nested, "run").text, Contains("out of memory") && Contains("observe_every"));
    // No room for the stack of a thread.
    CHECK_THAT(failure_by(std::system_error(EAGAIN, std::generic_category()), "run").text,
               Contains("out of memory"));
    CHECK_THAT(failure_by(std::runtime_error("a cause"), "run").text, Contains("a cause"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which need all addresses
TEST_CASE("a process that may have little memory ends with a message") {
    const ScratchFolder scratch;
    rlimit before{};
    ::getrlimit(RLIMIT_AS, &before);
    const rlimit little{rlim_t{400} << 20, before.rlim_max};
    ::setrlimit(RLIMIT_AS, &little);  // inherited
    std::optional<Process> process;
    process.emplace(std::vector<std::string>{"run", "seed_cohort", "--threads", "4", "--trajectories", "64",
                                             "--set", "run.observe_every=0.01 months", "--set",
                                             "run.horizon=1200 months", "--output",
                                             (scratch.path() / "result").string()});
    ::setrlimit(RLIMIT_AS, &before);
    const int code = process->wait();
    CHECK((code == 1 || code == 2));  // refused before it begins, where the need is foreseen
    CHECK_THAT(process->err(), Contains("memory") && !Contains("bad_alloc"));
    CHECK(names_in(scratch.path()).empty());
}
#endif

TEST_CASE("a value on the command line can't command the terminal") {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"run", "seed_cohort", "--until", "a\x1B[2J=1"},
          std::vector<std::string>{"run", "evil\x1B[2J.yaml"},
          std::vector<std::string>{"run", "seed_cohort", "--set", "a\x1B[2J=1"},
          std::vector<std::string>{"trace", "seed_cohort", "--company",
                                   "\xC2\x9B"
                                   "2J"},
          std::vector<std::string>{"run", "seed_cohort", "--thr\x1B[2J"},
          std::vector<std::string>{"wal\x1Bk"}, std::vector<std::string>{"risk", "a\u202Eb.dft"},
          std::vector<std::string>{"network", "\xFF.csv"}}) {
        const Answer answer = ask(arguments);
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK(answer.err.find('\x1B') == std::string::npos);
        CHECK(answer.err.find("\xC2\x9B") == std::string::npos);
        CHECK(answer.err.find("\u202E") == std::string::npos);
        CHECK(answer.err.find('\xFF') == std::string::npos);
    }
}

TEST_CASE("a path that is not UTF-8 is no obstacle, with JSON or without") {
    const ScratchFolder scratch;
    const std::string result = (scratch.path() / "r\xFFs").string();
    const Answer answer = ask({"run", "seed_cohort", "--trajectories", "2", "--set", "run.horizon=6 months",
                               "--json", "--quiet", "--output", result});
    CHECK(answer.code == ExitCode::success);
    CHECK(answer.err.empty());
    CHECK_THAT(Json::parse(answer.out)["results_directory"].get<std::string>(), Contains("r\uFFFDs"));
    CHECK(std::filesystem::exists(std::filesystem::path(result) / "manifest.json"));
    const Answer again = ask({"reproduce", result, "--json", "--quiet"});
    CHECK(again.code == ExitCode::success);
    CHECK(Json::parse(again.out)["same"] == true);
}
