// Reads risk models in the Open-PSA Model Exchange Format (open-psa.github.io/mef, version 3, which includes
// that of 2.0d): fault trees, common cause groups, parameters with expressions, and event trees.
//
// Stricter than the format: nothing is defined twice, every event that is used is defined or a member of a
// common cause group, and connectives other than "not" have two arguments or more.
//
// A substitution without a source (delete terms, recovery rules) is the constraint that its hypothesis
// implies its target, as the format says; each top is joined with all of them. Files may include files that
// are read anyway (open_psa_includes.hpp). Not supported, and said so with the place: substitutions with a
// source, which change cut sets, and those beside event trees; alignments and phases, consequences, groups of
// initiating events, extern functions, and instructions that act backwards.
#pragma once

#include "agents/risk/risk_model.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/source_text.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace venturi {

struct OpenPsaOptions {
    double mission_time = 8760;          ///< hours, at which probabilities are checked
    bool probabilities_required = true;  ///< false where only what combines with what is of interest
    XmlLimits limits = {};
};

/// Where the elements of a model are written.
class RiskModelSource {
  public:
    struct Place {
        std::uint32_t file = 0;
        std::size_t byte = 0;
    };

    std::vector<std::shared_ptr<const SourceText>> files;
    /// Each as long as the model's list of the same name.
    std::vector<Place> expressions;
    std::vector<Place> parameters;
    std::vector<Place> basic_events;
    std::vector<Place> house_events;
    std::vector<Place> gates;
    std::vector<Place> common_cause_groups;
    std::vector<Place> initiating_events;
    std::vector<Place> sequences;

    [[nodiscard]] SourcePosition position(const Place& place) const;
    /// A defect that was found later, with its place.
    [[nodiscard]] Problem problem(const ModelDefect& defect) const;
};

/// What a reader makes of files.
struct RiskModelReading {
    RiskModel model;
    std::vector<Problem> warnings;  ///< what is defined and never used, or probably not meant
    RiskModelSource source;
    /// What substitutions say of all configurations: gates of the model that each of `top_gates` is joined
    /// with by "and". Other gates are not.
    std::vector<FormulaArgument> constraints = {};
};

/// Reads a model that is written in one file or several, whose order makes no difference but to that of its
/// elements. Throws ScenarioError with all that is wrong: XML that is not well-formed or beyond the limits,
/// unknown elements and attributes, wrong numbers of arguments, names that are not defined or twice, cycles,
/// common cause groups that are none, expressions outside their domain, probabilities that are missing or
/// outside [0, 1]. Basic events that nothing uses need no probability.
[[nodiscard]] RiskModelReading read_open_psa(std::span<const std::filesystem::path> files,
                                             const OpenPsaOptions& options = {});

/// As read_open_psa, from text; `name` stands for the file in messages.
[[nodiscard]] RiskModelReading parse_open_psa(std::string text, std::string name,
                                              const OpenPsaOptions& options = {});

/// The text of a file, and what stands for it in messages and where another includes it.
struct NamedText {
    std::string name;
    std::string text;
};

/// As read_open_psa, from the texts of one file or several.
[[nodiscard]] RiskModelReading parse_open_psa(std::vector<NamedText> files,
                                              const OpenPsaOptions& options = {});

}  // namespace venturi
