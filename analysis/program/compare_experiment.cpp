#include "analysis/program/compare_experiment.hpp"

#include "analysis/program/shown_progress.hpp"
#include "analysis/report/netcdf_writer.hpp"

#include <string>
#include <utility>

namespace venturi {

ComparisonOutcome run_experiment(const CompareDesign& design, int threads, const StopRequest& stop,
                                 ProgressStyle style, const Streams& streams, const Journal* journal) {
    ShownProgress progress(streams, style);
    const auto hooks = ensemble_hooks<ComparisonStatistics>(stop, journal, progress);
    ComparisonOutcome outcome = run_comparison(design.variants, threads, hooks, design.controls);
    progress.finish();
    return outcome;
}

ResultFiles files_of(const CompareDesign& design, const VariantResults& results) {
    ResultFiles files{{"design.csv", design_csv(design.variants, design.settings)},
                      {"results.csv", differences_csv(results)},
                      {"experiment.nc",
                       netcdf_bytes(comparison_dataset(results, grid_of(design.variants.front().scenario)))},
                      {"survival.svg", survival_of_variants_svg(results, design.settings.front())}};
    std::string groups = group_differences_csv(results);
    if (!groups.empty()) files["groups.csv"] = std::move(groups);
    return files;
}

}  // namespace venturi
