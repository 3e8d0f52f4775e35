// A dynamic fault tree that a test runs by hand.
#pragma once

#include "agents/risk/dynamic_semantics.hpp"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace dynamic_trees {

struct Always {
    bool answer;
    bool operator()(double) const { return answer; }
};

/// Chances all come out the same.
class Run {
  public:
    explicit Run(const venturi::DynamicTree& tree, bool chances = true)
        : semantics(tree), state(semantics.state_bytes()), chance_{chances} {
        semantics.begin(state, chance_);
    }

    bool fail(std::uint32_t leaf) { return semantics.fail(state, leaf, chance_); }
    bool repair(std::uint32_t leaf) { return semantics.repair(state, leaf, chance_); }
    bool failed(std::uint32_t node) const { return semantics.failed(state, node); }
    bool active(std::uint32_t node) const { return semantics.active(state, node); }
    double rate(std::uint32_t leaf) const { return semantics.rate(state, leaf); }
    std::uint32_t uses(std::uint32_t spare) const { return semantics.input_in_use(state, spare); }

    venturi::DynamicSemantics semantics;
    std::vector<std::uint8_t> state;

  private:
    Always chance_;
};

inline Run after(const venturi::DynamicTree& tree, std::initializer_list<std::uint32_t> failures) {
    Run run(tree);
    for (const std::uint32_t leaf : failures) run.fail(leaf);
    return run;
}

}  // namespace dynamic_trees
