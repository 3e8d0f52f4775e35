#include "sim/ensemble/survival.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t enough_to_be_normal = 10;  // deaths so far, and survivors, for a simultaneous band

/// The product-limit estimate as it moves up the grid.
struct Walk {
    std::uint64_t alive;
    double survival = 1;
    double greenwood = 0;  // Σ d / (n (n − d))

    void pass(std::uint64_t deaths, std::uint64_t leave) {
        if (survival == 0) return;
        if (alive == 0) {
            survival = undefined;
            greenwood = undefined;
            return;
        }
        const double at_risk = static_cast<double>(alive);
        const double left = static_cast<double>(alive - deaths);
        survival *= left / at_risk;
        greenwood += static_cast<double>(deaths) / (at_risk * left);
        alive -= deaths + leave;
    }
    [[nodiscard]] double variance() const {
        return survival > 0 && std::isfinite(greenwood) ? survival * survival * greenwood : undefined;
    }
};

/// The interval on the scale log(−log S), for 0 < S < 1.
Interval log_log_interval(const SurvivalPoint& point, double critical) {
    const double log_survival = std::log(point.survival);
    const double standard_error = std::sqrt(point.variance) / (point.survival * -log_survival);
    const double factor = std::exp(critical * standard_error);
    return {std::exp(log_survival * factor), std::exp(log_survival / factor)};
}

bool strictly_between(double survival) {
    return survival > 0 && survival < 1;
}

}  // namespace

SurvivalCounts::SurvivalCounts(std::size_t cells, double cell_width)
    : cell_width_(cell_width), deaths_(cells, 0), censored_(cells, 0) {
    expects(cells > 0 && cell_width > 0 && std::isfinite(cell_width),
            "a survival grid needs a cell, and cells of positive width");
}

std::size_t SurvivalCounts::cell_of(double duration) const {
    auto cell = static_cast<std::size_t>(duration / cell_width_);
    while (cell > 0 && duration <= age(cell)) --cell;  // an edge belongs to the cell below it
    while (duration > age(cell + 1)) ++cell;
    return std::min(cell, cells() - 1);
}

void SurvivalCounts::add(double duration, Observed observed) {
    expects(duration >= 0, "a life lasts for 0 or more");
    ++count_;
    if (duration > age(cells())) {
        ++censored_.back();
        return;
    }
    ++(observed == Observed::event ? deaths_ : censored_)[cell_of(duration)];
}

void SurvivalCounts::merge(const SurvivalCounts& other) {
    expects(cells() == other.cells() && cell_width_ == other.cell_width_,
            "survival counts merge only on the same grid");
    count_ += other.count_;
    for (std::size_t cell = 0; cell < cells(); ++cell) {
        deaths_[cell] += other.deaths_[cell];
        censored_[cell] += other.censored_[cell];
    }
}

SurvivalPoint SurvivalCounts::point(std::size_t edge) const {
    expects(edge <= cells(), "an age beyond the survival grid");
    Walk walk{count_};
    std::uint64_t at_risk = count_;
    for (std::size_t cell = 0; cell < edge; ++cell) {
        at_risk = walk.alive;
        walk.pass(deaths_[cell], censored_[cell]);
    }
    return {age(edge), at_risk, walk.survival, walk.variance()};
}

std::vector<SurvivalPoint> SurvivalCounts::curve() const {
    std::vector<SurvivalPoint> points{{0, count_, 1, 0}};
    points.reserve(cells() + 1);
    Walk walk{count_};
    for (std::size_t cell = 0; cell < cells(); ++cell) {
        const std::uint64_t at_risk = walk.alive;
        walk.pass(deaths_[cell], censored_[cell]);
        points.push_back({age(cell + 1), at_risk, walk.survival, walk.variance()});
    }
    return points;
}

double SurvivalCounts::grid_error(std::size_t edge) const {
    expects(edge <= cells(), "an age beyond the survival grid");
    std::uint64_t alive = count_;
    double deaths_first = 1;
    double censorings_first = 1;
    for (std::size_t cell = 0; cell < edge && alive > 0; ++cell) {
        const std::uint64_t deaths = deaths_[cell];
        const std::uint64_t at_death = alive - censored_[cell];
        deaths_first *= static_cast<double>(alive - deaths) / static_cast<double>(alive);
        if (deaths > 0)
            censorings_first *= static_cast<double>(at_death - deaths) / static_cast<double>(at_death);
        alive = at_death - deaths;
    }
    return deaths_first - censorings_first;
}

std::vector<Interval> SurvivalCounts::pointwise_band(double level) const {
    const double critical = normal_critical_value(level);
    std::vector<Interval> band;
    band.reserve(cells() + 1);
    double highest = 1;
    for (const SurvivalPoint& point : curve()) {
        Interval interval{0, highest};
        if (strictly_between(point.survival)) {
            interval = log_log_interval(point, critical);
        } else if (point.survival == 1) {
            const double lowest = std::pow((1 - level) / 2, 1 / static_cast<double>(point.at_risk));
            interval = {point.age == 0 ? 1 : lowest, 1};
        }
        highest = interval.high;
        band.push_back(interval);
    }
    return band;
}

std::vector<Interval> SurvivalCounts::simultaneous_band(double level) const {
    const std::vector<SurvivalPoint> points = curve();
    std::size_t first = points.size();
    std::size_t last = 0;
    std::uint64_t died = 0;
    for (std::size_t edge = 1; edge < points.size(); ++edge) {
        died += deaths_[edge - 1];
        if (died < enough_to_be_normal || points[edge].at_risk - deaths_[edge - 1] < enough_to_be_normal)
            continue;
        first = std::min(first, edge);
        last = edge;
    }
    std::vector<Interval> band(points.size(), Interval{0, 1});
    band.front() = {1, 1};
    if (first > last) return band;

    const auto bridge_time = [&](const SurvivalPoint& point) {
        const double scaled =
            static_cast<double>(count_) * point.variance / (point.survival * point.survival);
        return scaled / (1 + scaled);
    };
    const double critical =
        equal_precision_critical_value(level, bridge_time(points[first]), bridge_time(points[last]));
    for (std::size_t edge = first; edge <= last; ++edge)
        band[edge] = log_log_interval(points[edge], critical);
    for (std::size_t edge = 1; edge < first; ++edge) band[edge] = {band[first].low, 1};
    for (std::size_t edge = last + 1; edge < points.size(); ++edge) band[edge] = {0, band[last].high};
    return band;
}

}  // namespace venturi
