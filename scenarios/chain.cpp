#include "scenarios/chain.hpp"

#include "scenarios/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace venturi {
namespace {

namespace fs = std::filesystem;
using Folders = std::span<const fs::path>;

constexpr std::size_t longest_chain = 16;

fs::path identity_of(const fs::path& file) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(fs::absolute(file, error), error);
    return error ? file.lexically_normal() : canonical;
}

Problem unknown_scenario(SourcePosition position, const std::string& name, Folders folders) {
    const std::vector<std::string> names = library_names(folders);
    return {.position = std::move(position),
            .message = fmt::format("there is no scenario {}", in_quotes(name)),
            .value = name,
            .legal = names.empty()
                         ? "the path of a YAML file"
                         : fmt::format("the path of a YAML file, or one of the library: {}", listed(names)),
            .nearest = nearest_name(name, names)};
}

std::vector<std::string> scenario_files_in(const fs::path& folder) {
    std::vector<std::string> names;
    const std::vector<fs::path> folders{folder.empty() ? fs::path(".") : folder};
    for (const std::string& name : library_names(folders))
        names.push_back(find_in_library(name, folders)->filename().string());
    return names;
}

// The file named by the `extends` of `file`; nothing where it extends none.
std::optional<fs::path> extended_by(const ChainFile& file, Folders folders) {
    const DocumentNode* const node = file.root.find("extends");
    if (node == nullptr) return std::nullopt;
    if (node->kind != DocumentNode::Kind::text || node->text.empty())
        throw ScenarioError(
            Problem{.position = node->position,
                    .message = fmt::format("'extends' needs one name, not {}", describe_kind(*node)),
                    .legal = "the path of a YAML file, or the name of a library scenario"});
    if (is_library_name(node->text)) {
        if (auto found = find_in_library(node->text, folders)) return found;
        throw ScenarioError(unknown_scenario(node->position, node->text, folders));
    }
    const fs::path folder = file.path.parent_path();
    fs::path extended = (folder / node->text).lexically_normal();
    std::error_code error;
    if (fs::exists(extended, error)) return extended;
    const std::vector<std::string> names = scenario_files_in(folder);
    throw ScenarioError(Problem{
        .position = node->position,
        .message = fmt::format("'extends' names a file that is not there: {}", in_quotes(extended.string())),
        .value = node->text,
        .legal = "a path relative to this file, or the name of a library scenario",
        .nearest = nearest_name(node->text, names)});
}

void refuse_circle(const std::vector<ChainFile>& files, const fs::path& next) {
    const auto is_next = [&next](const ChainFile& file) {
        return identity_of(file.path) == identity_of(next);
    };
    const auto start = std::find_if(files.begin(), files.end(), is_next);
    if (start == files.end()) return;
    std::string circle;
    for (auto file = start; file != files.end(); ++file) circle += file->path.string() + " -> ";
    const DocumentNode& node = *files.back().root.find("extends");
    throw ScenarioError(
        Problem{.position = node.position,
                .message = fmt::format("'extends' goes in a circle: {}{}", circle, next.string()),
                .value = node.text,
                .legal = "a file that does not extend this one"});
}

}  // namespace

fs::path locate_scenario(const std::string& name, Folders library_folders) {
    std::error_code error;
    if (fs::is_regular_file(name, error)) return name;
    if (is_library_name(name))
        if (auto found = find_in_library(name, library_folders)) return *found;
    // A directory or a device goes on to the document's reader, which says what it is.
    if (fs::exists(name, error)) return name;
    throw ScenarioError(unknown_scenario({.file = name}, name, library_folders));
}

std::vector<ChainFile> load_chain(ChainFile last, Folders library_folders) {
    std::vector<ChainFile> files;
    files.push_back(std::move(last));
    while (const std::optional<fs::path> next = extended_by(files.back(), library_folders)) {
        refuse_circle(files, *next);
        if (files.size() == longest_chain)
            throw ScenarioError(
                Problem{.position = files.back().root.find("extends")->position,
                        .message = fmt::format("more than {} files extend each other", longest_chain),
                        .value = next->string()});
        files.push_back({*next, load_document(*next)});
    }
    std::reverse(files.begin(), files.end());
    return files;
}

}  // namespace venturi
