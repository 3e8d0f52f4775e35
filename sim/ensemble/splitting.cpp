#include "sim/ensemble/splitting.hpp"

#include "sim/ensemble/moments.hpp"
#include "sim/ensemble/share_interval.hpp"
#include "sim/random/stream.hpp"

#include <cmath>

namespace venturi {

namespace {

constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

// Draws of the method itself. No agent of a model has this address.
constexpr std::uint32_t method_address = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint16_t lucks_purpose = purpose_limit - 1;
constexpr std::uint16_t offsets_purpose = purpose_limit - 2;

Moments moments_of(std::span<const double> values) {
    Moments moments;
    for (const double value : values) moments.add(value);
    return moments;
}

}  // namespace

double MultilevelEstimate::crude_histories() const {
    if (!(standard_error > 0)) return unknown_number;
    return probability * (1 - probability) / (standard_error * standard_error);
}

double MultilevelEstimate::crude_events() const {
    return crude_histories() * events_of_a_history;
}

Interval replications_interval(std::span<const double> probabilities, double trials, double level) {
    const Moments moments = moments_of(probabilities);
    if (moments.count() < 2) return {unknown_number, unknown_number};
    const double mean = std::min(moments.mean(), 1.0);
    if (moments.standard_error() > 0 && mean < 1) return product_share_interval(probabilities, level);
    return unvaried_share_interval(mean, trials, level);
}

namespace detail {

std::uint64_t seed_of_replication(std::uint64_t seed, std::uint32_t replication) {
    return word_at({seed, replication, method_address, lucks_purpose}, 0);
}

double offset_of_step(std::uint64_t seed, std::uint32_t replication, std::uint32_t step) {
    return unit_uniform(word_at({seed, replication, method_address, offsets_purpose}, step));
}

void expect_sound(const MultilevelOptions& options) {
    expects(options.copies >= 2, "a replication has two copies or more");
    expects(options.replications >= 1 && options.replications < pilot_replication,
            "there is at least one replication");
    expects(options.killed > 0 && options.killed < 1, "a part of the copies is killed, not all");
    expects(options.level > 0 && options.level < 1, "a confidence lies between 0 and 1");
}

std::vector<double> levels_of(const MultilevelReplication& pilot) {
    std::vector<double> thresholds;
    for (const LevelStep& step : pilot.steps)
        if (step.passed > 0 && step.level < infinity) thresholds.push_back(step.level);
    return thresholds;
}

MultilevelEstimate estimate_of(std::vector<MultilevelReplication> replications,
                               const MultilevelReplication* pilot, double level) {
    MultilevelEstimate estimate;
    std::vector<double> probabilities;
    std::uint64_t histories = 0;
    std::uint64_t events = 0;
    const auto count_work = [&](const MultilevelReplication& replication) {
        estimate.events += replication.events;
        estimate.histories += replication.histories;
        histories += replication.whole_histories;
        events += replication.whole_events;
    };
    if (pilot != nullptr) count_work(*pilot);
    for (const MultilevelReplication& replication : replications) {
        count_work(replication);
        probabilities.push_back(replication.probability);
        if (replication.probability > 0) ++estimate.reached;
    }
    const Moments moments = moments_of(probabilities);
    estimate.probability = moments.mean();
    estimate.standard_error = moments.standard_error();
    estimate.events_of_a_history =
        histories > 0 ? static_cast<double>(events) / static_cast<double>(histories) : unknown_number;
    // A replication without a success is a trial too: its estimate is above 0 with a probability of at least
    // what is sought. The pilot's histories count only where they don't contradict that.
    const bool seen = pilot != nullptr && pilot->whole_successes > 0;
    const double trials =
        std::max(static_cast<double>(replications.size()), seen ? 0 : static_cast<double>(histories));
    estimate.interval = replications_interval(probabilities, trials, level);
    estimate.replications = std::move(replications);
    return estimate;
}

}  // namespace detail

}  // namespace venturi
