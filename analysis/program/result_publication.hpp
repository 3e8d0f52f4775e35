// Results folders as commands deal with them.
#pragma once

#include "analysis/program/program.hpp"
#include "analysis/report/result_folder.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace venturi {

/// Where the results of a command lie for which no folder was named: `results/seed_cohort_sweep`.
[[nodiscard]] std::filesystem::path usual_folder(const std::string& scenario, std::string_view suffix = {});

/// A place for results, held from now on: the one that was named, where an earlier result is replaced, or
/// else the usual one, where a result of other settings is kept. Throws InputError where results can't be
/// written there.
[[nodiscard]] std::unique_ptr<ResultFolder> open_result_folder(const std::string& named,
                                                               const std::filesystem::path& usual);

/// What the help says of it: `usual` is such as "results/SCENARIO".
[[nodiscard]] std::string meaning_of_output(std::string_view usual);

/// Tells where a result lies that is not where it was asked for: ExitCode::elsewhere then.
[[nodiscard]] ExitCode say_where(const Publication& publication, const Streams& streams);

}  // namespace venturi
