#include "tests/coverage/sensitivity_indices.hpp"

#include "analysis/statistics/replicated_sobol_indices.hpp"
#include "analysis/statistics/sobol_indices.hpp"

#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

namespace {

using Random = boost::random::mt19937_64;
constexpr std::size_t replications = 4;  // as `venturi sensitivity` has by itself

struct KnownModel {
    std::string name;
    std::function<double(std::span<const double>)> at;
    double variance = 0;
    std::vector<double> first = {};
    std::vector<double> total = {};
};

/// Where the noise is drawn: once for a base point, or at each place; normal.
enum class Noise { shared, apart };

struct Setting {
    std::size_t points = 0;
    double noise = 0;  // variance over that of the inputs
    Noise kind = Noise::shared;
    bool independent = false;  // base points, instead of scrambled Sobol points
};

KnownModel ishigami() {
    // Ishigami and Homma (1990), a = 7, b = 0.1: exact values as in sensitivity_vr.csv.
    return {.name = "Ishigami",
            .at =
                [](std::span<const double> u) {
                    std::array<double, 3> x{};
                    for (std::size_t i = 0; i < 3; ++i) x[i] = std::numbers::pi * (2 * u[i] - 1);
                    return std::sin(x[0]) + 7 * std::pow(std::sin(x[1]), 2)
                           + 0.1 * std::pow(x[2], 4) * std::sin(x[0]);
                },
            .variance = 13.844587940719,
            .first = {0.31390519114781, 0.44241114479004, 0},
            .total = {0.55758885520996, 0.44241114479004, 0.24368366406215}};
}

KnownModel linear() {
    return {.name = "x₁ + 2 x₂",
            .at = [](std::span<const double> u) { return u[0] + 2 * u[1]; },
            .variance = 5.0 / 12,
            .first = {0.2, 0.8},
            .total = {0.2, 0.8}};
}

/// Sobol's G function: Π (|4 u − 2| + a) / (1 + a). A factor has the variance V = 1 / (3 (1 + a)²), all of
/// them Π (1 + V) − 1.
KnownModel g_function() {
    static constexpr std::array<double, 4> a = {0, 1, 4.5, 9};
    KnownModel model{.name = "G, a = 0, 1, 4.5, 9", .at = [](std::span<const double> u) {
                         double product = 1;
                         for (std::size_t i = 0; i < a.size(); ++i)
                             product *= (std::abs(4 * u[i] - 2) + a[i]) / (1 + a[i]);
                         return product;
                     }};
    const auto of_factor = [](double each) { return 1 / (3 * (1 + each) * (1 + each)); };
    double squares = 1;
    for (const double each : a) squares *= 1 + of_factor(each);
    model.variance = squares - 1;
    for (const double each : a) {
        model.first.push_back(of_factor(each) / model.variance);
        model.total.push_back(of_factor(each) * squares / (1 + of_factor(each)) / model.variance);
    }
    return model;
}

std::vector<ResponseProducts> live(const KnownModel& model, const Setting& setting, std::uint64_t seed,
                                   Random& random) {
    const std::size_t inputs = model.first.size();
    SobolDesign design = sobol_design(setting.points, inputs, seed);
    if (setting.independent) {
        boost::random::uniform_01<> uniform;
        for (double& u : design.first) u = uniform(random);
        for (double& u : design.second) u = uniform(random);
    }
    boost::random::normal_distribution<> noise(0, std::sqrt(setting.noise * model.variance));
    std::vector<ResponseProducts> products;
    for (std::size_t point = 0; point < setting.points; ++point) {
        std::array<double, replications> luck{};
        for (double& each : luck) each = noise(random);
        const auto responses = [&](std::span<const double> u) {
            const double expected = model.at(u);
            std::vector<double> values(replications);
            for (std::size_t i = 0; i < replications; ++i)
                values[i] = expected + (setting.kind == Noise::shared ? luck[i] : noise(random));
            return values;
        };
        const std::vector<double> first = responses(std::span(design.first).subspan(point * inputs, inputs));
        const std::vector<double> second =
            responses(std::span(design.second).subspan(point * inputs, inputs));
        std::vector<std::vector<double>> mixed;
        for (std::size_t input = 0; input < inputs; ++input)
            mixed.push_back(responses(design.mixed(point, input)));
        products.push_back(
            response_products({.first = first, .second = second, .mixed = {mixed.begin(), mixed.end()}}));
    }
    return products;
}

struct Tally {
    std::uint64_t below = 0;  ///< intervals that lie below the exact value
    std::uint64_t above = 0;
    std::vector<double> widths = {};

    void judge(const Interval& interval, double exact) {
        below += interval.high < exact ? 1U : 0U;
        above += interval.low > exact ? 1U : 0U;
        widths.push_back(interval.high - interval.low);
    }
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Of those that are known: held, too low and too high, of each index; and the width.
std::string text_of(const std::vector<Tally>& tallies, double known) {
    std::string held;
    std::string sides;
    std::string widths;
    for (const Tally& tally : tallies) {
        const double below = 100 * static_cast<double>(tally.below) / known;
        const double above = 100 * static_cast<double>(tally.above) / known;
        const std::string_view comma = held.empty() ? "" : ", ";
        held += fmt::format("{}{:.1f}", comma, 100 - below - above);
        sides += fmt::format("{}{:.1f}/{:.1f}", comma, below, above);
        widths += fmt::format("{}{:.2g}", comma, median(tally.widths));
    }
    return fmt::format("{} | {} | {}", held, sides, widths);
}

void cover(const KnownModel& model, const Setting& setting, std::uint64_t repetitions) {
    const std::size_t inputs = model.first.size();
    Random random(20240614);
    std::vector<Tally> firsts(inputs);
    std::vector<Tally> totals(inputs);
    std::vector<Tally> variance(1);
    std::uint64_t unknown = 0;
    for (std::uint64_t repetition = 1; repetition <= repetitions; ++repetition) {
        const ReplicatedIndices indices =
            replicated_sobol_indices(live(model, setting, repetition, random), inputs);
        variance[0].judge(indices.input_variance_interval, model.variance);
        if (std::isnan(indices.inputs[0].first_interval.low)) {
            ++unknown;
            continue;
        }
        for (std::size_t input = 0; input < inputs; ++input) {
            firsts[input].judge(indices.inputs[input].first_interval, model.first[input]);
            totals[input].judge(indices.inputs[input].total_interval, model.total[input]);
        }
    }
    const auto known = static_cast<double>(repetitions - unknown);
    const std::string noise =
        setting.noise == 0
            ? "none"
            : fmt::format("{:g}, {}", setting.noise, setting.kind == Noise::shared ? "shared" : "apart");
    fmt::print("| {} | {}{} | {} | {:.1f}% | {} | {} | {} |\n", model.name, setting.points,
               setting.independent ? ", independent" : "", noise,
               100 * static_cast<double>(unknown) / static_cast<double>(repetitions), text_of(firsts, known),
               text_of(totals, known), text_of(variance, static_cast<double>(repetitions)));
    std::fflush(stdout);
}

}  // namespace

void cover_sensitivity_indices(std::uint64_t repetitions) {
    fmt::print(
        "{} repetitions, {} trajectories at each place; percent held of known intervals, too low/too high, "
        "median width\n\n"
        "| function | base points | noise / variance of inputs | unknown | first: held | | | total: held | | "
        "| "
        "variance: held | | |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        repetitions, replications);
    for (const bool independent : {false, true})
        for (const std::size_t points : {64U, 256U, 1024U})
            for (const KnownModel& model : {ishigami(), linear(), g_function()})
                for (const auto& [noise, kind] :
                     {std::pair{0.0, Noise::shared}, std::pair{1.0, Noise::apart},
                      std::pair{3.0, Noise::shared}, std::pair{3.0, Noise::apart}})
                    if (!independent || points == 64 || noise == 3)
                        if (points < 1024 || (noise == 3 && !independent))
                            cover(model, {points, noise, kind, independent}, repetitions);
}

}  // namespace venturi
