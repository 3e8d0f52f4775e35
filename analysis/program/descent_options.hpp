// Options of venturi optimise about how it goes: estimator, update rule and map, any with any.
#pragma once

#include "analysis/optimiser/world_mix_search.hpp"
#include "analysis/program/command_line.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

namespace venturi {

struct DescentOptions {
    std::string estimator;
    std::string rule = "normalised";
    std::string map = "log_ratio";
    double step = 0;  ///< 0: as suits rule and map
};

void add_descent_options(const Command& command, const std::shared_ptr<DescentOptions>& options);

/// What a method goes by, and the length of its first step. Throws InputError, with what is legal, where a
/// name is not known, or a search without gradients is told how to go along one.
struct ChosenDescent {
    MixDescent descent = {};
    double step = 1;
};
[[nodiscard]] ChosenDescent chosen_descent(const DescentOptions& options, const std::string& method,
                                           const std::string& who);

/// Throws InputError, with the nearest name, where a value is none of them.
void expect_one_of(const std::string& option, const std::string& value,
                   const std::vector<std::string>& legal);

[[nodiscard]] nlohmann::ordered_json descent_json(const MixDescent& descent);
/// The inverse; names that are not known throw std::invalid_argument.
[[nodiscard]] MixDescent descent_of_json(const nlohmann::ordered_json& json);

/// What the help says of all this.
extern const char* const descent_notes;

}  // namespace venturi
