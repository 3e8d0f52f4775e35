#include "agents/startup/own_mix.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

void check_rounds(const FinanceParameters& finance) {
    if (finance.rounds.size() >= CapTable::most_classes)
        throw std::invalid_argument("finance.rounds: there can be at most 15 rounds after the seed");
    for (const RoundParameters& round : finance.rounds) {
        const std::string path = "finance.rounds." + round.name;
        if (round.lowest_dilution > round.highest_dilution)
            throw std::invalid_argument(path + ": lowest_dilution is above highest_dilution");
        if (round.highest_dilution + round.pool_after >= 1)
            throw std::invalid_argument(
                path + ": highest_dilution and pool_after leave nothing to those who hold shares");
    }
    if (finance.terms.seed_dilution + finance.terms.seed_pool >= 1)
        throw std::invalid_argument(
            "finance.terms: seed_dilution and seed_pool leave nothing to the founders");
}

// Of the loss inside a training run: enough for slow and fast ones.
constexpr std::size_t loss_directions = 8;

void check_shares(const WorldParameters& parameters) {
    const auto at_most_one = [](double sum, const char* which) {
        if (sum > 1 + 1e-12) throw std::invalid_argument(std::string(which) + " are more than the whole");
    };
    at_most_one(parameters.data.people_share + parameters.data.purchase_share,
                "data: people_share and purchase_share");
    at_most_one(parameters.talent.recruiter_share + parameters.talent.training_share,
                "talent: recruiter_share and training_share");
    at_most_one(parameters.talent.career.seniors + parameters.talent.career.juniors,
                "talent.career: seniors and juniors");
    at_most_one(parameters.partnership.people.to_industry + parameters.partnership.people.to_universities,
                "partnership.people: to_industry and to_universities");
    const RiskManagementParameters& management = parameters.risk.management;
    at_most_one(management.prevention_share + management.monitoring_share + management.contingency_share
                    + management.response_share + management.insurance_share,
                "risk.management: the shares of the risk budget");
    at_most_one(parameters.talent.career.promoted + parameters.talent.career.let_go,
                "talent.career: promoted and let_go");
    for (const DataSourceParameters* source : {&parameters.data.purchase, &parameters.data.scrape,
                                               &parameters.data.feedback, &parameters.data.partners})
        if (source->noise + source->missing + source->duplicates >= 1)
            throw std::invalid_argument("data: noise, missing and duplicates leave nothing of a batch");
    for (const Advantage advantage : {Advantage::data, Advantage::talent, Advantage::risk})
        if (parameters.culture.of(advantage).gain > 1)
            throw std::invalid_argument(
                "culture." + std::string(advantage_names[static_cast<std::size_t>(advantage)])
                + ".gain: a hazard can't fall by more than itself; at most 1 is legal");
    for (const PartnerGroupParameters& group : parameters.partners) {
        if (group.graduates > 0 && group.kind != PartnerGroupKind::university)
            throw std::invalid_argument("partners." + group.name
                                        + ".graduates: only universities have graduates; 0 is legal here");
        if (group.people > 0 && group.kind == PartnerGroupKind::community)
            throw std::invalid_argument("partners." + group.name
                                        + ".people: a community employs nobody; 0 is legal here");
    }
    const auto some_share = [](const InvestmentMix& mix, const std::string& which) {
        double sum = 0;
        for (const double share : mix.shares()) sum += share;
        if (!(sum > 0)) throw std::invalid_argument("startups." + which + ": no share is above 0");
    };
    for (const StartupGroupParameters& group : parameters.startups) {
        some_share(group.mix, group.name + ".mix");
        for (const StageMix& stage : group.mix_by_stage)
            some_share(stage.mix, group.name + ".mix_by_stage." + stage.name);
    }
}

std::vector<std::vector<std::uint8_t>> mix_rows_of_stages(const WorldParameters& parameters) {
    const std::vector<std::string> stages = funding_stages(parameters);
    std::vector<std::vector<std::uint8_t>> rows;
    for (const StartupGroupParameters& group : parameters.startups) {
        std::vector<std::uint8_t>& of_group = rows.emplace_back();
        if (group.mix_by_stage.empty()) continue;
        for (const StageMix& stage : group.mix_by_stage)
            if (std::ranges::find(stages, stage.name) == stages.end())
                throw std::invalid_argument("startups." + group.name + ".mix_by_stage: there is no stage '"
                                            + stage.name + "'");
        std::uint8_t row = 0;
        for (const std::string& stage : stages) {
            const auto found = std::ranges::find(group.mix_by_stage, stage, &StageMix::name);
            if (found != group.mix_by_stage.end())
                row = static_cast<std::uint8_t>(found - group.mix_by_stage.begin() + 1);
            of_group.push_back(row);
        }
    }
    return rows;
}

std::vector<std::uint32_t> segments_of_groups(const WorldParameters& parameters) {
    std::vector<std::uint32_t> found;
    for (const StartupGroupParameters& group : parameters.startups) {
        const auto& segments = parameters.market.segments;
        std::uint32_t index = 0;
        while (index < segments.size() && segments[index].name != group.segment) ++index;
        if (index == segments.size())
            throw std::invalid_argument("startups." + group.name + ".segment: there is no market segment '"
                                        + group.segment + "'");
        found.push_back(index);
    }
    return found;
}

void change_and_check(WorldParameters& parameters, const Intervention& intervention) {
    for (const Setting& setting : intervention.settings) {
        SetByIndex set(setting.parameter, setting.value);
        describe(parameters, set);
    }
    check_rounds(parameters.finance);
    check_shares(parameters);
}

// What they make of the world, one upon the other, and what is left when those that pass have passed.
void check_interventions(const WorldParameters& parameters, const std::vector<Intervention>& interventions) {
    WorldParameters all = parameters;
    WorldParameters for_good = parameters;
    for (const Intervention& intervention : interventions) {
        const std::string name = "interventions." + intervention.name;
        if (intervention.at.has_value() == intervention.when.has_value())
            throw std::invalid_argument(name + ": give either 'at' or 'when'");
        if (intervention.lasts && !(*intervention.lasts > 0 && std::isfinite(*intervention.lasts)))
            throw std::invalid_argument(name + ": it lasts for a time above 0, or for good");
        if (intervention.when && intervention.when->group
            && (*intervention.when->group >= parameters.startups.size()
                || !intervention.when->measure.description().of_startups))
            throw std::invalid_argument(name + ": there is no such group, or nothing to measure of it");
        change_and_check(all, intervention);
        if (!intervention.lasts) change_and_check(for_good, intervention);
    }
}

}  // namespace

std::vector<std::string> funding_stages(const WorldParameters& parameters) {
    std::vector<std::string> stages = {std::string(seed_stage)};
    for (const RoundParameters& round : parameters.finance.rounds) stages.push_back(round.name);
    return stages;
}

std::vector<InvestmentMix> mix_rows_of(const WorldParameters& parameters, std::uint32_t group) {
    const StartupGroupParameters& of = parameters.startups.at(group);
    std::vector<InvestmentMix> rows;
    const std::vector<std::vector<std::uint8_t>> rows_of_stages = mix_rows_of_stages(parameters);
    for (const std::uint8_t row : rows_of_stages[group])
        rows.push_back(row == 0 ? of.mix : of.mix_by_stage[row - 1U].mix);
    if (rows.empty()) rows.push_back(of.mix);
    return rows;
}

std::shared_ptr<const WorldSetup> make_setup(WorldParameters parameters,
                                             std::vector<Intervention> interventions) {
    check_rounds(parameters.finance);
    check_shares(parameters);
    if (parameters.startups.size() > 255 || parameters.investors.size() > 255
        || parameters.partners.size() > 255)
        throw std::invalid_argument("there can be at most 255 groups of a kind");
    check_interventions(parameters, interventions);
    // By itself: a plan that is refused must leave nothing half made.
    RiskPlan plan = make_risk_plan(parameters.risk);
    std::vector<GivenTieEnd> given_ties = ends_of_given_ties(parameters);
    WorldSetup setup{.risk = std::move(plan)};
    setup.given_ties = std::move(given_ties);
    setup.segment_of_group = segments_of_groups(parameters);
    setup.mix_row_of_stage = mix_rows_of_stages(parameters);
    setup.law =
        parameters.technology.law == ScalingLawFit::besiroglu_2024 ? besiroglu_2024_law : hoffmann_2022_law;
    const OptimiserParameters& optimiser = parameters.technology.optimiser;
    setup.optimiser =
        make_noisy_quadratic({.modes = loss_directions, .curvature_exponent = optimiser.conditioning});
    setup.best_learning_rate =
        best_learning_rate(setup.optimiser,
                           {.momentum = optimiser.momentum,
                            .batch_size = optimiser.batch / std::max(optimiser.gradient_noise, 1e-9)},
                           static_cast<std::uint64_t>(optimiser.iterations))
            .learning_rate;
    setup.most_events = most_events_a_month(parameters);
    setup.parameters = std::move(parameters);
    setup.interventions = std::move(interventions);
    return std::make_shared<const WorldSetup>(std::move(setup));
}

}  // namespace venturi
