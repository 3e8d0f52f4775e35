// The files that a scenario is made of: each names by `extends` the one that it changes.
#pragma once

#include "scenarios/document.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace venturi {

/// One file of a chain.
struct ChainFile {
    std::filesystem::path path;
    DocumentNode root;
};

/// The file that `name` stands for: a path, or a scenario in one of the folders. Throws ScenarioError where
/// there is none, with the nearest name.
[[nodiscard]] std::filesystem::path locate_scenario(const std::string& name,
                                                    std::span<const std::filesystem::path> library_folders);

/// The file and all that it extends, the one that extends nothing first. Throws ScenarioError where one is
/// missing or can't be read, or the chain is a circle or longer than 16.
[[nodiscard]] std::vector<ChainFile> load_chain(ChainFile last,
                                                std::span<const std::filesystem::path> library_folders);

}  // namespace venturi
