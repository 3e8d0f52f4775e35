#include "analysis/report/risk_tree_text.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace venturi;

TEST_CASE("text is as wide as DejaVu Sans is") {
    // Advances of DejaVu Sans 2.37 in its 2048 units per em: W 2025, i 569, 0 1303, blank 651, em of CJK
    // 2048.
    CHECK(text_pixels("W", 2048) == Approx(2025).margin(1.024));  // kept in thousandths of an em
    CHECK(text_pixels("iii", 2048) == Approx(3 * 569).margin(3 * 1.024));
    CHECK(text_pixels("0 0", 2048) == Approx(2 * 1303 + 651).margin(3 * 1.024));
    CHECK(text_pixels("数据", 100) >= 200);
    CHECK(text_pixels("e\u0301", 100) == text_pixels("e", 100));
    CHECK(text_pixels("", 100) == 0);
}

TEST_CASE("text is cut into lines that fit") {
    using Lines = std::vector<std::string>;
    CHECK(fitted_lines("  loss   of power ", 1000, 10, 2) == Lines{"loss of power"});
    CHECK(fitted_lines("loss of power", text_pixels("loss of", 10) + 0.01, 10, 2)
          == Lines{"loss of", "power"});
    CHECK(fitted_lines("loss of power", text_pixels("loss of", 10) + 0.01, 10, 1) == Lines{"loss…"});
    CHECK(fitted_lines("", 100, 10, 2).empty());
    CHECK(fitted_lines(" ", 100, 10, 2).empty());
    CHECK(fitted_lines("misclassification", text_pixels("misclassifica-", 10) + 0.01, 10, 2)
          == Lines{"misclassifica-", "tion"});
    // Of the last letters at least three go together.
    CHECK(fitted_lines("obsolescence", text_pixels("obsolescenc-", 10) + 0.01, 10, 2)
          == Lines{"obsolesce-", "nce"});
    CHECK(fitted_lines("12345678901", text_pixels("1234567890", 10) + 0.01, 10, 2).at(0).find('-')
          == std::string::npos);
    CHECK(fitted_lines("a\x01\xFF", 1000, 10, 1) == Lines{"a\uFFFD\uFFFD"});
    // A mark stays with its letter.
    CHECK(fitted_lines("e\u0301e\u0301", 7, 10, 2) == Lines{"e\u0301", "e\u0301"});
    CHECK_THROWS_AS(fitted_lines("a", 100, 10, 0), ContractViolation);
    for (const std::string& text :
         {std::string(300, 'W'), std::string("数据治理事故数据治理事故数据治理事故"),
          std::string("a\x01\xFF") + std::string(90, '@'),
          std::string("one two three four five six seven eight nine ten")}) {
        for (const double width : {40.0, 77.0, 120.0}) {
            const Lines lines = fitted_lines(text, width, 10, 2);
            REQUIRE(lines.size() == 2);
            for (const std::string& line : lines) CHECK(text_pixels(line, 10) <= width);
            CHECK(lines[0].find("…") == std::string::npos);
        }
        CHECK(fitted_lines(text, 40, 10, 2)[1].ends_with("…"));
    }
}
