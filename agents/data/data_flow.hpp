// Data governance as a data-flow graph: batches of data go through an open queueing network
//
//     sources → collection → cleaning → [quality monitoring: back to cleaning] → storage → query → stock
//
// and end in a stock of usable data. With Poisson arrivals, exponential services and a constant chance of
// being sent back it is an open Jackson network (Jackson, "Networks of waiting lines", Operations Research
// 5(4), 518–521, 1957), which is how it is tested.
#pragma once

#include "sim/contract.hpp"
#include "sim/pooled_station.hpp"
#include "sim/random/draws.hpp"
#include "sim/record_pool.hpp"
#include "sim/station.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>

namespace venturi {

/// Where data come from.
enum class DataSource : std::uint8_t { purchase, scrape, feedback, partners };
inline constexpr std::array<std::string_view, 4> data_source_names = {"purchase", "scrape", "feedback",
                                                                      "partners"};

/// The stations of the flow, in the order in which a batch passes them.
enum class DataStage : std::uint8_t { collection, cleaning, storage, query };
inline constexpr std::size_t data_stages = 4;
inline constexpr std::array<std::string_view, data_stages> data_stage_names = {"collection", "cleaning",
                                                                               "storage", "query"};

/// Data that travel together.
struct Batch {
    double tokens = 0;     ///< all of them, junk included
    double made = 0;       ///< month at which the data were made
    float noise = 0;       ///< shares of `tokens` that are of no use; their sum is below 1
    float missing = 0;     ///< fields or passages that are not there
    float duplicates = 0;  ///< what the batch holds more than once
    DataSource source = DataSource::purchase;
    std::uint8_t passes = 0;  ///< times cleaned; stays at 255

    /// Share of the tokens that is of use.
    [[nodiscard]] double quality() const {
        return 1
               - (static_cast<double>(noise) + static_cast<double>(missing)
                  + static_cast<double>(duplicates));
    }
};

/// Who works at a stage.
struct DataStageRules {
    std::uint32_t servers = 1;              ///< may be 0: batches wait
    double pace = 1;                        ///< above 0; service times are divided by it
    const Distribution* service = nullptr;  ///< of a server at pace 1, months per batch
};

/// How data are governed at the moment of a call.
struct DataRules {
    /// Batches are cleaned as often as monitoring asks.
    static constexpr std::uint8_t unlimited_passes = std::numeric_limits<std::uint8_t>::max();

    std::array<DataStageRules, data_stages> stages = {};
    double noise_removal = 0;      ///< share of a batch's noise that one pass of cleaning removes, in [0, 1]
    double missing_removal = 0;    ///< the same of missing values
    double duplicate_removal = 0;  ///< the same of duplicates
    double inspection = 0;         ///< probability that quality monitoring samples a cleaned batch
    double tolerated_noise = 1;    ///< share of noise above which an inspected batch is cleaned again
    /// An inspected batch that is still above after so many passes is discarded: it would spoil the stock,
    /// and more work on it has not helped.
    std::uint8_t most_passes = unlimited_passes;

    [[nodiscard]] const DataStageRules& at(DataStage stage) const {
        return stages[static_cast<std::size_t>(stage)];
    }
    [[nodiscard]] DataStageRules& at(DataStage stage) { return stages[static_cast<std::size_t>(stage)]; }
};

/// Tokens that one pass of cleaning takes out of a batch.
struct RemovedJunk {
    double noise = 0;
    double missing = 0;
    double duplicates = 0;

    [[nodiscard]] double total() const { return noise + missing + duplicates; }
};

[[nodiscard]] inline RemovedJunk removed_in_a_pass(const Batch& batch, const DataRules& rules) {
    return {.noise = batch.tokens * static_cast<double>(batch.noise) * rules.noise_removal,
            .missing = batch.tokens * static_cast<double>(batch.missing) * rules.missing_removal,
            .duplicates = batch.tokens * static_cast<double>(batch.duplicates) * rules.duplicate_removal};
}

/// The batch after a pass of cleaning that took out `removed`.
[[nodiscard]] inline Batch cleaned(const Batch& batch, const RemovedJunk& removed) {
    Batch rest = batch;
    rest.tokens -= removed.total();
    const auto share_left = [&](float share, double gone) {
        const double left = batch.tokens * static_cast<double>(share) - gone;
        return rest.tokens > 0 ? static_cast<float>(left / rest.tokens) : share;
    };
    rest.noise = share_left(batch.noise, removed.noise);
    rest.missing = share_left(batch.missing, removed.missing);
    rest.duplicates = share_left(batch.duplicates, removed.duplicates);
    if (rest.passes < std::numeric_limits<std::uint8_t>::max()) ++rest.passes;
    return rest;
}

/// Data ready for use.
struct DataStock {
    double tokens = 0;   ///< what junk is left included
    double quality = 1;  ///< share of them that is of use: the mean over tokens
    double birth = 0;    ///< month at which they were made: the mean over tokens

    /// Tokens that are of use.
    [[nodiscard]] double clean() const { return tokens * quality; }
    /// Mean age of the tokens in months at `now`; 0 where there are none.
    [[nodiscard]] double age(double now) const { return tokens > 0 ? now - birth : 0; }

    /// Takes in tokens of that quality, made at month `made`.
    void add(double more, double quality_of_more, double made) {
        if (!(more > 0)) return;
        tokens += more;
        const double share = more / tokens;
        quality += (quality_of_more - quality) * share;
        birth += (made - birth) * share;
    }
    /// A share of the tokens is gone, good and bad, old and new alike; returns how many.
    double lose(double share) {
        const double lost = tokens * share;
        tokens -= lost;
        return lost;
    }

    friend bool operator==(const DataStock&, const DataStock&) = default;
};

/// What became of all that ever came in. Up to rounding,
///
///     collected = removed() + discarded + abandoned + stocked + in flow,    in tokens, and
///     arrived = batches_discarded + batches_abandoned + batches_stocked + in flow,    in batches.
struct DataLedger {
    // tokens
    double collected = 0;
    double removed_noise = 0;
    double removed_missing = 0;
    double removed_duplicates = 0;
    double discarded = 0;  ///< by quality monitoring
    double abandoned = 0;  ///< on their way when the flow was closed
    double stocked = 0;
    double destroyed = 0;  ///< of those stocked, by incidents
    // batches
    std::uint64_t arrived = 0;
    std::uint64_t sent_back = 0;  ///< to be cleaned again, counted each time
    std::uint64_t batches_discarded = 0;
    std::uint64_t batches_abandoned = 0;
    std::uint64_t batches_stocked = 0;

    /// Tokens that cleaning took out.
    [[nodiscard]] double removed() const { return removed_noise + removed_missing + removed_duplicates; }

    friend bool operator==(const DataLedger&, const DataLedger&) = default;
};

/// What a data flow is handed with each call: where batches are kept, who draws, the rules of the moment, and
/// for each stage a scheduler whose events carry that stage, so that they come back to `handle` with it.
template <class T>
concept DataDesk = requires(T& desk, DataStage stage) {
    { desk.records } -> std::same_as<RecordPool<StationRecord<Batch>>&>;
    requires DrawPolicy<std::remove_cvref_t<decltype(desk.draws)>>;
    { desk.rules } -> std::convertible_to<const DataRules&>;
    { desk.scheduler(stage) } -> StationScheduler;
};

/// A company's data flow: four stations, and the stock at its end.
///
/// A value without pointers, copied as plain memory together with the pool and the calendar it uses. Draws:
/// the stations have `first_purpose` to `first_purpose + 7`, two each in the order of the stages, and
/// inspection the one after. The draw of inspection is made each time a batch comes out of cleaning, however
/// clean it is: the n-th such draw is the n-th cleaning's, whatever the rules tolerate.
class DataFlow {
  public:
    static constexpr std::uint16_t purposes = data_stages * PooledStation<Batch>::purposes + 1;

    /// What is on its way.
    struct InFlow {
        double tokens = 0;
        std::uint64_t batches = 0;
    };

    DataFlow() = default;
    DataFlow(std::uint32_t agent, std::uint16_t first_purpose)
        : inspection_{agent, static_cast<std::uint16_t>(first_purpose + purposes - 1)} {
        for (std::size_t i = 0; i < data_stages; ++i)
            stations_[i] = {agent,
                            static_cast<std::uint16_t>(first_purpose + i * PooledStation<Batch>::purposes)};
    }

    [[nodiscard]] const PooledStation<Batch>& station(DataStage stage) const { return stations_[at(stage)]; }
    [[nodiscard]] const DataStock& stock() const { return stock_; }
    [[nodiscard]] const DataLedger& ledger() const { return ledger_; }

    /// Starts the stations' counts and integrals anew; the ledger goes on.
    void restart_statistics(double now) {
        for (PooledStation<Batch>& one : stations_) one.restart_statistics(now);
    }

    /// Counted from the records themselves, in time proportional to the number of batches.
    [[nodiscard]] InFlow in_flow(const RecordPool<StationRecord<Batch>>& records) const {
        InFlow found;
        for (const PooledStation<Batch>& one : stations_)
            one.for_each(records, [&](const Batch& batch) {
                found.tokens += batch.tokens;
                ++found.batches;
            });
        return found;
    }

    /// Data that are there from the beginning: counted as collected and stocked, and as no batch.
    void endow(double tokens, double quality, double made) {
        stock_.add(tokens, quality, made);
        ledger_.collected += tokens;
        ledger_.stocked += tokens;
    }

    /// A batch comes in now. Throws ContractViolation where it has no tokens to speak of, or nothing but
    /// junk.
    template <DataDesk Desk>
    void arrive(Desk&& desk, const Batch& batch) {
        expects(batch.tokens >= 0 && batch.noise >= 0 && batch.missing >= 0 && batch.duplicates >= 0
                    && batch.quality() > 0,
                "a batch has a number of tokens, and shares of junk whose sum is below 1");
        ledger_.collected += batch.tokens;
        ++ledger_.arrived;
        enter(desk, DataStage::collection, batch);
    }

    /// Handles an event of a stage's station and sends the batch on. Returns the batch that entered the stock
    /// by it, if one did.
    template <DataDesk Desk>
    std::optional<Batch> handle(Desk&& desk, DataStage stage, const StationEvent& event) {
        Batch batch =
            with_site(desk, stage, [&](auto& site) { return stations_[at(stage)].handle(site, event); }).job;
        switch (stage) {
            case DataStage::collection:
                enter(desk, DataStage::cleaning, batch);
                return std::nullopt;
            case DataStage::cleaning:
                send_on_from_cleaning(desk, clean(desk.rules, batch));
                return std::nullopt;
            case DataStage::storage:
                enter(desk, DataStage::query, batch);
                return std::nullopt;
            case DataStage::query:
                break;
        }
        stock_.add(batch.tokens, batch.quality(), batch.made);
        ledger_.stocked += batch.tokens;
        ++ledger_.batches_stocked;
        return batch;
    }

    /// To be called when a stage may have more servers than before.
    template <DataDesk Desk>
    void fill(Desk&& desk, DataStage stage) {
        with_site(desk, stage, [&](auto& site) { stations_[at(stage)].fill(site); });
    }

    /// Work ends: what is on its way is abandoned, and nothing remains on the calendar. The stock stays.
    template <DataDesk Desk>
    void close(Desk&& desk) {
        for (std::size_t i = 0; i < data_stages; ++i)
            with_site(desk, static_cast<DataStage>(i), [&](auto& site) {
                stations_[i].close(site, [&](const Batch& batch) {
                    ledger_.abandoned += batch.tokens;
                    ++ledger_.batches_abandoned;
                });
            });
    }

    /// An incident destroys a share of the stock, of which the share that is backed up survives; both in
    /// [0, 1]. What is still on its way is untouched. Returns the tokens lost.
    double incident(double destroyed, double backed_up) {
        expects(destroyed >= 0 && destroyed <= 1 && backed_up >= 0 && backed_up <= 1,
                "shares lie between 0 and 1");
        const double lost = stock_.lose(destroyed * (1 - backed_up));
        ledger_.destroyed += lost;
        return lost;
    }

  private:
    static constexpr std::size_t at(DataStage stage) { return static_cast<std::size_t>(stage); }

    template <class Desk, class Act>
    static auto with_site(Desk& desk, DataStage stage, Act&& act) {
        auto&& scheduler = desk.scheduler(stage);
        const DataRules& all = desk.rules;
        const DataStageRules& rules = all.at(stage);
        StationSite<Batch, std::remove_reference_t<decltype(scheduler)>,
                    std::remove_reference_t<decltype(desk.draws)>>
            site{desk.records,
                 scheduler,
                 desk.draws,
                 {.servers = rules.servers, .service = rules.service, .pace = rules.pace}};
        return act(site);
    }

    template <class Desk>
    void enter(Desk& desk, DataStage stage, const Batch& batch) {
        with_site(desk, stage, [&](auto& site) { stations_[at(stage)].arrive(site, batch); });
    }

    template <class Desk>
    void send_on_from_cleaning(Desk& desk, const Batch& batch) {
        const DataRules& rules = desk.rules;
        const bool inspected = desk.draws.bernoulli(inspection_, rules.inspection);
        if (!inspected || static_cast<double>(batch.noise) <= rules.tolerated_noise) {
            enter(desk, DataStage::storage, batch);
            return;
        }
        if (rules.most_passes != DataRules::unlimited_passes && batch.passes >= rules.most_passes) {
            ledger_.discarded += batch.tokens;
            ++ledger_.batches_discarded;
            return;
        }
        ++ledger_.sent_back;
        enter(desk, DataStage::cleaning, batch);
    }

    [[nodiscard]] Batch clean(const DataRules& rules, const Batch& batch) {
        const RemovedJunk removed = removed_in_a_pass(batch, rules);
        ledger_.removed_noise += removed.noise;
        ledger_.removed_missing += removed.missing;
        ledger_.removed_duplicates += removed.duplicates;
        return cleaned(batch, removed);
    }

    std::array<PooledStation<Batch>, data_stages> stations_;
    DrawSource inspection_;
    DataStock stock_;
    DataLedger ledger_;
};

static_assert(std::is_trivially_copyable_v<DataFlow>);

}  // namespace venturi
