// The text of a file from people we do not know, before anything is read from it.
#pragma once

#include "scenarios/risk/source_text.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace venturi {

/// The bytes of a file. Throws ScenarioError where it is missing, no regular file (before anything is read,
/// so that no pipe is waited for), or larger than `most_bytes`.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file, std::uintmax_t most_bytes);

/// Throws ScenarioError, with the place, where a text is not UTF-8 or has control characters other than tabs
/// and ends of lines.
void expect_text(const SourceText& source);

}  // namespace venturi
