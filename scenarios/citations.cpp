#include "scenarios/citations.hpp"

#include "scenarios/chain.hpp"
#include "scenarios/document.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/sections.hpp"
#include "scenarios/written_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace venturi {
namespace {

std::string_view without_blanks(std::string_view text) {
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
            return without_blanks(line.substr(i + 1));
        }
    }
    return {};
}

bool is_comment_line(std::string_view line) {
    return without_blanks(line).starts_with('#');
}

// The lines of a file, from 1 on.
class CommentedLines {
  public:
    explicit CommentedLines(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        for (std::string line; std::getline(stream, line);) lines_.push_back(std::move(line));
    }

    /// Whether `venturi new` wrote the file, so that a value without a comment is a default.
    [[nodiscard]] bool are_of_template() const {
        return std::ranges::any_of(
            lines_, [](const std::string& line) { return without_blanks(line) == first_line_of_template; });
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

// What the program itself says of the groups that it writes above them.
void add_meanings(const Group& group, std::vector<std::string>& meanings) {
    for (const Member& member : group.members) {
        if (const auto* inner = std::get_if<Group>(&member.value)) {
            meanings.emplace_back(inner->meaning);
            add_meanings(*inner, meanings);
        } else if (const auto* collection = std::get_if<Collection>(&member.value)) {
            meanings.emplace_back(collection->meaning);
            add_meanings(collection->sample().group, meanings);
        }
    }
}

// What a comment that the program wrote says of the source, which is all of it that may be somebody's;
// nothing where it is of another form. The last one counts where such comments stand within one another.
std::optional<std::string> source_in(std::string_view comment) {
    constexpr std::string_view source = "source: ";
    constexpr std::string_view at_start = "; read at the start only";
    constexpr std::string_view legal = "legal: ";
    std::optional<std::string_view> found;
    if (comment.starts_with(source)) found = comment.substr(source.size());
    for (std::size_t at = comment.rfind(legal); at != std::string_view::npos && !found;
         at = at == 0 ? std::string_view::npos : comment.rfind(legal, at - 1)) {
        if (at != 0 && comment[at - 1] != ' ') continue;
        const std::size_t begin = comment.find("; source: ", at);
        if (begin != std::string_view::npos) found = comment.substr(begin + 2 + source.size());
    }
    if (!found) return std::nullopt;
    while (found->ends_with(at_start)) found->remove_suffix(at_start.size());
    return std::string(*found);
}

// Tells what people say of values in a file from what the program says.
class FileCitations {
  public:
    FileCitations(const ChainFile& file, std::span<const std::string> meanings)
        : lines_(file.path), by_(file.path.filename().string()), meanings_(meanings) {}

    /// Of a value that stands in these lines; nothing where its description says.
    [[nodiscard]] std::optional<std::string> of(std::span<const int> lines, const Description& description,
                                                bool is_default) const {
        for (const int line : lines) {
            const std::string said = lines_.comment_at(line);
            if (said.empty() || is_meaning(said)) continue;
            std::optional<std::string> source = source_in(said);
            if (!source) return fmt::format("{}: {}", by_, said);
            if (*source != description.source) return source;
            // A default has the source of its description; what was changed since has it no more.
            return is_default ? std::nullopt : std::optional(fmt::format("set by {}", by_));
        }
        if (is_default && lines_.are_of_template()) return std::nullopt;
        return fmt::format("set by {}", by_);
    }

  private:
    // Above it may stand the example of what would be in an empty collection.
    [[nodiscard]] bool is_meaning(std::string_view said) const {
        return std::ranges::any_of(meanings_, [said](const std::string& meaning) {
            return !meaning.empty() && said.ends_with(meaning);
        });
    }

    CommentedLines lines_;
    std::string by_;
    std::span<const std::string> meanings_;
};

}  // namespace

std::map<std::string, std::string> citations_of(const std::string& name,
                                                std::span<const std::filesystem::path> library_folders) {
    const std::filesystem::path file = locate_scenario(name, library_folders);
    Scenario scenario = load_scenario(name, library_folders);
    const Group tree = settable_tree(scenario);
    Scenario standard;
    std::vector<std::string> meanings;
    add_meanings(tree, meanings);
    std::map<std::string, std::string> citations;
    for (const ChainFile& each : load_chain({file, load_document(file)}, library_folders)) {
        const FileCitations in_file(each, meanings);
        std::set<std::string> changed;
        for (const WrittenParameter& written : written_in(each.root, tree, settable_tree(standard)))
            if (written.changes) changed.insert(written.path);
        for (const LeafPath& leaf : leaves_of(tree)) {
            const auto lines = lines_of(each.root, leaf.path);
            if (!lines) continue;
            if (auto said = in_file.of(*lines, leaf.leaf->description, !changed.contains(leaf.path)))
                citations[leaf.path] = std::move(*said);
            else
                citations.erase(leaf.path);
        }
    }
    return citations;
}

}  // namespace venturi
