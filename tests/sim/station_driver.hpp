// A network of stations on one calendar, and independent replications of it.
#pragma once

#include "sim/calendar.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/random/draws.hpp"
#include "sim/station.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace venturi::testing {

/// A station, who comes to it from outside, and where those go whom it has served.
struct Node {
    StationOptions station;
    std::optional<Distribution> interval = std::nullopt;  ///< between arrivals from outside
    Distribution batch = Constant{1};
    std::vector<double> classes = {1};  ///< shares of the priority classes among them
    std::vector<double> next = {};      ///< probability of going on to each node; the rest leaves
};

/// A value: a copy goes on as the original would.
class StationNetwork {
  public:
    /// Counts and sums over those who were served, or left the network, since the last restart.
    struct Seen {
        std::array<double, 2> served{};  ///< by priority class
        std::array<double, 2> waited{};  ///< sum of waits before service, by priority class
        double served_at_once = 0;       ///< without a wait
        double left = 0;                 ///< the network
        double sojourn = 0;              ///< sum of times in the network
        friend bool operator==(const Seen&, const Seen&) = default;
    };

    StationNetwork(const std::vector<Node>& nodes, std::uint64_t seed, std::uint32_t trajectory)
        : nodes_(nodes), draws_(FastVariates(seed, trajectory)) {
        for (std::uint32_t i = 0; i < nodes.size(); ++i) {
            stations_.emplace_back(nodes[i].station, i, std::uint16_t{0});
            const Distribution interval = nodes[i].interval.value_or(Distribution{Constant{1}});
            arrivals_.emplace_back(interval, nodes[i].batch, i, Station<Job>::purposes);
            choices_.push_back({.agent = i, .purpose = Station<Job>::purposes + 2});
            // The rest leaves: one more destination, outside.
            nodes_[i].next.resize(nodes.size());
            double rest = 1;
            for (const double probability : nodes_[i].next) rest -= probability;
            nodes_[i].next.push_back(rest);
            if (nodes[i].interval) schedule_arrival(i);
        }
    }

    void run_until(double time) {
        deliveries_ += calendar_.run_until(time, [&](const auto& delivery) { handle(delivery.event); });
    }

    void restart_statistics() {
        for (Station<Job>& station : stations_) station.restart_statistics(calendar_.now());
        seen_ = {};
        since_ = calendar_.now();
    }

    [[nodiscard]] double elapsed() const { return calendar_.now() - since_; }
    [[nodiscard]] std::size_t deliveries() const { return deliveries_; }
    [[nodiscard]] const Seen& seen() const { return seen_; }
    [[nodiscard]] std::uint32_t present(std::size_t node) const { return stations_[node].present(); }
    [[nodiscard]] StationStatistics statistics(std::size_t node) {
        return stations_[node].statistics(calendar_.now());
    }
    /// Time average of the number waiting or in service at a node.
    [[nodiscard]] double mean_present(std::size_t node) {
        return statistics(node).present_integral / elapsed();
    }
    [[nodiscard]] double mean_waiting(std::size_t node) {
        return statistics(node).waiting_integral / elapsed();
    }

    /// Changes a station's number of servers now.
    void set_servers(std::size_t node, std::uint32_t servers) {
        At at{calendar_, static_cast<std::uint32_t>(node)};
        stations_[node].set_servers(at, draws_, servers);
    }

  private:
    struct Job {
        double entered;
        std::uint8_t priority;
    };
    struct Event {
        std::uint32_t node;
        bool arrival;  // from outside; else the station's own event
        StationEvent own;
    };

    // One station's view of the calendar that all share.
    struct At {
        Calendar<Event>& calendar;
        std::uint32_t node;
        [[nodiscard]] double now() const { return calendar.now(); }
        EventHandle schedule(double time, const StationEvent& event) {
            return calendar.schedule(time, {node, false, event});
        }
        void cancel(EventHandle handle) { calendar.cancel(handle); }
    };

    void schedule_arrival(std::uint32_t node) {
        calendar_.schedule(calendar_.now() + arrivals_[node].next_interval(draws_), {node, true, {}});
    }

    void handle(const Event& event) {
        At at{calendar_, event.node};
        if (!event.arrival) {
            if (const auto departure = stations_[event.node].handle(at, draws_, event.own))
                leave(event.node, *departure);
            return;
        }
        for (std::uint32_t rest = arrivals_[event.node].next_batch(draws_); rest > 0; --rest) {
            const std::size_t priority = draws_.choice(choices_[event.node], nodes_[event.node].classes);
            const Job job{calendar_.now(), static_cast<std::uint8_t>(priority)};
            stations_[event.node].arrive(at, draws_, job, job.priority);
        }
        schedule_arrival(event.node);
    }

    void leave(std::uint32_t node, const Station<Job>::Departure& departure) {
        const Job& job = departure.job;
        if (departure.ending == Station<Job>::Ending::served) {
            const double waited = departure.begun - departure.arrived;
            seen_.served[job.priority] += 1;
            seen_.waited[job.priority] += waited;
            if (waited == 0) seen_.served_at_once += 1;
            const std::size_t next = draws_.choice(choices_[node], nodes_[node].next);
            if (next < stations_.size()) {
                At at{calendar_, static_cast<std::uint32_t>(next)};
                stations_[next].arrive(at, draws_, job, 0);
                return;
            }
        }
        seen_.left += 1;
        seen_.sojourn += calendar_.now() - job.entered;
    }

    std::vector<Node> nodes_;
    PlainDraws draws_;
    Calendar<Event> calendar_;
    std::vector<Station<Job>> stations_;
    std::vector<ArrivalProcess> arrivals_;
    std::vector<DrawSource> choices_;
    Seen seen_;
    double since_ = 0;
    std::size_t deliveries_ = 0;
};

struct Replications {
    std::uint32_t count = 50;
    double warm_up = 500;
    double length = 5000;
    std::uint64_t seed = 1;
};

/// One value from each of many independent runs in the steady state, as moments for each of the `observed`
/// numbers.
template <std::size_t observables, class Observe>
[[nodiscard]] std::array<Moments, observables> replicate(const std::vector<Node>& nodes,
                                                         const Replications& plan, Observe&& observe) {
    std::array<Moments, observables> moments;
    for (std::uint32_t trajectory = 0; trajectory < plan.count; ++trajectory) {
        StationNetwork network(nodes, plan.seed, trajectory);
        network.run_until(plan.warm_up);
        network.restart_statistics();
        network.run_until(plan.warm_up + plan.length);
        const std::array<double, observables> values = observe(network);
        for (std::size_t i = 0; i < observables; ++i) moments[i].add(values[i]);
    }
    return moments;
}

/// The mean is within four standard errors of the exact value, and the standard error is small enough to
/// tell.
inline void require_mean(std::string_view what, const Moments& moments, double exact,
                         double precision = 0.01) {
    INFO(what << ": " << moments.mean() << " ± " << moments.standard_error() << ", exact " << exact);
    REQUIRE(std::abs(moments.mean() - exact) < 4 * moments.standard_error());
    REQUIRE(moments.standard_error() < precision * std::abs(exact));
}

}  // namespace venturi::testing
