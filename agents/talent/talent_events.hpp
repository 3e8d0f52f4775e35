// People: pools, hiring, growth, reviews, and leaving; each of them is somewhere at all times.
#pragma once

#include "agents/culture/culture_events.hpp"
#include "agents/data/data_events.hpp"
#include "agents/startup/inside_events.hpp"
#include "agents/talent/offer.hpp"
#include "agents/talent/people_flow.hpp"
#include "agents/technology/technology_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace venturi {

/// The origin of a candidate who comes from the pool and from no startup.
inline constexpr std::uint32_t from_pool = std::numeric_limits<std::uint32_t>::max();

/// The origin of a candidate who comes from a partner; of another startup it is that startup's index.
inline constexpr std::uint32_t partner_bit = 1U << 31;
[[nodiscard]] constexpr std::uint32_t from_partner(std::uint32_t index) {
    return partner_bit | index;
}
[[nodiscard]] constexpr bool is_from_partner(std::uint32_t origin) {
    return origin != from_pool && (origin & partner_bit) != 0;
}

template <class Draws>
[[nodiscard]] TalentPool<Draws>& pool_of(World<Draws>& world, Role role) {
    return world.pools[static_cast<std::size_t>(role)];
}
template <class Draws>
[[nodiscard]] const TalentPool<Draws>& pool_of(const World<Draws>& world, Role role) {
    return world.pools[static_cast<std::size_t>(role)];
}

template <class Draws>
void schedule_pool_entry(World<Draws>& world, TalentPool<Draws>& pool) {
    world.set_timer(pool.next_entry, pool.entry.rings_at(),
                    {Happening::looks_for_work, static_cast<std::uint32_t>(pool.role)});
}

template <class Draws>
[[nodiscard]] Level entrants_level(const World<Draws>& world, double u) {
    const CareerParameters& career = world.parameters.talent.career;
    return u < career.seniors                    ? Level::senior
           : u < career.seniors + career.juniors ? Level::junior
                                                 : Level::middle;
}

template <class Draws>
void looks_for_work(World<Draws>& world, std::uint32_t index) {
    TalentPool<Draws>& pool = world.pools[index];
    pool.entry.ring(world.draws, world.now());
    ++pool.looking[static_cast<std::size_t>(entrants_level(world, world.draws.uniform(pool.level_source)))];
    ++pool.entered;
    note_move(world, place_number(world, FlowPlace::outside), place_number(world, FlowPlace::pool));
    pool.entry.start(world.draws, pool.entry_source, world.now(),
                     typename Draws::Scalar(world.parameters.talent.of(pool.role).entry * pool.usual));
    schedule_pool_entry(world, pool);
    schedule_pool_exit(world, pool);
}

template <class Draws>
void gives_up_looking(World<Draws>& world, std::uint32_t index) {
    TalentPool<Draws>& pool = world.pools[index];
    pool.exit.ring(world.draws, world.now());
    --pool.looking[static_cast<std::size_t>(pool.level_at(world.draws.uniform(pool.level_source)))];
    ++pool.left;
    note_move(world, place_number(world, FlowPlace::pool), place_number(world, FlowPlace::outside));
    pool.exit.start(world.draws, pool.exit_source, world.now(),
                    typename Draws::Scalar(world.parameters.talent.of(pool.role).entry * pool.available()));
    schedule_pool_exit(world, pool);
}

/// The edge and the choice among employers follow the number of those who are productive: they can be
/// poached.
template <class Draws>
void update_employment(World<Draws>& world, Organisation<Draws>& inside, Role role) {
    const std::uint32_t people = inside.workforce.paid_of(role);
    inside.staff.count(world.now(), inside.workforce.headcount());
    world.graph[inside.employs[static_cast<std::size_t>(role)]].people = people;
    pool_of(world, role)
        .employed.set(world.startups[inside.startup].organisation, inside.workforce.productive_of(role));
}

/// Hazard of someone leaving of their own accord: everyone's turnover, less with pay above the market and
/// with talent culture, more where the money runs out.
template <class Draws>
[[nodiscard]] DriftingHazard<typename Draws::Scalar> attrition_hazard(const World<Draws>& world,
                                                                      const Organisation<Draws>& inside) {
    using Scalar = typename Draws::Scalar;
    using std::exp;
    using std::log;
    const CareerParameters& career = world.parameters.talent.career;
    double turnover = 0;
    for (std::size_t role = 0; role < roles; ++role)
        turnover += world.parameters.talent.of(static_cast<Role>(role)).turnover
                    * inside.workforce.productive_of(static_cast<Role>(role));
    const Scalar base = turnover * money_worry(world, world.startups[inside.startup])
                        * exp(-career.pay_effect * log(inside.pay_premium * inside.raises));
    return drifting_hazard(base, Scalar(-world.parameters.culture.talent.gain),
                           inside.culture.of(Advantage::talent), world.now());
}

/// People of a role who might be poached: at startups, and at universities and industry partners.
template <class Draws>
[[nodiscard]] double employed_elsewhere(const World<Draws>& world, Role role) {
    const TalentPool<Draws>& pool = pool_of(world, role);
    if (!has_network(world)) return pool.employed.total();
    return pool.employed.total() + world.parameters.partnership.couplings.people * pool.at_partners.total();
}

/// Candidates per month for a role: in proportion to its vacancies, to those who are looking, and to those
/// employed elsewhere who can be poached; more to a known brand.
template <class Draws>
[[nodiscard]] typename Draws::Scalar application_rate(const World<Draws>& world,
                                                      const Organisation<Draws>& inside, Role role) {
    using Scalar = typename Draws::Scalar;
    const TalentPool<Draws>& pool = pool_of(world, role);
    if (inside.hiring.openings(role) == 0 || !(pool.usual > 0)) return Scalar(0.0);
    const double reachable =
        (pool.available() + world.parameters.talent.hiring.poaching * employed_elsewhere(world, role))
        / pool.usual;
    return inside.vacancies[static_cast<std::size_t>(role)]
           * (world.parameters.talent.of(role).applications * reachable * (0.5 + inside.standing.brand));
}

template <class Draws>
[[nodiscard]] std::array<typename Draws::Scalar, roles> application_rates(const World<Draws>& world,
                                                                          const Organisation<Draws>& inside) {
    std::array<typename Draws::Scalar, roles> rates{};
    for (std::size_t role = 0; role < roles; ++role)
        rates[role] = application_rate(world, inside, static_cast<Role>(role));
    return rates;
}

template <class Draws>
void update_applications(World<Draws>& world, Organisation<Draws>& inside) {
    const auto rates = application_rates(world, inside);
    update_inside_clock(world, inside, inside.application, InsideTimer::application,
                        Happening::candidate_applies, rates[0] + rates[1] + rates[2] + rates[3]);
}

/// To be called whenever somebody has joined or left.
template <class Draws>
void follow_staff(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    update_payroll(world, inside);
    update_capacity(world, inside);
    update_applications(world, inside);
    update_batches(world, inside);
    inside.data.fill(data_desk(world, inside), DataStage::cleaning);
    update_culture_clocks(world, inside);
    update_cash_flow(world, index, revenue(world, world.startups[index]));
}

/// What a hiring pipeline of the world is handed.
template <class Draws>
struct WorldHiringDesk {
    World<Draws>& world;
    std::uint32_t startup;
    HiringRules rules;
    RecordPool<StationRecord<Candidate>>& records;
    Draws& draws;

    [[nodiscard]] InsideScheduler<Draws> scheduler(HiringStage stage) {
        return {world, startup, Happening::hiring_station, static_cast<std::uint8_t>(stage)};
    }
    [[nodiscard]] typename Draws::Scalar acceptance(const Candidate& candidate) const;
    void accepted(const Candidate& candidate);
    void productive(const Candidate& candidate);
};

template <class Draws>
[[nodiscard]] HiringStageRules hiring_stage(const World<Draws>& world, const Organisation<Draws>& inside,
                                            HiringStage stage) {
    const HiringParameters& hiring = world.parameters.talent.hiring;
    const Capacity& capacity = inside.capacity;
    switch (stage) {
        case HiringStage::screening:
            return {.servers = capacity.recruiters,
                    .pace = capacity.recruiting_pace,
                    .service = &hiring.screening,
                    .patience = &hiring.patience};
        case HiringStage::interview:
            return {
                .servers = capacity.interviewers, .service = &hiring.interview, .patience = &hiring.patience};
        case HiringStage::offer:
            return {.servers = StationOptions::unlimited, .service = &hiring.offer};
        case HiringStage::onboarding:
            return {.servers = StationOptions::unlimited, .service = &hiring.onboarding};
    }
    return {};
}

/// The rules for a candidate at a stage: of this stage and the next, since nobody goes further in one call.
template <class Draws>
[[nodiscard]] WorldHiringDesk<Draws> hiring_desk(World<Draws>& world, const Organisation<Draws>& inside,
                                                 HiringStage stage) {
    WorldHiringDesk<Draws> desk{world, inside.startup, {}, world.candidates, world.draws};
    desk.rules.at(stage) = hiring_stage(world, inside, stage);
    if (stage != HiringStage::onboarding) {
        const auto next = static_cast<HiringStage>(static_cast<std::uint8_t>(stage) + 1);
        desk.rules.at(next) = hiring_stage(world, inside, next);
    }
    desk.rules.screening_pass = world.parameters.talent.hiring.screening_pass;
    desk.rules.interview_pass = world.parameters.talent.hiring.interview_pass;
    return desk;
}

/// Whether a candidate is still where they were when they applied.
template <class Draws>
[[nodiscard]] bool is_available(const World<Draws>& world, const Candidate& candidate) {
    if (candidate.origin == from_pool)
        return pool_of(world, candidate.role).looking[static_cast<std::size_t>(candidate.level)] > 0;
    if (is_from_partner(candidate.origin)) {
        const Partner& partner = world.partners[candidate.origin & ~partner_bit];
        // A graduate is on nobody's payroll.
        return partner.kind == PartnerKind::university && candidate.level == Level::junior
                   ? true
                   : partner.people[static_cast<std::size_t>(candidate.role)]
                                   [static_cast<std::size_t>(candidate.level)]
                         > 0;
    }
    const Startup<Draws>& origin = world.startups[candidate.origin];
    return is_alive(origin.status)
           && world.inside(origin).workforce.count(candidate.role, candidate.level) > 0;
}

/// What a company offers to a role, beside what the market pays.
template <class Draws>
[[nodiscard]] Offer<typename Draws::Scalar> offer_of(const World<Draws>& world, const Startup<Draws>& company,
                                                     Role role) {
    using Scalar = typename Draws::Scalar;
    const Organisation<Draws>& inside = world.inside(company);
    const double market = world.parameters.talent.of(role).pay * world.wages
                          * pool_of(world, role).scarcity(world.parameters.talent.scarcity);
    const double cap = world.parameters.talent.hiring.acceptance.runway_cap;
    return {.pay = inside.pay_premium * inside.market_pay[static_cast<std::size_t>(role)],
            .market_pay = Scalar(market),
            .brand = Scalar(inside.standing.brand),
            .culture = inside.culture.intensity(Advantage::talent, world.now()),
            .runway = Scalar(std::min(company.cash.runway(world.now()), cap))};
}

/// Whoever works at another startup holds the offer against that: between two that are alike it is accepted
/// as often as an offer of a company like any other.
template <class Draws>
typename Draws::Scalar WorldHiringDesk<Draws>::acceptance(const Candidate& candidate) const {
    using Scalar = typename Draws::Scalar;
    using std::exp;
    if (!is_available(world, candidate)) return Scalar(0.0);
    const OfferWeights& weights = world.parameters.talent.hiring.acceptance;
    const Offer<Scalar> offer = offer_of(world, world.startups[startup], candidate.role);
    if (candidate.origin == from_pool || is_from_partner(candidate.origin))
        return acceptance_probability(weights, offer);
    const Offer<Scalar> present = offer_of(world, world.startups[candidate.origin], candidate.role);
    const Scalar log_odds = acceptance_log_odds(weights, offer) - acceptance_log_odds(weights, present)
                            + acceptance_log_odds(weights, Offer<>{});
    return 1.0 / (1.0 + exp(-log_odds));
}

/// One of the productive staff is taken off the books. The trust of partners goes with senior people, the
/// more the fewer of them there are.
template <class Draws>
void take_out(World<Draws>& world, Organisation<Draws>& inside, Role role, Level level) {
    --inside.workforce.count(role, level);
    ++inside.staff.departures;
    if (level == Level::senior)
        lower_trust_of_all(
            world, world.startups[inside.startup].organisation,
            world.parameters.partnership.trust.lost_by_departure / (1.0 + inside.workforce.seniors()));
    update_employment(world, inside, role);
}

/// What someone knows goes along: part of the lead that the old employer, of lag `from`, has in algorithmic
/// efficiency.
template <class Draws>
void carry_knowledge(World<Draws>& world, double from, Organisation<Draws>& to, const Candidate& candidate) {
    if (candidate.role != Role::researcher && candidate.role != Role::engineer) return;
    const double now = world.now();
    const double lead = to.technology.lag.at(now) - from;
    if (!(lead > 0)) return;
    const CareerParameters& career = world.parameters.talent.career;
    const double weight = skill_of(career, candidate.level) / career.senior_skill;
    const double among = 1 + to.workforce.productive_of(candidate.role);
    to.technology.lag.jump(
        now, to.technology.lag.at(now) - world.parameters.talent.hiring.knowledge * weight * lead / among);
}

/// Somebody comes from a university or an industry partner: a graduate, or one of its people.
template <class Draws>
void leave_partner(World<Draws>& world, const Candidate& candidate, Organisation<Draws>& to) {
    const std::uint32_t index = candidate.origin & ~partner_bit;
    const Partner& partner = world.partners[index];
    note_move(world, place_number(world, partner), place_number(world, to));
    if (partner.kind == PartnerKind::university && candidate.level == Level::junior) {
        // A student is in the field from now on.
        ++pool_of(world, candidate.role).entered;
        note_move(world, place_number(world, FlowPlace::outside), place_number(world, partner));
        ++world.network.graduates_hired;
        return;
    }
    carry_knowledge(world, partner.lag.at(world.now()), to, candidate);
    change_people(world, index, candidate.role, candidate.level, -1);
    await_staff_move(world, index);
    if (const std::uint32_t tie = tie_between(world, world.startups[to.startup].organisation, index);
        tie != no_record && candidate.level == Level::senior)
        lower_trust(world, world.ties[tie], world.parameters.partnership.trust.lost_by_departure);
}

template <class Draws>
void WorldHiringDesk<Draws>::accepted(const Candidate& candidate) {
    using Scalar = typename Draws::Scalar;
    Organisation<Draws>& inside = world.inside(world.startups[startup]);
    const auto role = static_cast<std::size_t>(candidate.role);
    const auto level = static_cast<std::size_t>(candidate.level);
    if (candidate.origin == from_pool) {
        leave_pool(world, candidate.role, candidate.level, place_number(world, inside));
    } else if (is_from_partner(candidate.origin)) {
        leave_partner(world, candidate, inside);
    } else {
        Organisation<Draws>& from = world.inside(world.startups[candidate.origin]);
        carry_knowledge(world, from.technology.lag.at(world.now()), inside, candidate);
        note_move(world, place_number(world, from), place_number(world, inside));
        take_out(world, from, candidate.role, candidate.level);
        from.vacancies[role] = from.vacancies[role] + 1.0;
        from.hiring.post(candidate.role, 1);
        world.tell(Notice::Kind::left, candidate.origin, static_cast<double>(role), 2);
        follow_staff(world, candidate.origin);
        update_work(world, candidate.origin);
    }
    const double before = inside.workforce.headcount();
    inside.raises = 1 + (inside.raises - 1) * before / (before + 1);
    ++inside.workforce.onboarding[role][level];
    Scalar& vacancy = inside.vacancies[role];
    vacancy = value_of(vacancy) > 1 ? vacancy - 1.0 : Scalar(0.0);
    inside.culture.dilute(world.now(), std::max(before, 1.0), 1, world.parameters.culture.newcomer);
    update_employment(world, inside, candidate.role);
    world.tell(Notice::Kind::hired, startup, static_cast<double>(role),
               candidate.origin == from_pool       ? 0
               : is_from_partner(candidate.origin) ? 2
                                                   : 1);
    follow_staff(world, startup);
}

template <class Draws>
void WorldHiringDesk<Draws>::productive(const Candidate& candidate) {
    Organisation<Draws>& inside = world.inside(world.startups[startup]);
    --inside.workforce
          .onboarding[static_cast<std::size_t>(candidate.role)][static_cast<std::size_t>(candidate.level)];
    const double skill = world.draws.log_normal(inside.source(Purpose::newcomers_skill), 1.0,
                                                world.parameters.talent.hiring.skill_spread);
    inside.workforce.join(candidate.role, candidate.level, skill);
    update_employment(world, inside, candidate.role);
    follow_staff(world, startup);
    update_work(world, startup);
}

/// The level at which the point u of [0, 1) falls among the productive people of a role.
[[nodiscard]] inline Level level_of_person(const Workforce& workforce, Role role, double u) {
    const auto& row = workforce.productive[static_cast<std::size_t>(role)];
    const double at = u * Workforce::sum(row);
    return at < row[0] ? Level::junior : at < row[0] + row[1] ? Level::middle : Level::senior;
}

/// Somebody of the candidate's role at a partner applies, at the level that the fraction of `person` says;
/// whether anybody is there. A university's own juniors are students, and graduate.
template <class Draws>
[[nodiscard]] bool comes_from_partner(const World<Draws>& world, std::uint32_t index, Candidate& candidate,
                                      double person) {
    const auto& row = world.partners[index].people[static_cast<std::size_t>(candidate.role)];
    candidate.origin = from_partner(index);
    double left = (person - std::floor(person)) * people_of(world.partners[index], candidate.role);
    for (std::size_t level = 0; level < levels; ++level) {
        if (left < row[level]) {
            candidate.level = static_cast<Level>(level);
            return world.partners[index].kind != PartnerKind::university || candidate.level != Level::junior;
        }
        left -= row[level];
    }
    return false;
}

/// An employer of people of a role to which a startup is tied, for part of those who come from employers;
/// no_record for the others, and where there is none. A draw of its own, made where there is a network.
template <class Draws>
[[nodiscard]] std::uint32_t tied_employer(World<Draws>& world, std::uint32_t organisation, Role role) {
    if (!has_network(world)) return no_record;
    const PartnershipParameters& partnership = world.parameters.partnership;
    const double along = std::min(partnership.couplings.people, 1.0) * partnership.people.along_ties;
    const double u = world.draws.uniform(world.partners[organisation].movement);
    if (!(u < along)) return no_record;
    const auto people_at = [&](std::uint32_t index) -> double {
        if (index < world.organisations.size())
            return world.organisations[index].workforce.productive_of(role);
        return people_of(world.partners[index], role);
    };
    double total = 0;
    for_each_tie(world, organisation,
                 [&](const Tie& tie, std::uint32_t) { total += people_at(tie.other(organisation)); });
    double left = u / along * total;
    std::uint32_t found = no_record;
    for_each_tie(world, organisation, [&](const Tie& tie, std::uint32_t) {
        const double here = people_at(tie.other(organisation));
        if (found != no_record || !(here > 0)) return;
        if (left < here) found = tie.other(organisation);
        left -= here;
    });
    return found;
}

/// Somebody applies from the employer at the other end of a tie; whether anybody is there.
template <class Draws>
[[nodiscard]] bool comes_along_tie(const World<Draws>& world, std::uint32_t index, Candidate& candidate,
                                   double person) {
    if (index >= world.organisations.size()) return comes_from_partner(world, index, candidate, person);
    const Organisation<Draws>& from = world.organisations[index];
    if (from.workforce.productive_of(candidate.role) == 0) return false;
    candidate.origin = from.startup;
    candidate.level = level_of_person(from.workforce, candidate.role, person - std::floor(person));
    return true;
}

/// Someone fitting applies: from the pool, from another startup along the pool's edges, or from a partner.
template <class Draws>
void candidate_applies(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    inside.application.ring(world.draws, world.now());
    const auto rates = application_rates(world, inside);
    const auto all = rates[0] + rates[1] + rates[2] + rates[3];
    const auto await_next = [&] {
        start_inside_clock(world, inside, inside.application, Purpose::application, InsideTimer::application,
                           Happening::candidate_applies, all);
    };
    // Others may have hired the last of those who might have come: then nobody does, and nothing is drawn.
    if (!(value_of(all) > 0)) return await_next();
    Candidate candidate;
    candidate.role = static_cast<Role>(
        world.draws.choice(inside.source(Purpose::candidate_role), std::span(rates.data(), rates.size())));
    // One draw decides where from and at which level: what is left of it within its share is uniform again.
    const double u = world.draws.uniform(inside.source(Purpose::candidate_origin));
    TalentPool<Draws>& pool = pool_of(world, candidate.role);
    const std::uint32_t place = world.startups[index].organisation;
    const double looking = pool.available();
    const double poaching = world.parameters.talent.hiring.poaching;
    // Of the employers one is the company itself: who is found there has no reason to apply.
    const double at = u * (looking + poaching * employed_elsewhere(world, candidate.role));
    const double at_startups = looking + poaching * pool.employed.total();
    bool comes = true;
    if (at < looking) {
        candidate.origin = from_pool;
        candidate.level = pool.level_at(at / looking);
    } else if (const std::uint32_t tied = tied_employer(world, place, candidate.role); tied != no_record) {
        comes = comes_along_tie(world, tied, candidate, (at - looking) / poaching);
    } else if (at < at_startups) {
        const double person = (at - looking) / poaching;
        const std::size_t employer = pool.employed.find(person);
        comes = employer != place && pool.employed.weight(employer) > 0;
        const Organisation<Draws>& from = world.organisations[employer];
        candidate.origin = from.startup;
        candidate.level = level_of_person(from.workforce, candidate.role, person - std::floor(person));
    } else {
        const double person = (at - at_startups) / (poaching * world.parameters.partnership.couplings.people);
        const std::size_t employer = pool.at_partners.find(person);
        comes = comes_from_partner(world, static_cast<std::uint32_t>(employer), candidate, person);
    }
    if (comes) inside.hiring.apply(hiring_desk(world, inside, HiringStage::screening), candidate);
    await_next();
}

template <class Draws>
void hiring_station(World<Draws>& world, const Event& event) {
    Organisation<Draws>& inside = world.inside(world.startups[event.who]);
    const auto stage = static_cast<HiringStage>(event.stage);
    inside.hiring.handle(hiring_desk(world, inside, stage), stage, station_event(event));
}

/// Where somebody goes who has left a startup.
enum class LeaversFate : std::uint8_t { leaves_field, looks_for_work, joins_partner };

/// To a university or an industry partner, back to the pool, or out of the world. One draw decides all: what
/// is left of it within its share is uniform again.
template <class Draws>
LeaversFate let_out(World<Draws>& world, Organisation<Draws>& inside, Role role, Level level) {
    const double u = world.draws.uniform(inside.source(Purpose::leavers_fate));
    const double stays = world.parameters.talent.career.stays_in_field;
    const std::size_t from = place_number(world, inside);
    if (!(u < stays)) {
        leave_field(world, role, from);
        return LeaversFate::leaves_field;
    }
    if (has_network(world)) {
        const PartnershipParameters& partnership = world.parameters.partnership;
        const double weight = std::min(partnership.couplings.people, 1.0);
        const double industry = weight * partnership.people.to_industry;
        const double university = weight * partnership.people.to_universities;
        const double v = u / stays;
        if (v < industry + university) {
            const bool to_industry = v < industry;
            const std::uint32_t where =
                employer_for(world, world.startups[inside.startup].organisation,
                             to_industry ? PartnerKind::industry : PartnerKind::university,
                             to_industry ? v / industry : (v - industry) / university);
            if (where != no_record) {
                Partner& partner = world.partners[where];
                note_move(world, from, place_number(world, partner));
                carry_knowledge_to_partner(world, inside, partner, role, level);
                change_people(world, where, role, level, 1);
                await_staff_move(world, where);
                return LeaversFate::joins_partner;
            }
        }
    }
    join_pool(world, role, level, from);
    return LeaversFate::looks_for_work;
}

/// The role and level of the productive person at which the point u of [0, 1) falls when each has a weight by
/// role.
template <class Weight>
[[nodiscard]] std::array<std::size_t, 2> pick_person(const Workforce& workforce, Weight&& weight, double u) {
    double total = 0;
    for (std::size_t role = 0; role < roles; ++role)
        total += weight(static_cast<Role>(role)) * workforce.productive_of(static_cast<Role>(role));
    double at = u * total;
    std::array<std::size_t, 2> found = {roles, levels};
    for (std::size_t role = 0; role < roles; ++role)
        for (std::size_t level = 0; level < levels; ++level) {
            const double here = weight(static_cast<Role>(role)) * workforce.productive[role][level];
            if (!(here > 0)) continue;
            found = {role, level};
            if (at < here) return found;
            at -= here;
        }
    return found;
}

/// One of the productive staff goes, to the pool or out of the field, and is sought again.
template <class Draws>
void lose_person(World<Draws>& world, std::uint32_t index, Role role, Level level) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    auto& vacancy = inside.vacancies[static_cast<std::size_t>(role)];
    take_out(world, inside, role, level);
    vacancy = vacancy + 1.0;
    inside.hiring.post(role, 1);
    const LeaversFate fate = let_out(world, inside, role, level);
    constexpr std::array<double, 3> told = {0, 1, 3};
    world.tell(Notice::Kind::left, index, static_cast<double>(role), told[static_cast<std::size_t>(fate)]);
}

/// The company loses one of the highest level there is, of the role that has most of them. Nobody goes where
/// nobody is.
template <class Draws>
void lose_key_person(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    for (std::size_t level = levels; level-- > 0;) {
        std::size_t most = 0;
        for (std::size_t role = 1; role < roles; ++role)
            if (inside.workforce.productive[role][level] > inside.workforce.productive[most][level])
                most = role;
        if (inside.workforce.productive[most][level] == 0) continue;
        lose_person(world, index, static_cast<Role>(most), static_cast<Level>(level));
        follow_staff(world, index);
        update_work(world, index);
        return;
    }
}

template <class Draws>
void someone_leaves(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    inside.attrition.ring(world.draws, world.now());
    const double u = world.draws.uniform(inside.source(Purpose::attrition_choice));
    const auto [role, level] = pick_person(
        inside.workforce, [&](Role one) { return world.parameters.talent.of(one).turnover; }, u);
    if (role < roles) lose_person(world, index, static_cast<Role>(role), static_cast<Level>(level));
    start_inside_clock(world, inside, inside.attrition, Purpose::attrition, InsideTimer::attrition,
                       Happening::someone_leaves, attrition_hazard(world, inside));
    follow_staff(world, index);
    update_work(world, index);
}

/// Lets `number` people of a role go, juniors first; they had no part in it, so culture suffers no more than
/// by their going.
template <class Draws>
void lay_off(World<Draws>& world, Organisation<Draws>& inside, Role role, std::uint32_t number) {
    for (std::size_t level = 0; level < levels && number > 0; ++level)
        while (number > 0 && inside.workforce.count(role, static_cast<Level>(level)) > 0) {
            take_out(world, inside, role, static_cast<Level>(level));
            let_out(world, inside, role, static_cast<Level>(level));
            --number;
        }
}

/// The performance review: each of the productive staff is promoted, let go, or neither, by one uniform draw.
template <class Draws>
void staff_reviewed(World<Draws>& world, std::uint32_t index) {
    Organisation<Draws>& inside = world.inside(world.startups[index]);
    const CareerParameters& career = world.parameters.talent.career;
    DrawSource& source = inside.source(Purpose::review);
    std::uint32_t promoted = 0;
    std::uint32_t let_go = 0;
    for (std::size_t role = 0; role < roles; ++role) {
        const auto before = inside.workforce.productive[role];
        for (std::size_t level = 0; level < levels; ++level)
            for (std::uint16_t person = 0; person < before[level]; ++person) {
                const double u = world.draws.uniform(source);
                if (u < career.let_go) {
                    take_out(world, inside, static_cast<Role>(role), static_cast<Level>(level));
                    let_out(world, inside, static_cast<Role>(role), static_cast<Level>(level));
                    ++let_go;
                } else if (level + 1 < levels && u > 1 - career.promoted) {
                    --inside.workforce.productive[role][level];
                    ++inside.workforce.productive[role][level + 1];
                    ++promoted;
                }
            }
        update_employment(world, inside, static_cast<Role>(role));
    }
    const double staff = inside.workforce.headcount();
    if (staff > 0) inside.raises *= 1 + career.rise * std::max(staff - promoted, 0.0) / staff;
    set_inside_timer(world, inside, InsideTimer::review, Happening::staff_reviewed,
                     world.now() + career.review_interval);
    world.tell(Notice::Kind::reviewed, index, promoted, let_go);
    follow_staff(world, index);
    update_work(world, index);
}

/// The team that founders bring along: part of the planned staff, taken from the pools as far as they go.
template <class Draws>
void assemble_team(World<Draws>& world, Organisation<Draws>& inside) {
    for (std::size_t role = 0; role < roles; ++role) {
        TalentPool<Draws>& pool = world.pools[role];
        const double wanted = world.parameters.talent.founding_team * value_of(inside.vacancies[role]) + 0.5;
        for (auto left = static_cast<std::uint32_t>(wanted); left > 0; --left) {
            const double u = world.draws.uniform(inside.source(Purpose::founding_team));
            if (pool.available() == 0) continue;
            const Level level = pool.level_at(u);
            leave_pool(world, static_cast<Role>(role), level, place_number(world, inside));
            inside.workforce.join(static_cast<Role>(role), level, 1);
        }
        update_employment(world, inside, static_cast<Role>(role));
    }
}

/// Everyone goes: back to the pools, or out of the world.
template <class Draws>
void close_talent(World<Draws>& world, Organisation<Draws>& inside) {
    // A company's end is no departure of its people.
    const std::uint32_t departures = inside.staff.departures;
    inside.hiring.close(hiring_desk(world, inside, HiringStage::screening),
                        [&](HiringStage stage, const Candidate& candidate) {
                            if (stage != HiringStage::onboarding) return;
                            --inside.workforce.onboarding[static_cast<std::size_t>(candidate.role)]
                                                         [static_cast<std::size_t>(candidate.level)];
                            let_out(world, inside, candidate.role, candidate.level);
                        });
    for (std::size_t role = 0; role < roles; ++role) {
        const std::uint32_t everyone = inside.workforce.productive_of(static_cast<Role>(role));
        lay_off(world, inside, static_cast<Role>(role), everyone);
        update_employment(world, inside, static_cast<Role>(role));
    }
    inside.staff.departures = departures;
}

}  // namespace venturi
