// The drawing of a network: what a mark stands for, what lies where, and that nothing is over another.
#include "agents/network/random_networks.hpp"
#include "analysis/report/network_picture.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <regex>
#include <string>
#include <vector>

namespace venturi {
namespace {

using Catch::Matchers::Contains;
using State = NetworkPictureState;

constexpr StreamAddress address{.seed = 3, .trajectory = 0, .agent = 0, .purpose = 0};

// Two startups and a university that are tied, a startup by itself, one that failed and one that was sold.
NetworkPicture small_picture() {
    return {
        .title = "A <small> world",
        .subtitle = "month 12",
        .kinds = {"startups", "universities"},
        .vertices = {{.label = "firm/1"},
                     {.label = "firm/2"},
                     {.label = "school/1", .kind = 1},
                     {.label = "firm/3"},
                     {.label = "firm/4", .state = State::failed},
                     {.label = "firm/5", .state = State::exited}},
        .edges = {{.source = 0, .target = 1, .trust = 0.9}, {.source = 0, .target = 2, .trust = 0.2}},
    };
}

NetworkPicture large_picture(std::size_t vertices, std::size_t edges_each) {
    const Network network =
        preferential_attachment({.vertices = vertices, .edges_per_newcomer = edges_each}, address);
    NetworkPicture picture{.title = "large", .kinds = {"a", "b", "c", "d", "e"}};
    for (std::size_t i = 0; i < vertices; ++i)
        picture.vertices.push_back({.label = "somebody/" + std::to_string(i), .kind = i % 5});
    for (const NetworkEdge& edge : network.edges)
        picture.edges.push_back({.source = edge.source, .target = edge.target, .trust = 0.5});
    return picture;
}

/// Everything of a picture between two texts, each time they stand there.
std::vector<std::string> between(const std::string& svg, const std::string& first, const std::string& last) {
    std::vector<std::string> found;
    for (std::size_t at = svg.find(first); at != std::string::npos; at = svg.find(first, at + 1)) {
        const std::size_t begin = at + first.size();
        found.push_back(svg.substr(begin, svg.find(last, begin) - begin));
    }
    return found;
}

// What is drawn of the vertex of that name.
std::string vertex_called(const std::string& svg, const std::string& label) {
    for (const std::string& vertex : between(svg, "<g class=\"vertex\">", "</g>"))
        if (vertex.starts_with("<title>" + label + ":")) return vertex;
    return {};
}

double number_after(const std::string& text, const std::string& name) {
    const std::size_t at = text.find(name + "=\"");
    if (at == std::string::npos) return std::nan("");
    return std::stod(text.substr(at + name.size() + 2));
}

struct LabelBox {
    double x;
    double y;
    double width;
};

std::vector<LabelBox> labels_in(const std::string& svg) {
    std::vector<LabelBox> boxes;
    const std::regex label("<text x=\"([0-9.]+)\" y=\"([0-9.]+)\" class=\"label\"[^>]*>([^<]*)<");
    for (std::sregex_iterator it(svg.begin(), svg.end(), label), end; it != end; ++it)
        // The narrowest that text of 12 pixels in a bold face could be.
        boxes.push_back(
            {std::stod((*it)[1]), std::stod((*it)[2]), 0.55 * 12 * static_cast<double>((*it)[3].length())});
    return boxes;
}

TEST_CASE("a drawn network is a whole SVG document that says what it shows") {
    const std::string svg = network_svg(small_picture());
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains("<title id=\"title\">A &lt;small&gt; world</title>"));
    CHECK_THAT(
        svg,
        Contains("<desc id=\"description\">startups: 3; universities: 1; failed: 1; exited: 1; ties: 2"));
    CHECK_THAT(svg, Contains("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"));
    CHECK_THAT(svg, Contains("role=\"img\" aria-labelledby=\"title description\""));
    CHECK_THAT(svg, Contains(">month 12</text>"));
}

TEST_CASE("every vertex and every tie of a network is drawn once, with its name") {
    const NetworkPicture picture = small_picture();
    const std::string svg = network_svg(picture);
    CHECK(occurrences(svg, "<g class=\"vertex\">") == picture.vertices.size());
    CHECK(occurrences(svg, "<g class=\"tie\">") == picture.edges.size());
    CHECK_THAT(vertex_called(svg, "firm/1"), Contains("firm/1: 2 ties<"));
    CHECK_THAT(vertex_called(svg, "firm/2"), Contains("firm/2: 1 tie<"));
    CHECK_THAT(svg, Contains("<title>firm/1 – firm/2, trust 0.90</title>"));
}

TEST_CASE("a tie is drawn from the centre of one vertex to that of the other") {
    const std::string svg = network_svg(small_picture());
    const std::string tie = between(svg, "firm/1 – firm/2, trust 0.90</title>", "</g>").at(0);
    const std::string one = vertex_called(svg, "firm/1");
    const std::string other = vertex_called(svg, "firm/2");
    CHECK(number_after(tie, "x1") == number_after(one, "cx"));
    CHECK(number_after(tie, "y1") == number_after(one, "cy"));
    CHECK(number_after(tie, "x2") == number_after(other, "cx"));
    CHECK(number_after(tie, "y2") == number_after(other, "cy"));
}

TEST_CASE("the more trust, the wider and darker a tie, and it lies above those with less") {
    const std::string svg = network_svg(small_picture());
    const std::string much = between(svg, "trust 0.90</title>", "</g>").at(0);
    const std::string little = between(svg, "trust 0.20</title>", "</g>").at(0);
    CHECK(number_after(much, "stroke-width") > 1.5 * number_after(little, "stroke-width"));
    CHECK(number_after(much, "stroke-opacity") > 1.5 * number_after(little, "stroke-opacity"));
    CHECK(svg.find("trust 0.20</title>") < svg.find("trust 0.90</title>"));
}

TEST_CASE("kinds differ in shape and colour, and a vertex with more ties is larger") {
    const std::string svg = network_svg(small_picture());
    const std::string startup = vertex_called(svg, "firm/2");
    const std::string university = vertex_called(svg, "school/1");
    CHECK_THAT(startup, Contains("<circle") && Contains("fill=\"#0072B2\""));
    CHECK_THAT(university, Contains("<polygon") && !Contains("#0072B2"));
    CHECK(number_after(vertex_called(svg, "firm/1"), " r") > number_after(startup, " r"));
    CHECK(number_after(startup, " r") > number_after(vertex_called(svg, "firm/3"), " r"));
}

TEST_CASE("what has failed is grey with a cross, what has exited is hollow") {
    const std::string svg = network_svg(small_picture());
    const std::string failed = vertex_called(svg, "firm/4");
    const std::string exited = vertex_called(svg, "firm/5");
    const std::string present = vertex_called(svg, "firm/3");
    CHECK_THAT(failed, Contains("<path") && Contains(", failed<") && !Contains("#0072B2"));
    CHECK_THAT(exited,
               Contains("fill=\"white\" stroke=\"#0072B2\"") && Contains(", exited<") && !Contains("<path"));
    CHECK_THAT(present, Contains("fill=\"#0072B2\"") && !Contains("<path") && !Contains("failed"));
}

TEST_CASE("those without ties stand in blocks below the network, apart by what became of them") {
    const std::string svg = network_svg(small_picture());
    const auto headings =
        between(svg, "class=\"heading\" font-size=\"13\" font-weight=\"600\" fill=\"#57606a\">", "<");
    CHECK(headings == std::vector<std::string>{"without ties: 1", "exited: 1", "failed: 1"});
    const double tied = number_after(vertex_called(svg, "firm/2"), "cy");
    const double alone = number_after(vertex_called(svg, "firm/3"), "cy");
    const double exited = number_after(vertex_called(svg, "firm/5"), "cy");
    const double failed = number_after(vertex_called(svg, "firm/4"), "cy");
    CHECK(tied < alone);
    CHECK(alone < exited);
    CHECK(exited < failed);
}

TEST_CASE("one that has failed and is tied still stays where its ties are") {
    NetworkPicture picture = small_picture();
    picture.vertices[0].state = State::failed;
    const std::string svg = network_svg(picture);
    CHECK_THAT(vertex_called(svg, "firm/1"), Contains("<path"));
    CHECK(number_after(vertex_called(svg, "firm/1"), "cy")
          < number_after(vertex_called(svg, "firm/3"), "cy"));
    CHECK_THAT(svg, Contains(">failed: 1</text>"));  // the block
    CHECK_THAT(svg, Contains(">failed: 2</text>"));  // the legend
}

TEST_CASE("a stake is dashed, lies under ties and makes nobody larger") {
    NetworkPicture picture = small_picture();
    picture.edges.push_back({.source = 3, .target = 0, .stake = true});
    const std::string svg = network_svg(picture);
    const std::string stake = between(svg, "<g class=\"stake\">", "</g>").at(0);
    CHECK_THAT(stake, Contains("firm/3 – firm/1, stake") && Contains("stroke-dasharray"));
    CHECK(svg.find("<g class=\"stake\">") < svg.find("<g class=\"tie\">"));
    CHECK_THAT(vertex_called(svg, "firm/1"), Contains("2 ties"));
    CHECK(number_after(vertex_called(svg, "firm/3"), " r")
          == number_after(vertex_called(network_svg(small_picture()), "firm/3"), " r"));
    CHECK_THAT(svg, Contains("stakes: 1") && !Contains("without ties"));
}

bool lie_over_each_other(const LabelBox& a, const LabelBox& b) {
    const bool aside = a.x + a.width <= b.x || b.x + b.width <= a.x;
    return !aside && std::abs(a.y - b.y) < 12;
}

TEST_CASE("no label is over another, even where that leaves some out") {
    NetworkPicture picture = large_picture(80, 3);
    for (NetworkPictureVertex& vertex : picture.vertices)
        vertex.label = "a company of a long name, " + vertex.label;
    picture.labels = picture.vertices.size();
    const std::vector<LabelBox> boxes = labels_in(network_svg(picture));
    CHECK(boxes.size() > 12);
    CHECK(boxes.size() < picture.labels);
    for (std::size_t i = 0; i < boxes.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(lie_over_each_other(boxes[i], boxes[j]));
}

TEST_CASE("the best tied have labels, and only as many as asked for") {
    NetworkPicture picture = large_picture(300, 3);
    picture.labels = 5;
    const std::string svg = network_svg(picture);
    CHECK(is_well_formed(svg));
    std::vector<std::size_t> ties(300);
    for (const NetworkPictureEdge& edge : picture.edges) {
        ++ties[edge.source];
        ++ties[edge.target];
    }
    std::vector<std::size_t> sorted = ties;
    std::sort(sorted.begin(), sorted.end(), std::greater{});
    CHECK(labels_in(svg).size() == 5);
    for (std::size_t i = 0; i < ties.size(); ++i)
        if (ties[i] > sorted[5])
            CHECK_THAT(svg, Contains("fill=\"#24292f\">somebody/" + std::to_string(i) + "</text>"));
}

TEST_CASE("nobody without ties gets a label") {
    const std::string svg = network_svg(small_picture());
    CHECK(labels_in(svg).size() == 3);
    CHECK_THAT(svg, !Contains(">firm/3</text>"));
}

TEST_CASE("a network is drawn in the same bytes each time, all of it inside the picture") {
    const NetworkPicture picture = large_picture(120, 2);
    const std::string svg = network_svg(picture);
    CHECK(svg == network_svg(picture));
    const double height = number_after(svg, "height");
    for (const std::string& tie : between(svg, "<g class=\"tie\">", "</g>")) {
        CHECK((number_after(tie, "x1") > 0 && number_after(tie, "x1") < 1400));
        CHECK((number_after(tie, "y1") > 90 && number_after(tie, "y1") < height));
    }
}

TEST_CASE("a network without anybody, or without ties, can be drawn too") {
    CHECK(is_well_formed(network_svg({.title = "nobody"})));
    NetworkPicture picture = small_picture();
    picture.edges.clear();
    const std::string svg = network_svg(picture);
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains("without ties: 4") && !Contains("of trust"));
}

TEST_CASE("a picture of a network wants vertices, kinds and trust that there are") {
    const auto drawn_with = [](NetworkPictureEdge edge) {
        NetworkPicture picture = small_picture();
        picture.edges.push_back(edge);
        return network_svg(picture);
    };
    CHECK_THROWS_AS(drawn_with({.source = 0, .target = 6}), ContractViolation);
    CHECK_THROWS_AS(drawn_with({.source = 3, .target = 3}), ContractViolation);
    CHECK_THROWS_AS(drawn_with({.source = 1, .target = 3, .trust = 1.5}), ContractViolation);
    CHECK_THROWS_AS(drawn_with({.source = 1, .target = 3, .trust = std::nan("")}), ContractViolation);
    NetworkPicture picture = small_picture();
    picture.vertices[0].kind = 2;
    CHECK_THROWS_AS(network_svg(picture), ContractViolation);
    picture = small_picture();
    picture.kinds.resize(6);
    CHECK_THROWS_AS(network_svg(picture), ContractViolation);
}

}  // namespace
}  // namespace venturi
