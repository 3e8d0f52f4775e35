#include "analysis/experiments/sensitivity.hpp"

#include "analysis/statistics/sobol_indices.hpp"
#include "scenarios/parameter_use.hpp"
#include "scenarios/problem.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

bool matches_glob(std::string_view text, std::string_view glob) {
    if (glob.empty()) return text.empty();
    if (glob.front() == '*') {
        for (std::size_t skipped = 0; skipped <= text.size(); ++skipped)
            if (matches_glob(text.substr(skipped), glob.substr(1))) return true;
        return false;
    }
    return !text.empty() && (glob.front() == '?' || glob.front() == text.front())
           && matches_glob(text.substr(1), glob.substr(1));
}

/// Stars that follow each other are one, so that no glob takes long.
std::string tidy_glob(const std::string& glob, const std::string& option) {
    std::string tidy;
    for (const char c : glob)
        if (c != '*' || tidy.empty() || tidy.back() != '*') tidy += c;
    constexpr std::ptrdiff_t most_stars = 6;
    if (std::ranges::count(tidy, '*') > most_stars)
        throw ScenarioError(
            Problem{.position = {.file = option},
                    .message = fmt::format("{} has more than {} stars", in_quotes(glob), most_stars),
                    .value = glob,
                    .legal = "a path in which * stands for any text, such as finance.*"});
    return tidy;
}

std::vector<std::string> matching_paths(const Scenario& scenario, const std::vector<std::string>& globs,
                                        const std::string& option) {
    const std::vector<std::string> all = movable_paths(scenario);
    std::set<std::string> chosen;
    for (const std::string& glob : globs) {
        const std::string tidy = tidy_glob(glob, option);
        bool found = false;
        for (const std::string& path : all) {
            if (!matches_glob(path, tidy)) continue;
            chosen.insert(path);
            found = true;
        }
        if (!found)
            throw ScenarioError(
                Problem{.position = {.file = option},
                        .message = fmt::format("{} matches no parameter that can be moved", in_quotes(glob)),
                        .value = glob,
                        .legal = "a path in which * stands for any text, such as finance.*",
                        .nearest = nearest_name(glob, all)});
    }
    std::vector<std::string> paths;
    for (const std::string& path : all)
        if (chosen.contains(path)) paths.push_back(path);
    return paths;
}

/// One path, or one base point, as it comes out of the pipeline.
struct LivedRow {
    std::vector<double> values = {};  // shape: places × replications × observables
    std::uint64_t tried = 0;
    std::uint64_t failed = 0;
    std::uint64_t events = 0;
    std::vector<FailedPlace> failures = {};
    bool stopped = false;
    bool was_found = false;  // in the journal

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.values);
        visit(self.tried);
        visit(self.failed);
        visit(self.events);
        visit(self.failures);
    }
};

/// The places of a row in the unit cube. Shape: places × coordinates.
using PlacesOfRow = std::function<std::vector<double>(std::size_t row)>;
using TakeRow = std::function<void(const LivedRow&)>;

LivedRow live_row(const Scenario& base, const Design& places,
                  const std::vector<TrajectoryObservable>& observables, std::uint64_t first,
                  const SensitivityRun& run) {
    LivedRow row;
    for (std::size_t place = 0; place < places.points; ++place) {
        const LivedTrajectories lived = live_trajectories(scenario_at(base, places, place), observables,
                                                          first, run.replications, run.stop);
        row.values.insert(row.values.end(), lived.values.begin(), lived.values.end());
        row.tried += run.replications;
        row.failed += lived.failed;
        row.events += lived.events;
        if (lived.first_failure)
            row.failures.push_back({.failure = *lived.first_failure, .settings = places.settings(place)});
    }
    return row;
}

StageOutcome run_rows(const Scenario& base, const std::vector<DesignFactor>& factors,
                      const std::vector<TrajectoryObservable>& observables, std::size_t rows,
                      std::size_t places_of_row, const SensitivityRun& run, const PlacesOfRow& places_of,
                      const TakeRow& take) {
    expects(run.replications >= 2, "noise is told by two replications at least");
    std::vector<LivedRow> slots(slot_count(resolve_threads(run.threads)));
    StageOutcome outcome;
    ProgressReporter reporter(rows * places_of_row * run.replications, run.progress);
    run_pipeline(
        rows, resolve_threads(run.threads),
        [&](const PipelineTask& task) {
            LivedRow& row = slots[task.slot];
            try {
                auto kept = kept_or_done(run.journal, std::to_string(task.number), LivedRow{}, [&] {
                    const Design places = design_at(factors, places_of(task.number));
                    return live_row(base, places, observables, task.number * run.replications, run);
                });
                row = std::move(kept.piece);
                row.was_found = kept.was_found;
                if (row.values.size() != places_of_row * run.replications * observables.size())
                    throw BytesError("a row of another design");
            } catch (const Stopped&) {
                row = {};
                row.stopped = true;
            }
        },
        [&](const PipelineTask& task) {
            const LivedRow& row = slots[task.slot];
            if (row.stopped) return false;
            take(row);
            ++outcome.whole;
            outcome.completed += row.tried - row.failed;
            outcome.failed += row.failed;
            outcome.events += row.events;
            if (row.was_found) reporter.add_earlier(row.tried, row.events);
            for (const FailedPlace& failure : row.failures)
                if (outcome.failures.size() < most_failures_told) outcome.failures.push_back(failure);
            reporter.update(outcome.completed + outcome.failed, outcome.events);
            return true;
        });
    reporter.finish(outcome.completed + outcome.failed, outcome.events);
    if (outcome.whole < rows)
        outcome.ending = Ending::interrupted;
    else if (outcome.completed == 0)
        outcome.ending = Ending::failed;
    return outcome;
}

/// Of one observable: the replications at each place of a row.
std::vector<std::vector<double>> replications_at(const LivedRow& row, std::size_t observable,
                                                 std::size_t observables, std::size_t replications) {
    std::vector<std::vector<double>> places(row.values.size() / (observables * replications),
                                            std::vector<double>(replications));
    for (std::size_t place = 0; place < places.size(); ++place)
        for (std::size_t i = 0; i < replications; ++i)
            places[place][i] = row.values[(place * replications + i) * observables + observable];
    return places;
}

/// First and second sample of a base point, and for each factor the first with that factor's coordinates from
/// the second.
std::vector<double> places_of_base_point(const SobolDesign& sample, const std::vector<DesignFactor>& factors,
                                         std::size_t point) {
    const auto begin = static_cast<std::ptrdiff_t>(point * sample.inputs);
    const auto end = begin + static_cast<std::ptrdiff_t>(sample.inputs);
    const std::vector<double> first(sample.first.begin() + begin, sample.first.begin() + end);
    const std::vector<double> second(sample.second.begin() + begin, sample.second.begin() + end);
    std::vector<double> places = first;
    places.insert(places.end(), second.begin(), second.end());
    std::size_t coordinate = 0;
    for (const DesignFactor& factor : factors) {
        std::vector<double> mixed = first;
        for (std::size_t i = 0; i < factor.coordinates(); ++i, ++coordinate)
            mixed[coordinate] = second[coordinate];
        places.insert(places.end(), mixed.begin(), mixed.end());
    }
    return places;
}

/// A scenario with a factor at the value of a place, for whether it is read there.
Scenario with_factor_at(const Scenario& scenario, const DesignFactor& factor, double place) {
    const std::vector<double> places(factor.coordinates(), place);
    return scenario_at(scenario, design_at({factor}, places), 0);
}

}  // namespace

SensitivityFactors sensitivity_factors(const Scenario& scenario, const std::vector<std::string>& globs,
                                       const std::vector<std::string>& over, const std::string& option) {
    SensitivityFactors found;
    std::vector<DesignFactor> given;
    if (!over.empty()) given = read_factors(scenario, over);
    std::vector<DesignFactor> candidates = given;
    std::vector<std::string> wanted = globs;
    if (globs.empty() && over.empty()) wanted = {"*"};
    const ParameterUse use(scenario);
    std::vector<UnmovedParameter> unread;
    for (const std::string& path : matching_paths(scenario, wanted, option)) {
        const auto covers = [&](const DesignFactor& factor) {
            return factor.path == path || factor.path.starts_with(path + ".");
        };
        if (std::ranges::any_of(given, covers)) continue;
        PlausibleFactor plausible = plausible_factor(scenario, path);
        if (plausible.factor.empty()) {
            // What is not read is said first: a range would be of no use to it.
            if (const auto where = use.unread_at(path))
                found.unread.push_back({path, fmt::format("read where {}", *where)});
            else
                found.without_range.push_back({path, plausible.why_not});
        } else {
            candidates.push_back(std::move(plausible.factor.front()));
        }
    }
    for (DesignFactor& factor : candidates) {
        const std::string& read_path = factor.columns.front().path;
        const auto where = use.unread_at(read_path);
        // What one parameter switches on another may read: it is moved where any of both ends does.
        const bool ever = !where || !ParameterUse(with_factor_at(scenario, factor, 0)).unread_at(read_path)
                          || !ParameterUse(with_factor_at(scenario, factor, 1)).unread_at(read_path);
        if (ever)
            found.factors.push_back(std::move(factor));
        else
            found.unread.push_back({factor.path, fmt::format("read where {}", *where)});
    }
    return found;
}

Screening run_screening(const Scenario& base, const std::vector<DesignFactor>& factors,
                        const std::vector<TrajectoryObservable>& observables, std::size_t paths,
                        const SensitivityRun& run) {
    std::vector<std::size_t> coordinates;
    for (const DesignFactor& factor : factors) coordinates.push_back(factor.coordinates());
    const ElementaryEffectDesign design = elementary_effect_design(
        paths, coordinates, seed_of_points(static_cast<std::uint64_t>(base.run.seed)));
    const std::size_t length = (design.inputs() + 1) * design.width();
    std::vector<std::vector<double>> results(observables.size());
    Screening screening;
    screening.stage = run_rows(
        base, factors, observables, paths, factors.size() + 1, run,
        [&](std::size_t row) {
            const auto begin = design.places.begin() + static_cast<std::ptrdiff_t>(row * length);
            return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(length));
        },
        [&](const LivedRow& row) {
            for (std::size_t each = 0; each < observables.size(); ++each)
                for (std::size_t i = each; i < row.values.size(); i += observables.size())
                    results[each].push_back(row.values[i]);
        });
    for (const std::vector<double>& values : results)
        screening.effects.push_back(elementary_effects(design, values, run.replications));
    return screening;
}

std::vector<std::size_t> most_influential(const Screening& screening, std::size_t most) {
    const std::size_t factors = screening.effects.empty() ? 0 : screening.effects.front().size();
    std::vector<double> weight(factors, -1);
    for (const std::vector<ElementaryEffect>& effects : screening.effects) {
        double largest = 0;
        for (const ElementaryEffect& effect : effects)
            if (effect.mu_star > largest) largest = effect.mu_star;
        for (std::size_t factor = 0; factor < factors; ++factor) {
            if (!effects[factor].changes) continue;
            // One that changed something, if only to a result that is not known, comes before none.
            const double part =
                largest > 0 && effects[factor].mu_star > 0 ? effects[factor].mu_star / largest : 0;
            weight[factor] = std::max(weight[factor], part);
        }
    }
    std::vector<std::size_t> order(factors);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t factor) { return weight[factor] < 0; });
    std::ranges::stable_sort(order,
                             [&](std::size_t one, std::size_t other) { return weight[one] > weight[other]; });
    if (order.size() > most) order.resize(most);
    std::ranges::sort(order);
    return order;
}

VarianceShares run_variance_shares(const Scenario& base, const std::vector<DesignFactor>& factors,
                                   const std::vector<TrajectoryObservable>& observables,
                                   std::size_t base_points, const SensitivityRun& run) {
    const SobolDesign sample = sobol_design(base_points, coordinates_of(factors),
                                            seed_of_points(static_cast<std::uint64_t>(base.run.seed)));
    std::vector<std::vector<ResponseProducts>> products(observables.size());
    VarianceShares shares;
    shares.stage = run_rows(
        base, factors, observables, base_points, factors.size() + 2, run,
        [&](std::size_t row) { return places_of_base_point(sample, factors, row); },
        [&](const LivedRow& row) {
            for (std::size_t each = 0; each < observables.size(); ++each) {
                const auto places = replications_at(row, each, observables.size(), run.replications);
                products[each].push_back(response_products(
                    {.first = places[0], .second = places[1], .mixed = {places.begin() + 2, places.end()}}));
            }
        });
    for (const std::vector<ResponseProducts>& each : products)
        shares.observables.push_back(replicated_sobol_indices(each, factors.size()));
    return shares;
}

double bytes_of_sensitivity(double factors, double kept, double observables, double paths, double base_points,
                            double replications) {
    constexpr double number = 8;
    // A mix has four coordinates, anything else one.
    const double screening = paths * (factors + 1) * (3 * factors + 2 * observables * replications) * number;
    const double sample = base_points * 3 * 4 * kept * number;
    const double of_product = static_cast<double>(sizeof(ResponseProducts))
                              + kept * static_cast<double>(sizeof(ResponseProducts::Input));
    return screening + sample + 2 * base_points * observables * of_product;
}

}  // namespace venturi
