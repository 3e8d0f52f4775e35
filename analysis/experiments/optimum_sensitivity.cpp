#include "analysis/experiments/optimum_sensitivity.hpp"

#include "analysis/experiments/sensitivity.hpp"
#include "analysis/optimiser/world_variants.hpp"
#include "scenarios/problem.hpp"
#include "sim/ensemble/ending.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

// Of the parameters to be looked at closely so many times as many are screened a second time.
constexpr std::size_t closer = 8;

std::string end_of(const DesignFactor& factor, std::size_t end) {
    const double place = static_cast<double>(end);
    return factor.columns.front().text(factor.at(std::span(&place, 1)).front());
}

/// The world at an end of a range; null where it is none.
std::unique_ptr<WorldProblem> problem_at(const Scenario& scenario, const MixQuestion& question,
                                         const std::string& path, const std::string& value) {
    try {
        Scenario changed = scenario;
        apply_setting(changed, path + "=" + value);
        return std::make_unique<WorldProblem>(changed, question);
    } catch (const ScenarioError&) {
        return nullptr;
    } catch (const std::invalid_argument&) {
        return nullptr;
    }
}

double distance_between(const MixRows& one, const MixRows& other) {
    const std::vector<double> a = shares_of_rows(one);
    const std::vector<double> b = shares_of_rows(other);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
    return sum / 2 / static_cast<double>(one.size());
}

WorldRun run_with(const OptimumSensitivityOptions& options, std::uint64_t trajectories, std::uint64_t first) {
    return {.trajectories = trajectories,
            .first = first,
            .seed = options.search.seed,
            .threads = options.search.world.threads,
            .stop = options.search.world.stop,
            .journal = options.search.world.journal};
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

class Looking {
  public:
    Looking(const Scenario& scenario, const MixQuestion& question, const MixRows& mix,
            const OptimumSensitivityOptions& options)
        : scenario_(scenario),
          question_(question),
          mix_(mix),
          options_(options),
          usual_(scenario, question),
          factors_(uncertain_parameters(scenario, options.globs)) {}

    OptimumSensitivity look() {
        found_.screened = factors_.size();
        for (std::size_t i = 0; i < factors_.size(); ++i) candidates_.push_back({i, 0});
        screen(options_.rough, first_screened);
        if (candidates_.size() > closer * options_.parameters)
            candidates_.resize(closer * options_.parameters);
        screen(options_.screening, first_screened + options_.rough);
        for (const Candidate& each : candidates_) {
            if (found_.interrupted || found_.parameters.size() == options_.parameters || !(each.effect > 0))
                break;
            look_at(factors_[each.factor], each.effect);
        }
        return std::move(found_);
    }

  private:
    struct Candidate {
        std::size_t factor = 0;
        double effect = 0;
    };

    void add_runs(std::uint64_t runs) {
        found_.forward_runs += runs;
        if (options_.progress)
            options_.progress(found_.forward_runs, runs_of_optimum_sensitivity(factors_.size(), options_));
    }
    bool stopped(Ending ending) {
        found_.interrupted = found_.interrupted || ending == Ending::interrupted;
        return found_.interrupted;
    }

    /// Gives candidates their effects and sorts them; those that are no world go.
    void screen(std::uint64_t trajectories, std::uint64_t first) {
        std::vector<Candidate> screened;
        for (const Candidate& each : candidates_) {
            if (found_.interrupted) break;
            const DesignFactor& factor = factors_[each.factor];
            const auto low = problem_at(scenario_, question_, factor.path, end_of(factor, 0));
            const auto high = problem_at(scenario_, question_, factor.path, end_of(factor, 1));
            if (!low || !high) {
                found_.refused.push_back(factor.path);
                continue;
            }
            const VariantEvaluation seen = evaluate_variants({{low.get(), mix_}, {high.get(), mix_}}, {},
                                                             run_with(options_, trajectories, first));
            add_runs(seen.forward_runs);
            if (stopped(seen.ending)) return;
            if (seen.completed == 0)
                found_.refused.push_back(factor.path);
            else
                screened.push_back(
                    {each.factor, std::abs(mean_of(seen.values[1]) - mean_of(seen.values[0]))});
        }
        std::stable_sort(screened.begin(), screened.end(),
                         [](const Candidate& a, const Candidate& b) { return a.effect > b.effect; });
        candidates_ = std::move(screened);
    }

    void look_at(const DesignFactor& factor, double effect) {
        ParameterShift shift{
            .path = factor.path, .meaning = factor.columns.front().meaning, .screened = effect};
        for (std::size_t end = 0; end < 2; ++end) {
            ShiftedOptimum& optimum = shift.ends[end];
            optimum.value = end_of(factor, end);
            const auto problem = problem_at(scenario_, question_, factor.path, optimum.value);
            MixSearchOptions search = options_.search;
            search.method = MixSearchMethod::gradient;
            search.start = mix_;
            search.budget = options_.budget;
            search.trajectories = 0;
            search.step = 0.5;
            search.descent = {};
            search.observer = {};
            MixSearchResult best;
            try {
                best = search_mix(*problem, search);
            } catch (const std::runtime_error&) {
                found_.refused.push_back(factor.path);
                return;
            }
            add_runs(best.forward_runs);
            if (best.ending == optimiser::Ending::stopped) {
                found_.interrupted = true;
                return;
            }
            const VariantEvaluation seen =
                evaluate_variants({{&usual_, mix_}, {problem.get(), mix_}, {problem.get(), best.mix}},
                                  {{.changed = 1, .base = 0}, {.changed = 2, .base = 1}},
                                  run_with(options_, options_.check, first_measured_trajectory));
            add_runs(seen.forward_runs);
            if (stopped(seen.ending)) return;
            optimum.mix = best.mix;
            optimum.distance = distance_between(best.mix, mix_);
            optimum.effect = seen.gains[0];
            optimum.loss = seen.gains[1];
        }
        found_.parameters.push_back(std::move(shift));
    }

    // Neither the search's luck nor that by which gains are measured.
    static constexpr std::uint64_t first_screened = std::uint64_t{1} << 30;

    const Scenario& scenario_;
    const MixQuestion& question_;
    const MixRows& mix_;
    const OptimumSensitivityOptions& options_;
    WorldProblem usual_;
    std::vector<DesignFactor> factors_;
    std::vector<Candidate> candidates_;
    OptimumSensitivity found_;
};

}  // namespace

std::vector<DesignFactor> uncertain_parameters(const Scenario& scenario,
                                               const std::vector<std::string>& globs) {
    std::vector<DesignFactor> factors = sensitivity_factors(scenario, globs, {}, "--uncertain").factors;
    std::erase_if(factors, [](const DesignFactor& factor) {
        return factor.is_mix() || factor.listed || !factor.columns.front().names.empty();
    });
    return factors;
}

std::uint64_t runs_of_optimum_sensitivity(std::size_t read, const OptimumSensitivityOptions& options) {
    return 2 * read * options.rough + 2 * std::min(read, closer * options.parameters) * options.screening
           + 2 * std::min(read, options.parameters) * (options.budget + 3 * options.check);
}

OptimumSensitivity optimum_sensitivity(const Scenario& scenario, const MixQuestion& question,
                                       const MixRows& mix, const OptimumSensitivityOptions& options) {
    return Looking(scenario, question, mix, options).look();
}

}  // namespace venturi
