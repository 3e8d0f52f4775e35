// Properties of the payout over random companies, and an independent waterfall to hold it against.
#include "agents/finance/cap_table.hpp"
#include "sim/random/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace venturi;

namespace {

double uniform(Stream& stream) {
    return unit_uniform(stream.next_word());
}

CapTable random_company(Stream& stream) {
    CapTable table(1e6 + 1e7 * uniform(stream));
    const auto classes = static_cast<std::size_t>(6 * uniform(stream));
    double pre_money = 1e7;
    for (std::size_t i = 0; i < classes; ++i) {
        pre_money *= 0.5 + 3 * uniform(stream);  // down rounds too
        PreferredTerms terms;
        terms.preference = uniform(stream) < 0.5 ? 1 : 3 * uniform(stream);
        terms.participating = uniform(stream) < 0.4;
        terms.participation_cap = uniform(stream) < 0.5 ? 0 : 4 * uniform(stream);
        table.raise(pre_money * (0.05 + 0.6 * uniform(stream)), pre_money, 0.15 * uniform(stream), terms);
    }
    return table;
}

double total_of(const CapTable::Payout& payout) {
    double sum = payout.common + payout.pool;
    for (const double paid : payout.preferred) sum += paid;
    return sum;
}

/// What each class is paid when those in the set `converts` (a bit each) convert: the price of a common share
/// is found by bisection, as the one at which what everyone takes is what there is.
std::vector<double> paid_when(const CapTable& table, double proceeds, Seniority seniority,
                              std::uint32_t converts) {
    const auto& classes = table.classes();
    std::vector<double> paid(classes.size(), 0.0);
    double preferences = 0;
    for (std::size_t i = 0; i < classes.size(); ++i)
        if ((converts >> i & 1) == 0) preferences += classes[i].preference();
    if (preferences >= proceeds) {
        double left = proceeds;
        for (std::size_t i = classes.size(); i-- > 0;) {
            if ((converts >> i & 1) != 0) continue;
            paid[i] = seniority == Seniority::stacked ? std::min(left, classes[i].preference())
                                                      : classes[i].preference() * proceeds / preferences;
            left -= paid[i];
        }
        return paid;
    }
    const auto taken = [&](std::size_t i, double price) {
        const PreferredClass& one = classes[i];
        if ((converts >> i & 1) != 0) return price * one.shares;
        if (!one.terms.participating) return one.preference();
        const double cap = one.terms.participation_cap > 0
                               ? std::max(one.terms.participation_cap * one.invested, one.preference())
                               : std::numeric_limits<double>::infinity();
        return std::min(one.preference() + price * one.shares, cap);
    };
    double low = 0;
    double high = proceeds / table.common();
    for (int halving = 0; halving < 100; ++halving) {
        const double price = (low + high) / 2;
        double sum = price * (table.common() + table.pool());
        for (std::size_t i = 0; i < classes.size(); ++i) sum += taken(i, price);
        (sum < proceeds ? low : high) = price;
    }
    for (std::size_t i = 0; i < classes.size(); ++i) paid[i] = taken(i, low);
    return paid;
}

/// Whether no class would be paid more, by more than rounding, for the other choice.
bool is_equilibrium(const CapTable& table, double proceeds, Seniority seniority, std::uint32_t converts) {
    const std::vector<double> paid = paid_when(table, proceeds, seniority, converts);
    for (std::size_t i = 0; i < paid.size(); ++i) {
        const double otherwise = paid_when(table, proceeds, seniority, converts ^ 1U << i)[i];
        if (otherwise > paid[i] + 1e-9 * proceeds) return false;
    }
    return true;
}

bool pays(const CapTable::Payout& payout, const std::vector<double>& paid, double proceeds) {
    for (std::size_t i = 0; i < paid.size(); ++i)
        if (std::abs(payout.preferred[i] - paid[i]) > 1e-9 * proceeds) return false;
    return true;
}

}  // namespace

TEST_CASE("Whoever is paid, what is paid is the proceeds, and nobody is paid less when there is more") {
    Stream stream(StreamAddress{.seed = 21, .trajectory = 0, .agent = 0, .purpose = 1});
    for (int company = 0; company < 400; ++company) {
        const CapTable table = random_company(stream);
        for (const Seniority seniority : {Seniority::stacked, Seniority::pari_passu}) {
            CapTable::Payout before = table.distribute(0, seniority);
            for (double proceeds = 1e4; proceeds < 1e10; proceeds *= 1.15) {
                const CapTable::Payout payout = table.distribute(proceeds, seniority);
                REQUIRE(total_of(payout) == Approx(proceeds).epsilon(1e-9));
                REQUIRE(payout.common >= 0);
                REQUIRE(payout.common >= before.common - 1e-12 * proceeds);
                for (std::size_t i = 0; i < payout.preferred.size(); ++i) {
                    REQUIRE(payout.preferred[i] >= 0);
                    REQUIRE(payout.preferred[i] >= before.preferred[i] - 1e-12 * proceeds);
                }
                before = payout;
            }
            REQUIRE(total_of(table.distribute_converted(1e8)) == Approx(1e8).epsilon(1e-12));
        }
    }
}

TEST_CASE("No class would be better off by choosing otherwise between its preference and conversion") {
    Stream stream(StreamAddress{.seed = 21, .trajectory = 0, .agent = 0, .purpose = 2});
    for (int company = 0; company < 150; ++company) {
        const CapTable table = random_company(stream);
        for (const Seniority seniority : {Seniority::stacked, Seniority::pari_passu}) {
            for (int sale = 0; sale < 6; ++sale) {
                const double proceeds = std::pow(10.0, 5.5 + 3.5 * uniform(stream));
                const CapTable::Payout payout = table.distribute(proceeds, seniority);
                bool found = false;
                for (std::uint32_t converts = 0; converts < 1U << table.classes().size() && !found;
                     ++converts)
                    found = pays(payout, paid_when(table, proceeds, seniority, converts), proceeds)
                            && is_equilibrium(table, proceeds, seniority, converts);
                CAPTURE(company, proceeds, table.classes().size());
                REQUIRE(found);
            }
        }
    }
}
