#include "analysis/statistics/elementary_effects.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/stream.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace venturi {

std::size_t ElementaryEffectDesign::width() const {
    return std::accumulate(coordinates.begin(), coordinates.end(), std::size_t{0});
}

std::span<const double> ElementaryEffectDesign::place(std::size_t path, std::size_t step) const {
    const std::size_t length = width();
    return std::span(places).subspan((path * (inputs() + 1) + step) * length, length);
}

ElementaryEffectDesign elementary_effect_design(std::size_t paths, std::vector<std::size_t> coordinates,
                                                std::uint64_t seed) {
    expects(paths > 0 && !coordinates.empty(), "elementary effects need a path and an input");
    ElementaryEffectDesign design{
        .coordinates = std::move(coordinates), .paths = paths, .places = {}, .moved = {}, .signs = {}};
    const std::size_t inputs = design.inputs();
    std::vector<std::size_t> begins(inputs);
    std::exclusive_scan(design.coordinates.begin(), design.coordinates.end(), begins.begin(), std::size_t{0});
    for (std::size_t path = 0; path < paths; ++path) {
        Stream stream(StreamAddress{
            .seed = seed, .trajectory = static_cast<std::uint32_t>(path), .agent = 0, .purpose = 1});
        const auto below = [&](std::size_t count) {
            return static_cast<std::size_t>(unit_uniform(stream.next_word()) * static_cast<double>(count));
        };
        std::vector<double> place(design.width());
        for (double& coordinate : place) coordinate = static_cast<double>(below(4)) / 3;
        std::vector<std::size_t> order(inputs);
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t i = inputs; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
        design.places.insert(design.places.end(), place.begin(), place.end());
        for (const std::size_t input : order) {
            design.moved.push_back(input);
            design.signs.push_back(place[begins[input]] < 0.5 ? 1 : -1);
            for (std::size_t i = begins[input]; i < begins[input] + design.coordinates[input]; ++i)
                place[i] += place[i] < 0.5 ? elementary_step : -elementary_step;
            // Levels are thirds; sums of thirds are not.
            for (double& coordinate : place) coordinate = std::round(3 * coordinate) / 3;
            design.places.insert(design.places.end(), place.begin(), place.end());
        }
    }
    return design;
}

std::vector<ElementaryEffect> elementary_effects(const ElementaryEffectDesign& design,
                                                 std::span<const double> results, std::size_t replications) {
    const std::size_t inputs = design.inputs();
    const std::size_t of_path = (inputs + 1) * replications;
    expects(replications > 0 && results.size() % of_path == 0 && results.size() / of_path <= design.paths,
            "there is a result for each place and replication of whole paths");
    std::vector<Moments> sizes(inputs);
    std::vector<Moments> signed_effects(inputs);
    std::vector<Moments> squared_errors(inputs);
    std::vector<ElementaryEffect> effects(inputs);
    for (std::size_t path = 0; path < results.size() / of_path; ++path)
        for (std::size_t step = 0; step < inputs; ++step) {
            const std::size_t input = design.moved[path * inputs + step];
            Moments changes;
            bool moved = false;
            for (std::size_t i = 0; i < replications; ++i) {
                const std::size_t before = path * of_path + step * replications + i;
                const double change = results[before + replications] - results[before];
                changes.add(change);
                moved = moved || change != 0;  // so a NaN counts as moved: nothing is known then
            }
            effects[input].changes = effects[input].changes || moved;
            const double effect = changes.mean() * design.signs[path * inputs + step] / elementary_step;
            if (std::isnan(effect)) {
                ++effects[input].missing;
                continue;
            }
            sizes[input].add(std::abs(effect));
            signed_effects[input].add(effect);
            if (replications > 1)
                squared_errors[input].add(std::pow(changes.standard_error() / elementary_step, 2));
        }
    Moments known;
    for (const double result : results)
        if (std::isfinite(result)) known.add(result);
    // No effect is larger than from one end of what was seen to the other.
    const double farthest = (known.maximum() - known.minimum()) / elementary_step;
    for (std::size_t input = 0; input < inputs; ++input) {
        effects[input].mu_star = sizes[input].mean();
        effects[input].mu = signed_effects[input].mean();
        effects[input].sigma = signed_effects[input].standard_deviation();
        effects[input].noise = std::sqrt(squared_errors[input].mean());
        effects[input].effects = sizes[input].count();
        const double mu_star = effects[input].mu_star;
        effects[input].mu_star_bounds = {mu_star, mu_star};
        if (effects[input].missing == 0 || known.count() == 0) continue;
        const auto with = static_cast<double>(effects[input].effects);
        const auto without = static_cast<double>(effects[input].missing);
        const double sum = with > 0 ? with * mu_star : 0;
        effects[input].mu_star_bounds = {sum / (with + without),
                                         (sum + without * farthest) / (with + without)};
    }
    return effects;
}

}  // namespace venturi
