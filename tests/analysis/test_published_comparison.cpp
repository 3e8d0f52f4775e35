// Simulated figures beside published ones: what agrees, in which units they differ, and what cannot be
// compared.
#include "analysis/report/caption.hpp"
#include "analysis/report/comparison_report.hpp"
#include "tests/analysis/ask.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Comparison compared(double simulated, const Interval& interval, double published, Dimension dimension) {
    Comparison comparison;
    comparison.published.name = "a figure";
    comparison.published.observable = "share_exited";
    comparison.published.value = published;
    comparison.published.source = "a table";
    comparison.simulated = {simulated, interval, dimension};
    return comparison;
}

}  // namespace

TEST_CASE("A difference of percentages is in points, any other in percent") {
    const std::vector<Comparison> all = {
        compared(0.50, {0.47, 0.53}, 0.48, Dimension::share), compared(54, {51, 57}, 60, Dimension::duration),
        compared(0.5, {unknown, unknown}, 0.4, Dimension::share), compared(3, {2, 4}, 0, Dimension::number)};
    const TerminalTable table = comparison_table(all);
    CHECK(table.rows[0][3].text == "+2.0 points");
    CHECK(table.rows[1][3].text == "-10.0%");
    CHECK(table.rows[2][1].text == "50.0% [–]");
    CHECK(table.rows[3][3].text == "–");
    const auto json = comparison_json(all);
    CHECK(json[0]["difference"].get<double>() == Approx(0.02));
    CHECK(json[0]["relative_difference"].get<double>() == Approx(0.02 / 0.48));
    CHECK(json[0]["unit"] == "1");
    CHECK(json[2]["agreement"] == "unknown");
    CHECK_THAT(comparison_csv(all), Contains("difference,relative_difference,agreement\n"));
    CHECK_THAT(comparison_legend(all), Contains("percentage points"));
}

TEST_CASE("Green means that they agree, and says so in words") {
    const auto row_of = [](const Comparison& comparison) { return comparison_table({comparison}).rows[0]; };
    const Comparison agrees = compared(0.50, {0.47, 0.53}, 0.48, Dimension::share);
    CHECK(agrees.agreement() == Agreement::agrees);
    CHECK(row_of(agrees)[3].emphasis == Emphasis::good);
    CHECK(row_of(agrees)[4].text == "agrees");
    // Within a tenth, and yet not within the interval.
    const Comparison near = compared(0.50, {0.49, 0.51}, 0.48, Dimension::share);
    CHECK(near.agreement() == Agreement::differs);
    CHECK(row_of(near)[3].emphasis == Emphasis::bad);
    CHECK(row_of(near)[4].text == "differs");
    Comparison wide = near;
    wide.published.interval = {0.45, 0.495};
    CHECK(wide.agreement() == Agreement::agrees);
    // Why, stands beside it.
    CHECK(row_of(wide)[2].text == "48.0% [45.0, 49.5]");
    CHECK_THAT(comparison_csv({wide}), Contains(",0.48,0.45,0.495,"));
    CHECK(comparison_json({wide})[0]["published_interval"] == nlohmann::json({0.45, 0.495}));
    CHECK(row_of(near)[2].text == "48.0%");
    CHECK_THAT(comparison_csv({near}), Contains(",0.48,,,"));
    CHECK(comparison_json({near})[0]["published_interval"].is_null());
    CHECK(compared(0.5, {unknown, unknown}, 0.5, Dimension::share).agreement() == Agreement::unknown);
    CHECK(compared(unknown, {0, 1}, 0.5, Dimension::share).agreement() == Agreement::unknown);
    // An end that is not known rules nothing out, the other still does.
    CHECK(compared(5, {4, unknown}, 9, Dimension::number).agreement() == Agreement::agrees);
    CHECK(compared(5, {4, unknown}, 3, Dimension::number).agreement() == Agreement::differs);
    CHECK_THAT(comparison_legend({agrees, near}), Contains("1 of 2 agree"));
}

TEST_CASE("A horizon too short for a published figure is found before the run") {
    const ScratchFolder scratch;
    const auto folder = scratch.path() / "result";
    const std::vector<std::string> too_short = {
        "run",        "seed_cohort", "--set",        "run.horizon=24 months", "--trajectories",
        "1000000000", "--output",    folder.string()};
    const Answer answer = ask(with(too_short, {"--compare-published"}));
    CHECK(answer.code == ExitCode::bad_input);
    CHECK_THAT(answer.err, Contains("survival to age 3: month 36, but the run ends at month 24"));
    CHECK_THAT(answer.err, Contains("legal here: a horizon of 120 months or more"));
    CHECK_FALSE(std::filesystem::exists(folder));
    // Figures that bring their own horizon are not held against the scenario's.
    CHECK_THAT(answer.err, !Contains("survival to age 15"));
    const Answer without = ask({"run", "seed_cohort", "--set", "run.horizon=24 months", "--trajectories", "2",
                                "--quiet", "--output", folder.string()});
    CHECK(without.code == ExitCode::success);
}

TEST_CASE("A caption says which settings were changed") {
    CHECK(changed_settings_text({}).empty());
    CHECK(changed_settings_text({"a.b=1"}) == "; with a.b=1");
    CHECK(changed_settings_text({"a.b=1", "c=2 months"}) == "; with a.b=1, c=2 months");
    const std::string many =
        changed_settings_text(std::vector<std::string>(20, "finance.raising.attempts=3"));
    CHECK_THAT(many, Contains(" and 17 more"));
    const ScratchFolder scratch;
    REQUIRE(ask({"run", "seed_cohort", "--set", "run.horizon=12 months", "--trajectories", "4", "--quiet",
                 "--output", (scratch.path() / "result").string()})
                .code
            == ExitCode::success);
    CHECK_THAT(text_of(scratch.path() / "result" / "survival.svg"),
               Contains("; with run.horizon=12 months<"));
}
