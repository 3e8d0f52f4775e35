// A file of fault or event trees, read and analysed as a whole.
#pragma once

#include "analysis/experiments/tree_analysis.hpp"
#include "scenarios/problem.hpp"
#include "scenarios/risk/open_psa.hpp"
#include "scenarios/risk/tree_contents.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace venturi {

/// In which form a file is written.
enum class RiskFormat : std::uint8_t { open_psa, galileo, yaml };

/// By what the file begins with and, where that does not tell, by how its name ends.
[[nodiscard]] RiskFormat format_of(const std::filesystem::path& file);

/// What was read.
struct RiskFile {
    RiskFormat format = RiskFormat::yaml;
    std::variant<RiskModelReading, TreeContents> contents;

    [[nodiscard]] const std::vector<Problem>& warnings() const;
};

/// Reads one file, or several of the Open-PSA format that make one model. `mission_time` is that of the
/// format, hours. Throws ScenarioError.
[[nodiscard]] RiskFile read_risk_file(std::span<const std::filesystem::path> files,
                                      std::optional<double> mission_time);

struct RiskFileRequest {
    std::optional<double> time =
        {};  ///< of the mission: hours (Open-PSA), months (YAML), or the file's own unit
    std::optional<std::string> top = {};
    StaticTreeRequest fault_tree = {};
    DynamicTreeRequest dynamic_tree = {};
};

struct TopAnalysis {
    std::string name;
    std::optional<FaultTree> fault_tree = {};
    std::optional<StaticTreeAnalysis> analysis = {};
};

struct SequenceProbability {
    std::string initiating_event;
    std::string sequence;
    double probability = 0;
};

struct RiskFileAnalysis {
    std::size_t gates = 0;
    std::size_t events = 0;  ///< as written: before common causes are expanded
    std::optional<double> time = {};
    std::vector<TopAnalysis> tops = {};
    std::optional<DynamicTreeAnalysis> dynamic_tree = {};
    std::vector<SequenceProbability> sequences = {};
    std::vector<std::string> notes = {};  ///< what of the event trees is left out, and why
    bool interrupted = false;             ///< a stop was requested; what had been found by then
};

/// Throws ScenarioError where the model can't be evaluated or has no such top.
[[nodiscard]] RiskFileAnalysis analyse(const RiskFile& file, const RiskFileRequest& request);

}  // namespace venturi
