// The same trajectories under two circumstances, with the same random numbers.
#pragma once

#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/mergeable.hpp"

#include <cstddef>

namespace venturi {

/// What was observed of the same trajectories with and without a change.
template <Mergeable Accumulator>
struct Paired {
    Accumulator base;
    Accumulator changed;

    void merge(const Paired& other) {
        base.merge(other.base);
        changed.merge(other.changed);
    }
    friend bool operator==(const Paired&, const Paired&) = default;
};

/// Groups of pairs, from which a statistic of both sides, such as their difference, gets a jackknife error
/// that knows what they have in common. Both must be of the same trajectories.
template <Mergeable Accumulator, std::size_t group_count>
[[nodiscard]] Grouped<Paired<Accumulator>, group_count> paired(
    const Grouped<Accumulator, group_count>& base, const Grouped<Accumulator, group_count>& changed) {
    Grouped<Paired<Accumulator>, group_count> pairs(Paired<Accumulator>{base.empty(), changed.empty()});
    for (std::size_t group = 0; group < group_count; ++group)
        if (base.is_used(group)) pairs.of(group) = {base.group(group), changed.group(group)};
    return pairs;
}

}  // namespace venturi
