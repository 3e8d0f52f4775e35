#include "scenarios/network/other_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

std::size_t first_of(std::string_view text, std::size_t from = 0) {
    return std::min(text.find_first_not_of(" \t\r\n", from), text.size());
}

bool is_json(std::string_view text) {
    const std::size_t first = first_of(text);
    if (first == text.size() || (text[first] != '{' && text[first] != '[')) return false;
    const std::size_t next = first_of(text, first + 1);
    return next < text.size() && std::string_view("\"{}[]").find(text[next]) != std::string_view::npos;
}

bool is_graphviz(std::string_view lower) {
    for (const std::string_view word : {"strict", "digraph", "graph"}) {
        if (!lower.starts_with(word)) continue;
        const std::string_view rest = lower.substr(word.size());
        if (rest.empty() || std::string_view(" \t\r\n{").find(rest.front()) == std::string_view::npos)
            continue;
        const std::size_t brace = rest.find('{');
        return brace != std::string_view::npos && rest.substr(0, brace).find(',') == std::string_view::npos;
    }
    return false;
}

// p edge 5 6, p sp 5 6
bool is_dimacs(std::string_view lower) {
    constexpr auto kinds =
        std::to_array<std::string_view>({"edge ", "col ", "sp ", "max ", "min ", "asn ", "mod "});
    constexpr std::size_t most_lines = 200;
    for (std::size_t at = 0, line = 0; at < lower.size() && line < most_lines; ++line) {
        std::string_view row = lower.substr(at, std::min(lower.find('\n', at), lower.size()) - at);
        at += row.size() + 1;
        if (!row.starts_with("p ")) continue;
        row.remove_prefix(2);
        if (std::any_of(kinds.begin(), kinds.end(),
                        [&](std::string_view kind) { return row.starts_with(kind); }))
            return true;
    }
    return false;
}

std::optional<std::string_view> format_of(std::string_view text) {
    constexpr std::size_t looked_at = 4096;
    if (is_json(text)) return "a JSON file";
    const std::size_t first = first_of(text);
    const std::string lower = lower_case(text.substr(first, looked_at));
    const auto begins = [&](std::string_view mark) { return lower.starts_with(mark); };
    if (is_graphviz(lower)) return "a file of Graphviz's format DOT";
    if (begins("dl ") || begins("dl\n") || begins("dl\r") || begins("dl,"))
        return "a file of UCINET's format DL";
    if (begins("nodedef>")) return "a file of GUESS's format GDF";
    if (begins("@nodes") || begins("@arcs") || begins("@edges")) return "a file of LEMON's format LGF";
    if (begins("leda.graph")) return "a file of LEDA's format GW";
    if (is_dimacs(lower)) return "a file of the DIMACS challenges' format";
    return std::nullopt;
}

}  // namespace

void refuse_other_formats(const SourceText& source, FileProblems& problems) {
    const auto format = format_of(source.text());
    if (!format) return;
    problems.fail(first_of(source.text()),
                  {.position = {},
                   .message = fmt::format("{}, which is not read", *format),
                   .legal = "a list of edges, GraphML, GML, Pajek's format, or an adjacency matrix"});
}

}  // namespace venturi
