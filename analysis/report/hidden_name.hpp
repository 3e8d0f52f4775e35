// Names for what isn't whole yet, and what dead processes have left under them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace venturi {

/// `.NAME.KIND-` and 16 random hexadecimal digits, which nobody can foresee; next to `path`.
[[nodiscard]] std::filesystem::path hidden_path(const std::filesystem::path& path, std::string_view kind);

/// `.NAME.KIND`, next to `path`.
[[nodiscard]] std::filesystem::path hidden_path_without_number(const std::filesystem::path& path,
                                                               std::string_view kind);

/// The kind in a name that `hidden_path` gives for `path`; nothing for other names. Those of earlier versions
/// count, which hold a process, unless that process lives.
[[nodiscard]] std::optional<std::string> kind_of_hidden(const std::filesystem::path& path,
                                                        std::string_view name);

/// The `number`-th name beside `path` that is for people: `story-2.csv`, `results-2`.
[[nodiscard]] std::filesystem::path numbered(const std::filesystem::path& path, int number);

/// A new folder of our own in that for temporary files. Throws ResultError.
[[nodiscard]] std::filesystem::path new_temporary_folder();

}  // namespace venturi
