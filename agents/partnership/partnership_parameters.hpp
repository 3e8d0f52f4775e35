// Partnership: how ties form, what they carry, what makes and breaks trust, joint projects, and what is
// switched on.
#pragma once

#include "agents/network/coalition_game.hpp"
#include "sim/parameter.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace venturi {

inline constexpr std::array<std::string_view, 3> sharing_rule_names = {"equal", "proportional", "shapley"};

/// How much of each coupling along the network is there: 1 as the other parameters say, 0 none.
struct NetworkCouplings {
    double knowledge = 1;
    double data = 1;
    double compute = 1;
    double customers = 1;
    double projects = 1;
    double obligations = 1;
    double trust = 1;
    double people = 1;
};

template <class Visitor>
void describe(NetworkCouplings& couplings, Visitor& visit) {
    const auto part = [&](double& value, const char* name, const char* meaning) {
        visit.number(value, {.name = name, .legal = between(0, 10), .plausible = {0, 2}, .meaning = meaning});
    };
    part(couplings.knowledge, "knowledge", "knowledge that spills over along ties");
    part(couplings.data, "data", "data that are shared along ties");
    part(couplings.compute, "compute", "compute that is lent along ties");
    part(couplings.customers, "customers", "reach that partners lend: introductions to customers");
    part(couplings.projects, "projects", "joint projects");
    part(couplings.obligations, "obligations",
         "receivables between partners, and what a failure does to them");
    part(couplings.trust, "trust", "what ties and failures nearby do to the hazards of a startup");
    part(couplings.people, "people",
         "people who move along ties, to and from industry partners and universities");
}

/// How ties come and go.
struct TieParameters {
    double meetings = 0.5;
    double closure = 0.4;
    double attractiveness = 1;
    double odds = -0.5;
    double complementarity_effect = 4;
    double openness_effect = 2;
    double trust_effect = 2;
    double rivalry = 1.5;
    double upkeep = 1000;
    std::int64_t most = 40;
    double ends = 0.0105;
    double ends_by_trust = 1.5;
};

template <class Visitor>
void describe(TieParameters& ties, Visitor& visit) {
    const Range effects = between(-20, 20);
    visit.number(ties.meetings, {.name = "meetings",
                                 .dimension = Dimension::rate,
                                 .legal = between(0, 100),
                                 .plausible = {0.1, 2},
                                 .meaning = "rate at which a startup of middling openness meets a possible "
                                            "partner; times 1/2 + openness"});
    visit.number(ties.closure, {.name = "closure",
                                .dimension = Dimension::share,
                                .legal = between(0, 1),
                                .plausible = {0.1, 0.8},
                                .meaning = "part of the meetings that partners arrange: with a partner's "
                                           "partner. The others are by attachment"});
    visit.number(ties.attractiveness,
                 {.name = "attractiveness",
                  .legal = above(0),
                  .plausible = {0.5, 10},
                  .meaning = "whom one meets by attachment is drawn in proportion to ties + this",
                  .source = "Dorogovtsev, Mendes and Samukhin 2000: initial attractiveness"});
    visit.number(ties.odds, {.name = "odds",
                             .legal = effects,
                             .plausible = {-3, 2},
                             .meaning = "log-odds that a tie forms between two who meet and have nothing to "
                                        "offer each other, at middling openness and trust"});
    visit.number(ties.complementarity_effect,
                 {.name = "complementarity_effect",
                  .legal = effects,
                  .plausible = {0, 8},
                  .meaning = "log-odds for complementarity: the mean over knowledge, data, compute and reach "
                             "of how far apart the two are"});
    visit.number(ties.openness_effect, {.name = "openness_effect",
                                        .legal = effects,
                                        .plausible = {0, 4},
                                        .meaning = "log-odds for the openness of both, above 1/2 each"});
    visit.number(
        ties.trust_effect,
        {.name = "trust_effect",
         .legal = effects,
         .plausible = {0, 4},
         .meaning = "log-odds for the other's good name, and for a partner's trust in both of them"});
    visit.number(ties.rivalry, {.name = "rivalry",
                                .legal = effects,
                                .plausible = {0, 4},
                                .meaning = "log-odds that competing in the same segment takes"});
    visit.number(ties.upkeep, {.name = "upkeep",
                               .dimension = Dimension::money_per_month,
                               .legal = above(0),
                               .plausible = {200, 10000},
                               .meaning = "what a startup's budget for partnership must have for each tie"});
    visit.whole(ties.most, {.name = "most",
                            .dimension = Dimension::count,
                            .legal = between(0, 10000),
                            .plausible = {5, 100},
                            .meaning = "ties that a startup keeps at most, whatever its budget"});
    visit.number(ties.ends,
                 {.name = "ends",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.005, 0.03},
                  .meaning = "rate at which a tie ends at a trust of 1/2",
                  .source = "between a median life of 7 years (Bleeke and Ernst) and 55% failing within five "
                            "years (Harrigan)"});
    visit.number(ties.ends_by_trust, {.name = "ends_by_trust",
                                      .legal = between(0, 10),
                                      .plausible = {0, 4},
                                      .meaning = "by how much trust lowers the logarithm of that rate"});
}

/// What makes and breaks trust, which is in [0, 1].
struct TrustParameters {
    double initial = 0.5;
    double by_delivery = 0.08;
    double by_fair_share = 0.15;
    double lost_by_default = 0.25;
    double lost_by_unfairness = 0.5;
    double lost_by_incident = 0.1;
    double lost_by_departure = 0.05;
    double lost_by_failure_nearby = 0.1;
};

template <class Visitor>
void describe(TrustParameters& trust, Visitor& visit) {
    const auto part = [&](double& value, const char* name, const char* meaning) {
        visit.number(value, {.name = name,
                             .dimension = Dimension::share,
                             .legal = between(0, 1),
                             .plausible = {0.02, 0.6},
                             .meaning = meaning});
    };
    part(trust.initial, "initial", "trust in a new tie");
    part(trust.by_delivery, "by_delivery",
         "part of what is missing to full trust that a delivery brings, at a planning or milestone");
    part(trust.by_fair_share, "by_fair_share",
         "part of what is missing to full trust that a fair share of a project brings");
    part(trust.lost_by_default, "lost_by_default", "part of trust that failing to deliver takes");
    part(trust.lost_by_unfairness, "lost_by_unfairness",
         "part of trust that a share of nothing takes from one who would be due something");
    part(trust.lost_by_incident, "lost_by_incident", "part of trust that a partner's incident takes");
    part(trust.lost_by_departure, "lost_by_departure",
         "part of trust that goes with a partner's senior person");
    part(trust.lost_by_failure_nearby, "lost_by_failure_nearby",
         "part of trust that a failure takes from the ties of those who were tied to the one that failed");
}

/// What a tie carries at full trust, from a partner that shares everything and has all there is.
struct TieFlowParameters {
    double knowledge = 0.02;
    double data = 0.5;
    double compute = 4000;
    double reach = 0.05;
    double receivable = 1;
    double data_scale = 2e11;
    double compute_scale = 50000;
};

template <class Visitor>
void describe(TieFlowParameters& flows, Visitor& visit) {
    visit.number(flows.knowledge,
                 {.name = "knowledge",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10),
                  .plausible = {0.002, 0.1},
                  .meaning = "pace at which a lag behind a partner who is ahead is made up"});
    visit.number(flows.data, {.name = "data",
                              .dimension = Dimension::rate,
                              .legal = between(0, 100),
                              .plausible = {0.05, 2},
                              .meaning = "batches of data from a partner, where privacy allows it"});
    visit.number(flows.compute, {.name = "compute",
                                 .dimension = Dimension::money_per_month,
                                 .legal = between(0, 1e8),
                                 .plausible = {500, 50000},
                                 .meaning = "compute lent by a partner"});
    visit.number(flows.reach, {.name = "reach",
                               .legal = between(0, 10),
                               .plausible = {0.01, 0.3},
                               .meaning = "reach gained, as a part of one's own"});
    visit.number(
        flows.receivable,
        {.name = "receivable",
         .dimension = Dimension::duration,
         .legal = between(0, 24),
         .plausible = {0, 2},
         .meaning = "what one of two tied startups or industry partners owes the other, in months of "
                    "the smaller one's spending, by way of trade credit"});
    visit.number(flows.data_scale,
                 {.name = "data_scale",
                  .legal = above(0),
                  .plausible = {1e10, 1e12},
                  .meaning = "clean tokens at which a startup has half of all the data that "
                             "a partner could have"});
    visit.number(flows.compute_scale,
                 {.name = "compute_scale",
                  .dimension = Dimension::money_per_month,
                  .legal = above(0),
                  .plausible = {10000, 1e6},
                  .meaning = "spending on compute at which a startup has half of what a partner could have"});
}

/// Joint projects: a lead, members tied to it, milestones, and a contract.
struct ProjectParameters {
    double proposals = 0.15;
    std::int64_t members = 4;
    double least_trust = 0.3;
    Distribution value = LogNormal{4, 0.6};
    double cost = 0.55;
    double affordable = 0.15;
    std::int64_t milestones = 3;
    Distribution milestone = LogNormal{2.5, 0.4};
    double advance = 0.3;
    double payment_term = 2;
    double learning = 0.05;
    SharingRule sharing = SharingRule::shapley;
};

template <class Visitor>
void describe(ProjectParameters& projects, Visitor& visit) {
    visit.number(projects.proposals,
                 {.name = "proposals",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.02, 0.5},
                  .meaning = "rate at which a startup proposes a project, times its joint_innovation"});
    visit.whole(projects.members, {.name = "members",
                                   .dimension = Dimension::count,
                                   .legal = between(2, 6),
                                   .plausible = {2, 5},
                                   .meaning = "members of a project at most, its lead included"});
    visit.number(projects.least_trust, {.name = "least_trust",
                                        .dimension = Dimension::share,
                                        .legal = between(0, 1),
                                        .plausible = {0.1, 0.6},
                                        .meaning = "trust below which nobody takes part"});
    visit.distribution(projects.value,
                       {.name = "value",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "what members with all resources would be paid, in months of the lead's "
                                   "spending; what those who take part have of each lowers it"});
    visit.number(projects.cost, {.name = "cost",
                                 .dimension = Dimension::share,
                                 .legal = between(0, 10),
                                 .plausible = {0.3, 0.9},
                                 .meaning = "cost of all milestones, as a part of the project's value"});
    visit.number(projects.affordable,
                 {.name = "affordable",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.05, 0.5},
                  .meaning = "part of its money that a member commits to a project at most"});
    visit.whole(projects.milestones, {.name = "milestones",
                                      .dimension = Dimension::count,
                                      .legal = between(1, 20),
                                      .plausible = {1, 6},
                                      .meaning = "milestones of a project; one that is missed is tried again "
                                                 "once"});
    visit.distribution(projects.milestone, {.name = "milestone",
                                            .dimension = Dimension::duration,
                                            .legal = at_least(0),
                                            .meaning = "time to a milestone"});
    visit.number(
        projects.advance,
        {.name = "advance",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0, 0.5},
         .meaning = "part of the value that the customer pays in advance; the members guarantee it"});
    visit.number(projects.payment_term,
                 {.name = "payment_term",
                  .dimension = Dimension::duration,
                  .legal = at_least(0),
                  .plausible = {0, 4},
                  .meaning = "time after which the lead passes on the members' shares"});
    visit.number(projects.learning, {.name = "learning",
                                     .legal = between(0, 3),
                                     .plausible = {0, 0.3},
                                     .meaning = "part of a member's lag that a finished project takes away"});
    visit.choice(projects.sharing,
                 {.name = "sharing",
                  .meaning = "rule for cost and revenue: equal parts, in proportion to what each could do "
                             "alone, or the Shapley value of the project"},
                 std::span<const std::string_view>(sharing_rule_names));
}

/// People along the graph.
struct PeopleFlowParameters {
    double to_industry = 0.4;
    double to_universities = 0.05;
    double along_ties = 0.3;
    double industry_turnover = 0.132 / 12;
    double open_market = 2;
};

template <class Visitor>
void describe(PeopleFlowParameters& people, Visitor& visit) {
    const auto part = [&](double& value, const char* name, const char* meaning) {
        visit.number(value, {.name = name,
                             .dimension = Dimension::share,
                             .legal = between(0, 1),
                             .plausible = {0, 0.8},
                             .meaning = meaning});
    };
    part(people.to_industry, "to_industry",
         "part of the leavers who stay in the field that goes to an industry partner");
    part(people.to_universities, "to_universities",
         "part of the leavers who stay in the field that goes to a university");
    part(people.along_ties, "along_ties",
         "part of the moves between employers that follows the ties of the one who hires or is left");
    visit.number(people.industry_turnover,
                 {.name = "industry_turnover",
                  .dimension = Dimension::rate,
                  .legal = between(0, 30),
                  .plausible = {0.005, 0.03},
                  .meaning = "rate at which a person leaves an industry partner or a university",
                  .source = "LinkedIn Talent Solutions 2018: 13.2% a year in technology"});
    visit.number(people.open_market,
                 {.name = "open_market",
                  .legal = at_least(0),
                  .plausible = {0.2, 20},
                  .meaning = "how much the open market draws graduates, in ties of full trust"});
}

/// All about partnership.
struct PartnershipParameters {
    NetworkCouplings couplings;
    TieParameters ties;
    TrustParameters trust;
    TieFlowParameters flows;
    ProjectParameters projects;
    PeopleFlowParameters people;
};

template <class Visitor>
void describe(PartnershipParameters& partnership, Visitor& visit) {
    visit.group("couplings", "what of the network acts: 1 as it is set, 0 not at all", partnership.couplings);
    visit.group("ties", "how ties come and go", partnership.ties);
    visit.group("trust", "what makes and breaks trust", partnership.trust);
    visit.group("flows", "what a tie carries", partnership.flows);
    visit.group("projects", "joint projects", partnership.projects);
    visit.group("people", "people who move along the network", partnership.people);
}

}  // namespace venturi
