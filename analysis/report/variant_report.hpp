// What a comparison of variants has to say, as tables, files, a picture and JSON.
#pragma once

#include "analysis/experiments/comparison.hpp"
#include "analysis/report/dataset.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// A comparison that has run: what was compared, and what came out of each variant but the base.
struct VariantResults {
    const std::vector<Variant>& variants;
    const ComparisonStatistics& statistics;
    std::vector<std::vector<ObservableDifference>>
        differences;                  ///< by variant, from the first after the base
    std::vector<CurveBand> survival;  ///< the same: differences of survival
    std::vector<std::vector<GroupDifferences>>
        groups;  ///< the same: by group of startups, where there are several
};

/// `named`: the observables whose differences are wanted; all where none is named.
[[nodiscard]] VariantResults results_of(const std::vector<Variant>& variants,
                                        const ComparisonStatistics& statistics,
                                        std::span<const std::string> named = {});

/// Every observable with both values, the paired difference with its 95% interval and the variance reduction.
/// What differs after adjustment is strong and has an asterisk.
[[nodiscard]] TerminalTable difference_table(const VariantResults& results, std::size_t variant);

/// The same of one group of startups, by its place among the variant's groups.
[[nodiscard]] TerminalTable group_difference_table(const VariantResults& results, std::size_t variant,
                                                   std::size_t group);

/// What became of companies, in words: of 100 companies so many die that would have lived, and the other way
/// about. Lines.
[[nodiscard]] std::string fates_text(const VariantResults& results, std::size_t variant);

/// A row for each variant and observable.
[[nodiscard]] std::string differences_csv(const VariantResults& results);

/// A row for each variant, group of startups and observable. Empty where no variant has groups.
[[nodiscard]] std::string group_differences_csv(const VariantResults& results);

/// A row for each variant: its name, and the settings of each ("path=value" each, by variant).
[[nodiscard]] std::string design_csv(const std::vector<Variant>& variants,
                                     const std::vector<std::vector<std::string>>& settings);

/// Survival and series of each variant, and differences of survival, over variant, month and statistic; where
/// there are groups of startups, their differences over variant, group and statistic.
[[nodiscard]] Dataset comparison_dataset(const VariantResults& results, const ObservationGrid& grid);

/// Survival of all variants by age in years, each with its pointwise 95% band; beneath, each minus the base
/// in percentage points, with its simultaneous 95% band. `settings` are those of all variants ("path=value"
/// each), which the subtitle names.
[[nodiscard]] std::string survival_of_variants_svg(const VariantResults& results,
                                                   const std::vector<std::string>& settings);

/// "differences" and "fates", a list of objects each; where there are groups of startups, "groups" too, like
/// the first.
[[nodiscard]] nlohmann::ordered_json comparison_json(const VariantResults& results);

}  // namespace venturi
