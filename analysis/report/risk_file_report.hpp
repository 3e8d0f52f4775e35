// What a file of fault or event trees has to say, as text, JSON and a picture.
#pragma once

#include "analysis/experiments/risk_file.hpp"
#include "analysis/report/risk_tree_picture.hpp"
#include "analysis/report/terminal.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace venturi {

/// For people: the top, what it is made of, cut sets, the events that matter most, dynamic results,
/// sequences.
[[nodiscard]] std::string risk_file_text(const RiskFile& file, const RiskFileAnalysis& analysis,
                                         Colour colour);

/// Keys of a file with one top stand at the outermost level: `top_probability`, `minimal_cut_sets` (their
/// number; as a text where it is above 2^64), `mean_time_to_failure` ("inf" where the top may never fail),
/// `unreliability`. What was not asked for or can't be had is null. `tops` has them for each top.
[[nodiscard]] nlohmann::ordered_json risk_file_json(const RiskFile& file, const RiskFileAnalysis& analysis);

/// The first tree of the file; failures and unavailabilities at the mission time.
[[nodiscard]] RiskTreePicture risk_file_picture(const RiskFile& file, const RiskFileAnalysis& analysis);

}  // namespace venturi
