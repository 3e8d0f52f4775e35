// A world: everything that one trajectory is, in one value.
//
//     World<PlainDraws> world(setup);
//     world.reset(seed, trajectory);
//     world.run_until(24);
//     World branch = world;              // a fork of history
//
// Behaviour is in the rooms, as functions on the world: market/market_events.hpp, finance/finance_events.hpp,
// environment/environment_events.hpp, startup/startup_events.hpp, investor/investor_events.hpp.
#pragma once

#include "agents/environment/climate.hpp"
#include "agents/event.hpp"
#include "agents/event_rush.hpp"
#include "agents/insurer/insurer.hpp"
#include "agents/intervention.hpp"
#include "agents/investor/investor.hpp"
#include "agents/luck.hpp"
#include "agents/market/segment.hpp"
#include "agents/market/weight_tree.hpp"
#include "agents/partnership/partner.hpp"
#include "agents/partnership/tie.hpp"
#include "agents/relation.hpp"
#include "agents/risk/risk_plan.hpp"
#include "agents/risk/risk_register.hpp"
#include "agents/risk/risk_scratch.hpp"
#include "agents/startup/organisation.hpp"
#include "agents/startup/startup.hpp"
#include "agents/talent/talent_pool.hpp"
#include "agents/technology/noisy_quadratic.hpp"
#include "agents/technology/scaling_law.hpp"
#include "agents/world_parameters.hpp"
#include "sim/calendar.hpp"
#include "sim/parameter.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// How often what has happened so far.
struct Tallies {
    std::uint64_t founded = 0;
    std::uint64_t bankruptcies = 0;
    std::uint64_t shutdowns = 0;
    std::uint64_t acquisitions = 0;
    std::uint64_t listings = 0;
    std::uint64_t rounds = 0;  ///< after the seed

    [[nodiscard]] std::uint64_t alive() const {
        return founded - bankruptcies - shutdowns - acquisitions - listings;
    }
};

/// What all trajectories share and none changes: parameters at the start, and interventions.
struct WorldSetup {
    WorldParameters parameters = {};
    std::vector<Intervention> interventions = {};
    std::vector<std::uint32_t> segment_of_group =
        {};  ///< for each group of startups the index of its segment
    std::vector<std::vector<std::uint8_t>> mix_row_of_stage =
        {};  ///< for each group the row of `mix_by_stage` + 1 at each stage, 0 for `mix`; empty without rows
    ScalingLaw law = {};                       ///< of training runs
    NoisyQuadratic optimiser = {};             ///< inside a run, with gradients of unit noise
    double best_learning_rate = 0;             ///< there, for clean data
    RiskPlan risk;                             ///< the tree that every startup with an inside carries
    std::vector<GivenTieEnd> given_ties = {};  ///< from both ends, in the order of partners
    std::uint64_t most_events = std::numeric_limits<std::uint64_t>::max();  ///< in a month
};

/// Checks what parameters cannot say one by one. Throws std::invalid_argument, with a message for the user,
/// where a group names no segment, dilutions are out of order, there are too many rounds, or an intervention
/// has both or neither of a time and a condition, a mix has no share above 0 or is that of a stage that there
/// is not, the risk tree is none, or given ties name nobody.
[[nodiscard]] std::shared_ptr<const WorldSetup> make_setup(WorldParameters parameters,
                                                           std::vector<Intervention> interventions = {});

/// A parameter that an intervention in force sets, and its value before any of them began.
struct Overridden {
    std::size_t parameter = 0;
    ParameterValue before;
};

/// See the top of the file. `Draws` stands behind every random draw; `Draws::Scalar` is what qualities and
/// hazards are computed in.
template <DrawPolicy Draws>
class World {
  public:
    using Scalar = typename Draws::Scalar;

    explicit World(std::shared_ptr<const WorldSetup> setup);

    /// Back to month 0 of a trajectory drawn by `draws`, keeping the memory.
    void reset(const Draws& draws);
    /// Delivers every event up to `month`, and moves the clock there. Throws EventRush.
    void run_until(double month);
    /// Delivers the next event, if it comes by `month`; false where none does.
    bool step(double month);

    [[nodiscard]] double now() const { return calendar.now(); }
    [[nodiscard]] std::uint64_t delivered() const { return watch_.delivered(); }
    /// Of a group of startups alone, where one is given and the measure is one of startups; else of the
    /// world.
    [[nodiscard]] double measure(Measure measure, const std::optional<std::uint32_t>& group = {}) const;
    /// Everything a condition or a table may want of a startup, at the present.
    [[nodiscard]] double revenue_of(const Startup<Draws>& startup) const;

    /// Changes a parameter by its number among the leaves (see SetByIndex), now; every clock and flow
    /// follows.
    void set_parameter(const Setting& setting);
    /// From now on the world lives under the interventions of `setup`: a copy's future becomes another. Its
    /// first are those of the present setup, and all else in it is the same. Of these the ones in `without`
    /// are over, or will not come; those that are new begin in their month, or now where that is past.
    void change_course(std::shared_ptr<const WorldSetup> setup, std::span<const std::uint32_t> without);
    /// To be called after `parameters` were changed from outside: every clock and flow follows, from now on.
    void refresh();
    /// Tells notices to `notices` from now on.
    void keep_notices() { keeps_notices_ = true; }
    /// Keeps `luck` and `climate_luck` from the next reset on.
    void sum_luck() { sums_luck_ = true; }
    /// Brings them up to now; to be called where a history is looked at. Changes nothing else.
    void sum_luck_so_far();

    // What a trajectory is. Read freely; written by the rooms.
    WorldParameters parameters;
    Draws draws;
    Calendar<Event> calendar;
    WorldGraph graph;
    Climate climate = Climate::normal;      ///< that everybody sees
    Climate own_climate = Climate::normal;  ///< of the chain, whether an intervention holds another or not
    std::optional<Climate> held_climate;    ///< by an intervention
    double compute_price = 1;               ///< index, 1 at the start
    double wages = 1;                       ///< index, 1 at the start
    double frontier = 0;                    ///< quality that has become the standard since the start
    HazardClock<Draws> climate_clock;
    HazardClock<Draws> compute_price_clock;
    HazardClock<Draws> frontier_clock;
    double frontier_scale = 1;    ///< growth of the frontier's physical compute since the start
    double frontier_compute = 0;  ///< effective compute of the frontier's model, in FLOP of month 0
    double frontier_loss = 0;     ///< its loss, nats a token
    std::array<EventHandle, 4> environment_timers;
    std::array<DrawSource, 28> environment_sources;
    std::vector<Segment<Draws>> segments;
    std::vector<Startup<Draws>> startups;
    std::vector<Organisation<Draws>> organisations;   ///< of the startups that are modelled inside
    std::vector<TalentPool<Draws>> pools;             ///< by role, where anyone is modelled inside
    std::vector<InvestmentMix> own_mixes;             ///< of those that have their own: see Organisation
    RecordPool<StationRecord<Batch>> batches;         ///< in all data flows
    RecordPool<StationRecord<Candidate>> candidates;  ///< in all hiring pipelines
    std::vector<Investor<Draws>> investors;
    std::vector<Insurer> insurers;
    std::vector<RiskLeafState<Scalar>> risk_leaves;  ///< of all organisations: see RiskRegister::first_leaf
    std::vector<std::uint8_t> risk_states;           ///< of their trees: see RiskRegister::first_byte
    RecordPool<StationRecord<Repair>> repairs;       ///< at all startups
    RiskScratch risk_scratch;                        ///< room for a step; no part of the trajectory
    std::vector<Partner> partners;  ///< organisations in their order, investors, groups of partners; or none
    RecordPool<Tie> ties;
    RecordPool<JointProject> projects;
    WeightTree attachment;                                ///< of partners: how likely each is to be met
    std::array<std::vector<std::uint32_t>, 2> employers;  ///< partners that are universities, industry
    std::vector<std::uint32_t> moves;  ///< people who moved, by where from (row) and where to
    NetworkTally network;
    ClearingScratch clearing;  ///< room for a clearing; no part of the trajectory
    Tallies tallies;
    std::vector<Tallies> group_tallies;  ///< by group of startups
    std::vector<Notice> notices;
    std::vector<LuckSums> luck;  ///< by startup, where it is asked for; else empty
    ClimateLuck climate_luck;    ///< the same of the climate, which all share

    [[nodiscard]] const WorldSetup& setup() const { return *setup_; }

    // For the rooms.
    [[nodiscard]] const ClimateEffects& climate_effects() const {
        return parameters.environment.climate.effects(climate);
    }
    [[nodiscard]] DrawSource& environment_source(Purpose purpose) {
        return environment_sources[static_cast<std::size_t>(purpose)];
    }
    /// One more of what is counted, for a startup of a group.
    void count(std::uint32_t group, std::uint64_t Tallies::*what) {
        ++(tallies.*what);
        ++(group_tallies[group].*what);
    }
    /// Has the event at `time`, moving or cancelling what `handle` names; infinity for never.
    void set_timer(EventHandle& handle, double time, Event event);
    void tell(Notice::Kind kind, std::uint32_t startup, double amount, double detail) {
        if (keeps_notices_) notices.push_back({now(), kind, startup, amount, detail});
    }
    /// The inside of a startup that has one.
    [[nodiscard]] Organisation<Draws>& inside(const Startup<Draws>& startup) {
        return organisations[startup.organisation];
    }
    [[nodiscard]] const Organisation<Draws>& inside(const Startup<Draws>& startup) const {
        return organisations[startup.organisation];
    }

  private:
    void handle(const Event& event);
    void deliver(const Event& event);
    void look_at_conditions();
    void await_intervention(std::uint32_t intervention);
    void begin(std::uint32_t intervention);
    void pass(std::uint32_t intervention);
    void hold_climate();

    std::shared_ptr<const WorldSetup> setup_;
    std::vector<std::uint8_t> awaits_;  // interventions with a condition not yet met
    std::size_t conditions_left_ = 0;
    std::vector<EventHandle> intervention_timers_;  // when each begins, and then when it has passed
    std::vector<std::uint32_t> in_force_;           // interventions, in the order in which they began
    std::vector<Overridden> overridden_;            // what they set
    EventWatch watch_;
    bool keeps_notices_ = false;
    bool sums_luck_ = false;
};

}  // namespace venturi
