// Who gets what: two priced rounds, and a sale at three prices.
#include "agents/finance/cap_table.hpp"

#include <cmath>
#include <cstdio>

using namespace venturi;

int main() {
    CapTable table;
    table.raise(/*amount=*/2e6, /*pre_money=*/8e6, /*pool_after=*/0.10, {});
    table.raise(/*amount=*/8e6, /*pre_money=*/32e6, /*pool_after=*/0.10,
                {.preference = 1, .participating = true});
    std::printf("founders own %.1f%% after seed and series A\n", 100 * table.founders_share());
    bool adds_up = true;
    for (const double price : {5e6, 20e6, 100e6}) {
        const CapTable::Payout paid = table.distribute(price, Seniority::stacked);
        std::printf("sold for $%.0fM: seed $%.2fM, series A $%.2fM, founders $%.2fM, options $%.2fM\n",
                    price / 1e6, paid.preferred[0] / 1e6, paid.preferred[1] / 1e6, paid.common / 1e6,
                    paid.pool / 1e6);
        adds_up = adds_up
                  && std::abs(paid.preferred[0] + paid.preferred[1] + paid.common + paid.pool - price)
                         < 1e-6 * price;
    }
    return adds_up ? 0 : 1;
}
