// Boolean formulas of a risk model: named gates over gates, basic events and house events.
#pragma once

#include "agents/risk/fault_tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// What a formula is over: the kinds of FaultTreeArgument, and house events, which event trees can set.
struct FormulaArgument {
    enum class Kind : std::uint8_t { gate, basic_event, house_event, constant };

    Kind kind = Kind::constant;
    bool complemented = false;
    std::uint32_t index = 0;  ///< into the model's lists; of a constant, 0 is false and 1 is true

    friend bool operator==(const FormulaArgument&, const FormulaArgument&) = default;
};

/// Numbers of arguments and minima as in FaultTreeGate.
struct ModelGate {
    std::string name = {};  ///< unique; empty where it is a formula inside another or inside an instruction
    Connective connective = Connective::same;
    std::uint32_t minimum = 0;  ///< of at_least and between
    std::uint32_t maximum = 0;  ///< of between
    std::vector<FormulaArgument> arguments = {};
};

}  // namespace venturi
