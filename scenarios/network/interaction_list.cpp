#include "scenarios/network/interaction_list.hpp"

#include "scenarios/network/delimited_text.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace venturi {

NetworkDraft read_interaction_list(const SourceText& source, const NetworkOptions& options,
                                   FileProblems& problems) {
    refuse_named_weight(options, "Cytoscape's list of interactions", problems);
    const bool has_tabs = source.text().find('\t') != std::string::npos;
    const TableForm form{.separator = has_tabs ? '\t' : ' ', .width = 0, .comment = "none"};
    const bool directed = options.directed || options.obligations;
    NetworkDraft draft{.directed = directed, .form = "Cytoscape's interactions: kinds ignored"};
    VertexNames names(problems, options.limits);
    DelimitedRows rows(source, form, problems);
    std::vector<DelimitedField> fields;
    while (rows.next(fields)) {
        // Spreadsheets fill up short lines with tabs.
        while (fields.size() > 1 && fields.back().text.empty()) fields.pop_back();
        const std::uint32_t from = names.number_of(fields.front().text, fields.front().byte);
        if (fields.size() == 2)
            problems.add(rows.byte(), {.position = {},
                                       .message = "a source and a kind of interaction, without a target",
                                       .legal = "source, interaction, targets; or a vertex alone"});
        for (std::size_t i = 2; i < fields.size(); ++i)
            add_edge(draft.edges,
                     {.source = from,
                      .target = names.number_of(fields[i].text, fields[i].byte),
                      .directed = directed,
                      .byte = rows.byte()},
                     options.limits, problems);
    }
    draft.names = std::move(names).take();
    return draft;
}

}  // namespace venturi
