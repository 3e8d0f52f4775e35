// Points over parameters of a scenario: the worlds in which an experiment lives its histories.
#pragma once

#include "scenarios/scenario.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/parameter.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// One number of each point: a parameter's value in the simulator's units, or the index of a name.
struct DesignColumn {
    std::string path;
    Dimension dimension = Dimension::number;
    std::string meaning = {};
    std::vector<std::string> names = {};  ///< that values are indices of; empty where values are quantities
    bool whole = false;

    /// As `--set path=` takes it, to the same bits.
    [[nodiscard]] std::string text(double value) const;
};

/// What a design moves by itself: a parameter, or the shares of a mix, which move together since they are
/// parts of one whole.
struct DesignFactor {
    std::string path;
    std::vector<DesignColumn> columns;
    /// The values that a grid takes, each by column; of a listed factor all that there are.
    std::vector<std::vector<double>> levels = {};
    bool listed = false;
    Interval range = {};  ///< of a parameter that is not listed

    [[nodiscard]] bool is_mix() const { return columns.size() > 1; }
    /// How many coordinates of the unit cube make a value: 1, or one less than a mix has shares.
    [[nodiscard]] std::size_t coordinates() const { return is_mix() ? columns.size() - 1 : 1; }
    /// The value, by column, at a place of [0, 1]^coordinates. Uniform coordinates give values uniform in the
    /// range, among the listed, or on the simplex of all mixes (a stick is broken at one end after the other:
    /// Devroye, Non-Uniform Random Variate Generation, 1986, section V.2).
    [[nodiscard]] std::vector<double> at(std::span<const double> place) const;
};

/// Points, each a value for every column of every factor.
struct Design {
    std::vector<DesignFactor> factors;
    std::size_t points = 0;
    std::vector<double> values = {};  ///< shape: points × columns

    /// Of all factors, in order.
    [[nodiscard]] std::vector<DesignColumn> columns() const;
    [[nodiscard]] std::size_t column_count() const;
    [[nodiscard]] std::span<const double> point(std::size_t number) const;
    /// "path=value" of every column, as `--set` takes it.
    [[nodiscard]] std::vector<std::string> settings(std::size_t number) const;
};

/// Reads what is to be moved: `path=a..b:n` (n values from a to b), `path=a..b` (the range), `path=a,b,c`
/// (these values, or names of choices), and for a mix of investments `path=simplex` or `path=simplex:n` (all
/// mixes in n-ths). Throws ScenarioError, with `--over` as the place, where that is wrong.
[[nodiscard]] DesignFactor read_factor(const Scenario& scenario, std::string_view text);

/// Reads several. Throws ScenarioError also where one parameter is moved twice, and where there is none.
[[nodiscard]] std::vector<DesignFactor> read_factors(const Scenario& scenario,
                                                     std::span<const std::string> texts);

/// A factor over the range of a number or the choices of a parameter as described: what sensitivity analysis
/// moves unless told. `why_not` says why there is none: a parameter without a finite plausible range, or one
/// that is a distribution.
struct PlausibleFactor {
    std::vector<DesignFactor> factor = {};  ///< one, or none
    std::string why_not = {};
};
[[nodiscard]] PlausibleFactor plausible_factor(const Scenario& scenario, const std::string& path);

/// Every parameter that a design may move, and of mixes their own path in place of their shares'.
[[nodiscard]] std::vector<std::string> movable_paths(const Scenario& scenario);

/// How many points the grid over all levels has; as a double, since it may be any number.
[[nodiscard]] double points_of_grid(std::span<const DesignFactor> factors);

/// Every combination of levels, the last factor's changing fastest. Each factor has levels.
[[nodiscard]] Design grid_design(std::vector<DesignFactor> factors);

/// The seed by which points are drawn: another than that of the worlds that live in them.
[[nodiscard]] std::uint64_t seed_of_points(std::uint64_t seed);

/// A Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979): of each coordinate one point in
/// each of `points` equal parts, in random order.
[[nodiscard]] Design latin_design(std::vector<DesignFactor> factors, std::size_t points, std::uint64_t seed);

/// Scrambled Sobol points; best a power of 2 of them.
[[nodiscard]] Design scrambled_design(std::vector<DesignFactor> factors, std::size_t points,
                                      std::uint64_t seed);

/// The design whose points have these places in the unit cube. Shape of `places`: points × coordinates of all
/// factors.
[[nodiscard]] Design design_at(std::vector<DesignFactor> factors, std::span<const double> places);

/// How many coordinates all factors together have.
[[nodiscard]] std::size_t coordinates_of(std::span<const DesignFactor> factors);

/// The scenario with the values of a point, as with all its `settings`.
[[nodiscard]] Scenario scenario_at(const Scenario& base, const Design& design, std::size_t number);

}  // namespace venturi
