#include "scenarios/risk/open_psa_includes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>

namespace venturi::open_psa {
namespace {

constexpr std::string_view xinclude = "http://www.w3.org/2001/XInclude";

bool is_include(std::string_view name) {
    return name == "include" || name.ends_with(":include");
}

// The name space that an element's prefix stands for, or that of elements without one.
std::string_view name_space_of(pugi::xml_node node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    const std::string declaration =
        colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
    for (; node; node = node.parent())
        if (const pugi::xml_attribute found = node.attribute(declaration.c_str())) return found.value();
    return {};
}

// By its text alone: nothing is looked up, let alone opened.
std::string normal_path(const std::filesystem::path& path) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    return (error ? path : absolute).lexically_normal().string();
}

// An include, and how deep it stands: 1 for a document's own element.
struct Found {
    std::uint32_t document;
    pugi::xml_node node;
    std::size_t depth;
};

class Scan {
  public:
    Scan(const std::vector<XmlDocument>& documents, const XmlLimits& limits)
        : documents_(documents), limits_(limits), depths_(documents.size()), includer_(documents.size()) {
        for (std::uint32_t i = 0; i < documents.size(); ++i)
            by_path_.try_emplace(normal_path(documents[i].source()->name()), i);
    }

    // Targets of all includes, as they were found.
    [[nodiscard]] const std::vector<Found>& found() const { return found_; }
    [[nodiscard]] const std::vector<std::uint32_t>& targets() const { return targets_; }

    void run() {
        for (std::uint32_t i = 0; i < documents_.size(); ++i) walk(i);
        for (std::uint32_t i = 0; i < found_.size(); ++i) resolve(i);
        problems_.throw_if_any();
        check_nesting();
        problems_.throw_if_any();
    }

  private:
    void walk(std::uint32_t document) {
        std::size_t depth = 1;
        pugi::xml_node node = documents_[document].root();
        const pugi::xml_node root = node;
        while (node) {
            depths_[document] = std::max(depths_[document], depth);
            if (node.type() == pugi::node_element && is_include(node.name()))
                found_.push_back({document, node, depth});
            if (node.first_child()) {
                node = node.first_child();
                ++depth;
                continue;
            }
            while (node != root && !node.next_sibling()) {
                node = node.parent();
                --depth;
            }
            if (node == root) return;
            node = node.next_sibling();
        }
    }

    [[nodiscard]] SourcePosition position_of(const Found& found) const {
        return documents_[found.document].source()->at(XmlDocument::byte_of(found.node));
    }

    void refuse(const Found& found, std::string message, std::string value = {}, std::string legal = {}) {
        problems_.add({.position = position_of(found),
                       .message = std::move(message),
                       .value = std::move(value),
                       .legal = std::move(legal)});
    }

    void resolve(std::uint32_t index) {
        targets_.push_back(0);
        const Found& found = found_[index];
        const std::string name = found.node.name();
        const std::string_view name_space = name_space_of(found.node);
        if (name.find(':') != std::string::npos && name_space != xinclude)
            return refuse(found, fmt::format("the prefix of '{}' does not stand for XInclude", name), name,
                          fmt::format("xmlns:xi=\"{}\"", xinclude));
        const char* const attribute = name_space == xinclude ? "href" : "file";
        for (const pugi::xml_attribute each : found.node.attributes()) {
            const std::string_view key = each.name();
            const bool is_whole = key == "parse" && std::string_view(each.value()) == "xml";
            if (key != attribute && !is_whole && key != "xmlns" && !key.starts_with("xmlns:"))
                return refuse(
                    found,
                    fmt::format("'{}' with {}: only a document as a whole is included", name, in_quotes(key)),
                    std::string(key), attribute);
        }
        for (const pugi::xml_node child : found.node.children())
            if (child.type() == pugi::node_element)
                return refuse(found, fmt::format("'{}' holds nothing", name), child.name(), attribute);
        std::string entity;
        const std::string written =
            std::string(trimmed(without_references(found.node.attribute(attribute).value(), entity)));
        if (written.empty() || !entity.empty())
            return refuse(found, fmt::format("'{}' names no file", name), {},
                          fmt::format("{}=\"the path of a file from this one's place\"", attribute));
        const std::filesystem::path place = documents_[found.document].source()->name();
        const auto target = by_path_.find(normal_path(place.parent_path() / written));
        if (target == by_path_.end())
            return refuse(found,
                          fmt::format("{} is not among the files that are read, and no other is opened",
                                      in_quotes(written)),
                          written, "a file that is named beside this one");
        std::optional<std::uint32_t>& includer = includer_[target->second];
        if (includer)
            return refuse(found,
                          fmt::format("{} is included twice, first at {}", in_quotes(written),
                                      to_text(position_of(found_[*includer]))),
                          written, "each file once");
        includer = index;
        targets_.back() = target->second;
    }

    // From those that nobody includes down to all that they include.
    void check_nesting() {
        std::vector<std::vector<std::uint32_t>> includes_of(documents_.size());
        for (std::uint32_t i = 0; i < found_.size(); ++i) includes_of[found_[i].document].push_back(i);
        std::vector<std::size_t> depth_of(documents_.size());  // of a document's own element, from 0
        std::vector<bool> reached(documents_.size());
        std::vector<std::uint32_t> open;
        for (std::uint32_t i = 0; i < documents_.size(); ++i)
            if (!includer_[i]) open.push_back(i);
        while (!open.empty()) {
            const std::uint32_t document = open.back();
            open.pop_back();
            reached[document] = true;
            for (const std::uint32_t include : includes_of[document]) {
                const std::uint32_t target = targets_[include];
                depth_of[target] = depth_of[document] + found_[include].depth - 1;
                if (depth_of[target] + depths_[target] > limits_.depth)
                    return refuse(
                        found_[include],
                        fmt::format("more than {} levels of nesting, with the file that is included",
                                    limits_.depth));
                open.push_back(target);
            }
        }
        const auto unreached = std::find(reached.begin(), reached.end(), false);
        if (unreached == reached.end()) return;
        // As each has one that includes it, the way back ends in a circle.
        auto document = static_cast<std::uint32_t>(unreached - reached.begin());
        for (std::size_t i = 0; i < documents_.size(); ++i) document = found_[*includer_[document]].document;
        refuse(found_[*includer_[document]], "files include each other in a circle", {},
               "files that don't lead back to themselves");
    }

    const std::vector<XmlDocument>& documents_;
    const XmlLimits& limits_;
    std::unordered_map<std::string, std::uint32_t> by_path_;
    std::vector<std::size_t> depths_;
    std::vector<Found> found_;
    std::vector<std::uint32_t> targets_;
    std::vector<std::optional<std::uint32_t>> includer_;  // of each document, into found_
    ProblemList problems_;
};

}  // namespace

Includes::Includes(const std::vector<XmlDocument>& documents, const XmlLimits& limits)
    : included_(documents.size()) {
    Scan scan(documents, limits);
    scan.run();
    for (std::size_t i = 0; i < scan.found().size(); ++i) {
        const Found& found = scan.found()[i];
        document_at_[{found.document, XmlDocument::byte_of(found.node)}] = scan.targets()[i];
        included_[scan.targets()[i]] = true;
    }
}

std::optional<std::uint32_t> Includes::document_at(std::uint32_t document, pugi::xml_node node) const {
    if (document_at_.empty() || !is_include(node.name())) return std::nullopt;
    const auto found = document_at_.find({document, XmlDocument::byte_of(node)});
    return found == document_at_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace venturi::open_psa
