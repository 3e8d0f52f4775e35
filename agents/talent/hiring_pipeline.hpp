// Hiring as a flow of people: a company posts openings, and candidates pass
//
//     screening → interview and assessment → offer → onboarding and training → productive
//
// through stations with servers and patience. With Poisson arrivals and exponential times the first two are
// the queues of Erlang (1917) and Palm (Erlang A), which is how it is tested.
#pragma once

#include "agents/talent/role.hpp"
#include "sim/contract.hpp"
#include "sim/pooled_station.hpp"
#include "sim/random/draws.hpp"
#include "sim/record_pool.hpp"
#include "sim/station.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <type_traits>

namespace venturi {

/// Somebody who applies.
struct Candidate {
    Role role = Role::engineer;
    Level level = Level::middle;
    std::uint32_t origin = 0;  ///< where the person comes from: an index that the caller understands
    float skill = 0;
};

/// The stations of the pipeline, in the order in which a candidate passes them.
enum class HiringStage : std::uint8_t { screening, interview, offer, onboarding };
inline constexpr std::size_t hiring_stages = 4;
inline constexpr std::array<std::string_view, hiring_stages> hiring_stage_names = {"screening", "interview",
                                                                                   "offer", "onboarding"};

/// Who works at a stage. At the offer the servers are offers that may be out at once, and the service time is
/// the candidate's answer; at onboarding they are places.
struct HiringStageRules {
    std::uint32_t servers = 1;               ///< may be 0: candidates wait
    double pace = 1;                         ///< above 0; service times are divided by it
    const Distribution* service = nullptr;   ///< of a server at pace 1, months per candidate
    const Distribution* patience = nullptr;  ///< months a candidate waits before withdrawing; none: for ever
};

/// How a company hires at the moment of a call.
struct HiringRules {
    std::array<HiringStageRules, hiring_stages> stages = {};
    double screening_pass = 1;  ///< probability that a screened candidate is interviewed
    double interview_pass = 1;  ///< probability that an interviewed candidate gets an offer

    [[nodiscard]] const HiringStageRules& at(HiringStage stage) const {
        return stages[static_cast<std::size_t>(stage)];
    }
    [[nodiscard]] HiringStageRules& at(HiringStage stage) { return stages[static_cast<std::size_t>(stage)]; }
};

/// What became of all who ever applied. At every moment
///
///     applied = reneged + failed_screening + failed_interview + declined + turned_away + abandoned
///               + productive + interrupted + present.
struct HiringLedger {
    std::uint64_t applied = 0;
    std::uint64_t reneged = 0;  ///< lost patience while waiting
    std::uint64_t failed_screening = 0;
    std::uint64_t failed_interview = 0;
    std::uint64_t declined = 0;     ///< the offer
    std::uint64_t turned_away = 0;  ///< by a company whose openings of the role were filled meanwhile
    std::uint64_t hired = 0;
    std::uint64_t productive = 0;
    std::uint64_t abandoned = 0;    ///< not yet hired when the pipeline was closed
    std::uint64_t interrupted = 0;  ///< still in onboarding when the pipeline was closed

    /// Those for whom the pipeline has come to an end.
    [[nodiscard]] std::uint64_t ended() const {
        return reneged + failed_screening + failed_interview + declined + turned_away + abandoned + productive
               + interrupted;
    }

    friend bool operator==(const HiringLedger&, const HiringLedger&) = default;
};

/// What a pipeline is handed with each call: where candidates are kept, who draws, the rules of the moment,
/// for each stage a scheduler whose events carry that stage, and the caller's part in it:
///
///     acceptance(candidate)   probability that the candidate accepts, asked for when the answer is due
///     accepted(candidate)     the candidate joins: leaves its origin, is paid from now on
///     productive(candidate)   onboarding and training are over
template <class T>
concept HiringDesk = requires(T& desk, HiringStage stage, const Candidate& candidate) {
    { desk.records } -> std::same_as<RecordPool<StationRecord<Candidate>>&>;
    requires DrawPolicy<std::remove_cvref_t<decltype(desk.draws)>>;
    { desk.rules } -> std::convertible_to<const HiringRules&>;
    { desk.scheduler(stage) } -> StationScheduler;
    {
        desk.acceptance(candidate)
        } -> std::convertible_to<typename std::remove_cvref_t<decltype(desk.draws)>::Scalar>;
    desk.accepted(candidate);
    desk.productive(candidate);
};

/// A company's openings, and the candidates for them.
///
/// An opening is filled when an offer is accepted. A candidate whose role has no opening left when screening,
/// interview or offer end is turned away; there may be more candidates, and more offers out, than openings.
///
/// A value without pointers, copied as plain memory together with the pool and the calendar it uses. Draws:
/// the stations have `first_purpose` to `first_purpose + 7`, two each in the order of the stages (service,
/// patience), then one each for passing the screening, passing the interview, and accepting. Those three are
/// made for everyone who gets there, also for those who are turned away.
class HiringPipeline {
  public:
    static constexpr std::uint16_t purposes = hiring_stages * PooledStation<Candidate>::purposes + 3;

    HiringPipeline() = default;
    HiringPipeline(std::uint32_t agent, std::uint16_t first_purpose)
        : screening_{agent, static_cast<std::uint16_t>(first_purpose + purposes - 3)},
          interview_{agent, static_cast<std::uint16_t>(first_purpose + purposes - 2)},
          acceptance_{agent, static_cast<std::uint16_t>(first_purpose + purposes - 1)} {
        for (std::size_t i = 0; i < hiring_stages; ++i)
            stations_[i] = {
                agent, static_cast<std::uint16_t>(first_purpose + i * PooledStation<Candidate>::purposes)};
    }

    /// More openings of a role.
    void post(Role role, std::uint32_t number) { openings_[at(role)] += number; }
    /// Takes back as many openings as are left, up to `number`; returns how many.
    std::uint32_t withdraw(Role role, std::uint32_t number) {
        const std::uint32_t taken = std::min(number, openings_[at(role)]);
        openings_[at(role)] -= taken;
        return taken;
    }
    [[nodiscard]] std::uint32_t openings(Role role) const { return openings_[at(role)]; }
    [[nodiscard]] std::uint32_t openings() const {
        return std::accumulate(openings_.begin(), openings_.end(), std::uint32_t{0});
    }

    [[nodiscard]] const PooledStation<Candidate>& station(HiringStage stage) const {
        return stations_[at(stage)];
    }
    [[nodiscard]] const HiringLedger& ledger() const { return ledger_; }
    /// Candidates at all stages, those in onboarding included.
    [[nodiscard]] std::uint32_t present() const {
        std::uint32_t sum = 0;
        for (const PooledStation<Candidate>& one : stations_) sum += one.present();
        return sum;
    }
    /// Interviews under way, each of which keeps somebody from other work.
    [[nodiscard]] std::uint32_t interviewers_busy() const {
        return stations_[at(HiringStage::interview)].in_service();
    }

    /// Starts the stations' counts and integrals anew; the ledger goes on.
    void restart_statistics(double now) {
        for (PooledStation<Candidate>& one : stations_) one.restart_statistics(now);
    }

    /// A candidate applies now.
    template <HiringDesk Desk>
    void apply(Desk&& desk, const Candidate& candidate) {
        ++ledger_.applied;
        enter(desk, HiringStage::screening, candidate);
    }

    /// Handles an event of a stage's station, and sends the candidate on or away.
    template <HiringDesk Desk>
    void handle(Desk&& desk, HiringStage stage, const StationEvent& event) {
        const auto departure =
            with_site(desk, stage, [&](auto& site) { return stations_[at(stage)].handle(site, event); });
        const Candidate& candidate = departure.job;
        if (departure.ending == PooledStation<Candidate>::Ending::reneged) {
            ++ledger_.reneged;
            return;
        }
        const HiringRules& rules = desk.rules;
        switch (stage) {
            case HiringStage::screening: {
                const bool passes = desk.draws.bernoulli(screening_, rules.screening_pass);
                if (decided(candidate, passes, ledger_.failed_screening))
                    enter(desk, HiringStage::interview, candidate);
                break;
            }
            case HiringStage::interview: {
                const bool passes = desk.draws.bernoulli(interview_, rules.interview_pass);
                if (decided(candidate, passes, ledger_.failed_interview))
                    enter(desk, HiringStage::offer, candidate);
                break;
            }
            case HiringStage::offer: {
                const bool accepts = desk.draws.bernoulli(acceptance_, desk.acceptance(candidate));
                if (decided(candidate, accepts, ledger_.declined)) hire(desk, candidate);
                break;
            }
            case HiringStage::onboarding:
                ++ledger_.productive;
                desk.productive(candidate);
                break;
        }
    }

    /// To be called when a stage may have more servers than before.
    template <HiringDesk Desk>
    void fill(Desk&& desk, HiringStage stage) {
        with_site(desk, stage, [&](auto& site) { stations_[at(stage)].fill(site); });
    }

    /// Hiring ends: everyone present goes to `lost(stage, candidate)`, those in onboarding as people who had
    /// joined; openings are withdrawn, and nothing remains on the calendar.
    template <HiringDesk Desk, class Lost>
    void close(Desk&& desk, Lost&& lost) {
        openings_ = {};
        for (std::size_t i = 0; i < hiring_stages; ++i) {
            const auto stage = static_cast<HiringStage>(i);
            std::uint64_t& count = stage == HiringStage::onboarding ? ledger_.interrupted : ledger_.abandoned;
            with_site(desk, stage, [&](auto& site) {
                stations_[i].close(site, [&](const Candidate& candidate) {
                    ++count;
                    lost(stage, candidate);
                });
            });
        }
    }

  private:
    static constexpr std::size_t at(HiringStage stage) { return static_cast<std::size_t>(stage); }
    static constexpr std::size_t at(Role role) { return static_cast<std::size_t>(role); }

    template <class Desk, class Act>
    static auto with_site(Desk& desk, HiringStage stage, Act&& act) {
        auto&& scheduler = desk.scheduler(stage);
        const HiringRules& all = desk.rules;
        const HiringStageRules& rules = all.at(stage);
        // Those in onboarding have joined: they don't withdraw.
        const Distribution* patience = stage == HiringStage::onboarding ? nullptr : rules.patience;
        StationSite<Candidate, std::remove_reference_t<decltype(scheduler)>,
                    std::remove_reference_t<decltype(desk.draws)>>
            site{desk.records,
                 scheduler,
                 desk.draws,
                 {.servers = rules.servers,
                  .service = rules.service,
                  .pace = rules.pace,
                  .patience = patience}};
        return act(site);
    }

    template <class Desk>
    void enter(Desk& desk, HiringStage stage, const Candidate& candidate) {
        with_site(desk, stage, [&](auto& site) { stations_[at(stage)].arrive(site, candidate); });
    }

    // Whether the candidate goes on; counts those who don't.
    bool decided(const Candidate& candidate, bool favourably, std::uint64_t& otherwise) {
        if (openings_[at(candidate.role)] == 0) {
            ++ledger_.turned_away;
            return false;
        }
        if (!favourably) ++otherwise;
        return favourably;
    }

    template <class Desk>
    void hire(Desk& desk, const Candidate& candidate) {
        --openings_[at(candidate.role)];
        ++ledger_.hired;
        desk.accepted(candidate);
        enter(desk, HiringStage::onboarding, candidate);
    }

    std::array<PooledStation<Candidate>, hiring_stages> stations_;
    std::array<std::uint32_t, roles> openings_{};
    DrawSource screening_;
    DrawSource interview_;
    DrawSource acceptance_;
    HiringLedger ledger_;
};

static_assert(std::is_trivially_copyable_v<HiringPipeline>);

}  // namespace venturi
