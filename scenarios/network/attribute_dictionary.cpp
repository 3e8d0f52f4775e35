#include "scenarios/network/attribute_dictionary.hpp"

#include "scenarios/counted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr std::string_view blanks = " \t";

/// A line that is neither empty nor a comment, and where it begins.
struct DataLine {
    std::string_view text = {};
    std::size_t byte = 0;
};

std::optional<DataLine> next_line(std::string_view text, std::size_t& at) {
    while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        const std::size_t first = std::min(line.find_first_not_of(" \t\r"), line.size());
        const std::size_t byte = at + first;
        at = end + 1;
        line.remove_prefix(first);
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        if (!line.empty() && line.front() != '#') return DataLine{line, byte};
    }
    return std::nullopt;
}

/// An attribute as it is written.
struct Attribute {
    std::string name = {};
    std::string_view value = {};
    std::size_t key_at = 0;  ///< where the name begins, in the dictionary
    std::size_t at = 0;      ///< where the value begins
};

/// Reads `{'weight': 1.0, 'kind': 'a'}`; what values are is not looked at, but for where they end.
class DictionaryReader {
  public:
    explicit DictionaryReader(std::string_view text) : text_(text) {}

    /// Empty where the text is no dictionary.
    std::optional<std::vector<Attribute>> read() {
        std::vector<Attribute> attributes;
        if (!take('{')) return std::nullopt;
        if (take('}')) return ends() ? std::optional(attributes) : std::nullopt;
        do {
            skip();
            const std::size_t key_at = at_;
            const auto name = key();
            if (!name || !take(':')) return std::nullopt;
            skip();
            const std::size_t begin = at_;
            if (!pass_value()) return std::nullopt;
            const std::string_view value = text_.substr(begin, at_ - begin);
            attributes.push_back({*name, value.substr(0, value.find_last_not_of(blanks) + 1), key_at, begin});
        } while (take(','));
        if (!take('}') || !ends()) return std::nullopt;
        return attributes;
    }

  private:
    void skip() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }
    bool take(char c) {
        skip();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool ends() {
        skip();
        return at_ == text_.size();
    }
    // Behind the quote that closes what opens here; false where none does.
    bool pass_quotes() {
        const char quote = text_[at_++];
        while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2 : 1;
        return at_++ < text_.size();
    }
    std::optional<std::string> key() {
        skip();
        if (at_ >= text_.size()) return std::nullopt;
        const std::size_t begin = at_;
        if (text_[at_] == '\'' || text_[at_] == '"') {
            if (!pass_quotes()) return std::nullopt;
            return std::string(text_.substr(begin + 1, at_ - begin - 2));
        }
        at_ = std::min(text_.find_first_of(":,}", at_), text_.size());
        return std::string(text_.substr(begin, at_ - begin));
    }
    // Up to the comma or brace that ends it.
    bool pass_value() {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\'' || c == '"') {
                if (!pass_quotes()) return false;
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}')) return true;
            if (c == '(' || c == '[' || c == '{') ++depth;
            if (c == ')' || c == ']' || c == '}') {
                if (depth == 0) return false;
                --depth;
            }
            ++at_;
        }
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Reads the lines one after another.
class ListReader {
  public:
    ListReader(const SourceText& source, const NetworkOptions& options, FileProblems& problems)
        : source_(source), options_(options), problems_(problems), names_(problems, options.limits) {}

    NetworkDraft read() {
        std::size_t at = 0;
        while (const auto line = next_line(source_.text(), at)) read_line(*line);
        if (weighted_ > 0 && first_without_weight_)
            problems_.add(*first_without_weight_,
                          {.position = {},
                           .message = fmt::format("an edge without {} in a list where others have one",
                                                  in_quotes(weight_name())),
                           .legal = "a weight of each edge, or --weight none"});
        else if (weighted_ == 0 && !options_.weight.empty() && options_.weight != "none"
                 && !draft_.edges.empty())
            problems_.add(0,
                          {.position = {},
                           .message = fmt::format("no edge has an attribute {}", in_quotes(options_.weight)),
                           .value = options_.weight,
                           .legal = listed(others_) + (others_.empty() ? "none" : ", none"),
                           .nearest = nearest_name(options_.weight, others_)});
        draft_.weighted = weighted_ > 0;
        draft_.names = std::move(names_).take();
        draft_.form = "networkx's list with dictionaries";
        if (draft_.weighted) draft_.form += fmt::format(": {} as weight", weight_name());
        for (const std::string& name : others_)
            draft_.form +=
                fmt::format("{} {} ignored", draft_.form.find(':') == std::string::npos ? ":" : ",", name);
        return std::move(draft_);
    }

  private:
    [[nodiscard]] std::string weight_name() const {
        return options_.weight.empty() ? "weight" : options_.weight;
    }

    void refuse(std::size_t byte, std::string message) {
        problems_.add(byte, {.position = {}, .message = std::move(message), .legal = "a b {'weight': 1.0}"});
    }

    void read_line(const DataLine& line) {
        const std::size_t brace = line.text.find('{');
        const auto attributes = DictionaryReader(line.text.substr(brace)).read();
        if (!attributes) return refuse(line.byte + brace, "no dictionary of attributes in Python's form");
        const std::vector<DataLine> ends = ends_of({line.text.substr(0, brace), line.byte});
        if (ends.size() != 2)
            return refuse(line.byte, fmt::format("{} before the dictionary, where an edge has two ends",
                                                 counted(ends.size(), "name")));
        EdgeDraft edge{.source = names_.number_of(std::string(ends[0].text), ends[0].byte),
                       .target = names_.number_of(std::string(ends[1].text), ends[1].byte),
                       .directed = options_.directed || options_.obligations,
                       .byte = line.byte};
        bool has_weight = false;
        std::unordered_set<std::string_view> seen;
        for (const Attribute& attribute : *attributes) {
            if (!seen.insert(attribute.name).second)
                problems_.add(line.byte + brace + attribute.key_at,
                              {.position = {},
                               .message = fmt::format("the key {} is there twice in a dictionary",
                                                      in_quotes(attribute.name)),
                               .value = attribute.name,
                               .legal = "each key once"});
            if (attribute.name == weight_name() && options_.weight != "none") {
                edge.weight =
                    read_weight(attribute.value, line.byte + brace + attribute.at, options_, problems_);
                has_weight = true;
            } else {
                note_other(attribute.name, line.byte + brace);
            }
        }
        weighted_ += has_weight ? 1 : 0;
        if (!has_weight && !first_without_weight_) first_without_weight_ = line.byte;
        add_edge(draft_.edges, edge, options_.limits, problems_);
    }

    // Separated by commas where there is one.
    static std::vector<DataLine> ends_of(DataLine rest) {
        const std::string_view separators = rest.text.find(',') != std::string_view::npos ? "," : blanks;
        std::vector<DataLine> ends;
        std::size_t at = 0;
        while (at < rest.text.size()) {
            const std::size_t end = std::min(rest.text.find_first_of(separators, at), rest.text.size());
            std::size_t first = std::min(rest.text.find_first_not_of(blanks, at), end);
            std::size_t last = end;
            while (last > first && blanks.find(rest.text[last - 1]) != std::string_view::npos) --last;
            if (last > first) ends.push_back({rest.text.substr(first, last - first), rest.byte + first});
            at = end + 1;
        }
        return ends;
    }

    void note_other(const std::string& name, std::size_t byte) {
        constexpr std::size_t most_noted = 12;
        if (others_.size() >= most_noted || std::find(others_.begin(), others_.end(), name) != others_.end())
            return;
        check_name(name, byte, problems_, "an attribute");
        others_.push_back(name);
    }

    const SourceText& source_;
    const NetworkOptions& options_;
    FileProblems& problems_;
    VertexNames names_;
    NetworkDraft draft_;
    std::size_t weighted_ = 0;
    std::optional<std::size_t> first_without_weight_;
    std::vector<std::string> others_;  // attributes
};

}  // namespace

bool is_list_with_dictionaries(const SourceText& source) {
    std::size_t at = 0;
    bool is_any = false;
    while (const auto line = next_line(source.text(), at)) {
        is_any = line->text.back() == '}' && line->text.find('{') != std::string_view::npos;
        if (!is_any) return false;
    }
    return is_any;
}

NetworkDraft read_list_with_dictionaries(const SourceText& source, const NetworkOptions& options,
                                         FileProblems& problems) {
    return ListReader(source, options, problems).read();
}

}  // namespace venturi
