#include "analysis/problems/activity_network.hpp"

#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"

#include <algorithm>
#include <cstdint>

namespace venturi::problems {

using optimiser::DenseMatrix;
using optimiser::Index;
using optimiser::OutcomeGradients;
using optimiser::Outcomes;
using optimiser::Repetitions;
using optimiser::Vector;

namespace {

constexpr std::size_t arc_count = ActivityNetwork::arcs.size();
using Times = std::array<double, arc_count>;

// In units of their means.
Times unit_times(const Repetitions& repetitions, std::uint32_t r) {
    const InversionVariates variates(repetitions.seed, repetitions.first + r);
    DrawSource source;
    Times times{};
    for (double& time : times) time = variates.unit_exponential(source);
    return times;
}

struct LongestPath {
    double length = 0;
    std::array<bool, arc_count> on_it{};
};

LongestPath longest_path(const Times& units, const Eigen::Ref<const Vector>& means) {
    std::array<double, ActivityNetwork::nodes> reached{};
    std::array<std::size_t, ActivityNetwork::nodes> by{};
    // Arcs into a node stand before those out of it, but for their order by node.
    for (std::size_t node = 1; node < ActivityNetwork::nodes; ++node) {
        for (std::size_t arc = 0; arc < arc_count; ++arc) {
            if (ActivityNetwork::arcs[arc][1] != node) continue;
            const double arrival =
                reached[ActivityNetwork::arcs[arc][0]] + units[arc] * means[static_cast<Index>(arc)];
            if (arrival > reached[node]) {
                reached[node] = arrival;
                by[node] = arc;
            }
        }
    }
    LongestPath path{.length = reached.back()};
    for (std::size_t node = ActivityNetwork::nodes - 1; node > 0; node = ActivityNetwork::arcs[by[node]][0])
        path.on_it[by[node]] = true;
    return path;
}

OutcomeGradients pathwise_network_gradients(const Vector& means, const Repetitions& repetitions) {
    const auto arcs = static_cast<Index>(arc_count);
    OutcomeGradients found{
        .outcomes = {DenseMatrix(Index{repetitions.count}, 1), DenseMatrix(Index{repetitions.count}, arcs)},
        .gradients = {DenseMatrix(Index{repetitions.count}, arcs)},
        .forward_runs = static_cast<double>(repetitions.count)};
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const Times units = unit_times(repetitions, r);
        const LongestPath path = longest_path(units, means);
        found.outcomes.values(r, 0) = path.length + means.cwiseInverse().sum();
        for (Index i = 0; i < arcs; ++i) {
            const auto arc = static_cast<std::size_t>(i);
            found.gradients[0](r, i) = (path.on_it[arc] ? units[arc] : 0) - 1 / (means[i] * means[i]);
            found.outcomes.controls(r, i) = units[arc] - 1;
        }
    }
    return found;
}

}  // namespace

optimiser::FeasibleSet ActivityNetwork::feasible_set() const {
    constexpr auto size = static_cast<Index>(arc_count);
    return optimiser::FeasibleSet(
        {optimiser::Box{Vector::Constant(size, least_mean), Vector::Constant(size, infinity)}});
}

Outcomes ActivityNetwork::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) const {
    Outcomes outcomes{.values = DenseMatrix(Index{repetitions.count}, 1)};
    for (std::uint32_t r = 0; r < repetitions.count; ++r) {
        const Index column = decisions.cols() == 1 ? 0 : Index{r};
        outcomes.values(r, 0) = longest_path(unit_times(repetitions, r), decisions.col(column)).length
                                + decisions.col(column).cwiseInverse().sum();
    }
    return outcomes;
}

std::vector<optimiser::OwnGradient> ActivityNetwork::gradients() const {
    return {{.name = "pathwise", .unbiased = true, .estimate = pathwise_network_gradients}};
}

double activity_network_value(const Vector& means) {
    constexpr std::uint32_t all = (1U << arc_count) - 1;
    std::vector<double> remaining(all + 1,
                                  0.0);  // mean time to the end, by the set of activities that are done
    for (std::uint32_t done = all; done-- > 0;) {
        double rate = 0;
        double sum = 0;
        for (std::size_t arc = 0; arc < arc_count; ++arc) {
            if ((done >> arc & 1U) != 0) continue;
            bool begun = true;
            for (std::size_t before = 0; before < arc_count; ++before)
                if (ActivityNetwork::arcs[before][1] == ActivityNetwork::arcs[arc][0])
                    begun = begun && (done >> before & 1U) != 0;
            if (!begun) continue;
            const double own = 1 / means[static_cast<Index>(arc)];
            rate += own;
            sum += own * remaining[done | 1U << arc];
        }
        // Sets that no history passes through have a value too; nobody asks for it.
        remaining[done] = (1 + sum) / rate;
    }
    return remaining[0] + means.cwiseInverse().sum();
}

}  // namespace venturi::problems
