// A scenario as a question about the investment mix of one of its groups of startups.
//
//     const WorldProblem problem(scenario, {.group = 0, .objective = log_proceeds_objective()});
//     const MixRows start = problem.mix();                           // what the scenario says
//     const WorldGradient gradient = estimate(problem, start, {.trajectories = 32});
//     const WorldEvaluation fresh = evaluate(problem, {{start}, {better}}, {.trajectories = 400, .seed = 7});
//     fresh.gains[1].mean, fresh.gains[1].interval                   // of `better` over `start`
#pragma once

#include "agents/startup/startup_parameters.hpp"
#include "agents/world.hpp"
#include "analysis/optimiser/world_objective.hpp"
#include "scenarios/scenario.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace venturi {

/// A mix: row s is for funding stage s, the seed first, and the last one for all stages from there on, so
/// that one row is a constant mix. Shares are at least 0, not all of a row are 0, and need not sum to 1.
using MixRows = std::vector<InvestmentMix>;

/// Shares that sum to 1. Throws ContractViolation where all are 0.
[[nodiscard]] std::array<double, 5> normalised(const InvestmentMix& mix);
[[nodiscard]] InvestmentMix mix_of_shares(const std::array<double, 5>& shares);

/// Rows × 5 shares, each row normalised, in the order technology, data, talent, partnership, risk; and back.
[[nodiscard]] std::vector<double> shares_of_rows(const MixRows& rows);
[[nodiscard]] MixRows rows_of_shares(const std::vector<double>& shares);

/// Who spends by the mix that is tried.
enum class WhoDecides : std::uint8_t {
    everyone,  ///< all companies of the group; the objective is of all of them
    one,       ///< one company of the group, the others keep theirs; the objective is of that company alone
};

struct MixQuestion {
    std::uint32_t group = 0;  ///< of startups, by its place
    WorldObjective objective = log_proceeds_objective();
    WhoDecides who = WhoDecides::everyone;
    bool moves_mix = true;  ///< where it doesn't, the group need not have an inside
};

/// The world is made once and shared by all threads. An intervention that sets the mix of the group is
/// without effect on companies that try one.
class WorldProblem {
  public:
    /// Horizon and seed are the scenario's. Throws std::invalid_argument, with a message for the user, as
    /// make_setup does, where there is no such group, its companies have no inside or there are none, and
    /// where `one` company's objective is one of the whole world.
    WorldProblem(const Scenario& scenario, MixQuestion question);

    /// The same with another who decides, in the same world. Throws as the constructor does.
    [[nodiscard]] WorldProblem decided_by(WhoDecides who) const;

    [[nodiscard]] const MixQuestion& question() const { return question_; }
    [[nodiscard]] const std::shared_ptr<const WorldSetup>& setup() const { return setup_; }
    [[nodiscard]] double horizon() const { return horizon_; }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    /// The mix that the scenario gives the group: one row, or one for each stage.
    [[nodiscard]] MixRows mix() const;
    /// `seed` and the names of the rounds: the stages that rows may be for.
    [[nodiscard]] std::vector<std::string> stages() const;
    /// Companies of the group.
    [[nodiscard]] std::size_t companies() const { return companies_; }
    /// The number in the world of the group's first.
    [[nodiscard]] std::uint32_t first_company() const { return first_company_; }

  private:
    void expect_decidable() const;

    MixQuestion question_;
    std::shared_ptr<const WorldSetup> setup_;
    double horizon_;
    std::uint64_t seed_;
    std::size_t companies_ = 0;
    std::uint32_t first_company_ = 0;
};

}  // namespace venturi
