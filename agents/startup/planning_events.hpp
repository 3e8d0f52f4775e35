// Planning: at regular meetings a company sets its budgets by the investment mix, and what follows from them.
#pragma once

#include "agents/culture/culture_events.hpp"
#include "agents/data/data_events.hpp"
#include "agents/market/standing.hpp"
#include "agents/partnership/partner_events.hpp"
#include "agents/risk/risk_events.hpp"
#include "agents/risk/risk_planning.hpp"
#include "agents/talent/talent_events.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi {

namespace detail {

// A share of the mix as the scalar of the world: where that is a dual number, it is a decision variable.
template <class Number>
[[nodiscard]] Number decision(double value, [[maybe_unused]] std::size_t index) {
    if constexpr (requires { Number::variable(value, index); }) {
        return index < Number::size ? Number::variable(value, index) : Number(value);
    } else {
        return value;
    }
}

}  // namespace detail

/// The mix as shares that sum to 1.
template <Scalar Number>
[[nodiscard]] std::array<Number, advantages> shares_of(const InvestmentMix& mix) {
    const auto given = mix.shares();
    std::array<Number, advantages> shares{};
    Number sum(0.0);
    for (std::size_t i = 0; i < advantages; ++i) {
        shares[i] = detail::decision<Number>(given[i], i);
        sum = sum + shares[i];
    }
    for (Number& share : shares) share = share / sum;
    return shares;
}

/// The mix by which a startup that is modelled inside spends at its present stage: its own where it was given
/// one, else its group's.
template <class Draws>
[[nodiscard]] const InvestmentMix& mix_of(const World<Draws>& world, const Startup<Draws>& startup) {
    const Organisation<Draws>& inside = world.inside(startup);
    const std::size_t stage = startup.follow_on_rounds();
    if (inside.own_stages > 0)
        return world.own_mixes[inside.own_mix + std::min<std::size_t>(stage, inside.own_stages - 1)];
    const StartupGroupParameters& group = world.parameters.startups[startup.group];
    if (group.mix_by_stage.empty()) return group.mix;
    const std::uint8_t row = world.setup().mix_row_of_stage[startup.group][stage];
    return row == 0 ? group.mix : group.mix_by_stage[row - 1U].mix;
}

/// What is to be spent in a month: the plan, and part of the gross profit; marketing's part first, the rest
/// by the mix.
template <class Draws>
void set_budgets(World<Draws>& world, std::uint32_t index) {
    using Scalar = typename Draws::Scalar;
    const Startup<Draws>& startup = world.startups[index];
    const StartupGroupParameters& group = world.parameters.startups[startup.group];
    Organisation<Draws>& inside = world.inside(startup);
    const double profit = revenue(world, startup) * market_of(world, startup).gross_margin;
    const double all = planned_spending(world, startup) + group.reinvestment * profit;
    inside.budgets.marketing = group.marketing_share * all;
    const auto shares = shares_of<Scalar>(mix_of(world, startup));
    for (std::size_t i = 0; i < advantages; ++i)
        inside.budgets.advantage[i] = shares[i] * (all - inside.budgets.marketing);

    const TechnologyParameters& technology = world.parameters.technology;
    const DataParameters& data = world.parameters.data;
    const TalentParameters& talent = world.parameters.talent;
    const double for_data = value_of(inside.budgets.of(Advantage::data));
    const double for_talent = value_of(inside.budgets.of(Advantage::talent));
    inside.compute_money = value_of(inside.budgets.of(Advantage::technology)) * technology.compute_share;
    inside.purchases = for_data * data.purchase_share;
    inside.tools = for_data * std::max(1 - data.people_share - data.purchase_share, 0.0);
    inside.recruiting = for_talent * talent.recruiter_share;
    inside.training = for_talent * talent.training_share;
    inside.precautions =
        value_of(inside.budgets.of(Advantage::risk)) * (1 - world.parameters.risk.management.insurance_share);
    inside.campaigns = inside.budgets.marketing * (1 - world.parameters.standing.business_share);
}

/// What the budgets have for the pay of each role, dollars per month. Pay above the market is not in it: that
/// comes from the talent budget.
template <class Draws>
[[nodiscard]] std::array<typename Draws::Scalar, roles> payroll_budgets(const World<Draws>& world,
                                                                        const Organisation<Draws>& inside) {
    using Scalar = typename Draws::Scalar;
    const TechnologyParameters& technology = world.parameters.technology;
    const Scalar technical = inside.budgets.of(Advantage::technology) * (1 - technology.compute_share);
    return {technical * technology.researcher_share, technical * (1 - technology.researcher_share),
            inside.budgets.of(Advantage::data) * world.parameters.data.people_share,
            Scalar(inside.budgets.marketing * world.parameters.standing.business_share)};
}

/// Staff that the budgets can pay and that is not there, and pay relative to the market.
template <class Draws>
void set_vacancies(World<Draws>& world, Organisation<Draws>& inside) {
    using Scalar = typename Draws::Scalar;
    for (std::size_t role = 0; role < roles; ++role)
        inside.market_pay[role] = world.parameters.talent.of(static_cast<Role>(role)).pay * world.wages
                                  * world.pools[role].scarcity(world.parameters.talent.scarcity);
    const std::array<Scalar, roles> money = payroll_budgets(world, inside);
    for (std::size_t role = 0; role < roles; ++role) {
        const double there =
            inside.workforce.pay_units(world.parameters.talent.career, static_cast<Role>(role));
        const Scalar missing = money[role] / inside.market_pay[role] - there;
        inside.vacancies[role] = value_of(missing) > 0 ? missing : Scalar(0.0);
    }
    Scalar base(0.0);
    for (std::size_t role = 0; role < roles; ++role)
        base = base
               + inside.market_pay[role]
                     * inside.workforce.pay_units(world.parameters.talent.career, static_cast<Role>(role));
    const TalentParameters& talent = world.parameters.talent;
    const double share = std::max(1 - talent.recruiter_share - talent.training_share, 0.0);
    const Scalar premium = inside.budgets.of(Advantage::talent) * share;
    const double least = world.parameters.talent.engineer.pay * world.wages;
    inside.pay_premium = 1.0 + premium / (value_of(base) > least ? base : Scalar(least));
}

/// Openings follow vacancies; where there are far too many people, some are laid off. Returns how many.
template <class Draws>
std::uint32_t set_openings(World<Draws>& world, Organisation<Draws>& inside) {
    const CareerParameters& career = world.parameters.talent.career;
    const auto money = payroll_budgets(world, inside);
    std::uint32_t laid_off = 0;
    for (std::size_t i = 0; i < roles; ++i) {
        const auto role = static_cast<Role>(i);
        const auto wanted = static_cast<std::uint32_t>(std::lround(value_of(inside.vacancies[i])));
        const std::uint32_t open = inside.hiring.openings(role);
        if (wanted > open)
            inside.hiring.post(role, wanted - open);
        else
            inside.hiring.withdraw(role, open - wanted);
        const double too_many = inside.workforce.pay_units(career, role)
                                - (1 + career.layoff_margin) * value_of(money[i]) / inside.market_pay[i];
        if (too_many > 1) {
            const std::uint32_t before = inside.workforce.productive_of(role);
            lay_off(world, inside, role, static_cast<std::uint32_t>(too_many));
            laid_off += before - inside.workforce.productive_of(role);
        }
    }
    return laid_off;
}

/// Training since the last planning brings everyone nearer to the best skill.
template <class Draws>
void train(World<Draws>& world, Organisation<Draws>& inside, double months) {
    const CareerParameters& career = world.parameters.talent.career;
    const double per_head = inside.training / std::max<double>(inside.workforce.headcount(), 1);
    const double pace = career.training_gain * per_head / (per_head + career.training_scale);
    for (double& skill : inside.workforce.skill)
        skill = career.best_skill + (skill - career.best_skill) * std::exp(-pace * months);
}

/// Brand, strategy and positioning move on, and with them the reach of marketing and sales.
template <class Draws>
void update_standing(World<Draws>& world, std::uint32_t index, double months) {
    const Startup<Draws>& startup = world.startups[index];
    const StandingParameters& parameters = world.parameters.standing;
    Organisation<Draws>& inside = world.inside(startup);
    inside.standing = moved(inside.standing, parameters, months, inside.culture.company.at(world.now()),
                            startup.customers.accounts());
    const double sold =
        working(world, inside, Role::business) * world.parameters.talent.of(Role::business).pay * world.wages
        + inside.campaigns;
    const double product = 1 / (1 + std::exp(-value_of(relative_quality(world, startup))));
    const double reaches = sold / (parameters.reach_unit * startup.typical_burn * world.wages)
                           * (1 + parameters.reach_by_positioning * inside.standing.positioning)
                           * (1 + parameters.reach_by_product * product) * (1 + inside.flows.reach);
    // What was sown before is reaped for a while yet.
    inside.standing.reach =
        reaches + (inside.standing.reach - reaches) * std::exp(-parameters.reach_pace * months);
}

/// What follows where the work of people has changed: research, and the improvement of the product.
template <class Draws>
void update_work(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    update_research(world, world.inside(startup));
    update_clock(world, index, startup.improvement, Timer::improvement, Happening::improves,
                 improvement_hazard(world, startup));
}

template <class Draws>
void settle_inside(World<Draws>& world, std::uint32_t index) {
    update_payroll(world, world.inside(world.startups[index]));
    update_capacity(world, world.inside(world.startups[index]));
    update_quality(world, index);
}

template <class Draws>
void update_inside(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    update_applications(world, inside);
    update_batches(world, inside);
    update_culture_clocks(world, inside);
}

template <class Draws>
void plans(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    const double now = world.now();
    const double months = now - inside.planned;
    inside.planned = now;
    train(world, inside, months);
    inside.working_time =
        inside.culture.working_time(world.parameters.culture.coordination, inside.workforce.headcount(), now)
        / (1 + attention_of_controls(world, inside));
    update_standing(world, index, months);
    set_budgets(world, index);
    review_partners(world, startup.organisation, months);
    set_vacancies(world, inside);
    const std::uint32_t laid_off = set_openings(world, inside);
    update_research(world, inside);
    update_culture_drift(world, inside);
    update_capacity(world, inside);
    plan_risk(world, index);
    inside.hiring.fill(hiring_desk(world, inside, HiringStage::screening), HiringStage::screening);
    inside.hiring.fill(hiring_desk(world, inside, HiringStage::interview), HiringStage::interview);
    inside.data.fill(data_desk(world, inside), DataStage::cleaning);
    set_inside_timer(world, inside, InsideTimer::planning, Happening::plans,
                     now + world.parameters.standing.planning_interval);
    world.tell(Notice::Kind::planned, index, inside.workforce.headcount(), outlay(inside));
    if (laid_off > 0) world.tell(Notice::Kind::laid_off, index, laid_off, 0);
    update_startup(world, index);
}

/// The inside of a startup at its founding.
template <class Draws>
void found_inside(World<Draws>& world, std::uint32_t index) {
    Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    const double now = world.now();
    inside.features = startup.quality;
    inside.planned = now;
    inside.staff.since = now;
    inside.hiring = HiringPipeline(startup.address, static_cast<std::uint16_t>(Purpose::hiring_pipeline));
    inside.hiring.restart_statistics(now);
    inside.standing = {.brand = world.parameters.standing.brand_at_founding};
    inside.standing.strategy = strategy_target(world.parameters.standing, inside.standing.brand);
    inside.standing.positioning = inside.standing.strategy;
    found_culture(world, inside);
    set_budgets(world, index);
    set_vacancies(world, inside);
    assemble_team(world, inside);
    update_capacity(world, inside);
    start_inside_clock(world, inside, inside.application, Purpose::application, InsideTimer::application,
                       Happening::candidate_applies, typename Draws::Scalar(0.0));
    start_inside_clock(world, inside, inside.attrition, Purpose::attrition, InsideTimer::attrition,
                       Happening::someone_leaves, attrition_hazard(world, inside));
    found_data(world, inside);
    found_risk(world, inside);
    found_technology(world, index, inside);
    set_inside_timer(world, inside, InsideTimer::review, Happening::staff_reviewed,
                     now + world.parameters.talent.career.review_interval);
    enter_network(world, startup.organisation);
    plans(world, index);
}

/// A startup that has ended: its people go, its work stops, nothing remains on the calendar.
template <class Draws>
void close_inside(World<Draws>& world, std::uint32_t index) {
    using Scalar = typename Draws::Scalar;
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    close_talent(world, inside);
    inside.data.close(data_desk(world, inside));
    close_risk(world, inside);
    const double now = world.now();
    for (EventHandle& handle : inside.handles) world.calendar.cancel(handle);
    // Clocks that stop have been watched up to now: a score must hear of it.
    for (HazardClock<Draws>* clock : {&inside.run_failure, &inside.application, &inside.batch})
        clock->set_rate(world.draws, now, Scalar(0.0));
    for (DriftingClock<Draws>* clock : {&inside.breakthrough, &inside.attrition})
        clock->set_hazard(world.draws, now, {});
}

}  // namespace venturi
