#include "agents/measure.hpp"

#include <stdexcept>
#include <string>

namespace venturi {

std::optional<Measure> Measure::find(std::string_view name) {
    for (std::uint8_t place = 0; place < measures().size(); ++place)
        if (const MeasureDescription& one = measures()[place];
            one.name == name || (!one.older_name.empty() && one.older_name == name))
            return Measure{place};
    return std::nullopt;
}

Measure Measure::named(std::string_view name) {
    if (const std::optional<Measure> found = find(name)) return *found;
    throw std::invalid_argument("there is no measure '" + std::string(name) + "'");
}

}  // namespace venturi
