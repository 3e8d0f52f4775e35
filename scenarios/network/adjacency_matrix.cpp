#include "scenarios/network/adjacency_matrix.hpp"

#include "scenarios/counted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace venturi {

namespace {

// Names of columns: behind a corner, or all.
std::vector<std::string> column_names(const TableSurvey& survey) {
    const bool has_corner = survey.widest == survey.first.size();
    std::vector<std::string> names;
    for (std::size_t i = has_corner ? 1 : 0; i < survey.first.size(); ++i)
        names.push_back(survey.first[i].text);
    return names;
}

std::uint64_t ordered_pair(std::uint32_t source, std::uint32_t target) {
    return std::uint64_t{source} << 32U | target;
}

// Keeps one of the two edges of each pair where both are there and weigh the same.
bool made_undirected(std::vector<EdgeDraft>& edges) {
    std::unordered_map<std::uint64_t, double> weights;
    for (const EdgeDraft& edge : edges) weights.emplace(ordered_pair(edge.source, edge.target), edge.weight);
    const bool is_symmetric = std::all_of(edges.begin(), edges.end(), [&](const EdgeDraft& edge) {
        const auto back = weights.find(ordered_pair(edge.target, edge.source));
        return back != weights.end() && back->second == edge.weight;
    });
    if (!is_symmetric) return false;
    edges.erase(std::remove_if(edges.begin(), edges.end(),
                               [](const EdgeDraft& edge) { return edge.source > edge.target; }),
                edges.end());
    return true;
}

}  // namespace

bool is_first_row_an_edge(const TableSurvey& survey) {
    const std::vector<DelimitedField>& first = survey.first;
    return survey.widest == first.size() && first.size() >= 2 && !first[0].text.empty()
           && !first[1].text.empty() && (first.size() == 2 || number_of(first[2].text));
}

bool is_adjacency_matrix(const TableSurvey& survey) {
    if (survey.rows == 0 || survey.narrowest != survey.widest) return false;
    const std::size_t width = survey.first.size();
    if (survey.widest != width && survey.widest != width + 1) return false;
    std::vector<std::string> names = column_names(survey);
    if (names.size() != survey.rows || survey.first_column.size() != survey.rows) return false;
    const bool is_small = survey.rows == 1 && !survey.first.front().text.empty();
    if (is_small) return false;
    std::vector<std::string> rows = survey.first_column;
    std::sort(names.begin(), names.end());
    std::sort(rows.begin(), rows.end());
    return names == rows && std::adjacent_find(names.begin(), names.end()) == names.end();
}

NetworkDraft read_adjacency_matrix(const TableSurvey& survey, const TableForm& form,
                                   const NetworkOptions& options, const SourceText& source,
                                   FileProblems& problems) {
    const std::vector<std::string> columns = column_names(survey);
    const bool are_numbers =
        std::all_of(survey.first.begin(), survey.first.end(),
                    [](const DelimitedField& field) { return number_of(field.text).has_value(); });
    if (are_numbers && survey.widest == survey.first.size() && options.header != HeaderRow::yes)
        problems.fail(
            survey.first_byte,
            {.position = {},
             .message = "an adjacency matrix of vertices whose names are numbers, or a list of edges",
             .legal = "--header no for a list of edges; --header yes, or an empty field in the corner, for a "
                      "matrix"});
    if (options.header == HeaderRow::no)
        problems.fail(
            survey.first_byte,
            {.position = {},
             .message = "--header no: the first line has the names of an adjacency matrix, and is no "
                        "edge",
             .legal = "--header yes, or no --header"});
    refuse_named_weight(options, "an adjacency matrix", problems);
    VertexNames names(problems, options.limits);
    for (std::size_t i = 0; i < columns.size(); ++i)
        static_cast<void>(
            names.number_of(columns[i], survey.first[i + survey.first.size() - columns.size()].byte));
    NetworkDraft draft;
    DelimitedRows rows(source, form, problems);
    std::vector<DelimitedField> fields;
    static_cast<void>(rows.next(fields));
    while (rows.next(fields)) {
        const std::uint32_t from = names.number_of(fields.front().text, fields.front().byte);
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const DelimitedField& field = fields[i];
            if (field.text.empty()) continue;
            const double weight = read_weight(field.text, field.byte, options, problems);
            if (weight == 0) continue;
            draft.weighted = draft.weighted || weight != 1;
            add_edge(draft.edges,
                     {.source = from,
                      .target = static_cast<std::uint32_t>(i - 1),
                      .weight = weight,
                      .directed = true,
                      .byte = field.byte},
                     options.limits, problems);
        }
    }
    draft.names = std::move(names).take();
    draft.form = fmt::format("adjacency matrix of {}", counted(draft.names.size(), "name"));
    const bool asks_direction = options.directed || options.obligations;
    if (!asks_direction && made_undirected(draft.edges))
        for (EdgeDraft& edge : draft.edges) edge.directed = false;
    draft.weighted = draft.weighted && options.weight != "none";
    if (!draft.weighted)
        for (EdgeDraft& edge : draft.edges) edge.weight = 1;
    return draft;
}

}  // namespace venturi
