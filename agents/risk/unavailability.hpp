// Fault trees over time: the probability that a component, and the top, is down at a time, how often they
// fail, and how many failures a mission sees.
#pragma once

#include "agents/risk/exact_probability.hpp"
#include "sim/ensemble/interval.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

namespace venturi {

// How components live. All begin at time 0; rates are per unit of time.

/// Down or not from the beginning to the end.
struct DownThroughout {
    double probability = 0;  ///< in [0, 1]
};
/// Fails once, after an exponential time, and stays down.
struct NotRepaired {
    double failure_rate = 0;  ///< λ ≥ 0
};
/// Fails once, at a time whose survival is exp(−(t / scale)^shape), and stays down.
struct NotRepairedWeibull {
    double shape = 1;  ///< > 0; below 1 it fails early, at a rate that is infinite at 0
    double scale = 1;  ///< > 0
};
/// Fails and is repaired, again and again, at constant rates.
struct Repairable {
    double failure_rate = 0;       ///< λ ≥ 0, while up
    double repair_rate = 0;        ///< μ ≥ 0, while down
    double down_at_beginning = 0;  ///< γ, in [0, 1]
};
/// Failures stay hidden until a test, which takes no time and after which the component is as good as new.
/// periodic_test.hpp has tests that take time, miss failures or do harm.
struct RegularlyTested {
    double failure_rate = 0;  ///< λ ≥ 0
    double interval = 1;      ///< from test to test, > 0
    double first_test = 1;    ///< ≥ 0
};

using ComponentLife =
    std::variant<DownThroughout, NotRepaired, NotRepairedWeibull, Repairable, RegularlyTested>;

/// q(t), the probability of being down at `time` ≥ 0; at the moment of a test, after it.
///
///     not repaired   1 − exp(−λ t),   1 − exp(−(t / scale)^shape)
///     repairable     γ exp(−(λ + μ) t) + λ / (λ + μ) (1 − exp(−(λ + μ) t))
///     tested         1 − exp(−λ s), s the time since the last test
[[nodiscard]] double unavailability(const ComponentLife& life, double time);

/// w(t), the unconditional failure intensity: expected failures per unit of time at `time` ≥ 0, which is the
/// rate while up times 1 − q(t). Infinite for Weibull lives with a shape below 1 at time 0.
[[nodiscard]] double failure_intensity(const ComponentLife& life, double time);

/// The top at a time.
struct TopAtTime {
    double time = 0;
    double unavailability = 0;     ///< Q(t): exact for independent components
    double failure_intensity = 0;  ///< expected failures of the top per unit of time
};

/// At each of `times` ≥ 0. `lives` has the shape of the tree's basic_events.
///
/// Q(t) is the tree's probability with q_i(t). The top fails at t if it is up and a component fails for which
/// it was waiting, so that with Birnbaum importances B_i(t), the probability that the top is up or down as i
/// is
///
///     w(t) = Σ_i B_i(t) w_i(t):   Vesely, "A time-dependent methodology for fault tree evaluation", Nuclear
///     Engineering and Design 13 (1970), with the derivative in place of sums over cut sets.
///
/// Exact where components are independent and the tree is coherent. In one that is not, a repair can bring
/// the top down, and B_i is a difference of what failures and repairs do: throws ContractViolation if the
/// tree is not coherent (`SolvedFaultTree::coherent`), as where shapes, parameters or times are not as said.
[[nodiscard]] std::vector<TopAtTime> top_over_time(const SolvedFaultTree& tree,
                                                   std::span<const ComponentLife> lives,
                                                   std::span<const double> times);

/// What a mission sees of the top.
struct MissionFailures {
    /// Expected number of failures after time 0, ∫ w(t) dt. Exact but for `error`: repairs bring the top up
    /// again, so that it can exceed 1.
    double expected = 0;
    double error = 0;  ///< estimate of the quadrature's error
    /// Contains the unreliability, the probability that the top is down at some time in the mission. That is
    /// not less than Q(t) at any time, nor more than Q(0) + expected (a number is at least 1 where it is not
    /// 0). It is known, Q(mission time), where nothing is repaired or tested. Between, it depends on the
    /// order of events and not on their probabilities at a time: dynamic_tree.hpp can give it.
    Interval unreliability = {};
    double mean_unavailability = 0;  ///< ∫ Q(t) dt / mission time
};

struct MissionOptions {
    double relative_tolerance = 1e-10;  ///< of the expected number, to which intervals are refined
    int most_halvings = 20;             ///< of an interval between tests
};

/// Over [0, mission_time], mission_time > 0, by tanh-sinh quadrature (Takahasi and Mori, Publications of RIMS
/// 9 (1974)), which bears what is infinite at its ends, from test to test, where q_i jump. Throws
/// ContractViolation as `top_over_time` does, and where there are more than 1e6 tests.
[[nodiscard]] MissionFailures failures_in_mission(const SolvedFaultTree& tree,
                                                  std::span<const ComponentLife> lives, double mission_time,
                                                  const MissionOptions& options = {});

}  // namespace venturi
