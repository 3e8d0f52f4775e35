#include "analysis/report/manifest.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

static Manifest example() {
    Manifest manifest;
    manifest.build = {"0.1.0", "1a2b3c", "clean", "GNU 12.2.0", "Linux x86_64"};
    manifest.seed = std::numeric_limits<std::uint64_t>::max();
    manifest.trajectories_requested = 1000;
    manifest.trajectories_completed = 640;
    manifest.trajectories_failed = 1;
    manifest.failures = {{{"trajectory", 55}, {"reason", "out of compute"}}};
    manifest.ending = Ending::interrupted;
    manifest.settings = {{"set", {"startup.finance.seed_round=$2M"}}};
    manifest.reached = {{"looks", 3}};
    manifest.scenario = {{"horizon", 120.0}, {"cash", 0.1}};
    manifest.files = {{"summary.csv", {3, sha256("abc")}}};
    return manifest;
}

TEST_CASE("a manifest says how to make a run again and what it gave") {
    const Json json = Json::parse(manifest_text(example()));
    CHECK(json["program"] == "venturi");
    CHECK(json["version"] == "0.1.0");
    CHECK(json["build"]["commit"] == "1a2b3c");
    CHECK(json["build"]["state"] == "clean");
    CHECK(json["build"]["compiler"] == "GNU 12.2.0");
    CHECK(json["build"]["machine"] == "Linux x86_64");
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

TEST_CASE("a manifest is read back as it was written") {
    const Manifest written = example();
    const Manifest read = read_manifest(manifest_text(written));
    CHECK(read.build == written.build);
    CHECK(read.seed == written.seed);
    CHECK(read.trajectories_requested == written.trajectories_requested);
    CHECK(read.trajectories_completed == written.trajectories_completed);
    CHECK(read.trajectories_failed == written.trajectories_failed);
    CHECK(read.failures == written.failures);
    CHECK(read.ending == written.ending);
    CHECK(read.settings == written.settings);
    CHECK(read.reached == written.reached);
    CHECK(read.scenario == written.scenario);
    CHECK(read.files == written.files);
    CHECK(manifest_text(read) == manifest_text(written));
}

TEST_CASE("what is no manifest, or half of one, is refused in words of our own") {
    Json half = Json::parse(manifest_text(example()));
    half.erase("seed");
    Json other = Json::parse(manifest_text(example()));
    other["trajectories_completed"] = "many";
    for (const std::string& text :
         {std::string("root:x:0:0"), std::string("{}"), half.dump(), other.dump()}) {
        INFO(text);
        CHECK_THROWS_AS(read_manifest(text), std::invalid_argument);
        CHECK_THROWS_WITH(read_manifest(text),
                          Contains("manifest") && !Contains("root:") && !Contains("json"));
    }
}

TEST_CASE("a count of a manifest is a whole number of 64 bits, or refused by its name") {
    const std::string legal = ": a whole number from 0 to 18446744073709551615";
    const auto refused = [](const Json& manifest) {
        try {
            static_cast<void>(read_manifest(manifest.dump()));
        } catch (const ManifestError& error) {
            return error.what() + std::string(" | ") + error.legal();
        }
        return std::string("accepted");
    };
    for (const std::string name :
         {"seed", "trajectories_requested", "trajectories_completed", "trajectories_failed"})
        for (const Json& value :
             {Json(1e300), Json(-1), Json(1.5), Json(2.0), Json("7"), Json(true), Json(), Json::parse("1e3"),
              Json::parse("18446744073709551616"), Json::array({1})}) {
            Json manifest = Json::parse(manifest_text(example()));
            manifest[name] = value;
            CAPTURE(name, value);
            CHECK(refused(manifest)
                  == "the manifest's '" + name + "' is not a whole number of at least 0 | " + name + legal);
        }
    Json manifest = Json::parse(manifest_text(example()));
    manifest["files"]["summary.csv"]["bytes"] = 3.5;
    CHECK(refused(manifest) == "the manifest's 'bytes' is not a whole number of at least 0 | bytes" + legal);
    manifest["files"]["summary.csv"]["bytes"] = 0;
    manifest["ending"] = "gone";
    CHECK(refused(manifest)
          == "the manifest tells of an ending that is not known | ending: finished, precision_reached, "
             "interrupted, failed");
    // The first versions did not know that a history can fail.
    manifest["ending"] = "finished";
    manifest.erase("trajectories_failed");
    CHECK(read_manifest(manifest.dump()).trajectories_failed == 0);
}

TEST_CASE("what an edited manifest lacks, or has of another type, is named") {
    const auto refused = [](const std::function<void(Json&)>& edit) {
        Json manifest = Json::parse(manifest_text(example()));
        edit(manifest);
        try {
            static_cast<void>(read_manifest(manifest.dump()));
        } catch (const ManifestError& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    for (const std::string name :
         {"checksum", "ending", "settings", "scenario", "version", "seed", "trajectories_completed"}) {
        CAPTURE(name);
        CHECK(refused([&](Json& json) { json.erase(name); }) == "the manifest lacks '" + name + "'");
    }
    CHECK(refused([](Json& json) { json["checksum"] = 7; }) == "the manifest's 'checksum' is not a text");
    CHECK(refused([](Json& json) { json["ending"] = Json::array(); })
          == "the manifest's 'ending' is not a text");
    CHECK(refused([](Json& json) { json["settings"] = 3; }) == "the manifest's 'settings' is not an object");
    CHECK(refused([](Json& json) { json["failures"] = "none"; })
          == "the manifest's 'failures' is not a list");
    CHECK(refused([](Json& json) { json["files"] = Json::object(); })
          == "the manifest's 'files' names no file");
    CHECK(refused([](Json& json) { json["files"]["summary.csv"].erase("sha256"); })
          == "the manifest lacks 'sha256'");
    // Files that were added or taken away, and a checksum of others.
    const std::string other = "the manifest's 'checksum' is not that of its 'files'";
    CHECK(refused([](Json& json) { json["files"]["more.csv"] = {{"bytes", 1}, {"sha256", "ab"}}; }) == other);
    CHECK(refused([](Json& json) { json["checksum"] = "ab"; }) == other);
}

TEST_CASE("members of a manifest's objects are of their types, or named") {
    const Json json = {
        {"texts", {"a", "b"}}, {"number", 1.5}, {"flag", true}, {"numbers", {1, 2.5}}, {"text", "x"}};
    CHECK(texts_in(json, "texts") == std::vector<std::string>{"a", "b"});
    CHECK(numbers_in(json, "numbers") == std::vector<double>{1, 2.5});
    CHECK(number_in(json, "number") == 1.5);
    CHECK(flag_in(json, "flag"));
    CHECK(text_in(json, "text") == "x");
    CHECK_THROWS_WITH(texts_in(json, "set", "variants[1].set"), "the manifest lacks 'variants[1].set'");
    CHECK_THROWS_WITH(texts_in(json, "numbers"), "the manifest's 'numbers' is not a list of texts");
    CHECK_THROWS_WITH(texts_in(json, "text"), "the manifest's 'text' is not a list of texts");
    CHECK_THROWS_WITH(numbers_in(json, "texts"), "the manifest's 'texts' is not a list of numbers");
    CHECK_THROWS_WITH(number_in(json, "flag"), "the manifest's 'flag' is not a number");
    CHECK_THROWS_WITH(flag_in(json, "number"), "the manifest's 'number' is not true or false");
    CHECK_THROWS_WITH(count_under(json, "number", "reached.number"), Contains("'reached.number'"));
}

TEST_CASE("brackets without end make no manifest, and break nothing") {
    const auto with_depth = [](std::size_t depth) {
        Json manifest = Json::parse(manifest_text(example()));
        manifest["scenario"] = "NEST [\\\" [";  // brackets in a text count for nothing
        std::string text = manifest.dump();
        const std::string nest = std::string(depth, '[') + std::string(depth, ']');
        return text.replace(text.find("\"NEST"), 0, "{\"a\": " + nest + "}, \"more\": ");
    };
    // The manifest's own brackets and the scenario's make two.
    CHECK(read_manifest(with_depth(62)).scenario.contains("a"));
    for (const std::size_t depth : {63, 5'000'000}) {
        CHECK_FALSE(files_listed(with_depth(depth)).has_value());
        CHECK_THROWS_WITH(read_manifest(with_depth(depth)), Contains("no manifest"));
    }
}

TEST_CASE("the program says which it is") {
    CHECK(version_text({"0.1.0", "1a2b3c4d5e6f7a8b", "changed", "GNU 12.2.0", "Linux x86_64"})
          == "venturi 0.1.0 (commit 1a2b3c4d5e6f, changed), GNU 12.2.0, Linux x86_64");
    const BuildInformation build = build_information();
    CHECK(build.version.find('.') != std::string::npos);
    CHECK_FALSE(build.compiler.empty());
    CHECK_FALSE(build.machine.empty());
    const bool known = build.commit.size() >= 40 && (build.state == "clean" || build.state == "changed");
    CHECK((known || (build.commit == "unknown" && build.state == "unknown")));
}
