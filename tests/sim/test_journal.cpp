// What a run keeps on its way, and goes on from.
#include "sim/ensemble/bytes.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/histogram.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/journal.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/ensemble/series.hpp"
#include "sim/ensemble/survival.hpp"
#include "sim/random/philox.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <vector>

using namespace venturi;

namespace {

/// A journal in memory.
struct MemoryJournal {
    JournalPieces pieces = {};
    std::size_t kept = 0;

    [[nodiscard]] Journal journal() {
        return {.find =
                    [this](const std::string& name) {
                        const auto place = pieces.find(name);
                        return place == pieces.end() ? std::nullopt : std::optional(place->second);
                    },
                .keep =
                    [this](JournalPieces together) {
                        for (auto& [name, bytes] : together) pieces[name] = std::move(bytes);
                        ++kept;
                    }};
    }
};

/// Every accumulator of the engine, seeing the same.
struct Everything {
    Moments moments = {};
    Grouped<QuantileSketch> sketch = {};
    Series<Moments> series = Series<Moments>(3);
    Grouped<SurvivalCounts> survival = Grouped<SurvivalCounts>(SurvivalCounts(12, 1));
    Histogram histogram = Histogram::linear(-3, 3, 20);
    std::vector<double> rows = {};

    void merge(const Everything& other) {
        moments.merge(other.moments);
        sketch.merge(other.sketch);
        series.merge(other.series);
        survival.merge(other.survival);
        histogram.merge(other.histogram);
        rows.insert(rows.end(), other.rows.begin(), other.rows.end());
    }
    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.moments);
        visit(self.sketch);
        visit(self.series);
        visit(self.survival);
        visit(self.histogram);
        visit(self.rows);
    }
    friend bool operator==(const Everything&, const Everything&) = default;
};

/// A number in (−3, 3) that depends on the trajectory alone.
double value_of(std::uint64_t trajectory) {
    return 3 * std::sin(static_cast<double>(trajectory * trajectory % 1009));
}

struct Model {
    const StopRequest* stop = nullptr;
    std::uint64_t simulate(std::uint64_t trajectory, Everything& into) const {
        const double value = value_of(trajectory);
        if (trajectory % 211 == 5) throw std::runtime_error("it fell ill");
        into.moments.add(value);
        into.sketch.of(trajectory).add(value);
        into.series[trajectory % 3].add(value);
        into.survival.of(trajectory)
            .add(std::abs(value) * 4, value > 0 ? Observed::event : Observed::censored);
        into.histogram.add(value);
        into.rows.push_back(value);
        return trajectory % 7;
    }
};

EnsembleOutcome<Everything> run(std::uint64_t trajectories, int threads,
                                const EnsembleHooks<Everything>& hooks) {
    return run_ensemble(
        EnsembleOptions{
            .trajectories = trajectories, .first = 0, .threads = threads, .on_failure = OnFailure::keep},
        Everything{}, [] { return Model{}; }, hooks);
}

}  // namespace

TEST_CASE("What was written is read again to the bit, and nothing else is read", "[sim][journal]") {
    Everything seen;
    for (std::uint64_t i = 0; i < 100; ++i)
        if (i != 5) Model{}.simulate(i, seen);
    seen.moments.add(std::numeric_limits<double>::quiet_NaN());
    const std::string bytes = to_bytes(seen);
    CHECK(to_bytes(from_bytes<Everything>(bytes)) == bytes);
    // A NaN is equal to nothing; without it values are.
    seen.moments = {};
    CHECK(from_bytes<Everything>(to_bytes(seen)) == seen);

    for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 7)
        CHECK_THROWS_AS(from_bytes<Everything>(bytes.substr(0, length)), BytesError);
    CHECK_THROWS_AS(from_bytes<Everything>(bytes + 'x'), BytesError);
    Everything other;
    other.survival = Grouped<SurvivalCounts>(SurvivalCounts(13, 1));
    CHECK_THROWS_AS(from_bytes<Everything>(bytes, other), BytesError);
    // A list of 2^61 numbers is no reason to ask for memory.
    std::string long_list = to_bytes(std::vector<double>{1, 2});
    long_list[7] = '\x20';
    CHECK_THROWS_AS(from_bytes<std::vector<double>>(long_list), BytesError);
    CHECK(from_bytes<std::optional<std::string>>(to_bytes(std::optional<std::string>("a"))) == "a");
    CHECK(from_bytes<std::optional<std::string>>(to_bytes(std::optional<std::string>())) == std::nullopt);
}

TEST_CASE("A run that goes on from any stop has the bits of one that was never interrupted",
          "[sim][journal]") {
    constexpr std::uint64_t trajectories = 1500;
    const EnsembleOutcome<Everything> whole = run(trajectories, 1, {});
    REQUIRE(whole.failed == 8);
    for (const std::uint64_t stop_after : {1U, 31U, 32U, 33U, 500U, 1400U, 1499U}) {
        MemoryJournal memory;
        const Journal journal = memory.journal();
        // Interrupted again and again, each time after so many more trajectories.
        EnsembleHooks<Everything> hooks;
        hooks.journal = &journal;
        std::uint64_t reached = 0;
        int runs = 0;
        Ending ending = Ending::interrupted;
        while (ending == Ending::interrupted) {
            REQUIRE(++runs < 100);
            StopRequest stop;
            hooks.stop = &stop;
            std::uint64_t lived = 0;
            const auto outcome = run_ensemble(
                EnsembleOptions{
                    .trajectories = trajectories, .first = 0, .threads = 1, .on_failure = OnFailure::keep},
                Everything{},
                [&] {
                    struct Stopping {
                        StopRequest* stop;
                        std::uint64_t* lived;
                        std::uint64_t last;
                        std::uint64_t simulate(std::uint64_t trajectory, Everything& into) const {
                            if (++*lived > last) stop->request();
                            return Model{}.simulate(trajectory, into);
                        }
                    };
                    return Stopping{&stop, &lived, stop_after + 64};  // a failure lives its block again
                },
                hooks);
            ending = outcome.ending;
            CHECK(outcome.completed + outcome.failed >= reached);
            reached = outcome.completed + outcome.failed;
            if (ending == Ending::interrupted) continue;
            CHECK(outcome.result == whole.result);
            CHECK(outcome.completed == whole.completed);
            CHECK(outcome.failed == whole.failed);
            CHECK(outcome.failures == whole.failures);
            CHECK(outcome.events == whole.events);
        }
        CHECK(runs > 1);
    }
}

TEST_CASE("Whatever was kept last, a run that was killed there goes on to the same bits", "[sim][journal]") {
    constexpr std::uint64_t trajectories = 30'000;
    const EnsembleOutcome<Everything> whole = run(trajectories, 1, {});
    // Every state that a journal was in, as a kill leaves it.
    std::vector<JournalPieces> states;
    MemoryJournal memory;
    Journal journal = memory.journal();
    journal.keep = [&, keep = journal.keep](JournalPieces pieces) {
        keep(std::move(pieces));
        states.push_back(memory.pieces);
    };
    EnsembleHooks<Everything> hooks;
    hooks.journal = &journal;
    REQUIRE(run(trajectories, 1, hooks).result == whole.result);
    // The first block is, further ones as time allows.
    REQUIRE(!states.empty());
    for (const JournalPieces& state : states) {
        MemoryJournal left{.pieces = state};
        const Journal again = left.journal();
        EnsembleHooks<Everything> resumed;
        resumed.journal = &again;
        std::uint64_t earlier = 0;
        resumed.progress = [&](const Progress& progress) { earlier = progress.earlier; };
        const EnsembleOutcome<Everything> outcome = run(trajectories, 2, resumed);
        CHECK(earlier > 0);
        CHECK(outcome.result == whole.result);
        CHECK(outcome.events == whole.events);
        CHECK(outcome.failures == whole.failures);
    }
}

TEST_CASE("A run that stops at a precision stops there too when it goes on", "[sim][journal]") {
    EnsembleHooks<Everything> hooks;
    hooks.enough = [](const Everything& seen) { return seen.moments.count() > 900; };
    const EnsembleOutcome<Everything> whole = run(5000, 2, hooks);
    REQUIRE(whole.ending == Ending::precision_reached);
    MemoryJournal memory;
    const Journal journal = memory.journal();
    hooks.journal = &journal;
    StopRequest stop;
    hooks.stop = &stop;
    hooks.enough = [&](const Everything& seen) {
        if (seen.moments.count() > 400) stop.request();
        return seen.moments.count() > 900;
    };
    REQUIRE(run(5000, 1, hooks).ending == Ending::interrupted);
    hooks.stop = nullptr;
    const EnsembleOutcome<Everything> again = run(5000, 2, hooks);
    CHECK(again.ending == Ending::precision_reached);
    CHECK(again.result == whole.result);
}

TEST_CASE("A journal of another run is refused", "[sim][journal]") {
    MemoryJournal memory;
    const Journal journal = memory.journal();
    EnsembleHooks<Everything> hooks;
    hooks.journal = &journal;
    StopRequest stop;
    hooks.stop = &stop;
    hooks.enough = [&](const Everything&) {
        stop.request();
        return false;
    };
    REQUIRE(run(2000, 1, hooks).ending == Ending::interrupted);
    hooks.stop = nullptr;
    // Fewer trajectories than were lived.
    CHECK_THROWS_AS(run(64, 1, hooks), BytesError);
    // What was counted, and the first node.
    for (const char* name : {"fold", "0"}) {
        const std::string bytes = memory.pieces.at(name);
        memory.pieces[name].pop_back();
        CHECK_THROWS_AS(run(2000, 1, hooks), BytesError);
        memory.pieces[name] = bytes;
    }
    memory.pieces.erase("0");
    CHECK_THROWS_AS(run(2000, 1, hooks), BytesError);
    const Journal part = journal.part("second");
    hooks.journal = &part;
    CHECK(run(64, 1, hooks).completed == 63);
}
