// Documents that include each other: XInclude's <xi:include href="..."/> and the format's own
// <include file="..."/>. Only documents that are read anyway can be included; no other file is opened.
#pragma once

#include "scenarios/risk/xml_document.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <utility>
#include <vector>

namespace venturi::open_psa {

/// Which document stands in the place of which element. Every document is included once at most.
class Includes {
  public:
    Includes() = default;

    /// A name in a document is a path from that document's own place. Throws ScenarioError where a document
    /// includes what is not among `documents`, itself or one that includes it, what another includes too, or
    /// only a part of a document; and where they would be nested deeper than `limits` allow for one.
    Includes(const std::vector<XmlDocument>& documents, const XmlLimits& limits);

    /// Whether another document includes this one.
    [[nodiscard]] bool is_included(std::uint32_t document) const { return included_.at(document); }

    /// The document that an element of another includes; empty where the element is no include.
    [[nodiscard]] std::optional<std::uint32_t> document_at(std::uint32_t document, pugi::xml_node node) const;

  private:
    std::map<std::pair<std::uint32_t, std::size_t>, std::uint32_t> document_at_;  // by document and byte
    std::vector<bool> included_;
};

}  // namespace venturi::open_psa
