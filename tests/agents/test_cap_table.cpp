#include "agents/finance/cap_table.hpp"
#include "sim/contract.hpp"

#include <catch2/catch.hpp>

using namespace venturi;

namespace {

/// A company whose founders hold all but what one class, of these terms, takes for $10M at 25%.
CapTable one_class(const PreferredTerms& terms) {
    CapTable table(7.5e6);
    table.raise(1e7, 3e7, 0, terms);
    return table;
}

// Founders hold 8 million shares.
//
// Seed: $2M at $8M pre-money, a pool of 10% after. Investors get 20%; the founders' 8M shares are 70% of what
// there is after, so there are 8M / 0.7 shares: 0.8M / 0.7 in the pool, 1.6M / 0.7 with the seed investors.
// The price is $8M / (8M + 0.8M / 0.7) = $0.875.
//
// A: $5M at $20M, a pool of 12% after. Investors get 20%, and those before them without the pool (founders to
// seed 7 to 2) hold 68%: founders 0.68 · 7/9, seed 0.68 · 2/9. There are 8M / (0.68 · 7/9) shares; the price
// is $25M over that.
//
// B: $15M at $60M, a pool of 10% after. Investors get 20%. After A founders, seed and A hold 0.68 · 7/9, 0.68
// · 2/9 and 0.2, together 0.88; they now share 70% in the same proportion.
struct Company {
    CapTable table{8e6};
    PricedRound seed = table.raise(2e6, 8e6, 0.10, {});
    PricedRound a = table.raise(5e6, 2e7, 0.12, {});
    PricedRound b = table.raise(1.5e7, 6e7, 0.10, {});
};

constexpr double founders_after_a = 0.68 * 7 / 9;
constexpr double founders_after_b = 0.7 / 0.88 * founders_after_a;
constexpr double seed_after_b = 0.7 / 0.88 * 0.68 * 2 / 9;
constexpr double a_after_b = 0.7 / 0.88 * 0.2;
constexpr double shares_after_b = 8e6 / founders_after_b;

}  // namespace

TEST_CASE("A participating investor is paid twice over: 2x of 5M, and 30% of the rest") {
    CapTable table(7e6);
    table.raise(5e6, 5e6 * 7 / 3, 0, {.preference = 2, .participating = true});
    const CapTable::Payout payout = table.distribute(3e7, Seniority::stacked);
    CHECK(payout.preferred[0] == Approx(1.6e7).epsilon(1e-12));
    CHECK(payout.common == Approx(1.4e7).epsilon(1e-12));
}

TEST_CASE("A 1x non-participating investor with 10M for 25% converts above a sale of 40M") {
    const CapTable table = one_class({});
    const auto investor = [&](double proceeds) {
        return table.distribute(proceeds, Seniority::stacked).preferred[0];
    };
    CHECK(investor(5e6) == Approx(5e6).epsilon(1e-12));
    CHECK(investor(1e7) == Approx(1e7).epsilon(1e-12));
    CHECK(investor(2e7) == Approx(1e7).epsilon(1e-12));
    CHECK(investor(4e7) == Approx(1e7).epsilon(1e-12));
    CHECK(investor(4e7 + 4) == Approx(1e7 + 1).epsilon(1e-12));
    CHECK(investor(8e7) == Approx(2e7).epsilon(1e-12));
}

TEST_CASE("Participation ends at its cap, until conversion pays more") {
    // 1x participating up to 3x: $10M first, then 25% of the rest, up to $30M in all, that is up to a sale of
    // $90M; as common, 25% of everything, which is more than $30M from $120M on.
    const CapTable table = one_class({.preference = 1, .participating = true, .participation_cap = 3});
    const auto investor = [&](double proceeds) {
        return table.distribute(proceeds, Seniority::stacked).preferred[0];
    };
    CHECK(investor(8e6) == Approx(8e6).epsilon(1e-12));
    CHECK(investor(5e7) == Approx(2e7).epsilon(1e-12));
    CHECK(investor(9e7) == Approx(3e7).epsilon(1e-12));
    CHECK(investor(1e8) == Approx(3e7).epsilon(1e-12));
    CHECK(table.distribute(1e8, Seniority::stacked).common == Approx(7e7).epsilon(1e-12));
    CHECK(investor(1.2e8) == Approx(3e7).epsilon(1e-12));
    CHECK(investor(1.6e8) == Approx(4e7).epsilon(1e-12));
}

TEST_CASE("A cap below the preference leaves the preference alone") {
    const CapTable table = one_class({.preference = 2, .participating = true, .participation_cap = 1});
    CHECK(table.distribute(5e7, Seniority::stacked).preferred[0] == Approx(2e7).epsilon(1e-12));
    CHECK(table.distribute(1e8, Seniority::stacked).preferred[0] == Approx(2.5e7).epsilon(1e-12));
}

TEST_CASE("Rounds dilute everyone before them, and the pool is made at their expense") {
    const Company company;
    CHECK(company.seed.price == Approx(0.875).epsilon(1e-12));
    CHECK(company.seed.pool_shares == Approx(0.8e6 / 0.7).epsilon(1e-12));
    CHECK(company.seed.new_shares == Approx(1.6e6 / 0.7).epsilon(1e-12));
    CHECK(company.seed.dilution() == Approx(0.2).epsilon(1e-12));

    const double shares_after_a = 8e6 / founders_after_a;
    CHECK(company.a.price == Approx(2.5e7 / shares_after_a).epsilon(1e-12));
    CHECK(company.a.new_shares == Approx(0.2 * shares_after_a).epsilon(1e-12));
    CHECK(company.a.pool_shares == Approx(0.12 * shares_after_a - 0.8e6 / 0.7).epsilon(1e-12));

    CHECK(company.b.price == Approx(7.5e7 / shares_after_b).epsilon(1e-12));
    CHECK(company.b.post_money() == Approx(7.5e7));
    const CapTable& table = company.table;
    CHECK(table.fully_diluted() == Approx(shares_after_b).epsilon(1e-12));
    CHECK(table.founders_share() == Approx(founders_after_b).epsilon(1e-12));
    CHECK(table.founders_share() == Approx(0.42070707070707).epsilon(1e-12));
    CHECK(table.pool() / shares_after_b == Approx(0.1).epsilon(1e-12));
    CHECK(table.classes()[0].shares / shares_after_b == Approx(seed_after_b).epsilon(1e-12));
    CHECK(table.classes()[1].shares / shares_after_b == Approx(a_after_b).epsilon(1e-12));
    CHECK(table.classes()[2].shares / shares_after_b == Approx(0.2).epsilon(1e-12));
    CHECK(table.preferred() == Approx((seed_after_b + a_after_b + 0.2) * shares_after_b).epsilon(1e-12));
}

TEST_CASE("A pool that is large enough already is left as it is") {
    CapTable table(8e6);
    table.raise(2e6, 8e6, 0.30, {});
    const double pool = table.pool();
    const PricedRound round = table.raise(5e6, 2e7, 0.20, {});  // 30% · 80% is more than 20%
    CHECK(round.pool_shares == 0);
    CHECK(table.pool() == pool);
    CHECK(round.dilution() == Approx(0.2));
    CHECK(table.classes()[1].shares / table.fully_diluted() == Approx(0.2).epsilon(1e-12));
}

TEST_CASE("In a small sale seniority decides: the last first, or all in proportion") {
    const CapTable table = Company().table;
    // Preferences of 2, 5 and 15 million; a sale for 18.
    const CapTable::Payout stacked = table.distribute(1.8e7, Seniority::stacked);
    CHECK(stacked.preferred[2] == Approx(1.5e7).epsilon(1e-12));
    CHECK(stacked.preferred[1] == Approx(3e6).epsilon(1e-12));
    CHECK(stacked.preferred[0] == 0);
    CHECK(stacked.common + stacked.pool == 0);
    const CapTable::Payout together = table.distribute(1.8e7, Seniority::pari_passu);
    CHECK(together.preferred[2] == Approx(1.8e7 * 15 / 22).epsilon(1e-12));
    CHECK(together.preferred[1] == Approx(1.8e7 * 5 / 22).epsilon(1e-12));
    CHECK(together.preferred[0] == Approx(1.8e7 * 2 / 22).epsilon(1e-12));
    CHECK(together.common == Approx(0).margin(1e-6));
    // Once all preferences are covered the order no longer matters.
    const CapTable::Payout rich_stacked = table.distribute(2.5e7, Seniority::stacked);
    const CapTable::Payout rich_together = table.distribute(2.5e7, Seniority::pari_passu);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(rich_stacked.preferred[i] == Approx(rich_together.preferred[i]).epsilon(1e-12));
}

TEST_CASE("Classes convert one after the other, those with the least preference per share first") {
    const Company company;
    const CapTable& table = company.table;
    const auto& classes = table.classes();
    const double common = table.common() + table.pool();
    // A class converts where common is worth more than its price per share, those before it having converted.
    const double seed_converts = 2e7 + company.seed.price * (common + classes[0].shares);
    const double a_converts = 1.5e7 + company.a.price * (common + classes[0].shares + classes[1].shares);
    const double b_converts = company.b.price * table.fully_diluted();
    CHECK(seed_converts == Approx(30663865.5).epsilon(1e-8));
    CHECK(a_converts == Approx(40142857.14).epsilon(1e-8));
    CHECK(b_converts == Approx(7.5e7).epsilon(1e-12));
    for (const Seniority seniority : {Seniority::stacked, Seniority::pari_passu}) {
        const auto paid = [&](double proceeds, std::size_t one) {
            return table.distribute(proceeds, seniority).preferred[one];
        };
        CHECK(paid(seed_converts - 1e5, 0) == Approx(2e6).epsilon(1e-12));
        CHECK(paid(seed_converts + 1e5, 0) > 2e6 + 1e3);
        CHECK(paid(a_converts - 1e5, 1) == Approx(5e6).epsilon(1e-12));
        CHECK(paid(a_converts + 1e5, 1) > 5e6 + 1e3);
        CHECK(paid(b_converts - 1e5, 2) == Approx(1.5e7).epsilon(1e-12));
        CHECK(paid(b_converts + 1e5, 2) == Approx(1.5e7 + 2e4).epsilon(1e-9));
        // Between the thresholds of A and B: B takes 15, the rest is shared by all others.
        const double price = (5e7 - 1.5e7) / (table.fully_diluted() - classes[2].shares);
        CHECK(table.distribute(5e7, seniority).common == Approx(8e6 * price).epsilon(1e-12));
        CHECK(paid(5e7, 0) == Approx(classes[0].shares * price).epsilon(1e-12));
    }
}

TEST_CASE("In a listing everyone is paid by the share") {
    const CapTable table = Company().table;
    const CapTable::Payout payout = table.distribute_converted(1e9);
    CHECK(payout.common == Approx(founders_after_b * 1e9).epsilon(1e-12));
    CHECK(payout.pool == Approx(1e8).epsilon(1e-12));
    CHECK(payout.preferred[0] == Approx(seed_after_b * 1e9).epsilon(1e-12));
    CHECK(payout.preferred[2] == Approx(2e8).epsilon(1e-12));
}

TEST_CASE("A sale for nothing pays nobody") {
    const CapTable::Payout payout = Company().table.distribute(0, Seniority::stacked);
    for (const double paid : payout.preferred) CHECK(paid == 0);
    CHECK(payout.common == 0);
    CHECK(payout.pool == 0);
    CHECK(CapTable().distribute(1e6, Seniority::stacked).common == 1e6);
}

TEST_CASE("A round that makes no sense is refused") {
    CapTable table;
    CHECK_THROWS_AS(table.raise(0, 1e7, 0.1, {}), ContractViolation);
    CHECK_THROWS_AS(table.raise(1e6, -1, 0.1, {}), ContractViolation);
    CHECK_THROWS_AS(table.raise(5e6, 5e6, 0.5, {}), ContractViolation);
    CHECK_THROWS_AS(table.raise(1e6, 1e7, -0.1, {}), ContractViolation);
    CHECK_THROWS_AS(table.distribute(-1, Seniority::stacked), ContractViolation);
    for (std::size_t i = 0; i < CapTable::most_classes; ++i) table.raise(1e6, 1e7, 0, {});
    CHECK_THROWS_AS(table.raise(1e6, 1e7, 0, {}), ContractViolation);
    CHECK(table.classes().size() == CapTable::most_classes);
}
