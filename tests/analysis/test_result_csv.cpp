#include "analysis/report/csv_writer.hpp"
#include "analysis/report/file_writer.hpp"
#include "tests/analysis/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <charconv>
#include <limits>
#include <random>

using namespace venturi;

static std::string text_field(std::string_view text) {
    std::string row;
    append_csv_text(row, text);
    return row;
}

static std::string number_field(double number) {
    std::string row;
    append_csv_number(row, number);
    return row;
}

TEST_CASE("a field is quoted exactly where RFC 4180 needs it") {
    CHECK(text_field("plain text") == "plain text");
    CHECK(text_field("").empty());
    CHECK(text_field("Smith, Jones") == "\"Smith, Jones\"");
    CHECK(text_field("the \"best\"") == "\"the \"\"best\"\"\"");
    CHECK(text_field("two\nlines") == "\"two\nlines\"");
    CHECK(text_field("two\rlines") == "\"two\rlines\"");
    CHECK(text_field(" blank") == "\" blank\"");
    CHECK(text_field("Zoë") == "Zoë");
}

TEST_CASE("a number is written as short as it can be and read back the same") {
    CHECK(number_field(0.1) == "0.1");
    CHECK(number_field(1) == "1");
    CHECK(number_field(-2.5e-300) == "-2.5e-300");
    std::mt19937_64 words(4);
    for (int i = 0; i < 10'000; ++i) {
        const auto number = std::bit_cast<double>(words());
        if (!(std::abs(number) <= std::numeric_limits<double>::max())) continue;
        const std::string field = number_field(number);
        double back = 0;
        std::from_chars(field.data(), field.data() + field.size(), back);
        REQUIRE(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(number));
    }
}

TEST_CASE("a number that is not known is an empty field") {
    CHECK(number_field(std::numeric_limits<double>::quiet_NaN()).empty());
    CHECK(number_field(-std::numeric_limits<double>::quiet_NaN()).empty());
    CHECK(number_field(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("a summary is a tidy table") {
    const std::vector<SummaryRow> rows = {
        {"survival", 12.0, "mean", 0.796, "1"},
        {"exit value", std::nullopt, "median", std::numeric_limits<double>::quiet_NaN(), "USD"},
        {"cash, all", 0.5, "quantile_0.9", 1234567.25, "USD"}};
    CHECK(summary_csv(rows)
          == "observable,month,statistic,value,unit\n"
             "survival,12,mean,0.796,1\n"
             "exit value,,median,,USD\n"
             "\"cash, all\",0.5,quantile_0.9,1234567.25,USD\n");
    CHECK(summary_csv({}) == "observable,month,statistic,value,unit\n");
}

TEST_CASE("rows can go straight into a file") {
    const ScratchFolder scratch;
    FileWriter file(scratch.path() / "trajectories.csv");
    CsvWriter csv(file);
    csv.text("trajectory").text("cash").text("ending").end_row();
    for (int i = 0; i < 50'000; ++i) csv.whole(i).number(i * 0.5).missing().end_row();
    const FileDigest digest = file.close();
    const std::string content = content_of(scratch.path() / "trajectories.csv");
    CHECK(content.starts_with("trajectory,cash,ending\n0,0,\n1,0.5,\n"));
    CHECK(content.ends_with("49999,24999.5,\n"));
    CHECK(digest == FileDigest{content.size(), sha256(content)});
}
