// A fork of history: one world until month 24, then two: as it was going, and under a funding winter.
#include "agents/world.hpp"

#include <cstdio>
#include <string>

using namespace venturi;

namespace {

WorldParameters small_cohort() {
    WorldParameters parameters;
    SegmentParameters segment;
    segment.name = "software";
    parameters.market.segments = {segment};
    for (const char* name : {"series_a", "series_b", "series_c"}) {
        RoundParameters round;
        round.name = name;
        round.median_pre_money = 1e7 * (1 << (2 * parameters.finance.rounds.size()));
        parameters.finance.rounds.push_back(round);
    }
    StartupGroupParameters founders;
    founders.name = "founders";
    founders.segment = "software";
    parameters.startups = {founders};
    InvestorGroupParameters funds;
    funds.name = "funds";
    parameters.investors = {funds};
    return parameters;
}

void report(const char* name, const World<PlainDraws>& world) {
    std::printf("%-8s month %3.0f: %2.0f of %2.0f companies independent, %2.0f rounds closed\n", name,
                world.now(), world.measure(Measure::named("living")),
                world.measure(Measure::named("founded")), world.measure(Measure::named("rounds")));
}

}  // namespace

int main() {
    World<PlainDraws> trunk(make_setup(small_cohort()));
    trunk.reset(PlainDraws(FastVariates(/*seed=*/3, /*trajectory=*/0)));
    trunk.run_until(24);
    report("trunk", trunk);

    World<PlainDraws> winter = trunk;  // everything is copied: calendar, graph, cash, the addresses of draws
    ClimateParameters& climate = winter.parameters.environment.climate;
    climate.normal_to_cold = climate.warm_to_normal = 20;  // a matter of days
    climate.cold_to_normal = 0;
    winter.refresh();
    for (double month = 36; month <= 96; month += 30) {
        trunk.run_until(month);
        winter.run_until(month);
        report("trunk", trunk);
        report("winter", winter);
    }
    return trunk.measure(Measure::named("founded")) == winter.measure(Measure::named("founded")) ? 0 : 1;
}
