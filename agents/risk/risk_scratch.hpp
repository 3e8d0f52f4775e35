// Room for one step of the risk tree, kept so that steps allocate nothing.
#pragma once

#include "agents/risk/exact_probability.hpp"
#include "agents/risk/importance.hpp"
#include "agents/risk/prevention.hpp"

#include <cstdint>
#include <vector>

namespace venturi {

/// Shapes: by leaf, but `before`, which is a state of the tree.
struct RiskScratch {
    std::vector<std::uint8_t> before;
    EvaluationScratch evaluation;
    std::vector<double> hazards;
    std::vector<double> probabilities;
    std::vector<double> weights;
    std::vector<Importance> importance;
    std::vector<PreventionTarget> targets;
};

}  // namespace venturi
