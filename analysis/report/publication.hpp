// Where a result came to lie.
#pragma once

#include <filesystem>
#include <string>

namespace venturi {

/// Finished work is never thrown away: what can't be written where it was asked for is written beside that
/// under a free name, or else into the folder for temporary files.
struct Publication {
    std::filesystem::path path;
    std::string why_elsewhere = {};  ///< empty where `path` is what was asked for, or a number of it
    std::string why_numbered = {};   ///< empty where `path` has no number; else what is at the usual place
};

}  // namespace venturi
