#include "tests/coverage/rare_events.hpp"

#include "sim/ensemble/share_interval.hpp"
#include "tests/sim/exact_rare_events.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace venturi {

namespace {

struct Tally {
    std::uint64_t below = 0;  ///< intervals that lie below the exact value
    std::uint64_t above = 0;

    void judge(const Interval& interval, double exact) {
        below += interval.high < exact ? 1U : 0U;
        above += interval.low > exact ? 1U : 0U;
    }
    [[nodiscard]] double held(double repetitions) const {
        return 1 - static_cast<double>(below + above) / repetitions;
    }
};

/// Student's t of the same replications; of none that reached the event there is none.
Interval plain_interval(const MultilevelEstimate& estimate) {
    if (!(estimate.standard_error > 0)) return estimate.interval;
    return logit_interval(estimate.probability, estimate.standard_error,
                          static_cast<double>(estimate.replications.size()) - 1);
}

template <class Model>
void cover(const std::string& name, const Model& model, double exact, std::uint32_t copies,
           std::uint64_t repetitions) {
    const auto n = static_cast<double>(repetitions);
    for (const SplittingMethod method : {SplittingMethod::adaptive, SplittingMethod::fixed_effort})
        for (const std::uint32_t replications : {20U, 10U}) {
            Tally plain;
            Tally found;
            std::uint64_t never = 0;
            for (std::uint64_t repetition = 0; repetition < repetitions; ++repetition) {
                const bool adaptive = method == SplittingMethod::adaptive;
                const MultilevelEstimate estimate = split_levels(
                    MultilevelOptions{.method = method,
                                      .copies = copies,
                                      .replications = replications,
                                      .killed = adaptive ? 0.25 : 0.6,  // as `venturi run --rare` does
                                      .seed = 1000 + repetition,
                                      .threads = 1},
                    [&] { return model; });
                found.judge(estimate.interval, exact);
                plain.judge(plain_interval(estimate), exact);
                never += estimate.reached == 0 ? 1U : 0U;
            }
            const double held = found.held(n);
            fmt::print(
                "| {} | {:.3g} | {} | {} of {} | {:.1f}% ± {:.1f} | {:.1f}% | {:.1f}% | {:.1f}% | "
                "{:.1f}% |\n",
                name, exact, method == SplittingMethod::adaptive ? "adaptive" : "fixed effort", replications,
                copies, 100 * held, 100 * std::sqrt(held * (1 - held) / n),
                100 * static_cast<double>(found.below) / n, 100 * static_cast<double>(found.above) / n,
                100 * plain.held(n), 100 * static_cast<double>(never) / n);
            std::fflush(stdout);
        }
}

}  // namespace

void cover_rare_events(std::uint64_t repetitions) {
    fmt::print(
        "{} repetitions\n\n| case | exact | method | replications of copies | held | too low | too high | "
        "Student's t | never reached |\n|---|---|---|---|---|---|---|---|---|\n",
        repetitions);
    // What is not rare must not be the worse for it.
    cover("gambler's ruin, p = 0.49, 3 of 10", RareWalk(0.49, 3, 10), 0.25922704975396919822, 40,
          repetitions);
    cover("gambler's ruin, p = 0.5, 5 of 10", RareWalk(0.5, 5, 10), 0.5, 40, repetitions);
    cover("gambler's ruin, p = 0.5, 9 of 10", RareWalk(0.5, 9, 10), 0.9, 40, repetitions);
    for (const std::uint32_t copies : {40U, 10U}) {
        cover("M/M/1, load 0.5, 10 places", busy_cycle(0.5, 10), overflow_probability(0.5, 10), copies,
              repetitions);
        cover("M/M/1, load 0.5, 20 places", busy_cycle(0.5, 20), overflow_probability(0.5, 20), copies,
              repetitions);
        cover("ruin from 30 before 40", RareRuin(30, 40), ruin_probability_before(30, 40), copies,
              repetitions);
        cover("sum of ten normals above 4 σ", RareSum(10, 4), normal_tail(4), copies, repetitions);
    }
}

}  // namespace venturi
