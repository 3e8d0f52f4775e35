#include "agents/network/debt_rank.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace venturi {

namespace {

constexpr double smallest_step = 1e-16;  // of a level: a rounding of 1

void expect_size(std::size_t size, std::size_t nodes, const char* what) {
    if (size != nodes)
        throw std::invalid_argument("there are " + std::to_string(size) + " " + what + " for "
                                    + std::to_string(nodes) + " nodes; there is one for each");
}

void expect_value(bool legal, std::size_t node, double value, const char* what, const char* range) {
    if (!legal)
        throw std::invalid_argument(std::string(what) + " of node " + std::to_string(node) + " is "
                                    + std::to_string(value) + "; it is " + range);
}

void expect_sound_system(const DistressSystem& system, std::span<const double> shock) {
    const std::size_t nodes = system.equity.size();
    expect_size(shock.size(), nodes, "shocks");
    if (!system.value.empty()) expect_size(system.value.size(), nodes, "values");
    for (std::size_t i = 0; i < nodes; ++i) {
        const double equity = system.equity[i];
        expect_value(std::isfinite(equity) && equity > 0, i, equity, "the equity", "finite and above 0");
        expect_value(shock[i] >= 0 && shock[i] <= 1, i, shock[i], "the shock", "between 0 and 1");
        if (system.value.empty()) continue;
        const double value = system.value[i];
        expect_value(std::isfinite(value) && value >= 0, i, value, "the value", "finite and not negative");
    }
    expect_sound(system.obligations, nodes);
}

/// Obligations by debtor, where those between the same two have become one.
std::vector<Obligation> merged(std::vector<Obligation> obligations) {
    const auto ends = [](const Obligation& each) { return std::pair(each.debtor, each.creditor); };
    std::stable_sort(obligations.begin(), obligations.end(),
                     [&](const Obligation& a, const Obligation& b) { return ends(a) < ends(b); });
    std::vector<Obligation> result;
    for (const Obligation& each : obligations) {
        if (!result.empty() && ends(result.back()) == ends(each))
            result.back().amount += each.amount;
        else
            result.push_back(each);
    }
    return result;
}

double lost_value(const DistressSystem& system, std::span<const double> shock,
                  std::span<const double> level) {
    std::vector<double> value = system.value;
    if (value.empty()) {
        value.assign(system.equity.size(), 0);
        for (const Obligation& each : system.obligations) value[each.creditor] += each.amount;
    }
    double lost = 0;
    double all = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        lost += value[i] * (level[i] - shock[i]);
        all += value[i];
    }
    return all > 0 ? lost / all : 0;
}

}  // namespace

Distress debt_rank(const DistressSystem& system, std::span<const double> shock) {
    expect_sound_system(system, shock);
    const std::size_t nodes = system.equity.size();
    const std::vector<Obligation> obligations = merged(system.obligations);
    std::vector<std::size_t> begin(nodes + 1, 0);
    for (const Obligation& each : obligations) ++begin[each.debtor + 1];
    for (std::size_t i = 0; i < nodes; ++i) begin[i + 1] += begin[i];

    Distress result{.level = {shock.begin(), shock.end()}};
    std::vector<char> touched(nodes, 0);
    std::vector<std::uint32_t> handing_on;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        touched[i] = shock[i] > 0;
        if (touched[i]) handing_on.push_back(i);
    }
    std::vector<double> level_before;
    std::vector<std::uint32_t> next;
    while (!handing_on.empty()) {
        // All of a step see the levels from before it.
        level_before.clear();
        for (const std::uint32_t debtor : handing_on) level_before.push_back(result.level[debtor]);
        next.clear();
        for (std::size_t n = 0; n < handing_on.size(); ++n)
            for (std::size_t k = begin[handing_on[n]]; k < begin[handing_on[n] + 1]; ++k) {
                const std::uint32_t creditor = obligations[k].creditor;
                const double impact = std::min(1.0, obligations[k].amount / system.equity[creditor]);
                if (impact * level_before[n] == 0) continue;
                double& level = result.level[creditor];
                level = std::min(1.0, level + impact * level_before[n]);
                if (touched[creditor]) continue;
                touched[creditor] = 1;
                next.push_back(creditor);
            }
        handing_on.swap(next);
        ++result.steps;
    }
    result.rank = lost_value(system, shock, result.level);
    return result;
}

Distress differential_debt_rank(const DistressSystem& system, std::span<const double> shock,
                                std::size_t most_steps) {
    expect_sound_system(system, shock);
    const std::size_t nodes = system.equity.size();
    Distress result{.level = {shock.begin(), shock.end()}};
    std::vector<double> step(shock.begin(), shock.end());
    std::vector<double> next(nodes);
    const auto moves = [](double change) { return change > smallest_step; };
    while (std::any_of(step.begin(), step.end(), moves)) {
        if (result.steps == most_steps) {
            result.settled = false;
            break;
        }
        std::fill(next.begin(), next.end(), 0);
        for (const Obligation& each : system.obligations)
            next[each.creditor] += each.amount / system.equity[each.creditor] * step[each.debtor];
        for (std::size_t i = 0; i < nodes; ++i) {
            next[i] = std::min(next[i], 1 - result.level[i]);
            result.level[i] += next[i];
        }
        step.swap(next);
        ++result.steps;
    }
    result.rank = lost_value(system, shock, result.level);
    return result;
}

}  // namespace venturi
