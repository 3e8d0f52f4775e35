// Early warning: an incident announces itself by a precursor some time before, and checks may find that in
// time.
#pragma once

#include "sim/parameter.hpp"
#include "sim/random/distribution.hpp"
#include "sim/random/draws.hpp"

#include <limits>
#include <type_traits>

namespace venturi {

/// Checks are made at a constant rate, independently of the precursor; each sees a precursor that is there
/// with the probability `sensitivity`. So a precursor that can be seen is found after an exponential delay of
/// rate `checks` · `sensitivity`, if the incident does not come first.
struct EarlyWarningParameters {
    Distribution lead = Exponential{1};
    double visible = 0.6;
    double checks = 1;
    double sensitivity = 0.5;
    double warned_cost = 0.72;
};

template <class Visitor>
void describe(EarlyWarningParameters& warning, Visitor& visit) {
    visit.distribution(warning.lead, {.name = "lead",
                                      .dimension = Dimension::duration,
                                      .legal = at_least(0),
                                      .meaning = "time by which a precursor comes before its incident"});
    visit.number(warning.visible,
                 {.name = "visible",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.2, 0.9},
                  .meaning = "share of the incidents whose precursors checks can see at all"});
    visit.number(warning.checks, {.name = "checks",
                                  .dimension = Dimension::rate,
                                  .legal = at_least(0),
                                  .plausible = {0.1, 30},
                                  .meaning = "checks for precursors"});
    visit.number(warning.sensitivity,
                 {.name = "sensitivity",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.05, 0.9},
                  .meaning = "probability that a check sees a precursor that is there and can be seen"});
    visit.number(warning.warned_cost,
                 {.name = "warned_cost",
                  .dimension = Dimension::share,
                  .legal = between(0, 1),
                  .plausible = {0.3, 1},
                  .meaning = "cost of an incident of which there was warning, as a share of the cost without",
                  .source = "IBM 2024: breaches found and contained within 200 days cost $3.93M, others "
                            "$5.46M; that a warning does as much is assumed"});
}

/// P(delay < lead) of an exponential delay with mean `mean_delay` > 0, which may be infinite: 1 − E[e^(−lead
/// / mean_delay)], one minus the Laplace transform of the lead. Closed form for a lead that is constant,
/// uniform, exponential (where it is mean lead / (mean lead + mean delay)), gamma or Erlang; by quadrature to
/// 1e-9 otherwise. Leads below 0 come too late.
[[nodiscard]] double found_in_time(const Distribution& lead, double mean_delay);

/// Mean time from a visible precursor to its being found, months; infinite without checks that see.
[[nodiscard]] double mean_detection_delay(const EarlyWarningParameters& warning);

/// Probability that an incident comes with a warning in time.
[[nodiscard]] double warning_probability(const EarlyWarningParameters& warning);

/// Expected cost of an incident per unit of its cost without a warning: 1 − P(warned) (1 − warned cost).
[[nodiscard]] double expected_cost_factor(const EarlyWarningParameters& warning);

/// What is drawn for one precursor and its incident.
struct WarningOutcome {
    double lead = 0;                                         ///< from precursor to incident, months
    double delay = std::numeric_limits<double>::infinity();  ///< from precursor to detection; infinite: never

    /// Whether the incident is warned of.
    [[nodiscard]] bool in_time() const { return delay < lead; }
};
static_assert(std::is_trivially_copyable_v<WarningOutcome>);

/// Three draws, whatever comes of them: lead, visibility, delay. Of a precursor, it tells what will follow;
/// of an incident, what went before.
template <DrawPolicy Draws>
[[nodiscard]] WarningOutcome draw_warning(const EarlyWarningParameters& warning, Draws& draws,
                                          DrawSource& source) {
    using Scalar = typename Draws::Scalar;
    WarningOutcome outcome;
    outcome.lead = draws.sample(source, warning.lead);
    // A uniform, not a Bernoulli draw: a visibility of 0 or 1 must not divide a score by nought.
    const bool visible = draws.uniform(source) < warning.visible;
    const double delay = draws.exponential(source, Scalar(warning.checks * warning.sensitivity));
    if (visible) outcome.delay = delay;
    return outcome;
}

/// What an incident costs per unit of its cost without a warning.
[[nodiscard]] inline double cost_factor(const EarlyWarningParameters& warning,
                                        const WarningOutcome& outcome) {
    return outcome.in_time() ? warning.warned_cost : 1;
}

}  // namespace venturi
