#include "analysis/optimiser/problem.hpp"

#include "sim/contract.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace venturi::optimiser {

Outcomes Problem::outcomes(const DenseMatrix& decisions, const Repetitions& repetitions) {
    expects(decisions.rows() == set_.dimension()
                && (decisions.cols() == 1 || decisions.cols() == Index{repetitions.count}),
            "decisions are one column, or one for each repetition, of the set's dimension");
    Outcomes outcomes = outcomes_(decisions, repetitions);
    expects(outcomes.values.rows() == Index{repetitions.count}
                && outcomes.values.cols() == objectives_ + constraints_,
            "outcomes have a row for each repetition, and columns for each objective and each constraint");
    expects(outcomes.controls.cols() == 0 || outcomes.controls.rows() == Index{repetitions.count},
            "controls have a row for each repetition");
    forward_runs_ += repetitions.count;
    return outcomes;
}

const OwnGradient& Problem::own_gradient(std::string_view name) const {
    std::string legal;
    for (const OwnGradient& own : gradients_) {
        if (own.name == name) return own;
        legal += (legal.empty() ? "" : ", ") + own.name;
    }
    throw std::invalid_argument(fmt::format("there is no estimator '{}'; this objective's own are: {}", name,
                                            legal.empty() ? "none" : legal));
}

OutcomeGradients Problem::own_gradients(std::string_view name, const Vector& decision,
                                        const Repetitions& repetitions) {
    OutcomeGradients found = own_gradient(name).estimate(decision, repetitions);
    expects(static_cast<Index>(found.gradients.size()) == objectives_ + constraints_
                && found.gradients.front().rows() == Index{repetitions.count}
                && found.gradients.front().cols() == set_.dimension(),
            "there are gradients of each objective and of each constraint: repetitions by dimension");
    forward_runs_ += found.forward_runs;
    return found;
}

}  // namespace venturi::optimiser
