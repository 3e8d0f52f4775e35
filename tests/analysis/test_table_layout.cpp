#include "analysis/report/terminal_table.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace venturi;

static TerminalTable example_table() {
    return {.title = "Seed cohort",
            .columns = {{"observable", Alignment::left}, {"simulated"}, {"published"}},
            .rows = {{"survival, 5 years", "48.1%", "49.0%"}, {"rounds", "2"}, {"Zoë’s 会社", "", "1"}}};
}

TEST_CASE("columns are as wide as their widest text and lines end without blanks") {
    CHECK(table_text(example_table(), Colour::none)
          == "Seed cohort\n"
             "observable         simulated  published\n"
             "───────────────────────────────────────\n"
             "survival, 5 years      48.1%      49.0%\n"
             "rounds                     2\n"
             "Zoë’s 会社                            1\n");
}

TEST_CASE("colour adds codes and nothing else") {
    TerminalTable table = example_table();
    table.rows[0][1] = {"48.1%", Emphasis::good};
    std::string coloured = table_text(table, Colour::ansi);
    CHECK(coloured.find("\x1b[32m48.1%\x1b[0m") != std::string::npos);
    for (const std::string code : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[32m"}) {
        for (std::size_t at = 0; (at = coloured.find(code)) != std::string::npos;)
            coloured.erase(at, code.size());
    }
    CHECK(coloured == table_text(table, Colour::none));
}

TEST_CASE("a table may have no title, no rows or no columns") {
    CHECK(table_text({.title = "", .columns = {{"a"}, {"b"}}, .rows = {}}, Colour::none) == "a  b\n────\n");
    CHECK(table_text({}, Colour::none) == "\n\n");
}

TEST_CASE("a row with more cells than columns is refused") {
    CHECK_THROWS_AS(table_text({.title = "", .columns = {{"a"}}, .rows = {{"1", "2"}}}, Colour::none),
                    ContractViolation);
}

TEST_CASE("a name from a file can't command the terminal") {
    const std::string text =
        table_text({.title = "a\nb", .columns = {{"x\r"}}, .rows = {{"\x1b[2J\xFF"}}}, Colour::none);
    CHECK(text == "a\uFFFDb\n   x\uFFFD\n─────\n\uFFFD[2J\uFFFD\n");
}

TEST_CASE("width counts columns, not bytes") {
    CHECK(display_width("") == 0);
    CHECK(display_width("plain") == 5);
    CHECK(display_width("Zoë") == 3);
    CHECK(display_width("Zoe\u0308") == 3);
    CHECK(display_width("会社") == 4);
    CHECK(display_width("🚀") == 2);
    CHECK(display_width("∞ – ─") == 5);
    CHECK(display_width("\xFF\xC3") == 2);
    CHECK(padded("ë", 3, Alignment::left) == "ë  ");
    CHECK(padded("ë", 3, Alignment::right) == "  ë");
    CHECK(padded("longer", 3, Alignment::right) == "longer");
}

TEST_CASE("a file is no terminal, has no colour and the usual width") {
    const int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    CHECK_FALSE(is_terminal(file));
    CHECK(colour_of(file) == Colour::none);
    CHECK(columns_of(file) == 80);
    ::close(file);
}

TEST_CASE("a terminal has colour unless the user says otherwise") {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || !is_terminal(terminal)) {
        WARN("this system has no pseudo-terminals: not tested");
        return;
    }
    const auto with = [&](const char* term, const char* no_color) {
        ::setenv("TERM", term, 1);
        ::setenv("NO_COLOR", no_color, 1);
        return colour_of(terminal);
    };
    const char* previous = std::getenv("TERM");
    const std::string kept = previous == nullptr ? "" : previous;
    CHECK(with("xterm-256color", "") == Colour::ansi);
    CHECK(with("xterm-256color", "1") == Colour::none);
    CHECK(with("dumb", "") == Colour::none);
    CHECK(with("", "") == Colour::none);
    ::setenv("TERM", kept.c_str(), 1);
    ::unsetenv("NO_COLOR");
    ::close(terminal);
}
