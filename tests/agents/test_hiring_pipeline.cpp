#include "agents/talent/hiring_pipeline.hpp"
#include "agents/talent/role.hpp"
#include "sim/calendar.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/queueing_theory.hpp"
#include "sim/random/draws.hpp"
#include "tests/sim/station_driver.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace venturi;
using venturi::testing::require_mean;

namespace {

constexpr std::uint32_t agent = 3;
constexpr std::uint16_t first_purpose = 60;

struct Event {
    bool arrival;
    HiringStage stage;
    StationEvent own;
};

struct StageCalendar {
    Calendar<Event>& calendar;
    HiringStage stage;
    [[nodiscard]] double now() const { return calendar.now(); }
    EventHandle schedule(double time, const StationEvent& event) {
        return calendar.schedule(time, {false, stage, event});
    }
    void cancel(EventHandle handle) { calendar.cancel(handle); }
};

/// A company that does nothing but hire. A value: a copy goes on as the original would.
template <class Draws = PlainDraws>
class Employer {
  public:
    struct Desk {
        Employer& employer;
        RecordPool<StationRecord<Candidate>>& records = employer.records;
        Draws& draws = employer.draws;
        const HiringRules& rules = employer.rules;
        [[nodiscard]] StageCalendar scheduler(HiringStage stage) const { return {employer.calendar, stage}; }
        [[nodiscard]] double acceptance(const Candidate&) const { return employer.acceptance; }
        void accepted(const Candidate& candidate) const { employer.joined.push_back(candidate); }
        void productive(const Candidate& candidate) const { employer.ready.push_back(candidate); }
    };

    /// Candidates for all roles in turn come in by a Poisson process; none where the rate is 0.
    Employer(const HiringRules& rules_, double acceptance_, double rate, std::uint64_t seed,
             std::uint32_t trajectory = 0)
        : rules(rules_),
          acceptance(acceptance_),
          draws(PlainDraws(FastVariates(seed, trajectory))),
          rate_(rate) {
        if (rate_ > 0) schedule_arrival();
    }

    [[nodiscard]] Desk desk() { return {*this}; }

    void apply(Role role) {
        pipeline.apply(desk(), {.role = role,
                                .level = Level::middle,
                                .origin = static_cast<std::uint32_t>(pipeline.ledger().applied),
                                .skill = 1});
    }

    template <class Inspect>
    void run_until(double time, Inspect&& inspect) {
        calendar.run_until(time, [&](const auto& delivery) {
            const Event& event = delivery.event;
            if (event.arrival) {
                apply(static_cast<Role>(pipeline.ledger().applied % roles));
                schedule_arrival();
            } else {
                pipeline.handle(desk(), event.stage, event.own);
            }
            inspect();
        });
    }
    void run_until(double time) {
        run_until(time, [] {});
    }

    HiringRules rules;
    double acceptance;
    Draws draws;
    Calendar<Event> calendar;
    RecordPool<StationRecord<Candidate>> records;
    HiringPipeline pipeline{agent, first_purpose};
    std::vector<Candidate> joined = {};
    std::vector<Candidate> ready = {};

  private:
    void schedule_arrival() {
        calendar.schedule(calendar.now() + draws.exponential(arrivals_, rate_), {true, {}, {}});
    }

    double rate_;
    DrawSource arrivals_{agent + 1, 0, 0};
};

constexpr std::uint32_t plenty = 1'000'000;

void post_for_all(HiringPipeline& pipeline, std::uint32_t number) {
    for (std::size_t i = 0; i < roles; ++i) pipeline.post(static_cast<Role>(i), number);
}

constexpr double rate = 20;             // applications a month
constexpr double screening_mean = 0.2;  // months
constexpr double interview_mean = 0.4;
constexpr double patience_mean = 0.5;
constexpr double offer_mean = 0.3;
constexpr double onboarding_mean = 3;
constexpr std::uint32_t recruiters = 5;
constexpr std::uint32_t interviewers = 2;
constexpr double screening_pass = 0.3;
constexpr double interview_pass = 0.25;
constexpr double acceptance = 0.77;

const Distribution screening_time = Exponential{screening_mean};
const Distribution interview_time = Exponential{interview_mean};
const Distribution answer_time = Exponential{offer_mean};
const Distribution onboarding_time = Gamma{4, onboarding_mean};
const Distribution patience = Exponential{patience_mean};

HiringRules usual_rules() {
    HiringRules rules;
    rules.at(HiringStage::screening) = {.servers = recruiters, .service = &screening_time};
    rules.at(HiringStage::interview) = {
        .servers = interviewers, .service = &interview_time, .patience = &patience};
    rules.at(HiringStage::offer) = {.servers = StationOptions::unlimited, .service = &answer_time};
    // Patience is of no account here: those in onboarding have joined.
    rules.at(HiringStage::onboarding) = {
        .servers = StationOptions::unlimited, .service = &onboarding_time, .patience = &patience};
    rules.screening_pass = screening_pass;
    rules.interview_pass = interview_pass;
    return rules;
}

template <class Draws>
void require_balance(const Employer<Draws>& employer) {
    const HiringLedger& seen = employer.pipeline.ledger();
    REQUIRE(seen.applied == seen.ended() + employer.pipeline.present());
    REQUIRE(seen.hired
            == seen.productive + seen.interrupted
                   + employer.pipeline.station(HiringStage::onboarding).present());
    REQUIRE(employer.joined.size() == seen.hired);
    REQUIRE(employer.ready.size() == seen.productive);
    REQUIRE(employer.records.in_use() == employer.pipeline.present());
}

}  // namespace

TEST_CASE("screening waits as Erlang C says, and impatient interviewees as Erlang A", "[talent][long]") {
    const QueueMeans screened =
        erlang_c({.arrival_rate = rate, .service_rate = 1 / screening_mean, .servers = recruiters});
    // By Burke's theorem those who leave M/M/c are a Poisson process, and so are those of them who pass.
    const double interview_rate = rate * screening_pass;
    const QueueMeans interviewed = erlang_a({.arrival_rate = interview_rate,
                                             .service_rate = 1 / interview_mean,
                                             .servers = interviewers,
                                             .patience_rate = 1 / patience_mean});
    const double served = interview_rate * (1 - interviewed.abandons);
    const double offers = served * interview_pass;
    const double hires = offers * acceptance;

    constexpr double warm_up = 100;
    constexpr double length = 2000;
    struct Seen {
        Moments waiting_to_be_screened, screeners_busy, screening_wait;
        Moments abandoned, waiting, wait, busy;
        Moments offers, answers_awaited, hires, conversion, in_onboarding, productive;
    } seen;
    for (std::uint32_t trajectory = 0; trajectory < 60; ++trajectory) {
        Employer employer(usual_rules(), acceptance, rate, 21, trajectory);
        post_for_all(employer.pipeline, plenty);
        employer.run_until(warm_up);
        employer.pipeline.restart_statistics(warm_up);
        const HiringLedger before = employer.pipeline.ledger();
        employer.run_until(warm_up + length);
        const HiringLedger after = employer.pipeline.ledger();
        const auto at = [&](HiringStage stage) {
            return employer.pipeline.station(stage).statistics(warm_up + length);
        };
        const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
        const StationStatistics screening = at(HiringStage::screening);
        seen.waiting_to_be_screened.add(screening.waiting_integral / length);
        seen.screeners_busy.add(screening.working_integral / length);
        seen.screening_wait.add(screening.waiting_integral / number(screening.arrived));
        const StationStatistics interview = at(HiringStage::interview);
        seen.abandoned.add(number(interview.reneged) / number(interview.arrived));
        seen.waiting.add(interview.waiting_integral / length);
        seen.wait.add(interview.waiting_integral / number(interview.arrived));
        seen.busy.add(interview.working_integral / length);
        const StationStatistics offer = at(HiringStage::offer);
        seen.offers.add(number(offer.arrived) / length);
        seen.answers_awaited.add(offer.present_integral / length);
        seen.hires.add(number(after.hired - before.hired) / length);
        seen.conversion.add(number(after.hired - before.hired) / number(after.applied - before.applied));
        seen.in_onboarding.add(at(HiringStage::onboarding).present_integral / length);
        seen.productive.add(number(after.productive - before.productive) / length);
        REQUIRE(at(HiringStage::onboarding).reneged == 0);
        REQUIRE(after.turned_away == 0);
    }
    require_mean("waiting to be screened", seen.waiting_to_be_screened, screened.mean_waiting, 0.02);
    require_mean("screeners at work", seen.screeners_busy, screened.mean_in_service);
    require_mean("wait for screening", seen.screening_wait, screened.mean_wait, 0.02);
    require_mean("interviewees who lose patience", seen.abandoned, interviewed.abandons);
    require_mean("waiting for an interview", seen.waiting, interviewed.mean_waiting, 0.02);
    require_mean("wait for an interview", seen.wait, interviewed.mean_wait, 0.02);
    require_mean("interviewers at work", seen.busy, interviewed.mean_in_service);
    require_mean("offers a month", seen.offers, offers);
    require_mean("answers awaited", seen.answers_awaited, offers * offer_mean);
    require_mean("hires a month", seen.hires, hires);
    require_mean("hires per application", seen.conversion,
                 screening_pass * (1 - interviewed.abandons) * interview_pass * acceptance);
    require_mean("people in onboarding", seen.in_onboarding, hires * onboarding_mean);
    require_mean("people made productive a month", seen.productive, hires);
}

TEST_CASE("nobody appears or vanishes in a hiring pipeline, and no opening is filled twice", "[talent]") {
    HiringRules rules = usual_rules();
    rules.at(HiringStage::screening).patience = &patience;
    rules.at(HiringStage::offer).servers = 1;
    rules.at(HiringStage::offer).patience = &patience;
    rules.at(HiringStage::onboarding).servers = 4;
    Employer employer(rules, acceptance, 40, 22);
    HiringPipeline& pipeline = employer.pipeline;
    std::array<std::uint64_t, roles> posted{};
    std::size_t events = 0;
    std::size_t lost = 0;
    std::size_t interrupted = 0;
    const auto check = [&] {
        ++events;
        if (events % 400 == 0) {
            const std::size_t role = events / 400 % roles;
            pipeline.post(static_cast<Role>(role), 3);
            posted[role] += 3;
        }
        if (events % 1200 == 0) posted[1] -= pipeline.withdraw(Role::engineer, 2);
        if (events % 9000 == 0) {
            for (std::size_t role = 0; role < roles; ++role)
                posted[role] -= pipeline.openings(static_cast<Role>(role));
            pipeline.close(employer.desk(), [&](HiringStage stage, const Candidate&) {
                ++(stage == HiringStage::onboarding ? interrupted : lost);
            });
            REQUIRE(pipeline.present() == 0);
            REQUIRE(pipeline.openings() == 0);
            for (std::size_t i = 0; i < hiring_stages; ++i) {
                REQUIRE(pipeline.station(static_cast<HiringStage>(i)).waiting() == 0);
                REQUIRE(pipeline.station(static_cast<HiringStage>(i)).in_service() == 0);
            }
            REQUIRE(employer.calendar.pending() == 1);  // the next arrival
        }
        require_balance(employer);
        std::array<std::uint64_t, roles> filled{};
        for (const Candidate& candidate : employer.joined) ++filled[static_cast<std::size_t>(candidate.role)];
        for (std::size_t role = 0; role < roles; ++role)
            REQUIRE(filled[role] + pipeline.openings(static_cast<Role>(role)) == posted[role]);
    };
    employer.run_until(400, check);
    const HiringLedger& seen = pipeline.ledger();
    REQUIRE(events > 30'000);
    for (const std::uint64_t count :
         {seen.reneged, seen.failed_screening, seen.failed_interview, seen.declined, seen.turned_away,
          seen.hired, seen.productive, seen.abandoned, seen.interrupted})
        CHECK(count > 0);
    CHECK(seen.abandoned == lost);
    CHECK(seen.interrupted == interrupted);
}

TEST_CASE("two offers are out for one opening: who accepts first has it", "[talent]") {
    const Distribution at_once = Constant{0};
    const Distribution week = Constant{0.25};
    HiringRules rules;
    for (HiringStageRules& stage : rules.stages)
        stage = {.servers = StationOptions::unlimited, .service = &at_once};
    rules.at(HiringStage::offer) = {.servers = StationOptions::unlimited, .service = &week};
    Employer employer(rules, 1, 0, 23);
    HiringPipeline& pipeline = employer.pipeline;

    employer.apply(Role::data);
    employer.run_until(0);
    CHECK(pipeline.ledger().turned_away == 1);  // nothing was posted

    pipeline.post(Role::data, 1);
    pipeline.post(Role::business, 1);
    employer.apply(Role::data);
    employer.apply(Role::data);
    employer.apply(Role::business);
    employer.run_until(0.1);
    CHECK(pipeline.station(HiringStage::offer).in_service() == 3);
    CHECK(pipeline.openings() == 2);
    CHECK(pipeline.withdraw(Role::business, 5) == 1);
    employer.run_until(1);
    CHECK(pipeline.openings() == 0);
    CHECK(pipeline.ledger().hired == 1);
    CHECK(pipeline.ledger().turned_away == 3);
    REQUIRE(employer.ready.size() == 1);
    CHECK(employer.ready[0].origin == 1);
    CHECK(employer.ready[0].role == Role::data);
    require_balance(employer);
}

TEST_CASE("without interviewers candidates wait until there are some, or give up", "[talent]") {
    const Distribution at_once = Constant{0};
    const Distribution day = Constant{0.03125};
    const Distribution a_month = Constant{1};
    HiringRules rules;
    for (HiringStageRules& stage : rules.stages)
        stage = {.servers = StationOptions::unlimited, .service = &at_once};
    rules.at(HiringStage::interview) = {.servers = 0, .service = &day, .patience = &a_month};
    Employer employer(rules, 1, 0, 24);
    HiringPipeline& pipeline = employer.pipeline;
    post_for_all(pipeline, 10);
    employer.apply(Role::researcher);
    employer.run_until(0.5);
    for (int i = 0; i < 3; ++i) employer.apply(Role::engineer);
    employer.run_until(1.25);
    CHECK(pipeline.ledger().reneged == 1);
    CHECK(pipeline.station(HiringStage::interview).waiting() == 3);
    CHECK(pipeline.interviewers_busy() == 0);

    employer.rules.at(HiringStage::interview).servers = 2;
    pipeline.fill(employer.desk(), HiringStage::interview);
    CHECK(pipeline.interviewers_busy() == 2);
    employer.run_until(1.3);  // two days later
    CHECK(pipeline.interviewers_busy() == 1);
    employer.run_until(3);
    CHECK(pipeline.ledger().reneged == 1);
    CHECK(pipeline.ledger().productive == 3);
    require_balance(employer);
}

TEST_CASE("a copy of a hiring pipeline in mid-flight has the same future to the bit", "[talent]") {
    Employer employer(usual_rules(), acceptance, rate, 25);
    post_for_all(employer.pipeline, plenty);
    employer.run_until(20);
    REQUIRE(employer.pipeline.present() > 5);
    Employer copy = employer;
    const HiringLedger before = employer.pipeline.ledger();
    employer.run_until(120);
    REQUIRE(copy.pipeline.ledger() == before);
    // The copy gets there in other steps.
    for (int month = 21; month <= 120; ++month) copy.run_until(month);
    REQUIRE(employer.pipeline.ledger().hired > before.hired + 50);
    CHECK(copy.pipeline.ledger() == employer.pipeline.ledger());
    for (std::size_t i = 0; i < hiring_stages; ++i) {
        const auto stage = static_cast<HiringStage>(i);
        const StationStatistics one = employer.pipeline.station(stage).statistics(120);
        const StationStatistics other = copy.pipeline.station(stage).statistics(120);
        CHECK(one.arrived == other.arrived);
        CHECK(one.present_integral == other.present_integral);
        CHECK(one.waiting_integral == other.waiting_integral);
    }
    CHECK(copy.joined.size() == employer.joined.size());
}

TEST_CASE("whoever reaches a decision is drawn for, whether or not an opening is left", "[talent]") {
    using Recorded = RecordingDraws<PlainDraws>;
    const auto run = [](std::uint32_t openings, double accepts) {
        Employer<Recorded> employer(usual_rules(), accepts, rate, 26);
        post_for_all(employer.pipeline, openings);
        employer.run_until(100);
        return employer;
    };
    const auto draws_of = [](const Employer<Recorded>& employer, std::uint16_t purpose) {
        std::vector<double> drawn;
        for (const RecordedDraw& draw : employer.draws.recorded())
            if (draw.source.agent == agent && draw.source.purpose == purpose) drawn.push_back(draw.value);
        return drawn;
    };
    constexpr std::uint16_t passing = first_purpose + HiringPipeline::purposes - 3;
    const Employer<Recorded> open = run(plenty, acceptance);
    const Employer<Recorded> never_accepted = run(plenty, 0);
    const Employer<Recorded> few = run(2, acceptance);
    REQUIRE(few.pipeline.ledger().turned_away > 0);
    // Screening's draw number n is for the n-th who was screened in each of them.
    CHECK(draws_of(open, passing).size()
          == open.pipeline.station(HiringStage::screening).statistics(100).served);
    CHECK(draws_of(few, passing) == draws_of(open, passing));
    CHECK(draws_of(never_accepted, passing) == draws_of(open, passing));
    CHECK(draws_of(never_accepted, passing + 1) == draws_of(open, passing + 1));
    CHECK(draws_of(never_accepted, passing + 2).size() == draws_of(open, passing + 2).size());
    CHECK(draws_of(few, passing + 1).size()
          == few.pipeline.station(HiringStage::interview).statistics(100).served);
    CHECK(draws_of(few, passing + 2).size()
          == few.pipeline.station(HiringStage::offer).statistics(100).served);
    for (const RecordedDraw& draw : open.draws.recorded())
        if (draw.source.agent == agent) {
            REQUIRE(draw.source.purpose >= first_purpose);
            REQUIRE(draw.source.purpose < first_purpose + HiringPipeline::purposes);
        }
}
