// Binary decision diagrams that leave out what hardly ever happens: functions that may differ from the true
// ones, with the probability of a difference known. For functions whose diagrams would be too large.
#pragma once

#include "agents/risk/decision_diagram.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace venturi {

/// A function that stands for another one, f.
struct TruncatedFunction {
    DiagramEdge edge = DiagramEdge::never();
    double lost = 0;   ///< at most so likely is f true where the function is not
    double added = 0;  ///< at most so likely is the function true where f is not
};

/// A table of shared diagrams over variables 0, 1, ..., which are independent of each other. Work is counted
/// in steps of the recursion; where the steps or the nodes allowed do not suffice, the table is `exhausted`,
/// and what it gives means nothing until `allow` is called.
class TruncatedDiagrams {
  public:
    /// `probabilities[v]` is that of variable v. At most `nodes` nodes, of 32 bytes each.
    /// Joining throws Stopped where `stop` asks for that.
    TruncatedDiagrams(std::vector<double> probabilities, std::size_t nodes,
                      const StopRequest* stop = nullptr);

    /// Allows `steps` more.
    void allow(std::uint64_t steps);
    [[nodiscard]] bool exhausted() const { return exhausted_; }
    [[nodiscard]] std::uint64_t steps() const { return steps_; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    [[nodiscard]] DiagramEdge variable(std::uint32_t variable);
    [[nodiscard]] double probability(DiagramEdge edge) const {
        const Node& node = nodes_[edge.node()];
        return edge.complemented() ? node.complement_probability : node.probability;
    }
    /// The highest variable (the smallest number) that the function depends on; of constants, the largest
    /// number.
    [[nodiscard]] std::uint32_t top_variable(DiagramEdge edge) const { return nodes_[edge.node()].variable; }
    /// Nodes below the edge, as far as they are not more than `most`; else a number above that.
    [[nodiscard]] std::size_t count_nodes(DiagramEdge edge, std::size_t most) const;

    /// The literals that are true wherever the function is: edges of variables and complements, in ascending
    /// order of codes. Of never, none. Work grows with nodes × literals.
    [[nodiscard]] std::vector<DiagramEdge> implied_literals(DiagramEdge edge);

    /// f and g. Where a path from the root that has probability m reaches a pair of functions one of which is
    /// so rarely true (false) that m times its probability lies below `cut_off`, the pair becomes never (the
    /// other one), and what that loses (adds) is accounted for. Exact where `cut_off` is 0.
    [[nodiscard]] TruncatedFunction conjunction(DiagramEdge f, DiagramEdge g, double cut_off);
    /// f or g, by the complements.
    [[nodiscard]] TruncatedFunction disjunction(DiagramEdge f, DiagramEdge g, double cut_off);

    /// Forgets all nodes that none of `roots` leads to, and renumbers the others.
    void collect(std::span<DiagramEdge* const> roots);

  private:
    struct Node {
        std::uint32_t variable;
        DiagramEdge high;  // not complemented
        DiagramEdge low;
        std::uint32_t next;  // in the same bucket of the table
        double probability;
        double complement_probability;  // kept apart: 1 − p loses digits
    };
    // What a pair became, and at which probability of the path to it: a result that is not exact is used
    // again only where that would not have been much higher.
    struct Entry {
        std::uint32_t f = ~std::uint32_t{0};
        std::uint32_t g = 0;
        DiagramEdge edge = {};
        float tolerance = 0;
        double lost = 0;
        double added = 0;
    };

    TruncatedFunction join(DiagramEdge f, DiagramEdge g, double reach);
    DiagramEdge make(std::uint32_t variable, DiagramEdge high, DiagramEdge low);
    [[nodiscard]] DiagramEdge child(DiagramEdge edge, std::uint32_t variable, bool high) const;
    void rehash();
    std::uint32_t& bucket_of(std::uint32_t variable, DiagramEdge high, DiagramEdge low);

    std::vector<double> probabilities_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> buckets_;
    std::vector<Entry> cache_;
    std::size_t most_nodes_;
    const StopRequest* stop_;
    std::uint64_t steps_ = 0;
    std::uint64_t most_steps_ = 0;
    double cut_off_ = 0;
    bool exhausted_ = false;
};

}  // namespace venturi
