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
        if (std::string_view(root.name()) != "graphml")
            fail(root, fmt::format("the document is a {}, not GraphML", in_quotes(root.name())),
                 "<graphml> with a <graph>");
        read_keys(root);
        const pugi::xml_node graph = only_graph(root);
        read_direction(graph);
        check_children(graph, {"node", "edge", "data", "desc", "locator"});
        for (const pugi::xml_node child : graph.children("node")) read_vertex(child);
        name_vertices();
        for (const pugi::xml_node child : graph.children("edge")) read_edge(child);
        check_weights();
        Network network = network_of(std::move(names_), edges_, directed_, *document_.source(), problems_);
        problems_.throw_if_any();
        return {.network = std::move(network), .weighted = weighted_ > 0, .warnings = std::move(warnings_)};
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

    // All text of an element, which comments may have cut in pieces.
    std::string text_of(pugi::xml_node element) {
        std::string text;
        for (const pugi::xml_node child : element.children()) {
            if (child.type() == pugi::node_pcdata) text += without_entities(element, child.value());
            if (child.type() == pugi::node_cdata) text += child.value();
            if (child.type() == pugi::node_element && !is_foreign(child))
                refuse(child,
                       fmt::format("<{}> within <{}>, which holds text", child.name(), element.name()));
        }
        return std::string(trimmed(text));
    }

    void read_keys(pugi::xml_node root) {
        for (const pugi::xml_node element : root.children("key")) {
            const std::string id = attribute(element, "id");
            Key key{.subject = attribute(element, "for"), .name = attribute(element, "attr.name")};
            if (const pugi::xml_node fallback = element.child("default")) key.fallback = text_of(fallback);
            if (id.empty())
                refuse(element, "a <key> without an id", R"(<key id="d0" for="edge" attr.name="weight">)");
            else if (!keys_.try_emplace(id, std::move(key)).second)
                refuse(element, fmt::format("the key {} is there twice", in_quotes(id)), {}, id);
        }
        weight_keys_ = keys_called("edge", "weight", "amount");
        name_keys_ = keys_called("node", "name", "label");
    }

    // Several may have one name: networkx has a key for each type of Python's numbers.
    std::vector<std::string> keys_called(std::string_view element, std::string_view first,
                                         std::string_view second) {
        std::vector<std::string> ids;
        for (const std::string_view name : {first, second}) {
            for (const auto& [id, key] : keys_)
                if (concerns(key, element) && key.name == name) ids.push_back(id);
            if (!ids.empty()) break;
        }
        return ids;
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
        if (options_.directed && !directed_)
            fail(graph, "the edges of this graph have no direction, and one is needed",
                 R"(edgedefault="directed")");
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

    // The datum under one of some keys; all data are checked on the way.
    std::optional<std::string> datum(pugi::xml_node element, const std::vector<std::string>& wanted,
                                     pugi::xml_node& place) {
        std::optional<std::string> found;
        for (const pugi::xml_node data : element.children("data")) {
            const std::string id = attribute(data, "key");
            const auto key = keys_.find(id);
            if (key == keys_.end()) {
                refuse_key(data, id);
            } else if (std::find(wanted.begin(), wanted.end(), id) != wanted.end()) {
                if (found)
                    refuse(data, fmt::format("a second {} of one element", in_quotes(key->second.name)), {},
                           id);
                found = text_of(data);
                place = data;
            }
        }
        return found;
    }

    void refuse_key(pugi::xml_node data, const std::string& id) {
        std::vector<std::string> known;
        for (const auto& [name, key] : keys_) known.push_back(name);
        refuse(data, fmt::format("there is no key {}", in_quotes(id)),
               known.empty() ? "a key of a <key> element; the file has none" : listed(known), id,
               nearest_name(id, known));
    }

    void read_vertex(pugi::xml_node element) {
        check_children(element, {"data", "desc", "locator"});
        const std::string id = attribute(element, "id");
        if (id.empty()) return refuse(element, "a <node> without an id", R"(<node id="n0"/>)");
        const auto number = static_cast<std::uint32_t>(ids_.size());
        if (!numbers_.try_emplace(id, number).second)
            return refuse(element, fmt::format("the node {} is there twice", in_quotes(id)),
                          "an id of its own", id);
        if (ids_.size() >= options_.limits.vertices)
            fail(element, fmt::format("more than {} vertices", options_.limits.vertices));
        ids_.push_back(id);
        pugi::xml_node place;
        names_.push_back(datum(element, name_keys_, place).value_or(std::string()));
    }

    // By what the file calls them where all are called differently.
    void name_vertices() {
        for (std::size_t i = 0; i < names_.size(); ++i)
            if (names_[i].empty()) names_[i] = ids_[i];
        std::vector<std::string_view> sorted(names_.begin(), names_.end());
        std::sort(sorted.begin(), sorted.end());
        const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
        if (twice == sorted.end()) return;
        warnings_.push_back(
            {.position = document_.source()->whole(),
             .message = fmt::format("two vertices have the name {}; all go by their ids", in_quotes(*twice)),
             .value = std::string(*twice)});
        names_ = ids_;
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

    void check_edge_kind(pugi::xml_node element) {
        check_children(element, {"data", "desc"});
        if (element.attribute("sourceport") || element.attribute("targetport"))
            refuse(element, "an edge that ends at a port: vertices have none here",
                   "an edge without sourceport and targetport");
        if (!element.attribute("directed")) return;
        const std::string written = attribute(element, "directed");
        const bool is_directed = written == "true" || written == "1";
        if (!is_directed && written != "false" && written != "0")
            refuse(element, fmt::format("directed is {}", in_quotes(written)), "true, false", written);
        else if (is_directed != directed_)
            refuse(element,
                   fmt::format("an edge with directed=\"{}\" in a graph whose edges are {}: both kinds "
                               "together have no meaning here",
                               written, directed_ ? "directed" : "undirected"),
                   "edges that all have a direction, or none", written);
    }

    void read_edge(pugi::xml_node element) {
        check_edge_kind(element);
        const std::optional<std::uint32_t> source = end_of(element, "source");
        const std::optional<std::uint32_t> target = end_of(element, "target");
        pugi::xml_node place = element;
        std::optional<std::string> text = datum(element, weight_keys_, place);
        for (const std::string& key : weight_keys_)
            if (!text) text = keys_.at(key).fallback;
        double weight = 1;
        if (text) {
            weight = read_weight(*text, XmlDocument::byte_of(place), options_, problems_);
            ++weighted_;
        } else if (!without_weight_) {
            without_weight_ = element;
        }
        if (!source || !target) return;
        if (edges_.size() >= options_.limits.edges)
            fail(element, fmt::format("more than {} edges", options_.limits.edges));
        edges_.push_back({*source, *target, weight, XmlDocument::byte_of(element)});
    }

    void check_weights() {
        if (weighted_ == 0 || !without_weight_) return;
        refuse(without_weight_, "an edge without a weight in a graph where others have one",
               fmt::format("<data key=\"{}\">, or a <default> for the key", weight_keys_.front()));
    }

    const XmlDocument& document_;
    const NetworkOptions& options_;
    FileProblems problems_;
    bool directed_ = false;
    std::map<std::string, Key> keys_;
    std::vector<std::string> weight_keys_;
    std::vector<std::string> name_keys_;
    std::vector<std::string> ids_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<EdgeDraft> edges_;
    std::size_t weighted_ = 0;  // edges with a weight
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
