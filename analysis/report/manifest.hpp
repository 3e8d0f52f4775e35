// manifest.json: what a results folder holds and how to make it again.
#pragma once

#include "analysis/report/build_information.hpp"
#include "analysis/report/checksum.hpp"
#include "sim/ensemble/ending.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {

inline constexpr std::string_view manifest_file_name = "manifest.json";

/// The files of a result by name, without its manifest.
using ResultFiles = std::map<std::string, std::string>;

[[nodiscard]] FileDigests digests_of(const ResultFiles& files);

/// Everything that decides the numbers of a run, and the files that hold them. The same run by the same build
/// gives the same text: nothing here depends on the clock or the number of threads.
struct Manifest {
    BuildInformation build;
    std::uint64_t seed = 0;
    std::uint64_t trajectories_requested = 0;
    std::uint64_t trajectories_completed = 0;  ///< whose results are in the files
    std::uint64_t trajectories_failed = 0;
    nlohmann::ordered_json failures = nlohmann::ordered_json::array();  ///< see `failures_json`
    Ending ending = Ending::finished;
    nlohmann::ordered_json settings = nlohmann::ordered_json::object();  ///< those of the command line
    /// How far it came, in the command's own terms, beside the trajectories.
    nlohmann::ordered_json reached = nlohmann::ordered_json::object();
    nlohmann::ordered_json scenario =
        nlohmann::ordered_json::object();  ///< resolved: every parameter's value
    FileDigests files;                     ///< all files but the manifest
};

/// The manifest as JSON, indented, ending in a newline. Numbers that are not finite become null, bytes that
/// are not UTF-8 become U+FFFD. `checksum` is `combined_sha256` of the files.
[[nodiscard]] std::string manifest_text(const Manifest& manifest);

/// Thrown where a text is no manifest. what() says what is wrong and names the field, legal() what would be
/// right there; empty where that is another file. Neither repeats what is written.
class ManifestError : public std::invalid_argument {
  public:
    explicit ManifestError(const std::string& message, std::string legal = {})
        : std::invalid_argument(message), legal_(std::move(legal)) {}

    [[nodiscard]] const std::string& legal() const { return legal_; }

  private:
    std::string legal_;
};

/// A whole number of at least 0, exact to 64 bits; nothing else passes for one. `name` stands for it in
/// messages. Throws ManifestError.
[[nodiscard]] std::uint64_t count_in(const nlohmann::ordered_json& value, std::string_view name);

// Members of one of a manifest's objects, each of its type. `path` names it in messages where its own name
// says too little, "variants[1].set". Throw ManifestError where it is missing or another thing.
[[nodiscard]] const nlohmann::ordered_json& member_in(const nlohmann::ordered_json& object,
                                                      std::string_view name, std::string_view path = {});
[[nodiscard]] std::uint64_t count_under(const nlohmann::ordered_json& object, std::string_view name,
                                        std::string_view path = {});
[[nodiscard]] double number_in(const nlohmann::ordered_json& object, std::string_view name,
                               std::string_view path = {});
[[nodiscard]] std::vector<double> numbers_in(const nlohmann::ordered_json& object, std::string_view name,
                                             std::string_view path = {});
[[nodiscard]] bool flag_in(const nlohmann::ordered_json& object, std::string_view name,
                           std::string_view path = {});
[[nodiscard]] std::string text_in(const nlohmann::ordered_json& object, std::string_view name,
                                  std::string_view path = {});
[[nodiscard]] std::vector<std::string> texts_in(const nlohmann::ordered_json& object, std::string_view name,
                                                std::string_view path = {});

/// What a manifest says, for making its result again. Throws ManifestError where the text is no manifest of
/// Venturi's, or one that lacks what a manifest has, lists no file or others than its checksum is of, or is
/// nested deeper than any is.
[[nodiscard]] Manifest read_manifest(std::string_view text);

/// The names of the files that a manifest lists, itself included; nothing where the text is no manifest of
/// Venturi's, or is nested deeper than any is.
[[nodiscard]] std::optional<std::vector<std::string>> files_listed(std::string_view manifest_text);

/// Why an earlier result keeps its place, which nobody named, before a new one, as the end of a sentence:
/// "has other settings". Empty where the new one may take it: both manifests tell of the same version,
/// scenario, settings, seed and number of trajectories asked for, and it holds no fewer than the earlier one.
[[nodiscard]] std::string why_kept(std::string_view earlier_manifest, std::string_view new_manifest);

}  // namespace venturi
