// The bytes of a file that somebody named.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace venturi {

/// What is expected of a file, for messages.
struct ExpectedFile {
    std::string_view what;     ///< "a scenario"
    std::string_view form;     ///< "a YAML file"
    std::string_view example;  ///< the name of such a file: "company.yaml"
    std::uintmax_t most_bytes;
};

/// The bytes of a file. Throws ScenarioError where it is missing, no regular file (a pipe or a device is not
/// waited for), larger than `most_bytes`, or can't be read.
[[nodiscard]] std::string read_regular_file(const std::filesystem::path& file, const ExpectedFile& expected);

}  // namespace venturi
