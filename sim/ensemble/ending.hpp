// Why an ensemble's run ended.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace venturi {

enum class Ending : std::uint8_t {
    finished,           ///< all trajectories are done
    precision_reached,  ///< the stopping rule held
    interrupted,        ///< a stop was requested; what was complete was kept
    failed,             ///< the first trajectories all failed
};

/// `finished`, `precision_reached`, `interrupted` or `failed`.
[[nodiscard]] constexpr std::string_view name_of(Ending ending) {
    constexpr std::array<std::string_view, 4> names = {"finished", "precision_reached", "interrupted",
                                                       "failed"};
    return names[static_cast<std::size_t>(ending)];
}

}  // namespace venturi
