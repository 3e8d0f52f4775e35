// Talent: pools of people, how they are hired and trained, what they are paid, and why they leave.
#pragma once

#include "agents/talent/offer.hpp"
#include "agents/talent/role.hpp"
#include "sim/parameter.hpp"

#include <array>
#include <cstddef>

namespace venturi {

/// The people of one role: their pool, their pay, and their turnover.
struct RoleParameters {
    double looking = 200;
    double entry = 1.0 / 12;
    double pay = 12000;
    double turnover = 0.132 / 12;
    double applications = 20;
};

template <class Visitor>
void describe(RoleParameters& role, Visitor& visit) {
    visit.number(role.looking, {.name = "looking",
                                .dimension = Dimension::count,
                                .legal = between(0, 1e6),
                                .plausible = {20, 2000},
                                .meaning = "people in the pool at the start, and where it tends to",
                                .takes = Takes::effect_at_start_only});
    visit.number(role.entry, {.name = "entry",
                              .dimension = Dimension::rate,
                              .legal = between(0, 30),
                              .plausible = {0.02, 0.3},
                              .meaning = "rate at which one person of the pool is replaced from outside"});
    visit.number(role.pay,
                 {.name = "pay",
                  .dimension = Dimension::money_per_month,
                  .legal = at_least(100),  // for less, a budget pays more people than can be counted
                  .plausible = {5000, 40000},
                  .meaning = "what a person of middle level costs, at the wage index of 1, taxes and "
                             "benefits included"});
    visit.number(
        role.turnover,
        {.name = "turnover",
         .dimension = Dimension::rate,
         .legal = between(0, 30),
         .plausible = {0.005, 0.03},
         .meaning = "rate at which a person leaves, at market pay and without talent culture",
         .source = "LinkedIn Talent Solutions 2018: 13.2% a year in technology, 21.7% for data analysts"});
    visit.number(
        role.applications,
        {.name = "applications",
         .dimension = Dimension::rate,
         .legal = between(0, 1000),
         .plausible = {4, 40},
         .meaning = "candidates with a fitting curriculum for each opening, from a full pool",
         .source = "assumed, so that an opening is filled in 1.6 months (48 days, LinkedIn 2020-21) with 24 "
                   "screened candidates a hire (191 applicants, of whom 12.5% fit)"});
}

/// Hiring: stations with recruiters and interviewers.
struct HiringParameters {
    Distribution screening = Exponential{0.02};
    Distribution interview = Exponential{0.05};
    Distribution offer = Exponential{0.3};
    Distribution onboarding = LogNormal{3, 0.4};
    Distribution patience = Exponential{1.5};
    double screening_pass = 0.25;
    double interview_pass = 0.217;
    double recruiter_pay = 9000;
    double interviewer_share = 0.1;
    double poaching = 0.15;
    double knowledge = 0.3;
    double skill_spread = 0.2;
    double founders_pace = 0.2;
    OfferWeights acceptance;
};

template <class Visitor>
void describe(HiringParameters& hiring, Visitor& visit) {
    visit.distribution(hiring.screening, {.name = "screening",
                                          .dimension = Dimension::duration,
                                          .legal = at_least(0),
                                          .meaning = "work of a recruiter on one candidate"});
    visit.distribution(hiring.interview,
                       {.name = "interview",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "work of an interviewer on one candidate: the time is lost to "
                                   "other work"});
    visit.distribution(hiring.offer, {.name = "offer",
                                      .dimension = Dimension::duration,
                                      .legal = at_least(0),
                                      .meaning = "time in which an offer is answered",
                                      .source = "NACE 2025: about 9 days from offer to acceptance"});
    visit.distribution(hiring.onboarding,
                       {.name = "onboarding",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "time in which a newcomer is trained, paid and not productive"});
    visit.distribution(hiring.patience,
                       {.name = "patience",
                        .dimension = Dimension::duration,
                        .legal = at_least(0),
                        .meaning = "how long a candidate waits for a screening or an interview"});
    visit.number(hiring.screening_pass,
                 {.name = "screening_pass",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.2, 0.3},
                  .meaning = "part of those screened that are interviewed",
                  .source = "technical screen to on-site in large technology companies: 20% to "
                            "30%"});
    visit.number(
        hiring.interview_pass,
        {.name = "interview_pass",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0.07, 0.3},
         .meaning = "part of those interviewed that get an offer",
         .source = "follows from 191 applicants a hire, 12.5% and 25% before it, and 77% of offers accepted; "
                   "Ashby 2025 counts interviews another way (7%)"});
    visit.number(hiring.recruiter_pay, {.name = "recruiter_pay",
                                        .dimension = Dimension::money_per_month,
                                        .legal = at_least(100),  // as of a role
                                        .plausible = {5000, 15000},
                                        .meaning = "what a recruiter costs, at the wage index of 1"});
    visit.number(
        hiring.interviewer_share,
        {.name = "interviewer_share",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0.05, 0.3},
         .meaning = "part of the productive staff that may be interviewing at a time, at least one"});
    visit.number(
        hiring.poaching,
        {.name = "poaching",
         .legal = between(0, 10),
         .plausible = {0, 0.5},
         .meaning =
             "how ready someone at another startup is to apply, compared with someone who is looking"});
    visit.number(
        hiring.knowledge,
        {.name = "knowledge",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0, 1},
         .meaning = "part of the lead in ln(algorithmic efficiency) that a senior researcher takes along, "
                    "divided by the researchers where they arrive"});
    visit.number(hiring.skill_spread, {.name = "skill_spread",
                                       .legal = between(0, 3),
                                       .plausible = {0, 0.5},
                                       .meaning = "spread of ln(skill) of newcomers, around 1"});
    visit.number(hiring.founders_pace,
                 {.name = "founders_pace",
                  .legal = {.low = 0, .high = 10, .low_open = true},  // a founder works for ten at most
                  .plausible = {0.1, 1},
                  .meaning = "pace of founders at work that nobody is there for: recruiting, cleaning data"});
    visit.group("acceptance", "what makes a candidate accept an offer: a logit", hiring.acceptance);
}

/// Reviews, training, layoffs.
struct CareerParameters {
    double review_interval = 12;
    double promoted = 0.15;
    double let_go = 0.03;
    double rise = 0.02;
    double junior_pay = 0.7;
    double senior_pay = 1.5;
    double junior_skill = 0.6;
    double senior_skill = 1.7;
    double seniors = 0.2;
    double juniors = 0.4;
    double stays_in_field = 0.49;
    double training_gain = 0.06;
    double training_scale = 1000;
    double best_skill = 1.6;
    double project_gain = 0.01;
    double pay_effect = 1.5;
    double runway_effect = 0.8;
    double worrying_runway = 6;
    double layoff_margin = 0.15;
};

template <class Visitor>
void describe(CareerParameters& career, Visitor& visit) {
    visit.number(career.review_interval, {.name = "review_interval",
                                          .dimension = Dimension::duration,
                                          .legal = at_least(12 / 365.25),  // a day
                                          .plausible = {6, 24},
                                          .meaning = "time between performance reviews"});
    visit.number(career.promoted,
                 {.name = "promoted",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.05, 0.3},
                  .meaning = "part of the juniors and the middle level promoted at a review"});
    visit.number(career.let_go, {.name = "let_go",
                                 .dimension = Dimension::share,
                                 .legal = between(0, 1),
                                 .plausible = {0, 0.1},
                                 .meaning = "part of the staff let go at a review"});
    visit.number(career.rise,
                 {.name = "rise",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0, 0.05},
                  .meaning = "rise of pay at a review for those who are not promoted; newcomers begin "
                             "without"});
    // One person is not worth more than a hundred others.
    visit.number(career.junior_pay, {.name = "junior_pay",
                                     .legal = between(0.01, 100),
                                     .plausible = {0.5, 1},
                                     .meaning = "pay of a junior, middle level being 1"});
    visit.number(career.senior_pay, {.name = "senior_pay",
                                     .legal = between(0.01, 100),
                                     .plausible = {1, 3},
                                     .meaning = "pay of a senior, middle level being 1"});
    visit.number(career.junior_skill, {.name = "junior_skill",
                                       .legal = between(0.01, 100),
                                       .plausible = {0.3, 1},
                                       .meaning = "work of a junior, middle level being 1"});
    visit.number(career.senior_skill, {.name = "senior_skill",
                                       .legal = between(0.01, 100),
                                       .plausible = {1, 4},
                                       .meaning = "work of a senior, middle level being 1"});
    visit.number(career.seniors, {.name = "seniors",
                                  .dimension = Dimension::share,
                                  .legal = between(0, 1),
                                  .plausible = {0.05, 0.4},
                                  .meaning = "part of those who enter a pool that is senior"});
    visit.number(career.juniors, {.name = "juniors",
                                  .dimension = Dimension::share,
                                  .legal = between(0, 1),
                                  .plausible = {0.1, 0.7},
                                  .meaning = "part of those who enter a pool that is junior"});
    visit.number(
        career.stays_in_field,
        {.name = "stays_in_field",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0.3, 0.8},
         .meaning = "part of those who leave a startup that go back to the pool; the rest leaves the world",
         .source = "49% of those who leave a technology company stay in technology (LinkedIn Talent "
                   "Solutions 2018)"});
    visit.number(career.training_gain,
                 {.name = "training_gain",
                  .dimension = Dimension::rate,
                  .legal = between(0, 10),
                  .plausible = {0.01, 0.2},
                  .meaning = "pace at which training without limit brings staff towards the best skill"});
    visit.number(career.training_scale,
                 {.name = "training_scale",
                  .dimension = Dimension::money_per_month,
                  .legal = above(0),
                  .plausible = {300, 5000},
                  .meaning = "spending on a head's training that brings half of that pace"});
    visit.number(
        career.project_gain,
        {.name = "project_gain",
         .dimension = Dimension::share,
         .legal = between(0, 1),
         .plausible = {0, 0.05},
         .meaning = "part of the way to the best skill that a finished training run takes researchers and "
                    "engineers"});
    visit.number(career.best_skill, {.name = "best_skill",
                                     .legal = between(1, 100),
                                     .plausible = {1.2, 2.5},
                                     .meaning = "skill that training leads to; newcomers have about 1"});
    visit.number(career.pay_effect, {.name = "pay_effect",
                                     .legal = between(0, 20),
                                     .plausible = {0.5, 4},
                                     .meaning = "attrition is multiplied by (pay / market pay)^-pay_effect"});
    visit.number(
        career.runway_effect,
        {.name = "runway_effect",
         .legal = between(0, 20),
         .plausible = {0, 3},
         .meaning =
             "what the approach of an empty account adds to attrition, as a share of it: in full when the "
             "cash is gone, nothing from `worrying_runway` on"});
    visit.number(career.worrying_runway, {.name = "worrying_runway",
                                          .dimension = Dimension::duration,
                                          .legal = above(0),
                                          .plausible = {3, 12},
                                          .meaning = "runway under which people begin to look elsewhere"});
    visit.number(
        career.layoff_margin,
        {.name = "layoff_margin",
         .dimension = Dimension::share,
         .legal = between(0, 10),
         .plausible = {0, 0.5},
         .meaning = "by how much the payroll of a role may be above its budget before people are laid off"});
}

/// Everything about people.
struct TalentParameters {
    RoleParameters researcher = {.looking = 60, .pay = 22000, .applications = 20};
    RoleParameters engineer = {.looking = 300, .pay = 14000, .applications = 20};
    RoleParameters data = {.looking = 120, .pay = 12000, .turnover = 0.217 / 12, .applications = 20};
    RoleParameters business = {.looking = 250, .pay = 10000, .turnover = 0.109 / 12, .applications = 20};
    HiringParameters hiring;
    CareerParameters career;
    double recruiter_share = 0.35;
    double training_share = 0.3;
    double founding_team = 0.6;
    double scarcity = 0.25;
    bool boundless = false;

    [[nodiscard]] const RoleParameters& of(Role role) const {
        const std::array<const RoleParameters*, roles> all = {&researcher, &engineer, &data, &business};
        return *all[static_cast<std::size_t>(role)];
    }
};

template <class Visitor>
void describe(TalentParameters& talent, Visitor& visit) {
    visit.group("researcher", "people who do research", talent.researcher);
    visit.group("engineer", "people who build", talent.engineer);
    visit.group("data", "people who look after data", talent.data);
    visit.group("business", "people who sell and look after customers", talent.business);
    visit.group("hiring", "from the posting of an opening to a productive newcomer", talent.hiring);
    visit.group("career", "levels, reviews, training, attrition", talent.career);
    visit.number(talent.recruiter_share, {.name = "recruiter_share",
                                          .dimension = Dimension::share,
                                          .legal = between(0, 1),
                                          .plausible = {0.1, 0.6},
                                          .meaning = "part of the talent budget that pays recruiters"});
    visit.number(talent.training_share,
                 {.name = "training_share",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.1, 0.6},
                  .meaning = "part of the talent budget for training; what is left pays staff "
                             "above the market"});
    visit.number(talent.founding_team, {.name = "founding_team",
                                        .dimension = Dimension::share,
                                        .legal = between(0, 1),
                                        .plausible = {0.2, 1},
                                        .meaning = "part of the planned staff that is there at the founding",
                                        .takes = Takes::effect_at_start_only});
    visit.number(talent.scarcity,
                 {.name = "scarcity",
                  .legal = between(0, 5),
                  .plausible = {0, 1},
                  .meaning = "elasticity of a role's market pay in the emptiness of its pool"});
    visit.flag(talent.boundless,
               {.name = "boundless",
                .meaning = "whether the labour market is so large that hiring leaves no trace in the pools: "
                           "then startups don't compete for people who look for work"});
}

}  // namespace venturi
