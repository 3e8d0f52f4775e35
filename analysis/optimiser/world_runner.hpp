// One world, lived again and again with mixes that are tried, and what its companies came to.
#pragma once

#include "agents/luck.hpp"
#include "analysis/optimiser/world_problem.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace venturi {

/// The kinds of luck that an estimator takes off a company's value: its raises, offers, whether they are
/// taken, listings and shutdowns. Others explained nothing more where it was tried: valuations, improvements,
/// incidents.
inline constexpr std::array luck_of_controls = {LuckKind::raise, LuckKind::offer, LuckKind::acquisition,
                                                LuckKind::listing, LuckKind::shutdown};

/// How many sums of luck these are: each kind by each weight, over all stages, and but for listings by the
/// number of the stage.
inline constexpr std::size_t luck_controls =
    luck_of_controls.size() * luck_weights + luck_of_controls.size() - 1;

/// What a history came to.
struct WorldOutcome {
    std::vector<double> values;    ///< by company of the group, NaN where it was not founded; empty where the
                                   ///< objective is of the world
    std::vector<double> controls;  ///< shape: companies × luck_controls
    std::vector<std::int16_t> rounds;  ///< by company: how many after the seed; -1 where it was not founded
    double of_world = 0;               ///< where the objective is
    std::uint64_t events = 0;

    [[nodiscard]] std::span<const double> controls_of(std::size_t company) const {
        return {controls.data() + company * luck_controls, luck_controls};
    }

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.values);
        visit(self.controls);
        visit(self.rounds);
        visit(self.of_world);
        visit(self.events);
    }
};

/// Which companies of the group an objective is of in a trajectory: first, ..., end − 1.
struct DecidingCompanies {
    std::size_t first = 0;
    std::size_t end = 0;
};

/// All of them, or the one that decides.
[[nodiscard]] DecidingCompanies deciding_in(const WorldProblem& problem, std::uint64_t trajectory);

/// Adds to the number at each stage the companies that came to it.
void count_stages(const std::vector<std::int16_t>& rounds, const DecidingCompanies& deciding,
                  std::vector<std::uint64_t>& companies_at);

/// The objective of a history: that of its world, or the mean over those of the deciding companies that were
/// founded; NaN where there is none.
[[nodiscard]] double value_of(const WorldOutcome& outcome, const DecidingCompanies& deciding);

/// The rows of the mix of the company of that number in the group; they must outlive the run.
using MixOfCompany = std::function<std::span<const InvestmentMix>(std::size_t company)>;

/// Keeps the world's memory from history to history; one a thread.
class WorldRunner {
  public:
    explicit WorldRunner(const WorldProblem& problem);

    /// Lives a trajectory to the horizon; without `mix_of` companies keep the scenario's mix. Throws Stopped
    /// on a request, and what the world throws.
    void live(std::uint64_t seed, std::uint64_t trajectory, const MixOfCompany& mix_of,
              const StopRequest* stop, WorldOutcome& outcome);

    /// As the last trajectory has left it.
    [[nodiscard]] const LedgerWorld& world() const { return world_; }

  private:
    const WorldProblem* problem_;
    LedgerWorld world_;
};

}  // namespace venturi
