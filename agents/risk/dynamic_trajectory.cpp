#include "agents/risk/dynamic_trajectory.hpp"

#include "sim/contract.hpp"
#include "sim/infinity.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

namespace venturi {
namespace {

constexpr std::uint32_t no_leaf = std::numeric_limits<std::uint32_t>::max();

// What is drawn for a leaf; chances belong to the tree.
constexpr std::uint16_t failure_purpose = 1;
constexpr std::uint16_t repair_purpose = 2;
constexpr std::uint16_t chance_purpose = 3;
constexpr std::uint16_t forcing_purpose = 4;

bool ages(const LeafLife& life) {
    return std::holds_alternative<WeibullLife>(life) || std::holds_alternative<LogNormalLife>(life);
}

double remaining(const WeibullLife& life, double age, double hazard) {
    if (age == 0) return life.scale * std::pow(hazard, 1 / life.shape);
    // The difference of two lives, without its cancellation.
    const double passed = std::pow(age / life.scale, life.shape);
    return age * std::expm1(std::log1p(hazard / passed) / life.shape);
}

double remaining(const LogNormalLife& life, double age, double hazard) {
    constexpr double root_two = 1.41421356237309504880;
    using NoThrow = boost::math::policies::policy<
        boost::math::policies::overflow_error<boost::math::policies::ignore_error>>;
    // Twice the probabilities of having failed and of working; whichever is smaller is the precise one.
    const double z = age > 0 ? (std::log(age) - life.mean) / life.stddev : -infinity;
    const double works = std::erfc(z / root_two);
    const double works_then = works * std::exp(-hazard);
    const double failed_then = std::erfc(-z / root_two) - works * std::expm1(-hazard);
    const double z_then = works_then < 1 ? boost::math::erfc_inv(works_then, NoThrow())
                                         : -boost::math::erfc_inv(failed_then, NoThrow());
    return std::max(0.0, std::exp(life.mean + life.stddev * root_two * z_then) - age);
}

}  // namespace

double remaining_life(const LeafLife& life, double age, double hazard) {
    expects(ages(life) && age >= 0 && hazard >= 0,
            "the rest of a Weibull or log-normal life, from an age on");
    if (const auto* const weibull = std::get_if<WeibullLife>(&life)) return remaining(*weibull, age, hazard);
    return remaining(std::get<LogNormalLife>(life), age, hazard);
}

DynamicTrajectory::DynamicTrajectory(const DynamicSemantics& semantics)
    : semantics_(&semantics), state_(semantics.state_bytes()), clocks_(semantics.tree().leaves.size()) {
    // Keys of events that were moved stay for a while (calendar.hpp), fewer than this.
    calendar_.reserve(3 * clocks_.size() + 66);
    for (std::size_t leaf = 0; leaf < clocks_.size(); ++leaf)
        clocks_[leaf].ages = ages(semantics.tree().leaves[leaf].life);
}

void DynamicTrajectory::start(double time, std::uint64_t seed, std::uint32_t trajectory) {
    draws_ = PlainDraws(FastVariates(seed, trajectory));
    chances_ = {.agent = 0, .purpose = chance_purpose};
    forcing_ = {.agent = 0, .purpose = forcing_purpose};
    calendar_.clear(time);
    for (std::uint32_t leaf = 0; leaf < clocks_.size(); ++leaf)
        clocks_[leaf] = {.since = time,
                         .failures = {.agent = leaf, .purpose = failure_purpose},
                         .repairs = {.agent = leaf, .purpose = repair_purpose},
                         .ages = clocks_[leaf].ages};
}

void DynamicTrajectory::begin(std::uint64_t seed, std::uint32_t trajectory) {
    start(0, seed, trajectory);
    semantics_->begin(state_, chance());
    semantics_->settle(state_);
    refresh_all();
}

void DynamicTrajectory::resume(const TrajectorySnapshot& from, std::uint64_t seed, std::uint32_t trajectory) {
    start(from.time, seed, trajectory);
    std::copy(from.state.begin(), from.state.end(), state_.begin());
    for (std::size_t leaf = 0; leaf < clocks_.size(); ++leaf) clocks_[leaf].age = from.ages[leaf];
    refresh_all();
}

void DynamicTrajectory::save(TrajectorySnapshot& into) const {
    into.time = now();
    into.state = state_;
    into.ages.resize(clocks_.size());
    for (std::size_t leaf = 0; leaf < clocks_.size(); ++leaf) {
        const Clock& clock = clocks_[leaf];
        into.ages[leaf] =
            clock.ages ? clock.age + (clock.repairing ? 0 : clock.speed) * (now() - clock.since) : 0;
    }
}

void DynamicTrajectory::step() {
    const auto delivery = calendar_.step();
    expects(delivery.has_value(), "something can still happen");
    const std::uint32_t leaf = delivery->event.leaf;
    Clock& clock = clocks_[leaf];
    clock.drawn = false;
    clock.speed = 0;  // it is scheduled anew, if it runs on
    clock.since = now();
    if (clock.repairing)
        semantics_->repair(state_, leaf, chance());
    else if (clock.ages)
        semantics_->fail(state_, leaf, chance());
    else
        semantics_->end_phase(state_, leaf, chance());
    semantics_->settle(state_);
    refresh_all();
}

void DynamicTrajectory::refresh_all() {
    for (std::uint32_t leaf = 0; leaf < clocks_.size(); ++leaf) refresh(leaf);
}

void DynamicTrajectory::draw(std::uint32_t leaf) {
    Clock& clock = clocks_[leaf];
    const double unit = draws_.unit_exponential(clock.repairing ? clock.repairs : clock.failures);
    clock.left = clock.ages && !clock.repairing
                     ? remaining_life(semantics_->tree().leaves[leaf].life, clock.age, unit)
                     : unit;
    clock.drawn = true;
}

// Makes the clock run as the state says from now on.
void DynamicTrajectory::refresh(std::uint32_t leaf) {
    Clock& clock = clocks_[leaf];
    const bool failed = semantics_->failed(state_, leaf);
    const double speed = failed       ? semantics_->repair_rate(state_, leaf)
                         : clock.ages ? semantics_->pace(state_, leaf)
                                      : semantics_->rate(state_, leaf);
    if (failed == clock.repairing && speed == clock.speed) return;
    const double run = clock.speed * (now() - clock.since);
    clock.left =
        std::max(0.0, clock.left - run);  // rounding, where the change falls on the instant of the ring
    if (!clock.repairing) clock.age += run;
    if (failed != clock.repairing) {
        clock.drawn = false;
        clock.age = 0;
        clock.repairing = failed;
    }
    clock.speed = speed;
    clock.since = now();
    if (speed > 0 && !clock.drawn) draw(leaf);
    schedule(leaf, infinity);
}

// Where the clock rings by now, if it does; `latest` is for rounding.
void DynamicTrajectory::schedule(std::uint32_t leaf, double latest) {
    Clock& clock = clocks_[leaf];
    const double rings_at =
        clock.speed > 0 ? std::min(latest, clock.since + clock.left / clock.speed) : infinity;
    if (rings_at > std::numeric_limits<double>::max())
        calendar_.cancel(clock.handle);
    else if (!calendar_.reschedule(clock.handle, rings_at))
        clock.handle = calendar_.schedule(rings_at, {leaf});
}

double DynamicTrajectory::force_event(double until) {
    double total = 0;
    for (const Clock& clock : clocks_) {
        if (clock.speed > 0 && clock.ages && !clock.repairing) return 1;
        total += clock.speed;
    }
    const double probability = -std::expm1(-total * (until - now()));
    if (probability >= 0.5 || !(probability > 0)) return probability > 0 ? 1 : 0;
    // The first ring of all is exponential, cut off at `until`; whose it is depends on the speeds alone; and
    // the other clocks, which have not rung by then, are as new.
    const double first = -std::log1p(-draws_.uniform(forcing_) * probability) / total;
    double left = draws_.uniform(forcing_) * total;
    std::uint32_t rings = no_leaf;
    for (std::uint32_t leaf = 0; leaf < clocks_.size() && left >= 0; ++leaf) {
        if (!(clocks_[leaf].speed > 0)) continue;
        left -= clocks_[leaf].speed;
        rings = leaf;
    }
    for (std::uint32_t leaf = 0; leaf < clocks_.size(); ++leaf) {
        Clock& clock = clocks_[leaf];
        if (!(clock.speed > 0)) continue;
        clock.left = first * clock.speed + (leaf == rings ? 0 : clock.left);
        schedule(leaf, leaf == rings ? until : infinity);
    }
    return probability;
}

}  // namespace venturi
