// The words of Galileo's text format: kinds of gates, attributes of events, and what other dialects have that
// this one has not. What they mean is in galileo.hpp.
#pragma once

#include "agents/risk/dynamic_tree.hpp"
#include "agents/risk/fault_tree.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace venturi::galileo {

struct GateKind {
    std::string_view word;
    std::variant<Connective, DynamicConnective> connective;
    Simultaneity simultaneity = Simultaneity::inclusive;
};

/// Null where the word is none.
[[nodiscard]] const GateKind* find_gate_kind(std::string_view word);
/// All kinds that are a word, and pdep.
[[nodiscard]] const std::vector<std::string>& names_of_gate_kinds();

/// The two whole numbers of "2of3", or of "vot2" the first.
struct Vote {
    std::int64_t minimum = 0;
    std::optional<std::int64_t> inputs = {};
};
[[nodiscard]] std::optional<Vote> vote_of(std::string_view word);

/// What a number may be.
struct Legal {
    double low;
    double high;
    bool low_open;
    std::string_view words;

    [[nodiscard]] bool contains(double value) const {
        return (low_open ? value > low : value >= low) && value <= high;
    }
};

/// 0 to 1.
extern const Legal share;

struct Attribute {
    std::string_view name;
    Legal legal;
};

/// Null where the name is none.
[[nodiscard]] const Attribute* find_attribute(std::string_view name);
[[nodiscard]] const std::vector<std::string>& names_of_attributes();

/// What a word means in another dialect, in words that can follow it: "is ..."; empty where it is known from
/// none. Such words are no misspellings, so there is no hint for them.
[[nodiscard]] std::string_view foreign_gate_kind(std::string_view word);
[[nodiscard]] std::string_view foreign_attribute(std::string_view name);

/// A decimal, or one divided by another; finite.
[[nodiscard]] std::optional<double> number(std::string_view text);

}  // namespace venturi::galileo
