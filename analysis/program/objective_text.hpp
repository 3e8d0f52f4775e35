// What is to be had and what must be kept, as they are asked for on a command line.
#pragma once

#include "analysis/optimiser/world_question.hpp"

#include <string>

namespace venturi {

/// A statistic and the name of what it is of, which need not be anything.
struct StatisticText {
    RangeStatistic statistic = {};
    std::string of;
};

/// "proceeds" or "mean of proceeds", "median of proceeds", "quantile 10% of proceeds", "cvar 5% of
/// log_proceeds". Throws InputError, naming the option, where it begins like one of these and is none.
[[nodiscard]] StatisticText read_statistic(const std::string& option, const std::string& text);

/// The aim that a text names. Throws InputError with the nearest name.
[[nodiscard]] WorldAim aim_named(const std::string& option, const std::string& text, double aversion);

/// "survival >= 60%", "cvar 5% of log_proceeds >= 0.1", "share_dead <= 30%". Throws InputError also where the
/// bound is no number of that kind, or is a share outside 0 to 100%.
[[nodiscard]] WorldConstraint constraint_named(const std::string& option, const std::string& text,
                                               double aversion);

/// The same in one form: "survival >= 60%".
[[nodiscard]] std::string text_of(const WorldConstraint& constraint);

}  // namespace venturi
