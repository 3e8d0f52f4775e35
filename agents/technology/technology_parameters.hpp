// Technology: training runs, research, and the frontier that they are held against.
#pragma once

#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace venturi {

/// Whose fit of the scaling law holds.
enum class ScalingLawFit : std::uint8_t { besiroglu_2024, hoffmann_2022 };
inline constexpr std::array<std::string_view, 2> scaling_law_fit_names = {"besiroglu_2024", "hoffmann_2022"};

/// The best models of the world outside.
struct ModelFrontierParameters {
    double compute = 1e24;
    double growth = 1.6;
    double efficiency_doubling = 8.4;
};

template <class Visitor>
void describe(ModelFrontierParameters& frontier, Visitor& visit) {
    visit.number(frontier.compute, {.name = "compute",
                                    .legal = above(0),
                                    .plausible = {1e22, 1e26},
                                    .meaning = "effective compute of the frontier model at month 0, FLOP",
                                    .takes = Takes::effect_at_start_only});
    visit.number(
        frontier.growth,
        {.name = "growth",
         .legal = at_least(1),
         .plausible = {1, 4},
         .meaning = "factor on the frontier's effective compute at each of its advances",
         .source = "assumed; Cottier et al. 2024 have spending on frontier models grow 2.4 times a year, "
                   "which at two advances a year is 1.55 times an advance"});
    visit.number(
        frontier.efficiency_doubling,
        {.name = "efficiency_doubling",
         .dimension = Dimension::duration,
         .legal = above(0),
         .plausible = {4.5, 14.3},
         .meaning = "time in which algorithms outside halve the compute that a loss takes",
         .source = "Ho et al. 2024, Algorithmic progress in language models, arXiv:2403.05812: 8.4 months, "
                   "95% from 4.5 to 14.3"});
}

/// Inside a training run: the noisy quadratic model of an optimiser.
struct OptimiserParameters {
    double iterations = 10000;
    double batch = 64;
    double gradient_noise = 150;
    double conditioning = 2;
    double noise_by_junk = 8;
    double momentum = 0.9;
    double mistuning = 1.2;
    double mistuning_floor = 0.15;
    double tuning_gain = 0.5;
    double tuning_by_runs = 2;
};

template <class Visitor>
void describe(OptimiserParameters& optimiser, Visitor& visit) {
    visit.number(optimiser.iterations, {.name = "iterations",
                                        .legal = between(1, 1e9),
                                        .plausible = {1000, 100000},
                                        .meaning = "updates of a training run",
                                        .source = "10,000 in the worked case of the source article",
                                        .takes = Takes::effect_at_start_only});
    visit.number(optimiser.batch, {.name = "batch",
                                   .legal = at_least(1),
                                   .plausible = {8, 1024},
                                   .meaning = "examples in a batch, which divides the gradient's noise",
                                   .takes = Takes::effect_at_start_only});
    visit.number(optimiser.gradient_noise,
                 {.name = "gradient_noise",
                  .legal = at_least(0),
                  .plausible = {10, 1000},
                  .meaning = "variance of the gradient of one clean example, in units of "
                             "the curvature of each direction"});
    visit.number(
        optimiser.conditioning,
        {.name = "conditioning",
         .legal = between(0, 4),
         .plausible = {1, 2.5},
         .meaning = "how uneven the curvature of the loss is: the i-th of 8 directions has i^-conditioning",
         .takes = Takes::effect_at_start_only});
    visit.number(
        optimiser.noise_by_junk,
        {.name = "noise_by_junk",
         .legal = at_least(0),
         .plausible = {0, 30},
         .meaning = "factor by which data that are all junk would raise the gradient's noise, less 1"});
    visit.number(optimiser.momentum, {.name = "momentum",
                                      .legal = {.low = 0, .high = 1, .high_open = true},
                                      .plausible = {0, 0.95},
                                      .meaning = "momentum of the optimiser",
                                      .takes = Takes::effect_at_start_only});
    visit.number(optimiser.mistuning,
                 {.name = "mistuning",
                  .legal = between(0, 10),
                  .plausible = {0.3, 2},
                  .meaning = "spread of ln(learning rate / best learning rate) for a new architecture"});
    visit.number(optimiser.mistuning_floor, {.name = "mistuning_floor",
                                             .legal = between(0, 10),
                                             .plausible = {0, 0.5},
                                             .meaning = "what tuning can bring that spread down to"});
    visit.number(
        optimiser.tuning_gain,
        {.name = "tuning_gain",
         .legal = between(0, 20),
         .plausible = {0.1, 2},
         .meaning = "what a tuning takes off the excess of that spread: a factor e^-(gain · skill)"});
    visit.number(
        optimiser.tuning_by_runs,
        {.name = "tuning_by_runs",
         .legal = between(0, 50),
         .plausible = {0, 5},
         .meaning = "what a run that went well adds to the next tuning, for each unit by which its loss is "
                    "ahead of the product's, ln of the ratio of reducible losses: it shows which settings "
                    "work"});
}

/// How a startup does research and trains models.
struct TechnologyParameters {
    ScalingLawFit law = ScalingLawFit::besiroglu_2024;
    ModelFrontierParameters frontier;
    OptimiserParameters optimiser;
    double flop_per_dollar = 4.98e17;
    double compute_share = 0.4;
    double researcher_share = 0.4;
    double tilt = 0.3;
    double open_gap = 0.7;
    Distribution evaluation = LogNormal{0.4, 0.4};
    Distribution tuning = LogNormal{0.8, 0.4};
    Distribution training = LogNormal{2, 0.4};
    Distribution adoption = LogNormal{0.5, 0.4};
    double run_failures = 0.05;
    double research = 0.03;
    double research_by_people = 0.5;
    double research_by_model = 0.3;
    double spillover = 0.035;
    double breakthroughs = 0.02;
    Distribution breakthrough_gain = LogNormal{0.5, 0.7};
    double feedback_gain = 0.05;
    double deployment_loss = 0.3;
    double quality_slope = 2;
    double quality_range = 1.5;
};

template <class Visitor>
void describe(TechnologyParameters& technology, Visitor& visit) {
    visit.choice(technology.law,
                 {.name = "law",
                  .meaning = "the fit of L = E + A/N^alpha + B/D^beta",
                  .source = "Hoffmann et al. 2022, arXiv:2203.15556, approach 3; Besiroglu et al. 2024, "
                            "arXiv:2404.10102",
                  .takes = Takes::effect_at_start_only},
                 std::span<const std::string_view>(scaling_law_fit_names));
    visit.group("frontier", "the best models of the world outside", technology.frontier);
    visit.group("optimiser", "inside a training run", technology.optimiser);
    visit.number(
        technology.flop_per_dollar,
        {.name = "flop_per_dollar",
         .legal = above(0),
         .plausible = {2e17, 1e18},
         .meaning = "training compute that a dollar buys at the price index of 1, FLOP",
         .source = "H100 at $2.89 an hour (RunPod list price, 2026-08-06), 989 TFLOP/s dense bfloat16, at "
                   "40% utilisation (assumed)"});
    visit.number(technology.compute_share,
                 {.name = "compute_share",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.1, 0.7},
                  .meaning = "part of the technology budget that buys compute; the rest "
                             "pays researchers and engineers"});
    visit.number(technology.researcher_share,
                 {.name = "researcher_share",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.1, 0.7},
                  .meaning = "part of the technology payroll for researchers; the rest is for engineers"});
    visit.number(technology.tilt,
                 {.name = "tilt",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 0.6},
                  .meaning = "part of the compute money that goes to data, or to tuning, where that is the "
                             "bottleneck"});
    visit.number(
        technology.open_gap,
        {.name = "open_gap",
         .legal = between(-2, 5),
         .plausible = {0.2, 1.2},
         .meaning = "gap of the best open model, from which a startup may begin at any evaluation: ln of its "
                    "reducible loss over the frontier's"});
    visit.distribution(technology.evaluation,
                       {.name = "evaluation",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "time to evaluate the model and find the bottleneck"});
    visit.distribution(technology.tuning, {.name = "tuning",
                                           .dimension = Dimension::duration,
                                           .legal = at_least(0),
                                           .meaning = "time to tune architecture and hyper-parameters"});
    visit.distribution(technology.training, {.name = "training",
                                             .dimension = Dimension::duration,
                                             .legal = above(0),
                                             .meaning = "time that a training run takes"});
    visit.distribution(technology.adoption, {.name = "adoption",
                                             .dimension = Dimension::duration,
                                             .legal = at_least(0),
                                             .meaning = "time to bring a new model into the product"});
    visit.number(technology.run_failures,
                 {.name = "run_failures",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.01, 0.3},
                  .meaning = "rate at which a training run fails; it falls with the skill "
                             "of engineers"});
    visit.number(
        technology.research,
        {.name = "research",
         .dimension = Dimension::rate,
         .legal = between(0, 10),
         .plausible = {0, 0.1},
         .meaning = "growth of ln(algorithmic efficiency) by the work of ten researchers of skill 1"});
    visit.number(technology.research_by_people,
                 {.name = "research_by_people",
                  .legal = between(0, 2),
                  .plausible = {0.2, 0.8},
                  .meaning = "elasticity of that growth in the number of researchers"});
    visit.number(technology.research_by_model,
                 {.name = "research_by_model",
                  .legal = between(0, 10),
                  .plausible = {0, 1},
                  .meaning = "what a model at the frontier adds to the pace of research, as a share of it"});
    visit.number(technology.spillover,
                 {.name = "spillover",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10),
                  .plausible = {0.02, 0.3},
                  .meaning = "pace at which efficiency follows that of the world outside"});
    visit.number(
        technology.breakthroughs,
        {.name = "breakthroughs",
         .dimension = Dimension::rate,
         .legal = between(0, 30),
         .plausible = {0.002, 0.1},
         .meaning = "rate of architecture breakthroughs with ten senior researchers and no culture; it "
                    "grows with the root of their number"});
    visit.distribution(
        technology.breakthrough_gain,
        {.name = "breakthrough_gain",
         .legal = at_least(0),
         .meaning = "gain of a breakthrough in ln(algorithmic efficiency)",
         .source = "assumed; the transformer was worth ln 7.2 = 2 (Ho et al. 2024, 95% 1.2 to 3.8)"});
    visit.number(
        technology.feedback_gain,
        {.name = "feedback_gain",
         .legal = between(0, 1),
         .plausible = {0, 0.15},
         .meaning = "share of the reducible loss that optimising on customers' feedback takes off, for each "
                    "e-fold of fresh feedback batches above one"});
    visit.number(
        technology.deployment_loss,
        {.name = "deployment_loss",
         .legal = between(0, 5),
         .plausible = {0, 1},
         .meaning = "gap that mistuning adds on the way into the product, for each unit of its spread"});
    visit.number(technology.quality_slope,
                 {.name = "quality_slope",
                  .legal = between(0, 20),
                  .plausible = {0.5, 3},
                  .meaning = "quality lost for each unit of gap, near the gap that customers tolerate"});
    visit.number(technology.quality_range,
                 {.name = "quality_range",
                  .legal = above(0),
                  .plausible = {0.5, 3},
                  .meaning = "most quality that a model can add to a product, or take from it"});
}

}  // namespace venturi
