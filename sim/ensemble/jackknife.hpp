// Standard errors of any statistic, where observations of one trajectory depend on each other.
#pragma once

#include "sim/contract.hpp"
#include "sim/ensemble/critical_value.hpp"
#include "sim/ensemble/interval.hpp"
#include "sim/ensemble/mergeable.hpp"
#include "sim/infinity.hpp"

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace venturi {

/// A statistic with its jackknife standard error.
struct JackknifeEstimate {
    double value = 0;
    double standard_error = 0;  ///< NaN below two groups, or where the statistic is not defined without one
    std::size_t groups = 0;     ///< those with a trajectory

    /// Student's t with one degree of freedom less than there are groups; the whole line where the error is
    /// NaN.
    [[nodiscard]] Interval interval(double level = 0.95) const {
        if (std::isnan(standard_error)) return {-infinity, infinity};
        const double reach = student_critical_value(level, static_cast<double>(groups - 1)) * standard_error;
        return {value - reach, value + reach};
    }
};

/// An accumulator for each of `groups` groups of trajectories: trajectory i belongs to group i mod `groups`.
/// As trajectories are independent, so are groups, and leaving each out in turn gives a standard error that
/// holds however much the observations within a trajectory depend on each other (companies that share a
/// world's shocks).
///
/// The delete-a-group jackknife, v = (G − 1) / G Σ_g (θ without g − θ)²: Quenouille (1956), Kott, "The
/// delete-a-group jackknife", J. Official Statistics 17 (2001). It is taken around the statistic of the whole
/// sample, so that groups may differ in size. Sound for any statistic that is nearly linear in the sample at
/// 1/G of its size: means, ratios, survival, quantiles (of a sketch the interpolated one, which moves with
/// the sample).
template <Mergeable Accumulator, std::size_t group_count = 32>
class Grouped {
    static_assert(group_count >= 2, "a jackknife needs two groups");

  public:
    Grouped() requires std::default_initializable<Accumulator> : Grouped(Accumulator{}) {}

    explicit Grouped(const Accumulator& empty) : empty_(empty), groups_(group_count, empty) {}

    /// Where the observations of a trajectory are added.
    [[nodiscard]] Accumulator& of(std::uint64_t trajectory) {
        const auto group = static_cast<std::size_t>(trajectory % group_count);
        used_[group] = true;
        return groups_[group];
    }

    [[nodiscard]] const Accumulator& group(std::size_t index) const { return groups_.at(index); }
    /// Whether a trajectory of that group was there.
    [[nodiscard]] bool is_used(std::size_t index) const { return used_.at(index); }
    [[nodiscard]] const Accumulator& empty() const { return empty_; }

    void merge(const Grouped& other) {
        for (std::size_t group = 0; group < group_count; ++group) {
            used_[group] = used_[group] || other.used_[group];
            groups_[group].merge(other.groups_[group]);
        }
    }

    /// All groups together, merged in their order.
    [[nodiscard]] Accumulator total() const {
        Accumulator sum = groups_.front();
        for (std::size_t group = 1; group < group_count; ++group) sum.merge(groups_[group]);
        return sum;
    }

    /// Value and standard error of each element of statistic(accumulator), a std::vector<double> whose length
    /// does not change.
    template <class Statistic>
    requires std::convertible_to<std::invoke_result_t<Statistic&, const Accumulator&>, std::vector<double>>
    [[nodiscard]] std::vector<JackknifeEstimate> jackknife_each(Statistic&& statistic) const {
        const std::vector<double> whole = statistic(total());
        std::vector<double> squares(whole.size(), 0);
        std::size_t used = 0;
        for_each_deletion([&](const Accumulator& others) {
            ++used;
            const std::vector<double> without = statistic(others);
            expects(without.size() == whole.size(), "a statistic keeps its length");
            for (std::size_t i = 0; i < whole.size(); ++i) {
                squares[i] += (without[i] - whole[i]) * (without[i] - whole[i]);
            }
        });
        const double factor = used < 2 ? std::numeric_limits<double>::quiet_NaN()
                                       : static_cast<double>(used - 1) / static_cast<double>(used);
        std::vector<JackknifeEstimate> estimates(whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            estimates[i] = {whole[i], std::sqrt(factor * squares[i]), used};
        }
        return estimates;
    }

    /// statistic(accumulator) without each group in use. Shape: groups in use × the statistic's length.
    template <class Statistic>
    requires std::convertible_to<std::invoke_result_t<Statistic&, const Accumulator&>, std::vector<double>>
    [[nodiscard]] std::vector<std::vector<double>> deletions(Statistic&& statistic) const {
        std::vector<std::vector<double>> each;
        for_each_deletion([&](const Accumulator& others) { each.push_back(statistic(others)); });
        return each;
    }

    /// Value and standard error of statistic(accumulator), a number.
    template <class Statistic>
    requires std::convertible_to < std::invoke_result_t<Statistic&, const Accumulator&>,
    double > [[nodiscard]] JackknifeEstimate jackknife(Statistic&& statistic) const {
        return jackknife_each([&statistic](const Accumulator& accumulator) {
                   return std::vector<double>{static_cast<double>(statistic(accumulator))};
               })
            .front();
    }

    template <class Statistic>
    [[nodiscard]] Interval jackknife_interval(Statistic&& statistic, double level = 0.95) const {
        return jackknife(statistic).interval(level);
    }

    template <class Self, class Visit>
    static void visit_members(Self& self, Visit& visit) {
        visit(self.groups_);
        visit(self.used_);
    }

    friend bool operator==(const Grouped&, const Grouped&) = default;

  private:
    /// Calls visit with the sum of all groups but one, for each group in use.
    template <class Visit>
    void for_each_deletion(Visit visit) const {
        std::vector<Accumulator> after(group_count, empty_);  // after[g]: groups g + 1 and on
        for (std::size_t group = group_count - 1; group > 0; --group) {
            after[group - 1] = groups_[group];
            after[group - 1].merge(after[group]);
        }
        Accumulator before = empty_;
        for (std::size_t group = 0; group < group_count; ++group) {
            if (used_[group]) {
                Accumulator others = before;
                others.merge(after[group]);
                visit(others);
            }
            before.merge(groups_[group]);
        }
    }

    Accumulator empty_;
    std::vector<Accumulator> groups_;
    std::array<bool, group_count> used_ = {};
};

}  // namespace venturi
