#include "analysis/program/descent_options.hpp"

#include "analysis/program/failure.hpp"
#include "scenarios/problem.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace venturi {

const char* const descent_notes = R"(
Any --estimator goes with any --rule and any --map. Estimators are those of venturi gradient, spsa (all directions at
once, at random), and parameter_exploration (a mix of its own for each trajectory, normal around the point).
company_exploration sees each company's effect on itself alone. Rules: normalised momentum, whose steps have a length
of their own whatever the objective's scale, adam and adamw, which scale each number; sgd and momentum multiply the
gradient by --step, which then has to suit the objective. Maps: steps in log-ratios of shares, mirror descent, or steps
in the shares with projection.)";

void add_descent_options(const Command& command, const std::shared_ptr<DescentOptions>& options) {
    command.option("--estimator", options->estimator,
                   "of the gradient: see venturi gradient, or spsa, parameter_exploration (default: "
                   "log_ratio_steps_controls)");
    command.option("--rule", options->rule,
                   "of updates: normalised, sgd, momentum, adam or adamw (default: normalised)");
    command.option("--map", options->map,
                   "how steps keep to the simplex: log_ratio, mirror or projection (default: log_ratio)");
    command
        .option(
            "--step", options->step,
            "length of the first update, or of a search's first simplex or radius (default: as suits rule "
            "and map; 1 for log-ratios)")
        .within(1e-3, 100.0);
}

void expect_one_of(const std::string& option, const std::string& value,
                   const std::vector<std::string>& legal) {
    if (std::ranges::find(legal, value) != legal.end()) return;
    const std::string nearest = nearest_name(value, legal);
    throw InputError(fmt::format("{} '{}' is not known{}\n  legal here: {}", option, value,
                                 nearest.empty() ? "" : fmt::format(" — did you mean '{}'?", nearest),
                                 listed(legal)));
}

ChosenDescent chosen_descent(const DescentOptions& options, const std::string& method,
                             const std::string& who) {
    if (!options.estimator.empty()) expect_one_of("--estimator", options.estimator, mix_estimator_names());
    expect_one_of("--rule", options.rule, mix_rule_names());
    expect_one_of("--map", options.map, mix_map_names());
    ChosenDescent chosen{
        .descent = {.estimator = options.estimator, .rule = options.rule, .map = options.map}};
    if (method == "spsa") {
        if (!options.estimator.empty() && options.estimator != "spsa")
            throw InputError(fmt::format(
                "--estimator '{}': --method spsa is an estimator itself\n  legal here: --method gradient",
                options.estimator));
        chosen.descent.estimator = "spsa";
    }
    const MixDescent usual;
    const bool is_usual = options.estimator.empty() && options.rule == usual.rule && options.map == usual.map;
    if (!is_usual && method != "gradient" && method != "spsa")
        throw InputError(
            fmt::format("--method '{}' knows no gradient: --estimator, --rule and --map are without effect\n "
                        " legal here: "
                        "--method gradient, --method spsa",
                        method));
    if (!is_usual && who == "equilibrium")
        throw InputError(
            "--who equilibrium: best responses are steps of given length along company_exploration_controls, "
            "in "
            "log-ratios\n  legal here: neither --estimator nor --rule nor --map");
    chosen.step = options.step > 0 ? options.step : usual_step(chosen.descent);
    return chosen;
}

nlohmann::ordered_json descent_json(const MixDescent& descent) {
    return {{"estimator", descent.estimator}, {"rule", descent.rule}, {"map", descent.map}};
}

MixDescent descent_of_json(const nlohmann::ordered_json& json) {
    MixDescent descent{.estimator = json.at("estimator").get<std::string>(),
                       .rule = json.at("rule").get<std::string>(),
                       .map = json.at("map").get<std::string>()};
    const auto knows = [](const std::vector<std::string>& names, const std::string& name) {
        return std::ranges::find(names, name) != names.end();
    };
    if ((!descent.estimator.empty() && !knows(mix_estimator_names(), descent.estimator))
        || !knows(mix_rule_names(), descent.rule) || !knows(mix_map_names(), descent.map))
        throw std::invalid_argument("a descent that is none");
    return descent;
}

}  // namespace venturi
