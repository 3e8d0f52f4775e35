// Results that can be made again from what they say of themselves.
#include "analysis/report/checksum.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

std::vector<std::string> short_run(const std::filesystem::path& result) {
    return {"run",
            "seed_cohort",
            "--trajectories",
            "70",
            "--set",
            "run.horizon=24 months",
            "--set",
            "finance.raising.attempts=3",
            "--set",
            "startups.founders.count=25",
            "--seed",
            "7",
            "--quiet",
            "--output",
            result.string()};
}

Json manifest_in(const std::filesystem::path& result) {
    return Json::parse(content_of(result / "manifest.json"));
}

}  // namespace

TEST_CASE("a run is made again from its manifest, to the byte, with all that was asked of it") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const std::vector<std::vector<std::string>> wishes = {
        {}, {"--keep-trajectories"}, {"--compare-published"}, {"--until", "share_dead=30%"}};
    for (const auto& wish : wishes) {
        auto arguments = short_run(result);
        arguments.insert(arguments.end(), wish.begin(), wish.end());
        // The cohort's figures need its own horizon.
        if (!wish.empty() && wish.front() == "--compare-published")
            arguments[5] = "run.observe_every=1 month";
        REQUIRE(ask(arguments).code == ExitCode::success);
        const Answer again = ask({"reproduce", result.string(), "--json", "--quiet", "--threads", "2"});
        INFO(again.out << again.err);
        CHECK(again.code == ExitCode::success);
        const Json json = Json::parse(again.out);
        CHECK(json["same"] == true);
        CHECK(json["files"].size() == manifest_in(result)["files"].size());
        for (const auto& [name, file] : json["files"].items())
            CHECK(file["found_sha256"] == manifest_in(result)["files"][name]["sha256"]);
    }
}

TEST_CASE("files that were changed or taken away since are told from those that can't be made again") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask(short_run(result)).code == ExitCode::success);
    const auto manifest = scratch.path() / "sent" / "manifest.json";
    std::filesystem::create_directory(manifest.parent_path());
    std::filesystem::copy_file(result / "manifest.json", manifest);
    put_file(result / "summary.csv", content_of(result / "summary.csv") + "x,y\n");
    std::filesystem::remove(result / "ensemble.nc");
    const Answer folder = ask({"reproduce", result.string(), "--json", "--quiet"});
    CHECK(folder.code == ExitCode::failure);
    const Json json = Json::parse(folder.out);
    CHECK(json["same"] == false);
    CHECK(json["files"]["summary.csv"]["in_the_folder"] == "changed since");
    CHECK(json["files"]["ensemble.nc"]["in_the_folder"] == "missing");
    CHECK(json["files"]["survival.svg"]["in_the_folder"] == "the same");
    for (const auto& [name, file] : json["files"].items())
        CHECK(file["found_sha256"] == file["expected_sha256"]);
    CHECK_THAT(ask({"reproduce", result.string()}).out,
               Contains("reproduced, but the folder has other files"));
    // A manifest alone says nothing of files that were not sent with it.
    const Answer alone = ask({"reproduce", manifest.string(), "--json", "--quiet"});
    CHECK(alone.code == ExitCode::success);
    CHECK(Json::parse(alone.out)["files"]["summary.csv"]["in_the_folder"].is_null());
}

TEST_CASE("a run that was interrupted is made again as far as it came") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask(short_run(result)).code == ExitCode::success);
    // As if 500 had been asked for: the first 70 have the same bits.
    Json manifest = manifest_in(result);
    manifest["trajectories_requested"] = 500;
    manifest["scenario"]["run"]["trajectories"] = 500;
    manifest["ending"] = "interrupted";
    put_file(result / "manifest.json", manifest.dump());
    const auto kept = scratch.path() / "kept";
    const Answer again = ask({"reproduce", (result / "manifest.json").string(), "--output", kept.string()});
    CHECK(again.code == ExitCode::success);
    CHECK_THAT(again.out, Contains("every file has the same bytes"));
    CHECK(content_of(kept / "summary.csv") == content_of(result / "summary.csv"));
    CHECK(manifest_in(kept)["trajectories_completed"] == 70);
    CHECK(manifest_in(kept)["trajectories_requested"] == 500);
    CHECK(manifest_in(kept)["ending"] == "interrupted");
    CHECK(manifest_in(kept)["checksum"] == manifest_in(result)["checksum"]);
}

TEST_CASE("a measurement of the loop is made again from its manifest") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask({"influence", "foundation_model_lab", "--trajectories", "4", "--at", "6", "--delays", "1,3",
                 "--draw-delay", "1", "--quiet", "--output", result.string()})
                .code
            == ExitCode::success);
    const Answer again = ask({"reproduce", result.string(), "--quiet", "--json"});
    INFO(again.out << again.err);
    CHECK(again.code == ExitCode::success);
    CHECK(Json::parse(again.out)["files"].size() == 3);
    Json manifest = manifest_in(result);
    manifest["settings"]["draw_delay"] = 3;
    put_file(result / "manifest.json", manifest.dump());
    const Json other = Json::parse(ask({"reproduce", result.string(), "--quiet", "--json"}).out);
    CHECK(other["same"] == false);
    CHECK(other["files"]["influence.csv"]["same"] == true);
    CHECK(other["files"]["influence.svg"]["same"] == false);
}

TEST_CASE(
    "a result that is not made again as it was is told file by file, with what differs between then and "
    "now") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask(short_run(result)).code == ExitCode::success);
    Json manifest = manifest_in(result);
    manifest["files"]["summary.csv"]["sha256"] = std::string(64, '0');
    put_file(result / "manifest.json", manifest.dump());
    CHECK_THAT(ask({"reproduce", result.string()}).err,
               Contains("the manifest's 'checksum' is not that of its 'files'"));
    FileDigests files;
    for (const auto& [name, digest] : manifest["files"].items())
        files[name] = {digest["bytes"].get<std::uint64_t>(), digest["sha256"].get<std::string>()};
    manifest["checksum"] = combined_sha256(files);
    manifest["version"] = "0.0.9";
    manifest["build"]["compiler"] = "Clang 3.0";
    put_file(result / "manifest.json", manifest.dump());
    const Answer again = ask({"reproduce", result.string()});
    CHECK(again.code == ExitCode::failure);
    CHECK_THAT(again.out, Contains("summary.csv") && Contains("differs") && Contains("the same"));
    CHECK_THAT(again.err, Contains("the version was 0.0.9 and is") && Contains("the compiler was Clang 3.0"));
    const Json json = Json::parse(ask({"reproduce", result.string(), "--json", "--quiet"}).out);
    CHECK(json["same"] == false);
    CHECK(json["files"]["summary.csv"]["same"] == false);
    CHECK(json["files"]["ensemble.nc"]["same"] == true);
    CHECK(json["warnings"].size() >= 2);
}

TEST_CASE("a manifest that contradicts itself is refused before anything is run") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask(short_run(result)).code == ExitCode::success);
    const std::vector<std::pair<std::string, Json>> changes = {{"seed", 8},
                                                               {"seed", 1e300},
                                                               {"trajectories_completed", 71},
                                                               {"settings", {{"command", "walk"}}},
                                                               {"scenario", {{"walk", 3}}},
                                                               {"scenario", 3},
                                                               {"files", {{"summary.csv", 3}}}};
    const Json sound = manifest_in(result);
    for (const auto& [key, value] : changes) {
        Json manifest = sound;
        manifest[key] = value;
        put_file(result / "manifest.json", manifest.dump());
        const Answer answer = ask({"reproduce", result.string(), "--quiet"});
        INFO(key << ": " << answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_FALSE(answer.err.empty());
    }
    // A count is a whole number, also of how far it came, and where that stood in the settings.
    for (const Json& count : {Json(70.5), Json(-1), Json("70")}) {
        for (const char* place : {"settings", "reached"}) {
            Json manifest = sound;
            manifest[place]["trajectories_by_ensemble"] = Json::array({count});
            put_file(result / "manifest.json", manifest.dump());
            const Answer answer = ask({"reproduce", result.string(), "--quiet"});
            CHECK(answer.code == ExitCode::bad_input);
            CHECK_THAT(answer.err, Contains("the manifest's 'trajectories_by_ensemble' is not a whole number")
                                       && Contains("from 0 to 18446744073709551615"));
        }
    }
}

TEST_CASE("a sensitivity analysis is made again from its manifest, as far as it came") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask({"sensitivity",    "seed_cohort",
                 "--parameters",   "finance.exits.*",
                 "--over",         "finance.raising.attempts=1..9",
                 "--observables",  "share_exited,share_dead",
                 "--base-points",  "8",
                 "--paths",        "3",
                 "--keep",         "2",
                 "--trajectories", "2",
                 "--set",          "startups.founders.count=6",
                 "--set",          "run.horizon=24 months",
                 "--seed",         "5",
                 "--quiet",        "--output",
                 result.string()})
                .code
            == ExitCode::success);
    const auto reproduced = [&](const Json& manifest) {
        put_file(result / "manifest.json", manifest.dump());
        const Answer again = ask({"reproduce", result.string(), "--json", "--quiet", "--threads", "2"});
        INFO(again.out << again.err);
        Json json = Json::parse(again.out);
        CHECK((again.code == ExitCode::success) == (json.value("same", false)));
        json["code"] = static_cast<int>(again.code);
        return json;
    };
    const Json sound = manifest_in(result);
    const Json whole = reproduced(sound);
    CHECK(whole["same"] == true);
    CHECK(whole["files"].size() == sound["files"].size());
    CHECK(whole["files"].size() == 7);
    // As if more base points had been asked for: the first 8 have the same bits.
    Json interrupted = sound;
    interrupted["settings"]["base_points"] = 64;
    interrupted["ending"] = "interrupted";
    CHECK(reproduced(interrupted)["same"] == true);
    // As if it had been interrupted while it screened: there are no indices then.
    interrupted["settings"]["paths"] = 50;
    interrupted["reached"]["whole_base_points"] = 0;
    const Json screened = reproduced(interrupted);
    CHECK(screened["files"]["screening.csv"]["same"] == true);
    CHECK(screened["files"]["tornado_share_dead.svg"]["found_sha256"].is_null());
    // As it was written before.
    Json older = interrupted;
    for (const auto& [name, value] : interrupted["reached"].items()) older["settings"][name] = value;
    older.erase("reached");
    CHECK(reproduced(older)["files"]["screening.csv"]["same"] == true);
    // Other settings are another result.
    Json other = sound;
    other["settings"]["trajectories_per_point"] = 3;
    CHECK(reproduced(other)["files"]["screening.csv"]["same"] == false);
    // What can't have been is refused.
    const std::vector<std::pair<std::string, Json>> changes = {{"whole_paths", 4},
                                                               {"whole_paths", 0},
                                                               {"whole_base_points", 9},
                                                               {"keep", 0},
                                                               {"observables", {"luck"}},
                                                               {"trajectories_per_point", 1},
                                                               {"over", {"a=1..2"}},
                                                               {"paths", 1.5},
                                                               {"observables", Json::array()},
                                                               {"base_points", 4e18},
                                                               {"parameters", 3}};
    for (const auto& [key, value] : changes) {
        Json wrong = sound;
        wrong[key.starts_with("whole_") ? "reached" : "settings"][key] = value;
        INFO(key << ": " << value);
        CHECK(reproduced(wrong)["code"] == static_cast<int>(ExitCode::bad_input));
    }
}

TEST_CASE("a sweep is made again from its manifest, as far as it came") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    const auto swept = [&](const std::string& trajectories) {
        REQUIRE(ask({"sweep", "seed_cohort", "--over", "finance.raising.attempts=1..5:3", "--observables",
                     "share_dead", "--trajectories", trajectories, "--set", "startups.founders.count=6",
                     "--set", "run.horizon=24 months", "--quiet", "--output", result.string()})
                    .code
                == ExitCode::success);
        return manifest_in(result);
    };
    const auto reproduced = [&](const Json& manifest) {
        put_file(result / "manifest.json", manifest.dump());
        return ask({"reproduce", result.string(), "--quiet"}).code;
    };
    const Json whole = swept("70");
    CHECK(whole["reached"] == Json{{"whole_points", 3}, {"whole_trajectories", 70}});
    CHECK(reproduced(whole) == ExitCode::success);
    // As it was written before.
    Json older = whole;
    older["settings"]["whole_points"] = 3;
    older.erase("reached");
    CHECK(reproduced(older) == ExitCode::success);
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, Json>>{{"whole_points", 4},
                                                   {"whole_points", -1},
                                                   {"whole_trajectories", 0},
                                                   {"whole_trajectories", 33},
                                                   {"whole_trajectories", 96},
                                                   {"whole_trajectories", "all"}}) {
        Json wrong = whole;
        wrong["reached"][key] = value;
        INFO(key << ": " << value);
        CHECK(reproduced(wrong) == ExitCode::bad_input);
    }
    Json wrong = whole;
    wrong["reached"] = 3;
    CHECK(reproduced(wrong) == ExitCode::bad_input);
    // 64 trajectories of each point have the bits that 70 have after two blocks.
    Json interrupted = swept("64");
    interrupted["trajectories_requested"] = 3 * 70;
    interrupted["scenario"]["run"]["trajectories"] = 70;
    interrupted["settings"]["trajectories_per_point"] = 70;
    interrupted["ending"] = "interrupted";
    CHECK(reproduced(interrupted) == ExitCode::success);
}

TEST_CASE("a discovery is made again from its manifest and the sweep that it was made of") {
    const ScratchFolder scratch;
    const auto sweep = scratch.path() / "here" / "sweep";
    REQUIRE(ask({"sweep",          "seed_cohort",
                 "--over",         "finance.exits.offers=0/month..0.2/month",
                 "--over",         "environment.climate.initial=cold,normal,warm",
                 "--design",       "sobol",
                 "--points",       "48",
                 "--set",          "startups.founders.count=10",
                 "--set",          "run.horizon=36 months",
                 "--set",          "run.observe_every=12 months",
                 "--trajectories", "10",
                 "--observables",  "share_exited",
                 "--quiet",        "--output",
                 sweep.string()})
                .code
            == ExitCode::success);
    // A slash at the end is no part of the name.
    REQUIRE(ask({"discover", sweep.string() + "/", "--where", "share_exited > 10%", "--resamples", "20",
                 "--quiet"})
                .code
            == ExitCode::success);
    const auto result = scratch.path() / "here" / "sweep_discover";
    const Json manifest = manifest_in(result);
    CHECK(manifest["settings"]["results_seen_from_here"] == "../sweep");
    CHECK(manifest["settings"]["results_file"]["sha256"]
          == manifest_in(sweep)["files"]["results.csv"]["sha256"]);
    const auto kept = scratch.path() / "kept";
    const Answer again = ask({"reproduce", result.string(), "--output", kept.string()});
    INFO(again.out << again.err);
    CHECK(again.code == ExitCode::success);
    CHECK_THAT(again.out, Contains("every file has the same bytes"));
    CHECK_THAT(again.err, Contains("a discovery, seed"));
    CHECK(manifest_in(kept)["checksum"] == manifest["checksum"]);
    CHECK(manifest_in(kept)["files"].size() == 4);
    CHECK(manifest_in(kept)["settings"]["results_seen_from_here"] == "../here/sweep");
    // Both may be moved together; the sweep's manifest is not needed.
    std::filesystem::rename(scratch.path() / "here", scratch.path() / "there");
    const auto moved = scratch.path() / "there" / "sweep_discover";
    const auto means = scratch.path() / "there" / "sweep" / "results.csv";
    std::filesystem::remove(scratch.path() / "there" / "sweep" / "manifest.json");
    const Answer there = ask({"reproduce", moved.string(), "--json", "--quiet"});
    CHECK(there.code == ExitCode::success);
    CHECK(Json::parse(there.out)["same"] == true);
    // Another question has another answer.
    Json other = manifest;
    other["settings"]["where"] = "share_exited > 20%";
    put_file(moved / "manifest.json", other.dump());
    CHECK(ask({"reproduce", moved.string(), "--quiet"}).code == ExitCode::failure);
    const auto refused = [&](const Json& told, const std::string& why) {
        put_file(moved / "manifest.json", told.dump());
        const Answer answer = ask({"reproduce", moved.string(), "--quiet"});
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains(why));
    };
    const std::vector<std::pair<std::string, Json>> changes = {
        {"resamples", 0}, {"resamples", 1'000'000'000}, {"density", 2}, {"where", "share_dead > 10%"}};
    for (const auto& [key, value] : changes) {
        Json wrong = manifest;
        wrong["settings"][key] = value;
        refused(wrong, key == "where" ? "the sweep did not look at" : "contradicts itself");
    }
    Json lacking = manifest;
    lacking["settings"].erase("results_file");
    refused(lacking, "the manifest lacks 'results_file'");
    // As long as it was, and another.
    const std::string bytes = content_of(means);
    put_file(means, "P" + bytes.substr(1));
    refused(manifest, "has changed since");
    put_file(means, bytes + "\n");
    refused(manifest, "has changed since");
    std::filesystem::remove(means);
    refused(manifest, "which is missing");
    refused(manifest, "legal here: the sweep's folder as it was");
}

TEST_CASE("what a comparison's manifest lacks is named") {
    const ScratchFolder scratch;
    const auto result = scratch.path() / "result";
    REQUIRE(ask({"compare", "seed_cohort", "--with", "finance.raising.attempts=4", "--trajectories", "2",
                 "--set", "run.horizon=12 months", "--quiet", "--output", result.string()})
                .code
            == ExitCode::success);
    const Json manifest = manifest_in(result);
    const auto refused = [&](const Json& told, const std::string& why) {
        put_file(result / "manifest.json", told.dump());
        const Answer answer = ask({"reproduce", result.string(), "--quiet"});
        INFO(answer.err);
        CHECK(answer.code == ExitCode::bad_input);
        CHECK_THAT(answer.err, Contains(why));
    };
    Json lacking = manifest;
    lacking["settings"]["variants"][1].erase("set");
    refused(lacking, "the manifest lacks 'variants[1].set'");
    lacking["settings"]["variants"][1]["set"] = 7;
    refused(lacking, "the manifest's 'variants[1].set' is not a list of texts");
    lacking = manifest;
    lacking["ending"] = 3;
    refused(lacking, "the manifest's 'ending' is not a text");
    put_file(result / "manifest.json", manifest.dump());
    CHECK(ask({"reproduce", result.string(), "--quiet"}).code == ExitCode::success);
}
