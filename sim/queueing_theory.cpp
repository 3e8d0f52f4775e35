#include "sim/queueing_theory.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>

namespace venturi {

namespace {

void require(bool holds, const char* message) {
    if (!holds) throw std::invalid_argument(message);
}

bool is_rate(double rate) {
    return std::isfinite(rate) && rate >= 0;
}

void check(const QueueOptions& queue) {
    require(is_rate(queue.arrival_rate), "a queue's arrival rate is a number of at least 0");
    require(is_rate(queue.service_rate) && queue.service_rate > 0,
            "a queue's service rate is a number above 0");
    require(is_rate(queue.patience_rate), "a queue's patience rate is a number of at least 0");
    require(queue.servers > 0, "a queue has at least one server");
}

bool is_unlimited(const QueueOptions& queue) {
    return queue.servers == QueueOptions::unlimited;
}

// Service rate of all servers together.
double capacity(const QueueOptions& queue) {
    return queue.servers * queue.service_rate;
}

void require_stable(const QueueOptions& queue) {
    if (is_unlimited(queue) || queue.arrival_rate < capacity(queue)) return;
    std::ostringstream message;
    message << "the line grows for ever: jobs arrive at rate " << queue.arrival_rate
            << " and are served at rate " << capacity(queue) << " at most";
    throw std::invalid_argument(message.str());
}

// Probability that all servers of M/M/c/c are at work.
double blocking_probability(double load, std::uint32_t servers) {
    double blocked = 1;
    for (std::uint32_t k = 1; k <= servers; ++k) blocked = load * blocked / (k + load * blocked);
    return blocked;
}

// Probability of waiting in M/M/c, of a stable queue.
double delay_probability(const QueueOptions& queue) {
    if (is_unlimited(queue)) return 0;
    const double blocked = blocking_probability(queue.arrival_rate / queue.service_rate, queue.servers);
    const double utilisation = queue.arrival_rate / capacity(queue);
    return blocked / ((1 - utilisation) + utilisation * blocked);
}

// Rate at which one of `present` jobs leaves, served or not.
double departure_rate(const QueueOptions& queue, std::uint64_t present) {
    const std::uint64_t in_service =
        is_unlimited(queue) ? present : std::min<std::uint64_t>(present, queue.servers);
    return static_cast<double>(in_service) * queue.service_rate
           + static_cast<double>(present - in_service) * queue.patience_rate;
}

// The number of which the stationary law has most: the last that is reached at a rate no lower than it is
// left.
std::uint64_t most_likely_present(const QueueOptions& queue) {
    const double load = queue.arrival_rate / queue.service_rate;
    const double line = (queue.arrival_rate - capacity(queue)) / queue.patience_rate;
    const double mode = is_unlimited(queue) || load < queue.servers ? load : queue.servers + line;
    require(mode < 0x1p52, "a queue's number present can be counted");
    return static_cast<std::uint64_t>(mode);
}

// Terms are left out when all that follow, falling at least as fast as the last did, are below this part.
constexpr double negligible = 1e-17;

}  // namespace

LossMeans erlang_b(const QueueOptions& options) {
    check(options);
    const double load = options.arrival_rate / options.service_rate;
    LossMeans means;
    means.blocked = is_unlimited(options) ? 0 : blocking_probability(load, options.servers);
    means.mean_in_service = load * (1 - means.blocked);
    means.utilisation = is_unlimited(options) ? 0 : means.mean_in_service / options.servers;
    means.throughput = options.arrival_rate * (1 - means.blocked);
    return means;
}

QueueMeans erlang_c(const QueueOptions& options) {
    check(options);
    if (is_unlimited(options)) return unlimited_servers(options);
    require_stable(options);
    QueueMeans means;
    means.utilisation = options.arrival_rate / capacity(options);
    means.waits = delay_probability(options);
    means.mean_wait = means.waits / (capacity(options) - options.arrival_rate);
    means.mean_wait_of_served = means.mean_wait;
    means.mean_waiting = options.arrival_rate * means.mean_wait;
    means.mean_in_service = options.arrival_rate / options.service_rate;
    means.mean_sojourn = means.mean_wait + 1 / options.service_rate;
    return means;
}

double erlang_c_wait_exceeds(const QueueOptions& options, double time) {
    check(options);
    require_stable(options);
    if (is_unlimited(options)) return 0;
    return delay_probability(options) * std::exp(-(capacity(options) - options.arrival_rate) * time);
}

QueueMeans erlang_a(const QueueOptions& options) {
    check(options);
    if (!(options.patience_rate > 0) || is_unlimited(options) || !(options.arrival_rate > 0))
        return erlang_c(options);
    const PresentLaw law = number_present(options);
    QueueMeans means;
    double served_after_wait = 0;
    double wait_of_served = 0;  // of each arrival, 0 where it gives up
    double wait_to_service = 0;
    for (std::size_t i = 0; i < law.probability.size(); ++i) {
        const std::uint64_t present = law.first + i;
        if (present < options.servers) {
            means.mean_in_service += static_cast<double>(present) * law.probability[i];
            continue;
        }
        means.waits += law.probability[i];
        means.mean_in_service += options.servers * law.probability[i];
        means.mean_waiting += static_cast<double>(present - options.servers) * law.probability[i];
    }
    // From the first place in line on, also where the law leaves short lines out.
    const std::uint64_t last = law.first + law.probability.size();
    for (std::uint64_t present = options.servers; present < last; ++present) {
        // Of a job that arrives now, to stand one place behind those who are here.
        const double leaves_place = departure_rate(options, present + 1);
        wait_to_service += 1 / leaves_place;
        const double served = law.of(present) * capacity(options) / leaves_place;
        served_after_wait += served;
        wait_of_served += served * wait_to_service;
    }
    means.utilisation = means.mean_in_service / options.servers;
    means.abandons = options.patience_rate * means.mean_waiting / options.arrival_rate;
    means.mean_wait = means.mean_waiting / options.arrival_rate;
    means.mean_sojourn = means.mean_present() / options.arrival_rate;
    means.mean_wait_of_served = wait_of_served / ((1 - means.waits) + served_after_wait);
    return means;
}

QueueMeans unlimited_servers(const QueueOptions& options) {
    check(options);
    QueueMeans means;
    means.mean_in_service = options.arrival_rate / options.service_rate;
    means.mean_sojourn = 1 / options.service_rate;
    return means;
}

QueueMeans pollaczek_khinchine(const GeneralServiceOptions& options) {
    require(is_rate(options.arrival_rate), "a queue's arrival rate is a number of at least 0");
    require(std::isfinite(options.service_mean) && options.service_mean > 0,
            "a queue's mean service time is a number above 0");
    require(is_rate(options.service_variance),
            "the variance of a queue's service time is a number of at least 0");
    require_stable({.arrival_rate = options.arrival_rate, .service_rate = 1 / options.service_mean});
    QueueMeans means;
    means.utilisation = options.arrival_rate * options.service_mean;
    means.waits = means.utilisation;
    const double second_moment = options.service_variance + options.service_mean * options.service_mean;
    means.mean_wait = options.arrival_rate * second_moment / (2 * (1 - means.utilisation));
    means.mean_wait_of_served = means.mean_wait;
    means.mean_waiting = options.arrival_rate * means.mean_wait;
    means.mean_in_service = means.utilisation;
    means.mean_sojourn = means.mean_wait + options.service_mean;
    return means;
}

PresentLaw number_present(const QueueOptions& options) {
    check(options);
    if (!(options.patience_rate > 0)) require_stable(options);
    // Weights relative to the largest, so that nothing overflows. They fall to both sides of it, ever faster.
    const std::uint64_t mode = most_likely_present(options);
    constexpr std::size_t most_numbers = std::size_t{1} << 22;
    std::vector<double> below;
    double total = 1;
    double weight = 1;
    for (std::uint64_t n = mode; n > 0; --n) {
        const double ratio = departure_rate(options, n) / options.arrival_rate;
        weight *= ratio;
        if (weight < negligible * total * (1 - ratio)) break;
        require(below.size() < most_numbers, "too many numbers present matter for a table");
        below.push_back(weight);
        total += weight;
    }
    PresentLaw law{.first = mode - below.size(), .probability = {below.rbegin(), below.rend()}};
    law.probability.push_back(1);
    weight = 1;
    double with_line = 0;  // a line that hardly ever forms is told as exactly
    for (std::uint64_t n = mode + 1;; ++n) {
        const double ratio = options.arrival_rate / departure_rate(options, n);
        weight *= ratio;
        const bool has_line = !is_unlimited(options) && n > options.servers;
        const bool line_is_to_come = !is_unlimited(options) && !has_line;
        const double least = negligible * (has_line ? with_line : total) * (1 - ratio);
        if (!(weight > 0) || (!line_is_to_come && weight < least)) break;
        require(law.probability.size() < most_numbers, "too many numbers present matter for a table");
        law.probability.push_back(weight);
        total += weight;
        if (has_line) with_line += weight;
    }
    for (double& probability : law.probability) probability /= total;
    return law;
}

}  // namespace venturi
