// The network of a world, held against what can be reckoned: whom one meets, how long ties last, what is
// carried, who works where.
#include "tests/agents/network_worlds.hpp"
#include "tests/agents/sample.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

using namespace venturi;
using namespace venturi::testing;

TEST_CASE("Whom newcomers are tied to by attachment is Polya's urn", "[long]") {
    // Each startup keeps one tie, never to a rival, always to one of two communities: in proportion to ties
    // + 1. After n of them the number at the first is uniform on 0 … n (Polya 1930).
    constexpr int newcomers = 9;
    WorldParameters parameters = network_world(newcomers);
    parameters.partners[0].count = 2;
    parameters.startups[0].founded = Uniform{0, 100};
    TieParameters& ties = parameters.partnership.ties;
    ties.most = 1;
    ties.meetings = 20;
    ties.attractiveness = 1;
    ties.ends = 0;
    ties.odds = 30;
    ties.complementarity_effect = 0;
    ties.openness_effect = 0;
    ties.trust_effect = 0;
    ties.rivalry = 60;
    const auto setup = make_setup(parameters);
    World<PlainDraws> world(setup);
    std::array<int, newcomers + 1> seen{};
    constexpr int histories = 250;
    for (std::uint32_t history = 0; history < histories; ++history) {
        world.reset(PlainDraws(FastVariates(1930, history)));
        world.run_until(110);
        const std::uint32_t first = world.partners[newcomers].ties;
        REQUIRE(first + world.partners[newcomers + 1].ties == newcomers);
        ++seen[first];
    }
    double chi_squared = 0;
    constexpr double expected = histories / double{newcomers + 1};
    for (const int count : seen) chi_squared += (count - expected) * (count - expected) / expected;
    CHECK(chi_squared < 27.9);  // 99.9% of chi-squared with 9 degrees of freedom
}

TEST_CASE("Those who may be met by attachment are weighed by their ties, and those who are full not at all") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 43, 0);
        std::uint64_t looked_at = 0;
        while (world.step(60)) {
            if (world.delivered() % 101 != 0) continue;
            std::vector<std::uint32_t> ties(world.partners.size());
            for (const std::uint32_t record : all_ties(world))
                for (const std::uint32_t end : world.ties[record].ends) ++ties[end];
            for (std::uint32_t i = 0; i < world.partners.size(); ++i) {
                const Partner& partner = world.partners[i];
                REQUIRE(partner.ties == ties[i]);
                const bool can = partner.present && partner.ties < partner.room;
                REQUIRE(world.attachment.weight(i)
                        == (can ? ties[i] + world.parameters.partnership.ties.attractiveness : 0.0));
                ++looked_at;
            }
            REQUIRE(world.ties.in_use() == all_ties(world).size());
        }
        if (has_network(world)) CHECK(looked_at > 1000);
    }
}

TEST_CASE("A tie ends at the rate that its trust says") {
    for (const double trust : {0.2, 0.8}) {
        CAPTURE(trust);
        WorldParameters parameters = network_world(40);
        parameters.partnership.trust.initial = trust;
        parameters.partners[0].count = 20;
        parameters.partnership.ties.rivalry = 50;
        parameters.partnership.ties.ends = 0.02;
        World<PlainDraws> world = world_of(make_setup(parameters), 44, 0);
        world.run_until(150);
        double months = 0;
        for (const double spent : world.network.tie_months) months += spent;
        const auto ended = static_cast<double>(world.network.ended);
        const double rate = 0.02 * std::exp(parameters.partnership.ties.ends_by_trust * (0.5 - trust));
        REQUIRE(ended > 200);
        // Ties that still are have lived unended months that the tally has not; there are few.
        for (const std::uint32_t record : all_ties(world)) months += world.now() - world.ties[record].since;
        CHECK(std::abs(ended / months / rate - 1) < 4 / std::sqrt(ended));
    }
}

TEST_CASE("The knowledge of a partner who is ahead makes up a lag in closed form") {
    // d lag / dt = growth − own research − spillover · lag − κ (lag − partner's lag), all constant here.
    WorldParameters parameters = network_world(1);
    parameters.partners[0] = plain_partners("university", PartnerGroupKind::university, 1);
    parameters.partners[0].knowledge = std::exp(-0.1);
    parameters.partnership.ties.meetings = 0;
    parameters.partnership.flows.knowledge = 0.2;
    parameters.culture.partnership.gain = 0;
    parameters.technology.breakthroughs = 0;
    parameters.technology.research = 0;
    parameters.partners[0].cooperation.sharing = 1;
    World<PlainDraws> world = world_of(make_setup(parameters), 45, 0);
    world.run_until(0);
    const double began = 2;
    Organisation<PlainDraws>& inside = world.organisations[0];
    inside.technology.lag.jump(0, began);
    form_tie(world, 0, 1, false, 0.5);
    const double trust = parameters.partnership.trust.initial;
    const double ours = parameters.technology.spillover;
    const double theirs = 0.2 * trust;
    const double growth = std::log(2.0) / parameters.technology.frontier.efficiency_doubling;
    const double target = (growth + theirs * 0.1) / (ours + theirs);
    world.run_until(10);
    CHECK(inside.technology.lag.at(10)
          == Approx(target + (began - target) * std::exp(-(ours + theirs) * 10)).epsilon(1e-9));
}

TEST_CASE("What a tie carries is in proportion to trust, sharing, and what the partner has") {
    WorldParameters parameters = network_world(1);
    PartnerGroupParameters& group = parameters.partners[0];
    group = plain_partners("industry", PartnerGroupKind::industry, 1);
    group.data = 0.6;
    group.compute = 0.25;
    group.reach = 0.8;
    group.cooperation.sharing = 0.4;
    parameters.partnership.ties.meetings = 0;
    parameters.market.segments[0].privacy = 0.5;
    World<PlainDraws> world = world_of(make_setup(parameters), 46, 0);
    world.run_until(0);
    form_tie(world, 0, 1, false, 0.5);
    const TieFlowParameters& flows = parameters.partnership.flows;
    const TieFlows carried = flows_to(world, 0);
    CHECK(carried.batches == Approx(flows.data * 0.4 * 0.5 * 0.6 * 0.5).epsilon(1e-12));
    CHECK(carried.compute == Approx(flows.compute * 0.4 * 0.5 * 0.25).epsilon(1e-12));
    CHECK(carried.reach == Approx(flows.reach * 0.5 * 0.8).epsilon(1e-12));
    CHECK(world.organisations[0].flows == carried);
    CHECK(world.organisations[0].batch.rate()
          == Approx([&] {
                 const auto rates = batch_rates(world, world.startups[0]);
                 return rates[0] + rates[1] + rates[2] + carried.batches;
             }())
                 .epsilon(1e-12));
}

TEST_CASE("Transparency makes trust grow faster and break less, by the formulas of the model") {
    WorldParameters parameters = network_world(1);
    parameters.partnership.ties.meetings = 0;
    parameters.startups[0].cooperation.transparency = 0.2;
    parameters.partners[0].cooperation.transparency = 0.8;
    World<PlainDraws> world = world_of(make_setup(parameters), 47, 0);
    world.run_until(0);
    form_tie(world, 0, 1, false, 0.5);
    Tie& tie = world.ties[all_ties(world)[0]];
    tie.trust = 0.4;
    raise_trust(world, tie, 0.1);
    CHECK(tie.trust == Approx(0.4 + 0.1 * 0.6).epsilon(1e-12));  // transparency is a half: the part as it is
    lower_trust(world, tie, 0.25);
    CHECK(tie.trust == Approx(0.46 * 0.75).epsilon(1e-12));
    world.parameters.startups[0].cooperation.transparency = 1;
    world.parameters.partners[0].cooperation.transparency = 1;
    tie.trust = 0.4;
    raise_trust(world, tie, 0.1);
    CHECK(tie.trust == Approx(0.4 + 0.15 * 0.6).epsilon(1e-12));
    lower_trust(world, tie, 0.25);
    CHECK(tie.trust == Approx(0.49 * 0.875).epsilon(1e-12));
}

TEST_CASE("When a senior person leaves, trust goes along, the more the fewer are left") {
    WorldParameters parameters = network_world(1);
    parameters.partnership.trust.lost_by_departure = 0.3;
    parameters.partnership.ties.meetings = 0;
    World<PlainDraws> world = world_of(make_setup(parameters), 48, 0);
    world.run_until(0);
    form_tie(world, 0, 1, false, 0.5);
    Organisation<PlainDraws>& inside = world.organisations[0];
    inside.workforce.count(Role::engineer, Level::senior) = 3;
    inside.workforce.count(Role::researcher, Level::senior) = 0;
    inside.workforce.count(Role::data, Level::senior) = 0;
    inside.workforce.count(Role::business, Level::senior) = 0;
    const Tie& tie = world.ties[all_ties(world)[0]];
    take_out(world, inside, Role::engineer, Level::senior);
    CHECK(tie.trust == Approx(0.5 * (1 - 0.3 / 3)).epsilon(1e-12));
    const double before = tie.trust;
    inside.workforce.count(Role::engineer, Level::junior) += 1;
    take_out(world, inside, Role::engineer, Level::junior);
    CHECK(tie.trust == before);
}

TEST_CASE("An industry partner's people are as many as an infinite-server queue has") {
    // They come at rate turnover · people from a pool that is never empty, and each leaves at rate turnover:
    // a Poisson number in the long run.
    WorldParameters parameters = network_world(1);
    parameters.partners.push_back(plain_partners("industry", PartnerGroupKind::industry, 40));
    parameters.partners[1].people = 25;
    parameters.partnership.people.industry_turnover = 0.2;
    parameters.startups[0].burn = Constant{1};
    World<PlainDraws> world = world_of(make_setup(parameters), 49, 0);
    Sample means;
    Sample squares;
    for (int look = 1; look <= 50; ++look) {
        world.run_until(20 * look);  // four relaxation times between looks: nearly independent
        for (const Partner& partner : world.partners)
            if (partner.kind == PartnerKind::industry) {
                means.add(people_of(partner));
                squares.add((people_of(partner) - 25) * (people_of(partner) - 25));
            }
    }
    CHECK(std::abs(means.z_of_mean(25)) < 4);
    CHECK(std::abs(squares.z_of_mean(25)) < 4);
}

TEST_CASE("Graduates go to tied startups in proportion to trust, and to the open market") {
    WorldParameters parameters = network_world(2);
    parameters.partners[0] = plain_partners("university", PartnerGroupKind::university, 1);
    parameters.partners[0].graduates = 5;
    parameters.partnership.ties.meetings = 0;
    parameters.partnership.ties.ends = 0;
    parameters.partnership.couplings.people = 1;
    parameters.partnership.people.open_market = 1;
    parameters.talent.hiring.screening_pass = 0;
    World<PlainDraws> world = world_of(make_setup(parameters), 50, 0);
    world.run_until(0);
    form_tie(world, 0, 2, false, 0.5);
    form_tie(world, 1, 2, false, 0.5);
    world.ties[all_ties(world)[0]].trust = 0.75;
    world.ties[all_ties(world)[1]].trust = 0.25;
    double others = 0;
    constexpr int years = 40;
    for (int month = 1; month <= 12 * years; ++month) {
        for (auto& inside : world.organisations)
            for (std::size_t role = 0; role < roles; ++role)
                if (inside.hiring.openings(static_cast<Role>(role)) < 100)
                    inside.hiring.post(static_cast<Role>(role), 100);
        world.run_until(month);
    }
    const std::size_t places = 1 + flow_places;
    const std::size_t university = place_number(world, FlowPlace::university);
    const std::size_t pool = place_number(world, FlowPlace::pool);
    others = world.moves[university * places + pool];
    const auto all = static_cast<double>(world.network.graduates);
    REQUIRE(all > 2000);
    // Half of the weight, 1 of 0.75 + 0.25 + 1, is the market's.
    CHECK(std::abs(others / all - 0.5) < 4 * 0.5 / std::sqrt(all));
}

TEST_CASE("Every move of a person is counted once: what has come into a place less what has gone is there") {
    for (const auto& [name, setup] : worlds_with_organisations()) {
        CAPTURE(name);
        World<PlainDraws> world = world_of(setup, 51, 0);
        world.run_until(60);
        const std::size_t groups = world.parameters.startups.size();
        const std::size_t places = groups + flow_places;
        REQUIRE(world.moves.size() == places * places);
        std::vector<double> present(places);
        for (const auto& inside : world.organisations)
            present[place_number(world, inside)] += inside.workforce.headcount();
        for (const auto& pool : world.pools)
            present[place_number(world, FlowPlace::pool)] += pool.available();
        for (const Partner& partner : world.partners)
            if (partner.kind == PartnerKind::university || partner.kind == PartnerKind::industry)
                present[place_number(world, partner)] += people_of(partner);
        // Who is in a pool at the start has not moved there.
        double moves = 0;
        for (std::size_t place = 0; place < places; ++place) {
            double come = 0;
            double gone = 0;
            for (std::size_t other = 0; other < places; ++other) {
                come += world.moves[other * places + place];
                gone += world.moves[place * places + other];
            }
            moves += come;
            if (place == place_number(world, FlowPlace::pool))
                for (const auto& pool : world.pools) come += std::floor(pool.usual);
            if (place == place_number(world, FlowPlace::outside)) continue;
            CAPTURE(place);
            CHECK(come - gone == present[place]);
        }
        CHECK(moves > 0);
    }
}
