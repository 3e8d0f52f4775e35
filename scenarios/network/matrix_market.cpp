#include "scenarios/network/matrix_market.hpp"

#include "scenarios/network/delimited_text.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr std::string_view mark = "%%matrixmarket";

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    while (true) {
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos) return words;
        const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
        words.push_back(lower_case(line.substr(begin, end - begin)));
        line.remove_prefix(end);
    }
}

// From 1 to `most`.
std::optional<std::uint32_t> index_of(const std::string& text, std::size_t most) {
    const std::optional<double> number = is_whole_number(text) ? number_of(text) : std::nullopt;
    if (!number || *number < 1 || *number > static_cast<double>(most)) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

}  // namespace

bool is_matrix_market(std::string_view text) {
    return lower_case(text.substr(0, mark.size())) == mark;
}

NetworkDraft read_matrix_market(const SourceText& source, const NetworkOptions& options,
                                FileProblems& problems) {
    const auto fail = [&](std::size_t byte, std::string message, std::string legal) {
        problems.fail(byte, {.position = {}, .message = std::move(message), .legal = std::move(legal)});
    };
    refuse_named_weight(options, "the Matrix Market's format", problems);
    const std::string_view text = source.text();
    const std::vector<std::string> banner = words_of(text.substr(0, text.find('\n')));
    if (banner.size() < 5)
        fail(0, "the first line of a Matrix Market file has five words",
             "%%MatrixMarket matrix coordinate real general");
    if (banner[2] != "coordinate") fail(0, "a dense matrix of the Matrix Market is not read", "coordinate");
    const bool is_pattern = banner[3] == "pattern";
    if (!is_pattern && banner[3] != "real" && banner[3] != "integer" && banner[3] != "double")
        fail(0, fmt::format("entries that are {} are no weights", in_quotes(banner[3])),
             "pattern, real, integer");
    if (banner[4] != "general" && banner[4] != "symmetric")
        fail(0, fmt::format("a matrix that is {} is no network", in_quotes(banner[4])), "general, symmetric");
    const TableForm form{.separator = ' ', .width = 3, .comment = "%"};
    DelimitedRows rows(source, form, problems);
    std::vector<DelimitedField> fields;
    const bool has_size = rows.next(fields) && fields.size() == 3 && is_whole_number(fields[0].text)
                          && is_whole_number(fields[1].text) && is_whole_number(fields[2].text);
    if (!has_size)
        fail(rows.byte(), "no line with the size of the matrix", "rows, columns and entries: 3 3 2");
    if (fields[0].text != fields[1].text)
        fail(rows.byte(), "the matrix is not square, so its rows and columns are different vertices",
             "as many columns as rows");
    const double size = number_of(fields[0].text).value_or(0);
    const double entries = number_of(fields[2].text).value_or(0);
    if (size > static_cast<double>(options.limits.vertices))
        fail(rows.byte(), fmt::format("more than {} vertices", options.limits.vertices), {});
    const bool directed = banner[4] == "general";
    NetworkDraft draft{.directed = directed, .weighted = !is_pattern && options.weight != "none"};
    for (std::size_t i = 1; i <= static_cast<std::size_t>(size); ++i)
        draft.names.push_back(std::to_string(i));
    while (rows.next(fields)) {
        const auto row = index_of(fields[0].text, draft.names.size());
        const auto column = fields.size() > 1 ? index_of(fields[1].text, draft.names.size()) : std::nullopt;
        if (!row || !column || fields.size() != (is_pattern ? 2U : 3U)) {
            problems.add(rows.byte(),
                         {.position = {},
                          .message = "no entry of this matrix",
                          .legal = fmt::format("row and column from 1 to {}{}", draft.names.size(),
                                               is_pattern ? "" : ", and a number")});
            continue;
        }
        EdgeDraft edge{.source = *row - 1, .target = *column - 1, .directed = directed, .byte = rows.byte()};
        if (draft.weighted) edge.weight = read_weight(fields[2].text, fields[2].byte, options, problems);
        add_edge(draft.edges, edge, options.limits, problems);
    }
    if (static_cast<double>(draft.edges.size()) != entries)
        problems.add(0, {.position = {},
                         .message = fmt::format("{} entries, where the file says that it has {}",
                                                draft.edges.size(), entries)});
    draft.form = fmt::format("Matrix Market, {} {}", banner[3], banner[4]);
    return draft;
}

}  // namespace venturi
