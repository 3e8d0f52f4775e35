// The loop by which a startup's advantages feed each other: sixteen things to look at, nineteen arrows
// between them.
#pragma once

#include "agents/startup/planning_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace venturi {

/// What stands on the loop.
enum class LoopNode : std::uint8_t {
    high_quality_data,
    pretrained_model,
    technology_innovation,
    application,
    marketing,
    customer_feedback,
    feedback_optimisation,
    model_training,
    training_optimisation,
    business_expansion,
    talent_development,
    innovation_culture,
    company_culture,
    brand_value,
    strategy,
    market_positioning
};
inline constexpr std::size_t loop_nodes = 16;
inline constexpr std::array<std::string_view, loop_nodes> loop_node_names = {"high-quality data",
                                                                             "pretrained model",
                                                                             "technology innovation",
                                                                             "application",
                                                                             "marketing",
                                                                             "customer feedback",
                                                                             "model optimisation on feedback",
                                                                             "model training",
                                                                             "optimisation of training",
                                                                             "business expansion",
                                                                             "talent development",
                                                                             "innovation culture",
                                                                             "company culture",
                                                                             "brand value",
                                                                             "strategy",
                                                                             "market positioning"};

/// A cause and its effect.
struct LoopArrow {
    LoopNode tail;
    LoopNode head;
};
inline constexpr std::array<LoopArrow, 19> loop_arrows = {{
    {LoopNode::high_quality_data, LoopNode::pretrained_model},
    {LoopNode::pretrained_model, LoopNode::technology_innovation},
    {LoopNode::technology_innovation, LoopNode::application},
    {LoopNode::application, LoopNode::marketing},
    {LoopNode::marketing, LoopNode::customer_feedback},
    {LoopNode::customer_feedback, LoopNode::feedback_optimisation},
    {LoopNode::feedback_optimisation, LoopNode::pretrained_model},
    {LoopNode::pretrained_model, LoopNode::model_training},
    {LoopNode::model_training, LoopNode::training_optimisation},
    {LoopNode::training_optimisation, LoopNode::application},
    {LoopNode::application, LoopNode::business_expansion},
    {LoopNode::business_expansion, LoopNode::talent_development},
    {LoopNode::talent_development, LoopNode::technology_innovation},
    {LoopNode::technology_innovation, LoopNode::innovation_culture},
    {LoopNode::innovation_culture, LoopNode::company_culture},
    {LoopNode::company_culture, LoopNode::brand_value},
    {LoopNode::brand_value, LoopNode::strategy},
    {LoopNode::strategy, LoopNode::market_positioning},
    {LoopNode::market_positioning, LoopNode::marketing},
}};

/// What a node measures, and in which unit.
inline constexpr std::array<std::string_view, loop_nodes> loop_node_units = {
    "ln of fresh, clean tokens",
    "minus its gap to the frontier in the application",
    "ln of algorithmic efficiency over the frontier's",
    "quality relative to the standard",
    "ln of the reach of marketing and sales",
    "batches of feedback that have become data",
    "ln of what feedback has taken off the loss",
    "minus the last run's gap to the frontier in the application",
    "minus the spread of ln(learning rate / best)",
    "ln of 1 + accounts",
    "ln of 1 + work of the staff",
    "intensity of technology culture",
    "intensity of company culture",
    "value of the brand",
    "clarity of strategy",
    "fit of the offer to the market"};

/// The value of a node for a living startup that is modelled inside.
template <class Draws>
[[nodiscard]] double observe(const World<Draws>& world, std::uint32_t index, LoopNode node) {
    const Startup<Draws>& startup = world.startups[index];
    const Organisation<Draws>& inside = world.inside(startup);
    const double now = world.now();
    switch (node) {
        case LoopNode::high_quality_data:
            return std::log(std::max(fresh_tokens(world, inside), 1.0));
        case LoopNode::pretrained_model:
            return -gap_in_application(world, startup, inside.technology.base_loss,
                                       inside.technology.base_tokens);
        case LoopNode::technology_innovation:
            return -inside.technology.lag.at(now);
        case LoopNode::application:
            return value_of(relative_quality(world, startup));
        case LoopNode::marketing:
            return std::log(reach(world, startup));
        case LoopNode::customer_feedback:
            return inside.feedback_stocked;
        case LoopNode::feedback_optimisation:
            return inside.technology.optimised;
        case LoopNode::model_training:
            return -gap_in_application(world, startup, inside.technology.trained_loss,
                                       inside.technology.base_tokens);
        case LoopNode::training_optimisation:
            return -inside.technology.mistuning;
        case LoopNode::business_expansion:
            return std::log1p(startup.customers.accounts());
        case LoopNode::talent_development: {
            double work = 0;
            for (std::size_t role = 0; role < roles; ++role)
                work += inside.workforce.work(world.parameters.talent.career, static_cast<Role>(role));
            return std::log1p(work);
        }
        case LoopNode::innovation_culture:
            return value_of(inside.culture.intensity(Advantage::technology, now));
        case LoopNode::company_culture:
            return inside.culture.company.at(now);
        case LoopNode::brand_value:
            return inside.standing.brand;
        case LoopNode::strategy:
            return inside.standing.strategy;
        case LoopNode::market_positioning:
            return inside.standing.positioning;
    }
    return 0;
}

/// How far a push moves each node, in its unit, where its bounds allow it.
inline constexpr std::array<double, loop_nodes> loop_pushes = {0.5, 0.2, 0.3, 0.3,  0.3,  5,    0.1,  0.2,
                                                               0.2, 0.3, 0.1, 0.15, 0.15, 0.15, 0.15, 0.15};

/// Moves one node of a startup now, and nothing else but what follows from it: an intervention on the state.
template <class Draws>
void push(World<Draws>& world, std::uint32_t index, LoopNode node) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    const double now = world.now();
    const double by = loop_pushes[static_cast<std::size_t>(node)];
    const auto raise = [&](double& share) { share = std::min(share + by, 1.0); };
    switch (node) {
        case LoopNode::high_quality_data: {
            const DataStock& stock = inside.data.stock();
            inside.data.endow(stock.tokens * std::expm1(by), 1, now);
            break;
        }
        case LoopNode::pretrained_model:
            inside.technology.base_loss = reduced(world, inside.technology.base_loss, by);
            break;
        case LoopNode::technology_innovation:
            inside.technology.lag.jump(now, inside.technology.lag.at(now) - by);
            break;
        case LoopNode::application:
            inside.features = inside.features + by;
            break;
        case LoopNode::marketing:
            inside.standing.reach *= std::exp(by);
            break;
        case LoopNode::customer_feedback:
            inside.feedback_stocked += by;
            break;
        case LoopNode::feedback_optimisation:
            inside.technology.optimisation += by;
            inside.technology.optimised += by;
            break;
        case LoopNode::model_training:
            inside.technology.trained_loss = reduced(world, inside.technology.trained_loss, by);
            break;
        case LoopNode::training_optimisation:
            inside.technology.mistuning = std::max(inside.technology.mistuning - by, 0.0);
            break;
        case LoopNode::business_expansion: {
            if (startup.status != Status::selling) break;
            const auto more =
                static_cast<std::uint32_t>(std::ceil((1.0 + startup.customers.accounts()) * std::expm1(by)));
            Segment<Draws>& segment = world.segments[startup.segment];
            const std::uint32_t moved = std::min(more, segment.rivals.accounts());
            segment.rivals.lose(world.draws, now, moved);
            startup.customers.join(world.draws, now, moved);
            break;
        }
        case LoopNode::talent_development:
            for (double& skill : inside.workforce.skill) skill *= std::exp(by);
            update_work(world, index);
            break;
        case LoopNode::innovation_culture:
            inside.culture.jump(Advantage::technology, now, by);
            break;
        case LoopNode::company_culture:
            inside.culture.company.jump(now, std::min(inside.culture.company.at(now) + by, 1.0));
            break;
        case LoopNode::brand_value:
            raise(inside.standing.brand);
            break;
        case LoopNode::strategy:
            raise(inside.standing.strategy);
            break;
        case LoopNode::market_positioning:
            raise(inside.standing.positioning);
            break;
    }
    update_startup(world, index);
}

}  // namespace venturi
