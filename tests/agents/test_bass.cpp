#include "agents/market/bass.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"
#include "tests/agents/worlds.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace {

using namespace venturi;
using namespace venturi::testing;

constexpr double size = 8000;
constexpr double p = 0.03 / 12;
constexpr double q = 0.38 / 12;

/// A(t) by the classical Runge–Kutta method on dA/dt = (p + q A / m)(m − A), in steps of 0.01 months.
double integrated(double m, double innovation, double imitation, double adopters, double months) {
    const auto slope = [&](double a) { return (innovation + imitation * a / m) * (m - a); };
    const int steps = static_cast<int>(std::lround(months * 100));
    const double h = months / steps;
    for (int i = 0; i < steps; ++i) {
        const double k1 = slope(adopters);
        const double k2 = slope(adopters + h / 2 * k1);
        const double k3 = slope(adopters + h / 2 * k2);
        const double k4 = slope(adopters + h * k3);
        adopters += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    return adopters;
}

}  // namespace

TEST_CASE("Bass diffusion in closed form solves its differential equation") {
    for (const double start : {0.0, 160.0, 7900.0}) {
        const BassFlow flow(size, p, q, start, 7);
        CHECK(flow.expected(7) == Approx(start).epsilon(1e-14).margin(1e-9));
        for (const double months : {1.0, 12.0, 60.0, 240.0})
            CHECK(flow.expected(7 + months) == Approx(integrated(size, p, q, start, months)).epsilon(1e-9));
    }
}

TEST_CASE("Bass adoption peaks where Bass (1969) says") {
    const BassFlow flow(size, p, q, 0, 0);
    const double peak = std::log(q / p) / (p + q);
    CHECK(flow.rate(peak) == Approx(size * (p + q) * (p + q) / (4 * q)).epsilon(1e-12));
    CHECK(flow.expected(peak) == Approx(size * (0.5 - p / (2 * q))).epsilon(1e-12));
    CHECK(flow.rate(peak - 1) < flow.rate(peak));
    CHECK(flow.rate(peak + 1) < flow.rate(peak));
}

TEST_CASE("A Bass flow reaches the adopters it expects when it expects them") {
    const BassFlow flow(size, p, q, 160, 5);
    for (const double time : {5.5, 10.0, 40.0, 90.0, 200.0})
        CHECK(flow.reaches(flow.expected(time)) == Approx(time).epsilon(1e-9));
}

TEST_CASE("A Bass flow whose parameters change goes on from where it stands") {
    const BassFlow flow(size, p, q, 160, 0);
    const BassFlow same = flow.changed(size, p, q, 30);
    CHECK(same.expected(90) == Approx(flow.expected(90)).epsilon(1e-12));
    const BassFlow other = flow.changed(12000, 2 * p, q / 2, 30);
    CHECK(other.expected(30) == Approx(flow.expected(30)).epsilon(1e-12));
    CHECK(other.expected(90)
          == Approx(integrated(12000, 2 * p, q / 2, integrated(size, p, q, 160, 30), 60)).epsilon(1e-9));
}

TEST_CASE("Bass diffusion at its limits is exponential, logistic, or stands still") {
    constexpr double never = std::numeric_limits<double>::infinity();
    CHECK(BassFlow(size, p, 0, 0, 0).expected(50) == Approx(size * (1 - std::exp(-50 * p))).epsilon(1e-12));
    const double odds = std::exp(50 * q) / 99;  // of having adopted, from 1% on
    CHECK(BassFlow(size, 0, q, 80, 0).expected(50) == Approx(size * odds / (1 + odds)).epsilon(1e-12));
    const BassFlow nobody_begins(size, 0, q, 0, 0);
    CHECK(nobody_begins.expected(1000) == 0);
    CHECK(nobody_begins.reaches(1) == never);
    const BassFlow frozen(size, 0, 0, 160, 0);
    CHECK(frozen.expected(1000) == 160);
    CHECK(frozen.reaches(161) == never);
    const BassFlow empty(0, p, q, 0, 0);
    CHECK(empty.expected(10) == 0);
    CHECK(empty.rate(10) == 0);
    CHECK(empty.reaches(1) == never);
    CHECK(BassFlow(size, p, q, 160, 0).reaches(size) == never);
    // A market that shrinks below those who have adopted is full.
    const BassFlow shrunk = BassFlow(size, p, q, 5000, 0).changed(1000, p, q, 10);
    CHECK(shrunk.expected(20) == 1000);
    CHECK(shrunk.rate(20) == 0);
}

TEST_CASE("Adoptions drawn by inversion are a Poisson process with the Bass mean") {
    constexpr double m = 200;
    constexpr std::uint32_t replications = 4000;
    const BassFlow flow(m, p, q, 4, 0);
    Sample early;
    Sample late;
    double product = 0;
    const double early_mean = flow.expected(30) - 4;
    const double late_mean = flow.expected(80) - flow.expected(30);
    for (std::uint32_t i = 0; i < replications; ++i) {
        PlainDraws draws(FastVariates(1969, i));
        DrawSource source{.agent = 0, .purpose = 6};
        std::array<double, 2> counts = {0, 0};
        double level = 4;
        for (;;) {
            level += draws.unit_exponential(source);
            const double time = flow.reaches(level);
            if (time > 80) break;
            ++counts[time > 30 ? 1 : 0];
        }
        early.add(counts[0]);
        late.add(counts[1]);
        product += (counts[0] - early_mean) * (counts[1] - late_mean);
    }
    CHECK(std::abs(early.z_of_mean(early_mean)) < 4);
    CHECK(std::abs(late.z_of_mean(late_mean)) < 4);
    CHECK(std::abs(early.z_of_variance(early_mean, fourth_moment_of_poisson(early_mean))) < 4);
    CHECK(std::abs(late.z_of_variance(late_mean, fourth_moment_of_poisson(late_mean))) < 4);
    // Independent increments: the covariance has standard error √(λ₁λ₂/n).
    CHECK(std::abs(product / replications) < 4 * std::sqrt(early_mean * late_mean / replications));
}

TEST_CASE("In a world whose market alone is active, accounts adopt as Bass says") {
    WorldParameters parameters = quiet_world();
    parameters.market.segments[0].size = 200;
    parameters.market.segments[0].adopted_at_start = 0.02;
    const double changed_imitation = 0.1;
    const std::size_t imitation = leaf_number(parameters, "market.segments.software.imitation");
    World<PlainDraws> world(make_setup(
        parameters,
        {{.name = "fashion", .at = 40.0, .when = {}, .settings = {{imitation, changed_imitation}}}}));
    const BassFlow flow(200, p, q, 4, 0);
    const BassFlow afterwards = flow.changed(200, p, changed_imitation, 40);
    Sample before;
    Sample after;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        world.reset(PlainDraws(FastVariates(1990, i)));
        REQUIRE(world.segments[0].adopters == 4);
        world.run_until(40);
        before.add(static_cast<double>(world.segments[0].adopters) - 4);
        world.run_until(60);
        after.add(static_cast<double>(world.segments[0].adopters) - 4);
        REQUIRE(world.segments[0].rivals.accounts() == world.segments[0].adopters);
    }
    const double mean_before = flow.expected(40) - 4;
    const double mean_after = afterwards.expected(60) - 4;
    CHECK(std::abs(before.z_of_mean(mean_before)) < 4);
    CHECK(std::abs(before.z_of_variance(mean_before, fourth_moment_of_poisson(mean_before))) < 4);
    CHECK(std::abs(after.z_of_mean(mean_after)) < 4);
    CHECK(std::abs(after.z_of_variance(mean_after, fourth_moment_of_poisson(mean_after))) < 4);
}
