// Insurance at work: premiums reckoned from the risk tree, claims, renewals, and the ruin of insurers.
#pragma once

#include "agents/finance/finance_events.hpp"
#include "agents/insurer/insurer.hpp"
#include "agents/insurer/policy.hpp"
#include "agents/insurer/premium.hpp"
#include "agents/risk/risk_drivers.hpp"
#include "agents/risk/risk_register.hpp"
#include "agents/startup/startup_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace venturi {

/// What an insurer reckons with of one startup for a month: incidents that it covers, and what it pays for
/// them.
struct InsuredRisk {
    double incidents = 0;  ///< per month
    double payments = 0;   ///< dollars per month, at full cover
};

/// E[min(max(s (X + t) − d, 0), l)]: what is paid on average of a loss X that is joined by a fixed sum t and
/// softened by s > 0, above a deductible and up to a limit.
[[nodiscard]] inline double expected_payment(const Severity& severity, double fixed, double softening,
                                             double deductible, double limit) {
    const double threshold = deductible / softening - fixed;
    const double most = limit / softening;
    if (threshold >= 0) return softening * severity.layer(threshold, most);
    // The fixed sum alone is above the deductible: it is paid for certain.
    const double certain = std::min(-threshold, most);
    return softening * (certain + severity.limited_expected_value(most - certain));
}

/// How much risk culture leaves of the harm of an incident.
template <class Draws>
[[nodiscard]] double softening(const World<Draws>& world, const Organisation<Draws>& inside) {
    return shelter(world.parameters.culture.risk.gain,
                   value_of(inside.culture.intensity(Advantage::risk, world.now())));
}

/// From the tree as it stands: the hazards of the insurable leaves and the layer of what they cost. Warnings
/// are not counted on.
template <class Draws>
[[nodiscard]] InsuredRisk insured_risk(const World<Draws>& world, const Startup<Draws>& startup,
                                       const InsurerGroupParameters& terms) {
    const Organisation<Draws>& inside = world.inside(startup);
    const double left = softening(world, inside);
    const double turnover = 12 * revenue(world, startup);
    InsuredRisk risk;
    for (std::uint32_t i = 0; i < world.parameters.risk.leaves.size(); ++i) {
        const RiskLeafParameters& leaf = world.parameters.risk.leaves[i];
        if (!leaf.insurable) continue;
        const double hazard = value_of(leaf_hazard(world, startup, i));
        // While it is being repaired it does not happen again.
        const double incidents = hazard / (1 + hazard * mean(leaf.repair));
        risk.incidents += incidents;
        risk.payments += incidents
                         * expected_payment(Severity(leaf.harm.severity), leaf.harm.turnover_share * turnover,
                                            left, terms.deductible, terms.limit);
    }
    return risk;
}

/// What an insurer's experience with a startup multiplies its premium by: with k = `credibility`, (k +
/// claims) / (k + expected claims), the mean of a gamma-distributed factor on Poisson claims, given what was
/// seen.
[[nodiscard]] inline double experience_factor(const InsurerGroupParameters& terms, const ClaimBelief& seen) {
    return ClaimBelief{terms.credibility, terms.credibility}.after(seen.claims, seen.exposure).rate();
}

/// Nothing is agreed on the year as a whole.
[[nodiscard]] inline PolicyTerms policy_terms(const InsurerGroupParameters& group) {
    return {.deductible = group.deductible,
            .limit_per_claim = group.limit,
            .limit_per_year = std::numeric_limits<double>::infinity()};
}

/// Brings the books of a policy up to now: premiums paid, and claims that were to be expected.
template <class Draws>
void settle_policy(World<Draws>& world, Organisation<Draws>& inside) {
    RiskRegister& risk = inside.risk;
    if (!risk.policy.holds()) return;
    const double months = world.now() - risk.policy.since;
    risk.tally.premiums += risk.policy.premium * months;
    risk.seen.exposure += risk.expected_rate * months;
    risk.policy.since = world.now();
}

/// Ends a policy; its premium flows no more.
template <class Draws>
void end_policy(World<Draws>& world, Organisation<Draws>& inside) {
    RiskRegister& risk = inside.risk;
    if (!risk.policy.holds()) return;
    settle_policy(world, inside);
    Insurer& insurer = world.insurers[risk.policy.insurer];
    insurer.surplus.set_flow(world.now(), insurer.surplus.flow() - risk.policy.premium);
    --insurer.policies;
    risk.policy = {};
    risk.expected_rate = 0;
}

/// An offer of insurance.
struct InsuranceQuote {
    std::uint32_t insurer = InsurancePolicy::nobody;
    double premium = std::numeric_limits<double>::infinity();  ///< dollars per month, for full cover
    double incidents = 0;                                      ///< reckoned with, per month
};

/// The cheapest offer among the insurers that are not ruined and do not refuse; of equals, the one with the
/// fewest policies.
template <class Draws>
[[nodiscard]] InsuranceQuote best_quote(const World<Draws>& world, const Startup<Draws>& startup) {
    const ClaimBelief& seen = world.inside(startup).risk.seen;
    InsuranceQuote best;
    std::uint32_t group = std::numeric_limits<std::uint32_t>::max();
    InsuranceQuote offer;
    for (std::uint32_t i = 0; i < world.insurers.size(); ++i) {
        const Insurer& insurer = world.insurers[i];
        if (insurer.ruined) continue;
        const InsurerGroupParameters& terms = world.parameters.insurers[insurer.group];
        const double factor = experience_factor(terms, seen);
        if (factor > terms.refuses_above) continue;
        if (insurer.group != group) {
            const InsuredRisk risk = insured_risk(world, startup, terms);
            offer = {.premium = risk.payments * factor * (1 + terms.loading), .incidents = risk.incidents};
            group = insurer.group;
        }
        const bool better =
            offer.premium < best.premium
            || (offer.premium == best.premium && insurer.policies < world.insurers[best.insurer].policies);
        if (better) {
            best = offer;
            best.insurer = i;
        }
    }
    return best;
}

/// The edge insurer → startup, made where there is none yet.
template <class Draws>
[[nodiscard]] RelationEdge insurance_edge(World<Draws>& world, const Insurer& insurer,
                                          const Startup<Draws>& startup) {
    const auto [first, last] = in_edges(startup.vertex, world.graph);
    for (auto edge = first; edge != last; ++edge)
        if (source(*edge, world.graph) == insurer.vertex) return *edge;
    return world.graph.connect(insurer.vertex, startup.vertex,
                               {.kind = Relation::Kind::insures, .since = world.now()});
}

/// Renews the policy of a startup, or buys one, when its term is over: as much cover as the money allows,
/// dollars per month, at the cheapest offer.
template <class Draws>
void renew_policy(World<Draws>& world, std::uint32_t index, double money) {
    const Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    RiskRegister& risk = inside.risk;
    if (world.insurers.empty() || (risk.policy.holds() && world.now() < risk.policy.renewal)) return;
    end_policy(world, inside);
    const InsuranceQuote quote = best_quote(world, startup);
    if (quote.insurer == InsurancePolicy::nobody || !(quote.premium > 0) || !(money > 0)) return;
    Insurer& insurer = world.insurers[quote.insurer];
    const double cover = std::min(money / quote.premium, 1.0);
    risk.policy = {.insurer = quote.insurer,
                   .cover = cover,
                   .premium = cover * quote.premium,
                   .since = world.now(),
                   .renewal = world.now() + world.parameters.insurers[insurer.group].term};
    risk.expected_rate = quote.incidents;
    insurer.surplus.set_flow(world.now(), insurer.surplus.flow() + risk.policy.premium);
    ++insurer.policies;
    (void)insurance_edge(world, insurer, startup);
    world.tell(Notice::Kind::insured, index, risk.policy.premium, cover);
}

/// Everybody who was insured there is insured no more.
template <class Draws>
void ruin_insurer(World<Draws>& world, std::uint32_t which) {
    world.insurers[which].ruined = true;
    for (Organisation<Draws>& inside : world.organisations) {
        if (inside.risk.policy.insurer != which) continue;
        end_policy(world, inside);
        update_cash_flow(world, inside.startup, revenue(world, world.startups[inside.startup]));
    }
    world.tell(Notice::Kind::insurer_ruined, 0, which, 0);
}

/// What the insurer pays of a loss, dollars. It pays in full even if that ruins it.
template <class Draws>
double claim(World<Draws>& world, std::uint32_t index, double loss, std::uint32_t leaf) {
    const Startup<Draws>& startup = world.startups[index];
    RiskRegister& risk = world.inside(startup).risk;
    if (!risk.policy.holds()) return 0;
    const std::uint32_t which = risk.policy.insurer;
    Insurer& insurer = world.insurers[which];
    const InsurerGroupParameters& terms = world.parameters.insurers[insurer.group];
    // Any incident of an insured kind counts as one, whatever is paid for it: the factor is about their
    // number.
    ++risk.tally.claims;
    ++risk.seen.claims;
    ++insurer.claim_count;
    const double paid = risk.policy.cover * payment(policy_terms(terms), loss, 0);
    if (!(paid > 0)) return 0;
    risk.tally.paid_by_insurers += paid;
    insurer.claims += paid;
    insurer.surplus.deposit(world.now(), -paid);
    world.graph[insurance_edge(world, insurer, startup)].returned += paid;
    world.tell(Notice::Kind::claim_paid, index, paid, leaf);
    if (insurer.surplus.balance(world.now()) < 0) ruin_insurer(world, which);
    return paid;
}

}  // namespace venturi
