#include "analysis/optimiser/world_places.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/pipeline.hpp"
#include "sim/ensemble/progress.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

// Trajectories that are lived in every place before the next ones are: what a stop leaves is whole.
constexpr std::uint64_t trajectories_of_block = 32;

void read_aims(const std::vector<WorldAim>& aims, const WorldProblem& problem, const LedgerWorld& world,
               const DecidingCompanies& deciding, PlaceOutcome& outcome) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    outcome.values.assign(aims.size(), {});
    for (std::size_t a = 0; a < aims.size(); ++a) {
        std::vector<double>& values = outcome.values[a];
        if (aims[a].of.of_world) {
            values.push_back(aims[a].of.of_world(world));
        } else {
            for (std::size_t i = 0; i < problem.companies(); ++i) {
                const LedgerCompany& company = world.startups[problem.first_company() + i];
                const bool counts =
                    i >= deciding.first && i < deciding.end && company.status != Status::unfounded;
                values.push_back(counts ? aims[a].of.of_company(company) : unknown);
            }
        }
        if (std::ranges::all_of(values, [](double value) { return std::isnan(value); }))
            throw std::runtime_error("there is nothing to see of '" + aims[a].name() + "'");
    }
}

/// A world of a worker, for as long as it stays in a place.
struct Worker {
    const WorldProblem* problem = nullptr;
    std::unique_ptr<WorldRunner> runner = {};
    WorldOutcome outcome = {};
};

struct Slot {
    PlaceOutcome outcome = {};
    bool is_stopped = false;
    std::string failure = {};
};

/// Trajectories that were lived in all places.
struct LivedBlock {
    std::vector<std::vector<PlaceOutcome>> outcomes;  ///< by trajectory and place
    std::vector<std::string> failures;                ///< by trajectory; empty where it is whole

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.outcomes);
        visit(self.failures);
    }

    [[nodiscard]] std::uint64_t events() const {
        std::uint64_t sum = 0;
        for (const auto& places : outcomes)
            for (const PlaceOutcome& each : places) sum += each.events;
        return sum;
    }
};

struct Lived {
    const WorldProblem* problem;
    MixRows mix;
    MixRows rest;
};

}  // namespace

const WorldProblem& WorldProblems::at(const WorldPlace& place) {
    std::vector<double> values = factor_values_in(question_->decision, place.decision);
    for (const Made& made : made_)
        if (made.scenario == place.scenario && made.values == values) return *made.problem;
    auto problem = std::make_unique<WorldProblem>(problem_of(*question_, place.scenario, values));
    made_.push_back({place.scenario, std::move(values), std::move(problem)});
    return *made_.back().problem;
}

LivedPlaces live_in_places(const WorldQuestion& question, const std::vector<WorldPlace>& places,
                           const WorldRun& run) {
    expects(!places.empty(), "there is a place to live in");
    const std::vector<WorldAim> aims = question.aims();
    WorldProblems problems(question);
    std::vector<Lived> lived_in;
    for (const WorldPlace& place : places) {
        const WorldProblem& problem = problems.at(place);
        const bool one = question.who == WhoDecides::one;
        lived_in.push_back({&problem, mix_rows_in(question.decision, place.decision),
                            one && question.decision.moves_mix() ? problem.mix() : MixRows{}});
    }
    const std::uint64_t seed = run.seed.value_or(lived_in.front().problem->seed());
    const int threads = resolve_threads(run.threads);
    std::vector<Worker> workers(static_cast<std::size_t>(threads));
    std::vector<Slot> slots(slot_count(threads));
    LivedPlaces lived;
    ProgressReporter reporter(run.trajectories, run.progress);
    const auto live_block = [&](std::uint64_t begin, std::uint64_t count, LivedBlock& block) {
        block.outcomes.assign(count, std::vector<PlaceOutcome>(places.size()));
        block.failures.assign(count, "");
        // All trajectories of a place one after the other, for which a worker keeps its world.
        run_pipeline(
            count * places.size(), threads,
            [&](const PipelineTask& task) {
                Slot& slot = slots[task.slot];
                slot.is_stopped = false;
                slot.failure.clear();
                Worker& worker = workers[task.worker];
                const Lived& at = lived_in[task.number / count];
                const std::uint64_t trajectory = run.first + begin + task.number % count;
                try {
                    stop_if_requested(run.stop);
                    if (worker.problem != at.problem || !worker.runner) {
                        worker.runner.reset();
                        worker.runner = std::make_unique<WorldRunner>(*at.problem);
                        worker.problem = at.problem;
                    }
                    const DecidingCompanies deciding = deciding_in(*at.problem, trajectory);
                    const MixOfCompany mix_of = [&](std::size_t company) -> std::span<const InvestmentMix> {
                        const bool decides = at.rest.empty() || company == deciding.first;
                        return decides ? at.mix : at.rest;
                    };
                    worker.runner->live(seed, trajectory, at.mix.empty() ? MixOfCompany{} : mix_of, run.stop,
                                        worker.outcome);
                    read_aims(aims, *at.problem, worker.runner->world(), deciding, slot.outcome);
                    slot.outcome.controls = worker.outcome.controls;
                    slot.outcome.rounds = worker.outcome.rounds;
                    for (std::size_t i = 0; i < slot.outcome.rounds.size(); ++i)
                        if (i < deciding.first || i >= deciding.end) slot.outcome.rounds[i] = -1;
                    slot.outcome.events = worker.outcome.events;
                } catch (const Stopped&) {
                    slot.is_stopped = true;
                } catch (const std::bad_alloc&) {
                    throw;
                } catch (const std::exception& error) {
                    worker.runner.reset();
                    slot.failure = error.what();
                    if (slot.failure.empty()) slot.failure = "an exception without a message";
                }
            },
            [&](const PipelineTask& task) {
                Slot& slot = slots[task.slot];
                if (slot.is_stopped) {
                    lived.ending = Ending::interrupted;
                    return false;
                }
                const std::uint64_t number = task.number % count;
                if (slot.failure.empty())
                    block.outcomes[number][task.number / count] = std::move(slot.outcome);
                else if (block.failures[number].empty())
                    block.failures[number] = question.scenarios[places[task.number / count].scenario].name
                                             + ": trajectory " + std::to_string(run.first + begin + number)
                                             + ": " + slot.failure;
                slot.outcome = {};
                return true;
            });
    };
    std::optional<Journal> journal;
    if (run.journal != nullptr) journal = run.journal->next();
    for (std::uint64_t begin = 0; begin < run.trajectories && lived.ending == Ending::finished;
         begin += trajectories_of_block) {
        const std::uint64_t count = std::min(trajectories_of_block, run.trajectories - begin);
        LivedBlock block;
        const std::string name = std::to_string(begin / trajectories_of_block);
        const auto found = journal ? journal->find(name) : std::nullopt;
        if (found) {
            block = from_bytes<LivedBlock>(*found);
            if (block.outcomes.size() != count || block.failures.size() != count)
                throw BytesError("a block of another length");
        } else {
            live_block(begin, count, block);
            if (lived.ending == Ending::interrupted) break;
            if (journal) journal->keep({{name, to_bytes(block)}});
        }
        lived.events += block.events();
        for (std::uint64_t number = 0; number < count; ++number) {
            if (!block.failures[number].empty()) {
                if (lived.failed++ == 0) lived.first_failure = block.failures[number];
                continue;
            }
            lived.trajectories.push_back(run.first + begin + number);
            lived.outcomes.push_back(std::move(block.outcomes[number]));
        }
        reporter.update(lived.trajectories.size() + lived.failed, lived.events);
    }
    reporter.finish(lived.trajectories.size() + lived.failed, lived.events);
    if (lived.ending == Ending::finished && lived.trajectories.empty() && lived.failed > 0)
        lived.ending = Ending::failed;
    return lived;
}

}  // namespace venturi
