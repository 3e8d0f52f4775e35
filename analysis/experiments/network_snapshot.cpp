#include "analysis/experiments/network_snapshot.hpp"

#include "agents/partnership/network_state.hpp"
#include "agents/partnership/tie_events.hpp"
#include "analysis/report/graphml_writer.hpp"
#include "analysis/report/quantity_text.hpp"
#include "analysis/statistics/cooperation_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 3> state_names = {"present", "failed", "exited"};

// None where a startup has not been founded yet.
std::optional<SnapshotState> state_of(const PlainWorld& world, std::uint32_t index) {
    if (index >= world.organisations.size())
        return world.partners[index].present ? SnapshotState::present : SnapshotState::failed;
    const Status status = world.startups[world.organisations[index].startup].status;
    if (status == Status::unfounded) return std::nullopt;
    if (is_dead(status)) return SnapshotState::failed;
    return has_exited(status) ? SnapshotState::exited : SnapshotState::present;
}

SnapshotVertex vertex_of(const PlainWorld& world, std::uint32_t index, SnapshotState state) {
    const Partner& partner = world.partners[index];
    const std::string name = partner_name(world, index);
    SnapshotVertex vertex{
        .kind = partner.kind,
        .group = name.substr(0, name.rfind('/')),
        .state = state,
        .ties = partner.ties,
        .brings = {nan, nan, nan, nan},
        .reliability = nan,
        .cash = nan,
    };
    if (state != SnapshotState::present) return vertex;
    vertex.brings = partner.brings;
    vertex.reliability = good_name(world, index);
    if (partner.kind == PartnerKind::startup)
        vertex.cash = world.startups[world.organisations[index].startup].cash.balance(world.now());
    return vertex;
}

const SnapshotEdge nothing_known = {
    .trust = nan, .since = nan, .owed = nan, .invested = nan, .part_of_shares = nan};

SnapshotEdge edge_of(const PlainWorld& world, const Tie& tie) {
    SnapshotEdge edge = nothing_known;
    edge.tie = true;
    edge.project = tie.project != no_record;
    edge.trust = tie.trust;
    edge.since = tie.since;
    edge.owed = tie.owed;
    if (tie.owed > 0) edge.debtor = partner_name(world, tie.ends[tie.debtor]);
    return edge;
}

/// A snapshot under way.
struct Draft {
    NetworkSnapshot snapshot;
    std::map<std::uint32_t, std::uint32_t> vertex_of_partner = {};
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> edge_between = {};

    // The edge between two vertices, added where there is none yet.
    SnapshotEdge& edge(std::uint32_t source, std::uint32_t target) {
        const auto [place, is_new] =
            edge_between.try_emplace(std::minmax(source, target), snapshot.edges.size());
        if (is_new) {
            snapshot.network.edges.push_back({source, target});
            snapshot.edges.push_back(nothing_known);
        }
        return snapshot.edges[place->second];
    }
};

void add_vertices(const PlainWorld& world, Draft& draft) {
    for (std::uint32_t i = 0; i < world.partners.size(); ++i) {
        const auto state = state_of(world, i);
        if (!state) continue;
        draft.vertex_of_partner.emplace(i, static_cast<std::uint32_t>(draft.snapshot.vertices.size()));
        draft.snapshot.vertices.push_back(vertex_of(world, i, *state));
        draft.snapshot.network.names.push_back(partner_name(world, i));
    }
    draft.snapshot.network.vertices = draft.snapshot.vertices.size();
}

void add_ties(const PlainWorld& world, Draft& draft) {
    for (const auto& [partner, vertex] : draft.vertex_of_partner)
        for_each_tie(world, partner, [&, partner = partner, vertex = vertex](const Tie& tie, std::uint32_t) {
            if (tie.ends[0] == partner)
                draft.edge(vertex, draft.vertex_of_partner.at(tie.ends[1])) = edge_of(world, tie);
        });
}

// An investor that has come in at several rounds holds several.
void add_stakes(const PlainWorld& world, Draft& draft) {
    for (const auto& [partner, vertex] : draft.vertex_of_partner) {
        if (world.partners[partner].kind != PartnerKind::investor) continue;
        const auto [first, last] = out_edges(world.partners[partner].vertex, world.graph);
        for (auto held = first; held != last; ++held) {
            const Relation& stake = world.graph[*held];
            if (stake.kind != Relation::Kind::stake) continue;
            const auto& company = world.startups[world.graph[target(*held, world.graph)].index];
            if (!company.has_inside()) continue;  // an outline is nobody's partner
            SnapshotEdge& edge = draft.edge(vertex, draft.vertex_of_partner.at(company.organisation));
            if (edge.stakes++ == 0) edge.invested = edge.part_of_shares = 0;
            edge.invested += stake.invested;
            edge.part_of_shares += stake.shares / company.cap_table.fully_diluted();
        }
    }
}

std::string_view kind_of(const SnapshotEdge& edge) {
    if (!edge.tie) return "stake";
    return edge.stakes > 0 ? "tie and stake" : "tie";
}

template <class Items, class Value>
auto column(std::string name, const Items& items, Value&& value) {
    std::vector<decltype(value(items.front()))> values;
    values.reserve(items.size());
    for (const auto& item : items) values.push_back(value(item));
    return GraphmlColumn{std::move(name), std::move(values)};
}

std::vector<GraphmlColumn> vertex_columns(const std::vector<SnapshotVertex>& vertices) {
    using Vertex = SnapshotVertex;
    std::vector<GraphmlColumn> columns = {
        column("kind", vertices,
               [](const Vertex& v) {
                   return std::string(partner_kind_names[static_cast<std::size_t>(v.kind)]);
               }),
        column("group", vertices, [](const Vertex& v) { return v.group; }),
        column("state", vertices,
               [](const Vertex& v) { return std::string(state_names[static_cast<std::size_t>(v.state)]); }),
        column("ties", vertices, [](const Vertex& v) { return std::int64_t{v.ties}; }),
    };
    constexpr std::array<std::string_view, resources> names = {"knowledge", "data", "compute", "reach"};
    for (std::size_t i = 0; i < resources; ++i)
        columns.push_back(
            column(std::string(names[i]), vertices, [i](const Vertex& v) { return v.brings[i]; }));
    columns.push_back(column("reliability", vertices, [](const Vertex& v) { return v.reliability; }));
    columns.push_back(column("cash", vertices, [](const Vertex& v) { return v.cash; }));
    return columns;
}

std::vector<GraphmlColumn> edge_columns(const std::vector<SnapshotEdge>& edges) {
    using Edge = SnapshotEdge;
    return {
        column("kind", edges, [](const Edge& e) { return std::string(kind_of(e)); }),
        column("trust", edges, [](const Edge& e) { return e.trust; }),
        column("since", edges, [](const Edge& e) { return e.since; }),
        column("owed", edges, [](const Edge& e) { return e.owed; }),
        column("debtor", edges, [](const Edge& e) { return e.debtor; }),
        column("project", edges, [](const Edge& e) { return std::int64_t{e.project}; }),
        column("invested", edges, [](const Edge& e) { return e.invested; }),
        column("part_of_shares", edges, [](const Edge& e) { return e.part_of_shares; }),
    };
}

}  // namespace

std::size_t NetworkSnapshot::ties() const {
    return static_cast<std::size_t>(std::ranges::count_if(edges, &SnapshotEdge::tie));
}

std::size_t NetworkSnapshot::failures() const {
    return static_cast<std::size_t>(
        std::ranges::count(vertices, SnapshotState::failed, &SnapshotVertex::state));
}

NetworkSnapshot snapshot_of(const PlainWorld& world) {
    Draft draft{.snapshot = {.month = world.now()}};
    add_vertices(world, draft);
    add_ties(world, draft);
    add_stakes(world, draft);
    NetworkSnapshot& snapshot = draft.snapshot;
    for (std::size_t i = 0; i < snapshot.edges.size(); ++i)
        snapshot.network.edges[i].weight =
            snapshot.edges[i].tie ? snapshot.edges[i].trust : snapshot.edges[i].part_of_shares;
    return std::move(draft.snapshot);
}

std::string snapshot_graphml(const NetworkSnapshot& snapshot) {
    return graphml_text(snapshot.network, vertex_columns(snapshot.vertices), edge_columns(snapshot.edges));
}

NetworkPicture snapshot_picture(const NetworkSnapshot& snapshot, std::string title, std::string subtitle) {
    constexpr std::array<NetworkPictureState, 3> states = {
        NetworkPictureState::present, NetworkPictureState::failed, NetworkPictureState::exited};
    NetworkPicture picture{
        .title = std::move(title),
        .subtitle = std::move(subtitle),
        .kinds = {"startups", "investors", "universities", "industry partners", "communities"},
    };
    static_assert(partner_kinds == 5);
    for (std::size_t i = 0; i < snapshot.vertices.size(); ++i) {
        const SnapshotVertex& vertex = snapshot.vertices[i];
        picture.vertices.push_back(
            {.label = snapshot.network.names[i],
             .kind = static_cast<std::size_t>(vertex.kind),
             .state = states[static_cast<std::size_t>(vertex.state)],
             .note = std::isnan(vertex.cash) ? "" : "cash " + quantity_text(vertex.cash, Dimension::money)});
    }
    for (std::size_t i = 0; i < snapshot.edges.size(); ++i) {
        const NetworkEdge& ends = snapshot.network.edges[i];
        const SnapshotEdge& edge = snapshot.edges[i];
        const bool is_over = snapshot.vertices[ends.source].state != SnapshotState::present
                             || snapshot.vertices[ends.target].state != SnapshotState::present;
        if (edge.stakes > 0 && !is_over)
            picture.edges.push_back({.source = ends.source, .target = ends.target, .stake = true});
        if (edge.tie)
            picture.edges.push_back({.source = ends.source, .target = ends.target, .trust = edge.trust});
    }
    return picture;
}

}  // namespace venturi
