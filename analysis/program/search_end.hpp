// A search for the best mix or decision from its folder to its exit code, as both kinds have it.
#pragma once

#include "analysis/optimiser/optimise.hpp"
#include "analysis/program/experiment_end.hpp"
#include "analysis/program/failure.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/optimise_experiment.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/result_publication.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/visible_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>
#include <unistd.h>
#include <vector>

namespace venturi {

struct SearchEnd {
    bool interrupted = false;
    optimiser::Ending ending = optimiser::Ending::budget_spent;
    std::uint64_t failed = 0;                 ///< trajectories
    std::array<std::string, 2> reasons = {};  ///< of the first that failed in search and measurement
};

template <class Outcome>
[[nodiscard]] SearchEnd end_of(const Outcome& outcome) {
    return {.interrupted = outcome.interrupted,
            .ending = outcome.found.ending,
            .failed = outcome.failed(),
            .reasons = {outcome.found.tally.first_failure, outcome.measured.first_failure}};
}

/// What the JSON of both has: what was asked of which scenario, how it ended, `answer`, and what was warned
/// of.
[[nodiscard]] nlohmann::ordered_json search_json(const OptimiseExperiment& asked, const SearchEnd& end,
                                                 double seconds, const nlohmann::ordered_json& answer,
                                                 const std::string& folder);
/// The manifest of both but for its settings. `runs` came to an end; the check counts `per_check` times.
[[nodiscard]] Manifest search_manifest(const OptimiseExperiment& asked, const SearchEnd& end,
                                       std::uint64_t runs, std::uint64_t per_check,
                                       nlohmann::ordered_json settings);
/// A line where histories failed.
void tell_failures(const SearchEnd& end, const Streams& streams);

/// How a search is to be run, whatever it looks for.
struct SearchRun {
    int threads = 0;
    std::string output;
    bool quiet = false;
    bool json = false;
    ResumeRequest resume = {};
};

/// Runs a search, publishes its result and tells it. `Search` has `found` ("mix"), `asked()` and
/// `scenarios()` and, of its outcome, `run`, `warnings`, `is_answered` (whether the exit code is that of
/// success), `files`, `manifest`, `json` and `text`.
template <class Search>
[[nodiscard]] ExitCode run_search(const Search& search, const SearchRun& run, const Streams& streams) {
    const OptimiseExperiment& asked = search.asked();
    const InterruptListener interrupt;
    const auto folder = open_result_folder(run.output, usual_folder(asked.replay.scenario, "_optimise"));
    Resumption resumption(*folder, !run.output.empty(), run.resume, search.scenarios(), streams);
    if (!run.quiet)
        streams.err << fmt::format("{}: {}, {} forward runs, seed {}\n", visible(asked.scenario.title),
                                   visible(search.announcement()), asked.budget, asked.replay.seed);
    const auto started = std::chrono::steady_clock::now();
    const auto outcome = search.run(run.threads, interrupt.request(),
                                    run.quiet ? ProgressStyle::silent : progress_style_of(STDERR_FILENO),
                                    streams, resumption.journal());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    const ExperimentPlace ending{
        .folder = *folder, .resumption = resumption, .interrupt = interrupt, .streams = streams};
    if (outcome.interrupted && outcome.measured.completed == 0)
        end_without_result(ending, false, "interrupted before a step was whole and measured");
    tell_failures(end_of(outcome), streams);
    if (outcome.measured.completed == 0) end_without_result(ending, true, "every history failed");
    for (const std::string& warning : search.warnings(outcome))
        streams.err << "warning: " << visible(warning) << '\n';
    const ExperimentEnd end{.is_whole = !outcome.interrupted,
                            .is_failed = outcome.failed() > 0 || !search.is_answered(outcome),
                            .held = fmt::format("the {} that is the best after {} of {} forward runs",
                                                Search::found, outcome.found.forward_runs, asked.budget)};
    return end_with_result(
        ending, end, search.files(outcome), search.manifest(outcome), [&](const std::string& place) {
            if (run.json)
                streams.out << json_text(
                    search_json(asked, end_of(outcome), seconds, search.json(outcome), place));
            else if (!run.quiet)
                streams.out << search.text(outcome)
                            << fmt::format(", in {}\nresults in {}\n", elapsed_text(seconds), visible(place));
        });
}

}  // namespace venturi
