// How strongly the arrows of the loop act: each tail is moved by an intervention, and the heads are watched.
#pragma once

#include "agents/startup/loop.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/moments.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace venturi {

/// When the loop is disturbed, and when it is looked at after that. Months.
struct InfluenceOptions {
    double at = 36;
    std::vector<double> delays = {3, 6, 12};  ///< above 0 and increasing
};

/// The responses of all arrows, mergeable; memory does not depend on the number of trajectories.
struct InfluenceStatistics {
    explicit InfluenceStatistics(std::size_t delays);

    void merge(const InfluenceStatistics& other);
    friend bool operator==(const InfluenceStatistics&, const InfluenceStatistics&) = default;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.responses);
        visit(self.skipped);
    }

    /// Of an arrow, by its number in `loop_arrows`, after a delay, by its number: units of head for each unit
    /// of tail. One observation for each pair of worlds, independent of the others.
    [[nodiscard]] const Moments& response(std::size_t arrow, std::size_t delay) const {
        return responses[arrow * delays + delay];
    }
    [[nodiscard]] Moments& response(std::size_t arrow, std::size_t delay) {
        return responses[arrow * delays + delay];
    }

    std::size_t delays;
    std::vector<Moments> responses;  ///< by arrow, and for each by delay
    std::uint64_t skipped = 0;       ///< trajectories in which there was no company to push
};

/// A strength in pushes of the head for each push of the tail (`loop_pushes`): what makes arrows between
/// nodes of different units comparable, and is drawn as their width.
[[nodiscard]] double standardised(double strength, LoopArrow arrow);

/// Whether a response can be told from zero: its 95% interval excludes it.
[[nodiscard]] bool is_distinguishable(const Moments& response);

/// A TrajectoryModel. A world is run to `at`, where one of the n living companies that are modelled inside,
/// the (trajectory mod n)-th of them, is in focus. The world then forks into one that nothing is done to and,
/// for each node of the loop, one in which that node of that company is pushed (`push`). All go on with the
/// same random numbers. The response of an arrow after a delay is
///
///     (head where its tail was pushed − head where nothing was) / (tail right after the push − before it),
///
/// the whole effect through all paths within the delay, not that of the arrow alone: the average causal
/// effect of Pearl, Causality (2nd edition, 2009), section 3.2, over common random numbers (Law, Simulation
/// Modeling and Analysis, 5th edition, 2015, section 11.2).
///
/// Where the company has ended in either of the two worlds by then, and where a push moved its node by
/// nothing because that was at its bound, there is no response: what is averaged is the effect on companies
/// that live on either way.
class InfluenceModel {
  public:
    /// Throws ContractViolation where the options are not what InfluenceOptions says.
    /// A stop ends a trajectory before its next look, where one is given.
    InfluenceModel(std::shared_ptr<const WorldSetup> setup, InfluenceOptions options, std::uint64_t seed,
                   const StopRequest* stop = nullptr);

    /// Returns the number of events, over all the worlds.
    std::uint64_t simulate(std::uint64_t trajectory, InfluenceStatistics& into);

  private:
    using Observation = std::array<double, loop_nodes>;
    /// By delay; nothing where the company has ended.
    using Course = std::vector<std::optional<Observation>>;
    struct Response {
        std::size_t arrow;
        std::size_t delay;
        double value;
    };

    void follow_branch(std::uint32_t company, Course& course);
    void compare(LoopNode tail, double moved);

    PlainWorld trunk_;
    PlainWorld branch_;  // assigned again and again, so that its memory is used again
    InfluenceOptions options_;
    std::uint64_t seed_;
    const StopRequest* stop_;
    Course unpushed_;
    Course pushed_;
    std::vector<Response> responses_;  // of this trajectory
};

using InfluenceOutcome = EnsembleOutcome<InfluenceStatistics>;

/// Whether any company of a scenario is modelled inside, and so has a loop.
[[nodiscard]] bool has_loop(const Scenario& scenario);

/// Runs `scenario.run.trajectories` trajectories. The worlds run on past the scenario's horizon where the
/// delays ask for it; a trajectory that throws is left out and told of. Throws std::invalid_argument as
/// `make_setup` does, TrajectoryError where memory runs out, and ContractViolation as InfluenceModel does.
[[nodiscard]] InfluenceOutcome run_influence(const Scenario& scenario, const InfluenceOptions& options,
                                             int threads = 0,
                                             const EnsembleHooks<InfluenceStatistics>& hooks = {});

}  // namespace venturi
