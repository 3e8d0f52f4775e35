// A network asked about itself: summary, measures, clearing of debts, debt rank, each a column by vertex.
#pragma once

#include "agents/network/measures.hpp"
#include "agents/network/network.hpp"
#include "agents/network/power_law.hpp"
#include "scenarios/network/network_file.hpp"
#include "sim/ensemble/stop_request.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// A number for each vertex; NaN where there is none.
struct VertexColumn {
    std::string name;
    std::vector<double> values;
};

/// A number for the network as a whole; NaN where it has no meaning.
struct NetworkValue {
    std::string name;
    double value = 0;
    std::string meaning;  ///< in a line
};

/// The power law of the larger degrees, where enough vertices have them.
struct DegreeExponent {
    PowerLawFit fit;
    PowerLawComparison comparison;  ///< with an exponential law
};

struct NetworkSummary {
    std::vector<NetworkValue> values;
    std::optional<DegreeExponent> exponent;
};

/// A tail of fewer vertices is not given an exponent: Clauset, Shalizi & Newman (2009) find estimates from
/// fewer than about 50 unreliable.
constexpr std::size_t least_degree_tail = 50;

/// What the weights of a network are to measures that may go by them or not: the lengths of edges; the
/// strengths of ties, which make edges of the length 1 / strength; or nothing.
enum class WeightMeaning { ignored, distances, strengths };

/// What takes time in proportion to vertices · edges is left out where the product exceeds 2e9. Distances are
/// in steps, or in lengths as `weights` says.
[[nodiscard]] NetworkSummary summary_of(const Network& network,
                                        WeightMeaning weights = WeightMeaning::ignored);

/// Fills a summary value by value: what stands there when `stop` asks for an end, and Stopped is thrown, is
/// whole.
void summarise(const Network& network, WeightMeaning weights, const StopRequest* stop,
               NetworkSummary& summary);

/// Measures by name. Throws std::invalid_argument, with the nearest legal name, where there is none of a
/// name.
[[nodiscard]] std::vector<VertexMeasure> measures_called(const std::vector<std::string>& names);

struct NetworkRequest {
    bool summary = false;
    std::vector<VertexMeasure> measures = {};
    std::size_t pivots = 0;  ///< of betweenness; 0: exact
    std::uint64_t seed = 1;  ///< of the choice of pivots
    WeightMeaning weights = WeightMeaning::ignored;
    std::optional<std::uint32_t> distances_from = {};  ///< a vertex
    /// What is outside of the network, where edges are obligations of their sources to their targets.
    std::optional<VertexAssets> assets = {};
    bool clear = false;                            ///< needs `assets`
    std::vector<std::uint32_t> debt_rank_of = {};  ///< needs `assets`; by whose default
    const StopRequest* stop = nullptr;             ///< leaves out what is not whole by then
};

/// What clearing comes to.
struct ClearingTotals {
    double owed = 0;
    double paid = 0;
    std::size_t defaults = 0;
    std::size_t rounds = 0;
};

struct NetworkAnalysis {
    std::optional<NetworkSummary> summary = {};
    std::vector<VertexColumn> columns = {};
    std::optional<ClearingTotals> clearing = {};
    /// Of the only vertex of `debt_rank_of`; where these are several there is a column.
    std::optional<double> debt_rank = {};
    std::vector<std::string> left_out = {};  ///< what a stop has left out
    std::vector<std::string> notes = {};     ///< what is to be known of the columns, in a line each
    std::vector<std::string> warnings = {};  ///< measures that are left out since they did not converge
};

/// In the order: measures, as asked; `distance` from a vertex, infinite where no path leads; clearing
/// (assets, senior_debt, owed, payment, recovery, equity, default_round, 0 for no default); debt rank
/// (`distress` that the default of a single vertex brings to each, or, of several, the `debt_rank` of each,
/// NaN for others). `betweenness` by pivots has a column of its standard errors beside it.
///
/// Notes say what weights were taken for, and where eigenvector centrality is zero since a directed network
/// has no cycle.
///
/// Throws std::invalid_argument where a measure has no meaning for the network (of weights that are not
/// positive, or of structural holes where weights are distances), obligations have no direction
/// or are negative, or debt rank is asked for where a vertex has no equity: assets and what is owed to it,
/// less senior debt and what it owes.
[[nodiscard]] NetworkAnalysis analyse(const Network& network, const NetworkRequest& request);

}  // namespace venturi
