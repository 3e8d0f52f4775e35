// A dynamic fault tree as a Markov chain: its states found one after another, with what can't matter
// forgotten and copies sorted, so that few of them are left.
#pragma once

#include "agents/risk/dynamic_semantics.hpp"
#include "agents/risk/first_passage.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

/// Whether a reduction of the chain is used. Without them it is larger and says the same.
enum class Reduction : std::uint8_t { used, unused };

struct ChainOptions {
    std::size_t states = 1'000'000;              ///< at most; above them the chain is not made
    std::size_t bytes = std::size_t{512} << 20;  ///< at most, of states and transitions
    std::size_t chances = 4096;                  ///< outcomes of one event, at most
    double work = 4e10;                          ///< nodes looked at, of all events of all states
    const StopRequest* stop = nullptr;           ///< throws Stopped where it asks for that
    Reduction settling = Reduction::used;        ///< forgetting what doesn't matter
    Reduction symmetry = Reduction::used;        ///< one state for all orders of copies
};

/// Why there is no exact solution.
enum class ChainRefusal : std::uint8_t {
    none,
    not_memoryless,  ///< a leaf's life is not made of exponential phases
    too_large,       ///< more states or outcomes than allowed
    too_much_work,   ///< the chain is known, solving it takes longer than allowed
};

/// Says it for a user.
[[nodiscard]] const char* describe(ChainRefusal refusal);

/// The chain until the top fails for the first time (which is the target; with repair the top may work again,
/// here it doesn't).
class DynamicChain {
  public:
    /// Nothing, with `refusal` set, where the limits don't suffice or a life is not memoryless in phases.
    [[nodiscard]] static std::optional<DynamicChain> explore(const DynamicSemantics& semantics,
                                                             const ChainOptions& options,
                                                             ChainRefusal& refusal);

    /// States apart from the failed top.
    [[nodiscard]] std::size_t size() const { return passage_.matrix().size(); }
    [[nodiscard]] std::size_t transition_count() const { return passage_.matrix().targets.size(); }
    /// Kept, not those that it took to make it.
    [[nodiscard]] std::size_t bytes() const {
        return transition_count() * (sizeof(std::uint32_t) + sizeof(double))
               + size() * (sizeof(std::size_t) + sizeof(double) + 1);
    }
    /// The time to the top's first failure.
    [[nodiscard]] const FirstPassage& passage() const { return passage_; }

  private:
    explicit DynamicChain(FirstPassage passage) : passage_(std::move(passage)) {}

    FirstPassage passage_;
};

}  // namespace venturi
