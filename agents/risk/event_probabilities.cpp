#include "agents/risk/event_probabilities.hpp"

#include "agents/risk/probability.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace venturi {
namespace {

std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

std::string in_digits(double value) {
    std::array<char, 32> digits{};
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

ModelDefect not_a_probability(ModelDefect place, double value) {
    place.message += " has the probability " + in_digits(value);
    place.legal = "a probability in [0, 1]";
    return place;
}

std::vector<ExpressionIndex> parameter_expressions(const RiskModel& model, const ExpressionFlavour& flavour) {
    std::vector<ExpressionIndex> expressions;
    expressions.reserve(model.parameters.size());
    for (const ModelParameter& parameter : model.parameters) expressions.push_back(parameter.expression);
    for (const auto& [parameter, expression] : flavour.parameters) expressions.at(parameter) = expression;
    return expressions;
}

std::optional<ExpressionIndex> probability_expression(const RiskModel& model,
                                                      const ExpressionFlavour& flavour, std::uint32_t event) {
    const auto set = flavour.basic_events.find(event);
    return set == flavour.basic_events.end() ? model.basic_events[event].probability : set->second;
}

ExpressionEvaluator evaluator_of(const RiskModel& model, const ExpressionFlavour& flavour,
                                 std::vector<ExpressionIndex> wanted) {
    const std::vector<ExpressionIndex> parameters = parameter_expressions(model, flavour);
    const std::vector<std::uint32_t> cycle = parameter_cycle(model.expressions, parameters);
    if (!cycle.empty())
        throw RiskModelError({.element = ModelDefect::Element::parameter,
                              .index = cycle.front(),
                              .message = "the parameter " + quoted(model.parameters[cycle.front()].name)
                                         + " depends on itself"});
    for (std::uint32_t i = 0; i < model.basic_events.size(); ++i)
        if (const auto expression = probability_expression(model, flavour, i)) wanted.push_back(*expression);
    for (const CommonCauseGroup& group : model.common_cause_groups) {
        wanted.push_back(group.distribution);
        wanted.insert(wanted.end(), group.factors.begin(), group.factors.end());
    }
    return {model.expressions, parameters, wanted};
}

}  // namespace

EventProbabilities::EventProbabilities(const RiskModel& model, double mission_time,
                                       const ExpressionFlavour& flavour,
                                       const std::vector<ExpressionIndex>& also)
    : groups_(model.common_cause_groups),
      setting_{.mission_time = mission_time,
               .initiating_event = flavour.initiating_event,
               .functional_states = {flavour.functional_states.begin(), flavour.functional_states.end()}},
      evaluator_(evaluator_of(model, flavour, also)) {
    for (IndependentEvent& event : independent_events(model)) {
        std::optional<ExpressionIndex> probability;
        if (event.group == IndependentEvent::no_group)
            probability = probability_expression(model, flavour, event.basic_events.front());
        sources_.push_back({.event = std::move(event), .probability = probability});
    }
    operations_.reserve(model.expressions.size());
    for (const Expression& expression : model.expressions) operations_.push_back(expression.operation);
}

ModelDefect EventProbabilities::place_of(const Source& source) const {
    if (source.event.group == IndependentEvent::no_group)
        return {.element = ModelDefect::Element::basic_event,
                .index = source.event.basic_events.front(),
                .message = "the basic event " + quoted(source.event.name)};
    return {.element = ModelDefect::Element::common_cause_group,
            .index = source.event.group,
            .message = "the common cause group " + quoted(groups_[source.event.group].name)};
}

double EventProbabilities::defined(ExpressionIndex expression, const Source* source,
                                   const std::vector<double>& values) const {
    const double value = values[expression];
    if (!std::isnan(value)) return value;
    const ExpressionIndex culprit = evaluator_.outside_domain(expression, values);
    const OperationRule& rule = rule_of(operations_[culprit]);
    const std::string user = source == nullptr ? "what an event tree collects" : place_of(*source).message;
    throw RiskModelError(
        {.element = ModelDefect::Element::expression,
         .index = culprit,
         .message = user + " depends on " + quoted(std::string(rule.name)) + " outside its domain",
         .legal = std::string(rule.domain)});
}

void EventProbabilities::find_fractions(const Source& source, const std::vector<double>& values,
                                        Fractions& fractions) const {
    if (fractions.group == source.event.group) return;
    const CommonCauseGroup& group = groups_[source.event.group];
    std::vector<double> factors;
    for (const ExpressionIndex factor : group.factors) factors.push_back(defined(factor, &source, values));
    if (const std::string wrong = defect_of_factors(group.model, factors); !wrong.empty()) {
        ModelDefect defect = place_of(source);
        defect.message += ": " + wrong;
        throw RiskModelError(std::move(defect));
    }
    fractions = {.group = source.event.group,
                 .of_level = level_fractions(group.model, group.members.size(), factors)};
}

double EventProbabilities::raw_probability(const Source& source, const std::vector<double>& values,
                                           Fractions& fractions) const {
    if (source.event.group != IndependentEvent::no_group) {
        find_fractions(source, values, fractions);
        return fractions.of_level[source.event.basic_events.size() - 1]
               * defined(groups_[source.event.group].distribution, &source, values);
    }
    if (source.probability) return defined(*source.probability, &source, values);
    ModelDefect defect = place_of(source);
    defect.message += " has no probability";
    throw RiskModelError(std::move(defect));
}

std::vector<double> EventProbabilities::raw_probabilities(const std::vector<double>& values,
                                                          const std::vector<bool>& wanted) const {
    expects(wanted.empty() || wanted.size() == sources_.size(), "what is wanted is said for every event");
    std::vector<double> probabilities(sources_.size(), 0.0);
    Fractions fractions;
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (wanted.empty() || wanted[i]) probabilities[i] = raw_probability(sources_[i], values, fractions);
    return probabilities;
}

std::vector<double> EventProbabilities::at_mean(const std::vector<bool>& wanted) const {
    std::vector<double> probabilities = raw_probabilities(evaluator_.evaluate(setting_), wanted);
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        if (!is_probability(probabilities[i]))
            throw RiskModelError(not_a_probability(place_of(sources_[i]), probabilities[i]));
    return probabilities;
}

std::vector<ModelDefect> EventProbabilities::defects(bool missing) const {
    const std::vector<double> values = evaluator_.evaluate(setting_);
    std::vector<ModelDefect> found;
    std::uint32_t bad_group = IndependentEvent::no_group;  // said once, not for each of its events
    Fractions fractions;
    for (const Source& source : sources_) {
        const bool is_of_group = source.event.group != IndependentEvent::no_group;
        if (is_of_group && source.event.group == bad_group) continue;
        if (!is_of_group && !source.probability && !missing) continue;
        const std::size_t before = found.size();
        try {
            const double probability = raw_probability(source, values, fractions);
            if (!is_probability(probability))
                found.push_back(not_a_probability(place_of(source), probability));
        } catch (const RiskModelError& error) {
            found.push_back(error.defect());
        }
        if (found.size() > before && is_of_group) bad_group = source.event.group;
    }
    return found;
}

SampledProbabilities EventProbabilities::sample(const DeviateDraws& draws,
                                                const std::vector<bool>& wanted) const {
    SampledProbabilities result{.probabilities =
                                    raw_probabilities(evaluator_.evaluate(setting_, draws), wanted)};
    for (double& probability : result.probabilities) {
        if (is_probability(probability)) continue;
        probability = std::clamp(probability, 0.0, 1.0);
        ++result.truncated;
    }
    return result;
}

double EventProbabilities::value_of(ExpressionIndex expression,
                                    const std::optional<DeviateDraws>& draws) const {
    expects(expression < operations_.size(), "an expression lies in its pool");
    return defined(expression, nullptr, evaluator_.evaluate(setting_, draws));
}

std::vector<double> event_probabilities(const RiskModel& model, double mission_time) {
    return EventProbabilities(model, mission_time).at_mean();
}

SampledProbabilities sample_event_probabilities(const RiskModel& model, double mission_time,
                                                const DeviateDraws& draws) {
    return EventProbabilities(model, mission_time).sample(draws);
}

}  // namespace venturi
