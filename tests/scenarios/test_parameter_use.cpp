// Which parameters a scenario reads: whatever is said to be unread must leave every bit as it is.
#include "agents/world.hpp"
#include "scenarios/parameter_use.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/scenario_warnings.hpp"
#include "scenarios/sections.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

const std::filesystem::path library = std::filesystem::path(VENTURI_SOURCE_FOLDER) / "scenarios/library";

Scenario read(const std::string& text) {
    return read_scenario(text, "a.yaml", std::span(&library, 1));
}

// A scenario of the library, or one that extends it, with few startups and a short horizon.
Scenario small(const std::string& name, const std::string& changes = "title: small\n", double months = 36) {
    Scenario scenario = read("extends: " + name + "\n" + changes);
    for (StartupGroupParameters& group : scenario.world.startups)
        group.count = std::min<std::int64_t>(group.count, 3);
    for (PartnerGroupParameters& group : scenario.world.partners)
        group.count = std::min<std::int64_t>(group.count, 3);
    for (SegmentParameters& segment : scenario.world.market.segments)
        segment.size = std::min(segment.size, 2000.0);
    scenario.run.horizon = months;
    return scenario;
}

// What two histories are, looked at every half year: bits of everything that an observable is made of.
std::uint64_t bits_of(const Scenario& scenario) {
    World<PlainDraws> world(make_setup(scenario.world, scenario.interventions));
    std::uint64_t bits = 1;
    const auto mix = [&bits](double value) {
        bits = (bits ^ std::bit_cast<std::uint64_t>(value)) * 0x9E3779B97F4A7C15U;
        bits ^= bits >> 29;
    };
    for (std::uint32_t trajectory = 0; trajectory < 2; ++trajectory) {
        world.reset(PlainDraws(FastVariates(static_cast<std::uint64_t>(scenario.run.seed), trajectory)));
        for (double month = 0; month <= scenario.run.horizon; month += 6) {
            world.run_until(month);
            for (const auto& company : world.startups) {
                for (const double value :
                     {value_of(company.quality), company.cash.balance(world.now()),
                      static_cast<double>(company.customers.accounts()), static_cast<double>(company.status),
                      company.highest_valuation, company.proceeds})
                    mix(value);
            }
            for (const auto& inside : world.organisations)
                for (const double value : {inside.standing.brand, inside.technology.deployed_loss,
                                           inside.payroll, inside.risk.tally.cost})
                    mix(value);
            for (const auto& pool : world.pools) mix(pool.available());
            for (const auto& investor : world.investors) mix(investor.available);
            double premiums = 0;
            double claims = 0;
            for (const auto& insurer : world.insurers) {
                premiums += insurer.premiums(world.now(), scenario.world.insurers[insurer.group].surplus);
                claims += insurer.claims;
            }
            mix(premiums);
            mix(claims);
            mix(static_cast<double>(world.network.formed));
        }
        mix(static_cast<double>(world.delivered()));
    }
    return bits;
}

// Gives a leaf another legal value; false where it has none.
bool change(const Leaf& leaf) {
    const Range& legal = leaf.description.legal;
    // A gate can't need more inputs than it has.
    if (leaf.description.name == "needs") return false;
    if (auto* const* number = std::get_if<double*>(&leaf.target)) {
        // Only some kinds of partners may have any.
        const bool is_of_some = leaf.description.name == "graduates" || leaf.description.name == "people";
        if (is_of_some && **number == 0) return false;
        // Smaller shares keep sums of shares legal.
        for (const double other : {**number * 0.5, **number * 0.9 + 0.01, **number + 0.1, **number * 2 + 1})
            if (other != **number && legal.contains(other)) {
                **number = other;
                return true;
            }
        return false;
    }
    if (auto* const* whole = std::get_if<std::int64_t*>(&leaf.target)) {
        **whole += legal.contains(static_cast<double>(**whole + 1)) ? 1 : -1;
        return legal.contains(static_cast<double>(**whole));
    }
    if (auto* const* flag = std::get_if<bool*>(&leaf.target)) {
        **flag = !**flag;
        return true;
    }
    if (const auto* choice = std::get_if<ChoiceTarget>(&leaf.target)) {
        choice->set((choice->get() + 1) % choice->names.size());
        return true;
    }
    if (auto* const* distribution = std::get_if<Distribution*>(&leaf.target)) {
        **distribution = Constant{mean(**distribution) * 1.3 + 0.01};
        return true;
    }
    return false;
}

// Changes all parameters that a scenario is said not to read, at once; how many there are.
int change_unread(Scenario& scenario) {
    const ParameterUse use(scenario);
    Group tree = parameter_tree(scenario.world);
    int changed = 0;
    for (const LeafPath& leaf : leaves_of(tree))
        if (use.unread_at(leaf.path) && change(*leaf.leaf)) ++changed;
    return changed;
}

bool is_unread(const std::string& text, const std::string& path) {
    return ParameterUse(read(text)).unread_at(path).has_value();
}

}  // namespace

TEST_CASE("changing all that the library's scenarios do not read leaves every bit of their histories") {
    for (const auto& [name, least] : std::vector<std::pair<std::string, int>>{{"seed_cohort", 400},
                                                                              {"customer_service", 60},
                                                                              {"healthcare", 60},
                                                                              {"foundation_model_lab", 60},
                                                                              {"ecosystem", 5}}) {
        CAPTURE(name);
        Scenario scenario = small(name);
        const std::uint64_t before = bits_of(scenario);
        CHECK(change_unread(scenario) >= least);
        CHECK(bits_of(scenario) == before);
    }
}

TEST_CASE("what is switched off makes more unread, and none of that moves a bit") {
    const auto [name, changes] = GENERATE(values<std::pair<std::string, std::string>>({
        {"seed_cohort", "investors: {funds: {count: 0}}"},
        {"seed_cohort", "investors: {funds: ~}"},
        {"seed_cohort",
         "finance: {rounds: {series_a: ~, series_b: ~, series_c: ~, series_d: ~, series_e: ~}}"},
        {"seed_cohort", "finance: {exits: {offers: 0, listing: 0, shutdown: 0}}"},
        {"seed_cohort", "environment: {compute_price_cuts: 0, frontier_advances: 0}"},
        {"seed_cohort", "environment: {climate: {initial: normal, normal_to_cold: 0, normal_to_warm: 0}}"},
        {"seed_cohort", "environment: {climate: {initial: warm, warm_to_normal: 0}}"},
        {"seed_cohort", "startups: {founders: {improvements: 0, compute_share: 0%}}"},
        {"seed_cohort", "startups: {founders: {count: 0}}"},
        {"seed_cohort", "market: {segments: {empty: {}}}"},
        {"customer_service", "data: {flywheel: no, scraped: 0, purchase_share: 0%}\ntechnology: {tilt: 0%}"},
        {"customer_service", "technology: {breakthroughs: 0}\nenvironment: {frontier_advances: 0}"},
        {"customer_service",
         "insurers: {general: ~}\nrisk: {leaves: {data_leak: {rate: 0}, outage: {driver: nothing}}}"},
        {"customer_service", "insurers: {general: {count: 0}}"},
        {"customer_service", "risk: {management: {insurance_share: 0%}}"},
        {"customer_service", "investors: {funds: {count: 0}}"},
        {"ecosystem", "partnership: {couplings: {knowledge: 0, data: 0, compute: 0, customers: 0}}"},
        {"ecosystem", "partnership: {couplings: {projects: 0, obligations: 0, people: 0}}"},
        {"ecosystem", "partnership: {projects: {proposals: 0}}\npartners: {communities: {count: 0}}"},
        {"ecosystem", "partners: {universities: ~, industry: ~, communities: ~}"},
        {"ecosystem", "startups: {service: {inside: outline}}"},
    }));
    CAPTURE(name, changes);
    Scenario scenario = small(name, changes + "\n");
    const std::uint64_t before = bits_of(scenario);
    REQUIRE(change_unread(scenario) > 0);
    CHECK(bits_of(scenario) == before);
}

TEST_CASE("what is not said to be unread does change histories") {
    const auto [name, path] = GENERATE(values<std::pair<std::string, std::string>>({
        {"seed_cohort", "environment.climate.normal_to_cold"},
        {"seed_cohort", "environment.compute_price_cut"},
        {"seed_cohort", "environment.frontier_step"},
        {"seed_cohort", "environment.wage_rise"},
        {"seed_cohort", "market.segments.software.churn"},
        {"seed_cohort", "market.segments.software.rivals"},
        {"seed_cohort", "market.segments.software.gross_margin"},
        {"seed_cohort", "finance.raising.runway_trigger"},
        {"seed_cohort", "finance.raising.quality_effect"},
        {"seed_cohort", "finance.exits.offers"},
        {"seed_cohort", "finance.exits.shutdown"},
        {"seed_cohort", "startups.founders.burn"},
        {"seed_cohort", "startups.founders.compute_share"},
        {"seed_cohort", "startups.founders.improvement_step"},
        {"seed_cohort", "investors.funds.new_fund"},
        {"customer_service", "startups.founders.mix.technology"},
        {"customer_service", "startups.founders.mix.risk"},
        {"customer_service", "startups.founders.marketing_share"},
        {"customer_service", "market.segments.service_desks.privacy"},
        {"customer_service", "market.segments.service_desks.tolerated_gap"},
        {"customer_service", "technology.optimiser.mistuning"},
        {"customer_service", "technology.open_gap"},
        {"customer_service", "data.half_life"},
        {"customer_service", "data.feedback_batches"},
        {"customer_service", "talent.engineer.pay"},
        {"customer_service", "talent.hiring.screening_pass"},
        {"customer_service", "culture.technology.gain"},
        {"customer_service", "culture.coordination"},
        {"customer_service", "standing.brand_pull"},
        {"customer_service", "risk.leaves.outage.rate"},
        {"customer_service", "risk.management.prevention_share"},
        {"customer_service", "insurers.general.loading"},
        {"ecosystem", "partnership.ties.meetings"},
        {"ecosystem", "partnership.trust.initial"},
        {"ecosystem", "partnership.flows.knowledge"},
        {"ecosystem", "partnership.couplings.data"},
        {"ecosystem", "partners.universities.knowledge"},
        {"ecosystem", "investors.funds.partner.knowledge"},
        {"ecosystem", "startups.service.cooperation.openness"},
    }));
    CAPTURE(name, path);
    constexpr double long_enough = 108;  // for what is rare
    Scenario scenario = small(name, "title: small\n", long_enough);
    REQUIRE_FALSE(ParameterUse(scenario).unread_at(path));
    const std::uint64_t before = bits_of(scenario);
    Group tree = parameter_tree(scenario.world);
    const std::vector<LeafPath> leaves = leaves_of(tree);
    const auto leaf =
        std::find_if(leaves.begin(), leaves.end(), [&](const LeafPath& each) { return each.path == path; });
    REQUIRE(leaf != leaves.end());
    REQUIRE(change(*leaf->leaf));
    CHECK(bits_of(scenario) != before);
}

TEST_CASE("an intervention that switches something on makes what belongs to it read") {
    const std::string off = "extends: seed_cohort\nenvironment: {frontier_advances: 0}\n";
    CHECK(is_unread(off, "environment.frontier_step"));
    CHECK_FALSE(is_unread(
        off + "interventions: [{name: on, at: 6 months, set: {environment.frontier_advances: 1/year}}]\n",
        "environment.frontier_step"));
    CHECK(is_unread(off + "interventions: [{name: on, at: 6 months, set: {environment.wage_rise: 2%}}]\n",
                    "environment.frontier_step"));
    // So does one that holds a climate which would never come.
    const std::string mild =
        "extends: seed_cohort\nenvironment: {climate: {initial: normal, normal_to_cold: 0}}\n";
    CHECK(is_unread(mild, "environment.climate.cold.spending"));
    CHECK_FALSE(is_unread(mild + "interventions: [{name: winter, at: 6 months, climate: cold}]\n",
                          "environment.climate.cold.spending"));
    CHECK(is_unread(mild + "interventions: [{name: boom, at: 6 months, climate: warm}]\n",
                    "environment.climate.cold.spending"));
}

TEST_CASE("every rule about the use of parameters speaks of some parameter") {
    Scenario scenario = small("ecosystem");
    scenario.world.startups.at(0).mix_by_stage = {{.name = std::string(seed_stage), .mix = {}},
                                                  {.name = "series_a", .mix = {}}};
    const Group tree = parameter_tree(scenario.world);
    const std::vector<LeafPath> leaves = leaves_of(tree);
    for (const UseOfParameters& use : uses_of_parameters()) {
        CAPTURE(use.path);
        CHECK(std::any_of(leaves.begin(), leaves.end(),
                          [&use](const LeafPath& leaf) { return is_about(use, leaf.path); }));
        CHECK_FALSE(use.read_where.empty());
    }
    CHECK(is_at_or_below("startups.founders.mix.data", "startups.*.mix"));
    CHECK_FALSE(is_at_or_below("startups.founders.mixed", "startups.*.mix"));
    CHECK_FALSE(is_at_or_below("startups", "startups.*.mix"));
    const UseOfParameters use{.path = "startups.*", .read_where = "", .except = "count inside"};
    CHECK(is_about(use, "startups.founders.mix.data"));
    CHECK_FALSE(is_about(use, "startups.founders.inside"));
}
