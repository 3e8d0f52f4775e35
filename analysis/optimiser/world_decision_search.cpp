#include "analysis/optimiser/world_decision_search.hpp"

#include "analysis/optimiser/coordinates.hpp"
#include "analysis/optimiser/linearised_step.hpp"
#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_trajectories.hpp"
#include "analysis/statistics/controlled_means.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/share_interval.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <variant>

namespace venturi {

namespace {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::Vector;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
// The second half of all trajectories is for measuring what the first has found.
constexpr std::uint32_t first_fresh = 1U << 31;
// Updates that a budget is made to last for, as far as it does.
constexpr std::uint64_t usual_updates = 6;
constexpr std::uint32_t most_groups = 32;

/// What companies of a trajectory came to.
struct TailTrajectory {
    WorldOutcome outcome;
    std::uint64_t events = 0;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.outcome);
        visit(self.events);
    }
};

std::uint32_t trajectories_of(const WorldQuestion& question, const DecisionSearchOptions& options) {
    if (options.trajectories > 0) return options.trajectories;
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        options.budget / (usual_updates * forward_runs_of_repetition(question)), 1, 1'000'000));
}

/// A length for each mix and each parameter together.
double first_length(const WorldQuestion& question, double step) {
    const optimiser::FeasibleSet set = feasible_set_of(question.decision);
    double quarters = 0;
    for (const optimiser::Block& block : set.blocks())
        quarters += std::holds_alternative<optimiser::Simplex>(block) ? 1 : 0.25;
    return step * std::sqrt(std::max(quarters, 1.0));
}

optimiser::Method method_of(const WorldQuestion& question, const DecisionSearchOptions& options) {
    if (const auto direct = direct_method(options.method, options.step, options.budget, options.trajectories))
        return *direct;
    return optimiser::LinearisedSteps{.estimator = decision_estimator,
                                      .length = first_length(question, options.step),
                                      .memory = 0.5,
                                      .repetitions = trajectories_of(question, options)};
}

/// Searches in log-ratios can't begin at a bound, which they never reach.
Vector inside_of(const optimiser::FeasibleSet& set, const Vector& decision) {
    constexpr double inset = 0.02;
    return (1 - inset) * decision + inset * set.centre();
}

/// Outcomes by aim, kind of decision and scenario, sorted: of means one number of each trajectory, less its
/// controls.
class Sample {
  public:
    Sample(const WorldQuestion& question, const LivedPlaces& lived, std::size_t kinds, bool controls = true)
        : question_(question),
          aims_(question.aims()),
          kinds_(kinds),
          scenarios_(question.scenarios.size()),
          controls_(controls && lived.trajectories.size() >= least_observations_of_controls) {
        for (std::size_t aim = 0; aim < aims_.size(); ++aim)
            for (std::size_t kind = 0; kind < kinds; ++kind)
                for (std::size_t scenario = 0; scenario < scenarios_; ++scenario)
                    series_.push_back(aims_[aim].statistic.is_mean()
                                          ? means(lived, aim, kind, scenario)
                                          : outcomes_of(lived, aim, {kind * scenarios_ + scenario}));
    }

    [[nodiscard]] double value(std::size_t aim, std::size_t kind, std::size_t scenario, std::uint32_t groups,
                               std::uint32_t left_out) const {
        return value_of(aims_[aim].statistic, series_[(aim * kinds_ + kind) * scenarios_ + scenario], groups,
                        left_out);
    }
    /// Of the aim, over scenarios.
    [[nodiscard]] double aim_of(std::size_t kind, std::uint32_t groups, std::uint32_t left_out) const {
        double least = std::numeric_limits<double>::infinity();
        double sum = 0;
        for (std::size_t scenario = 0; scenario < scenarios_; ++scenario) {
            const double each = value(0, kind, scenario, groups, left_out);
            least = std::min(least, each);
            sum += each;
        }
        return question_.is_worst_of_several() ? least : sum / static_cast<double>(scenarios_);
    }
    /// Of what a constraint bounds, with the best decision.
    [[nodiscard]] double bounded(std::size_t constraint, std::uint32_t groups, std::uint32_t left_out) const {
        const WorldConstraint& of = question_.constraints[constraint];
        double worst = unknown;
        double sum = 0;
        for (std::size_t scenario = 0; scenario < scenarios_; ++scenario) {
            const double each = value(1 + constraint, 0, scenario, groups, left_out);
            if (std::isnan(worst) || of.excess(each) > of.excess(worst)) worst = each;
            sum += each;
        }
        return question_.is_worst_of_several() ? worst : sum / static_cast<double>(scenarios_);
    }

  private:
    [[nodiscard]] std::vector<WeightedOutcome> means(const LivedPlaces& lived, std::size_t aim,
                                                     std::size_t kind, std::size_t scenario) const {
        const auto identity = [](double value) { return value; };
        const bool has_controls = kind > 0 && controls_;
        const std::size_t best = scenario;
        const std::size_t other = kind * scenarios_ + scenario;
        std::vector<WeightedOutcome> all;
        SplitControls fit(luck_controls);
        std::vector<double> controls;
        for (std::size_t t = 0; t < lived.trajectories.size(); ++t) {
            const PlaceOutcome& here = lived.outcomes[t][other];
            all.push_back({mean_of_values(here.values[aim], identity), 1,
                           static_cast<std::uint32_t>(lived.trajectories[t])});
            if (has_controls) add_controls(lived, t, aim, best, other, fit, controls);
        }
        for (std::size_t t = 0; has_controls && t < all.size(); ++t) {
            const std::vector<double> coefficients =
                fit.coefficients(SplitControls::fold_of(lived.trajectories[t]));
            for (std::size_t i = 0; i < luck_controls; ++i)
                all[t].value += coefficients[i] * controls[t * luck_controls + i];
        }
        sort_outcomes(all);
        return all;
    }

    static void add_controls(const LivedPlaces& lived, std::size_t t, std::size_t aim, std::size_t best,
                             std::size_t other, SplitControls& fit, std::vector<double>& controls) {
        const PlaceOutcome& above = lived.outcomes[t][best];
        const PlaceOutcome& below = lived.outcomes[t][other];
        const std::size_t fold = SplitControls::fold_of(lived.trajectories[t]);
        const bool of_companies = above.values[aim].size() == above.companies() && above.companies() > 1;
        std::vector<double> control(luck_controls);
        std::vector<double> mean(luck_controls, 0.0);
        double count = 0;
        for (std::size_t i = 0; i < above.companies(); ++i) {
            if (of_companies && (std::isnan(above.values[aim][i]) || std::isnan(below.values[aim][i])))
                continue;
            for (std::size_t each = 0; each < luck_controls; ++each) {
                control[each] = above.controls_of(i)[each] - below.controls_of(i)[each];
                mean[each] += control[each];
            }
            count += 1;
            if (of_companies) fit.add(fold, above.values[aim][i] - below.values[aim][i], control);
        }
        for (double& each : mean) each /= count;
        if (!of_companies) fit.add(fold, above.values[aim].front() - below.values[aim].front(), mean);
        controls.insert(controls.end(), mean.begin(), mean.end());
    }

    const WorldQuestion& question_;
    std::vector<WorldAim> aims_;
    std::size_t kinds_;
    std::size_t scenarios_;
    bool controls_;
    std::vector<std::vector<WeightedOutcome>> series_;
};

/// Values with the errors of a jackknife over groups of trajectories.
template <class Statistics>
std::vector<Measured> jackknifed(std::size_t trajectories, Statistics statistics) {
    const std::vector<double> whole = statistics(0U, 0U);
    std::vector<Measured> measured;
    for (const double value : whole) measured.push_back({value, unknown, {unknown, unknown}});
    const auto groups = static_cast<std::uint32_t>(std::min<std::size_t>(most_groups, trajectories));
    if (groups < 2) return measured;
    std::vector<double> squares(whole.size(), 0.0);
    for (std::uint32_t group = 0; group < groups; ++group) {
        const std::vector<double> others = statistics(groups, group);
        for (std::size_t i = 0; i < whole.size(); ++i)
            squares[i] += (others[i] - whole[i]) * (others[i] - whole[i]);
    }
    const double critical = student_critical_value(0.95, groups - 1.0);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const double error = std::sqrt((groups - 1.0) / groups * squares[i]);
        measured[i].standard_error = error;
        measured[i].interval = {whole[i] - critical * error, whole[i] + critical * error};
    }
    return measured;
}

/// The other values at which each number of a decision is tried.
std::vector<DecisionFlatnessPoint> flatness_points(const WorldQuestion& question, const Vector& decision) {
    constexpr int steps = 6;
    constexpr std::array<double, 6> factors = {0.25, 0.5, 0.75, 1.5, 2, 4};
    std::vector<DecisionFlatnessPoint> points;
    const std::vector<DecidedNumber> numbers =
        numbers_of(question.decision, std::vector<std::string>(question.decision.rows));
    for (std::size_t number = 0; number < numbers.size(); ++number) {
        const DecidedNumber& of = numbers[number];
        const double best = decision[static_cast<Index>(number)];
        if (of.is_share) {
            for (const double factor : factors)
                if (best > 0 && best * factor < 1) points.push_back({number, best * factor, factor, {}});
            continue;
        }
        const double here = of.whole ? std::round(best) : best;
        double before = unknown;
        for (int step = 0; step <= steps; ++step) {
            const double place = of.low + (of.high - of.low) * step / steps;
            const double value = of.whole ? std::round(place) : place;
            if (value != here && value != before) points.push_back({number, value, 1, {}});
            before = value;
        }
    }
    return points;
}

/// The decision with the point's value in place of its own.
Vector moved_to(const WorldQuestion& question, const Vector& decision, const DecisionFlatnessPoint& point) {
    Vector moved = decision;
    const auto number = static_cast<Index>(point.number);
    Index at = 0;
    const optimiser::FeasibleSet set = feasible_set_of(question.decision);
    for (const optimiser::Block& block : set.blocks()) {
        const Index size = std::visit([](const auto& each) { return each.size(); }, block);
        const bool is_mix = std::holds_alternative<optimiser::Simplex>(block);
        if (is_mix && number >= at && number < at + size)
            moved.segment(at, size) *= (1 - point.value) / (1 - decision[number]);
        at += size;
    }
    moved[number] = point.value;
    return moved;
}

bool pays(double multiplier) {
    return std::isnan(multiplier) || multiplier > 0;
}

/// What the aim would gain were bounds looser: of each constraint, in all scenarios together.
std::vector<Measured> prices_of(const WorldQuestion& question, const DecisionSearchResult& found,
                                const WorldDecisionObjective& objective, const OutcomeGradients& seen,
                                std::uint32_t trajectories) {
    const Index objectives = objective.objectives();
    const DenseMatrix change =
        optimiser::jacobian(objective.feasible_set(), optimiser::Coordinates::log_ratio, found.decision)
            .transpose();
    const auto mean_slope = [&](Index column, std::uint32_t groups, std::uint32_t left_out) {
        const DenseMatrix& rows = seen.gradients[static_cast<std::size_t>(column)];
        Vector sum = Vector::Zero(rows.cols());
        double count = 0;
        for (Index row = 0; row < rows.rows(); ++row) {
            if (groups > 0 && static_cast<std::uint32_t>(row) % groups == left_out) continue;
            sum += rows.row(row).transpose();
            ++count;
        }
        return Vector(change * sum / count);
    };
    return jackknifed(trajectories, [&](std::uint32_t groups, std::uint32_t left_out) {
        Vector slope = Vector::Zero(change.rows());
        for (Index k = 0; k < objectives; ++k)
            slope += (objectives > 1 ? found.weights[k] : 1.0) * mean_slope(k, groups, left_out);
        std::vector<Index> paid;
        for (Index j = 0; j < found.multipliers.size(); ++j)
            if (pays(found.multipliers[j])) paid.push_back(j);
        DenseMatrix steepness(change.rows(), static_cast<Index>(paid.size()));
        for (std::size_t i = 0; i < paid.size(); ++i)
            steepness.col(static_cast<Index>(i)) = mean_slope(objectives + paid[i], groups, left_out);
        const Vector each = optimiser::explaining_prices(slope, steepness);
        std::vector<double> prices(question.constraints.size(), 0.0);
        for (std::size_t i = 0; i < paid.size(); ++i)
            prices[static_cast<std::size_t>(paid[i] / objectives)] += each[static_cast<Index>(i)];
        return prices;
    });
}

void measure_prices(const WorldQuestion& question, const DecisionSearchResult& found, const DecisionRun& run,
                    std::uint32_t trajectories, std::uint64_t seed, DecisionMeasurement& measured) {
    const WorldDecisionObjective objective(question, run);
    const Index objectives = objective.objectives();
    bool any = false;
    for (std::size_t i = 0; i < measured.constraints.size(); ++i) {
        MeasuredConstraint& constraint = measured.constraints[i];
        double search = 0;
        for (Index s = 0; s < objectives; ++s) {
            const double each = found.multipliers[static_cast<Index>(i) * objectives + s];
            constraint.binds = constraint.binds || (found.constraint_is_moved[i] && pays(each));
            search += each;
        }
        constraint.price = {search, constraint.binds ? unknown : 0.0, {unknown, unknown}};
        any = any || (constraint.binds && !std::isnan(search));
    }
    constexpr std::uint32_t least_trajectories = 8;
    if (!any || trajectories < least_trajectories) return;
    try {
        const OutcomeGradients seen =
            objective.estimate(found.decision, {.seed = seed, .first = first_fresh, .count = trajectories});
        const std::vector<Measured> prices = prices_of(question, found, objective, seen, trajectories);
        for (std::size_t i = 0; i < prices.size(); ++i)
            if (measured.constraints[i].binds && !std::isnan(measured.constraints[i].price.value))
                measured.constraints[i].price = prices[i];
        measured.forward_runs += static_cast<std::uint64_t>(seen.forward_runs);
    } catch (const Stopped&) {
        measured.ending = Ending::interrupted;
    }
}

/// Every decision in every scenario, in histories that no search has seen.
LivedPlaces live_fresh(const WorldQuestion& question, const std::vector<Vector>& decisions,
                       const DecisionRun& run, std::uint64_t trajectories, std::uint64_t seed,
                       const std::function<void(const Progress&)>& progress) {
    std::vector<WorldPlace> places;
    for (const Vector& decision : decisions)
        for (std::size_t scenario = 0; scenario < question.scenarios.size(); ++scenario)
            places.push_back({scenario, decision});
    return live_in_places(question, places,
                          {.trajectories = trajectories,
                           .first = first_fresh,
                           .seed = seed,
                           .threads = run.threads,
                           .stop = run.stop,
                           .progress = progress,
                           .journal = run.journal});
}

}  // namespace

Verdict verdict_of(const WorldConstraint& constraint, const Interval& interval) {
    // The end that is nearest to breaking the bound, and the one that is farthest; NaN decides nothing.
    const double worst = constraint.excess(constraint.at_least ? interval.low : interval.high);
    const double best = constraint.excess(constraint.at_least ? interval.high : interval.low);
    return worst <= 0 ? Verdict::met : best > 0 ? Verdict::not_met : Verdict::not_known;
}

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::met:
            return "met";
        case Verdict::not_met:
            return "not met";
        case Verdict::not_known:
            break;
    }
    return "not known";
}

std::uint64_t least_budget(const WorldQuestion& question, const DecisionSearchOptions& options) {
    const auto coordinates = static_cast<std::uint64_t>(feasible_set_of(question.decision).free_directions());
    return least_budget_of_points(options.method, coordinates, options.trajectories)
        .value_or(std::max<std::uint64_t>(options.trajectories, 1) * forward_runs_of_repetition(question));
}

DecisionSearchResult search_decision(const WorldQuestion& question, const DecisionSearchOptions& options) {
    const bool by_gradients = options.method == MixSearchMethod::gradient;
    if (!by_gradients && (question.scenarios.size() > 1 || !question.constraints.empty()))
        throw std::invalid_argument(
            "searches without gradients know neither constraints nor several scenarios");
    const WorldDecisionObjective objective(question, options.run);
    optimiser::Problem asked(objective);
    DecisionSearchResult result{.start = options.start, .decision = options.start};
    const optimiser::OptimisationResult found = optimiser::optimise(
        asked, {.method = method_of(question, options),
                .start = by_gradients ? options.start : inside_of(objective.feasible_set(), options.start),
                .budget = static_cast<double>(options.budget),
                .seed = options.seed,
                .steps = options.steps,
                .stop = options.run.stop,
                .observer = options.observer});
    if (found.ending != optimiser::Ending::nothing_moves) result.decision = found.decision;
    result.log = found.log;
    result.forward_runs = static_cast<std::uint64_t>(std::llround(found.forward_runs));
    result.ending = found.ending;
    result.multipliers = by_gradients ? found.multipliers : Vector(0);
    result.weights = by_gradients ? found.weights : Vector(0);
    result.tally = objective.tally();
    result.aim_is_moved = found.ending != optimiser::Ending::nothing_moves;
    result.constraint_is_moved.assign(question.constraints.size(), true);
    if (!by_gradients || found.moved.empty() || found.log.empty()) return result;
    const auto objectives = static_cast<std::size_t>(objective.objectives());
    const auto any_of = [&](std::size_t first) {
        const auto begin = found.moved.begin() + static_cast<std::ptrdiff_t>(first);
        return std::find(begin, begin + static_cast<std::ptrdiff_t>(objectives), true)
               != begin + static_cast<std::ptrdiff_t>(objectives);
    };
    result.aim_is_moved = any_of(0);
    for (std::size_t i = 0; i < question.constraints.size(); ++i)
        result.constraint_is_moved[i] = any_of((1 + i) * objectives);
    return result;
}

DecisionMeasurement measure_decision(const WorldQuestion& question, const DecisionSearchResult& found,
                                     const DecisionRun& run, std::uint64_t trajectories,
                                     std::uint32_t price_trajectories, std::uint64_t seed,
                                     const std::function<void(const Progress&)>& progress) {
    const std::size_t scenarios = question.scenarios.size();
    std::vector<Vector> decisions{found.decision, found.start};
    if (question.decision.moves_mix()) {
        decisions.push_back(found.start);
        const auto shares = static_cast<Index>(question.decision.rows * advantages);
        decisions.back().head(shares).setConstant(1.0 / advantages);
    }
    const LivedPlaces lived = live_fresh(question, decisions, run, trajectories, seed, progress);
    DecisionMeasurement measured{.value = {},
                                 .over_start = {},
                                 .over_equal_shares = {unknown, unknown, {unknown, unknown}},
                                 .constraints = {},
                                 .scenarios = {},
                                 .tail = {unknown, unknown, unknown},
                                 .completed = lived.trajectories.size(),
                                 .failed = lived.failed,
                                 .first_failure = lived.first_failure,
                                 .forward_runs = lived.trajectories.size() * decisions.size() * scenarios,
                                 .ending = lived.ending};
    if (lived.trajectories.empty()) return measured;
    measured.companies_at.assign(question.decision.rows, 0);
    for (const std::vector<PlaceOutcome>& outcomes : lived.outcomes)
        for (std::size_t scenario = 0; scenario < scenarios; ++scenario)
            count_stages(outcomes[scenario].rounds, {0, outcomes[scenario].rounds.size()},
                         measured.companies_at);
    const Sample sample(question, lived, decisions.size());
    const std::vector<Measured> all =
        jackknifed(lived.trajectories.size(), [&](std::uint32_t groups, std::uint32_t left_out) {
            std::vector<double> numbers{sample.aim_of(0, groups, left_out)};
            for (std::size_t kind = 1; kind < decisions.size(); ++kind)
                numbers.push_back(numbers.front() - sample.aim_of(kind, groups, left_out));
            for (std::size_t i = 0; i < question.constraints.size(); ++i)
                numbers.push_back(sample.bounded(i, groups, left_out));
            for (std::size_t scenario = 0; scenario < scenarios; ++scenario) {
                numbers.push_back(sample.value(0, 0, scenario, groups, left_out));
                numbers.push_back(numbers.back() - sample.value(0, 1, scenario, groups, left_out));
            }
            return numbers;
        });
    std::size_t next = 0;
    measured.value = all[next++];
    measured.over_start = all[next++];
    if (decisions.size() > 2) measured.over_equal_shares = all[next++];
    for (const WorldConstraint& constraint : question.constraints) {
        MeasuredConstraint of{.value = all[next++], .price = {}};
        const double value = of.value.value;
        // A share stays within 0 to 1, and one that never varied may all the same.
        if (constraint.aim.of.dimension == Dimension::share && value >= 0 && value <= 1)
            of.value.interval = share_interval(
                JackknifeEstimate{.value = value,
                                  .standard_error = of.value.standard_error,
                                  .groups = std::min<std::size_t>(most_groups, lived.trajectories.size())},
                static_cast<double>(lived.trajectories.size()));
        of.excess = constraint.excess(of.value.value);
        of.verdict = verdict_of(constraint, of.value.interval);
        measured.constraints.push_back(of);
    }
    for (std::size_t scenario = 0; scenario < scenarios; ++scenario) {
        MeasuredScenario of{.value = all[next], .over_start = all[next + 1]};
        next += 2;
        of.weight = question.is_worst_of_several() ? found.weights[static_cast<Index>(scenario)]
                                                   : 1 / static_cast<double>(scenarios);
        measured.scenarios.push_back(of);
    }
    if (question.aim.of.of_company) measured.tail = tail_index_of(outcomes_of(lived, 0, {0}));
    if (!question.constraints.empty() && lived.ending == Ending::finished)
        measure_prices(question, found, run, price_trajectories, seed, measured);
    return measured;
}

std::vector<DecisionFlatnessPoint> measure_decision_flatness(
    const WorldQuestion& question, const Vector& decision, const DecisionRun& run, std::uint64_t trajectories,
    std::uint64_t seed, const std::function<void(const Progress&)>& progress) {
    std::vector<DecisionFlatnessPoint> points = flatness_points(question, decision);
    std::vector<Vector> decisions{decision};
    for (const DecisionFlatnessPoint& point : points)
        decisions.push_back(moved_to(question, decision, point));
    const LivedPlaces lived = live_fresh(question, decisions, run, trajectories, seed, progress);
    if (lived.ending == Ending::interrupted || lived.trajectories.empty()) return {};
    // Where a number hardly matters few histories differ, and coefficients from these go astray.
    const Sample sample(question, lived, decisions.size(), false);
    const std::vector<Measured> gains =
        jackknifed(lived.trajectories.size(), [&](std::uint32_t groups, std::uint32_t left_out) {
            const double best = sample.aim_of(0, groups, left_out);
            std::vector<double> numbers;
            for (std::size_t kind = 1; kind < decisions.size(); ++kind)
                numbers.push_back(sample.aim_of(kind, groups, left_out) - best);
            return numbers;
        });
    for (std::size_t i = 0; i < points.size(); ++i) points[i].gain = gains[i];
    return points;
}

TailIndex measure_tail(const WorldProblem& problem, const MixRows& mix, std::uint64_t trajectories,
                       std::uint64_t seed, int threads) {
    std::vector<WeightedOutcome> outcomes;
    static_cast<void>(live_worlds<TailTrajectory>(
        problem, {.trajectories = trajectories, .first = first_fresh, .seed = seed, .threads = threads},
        [&](WorldRunner& runner, std::uint64_t trajectory, TailTrajectory& row) {
            runner.live(
                seed, trajectory, [&](std::size_t) -> std::span<const InvestmentMix> { return mix; }, nullptr,
                row.outcome);
            row.events = row.outcome.events;
        },
        [&](std::uint64_t trajectory, const TailTrajectory& row) {
            for (const double value : row.outcome.values)
                if (!std::isnan(value))
                    outcomes.push_back({value, 1, static_cast<std::uint32_t>(trajectory)});
        }));
    sort_outcomes(outcomes);
    return tail_index_of(outcomes);
}

}  // namespace venturi
