#include "sim/absorbing_chain.hpp"

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace venturi {

namespace {

constexpr double rounding = 1e-12;

// The first state from which no way leads out, or −1: a search backwards from the exits.
Eigen::Index first_trap(const Eigen::MatrixXd& transitions, const Eigen::VectorXd& exits) {
    const Eigen::Index n = transitions.rows();
    std::vector<bool> leads_out(static_cast<std::size_t>(n));
    std::vector<Eigen::Index> to_visit;
    const auto mark = [&](Eigen::Index state) {
        const auto k = static_cast<std::size_t>(state);
        if (!leads_out[k]) to_visit.push_back(state);
        leads_out[k] = true;
    };
    for (Eigen::Index i = 0; i < n; ++i)
        if (exits[i] > 0) mark(i);
    while (!to_visit.empty()) {
        const Eigen::Index state = to_visit.back();
        to_visit.pop_back();
        for (Eigen::Index i = 0; i < n; ++i)
            if (transitions(i, state) > 0) mark(i);
    }
    for (Eigen::Index i = 0; i < n; ++i)
        if (!leads_out[static_cast<std::size_t>(i)]) return i;
    return -1;
}

[[noreturn]] void refuse(std::string_view state, Eigen::Index number, std::string_view what) {
    std::ostringstream message;
    message << state << ' ' << number << ": " << what;
    throw std::invalid_argument(message.str());
}

}  // namespace

void require_transition_probabilities(const Eigen::MatrixXd& transitions, std::string_view state) {
    if (transitions.rows() == 0 || transitions.cols() != transitions.rows())
        throw std::invalid_argument("transition probabilities are a square matrix with a row for each "
                                    + std::string(state));
    for (Eigen::Index i = 0; i < transitions.rows(); ++i) {
        for (Eigen::Index j = 0; j < transitions.cols(); ++j)
            if (!(transitions(i, j) >= 0))
                refuse(state, i, "a transition probability is negative or no number");
        if (transitions.row(i).sum() > 1 + rounding)
            refuse(state, i, "the transition probabilities sum to more than 1");
    }
}

AbsorbingChain::AbsorbingChain(Eigen::MatrixXd transitions, std::string_view state)
    : transitions_(std::move(transitions)) {
    require_transition_probabilities(transitions_, state);
    const Eigen::Index n = transitions_.rows();
    exits_ = Eigen::VectorXd::Ones(n) - transitions_.rowwise().sum();
    exits_ = (exits_.array() > rounding).select(exits_, 0);
    const Eigen::Index trap = first_trap(transitions_, exits_);
    if (trap >= 0) refuse(state, trap, "whoever is there can never leave for good");
    one_step_.compute(Eigen::MatrixXd::Identity(n, n) - transitions_);
}

Eigen::MatrixXd AbsorbingChain::expected_visits() const {
    return one_step_.inverse();
}

Eigen::VectorXd AbsorbingChain::total_reward(const Eigen::VectorXd& reward) const {
    return one_step_.solve(reward);
}

Eigen::VectorXd AbsorbingChain::visit_rates(const Eigen::VectorXd& entries) const {
    return one_step_.transpose().solve(entries);
}

}  // namespace venturi
