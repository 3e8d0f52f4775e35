#include "analysis/experiments/influence.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace venturi {

namespace {

bool has_living_inside(const Startup<PlainDraws>& company) {
    return company.has_inside() && is_alive(company.status);
}

std::optional<std::uint32_t> company_in_focus(const PlainWorld& world, std::uint64_t trajectory) {
    const auto living = static_cast<std::uint64_t>(std::ranges::count_if(world.startups, has_living_inside));
    if (living == 0) return std::nullopt;
    std::uint64_t before = trajectory % living;
    for (std::uint32_t index = 0; index < world.startups.size(); ++index)
        if (has_living_inside(world.startups[index]) && before-- == 0) return index;
    return std::nullopt;
}

void check_options(const InfluenceOptions& options) {
    expects(options.at >= 0 && std::isfinite(options.at), "a push comes at a month of the world");
    expects(!options.delays.empty(), "a response is looked at after a delay");
    double before = 0;
    for (const double delay : options.delays) {
        expects(delay > before && std::isfinite(delay), "delays are above 0, and each above the last");
        before = delay;
    }
}

}  // namespace

InfluenceStatistics::InfluenceStatistics(std::size_t delays_)
    : delays(delays_), responses(loop_arrows.size() * delays_) {}

void InfluenceStatistics::merge(const InfluenceStatistics& other) {
    for (std::size_t i = 0; i < responses.size(); ++i) responses[i].merge(other.responses[i]);
    skipped += other.skipped;
}

double standardised(double strength, LoopArrow arrow) {
    return strength * loop_pushes[static_cast<std::size_t>(arrow.tail)]
           / loop_pushes[static_cast<std::size_t>(arrow.head)];
}

bool is_distinguishable(const Moments& response) {
    const Interval interval = response.confidence_interval();
    return interval.low > 0 || interval.high < 0;
}

InfluenceModel::InfluenceModel(std::shared_ptr<const WorldSetup> setup, InfluenceOptions options,
                               std::uint64_t seed, const StopRequest* stop)
    : trunk_(setup), branch_(std::move(setup)), options_(std::move(options)), seed_(seed), stop_(stop) {
    check_options(options_);
    unpushed_.resize(options_.delays.size());
    pushed_.resize(options_.delays.size());
}

std::uint64_t InfluenceModel::simulate(std::uint64_t trajectory, InfluenceStatistics& into) {
    trunk_.reset(PlainDraws(FastVariates(seed_, static_cast<std::uint32_t>(trajectory))));
    stop_if_requested(stop_);
    trunk_.run_until(options_.at);
    responses_.clear();
    std::uint64_t events = trunk_.delivered();
    const auto company = company_in_focus(trunk_, trajectory);
    if (!company) {
        ++into.skipped;
        return events;
    }
    branch_ = trunk_;
    follow_branch(*company, unpushed_);
    events += branch_.delivered() - trunk_.delivered();
    for (std::size_t i = 0; i < loop_nodes; ++i) {
        const auto tail = static_cast<LoopNode>(i);
        branch_ = trunk_;
        push(branch_, *company, tail);
        const double moved = observe(branch_, *company, tail) - observe(trunk_, *company, tail);
        if (moved == 0) continue;
        follow_branch(*company, pushed_);
        events += branch_.delivered() - trunk_.delivered();
        compare(tail, moved);
    }
    // Only now, so that a trajectory that is given up leaves nothing behind.
    for (const Response& response : responses_)
        into.response(response.arrow, response.delay).add(response.value);
    return events;
}

void InfluenceModel::follow_branch(std::uint32_t company, Course& course) {
    for (std::size_t delay = 0; delay < options_.delays.size(); ++delay) {
        stop_if_requested(stop_);
        branch_.run_until(options_.at + options_.delays[delay]);
        course[delay].reset();
        if (!is_alive(branch_.startups[company].status)) continue;
        Observation& seen = course[delay].emplace();
        for (std::size_t node = 0; node < loop_nodes; ++node)
            seen[node] = observe(branch_, company, static_cast<LoopNode>(node));
    }
}

void InfluenceModel::compare(LoopNode tail, double moved) {
    for (std::size_t arrow = 0; arrow < loop_arrows.size(); ++arrow) {
        if (loop_arrows[arrow].tail != tail) continue;
        const auto head = static_cast<std::size_t>(loop_arrows[arrow].head);
        for (std::size_t delay = 0; delay < options_.delays.size(); ++delay) {
            const auto& with = pushed_[delay];
            const auto& without = unpushed_[delay];
            if (with && without)
                responses_.push_back({arrow, delay, ((*with)[head] - (*without)[head]) / moved});
        }
    }
}

bool has_loop(const Scenario& scenario) {
    return std::ranges::any_of(scenario.world.startups, [](const StartupGroupParameters& group) {
        return group.inside == Inside::five_advantages && group.count > 0;
    });
}

InfluenceOutcome run_influence(const Scenario& scenario, const InfluenceOptions& options, int threads,
                               const EnsembleHooks<InfluenceStatistics>& hooks) {
    check_options(options);
    const auto setup = make_setup(scenario.world, scenario.interventions);
    const auto seed = static_cast<std::uint64_t>(scenario.run.seed);
    return run_ensemble(
        EnsembleOptions{.trajectories = static_cast<std::uint64_t>(scenario.run.trajectories),
                        .first = 0,
                        .threads = threads,
                        .on_failure = OnFailure::keep},
        InfluenceStatistics(options.delays.size()),
        [&] { return InfluenceModel(setup, options, seed, hooks.stop); }, hooks);
}

}  // namespace venturi
