// What a world does: the members of World, and with them every rule.
//
// Worlds of PlainDraws are compiled into the library. Whoever wants another policy compiles it in one file of
// their own:
//
//     #include "agents/world_rules.hpp"
//     template class venturi::World<venturi::InversionDraws>;
#pragma once

#include "agents/beginning.hpp"
#include "agents/environment/environment_events.hpp"
#include "agents/finance/finance_events.hpp"
#include "agents/finance/luck_events.hpp"
#include "agents/market/market_events.hpp"
#include "agents/measure_table.hpp"
#include "agents/partnership/partner_events.hpp"
#include "agents/risk/risk_events.hpp"
#include "agents/startup/life_events.hpp"
#include "agents/startup/planning_events.hpp"
#include "agents/talent/talent_events.hpp"
#include "agents/world.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace venturi {

template <DrawPolicy Draws>
World<Draws>::World(std::shared_ptr<const WorldSetup> setup) : setup_(std::move(setup)) {
    reset(Draws{});
}

template <DrawPolicy Draws>
void World<Draws>::reset(const Draws& with) {
    parameters = setup_->parameters;
    draws = with;
    calendar.clear();
    graph.clear();
    compute_price = 1;
    wages = 1;
    frontier = 0;
    frontier_scale = 1;
    tallies = {};
    group_tallies.assign(parameters.startups.size(), {});
    notices.clear();
    watch_.restart(setup_->most_events);
    place_environment(*this);
    place_segments(*this);
    place_startups(*this);
    luck.assign(sums_luck_ ? startups.size() : 0, {});
    place_investors(*this);
    place_insurers(*this);
    place_risks(*this);
    place_pools(*this);
    place_partners(*this);
    begin_environment(*this);
    begin_segments(*this);
    begin_pools(*this);
    begin_partners(*this);
    begin_agents(*this);
    awaits_.assign(setup_->interventions.size(), 0);
    intervention_timers_.assign(setup_->interventions.size(), {});
    conditions_left_ = 0;
    in_force_.clear();
    overridden_.clear();
    for (std::uint32_t i = 0; i < setup_->interventions.size(); ++i) await_intervention(i);
}

template <DrawPolicy Draws>
void World<Draws>::sum_luck_so_far() {
    for (std::uint32_t index = 0; index < luck.size(); ++index) {
        if (is_alive(startups[index].status)) detail::integrate_hazards(*this, startups[index], luck[index]);
        luck[index].take_off_hazards();
    }
    settle_climate_luck(*this);
}

template <DrawPolicy Draws>
void World<Draws>::await_intervention(std::uint32_t number) {
    if (const std::optional<double>& at = setup_->interventions[number].at) {
        intervention_timers_[number] =
            calendar.schedule(std::max(*at, now()), {Happening::intervention, number}, Priority::first);
    } else {
        awaits_[number] = 1;
        ++conditions_left_;
    }
}

template <DrawPolicy Draws>
void World<Draws>::change_course(std::shared_ptr<const WorldSetup> setup,
                                 std::span<const std::uint32_t> without) {
    const auto before = static_cast<std::uint32_t>(setup_->interventions.size());
    expects(setup->interventions.size() >= before, "a new course has the interventions that there were");
    setup_ = std::move(setup);
    awaits_.resize(setup_->interventions.size(), 0);
    intervention_timers_.resize(setup_->interventions.size());
    // What begins now begins before what is over ends, so that one that takes another's place leaves no gap.
    for (std::uint32_t i = before; i < setup_->interventions.size(); ++i) {
        const std::optional<double>& at = setup_->interventions[i].at;
        if (at && *at <= now())
            begin(i);
        else
            await_intervention(i);
    }
    for (const std::uint32_t over : without) {
        calendar.cancel(intervention_timers_.at(over));
        if (awaits_[over] != 0) {
            awaits_[over] = 0;
            --conditions_left_;
        }
        if (std::ranges::find(in_force_, over) != in_force_.end()) pass(over);
    }
    if (conditions_left_ > 0) look_at_conditions();
}

template <DrawPolicy Draws>
void World<Draws>::set_timer(EventHandle& handle, double time, Event event) {
    if (time < std::numeric_limits<double>::infinity()) {
        if (!calendar.reschedule(handle, time)) handle = calendar.schedule(time, event);
    } else {
        calendar.cancel(handle);
    }
}

template <DrawPolicy Draws>
double World<Draws>::revenue_of(const Startup<Draws>& startup) const {
    return revenue(*this, startup);
}

template <DrawPolicy Draws>
double World<Draws>::measure(Measure measure, const std::optional<std::uint32_t>& group) const {
    return MeasureTable<Draws>::all()[measure.place].read(*this, group);
}

template <DrawPolicy Draws>
void World<Draws>::run_until(double month) {
    calendar.run_until(month, [this](const auto& delivery) { handle(delivery.event); });
}

template <DrawPolicy Draws>
bool World<Draws>::step(double month) {
    if (!(calendar.next_time() <= month)) return false;
    handle(calendar.step()->event);
    return true;
}

template <DrawPolicy Draws>
void World<Draws>::handle(const Event& event) {
    watch_.count(event, now());
    deliver(event);
    if (conditions_left_ > 0) look_at_conditions();
}

template <DrawPolicy Draws>
void World<Draws>::deliver(const Event& event) {
    switch (event.what) {
        case Happening::climate_changes:
            return climate_changes(*this);
        case Happening::compute_price_falls:
            return compute_price_falls(*this);
        case Happening::wages_rise:
            return wages_rise(*this);
        case Happening::frontier_advances:
            return frontier_advances(*this);
        case Happening::account_adopts:
            return account_adopts(*this, event.who);
        case Happening::rivals_lose_account:
            return rivals_lose_account(*this, event.who);
        case Happening::sale_closes:
            return sale_closes(*this, event.who, event.index);
        case Happening::is_founded:
            return is_founded(*this, event.who);
        case Happening::launches:
            return launches(*this, event.who);
        case Happening::account_looks_around:
            return account_looks_around(*this, event.who);
        case Happening::improves:
            return improves(*this, event.who);
        case Happening::begins_raising:
            return begins_raising(*this, event.who);
        case Happening::raise_closes:
            return raise_closes(*this, event.who);
        case Happening::offer_arrives:
            return offer_arrives(*this, event.who);
        case Happening::lists:
            return lists(*this, event.who);
        case Happening::shuts_down:
            return shuts_down(*this, event.who);
        case Happening::plans:
            return plans(*this, event.who);
        case Happening::technology_moves_on:
            return technology_moves_on(*this, event.who);
        case Happening::run_fails:
            return run_fails(*this, event.who);
        case Happening::breaks_through:
            return breaks_through(*this, event.who);
        case Happening::batch_arrives:
            return batch_arrives(*this, event.who);
        case Happening::data_station:
            return data_station(*this, event);
        case Happening::risk_stirs:
            return risk_stirs(*this, event.who);
        case Happening::repair_station:
            return repair_station(*this, event);
        case Happening::candidate_applies:
            return candidate_applies(*this, event.who);
        case Happening::hiring_station:
            return hiring_station(*this, event);
        case Happening::someone_leaves:
            return someone_leaves(*this, event.who);
        case Happening::staff_reviewed:
            return staff_reviewed(*this, event.who);
        case Happening::runs_out_of_cash:
            return runs_out_of_cash(*this, event.who);
        case Happening::looks_for_work:
            return looks_for_work(*this, event.who);
        case Happening::gives_up_looking:
            return gives_up_looking(*this, event.who);
        case Happening::closes_fund:
            return closes_fund(*this, event.who);
        case Happening::meets_someone:
            return meets_someone(*this, event.who);
        case Happening::tie_may_end:
            return tie_may_end(*this, event.who);
        case Happening::proposes_project:
            return proposes_project(*this, event.who);
        case Happening::project_moves_on:
            return project_moves_on(*this, event.who);
        case Happening::partner_turns:
            return partner_turns(*this, event.who);
        case Happening::partner_staff_moves:
            return partner_staff_moves(*this, event.who);
        case Happening::intervention:
            return event.stage == 0 ? begin(event.who) : pass(event.who);
    }
}

template <DrawPolicy Draws>
void World<Draws>::look_at_conditions() {
    for (std::uint32_t i = 0; i < awaits_.size(); ++i) {
        if (awaits_[i] == 0) continue;
        const Condition& condition = *setup_->interventions[i].when;
        const double value = measure(condition.measure, condition.group);
        if (condition.crossing == Crossing::above ? !(value > condition.level) : !(value < condition.level))
            continue;
        awaits_[i] = 0;
        --conditions_left_;
        intervention_timers_[i] = calendar.schedule(now(), {Happening::intervention, i}, Priority::first);
    }
}

template <DrawPolicy Draws>
void World<Draws>::begin(std::uint32_t number) {
    const Intervention& intervention = setup_->interventions[number];
    in_force_.push_back(number);
    for (const Setting& setting : intervention.settings) {
        if (std::ranges::find(overridden_, setting.parameter, &Overridden::parameter) == overridden_.end())
            overridden_.push_back({setting.parameter, parameter_value(parameters, setting.parameter)});
        SetByIndex set(setting.parameter, setting.value);
        describe(parameters, set);
    }
    // After all that begins at the same instant, so that what follows on it leaves no gap.
    if (intervention.lasts)
        intervention_timers_[number] = calendar.schedule(
            now() + *intervention.lasts, {Happening::intervention, number, 0, /*stage=*/1}, Priority{1});
    tell(Notice::Kind::intervention, 0, number, 0);
    hold_climate();
    if (!intervention.settings.empty()) refresh();
}

template <DrawPolicy Draws>
void World<Draws>::pass(std::uint32_t number) {
    std::erase(in_force_, number);
    const std::vector<Setting>& settings = setup_->interventions[number].settings;
    for (const Setting& gone : settings) {
        const auto sets_it = [&gone](const Setting& setting) { return setting.parameter == gone.parameter; };
        const Setting* still = nullptr;
        for (const std::uint32_t other : in_force_)
            for (const Setting& setting : setup_->interventions[other].settings)
                if (sets_it(setting)) still = &setting;
        if (still != nullptr) {
            SetByIndex set(still->parameter, still->value);
            describe(parameters, set);
            continue;
        }
        const auto before = std::ranges::find(overridden_, gone.parameter, &Overridden::parameter);
        if (before == overridden_.end()) continue;  // set twice in one intervention
        set_parameter_value(parameters, gone.parameter, before->before);
        overridden_.erase(before);
    }
    tell(Notice::Kind::intervention, 0, number, 1);
    hold_climate();
    if (!settings.empty()) refresh();
}

template <DrawPolicy Draws>
void World<Draws>::hold_climate() {
    held_climate.reset();
    for (const std::uint32_t number : in_force_)
        if (const auto& climate_held = setup_->interventions[number].climate) held_climate = climate_held;
    show_climate(*this);
}

template <DrawPolicy Draws>
void World<Draws>::set_parameter(const Setting& setting) {
    SetByIndex set(setting.parameter, setting.value);
    describe(parameters, set);
    refresh();
}

template <DrawPolicy Draws>
void World<Draws>::refresh() {
    const EnvironmentParameters& environment = parameters.environment;
    settle_climate_luck(*this);
    update_environment_clock(*this, climate_clock, Happening::climate_changes,
                             exit_rate(environment.climate, own_climate));
    update_environment_clock(*this, compute_price_clock, Happening::compute_price_falls,
                             environment.compute_price_cuts);
    update_environment_clock(*this, frontier_clock, Happening::frontier_advances,
                             environment.frontier_advances);
    for (std::uint32_t i = 0; i < segments.size(); ++i) {
        const SegmentParameters& segment = parameters.market.segments[i];
        segments[i].adoption =
            segments[i].adoption.changed(segment.size, segment.innovation, segment.imitation, now());
        schedule_adoption(*this, i);
    }
    for (std::uint32_t i = 0; i < investors.size(); ++i) {
        investors[i].next_fund.set_rate(draws, now(), parameters.investors[investors[i].group].new_fund);
        set_timer(investors[i].closing, investors[i].next_fund.rings_at(), {Happening::closes_fund, i});
    }
    for (TalentPool<Draws>& pool : pools) {
        pool.entry.set_rate(draws, now(), Scalar(parameters.talent.of(pool.role).entry * pool.usual));
        schedule_pool_entry(*this, pool);
        schedule_pool_exit(*this, pool);
    }
    update_everyone(*this);
    // Clocks whose rates are as they were have been watched up to now too: a score must hear of it.
    for (Organisation<Draws>& inside : organisations)
        for (HazardClock<Draws>* clock : {&inside.run_failure, &inside.application, &inside.batch})
            clock->set_rate(draws, now(), clock->rate());
    for (Organisation<Draws>& inside : organisations)
        if (is_alive(startups[inside.startup].status)) update_risk_rates(*this, inside);
    update_network_rates(*this);
}

extern template class World<PlainDraws>;
extern template class World<LedgerDraws>;

}  // namespace venturi
