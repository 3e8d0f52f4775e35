#include "analysis/program/influence_experiment.hpp"

#include "analysis/program/shown_progress.hpp"
#include "analysis/report/influence_report.hpp"

namespace venturi {

InfluenceOutcome run_experiment(const InfluenceExperiment& experiment, const StopRequest& stop,
                                ProgressStyle style, const Streams& streams, const Journal* journal) {
    ShownProgress progress(streams, style);
    const auto hooks = ensemble_hooks<InfluenceStatistics>(stop, journal, progress);
    InfluenceOutcome outcome =
        run_influence(experiment.scenario, experiment.options, experiment.threads, hooks);
    progress.finish();
    return outcome;
}

ResultFiles files_of(const InfluenceExperiment& experiment, const InfluenceOutcome& outcome) {
    const InfluencePicture picture = influence_picture_of(
        outcome.result, experiment.options, experiment.drawn, experiment.scenario, experiment.settings);
    return {{"influence.csv", influence_csv(outcome.result, experiment.options)},
            {"influence.svg", influence_svg(picture)},
            {"influence.dot", influence_dot(picture)}};
}

}  // namespace venturi
