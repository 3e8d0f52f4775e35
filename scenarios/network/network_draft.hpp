// A network in the making: edges with the places where they are written, so that what is wrong with them can
// be said there.
#pragma once

#include "scenarios/network/network_reading.hpp"
#include "scenarios/risk/source_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// Problems of one file. Reading ends soon after it has found so many that no person would read more.
class FileProblems {
  public:
    explicit FileProblems(const SourceText& source) : source_(&source) {}

    /// Adds a problem at a byte of the file. Throws ScenarioError with all where these are many.
    void add(std::size_t byte, Problem problem);
    void throw_if_any() const { problems_.throw_if_any(); }

  private:
    static constexpr std::size_t most_found = 50;

    const SourceText* source_;
    ProblemList problems_;
    std::size_t found_ = 0;
};

/// An edge as it is written.
struct EdgeDraft {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    double weight = 1;
    std::size_t byte = 0;  ///< where it is written
};

/// The edges of a network with `names`. Adds a problem for each self-loop and for each edge that is there
/// again, which in an undirected network is one in the opposite order also.
[[nodiscard]] Network network_of(std::vector<std::string> names, const std::vector<EdgeDraft>& edges,
                                 bool directed, const SourceText& source, FileProblems& problems);

/// The vertex that was probably meant; none where there are so many vertices that the search would take
/// longer than the reading.
[[nodiscard]] std::string nearest_vertex(std::string_view written, const std::vector<std::string>& names);

/// The number that a text is, the same in every locale; empty where it is none. Not finite where the text
/// says so or where it is too large for a double.
[[nodiscard]] std::optional<double> number_of(std::string_view text);

/// The weight that is written at `byte`; adds a problem and returns 1 where it can't be one.
[[nodiscard]] double read_weight(std::string_view text, std::size_t byte, const NetworkOptions& options,
                                 FileProblems& problems);

}  // namespace venturi
