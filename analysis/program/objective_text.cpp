#include "analysis/program/objective_text.hpp"

#include "analysis/program/optimise_experiment.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

namespace venturi {

namespace {

constexpr std::string_view statistics_legal =
    "an objective's name such as proceeds, 'median of proceeds', 'quantile 10% of proceeds' or 'cvar 5% of "
    "proceeds' (the mean of the worst twentieth)";

std::string without_blanks_at_ends(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return "";
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

double level_of(const std::string& option, const std::string& text, const std::string& level) {
    double share = 0;
    try {
        share = parse_quantity(level, Dimension::share);
    } catch (const QuantityError& error) {
        throw InputError(
            fmt::format("{} '{}': {}\n  legal here: {}", option, text, error.what(), statistics_legal));
    }
    constexpr double least = 1e-6;  // finer than any number of histories tells apart
    if (!(share >= least && share <= 1 - least))
        throw InputError(fmt::format("{} '{}': there is no outcome at {}\n  legal here: 0.0001% to 99.9999%",
                                     option, text, level));
    return share;
}

}  // namespace

StatisticText read_statistic(const std::string& option, const std::string& text) {
    const std::string whole = without_blanks_at_ends(text);
    const std::size_t of = whole.find(" of ");
    if (of == std::string::npos) {
        if (whole.find(' ') == std::string::npos) return {{}, whole};
        throw InputError(
            fmt::format("{} '{}' is no objective\n  legal here: {}", option, text, statistics_legal));
    }
    const std::string before = without_blanks_at_ends(whole.substr(0, of));
    const std::string name = without_blanks_at_ends(whole.substr(of + 4));
    const std::string kind = before.substr(0, before.find(' '));
    const std::string level =
        before.size() > kind.size() ? without_blanks_at_ends(before.substr(kind.size())) : "";
    if (kind == "mean" && level.empty()) return {{}, name};
    if (kind == "median" && level.empty()) return {{RangeStatistic::Kind::quantile, 0.5}, name};
    if (kind == "quantile" && !level.empty())
        return {{RangeStatistic::Kind::quantile, level_of(option, text, level)}, name};
    if (kind == "cvar" && !level.empty())
        return {{RangeStatistic::Kind::tail_mean, level_of(option, text, level)}, name};
    const std::vector<std::string> kinds = {"mean", "median", "quantile", "cvar"};
    const std::string nearest = nearest_name(kind, kinds);
    throw InputError(
        fmt::format("{} '{}': '{}' is no statistic{}\n  legal here: {}", option, text, before,
                    nearest.empty() || nearest == kind ? "" : fmt::format(" — did you mean '{}'?", nearest),
                    statistics_legal));
}

WorldAim aim_named(const std::string& option, const std::string& text, double aversion) {
    const StatisticText asked = read_statistic(option, text);
    return {.of = objective_named(asked.of, aversion, option), .statistic = asked.statistic};
}

WorldConstraint constraint_named(const std::string& option, const std::string& text, double aversion) {
    struct Sign {
        std::string_view text;
        bool at_least;
    };
    constexpr std::array<Sign, 4> signs = {{{">=", true}, {"<=", false}, {"≥", true}, {"≤", false}}};
    for (const Sign& sign : signs) {
        const std::size_t at = text.find(sign.text);
        if (at == std::string::npos) continue;
        const std::string bound =
            without_blanks_at_ends(std::string_view(text).substr(at + sign.text.size()));
        WorldConstraint constraint{.aim = aim_named(option, text.substr(0, at), aversion),
                                   .at_least = sign.at_least};
        const Dimension dimension = constraint.aim.of.dimension;
        try {
            constraint.bound = parse_quantity(bound, dimension);
        } catch (const QuantityError& error) {
            throw InputError(fmt::format("{} '{}': {}\n  legal here: {} {} {}", option, text, error.what(),
                                         constraint.aim.name(), sign.text, how_to_write(dimension)));
        }
        if (dimension == Dimension::share && !(constraint.bound >= 0 && constraint.bound <= 1))
            throw InputError(
                fmt::format("{} '{}': '{}' is a share, which no bound of {} is one of\n  legal here: from 0% "
                            "to 100%",
                            option, text, constraint.aim.of.name, bound));
        return constraint;
    }
    throw InputError(
        fmt::format("{} '{}' is no constraint\n  legal here: 'survival >= 60%', 'cvar 5% of log_proceeds >= "
                    "0.1', 'share_dead <= 30%'",
                    option, text));
}

std::string text_of(const WorldConstraint& constraint) {
    return fmt::format("{} {} {}", constraint.aim.name(), constraint.at_least ? ">=" : "<=",
                       print_quantity(constraint.bound, constraint.aim.of.dimension));
}

}  // namespace venturi
