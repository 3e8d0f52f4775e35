#include "scenarios/problem.hpp"
#include "scenarios/regular_file.hpp"
#include "scenarios/risk/galileo.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "tests/scenarios/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace {

using namespace venturi;
using Catch::Matchers::Contains;

constexpr ExpectedFile expected{
    .what = "a list", .form = "a text file", .example = "list.txt", .most_bytes = 20};

}  // namespace

TEST_CASE("a file is read whole, whatever its bytes") {
    const test::TemporaryFolder folder;
    const std::string bytes("a\0\r\n\xFF", 5);
    CHECK(read_regular_file(folder.write("list.txt", bytes), expected) == bytes);
    CHECK(read_regular_file(folder.write("empty.txt", ""), expected).empty());
    CHECK(read_regular_file(folder.write("full.txt", std::string(20, 'x')), expected).size() == 20);
}

TEST_CASE("what is no file, or a large one, is refused without being opened") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(read_regular_file(folder.path() / "none", expected), Contains("no such file"));
    CHECK_THROWS_WITH(read_regular_file(folder.path(), expected),
                      Contains("is a directory; a list is a text file") && Contains("list.txt"));
    CHECK_THROWS_WITH(read_regular_file("/dev/zero", expected), Contains("is not a regular file"));
    CHECK_THROWS_WITH(read_regular_file(folder.write("large.txt", std::string(21, 'x')), expected),
                      Contains("21 bytes are too many for a list") && Contains("at most 20 bytes"));
    // Its size is said to be 0, and it has more.
    if (std::filesystem::exists("/proc/self/status"))
        CHECK_THROWS_WITH(read_regular_file("/proc/self/status", expected),
                          Contains("are too many for a list"));
}

TEST_CASE("nobody waits for a pipe that was named as a tree") {
    const test::TemporaryFolder folder;
    const std::string pipe = (folder.path() / "pipe.dft").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(read_regular_file(pipe, expected), Contains("is not a regular file"));
    CHECK_THROWS_WITH(load_galileo(pipe), Contains("is not a regular file"));
    CHECK_THROWS_WITH(read_open_psa(std::array{std::filesystem::path(pipe)}),
                      Contains("is not a regular file"));
}
