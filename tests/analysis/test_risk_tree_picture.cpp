#include "analysis/report/risk_tree_picture.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/drawn_risk_tree.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace venturi;
using namespace venturi::drawn_risk_tree;
using Catch::Matchers::Contains;

namespace {

using Kind = RiskPictureKind;

// ---- trees

// Two branches that share a leaf; one branch has failed.
RiskTreePicture example() {
    return {.title = "Risks of a startup",
            .subtitle = "month 24",
            .nodes = {
                {.name = "distress", .kind = Kind::disjunction, .children = {1, 2}, .probability = 0.18},
                {.name = "service lost", .kind = Kind::conjunction, .children = {3, 4}, .probability = 0.01},
                {.name = "trust lost",
                 .kind = Kind::at_least,
                 .minimum = 2,
                 .children = {3, 5, 6},
                 .probability = 0.04,
                 .failed = true},
                {.name = "outage", .probability = 0.1, .importance = 0.2, .note = "rate 0.3 a year"},
                {.name = "standby fails", .probability = 1e-3, .importance = 0.05},
                {.name = "data incident", .probability = 1, .importance = 0.4, .failed = true},
                {.name = "complaints", .probability = 1e-6, .importance = 0}}};
}

// Every node but the top has a parent of a smaller number; one in eight has a second.
RiskTreePicture generated(std::uint32_t gates, std::uint32_t leaves, std::uint32_t levels, int words) {
    constexpr std::array kinds = {Kind::disjunction,           Kind::conjunction, Kind::at_least,
                                  Kind::priority_and,          Kind::priority_or, Kind::spare,
                                  Kind::functional_dependency, Kind::sequence,    Kind::mutual_exclusion,
                                  Kind::exclusive_or,          Kind::other};
    constexpr std::array parts = {"data",    "incident", "obsolescence", "of", "misclassification",
                                  "partner", "capital"};
    RiskTreePicture picture{.title = "A tree", .subtitle = "generated"};
    std::uint64_t state = gates + leaves;
    const auto below = [&state](std::uint32_t count) {  // Knuth's MMIX generator
        state = 6364136223846793005U * state + 1442695040888963407U;
        return static_cast<std::uint32_t>((state >> 33U) % count);
    };
    std::vector<std::uint32_t> depth;
    for (std::uint32_t number = 0; number < gates + leaves; ++number) {
        RiskPictureNode node{.name = "n" + std::to_string(number)};
        for (int word = 0; word < words; ++word) node.name.append(" ").append(parts[below(parts.size())]);
        node.kind = number < gates ? kinds[number % kinds.size()] : Kind::leaf;
        node.minimum = 1;
        node.kind_name = "NAND";
        node.probability = std::pow(10.0, -0.01 * below(900));
        node.importance = 1e-3 * below(1000);
        node.failed = below(6) == 0;
        if (below(3) > 0) node.note = "rate 0." + std::to_string(below(90)) + " a year, repair 12 days";
        // The first gates are a chain as long as the tree is deep; then leaves see to it that no gate is
        // empty.
        std::uint32_t parent = number < levels ? number - 1 : below(std::min(number, gates));
        if (number >= gates && number < 2 * gates) parent = number - gates;
        while (number > 0 && number < gates && depth[parent] + 1 >= levels)
            parent = depth[parent] > 0 ? parent - 1 : 0;
        depth.push_back(number == 0 ? 0 : depth[parent] + 1);
        picture.nodes.push_back(std::move(node));
        if (number > 0) picture.nodes[parent].children.push_back(number);
        if (number > 0 && below(8) == 0)
            picture.nodes[below(std::min(number, gates))].children.push_back(number);
    }
    for (std::uint32_t gate = 0; gate < gates; ++gate) {
        if (picture.nodes[gate].children.empty()) picture.nodes[gate].children.push_back(gates);
    }
    return picture;
}

RiskTreePicture hostile() {
    RiskTreePicture picture = example();
    picture.title = std::string(300, 'W') + "<&>";
    picture.subtitle = std::string(300, '@');
    picture.headings = {
        std::string(300, 'M'), "probability that it happens within a year, given its state now",
        std::string(300, '%'), "a \"note\" <of any> length & more of it than there is place for"};
    picture.nodes[0].name = "</text><script>&\"' \x01\xFF " + std::string(300, 'm');
    picture.nodes[1].name = "数据治理事故数据治理事故数据治理事故数据治理事故数据治理事故";
    picture.nodes[2].name = "ЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩЩ разрушена полностью и навсегда";
    picture.nodes[3].name = std::string(300, 'W');
    picture.nodes[3].note = std::string(300, '@');
    picture.nodes[4].name =
        "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r";
    picture.nodes[5].note =
        "é́́́́ éclair "
        "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"
        "🙂🙂🙂🙂🙂";
    picture.nodes[6].name = "]]> <!-- -->";
    return picture;
}

RiskTreePicture chain(std::uint32_t gates) {
    RiskTreePicture picture;
    for (std::uint32_t gate = 0; gate < gates; ++gate)
        picture.nodes.push_back(
            {.name = "g" + std::to_string(gate), .kind = Kind::disjunction, .children = {gate + 1}});
    picture.nodes.push_back({.name = "the leaf"});
    return picture;
}

// The top does not reach the power that two leaves depend on.
RiskTreePicture with_dependency() {
    RiskTreePicture picture = example();
    picture.nodes.push_back(
        {.name = "common power", .kind = Kind::functional_dependency, .children = {8, 3, 4}});
    picture.nodes.push_back({.name = "power fails", .probability = 0.01});
    return picture;
}

RiskTreePicture single_leaf() {
    return {.title = "One risk",
            .nodes = {{.name = "key person leaves", .probability = 0.07, .importance = 1}}};
}

std::vector<RiskTreePicture> all_trees() {
    return {single_leaf(),
            example(),
            generated(32, 28, 6, 3),
            generated(15, 45, 4, 5),
            generated(30, 30, 10, 4),
            generated(80, 120, 9, 6),
            hostile(),
            with_dependency(),
            chain(10)};
}

std::set<std::string> legend_names(const Drawn& drawn) {
    std::set<std::string> names;
    for (const Group& entry : drawn.of("legend")) {
        const bool is_new = names.insert(entry.texts.back().content).second;
        CHECK(is_new);
    }
    return names;
}

}  // namespace

TEST_CASE("a risk tree's picture is XML that stands alone on a white ground") {
    for (const RiskTreePicture& picture : all_trees()) {
        const std::string svg = risk_tree_svg(picture);
        CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        CHECK(is_well_formed(svg));
        CHECK_THAT(svg, Contains("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"));
        CHECK_THAT(svg, !Contains("href") && !Contains("<script") && !Contains("<style") && !Contains("nan")
                            && !Contains("\"inf"));
    }
}

TEST_CASE("every node of a risk tree is drawn once, and named there") {
    for (const RiskTreePicture& picture : {example(), generated(32, 28, 6, 2), generated(80, 120, 9, 2)}) {
        const Drawn drawn = read(risk_tree_svg(picture));
        const std::size_t gates = static_cast<std::size_t>(std::ranges::count_if(
            picture.nodes, [](const RiskPictureNode& node) { return node.kind != Kind::leaf; }));
        CHECK(drawn.of("gate").size() == gates);
        CHECK(drawn.of("leaf").size() == picture.nodes.size() - gates);
        for (const RiskPictureNode& node : picture.nodes) {
            const Group group = drawn.titled(node.name + ": ");
            const std::string first_word = node.name.substr(0, node.name.find(' '));
            CHECK(std::ranges::any_of(
                group.texts, [&](const Text& text) { return text.content.starts_with(first_word); }));
        }
    }
}

TEST_CASE("what is below several gates is drawn once, and referred to by its number") {
    const RiskTreePicture picture = example();
    const Drawn drawn = read(risk_tree_svg(picture));
    const auto transfers = drawn.of("transfer");
    REQUIRE(transfers.size() == 1);
    CHECK(transfers[0].texts.front().content == "outage");
    CHECK(transfers[0].texts.back().content == "1");
    const Group outage = drawn.titled("outage");
    CHECK(std::ranges::count(outage.texts, "1", &Text::content) == 1);
    CHECK(symbol_of(outage).second < symbol_of(transfers[0]).second);  // it comes first in the tree
    CHECK(legend_names(drawn).contains("drawn elsewhere, where the same number stands"));
    for (const RiskTreePicture& tree : all_trees()) {
        std::set<std::uint32_t> children;
        std::size_t references = 0;
        for (const RiskPictureNode& node : tree.nodes) {
            for (const std::uint32_t child : node.children)
                references += children.insert(child).second ? 0 : 1;
        }
        CHECK(read(risk_tree_svg(tree)).of("transfer").size() == references);
    }
}

TEST_CASE("no text of a risk tree lies on other text or outside the picture") {
    for (const RiskTreePicture& picture : all_trees()) {
        const Drawn drawn = read(risk_tree_svg(picture));
        CHECK(drawn.width <= 1400);
        for (std::size_t i = 0; i < drawn.texts.size(); ++i) {
            const Text& text = drawn.texts[i];
            INFO(text.content);
            CHECK(text.box.left >= 0);
            CHECK(text.box.right <= drawn.width);
            CHECK(text.box.top >= 0);
            CHECK(text.box.bottom <= drawn.height);
            for (std::size_t j = 0; j < i; ++j) {
                if (overlap(text.box, drawn.texts[j].box))
                    FAIL(text.content << " on " << drawn.texts[j].content);
            }
        }
    }
}

TEST_CASE("no line of a risk tree goes through text or through a symbol that is not its own") {
    for (const RiskTreePicture& picture : all_trees()) {
        const Drawn drawn = read(risk_tree_svg(picture));
        std::vector<Box> lines;
        for (const std::string& edge : drawn.edges) {
            for (const Box& part : parts(edge)) lines.push_back(part);
        }
        REQUIRE(lines.size() >= drawn.edges.size());
        for (const Text& text : drawn.texts) {
            for (const Box& line : lines) {
                if (overlap(text.box, line)) FAIL("a line goes through " << text.content);
            }
        }
        for (const Group& gate : drawn.of("gate")) {
            const auto [x, y] = symbol_of(gate);
            // What touches a symbol from left or right does not get within its inner 32 of 34 pixels.
            const Box symbol{x - 15.5, y - 14, x + 15.5, y + 14};
            CHECK(std::ranges::none_of(lines, [&](const Box& line) { return overlap(symbol, line); }));
        }
    }
}

TEST_CASE("the top event is on the left, children are right of it from top to bottom, leaves in a column") {
    for (RiskTreePicture picture : {example(), generated(32, 28, 6, 2), generated(80, 120, 9, 2)}) {
        const Drawn drawn = read(risk_tree_svg(picture));
        std::map<std::string, std::pair<double, double>> places;
        for (const RiskPictureNode& node : picture.nodes)
            places[node.name] = symbol_of(drawn.titled(node.name + ": "));
        for (const auto& [name, place] : places) CHECK(place.first >= places[picture.nodes[0].name].first);
        std::set<double> columns;
        std::set<double> rows;
        std::size_t leaves = 0;
        for (const RiskPictureNode& node : picture.nodes) {
            if (node.kind == Kind::leaf) {
                ++leaves;
                columns.insert(places[node.name].first);
                rows.insert(places[node.name].second);
            }
            if (node.children.size() == 1) continue;
            for (const std::uint32_t child : node.children) {
                // A child that is drawn elsewhere may stand anywhere.
                if (std::ranges::any_of(drawn.of("transfer"), [&](const Group& transfer) {
                        return transfer.title.starts_with(picture.nodes[child].name + ": ");
                    }))
                    continue;
                CHECK(places[picture.nodes[child].name].first > places[node.name].first);
            }
        }
        CHECK(columns.size() == 1);
        CHECK(rows.size() == leaves);
    }
    const Drawn drawn = read(risk_tree_svg(example()));
    CHECK(symbol_of(drawn.titled("service lost")).second < symbol_of(drawn.titled("trust lost")).second);
    CHECK(symbol_of(drawn.titled("outage")).second < symbol_of(drawn.titled("standby fails")).second);
    CHECK(symbol_of(drawn.titled("data incident")).second < symbol_of(drawn.titled("complaints")).second);
}

TEST_CASE("what has failed is marked by colour and by a cross on its line") {
    const std::string svg = risk_tree_svg(example());
    const Drawn drawn = read(svg);
    for (const RiskPictureNode& node : example().nodes) {
        INFO(node.name);
        const Group group = drawn.titled(node.name + ": ");
        CHECK(occurrences(group.svg, "class=\"cross\"") == (node.failed ? 1 : 0));
        CHECK((occurrences(group.svg, "fill=\"#D55E00\"") > 0) == node.failed);
        CHECK(group.title.ends_with(", failed now") == node.failed);
    }
    const auto is_thick = [](const std::string& edge) {
        return attribute(edge, "stroke") == "#D55E00" && number(edge, "stroke-width") > 2;
    };
    REQUIRE(drawn.edges.size() == 8);
    CHECK(std::ranges::count_if(drawn.edges, is_thick) == 2);
    CHECK(is_thick(drawn.edges.back()));  // above the others
    CHECK(legend_names(drawn).contains("failed now"));
    RiskTreePicture sound = example();
    for (RiskPictureNode& node : sound.nodes) node.failed = false;
    CHECK_THAT(risk_tree_svg(sound),
               !Contains("#D55E00") && !Contains("class=\"cross\"") && !Contains("failed"));
}

TEST_CASE("a reference to what has failed is marked as it is") {
    RiskTreePicture picture = example();
    picture.nodes[3].failed = true;
    const Drawn drawn = read(risk_tree_svg(picture));
    const Group transfer = drawn.of("transfer").at(0);
    CHECK(occurrences(transfer.svg, "class=\"cross\"") == 1);
    CHECK_THAT(transfer.svg, Contains("fill=\"#D55E00\""));
}

TEST_CASE("bars show probability in decades and importance in proportion") {
    const Drawn drawn = read(risk_tree_svg(example()));
    const auto outage = bars(drawn.titled("outage"));
    const auto standby = bars(drawn.titled("standby fails"));
    const auto incident = bars(drawn.titled("data incident"));
    const auto complaints = bars(drawn.titled("complaints"));
    // Written with one decimal, so that a difference of two is right to 0.1.
    const double decade = incident[0] - outage[0];
    CHECK(decade > 5);
    CHECK(outage[0] - standby[0] == Approx(2 * decade).margin(0.3));
    CHECK(outage[0] - complaints[0] == Approx(5 * decade).margin(0.6));
    CHECK(complaints[0] == Approx(decade).margin(0.6));  // a decade below the least likely
    CHECK(incident[1] == Approx(2 * outage[1]).margin(0.15));
    CHECK(incident[1] == Approx(8 * standby[1]).margin(0.45));
    CHECK(complaints[1] == 0);
}

TEST_CASE("the row of a leaf is the bluer, the more important it is") {
    const std::string svg = risk_tree_svg(example());
    // The grounds of the leaves' rows come first of all that is filled with six digits of hexadecimal in
    // small letters.
    std::vector<std::pair<double, unsigned long>> reds;
    for (std::size_t at = svg.find("<rect x"); at != std::string::npos; at = svg.find("<rect x", at + 1)) {
        const std::string tag = svg.substr(at, svg.find('>', at) - at);
        if (number(tag, "height") > 20)
            reds.emplace_back(number(tag, "y"), std::stoul(attribute(tag, "fill").substr(1, 2), nullptr, 16));
    }
    std::erase_if(reds, [](const auto& ground) { return ground.second == 0xd0; });  // the lines of decades
    std::ranges::sort(reds);
    // From the top: outage 0.2, standby 0.05, data incident 0.4, complaints 0.
    REQUIRE(reds.size() == 4);
    CHECK(reds[3].second == 255);
    CHECK(reds[1].second < reds[3].second);
    CHECK(reds[0].second < reds[1].second);
    CHECK(reds[2].second < reds[0].second);
    // Text of #24292f on the bluest has more contrast than the 4.5 of WCAG 2.1: luminance above 0.19.
    CHECK(reds[2].second > 0x80);
}

TEST_CASE("probabilities are written with three digits, and none near one as certain") {
    const std::vector<std::pair<double, std::string>> texts = {{0, "0"},
                                                               {1, "1"},
                                                               {0.5, "0.5"},
                                                               {0.012345, "0.0123"},
                                                               {1.2345e-7, "1.23e-7"},
                                                               {3e-12, "3.00e-12"},
                                                               {0.99949, "0.999"},
                                                               {0.9999999, ">0.999"}};
    for (const auto& [probability, text] : texts) {
        RiskTreePicture picture = single_leaf();
        picture.nodes[0].probability = probability;
        const Group leaf = read(risk_tree_svg(picture)).of("leaf").at(0);
        CHECK(leaf.texts.at(1).content == text);
    }
}

TEST_CASE("a leaf of unknown probability and importance has neither number nor bar") {
    RiskTreePicture picture = single_leaf();
    picture.nodes[0].probability = picture.nodes[0].importance = std::nullopt;
    const Drawn drawn = read(risk_tree_svg(picture));
    const Group leaf = drawn.of("leaf").at(0);
    CHECK(leaf.texts.size() == 1);
    CHECK(bars(leaf).empty());
    CHECK(drawn.of("legend").empty());
}

TEST_CASE("the legend names the gates that are there, and each has a symbol of its own") {
    const Drawn drawn = read(risk_tree_svg(example()));
    CHECK(legend_names(drawn)
          == std::set<std::string>{"and", "or", "k of n or more", "failed now",
                                   "drawn elsewhere, where the same number stands",
                                   "importance, from 0 to 0.4"});
    CHECK(drawn.titled("trust lost").texts.at(0).content == "2/3");
    CHECK(drawn.titled("trust lost").title == "trust lost: k of n or more, probability 0.04, failed now");
    CHECK(drawn.titled("outage").title == "outage: event, probability 0.1, importance 0.2, rate 0.3 a year");
    CHECK(legend_names(read(risk_tree_svg(generated(32, 28, 6, 2)))).size()
          == 14);  // eleven gates and the rest
    std::set<std::string> symbols;
    for (const Kind kind :
         {Kind::conjunction, Kind::disjunction, Kind::at_least, Kind::negation, Kind::exclusive_or,
          Kind::priority_and, Kind::priority_or, Kind::spare, Kind::functional_dependency, Kind::sequence,
          Kind::mutual_exclusion, Kind::other}) {
        RiskTreePicture picture = chain(1);
        picture.nodes[0].kind = kind;
        picture.nodes[0].minimum = 1;
        const Group gate = read(risk_tree_svg(picture)).of("gate").at(0);
        symbols.insert(gate.svg.substr(gate.svg.find("<path")));
    }
    CHECK(symbols.size() == 12);
}

TEST_CASE("gates that the top does not reach stand below it with their own leaves") {
    const Drawn drawn = read(risk_tree_svg(with_dependency()));
    CHECK(drawn.of("gate").size() == 4);
    CHECK(drawn.of("transfer").size() == 3);
    const auto beside = std::ranges::find(drawn.texts, "Beside the top event:", &Text::content);
    REQUIRE(beside != drawn.texts.end());
    CHECK(beside->box.top > symbol_of(drawn.titled("complaints")).second);
    CHECK(beside->box.bottom < symbol_of(drawn.titled("common power")).second);
}

TEST_CASE("a tree of any depth can be drawn, and ten levels of gates need no more width than one") {
    CHECK(read(risk_tree_svg(chain(10))).width <= 1400);
    const Drawn deep = read(risk_tree_svg(chain(5000)));
    CHECK(deep.of("gate").size() == 5000);
    CHECK(deep.of("leaf").size() == 1);
}

TEST_CASE("the same risk tree is the same text") {
    for (const RiskTreePicture& picture : all_trees())
        CHECK(risk_tree_svg(picture) == risk_tree_svg(picture));
}

TEST_CASE("names in a risk tree may hold any characters") {
    const std::string svg = risk_tree_svg(hostile());
    CHECK_THAT(svg, Contains("&lt;/text&gt;&lt;script&gt;&amp;&quot;' \uFFFD\uFFFD") && !Contains("<script"));
    CHECK_THAT(svg, Contains(">]]&gt; &lt;!-- --&gt;<") && !Contains("<!--"));
    CHECK_THAT(svg, !Contains("\x01") && !Contains("\xFF"));
}

TEST_CASE("risk trees that cannot be drawn are refused") {
    RiskTreePicture picture = example();
    SECTION("nothing at all") {
        picture = {};
    }
    SECTION("a top that is no node") {
        picture.top = 7;
    }
    SECTION("a child that is no node") {
        picture.nodes[1].children[0] = 7;
    }
    SECTION("a node below itself") {
        picture.nodes[2].children[0] = 0;
    }
    SECTION("a node that is its own child") {
        picture.nodes[2].children[0] = 2;
    }
    SECTION("a cycle beside the top") {
        picture.nodes.push_back({.name = "a", .kind = Kind::conjunction, .children = {8}});
        picture.nodes.push_back({.name = "b", .kind = Kind::conjunction, .children = {7}});
    }
    SECTION("a gate without children") {
        picture.nodes[1].children.clear();
    }
    SECTION("a leaf with children") {
        picture.nodes[3].children = {4};
    }
    SECTION("a negation of two") {
        picture.nodes[1].kind = Kind::negation;
    }
    SECTION("none of three") {
        picture.nodes[2].minimum = 0;
    }
    SECTION("four of three") {
        picture.nodes[2].minimum = 4;
    }
    SECTION("a probability above one") {
        picture.nodes[3].probability = 1.01;
    }
    SECTION("a probability that is no number") {
        picture.nodes[3].probability = std::numeric_limits<double>::quiet_NaN();
    }
    SECTION("an importance below zero") {
        picture.nodes[3].importance = -0.01;
    }
    CHECK_THROWS_AS(risk_tree_svg(picture), ContractViolation);
}
