// Unavailability of a standby component that is tested from time to time: failures stay hidden until a test
// finds them, and then take a repair.
#pragma once

namespace venturi {

/// The "periodic-test" of the Open-PSA Model Exchange Format. Rates per hour, times in hours.
struct PeriodicTest {
    double failure_rate = 0;          ///< λ ≥ 0, while the component stands by
    double failure_rate_in_test = 0;  ///< λ* ≥ 0
    double repair_rate = 0;           ///< μ ≥ 0; infinity repairs at once
    double interval = 0;              ///< τ > 0, from test to test
    double first_test = 0;            ///< θ ≥ 0
    double failure_at_test = 0;       ///< γ: probability that starting a test fails it
    double duration = 0;              ///< π of a test, from 0 to τ
    bool available_in_test = true;    ///< x
    double coverage = 1;              ///< σ: probability that a test finds a failure
    double failed_restart = 0;        ///< ω: probability that it is badly restarted after a test or a repair
};

/// Whether the members are within what they say.
[[nodiscard]] bool is_sound(const PeriodicTest& test);

/// P(not available at `time` ≥ 0). The component is available, failed or in repair, and
///
///   stands by: available fails at λ, in repair becomes available (badly restarted: failed) at μ, failed
///   stays; at a test of available: fails at once with γ, and at λ* while it lasts; a failed component,
///   whenever it
///       failed, is found with σ and then waits in repair till the end of the test; at the end, an available
///       one is badly restarted with ω. A component in repair is not tested.
///
/// Between tests this is linear in the three probabilities, so that n tests are the nth power of a matrix. At
/// the moment of a test it counts as not begun.
[[nodiscard]] double unavailability(const PeriodicTest& test, double time);

}  // namespace venturi
