// What people do in a startup, and how far they have come.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venturi {

enum class Role : std::uint8_t { researcher, engineer, data, business };
inline constexpr std::size_t roles = 4;
inline constexpr std::array<std::string_view, roles> role_names = {"researcher", "engineer", "data",
                                                                   "business"};

enum class Level : std::uint8_t { junior, middle, senior };
inline constexpr std::size_t levels = 3;
inline constexpr std::array<std::string_view, levels> level_names = {"junior", "middle", "senior"};

}  // namespace venturi
