#include "sim/machine_memory.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

using namespace venturi;

TEST_CASE("the memory that can be used is that of a machine, or less where the process has a limit") {
    const std::uint64_t before = usable_memory();
    CHECK(before > 1'000'000);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_AS, &limit) == 0);
    const rlim_t was = limit.rlim_cur;
    const std::uint64_t less = before / 2 + 1;
    limit.rlim_cur = static_cast<rlim_t>(less);
    // Under a sanitizer, whose shadow is larger than any limit, it can't be set.
    if (was == RLIM_INFINITY && setrlimit(RLIMIT_AS, &limit) == 0) {
        const std::uint64_t limited = usable_memory();
        limit.rlim_cur = was;
        REQUIRE(setrlimit(RLIMIT_AS, &limit) == 0);
        CHECK(limited == less);
    }
    CHECK(usable_memory() == before);
}

TEST_CASE("memory is told in units that a person reads") {
    CHECK(memory_text(4.6e9) == "4.6 GB");
    CHECK(memory_text(14.94e9) == "15 GB");
    CHECK(memory_text(512e6) == "512 MB");
    CHECK(memory_text(2.5e12) == "2.5 TB");
    CHECK(memory_text(12e3) == "12 kB");
    CHECK(memory_text(7) == "7 bytes");
}
