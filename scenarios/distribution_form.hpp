// How a person writes each distribution: `{triangular: {low: $1M, mode: $2M, high: $5M}}`. One table serves
// reading, printing and the schema.
#pragma once

#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace venturi {

/// A value that a distribution is given.
struct DistributionField {
    /// What the value is measured in, and what it may be.
    enum class Role : std::uint8_t {
        value,           ///< in the parameter's dimension, within its legal range: `low`, `mean`
        positive_value,  ///< as `value`, and above 0: `median`
        deviation,       ///< in the parameter's dimension, above 0
        shape,           ///< a number above 0
    };
    std::string_view name;
    Role role = Role::value;
};

/// The name of a distribution, its values in order, and what it is.
struct DistributionForm {
    std::string_view name;
    std::string_view meaning;
    std::vector<DistributionField> fields;
    Distribution (*make)(std::span<const double> values);
};

/// All forms, in the order of the alternatives of `Distribution`.
[[nodiscard]] std::span<const DistributionForm> distribution_forms();

/// The values of a distribution in the order of its form's fields.
[[nodiscard]] std::vector<double> values_of(const Distribution& distribution);

/// The dimension in which a field of a distribution is written; a mean or an end of a count may be broken.
[[nodiscard]] Dimension dimension_of(const DistributionField& field, const Description& parameter);

/// The range in which a field may lie. Normal, log-normal and other unbounded laws may draw beyond the
/// parameter's legal range; models keep such draws at its ends.
[[nodiscard]] Range legal_range_of(const DistributionField& field, const Description& parameter);

}  // namespace venturi
