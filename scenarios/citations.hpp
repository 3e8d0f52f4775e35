// Where the values of a scenario come from: the comments that stand beside them in its files.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace venturi {

/// For each parameter that a scenario or one that it extends sets, by path, what its file says of the value:
/// the comment at the end of the value's line, else the comment lines right above it, else those of the
/// groups that it stands in; where there is none, that the file sets it. Each begins with the file's name. Of
/// comments that `venturi new` wrote, the source that they name is kept as it is, and nothing else.
/// Throws ScenarioError where a file can't be read.
[[nodiscard]] std::map<std::string, std::string> citations_of(
    const std::string& name, std::span<const std::filesystem::path> library_folders = {});

}  // namespace venturi
