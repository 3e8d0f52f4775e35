#include "scenarios/network/column_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace venturi {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

template <std::size_t size>
bool is_among(const std::array<std::string_view, size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What stands behind a name's beginning, or before its end; empty where it has another.
std::optional<std::string_view> behind(std::string_view name, std::string_view beginning) {
    if (!name.starts_with(beginning)) return std::nullopt;
    return name.substr(beginning.size());
}
std::optional<std::string_view> before(std::string_view name, std::string_view ending) {
    if (!name.ends_with(ending)) return std::nullopt;
    return name.substr(0, name.size() - ending.size());
}

bool is_about_a_vertex(std::string_view rest) {
    constexpr auto words = std::to_array<std::string_view>(
        {"id", "node", "nodeid", "idnode", "vertex", "vertexid", "name", "nodename", "label", "nodelabel"});
    return is_among(words, rest);
}

/// How plainly two names are those of the ends: 0 is plainest.
struct Plainness {
    int rank = 0;
    NameStrength strength = NameStrength::strong;
};

std::optional<Plainness> of_pair(std::string_view one, std::string_view other) {
    constexpr auto plain = std::to_array<Pair>({{"source", "target"}, {"from", "to"}, {"src", "dst"}});
    constexpr auto strong = std::to_array<Pair>(
        {{"src", "dest"},           {"src", "tgt"},           {"src", "trg"},
         {"source", "destination"}, {"source", "dest"},       {"source", "sink"},
         {"tail", "head"},          {"start", "end"},         {"debtor", "creditor"},
         {"borrower", "lender"},    {"sender", "receiver"},   {"sender", "recipient"},
         {"follower", "followee"},  {"follower", "followed"}, {"trustor", "trustee"},
         {"supplier", "customer"},  {"investor", "investee"}, {"citing", "cited"},
         {"origin", "destination"}, {"caller", "callee"},     {"subject", "object"},
         {"row", "column"},         {"row", "col"},           {"ego", "alter"},
         {"payer", "payee"},        {"exporter", "importer"}, {"node", "neighbor"},
         {"node", "neighbour"},     {"parent", "child"},      {"fromnodeid", "tonodeid"}});
    constexpr auto weak = std::to_array<Pair>({{"u", "v"}, {"i", "j"}, {"x", "y"}});
    const auto is_one_of = [&](const auto& pairs) {
        return std::find(pairs.begin(), pairs.end(), Pair(one, other)) != pairs.end();
    };
    if (is_one_of(plain)) return Plainness{0};
    if (is_one_of(strong)) return Plainness{1};
    if (is_one_of(weak)) return Plainness{3, NameStrength::weak};
    // One of the beginnings with the same behind it: sourceid and targetid.
    for (const auto& [first, second] : std::to_array<Pair>(
             {{"source", "target"}, {"from", "to"}, {"src", "dst"}, {"src", "dest"}, {"start", "end"}})) {
        const auto rest = behind(one, first);
        if (rest && is_about_a_vertex(*rest) && rest == behind(other, second))
            return Plainness{*rest == "label" || rest->ends_with("name") || rest->ends_with("label") ? 3 : 2};
        const auto stem = before(one, first);
        if (stem && is_about_a_vertex(*stem) && stem == before(other, second)) return Plainness{2};
    }
    // One name with a mark of each end: node1 and node2, Official Symbol Interactor A and B.
    for (const auto& [first, second] : std::to_array<Pair>(
             {{"1", "2"}, {"a", "b"}, {"i", "j"}, {"1id", "2id"}, {"1name", "2name"}, {"aid", "bid"}})) {
        const auto stem = before(one, first);
        const bool is_letter = first == "a" || first == "i" || first == "aid";
        if (stem && stem == before(other, second) && stem->size() >= (is_letter ? 4U : 1U))
            return Plainness{first.ends_with("name") ? 5 : 4, NameStrength::weak};
    }
    return std::nullopt;
}

}  // namespace

std::string plain_name(std::string_view name) {
    const std::size_t colon = name.rfind(':');
    if (colon != std::string_view::npos) {
        const std::string kind = lower_case(name.substr(colon + 1, name.find('(', colon) - colon - 1));
        if (kind == "start_id" || kind == "end_id" || kind == "type" || kind == "id" || colon == 0)
            name = name.substr(colon + 1, name.find('(', colon) - colon - 1);
        else
            name = name.substr(0, colon);
    }
    std::string plain;
    for (const char c : lower_case(name)) {
        const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
        if (!is_ascii || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
    }
    return plain;
}

std::optional<NamedColumns> ends_by_name(const std::vector<DelimitedField>& header) {
    constexpr std::size_t most_columns = 200;
    std::vector<std::string> names;
    for (const DelimitedField& field : header) names.push_back(plain_name(field.text));
    std::optional<NamedColumns> best;
    int rank = 0;
    bool is_alone = true;
    const std::size_t count = std::min(names.size(), most_columns);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j) {
            if (i == j) continue;
            const auto plainness = of_pair(names[i], names[j]);
            if (!plainness) continue;
            // What may be no pair of ends must stand where ends do: behind nothing but descriptions.
            const bool is_in_front =
                std::all_of(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(i, j)),
                            [](const std::string& name) { return is_description_name(name); });
            if (plainness->strength == NameStrength::weak && !is_in_front) continue;
            if (!best || plainness->rank < rank) {
                best = NamedColumns{i, j, plainness->strength};
                rank = plainness->rank;
                is_alone = true;
            } else if (plainness->rank == rank) {
                is_alone = false;
            }
        }
    return is_alone ? best : std::nullopt;
}

bool is_weight_name(std::string_view name) {
    constexpr auto names = std::to_array<std::string_view>(
        {"weight",      "weights",    "w",      "wt",        "edgeweight",    "tieweight",
         "value",       "val",        "amount", "strength",  "count",         "counts",
         "freq",        "frequency",  "trust",  "intensity", "capacity",      "distance",
         "length",      "cost",       "score",  "rating",    "combinedscore", "multiplicity",
         "total",       "exposure",   "debt",   "owed",      "sign",          "nominal",
         "correlation", "similarity", "dist"});
    return is_among(names, plain_name(name));
}

bool is_description_name(std::string_view name) {
    constexpr auto names = std::to_array<std::string_view>({"",
                                                            "id",
                                                            "edgeid",
                                                            "key",
                                                            "index",
                                                            "label",
                                                            "edgelabel",
                                                            "type",
                                                            "name",
                                                            "interaction",
                                                            "timeset",
                                                            "timestamp",
                                                            "time",
                                                            "date",
                                                            "datetime",
                                                            "year",
                                                            "month",
                                                            "day",
                                                            "hour",
                                                            "week",
                                                            "selected",
                                                            "sharedname",
                                                            "sharedinteraction",
                                                            "suid",
                                                            "rowid",
                                                            "row",
                                                            "no",
                                                            "nr",
                                                            "number",
                                                            "xref",
                                                            "relation",
                                                            "relationship",
                                                            "kind",
                                                            "category",
                                                            "description",
                                                            "note",
                                                            "notes",
                                                            "comment",
                                                            "color",
                                                            "colour",
                                                            "thickness",
                                                            "interval",
                                                            "created",
                                                            "unixtime",
                                                            "unixts",
                                                            "ts",
                                                            "unixtimestamp",
                                                            "sourcename",
                                                            "targetname",
                                                            "sourcelabel",
                                                            "targetlabel",
                                                            "directed",
                                                            "edgetype",
                                                            "group",
                                                            "layer"});
    return is_among(names, plain_name(name));
}

bool is_table_of_vertices(const std::vector<DelimitedField>& header) {
    const auto has = [&](std::string_view name) {
        return std::any_of(header.begin(), header.end(),
                           [&](const DelimitedField& field) { return plain_name(field.text) == name; });
    };
    return header.size() >= 2 && (has("id") || has("nodeid"))
           && (has("label") || has("name") || has("nodelabel"));
}

}  // namespace venturi
