// Commands that would take more memory than there is are refused before they begin.
#pragma once

#include "analysis/statistics/memory_need.hpp"

#include <string>

namespace venturi {

/// The part of the memory that a command may take.
inline constexpr double most_of_memory = 0.75;

/// Throws InputError where `bytes` are more than that part; `instead` says what would take less.
void expect_memory(double bytes, const std::string& instead);

/// The same of an ensemble, with what would help most.
void expect_memory_for(const Scenario& scenario, int threads, bool keep_rows);

}  // namespace venturi
