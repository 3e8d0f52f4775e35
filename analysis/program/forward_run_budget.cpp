#include "analysis/program/forward_run_budget.hpp"

#include "analysis/program/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

namespace venturi {

namespace {

/// Seconds of "90 s", "5 min"; nothing where it is a number of runs.
std::optional<double> seconds_of(const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc()) return std::nullopt;
    std::string unit(rest, end);
    std::erase(unit, ' ');
    if (unit == "s" || unit == "seconds" || unit == "second") return number;
    if (unit == "min" || unit == "minutes" || unit == "minute") return 60 * number;
    if (unit == "h" || unit == "hours" || unit == "hour") return 3600 * number;
    return std::nullopt;
}

}  // namespace

std::uint64_t budget_named(const std::string& text, const std::function<double()>& seconds_of_run) {
    const auto refuse = [&] {
        throw InputError(
            fmt::format("--budget '{}' is neither a number of forward runs nor a time\n  legal here: 96, "
                        "2000, 30 s, 5 min",
                        text));
    };
    if (const auto seconds = seconds_of(text)) {
        if (!(*seconds > 0 && *seconds <= 1e6)) refuse();
        return static_cast<std::uint64_t>(std::clamp(*seconds / std::max(seconds_of_run(), 1e-6), 1.0, 1e9));
    }
    std::uint64_t runs = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, runs);
    if (error != std::errc() || rest != end || runs == 0 || runs > 1'000'000'000) refuse();
    return runs;
}

void settle_budget(std::vector<std::string>& arguments, std::uint64_t runs) {
    const std::string option = "--budget";
    for (auto word = arguments.begin(); word != arguments.end(); ++word) {
        if (word->starts_with(option + '='))
            *word = fmt::format("{}={}", option, runs);
        else if (*word == option && std::next(word) != arguments.end())
            *std::next(word) = fmt::to_string(runs);
    }
}

}  // namespace venturi
