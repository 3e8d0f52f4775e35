#include "analysis/report/manifest.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/result_folder.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace venturi;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

namespace {

void write_manifest(ResultFolder& folder) {
    Manifest manifest;
    manifest.files = folder.finish_files();
    folder.write(manifest_file_name, manifest_text(manifest));
}

void publish_result(const std::filesystem::path& path, std::string_view summary) {
    ResultFolder folder(path);
    folder.write("summary.csv", summary);
    write_manifest(folder);
    folder.publish();
}

class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &previous_);
        const rlimit limit{bytes, previous_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &previous_); }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    FileSizeLimit(FileSizeLimit&&) = delete;
    FileSizeLimit& operator=(FileSizeLimit&&) = delete;

  private:
    rlimit previous_{};
};

// A disk of a megabyte; nothing where the system does not let the test mount one.
class SmallDisk {
  public:
    SmallDisk() : mounted_(::mount("tmpfs", scratch_.path().c_str(), "tmpfs", 0, "size=1m") == 0) {}
    ~SmallDisk() {
        if (mounted_) ::umount2(scratch_.path().c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    SmallDisk(SmallDisk&&) = delete;
    SmallDisk& operator=(SmallDisk&&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] const std::filesystem::path& path() const { return scratch_.path(); }

  private:
    ScratchFolder scratch_;
    bool mounted_;
};

}  // namespace

TEST_CASE("a result of other settings is kept, and the new one is numbered") {
    const ScratchFolder scratch;
    const auto publish = [&](std::uint64_t seed, const std::string& summary) {
        ResultFolder folder(scratch.path() / "cohort", EarlierResult::kept);
        return publish_result(folder, {{"summary.csv", summary}},
                              Manifest{.build = build_information(), .seed = seed, .files = {}})
            .path.filename();
    };
    CHECK(publish(1, "one") == "cohort");
    CHECK(publish(1, "one again") == "cohort");
    CHECK(publish(2, "two") == "cohort-2");
    CHECK(publish(3, "three") == "cohort-3");
    CHECK(publish(2, "two again") == "cohort-2");
    CHECK(content_of(scratch.path() / "cohort" / "summary.csv") == "one again");
    CHECK(content_of(scratch.path() / "cohort-2" / "summary.csv") == "two again");
    {
        // Whoever is at work on a number has it.
        const FolderLock lock(scratch.path() / "cohort-2");
        CHECK(publish(2, "two once more") == "cohort-4");
    }
    put_file(scratch.path() / "cohort-5", "a file that is no result");
    CHECK(publish(6, "six") == "cohort-6");
    {
        ResultFolder folder(scratch.path() / "cohort");
        CHECK(publish_result(folder, {{"summary.csv", "named"}},
                             Manifest{.build = build_information(), .seed = 7, .files = {}})
                  .path.filename()
              == "cohort");
    }
    CHECK(names_in(scratch.path())
          == Names{"cohort", "cohort-2", "cohort-3", "cohort-4", "cohort-5", "cohort-6"});
}

TEST_CASE("a numbered result says what the one before has that is different") {
    const ScratchFolder scratch;
    const auto why = [&](Manifest manifest) {
        ResultFolder folder(scratch.path() / "cohort", EarlierResult::kept);
        manifest.build = build_information();
        return publish_result(folder, {{"summary.csv", "numbers"}}, std::move(manifest)).why_numbered;
    };
    const Manifest first{
        .build = {}, .seed = 1, .trajectories_requested = 8, .trajectories_completed = 8, .files = {}};
    const std::string place = (scratch.path() / "cohort").string();
    CHECK(why(first).empty());
    CHECK(why(first).empty());
    Manifest other = first;
    other.settings = {{"set", {"a=1"}}};
    CHECK(why(other) == place + " exists and has other settings");
    other = first;
    other.seed = 2;
    CHECK(why(other) == place + " exists and has another seed");
    other = first;
    other.trajectories_requested = 9;
    CHECK(why(other) == place + " exists and has another number of trajectories");
    other = first;
    other.trajectories_completed = 3;
    CHECK(why(other) == place + " exists and holds more of the same");
    other = first;
    other.settings = {{"command", "sweep"}};
    CHECK(why(other) == place + " exists and is of another command");
}

TEST_CASE("a result of less of the same is numbered, and one of more takes its place") {
    const ScratchFolder scratch;
    const auto publish = [&](std::uint64_t points) {
        ResultFolder folder(scratch.path() / "sweep", EarlierResult::kept);
        return publish_result(folder, {{"summary.csv", "numbers"}},
                              Manifest{.build = build_information(),
                                       .seed = 1,
                                       .trajectories_requested = 60,
                                       .trajectories_completed = 10 * points,
                                       .settings = {{"command", "sweep"}},
                                       .reached = {{"whole_points", points}},
                                       .files = {}})
            .path.filename();
    };
    CHECK(publish(2) == "sweep");  // interrupted
    CHECK(publish(6) == "sweep");  // and gone on with
    CHECK(publish(3) == "sweep-2");
    CHECK(publish(6) == "sweep");
}

TEST_CASE("a result appears with all its files, and only when it is published") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    {
        ResultFolder folder(path);
        folder.write("summary.csv", "observable\n");
        folder.open("trajectories.csv").append("1,2\n");
        folder.open("events.csv").append("a\n");
        CHECK_FALSE(std::filesystem::exists(path));
        write_manifest(folder);
        CHECK_FALSE(std::filesystem::exists(path));
        folder.publish();
        CHECK(names_in(path) == Names{"events.csv", "manifest.json", "summary.csv", "trajectories.csv"});
    }
    CHECK(names_in(scratch.path()) == Names{"results"});
    CHECK(content_of(path / "summary.csv") == "observable\n");
    CHECK(content_of(path / "trajectories.csv") == "1,2\n");
}

TEST_CASE("the digests of a results folder are those of the files on the disk") {
    const ScratchFolder scratch;
    ResultFolder folder(scratch.path() / "results");
    folder.write("small", "abc");
    FileWriter& large = folder.open("large");
    for (int i = 0; i < 1000; ++i) large.append(std::string(1000, static_cast<char>('a' + i % 26)));
    const FileDigests digests = folder.finish_files();
    write_manifest(folder);
    folder.publish();
    REQUIRE(digests.size() == 2);
    for (const auto& [name, digest] : digests) CHECK(digest == digest_of_file(folder.final_path() / name));
}

TEST_CASE("what was not published leaves no trace") {
    const ScratchFolder scratch;
    {
        ResultFolder folder(scratch.path() / "deep" / "down" / "results");
        folder.write("summary.csv", "observable\n");
        folder.open("trajectories.csv").append("1,2\n");
    }
    CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("missing folders above a result are made") {
    const ScratchFolder scratch;
    publish_result(scratch.path() / "deep" / "down" / "results/", "x");
    CHECK(names_in(scratch.path() / "deep" / "down") == Names{"results"});
    CHECK(content_of(scratch.path() / "deep" / "down" / "results" / "summary.csv") == "x");
}

TEST_CASE("an earlier result or an empty folder is replaced") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    std::filesystem::create_directory(path);
    publish_result(path, "first");
    {
        ResultFolder folder(path);
        folder.write("ensemble.nc", "second");
        write_manifest(folder);
        CHECK(content_of(path / "summary.csv") == "first");
        folder.publish();
    }
    CHECK(names_in(path) == Names{"ensemble.nc", "manifest.json"});
    CHECK(names_in(scratch.path()) == Names{"results"});
}

TEST_CASE("a result behind a symbolic link is replaced, the link stays") {
    const ScratchFolder scratch;
    publish_result(scratch.path() / "real", "first");
    std::filesystem::create_directory_symlink("real", scratch.path() / "latest");
    publish_result(scratch.path() / "latest", "second");
    CHECK(std::filesystem::is_symlink(scratch.path() / "latest"));
    CHECK(content_of(scratch.path() / "real" / "summary.csv") == "second");
}

TEST_CASE("nothing but a result is ever replaced") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    const auto refusal = [&](const char* reason) {
        CHECK_THROWS_WITH(ResultFolder::check_writable(path), Contains(reason) && Contains(path.string()));
        CHECK_THROWS_AS(ResultFolder(path), ResultError);
    };
    SECTION("a file") {
        put_file(path, "thesis");
        refusal("it exists and is not a folder");
        CHECK(content_of(path) == "thesis");
    }
    SECTION("a folder of something else") {
        std::filesystem::create_directory(path);
        put_file(path / "thesis.tex", "thesis");
        refusal("the folder holds 'thesis.tex', which is no earlier result");
        CHECK(content_of(path / "thesis.tex") == "thesis");
    }
    SECTION("another program's manifest") {
        std::filesystem::create_directory(path);
        put_file(path / "manifest.json", R"({"name": "a web page"})");
        refusal("which is no earlier result");
    }
    SECTION("an earlier result with the user's notes in it") {
        publish_result(path, "first");
        put_file(path / "notes.txt", "mine");
        refusal("the folder holds 'notes.txt', which would be lost");
        CHECK(content_of(path / "notes.txt") == "mine");
    }
    SECTION("a dangling link") {
        std::filesystem::create_symlink("nowhere", path);
        refusal("a symbolic link to a place that does not exist");
    }
    CHECK(names_in(scratch.path()) == Names{"results"});
}

TEST_CASE("what comes into the way during a run is not replaced, and the result lands beside it") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    std::filesystem::create_directory(scratch.path() / "results-2");
    {
        ResultFolder folder(path);
        folder.write("summary.csv", "finished");
        write_manifest(folder);
        std::filesystem::create_directory(path);
        put_file(path / "thesis.tex", "thesis");
        const Publication publication = folder.publish();
        CHECK(publication.path == scratch.path() / "results-3");
        CHECK(folder.final_path() == publication.path);
        CHECK_THAT(publication.why_elsewhere, Contains("the folder holds 'thesis.tex'"));
    }
    CHECK(names_in(scratch.path()) == Names{"results", "results-2", "results-3"});
    CHECK(names_in(path) == Names{"thesis.tex"});
    CHECK(content_of(scratch.path() / "results-3" / "summary.csv") == "finished");
}

TEST_CASE("where nothing can be written any more, a result lands among temporary files") {
    const ScratchFolder scratch;
    const ScratchFolder temporary;
    const char* const before = std::getenv("TMPDIR");
    const std::string previous = before == nullptr ? "/tmp" : before;
    ::setenv("TMPDIR", temporary.path().c_str(), 1);
    std::filesystem::path landed;
    {
        ResultFolder folder(scratch.path() / "deep" / "results");
        // As a disk that is taken away.
        std::filesystem::rename(scratch.path() / "deep", scratch.path() / "away");
        folder.write("summary.csv", "finished");
        folder.write("other.csv", "too");
        write_manifest(folder);
        const Publication publication = folder.publish();
        landed = publication.path;
        CHECK_THAT(publication.why_elsewhere, Contains("deep/results/summary.csv: No such file"));
    }
    ::setenv("TMPDIR", previous.c_str(), 1);
    CHECK(landed.filename() == "results");
    CHECK(landed.parent_path().parent_path() == temporary.path());
    CHECK(names_in(landed) == Names{"manifest.json", "other.csv", "summary.csv"});
    CHECK(content_of(landed / "summary.csv") == "finished");
    CHECK(names_in(landed.parent_path()) == Names{"results"});
}

TEST_CASE("a place is held while a run is under way, and free again at its end") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    {
        ResultFolder folder(path);
        CHECK_THROWS_WITH(ResultFolder(path), Contains("another run is writing there (process "));
        CHECK_THROWS_WITH(ResultFolder::check_writable(path), Contains("another run is writing there"));
        CHECK_NOTHROW(ResultFolder(scratch.path() / "others"));
        folder.write("summary.csv", "first");
        write_manifest(folder);
        folder.publish();
    }
    publish_result(path, "second");
    CHECK(names_in(scratch.path()) == Names{"results"});
}

TEST_CASE("what killed runs have left goes with the next run into that place, and nothing else") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    for (const char* name : {".results.partial-0123456789abcdef", ".results.earlier-0123456789abcdef",
                             ".results.partial-999999999-01234567", ".results.partial-mine",
                             ".others.partial-0123456789abcdef", ".results.partial-0123456789abcdeg"}) {
        std::filesystem::create_directory(scratch.path() / name);
        put_file(scratch.path() / name / "summary.csv", "half");
    }
    // Of an earlier version, whose process lives: this one's parent.
    const std::string living = ".results.partial-" + std::to_string(::getppid()) + "-01234567";
    std::filesystem::create_directory(scratch.path() / living);
    put_file(scratch.path() / ".results.lock", "12345");
    publish_result(path, "whole");
    Names left = {".others.partial-0123456789abcdef", ".results.partial-0123456789abcdeg",
                  ".results.partial-mine", living, "results"};
    std::sort(left.begin(), left.end());
    CHECK(names_in(scratch.path()) == left);
}

TEST_CASE("an earlier result that a killed run had put aside comes back") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    publish_result(path, "earlier");
    std::filesystem::rename(path, scratch.path() / ".results.earlier-0123456789abcdef");
    {
        const ResultFolder folder(path);
        CHECK(content_of(path / "summary.csv") == "earlier");
    }
    CHECK(names_in(scratch.path()) == Names{"results"});
}

TEST_CASE("the folder one stands in, the root and a nameless folder are refused") {
    CHECK_THROWS_WITH(ResultFolder::check_writable("."), Contains("name a new folder inside it"));
    CHECK_THROWS_WITH(ResultFolder::check_writable(".."), Contains("name a new folder inside it"));
    CHECK_THROWS_WITH(ResultFolder::check_writable("/"), Contains("root of the file system"));
    CHECK_THROWS_WITH(ResultFolder::check_writable(""), Contains("name is empty"));
}

TEST_CASE("a place that can't be written is refused before the run") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "file", "");
    CHECK_THROWS_WITH(ResultFolder::check_writable(scratch.path() / "file" / "results"),
                      Contains("cannot write results to"));
    CHECK_THROWS_WITH(ResultFolder::check_writable("/proc/results"),
                      Contains("no folder can be made in /proc"));
    CHECK_THROWS_AS(ResultFolder::check_writable(scratch.path() / std::string(300, 'x')), ResultError);
    if (::geteuid() == 0) {
        WARN("the superuser may write anywhere: permissions are not tested");
    } else {
        std::filesystem::permissions(scratch.path(),
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        CHECK_THROWS_WITH(ResultFolder::check_writable(scratch.path() / "results"),
                          Contains("Permission denied"));
        std::filesystem::permissions(scratch.path(), std::filesystem::perms::owner_all);
    }
    CHECK(names_in(scratch.path()) == Names{"file"});
}

TEST_CASE("asking whether a place can be written leaves no trace") {
    const ScratchFolder scratch;
    CHECK_NOTHROW(ResultFolder::check_writable(scratch.path() / "deep" / "results"));
    CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("a file has a plain name and is written once, and a result has a manifest") {
    const ScratchFolder scratch;
    ResultFolder folder(scratch.path() / "results");
    folder.write("summary.csv", "");
    CHECK_THROWS_AS(folder.write("summary.csv", ""), ContractViolation);
    for (const char* name : {"", ".", "..", "a/b", "/etc/venturi"}) {
        INFO(name);
        CHECK_THROWS_AS(folder.write(name, ""), ContractViolation);
    }
    CHECK_THROWS_AS(folder.publish(), ContractViolation);
}

TEST_CASE("a full device is an error that names the file and the reason") {
    if (!std::filesystem::exists("/dev/full")) {
        WARN("no /dev/full on this system: not tested");
        return;
    }
    const auto full = [] { return ::open("/dev/full", O_WRONLY | O_CLOEXEC); };
    FileWriter small(full(), "results/summary.csv");
    small.append("observable\n");
    CHECK_THROWS_WITH(small.close(), "cannot write results/summary.csv: No space left on device");
    FileWriter large(full(), "large");
    CHECK_THROWS_AS(large.append(std::string(5'000'000, 'x')), ResultError);
}

TEST_CASE("a file beyond the user's size limit is an error, not the end of the program") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    publish_result(path, "first");
    const auto run = [&] {
        ResultFolder folder(path);
        folder.write("summary.csv", "second");
        const FileSizeLimit limit(1'000'000);
        folder.write("trajectories.csv", std::string(2'000'000, 'x'));
    };
    CHECK_THROWS_WITH(run(), Contains("trajectories.csv: File too large"));
    CHECK(names_in(scratch.path()) == Names{"results"});
    CHECK(content_of(path / "summary.csv") == "first");
    sigset_t pending;
    sigpending(&pending);
    CHECK_FALSE(sigismember(&pending, SIGXFSZ));
}

TEST_CASE("a full disk leaves neither half a result nor a hidden folder") {
    const SmallDisk disk;
    if (!disk.mounted()) {
        WARN("this system does not let the test mount a small disk: not tested");
        return;
    }
    const auto run = [&] {
        ResultFolder folder(disk.path() / "deep" / "results");
        folder.write("summary.csv", "observable\n");
        FileWriter& large = folder.open("trajectories.csv");
        for (int i = 0; i < 2000; ++i) large.append(std::string(1000, 'x'));
        folder.publish();
    };
    CHECK_THROWS_WITH(run(), Contains("deep/results/trajectories.csv: No space left on device"));
    CHECK(names_in(disk.path()).empty());
    CHECK_THROWS_WITH(ResultFolder::check_writable(disk.path()), Contains("it is a mount point"));
}

TEST_CASE("a writer makes its file and never writes into one that is there, nor through a link") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "victim", "mine");
    std::filesystem::create_symlink("victim", scratch.path() / "link");
    std::filesystem::create_symlink("nowhere", scratch.path() / "dangling");
    for (const char* name : {"victim", "link", "dangling"})
        CHECK_THROWS_WITH(FileWriter(scratch.path() / name), Contains("File exists"));
    CHECK(content_of(scratch.path() / "victim") == "mine");
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "nowhere"));
}

TEST_CASE("a result for a full disk lands on another") {
    const SmallDisk disk;
    if (!disk.mounted()) {
        WARN("this system does not let the test mount a small disk: not tested");
        return;
    }
    std::filesystem::path landed;
    {
        ResultFolder folder(disk.path() / "results");
        folder.write("summary.csv", "observable\n");
        folder.write("trajectories.csv", std::string(2'000'000, 'x'));
        write_manifest(folder);
        const Publication publication = folder.publish();
        landed = publication.path;
        CHECK_THAT(publication.why_elsewhere, Contains("No space left on device"));
    }
    CHECK(content_of(landed / "summary.csv") == "observable\n");
    CHECK(content_of(landed / "trajectories.csv").size() == 2'000'000);
    CHECK(names_in(disk.path()).empty());
    std::filesystem::remove_all(landed.parent_path());
}
