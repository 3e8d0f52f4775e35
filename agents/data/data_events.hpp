// Data governance at work: batches that arrive, go through the flow and become stock.
#pragma once

#include "agents/data/data_flow.hpp"
#include "agents/startup/inside_events.hpp"
#include "agents/world.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace venturi {

/// Puts the events of one station of a startup on the world's calendar.
template <class Draws>
struct InsideScheduler {
    World<Draws>& world;
    std::uint32_t startup;
    Happening what;
    std::uint8_t stage;

    [[nodiscard]] double now() const { return world.now(); }
    EventHandle schedule(double time, const StationEvent& event) {
        return world.calendar.schedule(
            time, {what, startup, event.index, stage, static_cast<std::uint8_t>(event.kind)});
    }
    void cancel(EventHandle handle) { world.calendar.cancel(handle); }
};

/// The station event that a world's event carries.
[[nodiscard]] inline StationEvent station_event(const Event& event) {
    return {static_cast<StationEvent::Kind>(event.kind), event.index};
}

/// What a data flow of the world is handed.
template <class Draws>
struct WorldDataDesk {
    World<Draws>& world;
    std::uint32_t startup;
    DataRules rules;
    RecordPool<StationRecord<Batch>>& records;
    Draws& draws;

    [[nodiscard]] InsideScheduler<Draws> scheduler(DataStage stage) {
        return {world, startup, Happening::data_station, static_cast<std::uint8_t>(stage)};
    }
};

template <class Draws>
[[nodiscard]] DataRules data_rules(const World<Draws>& world, const Organisation<Draws>& inside) {
    const DataParameters& data = world.parameters.data;
    const Capacity& capacity = inside.capacity;
    DataRules rules;
    rules.at(DataStage::collection) = {.servers = StationOptions::unlimited, .service = &data.collection};
    rules.at(DataStage::cleaning) = {
        .servers = capacity.cleaners, .pace = capacity.cleaning_pace, .service = &data.cleaning};
    rules.at(DataStage::storage) = {.servers = 1, .service = &data.storage};
    rules.at(DataStage::query) = {.servers = 1, .service = &data.query};
    rules.noise_removal = capacity.removal;
    rules.missing_removal = capacity.removal;
    rules.duplicate_removal = capacity.removal;
    rules.inspection = capacity.inspection;
    rules.tolerated_noise = data.tolerated_noise;
    rules.most_passes = static_cast<std::uint8_t>(std::min<std::int64_t>(data.most_passes, 254));
    return rules;
}

template <class Draws>
[[nodiscard]] WorldDataDesk<Draws> data_desk(World<Draws>& world, const Organisation<Draws>& inside) {
    return {world, inside.startup, data_rules(world, inside), world.batches, world.draws};
}

/// Batches per month by source: bought, collected from open places, made by customers where privacy allows
/// it, and from partners. The clock is set for as many accounts as the next power of two, and what is too
/// much is thinned out when a batch comes (Lewis and Shedler 1979): so most accounts come and go without
/// moving it.
template <class Draws>
[[nodiscard]] std::array<typename Draws::Scalar, 4> batch_rates(const World<Draws>& world,
                                                                const Startup<Draws>& startup) {
    using Scalar = typename Draws::Scalar;
    const DataParameters& data = world.parameters.data;
    const Organisation<Draws>& inside = world.inside(startup);
    const double people = std::max<double>(inside.workforce.productive_of(Role::data),
                                           world.parameters.talent.hiring.founders_pace);
    const double feedback = data.flywheel ? data.feedback_batches * inside.feedback_bound
                                                * (1 - market_of(world, startup).privacy)
                                          : 0.0;
    const Scalar bought =
        inside.budgets.of(Advantage::data) * data.purchase_share + inside.technology.run.data_money;
    return {bought / data.batch_price, Scalar(data.scraped * people), Scalar(feedback),
            Scalar(inside.flows.batches)};
}

/// The next power of two; 0 for none.
[[nodiscard]] inline std::uint32_t feedback_bound(std::uint32_t accounts) {
    return accounts == 0 ? 0 : std::bit_ceil(accounts);
}

template <class Draws>
void update_batches(World<Draws>& world, Organisation<Draws>& inside) {
    inside.feedback_bound = feedback_bound(world.startups[inside.startup].customers.accounts());
    const auto rates = batch_rates(world, world.startups[inside.startup]);
    update_inside_clock(world, inside, inside.batch, InsideTimer::batch, Happening::batch_arrives,
                        rates[0] + rates[1] + rates[2] + rates[3]);
}

template <class Draws>
void follow_accounts(World<Draws>& world, std::uint32_t index) {
    const Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    if (feedback_bound(startup.customers.accounts()) != inside.feedback_bound) update_batches(world, inside);
}

template <class Draws>
[[nodiscard]] const DataSourceParameters& source_of(const World<Draws>& world, DataSource source) {
    const DataParameters& data = world.parameters.data;
    switch (source) {
        case DataSource::purchase:
            return data.purchase;
        case DataSource::scrape:
            return data.scrape;
        case DataSource::feedback:
            return data.feedback;
        case DataSource::partners:
            return data.partners;
    }
    return data.purchase;
}

/// Whether one of the accounts that are there made the batch, and none of those that the clock was set for
/// besides.
template <class Draws>
[[nodiscard]] bool is_made(World<Draws>& world, const Startup<Draws>& startup, Organisation<Draws>& inside) {
    return world.draws.bernoulli(
        inside.source(Purpose::feedback_thinning),
        typename Draws::Scalar(static_cast<double>(startup.customers.accounts()) / inside.feedback_bound));
}

template <class Draws>
void batch_arrives(World<Draws>& world, std::uint32_t index) {
    const Startup<Draws>& startup = world.startups[index];
    Organisation<Draws>& inside = world.inside(startup);
    inside.batch.ring(world.draws, world.now());
    const auto rates = batch_rates(world, startup);
    const auto source = static_cast<DataSource>(
        world.draws.choice(inside.source(Purpose::batch_source), std::span(rates.data(), rates.size())));
    if (source != DataSource::feedback || is_made(world, startup, inside)) {
        const DataSourceParameters& kind = source_of(world, source);
        Batch batch;
        batch.tokens = std::max(world.draws.sample(inside.source(Purpose::batch_size), kind.tokens), 1.0);
        batch.made = world.now();
        batch.noise = static_cast<float>(kind.noise);
        batch.missing = static_cast<float>(kind.missing);
        batch.duplicates = static_cast<float>(kind.duplicates);
        batch.source = source;
        inside.data.arrive(data_desk(world, inside), batch);
    }
    start_inside_clock(world, inside, inside.batch, Purpose::batch, InsideTimer::batch,
                       Happening::batch_arrives, rates[0] + rates[1] + rates[2] + rates[3]);
}

template <class Draws>
void data_station(World<Draws>& world, const Event& event) {
    Organisation<Draws>& inside = world.inside(world.startups[event.who]);
    const auto stocked = inside.data.handle(data_desk(world, inside), static_cast<DataStage>(event.stage),
                                            station_event(event));
    if (stocked && stocked->source == DataSource::feedback) inside.feedback_stocked += 1;
}

/// Data governance at a founding: open data, and a clock for batches.
template <class Draws>
void found_data(World<Draws>& world, Organisation<Draws>& inside) {
    const std::uint32_t address = world.startups[inside.startup].address;
    inside.data = DataFlow(address, static_cast<std::uint16_t>(Purpose::data_flow));
    inside.data.restart_statistics(world.now());
    inside.data.endow(world.parameters.data.initial_tokens, 1, world.now());
    const auto rates = batch_rates(world, world.startups[inside.startup]);
    start_inside_clock(world, inside, inside.batch, Purpose::batch, InsideTimer::batch,
                       Happening::batch_arrives, rates[0] + rates[1] + rates[2]);
}

}  // namespace venturi
