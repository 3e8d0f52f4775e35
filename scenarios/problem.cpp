#include "scenarios/problem.hpp"

#include "scenarios/visible_text.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace venturi {
namespace {

std::string text_of_all(const std::vector<Problem>& problems, std::size_t unreported) {
    expects(!problems.empty(), "an error of a scenario has at least one problem");
    std::string text;
    for (const Problem& problem : problems) {
        if (!text.empty()) text += '\n';
        text += to_text(problem);
    }
    if (unreported > 0) text += fmt::format("\nand {} more", unreported);
    return text;
}

}  // namespace

std::string to_text(const SourcePosition& position) {
    std::string file = visible(position.file);
    if (position.line == 0) return file;
    return fmt::format("{}:{}:{}", file, position.line, position.column);
}

std::string to_text(const Problem& problem) {
    std::string text = problem.position.file.empty() ? "" : to_text(problem.position) + ": ";
    text += visible(problem.message);
    if (!problem.nearest.empty()) text += fmt::format(" — did you mean '{}'?", visible(problem.nearest));
    if (!problem.legal.empty()) text += fmt::format("\n  legal here: {}", visible_lines(problem.legal));
    return text;
}

ScenarioError::ScenarioError(Problem problem) : ScenarioError(std::vector{std::move(problem)}) {}

ScenarioError::ScenarioError(std::vector<Problem> problems, std::size_t unreported)
    : std::runtime_error(text_of_all(problems, unreported)), problems_(std::move(problems)) {}

void ProblemList::add(const std::vector<Problem>& problems) {
    problems_.insert(problems_.end(), problems.begin(), problems.end());
}

void ProblemList::throw_if_any() const {
    if (problems_.empty()) return;
    std::map<std::string_view, std::size_t> order_of_files;
    for (const Problem& problem : problems_)
        order_of_files.try_emplace(problem.position.file, order_of_files.size());
    std::vector<Problem> sorted = problems_;
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Problem& left, const Problem& right) {
        const auto key = [&](const Problem& problem) {
            const SourcePosition& position = problem.position;
            return std::tuple(order_of_files.at(position.file), position.line, position.column);
        };
        return key(left) < key(right);
    });
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    const std::size_t reported = std::min(sorted.size(), most_reported);
    const std::size_t unreported = sorted.size() - reported;
    sorted.resize(reported);
    throw ScenarioError(std::move(sorted), unreported);
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
    // Three rows of the table: a swap looks two rows back.
    std::vector<std::size_t> before_last(right.size() + 1);
    std::vector<std::size_t> last(right.size() + 1);
    std::vector<std::size_t> current(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
            current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + change});
            const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, current);
    }
    return last[right.size()];
}

std::string nearest_name(std::string_view written, std::span<const std::string> names) {
    constexpr std::size_t longest_name = 200;
    std::string nearest;
    std::size_t smallest = std::max<std::size_t>(1, written.size() / 3) + 1;
    if (written.size() > longest_name) return nearest;
    for (const std::string& name : names) {
        const std::size_t distance = edit_distance(written, name);
        if (distance < smallest && distance < name.size()) {
            smallest = distance;
            nearest = name;
        }
    }
    return nearest;
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest_shown = 60;
    const bool is_cut = text.size() > longest_shown;
    text = text.substr(0, longest_shown);
    // A cut never falls within a character.
    while (is_cut && !text.empty() && (text.back() & '\xC0') == '\x80') text.remove_suffix(1);
    if (is_cut && !text.empty() && (text.back() & '\x80') != 0) text.remove_suffix(1);
    return "'" + visible(text) + (is_cut ? "...'" : "'");
}

std::string listed(std::span<const std::string> names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace venturi
