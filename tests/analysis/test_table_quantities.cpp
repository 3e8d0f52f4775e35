#include "analysis/report/quantity_text.hpp"
#include "sim/infinity.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace venturi;

static constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("money is written with a dollar and a letter for its size") {
    CHECK(quantity_text(12.3e6, Dimension::money) == "$12.3M");
    CHECK(quantity_text(950, Dimension::money) == "$950");
    CHECK(quantity_text(2.5, Dimension::money) == "$2.50");
    CHECK(quantity_text(1.07e9, Dimension::money) == "$1.07B");
    CHECK(quantity_text(-4.2e12, Dimension::money) == "-$4.20T");
    CHECK(quantity_text(120e3, Dimension::money_per_month) == "$120k/month");
}

TEST_CASE("money that rounds up to the next letter takes it") {
    CHECK(quantity_text(999'960, Dimension::money) == "$1.00M");
    CHECK(quantity_text(999'400, Dimension::money) == "$999k");
}

TEST_CASE("shares are per cent, with three digits") {
    CHECK(quantity_text(0.481, Dimension::share) == "48.1%");
    CHECK(quantity_text(0.0107, Dimension::share) == "1.07%");
    CHECK(quantity_text(1, Dimension::share) == "100%");
    CHECK(quantity_text(0, Dimension::share) == "0%");
    CHECK(quantity_text(0.99996, Dimension::share) == "100%");
}

TEST_CASE("durations, rates, counts and plain numbers carry their units") {
    CHECK(quantity_text(14.2, Dimension::duration) == "14.2 months");
    CHECK(quantity_text(0.5, Dimension::rate) == "0.500/month");
    CHECK(quantity_text(12'345, Dimension::count) == "12,345");
    CHECK(quantity_text(1'234'567, Dimension::count) == "1,234,567");
    CHECK(quantity_text(2.375, Dimension::count) == "2.38");
    CHECK(quantity_text(0.3, Dimension::number) == "0.300");
    CHECK(quantity_text(1234.5, Dimension::number) == "1,230");
    CHECK(quantity_text(3e20, Dimension::number) == "3.00e+20");
}

TEST_CASE("what is not known or has no end is not written as digits") {
    CHECK(quantity_text(not_known, Dimension::money) == "–");
    CHECK(quantity_text(infinity, Dimension::duration) == "∞ months");
    CHECK(quantity_text(-infinity, Dimension::money) == "-$∞");
}

TEST_CASE("an interval decides how many decimals are shown") {
    CHECK(estimate_text({0.481, 0.469, 0.493}, Dimension::share) == "48.1% [46.9, 49.3]");
    CHECK(estimate_text({0.48123, 0.48111, 0.48135}, Dimension::share) == "48.123% [48.111, 48.135]");
    CHECK(estimate_text({0.5, 0.2, 0.8}, Dimension::share) == "50% [20, 80]");
    CHECK(estimate_text({12.3e6, 11.9e6, 12.8e6}, Dimension::money) == "$12.3M [11.9, 12.8]");
    CHECK(estimate_text({950e3, 800e3, 1.1e6}, Dimension::money) == "$0.95M [0.80, 1.10]");
    CHECK(interval_with_units_text({950e3, -800e3, 1.1e6}, Dimension::money) == "$0.9M [-$0.8M, $1.1M]");
    CHECK(interval_with_units_text({0.481, 0.47, 0.493}, Dimension::share)
          == interval_text({0.481, 0.47, 0.493}, Dimension::share));
    CHECK(interval_with_units_text({1e6, std::nan(""), std::nan("")}, Dimension::money) == "$1.00M [–]");
    CHECK(estimate_text({14.2, 13.9, 14.6}, Dimension::duration) == "14.2 months [13.9, 14.6]");
    CHECK(estimate_text({-0.1, -1.3, 1.1}, Dimension::number) == "-0.1 [-1.3, 1.1]");
    CHECK(estimate_text({12345.6, 12000, 12700}, Dimension::count) == "12,346 [12,000, 12,700]");
}

TEST_CASE("an interval may be missing, empty or open") {
    CHECK(estimate_text({0.481}, Dimension::share) == "48.1%");
    CHECK(estimate_text({0.481, 0.481, 0.481}, Dimension::share) == "48.1% [48.1, 48.1]");
    CHECK(estimate_text({0, 0, 0}, Dimension::share) == "0% [0, 0]");
    CHECK(estimate_text({0, 0, 0.0003}, Dimension::share) == "0.000% [0.000, 0.030]");
    CHECK(estimate_text({96, 90, infinity}, Dimension::duration) == "96.0 months [90.0, ∞]");
    CHECK(estimate_text({not_known, 90, infinity}, Dimension::duration) == "– [90.0, ∞]");
    CHECK(estimate_text({not_known, not_known, not_known}, Dimension::money) == "–");
}

TEST_CASE("nothing is ever minus zero") {
    CHECK(quantity_text(-0.0, Dimension::share) == "0%");
    CHECK(estimate_text({-0.0001, -0.5, 0.5}, Dimension::number) == "0.0 [-0.5, 0.5]");
}

TEST_CASE("one trajectory is one") {
    CHECK(trajectories_text(1) == "1 trajectory");
    CHECK(trajectories_text(0) == "0 trajectories");
    CHECK(trajectories_text(400) == "400 trajectories");
}
