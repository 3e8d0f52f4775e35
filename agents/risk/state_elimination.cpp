#include "agents/risk/state_elimination.hpp"

#include <algorithm>
#include <limits>
#include <queue>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

// Strongly connected components, each after those it leads to; without recursion, chains are deep.
class Components {
  public:
    Components(const RateMatrix& matrix, const std::vector<std::uint8_t>& hopeless)
        : matrix_(matrix),
          hopeless_(hopeless),
          index_(matrix.size(), none),
          low_(matrix.size(), none),
          on_stack_(matrix.size(), 0) {
        for (std::uint32_t state = 0; state < matrix.size(); ++state)
            if (hopeless[state] == 0 && index_[state] == none) explore(state);
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
                if (index_[target] == none)
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

    explicit Elimination(std::size_t size) : rows_(size), sources_(size), leaves_(size), gains_(size) {}

    void add(std::uint32_t from, std::uint32_t to, double rate) {
        add_to(rows_[from], to, rate);
        sources_[to].push_back(from);
    }
    void leave(std::uint32_t from, double rate) { leaves_[from] += rate; }
    void gain(std::uint32_t state, double gain) { gains_[state] += gain; }

    /// Expected sums by state; false where `work` doesn't suffice.
    bool solve(std::vector<double>& sums, double& work) {
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
            gone[state] = 1;
            order.push_back(state);
            work -= static_cast<double>((rows_[state].size() + 1) * (sources_[state].size() + 1)) * 4;
            if (work < 0) return false;
            exits[state] = leaves_[state];
            for (const auto& [target, rate] : rows_[state]) exits[state] += rate;
            for (const std::uint32_t source : sources_[state]) pass_through(source, state, exits[state]);
        }
        sums.assign(n, 0);
        for (auto state = order.rbegin(); state != order.rend(); ++state) {
            double sum = gains_[*state];
            for (const auto& [target, rate] : rows_[*state]) sum += rate * sums[target];
            sums[*state] = sum / exits[*state];
        }
        return true;
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

}  // namespace

std::optional<std::vector<double>> expected_total(const RateMatrix& matrix,
                                                  const std::vector<std::uint8_t>& hopeless,
                                                  const std::vector<double>& reward, double work) {
    std::vector<double> totals(matrix.size(), 0);
    std::vector<std::uint32_t> place(matrix.size(), none);
    std::vector<double> sums;
    const Components components(matrix, hopeless);
    for (const std::vector<std::uint32_t>& component : components.found()) {
        for (std::uint32_t i = 0; i < component.size(); ++i) place[component[i]] = i;
        Elimination elimination(component.size());
        for (std::uint32_t i = 0; i < component.size(); ++i) {
            const std::uint32_t state = component[i];
            elimination.gain(i, reward[state]);
            for (std::size_t e = matrix.starts[state]; e < matrix.starts[state + 1]; ++e) {
                const std::uint32_t target = matrix.targets[e];
                if (target != matrix.size() && place[target] != none) {
                    elimination.add(i, place[target], matrix.rates[e]);
                    continue;
                }
                elimination.leave(i, matrix.rates[e]);
                if (target != matrix.size()) elimination.gain(i, matrix.rates[e] * totals[target]);
            }
        }
        if (!elimination.solve(sums, work)) return {};
        for (std::uint32_t i = 0; i < component.size(); ++i) {
            totals[component[i]] = sums[i];
            place[component[i]] = none;
        }
    }
    return totals;
}

}  // namespace venturi
