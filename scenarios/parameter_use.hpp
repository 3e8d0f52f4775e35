// Which of its parameters a scenario reads: a mix is nothing to companies without an inside, insurers are
// nothing without leaves that they cover.
#pragma once

#include "scenarios/scenario.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A rule that says of the parameters at a path, or below it, when they are read. A part `*` of the path
/// stands for any name.
struct UseOfParameters {
    std::string_view path;
    std::string_view read_where;  ///< in words, after "read where"
    std::string_view except =
        {};  ///< names right below the path of which it does not speak, with blanks between
};

/// All that is known of when parameters are read. Whatever no rule speaks of is taken to be read always.
[[nodiscard]] std::vector<UseOfParameters> uses_of_parameters();

/// Whether a rule speaks of the parameter at a path.
[[nodiscard]] bool is_about(const UseOfParameters& use, std::string_view path);

/// Whether a path with parts `*` stands for a path or for one above it.
[[nodiscard]] bool is_at_or_below(std::string_view path, std::string_view pattern);

/// Tells which parameters a scenario reads, with all that its interventions may set. Where it is not sure it
/// says that a parameter is read: to change one that is not leaves every result as it is, bit by bit.
class ParameterUse {
  public:
    explicit ParameterUse(const Scenario& scenario);

    /// Where the parameter at a path would be read, in words, where the scenario doesn't; nothing where it
    /// does.
    [[nodiscard]] std::optional<std::string_view> unread_at(std::string_view path) const;

  private:
    // The world as it begins, and as each intervention alone would make it.
    std::vector<WorldParameters> worlds_;
};

}  // namespace venturi
