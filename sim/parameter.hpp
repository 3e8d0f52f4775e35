// A parameter is described once: name, unit, legal range, meaning and source stand next to the struct that
// holds it, in one function template
//
//     template <class Visitor>
//     void describe(FinanceParameters& finance, Visitor& visit) {
//         visit.number(finance.seed_round, {.name = "seed_round", .dimension = Dimension::money,
//                                           .legal = above(0), .plausible = {5e5, 5e6},
//                                           .meaning = "cash raised in the seed round",
//                                           .source = "PitchBook 1H2015 (S24)"});
//         visit.group("round_terms", "what a priced round looks like", finance.round_terms);
//     }
//
// found by argument-dependent lookup. Whoever reads, checks, lists, draws or sets parameters is a visitor of
// it. The default of a parameter is the member's initialiser; a default without a publication says `assumed`.
#pragma once

#include "sim/random/distribution.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace venturi {

/// What a number measures, and so how a person writes it.
enum class Dimension : std::uint8_t {
    number,           ///< dimensionless, any real number: 0.3
    share,            ///< a part of a whole: 24% or 0.24
    count,            ///< a whole number: 50
    money,            ///< US dollars: $2.5M
    money_per_month,  ///< US dollars per month: $120k/month, $1.4M/year
    duration,         ///< months: 18 months, 1.5 years, 420 days
    rate,             ///< events per month: 0.5/month, 24%/year, 3/year
};

/// Where a number may lie.
struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool low_open = false;   ///< `low` itself is outside
    bool high_open = false;  ///< `high` itself is outside

    [[nodiscard]] constexpr bool contains(double value) const {
        return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
    }
};

[[nodiscard]] constexpr Range at_least(double low) {
    return {.low = low};
}
[[nodiscard]] constexpr Range above(double low) {
    return {.low = low, .low_open = true};
}
[[nodiscard]] constexpr Range between(double low, double high) {
    return {.low = low, .high = high};
}

/// When a change of the parameter takes effect in a running world.
enum class Takes : std::uint8_t {
    effect_any_time,       ///< an intervention may set it
    effect_at_start_only,  ///< read once when a trajectory begins; an intervention on it is an error
};

/// Everything to be said about a parameter; the texts must be literals.
struct Description {
    std::string_view name;
    Dimension dimension = Dimension::number;
    Range legal = {};
    Range plausible = {};  ///< for sensitivity analysis; all of `legal` where not given
    std::string_view meaning;
    std::string_view source = "assumed";
    Takes takes = Takes::effect_any_time;
};

// What a visitor offers (see agents/README.md for the visitors there are):
//
//   number(double&, Description)            a quantity with a dimension
//   whole(std::int64_t&, Description)       a whole number
//   flag(bool&, Description)                yes or no
//   choice(Enum&, Description, names)       one of the enumerators 0, 1, ... by name
//   distribution(Distribution&, Description) a number, or a distribution that each agent samples
//   reference(std::string&, Description, collection)  the name of an element of the collection at that path
//   group(name, meaning, Struct&)           a struct with its own describe()
//   collection(name, meaning, std::vector<Struct>&)   named structs; Struct has std::string name and
//   describe()

/// Sets the leaf number `target`, counting leaves in the order of description, and touches nothing else. How
/// an intervention, resolved to that number at load, acts on a running world without looking a name up.
class SetByIndex {
  public:
    SetByIndex(std::size_t target, double value) : target_(target), value_(value) {}

    void number(double& parameter, const Description&) {
        if (count_++ == target_) parameter = value_;
    }
    void whole(std::int64_t& parameter, const Description&) {
        if (count_++ == target_) parameter = static_cast<std::int64_t>(value_);
    }
    void flag(bool& parameter, const Description&) {
        if (count_++ == target_) parameter = value_ != 0;
    }
    template <class Enum>
    void choice(Enum& parameter, const Description&, std::span<const std::string_view>) {
        if (count_++ == target_) parameter = static_cast<Enum>(static_cast<int>(value_));
    }
    void distribution(Distribution& parameter, const Description&) {
        if (count_++ == target_) parameter = Constant{value_};
    }
    void reference(std::string&, const Description&, std::string_view) { ++count_; }
    template <class Group>
    void group(std::string_view, std::string_view, Group& members) {
        describe(members, *this);
    }
    template <class Element>
    void collection(std::string_view, std::string_view, std::vector<Element>& elements) {
        for (Element& element : elements) describe(element, *this);
    }

  private:
    std::size_t target_;
    double value_;
    std::size_t count_ = 0;
};

/// Calls `act(leaf)` with the leaf number `target`, counted as by SetByIndex, whatever its type. A reference
/// is passed over.
template <class Act>
class AtIndex {
  public:
    AtIndex(std::size_t target, Act act) : target_(target), act_(std::move(act)) {}

    void number(double& parameter, const Description&) { pass(parameter); }
    void whole(std::int64_t& parameter, const Description&) { pass(parameter); }
    void flag(bool& parameter, const Description&) { pass(parameter); }
    template <class Enum>
    void choice(Enum& parameter, const Description&, std::span<const std::string_view>) {
        pass(parameter);
    }
    void distribution(Distribution& parameter, const Description&) { pass(parameter); }
    void reference(std::string&, const Description&, std::string_view) { ++count_; }
    template <class Group>
    void group(std::string_view, std::string_view, Group& members) {
        describe(members, *this);
    }
    template <class Element>
    void collection(std::string_view, std::string_view, std::vector<Element>& elements) {
        for (Element& element : elements) describe(element, *this);
    }

  private:
    template <class Leaf>
    void pass(Leaf& leaf) {
        if (count_++ == target_) act_(leaf);
    }

    std::size_t target_;
    Act act_;
    std::size_t count_ = 0;
};

/// The value of a leaf, whatever its type; a choice by its number.
using ParameterValue = std::variant<double, std::int64_t, bool, int, Distribution>;

/// The value of the leaf number `target` of a described struct.
template <class Parameters>
[[nodiscard]] ParameterValue parameter_value(Parameters& parameters, std::size_t target) {
    ParameterValue value;
    AtIndex take(target, [&value](const auto& leaf) {
        if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(leaf)>>)
            value = static_cast<int>(leaf);
        else
            value = leaf;
    });
    describe(parameters, take);
    return value;
}

/// Gives the leaf number `target` a value that `parameter_value` took from it.
template <class Parameters>
void set_parameter_value(Parameters& parameters, std::size_t target, const ParameterValue& value) {
    AtIndex put(target, [&value](auto& leaf) {
        using Leaf = std::remove_cvref_t<decltype(leaf)>;
        if constexpr (std::is_enum_v<Leaf>)
            leaf = static_cast<Leaf>(std::get<int>(value));
        else
            leaf = std::get<Leaf>(value);
    });
    describe(parameters, put);
}

}  // namespace venturi
