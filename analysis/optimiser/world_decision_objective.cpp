#include "analysis/optimiser/world_decision_objective.hpp"

#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_gradient.hpp"
#include "analysis/statistics/controlled_means.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

using optimiser::Box;
using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::Outcomes;
using optimiser::Repetitions;
using optimiser::Simplex;
using optimiser::Vector;

/// The two ends of a step along one free direction, and what their difference says of the gradient.
struct Step {
    Vector up;
    Vector down;
    Vector gradient;  ///< by the decision's numbers, of a difference of 1 between the ends
};

Vector stepped_shares(const Vector& decision, Index at, const Vector& direction, double length) {
    Vector after = decision;
    auto shares = after.segment(at, direction.size());
    shares = shares.array() * (length * direction.array()).exp();
    shares /= shares.sum();
    return after;
}

std::vector<Step> steps_at(const WorldQuestion& question, const optimiser::FeasibleSet& set,
                           const Vector& decision, double length) {
    const std::vector<DecidedNumber> numbers =
        numbers_of(question.decision, std::vector<std::string>(question.decision.rows));
    std::vector<Step> steps;
    Index at = 0;
    Index free = 0;
    for (const optimiser::Block& block : set.blocks()) {
        if (const auto* mix = std::get_if<Simplex>(&block)) {
            const Index size = mix->size();
            for (Index k = 0; k + 1 < size; ++k) {
                const Vector direction = set.tangent_basis().col(free + k).segment(at, size);
                Step step{stepped_shares(decision, at, direction, length),
                          stepped_shares(decision, at, direction, -length), Vector::Zero(decision.size())};
                // By shares: of those that add up to 1 any that differs by a multiple of ones is the same.
                step.gradient.segment(at, size) =
                    direction.array() / decision.segment(at, size).array().max(1e-12) / (2 * length);
                steps.push_back(std::move(step));
            }
            at += size;
            free += size - 1;
            continue;
        }
        const Box& box = std::get<Box>(block);
        for (Index i = 0; i < box.size(); ++i, ++at, ++free) {
            double reach = length * (box.high[i] - box.low[i]) / 4;
            const bool whole = numbers[static_cast<std::size_t>(at)].whole;
            // Ends that are the same whole number tell nothing.
            if (whole) reach = std::max(reach, 0.75);
            Step step{decision, decision, Vector::Zero(decision.size())};
            step.up[at] = std::min(decision[at] + reach, box.high[i]);
            step.down[at] = std::max(decision[at] - reach, box.low[i]);
            if (whole) {
                step.up[at] = std::round(step.up[at]);
                step.down[at] = std::round(step.down[at]);
            }
            const double distance = step.up[at] - step.down[at];
            if (distance > 0) step.gradient[at] = 1 / distance;
            steps.push_back(std::move(step));
        }
    }
    return steps;
}

/// Rows of a batch; those that are missing are the mean of the others.
DenseMatrix filled(DenseMatrix rows, std::uint32_t count) {
    const Index there = rows.rows();
    const Vector mean = rows.colwise().mean().transpose();
    rows.conservativeResize(Index{count}, Eigen::NoChange);
    for (Index row = there; row < Index{count}; ++row) rows.row(row) = mean.transpose();
    return rows;
}

/// What is made of an aim in one scenario.
struct AimInScenario {
    Vector values;          ///< by trajectory; their mean is the statistic
    DenseMatrix gradients;  ///< trajectories × numbers
};

/// Differences of companies between the ends of steps, less what their luck explains.
class DifferencesOfAim {
  public:
    DifferencesOfAim(const LivedPlaces& lived, std::size_t aim, const CutOff& cut,
                     const std::vector<std::array<std::size_t, 2>>& ends)
        : lived_(lived), aim_(aim), cut_(cut), ends_(ends), fit_(luck_controls) {
        for (std::size_t t = 0; t < lived.trajectories.size(); ++t)
            for (std::size_t k = 0; k < ends.size(); ++k) add(t, k);
    }

    /// By trajectory and step.
    [[nodiscard]] DenseMatrix differences() const {
        // Of few trajectories coefficients bring more noise than they take off.
        const bool are_known = lived_.trajectories.size() >= least_observations_of_controls;
        std::vector<std::vector<double>> coefficients(SplitControls::folds,
                                                      std::vector<double>(luck_controls, 0.0));
        for (std::size_t fold = 0; are_known && fold < SplitControls::folds; ++fold)
            coefficients[fold] = fit_.coefficients(fold);
        DenseMatrix all(static_cast<Index>(lived_.trajectories.size()), static_cast<Index>(ends_.size()));
        std::size_t place = 0;
        for (Index t = 0; t < all.rows(); ++t)
            for (Index k = 0; k < all.cols(); ++k, ++place) {
                const std::size_t fold =
                    SplitControls::fold_of(lived_.trajectories[static_cast<std::size_t>(t)]);
                all(t, k) = plain_[place];
                for (std::size_t i = 0; i < luck_controls; ++i)
                    all(t, k) -= coefficients[fold][i] * controls_[place * luck_controls + i];
            }
        return all;
    }

  private:
    void add(std::size_t t, std::size_t k) {
        const PlaceOutcome& up = lived_.outcomes[t][ends_[k][0]];
        const PlaceOutcome& down = lived_.outcomes[t][ends_[k][1]];
        const std::vector<double>& above = up.values[aim_];
        const std::vector<double>& below = down.values[aim_];
        const std::size_t fold = SplitControls::fold_of(lived_.trajectories[t]);
        std::vector<double> control(luck_controls);
        std::vector<double> mean(luck_controls, 0.0);
        // Of an aim of the world, with the mean luck of all companies.
        const bool of_companies = above.size() == up.companies() && above.size() > 1;
        double sum = 0;
        double count = 0;
        for (std::size_t i = 0; i < up.companies(); ++i) {
            if (of_companies && (std::isnan(above[i]) || std::isnan(below[i]))) continue;
            for (std::size_t each = 0; each < luck_controls; ++each) {
                control[each] = up.controls_of(i)[each] - down.controls_of(i)[each];
                mean[each] += control[each];
            }
            count += 1;
            if (!of_companies) continue;
            const double difference = cut_(above[i]) - cut_(below[i]);
            sum += difference;
            fit_.add(fold, difference, control);
        }
        for (double& each : mean) each /= count;
        if (!of_companies) {
            sum = cut_(above.front()) - cut_(below.front());
            count = 1;
            fit_.add(fold, sum, mean);
        }
        plain_.push_back(sum / count);
        controls_.insert(controls_.end(), mean.begin(), mean.end());
    }

    const LivedPlaces& lived_;
    std::size_t aim_;
    CutOff cut_;
    const std::vector<std::array<std::size_t, 2>>& ends_;
    SplitControls fit_;
    std::vector<double> plain_;     // shape: trajectories × steps
    std::vector<double> controls_;  // shape: trajectories × steps × luck_controls
};

/// Histories lived in a place, or several, of which values are made.
struct Valued {
    const LivedPlaces* lived;
    std::vector<std::size_t> places;
};

/// `rows` numbers whose mean is the statistic of all outcomes of some histories; each is of as many of them.
Vector values_of(const std::vector<Valued>& valued, const WorldAim& aim, std::size_t number, Index rows) {
    std::vector<WeightedOutcome> outcomes;
    for (const Valued& each : valued)
        for (const WeightedOutcome& outcome : outcomes_of(*each.lived, number, each.places))
            outcomes.push_back(outcome);
    sort_outcomes(outcomes);
    const CutOff cut = cut_off_of(aim.statistic, outcomes);
    Vector sums = Vector::Zero(rows);
    Vector counts = Vector::Zero(rows);
    for (const Valued& each : valued)
        for (std::size_t t = 0; t < each.lived->trajectories.size(); ++t)
            for (const std::size_t place : each.places) {
                const Index row = static_cast<Index>(t) % rows;
                sums[row] += mean_of_values(each.lived->outcomes[t][place].values[number], cut);
                counts[row] += 1;
            }
    Vector values = sums.array() / counts.array();
    return values.array() + (value_of(aim.statistic, outcomes) - values.mean());
}

/// Of all scenarios: where the worst counts each by itself, else their mean.
class Columns {
  public:
    Columns(const WorldQuestion& question, Index trajectories, Index numbers)
        : question_(question), worst_(question.is_worst_of_several()) {
        const auto scenarios = static_cast<Index>(question.scenarios.size());
        const auto aims = static_cast<Index>(1 + question.constraints.size());
        columns_ = aims * (worst_ ? scenarios : 1);
        values_ = DenseMatrix::Zero(trajectories, columns_);
        gradients_.assign(static_cast<std::size_t>(columns_), DenseMatrix::Zero(trajectories, numbers));
    }

    void add(std::size_t aim, std::size_t scenario, const AimInScenario& seen) {
        const auto scenarios = question_.scenarios.size();
        const std::size_t column = worst_ ? aim * scenarios + scenario : aim;
        const double part = worst_ ? 1 : 1 / static_cast<double>(scenarios);
        double sign = 1;
        double bound = 0;
        if (aim > 0) {
            const WorldConstraint& constraint = question_.constraints[aim - 1];
            sign = constraint.at_least ? -1 : 1;
            bound = constraint.excess(0);
        }
        values_.col(static_cast<Index>(column)).array() += part * (sign * seen.values.array() + bound);
        if (seen.gradients.size() > 0) gradients_[column] += part * sign * seen.gradients;
    }

    [[nodiscard]] const DenseMatrix& values() const { return values_; }
    [[nodiscard]] const std::vector<DenseMatrix>& gradients() const { return gradients_; }

  private:
    const WorldQuestion& question_;
    bool worst_;
    Index columns_;
    DenseMatrix values_;
    std::vector<DenseMatrix> gradients_;
};

// Of each repetition: worlds at the point itself tell of values, and are cheaper than those of a gradient.
constexpr std::uint32_t more_values = 4;

bool needs_centre(const WorldQuestion& question) {
    return !question.constraints.empty() || question.is_worst_of_several();
}

}  // namespace

std::vector<WeightedOutcome> outcomes_of(const LivedPlaces& lived, std::size_t aim,
                                         const std::vector<std::size_t>& places) {
    std::vector<WeightedOutcome> outcomes;
    for (std::size_t t = 0; t < lived.trajectories.size(); ++t)
        for (const std::size_t place : places) {
            const std::vector<double>& values = lived.outcomes[t][place].values[aim];
            const auto seen = static_cast<double>(
                std::ranges::count_if(values, [](double value) { return !std::isnan(value); }));
            for (const double value : values)
                if (!std::isnan(value))
                    outcomes.push_back({value, 1 / seen, static_cast<std::uint32_t>(lived.trajectories[t])});
        }
    sort_outcomes(outcomes);
    return outcomes;
}

WorldDecisionObjective::WorldDecisionObjective(const WorldQuestion& question, DecisionRun run)
    : question_(&question), run_(run), set_(feasible_set_of(question.decision)) {
    expects(!question.scenarios.empty(), "a question has a scenario");
    expects(run.step_length > 0 && std::isfinite(run.step_length), "a step has a length above 0");
}

Index WorldDecisionObjective::objectives() const {
    return question_->is_worst_of_several() ? static_cast<Index>(question_->scenarios.size()) : 1;
}

Index WorldDecisionObjective::constraints() const {
    return objectives() * static_cast<Index>(question_->constraints.size());
}

LivedPlaces WorldDecisionObjective::live(const std::vector<WorldPlace>& places,
                                         const Repetitions& repetitions) const {
    LivedPlaces lived = live_in_places(*question_, places,
                                       {.trajectories = repetitions.count,
                                        .first = repetitions.first,
                                        .seed = repetitions.seed,
                                        .threads = run_.threads,
                                        .stop = run_.stop,
                                        .journal = run_.journal});
    if (lived.ending == Ending::interrupted) throw Stopped();
    if (tally_->failed == 0) tally_->first_failure = lived.first_failure;
    tally_->failed += lived.failed;
    tally_->events += lived.events;
    if (lived.ending == Ending::failed)
        throw std::runtime_error("every history failed; " + lived.first_failure);
    return lived;
}

Outcomes WorldDecisionObjective::outcomes(const DenseMatrix& decisions,
                                          const Repetitions& repetitions) const {
    const auto values_at = [&](const Vector& decision, std::uint32_t first, std::uint32_t count) {
        std::vector<WorldPlace> places;
        for (std::size_t scenario = 0; scenario < question_->scenarios.size(); ++scenario)
            places.push_back({scenario, decision});
        const LivedPlaces lived = live(places, {.seed = repetitions.seed, .first = first, .count = count});
        const std::vector<WorldAim> aims = question_->aims();
        Columns columns(*question_, static_cast<Index>(lived.trajectories.size()), set_.dimension());
        for (std::size_t aim = 0; aim < aims.size(); ++aim)
            for (std::size_t scenario = 0; scenario < places.size(); ++scenario)
                columns.add(aim, scenario,
                            {values_of({{&lived, {scenario}}}, aims[aim], aim,
                                       static_cast<Index>(lived.trajectories.size())),
                             {}});
        return filled(columns.values(), count);
    };
    if (decisions.cols() == 1)
        return {.values = values_at(decisions.col(0), repetitions.first, repetitions.count)};
    DenseMatrix values(Index{repetitions.count}, objectives() + constraints());
    for (std::uint32_t each = 0; each < repetitions.count; ++each)
        values.row(Index{each}) = values_at(decisions.col(Index{each}), repetitions.first + each, 1);
    return {.values = std::move(values)};
}

OutcomeGradients WorldDecisionObjective::estimate(const Vector& decision,
                                                  const Repetitions& repetitions) const {
    const std::vector<Step> steps = steps_at(*question_, set_, decision, run_.step_length);
    const std::size_t scenarios = question_->scenarios.size();
    const bool has_centre = needs_centre(*question_);
    std::vector<WorldPlace> places;
    std::vector<std::vector<std::array<std::size_t, 2>>> ends(scenarios);
    std::vector<std::vector<std::size_t>> seen_at(scenarios);
    for (std::size_t scenario = 0; scenario < scenarios; ++scenario) {
        const std::size_t first = places.size();
        if (has_centre) places.push_back({scenario, decision});
        for (const Step& step : steps) {
            ends[scenario].push_back({places.size(), places.size() + 1});
            places.push_back({scenario, step.up});
            places.push_back({scenario, step.down});
        }
        for (std::size_t place = first; place < places.size(); ++place) seen_at[scenario].push_back(place);
    }
    const LivedPlaces lived = live(places, repetitions);
    LivedPlaces more;
    if (has_centre) {
        std::vector<WorldPlace> centres;
        for (std::size_t scenario = 0; scenario < scenarios; ++scenario)
            centres.push_back({scenario, decision});
        // Fresh luck stays fresh: the first half of repetitions is the search's, the second is not.
        constexpr std::uint32_t half = 1U << 31;
        constexpr std::uint32_t quarter = 1U << 30;
        const std::uint32_t begin = repetitions.first % half;
        expects(begin < quarter / more_values, "there are at most 2²⁸ repetitions with values of their own");
        more = live(centres, {.seed = repetitions.seed,
                              .first = repetitions.first - begin + quarter + more_values * begin,
                              .count = more_values * repetitions.count});
    }
    DenseMatrix to_gradient(decision.size(), static_cast<Index>(steps.size()));
    for (std::size_t k = 0; k < steps.size(); ++k) to_gradient.col(static_cast<Index>(k)) = steps[k].gradient;

    const std::vector<WorldAim> aims = question_->aims();
    Columns columns(*question_, static_cast<Index>(lived.trajectories.size()), decision.size());
    for (std::size_t aim = 0; aim < aims.size(); ++aim)
        for (std::size_t scenario = 0; scenario < scenarios; ++scenario) {
            // Quantiles of all worlds around the point, of which there are more.
            const CutOff cut = cut_off_of(aims[aim].statistic, outcomes_of(lived, aim, seen_at[scenario]));
            const DifferencesOfAim differences(lived, aim, cut, ends[scenario]);
            std::vector<Valued> valued{{&lived, seen_at[scenario]}};
            if (has_centre) valued = {{&lived, {seen_at[scenario].front()}}, {&more, {scenario}}};
            columns.add(aim, scenario,
                        {values_of(valued, aims[aim], aim, static_cast<Index>(lived.trajectories.size())),
                         differences.differences() * to_gradient.transpose()});
        }
    std::vector<DenseMatrix> gradients;
    for (const DenseMatrix& each : columns.gradients()) gradients.push_back(filled(each, repetitions.count));
    return {.outcomes = {.values = filled(columns.values(), repetitions.count)},
            .gradients = std::move(gradients),
            .forward_runs = static_cast<double>(repetitions.count)
                            * static_cast<double>(forward_runs_of_repetition(*question_))};
}

std::vector<optimiser::OwnGradient> WorldDecisionObjective::gradients() const {
    return {{.name = decision_estimator,
             .unbiased = false,
             .estimate = [self = *this](
                             const Vector& decision,
                             const Repetitions& repetitions) { return self.estimate(decision, repetitions); },
             .forward_runs = static_cast<double>(forward_runs_of_repetition(*question_))}};
}

std::uint64_t forward_runs_of_repetition(const WorldQuestion& question) {
    const auto directions = static_cast<std::uint64_t>(feasible_set_of(question.decision).free_directions());
    return question.scenarios.size()
           * (2 * directions + (needs_centre(question) ? std::uint64_t{1 + more_values} : 0));
}

}  // namespace venturi
