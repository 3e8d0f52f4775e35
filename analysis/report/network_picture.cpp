#include "analysis/report/network_picture.hpp"

#include "analysis/report/network_layout.hpp"
#include "analysis/report/svg_text.hpp"
#include "analysis/report/text_width.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

namespace venturi {

namespace {

using network_layout::Point;
using State = NetworkPictureState;

constexpr std::size_t most_kinds = 5;
constexpr double picture_width = 1400;
constexpr double side_margin = 40;
constexpr double legend_row_height = 26;
constexpr double font_size = 13;
constexpr double label_font = 12;
constexpr double character_width = 0.555;  // of DejaVu Sans, on the wide side, as a share of its size

constexpr std::string_view text_colour = "#24292f";
constexpr std::string_view quiet_text_colour = "#57606a";
constexpr std::string_view tie_colour = "#30363d";
constexpr std::string_view stake_colour = "#CC79A7";
constexpr std::string_view failed_fill = "#eaeef2";
constexpr std::string_view failed_colour = "#57606a";

double text_pixels(std::string_view text, double size) {
    return character_width * size * static_cast<double>(display_width(text));
}

std::string text_svg(const Point& at, std::string_view attributes, std::string_view text) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>", at.x, at.y, attributes, escaped(text));
}

void check_network_picture(const NetworkPicture& picture) {
    expects(picture.kinds.size() <= most_kinds, "a picture of a network has five kinds of vertices at most");
    for (const NetworkPictureVertex& vertex : picture.vertices)
        expects(vertex.kind < picture.kinds.size(), "a vertex is of a kind that the picture has");
    for (const NetworkPictureEdge& edge : picture.edges) {
        expects(edge.source < picture.vertices.size() && edge.target < picture.vertices.size()
                    && edge.source != edge.target,
                "an edge joins two vertices");
        expects(edge.stake || (edge.trust >= 0 && edge.trust <= 1), "trust is in [0, 1]");
    }
}

// ---- what vertices look like

// Blue, reddish purple, bluish green, orange and sky blue of Okabe and Ito, "Color universal design" (2008);
// shapes tell kinds apart where colours don't, as in print.
struct Look {
    std::string_view colour;
    std::size_t corners;  // of a regular polygon; 0: a disc
    double turn;          // of its first corner, in turns from the top
    double reach;         // of corners over the radius of a disc of the same area
};
constexpr std::array<Look, most_kinds> looks = {{
    {"#0072B2", 0, 0, 1},
    {"#CC79A7", 4, 0, 1.25},
    {"#009E73", 4, 0.125, 1.25},
    {"#E69F00", 3, 0, 1.55},
    {"#56B4E9", 6, 0, 1.1},
}};

// Of a disc; other shapes have the same area.
double radius_of(std::size_t ties) {
    return 4.8 + 1.6 * std::sqrt(static_cast<double>(ties));
}

std::string shape_svg(const Look& look, State state, const Point& at, double radius) {
    const std::string_view fill = state == State::failed   ? failed_fill
                                  : state == State::exited ? std::string_view("white")
                                                           : look.colour;
    // White rims part vertices from lines and from each other.
    const std::string_view rim = state == State::failed   ? failed_colour
                                 : state == State::exited ? look.colour
                                                          : std::string_view("white");
    const std::string paint = fmt::format(" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"", fill, rim,
                                          state == State::exited ? 2.0 : 1.0);
    std::string svg;
    if (look.corners == 0) {
        svg = fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"{}/>", at.x, at.y, radius, paint);
    } else {
        std::string points;
        for (std::size_t i = 0; i < look.corners; ++i) {
            constexpr double tau = 6.283185307179586;
            const double angle =
                tau * (look.turn + static_cast<double>(i) / static_cast<double>(look.corners));
            points += fmt::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ",
                                  at.x + look.reach * radius * std::sin(angle),
                                  at.y - look.reach * radius * std::cos(angle));
        }
        svg = fmt::format("<polygon points=\"{}\"{}/>", points, paint);
    }
    if (state == State::failed) {
        const double arm = 0.8 * radius;
        svg += fmt::format(
            "<path d=\"M{:.1f},{:.1f} l{:.1f},{:.1f} m0,{:.1f} l{:.1f},{:.1f}\" stroke=\"{}\" "
            "stroke-width=\"1.4\"/>",
            at.x - arm, at.y - arm, 2 * arm, 2 * arm, -2 * arm, -2 * arm, 2 * arm, failed_colour);
    }
    return svg;
}

struct Stroke {
    double width;
    double opacity;
};

Stroke stroke_of(double trust, double shade) {
    return {0.6 + 2.2 * trust, shade * (0.25 + 0.5 * trust * trust)};
}

// Many ties are lighter, or they would be one dark patch.
double shade_of(const NetworkPicture& picture) {
    constexpr double few = 350;
    return std::clamp(std::sqrt(few / static_cast<double>(picture.edges.size() + 1)), 0.45, 1.0);
}

std::string line_svg(const Point& from, const Point& to, const NetworkPictureEdge& edge, double shade) {
    const Stroke stroke = edge.stake ? Stroke{1.2, 0.85} : stroke_of(edge.trust, shade);
    return fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{:.2f}\" "
        "stroke-opacity=\"{:.2f}\"{}/>",
        from.x, from.y, to.x, to.y, edge.stake ? stake_colour : tie_colour, stroke.width, stroke.opacity,
        edge.stake ? " stroke-dasharray=\"5 3\"" : "");
}

std::string count_text(std::size_t count, std::string_view one, std::string_view several) {
    return fmt::format("{} {}", count, count == 1 ? one : several);
}

// ---- where everything stands

/// Vertices without edges, in rows under a heading.
struct CaptionBlock {
    std::string heading;
    double top = 0;
    std::vector<std::uint32_t> vertices = {};
};

struct Scene {
    std::vector<std::size_t> ties = {};
    std::vector<double> radii = {};
    std::vector<Point> points = {};
    std::vector<CaptionBlock> blocks = {};
    double height = 0;
};

std::vector<std::size_t> ties_of(const NetworkPicture& picture) {
    std::vector<std::size_t> ties(picture.vertices.size());
    for (const NetworkPictureEdge& edge : picture.edges) {
        if (edge.stake) continue;
        ++ties[edge.source];
        ++ties[edge.target];
    }
    return ties;
}

// Lays out those that an edge joins, from `top` down; returns where they end.
double lay_out_joined(const NetworkPicture& picture, double top, Scene& scene) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> joined;
    for (const NetworkPictureEdge& edge : picture.edges) joined.insert(std::minmax(edge.source, edge.target));
    constexpr std::uint32_t none = 0xFFFFFFFFU;
    std::vector<std::uint32_t> place(picture.vertices.size(), none);
    std::vector<std::uint32_t> vertices;
    std::vector<double> reaches;
    Network network;
    for (const auto& [source, target] : joined) {
        for (const std::uint32_t end : {source, target}) {
            if (place[end] != none) continue;
            place[end] = static_cast<std::uint32_t>(vertices.size());
            vertices.push_back(end);
            reaches.push_back(looks[picture.vertices[end].kind].reach * scene.radii[end]);
        }
        network.edges.push_back({place[source], place[target]});
    }
    network.vertices = vertices.size();
    constexpr double inner_width = picture_width - 2 * side_margin;
    // Few get more room each; many get less, and the picture is higher.
    constexpr double usual_height = 760;
    const double room =
        std::clamp(inner_width * usual_height / static_cast<double>(vertices.size() + 1), 2600.0, 7000.0);
    const network_layout::NetworkLayout layout =
        network_layout::lay_out(network, reaches, {.width = inner_width, .area_per_vertex = room});
    const double left = side_margin + std::max((inner_width - layout.width) / 2, 0.0);
    for (std::size_t i = 0; i < vertices.size(); ++i)
        scene.points[vertices[i]] = {left + layout.centres[i].x, top + layout.centres[i].y};
    return top + layout.height;
}

// The others stand in blocks by state, in rows, kind by kind.
double lay_out_blocks(const NetworkPicture& picture, double top, Scene& scene) {
    std::vector<bool> is_joined(picture.vertices.size(), false);
    for (const NetworkPictureEdge& edge : picture.edges)
        is_joined[edge.source] = is_joined[edge.target] = true;
    const bool with_stakes = std::ranges::any_of(picture.edges, &NetworkPictureEdge::stake);
    const std::array<std::pair<State, std::string_view>, 3> states = {
        {{State::present, with_stakes ? "without ties or stakes" : "without ties"},
         {State::exited, "exited"},
         {State::failed, "failed"}}};
    for (const auto& [state, heading] : states) {
        CaptionBlock block;
        for (std::uint32_t i = 0; i < picture.vertices.size(); ++i)
            if (!is_joined[i] && picture.vertices[i].state == state) block.vertices.push_back(i);
        if (block.vertices.empty()) continue;
        std::ranges::stable_sort(block.vertices, {},
                                 [&](std::uint32_t i) { return picture.vertices[i].kind; });
        constexpr double cell = 18;
        constexpr auto columns = static_cast<std::size_t>((picture_width - 2 * side_margin) / cell);
        block.heading = fmt::format("{}: {}", heading, block.vertices.size());
        block.top = top + 22;
        for (std::size_t i = 0; i < block.vertices.size(); ++i) {
            const std::size_t row = i / columns;
            scene.points[block.vertices[i]] = {side_margin + cell * (static_cast<double>(i % columns) + 0.5),
                                               block.top + 12 + cell * (static_cast<double>(row) + 0.5)};
        }
        const std::size_t rows = (block.vertices.size() + columns - 1) / columns;
        top = block.top + 12 + cell * static_cast<double>(rows);
        scene.blocks.push_back(std::move(block));
    }
    return top;
}

Scene laid_out(const NetworkPicture& picture, double top) {
    Scene scene{.ties = ties_of(picture)};
    scene.points.resize(picture.vertices.size());
    for (const std::size_t ties : scene.ties) scene.radii.push_back(radius_of(ties));
    scene.height = lay_out_blocks(picture, lay_out_joined(picture, top, scene) + 10, scene) + 24;
    return scene;
}

// ---- labels

struct Box {
    double left;
    double top;
    double width;
    double height;

    [[nodiscard]] bool overlaps(const Box& other) const {
        return left < other.left + other.width && other.left < left + width && top < other.top + other.height
               && other.top < top + height;
    }
    // How far a disc reaches into the box; 0 where it does not.
    [[nodiscard]] double covers(const Point& centre, double radius) const {
        const double x = centre.x - std::clamp(centre.x, left, left + width);
        const double y = centre.y - std::clamp(centre.y, top, top + height);
        return std::max(radius - std::hypot(x, y), 0.0);
    }
};

// Beside a vertex, at eight places.
std::array<Box, 8> places_beside(const Point& at, double reach, double width) {
    constexpr double height = label_font + 3;
    const double near = reach + 3;
    const double slant = 0.75 * reach + 2;
    const double x = at.x;
    const double y = at.y;
    return {{{x + near, y - height / 2, width, height},
             {x - near - width, y - height / 2, width, height},
             {x - width / 2, y - near - height, width, height},
             {x - width / 2, y + near, width, height},
             {x + slant, y - slant - height, width, height},
             {x + slant, y + slant, width, height},
             {x - slant - width, y - slant - height, width, height},
             {x - slant - width, y + slant, width, height}}};
}

struct Label {
    Box box;
    std::uint32_t vertex;
};

// The best tied first, each where it covers least of other vertices; none over another or off the picture.
std::vector<Label> labels_of(const NetworkPicture& picture, const Scene& scene) {
    std::vector<std::uint32_t> order(picture.vertices.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, std::greater{}, [&](std::uint32_t i) { return scene.ties[i]; });
    std::vector<Label> labels;
    for (std::size_t i = 0; i < std::min(picture.labels, order.size()); ++i) {
        const std::uint32_t vertex = order[i];
        if (scene.ties[vertex] == 0) break;
        const double reach = looks[picture.vertices[vertex].kind].reach * scene.radii[vertex];
        const double width =
            1.13 * text_pixels(picture.vertices[vertex].label, label_font) + 4;  // it is bold
        double least = 1e9;
        Box best{};
        for (const Box& box : places_beside(scene.points[vertex], reach, width)) {
            const bool is_free =
                box.left >= 4 && box.left + box.width <= picture_width - 4
                && std::ranges::none_of(labels, [&](const Label& other) { return box.overlaps(other.box); });
            if (!is_free) continue;
            double covered = 0;
            for (std::size_t other = 0; other < scene.points.size(); ++other)
                if (other != vertex) covered += box.covers(scene.points[other], scene.radii[other]);
            if (covered < least) {
                least = covered;
                best = box;
            }
        }
        if (least < 1e9) labels.push_back({best, vertex});
    }
    return labels;
}

std::string label_svg(const NetworkPicture& picture, const Label& label) {
    const Point at{label.box.left + 2, label.box.top + label.box.height - 4};
    const std::string& text = picture.vertices[label.vertex].label;
    // Twice: a white rim first, so that it is legible on lines.
    return text_svg(at,
                    " class=\"rim\" aria-hidden=\"true\" font-size=\"12\" font-weight=\"600\" fill=\"white\" "
                    "stroke=\"white\" "
                    "stroke-width=\"3.5\" stroke-linejoin=\"round\" stroke-opacity=\"0.85\"",
                    text)
           + text_svg(at, " class=\"label\" font-size=\"12\" font-weight=\"600\" fill=\"#24292f\"", text)
           + '\n';
}

// ---- legend

struct Legend {
    std::string svg = {};
    double bottom = 0;
};

/// A sample of what is drawn, centred on (0, 0), and what it means.
struct Entry {
    std::string drawn;
    double sample_width;
    std::string name;
};

std::size_t number_in(const NetworkPicture& picture, State state) {
    return static_cast<std::size_t>(
        std::ranges::count(picture.vertices, state, &NetworkPictureVertex::state));
}

std::vector<Entry> entries_of(const NetworkPicture& picture) {
    std::vector<Entry> entries;
    for (std::size_t kind = 0; kind < picture.kinds.size(); ++kind) {
        if (std::ranges::find(picture.vertices, kind, &NetworkPictureVertex::kind) == picture.vertices.end())
            continue;
        const auto number = std::ranges::count_if(picture.vertices, [&](const NetworkPictureVertex& vertex) {
            return vertex.kind == kind && vertex.state == State::present;
        });
        entries.push_back({shape_svg(looks[kind], State::present, {8, 0}, 7.5), 16,
                           fmt::format("{}: {}", picture.kinds[kind], number)});
    }
    if (const std::size_t failed = number_in(picture, State::failed); failed > 0)
        entries.push_back(
            {shape_svg(looks[0], State::failed, {8, 0}, 6.5), 16, fmt::format("failed: {}", failed)});
    if (const std::size_t exited = number_in(picture, State::exited); exited > 0)
        entries.push_back(
            {shape_svg(looks[0], State::exited, {8, 0}, 6.5), 16, fmt::format("exited: {}", exited)});
    std::size_t stakes = 0;
    for (const NetworkPictureEdge& edge : picture.edges) stakes += std::size_t{edge.stake};
    const std::size_t ties = picture.edges.size() - stakes;
    if (ties > 0) {
        std::string samples;
        for (std::size_t i = 0; i < 3; ++i) {
            const double at = 34 * static_cast<double>(i);
            samples += line_svg({at, 0}, {at + 28, 0}, {.trust = 0.1 + 0.4 * static_cast<double>(i)},
                                shade_of(picture));
        }
        entries.push_back({samples, 96, fmt::format("ties: {}, of trust 0.1, 0.5, 0.9", ties)});
        std::string sizes;
        double x = 0;
        for (const std::size_t number : {1U, 5U, 20U}) {
            sizes += fmt::format("<circle cx=\"{:.1f}\" cy=\"0\" r=\"{:.1f}\" fill=\"none\" stroke=\"{}\"/>",
                                 x + radius_of(number), radius_of(number), quiet_text_colour);
            x += 2 * radius_of(number) + 4;
        }
        entries.push_back({sizes, x - 4, "with 1, 5, 20 ties"});
    }
    if (stakes > 0)
        entries.push_back(
            {line_svg({0, 0}, {28, 0}, {.stake = true}, 1), 28, fmt::format("stakes: {}", stakes)});
    return entries;
}

Legend draw_legend(const NetworkPicture& picture, double top) {
    Legend legend{.bottom = top};
    double x = picture_width;  // full: the first entry begins a row
    for (const Entry& entry : entries_of(picture)) {
        const double text_at = entry.sample_width + 6;
        const double width = text_at + text_pixels(entry.name, font_size);
        if (x + width > picture_width - side_margin) {
            x = side_margin;
            legend.bottom += legend_row_height;
        }
        legend.svg += fmt::format("<g class=\"legend\" transform=\"translate({:.1f} {:.1f})\">{}{}</g>\n", x,
                                  legend.bottom - legend_row_height / 2, entry.drawn,
                                  text_svg({text_at, 4.5}, " font-size=\"13\" fill=\"#24292f\"", entry.name));
        x += width + 22;
    }
    return legend;
}

// ---- the whole

std::string sentence_of(const NetworkPictureVertex& vertex, std::size_t ties) {
    std::string text = fmt::format("{}: {}", vertex.label, count_text(ties, "tie", "ties"));
    if (vertex.state == State::failed) text += ", failed";
    if (vertex.state == State::exited) text += ", exited";
    return vertex.note.empty() ? text : text + ", " + vertex.note;
}

std::string description_of(const NetworkPicture& picture, const Scene& scene,
                           const std::vector<Label>& labels) {
    std::string text;
    for (const Entry& entry : entries_of(picture)) text += (text.empty() ? "" : "; ") + entry.name;
    for (const Label& label : labels)
        text += "; " + sentence_of(picture.vertices[label.vertex], scene.ties[label.vertex]);
    return text;
}

std::string edges_svg(const NetworkPicture& picture, const Scene& scene) {
    std::vector<NetworkPictureEdge> edges = picture.edges;
    // Stakes lie lowest, trust highest.
    std::ranges::stable_sort(edges, {},
                             [](const NetworkPictureEdge& edge) { return edge.stake ? -1 : edge.trust; });
    std::string svg;
    for (const NetworkPictureEdge& edge : edges) {
        const std::string ends =
            fmt::format("{} – {}", picture.vertices[edge.source].label, picture.vertices[edge.target].label);
        svg += fmt::format(
            "<g class=\"{}\"><title>{}</title>{}</g>\n", edge.stake ? "stake" : "tie",
            escaped(edge.stake ? ends + ", stake" : fmt::format("{}, trust {:.2f}", ends, edge.trust)),
            line_svg(scene.points[edge.source], scene.points[edge.target], edge, shade_of(picture)));
    }
    return svg;
}

std::string vertices_svg(const NetworkPicture& picture, const Scene& scene) {
    std::string svg;
    for (std::size_t i = 0; i < picture.vertices.size(); ++i) {
        const NetworkPictureVertex& vertex = picture.vertices[i];
        svg += fmt::format("<g class=\"vertex\"><title>{}</title>{}</g>\n",
                           escaped(sentence_of(vertex, scene.ties[i])),
                           shape_svg(looks[vertex.kind], vertex.state, scene.points[i], scene.radii[i]));
    }
    return svg;
}

}  // namespace

std::string network_svg(const NetworkPicture& picture) {
    check_network_picture(picture);
    const Legend legend = draw_legend(picture, picture.subtitle.empty() ? 46 : 68);
    const Scene scene = laid_out(picture, legend.bottom + 16);
    const std::vector<Label> labels = labels_of(picture, scene);
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" aria-labelledby=\"title description\" "
        "font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        picture_width, scene.height, escaped(picture.title), escaped(description_of(picture, scene, labels)));
    svg +=
        text_svg({side_margin, 34}, " font-size=\"19\" font-weight=\"600\" fill=\"#24292f\"", picture.title)
        + '\n';
    if (!picture.subtitle.empty())
        svg += text_svg({side_margin, 57}, " font-size=\"14\" fill=\"#57606a\"", picture.subtitle) + '\n';
    svg += legend.svg + edges_svg(picture, scene) + vertices_svg(picture, scene);
    for (const CaptionBlock& block : scene.blocks)
        svg += text_svg({side_margin, block.top + 4},
                        " class=\"heading\" font-size=\"13\" font-weight=\"600\" fill=\"#57606a\"",
                        block.heading)
               + '\n';
    for (const Label& label : labels) svg += label_svg(picture, label);
    return svg + "</svg>\n";
}

}  // namespace venturi
