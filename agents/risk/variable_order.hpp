// In which order the variables of a diagram are asked: what decides between a thousand nodes and a billion.
#pragma once

#include "agents/risk/logic_circuit.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace venturi {

/// Rules to find an order. Each visits the circuit depth first from the top and takes leaves as they come,
/// which keeps what is joined first near each other; they differ in which argument of a gate they visit
/// first.
enum class OrderingRule : std::uint8_t {
    smaller_first,     ///< gates of fewer leaves before larger ones, then leaves, the most shared first
    larger_first,      ///< gates of most leaves first, then leaves
    weightiest_first,  ///< by the weight that reaches an argument when the top's is shared out evenly from
                       ///< gate to gate: Minato, Ishiura and Yajima, 27th Design Automation Conference (1990)
};

inline constexpr std::array ordering_rules = {OrderingRule::smaller_first, OrderingRule::larger_first,
                                              OrderingRule::weightiest_first};

/// The leaves of module number `module`, first variable first.
[[nodiscard]] std::vector<std::uint32_t> variable_order(const ModularCircuit& circuit, std::size_t module,
                                                        OrderingRule rule);

}  // namespace venturi
