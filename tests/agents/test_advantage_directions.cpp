// What a larger share of the mix does for the advantage that it is spent on, over trajectories paired by
// common random numbers.
#include "agents/technology/technology_events.hpp"
#include "scenarios/scenario.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

using namespace venturi;
using namespace venturi::testing;

namespace {

constexpr int horizon = 48;
constexpr std::uint32_t trajectories = 80;

/// What is looked at, each a mean over the companies of a history.
enum Observable : std::size_t {
    trained_compute,  ///< ln of all effective compute
    gap,              ///< of the base model to the frontier
    clean_tokens,     ///< ln of those in stock
    data_quality,
    skill,      ///< mean over staff
    attrition,  ///< leavers per person and month
    pay_premium,
    partnership_culture,
    lag,  ///< behind the frontier's algorithms
    risk_culture,
    cost_of_incident,  ///< dollars each
    frequency_of_incidents,
    cost_of_incidents,
    observables
};
using Observed = std::array<double, observables>;

/// Six companies of the library's customer service that have money for all their lives and cannot be sold, so
/// that what is seen is not who has survived; with incidents ten times as often.
WorldParameters immortals() {
    const std::filesystem::path library =
        std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios" / "library";
    const std::filesystem::path file = library / "customer_service.yaml";
    WorldParameters world = load_scenario(file.string(), std::span(&library, 1)).world;
    world.startups[0].count = 6;
    world.startups[0].seed_round = Constant{1e9};
    world.finance.rounds.clear();
    world.finance.exits.shutdown = 0;
    world.finance.exits.offers = 0;
    world.finance.exits.listing = 0;
    for (const char* name : {"data_leak", "violation"}) leaf_named(world, name).rate *= 10;
    // Without the tails, in which one incident costs as much as all others.
    for (RiskLeafParameters& leaf : world.risk.leaves)
        leaf.harm.severity = {.median = leaf.harm.severity.median, .spread = 0.5, .tail_from = 1};
    for (RiskGateParameters& gate : world.risk.gates)
        gate.harm.severity = {.median = gate.harm.severity.median, .spread = 0.5, .tail_from = 1};
    return world;
}

Observed observe_history(World<PlainDraws>& world, std::uint32_t trajectory) {
    world.reset(PlainDraws(FastVariates(1958, trajectory)));
    world.keep_notices();
    double person_months = 0;
    for (int month = 1; month <= horizon; ++month) {
        world.run_until(month);
        for (const auto& inside : world.organisations) person_months += inside.workforce.productive_staff();
    }
    double leavers = 0;
    for (const Notice& notice : world.notices) leavers += notice.kind == Notice::Kind::left ? 1 : 0;
    REQUIRE(world.tallies.alive() == world.startups.size());
    Observed seen{};
    const auto companies = static_cast<double>(world.organisations.size());
    double incidents = 0;
    double cost = 0;
    for (const auto& inside : world.organisations) {
        seen[trained_compute] += std::log(inside.technology.trained_compute + 1) / companies;
        seen[gap] += gap_of(world, inside.technology.base_loss) / companies;
        seen[clean_tokens] += std::log(inside.data.stock().clean()) / companies;
        seen[data_quality] += inside.data.stock().quality / companies;
        double skills = 0;
        for (std::size_t role = 0; role < roles; ++role)
            skills += inside.workforce.skill[role] * inside.workforce.productive_of(static_cast<Role>(role));
        seen[skill] += skills / inside.workforce.productive_staff() / companies;
        seen[pay_premium] += inside.pay_premium / companies;
        seen[partnership_culture] += inside.culture.intensity(Advantage::partnership, horizon) / companies;
        seen[lag] += inside.technology.lag.at(horizon) / companies;
        seen[risk_culture] += inside.culture.intensity(Advantage::risk, horizon) / companies;
        incidents += inside.risk.tally.incidents;
        cost += inside.risk.tally.cost;
    }
    seen[attrition] = leavers / person_months;
    seen[cost_of_incident] = cost / incidents;
    seen[frequency_of_incidents] = incidents / companies;
    seen[cost_of_incidents] = cost / companies;
    return seen;
}

std::vector<Observed> observe_histories(const WorldParameters& parameters) {
    World<PlainDraws> world(make_setup(parameters));
    std::vector<Observed> seen;
    for (std::uint32_t i = 0; i < trajectories; ++i) seen.push_back(observe_history(world, i));
    return seen;
}

using Effect = std::array<Sample, observables>;

/// For each observable the differences, history by history, that `changed` makes.
Effect effect_of(const WorldParameters& changed) {
    static const std::vector<Observed> plain = observe_histories(immortals());
    const std::vector<Observed> seen = observe_histories(changed);
    Effect differences;
    for (std::size_t i = 0; i < seen.size(); ++i)
        for (std::size_t k = 0; k < observables; ++k) differences[k].add(seen[i][k] - plain[i][k]);
    return differences;
}

/// A share of the mix becomes `share`, and the others are scaled to what is left.
Effect effect_of(double InvestmentMix::*advantage, double share) {
    WorldParameters changed = immortals();
    InvestmentMix& mix = changed.startups[0].mix;
    const double others = 1 - mix.*advantage;
    for (double* one : {&mix.technology, &mix.data, &mix.talent, &mix.partnership, &mix.risk})
        *one *= (1 - share) / others;
    mix.*advantage = share;
    return effect_of(changed);
}

/// Standard errors by which the mean difference is above 0; more than four exclude 0 from any usual interval.
double z(const Effect& effect, Observable observable) {
    const double found = effect[observable].z_of_mean(0);
    UNSCOPED_INFO("effect " << effect[observable].mean() << " with standard error "
                            << effect[observable].mean() / found);
    return found;
}

}  // namespace

TEST_CASE("More for technology trains more, and brings models nearer the frontier", "[long]") {
    const auto effect = effect_of(&InvestmentMix::technology, 0.7);
    CHECK(z(effect, trained_compute) > 4);
    CHECK(z(effect, gap) < -4);
}

TEST_CASE("More for data stocks more clean tokens, of better quality", "[long]") {
    const auto effect = effect_of(&InvestmentMix::data, 0.4);
    CHECK(z(effect, clean_tokens) > 4);
    CHECK(z(effect, data_quality) > 4);
}

TEST_CASE("More for talent makes staff better, pays it better, and keeps it longer", "[long]") {
    const auto effect = effect_of(&InvestmentMix::talent, 0.3);
    CHECK(z(effect, skill) > 4);
    CHECK(z(effect, pay_premium) > 4);
    CHECK(z(effect, attrition) < -4);
}

TEST_CASE("More for partnership builds its culture", "[long]") {
    CHECK(z(effect_of(&InvestmentMix::partnership, 0.25), partnership_culture) > 4);
}

TEST_CASE(
    "Money for partnership that nothing else has to give lessens the lag behind the frontier's algorithms",
    "[long]") {
    // Taken from the rest it costs research, which makes up for most of that.
    WorldParameters changed = immortals();
    StartupGroupParameters& group = changed.startups[0];
    const double more = 0.2 * (1 - group.marketing_share);  // of all that was spent before
    std::get<LogNormal>(group.burn).median *= 1 + more;
    group.marketing_share /= 1 + more;
    group.mix.partnership += 0.2;  // shares are divided by their sum
    const Effect effect = effect_of(changed);
    CHECK(z(effect, partnership_culture) > 4);
    CHECK(z(effect, lag) < -4);
}

TEST_CASE("More for risk builds its culture, and makes incidents rarer and cost less, each and in all",
          "[long]") {
    const auto effect = effect_of(&InvestmentMix::risk, 0.25);
    CHECK(z(effect, risk_culture) > 4);
    CHECK(z(effect, frequency_of_incidents) < -4);
    CHECK(z(effect, cost_of_incident) < -4);
    CHECK(z(effect, cost_of_incidents) < -4);
}
