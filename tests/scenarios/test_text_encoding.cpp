// Texts in the encodings that other programs write.
#include "scenarios/problem.hpp"
#include "scenarios/risk/xml_document.hpp"
#include "scenarios/text_encoding.hpp"
#include "scenarios/visible_text.hpp"

#include <boost/locale/utf.hpp>
#include <catch2/catch.hpp>

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

using namespace venturi;
using Catch::Matchers::Contains;

namespace {

std::string utf16(std::u16string_view units, bool big_endian, bool mark) {
    std::string bytes;
    const auto add = [&](char16_t unit) {
        const char high = static_cast<char>(unit >> 8);
        const char low = static_cast<char>(unit & 0xFF);
        bytes += big_endian ? high : low;
        bytes += big_endian ? low : high;
    };
    if (mark) add(u'\xFEFF');
    for (const char16_t unit : units) add(unit);
    return bytes;
}

}  // namespace

TEST_CASE("A text in UTF-16 is the same text in either order of its bytes") {
    // An e with an acute, and a character that takes two units.
    const std::u16string_view text = u"caf\u00E9,\U0001F600\n";
    for (const bool big_endian : {false, true})
        for (const bool mark : {false, true})
            CHECK(utf8_text(utf16(text, big_endian, mark), "x") == "caf\xC3\xA9,\xF0\x9F\x98\x80\n");
    CHECK(utf8_text("\xEF\xBB\xBF"
                    "a,b",
                    "x")
          == "a,b");
    CHECK(utf8_text("a,b", "x") == "a,b");
    CHECK(utf8_text("", "x").empty());
    CHECK(utf8_text("\xFF\xFE", "x").empty());
}

TEST_CASE("A text in ISO 8859-1 is read where its XML declaration says so") {
    CHECK(utf8_text("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a b=\"caf\xE9\"/>", "x")
          == "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a b=\"caf\xC3\xA9\"/>");
    CHECK(utf8_text("caf\xE9", "x") == "caf\xE9");  // for UTF-8's readers to refuse
    CHECK(utf8_text("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\xE9", "x").back() == '\xE9');
}

TEST_CASE("UTF-16 that breaks off within a character is refused where it does") {
    CHECK_THROWS_WITH(utf8_text(utf16(u"ab\nc\xD83D,", false, true), "net.csv"),
                      Contains("net.csv:2:2: ") && Contains("half of a character"));
    CHECK_THROWS_WITH(utf8_text(utf16(u"a,b", true, true) + "x", "net.csv"),
                      Contains("net.csv:1:4: ") && Contains("odd number"));
    CHECK_THROWS_WITH(utf8_text(std::string("\xFF\xFE\0\0a\0\0\0", 8), "net.csv"), Contains("UTF-32"));
}

TEST_CASE("An XML document in UTF-16 is read as the same in UTF-8") {
    const XmlDocument document = XmlDocument::parse(
        utf16(u"<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<a caf\u00E9=\"1\"/>", false, true), "x.xml");
    CHECK(std::string_view(document.root().name()) == "a");
    CHECK(document.root().attribute("caf\xC3\xA9").as_int() == 1);
}

TEST_CASE("A name must not hold what would steer a terminal or is no XML") {
    CHECK_FALSE(unfit_for_name("M\xC3\xBCller & S\xC3\xB6hne \xE2\x80\x8F\xF0\x9F\x98\x80"));
    const auto character = [](std::string_view name) {
        const auto unfit = unfit_for_name(name);
        return unfit ? unfit->character : 0;
    };
    CHECK(character("a\x1B[31m") == 0x1B);
    CHECK(character("a\x7F") == 0x7F);
    CHECK(character("\xC2\x9B"
                    "31m")
          == 0x9B);
    CHECK(character("ab\xE2\x80\xAE"
                    "c")
          == 0x202E);
    CHECK(character("\xE2\x81\xA6") == 0x2066);
    CHECK(character("a\xEF\xBF\xBE") == 0xFFFE);
    CHECK(character("a\xEF\xBF\xBF") == 0xFFFF);
    CHECK(unfit_for_name("a\xFF")->byte == 1);
    CHECK(unfit_for_name("ab\n")->byte == 2);
}

TEST_CASE("What a terminal or a picture doesn't show is unfit for a name, and nothing else") {
    for (char32_t point = 1; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::string name;
        boost::locale::utf::utf_traits<char>::encode(point, std::back_inserter(name));
        if (unfit_for_name(name).has_value() == (visible(name) != name)) continue;
        CAPTURE(static_cast<std::uint32_t>(point));
        CHECK(unfit_for_name(name).has_value() == (visible(name) != name));
    }
    CHECK(unfit_for_name("\xEF\xB7\x90")->kind == "no character of Unicode");
}

TEST_CASE("A text may have tabs and lines, and whatever else is unfit can be taken out") {
    CHECK_FALSE(unfit_for_text("a\tb\r\nc\n"));
    CHECK(unfit_for_text("a\n\rb")->byte == 2);
    CHECK(unfit_for_text("a\nb\x1B")->byte == 3);
    CHECK(unfit_for_text("a\n\xEF\xBF\xBE")->character == 0xFFFE);
    // Lines may be separated as Unicode has it, but not within a name.
    CHECK_FALSE(unfit_for_text("a\u2028b\u2029\nc"));
    CHECK(unfit_for_text("a\u2028b\x1B")->byte == 5);
    CHECK(unfit_for_name("a\u2028b")->kind == "a separator of lines");
    CHECK(without_unfit("a\u2029b") == "a b");
    CHECK(without_unfit("a\nb\x1B[31m\xC2\x9B!\xFF\xE2\x80\xAEz") == "a b [31m !  z");
    CHECK(without_unfit("M\xC3\xBCller") == "M\xC3\xBCller");
}
