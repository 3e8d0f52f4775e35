#include "scenarios/network/graphml.hpp"

#include "scenarios/network/network_draft.hpp"
#include "scenarios/network/text_file.hpp"
#include "scenarios/risk/xml_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace venturi {

namespace {

struct Key {
    std::string subject;  // for: node, edge, all, ...
    std::string name;
    std::optional<std::string> fallback = {};  // its default
};

bool concerns(const Key& key, std::string_view element) {
    return key.subject == element || key.subject == "all" || key.subject.empty();
}

bool is_foreign(pugi::xml_node element) {
    return std::string_view(element.name()).find(':') != std::string_view::npos;
}

class GraphmlReader {
  public:
    GraphmlReader(const XmlDocument& document, const NetworkOptions& options)
        : document_(document), options_(options), problems_(*document.source()) {}

    NetworkReading read() {
        const pugi::xml_node root = document_.root();
        if (std::string_view(root.name()) == "gexf")
            fail(root, "a file of Gephi's format GEXF, which is not read", "GraphML, which Gephi writes too");
        if (std::string_view(root.name()) != "graphml")
            fail(root, "the document is not GraphML: its element is another", "<graphml> with a <graph>");
        read_keys(root);
        const pugi::xml_node graph = only_graph(root);
        read_direction(graph);
        check_children(graph, {"node", "edge", "data", "desc", "locator"});
        for (const pugi::xml_node child : graph.children("node")) read_vertex(child);
        name_vertices();
        for (const pugi::xml_node child : graph.children("edge")) read_edge(child);
        check_weights();
        warn_of_keys();
        NetworkDraft draft{.names = std::move(names_),
                           .edges = std::move(edges_),
                           .directed = directed_,
                           .weighted = weighted_ > 0,
                           .form = in_words(),
                           .warnings = std::move(warnings_)};
        return reading_of(std::move(draft), options_, *document_.source(), problems_);
    }

  private:
    [[noreturn]] void fail(pugi::xml_node at, std::string message, std::string legal = {}) {
        refuse(at, std::move(message), std::move(legal));
        problems_.throw_if_any();
        throw std::logic_error("a problem was added");
    }

    void refuse(pugi::xml_node at, std::string message, std::string legal = {}, std::string value = {},
                std::string nearest = {}) {
        problems_.add(XmlDocument::byte_of(at), {.position = {},
                                                 .message = std::move(message),
                                                 .value = std::move(value),
                                                 .legal = std::move(legal),
                                                 .nearest = std::move(nearest)});
    }

    std::string without_entities(pugi::xml_node at, std::string_view raw) {
        if (raw.find('&') == std::string_view::npos) return std::string(raw);
        std::string entity;
        std::string text = without_references(raw, entity);
        if (entity.empty()) return text;
        refuse(at, fmt::format("unknown entity {}", in_quotes("&" + entity + ";")),
               "&amp; &lt; &gt; &quot; &apos; and characters by number");
        return std::string(raw);
    }

    std::string attribute(pugi::xml_node element, const char* name) {
        return without_entities(element, element.attribute(name).value());
    }

    // All text of an element, which comments may have cut in pieces; white space at its ends too.
    std::string text_of(pugi::xml_node element) {
        std::string text;
        for (const pugi::xml_node child : element.children()) {
            if (child.type() == pugi::node_pcdata) text += without_entities(element, child.value());
            if (child.type() == pugi::node_cdata) text += child.value();
            if (child.type() == pugi::node_element && !is_foreign(child))
                refuse(child,
                       fmt::format("<{}> within <{}>, which holds text", child.name(), element.name()));
        }
        return text;
    }

    void read_keys(pugi::xml_node root) {
        for (const pugi::xml_node element : root.children("key")) {
            const std::string id = attribute(element, "id");
            Key key{.subject = attribute(element, "for"),
                    .name = attribute(element, element.attribute("attr.name") ? "attr.name" : "id")};
            if (const pugi::xml_node fallback = element.child("default"))
                key.fallback = std::string(trimmed(text_of(fallback)));
            if (id.empty())
                refuse(element, "a <key> without an id", R"(<key id="d0" for="edge" attr.name="weight">)");
            else if (!keys_.try_emplace(id, std::move(key)).second)
                refuse(element, fmt::format("the key {} is there twice", in_quotes(id)), {}, id);
        }
        find_weight_keys();
        name_keys_ = keys_called("node", "name");
        if (name_keys_.empty()) name_keys_ = keys_called("node", "label");
    }

    // Several may have one name: networkx has a key for each type of Python's numbers.
    std::vector<std::string> keys_called(std::string_view element, std::string_view name,
                                         bool in_any_case = false) {
        std::vector<std::string> ids;
        for (const auto& [id, key] : keys_) {
            const bool is_called =
                key.name == name || (in_any_case && lower_case(key.name) == lower_case(name));
            if (is_called && (element.empty() || concerns(key, element))) ids.push_back(id);
        }
        return ids;
    }

    // By name: first as written, then in any case; first for edges, then for whatever else.
    void find_weight_keys() {
        if (options_.weight == "none" && keys_called("edge", "none").empty()) return;
        const bool is_asked = !options_.weight.empty();
        weight_name_ = is_asked ? options_.weight : "weight";
        for (const std::string_view element : {"edge", ""})
            for (const bool in_any_case : {false, true}) {
                if (weight_keys_.empty()) weight_keys_ = keys_called(element, weight_name_, in_any_case);
                const bool is_id = weight_keys_.empty() && is_asked && keys_.count(weight_name_) > 0;
                if (is_id) weight_keys_ = {weight_name_};
                if (weight_keys_.empty() && !is_asked && element == "edge")
                    weight_keys_ = keys_called(element, "amount", in_any_case);
            }
        if (weight_keys_.empty()) return;
        weight_name_ = keys_.at(weight_keys_.front()).name;
        check_name(weight_name_, 0, problems_, "a key");
    }

    // A datum of an edge under this key is its weight, also where no key of any name was declared for
    // weights.
    bool is_weight(const std::string& id, bool is_declared) const {
        if (is_declared) return std::find(weight_keys_.begin(), weight_keys_.end(), id) != weight_keys_.end();
        if (weight_name_.empty() || !weight_keys_.empty()) return false;
        return id == weight_name_ || lower_case(id) == lower_case(weight_name_);
    }

    pugi::xml_node only_graph(pugi::xml_node root) {
        check_children(root, {"key", "graph", "desc", "data"});
        const pugi::xml_node graph = root.child("graph");
        if (!graph) fail(root, "holds no <graph>", R"(<graph edgedefault="undirected">)");
        if (const pugi::xml_node another = graph.next_sibling("graph"))
            fail(another, "a second graph; a network is one", "one <graph>");
        return graph;
    }

    void read_direction(pugi::xml_node graph) {
        const std::string direction = attribute(graph, "edgedefault");
        constexpr const char* legal = "directed, undirected";
        const std::array<std::string, 2> names = {"directed", "undirected"};
        if (!graph.attribute("edgedefault"))
            fail(graph, "the graph doesn't say whether its edges have a direction: no edgedefault", legal);
        if (direction != names[0] && direction != names[1]) {
            refuse(graph, fmt::format("unknown edgedefault {}", in_quotes(direction)), legal, direction,
                   nearest_name(direction, names));
            problems_.throw_if_any();
        }
        directed_ = direction == names[0];
    }

    void check_children(pugi::xml_node element, std::initializer_list<const char*> known) {
        for (const pugi::xml_node child : element.children()) check_child(child, known);
    }

    void check_child(pugi::xml_node child, std::initializer_list<const char*> known) {
        if (child.type() != pugi::node_element || is_foreign(child)) return;
        const std::string_view name = child.name();
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        if (name == "graph")
            refuse(
                child,
                fmt::format("a graph within <{}>: nested graphs have no meaning here", child.parent().name()),
                "one graph of vertices and edges");
        else if (name == "hyperedge")
            refuse(child, "a hyperedge: an edge joins two vertices here", R"(<edge source="a" target="b"/>)");
        else if (name == "port")
            refuse(child, "a port: vertices have none here", "<node> without <port>");
        else
            refuse_unknown(child, known);
    }

    void refuse_unknown(pugi::xml_node child, std::initializer_list<const char*> known) {
        const std::vector<std::string> names(known.begin(), known.end());
        refuse(child, fmt::format("unknown element <{}>", child.name()), listed(names), child.name(),
               nearest_name(child.name(), names));
    }

    // The datum that is wanted of an element; the second of its kind is refused.
    template <class IsWanted>
    std::optional<std::string> datum(pugi::xml_node element, pugi::xml_node& place,
                                     const IsWanted& is_wanted) {
        std::optional<std::string> found;
        for (const pugi::xml_node data : element.children("data")) {
            const std::string id = attribute(data, "key");
            const auto key = keys_.find(id);
            if (key == keys_.end()) note_undeclared(data, id);
            if (!is_wanted(id, key != keys_.end())) continue;
            const std::string& name = key == keys_.end() ? id : key->second.name;
            if (found) refuse(data, fmt::format("a second {} of one element", in_quotes(name)), {}, id);
            found = text_of(data);
            place = data;
        }
        return found;
    }

    void note_undeclared(pugi::xml_node data, const std::string& id) {
        constexpr std::size_t most_named = 10;
        ++undeclared_data_;
        if (!first_undeclared_) first_undeclared_ = data;
        const bool is_new = std::find(undeclared_.begin(), undeclared_.end(), id) == undeclared_.end();
        if (is_new && undeclared_.size() < most_named) undeclared_.push_back(id);
    }

    void warn(pugi::xml_node at, std::string message, std::string legal) {
        const std::size_t byte = at ? XmlDocument::byte_of(at) : 0;
        warnings_.push_back({.position = document_.source()->at(byte),
                             .message = std::move(message),
                             .legal = std::move(legal)});
    }

    // What was passed over, or taken for what it seems to be, once for all.
    void warn_of_keys() {
        if (undeclared_data_ > 0) {
            std::string names;
            for (const std::string& id : undeclared_) names += (names.empty() ? "" : ", ") + in_quotes(id);
            const bool is_weight_among = weighted_ > 0 && weight_keys_.empty();
            warn(first_undeclared_,
                 fmt::format("data under keys that are not declared ({}), {} in all, {}", names,
                             undeclared_data_,
                             is_weight_among ? "passed over, but for weights" : "passed over"),
                 R"(<key id="..." for="edge" attr.name="..." attr.type="double"/> above the graph)");
        }
        if (weighted_ == 0 || weight_keys_.empty() || concerns(keys_.at(weight_keys_.front()), "edge"))
            return;
        warn({},
             fmt::format(
                 "the key {} is declared for {} elements; what edges have under it are taken for weights",
                 in_quotes(weight_keys_.front()), in_quotes(keys_.at(weight_keys_.front()).subject)),
             R"(for="edge"; --weight none passes over them)");
    }

    std::string in_words() const {
        std::string text = "GraphML";
        if (weighted_ > 0) text += fmt::format(": {} as weight", in_quotes(weight_name_));
        if (named_ > 0)
            text += fmt::format("{} names by {}", weighted_ > 0 ? "," : ":",
                                in_quotes(keys_.at(name_keys_.front()).name));
        return text;
    }

    void read_vertex(pugi::xml_node element) {
        check_children(element, {"data", "desc", "locator"});
        const std::string id = attribute(element, "id");
        if (is_blank_name(id)) return refuse(element, "a <node> without an id", R"(<node id="n0"/>)");
        const auto number = static_cast<std::uint32_t>(ids_.size());
        if (!numbers_.try_emplace(id, number).second)
            return refuse(element, fmt::format("the node {} is there twice", in_quotes(id)),
                          "an id of its own", id);
        if (ids_.size() >= options_.limits.vertices)
            fail(element, fmt::format("more than {} vertices", options_.limits.vertices));
        check_name(id, XmlDocument::byte_of(element), problems_);
        ids_.push_back(id);
        pugi::xml_node place = element;
        const auto name = datum(element, place, [&](const std::string& key, bool) {
            return std::find(name_keys_.begin(), name_keys_.end(), key) != name_keys_.end();
        });
        names_.push_back(name ? in_one_line(*name) : std::string());
        check_name(names_.back(), XmlDocument::byte_of(place), problems_);
        named_ += is_blank_name(names_.back()) ? 0 : 1;
    }

    // Labels that are drawn in several lines are names in one; others keep their blanks.
    static std::string in_one_line(const std::string& text) {
        if (text.find_first_of("\n\t\r") == std::string::npos) return text;
        std::string line;
        for (const char c : text) {
            const bool is_white = c == ' ' || c == '\n' || c == '\t' || c == '\r';
            if (!is_white) line += c;
            if (is_white && !line.empty() && line.back() != ' ') line += ' ';
        }
        if (line.ends_with(' ')) line.pop_back();
        return line;
    }

    void name_vertices() {
        names_ = names_or_ids(std::move(names_), ids_, *document_.source(), warnings_);
        if (!warnings_.empty()) named_ = 0;
    }

    std::optional<std::uint32_t> end_of(pugi::xml_node element, const char* name) {
        const std::string id = attribute(element, name);
        const auto place = numbers_.find(id);
        if (place != numbers_.end()) return place->second;
        if (id.empty())
            refuse(element, fmt::format("an edge without a {}", name), "the id of a node");
        else
            refuse(element, fmt::format("the {} of an edge, {}, is no node", name, in_quotes(id)),
                   "the id of a node of this graph", id, nearest_vertex(id, ids_));
        return std::nullopt;
    }

    // Whether an edge has a direction.
    bool read_edge_kind(pugi::xml_node element) {
        check_children(element, {"data", "desc"});
        if (element.attribute("sourceport") || element.attribute("targetport"))
            refuse(element, "an edge that ends at a port: vertices have none here",
                   "an edge without sourceport and targetport");
        if (!element.attribute("directed")) return directed_;
        const std::string written = attribute(element, "directed");
        const bool is_directed = written == "true" || written == "1";
        if (!is_directed && written != "false" && written != "0")
            refuse(element, fmt::format("directed is {}", in_quotes(written)), "true, false", written);
        if (!is_directed && directed_ && options_.obligations)
            refuse(element,
                   fmt::format("the edge {} has no direction, and a debt needs one",
                               in_quotes(attribute(element, "id"))),
                   "debts from a source to a target", attribute(element, "id"));
        return is_directed;
    }

    void read_edge(pugi::xml_node element) {
        const bool is_directed = read_edge_kind(element);
        const std::optional<std::uint32_t> source = end_of(element, "source");
        const std::optional<std::uint32_t> target = end_of(element, "target");
        pugi::xml_node place = element;
        std::optional<std::string> text =
            datum(element, place,
                  [&](const std::string& key, bool is_declared) { return is_weight(key, is_declared); });
        for (const std::string& key : weight_keys_)
            if (!text) text = keys_.at(key).fallback;
        double weight = 1;
        if (text) {
            weight = read_weight(trimmed(*text), XmlDocument::byte_of(place), options_, problems_);
            ++weighted_;
        } else if (!without_weight_) {
            without_weight_ = element;
        }
        if (!source || !target) return;
        add_edge(edges_, {*source, *target, weight, is_directed, XmlDocument::byte_of(element)},
                 options_.limits, problems_);
    }

    void check_weights() {
        const bool is_asked = !options_.weight.empty() && options_.weight != "none";
        if (weighted_ == 0 && is_asked && without_weight_) {
            std::vector<std::string> legal;
            for (const auto& [id, key] : keys_)
                if (concerns(key, "edge")) legal.push_back(key.name);
            refuse(without_weight_, fmt::format("no edge has {} for its weight", in_quotes(options_.weight)),
                   listed(legal) + (legal.empty() ? "none" : ", none"), options_.weight,
                   nearest_name(options_.weight, legal));
        }
        if (weighted_ == 0 || !without_weight_) return;
        refuse(without_weight_, "an edge without a weight in a graph where others have one",
               fmt::format("<data key=\"{}\">, or a <default> for the key; --weight none",
                           weight_keys_.empty() ? weight_name_ : weight_keys_.front()));
    }

    const XmlDocument& document_;
    const NetworkOptions& options_;
    FileProblems problems_;
    bool directed_ = false;
    std::map<std::string, Key> keys_;
    std::vector<std::string> weight_keys_;
    std::string weight_name_;  // empty where weights are not asked for
    std::vector<std::string> name_keys_;
    std::vector<std::string> ids_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<EdgeDraft> edges_;
    std::size_t weighted_ = 0;  // edges with a weight
    std::size_t named_ = 0;     // vertices with a name besides their id
    std::size_t undeclared_data_ = 0;
    std::vector<std::string> undeclared_;  // keys
    pugi::xml_node first_undeclared_;
    pugi::xml_node without_weight_;
    std::vector<Problem> warnings_;
};

}  // namespace

NetworkReading load_graphml(const std::filesystem::path& file, const NetworkOptions& options) {
    return parse_graphml(read_text_file(file, options.limits.bytes), file.string(), options);
}

NetworkReading parse_graphml(std::string text, std::string name, const NetworkOptions& options) {
    const XmlLimits limits{.bytes = options.limits.bytes, .nodes = options.limits.xml_nodes};
    const XmlDocument document = XmlDocument::parse(std::move(text), std::move(name), limits);
    return GraphmlReader(document, options).read();
}

}  // namespace venturi
