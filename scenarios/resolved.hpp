// Parameters written out in full, as JSON that is also a scenario file: what a manifest keeps of a run.
#pragma once

#include "scenarios/parameter_tree.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace venturi {

/// The value of a leaf as read_leaf takes it: `"$2.5M"`, `0.3`, `true`, `{"uniform": {"low": ..., "high":
/// ...}}`.
[[nodiscard]] nlohmann::ordered_json resolved_leaf(const Leaf& leaf);

/// All values below a group. Reading them over a struct like `defaults` gives the same bits; elements of
/// collections that `defaults` has and the group has not are `null`, which removes them.
[[nodiscard]] nlohmann::ordered_json resolved_group(const Group& group, const Group& defaults);

/// The value of a leaf in YAML on one line: `$2.5M`, `{uniform: {low: $1M, high: $3M}}`.
[[nodiscard]] std::string leaf_text(const Leaf& leaf);

/// A value that an intervention gives to a leaf, in YAML; the inverse of read_setting.
[[nodiscard]] std::string setting_text(const Leaf& leaf, double value);

}  // namespace venturi
