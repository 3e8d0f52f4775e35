#include "scenarios/network/network_file.hpp"

#include "scenarios/counted.hpp"
#include "scenarios/network/delimited_text.hpp"
#include "scenarios/network/edge_list.hpp"
#include "scenarios/network/gml.hpp"
#include "scenarios/network/graphml.hpp"
#include "scenarios/network/interaction_list.hpp"
#include "scenarios/network/matrix_market.hpp"
#include "scenarios/network/network_draft.hpp"
#include "scenarios/network/pajek.hpp"
#include "scenarios/network/text_file.hpp"
#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace venturi {

namespace {

// What is known of vertices, row by row.
class AssetsReader {
  public:
    AssetsReader(const Network& network, FileProblems& problems)
        : network_(network), problems_(problems), is_read_(network.vertices) {
        for (std::size_t i = 0; i < network.vertices; ++i) numbers_.emplace(name_of(network, i), i);
        made_.assets.resize(network.vertices);
        made_.senior_debt.resize(network.vertices);
    }

    void read(const DelimitedField& name, const DelimitedField& assets, const DelimitedField* senior_debt) {
        const auto vertex = numbers_.find(name.text);
        if (vertex == numbers_.end()) {
            problems_.add(name.byte, {.position = {},
                                      .message = fmt::format("there is no vertex {}", in_quotes(name.text)),
                                      .value = name.text,
                                      .legal = "a vertex of the network",
                                      .nearest = nearest_vertex(name.text, network_.names)});
            return;
        }
        if (is_read_[vertex->second])
            problems_.add(name.byte,
                          {.position = {},
                           .message = fmt::format("the vertex {} is there twice", in_quotes(name.text)),
                           .value = name.text,
                           .legal = "assets once for a vertex"});
        is_read_[vertex->second] = true;
        made_.assets[vertex->second] = amount_of(assets, "the assets are");
        if (senior_debt != nullptr)
            made_.senior_debt[vertex->second] = amount_of(*senior_debt, "the senior debt is");
    }

    [[nodiscard]] VertexAssets take() && {
        problems_.throw_if_any();
        return std::move(made_);
    }

  private:
    // Adds a problem and returns 0 where the field can't be an amount.
    double amount_of(const DelimitedField& field, std::string_view what) {
        const std::optional<double> amount = number_of(field.text);
        const bool is_amount = amount && std::isfinite(*amount) && *amount >= 0;
        const std::string_view why = is_amount ? out_of_range(*amount, field.text) : std::string_view();
        if (is_amount && why.empty()) return *amount;
        problems_.add(field.byte, {.position = {},
                                   .message = fmt::format("{} {}: {}", what, in_quotes(field.text),
                                                          why.empty() ? "that can't be" : why),
                                   .value = field.text,
                                   .legal = why.empty() ? "a finite amount of at least 0"
                                                        : "0, or from 1e-100 to 1e100"});
        return 0;
    }

    const Network& network_;
    FileProblems& problems_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<bool> is_read_;
    VertexAssets made_;
};

/// Options that say how a table is to be read, for what is none.
void refuse_options_of_tables(const NetworkOptions& options, const std::string& name) {
    const bool has_header = options.header != HeaderRow::automatic;
    if (!has_header && options.comment.empty()) return;
    const std::string_view option = has_header ? "--header" : "--comment";
    throw ScenarioError(
        Problem{.position = {.file = name},
                .message = fmt::format("{} says how a table is read, and this is none", option),
                .legal = fmt::format("no {}", option)});
}

}  // namespace

NetworkFormat network_format_of(std::string_view text, std::string_view name) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const std::string lower_name = lower_case(name);
    if (first == std::string_view::npos) {
        const bool is_xml = lower_name.ends_with(".graphml") || lower_name.ends_with(".xml");
        return is_xml ? NetworkFormat::graphml : NetworkFormat::table;
    }
    text.remove_prefix(first);
    if (text.starts_with('<')) return NetworkFormat::graphml;
    if (is_matrix_market(text)) return NetworkFormat::matrix_market;
    if (is_pajek(text)) return NetworkFormat::pajek;
    if (is_gml(text)) return NetworkFormat::gml;
    return lower_name.ends_with(".sif") ? NetworkFormat::interactions : NetworkFormat::table;
}

NetworkReading load_network(const std::filesystem::path& file, const NetworkOptions& options) {
    return parse_network(read_text_file(file, options.limits.bytes), file.string(), options);
}

NetworkReading parse_network(std::string bytes, std::string name, const NetworkOptions& options) {
    std::string text = utf8_text(bytes, name);
    const NetworkFormat format = network_format_of(text, name);
    if (format != NetworkFormat::table) refuse_options_of_tables(options, name);
    // From its bytes, of which XML itself says what they are.
    if (format == NetworkFormat::graphml) return parse_graphml(std::move(bytes), std::move(name), options);
    if (format == NetworkFormat::table) return parse_edge_list(std::move(text), std::move(name), options);
    const SourceText source(std::move(name), std::move(text));
    expect_text(source);
    FileProblems problems(source);
    const auto read = format == NetworkFormat::gml             ? read_gml
                      : format == NetworkFormat::pajek         ? read_pajek
                      : format == NetworkFormat::matrix_market ? read_matrix_market
                                                               : read_interaction_list;
    return reading_of(read(source, options, problems), options, source, problems);
}

VertexAssets load_vertex_assets(const std::filesystem::path& file, const Network& network,
                                const NetworkLimits& limits) {
    return parse_vertex_assets(read_text_file(file, limits.bytes), file.string(), network);
}

VertexAssets parse_vertex_assets(std::string text, std::string name, const Network& network) {
    text = utf8_text(std::move(text), name);
    const SourceText source(std::move(name), std::move(text));
    FileProblems problems(source);
    const TableForm form = table_form_of(source, {});
    DelimitedRows rows(source, form, problems);
    AssetsReader reader(network, problems);
    std::vector<DelimitedField> fields;
    bool is_first = true;
    bool is_empty = true;
    while (rows.next(fields)) {
        const bool is_header =
            std::exchange(is_first, false) && fields.size() > 1 && !begins_as_number(fields[1].text);
        if (is_header) continue;
        is_empty = false;
        if (fields.size() == 2 || fields.size() == 3)
            reader.read(fields[0], fields[1], fields.size() == 3 ? &fields[2] : nullptr);
        else
            problems.add(rows.byte(), {.position = {},
                                       .message = fmt::format("{} where they are separated by {}",
                                                              counted(fields.size(), "field"),
                                                              separator_name(form.separator)),
                                       .legal = "name,assets or name,assets,senior debt"});
    }
    if (is_empty)
        problems.add(0, {.position = {},
                         .message = "holds no assets",
                         .legal = "a line for each vertex that has some: name,assets"});
    return std::move(reader).take();
}

VertexAssets vertex_assets_of(std::string text, std::string name, const Network& network) {
    const SourceText source(std::move(name), std::move(text));
    expect_text(source);
    FileProblems problems(source);
    AssetsReader reader(network, problems);
    const std::string_view all = source.text();
    for (std::size_t begin = 0; begin <= all.size();) {
        const std::size_t end = std::min(all.find(',', begin), all.size());
        const std::string_view pair = all.substr(begin, end - begin);
        const std::size_t sign = pair.rfind('=');  // a name may have one of its own
        if (sign == std::string_view::npos || sign == 0)
            problems.add(begin, {.position = {},
                                 .message = fmt::format("{} gives no vertex its assets", in_quotes(pair)),
                                 .value = std::string(pair),
                                 .legal = "vertex=assets, with commas between several"});
        else
            reader.read({std::string(pair.substr(0, sign)), begin},
                        {std::string(pair.substr(sign + 1)), begin + sign + 1}, nullptr);
        begin = end + 1;
    }
    return std::move(reader).take();
}

}  // namespace venturi
