#include "analysis/program/chosen_observables.hpp"

#include "analysis/program/program.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/problem.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace venturi {

const std::vector<std::string>& headline_observables() {
    static const std::vector<std::string> names = {"share_dead", "share_exited", "share_unicorn",
                                                   "rounds_per_company", "raised_per_company"};
    return names;
}

std::vector<TrajectoryObservable> chosen_observables(const std::vector<std::string>& names) {
    std::vector<TrajectoryObservable> chosen;
    for (const std::string& name : names.empty() ? headline_observables() : names) {
        const auto found = find_trajectory_observable(name);
        if (!found) {
            const std::string nearest = nearest_name(name, observable_names());
            throw InputError(
                fmt::format("--observables '{}': there is no such observable{}\n  legal here: what 'venturi "
                            "list observables' shows, with commas between",
                            name, nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest)));
        }
        if (std::ranges::find(chosen, name, &TrajectoryObservable::name) != chosen.end())
            throw InputError(fmt::format(
                "--observables '{}': it is there twice\n  legal here: each observable once", name));
        chosen.push_back(*found);
    }
    return chosen;
}

}  // namespace venturi
