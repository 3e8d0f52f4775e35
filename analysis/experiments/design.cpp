#include "analysis/experiments/design.hpp"

#include "analysis/statistics/scrambled_sobol.hpp"
#include "scenarios/binding.hpp"
#include "scenarios/documentation.hpp"
#include "scenarios/parameter_tree.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/sections.hpp"
#include "sim/contract.hpp"
#include "sim/random/stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <utility>
#include <variant>

namespace venturi {

namespace {

constexpr double most_levels = 1e6;
constexpr std::string_view mix_name = "mix";
const std::vector<std::string> no_and_yes = {"no", "yes"};

[[noreturn]] void refuse(std::string message, std::string_view value, std::string legal,
                         std::string nearest = {}) {
    throw ScenarioError(Problem{.position = {.file = "--over"},
                                .message = std::move(message),
                                .value = std::string(value),
                                .legal = std::move(legal),
                                .nearest = std::move(nearest)});
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// The group at a path through groups and elements of collections; null where there is none.
const Group* group_at(const Group& root, std::string_view path) {
    const Group* group = &root;
    const Collection* collection = nullptr;
    while (!path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        const Group* next = nullptr;
        if (collection != nullptr) {
            for (const Group& element : collection->elements)
                if (element.name == name) next = &element;
            collection = nullptr;
        } else {
            for (const Member& member : group->members) {
                if (member.name() != name) continue;
                next = std::get_if<Group>(&member.value);
                collection = std::get_if<Collection>(&member.value);
            }
            if (collection != nullptr) continue;
        }
        if (next == nullptr) return nullptr;
        group = next;
    }
    return collection == nullptr ? group : nullptr;
}

bool is_mix_at(const Group& root, std::string_view path) {
    const std::size_t point = path.rfind('.');
    return point != std::string_view::npos && path.substr(point + 1) == mix_name
           && group_at(root, path) != nullptr;
}

DesignColumn column_of(const Leaf& leaf, std::string path, const Group& root) {
    DesignColumn column{.path = std::move(path),
                        .dimension = leaf.description.dimension,
                        .meaning = std::string(leaf.description.meaning)};
    if (std::holds_alternative<std::int64_t*>(leaf.target)) column.whole = true;
    if (std::holds_alternative<bool*>(leaf.target)) column.names = no_and_yes;
    if (const auto* choice = std::get_if<ChoiceTarget>(&leaf.target))
        column.names.assign(choice->names.begin(), choice->names.end());
    if (const auto* reference = std::get_if<ReferenceTarget>(&leaf.target))
        if (const Collection* named = find_collection(root, reference->collection))
            column.names = names_of(*named);
    return column;
}

bool takes_names(const Leaf& leaf) {
    return std::holds_alternative<bool*>(leaf.target) || std::holds_alternative<ChoiceTarget>(leaf.target)
           || std::holds_alternative<ReferenceTarget>(leaf.target);
}

double read_level(const Leaf& leaf, const DesignColumn& column, std::string_view text) {
    if (text.empty()) refuse(fmt::format("'{}' has an empty value", column.path), "", legal_text(leaf));
    if (takes_names(leaf)) {
        std::string name(text);
        if (std::holds_alternative<bool*>(leaf.target))
            name = name == "true" ? "yes" : name == "false" ? "no" : name;
        const auto found = std::ranges::find(column.names, name);
        if (found == column.names.end())
            refuse(fmt::format("'{}': {} is none of its values", column.path, in_quotes(text)), text,
                   listed(column.names), nearest_name(name, column.names));
        return static_cast<double>(found - column.names.begin());
    }
    try {
        if (column.whole) return static_cast<double>(parse_whole(text, leaf.description.legal));
        return parse_quantity(text, column.dimension, leaf.description.legal);
    } catch (const QuantityError& error) {
        refuse(fmt::format("'{}': {}", column.path, error.what()), text, error.legal());
    }
}

/// Values with commas between. A comma within a number ("1,000") would be one of those, so that is refused.
std::vector<std::string_view> split_list(std::string_view text, const std::string& path) {
    std::vector<std::string_view> parts;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    while (true) {
        const std::size_t comma = text.find(',');
        parts.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) break;
        const std::string_view rest = text.substr(comma + 1);
        std::size_t before = 0;
        while (before < comma && digit(text[comma - 1 - before])) ++before;
        const bool thousands = before >= 1 && before <= 3 && text[comma - before] != '0' && rest.size() >= 3
                               && std::all_of(rest.begin(), rest.begin() + 3, digit)
                               && (rest.size() == 3 || !digit(rest[3]));
        if (thousands)
            refuse(fmt::format("'{}': {} may be one number or two", path, in_quotes(text)), text,
                   "numbers without commas, or a blank after each comma between values");
        text = rest;
    }
    for (std::string_view& part : parts) part = trimmed(part);
    return parts;
}

std::size_t read_count(std::string_view text, const std::string& path) {
    std::int64_t count = 0;
    try {
        count = parse_whole(text, between(-1e15, 1e15));
    } catch (const QuantityError& error) {
        refuse(fmt::format("'{}': {}", path, error.what()), text, "how many values, such as a..b:5");
    }
    if (count < 2)
        refuse(fmt::format("'{}': {} values from one end to the other are none", path, count), text,
               "2 or more, ends included; for one value path=value");
    if (static_cast<double>(count) > most_levels)
        refuse(fmt::format("'{}': {} values are too many", path, count), text, "up to a million");
    return static_cast<std::size_t>(count);
}

std::vector<std::vector<double>> levels_between(const DesignFactor& factor, std::size_t count,
                                                std::string_view text) {
    std::vector<std::vector<double>> levels;
    const double low = factor.range.low;
    const double high = factor.range.high;
    if (factor.columns.front().whole && static_cast<double>(count) > high - low + 1)
        refuse(fmt::format("'{}': there are not {} whole numbers there", factor.path, count), text,
               fmt::format("up to {:.0f} of them", high - low + 1));
    for (std::size_t i = 0; i < count; ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(count - 1);
        double value = i + 1 == count ? high : low + part * (high - low);
        if (factor.columns.front().whole) value = std::round(value);
        levels.push_back({value});
    }
    return levels;
}

void read_range(DesignFactor& factor, const Leaf& leaf, std::string_view text) {
    const DesignColumn& column = factor.columns.front();
    const std::size_t dots = text.find("..");
    std::string_view upper = text.substr(dots + 2);
    std::optional<std::string_view> count;
    if (const std::size_t colon = upper.find(':'); colon != std::string_view::npos) {
        count = trimmed(upper.substr(colon + 1));
        upper = upper.substr(0, colon);
    }
    if (takes_names(leaf))
        refuse(fmt::format("'{}' is no number, so nothing lies between two of its values", factor.path), text,
               "a list of " + listed(column.names));
    factor.range = {read_level(leaf, column, trimmed(text.substr(0, dots))),
                    read_level(leaf, column, trimmed(upper))};
    if (factor.range.low == factor.range.high)
        refuse(fmt::format("'{}': a range from {} to itself leaves nothing to vary", factor.path,
                           column.text(factor.range.low)),
               text,
               fmt::format("{}=low..high with low below high; or --set {}={}, which holds it there",
                           factor.path, factor.path, column.text(factor.range.low)));
    if (!(factor.range.low < factor.range.high))
        refuse(fmt::format("'{}': a range goes from a lower value to a higher one, not from {} to {}",
                           factor.path, column.text(factor.range.low), column.text(factor.range.high)),
               text,
               fmt::format("{}={}..{}", factor.path, column.text(factor.range.high),
                           column.text(factor.range.low)));
    if (count) factor.levels = levels_between(factor, read_count(*count, factor.path), text);
}

void read_list(DesignFactor& factor, const Leaf& leaf, std::string_view text) {
    const DesignColumn& column = factor.columns.front();
    factor.listed = true;
    for (const std::string_view part : split_list(text, factor.path)) {
        const std::vector<double> level = {read_level(leaf, column, part)};
        if (std::ranges::find(factor.levels, level) != factor.levels.end())
            refuse(fmt::format("'{}': {} is there twice", factor.path, column.text(level.front())), text,
                   "each value once");
        factor.levels.push_back(level);
    }
    const auto [least, most] = std::ranges::minmax(factor.levels);
    factor.range = {least.front(), most.front()};
}

DesignFactor mix_at(const Group& root, const std::string& path) {
    DesignFactor factor{.path = path, .columns = {}};
    for (const Member& member : group_at(root, path)->members)
        if (const Leaf* leaf = std::get_if<Leaf>(&member.value))
            factor.columns.push_back(
                column_of(*leaf, path + "." + std::string(leaf->description.name), root));
    factor.range = {0, 1};
    return factor;
}

/// All mixes in parts of 1 / parts: a simplex lattice (Scheffé, J. R. Stat. Soc. B 20, 1958).
void append_lattice(std::vector<std::vector<double>>& levels, std::vector<std::size_t>& taken,
                    std::size_t left, std::size_t parts, std::size_t shares) {
    if (taken.size() + 1 == shares) {
        std::vector<double> level;
        for (const std::size_t each : taken)
            level.push_back(static_cast<double>(each) / static_cast<double>(parts));
        level.push_back(static_cast<double>(left) / static_cast<double>(parts));
        levels.push_back(std::move(level));
        return;
    }
    for (std::size_t part = 0; part <= left; ++part) {
        taken.push_back(part);
        append_lattice(levels, taken, left - part, parts, shares);
        taken.pop_back();
    }
}

DesignFactor read_mix(const Group& root, const std::string& path, std::string_view text) {
    DesignFactor factor = mix_at(root, path);
    const std::size_t colon = text.find(':');
    if (trimmed(text.substr(0, colon)) != "simplex")
        refuse(
            fmt::format("'{}' is a mix, whose shares move together", path), text,
            fmt::format("{0}=simplex, {0}=simplex:4 for all mixes in quarters, or one of its shares", path),
            nearest_name(std::string(trimmed(text.substr(0, colon))), std::vector<std::string>{"simplex"}));
    if (colon == std::string_view::npos) return factor;
    const std::size_t parts = read_count(trimmed(text.substr(colon + 1)), path);
    if (parts > 20)
        refuse(fmt::format("'{}': all mixes in {} parts are too many", path, parts), text, "2 to 20");
    std::vector<std::size_t> taken;
    append_lattice(factor.levels, taken, parts, parts, factor.columns.size());
    return factor;
}

const Leaf* leaf_of(const Group& root, const std::string& path) {
    ProblemList problems;
    const Leaf* const leaf = find_leaf(root, path, {.file = "--over"}, problems);
    problems.throw_if_any();
    return leaf;
}

void set_value(const Leaf& leaf, const DesignColumn& column, double value) {
    struct Setter {
        const DesignColumn& column;
        double value;
        void operator()(double* number) const { *number = value; }
        void operator()(std::int64_t* whole) const { *whole = static_cast<std::int64_t>(value); }
        void operator()(bool* flag) const { *flag = value != 0; }
        void operator()(const ChoiceTarget& choice) const { choice.set(static_cast<std::size_t>(value)); }
        void operator()(Distribution* distribution) const { *distribution = Constant{value}; }
        void operator()(const ReferenceTarget& reference) const {
            *reference.name = column.names.at(static_cast<std::size_t>(value));
        }
    };
    std::visit(Setter{column, value}, leaf.target);
}

}  // namespace

std::string DesignColumn::text(double value) const {
    if (!names.empty()) return names.at(static_cast<std::size_t>(value));
    return print_quantity(value, dimension);
}

std::vector<double> DesignFactor::at(std::span<const double> place) const {
    if (is_mix()) {
        std::vector<double> shares;
        double left = 1;
        for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
            const auto others = static_cast<double>(columns.size() - 1 - i);
            const double part = left * (1 - std::pow(1 - place[i], 1 / others));
            shares.push_back(part);
            left -= part;
        }
        shares.push_back(std::max(left, 0.0));
        return shares;
    }
    const double u = place.front();
    if (listed)
        return levels[std::min(static_cast<std::size_t>(u * static_cast<double>(levels.size())),
                               levels.size() - 1)];
    if (columns.front().whole)
        return {std::min(std::floor(range.low + u * (range.high - range.low + 1)), range.high)};
    return {range.low + u * (range.high - range.low)};
}

std::vector<DesignColumn> Design::columns() const {
    std::vector<DesignColumn> all;
    for (const DesignFactor& factor : factors)
        all.insert(all.end(), factor.columns.begin(), factor.columns.end());
    return all;
}

std::size_t Design::column_count() const {
    std::size_t count = 0;
    for (const DesignFactor& factor : factors) count += factor.columns.size();
    return count;
}

std::span<const double> Design::point(std::size_t number) const {
    const std::size_t width = column_count();
    return std::span(values).subspan(number * width, width);
}

std::vector<std::string> Design::settings(std::size_t number) const {
    std::vector<std::string> texts;
    const std::span<const double> at = point(number);
    std::size_t place = 0;
    for (const DesignFactor& factor : factors)
        for (const DesignColumn& column : factor.columns)
            texts.push_back(fmt::format("{}={}", column.path, column.text(at[place++])));
    return texts;
}

DesignFactor read_factor(const Scenario& scenario, std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || trimmed(text.substr(0, equals)).empty())
        refuse(fmt::format("{} moves nothing", in_quotes(text)), text,
               "path=a..b:n or path=a,b,c, such as finance.raising.attempts=1..9:5");
    const std::string path(trimmed(text.substr(0, equals)));
    const std::string_view values = trimmed(text.substr(equals + 1));
    Scenario copy = scenario;
    const Group root = settable_tree(copy);
    if (values.empty()) refuse(fmt::format("'{}' has no values", path), values, "path=a..b:n or path=a,b,c");
    if (is_mix_at(root, path)) return read_mix(root, path, values);
    const Leaf* const leaf = leaf_of(root, path);
    if (path == "run.seed" || path == "run.trajectories")
        refuse(fmt::format("'{}' is no part of the world: all points have the same luck", path), values,
               "any other parameter; --seed and --trajectories hold for all points");
    DesignFactor factor{.path = path, .columns = {column_of(*leaf, path, root)}};
    if (values.find("..") != std::string_view::npos)
        read_range(factor, *leaf, values);
    else
        read_list(factor, *leaf, values);
    return factor;
}

std::vector<DesignFactor> read_factors(const Scenario& scenario, std::span<const std::string> texts) {
    if (texts.empty())
        refuse("there is nothing to move", "", "--over path=a..b:n, as often as there are parameters");
    std::vector<DesignFactor> factors;
    std::set<std::string> moved;
    for (const std::string& text : texts) {
        factors.push_back(read_factor(scenario, text));
        for (const DesignColumn& column : factors.back().columns)
            if (!moved.insert(column.path).second)
                refuse(fmt::format("'{}' is moved twice", column.path), text, "each parameter once");
    }
    return factors;
}

PlausibleFactor plausible_factor(const Scenario& scenario, const std::string& path) {
    Scenario copy = scenario;
    const Group root = settable_tree(copy);
    if (is_mix_at(root, path)) return {.factor = {mix_at(root, path)}, .why_not = {}};
    const Leaf* const leaf = leaf_of(root, path);
    DesignFactor factor{.path = path, .columns = {column_of(*leaf, path, root)}};
    const DesignColumn& column = factor.columns.front();
    if (takes_names(*leaf)) {
        if (column.names.size() < 2) return {.factor = {}, .why_not = "it has but one value"};
        factor.listed = true;
        for (std::size_t i = 0; i < column.names.size(); ++i)
            factor.levels.push_back({static_cast<double>(i)});
        factor.range = {0, static_cast<double>(column.names.size() - 1)};
        return {.factor = {std::move(factor)}, .why_not = {}};
    }
    if (const auto* distribution = std::get_if<Distribution*>(&leaf->target))
        if (!std::holds_alternative<Constant>(**distribution))
            return {.factor = {}, .why_not = "each agent draws it from a distribution"};
    const Range& legal = leaf->description.legal;
    const Range& plausible = leaf->description.plausible;
    const bool given = std::isfinite(plausible.low) && std::isfinite(plausible.high);
    const Range& range = given ? plausible : legal;
    if (!std::isfinite(range.low) || !std::isfinite(range.high) || !(range.low < range.high))
        return {.factor = {}, .why_not = "it has no plausible range"};
    // An end that is itself not legal is left by the smallest part of the range that matters to nobody.
    const double inset = 1e-6 * (range.high - range.low);
    factor.range = {range.low + (legal.contains(range.low) ? 0 : inset),
                    range.high - (legal.contains(range.high) ? 0 : inset)};
    if (column.whole) factor.range = {std::ceil(factor.range.low), std::floor(factor.range.high)};
    return {.factor = {std::move(factor)}, .why_not = {}};
}

std::vector<std::string> movable_paths(const Scenario& scenario) {
    Scenario copy = scenario;
    const Group root = settable_tree(copy);
    std::vector<std::string> paths;
    for (const LeafPath& leaf : leaves_of(root)) {
        if (leaf.path.starts_with("run.")) continue;
        const std::string above = leaf.path.substr(0, leaf.path.rfind('.'));
        const std::string& path = is_mix_at(root, above) ? above : leaf.path;
        if (paths.empty() || paths.back() != path) paths.push_back(path);
    }
    return paths;
}

double points_of_grid(std::span<const DesignFactor> factors) {
    double points = factors.empty() ? 0 : 1;
    for (const DesignFactor& factor : factors) points *= static_cast<double>(factor.levels.size());
    return points;
}

Design grid_design(std::vector<DesignFactor> factors) {
    for (const DesignFactor& factor : factors)
        expects(!factor.levels.empty(), "each factor of a grid has levels");
    Design design{.factors = std::move(factors)};
    design.points = static_cast<std::size_t>(points_of_grid(design.factors));
    for (std::size_t number = 0; number < design.points; ++number) {
        std::size_t period = design.points;
        for (const DesignFactor& factor : design.factors) {
            period /= factor.levels.size();
            const std::vector<double>& level = factor.levels[number / period % factor.levels.size()];
            design.values.insert(design.values.end(), level.begin(), level.end());
        }
    }
    return design;
}

std::size_t coordinates_of(std::span<const DesignFactor> factors) {
    std::size_t count = 0;
    for (const DesignFactor& factor : factors) count += factor.coordinates();
    return count;
}

Design design_at(std::vector<DesignFactor> factors, std::span<const double> places) {
    const std::size_t width = coordinates_of(factors);
    expects(width > 0 && places.size() % width == 0, "each point has a place for every coordinate");
    Design design{.factors = std::move(factors)};
    design.points = places.size() / width;
    std::size_t next = 0;
    while (next < places.size())
        for (const DesignFactor& factor : design.factors) {
            const std::vector<double> value = factor.at(places.subspan(next, factor.coordinates()));
            design.values.insert(design.values.end(), value.begin(), value.end());
            next += factor.coordinates();
        }
    return design;
}

std::uint64_t seed_of_points(std::uint64_t seed) {
    return seed + 0x9e3779b97f4a7c15U;
}

Design latin_design(std::vector<DesignFactor> factors, std::size_t points, std::uint64_t seed) {
    const std::size_t width = coordinates_of(factors);
    std::vector<double> places(points * width);
    for (std::size_t coordinate = 0; coordinate < width; ++coordinate) {
        Stream stream(StreamAddress{.seed = seed_of_points(seed),
                                    .trajectory = 0,
                                    .agent = static_cast<std::uint32_t>(coordinate),
                                    .purpose = 0});
        std::vector<std::size_t> part(points);
        std::iota(part.begin(), part.end(), std::size_t{0});
        for (std::size_t i = points; i > 1; --i) {
            const double u = unit_uniform(stream.next_word());
            std::swap(part[i - 1], part[static_cast<std::size_t>(u * static_cast<double>(i))]);
        }
        for (std::size_t i = 0; i < points; ++i)
            places[i * width + coordinate] = (static_cast<double>(part[i]) + unit_uniform(stream.next_word()))
                                             / static_cast<double>(points);
    }
    return design_at(std::move(factors), places);
}

Design scrambled_design(std::vector<DesignFactor> factors, std::size_t points, std::uint64_t seed) {
    const std::vector<double> places =
        ScrambledSobol(coordinates_of(factors), seed_of_points(seed)).points(points);
    return design_at(std::move(factors), places);
}

Scenario scenario_at(const Scenario& base, const Design& design, std::size_t number) {
    Scenario scenario = base;
    const Group root = settable_tree(scenario);
    const std::span<const double> values = design.point(number);
    std::size_t place = 0;
    for (const DesignFactor& factor : design.factors)
        for (const DesignColumn& column : factor.columns)
            set_value(*leaf_of(root, column.path), column, values[place++]);
    return scenario;
}

}  // namespace venturi
