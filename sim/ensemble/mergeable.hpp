// What an accumulator must offer to be folded over an ensemble.
#pragma once

#include <concepts>

namespace venturi {

/// A value to which observations are added, and which takes in what another one has seen. A copy of the empty
/// one must be the identity of `merge`. Merging need not be associative to the last bit: the fold fixes the
/// order.
template <class T>
concept Mergeable = std::copyable<T> && requires(T& into, const T& other) {
    into.merge(other);
};

}  // namespace venturi
