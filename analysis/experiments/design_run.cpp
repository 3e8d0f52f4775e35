#include "analysis/experiments/design_run.hpp"

#include "analysis/statistics/cohort.hpp"
#include "sim/ensemble/fold.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <utility>

namespace venturi {

namespace {

constexpr double nothing_seen = std::numeric_limits<double>::quiet_NaN();

void add_failure(LivedTrajectories& lived, std::uint64_t trajectory, const std::string& reason) {
    ++lived.failed;
    if (!lived.first_failure)
        lived.first_failure = TrajectoryFailure{.trajectory = trajectory, .reason = reason};
}

/// A block of one point's trajectories on its way through the pipeline.
struct LivedBlock {
    KeptPiece<PointResult> sum = {};
    bool stopped = false;
};

/// The points of a design while they live a block of trajectories in turn, round after round.
class RoundFold {
  public:
    explicit RoundFold(std::size_t points) : folds_(points, FoldTree<PointResult>(PointResult{}, 0)) {
        round_.reserve(points);
    }

    /// Takes in a block of the next point.
    void take(PointResult block) {
        round_.push_back(std::move(block));
        if (round_.size() < folds_.size()) return;
        for (std::size_t point = 0; point < folds_.size(); ++point) folds_[point].push(round_[point]);
        round_.clear();
        ++whole_rounds_;
    }

    [[nodiscard]] std::uint64_t whole_rounds() const { return whole_rounds_; }

    /// Of whole rounds; before the first, of the points that have had their block of it.
    [[nodiscard]] std::vector<PointResult> points() && {
        if (whole_rounds_ == 0) return std::move(round_);
        std::vector<PointResult> points;
        points.reserve(folds_.size());
        for (const FoldTree<PointResult>& fold : folds_) points.push_back(fold.result());
        return points;
    }

  private:
    std::vector<FoldTree<PointResult>> folds_;
    std::vector<PointResult> round_;
    std::uint64_t whole_rounds_ = 0;
};

PointResult sum_of(const LivedTrajectories& lived, std::size_t observables, std::uint64_t count) {
    PointResult sum{.observables = std::vector<Moments>(observables),
                    .completed = count - lived.failed,
                    .failed = lived.failed,
                    .events = lived.events,
                    .first_failure = lived.first_failure};
    for (std::size_t i = 0; i < lived.values.size(); ++i)
        if (!std::isnan(lived.values[i])) sum.observables[i % observables].add(lived.values[i]);
    return sum;
}

}  // namespace

LivedTrajectories live_trajectories(const Scenario& scenario,
                                    const std::vector<TrajectoryObservable>& observables, std::uint64_t first,
                                    std::uint64_t count, const StopRequest* stop) {
    LivedTrajectories lived;
    lived.values.assign(count * observables.size(), nothing_seen);
    std::unique_ptr<CohortModel> model;
    for (std::uint64_t i = 0; i < count; ++i) {
        stop_if_requested(stop);
        try {
            if (!model)
                model = std::make_unique<CohortModel>(make_setup(scenario.world, scenario.interventions),
                                                      grid_of(scenario),
                                                      static_cast<std::uint64_t>(scenario.run.seed), stop);
            lived.events += model->live(first + i);
            for (std::size_t each = 0; each < observables.size(); ++each)
                lived.values[i * observables.size() + each] = value_of(*model, observables[each]);
        } catch (const Stopped&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            add_failure(lived, first + i, error.what());
            // A world that can't be made won't be for the next trajectory either.
            if (!model) {
                lived.failed = count;
                return lived;
            }
            model.reset();
            std::fill_n(lived.values.begin() + static_cast<std::ptrdiff_t>(i * observables.size()),
                        observables.size(), nothing_seen);
        }
    }
    return lived;
}

void PointResult::merge(const PointResult& other) {
    if (observables.empty()) observables.resize(other.observables.size());
    for (std::size_t i = 0; i < other.observables.size(); ++i) observables[i].merge(other.observables[i]);
    completed += other.completed;
    failed += other.failed;
    events += other.events;
    if (!first_failure) first_failure = other.first_failure;
}

DesignOutcome run_design(const Scenario& base, const Design& design,
                         const std::vector<TrajectoryObservable>& observables, const DesignRun& run) {
    const std::uint64_t blocks = (run.trajectories + trajectories_per_block - 1) / trajectories_per_block;
    std::vector<LivedBlock> slots(slot_count(resolve_threads(run.threads)));
    RoundFold fold(design.points);
    ProgressReporter reporter(design.points * run.trajectories, run.progress);
    std::uint64_t tried = 0;
    std::uint64_t events = 0;

    run_pipeline(
        design.points * blocks, resolve_threads(run.threads),
        [&](const PipelineTask& task) {
            LivedBlock& block = slots[task.slot];
            block = {};
            const std::uint64_t number = task.number / design.points;
            const std::uint64_t first = number * trajectories_per_block;
            const std::uint64_t count = std::min(trajectories_per_block, run.trajectories - first);
            const std::size_t point = task.number % design.points;
            try {
                const PointResult nothing{.observables = std::vector<Moments>(observables.size())};
                block.sum = kept_or_done(
                    run.journal, std::to_string(point) + '/' + std::to_string(number), nothing, [&] {
                        const Scenario scenario = scenario_at(base, design, point);
                        return sum_of(live_trajectories(scenario, observables, first, count, run.stop),
                                      observables.size(), count);
                    });
            } catch (const Stopped&) {
                block.stopped = true;
            }
        },
        [&](const PipelineTask& task) {
            LivedBlock& block = slots[task.slot];
            if (block.stopped) return false;
            const PointResult& sum = block.sum.piece;
            tried += sum.completed + sum.failed;
            events += sum.events;
            if (block.sum.was_found) reporter.add_earlier(sum.completed + sum.failed, sum.events);
            reporter.update(tried, events);
            fold.take(std::move(block.sum.piece));
            return true;
        });
    reporter.finish(tried, events);

    DesignOutcome outcome;
    const bool is_whole = fold.whole_rounds() == blocks;
    const std::uint64_t lived = std::max<std::uint64_t>(fold.whole_rounds(), 1) * trajectories_per_block;
    outcome.trajectories = std::min(lived, run.trajectories);
    outcome.points = std::move(fold).points();
    for (const PointResult& point : outcome.points) {
        outcome.completed += point.completed;
        outcome.failed += point.failed;
        outcome.events += point.events;
    }
    if (!is_whole)
        outcome.ending = Ending::interrupted;
    else if (outcome.completed == 0)
        outcome.ending = Ending::failed;
    return outcome;
}

double bytes_of_design(double points, std::size_t columns, std::size_t observables,
                       std::uint64_t trajectories) {
    // Results are held as moments, as findings, as text and as arrays.
    constexpr double line_of_text = 200;
    const auto seen = static_cast<double>(observables);
    const auto width = static_cast<double>(columns);
    const double result = sizeof(PointResult) + seen * static_cast<double>(sizeof(Moments));
    // The nodes of a fold, in a list that grows by doubling; a block of this round and the empty one.
    const std::uint64_t blocks = trajectories / trajectories_per_block + 1;
    const auto held =
        static_cast<double>(std::bit_ceil(static_cast<std::uint64_t>(std::bit_width(blocks)) + 1)) + 2;
    return points
           * (sizeof(FoldTree<PointResult>) + held * result + 3 * 8 * width + result
              + seen * (2 * line_of_text + 8 * width));
}

}  // namespace venturi
