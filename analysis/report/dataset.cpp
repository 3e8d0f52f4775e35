#include "analysis/report/dataset.hpp"

#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace venturi {

namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_plain_name(std::string_view name) {
    return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
    });
}

void check_names(const std::vector<std::string>& names, std::string_view of) {
    std::set<std::string_view> seen;
    for (const std::string& name : names) {
        if (!is_plain_name(name)) throw ContractViolation(fmt::format("{}: '{}' is no plain name", of, name));
        if (!seen.insert(name).second)
            throw ContractViolation(fmt::format("{}: '{}' occurs twice", of, name));
    }
}

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& things) {
    std::vector<std::string> names;
    names.reserve(things.size());
    for (const Named& thing : things) names.push_back(thing.name);
    return names;
}

void check_shape(const Variable& variable, const std::map<std::string, std::size_t>& sizes) {
    std::size_t expected = 1;
    for (const std::string& axis : variable.axes) {
        const auto found = sizes.find(axis);
        if (found == sizes.end())
            throw ContractViolation(fmt::format("variable '{}' has no axis '{}'", variable.name, axis));
        expected *= found->second;
    }
    const std::size_t count = std::visit([](const auto& values) { return values.size(); }, variable.values);
    if (count != expected) {
        throw ContractViolation(fmt::format("variable '{}' holds {} values where its axes have {}",
                                            variable.name, count, expected));
    }
}

}  // namespace

void check(const Dataset& dataset) {
    check_names(names_of(dataset.axes), "axes");
    check_names(names_of(dataset.variables), "variables");
    check_names(names_of(dataset.attributes), "attributes");
    std::map<std::string, std::size_t> sizes;
    for (const Axis& axis : dataset.axes) sizes[axis.name] = axis.size;
    for (const Variable& variable : dataset.variables) {
        check_names(variable.axes, fmt::format("axes of '{}'", variable.name));
        check_names(names_of(variable.attributes), fmt::format("attributes of '{}'", variable.name));
        check_shape(variable, sizes);
    }
}

}  // namespace venturi
