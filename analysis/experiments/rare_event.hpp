// How likely a condition is that hardly ever holds: multilevel splitting of whole worlds.
#pragma once

#include "agents/world.hpp"
#include "analysis/statistics/cohort.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/splitting.hpp"
#include "sim/ensemble/stop_request.hpp"
#include "sim/parameter.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A number that can be read off a world at any time: a scalar or a series by name.
struct WorldObservable {
    std::string_view name;
    Dimension dimension = Dimension::number;
    std::string_view meaning;
    std::function<double(const PlainWorld&)> measure = {};  ///< NaN where there is nothing to look at
};

[[nodiscard]] std::optional<WorldObservable> find_world_observable(std::string_view name);
/// All of them, scalars first.
[[nodiscard]] std::vector<std::string> world_observable_names();

enum class Bound : std::uint8_t { below, at_most, above, at_least };

/// `<`, `<=`, `>`, `>=`.
[[nodiscard]] std::string_view sign_of(Bound bound);

/// An observable below or above a number.
struct RareCondition {
    WorldObservable observable;
    Bound bound = Bound::below;
    double threshold = 0;  ///< in the simulator's units

    [[nodiscard]] bool holds(double value) const;  ///< false for NaN
    [[nodiscard]] bool is_upward() const { return bound == Bound::above || bound == Bound::at_least; }
};

/// When a condition is looked at.
enum class RareMoment : std::uint8_t {
    at_the_end,  ///< in the last month alone, as a run's scalars are
    ever,        ///< at the end of any month of the observation grid
};

struct RareEventDesign {
    Scenario scenario;
    RareCondition condition;
    RareMoment moment = RareMoment::at_the_end;
    double by = 0;  ///< the last month
    SplittingMethod method = SplittingMethod::adaptive;
    std::uint32_t copies = 50;
    std::uint32_t replications = 20;
    std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();  ///< events
};

/// How an effort of so many histories is divided: a twentieth of them in each replication, but at least 10
/// and at most 500.
struct SplittingEffort {
    std::uint32_t copies = 0;
    std::uint32_t replications = 0;
    friend bool operator==(const SplittingEffort&, const SplittingEffort&) = default;
};

/// The fewest histories that can be divided.
inline constexpr std::uint64_t fewest_split_histories = 20;

/// Throws ContractViolation below `fewest_split_histories`.
[[nodiscard]] SplittingEffort effort_of(std::uint64_t histories);

/// How near a world is to the condition; higher is nearer. It is the observable, its sign changed where the
/// condition is a bound from above. Companies that are still to be founded count against the condition: among
/// those that shares are of, and among the living; what else has to fall is looked at once all are founded.
/// Else a world in which the first company has just failed would be the nearest of all. −∞ for NaN.
[[nodiscard]] double nearness(const RareCondition& condition, const PlainWorld& world);

/// Worlds of a scenario as a SplittingModel: its level is `nearness` at the months of the observation grid
/// before the last; +∞ where the condition holds, at the last month or in any, as the design says.
class RareWorlds {
  public:
    struct State {
        PlainWorld world;
        std::size_t point = 0;  ///< of the grid, at which it stands
    };

    RareWorlds(std::shared_ptr<const WorldSetup> setup, const RareEventDesign& design,
               const StopRequest* stop);

    [[nodiscard]] State state() const { return {PlainWorld(setup_), 0}; }
    void begin(State& state, const Luck& luck);
    void renew(State& state, const Luck& luck) const;
    double rise(State& state, double level);
    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    [[nodiscard]] double level_of(const State& state) const;
    void run(State& state, double month);

    std::shared_ptr<const WorldSetup> setup_;
    RareCondition condition_;
    RareMoment moment_;
    ObservationGrid grid_;
    const StopRequest* stop_;
    std::uint64_t events_ = 0;
};

/// Whether the observable has a value in any of 20 histories at any month: of what no company has there is no
/// probability to be found. Throws Stopped, and whatever a world throws.
[[nodiscard]] bool has_values(const RareEventDesign& design, const StopRequest* stop);

/// What a run asks of its surroundings.
struct RareEventHooks {
    const StopRequest* stop = nullptr;
    std::function<void(const Progress&)> progress = {};  ///< in replications
    const Journal* journal = nullptr;                    ///< of replications
};

/// Throws std::invalid_argument as `make_setup` does.
[[nodiscard]] MultilevelEstimate run_rare_event(const RareEventDesign& design, int threads,
                                                const RareEventHooks& hooks);

/// How likely histories are to get above a level: the way to the event, over all replications.
struct LevelProbability {
    double level = 0;  ///< nearness
    double probability = 0;
    Interval interval = {};  ///< 95%, as that of the event; NaN below two replications
};

/// At most `most` levels between the lowest and the highest that any replication got above, each with the
/// mean over replications of the probability to get above it, between steps in a straight line of its
/// logarithm. The event itself is not among them, nor, where a condition is looked at in the last month
/// alone, need it be less likely than they are.
[[nodiscard]] std::vector<LevelProbability> way_to_the_event(const MultilevelEstimate& estimate,
                                                             std::size_t most);

}  // namespace venturi
