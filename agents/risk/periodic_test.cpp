#include "agents/risk/periodic_test.hpp"

#include "agents/risk/probability.hpp"
#include "sim/contract.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace venturi {
namespace {

// Probabilities of available, failed and in repair, and maps between them (column by column).
using State = std::array<double, 3>;
using Map = std::array<State, 3>;
constexpr std::size_t available = 0;
constexpr std::size_t failed = 1;
constexpr std::size_t in_repair = 2;

State taken_by(const Map& map, const State& state) {
    State result{};
    for (std::size_t from = 0; from < 3; ++from)
        for (std::size_t to = 0; to < 3; ++to) result[to] += map[from][to] * state[from];
    return result;
}

Map compose(const Map& later, const Map& earlier) {
    Map result;
    for (std::size_t from = 0; from < 3; ++from) result[from] = taken_by(later, earlier[from]);
    return result;
}

// Of a component that goes into repair now: probability that it was repaired, well restarted, and has not
// failed since. The convolution of μ exp(−μ u) and exp(−λ (t − u)), by sinh so that equal rates are no
// exception.
double repaired_and_available(double failure_rate, double repair_rate, double time) {
    if (std::isinf(repair_rate)) return std::exp(-failure_rate * time);
    const double half_difference = (repair_rate - failure_rate) * time / 2;
    const double mean_decay = (repair_rate + failure_rate) * time / 2;
    // exp(−λt) − exp(−μt) over μ − λ. Far apart, sinh would overflow where the result is ordinary.
    if (std::abs(half_difference) > 1)
        return repair_rate * (std::exp(-failure_rate * time) - std::exp(-repair_rate * time))
               / (repair_rate - failure_rate);
    const double ratio = half_difference == 0 ? 1 : std::sinh(half_difference) / half_difference;
    return repair_rate * time * std::exp(-mean_decay) * ratio;
}

Map standing_by(const PeriodicTest& test, double time) {
    Map map{};
    map[available][available] = std::exp(-test.failure_rate * time);
    map[available][failed] = -std::expm1(-test.failure_rate * time);
    map[failed][failed] = 1;
    // At the moment itself an endless rate has not acted yet: 0 times infinity.
    const double waiting = time == 0 ? 1 : std::exp(-test.repair_rate * time);
    const double back = time == 0 ? 0
                                  : (1 - test.failed_restart)
                                        * repaired_and_available(test.failure_rate, test.repair_rate, time);
    map[in_repair] = {back, 1 - waiting - back, waiting};
    return map;
}

// From the beginning of a test into it; what an available component became is told apart.
struct InTest {
    Map map;
    double untouched = 0;  // of an available one: still available
};

InTest in_test(const PeriodicTest& test, double time) {
    InTest result{.map = {},
                  .untouched = (1 - test.failure_at_test) * std::exp(-test.failure_rate_in_test * time)};
    const double lost = 1 - result.untouched;
    result.map[available] = {result.untouched, (1 - test.coverage) * lost, test.coverage * lost};
    result.map[failed] = {0, 1 - test.coverage, test.coverage};
    result.map[in_repair] = standing_by(test, time)[in_repair];
    return result;
}

Map whole_test(const PeriodicTest& test) {
    InTest result = in_test(test, test.duration);
    result.map[available][available] = (1 - test.failed_restart) * result.untouched;
    result.map[available][failed] += test.failed_restart * result.untouched;
    return result.map;
}

State after_cycles(Map cycle, double count, State state) {
    // Beyond 2^53 a double counts no cycles; the state has long been steady.
    constexpr double most = 9007199254740992.0;
    auto left = static_cast<std::uint64_t>(count < most ? count : most);
    for (; left > 0; left >>= 1) {
        if ((left & 1) != 0) state = taken_by(cycle, state);
        cycle = compose(cycle, cycle);
    }
    return state;
}

bool is_time(double value) {
    return value >= 0 && value < std::numeric_limits<double>::infinity();
}

}  // namespace

bool is_sound(const PeriodicTest& test) {
    return is_time(test.failure_rate) && is_time(test.failure_rate_in_test) && test.repair_rate >= 0
           && is_time(test.interval) && test.interval > 0 && is_time(test.first_test)
           && is_probability(test.failure_at_test) && is_time(test.duration) && test.duration <= test.interval
           && is_probability(test.coverage) && is_probability(test.failed_restart);
}

double unavailability(const PeriodicTest& test, double time) {
    expects(is_sound(test), "a periodic test has rates, times and probabilities that are such");
    expects(is_time(time), "a time is finite and 0 or more");
    if (time <= test.first_test) return -std::expm1(-test.failure_rate * time);
    const State at_first_test = taken_by(standing_by(test, test.first_test), State{1, 0, 0});
    const double since = time - test.first_test;
    const double tests = std::ceil(since / test.interval) - 1;
    const Map standing_till_next = standing_by(test, test.interval - test.duration);
    const State begin = after_cycles(compose(standing_till_next, whole_test(test)), tests, at_first_test);
    const double within = since - tests * test.interval;
    if (within > test.duration)
        return 1
               - taken_by(compose(standing_by(test, within - test.duration), whole_test(test)),
                          begin)[available];
    const InTest now = in_test(test, within);
    const double restarted = now.map[in_repair][available] * begin[in_repair];
    const double in_test_available = test.available_in_test ? now.untouched * begin[available] : 0;
    return 1 - in_test_available - restarted;
}

}  // namespace venturi
