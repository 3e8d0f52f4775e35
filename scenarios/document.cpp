#include "scenarios/document.hpp"

#include "scenarios/text_encoding.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace venturi {
namespace {

// The bytes of a text, the same as a YAML parser sees them, as places for people: columns count characters.
class Places {
  public:
    Places(std::string_view text, std::string file, int first_column)
        : text_(text), file_(std::move(file)), first_column_(first_column) {}

    [[nodiscard]] SourcePosition whole() const { return {.file = file_}; }

    [[nodiscard]] SourcePosition at(const YAML::Mark& mark) {
        if (mark.is_null()) return whole();
        advance_to(mark.line, mark.column);
        return place(mark.line, characters_);
    }

    /// The text from a mark on.
    [[nodiscard]] std::string_view rest_from(const YAML::Mark& mark) {
        advance_to(mark.line, mark.column);
        return text_.substr(std::min(text_.size(), line_start_ + static_cast<std::size_t>(bytes_)));
    }

    [[nodiscard]] SourcePosition at_byte(std::size_t byte) {
        const std::string_view before = text_.substr(0, byte);
        const auto line = std::count(before.begin(), before.end(), '\n');
        const std::size_t line_start = before.rfind('\n') + 1;
        return place(static_cast<int>(line), count_characters(before.substr(line_start)));
    }

  private:
    static int count_characters(std::string_view bytes) {
        return static_cast<int>(
            std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
    }

    [[nodiscard]] SourcePosition place(int line, int column) const {
        return {.file = file_, .line = line + 1, .column = column + (line == 0 ? first_column_ : 1)};
    }

    // Marks come in order but for a few, so each line is counted through once.
    void advance_to(int line, int column) {
        if (line < line_) {
            line_ = 0;
            line_start_ = 0;
        }
        if (line != line_ || column < bytes_) bytes_ = characters_ = 0;
        while (line_ < line) {
            const std::size_t end = text_.find('\n', line_start_);
            if (end == std::string_view::npos) break;
            line_start_ = end + 1;
            ++line_;
        }
        const auto from = std::min(text_.size(), line_start_ + static_cast<std::size_t>(bytes_));
        characters_ += count_characters(text_.substr(from, static_cast<std::size_t>(column - bytes_)));
        bytes_ = column;
    }

    std::string_view text_;
    std::string file_;
    int first_column_;
    int line_ = 0;
    std::size_t line_start_ = 0;
    int bytes_ = 0;
    int characters_ = 0;
};

[[noreturn]] void fail(SourcePosition position, std::string message, std::string legal = {}) {
    throw ScenarioError(
        Problem{.position = std::move(position), .message = std::move(message), .legal = std::move(legal)});
}

std::string words_for(const UnfitCharacter& unfit) {
    const auto code = static_cast<std::uint32_t>(unfit.character);
    constexpr std::uint32_t last = 0x10FFFF;
    return code > last ? std::string("invalid UTF-8") : fmt::format("{}, U+{:04X}", unfit.kind, code);
}

// Builds the tree from the parser's events, so that what is not allowed is refused before it costs anything.
class TreeOfEvents final : public YAML::EventHandler {
  public:
    TreeOfEvents(Places& places, const DocumentLimits& limits) : places_(places), limits_(limits) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add({.position = places_.at(mark)});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        fail(places_.at(mark), "an alias (*name) is not allowed in a scenario",
             "the value itself, or a file of its own that is named by 'extends'");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (tag == "!") refuse_open_quote(mark);
        // What an escape such as "\e" or "\uFFFE" makes.
        if (const auto unfit = unfit_for_text(value))
            fail(places_.at(mark), fmt::format("a text with {}", words_for(*unfit)),
                 "text that can be shown");
        add({.kind = DocumentNode::Kind::text, .position = places_.at(mark), .text = value});
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, DocumentNode::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, DocumentNode::Kind::map);
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] DocumentNode take_root() { return std::move(root_); }

  private:
    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor == YAML::NullAnchor) return;
        fail(places_.at(mark), "an anchor (&name) is not allowed in a scenario",
             "the value itself, or a file of its own that is named by 'extends'");
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        fail(places_.at(mark), "a tag (!name) is not allowed in a scenario", "the value without it");
    }

    // The parser takes the end of the file for a closing quote, and so would swallow every key that follows.
    void refuse_open_quote(const YAML::Mark& mark) {
        const std::string_view rest = places_.rest_from(mark);
        if (rest.starts_with('!')) refuse_tag(mark, "! ");
        if (!rest.starts_with('\'') && !rest.starts_with('"')) return;
        for (std::size_t i = 1; i < rest.size(); ++i) {
            const bool is_escape =
                (rest[0] == '"' && rest[i] == '\\') || (rest[0] == '\'' && rest.substr(i, 2) == "''");
            if (is_escape)
                ++i;
            else if (rest[i] == rest[0])
                return;
        }
        fail(places_.at(mark), "a quote is opened here and never closed");
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              DocumentNode::Kind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (open_.size() >= limits_.depth)
            fail(places_.at(mark), fmt::format("more than {} levels of nesting", limits_.depth));
        if (!open_.empty() && expects_key(open_.back())) refuse_key(places_.at(mark));
        open_.push_back({.kind = kind, .position = places_.at(mark)});
        count();
    }

    void close() {
        DocumentNode node = std::move(open_.back());
        open_.pop_back();
        refuse_duplicates(node);
        place(std::move(node));
    }

    void add(DocumentNode node) {
        count();
        place(std::move(node));
    }

    void place(DocumentNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        DocumentNode& parent = open_.back();
        if (!expects_key(parent)) {
            // The parser places a value that is not there at whatever comes next, lines below.
            if (parent.kind == DocumentNode::Kind::map && node.kind == DocumentNode::Kind::nothing)
                node.position = parent.keys.back().position;
            parent.items.push_back(std::move(node));
            return;
        }
        if (node.kind != DocumentNode::Kind::text) refuse_key(node.position);
        parent.keys.push_back({.text = std::move(node.text), .position = std::move(node.position)});
    }

    static bool expects_key(const DocumentNode& node) {
        return node.kind == DocumentNode::Kind::map && node.keys.size() == node.items.size();
    }

    [[noreturn]] static void refuse_key(SourcePosition position) {
        fail(std::move(position), "a key must be a name", "name: value");
    }

    static void refuse_duplicates(const DocumentNode& node) {
        std::unordered_map<std::string_view, const DocumentNode::Key*> seen;
        std::vector<Problem> problems;
        for (const DocumentNode::Key& key : node.keys) {
            const auto [first, is_new] = seen.try_emplace(key.text, &key);
            if (is_new) continue;
            problems.push_back(
                {.position = key.position,
                 .message = fmt::format("a key is given twice, first in line {} and again in line {}",
                                        first->second->position.line, key.position.line),
                 .legal = "each key once"});
            if (problems.size() == ProblemList::most_reported) break;
        }
        if (!problems.empty()) throw ScenarioError(std::move(problems));
    }

    void count() {
        if (++nodes_ > limits_.nodes)
            fail(places_.whole(), fmt::format("more than {} values", limits_.nodes));
    }

    Places& places_;
    const DocumentLimits& limits_;
    DocumentNode root_;
    std::vector<DocumentNode> open_;
    std::size_t nodes_ = 0;
};

// Refuses what is no text before a parser sees it.
void check_text(std::string_view text, Places& places) {
    if (const auto unfit = unfit_for_text(text))
        fail(places.at_byte(unfit->byte), fmt::format("not a text file: {}", words_for(*unfit)),
             "YAML text in UTF-8");
}

std::string read_bytes(const std::filesystem::path& file, const DocumentLimits& limits) {
    const SourcePosition position{.file = file.string()};
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) fail(position, "no such file");
    if (std::filesystem::is_directory(status))
        fail(position, "is a directory; a scenario is a YAML file",
             "the path of a file such as company.yaml");
    if (!std::filesystem::is_regular_file(status)) fail(position, "is not a regular file");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) fail(position, fmt::format("can't be read: {}", error.message()));
    if (size > limits.bytes)
        fail(position, fmt::format("{} bytes are too many for a scenario", size),
             fmt::format("at most {} bytes", limits.bytes));
    std::ifstream stream(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream.is_open() || stream.bad()) fail(position, "can't be read");
    return bytes;
}

}  // namespace

const DocumentNode* DocumentNode::find(std::string_view key) const {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [key](const Key& each) { return each.text == key; });
    if (found == keys.end()) return nullptr;
    return &items[static_cast<std::size_t>(found - keys.begin())];
}

std::string describe_kind(const DocumentNode& node) {
    switch (node.kind) {
        case DocumentNode::Kind::nothing:
            return "nothing";
        case DocumentNode::Kind::list:
            return "a list";
        case DocumentNode::Kind::map:
            return "a map";
        case DocumentNode::Kind::text:
            break;
    }
    return fmt::format("the text {}", in_quotes(node.text));
}

DocumentNode parse_document(std::string_view text, const std::string& name, const DocumentLimits& limits,
                            int first_column) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    Places places(text, name, first_column);
    check_text(text, places);
    TreeOfEvents tree(places, limits);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(tree))
            fail(places.whole(), "is empty", "a YAML map of names to values");
        DocumentNode root = tree.take_root();
        if (parser)
            fail(places.whole(), "holds more than one YAML document",
                 "one document: no second '---', nothing after the first");
        return root;
    } catch (const YAML::Exception& error) {
        // Behind a colon it repeats what is written.
        const std::string reason = error.msg.substr(0, error.msg.find(": "));
        fail(places.at(error.mark), fmt::format("not YAML that can be read: {}", reason));
    }
}

DocumentNode load_document(const std::filesystem::path& file, const DocumentLimits& limits) {
    return parse_document(read_bytes(file, limits), file.string(), limits);
}

}  // namespace venturi
