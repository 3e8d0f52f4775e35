// venturi run --rare: the probability of a rare event instead of an ensemble's table.
#pragma once

#include "analysis/program/program.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/program/scenario_request.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace venturi {

class Command;

/// --rare and the options that belong to it, as written.
struct RareOptions {
    std::optional<std::string> condition;
    std::optional<std::string> by;
    bool ever = false;
    std::optional<std::string> method;
    std::optional<std::string> budget;
};

/// What the options of `run` say for it.
struct RareRequest {
    ScenarioRequest scenario;
    RareOptions rare;
    std::string output;  ///< the folder that was named
    ResumeRequest resume = {};
    int threads = 0;
    bool quiet = false;
    bool json = false;
};

/// To be added after the options of `run` that make no sense with it.
void add_rare_options(const Command& command, RareOptions& rare);

/// Throws InputError where --ever is given without --rare.
void expect_no_rare_moment(const RareOptions& rare);

/// `request.rare` has a condition.
[[nodiscard]] ExitCode run_rare(const RareRequest& request, const Streams& streams);

}  // namespace venturi
