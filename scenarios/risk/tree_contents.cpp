#include "scenarios/risk/tree_contents.hpp"

#include "sim/contract.hpp"

#include <cmath>
#include <limits>
#include <variant>

namespace venturi {

bool has_unavailability(const DynamicLeaf& leaf) {
    return leaf.repair_rate == 0 || std::holds_alternative<ExponentialLife>(leaf.life)
           || std::holds_alternative<FailedAtStart>(leaf.life)
           || std::holds_alternative<NeverFails>(leaf.life);
}

double unavailability(const DynamicLeaf& leaf, double time) {
    expects(time >= 0, "a time is at least 0");
    expects(has_unavailability(leaf), "a repairable leaf has an exponential life or has failed at the start");
    if (leaf.repair_rate == 0 || std::holds_alternative<NeverFails>(leaf.life))
        return failure_probability(leaf.life, time);
    if (const auto* at_start = std::get_if<FailedAtStart>(&leaf.life))
        return at_start->probability * std::exp(-leaf.repair_rate * time);
    const double rate = std::get<ExponentialLife>(leaf.life).rate;
    const double both = rate + leaf.repair_rate;
    return rate / both * -std::expm1(-both * time);
}

FaultTree fault_tree_at(const TreeContents& contents, double time) {
    expects(contents.fault_tree.has_value(), "the tree has no gates that look at order");
    FaultTree tree = *contents.fault_tree;
    for (std::size_t i = 0; i < tree.basic_events.size(); ++i)
        tree.basic_events[i].probability = unavailability(contents.event_lives[i], time);
    return tree;
}

}  // namespace venturi
