// How an experiment that can be gone on with ends, the same for every command.
#pragma once

#include "analysis/program/interrupt.hpp"
#include "analysis/program/program.hpp"
#include "analysis/program/resumption.hpp"
#include "analysis/report/result_folder.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// What an experiment was started with, for its end.
struct ExperimentPlace {
    ResultFolder& folder;
    Resumption& resumption;
    const InterruptListener& interrupt;
    const Streams& streams;
};

/// What came of it.
struct ExperimentEnd {
    bool is_whole = true;    ///< or else it was interrupted
    bool is_failed = false;  ///< something of it failed, and the others are there
    std::string held =
        {};  ///< what the results of an interrupted one hold: "the 7 trajectories that were complete"
};

/// Nothing came of it, for this reason. Throws EarlyEnd; what was finished can be gone on with unless it is
/// whole.
[[noreturn]] void end_without_result(const ExperimentPlace& place, bool is_whole, const std::string& reason);

/// Not a trajectory was complete, since all failed or it was interrupted before.
[[noreturn]] void end_without_trajectories(const ExperimentPlace& place, bool is_whole, bool any_failed);

/// One of `named` of an option was not to be seen in a whole experiment, as `is_seen` says: throws
/// InputError, and nothing is written.
void expect_seen(const ExperimentPlace& place, const std::vector<std::string>& named,
                 const std::function<bool(const std::string& observable)>& is_seen,
                 std::string_view option = "--observables");

/// "the 7 trajectories that were complete".
[[nodiscard]] std::string complete_trajectories(std::uint64_t completed);

/// Publishes the result, has it printed, and says how an interrupted one is gone on with. `print` is told
/// where the result lies.
[[nodiscard]] ExitCode end_with_result(const ExperimentPlace& place, const ExperimentEnd& end,
                                       const ResultFiles& files, Manifest manifest,
                                       const std::function<void(const std::string& folder)>& print);

}  // namespace venturi
