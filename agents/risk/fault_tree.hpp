// A static fault tree: Boolean gates over basic events that happen independently of each other. A value, made
// by a reader or by hand; what can be asked of it stands beside it in this folder.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace venturi {

/// How a gate joins its arguments. Arguments are counted with their complements taken.
enum class Connective : std::uint8_t {
    same,          ///< the one argument, as it is
    negation,      ///< not: one argument
    conjunction,   ///< and
    disjunction,   ///< or
    at_least,      ///< `minimum` of the arguments or more
    between,       ///< `minimum` to `maximum` of the arguments
    exclusive_or,  ///< an odd number of arguments
    not_and,       ///< not all
    not_or,        ///< none
    implication,   ///< not the first, or the second: two arguments
    equivalence,   ///< all or none, of two arguments: if and only if
};

/// What a gate is over: a gate, a basic event, or a constant (a house event that is set).
struct FaultTreeArgument {
    enum class Kind : std::uint8_t { gate, basic_event, constant };

    Kind kind = Kind::constant;
    bool complemented = false;
    std::uint32_t index = 0;  ///< into `gates` or `basic_events`; of a constant, 0 is false and 1 is true

    friend bool operator==(const FaultTreeArgument&, const FaultTreeArgument&) = default;
};

struct FaultTreeGate {
    std::string name = {};  ///< empty where it is a formula inside another gate
    Connective connective = Connective::same;
    std::uint32_t minimum = 0;  ///< of at_least and between
    std::uint32_t maximum = 0;  ///< of between
    std::vector<FaultTreeArgument> arguments = {};
};

struct BasicEvent {
    std::string name = {};
    double probability = 0;  ///< in [0, 1]
};

/// Gates may stand in any order and share arguments; there is no cycle among them, and every index is legal
/// (`expect_sound` in fault_tree.cpp says what must hold). Events and gates that the top does not reach are
/// allowed and change nothing.
struct FaultTree {
    std::vector<FaultTreeGate> gates = {};
    std::vector<BasicEvent> basic_events = {};
    FaultTreeArgument top = {};
};

/// Thrown where what a tree is to be turned into (counting gates, each of whose counts becomes a gate) would
/// take more memory than any computation is allowed.
class TreeTooLarge : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Does nothing if the tree is sound; throws ContractViolation (sim/contract.hpp) if an index is out of
/// range, a gate has the wrong number of arguments or a wrong minimum, a probability is outside [0, 1], or
/// gates form a cycle.
void expect_sound(const FaultTree& tree);

/// Whether the top event happens if exactly the basic events with `happened[i]` do. Shape: as basic_events.
[[nodiscard]] bool evaluate(const FaultTree& tree, const std::vector<bool>& happened);

}  // namespace venturi
