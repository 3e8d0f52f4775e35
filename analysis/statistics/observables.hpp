// What is observed of a world: named numbers with a unit and a meaning, described once.
#pragma once

#include "agents/world.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/parameter.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

using PlainWorld = World<PlainDraws>;

/// Whether a number counts what happens, so that never having seen it says how rare it is.
enum class Counting : std::uint8_t { none, events };

/// One number of a trajectory, at its horizon.
struct ScalarObservable {
    std::string_view name;
    Dimension dimension;
    std::string_view meaning;
    double (*measure)(const PlainWorld&);
    Counting counting = Counting::none;
};

/// Values of companies, pooled over all companies of all trajectories.
struct PooledValues {
    Moments moments;
    QuantileSketch sketch{0.005};  ///< each quantile within 0.5% of its value

    void add(double value) {
        moments.add(value);
        sketch.add(value);
    }
    void merge(const PooledValues& other) {
        moments.merge(other.moments);
        sketch.merge(other.sketch);
    }
    friend bool operator==(const PooledValues&, const PooledValues&) = default;
};

/// A value that a company may have, or not.
struct PooledObservable {
    std::string_view name;
    Dimension dimension;
    std::string_view meaning;
    void (*collect)(const PlainWorld&, PooledValues&);
};

/// One number at each point of the observation grid; NaN where there is nothing to look at in that history.
struct SeriesObservable {
    std::string_view name;
    Dimension dimension;
    std::string_view meaning;
    double (*measure)(const PlainWorld&);
    Counting counting = Counting::none;
};

[[nodiscard]] std::span<const ScalarObservable> scalar_observables();
[[nodiscard]] std::span<const PooledObservable> pooled_observables();
[[nodiscard]] std::span<const SeriesObservable> series_observables();

/// Survival of companies by age is one more observable, of this name.
inline constexpr std::string_view survival_observable = "survival";

/// The unit of a dimension as UDUNITS writes it: "1", "month", "USD", "USD month-1".
[[nodiscard]] std::string_view udunits_of(Dimension dimension);

/// Every name that `--until` and published figures may use: scalars, series, "survival", and pooled ones with
/// ".median" and ".mean". A pooled name alone is its mean too.
[[nodiscard]] std::vector<std::string> observable_names();

}  // namespace venturi
