// How probable the basic events of a risk model are: at the means of what is uncertain, or in one trial of a
// Monte Carlo study of that uncertainty.
#pragma once

#include "agents/risk/risk_model.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace venturi {

/// What an event tree's path has changed of the expressions in a model.
struct ExpressionFlavour {
    std::uint32_t initiating_event = ExpressionSetting::none;
    std::map<std::uint32_t, std::uint32_t> functional_states = {};  ///< functional event to its state
    std::map<std::uint32_t, ExpressionIndex> parameters = {};       ///< to what they were set
    std::map<std::uint32_t, ExpressionIndex> basic_events = {};

    friend bool operator==(const ExpressionFlavour&, const ExpressionFlavour&) = default;
};

/// Probabilities of the independent events of a model in one trial.
struct SampledProbabilities {
    std::vector<double> probabilities = {};  ///< each in [0, 1]; shape: as independent_events
    std::size_t truncated = 0;  ///< how many were drawn outside [0, 1], and set to its nearer end
};

/// Computes the probabilities of a model's independent events. Keeps what it needs of the model; any number
/// of threads may ask at once.
class EventProbabilities {
  public:
    /// Time in hours, ≥ 0. `also`: expressions that value_of will be asked for. Throws RiskModelError where
    /// parameters depend on themselves, or as independent_events.
    EventProbabilities(const RiskModel& model, double mission_time, const ExpressionFlavour& flavour = {},
                       const std::vector<ExpressionIndex>& also = {});

    /// With every deviate at its mean. Shape: as independent_events; `wanted`, of that shape, leaves out
    /// (with probability 0) events that it is false for, and empty stands for all. Throws RiskModelError
    /// where a probability is not known, not in [0, 1], or of arguments outside their domain.
    [[nodiscard]] std::vector<double> at_mean(const std::vector<bool>& wanted = {}) const;

    /// In one trial, the same whoever asks and in which order. Throws RiskModelError where a probability is
    /// not known or an argument is drawn outside its domain (a negative rate, say).
    [[nodiscard]] SampledProbabilities sample(const DeviateDraws& draws,
                                              const std::vector<bool>& wanted = {}) const;

    /// All that is wrong where at_mean throws; `missing` says whether probabilities that are not known are.
    [[nodiscard]] std::vector<ModelDefect> defects(bool missing) const;

    /// The value of one of the expressions named at construction, at the mean or in a trial. Throws
    /// RiskModelError where it is outside its domain.
    [[nodiscard]] double value_of(ExpressionIndex expression,
                                  const std::optional<DeviateDraws>& draws = {}) const;

    /// Whether anything is uncertain; if not, all trials are alike.
    [[nodiscard]] bool is_uncertain() const { return evaluator_.is_uncertain(); }

  private:
    struct Source {
        IndependentEvent event;
        std::optional<ExpressionIndex> probability = {};  // where it is of no group
    };

    // The shares of a group's levels, for as long as one group's events follow each other.
    struct Fractions {
        std::uint32_t group = IndependentEvent::no_group;
        std::vector<double> of_level = {};
    };

    // As computed, whether or not in [0, 1].
    [[nodiscard]] double raw_probability(const Source& source, const std::vector<double>& values,
                                         Fractions& fractions) const;
    [[nodiscard]] std::vector<double> raw_probabilities(const std::vector<double>& values,
                                                        const std::vector<bool>& wanted) const;
    void find_fractions(const Source& source, const std::vector<double>& values, Fractions& fractions) const;
    // `source` is for the message; null where an event tree collects the expression.
    [[nodiscard]] double defined(ExpressionIndex expression, const Source* source,
                                 const std::vector<double>& values) const;
    [[nodiscard]] ModelDefect place_of(const Source& source) const;

    std::vector<Source> sources_;
    std::vector<CommonCauseGroup> groups_;
    std::vector<Operation> operations_;  // of the pool, for messages
    ExpressionSetting setting_;
    ExpressionEvaluator evaluator_;
};

/// `EventProbabilities(model, mission_time).at_mean()`.
[[nodiscard]] std::vector<double> event_probabilities(const RiskModel& model, double mission_time);

/// `EventProbabilities(model, mission_time).sample(draws)`; for many trials keep the EventProbabilities.
[[nodiscard]] SampledProbabilities sample_event_probabilities(const RiskModel& model, double mission_time,
                                                              const DeviateDraws& draws);

}  // namespace venturi
