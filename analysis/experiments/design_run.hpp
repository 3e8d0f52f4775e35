// Every point of a design lived with the same luck.
#pragma once

#include "analysis/experiments/design.hpp"
#include "analysis/statistics/trajectory_value.hpp"
#include "sim/ensemble/ending.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// What was seen of some trajectories of one world.
struct LivedTrajectories {
    std::vector<double> values;  ///< shape: trajectories × observables; NaN where there is nothing, or failed
    std::uint64_t events = 0;
    std::uint64_t failed = 0;
    std::optional<TrajectoryFailure> first_failure = {};
};

/// Lives trajectories first to first + count − 1 of a scenario in a world that is made for them. A trajectory
/// that throws is told of; where the world can't even be made, all are. Throws Stopped, and std::bad_alloc.
[[nodiscard]] LivedTrajectories live_trajectories(const Scenario& scenario,
                                                  const std::vector<TrajectoryObservable>& observables,
                                                  std::uint64_t first, std::uint64_t count,
                                                  const StopRequest* stop);

/// How an experiment over a design is run.
struct DesignRun {
    std::uint64_t trajectories = 0;  ///< numbers 0, 1, ... in every point
    int threads = 0;
    const StopRequest* stop = nullptr;
    std::function<void(const Progress&)> progress = {};  ///< in trajectories, over all points
    const Journal* journal = nullptr;                    ///< of blocks of trajectories of a point
};

/// What came of one point.
struct PointResult {
    std::vector<Moments> observables = {};  ///< of the trajectories in which there is something to look at
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t events = 0;
    std::optional<TrajectoryFailure> first_failure = {};

    void merge(const PointResult& other);
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.observables);
        visit(self.completed);
        visit(self.failed);
        visit(self.events);
        visit(self.first_failure);
    }

    friend bool operator==(const PointResult&, const PointResult&) = default;
};

/// What all points have lived alike. Where the run was interrupted before that was anything, the first of
/// the design, which have.
struct DesignOutcome {
    std::vector<PointResult> points;
    std::uint64_t trajectories = 0;  ///< tried in each of these points: numbers 0, 1, ...
    std::uint64_t completed = 0;     ///< trajectories of these points
    std::uint64_t failed = 0;
    std::uint64_t events = 0;
    Ending ending = Ending::finished;
};

/// Lives the same trajectories (seed and numbers are the base's) in each point of the design: a block of
/// trajectories in every point, then the next one. Worlds are made anew for every block of trajectories and
/// point, so that memory is that of one world a thread and of the results. The same bits on any number of
/// threads; what a stop leaves has the bits of a run that was asked for so many trajectories. Throws
/// std::bad_alloc.
[[nodiscard]] DesignOutcome run_design(const Scenario& base, const Design& design,
                                       const std::vector<TrajectoryObservable>& observables,
                                       const DesignRun& run);

/// Bytes that a design of so many points and its results take, beside the worlds.
[[nodiscard]] double bytes_of_design(double points, std::size_t columns, std::size_t observables,
                                     std::uint64_t trajectories);

}  // namespace venturi
