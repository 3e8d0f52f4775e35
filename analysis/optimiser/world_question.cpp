#include "analysis/optimiser/world_question.hpp"

#include <algorithm>
#include <stdexcept>

namespace venturi {

std::vector<WorldAim> WorldQuestion::aims() const {
    std::vector<WorldAim> all{aim};
    for (const WorldConstraint& constraint : constraints) all.push_back(constraint.aim);
    return all;
}

WorldProblem problem_of(const WorldQuestion& question, std::size_t scenario,
                        const std::vector<double>& factor_values) {
    const NamedScenario& named = question.scenarios.at(scenario);
    const auto& groups = named.scenario.world.startups;
    const auto group = std::ranges::find(groups, question.group, &StartupGroupParameters::name);
    if (group == groups.end())
        throw std::invalid_argument(named.name + ": it has no group of startups '" + question.group + "'");
    return WorldProblem(scenario_with(named.scenario, question.decision, factor_values),
                        {.group = static_cast<std::uint32_t>(group - groups.begin()),
                         .objective = question.aim.of,
                         .who = question.who,
                         .moves_mix = question.decision.moves_mix()});
}

}  // namespace venturi
