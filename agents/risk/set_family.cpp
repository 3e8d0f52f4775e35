#include "agents/risk/set_family.hpp"

#include "sim/contract.hpp"
#include "sim/ensemble/stopped.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t below_all = std::numeric_limits<std::uint32_t>::max();  // variable of the constants
constexpr std::size_t initial_buckets = std::size_t{1} << 12;

std::size_t mixed(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint64_t hash = (std::uint64_t{a} << 32 | b) * 0x9e3779b97f4a7c15;
    hash = (hash ^ hash >> 32 ^ c) * 0xd6e8feb86659fd93;
    return static_cast<std::size_t>(hash ^ hash >> 32);
}

}  // namespace

SetFamilyTable::SetFamilyTable(const SetFamilyLimits& limits)
    : limits_(limits),
      nodes_(2, {below_all, 0, 0, 0}),
      buckets_(initial_buckets, 0),
      remembered_(initial_buckets) {}

std::size_t SetFamilyTable::bytes() const {
    return nodes_.capacity() * sizeof(Node) + buckets_.size() * sizeof(std::uint32_t)
           + remembered_.size() * sizeof(Remembered);
}

void SetFamilyTable::look_up() {
    if (steps_ > limits_.steps)
        throw SetFamilyLimitReached("families of sets take more steps than the limit");
    stop_if_requested(limits_.stop);
    constexpr std::uint64_t steps_between = std::uint64_t{1} << 16;
    next_look_ = std::min(steps_ + steps_between, limits_.steps + 1);
}

// Old and new nodes and buckets are there at once.
void SetFamilyTable::grow_nodes() {
    const std::size_t size = 2 * buckets_.size();
    if (bytes() + size * (sizeof(Node) + sizeof(std::uint32_t)) > limits_.bytes)
        throw SetFamilyLimitReached("families of sets take more memory than the limit");
    nodes_.reserve(size);
    buckets_.assign(size, 0);
    for (std::uint32_t i = 2; i < nodes_.size(); ++i) {
        Node& node = nodes_[i];
        std::uint32_t& bucket = buckets_[mixed(node.variable, node.with, node.without) & (size - 1)];
        node.next = std::exchange(bucket, i);
    }
}

// Results that push each other out are found again and again, each time with all that they are made of: a
// table of few families may still have very many pairs of them. So the room for results grows with what is
// lost and not with the nodes, up to a quarter of the memory.
void SetFamilyTable::grow_remembered() {
    lost_ = 0;
    std::vector<Remembered> old;
    const std::size_t size = 2 * remembered_.size();
    if (size * sizeof(Remembered) > limits_.bytes / 4 || bytes() + size * sizeof(Remembered) > limits_.bytes)
        return;
    old.resize(size);
    old.swap(remembered_);
    for (const Remembered& result : old)
        if (result.operation != Operation::none)
            slot(result.operation, SetFamily(result.first), SetFamily(result.second)) = result;
}

SetFamily SetFamilyTable::node(std::uint32_t variable, SetFamily with, SetFamily without) {
    if (with == SetFamily::none()) return without;
    const std::size_t hash = mixed(variable, with.node(), without.node());
    for (std::uint32_t i = buckets_[hash & (buckets_.size() - 1)]; i != 0; i = nodes_[i].next)
        if (nodes_[i].variable == variable && nodes_[i].with == with.node()
            && nodes_[i].without == without.node())
            return SetFamily(i);
    expects(variable < nodes_[with.node()].variable && variable < nodes_[without.node()].variable,
            "variables grow from a node of a set family to its children");
    if (nodes_.size() >= buckets_.size()) grow_nodes();
    const auto made = static_cast<std::uint32_t>(nodes_.size());
    std::uint32_t& bucket = buckets_[hash & (buckets_.size() - 1)];
    nodes_.push_back({variable, with.node(), without.node(), bucket});
    bucket = made;
    return SetFamily(made);
}

SetFamilyTable::Remembered& SetFamilyTable::slot(Operation operation, SetFamily first, SetFamily second) {
    return remembered_[mixed(first.node(), second.node(), static_cast<std::uint32_t>(operation))
                       & (remembered_.size() - 1)];
}

bool SetFamilyTable::recall(Operation operation, SetFamily first, SetFamily second, SetFamily& result) {
    count_step();
    const Remembered& found = slot(operation, first, second);
    if (found.operation != operation || found.first != first.node() || found.second != second.node())
        return false;
    result = SetFamily(found.result);
    return true;
}

SetFamily SetFamilyTable::remember(Operation operation, SetFamily first, SetFamily second, SetFamily result) {
    Remembered& place = slot(operation, first, second);
    lost_ += place.operation != Operation::none ? 1 : 0;
    place = {first.node(), second.node(), result.node(), operation};
    if (lost_ > remembered_.size()) [[unlikely]]
        grow_remembered();
    return result;
}

SetFamily SetFamilyTable::difference(SetFamily family, SetFamily removed) {
    if (family == removed || family == SetFamily::none()) return SetFamily::none();
    if (removed == SetFamily::none()) return family;
    // Sets with variables that are above those of `family` aren't in it.
    while (variable(removed) < variable(family)) removed = without(removed);
    if (removed == family) return SetFamily::none();
    if (removed == SetFamily::none()) return family;
    SetFamily result;
    if (recall(Operation::difference, family, removed, result)) return result;
    const std::uint32_t top = variable(family);
    if (variable(removed) > top)
        result = node(top, with(family), difference(without(family), removed));
    else {
        const SetFamily without_it = difference(without(family), without(removed));
        result = node(top, difference(with(family), with(removed)), without_it);
    }
    return remember(Operation::difference, family, removed, result);
}

SetFamily SetFamilyTable::without_supersets(SetFamily family, SetFamily other) {
    // A variable that no set of `family` can have keeps a set of `other` from being included.
    while (variable(other) < variable(family)) other = without(other);
    if (family == other || family == SetFamily::none() || other == SetFamily::empty_set())
        return SetFamily::none();
    if (other == SetFamily::none()) return family;
    SetFamily result;
    if (recall(Operation::without_supersets, family, other, result)) return result;
    const std::uint32_t top = variable(family);
    if (variable(other) > top) {
        const SetFamily without_it = without_supersets(without(family), other);
        result = node(top, without_supersets(with(family), other), without_it);
    } else {
        const SetFamily without_it = without_supersets(without(family), without(other));
        const SetFamily rest = without_supersets(with(family), without(other));
        result = node(top, without_supersets(rest, with(other)), without_it);
    }
    return remember(Operation::without_supersets, family, other, result);
}

SetFamily SetFamilyTable::minimal(SetFamily family) {
    if (family.constant()) return family;
    SetFamily result;
    if (recall(Operation::minimal, family, family, result)) return result;
    const SetFamily without_it = minimal(without(family));
    const SetFamily with_it = without_supersets(minimal(with(family)), without_it);
    return remember(Operation::minimal, family, family, node(variable(family), with_it, without_it));
}

SetFamily SetFamilyTable::up_to_order(SetFamily family, std::uint32_t most) {
    if (most == 0)
        while (!family.constant()) family = without(family);
    if (family.constant()) return family;
    SetFamily result;
    if (recall(Operation::up_to_order, family, SetFamily(most), result)) return result;
    const SetFamily without_it = up_to_order(without(family), most);
    result = node(variable(family), up_to_order(with(family), most - 1), without_it);
    return remember(Operation::up_to_order, family, SetFamily(most), result);
}

SetFamily SetFamilyTable::minimal_union(SetFamily first, SetFamily second) {
    if (first == second || second == SetFamily::none()) return first;
    if (first == SetFamily::none()) return second;
    if (first == SetFamily::empty_set() || second == SetFamily::empty_set()) return SetFamily::empty_set();
    if (variable(first) > variable(second)
        || (variable(first) == variable(second) && first.node() > second.node()))
        std::swap(first, second);
    SetFamily result;
    if (recall(Operation::unite, first, second, result)) return result;
    const std::uint32_t top = variable(first);
    if (variable(second) > top) {
        const SetFamily without_it = minimal_union(without(first), second);
        result = node(top, without_supersets(with(first), second), without_it);
    } else {
        const SetFamily without_it = minimal_union(without(first), without(second));
        const SetFamily with_it = minimal_union(with(first), with(second));
        result = node(top, without_supersets(with_it, without_it), without_it);
    }
    return remember(Operation::unite, first, second, result);
}

SetFamily SetFamilyTable::minimal_product(SetFamily first, SetFamily second) {
    if (first == SetFamily::none() || second == SetFamily::none()) return SetFamily::none();
    if (first == second || second == SetFamily::empty_set()) return first;
    if (first == SetFamily::empty_set()) return second;
    if (variable(first) > variable(second)
        || (variable(first) == variable(second) && first.node() > second.node()))
        std::swap(first, second);
    SetFamily result;
    if (recall(Operation::multiply, first, second, result)) return result;
    const std::uint32_t top = variable(first);
    if (variable(second) > top) {
        const SetFamily without_it = minimal_product(without(first), second);
        const SetFamily with_it = minimal_product(with(first), second);
        result = node(top, without_supersets(with_it, without_it), without_it);
    } else {
        const SetFamily without_it = minimal_product(without(first), without(second));
        const SetFamily with_first =
            minimal_product(with(first), minimal_union(with(second), without(second)));
        const SetFamily with_it = minimal_union(with_first, minimal_product(without(first), with(second)));
        result = node(top, without_supersets(with_it, without_it), without_it);
    }
    return remember(Operation::multiply, first, second, result);
}

std::vector<std::uint32_t> SetFamilyTable::variables_below(SetFamily family) const {
    std::vector<std::uint32_t> result;
    std::vector<bool> seen(nodes_.size(), false);
    std::vector<SetFamily> open = {family};
    while (!open.empty()) {
        const SetFamily here = open.back();
        open.pop_back();
        if (here.constant() || seen[here.node()]) continue;
        seen[here.node()] = true;
        result.push_back(variable(here));
        open.push_back(with(here));
        open.push_back(without(here));
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

}  // namespace venturi
