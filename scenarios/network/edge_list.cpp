#include "scenarios/network/edge_list.hpp"

#include "scenarios/counted.hpp"
#include "scenarios/network/adjacency_matrix.hpp"
#include "scenarios/network/attribute_dictionary.hpp"
#include "scenarios/network/delimited_text.hpp"
#include "scenarios/network/edge_table.hpp"
#include "scenarios/network/network_draft.hpp"
#include "scenarios/network/other_formats.hpp"
#include "scenarios/network/text_file.hpp"
#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace venturi {

namespace {

using Fields = std::vector<DelimitedField>;

constexpr const char* form_of_edges = "source,target or source,target,weight";

/// Reads the rows of a table whose columns are known.
class EdgeReader {
  public:
    EdgeReader(const TableForm& form, const EdgeColumns& columns, const NetworkOptions& options,
               const SourceText& source, FileProblems& problems)
        : form_(form),
          columns_(columns),
          options_(options),
          problems_(problems),
          rows_(source, form, problems),
          names_(problems, options.limits) {}

    NetworkDraft read() {
        NetworkDraft draft{.directed = columns_.directed,
                           .direction_is_open = !columns_.directed && columns_.direction_is_open,
                           .weighted = columns_.weight.has_value(),
                           .form = columns_.understood,
                           .remarks = columns_.remarks};
        Fields fields;
        bool is_first = true;
        while (rows_.next(fields)) {
            if (std::exchange(is_first, false) && columns_.has_header && !columns_.header_is_comment)
                continue;
            if (is_complete(fields)) add_edge(draft.edges, edge_of(fields), options_.limits, problems_);
        }
        draft.names = std::move(names_).take();
        if (rows_.comments() > (columns_.header_is_comment ? 1U : 0U))
            draft.remarks.push_back(counted(rows_.comments(), "line") + " of comment");
        if (rows_.hash_rows() > 0)
            draft.remarks.push_back(
                fmt::format("{} with # at the beginning of a name (--comment '#' passes over "
                            "them)",
                            counted(rows_.hash_rows(), "line")));
        return draft;
    }

  private:
    bool is_complete(const Fields& fields) {
        const auto refuse = [&](std::size_t byte, std::string message, std::string legal = form_of_edges) {
            problems_.add(byte, {.position = {}, .message = std::move(message), .legal = std::move(legal)});
            return false;
        };
        const std::string between(separator_name(form_.separator));
        if (fields.size() < 2)
            return refuse(rows_.byte(),
                          fmt::format("one field, {}, where fields are separated by {}; an edge "
                                      "has two ends",
                                      in_quotes(fields.front().text), between));
        for (const auto& [end, what] :
             {std::pair(columns_.source, "first end"), std::pair(columns_.target, "second end")})
            if (end < fields.size() && fields[end].text.empty())
                return refuse(fields[end].byte, fmt::format("the {} of an edge has no name", what));
        const bool is_weighted = columns_.weight.has_value();
        if (is_weighted && (fields.size() <= *columns_.weight || fields[*columns_.weight].text.empty()))
            return refuse(fields.size() <= *columns_.weight ? rows_.byte() : fields[*columns_.weight].byte,
                          "an edge without a weight in a list that has weights");
        if (!columns_.has_header && columns_.width == 2 && fields.size() == 3 && !fields[2].text.empty())
            return refuse(fields[2].byte,
                          fmt::format("a third field, {}, in a list that has no weights in its "
                                      "first line",
                                      in_quotes(fields[2].text)));
        const std::size_t most = columns_.width;
        const bool has_more =
            fields.size() > most && !(fields.size() == most + 1 && fields.back().text.empty());
        if (has_more || fields.size() < most)
            return refuse(
                rows_.byte(),
                fmt::format("{} fields, separated by {}, where the first line has {}", fields.size(), between,
                            most),
                fmt::format(
                    "{} fields in every line; lines of comment begin with # and a blank, or what --comment "
                    "says",
                    most));
        return true;
    }

    EdgeDraft edge_of(const Fields& fields) {
        const DelimitedField& source = fields[columns_.source];
        const DelimitedField& target = fields[columns_.target];
        EdgeDraft edge{.source = names_.number_of(source.text, source.byte),
                       .target = names_.number_of(target.text, target.byte),
                       .directed = columns_.directed,
                       .byte = rows_.byte()};
        if (columns_.weight) {
            const DelimitedField& weight = fields[*columns_.weight];
            edge.weight = read_weight(weight.text, weight.byte, options_, problems_);
        }
        if (columns_.type) edge.directed = is_directed(fields[*columns_.type]);
        return edge;
    }

    // Adds a problem where the field says neither.
    bool is_directed(const DelimitedField& type) {
        static const std::vector<std::string> legal = {"Directed", "Undirected"};
        const std::string lower = lower_case(type.text);
        if (lower != "directed" && lower != "undirected")
            problems_.add(type.byte, {.position = {},
                                      .message = fmt::format(
                                          "the type of an edge is {}, in column {}, whose other fields "
                                          "say which edges have a direction",
                                          in_quotes(type.text), *columns_.type + 1),
                                      .value = type.text,
                                      .legal = listed(legal),
                                      .nearest = nearest_name(type.text, legal)});
        return lower == "directed";
    }

    const TableForm& form_;
    const EdgeColumns& columns_;
    const NetworkOptions& options_;
    FileProblems& problems_;
    DelimitedRows rows_;
    VertexNames names_;
};

// a b 1,5: which commas would cut in two.
void refuse_decimal_commas(const TableSurvey& survey, const TableForm& form, FileProblems& problems) {
    const auto is_cut = [](const std::string& left) {
        const std::size_t last = left.find_last_of(" \t");
        return last != std::string::npos && is_whole_number(left.substr(last + 1));
    };
    const bool is_odd = form.separator == ',' && survey.first.size() == 2 && is_cut(survey.first[0].text)
                        && is_whole_number(survey.first[1].text) && survey.narrowest == 2
                        && survey.widest == 2 && survey.columns[1].whole == survey.rows;
    if (is_odd)
        problems.fail(survey.first_byte,
                      {.position = {},
                       .message = "weights with a decimal comma in a list that is separated by "
                                  "blanks",
                       .legal = "numbers with a point: 1.5"});
}

NetworkDraft draft_of(const SourceText& source, const NetworkOptions& options, FileProblems& problems) {
    expect_text(source);
    refuse_other_formats(source, problems);
    if (is_list_with_dictionaries(source) && options.header == HeaderRow::yes)
        problems.fail(0, {.position = {},
                          .message = "--header yes: networkx's list with dictionaries has no header",
                          .legal = "--header no, or no --header"});
    if (is_list_with_dictionaries(source)) return read_list_with_dictionaries(source, options, problems);
    const TableForm form = table_form_of(source, options.comment);
    const TableSurvey survey = survey_of(source, form, problems);
    if (survey.first.empty()) return {};
    const bool is_list_by_option = options.header == HeaderRow::no && is_first_row_an_edge(survey);
    if (!is_list_by_option && is_adjacency_matrix(survey))
        return read_adjacency_matrix(survey, form, options, source, problems);
    problems.throw_if_any();
    refuse_decimal_commas(survey, form, problems);
    const EdgeColumns columns = edge_columns_of(survey, form, options, problems);
    // Nothing of it is shown: what begins with no edge may be anybody's.
    if (columns.width < 2)
        problems.fail(survey.first_byte, {.position = {},
                                          .message = "the first line has one field, and an edge has two ends",
                                          .legal = form_of_edges});
    return EdgeReader(form, columns, options, source, problems).read();
}

}  // namespace

NetworkReading load_edge_list(const std::filesystem::path& file, const NetworkOptions& options) {
    return parse_edge_list(read_text_file(file, options.limits.bytes), file.string(), options);
}

NetworkReading parse_edge_list(std::string text, std::string name, const NetworkOptions& options) {
    text = utf8_text(std::move(text), name);
    const SourceText source(std::move(name), std::move(text));
    FileProblems problems(source);
    NetworkDraft draft = draft_of(source, options, problems);
    if (draft.edges.empty()) {
        problems.throw_if_any();
        throw ScenarioError(
            Problem{.position = source.whole(),
                    .message = "holds no edges",
                    .legal = fmt::format("one edge a line: {}; a network without edges can be written in "
                                         "GraphML",
                                         form_of_edges)});
    }
    return reading_of(std::move(draft), options, source, problems);
}

}  // namespace venturi
