#include "analysis/report/netcdf_writer.hpp"
#include "sim/contract.hpp"
#include "tests/analysis/netcdf_file.hpp"

#include <catch2/catch.hpp>
#include <netcdf.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

// A NaN with a payload, both zeros, the ends of the range: bits that a careless writer loses.
std::vector<double> awkward_numbers(std::size_t count) {
    const std::array<double, 8> awkward = {0.0,
                                           -0.0,
                                           0.1,
                                           std::numeric_limits<double>::quiet_NaN(),
                                           std::bit_cast<double>(0x7FF8'0000'0000'BEEFULL),
                                           std::numeric_limits<double>::denorm_min(),
                                           -std::numeric_limits<double>::max(),
                                           std::numeric_limits<double>::infinity()};
    std::vector<double> numbers;
    for (std::size_t i = 0; i < count; ++i)
        numbers.push_back(i % 3 == 0 ? awkward[i % awkward.size()] : std::sqrt(static_cast<double>(i)));
    return numbers;
}

Dataset example() {
    std::vector<double> months(61);
    for (std::size_t i = 0; i < months.size(); ++i) months[i] = static_cast<double>(i);
    const std::int64_t large = std::numeric_limits<std::int64_t>::max();
    return {
        .axes = {{"month", 61}, {"quantile", 100}, {"stage", 3}, {"trajectory", 0}},
        .variables =
            {{.name = "month", .axes = {"month"}, .unit = "month", .long_name = "age", .values = months},
             {.name = "cash",
              .axes = {"month", "quantile"},
              .unit = "USD",
              .long_name = "cash of a startup",
              .values = awkward_numbers(6100)},
             {.name = "survival",
              .axes = {"month"},
              .unit = "1",
              .long_name = "share alive",
              .values = awkward_numbers(61),
              .attributes = {{"standard_error_method", std::string("Greenwood")}, {"level", 0.95}}},
             {.name = "rounds",
              .axes = {"stage"},
              .unit = "1",
              .long_name = "number of rounds",
              .values = std::vector<std::int64_t>{large, -large, 0}},
             {.name = "stage",
              .axes = {"stage"},
              .unit = "",
              .long_name = "funding stage",
              .values = std::vector<std::string>{"seed", "", "série A"}},
             {.name = "half_width", .axes = {}, .unit = "1", .long_name = "", .values = std::vector{0.02}},
             {.name = "ending",
              .axes = {"trajectory"},
              .unit = "1",
              .long_name = "none yet",
              .values = std::vector<double>{}}},
        .attributes = {{"title", std::string("seed cohort")}, {"seed", std::int64_t{42}}}};
}

void check_same_bits(const NetcdfFile& file, const Variable& variable) {
    INFO(variable.name);
    const auto& expected = std::get<std::vector<double>>(variable.values);
    std::vector<double> values(expected.size());
    REQUIRE(nc_get_var_double(file.id(), file.variable(variable.name.c_str()), values.data()) == NC_NOERR);
    bool same = true;
    for (std::size_t i = 0; i < expected.size(); ++i)
        same &= std::bit_cast<std::uint64_t>(values[i]) == std::bit_cast<std::uint64_t>(expected[i]);
    CHECK(same);
}

struct ClosePipe {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

std::string output_of(const std::string& command) {
    // NOLINTNEXTLINE(cert-env33-c): the command is this file's own
    const std::unique_ptr<std::FILE, ClosePipe> pipe(::popen(command.c_str(), "r"));
    REQUIRE(pipe != nullptr);
    std::string output;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) output += static_cast<char>(c);
    return output;
}

}  // namespace

TEST_CASE("numbers come back from a netCDF file with every bit") {
    const Dataset dataset = example();
    const NetcdfFile file(netcdf_bytes(dataset));
    for (const std::size_t i : {0U, 1U, 2U, 5U}) check_same_bits(file, dataset.variables[i]);
    std::array<long long, 3> rounds{};
    REQUIRE(nc_get_var_longlong(file.id(), file.variable("rounds"), rounds.data()) == NC_NOERR);
    CHECK(rounds[0] == std::numeric_limits<std::int64_t>::max());
    CHECK(rounds[1] == -std::numeric_limits<std::int64_t>::max());
    CHECK(rounds[2] == 0);
}

TEST_CASE("labels come back from a netCDF file as text") {
    const NetcdfFile file(netcdf_bytes(example()));
    std::array<char*, 3> labels{};
    REQUIRE(nc_get_var_string(file.id(), file.variable("stage"), labels.data()) == NC_NOERR);
    CHECK(labels[0] == std::string("seed"));
    CHECK(labels[1] == std::string());
    CHECK(labels[2] == std::string("série A"));
    nc_free_string(labels.size(), labels.data());
}

TEST_CASE("axes keep their names and sizes, an empty one too") {
    const NetcdfFile file(netcdf_bytes(example()));
    CHECK(file.axis_size("month") == 61);
    CHECK(file.axis_size("quantile") == 100);
    CHECK(file.axis_size("trajectory") == 0);
    std::array<int, 2> axes{};
    REQUIRE(nc_inq_vardimid(file.id(), file.variable("cash"), axes.data()) == NC_NOERR);
    CHECK(axes == std::array<int, 2>{0, 1});
}

TEST_CASE("a netCDF file describes itself as the CF conventions ask") {
    const NetcdfFile file(netcdf_bytes(example()));
    CHECK(file.text(NC_GLOBAL, "Conventions") == "CF-1.10");
    CHECK(file.text(NC_GLOBAL, "title") == "seed cohort");
    CHECK(file.text(file.variable("cash"), "units") == "USD");
    CHECK(file.text(file.variable("cash"), "long_name") == "cash of a startup");
    CHECK(file.text(file.variable("survival"), "standard_error_method") == "Greenwood");
    double fill = 0;
    REQUIRE(nc_get_att_double(file.id(), file.variable("cash"), "_FillValue", &fill) == NC_NOERR);
    CHECK(std::isnan(fill));
    // CF 2.5.1: coordinates have no missing values.
    CHECK(nc_get_att_double(file.id(), file.variable("month"), "_FillValue", &fill) == NC_ENOTATT);
    double level = 0;
    REQUIRE(nc_get_att_double(file.id(), file.variable("survival"), "level", &level) == NC_NOERR);
    CHECK(level == 0.95);
    long long seed = 0;
    REQUIRE(nc_get_att_longlong(file.id(), NC_GLOBAL, "seed", &seed) == NC_NOERR);
    CHECK(seed == 42);
}

TEST_CASE("large variables are compressed, small ones are not") {
    const NetcdfFile file(netcdf_bytes(example()));
    const auto deflate_level = [&](const char* name) {
        int shuffle = 0;
        int deflate = 0;
        int level = 0;
        REQUIRE(nc_inq_var_deflate(file.id(), file.variable(name), &shuffle, &deflate, &level) == NC_NOERR);
        return deflate != 0 ? level : 0;
    };
    CHECK(deflate_level("cash") == 4);
    CHECK(deflate_level("month") == 0);
    Dataset flat = {.axes = {{"place", 1'000'000}},
                    .variables = {{.name = "flat",
                                   .axes = {"place"},
                                   .unit = "1",
                                   .long_name = "",
                                   .values = std::vector<double>(1'000'000, 0.25)}},
                    .attributes = {}};
    CHECK(netcdf_bytes(flat).size() < 200'000);
}

TEST_CASE("the same dataset gives the same netCDF bytes") {
    const std::string once = netcdf_bytes(example());
    const std::vector<std::string> occupied(100, std::string(5000, 'x'));  // other memory, other addresses
    CHECK(netcdf_bytes(example()) == once);
    Dataset other = example();
    std::get<std::vector<double>>(other.variables[1].values)[17] = 3.5;
    CHECK(netcdf_bytes(other) != once);
}

TEST_CASE("a dataset without anything is still a netCDF file") {
    const NetcdfFile file(netcdf_bytes({}));
    CHECK(file.text(NC_GLOBAL, "Conventions") == "CF-1.10");
}

TEST_CASE("a dataset that contradicts itself is refused by name") {
    Dataset dataset = example();
    SECTION("too few values") {
        std::get<std::vector<double>>(dataset.variables[1].values).pop_back();
        CHECK_THROWS_WITH(netcdf_bytes(dataset),
                          "variable 'cash' holds 6099 values where its axes have 6100");
    }
    SECTION("an axis that does not exist") {
        dataset.variables[1].axes[0] = "year";
        CHECK_THROWS_WITH(netcdf_bytes(dataset), "variable 'cash' has no axis 'year'");
    }
    SECTION("a name used twice") {
        dataset.variables[1].name = "month";
        CHECK_THROWS_WITH(netcdf_bytes(dataset), "variables: 'month' occurs twice");
    }
    SECTION("a name that other programs can't write") {
        dataset.axes[0].name = "month of year";
        CHECK_THROWS_WITH(netcdf_bytes(dataset), "axes: 'month of year' is no plain name");
    }
    CHECK_THROWS_AS(check(dataset), ContractViolation);
}

TEST_CASE("ncdump reads the file and shows axes, units and names") {
    if (output_of("command -v ncdump").empty()) {
        WARN("ncdump is not on the PATH: not tested");
        return;
    }
    const NetcdfFile file(netcdf_bytes(example()));
    const std::string header = output_of("ncdump -h '" + file.path().string() + "' 2>&1");
    CHECK_THAT(header, Contains("month = 61 ;"));
    CHECK_THAT(header, Contains("double cash(month, quantile) ;"));
    CHECK_THAT(header, Contains("cash:units = \"USD\" ;"));
    CHECK_THAT(header, Contains("cash:long_name = \"cash of a startup\" ;"));
    CHECK_THAT(header, Contains("cash:_FillValue = NaN ;"));
    CHECK_THAT(header, Contains("int64 rounds(stage) ;"));
    CHECK_THAT(header, Contains("string stage(stage) ;"));
    CHECK_THAT(header, Contains(":Conventions = \"CF-1.10\" ;"));
}
