// The observables that every run has.
#pragma once

#include "analysis/statistics/observable.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// Those of every run.
[[nodiscard]] const std::shared_ptr<const ObservableSet>& built_in_observables();

/// Those, and some of one's own. Throws std::invalid_argument as `ObservableSet` does.
[[nodiscard]] std::shared_ptr<const ObservableSet> observables_with(std::vector<Observable> own);

// By kind, of every run.
[[nodiscard]] std::span<const Observable> scalar_observables();
[[nodiscard]] std::span<const Observable> pooled_observables();
[[nodiscard]] std::span<const Observable> series_observables();

/// `ObservableSet::names` of every run.
[[nodiscard]] std::vector<std::string> observable_names();

}  // namespace venturi
