#include "analysis/program/memory_guard.hpp"

#include "analysis/program/program.hpp"
#include "sim/machine_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace venturi {

void expect_memory(double bytes, const std::string& instead) {
    const auto usable = static_cast<double>(usable_memory());
    if (bytes <= most_of_memory * usable) return;
    throw InputError(
        fmt::format("this would take some {} of memory, and no more than {:.0f}% of the {} that "
                    "there are here may be taken\n  legal here: {}",
                    memory_text(bytes), 100 * most_of_memory, memory_text(usable), instead));
}

TreeMemory tree_memory(std::uint64_t usable) {
    constexpr double at_once = 3;
    const double share = most_of_memory / at_once * static_cast<double>(usable);
    TreeMemory memory;
    if (share >= static_cast<double>(memory.bytes)) return memory;
    return {.bytes = static_cast<std::size_t>(share),
            .of_what = fmt::format("{:.0f}% of the {} that there are here", 100 * most_of_memory / at_once,
                                   memory_text(static_cast<double>(usable)))};
}

void expect_memory_for(const Scenario& scenario, int threads, const KeptRows& keep) {
    const MemoryNeed need = memory_need(scenario, threads, keep);
    const double by_points = need.observations + need.results;
    const std::array<std::pair<double, const char*>, 3> helps = {
        {{by_points, "fewer --threads, or a longer run.observe_every"},
         {need.worlds, "fewer --threads, or fewer startups"},
         {need.rows, "fewer --trajectories, or none of them kept"}}};
    expect_memory(need.total(),
                  std::max_element(helps.begin(), helps.end(), [](const auto& one, const auto& other) {
                      return one.first < other.first;
                  })->second);
}

}  // namespace venturi
