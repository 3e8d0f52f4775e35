#include "agents/risk/cut_sets.hpp"

#include "sim/contract.hpp"

#include <limits>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();

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

}  // namespace venturi
