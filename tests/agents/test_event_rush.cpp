// Worlds whose clocks run wild are stopped, always at the same event.
#include "agents/event_rush.hpp"
#include "agents/world_parameters.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// How many events `watch` takes, `each` months apart, of which every tenth is an offer and the rest
// plannings.
std::string told_after(EventWatch& watch, double each, std::uint64_t events) {
    try {
        for (std::uint64_t i = 0; i < events; ++i)
            watch.count({i % 10 == 0 ? Happening::offer_arrives : Happening::plans, 0},
                        static_cast<double>(i) * each);
    } catch (const EventRush& rush) {
        return rush.what();
    }
    return {};
}

}  // namespace

TEST_CASE(
    "more events in a month than there may be are stopped with their number and what most of them are") {
    EventWatch watch;
    watch.restart(100'000);
    const std::string told = told_after(watch, 1e-9, 1'000'000);
    CHECK_THAT(told, Contains("more than 100000 events within a month, from month 0 to month 0.0001"));
    CHECK_THAT(told, Contains("90% of the last are plannings"));
    CHECK(watch.delivered() == 109'999);
    watch.restart(100'000);
    CHECK(told_after(watch, 1e-9, 1'000'000) == told);
    CHECK(watch.delivered() == 109'999);
}

TEST_CASE("as many events over longer are none of its business") {
    EventWatch watch;
    watch.restart(1000);
    CHECK(told_after(watch, 0.0011, 100'000).empty());
    CHECK(watch.delivered() == 100'000);
    watch.restart(1000);
    CHECK_FALSE(told_after(watch, 0.0009, 100'000).empty());
}

TEST_CASE("how many events a world may have grows with who lives in it") {
    WorldParameters parameters;
    CHECK(most_events_a_month(parameters) >= 1'000'000);
    const std::uint64_t empty = most_events_a_month(parameters);
    parameters.startups.emplace_back().count = 10;
    CHECK(most_events_a_month(parameters) == empty + 100'000);
    parameters.startups.front().inside = Inside::five_advantages;
    CHECK(most_events_a_month(parameters) == empty + 100'000 * (1 + parameters.risk.leaves.size()));
    parameters.market.segments.emplace_back().size = 5000;
    CHECK(most_events_a_month(parameters) == empty + 100'000 * (1 + parameters.risk.leaves.size()) + 500'000);
}
