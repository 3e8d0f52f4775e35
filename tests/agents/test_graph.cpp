#include "agents/graph.hpp"
#include "sim/contract.hpp"
#include "sim/random/stream.hpp"
#include "tests/agents/worlds.hpp"

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <boost/graph/visitors.hpp>
#include <boost/property_map/property_map.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace {

using namespace venturi;

using NumberedGraph = RelationGraph<int, int>;
using EdgeNumber = std::pair<std::size_t, int>;  // the other end, and the edge's value

BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<NumberedGraph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<NumberedGraph>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<NumberedGraph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<NumberedGraph>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<WorldGraph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<WorldGraph>));

NumberedGraph graph_of(std::size_t vertex_count,
                       const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
    NumberedGraph graph;
    for (std::size_t v = 0; v < vertex_count; ++v) graph.add(static_cast<int>(v));
    int number = 0;
    for (const auto& [from, to] : pairs) graph.connect(from, to, number++);
    return graph;
}

std::vector<EdgeNumber> edges_out(const NumberedGraph& graph, std::size_t vertex) {
    std::vector<EdgeNumber> found;
    const auto [first, last] = out_edges(vertex, graph);
    for (auto edge = first; edge != last; ++edge) found.emplace_back(target(*edge, graph), graph[*edge]);
    return found;
}

std::vector<EdgeNumber> edges_in(const NumberedGraph& graph, std::size_t vertex) {
    std::vector<EdgeNumber> found;
    const auto [first, last] = in_edges(vertex, graph);
    for (auto edge = first; edge != last; ++edge) found.emplace_back(source(*edge, graph), graph[*edge]);
    return found;
}

/// The same relations kept as plain lists, to hold the graph against.
struct NaiveGraph {
    std::vector<std::vector<EdgeNumber>> out;
    std::vector<std::vector<EdgeNumber>> in;

    explicit NaiveGraph(std::size_t vertex_count) : out(vertex_count), in(vertex_count) {}
    void connect(std::size_t from, std::size_t to, int value) {
        out[from].emplace_back(to, value);
        in[to].emplace_back(from, value);
    }
    void disconnect(std::size_t from, std::size_t to, int value) {
        std::erase(out[from], EdgeNumber{to, value});
        std::erase(in[to], EdgeNumber{from, value});
    }
};

void require_same(const NumberedGraph& graph, const NaiveGraph& naive) {
    std::multimap<int, std::pair<std::size_t, std::size_t>> expected;
    for (std::size_t v = 0; v < naive.out.size(); ++v) {
        REQUIRE(edges_out(graph, v) == naive.out[v]);
        REQUIRE(edges_in(graph, v) == naive.in[v]);
        REQUIRE(out_degree(v, graph) == naive.out[v].size());
        REQUIRE(in_degree(v, graph) == naive.in[v].size());
        REQUIRE(degree(v, graph) == naive.out[v].size() + naive.in[v].size());
        for (const auto& [to, value] : naive.out[v]) expected.emplace(value, std::pair(v, to));
    }
    std::multimap<int, std::pair<std::size_t, std::size_t>> found;
    const auto [first, last] = edges(graph);
    for (auto edge = first; edge != last; ++edge)
        found.emplace(graph[*edge], std::pair(source(*edge, graph), target(*edge, graph)));
    REQUIRE(found == expected);
    REQUIRE(num_edges(graph) == expected.size());
}

}  // namespace

TEST_CASE("Relations are listed in the order in which they were made, parallel ones and loops among them") {
    NumberedGraph graph = graph_of(4, {{0, 1}, {0, 2}, {0, 1}, {3, 3}, {2, 1}});
    CHECK(num_vertices(graph) == 4);
    CHECK(edges_out(graph, 0) == std::vector<EdgeNumber>{{1, 0}, {2, 1}, {1, 2}});
    CHECK(edges_in(graph, 1) == std::vector<EdgeNumber>{{0, 0}, {0, 2}, {2, 4}});
    CHECK(edges_out(graph, 3) == std::vector<EdgeNumber>{{3, 3}});
    CHECK(degree(3, graph) == 2);
    graph[std::size_t{2}] = 17;
    CHECK(graph[std::size_t{2}] == 17);
}

TEST_CASE("Boost's searches run on the graph as it stands") {
    // A cycle 0 → 1 → 2 → 0, then 2 → 3 → 4, and 5 apart.
    const NumberedGraph graph = graph_of(6, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}});
    std::vector<std::size_t> distance(6, 99);
    distance[0] = 0;
    boost::breadth_first_search(graph, 0,
                                boost::visitor(boost::make_bfs_visitor(
                                    boost::record_distances(distance.data(), boost::on_tree_edge()))));
    CHECK(distance == std::vector<std::size_t>{0, 1, 2, 3, 4, 99});

    std::vector<int> component(6, -1);
    const int components = boost::strong_components(
        graph, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, graph)));
    CHECK(components == 4);
    CHECK(component[0] == component[1]);
    CHECK(component[0] == component[2]);
    CHECK(component[3] != component[0]);
    CHECK(component[3] != component[4]);

    const NumberedGraph order = graph_of(5, {{4, 1}, {1, 0}, {4, 2}, {2, 0}, {0, 3}});
    std::vector<std::size_t> sorted;
    boost::topological_sort(order, std::back_inserter(sorted));  // in reverse
    const auto place = [&](std::size_t v) {
        return std::find(sorted.begin(), sorted.end(), v) - sorted.begin();
    };
    const auto [first, last] = edges(order);
    for (auto edge = first; edge != last; ++edge)
        CHECK(place(source(*edge, order)) > place(target(*edge, order)));
}

TEST_CASE("In a world everyone is reached from the environment") {
    const World<PlainDraws> world = testing::world_of(testing::eventful_setup(), 1, 1);
    std::vector<int> distance(num_vertices(world.graph), -1);
    distance[0] = 0;
    boost::breadth_first_search(world.graph, 0,
                                boost::visitor(boost::make_bfs_visitor(
                                    boost::record_distances(distance.data(), boost::on_tree_edge()))));
    CHECK(std::count(distance.begin(), distance.end(), 1)
          == static_cast<std::ptrdiff_t>(world.segments.size() + world.startups.size()
                                         + world.investors.size()));
}

TEST_CASE("Whatever relations come and go, the graph is the list of those that are there") {
    constexpr std::size_t vertex_count = 12;
    struct Known {
        NumberedGraph::edge_descriptor edge;
        int value;
    };
    Stream stream(StreamAddress{.seed = 3, .trajectory = 0, .agent = 0, .purpose = 1});
    const auto below = [&](std::size_t limit) {
        return static_cast<std::size_t>(unit_uniform(stream.next_word()) * static_cast<double>(limit));
    };
    NumberedGraph graph = graph_of(vertex_count, {});
    NaiveGraph naive(vertex_count);
    std::vector<Known> known;
    for (int step = 0; step < 5000; ++step) {
        // Phases of growth and of decay, so that places are freed in many orders and used again.
        const bool grows = unit_uniform(stream.next_word()) < (step / 500 % 2 == 0 ? 0.7 : 0.35);
        if (grows || known.empty()) {
            const std::size_t from = below(vertex_count);
            const std::size_t to = below(vertex_count);
            known.push_back({graph.connect(from, to, step), step});
            naive.connect(from, to, step);
        } else {
            const std::size_t which = below(known.size());
            const Known gone = known[which];
            naive.disconnect(gone.edge.source, gone.edge.target, gone.value);
            graph.disconnect(gone.edge);
            known[which] = known.back();
            known.pop_back();
        }
        if (step % 10 == 0) require_same(graph, naive);
        for (const Known& one : known) REQUIRE(graph[one.edge] == one.value);
    }
    const NumberedGraph copy = graph;
    require_same(copy, naive);
    graph.clear();
    CHECK(num_vertices(graph) == 0);
    CHECK(num_edges(graph) == 0);
    require_same(copy, naive);
}

TEST_CASE("A copy of a graph goes its own way") {
    NumberedGraph graph = graph_of(3, {{0, 1}, {1, 2}});
    NumberedGraph copy = graph;
    copy.disconnect(*out_edges(0, copy).first);
    copy.connect(2, 0, 9);
    CHECK(edges_out(graph, 0) == std::vector<EdgeNumber>{{1, 0}});
    CHECK(edges_out(graph, 2).empty());
    CHECK(edges_out(copy, 0).empty());
    CHECK(edges_out(copy, 2) == std::vector<EdgeNumber>{{0, 9}});
}

TEST_CASE("A relation that is not there cannot be ended, nor one begun with nobody") {
    NumberedGraph graph = graph_of(2, {{0, 1}});
    const NumberedGraph::edge_descriptor edge = *edges(graph).first;
    graph.disconnect(edge);
    CHECK_THROWS_AS(graph.disconnect(edge), ContractViolation);
    CHECK_THROWS_AS(graph.disconnect({}), ContractViolation);
    CHECK_THROWS_AS(graph.connect(0, 2, 1), ContractViolation);
}
