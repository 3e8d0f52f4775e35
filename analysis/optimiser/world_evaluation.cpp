#include "analysis/optimiser/world_evaluation.hpp"

#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_runner.hpp"
#include "analysis/optimiser/world_trajectories.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

/// One trajectory in all trials.
struct TriedTrajectory {
    std::vector<WorldOutcome> outcomes;
    std::uint64_t events = 0;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.outcomes);
        visit(self.events);
    }
};

WorldGain gain_of(const std::vector<double>& base, const std::vector<double>& changed,
                  const std::vector<double>& differences) {
    Moments plain;
    Moments controlled;
    for (std::size_t i = 0; i < differences.size(); ++i) {
        plain.add(changed[i] - base[i]);
        controlled.add(differences[i]);
    }
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    if (controlled.count() == 0) return {unknown, unknown, {unknown, unknown}, unknown, unknown};
    const bool has_error = controlled.count() > 1;
    WorldGain gain{.mean = controlled.mean(),
                   .standard_error = has_error ? controlled.standard_error() : unknown,
                   .interval = {unknown, unknown},
                   .uncontrolled_mean = plain.mean(),
                   .uncontrolled_standard_error = has_error ? plain.standard_error() : unknown};
    if (has_error) {
        const double reach =
            student_critical_value(0.95, static_cast<double>(controlled.count()) - 1) * gain.standard_error;
        gain.interval = {gain.mean - reach, gain.mean + reach};
    }
    return gain;
}

}  // namespace

WorldEvaluation evaluate(const WorldProblem& problem, const std::vector<WorldTrial>& trials,
                         const WorldRun& run) {
    expects(!trials.empty(), "there is a mix to try");
    const bool one_decides = problem.question().who == WhoDecides::one;
    const MixRows usual = problem.mix();
    for (const WorldTrial& trial : trials) {
        expects(!trial.mix.empty(), "a mix has a row");
        for (const MixRows* rows : {&trial.mix, &trial.rest})
            for (const InvestmentMix& row : *rows) (void)normalised(row);
    }
    const std::uint64_t seed = run.seed.value_or(problem.seed());
    const auto live = [&](WorldRunner& runner, std::uint64_t trajectory, TriedTrajectory& row) {
        row.outcomes.resize(trials.size());
        row.events = 0;
        const DecidingCompanies deciding = deciding_in(problem, trajectory);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const WorldTrial& trial = trials[i];
            const MixRows& rest = trial.rest.empty() ? usual : trial.rest;
            runner.live(
                seed, trajectory,
                [&](std::size_t company) -> std::span<const InvestmentMix> {
                    return !one_decides || company == deciding.first ? trial.mix : rest;
                },
                run.stop, row.outcomes[i]);
            row.events += row.outcomes[i].events;
            if (std::isnan(value_of(row.outcomes[i], deciding)))
                throw std::runtime_error("there is nothing to see of the objective");
        }
    };

    WorldEvaluation evaluation;
    evaluation.values.resize(trials.size());
    evaluation.differences.resize(trials.size());
    evaluation.companies_at.assign(problem.stages().size(), 0);
    SplitControls fit(luck_controls);
    std::vector<std::size_t> fold_of;
    std::vector<double> controls;  // shape: trajectories × trials but the first × luck_controls
    const auto take_in = [&](std::uint64_t trajectory, const TriedTrajectory& row) {
        const DecidingCompanies deciding = deciding_in(problem, trajectory);
        const std::size_t fold = SplitControls::fold_of(trajectory);
        fold_of.push_back(fold);
        const WorldOutcome& base = row.outcomes.front();
        count_stages(base.rounds, deciding, evaluation.companies_at);
        std::vector<double> difference(luck_controls);
        std::vector<double> mean(luck_controls);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const WorldOutcome& changed = row.outcomes[i];
            evaluation.values[i].push_back(value_of(changed, deciding));
            if (i == 0 || !run.controls) continue;
            std::ranges::fill(mean, 0.0);
            double founded = 0;
            for (std::size_t company = deciding.first; company < deciding.end; ++company) {
                const bool has_value = !base.values.empty();
                if (has_value && std::isnan(base.values[company])) continue;
                const auto before = base.controls_of(company);
                const auto after = changed.controls_of(company);
                for (std::size_t each = 0; each < luck_controls; ++each) {
                    difference[each] = after[each] - before[each];
                    mean[each] += difference[each];
                }
                founded += 1;
                if (has_value) fit.add(fold, changed.values[company] - base.values[company], difference);
            }
            for (double& each : mean) each /= founded;
            if (base.values.empty()) fit.add(fold, changed.of_world - base.of_world, mean);
            controls.insert(controls.end(), mean.begin(), mean.end());
        }
    };
    const LivedWorlds lived = live_worlds<TriedTrajectory>(problem, run, live, take_in);

    std::vector<std::vector<double>> coefficients;
    for (std::size_t fold = 0; run.controls && fold < SplitControls::folds; ++fold)
        coefficients.push_back(fit.coefficients(fold));
    for (std::size_t i = 0; i < trials.size(); ++i) {
        for (std::size_t t = 0; t < fold_of.size(); ++t) {
            double difference = evaluation.values[i][t] - evaluation.values[0][t];
            if (run.controls && i > 0) {
                const double* const of = controls.data() + (t * (trials.size() - 1) + i - 1) * luck_controls;
                for (std::size_t each = 0; each < luck_controls; ++each)
                    difference -= coefficients[fold_of[t]][each] * of[each];
            }
            evaluation.differences[i].push_back(difference);
        }
        evaluation.gains.push_back(
            gain_of(evaluation.values[0], evaluation.values[i], evaluation.differences[i]));
    }
    evaluation.completed = lived.completed;
    evaluation.failed = lived.failed;
    evaluation.first_failure = lived.first_failure;
    evaluation.forward_runs = lived.completed * trials.size();
    evaluation.events = lived.events;
    evaluation.ending = lived.ending;
    return evaluation;
}

}  // namespace venturi
