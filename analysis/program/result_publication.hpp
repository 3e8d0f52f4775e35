// Results folders as commands deal with them.
#pragma once

#include "analysis/program/program.hpp"
#include "analysis/report/result_folder.hpp"

#include <filesystem>
#include <memory>

namespace venturi {

/// A place for results, held from now on. Throws InputError where results can't be written there.
[[nodiscard]] std::unique_ptr<ResultFolder> open_result_folder(const std::filesystem::path& path);

/// Tells where a result lies that is not where it was asked for: ExitCode::elsewhere then.
[[nodiscard]] ExitCode say_where(const Publication& publication, const Streams& streams);

}  // namespace venturi
