#include "analysis/report/plot_scale.hpp"
#include "analysis/report/survival_picture.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/well_formed.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

SurvivalPicture example() {
    return {.title = "Survival of startups",
            .subtitle = "10,000 trajectories",
            .age = {0, 1, 2},
            .survival = {1, 0.8, 0.5},
            .low = {1, 0.75, 0.4},
            .high = {1, 0.85, 0.6},
            .published = {{.name = "BLS, 1994 cohort", .age = {1, 2}, .survival = {0.79, 0.6}}}};
}

std::vector<std::string> labels(const PlotScale& scale) {
    std::vector<std::string> texts;
    for (const Tick& tick : scale.ticks) texts.push_back(tick.label);
    return texts;
}

std::string attribute_of(const std::string& svg, const std::string& element, const std::string& name) {
    const std::size_t value = svg.find(name + "=\"", svg.find(element)) + name.size() + 2;
    return svg.substr(value, svg.find('"', value) - value);
}

}  // namespace

TEST_CASE("a survival picture has its curve, band, points, axes and legend") {
    const std::string svg = survival_svg(example());
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(is_well_formed(svg));
    CHECK(occurrences(svg, "class=\"line\"") == 1);
    CHECK(occurrences(svg, "class=\"band\"") == 1);
    CHECK(occurrences(svg, "class=\"point\"") == 2 + 1);  // the legend's sample is one more
    CHECK(occurrences(svg, "class=\"legend\"") == 3);
    for (const char* text :
         {">Survival of startups<", ">10,000 trajectories<", ">age (years)<", ">share surviving<",
          ">simulated<", ">95% confidence band<", ">BLS, 1994 cohort<", ">0%<", ">100%<"}) {
        CHECK_THAT(svg, Contains(text));
    }
}

TEST_CASE("a picture stands alone on a white ground") {
    const std::string svg = survival_svg(example());
    CHECK_THAT(svg, Contains("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"));
    CHECK_THAT(svg, !Contains("href") && !Contains("<script") && !Contains("<style"));
}

TEST_CASE("the same picture is the same text") {
    CHECK(survival_svg(example()) == survival_svg(example()));
}

TEST_CASE("a survival curve goes down in steps") {
    SurvivalPicture picture = example();
    const auto count = [&] {
        return occurrences(attribute_of(survival_svg(picture), "class=\"line\"", "points"), ",");
    };
    CHECK(count() == 5);
    picture.shape = LineShape::straight;
    CHECK(count() == 3);
}

TEST_CASE("points and curves stand where the axes say") {
    LinePlot plot;
    plot.x = {.label = "x", .low = 0, .high = 10};
    plot.y = {.label = "y", .low = 0, .high = 1};
    plot.points = {{.name = "corners", .x = {0, 10}, .y = {0, 1}}};
    const std::string svg = line_plot_svg(plot, {.width = 900, .height = 560});
    // Lower left and upper right corner of the frame: margins 84 and 32, 64 below, legend and title above.
    CHECK_THAT(svg, Contains("cx=\"84.00\" cy=\"496.00\"") && Contains("cx=\"868.00\" cy=\"82.00\""));
}

TEST_CASE("what is not known interrupts a line and drops a point") {
    const double gap = std::numeric_limits<double>::quiet_NaN();
    LinePlot plot;
    plot.lines = {{.name = "", .x = {0, 1, 2, 3, 4}, .y = {0, 1, gap, 1, 2}}};
    plot.points = {{.name = "", .x = {0, gap}, .y = {1, 1}, .low = {0.5, 0}, .high = {1.5, 1}}};
    const std::string svg = line_plot_svg(plot);
    CHECK(occurrences(svg, "class=\"line\"") == 2);
    CHECK(occurrences(svg, "class=\"point\"") == 1);
    CHECK(occurrences(svg, "class=\"interval\"") == 1);
    CHECK_THAT(svg, !Contains("nan") && !Contains("inf"));
}

TEST_CASE("a picture without data still has axes") {
    const std::string svg = line_plot_svg({});
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, !Contains("nan") && !Contains("inf"));
}

TEST_CASE("titles may hold any characters") {
    SurvivalPicture picture = example();
    picture.title = "R&D <\"fast\"> \x01\xFF";
    const std::string svg = survival_svg(picture);
    CHECK(is_well_formed(svg));
    CHECK_THAT(svg, Contains("R&amp;D &lt;&quot;fast&quot;&gt; \uFFFD\uFFFD"));
}

TEST_CASE("a second panel stands beneath the first, and has room below its legend") {
    const LinePlot upper = survival_plot(example());
    LinePlot lower = upper;
    lower.title = "Beneath";
    const std::string svg = two_panels_svg(upper, lower, {.width = 900, .height = 560}, 340);
    CHECK(is_well_formed(svg));
    CHECK(attribute_of(svg, "<svg", "height") == "900");
    CHECK_THAT(svg, Contains(">Beneath<") && Contains("url(#frame)") && Contains("url(#lower_frame)"));
    CHECK(occurrences(svg, "class=\"line\"") == 2);
    // The upper panel is the picture that it would be alone.
    const std::string alone = line_plot_svg(upper);
    const std::size_t curve = alone.find("class=\"line\"");
    CHECK_THAT(svg, Contains(alone.substr(curve, alone.find('>', curve) - curve)));
    for (int number = 0; number < 30; ++number)
        lower.lines.push_back({.name = "a line with a long name indeed", .x = {0}, .y = {0.5}});
    const std::string crowded = two_panels_svg(upper, lower, {.width = 900, .height = 560}, 340);
    CHECK(std::stoi(attribute_of(crowded, "<svg", "height")) > 900 + 10 * 22);
    CHECK(std::stod(attribute_of(crowded, "<clipPath id=\"lower_frame\"", "height"))
          > std::stod(attribute_of(svg, "<clipPath id=\"lower_frame\"", "height")) - 23);
}

TEST_CASE("lengths that do not fit are refused") {
    SurvivalPicture picture = example();
    SECTION("survival") {
        picture.survival.pop_back();
    }
    SECTION("band") {
        picture.low.pop_back();
    }
    SECTION("half a band") {
        picture.high.clear();
    }
    SECTION("published") {
        picture.published[0].age.push_back(3);
    }
    CHECK_THROWS_AS(survival_svg(picture), ContractViolation);
}

TEST_CASE("ticks are round numbers") {
    CHECK(round_step(10, 10) == 1);
    CHECK(round_step(10, 9) == 2);
    CHECK(round_step(1, 8) == 0.2);
    CHECK(round_step(4.1e6, 8) == 1e6);
    CHECK(round_step(60, 10) == 10);
}

TEST_CASE("an axis ends on ticks unless its ends are given") {
    using Labels = std::vector<std::string>;
    const PlotScale fitted = fit_scale({.label = ""}, {0.3, 9.2}, 0, 100, 10);
    CHECK(fitted.low == 0);
    CHECK(fitted.high == 10);
    CHECK(labels(fitted).size() == 11);
    const PlotScale share =
        fit_scale({.label = "", .dimension = Dimension::share, .low = 0, .high = 1}, {}, 0, 1, 5);
    CHECK(labels(share) == Labels{"0%", "20%", "40%", "60%", "80%", "100%"});
    const PlotScale money = fit_scale({.label = "", .dimension = Dimension::money}, {0, 2e6}, 0, 1, 4);
    CHECK(labels(money) == Labels{"$0", "$0.5M", "$1.0M", "$1.5M", "$2.0M"});
    const PlotScale given = fit_scale({.label = "", .low = 0, .high = 9.5}, {}, 0, 1, 5);
    CHECK(given.high == 9.5);
    CHECK(labels(given) == Labels{"0", "2", "4", "6", "8"});
}

TEST_CASE("an axis has length even where the data have none") {
    const PlotScale flat = fit_scale({.label = ""}, {5, 5, 5}, 0, 100, 5);
    CHECK(flat.low < 5);
    CHECK(flat.high > 5);
    CHECK(flat.pixel(5) == Approx(50).margin(25));
}

TEST_CASE("a logarithmic axis goes from power of ten to power of ten") {
    using Labels = std::vector<std::string>;
    const PlotAxis axis{.label = "", .is_logarithmic = true};
    const PlotScale fitted =
        fit_scale(axis, {0.9, 0.02, 0, -1, std::numeric_limits<double>::quiet_NaN()}, 0, 200, 4);
    CHECK(fitted.low == Approx(0.01));
    CHECK(fitted.high == Approx(1));
    CHECK(labels(fitted) == Labels{"1", "0.1", "0.01"});
    CHECK(fitted.pixel(0.1) == Approx(100));
    // What has no logarithm is on the lower edge.
    CHECK(fitted.pixel(0) == 0);
    CHECK(fitted.pixel(-1) == 0);
    CHECK(labels(fit_scale(axis, {0.5, 0.2}, 0, 200, 8)) == Labels{"1", "0.1", "0.2", "0.5"});
    CHECK(labels(fit_scale(axis, {1, 2e-5}, 0, 200, 8))
          == Labels{"1", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴", "10⁻⁵"});
    CHECK(labels(fit_scale(axis, {1e-9, 1e-12}, 0, 200, 2)) == Labels{"10⁻⁹", "10⁻¹¹"});
    CHECK(labels(fit_scale(axis, {}, 0, 200, 2)) == Labels{"1", "0.1"});
    // Of the same numbers it still has a decade.
    CHECK(fit_scale(axis, {1, 1}, 0, 200, 8).pixel(1) == Approx(0).margin(1e-9));
}
