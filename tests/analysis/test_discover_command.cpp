#include "analysis/report/checksum.hpp"
#include "analysis/report/csv_reader.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace venturi;

namespace {

/// A sweep of a few companies, and a folder for what is discovered in it.
void swept_into(const std::string& folder) {
    const Answer answer = ask({"sweep",
                               "seed_cohort",
                               "--over",
                               "finance.exits.offers=0/month..0.2/month",
                               "--over",
                               "environment.climate.initial=cold,normal,warm",
                               "--design",
                               "sobol",
                               "--points",
                               "48",
                               "--set",
                               "startups.founders.count=10",
                               "--set",
                               "run.horizon=36 months",
                               "--set",
                               "run.observe_every=12 months",
                               "--trajectories",
                               "10",
                               "--observables",
                               "share_exited,share_dead",
                               "--quiet",
                               "--output",
                               folder});
    REQUIRE(answer.code == ExitCode::success);
}

}  // namespace

TEST_CASE("a table of comma-separated values is read back", "[csv]") {
    const CsvTable table = read_csv("a,\"b \"\"c\"\"\"\r\n1,\"x,\ny\"\n,2");
    CHECK(table.titles == std::vector<std::string>{"a", "b \"c\""});
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0] == std::vector<std::string>{"1", "x,\ny"});
    CHECK(table.rows[1] == std::vector<std::string>{"", "2"});
    CHECK(table.column("a") == 0);
    CHECK_THROWS_AS(table.column("c"), CsvError);
    CHECK_THROWS_AS(read_csv(""), CsvError);
    CHECK_THROWS_AS(read_csv("a,b\n1\n"), CsvError);
    CHECK_THROWS_AS(read_csv("a\n\"1\n"), CsvError);
}

TEST_CASE("venturi discover finds what makes exits frequent in a sweep", "[discover]") {
    const ScratchFolder scratch;
    const std::string sweep = (scratch.path() / "sweep").string();
    swept_into(sweep);
    const Answer answer =
        ask({"discover", sweep, "--where", "share_exited > 10%", "--json", "--resamples", "20"});
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    const auto json = nlohmann::json::parse(answer.out);
    CHECK(json["points"] == 48);
    CHECK(json["coverage"] > 0.6);
    CHECK(json["density"] > 0.6);
    REQUIRE(json["box"].size() >= 1);
    CHECK(json["box"][0]["parameter"] == "finance.exits.offers");
    CHECK(json["box"][0]["low"] > 0.01);
    CHECK(json["box"][0]["restricted_in_resamples"] > 0.8);
    CHECK(json["tree"]["question"].get<std::string>().starts_with("finance.exits.offers"));
    CHECK(json["tree"]["no"]["mean"] > json["tree"]["yes"]["mean"]);
    const std::string folder = sweep + "_discover";
    CHECK(names_in(folder)
          == std::vector<std::string>{"box.csv", "box.svg", "manifest.json", "peeling.csv", "tree.txt"});
    const std::string box = content_of(folder + "/box.svg");
    CHECK(is_well_formed(box));
    for (const char* text :
         {">finance.exits.offers (1/month)<", ">environment.climate.initial<", ">cold<", ">normal<", ">warm<",
          "; with startups.founders.count=10, run.horizon=36 months"})
        CHECK(box.find(text) != std::string::npos);
    CHECK(read_csv(content_of(folder + "/box.csv")).rows.size() == 2);

    const auto refused = [&](const std::vector<std::string>& arguments, const std::string& why) {
        const std::string output = (scratch.path() / "refused").string();
        std::vector<std::string> all = {"discover"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        all.insert(all.end(), {"--output", output});
        const Answer refusal = ask(all);
        INFO(refusal.err);
        CHECK(refusal.code == ExitCode::bad_input);
        CHECK(refusal.err.find(why) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(output));
    };
    refused({sweep, "--where", "share_exited"}, "no condition");
    refused({sweep, "--where", "share_exitd > 10%"}, "did you mean 'share_exited'");
    refused({sweep, "--where", "share_exited > 1.2"}, "between 0% and 100%");
    refused({sweep, "--where", "share_exited > 60 months"}, "--where");
    refused({sweep, "--where", "share_exited >= 0%"}, "all of the 48 points");
    refused({sweep, "--where", "share_exited > 100%"}, "none of the 48 points");
    refused({folder, "--where", "share_exited > 10%"}, "no result of a sweep");
    refused({(scratch.path() / "nowhere").string(), "--where", "share_exited > 10%"}, "no such file");
    // Numbers that the sweep did not write are not looked into; nor a manifest that knows of none.
    const std::string means = content_of(sweep + "/results.csv");
    std::ofstream(sweep + "/results.csv") << means << "99,0.1,cold,share_exited,1,0.5,,,,10,0\n";
    refused({sweep, "--where", "share_exited > 10%"}, "it has changed since the sweep wrote it");
    const auto told_anew = [&](const std::string& text) {
        std::ofstream(sweep + "/results.csv") << text;
        auto manifest = nlohmann::ordered_json::parse(content_of(sweep + "/manifest.json"));
        FileDigests files;
        manifest["files"]["results.csv"] = {{"bytes", text.size()}, {"sha256", sha256(text)}};
        for (const auto& [name, digest] : manifest["files"].items())
            files[name] = {digest["bytes"].get<std::uint64_t>(), digest["sha256"].get<std::string>()};
        manifest["checksum"] = combined_sha256(files);
        std::ofstream(sweep + "/manifest.json") << manifest.dump();
    };
    told_anew("point,observable,mean\n99,share_exited,0.5\n");
    refused({sweep, "--where", "share_exited > 10%"}, "has no point");
    told_anew("point,observable\n99,share_exited,0.5\n");
    refused({sweep, "--where", "share_exited > 10%"}, "line 2");
}
