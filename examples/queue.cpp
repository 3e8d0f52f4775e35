// A hiring desk as a queue: candidates arrive, two interviewers see them one by one, some lose patience.
// The engine alone, without startups: a calendar, a station, addressed draws.
#include "sim/calendar.hpp"
#include "sim/station.hpp"

#include <cstdio>

using namespace venturi;

namespace {

struct Candidate {};

struct Event {
    enum class Kind : std::uint8_t { arrival, station };
    Kind kind = Kind::arrival;
    StationEvent at_station = {};
};

// Lets a station put its events on a calendar that has others too.
struct StationCalendar {
    Calendar<Event>& calendar;
    [[nodiscard]] double now() const { return calendar.now(); }
    EventHandle schedule(double time, StationEvent event) {
        return calendar.schedule(time, {Event::Kind::station, event});
    }
    void cancel(EventHandle handle) { calendar.cancel(handle); }
};

}  // namespace

int main() {
    constexpr double days = 10000;
    constexpr std::uint32_t desk_address = 1;
    constexpr std::uint32_t street_address = 2;
    PlainDraws draws(FastVariates(/*seed=*/7, /*trajectory=*/0));
    Station<Candidate> desk({.servers = 2, .service = Exponential{0.5}, .patience = Exponential{3.0}},
                            desk_address, 0);
    ArrivalProcess arrivals(Exponential{0.3}, Constant{1}, street_address, 0);

    Calendar<Event> calendar;
    StationCalendar scheduler{calendar};
    calendar.schedule(arrivals.next_interval(draws), {});
    calendar.run_until(days, [&](const auto& delivery) {
        if (delivery.event.kind == Event::Kind::arrival) {
            desk.arrive(scheduler, draws, Candidate{});
            calendar.schedule(delivery.time + arrivals.next_interval(draws), {});
        } else {
            desk.handle(scheduler, draws, delivery.event.at_station);
        }
    });

    const StationStatistics seen = desk.statistics(days);
    std::printf("%.0f days: %llu candidates, %llu interviewed, %llu gone; %.2f waiting on average\n", days,
                static_cast<unsigned long long>(seen.arrived), static_cast<unsigned long long>(seen.served),
                static_cast<unsigned long long>(seen.reneged), seen.waiting_integral / days);
    return seen.arrived == seen.served + seen.reneged + desk.present() ? 0 : 1;
}
