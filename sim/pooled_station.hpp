// A station for worlds with many of them: a few plain numbers, whose jobs stand in a pool shared by all.
//
// Like Station (station.hpp) it knows no calendar and hands back what leaves it. It differs in what a world
// needs: copying thousands of stations is copying memory; the number of servers, their pace and the rules
// come with each call, since staff and parameters move; there may be no server at all; and a station can be
// closed, which takes its events off the calendar. It has no priorities and no breakdowns.
#pragma once

#include "sim/calendar.hpp"
#include "sim/random/draws.hpp"
#include "sim/record_pool.hpp"
#include "sim/station.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace venturi {

/// What a station is at the moment of a call.
struct StationRules {
    std::uint32_t servers = 1;  ///< may be 0; `StationOptions::unlimited` for a station without a line
    const Distribution* service = nullptr;  ///< of a server at pace 1
    double pace = 1;                        ///< above 0; service times are divided by it
    const Distribution* patience =
        nullptr;  ///< how long a job waits before it leaves unserved; none: for ever
};

/// A job at a pooled station.
template <class Job>
struct StationRecord {
    Job job;
    double arrived;
    double begun;       ///< when service began
    EventHandle timer;  ///< end of service, or of patience
    std::uint32_t next;
    std::uint32_t previous;
};

/// What a call needs: where jobs are kept, who schedules and draws, and the station's rules of the moment.
template <class Job, StationScheduler Scheduler, class Draws>
struct StationSite {
    RecordPool<StationRecord<Job>>& records;
    Scheduler& scheduler;
    Draws& draws;
    StationRules rules;
};

/// First come, first served. Draws: service has `first_purpose`, patience the one after it. A Job with a
/// member `work` is served for so long at pace 1, whatever the rules' distribution.
template <class Job>
class PooledStation {
  public:
    static constexpr std::uint16_t purposes = 2;

    using Departure = StationDeparture<Job>;
    using Ending = StationEnding;

    PooledStation() = default;
    PooledStation(std::uint32_t agent, std::uint16_t first_purpose)
        : service_{agent, first_purpose}, patience_{agent, static_cast<std::uint16_t>(first_purpose + 1)} {}

    [[nodiscard]] std::uint32_t waiting() const { return waiting_; }
    [[nodiscard]] std::uint32_t in_service() const { return in_service_; }
    [[nodiscard]] std::uint32_t present() const { return waiting_ + in_service_; }

    /// Counts and integrals up to `now`.
    [[nodiscard]] StationStatistics statistics(double now) const {
        PooledStation copy = *this;
        copy.integrate(now);
        return copy.statistics_;
    }
    void restart_statistics(double now) {
        statistics_ = {};
        statistics_.since = now;
        integrated_to_ = now;
    }

    /// Calls `visit(job)` for everyone in service and then for everyone in line, in the order in which they
    /// joined.
    template <class Visit>
    void for_each(const RecordPool<StationRecord<Job>>& records, Visit&& visit) const {
        for (const RecordLine& line : {serving_, line_})
            for (std::uint32_t index = line.front(); index != no_record; index = records[index].next)
                visit(records[index].job);
    }

    /// A job comes in now.
    template <class Site>
    void arrive(Site&& site, Job job) {
        const double now = site.scheduler.now();
        integrate(now);
        ++statistics_.arrived;
        const std::uint32_t index = site.records.take();
        auto& record = site.records[index];
        record.job = job;
        record.arrived = now;
        record.timer = {};
        if (in_service_ < site.rules.servers) {
            begin_service(site, index);
            return;
        }
        line_.join(site.records, index);
        ++waiting_;
        if (site.rules.patience != nullptr)
            record.timer = site.scheduler.schedule(now + site.draws.sample(patience_, *site.rules.patience),
                                                   {StationEvent::Kind::patience_ends, index});
    }

    /// Handles one of the station's own events; returns who leaves.
    template <class Site>
    Departure handle(Site&& site, StationEvent event) {
        integrate(site.scheduler.now());
        const auto& record = site.records[event.index];
        if (event.kind == StationEvent::Kind::patience_ends) {
            const Departure departure{record.job, Ending::reneged, record.arrived, site.scheduler.now()};
            line_.leave(site.records, event.index);
            --waiting_;
            ++statistics_.reneged;
            site.records.give_back(event.index);
            return departure;
        }
        const Departure departure{record.job, Ending::served, record.arrived, record.begun};
        serving_.leave(site.records, event.index);
        --in_service_;
        ++statistics_.served;
        site.records.give_back(event.index);
        fill(site);
        return departure;
    }

    /// To be called when there may be more servers than before. With fewer, whoever is in service is served
    /// to the end at the pace at which it began.
    template <class Site>
    void fill(Site&& site) {
        integrate(site.scheduler.now());
        while (waiting_ > 0 && in_service_ < site.rules.servers) {
            const std::uint32_t index = line_.front();
            line_.leave(site.records, index);
            --waiting_;
            site.scheduler.cancel(site.records[index].timer);
            begin_service(site, index);
        }
    }

    /// Everyone leaves at once, to `lost(job)`, and nothing remains on the calendar.
    template <class Site, class Lost>
    void close(Site&& site, Lost&& lost) {
        integrate(site.scheduler.now());
        for (RecordLine* line : {&line_, &serving_})
            while (!line->empty()) {
                const std::uint32_t index = line->front();
                const Job job = site.records[index].job;
                site.scheduler.cancel(site.records[index].timer);
                line->leave(site.records, index);
                site.records.give_back(index);
                --(line == &line_ ? waiting_ : in_service_);
                lost(job);  // may use the pool, so it comes last
            }
    }

  private:
    void integrate(double now) {
        const double elapsed = now - integrated_to_;
        statistics_.waiting_integral += elapsed * waiting_;
        statistics_.present_integral += elapsed * (waiting_ + in_service_);
        statistics_.working_integral += elapsed * in_service_;
        integrated_to_ = now;
    }

    // A job that carries its own work needs no draw.
    template <class Site>
    [[nodiscard]] double work_of(Site& site, const Job& job) {
        if constexpr (requires { job.work; })
            return job.work;
        else
            return site.draws.sample(service_, *site.rules.service);
    }

    template <class Site>
    void begin_service(Site& site, std::uint32_t index) {
        const double now = site.scheduler.now();
        auto& record = site.records[index];
        record.begun = now;
        record.timer = site.scheduler.schedule(now + work_of(site, record.job) / site.rules.pace,
                                               {StationEvent::Kind::service_ends, index});
        serving_.join(site.records, index);
        ++in_service_;
    }

    DrawSource service_;
    DrawSource patience_;
    RecordLine line_;
    RecordLine serving_;
    std::uint32_t waiting_ = 0;
    std::uint32_t in_service_ = 0;
    double integrated_to_ = 0;
    StationStatistics statistics_;
};

}  // namespace venturi
