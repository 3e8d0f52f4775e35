// The text of a document in XML, kept for as long as something may have to be said about a place in it.
#pragma once

#include "scenarios/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// What a document may be at most.
struct XmlLimits {
    std::uintmax_t bytes = std::uintmax_t{64} << 20;
    std::size_t depth = 200;
    std::size_t nodes = 4'000'000;  ///< elements, attributes and texts
    std::size_t attributes = 50;    ///< of one element
};

/// The text of a file, and where in it things are.
class SourceText {
  public:
    SourceText(std::string name, std::string text);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& text() const { return text_; }

    /// Line and column (in characters) of a byte.
    [[nodiscard]] SourcePosition at(std::size_t byte) const;
    /// The file as a whole.
    [[nodiscard]] SourcePosition whole() const { return {.file = name_}; }

  private:
    std::string name_;
    std::string text_;
    std::vector<std::size_t> line_starts_;
};

}  // namespace venturi
