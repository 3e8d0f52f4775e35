// --resume: an experiment that was interrupted or killed goes on from what it had finished.
#pragma once

#include "analysis/program/command_line.hpp"
#include "analysis/program/program.hpp"
#include "analysis/report/piece_file.hpp"
#include "analysis/report/result_folder.hpp"
#include "scenarios/scenario.hpp"
#include "sim/ensemble/journal.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// What was asked for on the command line.
struct ResumeRequest {
    std::string from;                         ///< the place of the result to go on with; empty to begin
    std::vector<std::string> arguments = {};  ///< the whole command line
};

/// The scenarios of variants, or of what else has one.
template <class Named>
[[nodiscard]] std::vector<Scenario> scenarios_of(const std::vector<Named>& named) {
    std::vector<Scenario> scenarios;
    for (const Named& each : named) scenarios.push_back(each.scenario);
    return scenarios;
}

/// Adds `--resume` to a command.
void add_resume_option(const Command& command, ResumeRequest& request);

/// The arguments with which a command was begun, in place of those that only say `--resume`: as they were,
/// but for --threads, --output, --quiet and --json, which are as given now. Others are returned as they are.
/// Throws InputError where there is nothing to go on with, or more is given than these.
[[nodiscard]] std::vector<std::string> with_begun_arguments(std::vector<std::string> arguments);

/// The finished work of a command, in a file beside the place of its result: NAME.unfinished. It is begun
/// when there is something to keep after a tenth of a second, and removed when the result is there. Nothing
/// that comes into its way ends the experiment.
class Resumption {
  public:
    /// `scenarios` are all that decide the result, as they were read. Where another experiment has left its
    /// work at this place, a result that was named throws InputError, and the usual one is numbered. Throws
    /// InputError too where the work that shall go on is of another version, or a scenario has changed.
    Resumption(const ResultFolder& folder, bool is_named, const ResumeRequest& request,
               const std::vector<Scenario>& scenarios, const Streams& streams);

    [[nodiscard]] const Journal* journal() const { return &journal_; }

    /// The result is there: nothing is left to go on with. Or it lacks something: says how to get it.
    void conclude(bool is_whole);

  private:
    void choose_path(const std::filesystem::path& place, bool is_named);
    [[nodiscard]] bool is_same_work() const;
    [[nodiscard]] static std::string shown(const std::filesystem::path& path);
    [[nodiscard]] std::optional<std::string> find(const std::string& name);
    void keep(JournalPieces pieces);
    void write_waiting();

    const Streams& streams_;
    std::string command_;
    std::string origin_;
    std::string arguments_;
    std::filesystem::path path_;
    std::optional<PieceFile> file_;
    JournalPieces waiting_;  // for the first tenth of a second to pass
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::string why_not_;  // it can't be kept
    std::mutex mutex_;
    Journal journal_;
};

}  // namespace venturi
