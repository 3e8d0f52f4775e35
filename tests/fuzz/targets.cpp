#include "tests/fuzz/targets.hpp"

#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/fault_tree.hpp"
#include "agents/risk/risk_model.hpp"
#include "analysis/report/graphml_writer.hpp"
#include "analysis/report/manifest.hpp"
#include "scenarios/binding.hpp"
#include "scenarios/distribution_form.hpp"
#include "scenarios/document.hpp"
#include "scenarios/network/graphml.hpp"
#include "scenarios/network/network_file.hpp"
#include "scenarios/network/text_file.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"
#include "scenarios/risk/galileo.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "scenarios/risk/tree_file.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/text_encoding.hpp"
#include "scenarios/visible_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace venturi::fuzz {
namespace {

void expect(bool holds, const char* promise) {
    if (!holds) throw BrokenPromise(promise);
}

// What a refusal must have to be of use: a message and, where a line is said, a column.
void expect_told(const ScenarioError& error) {
    expect(!error.problems().empty(), "an error has a problem");
    for (const Problem& problem : error.problems()) {
        expect(!problem.message.empty(), "a problem has a message");
        expect((problem.position.line > 0) == (problem.position.column > 0), "a line has a column");
        const std::string text = to_text(problem);
        expect(!unfit_for_text(text), "a message can be shown");
    }
}

// Whether something was accepted.
template <class Read>
bool accepts(const Read& read) {
    try {
        read();
        return true;
    } catch (const ScenarioError& error) {
        expect_told(error);
    } catch (const QuantityError& error) {
        expect(std::string_view(error.what()).size() > 0, "a quantity's error has a message");
    } catch (const RiskModelError& error) {
        expect(!error.defect().message.empty(), "a defect has a message");
    } catch (const ManifestError& error) {
        expect(std::string_view(error.what()).size() > 0, "a manifest's error has a message");
    }
    return false;
}

// -------------------------------------------------------------------------------------- scenarios

// A folder in which there can be no file, so that what inputs name isn't there.
constexpr const char* no_file = "/dev/null/input.yaml";

void check_node(const DocumentNode& node) {
    expect(node.kind != DocumentNode::Kind::map || node.keys.size() == node.items.size(),
           "each key of a map has a value");
    for (const DocumentNode& item : node.items) check_node(item);
}

bool feed_document(std::string_view bytes) {
    return accepts([&] { check_node(parse_document(bytes, "input.yaml")); });
}

void check_scenario(const Scenario& scenario) {
    const std::string written = resolved_scenario(scenario).dump();
    Scenario again;
    if (!accepts([&] { again = read_scenario(written, no_file); }))
        throw BrokenPromise("a scenario that was written out in full is read again: " + written);
    expect(resolved_scenario(again).dump() == written, "it is the same scenario then");
}

bool feed_scenario(std::string_view bytes) {
    Scenario scenario;
    if (!accepts([&] { scenario = read_scenario(bytes, no_file); })) return false;
    check_scenario(scenario);
    return true;
}

bool feed_setting(std::string_view bytes) {
    static const Scenario small = read_scenario(
        "market: {segments: {software: {}}}\n"
        "finance: {rounds: {series_a: {}}}\n"
        "startups: {founders: {count: 3, segment: software, inside: five_advantages}}\n",
        no_file);
    Scenario scenario = small;
    if (!accepts([&] { apply_setting(scenario, bytes); })) return false;
    check_scenario(scenario);
    return true;
}

constexpr std::array dimensions = {Dimension::number, Dimension::share,           Dimension::count,
                                   Dimension::money,  Dimension::money_per_month, Dimension::duration,
                                   Dimension::rate};

void check_quantity(double value, Dimension dimension) {
    expect(std::isfinite(value), "a quantity is finite");
    const std::string printed = print_quantity(value, dimension);
    double again = 0;
    if (!accepts([&] { again = parse_quantity(printed, dimension); }))
        throw BrokenPromise("a quantity that was printed is read again: " + printed);
    expect(again == value, "it is the same double then");
}

bool feed_quantity(std::string_view bytes) {
    bool accepted = false;
    for (const Dimension dimension : dimensions) {
        double value = 0;
        if (!accepts([&] { value = parse_quantity(bytes, dimension); })) continue;
        check_quantity(value, dimension);
        accepted = true;
    }
    Quantity quantity;
    if (accepts([&] { quantity = parse_any_quantity(bytes); }))
        check_quantity(quantity.value, quantity.dimension);
    accepts([&] { expect(std::isfinite(parse_number(bytes)), "a number is finite"); });
    constexpr double most = 1000;
    accepts([&] {
        const std::int64_t whole = parse_whole(bytes, between(0, most));
        expect(whole >= 0 && whole <= 1000, "a whole number is within its range");
    });
    return accepted;
}

struct Drawn {
    Distribution money = Constant{1};
    Distribution number = Constant{1};
    Distribution duration = Constant{1};
    Distribution count = Constant{1};
};

template <class Visitor>
void describe(Drawn& drawn, Visitor& visit) {
    visit.distribution(
        drawn.money,
        {.name = "money", .dimension = Dimension::money, .legal = at_least(0), .meaning = "never negative"});
    visit.distribution(drawn.number, {.name = "number", .meaning = "whatever it is"});
    visit.distribution(drawn.duration, {.name = "duration",
                                        .dimension = Dimension::duration,
                                        .legal = above(0),
                                        .meaning = "never without length"});
    visit.distribution(drawn.count, {.name = "count",
                                     .dimension = Dimension::count,
                                     .legal = between(1, 9),
                                     .meaning = "whole, and few"});
}

bool feed_distribution(std::string_view bytes) {
    Drawn drawn;
    const Group tree = parameter_tree(drawn);
    DocumentNode node;
    if (!accepts([&] { node = parse_document(bytes, "input.yaml"); })) return false;
    bool accepted = false;
    for (const Member& member : tree.members) {
        const Leaf& leaf = std::get<Leaf>(member.value);
        const auto read = [&](const DocumentNode& from) {
            return accepts([&] {
                ProblemList problems;
                read_leaf(leaf, "input", from, problems);
                problems.throw_if_any();
            });
        };
        if (!read(node)) continue;
        accepted = true;
        Distribution* const target = std::get<Distribution*>(leaf.target);
        const Distribution first = *target;
        const std::vector<double> values = values_of(first);
        expect(std::ranges::all_of(values, [](double value) { return std::isfinite(value); }),
               "values of a distribution are finite");
        expect(read(parse_document(leaf_text(leaf), "again.yaml")), "a distribution is read again");
        expect(target->index() == first.index() && values_of(*target) == values,
               "it is the same distribution then");
    }
    return accepted;
}

// --------------------------------------------------------------------------------------- networks

void check_network(const NetworkReading& reading, const NetworkOptions& options) {
    const Network& network = reading.network;
    expect_sound(network);
    expect(network.names.size() == network.vertices, "all vertices have names");
    std::vector<std::string> names = network.names;
    std::ranges::sort(names);
    expect(std::ranges::adjacent_find(names) == names.end(), "no two names are the same");
    for (const std::string& name : names) {
        expect(name.find_first_not_of(' ') != std::string::npos, "no name is empty");
        expect(!unfit_for_name(name), "names can be shown");
    }
    expect(!options.with_places || reading.places.size() == network.edges.size(), "all edges have places");
    for (const NetworkEdge& edge : network.edges)
        expect(!options.obligations || edge.weight >= 0, "what is owed is not negative");
    expect(!unfit_for_text(reading.understood), "what was understood can be shown");
    for (const Problem& warning : reading.warnings)
        expect(!unfit_for_text(to_text(warning)), "a warning can be shown");

    const std::string written = graphml_text(network);
    NetworkReading again;
    if (!accepts([&] { again = parse_graphml(written, "again.graphml"); }))
        throw BrokenPromise("a network that was written is read again: " + written);
    expect(again.network.directed == network.directed || network.edges.empty(), "it has the same direction");
    expect(again.network.names == network.names, "it has the same names");
    expect(again.network.edges == network.edges, "it has the same edges");
}

bool feed_network(std::string_view bytes, const char* name) {
    constexpr NetworkLimits limits = {.vertices = 2000, .edges = 2000, .xml_nodes = 20'000};
    static const std::array ways = {
        NetworkOptions{.limits = limits},
        NetworkOptions{.directed = true,
                       .parallel = ParallelEdges::sum,
                       .loops = LoopEdges::drop,
                       .with_places = true,
                       .limits = limits},
        NetworkOptions{.obligations = true, .loops = LoopEdges::drop, .limits = limits},
        NetworkOptions{.parallel = ParallelEdges::max,
                       .loops = LoopEdges::drop,
                       .weight = "none",
                       .header = HeaderRow::no,
                       .comment = "#",
                       .limits = limits},
        NetworkOptions{.parallel = ParallelEdges::first,
                       .loops = LoopEdges::drop,
                       .weight = "2",
                       .header = HeaderRow::yes,
                       .comment = "none",
                       .limits = limits}};
    bool accepted = false;
    for (const NetworkOptions& options : ways) {
        NetworkReading reading;
        if (!accepts([&] { reading = parse_network(std::string(bytes), name, options); })) continue;
        check_network(reading, options);
        accepted = true;
    }
    return accepted;
}

bool feed_any_network(std::string_view bytes) {
    return feed_network(bytes, "input.txt");
}

bool feed_interactions(std::string_view bytes) {
    return feed_network(bytes, "input.sif");
}

bool feed_assets(std::string_view bytes) {
    static const Network network{
        .vertices = 5, .edges = {{0, 1, 1}}, .names = {"A", "B", "C d", "\xC3\xA4=1", "x,y"}};
    const auto check = [&](const auto& read) {
        VertexAssets assets;
        if (!accepts([&] { assets = read(); })) return false;
        for (const std::vector<double>* const amounts : {&assets.assets, &assets.senior_debt}) {
            expect(amounts->size() == network.vertices, "each vertex has an amount");
            expect(std::ranges::all_of(*amounts,
                                       [](double amount) { return std::isfinite(amount) && amount >= 0; }),
                   "amounts are finite and not negative");
        }
        return true;
    };
    const bool of_file = check([&] { return parse_vertex_assets(std::string(bytes), "input.csv", network); });
    const bool of_option = check([&] { return vertex_assets_of(std::string(bytes), "--clear", network); });
    return of_file || of_option;
}

// ------------------------------------------------------------------------------------------ trees

void check_tree(const FaultTree& tree) {
    expect_sound(tree);
    for (const BasicEvent& event : tree.basic_events)
        expect(event.probability >= 0 && event.probability <= 1, "a probability is between 0 and 1");
}

void check_contents(const TreeContents& contents) {
    expect(contents.fault_tree || contents.dynamic_tree, "a tree has a model");
    if (contents.dynamic_tree) expect_sound(*contents.dynamic_tree);
    if (!contents.fault_tree) return;
    check_tree(*contents.fault_tree);
    expect(contents.event_lives.size() == contents.fault_tree->basic_events.size(), "each event has a life");
    for (const double time : {0.0, 1.0, 1e6, std::numeric_limits<double>::infinity()})
        check_tree(fault_tree_at(contents, time));
}

bool feed_tree(std::string_view bytes) {
    return accepts([&] { check_contents(parse_tree_file(bytes, "input.yaml")); });
}

bool feed_galileo(std::string_view bytes) {
    return accepts([&] { check_contents(parse_galileo(bytes, "input.dft")); });
}

// Several files, one behind the other with a form feed between, which no XML may hold.
std::vector<NamedText> files_of(std::string_view bytes) {
    std::vector<NamedText> files;
    for (std::size_t at = 0; at <= bytes.size();) {
        const std::size_t end = std::min(bytes.find('\f', at), bytes.size());
        std::string name = std::to_string(files.size()) + ".xml";
        files.push_back({std::move(name), std::string(bytes.substr(at, end - at))});
        at = end + 1;
    }
    return files;
}

bool feed_open_psa(std::string_view bytes) {
    constexpr std::size_t most_tops = 3;
    bool accepted = false;
    for (const bool required : {true, false})
        accepted |= accepts([&] {
            const RiskModelReading reading = parse_open_psa(
                files_of(bytes), {.probabilities_required = required, .limits = {.nodes = 20'000}});
            std::vector<std::uint32_t> tops = top_gates(reading.model);
            tops.resize(std::min(tops.size(), most_tops));
            for (const std::uint32_t top : tops)
                check_tree(required ? fault_tree_of(reading.model, top, 8760)
                                    : fault_tree_of(reading.model, top));
        });
    return accepted;
}

// ---------------------------------------------------------------------------------- what is left

bool feed_manifest(std::string_view bytes) {
    Manifest manifest;
    const bool is_listed = files_listed(bytes).has_value();
    if (!accepts([&] { manifest = read_manifest(bytes); })) return false;
    expect(is_listed, "a manifest lists its files");
    const std::string written = manifest_text(manifest);
    Manifest again;
    expect(accepts([&] { again = read_manifest(written); }), "a manifest that was written is read again");
    expect(manifest_text(again) == written, "it is the same manifest then");
    return true;
}

bool feed_text(std::string_view bytes) {
    const std::string shown = visible(bytes);
    expect(!unfit_for_name(shown), "what is made visible can be shown");
    expect(visible(shown) == shown, "what is visible stays as it is");
    expect(!unfit_for_text(visible_lines(bytes)), "lines that are made visible can be shown");
    expect(!unfit_for_name(without_unfit(bytes)), "what has lost its unfit characters has none");
    std::string text;
    if (!accepts([&] { text = utf8_text(std::string(bytes), "input.txt"); })) return false;
    if (const auto unfit = unfit_for_text(text))
        expect(unfit->byte < text.size(), "an unfit character is in the text");
    const SourceText source("input.txt", text);
    return accepts([&] { expect_text(source); });
}

constexpr std::array<Target, 13> all = {{{"document", feed_document},
                                         {"scenario", feed_scenario},
                                         {"setting", feed_setting},
                                         {"quantity", feed_quantity},
                                         {"distribution", feed_distribution},
                                         {"network", feed_any_network},
                                         {"interactions", feed_interactions},
                                         {"assets", feed_assets},
                                         {"tree", feed_tree},
                                         {"galileo", feed_galileo},
                                         {"open_psa", feed_open_psa},
                                         {"manifest", feed_manifest},
                                         {"text", feed_text}}};

}  // namespace

std::span<const Target> targets() {
    return all;
}

const Target* find_target(std::string_view name) {
    const auto* const found =
        std::ranges::find_if(all, [&](const Target& target) { return target.name == name; });
    return found == all.end() ? nullptr : found;
}

}  // namespace venturi::fuzz
