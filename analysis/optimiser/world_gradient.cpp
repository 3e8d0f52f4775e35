#include "analysis/optimiser/world_gradient.hpp"

#include "agents/startup/own_mix.hpp"
#include "agents/world.hpp"
#include "analysis/optimiser/world_controls.hpp"
#include "analysis/optimiser/world_runner.hpp"
#include "analysis/optimiser/world_trajectories.hpp"
#include "analysis/statistics/controlled_means.hpp"
#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/stopped.hpp"
#include "sim/random/draws.hpp"
#include "sim/random/philox.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t free_shares = advantages - 1;
// Of companies among others that have another mix, one in so many explores.
constexpr std::size_t explorers_apart = 8;

using Direction = std::array<double, advantages>;

/// Helmert's orthonormal basis of the vectors whose components sum to 0.
std::array<Direction, free_shares> helmert_basis() {
    std::array<Direction, free_shares> basis{};
    for (std::size_t k = 0; k < free_shares; ++k) {
        const auto before = static_cast<double>(k + 1);
        const double norm = std::sqrt(before * (before + 1));
        for (std::size_t i = 0; i <= k; ++i) basis[k][i] = 1 / norm;
        basis[k][k + 1] = -before / norm;
    }
    return basis;
}

InvestmentMix stepped(const InvestmentMix& mix, const Direction& direction, MixSteps steps, double length) {
    Direction shares = normalised(mix);
    for (std::size_t i = 0; i < advantages; ++i)
        shares[i] = steps == MixSteps::flat ? std::max(shares[i] + length * direction[i], 0.0)
                                            : shares[i] * std::exp(length * direction[i]);
    return mix_of_shares(normalised(mix_of_shares(shares)));
}

/// What a derivative along a direction says of the gradient in log-ratio coordinates of its row.
Direction in_log_ratios(const InvestmentMix& mix, const Direction& direction, MixSteps steps) {
    const Direction shares = normalised(mix);
    if (steps == MixSteps::log_ratio) return direction;
    double mean = 0;
    for (std::size_t i = 0; i < advantages; ++i) mean += shares[i] * direction[i];
    Direction result{};
    for (std::size_t i = 0; i < advantages; ++i) result[i] = shares[i] * (direction[i] - mean);
    return result;
}

/// The two ends of a step in each direction: direction k of row r is number 4 r + k.
struct Steps {
    std::vector<std::array<MixRows, 2>> ends;
    Eigen::MatrixXd to_gradient;  ///< shape: rows × 5, directions
};

Steps steps_at(const MixRows& at, MixSteps kind, double length) {
    const std::array<Direction, free_shares> basis = helmert_basis();
    Steps steps;
    steps.to_gradient = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(at.size() * advantages),
                                              static_cast<Eigen::Index>(at.size() * free_shares));
    for (std::size_t row = 0; row < at.size(); ++row)
        for (std::size_t k = 0; k < free_shares; ++k) {
            std::array<MixRows, 2>& ends = steps.ends.emplace_back(std::array<MixRows, 2>{at, at});
            ends[0][row] = stepped(at[row], basis[k], kind, length);
            ends[1][row] = stepped(at[row], basis[k], kind, -length);
            const Direction gradient = in_log_ratios(at[row], basis[k], kind);
            for (std::size_t i = 0; i < advantages; ++i)
                steps.to_gradient(static_cast<Eigen::Index>(row * advantages + i),
                                  static_cast<Eigen::Index>(row * free_shares + k)) = gradient[i];
        }
    return steps;
}

/// The differences of one trajectory: of all companies or the one that decides, for central differences in
/// each direction, for exploration each company in its own.
struct SteppedTrajectory {
    struct Difference {
        std::size_t direction = 0;
        double value = 0;  ///< of the two ends
        std::vector<double> controls = {};

        template <class Self, class Visit>
        static void visit_members(Self& self, Visit& visit) {
            visit(self.direction);
            visit(self.value);
            visit(self.controls);
        }
    };
    std::vector<Difference> differences;
    std::size_t founded = 0;         ///< companies that count
    std::vector<double> signs = {};  ///< by direction, where all are stepped in at once
    double value = 0;                ///< of the objective, the mean of all worlds lived
    std::uint64_t events = 0;
    std::array<WorldOutcome, 2> ends = {};

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.differences);
        visit(self.founded);
        visit(self.signs);
        visit(self.value);
        visit(self.events);
    }
};

/// Draws of nobody in the world: which way each company steps.
class Exploration {
  public:
    Exploration(std::uint64_t seed, std::uint64_t trajectory, std::size_t directions)
        : seed_(seed), trajectory_(static_cast<std::uint32_t>(trajectory)), directions_(directions) {
        offset_ = static_cast<std::size_t>(word(0) % directions_);
        shift_ = static_cast<std::size_t>((word(0) >> 32U) % explorers_apart);
    }

    /// Neighbours by number step in different directions, each in each one with the same probability.
    [[nodiscard]] std::size_t direction_of(std::size_t company) const {
        return (company + offset_) % directions_;
    }
    /// Whether it is among those that explore where the others have another mix.
    [[nodiscard]] bool is_among(std::size_t company, std::size_t companies) const {
        const std::size_t apart = std::min(explorers_apart, companies);
        return (company + shift_) % apart == 0;
    }
    /// Which of the two ends it has in the first world.
    [[nodiscard]] std::size_t end_of(std::size_t company) const { return word(1 + company) >> 63; }

  private:
    [[nodiscard]] std::uint64_t word(std::uint64_t number) const {
        constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max() - 1;
        return word_at({.seed = seed_, .trajectory = trajectory_, .agent = nobody, .purpose = 0}, number);
    }

    std::uint64_t seed_;
    std::uint32_t trajectory_;
    std::size_t directions_;
    std::size_t offset_ = 0;
    std::size_t shift_ = 0;
};

void add_difference(SteppedTrajectory& row, std::size_t direction, const WorldOutcome& up,
                    const WorldOutcome& down, std::size_t company, bool wants_controls) {
    SteppedTrajectory::Difference& added = row.differences.emplace_back();
    added.direction = direction;
    added.value = up.values[company] - down.values[company];
    if (!wants_controls) return;
    const auto above = up.controls_of(company);
    const auto below = down.controls_of(company);
    for (std::size_t i = 0; i < luck_controls; ++i) added.controls.push_back(above[i] - below[i]);
}

/// Of an objective of the world: with the mean of the controls of all companies.
void add_difference_of_worlds(SteppedTrajectory& row, std::size_t direction, const WorldOutcome& up,
                              const WorldOutcome& down, std::size_t companies, bool wants_controls) {
    SteppedTrajectory::Difference& added = row.differences.emplace_back();
    added.direction = direction;
    added.value = up.of_world - down.of_world;
    if (!wants_controls) return;
    added.controls.assign(luck_controls, 0);
    for (std::size_t company = 0; company < companies; ++company)
        for (std::size_t i = 0; i < luck_controls; ++i)
            added.controls[i] +=
                (up.controls_of(company)[i] - down.controls_of(company)[i]) / static_cast<double>(companies);
}

void expect_seen(const SteppedTrajectory& row) {
    bool is_seen = !row.differences.empty();
    for (const auto& each : row.differences) is_seen = is_seen && !std::isnan(each.value);
    if (!is_seen) throw std::runtime_error("there is nothing to see of the objective");
}

/// Lives the trajectories of an estimator.
class Stepper {
  public:
    Stepper(const WorldProblem& problem, const MixRows& at, const WorldGradientOptions& options)
        : problem_(problem),
          at_(at),
          options_(options),
          steps_(steps_at(at, options.steps, options.length)),
          rest_(options.rest.empty() ? problem.mix() : options.rest),
          all_explore_(options.rest.empty() || shares_of_rows(options.rest) == shares_of_rows(at)),
          seed_(options.run.seed.value_or(problem.seed())) {}

    [[nodiscard]] const Steps& steps() const { return steps_; }

    void live(WorldRunner& runner, std::uint64_t trajectory, SteppedTrajectory& row) const {
        row.differences.clear();
        row.events = 0;
        row.value = 0;
        switch (options_.estimator) {
            case WorldEstimator::central_differences:
                live_central(runner, trajectory, row);
                break;
            case WorldEstimator::company_exploration:
                live_exploring(runner, trajectory, row);
                break;
            case WorldEstimator::simultaneous:
                live_simultaneous(runner, trajectory, row);
                break;
            case WorldEstimator::likelihood_ratio:
                throw std::logic_error("a likelihood ratio takes no steps");
        }
        expect_seen(row);
    }

  private:
    void live_end(WorldRunner& runner, std::uint64_t trajectory, const MixOfCompany& mix_of,
                  SteppedTrajectory& row, std::size_t end) const {
        runner.live(seed_, trajectory, mix_of, options_.run.stop, row.ends[end]);
        row.events += row.ends[end].events;
        const auto worlds = static_cast<double>(forward_runs_of_trajectory(options_.estimator, at_.size()));
        const DecidingCompanies deciding = options_.estimator == WorldEstimator::company_exploration
                                               ? DecidingCompanies{0, problem_.companies()}
                                               : deciding_in(problem_, trajectory);
        row.value += value_of(row.ends[end], deciding) / worlds;
    }

    /// Both ends of a step of all companies, or of the one that decides; its differences are of `direction`.
    void live_together(WorldRunner& runner, std::uint64_t trajectory, SteppedTrajectory& row,
                       const std::array<MixRows, 2>& ends, std::size_t direction) const {
        const bool one = problem_.question().who == WhoDecides::one;
        const auto deciding = static_cast<std::size_t>(trajectory % problem_.companies());
        for (const std::size_t end : {0U, 1U}) {
            const auto mix_of = [&](std::size_t company) -> std::span<const InvestmentMix> {
                return !one || company == deciding ? ends[end] : rest_;
            };
            live_end(runner, trajectory, mix_of, row, end);
        }
        row.founded = 0;
        if (row.ends[0].values.empty()) {
            row.founded = 1;
            add_difference_of_worlds(row, direction, row.ends[0], row.ends[1], problem_.companies(),
                                     options_.run.controls);
            return;
        }
        for (std::size_t company = 0; company < problem_.companies(); ++company) {
            if ((one && company != deciding) || std::isnan(row.ends[0].values[company])) continue;
            ++row.founded;
            add_difference(row, direction, row.ends[0], row.ends[1], company, options_.run.controls);
        }
    }

    void live_central(WorldRunner& runner, std::uint64_t trajectory, SteppedTrajectory& row) const {
        for (std::size_t k = 0; k < steps_.ends.size(); ++k)
            live_together(runner, trajectory, row, steps_.ends[k], k);
    }

    void live_simultaneous(WorldRunner& runner, std::uint64_t trajectory, SteppedTrajectory& row) const {
        const Exploration exploration(seed_, trajectory, steps_.ends.size());
        const std::array<Direction, free_shares> basis = helmert_basis();
        row.signs.clear();
        std::array<MixRows, 2> ends{at_, at_};
        for (std::size_t r = 0; r < at_.size(); ++r) {
            Direction direction{};
            for (std::size_t k = 0; k < free_shares; ++k) {
                row.signs.push_back(exploration.end_of(r * free_shares + k) == 0 ? 1 : -1);
                for (std::size_t i = 0; i < advantages; ++i) direction[i] += row.signs.back() * basis[k][i];
            }
            ends[0][r] = stepped(at_[r], direction, options_.steps, options_.length);
            ends[1][r] = stepped(at_[r], direction, options_.steps, -options_.length);
        }
        live_together(runner, trajectory, row, ends, 0);
    }

    void live_exploring(WorldRunner& runner, std::uint64_t trajectory, SteppedTrajectory& row) const {
        const Exploration exploration(seed_, trajectory, steps_.ends.size());
        const auto explores = [&](std::size_t company) {
            return all_explore_ || exploration.is_among(company, problem_.companies());
        };
        const auto direction_of = [&](std::size_t company) {
            return exploration.direction_of(all_explore_ ? company : company / explorers_apart);
        };
        for (const std::size_t end : {0U, 1U}) {
            const auto mix_of = [&](std::size_t company) -> std::span<const InvestmentMix> {
                if (!explores(company)) return rest_;
                return steps_.ends[direction_of(company)][exploration.end_of(company) ^ end];
            };
            live_end(runner, trajectory, mix_of, row, end);
        }
        row.founded = 0;
        for (std::size_t company = 0; company < problem_.companies(); ++company) {
            if (!explores(company) || std::isnan(row.ends[0].values[company])) continue;
            ++row.founded;
            const std::size_t up = exploration.end_of(company);
            add_difference(row, direction_of(company), row.ends[up], row.ends[1 - up], company,
                           options_.run.controls);
        }
    }

    const WorldProblem& problem_;
    const MixRows& at_;
    const WorldGradientOptions& options_;
    Steps steps_;
    MixRows rest_;
    bool all_explore_;
    std::uint64_t seed_;
};

/// Sums of differences and controls of each trajectory, by direction, and the fit of the ones by the others.
class GradientFold {
  public:
    GradientFold(std::size_t directions, double length, const WorldGradientOptions& options)
        : directions_(directions),
          options_(options),
          length_(length),
          fit_(luck_controls),
          seen_(directions) {}

    void take_in(std::uint64_t trajectory, const SteppedTrajectory& row) {
        const std::size_t fold = SplitControls::fold_of(trajectory);
        folds_.push_back(fold);
        values_.push_back(row.value);
        // In exploration a company steps in one of the directions: its difference stands for that many.
        const double weight =
            (options_.estimator == WorldEstimator::company_exploration ? static_cast<double>(directions_)
                                                                       : 1.0)
            / (2 * length_ * static_cast<double>(row.founded));
        const std::size_t first = derivatives_.size();
        derivatives_.resize(first + directions_, 0.0);
        const std::size_t first_control = controls_.size();
        if (options_.run.controls) controls_.resize(first_control + directions_ * luck_controls, 0.0);
        const auto add = [&](std::size_t direction, double times, const auto& each) {
            derivatives_[first + direction] += times * each.value;
            if (each.value != 0) seen_[direction] = true;
            if (!options_.run.controls) return;
            double* const of = controls_.data() + first_control + direction * luck_controls;
            for (std::size_t i = 0; i < luck_controls; ++i) of[i] += times * each.controls[i];
        };
        for (const auto& each : row.differences) {
            if (options_.run.controls) fit_.add(fold, each.value, each.controls);
            if (options_.estimator != WorldEstimator::simultaneous) {
                add(each.direction, weight, each);
                continue;
            }
            for (std::size_t k = 0; k < directions_; ++k) add(k, weight * row.signs[k], each);
        }
    }

    /// Gradients of the single trajectories; shape: rows × 5, trajectories.
    [[nodiscard]] Eigen::MatrixXd gradients(const Eigen::MatrixXd& to_gradient) const {
        std::vector<std::vector<double>> coefficients;
        for (std::size_t fold = 0; options_.run.controls && fold < SplitControls::folds; ++fold)
            coefficients.push_back(fit_.coefficients(fold));
        Eigen::MatrixXd all(to_gradient.rows(), static_cast<Eigen::Index>(folds_.size()));
        Eigen::VectorXd derivatives(static_cast<Eigen::Index>(directions_));
        for (std::size_t t = 0; t < folds_.size(); ++t) {
            for (std::size_t k = 0; k < directions_; ++k) {
                double derivative = derivatives_[t * directions_ + k];
                for (std::size_t i = 0; options_.run.controls && i < luck_controls; ++i)
                    derivative -=
                        coefficients[folds_[t]][i] * controls_[(t * directions_ + k) * luck_controls + i];
                derivatives(static_cast<Eigen::Index>(k)) = derivative;
            }
            all.col(static_cast<Eigen::Index>(t)) = to_gradient * derivatives;
        }
        return all;
    }

    /// Whether any two ends of a step ever differed in what they came to.
    [[nodiscard]] bool has_effect(std::size_t direction) const { return seen_[direction]; }
    [[nodiscard]] const std::vector<double>& values() const { return values_; }

  private:
    std::size_t directions_;
    const WorldGradientOptions& options_;
    double length_;
    SplitControls fit_;
    std::vector<bool> seen_;
    std::vector<std::size_t> folds_;
    std::vector<double> values_;
    std::vector<double> derivatives_;  // shape: trajectories × directions
    std::vector<double> controls_;     // shape: trajectories × directions × controls
};

/// The same history twice: what it comes to, and the score of the mix by which it was lived.
struct ScoredHistory {
    explicit ScoredHistory(const WorldProblem& problem) : runner(problem), scored(problem.setup()) {}

    WorldRunner runner;
    World<ScoreDraws<advantages>> scored;
};

struct ScoredTrajectory {
    WorldOutcome outcome = {};
    double value = 0;
    Direction score = {};  ///< by log-ratios of shares
    std::uint64_t events = 0;

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.value);
        visit(self.score);
        visit(self.events);
    }
};

void live_scored(const WorldProblem& problem, const MixRows& at, const WorldRun& run, ScoredHistory& history,
                 std::uint64_t trajectory, ScoredTrajectory& row) {
    const std::uint64_t seed = run.seed.value_or(problem.seed());
    const auto mix_of = [&](std::size_t) -> std::span<const InvestmentMix> { return at; };
    history.runner.live(seed, trajectory, mix_of, run.stop, row.outcome);
    row.value = value_of(row.outcome, deciding_in(problem, trajectory));
    if (std::isnan(row.value)) throw std::runtime_error("there is nothing to see of the objective");
    constexpr double months_between_looks = 12;
    World<ScoreDraws<advantages>>& scored = history.scored;
    scored.reset(ScoreDraws<advantages>(FastVariates(seed, static_cast<std::uint32_t>(trajectory))));
    give_own_mixes(scored, problem.question().group, mix_of);
    for (double month = 0; month < problem.horizon(); month += months_between_looks) {
        stop_if_requested(run.stop);
        scored.run_until(std::min(month + months_between_looks, problem.horizon()));
    }
    if (scored.delivered() != row.outcome.events)
        throw std::logic_error("the score is of another history than the objective");
    // Clocks that have not rung are seen up to now.
    scored.refresh();
    const std::array<double, advantages> shares = at[0].shares();
    double along = 0;
    for (std::size_t i = 0; i < advantages; ++i) {
        row.score[i] = shares[i] * scored.draws.score()[i];
        along += row.score[i];
    }
    // Only ratios matter: along the mix itself there is nothing but rounding.
    for (std::size_t i = 0; i < advantages; ++i) row.score[i] -= shares[i] * along;
    row.events = 2 * row.outcome.events;
}

/// The trajectories of a likelihood ratio, and the baseline that makes their variances' sum least.
class ScoreFold {
  public:
    explicit ScoreFold(bool controls) : controls_(controls) {}

    void take_in(std::uint64_t trajectory, const ScoredTrajectory& row) {
        const std::size_t fold = SplitControls::fold_of(trajectory);
        double square = 0;
        for (const double score : row.score) square += score * score;
        folds_.push_back(fold);
        values_.push_back(row.value);
        scores_.push_back(row.score);
        has_score_ = has_score_ || square > 0;
        squares_[fold] += square;
        products_[fold] += row.value * square;
    }

    /// Shape: 5, trajectories.
    [[nodiscard]] Eigen::MatrixXd gradients() const {
        Eigen::MatrixXd all(static_cast<Eigen::Index>(advantages), static_cast<Eigen::Index>(folds_.size()));
        for (std::size_t t = 0; t < folds_.size(); ++t) {
            const double above = values_[t] - baseline_of(folds_[t]);
            for (std::size_t i = 0; i < advantages; ++i)
                all(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(t)) = above * scores_[t][i];
        }
        return all;
    }

    [[nodiscard]] bool has_score() const { return has_score_; }
    [[nodiscard]] const std::vector<double>& values() const { return values_; }

  private:
    /// From the other folds, one for all components, so that these still sum to 0.
    [[nodiscard]] double baseline_of(std::size_t fold) const {
        double squares = 0;
        double products = 0;
        for (std::size_t other = 0; other < SplitControls::folds && controls_; ++other) {
            if (other == fold) continue;
            squares += squares_[other];
            products += products_[other];
        }
        return squares > 0 ? products / squares : 0;
    }

    bool controls_;
    bool has_score_ = false;
    std::vector<std::size_t> folds_ = {};
    std::vector<double> values_ = {};
    std::vector<Direction> scores_ = {};
    std::array<double, SplitControls::folds> squares_ = {};
    std::array<double, SplitControls::folds> products_ = {};
};

void summarise(const Eigen::MatrixXd& gradients, std::uint64_t runs_of_trajectory, WorldGradient& gradient) {
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    const Eigen::Index size = gradients.rows();
    const auto count = static_cast<double>(gradients.cols());
    const auto components = static_cast<std::size_t>(size);
    gradient.gradient.assign(components, unknown);
    gradient.standard_errors.assign(components, unknown);
    gradient.intervals.assign(components, {unknown, unknown});
    gradient.covariance.assign(components * components, unknown);
    gradient.work_normalised_variance = unknown;
    if (count < 1) return;
    const Eigen::VectorXd mean = gradients.rowwise().mean();
    for (Eigen::Index i = 0; i < size; ++i) gradient.gradient[static_cast<std::size_t>(i)] = mean(i);
    if (count < 2) return;
    const Eigen::MatrixXd centred = gradients.colwise() - mean;
    const Eigen::MatrixXd covariance = centred * centred.transpose() / (count - 1);
    gradient.work_normalised_variance = covariance.trace() * static_cast<double>(runs_of_trajectory);
    const double reach = student_critical_value(0.95, count - 1);
    for (Eigen::Index i = 0; i < size; ++i) {
        const auto place = static_cast<std::size_t>(i);
        const double error = std::sqrt(covariance(i, i) / count);
        gradient.standard_errors[place] = error;
        gradient.intervals[place] = {mean(i) - reach * error, mean(i) + reach * error};
        for (Eigen::Index j = 0; j < size; ++j)
            gradient.covariance[place * components + static_cast<std::size_t>(j)] = covariance(i, j) / count;
    }
}

void add_trajectories(const Eigen::MatrixXd& gradients, const std::vector<double>& values,
                      std::uint64_t runs_of_trajectory, WorldGradient& gradient) {
    gradient.of_trajectories.assign(gradients.data(), gradients.data() + gradients.size());
    gradient.values = values;
    summarise(gradients, runs_of_trajectory, gradient);
}

WorldGradient gradient_of(const LivedWorlds& lived, std::size_t rows, std::uint64_t runs_of_trajectory) {
    return {.rows = rows,
            .completed = lived.completed,
            .failed = lived.failed,
            .first_failure = lived.first_failure,
            .forward_runs = lived.completed * runs_of_trajectory,
            .events = lived.events,
            .ending = lived.ending};
}

WorldGradient estimate_by_score(const WorldProblem& problem, const MixRows& at, const WorldRun& run) {
    expects(why_no_likelihood_ratio(problem, at.size()).empty(), "the question has a score");
    const MixRows shares = rows_of_shares(shares_of_rows(at));
    ScoreFold fold(run.controls);
    const LivedWorlds lived = live_worlds_by<ScoredTrajectory>(
        run, [&] { return std::make_unique<ScoredHistory>(problem); },
        [&](ScoredHistory& history, std::uint64_t trajectory, ScoredTrajectory& row) {
            live_scored(problem, shares, run, history, trajectory, row);
        },
        [&](std::uint64_t trajectory, const ScoredTrajectory& row) { fold.take_in(trajectory, row); });
    const std::uint64_t runs = forward_runs_of_trajectory(WorldEstimator::likelihood_ratio, 1);
    WorldGradient gradient = gradient_of(lived, 1, runs);
    gradient.is_dead.push_back(!fold.has_score());
    add_trajectories(fold.gradients(), fold.values(), runs, gradient);
    return gradient;
}

}  // namespace

std::string why_no_likelihood_ratio(const WorldProblem& problem, std::size_t rows) {
    if (rows > 1) return "the world's score is that of one mix for all stages";
    if (problem.question().who == WhoDecides::one)
        return "the world's score is that of a mix which all companies share, not of one company's";
    std::size_t inside = 0;
    for (const StartupGroupParameters& group : problem.setup()->parameters.startups)
        inside += group.inside == Inside::five_advantages && group.count > 0 ? 1U : 0U;
    if (inside > 1)
        return "several groups are modelled inside, and the world's score is that of all their mixes "
               "together";
    return "";
}

std::uint64_t forward_runs_of_trajectory(WorldEstimator estimator, std::size_t rows) {
    return estimator == WorldEstimator::central_differences ? 2 * free_shares * rows : 2;
}

double longest_flat_step(const MixRows& mix) {
    double longest = std::numeric_limits<double>::infinity();
    for (const InvestmentMix& row : mix) {
        const Direction shares = normalised(row);
        for (const Direction& direction : helmert_basis())
            for (std::size_t i = 0; i < advantages; ++i)
                if (direction[i] != 0) longest = std::min(longest, shares[i] / std::abs(direction[i]));
    }
    return longest;
}

WorldGradient estimate(const WorldProblem& problem, const MixRows& at, const WorldGradientOptions& options) {
    expects(!at.empty(), "a mix has a row");
    expects(options.length > 0 && std::isfinite(options.length), "a step has a length above 0");
    for (const MixRows* rows : {&at, &options.rest})
        for (const InvestmentMix& row : *rows) (void)normalised(row);
    expects(options.steps == MixSteps::log_ratio || options.length <= longest_flat_step(at),
            "a flat step stays within the simplex");
    expects(options.steps == MixSteps::log_ratio || options.estimator != WorldEstimator::simultaneous,
            "all directions at once are stepped in by log-ratios");
    expects(
        options.estimator != WorldEstimator::company_exploration || problem.question().objective.of_company,
        "exploration needs an objective of companies");
    WorldGradientOptions used = options;
    used.run.controls =
        used.run.controls && std::max(used.run.trajectories, used.asked) >= least_observations_of_controls;
    if (options.estimator == WorldEstimator::likelihood_ratio)
        return estimate_by_score(problem, at, used.run);
    const Stepper stepper(problem, at, used);
    const std::size_t directions = stepper.steps().ends.size();
    GradientFold fold(directions, used.length, used);
    const LivedWorlds lived = live_worlds<SteppedTrajectory>(
        problem, used.run,
        [&](WorldRunner& runner, std::uint64_t trajectory, SteppedTrajectory& row) {
            stepper.live(runner, trajectory, row);
        },
        [&](std::uint64_t trajectory, const SteppedTrajectory& row) { fold.take_in(trajectory, row); });
    const std::uint64_t runs = forward_runs_of_trajectory(options.estimator, at.size());
    WorldGradient gradient = gradient_of(lived, at.size(), runs);
    for (std::size_t row = 0; row < at.size(); ++row) {
        bool has_effect = false;
        for (std::size_t k = 0; k < free_shares; ++k)
            has_effect = has_effect || fold.has_effect(row * free_shares + k);
        gradient.is_dead.push_back(!has_effect);
    }
    add_trajectories(fold.gradients(stepper.steps().to_gradient), fold.values(), runs, gradient);
    return gradient;
}

}  // namespace venturi
