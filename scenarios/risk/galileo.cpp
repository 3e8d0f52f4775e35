#include "scenarios/risk/galileo.hpp"

#include "scenarios/regular_file.hpp"
#include "scenarios/risk/galileo_words.hpp"
#include "scenarios/risk/keyword_hint.hpp"
#include "scenarios/risk/life_limits.hpp"
#include "scenarios/risk/tree_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace venturi {
namespace {

using namespace galileo;
using Kind = GalileoWord::Kind;
using Words = std::span<const GalileoWord>;

bool begins_with_keyword(Words words) {
    const GalileoWord& first = words.front();
    return first.kind == Kind::bare
           && (first.text == "toplevel" || first.text == "param" || first.text == "page");
}

// Whether a statement has the form of one, right or wrong: a keyword first, or a kind or an attribute second.
bool has_form(Words words) {
    if (begins_with_keyword(words)) return true;
    if (words.size() < 2 || words[0].kind == Kind::equals) return false;
    if (words.size() > 2 && words[2].kind == Kind::equals) return true;
    const std::string& kind = words[1].text;
    return words[1].kind == Kind::bare
           && (kind == "pdep" || find_gate_kind(kind) != nullptr || vote_of(kind)
               || !foreign_gate_kind(kind).empty());
}

// Whether words without a form are a statement with a slip of the pen, which must not be passed over.
bool is_nearly_statement(Words words) {
    constexpr std::size_t shortest = 3;  // of a word whose neighbours are not mostly other words
    return words.size() > 1 && words[1].text.size() >= shortest
           && !nearest_name(words[1].text, names_of_gate_kinds()).empty();
}

// Turns statements into a draft.
class GalileoReader {
  public:
    explicit GalileoReader(const std::string& file) : file_(file) {}

    [[nodiscard]] TreeContents read(GalileoText text) {
        const std::vector<GalileoStatement>& statements = text.statements;
        warnings_ = std::move(text.warnings);
        if (statements.empty())
            problems_.add({.position = {.file = file_},
                           .message = "is empty",
                           .legal = "statements that end with semicolons: toplevel \"name\"; ..."});
        else if (std::none_of(statements.begin(), statements.end(),
                              [](const GalileoStatement& each) { return has_form(each.words); }))
            // Whatever it is, none of it is shown.
            problems_.add({.position = {.file = file_},
                           .message = "is no tree in Galileo's text format: nothing in it has the form of a "
                                      "statement",
                           .legal = "toplevel \"name\"; \"name\" and \"A\" \"B\"; \"A\" lambda=0.1; ..."});
        problems_.throw_if_any();
        for (const GalileoStatement& each : statements) declare_parameters(each.words);
        for (const GalileoStatement& each : statements) read_after_semicolon(each);
        problems_.throw_if_any();
        set_dormancies();
        TreeContents contents = assemble(draft_, problems_);
        contents.warnings.insert(contents.warnings.end(), warnings_.begin(), warnings_.end());
        std::stable_sort(contents.warnings.begin(), contents.warnings.end(),
                         [](const Problem& a, const Problem& b) { return a.position < b.position; });
        return contents;
    }

  private:
    using Values = std::map<std::string_view, double>;

    void add(const GalileoWord& word, std::string message, std::string legal = {}, std::string nearest = {}) {
        problems_.add({.position = word.position,
                       .message = std::move(message),
                       .value = word.text,
                       .legal = std::move(legal),
                       .nearest = std::move(nearest)});
    }

    void declare_parameters(Words words) {
        if (words.front().kind != Kind::bare || words.front().text != "param") return;
        for (const GalileoWord& word : words.subspan(1)) parameters_.insert(word.text);
    }

    // Signs without a letter or digit are no name that anything could mean.
    static bool names_nothing(const GalileoWord& word) {
        return word.kind == Kind::bare && std::none_of(word.text.begin(), word.text.end(), [](char sign) {
                   const auto byte = static_cast<unsigned char>(sign);
                   return byte >= 0x80 || std::isalnum(byte) != 0 || sign == '_';
               });
    }

    // What follows a semicolon on its line may be a remark.
    void read_after_semicolon(const GalileoStatement& statement) {
        Words words = statement.words;
        if (statement.shares_line && !has_form(words)) {
            const auto next_line = std::find_if(words.begin(), words.end(), [&](const GalileoWord& word) {
                return word.position.line != words.front().position.line;
            });
            const auto count = static_cast<std::size_t>(next_line - words.begin());
            const bool is_remark = count < words.size() || words.size() == 1 || !statement.has_end;
            if (is_remark && !is_nearly_statement(words.first(count))) {
                warnings_.push_back({.position = words.front().position,
                                     .message = fmt::format("what follows the semicolon is passed over: {}",
                                                            in_quotes(words.front().text)),
                                     .value = words.front().text,
                                     .legal = "a statement, or a comment: // ..."});
                words = words.subspan(count);
            }
        }
        if (words.empty()) return;
        if (statement.has_end)
            read_statement(words);
        else if (std::all_of(words.begin(), words.end(), names_nothing))
            warnings_.push_back({.position = words.front().position,
                                 .message = fmt::format("what follows the last semicolon is passed over: {}",
                                                        in_quotes(words.front().text)),
                                 .value = words.front().text,
                                 .legal = "a statement, or a comment: // ..."});
        else
            add(words.front(),
                fmt::format("the statement that begins with {} has no end", in_quotes(words.front().text)),
                "a semicolon after each statement");
    }

    void read_statement(Words words) {
        const GalileoWord& first = words.front();
        const bool bare = first.kind == Kind::bare;
        if (first.kind == Kind::equals) {
            add(first, "a statement begins with '='", "a name, or toplevel");
        } else if (bare && first.text == "toplevel") {
            read_toplevel(words);
        } else if (bare && first.text == "param") {
            add(first,
                fmt::format("{} is a parameter without a value, as newer trees have them: what is asked for "
                            "would be a formula and not a number",
                            in_quotes(words.size() > 1 ? words[1].text : std::string{})),
                "a number in each place of the parameter");
        } else if (bare && first.text == "page") {
            warnings_.push_back({.position = first.position,
                                 .message = "'page' is passed over: it says where a tree is drawn",
                                 .value = first.text});
        } else if (words.size() == 1) {
            add(first, fmt::format("nothing is said of {}", in_quotes(first.text)),
                "NAME KIND INPUTS; or NAME ATTRIBUTE=NUMBER;");
        } else if (words[1].kind == Kind::bare && words[1].text == "toplevel") {
            add(words[1],
                fmt::format("'toplevel' is in a statement that begins with {}", in_quotes(first.text)),
                "a semicolon before it; remarks after //");
        } else if (words.size() > 2 && words[1].text != "pdep" && words[2].kind == Kind::equals) {
            read_event(words);
        } else {
            read_gate(words);
        }
    }

    void read_toplevel(Words words) {
        if (words.size() != 2 || words[1].kind == Kind::equals) {
            add(words.front(), "'toplevel' needs one name", "toplevel \"name\";");
        } else if (draft_.top) {
            add(words.front(),
                fmt::format("the top event is named twice, first in line {}", draft_.top->position.line),
                "one 'toplevel'");
        } else {
            draft_.top = DraftArgument{.name = words[1].text, .position = words[1].position};
        }
    }

    // Gates.

    void read_gate(Words words) {
        DraftGate gate;
        std::size_t next = 2;
        std::optional<Vote> vote;
        if (!read_kind(words, gate, next, vote)) return;
        for (; next < words.size(); ++next) {
            const GalileoWord& word = words[next];
            if (word.kind == Kind::equals) {
                add(word, fmt::format("an attribute of the gate {}", in_quotes(words.front().text)),
                    "names of inputs");
                return;
            }
            gate.arguments.push_back({.name = word.text, .position = word.position});
        }
        if (vote && vote->inputs && *vote->inputs != static_cast<std::int64_t>(gate.arguments.size()))
            add(words[1],
                fmt::format("{} has {} inputs, not {}", in_quotes(words.front().text), gate.arguments.size(),
                            *vote->inputs),
                fmt::format("{}of{}", vote->minimum, gate.arguments.size()));
        const bool is_cold = words[1].text == "csp";
        if (is_cold || words[1].text == "hsp") spare_gates_.push_back({draft_.elements.size(), is_cold});
        draft_.elements.push_back({words.front().text, words.front().position, std::move(gate)});
    }

    bool read_kind(Words words, DraftGate& gate, std::size_t& next, std::optional<Vote>& vote) {
        const GalileoWord& word = words[1];
        if (word.text == "pdep") return read_chance(words, gate, next);
        if ((vote = vote_of(word.text))) {
            gate.connective = Connective::at_least;
            gate.minimum = vote->minimum;
            return true;
        }
        if (const GateKind* const kind = find_gate_kind(word.text)) {
            gate.connective = kind->connective;
            gate.simultaneity = kind->simultaneity;
            return true;
        }
        const std::vector<std::string>& names = names_of_gate_kinds();
        const std::string legal =
            fmt::format("{}, KofN, votK; or attributes of an event: lambda=...", listed(names));
        if (const std::string_view meaning = foreign_gate_kind(word.text); !meaning.empty())
            add(word, fmt::format("{} {}; it is not read here", in_quotes(word.text), meaning), legal);
        else
            add(word, fmt::format("{} is no kind of gate", in_quotes(word.text)), legal,
                keyword_hint(word.text, names));
        return false;
    }

    bool read_chance(Words words, DraftGate& gate, std::size_t& next) {
        gate.connective = DynamicConnective::dependency;
        if (words.size() < 4 || words[2].kind != Kind::equals) {
            add(words[1], "'pdep' needs its probability", "pdep=0.4");
            return false;
        }
        const std::optional<double> probability = number(words[3].text);
        if (!probability || !share.contains(*probability)) {
            add(words[3], fmt::format("{} is no probability", in_quotes(words[3].text)),
                std::string(share.words));
            return false;
        }
        gate.probability = *probability;
        next = 4;
        return true;
    }

    // Events.

    void read_event(Words words) {
        Values values;
        const std::size_t before = mistakes_;
        for (std::size_t i = 1; i < words.size(); i += 3) {
            if (i + 2 >= words.size() || words[i].kind == Kind::equals || words[i + 1].kind != Kind::equals
                || words[i + 2].kind == Kind::equals) {
                add(words[i], fmt::format("what follows {} can't be read", in_quotes(words[i - 1].text)),
                    "ATTRIBUTE=NUMBER ...;");
                return;
            }
            read_attribute(words[i], words[i + 2], values);
        }
        if (mistakes_ != before) return;
        DraftEvent event;
        if (!make_event(words.front(), values, event)) return;
        if (!values.contains("dorm")) no_dormancy_.insert(draft_.elements.size());
        draft_.elements.push_back({words.front().text, words.front().position, std::move(event)});
    }

    void read_attribute(const GalileoWord& name, const GalileoWord& written, Values& values) {
        const Attribute* const attribute = find_attribute(name.text);
        if (attribute == nullptr) {
            ++mistakes_;
            const std::vector<std::string>& names = names_of_attributes();
            if (const std::string_view meaning = foreign_attribute(name.text); !meaning.empty())
                add(name, fmt::format("{} {}; it is not read here", in_quotes(name.text), meaning),
                    listed(names));
            else
                add(name, fmt::format("unknown attribute {}", in_quotes(name.text)), listed(names),
                    keyword_hint(name.text, names));
            return;
        }
        if (!parameters_.empty() && !number(written.text)) {
            ++mistakes_;  // of the parameter, which was said where it is declared
            return;
        }
        const std::optional<double> value = number(written.text);
        const bool is_legal = value && attribute->legal.contains(*value)
                              && (name.text != "phases" || *value == std::trunc(*value));
        if (!is_legal) {
            ++mistakes_;
            add(written, fmt::format("'{}' can't be {}", attribute->name, in_quotes(written.text)),
                std::string(attribute->legal.words));
        } else if (!values.emplace(attribute->name, *value).second) {
            ++mistakes_;
            add(name, fmt::format("'{}' is given twice", attribute->name), "each attribute once");
        }
    }

    bool make_event(const GalileoWord& name, const Values& values, DraftEvent& event) {
        const auto has = [&values](std::string_view key) { return values.contains(key); };
        const auto value_of = [&values](std::string_view key, double otherwise) {
            const auto found = values.find(key);
            return found == values.end() ? otherwise : found->second;
        };
        const int lives = int{has("lambda")} + int{has("rate") || has("shape")}
                          + int{has("mean") || has("stddev")} + int{has("prob")};
        const bool is_whole =
            has("rate") == has("shape") && has("mean") == has("stddev") && (!has("phases") || has("lambda"));
        if (lives != 1 || !is_whole) {
            add(name, fmt::format("{} fails in no way that can be told", in_quotes(name.text)),
                "one of: lambda; lambda and phases; rate and shape; mean and stddev; prob");
            return false;
        }
        const double transient = value_of("res", 0);
        constexpr double rounding = 1e-9;  // of two decimals that are meant to add up to 1
        if (std::abs(transient + value_of("cov", 1 - transient) - 1) > rounding) {
            add(name,
                fmt::format("{} has failures that are neither transient nor covered", in_quotes(name.text)),
                "res + cov = 1, or res alone");
            return false;
        }
        const bool is_exponential = has("lambda") && value_of("phases", 1) == 1;
        if (transient > 0 && !is_exponential) {
            add(name, fmt::format("{} has transient failures and no exponential life", in_quotes(name.text)),
                "res=0 but with lambda alone");
            return false;
        }
        if (is_exponential)
            event.leaf.life = ExponentialLife{value_of("lambda", 0) * (1 - transient)};
        else if (has("lambda"))
            event.leaf.life =
                ErlangLife{value_of("lambda", 0), static_cast<std::uint32_t>(value_of("phases", 1))};
        else if (has("rate"))
            event.leaf.life = WeibullLife{.scale = value_of("rate", 1), .shape = value_of("shape", 1)};
        else if (has("mean"))
            event.leaf.life = LogNormalLife{.mean = value_of("mean", 0), .stddev = value_of("stddev", 1)};
        else
            event.leaf.life = FailedAtStart{value_of("prob", 0)};
        if (const std::string limits = limits_of(event.leaf.life); !limits.empty()) {
            add(name, fmt::format("the life of {} can't be computed with", in_quotes(name.text)), limits);
            return false;
        }
        event.leaf.dormancy = value_of("dorm", 1);
        event.leaf.repair_rate = value_of("repair", 0);
        return true;
    }

    // What the kind of a spare gate says of the dormancy of its spares, where they don't say it themselves.
    void set_dormancies() {
        if (spare_gates_.empty()) return;
        std::unordered_map<std::string_view, std::size_t> events;
        for (std::size_t i = 0; i < draft_.elements.size(); ++i)
            if (std::holds_alternative<DraftEvent>(draft_.elements[i].content))
                events.try_emplace(draft_.elements[i].name, i);
        for (const auto& [index, is_cold] : spare_gates_) {
            const DraftElement& element = draft_.elements[index];
            const std::vector<DraftArgument>& arguments = std::get<DraftGate>(element.content).arguments;
            for (std::size_t place = 1; place < arguments.size(); ++place)
                if (const auto found = events.find(arguments[place].name); found != events.end())
                    set_dormancy(element, is_cold, found->second, arguments[place]);
        }
    }

    void set_dormancy(const DraftElement& gate, bool is_cold, std::size_t event,
                      const DraftArgument& argument) {
        DynamicLeaf& leaf = std::get<DraftEvent>(draft_.elements[event].content).leaf;
        if (no_dormancy_.contains(event)) {
            if (is_cold) leaf.dormancy = 0;
        } else if (leaf.dormancy != (is_cold ? 0 : 1)) {
            warnings_.push_back(
                {.position = argument.position,
                 .message = fmt::format("{} has dorm={}, which counts, though {} is a {} spare gate",
                                        in_quotes(argument.name), leaf.dormancy, in_quotes(gate.name),
                                        is_cold ? "cold" : "hot"),
                 .value = argument.name,
                 .legal = is_cold ? "dorm=0, or wsp" : "dorm=1, or wsp"});
        }
    }

    const std::string& file_;
    ProblemList problems_;
    std::vector<Problem> warnings_;
    TreeDraft draft_;
    std::set<std::string, std::less<>> parameters_;
    std::size_t mistakes_ = 0;                               // in attributes
    std::vector<std::pair<std::size_t, bool>> spare_gates_;  // csp and hsp, as elements; whether csp
    std::unordered_set<std::size_t> no_dormancy_;            // events that don't say it, as elements
};

}  // namespace

TreeContents parse_galileo(std::string_view text, const std::string& name, const GalileoLimits& limits) {
    return GalileoReader(name).read(split_galileo(text, name, limits));
}

TreeContents load_galileo(const std::filesystem::path& file, const GalileoLimits& limits) {
    return parse_galileo(
        read_regular_file(
            file,
            {.what = "a tree", .form = "a text file", .example = "tree.dft", .most_bytes = limits.bytes}),
        file.string(), limits);
}

}  // namespace venturi
