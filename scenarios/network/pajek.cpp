#include "scenarios/network/pajek.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

namespace {

struct Token {
    std::string text;
    std::size_t byte = 0;
    bool quoted = false;
    bool closed = true;  // the quotes
};

/// A line in words, which may stand in quotes; empty where it is a comment or has none.
std::vector<Token> words_of(std::string_view line, std::size_t byte) {
    std::vector<Token> words;
    std::size_t at = 0;
    while (true) {
        at = line.find_first_not_of(" \t\r", at);
        if (at == std::string_view::npos || (words.empty() && line[at] == '%')) return words;
        if (line[at] == '"') {
            const std::size_t end = std::min(line.find('"', at + 1), line.size());
            words.push_back(
                {std::string(line.substr(at + 1, end - at - 1)), byte + at, true, end < line.size()});
            at = end + 1;
        } else {
            const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
            words.push_back({std::string(line.substr(at, end - at)), byte + at});
            at = end;
        }
        if (at >= line.size()) return words;
    }
}

class PajekReader {
  public:
    PajekReader(const SourceText& source, const NetworkOptions& options, FileProblems& problems)
        : source_(source), options_(options), problems_(problems) {}

    NetworkDraft read() {
        refuse_named_weight(options_, "Pajek's format", problems_);
        const std::string_view text = source_.text();
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::vector<Token> words = words_of(text.substr(at, end - at), at);
            if (!words.empty()) read_line(words);
            at = end + 1;
        }
        if (!has_vertices_) fail(0, "Pajek's format without *Vertices", "*Vertices 3");
        std::vector<std::string> numbers;
        for (std::size_t i = 1; i <= labels_.size(); ++i) numbers.push_back(std::to_string(i));
        draft_.names = names_or_ids(std::move(labels_), std::move(numbers), source_, draft_.warnings);
        draft_.form = fmt::format("Pajek: {} names", draft_.names.size());
        if (ignored_ > 0) draft_.remarks.push_back("what follows the weights in a line ignored");
        return std::move(draft_);
    }

  private:
    enum class Section { none, vertices, arcs, edges, arcs_list, edges_list };

    [[noreturn]] void fail(std::size_t byte, std::string message, std::string legal) {
        problems_.fail(byte, {.position = {}, .message = std::move(message), .legal = std::move(legal)});
    }

    void read_line(const std::vector<Token>& words) {
        if (words.front().text.starts_with('*') && !words.front().quoted) return begin_section(words);
        if (section_ != Section::none && !words.back().closed)
            return problems_.add(words.back().byte, {.position = {},
                                                     .message = "the quotes are not closed in this line",
                                                     .value = words.back().text,
                                                     .legal = "1 \"a name\""});
        switch (section_) {
            case Section::none:
                return;  // what describes the network
            case Section::vertices:
                return read_vertex(words);
            case Section::arcs:
            case Section::edges:
                return read_edge(words);
            case Section::arcs_list:
            case Section::edges_list:
                return read_list(words);
        }
    }

    void begin_section(const std::vector<Token>& words) {
        const Token& first = words.front();
        const std::string name = lower_case(first.text);
        if (name == "*network") {
            if (has_vertices_)
                fail(first.byte, "a second network; a network is one", "one *Network in a file");
            return;
        }
        if (name == "*vertices") return begin_vertices(words);
        if (!has_vertices_)
            fail(first.byte, fmt::format("{} before *Vertices", in_quotes(first.text)), "*Vertices 3");
        constexpr std::array<std::pair<std::string_view, Section>, 4> sections = {
            {{"*arcs", Section::arcs},
             {"*edges", Section::edges},
             {"*arcslist", Section::arcs_list},
             {"*edgeslist", Section::edges_list}}};
        const auto* const known = std::find_if(sections.begin(), sections.end(),
                                               [&](const auto& each) { return each.first == name; });
        if (known == sections.end())
            fail(first.byte, fmt::format("{} of Pajek's format is not read", in_quotes(first.text)),
                 "*Vertices, *Arcs, *Edges, *Arcslist, *Edgeslist");
        if (words.size() > 1 && words[1].text.starts_with(':')) {
            if (!relation_.empty() && relation_ != words[1].text)
                fail(first.byte, "a second relation; the edges of a network are of one kind",
                     "one relation in a file");
            relation_ = words[1].text;
        }
        section_ = known->second;
        if (draft_.edges.empty())
            draft_.directed = section_ == Section::arcs || section_ == Section::arcs_list;
    }

    void begin_vertices(const std::vector<Token>& words) {
        if (has_vertices_)
            fail(words.front().byte, "a second *Vertices; a network is one", "one network in a file");
        const std::optional<double> count =
            words.size() > 1 && is_whole_number(words[1].text) ? number_of(words[1].text) : std::nullopt;
        if (!count) fail(words.front().byte, "*Vertices without their number", "*Vertices 3");
        if (*count > static_cast<double>(options_.limits.vertices))
            fail(words.front().byte, fmt::format("more than {} vertices", options_.limits.vertices), {});
        has_vertices_ = true;
        section_ = Section::vertices;
        labels_.resize(static_cast<std::size_t>(*count));
        is_described_.resize(labels_.size());
    }

    // From 0; adds a problem where there is no vertex of this number.
    std::optional<std::uint32_t> vertex_of(const Token& word) {
        const std::optional<double> number = is_whole_number(word.text) ? number_of(word.text) : std::nullopt;
        if (number && *number >= 1 && *number <= static_cast<double>(labels_.size()))
            return static_cast<std::uint32_t>(*number) - 1;
        problems_.add(word.byte, {.position = {},
                                  .message = fmt::format("{} is no number of a vertex", in_quotes(word.text)),
                                  .value = word.text,
                                  .legal = fmt::format("1 to {}", labels_.size())});
        return std::nullopt;
    }

    void read_vertex(const std::vector<Token>& words) {
        const auto vertex = vertex_of(words.front());
        if (vertex && is_described_[*vertex])
            problems_.add(words.front().byte,
                          {.position = {},
                           .message = fmt::format("the vertex {} is there twice", words.front().text),
                           .value = words.front().text,
                           .legal = "each vertex once"});
        if (vertex) is_described_[*vertex] = true;
        if (!vertex || words.size() < 2) return;
        check_name(words[1].text, words[1].byte, problems_);
        labels_[*vertex] = words[1].text;
    }

    void add(const Token& one, const Token& other, bool directed, const Token* weight) {
        const auto source = vertex_of(one);
        const auto target = vertex_of(other);
        double weighs = 1;
        if (weight != nullptr) {
            weighs = read_weight(weight->text, weight->byte, options_, problems_);
            draft_.weighted = true;
        }
        if (source && target)
            add_edge(draft_.edges, {*source, *target, weighs, directed, one.byte}, options_.limits,
                     problems_);
    }

    void read_edge(const std::vector<Token>& words) {
        if (words.size() < 2) {
            problems_.add(words.front().byte,
                          {.position = {}, .message = "an edge of one end", .legal = "1 2, or 1 2 2.5"});
            return;
        }
        // Words behind the ends that are no number describe how the edge is drawn.
        const bool has_weight = words.size() > 2 && begins_number(words[2].text) && options_.weight != "none";
        if (words.size() > (has_weight ? 3U : 2U)) ++ignored_;
        add(words[0], words[1], section_ == Section::arcs, has_weight ? &words[2] : nullptr);
    }

    static bool begins_number(const std::string& text) {
        return !text.empty()
               && std::string_view("0123456789+-.").find(text.front()) != std::string_view::npos;
    }

    void read_list(const std::vector<Token>& words) {
        for (std::size_t i = 1; i < words.size(); ++i)
            add(words.front(), words[i], section_ == Section::arcs_list, nullptr);
    }

    const SourceText& source_;
    const NetworkOptions& options_;
    FileProblems& problems_;
    NetworkDraft draft_;
    std::vector<std::string> labels_;
    std::vector<bool> is_described_;  // vertices that have had a line
    std::string relation_;
    bool has_vertices_ = false;
    Section section_ = Section::none;
    std::size_t ignored_ = 0;
};

}  // namespace

bool is_pajek(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::vector<Token> words = words_of(text.substr(at, end - at), at);
        at = end + 1;
        if (words.empty()) continue;
        const std::string first = lower_case(words.front().text);
        return first == "*vertices" || first == "*network" || first == "*arcs" || first == "*edges";
    }
    return false;
}

NetworkDraft read_pajek(const SourceText& source, const NetworkOptions& options, FileProblems& problems) {
    return PajekReader(source, options, problems).read();
}

}  // namespace venturi
