#include "scenarios/network/edge_list.hpp"

#include "scenarios/network/delimited_text.hpp"
#include "scenarios/network/network_draft.hpp"
#include "scenarios/network/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace venturi {

namespace {

using Fields = std::vector<DelimitedField>;

constexpr const char* form = "source,target or source,target,weight";

bool is_header(const Fields& fields) {
    constexpr auto pairs =
        std::to_array<std::pair<std::string_view, std::string_view>>({{"u", "v"},
                                                                      {"source", "target"},
                                                                      {"from", "to"},
                                                                      {"src", "dst"},
                                                                      {"debtor", "creditor"},
                                                                      {"node1", "node2"},
                                                                      {"vertex1", "vertex2"},
                                                                      {"i", "j"}});
    if (fields.size() < 2) return false;
    if (fields.size() > 2) return !begins_as_number(fields[2].text);
    const std::pair ends(lower_case(fields[0].text), lower_case(fields[1].text));
    return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
        return pair.first == ends.first && pair.second == ends.second;
    });
}

// Vertices by their names, in order of appearance.
class VertexNames {
  public:
    std::uint32_t number_of(const std::string& name) {
        const auto [place, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
        if (is_new) names_.push_back(name);
        return place->second;
    }
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] std::vector<std::string> take() && { return std::move(names_); }

  private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::string> names_;
};

class EdgeListReader {
  public:
    EdgeListReader(const SourceText& source, const NetworkOptions& options)
        : source_(source), options_(options), problems_(source), rows_(source, problems_) {}

    NetworkReading read() {
        Fields fields;
        bool is_first = true;
        while (rows_.next(fields)) {
            if (std::exchange(is_first, false)) {
                weighted_ = fields.size() > 2;
                warn_of_columns(fields);
                if (is_header(fields)) continue;
            }
            if (is_complete(fields)) add_edge(fields);
        }
        if (edges_.empty()) {
            problems_.throw_if_any();
            throw ScenarioError(
                Problem{.position = source_.whole(),
                        .message = "holds no edges",
                        .legal = fmt::format("one edge a line: {}; a network without edges can be written in "
                                             "GraphML",
                                             form)});
        }
        Network network = network_of(std::move(names_).take(), edges_, options_.directed, source_, problems_);
        problems_.throw_if_any();
        return {.network = std::move(network), .weighted = weighted_, .warnings = std::move(warnings_)};
    }

  private:
    void warn_of_columns(const Fields& fields) {
        if (fields.size() <= 3) return;
        warnings_.push_back({.position = source_.at(fields[3].byte),
                             .message = fmt::format("columns after the third are passed over; the third, {}, "
                                                    "is taken for the weight",
                                                    in_quotes(fields[2].text)),
                             .legal = form});
    }

    bool is_complete(const Fields& fields) {
        const auto refuse = [&](std::size_t byte, std::string message) {
            problems_.add(byte, {.position = {}, .message = std::move(message), .legal = form});
            return false;
        };
        if (fields.size() < 2)
            return refuse(rows_.byte(),
                          fmt::format("one field, {}, where fields are separated by {}; an edge "
                                      "has two ends",
                                      in_quotes(fields.front().text), rows_.separator_name()));
        for (std::size_t end = 0; end < 2; ++end)
            if (fields[end].text.empty())
                return refuse(fields[end].byte, fmt::format("the {} of an edge has no name",
                                                            end == 0 ? "first end" : "second end"));
        if (weighted_ && (fields.size() < 3 || fields[2].text.empty()))
            return refuse(fields.size() < 3 ? rows_.byte() : fields[2].byte,
                          "an edge without a weight in a list that has weights");
        if (!weighted_ && fields.size() > 2 && !fields[2].text.empty())
            return refuse(fields[2].byte,
                          fmt::format("a third field, {}, in a list that has no weights in its "
                                      "first line",
                                      in_quotes(fields[2].text)));
        return true;
    }

    void add_edge(const Fields& fields) {
        EdgeDraft edge{.source = names_.number_of(fields[0].text),
                       .target = names_.number_of(fields[1].text),
                       .byte = rows_.byte()};
        if (weighted_) edge.weight = read_weight(fields[2].text, fields[2].byte, options_, problems_);
        edges_.push_back(edge);
        const auto refuse = [&](std::size_t most, std::string_view what) {
            throw ScenarioError(Problem{.position = source_.at(rows_.byte()),
                                        .message = fmt::format("more than {} {}", most, what)});
        };
        if (edges_.size() > options_.limits.edges) refuse(options_.limits.edges, "edges");
        if (names_.size() > options_.limits.vertices) refuse(options_.limits.vertices, "vertices");
    }

    const SourceText& source_;
    const NetworkOptions& options_;
    FileProblems problems_;
    DelimitedRows rows_;
    VertexNames names_;
    std::vector<EdgeDraft> edges_;
    std::vector<Problem> warnings_;
    bool weighted_ = false;
};

}  // namespace

NetworkReading load_edge_list(const std::filesystem::path& file, const NetworkOptions& options) {
    return parse_edge_list(read_text_file(file, options.limits.bytes), file.string(), options);
}

NetworkReading parse_edge_list(std::string text, std::string name, const NetworkOptions& options) {
    const SourceText source(std::move(name), without_byte_order_mark(std::move(text)));
    return EdgeListReader(source, options).read();
}

}  // namespace venturi
