// What the rules tell a policy of draws that observes luck; for another one none of it does anything.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/luck.hpp"
#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace venturi {

/// Probability that an offer that arrives now is taken.
template <class Draws>
[[nodiscard]] double acquisition_probability(const World<Draws>& world, const Startup<Draws>& startup) {
    const double least = reserve_price(world, startup);
    if (least <= 0) return 1;
    const double fair = fair_value(world, startup);
    return fair > 0 ? probability_of_at_least(world.parameters.finance.exits.premium, least / fair) : 0.0;
}

/// What is known of a living startup at present.
template <class Draws>
[[nodiscard]] LuckState luck_state(const World<Draws>& world, const Startup<Draws>& startup) {
    return {
        .month = world.now(),
        .stage = static_cast<double>(startup.follow_on_rounds()),
        .quality = value_of(relative_quality(world, startup)),
        .traction = std::log1p(revenue(world, startup) / world.parameters.finance.raising.expected_revenue),
        .worth = fair_value(world, startup),
        .runway = startup.cash.runway(world.now()),
        .sale = acquisition_probability(world, startup)};
}

namespace detail {

/// Tells of a draw of a startup in its present state.
template <ObservesLuck Draws>
void tell_draw(World<Draws>& world, std::uint32_t index, LuckKind kind, double expected, double outcome) {
    world.draws.tell({.kind = kind,
                      .startup = index,
                      .month = world.now(),
                      .state = luck_state(world, world.startups[index]),
                      .expected = expected,
                      .outcome = outcome});
}

template <class Draws>
void settle_luck(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    const double passed = world.now() - startup.told.month;
    for (const auto& [kind, clock] :
         {std::pair{LuckKind::offer, &startup.offer}, std::pair{LuckKind::listing, &startup.listing},
          std::pair{LuckKind::shutdown, &startup.shutdown},
          std::pair{LuckKind::improvement, &startup.improvement}})
        if (const double expected = value_of(clock->rate()) * passed; expected > 0)
            world.draws.tell({.kind = kind,
                              .startup = index,
                              .month = world.now(),
                              .state = startup.told,
                              .expected = expected,
                              .outcome = 0});
    startup.told = luck_state(world, startup);
}

template <class Draws>
void tell_ring(World<Draws>& world, std::uint32_t index, LuckKind clock) {
    // As the startup was when its hazards were last told: the ring belongs to the time since then.
    const LuckState before = world.startups[index].told;
    detail::settle_luck(world, index);
    world.draws.tell({.kind = clock,
                      .startup = index,
                      .month = world.now(),
                      .state = before,
                      .expected = 0,
                      .outcome = 1});
}

template <class Draws>
void tell_acquisition(World<Draws>& world, std::uint32_t index, bool is_taken) {
    tell_draw(world, index, LuckKind::acquisition, acquisition_probability(world, world.startups[index]),
              is_taken ? 1.0 : 0.0);
}

template <class Draws>
void tell_raise(World<Draws>& world, std::uint32_t index, bool willing, double noise) {
    tell_draw(world, index, LuckKind::raise, value_of(raise_probability(world, world.startups[index])),
              willing ? 1.0 : 0.0);
    tell_draw(world, index, LuckKind::valuation, 0, noise);
}

template <class Draws>
void tell_incident(World<Draws>& world, std::uint32_t index, double probability, bool happens) {
    tell_draw(world, index, LuckKind::incident, probability, happens ? 1.0 : 0.0);
}

template <class Draws>
void integrate_hazards(const World<Draws>& world, const Startup<Draws>& startup, LuckSums& luck) {
    const double passed = world.now() - luck.month;
    // In the order of LuckSums::clocks.
    luck.hazards[0] += value_of(startup.offer.rate()) * passed;
    luck.hazards[1] += value_of(startup.listing.rate()) * passed;
    luck.hazards[2] += value_of(startup.shutdown.rate()) * passed;
    luck.month = world.now();
}

template <class Draws>
void settle_sums(World<Draws>& world, std::uint32_t index) {
    const Startup<Draws>& startup = world.startups[index];
    LuckSums& luck = world.luck[index];
    integrate_hazards(world, startup, luck);
    const auto stage = static_cast<double>(startup.follow_on_rounds());
    if (world.now() - luck.looked < LuckSums::months_between_looks && luck.stage == stage) return;
    luck.take_off_hazards();
    luck.weights = weights_of(luck_state(world, startup));
    luck.stage = stage;
    luck.looked = world.now();
}

template <class Draws>
void sum_ring(World<Draws>& world, std::uint32_t index, LuckKind clock) {
    LuckSums& luck = world.luck[index];
    integrate_hazards(world, world.startups[index], luck);
    // An improvement is none of the kinds.
    if (const auto* const kind = std::ranges::find(LuckSums::kinds, clock); kind != LuckSums::kinds.end())
        luck.add(static_cast<std::size_t>(kind - LuckSums::kinds.begin()), 1, luck.weights, luck.stage);
}

template <class Draws>
void sum_acquisition(World<Draws>& world, std::uint32_t index, bool is_taken) {
    const LuckState state = luck_state(world, world.startups[index]);
    world.luck[index].add(2, (is_taken ? 1.0 : 0.0) - state.sale, weights_of(state), state.stage);
}

template <class Draws>
void sum_raise(World<Draws>& world, std::uint32_t index, bool willing) {
    const Startup<Draws>& startup = world.startups[index];
    const LuckState state = luck_state(world, startup);
    world.luck[index].add(0, (willing ? 1.0 : 0.0) - value_of(raise_probability(world, startup)),
                          weights_of(state), state.stage);
}

}  // namespace detail

/// Tells what clocks have risked since they were last told of: to be called when a history has come to where
/// it is looked at. Changes nothing but what the observer knows.
template <class Draws>
void tell_luck_so_far(World<Draws>& world) {
    for (std::uint32_t index = 0; index < world.startups.size(); ++index)
        if (is_alive(world.startups[index].status)) settle_luck(world, index);
}

}  // namespace venturi
