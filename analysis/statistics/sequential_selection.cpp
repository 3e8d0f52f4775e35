#include "analysis/statistics/sequential_selection.hpp"

#include "sim/contract.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace venturi {

namespace {

/// Of the finite values; NaN where there are none.
double mean_of_values(std::span<const double> values) {
    double sum = 0;
    std::size_t count = 0;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        sum += value;
        ++count;
    }
    return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

bool is_a_tie(const PairedDifferences& pairs) {
    return pairs.count >= evidence_of_a_tie && pairs.mean == 0 && pairs.variance == 0;
}

}  // namespace

std::uint64_t next_selection_look(std::uint64_t lived, std::uint64_t budget) {
    constexpr std::uint64_t block = trajectories_per_block;
    return std::min(budget, lived + std::max(block, lived / 8 / block * block));
}

SequentialSelection::SequentialSelection(std::size_t designs, const SelectionRule& rule)
    : rule_(rule), values_(designs), courses_(designs), screening_(0), error_(0) {
    expects(designs > 1, "a selection is among two designs or more");
    expects(rule.probability < 1 && rule.probability * static_cast<double>(designs) > 1,
            "a probability of correct selection is above that of a guess, and below 1");
    expects(rule.indifference > 0, "an indifference is above 0");
    expects(rule.budget >= smallest_selection_budget, "a selection has a budget that decides something");
    const double each = (1 - rule.probability) / static_cast<double>(designs - 1);
    screening_ = (designs > most_designs_unscreened ? 0.5 : 0.2) * each;
    error_ = each - screening_;
    if (!rule.relative) standing_.indifference = rule.indifference;
    for (std::size_t design = 0; design < designs; ++design)
        work_.push_back({design, 0, next_selection_look(0, rule.budget)});
}

void SequentialSelection::take(std::size_t design, std::span<const double> values) {
    values_.at(design).insert(values_[design].end(), values.begin(), values.end());
}

void SequentialSelection::fail(std::size_t design) {
    leave(design, DesignFate::failed, std::nullopt);
}

void SequentialSelection::leave(std::size_t design, DesignFate fate, std::optional<std::size_t> beaten_by) {
    courses_.at(design) = {.fate = fate, .left_at = values_[design].size(), .beaten_by = beaten_by};
}

/// The largest mean first; those that are equal by number.
std::vector<std::size_t> SequentialSelection::running_by_mean() const {
    std::vector<std::size_t> running;
    std::vector<double> means(values_.size());
    for (std::size_t design = 0; design < values_.size(); ++design) {
        if (courses_[design].fate != DesignFate::in_the_running) continue;
        running.push_back(design);
        const double mean = mean_of_values(values_[design]);
        means[design] = std::isnan(mean) ? -std::numeric_limits<double>::infinity() : mean;
    }
    std::ranges::stable_sort(running, std::greater<>(), [&](std::size_t design) { return means[design]; });
    return running;
}

PairedDifferences SequentialSelection::ahead(std::size_t leader, std::size_t other) const {
    const auto from = [&](std::size_t design) {
        const std::span<const double> all(values_[design]);
        return all.subspan(std::min<std::size_t>(first_, all.size()));
    };
    return paired_differences(from(leader), from(other));
}

void SequentialSelection::find_indifference(const std::vector<std::size_t>& running) {
    if (standing_.indifference > 0) return;
    double largest = 0;
    for (const std::size_t design : running) {
        const double mean = std::abs(mean_of_values(values_[design]));
        if (mean > largest) largest = mean;
    }
    standing_.indifference = rule_.indifference * largest;
}

/// Where others have values and a design has none in many trajectories, it is no candidate.
void SequentialSelection::drop_without_value() {
    const auto has_value = [&](std::size_t design) {
        return std::ranges::any_of(values_[design], [](double value) { return std::isfinite(value); });
    };
    if (lived_ < std::min(evidence_of_a_tie, rule_.budget)) return;
    std::vector<std::size_t> without;
    const std::vector<std::size_t> running = running_by_mean();
    for (const std::size_t design : running)
        if (!has_value(design)) without.push_back(design);
    if (without.size() == running.size()) return;
    for (const std::size_t design : without) leave(design, DesignFate::without_value, std::nullopt);
}

/// Of the screenings' error, what this look may spend; the parts of all looks sum to 1.
double SequentialSelection::part_of_look() const {
    const auto number = static_cast<double>(looks_);
    return 1 / (number * (number + 1));
}

/// Every design is held against those with larger means first, which mostly send it out.
void SequentialSelection::eliminate(const std::vector<std::size_t>& running) {
    std::map<std::uint64_t, double> quantiles;
    const auto quantile = [&](std::uint64_t count) {
        const auto [place, is_new] = quantiles.try_emplace(count, 0);
        if (is_new)
            place->second = screening_quantile(screening_ * part_of_look(), static_cast<double>(count - 1));
        return place->second;
    };
    const auto is_screened_out = [&](const PairedDifferences& pairs) {
        return pairs.count >= smallest_selection_budget && pairs.mean > 0
               && pairs.mean > screening_distance(pairs, quantile(pairs.count));
    };
    const auto is_beyond_boundary = [&](const PairedDifferences& pairs) {
        if (pairs.count < smallest_selection_budget || pairs.mean <= 0) return false;
        const std::uint64_t of_first_stage = std::min(selection_first_stage, pairs.count);
        return kim_nelson_evidence(pairs, standing_.indifference)
               > kim_nelson_h_squared(error_, static_cast<double>(of_first_stage - 1));
    };
    const bool starts_anew = looks_ == 1 && values_.size() > most_designs_unscreened && lived_ < rule_.budget;
    for (const std::size_t design : running)
        for (const std::size_t other : running) {
            if (other == design) continue;
            const bool goes = is_screened_out(paired_differences(values_[other], values_[design]))
                              || (!starts_anew && is_beyond_boundary(ahead(other, design)));
            if (!goes) continue;
            leave(design, DesignFate::eliminated, other);
            break;
        }
    if (starts_anew) start_anew();
}

void SequentialSelection::start_anew() {
    first_ = lived_;
    const double error = (1 - rule_.probability) / 2;
    const std::size_t left = running_by_mean().size();
    error_ = error / static_cast<double>(std::max<std::size_t>(left, 2) - 1);
}

/// The probability with which `other` is the better one by the indifference, after all.
double SequentialSelection::estimated_error(const PairedDifferences& pairs) const {
    if (pairs.count < 2) return 1;
    if (pairs.variance == 0) return pairs.mean + standing_.indifference > 0 ? 0 : 1;
    const auto count = static_cast<double>(pairs.count);
    const double t = (pairs.mean + standing_.indifference) / std::sqrt(pairs.variance / count);
    return boost::math::cdf(boost::math::complement(boost::math::students_t(count - 1), t));
}

double SequentialSelection::error_against(std::size_t leader, std::size_t other) const {
    switch (courses_[other].fate) {
        case DesignFate::failed:
        case DesignFate::without_value:
            return 0;
        case DesignFate::eliminated:
            return screening_ + (courses_[other].left_at > first_ || first_ == 0 ? error_ : 0);
        case DesignFate::in_the_running:
            break;
    }
    const PairedDifferences pairs = ahead(leader, other);
    if (is_a_tie(pairs)) return 0;
    if (rule_.method == SelectionMethod::ocba) return estimated_error(pairs);
    const double boundary =
        pairs.count < smallest_selection_budget
            ? 0.5
            : kim_nelson_error(kim_nelson_evidence(pairs, standing_.indifference),
                               static_cast<double>(std::min(selection_first_stage, pairs.count) - 1));
    const PairedDifferences all = paired_differences(values_[leader], values_[other]);
    const double screened = all.count < smallest_selection_budget ? 1 : screening_error(all) / part_of_look();
    // Either way it would have ended here; the error of the other way has been spent all the same.
    return std::min({1.0, boundary + screening_, screened + error_});
}

void SequentialSelection::stand() {
    const std::vector<std::size_t> running = running_by_mean();
    standing_.work = 0;
    for (const std::vector<double>& values : values_) standing_.work += values.size();
    standing_.best.reset();
    standing_.tied.clear();
    standing_.probability = 0;
    standing_.lived = 0;
    if (running.empty()) {
        standing_.end = SelectionEnd::none_left;
        return;
    }
    const std::size_t best = running.front();
    const bool is_seen = !std::isnan(mean_of_values(values_[best]));
    if (!is_seen) {
        if (lived_ >= std::min(evidence_of_a_tie, rule_.budget))
            standing_.end = SelectionEnd::nothing_to_look_at;
        return;
    }
    standing_.best = best;
    standing_.lived = values_[best].size();
    double error = 0;
    for (std::size_t design = 0; design < values_.size(); ++design) {
        if (design == best) continue;
        error += error_against(best, design);
        if (courses_[design].fate == DesignFate::in_the_running && is_a_tie(ahead(best, design)))
            standing_.tied.push_back(design);
    }
    const double reached = std::max(0.0, 1 - error);
    if (rule_.method == SelectionMethod::ocba) {
        standing_.probability = reached;
        if (standing_.indifference > 0 && reached >= rule_.probability)
            standing_.end = SelectionEnd::one_left;
        return;
    }
    standing_.probability = std::min(rule_.probability, reached);
    if (running.size() > 1 + standing_.tied.size()) return;
    standing_.probability = rule_.probability;
    standing_.end = standing_.tied.empty() ? SelectionEnd::one_left : SelectionEnd::ties_left;
}

void SequentialSelection::plan_kim_nelson() {
    const std::uint64_t next = next_selection_look(lived_, rule_.budget);
    if (next == lived_) {
        standing_.end = SelectionEnd::budget_spent;
        return;
    }
    for (std::size_t design = 0; design < values_.size(); ++design)
        if (courses_[design].fate == DesignFate::in_the_running)
            work_.push_back({design, lived_, next - lived_});
}

void SequentialSelection::plan_ocba() {
    if (!standing_.best) return plan_kim_nelson();
    const std::size_t best = *standing_.best;
    std::vector<std::size_t> others;
    std::vector<double> gaps;
    std::vector<double> deviations;
    double hopeless = 0;
    for (std::size_t design = 0; design < values_.size(); ++design) {
        if (design == best || courses_[design].fate != DesignFate::in_the_running) continue;
        const PairedDifferences pairs = ahead(best, design);
        if (values_[design].size() == rule_.budget && values_[best].size() == rule_.budget)
            hopeless += estimated_error(pairs);
        others.push_back(design);
        // Nobody needs to know more exactly than within the indifference who is ahead.
        gaps.push_back(std::max(pairs.mean, standing_.indifference));
        deviations.push_back(std::sqrt(pairs.variance));
    }
    const bool varies = std::ranges::any_of(deviations, [](double deviation) { return deviation > 0; });
    if (hopeless > 1 - rule_.probability || others.empty() || standing_.indifference == 0 || !varies) {
        const bool is_spent = standing_.indifference > 0 || lived_ == rule_.budget;
        if (!is_spent) return plan_kim_nelson();
        standing_.end = SelectionEnd::budget_spent;
        return;
    }
    const std::vector<double> parts = paired_ocba_allocation(gaps, deviations);
    std::vector<std::uint64_t> wanted(values_.size());
    for (std::size_t design = 0; design < values_.size(); ++design) wanted[design] = values_[design].size();
    for (std::size_t blocks = 1 + others.size() / 8; blocks > 0; --blocks) {
        std::optional<std::size_t> shortest;
        double most = -1;
        for (std::size_t i = 0; i < others.size(); ++i) {
            const std::uint64_t has = wanted[others[i]];
            const double need = parts[i] / static_cast<double>(std::max<std::uint64_t>(has, 1));
            if (has >= rule_.budget || need <= most) continue;
            most = need;
            shortest = others[i];
        }
        if (!shortest) break;
        wanted[*shortest] = std::min(rule_.budget, wanted[*shortest] + trajectories_per_block);
        wanted[best] = std::max(wanted[best], wanted[*shortest]);
    }
    // A design that was behind may lead now, with fewer trajectories than those that it is held against.
    for (const std::size_t design : others) wanted[best] = std::max(wanted[best], wanted[design]);
    for (std::size_t design = 0; design < values_.size(); ++design)
        if (wanted[design] > values_[design].size())
            work_.push_back({design, values_[design].size(), wanted[design] - values_[design].size()});
    if (work_.empty()) standing_.end = SelectionEnd::budget_spent;
}

void SequentialSelection::look() {
    for (const SelectionWork& work : work_) lived_ = std::max(lived_, work.first + work.count);
    work_.clear();
    ++looks_;
    drop_without_value();
    const std::vector<std::size_t> running = running_by_mean();
    find_indifference(running);
    if (standing_.indifference > 0 && rule_.method == SelectionMethod::kim_nelson) eliminate(running);
    stand();
    if (standing_.end != SelectionEnd::under_way) return;
    if (rule_.method == SelectionMethod::kim_nelson)
        plan_kim_nelson();
    else
        plan_ocba();
}

}  // namespace venturi
