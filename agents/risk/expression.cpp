#include "agents/risk/expression.hpp"

#include "agents/risk/operation_value.hpp"
#include "sim/contract.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace venturi {
namespace {

constexpr std::uint32_t any = OperationRule::any_number;

constexpr auto table = std::to_array<OperationRule>({
    {Operation::constant, "float", 0, 0},
    {Operation::parameter, "parameter", 0, 0},
    {Operation::mission_time, "system-mission-time", 0, 0},
    {Operation::test_initiating_event, "test-initiating-event", 0, 0},
    {Operation::test_functional_event, "test-functional-event", 0, 0},
    {Operation::neg, "neg", 1, 1},
    {Operation::add, "add", 2, any},
    {Operation::sub, "sub", 2, any},
    {Operation::mul, "mul", 2, any},
    {Operation::div, "div", 2, any, "divisors other than 0"},
    {Operation::abs, "abs", 1, 1},
    {Operation::acos, "acos", 1, 1, "a number from -1 to 1"},
    {Operation::asin, "asin", 1, 1, "a number from -1 to 1"},
    {Operation::atan, "atan", 1, 1},
    {Operation::cos, "cos", 1, 1},
    {Operation::sin, "sin", 1, 1},
    {Operation::tan, "tan", 1, 1},
    {Operation::cosh, "cosh", 1, 1},
    {Operation::sinh, "sinh", 1, 1},
    {Operation::tanh, "tanh", 1, 1},
    {Operation::exp, "exp", 1, 1},
    {Operation::log, "log", 1, 1, "a number above 0"},
    {Operation::log10, "log10", 1, 1, "a number above 0"},
    {Operation::mod, "mod", 2, 2, "a divisor other than 0"},
    {Operation::pow, "pow", 2, 2, "a base above 0, or a whole exponent that is not negative for a base of 0"},
    {Operation::sqrt, "sqrt", 1, 1, "a number of 0 or more"},
    {Operation::ceil, "ceil", 1, 1},
    {Operation::floor, "floor", 1, 1},
    {Operation::min, "min", 2, any},
    {Operation::max, "max", 2, any},
    {Operation::mean, "mean", 2, any},
    {Operation::logical_and, "and", 2, any},
    {Operation::logical_or, "or", 2, any},
    {Operation::logical_not, "not", 1, 1},
    {Operation::equal, "eq", 2, 2},
    {Operation::different, "df", 2, 2},
    {Operation::less, "lt", 2, 2},
    {Operation::greater, "gt", 2, 2},
    {Operation::at_most, "leq", 2, 2},
    {Operation::at_least, "geq", 2, 2},
    {Operation::if_then_else, "ite", 3, 3},
    {Operation::choose, "switch", 1, any},
    {Operation::exponential, "exponential", 2, 2, "a rate and a time of 0 or more"},
    {Operation::glm, "GLM", 4, 4, "a probability, and two rates and a time of 0 or more"},
    {Operation::weibull, "Weibull", 4, 4,
     "a scale and a shape above 0, and a time shift and a time of 0 or more"},
    {Operation::periodic_test, "periodic-test", 4, 11,
     "rates and times of 0 or more, an interval above 0, a test no longer than it, probabilities in [0, 1]"},
    {Operation::uniform_deviate, "uniform-deviate", 2, 2, "a lower bound that is not above the upper one"},
    {Operation::normal_deviate, "normal-deviate", 2, 2, "a standard deviation of 0 or more"},
    {Operation::lognormal_deviate, "lognormal-deviate", 2, 3,
     "a mean above 0, an error factor of 1 or more and a level between 0.5 and 1; or a sigma of 0 or more"},
    {Operation::gamma_deviate, "gamma-deviate", 2, 2, "a shape and a scale above 0"},
    {Operation::beta_deviate, "beta-deviate", 2, 2, "two shapes above 0"},
    {Operation::histogram, "histogram", 3, any, "bounds that increase from bin to bin"},
});

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].operation) != i) return false;
    return true;
}
static_assert(is_in_order());

bool is_conditional(Operation operation) {
    return operation == Operation::if_then_else || operation == Operation::choose;
}

// Depth first without recursion, as chains of parameters may be long.
class Ordering {
  public:
    Ordering(std::span<const Expression> pool, std::span<const ExpressionIndex> parameters)
        : pool_(pool), parameters_(parameters), state_(pool.size(), State::untouched) {}

    /// Appends what `root` depends on and then itself. False where parameters depend on themselves: `open`
    /// then leads from root to the repetition.
    bool visit(ExpressionIndex root) {
        if (state_[root] == State::done) return true;
        push(root);
        while (!open_.empty()) {
            auto& [node, next] = open_.back();
            const ExpressionIndex current = node;
            const std::span<const ExpressionIndex> needed = needs(current);
            if (next == needed.size()) {
                state_[current] = State::done;
                order_.push_back(current);
                open_.pop_back();
                continue;
            }
            const ExpressionIndex child = needed[next++];
            if (state_[child] == State::open) {
                repeated_ = child;
                return false;
            }
            if (state_[child] == State::untouched) push(child);
        }
        return true;
    }

    [[nodiscard]] std::span<const ExpressionIndex> needs(ExpressionIndex node) const {
        const Expression& expression = pool_[node];
        if (expression.operation == Operation::parameter) return {&parameters_[expression.reference], 1};
        return expression.arguments;
    }

    [[nodiscard]] const std::vector<ExpressionIndex>& order() const { return order_; }

    /// The parameters along the repetition.
    [[nodiscard]] std::vector<std::uint32_t> cycle() const {
        std::vector<std::uint32_t> result;
        bool inside = false;
        for (const auto& [node, next] : open_) {
            inside = inside || node == repeated_;
            if (inside && pool_[node].operation == Operation::parameter)
                result.push_back(pool_[node].reference);
        }
        std::rotate(result.begin(), std::min_element(result.begin(), result.end()), result.end());
        return result;
    }

  private:
    enum class State : std::uint8_t { untouched, open, done };

    void push(ExpressionIndex node) {
        state_[node] = State::open;
        open_.push_back({node, 0});
    }

    std::span<const Expression> pool_;
    std::span<const ExpressionIndex> parameters_;
    std::vector<State> state_;
    std::vector<std::pair<ExpressionIndex, std::size_t>> open_;
    std::vector<ExpressionIndex> order_;
    ExpressionIndex repeated_ = 0;
};

void expect_legal(std::span<const Expression> pool, std::span<const ExpressionIndex> parameters,
                  std::span<const ExpressionIndex> wanted) {
    const auto in_pool = [&](ExpressionIndex index) { return index < pool.size(); };
    expects(std::all_of(parameters.begin(), parameters.end(), in_pool)
                && std::all_of(wanted.begin(), wanted.end(), in_pool),
            "an expression lies in its pool");
    for (std::size_t i = 0; i < pool.size(); ++i) {
        const Expression& expression = pool[i];
        expects(expression.operation != Operation::parameter || expression.reference < parameters.size(),
                "a parameter is one of the model's");
        expects(rule_of(expression.operation).takes(expression.arguments.size()),
                "an operation has as many arguments as it takes");
        expects(std::all_of(expression.arguments.begin(), expression.arguments.end(),
                            [i](ExpressionIndex argument) { return argument < i; }),
                "arguments come before what is made of them");
    }
}

}  // namespace

bool OperationRule::takes(std::size_t count) const {
    if (count < least || count > most) return false;
    switch (operation) {
        case Operation::choose:
        case Operation::histogram:
            return count % 2 == 1;
        case Operation::periodic_test:
            return count == 4 || count == 5 || count == 11;
        default:
            return true;
    }
}

std::string OperationRule::arguments_in_words() const {
    if (operation == Operation::periodic_test) return "4, 5 or 11";
    if (operation == Operation::histogram) return "a lower bound and 1 bin or more";
    if (operation == Operation::choose) return "any number of cases and 1 value";
    if (most == any_number) return std::to_string(least) + " or more";
    if (most == least) return std::to_string(least);
    return std::to_string(least) + " or " + std::to_string(most);
}

const OperationRule& rule_of(Operation operation) {
    return table[static_cast<std::size_t>(operation)];
}

const OperationRule* find_operation(std::string_view name) {
    const auto* const found = std::find_if(table.begin(), table.end(),
                                           [name](const OperationRule& rule) { return rule.name == name; });
    return found == table.end() ? nullptr : found;
}

std::span<const OperationRule> operation_rules() {
    return table;
}

bool is_deviate(Operation operation) {
    return operation >= Operation::uniform_deviate;
}

double repairable_unavailability(double demand_failure, double failure_rate, double repair_rate,
                                 double time) {
    const double sum = failure_rate + repair_rate;
    if (sum == 0) return demand_failure;
    // By expm1, so that small probabilities keep their digits.
    return demand_failure * std::exp(-sum * time) - failure_rate / sum * std::expm1(-sum * time);
}

ExpressionEvaluator::ExpressionEvaluator(std::span<const Expression> pool,
                                         std::span<const ExpressionIndex> parameters,
                                         std::span<const ExpressionIndex> wanted)
    : pool_size_(pool.size()) {
    expect_legal(pool, parameters, wanted);
    Ordering ordering(pool, parameters);
    for (const ExpressionIndex root : wanted) expects(ordering.visit(root), "no parameter depends on itself");
    steps_.reserve(ordering.order().size());
    for (const ExpressionIndex node : ordering.order()) {
        const std::span<const ExpressionIndex> needed = ordering.needs(node);
        steps_.push_back({.operation = pool[node].operation,
                          .target = node,
                          .reference = pool[node].reference,
                          .state = pool[node].state,
                          .first = static_cast<std::uint32_t>(arguments_.size()),
                          .count = static_cast<std::uint32_t>(needed.size()),
                          .value = pool[node].value});
        arguments_.insert(arguments_.end(), needed.begin(), needed.end());
        is_uncertain_ = is_uncertain_ || is_deviate(pool[node].operation);
    }
}

double ExpressionEvaluator::value_at(const Step& step, const ExpressionSetting& setting,
                                     const DeviateDraws* draws, std::span<const double> x) const {
    switch (step.operation) {
        case Operation::constant:
            return step.value;
        case Operation::parameter:
            return x.front();
        case Operation::mission_time:
            return setting.mission_time;
        case Operation::test_initiating_event:
            return setting.initiating_event == step.reference ? 1 : 0;
        case Operation::test_functional_event: {
            const auto& states = setting.functional_states;
            const bool is_in_state =
                std::find(states.begin(), states.end(), std::pair(step.reference, step.state))
                != states.end();
            return is_in_state ? 1 : 0;
        }
        default:
            return is_deviate(step.operation) ? value_of_deviate(step.operation, x, step.target, draws)
                                              : value_of_operation(step.operation, x);
    }
}

void ExpressionEvaluator::evaluate(const ExpressionSetting& setting, const std::optional<DeviateDraws>& draws,
                                   std::vector<double>& values) const {
    expects(setting.mission_time >= 0 && !std::isinf(setting.mission_time),
            "a mission time is finite and 0 or more");
    values.assign(pool_size_, 0);
    std::vector<double> many;
    std::array<double, 16> few{};
    for (const Step& step : steps_) {
        std::span<double> x(few.data(), std::min<std::size_t>(step.count, few.size()));
        if (step.count > few.size()) {
            many.resize(step.count);
            x = many;
        }
        for (std::uint32_t i = 0; i < step.count; ++i) x[i] = values[arguments_[step.first + i]];
        values[step.target] = value_at(step, setting, draws ? &*draws : nullptr, x);
    }
}

std::vector<double> ExpressionEvaluator::evaluate(const ExpressionSetting& setting,
                                                  const std::optional<DeviateDraws>& draws) const {
    std::vector<double> values;
    evaluate(setting, draws, values);
    return values;
}

ExpressionIndex ExpressionEvaluator::outside_domain(ExpressionIndex expression,
                                                    std::span<const double> values) const {
    // Backwards, each step is met after all that depend on it.
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        if (step->target != expression) continue;
        for (std::uint32_t i = 0; i < step->count; ++i) {
            const ExpressionIndex argument = arguments_[step->first + i];
            const bool is_condition = i % 2 == 0 && i + 1 < step->count;
            const double value = values[argument];
            if (std::isnan(value)) {
                expression = argument;
                break;
            }
            // A condition that does not hold leaves the value after it out.
            if (is_conditional(step->operation) && is_condition && value == 0) ++i;
        }
    }
    return expression;
}

std::vector<std::uint32_t> parameter_cycle(std::span<const Expression> pool,
                                           std::span<const ExpressionIndex> parameters) {
    Ordering ordering(pool, parameters);
    for (const ExpressionIndex root : parameters)
        if (!ordering.visit(root)) return ordering.cycle();
    return {};
}

}  // namespace venturi
