#include "sim/station.hpp"
#include "tests/allocation_counter.hpp"
#include "tests/sim/station_driver.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

using namespace venturi;
using venturi::testing::Node;
using venturi::testing::StationNetwork;

namespace {

struct Customer {
    std::uint32_t number;
};
using Counter = Station<Customer>;

// Lets a station's events happen up to `until`; who leaves, in order.
std::vector<Counter::Departure> departures_until(Calendar<StationEvent>& calendar, Counter& station,
                                                 PlainDraws& draws, double until) {
    std::vector<Counter::Departure> departures;
    calendar.run_until(until, [&](const auto& delivery) {
        if (const auto departure = station.handle(calendar, draws, delivery.event))
            departures.push_back(*departure);
    });
    return departures;
}

std::vector<Node> busy_network() {
    return {{.station = {.servers = 2, .service = Gamma{2, 1}, .patience = Exponential{3}, .priorities = 2},
             .interval = Exponential{0.6},
             .batch = Uniform{1, 2.5},
             .classes = {0.3, 0.7},
             .next = {0.1, 0.5}},
            {.station = {.servers = 1,
                         .service = LogNormal{0.4, 1},
                         .breakdown = Breakdown{Exponential{5}, Uniform{0, 1}}},
             .next = {0.2, 0}}};
}

}  // namespace

TEST_CASE("customers are served first come, first served, and higher classes first", "[station]") {
    Calendar<StationEvent> calendar;
    PlainDraws draws;
    Counter station({.service = Constant{1}, .priorities = 2}, 0, 0);
    station.arrive(calendar, draws, {0}, 1);
    station.arrive(calendar, draws, {1}, 1);
    station.arrive(calendar, draws, {2}, 0);
    station.arrive(calendar, draws, {3}, 1);
    station.arrive(calendar, draws, {4}, 0);
    REQUIRE(station.waiting() == 4);
    REQUIRE(station.present() == 5);
    const auto departures = departures_until(calendar, station, draws, 10);
    REQUIRE(departures.size() == 5);
    const std::vector<std::uint32_t> order = {0, 2, 4, 1, 3};
    for (std::size_t k = 0; k < order.size(); ++k) {
        REQUIRE(departures[k].job.number == order[k]);
        REQUIRE(departures[k].begun == static_cast<double>(k));
        REQUIRE(departures[k].ending == Counter::Ending::served);
    }
    REQUIRE(station.statistics(10).waiting_integral == 1 + 2 + 3 + 4);
    REQUIRE(station.statistics(10).present_integral == 1 + 2 + 3 + 4 + 5);
    REQUIRE(station.statistics(10).working_integral == 5);
}

TEST_CASE("whoever loses patience leaves from the middle of the line, and never from the counter",
          "[station]") {
    Calendar<StationEvent> calendar;
    PlainDraws draws;
    Counter station({.service = Constant{4}, .patience = Constant{6}}, 0, 0);
    for (std::uint32_t number = 0; number < 4; ++number) station.arrive(calendar, draws, {number});
    const auto departures = departures_until(calendar, station, draws, 100);
    REQUIRE(departures.size() == 4);
    REQUIRE(departures[0].job.number == 0);
    for (const std::size_t k : {1U, 2U}) {  // the second was taken at 4; third and fourth leave at 6
        REQUIRE(departures[k].ending == Counter::Ending::reneged);
        REQUIRE(departures[k].job.number == k + 1);
        REQUIRE(departures[k].begun == 6);
    }
    REQUIRE(departures[3].job.number == 1);
    REQUIRE(departures[3].begun == 4);
    REQUIRE(station.present() == 0);
    REQUIRE(calendar.empty());
    const StationStatistics statistics = station.statistics(100);
    REQUIRE(statistics.arrived == 4);
    REQUIRE(statistics.served == 2);
    REQUIRE(statistics.reneged == 2);
    REQUIRE(statistics.waiting_integral == 4 + 6 + 6);
}

TEST_CASE("a broken server keeps its job and resumes it where it was left", "[station]") {
    Calendar<StationEvent> calendar;
    PlainDraws draws;
    Counter station({.service = Constant{5}, .breakdown = Breakdown{Constant{2}, Constant{10}}}, 0, 0);
    station.arrive(calendar, draws, {0});
    station.arrive(calendar, draws, {1});
    const auto departures = departures_until(calendar, station, draws, 1000);
    // Works 2, is out 10, works 2, is out 10, works 1; the 1 that is left of its up-time serves the next.
    REQUIRE(departures.size() == 2);
    REQUIRE(departures[1].begun == 25);
    REQUIRE(calendar.now() == 1000);
    // The second job: 1, out, 2, out, 2 of work: done at the instant the third up-time ends.
    REQUIRE(station.statistics(1000).working_integral == 10);
    REQUIRE(station.statistics(1000).present_integral == 25 + 50);
}

TEST_CASE("new servers take from the line at once; with fewer, whoever is served is served to the end",
          "[station]") {
    Calendar<StationEvent> calendar;
    PlainDraws draws;
    Counter station({.servers = 1, .service = Constant{1}}, 0, 0);
    for (std::uint32_t number = 0; number < 6; ++number) station.arrive(calendar, draws, {number});
    REQUIRE(station.waiting() == 5);
    station.set_servers(calendar, draws, 3);
    REQUIRE(station.waiting() == 3);
    station.set_servers(calendar, draws, 1);
    REQUIRE(station.waiting() == 3);
    const auto departures = departures_until(calendar, station, draws, 100);
    REQUIRE(departures.size() == 6);
    for (const std::size_t k : {0U, 1U, 2U}) REQUIRE(departures[k].begun == 0);
    for (const std::size_t k : {3U, 4U, 5U}) REQUIRE(departures[k].begun == static_cast<double>(k) - 2);
}

TEST_CASE("a station that can't be is refused", "[station]") {
    REQUIRE_THROWS_AS(Counter({.servers = 0}, 0, 0), ContractViolation);
    REQUIRE_THROWS_AS(Counter({.priorities = 0}, 0, 0), ContractViolation);
    const StationOptions unlimited{.servers = StationOptions::unlimited,
                                   .breakdown = Breakdown{Constant{1}, Constant{1}}};
    REQUIRE_THROWS_AS(Counter(unlimited, 0, 0), ContractViolation);
    Calendar<StationEvent> calendar;
    PlainDraws draws;
    Counter station({}, 0, 0);
    REQUIRE_THROWS_AS(station.arrive(calendar, draws, {0}, 1), ContractViolation);
    REQUIRE_THROWS_AS(station.set_servers(calendar, draws, 0), ContractViolation);
}

TEST_CASE("Little's law holds exactly over a period that begins and ends with nobody present", "[station]") {
    // Customers come until 1000; then the station empties. ∫ present dt is then the sum of the times in the
    // station.
    Calendar<StationEvent> calendar;
    PlainDraws draws(FastVariates(3, 1));
    DrawSource arrivals{.agent = 1};
    Counter station({.servers = 3, .service = Gamma{2, 1}, .patience = Weibull{2, 3}}, 0, 0);
    double in_station = 0;
    double in_line = 0;
    std::size_t left = 0;
    const auto handle = [&](const auto& delivery) {
        if (const auto departure = station.handle(calendar, draws, delivery.event)) {
            in_station += calendar.now() - departure->arrived;
            in_line += departure->begun - departure->arrived;
            ++left;
        }
    };
    for (double next = 0; next < 1000; next += draws.exponential(arrivals, 3)) {
        calendar.run_until(next, handle);
        station.arrive(calendar, draws, {});
    }
    while (const auto delivery = calendar.step()) handle(*delivery);
    const StationStatistics statistics = station.statistics(calendar.now());
    REQUIRE(station.present() == 0);
    REQUIRE(left == statistics.arrived);
    REQUIRE(statistics.served + statistics.reneged == statistics.arrived);
    REQUIRE(statistics.reneged > 100);
    REQUIRE(statistics.present_integral == Approx(in_station).epsilon(1e-12));
    REQUIRE(statistics.waiting_integral == Approx(in_line).epsilon(1e-12));
}

TEST_CASE("a network of stations copied mid-run goes on identically", "[station]") {
    StationNetwork network(busy_network(), 7, 1);
    network.run_until(300);
    StationNetwork branch = network;
    StationNetwork disturbed = network;
    disturbed.set_servers(0, 3);
    network.run_until(900);
    disturbed.run_until(900);
    branch.run_until(500);  // in two legs
    branch.run_until(900);
    REQUIRE(branch.seen() == network.seen());
    REQUIRE(branch.deliveries() == network.deliveries());
    REQUIRE(branch.statistics(0).present_integral == network.statistics(0).present_integral);
    REQUIRE(branch.statistics(1).working_integral == network.statistics(1).working_integral);
    REQUIRE_FALSE(disturbed.seen() == network.seen());
}

TEST_CASE("a warmed-up network of stations allocates nothing", "[station]") {
    StationNetwork network(busy_network(), 7, 2);
    network.run_until(20'000);
    const std::size_t before = testing::allocations();
    const std::size_t deliveries = network.deliveries();
    network.run_until(25'000);
    REQUIRE(network.deliveries() > deliveries + 10'000);
    REQUIRE(testing::allocations() == before);
}
