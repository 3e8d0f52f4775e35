#include "analysis/optimiser/world_variants.hpp"

#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_runner.hpp"
#include "analysis/optimiser/world_trajectories.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"

#include <cmath>
#include <concepts>
#include <limits>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace venturi {

namespace {

/// A world of each problem that a thread lives in, made when it is needed.
class VariantRunners {
  public:
    explicit VariantRunners(std::size_t trials) : runners_(trials) {}
    /// Trials of one problem share its world.
    WorldRunner& of(std::size_t trial, const std::vector<VariantTrial>& trials) {
        std::size_t first = 0;
        while (trials[first].problem != trials[trial].problem) ++first;
        if (!runners_[first]) runners_[first] = std::make_unique<WorldRunner>(*trials[first].problem);
        return *runners_[first];
    }

  private:
    std::vector<std::unique_ptr<WorldRunner>> runners_;
};

struct VariantTrajectory {
    std::vector<WorldOutcome> outcomes;
    std::uint64_t events = 0;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.outcomes);
        visit(self.events);
    }
};

double mean_value(const WorldOutcome& outcome) {
    return value_of(outcome, {0, outcome.values.size()});
}

/// The difference of a pair in one trajectory, and that of its controls, means over companies.
struct PairDifference {
    double value = 0;
    std::vector<double> controls = {};  ///< empty where there are none
};

PairDifference difference_of(const WorldOutcome& changed, const WorldOutcome& base, std::size_t fold,
                             SplitControls& fit) {
    PairDifference difference{.value = mean_value(changed) - mean_value(base)};
    if (changed.controls.size() != base.controls.size()) return difference;
    difference.controls.assign(luck_controls, 0);
    std::vector<double> of_company(luck_controls);
    const std::size_t companies = base.controls.size() / luck_controls;
    double founded = 0;
    for (std::size_t company = 0; company < companies; ++company) {
        const bool of_companies = !base.values.empty();
        if (of_companies && (std::isnan(base.values[company]) || std::isnan(changed.values[company])))
            continue;
        founded += 1;
        for (std::size_t i = 0; i < luck_controls; ++i) {
            of_company[i] = changed.controls_of(company)[i] - base.controls_of(company)[i];
            difference.controls[i] += of_company[i];
        }
        if (of_companies) fit.add(fold, changed.values[company] - base.values[company], of_company);
    }
    for (double& each : difference.controls) each /= std::max(founded, 1.0);
    if (base.values.empty()) fit.add(fold, difference.value, difference.controls);
    return difference;
}

}  // namespace

MixGain gain_of_differences(const std::vector<double>& differences) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    Moments moments;
    for (const double each : differences) moments.add(each);
    if (moments.count() == 0) return {unknown, unknown, {unknown, unknown}};
    if (moments.count() == 1) return {moments.mean(), unknown, {unknown, unknown}};
    const double error = moments.standard_error();
    const double reach = student_critical_value(0.95, static_cast<double>(moments.count()) - 1) * error;
    return {moments.mean(), error, {moments.mean() - reach, moments.mean() + reach}};
}

VariantEvaluation evaluate_variants(const std::vector<VariantTrial>& trials,
                                    const std::vector<VariantPair>& pairs, const WorldRun& run) {
    expects(!trials.empty(), "there is a mix to try");
    for (const VariantPair& pair : pairs)
        expects(pair.changed < trials.size() && pair.base < trials.size(), "pairs are of trials");
    const std::uint64_t seed = run.seed.value_or(trials.front().problem->seed());
    VariantEvaluation evaluation;
    evaluation.values.resize(trials.size());
    std::vector<SplitControls> fits(pairs.size(), SplitControls(luck_controls));
    std::vector<std::vector<PairDifference>> differences(pairs.size());
    std::vector<std::size_t> fold_of;
    const LivedWorlds lived = live_worlds_by<VariantTrajectory>(
        run, [&] { return std::make_unique<VariantRunners>(trials.size()); },
        [&](VariantRunners& runners, std::uint64_t trajectory, VariantTrajectory& row) {
            row.outcomes.resize(trials.size());
            row.events = 0;
            for (std::size_t i = 0; i < trials.size(); ++i) {
                const MixRows& mix = trials[i].mix;
                runners.of(i, trials).live(
                    seed, trajectory, [&](std::size_t) -> std::span<const InvestmentMix> { return mix; },
                    run.stop, row.outcomes[i]);
                row.events += row.outcomes[i].events;
                if (std::isnan(mean_value(row.outcomes[i])))
                    throw std::runtime_error("there is nothing to see of the objective");
            }
        },
        [&](std::uint64_t trajectory, const VariantTrajectory& row) {
            const std::size_t fold = SplitControls::fold_of(trajectory);
            fold_of.push_back(fold);
            for (std::size_t i = 0; i < trials.size(); ++i)
                evaluation.values[i].push_back(mean_value(row.outcomes[i]));
            for (std::size_t p = 0; p < pairs.size(); ++p)
                differences[p].push_back(difference_of(row.outcomes[pairs[p].changed],
                                                       row.outcomes[pairs[p].base], fold, fits[p]));
        });
    for (std::size_t p = 0; p < pairs.size(); ++p) {
        std::vector<std::vector<double>> coefficients;
        for (std::size_t fold = 0; fold < SplitControls::folds; ++fold)
            coefficients.push_back(fits[p].coefficients(fold));
        std::vector<double> controlled;
        for (std::size_t t = 0; t < differences[p].size(); ++t) {
            double difference = differences[p][t].value;
            for (std::size_t i = 0; i < differences[p][t].controls.size(); ++i)
                difference -= coefficients[fold_of[t]][i] * differences[p][t].controls[i];
            controlled.push_back(difference);
        }
        evaluation.gains.push_back(gain_of_differences(controlled));
    }
    evaluation.completed = lived.completed;
    evaluation.failed = lived.failed;
    evaluation.first_failure = lived.first_failure;
    evaluation.forward_runs = lived.completed * trials.size();
    evaluation.ending = lived.ending;
    return evaluation;
}

Distribution scaled(const Distribution& distribution, double factor) {
    expects(factor > 0 && std::isfinite(factor), "a factor is finite and above 0");
    return std::visit(
        [factor](auto each) -> Distribution {
            using Kind = decltype(each);
            if constexpr (std::same_as<Kind, Constant>)
                each.value *= factor;
            else if constexpr (std::same_as<Kind, Uniform>)
                each = {each.low * factor, each.high * factor};
            else if constexpr (std::same_as<Kind, Triangular>)
                each = {each.low * factor, each.mode * factor, each.high * factor};
            else if constexpr (std::same_as<Kind, Normal>)
                each = {each.mean * factor, each.deviation * factor};
            else if constexpr (std::same_as<Kind, LogNormal>)
                each.median *= factor;
            else if constexpr (std::same_as<Kind, Weibull>)
                each.scale *= factor;
            else if constexpr (std::same_as<Kind, Pareto>)
                each.minimum *= factor;
            else
                each.mean *= factor;  // exponential, gamma
            return each;
        },
        distribution);
}

ShadowPrice measure_shadow_price(const Scenario& scenario, const WorldProblem& problem, const MixRows& mix,
                                 const WorldMixOptions& world, std::uint64_t trajectories, std::uint64_t seed,
                                 const std::function<void(const Progress&)>& progress) {
    // Large enough to be seen through rounded staff, small enough to be a price.
    constexpr double part = 0.2;
    constexpr double million = 1e6;
    const MixQuestion& question = problem.question();
    const double mean_round = mean(scenario.world.startups[question.group].seed_round);
    if (!std::isfinite(mean_round))
        throw std::invalid_argument("seed rounds have no mean: there is no price of a dollar more in them");
    const auto with = [&](double factor) {
        Scenario changed = scenario;
        Distribution& round = changed.world.startups[question.group].seed_round;
        round = scaled(round, factor);
        return WorldProblem(changed, {.group = question.group, .objective = question.objective});
    };
    const WorldProblem less = with(1 - part);
    const WorldProblem more = with(1 + part);
    const VariantEvaluation seen =
        evaluate_variants({{&less, mix}, {&more, mix}}, {{.changed = 1, .base = 0}},
                          {.trajectories = trajectories,
                           .first = first_measured_trajectory,
                           .seed = seed,
                           .threads = world.threads,
                           .stop = world.stop,
                           .progress = progress,
                           .journal = world.journal});
    ShadowPrice price{.part = part,
                      .more_money = 2 * part * mean_round,
                      .gain = seen.gains.front(),
                      .completed = seen.completed,
                      .failed = seen.failed,
                      .first_failure = seen.first_failure,
                      .forward_runs = seen.forward_runs,
                      .ending = seen.ending};
    const double times = million / price.more_money;
    price.of_million = {price.gain.gain * times,
                        price.gain.standard_error * times,
                        {price.gain.interval.low * times, price.gain.interval.high * times}};
    return price;
}

}  // namespace venturi
