// A budget as it is asked for: a number of forward runs, or a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace venturi {

/// "96", "2000", "30 s", "5 min"; of a time so many runs as `seconds_of_run` says that it is enough for.
/// Throws InputError where it is neither.
[[nodiscard]] std::uint64_t budget_named(const std::string& text,
                                         const std::function<double()>& seconds_of_run);

/// Puts the number of runs in the place of what a command line says of --budget, where it says something: a
/// time is another number each time, and what goes on later has to have the same.
void settle_budget(std::vector<std::string>& arguments, std::uint64_t runs);

}  // namespace venturi
