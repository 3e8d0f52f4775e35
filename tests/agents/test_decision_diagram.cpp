#include "agents/risk/decision_diagram.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace venturi;

constexpr std::size_t plenty = std::size_t{1} << 28;
constexpr std::uint32_t variables = 8;
using Table = std::bitset<1U << variables>;  // of a function: its value for each assignment

Table table_of_variable(std::uint32_t variable) {
    Table table;
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = (i >> variable & 1) != 0;
    return table;
}

bool value(const DecisionDiagram& diagram, DiagramEdge edge, std::size_t assignment) {
    bool complemented = false;
    while (true) {
        complemented = complemented != edge.complemented();
        if (edge.constant()) return !complemented;
        const DiagramNode& node = diagram.node(edge.node());
        edge = (assignment >> node.variable & 1) != 0 ? node.high : node.low;
    }
}

Table table_of(const DecisionDiagram& diagram, DiagramEdge edge) {
    Table table;
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = value(diagram, edge, i);
    return table;
}

std::set<std::uint32_t> nodes_under(const DecisionDiagram& diagram, DiagramEdge edge) {
    std::set<std::uint32_t> nodes;
    std::vector<DiagramEdge> to_visit = {edge};
    while (!to_visit.empty()) {
        const DiagramEdge next = to_visit.back();
        to_visit.pop_back();
        if (next.constant() || !nodes.insert(next.node()).second) continue;
        to_visit.push_back(diagram.node(next.node()).high);
        to_visit.push_back(diagram.node(next.node()).low);
    }
    return nodes;
}

/// A pool of functions, each made of two earlier ones, beside their tables.
struct Functions {
    std::vector<DiagramEdge> edges = {DiagramEdge::always(), DiagramEdge::never()};
    std::vector<Table> tables = {~Table{}, Table{}};

    Functions(DecisionDiagram& diagram, std::mt19937_64& random, std::size_t count) {
        for (std::uint32_t v = 0; v < variables; ++v) {
            edges.push_back(diagram.variable(v));
            tables.push_back(table_of_variable(v));
        }
        while (edges.size() < count) {
            const std::size_t a = random() % edges.size();
            const std::size_t b = random() % edges.size();
            switch (random() % 4) {
                case 0:
                    edges.push_back(diagram.conjunction(edges[a], edges[b]));
                    tables.push_back(tables[a] & tables[b]);
                    break;
                case 1:
                    edges.push_back(diagram.disjunction(edges[a], edges[b]));
                    tables.push_back(tables[a] | tables[b]);
                    break;
                case 2:
                    edges.push_back(diagram.exclusive_or(edges[a], edges[b]));
                    tables.push_back(tables[a] ^ tables[b]);
                    break;
                default:
                    edges.push_back(!edges[a]);
                    tables.push_back(~tables[a]);
                    break;
            }
        }
    }
};

/// x0 y0 or x1 y1 or ..., with x_i and y_i as the variables that `x` and `y` say.
template <class X, class Y>
DiagramEdge sum_of_products(DecisionDiagram& diagram, std::uint32_t terms, const X& x, const Y& y) {
    DiagramEdge sum = DiagramEdge::never();
    for (std::uint32_t i = 0; i < terms; ++i) {
        const DiagramEdge term = diagram.conjunction(diagram.variable(x(i)), diagram.variable(y(i)));
        sum = diagram.disjunction(sum, term);
    }
    return sum;
}

}  // namespace

TEST_CASE("Functions are equal if and only if their edges are") {
    std::mt19937_64 random(1);
    DecisionDiagram diagram(plenty);
    const Functions functions(diagram, random, 3000);
    struct ByBits {
        bool operator()(const Table& a, const Table& b) const { return a.to_string() < b.to_string(); }
    };
    std::map<Table, DiagramEdge, ByBits> seen;
    std::size_t repeated = 0;
    for (std::size_t i = 0; i < functions.edges.size(); ++i) {
        REQUIRE(table_of(diagram, functions.edges[i]) == functions.tables[i]);
        const auto [it, is_new] = seen.try_emplace(functions.tables[i], functions.edges[i]);
        REQUIRE(it->second == functions.edges[i]);
        repeated += is_new ? 0 : 1;
    }
    CHECK(repeated > 100);
    CHECK(seen.size() > 100);
}

TEST_CASE("Nodes are ordered, irredundant, unique and true where all variables are") {
    std::mt19937_64 random(2);
    DecisionDiagram diagram(plenty);
    const Functions functions(diagram, random, 500);
    std::set<std::vector<std::uint32_t>> unique;
    std::size_t nodes = 0;
    for (const DiagramEdge edge : functions.edges) {
        for (const std::uint32_t index : nodes_under(diagram, edge)) {
            const DiagramNode& node = diagram.node(index);
            for (const DiagramEdge child : {node.high, node.low})
                if (!child.constant()) CHECK(diagram.node(child.node()).variable > node.variable);
            CHECK(node.high != node.low);
            CHECK_FALSE(node.high.complemented());
            nodes += unique.insert({node.variable, node.high.code(), node.low.code()}).second ? 1 : 0;
        }
    }
    std::set<std::uint32_t> reached;
    for (const DiagramEdge edge : functions.edges) reached.merge(nodes_under(diagram, edge));
    CHECK(reached.size() == nodes);
}

TEST_CASE("Diagrams are as large as the literature says") {
    DecisionDiagram diagram(plenty);
    SECTION("with complement edges the parity of n variables takes a node for each") {
        DiagramEdge parity = DiagramEdge::never();
        for (std::uint32_t v = 0; v < 100; ++v) parity = diagram.exclusive_or(parity, diagram.variable(v));
        CHECK(nodes_under(diagram, parity).size() == 100);
    }
    SECTION("a sum of n products takes 2 n nodes in the best order, and 2^(n + 1) - 2 in the worst") {
        // Bryant (1986), section 3.2: figure 3.
        constexpr std::uint32_t n = 12;
        const DiagramEdge best = sum_of_products(
            diagram, n, [](auto i) { return 2 * i; }, [](auto i) { return 2 * i + 1; });
        const DiagramEdge worst = sum_of_products(
            diagram, n, [](auto i) { return i; }, [](auto i) { return n + i; });
        CHECK(nodes_under(diagram, best).size() == 2 * n);
        CHECK(nodes_under(diagram, worst).size() == (2U << n) - 2);
    }
}

TEST_CASE("A diagram can be as deep as it has variables") {
    DecisionDiagram diagram(plenty);
    constexpr std::uint32_t depth = 200'000;
    DiagramEdge even = DiagramEdge::always();
    DiagramEdge odd = DiagramEdge::always();
    for (std::uint32_t v = depth; v-- > 0;) {
        DiagramEdge& of = v % 2 == 0 ? even : odd;
        of = diagram.conjunction(diagram.variable(v), of);
    }
    const DiagramEdge all = diagram.conjunction(even, odd);
    CHECK(nodes_under(diagram, all).size() == depth);
    CHECK(diagram.conjunction(all, !odd) == DiagramEdge::never());
}

TEST_CASE("Garbage makes room, and what is kept remains what it was") {
    std::mt19937_64 random(3);
    DecisionDiagram diagram(plenty);
    Functions functions(diagram, random, 2000);
    const std::size_t before = diagram.node_count();
    std::vector<DiagramEdge> kept;
    std::vector<Table> tables;
    std::set<std::uint32_t> reached;
    for (std::size_t i = 0; i < functions.edges.size(); i += 100) {
        kept.push_back(functions.edges[i]);
        tables.push_back(functions.tables[i]);
        reached.merge(nodes_under(diagram, kept.back()));
    }
    diagram.collect_garbage(kept);
    CHECK(diagram.node_count() == reached.size() + 1);  // and the constant
    CHECK(diagram.node_count() < before);
    const std::size_t bytes = diagram.bytes();
    // The same nodes again, where the garbage was.
    std::mt19937_64 same(3);
    const Functions again(diagram, same, 2000);
    CHECK(diagram.node_count() == before);
    CHECK(diagram.bytes() <= bytes);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        REQUIRE(table_of(diagram, kept[i]) == tables[i]);
        REQUIRE(again.edges[100 * i] == kept[i]);
    }
    for (std::size_t i = 0; i < again.edges.size(); ++i)
        REQUIRE(table_of(diagram, again.edges[i]) == again.tables[i]);
}

TEST_CASE("Limits are kept, and a diagram is sound after they were met") {
    constexpr std::uint32_t n = 14;  // 32766 nodes
    const auto build = [](DecisionDiagram& diagram) {
        return sum_of_products(
            diagram, n, [](auto i) { return i; }, [](auto i) { return n + i; });
    };
    DecisionDiagram free(plenty);
    const std::size_t nodes = nodes_under(free, build(free)).size();

    SECTION("of steps") {
        DecisionDiagram diagram(plenty);
        diagram.limit_steps(1000);
        CHECK_THROWS_AS(build(diagram), DiagramTooLarge);
        CHECK(diagram.steps() == 1000);
        diagram.limit_steps(std::numeric_limits<std::uint64_t>::max());
        CHECK(nodes_under(diagram, build(diagram)).size() == nodes);
        CHECK(diagram.steps() <= free.steps() + 1000);
    }
    SECTION("of bytes") {
        constexpr std::size_t little = 400'000;
        DecisionDiagram diagram(little);
        CHECK_THROWS_AS(build(diagram), DiagramTooLarge);
        CHECK(diagram.bytes() < little + 10'000);  // the stack is not counted before
        diagram.collect_garbage({});
        const DiagramEdge both = diagram.conjunction(diagram.variable(3), diagram.variable(1));
        CHECK(nodes_under(diagram, both).size() == 2);
        diagram.limit_bytes(plenty);
        CHECK(nodes_under(diagram, build(diagram)).size() == nodes);
    }
}
