// What an observable is: a name, a unit, a meaning and a way to collect it, described once for all who look.
#pragma once

#include "agents/world.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/parameter.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

using PlainWorld = World<PlainDraws>;

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
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.moments);
        visit(self.sketch);
    }

    friend bool operator==(const PooledValues&, const PooledValues&) = default;
};

enum class ObservableKind : std::uint8_t {
    scalar,           ///< one number of a trajectory, at its horizon
    series,           ///< one number at each point of the observation grid
    pooled,           ///< a value that a company may have, or not
    distribution,     ///< a number for each of some named categories, at the horizon
    survival,         ///< of companies, by age
    restricted_mean,  ///< of companies: the area under that curve
};

/// One observable. NaN says that a trajectory has nothing to look at. Of the members below `counting` those
/// of its kind are set.
struct Observable {
    ObservableKind kind = ObservableKind::scalar;
    std::string name;
    Dimension dimension = Dimension::number;
    std::string meaning;
    Counting counting = Counting::none;

    std::function<double(const PlainWorld&)> measure = {};               ///< scalar, series
    std::function<void(const PlainWorld&, PooledValues&)> collect = {};  ///< pooled
    std::string category = {};                                           ///< distribution: what they are
    std::function<std::vector<std::string>(const WorldParameters&)> categories =
        {};                                                               ///< distribution; none
                                                                          ///< where a world has nothing
    std::function<void(const PlainWorld&, std::span<double>)> fill = {};  ///< distribution; shape: categories
};

// Observables, written in a line each.
[[nodiscard]] Observable scalar_observable(std::string_view name, Dimension dimension,
                                           std::string_view meaning,
                                           std::function<double(const PlainWorld&)> measure,
                                           Counting counting = Counting::none);
[[nodiscard]] Observable series_observable(std::string_view name, Dimension dimension,
                                           std::string_view meaning,
                                           std::function<double(const PlainWorld&)> measure,
                                           Counting counting = Counting::none);
[[nodiscard]] Observable pooled_observable(std::string_view name, Dimension dimension,
                                           std::string_view meaning,
                                           std::function<void(const PlainWorld&, PooledValues&)> collect);
[[nodiscard]] Observable distribution_observable(
    std::string_view name, Dimension dimension, std::string_view meaning, std::string_view category,
    std::function<std::vector<std::string>(const WorldParameters&)> categories,
    std::function<void(const PlainWorld&, std::span<double>)> fill);

/// Survival of companies by age is one more observable, of this name.
inline constexpr std::string_view survival_observable = "survival";

/// Which number of an observable a name asks for.
enum class PooledStatistic : std::uint8_t { mean, median };

/// What a name leads to.
struct ObservableReference {
    ObservableKind kind = ObservableKind::scalar;
    std::size_t place = 0;                              ///< among those of its kind
    PooledStatistic statistic = PooledStatistic::mean;  ///< of pooled values
    std::string category = {};                          ///< of a distribution: what stands in its brackets
};

/// All observables of a run, in order of their kinds, and by name.
class ObservableSet {
  public:
    /// Throws std::invalid_argument where a name is empty, has other characters than a–z, 0–9 and _, or is
    /// there twice, and where one lacks the functions of its kind.
    explicit ObservableSet(std::vector<Observable> observables);

    [[nodiscard]] std::span<const Observable> of(ObservableKind kind) const;
    [[nodiscard]] const Observable& at(const ObservableReference& reference) const {
        return of(reference.kind)[reference.place];
    }

    /// By the name of a scalar or series, "survival", "restricted_mean_survival", a pooled one with ".mean"
    /// or ".median" or without, which is its mean, or a distribution with one of its categories in brackets,
    /// "people_moved[a -> b]".
    [[nodiscard]] std::optional<ObservableReference> find(std::string_view name) const;

    /// Every name that `--until` and published figures may use: "survival", "restricted_mean_survival",
    /// scalars, series, and pooled ones with ".median" and ".mean".
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    std::vector<Observable> all_;
};

/// The unit of a dimension as UDUNITS writes it: "1", "month", "USD", "USD month-1".
[[nodiscard]] std::string_view udunits_of(Dimension dimension);

}  // namespace venturi
