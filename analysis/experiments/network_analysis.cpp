#include "analysis/experiments/network_analysis.hpp"

#include "agents/network/centrality.hpp"
#include "agents/network/clearing.hpp"
#include "agents/network/debt_rank.hpp"
#include "agents/network/distances.hpp"
#include "scenarios/problem.hpp"
#include "sim/ensemble/stopped.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

std::optional<DegreeExponent> degree_exponent(const Network& network, const StopRequest* stop) {
    std::vector<std::uint64_t> degrees;
    for (const std::size_t one : degree(network))
        if (one > 0) degrees.push_back(one);
    try {
        DegreeExponent exponent{
            .fit = fit_power_law(degrees, {.least_tail = least_degree_tail, .stop = stop}), .comparison = {}};
        exponent.comparison = compare_with_exponential(degrees, exponent.fit);
        return exponent;
    } catch (const std::invalid_argument&) {
        return std::nullopt;  // no tail is long enough
    }
}

std::vector<Obligation> obligations_of(const Network& network) {
    if (!network.directed)
        throw std::invalid_argument("obligations have a direction, and the edges of this network have none");
    std::vector<Obligation> obligations;
    obligations.reserve(network.edges.size());
    for (const NetworkEdge& edge : network.edges) {
        if (edge.weight < 0)
            throw std::invalid_argument(fmt::format("{} owes {} an amount of {:g}; legal is at least 0",
                                                    name_of(network, edge.source),
                                                    name_of(network, edge.target), edge.weight));
        obligations.push_back({edge.source, edge.target, edge.weight});
    }
    return obligations;
}

void add_clearing(const Network& network, const VertexAssets& outside, NetworkAnalysis& analysis) {
    Clearing clearing = greatest_clearing({.assets = outside.assets,
                                           .senior_debt = outside.senior_debt,
                                           .obligations = obligations_of(network)});
    ClearingTotals totals{.rounds = clearing.rounds};
    for (std::size_t i = 0; i < network.vertices; ++i) {
        totals.owed += clearing.owed[i];
        totals.paid += clearing.payments[i];
        totals.defaults += clearing.round[i] > 0 ? 1 : 0;
    }
    analysis.clearing = totals;
    analysis.columns.push_back({"assets", outside.assets});
    analysis.columns.push_back({"senior_debt", outside.senior_debt});
    analysis.columns.push_back({"owed", std::move(clearing.owed)});
    analysis.columns.push_back({"payment", std::move(clearing.payments)});
    analysis.columns.push_back({"recovery", std::move(clearing.recovery)});
    analysis.columns.push_back({"equity", std::move(clearing.equity)});
    analysis.columns.push_back({"default_round", {clearing.round.begin(), clearing.round.end()}});
}

// Before any shock, when all expect to be paid.
std::vector<double> nominal_equity(const Network& network, const VertexAssets& outside) {
    std::vector<double> equity = outside.assets;
    for (std::size_t i = 0; i < network.vertices; ++i) equity[i] -= outside.senior_debt[i];
    for (const NetworkEdge& edge : network.edges) {
        equity[edge.source] -= edge.weight;
        equity[edge.target] += edge.weight;
    }
    for (std::size_t i = 0; i < network.vertices; ++i)
        if (!(equity[i] > 0))
            throw std::invalid_argument(fmt::format(
                "debt rank: the equity of {} is {:g}, and it must be above 0 before the shock\n  legal "
                "here: more assets than {:g}",
                in_quotes(name_of(network, i)), equity[i], outside.assets[i] - equity[i]));
    return equity;
}

void add_debt_rank(const Network& network, const NetworkRequest& request, NetworkAnalysis& analysis) {
    const DistressSystem system{.equity = nominal_equity(network, *request.assets),
                                .obligations = obligations_of(network)};
    std::vector<double> ranks(network.vertices, nothing);
    std::vector<double> shock(network.vertices);
    for (const std::uint32_t vertex : request.debt_rank_of) {
        if (request.stop != nullptr && request.stop->requested()) break;
        shock[vertex] = 1;
        Distress distress = debt_rank(system, shock);
        shock[vertex] = 0;
        ranks[vertex] = distress.rank;
        if (request.debt_rank_of.size() > 1) continue;
        analysis.debt_rank = distress.rank;
        analysis.columns.push_back({"distress", std::move(distress.level)});
    }
    if (request.debt_rank_of.size() > 1) analysis.columns.push_back({"debt_rank", std::move(ranks)});
    stop_if_requested(request.stop);  // what is missing is said
}

/// A network, and what its weights make of its edges' lengths.
class Lengths {
  public:
    Lengths(const Network& network, WeightMeaning weights) : network_(&network), weights_(weights) {}

    [[nodiscard]] bool are_given() const { return weights_ != WeightMeaning::ignored; }

    /// With lengths as weights.
    [[nodiscard]] const Network& network() {
        if (weights_ != WeightMeaning::strengths) return *network_;
        if (!made_) made_ = lengths_from_strengths(*network_);
        return *made_;
    }

  private:
    const Network* network_;
    WeightMeaning weights_;
    std::optional<Network> made_;
};

// A vertex in no cycle of arcs, and behind none, has no centrality of this kind.
void note_zero_eigenvector(const Network& network, const VertexColumn& column, NetworkAnalysis& analysis) {
    const bool is_zero =
        std::all_of(column.values.begin(), column.values.end(), [](double value) { return value == 0; });
    if (!network.directed || network.vertices == 0 || !is_zero || !column.name.starts_with("eigenvector"))
        return;
    analysis.notes.push_back(column.name
                             + ": is zero for every vertex, since the directed edges make no cycle (the largest "
                               "eigenvalue is 0)");
}

void add_betweenness_by_pivots(Lengths& lengths, const Network& network, const NetworkRequest& request,
                               const std::string& name, NetworkAnalysis& analysis) {
    const PivotOptions options{
        .pivots = request.pivots,
        .seed = request.seed,
        .betweenness = {.paths = {.weight_is_length = lengths.are_given(), .stop = request.stop}}};
    BetweennessEstimate estimate =
        estimate_betweenness(lengths.are_given() ? lengths.network() : network, options);
    analysis.columns.push_back({name, std::move(estimate.values)});
    analysis.columns.push_back({name + "_standard_error", std::move(estimate.standard_errors)});
}

std::vector<double> values_of(const Network& network, const NetworkRequest& request,
                              const VertexMeasure& measure, Lengths& lengths) {
    if (measure.role == WeightRole::lengths && lengths.are_given())
        return measure.by_weights(lengths.network(), request.stop);
    if (measure.role != WeightRole::strengths || request.weights == WeightMeaning::ignored)
        return measure.of(network, request.stop);
    if (request.weights == WeightMeaning::distances)
        throw std::invalid_argument(
            fmt::format("{} goes by the strengths of ties, and distances are none\n  legal here: "
                        "--weights-are strengths, "
                        "--weights-are ignored",
                        measure.name));
    return measure.by_weights(network, request.stop);
}

void add_measure(const Network& network, const NetworkRequest& request, const VertexMeasure& measure,
                 Lengths& lengths, NetworkAnalysis& analysis) {
    const std::string name(measure.name);
    if (name == "betweenness" && request.pivots > 0)
        return add_betweenness_by_pivots(lengths, network, request, name, analysis);
    analysis.columns.push_back({name, values_of(network, request, measure, lengths)});
    note_zero_eigenvector(network, analysis.columns.back(), analysis);
}

void add_distances(const Network& network, std::uint32_t vertex, Lengths& lengths,
                   NetworkAnalysis& analysis) {
    const Network& measured = lengths.are_given() ? lengths.network() : network;
    analysis.columns.push_back(
        {"distance", distances_from(measured, vertex, {.weight_is_length = lengths.are_given()})});
}

// What weights were taken for, of those measures that may go by them.
void note_weights(const NetworkRequest& request, NetworkAnalysis& analysis) {
    if (request.weights == WeightMeaning::ignored) return;
    std::vector<std::string> by_lengths;
    std::vector<std::string> by_strengths;
    if (request.summary) by_lengths.emplace_back("diameter, mean_distance, efficiency");
    for (const VertexMeasure& measure : request.measures) {
        if (measure.role == WeightRole::lengths) by_lengths.emplace_back(measure.name);
        if (measure.role == WeightRole::strengths) by_strengths.emplace_back(measure.name);
    }
    if (request.distances_from) by_lengths.emplace_back("distance");
    const bool are_distances = request.weights == WeightMeaning::distances;
    if (!by_lengths.empty())
        analysis.notes.push_back(fmt::format("{}: the length of an edge is {}", listed(by_lengths),
                                             are_distances ? "its weight" : "1 / its weight"));
    if (!by_strengths.empty())
        analysis.notes.push_back(
            fmt::format("{}: the strength of a tie is its weight", listed(by_strengths)));
}

}  // namespace

NetworkSummary summary_of(const Network& network, WeightMeaning weights) {
    NetworkSummary summary;
    summarise(network, weights, nullptr, summary);
    return summary;
}

void summarise(const Network& network, WeightMeaning weights, const StopRequest* stop,
               NetworkSummary& summary) {
    constexpr double most_pairs = 2e9;
    const auto vertices = static_cast<double>(network.vertices);
    const auto edges = static_cast<double>(network.edges.size());
    Lengths lengths(network, weights);
    summary.values = {
        {"vertices", vertices, ""},
        {"edges", edges, network.directed ? "directed" : "undirected"},
        {"mean_degree", network.vertices > 0 ? 2 * edges / vertices : nothing,
         network.directed ? "edges that leave and arrive, for each vertex" : "edges at a vertex"}};
    for (const NetworkMeasure& measure : network_measures()) {
        if (measure.cost == MeasureCost::all_pairs && vertices * edges > most_pairs) continue;
        if (!network.directed && measure.name == "strong_components") continue;
        const bool by_weights = measure.role == WeightRole::lengths && lengths.are_given();
        summary.values.push_back(
            {std::string(measure.name),
             by_weights ? measure.by_weights(lengths.network(), stop) : measure.of(network, stop),
             std::string(measure.meaning)});
        if (measure.role == WeightRole::lengths)
            summary.values.back().meaning += by_weights ? ", in lengths" : ", in steps";
    }
    summary.exponent = degree_exponent(network, stop);
}

std::vector<VertexMeasure> measures_called(const std::vector<std::string>& names) {
    std::vector<std::string> legal;
    for (const VertexMeasure& measure : vertex_measures()) legal.emplace_back(measure.name);
    std::vector<VertexMeasure> measures;
    const auto add = [&](const VertexMeasure& measure) {
        const bool is_new = std::none_of(measures.begin(), measures.end(), [&](const VertexMeasure& other) {
            return other.name == measure.name;
        });
        if (is_new) measures.push_back(measure);
    };
    for (const std::string& name : names) {
        if (name == "all") {
            for (const VertexMeasure& measure : vertex_measures()) add(measure);
            continue;
        }
        const auto place = std::find(legal.begin(), legal.end(), name);
        if (place == legal.end()) {
            const std::string nearest = nearest_name(name, legal);
            throw std::invalid_argument(fmt::format(
                "there is no measure {}{}\n  legal here: all, {}", in_quotes(name),
                nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest), listed(legal)));
        }
        add(vertex_measures()[static_cast<std::size_t>(place - legal.begin())]);
    }
    return measures;
}

NetworkAnalysis analyse(const Network& network, const NetworkRequest& request) {
    NetworkAnalysis analysis;
    note_weights(request, analysis);
    // Does something while there is time for it; else it is left out.
    const auto attempt = [&](std::string_view what, const auto& work) {
        try {
            stop_if_requested(request.stop);
            work();
        } catch (const Stopped&) {
            analysis.left_out.emplace_back(what);
        } catch (const NoConvergence&) {
            analysis.warnings.push_back(
                fmt::format("{}: left out, since its iteration did not converge on this network", what));
        }
    };
    if (request.summary) {
        analysis.summary.emplace();
        attempt("the rest of the summary",
                [&] { summarise(network, request.weights, request.stop, *analysis.summary); });
    }
    Lengths lengths(network, request.weights);
    for (const VertexMeasure& measure : request.measures)
        attempt(measure.name, [&] { add_measure(network, request, measure, lengths, analysis); });
    if (request.distances_from)
        attempt("distance", [&] { add_distances(network, *request.distances_from, lengths, analysis); });
    if (request.clear) attempt("clearing", [&] { add_clearing(network, request.assets.value(), analysis); });
    if (!request.debt_rank_of.empty())
        attempt("debt rank", [&] { add_debt_rank(network, request, analysis); });
    return analysis;
}

}  // namespace venturi
