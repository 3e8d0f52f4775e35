#include "agents/risk/event_sequences.hpp"
#include "agents/risk/risk_model.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "tests/scenarios/open_psa_models.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::open_psa_models;

}  // namespace

TEST_CASE("XML that is none is refused with its place", "[risk]") {
    CHECK(problem_of("") == "0:0 holds no XML element");
    CHECK(problem_of("text") == "1:1 not well-formed XML: text outside of the document's element");
    CHECK(problem_of("<opsa-mef>").find("not well-formed XML") != std::string::npos);
    CHECK(problem_of("<opsa-mef>\n</opsa-me>").find("2:") == 0);
    CHECK(problem_of("<opsa-mef/>\n<opsa-mef/>") == "2:1 not well-formed XML: a second element at the top");
    CHECK(problem_of("<scram/>") == "1:1 the document is not a risk model: its element is another");
    CHECK(problem_of("<opsa-mef/>\xff") == "1:12 not a text file: invalid UTF-8");
    CHECK(problem_of(std::string("<opsa-mef/>\0", 12)) == "1:12 not a text file: character 0x00");
    CHECK(problem_of("\xEF\xBB\xBF<opsa-mef/>") == "none");
    CHECK(problem_of("<opsa-mef><label>&euro;</label></opsa-mef>") == "1:11 unknown entity 'euro'");
    CHECK(problem_of("<opsa-mef><label>&#228; &#xe4; <![CDATA[&euro;]]></label></opsa-mef>") == "none");
    // Columns count characters.
    CHECK(problem_of("<opsa-mef><!-- äöü --><x/></opsa-mef>") == "1:23 unknown element 'x' in 'opsa-mef'");
}

TEST_CASE("Hostile documents are refused, and nothing is expanded or fetched", "[risk]") {
    const std::string laughs = R"(<!DOCTYPE opsa-mef [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<opsa-mef><label>&b;</label></opsa-mef>)";
    CHECK(problem_of(laughs) == "1:11 declarations in the document type are not allowed");
    const std::string outside =
        R"(<!DOCTYPE opsa-mef SYSTEM "file:///etc/passwd"><opsa-mef><label>&x;</label></opsa-mef>)";
    CHECK(problem_of(outside) == "1:58 unknown entity 'x'");
    const auto nested = [](const std::string& tag, std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i) text += "<" + tag + ">";
        for (std::size_t i = 0; i < depth; ++i) text += "</" + tag + ">";
        return text;
    };
    CHECK(problem_of(nested("opsa-mef", 1'000'000)).find("more than 200 levels of nesting")
          != std::string::npos);
    CHECK(problem_of(tree_of("<define-gate name=\"top\">" + nested("not", 150'000) + "</define-gate>"))
              .find("more than 200 levels of nesting")
          != std::string::npos);
    CHECK(problem_of(tree_of("<define-gate name=\"top\">" + nested("not", 150) + "</define-gate>"))
              .find("'not' with 0 arguments")
          != std::string::npos);
    CHECK(problem_of(std::string(2000, '<')).find("not well-formed XML") != std::string::npos);
    CHECK(problem_of("<opsa-mef/>", {.limits = {.bytes = 10}})
          == "0:0 11 bytes are too many for a risk model");
    std::string attributes = "<opsa-mef";
    for (int i = 0; i < 60; ++i) attributes += " xmlns:a" + std::to_string(i) + "=\"x\"";
    CHECK(problem_of(attributes + "/>") == "1:1 an element with more than 50 attributes");
    std::string many = "<opsa-mef>";
    for (int i = 0; i < 5000; ++i) many += "<x/>";
    CHECK(problems_of(many + "</opsa-mef>").size() == ProblemList::most_reported);
    // Reading stops at the thousandth.
    CHECK_THROWS_WITH(read(many + "</opsa-mef>"), Catch::Matchers::EndsWith("and 980 more"));
    CHECK(problem_of(many + "</opsa-mef>", {.limits = {.nodes = 1000}}) == "0:0 more than 1000 nodes");
    std::string components;
    for (int i = 0; i < 5; ++i) components += "<define-component name=\"" + std::string(900, 'c') + "\">";
    for (int i = 0; i < 5; ++i) components += "</define-component>";
    CHECK(problem_of(tree_of(components)).find("bytes leads to this component") != std::string::npos);
    CHECK(problem_of(tree_of("<define-component name=\"" + std::string(2000, 'c') + "\"/>"))
          == "3:1 a name of 2000 bytes");
}

TEST_CASE("However a document is cut or garbled, it is read or refused", "[risk]") {
    const std::string& text = whole_model();
    const auto survives = [](const std::string& document) {
        try {
            const RiskModelReading reading = read(document);
            for (std::uint32_t i = 0; i < reading.model.event_trees.initiating_events.size(); ++i)
                static_cast<void>(sequences_of(reading.model, i, 8760));
            for (const std::uint32_t top : top_gates(reading.model))
                static_cast<void>(fault_tree_of(reading.model, top, 8760));
        } catch (const ScenarioError& error) {
            return !error.problems().empty();
        } catch (const RiskModelError&) {
            return true;
        }
        return true;
    };
    for (std::size_t length = 0; length < text.size(); length += 7) CHECK(survives(text.substr(0, length)));
    std::mt19937 random(20240607);  // the same on every machine
    for (int i = 0; i < 1500; ++i) {
        std::string garbled = text;
        for (auto flips = 1 + random() % 3; flips > 0; --flips)
            garbled[random() % garbled.size()] = static_cast<char>(random() % 256);
        CHECK(survives(garbled));
    }
    // Whole pieces that change places, so that much of it stays well-formed.
    std::vector<std::string> elements;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) elements.push_back(line);
    for (int i = 0; i < 600; ++i) {
        std::vector<std::string> shuffled = elements;
        std::swap(shuffled[random() % shuffled.size()], shuffled[random() % shuffled.size()]);
        shuffled.erase(shuffled.begin() + static_cast<std::ptrdiff_t>(random() % shuffled.size()));
        std::string document;
        for (const std::string& line : shuffled) document += line + "\n";
        CHECK(survives(document));
    }
}
