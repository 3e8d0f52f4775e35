#include "analysis/report/influence_layout.hpp"

#include "analysis/report/text_width.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace venturi::influence_layout {

namespace {

constexpr double least_column_pitch = 190;
constexpr double most_column_pitch = 300;
constexpr double row_pitch = 128;
constexpr std::size_t widest_node_line = 15;  // columns of text

// Of a sans-serif on the wide side, DejaVu Sans, as a share of its size, for labels, which are half
// punctuation.
constexpr double label_character_width = 0.5;

double cross(const Point& a, const Point& b) {
    return a.x * b.y - a.y * b.x;
}

// The length that two intervals share, given by their middles and lengths.
double shared_length(double a, double a_length, double b, double b_length) {
    const double end = std::min(a + a_length / 2, b + b_length / 2);
    const double begin = std::max(a - a_length / 2, b - b_length / 2);
    return std::max(end - begin, 0.0);
}

// An area.
double overlap(const Box& a, const Box& b) {
    return shared_length(a.centre.x, a.width, b.centre.x, b.width)
           * shared_length(a.centre.y, a.height, b.centre.y, b.height);
}

// Out of a node and back into it.
Curve loop_curve(const Point& centre, const Point& outwards, double half_width) {
    const Point aside = (half_width / length(outwards)) * quarter_turn(outwards);
    return {{centre, centre + outwards - aside, centre + outwards + aside, centre}};
}

// What is seen of a curve whose ends lie in two boxes.
Curve visible_part(const Curve& curve, const Box& tail, const Box& head) {
    constexpr double gap = 3;
    const double from = boundary(0, 0.5, [&](double t) { return tail.contains(curve.at(t), gap); });
    const double to = boundary(1, 0.5, [&](double t) { return head.contains(curve.at(t), gap); });
    return curve.part(from, to);
}

std::vector<Point> samples(const Curve& curve) {
    constexpr int count = 40;
    std::vector<Point> points;
    points.reserve(count + 1);
    for (int i = 0; i <= count; ++i) points.push_back(curve.at(static_cast<double>(i) / count));
    return points;
}

// ---- nodes on a grid, in columns and rows

bool cross_each_other(const Point& a, const Point& b, const Point& c, const Point& d) {
    const double c_side = cross(b - a, c - a);
    const double d_side = cross(b - a, d - a);
    const double a_side = cross(d - c, a - c);
    const double b_side = cross(d - c, b - c);
    return c_side * d_side < 0 && a_side * b_side < 0;
}

double distance_to_segment(const Point& point, const Point& from, const Point& to) {
    const Point along = to - from;
    const double squared = along.x * along.x + along.y * along.y;
    const Point offset = point - from;
    const double share = squared > 0 ? (offset.x * along.x + offset.y * along.y) / squared : 0;
    return length(offset - std::clamp(share, 0.0, 1.0) * along);
}

// Long arrows, arrows that cross and arrows that pass through a node all make a picture harder to read.
double untidiness(std::span<const Point> places, const std::vector<InfluenceArrow>& arrows) {
    constexpr double of_crossing = 5;
    constexpr double of_passage = 5;
    constexpr double clearance = 0.35;
    double total = 0;
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        const Point& from = places[arrows[i].tail];
        const Point& to = places[arrows[i].head];
        total += length(to - from);
        for (std::size_t j = 0; j < i; ++j) {
            if (cross_each_other(from, to, places[arrows[j].tail], places[arrows[j].head]))
                total += of_crossing;
        }
        for (std::size_t node = 0; node < places.size(); ++node) {
            if (node == arrows[i].tail || node == arrows[i].head) continue;
            if (distance_to_segment(places[node], from, to) < clearance) total += of_passage;
        }
    }
    return total;
}

/// Places of which the first ones hold the nodes, in their order, and the others are free.
using Arrangement = std::vector<Point>;

// Exchanges places as long as that makes the picture tidier; returns its untidiness.
double tidy(Arrangement& places, std::size_t nodes, const std::vector<InfluenceArrow>& arrows) {
    constexpr double least_gain = 1e-9;
    const auto measure = [&] { return untidiness(std::span(places).first(nodes), arrows); };
    double least = measure();
    for (bool improved = true; improved;) {
        improved = false;
        for (std::size_t node = 0; node < nodes; ++node) {
            for (std::size_t other = node + 1; other < places.size(); ++other) {
                std::swap(places[node], places[other]);
                const double changed = measure();
                if (changed < least - least_gain) {
                    least = changed;
                    improved = true;
                } else {
                    std::swap(places[node], places[other]);
                }
            }
        }
    }
    return least;
}

Arrangement grid_cells(std::size_t nodes) {
    constexpr std::size_t most_columns = 5;
    std::size_t columns = 1;
    while (columns < most_columns && 2 * columns * columns < 3 * nodes) ++columns;
    const std::size_t rows = nodes / columns + 2;  // some cells stay free, for nodes to move to
    Arrangement cells;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column)
            cells.push_back({static_cast<double>(column), static_cast<double>(row)});
    }
    return cells;
}

// The same order on every machine, which std::shuffle does not promise.
void shuffle(Arrangement& places, std::uint64_t& state) {
    for (std::size_t i = places.size(); i > 1; --i) {
        state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX generator
        std::swap(places[i - 1], places[(state >> 33U) % i]);
    }
}

// The tidiest of several attempts from different beginnings.
Arrangement tidy_places(std::size_t nodes, const std::vector<InfluenceArrow>& arrows) {
    const int attempts = nodes <= 24 ? 12 : 2;
    Arrangement start = grid_cells(nodes);
    Arrangement best;
    double least = std::numeric_limits<double>::infinity();
    std::uint64_t state = 1;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        Arrangement places = start;
        const double reached = tidy(places, nodes, arrows);
        if (reached < least) {
            least = reached;
            best = places;
        }
        shuffle(start, state);
    }
    best.resize(nodes);
    return best;
}

Arrangement places_of(const InfluencePicture& picture) {
    Arrangement given;
    for (const InfluenceNode& node : picture.nodes) {
        if (node.x && node.y) given.push_back({*node.x, *node.y});
    }
    return given.empty() ? tidy_places(picture.nodes.size(), picture.arrows) : given;
}

// ---- text in boxes

// Up to `width` columns and the rest; at least one character.
std::pair<std::string, std::string> cut(const std::string& word, std::size_t width) {
    std::size_t end = 0;
    for (std::size_t next = 1; next <= word.size(); ++next) {
        const bool inside_character =
            next < word.size() && (static_cast<unsigned char>(word[next]) & 0xC0U) == 0x80U;
        if (inside_character) continue;
        if (end > 0 && display_width(std::string_view(word).substr(0, next)) > width) break;
        end = next;
    }
    return {word.substr(0, end), word.substr(end)};
}

std::vector<std::string> words_of(std::string_view text, std::size_t width) {
    std::vector<std::string> words;
    std::string word;
    const auto finish = [&] {
        while (!word.empty()) {
            auto [first, rest] = cut(word, width);
            words.push_back(std::move(first));
            word = std::move(rest);
        }
    };
    for (const char c : text) {
        if (c == ' ')
            finish();
        else
            word += c;
    }
    finish();
    return words;
}

// ---- where everything stands

// All boxes have the size of the one with the most lines.
void put_nodes(Scene& scene, const InfluencePicture& picture, double top) {
    constexpr double box_width = 130;
    std::size_t most_lines = 1;
    for (const InfluenceNode& node : picture.nodes)
        most_lines = std::max(most_lines, wrapped(node.name).size());
    const double box_height = node_line_height * static_cast<double>(most_lines) + 14;
    scene.top = top;
    scene.height = top + 2 * side_margin + box_height;
    if (picture.nodes.empty()) return;
    const Arrangement places = places_of(picture);
    const auto by_x = [](const Point& a, const Point& b) { return a.x < b.x; };
    const auto by_y = [](const Point& a, const Point& b) { return a.y < b.y; };
    const auto [left, right] = std::minmax_element(places.begin(), places.end(), by_x);
    const auto [first, last] = std::minmax_element(places.begin(), places.end(), by_y);
    const double columns = right->x - left->x;
    const double room = narrowest_picture - 2 * side_margin - box_width;
    const double pitch =
        std::clamp(columns > 0 ? room / columns : 0.0, least_column_pitch, most_column_pitch);
    const double tallest_row_pitch = std::max(row_pitch, box_height + 66);
    scene.width = std::max(narrowest_picture, pitch * columns + box_width + 2 * side_margin);
    scene.height += tallest_row_pitch * (last->y - first->y);
    const Point corner{(scene.width - pitch * columns) / 2, top + side_margin + box_height / 2};
    for (const Point& place : places) {
        const Point centre{corner.x + pitch * (place.x - left->x),
                           corner.y + tallest_row_pitch * (place.y - first->y)};
        scene.nodes.push_back({centre, box_width, box_height});
    }
}

// An arrow's possible ways, the plainest first.
std::vector<Curve> ways(const Scene& scene, const InfluenceArrow& arrow) {
    const Box& tail = scene.nodes[arrow.tail];
    const Box& head = scene.nodes[arrow.head];
    std::vector<Curve> curves;
    if (arrow.tail == arrow.head) {
        for (const double side : {-1.0, 1.0}) {
            curves.push_back(loop_curve(tail.centre, {0, side * 130}, 110));
            curves.push_back(loop_curve(tail.centre, {side * 160, 0}, 60));
        }
    } else {
        for (const double bend : {0.0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3, 0.4, -0.4})
            curves.push_back(bowed_curve(tail.centre, head.centre, bend));
    }
    for (Curve& curve : curves) curve = visible_part(curve, tail, head);
    return curves;
}

bool near_any(const Point& point, const std::vector<Point>& others, double distance) {
    return std::any_of(others.begin(), others.end(),
                       [&](const Point& other) { return length(point - other) < distance; });
}

// How much a way disturbs: through nodes, off the picture, along or across the others.
double obstruction(const Scene& scene, const InfluenceArrow& arrow, const Curve& way,
                   const std::vector<std::vector<Point>>& others) {
    constexpr double clearance = 8;
    double total = 0;
    for (const Point& point : samples(way)) {
        for (std::size_t node = 0; node < scene.nodes.size(); ++node) {
            const bool own = node == arrow.tail || node == arrow.head;
            total += scene.nodes[node].contains(point, own ? 0 : clearance) ? 20 : 0;
        }
        const bool outside = point.x < clearance || point.x > scene.width - clearance || point.y < scene.top
                             || point.y > scene.height - clearance;
        total += outside ? 20 : 0;
        for (const auto& other : others) total += near_any(point, other, 14) ? 2 : 0;
    }
    return total;
}

// Each arrow in turn takes the way that disturbs the others least, and once more when all have one.
void put_curves(Scene& scene, const std::vector<InfluenceArrow>& arrows) {
    constexpr double of_bending = 2;
    std::vector<std::vector<Point>> taken(arrows.size());
    scene.curves.resize(arrows.size());
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < arrows.size(); ++i) {
            taken[i].clear();
            double least = std::numeric_limits<double>::infinity();
            double plainness = 0;
            for (const Curve& way : ways(scene, arrows[i])) {
                const double cost = obstruction(scene, arrows[i], way, taken) + plainness;
                plainness += of_bending;
                if (cost >= least) continue;
                least = cost;
                scene.curves[i] = way;
            }
            taken[i] = samples(scene.curves[i]);
        }
    }
}

Box label_box(const Label& label, const Curve& curve, double share, double side) {
    constexpr double font_size = 12;
    constexpr double gap = 7;
    std::size_t longest = 0;
    for (const std::string& line : label.lines) longest = std::max(longest, line.size());
    const double width = label_character_width * font_size * static_cast<double>(longest);
    const double height = label_line_height * static_cast<double>(label.lines.size());
    const Point along = curve.at(std::min(share + 0.01, 1.0)) - curve.at(std::max(share - 0.01, 0.0));
    const double size = length(along);
    const Point normal = size > 0 ? (1 / size) * quarter_turn(along) : Point{0, 1};
    const double reach =
        (std::abs(normal.x) * width + std::abs(normal.y) * height) / 2 + gap + label.stroke_width / 2;
    return {curve.at(share) + side * reach * normal, width, height};
}

double area_outside(const Scene& scene, const Box& box) {
    const Box inside{
        {scene.width / 2, (scene.top + scene.height) / 2}, scene.width - 8, scene.height - scene.top - 8};
    return box.width * box.height - overlap(box, inside);
}

// How much a label hides or is hidden, and how far it strays from the middle of its arrow.
double label_cost(const Scene& scene, const Box& box, std::size_t own,
                  const std::vector<std::vector<Point>>& lines) {
    constexpr double clearance = 4;
    constexpr double nearness = 12;  // closer to another arrow than this, a label seems to belong to it
    const Box roomy{box.centre, box.width + clearance, box.height + clearance};
    double total = 3 * area_outside(scene, box);
    for (const Box& node : scene.nodes) total += 3 * overlap(roomy, node);
    for (std::size_t i = 0; i < scene.labels.size(); ++i) {
        if (i != own) total += 3 * overlap(roomy, scene.labels[i].box);
        for (const Point& point : lines[i]) {
            if (i == own) {
                total += box.contains(point, 1) ? 40 : 0;
            } else {
                total += box.contains(point, clearance) ? 60 : 0;
                total += box.contains(point, nearness) ? 4 : 0;
            }
        }
    }
    return total;
}

// As with the curves; three rounds, since labels push each other.
void put_labels(Scene& scene) {
    std::vector<std::vector<Point>> lines;
    for (const Curve& curve : scene.curves) lines.push_back(samples(curve));
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < scene.labels.size(); ++i) {
            double least = std::numeric_limits<double>::infinity();
            Box best;
            for (int step = 0; step <= 16; ++step) {
                const double shift = 0.05 * (step % 2 == 0 ? step / 2 : -(step + 1) / 2);
                for (const double side : {-1.0, 1.0, 0.0}) {
                    const Box box = label_box(scene.labels[i], scene.curves[i], 0.5 + shift, side);
                    const double cost = label_cost(scene, box, i, lines) + 100 * std::abs(shift);
                    if (cost >= least) continue;
                    least = cost;
                    best = box;
                }
            }
            scene.labels[i].box = best;
        }
    }
}

}  // namespace

Curve bowed_curve(const Point& from, const Point& to, double bend) {
    const Point control = 0.5 * (from + to) + 2 * bend * quarter_turn(to - from);
    constexpr double third = 1.0 / 3;
    return {{from, third * from + 2 * third * control, third * to + 2 * third * control, to}};
}

std::vector<std::string> wrapped(std::string_view name) {
    std::vector<std::string> lines;
    for (const std::string& word : words_of(printable(name), widest_node_line)) {
        const bool fits =
            !lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= widest_node_line;
        if (fits)
            lines.back() += ' ' + word;
        else
            lines.push_back(word);
    }
    return lines;
}

Scene laid_out(const InfluencePicture& picture, std::vector<Label> labels, double top) {
    Scene scene;
    scene.labels = std::move(labels);
    put_nodes(scene, picture, top);
    put_curves(scene, picture.arrows);
    put_labels(scene);
    return scene;
}

}  // namespace venturi::influence_layout
