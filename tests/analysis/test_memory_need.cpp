// What a run will take of the memory is told before it does.
#include "analysis/statistics/cohort.hpp"
#include "analysis/statistics/memory_need.hpp"
#include "scenarios/scenario.hpp"
#include "tests/analysis/ask.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace venturi {
namespace {

Scenario seed_cohort(const std::vector<std::string>& settings) {
    return load_with_settings("seed_cohort", settings);
}

TEST_CASE("a fine grid, many threads, many startups and kept rows each take more memory") {
    const MemoryNeed usual = memory_need(seed_cohort({}), 2, {});
    CHECK(usual.total() < 500e6);
    // As measured, 4.6 GB on two cores.
    const MemoryNeed fine = memory_need(
        seed_cohort({"run.observe_every=0.01 months", "run.horizon=1200 months", "run.trajectories=2"}), 2,
        {});
    CHECK(fine.total() > 3e9);
    CHECK(fine.total() < 9e9);
    // As measured, 14.9 GB.
    const MemoryNeed threads = memory_need(seed_cohort({}), 1024, {});
    CHECK(threads.total() > 10e9);
    CHECK(threads.total() < 45e9);
    CHECK(memory_need(seed_cohort({"startups.founders.count=1e6"}), 2, {}).worlds > 4e9);
    const MemoryNeed kept = memory_need(seed_cohort({"run.trajectories=4e9"}), 2, {.trajectories = true});
    CHECK(kept.rows > 1e12);
    CHECK(memory_need(seed_cohort({"run.trajectories=4e9"}), 2, {}).total() < 1e9);
}

TEST_CASE("a run that would take more than its part of the memory is refused before it begins") {
    const Answer rows = ask({"run", "seed_cohort", "--trajectories", "4,000,000,000", "--keep-trajectories"});
    CHECK(rows.code == ExitCode::bad_input);
    CHECK(rows.err.find("this would take some") != std::string::npos);
    CHECK(rows.err.find("75% of the") != std::string::npos);
    CHECK(rows.err.find("legal here: fewer --trajectories") != std::string::npos);
    CHECK(rows.out.empty());
}

}  // namespace
}  // namespace venturi
