#include "scenarios/network/network_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <system_error>
#include <tuple>
#include <utility>

namespace venturi {

void FileProblems::add(std::size_t byte, Problem problem) {
    problem.position = source_->at(byte);
    problems_.add(std::move(problem));
    if (++found_ >= most_found) problems_.throw_if_any();
}

namespace {

std::pair<std::uint32_t, std::uint32_t> ends_of(const EdgeDraft& edge, bool directed) {
    if (directed || edge.source < edge.target) return {edge.source, edge.target};
    return {edge.target, edge.source};
}

// Each edge that joins what one before it joins.
void check_repeated(const std::vector<std::string>& names, const std::vector<EdgeDraft>& edges, bool directed,
                    const SourceText& source, FileProblems& problems) {
    std::vector<std::uint32_t> order(edges.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto key = [&](std::uint32_t i) { return std::tuple(ends_of(edges[i], directed), i); };
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t one, std::uint32_t other) { return key(one) < key(other); });
    std::vector<std::pair<std::uint32_t, std::uint32_t>> repeated;  // with the first of its kind
    std::size_t first = 0;
    for (std::size_t i = 1; i < order.size(); ++i) {
        if (ends_of(edges[order[i]], directed) == ends_of(edges[order[first]], directed))
            repeated.emplace_back(order[i], order[first]);
        else
            first = i;
    }
    std::sort(repeated.begin(), repeated.end());
    for (const auto& [again, before] : repeated) {
        const EdgeDraft& edge = edges[again];
        const bool turned = edge.source != edges[before].source;
        problems.add(
            edge.byte,
            {.position = {},
             .message = fmt::format(
                 "the edge from {} to {} is there again{}; first at line {}", in_quotes(names[edge.source]),
                 in_quotes(names[edge.target]),
                 turned ? ", in the opposite order, which is the same edge in an undirected network" : "",
                 source.at(edges[before].byte).line),
             .legal = directed ? "one edge from a vertex to another" : "one edge between two vertices"});
    }
}

}  // namespace

Network network_of(std::vector<std::string> names, const std::vector<EdgeDraft>& edges, bool directed,
                   const SourceText& source, FileProblems& problems) {
    for (const EdgeDraft& edge : edges) {
        if (edge.source != edge.target) continue;
        problems.add(edge.byte,
                     {.position = {},
                      .message = fmt::format("the edge joins {} to itself", in_quotes(names[edge.source])),
                      .value = names[edge.source],
                      .legal = "an edge between two different vertices"});
    }
    check_repeated(names, edges, directed, source, problems);
    Network network{.directed = directed, .vertices = names.size(), .edges = {}, .names = std::move(names)};
    network.edges.reserve(edges.size());
    for (const EdgeDraft& edge : edges) network.edges.push_back({edge.source, edge.target, edge.weight});
    return network;
}

std::string nearest_vertex(std::string_view written, const std::vector<std::string>& names) {
    constexpr std::size_t most_compared = 20'000;
    return names.size() <= most_compared ? nearest_name(written, names) : std::string();
}

std::optional<double> number_of(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc{}) return value;
    // Too near to zero or too far from it, which from_chars doesn't tell apart.
    const std::size_t exponent = text.find_first_of("eE");
    const bool is_tiny = exponent != std::string_view::npos
                             ? text.substr(exponent + 1).starts_with('-')
                             : text.find_first_of("123456789") > text.find('.');
    return is_tiny ? 0 : std::numeric_limits<double>::infinity();
}

double read_weight(std::string_view text, std::size_t byte, const NetworkOptions& options,
                   FileProblems& problems) {
    const std::string legal =
        options.obligations ? "an amount of at least 0" : "a finite number, such as 2.5";
    const auto refuse = [&](std::string_view why) {
        problems.add(byte, {.position = {},
                            .message = fmt::format("the weight {} is {}", in_quotes(text), why),
                            .value = std::string(text),
                            .legal = legal});
        return 1.0;
    };
    const std::optional<double> weight = number_of(text);
    if (!weight) return refuse("not a number");
    if (!std::isfinite(*weight)) return refuse("not finite");
    if (options.obligations && *weight < 0) return refuse("negative, and what is owed can't be");
    return *weight;
}

}  // namespace venturi
