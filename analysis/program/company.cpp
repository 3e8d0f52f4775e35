#include "analysis/program/company.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace venturi {

std::string company_name(const World<PlainDraws>& world, std::uint32_t index) {
    const std::uint32_t group = world.startups[index].group;
    std::uint32_t first = index;
    while (first > 0 && world.startups[first - 1].group == group) --first;
    return fmt::format("{}/{}", world.setup().parameters.startups[group].name, index - first + 1);
}

std::uint32_t find_company(const World<PlainDraws>& world, const std::string& option,
                           const std::string& wanted) {
    if (world.startups.empty()) throw InputError("the scenario has no startups");
    for (std::uint32_t i = 0; i < world.startups.size(); ++i)
        if (company_name(world, i) == wanted) return i;
    throw InputError(fmt::format("{}: there is no company '{}'; they are called {} to {}", option, wanted,
                                 company_name(world, 0),
                                 company_name(world, static_cast<std::uint32_t>(world.startups.size() - 1))));
}

std::uint32_t furthest_company(const World<PlainDraws>& world) {
    if (world.startups.empty()) throw InputError("the scenario has no startups");
    const auto furthest = std::ranges::max_element(
        world.startups, {}, [](const auto& company) { return company.highest_valuation; });
    return static_cast<std::uint32_t>(furthest - world.startups.begin());
}

}  // namespace venturi
