#include "analysis/optimiser/world_runner.hpp"

#include "agents/finance/luck_events.hpp"
#include "agents/startup/own_mix.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

void read_controls(const LuckLedger& ledger, std::size_t company, std::span<double> controls) {
    std::size_t place = 0;
    for (const LuckKind kind : luck_of_controls)
        for (std::size_t weight = 0; weight < luck_weights; ++weight) {
            double sum = 0;
            for (std::size_t stage = 0; stage < LuckLedger::stages; ++stage)
                sum += ledger.sum(company, kind, stage, static_cast<LuckWeight>(weight));
            controls[place++] = sum;
        }
    for (const LuckKind kind : luck_of_controls) {
        if (kind == LuckKind::listing) continue;
        double sum = 0;
        for (std::size_t stage = 1; stage < LuckLedger::stages; ++stage)
            sum += static_cast<double>(stage) * ledger.sum(company, kind, stage, LuckWeight::one);
        controls[place++] = sum;
    }
}

}  // namespace

DecidingCompanies deciding_in(const WorldProblem& problem, std::uint64_t trajectory) {
    if (problem.question().who == WhoDecides::everyone) return {0, problem.companies()};
    const auto one = static_cast<std::size_t>(trajectory % problem.companies());
    return {one, one + 1};
}

void count_stages(const std::vector<std::int16_t>& rounds, const DecidingCompanies& deciding,
                  std::vector<std::uint64_t>& companies_at) {
    for (std::size_t i = deciding.first; i < deciding.end; ++i)
        for (std::int16_t stage = 0; stage <= rounds[i]; ++stage)
            if (static_cast<std::size_t>(stage) < companies_at.size())
                ++companies_at[static_cast<std::size_t>(stage)];
}

double value_of(const WorldOutcome& outcome, const DecidingCompanies& deciding) {
    if (outcome.values.empty()) return outcome.of_world;
    double sum = 0;
    double founded = 0;
    for (std::size_t i = deciding.first; i < deciding.end; ++i) {
        if (std::isnan(outcome.values[i])) continue;
        sum += outcome.values[i];
        founded += 1;
    }
    return sum / founded;
}

WorldRunner::WorldRunner(const WorldProblem& problem) : problem_(&problem), world_(problem.setup()) {}

void WorldRunner::live(std::uint64_t seed, std::uint64_t trajectory, const MixOfCompany& mix_of,
                       const StopRequest* stop, WorldOutcome& outcome) {
    constexpr double months_between_looks = 12;
    world_.reset(LedgerDraws(PlainDraws(FastVariates(seed, static_cast<std::uint32_t>(trajectory)))));
    if (mix_of) give_own_mixes(world_, problem_->question().group, mix_of);
    for (double month = 0; month < problem_->horizon(); month += months_between_looks) {
        stop_if_requested(stop);
        world_.run_until(std::min(month + months_between_looks, problem_->horizon()));
    }
    tell_luck_so_far(world_);
    const WorldObjective& objective = problem_->question().objective;
    const std::size_t companies = problem_->companies();
    outcome.controls.assign(companies * luck_controls, 0);
    outcome.values.clear();
    outcome.rounds.clear();
    for (std::size_t i = 0; i < companies; ++i) {
        const std::size_t number = problem_->first_company() + i;
        const LedgerCompany& company = world_.startups[number];
        const bool is_founded = company.status != Status::unfounded;
        if (objective.of_company)
            outcome.values.push_back(is_founded ? objective.of_company(company)
                                                : std::numeric_limits<double>::quiet_NaN());
        outcome.rounds.push_back(is_founded ? static_cast<std::int16_t>(company.follow_on_rounds())
                                            : std::int16_t{-1});
        read_controls(world_.draws.observer(), number,
                      {outcome.controls.data() + i * luck_controls, luck_controls});
    }
    if (objective.of_world) outcome.of_world = objective.of_world(world_);
    outcome.events = world_.delivered();
}

}  // namespace venturi
