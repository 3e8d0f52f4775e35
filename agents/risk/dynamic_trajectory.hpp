// One possible history of a dynamic fault tree, event by event on the calendar, until its top has failed.
//
// Every leaf has one clock, for its failure while it works and for its repair while it has failed. What is
// drawn is how much of the clock must run off, what changes with the tree's state is how fast it runs:
//
//     life                     runs off                           at the speed
//     exponential, Erlang      a unit exponential (each phase)    pace × rate
//     Weibull, log-normal      the life less the age              pace
//     repair                   a unit exponential                 repair rate
//
// So a change of dormancy rescales what is left exactly and costs no draw: for an exponential life it scales
// the hazard, for others the leaf ages as though time went by more slowly (a dormancy of 0.3 makes three
// years of waiting count as one of age, at the hazard of that age). A leaf that may not fail at present
// stands still. A leaf is as good as new after repair.
#pragma once

#include "agents/risk/dynamic_semantics.hpp"
#include "sim/calendar.hpp"
#include "sim/random/draws.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// How much longer a leaf with a Weibull or log-normal life that has reached `age` ≥ 0 works at full pace, by
/// inversion of the integrated hazard H: the t with H(age + t) − H(age) = `hazard` ≥ 0. With a unit
/// exponential for `hazard` that is a draw from the rest of its life. Throws ContractViolation for other
/// lives.
[[nodiscard]] double remaining_life(const LeafLife& life, double age, double hazard);

/// All that decides the future of a trajectory but the draws that are still to come.
struct TrajectorySnapshot {
    double time = 0;
    std::vector<std::uint8_t> state = {};  ///< of DynamicSemantics
    std::vector<double> ages = {};         ///< of each leaf; counts for Weibull and log-normal lives
};

/// A workspace for trajectories, one after another; it allocates nothing once it has run a few. Draws are
/// named by (seed, trajectory, leaf, failure or repair, number), chances by (seed, trajectory, number): so
/// two runs with the same seed and trees that differ a little stay alike.
class DynamicTrajectory {
  public:
    /// `semantics` must outlive it.
    explicit DynamicTrajectory(const DynamicSemantics& semantics);

    /// Starts a trajectory at time 0.
    void begin(std::uint64_t seed, std::uint32_t trajectory);
    /// Goes on from a snapshot, with draws of its own from there on: right, since given the ages what is left
    /// of each clock is independent of the past.
    void resume(const TrajectorySnapshot& from, std::uint64_t seed, std::uint32_t trajectory);
    /// Overwrites a snapshot, whose memory is used again.
    void save(TrajectorySnapshot& into) const;

    /// To be called after begin or resume, before the first step. Makes something happen at `until` or
    /// before, and returns how likely that was; what follows has the distribution of trajectories in which it
    /// does. Returns 1, and changes nothing, where that is likely anyhow (1/2 or more) or a clock runs on an
    /// age; 0 where nothing can happen. Forcing (Lewis & Böhm, "Monte Carlo simulation of Markov
    /// unreliability models", Nuclear Engineering and Design 77 (1984) 49).
    double force_event(double until);

    [[nodiscard]] double now() const { return calendar_.now(); }
    [[nodiscard]] DynamicSemantics::ConstState state() const { return state_; }
    [[nodiscard]] bool top_failed() const { return semantics_->top_failed(state_); }
    /// When something happens next; infinity where nothing can any more.
    [[nodiscard]] double next_time() { return calendar_.next_time(); }
    /// Lets the next event happen; there must be one. What can't matter for the top any more is then
    /// forgotten (DynamicSemantics::settle).
    void step();

  private:
    struct Event {
        std::uint32_t leaf = 0;
    };
    struct Clock {
        double left = 0;  // to run off, at `since`
        double speed = 0;
        double age = 0;  // at `since`
        double since = 0;
        EventHandle handle = {};
        DrawSource failures = {};
        DrawSource repairs = {};
        bool drawn = false;      // otherwise `left` is drawn when it is first needed
        bool repairing = false;  // what it is a clock of
        bool ages = false;       // Weibull or log-normal
    };

    void start(double time, std::uint64_t seed, std::uint32_t trajectory);
    void refresh_all();
    void refresh(std::uint32_t leaf);
    void draw(std::uint32_t leaf);
    void schedule(std::uint32_t leaf, double latest);
    [[nodiscard]] auto chance() {
        return [this](double probability) { return draws_.bernoulli(chances_, probability); };
    }

    const DynamicSemantics* semantics_;
    Calendar<Event> calendar_;
    PlainDraws draws_;
    DrawSource chances_ = {};
    DrawSource forcing_ = {};
    std::vector<std::uint8_t> state_;
    std::vector<Clock> clocks_;
};

}  // namespace venturi
