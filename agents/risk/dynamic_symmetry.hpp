// Parts of a dynamic fault tree that are copies of each other: states that differ in which copy is in which
// condition alone have the same future, and a Markov chain needs one of them.
#pragma once

#include "agents/risk/dynamic_semantics.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// The copies in a tree. Two inputs of the same and, or and k-of-n gates are copies where all below them is
/// the same, node by node, and either nothing of it is used or touched from elsewhere but by their own
/// mirrored constraints; or it is touched by dependencies whose triggers are outside, that list copies next
/// to each other; or spares outside are shared by both, with neither constraints about nor repair in the
/// tree. (In the excluded cases the order in which dependents fall or spares are claimed could tell copies
/// apart.)
class DynamicSymmetry {
  public:
    /// Throws Stopped where `stop` asks for that. The search ends after some hundred million nodes looked at;
    /// copies that it had not come to by then are not used.
    explicit DynamicSymmetry(const DynamicSemantics& semantics, const StopRequest* stop = nullptr);

    /// Sorts copies by their bytes. States that are the same but for which copy is which become equal.
    void sort_copies(DynamicSemantics::State state) const;

    /// How many leaves a leaf stands for in a sorted state, itself among them: those of copies that are in
    /// the same condition do the same, and only the first counts; the others have 0. `counts`: one for each
    /// leaf.
    void count_like(DynamicSemantics::ConstState sorted, std::span<std::uint32_t> counts) const;

    /// Nodes at the top of copies, by group: in each, two or more that can be exchanged freely.
    [[nodiscard]] const std::vector<std::vector<std::uint32_t>>& groups() const { return groups_; }

  private:
    /// Where the bytes of each copy stand in a state, one copy after another, all in the same order.
    struct Blocks {
        std::size_t copies = 0;
        std::size_t length = 0;
        std::vector<std::uint32_t> bytes;  // copies × length
    };

    std::vector<std::vector<std::uint32_t>> groups_;
    std::vector<Blocks> blocks_;  // inner ones first
};

}  // namespace venturi
