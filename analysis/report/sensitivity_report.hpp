// What a sensitivity analysis has to say, as tables, files, pictures and JSON.
#pragma once

#include "analysis/experiments/sensitivity.hpp"
#include "analysis/report/dataset.hpp"
#include "analysis/report/failures.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// A sensitivity analysis that has run.
struct SensitivityResults {
    const Scenario& base;
    const SensitivityFactors& factors;
    const std::vector<TrajectoryObservable>& observables;
    const Screening& screening;
    const std::vector<std::size_t>& kept;  ///< of the factors, those with indices
    const VarianceShares& shares;          ///< without observables where no base point is whole
    std::uint64_t replications = 0;
    const Replay& replay;
};

/// Of an observable: the parts of each parameter, by total.
[[nodiscard]] TerminalTable indices_table(const SensitivityResults& results, std::size_t observable);

/// In words: how much of one history's variance parameters bring and how much is luck, and what was left out.
[[nodiscard]] std::string variance_text(const SensitivityResults& results, std::size_t observable);

/// Elementary effects that touch a failed world, or a place without a result, by observable: how many they
/// are, and which parameters were screened out that they might have kept. Lines; none where there are no such
/// effects.
[[nodiscard]] std::string missing_effects_text(const SensitivityResults& results);

/// Parameters that were not moved or have no indices, by reason. Lines.
[[nodiscard]] std::string left_out_text(const SensitivityResults& results);

/// A row for each parameter with indices and observable.
[[nodiscard]] std::string indices_csv(const SensitivityResults& results);
/// A row for each parameter that was moved and observable: its elementary effects.
[[nodiscard]] std::string screening_csv(const SensitivityResults& results);
/// A row for each observable: mean, variance of parameters and of luck.
[[nodiscard]] std::string variance_csv(const SensitivityResults& results);
/// A row for each parameter that matched: its range, and what was done with it.
[[nodiscard]] std::string factors_csv(const SensitivityResults& results);
/// Indices over parameter, observable and statistic.
[[nodiscard]] Dataset sensitivity_dataset(const SensitivityResults& results);
/// A tornado of each observable, by name of the file.
[[nodiscard]] ResultFiles tornado_pictures(const SensitivityResults& results);

/// "indices", "variance", "screening", "screened_out", "without_effect", "unread" and "without_range".
[[nodiscard]] nlohmann::ordered_json sensitivity_json(const SensitivityResults& results);

/// The failures of both stages, each with the command that replays it.
[[nodiscard]] nlohmann::ordered_json sensitivity_failures(const SensitivityResults& results);

}  // namespace venturi
