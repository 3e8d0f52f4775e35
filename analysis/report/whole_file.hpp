// One file that appears whole or not at all: how every file that a user names is written.
#pragma once

#include "analysis/report/publication.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace venturi {

/// What becomes of a file that is there already.
enum class Existing : std::uint8_t { refused, replaced };

/// Writes `bytes` next to `path` under a name that nobody can foresee, waits for the disk, and renames into
/// place. A file that is replaced keeps its mode; where `path` is a symbolic link, the file it leads to is
/// replaced and the link stays. Devices and pipes are written into; `/dev/stdout`, `/dev/stderr` and
/// `/dev/fd/N` are the descriptors themselves, wherever they lead. Folders, block devices, sockets, links to
/// nothing and pipes that nobody reads are refused. What killed processes have left beside `path` is removed.
/// Throws ResultError, leaving nothing behind, where that fails.
void write_whole_file(const std::filesystem::path& path, std::string_view bytes,
                      Existing existing = Existing::replaced);

/// Throws ResultError where `write_whole_file` would have to: to be asked before long work. Leaves no trace.
void check_whole_file(const std::filesystem::path& path, Existing existing);

/// Writes the file, or where that fails one beside it with a number in its name, or else one in a new folder
/// for temporary files. Throws the first ResultError where all three fail.
[[nodiscard]] Publication publish_whole_file(const std::filesystem::path& path, std::string_view bytes,
                                             Existing existing);

}  // namespace venturi
