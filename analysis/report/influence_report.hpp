// What a measured loop has to say, as a table, a file, a picture and JSON.
#pragma once

#include "analysis/experiments/influence.hpp"
#include "analysis/report/influence_picture.hpp"
#include "analysis/report/terminal_table.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace venturi {

/// A row for each arrow with its strength and 95% interval after each delay; where that can't be told from
/// zero it is faint and has a dot before it. The last column is the `standardised` strength after the delay
/// of number `drawn`, by which the picture's arrows are drawn.
[[nodiscard]] TerminalTable influence_table(const InfluenceStatistics& statistics,
                                            const InfluenceOptions& options, std::size_t drawn);

/// The nodes with their units, and how far each is pushed.
[[nodiscard]] TerminalTable loop_table();

/// A row for each arrow and delay: tail, head, tail_unit, head_unit, delay_months, strength, lower_95,
/// upper_95, pairs, distinguishable, standardised_strength. Without pairs the strength is missing, and
/// without two of them the interval.
[[nodiscard]] std::string influence_csv(const InfluenceStatistics& statistics,
                                        const InfluenceOptions& options);

/// The loop after one delay, by its number. Arrows that fewer than two pairs tell of are left out, and the
/// subtitle says so, and which settings were changed ("path=value" each).
[[nodiscard]] InfluencePicture influence_picture_of(const InfluenceStatistics& statistics,
                                                    const InfluenceOptions& options, std::size_t delay,
                                                    const Scenario& scenario,
                                                    const std::vector<std::string>& settings = {});

/// Nodes with units, and arrows with their responses; interval ends that are not known are null.
[[nodiscard]] nlohmann::ordered_json influence_json(const InfluenceStatistics& statistics,
                                                    const InfluenceOptions& options);

}  // namespace venturi
