#include "scenarios/documentation.hpp"

#include "scenarios/problem.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/resolved.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace venturi {
namespace {

constexpr std::string_view yes_or_no = "yes or no";

std::string unit_text(const Leaf& leaf) {
    const bool has_names = std::holds_alternative<ChoiceTarget>(leaf.target)
                           || std::holds_alternative<ReferenceTarget>(leaf.target);
    if (has_names || std::holds_alternative<bool*>(leaf.target)) return {};
    const std::string_view unit = unit_of(leaf.description.dimension);
    return unit == "1" ? std::string{} : std::string(unit);
}

bool is_limited(const Range& range) {
    return std::isfinite(range.low) || std::isfinite(range.high);
}

class TableBuilder {
  public:
    void add(const Group& group, const std::string& path) {
        for (const Member& member : group.members) {
            const std::string below =
                path.empty() ? std::string(member.name()) : fmt::format("{}.{}", path, member.name());
            if (const auto* leaf = std::get_if<Leaf>(&member.value))
                add(*leaf, below);
            else if (const auto* inner = std::get_if<Group>(&member.value))
                add(*inner, below);
            else
                add(std::get<Collection>(member.value).sample().group, below + ".NAME");
        }
    }

    std::vector<ParameterRow> rows;

  private:
    void add(const Leaf& leaf, const std::string& path) {
        const Description& description = leaf.description;
        rows.push_back({.path = path,
                        .unit = unit_text(leaf),
                        .default_value = leaf_text(leaf),
                        .legal = legal_text(leaf),
                        .plausible = is_limited(description.plausible)
                                         ? print_range(description.plausible, description.dimension)
                                         : std::string{},
                        .meaning = std::string(description.meaning),
                        .source = std::string(description.source),
                        .takes = description.takes});
    }
};

// Writes YAML line by line, at a depth, perhaps all of it as a comment.
class TemplateWriter {
  public:
    explicit TemplateWriter(const CitationOf& citation_of) : citation_of_(citation_of) {}

    void write(const Group& group, const std::string& path, int depth, bool explain) {
        for (const Member& member : group.members) {
            const std::string below =
                path.empty() ? std::string(member.name()) : fmt::format("{}.{}", path, member.name());
            if (const auto* leaf = std::get_if<Leaf>(&member.value))
                write(*leaf, below, depth, explain);
            else if (const auto* inner = std::get_if<Group>(&member.value))
                write_named(*inner, below, depth, explain, explain);
            else
                write(std::get<Collection>(member.value), below, depth, explain);
        }
    }

    std::string text;

  private:
    void write(const Leaf& leaf, const std::string& path, int depth, bool explain) {
        const std::optional<std::string> citation =
            citation_of_ ? citation_of_(path) : std::optional<std::string>{};
        if (explain) {
            comment(leaf.description.meaning, depth);
            std::string about = fmt::format("legal: {}; source: {}", legal_text(leaf),
                                            citation ? *citation : leaf.description.source);
            if (leaf.description.takes == Takes::effect_at_start_only) about += "; read at the start only";
            comment(about, depth);
        }
        const bool beside = !explain && citation.has_value();
        line(fmt::format("{}: {}{}{}", leaf.description.name, leaf_text(leaf), beside ? "  # source: " : "",
                         beside ? *citation : std::string{}),
             depth);
    }

    void write_named(const Group& group, const std::string& path, int depth, bool explain_group,
                     bool explain_members) {
        if (depth == 0) text += '\n';
        if (explain_group) comment(group.meaning, depth);
        line(fmt::format("{}:{}", group.name, group.members.empty() ? " {}" : ""), depth);
        write(group, path, depth + 1, explain_members);
    }

    void write(const Collection& collection, const std::string& path, int depth, bool explain) {
        if (depth == 0) text += '\n';
        if (explain) comment(collection.meaning, depth);
        line(fmt::format("{}:{}", collection.name, collection.elements.empty() ? " {}" : ""), depth);
        bool is_first = true;
        for (const Group& element : collection.elements) {
            write_named(element, fmt::format("{}.{}", path, element.name), depth + 1, false,
                        explain && is_first);
            is_first = false;
        }
        if (!collection.elements.empty() || commented_from_) return;
        comment("each under a name of its own, in place of { }:", depth + 1);
        commented_from_ = depth + 1;
        write_named(collection.sample().group, {}, depth + 1, false, explain);
        commented_from_.reset();
    }

    void comment(std::string_view words, int depth) {
        constexpr std::size_t width = 100;
        const std::size_t room =
            width - std::min<std::size_t>(width / 2, 2 * static_cast<std::size_t>(depth) + 2);
        while (!words.empty()) {
            std::size_t end = words.size();
            if (end > room) {
                end = words.rfind(' ', room);
                if (end == std::string_view::npos || end == 0) end = std::min(words.find(' '), words.size());
            }
            line(fmt::format("# {}", words.substr(0, end)), depth);
            words.remove_prefix(std::min(words.size(), end + 1));
        }
    }

    void line(std::string_view content, int depth) {
        // The mark of a comment stands in one column, so that taking it away leaves YAML.
        const int mark = commented_from_.value_or(0);
        text += fmt::format("{:{}}{}{:{}}{}\n", "", 2 * mark, commented_from_ ? "# " : "", "",
                            2 * (depth - mark), content);
    }

    const CitationOf& citation_of_;
    std::optional<int> commented_from_;
};

}  // namespace

std::string legal_text(const Leaf& leaf) {
    if (const auto* choice = std::get_if<ChoiceTarget>(&leaf.target))
        return listed(std::vector<std::string>(choice->names.begin(), choice->names.end()));
    if (std::holds_alternative<bool*>(leaf.target)) return std::string(yes_or_no);
    if (const auto* reference = std::get_if<ReferenceTarget>(&leaf.target))
        return fmt::format("a name in {}", reference->collection);
    return print_range(leaf.description.legal, leaf.description.dimension);
}

std::vector<ParameterRow> parameter_table(const Group& root) {
    TableBuilder table;
    table.add(root, root.name);
    return std::move(table.rows);
}

std::string commented_yaml(const Group& root, const CitationOf& citation_of) {
    TemplateWriter writer(citation_of);
    writer.write(root, root.name, 0, true);
    return std::move(writer.text);
}

}  // namespace venturi
