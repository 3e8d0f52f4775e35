// venturi network: measures, clearing of debts and debt rank of a network from a file.
#include "analysis/experiments/network_analysis.hpp"
#include "analysis/program/command_line.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/output_file.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/busy_line.hpp"
#include "analysis/report/network_report.hpp"
#include "analysis/report/terminal.hpp"
#include "scenarios/network/network_file.hpp"
#include "scenarios/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

struct NetworkCommand {
    std::string file;
    std::vector<std::string> measures;
    std::string clear;
    std::string debt_rank;
    bool directed = false;
    bool summary = false;
    std::size_t pivots = 0;
    std::uint64_t seed = 1;
    std::size_t top = std::numeric_limits<std::size_t>::max();
    bool json = false;
    std::string graphml;
    std::string weights_are;
    std::string distances_from;
    std::string weight;
    std::string parallel;
    std::string loops;
    std::string header;
    std::string comment;
    bool overwrite = false;
};

// The place of a word among those that are legal for an option.
std::size_t choice_of(const std::string& option, const std::string& word,
                      const std::vector<std::string>& legal) {
    const auto place = std::find(legal.begin(), legal.end(), word);
    if (place != legal.end()) return static_cast<std::size_t>(place - legal.begin());
    const std::string nearest = nearest_name(word, legal);
    throw InputError(fmt::format("{}: there is no {}{}\n  legal here: {}", option, in_quotes(word),
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(legal)));
}

NetworkOptions options_of(const NetworkCommand& command) {
    const bool obligations = !command.clear.empty();
    NetworkOptions options{.directed = command.directed || obligations,
                           .obligations = obligations,
                           .weight = command.weight,
                           .comment = command.comment};
    if (!command.parallel.empty())
        options.parallel = static_cast<ParallelEdges>(
            choice_of("--parallel", command.parallel, {"refuse", "sum", "max", "first"}));
    if (!command.loops.empty())
        options.loops = static_cast<LoopEdges>(choice_of("--loops", command.loops, {"refuse", "drop"}));
    if (!command.header.empty())
        options.header = static_cast<HeaderRow>(choice_of("--header", command.header, {"auto", "yes", "no"}));
    return options;
}

std::optional<WeightMeaning> weights_of(const NetworkCommand& command) {
    if (command.weights_are.empty()) return std::nullopt;
    return static_cast<WeightMeaning>(
        choice_of("--weights-are", command.weights_are, {"ignored", "distances", "strengths"}));
}

// A file, or where there is none of that name, assets as they are written.
VertexAssets assets_of(const std::string& text, const Network& network) {
    std::error_code ignored;
    const bool is_inline = text.find('=') != std::string::npos && !std::filesystem::exists(text, ignored);
    return is_inline ? vertex_assets_of(text, "--clear", network) : load_vertex_assets(text, network);
}

std::uint32_t vertex_called(const std::string& option, const std::string& name, const Network& network,
                            std::string_view legal) {
    for (std::uint32_t i = 0; i < network.vertices; ++i)
        if (network.names[i] == name) return i;
    const std::string nearest = nearest_name(name, network.names);
    throw InputError(fmt::format("{}: there is no vertex {}{}\n  legal here: {}", option, in_quotes(name),
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 legal));
}

std::vector<std::uint32_t> debt_rank_vertices(const std::string& name, const Network& network) {
    const bool is_all =
        name == "all" && std::find(network.names.begin(), network.names.end(), name) == network.names.end();
    if (!is_all) return {vertex_called("--debt-rank", name, network, "a vertex of the network, or all")};
    std::vector<std::uint32_t> vertices(network.vertices);
    std::iota(vertices.begin(), vertices.end(), 0U);
    return vertices;
}

void check_options(const NetworkCommand& command) {
    if (!command.debt_rank.empty() && command.clear.empty())
        throw InputError("--debt-rank needs what vertices own: give it with --clear");
    const bool asks_of_vertices =
        !command.measures.empty() || !command.clear.empty() || !command.distances_from.empty();
    if (command.json && command.summary && asks_of_vertices)
        throw InputError(
            "--json prints one object: of the vertices, or with --summary of the network\n"
            "  legal here: --summary without --measure, --clear, --distances-from and "
            "--debt-rank");
    const bool betweenness =
        std::find(command.measures.begin(), command.measures.end(), "betweenness") != command.measures.end();
    const bool all =
        std::find(command.measures.begin(), command.measures.end(), "all") != command.measures.end();
    if (command.pivots > 0 && !betweenness && !all) throw InputError("--pivots are of --measure betweenness");
}

bool is_named(const NetworkCommand& command, std::string_view measure) {
    return std::find(command.measures.begin(), command.measures.end(), measure) != command.measures.end();
}

NetworkRequest request_of(const NetworkCommand& command, const Network& network, const StopRequest& stop) {
    NetworkRequest request{.pivots = command.pivots, .seed = command.seed, .stop = &stop};
    request.measures = measures_called(command.measures);
    if (!command.clear.empty()) {
        request.assets = assets_of(command.clear, network);
        request.clear = true;
    }
    if (!command.debt_rank.empty()) request.debt_rank_of = debt_rank_vertices(command.debt_rank, network);
    if (!command.distances_from.empty())
        request.distances_from =
            vertex_called("--distances-from", command.distances_from, network, "a vertex of the network");
    const bool asks_of_vertices = !request.measures.empty() || request.clear || request.distances_from;
    // Of the vertices, because there is one object each; so without a word about which measures, all.
    if (command.json && !asks_of_vertices && !command.summary) request.measures = measures_called({"all"});
    request.summary = command.summary || (!asks_of_vertices && !command.json);
    return request;
}

// What is asked for that may go by weights or not.
std::vector<std::string> weighed_parts(const NetworkRequest& request) {
    std::vector<std::string> parts;
    for (const VertexMeasure& measure : request.measures)
        if (measure.role != WeightRole::none) parts.emplace_back(measure.name);
    if (request.distances_from) parts.emplace_back("distance");
    return parts;
}

// Settles what weights mean, and says so where it makes a difference.
void settle_weights(const NetworkCommand& command, const NetworkReading& reading, NetworkRequest& request,
                    std::ostream& err) {
    const std::optional<WeightMeaning> asked = weights_of(command);
    const std::vector<NetworkEdge>& edges = reading.network.edges;
    const bool differ =
        std::any_of(edges.begin(), edges.end(), [](const NetworkEdge& edge) { return edge.weight != 1; });
    const std::vector<std::string> parts = weighed_parts(request);
    if (!asked) {
        if (!differ || parts.empty()) return;
        throw InputError(
            fmt::format("{}: the edges have weights, which may be distances, strengths of ties, or "
                        "nothing to {}\n  legal here: --weights-are distances, --weights-are strengths, "
                        "--weights-are ignored",
                        command.file, listed(parts)));
    }
    request.weights = *asked;
    if (!differ)
        err << fmt::format("warning: --weights-are changes nothing: all edges of {} weigh 1\n", command.file);
    else if (parts.empty() && !request.summary)
        err << "warning: --weights-are changes nothing of what is asked\n";
    else if (*asked == WeightMeaning::ignored && !parts.empty())
        err << fmt::format("note: {}: weights are ignored\n", listed(parts));
    if (*asked != WeightMeaning::distances) return;
    // Of all measures, those that go by strengths are left out.
    std::vector<std::string> left_out;
    std::erase_if(request.measures, [&](const VertexMeasure& measure) {
        const bool goes = measure.role == WeightRole::strengths && !is_named(command, measure.name);
        if (goes) left_out.emplace_back(measure.name);
        return goes;
    });
    if (!left_out.empty())
        err << fmt::format("note: left out: {}, which go by strengths of ties\n", listed(left_out));
}

// Edges whose weights can't be what they are asked to be are named with their file and line.
void check_weights(const NetworkCommand& command, const NetworkReading& reading,
                   const NetworkRequest& request) {
    std::string positive;  // what needs such weights
    std::string not_negative;
    for (const VertexMeasure& measure : request.measures) {
        const bool by_weights = measure.role != WeightRole::none && request.weights != WeightMeaning::ignored;
        if (by_weights && positive.empty()) positive = measure.name;
        if (measure.name.ends_with("_weighted") && not_negative.empty()) not_negative = measure.name;
    }
    if ((request.distances_from || request.summary) && request.weights != WeightMeaning::ignored
        && positive.empty())
        positive = "a distance";
    const std::vector<NetworkEdge>& edges = reading.network.edges;
    const auto is_wrong = [&](const NetworkEdge& edge) {
        return edge.weight < 0 ? !positive.empty() || !not_negative.empty()
                               : edge.weight == 0 && !positive.empty();
    };
    const auto wrong = std::find_if(edges.begin(), edges.end(), is_wrong);
    if (wrong == edges.end()) return;
    NetworkOptions options = options_of(command);
    options.with_places = true;
    const EdgePlace place =
        load_network(command.file, options).places.at(static_cast<std::size_t>(wrong - edges.begin()));
    throw ScenarioError(
        Problem{.position = {.file = command.file, .line = place.line, .column = place.column},
                .message = fmt::format("the edge from {} to {} has the weight {:g}, and {} needs weights {}",
                                       in_quotes(name_of(reading.network, wrong->source)),
                                       in_quotes(name_of(reading.network, wrong->target)), wrong->weight,
                                       positive.empty() ? not_negative : positive,
                                       positive.empty() ? "of at least 0" : "above 0"),
                .legal = "other weights, or --weights-are ignored, or measures that go by no weights"});
}

NetworkAnalysis analysis_of(const NetworkCommand& command, const Network& network,
                            const NetworkRequest& request) {
    try {
        return analyse(network, request);
    } catch (const std::invalid_argument& error) {
        throw InputError(fmt::format("{}: {}", command.file, error.what()));
    }
}

ExitCode analyse_network(const NetworkCommand& command, const Streams& streams) {
    check_options(command);
    static_cast<void>(measures_called(command.measures));  // before a file that takes long
    static_cast<void>(weights_of(command));
    const OutputFile graphml("--graphml", command.graphml, command.overwrite);
    if (graphml.is_standard_output() && command.json)
        throw InputError("--graphml: a network and --json can't both be printed");
    const NetworkReading reading = load_network(command.file, options_of(command));
    const Network& network = reading.network;
    streams.err << to_text(Problem{.position = {.file = command.file}, .message = reading.understood})
                << '\n';
    for (const Problem& problem : reading.warnings) streams.err << "warning: " << to_text(problem) << '\n';
    if (!command.clear.empty() && !reading.weighted)
        streams.err << fmt::format("warning: {}: there are no weights; each debt is 1\n", command.file);
    const InterruptListener interrupt;
    NetworkRequest request = request_of(command, network, interrupt.request());
    settle_weights(command, reading, request, streams.err);
    check_weights(command, reading, request);
    const NetworkAnalysis analysis = [&] {
        const BusyLine busy(streams.err, progress_style_of(STDERR_FILENO), "measuring " + command.file,
                            columns_of(STDERR_FILENO));
        return analysis_of(command, network, request);
    }();
    for (const std::string& warning : analysis.warnings) streams.err << "warning: " << warning << '\n';
    for (const std::string& note : analysis.notes) streams.err << "note: " << note << '\n';
    if (!analysis.left_out.empty())
        streams.err << fmt::format("interrupted: left out are {}\n", listed(analysis.left_out));
    const ExitCode code =
        graphml.write(graphml.is_asked_for() ? network_graphml(network, analysis) : "", streams);
    if (command.json)
        streams.out << (analysis.summary ? network_summary_json(*analysis.summary)
                                         : network_json(network, analysis));
    else if (!graphml.is_standard_output())
        streams.out << network_text(network, analysis, colour_of(STDOUT_FILENO), command.top);
    return interrupt.exit_code(code);
}

std::string examples() {
    std::string text = R"(
A FILE is a list of edges, one a line (source,target or source,target,weight; commas, semicolons, tabs, bars
or blanks; a header may stand above), an adjacency matrix with names, GraphML, GML, Pajek's format, a list of
networkx, KONECT or SNAP, a matrix in coordinates of the Matrix Market, or Cytoscape's .sif; in UTF-8 or
UTF-16. What was understood is said in a line on standard error; a file that may be understood in two ways is
refused, with the option that decides. Without --measure, --clear, --distances-from and --json: a summary.

Examples:
  venturi network families.csv                                 size, components, clustering, degrees
  venturi network families.csv --measure betweenness,degree    a table, the most central first
  venturi network families.graphml --measure all --json        {"Medici": {"degree": 6, ...}, ...}
  venturi network families.csv --measure all --graphml out.graphml   for Gephi, networkx, igraph
  venturi network roads.csv --measure closeness --weights-are distances   paths by lengths
  venturi network trust.csv --measure constraint --weights-are strengths  ties by strengths
  venturi network web.csv --measure betweenness --pivots 1000  of a large network, with standard errors
  venturi network calls.csv --weight minutes --parallel sum --loops drop  what is there twice adds up
  venturi network debts.csv --clear assets.csv                 who can pay whom: source owes target weight
  venturi network debts.csv --clear A=40,B=0 --json            the same, assets given here
  venturi network debts.csv --clear assets.csv --debt-rank A   and whom the default of A distresses

Measures (a network that falls apart is one network to all; where that matters the meaning says how):
)";
    for (const VertexMeasure& measure : vertex_measures())
        text += fmt::format("  {:<21} {}\n", measure.name, measure.meaning);
    return text;
}

}  // namespace

void add_network_command(CommandLine& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<NetworkCommand>();
    const Command command =
        program.add_command("network", "Measure a network from a file, or clear its debts");
    command.option("FILE", options->file, "a list of edges, a matrix, GraphML, GML, Pajek's format, ...")
        .required();
    command.option("--measure", options->measures, "measures of vertices, with commas between; all")
        .separated_by(',')
        .one_value_each();
    command.option("--clear", options->clear,
                   "edges are debts of their sources to their targets: who can pay? Assets by vertex, from a "
                   "file of name,assets[,senior debt] or as vertex=assets,...; none for others");
    command.option("--weights-are", options->weights_are,
                   "what weights are to measures of paths and of ties: distances (an edge's length is its "
                   "weight), strengths (its length is 1 / weight), or ignored; asked for where it matters");
    command.option("--distances-from", options->distances_from, "the distance of each vertex from this one");
    command.option("--weight", options->weight,
                   "the column or attribute that holds the weights (of a table without a header, the "
                   "column's number); none for none");
    command.option("--parallel", options->parallel,
                   "edges that join the same vertices become one of the sum of their weights, of the "
                   "largest (max) or of the first: refuse (default), sum, max, first; debts add up");
    command.option("--loops", options->loops, "edges from a vertex to itself: refuse (default), drop");
    command.option("--header", options->header,
                   "whether the first line of a table names its columns: auto (default), yes, no");
    command.option("--comment", options->comment,
                   "what lines of comment begin with in a table, such as '#'; none where there are none "
                   "(default: where it shows)");
    command.option("--debt-rank", options->debt_rank,
                   "with --clear: whom the default of this vertex distresses; all: each one's debt rank");
    command.flag("--directed", options->directed, "edges of a list go from the first column to the second");
    command.flag("--summary", options->summary, "the network as a whole, beside what else is asked");
    command
        .option("--pivots", options->pivots,
                "estimate betweenness from the paths that start at so many vertices")
        .within(std::uint64_t{2}, std::uint64_t{1} << 32);
    command.option("--seed", options->seed, "seed of the choice of pivots (default: 1)");
    command.option("--top", options->top, "show only so many vertices in the table")
        .within(std::uint64_t{0}, std::uint64_t{1} << 32);
    command.flag("--json", options->json,
                 "print one JSON object, with an object for each vertex under its name (without other "
                 "options: all measures); with --summary alone, of the network");
    command.option("--graphml", options->graphml,
                   "write the network with what was found into this file; - prints that instead");
    add_overwrite_option(command, options->overwrite);
    command.notes(examples());
    command.action([options, streams, &code] { code = analyse_network(*options, streams); });
}

}  // namespace venturi
