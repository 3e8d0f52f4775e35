// The scenarios that come with the simulator, by name.
#pragma once

#include "scenarios/problem.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// A scenario of the library.
struct LibraryEntry {
    std::string name;  ///< the file's name without .yaml
    std::string title;
    std::string description;
    std::filesystem::path file;
    std::string problem;  ///< why it can't be read; empty where it can
};

/// The scenarios in the folders, by name; of two with one name, the one in the earlier folder.
[[nodiscard]] std::vector<LibraryEntry> list_library(std::span<const std::filesystem::path> folders);

/// The file of a library scenario; nothing where there is none of that name.
[[nodiscard]] std::optional<std::filesystem::path> find_in_library(
    std::string_view name, std::span<const std::filesystem::path> folders);

/// The names of the scenarios in the folders, sorted. Reads no file.
[[nodiscard]] std::vector<std::string> library_names(std::span<const std::filesystem::path> folders);

/// Whether a text names a scenario of the library and not a file: no folder in it and no .yaml.
[[nodiscard]] bool is_library_name(std::string_view text);

}  // namespace venturi
