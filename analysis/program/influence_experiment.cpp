#include "analysis/program/influence_experiment.hpp"

#include "analysis/report/influence_report.hpp"
#include "analysis/report/terminal.hpp"

#include <unistd.h>

namespace venturi {

InfluenceOutcome run_experiment(const InfluenceExperiment& experiment, const StopRequest& stop,
                                ProgressStyle style, const Streams& streams, const Journal* journal) {
    ProgressBar bar(streams.err, style, columns_of(STDERR_FILENO));
    Progress last;
    EnsembleHooks<InfluenceStatistics> hooks;
    hooks.stop = &stop;
    hooks.journal = journal;
    hooks.progress = [&](const Progress& progress) {
        last = progress;
        bar.update(progress);
    };
    InfluenceOutcome outcome =
        run_influence(experiment.scenario, experiment.options, experiment.threads, hooks);
    bar.finish(last);
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
