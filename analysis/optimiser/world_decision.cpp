#include "analysis/optimiser/world_decision.hpp"

#include "scenarios/binding.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/parameter_use.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/sections.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

namespace venturi {

namespace {

using optimiser::Index;
using optimiser::Vector;

constexpr std::array<std::string_view, advantages> names_of_shares = {"technology", "data", "talent",
                                                                      "partnership", "risk"};

[[noreturn]] void refuse(std::string message, std::string value, std::string legal) {
    throw ScenarioError(Problem{.position = {.file = "--over"},
                                .message = std::move(message),
                                .value = std::move(value),
                                .legal = std::move(legal)});
}

const Leaf& leaf_at(const Group& root, const std::string& path) {
    ProblemList problems;
    const Leaf* const leaf = find_leaf(root, path, {.file = "--over"}, problems);
    problems.throw_if_any();
    return *leaf;
}

/// The number that a parameter has; NaN where each agent draws its own.
double value_at(const Group& root, const std::string& path) {
    struct Getter {
        double operator()(const double* number) const { return *number; }
        double operator()(const std::int64_t* whole) const { return static_cast<double>(*whole); }
        double operator()(const Distribution* distribution) const {
            const auto* constant = std::get_if<Constant>(distribution);
            return constant == nullptr ? std::numeric_limits<double>::quiet_NaN() : constant->value;
        }
        double operator()(const bool* flag) const { return *flag ? 1 : 0; }
        double operator()(const ChoiceTarget& choice) const { return static_cast<double>(choice.get()); }
        double operator()(const ReferenceTarget&) const { return std::numeric_limits<double>::quiet_NaN(); }
    };
    return std::visit([](const auto& target) { return Getter{}(target); }, leaf_at(root, path).target);
}

Design design_of(const WorldDecision& decision, const std::vector<double>& values) {
    return {.factors = decision.factors, .points = 1, .values = values};
}

}  // namespace

std::vector<DesignFactor> read_decided_factors(const Scenario& scenario,
                                               const std::vector<std::string>& texts) {
    if (texts.empty()) return {};
    std::vector<DesignFactor> factors = read_factors(scenario, texts);
    Scenario copy = scenario;
    const Group root = settable_tree(copy);
    const ParameterUse use(scenario);
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const DesignFactor& factor = factors[i];
        if (!factor.is_mix() && (factor.listed || !factor.levels.empty()))
            refuse(fmt::format("'{}' is to lie anywhere between two bounds, not at values of a list",
                               factor.path),
                   texts[i], fmt::format("{}=low..high", factor.path));
        if (factor.is_mix() && !factor.levels.empty())
            refuse(fmt::format("'{}' is to be any mix, not one of a list", factor.path), texts[i],
                   fmt::format("{}=simplex", factor.path));
        for (const DesignColumn& column : factor.columns) {
            if (const auto where = use.unread_at(column.path))
                refuse(fmt::format("'{}' moves nothing in this scenario: it is read where {}", column.path,
                                   *where),
                       texts[i], "a parameter that the scenario reads");
            if (std::isnan(value_at(root, column.path)))
                refuse(fmt::format("'{}' is drawn from a distribution by each agent: there is no one number "
                                   "to begin with",
                                   column.path),
                       texts[i], fmt::format("first --set {}=VALUE, or another parameter", column.path));
        }
        if (factor.path.starts_with("run."))
            refuse(fmt::format("'{}' is no part of the world", factor.path), texts[i],
                   "a parameter of the world");
    }
    return factors;
}

optimiser::FeasibleSet feasible_set_of(const WorldDecision& decision) {
    const optimiser::Simplex shares = optimiser::simplex(static_cast<Index>(advantages), decision.floor);
    std::vector<optimiser::Block> blocks(decision.rows, shares);
    for (const DesignFactor& factor : decision.factors) {
        if (factor.is_mix())
            blocks.emplace_back(shares);
        else
            blocks.emplace_back(optimiser::Box{Vector::Constant(1, factor.range.low),
                                               Vector::Constant(1, factor.range.high)});
    }
    return optimiser::FeasibleSet(std::move(blocks));
}

std::vector<DecidedNumber> numbers_of(const WorldDecision& decision, const std::vector<std::string>& stages) {
    std::vector<DecidedNumber> numbers;
    for (std::size_t row = 0; row < decision.rows; ++row)
        for (const std::string_view share : names_of_shares)
            numbers.push_back({.name = decision.rows == 1 ? std::string(share)
                                                          : fmt::format("{}.{}", stages.at(row), share),
                               .low = decision.floor});
    for (const DesignFactor& factor : decision.factors)
        for (const DesignColumn& column : factor.columns)
            numbers.push_back({.name = column.path,
                               .dimension = column.dimension,
                               .low = factor.is_mix() ? decision.floor : factor.range.low,
                               .high = factor.is_mix() ? 1 : factor.range.high,
                               .is_share = factor.is_mix(),
                               .whole = column.whole});
    return numbers;
}

Vector start_of(const WorldDecision& decision, const Scenario& scenario, const MixRows& mix) {
    expects(mix.size() == decision.rows, "a start has the rows of the mix");
    std::vector<double> numbers = decision.moves_mix() ? shares_of_rows(mix) : std::vector<double>{};
    Scenario copy = scenario;
    const Group root = settable_tree(copy);
    for (const DesignFactor& factor : decision.factors) {
        double sum = 0;
        const std::size_t first = numbers.size();
        for (const DesignColumn& column : factor.columns) {
            numbers.push_back(value_at(root, column.path));
            sum += numbers.back();
        }
        if (!factor.is_mix()) {
            numbers.back() = std::clamp(numbers.back(), factor.range.low, factor.range.high);
            continue;
        }
        expects(sum > 0, "some share of a mix is above 0");
        for (std::size_t i = first; i < numbers.size(); ++i) numbers[i] /= sum;
    }
    const Vector start = Eigen::Map<const Vector>(numbers.data(), static_cast<Index>(numbers.size()));
    const optimiser::FeasibleSet set = feasible_set_of(decision);
    return set.contains(start) ? start : optimiser::project(set, start);
}

std::vector<MovedStart> starts_moved_to_bounds(const WorldDecision& decision, const Scenario& scenario) {
    std::vector<MovedStart> moved;
    Scenario copy = scenario;
    const Group root = settable_tree(copy);
    for (const DesignFactor& factor : decision.factors) {
        if (factor.is_mix()) continue;
        const double own = value_at(root, factor.path);
        const double start = std::clamp(own, factor.range.low, factor.range.high);
        if (own != start) moved.push_back({factor.path, own, start});
    }
    return moved;
}

MixRows mix_rows_in(const WorldDecision& decision, const Vector& numbers) {
    if (!decision.moves_mix()) return {};
    const auto end = numbers.begin() + static_cast<std::ptrdiff_t>(decision.rows * advantages);
    return rows_of_shares(std::vector<double>(numbers.begin(), end));
}

std::vector<double> factor_values_in(const WorldDecision& decision, const Vector& numbers) {
    std::vector<double> values(numbers.begin() + static_cast<std::ptrdiff_t>(decision.rows * advantages),
                               numbers.end());
    std::size_t place = 0;
    for (const DesignFactor& factor : decision.factors)
        for (const DesignColumn& column : factor.columns) {
            if (column.whole) values[place] = std::round(values[place]);
            ++place;
        }
    return values;
}

std::vector<std::string> factor_settings_in(const WorldDecision& decision, const Vector& numbers) {
    return design_of(decision, factor_values_in(decision, numbers)).settings(0);
}

Scenario scenario_with(const Scenario& scenario, const WorldDecision& decision,
                       const std::vector<double>& factor_values) {
    if (decision.factors.empty()) return scenario;
    return scenario_at(scenario, design_of(decision, factor_values), 0);
}

}  // namespace venturi
