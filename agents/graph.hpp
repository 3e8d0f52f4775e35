// The world's graph: agents are vertices, relations are directed edges that carry state.
//
// A type of our own that models the Boost.Graph concepts, so that Boost's algorithms run on it as it stands.
// Its vertices and edges stand in two flat vectors, linked by indices: copying or resetting a graph is
// copying two arrays, where boost::adjacency_list allocates for every vertex (tests/benchmarks compares
// them).
#pragma once

#include "sim/contract.hpp"

#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <boost/range/irange.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// A directed multigraph with `Vertex` and `Edge` values (trivially copyable) at its vertices and edges.
///
/// Vertices are numbered from 0 and stay; edges come and go in O(1). The out-edges and in-edges of a vertex
/// are listed in the order in which they were added. Models BidirectionalGraph, VertexListGraph,
/// EdgeListGraph and has a vertex_index map.
template <class Vertex, class Edge>
class RelationGraph {
    static_assert(std::is_trivially_copyable_v<Vertex> && std::is_trivially_copyable_v<Edge>);
    static constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

  public:
    // What boost::graph_traits asks for.
    using vertex_descriptor = std::size_t;
    struct edge_descriptor {
        std::uint32_t source = nothing;
        std::uint32_t target = nothing;
        std::uint32_t index = nothing;
        friend bool operator==(const edge_descriptor&, const edge_descriptor&) = default;
        friend auto operator<=>(const edge_descriptor&, const edge_descriptor&) = default;
    };
    using directed_category = boost::bidirectional_tag;
    using edge_parallel_category = boost::allow_parallel_edge_tag;
    struct traversal_category : boost::bidirectional_graph_tag,
                                boost::vertex_list_graph_tag,
                                boost::edge_list_graph_tag {};
    using vertices_size_type = std::size_t;
    using edges_size_type = std::size_t;
    using degree_size_type = std::size_t;
    using vertex_iterator = boost::range_detail::integer_iterator<std::size_t>;

    enum class Walk : std::uint8_t { out, in, all };

    template <Walk walk>
    class EdgeIterator : public boost::iterator_facade<EdgeIterator<walk>, edge_descriptor,
                                                       boost::forward_traversal_tag, edge_descriptor> {
      public:
        EdgeIterator() = default;
        EdgeIterator(const RelationGraph* graph, std::uint32_t index) : graph_(graph), index_(index) {}

      private:
        friend class boost::iterator_core_access;
        [[nodiscard]] edge_descriptor dereference() const { return graph_->describe_edge(index_); }
        [[nodiscard]] bool equal(const EdgeIterator& other) const { return index_ == other.index_; }
        void increment() { index_ = graph_->template after<walk>(index_); }

        const RelationGraph* graph_ = nullptr;
        std::uint32_t index_ = nothing;
    };
    using out_edge_iterator = EdgeIterator<Walk::out>;
    using in_edge_iterator = EdgeIterator<Walk::in>;
    using edge_iterator = EdgeIterator<Walk::all>;

    [[nodiscard]] static vertex_descriptor null_vertex() { return std::numeric_limits<std::size_t>::max(); }

    /// Removes everything, keeping the memory.
    void clear() {
        vertices_.clear();
        edges_.clear();
        free_ = nothing;
        edge_count_ = 0;
    }

    vertex_descriptor add(const Vertex& value) {
        vertices_.push_back({value, {}, {}, 0, 0});
        return vertices_.size() - 1;
    }

    edge_descriptor connect(vertex_descriptor source, vertex_descriptor target, const Edge& value) {
        expects(source < vertices_.size() && target < vertices_.size(),
                "an edge joins vertices of the graph");
        std::uint32_t index = free_;
        if (index == nothing) {
            index = static_cast<std::uint32_t>(edges_.size());
            edges_.emplace_back();
        } else {
            free_ = edges_[index].out.next;
        }
        Link& edge = edges_[index];
        edge.value = value;
        edge.source = static_cast<std::uint32_t>(source);
        edge.target = static_cast<std::uint32_t>(target);
        append(vertices_[source].out, index, &Link::out);
        append(vertices_[target].in, index, &Link::in);
        ++vertices_[source].out_degree;
        ++vertices_[target].in_degree;
        ++edge_count_;
        return describe_edge(index);
    }

    void disconnect(const edge_descriptor& gone) {
        expects(gone.index < edges_.size(), "the edge is in the graph");
        Link& edge = edges_[gone.index];
        expects(edge.source == gone.source && edge.target == gone.target, "the edge is in the graph");
        unlink(vertices_[edge.source].out, gone.index, &Link::out);
        unlink(vertices_[edge.target].in, gone.index, &Link::in);
        --vertices_[edge.source].out_degree;
        --vertices_[edge.target].in_degree;
        --edge_count_;
        edge.source = nothing;
        edge.out.next = free_;
        free_ = gone.index;
    }

    [[nodiscard]] Vertex& operator[](vertex_descriptor vertex) { return vertices_[vertex].value; }
    [[nodiscard]] const Vertex& operator[](vertex_descriptor vertex) const { return vertices_[vertex].value; }
    [[nodiscard]] Edge& operator[](const edge_descriptor& edge) { return edges_[edge.index].value; }
    [[nodiscard]] const Edge& operator[](const edge_descriptor& edge) const {
        return edges_[edge.index].value;
    }

    [[nodiscard]] std::size_t vertex_count() const { return vertices_.size(); }
    [[nodiscard]] std::size_t edge_count() const { return edge_count_; }

    // The Boost.Graph concepts, found by argument-dependent lookup.
    friend std::size_t num_vertices(const RelationGraph& graph) { return graph.vertices_.size(); }
    friend std::size_t num_edges(const RelationGraph& graph) { return graph.edge_count_; }
    friend std::pair<vertex_iterator, vertex_iterator> vertices(const RelationGraph& graph) {
        return {vertex_iterator(0), vertex_iterator(graph.vertices_.size())};
    }
    friend std::pair<edge_iterator, edge_iterator> edges(const RelationGraph& graph) {
        return {{&graph, graph.present_from(0)}, {&graph, nothing}};
    }
    friend std::pair<out_edge_iterator, out_edge_iterator> out_edges(vertex_descriptor vertex,
                                                                     const RelationGraph& graph) {
        return {{&graph, graph.vertices_[vertex].out.front}, {&graph, nothing}};
    }
    friend std::pair<in_edge_iterator, in_edge_iterator> in_edges(vertex_descriptor vertex,
                                                                  const RelationGraph& graph) {
        return {{&graph, graph.vertices_[vertex].in.front}, {&graph, nothing}};
    }
    friend std::size_t out_degree(vertex_descriptor vertex, const RelationGraph& graph) {
        return graph.vertices_[vertex].out_degree;
    }
    friend std::size_t in_degree(vertex_descriptor vertex, const RelationGraph& graph) {
        return graph.vertices_[vertex].in_degree;
    }
    friend std::size_t degree(vertex_descriptor vertex, const RelationGraph& graph) {
        return out_degree(vertex, graph) + in_degree(vertex, graph);
    }
    friend vertex_descriptor source(const edge_descriptor& edge, const RelationGraph&) { return edge.source; }
    friend vertex_descriptor target(const edge_descriptor& edge, const RelationGraph&) { return edge.target; }
    friend boost::typed_identity_property_map<std::size_t> get(boost::vertex_index_t, const RelationGraph&) {
        return {};
    }
    friend std::size_t get(boost::vertex_index_t, const RelationGraph&, vertex_descriptor vertex) {
        return vertex;
    }

  private:
    struct Neighbours {
        std::uint32_t next = nothing;
        std::uint32_t previous = nothing;
    };
    struct Link {
        Edge value{};
        std::uint32_t source = nothing;  // nothing: the place is free
        std::uint32_t target = nothing;
        Neighbours out;
        Neighbours in;
    };
    struct Ends {
        std::uint32_t front = nothing;
        std::uint32_t back = nothing;
    };
    struct Place {
        Vertex value;
        Ends out;
        Ends in;
        std::uint32_t out_degree;
        std::uint32_t in_degree;
    };

    void append(Ends& ends, std::uint32_t index, Neighbours Link::*side) {
        edges_[index].*side = {nothing, ends.back};
        if (ends.back == nothing)
            ends.front = index;
        else
            (edges_[ends.back].*side).next = index;
        ends.back = index;
    }

    void unlink(Ends& ends, std::uint32_t index, Neighbours Link::*side) {
        const Neighbours around = edges_[index].*side;
        if (around.previous == nothing)
            ends.front = around.next;
        else
            (edges_[around.previous].*side).next = around.next;
        if (around.next == nothing)
            ends.back = around.previous;
        else
            (edges_[around.next].*side).previous = around.previous;
    }

    [[nodiscard]] edge_descriptor describe_edge(std::uint32_t index) const {
        return {edges_[index].source, edges_[index].target, index};
    }
    [[nodiscard]] std::uint32_t present_from(std::uint32_t index) const {
        while (index < edges_.size() && edges_[index].source == nothing) ++index;
        return index < edges_.size() ? index : nothing;
    }
    template <Walk walk>
    [[nodiscard]] std::uint32_t after(std::uint32_t index) const {
        if constexpr (walk == Walk::out)
            return edges_[index].out.next;
        else if constexpr (walk == Walk::in)
            return edges_[index].in.next;
        else
            return present_from(index + 1);
    }

    std::vector<Place> vertices_;
    std::vector<Link> edges_;
    std::uint32_t free_ = nothing;
    std::size_t edge_count_ = 0;
};

}  // namespace venturi

template <class Vertex, class Edge>
struct boost::property_map<venturi::RelationGraph<Vertex, Edge>, boost::vertex_index_t> {
    using type = boost::typed_identity_property_map<std::size_t>;
    using const_type = type;
};
