#include "sim/contract.hpp"
#include "sim/ensemble/ensemble.hpp"
#include "sim/ensemble/histogram.hpp"
#include "sim/ensemble/jackknife.hpp"
#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/quantile_sketch.hpp"
#include "sim/ensemble/series.hpp"
#include "sim/ensemble/survival.hpp"
#include "sim/ensemble/thread_pipeline.hpp"
#include "sim/random/distribution.hpp"

#include <catch2/catch.hpp>
#include <tbb/parallel_for.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace venturi;

/// One of each accumulator.
struct Observables {
    Moments wealth;
    QuantileSketch wealth_quantiles;
    Histogram wealth_histogram = Histogram::logarithmic(1e-3, 1e3, 30);
    Grouped<SurvivalCounts> lives{SurvivalCounts(24, 1.0)};
    Series<Moments> path{12};

    void merge(const Observables& other) {
        wealth.merge(other.wealth);
        wealth_quantiles.merge(other.wealth_quantiles);
        wealth_histogram.merge(other.wealth_histogram);
        lives.merge(other.lives);
        path.merge(other.path);
    }
    friend bool operator==(const Observables&, const Observables&) = default;
};

/// Geometric random walks with a random end. Some are a thousand times as long as others.
struct Walkers {
    std::uint64_t simulate(std::uint64_t trajectory, Observables& into) {
        Stream stream(StreamAddress{
            .seed = 5, .trajectory = static_cast<std::uint32_t>(trajectory), .agent = 0, .purpose = 7});
        const int burden = trajectory % 97 == 0 ? 1000 : 1;
        double wealth = 1;
        for (std::size_t month = 0; month < 12; ++month) {
            for (int step = 0; step < burden; ++step) {
                wealth *= std::exp(sample(Normal{0, 0.3 / std::sqrt(burden)}, stream));
            }
            into.path[month].add(wealth);
        }
        into.wealth.add(wealth);
        into.wealth_quantiles.add(wealth);
        into.wealth_histogram.add(wealth);
        into.lives.of(trajectory).add(sample(Exponential{20}, stream), Observed::event);
        return 12;
    }
};

EnsembleOutcome<Observables> run_walkers(std::uint64_t trajectories, int threads,
                                         const EnsembleHooks<Observables>& hooks = {}) {
    return run_ensemble(
        {.trajectories = trajectories, .threads = threads}, Observables{}, [] { return Walkers{}; }, hooks);
}

/// Equal bits, where == would let −0 pass for 0.
bool same_bits(const Moments& a, const Moments& b) {
    const auto bits = [](const Moments& moments) {
        return std::bit_cast<std::array<std::uint64_t, 7>>(moments);
    };
    return bits(a) == bits(b);
}

bool same_bits(const Observables& a, const Observables& b) {
    bool same = a == b && same_bits(a.wealth, b.wealth);
    for (std::size_t month = 0; month < a.path.points(); ++month)
        same = same && same_bits(a.path[month], b.path[month]);
    return same;
}

/// A model from a function of trajectory and accumulator.
template <class Function>
struct FunctionModel {
    Function function;
    template <class Accumulator>
    void simulate(std::uint64_t trajectory, Accumulator& into) {
        function(trajectory, into);
    }
};

template <class Function>
auto models_of(Function function) {
    return [function] { return FunctionModel<Function>{function}; };
}

/// Remembers what it has seen and in which order: merging is not associative at all to its eye.
struct Transcript {
    std::string text;
    void merge(const Transcript& other) { text = "(" + text + "+" + other.text + ")"; }
};

/// Counts how many of its kind are alive.
struct Witness {
    static inline std::atomic<int> alive = 0;
    static inline std::atomic<int> most = 0;
    static void enter() {
        const int now = ++alive;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
    }
    Witness() { enter(); }
    Witness(const Witness&) { enter(); }
    Witness& operator=(const Witness&) = default;
    ~Witness() { --alive; }
    void merge(const Witness&) {}
};

}  // namespace

TEST_CASE("One, two and sixteen threads give the same bits", "[ensemble]") {
    for (const std::uint64_t trajectories : {std::uint64_t{1}, std::uint64_t{33}, std::uint64_t{5000}}) {
        const auto one = run_walkers(trajectories, 1);
        CHECK(one.completed == trajectories);
        CHECK(one.events == 12 * trajectories);
        CHECK(one.ending == Ending::finished);
        CHECK(one.result.wealth.count() == trajectories);
        for (const int threads : {2, 16}) {
            const auto many = run_walkers(trajectories, threads);
            CHECK(same_bits(one.result, many.result));
            CHECK(same_bits(one.result, many.fold.result()));
        }
    }
}

TEST_CASE("Sixteen threads are at work also on fewer cores", "[ensemble]") {
    // Each of the first sixteen blocks waits until all sixteen have begun, for two minutes at most.
    std::atomic<int> begun = 0;
    const auto outcome = run_ensemble({.trajectories = 16 * trajectories_per_block, .threads = 16}, Moments{},
                                      models_of([&](std::uint64_t trajectory, Moments& into) {
                                          if (trajectory % trajectories_per_block == 0) {
                                              ++begun;
                                              for (int wait = 0; wait < 120'000 && begun < 16; ++wait) {
                                                  std::this_thread::sleep_for(std::chrono::milliseconds{1});
                                              }
                                          }
                                          into.add(begun);
                                      }));
    CHECK(outcome.result.minimum() == 16);
}

TEST_CASE("A pipeline folds every task once and in order, and keeps slots and workers apart", "[ensemble]") {
    for (const auto& run : {run_pipeline, run_thread_pipeline}) {
        for (const int threads : {1, 3, 16}) {
            constexpr std::uint64_t tasks = 3000;
            constexpr std::uint64_t wanted = 2500;
            std::vector<std::atomic<int>> slot_in_use(slot_count(threads));
            std::vector<std::atomic<int>> worker_in_use(static_cast<std::size_t>(threads));
            std::atomic<int> clashes = 0;
            std::vector<std::uint64_t> folded;
            run(
                tasks, threads,
                [&](const PipelineTask& task) {
                    clashes += slot_in_use.at(task.slot)++ + worker_in_use.at(task.worker)++;
                    if (task.number % 50 == 0) std::this_thread::yield();
                    --worker_in_use.at(task.worker);
                },
                [&](const PipelineTask& task) {
                    folded.push_back(task.number);
                    --slot_in_use.at(task.slot);
                    return task.number + 1 < wanted;
                });
            CHECK(clashes == 0);
            REQUIRE(folded.size() == wanted);
            for (std::uint64_t number = 0; number < wanted; ++number) CHECK(folded[number] == number);
        }
        run(
            0, 2, [](const PipelineTask&) { FAIL("no task"); }, [](const PipelineTask&) { return true; });
        const auto fail_at = [](std::uint64_t number, const PipelineTask& task) {
            if (task.number == number) throw std::domain_error("fails");
        };
        CHECK_THROWS_AS(run(
                            100, 2, [&](const PipelineTask& task) { fail_at(40, task); },
                            [](const PipelineTask&) { return true; }),
                        std::domain_error);
        CHECK_THROWS_AS(run(
                            100, 2, [](const PipelineTask&) {},
                            [&](const PipelineTask& task) {
                                fail_at(99, task);
                                return true;
                            }),
                        std::domain_error);
    }
}

TEST_CASE("The fold's tree is fixed by the index of the block", "[ensemble]") {
    FoldTree<Transcript> fold;
    for (const char* block : {"0", "1", "2", "3", "4", "5", "6"}) fold.push({block});
    CHECK(fold.result().text == "(((0+1)+(2+3))+((4+5)+6))");
    CHECK(fold.next_block() == 7);
}

TEST_CASE("Neighbouring slices of an ensemble append to the fold of the whole", "[ensemble]") {
    const auto blocks = [](std::uint64_t first, std::uint64_t last) {
        FoldTree<Transcript> fold({}, first);
        for (std::uint64_t block = first; block < last; ++block) fold.push({std::to_string(block)});
        return fold;
    };
    const std::string whole = blocks(0, 45).result().text;
    for (std::uint64_t cut = 0; cut <= 45; ++cut) {
        for (std::uint64_t second_cut = cut; second_cut <= 45; second_cut += 7) {
            FoldTree<Transcript> middle_and_right = blocks(cut, second_cut);
            middle_and_right.append(blocks(second_cut, 45));
            FoldTree<Transcript> joined = blocks(0, cut);
            joined.append(middle_and_right);
            CHECK(joined.result().text == whole);
        }
    }
    FoldTree<Transcript> fold = blocks(0, 3);
    CHECK_THROWS_AS(fold.append(blocks(4, 5)), ContractViolation);

    const auto left = run_walkers(1024, 2);
    const auto right = run_ensemble({.trajectories = 700, .first = 1024, .threads = 3}, Observables{},
                                    [] { return Walkers{}; });
    FoldTree<Observables> joined = left.fold;
    joined.append(right.fold);
    CHECK(same_bits(joined.result(), run_walkers(1724, 1).result));
    CHECK_THROWS_AS(run_ensemble({.trajectories = 1, .first = 5}, Observables{}, [] { return Walkers{}; }),
                    ContractViolation);
}

TEST_CASE("An interrupted run is the shorter run, bit for bit", "[ensemble]") {
    for (const int threads : {1, 2, 16}) {
        StopRequest stop;
        const auto outcome =
            run_ensemble({.trajectories = 100'000, .threads = threads}, Observables{},
                         [&stop] {
                             return FunctionModel{[&stop](std::uint64_t i, Observables& into) {
                                 Walkers{}.simulate(i, into);
                                 if (i == 2345) stop.request();
                             }};
                         },
                         {.stop = &stop});
        CHECK(outcome.ending == Ending::interrupted);
        CHECK(outcome.completed > 0);
        CHECK(outcome.completed <= 2346);
        CHECK(outcome.result.wealth.count() == outcome.completed);
        CHECK(same_bits(outcome.result, run_walkers(outcome.completed, 1).result));
        if (threads == 1) CHECK(outcome.completed == 2346);
    }
}

TEST_CASE("A trajectory that is given up on a stop leaves nothing behind", "[ensemble]") {
    for (const int threads : {1, 2, 16}) {
        StopRequest stop;
        const auto outcome =
            run_ensemble({.trajectories = 100'000, .threads = threads}, Observables{},
                         [&stop] {
                             return FunctionModel{[&stop](std::uint64_t i, Observables& into) {
                                 if (i == 2345) stop.request();
                                 stop_if_requested(&stop);
                                 Walkers{}.simulate(i, into);
                             }};
                         },
                         {.stop = &stop});
        CHECK(outcome.ending == Ending::interrupted);
        CHECK(outcome.failed == 0);
        CHECK(outcome.completed <= 2345);
        CHECK(same_bits(outcome.result, run_walkers(outcome.completed, 1).result));
        if (threads == 1) CHECK(outcome.completed == 2345);
    }
}

TEST_CASE("A run that is stopped before it began is empty", "[ensemble]") {
    StopRequest stop;
    stop.request();
    const auto outcome = run_walkers(1000, 2, {.stop = &stop});
    CHECK(outcome.ending == Ending::interrupted);
    CHECK(outcome.completed == 0);
    CHECK(outcome.result == Observables{});
    CHECK(run_walkers(0, 2).ending == Ending::finished);
    CHECK(run_walkers(0, 2).result == Observables{});
}

TEST_CASE("A run ends at its precision, at the same trajectory on any number of threads", "[ensemble]") {
    const PrecisionTarget target{.half_width = 0.04, .relative = true};
    const EnsembleHooks<Observables> hooks{
        .enough = [&](const Observables& observables) { return reached(observables.wealth, target); }};
    const auto one = run_walkers(1'000'000, 1, hooks);
    CHECK(one.ending == Ending::precision_reached);
    CHECK(one.completed < 20'000);
    CHECK(one.result.wealth.confidence_interval().half_width() <= 0.04 * one.result.wealth.mean());
    CHECK(same_bits(one.result, run_walkers(one.completed, 2).result));
    for (const int threads : {2, 16}) {
        const auto many = run_walkers(1'000'000, threads, hooks);
        CHECK(many.completed == one.completed);
        CHECK(same_bits(many.result, one.result));
    }
    CHECK(run_walkers(300, 2, hooks).ending == Ending::finished);
}

TEST_CASE("Precision is looked at when stated and at no other time", "[ensemble]") {
    std::vector<std::uint64_t> looks;
    const auto outcome = run_walkers(2000, 2, {.enough = [&](const Observables& observables) {
                                         looks.push_back(observables.wealth.count());
                                         return false;
                                     }});
    CHECK(outcome.ending == Ending::finished);
    std::vector<std::uint64_t> stated;
    for (std::uint64_t look = next_look(0); look <= 2000; look = next_look(look)) stated.push_back(look);
    CHECK(looks == stated);
}

TEST_CASE("The first trajectory that throws is named, on any number of threads", "[ensemble]") {
    for (const int threads : {1, 2, 16}) {
        const auto run = [&] {
            (void)run_ensemble({.trajectories = 10'000, .threads = threads}, Moments{},
                               models_of([](std::uint64_t trajectory, Moments& into) {
                                   if (trajectory >= 1234 && trajectory % 2 == 1) {
                                       throw std::domain_error("the market is gone");
                                   }
                                   into.add(1);
                               }));
        };
        try {
            run();
            FAIL("the exception was lost");
        } catch (const TrajectoryError& error) {
            CHECK(error.trajectory() == 1235);
            CHECK(std::string(error.what()) == "trajectory 1235: the market is gone");
            CHECK_THROWS_AS(std::rethrow_if_nested(error), std::domain_error);
        }
    }
}

TEST_CASE("A trajectory that fails is left out and told of, and the others keep their bits", "[ensemble]") {
    const auto is_bad = [](std::uint64_t trajectory) { return trajectory % 50 == 3 || trajectory / 32 == 7; };
    const auto honest = [](std::uint64_t trajectory, Observables& into) {
        Walkers{}.simulate(trajectory, into);
    };
    const auto right = run_ensemble({.trajectories = 1000, .threads = 1}, Observables{},
                                    models_of([&](std::uint64_t trajectory, Observables& into) {
                                        if (!is_bad(trajectory)) honest(trajectory, into);
                                    }));
    for (const int threads : {1, 2, 16}) {
        const auto outcome =
            run_ensemble({.trajectories = 1000, .threads = threads, .on_failure = OnFailure::keep},
                         Observables{}, models_of([&](std::uint64_t trajectory, Observables& into) {
                             honest(trajectory, into);  // what it has added by then must go
                             if (is_bad(trajectory)) throw std::domain_error("the market is gone");
                         }));
        CHECK(same_bits(outcome.result, right.result));
        CHECK(outcome.ending == Ending::finished);
        CHECK(outcome.failed
              == 20 + 31);  // 3, 53, ... 953, of which 253 is in block 7 but 224 to 255 all are
        CHECK(outcome.completed == 1000 - outcome.failed);
        REQUIRE(outcome.failures.size() == most_failures_told);
        CHECK(outcome.failures[1] == TrajectoryFailure{53, "the market is gone"});
        CHECK(outcome.failures[5].trajectory == 224);
    }
}

TEST_CASE("A model that threw is not used again", "[ensemble]") {
    struct Fragile {
        bool broken = false;
        void simulate(std::uint64_t trajectory, Moments& into) {
            into.add(broken ? 1e9 : 1);
            broken = true;
            if (trajectory == 5) throw std::domain_error("broken");
            broken = false;
        }
    };
    const auto outcome = run_ensemble({.trajectories = 64, .threads = 1, .on_failure = OnFailure::keep},
                                      Moments{}, [] { return Fragile{}; });
    CHECK(outcome.result.count() == 63);
    CHECK(outcome.result.maximum() == 1);
}

TEST_CASE("Where the first trajectories all fail a run ends, and memory that ran out ends it at once",
          "[ensemble]") {
    std::atomic<std::uint64_t> tried = 0;
    const auto outcome =
        run_ensemble({.trajectories = 1'000'000, .threads = 2, .on_failure = OnFailure::keep}, Moments{},
                     models_of([&](std::uint64_t, Moments&) {
                         ++tried;
                         throw std::domain_error("nobody can live here");
                     }));
    CHECK(outcome.ending == Ending::failed);
    CHECK(outcome.completed == 0);
    CHECK(outcome.failed == failures_in_vain);
    CHECK(outcome.result.count() == 0);
    CHECK(tried < 2000);
    CHECK_THROWS_AS(run_ensemble({.trajectories = 100, .threads = 2, .on_failure = OnFailure::keep},
                                 Moments{}, models_of([](std::uint64_t trajectory, Moments&) {
                                     if (trajectory == 40) throw std::bad_alloc();
                                 })),
                    TrajectoryError);
}

TEST_CASE("Exceptions of hooks and of the factory reach the caller", "[ensemble]") {
    CHECK_THROWS_AS(
        run_walkers(1000, 2, {.enough = [](const Observables&) -> bool { throw std::domain_error("look"); }}),
        std::domain_error);
    CHECK_THROWS_AS(run_ensemble({.trajectories = 10, .threads = 2}, Observables{},
                                 []() -> Walkers { throw std::domain_error("no model"); }),
                    std::domain_error);
}

TEST_CASE("A model is made at most once per thread and used again", "[ensemble]") {
    int made = 0;  // the factory is called by one thread at a time
    (void)run_ensemble({.trajectories = 3200, .threads = 3}, Moments{}, [&made] {
        ++made;
        return FunctionModel{[](std::uint64_t, Moments& into) { into.add(0); }};
    });
    CHECK(made >= 1);
    CHECK(made <= 3);
}

#ifndef __SANITIZE_THREAD__  // which does not see inside TBB
TEST_CASE("A model that runs in parallel itself is never entered twice", "[ensemble]") {
    struct Nested {
        int inside = 0;
        void simulate(std::uint64_t, Moments& into) {
            ++inside;
            std::atomic<int> sum = 0;
            tbb::parallel_for(0, 64, [&](int i) { sum += i; });
            into.add(inside == 1 ? sum.load() : -1);
            --inside;
        }
    };
    const auto outcome =
        run_ensemble({.trajectories = 4000, .threads = 4}, Moments{}, [] { return Nested{}; });
    CHECK(outcome.result.minimum() == 2016);
    CHECK(outcome.result.maximum() == 2016);
}
#endif

TEST_CASE("Memory does not grow with the number of trajectories", "[ensemble]") {
    constexpr int threads = 2;
    const auto most_alive = [](std::uint64_t trajectories) {
        Witness::most = 0;
        const auto outcome = run_ensemble({.trajectories = trajectories, .threads = threads}, Witness{},
                                          models_of([](std::uint64_t, Witness&) {}));
        CHECK(outcome.fold.nodes() <= 16);
        return Witness::most.load();
    };
    // The slots, the empty one and its copies, and one node for each doubling of blocks.
    const int few = most_alive(1'000);
    const int many = most_alive(100'000);
    CHECK(many <= few + 2 * 7);
    CHECK(many <= 4 * threads + 2 * 12 + 8);
    CHECK(Witness::alive == 0);
}

TEST_CASE("Progress rises to the end and is told there", "[ensemble]") {
    std::vector<Progress> told;
    (void)run_walkers(20'000, 2, {.progress = [&](const Progress& progress) { told.push_back(progress); }});
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().completed == 20'000);
    CHECK(told.back().total == 20'000);
    CHECK(told.back().events == 240'000);
    for (std::size_t i = 1; i < told.size(); ++i) {
        CHECK(told[i].completed >= told[i - 1].completed);
        CHECK(told[i].seconds >= told[i - 1].seconds);
    }
}
