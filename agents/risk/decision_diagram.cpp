#include "agents/risk/decision_diagram.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t terminal_variable = UINT32_MAX;
constexpr std::uint32_t always = 0;  // codes of edges
constexpr std::uint32_t never = 1;
constexpr std::size_t least_nodes = 1U << 8;
constexpr std::size_t most_nodes = std::size_t{1} << 31;  // an edge has 32 bits
// Of remembered results: beyond 4 million, more of them cost more time in memory than they save.
constexpr std::size_t most_remembered = std::size_t{1} << 22;

std::uint64_t mixed(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint64_t x = (std::uint64_t{a} << 32 | b) * 0x9E3779B97F4A7C15U;
    x ^= x >> 32;
    x = (x + c) * 0xD6E8FEB86659FD93U;
    return x ^ x >> 32;
}

std::uint64_t mixed(const DiagramNode& node) {
    return mixed(node.variable, node.high.code(), node.low.code());
}

constexpr std::uint64_t upper_half = 0xFFFFFFFF00000000U;

}  // namespace

DecisionDiagram::DecisionDiagram(std::size_t byte_limit)
    : byte_limit_(byte_limit), nodes_(least_nodes), table_(2 * least_nodes), remembered_(2 * least_nodes) {
    nodes_[0].variable = terminal_variable;
}

std::size_t DecisionDiagram::bytes() const {
    return nodes_.bytes() + table_.bytes() + remembered_.bytes() + free_.capacity() * sizeof(std::uint32_t)
           + pending_.capacity() * sizeof(Pending);
}

DiagramEdge DecisionDiagram::variable(std::uint32_t variable) {
    expects(variable < terminal_variable, "a variable of a diagram is below 2^32 - 1");
    return DiagramEdge::from_code(make(variable, always, never));
}

DiagramEdge DecisionDiagram::conjunction(DiagramEdge f, DiagramEdge g) {
    return DiagramEdge::from_code(join<Operation::conjunction>(f.code(), g.code()));
}

DiagramEdge DecisionDiagram::exclusive_or(DiagramEdge f, DiagramEdge g) {
    return DiagramEdge::from_code(join<Operation::exclusive_or>(f.code(), g.code()));
}

// Answers that need no look at the cofactors. Brings the operands into the form in which they are remembered;
// what an exclusive or of complements owes goes to `complement`.
template <DecisionDiagram::Operation operation>
bool DecisionDiagram::answer(std::uint32_t& f, std::uint32_t& g, std::uint32_t& complement,
                             std::uint32_t& result) const {
    if constexpr (operation == Operation::conjunction) {
        if (f > g) std::swap(f, g);
        if (f <= never || f == g) {
            result = f == always ? g : f;
            return true;
        }
        if ((f ^ g) == 1) {
            result = never;
            return true;
        }
    } else {
        complement = (f ^ g) & 1;
        f &= ~1U;
        g &= ~1U;
        if (f < g) std::swap(f, g);
        if (g == always || f == g) {
            result = (f == g ? never : f ^ 1) ^ complement;
            return true;
        }
    }
    const Remembered& entry = remembered_[mixed(f, g, 0) & (remembered_.size() - 1)];
    result = entry.result ^ complement;
    return entry.f == f && entry.g == g;
}

// Shannon's expansion, f ∘ g = if v then f_v ∘ g_v else f_v' ∘ g_v', with a stack of its own: the depth is
// the number of variables.
template <DecisionDiagram::Operation operation>
std::uint32_t DecisionDiagram::join(std::uint32_t f, std::uint32_t g) {
    pending_.clear();
    std::uint32_t result = never;
    while (true) {
        std::uint32_t complement = 0;
        if (!answer<operation>(f, g, complement, result)) {
            if (steps_ >= next_look_) look_up();
            ++steps_;
            const DiagramNode& a = nodes_[f >> 1];
            const DiagramNode& b = nodes_[g >> 1];
            Pending pair{.f = f,
                         .g = g,
                         .f_low = f,
                         .g_low = g,
                         .variable = std::min(a.variable, b.variable),
                         .complement = complement};
            if (a.variable == pair.variable) {
                pair.f_low = a.low.code() ^ (f & 1);
                f = a.high.code() ^ (f & 1);
            }
            if (b.variable == pair.variable) {
                pair.g_low = b.low.code() ^ (g & 1);
                g = b.high.code() ^ (g & 1);
            }
            pending_.push_back(pair);
            continue;
        }
        // Hands the answer to the pair that waits for it, and on while that completes one.
        while (!pending_.empty() && pending_.back().high_is_known) {
            const Pending& pair = pending_.back();
            result = make(pair.variable, pair.high, result);
            remembered_[mixed(pair.f, pair.g, 0) & (remembered_.size() - 1)] = {pair.f, pair.g, result};
            result ^= pair.complement;
            pending_.pop_back();
        }
        if (pending_.empty()) return result;
        Pending& pair = pending_.back();
        pair.high = result;
        pair.high_is_known = true;
        f = pair.f_low;
        g = pair.g_low;
    }
}

void DecisionDiagram::look_up() {
    if (steps_ >= step_limit_) throw DiagramTooLarge("a decision diagram takes too many steps");
    stop_if_requested(stop_);
    constexpr std::uint64_t steps_between = std::uint64_t{1} << 16;
    next_look_ = std::min(steps_ + steps_between, step_limit_);
}

std::uint32_t DecisionDiagram::make(std::uint32_t variable, std::uint32_t high, std::uint32_t low) {
    if (high == low) return high;
    const std::uint32_t complement = high & 1;
    const DiagramNode node{variable, DiagramEdge::from_code(high ^ complement),
                           DiagramEdge::from_code(low ^ complement)};
    const std::uint64_t hash = mixed(node);
    const std::size_t mask = table_.size() - 1;
    std::size_t slot = hash & mask;
    for (; table_[slot] != 0; slot = (slot + 1) & mask) {
        if (((table_[slot] ^ hash) & upper_half) != 0) continue;
        const auto index = static_cast<std::uint32_t>(table_[slot]);
        const DiagramNode& other = nodes_[index];
        if (other.variable == variable && other.high == node.high && other.low == node.low)
            return index << 1 | complement;
    }
    std::uint32_t index = 0;
    if (!free_.empty()) {
        index = free_.back();
        free_.pop_back();
    } else {
        if (used_ == nodes_.size()) grow_nodes();
        index = used_++;
    }
    nodes_[index] = node;
    table_[slot] = (hash & upper_half) | index;
    if (4 * node_count() > 3 * table_.size()) grow_table();
    return index << 1 | complement;
}

void DecisionDiagram::grow_nodes() {
    const std::size_t size = nodes_.size() + nodes_.size() / 2;
    if (size > most_nodes || bytes() + size * sizeof(DiagramNode) > byte_limit_)
        throw DiagramTooLarge("a decision diagram takes too much memory");
    LargeArray<DiagramNode> larger(size);
    std::copy(nodes_.begin(), nodes_.end(), larger.begin());
    nodes_ = std::move(larger);
}

void DecisionDiagram::grow_table() {
    const std::size_t size = 2 * table_.size();
    const bool remember_more = remembered_.size() < most_remembered;
    // Where memory ends the table gets fuller, until the nodes need more.
    if (bytes() + size * (sizeof(std::uint64_t) + (remember_more ? sizeof(Remembered) : 0)) > byte_limit_) {
        if (16 * node_count() < 15 * table_.size()) return;
        throw DiagramTooLarge("a decision diagram takes too much memory");
    }
    table_ = LargeArray<std::uint64_t>(size);
    refill_table();
    if (!remember_more) return;
    LargeArray<Remembered> larger(2 * remembered_.size());
    for (const Remembered& entry : remembered_) {
        if (entry.f != 0) larger[mixed(entry.f, entry.g, 0) & (larger.size() - 1)] = entry;
    }
    remembered_ = std::move(larger);
}

void DecisionDiagram::refill_table() {
    const std::size_t mask = table_.size() - 1;
    for (std::uint32_t index = 1; index < used_; ++index) {
        if (nodes_[index].variable == terminal_variable) continue;  // free
        const std::uint64_t hash = mixed(nodes_[index]);
        std::size_t slot = hash & mask;
        while (table_[slot] != 0) slot = (slot + 1) & mask;
        table_[slot] = (hash & upper_half) | index;
    }
}

void DecisionDiagram::collect_garbage(std::span<const DiagramEdge> roots) {
    std::vector<bool> reached(used_, false);
    std::vector<std::uint32_t> to_visit;
    reached[0] = true;
    const auto reach = [&](DiagramEdge edge) {
        if (reached[edge.node()]) return;
        reached[edge.node()] = true;
        to_visit.push_back(edge.node());
    };
    for (const DiagramEdge root : roots) {
        reach(root);
        while (!to_visit.empty()) {
            const DiagramNode& node = nodes_[to_visit.back()];
            to_visit.pop_back();
            reach(node.high);
            reach(node.low);
        }
    }
    free_.clear();
    for (std::uint32_t index = used_; --index > 0;) {
        if (reached[index]) continue;
        nodes_[index].variable = terminal_variable;
        free_.push_back(index);
    }
    std::fill(table_.begin(), table_.end(), 0);
    refill_table();
    for (Remembered& entry : remembered_) {
        if (!reached[entry.f >> 1] || !reached[entry.g >> 1] || !reached[entry.result >> 1]) entry = {};
    }
}

}  // namespace venturi
