#include "analysis/report/progress_bar.hpp"
#include "analysis/report/text_width.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace venturi;

static constexpr Progress halfway = {
    .completed = 45'000, .total = 100'000, .seconds = 4, .events = 16'400'000};

TEST_CASE("a progress line shows share, count, rates and time left") {
    CHECK(progress_line(halfway, 120)
          == "██████████░░░░░░░░░░░░░░   45%  45,000 of 100,000 trajectories  11.2k/s  4.10M events/s  5 s left");
    CHECK(progress_log_line(halfway)
          == " 45%  45,000 of 100,000 trajectories  11.2k/s  4.10M events/s  5 s left");
}

TEST_CASE("a progress line is always shorter than the terminal") {
    for (const std::size_t columns : {1U, 10U, 20U, 40U, 60U, 80U, 100U, 200U}) {
        INFO(columns);
        CHECK(display_width(progress_line(halfway, columns)) < columns);
    }
    CHECK(progress_line(halfway, 20) == " 45%  5 s left");
}

TEST_CASE("before the first trajectory nothing is divided by zero") {
    CHECK(progress_log_line({.completed = 0, .total = 10, .seconds = 0, .events = 0})
          == "  0%  0 of 10 trajectories");
    CHECK(progress_log_line({.completed = 0, .total = 10, .seconds = 3, .events = 0})
          == "  0%  0 of 10 trajectories");
    CHECK(progress_log_line({}) == "0 trajectories  after 0 s");
}

TEST_CASE("a hundred per cent is shown only when all is done") {
    CHECK(progress_log_line({.completed = 999, .total = 1000, .seconds = 1, .events = 0})
          == " 99%  999 of 1,000 trajectories  999/s  1 s left");
    CHECK(progress_log_line({.completed = 1000, .total = 1000, .seconds = 75, .events = 0})
          == "100%  1,000 of 1,000 trajectories  13.3/s  after 1 min 15 s");
    CHECK(progress_log_line({.completed = 29, .total = 100, .seconds = 0, .events = 0}).starts_with(" 29%"));
}

TEST_CASE("time is written in the units a person would take") {
    CHECK(elapsed_text(0) == "0 s");
    CHECK(elapsed_text(59.2) == "1 min 00 s");
    CHECK(elapsed_text(125) == "2 min 05 s");
    CHECK(elapsed_text(4320) == "1 h 12 min");
}

TEST_CASE("a log gets one line per ten per cent") {
    std::ostringstream log;
    ProgressBar bar(log, ProgressStyle::deciles);
    for (std::uint64_t i = 0; i <= 1000; ++i)
        bar.update({.completed = i, .total = 1000, .seconds = static_cast<double>(i) / 100, .events = 0});
    bar.finish({.completed = 1000, .total = 1000, .seconds = 10, .events = 0});
    const std::string text = log.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 10);
    CHECK(text.starts_with(" 10%  100 of 1,000"));
    CHECK(text.find("\n100%  1,000 of 1,000") != std::string::npos);
}

TEST_CASE("a log skips the tenths that went by between two updates") {
    std::ostringstream log;
    ProgressBar bar(log, ProgressStyle::deciles);
    bar.update({.completed = 55, .total = 100, .seconds = 0, .events = 0});
    bar.update({.completed = 59, .total = 100, .seconds = 0, .events = 0});
    CHECK(log.str() == " 55%  55 of 100 trajectories\n");
}

TEST_CASE("a log of a run without a known end gets a line whenever the time has doubled") {
    std::ostringstream log;
    ProgressBar bar(log, ProgressStyle::deciles);
    for (std::uint64_t second = 0; second <= 100; ++second)
        bar.update({.completed = second, .total = 0, .seconds = static_cast<double>(second), .events = 0});
    CHECK(log.str()
          == "10 trajectories  1.00/s  after 10 s\n"
             "20 trajectories  1.00/s  after 20 s\n"
             "40 trajectories  1.00/s  after 40 s\n"
             "80 trajectories  1.00/s  after 1 min 20 s\n");
}

TEST_CASE("a terminal gets one line, redrawn at most ten times a second") {
    std::ostringstream terminal;
    {
        ProgressBar bar(terminal, ProgressStyle::redrawn_line, 60);
        for (std::uint64_t i = 0; i <= 1000; ++i)
            bar.update(
                {.completed = i, .total = 1000, .seconds = static_cast<double>(i) / 1000, .events = 0});
        bar.finish({.completed = 1000, .total = 1000, .seconds = 1, .events = 0});
    }
    const std::string text = terminal.str();
    CHECK(std::count(text.begin(), text.end(), '\r') <= 12);
    CHECK(std::count(text.begin(), text.end(), '\r') >= 10);
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
    CHECK(text.ends_with("\x1b[K\n"));
}

TEST_CASE("a bar that ends early leaves the terminal's line") {
    std::ostringstream terminal;
    { ProgressBar(terminal, ProgressStyle::redrawn_line).update(halfway); }
    CHECK(terminal.str().ends_with("\x1b[K\n"));
    std::ostringstream untouched;
    { ProgressBar bar(untouched, ProgressStyle::redrawn_line); }
    CHECK(untouched.str().empty());
}

TEST_CASE("a quiet run shows nothing") {
    std::ostringstream stream;
    ProgressBar bar(stream, ProgressStyle::silent);
    bar.update(halfway);
    bar.finish(halfway);
    CHECK(stream.str().empty());
}
