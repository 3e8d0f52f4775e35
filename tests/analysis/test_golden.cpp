// Every scenario of the library against the results that stand in tests/golden, to the bit. `tests/run
// --update-golden` writes them anew, and asks for a higher version where that changes one.
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

using namespace venturi;

namespace {

const std::filesystem::path source_folder = VENTURI_SOURCE_FOLDER;
const std::filesystem::path golden_folder = source_folder / "tests" / "golden";

std::set<std::string> library_names() {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(source_folder / "scenarios" / "library"))
        if (entry.path().extension() == ".yaml") names.insert(entry.path().stem().string());
    return names;
}

// Few trajectories and one look a year: a change of the model shows in any of them.
std::string summary_of(const std::string& scenario, const std::filesystem::path& folder) {
    const Answer answer =
        ask({"run", scenario, "--trajectories", "4", "--seed", "7", "--threads", "2", "--quiet", "--set",
             "run.observe_every=12 months", "--output", (folder / scenario).string()});
    INFO(answer.err);
    REQUIRE(answer.code == ExitCode::success);
    return text_of(folder / scenario / "summary.csv");
}

// `venturi 1.2.3 and more` or `venturi 1.2.3`.
std::string version() {
    std::istringstream words(ask({"--version"}).out);
    std::string name;
    std::string number;
    words >> name >> number;
    return number;
}

std::string first_line_of(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

// What a person needs to see of two tables that differ.
std::string first_difference(const std::string& expected, const std::string& found) {
    std::istringstream expected_lines(expected);
    std::istringstream found_lines(found);
    std::string left;
    std::string right;
    for (int number = 1;; ++number) {
        const bool has_left = static_cast<bool>(std::getline(expected_lines, left));
        const bool has_right = static_cast<bool>(std::getline(found_lines, right));
        if (!has_left && !has_right) return "no line differs";
        if (!has_left || !has_right || left != right)
            return fmt::format("line {}: expected '{}', found '{}'", number, has_left ? left : "nothing",
                               has_right ? right : "nothing");
    }
}

bool updates() {
    return std::getenv("VENTURI_UPDATE_GOLDEN") != nullptr;
}

}  // namespace

TEST_CASE("The library's scenarios give their golden results, to the bit", "[golden][long]") {
    const ScratchFolder folder;
    for (const std::string& scenario : library_names()) {
        const std::filesystem::path golden = golden_folder / (scenario + ".csv");
        const std::string found = summary_of(scenario, folder.path());
        const std::string expected = text_of(golden);
        INFO(scenario << ", " << first_difference(expected, found));
        if (!updates()) {
            CHECK(found == expected);
            continue;
        }
        if (found == expected) continue;
        INFO("a changed result needs a version above "
             << version() << " in CMakeLists.txt, and a line in CHANGELOG.md that says why");
        REQUIRE((expected.empty() || first_line_of(golden_folder / "version") != version()));
        std::ofstream(golden, std::ios::binary) << found;
    }
    if (updates()) std::ofstream(golden_folder / "version") << version() << '\n';
}

TEST_CASE("Golden results are of this version or an earlier one that gave the same, and the changelog has it",
          "[golden]") {
    const std::string made_with = first_line_of(golden_folder / "version");
    REQUIRE_FALSE(made_with.empty());
    const std::string changelog = text_of(source_folder / "CHANGELOG.md");
    for (const std::string& number : {made_with, version()}) {
        INFO(number);
        CHECK(changelog.find("\n## " + number + "\n") != std::string::npos);
    }
}

TEST_CASE("No golden result is of a scenario that is gone", "[golden]") {
    const std::set<std::string> names = library_names();
    for (const auto& entry : std::filesystem::directory_iterator(golden_folder)) {
        if (entry.path().extension() != ".csv") continue;
        INFO(entry.path().filename());
        CHECK(names.contains(entry.path().stem().string()));
    }
}
