#include "analysis/report/manifest.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/result_folder.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <optional>
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
        refusal("the folder holds thesis.tex, which is no earlier result");
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
        refusal("the folder holds notes.txt, which would be lost");
        CHECK(content_of(path / "notes.txt") == "mine");
    }
    SECTION("a dangling link") {
        std::filesystem::create_symlink("nowhere", path);
        refusal("a symbolic link to a place that does not exist");
    }
    CHECK(names_in(scratch.path()) == Names{"results"});
}

TEST_CASE("what comes into the way during a run is not replaced either") {
    const ScratchFolder scratch;
    const auto path = scratch.path() / "results";
    {
        ResultFolder folder(path);
        write_manifest(folder);
        std::filesystem::create_directory(path);
        put_file(path / "thesis.tex", "thesis");
        CHECK_THROWS_AS(folder.publish(), ResultError);
    }
    CHECK(names_in(scratch.path()) == Names{"results"});
    CHECK(content_of(path / "thesis.tex") == "thesis");
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
    FileWriter small("/dev/full", "results/summary.csv");
    small.append("observable\n");
    CHECK_THROWS_WITH(small.close(), "cannot write results/summary.csv: No space left on device");
    FileWriter large("/dev/full");
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
