// What a scenario file sets, told from what it leaves as it was.
#pragma once

#include "scenarios/document.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/scenario.hpp"

#include <vector>

namespace venturi {

/// The parameters of `tree` that a document gives a value, in the order of the tree. `before` is the tree as
/// it was without the document; what is in an element of a collection that was not there is compared with the
/// defaults.
[[nodiscard]] std::vector<WrittenParameter> written_in(const DocumentNode& document, const Group& tree,
                                                       const Group& before);

}  // namespace venturi
