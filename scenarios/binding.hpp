// From a document to the parameters: what is written, checked, and put where it belongs. Problems are
// collected, so that one reading finds them all; what is wrong is left as it was.
#pragma once

#include "scenarios/document.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace venturi {

/// Reads a map into the struct behind `group`. Unknown keys are problems, but for `other_keys`, which someone
/// else reads. Within a collection, a name that is new makes an element, `null` removes one, and the order of
/// the file is kept. The indices of leaves are stale afterwards where a collection has changed: build the
/// tree anew.
void read_group(Group& group, const DocumentNode& map, ProblemList& problems,
                std::span<const std::string> other_keys = {});

/// Reads one value into the leaf. `path` stands for it in messages.
void read_leaf(const Leaf& leaf, std::string_view path, const DocumentNode& node, ProblemList& problems);

/// The leaf at a path such as `finance.rounds.series_a.median_pre_money`; null and a problem with the nearest
/// legal path where there is none.
[[nodiscard]] const Leaf* find_leaf(const Group& root, std::string_view path, const SourcePosition& position,
                                    ProblemList& problems);

/// A problem for each leaf below `root` that refers to an element which is not there. `position_of` tells
/// where the leaf at a path is written.
void check_references(const Group& root,
                      const std::function<SourcePosition(const std::string& path)>& position_of,
                      ProblemList& problems);

/// The value that an intervention gives a leaf, as SetByIndex takes it: a number, 0 or 1 for a flag, the
/// index of a choice. A problem where the leaf takes effect at the start only or is a distribution, or the
/// value is not legal.
[[nodiscard]] std::optional<double> read_setting(const Leaf& leaf, std::string_view path,
                                                 const DocumentNode& node, ProblemList& problems);

/// Reads a value as written, of the given dimension and range; `name` stands for it in messages.
[[nodiscard]] std::optional<double> read_quantity(const DocumentNode& node, std::string_view name,
                                                  Dimension dimension, const Range& legal,
                                                  ProblemList& problems);

/// Reads a quantity of whatever dimension its unit says.
[[nodiscard]] std::optional<Quantity> read_any_quantity(const DocumentNode& node, std::string_view name,
                                                        ProblemList& problems);

/// Reads one of `names`; nothing and a problem where it is another.
[[nodiscard]] std::optional<std::size_t> read_choice(const DocumentNode& node, std::string_view name,
                                                     std::span<const std::string_view> names,
                                                     ProblemList& problems);

/// A problem for each key of `map` that is not in `legal`; `place` says of what. False where `map` is no map.
bool check_keys(const DocumentNode& map, std::string_view place, std::span<const std::string> legal,
                ProblemList& problems);

/// Whether a text can name an element of a collection: a lower-case letter, then letters, digits and
/// underscores.
[[nodiscard]] bool is_identifier(std::string_view text);

}  // namespace venturi
