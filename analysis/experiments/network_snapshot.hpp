// A world's network at one moment, as a value that is written and drawn: who is there, who has failed, who is
// tied to whom, and who holds a stake in whom.
#pragma once

#include "agents/network/network.hpp"
#include "agents/partnership/partner.hpp"
#include "analysis/report/network_picture.hpp"
#include "analysis/statistics/observables.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// Failed are startups that are bankrupt or shut down, and other partners until another takes their place;
/// exited are startups that were acquired or listed.
enum class SnapshotState : std::uint8_t { present, failed, exited };

/// Of those who have failed or exited the last three are NaN: what they were last is no longer so.
struct SnapshotVertex {
    PartnerKind kind = PartnerKind::startup;
    std::string group = {};
    SnapshotState state = SnapshotState::present;
    std::uint32_t ties = 0;
    Resources brings = {};   ///< each in [0, 1]; of a startup: as of its last planning
    double reliability = 0;  ///< how good its name is, in [0, 1]
    double cash = 0;         ///< dollars; NaN where it is no startup
};

/// What joins two: a tie, stakes, or both.
struct SnapshotEdge {
    bool tie = false;
    bool project = false;       ///< both are in the same joint project
    double trust = 0;           ///< of a tie, in [0, 1]; NaN where there is none, as for the next two
    double since = 0;           ///< month in which the tie was formed
    double owed = 0;            ///< dollars that one end owes the other
    std::string debtor = {};    ///< the end that owes; empty where nothing is owed
    std::size_t stakes = 0;     ///< how many
    double invested = 0;        ///< dollars, by all of them; NaN where there is none, as for the next
    double part_of_shares = 0;  ///< that the investor holds, fully diluted, in [0, 1]
};

/// Vertices are those partners that have been founded by then, in the order of World::partners. Edges stand
/// tie before stake, each in the order of their seekers or investors; the weight of an edge is the trust of
/// its tie, or, of stakes alone, the part of the shares. A tie has no direction, so the network has none: a
/// stake is held by the end that is an investor.
struct NetworkSnapshot {
    double month = 0;
    Network network = {};
    std::vector<SnapshotVertex> vertices = {};
    std::vector<SnapshotEdge> edges = {};  ///< in the order of network.edges

    [[nodiscard]] std::size_t ties() const;
    [[nodiscard]] std::size_t failures() const;
};

/// The network of a world that has one (see has_network) at its present month; of one that has none, nothing.
[[nodiscard]] NetworkSnapshot snapshot_of(const PlainWorld& world);

/// As GraphML. Vertices have kind, group, state, ties, knowledge, data, compute, reach, reliability and cash,
/// edges have kind ("tie", "stake" or "tie and stake"), trust, since, owed, debtor, project (1 or 0),
/// invested and part_of_shares, with units as in the structures above; what isn't known of one is left out.
[[nodiscard]] std::string snapshot_graphml(const NetworkSnapshot& snapshot);

/// To be drawn: kinds are those of partners, and stakes show where the startup is present.
[[nodiscard]] NetworkPicture snapshot_picture(const NetworkSnapshot& snapshot, std::string title,
                                              std::string subtitle);

}  // namespace venturi
