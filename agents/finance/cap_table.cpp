#include "agents/finance/cap_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace venturi {

namespace {

using Flags = boost::container::static_vector<bool, CapTable::most_classes>;

double paid_up_to(double& left, double due) {
    const double paid = std::min(left, due);
    left -= paid;
    return paid;
}

// Dollars per share at which a participating class stops, or infinity.
double stopping_price(const PreferredClass& preferred) {
    if (!(preferred.terms.participation_cap > 0)) return std::numeric_limits<double>::infinity();
    const double beyond = preferred.invested * preferred.terms.participation_cap - preferred.preference();
    return std::max(beyond, 0.0) / preferred.shares;
}

}  // namespace

double CapTable::preferred() const {
    double shares = 0;
    for (const PreferredClass& preferred : classes_) shares += preferred.shares;
    return shares;
}

PricedRound CapTable::raise(double amount, double pre_money, double pool_after, const PreferredTerms& terms) {
    expects(amount > 0 && pre_money > 0, "a round has an amount and a pre-money valuation");
    expects(classes_.size() < most_classes, "a company has at most 16 preferred classes");
    const double investors = amount / (pre_money + amount);
    expects(pool_after >= 0 && pool_after + investors < 1,
            "pool and investors leave a part to those before them");
    const double others = common_ + preferred();
    // Shares after the round, were the pool exactly what is asked.
    const double wanted_pool = pool_after * others / (1 - pool_after - investors);
    PricedRound round{.pre_money = pre_money, .amount = amount};
    round.pool_shares = std::max(wanted_pool - pool_, 0.0);
    pool_ += round.pool_shares;
    round.price = pre_money / fully_diluted();
    round.new_shares = amount / round.price;
    classes_.push_back({round.new_shares, amount, terms});
    return round;
}

CapTable::Payout CapTable::distribute_converted(double proceeds) const {
    const double price = proceeds / fully_diluted();
    Payout payout{.preferred = {}, .common = common_ * price, .pool = pool_ * price};
    for (const PreferredClass& preferred : classes_) payout.preferred.push_back(preferred.shares * price);
    return payout;
}

namespace {

// Pays a sale, given who converts.
CapTable::Payout settle(const CapTable& table, double proceeds, Seniority seniority, const Flags& converts) {
    const auto& classes = table.classes();
    CapTable::Payout payout;
    payout.preferred.resize(classes.size(), 0.0);
    double left = proceeds;
    if (seniority == Seniority::stacked) {
        for (std::size_t i = classes.size(); i-- > 0;)
            if (!converts[i]) payout.preferred[i] = paid_up_to(left, classes[i].preference());
    } else {
        double due = 0;
        for (std::size_t i = 0; i < classes.size(); ++i)
            if (!converts[i]) due += classes[i].preference();
        const double share = due > 0 ? std::min(1.0, left / due) : 0.0;
        for (std::size_t i = 0; i < classes.size(); ++i)
            if (!converts[i]) payout.preferred[i] = share * classes[i].preference();
        left = std::max(left - due, 0.0);  // exactly nothing where preferences take it all
    }
    // The rest goes to common, to those who converted and to those who participate, per share; a capped class
    // drops out at its stopping price, lowest first, and the others share what it leaves.
    Flags shares_in;
    double sharing = table.common() + table.pool();
    for (std::size_t i = 0; i < classes.size(); ++i) {
        shares_in.push_back(converts[i] || classes[i].terms.participating);
        if (shares_in[i]) sharing += classes[i].shares;
    }
    double price = 0;
    for (;;) {
        double stop = std::numeric_limits<double>::infinity();
        std::size_t stopping = classes.size();
        for (std::size_t i = 0; i < classes.size(); ++i) {
            if (!shares_in[i] || converts[i] || !(stopping_price(classes[i]) < stop)) continue;
            stop = stopping_price(classes[i]);
            stopping = i;
        }
        if (stopping == classes.size() || price + left / sharing <= stop) {
            price += left / sharing;
            break;
        }
        left -= (stop - price) * sharing;
        price = stop;
        payout.preferred[stopping] += stop * classes[stopping].shares;
        shares_in[stopping] = false;
        sharing -= classes[stopping].shares;
    }
    for (std::size_t i = 0; i < classes.size(); ++i)
        if (shares_in[i]) payout.preferred[i] += price * classes[i].shares;
    payout.common = price * table.common();
    payout.pool = price * table.pool();
    return payout;
}

// What a class gets per share by holding on to its preference, at most: the order in which classes give it
// up.
double holding_price(const PreferredClass& preferred) {
    if (!preferred.terms.participating) return preferred.preference() / preferred.shares;
    if (!(preferred.terms.participation_cap > 0)) return std::numeric_limits<double>::infinity();
    return std::max(preferred.invested * preferred.terms.participation_cap, preferred.preference())
           / preferred.shares;
}

}  // namespace

CapTable::Payout CapTable::distribute(double proceeds, Seniority seniority) const {
    expects(proceeds >= 0, "proceeds are not negative");
    Flags converts(classes_.size(), false);
    boost::container::static_vector<std::size_t, most_classes> order;
    for (std::size_t i = 0; i < classes_.size(); ++i)
        if (std::isfinite(holding_price(classes_[i]))) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const double price_a = holding_price(classes_[a]);
        const double price_b = holding_price(classes_[b]);
        return price_a < price_b || (price_a == price_b && a < b);
    });
    Payout payout = settle(*this, proceeds, seniority, converts);
    for (const std::size_t candidate : order) {
        converts[candidate] = true;
        const Payout converted = settle(*this, proceeds, seniority, converts);
        if (!(converted.preferred[candidate] > payout.preferred[candidate])) break;
        payout = converted;
    }
    return payout;
}

}  // namespace venturi
