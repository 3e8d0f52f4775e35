// One file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace venturi {

/// Writes `bytes` next to `path`, waits for the disk, and renames into place, replacing what was there.
/// Throws ResultError, leaving nothing behind, where that fails.
void write_whole_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace venturi
