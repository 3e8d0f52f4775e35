#include "analysis/experiments/selection.hpp"

#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <new>
#include <optional>

namespace venturi {

namespace {

/// Trajectories that are run in one go: few enough that two designs keep all threads busy.
constexpr std::uint64_t trajectories_per_chunk = 8;

/// Consecutive trajectories of a design, and what came of them.
struct SelectionChunk {
    SelectionWork work;
    std::vector<double> values = {};
    std::uint64_t events = 0;
    std::optional<SelectionFailure> failure = {};
    bool stopped = false;
    bool was_found = false;  // in the journal

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.values);
        visit(self.events);
        visit(self.failure);
    }
};

std::vector<SelectionChunk> chunks_of(const std::vector<SelectionWork>& work) {
    std::vector<SelectionChunk> chunks;
    for (const SelectionWork& each : work)
        for (std::uint64_t done = 0; done < each.count; done += trajectories_per_chunk)
            chunks.push_back({.work = {.design = each.design,
                                       .first = each.first + done,
                                       .count = std::min(trajectories_per_chunk, each.count - done)}});
    return chunks;
}

/// A thread's world, which is kept while the design stays the same.
class SelectionWorkspace {
  public:
    [[nodiscard]] CohortModel& model_of(std::size_t design, const Scenario& scenario, std::uint64_t seed,
                                        const StopRequest* stop) {
        if (!model_ || design != design_) {
            model_.reset();
            model_ = std::make_unique<CohortModel>(make_setup(scenario.world, scenario.interventions),
                                                   grid_of(scenario), seed, stop);
            design_ = design;
        }
        return *model_;
    }
    void discard() { model_.reset(); }

  private:
    std::unique_ptr<CohortModel> model_;
    std::size_t design_ = 0;
};

class SelectionRun {
  public:
    SelectionRun(const std::vector<Variant>& designs, const TrajectoryObservable& observable,
                 const SelectionOptions& options)
        : designs_(designs),
          observable_(observable),
          options_(options),
          threads_(resolve_threads(options.threads)),
          workspaces_(static_cast<std::size_t>(threads_)),
          outcome_{.selection = SequentialSelection(designs.size(), options.rule)} {}

    [[nodiscard]] SelectionOutcome run() && {
        while (!outcome_.selection.work().empty() && outcome_.looks < options_.looks) {
            if (!live_until_look()) {
                outcome_.interrupted = true;
                break;
            }
            outcome_.selection.look();
            ++outcome_.looks;
        }
        return std::move(outcome_);
    }

  private:
    /// False where it was stopped before all was lived, and nothing of it is kept.
    bool live_until_look() {
        std::vector<SelectionChunk> chunks = chunks_of(outcome_.selection.work());
        std::uint64_t folded = 0;
        find_total();
        run_pipeline(
            chunks.size(), threads_,
            [&](const PipelineTask& task) { find_or_live(chunks[task.number], workspaces_[task.worker]); },
            [&](const PipelineTask& task) {
                if (chunks[task.number].stopped) return false;
                ++folded;
                tell_progress(chunks[task.number]);
                return true;
            });
        if (folded < chunks.size()) return false;
        take_all(chunks);
        return true;
    }

    void find_or_live(SelectionChunk& chunk, SelectionWorkspace& workspace) const {
        const SelectionWork& work = chunk.work;
        const std::string name =
            std::to_string(work.design) + '/' + std::to_string(work.first) + '/' + std::to_string(work.count);
        const auto found = options_.journal == nullptr ? std::nullopt : options_.journal->find(name);
        if (!found) {
            live(chunk, workspace);
            if (options_.journal != nullptr && !chunk.stopped)
                options_.journal->keep({{name, to_bytes(chunk)}});
            return;
        }
        chunk = from_bytes<SelectionChunk>(*found, std::move(chunk));
        chunk.was_found = true;
        if (!chunk.failure && chunk.values.size() != work.count)
            throw BytesError("histories of another selection");
    }

    void live(SelectionChunk& chunk, SelectionWorkspace& workspace) const {
        std::uint64_t trajectory = chunk.work.first;
        try {
            for (; trajectory < chunk.work.first + chunk.work.count; ++trajectory) {
                stop_if_requested(options_.stop);
                CohortModel& model = workspace.model_of(
                    chunk.work.design, designs_[chunk.work.design].scenario,
                    static_cast<std::uint64_t>(designs_.front().scenario.run.seed), options_.stop);
                chunk.events += model.live(trajectory);
                const double value = value_of(model, observable_);
                chunk.values.push_back(options_.least ? -value : value);
            }
        } catch (const Stopped&) {
            chunk.stopped = true;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            workspace.discard();
            chunk.failure = {chunk.work.design, trajectory, error.what()};
        }
    }

    void take_all(const std::vector<SelectionChunk>& chunks) {
        for (auto chunk = chunks.begin(); chunk != chunks.end();) {
            const std::size_t design = chunk->work.design;
            const auto end = std::find_if(chunk, chunks.end(),
                                          [&](const auto& each) { return each.work.design != design; });
            const auto failed = std::find_if(chunk, end, [](const auto& each) { return each.failure; });
            for (auto each = chunk; each != end; ++each) {
                outcome_.events += each->events;
                if (failed == end) outcome_.selection.take(design, each->values);
            }
            if (failed != end) {
                outcome_.selection.fail(design);
                outcome_.failures.push_back(*failed->failure);
            }
            chunk = end;
        }
    }

    /// What has been lived, and what is to be if nobody leaves any more.
    void find_total() {
        lived_ = 0;
        total_ = 0;
        for (std::size_t design = 0; design < designs_.size(); ++design) {
            const std::uint64_t lived = outcome_.selection.values(design).size();
            const bool runs = outcome_.selection.courses()[design].fate == DesignFate::in_the_running;
            lived_ += lived;
            total_ += runs ? options_.rule.budget : lived;
        }
    }

    void tell_progress(const SelectionChunk& chunk) {
        lived_ += chunk.work.count;
        seen_events_ += chunk.events;
        if (chunk.was_found) {
            found_ += chunk.work.count;
            found_events_ += chunk.events;
        }
        if (!options_.progress) return;
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started_;
        options_.progress({.completed = lived_,
                           .total = total_,
                           .seconds = seconds.count(),
                           .events = seen_events_,
                           .earlier = std::min(found_, lived_),
                           .earlier_events = found_events_});
    }

    const std::vector<Variant>& designs_;
    const TrajectoryObservable& observable_;
    const SelectionOptions& options_;
    int threads_;
    std::vector<SelectionWorkspace> workspaces_;
    SelectionOutcome outcome_;
    std::uint64_t lived_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t seen_events_ = 0;
    std::uint64_t found_ = 0;  // of what was lived, by a run before this one
    std::uint64_t found_events_ = 0;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace

SelectionOutcome run_selection(const std::vector<Variant>& designs, const TrajectoryObservable& observable,
                               const SelectionOptions& options) {
    return SelectionRun(designs, observable, options).run();
}

}  // namespace venturi
