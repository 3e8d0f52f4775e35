// XML from people we do not know: whatever the bytes, a tree with positions or a clear error. Nothing is ever
// fetched or expanded: a document type with declarations of its own is refused, and so is every entity but
// the five of XML itself.
#pragma once

#include "scenarios/problem.hpp"
#include "scenarios/risk/source_text.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace venturi {

/// A parsed document, which its elements point into.
class XmlDocument {
  public:
    /// Reads a file. Throws ScenarioError where it is missing, no regular file, too large, not text (UTF-8,
    /// UTF-16, or ISO 8859-1 where its declaration says so),
    /// not one well-formed XML document, nested too deeply, or with declarations in its document type.
    [[nodiscard]] static XmlDocument load(const std::filesystem::path& file, const XmlLimits& limits = {});

    /// As `load`, from text; `name` stands for the file in messages.
    [[nodiscard]] static XmlDocument parse(std::string text, std::string name, const XmlLimits& limits = {});

    [[nodiscard]] pugi::xml_node root() const { return tree_->document_element(); }
    [[nodiscard]] const std::shared_ptr<const SourceText>& source() const { return source_; }

    /// Byte of an element's `<`.
    [[nodiscard]] static std::size_t byte_of(pugi::xml_node element);

  private:
    XmlDocument(std::shared_ptr<const SourceText> source, std::unique_ptr<pugi::xml_document> tree)
        : source_(std::move(source)), tree_(std::move(tree)) {}

    std::shared_ptr<const SourceText> source_;
    std::unique_ptr<pugi::xml_document> tree_;
};

/// Replaces the five entities of XML and character references in a text as it is written; `entity` receives
/// the first that is neither, and is left alone where all are.
[[nodiscard]] std::string without_references(std::string_view raw, std::string& entity);

/// Without white space at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace venturi
