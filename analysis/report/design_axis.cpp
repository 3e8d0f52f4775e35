#include "analysis/report/design_axis.hpp"

#include "scenarios/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>

namespace venturi {

DesignAxis::DesignAxis(const DesignColumn& column, std::span<const double> values)
    : plot_{.label = column.path, .dimension = column.dimension, .low = {}, .high = {}},
      places_(column.names.size(), std::numeric_limits<double>::quiet_NaN()) {
    for (std::size_t name = 0; name < column.names.size(); ++name) {
        if (std::ranges::find(values, static_cast<double>(name)) == values.end()) continue;
        plot_.names.push_back(column.names[name]);
        places_[name] = static_cast<double>(plot_.names.size());
    }
    const std::string_view unit = unit_of(column.dimension);
    // Ticks of money have a sign of their own, those of shares a percent.
    if (column.names.empty() && unit != "1" && !unit.empty() && column.dimension != Dimension::money)
        plot_.label += fmt::format(" ({})", unit);
}

double DesignAxis::place(double value) const {
    return places_.empty() ? value : places_.at(static_cast<std::size_t>(value));
}

}  // namespace venturi
