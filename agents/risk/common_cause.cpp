#include "agents/risk/common_cause.hpp"

#include "sim/contract.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace venturi {
namespace {

constexpr double sum_tolerance = 1e-9;

// Exact while it fits 53 bits, and no group that may be expanded gets further.
double binomial(std::size_t n, std::size_t k) {
    double result = 1;
    for (std::size_t i = 1; i <= k; ++i)
        result = result * static_cast<double>(n - k + i) / static_cast<double>(i);
    return result;
}

// The next set of the same size in the order of members; false after the last.
bool advance(std::vector<std::uint32_t>& set, std::size_t members) {
    for (std::size_t i = set.size(); i-- > 0;) {
        if (set[i] + (set.size() - i) < members) {
            std::iota(set.begin() + static_cast<std::ptrdiff_t>(i), set.end(), set[i] + 1);
            return true;
        }
    }
    return false;
}

bool has_level(CommonCauseModel model, std::size_t members, std::size_t level) {
    return model != CommonCauseModel::beta_factor || level == 1 || level == members;
}

}  // namespace

std::size_t first_level(CommonCauseModel model, std::size_t members) {
    switch (model) {
        case CommonCauseModel::beta_factor:
            return members;
        case CommonCauseModel::multiple_greek_letter:
            return 2;
        default:
            return 1;
    }
}

std::size_t highest_level(CommonCauseModel model, std::size_t members, std::size_t factors) {
    if (factors == 0) return 1;
    return first_level(model, members) + factors - 1;
}

std::string defect_of_factors(CommonCauseModel model, std::span<const double> factors) {
    const bool is_share =
        model == CommonCauseModel::beta_factor || model == CommonCauseModel::multiple_greek_letter;
    for (const double factor : factors) {
        if (!(factor >= 0) || std::isinf(factor)) return "a factor is negative or not a number";
        if (is_share && factor > 1) return "a factor is a conditional probability and can't be above 1";
    }
    const double sum = std::accumulate(factors.begin(), factors.end(), 0.0);
    if (model == CommonCauseModel::alpha_factor && !(sum > 0)) return "alpha factors can't all be 0";
    if (model == CommonCauseModel::phi_factor && !(std::abs(sum - 1) <= sum_tolerance))
        return "phi factors do not sum to 1";
    return {};
}

std::vector<double> level_fractions(CommonCauseModel model, std::size_t members,
                                    std::span<const double> factors) {
    expects(members >= 2, "a common cause group has two members or more");
    expects(highest_level(model, members, factors.size()) <= members, "no level is above the members");
    expects(defect_of_factors(model, factors).empty(), "factors are good for their model");
    std::vector<double> fractions(members, 0.0);
    switch (model) {
        case CommonCauseModel::beta_factor: {
            const double beta = factors.empty() ? 0 : factors.front();
            fractions.front() = 1 - beta;
            fractions.back() = beta;
            break;
        }
        case CommonCauseModel::multiple_greek_letter: {
            double reached = 1;  // by at least k
            for (std::size_t k = 1; k <= members; ++k) {
                const double further = k - 1 < factors.size() ? factors[k - 1] : 0;
                fractions[k - 1] = reached * (1 - further) / binomial(members - 1, k - 1);
                reached *= further;
            }
            break;
        }
        case CommonCauseModel::alpha_factor: {
            double total = 0;
            for (std::size_t k = 1; k <= factors.size(); ++k)
                total += static_cast<double>(k) * factors[k - 1];
            for (std::size_t k = 1; k <= factors.size(); ++k)
                fractions[k - 1] =
                    static_cast<double>(k) * factors[k - 1] / (total * binomial(members - 1, k - 1));
            break;
        }
        case CommonCauseModel::phi_factor:
            std::copy(factors.begin(), factors.end(), fractions.begin());
            break;
    }
    return fractions;
}

std::size_t number_of_sets(CommonCauseModel model, std::size_t members, std::size_t factors) {
    const std::size_t highest = highest_level(model, members, factors);
    const double most = static_cast<double>(most_common_cause_events) + 1;
    double sum = 0;
    for (std::size_t k = 1; k <= highest && k <= members && sum < most; ++k)
        if (has_level(model, members, k)) sum += binomial(members, k);
    return static_cast<std::size_t>(std::min(sum, most));
}

std::vector<std::vector<std::uint32_t>> sets_failing_together(CommonCauseModel model, std::size_t members,
                                                              std::size_t factors) {
    expects(number_of_sets(model, members, factors) <= most_common_cause_events,
            "a common cause group makes no more events than can be handled");
    std::vector<std::vector<std::uint32_t>> sets;
    for (std::size_t size = 1; size <= highest_level(model, members, factors); ++size) {
        if (!has_level(model, members, size)) continue;
        std::vector<std::uint32_t> set(size);
        std::iota(set.begin(), set.end(), 0U);
        do sets.push_back(set);
        while (advance(set, members));
    }
    return sets;
}

}  // namespace venturi
