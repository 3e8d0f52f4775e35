#include "tests/benchmarks/queue_models.hpp"

namespace venturi::benchmarks {

WaitingTimes run_by_hand(Line& line, std::uint32_t trajectory, std::size_t customers) {
    constexpr double never = std::numeric_limits<double>::infinity();
    Stream intervals({.seed = 1, .trajectory = trajectory, .agent = 0, .purpose = 0});
    Stream services({.seed = 1, .trajectory = trajectory, .agent = 0, .purpose = 1});
    WaitingTimes times;
    line.clear();
    double arrival = sample_unit_exponential(intervals) * mean_interval;
    double departure = never;
    while (times.served < customers) {
        if (arrival < departure) {
            const double now = arrival;
            line.join(now);
            if (line.size() == 1) departure = now + sample_unit_exponential(services);
            arrival = now + sample_unit_exponential(intervals) * mean_interval;
        } else {
            const double now = departure;
            times.add(now - line.leave());
            departure = line.empty() ? never : now + sample_unit_exponential(services);
        }
    }
    return times;
}

WaitingTimes CalendarQueue::run(std::uint32_t trajectory, std::size_t customers) {
    Stream intervals({.seed = 1, .trajectory = trajectory, .agent = 0, .purpose = 0});
    Stream services({.seed = 1, .trajectory = trajectory, .agent = 0, .purpose = 1});
    WaitingTimes times;
    line_.clear();
    calendar_.clear();
    calendar_.schedule(sample_unit_exponential(intervals) * mean_interval, {Event::Kind::arrival, 0});
    while (times.served < customers) {
        const auto delivery = calendar_.step();
        const double now = delivery->time;
        if (delivery->event.kind == Event::Kind::arrival) {
            line_.join(now);
            if (line_.size() == 1)
                calendar_.schedule(now + sample_unit_exponential(services), {Event::Kind::departure, 0});
            calendar_.schedule(now + sample_unit_exponential(intervals) * mean_interval,
                               {Event::Kind::arrival, 0});
        } else {
            times.add(now - line_.leave());
            if (!line_.empty())
                calendar_.schedule(now + sample_unit_exponential(services), {Event::Kind::departure, 0});
        }
    }
    return times;
}

WaitingTimes StationQueue::run(std::uint32_t trajectory, std::size_t customers) {
    // Arrivals come between the station's own events, so they need no event kind of their own.
    PlainDraws draws(FastVariates(1, trajectory));
    Station<Nothing> station({.service = Exponential{1}}, 0, 0);
    ArrivalProcess arrivals(Exponential{mean_interval}, Constant{1}, 0, Station<Nothing>::purposes);
    WaitingTimes times;
    calendar_.clear();
    const auto handle = [&](const auto& delivery) {
        if (const auto departure = station.handle(calendar_, draws, delivery.event))
            times.add(delivery.time - departure->arrived);
    };
    double arrival = arrivals.next_interval(draws);
    while (times.served < customers) {
        calendar_.run_until(arrival, handle);
        station.arrive(calendar_, draws, {});
        arrival += arrivals.next_interval(draws);
    }
    return times;
}

}  // namespace venturi::benchmarks
