#include "agents/risk/state_elimination.hpp"

#include "agents/risk/return_cycles.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <utility>

namespace venturi {

namespace {

// Of eliminating states; above this, sums over cycles are faster as a rule.
constexpr double elimination_work = 3e8;
constexpr std::size_t most_rates_to_eliminate = 4'000'000;  // rows that change take some 40 bytes for each

constexpr std::uint32_t no_index = std::numeric_limits<std::uint32_t>::max();

// Strongly connected components, each after those it leads to; without recursion, chains are deep.
class Components {
  public:
    Components(const RateMatrix& matrix, const std::vector<std::uint8_t>& hopeless)
        : matrix_(matrix),
          hopeless_(hopeless),
          index_(matrix.size(), no_index),
          low_(matrix.size(), no_index),
          on_stack_(matrix.size(), 0) {
        for (std::uint32_t state = 0; state < matrix.size(); ++state)
            if (hopeless[state] == 0 && index_[state] == no_index) explore(state);
    }

    [[nodiscard]] const std::vector<std::vector<std::uint32_t>>& found() const { return found_; }

  private:
    struct Visit {
        std::uint32_t state;
        std::size_t edge;
    };

    void enter(std::uint32_t state) {
        index_[state] = low_[state] = count_++;
        stack_.push_back(state);
        on_stack_[state] = 1;
        visits_.push_back({state, matrix_.starts[state]});
    }

    void explore(std::uint32_t root) {
        enter(root);
        while (!visits_.empty()) {
            auto& [state, edge] = visits_.back();
            if (edge < matrix_.starts[state + 1]) {
                const std::uint32_t target = matrix_.targets[edge++];
                if (target == matrix_.size() || hopeless_[target] != 0) continue;
                if (index_[target] == no_index)
                    enter(target);
                else if (on_stack_[target] != 0)
                    low_[state] = std::min(low_[state], index_[target]);
                continue;
            }
            const std::uint32_t done = state;
            visits_.pop_back();
            if (!visits_.empty()) {
                std::uint32_t& above = low_[visits_.back().state];
                above = std::min(above, low_[done]);
            }
            if (low_[done] == index_[done]) close(done);
        }
    }

    void close(std::uint32_t root) {
        std::vector<std::uint32_t>& component = found_.emplace_back();
        while (component.empty() || component.back() != root) {
            component.push_back(stack_.back());
            on_stack_[stack_.back()] = 0;
            stack_.pop_back();
        }
    }

    const RateMatrix& matrix_;
    const std::vector<std::uint8_t>& hopeless_;
    std::vector<std::uint32_t> index_;
    std::vector<std::uint32_t> low_;
    std::vector<std::uint8_t> on_stack_;
    std::vector<std::uint32_t> stack_;
    std::vector<Visit> visits_;
    std::uint32_t count_ = 0;
    std::vector<std::vector<std::uint32_t>> found_;
};

// One component: rates among its states, what leaves it, and what is gained.
class Elimination {
  public:
    using Row = std::vector<std::pair<std::uint32_t, double>>;  // sorted by state

    explicit Elimination(const StateGroup& group)
        : rows_(group.size()), sources_(group.size()), leaves_(group.leaves), gains_(group.gains) {
        for (std::uint32_t from = 0; from < group.size(); ++from) {
            for (std::size_t e = group.starts[from]; e < group.starts[from + 1]; ++e) {
                add_to(rows_[from], group.targets[e], group.rates[e]);
                sources_[group.targets[e]].push_back(from);
            }
        }
    }

    /// Expected sums by state; nothing where `work` doesn't suffice.
    std::optional<std::vector<double>> solve(double& work, const StopRequest* stop) {
        const std::size_t n = rows_.size();
        using Entry = std::pair<std::size_t, std::uint32_t>;
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> next;
        for (std::uint32_t state = 0; state < n; ++state) next.emplace(cost(state), state);
        std::vector<std::uint8_t> gone(n, 0);
        std::vector<std::uint32_t> order;
        std::vector<double> exits(n, 0);
        while (order.size() < n) {
            const auto [promised, state] = next.top();
            next.pop();
            if (gone[state] != 0) continue;
            clean(state, gone);
            if (const std::size_t present = cost(state); present > promised) {
                next.emplace(present, state);
                continue;
            }
            if (order.size() % 16 == 0) stop_if_requested(stop);
            gone[state] = 1;
            order.push_back(state);
            work -= static_cast<double>((rows_[state].size() + 1) * (sources_[state].size() + 1)) * 4;
            if (work < 0) return {};
            exits[state] = leaves_[state];
            for (const auto& [target, rate] : rows_[state]) exits[state] += rate;
            for (const std::uint32_t source : sources_[state]) pass_through(source, state, exits[state]);
        }
        std::vector<double> sums(n, 0.0);
        for (auto state = order.rbegin(); state != order.rend(); ++state) {
            double sum = gains_[*state];
            for (const auto& [target, rate] : rows_[*state]) sum += rate * sums[target];
            sums[*state] = sum / exits[*state];
        }
        return sums;
    }

  private:
    static void add_to(Row& row, std::uint32_t to, double rate) {
        const auto place =
            std::lower_bound(row.begin(), row.end(), to,
                             [](const auto& entry, std::uint32_t key) { return entry.first < key; });
        if (place != row.end() && place->first == to)
            place->second += rate;
        else
            row.insert(place, {to, rate});
    }

    [[nodiscard]] std::size_t cost(std::uint32_t state) const {
        return rows_[state].size() * sources_[state].size();
    }

    // Sources may stand there twice, or be gone.
    void clean(std::uint32_t state, const std::vector<std::uint8_t>& gone) {
        std::vector<std::uint32_t>& sources = sources_[state];
        std::sort(sources.begin(), sources.end());
        sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
        std::erase_if(sources, [&](std::uint32_t source) { return gone[source] != 0; });
    }

    // Who went to `state` goes to where it leads; a way back to the source is no way at all.
    void pass_through(std::uint32_t source, std::uint32_t state, double exit) {
        Row& row = rows_[source];
        const auto place =
            std::find_if(row.begin(), row.end(), [&](const auto& e) { return e.first == state; });
        const double share = place->second / exit;
        row.erase(place);
        merged_.clear();
        auto old = row.begin();
        for (const auto& [target, rate] : rows_[state]) {
            if (target == source) continue;
            while (old != row.end() && old->first < target) merged_.push_back(*old++);
            if (old != row.end() && old->first == target) {
                merged_.emplace_back(target, old->second + share * rate);
                ++old;
            } else {
                merged_.emplace_back(target, share * rate);
                sources_[target].push_back(source);
            }
        }
        merged_.insert(merged_.end(), old, row.end());
        row.swap(merged_);
        leaves_[source] += share * leaves_[state];
        gains_[source] += share * gains_[state];
    }

    std::vector<Row> rows_;
    std::vector<std::vector<std::uint32_t>> sources_;
    std::vector<double> leaves_;
    std::vector<double> gains_;
    Row merged_;
};

// Of a state that is never come back to.
double total_of_one(const RateMatrix& matrix, std::uint32_t state, const std::vector<double>& reward,
                    const std::vector<double>& totals) {
    double gain = reward[state];
    double exit = 0;
    for (std::size_t e = matrix.starts[state]; e < matrix.starts[state + 1]; ++e) {
        exit += matrix.rates[e];
        if (matrix.targets[e] != matrix.size()) gain += matrix.rates[e] * totals[matrix.targets[e]];
    }
    if (std::isfinite(gain)) return gain / exit;
    // Of the largest rates there are, by their shares.
    double total = reward[state] / exit;
    for (std::size_t e = matrix.starts[state]; e < matrix.starts[state + 1]; ++e)
        if (matrix.targets[e] != matrix.size()) total += matrix.rates[e] / exit * totals[matrix.targets[e]];
    return total;
}

}  // namespace

std::optional<std::vector<double>> expected_total(const RateMatrix& matrix,
                                                  const std::vector<std::uint8_t>& hopeless,
                                                  const std::vector<double>& reward,
                                                  const PassageLimits& limits) {
    std::vector<double> totals(matrix.size(), 0);
    std::vector<std::uint32_t> place(matrix.size(), no_index);
    double left = limits.work;
    const Components components(matrix, hopeless);
    for (const std::vector<std::uint32_t>& component : components.found()) {
        if (component.size() == 1) {
            totals[component[0]] = total_of_one(matrix, component[0], reward, totals);
            continue;
        }
        for (std::uint32_t i = 0; i < component.size(); ++i) place[component[i]] = i;
        StateGroup group{.leaves = std::vector<double>(component.size(), 0.0),
                         .gains = std::vector<double>(component.size(), 0.0)};
        for (std::uint32_t i = 0; i < component.size(); ++i) {
            const std::uint32_t state = component[i];
            group.gains[i] += reward[state];
            for (std::size_t e = matrix.starts[state]; e < matrix.starts[state + 1]; ++e) {
                const std::uint32_t target = matrix.targets[e];
                if (target != matrix.size() && place[target] != no_index) {
                    group.targets.push_back(place[target]);
                    group.rates.push_back(matrix.rates[e]);
                    continue;
                }
                group.leaves[i] += matrix.rates[e];
                if (target != matrix.size()) group.gains[i] += matrix.rates[e] * totals[target];
            }
            group.starts.push_back(group.targets.size());
        }
        const double allowed = std::min(left, elimination_work);
        double work = allowed;
        std::optional<std::vector<double>> sums;
        if (group.targets.size() <= most_rates_to_eliminate)
            sums = Elimination(group).solve(work, limits.stop);
        left -= allowed - std::max(work, 0.0);
        if (!sums) sums = sums_by_cycles(group, left, limits.stop);
        if (!sums) return {};
        for (std::uint32_t i = 0; i < component.size(); ++i) {
            totals[component[i]] = (*sums)[i];
            place[component[i]] = no_index;
        }
    }
    return totals;
}

}  // namespace venturi
