// YAML documents from people we do not know: whatever the bytes, a tree with positions or a clear error.
#pragma once

#include "scenarios/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace venturi {

/// One node of a document, with the place where it is written.
struct DocumentNode {
    enum class Kind : std::uint8_t {
        nothing,  ///< `~`, `null`, or no value at all
        text,     ///< a scalar, as written
        list,
        map,
    };
    struct Key {
        std::string text;
        SourcePosition position = {};
    };

    Kind kind = Kind::nothing;
    SourcePosition position = {};          ///< of its key where kind is nothing and it has one
    std::string text = {};                 ///< where kind is text
    std::vector<Key> keys = {};            ///< where kind is map: the names of `items`, all different
    std::vector<DocumentNode> items = {};  ///< where kind is list or map

    /// The value under a key of a map; null where it has none.
    [[nodiscard]] const DocumentNode* find(std::string_view key) const;
};

/// What a node is, in words: "a map", "the text '18 months'".
[[nodiscard]] std::string describe_kind(const DocumentNode& node);

/// What a document may be at most. Hostile files stay within them: no alias is ever followed.
struct DocumentLimits {
    std::uintmax_t bytes = std::uintmax_t{4} << 20;
    std::size_t depth = 40;
    std::size_t nodes = 100'000;
};

/// Reads a YAML file. What an error says repeats nothing of it, as it may be anybody's. Throws ScenarioError
/// where it is missing, no regular file, empty, too large, not text in UTF-8, not one YAML document, nested
/// too deeply, or has an anchor, alias, tag, duplicate key or a key that is no text.
[[nodiscard]] DocumentNode load_document(const std::filesystem::path& file,
                                         const DocumentLimits& limits = {});

/// As load_document, from text; `name` stands for the file in messages. Columns of the first line begin at
/// `first_column`.
[[nodiscard]] DocumentNode parse_document(std::string_view text, const std::string& name,
                                          const DocumentLimits& limits = {}, int first_column = 1);

}  // namespace venturi
