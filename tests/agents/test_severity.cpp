#include "agents/risk/severity.hpp"
#include "sim/contract.hpp"
#include "sim/infinity.hpp"
#include "sim/random/draws.hpp"
#include "tests/agents/sample.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace venturi;
using namespace venturi::testing;

const std::array<SeverityParameters, 7> kinds = {
    published_data_breach,
    startup_data_breach,
    regulatory_fine,
    startup_outage,
    startup_fraud,
    SeverityParameters{.median = 1, .spread = 0.4, .tail_from = 0.2, .tail_shape = 0, .tail_scale = 0},
    SeverityParameters{
        .median = 3e4, .spread = 1.2, .tail_from = 0.9, .tail_shape = 0.45, .tail_scale = 9e4}};

/// ∫ f(x) dx from low to high > low > 0, in ln x, between the threshold's sides.
template <class Function>
double integrate(Function f, const Severity& severity, double low, double high) {
    using boost::math::quadrature::gauss_kronrod;
    const auto over = [&](double a, double b) {
        const auto in_log = [&](double y) { return f(std::exp(y)) * std::exp(y); };
        return b > a ? gauss_kronrod<double, 61>::integrate(in_log, std::log(a), std::log(b), 15, 1e-13)
                     : 0.0;
    };
    const double middle = std::clamp(severity.threshold(), low, high);
    return over(low, middle) + over(middle, high);
}

/// Of the sum of the terms, when the parts of an integral are good to 1e-13 and it is a sum of two of them.
constexpr double quadrature = 1e-11;

struct DefaultsAreLegal {
    int numbers = 0;
    void number(double& value, const Description& about) {
        ++numbers;
        INFO(about.name);
        CHECK(about.legal.contains(value));
        CHECK(about.plausible.contains(value));
    }
};

/// A value of the table of published figures.
double figure(const std::string& path, const std::string& beginning_of_row) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line))
        if (line.starts_with(beginning_of_row))
            return std::strtod(line.c_str() + beginning_of_row.size(), nullptr);
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

TEST_CASE("A loss is a value that the world can keep") {
    CHECK(std::is_trivially_copyable_v<Severity>);
    DefaultsAreLegal visitor;
    SeverityParameters defaults;
    describe(defaults, visitor);
    CHECK(visitor.numbers == 5);
}

TEST_CASE("Distribution, survival, quantile and density of a loss belong together") {
    for (const SeverityParameters& parameters : kinds) {
        const Severity severity(parameters);
        CAPTURE(parameters.median, parameters.tail_from, severity.threshold());
        CHECK(severity.quantile(0) == 0);
        CHECK(severity.quantile(1) == infinity);
        CHECK(severity.distribution(-1) == 0);
        CHECK(severity.survival(0) == 1);
        double before = 0;
        for (const double u : {1e-9, 0.01, 0.15, 0.2, 0.3, 0.5, 0.8, 0.949, 0.95, 0.951, 0.999, 1 - 1e-9}) {
            const double loss = severity.quantile(u);
            CAPTURE(u, loss);
            CHECK(loss > before);
            // erfc_inv is good to a few units in the last place of z, and a loss's sensitivity to z is σ
            // < 10.
            CHECK(severity.distribution(loss) == Approx(u).epsilon(1e-13));
            CHECK(severity.survival(loss) == Approx(1 - u).epsilon(1e-13));
            CHECK(severity.distribution(loss) + severity.survival(loss) == Approx(1).epsilon(1e-15));
            // A central difference of step h has an error of h² and one of rounding of 1e-16 / h.
            constexpr double h = 1e-5;
            if (std::abs(loss / severity.threshold() - 1) > 2 * h) {
                const double slope =
                    u < 0.5 ? severity.distribution(loss * (1 + h)) - severity.distribution(loss * (1 - h))
                            : severity.survival(loss * (1 - h)) - severity.survival(loss * (1 + h));
                CHECK(slope / (2 * h * loss) == Approx(severity.density(loss)).epsilon(1e-7));
            }
            before = loss;
        }
        // Far out, where 1 − u has no digits left.
        for (const double rare : {1e-12, 1e-30})
            CHECK(severity.survival(severity.exceeded_with(rare)) == Approx(rare).epsilon(1e-12));
        CHECK(severity.exceeded_with(0) == infinity);
        CHECK(severity.exceeded_with(1) == 0);
    }
}

TEST_CASE("The density does not jump where the tail begins, unless its scale is given") {
    for (const SeverityParameters& parameters : kinds) {
        const Severity severity(parameters);
        if (severity.threshold() == infinity) continue;
        const double below = severity.density(severity.threshold());
        const double above = severity.density(std::nextafter(severity.threshold(), infinity));
        if (parameters.tail_scale > 0)
            CHECK(std::abs(above / below - 1) > 0.01);
        else
            CHECK(above == Approx(below).epsilon(1e-13));
    }
    // Beyond the threshold a larger scale is a longer tail.
    SeverityParameters given = startup_outage;
    given.tail_scale = 2 * Severity(startup_outage).tail_scale();
    CHECK(Severity(given).mean() > Severity(startup_outage).mean());
    CHECK(Severity(given).threshold() == Severity(startup_outage).threshold());
}

TEST_CASE("Limited expected values and layers are what integration of the density gives") {
    for (const SeverityParameters& parameters : kinds) {
        const Severity severity(parameters);
        const double nothing = severity.quantile(1e-15);
        for (const double u : {0.01, 0.3, 0.6, 0.94, 0.97, 0.9999}) {
            const double limit = severity.quantile(u);
            CAPTURE(parameters.median, u, limit);
            const double below =
                integrate([&](double x) { return x * severity.density(x); }, severity, nothing, limit);
            CHECK(severity.limited_expected_value(limit)
                  == Approx(below + limit * severity.survival(limit)).epsilon(quadrature));
            const double end = severity.quantile((1 + u) / 2);
            const double within =
                integrate([&](double x) { return (x - limit) * severity.density(x); }, severity, limit, end);
            CHECK(severity.layer(limit, end - limit)
                  == Approx(within + (end - limit) * severity.survival(end)).epsilon(quadrature));
        }
        // Layers side by side are everything.
        const double a = severity.quantile(0.4);
        const double b = severity.quantile(0.98);
        CHECK(severity.layer(0, a) + severity.layer(a, b - a) + severity.layer(b, infinity)
              == Approx(severity.mean()).epsilon(1e-13));
        CHECK(severity.layer(a, 0) == 0);
        CHECK(severity.layer(infinity, infinity) == 0);
        // A layer that is thin and high is survival times its width.
        CHECK(severity.layer(b, 1e-6 * b) == Approx(1e-6 * b * severity.survival(b)).epsilon(1e-5));
    }
}

TEST_CASE("Value at risk and expected shortfall of a log-normal and of a Pareto tail are the known ones") {
    const auto shortfall = [](const Severity& severity, double level) {
        const double value_at_risk = severity.quantile(level);
        return value_at_risk + severity.layer(value_at_risk, infinity) / (1 - level);
    };
    const Severity log_normal({.median = 1, .spread = 1, .tail_from = 1, .tail_shape = 0});
    CHECK(log_normal.quantile(0.95) == Approx(5.180251602233013).epsilon(1e-13));
    CHECK(shortfall(log_normal, 0.95) == Approx(8.55722686679671).epsilon(1e-12));
    CHECK(shortfall(log_normal, 0.999) == Approx(30.16907408164029).epsilon(1e-11));
    CHECK(log_normal.mean() == Approx(std::exp(0.5)).epsilon(1e-15));
    // With β = ξ t the tail is Pareto's, of index 1 / ξ: its shortfall is so many times its value at risk.
    for (const double index : {1.5, 2.0, 3.0}) {
        SeverityParameters pareto{.median = 1, .spread = 1, .tail_from = 0.9, .tail_shape = 1 / index};
        pareto.tail_scale = pareto.tail_shape * Severity(pareto).threshold();
        const Severity severity(pareto);
        for (const double level : {0.95, 0.999}) {
            CHECK(shortfall(severity, level) / severity.quantile(level)
                  == Approx(index / (index - 1)).epsilon(1e-12));
            CHECK(severity.quantile(level) / severity.threshold()
                  == Approx(std::pow((1 - level) / 0.1, -1 / index)).epsilon(1e-12));
        }
    }
}

TEST_CASE("A tail whose shape tends to 0 tends to the exponential one") {
    SeverityParameters parameters{.median = 1e4, .spread = 1, .tail_from = 0.8, .tail_shape = 0};
    const Severity exponential(parameters);
    parameters.tail_shape = 1e-9;
    const Severity nearly(parameters);
    const double far = exponential.exceeded_with(1e-4);
    // The first correction is ξ (y / β)² / 2 with y / β = ln 2000 = 7.6.
    CHECK(nearly.survival(far) == Approx(exponential.survival(far)).epsilon(1e-9 * 30));
    CHECK(nearly.mean() == Approx(exponential.mean()).epsilon(2e-9));
    CHECK(nearly.exceeded_with(1e-4) == Approx(far).epsilon(1e-7));
    const double y = far - exponential.threshold();
    CHECK(exponential.survival(far) == Approx(0.2 * std::exp(-y / exponential.tail_scale())).epsilon(1e-13));
}

TEST_CASE("Losses are drawn with their distribution, and scenarios share the rank of a loss") {
    const Severity outage(startup_outage);
    const Severity breach(published_data_breach);
    PlainDraws draws(FastVariates(1975, 0));
    DrawSource source{.agent = 3, .purpose = 4};
    const double cap = outage.quantile(0.99);
    Sample capped;
    Sample ranks;
    for (int i = 0; i < 40000; ++i) {
        DrawSource again = source;
        const double loss = outage.sample(draws, source);
        const double other = breach.sample(draws, again);
        REQUIRE(breach.distribution(other) == Approx(outage.distribution(loss)).epsilon(1e-12).margin(1e-14));
        capped.add(std::min(loss, cap));
        // Exponential, if the rank is uniform.
        ranks.add(-std::log(outage.survival(loss)));
    }
    CHECK(source.next == 40000);
    CHECK(std::abs(capped.z_of_mean(outage.limited_expected_value(cap))) < 4);
    CHECK(distance_from_exponential(ranks, 1) < 1.95);
    // Antithetic draws have the opposite rank.
    InversionDraws straight(InversionVariates(7, 0));
    InversionDraws mirrored(InversionVariates(7, 0, true));
    DrawSource one{.agent = 1, .purpose = 1};
    DrawSource other = one;
    DrawSource third = one;
    // Large with the uniform, as everything else that is drawn by inversion.
    CHECK(outage.sample(straight, third) == outage.quantile(InversionDraws(straight).uniform(other)));
    other = one;
    const double rank = outage.distribution(outage.sample(straight, one));
    CHECK(outage.survival(outage.sample(mirrored, other)) == Approx(rank).epsilon(1e-12));
}

TEST_CASE("Losses in other money are the same law") {
    for (const SeverityParameters& parameters : kinds) {
        const Severity severity(parameters);
        const Severity tenfold(scaled(parameters, 10));
        CHECK(tenfold.mean() == Approx(10 * severity.mean()).epsilon(1e-13));
        CHECK(tenfold.exceeded_with(1e-5) == Approx(10 * severity.exceeded_with(1e-5)).epsilon(1e-13));
        CHECK(tenfold.density(10 * parameters.median) == Approx(severity.density(parameters.median) / 10));
    }
}

TEST_CASE("Body and tail go through the figures that they are fitted to") {
    const ExceededLoss large{.loss = 5e5, .probability = 0.02};
    const ExceededLoss larger{.loss = 4e6, .probability = 0.0005};
    for (const double tail_from : {0.8, 0.95, 0.995}) {
        const SeverityParameters fitted = severity_through(3e4, large, larger, tail_from);
        CAPTURE(tail_from, fitted.spread, fitted.tail_shape);
        const Severity severity(fitted);
        CHECK(severity.quantile(0.5) == Approx(3e4).epsilon(1e-13));
        // The roots are found to the last bits, and a probability changes a few times faster than they do.
        CHECK(severity.survival(large.loss) == Approx(large.probability).epsilon(1e-11));
        CHECK(severity.survival(larger.loss) == Approx(larger.probability).epsilon(1e-9));
    }
    // No shape below 1 makes the second loss so common, or so rare, after the first.
    CHECK_THROWS_AS(severity_through(3e4, large, {4e7, 0.0199}, 0.95), ContractViolation);
    CHECK_THROWS_AS(severity_through(3e4, large, {6e5, 1e-9}, 0.95), ContractViolation);

    const SeverityParameters body = log_normal_through({100, 0.7}, {5000, 0.1});
    CHECK(Severity(body).survival(100) == Approx(0.7).epsilon(1e-13));
    CHECK(Severity(body).survival(5000) == Approx(0.1).epsilon(1e-13));
    const double spread = spread_from_mean(2, 7);
    CHECK(Severity({.median = 2, .spread = spread, .tail_from = 1, .tail_shape = 0}).mean()
          == Approx(7).epsilon(1e-14));
}

TEST_CASE("The cost of a breach follows from records lost and from what they cost") {
    // P(records ≥ n) = (n / 1000)^−0.7.
    const auto with_records = [](double n) { return std::pow(n / 1000, -0.7); };
    const double median = 141 * 1000 * std::pow(2, 1 / 0.7);
    const SeverityParameters fitted =
        severity_through(median, {42e6, with_records(1e6)}, {375e6, with_records(5e7)}, 0.95);
    // The constants have as many digits as these.
    CHECK(published_data_breach.median == Approx(fitted.median).margin(500));
    CHECK(published_data_breach.spread == Approx(fitted.spread).margin(0.005));
    CHECK(published_data_breach.tail_shape == Approx(fitted.tail_shape).margin(0.005));
    // Not fitted to: the tail's index by the powers of records and costs, and the mean, a third below 2024's.
    const double index = 0.7 * std::log(50) / std::log(375.0 / 42);
    CHECK(published_data_breach.tail_shape == Approx(1 / index).margin(0.02));
    const double mean = Severity(published_data_breach).mean();
    CHECK(mean == Approx(3.3e6).margin(0.05e6));
    CHECK(mean / 4.88e6 == Approx(0.67).margin(0.02));
    CHECK(mean / 3.62e6 == Approx(0.9).margin(0.03));
    CHECK(startup_data_breach.spread == published_data_breach.spread);
    CHECK(startup_data_breach.median == Approx(350 * 141).epsilon(0.02));
    CHECK(Severity(startup_data_breach).mean() == Approx(0.43e6).margin(0.01e6));
}

TEST_CASE("Fines, outages and frauds follow from two published figures each") {
    CHECK(regulatory_fine.spread == Approx(spread_from_mean(25000, 250000)).margin(0.0005));
    CHECK(regulatory_fine.median == Approx(25000 * 1.12).epsilon(1e-12));
    // The least and the largest of 70 have these medians; the sample's are €300 and €10M.
    const Severity euros(scaled(regulatory_fine, 1 / 1.12));
    CHECK(euros.quantile(std::pow(0.5, 1.0 / 70)) == Approx(3.7e6).margin(0.05e6));
    CHECK(euros.quantile(1 - std::pow(0.5, 1.0 / 70)) == Approx(170).margin(5));
    CHECK(1 - std::pow(euros.distribution(1e7), 70) == Approx(0.17).margin(0.01));

    const SeverityParameters outages = log_normal_through({1e5, 0.6}, {1e6, 0.15});
    CHECK(startup_outage.spread == Approx(outages.spread).margin(0.0005));
    CHECK(startup_outage.median == Approx(outages.median / 10).margin(50));
    CHECK(startup_fraud.spread == Approx(spread_from_mean(145000, 3.1e9 / 1921)).margin(0.0005));
    CHECK(startup_fraud.median == Approx(145000.0 / 7).epsilon(0.05));
}

TEST_CASE("The published figures are those of the table") {
    const std::string table = std::string(VENTURI_SOURCE_FOLDER) + "/../shared/data/risk_breach.csv";
    if (!std::ifstream(table)) {
        WARN("skipped: there is no " << table);
        return;
    }
    CHECK(figure(table, "cost per record,2017,") == 141);
    CHECK(figure(table, "mega breach (>=1M records) low,2024,") == 42);
    CHECK(figure(table, "mega breach high,2024,") == 375);
    CHECK(figure(table, "\"mean cost of a breach, world\",2024,") == 4.88);
    CHECK(figure(table, "\"mean cost of a breach, world\",2017,") == 3.62);
    CHECK(figure(table, "GDPR breach fine median,to 2020,") == 25000);
    CHECK(figure(table, "GDPR breach fine mean,to 2020,") == 250000);
}

TEST_CASE("A loss that makes no sense is refused") {
    const auto with = [](auto change) {
        SeverityParameters parameters = startup_outage;
        change(parameters);
        return Severity(parameters);
    };
    CHECK_THROWS_AS(with([](auto& p) { p.median = 0; }), ContractViolation);
    CHECK_THROWS_AS(with([](auto& p) { p.spread = 0; }), ContractViolation);
    CHECK_THROWS_AS(with([](auto& p) { p.tail_from = 0; }), ContractViolation);
    CHECK_THROWS_AS(with([](auto& p) { p.tail_from = 1.01; }), ContractViolation);
    CHECK_THROWS_AS(with([](auto& p) { p.tail_shape = 1; }), ContractViolation);
    CHECK_THROWS_AS(with([](auto& p) { p.tail_shape = -0.1; }), ContractViolation);
    CHECK_THROWS_AS(with([](auto& p) { p.tail_scale = -1; }), ContractViolation);
    const Severity severity(startup_outage);
    CHECK_THROWS_AS(severity.quantile(1.1), ContractViolation);
    CHECK_THROWS_AS(severity.layer(-1, 5), ContractViolation);
}
