#include "analysis/problems/queue_speed.hpp"

#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"

namespace venturi::problems {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::Repetitions;
using optimiser::Vector;

namespace {

struct Sojourn {
    double mean = 0;
    double slope = 0;  // by the server's rate
};

Sojourn mean_sojourn(const QueueSpeed& queue, double rate, std::uint64_t seed, std::uint32_t repetition) {
    const InversionVariates variates(seed, repetition);
    DrawSource arrivals{.agent = 0, .purpose = 0, .next = 0};
    DrawSource services{.agent = 0, .purpose = 1, .next = 0};
    Sojourn sum;
    Sojourn now;
    for (std::uint32_t customer = 0; customer < queue.warm_up + queue.customers; ++customer) {
        const double gap = variates.unit_exponential(arrivals) / QueueSpeed::arrival_rate;
        const double service = variates.unit_exponential(services) / rate;
        const bool waits = now.mean > gap;
        now = {(waits ? now.mean - gap : 0) + service, (waits ? now.slope : 0) - service / rate};
        if (customer < queue.warm_up) continue;
        sum.mean += now.mean / queue.customers;
        sum.slope += now.slope / queue.customers;
    }
    return sum;
}

}  // namespace

optimiser::FeasibleSet QueueSpeed::feasible_set() const {
    // Slower than customers arrive it has no long run.
    return optimiser::FeasibleSet(
        {optimiser::Box{Vector::Constant(1, arrival_rate + 0.1), Vector::Constant(1, infinity)}});
}

optimiser::Outcomes QueueSpeed::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    optimiser::Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const double rate = decisions(0, decisions.cols() == 1 ? 0 : Index{r});
        outcomes.values(r, 0) =
            mean_sojourn(*this, rate, repetitions.seed, repetitions.first + r).mean + cost * rate * rate;
    }
    return outcomes;
}

std::vector<optimiser::OwnGradient> QueueSpeed::gradients() const {
    const auto pathwise = [queue = *this](const Vector& decision, const Repetitions& repetitions) {
        OutcomeGradients found{.outcomes = {DenseMatrix(Index{repetitions.count}, 1)},
                               .gradients = {DenseMatrix(Index{repetitions.count}, 1)},
                               .forward_runs = static_cast<double>(repetitions.count)};
        const double rate = decision[0];
        for (std::uint32_t r = 0; r < repetitions.count; ++r) {
            const Sojourn sojourn = mean_sojourn(queue, rate, repetitions.seed, repetitions.first + r);
            found.outcomes.values(r, 0) = sojourn.mean + cost * rate * rate;
            found.gradients[0](r, 0) = sojourn.slope + 2 * cost * rate;
        }
        return found;
    };
    return {{.name = "pathwise", .unbiased = true, .estimate = pathwise}};
}

double queue_speed_value(double rate) {
    return 1 / (rate - QueueSpeed::arrival_rate) + QueueSpeed::cost * rate * rate;
}

}  // namespace venturi::problems
