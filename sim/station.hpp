// A station: servers, a waiting line, patience, breakdowns. The building block of hiring and data pipelines.
//
// A station is a value that knows no calendar: it is handed whatever schedules its events (the calendar of a
// model of stations, or a world's adapter), and whatever draws. What leaves it is handed back, for the caller
// to send on.
#pragma once

#include "sim/calendar.hpp"
#include "sim/contract.hpp"
#include "sim/random/draws.hpp"
#include "sim/record_pool.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

namespace venturi {

/// What happens at a station of its own accord.
struct StationEvent {
    enum class Kind : std::uint8_t { service_ends, patience_ends, breaks_down, is_repaired };
    Kind kind;
    std::uint32_t index;  ///< the job's record, or the server
};

/// Who puts a station's events on a calendar; `Calendar<StationEvent>` is one.
template <class T>
concept StationScheduler = requires(T scheduler, double time, StationEvent event, EventHandle handle) {
    { scheduler.now() } -> std::convertible_to<double>;
    { scheduler.schedule(time, event) } -> std::same_as<EventHandle>;
    scheduler.cancel(handle);
};

/// A server works for `up_time` and then is out for `repair`; the time it stands idle does not wear it. The
/// job it was working on stays with it and is resumed where it was left.
struct Breakdown {
    Distribution up_time;
    Distribution repair;
};

/// What a station is. Times in the model's unit.
struct StationOptions {
    static constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t servers = 1;  ///< at least 1; `unlimited` for a station without a line
    Distribution service = Exponential{1};
    std::optional<Distribution> patience = std::nullopt;  ///< how long a job waits before it leaves unserved
    std::uint8_t priorities = 1;  ///< classes 0, 1, ... of which 0 goes first; 1 is plain FIFO
    std::optional<Breakdown> breakdown = std::nullopt;  ///< not with unlimited servers
};

/// Counts and time integrals since the last `restart_statistics`. Averages are integrals over elapsed time.
struct StationStatistics {
    double since = 0;
    std::uint64_t arrived = 0;
    std::uint64_t served = 0;
    std::uint64_t reneged = 0;
    double waiting_integral = 0;  ///< ∫ number waiting dt
    double present_integral = 0;  ///< ∫ number waiting or in service dt
    double working_integral = 0;  ///< ∫ number of servers at work dt (not those that are down)
};

enum class StationEnding : std::uint8_t { served, reneged };

/// A job on its way out of a station.
template <class Job>
struct StationDeparture {
    Job job;
    StationEnding ending;
    double arrived;
    double begun;  ///< when service began; for one who reneged, when it left
};

/// c identical servers and one line: first come, first served within a priority class; classes do not
/// preempt.
///
/// `Job` is a small trivially copyable struct that the station carries and never looks into. Every operation
/// is O(1) but for the calendar's own work. Draws: service, patience, up-time and repair each have a purpose
/// of their own, `first_purpose` to `first_purpose + 3`, in the order in which jobs begin service or join the
/// line.
template <class Job>
class Station {
    static_assert(std::is_trivially_copyable_v<Job>);

  public:
    static constexpr std::uint16_t purposes = 4;

    using Departure = StationDeparture<Job>;
    using Ending = StationEnding;

    /// Throws ContractViolation where there is no server or no class, or unlimited servers break down.
    Station(const StationOptions& options, std::uint32_t agent, std::uint16_t first_purpose)
        : options_(options),
          service_{agent, first_purpose},
          patience_{agent, static_cast<std::uint16_t>(first_purpose + 1)},
          up_time_{agent, static_cast<std::uint16_t>(first_purpose + 2)},
          repair_{agent, static_cast<std::uint16_t>(first_purpose + 3)},
          lines_(options.priorities) {
        expects(options.servers > 0, "a station has a server");
        expects(options.priorities > 0, "a station has a priority class");
        expects(!options.breakdown || options.servers != StationOptions::unlimited,
                "unlimited servers do not break down");
    }

    [[nodiscard]] std::uint32_t waiting() const { return waiting_; }
    [[nodiscard]] std::uint32_t present() const { return waiting_ + in_service_; }
    [[nodiscard]] const StationOptions& options() const { return options_; }

    /// Counts and integrals up to `now`.
    [[nodiscard]] StationStatistics statistics(double now) {
        integrate(now);
        return statistics_;
    }
    /// Starts counting anew, keeping who is present: the end of a warm-up.
    void restart_statistics(double now) {
        statistics_ = {};
        statistics_.since = now;
        integrated_to_ = now;
    }

    /// Changes the number of servers (hiring, layoffs). With fewer, whoever is in service is served to the
    /// end. Not with breakdowns.
    template <StationScheduler Scheduler, class Draws>
    void set_servers(Scheduler& scheduler, Draws& draws, std::uint32_t servers) {
        expects(servers > 0 && !options_.breakdown,
                "a station has a server, and its number moves only without breakdowns");
        integrate(scheduler.now());
        options_.servers = servers;
        while (waiting_ > 0 && in_service_ < options_.servers) begin_next(scheduler, draws);
    }

    /// A job comes in at `scheduler.now()`. For a batch, call once for each job.
    template <StationScheduler Scheduler, class Draws>
    void arrive(Scheduler& scheduler, Draws& draws, const Job& job, std::uint8_t priority = 0) {
        expects(priority < lines_.size(), "a job's priority is one of the station's classes");
        const double now = scheduler.now();
        integrate(now);
        ++statistics_.arrived;
        const std::uint32_t index = records_.take();
        Record& record = records_[index];
        record.job = job;
        record.arrived = now;
        record.priority = priority;
        if (in_service_ < options_.servers) {
            begin_service(scheduler, draws, index);
            return;
        }
        enqueue(index);
        record.timer = {};
        if (options_.patience)
            record.timer = scheduler.schedule(now + draws.sample(patience_, *options_.patience),
                                              {StationEvent::Kind::patience_ends, index});
    }

    /// Handles one of the station's own events; returns who leaves, if anyone does.
    template <StationScheduler Scheduler, class Draws>
    std::optional<Departure> handle(Scheduler& scheduler, Draws& draws, StationEvent event) {
        integrate(scheduler.now());
        switch (event.kind) {
            case StationEvent::Kind::service_ends:
                return finish_service(scheduler, draws, event.index);
            case StationEvent::Kind::patience_ends:
                return renege(scheduler.now(), event.index);
            case StationEvent::Kind::breaks_down:
                break_down(scheduler, draws, event.index);
                break;
            case StationEvent::Kind::is_repaired:
                repair(scheduler, draws, event.index);
                break;
        }
        return std::nullopt;
    }

  private:
    struct Record {
        Job job;
        double arrived;
        double begun;
        double work_left;   // only where servers break down
        EventHandle timer;  // end of patience while waiting
        std::uint32_t next;
        std::uint32_t previous;
        std::uint32_t server;  // only where servers break down
        std::uint8_t priority;
    };

    struct Server {
        double up_left;
        bool fresh;  // its next up-time has yet to be drawn
    };

    void integrate(double now) {
        const double elapsed = now - integrated_to_;
        statistics_.waiting_integral += elapsed * waiting_;
        statistics_.present_integral += elapsed * (waiting_ + in_service_);
        statistics_.working_integral += elapsed * (in_service_ - down_);
        integrated_to_ = now;
    }

    void enqueue(std::uint32_t index) {
        lines_[records_[index].priority].join(records_, index);
        ++waiting_;
    }

    void dequeue(std::uint32_t index) {
        lines_[records_[index].priority].leave(records_, index);
        --waiting_;
    }

    template <class Scheduler, class Draws>
    void begin_service(Scheduler& scheduler, Draws& draws, std::uint32_t index) {
        Record& record = records_[index];
        record.begun = scheduler.now();
        ++in_service_;
        const double work = draws.sample(service_, options_.service);
        if (!options_.breakdown) {
            scheduler.schedule(record.begun + work, {StationEvent::Kind::service_ends, index});
            return;
        }
        record.work_left = work;
        record.server = take_server();
        go_on(scheduler, draws, index);
    }

    template <class Scheduler, class Draws>
    void begin_next(Scheduler& scheduler, Draws& draws) {
        std::size_t priority = 0;
        while (lines_[priority].empty()) ++priority;
        const std::uint32_t index = lines_[priority].front();
        dequeue(index);
        if (options_.patience) scheduler.cancel(records_[index].timer);
        begin_service(scheduler, draws, index);
    }

    template <class Scheduler, class Draws>
    Departure finish_service(Scheduler& scheduler, Draws& draws, std::uint32_t index) {
        const Record& record = records_[index];
        const Departure departure{record.job, Ending::served, record.arrived, record.begun};
        if (options_.breakdown) {
            servers_[record.server].up_left -= record.work_left;
            idle_servers_.push_back(record.server);
        }
        records_.give_back(index);
        --in_service_;
        ++statistics_.served;
        if (waiting_ > 0 && in_service_ < options_.servers) begin_next(scheduler, draws);
        return departure;
    }

    Departure renege(double now, std::uint32_t index) {
        dequeue(index);
        const Record& record = records_[index];
        const Departure departure{record.job, Ending::reneged, record.arrived, now};
        records_.give_back(index);
        ++statistics_.reneged;
        return departure;
    }

    std::uint32_t take_server() {
        if (idle_servers_.empty()) {
            servers_.push_back({.up_left = 0, .fresh = true});
            return static_cast<std::uint32_t>(servers_.size() - 1);
        }
        const std::uint32_t server = idle_servers_.back();
        idle_servers_.pop_back();
        return server;
    }

    // Works on until the job is done or the server breaks, whichever comes first: one event pends, never two.
    template <class Scheduler, class Draws>
    void go_on(Scheduler& scheduler, Draws& draws, std::uint32_t index) {
        Record& record = records_[index];
        Server& server = servers_[record.server];
        if (server.fresh) server = {draws.sample(up_time_, options_.breakdown->up_time), false};
        if (server.up_left < record.work_left)
            scheduler.schedule(scheduler.now() + server.up_left, {StationEvent::Kind::breaks_down, index});
        else
            scheduler.schedule(scheduler.now() + record.work_left, {StationEvent::Kind::service_ends, index});
    }

    template <class Scheduler, class Draws>
    void break_down(Scheduler& scheduler, Draws& draws, std::uint32_t index) {
        Record& record = records_[index];
        record.work_left -= servers_[record.server].up_left;
        servers_[record.server].fresh = true;
        ++down_;
        scheduler.schedule(scheduler.now() + draws.sample(repair_, options_.breakdown->repair),
                           {StationEvent::Kind::is_repaired, index});
    }

    template <class Scheduler, class Draws>
    void repair(Scheduler& scheduler, Draws& draws, std::uint32_t index) {
        --down_;
        go_on(scheduler, draws, index);
    }

    StationOptions options_;
    DrawSource service_;
    DrawSource patience_;
    DrawSource up_time_;
    DrawSource repair_;
    RecordPool<Record> records_;
    std::vector<RecordLine> lines_;
    std::vector<Server> servers_;
    std::vector<std::uint32_t> idle_servers_;
    std::uint32_t waiting_ = 0;
    std::uint32_t in_service_ = 0;
    std::uint32_t down_ = 0;
    double integrated_to_ = 0;
    StationStatistics statistics_;
};

/// Arrivals at a station: intervals between them, and how many come at once.
class ArrivalProcess {
  public:
    /// `batch` is rounded to the nearest whole number, and at least 1. Purposes: `first_purpose` for
    /// intervals, `first_purpose + 1` for batch sizes.
    ArrivalProcess(const Distribution& interval, const Distribution& batch, std::uint32_t agent,
                   std::uint16_t first_purpose)
        : interval_(interval),
          batch_(batch),
          interval_source_{agent, first_purpose},
          batch_source_{agent, static_cast<std::uint16_t>(first_purpose + 1)} {}

    template <class Draws>
    double next_interval(Draws& draws) {
        return draws.sample(interval_source_, interval_);
    }
    template <class Draws>
    std::uint32_t next_batch(Draws& draws) {
        const double size = draws.sample(batch_source_, batch_);
        expects(size < 0x1p31, "a batch has a number of jobs that can be counted");
        return size < 1.5 ? 1 : static_cast<std::uint32_t>(std::lround(size));
    }

  private:
    Distribution interval_;
    Distribution batch_;
    DrawSource interval_source_;
    DrawSource batch_source_;
};

}  // namespace venturi
