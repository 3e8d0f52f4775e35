// A network in the making: edges with the places where they are written, so that what is wrong with them can
// be said there.
#pragma once

#include "scenarios/counted.hpp"
#include "scenarios/network/network_reading.hpp"
#include "scenarios/risk/source_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace venturi {

/// Problems of one file. Reading ends soon after it has found so many that no person would read more.
class FileProblems {
  public:
    explicit FileProblems(const SourceText& source) : source_(&source) {}

    /// Adds a problem at a byte of the file. Throws ScenarioError with all where these are many.
    void add(std::size_t byte, Problem problem);
    /// Adds a problem and throws ScenarioError with all.
    [[noreturn]] void fail(std::size_t byte, Problem problem);
    void throw_if_any() const { problems_.throw_if_any(); }

  private:
    static constexpr std::size_t most_found = 50;

    const SourceText* source_;
    ProblemList problems_;
    std::size_t found_ = 0;
};

/// Vertices by their names, in the order in which they are named first.
class VertexNames {
  public:
    VertexNames(FileProblems& problems, const NetworkLimits& limits)
        : problems_(&problems), limits_(&limits) {}

    /// The number of a vertex, a new one where the name is new. Adds a problem where a new name, written at
    /// `byte`, is empty or has characters that no name may have. Throws ScenarioError where there are too
    /// many.
    std::uint32_t number_of(const std::string& name, std::size_t byte);

    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] std::vector<std::string> take() && { return std::move(names_); }

  private:
    FileProblems* problems_;
    const NetworkLimits* limits_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::string> names_;
};

/// Whether a name is empty but for blanks, which nobody could see or point at.
[[nodiscard]] bool is_blank_name(std::string_view name);

/// Adds a problem where a name, written at `byte`, has characters that would steer a terminal or are no XML.
void check_name(std::string_view name, std::size_t byte, FileProblems& problems,
                std::string_view whose = "a vertex");

/// An edge as it is written.
struct EdgeDraft {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    double weight = 1;
    bool directed = false;
    std::size_t byte = 0;  ///< where it is written
};

/// What a reader has found in a file.
struct NetworkDraft {
    std::vector<std::string> names = {};
    std::vector<EdgeDraft> edges = {};
    bool directed = false;           ///< where there are no edges that say it
    bool direction_is_open = false;  ///< nothing says that edges have none
    bool weighted = false;
    std::string form = {};                  ///< as it was understood, in a few words
    std::vector<std::string> remarks = {};  ///< what else is to be said of it
    std::vector<Problem> warnings = {};
};

/// The network of a draft. Where some edges have a direction and others none, each of the latter becomes two
/// arcs. Loops and parallel edges, which in an undirected network may be written in opposite orders, become
/// what the options say; where edges are open to have a direction and all that are parallel stand in opposite
/// orders and some weigh differently, all edges have one. Throws ScenarioError with the problems that were
/// found so far and here: loops and parallel edges that are refused, edges without a direction where options
/// ask for one, more edges than the limit.
[[nodiscard]] NetworkReading reading_of(NetworkDraft draft, const NetworkOptions& options,
                                        const SourceText& source, FileProblems& problems);

/// Adds an edge. Throws ScenarioError where there are too many.
void add_edge(std::vector<EdgeDraft>& edges, const EdgeDraft& edge, const NetworkLimits& limits,
              FileProblems& problems);

/// The names where all differ, and otherwise, with a warning, the ids. Names that are empty, or blanks, are
/// the ids.
[[nodiscard]] std::vector<std::string> names_or_ids(std::vector<std::string> names,
                                                    std::vector<std::string> ids, const SourceText& source,
                                                    std::vector<Problem>& warnings);

/// The vertex that was probably meant; none where there are so many vertices that the search would take
/// longer than the reading.
[[nodiscard]] std::string nearest_vertex(std::string_view written, const std::vector<std::string>& names);

/// In ASCII letters only.
[[nodiscard]] std::string lower_case(std::string_view text);

/// The number that a text is, the same in every locale; empty where it is none. Not finite where the text
/// says so or where it is too large for a double.
[[nodiscard]] std::optional<double> number_of(std::string_view text);

/// How a finite number, and the text that it was read from, is out of the range in which sums of weights and
/// their products stay numbers; empty where it is 0 or in this range.
[[nodiscard]] std::string_view out_of_range(double number, std::string_view text);

/// The range, in words.
constexpr std::string_view numbers_in_range = "0, or from 1e-100 to 1e100 (with either sign)";

/// Whether all of a text are digits, and there are some.
[[nodiscard]] bool is_whole_number(std::string_view text);

/// Refuses the name of a column or attribute for the weights where none has a name; `what` is the format.
void refuse_named_weight(const NetworkOptions& options, std::string_view what, FileProblems& problems,
                         std::string_view legal = "--weight none");

/// The weight that is written at `byte`; adds a problem and returns 1 where it can't be one.
[[nodiscard]] double read_weight(std::string_view text, std::size_t byte, const NetworkOptions& options,
                                 FileProblems& problems);

}  // namespace venturi
