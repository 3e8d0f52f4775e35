#include "analysis/report/checksum.hpp"
#include "analysis/report/result_error.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>

using namespace venturi;

// FIPS 180-4 examples, NIST's "SHA256.pdf".
static const std::string of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const std::string of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const std::string of_a_million_a = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST_CASE("SHA-256 gives the digests that NIST publishes") {
    CHECK(sha256("") == of_nothing);
    CHECK(sha256("abc") == of_abc);
    CHECK(sha256(std::string(1'000'000, 'a')) == of_a_million_a);
}

TEST_CASE("bytes have the same checksum in one piece and in many") {
    Sha256 checksum;
    for (int i = 0; i < 1000; ++i) checksum.append(std::string(1000, 'a'));
    CHECK(checksum.finish() == of_a_million_a);
    CHECK_THROWS_AS(checksum.append("more"), ContractViolation);
}

TEST_CASE("a file's digest is that of its bytes") {
    const ScratchFolder scratch;
    put_file(scratch.path() / "letters", std::string(1'000'000, 'a'));
    CHECK(digest_of_file(scratch.path() / "letters") == FileDigest{1'000'000, of_a_million_a});
    CHECK_THROWS_AS(digest_of_file(scratch.path() / "absent"), ResultError);
    CHECK_THROWS_AS(digest_of_file(scratch.path()), ResultError);
}

TEST_CASE("the checksum of a folder depends on the names and on every byte") {
    const FileDigests files = {{"a", {3, sha256("abc")}}, {"b", {0, sha256("")}}};
    // From the shell: printf abc > a; : > b; sha256sum a b | sha256sum
    CHECK(combined_sha256(files) == "09c7e0b8a02d027d95ec0375a600ed4ad4d6b26a1c93f16d9150cab5fec761a6");
    CHECK(combined_sha256({{"a", {3, sha256("abd")}}, {"b", {0, sha256("")}}}) != combined_sha256(files));
    CHECK(combined_sha256({{"c", {3, sha256("abc")}}, {"b", {0, sha256("")}}}) != combined_sha256(files));
}
