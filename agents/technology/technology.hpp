// The technology of one startup: its model, what it is doing to better it, and how far it is behind the
// frontier.
#pragma once

#include "agents/technology/technology_parameters.hpp"
#include "sim/relaxation.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace venturi {

/// The cycle of technical work.
enum class TechnologyStage : std::uint8_t { evaluating, tuning, training, adopting };
inline constexpr std::array<std::string_view, 4> technology_stage_names = {"evaluating", "tuning", "training",
                                                                           "adopting"};

/// What a startup has too little of: whichever would lower the loss most if there were a quarter more of it.
enum class Bottleneck : std::uint8_t { compute, data, skill };
inline constexpr std::array<std::string_view, 3> bottleneck_names = {"compute", "data", "skill"};

/// A training run under way.
struct TrainingRun {
    double begun = 0;       ///< month
    double duration = 0;    ///< months
    double cost = 0;        ///< dollars of compute, spent evenly over the run
    double compute = 0;     ///< effective compute, in FLOP of month 0
    double tokens = 0;      ///< clean tokens that it has to learn from
    double data_money = 0;  ///< dollars a month that the bottleneck moves from compute to data
    double saved = 0;       ///< months whose compute money had been put aside for it
};

/// Losses are in nats a token.
struct Technology {
    TechnologyStage stage = TechnologyStage::evaluating;
    Bottleneck bottleneck = Bottleneck::compute;
    bool new_architecture = false;  ///< found, and to be adopted by the next tuning
    double base_loss = 0;           ///< of the pretrained model that runs go on from
    double base_tokens = 0;         ///< own clean tokens that the last run learned from
    double trained_loss = 0;        ///< that the last finished run reached
    double attained = 0;            ///< share of the attainable loss that it reached
    double trained_compute = 0;     ///< effective compute of all finished runs
    double deployed_loss = 0;       ///< of the model in the product
    double deployed_tokens = 0;     ///< own clean tokens that it has learned from
    double deployed_mistuning = 0;  ///< spread with which it was brought there
    double mistuning = 0;           ///< spread of ln(learning rate / best learning rate)
    Relaxation<double> lag;         ///< ln of the frontier's algorithmic efficiency over ours
    double research_pace = 0;       ///< own growth of ln(algorithmic efficiency), per month
    double feedback_seen = 0;       ///< feedback batches that have been used to optimise the model
    double optimisation = 0;  ///< ln of what that takes off the reducible loss, and is not in the model yet
    double optimised = 0;     ///< the same, in all
    double money_since = 0;   ///< month from which compute money has not been used
    TrainingRun run;
    std::uint32_t runs_finished = 0;
    std::uint32_t runs_failed = 0;
    std::uint32_t breakthroughs = 0;
};

/// ln(own reducible loss / the frontier's): 0 at the frontier, above it behind. By the scaling law it is
/// proportional to the logarithm of the compute by which the frontier is ahead.
[[nodiscard]] inline double gap_to_frontier(double loss, double frontier_loss, double irreducible) {
    return std::log((loss - irreducible) / (frontier_loss - irreducible));
}

/// Quality that a model adds to a product: range · tanh(slope (tolerated − gap) / range). Nothing at the gap
/// that customers tolerate, never more than the range either way.
[[nodiscard]] inline double quality_of_gap(double gap, double tolerated, double slope, double range) {
    return range * std::tanh(slope * (tolerated - gap) / range);
}

}  // namespace venturi
