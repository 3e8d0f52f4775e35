#include "scenarios/library.hpp"

#include "scenarios/document.hpp"

#include <map>
#include <system_error>

namespace venturi {
namespace {

bool is_scenario_file(const std::filesystem::path& file) {
    return file.extension() == ".yaml" || file.extension() == ".yml";
}

std::map<std::string, std::filesystem::path> files_by_name(std::span<const std::filesystem::path> folders) {
    std::map<std::string, std::filesystem::path> files;
    for (const std::filesystem::path& folder : folders) {
        std::error_code error;
        for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error))
            if (is_scenario_file(entry->path()))
                files.try_emplace(entry->path().stem().string(), entry->path());
    }
    return files;
}

std::string text_under(const DocumentNode& root, std::string_view key) {
    const DocumentNode* const node = root.find(key);
    return node != nullptr ? node->text : std::string{};
}

}  // namespace

bool is_library_name(std::string_view text) {
    return !text.empty() && text.find('/') == std::string_view::npos
           && !is_scenario_file(std::filesystem::path(text));
}

std::vector<LibraryEntry> list_library(std::span<const std::filesystem::path> folders) {
    std::vector<LibraryEntry> entries;
    for (const auto& [name, file] : files_by_name(folders)) {
        LibraryEntry entry{.name = name, .title = {}, .description = {}, .file = file, .problem = {}};
        try {
            const DocumentNode root = load_document(file);
            entry.title = text_under(root, "title");
            entry.description = text_under(root, "description");
        } catch (const ScenarioError& error) {
            entry.problem = error.what();
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::optional<std::filesystem::path> find_in_library(std::string_view name,
                                                     std::span<const std::filesystem::path> folders) {
    const auto files = files_by_name(folders);
    const auto found = files.find(std::string(name));
    return found == files.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> library_names(std::span<const std::filesystem::path> folders) {
    std::vector<std::string> names;
    for (const auto& [name, file] : files_by_name(folders)) names.push_back(name);
    return names;
}

}  // namespace venturi
