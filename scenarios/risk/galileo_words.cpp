#include "scenarios/risk/galileo_words.hpp"

#include "scenarios/risk/life_limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

namespace venturi::galileo {
namespace {

constexpr auto inclusive = Simultaneity::inclusive;
constexpr auto exclusive = Simultaneity::exclusive;

constexpr auto gate_kinds = std::to_array<GateKind>({
    {"and", Connective::conjunction},
    {"or", Connective::disjunction},
    {"pand", DynamicConnective::priority_and},
    {"pand-incl", DynamicConnective::priority_and, inclusive},
    {"pand-inc", DynamicConnective::priority_and, inclusive},
    {"pand<=", DynamicConnective::priority_and, inclusive},
    {"pand-excl", DynamicConnective::priority_and, exclusive},
    {"pand-ex", DynamicConnective::priority_and, exclusive},
    {"pand<", DynamicConnective::priority_and, exclusive},
    {"por", DynamicConnective::priority_or},
    {"por-incl", DynamicConnective::priority_or, inclusive},
    {"por-inc", DynamicConnective::priority_or, inclusive},
    {"por<=", DynamicConnective::priority_or, inclusive},
    {"por-excl", DynamicConnective::priority_or, exclusive},
    {"por-ex", DynamicConnective::priority_or, exclusive},
    {"por<", DynamicConnective::priority_or, exclusive},
    {"wsp", DynamicConnective::spare},
    {"csp", DynamicConnective::spare},
    {"hsp", DynamicConnective::spare},
    {"spare", DynamicConnective::spare},
    {"seq", DynamicConnective::sequence},
    {"mutex", DynamicConnective::exclusion},
    {"fdep", DynamicConnective::dependency},
});

constexpr std::int64_t most_phases = 255;
constexpr double no_limit = std::numeric_limits<double>::max();
constexpr Legal from_zero_to_one{0, 1, false, "0 to 1"};
constexpr Legal legal_rate{0, most_rate, false, "a number of at least 0, and at most 1e100"};
constexpr Legal above_zero{0, no_limit, true, "a number above 0"};
constexpr Legal any_number{-no_limit, no_limit, false, "a number"};

constexpr auto attributes = std::to_array<Attribute>({
    {"lambda", legal_rate},
    {"phases", {1, most_phases, false, "a whole number from 1 to 255"}},
    {"rate", above_zero},
    {"shape", above_zero},
    {"mean", any_number},
    {"stddev", above_zero},
    {"prob", from_zero_to_one},
    {"dorm", from_zero_to_one},
    {"repair", legal_rate},
    {"res", from_zero_to_one},
    {"cov", from_zero_to_one},
    {"repl", {1, 1, false, "1: write each copy as an event of its own"}},
});

using Meaning = std::pair<std::string_view, std::string_view>;  // of a word

constexpr std::string_view repair_unit =
    "is a repair unit of a newer dialect, where repairs wait for each other";
constexpr std::string_view inspection =
    "is an inspection of a newer dialect, which finds failures that show no other way";
constexpr std::string_view replacement = "is a periodic replacement of a newer dialect";
constexpr std::string_view variant = "is a variant from a newer dialect of the gate it begins with";
constexpr std::string_view without_order = "is a gate of other formats of fault trees, and none of this one";

constexpr auto foreign_gate_kinds = std::to_array<Meaning>({
    {"rdep",
     "is a newer kind of dependency: in one dialect the trigger's repair repairs the others, in another "
     "its failure makes them age faster"},
    {"pdep-bdmp", "is a newer kind of dependency: a failure on demand that is repaired by itself"},
    {"sand", "is a newer kind of gate: an 'and' whose inputs become active one after the other"},
    {"seqand", "is a newer kind of gate: an 'and' whose inputs become active one after the other"},
    {"seqor", "is a newer kind of gate: an 'or' whose inputs become active one after the other"},
    {"ru", repair_unit},
    {"ru_f", repair_unit},
    {"ru_p", repair_unit},
    {"ru_nd", repair_unit},
    {"rbox", repair_unit},
    {"insp", inspection},
    {"rep", replacement},
    {"phasedor", "joins the phases of a mission, which are not read here"},
    {"phase", "gives an event to a phase of a mission, which are not read here"},
    {"accepts", "transfers a subtree to another page or file, and no other file is opened"},
    {"transfer", "transfers a subtree to another page or file, and no other file is opened"},
    {"xor", without_order},
    {"xnor", without_order},
    {"nand", without_order},
    {"nor", without_order},
    {"not", without_order},
    {"inhibit", without_order},
});

constexpr auto foreign_attributes = std::to_array<Meaning>({
    {"aph", "names a file with a life of phase type, and no other file is opened"},
    {"interval", "belongs to the inspections of a newer dialect"},
    {"maintain", "belongs to the maintenance of a newer dialect"},
    {"prio", "is the place in the queue of a repair unit of a newer dialect"},
    {"rep", replacement},
    {"phase", "gives an event to a phase of a mission, which are not read here"},
    {"pdep-bdmp", "is a newer kind of dependency: a failure on demand that is repaired by itself"},
});

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

template <class Table>
std::string_view meaning_in(const Table& table, std::string_view word) {
    const auto found =
        std::find_if(table.begin(), table.end(), [word](const Meaning& each) { return each.first == word; });
    return found == table.end() ? std::string_view{} : found->second;
}

// "2insp4", "insp3", "4rep2": a kind between numbers.
bool is_between_digits(std::string_view word, std::string_view kind) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    while (!word.empty() && is_digit(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
    return word == kind;
}

}  // namespace

const Legal share = from_zero_to_one;

const GateKind* find_gate_kind(std::string_view word) {
    const auto* const found = std::find_if(gate_kinds.begin(), gate_kinds.end(),
                                           [word](const GateKind& each) { return each.word == word; });
    return found == gate_kinds.end() ? nullptr : found;
}

const std::vector<std::string>& names_of_gate_kinds() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const GateKind& kind : gate_kinds) all.emplace_back(kind.word);
        all.emplace_back("pdep");
        return all;
    }();
    return names;
}

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

const Attribute* find_attribute(std::string_view name) {
    const auto* const found = std::find_if(attributes.begin(), attributes.end(),
                                           [name](const Attribute& each) { return each.name == name; });
    return found == attributes.end() ? nullptr : found;
}

const std::vector<std::string>& names_of_attributes() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Attribute& each : attributes) all.emplace_back(each.name);
        return all;
    }();
    return names;
}

std::string_view foreign_gate_kind(std::string_view word) {
    if (const std::string_view meaning = meaning_in(foreign_gate_kinds, word); !meaning.empty())
        return meaning;
    if (is_between_digits(word, "insp")) return inspection;
    if (is_between_digits(word, "rep")) return replacement;
    for (const std::string_view kind : {"spare-", "pand-", "por-", "fdep-", "rdep-", "wsp-", "csp-", "hsp-"})
        if (word.starts_with(kind)) return variant;
    return {};
}

std::string_view foreign_attribute(std::string_view name) {
    return meaning_in(foreign_attributes, name);
}

std::optional<double> number(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return decimal(text);
    const std::optional<double> above = decimal(text.substr(0, slash));
    const std::optional<double> below = decimal(text.substr(slash + 1));
    if (!above || !below || !std::isfinite(*above / *below)) return std::nullopt;
    return *above / *below;
}

}  // namespace venturi::galileo
