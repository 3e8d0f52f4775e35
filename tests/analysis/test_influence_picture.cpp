#include "analysis/report/influence_picture.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// One positive, one negative, one that can't be told from zero.
InfluencePicture example() {
    return {.title = "A small loop",
            .subtitle = "three influences",
            .nodes = {{"data"}, {"model"}, {"feedback"}},
            .arrows = {{.tail = 0, .head = 1, .strength = 0.6, .low = 0.5, .high = 0.7, .delay = 3},
                       {.tail = 1, .head = 2, .strength = -0.3, .low = -0.4, .high = -0.2, .delay = 1},
                       {.tail = 2, .head = 0, .strength = 0.1, .low = -0.1, .high = 0.3}}};
}

// A loop of sixteen quantities with side branches, of strengths between -0.5 and 0.6.
InfluencePicture large_loop() {
    InfluencePicture picture{.title = "From data to customers and back",
                             .nodes = {{"high-quality data", 0, 2.25},
                                       {"pretrained model", 1, 2.25},
                                       {"technology innovation", 2, 2.25},
                                       {"application", 3, 2.25},
                                       {"marketing", 4, 2.25},
                                       {"customer feedback", 4, 4.1},
                                       {"model optimisation (on feedback)", 1, 4.1},
                                       {"model training", 2, 3.25},
                                       {"model optimisation (tuning)", 3, 3.25},
                                       {"business expansion", 3, 1},
                                       {"talent development", 2, 1},
                                       {"innovation culture", 1, 1},
                                       {"company culture", 1, 0},
                                       {"brand value", 2, 0},
                                       {"strategy", 3, 0},
                                       {"market positioning", 4, 1}},
                             .arrows = {}};
    const std::vector<std::vector<std::size_t>> paths = {
        {0, 1, 2, 3, 4, 5, 6, 1}, {1, 7, 8, 3}, {3, 9, 10, 2}, {2, 11, 12, 13, 14, 15, 4}};
    for (const auto& path : paths) {
        for (std::size_t step = 1; step < path.size(); ++step) {
            const double strength = 0.1 * static_cast<double>(picture.arrows.size() * 5 % 12) - 0.5;
            picture.arrows.push_back({.tail = path[step - 1],
                                      .head = path[step],
                                      .strength = strength,
                                      .low = strength - 0.15,
                                      .high = strength + 0.15,
                                      .delay = 2.5});
        }
    }
    return picture;
}

InfluencePicture without_coordinates(InfluencePicture picture) {
    for (InfluenceNode& node : picture.nodes) node.x = node.y = std::nullopt;
    return picture;
}

// The groups of a class, in their order.
std::vector<std::string> groups(const std::string& svg, const std::string& name) {
    const std::string opening = "<g class=\"" + name + "\">";
    std::vector<std::string> found;
    for (std::size_t at = svg.find(opening); at != std::string::npos; at = svg.find(opening, at + 1))
        found.push_back(svg.substr(at, svg.find("</g>", at) - at));
    return found;
}

std::string attribute(const std::string& svg, const std::string& element, const std::string& name) {
    const std::size_t value = svg.find(' ' + name + "=\"", svg.find('<' + element)) + name.size() + 3;
    return svg.substr(value, svg.find('"', value) - value);
}

double number(const std::string& svg, const std::string& element, const std::string& name) {
    return std::stod(attribute(svg, element, name));
}

struct Rectangle {
    double left;
    double top;
    double right;
    double bottom;

    // Of a point outside; zero or less inside.
    [[nodiscard]] double distance_to(double x, double y) const {
        return std::max({left - x, x - right, top - y, y - bottom});
    }
};

bool overlap(const Rectangle& a, const Rectangle& b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

Rectangle node_rectangle(const std::string& node) {
    const double x = number(node, "rect", "x");
    const double y = number(node, "rect", "y");
    return {x, y, x + number(node, "rect", "width"), y + number(node, "rect", "height")};
}

std::vector<Rectangle> node_rectangles(const std::string& svg) {
    std::vector<Rectangle> rectangles;
    for (const std::string& node : groups(svg, "node")) rectangles.push_back(node_rectangle(node));
    return rectangles;
}

std::vector<std::string> texts(const std::string& group) {
    std::vector<std::string> found;
    for (std::size_t at = group.find("<text"); at != std::string::npos; at = group.find("<text", at + 1)) {
        const std::size_t begin = group.find('>', at) + 1;
        found.push_back(group.substr(begin, group.find('<', begin) - begin));
    }
    return found;
}

// Of DejaVu Sans, the widest of the picture's fonts, at 12 pixels: digits take 0.636 of that, letters no more
// in the mean, and none of - . , [ ] and the blank more than 0.391.
double text_width(const std::string& text) {
    double width = 0;
    for (const char c : text)
        width += 12 * (std::string("-.,[] ").find(c) == std::string::npos ? 0.636 : 0.391);
    return width;
}

// Text stands from 9 pixels above its baseline to 3 below.
Rectangle label_rectangle(const std::string& label) {
    double widest = 0;
    for (const std::string& text : texts(label)) widest = std::max(widest, text_width(text));
    const double half_width = widest / 2;
    const double x = number(label, "text", "x");
    const double first = number(label, "text", "y");
    const double last = number(label.substr(label.rfind("<text")), "text", "y");
    return {x - half_width, first - 9, x + half_width, last + 3};
}

struct Position {
    double x;
    double y;
};

// "M1.0,2.0 C…" or "1.0,2.0 …"
Position first_position(const std::string& list) {
    const std::size_t begin = list.starts_with('M') ? 1 : 0;
    const std::size_t comma = list.find(',');
    return {std::stod(list.substr(begin, comma - begin)), std::stod(list.substr(comma + 1))};
}

// The text outside of quotation marks; fails where one is not closed.
std::string outside_strings(const std::string& dot) {
    std::string outside;
    bool quoted = false;
    for (std::size_t i = 0; i < dot.size(); ++i) {
        if (quoted && dot[i] == '\\')
            ++i;
        else if (dot[i] == '"')
            quoted = !quoted;
        else if (!quoted)
            outside += dot[i];
    }
    REQUIRE_FALSE(quoted);
    return outside;
}

struct ClosePipe {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

std::string output_of(const std::string& command) {
    // NOLINTNEXTLINE(cert-env33-c): the command is this file's own
    const std::unique_ptr<std::FILE, ClosePipe> pipe(::popen(command.c_str(), "r"));
    REQUIRE(pipe != nullptr);
    std::string output;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) output += static_cast<char>(c);
    return output;
}

}  // namespace

TEST_CASE("an influence picture has its nodes, arrows, labels and legend") {
    const std::string svg = influence_svg(example());
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(is_well_formed(svg));
    CHECK(groups(svg, "node").size() == 3);
    CHECK(groups(svg, "arrow").size() == 3);
    const auto labels = groups(svg, "label");
    REQUIRE(labels.size() == 3);
    CHECK(texts(labels[0]) == std::vector<std::string>{"0.60 [0.50, 0.70]", "after 3 months"});
    CHECK(texts(labels[1]) == std::vector<std::string>{"-0.30 [-0.40, -0.20]", "after 1 month"});
    CHECK(texts(labels[2]) == std::vector<std::string>{"0.10 [-0.10, 0.30]"});
    for (const char* text : {">A small loop<", ">three influences<", ">data<", ">model<", ">feedback<",
                             ">positive<", ">negative<", ">not distinguishable from zero<"}) {
        CHECK_THAT(svg, Contains(text));
    }
}

TEST_CASE("an influence picture stands alone on a white ground and tells its arrows in words") {
    const std::string svg = influence_svg(example());
    CHECK_THAT(svg, Contains("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"));
    CHECK_THAT(svg, !Contains("href") && !Contains("<script") && !Contains("<style"));
    const std::size_t at = svg.find("<desc");
    const std::string description = svg.substr(at, svg.find("</desc>") - at);
    CHECK_THAT(description, Contains("data to model: 0.60 [0.50, 0.70], after 3 months")
                                && Contains("model to feedback: -0.30 [-0.40, -0.20], after 1 month")
                                && Contains("feedback to data: 0.10 [-0.10, 0.30], not distinguishable"));
}

TEST_CASE("the sign of an influence is its colour, its strength the width, and doubt dashes it") {
    const auto arrows = groups(influence_svg(example()), "arrow");
    REQUIRE(arrows.size() == 3);
    CHECK(attribute(arrows[0], "path", "stroke") == "#0072B2");
    CHECK(attribute(arrows[1], "path", "stroke") == "#D55E00");
    const double width_of_double = number(arrows[0], "path", "stroke-width");
    const double width_of_single = number(arrows[1], "path", "stroke-width");
    CHECK(width_of_double == Approx(2 * width_of_single).margin(0.02));  // written with two decimals
    CHECK(number(arrows[2], "path", "stroke-width") < width_of_single);
    CHECK(attribute(arrows[2], "path", "stroke") != attribute(arrows[0], "path", "stroke"));
    CHECK_THAT(arrows[0], !Contains("stroke-dasharray"));
    CHECK_THAT(arrows[1], !Contains("stroke-dasharray"));
    CHECK_THAT(arrows[2], Contains("stroke-dasharray"));
}

TEST_CASE("an influence is significant where its interval excludes zero") {
    CHECK(InfluenceArrow{.low = 0.1, .high = 0.2}.significant());
    CHECK(InfluenceArrow{.low = -0.2, .high = -0.1}.significant());
    CHECK_FALSE(InfluenceArrow{.low = -0.1, .high = 0.1}.significant());
    CHECK_FALSE(InfluenceArrow{.low = 0, .high = 0.1}.significant());
    CHECK_FALSE(InfluenceArrow{.low = -0.1, .high = 0}.significant());
}

TEST_CASE("an influence that is strong but doubtful does not thin the others") {
    InfluencePicture picture = example();
    const std::string width = attribute(groups(influence_svg(picture), "arrow")[0], "path", "stroke-width");
    picture.arrows[2] = {.tail = 2, .head = 0, .strength = 0.9, .low = -1, .high = 1.9};
    CHECK(attribute(groups(influence_svg(picture), "arrow")[0], "path", "stroke-width") == width);
}

TEST_CASE("influences in units of their own have decimals of their own, and a line for the interval") {
    InfluencePicture picture = example();
    picture.own_decimals = true;
    picture.arrows[0] = {.tail = 0, .head = 1, .strength = 0.00038, .low = 0.00025, .high = 0.00051};
    picture.arrows[1].delay = 0;
    picture.arrows[2] = {.tail = 2, .head = 0, .strength = 12.5, .low = 12.4999, .high = 12.5001};
    const std::string svg = influence_svg(picture);
    const auto labels = groups(svg, "label");
    CHECK(texts(labels[0]) == std::vector<std::string>{"0.00038", "[0.00025, 0.00051]"});
    CHECK(texts(labels[1]) == std::vector<std::string>{"-0.30", "[-0.40, -0.20]"});
    CHECK(texts(labels[2]) == std::vector<std::string>{"12.5", "[12.5, 12.5]"});
    CHECK_THAT(svg, Contains("labels: strength [95% confidence interval]; width: strength"));
}

TEST_CASE("an influence may be drawn as wide as something else than its strength") {
    InfluencePicture picture = example();
    picture.weight_name = "shares";
    picture.arrows[0].weight = 0.1;
    picture.arrows[1].weight = -0.2;
    const std::string svg = influence_svg(picture);
    const auto arrows = groups(svg, "arrow");
    const double width_of_single = number(arrows[0], "path", "stroke-width");
    CHECK(number(arrows[1], "path", "stroke-width")
          == Approx(2 * width_of_single).margin(0.02));  // written with two decimals
    CHECK_THAT(svg, Contains("width: shares; the thickest arrow is 0.20"));
}

TEST_CASE("an interval without end is written as one") {
    CHECK(influence_text(0.25, -infinity, infinity) == "0.250 [-∞, ∞]");
    CHECK(influence_text(0, 0, 0) == "0 [0, 0]");
}

TEST_CASE("nodes stand where their coordinates say") {
    const InfluencePicture picture = large_loop();
    const auto nodes = node_rectangles(influence_svg(picture));
    REQUIRE(nodes.size() == picture.nodes.size());
    const double column = (nodes[4].left - nodes[0].left) / 4;
    const double row = nodes[9].top - nodes[14].top;
    CHECK(column > nodes[0].right - nodes[0].left);
    CHECK(row > nodes[0].bottom - nodes[0].top);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        // Written with one decimal, up to five columns or rows away.
        CHECK(nodes[i].left == Approx(nodes[0].left + column * *picture.nodes[i].x).margin(0.5));
        CHECK(nodes[i].top == Approx(nodes[14].top + row * *picture.nodes[i].y).margin(0.5));
    }
}

TEST_CASE("an arrow goes from the edge of its tail to the edge of its head") {
    const InfluencePicture picture = GENERATE(large_loop(), without_coordinates(large_loop()), example());
    const std::string svg = influence_svg(picture);
    const auto nodes = node_rectangles(svg);
    const auto arrows = groups(svg, "arrow");
    REQUIRE(arrows.size() == picture.arrows.size());
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        const Position from = first_position(attribute(arrows[i], "path", "d"));
        const Position tip = first_position(attribute(arrows[i], "polygon", "points"));
        const double at_tail = nodes[picture.arrows[i].tail].distance_to(from.x, from.y);
        const double at_head = nodes[picture.arrows[i].head].distance_to(tip.x, tip.y);
        // A gap of three pixels, in coordinates with one decimal.
        CHECK(at_tail == Approx(3).margin(0.2));
        CHECK(at_head == Approx(3).margin(0.2));
    }
}

TEST_CASE("no label of the sixteen-node loop covers a node or another label") {
    const std::string svg = influence_svg(large_loop());
    const auto nodes = node_rectangles(svg);
    std::vector<Rectangle> labels;
    for (const std::string& label : groups(svg, "label")) labels.push_back(label_rectangle(label));
    REQUIRE(labels.size() == 19);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        INFO("label " << i);
        CHECK(labels[i].left > 0);
        CHECK(labels[i].right < number(svg, "svg", "width"));
        CHECK(labels[i].bottom < number(svg, "svg", "height"));
        for (const Rectangle& node : nodes) CHECK_FALSE(overlap(labels[i], node));
        for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(overlap(labels[i], labels[j]));
    }
}

TEST_CASE("nodes without coordinates get places of their own inside the picture") {
    InfluencePicture picture{.title = "twenty", .nodes = {}, .arrows = {}};
    constexpr std::size_t count = 20;
    for (std::size_t i = 0; i < count; ++i) {
        picture.nodes.push_back({"quantity " + std::to_string(i)});
        picture.arrows.push_back(
            {.tail = i, .head = (i + 1) % count, .strength = 0.3, .low = 0.2, .high = 0.4});
        picture.arrows.push_back(
            {.tail = i, .head = 7 * i % count, .strength = -0.2, .low = -0.4, .high = -0.1});
    }
    const std::string svg = influence_svg(picture);
    CHECK(is_well_formed(svg));
    CHECK(number(svg, "svg", "width") == 1200);
    CHECK_THAT(svg, !Contains("nan") && !Contains("inf\""));
    const auto nodes = node_rectangles(svg);
    REQUIRE(nodes.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
        CHECK(nodes[i].left > 0);
        CHECK(nodes[i].right < 1200);
        CHECK(nodes[i].bottom < number(svg, "svg", "height"));
        for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(overlap(nodes[i], nodes[j]));
    }
}

TEST_CASE("the sixteen-node loop is drawn without crossings, with coordinates and without") {
    const InfluencePicture picture = GENERATE(large_loop(), without_coordinates(large_loop()));
    const auto nodes = node_rectangles(influence_svg(picture));
    const auto side = [&](std::size_t a, std::size_t b, std::size_t c) {
        return (nodes[b].left - nodes[a].left) * (nodes[c].top - nodes[a].top)
               - (nodes[b].top - nodes[a].top) * (nodes[c].left - nodes[a].left);
    };
    for (const InfluenceArrow& one : picture.arrows) {
        for (const InfluenceArrow& other : picture.arrows) {
            const bool crosses =
                side(one.tail, one.head, other.tail) * side(one.tail, one.head, other.head) < 0
                && side(other.tail, other.head, one.tail) * side(other.tail, other.head, one.head) < 0;
            CHECK_FALSE(crosses);
        }
    }
}

TEST_CASE("arrows there and back are two lines, and an arrow to its own tail is a loop") {
    InfluencePicture picture{.title = "mutual",
                             .nodes = {{"a"}, {"b"}},
                             .arrows = {{.tail = 0, .head = 1, .strength = 1, .low = 0.5, .high = 1.5},
                                        {.tail = 1, .head = 0, .strength = 1, .low = 0.5, .high = 1.5},
                                        {.tail = 0, .head = 0, .strength = 1, .low = 0.5, .high = 1.5}}};
    const auto arrows = groups(influence_svg(picture), "arrow");
    const Position there = first_position(attribute(arrows[0], "path", "d"));
    const Position back = first_position(attribute(arrows[1], "polygon", "points"));
    // Both at the edge of a; eight pixels are the width of either.
    CHECK(std::hypot(there.x - back.x, there.y - back.y) > 8);
    const Position out = first_position(attribute(arrows[2], "path", "d"));
    const Position in = first_position(attribute(arrows[2], "polygon", "points"));
    CHECK(std::hypot(out.x - in.x, out.y - in.y) > 8);
}

TEST_CASE("long names are wrapped, and broken where they must") {
    InfluencePicture picture = example();
    picture.nodes[0].name = "model optimisation (on feedback)";
    picture.nodes[1].name = "électroencéphalographie";
    const auto nodes = groups(influence_svg(picture), "node");
    CHECK(texts(nodes[0]) == std::vector<std::string>{"model", "optimisation", "(on feedback)"});
    CHECK(texts(nodes[1]) == std::vector<std::string>{"électroencéphal", "ographie"});
}

TEST_CASE("a picture of nothing is a picture") {
    CHECK(is_well_formed(influence_svg({})));
    InfluencePicture one;
    one.nodes = {{"alone"}};
    CHECK(is_well_formed(influence_svg(one)));
    CHECK_THAT(influence_svg(one), Contains(">alone<") && !Contains("nan"));
}

TEST_CASE("the same influences are the same text") {
    const InfluencePicture picture = without_coordinates(large_loop());
    CHECK(influence_svg(picture) == influence_svg(picture));
    CHECK(influence_dot(picture) == influence_dot(picture));
}

TEST_CASE("names of influences may hold any characters") {
    InfluencePicture picture = example();
    picture.title = "R&D <\"fast\"> \x01\xFF";
    picture.nodes[0].name = "a<b> & \"c\"";
    const std::string svg = influence_svg(picture);
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains("R&amp;D &lt;&quot;fast&quot;&gt; \uFFFD\uFFFD")
                        && Contains(">a&lt;b&gt; &amp; &quot;c&quot;<"));
}

TEST_CASE("influences that cannot be drawn are refused") {
    InfluencePicture picture = example();
    SECTION("an end that is no node") {
        picture.arrows[0].head = 3;
    }
    SECTION("an unknown strength") {
        picture.arrows[0].strength = std::numeric_limits<double>::quiet_NaN();
    }
    SECTION("an interval without end") {
        picture.arrows[0].high = std::numeric_limits<double>::infinity();
    }
    SECTION("an interval upside down") {
        std::swap(picture.arrows[0].low, picture.arrows[0].high);
    }
    SECTION("coordinates of some") {
        picture.nodes[0].x = picture.nodes[0].y = 1;
    }
    SECTION("half coordinates") {
        for (InfluenceNode& node : picture.nodes) node.x = 1;
    }
    SECTION("two nodes in one place") {
        for (InfluenceNode& node : picture.nodes) node.x = node.y = 1;
    }
    CHECK_THROWS_AS(influence_svg(picture), ContractViolation);
    CHECK_THROWS_AS(influence_dot(picture), ContractViolation);
}

TEST_CASE("the graph in DOT declares its nodes, and its arrows are between them") {
    const InfluencePicture picture = large_loop();
    const std::string dot = influence_dot(picture);
    const std::string outside = outside_strings(dot);
    CHECK(occurrences(outside, "{") == 1);
    CHECK(occurrences(outside, "}") == 1);
    CHECK(occurrences(outside, "[") == occurrences(outside, "]"));
    for (std::size_t i = 0; i < picture.nodes.size(); ++i)
        CHECK_THAT(dot, Contains("\n  n" + std::to_string(i) + " [label=\"" + picture.nodes[i].name + "\""));
    CHECK(occurrences(outside, "->") == picture.arrows.size());
    for (const InfluenceArrow& arrow : picture.arrows) {
        const std::string statement =
            "\n  n" + std::to_string(arrow.tail) + " -> n" + std::to_string(arrow.head) + " [";
        const std::size_t at = dot.find(statement);
        REQUIRE(at != std::string::npos);
        const std::string attributes = dot.substr(at + 1, dot.find('\n', at + 1) - at);
        CHECK_THAT(attributes, Contains(arrow.significant() ? "style=solid" : "style=dashed"));
        CHECK_THAT(attributes, Contains("after 2.5 months"));
    }
}

TEST_CASE("names in DOT cannot end their string") {
    InfluencePicture picture = example();
    picture.nodes[0].name = R"(a "quoted" name \)";
    picture.nodes[1].name = R"(\N -> x; } &amp;)";
    const std::string dot = influence_dot(picture);
    CHECK(occurrences(outside_strings(dot), "->") == 3);
    CHECK_THAT(dot, Contains(R"("a \"quoted\" name \\")") && Contains(R"("\\N -> x; } &amp;amp;")"));
}

TEST_CASE("Graphviz reads the graph") {
    if (output_of("command -v dot").empty()) {
        WARN("skipped: the program dot of Graphviz is not here");
        return;
    }
    InfluencePicture picture = large_loop();
    picture.nodes[0].name = R"("R&D", \N &lt;)";
    const ScratchFolder scratch;
    const std::filesystem::path file = scratch.path() / "influences.dot";
    put_file(file, influence_dot(picture));
    const std::string drawn = output_of("dot -Tsvg '" + file.string() + "' 2>&1");
    CHECK_THAT(drawn, !Contains("Error") && !Contains("Warning"));
    CHECK(occurrences(drawn, "class=\"node\"") == picture.nodes.size());
    CHECK(occurrences(drawn, "class=\"edge\"") == picture.arrows.size());
    CHECK_THAT(drawn, Contains(R"(>&quot;R&amp;D&quot;, \N &amp;lt;<)"));
}
