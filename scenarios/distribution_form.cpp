#include "scenarios/distribution_form.hpp"

#include <algorithm>
#include <variant>

namespace venturi {
namespace {

using Role = DistributionField::Role;
using Values = std::span<const double>;

struct ValuesOf {
    std::vector<double> operator()(const Constant& law) const { return {law.value}; }
    std::vector<double> operator()(const Uniform& law) const { return {law.low, law.high}; }
    std::vector<double> operator()(const Triangular& law) const { return {law.low, law.mode, law.high}; }
    std::vector<double> operator()(const Normal& law) const { return {law.mean, law.deviation}; }
    std::vector<double> operator()(const LogNormal& law) const { return {law.median, law.spread}; }
    std::vector<double> operator()(const Exponential& law) const { return {law.mean}; }
    std::vector<double> operator()(const Gamma& law) const { return {law.shape, law.mean}; }
    std::vector<double> operator()(const Weibull& law) const { return {law.shape, law.scale}; }
    std::vector<double> operator()(const Pareto& law) const { return {law.tail_index, law.minimum}; }
};

const std::array<DistributionForm, std::variant_size_v<Distribution>>& forms() {
    static const std::array<DistributionForm, std::variant_size_v<Distribution>> table{{
        {"constant",
         "always the same value",
         {{"constant", Role::value}},
         [](Values v) -> Distribution { return Constant{v[0]}; }},
        {"uniform",
         "every value between low and high alike",
         {{"low", Role::value}, {"high", Role::value}},
         [](Values v) -> Distribution {
             return Uniform{v[0], v[1]};
         }},
        {"triangular",
         "rising from low to mode, falling to high",
         {{"low", Role::value}, {"mode", Role::value}, {"high", Role::value}},
         [](Values v) -> Distribution {
             return Triangular{v[0], v[1], v[2]};
         }},
        {"normal",
         "bell-shaped, by mean and standard deviation",
         {{"mean", Role::value}, {"deviation", Role::deviation}},
         [](Values v) -> Distribution {
             return Normal{v[0], v[1]};
         }},
        {"log_normal",
         "by median and the standard deviation of its logarithm",
         {{"median", Role::positive_value}, {"spread", Role::shape}},
         [](Values v) -> Distribution {
             return LogNormal{v[0], v[1]};
         }},
        {"exponential",
         "by its mean",
         {{"mean", Role::positive_value}},
         [](Values v) -> Distribution { return Exponential{v[0]}; }},
        {"gamma",
         "by shape and mean",
         {{"shape", Role::shape}, {"mean", Role::positive_value}},
         [](Values v) -> Distribution {
             return Gamma{v[0], v[1]};
         }},
        {"weibull",
         "by shape and scale: survival exp(-(x/scale)^shape)",
         {{"shape", Role::shape}, {"scale", Role::positive_value}},
         [](Values v) -> Distribution {
             return Weibull{v[0], v[1]};
         }},
        {"pareto",
         "a power law by tail index and minimum",
         {{"tail_index", Role::shape}, {"minimum", Role::positive_value}},
         [](Values v) -> Distribution {
             return Pareto{v[0], v[1]};
         }},
    }};
    return table;
}

}  // namespace

std::span<const DistributionForm> distribution_forms() {
    return forms();
}

std::vector<double> values_of(const Distribution& distribution) {
    return std::visit(ValuesOf{}, distribution);
}

Dimension dimension_of(const DistributionField& field, const Description& parameter) {
    if (field.role == Role::shape) return Dimension::number;
    const bool may_be_broken = parameter.dimension == Dimension::count && field.name != "constant";
    return may_be_broken ? Dimension::number : parameter.dimension;
}

Range legal_range_of(const DistributionField& field, const Description& parameter) {
    if (field.role == Role::value) return parameter.legal;
    if (field.role == Role::positive_value && parameter.legal.low <= 0)
        return {
            .low = 0, .high = parameter.legal.high, .low_open = true, .high_open = parameter.legal.high_open};
    return field.role == Role::positive_value ? parameter.legal : above(0);
}

}  // namespace venturi
