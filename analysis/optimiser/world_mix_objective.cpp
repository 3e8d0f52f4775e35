#include "analysis/optimiser/world_mix_objective.hpp"

#include "analysis/optimiser/world_runner.hpp"
#include "analysis/optimiser/world_trajectories.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::Vector;

constexpr std::size_t shares_of_row = 5;

struct LivedMix {
    WorldOutcome outcome;
    double value = 0;
    std::uint64_t events = 0;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.value);
        visit(self.events);
    }
};

/// Rows of a batch as a matrix; those that are missing at its end are the mean of the others.
DenseMatrix filled(std::span<const double> values, std::size_t width, std::uint32_t count) {
    const auto columns = static_cast<Index>(width);
    const auto there = static_cast<Index>(values.size() / width);
    DenseMatrix rows(Index{count}, columns);
    for (Index row = 0; row < there; ++row)
        for (Index column = 0; column < columns; ++column)
            rows(row, column) = values[static_cast<std::size_t>(row * columns + column)];
    const Vector mean = rows.topRows(there).colwise().mean().transpose();
    for (Index row = there; row < Index{count}; ++row) rows.row(row) = mean.transpose();
    return rows;
}

}  // namespace

WorldMixObjective::WorldMixObjective(const WorldProblem& problem, WorldMixOptions options)
    : problem_(&problem), options_(std::move(options)) {
    expects(options_.rows > 0, "a mix has a row");
}

optimiser::FeasibleSet WorldMixObjective::feasible_set() const {
    return optimiser::FeasibleSet(std::vector<optimiser::Block>(
        options_.rows, optimiser::simplex(static_cast<Index>(shares_of_row), options_.floor)));
}

WorldRun WorldMixObjective::run_of(std::uint64_t seed, std::uint64_t first, std::uint64_t count) const {
    return {.trajectories = count,
            .first = first,
            .seed = seed,
            .threads = options_.threads,
            .stop = options_.stop,
            .journal = options_.journal};
}

void WorldMixObjective::note(std::uint64_t failed, const std::string& failure, std::uint64_t events,
                             Ending ending) const {
    if (ending == Ending::interrupted) throw Stopped();
    if (tally_->failed == 0) tally_->first_failure = failure;
    tally_->failed += failed;
    tally_->events += events;
    if (ending == Ending::failed) throw std::runtime_error("every history failed; " + failure);
}

optimiser::Outcomes WorldMixObjective::outcomes(const DenseMatrix& decisions,
                                                const optimiser::Repetitions& repetitions) const {
    const auto values_at = [&](const Vector& decision, std::uint64_t first, std::uint32_t count) {
        WorldTrial trial{.mix = rows_of(decision), .rest = options_.rest};
        const WorldEvaluation seen = evaluate(*problem_, {trial}, run_of(repetitions.seed, first, count));
        note(seen.failed, seen.first_failure, seen.events, seen.ending);
        return filled(seen.values.front(), 1, count);
    };
    if (decisions.cols() == 1)
        return {.values = values_at(decisions.col(0), repetitions.first, repetitions.count)};
    return {.values = values_of_mixes(decisions, repetitions)};
}

DenseMatrix WorldMixObjective::values_of_mixes(const DenseMatrix& decisions,
                                               const optimiser::Repetitions& repetitions) const {
    std::vector<MixRows> mixes;
    for (Index each = 0; each < decisions.cols(); ++each) mixes.push_back(rows_of(decisions.col(each)));
    const bool one_decides = problem_->question().who == WhoDecides::one;
    const MixRows rest = options_.rest.empty() ? problem_->mix() : options_.rest;
    const WorldRun run = run_of(repetitions.seed, repetitions.first, repetitions.count);
    std::vector<double> values(repetitions.count, std::nan(""));
    double sum = 0;
    const LivedWorlds lived = live_worlds<LivedMix>(
        *problem_, run,
        [&](WorldRunner& runner, std::uint64_t trajectory, LivedMix& row) {
            const MixRows& mix = mixes[trajectory - run.first];
            const DecidingCompanies deciding = deciding_in(*problem_, trajectory);
            runner.live(
                repetitions.seed, trajectory,
                [&](std::size_t company) -> std::span<const InvestmentMix> {
                    return !one_decides || company == deciding.first ? mix : rest;
                },
                run.stop, row.outcome);
            row.events = row.outcome.events;
            row.value = value_of(row.outcome, deciding);
            if (std::isnan(row.value)) throw std::runtime_error("there is nothing to see of the objective");
        },
        [&](std::uint64_t trajectory, const LivedMix& row) {
            values[trajectory - run.first] = row.value;
            sum += row.value;
        });
    note(lived.failed, lived.first_failure, lived.events, lived.ending);
    for (double& value : values)
        if (std::isnan(value)) value = sum / static_cast<double>(lived.completed);
    return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
}

optimiser::OutcomeGradients WorldMixObjective::estimate_by(const NamedWorldEstimator& estimator,
                                                           const Vector& decision,
                                                           const optimiser::Repetitions& repetitions) const {
    const MixRows at = rows_of(decision);
    WorldRun run = run_of(repetitions.seed, repetitions.first, repetitions.count);
    run.controls = estimator.controls;
    const WorldGradient seen = estimate(*problem_, at,
                                        {.estimator = estimator.estimator,
                                         .steps = estimator.steps,
                                         .length = step_length_at(estimator, at, options_.step_length),
                                         .run = run,
                                         .rest = options_.rest});
    note(seen.failed, seen.first_failure, seen.events, seen.ending);
    DenseMatrix gradients = filled(seen.of_trajectories, options_.rows * shares_of_row, repetitions.count);
    // By shares: of those that add up to 1 any that differs by a multiple of ones is the same.
    for (Index share = 0; share < gradients.cols(); ++share)
        gradients.col(share) /= std::max(decision[share], 1e-12);
    return {.outcomes = {.values = filled(seen.values, 1, repetitions.count)},
            .gradients = {std::move(gradients)},
            .forward_runs =
                static_cast<double>(repetitions.count)
                * static_cast<double>(forward_runs_of_trajectory(estimator.estimator, options_.rows))};
}

std::vector<optimiser::OwnGradient> WorldMixObjective::gradients() const {
    std::vector<optimiser::OwnGradient> all;
    for (const NamedWorldEstimator& each : named_world_estimators()) {
        if (each.estimator == WorldEstimator::company_exploration
            && !problem_->question().objective.of_company)
            continue;
        all.push_back(
            {.name = std::string(each.name),
             .unbiased = false,
             .estimate =
                 [self = *this, &each](const Vector& decision, const optimiser::Repetitions& repetitions) {
                     return self.estimate_by(each, decision, repetitions);
                 },
             .forward_runs = static_cast<double>(forward_runs_of_trajectory(each.estimator, options_.rows))});
    }
    return all;
}

WorldMixObjective WorldMixObjective::against(const MixRows& rest) const {
    WorldMixObjective other = *this;
    other.options_.rest = rest;
    return other;
}

Vector decision_of(const MixRows& rows) {
    const std::vector<double> shares = shares_of_rows(rows);
    return Eigen::Map<const Vector>(shares.data(), static_cast<Index>(shares.size()));
}

MixRows rows_of(const Vector& decision) {
    return rows_of_shares(std::vector<double>(decision.begin(), decision.end()));
}

}  // namespace venturi
