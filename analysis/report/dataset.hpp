// What a run has to say, as values: a tidy table of statistics, and arrays over named axes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace venturi {

/// One statistic of one observable, of the whole trajectory or at one month. NaN where it is not known.
struct SummaryRow {
    std::string observable;
    std::optional<double> month;
    std::string statistic;
    double value = 0;
    std::string unit;

    friend bool operator==(const SummaryRow&, const SummaryRow&) = default;
};

/// A named direction of an array: "month", with 61 places. A variable of the same name holds its coordinates.
struct Axis {
    std::string name;
    std::size_t size = 0;
};

/// A remark in text or number on a variable or on the whole.
struct Attribute {
    std::string name;
    std::variant<std::string, double, std::int64_t> value;
};

/// An array over axes, the last one varying fastest; without axes a single value.
struct Variable {
    std::string name;
    std::vector<std::string> axes;
    std::string unit;  ///< as UDUNITS writes it: "month", "1", "USD"; empty for labels
    std::string long_name;
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
    std::vector<Attribute> attributes = {};
};

/// A self-describing collection of arrays.
struct Dataset {
    std::vector<Axis> axes;
    std::vector<Variable> variables;
    std::vector<Attribute> attributes;
};

/// Throws ContractViolation, naming the culprit, unless names are unique and plain (a letter, then letters,
/// digits and underscores), every variable's axes exist and its values fill them.
void check(const Dataset& dataset);

}  // namespace venturi
