#include "scenarios/network/gml.hpp"

#include "scenarios/risk/xml_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace venturi {

namespace {

enum class TokenKind { end, word, text, open, close };

struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text = {};  // within the quotes
    std::size_t byte = 0;
};

/// Words, numbers, texts in quotes and brackets, one after another.
class Tokens {
  public:
    explicit Tokens(std::string_view text) : text_(text) {}

    Token next() {
        skip();
        if (at_ >= text_.size()) return {TokenKind::end, {}, text_.size()};
        const std::size_t begin = at_;
        if (text_[at_] == '[' || text_[at_] == ']')
            return {text_[at_] == '[' ? TokenKind::open : TokenKind::close, text_.substr(at_++, 1), begin};
        if (text_[at_] == '"') {
            const std::size_t end = text_.find('"', at_ + 1);
            if (end == std::string_view::npos) {
                at_ = text_.size();
                return {TokenKind::end, {}, begin};
            }
            at_ = end + 1;
            return {TokenKind::text, text_.substr(begin + 1, end - begin - 1), begin};
        }
        at_ = std::min(text_.find_first_of(" \t\r\n[]\"", at_), text_.size());
        return {TokenKind::word, text_.substr(begin, at_ - begin), begin};
    }

  private:
    void skip() {
        while (true) {
            at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
            if (at_ >= text_.size() || text_[at_] != '#') return;
            at_ = std::min(text_.find('\n', at_), text_.size());
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// &amp; and characters by number; what else begins with & is left as it is.
std::string decoded(std::string_view raw) {
    if (raw.find('&') == std::string_view::npos) return std::string(raw);
    std::string entity;
    std::string text = without_references(raw, entity);
    return entity.empty() ? text : std::string(raw);
}

struct WrittenValue {
    std::string_view text = {};
    std::size_t byte = 0;
};

/// What is looked at of a node or an edge.
struct Record {
    std::optional<WrittenValue> id = {};
    std::optional<WrittenValue> label = {};
    std::optional<WrittenValue> source = {};
    std::optional<WrittenValue> target = {};
    std::optional<WrittenValue> weight = {};
    std::optional<WrittenValue> value = {};
    std::size_t byte = 0;
};

class GmlReader {
  public:
    GmlReader(const SourceText& source, const NetworkOptions& options, FileProblems& problems)
        : source_(source), options_(options), problems_(problems), tokens_(source.text()) {}

    NetworkDraft read() {
        while (true) {
            const Token key = tokens_.next();
            if (key.kind == TokenKind::end) break;
            expect_key(key);
            const Token value = tokens_.next();
            if (lower_case(key.text) == "graph" && value.kind == TokenKind::open)
                read_graph(key.byte);
            else
                pass(value);
        }
        if (!has_graph_) fail(0, "GML without a graph", "graph [ node [ id 1 ] ... ]");
        name_vertices();
        connect();
        return std::move(draft_);
    }

  private:
    [[noreturn]] void fail(std::size_t byte, std::string message, std::string legal) {
        problems_.fail(byte, {.position = {}, .message = std::move(message), .legal = std::move(legal)});
    }
    void refuse(std::size_t byte, std::string message, std::string legal, std::string value = {},
                std::string nearest = {}) {
        problems_.add(byte, {.position = {},
                             .message = std::move(message),
                             .value = std::move(value),
                             .legal = std::move(legal),
                             .nearest = std::move(nearest)});
    }

    void expect_key(const Token& key) {
        if (key.kind != TokenKind::word)
            fail(key.byte, fmt::format("{} where GML has a key", in_quotes(key.text)), "a key and its value");
    }

    // Behind a value that nobody asks for.
    void pass(const Token& value) {
        if (value.kind == TokenKind::word || value.kind == TokenKind::text) return;
        if (value.kind != TokenKind::open)
            fail(value.byte, "a key without a value, or quotes that are not closed", "a key and its value");
        for (std::size_t depth = 1; depth > 0;) {
            const Token token = tokens_.next();
            if (token.kind == TokenKind::end) fail(value.byte, "a bracket that is not closed", "[ ... ]");
            if (token.kind == TokenKind::open) ++depth;
            if (token.kind == TokenKind::close) --depth;
        }
    }

    void read_graph(std::size_t byte) {
        if (std::exchange(has_graph_, true))
            fail(byte, "a second graph; a network is one", "one graph [ ... ]");
        while (true) {
            const Token key = tokens_.next();
            if (key.kind == TokenKind::close) return;
            if (key.kind == TokenKind::end) fail(byte, "a bracket that is not closed", "graph [ ... ]");
            expect_key(key);
            const Token value = tokens_.next();
            const std::string name = lower_case(key.text);
            const bool is_list = value.kind == TokenKind::open;
            if (name == "node" && is_list)
                read_node(read_record(key.byte, Kind::node));
            else if (name == "edge" && is_list)
                edges_.push_back(read_record(key.byte, Kind::edge));
            else if (name == "directed" && !is_list)
                read_direction(value);
            else
                pass(value);
            if (edges_.size() > options_.limits.edges)
                fail(key.byte, fmt::format("more than {} edges", options_.limits.edges), {});
        }
    }

    void read_direction(const Token& value) {
        if (std::exchange(has_direction_, true))
            refuse(value.byte, "directed is there twice in a graph", "directed once",
                   std::string(value.text));
        if (value.text != "0" && value.text != "1")
            refuse(value.byte, fmt::format("directed is {}", in_quotes(value.text)), "0, 1",
                   std::string(value.text));
        draft_.directed = value.text == "1";
    }

    enum class Kind { node, edge };

    // Other keys may be there again: networkx writes lists so.
    std::optional<WrittenValue>* slot_of(const std::string& name, Kind kind, Record& record) const {
        if (kind == Kind::node) return name == "id" ? &record.id : name == "label" ? &record.label : nullptr;
        if (name == "source") return &record.source;
        if (name == "target") return &record.target;
        if (options_.weight == "none") return nullptr;
        if (name == (options_.weight.empty() ? "weight" : lower_case(options_.weight))) return &record.weight;
        return name == "value" && options_.weight.empty() ? &record.value : nullptr;
    }

    Record read_record(std::size_t byte, Kind kind) {
        Record record{.byte = byte};
        while (true) {
            const Token key = tokens_.next();
            if (key.kind == TokenKind::close) return record;
            if (key.kind == TokenKind::end) fail(byte, "a bracket that is not closed", "[ ... ]");
            expect_key(key);
            const Token value = tokens_.next();
            if (value.kind != TokenKind::word && value.kind != TokenKind::text) {
                pass(value);
                continue;
            }
            const std::string name = lower_case(key.text);
            std::optional<WrittenValue>* slot = slot_of(name, kind, record);
            if (slot == nullptr) continue;
            const std::string_view whose = kind == Kind::node ? "a node" : "an edge";
            if (slot->has_value())
                refuse(key.byte, fmt::format("{} is there twice in {}", in_quotes(key.text), whose),
                       fmt::format("one {} of {}", name, whose), std::string(value.text));
            *slot = {value.text, value.byte};
        }
    }

    void read_node(const Record& node) {
        if (!node.id || is_blank_name(node.id->text))
            return refuse(node.byte, "a node without an id", "node [ id 1 ]");
        const std::string id(node.id->text);
        const auto number = static_cast<std::uint32_t>(ids_.size());
        if (!numbers_.try_emplace(id, number).second)
            return refuse(node.id->byte, fmt::format("the node {} is there twice", in_quotes(id)),
                          "an id of its own", id);
        if (ids_.size() >= options_.limits.vertices)
            fail(node.byte, fmt::format("more than {} vertices", options_.limits.vertices), {});
        check_name(id, node.id->byte, problems_);
        ids_.push_back(id);
        labels_.push_back(node.label ? decoded(node.label->text) : std::string());
        if (node.label) check_name(labels_.back(), node.label->byte, problems_);
    }

    void name_vertices() { draft_.names = names_or_ids(std::move(labels_), ids_, source_, draft_.warnings); }

    std::optional<std::uint32_t> end_of(const Record& edge, const std::optional<WrittenValue>& end,
                                        std::string_view name) {
        if (!end) {
            refuse(edge.byte, fmt::format("an edge without a {}", name), "edge [ source 1 target 2 ]");
            return std::nullopt;
        }
        const std::string id(end->text);
        const auto place = numbers_.find(id);
        if (place != numbers_.end()) return place->second;
        refuse(end->byte, fmt::format("the {} of an edge, {}, is no node", name, in_quotes(id)),
               "the id of a node of this graph", id, nearest_vertex(id, ids_));
        return std::nullopt;
    }

    void connect() {
        const bool by_weight = std::any_of(edges_.begin(), edges_.end(),
                                           [](const Record& edge) { return edge.weight.has_value(); });
        const Record* without = nullptr;
        for (const Record& edge : edges_) {
            const auto source = end_of(edge, edge.source, "source");
            const auto target = end_of(edge, edge.target, "target");
            const std::optional<WrittenValue>& written = by_weight ? edge.weight : edge.value;
            double weight = 1;
            if (written && options_.weight != "none") {
                weight = read_weight(written->text, written->byte, options_, problems_);
                draft_.weighted = true;
            } else if (without == nullptr) {
                without = &edge;
            }
            if (source && target)
                add_edge(draft_.edges, {*source, *target, weight, draft_.directed, edge.byte},
                         options_.limits, problems_);
        }
        const std::string name = !options_.weight.empty() ? options_.weight : by_weight ? "weight" : "value";
        if (draft_.weighted && without != nullptr)
            refuse(without->byte,
                   fmt::format("an edge without {} in a graph where others have one", in_quotes(name)),
                   "a weight of each edge, or --weight none");
        if (!draft_.weighted && !options_.weight.empty() && options_.weight != "none" && !edges_.empty())
            refuse(edges_.front().byte, fmt::format("no edge has a key {}", in_quotes(options_.weight)),
                   "a key of edges, or none", options_.weight);
        draft_.form = draft_.weighted ? fmt::format("GML: {} as weight", name) : "GML";
    }

    const SourceText& source_;
    const NetworkOptions& options_;
    FileProblems& problems_;
    Tokens tokens_;
    NetworkDraft draft_;
    bool has_graph_ = false;
    bool has_direction_ = false;
    std::vector<std::string> ids_;
    std::vector<std::string> labels_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<Record> edges_;
};

}  // namespace

bool is_gml(std::string_view text) {
    constexpr std::size_t most_keys = 20;
    Tokens tokens(text);
    for (std::size_t i = 0; i < most_keys; ++i) {
        const Token key = tokens.next();
        if (key.kind != TokenKind::word) return false;
        const Token value = tokens.next();
        if (value.kind == TokenKind::open) return lower_case(key.text) == "graph";
        // Creator "...", Version 1
        const std::string name = lower_case(key.text);
        if (name != "creator" && name != "version" && name != "comment" && name != "label") return false;
        if (value.kind != TokenKind::word && value.kind != TokenKind::text) return false;
    }
    return false;
}

NetworkDraft read_gml(const SourceText& source, const NetworkOptions& options, FileProblems& problems) {
    return GmlReader(source, options, problems).read();
}

}  // namespace venturi
