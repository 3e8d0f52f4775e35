// A network as a picture: who is tied to whom and how strongly, and who has failed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

enum class NetworkPictureState : std::uint8_t { present, failed, exited };

struct NetworkPictureVertex {
    std::string label = {};
    std::size_t kind = 0;  ///< index into NetworkPicture::kinds
    NetworkPictureState state = NetworkPictureState::present;
    std::string note = {};  ///< shown with the label where a mouse rests: "cash $1.2M"
};

/// A tie, with the trust in it, or else a stake.
struct NetworkPictureEdge {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    bool stake = false;  ///< drawn dashed
    double trust = 0;    ///< in [0, 1], of a tie
};

struct NetworkPicture {
    std::string title = {};
    std::string subtitle = {};
    std::vector<std::string> kinds = {};  ///< at most five, in the plural: "startups"
    std::vector<NetworkPictureVertex> vertices = {};
    std::vector<NetworkPictureEdge> edges = {};
    std::size_t labels = 12;  ///< of the vertices with the most ties, so many at most
};

/// The picture in SVG, 1400 pixels wide, standing alone as `line_plot_svg` does, and the same for the same
/// network. Each kind has a shape and a colour; a vertex is the larger, the more ties it has, and ties are
/// the wider and darker, the more trust there is; where there are very many, all are lighter. What has failed
/// is grey with a cross, what has exited is hollow. Vertices that nothing is tied to stand in blocks below,
/// apart by state. The best tied have their labels beside them, where these cover least of other vertices;
/// one that has no place where it covers no other label is left out. Made for up to a thousand vertices.
/// Throws ContractViolation where an end of an edge is no vertex or both are the same, a vertex's kind isn't
/// one, there are more than five kinds, or a trust is outside [0, 1].
[[nodiscard]] std::string network_svg(const NetworkPicture& picture);

}  // namespace venturi
