#include "agents/risk/return_cycles.hpp"

#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>

namespace venturi {

namespace {

constexpr double precision = 1e-13;

std::vector<double> exits_of(const StateGroup& group) {
    std::vector<double> exits = group.leaves;
    for (std::uint32_t state = 0; state < group.size(); ++state)
        for (std::size_t e = group.starts[state]; e < group.starts[state + 1]; ++e)
            exits[state] += group.rates[e];
    return exits;
}

// The state in which most of the time is spent in the first few exits of a chain that may begin anywhere. A
// poor choice costs sweeps and no precision.
std::uint32_t often_visited(const StateGroup& group, const std::vector<double>& exits, double& work,
                            const StopRequest* stop) {
    constexpr int sweeps = 30;
    std::vector<double> present(group.size(), 1.0);
    std::vector<double> time(group.size(), 0.0);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        stop_if_requested(stop);
        work -= static_cast<double>(group.targets.size() + group.size());
        for (std::uint32_t state = 0; state < group.size(); ++state) {
            const double spent = present[state] / exits[state];
            present[state] = 0;
            time[state] += spent;
            for (std::size_t e = group.starts[state]; e < group.starts[state + 1]; ++e)
                present[group.targets[e]] += spent * group.rates[e];
        }
    }
    return static_cast<std::uint32_t>(std::max_element(time.begin(), time.end()) - time.begin());
}

struct Cycle {
    double gain = 0;
    double returns = 0;
    double leaves = 0;
    double open = 1;
};

class Sweeps {
  public:
    Sweeps(const StateGroup& group, std::uint32_t origin, const std::vector<double>& exits)
        : group_(group), origin_(origin), exits_(exits), cycles_(group.size()) {}

    void forwards() {
        for (std::uint32_t state = 0; state < group_.size(); ++state) renew(state);
    }
    void backwards() {
        for (std::uint32_t state = group_.size(); state-- > 0;) renew(state);
    }

    // What is missing of a gain is at most what would be gained from wherever the chain is by then.
    [[nodiscard]] bool settled() const {
        double most_gain = 0;
        double most_open = 0;
        for (const Cycle& cycle : cycles_) {
            most_gain = std::max(most_gain, cycle.gain);
            most_open = std::max(most_open, cycle.open);
        }
        if (!(most_open < 0.5)) return false;
        most_gain *= 2;
        const Cycle& from_origin = cycles_[origin_];
        if (!(from_origin.open <= precision * from_origin.leaves) || !(from_origin.leaves > 0)) return false;
        if (!(from_origin.open * most_gain <= precision * from_origin.gain)) return false;
        const double again = from_origin.gain / from_origin.leaves;
        return std::all_of(cycles_.begin(), cycles_.end(), [&](const Cycle& cycle) {
            return cycle.open * (most_gain + again) <= precision * (cycle.gain + cycle.returns * again);
        });
    }

    [[nodiscard]] std::vector<double> sums() const {
        const double again = cycles_[origin_].gain / cycles_[origin_].leaves;
        std::vector<double> found;
        for (const Cycle& cycle : cycles_) found.push_back(cycle.gain + cycle.returns * again);
        found[origin_] = again;
        return found;
    }

  private:
    void renew(std::uint32_t state) {
        Cycle sum{group_.gains[state], 0, group_.leaves[state], 0};
        for (std::size_t e = group_.starts[state]; e < group_.starts[state + 1]; ++e) {
            const double rate = group_.rates[e];
            if (group_.targets[e] == origin_) {
                sum.returns += rate;
                continue;
            }
            const Cycle& next = cycles_[group_.targets[e]];
            sum.gain += rate * next.gain;
            sum.returns += rate * next.returns;
            sum.leaves += rate * next.leaves;
            sum.open += rate * next.open;
        }
        const double exit = exits_[state];
        cycles_[state] = {sum.gain / exit, sum.returns / exit, sum.leaves / exit, sum.open / exit};
    }

    const StateGroup& group_;
    std::uint32_t origin_;
    const std::vector<double>& exits_;
    std::vector<Cycle> cycles_;
};

}  // namespace

std::optional<std::vector<double>> sums_by_cycles(const StateGroup& group, double& work,
                                                  const StopRequest* stop) {
    const std::vector<double> exits = exits_of(group);
    const std::uint32_t origin = often_visited(group, exits, work, stop);
    Sweeps sweeps(group, origin, exits);
    const double cost = 8 * static_cast<double>(group.targets.size() + group.size());
    while (!sweeps.settled()) {
        stop_if_requested(stop);
        if (work < cost) return {};
        work -= cost;
        sweeps.backwards();
        sweeps.forwards();
    }
    return sweeps.sums();
}

}  // namespace venturi
