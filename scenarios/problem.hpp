// What is wrong with a scenario, said so that it can be put right: where, what was written, what is legal,
// and the nearest legal name. The problems of a file are collected and reported together.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

/// A place in a file; line and column count from 1, and 0 means the file as a whole. Texts from the command
/// line have the name of their option (`--set`) as the file.
struct SourcePosition {
    std::string file;
    int line = 0;
    int column = 0;

    friend auto operator<=>(const SourcePosition&, const SourcePosition&) = default;
};

/// `seed.yaml:12:9`, or the file alone where there is no line.
[[nodiscard]] std::string to_text(const SourcePosition& position);

/// One mistake.
struct Problem {
    SourcePosition position;
    std::string message;       ///< what is wrong, in one line
    std::string value = {};    ///< the value or name as it is written; empty where there is none
    std::string legal = {};    ///< what would be right; empty where the message says it
    std::string nearest = {};  ///< the legal name that was probably meant; empty where none is near

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// `seed.yaml:12:9: unknown parameter 'volitility' in 'finance' — did you mean 'volatility'?`, and, on a
/// second line, what is legal.
[[nodiscard]] std::string to_text(const Problem& problem);

/// Everything that is wrong with a scenario. what() is the text of all problems, one below the other.
class ScenarioError : public std::runtime_error {
  public:
    explicit ScenarioError(Problem problem);

    /// `problems` is not empty; `unreported` counts those that were left out.
    explicit ScenarioError(std::vector<Problem> problems, std::size_t unreported = 0);

    [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

  private:
    std::vector<Problem> problems_;
};

/// Collects problems, keeps the first 20 by line, and throws them together.
class ProblemList {
  public:
    static constexpr std::size_t most_reported = 20;

    void add(Problem problem) { problems_.push_back(std::move(problem)); }
    void add(const std::vector<Problem>& problems);

    [[nodiscard]] bool empty() const { return problems_.empty(); }
    [[nodiscard]] const std::vector<Problem>& all() const { return problems_; }

    /// Throws ScenarioError where there is a problem: files in the order in which they were read, lines in
    /// order.
    void throw_if_any() const;

  private:
    std::vector<Problem> problems_;
};

/// How many insertions, deletions, changes and swaps of neighbours lead from one text to the other (the
/// optimal string alignment form of Damerau 1964, Levenshtein 1966).
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The name that is nearest to `written`; empty where none is near enough to have been meant (more than a
/// third of the letters differ).
[[nodiscard]] std::string nearest_name(std::string_view written, std::span<const std::string> names);

/// A text from a file in quotes, fit for a message: at most 60 bytes of it, and no character that is unfit
/// for a name.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// `names` with commas between.
[[nodiscard]] std::string listed(std::span<const std::string> names);

}  // namespace venturi
