// How a search for the best mix or decision ended, as its commands tell it.
#pragma once

#include "analysis/optimiser/optimise.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/program/program.hpp"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace venturi {

struct SearchEnd {
    bool interrupted = false;
    optimiser::Ending ending = optimiser::Ending::budget_spent;
    std::uint64_t failed = 0;                 ///< trajectories
    std::array<std::string, 2> reasons = {};  ///< of the first that failed in search and measurement
};

template <class Outcome>
[[nodiscard]] SearchEnd end_of(const Outcome& outcome) {
    return {.interrupted = outcome.interrupted,
            .ending = outcome.found.ending,
            .failed = outcome.failed(),
            .reasons = {outcome.found.tally.first_failure, outcome.measured.first_failure}};
}

/// What the JSON of both begins with: what was asked of which scenario, and how it ended.
[[nodiscard]] nlohmann::ordered_json heading_json(const OptimiseExperiment& asked, const SearchEnd& end,
                                                  double seconds);
/// A list of objects with a reason each, as the manifest has it.
[[nodiscard]] nlohmann::ordered_json failures_json(const SearchEnd& end);
/// A line where histories failed.
void tell_failures(const SearchEnd& end, const Streams& streams);

}  // namespace venturi
