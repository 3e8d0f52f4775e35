#include "scenarios/risk/galileo.hpp"

#include "scenarios/risk/tree_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace venturi {
namespace {

using Kind = GalileoWord::Kind;

constexpr std::int64_t most_phases = 255;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && end == text.data() + text.size() && text.front() != '-';
    return is_number ? std::optional(value) : std::nullopt;
}

std::optional<double> decimal(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
    return is_number ? std::optional(value) : std::nullopt;
}

// A decimal, or one divided by another.
std::optional<double> number(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return decimal(text);
    const std::optional<double> above = decimal(text.substr(0, slash));
    const std::optional<double> below = decimal(text.substr(slash + 1));
    if (!above || !below || !std::isfinite(*above / *below)) return std::nullopt;
    return *above / *below;
}

// What a number may be.
struct Legal {
    double low;
    double high;
    bool low_open;
    std::string_view words;

    [[nodiscard]] bool contains(double value) const {
        return (low_open ? value > low : value >= low) && value <= high;
    }
};

constexpr double no_limit = std::numeric_limits<double>::max();
constexpr Legal share{0, 1, false, "0 to 1"};
constexpr Legal at_least_zero{0, no_limit, false, "a number of at least 0"};
constexpr Legal above_zero{0, no_limit, true, "a number above 0"};
constexpr Legal any_number{-no_limit, no_limit, false, "a number"};

struct Attribute {
    std::string_view name;
    Legal legal;
};

constexpr std::array<Attribute, 13> attributes{{
    {"lambda", at_least_zero},
    {"phases", {1, most_phases, false, "a whole number from 1 to 255"}},
    {"rate", above_zero},
    {"shape", above_zero},
    {"mean", any_number},
    {"stddev", above_zero},
    {"prob", share},
    {"dorm", share},
    {"repair", at_least_zero},
    {"res", share},
    {"cov", share},
    {"repl", {1, 1, false, "1: write each copy as an event of its own"}},
    {"interval", {1, 0, false, "nothing: inspections are not part of this format's meaning here"}},
}};

struct GateKind {
    std::string_view word;
    std::variant<Connective, DynamicConnective> connective;
    Simultaneity simultaneity = Simultaneity::inclusive;
};

constexpr auto inclusive = Simultaneity::inclusive;
constexpr auto exclusive = Simultaneity::exclusive;

constexpr std::array<GateKind, 19> gate_kinds{{
    {"and", Connective::conjunction},
    {"or", Connective::disjunction},
    {"pand", DynamicConnective::priority_and},
    {"pand-incl", DynamicConnective::priority_and, inclusive},
    {"pand<=", DynamicConnective::priority_and, inclusive},
    {"pand-excl", DynamicConnective::priority_and, exclusive},
    {"pand<", DynamicConnective::priority_and, exclusive},
    {"por", DynamicConnective::priority_or},
    {"por-incl", DynamicConnective::priority_or, inclusive},
    {"por<=", DynamicConnective::priority_or, inclusive},
    {"por-excl", DynamicConnective::priority_or, exclusive},
    {"por<", DynamicConnective::priority_or, exclusive},
    {"wsp", DynamicConnective::spare},
    {"csp", DynamicConnective::spare},
    {"hsp", DynamicConnective::spare},
    {"spare", DynamicConnective::spare},
    {"seq", DynamicConnective::sequence},
    {"mutex", DynamicConnective::exclusion},
    {"fdep", DynamicConnective::dependency},
}};

std::vector<std::string> names_of_gate_kinds() {
    std::vector<std::string> names;
    for (const GateKind& kind : gate_kinds) names.emplace_back(kind.word);
    names.emplace_back("pdep");
    return names;
}

// The two whole numbers of "2of3", or of "vot2" the first.
struct Vote {
    std::int64_t minimum = 0;
    std::optional<std::int64_t> inputs = {};
};

std::optional<Vote> vote_of(std::string_view word) {
    if (word.starts_with("vot")) {
        if (const auto minimum = whole_number(word.substr(3))) return Vote{*minimum};
        return std::nullopt;
    }
    const std::size_t of = word.find("of");
    if (of == std::string_view::npos) return std::nullopt;
    const auto minimum = whole_number(word.substr(0, of));
    const auto inputs = whole_number(word.substr(of + 2));
    if (!minimum || !inputs) return std::nullopt;
    return Vote{*minimum, inputs};
}

// Turns statements into a draft.
class GalileoReader {
  public:
    explicit GalileoReader(const std::string& file) : file_(file) {}

    [[nodiscard]] TreeContents read(const std::vector<GalileoStatement>& statements) {
        if (statements.empty())
            problems_.add({.position = {.file = file_},
                           .message = "is empty",
                           .legal = "statements that end with semicolons: toplevel \"name\"; ..."});
        for (const GalileoStatement& statement : statements) read_statement(statement);
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

    void read_statement(const GalileoStatement& words) {
        const GalileoWord& first = words.front();
        const bool bare = first.kind == Kind::bare;
        if (first.kind == Kind::equals) {
            add(first, "a statement begins with '='", "a name, or toplevel");
        } else if (bare && first.text == "toplevel") {
            read_toplevel(words);
        } else if (bare && first.text == "param") {
            add(first, "a tree with parameters can't be read", "numbers in their places");
        } else if (words.size() == 1) {
            add(first, fmt::format("nothing is said of {}", in_quotes(first.text)),
                "NAME KIND INPUTS; or NAME ATTRIBUTE=NUMBER;");
        } else if (words.size() > 2 && words[1].text != "pdep" && words[2].kind == Kind::equals) {
            read_event(words);
        } else {
            read_gate(words);
        }
    }

    void read_toplevel(const GalileoStatement& words) {
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

    void read_gate(const GalileoStatement& words) {
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

    bool read_kind(const GalileoStatement& words, DraftGate& gate, std::size_t& next,
                   std::optional<Vote>& vote) {
        const GalileoWord& word = words[1];
        if (word.text == "pdep") return read_chance(words, gate, next);
        if ((vote = vote_of(word.text))) {
            gate.connective = Connective::at_least;
            gate.minimum = vote->minimum;
            return true;
        }
        for (const GateKind& kind : gate_kinds) {
            if (kind.word != word.text) continue;
            gate.connective = kind.connective;
            gate.simultaneity = kind.simultaneity;
            return true;
        }
        const std::vector<std::string> names = names_of_gate_kinds();
        add(word, fmt::format("{} is no kind of gate", in_quotes(word.text)),
            fmt::format("{}, KofN, votK; or attributes of an event: lambda=...", listed(names)),
            nearest_name(word.text, names));
        return false;
    }

    bool read_chance(const GalileoStatement& words, DraftGate& gate, std::size_t& next) {
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

    void read_event(const GalileoStatement& words) {
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
        const auto* const attribute =
            std::find_if(attributes.begin(), attributes.end(),
                         [&name](const Attribute& each) { return each.name == name.text; });
        if (attribute == attributes.end()) {
            std::vector<std::string> names;
            for (const Attribute& each : attributes) names.emplace_back(each.name);
            ++mistakes_;
            add(name, fmt::format("unknown attribute {}", in_quotes(name.text)), listed(names),
                nearest_name(name.text, names));
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
    std::size_t mistakes_ = 0;                               // in attributes
    std::vector<std::pair<std::size_t, bool>> spare_gates_;  // csp and hsp, as elements; whether csp
    std::unordered_set<std::size_t> no_dormancy_;            // events that don't say it, as elements
};

std::string read_bytes(const std::filesystem::path& file, const GalileoLimits& limits) {
    const SourcePosition position{.file = file.string()};
    const auto fail = [&position](std::string message, std::string legal = {}) {
        throw ScenarioError(
            Problem{.position = position, .message = std::move(message), .legal = std::move(legal)});
    };
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status)) fail("no such file");
    if (!std::filesystem::is_regular_file(status)) fail("is not a regular file", "a file such as tree.dft");
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) fail(fmt::format("can't be read: {}", error.message()));
    if (size > limits.bytes)
        fail(fmt::format("{} bytes are too many for a tree", size),
             fmt::format("at most {} bytes", limits.bytes));
    std::ifstream stream(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream.is_open() || stream.bad()) fail("can't be read");
    return bytes;
}

}  // namespace

TreeContents parse_galileo(std::string_view text, const std::string& name, const GalileoLimits& limits) {
    return GalileoReader(name).read(split_galileo(text, name, limits));
}

TreeContents load_galileo(const std::filesystem::path& file, const GalileoLimits& limits) {
    return parse_galileo(read_bytes(file, limits), file.string(), limits);
}

}  // namespace venturi
