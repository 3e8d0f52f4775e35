// venturi network: measures, clearing of debts and debt rank of a network from a file.
#include "analysis/experiments/network_analysis.hpp"
#include "analysis/program/interrupt.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/network_report.hpp"
#include "analysis/report/result_error.hpp"
#include "analysis/report/terminal.hpp"
#include "analysis/report/whole_file.hpp"
#include "scenarios/network/network_file.hpp"
#include "scenarios/problem.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <ostream>
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
};

// A file, or where there is none of that name, assets as they are written.
VertexAssets assets_of(const std::string& text, const Network& network) {
    std::error_code ignored;
    const bool is_inline = text.find('=') != std::string::npos && !std::filesystem::exists(text, ignored);
    return is_inline ? vertex_assets_of(text, "--clear", network) : load_vertex_assets(text, network);
}

std::vector<std::uint32_t> debt_rank_vertices(const std::string& name, const Network& network) {
    std::vector<std::uint32_t> vertices;
    for (std::uint32_t i = 0; i < network.vertices; ++i)
        if (network.names[i] == name) return {i};
    if (name != "all") {
        const std::string nearest = nearest_name(name, network.names);
        throw InputError(fmt::format(
            "--debt-rank: there is no vertex {}{}\n  legal here: a vertex of the "
            "network, or all",
            in_quotes(name), nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest)));
    }
    for (std::uint32_t i = 0; i < network.vertices; ++i) vertices.push_back(i);
    return vertices;
}

void check_options(const NetworkCommand& command) {
    if (!command.debt_rank.empty() && command.clear.empty())
        throw InputError("--debt-rank needs what vertices own: give it with --clear");
    const bool asks_of_vertices = !command.measures.empty() || !command.clear.empty();
    if (command.json && command.summary && asks_of_vertices)
        throw InputError(
            "--json prints one object: of the vertices, or with --summary of the network\n"
            "  legal here: --summary without --measure, --clear and --debt-rank");
    const bool betweenness =
        std::find(command.measures.begin(), command.measures.end(), "betweenness") != command.measures.end();
    const bool all =
        std::find(command.measures.begin(), command.measures.end(), "all") != command.measures.end();
    if (command.pivots > 0 && !betweenness && !all) throw InputError("--pivots are of --measure betweenness");
}

NetworkRequest request_of(const NetworkCommand& command, const Network& network, const StopRequest& stop) {
    NetworkRequest request{.pivots = command.pivots, .seed = command.seed, .stop = &stop};
    request.measures = measures_called(command.measures);
    if (!command.clear.empty()) {
        request.assets = assets_of(command.clear, network);
        request.clear = true;
    }
    if (!command.debt_rank.empty()) request.debt_rank_of = debt_rank_vertices(command.debt_rank, network);
    const bool asks_of_vertices = !request.measures.empty() || request.clear;
    // Of the vertices, because there is one object each; so without a word about which measures, all.
    if (command.json && !asks_of_vertices && !command.summary) request.measures = measures_called({"all"});
    request.summary = command.summary || (!asks_of_vertices && !command.json);
    return request;
}

ExitCode analyse_network(const NetworkCommand& command, const Streams& streams) {
    check_options(command);
    static_cast<void>(measures_called(command.measures));  // before a file that takes long
    const bool obligations = !command.clear.empty();
    const NetworkReading reading =
        load_network(command.file, {.directed = command.directed || obligations, .obligations = obligations});
    const Network& network = reading.network;
    for (const Problem& problem : reading.warnings) streams.err << "warning: " << to_text(problem) << '\n';
    if (obligations && !reading.weighted)
        streams.err << fmt::format("warning: {}: there are no weights; each debt is 1\n", command.file);
    const InterruptListener interrupt;
    const NetworkAnalysis analysis = analyse(network, request_of(command, network, interrupt.request()));
    if (!analysis.left_out.empty())
        streams.err << fmt::format("interrupted: left out are {}\n", listed(analysis.left_out));
    if (!command.json)
        streams.out << network_text(network, analysis, colour_of(STDOUT_FILENO), command.top);
    else if (analysis.summary)
        streams.out << network_summary_json(*analysis.summary);
    else
        streams.out << network_json(network, analysis);
    if (!command.graphml.empty()) {
        try {
            write_whole_file(command.graphml, network_graphml(network, analysis));
        } catch (const ResultError& error) {
            throw InputError(error.what());
        }
    }
    return interrupt.request().requested() ? ExitCode::interrupted : ExitCode::success;
}

std::string examples() {
    std::string text = R"(
A FILE is a list of edges, one a line (source,target or source,target,weight; commas, semicolons, tabs or
blanks; a header may stand above), or GraphML. Without --measure, --clear and --json: a summary.

Examples:
  venturi network families.csv                                 size, components, clustering, degrees
  venturi network families.csv --measure betweenness,degree    a table, the most central first
  venturi network families.graphml --measure all --json        {"Medici": {"degree": 6, ...}, ...}
  venturi network families.csv --measure all --graphml out.graphml   for Gephi, networkx, igraph
  venturi network web.csv --measure betweenness --pivots 1000  of a large network, with standard errors
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

void add_network_command(CLI::App& program, const Streams& streams, ExitCode& code) {
    auto options = std::make_shared<NetworkCommand>();
    CLI::App* command =
        program.add_subcommand("network", "Measure a network from a file, or clear its debts");
    command->add_option("FILE", options->file, "a list of edges, or GraphML")->required();
    command->add_option("--measure", options->measures, "measures of vertices, with commas between; all")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option(
        "--clear", options->clear,
        "edges are debts of their sources to their targets: who can pay? Assets by vertex, from a "
        "file of name,assets[,senior debt] or as vertex=assets,...; none for others");
    command->add_option(
        "--debt-rank", options->debt_rank,
        "with --clear: whom the default of this vertex distresses; all: each one's debt rank");
    command->add_flag("--directed", options->directed,
                      "edges of a list go from the first column to the second");
    command->add_flag("--summary", options->summary, "the network as a whole, beside what else is asked");
    command
        ->add_option("--pivots", options->pivots,
                     "estimate betweenness from the paths that start at so many vertices")
        ->check(CLI::Range(std::size_t{2}, std::size_t{1} << 32));
    command->add_option("--seed", options->seed, "seed of the choice of pivots (default: 1)");
    command->add_option("--top", options->top, "show only so many vertices in the table")
        ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 32));
    command->add_flag("--json", options->json,
                      "print one JSON object, with an object for each vertex under its name (without other "
                      "options: all measures); with --summary alone, of the network");
    command->add_option("--graphml", options->graphml,
                        "write the network with what was found into this file");
    command->footer(examples());
    command->callback([options, streams, &code] { code = analyse_network(*options, streams); });
}

}  // namespace venturi
