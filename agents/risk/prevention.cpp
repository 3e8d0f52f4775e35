#include "agents/risk/prevention.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace venturi {

namespace {

void check(const PreventionParameters& prevention) {
    expects(prevention.preventable >= 0 && prevention.preventable <= 1, "a preventable part is in [0, 1]");
    expects(prevention.scale > 0 && prevention.half_life > 0,
            "scale and half-life of prevention are positive");
}

void check(std::span<const PreventionTarget> targets) {
    for (const PreventionTarget& target : targets)
        expects(target.value >= 0 && std::isfinite(target.value) && target.scale > 0
                    && std::isfinite(target.scale),
                "values of targets are not negative, scales positive");
}

// What is worn out within milliseconds is gone at once, and its flow would have no finite stock.
constexpr double shortest_half_life = 1e-9;  // months

double wear(const PreventionParameters& prevention) {
    return std::numbers::ln2 / std::max(prevention.half_life, shortest_half_life);
}

}  // namespace

double hazard_left(const PreventionParameters& prevention, double stock) {
    check(prevention);
    expects(stock >= 0, "a stock of prevention is not negative");
    return 1 + prevention.preventable * std::expm1(-stock / prevention.scale);
}

double prevention_life(const PreventionParameters& prevention) {
    check(prevention);
    return 1 / wear(prevention);
}

double PreventionStock::at(const PreventionParameters& prevention, double month) const {
    check(prevention);
    expects(month >= since, "a stock is asked about the time from its last change on");
    const ExponentialDecay decay = exponential_decay(wear(prevention), month - since);
    return amount * decay.remaining + flow * decay.integral_of_remaining;
}

void PreventionStock::feed(const PreventionParameters& prevention, double month, double new_flow) {
    expects(new_flow >= 0, "spending on prevention is not negative");
    amount = at(prevention, month);
    flow = new_flow;
    since = month;
}

double most_hazard_left(const PreventionParameters& prevention, const PreventionStock& stock, double month) {
    const double present = stock.at(prevention, month);
    return hazard_left(prevention, std::min(present, stock.flow * prevention_life(prevention)));
}

PreventionTarget one_payment(const PreventionParameters& prevention, double loss_rate, double stock) {
    check(prevention);
    expects(loss_rate >= 0 && stock >= 0, "losses and stocks are not negative");
    return {.value = loss_rate * prevention.preventable * std::exp(-stock / prevention.scale),
            .scale = prevention.scale};
}

PreventionTarget steady_flow(const PreventionParameters& prevention, double loss_rate) {
    PreventionTarget target = one_payment(prevention, loss_rate, 0);
    target.scale /= prevention_life(prevention);
    return target;
}

double spread_prevention(std::span<const PreventionTarget> targets, double budget,
                         std::span<double> spending) {
    check(targets);
    expects(budget >= 0 && std::isfinite(budget), "a budget is not negative");
    expects(spending.size() == targets.size(), "spending has the shape of the targets");
    // ln λ if just the targets whose first dollar buys more than `log_level` are spent on. Leaving out one
    // that is not worth it raises it, so what is left out once stays out, and the rounds end.
    const auto log_level_of_those_above = [&](double log_level) {
        double scales = 0;
        double sum = -budget;
        for (const PreventionTarget& target : targets) {
            if (!(target.value > 0)) continue;
            const double log_first = std::log(target.first_dollar());
            if (!(log_first > log_level)) continue;
            scales += target.scale;
            sum += target.scale * log_first;
        }
        // None: the budget is 0, and the level was that of the best already.
        return scales > 0 ? sum / scales : log_level;
    };
    double log_level = log_level_of_those_above(-std::numeric_limits<double>::infinity());
    for (std::size_t round = 0; round < targets.size(); ++round) {
        const double next = log_level_of_those_above(log_level);
        if (!(next > log_level)) break;
        log_level = next;
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const double excess = targets[i].value > 0 ? std::log(targets[i].first_dollar()) - log_level : 0.0;
        spending[i] = targets[i].scale * std::max(excess, 0.0);
    }
    return std::exp(log_level);
}

double loss_prevented(std::span<const PreventionTarget> targets, std::span<const double> spending) {
    check(targets);
    expects(spending.size() == targets.size(), "spending has the shape of the targets");
    double prevented = 0;
    for (std::size_t i = 0; i < targets.size(); ++i)
        prevented -= targets[i].value * std::expm1(-spending[i] / targets[i].scale);
    return prevented;
}

double loss_prevented_by(std::span<const PreventionTarget> targets, double budget) {
    std::vector<double> spending(targets.size());
    spread_prevention(targets, budget, spending);
    return loss_prevented(targets, spending);
}

double worthwhile_budget(std::span<const PreventionTarget> targets, double hurdle) {
    check(targets);
    expects(hurdle > 0, "a hurdle is positive");
    double budget = 0;
    for (const PreventionTarget& target : targets)
        if (target.first_dollar() > hurdle) budget += target.scale * std::log(target.first_dollar() / hurdle);
    return budget;
}

double assessment_error(double without_culture, double gain, double culture) {
    expects(without_culture >= 0 && gain >= 0 && gain <= 1 && culture >= 0 && culture <= 1,
            "an error is not negative, gain and culture are in [0, 1]");
    return without_culture * (1 - gain * culture);
}

double misallocation_factor(std::span<const PreventionTarget> targets, double error) {
    check(targets);
    expects(!targets.empty() && error >= 0, "there are targets, and an error is not negative");
    double scales = 0;
    double squares = 0;
    for (const PreventionTarget& target : targets) {
        scales += target.scale;
        squares += target.scale * target.scale;
    }
    double factor = 0;
    for (const PreventionTarget& target : targets) {
        const double share = target.scale / scales;
        factor += share * std::exp(error * error * (1 - 2 * share + squares / (scales * scales)) / 2);
    }
    return factor;
}

}  // namespace venturi
