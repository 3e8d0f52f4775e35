// An experiment's progress on the program's standard error.
#pragma once

#include "analysis/program/program.hpp"
#include "analysis/report/progress_bar.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <functional>
#include <string>

namespace venturi {

/// A bar that a hook of an experiment draws. It outlives the hook.
class ShownProgress {
  public:
    ShownProgress(const Streams& streams, ProgressStyle style, std::string things = "trajectories");

    /// What an experiment is to call.
    [[nodiscard]] std::function<void(const Progress&)> hook();

    /// Shows how it ended. It may be done before all was lived that was allowed.
    void finish(bool is_done = false);

  private:
    ProgressBar bar_;
    Progress last_;
};

/// What an ensemble asks of its surroundings, as a command has them.
template <Mergeable Accumulator>
[[nodiscard]] EnsembleHooks<Accumulator> ensemble_hooks(const StopRequest& stop, const Journal* journal,
                                                        ShownProgress& progress) {
    EnsembleHooks<Accumulator> hooks;
    hooks.stop = &stop;
    hooks.journal = journal;
    hooks.progress = progress.hook();
    return hooks;
}

}  // namespace venturi
