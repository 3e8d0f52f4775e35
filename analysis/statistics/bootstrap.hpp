// The bootstrap (Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979):
// what an estimate might have been, from points that are drawn again with replacement.
#pragma once

#include "sim/ensemble/interval.hpp"
#include "sim/random/stream.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace venturi {

/// Calls visit(std::span<const std::size_t> drawn) for each of `resamples` resamples: the numbers, below
/// `points`, of as many independent points as there are, each drawn with the same probability, in the order
/// of the draws. The span lasts for the call. Draws are words of the address in their order, so the same
/// address gives the same resamples. Points that are not independent are to be put together into such as are,
/// before.
template <class Visit>
void for_each_resample(std::size_t points, std::size_t resamples, const StreamAddress& address, Visit visit) {
    Stream stream(address);
    std::vector<std::size_t> drawn(points);
    for (std::size_t resample = 0; resample < resamples; ++resample) {
        for (std::size_t& point : drawn)
            point = static_cast<std::size_t>(unit_uniform(stream.next_word()) * static_cast<double>(points));
        visit(std::span<const std::size_t>(drawn));
    }
}

/// How often each point was drawn. Shape: `counts` has a place for each point.
void count_drawn(std::span<const std::size_t> drawn, std::vector<double>& counts);

/// The percentile interval of an estimate from its values in resamples: what lies between the quantiles
/// `tail` and 1 − `tail`, at the nearest order statistics; 0.025 for 95%. NaN where there are no values or
/// one is NaN. Throws ContractViolation unless 0 ≤ tail < 0.5.
[[nodiscard]] Interval percentile_interval(std::vector<double> values, double tail);

}  // namespace venturi
