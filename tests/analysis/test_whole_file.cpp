// The one way in which every file that a user names is written.
#include "analysis/report/hidden_name.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/whole_file.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace venturi;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

/// The folder for temporary files is another one while this lives.
class TemporaryFolderSet {
  public:
    explicit TemporaryFolderSet(const std::filesystem::path& folder) {
        if (const char* before = std::getenv("TMPDIR")) previous_ = before;
        ::setenv("TMPDIR", folder.c_str(), 1);
    }
    ~TemporaryFolderSet() {
        if (previous_.empty())
            ::unsetenv("TMPDIR");
        else
            ::setenv("TMPDIR", previous_.c_str(), 1);
    }
    TemporaryFolderSet(const TemporaryFolderSet&) = delete;
    TemporaryFolderSet& operator=(const TemporaryFolderSet&) = delete;
    TemporaryFolderSet(TemporaryFolderSet&&) = delete;
    TemporaryFolderSet& operator=(TemporaryFolderSet&&) = delete;

  private:
    std::string previous_;
};

}  // namespace

TEST_CASE("a file that is replaced keeps its mode, and a new one has that of the user's mask") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "story.csv";
    put_file(path, "secret");
    for (const mode_t mode : {0600U, 0640U, 0444U | 0200U}) {
        ::chmod(path.c_str(), mode);
        write_whole_file(path, "new");
        CHECK(mode_of(path) == mode);
        CHECK(content_of(path) == "new");
    }
    const mode_t mask = ::umask(0027);
    write_whole_file(scratch.path() / "other.csv", "new");
    ::umask(mask);
    CHECK(mode_of(scratch.path() / "other.csv") == 0640);
    CHECK(names_in(scratch.path()) == Names{"other.csv", "story.csv"});
}

TEST_CASE("a file that is there is replaced only where that is asked for") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "story.csv";
    put_file(path, "mine");
    CHECK_THROWS_WITH(check_whole_file(path, Existing::refused), Contains("it exists already"));
    CHECK_THROWS_AS(write_whole_file(path, "new", Existing::refused), ResultError);
    CHECK(content_of(path) == "mine");
    CHECK_NOTHROW(check_whole_file(path, Existing::replaced));
    CHECK(content_of(path) == "mine");
    CHECK(names_in(scratch.path()) == Names{"story.csv"});
}

TEST_CASE("behind a link the file is replaced and the link stays; links to nothing are refused") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "real.csv", "old");
    std::filesystem::create_symlink("real.csv", scratch.path() / "link.csv");
    CHECK_THROWS_AS(write_whole_file(scratch.path() / "link.csv", "x", Existing::refused), ResultError);
    write_whole_file(scratch.path() / "link.csv", "new");
    CHECK(std::filesystem::is_symlink(scratch.path() / "link.csv"));
    CHECK(content_of(scratch.path() / "real.csv") == "new");
    std::filesystem::create_symlink("nowhere", scratch.path() / "dangling");
    for (const Existing existing : {Existing::refused, Existing::replaced}) {
        CHECK_THROWS_WITH(check_whole_file(scratch.path() / "dangling", existing), Contains("symbolic link"));
        CHECK_THROWS_AS(write_whole_file(scratch.path() / "dangling", "x", existing), ResultError);
    }
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "nowhere"));
}

TEST_CASE("devices and pipes are written into and stay what they are") {
    const ScratchFolder scratch;
    write_whole_file("/dev/null", "gone", Existing::refused);
    CHECK(std::filesystem::is_character_file("/dev/null"));
    const auto pipe = scratch.path() / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(write_whole_file(pipe, "x"), Contains("nobody reads from it"));
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    write_whole_file(pipe, "heard", Existing::refused);
    char text[16] = {};
    CHECK(::read(reader, text, sizeof text) == 5);
    CHECK(std::string(text) == "heard");
    ::close(reader);
    CHECK(std::filesystem::is_fifo(pipe));
    if (std::filesystem::exists("/dev/full"))
        CHECK_THROWS_WITH(write_whole_file("/dev/full", "x"), Contains("No space left on device"));
}

TEST_CASE("what can be no file is refused before and after the work") {
    const ScratchFolder scratch;
    for (const auto& path :
         {scratch.path(), scratch.path() / "missing" / "story.csv", std::filesystem::path(),
          scratch.path() / "folder/", scratch.path() / std::string(300, 'x')}) {
        INFO(path);
        CHECK_THROWS_AS(check_whole_file(path, Existing::replaced), ResultError);
        CHECK_THROWS_AS(write_whole_file(path, "x"), ResultError);
    }
    CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("what a killed process has left goes with the next file of that name, what lives stays") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "story.csv";
    const auto dead = hidden_path(path, "partial");
    const auto living = hidden_path(path, "partial");
    put_file(dead, "half");
    put_file(living, "half");
    put_file(scratch.path() / ".story.csv.partial-mine", "a user's own");
    const int held = ::open(living.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(::flock(held, LOCK_EX) == 0);
    write_whole_file(path, "new");
    CHECK_FALSE(std::filesystem::exists(dead));
    CHECK(std::filesystem::exists(living));
    CHECK(std::filesystem::exists(scratch.path() / ".story.csv.partial-mine"));
    ::close(held);
    write_whole_file(path, "newer");
    CHECK(names_in(scratch.path()) == Names{".story.csv.partial-mine", "story.csv"});
}

TEST_CASE("finished work lands beside a name that was taken meanwhile, or among temporary files") {
    const ScratchFolder scratch;
    const ScratchFolder temporary;
    const TemporaryFolderSet set(temporary.path());
    const auto path = scratch.path() / "story.csv";
    put_file(path, "mine");
    put_file(scratch.path() / "story-2.csv", "mine too");
    const Publication beside = publish_whole_file(path, "work", Existing::refused);
    CHECK(beside.path == scratch.path() / "story-3.csv");
    CHECK_THAT(beside.why_elsewhere, Contains("it exists already"));
    CHECK(content_of(beside.path) == "work");
    CHECK(content_of(path) == "mine");

    const Publication far =
        publish_whole_file(scratch.path() / "gone" / "story.csv", "work", Existing::refused);
    CHECK(far.path.parent_path().parent_path() == temporary.path());
    CHECK(content_of(far.path) == "work");
    CHECK(mode_of(far.path.parent_path()) == 0700);

    ::setenv("TMPDIR", "/nowhere", 1);
    CHECK_THROWS_WITH(publish_whole_file(scratch.path() / "gone" / "story.csv", "x", Existing::refused),
                      Contains("there is no folder"));
}

TEST_CASE("no command overwrites a file without being told to, and it says how") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "edges.csv", "a,b\nb,c\n");
    put_file(scratch.path() / "tree.dft",
             "toplevel \"t\";\n\"t\" and \"a\" \"b\";\n\"a\" lambda=1;\n\"b\" lambda=2;\n");
    const std::string target = (scratch.path() / "taken.graphml").string();
    const std::string stem = (scratch.path() / "taken").string();
    const std::vector<std::vector<std::string>> commands = {
        {"network", (scratch.path() / "edges.csv").string(), "--graphml", target},
        {"risk", (scratch.path() / "tree.dft").string(), "--time", "1", "--svg", target},
        {"trace", "seed_cohort", "--set", "run.horizon=6 months", "--csv", target},
        {"trace", "ecosystem", "--graph", "1", "--graph-output", stem},
        {"new", target}};
    for (const auto& command : commands) {
        INFO(command.front() << ' ' << command.back());
        put_file(target, "mine");
        const Answer refused = ask(command);
        CHECK(refused.code == ExitCode::bad_input);
        CHECK_THAT(refused.err, Contains("exists already") && Contains("--overwrite"));
        CHECK(refused.out.empty());
        CHECK(content_of(target) == "mine");
        CHECK(ask(with(command, {"--overwrite"})).code == ExitCode::success);
        CHECK(content_of(target) != "mine");
    }
}

TEST_CASE("a dash stands for standard output, which then holds the file and nothing else") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "edges.csv", "a,b\nb,c\n");
    const Answer graphml = ask({"network", (scratch.path() / "edges.csv").string(), "--graphml", "-"});
    CHECK(graphml.code == ExitCode::success);
    CHECK(graphml.out.rfind("<?xml", 0) == 0);
    CHECK_THAT(graphml.out, Catch::Matchers::EndsWith("</graphml>\n"));
    const Answer csv = ask({"trace", "seed_cohort", "--set", "run.horizon=6 months", "--csv", "/dev/stdout"});
    CHECK(csv.out.rfind("month,company,event", 0) == 0);
    CHECK(ask({"trace", "seed_cohort", "--csv", "-", "--json"}).code == ExitCode::bad_input);
}
