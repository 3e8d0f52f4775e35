#include "scenarios/citations.hpp"

#include "scenarios/chain.hpp"
#include "scenarios/document.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>
#include <vector>

namespace venturi {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// The comment at the end of a line of YAML; empty where it has none. A mark within quotes is none.
std::string_view comment_of(std::string_view line) {
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            if (quote == '"' && c == '\\') ++i;
            if (c == quote) quote = 0;
        } else if ((c == '"' || c == '\'') && (i == 0 || std::string_view(" {[,:").find(line[i - 1]) < 5)) {
            quote = c;
        } else if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
            return trimmed(line.substr(i + 1));
        }
    }
    return {};
}

bool is_comment_line(std::string_view line) {
    return trimmed(line).starts_with('#');
}

// The lines of a file, from 1 on.
class CommentedLines {
  public:
    explicit CommentedLines(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        for (std::string line; std::getline(stream, line);) lines_.push_back(std::move(line));
    }

    /// What is said of what stands in a line; empty where nothing is.
    [[nodiscard]] std::string comment_at(int line) const {
        if (line < 1 || static_cast<std::size_t>(line) > lines_.size()) return {};
        std::size_t at = static_cast<std::size_t>(line) - 1;
        if (const std::string_view beside = comment_of(lines_[at]); !beside.empty())
            return std::string(beside);
        std::string above;
        while (at > 0 && is_comment_line(lines_[at - 1])) {
            --at;
            above = above.empty() ? std::string(comment_of(lines_[at]))
                                  : fmt::format("{} {}", comment_of(lines_[at]), above);
        }
        return above;
    }

  private:
    std::vector<std::string> lines_;
};

// The lines of the key at a path and of the groups above it, the innermost first; nothing where it is not
// there.
std::optional<std::vector<int>> lines_of(const DocumentNode& root, std::string_view path) {
    const DocumentNode* node = &root;
    std::vector<int> lines;
    while (!path.empty()) {
        const std::size_t point = std::min(path.find('.'), path.size());
        const std::string_view name = path.substr(0, point);
        const auto key = std::find_if(node->keys.begin(), node->keys.end(),
                                      [name](const DocumentNode::Key& each) { return each.text == name; });
        if (key == node->keys.end()) return std::nullopt;
        node = &node->items[static_cast<std::size_t>(key - node->keys.begin())];
        lines.insert(lines.begin(), key->position.line);
        path.remove_prefix(std::min(path.size(), point + 1));
    }
    if (node->kind == DocumentNode::Kind::nothing) return std::nullopt;
    return lines;
}

}  // namespace

std::map<std::string, std::string> citations_of(const std::string& name,
                                                std::span<const std::filesystem::path> library_folders) {
    const std::filesystem::path file = locate_scenario(name, library_folders);
    Scenario scenario = load_scenario(name, library_folders);
    const Group tree = settable_tree(scenario);
    std::map<std::string, std::string> citations;
    for (const ChainFile& each : load_chain({file, load_document(file)}, library_folders)) {
        const CommentedLines lines(each.path);
        const std::string by = each.path.filename().string();
        for (const LeafPath& leaf : leaves_of(tree)) {
            const auto found = lines_of(each.root, leaf.path);
            if (!found) continue;
            std::string said;
            for (const int line : *found)
                if (said.empty()) said = lines.comment_at(line);
            citations[leaf.path] =
                said.empty() ? fmt::format("set by {}", by) : fmt::format("{}: {}", by, said);
        }
    }
    return citations;
}

}  // namespace venturi
