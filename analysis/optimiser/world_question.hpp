// A question about decisions: what is to be had, under which constraints, in which scenarios.
#pragma once

#include "analysis/optimiser/range_statistic.hpp"
#include "analysis/optimiser/world_decision.hpp"
#include "analysis/optimiser/world_objective.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "scenarios/scenario.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// A number that a decision is judged by: a statistic of what companies come to (all of all histories, each
/// history with the same weight), or of one number of each history.
struct WorldAim {
    WorldObjective of = log_proceeds_objective();
    RangeStatistic statistic = {};

    [[nodiscard]] std::string name() const { return prefix_of(statistic) + of.name; }
};

/// `aim` ≥ `bound`, or ≤.
struct WorldConstraint {
    WorldAim aim;
    bool at_least = true;
    double bound = 0;

    /// How far a value is from being allowed; met where ≤ 0.
    [[nodiscard]] double excess(double value) const { return at_least ? bound - value : value - bound; }
};

/// A scenario that decisions are tried in.
struct NamedScenario {
    std::string name;
    Scenario scenario;
};

/// What counts where there are several scenarios.
enum class RobustBy : std::uint8_t { worst, mean };

struct WorldQuestion {
    std::vector<NamedScenario> scenarios;  ///< at least one; the first is the one that was asked about
    std::string group;                     ///< of startups, by name, in each of them
    WhoDecides who = WhoDecides::everyone;
    WorldAim aim = {};
    std::vector<WorldConstraint> constraints = {};
    RobustBy robust_by = RobustBy::worst;
    WorldDecision decision = {};

    [[nodiscard]] bool is_worst_of_several() const {
        return scenarios.size() > 1 && robust_by == RobustBy::worst;
    }
    /// The aim, and then the constraints'.
    [[nodiscard]] std::vector<WorldAim> aims() const;
};

/// The world of a scenario with these values of the factors. Throws std::invalid_argument, with a message for
/// the user, where the group is not there, has no startups or, where its mix is moved, no inside, and where
/// values do not go together.
[[nodiscard]] WorldProblem problem_of(const WorldQuestion& question, std::size_t scenario,
                                      const std::vector<double>& factor_values);

}  // namespace venturi
