// What can be measured of a running world at any moment, each described once: name, unit, meaning, how to
// read it. Conditions of interventions watch these by name, and results have observables that are made of
// them (analysis/statistics/observables.cpp). The records stand in agents/measure_table.hpp.
#pragma once

#include "sim/parameter.hpp"
#include "sim/random/draws.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace venturi {

template <DrawPolicy Draws>
class World;

/// Whether a number counts what happens, so that never having seen it says how rare it is.
enum class Counting : std::uint8_t { none, events };

/// Where results have a measure as an observable of its name.
enum class InResults : std::uint8_t {
    nowhere,
    at_horizon,  ///< a scalar
    over_time,   ///< a series
};

inline constexpr double unicorn_valuation = 1e9;  ///< dollars

/// What there is to say of a measure; the texts are literals.
struct MeasureDescription {
    std::string_view name;
    Dimension dimension = Dimension::number;
    std::string_view meaning;
    InResults in_results = InResults::nowhere;
    Counting counting = Counting::none;
    bool of_startups = true;           ///< so that it can be measured of a group of them alone
    bool may_be_negative = false;      ///< of a share never
    std::string_view older_name = {};  ///< that conditions know too

    /// Levels above or below which a condition may wait for it.
    [[nodiscard]] constexpr Range levels() const {
        if (dimension == Dimension::share) return between(0, 1);
        return may_be_negative ? Range{} : at_least(0);
    }
};

/// A measure of worlds of a policy of draws. NaN says that there is nothing to measure.
template <DrawPolicy Draws>
struct MeasureRecord : MeasureDescription {
    /// Of all startups where no group is given; of the world whatever is given where it isn't `of_startups`.
    double (*read)(const World<Draws>& world, const std::optional<std::uint32_t>& group) = nullptr;
};

/// Every measure, those that only conditions use first. `Measure::place` is the place here.
[[nodiscard]] std::span<const MeasureRecord<PlainDraws>> measures();

/// One of them: the months since the start where nothing else is said.
struct Measure {
    std::uint8_t place = 0;

    /// By its name or its older one; nothing where it is nobody's.
    [[nodiscard]] static std::optional<Measure> find(std::string_view name);
    /// The same; throws std::invalid_argument where it is nobody's.
    [[nodiscard]] static Measure named(std::string_view name);

    [[nodiscard]] const MeasureDescription& description() const { return measures()[place]; }

    friend bool operator==(const Measure&, const Measure&) = default;
};

}  // namespace venturi
