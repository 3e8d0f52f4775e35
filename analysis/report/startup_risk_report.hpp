// What a startup's risk tree has to say at one moment, as tables, a picture and JSON.
#pragma once

#include "analysis/experiments/startup_risk.hpp"
#include "analysis/report/risk_tree_picture.hpp"
#include "analysis/report/terminal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace venturi {

/// Whose tree it is.
struct StartupRiskSubject {
    std::string company;
    double month = 0;
    double more = 0;  ///< dollars that are asked about
    // Of all the histories that the scenario may have, the one that is shown:
    std::uint64_t seed = 0;
    std::uint64_t trajectory = 0;
    std::vector<std::string> settings = {};  ///< of the scenario that were changed: "path=value"
};

/// The tree with its probabilities, a row for each leaf, and what more money would buy.
[[nodiscard]] std::string startup_risk_text(const World<PlainDraws>& world, const StartupRiskSubject& subject,
                                            const StartupRisk& risk, Colour colour);

/// Leaves, gates, the top, and what more money would buy; rates are per month.
[[nodiscard]] nlohmann::ordered_json startup_risk_json(const World<PlainDraws>& world,
                                                       const StartupRiskSubject& subject,
                                                       const StartupRisk& risk);

/// The tree, its failed nodes marked, leaves by their part in the expected loss.
[[nodiscard]] RiskTreePicture startup_risk_picture(const World<PlainDraws>& world,
                                                   const StartupRiskSubject& subject,
                                                   const StartupRisk& risk);

}  // namespace venturi
