#include "analysis/report/graphml_writer.hpp"

#include "analysis/report/svg_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace venturi {

namespace {

bool is_name_token(std::string_view name) {
    const auto belongs = [](char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_digit = c >= '0' && c <= '9';
        return is_letter || is_digit || std::string_view("_-.:").find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), belongs);
}

bool serve_as_ids(const std::vector<std::string>& names) {
    if (!std::all_of(names.begin(), names.end(), is_name_token)) return false;
    std::vector<std::string_view> sorted(names.begin(), names.end());
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

std::size_t size_of(const GraphmlColumn& column) {
    return std::visit([](const auto& values) { return values.size(); }, column.values);
}

std::string_view type_of(const GraphmlColumn& column) {
    constexpr std::array<std::string_view, 3> types = {"double", "long", "string"};
    return types[column.values.index()];
}

void expect_sound_columns(std::span<const GraphmlColumn> columns, std::size_t size,
                          std::initializer_list<std::string_view> reserved) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const GraphmlColumn& column = columns[i];
        if (size_of(column) != size)
            throw std::invalid_argument(fmt::format("the column '{}' has {} values where there are {}",
                                                    column.name, size_of(column), size));
        const bool twice = std::any_of(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const GraphmlColumn& other) { return other.name == column.name; });
        if (std::find(reserved.begin(), reserved.end(), column.name) != reserved.end())
            throw std::invalid_argument(
                fmt::format("a column can't be called '{}', which has a meaning of its own", column.name));
        if (twice)
            throw std::invalid_argument(
                fmt::format("there are two columns '{}' of the same things", column.name));
    }
}

// Empty where nothing is known. Java, which Gephi is written in, and Python both read this infinity.
std::string text_of(double value) {
    if (std::isnan(value)) return {};
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return fmt::format("{}", value);
}

std::string text_of(std::int64_t value) {
    return fmt::format("{}", value);
}

std::string text_of(const std::string& value) {
    return escaped(value);
}

void append_data(std::string& text, char prefix, std::span<const GraphmlColumn> columns, std::size_t row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string value =
            std::visit([&](const auto& values) { return text_of(values[row]); }, columns[i].values);
        if (!value.empty())
            fmt::format_to(std::back_inserter(text), "<data key=\"{}{}\">{}</data>", prefix, i, value);
    }
}

void append_keys(std::string& text, char prefix, std::string_view of,
                 std::span<const GraphmlColumn> columns) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        fmt::format_to(std::back_inserter(text),
                       "  <key id=\"{}{}\" for=\"{}\" attr.name=\"{}\" attr.type=\"{}\"/>\n", prefix, i, of,
                       escaped(columns[i].name), type_of(columns[i]));
}

}  // namespace

std::string graphml_text(const Network& network, std::span<const GraphmlColumn> of_vertices,
                         std::span<const GraphmlColumn> of_edges) {
    expect_sound(network);
    expect_sound_columns(of_vertices, network.vertices, {"name", "label"});
    expect_sound_columns(of_edges, network.edges.size(), {"weight"});
    const bool labelled = !serve_as_ids(network.names);
    const auto id_of = [&](std::size_t vertex) {
        return labelled ? fmt::format("n{}", vertex) : name_of(network, vertex);
    };
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
    if (labelled) text += "  <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n";
    append_keys(text, 'v', "node", of_vertices);
    text += "  <key id=\"weight\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n";
    append_keys(text, 'e', "edge", of_edges);
    text += fmt::format("  <graph edgedefault=\"{}\">\n", network.directed ? "directed" : "undirected");
    for (std::size_t i = 0; i < network.vertices; ++i) {
        fmt::format_to(std::back_inserter(text), "    <node id=\"{}\">", id_of(i));
        if (labelled)
            fmt::format_to(std::back_inserter(text), "<data key=\"label\">{}</data>",
                           escaped(name_of(network, i)));
        append_data(text, 'v', of_vertices, i);
        text += "</node>\n";
    }
    for (std::size_t i = 0; i < network.edges.size(); ++i) {
        const NetworkEdge& edge = network.edges[i];
        fmt::format_to(std::back_inserter(text),
                       "    <edge source=\"{}\" target=\"{}\"><data key=\"weight\">{}</data>",
                       id_of(edge.source), id_of(edge.target), text_of(edge.weight));
        append_data(text, 'e', of_edges, i);
        text += "</edge>\n";
    }
    return text + "  </graph>\n</graphml>\n";
}

}  // namespace venturi
