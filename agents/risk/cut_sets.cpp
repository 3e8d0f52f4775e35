#include "agents/risk/cut_sets.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();

constexpr SetCount most = ~SetCount{0};

SetCount sum(SetCount a, SetCount b) {
    SetCount result = 0;
    return __builtin_add_overflow(a, b, &result) ? most : result;
}

SetCount product(SetCount a, SetCount b) {
    SetCount result = 0;
    return __builtin_mul_overflow(a, b, &result) ? most : result;
}

}  // namespace

CutSetsAssembly::CutSetsAssembly(const SetFamilyTable& table) : table_(table), place_(table.size(), unknown) {
    place_[0] = 0;
    place_[1] = 1;
}

// Those that have no place yet, children first.
std::vector<SetFamily> CutSetsAssembly::nodes_below(SetFamily family) const {
    std::vector<SetFamily> result;
    std::vector<bool> seen(place_.size(), false);
    std::vector<std::pair<SetFamily, bool>> open = {{family, false}};
    while (!open.empty()) {
        const auto [node, children_done] = open.back();
        open.pop_back();
        if (children_done) {
            result.push_back(node);
            continue;
        }
        if (place_[node.node()] != unknown || seen[node.node()]) continue;
        seen[node.node()] = true;
        open.emplace_back(node, true);
        open.emplace_back(table_.without(node), false);
        open.emplace_back(table_.with(node), false);
    }
    return result;
}

void CutSetsAssembly::append(SetFamily node, const CutSets::Variable& variable) {
    const std::uint32_t number = table_.variable(node);
    if (number >= variable_.size()) variable_.resize(std::size_t{number} + 1, unknown);
    if (variable_[number] == unknown) {
        variable_[number] = static_cast<std::uint32_t>(made_.variables_.size());
        made_.variables_.push_back(variable);
    }
    place_[node.node()] = static_cast<std::uint32_t>(made_.nodes_.size());
    made_.nodes_.push_back(
        {variable_[number], place_[table_.with(node).node()], place_[table_.without(node).node()]});
}

CutSets CutSetsAssembly::finish(std::size_t basic_event_count) && {
    expects(!made_.parts_.empty(), "cut sets have a part");
    made_.basic_event_count_ = basic_event_count;
    return std::move(made_);
}

std::string decimal(SetCount count) {
    std::string digits;
    do digits.push_back(static_cast<char>('0' + static_cast<int>(count % 10)));
    while ((count /= 10) != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

SetCount set_count(const CutSets& sets) {
    const auto one = [](const EventLiteral&) { return SetCount{1}; };
    return node_values(sets, SetCount{0}, SetCount{1}, one, sum, product)[sets.root()];
}

std::vector<SetCount> set_count_by_order(const CutSets& sets) {
    using Counts = std::vector<SetCount>;
    const auto one = [](const EventLiteral&) { return Counts{0, 1}; };
    const auto plus = [](const Counts& a, const Counts& b) {
        Counts result(std::max(a.size(), b.size()), 0);
        for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i];
        for (std::size_t i = 0; i < b.size(); ++i) result[i] = sum(result[i], b[i]);
        return result;
    };
    const auto times = [](const Counts& a, const Counts& b) {
        if (a.empty() || b.empty()) return Counts{};
        Counts result(a.size() + b.size() - 1, 0);
        for (std::size_t i = 0; i < a.size(); ++i)
            for (std::size_t j = 0; j < b.size(); ++j)
                result[i + j] = sum(result[i + j], product(a[i], b[j]));
        return result;
    };
    return node_values(sets, Counts{}, Counts{1}, one, plus, times)[sets.root()];
}

}  // namespace venturi
