#include "analysis/optimiser/linearised_search.hpp"

#include "analysis/optimiser/coordinates.hpp"
#include "analysis/optimiser/linearised_step.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace venturi::optimiser {

namespace {

/// Shares by log-ratios, numbers between finite bounds in quarters of their range, others as they are.
class SearchCoordinates {
  public:
    explicit SearchCoordinates(const FeasibleSet& set) {
        Index at = 0;
        Index free = 0;
        for (const Block& block : set.blocks()) {
            const bool is_mix = std::holds_alternative<Simplex>(block);
            const Index size = std::visit([](const auto& each) { return each.size(); }, block);
            parts_.push_back({FeasibleSet({block}), at, free, size, is_mix ? size - 1 : size, is_mix});
            at += size;
            free += parts_.back().free_size;
        }
        free_ = free;
    }

    /// The derivatives of a decision's numbers by the coordinates; shape: dimension × coordinates.
    [[nodiscard]] DenseMatrix jacobian_at(const Vector& decision) const {
        DenseMatrix all = DenseMatrix::Zero(decision.size(), free_);
        for (const Part& part : parts_) {
            auto block = all.block(part.at, part.free, part.size, part.free_size);
            if (part.is_mix)
                block = jacobian(part.set, Coordinates::log_ratio, decision.segment(part.at, part.size));
            else
                for (Index i = 0; i < part.size; ++i) block(i, i) = unit_of(part, i);
        }
        return all;
    }

    /// The decision after a step, which ends at the bounds of numbers.
    [[nodiscard]] Vector moved(const Vector& decision, const Vector& step) const {
        Vector after = decision;
        for (const Part& part : parts_) {
            const Vector before = decision.segment(part.at, part.size);
            const Vector by = step.segment(part.free, part.free_size);
            if (part.is_mix) {
                const Vector from = to_coordinates(part.set, Coordinates::log_ratio, before);
                after.segment(part.at, part.size) =
                    from_coordinates(part.set, Coordinates::log_ratio, before, from + by);
            } else {
                const Box& box = std::get<Box>(part.set.blocks().front());
                for (Index i = 0; i < part.size; ++i)
                    after[part.at + i] =
                        std::clamp(before[i] + by[i] * unit_of(part, i), box.low[i], box.high[i]);
            }
        }
        return after;
    }

    /// What a step comes to where it ends at the bounds of numbers.
    [[nodiscard]] Vector taken(const Vector& before, const Vector& after, const Vector& step) const {
        Vector taken = step;
        for (const Part& part : parts_)
            for (Index i = 0; !part.is_mix && i < part.size; ++i)
                taken[part.free + i] = (after[part.at + i] - before[part.at + i]) / unit_of(part, i);
        return taken;
    }

    /// Coordinates that a step would push beyond the bound where they already are.
    [[nodiscard]] std::vector<Index> held(const Vector& decision, const Vector& step) const {
        std::vector<Index> coordinates;
        for (const Part& part : parts_) {
            if (part.is_mix) continue;
            const Box& box = std::get<Box>(part.set.blocks().front());
            for (Index i = 0; i < part.size; ++i) {
                const double number = decision[part.at + i];
                const double by = step[part.free + i];
                if ((number <= box.low[i] && by < 0) || (number >= box.high[i] && by > 0))
                    coordinates.push_back(part.free + i);
            }
        }
        return coordinates;
    }

    /// Coordinates that are at a bound.
    [[nodiscard]] std::vector<Index> at_bounds(const Vector& decision) const {
        std::vector<Index> coordinates = held(decision, Vector::Constant(free_, -1));
        for (const Index each : held(decision, Vector::Constant(free_, 1))) coordinates.push_back(each);
        return coordinates;
    }

    [[nodiscard]] Index count() const { return free_; }

  private:
    struct Part {
        FeasibleSet set;
        Index at;
        Index free;
        Index size;
        Index free_size;
        bool is_mix;
    };

    static double unit_of(const Part& part, Index i) {
        const Box& box = std::get<Box>(part.set.blocks().front());
        const double range = box.high[i] - box.low[i];
        return std::isfinite(range) && range > 0 ? range / 4 : 1;
    }

    std::vector<Part> parts_;
    Index free_ = 0;
};

/// The best step in the coordinates that no bound holds. The price of a constraint that these alone could
/// still meet is NaN.
LinearisedStep step_within(const SearchCoordinates& coordinates, const Vector& decision,
                           const LocalView& view, double radius) {
    LocalView free = view;
    while (true) {
        LinearisedStep step = best_step(free, radius);
        const std::vector<Index> held = coordinates.held(decision, step.step);
        for (const Index each : held) {
            free.slopes.row(each).setZero();
            free.steepness.row(each).setZero();
        }
        if (!held.empty()) continue;
        for (Index j = 0; j < view.excesses.size(); ++j)
            if (view.excesses[j] > 0 && view.steepness.col(j).norm() > 0
                && !(free.steepness.col(j).norm() > 0))
                step.prices[j] = std::numeric_limits<double>::quiet_NaN();
        return step;
    }
}

class LinearisedRun {
  public:
    LinearisedRun(Problem& problem, const OptimisationOptions& options, const LinearisedSteps& method,
                  OptimisationResult& result)
        : problem_(problem),
          options_(options),
          method_(method),
          result_(result),
          coordinates_(problem.set()),
          before_(problem.forward_runs()) {}

    void run() {
        Vector decision = result_.start;
        double cost =
            static_cast<double>(method_.repetitions) * problem_.own_gradient(method_.estimator).forward_runs;
        if (!(options_.budget >= cost))
            throw std::invalid_argument(
                fmt::format("a budget of {:g} forward runs is too small for a step, which takes {:g}",
                            options_.budget, cost));
        std::uint32_t next = 0;
        result_.moved.assign(static_cast<std::size_t>(problem_.objectives() + problem_.constraints()), false);
        result_.ending = Ending::budget_spent;
        for (std::uint64_t step = 0; step < options_.steps && spent() + cost <= options_.budget * (1 + 1e-12);
             ++step) {
            if (options_.stop != nullptr && options_.stop->requested()) {
                result_.ending = Ending::stopped;
                break;
            }
            const double length =
                method_.length * factor_at(CosineSchedule{}, step, spent() / options_.budget);
            const double runs_before = spent();
            OutcomeGradients seen;
            try {
                seen = problem_.own_gradients(
                    method_.estimator, decision,
                    {.seed = options_.seed, .first = next, .count = method_.repetitions});
            } catch (const Stopped&) {
                result_.ending = Ending::stopped;
                break;
            }
            next += method_.repetitions;
            cost = spent() - runs_before;
            // Values are moved along the better the shorter steps are; none counts less than if all did
            // alike.
            const double news =
                std::max(1 / (static_cast<double>(step) + 1), (1 - method_.memory) * length / method_.length);
            learn(seen, decision, news);
            const LinearisedStep best = length > 0
                                            ? step_within(coordinates_, decision, view_, length)
                                            : LinearisedStep{.step = Vector::Zero(coordinates_.count()),
                                                             .weights = Vector::Zero(problem_.objectives()),
                                                             .prices = Vector::Zero(problem_.constraints())};
            record(step, decision, seen, length, best);
            const Vector after = coordinates_.moved(decision, best.step);
            follow(coordinates_.taken(decision, after, best.step));
            decision = after;
        }
        const bool is_moved = std::ranges::find(result_.moved, true) != result_.moved.end();
        result_.decision = is_moved ? decision : result_.start;
        if (!is_moved && result_.ending == Ending::budget_spent) result_.ending = Ending::nothing_moves;
        find_multipliers();
    }

  private:
    [[nodiscard]] double spent() const { return problem_.forward_runs() - before_; }

    /// Of objectives, to be made high, and constraints, in the search's coordinates. What is new counts as
    /// the part `news`.
    void learn(const OutcomeGradients& seen, const Vector& decision, double news) {
        const Index objectives = problem_.objectives();
        const Index constraints = problem_.constraints();
        const DenseMatrix change = coordinates_.jacobian_at(decision).transpose();
        LocalView now{.objectives = Vector(objectives),
                      .slopes = DenseMatrix(coordinates_.count(), objectives),
                      .excesses = Vector(constraints),
                      .steepness = DenseMatrix(coordinates_.count(), constraints)};
        for (Index column = 0; column < objectives + constraints; ++column) {
            const DenseMatrix& rows = seen.gradients[static_cast<std::size_t>(column)];
            if ((rows.array() != 0).any()) result_.moved[static_cast<std::size_t>(column)] = true;
            const Vector slope = change * rows.colwise().mean().transpose();
            const double value = seen.outcomes.values.col(column).mean();
            if (column < objectives) {
                now.objectives[column] = problem_.sign() * value;
                now.slopes.col(column) = problem_.sign() * slope;
            } else {
                now.excesses[column - objectives] = value;
                now.steepness.col(column - objectives) = slope;
            }
        }
        views_.push_back(now);
        if (news == 1) {
            view_ = now;
            return;
        }
        const double part = std::max(news, part_beyond_noise(seen));
        const double kept = 1 - part;
        view_.objectives = kept * view_.objectives + part * now.objectives;
        view_.slopes = method_.memory * view_.slopes + (1 - method_.memory) * now.slopes;
        view_.excesses = kept * view_.excesses + part * now.excesses;
        view_.steepness = method_.memory * view_.steepness + (1 - method_.memory) * now.steepness;
    }

    /// How much of what values are off from what was foretold is more than their own noise, as a part of its
    /// square; the same for all columns, which share their luck.
    [[nodiscard]] double part_beyond_noise(const OutcomeGradients& seen) const {
        const Index objectives = problem_.objectives();
        double sum = 0;
        for (Index column = 0; column < seen.outcomes.values.cols(); ++column) {
            Moments moments;
            for (const double value : seen.outcomes.values.col(column)) moments.add(value);
            if (moments.count() < 2) return 0;
            const double foretold = column < objectives ? problem_.sign() * view_.objectives[column]
                                                        : view_.excesses[column - objectives];
            const double off = (moments.mean() - foretold) * (moments.mean() - foretold);
            const double noise = moments.standard_error() * moments.standard_error();
            // Within three standard errors it may be noise alone.
            if (off > 9 * noise) sum += 1 - noise / off;
        }
        return sum / static_cast<double>(seen.outcomes.values.cols());
    }

    /// Along the lines to where the step leads.
    void follow(const Vector& step) {
        view_.objectives += view_.slopes.transpose() * step;
        view_.excesses += view_.steepness.transpose() * step;
    }

    void record(std::uint64_t step, const Vector& decision, const OutcomeGradients& seen, double length,
                const LinearisedStep& best) {
        const Index objectives = problem_.objectives();
        Moments moments;
        Index worst = 0;
        const Vector means = seen.outcomes.values.colwise().mean().transpose();
        (problem_.sign() * means.head(objectives)).minCoeff(&worst);
        for (const double value : seen.outcomes.values.col(worst)) moments.add(value);
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        result_.log.push_back({.step = step,
                               .restart = 0,
                               .decision = decision,
                               .value = means[worst],
                               .value_error = moments.count() > 1 ? moments.standard_error() : unknown,
                               .gradient_norm = (view_.slopes * best.weights).norm(),
                               .learning_rate = length,
                               .constraint_values = means.tail(problem_.constraints()),
                               .multipliers = best.prices,
                               .forward_runs = spent()});
        weights_.push_back(best.weights);
        if (options_.observer) options_.observer(result_.log.back());
    }

    // Steps are pulled by noise: what a constraint costs is told by the slopes of the second half of them,
    // of those constraints that a step ever paid for there.
    void find_multipliers() {
        const Index objectives = problem_.objectives();
        result_.multipliers = Vector::Zero(problem_.constraints());
        result_.weights = Vector::Zero(objectives);
        if (views_.empty()) return;
        const std::size_t first = views_.size() / 2;
        Vector paid = Vector::Zero(problem_.constraints());
        DenseMatrix slopes = DenseMatrix::Zero(coordinates_.count(), objectives);
        DenseMatrix steepness = DenseMatrix::Zero(coordinates_.count(), problem_.constraints());
        double known = 0;
        for (std::size_t i = first; i < views_.size(); ++i) {
            slopes += views_[i].slopes;
            steepness += views_[i].steepness;
            if (!result_.log[i].multipliers.allFinite()) continue;
            ++known;
            paid += result_.log[i].multipliers;
            result_.weights += (weights_[i] - result_.weights) / known;
        }
        if (known == 0) {
            result_.multipliers.setConstant(std::numeric_limits<double>::quiet_NaN());
            result_.weights = weights_.back();
            return;
        }
        for (Index j = 0; j < paid.size(); ++j)
            if (!(paid[j] > 0)) steepness.col(j).setZero();
        for (const Index each : coordinates_.at_bounds(result_.decision)) {
            slopes.row(each).setZero();
            steepness.row(each).setZero();
        }
        const auto steps = static_cast<double>(views_.size() - first);
        result_.multipliers = explaining_prices(slopes * result_.weights / steps, steepness / steps);
    }

    Problem& problem_;
    const OptimisationOptions& options_;
    const LinearisedSteps& method_;
    OptimisationResult& result_;
    SearchCoordinates coordinates_;
    double before_;
    LocalView view_;
    std::vector<LocalView> views_;  // as each step saw them
    std::vector<Vector> weights_;
};

}  // namespace

void linearised_search(Problem& problem, const OptimisationOptions& options, const LinearisedSteps& method,
                       OptimisationResult& result) {
    if (method.repetitions == 0) throw std::invalid_argument("a step takes at least one repetition");
    if (!(method.length > 0 && std::isfinite(method.length)))
        throw std::invalid_argument("a step has a length above 0");
    if (!(method.memory >= 0 && method.memory < 1))
        throw std::invalid_argument("the part that is remembered lies in [0, 1)");
    LinearisedRun(problem, options, method, result).run();
}

}  // namespace venturi::optimiser
