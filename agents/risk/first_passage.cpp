#include "agents/risk/first_passage.hpp"

#include "agents/risk/state_elimination.hpp"
#include "sim/contract.hpp"
#include "sim/dense_systems.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/infinity.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace venturi {

namespace {

// Ticks of a chain that are remembered.
constexpr std::size_t most_ticks = std::size_t{1} << 23;
// Above these, ticks are too many to be counted in a double.
constexpr double most_countable = 0x1p52;

void expect_sound_chain(const RateMatrix& matrix, const std::vector<double>& initial) {
    expects(!matrix.starts.empty() && matrix.starts.front() == 0
                && matrix.starts.back() == matrix.targets.size()
                && matrix.targets.size() == matrix.rates.size(),
            "a rate matrix has as many targets as rates");
    expects(std::is_sorted(matrix.starts.begin(), matrix.starts.end()), "rows follow each other");
    expects(initial.size() == matrix.size(), "each state has a probability at time zero");
    for (std::uint32_t state = 0; state < matrix.size(); ++state) {
        for (std::size_t i = matrix.starts[state]; i < matrix.starts[state + 1]; ++i) {
            expects(matrix.targets[i] <= matrix.size() && matrix.targets[i] != state,
                    "a transition leads to another state");
            expects(matrix.rates[i] > 0 && std::isfinite(matrix.rates[i]), "a rate is finite and above 0");
        }
        expects(initial[state] >= 0 && initial[state] <= 1, "a probability is in [0, 1]");
    }
}

std::vector<std::uint8_t> find_hopeless(const RateMatrix& matrix) {
    const std::uint32_t n = matrix.size();
    std::vector<std::size_t> starts(n + 2, 0);  // of predecessors
    for (const std::uint32_t target : matrix.targets) ++starts[target + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<std::uint32_t> predecessors(matrix.targets.size());
    std::vector<std::size_t> next(starts.begin(), starts.end() - 1);
    for (std::uint32_t state = 0; state < n; ++state)
        for (std::size_t i = matrix.starts[state]; i < matrix.starts[state + 1]; ++i)
            predecessors[next[matrix.targets[i]]++] = state;
    std::vector<std::uint8_t> hopeless(n + 1, 1);
    std::vector<std::uint32_t> stack = {n};
    hopeless[n] = 0;
    while (!stack.empty()) {
        const std::uint32_t state = stack.back();
        stack.pop_back();
        for (std::size_t i = starts[state]; i < starts[state + 1]; ++i)
            if (hopeless[predecessors[i]] != 0) {
                hopeless[predecessors[i]] = 0;
                stack.push_back(predecessors[i]);
            }
    }
    hopeless.pop_back();
    return hopeless;
}

// Whether the chain can't get into a hopeless state.
bool is_sure(const RateMatrix& matrix, const std::vector<double>& initial,
             const std::vector<std::uint8_t>& hopeless) {
    std::vector<std::uint8_t> seen(matrix.size() + 1, 0);
    seen[matrix.size()] = 1;
    std::vector<std::uint32_t> stack;
    const auto visit = [&](std::uint32_t state) {
        if (std::exchange(seen[state], std::uint8_t{1}) == 0) stack.push_back(state);
    };
    for (std::uint32_t state = 0; state < matrix.size(); ++state)
        if (initial[state] > 0) visit(state);
    while (!stack.empty()) {
        const std::uint32_t state = stack.back();
        stack.pop_back();
        if (hopeless[state] != 0) return false;
        for (std::size_t i = matrix.starts[state]; i < matrix.starts[state + 1]; ++i)
            visit(matrix.targets[i]);
    }
    return true;
}

double fastest_exit(const RateMatrix& matrix) {
    double fastest = 0;
    for (std::uint32_t state = 0; state < matrix.size(); ++state) {
        double exit = 0;
        for (std::size_t i = matrix.starts[state]; i < matrix.starts[state + 1]; ++i) exit += matrix.rates[i];
        fastest = std::max(fastest, exit);
    }
    return fastest;
}

using Progress = PassageProgress;

// The chain looked at after each tick of a Poisson clock of rate q.
class ArrivalSequence {
  public:
    ArrivalSequence(const RateMatrix& matrix, const std::vector<std::uint8_t>& hopeless, double q,
                    const std::vector<double>& initial, double at_target)
        : matrix_(matrix), hopeless_(hopeless), q_(q), now_(initial), next_(initial.size()) {
        for (std::size_t i = 0; i < now_.size(); ++i)
            if (hopeless_[i] != 0) lost_ += std::exchange(now_[i], 0.0);
        known_.push_back({at_target, lost_ + std::accumulate(now_.begin(), now_.end(), 0.0)});
        for (std::uint32_t state = 0; state < matrix.size(); ++state) {
            double exit = 0;
            for (std::size_t i = matrix.starts[state]; i < matrix.starts[state + 1]; ++i)
                exit += matrix.rates[i];
            stays_.push_back(std::max(1 - exit / q, 0.0));
        }
    }

    /// Whether tick k is known, after as many steps as `work` allows; `horizon` is the last tick of interest.
    bool reach(std::size_t k, double horizon, double& work, const StopRequest* stop) {
        while (k >= known_.size() && !steady_) {
            const double cost = static_cast<double>(matrix_.targets.size() + now_.size());
            if (work < cost || known_.size() >= most_ticks) return false;
            stop_if_requested(stop);
            work -= cost;
            step(horizon);
        }
        return true;
    }

    /// At tick k, one that is known.
    [[nodiscard]] Progress at(std::size_t k) const {
        if (k < known_.size()) return known_[k];
        return beyond(static_cast<double>(k - (known_.size() - 1)) * std::log1p(-loss_));
    }
    /// The mean over a Poisson number of ticks, all but surely beyond those known one by one. E(ρ^N) is
    /// exp(−mean (1 − ρ)).
    [[nodiscard]] Progress at_poisson(double mean) const {
        const auto before = static_cast<double>(known_.size() - 1);
        return beyond(loss_ < 1 ? -mean * loss_ - before * std::log1p(-loss_) : -infinity);
    }
    /// Steps until what is left keeps its proportions; false where that takes more than `work`.
    bool settle(double& work, const StopRequest* stop) {
        while (!steady_)
            if (!reach(known_.size(), infinity, work, stop)) return false;
        return true;
    }
    /// After all ticks; of a sequence that is steady.
    [[nodiscard]] Progress last() const { return beyond(-infinity); }
    /// Expected ticks spent elsewhere than at the target; of a steady one that loses nothing.
    [[nodiscard]] double expected_ticks() const {
        double sum = left_ / loss_;
        for (std::size_t tick = known_.size() - 1; tick > 0; --tick) sum += known_[tick - 1].elsewhere;
        return sum;
    }
    [[nodiscard]] bool is_steady() const { return steady_; }
    [[nodiscard]] std::size_t known() const { return known_.size(); }

  private:
    // From the last known tick on, where what is left falls to exp(exponent) of itself.
    [[nodiscard]] Progress beyond(double exponent) const {
        const double gone = -std::expm1(exponent);
        return {known_.back().arrived + left_ * arriving_ * gone,
                lost_ + left_ * (1 - arriving_) * gone + left_ * std::exp(exponent)};
    }

    void step(double horizon) {
        double arrives = 0;
        double lost = 0;
        double before = 0;
        for (std::size_t state = 0; state < now_.size(); ++state) next_[state] = now_[state] * stays_[state];
        for (std::uint32_t state = 0; state < now_.size(); ++state) {
            if (now_[state] == 0) continue;
            before += now_[state];
            const double share = now_[state] / q_;
            for (std::size_t i = matrix_.starts[state]; i < matrix_.starts[state + 1]; ++i) {
                const std::uint32_t target = matrix_.targets[i];
                const double flow = share * matrix_.rates[i];
                if (target == now_.size())
                    arrives += flow;
                else if (hopeless_[target] != 0)
                    lost += flow;
                else
                    next_[target] += flow;
            }
        }
        now_.swap(next_);
        lost_ += lost;
        left_ = std::accumulate(now_.begin(), now_.end(), 0.0);
        known_.push_back({known_.back().arrived + arrives, lost_ + left_});
        look_for_steadiness(arrives, lost, before, horizon);
    }

    // Steady where what is left keeps its proportions: then a constant part of it leaves at each tick.
    // Proportions are compared at ticks 64, 128, 256, ...; what they still drift by up to the horizon must
    // not matter.
    void look_for_steadiness(double arrives, double lost, double before, double horizon) {
        const std::size_t tick = known_.size() - 1;
        if (before <= 1e-18 * known_.back().arrived) {
            steady_ = true;
            arriving_ = 0;
            loss_ = 1;
            return;
        }
        if (tick < 64 || (tick & (tick - 1)) != 0) return;
        const double hazard = arrives / before;
        double drift = hazard > 0 && hazard_ > 0 ? std::abs(hazard / hazard_ - 1) : infinity;
        double shape_drift = snapshot_.empty() ? infinity : 0.0;
        snapshot_.resize(now_.size());
        for (std::size_t i = 0; i < now_.size(); ++i) {
            shape_drift += std::abs(now_[i] / left_ - snapshot_[i]);
            snapshot_[i] = now_[i] / left_;
        }
        // Less than rounding shows nothing of what is to come.
        drift = std::max({drift, shape_drift, std::numeric_limits<double>::epsilon() / 2});
        hazard_ = hazard;
        const double loss = (arrives + lost) / before;
        // Of what is left, e^−40 outlasts 40 / loss.
        const double reach = std::min(horizon, 40 / loss);
        if (drift < 1e-12 && drift * reach / (static_cast<double>(tick) / 2) < 1e-11) {
            steady_ = true;
            loss_ = loss;
            arriving_ = arrives / (arrives + lost);
        }
    }

    const RateMatrix& matrix_;
    const std::vector<std::uint8_t>& hopeless_;
    double q_;
    std::vector<double> now_;
    std::vector<double> next_;
    std::vector<double> stays_;
    std::vector<Progress> known_;
    double lost_ = 0;
    double left_ = 0;
    std::vector<double> snapshot_;
    double hazard_ = 0;
    bool steady_ = false;
    double arriving_ = 0;  // of what leaves, where steady
    double loss_ = 0;      // of what is left, at a tick
};

// Σ_k P(N = k) at(k) for a Poisson number N of ticks: weights relative to that of the mode, from where they
// are below rounding (what has arrived only grows with k) to where what is left out is below rounding of the
// sum.
std::optional<Progress> progress_by(ArrivalSequence& sequence, double mean, double horizon, double& work,
                                    const StopRequest* stop) {
    // P(N ≤ mean − 10 √mean) ≤ e^−50.
    const auto tail = static_cast<std::size_t>(
        mean < most_countable ? std::max(mean - 10 * std::sqrt(mean), 0.0) : most_countable);
    if (!sequence.reach(tail, horizon, work, stop)) return {};
    if (sequence.is_steady() && tail >= sequence.known()) return sequence.at_poisson(mean);
    const double mode = std::floor(mean);
    double first = mode;
    double weight = 1;
    while (first > 0 && weight > 1e-20) {
        weight *= first / mean;
        first -= 1;
    }
    Progress sum;
    double weights = 0;
    for (double k = first;; k += 1) {
        if (!sequence.reach(static_cast<std::size_t>(k), horizon, work, stop)) return {};
        const Progress at = sequence.at(static_cast<std::size_t>(k));
        sum.arrived += weight * at.arrived;
        sum.elsewhere += weight * at.elsewhere;
        weights += weight;
        weight *= mean / (k + 1);
        if (k < mode) continue;
        const double beyond = weight / (1 - mean / (k + 2));
        if (beyond <= 1e-16 * sum.arrived || weight == 0)
            return Progress{sum.arrived / weights, sum.elsewhere / weights};
    }
}

// Of numbers whose product need not fit a double.
double log2_of_product(double a, double b) {
    return std::log2(a) + std::log2(b);
}
double ldexp_of_product(double a, double b, int exponent) {
    int of_a = 0;
    int of_b = 0;
    const double product = std::frexp(a, &of_a) * std::frexp(b, &of_b);
    return std::ldexp(product, of_a + of_b + exponent);
}

// exp(Q t) by squaring, with rows over states and what has arrived and what is lost beside. Products of
// numbers that are not negative; a diagonal near 1 is what the rest of the row leaves of 1, so that the small
// entries keep their relative precision through all squarings.
class SquaredChain {
  public:
    SquaredChain(const RateMatrix& matrix, const std::vector<std::uint8_t>& hopeless, double q, double time,
                 const StopRequest* stop)
        : squarings_(std::max(0, static_cast<int>(std::ceil(log2_of_product(q, time) + 4)))) {
        const Eigen::Index n = matrix.size();
        const double step = ldexp_of_product(q, time, -squarings_);
        Eigen::MatrixXd chain = Eigen::MatrixXd::Zero(n, n + 2);
        for (std::uint32_t state = 0; state < matrix.size(); ++state) {
            double exit = 0;
            for (std::size_t i = matrix.starts[state]; i < matrix.starts[state + 1]; ++i) {
                const std::uint32_t target = matrix.targets[i];
                const bool is_target = target == matrix.size();
                const Eigen::Index column = is_target               ? n
                                            : hopeless[target] != 0 ? n + 1
                                                                    : Eigen::Index{target};
                chain(state, column) += matrix.rates[i] / q;
                exit += matrix.rates[i];
            }
            chain(state, state) = std::max(1 - exit / q, 0.0);
        }
        // Σ_k Poisson(step; k) P^k; the first 14 terms leave out 16^−14 / 14! = 2e-28 of the smallest path.
        Eigen::MatrixXd power = Eigen::MatrixXd::Zero(n, n + 2);
        power.leftCols(n).setIdentity();
        double weight = std::exp(-step);
        transitions_ = weight * power;
        for (int k = 1; k < 14; ++k) {
            stop_if_requested(stop);
            power = multiply(chain, power);
            weight *= step / k;
            transitions_ += weight * power;
        }
        tidy();
        for (int i = 0; i < squarings_; ++i) {
            stop_if_requested(stop);
            transitions_ = multiply(transitions_, transitions_);
            tidy();
        }
    }

    [[nodiscard]] Progress progress(const std::vector<double>& initial, double at_target) const {
        const Eigen::Index n = transitions_.rows();
        Progress sum{at_target, 0};
        for (Eigen::Index i = 0; i < n; ++i) {
            const double start = initial[static_cast<std::size_t>(i)];
            if (start == 0) continue;
            sum.arrived += start * transitions_(i, n);
            sum.elsewhere += start * (transitions_.row(i).head(n).sum() + transitions_(i, n + 1));
        }
        return sum;
    }

  private:
    // First `one`, then `two`: the last two columns are never left.
    static Eigen::MatrixXd multiply(const Eigen::MatrixXd& one, const Eigen::MatrixXd& two) {
        const Eigen::Index n = one.rows();
        Eigen::MatrixXd both = product(one.leftCols(n), two);
        both.rightCols(2) += one.rightCols(2);
        return both;
    }

    void tidy() {
        for (Eigen::Index i = 0; i < transitions_.rows(); ++i) {
            const double own = transitions_(i, i);
            transitions_(i, i) = 0;
            const double rest = transitions_.row(i).sum();
            transitions_(i, i) = rest < 0.5 ? 1 - rest : own;
        }
    }

    int squarings_;
    Eigen::MatrixXd transitions_;  // n × (n + 2)
};

// Rates of which a row's sum fits a double.
double large_unit(const RateMatrix& matrix) {
    constexpr double large = 0x1p990;
    const auto fastest = std::max_element(matrix.rates.begin(), matrix.rates.end());
    return fastest != matrix.rates.end() && *fastest > large ? 0x1p32 : 1;
}

}  // namespace

FirstPassage::FirstPassage(RateMatrix matrix, std::vector<double> initial)
    : matrix_(std::move(matrix)), initial_(std::move(initial)) {
    expect_sound_chain(matrix_, initial_);
    const double elsewhere = std::accumulate(initial_.begin(), initial_.end(), 0.0);
    expects(elsewhere <= 1 + 1e-9, "probabilities at time zero sum to at most 1");
    at_target_ = std::max(1 - elsewhere, 0.0);
    hopeless_ = find_hopeless(matrix_);
    certain_ = is_sure(matrix_, initial_, hopeless_);
    time_unit_ = large_unit(matrix_);
    if (time_unit_ != 1)
        for (double& rate : matrix_.rates) rate /= time_unit_;
}

std::optional<std::vector<double>> FirstPassage::probability(std::span<const double> times,
                                                             const PassageLimits& limits) const {
    const auto found = progress(times, limits);
    if (!found) return {};
    std::vector<double> probabilities;
    for (const Progress& at : *found) probabilities.push_back(at.probability());
    return probabilities;
}

std::optional<std::vector<PassageProgress>> FirstPassage::progress(std::span<const double> times,
                                                                   const PassageLimits& limits) const {
    const double q = fastest_exit(matrix_);
    const bool some_hope = std::find(hopeless_.begin(), hopeless_.end(), 0) != hopeless_.end();
    double last = 0;
    for (const double time : times) {
        expects(time >= 0, "a time is not negative");
        if (std::isfinite(time)) last = std::max(last, time);
    }
    const auto n = static_cast<double>(matrix_.size());
    const auto finite = static_cast<double>(times.size());
    // As log2(x + 2), where x = q · last need not fit a double.
    const double ticks = q * last * time_unit_;
    const double doublings =
        std::isfinite(ticks) ? std::log2(ticks + 2) : log2_of_product(q, last) + std::log2(time_unit_);
    const double squaring_work = n * n * n * (doublings + 20) * finite / 4;
    const bool may_square = matrix_.size() <= 1200 && squaring_work <= limits.work;
    double work = may_square ? std::min(limits.work, std::max(3e6, squaring_work)) : limits.work;
    ArrivalSequence sequence(matrix_, hopeless_, some_hope ? q : 1, initial_, at_target_);
    std::vector<Progress> found;
    for (const double time : times) {
        std::optional<Progress> value;
        const double ticks_until = q * time * time_unit_;
        if (!some_hope || time == 0) {
            value = Progress{at_target_, 1 - at_target_};
        } else if (std::isinf(time)) {
            if (const auto eventual = eventual_probability(limits))
                value = Progress{*eventual, 1 - *eventual};
        } else if (const auto progress = progress_by(sequence, ticks_until, ticks, work, limits.stop)) {
            value = progress;
        } else if (may_square && time * time_unit_ < infinity) {
            value = SquaredChain(matrix_, hopeless_, q, time * time_unit_, limits.stop)
                        .progress(initial_, at_target_);
        }
        if (!value) return {};
        found.push_back(*value);
    }
    return found;
}

std::optional<double> FirstPassage::eventual_probability(const PassageLimits& limits) const {
    std::vector<double> reward(matrix_.size(), 0.0);
    for (std::uint32_t state = 0; state < matrix_.size(); ++state)
        for (std::size_t i = matrix_.starts[state]; i < matrix_.starts[state + 1]; ++i)
            if (matrix_.targets[i] == matrix_.size()) reward[state] += matrix_.rates[i];
    if (certain_) return 1;
    if (const auto reached = initial_total(reward, limits)) return std::min(at_target_ + *reached, 1.0);
    double work = limits.work;
    ArrivalSequence sequence(matrix_, hopeless_, fastest_exit(matrix_), initial_, at_target_);
    if (!sequence.settle(work, limits.stop)) return {};
    return sequence.last().probability();
}

std::optional<double> FirstPassage::mean(const PassageLimits& limits) const {
    if (!certain_) return infinity;
    if (const auto time = initial_total(std::vector<double>(matrix_.size(), 1.0), limits))
        return *time / time_unit_;
    double work = limits.work;
    const double q = fastest_exit(matrix_);
    ArrivalSequence sequence(matrix_, hopeless_, q, initial_, at_target_);
    if (!sequence.settle(work, limits.stop)) return {};
    return sequence.expected_ticks() / q / time_unit_;
}

std::optional<double> FirstPassage::initial_total(const std::vector<double>& reward,
                                                  const PassageLimits& limits) const {
    const auto totals = expected_total(matrix_, hopeless_, reward, limits);
    if (!totals) return {};
    const double total = std::inner_product(initial_.begin(), initial_.end(), totals->begin(), 0.0);
    if (!std::isfinite(total)) return {};  // of rates that are too large or small for a double's products
    return total;
}

}  // namespace venturi
