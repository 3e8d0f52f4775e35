#include "analysis/program/rare_experiment.hpp"

#include "analysis/program/option_value.hpp"
#include "analysis/program/shown_progress.hpp"
#include "analysis/report/netcdf_writer.hpp"
#include "analysis/report/rare_event_report.hpp"
#include "analysis/statistics/observables.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr std::string_view rare_form =
    "an observable, one of <, <=, > and >=, and a number, such as 'share_dead > 95%' or 'living < 1'";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

WorldObservable observable_of_condition(const std::string& text, std::string_view name) {
    if (const auto found = find_world_observable(name)) return *found;
    const std::vector<std::string> names = world_observable_names();
    const std::vector<std::string> all = observable_names();
    if (std::ranges::find(all, name) != all.end())
        throw InputError(
            fmt::format("--rare '{}': '{}' is known at the end of a run alone, over companies; a rare event "
                        "needs what can be "
                        "read off a world while it runs\n  legal here: {}",
                        text, name, listed(names)));
    const std::string nearest = nearest_name(name, names);
    throw InputError(fmt::format("--rare '{}': there is no observable '{}'{}\n  legal here: {}", text, name,
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(names)));
}

// Shares lie between 0 and 1: what can't hold has no probability to be sought, nor has what always does.
void expect_sense(const std::string& text, const RareCondition& condition) {
    if (condition.observable.dimension != Dimension::share) return;
    const bool lowest = condition.holds(0);
    const bool highest = condition.holds(1);
    if (lowest != highest) return;
    throw InputError(fmt::format(
        "--rare '{}': a share is from 0% to 100%, so that {} holds\n  legal here: a condition that some "
        "shares meet and others don't, such as '{} {} {}'",
        text, lowest ? "always" : "never", condition.observable.name, sign_of(condition.bound),
        condition.is_upward() ? "95%" : "5%"));
}

}  // namespace

RareCondition parse_rare_condition(const std::string& text) {
    const std::size_t at = text.find_first_of("<>");
    if (at == std::string::npos)
        throw InputError(
            fmt::format("--rare '{}': there is no <, <=, > or >= in it\n  legal here: {}", text, rare_form));
    const bool with_equality = at + 1 < text.size() && text[at + 1] == '=';
    const bool below = text[at] == '<';
    const std::string_view name = trimmed(std::string_view(text).substr(0, at));
    const std::string_view number = trimmed(std::string_view(text).substr(at + (with_equality ? 2 : 1)));
    if (name.empty() || number.empty())
        throw InputError(fmt::format("--rare '{}': there is nothing on {} side of the {}\n  legal here: {}",
                                     text, name.empty() ? "the left" : "the right",
                                     text.substr(at, with_equality ? 2 : 1), rare_form));
    RareCondition condition{.observable = observable_of_condition(text, name),
                            .bound = below ? (with_equality ? Bound::at_most : Bound::below)
                                           : (with_equality ? Bound::at_least : Bound::above)};
    condition.threshold = quantity_of_option(
        fmt::format("--rare {} {}", name, sign_of(condition.bound)), number, condition.observable.dimension,
        {.least = std::numeric_limits<double>::lowest(),
         .legal = fmt::format("{}", how_to_write(condition.observable.dimension))});
    expect_sense(text, condition);
    return condition;
}

SplittingMethod parse_splitting_method(const std::string& text) {
    const std::vector<std::string> names = {std::string(name_of(SplittingMethod::adaptive)),
                                            std::string(name_of(SplittingMethod::fixed_effort))};
    if (text == names[0]) return SplittingMethod::adaptive;
    if (text == names[1]) return SplittingMethod::fixed_effort;
    const std::string nearest = nearest_name(text, names);
    throw InputError(fmt::format("--method: there is no method '{}'{}\n  legal here: {}", text,
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(names)));
}

MultilevelEstimate run_experiment(const RareEventDesign& design, int threads, const StopRequest& stop,
                                  ProgressStyle style, const Streams& streams, const Journal* journal) {
    ShownProgress progress(streams, style, "replications");
    const RareEventHooks hooks{.stop = &stop, .progress = progress.hook(), .journal = journal};
    MultilevelEstimate estimate = run_rare_event(design, threads, hooks);
    progress.finish();
    return estimate;
}

ResultFiles files_of(const RareEventDesign& design, const std::vector<std::string>& settings,
                     const MultilevelEstimate& estimate) {
    return {{"results.csv", rare_results_csv(design, estimate)},
            {"levels.csv", levels_csv(design, estimate)},
            {"levels.svg", way_svg(design, settings, estimate)},
            {"experiment.nc", netcdf_bytes(rare_event_dataset(design, estimate))}};
}

nlohmann::ordered_json rare_settings_json(const RareEventDesign& design, const std::string& condition) {
    return {{"rare", condition},
            {"ever", design.moment == RareMoment::ever},
            {"by", design.by},
            {"method", name_of(design.method)}};
}

RareEventDesign rare_design_of(const nlohmann::ordered_json& settings, Scenario scenario,
                               std::uint64_t histories, std::uint64_t tried, const std::string& file) {
    const auto by = number_in(settings, "by");
    if (!(by > 0 && by <= 1200) || histories < fewest_split_histories) throw contradiction_in(file);
    const SplittingEffort effort = effort_of(histories);
    if (tried == 0 || tried % effort.copies != 0) throw contradiction_in(file);
    // By themselves: what is refused must leave nothing half made.
    const RareCondition condition = parse_rare_condition(text_in(settings, "rare"));
    const bool ever = flag_in(settings, "ever");
    const SplittingMethod method = parse_splitting_method(text_in(settings, "method"));
    return {.scenario = std::move(scenario),
            .condition = condition,
            .moment = ever ? RareMoment::ever : RareMoment::at_the_end,
            .by = by,
            .method = method,
            .copies = effort.copies,
            .replications = static_cast<std::uint32_t>(tried / effort.copies)};
}

}  // namespace venturi
