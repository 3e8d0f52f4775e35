#include "analysis/report/manifest.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace venturi;
using Json = nlohmann::ordered_json;

static Manifest example() {
    Manifest manifest;
    manifest.version = "0.1.0";
    manifest.seed = std::numeric_limits<std::uint64_t>::max();
    manifest.trajectories_requested = 1000;
    manifest.trajectories_completed = 640;
    manifest.trajectories_failed = 1;
    manifest.failures = {{{"trajectory", 55}, {"reason", "out of compute"}}};
    manifest.ending = Ending::interrupted;
    manifest.settings = {{"set", {"startup.finance.seed_round=$2M"}}};
    manifest.scenario = {{"horizon", 120.0}, {"cash", 0.1}};
    manifest.files = {{"summary.csv", {3, sha256("abc")}}};
    return manifest;
}

TEST_CASE("a manifest says how to make a run again and what it gave") {
    const Json json = Json::parse(manifest_text(example()));
    CHECK(json["program"] == "venturi");
    CHECK(json["version"] == "0.1.0");
    CHECK(json["seed"].get<std::uint64_t>() == std::numeric_limits<std::uint64_t>::max());
    CHECK(json["trajectories_requested"] == 1000);
    CHECK(json["trajectories_completed"] == 640);
    CHECK(json["trajectories_failed"] == 1);
    CHECK(json["failures"][0]["trajectory"] == 55);
    CHECK(json["ending"] == "interrupted");
    CHECK(json["settings"]["set"][0] == "startup.finance.seed_round=$2M");
    CHECK(json["scenario"]["cash"].get<double>() == 0.1);
    CHECK(json["files"]["summary.csv"]["bytes"] == 3);
    CHECK(json["files"]["summary.csv"]["sha256"] == sha256("abc"));
    CHECK(json["checksum"] == combined_sha256(example().files));
}

TEST_CASE("the same run has the same manifest, byte by byte") {
    CHECK(manifest_text(example()) == manifest_text(example()));
    Manifest other = example();
    other.seed = 7;
    CHECK(manifest_text(other) != manifest_text(example()));
}

TEST_CASE("a manifest stays legal JSON whatever the scenario holds") {
    Manifest manifest = example();
    manifest.scenario = {{"not_a_number", std::numeric_limits<double>::quiet_NaN()},
                         {"endless", std::numeric_limits<double>::infinity()},
                         {"name", "Caf\xE9"}};
    const Json json = Json::parse(manifest_text(manifest));
    CHECK(json["scenario"]["not_a_number"].is_null());
    CHECK(json["scenario"]["endless"].is_null());
    CHECK(json["scenario"]["name"] == "Caf\uFFFD");
}

TEST_CASE("every ending has a name of its own") {
    CHECK(name_of(Ending::finished) == "finished");
    CHECK(name_of(Ending::precision_reached) == "precision_reached");
    CHECK(name_of(Ending::interrupted) == "interrupted");
    CHECK(name_of(Ending::failed) == "failed");
}

TEST_CASE("a manifest lists its folder's files, and only Venturi's own count") {
    CHECK(files_listed(manifest_text(example())) == std::vector<std::string>{"manifest.json", "summary.csv"});
    for (const char* other : {"", "{", "[]", "{}", "\xFF\xFE", R"({"program": "webpack", "files": {}})",
                              R"({"program": "venturi"})", R"({"program": "venturi", "files": 3})"}) {
        INFO(other);
        CHECK_FALSE(files_listed(other).has_value());
    }
}
