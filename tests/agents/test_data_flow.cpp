#include "agents/data/data_flow.hpp"
#include "sim/calendar.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/jackson_network.hpp"
#include "sim/random/draws.hpp"
#include "tests/sim/station_driver.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

using namespace venturi;
using venturi::testing::require_mean;

namespace {

constexpr std::uint32_t agent = 7;
constexpr std::uint16_t first_purpose = 40;
constexpr std::uint16_t inspection_purpose = first_purpose + DataFlow::purposes - 1;

struct Event {
    bool arrival;
    DataStage stage;
    StationEvent own;
};

struct StageCalendar {
    Calendar<Event>& calendar;
    DataStage stage;
    [[nodiscard]] double now() const { return calendar.now(); }
    EventHandle schedule(double time, const StationEvent& event) {
        return calendar.schedule(time, {false, stage, event});
    }
    void cancel(EventHandle handle) { calendar.cancel(handle); }
};

/// A company that does nothing but take in batches. A value: a copy goes on as the original would.
template <class Draws = PlainDraws>
class DataTeam {
  public:
    struct Desk {
        RecordPool<StationRecord<Batch>>& records;
        Draws& draws;
        const DataRules& rules;
        Calendar<Event>& calendar;
        [[nodiscard]] StageCalendar scheduler(DataStage stage) const { return {calendar, stage}; }
    };

    /// Batches like `batch` come in by a Poisson process; none where the rate is 0.
    DataTeam(const DataRules& rules_, const Batch& batch, double rate, std::uint64_t seed,
             std::uint32_t trajectory = 0)
        : rules(rules_), draws(PlainDraws(FastVariates(seed, trajectory))), batch_(batch), rate_(rate) {
        if (rate_ > 0) schedule_arrival();
    }

    [[nodiscard]] Desk desk() { return {records, draws, rules, calendar}; }

    void take_in(const Batch& batch) { flow.arrive(desk(), batch); }

    template <class Inspect>
    void run_until(double time, Inspect&& inspect) {
        calendar.run_until(time, [&](const auto& delivery) {
            const Event& event = delivery.event;
            if (event.arrival) {
                Batch batch = batch_;
                batch.made = calendar.now();
                take_in(batch);
                schedule_arrival();
            } else if (const std::optional<Batch> out = flow.handle(desk(), event.stage, event.own)) {
                left.push_back(*out);
                sojourn += calendar.now() - out->made;
            }
            inspect();
        });
    }
    void run_until(double time) {
        run_until(time, [] {});
    }

    DataRules rules;
    Draws draws;
    Calendar<Event> calendar;
    RecordPool<StationRecord<Batch>> records;
    DataFlow flow{agent, first_purpose};
    std::vector<Batch> left = {};  ///< into the stock
    double sojourn = 0;            ///< summed over them

  private:
    void schedule_arrival() {
        calendar.schedule(calendar.now() + draws.exponential(arrivals_, rate_), {true, {}, {}});
    }

    Batch batch_;
    double rate_;
    DrawSource arrivals_{agent + 1, 0, 0};
};

DataRules rules_of(const std::array<std::uint32_t, data_stages>& servers,
                   const std::array<Distribution, data_stages>& services) {
    DataRules rules;
    for (std::size_t i = 0; i < data_stages; ++i)
        rules.stages[i] = {.servers = servers[i], .pace = 1, .service = &services[i]};
    return rules;
}

constexpr Batch dirty = {.tokens = 1000, .noise = 0.2F, .missing = 0.1F, .duplicates = 0.1F};

const std::array<Distribution, data_stages> exponential_services = {Exponential{1}, Exponential{2},
                                                                    Exponential{0.35}, Exponential{0.3}};
const std::array<Distribution, data_stages> steady_services = {Constant{1}, Constant{0.5}, Constant{0.25},
                                                               Constant{0.125}};

/// Everything that came in is somewhere, in tokens up to the rounding of as many additions as there were
/// events, and in batches exactly.
template <class Draws>
void require_balance(DataTeam<Draws>& team, std::size_t events) {
    const DataLedger& seen = team.flow.ledger();
    const DataFlow::InFlow on_the_way = team.flow.in_flow(team.records);
    const double rounding =
        8 * static_cast<double>(events + 1) * std::numeric_limits<double>::epsilon() * seen.collected;
    const double somewhere =
        seen.removed() + seen.discarded + seen.abandoned + seen.stocked + on_the_way.tokens;
    REQUIRE(std::abs(somewhere - seen.collected) <= rounding);
    REQUIRE(std::abs(team.flow.stock().tokens + seen.destroyed - seen.stocked) <= rounding);
    REQUIRE(seen.arrived
            == seen.batches_discarded + seen.batches_abandoned + seen.batches_stocked + on_the_way.batches);
    REQUIRE(team.records.in_use() == on_the_way.batches);
}

}  // namespace

TEST_CASE("with Poisson arrivals and exponential services a data flow is an open Jackson network",
          "[data][long]") {
    constexpr double rate = 2;
    constexpr double sent_back = 0.25;
    constexpr std::array<std::uint32_t, data_stages> servers = {3, 8, 1, 2};
    DataRules rules = rules_of(servers, exponential_services);
    rules.at(DataStage::query).pace = 0.5;  // a mean of 0.6 months instead of 0.3
    // Nothing is removed, so an inspected batch always goes back.
    rules.inspection = sent_back;
    rules.tolerated_noise = 0.1;

    JacksonNetworkOptions network;
    network.arrival_rates = Eigen::Vector4d{rate, 0, 0, 0};
    network.routing = Eigen::Matrix4d{{0, 1, 0, 0},                      //
                                      {0, sent_back, 1 - sent_back, 0},  //
                                      {0, 0, 0, 1},
                                      {0, 0, 0, 0}};
    network.servers.assign(servers.begin(), servers.end());
    network.service_rates = Eigen::Vector4d{1, 1.0 / 2, 1 / 0.35, 1 / 0.6};
    const JacksonNetwork exact(network);

    constexpr double warm_up = 200;
    constexpr double length = 4000;
    std::array<Moments, data_stages> present;
    std::array<Moments, data_stages> busy;
    Moments throughput;
    Moments visits;
    Moments sojourn;
    for (std::uint32_t trajectory = 0; trajectory < 60; ++trajectory) {
        DataTeam team(rules, dirty, rate, 11, trajectory);
        team.run_until(warm_up);
        team.flow.restart_statistics(warm_up);
        team.left.clear();
        team.sojourn = 0;
        team.run_until(warm_up + length);
        for (std::size_t i = 0; i < data_stages; ++i) {
            const StationStatistics seen =
                team.flow.station(static_cast<DataStage>(i)).statistics(warm_up + length);
            present[i].add(seen.present_integral / length);
            busy[i].add(seen.working_integral / length);
        }
        const auto left = static_cast<double>(team.left.size());
        double passes = 0;
        for (const Batch& batch : team.left) passes += batch.passes;
        throughput.add(left / length);
        visits.add(passes / left);
        sojourn.add(team.sojourn / left);
    }
    for (std::size_t i = 0; i < data_stages; ++i) {
        INFO(data_stage_names[i]);
        const QueueMeans& alone = exact.station(static_cast<Eigen::Index>(i));
        require_mean("batches present", present[i], alone.mean_present(), 0.02);
        require_mean("servers busy", busy[i], alone.mean_in_service);
    }
    require_mean("throughput", throughput, exact.throughput());
    require_mean("visits to cleaning", visits, exact.visit_ratios()[1]);
    require_mean("months in the network", sojourn, exact.mean_sojourn(), 0.02);
}

TEST_CASE("no token and no batch appears or vanishes at any event of a data flow", "[data]") {
    DataRules rules = rules_of({2, 5, 2, 2}, exponential_services);
    rules.noise_removal = 0.3;
    rules.missing_removal = 0.6;
    rules.duplicate_removal = 0.9;
    rules.inspection = 0.7;
    rules.tolerated_noise = 0.1;
    rules.most_passes = 2;
    DataTeam team(rules, dirty, 1.5, 12);
    std::size_t events = 0;
    const auto check = [&] {
        ++events;
        if (events % 500 == 0) team.flow.incident(0.4, 0.5);
        if (events % 3000 == 0) team.flow.close(team.desk());
        require_balance(team, events);
    };
    team.run_until(1500, check);
    const DataLedger& seen = team.flow.ledger();
    REQUIRE(events > 9000);
    REQUIRE(seen.sent_back > 0);
    REQUIRE(seen.batches_discarded > 0);
    REQUIRE(seen.batches_abandoned > 0);
    REQUIRE(seen.destroyed > 0);
    REQUIRE(seen.removed_noise > 0);
    REQUIRE(seen.removed_missing > 0);
    REQUIRE(seen.removed_duplicates > 0);

    // Closed, nothing of its own is left on the calendar, only the next arrival.
    team.flow.close(team.desk());
    require_balance(team, events);
    REQUIRE(team.records.in_use() == 0);
    REQUIRE(team.calendar.pending() == 1);
    for (std::size_t i = 0; i < data_stages; ++i) {
        REQUIRE(team.flow.station(static_cast<DataStage>(i)).waiting() == 0);
        REQUIRE(team.flow.station(static_cast<DataStage>(i)).in_service() == 0);
    }
}

TEST_CASE("a copy of a data flow in mid-flight has the same future to the bit", "[data]") {
    DataRules rules = rules_of({2, 5, 2, 2}, exponential_services);
    rules.noise_removal = 0.2;
    rules.inspection = 0.5;
    rules.tolerated_noise = 0.1;
    rules.most_passes = 4;
    DataTeam team(rules, dirty, 1.5, 13);
    team.run_until(100);
    REQUIRE(team.flow.in_flow(team.records).batches > 3);
    DataTeam copy = team;
    const DataLedger before = team.flow.ledger();
    team.run_until(400);
    REQUIRE(copy.flow.ledger() == before);
    // The copy gets there in other steps.
    for (int month = 101; month <= 400; ++month) copy.run_until(month);
    REQUIRE(team.flow.ledger().batches_stocked > before.batches_stocked + 200);
    REQUIRE(copy.flow.ledger() == team.flow.ledger());
    REQUIRE(copy.flow.stock() == team.flow.stock());
    REQUIRE(copy.sojourn == team.sojourn);
    REQUIRE(copy.calendar.pending() == team.calendar.pending());
}

TEST_CASE("cleaning removes the shares of junk that the rules say, and nothing else", "[data]") {
    DataRules rules = rules_of({1, 1, 1, 1}, steady_services);
    rules.noise_removal = 0.5;
    rules.missing_removal = 0.8;
    rules.duplicate_removal = 1;
    rules.inspection = 1;
    rules.tolerated_noise = 0.1;
    DataTeam team(rules, dirty, 0, 14);
    // Shares are kept in single precision.
    const double precision = 1000 * std::numeric_limits<float>::epsilon();

    team.take_in(dirty);
    SECTION("what is still too noisy is cleaned again") {
        // 200 + 100 + 100 of 1000 are junk; 100 + 20 + 0 of 720 after one pass: 14% noise, so back it goes;
        // 50 + 4 of 654 after two, 8% noise.
        team.run_until(10);
        REQUIRE(team.left.size() == 1);
        const Batch& out = team.left[0];
        CHECK(out.passes == 2);
        CHECK(std::abs(out.tokens - 654) < precision);
        CHECK(std::abs(out.tokens * static_cast<double>(out.noise) - 50) < precision);
        CHECK(std::abs(out.tokens * static_cast<double>(out.missing) - 4) < precision);
        CHECK(out.duplicates == 0);
        CHECK(std::abs(team.flow.stock().clean() - 600) < precision);
        CHECK(std::abs(team.flow.ledger().removed_noise - 150) < precision);
        CHECK(std::abs(team.flow.ledger().removed_missing - 96) < precision);
        CHECK(std::abs(team.flow.ledger().removed_duplicates - 100) < precision);
        CHECK(team.flow.ledger().sent_back == 1);
        // Made at 0: collected, cleaned twice, stored and queried in 1 + 2 · 0.5 + 0.25 + 0.125 months.
        CHECK(team.sojourn == 2.375);
    }
    SECTION("what has been cleaned often enough and is still too noisy is discarded") {
        team.rules.most_passes = 1;
        team.run_until(10);
        CHECK(team.left.empty());
        CHECK(team.flow.ledger().batches_discarded == 1);
        CHECK(std::abs(team.flow.ledger().discarded - 720) < precision);
    }
    SECTION("what nobody inspects goes through as it is") {
        team.rules.inspection = 0;
        team.run_until(10);
        REQUIRE(team.left.size() == 1);
        CHECK(team.left[0].passes == 1);
        CHECK(std::abs(team.flow.stock().tokens - 720) < precision);
        CHECK(std::abs(team.flow.stock().quality - 600.0 / 720) < precision / 1000);
    }
}

TEST_CASE("a stage without servers keeps its batches until somebody comes", "[data]") {
    DataRules rules = rules_of({2, 0, 1, 1}, steady_services);
    DataTeam team(rules, dirty, 0, 15);
    for (int i = 0; i < 4; ++i) {
        Batch batch = dirty;
        batch.tokens = 1000 + i;
        team.take_in(batch);
    }
    team.run_until(12);
    CHECK(team.flow.station(DataStage::cleaning).waiting() == 4);
    CHECK(team.flow.station(DataStage::cleaning).in_service() == 0);
    CHECK(team.left.empty());

    team.rules.at(DataStage::cleaning).servers = 2;
    team.flow.fill(team.desk(), DataStage::cleaning);
    CHECK(team.flow.station(DataStage::cleaning).in_service() == 2);
    // Cleaned at 12.5 and 13, stored at 12.75, 13, 13.25, 13.5, queried an eighth of a month later.
    team.run_until(13.2);
    CHECK(team.left.size() == 2);
    team.run_until(13.7);
    REQUIRE(team.left.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(team.left[i].tokens == 1000 + static_cast<double>(i));
}

TEST_CASE("the stock's quality and age are means over its tokens", "[data]") {
    DataStock stock;
    CHECK(stock.age(10) == 0);
    stock.add(100, 0.875, 0);
    CHECK(stock.quality == 0.875);
    stock.add(300, 0.5, 4);
    CHECK(stock.tokens == 400);
    CHECK(stock.quality == 0.59375);  // (100 · 0.875 + 300 · 0.5) / 400
    CHECK(stock.clean() == 237.5);
    CHECK(stock.birth == 3);
    CHECK(stock.age(10) == 7);
    CHECK(stock.age(12) == 9);
    CHECK(stock.lose(0.25) == 100);
    CHECK(stock.tokens == 300);
    CHECK(stock.quality == 0.59375);
    CHECK(stock.age(10) == 7);
    stock.add(0, 0, 9);
    CHECK(stock.quality == 0.59375);
    stock.lose(1);
    CHECK(stock.age(10) == 0);
    stock.add(8, 0.25, 10);
    CHECK(stock.quality == 0.25);
    CHECK(stock.age(11) == 1);
}

TEST_CASE("an incident spares what is backed up", "[data]") {
    DataTeam team(rules_of({1, 1, 1, 1}, steady_services), dirty, 0, 16);
    team.take_in(dirty);
    team.run_until(10);
    team.take_in(dirty);  // on its way, and so out of harm
    CHECK(team.flow.incident(0.5, 0.75) == 125);
    CHECK(team.flow.stock().tokens == 875);
    CHECK(team.flow.ledger().destroyed == 125);
    CHECK(team.flow.incident(1, 1) == 0);
    CHECK(team.flow.in_flow(team.records).tokens == 1000);
    CHECK(team.flow.incident(1, 0) == 875);
    CHECK(team.flow.stock().tokens == 0);
    require_balance(team, 10);
    CHECK_THROWS_AS(team.flow.incident(1.5, 0), ContractViolation);
    Batch nothing_but_junk = dirty;
    nothing_but_junk.noise = 0.9F;
    CHECK_THROWS_AS(team.take_in(nothing_but_junk), ContractViolation);
}

TEST_CASE("every cleaning makes one draw of inspection, and each station draws for itself", "[data]") {
    DataRules rules = rules_of({3, 8, 2, 2}, exponential_services);
    rules.inspection = 0.5;
    const auto draws_of = [](const auto& team, std::uint16_t purpose) {
        std::vector<double> drawn;
        for (const RecordedDraw& draw : team.draws.recorded())
            if (draw.source.agent == agent && draw.source.purpose == purpose) drawn.push_back(draw.value);
        return drawn;
    };
    const auto run = [&](double tolerated, double inspection) {
        rules.tolerated_noise = tolerated;
        rules.inspection = inspection;
        DataTeam<RecordingDraws<PlainDraws>> team(rules, dirty, 1.5, 17);
        team.run_until(200);
        return team;
    };
    const auto strict = run(0.1, 0.5);
    const auto lax = run(1, 0.5);
    const auto never = run(0.1, 0);
    for (const auto* team : {&strict, &lax, &never})
        CHECK(draws_of(*team, inspection_purpose).size()
              == team->flow.station(DataStage::cleaning).statistics(200).served);
    CHECK(strict.flow.ledger().sent_back > 0);
    CHECK(lax.flow.ledger().sent_back == 0);
    // Nobody is sent back in the two that differ only in what inspection would find.
    CHECK(lax.flow.ledger() == never.flow.ledger());
    for (std::uint16_t i = 0; i < data_stages; ++i) {
        const PooledStation<Batch>& station = strict.flow.station(static_cast<DataStage>(i));
        const auto purpose = static_cast<std::uint16_t>(first_purpose + 2 * i);
        CHECK(draws_of(strict, purpose).size() == station.statistics(200).served + station.in_service());
    }
    // More work in cleaning changes nobody's time in collection.
    CHECK(draws_of(strict, first_purpose) == draws_of(lax, first_purpose));
    for (const RecordedDraw& draw : strict.draws.recorded())
        if (draw.source.agent == agent) {
            REQUIRE(draw.source.purpose >= first_purpose);
            REQUIRE(draw.source.purpose < first_purpose + DataFlow::purposes);
        }
}
