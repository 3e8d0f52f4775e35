#include "analysis/statistics/prim.hpp"

#include "analysis/statistics/bootstrap.hpp"
#include "sim/contract.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace venturi {

namespace {

using Points = std::vector<std::size_t>;

void count_points(const BoxData& data, Box& box) {
    box.points = 0;
    box.hits = 0;
    for (std::size_t point = 0; point < data.points(); ++point) {
        if (!box.contains(data, point)) continue;
        ++box.points;
        if (data.happened[point]) ++box.hits;
    }
}

Box whole_box(const BoxData& data) {
    Box box;
    for (const BoxColumn& column : data.columns) {
        BoxSide side;
        const auto [least, most] = std::ranges::minmax(column.values);
        side.range = {least, most};
        side.allowed.assign(column.names, true);
        box.sides.push_back(std::move(side));
    }
    count_points(data, box);
    box.all_hits = box.hits;
    return box;
}

/// The values of a number in a box, in order.
std::vector<double> values_in(const BoxData& data, const Box& box, std::size_t column) {
    std::vector<double> values;
    for (std::size_t point = 0; point < data.points(); ++point)
        if (box.contains(data, point)) values.push_back(data.columns[column].values[point]);
    std::ranges::sort(values);
    return values;
}

/// The boxes that are left when a face is peeled off.
std::vector<Box> peels_of(const BoxData& data, const Box& box, double part) {
    std::vector<Box> peels;
    const auto add = [&](Box peel) {
        count_points(data, peel);
        if (peel.points > 0 && peel.points < box.points) peels.push_back(std::move(peel));
    };
    for (std::size_t column = 0; column < data.columns.size(); ++column) {
        if (data.columns[column].names > 0) {
            for (std::size_t name = 0; name < data.columns[column].names; ++name) {
                if (!box.sides[column].allowed[name]) continue;
                Box peel = box;
                peel.sides[column].allowed[name] = false;
                peel.sides[column].restricted = true;
                add(std::move(peel));
            }
            continue;
        }
        const std::vector<double> values = values_in(data, box, column);
        const auto taken = std::max<std::size_t>(
            1, static_cast<std::size_t>(std::floor(part * static_cast<double>(values.size()))));
        // All that are as large as the last that goes, so that equal values stay together.
        const auto next = std::ranges::upper_bound(values, values[taken - 1]);
        if (next != values.end()) {
            Box peel = box;
            peel.sides[column].range.low = *next;
            peel.sides[column].restricted = true;
            add(std::move(peel));
        }
        const auto first = std::ranges::lower_bound(values, values[values.size() - taken]);
        if (first != values.begin()) {
            Box peel = box;
            peel.sides[column].range.high = *(first - 1);
            peel.sides[column].restricted = true;
            add(std::move(peel));
        }
    }
    return peels;
}

double gain_per_point(const Box& before, const Box& after) {
    return (after.density() - before.density()) / static_cast<double>(before.points - after.points);
}

std::vector<Box> peeled(const BoxData& data, const BoxSearch& search) {
    const auto least = static_cast<std::size_t>(
        std::max(2.0, std::ceil(search.least_support * static_cast<double>(data.points()))));
    std::vector<Box> trajectory = {whole_box(data)};
    while (trajectory.back().hits < trajectory.back().points) {
        const Box& box = trajectory.back();
        std::optional<Box> best;
        for (Box& peel : peels_of(data, box, search.peel)) {
            if (peel.points < least) continue;
            if (!best || gain_per_point(box, peel) > gain_per_point(box, *best)) best = std::move(peel);
        }
        if (!best) break;
        trajectory.push_back(std::move(*best));
    }
    return trajectory;
}

double f_measure(const Box& box) {
    const double sum = box.coverage() + box.density();
    return sum > 0 ? 2 * box.coverage() * box.density() / sum : 0;
}

Box chosen_of(const std::vector<Box>& trajectory, const BoxSearch& search) {
    if (search.least_density > 0) {
        for (const Box& box : trajectory)
            if (box.density() >= search.least_density) return box;
        return *std::ranges::max_element(trajectory, {}, &Box::density);
    }
    return *std::ranges::max_element(trajectory, {}, f_measure);
}

/// The boxes that have a little more at one face.
std::vector<Box> pastes_of(const BoxData& data, const Box& box, double part) {
    std::vector<Box> pastes;
    const auto count = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::floor(part * static_cast<double>(box.points))));
    for (std::size_t column = 0; column < data.columns.size(); ++column) {
        if (!box.sides[column].restricted) continue;
        const auto add = [&](Box paste) {
            count_points(data, paste);
            if (paste.points > box.points) pastes.push_back(std::move(paste));
        };
        if (data.columns[column].names > 0) {
            for (std::size_t name = 0; name < data.columns[column].names; ++name) {
                if (box.sides[column].allowed[name]) continue;
                Box paste = box;
                paste.sides[column].allowed[name] = true;
                add(std::move(paste));
            }
            continue;
        }
        Box without = box;
        without.sides[column].range = {-std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::infinity()};
        const std::vector<double> values = values_in(data, without, column);
        const auto begin = std::ranges::lower_bound(values, box.sides[column].range.low) - values.begin();
        const auto end = std::ranges::upper_bound(values, box.sides[column].range.high) - values.begin();
        // A whole step, and a single point where that would bring more than belongs there.
        for (const std::size_t step : {count, std::size_t{1}}) {
            if (begin > 0) {
                Box paste = box;
                paste.sides[column].range.low =
                    values[static_cast<std::size_t>(begin) - std::min(step, static_cast<std::size_t>(begin))];
                add(std::move(paste));
            }
            if (static_cast<std::size_t>(end) < values.size()) {
                Box paste = box;
                paste.sides[column].range.high =
                    values[std::min(static_cast<std::size_t>(end) + step, values.size()) - 1];
                add(std::move(paste));
            }
        }
    }
    return pastes;
}

Box pasted(const BoxData& data, Box box, double part) {
    while (true) {
        std::optional<Box> best;
        for (Box& paste : pastes_of(data, box, part)) {
            if (paste.density() < box.density() || paste.hits == box.hits) continue;
            if (!best || paste.density() > best->density()
                || (paste.density() == best->density() && paste.points > best->points))
                best = std::move(paste);
        }
        if (!best) return box;
        box = std::move(*best);
    }
}

Box without_side(const BoxData& data, const Box& box, std::size_t column, const Box& whole) {
    Box wider = box;
    wider.sides[column] = whole.sides[column];
    count_points(data, wider);
    return wider;
}

/// P(so many hits or more) if the box's points were drawn at random from those without the restriction.
double chance_of(const Box& box, const Box& wider) {
    if (box.hits == 0 || wider.points == box.points) return 1;
    const boost::math::binomial_distribution<double> hits(static_cast<double>(box.points), wider.density());
    return boost::math::cdf(boost::math::complement(hits, static_cast<double>(box.hits) - 1));
}

Box without_chance(const BoxData& data, Box box, const Box& whole) {
    constexpr double level = 0.05;
    while (true) {
        std::size_t least_certain = 0;
        double largest = 0;
        for (std::size_t column = 0; column < box.sides.size(); ++column) {
            BoxSide& side = box.sides[column];
            if (!side.restricted) continue;
            side.p_value = chance_of(box, without_side(data, box, column, whole));
            if (side.p_value <= largest) continue;
            largest = side.p_value;
            least_certain = column;
        }
        if (largest <= level) return box;
        box = without_side(data, box, least_certain, whole);
    }
}

void check_data(const BoxData& data) {
    expects(!data.columns.empty() && std::ranges::find(data.happened, true) != data.happened.end(),
            "a box is sought of inputs and something that happened");
    for (const BoxColumn& column : data.columns)
        expects(column.values.size() == data.points(), "each input has a value at every point");
}

}  // namespace

bool Box::contains(const BoxData& data, std::size_t point) const {
    for (std::size_t column = 0; column < sides.size(); ++column)
        if (!sides[column].contains(data.columns[column], data.columns[column].values[point])) return false;
    return true;
}

FoundBox find_box(const BoxData& data, const BoxSearch& search) {
    check_data(data);
    FoundBox found{.box = {}, .trajectory = peeled(data, search)};
    const Box pasted_box = pasted(data, chosen_of(found.trajectory, search), search.peel);
    found.box = without_chance(data, pasted_box, found.trajectory.front());
    return found;
}

BoxStability box_stability(const BoxData& data, const BoxSearch& search, std::size_t resamples,
                           std::uint64_t seed) {
    check_data(data);
    constexpr double tail = 0.05;  // so that the middle 90% are left
    const std::size_t columns = data.columns.size();
    BoxStability stability{.restricted = std::vector<double>(columns), .low = {}, .high = {}};
    std::vector<std::vector<double>> lows(columns);
    std::vector<std::vector<double>> highs(columns);
    std::vector<double> coverages;
    std::vector<double> densities;
    const StreamAddress address{.seed = seed, .trajectory = 0, .agent = 0, .purpose = 2};
    for_each_resample(data.points(), resamples, address, [&](std::span<const std::size_t> points) {
        BoxData drawn;
        for (const BoxColumn& column : data.columns)
            drawn.columns.push_back({.values = {}, .names = column.names});
        std::vector<bool> has(data.points());
        for (const std::size_t point : points) {
            has[point] = true;
            drawn.happened.push_back(data.happened[point]);
            for (std::size_t column = 0; column < columns; ++column)
                drawn.columns[column].values.push_back(data.columns[column].values[point]);
        }
        if (std::ranges::find(drawn.happened, true) == drawn.happened.end()) return;
        ++stability.resamples;
        const Box box = find_box(drawn, search).box;
        std::size_t inside = 0;
        std::size_t hits = 0;
        std::size_t all_hits = 0;
        for (std::size_t point = 0; point < data.points(); ++point) {
            if (has[point]) continue;
            const bool in = box.contains(data, point);
            inside += in ? 1 : 0;
            all_hits += data.happened[point] ? 1 : 0;
            hits += in && data.happened[point] ? 1 : 0;
        }
        if (inside > 0) densities.push_back(static_cast<double>(hits) / static_cast<double>(inside));
        if (all_hits > 0) coverages.push_back(static_cast<double>(hits) / static_cast<double>(all_hits));
        for (std::size_t column = 0; column < columns; ++column) {
            if (!box.sides[column].restricted) continue;
            stability.restricted[column] += 1;
            lows[column].push_back(box.sides[column].range.low);
            highs[column].push_back(box.sides[column].range.high);
        }
    });
    for (std::size_t column = 0; column < columns; ++column) {
        if (stability.resamples > 0) stability.restricted[column] /= static_cast<double>(stability.resamples);
        stability.low.push_back(percentile_interval(lows[column], tail));
        stability.high.push_back(percentile_interval(highs[column], tail));
    }
    stability.coverage = percentile_interval(coverages, tail);
    stability.density = percentile_interval(densities, tail);
    return stability;
}

}  // namespace venturi
