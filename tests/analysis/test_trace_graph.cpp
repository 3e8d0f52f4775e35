// venturi trace --graph: a world's network at a month, as GraphML and as a picture.
#include "agents/partnership/network_state.hpp"
#include "analysis/experiments/network_snapshot.hpp"
#include "analysis/statistics/cooperation_network.hpp"
#include "scenarios/network/graphml.hpp"
#include "scenarios/scenario.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace venturi {
namespace {

using Catch::Matchers::Contains;

std::vector<std::string> graph_at(const std::string& month, const std::filesystem::path& output) {
    return {"trace", "ecosystem", "--graph", month, "--graph-output", output.string()};
}

PlainWorld ecosystem_at(double month) {
    const Scenario scenario = load_with_settings("ecosystem", {});
    PlainWorld world(make_setup(scenario.world, scenario.interventions));
    world.reset(PlainDraws(FastVariates(static_cast<std::uint64_t>(scenario.run.seed), 0)));
    world.run_until(month);
    return world;
}

TEST_CASE("a snapshot of a network holds everyone founded by then, and every tie with its trust") {
    const PlainWorld world = ecosystem_at(36);
    const NetworkSnapshot snapshot = snapshot_of(world);
    const auto unfounded = static_cast<std::size_t>(std::ranges::count(
        world.startups, Status::unfounded, [](const auto& startup) { return startup.status; }));
    REQUIRE(unfounded > 0);
    CHECK(snapshot.month == 36);
    CHECK(snapshot.vertices.size() == world.partners.size() - unfounded);
    CHECK(snapshot.network.vertices == snapshot.vertices.size());
    CHECK(snapshot.ties() == world.ties.in_use());
    std::vector<std::string> ties;
    for (std::size_t i = 0; i < snapshot.edges.size(); ++i) {
        const NetworkEdge& edge = snapshot.network.edges[i];
        if (snapshot.edges[i].tie)
            ties.push_back(snapshot.network.names[edge.source] + " " + snapshot.network.names[edge.target]
                           + " " + std::to_string(edge.weight));
    }
    const Network all = cooperation_network(world);
    std::vector<std::string> expected;
    for (const NetworkEdge& edge : all.edges)
        expected.push_back(all.names[edge.source] + " " + all.names[edge.target] + " "
                           + std::to_string(edge.weight));
    CHECK(ties == expected);
}

TEST_CASE("a snapshot tells who has failed and who has exited, and these have no ties left") {
    const PlainWorld world = ecosystem_at(60);
    const NetworkSnapshot snapshot = snapshot_of(world);
    std::size_t failed_startups = 0;
    std::size_t exited = 0;
    std::size_t failed_partners = 0;
    for (const SnapshotVertex& vertex : snapshot.vertices) {
        const bool is_startup = vertex.kind == PartnerKind::startup;
        failed_startups += std::size_t{is_startup && vertex.state == SnapshotState::failed};
        failed_partners += std::size_t{!is_startup && vertex.state == SnapshotState::failed};
        exited += std::size_t{vertex.state == SnapshotState::exited};
        if (vertex.state != SnapshotState::present) CHECK(vertex.ties == 0);
        CHECK(std::isnan(vertex.cash) == !(is_startup && vertex.state == SnapshotState::present));
        CHECK(std::isnan(vertex.reliability) == (vertex.state != SnapshotState::present));
    }
    const auto absent = std::ranges::count_if(world.partners, [](const Partner& partner) {
        return partner.kind != PartnerKind::startup && !partner.present;
    });
    const auto startups_that = [&](bool (*are)(Status)) {
        return static_cast<std::size_t>(
            std::ranges::count_if(world.startups, [&](const auto& startup) { return are(startup.status); }));
    };
    REQUIRE(startups_that(is_dead) > 0);
    REQUIRE(startups_that(has_exited) > 0);
    CHECK(failed_startups == startups_that(is_dead));
    CHECK(exited == startups_that(has_exited));
    CHECK(failed_partners == static_cast<std::size_t>(absent));
    CHECK(snapshot.failures() == failed_startups + failed_partners);
}

TEST_CASE("the stakes of a snapshot are all that investors have invested") {
    const PlainWorld world = ecosystem_at(60);
    const NetworkSnapshot snapshot = snapshot_of(world);
    double invested = 0;
    for (std::size_t i = 0; i < snapshot.edges.size(); ++i) {
        const SnapshotEdge& edge = snapshot.edges[i];
        if (edge.stakes == 0) {
            CHECK(std::isnan(edge.invested));
            continue;
        }
        invested += edge.invested;
        CHECK((edge.part_of_shares > 0 && edge.part_of_shares < 1));
        const NetworkEdge& ends = snapshot.network.edges[i];
        const bool by_investor = snapshot.vertices[ends.source].kind == PartnerKind::investor
                                 || snapshot.vertices[ends.target].kind == PartnerKind::investor;
        CHECK(by_investor);
        if (!edge.tie) CHECK(ends.weight == edge.part_of_shares);
    }
    double expected = 0;
    for (const auto& investor : world.investors) expected += investor.invested;
    REQUIRE(expected > 0);
    CHECK(invested == Approx(expected));
}

TEST_CASE("a snapshot names who owes whom, and which ties are part of a project") {
    const PlainWorld world = ecosystem_at(36);
    const NetworkSnapshot snapshot = snapshot_of(world);
    double owed = 0;
    std::size_t in_projects = 0;
    for (std::size_t i = 0; i < snapshot.edges.size(); ++i) {
        const SnapshotEdge& edge = snapshot.edges[i];
        in_projects += std::size_t{edge.project};
        if (!(edge.owed > 0)) {
            CHECK(edge.debtor.empty());
            continue;
        }
        owed += edge.owed;
        const NetworkEdge& ends = snapshot.network.edges[i];
        CHECK((edge.debtor == snapshot.network.names[ends.source]
               || edge.debtor == snapshot.network.names[ends.target]));
    }
    double expected = 0;
    std::size_t ties_in_projects = 0;
    for (std::uint32_t i = 0; i < world.partners.size(); ++i)
        for_each_tie(world, i, [&](const Tie& tie, std::uint32_t) {
            if (tie.ends[0] != i) return;
            expected += tie.owed;
            ties_in_projects += std::size_t{tie.project != no_record};
        });
    REQUIRE(expected > 0);
    REQUIRE(ties_in_projects > 0);
    CHECK(owed == Approx(expected));
    CHECK(in_projects == ties_in_projects);
}

TEST_CASE("trace writes a network as GraphML that reads back as the network, and as a picture") {
    const ScratchFolder scratch;
    const std::filesystem::path stem = scratch.path() / "net.work";
    const Answer answer = ask(graph_at("36", stem));
    REQUIRE(answer.code == ExitCode::success);
    CHECK(answer.err.empty());
    CHECK(names_in(scratch.path()) == std::vector<std::string>{"net.work.graphml", "net.work.svg"});
    const NetworkSnapshot snapshot = snapshot_of(ecosystem_at(36));
    const std::string content = std::to_string(snapshot.vertices.size()) + " vertices, "
                                + std::to_string(snapshot.ties()) + " ties, "
                                + std::to_string(snapshot.failures()) + " failed\n";
    CHECK(answer.out == stem.string() + ".graphml: " + content + stem.string() + ".svg: " + content);

    const std::string graphml = text_of(stem.string() + ".graphml");
    const NetworkReading reading = parse_graphml(graphml, "net.work.graphml");
    CHECK(reading.network.names == snapshot.network.names);
    CHECK(reading.network.edges == snapshot.network.edges);
    for (const char* name : {"kind", "group", "state", "ties", "knowledge", "data", "compute", "reach",
                             "reliability", "cash", "trust", "since", "owed", "project", "invested"})
        CHECK_THAT(graphml, Contains("attr.name=\"" + std::string(name) + "\""));

    const std::string svg = text_of(stem.string() + ".svg");
    CHECK(is_well_formed(svg));
    CHECK(occurrences(svg, "<g class=\"vertex\">") == snapshot.vertices.size());
    CHECK(occurrences(svg, "<g class=\"tie\">") == snapshot.ties());
    CHECK(occurrences(svg, ", cash $") > 0);
    CHECK_THAT(svg, Contains(">Ecosystem, month 36<") && Contains("trajectory 0, seed 2024"));
}

TEST_CASE("a drawn network shows stakes in those who are there, not in those who are gone") {
    const NetworkSnapshot snapshot = snapshot_of(ecosystem_at(60));
    const NetworkPicture picture = snapshot_picture(snapshot, "title", "subtitle");
    const auto drawn = std::ranges::count_if(picture.edges, &NetworkPictureEdge::stake);
    const auto held = std::ranges::count_if(snapshot.edges, [](const auto& edge) { return edge.stakes > 0; });
    CHECK(drawn > 0);
    CHECK(drawn < held);
    for (const NetworkPictureEdge& edge : picture.edges)
        CHECK((snapshot.vertices[edge.source].state == SnapshotState::present
               && snapshot.vertices[edge.target].state == SnapshotState::present));
}

TEST_CASE("a network's month may be a duration, and its history and seed are those asked for") {
    const ScratchFolder scratch;
    const auto file = [&](const char* name) { return scratch.path() / name; };
    REQUIRE(ask(graph_at("24", file("a"))).code == ExitCode::success);
    REQUIRE(ask(graph_at("2 years", file("b"))).code == ExitCode::success);
    REQUIRE(ask(with(graph_at("24", file("c")), {"--trajectory", "1"})).code == ExitCode::success);
    REQUIRE(ask(with(graph_at("24", file("d")), {"--seed", "7"})).code == ExitCode::success);
    for (const std::string extension : {".graphml", ".svg"}) {
        const std::string first = text_of(file("a").string() + extension);
        CHECK(text_of(file("b").string() + extension) == first);
        CHECK(text_of(file("c").string() + extension) != first);
        CHECK(text_of(file("d").string() + extension) != first);
    }
}

TEST_CASE("in a folder a network's files are called by scenario and month") {
    const ScratchFolder scratch;
    REQUIRE(ask(graph_at("6", scratch.path())).code == ExitCode::success);
    CHECK(names_in(scratch.path())
          == std::vector<std::string>{"ecosystem_network_6.graphml", "ecosystem_network_6.svg"});
}

TEST_CASE("a month beyond the horizon, or none at all, has no network to draw") {
    const ScratchFolder scratch;
    for (const char* month : {"121", "-1", "soon", "2 dollars", "nan"}) {
        const Answer answer = ask(graph_at(month, scratch.path() / "x"));
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains("--graph '" + std::string(month) + "'") && Contains("from 0 to 120"));
    }
    CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("a scenario in which nobody cooperates has no network, and trace says what it needs") {
    const Answer answer = ask({"trace", "seed_cohort", "--graph", "12"});
    CHECK(answer.code == ExitCode::bad_input);
    CHECK_THAT(answer.err, Contains("seed_cohort has no network") && Contains("`partners`"));
    CHECK(answer.out.empty());
}

TEST_CASE("a network and a story are asked for one at a time") {
    CHECK(ask({"trace", "ecosystem", "--graph", "12", "--detail"}).code == ExitCode::bad_input);
    CHECK(ask({"trace", "ecosystem", "--graph-output", "x"}).code == ExitCode::bad_input);
    CHECK(ask({"trace", "ecosystem", "--graph", "1", "--graph-output", "-"}).code == ExitCode::bad_input);
}

TEST_CASE("where a network's files can't be written trace says which and why") {
    const ScratchFolder scratch;
    const Answer answer = ask(graph_at("3", scratch.path() / "no" / "folder"));
    CHECK(answer.code == ExitCode::bad_input);
    CHECK_THAT(answer.err, Contains("folder.graphml"));
}

}  // namespace
}  // namespace venturi
