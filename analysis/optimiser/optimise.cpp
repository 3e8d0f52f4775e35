#include "analysis/optimiser/optimise.hpp"

#include "analysis/optimiser/direct_search.hpp"
#include "analysis/optimiser/linearised_search.hpp"
#include "analysis/optimiser/random_point.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <utility>

namespace venturi::optimiser {

namespace {

// The second half of all repetitions is for measuring what the first has found.
constexpr std::uint32_t first_fresh = 1U << 31;

/// Where a descent stands: a decision, moved in the coordinates of its map.
class Position {
  public:
    Position(const FeasibleSet& set, StepMap map, Vector decision)
        : set_(&set), map_(map), decision_(std::move(decision)), moved_(coordinates_of_decision()) {}

    [[nodiscard]] const Vector& decision() const { return decision_; }
    [[nodiscard]] Vector& moved() { return moved_; }
    [[nodiscard]] Coordinates coordinates() const {
        return map_ == StepMap::log_ratio ? Coordinates::log_ratio : Coordinates::ambient;
    }

    /// After `moved` was changed: back to the set.
    void land() {
        switch (map_) {
            case StepMap::log_ratio:
                decision_ = from_coordinates(*set_, Coordinates::log_ratio, decision_, moved_);
                return;
            case StepMap::mirror:
                decision_ = entropy_project(*set_, moved_);
                break;
            case StepMap::projection:
                decision_ = project(*set_, moved_);
                break;
        }
        moved_ = coordinates_of_decision();
    }

  private:
    [[nodiscard]] Vector coordinates_of_decision() const {
        if (map_ == StepMap::log_ratio) return to_coordinates(*set_, Coordinates::log_ratio, decision_);
        if (map_ == StepMap::projection) return decision_;
        Vector logs = decision_;
        Index at = 0;
        for (const Block& block : set_->blocks()) {
            const Index size = std::visit([](const auto& each) { return each.size(); }, block);
            // A share that is 0 could never grow again.
            if (std::holds_alternative<Simplex>(block))
                logs.segment(at, size) = decision_.segment(at, size).cwiseMax(1e-12).array().log();
            at += size;
        }
        return logs;
    }

    const FeasibleSet* set_;
    StepMap map_;
    Vector decision_;
    Vector moved_;
};

/// Weighted means of what a descent passes through.
class Averager {
  public:
    explicit Averager(const Averaging& averaging) {
        if (const auto* average = std::get_if<PolynomialAverage>(&averaging)) {
            if (!(average->power >= 0))
                throw std::invalid_argument("the power of averaging weights is not negative");
            power_ = average->power;
            last_only_ = false;
        }
    }

    void add(const Vector& value) {
        if (steps_++ == 0 || last_only_) {
            mean_ = value;
            return;
        }
        mean_ += (power_ + 1) / (static_cast<double>(steps_) + power_) * (value - mean_);
    }
    [[nodiscard]] const Vector& mean() const { return mean_; }

  private:
    double power_ = 0;
    bool last_only_ = true;
    std::uint64_t steps_ = 0;
    Vector mean_;
};

/// Multipliers of constraints E[Yₖ] ≤ 0, which follow what is violated: a stochastic augmented Lagrangian.
class Multipliers {
  public:
    Multipliers(const Problem& problem, const GradientMethod& method)
        : sign_(problem.sign()),
          rate_(method.multiplier_rate),
          penalty_(method.penalty),
          value_(Vector::Zero(problem.constraints())),
          violation_(Vector::Zero(problem.constraints())) {}

    /// Of which sum of outcomes the gradient is to be taken.
    [[nodiscard]] Vector weights() const {
        Vector weights(1 + value_.size());
        weights[0] = 1;
        weights.tail(value_.size()) = -sign_ * (value_ + penalty_ * violation_).cwiseMax(0);
        return weights;
    }
    void follow(const Vector& constraint_values, double factor) {
        // Of the last ten steps or so: one step's own are too noisy to be squared.
        const double share = seen_++ == 0 ? 1.0 : 0.1;
        violation_ += share * (constraint_values - violation_);
        value_ = (value_ + rate_ * factor * constraint_values).cwiseMax(0);
    }
    [[nodiscard]] const Vector& value() const { return value_; }

  private:
    double sign_;
    double rate_;
    double penalty_;
    Vector value_;
    Vector violation_;
    std::uint64_t seen_ = 0;
};

struct Descent {
    Vector decision;
    Vector multipliers;
    bool moved = false;
    bool stopped = false;
};

class GradientRun {
  public:
    GradientRun(Problem& problem, const OptimisationOptions& options, const GradientMethod& method,
                OptimisationResult& result)
        : problem_(problem),
          options_(options),
          method_(method),
          result_(result),
          spent_before_(problem.forward_runs()) {}

    /// One descent, on until `budget` forward runs are spent in all.
    Descent descend(std::uint32_t restart, const Vector& start, double budget) {
        return std::visit([&](const auto& rule) { return descend_by(rule, restart, start, budget); },
                          method_.rule);
    }
    [[nodiscard]] double spent() const { return problem_.forward_runs() - spent_before_; }
    [[nodiscard]] Repetitions take(std::uint32_t count) {
        expects(next_ <= first_fresh - count, "an optimisation has at most 2³¹ repetitions");
        const Repetitions repetitions{.seed = options_.seed, .first = next_, .count = count};
        next_ += count;
        return repetitions;
    }

  private:
    template <class AnyRule>
    Descent descend_by(AnyRule rule, std::uint32_t restart, const Vector& start, double budget) {
        const double own_learning_rate = rule.learning_rate;
        const double spent_at_start = spent();
        Position position(problem_.set(), method_.map, start);
        auto state = rule.initial_state(position.moved());
        Averager decisions(method_.averaging);
        Averager prices(method_.averaging);
        Multipliers multipliers(problem_, method_);
        Descent descent{.decision = start, .multipliers = multipliers.value()};
        double cost =
            static_cast<double>(method_.repetitions) * runs_per_repetition(method_.estimator, problem_);
        for (std::uint64_t step = 0; step < options_.steps && spent() + cost <= budget * (1 + 1e-12);
             ++step) {
            if (options_.stop != nullptr && options_.stop->requested()) {
                descent.stopped = true;
                break;
            }
            const double factor =
                factor_at(method_.schedule, step, (spent() - spent_at_start) / (budget - spent_at_start));
            const double before = spent();
            GradientEstimate raw;
            try {
                raw = estimate_gradient(method_.estimator, problem_, position.decision(),
                                        take(method_.repetitions), multipliers.weights());
            } catch (const Stopped&) {
                descent.stopped = true;
                break;
            }
            cost = spent() - before;
            const GradientEstimate estimate =
                in_coordinates(raw, problem_.set(), position.decision(), position.coordinates());
            // Rows that are all zero have no scatter either.
            descent.moved = descent.moved || raw.gradient.squaredNorm() > 0 || raw.covariance.trace() > 0;
            record(step, restart, position.decision(), estimate, own_learning_rate * factor, multipliers);
            rule.learning_rate = own_learning_rate * factor;
            if (factor > 0) {
                rule.step(state, position.moved(), Vector(-problem_.sign() * along_the_set(estimate)));
                position.land();
            }
            multipliers.follow(estimate.values.tail(problem_.constraints()), factor);
            decisions.add(position.decision());
            prices.add(multipliers.value());
            descent.decision = decisions.mean();
            descent.multipliers = prices.mean();
        }
        return descent;
    }

    // What all shares have in common moves none of them; a rule that looks at numbers one by one would not
    // know.
    [[nodiscard]] Vector along_the_set(const GradientEstimate& estimate) const {
        if (estimate.coordinates == Coordinates::log_ratio) return estimate.gradient;
        const DenseMatrix& basis = problem_.set().tangent_basis();
        return basis * (basis.transpose() * estimate.gradient);
    }

    void record(std::uint64_t step, std::uint32_t restart, const Vector& decision,
                const GradientEstimate& estimate, double learning_rate, const Multipliers& multipliers) {
        result_.log.push_back({.step = step,
                               .restart = restart,
                               .decision = decision,
                               .value = estimate.values[0],
                               .value_error = estimate.value_error,
                               .gradient_norm = estimate.gradient.norm(),
                               .learning_rate = learning_rate,
                               .constraint_values = estimate.values.tail(problem_.constraints()),
                               .multipliers = multipliers.value(),
                               .forward_runs = spent()});
        if (options_.observer) options_.observer(result_.log.back());
    }

    Problem& problem_;
    const OptimisationOptions& options_;
    const GradientMethod& method_;
    OptimisationResult& result_;
    double spent_before_;
    std::uint32_t next_ = 0;
};

void expect_budget(double budget, double least, const char* what) {
    if (!(budget >= least))
        throw std::invalid_argument(fmt::format(
            "a budget of {:g} forward runs is too small for {}, which takes {:g}", budget, what, least));
}

void ascend(Problem& problem, const OptimisationOptions& options, const GradientMethod& method,
            OptimisationResult& result) {
    if (method.repetitions == 0) throw std::invalid_argument("a gradient takes at least one repetition");
    const double least =
        static_cast<double>(method.repetitions) * runs_per_repetition(method.estimator, problem);
    const auto descents = static_cast<double>(method.restarts) + 1;
    // Of several descents a tenth of the budget chooses the best.
    const double for_descents = method.restarts == 0 ? options.budget : 0.9 * options.budget;
    expect_budget(for_descents / descents, least, "a gradient in each descent");

    GradientRun run(problem, options, method, result);
    std::vector<Descent> found;
    for (std::uint32_t restart = 0; restart <= method.restarts; ++restart) {
        const Vector start = restart == 0 ? result.start : random_point(problem.set(), options.seed, restart);
        found.push_back(run.descend(restart, start, for_descents * (restart + 1.0) / descents));
        if (found.back().stopped) break;
    }
    std::size_t best = 0;
    const auto count = static_cast<std::uint32_t>(
        std::max(0.0, (options.budget - run.spent()) / static_cast<double>(found.size())));
    if (found.size() > 1 && count > 0) {
        const Repetitions repetitions = run.take(count);
        double highest = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double value =
                problem.sign() * problem.outcomes(found[i].decision, repetitions).values.col(0).mean();
            if (value > highest) {
                highest = value;
                best = i;
            }
        }
    }
    result.decision = found[best].decision;
    result.multipliers = found[best].multipliers;
    const bool stopped = found.back().stopped;
    const bool moved =
        std::any_of(found.begin(), found.end(), [](const Descent& each) { return each.moved; });
    result.ending = stopped ? Ending::stopped : moved ? Ending::budget_spent : Ending::nothing_moves;
}

void expect_one_objective(const Problem& problem) {
    if (problem.objectives() > 1)
        throw std::invalid_argument("the worst of several objectives is followed by linearised steps alone");
}

template <class Search>
void search(Problem& problem, const OptimisationOptions& options, const Search& method,
            OptimisationResult& result) {
    if (problem.constraints() > 0)
        throw std::invalid_argument("searches without gradients know no constraints; use a gradient method");
    const DirectSearchResult found = direct_search(method, problem, result.start, options, result.log);
    result.decision = found.decision;
    result.ending = found.stopped ? Ending::stopped
                    : found.moved ? Ending::budget_spent
                                  : Ending::nothing_moves;
}

}  // namespace

StepMap step_map_named(std::string_view name) {
    if (name == "log_ratio") return StepMap::log_ratio;
    if (name == "mirror") return StepMap::mirror;
    if (name == "projection") return StepMap::projection;
    throw std::invalid_argument(
        fmt::format("there is no map '{}'; legal are log_ratio, mirror and projection", name));
}

Rule rule_named(std::string_view name, double learning_rate) {
    if (name == "sgd") return GradientDescent{.learning_rate = learning_rate};
    if (name == "momentum") return HeavyBall{.learning_rate = learning_rate};
    if (name == "normalised") return NormalisedMomentum{.learning_rate = learning_rate};
    if (name == "adam") return Adam{.learning_rate = learning_rate};
    if (name == "adamw") return AdamW{.learning_rate = learning_rate};
    throw std::invalid_argument(fmt::format(
        "there is no update rule '{}'; legal are sgd, momentum, normalised, adam and adamw", name));
}

double factor_at(const Schedule& schedule, std::uint64_t step, double spent) {
    if (const auto* power = std::get_if<PowerSchedule>(&schedule))
        return std::pow(1 + static_cast<double>(step) / power->delay, -power->power);
    if (std::holds_alternative<CosineSchedule>(schedule))
        return (1 + std::cos(std::numbers::pi * std::clamp(spent, 0.0, 1.0))) / 2;
    return 1;
}

OptimisationResult optimise(Problem& problem, const OptimisationOptions& options) {
    OptimisationResult result;
    result.start = options.start.size() == 0 ? problem.set().centre() : options.start;
    if (!problem.set().contains(result.start))
        throw std::invalid_argument("the start lies outside the set of legal decisions");
    result.decision = result.start;
    const double before = problem.forward_runs();
    std::visit(
        [&](const auto& method) {
            using Each = std::decay_t<decltype(method)>;
            if constexpr (std::same_as<Each, LinearisedSteps>) {
                linearised_search(problem, options, method, result);
            } else {
                expect_one_objective(problem);
                if constexpr (std::same_as<Each, GradientMethod>)
                    ascend(problem, options, method, result);
                else
                    search(problem, options, method, result);
            }
        },
        options.method);
    result.forward_runs = problem.forward_runs() - before;
    return result;
}

Repetitions fresh_repetitions(std::uint64_t seed, std::uint32_t count) {
    expects(count <= first_fresh, "there are at most 2³¹ fresh repetitions");
    return {.seed = seed, .first = first_fresh, .count = count};
}

Gain measure_gain(Problem& problem, const Vector& decision, const Vector& reference,
                  const Repetitions& repetitions) {
    const Vector difference = problem.outcomes(decision, repetitions).values.col(0)
                              - problem.outcomes(reference, repetitions).values.col(0);
    Moments moments;
    for (const double each : difference) moments.add(each);
    return {.mean = moments.mean(),
            .standard_error = moments.standard_error(),
            .interval = moments.confidence_interval()};
}

}  // namespace venturi::optimiser
