#include "analysis/report/averaged_note.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace venturi {

std::string averaged_note(const std::vector<TrajectoryObservable>& observables) {
    std::vector<std::string> names;
    for (const TrajectoryObservable& observable : observables)
        if (observable.is_pooled_by_runs()) names.push_back(observable.name);
    if (names.empty()) return {};
    return fmt::format(
        "{}: {} of what each history has; run and compare pool the companies of all histories\n",
        fmt::join(names, ", "), names.size() == 1 ? "the mean" : "means");
}

}  // namespace venturi
