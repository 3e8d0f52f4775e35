// Commands that would take more memory than there is are refused before they begin.
#pragma once

#include "analysis/experiments/tree_analysis.hpp"
#include "analysis/statistics/memory_need.hpp"

#include <cstdint>
#include <string>

namespace venturi {

/// The part of the memory that a command may take.
inline constexpr double most_of_memory = 0.75;

/// Throws InputError where `bytes` are more than that part; `instead` says what would take less.
void expect_memory(double bytes, const std::string& instead);

/// What the parts of a tree's analysis may take where the machine has `usable` bytes: of each of the three
/// that are there at once an equal share of that part, and no more than by default, so that machines which
/// have the memory give the same answers.
[[nodiscard]] TreeMemory tree_memory(std::uint64_t usable);

/// The same of an ensemble, with what would help most.
void expect_memory_for(const Scenario& scenario, int threads, const KeptRows& keep);

}  // namespace venturi
