#include "scenarios/risk/xml_document.hpp"

#include "scenarios/regular_file.hpp"
#include "scenarios/text_encoding.hpp"

#include <boost/locale/utf.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <system_error>
#include <utility>

namespace venturi {
namespace {

[[noreturn]] void fail(SourcePosition position, std::string message, std::string legal = {}) {
    throw ScenarioError(
        Problem{.position = std::move(position), .message = std::move(message), .legal = std::move(legal)});
}

constexpr std::string_view white_space = " \t\r\n";

bool is_character(char32_t character) {
    const bool is_white = character == '\t' || character == '\n' || character == '\r';
    const bool is_control = character < 0x20 && !is_white;
    return !is_control && !(character >= 0xD800 && character < 0xE000) && character <= 0x10FFFF
           && character != 0xFFFE && character != 0xFFFF;
}

// Refuses what is no text before a parser sees it.
void check_text(const SourceText& source) {
    const std::string& text = source.text();
    auto position = text.begin();
    while (position != text.end()) {
        if (*position >= ' ') {  // of ASCII, which needs no decoding
            ++position;
            continue;
        }
        const auto start = position;
        const auto character = boost::locale::utf::utf_traits<char>::decode(position, text.end());
        const auto byte = static_cast<std::size_t>(start - text.begin());
        if (!boost::locale::utf::is_valid_codepoint(character))
            fail(source.at(byte), "not a text file: invalid UTF-8", "XML text in UTF-8");
        if (!is_character(character))
            fail(source.at(byte), fmt::format("not a text file: character {:#04x}", character),
                 "XML text in UTF-8");
    }
}

bool is_text(pugi::xml_node node) {
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

// Without recursion: the tree may be as deep as the file is long.
void check_tree(const pugi::xml_document& tree, const SourceText& source, const XmlLimits& limits) {
    std::size_t depth = 1;
    std::size_t nodes = 0;
    pugi::xml_node node = tree.first_child();
    while (node) {
        std::size_t attributes = 0;
        for (pugi::xml_attribute each = node.first_attribute(); each; each = each.next_attribute())
            ++attributes;
        if (attributes > limits.attributes)
            fail(source.at(XmlDocument::byte_of(node)),
                 fmt::format("an element with more than {} attributes", limits.attributes));
        nodes += 1 + attributes;
        if (nodes > limits.nodes) fail(source.whole(), fmt::format("more than {} nodes", limits.nodes));
        if (depth > limits.depth)
            fail(source.at(XmlDocument::byte_of(node)),
                 fmt::format("more than {} levels of nesting", limits.depth));
        if (node.first_child()) {
            node = node.first_child();
            ++depth;
            continue;
        }
        while (node && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        if (node) node = node.next_sibling();
    }
}

void check_top_level(const pugi::xml_document& tree, const SourceText& source) {
    bool has_root = false;
    for (const pugi::xml_node node : tree.children()) {
        const auto position = [&] { return source.at(XmlDocument::byte_of(node)); };
        if (node.type() == pugi::node_doctype) {
            if (std::string_view(node.value()).find('[') != std::string_view::npos)
                fail(position(), "declarations in the document type are not allowed",
                     "the document without entities of its own");
            if (has_root) fail(position(), "not well-formed XML: a document type after the first element");
        } else if (is_text(node)) {
            if (!trimmed(node.value()).empty())
                fail(position(), "not well-formed XML: text outside of the document's element");
        } else if (node.type() == pugi::node_element) {
            if (has_root) fail(position(), "not well-formed XML: a second element at the top");
            has_root = true;
        }
    }
    if (!has_root) fail(source.whole(), "holds no XML element", "an XML document");
}

// The character of "#65" or "#x41"; 0 where it is none.
char32_t referred_character(std::string_view reference) {
    const bool is_hexadecimal = reference.starts_with("#x");
    const std::string_view digits = reference.substr(is_hexadecimal ? 2 : 1);
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, is_hexadecimal ? 16 : 10);
    const bool is_read = error == std::errc{} && end == digits.data() + digits.size();
    return is_read && is_character(value) ? value : 0;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string without_references(std::string_view raw, std::string& entity) {
    constexpr auto names = std::to_array<std::pair<std::string_view, char>>(
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}});
    std::string text;
    while (true) {
        const std::size_t start = raw.find('&');
        text += raw.substr(0, start);
        if (start == std::string_view::npos) return text;
        raw.remove_prefix(start + 1);
        const std::size_t end = std::min(raw.find(';'), raw.size());
        const std::string_view reference = raw.substr(0, end);
        const auto* const named = std::find_if(names.begin(), names.end(),
                                               [&](const auto& each) { return each.first == reference; });
        const char32_t character = reference.starts_with('#') ? referred_character(reference) : 0;
        if (end < raw.size() && named != names.end()) {
            text += named->second;
        } else if (end < raw.size() && character != 0) {
            boost::locale::utf::utf_traits<char>::encode(character, std::back_inserter(text));
        } else {
            entity = reference;
            return text;
        }
        raw.remove_prefix(end + 1);
    }
}

std::size_t XmlDocument::byte_of(pugi::xml_node element) {
    const auto offset = static_cast<std::size_t>(std::max<std::ptrdiff_t>(element.offset_debug(), 0));
    return element.type() == pugi::node_element && offset > 0 ? offset - 1 : offset;
}

XmlDocument XmlDocument::load(const std::filesystem::path& file, const XmlLimits& limits) {
    return parse(read_regular_file(file, {.what = "a risk model",
                                          .form = "an XML file",
                                          .example = "plant.xml",
                                          .most_bytes = limits.bytes}),
                 file.string(), limits);
}

XmlDocument XmlDocument::parse(std::string text, std::string name, const XmlLimits& limits) {
    text = utf8_text(std::move(text), name);
    const auto source = std::make_shared<const SourceText>(std::move(name), std::move(text));
    if (source->text().size() > limits.bytes)
        fail(source->whole(), fmt::format("{} bytes are too many for a risk model", source->text().size()));
    check_text(*source);
    // References are not replaced here, so that those to unknown entities can be found.
    constexpr unsigned options = pugi::parse_minimal | pugi::parse_cdata | pugi::parse_doctype
                                 | pugi::parse_fragment | pugi::parse_eol | pugi::parse_wconv_attribute;
    auto tree = std::make_unique<pugi::xml_document>();
    const pugi::xml_parse_result result =
        tree->load_buffer(source->text().data(), source->text().size(), options, pugi::encoding_utf8);
    if (!result)
        fail(source->at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0))),
             fmt::format("not well-formed XML: {}", result.description()));
    check_top_level(*tree, *source);
    check_tree(*tree, *source, limits);
    return {source, std::move(tree)};
}

}  // namespace venturi
