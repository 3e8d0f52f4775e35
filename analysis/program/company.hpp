// How companies of a world are called on the command line.
#pragma once

#include "agents/world.hpp"
#include "analysis/program/program.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace venturi {

/// A company's group and its number in it, from 1: `founders/3`.
[[nodiscard]] std::string company_name(const World<PlainDraws>& world, std::uint32_t index);

/// The company of that name; `option` is where it was asked for. Throws InputError where there is none.
[[nodiscard]] std::uint32_t find_company(const World<PlainDraws>& world, const std::string& option,
                                         const std::string& wanted);

/// The company that went furthest: of the highest valuation. Throws InputError where there are no startups.
[[nodiscard]] std::uint32_t furthest_company(const World<PlainDraws>& world);

}  // namespace venturi
