// Which of several designs has the largest mean, decided as their trajectories come in.
#pragma once

#include "analysis/statistics/ranking_and_selection.hpp"
#include "sim/ensemble/fold.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace venturi {

enum class SelectionMethod : std::uint8_t {
    kim_nelson,  ///< what can't be best goes; the probability is guaranteed
    ocba,        ///< trajectories go where they tell most; the probability is an estimate
};

struct SelectionRule {
    SelectionMethod method = SelectionMethod::kim_nelson;
    double probability = 0.95;   ///< that a design is chosen which no other one beats by `indifference`
    double indifference = 0.01;  ///< above 0
    /// Whether that is a part of the largest mean in magnitude, as the first look finds it that finds any.
    bool relative = true;
    std::uint64_t budget = 1000;  ///< trajectories of one design at most; smallest_selection_budget at least
};

/// Nothing is decided on fewer trajectories of a pair.
inline constexpr std::uint64_t smallest_selection_budget = 10;

/// Designs are looked at first after so many trajectories: a block.
inline constexpr std::uint64_t selection_first_stage = trajectories_per_block;

/// Of more designs than this, those that the first look leaves start anew.
inline constexpr std::size_t most_designs_unscreened = 16;

/// Designs that gave the same number in each of so many trajectories are taken for the same: with 95%
/// confidence they differ in fewer than 1.2% of trajectories.
inline constexpr std::uint64_t evidence_of_a_tie = 256;

/// The number of trajectories at which designs are looked at, after `lived`: a block more each time, from 256
/// on an eighth, in whole blocks, up to the budget. A function of the count alone.
[[nodiscard]] std::uint64_t next_selection_look(std::uint64_t lived, std::uint64_t budget);

enum class DesignFate : std::uint8_t {
    in_the_running,
    eliminated,     ///< another one is ahead by more than luck
    failed,         ///< a trajectory threw
    without_value,  ///< there is nothing to look at in any of its trajectories, where others have something
};

/// What became of a design.
struct DesignCourse {
    DesignFate fate = DesignFate::in_the_running;
    std::uint64_t left_at = 0;                  ///< trajectories that it had lived when it left
    std::optional<std::size_t> beaten_by = {};  ///< who sent it out
};

/// Trajectories `first` to `first` + `count` − 1 of a design are wanted.
struct SelectionWork {
    std::size_t design = 0;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};

enum class SelectionEnd : std::uint8_t {
    under_way,
    one_left,   ///< or, of OCBA, the estimated probability is reached
    ties_left,  ///< those left gave the same in all of at least evidence_of_a_tie trajectories
    budget_spent,
    none_left,           ///< all have failed
    nothing_to_look_at,  ///< no design has a value in any of as many trajectories
};

/// What is known at the last look.
struct SelectionStanding {
    SelectionEnd end = SelectionEnd::under_way;
    std::optional<std::size_t> best = {};  ///< of those in the running that with the largest mean
    std::vector<std::size_t> tied = {};    ///< designs that are the same as the best, by `evidence_of_a_tie`
    /// Of Kim and Nelson the probability asked for, once it is guaranteed; before, 1 − Σ β over the other
    /// designs with each one's β at which the procedure would have ended here. Of OCBA an estimate, 1 − Σ of
    /// the probabilities of Student's t that one is better by `indifference`.
    double probability = 0;
    double indifference = 0;  ///< in the observable's unit; 0 while it is not known
    std::uint64_t lived = 0;  ///< trajectories of the best
    std::uint64_t work = 0;   ///< trajectories of all designs

    [[nodiscard]] bool is_reached() const {
        return end == SelectionEnd::one_left || end == SelectionEnd::ties_left;
    }
};

/// Trajectories of all designs run under common random numbers: number n of each is the same luck. Then
///
///     while (!selection.work().empty()) {
///         for (const SelectionWork& work : selection.work()) selection.take(work.design, values of it);
///         selection.look();
///     }
///
/// Kim–Nelson: with k designs, at each look a design goes that another is ahead of by more than max(0, h² S²
/// / (2 n δ) − δ / 2), where S² is the variance of the pair's differences so far, as in Kim and Nelson's KN++
/// ("On the asymptotic validity of fully sequential selection procedures for steady-state simulation",
/// Operations Research 54, 2006), and h² has the first stage's degrees of freedom. Fewer looks than one a
/// trajectory make an error less likely (Jennison, Johnstone and Turnbull 1982). That boundary is made for
/// differences of about δ and waits long for what is much worse; so a part of the error, a fifth, goes to
/// screenings, one at each look: number j has the part 1 / (j (j + 1)) of it, and sends out who is behind by
/// more than `screening_distance`. Above most_designs_unscreened it is a half, and what the first look leaves
/// starts anew for the boundary, so that it pays for its own number alone. Of non-normal values all this
/// holds in the limit; a mean that rare large values decide is not known by any such rule.
///
/// OCBA: at each look the next blocks go to the designs that are shortest of `paired_ocba_allocation`; it
/// ends once the estimated probability is reached.
///
/// NaN is a trajectory without a value: a pair is compared where both have one. Memory: 8 bytes a trajectory.
class SequentialSelection {
  public:
    /// Throws ContractViolation unless there are two designs, 1 / designs < probability < 1, indifference > 0
    /// and the budget is no less than smallest_selection_budget.
    SequentialSelection(std::size_t designs, const SelectionRule& rule);

    /// What is to be lived before the next look, by design; empty once it has ended.
    [[nodiscard]] const std::vector<SelectionWork>& work() const { return work_; }

    /// The next values of a design.
    void take(std::size_t design, std::span<const double> values);
    /// It is out, with no further values.
    void fail(std::size_t design);
    /// Decides, all work being done.
    void look();

    [[nodiscard]] const SelectionStanding& standing() const { return standing_; }
    [[nodiscard]] const std::vector<DesignCourse>& courses() const { return courses_; }
    /// All that were taken of a design.
    [[nodiscard]] std::span<const double> values(std::size_t design) const { return values_[design]; }

  private:
    [[nodiscard]] std::vector<std::size_t> running_by_mean() const;
    [[nodiscard]] PairedDifferences ahead(std::size_t leader, std::size_t other) const;
    [[nodiscard]] double error_against(std::size_t leader, std::size_t other) const;
    [[nodiscard]] double estimated_error(const PairedDifferences& ahead) const;
    void find_indifference(const std::vector<std::size_t>& running);
    void drop_without_value();
    void eliminate(const std::vector<std::size_t>& running);
    void start_anew();
    [[nodiscard]] double part_of_look() const;
    void leave(std::size_t design, DesignFate fate, std::optional<std::size_t> beaten_by);
    void stand();
    void plan_kim_nelson();
    void plan_ocba();

    SelectionRule rule_;
    std::vector<std::vector<double>> values_;
    std::vector<DesignCourse> courses_;
    SelectionStanding standing_;
    std::vector<SelectionWork> work_;
    std::uint64_t lived_ = 0;  // of those in the running, at the last look; of OCBA the most
    std::uint64_t looks_ = 0;
    std::uint64_t first_ = 0;  // the boundary starts with this trajectory
    double screening_;         // error for each other design, at all looks together
    double error_;             // the same at the boundary
};

}  // namespace venturi
