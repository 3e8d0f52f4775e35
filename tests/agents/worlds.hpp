// Worlds that the tests run, and what they need to compare them.
#pragma once

#include "agents/risk/risk_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace venturi::testing {

/// A world of one market segment, five rounds, one group of `startups` founded over three years, and 20
/// investors.
[[nodiscard]] WorldParameters cohort(std::int64_t startups);

/// A world in which nothing happens: no startups or investors, one segment without accounts, a climate,
/// prices and a frontier that stand still. A climate's effects are none. Tests switch on what they look at.
[[nodiscard]] WorldParameters quiet_world();

/// A quiet world with one startup that has no product, gets no offers, never gives up and raises for ever in
/// vain: $1.2M, spent at $60,000 a month.
[[nodiscard]] WorldParameters lone_startup();

/// Two segments, three groups of startups of which one pays for much compute, two kinds of investors, and
/// interventions at a time and on conditions.
[[nodiscard]] std::shared_ptr<const WorldSetup> eventful_setup();

/// The leaf of the risk tree with that name. Throws std::invalid_argument where there is none.
[[nodiscard]] RiskLeafParameters& leaf_named(WorldParameters& world, std::string_view name);

/// A lone startup that is modelled inside, and whose money never runs out: $200,000 a month, of a billion.
/// Nothing can go wrong there: its risk tree is empty.
[[nodiscard]] WorldParameters lone_organisation();

/// Twelve startups that are modelled inside, in two groups with mixes of their own, and one beside them that
/// is not; two segments, of which one has a sales cycle and the other strict regulation; incidents every few
/// months, and two insurers with little surplus; pools so small that companies take people from each other; a
/// mix that changes at month 20.
[[nodiscard]] std::shared_ptr<const WorldSetup> advantages_setup();

struct NamedSetup {
    std::string name;
    std::shared_ptr<const WorldSetup> setup;
};

/// Every world in the repository: those above, and each scenario of the library.
[[nodiscard]] std::vector<NamedSetup> all_worlds();

/// Those of them in which some startup is modelled inside.
[[nodiscard]] std::vector<NamedSetup> worlds_with_organisations();

/// The number, as SetByIndex counts, of the leaf at a path such as "market.segments.software.churn". Throws
/// std::invalid_argument where there is none.
[[nodiscard]] std::size_t leaf_number(const WorldParameters& parameters, std::string_view path);

/// A world of plain draws at month 0 of a trajectory.
[[nodiscard]] inline World<PlainDraws> world_of(std::shared_ptr<const WorldSetup> setup, std::uint64_t seed,
                                                std::uint32_t trajectory) {
    World<PlainDraws> world(std::move(setup));
    world.reset(PlainDraws(FastVariates(seed, trajectory)));
    return world;
}

/// FNV-1a over the bits of what it is fed.
class Digest {
  public:
    void add(std::uint64_t word) {
        for (int byte = 0; byte < 8; ++byte) {
            hash_ ^= word >> (8 * byte) & 0xff;
            hash_ *= 0x100000001b3;
        }
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    [[nodiscard]] std::uint64_t value() const { return hash_; }

  private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

template <class Draws>
void digest_technology(const World<Draws>& world, const Technology& technology, Digest& digest) {
    digest.add(static_cast<std::uint64_t>(technology.stage) | std::uint64_t{technology.new_architecture} << 8
               | static_cast<std::uint64_t>(technology.bottleneck) << 16);
    for (const double number :
         {technology.base_loss,           technology.trained_loss,       technology.attained,
          technology.trained_compute,     technology.deployed_loss,      technology.deployed_tokens,
          technology.base_tokens,         technology.deployed_mistuning, technology.mistuning,
          technology.lag.at(world.now()), technology.lag.target(),       technology.lag.rate(),
          technology.research_pace,       technology.feedback_seen,      technology.optimisation,
          technology.optimised,           technology.money_since,        technology.run.begun,
          technology.run.duration,        technology.run.cost,           technology.run.compute,
          technology.run.tokens,          technology.run.data_money})
        digest.add(number);
    for (const std::uint32_t count :
         {technology.runs_finished, technology.runs_failed, technology.breakthroughs})
        digest.add(std::uint64_t{count});
}

template <class Job>
void digest_station(const PooledStation<Job>& station, double now, Digest& digest) {
    const StationStatistics statistics = station.statistics(now);
    for (const std::uint64_t count : {std::uint64_t{station.waiting()}, std::uint64_t{station.in_service()},
                                      statistics.arrived, statistics.served, statistics.reneged})
        digest.add(count);
    // The integrals are summed up to every look at them: their last bits tell who has looked.
}

inline void digest_data_flow(const DataFlow& data, double now, Digest& digest) {
    const DataStock& stock = data.stock();
    const DataLedger& ledger = data.ledger();
    for (const double number : {stock.tokens, stock.quality, stock.birth, ledger.collected,
                                ledger.removed_noise, ledger.removed_missing, ledger.removed_duplicates,
                                ledger.discarded, ledger.abandoned, ledger.stocked, ledger.destroyed})
        digest.add(number);
    for (const std::uint64_t count : {ledger.arrived, ledger.sent_back, ledger.batches_discarded,
                                      ledger.batches_abandoned, ledger.batches_stocked})
        digest.add(count);
    for (std::size_t i = 0; i < data_stages; ++i)
        digest_station(data.station(static_cast<DataStage>(i)), now, digest);
}

inline void digest_hiring(const HiringPipeline& hiring, double now, Digest& digest) {
    const HiringLedger& ledger = hiring.ledger();
    for (const std::uint64_t count :
         {ledger.applied, ledger.reneged, ledger.failed_screening, ledger.failed_interview, ledger.declined,
          ledger.turned_away, ledger.hired, ledger.productive, ledger.abandoned, ledger.interrupted})
        digest.add(count);
    for (std::size_t i = 0; i < roles; ++i) digest.add(std::uint64_t{hiring.openings(static_cast<Role>(i))});
    for (std::size_t i = 0; i < hiring_stages; ++i)
        digest_station(hiring.station(static_cast<HiringStage>(i)), now, digest);
}

inline void digest_workforce(const Workforce& workforce, Digest& digest) {
    for (const StaffTable* table : {&workforce.productive, &workforce.onboarding})
        for (const auto& row : *table)
            for (const std::uint16_t people : row) digest.add(std::uint64_t{people});
    for (const double skill : workforce.skill) digest.add(skill);
}

template <class Draws>
void digest_risk(const World<Draws>& world, const Organisation<Draws>& inside, Digest& digest) {
    const double now = world.now();
    const RiskRegister& risk = inside.risk;
    const RiskTally& tally = risk.tally;
    for (const double number :
         {risk.stress.at(now), risk.trust.at(now), risk.plan.at(now), risk.monitoring, risk.response_pace,
          risk.expected_rate, risk.policy.cover, risk.policy.premium, risk.policy.since, risk.policy.renewal,
          risk.seen.claims, risk.seen.exposure, tally.cost, tally.paid_by_insurers, tally.premiums,
          tally.repair_time, tally.first_crisis, tally.last, tally.doubt})
        digest.add(number);
    for (const std::uint32_t count :
         {risk.responders, risk.policy.insurer, tally.incidents, tally.warned, tally.warnings, tally.crises,
          tally.repairs, tally.claims, tally.bridges, risk.bridge.next, risk.crisis_severity.next})
        digest.add(std::uint64_t{count});
    digest_station(risk.response, now, digest);
    for (const auto& leaf : leaves_of(world, inside)) {
        for (const double number :
             {leaf.next, leaf.candidate, leaf.bound, leaf.prevention.amount, leaf.prevention.flow, leaf.cost})
            digest.add(number);
        for (const DrawSource* source :
             {&leaf.arrival, &leaf.decision, &leaf.severity, &leaf.warning, &leaf.judgement, &leaf.mending})
            digest.add(std::uint64_t{source->next});
        digest.add(std::uint64_t{leaf.incidents} << 32 | leaf.candidates);
        digest.add(static_cast<std::uint64_t>(leaf.stage) << 1 | std::uint64_t{leaf.warned});
    }
    for (const std::uint8_t byte : risk_state(world, inside)) digest.add(std::uint64_t{byte});
}

template <class Draws>
void digest_organisation(const World<Draws>& world, const Organisation<Draws>& inside, Digest& digest) {
    const double now = world.now();
    digest_technology(world, inside.technology, digest);
    digest_data_flow(inside.data, now, digest);
    digest_hiring(inside.hiring, now, digest);
    digest_workforce(inside.workforce, digest);
    for (std::size_t i = 0; i < advantages; ++i) {
        const auto& culture = inside.culture.of(static_cast<Advantage>(i));
        digest.add(value_of(culture.at(now)));
        digest.add(value_of(culture.target()));
        digest.add(culture.rate());
        digest.add(value_of(inside.budgets.advantage[i]));
    }
    for (std::size_t i = 0; i < roles; ++i) {
        digest.add(value_of(inside.vacancies[i]));
        digest.add(inside.market_pay[i]);
    }
    for (const double number : {inside.culture.company.at(now),
                                inside.culture.company.target(),
                                inside.culture.company.rate(),
                                inside.standing.brand,
                                inside.standing.strategy,
                                inside.standing.positioning,
                                inside.standing.reach,
                                inside.budgets.marketing,
                                value_of(inside.features),
                                value_of(inside.pay_premium),
                                inside.payroll,
                                inside.recruiting,
                                inside.campaigns,
                                inside.tools,
                                inside.purchases,
                                inside.training,
                                inside.precautions,
                                inside.working_time,
                                inside.planned,
                                inside.compute_money,
                                inside.feedback_stocked,
                                inside.capacity.cleaning_pace,
                                inside.capacity.removal,
                                inside.capacity.inspection,
                                inside.capacity.recruiting_pace})
        digest.add(number);
    for (const double number : {inside.flows.knowledge, inside.flows.knowledge_from, inside.flows.batches,
                                inside.flows.compute, inside.flows.reach, inside.staff.person_months})
        digest.add(number);
    digest.add(std::uint64_t{inside.staff.departures});
    digest_risk(world, inside, digest);
    for (const HazardClock<Draws>* clock : {&inside.run_failure, &inside.application, &inside.batch})
        digest.add(clock->rings_at());
    for (const DriftingClock<Draws>* clock : {&inside.breakthrough, &inside.attrition})
        digest.add(clock->rings_at());
    for (const DrawSource& source : inside.sources) digest.add(std::uint64_t{source.next});
}

/// A startup, and its inside where it has one.
template <class Draws>
void digest_startup(const World<Draws>& world, const Startup<Draws>& startup, Digest& digest) {
    digest.add(static_cast<std::uint64_t>(startup.status));
    digest.add(startup.founded);
    digest.add(startup.ended);
    digest.add(startup.proceeds);
    digest.add(startup.highest_valuation);
    digest.add(startup.bridged);
    digest.add(value_of(startup.quality));
    digest.add(startup.appeal);
    digest.add(startup.people);
    digest.add(startup.compute);
    digest.add(startup.cash.balance(world.now()));
    digest.add(startup.cash.flow());
    digest.add(std::uint64_t{startup.customers.accounts()});
    digest.add(std::uint64_t{startup.raising} | std::uint64_t{startup.gave_up_raising} << 1
               | std::uint64_t{startup.failed_attempts} << 2);
    digest.add(startup.raises_not_before);
    for (const RoundRecord& round : startup.rounds) {
        digest.add(round.time);
        digest.add(round.pre_money);
        digest.add(round.amount);
        digest.add(static_cast<std::uint64_t>(round.climate));
    }
    digest.add(startup.cap_table.common());
    digest.add(startup.cap_table.pool());
    for (const PreferredClass& preferred : startup.cap_table.classes()) digest.add(preferred.shares);
    for (const HazardClock<Draws>* clock :
         {&startup.improvement, &startup.offer, &startup.listing, &startup.shutdown})
        digest.add(clock->rings_at());
    for (const DrawSource& source : startup.sources) digest.add(std::uint64_t{source.next});
    if (startup.has_inside()) digest_organisation(world, world.inside(startup), digest);
}

template <class Draws>
void digest_pool(const TalentPool<Draws>& pool, Digest& digest) {
    for (const std::uint32_t people : pool.looking) digest.add(std::uint64_t{people});
    for (const std::uint64_t count : {pool.entered, pool.left}) digest.add(count);
    for (const double number : {pool.usual, pool.employed.total(), pool.at_partners.total(),
                                pool.entry.rings_at(), pool.exit.rings_at()})
        digest.add(number);
    for (const DrawSource* source : {&pool.entry_source, &pool.exit_source, &pool.level_source})
        digest.add(std::uint64_t{source->next});
}

template <class Draws>
void digest_network(const World<Draws>& world, Digest& digest) {
    const double now = world.now();
    for (const Partner& partner : world.partners) {
        digest.add(static_cast<std::uint64_t>(partner.kind) << 40 | std::uint64_t{partner.present} << 32
                   | partner.ties);
        for (const double number : {partner.room, partner.reliability, partner.assets, partner.lag.at(now),
                                    partner.meeting.rate, partner.proposal.rate, partner.staff.rate})
            digest.add(number);
        for (const double amount : partner.brings) digest.add(amount);
        for (const auto& row : partner.people)
            for (const std::uint16_t people : row) digest.add(std::uint64_t{people});
        for (const DrawSource* source :
             {&partner.meetings, &partner.choice, &partner.endings, &partner.proposals, &partner.course,
              &partner.delivery, &partner.state, &partner.movement})
            digest.add(std::uint64_t{source->next});
    }
    const auto [first, last] = edges(world.graph);
    for (auto edge = first; edge != last; ++edge) {
        const Relation& relation = world.graph[*edge];
        if (relation.kind != Relation::Kind::cooperates) continue;
        const Tie& tie = world.ties[relation.tie];
        digest.add(std::uint64_t{tie.ends[0]} << 32 | tie.ends[1]);
        for (const double number : {tie.since, tie.trust, tie.owed, tie.ending.rate}) digest.add(number);
        digest.add(std::uint64_t{tie.debtor} << 1 | std::uint64_t{tie.referred});
        if (tie.project == no_record) continue;
        const JointProject& project = world.projects[tie.project];
        digest.add(std::uint64_t{project.size} << 16 | std::uint64_t{project.done} << 8
                   | std::uint64_t{project.missed} << 1 | std::uint64_t{project.delivered});
        for (std::size_t i = 0; i < project.size; ++i) {
            digest.add(std::uint64_t{project.members[i]});
            digest.add(project.share[i]);
        }
        for (const double number : {project.value, project.advance}) digest.add(number);
    }
    for (const std::uint32_t people : world.moves) digest.add(std::uint64_t{people});
    const NetworkTally& tally = world.network;
    for (const std::uint64_t count :
         {tally.meetings, tally.formed, tally.ended, tally.broken, tally.projects_begun,
          tally.projects_finished, tally.projects_broken_off, tally.partner_failures,
          tally.defaults_by_contagion, tally.graduates_hired, tally.graduates})
        digest.add(count);
    for (const double money :
         {tally.project_cost, tally.project_revenue, tally.owed_at_failure, tally.unpaid})
        digest.add(money);
    for (const double months : tally.tie_months) digest.add(months);
    for (const std::uint32_t size : tally.cascades) digest.add(std::uint64_t{size});
}

/// A number that two worlds share where all their startups are the same to the bit.
template <class Draws>
[[nodiscard]] std::uint64_t digest_of_startups(const World<Draws>& world) {
    Digest digest;
    for (const Startup<Draws>& startup : world.startups) digest_startup(world, startup, digest);
    return digest.value();
}

/// A number that two worlds share where their states are the same to the bit.
template <class Draws>
[[nodiscard]] std::uint64_t digest_of(const World<Draws>& world) {
    Digest digest;
    digest.add(world.now());
    digest.add(world.delivered());
    digest.add(static_cast<std::uint64_t>(world.climate));
    for (const double index : {world.compute_price, world.wages, world.frontier, world.frontier_scale,
                               world.frontier_compute, world.frontier_loss})
        digest.add(index);
    for (const DrawSource& source : world.environment_sources) digest.add(std::uint64_t{source.next});
    digest.add(digest_of_startups(world));
    for (const Segment<Draws>& segment : world.segments) {
        digest.add(segment.adopters);
        digest.add(segment.next_adopter);
        digest.add(segment.pull.total());
        digest.add(segment.rivals_pull);
        digest.add(std::uint64_t{segment.rivals.accounts()});
        digest.add(segment.rivals.next_departure());
        digest.add(segment.stress.at(world.now()));
    }
    for (const Investor<Draws>& investor : world.investors) {
        for (const double money :
             {investor.available, investor.last_fund, investor.invested, investor.returned})
            digest.add(money);
        digest.add(investor.next_fund.rings_at());
    }
    for (const TalentPool<Draws>& pool : world.pools) digest_pool(pool, digest);
    for (const Insurer& insurer : world.insurers) {
        for (const double money :
             {insurer.surplus.balance(world.now()), insurer.surplus.flow(), insurer.claims})
            digest.add(money);
        digest.add(std::uint64_t{insurer.policies} << 33 | std::uint64_t{insurer.claim_count} << 1
                   | std::uint64_t{insurer.ruined});
    }
    digest_network(world, digest);
    digest.add(std::uint64_t{world.repairs.in_use()});
    digest.add(std::uint64_t{world.batches.in_use()});
    digest.add(std::uint64_t{world.candidates.in_use()});
    const auto [first, last] = edges(world.graph);
    for (auto edge = first; edge != last; ++edge) {
        const Relation& relation = world.graph[*edge];
        digest.add(std::uint64_t{source(*edge, world.graph)} << 32 | target(*edge, world.graph));
        digest.add(static_cast<std::uint64_t>(relation.kind) | std::uint64_t{relation.people} << 8);
        for (const double number : {relation.since, relation.shares, relation.invested, relation.returned})
            digest.add(number);
    }
    return digest.value();
}

}  // namespace venturi::testing
