#include "analysis/optimiser/world_problem.hpp"

#include "agents/startup/own_mix.hpp"
#include "sim/contract.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace venturi {

std::array<double, 5> normalised(const InvestmentMix& mix) {
    std::array<double, 5> shares = mix.shares();
    double sum = 0;
    for (const double share : shares) {
        expects(share >= 0 && std::isfinite(share), "shares of a mix are finite and at least 0");
        sum += share;
    }
    expects(sum > 0 && std::isfinite(sum), "some share of a mix is above 0, and their sum is finite");
    // What has been made to sum to 1 stays as it is, or a result that is read back would be another by
    // rounding.
    if (std::abs(sum - 1) <= 2e-15) return shares;
    for (double& share : shares) share /= sum;
    return shares;
}

InvestmentMix mix_of_shares(const std::array<double, 5>& shares) {
    return {.technology = shares[0],
            .data = shares[1],
            .talent = shares[2],
            .partnership = shares[3],
            .risk = shares[4]};
}

std::vector<double> shares_of_rows(const MixRows& rows) {
    std::vector<double> all;
    for (const InvestmentMix& row : rows)
        for (const double share : normalised(row)) all.push_back(share);
    return all;
}

MixRows rows_of_shares(const std::vector<double>& shares) {
    expects(!shares.empty() && shares.size() % advantages == 0, "a row of a mix has five shares");
    MixRows rows;
    for (std::size_t first = 0; first < shares.size(); first += advantages)
        rows.push_back(mix_of_shares(
            {shares[first], shares[first + 1], shares[first + 2], shares[first + 3], shares[first + 4]}));
    return rows;
}

WorldProblem::WorldProblem(const Scenario& scenario, MixQuestion question)
    : question_(std::move(question)),
      setup_(make_setup(scenario.world, scenario.interventions)),
      horizon_(scenario.run.horizon),
      seed_(static_cast<std::uint64_t>(scenario.run.seed)) {
    expects((question_.objective.of_company != nullptr) != (question_.objective.of_world != nullptr),
            "an objective is of companies or of the world");
    const auto& groups = setup_->parameters.startups;
    if (question_.group >= groups.size())
        throw std::invalid_argument("there is no such group of startups whose mix could be decided");
    for (std::uint32_t before = 0; before < question_.group; ++before)
        first_company_ += static_cast<std::uint32_t>(groups[before].count);
    const StartupGroupParameters& group = groups[question_.group];
    companies_ = static_cast<std::size_t>(group.count);
    if (companies_ == 0)
        throw std::invalid_argument("startups." + group.name + ": the group has no startups");
    if (question_.moves_mix && group.inside != Inside::five_advantages)
        throw std::invalid_argument("startups." + group.name
                                    + ": a mix is read where the group has 'inside: five_advantages'");
    expect_decidable();
}

void WorldProblem::expect_decidable() const {
    if (question_.who == WhoDecides::one && !question_.objective.of_company)
        throw std::invalid_argument(
            "'" + question_.objective.name
            + "' is of the whole world: one company's own objective is one of companies");
}

WorldProblem WorldProblem::decided_by(WhoDecides who) const {
    WorldProblem other = *this;
    other.question_.who = who;
    other.expect_decidable();
    return other;
}

MixRows WorldProblem::mix() const {
    return mix_rows_of(setup_->parameters, question_.group);
}

std::vector<std::string> WorldProblem::stages() const {
    return funding_stages(setup_->parameters);
}

}  // namespace venturi
